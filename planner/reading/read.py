"""Read a paste: recognise its format, then each line on its own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from planner.knowledge import Knowledge
from planner.model import Problem, Reading
from planner.reading.formats import Format, formats_of, narrowed, recognise, vocabulary_of
from planner.reading.lines import Line, line_of, short
from planner.reading.records import NotJson, Table, clean, json_table, looks_like_json
from planner.reading.tables import delimited_table, known_cells
from planner.reading.values import Unreadable, Vocabulary, day_of, is_nothing

_SEVERAL = 4  # Unknown columns from which on a table may be another tool's export.


def read(text: str, knowledge: Knowledge) -> Reading:
    """Return what was understood of pasted text.

    Every line is a subscription or set aside with what is wrong with it. Never
    raises for what was pasted.
    """
    text = clean(text)
    fingerprint = fingerprint_of(text)
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
        return _unrecognised(table, formats, fingerprint)
    reading = _normalise(table, found, fingerprint, vocabulary_of(knowledge))
    if _is_another_export(reading, found):
        shown = short(", ".join(reading.unused))
        problem = Problem("unknown-export", table.header_line, value=shown)
        return Reading("", fingerprint, counts=_counts(table), set_aside=(problem,))
    return reading


def _is_another_export(reading: Reading, found: Format) -> bool:
    """Tell whether the paste only looks like a format because some columns have its names."""
    unknown = len([note for note in reading.notes if note.id == "unknown-column"])
    if not found.telling or unknown < _SEVERAL:
        return False
    return unknown > len(reading.mapping) or found.telling.isdisjoint(reading.mapping)


def fingerprint_of(text: str) -> str:
    """Return ``sha256:`` over a paste with plain line ends."""
    return "sha256:" + hashlib.sha256(clean(text).encode()).hexdigest()


def _table(text: str, formats: tuple[Format, ...]) -> Table | None:
    if looks_like_json(text):
        return json_table(text)
    tables = [one for one in formats if "table" in one.containers]
    signature = frozenset(key for one in tables for key in (*one.any_of, *one.all_of))
    known = frozenset(key for one in tables for key in (*one.keys, *one.ignored, *one.as_of))
    return delimited_table(text, signature, known | signature)


def _no_table(text: str, formats: tuple[Format, ...]) -> Problem:
    lines = text.split("\n")
    known = frozenset(key for one in formats for key in one.keys)
    for number, line in enumerate(lines, 1):
        found = known_cells(line, known)
        if len(found) > 1:
            values: dict[str, str | int] = {"found": ", ".join(found)}
            return Problem("no-product-column", number, value=short(line), values=values)
    first = next(number for number, line in enumerate(lines, 1) if line.strip())
    last = max(number for number, line in enumerate(lines, 1) if line.strip())
    return Problem(
        "no-table",
        first,
        value=short(lines[first - 1].strip()),
        values={"last_line": last, "known": _known(formats)},
    )


def _unrecognised(table: Table, formats: tuple[Format, ...], fingerprint: str) -> Reading:
    """Return what to say of a paste that has none of the keys that a format asks for."""
    set_aside = _outside(table)
    if table.headers:
        shown = short(", ".join(table.headers))
        known: dict[str, str | int] = {"known": _known(formats)}
        set_aside = [Problem("unknown-keys", table.header_line, value=shown, values=known)]
    elif not set_aside:
        set_aside = [Problem("no-entries", 0)]
    return Reading("", fingerprint, counts=_counts(table), set_aside=tuple(set_aside))


def _known(formats: tuple[Format, ...]) -> str:
    return ", ".join(sorted(key for one in formats for key in one.any_of))


def _counts(table: Table) -> str:
    return "entries" if table.container == "json" else "lines"


def _outside(table: Table) -> list[Problem]:
    """Return what stands in the list but is no record."""
    stray = "stray-entry" if table.container == "json" else "stray-line"
    return [
        *(Problem(stray, line, value=short(text)) for line, text in table.strays.items()),
        *(
            Problem("unclosed-quote", line, value=short(text))
            for line, text in table.unclosed.items()
        ),
    ]


def _normalise(table: Table, found: Format, fingerprint: str, vocabulary: Vocabulary) -> Reading:
    present = narrowed(found, table.keys)
    lines = [line_of(record, present, vocabulary) for record in table.records]
    set_aside = [*_outside(table), *(problem for line in lines for problem in line.problems)]
    if not table.records and not table.unclosed:
        set_aside.append(Problem("no-rows", table.header_line))
    unknown, unneeded = _unused(table, found, lines)
    as_of, unclear = _pasted_as_of(table, found, vocabulary)
    return Reading(
        format_id=found.format_id,
        fingerprint=fingerprint,
        counts=_counts(table),
        subscriptions=tuple(line.subscription for line in lines if line.subscription),
        set_aside=tuple(sorted(set_aside, key=lambda problem: problem.line)),
        notes=(
            *(Problem("unknown-column", table.header_line, column=header) for header in unknown),
            *(Problem("unneeded-column", table.header_line, column=header) for header in unneeded),
            *_unnamed(table),
            *unclear,
            *(Problem("more-pages", 0) for key in table.more if key in found.more),
        ),
        mapping=_mapping(table, present, lines),
        unused=tuple(header for header in table.headers if header in {*unknown, *unneeded}),
        as_of=as_of,
    )


def _unused(
    table: Table, found: Format, lines: Iterable[Line]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that aren't known, and those that no field had to be read from."""
    known = found.keys | found.ignored | frozenset(found.as_of)
    spare: set[str] = set()
    used: set[str] = set()
    for line in lines:
        spare |= line.spare
        used.update(line.used.values())
    unknown = tuple(header for header, key in table.headers.items() if key not in known)
    unneeded = spare - used - {*unknown}
    return unknown, tuple(
        header
        for header, key in table.headers.items()
        if header in unneeded and key not in found.ignored
    )


