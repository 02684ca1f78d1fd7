"""NNI's dispatcher of multi-phase tuners; here :mod:`polyphase.host` calls every tuner."""

from nni.msg_dispatcher import MsgDispatcher


class MultiPhaseMsgDispatcher(MsgDispatcher):
    pass
