"""What is known, as the rest of the planner reads it.

Built from the tree of ``data/``: read as YAML in a checkout, or from the one
compiled JSON file that travels with the browser's wheel.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

from planner.conditions import (
    ALWAYS,
    UNKNOWN,
    Compared,
    Condition,
    Limit,
    OneOf,
    When,
    condition,
    either,
    narrowed,
)
from planner.products import Catalogue
from planner.words import Figure, Words

Tree = Mapping[str, Any]


class UnknownRule(LookupError):
    """A reference such as ``R-170.grace_days`` that no rule answers."""


class NotInForce(LookupError):
    """A rule that doesn't cover the day: it isn't in force yet, or not any more."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the decision table."""

    id: str
    when: Condition
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
    when: Condition
    reassign: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regime:
    """What happens after the last paid day; ``access`` and ``data`` count days from it.

    ``paid_extension``: without an explicit cancellation it runs on, and is billed (R-206).
    """

    code: str
    access: int
    data: int
    rules: tuple[str, ...]
    end_of_term_choice: str | None
    paid_extension: bool


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """What to take for granted where a fact is unknown, and what to ask.

    ``choices`` are the values it can have; ``probes`` are days around which another
    day would change the answer, for a fact that is a day. ``always``: it is asked even
    where no other value could be tried.
    """

    id: str
    fact: str
    when: Condition
    assume: str | None
    choices: tuple[str, ...]
    probes: tuple[dt.date, ...]
    always: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """A fact that somebody can change or find out, its question, and the values to try."""

    fact: str
    question: str
    when: Condition
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A blocker or warning and the lines it touches.

    ``solved_by`` is the step that settles a blocker in the plans that have it; ``""`` for none.
    """

    id: str
    when: Condition
    rules: tuple[str, ...]
    solved_by: str = ""


Changes = tuple[tuple[dt.date, dt.timedelta | None], ...]


class DayRule(NamedTuple):
    """How a day is counted: ``anchor`` plus ``span``.

    ``span`` is ``None`` where no rule in force says how many days it is. ``changes`` has
    the anchors from which on it is another one, in order.
    """

    name: str
    anchor: str
    span: dt.timedelta | None
    not_before: str | None
    otherwise: str | None
    not_after: str | None
    hard: bool
    rules: tuple[str, ...]
    changes: Changes = ()

    def span_from(self, anchor: dt.date) -> dt.timedelta | None:
        """Return how many days are counted from an anchor."""
        span = self.span
        for first, other in self.changes:
            if anchor >= first:
                span = other
        return span


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a subscription was bought.

    Attributes:
        ended_by: Who can end a subscription there.
        implies: Facts that follow from the channel alone.
        renews_into: Channel that a term belongs to after it renewed; ``None``: it can't renew.
    """

    code: str
    ended_by: str
    implies: Mapping[str, str]
    renews_into: str | None


