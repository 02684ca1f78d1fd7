"""Data frames of pandas that a trial reported, made again for a class that knows pandas."""

from __future__ import annotations

from polyphase.values import FRAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def with_frames(value: Any) -> Any:
    """A reported value with its data frames; as it travels where pandas is not installed here."""
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get(FRAME), dict):
            return _frame(value)
        return {key: with_frames(part) for key, part in value.items()}
    if isinstance(value, list):
        return [with_frames(part) if isinstance(part, (dict, list)) else part for part in value]
    return value


def _frame(value: dict[str, Any]) -> Any:
    told = value[FRAME]
    try:
        from pandas import DataFrame, Series

        index = _labels(told["index"])
        columns = [_column(Series, data, index, type) for data, type in zip(told["data"], told["types"])]
        frame = DataFrame(dict(enumerate(columns)), index=index)
        frame.columns = _labels(told["columns"])
        frame.index.names = told["names"]
    except Exception:  # there is no pandas, or it does not work, or this only looks like a data frame
        return value
    return frame


def _column(series: Any, data: Any, index: Any, type: str) -> Any:
    try:
        return series(data, index=index, dtype=type)
    except Exception:  # a type that cannot be made of plain values, or needs what is not installed, as pyarrow
        return series(data, index=index)


def _labels(told: list[Any]) -> Any:
    """Those of several levels were tuples."""
    if not told or not all(isinstance(label, list) for label in told):
        return told
    from pandas import MultiIndex

    return MultiIndex.from_tuples(told)
