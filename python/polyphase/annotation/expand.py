"""Step 1: strings that begin with ``@nni.`` become plain code. Parameters have their names then, but no keys yet."""

from __future__ import annotations

import ast

from .faults import Fault, Faults
from .layers import layer_assignments
from .one_annotation import Annotation, is_annotation
from .samplers import SAMPLERS
from .smart_calls import member_of_nni, option_key
from .source_text import Edits, SourceText, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

    from .found_parameter import FoundParameter


def expand_annotations(source: SourceText, nas_mode: str, faults: Faults) -> tuple[str, list[FoundParameter]]:
    """The text without annotations, and the parameters that are complete already: mutable layers."""
    expansion = Expansion(source, nas_mode)
    if not expand_into(expansion, faults):
        return source.text, []
    expansion.import_nni()
    return applied(expansion, faults), expansion.layers


def expand_into(expansion: Expansion, faults: Faults) -> bool:
    """Whether there was any annotation."""
    found = False
    for statement, following in _statements(expansion.source.tree):
        if not is_annotation(statement):
            continue
        found = True
        try:
            expansion.expand(statement, following)
        except Fault as fault:
            faults.add(fault)
    return found


def applied(expansion: Expansion, faults: Faults) -> str:
    try:
        return expansion.edits.applied()
    except Fault as fault:
        faults.add(fault)
        return expansion.source.text


def _statements(tree: ast.AST) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    """Every statement, with the one after it in the same block."""
    for node in ast.walk(tree):
        for _, block in ast.iter_fields(node):
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield from zip(block, [*block[1:], None])


class Expansion:
    """What each annotation becomes: a call that answers from the current phase."""

    def __init__(self, source: SourceText, nas_mode: str) -> None:
        self.edits = Edits(source)
        self.layers: list[FoundParameter] = []
        self._import = _import_place(source)
        #: How the module is called in the code that is put in.
        self.nni = "nni" if self._import is not None else '__import__("nni")'
        self.source = source
        self.nas_mode = nas_mode

    def expand(self, statement: ast.stmt, following: ast.stmt | None) -> None:
        annotation = Annotation(self.source.path, statement)
        if annotation.function == "variable":
            self._variable(annotation, statement, following)
        elif annotation.function == "function_choice":
            self._function_choice(annotation, statement, following)
        elif annotation.function == "mutable_layers":
            self.mutable_layers(annotation, statement)
        elif annotation.function == "training_update":
            mode = ", ".join(filter(None, [ascii(self.nas_mode), annotation.inner()]))
            self.become_call(statement, f"{self.nni}.training_update({mode})")
        elif annotation.function in _ARGUMENT_COUNTS:
            self._plain_call(annotation, statement)
        else:
            raise annotation.fault(f"unexpected annotation function; expected one of {', '.join(_FUNCTIONS)}")

    def import_nni(self) -> None:
        """On a line that is there: all lines keep their numbers."""
        if self._import is not None:
            self.edits.insert(*self._import)

    def become_call(self, statement: ast.stmt, code: str) -> None:
        self.edits.replace_node(statement, code)

    def mutable_layers(self, annotation: Annotation, statement: ast.stmt) -> None:
        code, layers = layer_assignments(annotation, self.nni, self.nas_mode)
        self.layers.append(layers)
        self.edits.replace_node(statement, code)

    def _plain_call(self, annotation: Annotation, statement: ast.stmt) -> None:
        count = _ARGUMENT_COUNTS[annotation.function]
        arguments = len(annotation.call.args) + len(annotation.call.keywords)
        if arguments != count:
            raise annotation.fault(f"expected {['no arguments', 'one argument'][count]}, got {arguments}")
        self.become_call(statement, f"{self.nni}.{annotation.function}({annotation.inner()})")

    def _variable(self, annotation: Annotation, statement: ast.stmt, following: ast.stmt | None) -> None:
        name = annotation.name()
        if len(annotation.call.args) != 1:
            raise annotation.fault(f"expected one sampler, got {len(annotation.call.args)}")
        sampler = annotation.call.args[0]
        called = member_of_nni(sampler) if isinstance(sampler, ast.Call) else None
        if called not in SAMPLERS:
            written = one_line(annotation.written(sampler))
            raise annotation.fault(f"expected a sampler nni.NAME(...) of {', '.join(SAMPLERS)}, got {written}", sampler)
        if sampler.keywords:  # type: ignore[attr-defined]
            raise annotation.fault(f"expected no keywords in nni.{called}: the name is that of the variable", sampler)
        target = _assigned(following)
        wanted = one_line(annotation.written(name))
        if target is None:
            raise annotation.fault(f"expected an assignment to {wanted} after it, with nothing between them")
        if not _same(target, name):
            got = one_line(self.source.written(target))
            raise annotation.fault(f"expected an assignment to {wanted} after it, got one to {got}")
        spans, _ = annotation.arguments(sampler)  # type: ignore[arg-type]
        inner = ", ".join([*(one_line(annotation.text[slice(*span)]) for span in spans), f"name={ascii(wanted)}"])
        self.vanish(statement)
        self.edits.replace_node(following.value, f"{self.nni}.{called}({inner})")  # type: ignore[union-attr]

    def _function_choice(self, annotation: Annotation, statement: ast.stmt, following: ast.stmt | None) -> None:
        name = one_line(annotation.written(annotation.name()))
        options = annotation.call.args
        if not options:
            raise annotation.fault("expected at least one call to choose from")
        table: dict[str, str] = {}
        for option in options:
            if isinstance(option, ast.Starred):
                got = one_line(annotation.written(option))
                raise annotation.fault(f"expected options one by one, got {got}", option)
            written = option_key(annotation, option, is_function=True)
            if written in table:
                raise annotation.fault(f"expected options that differ, got {written} for two of them", option)
            table[written] = f"lambda: {written}" if isinstance(option, ast.Call) else f"lambda: ({written})"
        inner = ", ".join(f"{ascii(key)}: {value}" for key, value in table.items())
        code = f"{self.nni}.function_choice({{{inner}}}, name={ascii(name)})"
        calls = list(_calls_like(following, options)) if following is not None else []
        if not calls:
            raise annotation.fault(f"expected one of {', '.join(table)} in the statement after it")
        self.vanish(statement)
        for call in calls:
            self.edits.replace_node(call, code)

    def vanish(self, statement: ast.stmt) -> None:
        if "\n" in self.source.written(statement):
            self.edits.replace_node(statement, "(None)")
        else:
            self.edits.replace(self.source.span(statement), "pass")


