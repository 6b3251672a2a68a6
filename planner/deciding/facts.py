"""The closed vocabulary of facts that conditions in ``data/rules`` may name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from planner.conditions import Fact
from planner.deciding.terms import Term
from planner.knowledge import Knowledge
from planner.model import UNKNOWN, Settings, Subscription
from planner.products import Match

_SEGMENTS = {"government": "gcc"}


@dataclass(frozen=True, slots=True)
class Neighbours:
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


def facts_of(
    term: Term,
    settings: Settings,
    knowledge: Knowledge,
    neighbours: Neighbours,
) -> dict[str, Fact]:
    """Return every fact about a line that the paste itself settles.

    Days left and days since the start are counted from the as-of day; both are
    ``None`` where the day is unknown. Region follows R-509 and R-510: ``ok`` (one
    country), ``same-market``, ``blocked``, ``unclear`` or ``unknown``.
    """
    subscription = term.subscription
    start, end = subscription.start, subscription.end
    since_start = _days(start, settings.as_of)
    since_request = _days(subscription.transfer_request_created, settings.as_of)
    sold = _named(subscription, knowledge)
    bought = sold
    if subscription.target_product:
        bought = knowledge.catalogue.find(subscription.target_product)
    product_type = _product_type(subscription, sold)
    return {
        "channel": subscription.channel,
        "billing_account": subscription.billing_account,
        "product_type": product_type,
        "product_known": _product_known(sold, settings.as_of),
        "state": subscription.state,
        "term": subscription.term,
        "start": start,
        "end": end,
        "end_kind": subscription.end_kind,
        "end_differs": _answer(known=term.end_differs),
        "end_computed": _answer(known=term.end_computed),
        "renewed": _answer(known=term.renewed),
        "days_left": _days(settings.as_of, end),
        "stage_end": subscription.stage_end,
        "starts_on_leap_day": _answer(known=bool(start and (start.month, start.day) == (2, 29))),
        "customer_in": _customer_in(subscription, knowledge),
        "starts_after_end": _answer(known=bool(start and end and start > end)),
        "days_since_start": None if since_start is None or since_start < 0 else since_start,
        "auto_renew": subscription.auto_renew,
        "seats": subscription.seats,
        "seat_cap": bought.agreed(lambda product: product.seat_cap) or "none",
        "add_on": _answer(known=bought.agreed(lambda product: product.add_on) is True),
        "off_sale": sold.agreed(lambda product: product.off_sale_on(settings.as_of)) or "no",
        "offer": subscription.offer,
        "equivalent": subscription.equivalent,
        "source_agrees": subscription.source_agrees,
        "relationship": subscription.relationship,
        "agreement_accepted": subscription.agreement_accepted,
        "region": _region(subscription, settings, knowledge),
        "tenant": _tenant(subscription, sold),
        "cloud": subscription.cloud,
        "segment": _segment(subscription, product_type, bought),
        "qualification": _qualification(subscription),
        "partner_type": subscription.partner_type,
        "same_provider": subscription.same_provider,
        "agreement": subscription.azure_agreement,
        "azure_expert_msp": subscription.azure_expert_msp,
        "federated": subscription.federated,
        "base": _answer(known=bool(subscription.base_product)),
        "migration": subscription.migration,
        "wished_lead": _days(subscription.new_start, end),
        "wished": _answer(known=subscription.new_start is not None),
        "transfer_planned": _answer(known=since_request is not None and since_request <= 0),
        "days_since_request": None if since_request is None or since_request < 0 else since_request,
        "subscriptions": max(neighbours.active, subscription.covers),
        "other_sellers": _answer(known=neighbours.other_sellers),
        "listed_twice": _answer(known=neighbours.listed_twice),
        "seats_together": max(neighbours.seats_together, subscription.seats or 0),
    }


def _named(subscription: Subscription, knowledge: Knowledge) -> Match:
    """Return what a line's product is: by its id where that names products, else by its name."""
    named = knowledge.catalogue.find(subscription.product)
    if not subscription.product_id:
        return named
    found = knowledge.catalogue.find(subscription.product_id)
    if not found.products:
        return named
    # Editions that share an id differ in their names alone.
    return replace(found, segment=named.segment, trial=named.trial)


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
            one.off_sale_on(as_of),
        )
    )
    # Something with a name or a part of an id in common is not yet the same product.
    return "yes" if alike and len(sold.products) > 1 else "ambiguous"


def _product_type(subscription: Subscription, sold: Match) -> str:
    """Return the type that the paste states, else the catalogue's; free is free either way."""
    stated = subscription.product_type
    kind = sold.agreed(lambda product: product.kind)
    if kind == "free" and stated in {UNKNOWN, "license"}:
        return "free"
    if stated != UNKNOWN:
        return stated
    return "trial" if kind == "trial" or sold.trial else "license"


def _segment(subscription: Subscription, product_type: str, bought: Match) -> str:
    """Return the segment that the paste states, else that of the product to be bought (R-132)."""
    if subscription.segment != UNKNOWN:
        return subscription.segment
    if product_type == "free":
        return "commercial"
    segment = bought.segment or bought.agreed(lambda product: product.segment) or "commercial"
    return _SEGMENTS.get(segment, segment)


def _answer(*, known: bool) -> str:
    return "yes" if known else "no"


def _days(earlier: dt.date | None, later: dt.date | None) -> int | None:
    return (later - earlier).days if earlier and later else None


def _qualification(subscription: Subscription) -> str:
    """Return whether the customer qualifies for its own segment (R-132)."""
    stated = subscription.qualification
    if stated in {"held", "missing", UNKNOWN}:
        return stated
    return "held" if stated == subscription.segment else "missing"


def _region(subscription: Subscription, settings: Settings, knowledge: Knowledge) -> str:
    partner = knowledge.country(subscription.partner_market or settings.market)
    customer = knowledge.country(subscription.customer_market)
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


def _customer_in(subscription: Subscription, knowledge: Knowledge) -> str:
    """Return whether the customer's country belongs to the European market."""
    country = knowledge.country(subscription.customer_market)
    if not country:
        return UNKNOWN
    market = knowledge.markets.get(country)
    return "europe" if market and market.name == "europe" else "elsewhere"


def _tenant(subscription: Subscription, sold: Match) -> str:
    here, there = subscription.cloud, subscription.target_cloud
    if here == UNKNOWN:
        here = sold.agreed(lambda product: product.cloud) or UNKNOWN
    return "other" if UNKNOWN not in (here, there) and here != there else "same"
