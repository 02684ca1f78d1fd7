"""``python3 -m polyphase.host``: see :mod:`polyphase.host`."""

import atexit
import os
import signal
import sys
from contextlib import suppress

from .channel import take_pipes
from .loop import Host


def main() -> None:
    channel = take_pipes()
    # Control-C in the manager's terminal is the manager's affair. A handler: programs started here do not inherit it.
    signal.signal(signal.SIGINT, lambda *_: None)
    _log_to_stderr()
    code = Host(channel).run()
    with suppress(Exception):  # each one that fails has been printed
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # closed by the user's code, perhaps
            stream.flush()
    channel.leave(code)  # threads of the user's that go on for ever keep nobody waiting


def _log_to_stderr() -> None:
    from nni.utils import init_dispatcher_logger

    init_dispatcher_logger()


main()
