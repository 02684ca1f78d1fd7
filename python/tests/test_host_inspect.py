"""Whether a file defines a class, without running it."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from polyphase.host.inspect import inspect

from .trials import PYTHON_ROOT


class Inspect(unittest.TestCase):
    def inspect(self, source, name="Mine"):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "own.py")
            with open(path, "wb") as file:
                file.write(source if isinstance(source, bytes) else source.encode())
            found = inspect(path, name)
            return found if found["ok"] else (found["message"], found.get("line"))

    def test_a_class_may_be_defined_imported_or_assigned(self):
        for source in (
            "class Mine(Base): raise SystemExit",
            "from elsewhere import Mine",
            "from elsewhere import Other as Mine",
            "from elsewhere import *",
            "Mine = make()",
            "Mine: type = make()",
            "first, (Mine, rest) = make()",
            "try:\n    from a import x\nexcept ImportError:\n    class Mine: pass",
            "if fast:\n    pass\nelse:\n    with a as b:\n        Mine = b",
            b"# -*- coding: latin-1 -*-\n# \xe4\nclass Mine: pass",
        ):
            with self.subTest(source):
                self.assertEqual(self.inspect(source), {"ok": True})

    def test_what_is_not_there_is_said_with_what_is(self):
        self.assertEqual(
            self.inspect("class Min: pass\nclass Other: Mine = 1\ndef f():\n    class Mine: pass"),
            ("there is no Mine; it defines Min, Other; did you mean Min?", None),
        )
        self.assertEqual(self.inspect("import os\nprint(Mine)"), ("there is no Mine; it defines no class", None))

    def test_what_is_no_python_is_said_with_its_line(self):
        message, line = self.inspect("x = 1\nclass Mine(:\n    pass")
        self.assertEqual(line, 2)
        self.assertIn("invalid syntax", message)
        self.assertTrue(self.inspect(b"\x00\xff")[0])
        missing = inspect("/no/such.py", "Mine")
        self.assertEqual(missing, {"ok": False, "message": "cannot be read: No such file or directory"})

    def test_the_answer_is_one_line(self):
        command = [sys.executable, "-m", "polyphase.host.inspect", os.path.abspath(__file__), "Inspect"]
        environment = dict(os.environ, PYTHONPATH=PYTHON_ROOT, PYTHONDONTWRITEBYTECODE="1")
        self.assertEqual(json.loads(subprocess.check_output(command, env=environment)), {"ok": True})
