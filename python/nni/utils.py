"""Small helpers that custom tuners, assessors and advisors import."""

from __future__ import annotations

import json
import os
from enum import Enum, unique

from . import parameter_expressions
from .class_args_validator import ClassArgsValidator  # noqa: F401
from .common import init_logger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@unique
class OptimizeMode(Enum):
    Minimize = "minimize"
    Maximize = "maximize"


class NodeType:
    """Keys of search spaces and of parameters."""

    ROOT = "root"
    TYPE = "_type"
    VALUE = "_value"
    INDEX = "_index"
    NAME = "_name"


class MetricType:
    PERIODICAL = "PERIODICAL"
    FINAL = "FINAL"
    REQUEST_PARAMETER = "REQUEST_PARAMETER"


def to_json(value: Any) -> str:
    """JSON text, arrays and scalars of numeric libraries included; NaN and infinities in Python's spelling."""
    from polyphase.values import decode, encode

    return json.dumps(decode(encode(value)))


def extract_scalar_reward(value: Any, scalar_key: str = "default") -> Any:
    """The number in a result: the result itself, or what stands under ``scalar_key`` in it."""
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, dict) and isinstance(value.get(scalar_key), (int, float)):
        return value[scalar_key]
    raise RuntimeError(f"expected a number, or a dict with a number under {scalar_key!r}, got {value!r}")


def extract_scalar_history(trial_history: list[Any], scalar_key: str = "default") -> list[Any]:
    return [extract_scalar_reward(value, scalar_key) for value in trial_history]


def split_index(params: Any) -> Any:
    """Parameters with each choice (``{_index, _value}``) replaced by what was chosen."""
    if isinstance(params, dict):
        if NodeType.INDEX in params:
            return split_index(params[NodeType.VALUE])
        return {key: split_index(part) for key, part in params.items()}
    return params


def convert_dict2tuple(value: Any) -> Any:
    """A form of ``value`` that can be a key: dicts become sorted tuples of pairs, lists tuples."""
    if isinstance(value, dict):
        return tuple(sorted((key, convert_dict2tuple(part)) for key, part in value.items()))
    if isinstance(value, list):
        return tuple(convert_dict2tuple(part) for part in value)
    return value


def json2space(x: Any, oldy: Any = None, name: str = NodeType.ROOT) -> list[str]:
    """The names of a search space's variables; of nested ones those that the parameters ``oldy``, if given, chose."""
    if not isinstance(x, dict):
        return _option_names(x, oldy, name) if isinstance(x, list) else []
    if NodeType.TYPE not in x:
        parts = ((key, part) for key, part in x.items() if key != NodeType.NAME)
        return [n for key, part in parts for n in json2space(part, oldy[key] if oldy else None, f"{name}[{key}]")]
    name = f"{name}-{x[NodeType.TYPE]}"
    nested: list[str] = []
    if x[NodeType.TYPE] == "choice":
        if oldy is None:
            nested = json2space(x[NodeType.VALUE], None, name)
        else:
            index = oldy[NodeType.INDEX]
            nested = json2space(x[NodeType.VALUE][index], oldy[NodeType.VALUE], f"{name}[{index}]")
    return [*nested, name]


def _option_names(options: list[Any], oldy: Any, name: str) -> list[str]:
    names: list[str] = []
    for index, option in enumerate(options):
        if isinstance(option, dict) and NodeType.NAME not in option:
            raise RuntimeError(f"'_name' key is not found in this nested search space: {name}[{index}]")
        names += json2space(option, oldy[index] if oldy else None, f"{name}[{index}]")
    return names


def json2parameter(
    x: Any, is_rand: dict[str, bool], random_state: Any, oldy: Any = None, Rand: bool = False, name: str = NodeType.ROOT
) -> Any:
    """Draws parameters from a search space. A choice comes as ``{_index, _value}``.

    With earlier parameters ``oldy``, only those variables are drawn anew whose name (see :func:`json2space`) is true in
    ``is_rand``, and what is nested in them.
    """
    if not isinstance(x, dict):
        return x
    if NodeType.TYPE not in x:
        return {
            key: json2parameter(part, is_rand, random_state, oldy[key] if oldy else None, Rand, f"{name}[{key}]")
            for key, part in x.items()
        }
    type, value = x[NodeType.TYPE], x[NodeType.VALUE]
    name = f"{name}-{type}"
    anew = Rand or oldy is None or is_rand.get(name, False)
    if type != "choice":
        return getattr(parameter_expressions, type)(*value, random_state) if anew else oldy
    index = parameter_expressions.randint(0, len(value), random_state) if anew else oldy[NodeType.INDEX]
    inner = None if anew else oldy[NodeType.VALUE]
    chosen = json2parameter(value[index], is_rand, random_state, inner, anew, f"{name}[{index}]")
    return {NodeType.INDEX: index, NodeType.VALUE: chosen}


def randint_to_quniform(search_space: Any) -> None:
    """Makes each ``randint`` of a search space, nested ones included, a ``quniform`` with a step of 1, in place."""
    if isinstance(search_space, list):
        for option in search_space:
            randint_to_quniform(option)
    if not isinstance(search_space, dict):
        return
    if search_space.get(NodeType.TYPE) == "randint":
        search_space[NodeType.TYPE] = "quniform"
        search_space[NodeType.VALUE] = [*search_space[NodeType.VALUE], 1]
    for part in search_space.values():
        randint_to_quniform(part)


def merge_parameter(base_params: Any, override_params: dict[str, Any] | None) -> Any:
    """Puts the tuner's parameters into parsed command line arguments, a namespace or a dict, and gives these."""
    values = base_params if isinstance(base_params, dict) else vars(base_params)
    for key, value in (override_params or {}).items():
        if key not in values:
            raise ValueError(f"there is no parameter {key!r} among {', '.join(map(repr, values))}")
        if values[key] is not None and type(values[key]) is not type(value) and not _is_wider(values[key], value):
            expected, got = type(values[key]).__name__, type(value).__name__
            raise TypeError(f"parameter {key!r}: expected {expected}, got {got}")
        values[key] = value
    return base_params


def _is_wider(base: Any, value: Any) -> bool:
    """A whole number for a float: JSON does not tell 3.0 from 3."""
    return isinstance(base, float) and isinstance(value, int) and not isinstance(value, bool)


def init_dispatcher_logger() -> None:
    """Log lines go to stderr, which is the experiment's dispatcher.log, from level NNI_LOG_LEVEL on."""
    init_logger(None, os.environ.get("NNI_LOG_LEVEL") or "info")
