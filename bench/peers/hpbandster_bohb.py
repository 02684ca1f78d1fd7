"""HpBandSter's BOHB on counting ones: its own iterations and densities, one worker, in this process. Prints one JSON list of
[configuration, budget, value], in order.

    python3 hpbandster_bohb.py LEAST MOST COST HALF SEED
"""

import json
import logging
import random
import sys
import warnings

import ConfigSpace
import numpy
from hpbandster.core.dispatcher import Job
from hpbandster.optimizers.config_generators.bohb import BOHB
from hpbandster.optimizers.iterations import SuccessiveHalving

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
least, most, cost, half, seed = map(int, sys.argv[1:])
eta = 3
random.seed(seed)
numpy.random.seed(seed)

space = ConfigSpace.ConfigurationSpace(seed=seed)
for i in range(half):
    space.add_hyperparameter(ConfigSpace.CategoricalHyperparameter("c%d" % i, [0, 1]))
    space.add_hyperparameter(ConfigSpace.UniformFloatHyperparameter("p%d" % i, 0, 1))

generator = BOHB(configspace=space)
stages = int(numpy.log(most / least) / numpy.log(eta) + 1e-6) + 1
budgets = most * numpy.power(eta, -numpy.linspace(stages - 1, 0, stages))


def iteration(number):
    s = stages - 1 - number % stages
    n0 = int(numpy.floor(stages / (s + 1)) * eta**s)
    counts = [max(int(n0 * eta ** (-i)), 1) for i in range(s + 1)]
    return SuccessiveHalving(
        HPB_iter=number, num_configs=counts, budgets=budgets[(-s - 1) :], config_sampler=generator.get_config
    )


def evaluate(config, budget):
    ones = sum(config["c%d" % i] for i in range(half))
    return ones + sum(numpy.random.binomial(int(round(budget)), config["p%d" % i]) / round(budget) for i in range(half))


done, paid, number = [], 0.0, 0
while paid < cost:
    current = iteration(number)
    while not current.is_finished and paid < cost:
        run = current.get_next_run()
        if run is None:  # it has moved on to the end by itself
            continue
        config_id, config, budget = run
        value = evaluate(config, budget)
        job = Job(config_id, config=config, budget=budget)
        job.result = {"loss": -value, "info": {}}
        job.exception = None
        job.timestamps = {"submitted": 0, "started": 0, "finished": 0}
        current.register_result(job)
        generator.new_result(job)
        done.append([{k: float(v) for k, v in dict(config).items()}, float(round(budget)), value])
        paid += budget / most
    number += 1
print(json.dumps(done))
