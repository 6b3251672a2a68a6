"""Read a paste: part it, recognise each part, then its columns, rows and what joins them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planner.knowledge import Knowledge
from planner.model import Choices, ColumnRead, Part, Problem, Reading, Row, Subscription
from planner.reading.columns import Values, read_columns
from planner.reading.days import day_of
from planner.reading.decoding import clean, decode
from planner.reading.explode import each_of, nested_in
from planner.reading.formats import Format, Formats, formats_of, narrowed
from planner.reading.joins import Read, with_counts, with_names, with_prices
from planner.reading.json_values import Break, json_block
from planner.reading.parts import Parts, parts_of
from planner.reading.recognise import Recognised, recognise
from planner.reading.records import Block, Column, Shape, short
from planner.reading.rows import gathered, rows_of
from planner.reading.secrets import without_secrets
from planner.reading.subscriptions import (
    PLAN_FIELDS,
    own_row,
    own_subscription,
    subscription_of,
)
from planner.reading.values import Unreadable, is_nothing
from planner.reading.workbook import NotAWorkbook, is_workbook, workbook_parts

_IDENTIFYING = ("product", "subscription_id", "channel", "access_request_sent")
_NAMING = (
    *("product_name", "sku_part_number", "sku_guid", "part_number", "nce_product_id"),
    *("legacy_offer_id", "friendly_name", "subscription_id"),
)
_NEEDED = ("term_end", "term_duration", "seats")
_PLAN_NAMES = {
    "customer_name": "customer",
    "product_name": "product",
    "start_date": "start",
    "term_end": "end",
    "term_duration": "term",
    "billing_cycle": "billing",
    "market": "customer_market",
}
_UNUSED = {"unknown-column", "unneeded-column"}
_SAMPLE = 50  # Cells that tell whether a column lists people.
_REFERENCE = {"prices", "offers", "usage"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that was dropped or chosen."""

    name: str
    content: bytes


type Sources = str | bytes | File | Sequence[str | File]
"""Pasted text, a file, or several of both."""


@dataclass(slots=True)
class _Work:
    """What the reading of all sources adds up to."""

    formats: Formats
    choices: Choices
    reads: list[Read] = field(default_factory=list)
    own: dict[int, dict[str, Any]] = field(default_factory=dict)
    beyond: dict[int, dict[str, Any]] = field(default_factory=dict)
    stages: dict[int, Mapping[str, str]] = field(default_factory=dict)
    prices: list[Row] = field(default_factory=list)
    set_aside: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    mappings: dict[int, dict[str, str]] = field(default_factory=dict)
    as_of: dict[int, dt.date | None] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    end: int = 0


def read(
    sources: Sources,
    knowledge: Knowledge,
    choices: Choices | None = None,
) -> Reading:
    """Return what was understood of pasted text, of a file, or of several of both.

    Every line is a subscription, adds to one, or is set aside with what is wrong with it.
    Never raises for what was pasted. ``choices`` is what the reader changed.
    """
    work = _Work(formats_of(knowledge), choices or Choices())
    digest = hashlib.sha256()
    listed = [sources] if isinstance(sources, str | bytes | File) else list(sources)
    for source in listed:
        _read_source(source, work, digest.update)
    fingerprint = "sha256:" + digest.hexdigest()
    return _reading(work, fingerprint, knowledge)


def fingerprint_of(text: str) -> str:
    """Return ``sha256:`` over a paste with plain line ends."""
    return "sha256:" + hashlib.sha256(clean(text).encode()).hexdigest()


def _read_source(source: str | bytes | File, work: _Work, digest: Any) -> None:
    name = source.name if isinstance(source, File) else ""
    content = source.content if isinstance(source, File) else source
    encoding = ""
    if isinstance(content, bytes):
        if is_workbook(content):
            digest(content)
            _read_workbook(content, name, work)
            return
        decoded = decode(content)
        content, encoding = decoded.text, decoded.encoding
    text = clean(content)
    digest(text.encode())
    before = work.end
    text, removed = without_secrets(text)
    if removed:
        work.notes.append(Problem("secrets-removed", 0, values={"count": removed}))
    if not text.strip():
        work.set_aside.append(Problem("nothing-pasted", before))
        return
    parts = parts_of(text, work.formats.known)
    if not parts.blocks:
        _nothing_found(text, parts, before, work)
        work.end += text.count("\n") + 1
        return
    _read_parts(parts, text.count("\n") + 1, name, encoding, work)


