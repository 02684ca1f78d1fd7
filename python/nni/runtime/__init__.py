"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.runtime: a package of NNI 2. Polyphase has the modules of NNI 1.x: import from "
    "nni.msg_dispatcher_base, nni.protocol, nni.common and nni.env_vars"
)
