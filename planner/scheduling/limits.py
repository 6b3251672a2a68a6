"""The reader's limits for the schedule, as ``key=value`` text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from planner.dates import is_counted
from planner.model import MONTH_END, Scheduling

SCHEDULE = "schedule."
SETTINGS = tuple(f"{SCHEDULE}{one.name}" for one in fields(Scheduling))
"""Every key, such as ``schedule.per_day``."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WAVES = ("customer", "product", "date")
_MOST = 10_000
_RANGE = ".."


def limits_of(stated: Iterable[tuple[str, str]]) -> Scheduling:
    """Return the limits that keys and values state; what isn't stated is no limit.

    ``per_day=5``, ``per_week=20``, ``days_off=sat,sun``,
    ``blackout=2026-12-20..2027-01-03`` (several, with commas or said again),
    ``wave_by=customer``, ``wished=2027-01-15``, ``end_on=month-end`` or a day.

    Raises:
        ValueError: A key or value that doesn't exist; says which and what would do.
    """
    limits = Scheduling()
    for key, value in stated:
        limits = replace(limits, **_stated(key, value, limits))
    if len(limits.days_off) == len(WEEKDAYS):
        raise ValueError(f"{SCHEDULE}days_off: leave at least one weekday")
    return limits


def limits_text(limits: Scheduling) -> tuple[str, ...]:
    """Return limits as the settings that state them; those left open aren't named."""
    said: Mapping[str, str] = {
        "per_day": "" if limits.per_day is None else str(limits.per_day),
        "per_week": "" if limits.per_week is None else str(limits.per_week),
        "days_off": ",".join(WEEKDAYS[day] for day in limits.days_off),
        "blackout": ",".join(f"{first}{_RANGE}{last}" for first, last in limits.blackout),
        "wave_by": limits.wave_by,
        "wished": limits.wished.isoformat() if limits.wished else "",
        "end_on": str(limits.end_on or ""),
    }
    return tuple(f"{SCHEDULE}{name}={value}" for name, value in said.items() if value)


def _stated(key: str, value: str, limits: Scheduling) -> dict[str, Any]:
    name = key.removeprefix(SCHEDULE)
    setting = f"{key}={value}"
    match name:
        case "per_day" | "per_week":
            if not (value.isascii() and value.isdigit() and 1 <= int(value) <= _MOST):
                raise ValueError(f"{setting}: write a number from 1 to {_MOST}")
            return {name: int(value)}
        case "days_off":
            days = {day.strip().lower() for day in value.split(",")}
            if not days <= {*WEEKDAYS}:
                raise ValueError(f"{setting}: name weekdays, such as sat,sun, of {WEEKDAYS}")
            return {name: tuple(place for place, day in enumerate(WEEKDAYS) if day in days)}
        case "blackout":
            periods = {*limits.blackout, *(_period(one, setting) for one in value.split(","))}
            return {name: tuple(sorted(periods))}
        case "wave_by":
            if value not in WAVES:
                raise ValueError(f"{setting}: choose one of {', '.join(WAVES)}")
            return {name: value}
        case "wished":
            return {name: _day(value, setting)}
        case "end_on":
            return {name: value if value == MONTH_END else _day(value, setting, MONTH_END)}
        case _:
            raise ValueError(f"{setting}: choose one of {', '.join(SETTINGS)}")


def _period(text: str, setting: str) -> tuple[dt.date, dt.date]:
    first, dots, last = text.strip().partition(_RANGE)
    begins = _day(first, setting, f"2026-12-20{_RANGE}2027-01-03")
    ends = _day(last, setting, f"2026-12-20{_RANGE}2027-01-03") if dots else begins
    if ends < begins:
        raise ValueError(f"{setting}: {last} lies before {first}")
    return begins, ends


def _day(text: str, setting: str, other: str = "") -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        also = f" or {other}" if other else ""
        raise ValueError(f"{setting}: write a day as 2027-01-31{also}") from error
    if not is_counted(day):
        raise ValueError(f"{setting}: {text} is no day that a plan can lie on")
    return day
