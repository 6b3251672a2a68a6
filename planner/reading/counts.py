"""Counts that contradict each other: users of licences of which none is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.reading.joins import Read
from planner.reading.subscriptions import OwnLine
from planner.reading.warnings import with_code

_LATER = "seats-not-enabled"
_EXCEEDED = "assigned-exceeds-seats"
_CONTRADICTED = "assigned-without-seats"


def with_users(reads: Sequence[Read], listed: Sequence[str]) -> list[Read]:
    """Return rows that say so where no licence is counted though users have some.

    A subscription without licences may end; this one may not. ``listed`` are the codes of
    warnings in their order.
    """
    return [_checked(read, listed) for read in reads]


def _checked(read: Read, listed: Sequence[str]) -> Read:
    own = read.stated
    stated = own.stated if isinstance(own, OwnLine) else own
    if stated.seats != 0 or not stated.assigned or _LATER in own.warnings:
        return read
    codes = [code for code in own.warnings if code != _EXCEEDED]
    warnings = with_code(codes, _CONTRADICTED, listed)
    if isinstance(own, OwnLine):
        unknown = replace(own.stated, seats=None)
        return replace(read, stated=replace(own, stated=unknown, warnings=warnings))
    return replace(read, stated=replace(own, warnings=warnings))
