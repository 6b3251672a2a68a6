"""Turn a path's day rules into days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from planner.knowledge import DayRule

_span = lru_cache(maxsize=1024)(dt.timedelta)


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
    for rule in rules:
        day = _day(rule, known)
        known[rule.name] = days[rule.name] = day
        if rule.hard and day is not None and as_of is not None and day < as_of:
            overdue.setdefault(rule.name, rule)
    unruled = tuple(rule for rule in rules if rule.offset is None)
    return Calendar(days, tuple(overdue.values()), unruled)


def _day(rule: DayRule, known: Mapping[str, dt.date | None]) -> dt.date | None:
    anchor = known.get(rule.anchor)
    if anchor is None or rule.offset is None:
        return known.get(rule.otherwise) if rule.otherwise else None
    day = anchor + _span(rule.offset)
    ceiling = known.get(rule.not_after) if rule.not_after else None
    floor = known.get(rule.not_before) if rule.not_before else None
    if ceiling:
        day = min(day, ceiling)
    return max(day, floor) if floor else day
