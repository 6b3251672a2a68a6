"""What one table of a paste adds to another: names, counts and prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from planner.model import Row


@dataclass(frozen=True, slots=True)
class Read:
    """One row of a part.

    Attributes:
        key: Its line in the whole reading.
        part: Number of its part.
        role: Of its part; see ``planner.model.Part``.
    """

    key: int
    part: int
    role: str
    row: Row


def with_names(rows: Sequence[Read]) -> list[Read]:
    """Return rows with the customer names and domains that a list of customers gives."""
    known: dict[str, Row] = {}
    domains: dict[str, Row] = {}
    for read in rows:
        if read.role == "customers":
            if read.row.tenant_id:
                known.setdefault(read.row.tenant_id.lower(), read.row)
            if read.row.tenant_domain:
                domains.setdefault(read.row.tenant_domain.lower(), read.row)
    if not known and not domains:
        return list(rows)
    return [_named(read, known, domains) for read in rows]


def _named(read: Read, known: Mapping[str, Row], domains: Mapping[str, Row]) -> Read:
    row = read.row
    found = known.get((row.tenant_id or "").lower()) or domains.get(
        (row.tenant_domain or "").lower()
    )
    if found is None or read.role == "customers":
        return read
    return replace(
        read,
        row=replace(
            row,
            customer_name=row.customer_name or found.customer_name,
            tenant_id=row.tenant_id or found.tenant_id,
            tenant_domain=row.tenant_domain or found.tenant_domain,
        ),
    )


def with_counts(rows: Sequence[Read]) -> tuple[list[Read], dict[int, int]]:
    """Return rows without those that only count a product whose subscriptions are there too.

    Assigned licences belong to the product: where it has one subscription alone, they are
    its own. Also returns key of a row left out → key of the row that stands for it.
    """
    dated: defaultdict[str, list[int]] = defaultdict(list)
    tenants: set[str] = set()
    for place, read in enumerate(rows):
        if read.role == "subscriptions":
            tenants.add((read.row.tenant_id or "").lower())
            for sku in {*_skus(read.row)}:
                dated[sku].append(place)
    merged: dict[int, int] = {}
    kept = list(rows)
    for read in rows:
        if read.role != "counts" or len(tenants - {""}) > 1:
            continue
        places = next((dated[sku] for sku in _skus(read.row) if sku in dated), [])
        if not places:
            continue
        merged[read.key] = rows[places[0]].key
        if len(places) == 1:
            first = kept[places[0]]
            row = replace(
                first.row,
                assigned=read.row.assigned if first.row.assigned is None else first.row.assigned,
                tenant_id=first.row.tenant_id or read.row.tenant_id,
            )
            kept[places[0]] = replace(first, row=row)
    return [read for read in kept if read.key not in merged], merged


def _skus(row: Row) -> list[str]:
    return [sku.lower() for sku in (row.sku_guid, row.sku_part_number) if sku]


def with_prices(rows: Sequence[Read], prices: Sequence[Row]) -> list[Read]:
    """Return rows with the price that a price sheet has for exactly their product and terms."""
    listed: defaultdict[tuple[str | None, ...], set[tuple[Decimal, str]]] = defaultdict(set)
    for price in prices:
        if price.unit_price is not None and price.nce_product_id and price.nce_sku_id:
            listed[_offer(price)].add((price.unit_price, price.currency or ""))
    if not listed:
        return list(rows)
    return [_priced(read, listed) for read in rows]


def _priced(read: Read, listed: Mapping[tuple[str | None, ...], set[tuple[Decimal, str]]]) -> Read:
    row = read.row
    found = listed.get(_offer(row), set())
    if row.unit_price is not None or len(found) != 1:
        return read
    ((price, currency),) = found
    return replace(read, row=replace(row, unit_price=price, currency=currency or row.currency))


def _offer(row: Row) -> tuple[str | None, ...]:
    return row.nce_product_id, row.nce_sku_id, row.term_duration, row.billing_cycle
