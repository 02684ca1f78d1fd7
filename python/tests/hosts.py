"""Hosts in processes of their own, which a test talks to as the manager does."""

import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest

from polyphase.values import decode, encode

from .trials import PYTHON_ROOT

_TIMEOUT = 60  # seconds; only reached when something hangs

START = dict(
    kind="start",
    classArgs={},
    trialConcurrency=4,
    multiPhase=True,
    multiThread=False,
    includeIntermediateResults=False,
    resumed=False,
)


class Host:
    """A running host, without site-packages. What it writes to stderr lies in a file, as in an experiment."""

    def __init__(self, folder, environment):
        self.folder = folder
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "PYENV_VERSION")
            if name in os.environ
        }
        log_folder = os.path.join(folder, "log")
        os.makedirs(log_folder, exist_ok=True)
        self.log_path = os.path.join(log_folder, "dispatcher.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-S", "-m", "polyphase.host"],
                cwd=log_folder,
                env={
                    **kept,
                    "PYTHONPATH": PYTHON_ROOT,
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "SDK_PROCESS": "dispatcher",
                    "NNI_CHECKPOINT_DIRECTORY": os.path.join(folder, "checkpoint"),
                    **environment,
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.watchdog = threading.Timer(_TIMEOUT, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()
        self.asks = 0
        self.aside = []  # what it said beside the answers: news, log lines

    def say(self, **message):
        self.process.stdin.write((encode(message) + "\n").encode())
        self.process.stdin.flush()

    def hear(self, *kinds):
        """The next message of one of these kinds; the others are put aside."""
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"the host has ended; its log:\n{self.log()}")
            message = decode(line.decode())
            if message["kind"] in kinds:
                return message
            if message["kind"] == "failed":
                raise AssertionError(message["message"])
            self.aside.append(message)

    def tell(self, *messages):
        self.say(kind="tell", messages=messages)

    def ask(self, *requests):
        """The answers to requests, each (parameter id, trial job) or (parameter id, trial job, parameter index)."""
        self.begin_to_ask(*requests)
        return self.hear("proposals")["proposals"]

    def begin_to_ask(self, *requests):
        self.asks += 1
        self.say(kind="ask", id=self.asks, requests=[request(*parts) for parts in requests])

    def where(self):
        self.say(kind="where", id=0)
        at = self.hear("at")
        return at["call"], at["method"]

    def wait_for(self, method):
        """Until the user's code is in ``method``."""
        while self.where()[1] != method:
            pass

    def close(self):
        """Exit code after an orderly end."""
        self.say(kind="close")
        return self.gone()

    def gone(self):
        """Exit code after the end of the stream."""
        self.process.stdin.close()
        for line in self.process.stdout:
            self.aside.append(decode(line.decode()))
        return self.process.wait()

    def log(self):
        with open(self.log_path, encoding="utf-8") as log:
            return log.read()


class HostTestCase(unittest.TestCase):
    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return os.path.realpath(folder.name)

    def launch(self, role, source, class_name, folder=None, environment=None, file="own.py", **start):
        """A host that was told to start, in a folder where ``source`` lies as own.py."""
        folder = folder or self.folder()
        with open(os.path.join(folder, file), "w", encoding="utf-8") as code:
            code.write(textwrap.dedent(source))
        host = Host(folder, environment or {})
        self.addCleanup(host.process.wait)
        self.addCleanup(host.process.stdout.close)
        self.addCleanup(host.process.stdin.close)
        self.addCleanup(host.watchdog.cancel)
        self.addCleanup(host.process.kill)
        host.say(**dict(dict(START, role=role, codeDir=folder, classFileName=file, className=class_name), **start))
        return host

    def ready(self, *given, **named):
        host = self.launch(*given, **named)
        host.hear("ready")
        return host


def request(parameter_id, trial_job_id, parameter_index=0):
    return dict(parameterId=parameter_id, trialJobId=trial_job_id, parameterIndex=parameter_index)


def space(**variables):
    return dict(kind="search-space", space=variables)


def ended(parameter_id, trial_job_id, value=None, outcome=None, customized=False, parameters=None):
    outcome = outcome or ("failed" if value is None else "succeeded")
    result = dict(
        parameterId=parameter_id, trialJobId=trial_job_id, outcome=outcome, value=value, parameters=parameters
    )
    return dict(kind="phase-ended", customized=customized, result=result)


def replay(*proposals):
    """Each (parameter id, trial job, parameter index, parameters)."""
    return dict(kind="replay", proposals=[dict(request(*parts[:3]), parameters=parts[3]) for parts in proposals])


def parameters(value):
    return dict(kind="parameters", parameters=value)


WAIT = dict(kind="wait")
OWED = dict(kind="wait", owed=True)
NO_MORE = dict(kind="no-more")
