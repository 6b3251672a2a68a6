"""A plan's agenda as an iCalendar file (RFC 5545): one all-day event an agenda entry.

What has no day of its own but a last day stands on that one, and its title says so.
Importing the file of a later plan updates the events of an earlier one: an event's UID
comes from what is done and for which subscription, not from the day, and its SEQUENCE
grows with the as-of day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from planner.model import AgendaEntry, Plan
from planner.writing.escaping import one_line
from planner.writing.sentences import Sentences
from planner.writing.tasks import Named, asks_nobody, subscriptions

_PRODUCT = "-//csp-move-planner//plan//"
_DOMAIN = "csp-move-planner"
_SEQUENCE_BEGINS = dt.date(2020, 1, 1)
# All-day events begin at midnight: remind at nine the morning before, and on the day.
_REMINDERS = (dt.timedelta(hours=-15), dt.timedelta(hours=9))
_CUSTOMERS_NAMED = 3
_PRODUCTS_NAMED = 2
_LINES_NAMED = 50  # More make a description that no calendar shows.
_LONGEST_LINE = 74  # Octets, as icalendar folds.


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
    begin, end, _ = made.to_ical().partition(b"END:VCALENDAR")
    writer = _Writer(say)
    lines = (
        line
        for entry, uid in zip(say.plan.agenda, uids(say.plan), strict=True)
        if (on := day_of(entry, say.plan.as_of)) is not None
        for line in writer.event(entry, on, uid)
    )
    return b"".join((begin, *(line + b"\r\n" for line in lines), end, b"\r\n"))


def day_of(entry: AgendaEntry, as_of: dt.date) -> dt.date | None:
    """Return the day of an entry's event (UTC); ``None``: no event.

    That is its own day, else its last; where that has passed, the as-of day: do it now (P-13).
    """
    if entry.on is not None or entry.no_later_than is None:
        return entry.on
    return max(entry.no_later_than, as_of)


def uids(plan: Plan) -> tuple[str, ...]:
    """Return the UID of each agenda entry, in the agenda's order.

    It is made of the step, who does it, and the first subscription served (by its key).
    So an entry keeps its UID while its day moves, and when other lines join or leave it.
    """
    taken: dict[str, int] = {}
    found = []
    for entry in plan.agenda:
        first = min(plan.keys[line] for line in entry.lines)
        digest = hashlib.sha256(f"{entry.step}\n{entry.actor}\n{first}".encode()).hexdigest()[:32]
        taken[digest] = taken.get(digest, 0) + 1
        again = f"-{taken[digest]}" if taken[digest] > 1 else ""
        found.append(f"{digest}{again}@{_DOMAIN}")
    return tuple(found)


class _Writer:
    """Writes the events of one plan in one language.

    Each value is written by icalendar; putting tens of thousands of events together is
    done here, once for what they share. ``icalendar.Event`` would take ten times as long.
    """

    def __init__(self, say: Sentences) -> None:
        from icalendar import vDate, vDatetime, vDuration

        plan = say.plan
        self._say = say
        self._named = Named(say)
        self._known = subscriptions(plan)
        self._receipt = say.receipt()
        moment = dt.datetime.combine(plan.as_of, dt.time(), dt.UTC)
        self._moment = _written(vDatetime(moment))
        self._sequence = str(max(0, (plan.as_of - _SEQUENCE_BEGINS).days)).encode()
        self._reminders = [_written(vDuration(before)) for before in _REMINDERS]
        self._day = cache(lambda day: _written(vDate(day)))
        self._who = cache(lambda actor: _text(b"CATEGORIES", self._named.actor(actor)))
        self._title = cache(lambda step: say.words.say(f"planner.actions.{step}"))

    def event(self, entry: AgendaEntry, on: dt.date, uid: str) -> Iterator[bytes]:
        """Return the content lines of one agenda entry's event."""
        summary = self._summary(entry, on)
        yield b"BEGIN:VEVENT"
        yield _text(b"SUMMARY", summary)
        yield b"DTSTART;VALUE=DATE:" + self._day(on)
        yield b"DTEND;VALUE=DATE:" + self._day(on + dt.timedelta(days=1))
        yield b"DTSTAMP:" + self._moment
        yield b"UID:" + uid.encode()
        yield b"SEQUENCE:" + self._sequence
        yield self._who(entry.actor)
        yield _text(b"DESCRIPTION", self._description(entry))
        yield b"LAST-MODIFIED:" + self._moment
        yield b"TRANSP:TRANSPARENT"
        reminder = b"" if asks_nobody(entry) else _text(b"DESCRIPTION", summary)
        for before in self._reminders if reminder else ():
            yield b"BEGIN:VALARM"
            yield b"ACTION:DISPLAY"
            yield reminder
            yield b"TRIGGER:" + before
            yield b"END:VALARM"
        yield b"END:VEVENT"

    def _summary(self, entry: AgendaEntry, on: dt.date) -> str:
        """Return whom a step is for, its short name and, where they are few, the products."""
        step = self._title(entry.step)
        if entry.on is None and on == entry.no_later_than:
            step = self._say.words.say("planner.exports.calendar.last_day", step=step)
        lines = [self._known[line] for line in entry.lines]
        names = list(dict.fromkeys(one.customer or self._say.product(one) for one in lines))
        # Names of companies have commas in them.
        named = "; ".join(map(one_line, names[:_CUSTOMERS_NAMED]))
        more = len(names) - _CUSTOMERS_NAMED
        if more > 0:
            key = "planner.exports.calendar.summary_more"
            return self._say.words.say(key, step=step, names=named, count=more)
        products = dict.fromkeys(one_line(self._say.product(one)) for one in lines if one.customer)
        key = "planner.exports.calendar.summary"
        if 0 < len(products) <= _PRODUCTS_NAMED:
            listed = "; ".join(products)
            return self._say.words.say(f"{key}_products", step=step, names=named, products=listed)
        return self._say.words.say(key, step=step, names=named)

    def _description(self, entry: AgendaEntry) -> str:
        say = self._say.words.say
        told = [self._named.what(entry), ""]
        told.append(say("planner.exports.calendar.who", who=self._named.actor(entry.actor)))
        if entry.on is None and entry.after:
            told.append(say("planner.exports.calendar.after", step=self._named.step(entry.after)))
        if last := self._named.last_day(entry):
            told.append(last)
        told += ["", *(f"- {self._named.line(line)}" for line in entry.lines[:_LINES_NAMED])]
        if len(entry.lines) > _LINES_NAMED:
            more = len(entry.lines) - _LINES_NAMED
            told.append(f"- {say('planner.exports.calendar.more_lines', count=more)}")
        return "\n".join([*told, "", self._receipt])


def _written(value: Any) -> bytes:
    return bytes(value.to_ical())


def _text(name: bytes, text: str) -> bytes:
    from icalendar import vText

    return _folded(name + b":" + _written(vText(text)))


def _folded(line: bytes) -> bytes:
    """Return a content line folded as icalendar does: no character and no escape is split."""
    if len(line) <= _LONGEST_LINE:
        return line
    parts, start = [], 0
    while len(line) - start > _LONGEST_LINE:
        end = start + _LONGEST_LINE
        while line[end] & 0xC0 == 0x80:  # noqa: PLR2004 - inside a character of UTF-8
            end -= 1
        if line[end - 1 : end] in {b"\\", b"^"}:
            end -= 1
        parts.append(line[start:end])
        start = end
    return b"\r\n ".join((*parts, line[start:]))
