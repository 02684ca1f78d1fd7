"""The base of tuners whose methods take the trial job's id as a positional argument: here any Tuner may."""

from nni.tuner import Tuner


class MultiPhaseTuner(Tuner):
    pass
