"""Optuna's samplers: settings {"sampler": "tpe" | "gp" | "cmaes" | "nsga2" | "random", "options": {...}}."""

import optuna
from serve import put_together, serve, whole

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "gp": optuna.samplers.GPSampler,
    "cmaes": optuna.samplers.CmaEsSampler,
    "nsga2": optuna.samplers.NSGAIISampler,
    "random": optuna.samplers.RandomSampler,
}


class Searcher:
    version = "optuna " + optuna.__version__

    def __init__(self, space, seed, evaluations, settings):
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = SAMPLERS[settings["sampler"]](seed=seed, **settings.get("options", {}))
        self.study = optuna.create_study(sampler=sampler)
        self.space = space
        self.open = {}

    def ask(self):
        trial = self.study.ask()
        self.open[trial.number] = trial
        return trial.number, put_together(self.space, lambda name, spec: suggest(trial, name, spec))

    def tell(self, number, loss):
        self.study.tell(self.open.pop(number), loss)


def suggest(trial, name, spec):
    kind, values = spec["_type"], spec["_value"]
    integers = whole(spec)
    if kind == "choice":
        return trial.suggest_categorical(name, list(range(len(values))))
    if integers is not None:
        return trial.suggest_int(name, *integers, log=kind == "qloguniform")
    if kind == "quniform":
        return trial.suggest_float(name, values[0], values[1], step=values[2])
    return trial.suggest_float(name, values[0], values[1], log=kind == "loguniform")


if __name__ == "__main__":
    serve(Searcher)
