"""``python3 -m polyphase.host.inspect FILE CLASS``: whether a file defines a class, found out without running the file.

Prints one line: ``{"ok":true}`` or ``{"ok":false,"message":"...","line":n}``, without ``line`` where none is to blame.
The message does not name the file: whoever asked knows it.
"""

from __future__ import annotations

import ast
import difflib
import json
import sys
import tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator


def inspect(path: str, name: str) -> dict[str, Any]:
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read(), path)
    except OSError as error:
        return _bad(f"cannot be read: {error.strerror}")
    except SyntaxError as error:
        return _bad(error.msg, error.lineno)
    except ValueError as error:  # bytes that are no text
        return _bad(f"is not Python: {error}")
    defined = list(_names(tree.body))
    if name in defined or "*" in defined or "__getattr__" in defined:
        return {"ok": True}
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name in defined]
    known = f"; it defines {', '.join(classes)}" if classes else "; it defines no class"
    near = difflib.get_close_matches(name, classes or defined, 1)
    return _bad(f"there is no {name}{known}" + (f"; did you mean {near[0]}?" if near else ""))


def _names(statements: list[Any]) -> Iterator[str]:
    """What a module binds: classes, functions, imports and assignments, also those under if, try, with and for."""
    for node in statements:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
            continue
        for part in ast.iter_child_nodes(node):
            yield from (name.id for name in ast.walk(part) if isinstance(name, ast.Name) and _is_bound(name))
        for block in ("body", "orelse", "finalbody"):
            yield from _names(getattr(node, block, []))
        for handler in getattr(node, "handlers", []):
            yield from _names(handler.body)


def _is_bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _bad(message: str, line: int | None = None) -> dict[str, Any]:
    return {"ok": False, "message": message, **({} if line is None else {"line": line})}


if __name__ == "__main__":
    print(json.dumps(inspect(sys.argv[1], sys.argv[2])))
