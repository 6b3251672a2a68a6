"""What to know about a single row: codes of a closed list, found where the reader knows them.

``data/formats/values.yml`` has the list, the words stand under ``planner.reading.warnings``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from planner.model import Row
from planner.products import Catalogue
from planner.reading.columns import Values
from planner.reading.days import is_open
from planner.reading.formats import Format
from planner.reading.recognise import Recognised
from planner.reading.records import Block, Column, Shape
from planner.reading.units import UNITS_KEPT
from planner.reading.values import Vocabulary, is_nothing

_GUESSED = {"neighbour", "terms"}
_FIRST_DAYS = 12  # Days of a month that could be its number.
_UNSURE_KINDS = {"unknown", "exclusive_instant"}
_PLANNED = {"subscriptions", "counts"}
_LOST = "System.Object[]"
_NAMES = ("sku_guid", "sku_part_number", "legacy_offer_id", "part_number", "product_name")


def warnings_of(
    block: Block,
    recognised: Recognised,
    values: Values,
    kinds: Sequence[str | None],
    vocabulary: Vocabulary,
) -> list[tuple[str, ...]]:
    """Return the codes of each of a block's rows, in the order of the closed list.

    ``kinds`` is what each row's term end means (``Row.term_end_kind``).
    """
    found = chain(
        _dates(block, values),
        _ends(values, kinds),
        _fields(block, recognised, values),
        _counts(block, recognised.format, values, vocabulary),
        _products(block, recognised.format, values, vocabulary),
        _cells(block, recognised.format, vocabulary),
    )
    return _by_row(found, len(block.lines), vocabulary.warnings)


def own_warnings(
    block: Block, found: Format, values: Values, vocabulary: Vocabulary
) -> list[tuple[str, ...]]:
    """Return the codes of each line of the planner's own table, in the order of the closed list."""
    count = len(block.lines)
    named = [values.fields.get(name) or [None] * count for name in ("product", "product_id")]
    combined = list(zip(*named, strict=True))
    stated = chain(
        _dates(block, values),
        _own_ends(found, values),
        _unclear(combined, vocabulary.catalogue),
        _left_out(block, values),
    )
    return _by_row(stated, count, vocabulary.warnings)


def _own_ends(found: Format, values: Values) -> _Found:
    """Yield the rows whose end stands under another header than the planner's own *end*."""
    end = found.fields.get("end")
    if end and end.kind in _UNSURE_KINDS:
        yield "end-kind-unknown", _present(values.fields.get("end", ()))


