"""Open a plan file again, and say what would be different today.

A file that is foreign, damaged or made by a newer planner is refused with the place
and the way out; nothing of it is taken half.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.comparing import Comparison, compare
from planner.countries import is_country
from planner.deciding.alternatives import ways_by_code
from planner.deciding.prices import price_key, price_stated, price_text
from planner.knowledge import Knowledge
from planner.model import (
    UNKNOWN,
    Notice,
    Part,
    Plan,
    Problem,
    Reading,
    Settings,
    Subscription,
    UnitPrice,
)
from planner.planning import plan_reading
from planner.records import Damaged, decoded, encoded, shown
from planner.scheduling.limits import limits_of, limits_text
from planner.words import MissingValue, MissingWords, Value, Words
from planner.writing.contract import plan_object
from planner.writing.outgoing import Progress
from planner.writing.saving import FORM, KIND

_LONGEST = 256 * 1024 * 1024  # Characters; 100,000 lines take about a third.
_COUNTS = frozenset({"lines", "entries"})
_WARNINGS = "planner.reading.warnings"
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
    """What a plan said of one line.

    Attributes:
        steps: Step → the day to do it and the last day for it.
        warnings: What could go wrong; ``None`` in a file of a planner that didn't keep it.
        questions: Ids of what was asked; ``None`` likewise.
        rules: Everything that decided it, or that a step rests on.
    """

    line: int
    path: str
    then: str | None
    dates: dict[str, dt.date] = field(default_factory=dict)
    steps: dict[str, tuple[dt.date | None, dt.date | None]] = field(default_factory=dict)
    blockers: tuple[Notice, ...] = ()
    warnings: tuple[Notice, ...] | None = None
    questions: tuple[str, ...] | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan as it was saved.

    Attributes:
        outcome: Key of a line → what the plan said of it.
    """

    receipt: Receipt
    settings: Settings
    progress: Progress
    reading: Reading
    outcome: Mapping[str, Outcome]

    def plan(self, knowledge: Knowledge) -> Plan:
        """Return the plan made again by today's rules, as of its own day."""
        return plan_reading(self.reading, self.settings, knowledge)


@dataclass(frozen=True, slots=True)
class Reopened:
    """What today's plan says otherwise than the saved one.

    Attributes:
        comparison: By line what differs, and what made it differ.
        by_rules: Keys of lines that today's rules would have planned otherwise then, too.
        by_day: Keys of lines that differ because time has passed.
    """

    comparison: Comparison
    by_rules: frozenset[str]
    by_day: frozenset[str]


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


def changed(saved: Saved, today: dt.date, knowledge: Knowledge) -> Reopened:
    """Return what today's rules and date would plan otherwise than was saved, and why."""
    then = saved.plan(knowledge)
    settings = replace(saved.settings, as_of=today)
    now = plan_reading(saved.reading, settings, knowledge)
    before = as_compared(saved, plan_object(then))
    return Reopened(
        comparison=compare(before, now),
        by_rules=_keys(compare(before, then)),
        by_day=_keys(compare(then, now)),
    )


def _keys(comparison: Comparison) -> frozenset[str]:
    return frozenset(change.key for change in comparison.changes)


def as_compared(saved: Saved, again: Mapping[str, Any]) -> dict[str, Any]:
    """Return a saved plan as ``planner.comparing`` takes it.

    ``again`` is the same plan made by today's rules, as JSON: it has the same settings.
    """
    receipt = saved.receipt
    return {
        "as_of": receipt.as_of.isoformat(),
        "rules_version": receipt.rules_version,
        "planner_version": receipt.planner_version,
        "input_fingerprint": receipt.input_fingerprint,
        "settings": again["settings"],
        "recommendations": [_compared(key, one) for key, one in saved.outcome.items()],
    }


def _compared(key: str, one: Outcome) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if one.warnings is not None:
        kept["warnings"] = _stated(one.warnings)
    if one.questions is not None:
        kept["questions"] = [{"id": asked} for asked in one.questions]
    return kept | {
        "line": one.line,
        "key": key,
        "path": one.path,
        "then": one.then,
        "dates": encoded(one.dates),
        "steps": [
            {"id": step, "on": encoded(on), "no_later_than": encoded(last), "rules": []}
            for step, (on, last) in one.steps.items()
        ],
        "blockers": _stated(one.blockers),
        "because": [{"decision": "", "rules": one.rules}],
    }


def _stated(notices: tuple[Notice, ...]) -> list[dict[str, Any]]:
    return [{"id": one.id, "rules": one.rules, "values": one.values} for one in notices]


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
    for product, price in saved.settings.prices.items():
        _check_price(product, price, knowledge)
    _check_reading(saved.reading, knowledge)
    lines = {one.line for one in saved.reading.subscriptions}
    for key, one in saved.outcome.items():
        if one.line not in lines:
            raise Damaged(f"outcome.{key}.line", str(one.line))
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
    ways = ways_by_code(knowledge)
    for key, way in settings.choices.items():
        if way not in ways:
            raise Damaged(f"settings.choices.{key}", shown(way))
    if settings.market and not is_country(settings.market):
        raise Damaged("settings.market", shown(settings.market))
    try:
        stated = [one.split("=", 1) for one in limits_text(settings.scheduling)]
        same = limits_of([(key, value) for key, value in stated]) == settings.scheduling
    except (ValueError, IndexError) as error:
        raise Damaged("settings.scheduling", shown(str(error))) from error
    if not same:
        raise Damaged("settings.scheduling", shown(encoded(settings.scheduling)))


def _check_price(product: str, price: UnitPrice, knowledge: Knowledge) -> None:
    place = f"settings.prices.{product}"
    try:
        stated = price_stated(price_key(product), price_text(price), knowledge.catalogue)
    except ValueError as error:
        raise Damaged(place, shown(price_text(price))) from error
    if stated != (product, price):
        raise Damaged(place, shown(price_text(price)))


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
    for number, codes in reading.warned.items():
        unsaid = next((one for one in codes if not words.has(f"{_WARNINGS}.{one}")), None)
        if unsaid is not None:
            raise Damaged(f"reading.warned.{number}", shown(unsaid))
    for number, part in enumerate(reading.parts, 1):
        _check_part(part, words, f"reading.parts.{number}")


def _check_part(part: Part, words: Words, place: str) -> None:
    """Refuse a part with codes that no words are known for."""
    if part.counts not in _COUNTS:
        raise Damaged(f"{place}.counts", shown(part.counts))
    said = {f"{place}.how": f"how.{part.how}"}
    for number, column in enumerate(part.columns, 1):
        within = f"{place}.columns.{number}"
        said[f"{within}.how"] = f"columns.{column.how}"
        if column.order:
            said[f"{within}.order"] = f"orders.{column.order}"
        if column.order_by:
            said[f"{within}.order_by"] = f"order_by.{column.order_by}"
    for within, key in said.items():
        if not words.has(f"planner.reading.{key}"):
            raise Damaged(within, shown(key.partition(".")[2]))


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
