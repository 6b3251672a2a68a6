"""One block of a paste: its format, its columns, and a number for each of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import repeat

from planner.model import ColumnRead, Part, Problem, Row, Subscription, guids_in
from planner.reading.apart import rows_apart
from planner.reading.columns import Values, read_columns
from planner.reading.console import ends_cut
from planner.reading.explode import each_of, nested_in
from planner.reading.formats import Format, Formats, narrowed
from planner.reading.joins import Read
from planner.reading.json_values import json_block
from planner.reading.making import made
from planner.reading.recognise import Recognised, recognise
from planner.reading.records import Block, Shape, short
from planner.reading.rows import gathered, kinds_of, rows_of, with_doubles
from planner.reading.subscriptions import PLAN_FIELDS, OwnLine, own_columns
from planner.reading.understood import columns_read, missing, needs_customer, note_part
from planner.reading.units import UNITS_KEPT, take_later_stages
from planner.reading.values import Vocabulary
from planner.reading.warnings import own_warnings, warnings_of
from planner.reading.work import Work

_REFERENCE = {"prices", "offers", "usage"}


def read_block(block: Block, before: int, name: str, encoding: str, work: Work) -> int:
    """Read one block; return the last number that it uses."""
    number = len(work.parts) + 1
    keys = {column.header: column.key for column in block.columns}
    chosen = {
        keys[header]: field
        for (part, header), field in work.choices.columns.items()
        if part == number and header in keys
    }
    recognised = recognise(block, work.formats, chosen)
    if recognised and recognised.format.nested and block.raw:
        nested = nested_in(block.raw, recognised.format.nested, recognised.format.inherited)
        block.raw = []
        block = json_block(nested, block.pages, read=work.formats.known.read)
        recognised = recognise(block, work.formats, chosen) or recognised
    block.raw = []  # Whatever is read now stands in the columns.
    if recognised and recognised.format.each:
        alone = {
            key
            for source in recognised.format.fields.values()
            if source.alone
            for key in source.keys
        }
        block = each_of(block, recognised.format.each, work.formats.known.read, alone)
        recognised = _narrowed_again(block, recognised, work.formats, chosen)
    work.set_aside += _outside(block, before)
    counts = "entries" if block.shape is Shape.JSON else "lines"
    header = before + block.header_line if block.header_line else 0
    first = before + (block.header_line or 1)
    part = Part(
        number,
        name,
        encoding,
        block.shape.value,
        "",
        "unrecognised",
        (),
        "subscriptions",
        counts,
        before,
        first,
        before + max(block.last_line, *block.lines, 0),
        0,
    )
    if recognised is None:
        work.parts.append(part)
        work.set_aside += _unrecognised(block, header, work.formats)
        return part.last
    found = recognised.format
    orders = {header: order for (at, header), order in work.choices.orders.items() if at == number}
    values = read_columns(block, found, work.formats.vocabulary, orders)
    take_later_stages(values)
    columns = columns_read(block, recognised, values, work.formats)
    _collect(_without_dropped(block, columns), before, number, recognised, values, work)
    kept = [read for read in work.reads if read.part == number]
    work.parts.append(
        replace(
            part,
            format_id=found.format_id,
            how=recognised.how,
            signature=tuple(
                column.header for column in block.columns if column.key in recognised.signature
            ),
            role=found.role,
            rows=len(kept),
            columns=columns,
            missing=missing(found, values),
            hint=found.hint,
            customer=needs_customer(found, kept),
            customer_name=work.choices.customers.get(number, ""),
        )
    )
    note_part(block, before, header, found, values, columns, work)
    return part.last


def _without_dropped(block: Block, columns: Sequence[ColumnRead]) -> Block:
    """Return a block without its columns of people and passwords: nothing may repeat them."""
    dropped = {column.header for column in columns if column.how == "dropped"}
    if not dropped:
        return block
    return replace(
        block, columns=[column for column in block.columns if column.header not in dropped]
    )


def _narrowed_again(
    block: Block, recognised: Recognised, formats: Formats, chosen: Mapping[str, str]
) -> Recognised:
    """Return a format narrowed anew to a block whose columns have become more."""
    found = next(one for one in formats.named if one.format_id == recognised.format.format_id)
    again = replace(recognised, format=narrowed(found, block.keys))
    return again if not chosen else recognised


def _outside(block: Block, before: int) -> list[Problem]:
    """Return what stands in a block but is no record."""
    stray = "stray-entry" if block.shape is Shape.JSON else "stray-line"
    found = [
        *((stray, line, text) for line, text in block.strays.items()),
        *(("unclosed-quote", line, text) for line, text in block.unclosed.items()),
        *(("total", line, text) for line, text in block.totals.items()),
    ]
    return [Problem(name, before + line, value=short(text)) for name, line, text in found]


def _unrecognised(block: Block, header: int, formats: Formats) -> list[Problem]:
    """Return what to say of a block that no format knows."""
    headers = [column.header for column in block.columns if column.key and "." not in column.key]
    if not headers:
        return [] if block.strays else [Problem("no-entries", 0)]
    if block.shape is Shape.JSON:
        shown = short(", ".join(headers))
        known: dict[str, str | int] = {"known": formats.shown}
        return [Problem("unknown-keys", header, value=shown, values=known)]
    own = formats.own
    found = [column.header for column in block.columns if column.key in formats.generic.keys]
    if any(column.key in formats.known.telling for column in block.columns) or len(found) < 2:  # noqa: PLR2004 - one known word is chance
        unknown = [column.header for column in block.columns if column.key not in own.keys]
        return [Problem("unknown-export", header, value=short(", ".join(unknown or headers)))]
    return [
        Problem(
            "no-product-column",
            header,
            value=short(" · ".join(headers)),
            values={"found": ", ".join(found)},
        )
    ]


def _collect(
    block: Block, before: int, number: int, recognised: Recognised, values: Values, work: Work
) -> None:
    """Turn a block's values into rows, each under a number of its own."""
    found = recognised.format
    vocabulary = work.formats.vocabulary
    work.set_aside += [replace(problem, line=before + problem.line) for problem in values.problems]
    if not block.lines and not block.unclosed and not block.strays:
        work.set_aside.append(Problem("no-rows", before + block.header_line))
    if found.role in _REFERENCE:
        name = "usage-data" if found.role == "usage" else "reference-data"
        work.set_aside += [Problem(name, before + line) for line in block.lines]
        if found.role == "prices":
            work.prices += _rows(block, recognised, values, vocabulary)
        if found.role == "offers":
            work.offers += _rows(block, recognised, values, vocabulary)
        return
    for place, problem in rows_apart(block, found, values, vocabulary):
        values.bad.add(place)
        work.set_aside.append(replace(problem, line=before + problem.line))
    customer = work.choices.customers.get(number, "")
    if found.is_own:
        _collect_own(block, before, number, found, values, customer, work)
        return
    rows = _rows(block, recognised, values, vocabulary)
    good: Sequence[tuple[int, Row]] = [
        (place, row) for place, row in enumerate(rows) if place not in values.bad
    ]
    merged: dict[int, int] = {}
    if found.gather:
        good, merged = gathered(good, found.gather, values, vocabulary)
    else:
        good = with_doubles(good, found, vocabulary.warnings)
    if customer:
        good = [
            (place, row if row.customer_name else replace(row, customer_name=customer))
            for place, row in good
        ]
    keys = {place: before + row.line for place, row in good}
    ids = _directory_ids(values, [*keys])
    work.reads += _reads([*keys.values()], number, found.role, [row for _, row in good], ids)
    for name in PLAN_FIELDS & {*found.constants, *found.fields}:
        beyond = _beyond(found.constants.get(name), values.fields.get(name), keys)
        work.beyond.setdefault(name, {}).update(beyond)
    held = _beyond(None, values.fields.get(UNITS_KEPT, [None] * len(block.lines)), keys)
    work.beyond.setdefault("seats", {}).update(held)
    work.merged.update((before + block.lines[place], keys[into]) for place, into in merged.items())
    work.stages[number] = found.stages


