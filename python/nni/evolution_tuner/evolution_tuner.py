"""Evolution, and two helpers that other tuners import from here."""

from __future__ import annotations

from nni.builtin_tuner import BuiltinTuner
from nni.utils import json2parameter, json2space

__all__ = ["EvolutionTuner", "json2parameter", "json2space"]


class EvolutionTuner(BuiltinTuner):
    def __init__(self, optimize_mode: str = "maximize", population_size: int = 32, seed: int | None = None) -> None:
        super().__init__("Evolution", optimize_mode, seed, population_size=population_size)
