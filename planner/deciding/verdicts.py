"""Judge facts by the tables: state, regime, path, what to say and what to ask.

Two lines whose facts no condition can tell apart get the same verdict, so each kind
of line is judged once, however many lines are of that kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from operator import getitem
from typing import NamedTuple

from planner.conditions import Condition, Fact, Facts
from planner.deciding.facts import (
    CountedFacts,
    Neighbours,
    Stated,
    counted_facts,
    stated_facts,
    stated_in,
)
from planner.deciding.tables import AFTER_THE_TERM, Tables
from planner.deciding.terms import Term
from planner.deciding.timetable import Counted, Timetable, timetable_of
from planner.deciding.verdict import Verdict
from planner.knowledge import (
    AssumptionRow,
    DayRule,
    Decision,
    Knowledge,
    Modifier,
    Regime,
    StepRow,
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


_FROM_THE_END = AFTER_THE_TERM | {"term_end"}
_END_COMPUTED = Because("F-01", ("R-140", "R-141", "R-143"))


class _Answer(NamedTuple):
    """What makes two answers the same answer.

    The regime is part of it only where the plan counts days by it or ends the source.
    """

    path: str
    then: str | None
    regime: str | None
    reassign: Fact
    blockers: tuple[Notice, ...]


class _Said(NamedTuple):
    """What lines with the same words have in common: lines of one kind have the same numbers."""

    facts: dict[str, Fact]
    kind: int
    decisive: int


class Verdicts:
    """The verdicts on every kind of line by one day's rules and the same answers.

    Args:
        knowledge: What is known on the day.
        answers: Question id → the choice that the reader made.
        tables: The day's tables, where they have been made.
    """

    def __init__(
        self, knowledge: Knowledge, answers: Mapping[str, str], tables: Tables | None = None
    ) -> None:
        self.tables = tables or Tables(knowledge)
        self._places = self.tables.places
        self._knowledge = knowledge
        self._answers = answers
        self._said: dict[tuple[object, ...], _Said] = {}
        self._of_words: dict[tuple[Fact, ...], int] = {}
        self._of_kind: dict[tuple[object, ...], Verdict] = {}
        self._judged: dict[tuple[object, ...], tuple[Verdict, dict[str, Fact]]] = {}
        self._alike: dict[tuple[object, ...], Verdict] = {}
        self._timetables: dict[tuple[Verdict, Counted, dt.date], Timetable] = {}
        self._reasons: dict[tuple[Verdict, bool, bool], tuple[Because, ...]] = {}

    def of_line(self, term: Term, settings: Settings, neighbours: Neighbours) -> Verdict:
        """Return the verdict on a line, found at once for all lines of its kind.

        Each number and day counts as its place between the limits that any condition
        compares it with, so facts of one kind are facts that no condition can tell apart.
        """
        words = (stated_in(term.subscription), settings.market, settings.as_of)
        said = self._said.get(words)
        if said is None:
            said = self._said[words] = self._say(Stated._make(words[0]), settings)
        counted = counted_facts(term, settings.as_of, neighbours)
        places = tuple(map(getitem, self._places, counted))
        kind = (said.kind, places)
        verdict = self._of_kind.get(kind)
        if verdict is None:
            # What stands for all of a kind: tables then look at few different numbers and days.
            pairs = zip(self._places, places, strict=True)
            alike = [one.first[place] for one, place in pairs]
            verdict = self._of_kind[kind] = self._warned(said, CountedFacts._make(alike))
        return verdict

    def _say(self, stated: Stated, settings: Settings) -> _Said:
        facts = stated_facts(stated, settings, self._knowledge)
        asked = self.tables.decisive.asked
        decisive = tuple([fact for name, fact in facts.items() if name in asked])
        kinds = self._of_words
        return _Said(
            facts,
            kinds.setdefault(tuple(facts.values()), len(kinds)),
            kinds.setdefault(decisive, len(kinds)),
        )

    def _warned(self, said: _Said, counted: CountedFacts) -> Verdict:
        """Return the verdict with its warnings, which ask for more than everything else does."""
        pasted = {**said.facts, **counted._asdict()}
        places = [one[pasted[name]] for name, one in self.tables.decisive_places]
        kind = (said.decisive, *places)
        judged = self._judged.get(kind)
        if judged is None:
            judged = self._judged[kind] = self._judge(pasted)
        verdict, settled = judged
        facts = {**pasted, **settled}
        return replace(
            verdict,
            facts=facts,
            warnings=self.tables.warnings.holding(facts),
            counts_like=verdict.counts_like or verdict,
        )

    def timetable(self, verdict: Verdict, counted: Counted, as_of: dt.date) -> Timetable:
        """Return the days and steps of a verdict, found once for all lines with these days.

        Verdicts that differ in nothing that days are counted by share them, too.
        """
        key = (verdict.counts_like or verdict, counted, as_of)
        found = self._timetables.get(key)
        if found is None:
            found = timetable_of(verdict, counted, as_of, self._knowledge)
            self._timetables[key] = found
        return found

    def because(self, verdict: Verdict, term: Term) -> tuple[Because, ...]:
        """Return the reasons of a line: those of its verdict, of its regime and of its end."""
        key = (verdict, term.subscription.end is None, term.end_checked)
        found = self._reasons.get(key)
        if found is None:
            found = verdict.because
            if verdict.regime and term.subscription.end:
                found = (*found, Because(verdict.regime.code, verdict.regime.rules))
            if term.end_checked:
                found = (*found, _END_COMPUTED)
            self._reasons[key] = found
        return found

    def _judge(self, pasted: Mapping[str, Fact]) -> tuple[Verdict, dict[str, Fact]]:
        """Return a verdict without warnings, and the facts that judging settled."""
        facts = dict(pasted)
        assumed = self._assume(facts)
        settled = dict(facts)
        regime, decision, modifiers = self._conclude(facts)
        plan = self._path(decision, facts)
        blockers = self.tables.blockers.holding(facts)
        answer = self._answer(regime, decision, facts)
        counted_by = (
            *map(id, plan.days),
            None,
            *map(id, plan.steps),
            *((notice.id, notice.rules) for notice in blockers),
            regime.code if regime else None,
            plan.ends_source,
            plan.in_place,
            facts["state"],
        )
        verdict = Verdict(
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
            warnings=(),
            tone=plan.tone,
            ends_source=plan.ends_source,
            in_place=plan.in_place,
            days=plan.days,
            steps=plan.steps,
            counts_like=self._alike.get(counted_by),
        )
        self._alike.setdefault(counted_by, verdict)
        unsettled = pasted.items()
        return verdict, {
            name: fact for name, fact in facts.items() if (name, fact) not in unsettled
        }

    def _assume(self, facts: dict[str, Fact]) -> list[AssumptionRow]:
        """Fill unknown facts from the reader's answers, else on the stricter side (P-14)."""
        _imply(facts, self._knowledge)
        made: list[AssumptionRow] = []
        last = -1
        while following := [
            asked for asked in self.tables.assumptions.holding(facts) if asked[0] > last
        ]:
            last, row = following[0]
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
        path: _Plan,
    ) -> bool:
        """Tell whether another value of the fact would give another answer."""
        if row.always:
            return True
        if not row.choices and not row.probes:
            return any(rule.anchor in _FROM_THE_END for rule in path.days)
        others: list[Fact] = [choice for choice in row.choices if choice != row.assume]
        for probe in row.probes:
            others += [probe - dt.timedelta(days=1), probe]
        return any(self._try(settled, row.fact, other) != answer for other in others)

    def _turning_point(self, settled: Mapping[str, Fact], answer: _Answer) -> TurningPoint | None:
        for lever in self.tables.levers.holding(settled):
            for choice in lever.choices:
                if choice == settled[lever.fact]:
                    continue
                _, decision = self._decide(self._with(settled, lever.fact, choice))
                path = decision.path
                if path not in {answer.path, NO_RULE.path}:
                    return TurningPoint(lever.fact, lever.question, choice, path)
        return None

    def _try(self, settled: Mapping[str, Fact], fact: str, value: Fact) -> _Answer:
        facts = self._with(settled, fact, value)
        regime, decision, _ = self._conclude(facts)
        return self._answer(regime, decision, facts)

    def _with(self, settled: Mapping[str, Fact], fact: str, value: Fact) -> dict[str, Fact]:
        """Return facts of which one has another value, and what follows from it."""
        facts = {**settled, fact: value}
        if fact == "channel":
            _imply(facts, self._knowledge)
        return facts

    def _conclude(
        self, facts: dict[str, Fact]
    ) -> tuple[Regime | None, Decision, tuple[Modifier, ...]]:
        """Find the path, then what is added on top of it."""
        regime, decision = self._decide(facts)
        facts["path"] = decision.path
        facts["then"] = decision.then or "none"
        modifiers = self.tables.modifiers.holding(facts)
        facts["reassign"] = "yes" if any(row.reassign for row in modifiers) else "no"
        return regime, decision, modifiers

    def _decide(self, facts: dict[str, Fact]) -> tuple[Regime | None, Decision]:
        """Settle state and regime, then find the path.

        The regime is what happens after the term end (rules.md §8.2); ``None``: no licence.
        """
        regime = self.tables.regimes.first(facts)
        implied = _implied_state(facts, regime, self._knowledge)
        if implied:
            facts["state"] = implied
        facts["state_inferred"] = "yes" if implied else "no"
        facts["regime"] = regime.code if regime else "none"
        facts["grace"] = "yes" if regime and regime.access else "no"
        return regime, self.tables.decisions.first(facts) or NO_RULE

    def _path(self, decision: Decision, facts: Facts) -> _Plan:
        """Return what of a path applies here, then what of the path that follows it."""
        paths = self._paths(decision)
        tables = [self.tables.of_path(path) for path in paths]
        plans = [self._knowledge.path_plans[path] for path in paths]
        return _Plan(
            days=tuple(chain.from_iterable(one.days.holding(facts) for one in tables)),
            steps=tuple(chain.from_iterable(one.steps.holding(facts) for one in tables)),
            tone=plans[0].tone if plans else "blocked",
            ends_source=any(plan.ends_source for plan in plans),
            in_place=any(plan.in_place for plan in plans),
        )

    def _paths(self, decision: Decision) -> list[str]:
        known = self._knowledge.path_plans
        return [path for path in (decision.path, decision.then) if path in known]

    def _answer(self, regime: Regime | None, decision: Decision, facts: Facts) -> _Answer:
        paths = self._paths(decision)
        by_regime = any(self._knowledge.path_plans[path].ends_source for path in paths) or any(
            self.tables.of_path(path).after_the_term.any(facts) for path in paths
        )
        return _Answer(
            path=decision.path,
            then=decision.then,
            regime=regime.code if regime and by_regime else None,
            reassign=facts["reassign"],
            blockers=self.tables.blockers.holding(facts),
        )