def _beyond(
    constant: str | None, stated: Sequence[object] | None, keys: Mapping[int, int]
) -> dict[int, object]:
    """Return line → what a field says there: its cell, else what holds of all lines."""
    if stated is None:
        return {} if constant is None else dict.fromkeys(keys.values(), constant)
    said = ((key, stated[place]) for place, key in keys.items())
    values = ((key, constant if value is None else value) for key, value in said)
    return {key: value for key, value in values if value is not None}


def _directory_ids(values: Values, places: Sequence[int]) -> list[frozenset[str]]:
    """Return the ids by which Graph names each row's subscriptions; none where some are cut off."""
    stated = values.fields.get("directory_ids")
    if stated is None:
        return [frozenset()] * len(places)
    texts = [str(stated[place] or "").rstrip("]}") for place in places]
    return [frozenset() if ends_cut(text) else guids_in(text) for text in texts]


def _reads(
    keys: Sequence[int],
    number: int,
    role: str,
    stated: Sequence[Row | OwnLine],
    ids: Sequence[frozenset[str]],
) -> list[Read]:
    count = len(keys)
    part, roles = repeat(number, count), repeat(role, count)
    columns = {"key": keys, "part": part, "role": roles, "stated": stated, "directory_ids": ids}
    return made(Read, count, columns)


def _rows(
    block: Block, recognised: Recognised, values: Values, vocabulary: Vocabulary
) -> list[Row]:
    kinds = kinds_of(recognised.format, values, len(block.lines))
    warnings = warnings_of(block, recognised, values, kinds, vocabulary)
    return rows_of(block.lines, recognised.format, values, kinds, warnings)


def _collect_own(
    block: Block,
    before: int,
    number: int,
    found: Format,
    values: Values,
    customer: str,
    work: Work,
) -> None:
    """Turn the lines of the planner's own table into subscriptions at once."""
    columns = own_columns(found, values)
    lines = block.lines
    if customer:
        named = columns.get("customer") or [""] * len(lines)
        columns["customer"] = [one or customer for one in named]
    warnings = own_warnings(block, found, values, work.formats.vocabulary)
    if values.bad:
        good = [place for place in range(len(lines)) if place not in values.bad]
        lines = [lines[place] for place in good]
        warnings = [warnings[place] for place in good]
        columns = {name: [read[place] for place in good] for name, read in columns.items()}
    keys = [before + line for line in lines]
    subscriptions = made(Subscription, len(keys), {**columns, "line": keys})
    own = made(OwnLine, len(keys), {"line": lines, "stated": subscriptions, "warnings": warnings})
    work.reads += _reads(keys, number, found.role, own, [frozenset()] * len(keys))