def _read_workbook(raw: bytes, name: str, work: _Work) -> None:
    try:
        parts = workbook_parts(raw, work.formats.known)
    except NotAWorkbook:
        work.set_aside.append(Problem("not-a-workbook", 0, value=short(name)))
        return
    if not parts.blocks:
        work.set_aside.append(Problem("no-sheet", 0, value=short(name)))
        return
    last = max([*parts.strays, *(block.last_line for block in parts.blocks)])
    _read_parts(parts, last, name, "xlsx", work)


def _nothing_found(text: str, parts: Parts, before: int, work: _Work) -> None:
    """Say of a text without any table why there is nothing to plan in it."""
    if parts.broken:
        work.set_aside.append(_broken(parts.broken[0], before))
        return
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.strip())
    last = max(number for number, line in enumerate(lines, 1) if line.strip())
    work.set_aside.append(
        Problem(
            "no-table",
            before + first,
            value=short(lines[first - 1].strip()),
            values={"last_line": last, "known": _known(work.formats)},
        )
    )


def _known(formats: Formats) -> str:
    return ", ".join(sorted(formats.known.telling))


def _read_parts(parts: Parts, lines: int, name: str, encoding: str, work: _Work) -> None:
    before = work.end
    is_text = any(block.shape is not Shape.JSON for block in parts.blocks)
    is_text = is_text or bool(parts.strays or parts.broken)
    end = before + (lines if is_text else 0)
    first = len(work.parts)
    for block in parts.blocks:
        own_before = before
        if block.shape is Shape.JSON:
            own_before = end
        last = _read_block(block, own_before, name, encoding, work)
        if block.shape is Shape.JSON:
            end = max(end, last)
    work.end = max(end, before)
    if any(part.format_id for part in work.parts[first:]):
        for part, block in zip(work.parts[first:], parts.blocks, strict=True):
            if not part.format_id:
                work.set_aside += [
                    Problem("unknown-part", part.before + line) for line in block.lines
                ]
    for line, text in parts.strays.items():
        work.set_aside.append(Problem("stray-line", before + line, value=short(text)))
    for one in parts.broken:
        # Where nothing of a broken value was read, the lines below may be a table's.
        line = one.line if one.entries else one.begun
        work.set_aside.append(_broken(replace(one, line=line), before))


def _broken(found: Break, before: int) -> Problem:
    """Say where JSON breaks, and whether entries before it could be read."""
    values: dict[str, str | int] = {"column_number": found.column}
    name = "json-cut" if found.entries else "not-json"
    return Problem(name, before + found.line, values=values)


