"""Kinds of lines: facts that no condition can tell apart are of one kind."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping

from planner.conditions import Compared, Condition, Fact, Limit


class Places(dict[Fact, object]):
    """Value of one fact → its place between the limits that conditions compare it with.

    Attributes:
        first: Place → the first value that was found there.
    """

    def __init__(self, limits: Iterable[Limit]) -> None:
        super().__init__()
        self.first: dict[object, Fact] = {}
        self._limits = sorted(limits)

    def __missing__(self, fact: Fact) -> object:
        place: object = fact
        if fact is not None and not isinstance(fact, str):
            # Even between two limits, odd on one.
            place = bisect_left(self._limits, fact) + bisect_right(self._limits, fact)
        self[fact] = place
        self.first.setdefault(place, fact)
        return place


class Kinds(dict[str, Places]):
    """Fact → the places of its values, as far as some conditions can tell them apart.

    Args:
        conditions: All that is asked of a line.
        compared: Fact → what it is compared with elsewhere.

    Attributes:
        asked: Names of the facts that are asked for.
    """

    def __init__(
        self, conditions: Iterable[Condition], compared: Mapping[str, Iterable[Limit]]
    ) -> None:
        super().__init__()
        self._limits: defaultdict[str, set[Limit]] = defaultdict(set)
        for fact, limits in compared.items():
            self._limits[fact].update(limits)
        asked: set[str] = set(compared)
        for condition in conditions:
            asked |= condition.facts
            for tests in condition.alternatives:
                for test in tests:
                    if isinstance(test, Compared):
                        self._limits[test.fact].update(test.limits)
        self.asked = frozenset(asked)

    def __missing__(self, fact: str) -> Places:
        self[fact] = places = Places(self._limits.get(fact, ()))
        return places
