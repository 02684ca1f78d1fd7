"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.hyperband_advisor: the class is not part of this package; use builtinAdvisorName: Hyperband, or an "
    "advisor of your own that extends nni.msg_dispatcher_base.MsgDispatcherBase"
)
