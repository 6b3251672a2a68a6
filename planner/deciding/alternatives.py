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
from functools import cached_property
from typing import Any

from planner.conditions import ALWAYS, Condition, Facts
from planner.dates import add_months
from planner.deciding.costs import Paid, extra_cost, price_of, total_cost
from planner.deciding.facts import Neighbours, counted_facts
from planner.deciding.prices import entered_for
from planner.deciding.recommend import recommend
from planner.deciding.terms import current_term
from planner.deciding.verdicts import Verdicts, verdicts_of
from planner.knowledge import Decision, Knowledge, NotInForce
from planner.model import Alternative, Recommendation, Settings, Subscription

CHOSEN = "P-18"
"""The policy that a path follows because the reader chose it."""


_UNTIL_CUTOVER = "until_cutover"
_PAID_TWICE = "paid_twice"
_ONLY, _NO_FIGURE = "only-way", "rules-prefer-it"


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
class Refund:
    """What a refund does.

    Attributes:
        days: Which days of the present term come back to the customer: ``paid_twice``,
            ``after_end`` (those after the day on which the way ends it) or ``""``.
        sure: A rule promises it.
    """

    days: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Win:
    """A figure that a way can be best in; ``nought``: only where it is nought."""

    code: str
    figure: str
    nought: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way to handle a line, as the data states it."""

    id: str
    paths: tuple[str, ...]
    take: tuple[Taken, ...]
    ruled_out: tuple[Stated, ...]
    refund: tuple[Stated, ...]
    seats_at_risk: tuple[Stated, ...]
    handover_step: str
    handover_day: str
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
        self.verdicts = verdicts_of(knowledge, settings.answers)
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
                handover_step=row.get("handover", {}).get("step", ""),
                handover_day=row.get("handover", {}).get("day", ""),
                bound=row["bound"],
            )
            for way, row in stated["alternatives"].items()
        )

    @cached_property
    def refunds(self) -> dict[str, Refund]:
        """What each refund does, by code."""
        stated = self.knowledge.tree["rules"]["alternatives"]["refunds"]
        return {code: Refund(**row) for code, row in stated.items()}

    @cached_property
    def wins(self) -> tuple[Win, ...]:
        """What the recommended way can be best in, in the order in which it is said."""
        stated = self.knowledge.tree["rules"]["alternatives"]["wins"]
        return tuple(
            Win(code, row.get("figure", ""), row.get("nought", False))
            for code, row in stated.items()
        )

    def horizon(self, end: dt.date | None) -> dt.date:
        """Return the last day to which every way of a line is added up (UTC).

        ``end`` is the last paid day of its present term, where that is known.
        """
        months = self.knowledge.tree["rules"]["alternatives"]["horizon"]["months"]
        last = add_months(self.settings.as_of, months) - dt.timedelta(days=1)
        return max(last, end) if end else last

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
            forced.judged = None
            decision = Decision(CHOSEN, ALWAYS, path, None, None, (CHOSEN,), (), ())
            forced.__dict__["decisions"] = (decision,)
            tables = self.verdicts.tables.deciding(decision)
            self._forced[path] = forced, Verdicts(forced, self.settings.answers, tables)
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
        settings = self.ways.settings
        term = current_term(self.subscription, settings.as_of, self.ways.knowledge)
        verdict = self.ways.verdicts.of_line(term, settings, self.neighbours)
        # A verdict's numbers and days are those of some line of the kind: these are its own.
        counted = counted_facts(term, settings.as_of, self.neighbours)
        return {**verdict.facts, **counted._asdict()}


def alternatives(case: Case, chosen: str = "") -> tuple[Alternative, ...]:
    """Return every way to handle a line, side by side, in the order of the data.

    ``case`` is the line as its own rules plan it; ``chosen`` the way that the reader
    took instead. The recommended way says what it is best in among those possible.
    """
    facts = case.facts()
    recommended = case.recommend()
    made = [_alternative(case, way, facts, recommended, chosen) for way in case.ways.ways]
    return tuple(
        replace(one, won_by=_won_by(one, made, case.ways.wins)) if one.recommended else one
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
    stated = _first(way.refund, reassigned)
    risk = _first(way.seats_at_risk, reassigned)
    cutover = one.dates.get("provision_on") or _handover(one, way)
    paid_twice = _paid_twice(one, way, cutover)
    as_of = case.ways.settings.as_of
    refund = case.ways.refunds[stated.code] if stated else Refund()
    rules = stated.rules if stated else ()
    made = Alternative(
        id=way.id,
        path=one.path,
        recommended=is_recommended,
        chosen=way.id == chosen,
        cutover=cutover,
        paid_twice=paid_twice,
        uncovered=one.gap_days,
        locked_in=_locked_in(one, way, cutover, as_of),
        refund=stated.code if stated else "",
        refund_rules=rules,
        refund_days=_refund_days(refund, one, cutover, paid_twice),
        seats_at_risk=one.subscription.seats if risk or one.gap_days else 0,
        horizon=case.ways.horizon(one.subscription.end),
        decided_by=tuple(rule for reason in one.because[:1] for rule in reason.rules)
        if is_recommended
        else (),
        warnings=one.warnings,
        blockers=one.blockers,
        planned=one,
    )
    prices, catalogue = case.ways.settings.prices, case.ways.knowledge.catalogue
    price = price_of(one.subscription, entered_for(one.subscription, prices, catalogue))
    paid = _paid(made, way, refund, as_of)
    if price is None or paid is None:
        return made
    return replace(made, cost=extra_cost(price, paid), total=total_cost(price, paid))


def _handover(one: Recommendation, way: Way) -> dt.date | None:
    """Return the first day on which a subscription that changes hands can be asked for."""
    days = [step.on for step in one.steps if step.id == way.handover_step]
    return days[0] if days else one.dates.get(way.handover_day)


def _paid_twice(one: Recommendation, way: Way, cutover: dt.date | None) -> int | None:
    """F-06, where the present term runs on; else the days until it can be cancelled."""
    if way.bound == _UNTIL_CUTOVER and cutover:
        last = one.dates.get("last_safe_cancel_day")
        return max(0, (last - cutover).days + 1) if last else None
    if cutover is None:
        return 0
    return one.overlap_days


def _refund_days(
    refund: Refund, one: Recommendation, cutover: dt.date | None, paid_twice: int | None
) -> int | None:
    """Return how many days of the present term come back; ``None`` where that isn't known."""
    end = one.subscription.end
    if refund.days == _PAID_TWICE:
        return paid_twice
    if not refund.days or cutover is None or end is None or paid_twice is None:
        return None
    return max(0, (end - cutover).days + 1 - paid_twice)


