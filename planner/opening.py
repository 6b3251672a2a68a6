"""Open a plan file again, and say what would be different today.

A file that is foreign, damaged or made by a newer planner is refused with the place
and the way out; nothing of it is taken half.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.knowledge import Knowledge
from planner.model import UNKNOWN, Plan, Problem, Reading, Settings, Subscription
from planner.planning import plan_reading
from planner.records import Damaged, decoded, shown
from planner.words import MissingValue, MissingWords, Value, Words
from planner.writing.outgoing import Progress
from planner.writing.saving import FORM, KIND, outcome

_LONGEST = 256 * 1024 * 1024  # Characters; 100,000 lines take about a third.
_COUNTS = frozenset({"lines", "entries"})
_PARTS = ("receipt", "settings", "progress", "reading", "outcome")


class Unopenable(ValueError):
    """A file that can't be opened as a plan.

    Attributes:
        id: Key of the sentence that says why and what to do (``planner.exports.opening``).
        values: Values of that sentence.
    """

    def __init__(self, reason: str, **values: Value) -> None:
        super().__init__(f"{reason}: {values}" if values else reason)
        self.id = reason
        self.values = values

    def sentence(self, words: Words) -> str:
        """Return why it can't be opened, and the way out."""
        return words.say(f"planner.exports.opening.{self.id}", **self.values)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a plan was made from: rules, planner, day (UTC) and fingerprint of the input."""

    rules_version: str
    planner_version: str
    as_of: dt.date
    input_fingerprint: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan said of one line."""

    path: str
    then: str | None
    reassign: bool
    decisions: tuple[str, ...]
    dates: dict[str, dt.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan as it was saved.

    Attributes:
        outcome: Line → what the plan said of it.
    """

    receipt: Receipt
    settings: Settings
    progress: Progress
    reading: Reading
    outcome: Mapping[int, Outcome]

    def plan(self, knowledge: Knowledge) -> Plan:
        """Return the plan made again by today's rules, as of its own day."""
        return plan_reading(self.reading, self.settings, knowledge)


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of which today's plan says something else than the saved one.

    Attributes:
        because: ``rules``: today's rules would have said so on the plan's own day;
            ``day``: so much time has passed.
        dates: Names of the days that are others, come or gone.
    """

    line: int
    before: Outcome
    after: Outcome
    because: tuple[str, ...]
    dates: tuple[str, ...]


def open_plan_file(text: str, knowledge: Knowledge) -> Saved:
    """Return what a plan file holds.

    Raises:
        Unopenable: It is no plan file, damaged, or made by a newer planner.
    """
    stated = _parsed(text)
    if not isinstance(stated, dict) or stated.get("kind") != KIND:
        raise Unopenable("not_a_plan")
    form = stated.get("form")
    if type(form) is int and form > FORM:
        receipt = stated.get("receipt")
        version = receipt.get("planner_version") if isinstance(receipt, dict) else None
        raise Unopenable("newer", version=str(version or form)[:20])
    try:
        return _saved(stated, knowledge)
    except Damaged as fault:
        if fault.value is None:
            raise Unopenable("missing", place=fault.place) from fault
        raise Unopenable("damaged", place=fault.place, value=fault.value) from fault


def changed(saved: Saved, today: dt.date, knowledge: Knowledge) -> tuple[Changed, ...]:
    """Return the lines that today's rules and date would plan otherwise, and why."""
    settings = replace(saved.settings, as_of=today)
    then = _outcomes(saved.plan(knowledge))
    now = _outcomes(plan_reading(saved.reading, settings, knowledge))
    return tuple(_compared(saved.outcome, then, now))


def _compared(
    saved: Mapping[int, Outcome], then: Mapping[int, Outcome], now: Mapping[int, Outcome]
) -> Iterator[Changed]:
    for line, before in saved.items():
        after = now.get(line, before)
        if after == before:
            continue
        by_rules, by_day = then.get(line) != before, then.get(line) != after
        because = [name for name, holds in (("rules", by_rules), ("day", by_day)) if holds]
        names = dict.fromkeys((*before.dates, *after.dates))
        dates = [name for name in names if before.dates.get(name) != after.dates.get(name)]
        yield Changed(line, before, after, tuple(because), tuple(dates))


def _outcomes(plan: Plan) -> dict[int, Outcome]:
    return {
        one.subscription.line: decoded(Outcome, outcome(one), "outcome")
        for one in plan.recommendations
    }


def _parsed(text: str) -> Any:
    if len(text) > _LONGEST:
        raise Unopenable("too_large")
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        if text.lstrip("\ufeff \t\r\n")[:1] != "{":
            raise Unopenable("not_a_plan") from error
        raise Unopenable("not_json", line=error.lineno, place=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise Unopenable("not_a_plan") from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _saved(stated: Mapping[str, Any], knowledge: Knowledge) -> Saved:
    for part in ("form", *_PARTS):
        if part not in stated:
            raise Damaged(part, None)
    if stated["form"] != FORM:
        raise Damaged("form", shown(stated["form"]))
    saved = decoded(Saved, {part: stated[part] for part in _PARTS}, "")
    _check_settings(saved.settings, knowledge)
    _check_reading(saved.reading, knowledge)
    lines = {one.line for one in saved.reading.subscriptions}
    for line in saved.outcome:
        if line not in lines:
            raise Damaged(f"outcome.{line}", str(line))
    return saved


def _check_settings(settings: Settings, knowledge: Knowledge) -> None:
    for policy, days in settings.policies.items():
        if policy not in knowledge.policy_figures or days < 0:
            raise Damaged(f"settings.policies.{policy}", shown(days))
    questions = {row.id: row.choices for row in knowledge.assumptions}
    for question, answer in settings.answers.items():
        choices = questions.get(question)
        if choices is None or (choices and answer not in choices):
            raise Damaged(f"settings.answers.{question}", shown(answer))


def _check_reading(reading: Reading, knowledge: Knowledge) -> None:
    if reading.counts not in _COUNTS:
        raise Damaged("reading.counts", shown(reading.counts))
    known = knowledge.tree["rules"]["vocabulary"]["facts"]
    taken: set[int] = set()
    for number, line in enumerate(reading.subscriptions, 1):
        place = f"reading.subscriptions.{number}"
        if line.line < 1 or line.line in taken:
            raise Damaged(f"{place}.line", str(line.line))
        taken.add(line.line)
        _check_codes(line, known, place)
    words = knowledge.words(knowledge.languages[0])
    for kind in ("set_aside", "notes"):
        faults: tuple[Problem, ...] = getattr(reading, kind)
        for number, fault in enumerate(faults, 1):
            _check_sayable(fault, words, f"reading.{kind}.{number}")


def _check_codes(line: Subscription, known: Mapping[str, Any], place: str) -> None:
    for name in Subscription.__slots__:
        codes, value = known.get(name), getattr(line, name)
        if isinstance(codes, list) and value != UNKNOWN and value not in codes:
            raise Damaged(f"{place}.{name}", shown(value))
    for name in ("seats", "assigned", "access_days", "covers"):
        count = getattr(line, name)
        if count is not None and count < 0:
            raise Damaged(f"{place}.{name}", shown(count))


def _check_sayable(fault: Problem, words: Words, place: str) -> None:
    values: dict[str, Value] = {"line": fault.line, "value": fault.value, **fault.values}
    try:
        words.say(f"planner.problems.{fault.id}", **values)
    except (MissingWords, MissingValue) as error:
        raise Damaged(f"{place}.id", shown(fault.id)) from error
