"""SMAC3, the facade for hyperparameters (random forest and log-EI) with its defaults: settings {}.

It is told how many evaluations there will be, as its initial design depends on that.
"""

import atexit
import logging
import shutil
import tempfile

import smac
from ConfigSpace import Categorical, ConfigurationSpace, EqualsCondition, Float, Integer
from serve import inside, options_of, put_together, serve, whole
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory.dataclasses import TrialValue

logging.disable(logging.CRITICAL)


class Searcher:
    version = "smac " + smac.version

    def __init__(self, space, seed, evaluations, settings):
        directory = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        configurations = ConfigurationSpace(seed=seed)
        add(configurations, space)
        scenario = Scenario(
            configurations, deterministic=True, n_trials=evaluations, output_directory=directory, seed=seed
        )
        self.smac = HyperparameterOptimizationFacade(
            scenario, lambda configuration, seed=0: 0.0, overwrite=True, logging_level=False
        )
        self.space = space
        self.open = {}
        self.count = 0

    def ask(self):
        trial = self.smac.ask()
        self.count += 1
        self.open[self.count] = trial
        flat = dict(trial.config)
        return self.count, put_together(self.space, lambda name, spec: value_of(flat[name], spec))

    def tell(self, number, loss):
        self.smac.tell(self.open.pop(number), TrialValue(cost=loss, time=0.0), save=False)


def add(configurations, space, path="", parent=None):
    for key, spec in space.items():
        parameter = parameter_of(path + key, spec)
        configurations.add(parameter)
        if parent is not None:
            configurations.add(EqualsCondition(parameter, *parent))
        if spec["_type"] == "choice":
            for index, (option, nested, _) in enumerate(options_of(spec["_value"])):
                add(configurations, nested, inside(path + key, option), (parameter, index))


def parameter_of(name, spec):
    kind, values = spec["_type"], spec["_value"]
    integers = whole(spec)
    if kind == "choice":
        return Categorical(name, list(range(len(values))))
    if integers is not None:
        return Integer(name, integers, log=kind == "qloguniform")
    if kind == "quniform":
        return Integer(name, (0, round((values[1] - values[0]) / values[2])))
    return Float(name, (float(values[0]), float(values[1])), log=kind == "loguniform")


def value_of(value, spec):
    if spec["_type"] == "choice" or whole(spec) is not None:
        return int(value)
    if spec["_type"] == "quniform":
        return spec["_value"][0] + int(value) * spec["_value"][2]
    return float(value)


if __name__ == "__main__":
    serve(Searcher)
