"""What tuners, assessors and advisors have in common: checkpoints."""

from __future__ import annotations

import os


class Recoverable:
    """
    A tuner that overrides both methods is saved at an orderly end, and on the way at most every ten seconds; after a
    restart it is loaded, and told only what came later. Whoever overrides neither is told everything again, as are
    assessors and advisors in any case.
    """

    def load_checkpoint(self) -> None:
        """Called once, after construction, when an experiment is resumed."""

    def save_checkpoint(self) -> None:
        """Writes what the object knows into :meth:`get_checkpoint_path`."""

    def get_checkpoint_path(self) -> str | None:
        """The folder for checkpoints, or None where there is none."""
        folder = os.environ.get("NNI_CHECKPOINT_DIRECTORY")
        return folder if folder and os.path.isdir(folder) else None
