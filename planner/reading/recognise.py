"""A block → its format: by its signature, else by what each header or column says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.reading.contents import (
    best_named,
    counts,
    holds_numbers,
    ids_in,
    is_money,
    names_none,
    names_people,
    products_in,
)
from planner.reading.formats import (
    COUNTING,
    IDENTIFYING,
    PLAN_NAMES,
    Format,
    Formats,
    Source,
    fits,
    narrowed,
)
from planner.reading.records import Block, Column, Shape, fold
from planner.reading.transforms import OF_WORDS, currency_in
from planner.reading.values import Vocabulary, is_nothing

_ALIKE = frozenset({"tenant_domain", "assigned", "unit_price", "currency"})
"""Fields that rows and subscriptions have alike, though the planner's own table has no header."""

_DECIDING = frozenset({"end", "seats", "term"})
"""Fields of the plan that a line is set aside for where a cell of theirs can't be read."""

_CHANNEL = "channel"  # The header above which the planner has words of its own.
_SEVERAL = 4  # Unknown columns from which on a table may be another tool's export.
_LICENSES = frozenset({"license", "licence", "lizenz", "licencia"})
"""Headers that stand above names of products and above counts of licenses alike."""

_SUMS = frozenset({"total", "gesamt"})
"""Headers that stand above counts of licenses and above sums of money alike."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A block's format, narrowed to its columns.

    Attributes:
        how: See ``planner.model.Part``.
        signature: Keys that showed it.
        by: Key of a column → how its field was found, where not by the format itself.
    """

    format: Format
    how: str
    signature: frozenset[str]
    by: Mapping[str, str]


def recognise(block: Block, formats: Formats, chosen: Mapping[str, str]) -> Recognised | None:
    """Return the format of a block, or ``None``.

    ``chosen`` is what the reader said of its columns: key → field, or ``""`` for none.
    """
    found = next(((one, keys) for one in formats.named if (keys := fits(block, one))), None)
    recognised = (
        Recognised(narrowed(found[0], block.keys), "recognised", found[1], {})
        if found
        else _by_headers(block, formats, chosen)
    )
    if recognised and chosen:
        recognised = _changed(recognised, chosen, formats)
    return recognised and _with_currency(block, recognised, formats)


def _with_currency(block: Block, recognised: Recognised, formats: Formats) -> Recognised:
    """Return a format in which prices that name their currency say it, too, as in ``1,50 €``."""
    fields = recognised.format.fields
    price, currency = fields.get("unit_price"), formats.generic.fields["currency"]
    if price is None:
        return recognised
    stated = fields.get("currency", replace(currency, columns=()))
    naming = tuple(
        (column.key,)
        for column in block.columns
        if column.key in price.keys
        and (column.key,) not in stated.columns
        and any(currency_in(cell, formats.vocabulary) for cell in {*column.cells})
    )
    if not naming:
        return recognised
    more = {**fields, "currency": replace(stated, columns=(*stated.columns, *naming))}
    return replace(recognised, format=replace(recognised.format, fields=more))


def _by_headers(block: Block, formats: Formats, chosen: Mapping[str, str]) -> Recognised | None:
    own, generic = formats.own, formats.generic
    keys = block.keys - formats.vocabulary.personal
    own_keys = own.keys | own.ignored | {*own.as_of}
    signature = fits(block, own)
    mapped = _mapped(block, formats, chosen)
    more = len(keys & own_keys) >= len(keys & generic.keys)
    if signature and (more or _says_own(block, formats.vocabulary)):
        present = narrowed(own, block.keys)
        unknown = len(keys - own_keys)
        few = unknown < _SEVERAL
        if few or (unknown <= len(present.fields) and not own.telling.isdisjoint(present.fields)):
            if keys.isdisjoint(own_keys - generic.keys - own.common):
                present = _as_by_hand(block, present, formats)
            recognised = Recognised(present, "recognised", signature, {})
            return _with_headers(block, recognised, mapped, own)
    if mapped is None:
        return None
    if block.shape is not Shape.JSON or len(keys & generic.keys) >= 3:  # noqa: PLR2004 - fewer are chance
        return _with_own(block, mapped, formats)
    return None


def _says_own(block: Block, vocabulary: Vocabulary) -> bool:
    """Tell whether a table says where it was bought as only the planner's own table does."""
    own, others = (vocabulary.lists[name] for name in ("channel", "purchase-channel"))
    said = {
        fold(cell)
        for column in block.columns
        if column.key == _CHANNEL
        for cell in {*column.cells}
        if not is_nothing(cell, vocabulary)
    }
    return said <= own.keys() and not said <= others.keys()


