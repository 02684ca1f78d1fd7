"""Code directories to annotate, and what comes out."""

import contextlib
import io
import json
import os
import textwrap

from polyphase.annotation.__main__ import main

from .trials import TrialTestCase


def annotate(*arguments):
    """Exit code, and the one JSON object on stdout. In this process: there are many of them."""
    stdout = io.StringIO()
    with contextlib.redirect_stdout(stdout):
        code = main(list(arguments))
    return code, json.loads(stdout.getvalue())


class AnnotationTestCase(TrialTestCase):
    maxDiff = None

    def code_directory(self, **files):
        """A folder with these files; ``trial`` stands for ``trial.py``."""
        folder = os.path.join(self.temporary_folder(), "code")
        os.mkdir(folder)
        for name, text in files.items():
            self.write(os.path.join(folder, name + ".py"), textwrap.dedent(text))
        return folder

    def write(self, path, content):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))

    def read(self, *path):
        with open(os.path.join(*path), "rb") as file:
            return file.read().decode("utf-8")

    def annotate_well(self, folder, *arguments):
        """The folder of the copy, and the answer."""
        copy = os.path.join(self.temporary_folder(), "copy")
        code, answer = annotate(folder, copy, *arguments)
        self.assertEqual((code, answer.get("errors")), (0, None))
        return copy, answer

    def expand(self, source, *arguments):
        """The annotated text of a ``trial.py``, and its search space."""
        copy, answer = self.annotate_well(self.code_directory(trial=source), *arguments)
        return self.read(copy, "trial.py"), answer["searchSpace"]

    def assert_becomes(self, source, expected, search_space, *arguments):
        text, found = self.expand(source, *arguments)
        self.assertEqual(text, textwrap.dedent(expected))
        self.assertEqual(found, search_space)
        self.assertEqual(list(found), list(search_space), "the order of the code")

    def faults(self, source, *arguments):
        """``line: message`` of all faults of a ``trial.py``; there is no copy then."""
        folder = self.code_directory(trial=source)
        copy = os.path.join(folder, "copy")
        code, answer = annotate(folder, copy, *arguments)
        self.assertEqual((code, list(answer)), (1, ["errors"]))
        self.assertEqual(os.listdir(folder), ["trial.py"])
        return [f"{fault['line']}: {fault['message']}" for fault in answer["errors"]]
