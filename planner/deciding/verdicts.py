"""Judge facts by the tables: state, regime, path, what to say and what to ask.

Two lines whose facts no condition can tell apart get the same verdict, so each kind
of line is judged once a plan, however many lines are of that kind.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from planner.conditions import Compared, Condition, Fact, Limit
from planner.deciding.facts import Neighbours, Stated, counted_facts, stated_facts, stated_in
from planner.deciding.terms import Term
from planner.deciding.timetable import Counted, Timetable, timetable_of
from planner.deciding.verdict import Verdict
from planner.knowledge import (
    AssumptionRow,
    Decision,
    Knowledge,
    Modifier,
    NoticeRow,
    PathPlan,
    Regime,
)
from planner.model import Assumption, Because, Notice, RuledOut, Settings, TurningPoint

NO_RULE = Decision(
    id="P-14",
    when=Condition(()),
    path="NO_RULE_COVERS_THIS",
    then=None,
    then_decision=None,
    rules=("P-14",),
    optional=(),
    instead_of=(),
)
"""What a line gets that no row in force covers: it says so, it doesn't guess."""


_AFTER_THE_TERM = frozenset({"access_last", "grace_last", "data_last"})
_FROM_THE_END = _AFTER_THE_TERM | {"term_end"}


class _Answer(NamedTuple):
    """What makes two answers the same answer.

    The regime is part of it only where the plan counts days by it or ends the source.
    """

    path: str
    then: str | None
    regime: str | None
    reassign: Fact
    blockers: tuple[str, ...]


