"""What annotated code calls: each call answers from the parameters of the current phase.

``polyphase.annotation`` gives the calls of a trial their ``key`` and, where there are options, a table from what the
tuner proposes to the option itself. The first access fetches parameters if there is no phase yet; after
:func:`polyphase.get_next_parameter` all calls answer from the new phase. When there are no more, the next access ends
the process with exit code 0. Without a manager they draw at random, from :mod:`random`.
"""

from __future__ import annotations

import os
from threading import Lock

from polyphase.errors import PolyphaseError
from polyphase.notice import warn
from polyphase.trial import _trial, get_current_parameter, get_next_parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

__all__ = [
    "choice",
    "function_choice",
    "lognormal",
    "loguniform",
    "mutable_layer",
    "normal",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "training_update",
    "uniform",
]


def choice(*options: Any, name: str | None = None, key: str | None = None) -> Any:
    """One of the options. A single dict is a table of them."""
    table = _table(options)
    if _is_standalone():
        return _draws().one_of(table)
    return _chosen(table, "choice", key)


def function_choice(*functions: Callable[[], Any], name: str | None = None, key: str | None = None) -> Any:
    """What one of the functions gives. A single dict is a table of them."""
    table = _table(functions)
    if _is_standalone():
        return _draws().one_of(table)()
    return _chosen(table, "function_choice", key)()


def randint(lower: int, upper: int, name: str | None = None, key: str | None = None) -> int:
    """An integer, ``lower <= x < upper``."""
    return int(_number("randint", key, lower, upper))


def uniform(low: float, high: float, name: str | None = None, key: str | None = None) -> float:
    return _number("uniform", key, low, high)


def quniform(low: float, high: float, q: float, name: str | None = None, key: str | None = None) -> float:
    return _number("quniform", key, low, high, q)


def loguniform(low: float, high: float, name: str | None = None, key: str | None = None) -> float:
    return _number("loguniform", key, low, high)


def qloguniform(low: float, high: float, q: float, name: str | None = None, key: str | None = None) -> float:
    return _number("qloguniform", key, low, high, q)


def normal(mu: float, sigma: float, name: str | None = None, key: str | None = None) -> float:
    return _number("normal", key, mu, sigma)


def qnormal(mu: float, sigma: float, q: float, name: str | None = None, key: str | None = None) -> float:
    return _number("qnormal", key, mu, sigma, q)


def lognormal(mu: float, sigma: float, name: str | None = None, key: str | None = None) -> float:
    """``mu`` and ``sigma`` are those of the logarithm."""
    return _number("lognormal", key, mu, sigma)


def qlognormal(mu: float, sigma: float, q: float, name: str | None = None, key: str | None = None) -> float:
    return _number("qlognormal", key, mu, sigma, q)


def mutable_layer(
    block: str,
    layer: str,
    functions: dict[str, Callable[..., Any]],
    fixed_inputs: list[Any],
    optional_inputs: dict[str, Any],
    optional_input_size: int | list[int],
    mode: str = "classic_mode",
    key: str | None = None,
) -> Any:
    """What the chosen function makes of ``[fixed inputs, chosen optional inputs]``."""
    if _is_standalone():
        function = _draws().one_of(functions)
        chosen = _draws().some_of(list(optional_inputs), optional_input_size)
    else:
        parameters = _parameter(key, "mutable_layer")
        of_layer = parameters.get(layer) if isinstance(parameters, dict) else None
        if not isinstance(of_layer, dict):
            raise _unexpected(key, f"an object with {layer}", parameters)
        function = _entry(functions, of_layer.get("chosen_layer"), key)
        chosen = of_layer.get("chosen_inputs") or []
    return function([fixed_inputs, [_entry(optional_inputs, name, key) for name in chosen]])


def training_update(mode: str, *_arguments: Any, **_settings: Any) -> None:
    """Between two rounds of training: in ``enas_mode`` the layers change to those of the next phase."""
    if mode != "classic_mode":
        get_next_parameter()


_locks: dict[int, Lock] = {}  # by process id: a forked child inherits no lock that somebody holds


def _is_standalone() -> bool:
    return _trial().standalone


def _parameters() -> Any:
    with _locks.setdefault(os.getpid(), Lock()):
        parameters = get_current_parameter()
        if parameters is None:
            parameters = get_next_parameter()
    if parameters is None:
        warn("there are no more parameters: the trial ends here")
        raise SystemExit(0)
    return parameters


def _parameter(key: str | None, sampler: str) -> Any:
    if key is None:
        raise PolyphaseError(
            "not-annotated",
            f"nni.{sampler}() was called under a manager in code that was not prepared for it",
            "write useAnnotation: true in the experiment's config, and call it as nni." + sampler,
        )
    parameters = _parameters()
    if not isinstance(parameters, dict) or key not in parameters:
        raise _unexpected(key, "a parameter of this name", parameters)
    return parameters[key]


def _number(sampler: str, key: str | None, *numbers: float) -> Any:
    if _is_standalone():
        return getattr(_draws(), sampler)(*numbers)
    return _parameter(key, sampler)


def _chosen(table: dict[Any, Any], sampler: str, key: str | None) -> Any:
    return _entry(table, _parameter(key, sampler), key)


def _entry(table: dict[Any, Any], value: Any, key: str | None) -> Any:
    try:
        return table[value]
    except (KeyError, TypeError):  # a list has no place in a table
        raise _unexpected(key, f"one of {list(table)}", value) from None


def _unexpected(key: str | None, expected: str, got: Any) -> PolyphaseError:
    return PolyphaseError("unexpected-parameters", f"{key}: expected {expected}, got {got!r:.200}")


def _table(options: tuple[Any, ...]) -> dict[Any, Any]:
    if len(options) == 1 and isinstance(options[0], dict):
        return options[0]
    return dict(enumerate(options))


def _draws() -> Any:
    from . import random_draws  # only a trial without a manager needs it

    return random_draws
