"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.feature_engineering: NNI's feature selectors are not part of polyphase; sklearn.feature_selection has such, or "
    "let a custom tuner propose subsets of the features"
)
