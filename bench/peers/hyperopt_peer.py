"""Hyperopt: settings {"algorithm": "tpe" | "anneal" | "random"}."""

import math

import hyperopt
import numpy
from hyperopt import Trials, anneal, hp, rand, tpe
from hyperopt.base import JOB_STATE_DONE, Domain
from serve import inside, options_of, put_together, serve, whole

ALGORITHMS = {"tpe": tpe.suggest, "anneal": anneal.suggest, "random": rand.suggest}


class Searcher:
    version = "hyperopt " + hyperopt.__version__

    def __init__(self, space, seed, evaluations, settings):
        self.space = space
        self.suggest = ALGORITHMS[settings["algorithm"]]
        self.domain = Domain(lambda point: 0.0, nodes(space))
        self.trials = Trials()
        self.random = numpy.random.default_rng(seed)
        self.open = {}

    def ask(self):
        (number,) = self.trials.new_trial_ids(1)
        self.trials.refresh()
        (document,) = self.suggest([number], self.domain, self.trials, int(self.random.integers(2**31 - 1)))
        self.open[number] = document
        flat = {name: values[0] for name, values in document["misc"]["vals"].items() if values}
        return number, put_together(self.space, lambda name, spec: value_of(flat[name], spec))

    def tell(self, number, loss):
        document = self.open.pop(number)
        document["state"] = JOB_STATE_DONE
        document["result"] = {"status": "ok", "loss": loss}
        self.trials.insert_trial_docs([document])
        self.trials.refresh()


def nodes(space, path=""):
    return {key: node(path + key, spec) for key, spec in space.items()}


def node(name, spec):
    kind, values = spec["_type"], spec["_value"]
    if kind == "choice":
        options = [nodes(nested, inside(name, option)) for option, nested, _ in options_of(values)]
        return hp.choice(name, options)
    if kind == "randint":
        return hp.uniformint(name, values[0], values[1] - 1)
    if kind == "uniform":
        return hp.uniform(name, *values)
    if kind == "quniform":
        return hp.quniform(name, *values)
    if kind == "loguniform":
        return hp.loguniform(name, math.log(values[0]), math.log(values[1]))
    return hp.qloguniform(name, math.log(values[0]), math.log(values[1]), values[2])


def value_of(value, spec):
    if spec["_type"] == "choice" or whole(spec) is not None:
        value = int(round(value))
    if spec["_type"] in ("quniform", "qloguniform"):
        value = min(max(value, spec["_value"][0]), spec["_value"][1])
    return value if isinstance(value, int) else float(value)


if __name__ == "__main__":
    serve(Searcher)
