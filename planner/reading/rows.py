"""Values of fields → rows, and lines of one subscription → one row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from itertools import repeat
from operator import attrgetter
from typing import Any

from planner.model import Row, is_id
from planner.reading.columns import Values
from planner.reading.formats import Format
from planner.reading.making import made
from planner.reading.months import months_in
from planner.reading.values import Vocabulary
from planner.reading.warnings import warned

ROW_FIELDS = tuple(
    one.name for one in fields(Row) if one.name not in {"line", "source_format", "warnings"}
)
"""The fields of a row that a format may name."""

_GUESSED_KIND = "unknown"
_STARTING = {"new", "renew", "cyclecharge", "purchasefee", "cyclefee"}
_ADDING = {"addquantity": 1, "removequantity": -1}
_ENDING = {"cancelimmediate"}
_CREDITING = ("credit", "refund", "discount")  # Parts of the words for money that is given back.
_DOUBLE = "same-as-earlier-row"
_SAID = attrgetter(*ROW_FIELDS)
_UNSTATED = "seats-not-stated"
_GATHERED = {"charges": "charges-added-up", "latest": "earlier-months-left-out"}


def rows_of(
    lines: Sequence[int],
    found: Format,
    values: Values,
    kinds: Sequence[str | None],
    warnings: Sequence[tuple[str, ...]],
) -> list[Row]:
    """Return a row for each of a block's rows, whether or not it can be used.

    ``kinds`` and ``warnings`` are those of each row (see ``kinds_of`` and ``warnings_of``).
    """
    count = len(lines)
    columns: dict[str, Iterable[object]] = {
        "line": lines,
        "term_end_kind": kinds,
        "source_format": repeat(found.format_id, count),
        "warnings": warnings,
    }
    trials = values.fields.get("is_trial", [])
    for name in ROW_FIELDS:
        read = values.fields.get(name)
        constant = found.constants.get(name)
        if name == "channel" and read is not None and any(trials):
            # A tenant's own trial: nobody sold it.
            read = [
                "Trial" if trial and value is None and constant is None else value
                for value, trial in zip(read, trials, strict=True)
            ]
        if name in columns or (read is None and constant is None):
            continue
        if read is None:
            columns[name] = repeat(constant, count)
        elif constant is None:
            columns[name] = read
        else:
            columns[name] = [constant if value is None else value for value in read]
    return made(Row, count, columns)


def with_doubles(
    rows: Sequence[tuple[int, Row]], found: Format, listed: Sequence[str]
) -> Sequence[tuple[int, Row]]:
    """Return rows with a warning on each without an id that says the same as an earlier one.

    A bill that comes again each month lists a subscription again; two that are alike may
    well be two. So none is left out. ``listed`` are the codes of warnings in their order.
    """
    if found.role != "subscriptions":
        return rows
    seen: set[object] = set()
    told: list[tuple[int, Row]] = []
    for place, row in rows:
        said = None if is_id(row.subscription_id or "") else _SAID(row)
        told.append((place, warned(row, _DOUBLE, listed) if said in seen else row))
        if said is not None:
            seen.add(said)
    return told


def kinds_of(found: Format, values: Values, count: int) -> Sequence[str | None]:
    """Return what each printed term end means."""
    source = found.fields.get("term_end")
    ends = values.fields.get("term_end")
    if source is None or ends is None:
        return [None] * count
    kind = source.kind or _GUESSED_KIND
    others = [
        (values.fields.get(name, [None] * count), other) for name, other in source.kind_if.items()
    ]
    kinds: list[str | None] = [None if end is None else kind for end in ends]
    for stated, other in others:
        kinds = [
            other if kind and value is not None else kind
            for kind, value in zip(kinds, stated, strict=True)
        ]
    return kinds


def gathered(
    rows: Sequence[tuple[int, Row]], how: str, values: Values, vocabulary: Vocabulary
) -> tuple[list[tuple[int, Row]], dict[int, int]]:
    """Return one row a subscription, and place of a row → place of the row it adds to.

    ``rows`` are places in the block with their rows. ``charges`` adds up the lines of an
    invoice: seats are those of the latest charge that states all of them, plus and minus the
    ones after it; unknown where none does. ``latest`` keeps the latest month.
    """
    groups: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for place, row in rows:
        name = row.subscription_id or ""
        groups[name if is_id(name) else f"#{place}"].append((place, row))
    kept: list[tuple[int, Row]] = []
    merged: dict[int, int] = {}
    listed = vocabulary.warnings
    texts = [str(text or "") for text in values.fields.get("month", [])]
    known = months_in(texts, vocabulary.lists["month"])
    months = {place: known[text] for place, text in enumerate(texts) if text in known}
    for group in groups.values():
        if how == "latest":
            place, row = max(group, key=lambda one: (months.get(one[0], (0, 0)), one[0]))
        else:
            place, row = _charged(group, values, listed)
        if len(group) > 1:
            row = warned(row, _GATHERED[how], listed)
        kept.append((place, row))
        merged.update((other, place) for other, _ in group if other != place)
    return sorted(kept, key=lambda one: one[0]), merged


def _charged(
    group: Sequence[tuple[int, Row]], values: Values, listed: Sequence[str]
) -> tuple[int, Row]:
    """Return the row of a subscription's invoice lines, at the place of the first of them."""
    kinds: Mapping[int, Any] = dict(enumerate(values.fields.get("charge_type", [])))
    days: Mapping[int, Any] = dict(enumerate(values.fields.get("charge_start", [])))
    ordered = sorted(group, key=lambda one: (days.get(one[0]) or dt.date.min, one[0]))
    seats: int | None = None
    base = group[0][1]
    ended = False
    stated = False
    for place, row in ordered:
        kind = str(kinds.get(place) or "").lower().replace(" ", "")
        if kind in _ADDING:
            # To licences that no line states, nothing can be added.
            seats = None if seats is None else seats + _ADDING[kind] * abs(row.seats or 0)
        elif kind in _ENDING:
            ended = True
        elif _gives_back(kind, row):
            continue
        elif kind in _STARTING or not stated:
            seats, base, stated, ended = row.seats, row, True, False
    if seats is not None and seats < 0:
        seats, stated = None, False  # The line that states them all is in another file.
    if not stated and not ended:
        base = warned(base, _UNSTATED, listed)
    if base.unit_price is not None and base.unit_price < 0:
        base = replace(base, unit_price=None)  # That of a credit.
    first = group[0][1].line
    state = "cancelled" if ended else base.state
    return group[0][0], replace(base, line=first, seats=seats, state=state)


def _gives_back(kind: str, row: Row) -> bool:
    """Tell whether a charge pays something back: how many licences there are, it doesn't say."""
    return any(word in kind for word in _CREDITING) or (row.seats or 0) < 0
