"""Lines that name one subscription: kept once, and what they say differently (D-36)."""

from __future__ import annotations

from dataclasses import fields

from planner.model import Subscription, customer_of, is_id

_NOT_COMPARED = frozenset({"line", "subscription_id", "end_kind", "end_printed"})


def merge(
    subscriptions: tuple[Subscription, ...],
) -> tuple[tuple[Subscription, ...], dict[int, int], dict[int, tuple[str, ...]]]:
    """Keep each customer's subscription ids once (D-36); what is no id is no reason to.

    Returns the lines kept, line → line kept, and line → fields in which both differ.
    """
    first: dict[tuple[str, str], Subscription] = {}
    merged: dict[int, int] = {}
    differing: dict[int, tuple[str, ...]] = {}
    kept: list[Subscription] = []
    for line in subscriptions:
        name = customer_of(line), line.subscription_id.casefold()
        same = first.setdefault(name, line) if is_id(line.subscription_id) else line
        if same is line:
            kept.append(line)
            continue
        merged[line.line] = same.line
        if fields_differing := _differing(same, line):
            differing[line.line] = fields_differing
    return tuple(kept), merged, differing


def _differing(one: Subscription, other: Subscription) -> tuple[str, ...]:
    return tuple(
        known.name
        for known in fields(Subscription)
        if known.name not in _NOT_COMPARED
        and getattr(one, known.name) != getattr(other, known.name)
    )
