"""What one table of a paste adds to another: names, counts and prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import overload

from planner.model import Row, is_id
from planner.products import Catalogue
from planner.reading.subscriptions import OwnLine
from planner.reading.values import Vocabulary
from planner.reading.warnings import names_of, product_warning, warned

_UNCLEAR = {"product-unknown", "product-ambiguous"}

type _Price = tuple[Decimal, str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """One row of a part.

    Attributes:
        key: Its line in the whole reading.
        part: Number of its part.
        role: Of its part; see ``planner.model.Part``.
        stated: The row as its source prints it, or a line of the planner's own table.
        directory_ids: By which Graph's lists name its subscription; of a row that counts a
            product, those of all its subscriptions. They aren't those of Partner Center.
    """

    key: int
    part: int
    role: str
    stated: Row | OwnLine
    directory_ids: frozenset[str] = frozenset()

    @property
    def row(self) -> Row:
        """The row; that of the planner's own table is made when someone asks."""
        return _printed(self.stated)

    @property
    def names_customer(self) -> bool:
        """Whether anything says whose subscription it is."""
        own = self.stated
        if isinstance(own, OwnLine):
            return bool(own.stated.customer or own.stated.tenant_id or own.stated.tenant_domain)
        return bool(own.customer_name or own.tenant_id or own.tenant_domain)

    def with_row(self, row: Row) -> Read:
        """Return it with more in its row than it had."""
        own = self.stated
        return replace(self, stated=own.joined(row) if isinstance(own, OwnLine) else row)


class Rows(Sequence[Row]):
    """The rows of a reading, in its order; those of the planner's own table as someone looks.

    Attributes:
        keys: Their lines as the reading numbers them, over all files.
    """

    def __init__(self, reads: Sequence[Read]) -> None:
        self.keys = frozenset(read.key for read in reads)
        self._stated = [read.stated for read in reads]

    def __len__(self) -> int:
        return len(self._stated)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [_printed(one) for one in self._stated[place]]
        return _printed(self._stated[place])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # what compares by its items has no hash


def _printed(stated: Row | OwnLine) -> Row:
    return stated.row if isinstance(stated, OwnLine) else stated


def with_names(rows: Sequence[Read]) -> list[Read]:
    """Return rows with the customer names and domains that a list of customers gives."""
    known: dict[str, Row] = {}
    domains: dict[str, Row] = {}
    for read in rows:
        if read.role == "customers":
            if read.row.tenant_id and is_id(read.row.tenant_id):
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
    return read.with_row(
        replace(
            row,
            customer_name=row.customer_name or found.customer_name,
            tenant_id=row.tenant_id or found.tenant_id,
            tenant_domain=row.tenant_domain or found.tenant_domain,
        )
    )


@dataclass(frozen=True, slots=True)
class _Whose:
    """What tells whose subscription a row is: its tenant, its customer, its ids in Graph."""

    tenant: str
    customer: str
    ids: frozenset[str]

    def may_be(self, other: _Whose, *, alone: bool) -> bool:
        """Tell whether two rows can be of one subscription, as far as both say.

        ``alone``: all rows that say whose they are belong to one customer.
        """
        if self.tenant and other.tenant:
            same = self.tenant == other.tenant
        elif self.customer and other.customer:
            same = self.customer == other.customer
        else:
            same = alone or not self.ids.isdisjoint(other.ids)
        # Of two subscriptions of one tenant, Graph's ids tell which one is counted.
        told_apart = self.ids and other.ids and self.ids.isdisjoint(other.ids)
        return same and not told_apart


def _whose(read: Read) -> _Whose:
    row = read.row
    tenant = row.tenant_id if row.tenant_id and is_id(row.tenant_id) else ""
    customer = row.customer_name or row.tenant_domain or ""
    return _Whose(tenant.lower(), customer.casefold(), read.directory_ids)


def _are_of_one(rows: Iterable[_Whose]) -> bool:
    """Tell whether rows name no more than one tenant, or customer without one, between them."""
    stated = {*rows}
    known = {one.customer for one in stated if one.tenant}
    tenants = {one.tenant for one in stated if one.tenant}
    others = {one.customer for one in stated if not one.tenant} - known - {""}
    return len(tenants) + len(others) <= 1


