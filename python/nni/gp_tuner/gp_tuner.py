"""Gaussian-process optimisation."""

from __future__ import annotations

from nni.builtin_tuner import BuiltinTuner


class GPTuner(BuiltinTuner):
    def __init__(
        self,
        optimize_mode: str = "maximize",
        utility: str = "ei",
        kappa: float = 5,
        xi: float = 0,
        nu: float = 2.5,
        alpha: float = 1e-6,
        cold_start_num: int = 10,
        selection_num_warm_up: int = 100000,
        selection_num_starting_points: int = 250,
        seed: int | None = None,
    ) -> None:
        super().__init__(
            "GPTuner",
            optimize_mode,
            seed,
            utility=utility,
            kappa=kappa,
            xi=xi,
            nu=nu,
            alpha=alpha,
            cold_start_num=cold_start_num,
            selection_num_warm_up=selection_num_warm_up,
            selection_num_starting_points=selection_num_starting_points,
        )
