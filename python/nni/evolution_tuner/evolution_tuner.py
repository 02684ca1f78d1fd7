"""Evolution."""

from __future__ import annotations

from nni.builtin_tuner import BuiltinTuner


class EvolutionTuner(BuiltinTuner):
    def __init__(self, optimize_mode: str = "maximize", population_size: int = 32, seed: int | None = None) -> None:
        super().__init__("Evolution", optimize_mode, seed, population_size=population_size)
