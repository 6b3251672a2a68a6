"""The sentences of a plan in one language: codes and parameters in, text out.

Every output (page, text) takes its sentences from here, so all say the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date

from planner import __version__
from planner.knowledge import Knowledge
from planner.model import (
    Assumption,
    Notice,
    Plan,
    Problem,
    Question,
    Recommendation,
    RuledOut,
    Subscription,
    TurningPoint,
)
from planner.words import Figure, Value, Words
from planner.writing.places import place_of

_FINGERPRINT_SHOWN = len("sha256:") + 12


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of one plan in one language."""

    plan: Plan
    words: Words
    knowledge: Knowledge

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
        """Return line numbers as a list: "lines 3, 7 and 12"."""
        numbers = [place_of(self.plan.reading, line).number for line in lines]
        return self.places(lines, [self.words.format(number) for number in numbers])

    def places(self, lines: tuple[int, ...], written: list[str]) -> str:
        """Return the same list with its numbers as they are written."""
        found: dict[tuple[str, str], list[str]] = {}
        for line, text in zip(lines, written, strict=True):
            place = place_of(self.plan.reading, line)
            found.setdefault((place.counts, place.source), []).append(text)
        return self.words.format(
            [
                self._in(self.label(f"place.{counts}", count=len(texts), places=texts), source)
                for (counts, source), texts in found.items()
            ]
        )

    def _in(self, place: str, source: str) -> str:
        return self.label("place.in", place=place, source=source) if source else place

    def number(self, number: int) -> str:
        """Return a number as this language writes it."""
        return self.words.format(number)

    def place(self, line: int) -> str:
        """Return where a line stands: "Line 3", "Entry 3" or "Line 3 of orders.csv"."""
        if not line:
            return self.label("problems.whole")
        place = place_of(self.plan.reading, line)
        title = self.label(f"place.{place.counts}_title", place=place.number)
        return self._in(title, place.source)

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
        figures = self.knowledge.figures(*self.knowledge.step_rules[step_id])
        return self.words.say(f"planner.steps.{step_id}", **figures)

    def blocker(self, one: Recommendation, notice: Notice) -> str:
        """Return what stands in the way."""
        return self._notice("blockers", one, notice)

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
        mapping = self.plan.reading.mapping
        differing = [mapping[name] for name in self.plan.differing.get(line, ()) if name in mapping]
        if not differing:
            return self.label("merged.same", place=self.place(line), kept=kept)
        columns = list(dict.fromkeys(differing))
        return self.label("merged.differs", place=self.place(line), kept=kept, columns=columns)

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


def _values(one: Recommendation) -> dict[str, Value]:
    """Return what a sentence about a line may name."""
    line = one.subscription
    known: dict[str, Value | None] = {
        "seats": Figure(line.seats, "seats") if line.seats is not None else None,
        "end": line.end,
        "end_printed": line.end_printed,
        "base_product": line.base_product,
        "migration_refusal": line.migration_refusal,
    }
    return {**{name: value for name, value in known.items() if value is not None}, **one.dates}
