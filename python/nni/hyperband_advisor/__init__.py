"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.hyperband_advisor: Hyperband is not part of this version of polyphase; use TPE with the assessor "
    "Medianstop, or an advisor of your own that extends nni.msg_dispatcher_base.MsgDispatcherBase"
)
