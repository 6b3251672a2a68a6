"""The ways to handle one line, side by side; made on demand, for one line at a time.

Which ways there are, what rules each out, what comes back and whose seats are at risk
is data: ``data/rules/alternatives.yml``. Here each way is planned by the same calendar
as any path, and its figures follow from that plan.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from planner.conditions import ALWAYS, Condition, Facts
from planner.deciding.facts import Neighbours, facts_of
from planner.deciding.recommend import recommend
from planner.deciding.terms import current_term
from planner.deciding.verdicts import Verdicts
from planner.knowledge import Decision, Knowledge, NotInForce
from planner.model import Alternative, Amount, Recommendation, Settings, Subscription

CHOSEN = "P-18"
"""The policy that a path follows because the reader chose it."""

_ZERO = frozenset({"nothing-paid-twice", "no-day-uncovered", "no-seat-at-risk"})
"""What a way wins by only where the figure is nought."""

_REQUEST = "create-transfer"
_CENT = Decimal("0.01")
_MONTHS_BILLED = {"monthly": 1, "annual": 12, "triennial": 36}
_YEAR_DAYS = {1: (28, 31), 12: (365, 366), 36: (1095, 1096)}


class NotPossible(ValueError):
    """A way that some rules rule out for a line; ``rules`` names them."""

    def __init__(self, alternative: str, rules: tuple[str, ...]) -> None:
        super().__init__(f"{alternative}: ruled out by {', '.join(rules)}")
        self.alternative = alternative
        self.rules = rules


class NoSuchWay(ValueError):
    """A code that names no way to handle a line, and no path that one takes."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The path that a way takes, and whether it buys on the as-of day."""

    when: Condition
    path: str
    buys_now: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A row that says something by rules, where its condition holds."""

    when: Condition
    rules: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to handle a line, as the data states it."""

    id: str
    paths: tuple[str, ...]
    take: tuple[Taken, ...]
    ruled_out: tuple[Stated, ...]
    refund: tuple[Stated, ...]
    seats_at_risk: tuple[Stated, ...]
    bound: str


class Ways:
    """The ways to handle the lines of one plan.

    Args:
        settings: The plan's settings.
        knowledge: What is known on the plan's day.
    """

    def __init__(self, settings: Settings, knowledge: Knowledge) -> None:
        self.settings = settings
        self.knowledge = knowledge
        self.verdicts = Verdicts(knowledge, settings.answers)
        self._forced: dict[str, tuple[Knowledge, Verdicts]] = {}

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Every way that the data states, in its order."""
        stated = self.knowledge.tree["rules"]["alternatives"]
        none = tuple(self._stated(stated["none"]))
        return tuple(
            Way(
                id=way,
                paths=tuple(row["paths"]),
                take=tuple(
                    Taken(self._when(one), one["path"], one.get("cutover") == "as_of")
                    for one in row["take"]
                ),
                ruled_out=(
                    *none,
                    *self._not_in_force(row.get("needs", ())),
                    *self._stated(row["ruled_out"]),
                ),
                refund=tuple(self._stated(row["refund"], "refund")),
                seats_at_risk=tuple(self._stated(row.get("seats_at_risk", ()))),
                bound=row["bound"],
            )
            for way, row in stated["alternatives"].items()
        )

    def _when(self, row: Mapping[str, Any]) -> Condition:
        return self.knowledge.condition(row["when"]) if "when" in row else ALWAYS

    def _stated(self, rows: Iterable[Mapping[str, Any]], code: str = "") -> Iterator[Stated]:
        for row in rows:
            try:
                when = self._when(row)
            except NotInForce:
                continue
            yield Stated(when, tuple(row["rules"]), row.get(code, ""))

    def _not_in_force(self, rules: Iterable[str]) -> Iterator[Stated]:
        missing = tuple(rule for rule in rules if not self.knowledge.in_force(rule))
        if missing:
            yield Stated(ALWAYS, missing)

    def named(self, code: str) -> Way:
        """Return the way with this code, or the one that takes this path.

        Raises:
            NoSuchWay: Neither exists.
        """
        for way in self.ways:
            if code == way.id or code in way.paths:
                return way
        raise NoSuchWay(code)

    def on_path(self, path: str) -> tuple[Knowledge, Verdicts]:
        """Return the knowledge and the verdicts by which every line takes one path."""
        if path not in self._forced:
            forced = copy.copy(self.knowledge)
            decision = Decision(CHOSEN, ALWAYS, path, None, None, (CHOSEN,), (), ())
            forced.__dict__["decisions"] = (decision,)
            self._forced[path] = forced, Verdicts(forced, self.settings.answers)
        return self._forced[path]


def ways_by_code(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the codes of all ways, then those of the paths that they take."""
    stated = knowledge.tree["rules"]["alternatives"]["alternatives"]
    paths = dict.fromkeys(path for row in stated.values() for path in row["paths"])
    return (*stated, *paths)