class Verdicts:
    """The verdicts of one plan.

    Args:
        knowledge: What is known on the plan's day.
        answers: Question id → the choice that the reader made.
    """

    def __init__(self, knowledge: Knowledge, answers: Mapping[str, str]) -> None:
        self._knowledge = knowledge
        self._answers = answers
        self._by_line: dict[tuple[object, ...], Verdict] = {}
        self._by_facts: dict[tuple[object, ...], Verdict] = {}
        self._timetables: dict[tuple[Verdict, Counted, dt.date], Timetable] = {}

    def of_line(self, term: Term, settings: Settings, neighbours: Neighbours) -> Verdict:
        """Return the verdict on a line, found at once where another line said the same."""
        counted = counted_facts(term, settings.as_of, neighbours)
        stated = stated_in(term.subscription)
        kind = (stated, settings.market, settings.as_of, *self._places(counted))
        verdict = self._by_line.get(kind)
        if verdict is None:
            said = stated_facts(Stated._make(stated), settings, self._knowledge)
            verdict = self._by_line[kind] = self.of({**said, **counted})
        return verdict

    def of(self, facts: Mapping[str, Fact]) -> Verdict:
        """Return the verdict on a line's facts."""
        kind = tuple(self._places(facts))
        if kind not in self._by_facts:
            self._by_facts[kind] = self._judge(facts)
        return self._by_facts[kind]

    def timetable(self, verdict: Verdict, counted: Counted, as_of: dt.date) -> Timetable:
        """Return the days and steps of a verdict, found once for all lines with these days."""
        key = (verdict, counted, as_of)
        found = self._timetables.get(key)
        if found is None:
            found = timetable_of(verdict, counted, as_of, self._knowledge)
            self._timetables[key] = found
        return found

    def _places(self, facts: Mapping[str, Fact]) -> list[object]:
        """Return the facts with each number and day as its place between the limits.

        Those are the limits that any condition compares it with, so facts of one kind
        are facts that no condition can tell apart.
        """
        limits = self._limits
        places: list[object] = []
        for name, fact in facts.items():
            if fact is None or fact.__class__ is str:
                places.append(fact)
            elif name in limits:
                # Even between two limits, odd on one.
                places.append(bisect_left(limits[name], fact) + bisect_right(limits[name], fact))
            else:
                places.append(0)
        return places

    @cached_property
    def _limits(self) -> dict[str, list[Limit]]:
        found: defaultdict[str, set[Limit]] = defaultdict(set)
        for condition in _conditions(self._knowledge):
            for tests in condition.alternatives:
                for test in tests:
                    if isinstance(test, Compared):
                        found[test.fact].add(test.limit)
        # How long ago a term ended settles the state of a line called active.
        for _, regime in self._knowledge.regime_rows:
            if regime:
                found["days_left"] |= {0, -1, -regime.access, -regime.data}
        return {name: sorted(limits) for name, limits in found.items()}

    def _judge(self, pasted: Mapping[str, Fact]) -> Verdict:
        facts = dict(pasted)
        assumed = self._assume(facts)
        settled = dict(facts)
        regime, decision, modifiers = _conclude(facts, self._knowledge)
        plan = _path(decision, facts, self._knowledge)
        blockers = _notices(self._knowledge.blockers, facts)
        answer = _answer(regime, decision, facts, blockers, self._knowledge)
        return Verdict(
            facts=facts,
            regime=regime,
            path=decision.path,
            then=decision.then,
            because=_because(decision, modifiers, self._knowledge),
            instead_of=tuple(RuledOut(path, rules) for path, rules in decision.instead_of),
            optional=decision.optional,
            assumptions=tuple(
                Assumption(
                    id=row.id,
                    fact=row.fact,
                    assumed=row.assume,
                    choices=row.choices,
                    rules=row.rules,
                )
                for row in assumed
                if self._matters(row, settled, answer, plan)
            ),
            turning_point=self._turning_point(settled, answer),
            blockers=blockers,
            warnings=_notices(self._knowledge.warnings, facts),
            tone=plan.tone,
            ends_source=plan.ends_source,
            in_place=plan.in_place,
            days=tuple(day.rule for day in plan.days),
            steps=plan.steps,
        )

    def _assume(self, facts: dict[str, Fact]) -> list[AssumptionRow]:
        """Fill unknown facts from the reader's answers, else on the stricter side (P-14)."""
        _imply(facts, self._knowledge)
        made: list[AssumptionRow] = []
        for row in self._knowledge.assumptions:
            if not row.when.holds(facts):
                continue
            answered = self._answers.get(row.id)
            if answered in row.choices:
                facts[row.fact] = answered
            else:
                made.append(row)
                if row.assume is not None:
                    facts[row.fact] = row.assume
            if row.fact == "channel":
                _imply(facts, self._knowledge)
        return made

    def _matters(
        self,
        row: AssumptionRow,
        settled: Mapping[str, Fact],
        answer: _Answer,
        path: PathPlan,
    ) -> bool:
        """Tell whether another value of the fact would give another answer."""
        if row.always:
            return True
        if not row.choices and not row.probes:
            return any(day.rule.anchor in _FROM_THE_END for day in path.days)
        others: list[Fact] = [choice for choice in row.choices if choice != row.assume]
        for probe in row.probes:
            others += [probe - dt.timedelta(days=1), probe]
        return any(self._try(settled, row.fact, other) != answer for other in others)

    def _turning_point(self, settled: Mapping[str, Fact], answer: _Answer) -> TurningPoint | None:
        for lever in self._knowledge.levers:
            if not lever.when.holds(settled):
                continue
            for choice in lever.choices:
                if choice == settled[lever.fact]:
                    continue
                path = self._try(settled, lever.fact, choice).path
                if path not in {answer.path, NO_RULE.path}:
                    return TurningPoint(lever.fact, lever.question, choice, path)
        return None

    def _try(self, settled: Mapping[str, Fact], fact: str, value: Fact) -> _Answer:
        facts = {**settled, fact: value}
        if fact == "channel":
            _imply(facts, self._knowledge)
        regime, decision, _ = _conclude(facts, self._knowledge)
        blockers = _notices(self._knowledge.blockers, facts)
        return _answer(regime, decision, facts, blockers, self._knowledge)


def _imply(facts: dict[str, Fact], knowledge: Knowledge) -> None:
    """Add the facts that follow from the channel alone."""
    channel = knowledge.channels.get(str(facts["channel"]))
    if channel:
        facts.update(channel.implies)
    facts["ended_by"] = channel.ended_by if channel else "nobody"


