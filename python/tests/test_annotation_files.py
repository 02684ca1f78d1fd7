"""The copy of a code directory, and the files that are not changed."""

import hashlib
import json
import os
import stat
import subprocess
import sys

from .annotated import AnnotationTestCase, annotate
from .trials import PYTHON_ROOT

ANNOTATED = '"""@nni.variable(nni.uniform(0, 1), name=x)"""\nx = 1\n'


def contents(folder):
    """Path, kind, mode and content of everything in a folder."""
    found = {}
    for root, directories, files in os.walk(folder):
        for name in directories + files:
            path = os.path.join(root, name)
            status = os.lstat(path)
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    said = hashlib.sha256(file.read()).hexdigest()
            else:
                said = os.readlink(path) if stat.S_ISLNK(status.st_mode) else ""
            found[os.path.relpath(path, folder)] = (stat.S_IMODE(status.st_mode), status.st_mtime_ns, said)
    return found


class Copies(AnnotationTestCase):
    def test_originals_are_not_touched_and_other_files_come_along(self):
        folder = self.code_directory(trial=ANNOTATED, plain="import os  # not annotated\n")
        self.write(os.path.join(folder, "pkg", "sub", "deep.py"), ANNOTATED)
        self.write(os.path.join(folder, "data", "table.bin"), b"\x00\xff")
        self.write(os.path.join(folder, "run.sh"), "#!/bin/sh\n")
        os.chmod(os.path.join(folder, "run.sh"), 0o755)
        before = contents(folder)
        copy, answer = self.annotate_well(folder)
        self.assertEqual(contents(folder), before)
        self.assertEqual(list(answer["searchSpace"]), ["pkg.sub.deep/x/uniform", "trial/x/uniform"])
        self.assertEqual(answer["files"], ["pkg/sub/deep.py", "trial.py"])
        after = contents(copy)
        self.assertEqual(list(sorted(after)), list(sorted(before)))
        changed = sorted(path for path in after if after[path][::2] != before[path][::2])
        self.assertEqual(changed, ["pkg/sub/deep.py", "trial.py"])
        self.assertEqual(stat.S_IMODE(os.stat(copy).st_mode), 0o700)

    def test_what_belongs_to_tools_and_experiments_stays_behind(self):
        folder = self.code_directory(trial=ANNOTATED)
        for path in (".git/config", "pkg/__pycache__/a.pyc", "logs/AbCd/journal.sqlite", "out/bad.py", ".hidden/kept"):
            self.write(os.path.join(folder, path), "nni (")
        copy, _ = self.annotate_well(folder, "--leave-out", os.path.join(folder, "out"))
        self.assertEqual(sorted(contents(copy)), [".hidden", ".hidden/kept", "logs", "pkg", "trial.py"])

    def test_a_copy_inside_the_code_directory_does_not_hold_itself(self):
        folder = self.code_directory(trial=ANNOTATED)
        copy = os.path.join(folder, "copy")
        self.assertEqual(annotate(folder, copy)[0], 0)
        self.assertEqual(os.listdir(copy), ["trial.py"])
        code, answer = annotate(folder, copy)
        self.assertEqual((code, answer["errors"][0]["message"]), (1, "File exists"))
        self.assertEqual(os.listdir(copy), ["trial.py"])

    def test_without_a_place_for_the_copy_nothing_is_written(self):
        folder = self.code_directory(trial=ANNOTATED)
        code, answer = annotate(folder)
        self.assertEqual((code, list(answer["searchSpace"])), (0, ["trial/x/uniform"]))
        self.assertEqual(os.listdir(folder), ["trial.py"])

    def test_as_a_program(self):
        folder = self.code_directory(trial=ANNOTATED)
        copy = os.path.join(self.temporary_folder(), "copy")
        for argument, code, key in ((copy, 0, "searchSpace"), (os.path.join(copy, "trial.py"), 1, "errors")):
            finished = subprocess.run(
                [sys.executable, "-m", "polyphase.annotation", folder, argument],
                env=dict(os.environ, PYTHONPATH=PYTHON_ROOT, PYTHONDONTWRITEBYTECODE="1"),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                universal_newlines=True,
            )
            self.assertEqual((finished.returncode, finished.stderr), (code, ""))
            self.assertEqual(list(json.loads(finished.stdout))[0], key)

    def test_links(self):
        folder = self.code_directory(trial=ANNOTATED)
        elsewhere = self.temporary_folder()
        self.write(os.path.join(elsewhere, "shared.py"), ANNOTATED)
        self.write(os.path.join(folder, "venv", "pyvenv.cfg"), "")
        self.write(os.path.join(folder, "venv", "lib", "nni_copy.py"), ANNOTATED)
        for target, name in (
            ("trial.py", "alias.py"),
            (os.path.join(elsewhere, "shared.py"), "shared.py"),
            (elsewhere, "data"),
            (os.path.relpath(elsewhere, os.path.realpath(folder)), "near"),
            ("nowhere", "broken"),
            ("/nowhere", "gone"),
        ):
            os.symlink(target, os.path.join(folder, name))
        copy, answer = self.annotate_well(folder)
        self.assertEqual(list(answer["searchSpace"]), ["shared/x/uniform", "trial/x/uniform"])
        links = {name: os.readlink(os.path.join(copy, name)) for name in os.listdir(copy) if os.path.islink(os.path.join(copy, name))}
        real = os.path.realpath(folder)
        self.assertEqual(
            links,
            {
                "alias.py": "trial.py",
                "data": elsewhere,
                "near": elsewhere,
                "broken": "nowhere",
                "gone": "/nowhere",
                "venv": os.path.join(real, "venv"),
            },
        )
        self.assertIn("key='shared/x/uniform'", self.read(copy, "shared.py"))

    def test_encodings_and_line_ends_stay(self):
        folder = self.code_directory()
        latin = "# -*- coding: latin-1 -*-\r\n# h\xe9\n" + ANNOTATED.replace("\n", "\r\n") + "y = '\xe9'"
        marked = b"\xef\xbb\xbf" + ANNOTATED.encode() + "z = 'é'; w = nni.choice('é', 2, name='é')".encode()
        self.write(os.path.join(folder, "latin.py"), latin.encode("latin-1"))
        self.write(os.path.join(folder, "marked.py"), marked)
        copy, answer = self.annotate_well(folder)
        self.assertEqual(answer["searchSpace"]["marked/é/choice"], {"_type": "choice", "_value": ["é", 2]})
        with open(os.path.join(copy, "latin.py"), "rb") as file:
            lines = file.read().split(b"\n")
        self.assertEqual(lines[:3], [b"# -*- coding: latin-1 -*-\r", b"# h\xe9", b"import nni; pass\r"])
        self.assertEqual(lines[4], b"y = '\xe9'")
        with open(os.path.join(copy, "marked.py"), "rb") as file:
            self.assertTrue(file.read().startswith(b"\xef\xbb\xbfimport nni; pass\n"))

    def test_files_for_another_python_are_none_of_ours(self):
        folder = self.code_directory(trial=ANNOTATED, old="print 'hello'\n")
        copy, _ = self.annotate_well(folder)
        self.assertEqual(self.read(copy, "old.py"), "print 'hello'\n")
