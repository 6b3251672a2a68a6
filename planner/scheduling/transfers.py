"""Which transfer request each line goes into: at most so many items of one customer (F-11)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.knowledge import Knowledge, NotInForce
from planner.model import Recommendation, customer_of

_CREATED = "transfer_request_created"


@dataclass(frozen=True, slots=True)
class Requests:
    """The transfer requests that a line is part of.

    Attributes:
        parts: Their numbers among its customer's requests, from 1.
        of: How many requests its customer's lines take.
    """

    parts: tuple[int, ...]
    of: int


def transfer_requests(
    recommendations: Iterable[Recommendation], knowledge: Knowledge
) -> dict[int, Requests]:
    """Return the requests of each line whose subscription itself changes hands.

    A request holds what one customer's lines have in one channel, up to R-309's items
    where that rule is in force. A line that stands for several subscriptions can go
    into several requests. What was asked for on another day is another request.
    """
    groups: defaultdict[tuple[str, str, dt.date | None], list[Recommendation]] = defaultdict(list)
    for one in recommendations:
        plan = knowledge.path_plans.get(one.path)
        if plan and plan.in_place:
            line = one.subscription
            groups[customer_of(line), line.channel, one.dates.get(_CREATED)].append(one)
    held = _items_per_request(knowledge)
    parts: dict[int, tuple[int, ...]] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for customer, channel, created in sorted(groups, key=_order):
        first, items = counts[customer], 0
        for one in sorted(groups[customer, channel, created], key=_earliest_end):
            line, last = one.subscription, items + one.subscription.covers
            numbers = range(items // held, (last - 1) // held + 1) if held else range(1)
            parts[line.line] = tuple(first + number + 1 for number in numbers)
            counts[customer] = parts[line.line][-1]
            items = last
    return {
        one.subscription.line: Requests(
            parts[one.subscription.line], counts[customer_of(one.subscription)]
        )
        for group in groups.values()
        for one in group
    }


def with_transfer_requests(
    recommendations: tuple[Recommendation, ...], requests: Mapping[int, Requests]
) -> dict[int, int]:
    """Return line → requests that its customer's transfers take, where it is more than one."""
    return {
        one.subscription.line: requests[one.subscription.line].of
        for one in recommendations
        if one.subscription.line in requests and requests[one.subscription.line].of > 1
    }


def _items_per_request(knowledge: Knowledge) -> int:
    """Return how many items a request holds; 0 where no rule in force says so."""
    try:
        return knowledge.days(["R-309.items_per_transfer"])
    except NotInForce:
        return 0


def _order(group: tuple[str, str, dt.date | None]) -> tuple[str, str, dt.date]:
    customer, channel, created = group
    return customer, channel, created or dt.date.max


def _earliest_end(one: Recommendation) -> tuple[dt.date, str, str, int]:
    line = one.subscription
    return line.end or dt.date.max, line.subscription_id, line.product, line.line
