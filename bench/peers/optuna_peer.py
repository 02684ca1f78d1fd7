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

    def learn(self, rows):
        """Finished trials from elsewhere, in a space without nesting."""
        distributions = {name: distribution(spec) for name, spec in self.space.items()}
        for parameters, loss in rows:
            flat = {name: index_or_value(self.space[name], value) for name, value in parameters.items()}
            self.study.add_trial(optuna.trial.create_trial(params=flat, distributions=distributions, value=loss))


def index_or_value(spec, value):
    return spec["_value"].index(value) if spec["_type"] == "choice" else value


def distribution(spec):
    """What suggest() below asks for."""
    kind, values = spec["_type"], spec["_value"]
    integers = whole(spec)
    if kind == "choice":
        return optuna.distributions.CategoricalDistribution(list(range(len(values))))
    if integers is not None:
        return optuna.distributions.IntDistribution(*integers, log=kind == "qloguniform")
    return optuna.distributions.FloatDistribution(values[0], values[1], log=kind == "loguniform")


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
