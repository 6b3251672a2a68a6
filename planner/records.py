"""Frozen dataclasses as JSON values and back, by their own type hints.

Values that a field has by default are left out, so a file stays short and survives new
fields. What comes back is checked value by value; a fault names its place.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from planner.dates import is_counted

Json = Any
_MISSING = dataclasses.MISSING
_LONGEST_NUMBER = 30  # Characters of a decimal number.
_MOST = 10**9  # No count in a plan comes near it.


class Damaged(ValueError):
    """A value that can't stand where it does.

    Attributes:
        place: Where it stands, as ``reading.subscriptions.3.end``.
        value: What stands there, shortened; ``None`` where something is missing.
    """

    def __init__(self, place: str, value: str | None) -> None:
        super().__init__(f"{place}: {value}")
        self.place = place
        self.value = value


def encoded(value: object) -> Json:
    """Return a value as JSON has it: days as ISO text, decimals as text, sets in order."""
    match value:
        case Enum() | dt.date() | Decimal():
            return value.value if isinstance(value, Enum) else str(value)
        case Mapping():
            return {str(key): encoded(item) for key, item in value.items()}
        case AbstractSet():
            return [encoded(item) for item in sorted(value)]
        case tuple() | list():
            return [encoded(item) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {
                field.name: encoded(stated)
                for field in dataclasses.fields(value)
                if (stated := getattr(value, field.name)) != _default(field)
            }
        case _:
            return value


def decoded[Record](kind: type[Record], value: Json, place: str) -> Record:
    """Return a dataclass from its JSON value.

    Raises:
        Damaged: A value of another type, a missing or an unknown field.
    """
    found: Record = _decoded(kind, value, place)
    return found


def shown(value: object) -> str:
    """Return a value as a fault shows it: one short line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line's worth


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not _MISSING:
        return field.default_factory()
    return field.default


def _decoded(kind: Any, value: Json, place: str) -> Any:
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _one_of(get_args(kind), value, place)
    if origin is tuple:
        return _tuple(get_args(kind), value, place)
    if origin is frozenset:
        return frozenset(_tuple((*get_args(kind), ...), value, place))
    if origin in {dict, Mapping}:
        return _mapping(get_args(kind), value, place)
    if dataclasses.is_dataclass(kind):
        return _record(kind, value, place)
    return _scalar(kind, value, place)


def _one_of(kinds: tuple[Any, ...], value: Json, place: str) -> Any:
    # A day is text too, so days are tried before text.
    for kind in sorted(kinds, key=lambda kind: kind is str):
        try:
            return _decoded(kind, value, place)
        except Damaged:
            continue
    raise Damaged(place, shown(value))


def _tuple(kinds: tuple[Any, ...], value: Json, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise Damaged(place, shown(value))
    if kinds[-1:] == (...,):
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise Damaged(place, shown(value))
    return tuple(
        _decoded(kind, item, f"{place}.{number}")
        for number, (kind, item) in enumerate(zip(kinds, value, strict=True), 1)
    )


def _mapping(kinds: tuple[Any, ...], value: Json, place: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise Damaged(place, shown(value))
    of_key, of_item = kinds
    found = {}
    for key, item in value.items():
        if of_key is int and not (key.isascii() and key.isdigit() and len(key) < 10):  # noqa: PLR2004
            raise Damaged(place, shown(key))
        found[of_key(key)] = _decoded(of_item, item, f"{place}.{key}")
    return found


def _record(kind: Any, value: Json, place: str) -> Any:
    if not isinstance(value, dict):
        raise Damaged(place, shown(value))
    hints, fields = _hints(kind), dataclasses.fields(kind)
    inside = f"{place}." if place else ""
    for name in value:
        if name not in hints:
            raise Damaged(f"{inside}{name}", shown(value[name]))
    for field in fields:
        optional = field.default is not _MISSING or field.default_factory is not _MISSING
        if field.name not in value and not optional:
            raise Damaged(f"{inside}{field.name}", None)
    return kind(
        **{name: _decoded(hints[name], item, f"{inside}{name}") for name, item in value.items()}
    )


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _scalar(kind: Any, value: Json, place: str) -> Any:
    simple = {str, bool} if kind is Any else {kind}
    if (value is None and kind in {Any, type(None)}) or type(value) in simple - {int}:
        return value
    if kind in {Any, int} and type(value) is int and abs(value) <= _MOST:
        return value
    read = _READ.get(kind)
    found = read(value) if read is not None and isinstance(value, str) else None
    if found is None:
        raise Damaged(place, shown(value))
    return found


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text and is_counted(day) else None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


_READ: Mapping[Any, Callable[[str], object]] = {dt.date: _day, Decimal: _number}
