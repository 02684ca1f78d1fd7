from .hyperopt_tuner import HyperoptTuner  # noqa: F401
