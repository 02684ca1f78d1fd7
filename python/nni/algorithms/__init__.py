"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.algorithms: a package of NNI 2. Polyphase has the modules of NNI 1.x: import from "
    "nni.hyperopt_tuner, nni.medianstop_assessor and their sisters"
)
