"""What a tuner raises in place of an answer."""


class NoMoreTrialError(Exception):
    """There are no more parameters, for anybody who asks."""

    def __init__(self, ErrorInfo: str = "No more parameters left.") -> None:
        super().__init__(ErrorInfo)
        self.errorinfo = ErrorInfo


class TunerWaiting(Exception):
    """There are no parameters yet: the tuner wants to be asked again once another phase has ended.

    Not known to NNI 1.4, where tuners had to block or to end the experiment instead.
    """
