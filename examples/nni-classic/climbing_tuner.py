"""A tuner in the form that NNI 1.x asked for: each trial job climbs a hill of its own, one step in each of its phases."""

import math
import random

import nni
from nni.tuner import Tuner
from nni.utils import OptimizeMode, extract_scalar_reward


class Climb:
    """How far one trial job has come."""

    def __init__(self):
        self.steps = 0
        self.best = None  # (reward, parameters)


class ClimbingTuner(Tuner):
    def __init__(self, optimize_mode="maximize", phases_per_trial=6, seed=1):
        self.sign = 1 if OptimizeMode(optimize_mode) is OptimizeMode.Maximize else -1
        self.phases_per_trial = phases_per_trial
        self.random = random.Random(seed)
        self.space = {}
        self.climbs = {}  # by trial job id

    def update_search_space(self, search_space):
        self.space = search_space

    def generate_parameters(self, parameter_id, **kwargs):
        climb = self.climbs.setdefault(kwargs["trial_job_id"], Climb())
        if climb.steps == self.phases_per_trial:
            raise nni.NoMoreTrialError("this trial job has done its steps")
        climb.steps += 1
        return self.anywhere() if climb.best is None else self.beside(climb.best[1])

    def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
        climb = self.climbs[kwargs["trial_job_id"]]
        reward = self.sign * extract_scalar_reward(value)
        if climb.best is None or reward > climb.best[0]:
            climb.best = (reward, parameters)

    def anywhere(self):
        low, high = (math.log(bound) for bound in self.space["learning_rate"]["_value"])
        return {
            "hidden": self.random.choice(self.space["hidden"]["_value"]),
            "learning_rate": math.exp(self.random.uniform(low, high)),
        }

    def beside(self, parameters):
        """A factor of up to three in the learning rate; another width now and then."""
        low, high = self.space["learning_rate"]["_value"]
        rate = parameters["learning_rate"] * 3 ** self.random.uniform(-1, 1)
        hidden = self.random.choice([parameters["hidden"], *self.space["hidden"]["_value"]])
        return {"hidden": hidden, "learning_rate": min(max(rate, low), high)}