_ARGUMENT_COUNTS = {"report_intermediate_result": 1, "report_final_result": 1, "get_next_parameter": 0}
_FUNCTIONS = ("variable", "function_choice", *_ARGUMENT_COUNTS, "mutable_layers", "training_update")


def _assigned(statement: ast.stmt | None) -> ast.expr | None:
    """The single target of an assignment."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return statement.targets[0]
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return statement.target
    return None


def _calls_like(node: ast.AST, options: list[ast.expr]) -> Iterator[ast.Call]:
    """The outermost calls that read like one of the options."""
    if isinstance(node, ast.Call) and any(_same(node, option) for option in options):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _calls_like(child, options)


def _same(one: ast.AST, other: ast.AST) -> bool:
    """Whether they read the same; that one is assigned to and the other is read does not matter."""
    return ast.dump(one).replace("Store()", "Load()") == ast.dump(other).replace("Store()", "Load()")


def _import_place(source: SourceText) -> tuple[int, str] | None:
    """Where ``import nni`` can stand on a line that is there, and how; None where the file begins with a block."""
    head = 0
    body: list[ast.stmt] = source.tree.body  # type: ignore[attr-defined]
    for place, statement in enumerate(body):
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if future or (place == 0 and _is_text(statement) and not is_annotation(statement)):
            head = place + 1
    if head > 0:
        return source.span(body[head - 1])[1], "; import nni"
    if not body:
        return None
    first = body[0]
    is_block = isinstance(getattr(first, "body", getattr(first, "cases", None)), list)
    return None if is_block else (source.span(first)[0], "import nni; ")


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)
