"""A tuner of a user's own, as small as they come: draws at random, and remembers what it has heard."""

import random

from nni import parameter_expressions
from nni.tuner import Tuner


class RandomTuner(Tuner):
    def __init__(self, optimize_mode="minimize", seed=0):
        self._random = random.Random(seed)
        self._space = {}
        self._results = {}

    def update_search_space(self, search_space):
        self._space = search_space

    def generate_parameters(self, parameter_id, **kwargs):
        return {
            name: getattr(parameter_expressions, part["_type"])(*part["_value"], self._random)
            for name, part in self._space.items()
        }

    def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
        self._results[parameter_id] = value
