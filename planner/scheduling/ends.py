"""The end of a new term: its own, or a day that it shares with others (R-224, R-225)."""

from __future__ import annotations

import calendar
import datetime as dt

from planner.dates import add_months, months_of, term_end
from planner.model import MONTH_END

_ANNUAL = "P1Y"
_YEAR = 12
_LATE_IN_MONTH = range(28, 31)


def new_term(term: str) -> str:
    """Return the term that is bought for a subscription's term: the same, else a year."""
    return term if months_of(term) else _ANNUAL


def shared_end(start: dt.date, term: str, end_on: dt.date | str) -> tuple[dt.date | None, str]:
    """Return the last day of a new term that begins on ``start`` and shares its end.

    ``end_on`` is ``month-end``, or a day: the term then ends on that day of a month (a
    monthly term) or of a year. It is the latest such day within the term's own length;
    a shared end never makes a term longer. ``None`` with a code where there is none:
    ``monthly-late-day`` (a monthly term can't end on the 28th to 30th unless the month
    does), ``too-short`` (no such day lies after the start).
    """
    natural = term_end(start, term)
    months = months_of(term)
    if natural is None or months is None:
        return None, "too-short"
    if end_on == MONTH_END or not isinstance(end_on, dt.date):
        found = _month_end_until(natural)
    elif months < _YEAR:
        if _is_month_end(end_on):
            found = _month_end_until(natural)
        elif end_on.day in _LATE_IN_MONTH:
            return None, "monthly-late-day"
        else:
            found = _same_day_until(natural, end_on, 1)
    else:
        found = _same_day_until(natural, end_on, _YEAR)
    return (found, "") if found > start else (None, "too-short")


def _is_month_end(day: dt.date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _month_end_until(last: dt.date) -> dt.date:
    return last if _is_month_end(last) else last.replace(day=1) - dt.timedelta(days=1)


def _same_day_until(last: dt.date, day: dt.date, every: int) -> dt.date:
    """Return the latest day until ``last`` that lies whole periods of months from ``day``."""
    apart = (last.year - day.year) * 12 + last.month - day.month
    periods = apart // every
    found = add_months(day, periods * every)
    return found if found <= last else add_months(day, (periods - 1) * every)
