"""A string that begins with ``@nni.``, as the call that it holds."""

from __future__ import annotations

import ast

from .faults import Fault
from .smart_calls import member_of_nni
from .source_text import SourceText, one_line


def is_annotation(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
        return False
    text = statement.value.value
    return isinstance(text, str) and text.lstrip().startswith("@nni.")


class Annotation(SourceText):
    """The call inside an annotation, as source of its own."""

    def __init__(self, path: str, statement: ast.stmt) -> None:
        text: str = statement.value.value  # type: ignore[attr-defined]
        code = text.lstrip()
        self.line = statement.lineno + text[: len(text) - len(code)].count("\n")
        try:
            super().__init__(path, code[1:].rstrip())
        except Fault as fault:
            raise Fault(path, self.line + (fault.line or 1) - 1, f"annotation: {fault.message}") from None
        body = self.tree.body  # type: ignore[attr-defined]
        call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
        if not isinstance(call, ast.Call) or member_of_nni(call) is None:
            raise Fault(path, self.line, f"annotation: expected one call @nni.NAME(...), got {one_line(code)[:60]}")
        self.call = call
        self.function = member_of_nni(call) or ""

    def fault(self, message: str, node: ast.AST | None = None) -> Fault:
        line = self.line + (getattr(node, "lineno", 1) - 1)
        return Fault(self.path, line, f"@nni.{self.function}: {message}")

    def inner(self) -> str:
        """The arguments as they are written."""
        spans, _ = self.arguments(self.call)
        return ", ".join(one_line(self.text[start:end]) for start, end in spans)

    def name(self) -> ast.expr:
        """Its one keyword, ``name=``."""
        words = [keyword.arg for keyword in self.call.keywords]
        if words != ["name"]:
            got = ", ".join(f"{word}=" if word else "**" for word in words) or "nothing"
            raise self.fault(f"expected the keyword name=, got {got}")
        return self.call.keywords[0].value
