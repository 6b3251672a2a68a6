"""The closed vocabulary of facts that conditions in ``data/rules`` may name."""

from __future__ import annotations

from dataclasses import dataclass

from planner.conditions import Fact
from planner.deciding.terms import Term
from planner.knowledge import Knowledge
from planner.model import UNKNOWN, Settings, Subscription


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the other lines of a paste say about one line.

    Attributes:
        active: Active subscriptions of the same customer, this one included.
        other_sellers: The customer has the same product from another channel too (D-37).
        listed_twice: The same subscription stands in the paste again (D-36).
    """

    active: int = 1
    other_sellers: bool = False
    listed_twice: bool = False


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
    since_start = (settings.as_of - start).days if start else None
    bought = subscription.target_product or subscription.product
    return {
        "channel": subscription.channel,
        "billing_account": subscription.billing_account,
        "product_type": subscription.product_type,
        "state": subscription.state,
        "term": subscription.term,
        "start": start,
        "end": end,
        "end_kind": subscription.end_kind,
        "end_differs": _answer(known=term.end_differs),
        "end_computed": _answer(known=term.end_computed),
        "renewed": _answer(known=term.renewed),
        "days_left": (end - settings.as_of).days if end else None,
        "days_since_start": None if since_start is None or since_start < 0 else since_start,
        "auto_renew": subscription.auto_renew,
        "seats": subscription.seats,
        "seat_cap": knowledge.seat_caps.get(bought.lower(), "none"),
        "offer": subscription.offer,
        "equivalent": subscription.equivalent,
        "source_agrees": subscription.source_agrees,
        "relationship": subscription.relationship,
        "region": _region(subscription, settings, knowledge),
        "tenant": _tenant(subscription),
        "segment": subscription.segment,
        "qualification": subscription.qualification,
        "partner_type": subscription.partner_type,
        "same_provider": subscription.same_provider,
        "agreement": subscription.azure_agreement,
        "azure_expert_msp": subscription.azure_expert_msp,
        "federated": subscription.federated,
        "base": _answer(known=bool(subscription.base_product)),
        "migration": subscription.migration,
        "wished": _answer(known=subscription.new_start is not None),
        "transfer_planned": _answer(known=subscription.transfer_request_created is not None),
        "subscriptions": max(neighbours.active, subscription.covers),
        "other_sellers": _answer(known=neighbours.other_sellers),
        "listed_twice": _answer(known=neighbours.listed_twice),
    }


def _answer(*, known: bool) -> str:
    return "yes" if known else "no"


def _region(subscription: Subscription, settings: Settings, knowledge: Knowledge) -> str:
    partner = subscription.partner_market or settings.market
    customer = subscription.customer_market
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


def _tenant(subscription: Subscription) -> str:
    here, there = subscription.cloud, subscription.target_cloud
    return "other" if UNKNOWN not in (here, there) and here != there else "same"
