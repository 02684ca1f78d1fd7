from .medianstop_assessor import MedianstopAssessor  # noqa: F401
