"""Two plans next to each other: by line what differs, and what made it differ.

Either plan may be the JSON object of a plan file that was stored: what is compared is
what the file holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.model import Notice, Plan
from planner.writing.contract import plan_object

Json = Mapping[str, Any]

_CUTOVERS = ("provision_on", "transfer_request_created", "migrate_from")
_DAYS = frozenset({"day", "by"})
_ONE_BY_ONE = ("policies", "answers", "choices")


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that the two plans were made from differently.

    Attributes:
        kind: ``as-of``, ``rules``, ``planner``, ``input``, ``market``, ``policy``,
            ``answer``, ``schedule``, ``choice`` or ``price``.
        name: Which one: a policy's figure, a question, a key of the schedule or of a
            price, a line; else ``""``.
        before: What it was; ``""`` where it wasn't set.
        after: What it is.
    """

    kind: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that stays, on another day."""

    step: str
    before: dt.date | None
    after: dt.date | None


@dataclass(frozen=True, slots=True)
class Change:
    """What differs for one line.

    Attributes:
        key: What names the line in both plans.
        kind: ``new`` (only in the later plan), ``gone`` (only in the earlier) or ``changed``.
        line: Its number in the later plan, in the earlier one where it is gone.
        path: Path before and after; ``""`` where the line isn't in that plan.
        cutover: Day of the cutover before and after.
        deadline: Earliest last day of its steps before and after.
        steps_added: Steps of the later plan alone.
        steps_dropped: Steps of the earlier plan alone.
        steps_moved: Steps that changed their day.
        blockers_added: What stands in the way only now.
        blockers_cleared: What stood in the way only before.
        warnings_added: What can go wrong only now.
        warnings_cleared: What could go wrong only before.
        questions_added: What is asked only now.
        questions_settled: What was asked only before.
        rules: Rules that decide now and didn't before, or the other way round.
    """

    key: str
    kind: str
    line: int
    path: tuple[str, str] = ("", "")
    cutover: tuple[dt.date | None, dt.date | None] = (None, None)
    deadline: tuple[dt.date | None, dt.date | None] = (None, None)
    steps_added: tuple[str, ...] = ()
    steps_dropped: tuple[str, ...] = ()
    steps_moved: tuple[Moved, ...] = ()
    blockers_added: tuple[Notice, ...] = ()
    blockers_cleared: tuple[Notice, ...] = ()
    warnings_added: tuple[Notice, ...] = ()
    warnings_cleared: tuple[Notice, ...] = ()
    questions_added: tuple[str, ...] = ()
    questions_settled: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two plans.

    Attributes:
        causes: What the plans were made from differently.
        changes: The lines that differ, in the order of the later plan; those gone last.
        same: How many lines don't differ.
    """

    causes: tuple[Cause, ...]
    changes: tuple[Change, ...]
    same: int


def compare(before: Plan | Json, after: Plan | Json) -> Comparison:
    """Return what differs between two plans, by line.

    Lines are the same where they have the same key: the subscription's id, else
    customer and product (``planner.planning.line_keys``).

    Raises:
        KeyError: The object is no plan.
    """
    old, new = _object(before), _object(after)
    earlier, later = _by_key(old), _by_key(new)
    changes = [
        change
        for key, one in later.items()
        if (change := _change(key, earlier.get(key), one)) is not None
    ]
    changes += [
        Change(key, "gone", one["line"], (one["path"], ""), (_cutover(one), None))
        for key, one in earlier.items()
        if key not in later
    ]
    differing = sum(change.kind != "gone" for change in changes)
    return Comparison(tuple(_causes(old, new)), tuple(changes), len(later) - differing)


def _object(plan: Plan | Json) -> Json:
    return plan_object(plan) if isinstance(plan, Plan) else plan


def _by_key(plan: Json) -> dict[str, Json]:
    return {one["key"]: one for one in plan["recommendations"]}


