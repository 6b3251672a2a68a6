"""Say the conditions of ``data/rules`` in words, and tell which of them a channel meets.

A condition is data: fact → a value, a list of values or one comparison (see
``planner.conditions``). Names of facts, values and comparisons stand in
``data/languages/<tag>/decisions.yml``; figures come from the rules by their address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from babel.lists import format_list

from builder import figures
from builder.trouble import Trouble
from planner.checkout import Tree
from planner.words import Figure, MissingWords, Value, Words

Alternative = Mapping[str, Any]
When = Alternative | Sequence[Alternative]

#: How a list is told: one of its parts, or all.
Joined = Literal["or", "standard"]

#: Facts whose values have their names elsewhere: the key that takes the value.
_NAMED_ELSEWHERE = {
    "channel": "planner.labels.channels.{}",
    "path": "planner.paths.{}.name",
    "regime": "lifecycles.regimes.{}.name",
    "then": "planner.paths.{}.name",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One test of a condition in words: which fact, and how it has to be."""

    fact: str
    test: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """Says conditions in one language.

    Args:
        words: The words of the language.
        rules: Everything with figures, by id (``builder.citations.citable``).
    """

    words: Words
    rules: Mapping[str, Tree]

    def say(self, when: When) -> tuple[tuple[Clause, ...], ...]:
        """Return the alternatives of a condition, each as the clauses that must all hold.

        Raises:
            Trouble: A fact, value, comparison or figure has no words; names where to write them.
        """
        return tuple(
            tuple(self.clause(fact, expected) for fact, expected in alternative.items())
            for alternative in alternatives(when)
        )

    def clause(self, fact: str, expected: Any) -> Clause:
        """Return one test in words."""
        name = self._message(f"decisions.facts.{fact}")
        test = self._test(fact, expected)
        return Clause(name, test, self._message("decisions.clause", fact=name, test=test))

    def value(self, fact: str, value: str) -> str:
        """Return the name of one value of a fact."""
        own = f"decisions.values.{fact}.{value}"
        if self.words.has(own) or fact not in _NAMED_ELSEWHERE:
            return self._message(own)
        name = self._message(_NAMED_ELSEWHERE[fact].format(value))
        return self._message("decisions.quoted", name=name) if fact in {"path", "then"} else name

    def values(self, fact: str, values: Sequence[str], style: Joined = "or") -> str:
        """Return the names of some values of a fact as one list."""
        return self.listed([self.value(fact, str(value)) for value in values], style)

    def listed(self, names: Sequence[str], style: Joined = "or") -> str:
        """Return names as one list, of which one counts (``or``) or all (``standard``)."""
        return format_list(list(names), style=style, locale=self.words.locale)

    def _test(self, fact: str, expected: Any) -> str:
        if not isinstance(expected, Mapping):
            return self.values(fact, expected if isinstance(expected, list) else [str(expected)])
        if len(expected) != 1:
            raise Trouble(f"data/rules: a condition on {fact} makes several comparisons at once")
        ((comparison, stated),) = expected.items()
        if comparison == "not":
            return self._without(fact, stated)
        if comparison == "at_most" and stated == 0:
            return self._message("decisions.compare.none")
        return self._message(f"decisions.compare.{comparison}", limit=self.limit(stated))

    def _without(self, fact: str, excluded: Sequence[str]) -> str:
        """Say that a fact is none of some values, in words of its own where it has them."""
        if len(excluded) == 1 and self.words.has(f"decisions.negated.{fact}.{excluded[0]}"):
            return self._message(f"decisions.negated.{fact}.{excluded[0]}")
        if self.words.has(f"decisions.negated.{fact}"):
            return self._message(f"decisions.negated.{fact}", values=self.values(fact, excluded))
        listed = self.values(fact, excluded, "standard")
        return self._message("decisions.compare.none_of", values=listed)

    def limit(self, stated: str | int) -> str:
        """Return what a comparison compares with: ``180 days``, a day, or a bare number."""
        if isinstance(stated, int):
            return self.words.format(stated)
        return self.amount(figures.at(self.rules, stated))

    def amount(self, figure: Figure) -> str:
        """Return a figure with its unit; days of the calendar and bare counts have none."""
        key = f"decisions.units.{figure.unit}"
        if not self.words.has(key) or not isinstance(figure.value, int):
            return self.words.format(figure)
        return self._message(key, count=figure)

    def _message(self, key: str, /, **values: Value) -> str:
        try:
            return self.words.say(key, **values)
        except MissingWords as error:
            raise Trouble(
                f"data/rules uses what data/languages has no words for: {error}"
            ) from error


def alternatives(when: When) -> Sequence[Alternative]:
    """Return the sets of tests of which one has to hold in full."""
    return [when] if isinstance(when, Mapping) else when


def left_open(alternative: Alternative, settled: Mapping[str, str]) -> Alternative | None:
    """Return the tests that some settled facts leave open; ``None`` where they rule it out."""
    rest: dict[str, Any] = {}
    for fact, expected in alternative.items():
        if fact not in settled:
            rest[fact] = expected
        elif not _fits(settled[fact], expected):
            return None
    return rest


def _fits(value: str, expected: Any) -> bool:
    if isinstance(expected, Mapping):
        return value not in expected.get("not", ())
    return value in (expected if isinstance(expected, list) else [expected])


def settled_by(channels: Mapping[str, Tree], channel: str) -> dict[str, str]:
    """Return what the channel alone settles: itself and what ``channels.yml`` says it implies."""
    implied = {str(k): str(v) for k, v in (channels[channel].get("implies") or {}).items()}
    return {"product_type": "license", **implied, "channel": channel}
