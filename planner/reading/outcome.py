"""Everything that was read → the reading: what joins what, what is planned, what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.knowledge import Knowledge
from planner.model import Problem, Reading, Row, Subscription
from planner.products import Catalogue
from planner.reading.counts import with_users
from planner.reading.joins import (
    Read,
    Rows,
    with_counts,
    with_names,
    with_offers,
    with_prices,
)
from planner.reading.subscriptions import OwnLine, subscriptions_of
from planner.reading.work import Work

_UNUSED = {"unknown-column", "cut-header", "unneeded-column", "no-word-known"}


def reading_of(work: Work, fingerprint: str, knowledge: Knowledge) -> Reading:
    """Return what all sources add up to, each line under a number of its own."""
    reads = _numbered(work)
    vocabulary = work.formats.vocabulary
    reads = with_offers(with_names(reads), work.offers, vocabulary)
    reads = with_prices(reads, work.prices, vocabulary.warnings)
    reads = with_users(reads, vocabulary.warnings)
    planned, joined = with_counts(reads, knowledge.catalogue)
    if joined:  # A table of counts may have brought the users.
        planned = with_users(planned, vocabulary.warnings)
    merged = {**work.merged, **joined}
    set_aside = list(work.set_aside)
    named: list[Read] = []
    for read in planned:
        if read.role == "customers":
            set_aside.append(Problem("customer-list", read.key))
        elif isinstance(read.stated, OwnLine) or _is_named(read.stated) or read.stated.term_end:
            named.append(read)
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
        subscriptions=_subscriptions(named, work, knowledge.catalogue),
        set_aside=tuple(sorted(set_aside, key=lambda problem: problem.line)),
        notes=tuple(work.notes),
        mapping=work.mappings.get(number, {}),
        unused=tuple(note.column for note in work.notes if note.id in _UNUSED and note.column),
        as_of=work.as_of.get(number),
        rows=Rows(reads),
        parts=tuple(work.parts),
        merged=merged,
        places=work.places,
        warned={read.key: read.stated.warnings for read in planned if read.stated.warnings},
        encoding=main.encoding if main else "",
    )


def _is_named(row: Row) -> bool:
    """Tell whether anything says which product or subscription a row is."""
    product = row.product_name or row.sku_part_number or row.sku_guid or row.part_number
    offer = row.nce_product_id or row.legacy_offer_id
    return bool(product or offer or row.friendly_name or row.subscription_id)


def _subscriptions(
    reads: Sequence[Read], work: Work, catalogue: Catalogue
) -> tuple[Subscription, ...]:
    """Return what the plan needs of each row, in their order."""
    made = {read.key: read.stated.stated for read in reads if isinstance(read.stated, OwnLine)}
    of_parts: dict[int, dict[int, Row]] = {}
    for read in reads:
        if isinstance(read.stated, Row):
            of_parts.setdefault(read.part, {})[read.key] = read.stated
    for number, rows in of_parts.items():
        found = subscriptions_of(rows, work.stages[number], catalogue, work.beyond)
        made.update(zip(rows, found, strict=True))
    return tuple(
        line if line.line == read.key else replace(line, line=read.key)
        for read in reads
        if (line := made[read.key])
    )


def _numbered(work: Work) -> list[Read]:
    """Return the rows with a number each; a line's second subscription gets one after all."""
    if len({read.key for read in work.reads}) == len(work.reads):
        return work.reads
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
