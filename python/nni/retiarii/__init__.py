"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.retiarii: the NAS framework of NNI 2 is not part of polyphase; describe the architecture as nested choices in "
    "the search space, or let a custom tuner propose one architecture per phase"
)