def _conclude(
    facts: dict[str, Fact], knowledge: Knowledge
) -> tuple[Regime | None, Decision, tuple[Modifier, ...]]:
    """Settle state and regime, then find the path and what is added on top of it."""
    regime = _regime(facts, knowledge)
    implied = _implied_state(facts, regime, knowledge)
    if implied:
        facts["state"] = implied
    facts["state_inferred"] = "yes" if implied else "no"
    facts["regime"] = regime.code if regime else "none"
    facts["grace"] = "yes" if regime and regime.access else "no"
    decision = next((row for row in knowledge.decisions if row.when.holds(facts)), NO_RULE)
    facts["path"] = decision.path
    facts["then"] = decision.then or "none"
    modifiers = tuple(row for row in knowledge.modifiers if row.when.holds(facts))
    facts["reassign"] = "yes" if any(row.reassign for row in modifiers) else "no"
    return regime, decision, modifiers


def _regime(facts: Mapping[str, Fact], knowledge: Knowledge) -> Regime | None:
    """Return what happens after the term end (rules.md §8.2); ``None``: no licence."""
    return next((regime for when, regime in knowledge.regime_rows if when.holds(facts)), None)


def _implied_state(
    facts: Mapping[str, Fact], regime: Regime | None, knowledge: Knowledge
) -> str | None:
    """Return the state that a passed term end implies for a line called active.

    ``expired`` while users still work, ``disabled`` while the data is kept,
    ``deleted`` after that, ``est`` where it runs on as a paid extension; ``None`` where
    the term still runs or its end is unknown.
    """
    left, renewal = facts["days_left"], facts["auto_renew"]
    if regime is None or facts["state"] != "active" or not isinstance(left, int) or left >= 0:
        return None
    if left == -1 and renewal != "off" and facts["channel"] in knowledge.channels_that_renew:
        return None  # A renewal may take a day, so this one may be under way.
    if regime.paid_extension and renewal == "off":
        return "est"  # without an explicit cancellation it runs on, paid.
    if -left <= regime.access:
        return "expired"
    return "disabled" if -left <= regime.data else "deleted"


def _path(decision: Decision, facts: Mapping[str, Fact], knowledge: Knowledge) -> PathPlan:
    """Return what of a path applies here, then what of the path that follows it."""
    plans = [
        knowledge.path_plans[path]
        for path in (decision.path, decision.then)
        if path in knowledge.path_plans
    ]
    return PathPlan(
        days=tuple(day for plan in plans for day in plan.days if day.when.holds(facts)),
        steps=tuple(step for plan in plans for step in plan.steps if step.when.holds(facts)),
        tone=plans[0].tone if plans else "blocked",
        ends_source=any(plan.ends_source for plan in plans),
        in_place=any(plan.in_place for plan in plans),
    )


def _because(
    decision: Decision, modifiers: tuple[Modifier, ...], knowledge: Knowledge
) -> tuple[Because, ...]:
    """Return the row that decided, the row that decides later, and what is added on top."""
    later = (row for row in knowledge.decisions if row.id == decision.then_decision)
    rows: tuple[Decision | Modifier, ...] = (decision, *later, *modifiers)
    return tuple(Because(row.id, row.rules) for row in rows)


def _notices(rows: tuple[NoticeRow, ...], facts: Mapping[str, Fact]) -> tuple[Notice, ...]:
    return tuple(Notice(row.id, row.rules) for row in rows if row.when.holds(facts))


def _answer(
    regime: Regime | None,
    decision: Decision,
    facts: Mapping[str, Fact],
    blockers: tuple[Notice, ...],
    knowledge: Knowledge,
) -> _Answer:
    path = _path(decision, facts, knowledge)
    by_regime = path.ends_source or any(day.rule.anchor in _AFTER_THE_TERM for day in path.days)
    return _Answer(
        path=decision.path,
        then=decision.then,
        regime=regime.code if regime and by_regime else None,
        reassign=facts["reassign"],
        blockers=tuple(notice.id for notice in blockers),
    )


def _conditions(knowledge: Knowledge) -> Iterator[Condition]:
    """Yield every condition that a plan can ask."""
    yield from (when for when, _ in knowledge.regime_rows)
    for rows in (
        knowledge.decisions,
        knowledge.modifiers,
        knowledge.assumptions,
        knowledge.levers,
        knowledge.blockers,
        knowledge.warnings,
    ):
        yield from (row.when for row in rows)
    for plan in knowledge.path_plans.values():
        yield from (day.when for day in plan.days)
        yield from (step.when for step in plan.steps)
