"""What was understood of a part: what became of each column, and what to know about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from planner.model import Choices, ColumnRead, Problem, Reading
from planner.reading.columns import ESSENTIAL, UNKNOWN_WORD, Values, few
from planner.reading.console import ends_cut
from planner.reading.contents import names_people
from planner.reading.days import MIXED, YEAR_UNCLEAR, day_of
from planner.reading.formats import PLAN_NAMES, Format, Formats
from planner.reading.joins import Read
from planner.reading.pages import goes_on
from planner.reading.recognise import Recognised
from planner.reading.records import Block, Column, Shape, short
from planner.reading.values import Unreadable, is_nothing
from planner.reading.work import Work

_NEEDED = ("term_end", "term_duration", "seats")
_AS_CHOSEN = {own: chosen for chosen, own in PLAN_NAMES.items()}
_CUT = "cut-off"


def columns_read(
    block: Block, recognised: Recognised, values: Values, formats: Formats
) -> tuple[ColumnRead, ...]:
    """Return what became of each column."""
    found = recognised.format
    fields: dict[str, list[str]] = {}
    for name, source in found.fields.items():
        for key in source.keys:
            fields.setdefault(key, []).append(name)
    skipped = found.ignored | {*found.as_of} | {found.each, found.nested}
    personal = found.personal | formats.vocabulary.personal
    columns: list[ColumnRead] = []
    for column in block.columns:
        key = column.key
        if not key:
            continue
        if key in fields and key not in found.personal:
            columns.append(_used(column, fields[key], recognised, values))
        elif not personal.isdisjoint(_above(key)):
            columns.append(ColumnRead(column.header, (), "dropped"))
        elif recognised.by.get(key) == "reader":
            columns.append(ColumnRead(column.header, (), "reader"))
        elif _is_skipped(key, skipped):
            columns.append(ColumnRead(column.header, (), "ignored"))
        elif not column.is_nested:
            how = "dropped" if names_people(column) else "unknown"
            columns.append(ColumnRead(column.header, (), how))
    return tuple(columns)


def _used(
    column: Column, names: Sequence[str], recognised: Recognised, values: Values
) -> ColumnRead:
    """Return what became of a column that fields may be read from."""
    how = recognised.by.get(column.key, "format")
    chosen = how == "reader"
    if not chosen and _is_foreign(column.header, values):
        return ColumnRead(column.header, (), "unknown")
    taken = chosen or column.header in values.taken or column.header not in values.spare
    # Named as in the list that the reader chose from.
    named = _AS_CHOSEN if chosen and recognised.format.is_own else {}
    order = values.orders.get(column.header)
    return ColumnRead(
        column.header,
        tuple(named.get(name, name) for name in names) if taken else (),
        how if taken else "unneeded",
        order.order if order else "",
        order.by if order else "",
    )


def _is_foreign(header: str, values: Values) -> bool:
    """Tell whether nothing was read from a column because not one of its words is known."""
    return header in values.foreign and header not in values.taken


def choices_in(reading: Reading) -> Choices:
    """Return what the reader had changed in how a paste was read, as the reading tells it."""
    columns: dict[tuple[int, str], str] = {}
    orders: dict[tuple[int, str], str] = {}
    for part in reading.parts:
        for column in part.columns:
            place = part.number, column.header
            if column.how == "reader":
                columns[place] = next(iter(column.fields), "")
            if column.order_by == "reader":
                orders[place] = column.order
    named = {part.number: part.customer_name for part in reading.parts if part.customer_name}
    return Choices(columns, orders, named)


def _above(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _is_skipped(key: str, skipped: Iterable[str]) -> bool:
    return not {*skipped}.isdisjoint(_above(key))


def missing(found: Format, values: Values) -> tuple[str, ...]:
    """Return the fields that the plan needs and no column of a part holds."""
    if found.role not in {"subscriptions", "counts"} or found.is_own:
        return ()
    stated = {name for name, read in values.fields.items() if any(v is not None for v in read)}
    if "next_lifecycle_date" in stated:
        stated.add("term_end")
    return tuple(name for name in _NEEDED if name not in stated)


def needs_customer(found: Format, reads: Sequence[Read]) -> bool:
    """Tell whether nothing in a part says whose subscriptions these are."""
    return found.role in {"subscriptions", "counts"} and not any(
        read.names_customer for read in reads
    )


def note_part(
    block: Block,
    before: int,
    header: int,
    found: Format,
    values: Values,
    columns: Sequence[ColumnRead],
    work: Work,
) -> None:
    """Say what to know about a part as a whole."""
    number = len(work.parts)
    for column in columns:
        if _is_foreign(column.header, values):
            work.notes.append(replace(values.foreign[column.header], line=header))
        elif column.how == "unknown" and ends_cut(column.header):
            work.notes.append(Problem("cut-header", header, column=column.header))
        elif column.how == "unknown" or (column.how == "unneeded" and found.is_own):
            work.notes.append(Problem(f"{column.how}-column", header, column=column.header))
        elif column.how == "dropped":
            work.notes.append(Problem("people-dropped", header, column=column.header))
        if column.order_by in {"asked", "neighbour", "terms"}:
            work.notes.append(Problem(_order_said(column, found), header, column.header))
        if column.header in values.swapped:
            work.notes.append(Problem("maybe-swapped", header, column.header))
    work.notes += _thousands(block, before, values)
    work.notes += _unnamed(block, before)
    work.notes += _left_out(before, values.noted)
    work.notes += [replace(one, line=before + one.line) for one in values.differing]
    work.notes += _cut(block, before, values, {one.header for one in columns if one.fields})
    if goes_on(block.pages, found.more):
        work.notes.append(Problem("more-pages", 0))
    work.mappings[number] = _mapping(block, found, values)
    as_of, unclear = _pasted_as_of(block, before, found, work.formats)
    work.as_of[number] = as_of
    work.notes += unclear


def _order_said(column: ColumnRead, found: Format) -> str:
    """Return what to say of the order of a column's dates: how it was read, or what is asked."""
    if column.order_by != "asked":
        return f"read-{column.order}"
    if column.order == MIXED:
        return "date-order-mixed"
    needed = found.is_own or not ESSENTIAL.isdisjoint(column.fields)
    what = "year" if column.order == YEAR_UNCLEAR else "order"
    return f"date-{what}-asked" if needed else f"date-{what}-unused"


