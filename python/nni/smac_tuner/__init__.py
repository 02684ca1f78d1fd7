from .smac_tuner import SMACTuner  # noqa: F401