def with_counts(rows: Sequence[Read], catalogue: Catalogue) -> tuple[list[Read], dict[int, int]]:
    """Return rows without those that only count a product whose subscriptions are there too.

    Assigned licences belong to the product: where its tenant has one subscription of it alone,
    they are its own. Also returns key of a row left out → key of the row that stands for it.
    """
    if not any(read.role == "counts" for read in rows):
        return list(rows), {}
    whose = {
        place: _whose(read)
        for place, read in enumerate(rows)
        if read.role in {"subscriptions", "counts"}
    }
    alone = _are_of_one(whose.values())
    dated: defaultdict[str, list[int]] = defaultdict(list)
    for place, read in enumerate(rows):
        if read.role == "subscriptions":
            for product in {*_products(read.row, catalogue)}:
                dated[product].append(place)
    merged: dict[int, int] = {}
    kept = list(rows)
    for counted, read in enumerate(rows):
        if read.role != "counts":
            continue
        its = whose[counted]
        found = (
            [place for place in dated[product] if its.may_be(whose[place], alone=alone)]
            for product in _products(read.row, catalogue)
            if product in dated
        )
        places = next(filter(None, found), [])
        if not places:
            continue
        merged[read.key] = rows[places[0]].key
        # Of users whose subscriptions aren't all listed, nobody knows how many are whose.
        listed = whose[places[0]].ids
        if len(places) == 1 and (not listed or its.ids <= listed):
            first = kept[places[0]]
            row = replace(
                first.row,
                assigned=read.row.assigned if first.row.assigned is None else first.row.assigned,
                tenant_id=first.row.tenant_id or read.row.tenant_id,
            )
            kept[places[0]] = first.with_row(row)
    return [read for read in kept if read.key not in merged], merged


def _products(row: Row, catalogue: Catalogue) -> list[str]:
    """Return what a row's product is compared by: its ids in Graph, and the product they name."""
    skus = [sku.lower() for sku in (row.sku_guid, row.sku_part_number) if sku]
    known = (catalogue.find(name).product for name in names_of(row) if name)
    return [*skus, *(f"product {one.key}" for one in known if one)]


def with_offers(rows: Sequence[Read], offers: Sequence[Row], vocabulary: Vocabulary) -> list[Read]:
    """Return rows with the ids that an offer matrix has for exactly their product and SKU.

    Graph's ids are the same for editions that new commerce tells apart. So they count only
    where the row's own don't lead to a product, and an id of new commerce only where the
    matrix has a single one.
    """
    by_offer: dict[tuple[str, str], Row] = {}
    by_sku: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for offer in offers:
        if offer.nce_product_id and offer.nce_sku_id:
            ids = offer.nce_product_id, offer.nce_sku_id
            by_offer.setdefault(ids, offer)
            for sku in filter(None, (offer.sku_guid, offer.sku_part_number)):
                by_sku[sku.lower()].add(ids)
    if not by_offer:
        return list(rows)
    return [_offered(read, by_offer, by_sku, vocabulary) for read in rows]


def _offered(
    read: Read,
    by_offer: Mapping[tuple[str, str], Row],
    by_sku: Mapping[str, set[tuple[str, str]]],
    vocabulary: Vocabulary,
) -> Read:
    row = read.row
    if not row.nce_product_id:
        skus = filter(None, (row.sku_guid, row.sku_part_number))
        found = next((by_sku[sku.lower()] for sku in skus if sku.lower() in by_sku), set())
        if len(found) == 1:
            ((product, sku),) = found
            row = replace(row, nce_product_id=product, nce_sku_id=sku)
    offer = by_offer.get((row.nce_product_id or "", row.nce_sku_id or ""))
    if offer is None:
        return read
    if _UNCLEAR.isdisjoint(row.warnings):
        return read.with_row(replace(row, product_name=row.product_name or offer.product_name))
    row = replace(
        row,
        product_name=row.product_name or offer.product_name,
        sku_guid=row.sku_guid or offer.sku_guid,
        sku_part_number=row.sku_part_number or offer.sku_part_number,
        warnings=tuple(code for code in row.warnings if code not in _UNCLEAR),
    )
    row = warned(row, "product-from-offer-matrix", vocabulary.warnings)
    if code := product_warning(names_of(row), vocabulary.catalogue):
        row = warned(row, code, vocabulary.warnings)
    return read.with_row(row)


def with_prices(rows: Sequence[Read], prices: Sequence[Row], listed: Sequence[str]) -> list[Read]:
    """Return rows with the price that a price sheet has for exactly their product and terms.

    Where the sheet has several markets, the row's own one counts. ``listed`` are the codes
    of warnings in their order: a list price isn't always the price paid.
    """
    found: defaultdict[tuple[str | None, ...], set[_Price]] = defaultdict(set)
    for price in prices:
        if price.unit_price is not None and price.nce_product_id and price.nce_sku_id:
            said = price.unit_price, price.currency or "", price.market or ""
            found[_offer(price)].add(said)
    if not found:
        return list(rows)
    return [_priced(read, found, listed) for read in rows]


def _priced(
    read: Read, sheet: Mapping[tuple[str | None, ...], set[_Price]], listed: Sequence[str]
) -> Read:
    row = read.row
    found = sheet.get(_offer(row), set())
    own = {one for one in found if row.market and one[2] == row.market} or found
    if row.unit_price is not None or len(own) != 1:
        return read
    ((price, currency, _),) = own
    row = replace(row, unit_price=price, currency=currency or row.currency)
    return read.with_row(warned(row, "list-price", listed))


def _offer(row: Row) -> tuple[str | None, ...]:
    return row.nce_product_id, row.nce_sku_id, row.term_duration, row.billing_cycle
