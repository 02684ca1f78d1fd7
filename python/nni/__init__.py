"""``import nni`` in an unchanged trial: the same calls, answered by :mod:`polyphase`."""

from polyphase import *  # noqa: F403
from polyphase import __all__, __version__  # noqa: F401

from . import trial  # noqa: F401