@dataclass(frozen=True, slots=True)
class Market:
    """A group of countries inside which a partner may sell (R-510)."""

    name: str
    listed_in_full: bool


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day that belongs to a path, where its condition holds."""

    rule: DayRule
    when: Condition


class StepRow(NamedTuple):
    """A step that belongs to a path, where its condition holds."""

    id: str
    when: Condition
    on: str | None
    by: str | None
    actor: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathPlan:
    """The days and the ordered steps of one path.

    ``tone`` says how it reads at a glance: ``go``, ``wait``, ``act``, ``blocked`` or ``none``;
    ``ends_source`` tells whether somebody has to choose what the old subscription
    does at its term end; ``in_place`` whether the subscription itself changes hands.
    """

    days: tuple[PlannedDay, ...]
    steps: tuple[StepRow, ...]
    tone: str
    ends_source: bool
    in_place: bool


_DAYS_REMEMBERED = 2  # A plan's own, and today.
_ONE_DAY = dt.timedelta(days=1)
_NO_END = OneOf("end", frozenset({UNKNOWN}))
# Facts that count the days since something: what happened then was under the rules of that day.
_SINCE = frozenset({"days_since_start", "days_since_request"})


class Knowledge:
    """The rules, the tables made of them, and the planner's words.

    Which day's rules count follows from what they are about. What comes after a term goes
    by the day it ends, once that lies ahead; what is counted from a purchase, a renewal or
    a request goes by that day; all else, our policies among it, by the plan's day.

    Args:
        tree: The tree of ``data/`` (see ``planner.checkout.read_folder``).
        as_of: Day whose rules count (UTC); ``None`` takes every rule at its latest.
        policies: ``P-02.relationship_request_lead`` → days, where a reader chose others.

    Attributes:
        judged: The answers by which lines were last judged, and what then judged them.
    """

    def __init__(
        self,
        tree: Tree,
        as_of: dt.date | None = None,
        policies: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.tree = tree
        self.as_of = as_of
        self._policies = policies
        self._rules: Tree = tree["rules"]
        self._words: dict[str, Words] = {}
        self._on: dict[tuple[dt.date, frozenset[tuple[str, int]]], Knowledge] = {}
        self.judged: tuple[Mapping[str, str], object] | None = None

    def check(self) -> None:
        """Build every table once, so that a fault in the data shows before anything is planned.

        Raises:
            ValueError: A figure or condition can't be read.
            LookupError: A table names a rule, figure or key that doesn't exist.
        """
        for facts in self.facts:
            self.figures(facts)
        _ = (self.decisions, self.modifiers, self.regime_rows, self.assumptions, self.levers)
        _ = (self.blockers, self.warnings, self.path_plans, self.channels, self.markets)

    def on(self, as_of: dt.date, policies: Mapping[str, int] | None = None) -> Knowledge:
        """Return what is known on a day, with the reader's own policies.

        The last few are remembered, with all that was made of them.

        Raises:
            UnknownRule: A policy figure that doesn't exist.
        """
        for reference in policies or {}:
            self.figure(reference)
        if as_of == self.as_of and not policies:
            return self
        key = as_of, frozenset((policies or {}).items())
        dated = self._on.pop(key, None)
        if dated is None:
            dated = Knowledge(self.tree, as_of, dict(policies or {}))
            dated.catalogue = self.catalogue
            dated._words = self._words
        self._on[key] = dated
        while len(self._on) > _DAYS_REMEMBERED:
            del self._on[next(iter(self._on))]
        return dated

    def forget(self) -> None:
        """Forget the days asked for, with all that was made of them: lines' words are in it."""
        self._on.clear()
        self.judged = None

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

    @cached_property
    def policy_figures(self) -> tuple[str, ...]:
        """Addresses of the figures that are ours to recommend and the reader's to change."""
        return tuple(
            f"{policy}.{name}"
            for policy, stated in self._rules["policies"]["rules"].items()
            for name in stated.get("figures", {})
        )

    def figures(self, *rules: str) -> dict[str, Figure]:
        """Return the figures of some rules by name; ids without figures add none."""
        return {
            name: self._figure(f"{rule}.{name}", stated)
            for rule in rules
            for name, stated in self.facts.get(rule, {}).get("figures", {}).items()
        }

    def figure(self, reference: str, counted_from: dt.date | None = None) -> Figure:
        """Return one figure, named as ``R-170.grace_days``.

        That is its value on the plan's day, or on the day that it is counted from.

        Raises:
            UnknownRule: No such rule, or no such figure of it.
            NotInForce: The rule covers neither day.
        """
        rule, _, name = reference.partition(".")
        try:
            stated = self.facts[rule]["figures"][name]
        except KeyError as error:
            raise UnknownRule(reference) from error
        if rule in self._rules["policies"]["rules"]:
            counted_from = None
        if not self.in_force(rule, counted_from):
            raise NotInForce(reference)
        return self._figure(reference, stated, counted_from)

    def in_force(self, rule: str, day: dt.date | None = None) -> bool:
        """Tell whether a rule covers the plan's day, or a day ahead of it.

        Raises:
            UnknownRule: No such rule.
        """
        if rule not in self.facts:
            raise UnknownRule(rule)
        stated = self.facts[rule]
        if self.as_of is None:
            return True
        day = max(day or self.as_of, self.as_of)
        begins, ends = stated.get("valid_from"), stated.get("valid_to")
        return (not begins or first_day(begins) <= day) and (not ends or day < first_day(ends))

    def _figure(self, reference: str, stated: Tree, day: dt.date | None = None) -> Figure:
        """Return a figure's value on a day: the reader's own, or the last one stated."""
        day = day or self.as_of
        if reference in self._policies:
            return Figure(self._policies[reference], stated["unit"])
        value = stated.get("value")
        for later in stated.get("values", ()):
            if day is None or first_day(later["valid_from"]) <= day:
                value = later["value"]
        if value is None:
            raise NotInForce(reference)
        if stated["unit"] == "date":
            return Figure(dt.date.fromisoformat(value), stated["unit"])
        try:
            number = value if isinstance(value, int) else Decimal(str(value))
        except ArithmeticError as error:
            raise ValueError(f"{reference}: {value} is no number") from error
        return Figure(number, stated["unit"])

    def days(self, references: list[str | int], counted_from: dt.date | None = None) -> int:
        """Return the sum of some figures in days; plain numbers count as they stand.

        ``counted_from``: the day whose figures count, if it isn't the plan's.

        Raises:
            UnknownRule: No such rule or figure.
            NotInForce: A rule doesn't cover the day.
        """
        return sum(
            term if isinstance(term, int) else int(str(self.figure(term, counted_from).value))
            for term in references
        )

    def limit(self, stated: str | int) -> Limit:
        """Return what a condition compares with: a number or a day.

        Raises:
            UnknownRule: No such rule or figure.
            NotInForce: The rule doesn't cover the day.
        """
        if isinstance(stated, int):
            return stated
        value = self.figure(stated).value
        return value if isinstance(value, dt.date) else int(value)

    def condition(self, when: When) -> Condition:
        """Return a condition with its figures filled in.

        Raises:
            BadCondition: It can't be read.
            UnknownRule: It compares with a figure that doesn't exist.
            NotInForce: It compares with a figure that doesn't cover the day.
        """
        return condition(when, self._limits) if when else ALWAYS

    def _limits(self, fact: str, named: str | int) -> tuple[Limit, tuple[tuple[int, Limit], ...]]:
        """Return what a fact is compared with, and with what since recent changes of it."""
        limit = self.limit(named)
        if fact not in _SINCE or isinstance(named, int) or self.as_of is None:
            return limit, ()
        rule, _, name = named.partition(".")
        changes = [first_day(one["valid_from"]) for one in _values(self.facts[rule], name)]
        passed = [day for day in changes if day <= self.as_of]
        if not passed:
            return limit, ()
        before = self.days([named], passed[0] - _ONE_DAY)
        values = [((self.as_of - day).days, self.days([named], day)) for day in passed]
        return before, tuple(reversed(values))

    def _rows(self, stated: list[Tree]) -> list[tuple[Tree, Condition]]:
        """Return the rows in force, each with its condition.

        A row is out of force where a rule that it needs, or a figure that it compares
        with, doesn't cover the day: nothing falls back to an older or newer one.
        """
        rows: list[tuple[Tree, Condition]] = []
        for row in stated:
            if all(self.in_force(rule) for rule in row.get("needs", ())):
                with suppress(NotInForce):
                    rows.append((row, self.condition(row.get("when", {}))))
        return rows

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The decision table, in the order of evaluation."""
        return tuple(
            Decision(
                id=row["id"],
                when=when,
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
            for row, when in self._rows(self._rules["paths"]["paths"])
        )

    @cached_property
    def modifiers(self) -> tuple[Modifier, ...]:
        """Rows that are always added on top."""
        return tuple(
            Modifier(row["id"], when, row.get("reassign", False), tuple(row["rules"]))
            for row, when in self._rows(self._rules["paths"]["modifiers"])
        )

    @cached_property
    def regime_rows(self) -> tuple[tuple[Condition, Regime | None], ...]:
        """Conditions with the regime each selects, the first match counting.

        Wherever a rule of theirs changes ahead of the plan's day, the rows stand once for
        the terms that end before and once for those that end from that day on.
        """
        lifecycles = self._rules["lifecycles"]
        figures = [
            reference
            for stated in lifecycles["regimes"].values()
            for reference in (*stated["access"], *stated["data"])
        ]
        rules = {str(reference).partition(".")[0] for reference in figures}
        for row in lifecycles["selection"]:
            rules |= {*row.get("needs", ()), *_compared(row.get("when", {}))}
        changes = self._changes(rules)
        if not changes:
            return self._regime_rows_on_the_day()
        until = Compared("end", "before", changes[0])
        rows = [
            (either(narrowed(when, until), narrowed(when, _NO_END)), regime)
            for when, regime in self._regime_rows_on_the_day()
        ]
        for first, following in zip(changes, (*changes[1:], None), strict=True):
            tests = [Compared("end", "on_or_after", first)]
            if following:
                tests.append(Compared("end", "before", following))
            later = Knowledge(self.tree, first, self._policies)
            rows += [
                (narrowed(when, *tests), regime) for when, regime in later._regime_rows_on_the_day()
            ]
        return tuple(rows)

    def _regime_rows_on_the_day(self) -> tuple[tuple[Condition, Regime | None], ...]:
        regimes: dict[str, Regime] = {}
        for name, stated in self._rules["lifecycles"]["regimes"].items():
            with suppress(NotInForce):
                regimes[name] = Regime(
                    code=stated.get("code", name),
                    access=self.days(stated["access"]),
                    data=self.days(stated["data"]),
                    rules=tuple(stated["rules"]),
                    end_of_term_choice=stated.get("end_of_term_choice"),
                    paid_extension=stated.get("paid_extension", False),
                )
        return tuple(
            (when, regimes[row["regime"]] if row["regime"] else None)
            for row, when in self._rows(self._rules["lifecycles"]["selection"])
            if not row["regime"] or row["regime"] in regimes
        )

    def _changes(self, rules: Iterable[str]) -> list[dt.date]:
        """Return the days ahead on which one of some rules begins, ends or changes a figure."""
        if self.as_of is None:
            return []
        stated = [
            day
            for rule in rules
            for fact in (self.facts[rule],)
            for day in (fact.get("valid_from"), fact.get("valid_to"), *_days_of_values(fact))
            if day
        ]
        return sorted({day for day in map(first_day, stated) if day > self.as_of})

    @cached_property
    def assumptions(self) -> tuple[AssumptionRow, ...]:
        """What to assume and ask, in order."""
        return tuple(
            AssumptionRow(
                id=row["id"],
                fact=row["fact"],
                when=when,
                assume=row["assume"],
                choices=tuple(row["choices"]),
                probes=self._probes(row.get("probes", [])),
                always=row.get("always", False),
                rules=tuple(row["rules"]),
            )
            for row, when in self._rows(self._rules["assumptions"]["assumptions"])
        )

    def _probes(self, references: list[str]) -> tuple[dt.date, ...]:
        days: list[dt.date] = []
        for reference in references:
            with suppress(NotInForce):
                day = self.limit(reference)
                if isinstance(day, dt.date):
                    days.append(day)
        return tuple(days)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """Facts to try when asked what would change an answer, in order."""
        return tuple(
            Lever(row["fact"], row["question"], when, tuple(row["choices"]))
            for row, when in self._rows(self._rules["assumptions"]["levers"])
        )

    @cached_property
    def blockers(self) -> tuple[NoticeRow, ...]:
        """What can stand in the way."""
        return self._notices("blockers")

    @cached_property
    def solved_by(self) -> Mapping[str, str]:
        """Id of a blocker → the step that settles it."""
        return {row.id: row.solved_by for row in self.blockers if row.solved_by}

    @cached_property
    def warnings(self) -> tuple[NoticeRow, ...]:
        """What can go wrong."""
        return self._notices("warnings")

    def _notices(self, kind: str) -> tuple[NoticeRow, ...]:
        return tuple(
            NoticeRow(row["id"], when, tuple(row["rules"]), row.get("solved_by", ""))
            for row, when in self._rows(self._rules["notices"][kind])
        )

    @cached_property
    def path_plans(self) -> dict[str, PathPlan]:
        """Path code → its days and steps."""
        counted = {
            name: (stated, *self._spans(stated))
            for name, stated in self._rules["calendar"]["days"].items()
        }
        rules = {
            name: DayRule(
                name=stated.get("as", name),
                anchor=stated["from"],
                span=span,
                changes=changes,
                not_before=stated.get("not_before"),
                not_after=stated.get("not_after"),
                otherwise=stated.get("otherwise"),
                hard=stated.get("hard", False),
                rules=tuple(stated.get("rules", ())),
            )
            for name, (stated, span, changes) in counted.items()
        }
        return {
            path: PathPlan(
                days=tuple(
                    PlannedDay(rules[row["day"]], when) for row, when in self._rows(stated["days"])
                ),
                steps=tuple(
                    StepRow(
                        id=row["id"],
                        when=when,
                        on=row.get("on"),
                        by=row.get("by"),
                        actor=row["actor"],
                        rules=tuple(row["rules"]),
                    )
                    for row, when in self._rows(stated["steps"])
                ),
                tone=stated["tone"],
                ends_source=stated.get("ends_source", False),
                in_place=stated.get("in_place", False),
            )
            for path, stated in self._rules["steps"]["paths"].items()
        }

    @cached_property
    def step_rules(self) -> dict[str, tuple[str, ...]]:
        """Step id → the rules it follows from, wherever it stands."""
        found: dict[str, tuple[str, ...]] = {}
        for stated in self._rules["steps"]["paths"].values():
            for row in stated["steps"]:
                found[row["id"]] = tuple(dict.fromkeys((*found.get(row["id"], ()), *row["rules"])))
        return found

    def _span(self, stated: Tree, counted_from: dt.date | None = None) -> dt.timedelta | None:
        plus, minus = stated.get("plus", []), stated.get("minus", [])
        try:
            return dt.timedelta(self.days(plus, counted_from) - self.days(minus, counted_from))
        except NotInForce:
            return None

    def _spans(self, stated: Tree) -> tuple[dt.timedelta | None, Changes]:
        """Return how many days a day is counted, and the anchors from which on it is others."""
        terms = [*stated.get("plus", []), *stated.get("minus", [])]
        rules = {term.partition(".")[0] for term in terms if isinstance(term, str)}
        rules -= self._rules["policies"]["rules"].keys()
        changes = self._changes(rules)
        if self.as_of is not None:
            values = [first_day(day) for rule in rules for day in _days_of_values(self.facts[rule])]
            changes = sorted({*changes, *values})
        if not changes:
            return self._span(stated), ()
        # Plain numbers lead to the day that a rule's figure is counted from.
        plain = dt.timedelta(days=sum(term for term in terms if isinstance(term, int)))
        before = self._span(stated, changes[0] - _ONE_DAY)
        return before, tuple((day - plain, self._span(stated, day)) for day in changes)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """Where a subscription can have been bought, by code."""
        return {
            code: Channel(
                code, stated["ended_by"], stated.get("implies", {}), stated["renews_into"]
            )
            for code, stated in self._rules["channels"]["channels"].items()
        }

    def transfer_requests(self, items: int) -> int:
        """Return how many transfer requests some items take (F-11); 0: no rule in force says."""
        try:
            return -(-items // self.days(["R-309.items_per_transfer"]))
        except NotInForce:
            return 0

    @cached_property
    def channels_that_renew(self) -> frozenset[str]:
        """Codes of the channels in which a subscription renews by itself."""
        return frozenset(code for code, one in self.channels.items() if one.renews_into)

    def country(self, code: str) -> str:
        """Return a country's ISO code, where another code for it is in use."""
        return str(self._rules["markets"]["aliases"].get(code, code))

    @cached_property
    def markets(self) -> dict[str, Market]:
        """Country (ISO code) → the market it belongs to (R-510)."""
        return {
            country: Market(name, listed_in_full=stated["listed"] == "full")
            for name, stated in self._rules["markets"]["markets"].items()
            for country in stated["countries"]
        }

    @cached_property
    def catalogue(self) -> Catalogue:
        """The products, found by any of their ids or by name; the same on every day."""
        return Catalogue(self.tree["products"], self._stated_day)

    def _stated_day(self, reference: str) -> dt.date:
        """Return the day that a figure states, whether or not its rule is in force."""
        rule, _, name = reference.partition(".")
        return dt.date.fromisoformat(self.facts[rule]["figures"][name]["value"])