def _paid(made: Alternative, way: Way, refund: Refund, as_of: dt.date) -> Paid | None:
    """Return the days that a way pays for; ``None`` where the days paid twice aren't known."""
    twice = made.paid_twice
    if twice is None or made.horizon is None or made.planned is None:
        return None
    fewest = most = twice
    assumptions = ["price-as-now"] if made.cutover else []
    rules: tuple[str, ...] = ()
    if twice and refund.days == _PAID_TWICE:
        # What no rule promises lowers the least amount alone.
        fewest, most = 0, 0 if refund.sure else twice
        rules = made.refund_rules
        if not refund.sure:
            assumptions.append("refund-of-the-rest")
    elif twice > 1 and way.bound == _UNTIL_CUTOVER:
        fewest = 1
        rules = made.refund_rules
        assumptions.append("canceled-at-once")
    end = made.planned.subscription.end
    if made.cutover is None and end and end < made.horizon:
        assumptions.append("renews-as-now")
    last, gap = made.horizon, made.uncovered or 0
    return Paid(as_of, last, fewest, most, gap, tuple(assumptions), rules)


def _locked_in(
    one: Recommendation, way: Way, cutover: dt.date | None, as_of: dt.date
) -> int | None:
    """Return how many days, from the as-of day on, the present term still binds."""
    end = cutover if way.bound == _UNTIL_CUTOVER else one.subscription.end
    return max(0, (end - as_of).days + 1) if end else None


def _won_by(one: Alternative, made: list[Alternative], wins: tuple[Win, ...]) -> tuple[str, ...]:
    """Return in what the recommended way is better than another and worse than none."""
    others = [other for other in made if other.path and other is not one]
    if one.cutover:
        others = [other for other in others if other.cutover]
    if not others:
        return (_ONLY,)
    won: list[str] = []
    told: set[str] = set()
    for win in wins:
        mine = getattr(one, win.figure) if win.figure else None
        theirs = [getattr(other, win.figure) for other in others] if win.figure else []
        known = [value for value in theirs if value is not None]
        if mine is None or not known or win.figure in told:
            continue
        least = all(mine <= value for value in known)
        if least and mine != max(known) and (mine == 0 or not win.nought):
            won.append(win.code)
            told.add(win.figure)
    return tuple(won) or (_NO_FIGURE,)
