"""What stands in a line's way: what a step of its own plan settles, and what really stops it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.model import Notice, Recommendation


class Hold(StrEnum):
    """What holds a line up."""

    BLOCKED = "blocked"
    FIRST = "first"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands in a line's way.

    Attributes:
        stopping: No step of the plan settles it.
        first: A step of the plan settles it, which isn't done yet.
    """

    stopping: tuple[Notice, ...]
    first: tuple[Notice, ...]

    @property
    def hold(self) -> Hold:
        """What holds the line up most."""
        if self.stopping:
            return Hold.BLOCKED
        return Hold.FIRST if self.first else Hold.CLEAR


NO_OBSTACLES = Obstacles((), ())


def obstacles_of(
    one: Recommendation, done: Collection[str], solved_by: Mapping[str, str]
) -> Obstacles:
    """Return what stands in a line's way once some of its steps are done.

    ``solved_by``: id of a blocker → the step that settles it, in the plans that have it.
    """
    if not one.blockers:
        return NO_OBSTACLES
    steps = {step.id for step in one.steps}
    stopping = [made for made in one.blockers if solved_by.get(made.id) not in steps]
    first = [
        made for made in one.blockers if made not in stopping and solved_by[made.id] not in done
    ]
    return Obstacles(tuple(stopping), tuple(first))
