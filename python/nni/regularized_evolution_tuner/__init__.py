"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.regularized_evolution_tuner: it serves NNI's NAS interface, which is not part of polyphase; describe the "
    "architecture as nested choices in the search space and use Evolution"
)
