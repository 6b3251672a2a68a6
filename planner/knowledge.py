"""What is known, as the rest of the planner reads it.

Built from the tree of ``data/``: read as YAML in a checkout, or from the one
compiled JSON file that travels with the browser's wheel.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from importlib import resources
from typing import Any

from planner.words import Figure, Words

Tree = Mapping[str, Any]
When = Mapping[str, Any] | list[Mapping[str, Any]]


class UnknownRule(LookupError):
    """A reference such as ``R-170.grace_days`` that no rule answers."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the decision table."""

    id: str
    when: When
    path: str
    then: str | None
    then_decision: str | None
    rules: tuple[str, ...]
    optional: tuple[str, ...]
    instead_of: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Modifier:
    """A row that is added on top of whatever path was found."""

    id: str
    when: When
    reassign: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regime:
    """What happens after the last paid day; ``access`` and ``data`` count days from it."""

    code: str
    access: int
    data: int
    rules: tuple[str, ...]
    end_of_term_choice: str | None


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """What to take for granted where a fact is unknown, and what to ask."""

    id: str
    fact: str
    when: When
    assume: str | None
    choices: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A blocker or warning and the lines it touches."""

    id: str
    when: When
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayRule:
    """How a day is counted: ``anchor`` plus ``offset`` days."""

    name: str
    anchor: str
    offset: int
    not_before: str | None
    otherwise: str | None
    hard: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """A group of countries inside which a partner may sell (R-510)."""

    name: str
    listed_in_full: bool


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day that belongs to a path, where its condition holds."""

    rule: DayRule
    when: When


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that belongs to a path, where its condition holds."""

    id: str
    when: When
    on: str | None
    by: str | None
    actor: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathPlan:
    """The days and the ordered steps of one path.

    ``tone`` says how it reads at a glance: ``go``, ``wait``, ``act``, ``blocked`` or ``none``;
    ``ends_source`` tells whether somebody has to choose what the old subscription
    does at its term end.
    """

    days: tuple[PlannedDay, ...]
    steps: tuple[StepRow, ...]
    tone: str
    ends_source: bool


class Knowledge:
    """The rules, the tables made of them, and the planner's words.

    Args:
        tree: The tree of ``data/`` (see ``planner.checkout.read_folder``).
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._rules: Tree = tree["rules"]
        self._words: dict[str, Words] = {}

    @property
    def version(self) -> str:
        """The day on which the rules last changed."""
        return str(self._rules["version"]["version"])

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages that the planner speaks."""
        return tuple(sorted(self.tree["languages"]))

    def words(self, language: str) -> Words:
        """Return the words of a language."""
        if language not in self._words:
            self._words[language] = Words(language, self.tree["languages"][language])
        return self._words[language]

    @cached_property
    def facts(self) -> dict[str, Tree]:
        """Every dated rule and policy by id."""
        found: dict[str, Tree] = {}
        for topic in self._rules["facts"].values():
            found.update(topic["rules"])
        found.update(self._rules["policies"]["rules"])
        return found

    def figures(self, *rules: str) -> dict[str, Figure]:
        """Return the figures of some rules by name; ids without figures add none."""
        return {
            name: _figure(stated)
            for rule in rules
            for name, stated in self.facts.get(rule, {}).get("figures", {}).items()
        }

    def figure(self, reference: str) -> Figure:
        """Return one figure, named as ``R-170.grace_days``.

        Raises:
            UnknownRule: No such rule, or no such figure of it.
        """
        rule, _, name = reference.partition(".")
        try:
            return _figure(self.facts[rule]["figures"][name])
        except KeyError as error:
            raise UnknownRule(reference) from error

    def days(self, references: list[str | int]) -> int:
        """Return the sum of some figures in days; plain numbers count as they stand."""
        return sum(
            term if isinstance(term, int) else int(str(self.figure(term).value))
            for term in references
        )

    def limit(self, stated: str | int) -> int | dt.date:
        """Return what a condition compares with: a number or a day."""
        if isinstance(stated, int):
            return stated
        value = self.figure(stated).value
        return value if isinstance(value, dt.date) else int(value)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The decision table, in the order of evaluation."""
        return tuple(
            Decision(
                id=row["id"],
                when=row["when"],
                path=row["path"],
                then=row.get("then", {}).get("path"),
                then_decision=row.get("then", {}).get("decision"),
                rules=tuple(row["rules"]),
                optional=tuple(row.get("optional", ())),
                instead_of=tuple(
                    (entry["path"], tuple(entry["ruled_out_by"]))
                    for entry in row.get("instead_of", ())
                ),
            )
            for row in self._rules["paths"]["paths"]
        )

    @cached_property
    def modifiers(self) -> tuple[Modifier, ...]:
        """Rows that are always added on top."""
        return tuple(
            Modifier(row["id"], row["when"], row.get("reassign", False), tuple(row["rules"]))
            for row in self._rules["paths"]["modifiers"]
        )

    @cached_property
    def regime_rows(self) -> tuple[tuple[When, Regime | None], ...]:
        """Conditions with the regime each selects, the first match counting."""
        regimes = {
            name: Regime(
                code=stated.get("code", name),
                access=self.days(stated["access"]),
                data=self.days(stated["data"]),
                rules=tuple(stated["rules"]),
                end_of_term_choice=stated.get("end_of_term_choice"),
            )
            for name, stated in self._rules["lifecycles"]["regimes"].items()
        }
        return tuple(
            (row["when"], regimes[row["regime"]] if row["regime"] else None)
            for row in self._rules["lifecycles"]["selection"]
        )

    @cached_property
    def assumptions(self) -> tuple[AssumptionRow, ...]:
        """What to assume and ask, in order."""
        return tuple(
            AssumptionRow(
                id=row["id"],
                fact=row["fact"],
                when=row["when"],
                assume=row["assume"],
                choices=tuple(row["choices"]),
                rules=tuple(row["rules"]),
            )
            for row in self._rules["assumptions"]["assumptions"]
        )

    @cached_property
    def blockers(self) -> tuple[NoticeRow, ...]:
        """What can stand in the way."""
        return self._notices("blockers")

    @cached_property
    def warnings(self) -> tuple[NoticeRow, ...]:
        """What can go wrong."""
        return self._notices("warnings")

    def _notices(self, kind: str) -> tuple[NoticeRow, ...]:
        return tuple(
            NoticeRow(row["id"], row["when"], tuple(row["rules"]))
            for row in self._rules["notices"][kind]
        )

    @cached_property
    def path_plans(self) -> dict[str, PathPlan]:
        """Path code → its days and steps."""
        calendar = self._rules["calendar"]["days"]
        rules = {
            name: DayRule(
                name=stated.get("as", name),
                anchor=stated["from"],
                offset=self.days(stated.get("plus", [])) - self.days(stated.get("minus", [])),
                not_before=stated.get("not_before"),
                otherwise=stated.get("otherwise"),
                hard=stated.get("hard", False),
                rules=tuple(stated.get("rules", ())),
            )
            for name, stated in calendar.items()
        }
        return {
            path: PathPlan(
                days=tuple(
                    PlannedDay(rules[row["day"]], row.get("when", {})) for row in stated["days"]
                ),
                steps=tuple(
                    StepRow(
                        id=row["id"],
                        when=row.get("when", {}),
                        on=row.get("on"),
                        by=row.get("by"),
                        actor=row["actor"],
                        rules=tuple(row["rules"]),
                    )
                    for row in stated["steps"]
                ),
                tone=stated["tone"],
                ends_source=stated.get("ends_source", False),
            )
            for path, stated in self._rules["steps"]["paths"].items()
        }

    @cached_property
    def ended_by(self) -> dict[str, str]:
        """Channel → who can end a subscription that was bought there."""
        return {
            channel: stated["ended_by"]
            for channel, stated in self._rules["channels"]["channels"].items()
        }

    @cached_property
    def markets(self) -> dict[str, Market]:
        """Country (ISO code) → the market it belongs to (R-510)."""
        return {
            country: Market(name, listed_in_full=stated["listed"] == "full")
            for name, stated in self._rules["markets"]["markets"].items()
            for country in stated["countries"]
        }

    @cached_property
    def seat_caps(self) -> dict[str, str]:
        """Product name, in lower case → the cap that applies to it (R-131)."""
        return {
            name.lower(): cap
            for cap, names in self.tree["products"]["caps"]["caps"].items()
            for name in names
        }


def _figure(stated: Tree) -> Figure:
    value, unit = stated["value"], stated["unit"]
    if unit == "date":
        return Figure(dt.date.fromisoformat(value), unit)
    if isinstance(value, int):
        return Figure(value, unit)
    return Figure(Decimal(str(value)), unit)


def compiled() -> Knowledge:
    """Return the knowledge that travels with the package.

    Raises:
        FileNotFoundError: This copy of the package carries none.
    """
    text = resources.files("planner").joinpath("knowledge.json").read_text(encoding="utf-8")
    return Knowledge(json.loads(text))
