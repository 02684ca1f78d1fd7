"""Checkpoints of a tuner that overrides ``save_checkpoint`` and ``load_checkpoint``, and what it had heard by then.

After a restart the manager tells the whole history again. A tuner that was loaded from its checkpoint holds a part of
that history already; a file beside the checkpoint says which part, so that it is not told twice:

- ``generated``: ids of the phases that the tuner has proposed parameters for
- ``ended``:     ids of the phases whose end it was told
- ``spaces``:    how many search spaces it was given; the last of them is given again, as NNI does after loading
- ``imported``:  how many rows of results from elsewhere it was given

The file is taken away before the tuner saves and written, whole or not at all, once it has saved. So it speaks of the
checkpoint beside it or is not there; then the checkpoint may be half written and is not loaded: the tuner starts afresh
and hears everything.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from threading import RLock

from .calls import overrides

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

    from .calls import Calls

FILE_NAME = "polyphase-heard.json"
_PAUSE = 10.0  # seconds between two checkpoints that are saved on the way


class Heard:
    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        stored = stored or {}
        self.generated = _members(stored.get("generated", []))
        self.ended = _members(stored.get("ended", []))
        self.spaces = stored.get("spaces", 0)
        self.imported = stored.get("imported", 0)

    def stored(self) -> dict[str, Any]:
        return {
            "generated": _ranges(self.generated),
            "ended": _ranges(self.ended),
            "spaces": self.spaces,
            "imported": self.imported,
        }


class Checkpoint:
    """``before`` is what the tuner knows from its checkpoint, ``heard`` what it knows by now."""

    def __init__(self, tuner: Any, calls: Calls, folder: str | None, clock: Callable[[], float]) -> None:
        self._tuner = tuner
        self._calls = calls
        self._clock = clock
        self._file = os.path.join(folder, FILE_NAME) if folder else None
        self._loads = overrides(tuner, "load_checkpoint", *_bases())
        self._saves = bool(folder) and self._loads and overrides(tuner, "save_checkpoint", *_bases())
        self._lock = RLock()
        self._saved_at = clock()
        self._unsaved = False
        self.before = Heard()
        self.heard = Heard()

    def begin(self, resumed: bool) -> None:
        """Loads the checkpoint of an earlier life, where there is one that can be trusted."""
        stored = self._read() if resumed and self._saves else None
        if self._saves:
            os.makedirs(os.path.dirname(self._file or ""), exist_ok=True)
            if not resumed:
                self._take_away()
            self._watch_own_saves()
        if resumed and self._loads and (stored is not None or not self._saves):
            self._calls.offer(self._tuner, "load_checkpoint")
            self.before, self.heard = Heard(stored), Heard(stored)

    def note(
        self,
        generated: Iterable[int] = (),
        not_generated: Iterable[int] = (),
        ended: Iterable[int] = (),
        spaces: int = 0,
        imported: int = 0,
    ) -> None:
        """What the tuner is about to learn: one that saves itself does so at the end of the call that tells it."""
        with self._lock:
            self.heard.generated.update(generated)
            self.heard.generated.difference_update(not_generated)
            self.heard.ended.update(ended)
            self.heard.spaces += spaces
            self.heard.imported += imported
            self._unsaved = True

    def due(self) -> float | None:
        """In how many seconds an idle host should save; None while there is nothing to save."""
        if not self._saves or not self._unsaved:
            return None
        return max(0.0, self._saved_at + _PAUSE - self._clock())

    def save(self) -> None:
        if self._saves and self._unsaved:
            self._calls.offer(self._tuner, "save_checkpoint")

    def _watch_own_saves(self) -> None:
        """NNI never calls ``save_checkpoint``, so some tuners do it themselves: that counts as well."""
        save = self._tuner.save_checkpoint

        def save_and_note(*given: Any, **named: Any) -> Any:
            with self._lock:
                self._take_away()
                answer = save(*given, **named)
                self._write()
                self._saved_at, self._unsaved = self._clock(), False
                return answer

        with suppress(AttributeError):  # an object with __slots__ is saved by the host alone
            self._tuner.save_checkpoint = save_and_note
            return
        self._saves = False

    def _read(self) -> dict[str, Any] | None:
        """None where it is not there, or is not to be believed: damaged, or of another version."""
        try:
            with open(self._file or "", encoding="utf-8") as file:
                stored = json.load(file)
            Heard(stored)
            return stored if isinstance(stored["spaces"] + stored["imported"], int) else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None

    def _write(self) -> None:
        replacement = f"{self._file}.new"
        with open(replacement, "w", encoding="utf-8") as file:
            json.dump(self.heard.stored(), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(replacement, self._file or "")

    def _take_away(self) -> None:
        with suppress(FileNotFoundError):
            os.remove(self._file or "")


def _ranges(members: set[int]) -> list[list[int]]:
    """{0, 1, 2, 7} as [[0, 2], [7, 7]]."""
    ranges: list[list[int]] = []
    for member in sorted(members):
        if ranges and ranges[-1][1] == member - 1:
            ranges[-1][1] = member
        else:
            ranges.append([member, member])
    return ranges


def _members(ranges: list[list[int]]) -> set[int]:
    return {member for first, last in ranges for member in range(first, last + 1)}


def _bases() -> tuple[type, ...]:
    from nni.msg_dispatcher_base import MsgDispatcherBase
    from nni.recoverable import Recoverable
    from nni.tuner import Tuner

    return Recoverable, Tuner, MsgDispatcherBase
