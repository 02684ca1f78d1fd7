from .metis_tuner import MetisTuner  # noqa: F401