@dataclass(frozen=True, slots=True)
class Case:
    """One line with what stands beside it, to be planned one way or another.

    Attributes:
        path: Path that the reader chose; ``""``: the one that the rules recommend.
        buys_now: What the reader chose buys on the as-of day.
        chosen: Code of what the reader chose, or ``""``.
    """

    subscription: Subscription
    neighbours: Neighbours
    ways: Ways
    path: str = ""
    buys_now: bool = False
    chosen: str = ""

    def recommend(self, cutover: dt.date | None = None) -> Recommendation:
        """Return what to do, on the path of the case and with the cutover on a day."""
        knowledge, verdicts = self.ways.knowledge, self.ways.verdicts
        if self.path:
            knowledge, verdicts = self.ways.on_path(self.path)
        if cutover is None and self.buys_now:
            cutover = self.ways.settings.as_of
        one = recommend(
            self.subscription, self.ways.settings, knowledge, verdicts, self.neighbours, cutover
        )
        if cutover is None and not self.chosen:
            return one
        pasted = replace(one.subscription, new_start=self.subscription.new_start)
        return replace(one, subscription=pasted, chosen=self.chosen)

    def taking(self, alternative: str) -> Case:
        """Return the same line as the reader chose to handle it.

        Raises:
            NoSuchWay: No way and no path has this code.
            NotPossible: Rules rule it out for this line.
        """
        way = self.ways.named(alternative)
        facts = self.facts()
        if (way.paths and self.recommend().path in way.paths) or not way.take:
            return replace(self, chosen=way.id)
        if out := _ruled_out(way, facts):
            raise NotPossible(way.id, out)
        taken = next(one for one in way.take if one.when.holds(facts))
        return replace(self, path=taken.path, buys_now=taken.buys_now, chosen=way.id)

    def facts(self) -> Facts:
        """Return the facts about the line, unknown ones as the plan assumes them."""
        term = current_term(self.subscription, self.ways.settings.as_of, self.ways.knowledge)
        pasted = facts_of(term, self.ways.settings, self.ways.knowledge, self.neighbours)
        return self.ways.verdicts.of(pasted).facts


def alternatives(case: Case, chosen: str = "") -> tuple[Alternative, ...]:
    """Return every way to handle a line, side by side, in the order of the data.

    ``case`` is the line as its own rules plan it; ``chosen`` the way that the reader
    took instead. The recommended way says what it is best in among those possible.
    """
    facts = case.facts()
    recommended = case.recommend()
    made = [_alternative(case, way, facts, recommended, chosen) for way in case.ways.ways]
    return tuple(
        replace(one, won_by=_won_by(one, made, case.ways.knowledge)) if one.recommended else one
        for one in made
    )


def _ruled_out(way: Way, facts: Facts) -> tuple[str, ...]:
    found = [rule for row in way.ruled_out if row.when.holds(facts) for rule in row.rules]
    return tuple(dict.fromkeys(found))


def _first(rows: tuple[Stated, ...], facts: Facts) -> Stated | None:
    return next((row for row in rows if row.when.holds(facts)), None)


