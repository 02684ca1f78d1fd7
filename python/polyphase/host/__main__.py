"""``python3 -m polyphase.host``: see :mod:`polyphase.host`."""

import atexit
import faulthandler
import signal
import sys
import threading
from contextlib import suppress

from .channel import take_pipes
from .loop import Host


def main() -> None:
    channel = take_pipes()
    # Control-C in the manager's terminal is the manager's affair. A handler: programs started here do not inherit it.
    signal.signal(signal.SIGINT, lambda *_: None)
    faulthandler.enable()  # so that the log names the line at which a library crashes
    _log_to_stderr()
    code = Host(channel).run()
    _say_goodbye()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # closed by the user's code, perhaps
            stream.flush()
    channel.leave(code)  # threads of the user's that go on for ever keep nobody waiting


def _say_goodbye() -> None:
    """As at the end of every Python program, but for its wait for threads: pools of workers are wound up first."""
    for call in reversed(getattr(threading, "_threading_atexits", [])):
        with suppress(Exception):
            call()
    with suppress(Exception):  # each one that fails has been printed
        atexit._run_exitfuncs()


def _log_to_stderr() -> None:
    from nni.utils import init_dispatcher_logger

    init_dispatcher_logger()


main()