def _as_by_hand(block: Block, present: Format, formats: Formats) -> Format:
    """Return the planner's own table for one that needn't have been written for it.

    Its common headers may be about something else, and so may a column that could name the
    products where another one does: neither costs a line.
    """
    catalogue = formats.vocabulary.catalogue
    keys = {*present.fields["product"].keys} if "product" in present.fields else set[str]()
    naming = {one.key: products_in(one, catalogue) for one in block.columns if one.key in keys}
    other = {key for key, share in naming.items() if not share and any(naming.values())}
    fields: dict[str, Source] = {}
    for name, source in present.fields.items():
        groups = (tuple(key for key in group if key not in other) for group in source.columns)
        if columns := tuple(group for group in groups if group):
            lenient = present.common.issuperset(key for group in columns for key in group)
            fields[name] = replace(source, columns=columns, lenient=lenient)
    return replace(present, fields=fields)


def _with_headers(
    block: Block, recognised: Recognised, mapped: Recognised | None, own: Format
) -> Recognised:
    """Return the planner's own table with what other headers than its own say.

    A table that is taken for it may be made by hand: its *End date* must not be lost.
    """
    fields = dict(recognised.format.fields)
    by: dict[str, str] = {}
    empty = {one.key for one in block.columns if one.key in own.keys and not any(one.cells)}
    for stated, source in mapped.format.fields.items() if mapped else ():
        name = PLAN_NAMES.get(stated, stated)
        if name in fields and not empty.issuperset(fields[name].keys):
            continue
        if name not in own.fields and name not in _ALIKE:
            continue
        keys = [
            key
            for key in source.keys
            if key not in own.keys and mapped and mapped.by.get(key) == "header"
        ]
        if not keys:
            continue
        like = own.fields.get(name)
        # The plan has fewer words for a state or a cycle than exports do.
        worded = like if like and source.read in OF_WORDS else source
        fields[name] = replace(
            source,
            columns=(*(fields[name].columns if name in fields else ()), *((key,) for key in keys)),
            read=worded.read,
            words=worded.words,
            lenient=name not in _DECIDING,
        )
        by.update(dict.fromkeys(keys, "header"))
    return replace(recognised, format=replace(recognised.format, fields=fields), by=by)


def _with_own(block: Block, mapped: Recognised, formats: Formats) -> Recognised:
    """Return a table read by its headers with what only the planner's own table has words for.

    Elsewhere such a header may be about something else: one of its words has to be known.
    """
    known = {*formats.generic.fields, *PLAN_NAMES.values()}
    more: dict[str, Source] = {}
    for name, source in formats.own.fields.items():
        if name in known or source.read not in OF_WORDS:
            continue
        words = formats.vocabulary.lists[source.words]
        group = tuple(
            column.key
            for column in block.columns
            if column.key in source.columns[0] and column.key not in mapped.by
            if any(fold(cell.partition(":")[0]) in words for cell in {*column.cells})
        )
        if group:
            more[name] = replace(source, columns=(group,))
    by = {key: "header" for source in more.values() for key in source.keys}
    fields = {**mapped.format.fields, **more}
    return replace(mapped, format=replace(mapped.format, fields=fields), by={**by, **mapped.by})


def _mapped(block: Block, formats: Formats, chosen: Mapping[str, str]) -> Recognised | None:
    generic = formats.generic
    present = narrowed(generic, block.keys)
    fields: dict[str, Source] = {}
    taken: set[str] = set()
    by: dict[str, str] = {}
    personal = formats.vocabulary.personal
    # Some of their headers, such as "Users", may also stand above counts.
    people = {one.key for one in block.columns if one.key in personal and not counts(one)}
    customers = present.fields.get("customer_name")
    # Under "End user" may stand a company or a person.
    people |= {
        one.key
        for one in block.columns
        if customers and one.key in customers.keys and names_people(one)
    }
    for name, source in present.fields.items():
        beside = (
            keys
            for other, keys in source.not_beside.items()
            if other in present.fields and not keys.issuperset(present.fields[other].keys)
        )
        left_out = people | taken | {key for keys in beside for key in keys}
        columns = tuple(group for group in source.columns if group[0] not in left_out)
        if name == "product_name":
            columns = _named(block, columns, present, formats, by)
        if not columns:
            continue
        shared = name.startswith(("nce_", "sku_", "legacy_", "part_", "channel"))
        if not shared:
            taken.update(group[0] for group in columns)
        fields[name] = replace(source, columns=columns)
        by.update((group[0], "header") for group in columns if group[0] not in by)
    _count_licenses(block, generic, fields, by)
    for column in block.columns:
        if column.key and column.key not in by and not column.is_nested:
            for name in _by_content(column, fields):
                fields[name] = replace(generic.fields[name], columns=((column.key,),))
                by[column.key] = "content"
    given = {*fields, *chosen.values()}
    enough = not given.isdisjoint(IDENTIFYING) or "subscription_id" in given
    if not enough or given.isdisjoint(COUNTING):
        return None
    # Last: a table with nothing but its total is one, too, in which the seats are chosen.
    _drop_sums(block, formats, chosen, fields, by)
    return Recognised(replace(generic, fields=fields), "mapped", frozenset(by), by)


