"""The stretches and days of each line that a timeline draws: days and codes, no word, no pixel."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from planner.model import Recommendation

_DAY = dt.timedelta(days=1)
_BEFORE = 31
_LONGEST = 1500


class Stretch(StrEnum):
    """What a stretch of days means for the customer."""

    PAID = "paid"
    OVERLAP = "overlap"
    NEW = "new"
    GRACE = "grace"
    GAP = "gap"
    DATA = "data"


class Point(StrEnum):
    """What one day means."""

    MOVE = "move"
    DEADLINE = "deadline"
    OVERDUE = "overdue"
    ENDS = "ends"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one kind, both included (UTC); ``last`` is ``None`` where it goes on."""

    kind: Stretch
    first: dt.date
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day (UTC) that stands out, and how many lines it concerns."""

    kind: Point
    day: dt.date
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a timeline."""

    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The days that a timeline covers, both included: whole months."""

    first: dt.date
    last: dt.date

    def place(self, day: dt.date) -> int:
        """Return how many days after the first one a day is, kept within the axis."""
        return min(max((day - self.first).days, 0), self.days)

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.last - self.first).days + 1

    def months(self) -> tuple[dt.date, ...]:
        """Return the first day of each month."""
        found, day = [], self.first
        while day <= self.last:
            found.append(day)
            day = (day + 31 * _DAY).replace(day=1)
        return tuple(found)


def axis_of(recommendations: Iterable[Recommendation], as_of: dt.date) -> Axis:
    """Return the months from a little before the as-of day to the last day that counts."""
    last = as_of + 180 * _DAY
    for one in recommendations:
        ends = (one.subscription.end, one.dates.get("deleted_from"), one.dates.get("provision_on"))
        last = max(last, *(day for day in ends if day)) if any(ends) else last
    last = min(last, as_of + _LONGEST * _DAY)
    return Axis(
        (as_of - _BEFORE * _DAY).replace(day=1),
        (last.replace(day=1) + 32 * _DAY).replace(day=1) - _DAY,
    )


def lane_of(one: Recommendation, as_of: dt.date) -> Lane:
    """Return one line's row."""
    return Lane(tuple(_spans(one)), tuple(_marks(one, as_of)))


def lane_of_customer(recommendations: Iterable[Recommendation], as_of: dt.date) -> Lane:
    """Return one customer's row: when its paid terms run, and its days, each counted."""
    ones = tuple(recommendations)
    counted: Counter[tuple[Point, dt.date]] = Counter(
        (mark.kind, mark.day) for one in ones for mark in _marks(one, as_of)
    )
    spans = [span for one in ones for span in _spans(one)]
    joined = [
        span
        for kind in (Stretch.PAID, Stretch.DATA, Stretch.GRACE)
        for span in _joined(spans, kind)
    ]
    marks = sorted(counted.items(), key=lambda entry: (entry[0][1], entry[0][0]))
    return Lane(tuple(joined), tuple(Mark(kind, day, count) for (kind, day), count in marks))


def _joined(spans: Iterable[Span], kind: Stretch) -> Iterable[Span]:
    """Join the stretches of one kind that touch."""
    ours = [(span.first, span.last) for span in spans if span.kind is kind and span.last]
    first: dt.date | None = None
    last: dt.date | None = None
    for begin, end in sorted((begin, end) for begin, end in ours if end):
        if first is None or last is None:
            first, last = begin, end
        elif begin <= last + _DAY:
            last = max(last, end)
        else:
            yield Span(kind, first, last)
            first, last = begin, end
    if first is not None:
        yield Span(kind, first, last)


def _spans(one: Recommendation) -> Iterable[Span]:
    line, dates = one.subscription, one.dates
    end = line.end
    provision = dates.get("provision_on")
    grace, data = dates.get("grace_last"), dates.get("data_last_day")
    if end:
        yield Span(Stretch.PAID, min(line.start or dt.date.min, end), end)
        access = end
        if grace and grace > end:
            yield Span(Stretch.GRACE, end + _DAY, grace)
            access = grace
        if data and data > access:
            yield Span(Stretch.DATA, access + _DAY, data)
        if provision and one.gap_days:
            yield Span(Stretch.GAP, provision - one.gap_days * _DAY, provision - _DAY)
    if provision:
        if end and provision <= end:
            yield Span(Stretch.OVERLAP, provision, end)
        yield Span(Stretch.NEW, provision, None)


def _marks(one: Recommendation, as_of: dt.date) -> Iterable[Mark]:
    last_days = {step.no_later_than for step in one.steps if step.no_later_than}
    move = one.dates.get("provision_on")
    for day in sorted(last_days):
        yield Mark(Point.OVERDUE if day < as_of else Point.DEADLINE, day)
    if one.subscription.end:
        yield Mark(Point.ENDS, one.subscription.end)
    if gone := one.dates.get("deleted_from"):
        yield Mark(Point.GONE, gone)
    if move:
        yield Mark(Point.MOVE, move)
