"""What the user should know though nothing is lost: one line on stderr."""

import sys


def warn(text: str) -> None:
    """Never raises: a full disk, or a stderr that is gone or closed, ends no trial."""
    try:
        if sys.stderr is not None:  # a process without a console has none
            print(f"polyphase: {text}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass


def shortened(text: str, most: int) -> str:
    """A text that may be long: its first ``most`` characters, then ``...`` where that is not all."""
    return text if len(text) <= most else f"{text[:most]}..."
