"""Read a paste: recognise its format, then each line on its own."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from planner.knowledge import Knowledge
from planner.model import Problem, Reading, Subscription
from planner.reading.formats import Format, Source, formats_of, recognise, vocabulary_of
from planner.reading.records import (
    NotJson,
    Record,
    Table,
    clean,
    delimited_table,
    json_table,
    looks_like_json,
)
from planner.reading.values import TRANSFORMS, Cell, Unreadable, Value, Vocabulary

_SHOWN = 120  # Characters of a cell or line that a problem repeats.
_DAY = dt.timedelta(days=1)
_IDENTIFYING = ("product", "subscription_id", "channel", "access_request_sent")
_DAYS_AFTER_LAST_PAID = {"inclusive-last-day": 0, "next-lifecycle": 1, "unknown": 1}


def read(text: str, knowledge: Knowledge) -> Reading:
    """Return what was understood of pasted text.

    Every line is a subscription or set aside with what is wrong with it. Never
    raises for what was pasted.
    """
    text = clean(text)
    fingerprint = "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if not text.strip():
        return Reading("", fingerprint, set_aside=(Problem("nothing-pasted", 0),))
    formats = formats_of(knowledge)
    try:
        table = _table(text, formats)
    except NotJson as broken:
        problem = Problem("not-json", broken.line, values={"column_number": broken.column})
        return Reading("", fingerprint, set_aside=(problem,))
    if table is None:
        return Reading("", fingerprint, set_aside=(_no_table(text, formats),))
    found = recognise(table, formats)
    if found is None:
        return Reading("", fingerprint, set_aside=(_unknown_keys(table, formats),))
    return _normalise(table, found, fingerprint, vocabulary_of(knowledge))


def _table(text: str, formats: tuple[Format, ...]) -> Table | None:
    if looks_like_json(text):
        return json_table(text)
    keys = frozenset(
        key for one in formats if "table" in one.containers for key in (*one.any_of, *one.all_of)
    )
    return delimited_table(text, keys)


def _no_table(text: str, formats: tuple[Format, ...]) -> Problem:
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.strip())
    last = max(number for number, line in enumerate(lines, 1) if line.strip())
    return Problem(
        "no-table",
        first,
        value=_short(lines[first - 1].strip()),
        values={"last_line": last, "known": _known(formats)},
    )


def _unknown_keys(table: Table, formats: tuple[Format, ...]) -> Problem:
    shown = _short(", ".join(table.headers.values()))
    return Problem(
        "unknown-keys", table.header_line, value=shown, values={"known": _known(formats)}
    )


def _known(formats: tuple[Format, ...]) -> str:
    return ", ".join(sorted(key for one in formats for key in one.any_of))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _normalise(table: Table, found: Format, fingerprint: str, vocabulary: Vocabulary) -> Reading:
    subscriptions: list[Subscription] = []
    set_aside = [
        Problem("stray-line", line, value=_short(text)) for line, text in table.strays.items()
    ]
    for record in table.records:
        line = _subscription(record, table, found, vocabulary)
        if isinstance(line, Subscription):
            subscriptions.append(line)
        else:
            set_aside.extend(line)
    if not table.records:
        set_aside.append(Problem("no-rows", table.header_line))
    read_keys = found.keys | found.ignored | frozenset(found.as_of)
    unused = tuple(header for key, header in table.headers.items() if key not in read_keys)
    notes = [Problem("unknown-column", table.header_line, column=header) for header in unused]
    notes += [Problem("more-pages", table.header_line) for key in table.more if key in found.more]
    as_of = _pasted_as_of(table, found, vocabulary)
    return Reading(
        format_id=found.format_id,
        fingerprint=fingerprint,
        counts="entries" if table.container == "json" else "lines",
        subscriptions=tuple(subscriptions),
        set_aside=tuple(sorted(set_aside, key=lambda problem: problem.line)),
        notes=tuple(notes),
        mapping={
            name: table.headers[key]
            for name, source in found.fields.items()
            if (key := next((key for key in source.keys if key in table.headers), None))
        },
        unused=unused,
        as_of=as_of,
    )


def _pasted_as_of(table: Table, found: Format, vocabulary: Vocabulary) -> dt.date | None:
    """Return the one as-of day that all lines name, if they do."""
    days: set[Value] = set()
    for record in table.records:
        for key in found.as_of:
            try:
                days.add(TRANSFORMS["day"](Cell(record.cells.get(key, "")), vocabulary))
            except Unreadable:
                days.add(None)
    (day,) = days if len(days) == 1 else (None,)
    return day if isinstance(day, dt.date) else None


def _subscription(
    record: Record, table: Table, found: Format, vocabulary: Vocabulary
) -> Subscription | list[Problem]:
    values: dict[str, Any] = {"line": record.line, **found.constants}
    problems: list[Problem] = []
    if record.surplus:
        shown = _short(" · ".join(record.surplus))
        problems.append(Problem("too-many-cells", record.line, value=shown))
    for name, source in found.fields.items():
        key = next((key for key in source.keys if record.cells.get(key)), None)
        if key is None or any(values.get(other) != only for other, only in source.only_if.items()):
            continue
        cell = Cell(record.cells[key], source.words, source.present)
        try:
            value = source.transform(cell, vocabulary)
        except Unreadable as unreadable:
            problems.append(
                Problem(
                    unreadable.problem,
                    record.line,
                    column=table.headers[key],
                    value=_short(cell.text),
                    values=dict(unreadable.values),
                )
            )
            continue
        if value is not None:
            values[name] = value
            if source.kind:
                values |= _last_paid_day(value, source)
    if not problems and not any(values.get(name) for name in _IDENTIFYING):
        shown = _short(" · ".join(cell for cell in record.cells.values() if cell))
        problems.append(Problem("no-product", record.line, value=shown))
    return problems or Subscription(**values)


def _last_paid_day(value: Any, source: Source) -> dict[str, Any]:
    """Return the last paid day that a printed day stands for: the earlier reading, if unsure."""
    after = _DAYS_AFTER_LAST_PAID[source.kind]
    return {"end": value - after * _DAY, "end_kind": source.kind, "end_printed": value}
