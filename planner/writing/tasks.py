"""What there is to do in a plan, in order: the same list behind every file that leaves.

The agenda has what is done on a day. What follows another step, or has no day, comes
after it; what needs nothing at all comes last. So every planned line stands somewhere.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from planner.model import AgendaEntry, Plan, Recommendation, Subscription
from planner.writing.escaping import one_line
from planner.writing.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, for every line it serves.

    Attributes:
        on: Day to do it (UTC); ``None`` where it follows another step or no day is known.
        no_later_than: Last day on which it still helps (UTC).
        follows: It is done as soon as the step before it is.
        lines: Lines of the paste it serves.
        quiet: It asks nobody to do anything: to know, no alarm.
    """

    on: dt.date | None
    no_later_than: dt.date | None
    step: str
    actor: str
    follows: bool
    lines: tuple[int, ...]
    quiet: bool = False


def dated(plan: Plan) -> tuple[Task, ...]:
    """Return what is done on a day, the earliest first."""
    return tuple(_of_agenda(one) for one in plan.agenda if one.on is not None)


def undated(plan: Plan) -> tuple[Task, ...]:
    """Return what has no day of its own, in the order in which the lines name it."""
    listed = [one for one in plan.agenda if one.on is None]
    there = {(one.step, one.actor, line) for one in listed for line in one.lines}
    lines: defaultdict[tuple[str, str, bool], list[int]] = defaultdict(list)
    last: dict[tuple[str, str, bool], dt.date] = {}
    for one in plan.recommendations:
        number = one.subscription.line
        for step in one.steps:
            if step.on is not None or (step.id, step.actor, number) in there:
                continue
            action = (step.id, step.actor, step.follows)
            lines[action].append(number)
            if step.no_later_than is not None:
                last[action] = min(step.no_later_than, last.get(action, step.no_later_than))
    return (
        *map(_of_agenda, listed),
        *(Task(None, last.get(action), *action, tuple(found)) for action, found in lines.items()),
    )


def _of_agenda(one: AgendaEntry) -> Task:
    after = bool(getattr(one, "after", ""))
    quiet = one.actor == "nobody" or getattr(one, "quiet", False)
    return Task(one.on, one.no_later_than, one.step, one.actor, after, one.lines, quiet)


def idle(plan: Plan) -> tuple[Recommendation, ...]:
    """Return the recommendations that ask for nothing."""
    busy = {line for task in (*dated(plan), *undated(plan)) for line in task.lines}
    return tuple(one for one in plan.recommendations if one.subscription.line not in busy)


def subscriptions(plan: Plan) -> Mapping[int, Subscription]:
    """Return every planned subscription by its line."""
    return {one.subscription.line: one.subscription for one in plan.recommendations}


class Named:
    """How lines, steps and actors are named in one language, each said once."""

    def __init__(self, say: Sentences) -> None:
        self.step = cache(say.step)
        self.actor = cache(say.actor)
        self.line = cache(self._line)
        self._say = say
        self._known = subscriptions(say.plan)
        self._seats = cache(lambda seats: say.label("line.seats", seats=seats))

    def _line(self, number: int) -> str:
        """Return where a line stands, what it is and whose: "Line 3: Visio, 5 licenses, A"."""
        line = self._known[number]
        parts = [one_line(self._say.product(line))]
        if line.seats is not None:
            parts.append(self._seats(line.seats))
        if line.customer:
            parts.append(one_line(line.customer))
        return f"{self._say.place(number)}: {', '.join(parts)}"
