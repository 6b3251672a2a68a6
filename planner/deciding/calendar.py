"""Turn a path's day rules into days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from planner.deciding.table import Facts, holds
from planner.knowledge import DayRule, Knowledge, PathPlan


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one line.

    Attributes:
        days: Name → day; ``None`` where the path has the day but nothing says when.
        overdue: Names of hard days that lie before the as-of day (P-13).
    """

    days: dict[str, dt.date | None]
    overdue: tuple[str, ...]


def calendar_of(
    plan: PathPlan,
    facts: Facts,
    anchors: Mapping[str, dt.date | None],
    as_of: dt.date,
    knowledge: Knowledge,
) -> Calendar:
    """Return every day of a path whose condition holds.

    ``anchors`` names the days to count from; each day found becomes an anchor for
    the days after it. A day that has passed becomes the as-of day where its rule
    says so; a hard day stays what it was and counts as overdue (P-13).
    """
    known: dict[str, dt.date | None] = dict(anchors)
    days: dict[str, dt.date | None] = {}
    overdue: list[str] = []
    for planned in plan.days:
        rule = planned.rule
        if not holds(planned.when, facts, knowledge):
            continue
        day = _day(rule, known)
        known[rule.name] = days[rule.name] = day
        if rule.hard and day is not None and day < as_of:
            overdue.append(rule.name)
    return Calendar(days, tuple(dict.fromkeys(overdue)))


def _day(rule: DayRule, known: Mapping[str, dt.date | None]) -> dt.date | None:
    anchor = known.get(rule.anchor)
    if anchor is None:
        return known.get(rule.otherwise) if rule.otherwise else None
    day = anchor + dt.timedelta(days=rule.offset)
    floor = known.get(rule.not_before) if rule.not_before else None
    return max(day, floor) if floor else day