def _read_block(block: Block, before: int, name: str, encoding: str, work: _Work) -> int:
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
        block = json_block(nested_in(block.raw, recognised.format.nested), block.more)
        recognised = recognise(block, work.formats, chosen) or recognised
    if recognised and recognised.format.each:
        alone = {
            key
            for source in recognised.format.fields.values()
            if source.alone
            for key in source.keys
        }
        block = each_of(block, recognised.format.each, alone)
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
    _collect(block, before, number, found, values, work)
    columns = _columns(block, recognised, values, work.formats)
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
            missing=_missing(found, values),
            hint=found.hint,
            customer=_needs_customer(found, kept),
        )
    )
    _note(block, before, header, found, values, columns, work)
    return part.last


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
        known: dict[str, str | int] = {"known": _known(formats)}
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
    block: Block, before: int, number: int, found: Format, values: Values, work: _Work
) -> None:
    """Turn a block's values into rows, each under a number of its own."""
    work.set_aside += [replace(problem, line=before + problem.line) for problem in values.problems]
    if not block.lines and not block.unclosed and not block.strays:
        work.set_aside.append(Problem("no-rows", before + block.header_line))
    if found.role in _REFERENCE:
        name = "usage-data" if found.role == "usage" else "reference-data"
        work.set_aside += [Problem(name, before + line) for line in block.lines]
        if found.role == "prices":
            work.prices += rows_of(block.lines, found, values)
        return
    rows = (
        _own_rows(block, before, found, values, work)
        if found.is_own
        else rows_of(block.lines, found, values)
    )
    good = [(place, row) for place, row in enumerate(rows) if place not in values.bad]
    merged: dict[int, int] = {}
    if found.gather:
        good, merged = gathered(good, found.gather, values)
    beyond = [name for name in found.fields if name in PLAN_FIELDS and name in values.fields]
    constants = {name: value for name, value in found.constants.items() if name in PLAN_FIELDS}
    customer = work.choices.customers.get(number, "")
    keys: dict[int, int] = {}
    for place, row in good:
        key = before + row.line
        work.reads.append(Read(key, number, found.role, row))
        keys[place] = key
        if (beyond or constants) and not found.is_own:
            stated = {name: values.fields[name][place] for name in beyond}
            work.beyond[key] = constants | {
                name: value for name, value in stated.items() if value is not None
            }
    if customer:
        start = len(work.reads) - len(good)
        work.reads[start:] = [
            replace(one, row=replace(one.row, customer_name=customer))
            if not one.row.customer_name
            else one
            for one in work.reads[start:]
        ]
    work.merged.update((before + block.lines[place], keys[into]) for place, into in merged.items())
    work.stages[number] = found.stages


def _own_rows(block: Block, before: int, found: Format, values: Values, work: _Work) -> list[Row]:
    rows: list[Row] = []
    for place, line in enumerate(block.lines):
        key = before + line
        if place in values.bad:
            rows.append(Row(line))
            continue
        stated = own_subscription(key, place, found, values)
        if not any(stated.get(name) for name in _IDENTIFYING):
            values.bad.add(place)
            texts = [column.cells[place] for column in block.columns if column.cells[place]]
            work.set_aside.append(Problem("no-product", key, value=short(" · ".join(texts))))
            rows.append(Row(line))
            continue
        work.own[key] = stated
        rows.append(own_row(line, Subscription(**stated), found.format_id))
    return rows


