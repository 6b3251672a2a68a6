"""What stands beside a line: the other subscriptions of its customer."""

from __future__ import annotations

from collections import Counter, defaultdict

from planner.deciding.facts import Neighbours
from planner.model import Subscription, customer_of


def neighbours_of(
    subscriptions: tuple[Subscription, ...], listed_twice: frozenset[int]
) -> list[Neighbours]:
    """Return what stands beside each line among its customer's, in the order given.

    ``listed_twice`` names the lines that another line repeats.
    """
    active: Counter[str] = Counter()
    sellers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    seats: Counter[tuple[str, str]] = Counter()
    customers = [customer_of(line) for line in subscriptions]
    bought = [_to_buy(line) for line in subscriptions]
    for line, customer, product in zip(subscriptions, customers, bought, strict=True):
        if line.state in {"active", "unknown"}:
            seats[customer, product] += line.seats or 0
            active[customer] += line.covers
        if line.product:
            sellers[customer, line.product.lower()].add(line.channel)
    return [
        Neighbours(
            active=active[customer],
            other_sellers=len(sellers.get((customer, line.product.lower()), ())) > 1,
            listed_twice=line.line in listed_twice,
            seats_together=seats[customer, product],
        )
        for line, customer, product in zip(subscriptions, customers, bought, strict=True)
    ]


def _to_buy(line: Subscription) -> str:
    """Return the name of the product that a line's licenses would be in CSP."""
    return (line.target_product or line.product).lower()
