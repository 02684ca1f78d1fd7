"""SMAC."""

from __future__ import annotations

from nni.builtin_tuner import BuiltinTuner


class SMACTuner(BuiltinTuner):
    def __init__(self, optimize_mode: str = "maximize", config_dedup: bool = False, seed: int | None = None) -> None:
        super().__init__("SMAC", optimize_mode, seed, config_dedup=config_dedup)
