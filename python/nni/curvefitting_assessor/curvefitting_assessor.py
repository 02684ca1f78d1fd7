"""Curve fitting is done by the manager, not in Python."""

from __future__ import annotations

from nni.assessor import Assessor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class CurvefittingAssessor(Assessor):
    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError(
            "CurvefittingAssessor does not exist in Python here: write builtinAssessorName: Curvefitting in the "
            "experiment's config, or extend nni.medianstop_assessor.medianstop_assessor.MedianstopAssessor"
        )
