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
    held: list[tuple[str, tuple[str, str], tuple[str, str]]] = []
    for line in subscriptions:
        customer, product = customer_of(line), line.product.lower()
        sold = customer, product
        # What its licenses would be in CSP counts towards that product's cap.
        bought = (customer, line.target_product.lower()) if line.target_product else sold
        held.append((customer, sold, bought))
        if line.state in {"active", "unknown"}:
            seats[bought] += line.seats or 0
            active[customer] += line.covers
        if product:
            sellers[sold].add(line.channel)
    return [
        Neighbours(
            active=active[customer],
            other_sellers=len(sellers.get(sold, ())) > 1,
            listed_twice=line.line in listed_twice,
            seats_together=seats[bought],
        )
        for line, (customer, sold, bought) in zip(subscriptions, held, strict=True)
    ]
