from .gp_tuner import GPTuner  # noqa: F401
