"""Everything that was read → the reading: what joins what, what is planned, what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planner.knowledge import Knowledge
from planner.model import Problem, Reading, Row, Subscription
from planner.reading.joins import Read, with_counts, with_names, with_offers, with_prices
from planner.reading.subscriptions import subscription_of
from planner.reading.work import Work

_UNUSED = {"unknown-column", "unneeded-column"}


def reading_of(work: Work, fingerprint: str, knowledge: Knowledge) -> Reading:
    """Return what all sources add up to, each line under a number of its own."""
    reads = _numbered(work)
    vocabulary = work.formats.vocabulary
    reads = with_offers(with_names(reads), work.offers, vocabulary)
    reads = with_prices(reads, work.prices, vocabulary.warnings)
    planned, joined = with_counts(reads, knowledge.catalogue)
    merged = {**work.merged, **joined}
    set_aside = list(work.set_aside)
    subscriptions: list[Subscription] = []
    catalogue = knowledge.catalogue
    for read in planned:
        if read.role == "customers":
            set_aside.append(Problem("customer-list", read.key))
        elif read.key in work.own and read.row.source_format == work.formats.own.format_id:
            subscriptions.append(_own(work.own[read.key], read.row))
        elif _is_named(read.row) or read.row.term_end:
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


def _is_named(row: Row) -> bool:
    """Tell whether anything says which product or subscription a row is."""
    product = row.product_name or row.sku_part_number or row.sku_guid or row.part_number
    offer = row.nce_product_id or row.legacy_offer_id
    return bool(product or offer or row.friendly_name or row.subscription_id)


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


def _numbered(work: Work) -> list[Read]:
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