def verdicts_of(knowledge: Knowledge, answers: Mapping[str, str]) -> Verdicts:
    """Return the verdicts by some answers, with all that was last judged by them.

    A plan made again, for another schedule or another way for a line, finds its lines judged.
    """
    by, verdicts = knowledge.judged or ({}, None)
    tables = verdicts.tables if isinstance(verdicts, Verdicts) else None
    if not isinstance(verdicts, Verdicts) or by != answers:
        verdicts = Verdicts(knowledge, dict(answers), tables)
        knowledge.judged = dict(answers), verdicts
    return verdicts


class _Plan(NamedTuple):
    """What of a path applies to one kind of line, the path that follows it included."""

    days: tuple[DayRule, ...]
    steps: tuple[StepRow, ...]
    tone: str
    ends_source: bool
    in_place: bool


def _imply(facts: dict[str, Fact], knowledge: Knowledge) -> None:
    """Add the facts that follow from the channel alone."""
    channel = knowledge.channels.get(str(facts["channel"]))
    if channel:
        facts.update(channel.implies)
    facts["ended_by"] = channel.ended_by if channel else "nobody"


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


def _because(
    decision: Decision, modifiers: tuple[Modifier, ...], knowledge: Knowledge
) -> tuple[Because, ...]:
    """Return the row that decided, the row that decides later, and what is added on top."""
    later = (row for row in knowledge.decisions if row.id == decision.then_decision)
    rows: tuple[Decision | Modifier, ...] = (decision, *later, *modifiers)
    return tuple(Because(row.id, row.rules) for row in rows)
