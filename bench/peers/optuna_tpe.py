"""Optuna's TPE under the same load as ours: sequential ask and tell. Prints one JSON line.

    python3 optuna_tpe.py speed --suggestions 1000 --dimensions 40 --seed 1
    python3 optuna_tpe.py quality --function Branin --evaluations 100 --seeds 5 [--group]
"""

import argparse
import json
import math
import time
import warnings

import optuna

HARTMANN_A = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
HARTMANN_P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def branin(trial):
    x = trial.suggest_float("x1", -5, 10)
    y = trial.suggest_float("x2", 0, 15)
    bowl = (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2
    return bowl + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    x = [trial.suggest_float("x%d" % i, 0, 1) for i in range(6)]
    return -sum(
        weight * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(rates, x, centre)))
        for weight, rates, centre in zip([1, 1.2, 3, 3.2], HARTMANN_A, HARTMANN_P)
    )


def mixed6(trial):
    lr = trial.suggest_float("lr", 1e-5, 1, log=True)
    units = trial.suggest_int("units", 16, 256, step=16)
    layers = trial.suggest_int("layers", 1, 5)
    dropout = trial.suggest_float("dropout", 0, 0.7)
    act = trial.suggest_categorical("act", ["relu", "tanh", "gelu"])
    opt = trial.suggest_categorical("opt", ["adam", "rmsprop", "sgd", "adagrad"])
    best = {"adam": -2.5, "rmsprop": -3, "sgd": -1, "adagrad": -2}[opt]
    smooth = (math.log10(lr) - best) ** 2 + ((units - 160) / 96) ** 2 + 0.25 * (layers - 3) ** 2
    offset = {"relu": 0.15, "tanh": 0.4, "gelu": 0}[act] + {"adam": 0, "rmsprop": 0.1, "sgd": 0.3, "adagrad": 0.5}[opt]
    return smooth + 8 * (dropout - 0.25) ** 2 + offset


def cond(trial):
    model = trial.suggest_categorical("model", ["svm", "rf", "knn"])
    if model == "svm":
        c = trial.suggest_float("C", 1e-3, 1e3, log=True)
        gamma = trial.suggest_float("gamma", 1e-5, 10, log=True)
        return 0.5 * (math.log10(c) - 1) ** 2 + 0.5 * (math.log10(gamma) + 2) ** 2
    if model == "rf":
        depth = trial.suggest_int("depth", 2, 40)
        return 0.2 + ((depth - 12) / 8) ** 2 + 4 * (trial.suggest_float("feat", 0.05, 1) - 0.4) ** 2
    return 0.5 + ((trial.suggest_int("k", 1, 50) - 7) / 10) ** 2


FUNCTIONS = {"Branin": branin, "Hartmann6": hartmann6, "Mixed6": mixed6, "Cond": cond}


def speed(options):
    """Seconds that the sampler took, and the same at each tenth of the way."""
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=options.seed))
    names = ["x%d" % i for i in range(options.dimensions)]
    marks = []
    start = time.perf_counter()
    for number in range(1, options.suggestions + 1):
        trial = study.ask()
        values = [trial.suggest_float(name, 0, 1) for name in names]
        study.tell(trial, sum((v - 0.3) ** 2 for v in values))
        if number % max(1, options.suggestions // 10) == 0:
            marks.append(round(time.perf_counter() - start, 4))
    return {"seconds": time.perf_counter() - start, "marks": marks, "version": optuna.__version__}


def quality(options):
    """Best value after N evaluations, one per seed."""
    best = []
    for seed in range(options.seeds):
        sampler = optuna.samplers.TPESampler(seed=seed, group=options.group)
        study = optuna.create_study(sampler=sampler)
        study.optimize(FUNCTIONS[options.function], n_trials=options.evaluations)
        best.append(study.best_value)
    return {"best": best, "version": optuna.__version__}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["speed", "quality"])
    parser.add_argument("--suggestions", type=int, default=1000)
    parser.add_argument("--dimensions", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--function", choices=sorted(FUNCTIONS))
    parser.add_argument("--evaluations", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--group", action="store_true")
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    print(json.dumps(speed(options) if options.what == "speed" else quality(options)))


if __name__ == "__main__":
    main()
