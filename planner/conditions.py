"""The interpreter of conditions: do these facts fit what a row of data asks for?

A condition is data: fact → a value, a list of values, or one comparison
(``more_than``, ``at_least``, ``at_most``, ``less_than``, ``on_or_after``, ``before``,
``not``). All must hold; in a list of conditions, one of them. An unknown fact has the
value ``unknown`` and matches only a row that names it; a comparison with it never
holds. A day that is known has the value ``known``.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNKNOWN = "unknown"
KNOWN = "known"

Fact = str | int | dt.date | None
Facts = Mapping[str, Fact]
Limit = int | dt.date
When = Mapping[str, Any] | Sequence[Mapping[str, Any]]

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "more_than": operator.gt,
    "at_least": operator.ge,
    "at_most": operator.le,
    "less_than": operator.lt,
    "on_or_after": operator.ge,
    "before": operator.lt,
}


class BadCondition(ValueError):
    """A condition that can't be read: the table is wrong, not the paste."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of some values."""

    fact: str
    values: frozenset[str]

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is one of the values."""
        return _word(fact) in self.values


@dataclass(frozen=True, slots=True)
class NoneOf:
    """The fact is none of some values."""

    fact: str
    values: frozenset[str]

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is none of the values."""
        return _word(fact) not in self.values


@dataclass(frozen=True, slots=True)
class Compared:
    """The fact is known and compares with a limit as the row says.

    Attributes:
        recent: For a count of days since something, the limits that hold if it happened
            after a change: each with the most days since then, fewest first.
    """

    fact: str
    comparison: str
    limit: Limit
    recent: tuple[tuple[int, Limit], ...] = ()

    def holds(self, fact: Fact) -> bool:
        """Tell whether a known fact compares so with the limit."""
        if fact is None or isinstance(fact, str):
            return False
        for most, limit in self.recent:
            if isinstance(fact, int) and fact <= most:
                return COMPARISONS[self.comparison](fact, limit)
        return COMPARISONS[self.comparison](fact, self.limit)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Where the answer can change."""
        return (self.limit, *(limit for one in self.recent for limit in one))


Test = OneOf | NoneOf | Compared


@dataclass(frozen=True, slots=True)
class Condition:
    """Sets of tests, of which one has to hold in full; none at all always holds."""

    alternatives: tuple[tuple[Test, ...], ...]

    def holds(self, facts: Facts) -> bool:
        """Tell whether these facts fit."""
        for tests in self.alternatives:
            for test in tests:
                if not test.holds(facts[test.fact]):
                    break
            else:
                return True
        return False

    @property
    def facts(self) -> frozenset[str]:
        """Names of the facts that it asks for."""
        return frozenset(test.fact for tests in self.alternatives for test in tests)


ALWAYS = Condition(alternatives=((),))


class Table[Row]:
    """Rows with a condition each, which are all asked at once.

    Each set of tests of each row is one bit. Which of them a value of a fact leaves standing
    is found once for that value, so one look-up a fact answers for all rows.

    Args:
        rows: Each condition with its row, in their order.
    """

    def __init__(self, rows: Iterable[tuple[Condition, Row]]) -> None:
        self._rows: list[Row] = []
        tests: defaultdict[str, list[tuple[int, Test]]] = defaultdict(list)
        for when, row in rows:
            for alternative in when.alternatives:
                bit = 1 << len(self._rows)
                self._rows.append(row)
                for test in alternative:
                    tests[test.fact].append((bit, test))
        self._every = (1 << len(self._rows)) - 1
        most_first = sorted(tests.items(), key=lambda asked: -len(asked[1]))
        self._left_by = [(fact, _LeftBy(self._every, asked)) for fact, asked in most_first]
        self._found: dict[int, tuple[Row, ...]] = {}

    def holding(self, facts: Facts) -> tuple[Row, ...]:
        """Return the rows that these facts fit, in their order: one tuple for the same rows."""
        left = self._left(facts)
        found = self._found.get(left)
        if found is None:
            found = self._found[left] = self._standing(left)
        return found

    def first(self, facts: Facts) -> Row | None:
        """Return the first row that these facts fit."""
        found = self.holding(facts)
        return found[0] if found else None

    def any(self, facts: Facts) -> bool:
        """Tell whether these facts fit any row."""
        return self._left(facts) != 0

    def _standing(self, left: int) -> tuple[Row, ...]:
        """Return each row of which a set of tests is left, once."""
        found: list[Row] = []
        for place, row in enumerate(self._rows):
            if left >> place & 1 and not (found and found[-1] is row):
                found.append(row)
        return tuple(found)

    def _left(self, facts: Facts) -> int:
        left = self._every
        for fact, left_by in self._left_by:
            left &= left_by[facts[fact]]
            if not left:
                break
        return left


class _LeftBy(dict[Fact, int]):
    """Value of one fact → the bits whose tests of that fact it passes; found when asked."""

    def __init__(self, every: int, tests: Sequence[tuple[int, Test]]) -> None:
        super().__init__()
        self._every = every
        self._tests = tests

    def __missing__(self, fact: Fact) -> int:
        left = self._every
        for bit, test in self._tests:
            if not test.holds(fact):
                left &= ~bit
        self[fact] = left
        return left


def narrowed(when: Condition, *further: Test) -> Condition:
    """Return a condition for which some further tests have to hold, too."""
    return Condition(tuple((*tests, *further) for tests in when.alternatives))


def either(one: Condition, other: Condition) -> Condition:
    """Return a condition that holds where one of two does."""
    return Condition((*one.alternatives, *other.alternatives))


Limits = Callable[[str, str | int], tuple[Limit, tuple[tuple[int, Limit], ...]]]


def condition(when: When, limits_of: Limits) -> Condition:
    """Return a condition as the interpreter runs it.

    ``limits_of`` turns a fact and what it is compared with (``R-102.online_cancel_seats``
    or a number) into the number or day itself, with those after recent changes (see
    ``Compared``).

    Raises:
        BadCondition: A comparison that doesn't exist, or several in one place.
    """
    stated = when if isinstance(when, Sequence) else (when,)
    return Condition(
        alternatives=tuple(
            tuple(_test(fact, expected, limits_of) for fact, expected in alternative.items())
            for alternative in stated
        )
    )


def _test(fact: str, expected: object, limits_of: Limits) -> Test:
    if isinstance(expected, Mapping):
        if len(expected) != 1:
            raise BadCondition(f"{fact}: one comparison at a time")
        ((comparison, named),) = expected.items()
        if comparison == "not":
            return NoneOf(fact, frozenset(named))
        if comparison not in COMPARISONS:
            raise BadCondition(f"{fact}: no comparison is called {comparison}")
        return Compared(fact, comparison, *limits_of(fact, named))
    values = expected if isinstance(expected, list) else [expected]
    return OneOf(fact, frozenset(str(value) for value in values))


def _word(fact: Fact) -> str:
    if isinstance(fact, str):
        return fact
    if fact is None:
        return UNKNOWN
    return KNOWN if isinstance(fact, dt.date) else str(fact)
