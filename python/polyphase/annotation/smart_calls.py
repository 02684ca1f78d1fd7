"""Step 2: calls ``nni.choice(...)``, ``nni.uniform(...)``: each gets its key, and is a parameter of the search space."""

from __future__ import annotations

import ast

from .faults import Fault, Faults
from .found_parameter import FoundParameter, module_of
from .samplers import NUMBERS, SAMPLERS, number_faults
from .source_text import Edits, SourceText, after_commas_a_space, is_number, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST = 2**53 - 1


def key_calls(source: SourceText, faults: Faults) -> tuple[str, list[FoundParameter]]:
    """The text in which every call has its key, and what it searches."""
    edits = Edits(source)
    found: list[FoundParameter] = []
    unnamed_lines: set[int] = set()
    for call in smart_calls(source.tree):
        try:
            found.append(_key(source, call, unnamed_lines, edits))
        except Fault as fault:
            faults.add(fault)
    return edits.applied(), found


def smart_calls(tree: ast.AST) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and sampler_of(node)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def sampler_of(call: ast.Call) -> str | None:
    """``choice`` for ``nni.choice(...)``; None for any other call."""
    name = member_of_nni(call)
    return name if name == "function_choice" or name in SAMPLERS else None


def member_of_nni(call: ast.Call) -> str | None:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) and ast.dump(function.value) in _NNI else None


_NNI = {ast.dump(ast.parse(text, mode="eval").body) for text in ("nni", '__import__("nni")')}


class SmartCall:
    """One call, read. ``options``: what each value of the tuner stands for, in order; None for samplers of numbers."""

    def __init__(self, source: SourceText, call: ast.Call, unnamed_lines: set[int]) -> None:
        self.call = call
        self.sampler = sampler_of(call) or ""
        name = _name_of(source, call, unnamed_lines)
        self.key = f"{module_of(source.path)}/{name}/{self.sampler}"
        self.options: list[tuple[Any, ast.expr]] | None = None
        if self.sampler in NUMBERS:
            self.spec = {"_type": self.sampler, "_value": _numbers(source, call, self.sampler)}
        else:
            self.options = _options(source, call, self.sampler)
            self.spec = {"_type": "choice", "_value": [value for value, _ in self.options]}


def _key(source: SourceText, call: ast.Call, unnamed_lines: set[int], edits: Edits) -> FoundParameter:
    smart = SmartCall(source, call, unnamed_lines)
    spans, _ = source.arguments(call)
    if smart.options is not None and not _is_table(call):
        _make_table([value for value, _ in smart.options], spans, edits)
    edits.insert(spans[-1][1], f", key={ascii(smart.key)}")
    return FoundParameter(smart.key, smart.spec, call.lineno)


def _make_table(values: list[Any], spans: list[tuple[int, int]], edits: Edits) -> None:
    """The options become a table: the value that comes from the tuner → the option."""
    for place, value in enumerate(values):
        edits.insert(spans[place][0], f"{'' if place else '{'}{ascii(value)}: ")
    edits.insert(spans[len(values) - 1][1], "}")


def _is_table(call: ast.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], ast.Dict)


def _name_of(source: SourceText, call: ast.Call, unnamed_lines: set[int]) -> str:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    for word in given:
        if word != "name":
            what = "**" if word is None else f"{word}="
            raise Fault(source.path, call.lineno, f"nni.{sampler_of(call)}: expected no keyword but name=, got {what}")
    if "name" not in given:
        if call.lineno in unnamed_lines:
            message = "only one smart parameter without a name is allowed in a line: add name='...'"
            raise Fault(source.path, call.lineno, message)
        unnamed_lines.add(call.lineno)
        return f"__line{call.lineno}"
    name = given["name"]
    if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value and "\0" not in name.value:
        return name.value
    message = f"nni.{sampler_of(call)}: expected name= to be a text, got {one_line(source.written(name))}"
    raise Fault(source.path, call.lineno, message)


def _numbers(source: SourceText, call: ast.Call, sampler: str) -> list[float]:
    for argument in call.args:
        if not is_number(argument):
            written = one_line(source.written(argument))
            raise Fault(source.path, argument.lineno, f"nni.{sampler}: expected numbers as they are, got {written}")
    try:
        numbers = [float(n) if abs(n) > _MOST else n for n in map(ast.literal_eval, call.args)]
    except OverflowError:
        numbers = [float("inf")] * len(call.args)
    for fault in number_faults(sampler, numbers):
        raise Fault(source.path, call.lineno, f"nni.{sampler}: {fault}")
    return numbers


def _options(source: SourceText, call: ast.Call, sampler: str) -> list[tuple[Any, ast.expr]]:
    """What there is to choose from."""
    for argument in call.args:
        if isinstance(argument, ast.Starred):
            message = f"nni.{sampler}: expected options one by one, got {source.written(argument)}"
            raise Fault(source.path, argument.lineno, message)
    if not call.args:
        raise Fault(source.path, call.lineno, f"nni.{sampler}: expected at least one option")
    if _is_table(call):
        return _table_options(source, call.args[0], sampler)  # type: ignore[arg-type]
    values = [option_key(source, argument, is_function=sampler == "function_choice") for argument in call.args]
    options = list(zip(values, call.args))
    _refuse_twins(source, call, options, sampler)
    return options


def _table_options(source: SourceText, table: ast.Dict, sampler: str) -> list[tuple[Any, ast.expr]]:
    """Of a call whose author wrote the table himself."""
    for key in table.keys:
        if key is None or not (is_number(key) or (isinstance(key, ast.Constant) and isinstance(key.value, str))):
            written = "**" if key is None else one_line(source.written(key))
            message = f"nni.{sampler}: expected numbers and texts as keys of its table, got {written}"
            raise Fault(source.path, table.lineno, message)
    if not table.keys:
        raise Fault(source.path, table.lineno, f"nni.{sampler}: expected at least one option")
    return [(ast.literal_eval(key), option) for key, option in zip(table.keys, table.values) if key is not None]


def option_key(source: SourceText, option: ast.expr, is_function: bool = False) -> Any:
    """What stands for an option in the search space: the number or text itself, or else how it is written."""
    if isinstance(option, ast.Constant) and isinstance(option.value, str) and not is_function:
        return option.value
    if is_number(option) and not is_function:
        number = ast.literal_eval(option)
        if abs(number) <= _MOST or (isinstance(number, float) and number - number == 0):
            return number
    return _as_written(source, option)


def _as_written(source: SourceText, option: ast.expr) -> str:
    """Sums and products in parentheses, even spaces in them and after commas: their spelling does not matter."""
    if isinstance(option, ast.BinOp):
        sign = _SIGNS[type(option.op)]
        return f"({_as_written(source, option.left)} {sign} {_as_written(source, option.right)})"
    return after_commas_a_space(one_line(source.written(option)))


_SIGNS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}


def _refuse_twins(source: SourceText, call: ast.Call, options: list[tuple[Any, ast.expr]], sampler: str) -> None:
    """Options that the search space could not tell apart, though they are not the same."""
    seen: dict[Any, str] = {}
    for key, option in options:
        said = ast.dump(option)
        if seen.setdefault(key, said) != said:
            message = f"nni.{sampler}: expected options that differ, got {key!r} for two of them"
            raise Fault(source.path, call.lineno, message)