def _named(
    block: Block,
    groups: Sequence[tuple[str, ...]],
    present: Format,
    formats: Formats,
    by: dict[str, str],
) -> tuple[tuple[str, ...], ...]:
    """Return the columns that a product's name is read from, the best one first.

    *Item*, *License* and *Subscription* stand above names, and above numbers and ids, too.
    """
    catalogue = formats.vocabulary.catalogue
    under = {column.key: column for column in reversed(block.columns)}
    stated = [under[key] for (key,) in groups]
    named = [column for column in stated if not names_none(column, catalogue)]
    if not named and present.fields.keys().isdisjoint(IDENTIFYING[1:]):
        return tuple(groups)
    unused = [
        column
        for column in block.columns
        if column.key not in formats.generic.keys | formats.vocabulary.personal
        and column.key
        and not column.is_nested
    ]
    best = best_named(named, unused if named else (), catalogue)
    by.update((column.key, "content") for column in best if column not in named)
    return tuple((column.key,) for column in best)


def _count_licenses(
    block: Block, generic: Format, fields: dict[str, Source], by: dict[str, str]
) -> None:
    """Read the seats from a column of licenses that holds numbers, where no other has them."""
    seats = fields.get("seats")
    stated = seats.columns if seats else ()
    if any(key not in _SUMS for (key,) in stated):
        return
    for column in block.columns:
        if column.key in _LICENSES and column.key not in by and counts(column):
            read = generic.fields["seats"]
            fields["seats"] = replace(read, columns=((column.key,), *stated))
            by[column.key] = "header"
            return


def _drop_sums(
    block: Block,
    formats: Formats,
    chosen: Mapping[str, str],
    fields: dict[str, Source],
    by: dict[str, str],
) -> None:
    """Take a total for no seats where it is money or another column may be what it adds up."""
    seats = fields.get("seats")
    sums = _SUMS.intersection(seats.keys) if seats else frozenset[str]()
    if seats is None or not sums:
        return
    unknown = [
        one
        for one in block.columns
        if one.key and one.key not in by and one.key not in chosen and not one.is_nested
    ]
    money = any(is_money(one, formats.vocabulary) for one in block.columns if one.key in sums)
    if not money and not (sums == {*seats.keys} and any(map(holds_numbers, unknown))):
        return
    kept = tuple(group for group in seats.columns if group[0] not in sums)
    if kept:
        fields["seats"] = replace(seats, columns=kept)
    else:
        del fields["seats"]
    for key in sums:
        del by[key]


def _by_content(column: Column, fields: Mapping[str, Source]) -> tuple[str, ...]:
    """Return the fields that the cells of a column show, where its header says nothing."""
    ids = ids_in(column)
    names = {
        "nce": ("nce_product_id", "nce_sku_id"),
        "guid": ("tenant_id",),
        "unique-guid": ("subscription_id",),
    }
    return tuple(name for name in names.get(ids, ()) if name not in fields)


def _changed(recognised: Recognised, chosen: Mapping[str, str], formats: Formats) -> Recognised:
    """Return a format as the reader wants its columns read."""
    found = recognised.format
    fields = {
        name: replace(
            source,
            columns=tuple(
                kept
                for group in source.columns
                if (kept := tuple(key for key in group if key not in chosen))
            ),
        )
        for name, source in found.fields.items()
    }
    for key, wanted in chosen.items():
        # The planner's own table has the plan's names for some fields.
        name = PLAN_NAMES.get(wanted, wanted) if found.is_own else wanted
        known = formats.own if found.is_own else formats.generic
        like = found.fields.get(name) or known.fields.get(name)
        if like is None:
            continue
        columns = ((key,), *(fields[name].columns if name in fields else ()))
        fields[name] = replace(like, columns=columns, plus=())
    fields = {name: source for name, source in fields.items() if source.keys}
    by = {**recognised.by, **dict.fromkeys(chosen, "reader")}
    return Recognised(replace(found, fields=fields), "chosen", recognised.signature, by)