def _values(fact: Tree, figure: str) -> list[Tree]:
    """Return the further values of a figure, oldest first."""
    return list(fact["figures"][figure].get("values", ()))


def _days_of_values(fact: Tree) -> list[str]:
    """Return the days from which on a figure of a rule has a further value."""
    named = fact.get("figures", {})
    return [one["valid_from"] for figure in named for one in _values(fact, figure)]


def _compared(when: When) -> set[str]:
    """Return the rules with whose figures a condition compares."""
    alternatives = when if isinstance(when, Sequence) else (when,)
    limits = [
        limit
        for alternative in alternatives
        for expected in alternative.values()
        if isinstance(expected, Mapping)
        for limit in expected.values()
    ]
    return {limit.partition(".")[0] for limit in limits if isinstance(limit, str)}


def first_day(stated: str) -> dt.date:
    """Return the first day of a stated year, month or day (``2026``, ``2026-05``, …)."""
    year, month, day = (*stated.split("-"), "1", "1")[:3]
    return dt.date(int(year), int(month), int(day))


def compiled() -> Knowledge:
    """Return the knowledge that travels with the package.

    Raises:
        FileNotFoundError: This copy of the package carries none.
    """
    text = resources.files("planner").joinpath("knowledge.json").read_text(encoding="utf-8")
    return Knowledge(json.loads(text))
