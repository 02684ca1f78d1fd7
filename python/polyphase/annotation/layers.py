"""``@nni.mutable_layers``: layers whose functions and inputs are searched."""

from __future__ import annotations

import ast

from .found_parameter import FoundParameter, module_of
from .smart_calls import option_key
from .source_text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .chosen_values import Chosen
    from .one_annotation import Annotation

_KEYS = ("layer_choice", "fixed_inputs", "optional_inputs", "optional_input_size", "layer_output")


def layer_assignments(annotation: Annotation, nni: str, nas_mode: str) -> tuple[str, FoundParameter]:
    """One assignment for each layer, on one line, and the parameter of the block of layers."""
    layers = _layers(annotation)
    block, key = _block(annotation)
    tail = f"{ascii(nas_mode)}, key={ascii(key)}"
    code = "; ".join(
        f"{layer.output} = {nni}.mutable_layer({ascii(block)}, {ascii(name)}, {layer.code()}, {tail})"
        for name, layer in layers.items()
    )
    value = {name: layer.spec() for name, layer in layers.items()}
    return code, FoundParameter(key, {"_type": "mutable_layer", "_value": value}, annotation.line)


def chosen_layers(annotation: Annotation, chosen: Chosen) -> str:
    """One assignment for each layer, on one line: the function that was chosen, called with the chosen inputs."""
    layers = _layers(annotation)
    _, key = _block(annotation)
    values = chosen.value(annotation.path, annotation.line, key)
    return "; ".join(layer.chosen_code(values.get(name)) for name, layer in layers.items())


def _layers(annotation: Annotation) -> dict[str, _Layer]:
    if annotation.call.keywords or not annotation.call.args:
        raise annotation.fault("expected layers {layer_choice: [...], layer_output: ..., ...} as arguments")
    return {
        f"mutable_layer_{place}": _Layer(annotation, argument) for place, argument in enumerate(annotation.call.args)
    }


def _block(annotation: Annotation) -> tuple[str, str]:
    """Its name, and its key."""
    block = f"mutable_block_{annotation.line}"
    return block, f"{module_of(annotation.path)}/{block}"


class _Layer:
    def __init__(self, annotation: Annotation, argument: ast.expr) -> None:
        self._annotation = annotation
        self._argument = argument
        parts = self._parts()
        choices = self._list(parts, "layer_choice")
        self.choices = {option_key(annotation, each, is_function=True): each for each in choices}
        self._fixed = [one_line(annotation.written(each)) for each in self._list(parts, "fixed_inputs")]
        self._optional = [one_line(annotation.written(each)) for each in self._list(parts, "optional_inputs")]
        self._size = self._input_size(parts)
        self.output = self._output(parts)
        if not self.choices:
            raise self._fault("expected at least one function in layer_choice")
        if len(set(self._optional)) < len(self._optional):
            raise self._fault("expected each of optional_inputs once")

    def spec(self) -> dict[str, Any]:
        return {
            "layer_choice": list(self.choices),
            "optional_inputs": self._optional,
            "optional_input_size": self._size,
        }

    def code(self) -> str:
        choices = ", ".join(f"{ascii(key)}: {self._function(each)}" for key, each in self.choices.items())
        optional = ", ".join(f"{ascii(each)}: {each}" for each in self._optional)
        return f"{{{choices}}}, [{', '.join(self._fixed)}], {{{optional}}}, {self._size}"

    def chosen_code(self, value: Any) -> str:
        """``value`` is what the tuner said of this layer."""
        said = value if isinstance(value, dict) else {}
        choice = self.choices.get(said.get("chosen_layer"))
        inputs = said.get("chosen_inputs") or []
        if choice is None or any(name not in self._optional for name in inputs):
            got = f"{said.get('chosen_layer')} of {inputs}"
            raise self._fault(f"this trial had {got}, which the code has no more")
        given = f"[[{', '.join(self._fixed)}], [{', '.join(inputs)}]]"
        if isinstance(choice, ast.Call):
            return f"{self.output} = {self._call(choice, given)}"
        function = self._written(choice)
        is_name = isinstance(choice, (ast.Name, ast.Attribute))
        return f"{self.output} = {function if is_name else f'({function})'}({given})"

    def _parts(self) -> dict[str, ast.expr]:
        if not isinstance(self._argument, ast.Dict):
            raise self._fault(f"expected a layer {{layer_choice: [...], ...}}, got {self._written(self._argument)}")
        parts: dict[str, ast.expr] = {}
        for key, value in zip(self._argument.keys, self._argument.values):
            name = getattr(key, "id", getattr(key, "value", None))
            if name not in _KEYS or name in parts:
                got = "**" if key is None else self._written(key)
                raise self._fault(f"expected each of {', '.join(_KEYS)} at most once, got {got}")
            parts[str(name)] = value
        for name in ("layer_choice", "layer_output"):
            if name not in parts:
                raise self._fault(f"expected {name} in every layer")
        return parts

    def _list(self, parts: dict[str, ast.expr], name: str) -> list[ast.expr]:
        value = parts.get(name)
        if value is None:
            return []
        if not isinstance(value, (ast.List, ast.Tuple)):
            raise self._fault(f"expected {name} to be a list, got {self._written(value)}")
        return value.elts

    def _input_size(self, parts: dict[str, ast.expr]) -> int | list[int]:
        most = len(self._optional)
        if "optional_input_size" not in parts:
            if most > 0:
                raise self._fault("expected optional_input_size beside optional_inputs")
            return 0
        written = self._written(parts["optional_input_size"])
        try:
            size = ast.literal_eval(written)
        except ValueError:
            size = None
        counts = size if isinstance(size, list) and len(size) == 2 else [size, size]
        if all(type(count) is int for count in counts) and 0 <= counts[0] <= counts[1] <= most:
            return size  # type: ignore[no-any-return]
        expected = f"a number from 0 to {most}, or [least, most]"
        raise self._fault(f"expected optional_input_size to be {expected}, got {written}")

    def _output(self, parts: dict[str, ast.expr]) -> str:
        output = parts["layer_output"]
        if isinstance(output, (ast.Name, ast.Attribute, ast.Subscript)):
            return self._written(output)
        raise self._fault(f"expected layer_output to be a variable, got {self._written(output)}")

    def _function(self, choice: ast.expr) -> str:
        """A function of the inputs: these are the first argument of every layer."""
        if not isinstance(choice, ast.Call):
            return self._written(choice)
        return f"lambda _inputs: {self._call(choice, '_inputs')}"

    def _call(self, choice: ast.Call, inputs: str) -> str:
        spans, _ = self._annotation.arguments(choice)
        inner = [one_line(self._annotation.text[start:end]) for start, end in spans]
        return f"{self._written(choice.func)}({', '.join([inputs, *inner])})"

    def _written(self, node: ast.AST) -> str:
        return one_line(self._annotation.written(node))

    def _fault(self, message: str) -> Any:
        return self._annotation.fault(message, self._argument)
