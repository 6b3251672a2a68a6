"""What there is to do in a plan, as every file that leaves names it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from planner.model import AgendaEntry, Plan, Recommendation, Subscription
from planner.writing.escaping import one_line
from planner.writing.sentences import Sentences


def asks_nobody(entry: AgendaEntry) -> bool:
    """Return whether an entry is there to know: nobody has to decide or to do anything."""
    return entry.quiet or entry.actor == "nobody"


def idle(plan: Plan) -> tuple[Recommendation, ...]:
    """Return the recommendations that ask for nothing."""
    busy = {line for entry in plan.agenda for line in entry.lines}
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

    def what(self, entry: AgendaEntry) -> str:
        """Return what an entry asks for, and for which of several transfer requests."""
        part = self._say.agenda_part(entry)
        step = self.step(entry.step)
        return f"{step} ({part})" if part else step

    def when(self, entry: AgendaEntry) -> str:
        """Return when an entry without a day is done."""
        return self._say.agenda_day(entry).rstrip(".")

    def last_day(self, entry: AgendaEntry) -> str:
        """Return by when an entry has to be done, or that this day has passed.

        ``""`` where it has no last day but its own.
        """
        last = entry.no_later_than
        if last is None or last == entry.on:
            return ""
        passed = last < self._say.plan.as_of
        key = "last_day_passed" if passed else "no_later_than"
        return self._say.words.say(f"planner.exports.{key}", day=last)

    def _line(self, number: int) -> str:
        """Return where a line stands, what it is and whose: "Line 3: Visio, 5 licenses, A"."""
        line = self._known[number]
        parts = [one_line(self._say.product(line))]
        if line.seats is not None:
            parts.append(self._seats(line.seats))
        if line.customer:
            parts.append(one_line(line.customer))
        return f"{one_line(self._say.place(number))}: {', '.join(parts)}"
