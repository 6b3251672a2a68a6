"""The sentences of a plan in one language: codes and parameters in, text out.

Every output (page, text) takes its sentences from here, so all say the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_currency

from planner import __version__
from planner.knowledge import Knowledge
from planner.model import (
    AgendaEntry,
    Alternative,
    Amount,
    Assumption,
    Choice,
    Cutover,
    Notice,
    Plan,
    Problem,
    Question,
    Recommendation,
    Relief,
    RuledOut,
    Subscription,
    TurningPoint,
)
from planner.words import Figure, MissingValue, MissingWords, Value, Words
from planner.writing.places import Place, places, source_of

if TYPE_CHECKING:
    from planner.comparing import Cause, Change, Comparison

_FINGERPRINT_SHOWN = len("sha256:") + 12


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of one plan in one language."""

    plan: Plan
    words: Words
    knowledge: Knowledge
    place_of: Callable[[int], Place] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find places once for all sentences."""
        object.__setattr__(self, "place_of", places(self.plan.reading))

    def label(self, key: str, /, **values: Value) -> str:
        """Return a label of the plan, such as ``summary.title``."""
        return self.words.say(f"planner.labels.{key}", **values)

    def day(self, day: dt.date) -> str:
        """Return a day as this language writes it, in full."""
        return self.words.format(day)

    def short_day(self, day: dt.date) -> str:
        """Return a day as this language writes it in a list."""
        return format_date(day, "medium", self.words.locale)

    def count(self, key: str, count: int) -> str:
        """Return a counted label, such as ``summary.lines`` for 12 subscriptions."""
        return self.label(key, count=count)

    def lines(self, lines: tuple[int, ...]) -> str:
        """Return line numbers as a list: "lines 3, 7 and 12"; of several files one by one."""
        return self.places(lines, [self.words.format(self.place_of(line).number) for line in lines])

    def places(self, lines: tuple[int, ...], written: list[str]) -> str:
        """Return the same list with its numbers as they are written."""
        by_source: defaultdict[int, list[tuple[Place, str]]] = defaultdict(list)
        for line, text in zip(lines, written, strict=True):
            place = self.place_of(line)
            by_source[place.source].append((place, text))
        said = [self._of_source(found) for found in by_source.values()]
        return said[0] if len(said) == 1 else self.words.format(said)

    def _of_source(self, found: list[tuple[Place, str]]) -> str:
        place = found[0][0]
        numbers = [text for _, text in found]
        said = self.label(f"place.{place.counts}", count=len(found), places=numbers)
        source = self.source(place)
        return self.label("place.of", places=said, source=source) if source else said

    def source(self, place: Place) -> str:
        """Return which of several files or pastes a place is in; ``""`` where there is one."""
        return source_of(place, self.words)

    def number(self, number: int) -> str:
        """Return a number as this language writes it."""
        return self.words.format(number)

    def place(self, line: int) -> str:
        """Return where a line stands: "Line 3", "Entry 3", "Line 3 of orders.csv"."""
        if not line:
            return self.label("problems.whole")
        place = self.place_of(line)
        said = self.label(f"place.{place.counts}_title", place=place.number)
        source = self.source(place)
        return self.label("place.of", places=said, source=source) if source else said

    def format_name(self) -> str:
        """Return what the pasted format is called."""
        format_id = self.plan.reading.format_id
        key = f"planner.reading.formats.{format_id.replace('.', '-')}"
        return self.words.say(key) if self.words.has(key) else format_id

    def receipt(self) -> str:
        """Return which rules, planner and paste the plan was made from."""
        return self.label(
            "receipt",
            rules_version=self.day(dt.date.fromisoformat(self.plan.rules_version)),
            planner_version=__version__,
            fingerprint=self.plan.reading.fingerprint[:_FINGERPRINT_SHOWN],
        )

    def announcement(self) -> str:
        """Return what a live region says when the plan is ready."""
        planned, aside = len(self.plan.recommendations), self._set_aside()
        if not planned:
            return self.label("announce.nothing")
        said = [self.label("announce.planned", count=planned)]
        if aside:
            said.append(self.label("announce.set_aside", count=aside))
        return " ".join(said)

    def summary(self) -> list[str]:
        """Return the counts of the plan, one sentence each."""
        plan = self.plan
        counted = [("lines", len(plan.recommendations))]
        counted += [("merged", len(plan.merged)), ("set_aside", self._set_aside())]
        counted += [("blocked", sum(bool(one.blockers) for one in plan.recommendations))]
        return [self.count(f"summary.{name}", count) for name, count in counted if count]

    def _set_aside(self) -> int:
        return len({problem.line for problem in self.plan.reading.set_aside})

    def path(self, code: str) -> str:
        """Return a path's name."""
        return self.words.say(f"planner.paths.{code}.name")

    def path_of(self, one: Recommendation) -> str:
        """Return the name of the path that a line takes, as the reader chose it."""
        return self._as_chosen(one, "name") or self.path(one.path)

    def meaning_of(self, one: Recommendation) -> str:
        """Return what the path that a line takes means for it, as the reader chose it."""
        return self._as_chosen(one, "meaning") or self.path_meaning(one.path)

    def _as_chosen(self, one: Recommendation, what: str) -> str:
        """Return what is said of a path that a choice takes otherwise than its rules would."""
        key = f"planner.alternatives.as_chosen.{one.chosen}.{one.path}.{what}"
        return self.words.say(key) if one.chosen and self.words.has(key) else ""

    def path_meaning(self, code: str) -> str:
        """Return what a path means for a subscription."""
        return self.words.say(f"planner.paths.{code}.meaning")

    def product(self, line: Subscription) -> str:
        """Return what a line is called."""
        return line.product or self.label("line.unnamed")

    def channel(self, code: str) -> str:
        """Return where a subscription was bought."""
        return self.label(f"channels.{code}")

    def actor(self, code: str) -> str:
        """Return who acts."""
        return self.label(f"actors.{code}")

    def step(self, step_id: str) -> str:
        """Return what a step asks for."""
        return self.of_step("planner.steps", step_id)

    def of_step(self, branch: str, step_id: str) -> str:
        """Return what a branch of the words says of a step, with the figures of its rules."""
        figures = self.knowledge.figures(*self.knowledge.step_rules[step_id])
        return self.words.say(f"{branch}.{step_id}", **figures)

    def blocker(self, one: Recommendation, notice: Notice) -> str:
        """Return what stands in the way."""
        return self._notice("blockers", one, notice)

    def blocking(
        self, one: Recommendation, notices: Iterable[Notice]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Return some of what stands in the way of a line, each with its rules."""
        return [(self.blocker(one, notice), notice.rules) for notice in notices]

    def warning(self, one: Recommendation, notice: Notice) -> str:
        """Return what can go wrong."""
        return self._notice("warnings", one, notice)

    def _notice(self, kind: str, one: Recommendation, notice: Notice) -> str:
        values: dict[str, Value] = {**_values(one), **self.knowledge.figures(*notice.rules)}
        for name, value in notice.values.items():
            match name:
                case "name":
                    values[name] = self.label(f"days.{value}")
                case "step":
                    values[name] = self.step(value)
                case _:
                    values[name] = value
        return self.words.say(f"planner.notices.{kind}.{notice.id}", **values)

    def assumption(self, made: Assumption) -> str:
        """Return what was taken for granted."""
        return self.words.say(f"planner.assumptions.{made.id}.assumed")

    def question(self, asked: Question) -> str:
        """Return what to find out, and for which lines."""
        question = self.words.say(f"planner.assumptions.{asked.id}.question")
        return self.label("questions.asked", question=question, lines=self.lines(asked.lines))

    def choices(self, asked: Question) -> str:
        """Return the possible answers to a question."""
        return self.label("questions.choices", choices=[self.choice(one) for one in asked.choices])

    def choice(self, value: str) -> str:
        """Return one possible answer."""
        key = f"planner.labels.channels.{value}"
        return self.words.say(key) if self.words.has(key) else self.label(f"choices.{value}")

    def turning_point(self, point: TurningPoint) -> str:
        """Return the one answer that would change the path, and to which path."""
        question = self.words.say(f"planner.assumptions.{point.question}.question")
        return f"{question} {self.choice(point.value)} → {self.path(point.path)}"

    def problem(self, problem: Problem) -> str:
        """Return what is wrong with a line and the way out."""
        values: dict[str, Value] = {"line": problem.line, "value": problem.value, **problem.values}
        return self.words.say(f"planner.problems.{problem.id}", **values)

    def merged(self, line: int) -> str:
        """Return which line a line was merged with, and where the two don't agree."""
        kept = self.lines((self.plan.merged[line],))
        named = [self._column(name) for name in self.plan.differing.get(line, ())]
        columns = list(dict.fromkeys(filter(None, named)))
        if not columns:
            return self.label("merged.same", place=self.place(line), kept=kept)
        return self.label("merged.differs", place=self.place(line), kept=kept, columns=columns)

    def _column(self, field: str) -> str:
        """Return the column that a field stands in, or what it is called; ``""`` for no name."""
        key = f"planner.reading.fields.{field}"
        named = self.words.say(key) if self.words.has(key) else ""
        return self.plan.reading.mapping.get(field, named)

    def dates(self, one: Recommendation) -> list[tuple[str, str]]:
        """Return every named day and figure of a line, each with its label."""
        days = [(self.label(f"days.{name}"), self.day(day)) for name, day in one.dates.items()]
        figures = [
            (self.label(f"figures.{name}"), self._figure(value))
            for name, value in one.figures.items()
            if self.words.has(f"planner.labels.figures.{name}")
        ]
        return days + figures

    def _figure(self, value: int | str) -> str:
        return self.label(f"figures.{value}") if isinstance(value, str) else str(value)

    def ruled_out(self, other: RuledOut) -> str:
        """Return which path was ruled out; its rules follow."""
        return self.label("line.ruled_out", path=self.path(other.path))

    def agenda_day(self, entry: AgendaEntry) -> str:
        """Return when an action is done: its day, what it follows, or that nobody knows."""
        if entry.on:
            return self.day(entry.on)
        if entry.after:
            return self._plan("agenda.follows", step=self.step(entry.after))
        return self._plan("agenda.no_day")

    def agenda_part(self, entry: AgendaEntry) -> str:
        """Return which transfer request an action is about; ``""`` where there is one or none."""
        if entry.parts <= 1:
            return ""
        return self._plan("agenda.part", part=entry.part, parts=entry.parts)

    def schedule_summary(self) -> list[str]:
        """Return how many cutovers have a day, another day, or none."""
        cutovers = self.plan.schedule.cutovers
        given = [one for one in cutovers if one.on]
        counted = {
            "scheduled": len(given),
            "moved": sum(one.on != one.recommended for one in given),
            "unplaced": len(cutovers) - len(given),
        }
        return [self._plan(f"schedule.{name}", count=n) for name, n in counted.items() if n]

    def cutover(self, one: Cutover) -> str:
        """Return on which day a line is cut over, or that there is no room."""
        days: dict[str, Value] = {"earliest": one.earliest, "recommended": one.recommended}
        if one.on is None and one.latest is None:
            return self._plan("schedule.no_room_open", **days)
        if one.on is None:
            return self._plan("schedule.no_room", **days, latest=one.latest or "")
        if one.on == one.recommended:
            return self._plan("schedule.kept", day=one.on)
        return self._plan("schedule.moved_to", day=one.on, recommended=one.recommended)

    def cutover_window(self, one: Cutover) -> str:
        """Return the days between which a line can be cut over."""
        if one.latest is None:
            return self._plan("schedule.window_open", earliest=one.earliest)
        return self._plan("schedule.window", earliest=one.earliest, latest=one.latest)

    def held_by(self, one: Cutover) -> str:
        """Return which limits keep a cutover from the day wanted; ``""`` where none do."""
        limits = [self._plan(f"held_by.{limit}") for limit in one.held_by]
        return self._plan("held", limits=limits) if limits else ""

    def relief(self, change: Relief) -> str:
        """Return a change of the limits that would make room."""
        return self._plan(
            f"relief.{change.limit}", day=change.day, now=change.now, then=change.then
        )

    def term_ends(self, one: Cutover) -> str:
        """Return when a new term ends, or why it can't end as wished; ``""`` without a wish."""
        if one.unaligned:
            return self._plan(f"unaligned.{one.unaligned}")
        return self._plan("schedule.term_ends", day=one.term_ends) if one.term_ends else ""

    def choice_refused(self, made: Choice) -> str:
        """Return that a way chosen isn't possible, or that no line has the key."""
        if not made.line:
            return self._plan("no_such_line", key=made.key)
        name = self.alternative(made.alternative)
        return self._plan("refused", key=made.key, alternative=name)

    def alternative(self, code: str) -> str:
        """Return what a way to handle a line is called."""
        return self._way(f"names.{code}")

    def alternative_facts(self, one: Alternative) -> list[tuple[str, tuple[str, ...]]]:
        """Return what a possible way means: a sentence for each figure known, and its rules."""
        taken = self.knowledge.path_plans.get(one.path)
        key = "cutover_from" if taken and taken.in_place else "cutover"
        said = [self._way(key, day=one.cutover) if one.cutover else self._way("no_cutover")]
        for name in ("paid_twice", "uncovered", "locked_in", "seats_at_risk"):
            count = getattr(one, name)
            if count is not None:
                said.append(self._way(name, count=count))
        facts: list[tuple[str, tuple[str, ...]]] = [(sentence, ()) for sentence in said]
        if one.refund:
            facts.append((self._way(f"refund.{one.refund}"), one.refund_rules))
        if one.refund_days:
            facts.append((self._way("refund_days", count=one.refund_days), one.refund_rules))
        if one.cost:
            facts.append((self.cost(one.cost), one.cost.rules))
        if one.total and one.horizon:
            facts.append((self.total(one.total, one.horizon), one.total.rules))
        return facts

    def alternative_notices(
        self, one: Alternative
    ) -> tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, tuple[str, ...]]]]:
        """Return what stands in the way of a way, and what can go wrong on it, with the rules."""
        if one.planned is None:
            return [], []
        return (
            self.blocking(one.planned, one.blockers),
            [(self.warning(one.planned, notice), notice.rules) for notice in one.warnings],
        )

    def cost(self, cost: Amount) -> str:
        """Return what a way costs beyond what is paid anyway, and what that assumes."""
        return self._amount("cost", cost)

    def total(self, total: Amount, horizon: dt.date) -> str:
        """Return what a way costs in all to a day (UTC), and what that assumes."""
        return self._amount("total", total, day=horizon)

    def _amount(self, kind: str, cost: Amount, **named: Value) -> str:
        low, high = self._money(cost.low, cost.currency), self._money(cost.high, cost.currency)
        key = f"{kind}_exact" if cost.low == cost.high else kind
        values = {**named, "low": low}
        if cost.low != cost.high:
            values["high"] = high
        assumptions = [self._way(f"cost_assumptions.{code}") for code in cost.assumptions]
        if not assumptions:
            return self._way(key, **values)
        assuming = self._way("assuming", assumptions=assumptions)
        return f"{self._way(key, **values)} ({assuming})"

    def won_by(self, one: Alternative) -> list[str]:
        """Return what speaks for the recommended way."""
        return [self._way(f"won_by.{code}") for code in one.won_by]

    def cause(self, cause: Cause) -> str:
        """Return one thing that two plans were made from differently."""
        none = "no_price" if cause.kind == "price" else "default"
        both = [
            self._plan_value(cause.kind, value) or self._plan(f"causes.{none}")
            for value in (cause.before, cause.after)
        ]
        if cause.kind == "input":
            return self._plan("causes.input")
        values: dict[str, Value] = {"before": both[0], "after": both[1]}
        if cause.name:
            values["name"] = cause.name
        return self._plan(f"causes.{cause.kind}", **values)

    def change(self, change: Change) -> list[str]:
        """Return what differs for one line, one sentence each."""
        if change.kind != "changed":
            return [self._plan(f"changes.{change.kind}")]
        said: list[str] = []
        nothing = self._plan("changes.nothing")
        if change.path[0] != change.path[1]:
            before, after = (self.path(code) for code in change.path)
            said.append(self._plan("changes.path", before=before, after=after))
        for name, days in (("cutover", change.cutover), ("deadline", change.deadline)):
            if days[0] != days[1]:
                shown = [self.day(day) if day else nothing for day in days]
                said.append(self._plan(f"changes.{name}", before=shown[0], after=shown[1]))
        for name, steps in (
            ("step_added", change.steps_added),
            ("step_dropped", change.steps_dropped),
        ):
            said += [self._plan(f"changes.{name}", step=self._known_step(step)) for step in steps]
        for moved in change.steps_moved:
            shown = [self.day(day) if day else nothing for day in (moved.before, moved.after)]
            step = self._known_step(moved.step)
            said.append(
                self._plan("changes.step_moved", step=step, before=shown[0], after=shown[1])
            )
        said += [
            self._plan(f"changes.{name}", blocker=self._known_blocker(change.line, blocker))
            for name, blockers in (
                ("blocker_added", change.blockers_added),
                ("blocker_cleared", change.blockers_cleared),
            )
            for blocker in blockers
        ]
        said += [
            self._plan(f"changes.{name}", warning=self._known_warning(change.line, warning))
            for name, warnings in (
                ("warning_added", change.warnings_added),
                ("warning_cleared", change.warnings_cleared),
            )
            for warning in warnings
        ]
        said += [
            self._plan(f"changes.{name}", question=self._known_question(question))
            for name, questions in (
                ("question_added", change.questions_added),
                ("question_settled", change.questions_settled),
            )
            for question in questions
        ]
        if change.rules:
            said.append(self._plan("changes.rules", rules=", ".join(change.rules)))
        return said

    def changes_summary(self, comparison: Comparison) -> str:
        """Return how many lines stay as they were, or that nothing changes."""
        if not comparison.changes:
            return self._plan("changes.none")
        return self._plan("changes.same", count=comparison.same)

    def schedule_label(self, key: str) -> str:
        """Return a label of agenda, schedule and comparison, such as ``changes.title``."""
        return self._plan(key)

    def _known_step(self, step: str) -> str:
        """Return what a step asks for; its code, where an older plan's step is gone."""
        return self.step(step) if step in self.knowledge.step_rules else step

    def _known_blocker(self, line: int, notice: Notice) -> str:
        """Return what stands in the way of a line; its code, where that can't be said any more."""
        for one in self.plan.recommendations:
            if one.subscription.line == line:
                with suppress(MissingWords, MissingValue):
                    return self.blocker(one, notice)
        return notice.id

    def _known_warning(self, line: int, notice: Notice) -> str:
        """Return what can go wrong with a line; its code, where that can't be said any more."""
        for one in self.plan.recommendations:
            if one.subscription.line == line:
                with suppress(MissingWords, MissingValue):
                    return self.warning(one, notice)
        return notice.id

    def _known_question(self, question: str) -> str:
        """Return a question; its code, where an older plan's question is gone."""
        key = f"planner.assumptions.{question}.question"
        return self.words.say(key) if self.words.has(key) else question

    def _plan_value(self, kind: str, value: str) -> str:
        if kind in {"as-of", "rules"}:
            return self.day(dt.date.fromisoformat(value))
        if kind == "answer" and value:
            return self.choice(value)
        return value

    def _money(self, amount: Decimal, currency: str) -> str:
        if not currency:
            return self.words.format(amount)
        return str(format_currency(amount, currency, locale=self.words.locale))

    def _plan(self, key: str, /, **values: Value) -> str:
        return self.words.say(f"planner.schedule.{key}", **values)

    def _way(self, key: str, /, **values: Value) -> str:
        return self.words.say(f"planner.alternatives.{key}", **values)


def _values(one: Recommendation) -> dict[str, Value]:
    """Return what a sentence about a line may name."""
    line = one.subscription
    known: dict[str, Value | None] = {
        "seats": Figure(line.seats, "seats") if line.seats is not None else None,
        "end": line.end,
        # A way that the reader chose may name no such day, and its warnings still do.
        "source_last_paid_day": line.end,
        "end_printed": line.end_printed,
        "base_product": line.base_product,
        "migration_refusal": line.migration_refusal,
    }
    return {**{name: value for name, value in known.items() if value is not None}, **one.dates}
