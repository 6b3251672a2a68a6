"""Turn a path's day rules into days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from planner.knowledge import DayRule


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one line.

    Attributes:
        days: Name → day; ``None`` where the path has the day but nothing says when.
        overdue: Rules of hard days that lie before the as-of day (P-13).
        unruled: Rules of days that no rule in force covers.
    """

    days: dict[str, dt.date | None]
    overdue: tuple[DayRule, ...]
    unruled: tuple[DayRule, ...]


def calendar_of(rules: tuple[DayRule, ...], anchors: Mapping[str, dt.date | None]) -> Calendar:
    """Return the days of a line by their rules.

    ``anchors`` names the days to count from, ``as_of`` among them; each day found becomes
    an anchor for the days after it. A day that has passed becomes the as-of day where
    its rule says so; a hard day stays what it was and counts as overdue (P-13).
    """
    known: dict[str, dt.date | None] = dict(anchors)
    days: dict[str, dt.date | None] = {}
    overdue: dict[str, DayRule] = {}
    as_of = anchors["as_of"]
    unruled: list[DayRule] = []
    for rule in rules:
        name, anchor, span, not_before, otherwise, not_after, hard, _, changes = rule
        day = known.get(anchor)
        if changes and day is not None:
            span = rule.span_from(day)
        if day is None or span is None:
            if span is None:
                unruled.append(rule)
            day = known.get(otherwise) if otherwise else None
        else:
            day += span
            if not_after and (ceiling := known.get(not_after)) and ceiling < day:
                day = ceiling
            if not_before and (floor := known.get(not_before)) and floor > day:
                day = floor
        known[name] = days[name] = day
        if hard and day is not None and as_of is not None and day < as_of:
            overdue.setdefault(name, rule)
    return Calendar(days, tuple(overdue.values()), tuple(unruled))
