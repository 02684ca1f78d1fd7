from .evolution_tuner import EvolutionTuner  # noqa: F401