def _unnamed(table: Table) -> list[Problem]:
    """Say once of each column without a header that something stands in it, and where first."""
    first: dict[int, Problem] = {}
    for record in table.records:
        for number, text in record.unnamed.items():
            values: dict[str, str | int] = {"column_number": number}
            problem = Problem("unnamed-column", record.line, value=short(text), values=values)
            first.setdefault(number, problem)
    return [first[number] for number in sorted(first)]


def _mapping(table: Table, present: Format, lines: Iterable[Line]) -> dict[str, str]:
    """Return the column that each field is read from: the one it was, else the one it would be."""
    used: dict[str, str] = {}
    for line in lines:
        used = {**line.used, **used}
    headers: dict[str, str] = {}
    for header, key in table.headers.items():
        headers.setdefault(key, header)
    mapping = {
        name: used.get(name) or headers[source.keys[0]] for name, source in present.fields.items()
    }
    as_of = next((headers[key] for key in present.as_of if key in headers), None)
    return mapping | ({"as_of": as_of} if as_of else {})


def _pasted_as_of(
    table: Table, found: Format, vocabulary: Vocabulary
) -> tuple[dt.date | None, tuple[Problem, ...]]:
    """Return the one as-of day that all lines name, or what is unclear about it."""
    header = next((header for header, key in table.headers.items() if key in found.as_of), "")
    stated: list[dt.date | None] = []
    for record in table.records:
        cells = (cell.text for key in found.as_of for cell in record.cells.get(key, ()))
        text = next((text for text in cells if not is_nothing(text, vocabulary)), "")
        unclear = Problem("as-of-unclear", record.line, header, short(text))
        try:
            stated.append(day_of(text) if text else None)
        except Unreadable:
            return None, (unclear,)
        if stated[-1] != stated[0]:
            return None, (unclear,)
    return (stated[0] if stated else None), ()
