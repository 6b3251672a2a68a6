"""The closed vocabulary of facts that conditions in ``data/rules`` may name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from planner.conditions import Fact
from planner.deciding.products import product_type, sold_as
from planner.deciding.terms import Term
from planner.knowledge import Knowledge
from planner.model import UNKNOWN, Settings, Subscription
from planner.products import Match

_SEGMENTS = {"government": "gcc"}
_FEBRUARY, _LEAP_DAY = 2, 29


class Neighbours(NamedTuple):
    """What the other lines of a paste say about one line.

    Attributes:
        active: Active subscriptions of the same customer, this one included.
        other_sellers: The customer has the same product from another channel too (D-37).
        listed_twice: The same subscription stands in the paste again (D-36).
        seats_together: Licenses that its customer's lines of the product to buy add up to.
    """

    active: int = 1
    other_sellers: bool = False
    listed_twice: bool = False
    seats_together: int = 0


class Stated(NamedTuple):
    """What a line says in words: all that ``stated_facts`` reads of it."""

    channel: str
    billing_account: str
    product_type: str
    product: str
    product_id: str
    target_product: str
    state: str
    term: str
    end_kind: str
    auto_renew: str
    offer: str
    equivalent: str
    source_agrees: str
    relationship: str
    agreement_accepted: str
    partner_market: str
    customer_market: str
    cloud: str
    target_cloud: str
    segment: str
    qualification: str
    partner_type: str
    same_provider: str
    azure_agreement: str
    azure_expert_msp: str
    federated: str
    migration: str


stated_in: Callable[[Subscription], tuple[str, ...]] = attrgetter(*Stated._fields)
"""Return the fields of ``Stated``, in order, as a plain tuple: what tells kinds of lines apart."""


def stated_facts(stated: Stated, settings: Settings, knowledge: Knowledge) -> dict[str, Fact]:
    """Return the facts that follow from a line's words alone.

    Region follows R-509 and R-510: ``ok`` (one country), ``same-market``, ``blocked``,
    ``unclear`` or ``unknown``.
    """
    sold = sold_as(stated.product, stated.product_id, knowledge)
    bought = knowledge.catalogue.find(stated.target_product) if stated.target_product else sold
    kind = product_type(stated.product_type, sold)
    return {
        "channel": stated.channel,
        "billing_account": stated.billing_account,
        "product_type": kind,
        "product_known": _product_known(sold, settings.as_of),
        "state": stated.state,
        "term": stated.term,
        "end_kind": stated.end_kind,
        "customer_in": _customer_in(stated, knowledge),
        "auto_renew": stated.auto_renew,
        "seat_cap": bought.agreed(lambda product: product.seat_cap) or "none",
        "three_year_minimum": _answer(
            known=bought.agreed(lambda product: product.has_three_year_minimum_on(settings.as_of))
            is True
        ),
        "add_on": _answer(known=bought.agreed(lambda product: product.add_on) is True),
        "off_sale": sold.agreed(lambda product: product.off_sale_on(settings.as_of)) or "no",
        "offer": stated.offer,
        "equivalent": stated.equivalent,
        "source_agrees": stated.source_agrees,
        "relationship": stated.relationship,
        "agreement_accepted": stated.agreement_accepted,
        "region": _region(stated, settings, knowledge),
        "tenant": _tenant(stated, sold),
        "cloud": stated.cloud,
        "segment": _segment(stated, kind, bought),
        "qualification": _qualification(stated),
        "partner_type": stated.partner_type,
        "same_provider": stated.same_provider,
        "agreement": stated.azure_agreement,
        "azure_expert_msp": stated.azure_expert_msp,
        "federated": stated.federated,
        "migration": stated.migration,
    }


class CountedFacts(NamedTuple):
    """The facts that follow from a line's days and numbers, and from the other lines."""

    start: dt.date | None
    end: dt.date | None
    end_differs: str
    end_computed: str
    renewed: str
    days_left: int | None
    stage_end: dt.date | None
    starts_on_leap_day: str
    starts_after_end: str
    days_since_start: int | None
    seats: int | None
    base: str
    wished_lead: int | None
    wished: str
    transfer_planned: str
    days_since_request: int | None
    subscriptions: int
    other_sellers: str
    listed_twice: str
    seats_together: int