def _alternative(
    case: Case, way: Way, facts: Facts, recommended: Recommendation, chosen: str
) -> Alternative:
    is_recommended = recommended.path in way.paths
    out = () if is_recommended else _ruled_out(way, facts)
    if out:
        return Alternative(way.id, "", ruled_out_by=out)
    one = recommended if is_recommended else case.taking(way.id).recommend()
    reassigned = {**facts, "reassign": "yes" if one.reassign else "no"}
    refund = _first(way.refund, reassigned)
    risk = _first(way.seats_at_risk, reassigned)
    seats = one.subscription.seats
    cutover = one.dates.get("provision_on") or _handover(one)
    at_risk = seats if risk or one.gap_days else 0
    locked = _locked_in(one, way, cutover, case.ways.settings.as_of)
    code = refund.code if refund else ""
    return Alternative(
        id=way.id,
        path=one.path,
        recommended=is_recommended,
        chosen=way.id == chosen,
        cutover=cutover,
        paid_twice=_paid_twice(one, way, cutover),
        uncovered=one.gap_days,
        locked_in=locked,
        refund=code,
        refund_rules=refund.rules if refund else (),
        seats_at_risk=at_risk,
        cost=_cost(one, _paid_twice(one, way, cutover), code, refund.rules if refund else ()),
        decided_by=tuple(rule for reason in one.because[:1] for rule in reason.rules)
        if is_recommended
        else (),
        warnings=one.warnings,
        blockers=one.blockers,
    )


def _handover(one: Recommendation) -> dt.date | None:
    """Return the first day on which a subscription that changes hands can be asked for."""
    days = [step.on for step in one.steps if step.id == _REQUEST]
    return days[0] if days else one.dates.get("transfer_request_created")


def _paid_twice(one: Recommendation, way: Way, cutover: dt.date | None) -> int | None:
    """F-06, where the present term runs on; else the days until it can be cancelled."""
    if way.bound == "until_cutover" and cutover:
        last = one.dates.get("last_safe_cancel_day")
        return max(0, (last - cutover).days + 1) if last else None
    if cutover is None:
        return 0
    return one.overlap_days


def _locked_in(
    one: Recommendation, way: Way, cutover: dt.date | None, as_of: dt.date
) -> int | None:
    """Return how many days, from the as-of day on, the present term still binds."""
    end = cutover if way.bound == "until_cutover" else one.subscription.end
    return max(0, (end - as_of).days + 1) if end else None


def _cost(
    one: Recommendation, days: int | None, refund: str, rules: tuple[str, ...]
) -> Amount | None:
    """Return what is paid twice, where a price and its billing period are known.

    The least amount takes the longest period and what comes back by rule; the greatest
    takes the shortest period and nothing back (R-146: a price divided by the days of
    its charge cycle).
    """
    line = one.subscription
    months = _MONTHS_BILLED.get(line.billing)
    if line.unit_price is None or line.seats is None or months is None or days is None:
        return None
    shortest, longest = _YEAR_DAYS[months]
    period = line.unit_price * line.seats
    high = (period * days / shortest).quantize(_CENT)
    comes_back = refund in {"prorated-any-time", "prorated-in-window", "days-used-only"}
    low = Decimal(0).quantize(_CENT) if comes_back else (period * days / longest).quantize(_CENT)
    assumptions = ["price-as-now", "days-of-cycle"]
    if comes_back and days:
        assumptions.append("refund-of-the-rest")
    return Amount(low, high, line.currency, tuple(assumptions), ("R-146", "R-134", *rules))


def _won_by(one: Alternative, made: list[Alternative], knowledge: Knowledge) -> tuple[str, ...]:
    """Return in what the recommended way is better than another and worse than none."""
    others = [other for other in made if other.path and other is not one]
    if one.cutover:
        others = [other for other in others if other.cutover]
    if not others:
        return ("only-way",)
    won: list[str] = []
    told: set[str] = set()
    for code, figures in knowledge.tree["rules"]["alternatives"]["wins"].items():
        for figure in figures:
            mine = getattr(one, figure)
            theirs = [getattr(other, figure) for other in others]
            known = [value for value in theirs if value is not None]
            if mine is None or not known or figure in told:
                continue
            least = all(mine <= value for value in known)
            if least and mine != max(known) and (mine == 0 or code not in _ZERO):
                won.append(code)
                told.add(figure)
    return tuple(won) or ("rules-prefer-it",)
