"""``import nni`` in an unchanged trial: the same calls, answered by :mod:`polyphase`.

Beside it stands, module by module, what NNI's custom tuners, assessors and advisors import; nothing of that is loaded
here. In a trial job, log lines come to its log as they did with NNI.
"""

import os

from polyphase import *  # noqa: F403
from polyphase import __all__, __version__  # noqa: F401

from . import trial  # noqa: F401
from .exceptions import NoMoreTrialError, TunerWaiting  # noqa: F401
from .smartparam import *  # noqa: F403
from .trial import *  # noqa: F403

if os.environ.get("NNI_PLATFORM"):
    from .common import log_to_stdout

    log_to_stdout()
