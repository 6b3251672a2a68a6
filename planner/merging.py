"""Lines that name one subscription: kept once, with what the others add to it (D-36)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any

from planner.model import Subscription, customer_of, is_guid, is_id

_NOT_COMPARED = frozenset({"line", "subscription_id", "end_kind", "end_printed"})
_TOGETHER = (
    (("start", "end"), ("end_kind", "end_printed")),
    (("end",), ("end_kind", "end_printed")),
    (("state",), ("stage_end",)),
    (("channel",), ("billing_account",)),
    (("unit_price",), ("currency",)),
)
"""Fields that are taken only where a line states none of them, with those that explain them."""

_NOT_TAKEN = frozenset({"line", "subscription_id", "product_id", "covers"}).union(
    *(frozenset({*asked, *more}) for asked, more in _TOGETHER)
)
_UNSTATED: dict[str, Any] = {one.name: one.default for one in fields(Subscription)}
_MOST_CUSTOMERS = 2


def merge(
    subscriptions: tuple[Subscription, ...],
) -> tuple[tuple[Subscription, ...], dict[int, int], dict[int, tuple[str, ...]]]:
    """Keep each subscription once (D-36): by its GUID, by any other id within its customer.

    What is no id is no reason to. What the line kept doesn't state, it has from the others.
    Returns the lines kept, line → line kept, and line → fields in which both differ.
    """
    shared = _shared(subscriptions)
    kept: dict[object, Subscription] = {}
    merged: dict[int, int] = {}
    differing: dict[int, tuple[str, ...]] = {}
    for line in subscriptions:
        name = _name(line, shared)
        same = kept.setdefault(name, line)
        if same is line:
            continue
        merged[line.line] = same.line
        if fields_differing := _differing(same, line):
            differing[line.line] = fields_differing
        kept[name] = _completed(same, line)
    return tuple(kept.values()), merged, differing


def _name(line: Subscription, shared: Collection[str]) -> object:
    """Return what tells a subscription from all others of a paste."""
    name = line.subscription_id.casefold()
    if not is_id(name):
        return line.line
    return name if is_guid(name) and name not in shared else (customer_of(line), name)


def _shared(subscriptions: tuple[Subscription, ...]) -> frozenset[str]:
    """Return GUIDs that can't be those of subscriptions, whatever their column is called.

    Under two customers, one may be written in two ways; what stands under more names a product.
    """
    customers: defaultdict[str, set[str]] = defaultdict(set)
    for line in subscriptions:
        if customer := customer_of(line):
            customers[line.subscription_id.casefold()].add(customer)
    return frozenset(name for name, found in customers.items() if len(found) > _MOST_CUSTOMERS)


def _differing(one: Subscription, other: Subscription) -> tuple[str, ...]:
    """Return the fields that both lines state, and not alike; a product has many ids."""
    alike = _NOT_COMPARED | ({"product_id"} if _are_one_product(one, other) else set())
    return tuple(
        name
        for name, unstated in _UNSTATED.items()
        if name not in alike
        and _plain(getattr(one, name)) != _plain(getattr(other, name))
        and unstated not in {getattr(one, name), getattr(other, name)}
    )


def _completed(one: Subscription, other: Subscription) -> Subscription:
    """Return a line with what it doesn't state and another line of the same subscription does."""
    taken = {
        name
        for name, unstated in _UNSTATED.items()
        if name not in _NOT_TAKEN and getattr(one, name) == unstated
    }
    for asked, more in _TOGETHER:
        if all(getattr(one, name) == _UNSTATED[name] for name in asked):
            taken.update(asked, more)
    if not one.product_id and (not one.product or _are_one_product(one, other)):
        taken.add("product_id")
    return replace(one, **{name: getattr(other, name) for name in taken})


def _are_one_product(one: Subscription, other: Subscription) -> bool:
    return one.product.casefold() == other.product.casefold()


def _plain(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
