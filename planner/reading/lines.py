"""One record → one subscription, or every reason why it can't be one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from planner.model import Problem, Subscription
from planner.reading.formats import Format, Source
from planner.reading.records import Pasted, Record
from planner.reading.values import Cell, Unreadable, Value, Vocabulary

_SHOWN = 120  # Characters of a cell or line that a problem repeats.
_DAY = dt.timedelta(days=1)
_IDENTIFYING = ("product", "subscription_id", "channel", "access_request_sent")
_DAYS_AFTER_LAST_PAID = {"inclusive-last-day": 0, "next-lifecycle": 1, "unknown": 1}


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one record.

    Attributes:
        subscription: ``None`` where anything of it can't be read.
        used: Field → header it was read from.
        spare: Headers whose cells weren't needed, because others say the same or count first.
    """

    subscription: Subscription | None
    problems: tuple[Problem, ...]
    used: Mapping[str, str]
    spare: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one field's columns hold on one line."""

    value: Value = None
    pasted: Pasted | None = None
    problems: tuple[Problem, ...] = ()
    spare: tuple[Pasted, ...] = ()


def line_of(record: Record, found: Format, vocabulary: Vocabulary) -> Line:
    """Return the subscription that a record of a known format states."""
    values: dict[str, Any] = {"line": record.line, **found.constants}
    problems: list[Problem] = []
    used: dict[str, str] = {}
    spare: set[str] = set()
    if record.surplus:
        shown = short(" · ".join(record.surplus))
        problems.append(Problem("too-many-cells", record.line, value=shown))
    for name, source in found.fields.items():
        if any(values.get(other) != only for other, only in source.only_if.items()):
            continue
        stated = _stated(record, source, vocabulary)
        problems += [problem for problem in stated.problems if problem not in problems]
        spare.update(pasted.header for pasted in stated.spare)
        if stated.pasted is not None:
            used[name] = stated.pasted.header
            values[name] = stated.value
            if source.kind:
                values |= _last_paid_day(stated.value, source)
    if not problems and not any(values.get(name) for name in _IDENTIFYING):
        shown = short(" · ".join(record.texts))
        problems.append(Problem("no-product", record.line, value=shown))
    subscription = None if problems else Subscription(**values)
    return Line(subscription, tuple(problems), used, frozenset(spare))


def _stated(record: Record, source: Source, vocabulary: Vocabulary) -> _Found:
    """Return what the first group of columns that holds anything says of a field."""
    found = _Found()
    for group in source.columns:
        pasted = tuple(cell for key in group for cell in record.cells.get(key, ()))
        if found.pasted is None and not found.problems:
            found = _agreed(pasted, record.line, source, vocabulary)
        else:
            found = replace(found, spare=(*found.spare, *pasted))
    return found


def _agreed(cells: tuple[Pasted, ...], line: int, source: Source, vocabulary: Vocabulary) -> _Found:
    """Return what columns that mean the same say, or that they don't agree."""
    first: tuple[Value, Pasted] | None = None
    problems: list[Problem] = []
    spare: list[Pasted] = []
    for pasted in cells:
        try:
            value = source.transform(Cell(pasted.text, source.words, source.present), vocabulary)
        except Unreadable as unreadable:
            problems.append(_problem(unreadable.problem, line, pasted, unreadable.values))
            continue
        if value is None:
            continue
        if first is None:
            first = value, pasted
        elif _same(value, first[0], vocabulary):
            spare.append(pasted)
        else:
            other = {"other_column": pasted.header, "other_value": short(pasted.text)}
            problems.append(_problem("columns-disagree", line, first[1], other))
    value, read = first or (None, None)
    return _Found(value, read, tuple(problems), tuple(spare))


def _same(one: Value, other: Value, vocabulary: Vocabulary) -> bool:
    """Tell whether two columns say the same; a product has many names and ids."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    if one.casefold() == other.casefold():
        return True
    products = vocabulary.catalogue.find(one).products
    return not {*products}.isdisjoint(vocabulary.catalogue.find(other).products)


def _problem(name: str, line: int, pasted: Pasted, values: Mapping[str, str | int]) -> Problem:
    return Problem(name, line, pasted.header, short(pasted.text), dict(values))


def short(text: str) -> str:
    """Return as much of a pasted text as a problem repeats."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _last_paid_day(value: Any, source: Source) -> dict[str, Any]:
    """Return the last paid day that a printed day stands for: the earlier reading, if unsure."""
    after = _DAYS_AFTER_LAST_PAID[source.kind]
    return {"end": value - after * _DAY, "end_kind": source.kind, "end_printed": value}
