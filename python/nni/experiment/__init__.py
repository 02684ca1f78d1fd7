"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.experiment: experiments as Python programs are a part of NNI 2. Write the same settings into a config file and "
    "start it by polyphase run; its results are read by polyphase export"
)
