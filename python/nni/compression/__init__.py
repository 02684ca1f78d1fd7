"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.compression: model compression is not part of polyphase, which searches hyperparameters; the pruning "
    "and quantization tools of your framework do that, and polyphase can search their settings"
)