def _by_row(
    stated: Iterable[tuple[str, Iterable[int]]], count: int, listed: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return the codes of each row; those of rows with the same are one tuple."""
    found: dict[str, set[int]] = {}
    for code, places in stated:
        found.setdefault(code, set()).update(places)
    rows: list[tuple[str, ...]] = [()] * count
    for code in listed:
        longer: dict[tuple[str, ...], tuple[str, ...]] = {}
        for place in found.get(code, ()):
            codes = rows[place]
            if codes not in longer:
                longer[codes] = (*codes, code)
            rows[place] = longer[codes]
    return rows


def warned(row: Row, code: str, listed: Sequence[str]) -> Row:
    """Return a row with one more code, in the order of the closed list."""
    return replace(row, warnings=with_code(row.warnings, code, listed))


def with_code(codes: Iterable[str], code: str, listed: Sequence[str]) -> tuple[str, ...]:
    """Return codes of warnings with one more, in the order of the closed list."""
    found = {*codes, code}
    return tuple(one for one in listed if one in found)


def product_warning(names: Iterable[str], catalogue: Catalogue) -> str:
    """Return what is unclear about the product that names and ids stand for; ``""`` for nothing."""
    known = [catalogue.find(name) for name in names if name]
    if not known or any(one.product for one in known):
        return ""
    return "product-ambiguous" if any(one.products for one in known) else "product-unknown"


def names_of(row: Row) -> tuple[str, ...]:
    """Return every name and id of a row's product."""
    nce = ":".join(filter(None, (row.nce_product_id, row.nce_sku_id))) if row.nce_product_id else ""
    return (nce, *(getattr(row, name) or "" for name in _NAMES))


type _Found = Iterator[tuple[str, Iterable[int]]]


def _dates(block: Block, values: Values) -> _Found:
    for column in block.columns:
        order = values.orders.get(column.header)
        if order and order.by in _GUESSED:
            yield "date-order-inferred", _where(column, is_open)
    for name, days in values.fields.items():
        header = values.used.get(name)
        if header in values.swapped:
            yield (
                "date-may-be-swapped",
                [
                    place
                    for place, day in enumerate(days)
                    if getattr(day, "day", _FIRST_DAYS + 1) <= _FIRST_DAYS
                ],
            )


def _ends(values: Values, kinds: Sequence[str | None]) -> _Found:
    yield "end-kind-unknown", [at for at, kind in enumerate(kinds) if kind in _UNSURE_KINDS]
    phases = values.fields.get("next_lifecycle_date", ())
    both = enumerate(zip(phases, kinds, strict=False))
    yield "lifecycle-date-only", [at for at, (phase, kind) in both if phase and not kind]


def _fields(block: Block, recognised: Recognised, values: Values) -> _Found:
    for name, source in recognised.format.fields.items():
        if source.warn:
            yield source.warn, _present(values.fields.get(name, ()))
    for column in block.columns:
        if recognised.by.get(column.key) == "content":
            yield "field-from-content", _where(column, bool)
    yield from _left_out(block, values)


def _left_out(block: Block, values: Values) -> _Found:
    if values.noted:
        lines = {problem.line for problem in values.noted}
        yield "value-left-out", [at for at, line in enumerate(block.lines) if line in lines]


def _counts(block: Block, found: Format, values: Values, vocabulary: Vocabulary) -> _Found:
    fields = values.fields
    seats: Sequence[Any] = fields.get("seats", ())
    assigned: Sequence[Any] = fields.get("assigned", ())
    if found.role == "counts":
        yield "counts-per-product", range(len(block.lines))
    yield "seats-not-enabled", [at for at, kept in enumerate(fields.get(UNITS_KEPT, ())) if kept]
    if not vocabulary.free_seats.isdisjoint({*seats}):
        yield (
            "free-product-seats",
            [at for at, count in enumerate(seats) if count in vocabulary.free_seats],
        )
    both = enumerate(zip(assigned, seats, strict=False))
    yield (
        "assigned-exceeds-seats",
        [
            at
            for at, (given, bought) in both
            if given is not None and bought is not None and given > bought
        ],
    )
    prices = fields.get("unit_price", ())
    if prices and "currency" not in found.constants:
        currencies = fields.get("currency", repeat(None))
        priced = enumerate(zip(prices, currencies, strict=False))
        yield (
            "price-without-currency",
            [at for at, (price, currency) in priced if price is not None and not currency],
        )


def _products(block: Block, found: Format, values: Values, vocabulary: Vocabulary) -> _Found:
    if found.role not in _PLANNED:
        return
    count = len(block.lines)
    named = [values.fields.get(name) or [None] * count for name in _NAMES]
    nce = zip(
        values.fields.get("nce_product_id") or [None] * count,
        values.fields.get("nce_sku_id") or [None] * count,
        strict=True,
    )
    ids = [":".join(map(str, filter(None, one))) if one[0] else None for one in nce]
    yield from _unclear(list(zip(ids, *named, strict=True)), vocabulary.catalogue)


def _unclear(combined: Sequence[tuple[Any, ...]], catalogue: Catalogue) -> _Found:
    """Yield the rows whose product isn't clear, by all the names and ids that each has for it."""
    codes = {names: product_warning(filter(None, names), catalogue) for names in {*combined}}
    for code in ("product-unknown", "product-ambiguous"):
        if code in codes.values():
            yield code, [at for at, names in enumerate(combined) if codes[names] == code]


def _cells(block: Block, found: Format, vocabulary: Vocabulary) -> _Found:
    """Yield what cells say that no field is read from, and what a console wrote for a list."""
    keys: Mapping[str, str] = {key: code for code, stated in found.warns.items() for key in stated}
    for column in block.columns:
        if code := keys.get(column.key):
            yield (
                code,
                _where(column, lambda cell: not is_nothing(cell, vocabulary) and cell != "{}"),
            )
        if block.shape is not Shape.JSON and column.key in found.keys:
            cells = column.cells
            if _LOST in {*cells}:
                yield "list-lost", [at for at, cell in enumerate(cells) if cell == _LOST]


def _where(column: Column, holds: Callable[[str], bool]) -> list[int]:
    """Return the rows whose cell has a property; each distinct cell is looked at once."""
    cells = column.cells
    known = {cell: holds(cell) for cell in {*cells}}
    return [at for at, cell in enumerate(cells) if known[cell]]


def _present(read: Sequence[object]) -> list[int]:
    return [at for at, value in enumerate(read) if value is not None]
