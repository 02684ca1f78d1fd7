"""One file's text, and changes at places of it. Places are offsets into the text, lines are counted from 1."""

from __future__ import annotations

import ast
import bisect
import codecs
import io
import tokenize

from .faults import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator


class Form:
    """How a file spells its text: the encoding, a byte order mark, and the end of each line."""

    def __init__(self, encoding: str, mark: bytes, line_ends: list[str]) -> None:
        self.encoding = encoding
        self.mark = mark
        self.line_ends = line_ends


def decode(path: str, content: bytes) -> tuple[str, Form]:
    """The text with plain line feeds, as Python itself reads it."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        text = content[len(mark) :].decode("utf-8" if mark else encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise Fault(path, 1, f"expected Python source: {error}") from None
    lines = io.StringIO(text, newline="").readlines()
    ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
    return io.StringIO(text, newline=None).read(), Form("utf-8" if mark else encoding, mark, ends)


def encode(text: str, form: Form) -> bytes:
    """``text`` has as many lines as the text that was read: each keeps its end."""
    lines = text.split("\n")
    ends = form.line_ends + [""] * (len(lines) - len(form.line_ends))
    return form.mark + "".join(line + end for line, end in zip(lines, ends)).encode(form.encoding)


class SourceText:
    """Raises Fault where the text is not Python."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        try:
            self.tree = ast.parse(text, path)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            raise Fault(path, line, f"expected Python: {getattr(error, 'msg', error)}") from None

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where the node begins and ends."""
        return (
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def written(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def _offset(self, line: int, bytes_before: int) -> int:
        """Python counts columns in bytes."""
        before = self._lines[line - 1].encode("utf-8")[:bytes_before].decode("utf-8")
        return self._starts[line - 1] + len(before)

    def arguments(self, call: ast.Call) -> tuple[list[tuple[int, int]], int]:
        """Where each argument of a call stands, with the parentheses around it, and where its closing one is."""
        _, after = self.span(call.func)
        spans: list[tuple[int, int]] = []
        depth = 0
        start = end = -1
        for kind, text, begin, finish in self._tokens_after(after):
            if kind == tokenize.OP and text in ")]}":
                depth -= 1
            if depth == 0 and text == ")":
                if start >= 0:
                    spans.append((start, end))
                return spans, begin
            if depth == 1 and text == ",":
                spans.append((start, end))
                start = -1
            elif depth > 0:
                start, end = (begin if start < 0 else start), finish
            if kind == tokenize.OP and text in "([{":
                depth += 1
        raise AssertionError("a call without an end")

    def _tokens_after(self, offset: int) -> Iterator[tuple[int, str, int, int]]:
        tokens = self._tokens()
        yield from tokens[bisect.bisect_left(self._token_starts, offset) :]

    def _tokens(self) -> list[tuple[int, str, int, int]]:
        if not hasattr(self, "_known_tokens"):
            self._known_tokens = [
                (kind, text, self._starts[start[0] - 1] + start[1], self._starts[end[0] - 1] + end[1])
                for kind, text, start, end, _ in tokenize.generate_tokens(io.StringIO(self.text).readline)
                if kind not in _LAYOUT
            ]
            self._token_starts = [token[2] for token in self._known_tokens]
        return self._known_tokens


_LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


class Edits:
    """Changes of a text, all at places of the text as it was."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._edits: list[tuple[int, int, str]] = []

    def replace(self, span: tuple[int, int], new: str) -> None:
        self._edits.append((*span, new))

    def insert(self, place: int, new: str) -> None:
        self._edits.append((place, place, new))

    def replace_node(self, node: ast.AST, code: str) -> None:
        """``code`` ends with a parenthesis, before which it takes up as many lines as the node did."""
        span = self._source.span(node)
        missing = self._source.text[slice(*span)].count("\n") - code.count("\n")
        self.replace(span, code[:-1] + "\n" * missing + code[-1])

    def applied(self) -> str:
        pieces: list[str] = []
        at = 0
        # At one place, what was inserted first comes first.
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            if start < at:
                line = self._source.text.count("\n", 0, start) + 1
                raise Fault(self._source.path, line, "expected one annotation for this code, got two")
            pieces += [self._source.text[at:start], new]
            at = end
        return "".join([*pieces, self._source.text[at:]])


def one_line(text: str) -> str:
    """An expression without its comments and line breaks."""
    if "\n" not in text and "#" not in text:
        return text.strip()
    pieces: list[str] = []
    last = (1, 0)
    for kind, piece, start, end, _ in tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline):
        if kind in _LAYOUT or kind == tokenize.ENDMARKER:
            continue
        if start > last and pieces and (start[0] > last[0] or start[1] > last[1]):
            pieces.append(" ")
        pieces.append(repr(ast.literal_eval(piece)) if kind == tokenize.STRING and "\n" in piece else piece)
        last = end
    return "".join(pieces)[1:-1].strip()


def after_commas_a_space(line: str) -> str:
    """``f(a, b)`` for ``f(a,b)``, in an expression of one line."""
    tokens = list(tokenize.generate_tokens(io.StringIO(line).readline))
    pieces: list[str] = []
    at = 0
    for token, following in zip(tokens, tokens[1:]):
        if token.string == "," and following.start == token.end and following.string not in (")", "]", "}", ""):
            pieces += [line[at : token.end[1]], " "]
            at = token.end[1]
    return "".join([*pieces, line[at:]])


def is_number(node: ast.AST) -> bool:
    """A number as it is written, with or without a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)
