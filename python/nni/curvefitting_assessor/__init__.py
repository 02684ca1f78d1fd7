from .curvefitting_assessor import CurvefittingAssessor  # noqa: F401
