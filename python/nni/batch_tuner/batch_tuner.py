"""The configurations of a list, one after the other."""

from nni.builtin_tuner import BuiltinTuner


class BatchTuner(BuiltinTuner):
    def __init__(self) -> None:
        super().__init__("BatchTuner", "maximize")
