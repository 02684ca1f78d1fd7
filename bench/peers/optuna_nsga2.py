"""Optuna's NSGAIISampler under the same load as ours: sequential ask and tell. Prints one JSON line.

    python3 optuna_nsga2.py speed --space uniform40 --suggestions 10000 --seed 1
    python3 optuna_nsga2.py quality --function ZDT1 --evaluations 1000 --seed 1 [--polynomial]
"""

import argparse
import json
import math
import time
import warnings

import optuna

SHAPES = {
    "ZDT1": lambda f, g: 1 - math.sqrt(f / g),
    "ZDT2": lambda f, g: 1 - (f / g) ** 2,
    "ZDT3": lambda f, g: 1 - math.sqrt(f / g) - f / g * math.sin(10 * math.pi * f),
}


def uniform40(trial):
    x = [trial.suggest_float("x%d" % i, 0, 1) for i in range(40)]
    return sum((v - 0.3) ** 2 for v in x), sum((v - 0.7) ** 2 for v in x)


def mixed10(trial):
    f = [trial.suggest_float("f%d" % i, -5, 5) for i in range(6)]
    g = [math.log(trial.suggest_float("g%d" % i, 1e-5, 1, log=True)) for i in range(2)]
    k = trial.suggest_int("k", 1, 100)
    c = int(trial.suggest_categorical("c", ["c%d" % i for i in range(5)])[1])
    return sum(v**2 for v in f) + c, sum((v + 5) ** 2 for v in g) + ((k - 50) / 10) ** 2


def zdt(function):
    def evaluate(trial):
        x = [trial.suggest_float("x%d" % i, 0, 1) for i in range(10)]
        g = 1 + sum(x[1:])
        return x[0], g * SHAPES[function](x[0], g)

    return evaluate


SPACES = {"uniform40": uniform40, "mixed10": mixed10}


def study_with(**settings):
    sampler = optuna.samplers.NSGAIISampler(**settings)
    return optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)


def speed(options):
    """Seconds of processor time for all suggestions, with what the evaluation itself takes."""
    study = study_with(seed=options.seed)
    start = time.process_time()
    for _ in range(options.suggestions):
        trial = study.ask()
        study.tell(trial, SPACES[options.space](trial))
    return {"seconds": time.process_time() - start, "version": optuna.__version__}


def quality(options):
    """The values of all evaluations, in order."""
    settings = {"mutation": polynomial()} if options.polynomial else {}
    study = study_with(seed=options.seed, **settings)
    study.optimize(zdt(options.function), n_trials=options.evaluations)
    return {"values": [trial.values for trial in study.trials], "version": optuna.__version__}


def polynomial():
    from optuna.samplers.nsgaii import PolynomialMutation

    return PolynomialMutation()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["speed", "quality"])
    parser.add_argument("--suggestions", type=int, default=10000)
    parser.add_argument("--space", choices=sorted(SPACES), default="uniform40")
    parser.add_argument("--function", choices=sorted(SHAPES), default="ZDT1")
    parser.add_argument("--evaluations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--polynomial", action="store_true")
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    print(json.dumps(speed(options) if options.what == "speed" else quality(options)))


if __name__ == "__main__":
    main()
