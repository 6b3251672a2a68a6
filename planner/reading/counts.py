"""Counts that contradict each other: licences that aren't enabled, users without any licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.reading.columns import Values
from planner.reading.joins import Read
from planner.reading.subscriptions import OwnLine
from planner.reading.warnings import with_code

_STATES = {
    "units_in_grace": "grace",
    "units_expired": "expired",
    "units_suspended": "suspended",
    "units_locked_out": "locked_out",
}
"""Field of a format → state of the licences that it counts, the nearest to deletion last."""

_EXCEEDED = "assigned-exceeds-seats"
_CONTRADICTED = "assigned-without-seats"


def take_later_stages(values: Values) -> None:
    """Take the licences of a product for its seats where none of them is enabled any more.

    They can still be saved, and users with them. The state is that of the ones nearest to
    deletion, unless the source states one itself.
    """
    enabled = values.fields.get("units_enabled", [])
    seats = values.fields.get("seats")
    if 0 not in enabled or seats is None:
        return
    states = values.fields.setdefault("state", [None] * len(seats))
    for place, running in enumerate(enabled):
        left: dict[str, int] = {}
        for name, state in _STATES.items():
            units = values.fields[name][place] if name in values.fields else None
            if isinstance(units, int) and units:
                left[state] = units
        if running == 0 and left:
            seats[place] = sum(left.values())
            if states[place] in {None, "active"}:
                states[place] = [*left][-1]


def with_users(reads: Sequence[Read], listed: Sequence[str]) -> list[Read]:
    """Return rows whose seats are unknown where none is counted though users have some.

    A subscription without licences may end; this one may not. ``listed`` are the codes of
    warnings in their order.
    """
    return [_checked(read, listed) for read in reads]


def _checked(read: Read, listed: Sequence[str]) -> Read:
    own = read.stated
    stated = own.stated if isinstance(own, OwnLine) else own
    if stated.seats != 0 or not stated.assigned:
        return read
    codes = [code for code in own.warnings if code != _EXCEEDED]
    warnings = with_code(codes, _CONTRADICTED, listed)
    if isinstance(own, OwnLine):
        unknown = replace(own.stated, seats=None)
        return replace(read, stated=replace(own, stated=unknown, warnings=warnings))
    return replace(read, stated=replace(own, seats=None, warnings=warnings))
