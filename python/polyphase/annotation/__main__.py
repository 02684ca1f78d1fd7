"""One JSON object on stdout: ``{"searchSpace", "files"}``, or ``{"errors"}`` with all faults and exit code 1.

With ``--chosen`` the copy is the code of one phase, and the object ``{"files"}``.
"""

from __future__ import annotations

import argparse
import json
import sys

from .chosen import choose_all
from .code_directory import copy_code, python_files
from .convert import convert_all
from .faults import Fault, Faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    leave_out = [*arguments.leave_out, *filter(None, [arguments.out_dir])]
    faults = Faults()
    answer: dict[str, Any] = {}
    try:
        files = python_files(arguments.code_dir, leave_out)
        if arguments.chosen:
            texts = choose_all(files, arguments.nas_mode, json.load(sys.stdin), faults)
        else:
            converted = convert_all(files, arguments.nas_mode, faults)
            texts = converted.texts
            answer = {"searchSpace": converted.search_space}
        if not faults.found and arguments.out_dir is not None:
            copy_code(arguments.code_dir, arguments.out_dir, leave_out, texts)
        answer["files"] = sorted(texts)
    except OSError as error:
        faults.add(Fault(error.filename or arguments.code_dir, None, error.strerror or str(error)))
    if faults.found:
        answer = {"errors": faults.in_order()}
    print(json.dumps(answer, allow_nan=False))
    return 1 if faults.found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m polyphase.annotation", description=__doc__)
    parser.add_argument("code_dir", metavar="CODE_DIR", help="the annotated code; it is only read")
    parser.add_argument(
        "out_dir", metavar="OUT_DIR", nargs="?", help="the copy, a directory that is made; left out: nothing is written"
    )
    parser.add_argument(
        "--chosen", action="store_true", help="write the code of one phase; its parameters are read from stdin, as JSON"
    )
    parser.add_argument(
        "--nas-mode", default="classic_mode", metavar="MODE", help="for mutable layers: classic_mode or enas_mode"
    )
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="DIR", help="a directory in CODE_DIR that is not code"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
