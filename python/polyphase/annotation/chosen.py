"""The code that one phase ran, in plain words: every annotation and every smart parameter is the value of that phase."""

from __future__ import annotations

import ast

from .chosen_values import Chosen
from .convert import check_result
from .expand import Expansion, applied, expand_into
from .faults import Fault, Faults
from .layers import chosen_layers
from .one_annotation import Annotation, is_annotation
from .smart_calls import SmartCall, sampler_of, smart_calls
from .source_text import Edits, SourceText, decode, encode, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Iterator


def choose_all(
    files: Iterable[tuple[str, bytes]], nas_mode: str, parameters: dict[str, Any], faults: Faults
) -> dict[str, bytes]:
    """The bytes of the files that differ from the original. A parameter that the code no longer has is a fault."""
    chosen = Chosen(parameters)
    texts: dict[str, bytes] = {}
    for path, content in files:
        if b"nni" not in content:
            continue
        try:
            text, form = decode(path, content)
            plain = _plain_text(SourceText(path, text), nas_mode, chosen, faults)
            check_result(path, plain)
            if plain != text:
                texts[path] = encode(plain, form)
        except Fault as fault:
            faults.add(fault)
    for key in chosen.unused():
        faults.add(Fault("", None, f"this trial had the parameter {key}, which the code has no more"))
    return texts


def _plain_text(source: SourceText, nas_mode: str, chosen: Chosen, faults: Faults) -> str:
    expansion = _PlainExpansion(source, nas_mode, chosen)
    expand_into(expansion, faults)
    return _PlainCalls(SourceText(source.path, applied(expansion, faults)), chosen, faults).text()


class _PlainExpansion(Expansion):
    """As for trials, but what is neither a value nor a choice becomes a comment."""

    def __init__(self, source: SourceText, nas_mode: str, chosen: Chosen) -> None:
        super().__init__(source, nas_mode)
        self.nni = "nni"  # these calls become values next
        self._chosen = chosen
        self._needed = {id(block[0]) for block in _blocks(source.tree) if all(map(is_annotation, block))}

    def become_call(self, statement: ast.stmt, code: str) -> None:
        self.vanish(statement)

    def mutable_layers(self, annotation: Annotation, statement: ast.stmt) -> None:
        self.edits.replace_node(statement, chosen_layers(annotation, self._chosen))

    def vanish(self, statement: ast.stmt) -> None:
        start, end = self.source.span(statement)
        text = self.source.text
        indent = text[text.rfind("\n", 0, start) + 1 : start]
        after = text[end:].partition("\n")[0].lstrip()
        if indent.strip() or (after and not after.startswith("#")):
            super().vanish(statement)
            return
        # A block must hold something.
        mark = "pass  # " if id(statement) in self._needed else "# "
        first, *others = text[start:end].split("\n")
        width = len(indent)
        lines = [f"{line[:width]}# {line[width:]}" if line[:width] == indent else f"# {line}" for line in others]
        self.edits.replace((start, end), "\n".join([mark + first, *lines]))


def _blocks(tree: ast.AST) -> list[list[ast.stmt]]:
    fields = [value for node in ast.walk(tree) for _, value in ast.iter_fields(node)]
    return [value for value in fields if isinstance(value, list) and value and isinstance(value[0], ast.stmt)]


class _PlainCalls:
    """Calls of samplers become what they give."""

    def __init__(self, source: SourceText, chosen: Chosen, faults: Faults) -> None:
        self._source = source
        self._parents = {id(child): node for node in ast.walk(source.tree) for child in ast.iter_child_nodes(node)}
        self._values: dict[int, str] = {}
        unnamed_lines: set[int] = set()
        # From the inside out: an option may hold such a call itself.
        for call in reversed(smart_calls(source.tree)):
            try:
                smart = SmartCall(source, call, unnamed_lines)
                self._values[id(call)] = self._code(smart, chosen.value(source.path, call.lineno, smart.key))
            except Fault as fault:
                faults.add(fault)

    def text(self) -> str:
        edits = Edits(self._source)
        for call in _outermost_calls(self._source.tree):
            start, end = self._source.span(call)
            code = self._values.get(id(call), "None")
            breaks = "\n" * self._source.text.count("\n", start, end)
            edits.replace((start, end), f"({code}{breaks})" if breaks else code)
        return edits.applied()

    def _code(self, smart: SmartCall, value: Any) -> str:
        if smart.options is None:
            return self._fitting(repr(value), smart.call)
        for known, option in smart.options:
            if known == value:
                is_function = smart.sampler == "function_choice"
                return self._result(option, smart.call) if is_function else self._fitting(self._inner(option), smart.call)
        message = f"this trial had {value!r} for {smart.key}, which is not among its options now"
        raise Fault(self._source.path, smart.call.lineno, message)

    def _result(self, function: ast.expr, call: ast.Call) -> str:
        """What a function without arguments gives."""
        if isinstance(function, ast.Lambda) and not any(ast.iter_child_nodes(function.args)):
            return self._fitting(self._inner(function.body), call)
        code = self._inner(function)
        return f"{code}()" if isinstance(function, _CALLED_AS_THEY_ARE) else f"({code})()"

    def _inner(self, node: ast.expr) -> str:
        """As it is written, on one line, with the values of calls inside."""
        at, end = self._source.span(node)
        pieces: list[str] = []
        for call in sorted(_outermost_calls(node), key=lambda call: self._source.span(call)):
            begin, after = self._source.span(call)
            pieces += [self._source.text[at:begin], self._values.get(id(call), "None")]
            at = after
        return one_line("".join([*pieces, self._source.text[at:end]]))

    def _fitting(self, code: str, call: ast.Call) -> str:
        """In parentheses where the code around the call would else read it otherwise."""
        parent = self._parents[id(call)]
        node = ast.parse(f"({code})", mode="eval").body
        is_number = isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes))
        is_atom = isinstance(node, _ATOMS) and not (is_number and isinstance(parent, ast.Attribute))
        stands_alone = isinstance(parent, _FRAMES) and not isinstance(node, _NEVER_ALONE)
        return code if is_atom or (stands_alone and call is not getattr(parent, "func", None)) else f"({code})"


def _outermost_calls(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call) and sampler_of(node):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _outermost_calls(child)


#: Code that nothing around it takes apart.
_ATOMS = (
    ast.Attribute, ast.Call, ast.Constant, ast.Dict, ast.DictComp, ast.JoinedStr, ast.List, ast.ListComp, ast.Name,
    ast.Set, ast.SetComp, ast.Subscript, ast.Tuple,
)  # fmt: skip
_CALLED_AS_THEY_ARE = (ast.Attribute, ast.Call, ast.Name, ast.Subscript)
#: Code that takes any expression as it is, but for these.
_FRAMES = (ast.AnnAssign, ast.Assign, ast.AugAssign, ast.Call, ast.Expr, ast.keyword, ast.List, ast.Return, ast.Tuple)
_NEVER_ALONE = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.GeneratorExp)
