"""A plan's agenda as an iCalendar file (RFC 5545): one all-day event an agenda entry.

Importing the file of a later plan updates the events of an earlier one: an event's UID
comes from what is done and for which subscription, not from the day, and its SEQUENCE
grows with the as-of day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from planner.model import Plan, Subscription, customer_of
from planner.writing.escaping import one_line
from planner.writing.sentences import Sentences
from planner.writing.tasks import Named, Task, dated, subscriptions

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//csp-move-planner//plan//"
_DOMAIN = "csp-move-planner"
_SEQUENCE_BEGINS = dt.date(2020, 1, 1)
# All-day events begin at midnight: remind at nine the morning before, and on the day.
_REMINDERS = (dt.timedelta(hours=-15), dt.timedelta(hours=9))
_CUSTOMERS_NAMED = 3
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s")


def calendar(say: Sentences) -> bytes:
    """Return the agenda as a calendar file: UTF-8, CRLF, lines folded at 75 octets.

    What happens by itself has no alarm. The same plan gives the same bytes.
    """
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", f"{_PRODUCT}{say.words.language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", say.label("title"))
    plan = say.plan
    writer = _Writer(say)
    for task, uid in zip(dated(plan), uids(plan), strict=True):
        if task.on is not None:
            made.add_component(writer.event(task, task.on, uid))
    return bytes(made.to_ical())


def uids(plan: Plan) -> tuple[str, ...]:
    """Return the UID of each agenda entry, in the agenda's order.

    It is made of the step, who does it, and the first subscription served (by its key).
    So an entry keeps its UID while its day moves, and when other lines join or leave it.
    """
    keys = line_keys(subscriptions(plan).values())
    taken: dict[str, int] = {}
    found = []
    for task in dated(plan):
        first = min(keys[line] for line in task.lines)
        digest = hashlib.sha256(f"{task.step}\n{task.actor}\n{first}".encode()).hexdigest()[:32]
        taken[digest] = taken.get(digest, 0) + 1
        again = f"-{taken[digest]}" if taken[digest] > 1 else ""
        found.append(f"{digest}{again}@{_DOMAIN}")
    return tuple(found)


def line_keys(lines: Iterable[Subscription]) -> Mapping[int, str]:
    """Return what names each line beyond one paste: its subscription id, else what it says.

    Lines that say the same are told apart by their order.
    """
    taken: dict[str, int] = {}
    keys = {}
    for line in lines:
        said = (line.subscription_id,) if line.subscription_id else _said(line)
        key = "\n".join((customer_of(line), *said)).casefold()
        taken[key] = taken.get(key, 0) + 1
        keys[line.line] = f"{key}\n{taken[key]}"
    return keys


def _said(line: Subscription) -> tuple[str, ...]:
    return (line.product, line.product_id, line.channel, line.term)


class _Writer:
    """Writes the events of one plan in one language."""

    def __init__(self, say: Sentences) -> None:
        plan = say.plan
        self._say = say
        self._named = Named(say)
        self._known = subscriptions(plan)
        self._receipt = say.receipt()
        self._moment = dt.datetime.combine(plan.as_of, dt.time(), dt.UTC)
        self._sequence = max(0, (plan.as_of - _SEQUENCE_BEGINS).days)

    def event(self, task: Task, on: dt.date, uid: str) -> Event:
        """Return the event of one agenda entry."""
        from icalendar import Alarm, Event

        summary = self._summary(task)
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", self._moment)
        event.add("last-modified", self._moment)
        event.add("sequence", self._sequence)
        event.add("dtstart", on)
        event.add("dtend", on + dt.timedelta(days=1))
        event.add("summary", summary)
        event.add("description", self._description(task))
        event.add("categories", [self._named.actor(task.actor)])
        event.add("transp", "TRANSPARENT")
        for before in () if task.quiet else _REMINDERS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            alarm.add("trigger", before)
            event.add_component(alarm)
        return event

    def _summary(self, task: Task) -> str:
        """Return the first sentence of the step and whom it is for."""
        step = _SENTENCE_ENDS.split(self._named.step(task.step))[0].rstrip(".")
        lines = [self._known[line] for line in task.lines]
        names = list(dict.fromkeys(one.customer or self._say.product(one) for one in lines))
        # Names of companies have commas in them.
        named = "; ".join(map(one_line, names[:_CUSTOMERS_NAMED]))
        more = len(names) - _CUSTOMERS_NAMED
        if more > 0:
            key = "planner.exports.calendar.summary_more"
            return self._say.words.say(key, step=step, names=named, count=more)
        return self._say.words.say("planner.exports.calendar.summary", step=step, names=named)

    def _description(self, task: Task) -> str:
        say = self._say.words.say
        told = [self._named.step(task.step), ""]
        told.append(say("planner.exports.calendar.who", who=self._named.actor(task.actor)))
        if task.no_later_than is not None:
            told.append(say("planner.exports.no_later_than", day=task.no_later_than))
        told += ["", *(f"- {self._named.line(line)}" for line in task.lines), "", self._receipt]
        return "\n".join(told)
