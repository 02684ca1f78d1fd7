from .batch_tuner import BatchTuner  # noqa: F401
