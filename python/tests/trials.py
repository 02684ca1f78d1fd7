"""Trials in processes of their own."""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

from .fake_manager import FakeManager

PYTHON_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_TIMEOUT = 60  # seconds; only reached when something hangs


class Trial:
    """A running trial: ``source`` with stdin, stdout and stderr as pipes."""

    def __init__(self, source, environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(source)],
            env=dict(kept, PYTHONPATH=PYTHON_ROOT, PYTHONDONTWRITEBYTECODE="1", **environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def finish(self):
        """Exit code, stdout and stderr from here on."""
        try:
            stdout, stderr = self.process.communicate(timeout=_TIMEOUT)
        finally:
            self.process.kill()
        return Finished(self.process.returncode, stdout, stderr)


class Finished:
    def __init__(self, code, stdout, stderr):
        self.code = code
        self.stdout = stdout
        self.stderr = stderr


class TrialTestCase(unittest.TestCase):
    """Runs trials against a manager of the test's own."""

    def manage(self, *parameters, **options):
        manager = FakeManager(list(parameters), **options)
        self.addCleanup(manager.stop)
        return manager

    def start(self, source, environment):
        trial = Trial(source, environment)
        self.addCleanup(trial.process.wait)
        for stream in (trial.process.stdin, trial.process.stdout, trial.process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(trial.process.kill)
        return trial

    def run_trial(self, source, manager, **environment):
        return self.start(source, dict(manager.environment(), **environment)).finish()

    def finish_well(self, trial):
        """What the trial printed. It must exit with 0 and have nothing to say on stderr."""
        finished = trial.finish()
        self.assertEqual((finished.code, finished.stderr), (0, ""), finished.stdout)
        return finished.stdout

    def run_well(self, source, manager, **environment):
        return self.finish_well(self.start(source, dict(manager.environment(), **environment)))

    def temporary_folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name
