"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.networkmorphism_tuner: the NetworkMorphism tuner builds networks of its own and is not part of "
    "polyphase; describe the architecture as a nested choice in the search space and use TPE or Evolution"
)
