"""TPE, random search and annealing."""

from __future__ import annotations

from nni.builtin_tuner import BuiltinTuner

_TUNERS = {"tpe": "TPE", "random_search": "Random", "anneal": "Anneal"}


class HyperoptTuner(BuiltinTuner):
    def __init__(
        self,
        algorithm_name: str,
        optimize_mode: str = "minimize",
        parallel_optimize: bool = False,
        constant_liar_type: str = "min",
        seed: int | None = None,
    ) -> None:
        if algorithm_name not in _TUNERS:
            raise RuntimeError(f"algorithm_name: expected {', '.join(_TUNERS)}, got {algorithm_name!r}")
        self.algorithm_name = algorithm_name
        liar = {"parallel_optimize": parallel_optimize, "constant_liar_type": constant_liar_type}
        super().__init__(_TUNERS[algorithm_name], optimize_mode, seed, **(liar if algorithm_name == "tpe" else {}))
