"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.pbt_tuner: population based training is not part of this version of polyphase; a custom tuner that extends "
    "nni.tuner.Tuner can tell each phase which checkpoint it goes on from"
)