def _left_out(before: int, noted: Sequence[Problem]) -> list[Problem]:
    """Say once of each column which values the plan does without: a word, or the first other."""
    words: dict[str, dict[str, None]] = {}
    first: dict[tuple[str, bool], Problem] = {}
    for problem in noted:
        if problem.id == _CUT:
            continue  # Said of each column, whether or not the plan does without its value.
        is_word = problem.id == UNKNOWN_WORD
        first.setdefault((problem.column, is_word), problem)
        if is_word:
            words.setdefault(problem.column, {})[problem.value] = None
    return [
        Problem(
            "words-left-out" if is_word else "cell-left-out",
            before + problem.line,
            column,
            few([*words[column]]) if is_word else problem.value,
            problem.values if is_word else {},
        )
        for (column, is_word), problem in first.items()
    ]


def _thousands(block: Block, before: int, values: Values) -> list[Problem]:
    """Say of each column of counts that all end in three zeros that they were read as thousands."""
    notes: list[Problem] = []
    for column in block.columns:
        if column.header in values.zeros and column.header in values.taken:
            row = next(row for row, cell in enumerate(column.cells) if any(map(str.isdigit, cell)))
            cell = column.cells[row]
            said: dict[str, str | int] = {"count": "".join(filter(str.isdigit, cell))}
            line = before + block.lines[row]
            notes.append(Problem("read-thousands", line, column.header, short(cell), said))
    return notes


def _cut(block: Block, before: int, values: Values, used: Container[str]) -> list[Problem]:
    """Say once of each column that is read that the console cut values of it, and where first."""
    if block.shape is Shape.JSON:
        return []
    said = {problem.column for problem in values.problems if problem.id == _CUT}
    notes: list[Problem] = []
    for column in block.columns:
        if column.header not in used or column.header in said:
            continue
        cells = column.cells
        if any(map(ends_cut, {*cells})):
            row = next(row for row, cell in enumerate(cells) if ends_cut(cell))
            line = before + block.lines[row]
            notes.append(Problem(_CUT, line, column.header, short(cells[row])))
    return notes


def _unnamed(block: Block, before: int) -> list[Problem]:
    """Say once of each column without a header that something stands in it, and where first."""
    notes: list[Problem] = []
    for number, column in enumerate(block.columns, 1):
        if column.key:
            continue
        first = next((row for row, cell in enumerate(column.cells) if cell), None)
        if first is not None:
            values: dict[str, str | int] = {"column_number": number}
            line = before + block.lines[first]
            shown = short(column.cells[first])
            notes.append(Problem("unnamed-column", line, value=shown, values=values))
    return notes


def _mapping(block: Block, found: Format, values: Values) -> dict[str, str]:
    """Return the column that each field is read from: the one it was, else the one it would be."""
    headers: dict[str, str] = {}
    for column in block.columns:
        headers.setdefault(column.key, column.header)
    mapping = {
        PLAN_NAMES.get(name, name): values.used.get(name) or headers[source.keys[0]]
        for name, source in found.fields.items()
        if source.keys and source.keys[0] in headers
    }
    as_of = next((headers[key] for key in found.as_of if key in headers), None)
    return mapping | ({"as_of": as_of} if as_of else {})


def _pasted_as_of(
    block: Block, before: int, found: Format, formats: Formats
) -> tuple[dt.date | None, tuple[Problem, ...]]:
    """Return the one as-of day that all lines name, or what is unclear about it."""
    column = next((one for one in block.columns if one.key in found.as_of), None)
    if column is None:
        return None, ()
    stated: dict[str, dt.date | None] = {}
    first: dt.date | None = None
    for row, text in enumerate(column.cells):
        if text not in stated:
            unclear = Problem(
                "as-of-unclear", before + block.lines[row], column.header, short(text)
            )
            try:
                nothing = is_nothing(text, formats.vocabulary)
                stated[text] = None if nothing else day_of(text)
            except Unreadable:
                return None, (unclear,)
            if row == 0:
                first = stated[text]
            if stated[text] != first:
                return None, (unclear,)
    return first, ()