def counted_facts(term: Term, as_of: dt.date, neighbours: Neighbours) -> CountedFacts:
    """Return the facts that follow from a line's days and numbers, and from the other lines.

    Days left and days since the start are counted from the as-of day; both are
    ``None`` where the day is unknown.
    """
    line = term.subscription
    start, end = line.start, line.end
    since_start = _days(start, as_of)
    since_request = _days(line.transfer_request_created, as_of)
    return CountedFacts(
        start,
        end,
        "yes" if term.end_differs else "no",
        "assumed" if term.end_assumed else "yes" if term.end_computed else "no",
        "yes" if term.renewed else "no",
        _days(as_of, end),
        line.stage_end,
        "yes" if start and start.month == _FEBRUARY and start.day == _LEAP_DAY else "no",
        "yes" if start and end and start > end else "no",
        None if since_start is None or since_start < 0 else since_start,
        line.seats,
        "yes" if line.base_product else "no",
        _days(line.new_start, end),
        "yes" if line.new_start is not None else "no",
        "yes" if since_request is not None and since_request <= 0 else "no",
        None if since_request is None or since_request < 0 else since_request,
        max(neighbours.active, line.covers),
        "yes" if neighbours.other_sellers else "no",
        "yes" if neighbours.listed_twice else "no",
        max(neighbours.seats_together, line.seats or 0),
    )


def _product_known(sold: Match, as_of: dt.date) -> str:
    """Tell whether a product is known: ``ambiguous`` where a plan could depend on which it is."""
    if not sold.products:
        return "no"
    if sold.product:
        return "yes"
    alike = sold.agreed(
        lambda one: (
            one.title,
            one.segment,
            one.cloud,
            one.kind,
            one.add_on,
            one.seat_cap,
            one.has_three_year_minimum_on(as_of),
            one.off_sale_on(as_of),
        )
    )
    # Something with a name or a part of an id in common is not yet the same product.
    return "yes" if alike and len(sold.products) > 1 else "ambiguous"


def _segment(stated: Stated, kind: str, bought: Match) -> str:
    """Return the segment that the paste states, else that of the product to be bought (R-132)."""
    if stated.segment != UNKNOWN:
        return stated.segment
    if kind == "free":
        return "commercial"
    segment = bought.segment or bought.agreed(lambda product: product.segment) or "commercial"
    return _SEGMENTS.get(segment, segment)


def _answer(*, known: bool) -> str:
    return "yes" if known else "no"


def _days(earlier: dt.date | None, later: dt.date | None) -> int | None:
    return (later - earlier).days if earlier and later else None


def _qualification(stated: Stated) -> str:
    """Return whether the customer qualifies for its own segment (R-132)."""
    qualification = stated.qualification
    if qualification in {"held", "missing", UNKNOWN}:
        return qualification
    return "held" if qualification == stated.segment else "missing"


def _region(stated: Stated, settings: Settings, knowledge: Knowledge) -> str:
    partner = knowledge.country(stated.partner_market or settings.market)
    customer = knowledge.country(stated.customer_market)
    if not partner or not customer:
        return UNKNOWN
    if partner == customer:
        return "ok"
    known = [knowledge.markets.get(country) for country in (partner, customer)]
    if None not in known:
        return "same-market" if known[0] == known[1] else "blocked"
    if any(market and market.listed_in_full for market in known):
        return "blocked"
    return "unclear"


def _customer_in(stated: Stated, knowledge: Knowledge) -> str:
    """Return whether the customer's country belongs to the European market."""
    country = knowledge.country(stated.customer_market)
    if not country:
        return UNKNOWN
    market = knowledge.markets.get(country)
    return "europe" if market and market.name == "europe" else "elsewhere"


def _tenant(stated: Stated, sold: Match) -> str:
    here, there = stated.cloud, stated.target_cloud
    if here == UNKNOWN:
        here = sold.agreed(lambda product: product.cloud) or UNKNOWN
    return "other" if UNKNOWN not in (here, there) and here != there else "same"
