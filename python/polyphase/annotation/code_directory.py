"""The user's code directory: which files of it are read, and the copy of it."""

from __future__ import annotations

import os
import shutil
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

#: What belongs to tools, not to the code.
_TOOLS = {
    ".git", ".hg", ".svn", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".ipynb_checkpoints",
}  # fmt: skip


def python_files(code_dir: str, leave_out: list[str]) -> Iterator[tuple[str, bytes]]:
    """Path from the code directory, with slashes, and content of every ``.py`` file, in order."""
    for entry in _entries(os.path.realpath(code_dir), "", _real(leave_out)):
        if entry.kind == "file" and entry.path.endswith(".py"):
            with open(entry.place, "rb") as file:
                yield entry.path, file.read()


def copy_code(code_dir: str, out_dir: str, leave_out: list[str], texts: dict[str, bytes]) -> None:
    """Makes ``out_dir``. Files in ``texts`` get that content; whatever was made is removed again if something fails."""
    root = os.path.realpath(code_dir)
    os.mkdir(out_dir, 0o700)
    try:
        for entry in _entries(root, "", _real(leave_out)):
            _copy(entry, os.path.join(out_dir, *entry.path.split("/")), root, texts.get(entry.path))
    except BaseException:
        shutil.rmtree(out_dir, ignore_errors=True)
        raise


class _Entry:
    """``kind`` is directory, file or link."""

    def __init__(self, path: str, place: str, kind: str) -> None:
        self.path = path
        self.place = place
        self.kind = kind


def _entries(root: str, below: str, left_out: set[str]) -> Iterator[_Entry]:
    """Everything below the root, directories before what they hold; no sockets, pipes and devices."""
    directory = os.path.join(root, *below.split("/")) if below else root
    with os.scandir(directory) as found:
        names = sorted(entry.name for entry in found)
    for name in names:
        place = os.path.join(directory, name)
        path = f"{below}/{name}" if below else name
        kind = _kind(place, root)
        if kind is None or name in _TOOLS or place in left_out:
            continue
        if kind == "directory" and _is_experiment(place):
            continue
        yield _Entry(path, place, kind)
        if kind == "directory":
            yield from _entries(root, path, left_out)


def _kind(place: str, root: str) -> str | None:
    mode = os.lstat(place).st_mode
    if stat.S_ISLNK(mode):
        # A file of code that is elsewhere is code of this trial: it is read and copied like the rest.
        is_code = place.endswith(".py") and os.path.isfile(place)
        return "file" if is_code and not _stays_inside(place, root) else "link"
    if stat.S_ISDIR(mode):
        # A virtual environment works where it was made only.
        return "link" if os.path.exists(os.path.join(place, "pyvenv.cfg")) else "directory"
    return "file" if stat.S_ISREG(mode) else None


def _is_experiment(place: str) -> bool:
    """The state of an experiment, which may lie beside the code (``logDir``)."""
    return any(os.path.exists(os.path.join(place, name)) for name in ("journal.sqlite", "journal.sqlite.lock"))


def _copy(entry: _Entry, target: str, root: str, text: bytes | None) -> None:
    if entry.kind == "directory":
        os.mkdir(target, stat.S_IMODE(os.stat(entry.place).st_mode) | stat.S_IRWXU)
    elif entry.kind == "link":
        _copy_link(entry.place, target, root)
    elif text is None:
        shutil.copy2(entry.place, target)
    else:
        with open(target, "xb") as file:
            file.write(text)
        shutil.copymode(entry.place, target)


def _copy_link(place: str, target: str, root: str) -> None:
    """Relative links inside the code lead to the copy, all others where they led before."""
    if not os.path.islink(place):  # a virtual environment
        os.symlink(place, target)
        return
    os.symlink(os.readlink(place) if _stays_inside(place, root) else _end(place), target)


def _stays_inside(link: str, root: str) -> bool:
    return not os.path.isabs(os.readlink(link)) and (_end(link) + os.sep).startswith(root + os.sep)


def _end(link: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(link), os.readlink(link)))


def _real(paths: list[str]) -> set[str]:
    return {os.path.realpath(path) for path in paths}