def _change(key: str, old: Json | None, new: Json) -> Change | None:
    if old is None:
        return Change(key, "new", new["line"], ("", new["path"]), (None, _cutover(new)))
    before, after = _steps(old), _steps(new)
    blocked, blocks = _notices(old, "blockers"), _notices(new, "blockers")
    # A plan file of an earlier planner doesn't say what it warned of or asked.
    warns, asks = _notices(new, "warnings"), _questions(new)
    warned = _notices(old, "warnings") if "warnings" in old else warns
    asked = _questions(old) if "questions" in old else asks
    found = Change(
        key=key,
        kind="changed",
        line=new["line"],
        path=(old["path"], new["path"]),
        cutover=(_cutover(old), _cutover(new)),
        deadline=(_deadline(old), _deadline(new)),
        steps_added=tuple(step for step in after if step not in before),
        steps_dropped=tuple(step for step in before if step not in after),
        steps_moved=tuple(
            Moved(step, before[step], day)
            for step, day in after.items()
            if step in before and before[step] != day
        ),
        blockers_added=tuple(one for code, one in blocks.items() if code not in blocked),
        blockers_cleared=tuple(one for code, one in blocked.items() if code not in blocks),
        warnings_added=tuple(one for code, one in warns.items() if code not in warned),
        warnings_cleared=tuple(one for code, one in warned.items() if code not in warns),
        questions_added=tuple(one for one in asks if one not in asked),
        questions_settled=tuple(one for one in asked if one not in asks),
        rules=_differing_rules(old, new),
    )
    pairs = (found.path, found.cutover, found.deadline)
    lists = (
        found.steps_added,
        found.steps_dropped,
        found.steps_moved,
        found.blockers_added,
        found.blockers_cleared,
        found.warnings_added,
        found.warnings_cleared,
        found.questions_added,
        found.questions_settled,
    )
    differs = any(one != other for one, other in pairs) or any(lists)
    return found if differs or old["then"] != new["then"] else None


def _steps(one: Json) -> dict[str, dt.date | None]:
    return {step["id"]: _day(step["on"]) for step in one["steps"]}


def _questions(one: Json) -> tuple[str, ...]:
    return tuple(asked["id"] for asked in one["questions"])


def _notices(one: Json, kind: str) -> dict[tuple[str, str], Notice]:
    """Return blockers or warnings by their id and the day or step they are about."""
    found: dict[tuple[str, str], Notice] = {}
    for stated in one[kind]:
        values = {
            name: dt.date.fromisoformat(value) if name in _DAYS else value
            for name, value in stated.get("values", {}).items()
        }
        about = str(values.get("name") or values.get("step") or "")
        found[stated["id"], about] = Notice(stated["id"], tuple(stated["rules"]), values)
    return found


def _cutover(one: Json) -> dt.date | None:
    return next((_day(one["dates"][name]) for name in _CUTOVERS if name in one["dates"]), None)


def _deadline(one: Json) -> dt.date | None:
    days = [step["no_later_than"] for step in one["steps"] if step["no_later_than"]]
    return _day(min(days, default=None))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _differing_rules(old: Json, new: Json) -> tuple[str, ...]:
    """Return what decides in one plan and not in the other, in the order of the later."""

    def cited(one: Json) -> dict[str, None]:
        rules = [rule for reason in one["because"] for rule in reason["rules"]]
        rules += [rule for step in one["steps"] for rule in step["rules"]]
        return dict.fromkeys(rules)

    before, after = cited(old), cited(new)
    return tuple(
        [rule for rule in after if rule not in before]
        + [rule for rule in before if rule not in after]
    )


def _causes(old: Json, new: Json) -> list[Cause]:
    whole = [
        ("as-of", old["as_of"], new["as_of"]),
        ("rules", old["rules_version"], new["rules_version"]),
        ("planner", old["planner_version"], new["planner_version"]),
        ("input", old["input_fingerprint"], new["input_fingerprint"]),
        ("market", old["settings"]["market"], new["settings"]["market"]),
    ]
    causes = [Cause(kind, "", one, other) for kind, one, other in whole if one != other]
    for kind, name in zip(("policy", "answer", "choice"), _ONE_BY_ONE, strict=True):
        causes += _differing(kind, old["settings"][name], new["settings"][name])
    said = [dict(one.split("=", 1) for one in plan["settings"]["schedule"]) for plan in (old, new)]
    # An earlier planner's plan has no prices.
    prices = (plan["settings"].get("prices", {}) for plan in (old, new))
    return [*causes, *_differing("schedule", *said), *_differing("price", *prices)]


def _differing(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Cause]:
    return [
        Cause(kind, name, str(old.get(name, "")), str(new.get(name, "")))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
