from .gridsearch_tuner import GridSearchTuner  # noqa: F401
