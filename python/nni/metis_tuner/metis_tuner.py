"""Metis."""

from __future__ import annotations

from nni.builtin_tuner import BuiltinTuner


class MetisTuner(BuiltinTuner):
    def __init__(
        self,
        optimize_mode: str = "maximize",
        no_resampling: bool = True,
        no_candidates: bool = False,
        selection_num_starting_points: int = 600,
        cold_start_num: int = 10,
        exploration_probability: float = 0.9,
        seed: int | None = None,
    ) -> None:
        super().__init__(
            "MetisTuner",
            optimize_mode,
            seed,
            no_resampling=no_resampling,
            no_candidates=no_candidates,
            selection_num_starting_points=selection_num_starting_points,
            cold_start_num=cold_start_num,
            exploration_probability=exploration_probability,
        )
