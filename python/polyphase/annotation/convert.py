"""From the texts of the code directory to one search space and the texts of the copy."""

from __future__ import annotations

import warnings

from .expand import expand_annotations
from .faults import Fault, Faults
from .smart_calls import key_calls
from .source_text import SourceText, decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

    from .found_parameter import FoundParameter


class Converted:
    def __init__(self) -> None:
        self.search_space: dict[str, Any] = {}
        #: The bytes of the files that differ from the original, by their path in the code directory.
        self.texts: dict[str, bytes] = {}


def convert_all(files: Iterable[tuple[str, bytes]], nas_mode: str, faults: Faults) -> Converted:
    converted = Converted()
    if nas_mode not in ("classic_mode", "enas_mode"):
        faults.add(Fault("", None, f"nasMode: expected classic_mode or enas_mode, got {nas_mode}"))
    first_uses: dict[str, str] = {}
    for path, content in files:
        if b"nni" not in content:
            continue  # whatever it is, also for another version of Python: it holds no annotation
        try:
            _convert(path, content, nas_mode, converted, first_uses, faults)
        except Fault as fault:
            faults.add(fault)
    if not converted.search_space and not faults.found:
        found = "annotations were found, but none of a parameter" if converted.texts else "no annotation was found"
        faults.add(Fault("", None, found + _EXPECTED))
    return converted


_EXPECTED = (
    " in the .py files: expected a string such as "
    '"""@nni.variable(nni.uniform(0, 1), name=x)""", or a call such as nni.choice(1, 2, name=\'x\')'
)


def _convert(
    path: str,
    content: bytes,
    nas_mode: str,
    converted: Converted,
    first_uses: dict[str, str],
    faults: Faults,
) -> None:
    text, form = decode(path, content)
    source = SourceText(path, text)
    expanded, layers = expand_annotations(source, nas_mode, faults)
    keyed, calls = key_calls(SourceText(path, expanded), faults)
    check_result(path, keyed)
    for found in sorted(layers + calls, key=lambda parameter: parameter.line):
        _merge(path, found, converted, first_uses, faults)
    if keyed != text:
        converted.texts[path] = encode(keyed, form)


def _merge(
    path: str, found: FoundParameter, converted: Converted, first_uses: dict[str, str], faults: Faults
) -> None:
    known = converted.search_space.setdefault(found.key, found.spec)
    first = first_uses.setdefault(found.key, f"{path}:{found.line}")
    if known != found.spec:
        message = f"different smart parameters have the same name: {found.key} is another one at {first}"
        faults.add(Fault(path, found.line, message))


def check_result(path: str, text: str) -> None:
    """Also finds what only shows when it is compiled, such as an annotation above ``from __future__ import``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        message = f"the code that the annotations make is not Python: {getattr(error, 'msg', error)}"
        raise Fault(path, getattr(error, "lineno", None), message) from None