def _columns(
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
        order = values.orders.get(column.header)
        if key in fields and key not in found.personal:
            taken = column.header in values.taken or column.header not in values.spare
            how = recognised.by.get(key, "format")
            read = tuple(fields[key])
            columns.append(
                ColumnRead(
                    column.header,
                    read if taken else (),
                    how if taken else "unneeded",
                    order.order if order else "",
                    order.by if order else "",
                )
            )
        elif not personal.isdisjoint(_above(key)):
            columns.append(ColumnRead(column.header, (), "dropped"))
        elif recognised.by.get(key) == "reader" or _is_skipped(key, skipped):
            columns.append(ColumnRead(column.header, (), "ignored"))
        elif not column.is_nested:
            how = "dropped" if _names_people(column) else "unknown"
            columns.append(ColumnRead(column.header, (), how))
    return tuple(columns)


def _names_people(column: Column) -> bool:
    """Tell whether the cells of a column that nothing is read from are e-mail addresses."""
    cells = [cell for cell in column.cells[:_SAMPLE] if cell]
    return bool(cells) and 2 * sum("@" in cell for cell in cells) > len(cells)


def _above(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _is_skipped(key: str, skipped: Iterable[str]) -> bool:
    return not {*skipped}.isdisjoint(_above(key))


def _missing(found: Format, values: Values) -> tuple[str, ...]:
    if found.role not in {"subscriptions", "counts"} or found.is_own:
        return ()
    stated = {name for name, read in values.fields.items() if any(v is not None for v in read)}
    if "next_lifecycle_date" in stated:
        stated.add("term_end")
    return tuple(name for name in _NEEDED if name not in stated)


def _needs_customer(found: Format, reads: Sequence[Read]) -> bool:
    return found.role in {"subscriptions", "counts"} and not any(
        read.row.customer_name or read.row.tenant_id or read.row.tenant_domain for read in reads
    )


def _note(
    block: Block,
    before: int,
    header: int,
    found: Format,
    values: Values,
    columns: Sequence[ColumnRead],
    work: _Work,
) -> None:
    """Say what to know about a part as a whole."""
    number = len(work.parts)
    for column in columns:
        if column.how == "unknown" or (column.how == "unneeded" and found.is_own):
            work.notes.append(Problem(f"{column.how}-column", header, column=column.header))
        elif column.how == "dropped":
            work.notes.append(Problem("people-dropped", header, column=column.header))
        if column.order_by in {"asked", "neighbour", "terms"}:
            said = "date-order-asked" if column.order_by == "asked" else f"read-{column.order}"
            work.notes.append(Problem(said, header, column.header))
        if column.header in values.swapped:
            work.notes.append(Problem("maybe-swapped", header, column.header))
    work.notes += _unnamed(block, before)
    left_out: set[str] = set()
    for problem in values.noted:
        if problem.column not in left_out:
            left_out.add(problem.column)
            work.notes.append(
                Problem(
                    "cell-left-out",
                    before + problem.line,
                    problem.column,
                    problem.value,
                )
            )
    if any(key in found.more for key in block.more):
        work.notes.append(Problem("more-pages", 0))
    work.mappings[number] = _mapping(block, found, values)
    as_of, unclear = _pasted_as_of(block, before, found, work.formats)
    work.as_of[number] = as_of
    work.notes += unclear


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
        _PLAN_NAMES.get(name, name): values.used.get(name) or headers[source.keys[0]]
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


def _reading(work: _Work, fingerprint: str, knowledge: Knowledge) -> Reading:
    reads = _numbered(work)
    reads = with_prices(with_names(reads), work.prices)
    planned, joined = with_counts(reads)
    merged = {**work.merged, **joined}
    set_aside = list(work.set_aside)
    subscriptions: list[Subscription] = []
    catalogue = knowledge.catalogue
    for read in planned:
        if read.role == "customers":
            set_aside.append(Problem("customer-list", read.key))
        elif read.key in work.own and read.row.source_format == work.formats.own.format_id:
            subscriptions.append(_own(work.own[read.key], read.row))
        elif any(getattr(read.row, name) for name in _NAMING) or read.row.term_end:
            subscriptions.append(
                subscription_of(
                    read.key,
                    read.row,
                    work.stages[read.part],
                    catalogue,
                    work.beyond.get(read.key, {}),
                )
            )
        else:
            set_aside.append(Problem("no-product", read.key))
    main = max(
        work.parts, key=lambda part: (part.rows, bool(part.format_id), -part.number), default=None
    )
    number = main.number if main else 0
    return Reading(
        format_id=main.format_id if main else "",
        fingerprint=fingerprint,
        counts=main.counts if main else "lines",
        subscriptions=tuple(subscriptions),
        set_aside=tuple(sorted(set_aside, key=lambda problem: problem.line)),
        notes=tuple(work.notes),
        mapping=work.mappings.get(number, {}),
        unused=tuple(note.column for note in work.notes if note.id in _UNUSED and note.column),
        as_of=work.as_of.get(number),
        rows=tuple(read.row for read in reads),
        parts=tuple(work.parts),
        merged=merged,
        places=work.places,
        encoding=main.encoding if main else "",
    )


def _own(stated: dict[str, Any], row: Row) -> Subscription:
    """Return a line of the planner's own table, with what other tables add to it."""
    named = Subscription(**stated)
    if row.customer_name and not named.customer:
        named = replace(named, customer=row.customer_name)
    if row.tenant_domain and not named.tenant_domain:
        named = replace(named, tenant_domain=row.tenant_domain)
    if row.unit_price is not None and named.unit_price is None:
        named = replace(named, unit_price=row.unit_price, currency=row.currency or "")
    return named


def _numbered(work: _Work) -> list[Read]:
    """Return the rows with a number each; a line's second subscription gets one after all."""
    last = max((work.end, *(part.last for part in work.parts)), default=0)
    reads: list[Read] = []
    taken: set[int] = set()
    for read in work.reads:
        if read.key in taken:
            last += 1
            work.places[last] = read.key
            reads.append(replace(read, key=last))
        else:
            reads.append(read)
            taken.add(read.key)
    return reads
