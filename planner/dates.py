"""Calendar arithmetic: UTC days in, UTC days out, nothing else."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

FIRST_YEAR = 1990
LAST_YEAR = 2200
"""The years that days may lie in.

Nothing that is planned began before the first or ends after the last, so a day outside
is a slip; and within them no sum of days leaves what a date can hold.
"""

_DURATION = re.compile(r"P(\d{1,3})([MY])")


def is_counted(day: dt.date) -> bool:
    """Tell whether a day lies in the years that the planner counts with."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


@lru_cache(maxsize=256)
def months_of(term: str) -> int | None:
    """Return the months of an ISO 8601 term such as ``P1M`` or ``P3Y``, else ``None``."""
    match = _DURATION.fullmatch(term)
    if match is None:
        return None
    count, unit = match.groups()
    return int(count) * (12 if unit == "Y" else 1)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, clamped to that month's last day.

    Raises:
        OverflowError: The result lies after the year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > dt.MAXYEAR:
        raise OverflowError(f"{day} + {months} months")
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=8192)
def term_end(start: dt.date, term: str) -> dt.date | None:
    """Return the last paid day of a term (F-01: months added, clamped, minus a day).

    A term that starts on 29 February ends on the day before the clamped 28th (U-06).
    ``None`` where the term's length isn't known.
    """
    months = months_of(term)
    if months is None:
        return None
    try:
        return add_months(start, months) - dt.timedelta(days=1)
    except OverflowError:
        return None
