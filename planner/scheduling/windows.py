"""The window of a line: the days on which its cutover may lie, by its own dates and rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planner.knowledge import Knowledge
from planner.model import Recommendation


@dataclass(frozen=True, slots=True)
class CutoverRule:
    """Which days of a path its cutover lies between (``cutover`` in ``data/rules/steps.yml``).

    Attributes:
        day: Name of the recommended day.
        earliest: Name of the first day; ``""``: the as-of day.
        latest: Name of the last day; ``""``: no rule sets one.
        without_grace: Name of the last day where access ends with the term; else ``""``.
    """

    day: str
    earliest: str = ""
    latest: str = ""
    without_grace: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which one line can be cut over (UTC).

    Attributes:
        recommended: Day that its own rules recommend.
        earliest: First day.
        latest: Last day; ``None`` where no rule sets one.
    """

    recommended: dt.date
    earliest: dt.date
    latest: dt.date | None


def cutover_rules(knowledge: Knowledge) -> dict[str, CutoverRule]:
    """Return path → which of its days bound its cutover, for the paths that have one."""
    return {
        path: CutoverRule(**stated["cutover"])
        for path, stated in knowledge.tree["rules"]["steps"]["paths"].items()
        if "cutover" in stated
    }


def window_of(
    one: Recommendation, rules: dict[str, CutoverRule], as_of: dt.date, days_early: int
) -> Window | None:
    """Return the window of a line's cutover; ``None`` where it has no cutover or no day.

    It opens on the as-of day or the path's own first day, at most ``days_early`` days
    before the recommended day (P-17). It closes on the path's last safe day; where
    users lose access with the term, on the day of the go/no-go check, so that what
    P-10 then decides is still possible. Where the last day has passed, it is today.
    """
    rule = rules.get(one.path) or rules.get(one.then or "")
    recommended = one.dates.get(rule.day) if rule else None
    if rule is None or recommended is None:
        return None
    latest = one.dates.get(rule.latest)
    end = one.subscription.end
    if rule.without_grace and latest is not None and end is not None and latest <= end:
        latest = min(latest, one.dates.get(rule.without_grace, latest))
    opens = max(as_of, recommended - dt.timedelta(days=days_early))
    earliest = max(opens, one.dates.get(rule.earliest, as_of))
    if latest is not None and latest < earliest:
        earliest = latest = max(as_of, latest)
    return Window(recommended, earliest, latest)
