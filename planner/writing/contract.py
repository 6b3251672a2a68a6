"""The plan as JSON: the contract between Python and everything else.

Codes and parameters only, no sentence: the same plan reads in any language. Its
schema is ``data/schema/plan.schema.json``.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from planner import __version__
from planner.deciding.prices import price_key, price_text
from planner.model import (
    Assumption,
    Because,
    Cutover,
    Notice,
    Part,
    Plan,
    Problem,
    Reading,
    Recommendation,
    RuledOut,
    Schedule,
    Settings,
    Step,
    Subscription,
)
from planner.scheduling.limits import limits_text

Json = dict[str, Any]

_UNESCAPED_CONTROL = re.compile("[\x7f-\x9f]")  # JSON allows them; a terminal would obey them.
_ALWAYS = ("line", "customer", "subscription_id", "product", "seats", "channel", "state")
_FIELDS = Subscription.__slots__
_values = attrgetter(*_FIELDS)
_EMPTY = _values(Subscription(line=0))


def plan_json(plan: Plan) -> str:
    """Return a plan's JSON text: the same bytes for the same plan, wherever it was made."""
    text = json.dumps(plan_object(plan), ensure_ascii=False, indent=2) + "\n"
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNESCAPED_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plan_object(plan: Plan) -> Json:
    """Return a plan as plain values, to be read only; days are ISO text (UTC).

    What several lines have in common, such as their steps, is one object.
    """
    return _object(plan, _Shared())


class _Shared:
    """What several lines have in common, made once; the plan outlives it."""

    def __init__(self) -> None:
        self._lists: dict[tuple[int, Callable[..., Json]], list[Json]] = {}
        self._entries: dict[tuple[int, Callable[..., Json]], Json] = {}
        self._dates: dict[tuple[int, int], Json] = {}

    def list_of[T](self, source: Sequence[T], entry: Callable[[T], Json]) -> list[Json]:
        """Return the entries of a tuple of the plan."""
        place = id(source), entry
        found = self._lists.get(place)
        if found is None:
            found = self._lists[place] = [self._entry(one, entry) for one in source]
        return found

    def _entry[T](self, one: T, entry: Callable[[T], Json]) -> Json:
        place = id(one), entry
        found = self._entries.get(place)
        if found is None:
            found = self._entries[place] = entry(one)
        return found

    def dates_of(self, one: Recommendation) -> Json:
        """Return the days and figures of a recommendation, by name."""
        place = id(one.dates), id(one.figures)
        found = self._dates.get(place)
        if found is None:
            days = {name: day.isoformat() for name, day in one.dates.items()}
            found = self._dates[place] = days | one.figures
        return found


def _object(plan: Plan, shared: _Shared) -> Json:
    reading = plan.reading
    planned, merged = len(plan.recommendations), len(plan.merged)
    set_aside = len({problem.line for problem in reading.set_aside})
    return {
        "as_of": plan.as_of.isoformat(),
        "rules_version": plan.rules_version,
        "planner_version": __version__,
        "input_fingerprint": reading.fingerprint,
        "reading": {
            "format": reading.format_id,
            "counts": reading.counts,
            "lines": planned + merged + set_aside,
            "planned": planned,
            "merged": merged,
            "set_aside": set_aside,
            "mapping": reading.mapping,
            "unused": list(reading.unused),
            "encoding": reading.encoding,
            "parts": [_part(part) for part in reading.parts],
        },
        "recommendations": [
            _recommendation(one, plan.keys.get(one.subscription.line, ""), shared)
            for one in plan.recommendations
        ],
        "merged": [
            {"line": line, "into": into, "differs": list(plan.differing.get(line, ()))}
            for line, into in plan.merged.items()
        ],
        "questions": [
            {
                "id": asked.id,
                "fact": asked.fact,
                "assumed": asked.assumed,
                "choices": list(asked.choices),
                "lines": list(asked.lines),
            }
            for asked in plan.questions
        ],
        "problems": [_problem(problem) for problem in reading.set_aside],
        "notes": [_problem(problem) for problem in reading.notes],
        "warned": _warned(reading),
        "agenda": [
            {
                "on": _iso(entry.on),
                "no_later_than": _iso(entry.no_later_than),
                "step": entry.step,
                "actor": entry.actor,
                "lines": list(entry.lines),
                "customer": entry.customer,
                "after": entry.after,
                "part": entry.part,
                "parts": entry.parts,
                "quiet": entry.quiet,
            }
            for entry in plan.agenda
        ],
        "schedule": _schedule(plan.schedule),
        "settings": _settings(plan),
        "choices": [
            {
                "key": choice.key,
                "alternative": choice.alternative,
                "line": choice.line,
                "refused_by": list(choice.refused_by),
            }
            for choice in plan.choices
        ],
        "summary": {
            "paths": dict(sorted(Counter(one.path for one in plan.recommendations).items())),
            "blocked": sum(bool(one.blockers) for one in plan.recommendations),
            "deadlines": [
                {
                    "day": deadline.day.isoformat(),
                    "step": deadline.step,
                    "actor": deadline.actor,
                    "lines": list(deadline.lines),
                }
                for deadline in plan.deadlines
            ],
        },
    }


def _warned(reading: Reading) -> list[Json]:
    """Return each warning of rows once, with the lines that it concerns."""
    lines: dict[str, list[int]] = {}
    for line, codes in reading.warned.items():
        for code in codes:
            lines.setdefault(code, []).append(line)
    return [{"id": code, "lines": concerned} for code, concerned in lines.items()]


def _part(part: Part) -> Json:
    return {
        "number": part.number,
        "name": part.name,
        "encoding": part.encoding,
        "shape": part.shape,
        "format": part.format_id,
        "how": part.how,
        "signature": list(part.signature),
        "role": part.role,
        "counts": part.counts,
        "before": part.before,
        "first": part.first,
        "last": part.last,
        "rows": part.rows,
        "columns": [
            {
                "header": column.header,
                "fields": list(column.fields),
                "how": column.how,
                "order": column.order,
                "order_by": column.order_by,
            }
            for column in part.columns
        ],
        "missing": list(part.missing),
        "hint": part.hint,
        "customer": part.customer,
    }


def _recommendation(one: Recommendation, key: str, shared: _Shared) -> Json:
    return {
        "line": one.subscription.line,
        "key": key,
        "subscription": _subscription(one.subscription),
        "path": one.path,
        "chosen": one.chosen,
        "then": one.then,
        "regime": one.regime,
        "reassign": one.reassign,
        "optional": list(one.optional),
        "dates": shared.dates_of(one),
        "steps": shared.list_of(one.steps, _step),
        "overlap_days": one.overlap_days,
        "gap_days": one.gap_days,
        "blockers": shared.list_of(one.blockers, _notice),
        "warnings": shared.list_of(one.warnings, _notice),
        "assumptions": shared.list_of(one.assumptions, _assumption),
        "questions": shared.list_of(one.assumptions, _question),
        "would_change": {
            "fact": one.turning_point.fact,
            "value": one.turning_point.value,
            "path": one.turning_point.path,
        }
        if one.turning_point
        else None,
        "because": shared.list_of(one.because, _because),
        "instead_of": shared.list_of(one.instead_of, _ruled_out),
    }


def _assumption(made: Assumption) -> Json:
    return {"id": made.id, "fact": made.fact, "assumed": made.assumed, "rules": list(made.rules)}


def _question(made: Assumption) -> Json:
    return {"id": made.id, "fact": made.fact, "choices": list(made.choices)}


def _because(reason: Because) -> Json:
    return {"decision": reason.decision, "rules": list(reason.rules)}


def _ruled_out(other: RuledOut) -> Json:
    return {"path": other.path, "ruled_out_by": list(other.ruled_out_by)}


def _schedule(schedule: Schedule) -> Json:
    given = [one for one in schedule.cutovers if one.on]
    return {
        "scheduled": len(given),
        "moved": sum(one.on != one.recommended for one in given),
        "unplaced": len(schedule.cutovers) - len(given),
        "cutovers": [_cutover(one) for one in schedule.cutovers],
    }


def _cutover(one: Cutover) -> Json:
    return {
        "line": one.line,
        "recommended": one.recommended.isoformat(),
        "earliest": one.earliest.isoformat(),
        "latest": _iso(one.latest),
        "on": _iso(one.on),
        "wave": one.wave,
        "held_by": list(one.held_by),
        "relief": [
            {
                "limit": change.limit,
                "day": change.day.isoformat(),
                "now": change.now,
                "then": change.then,
            }
            for change in one.relief
        ],
        "term_ends": _iso(one.term_ends),
        "unaligned": one.unaligned,
    }


def _settings(plan: Plan) -> Json:
    """Return what the reader set, as ``--set`` takes it: for opening the plan again."""
    made = plan.settings or Settings(plan.as_of)
    return {
        "market": made.market,
        "policies": dict(sorted(made.policies.items())),
        "answers": dict(sorted(made.answers.items())),
        "schedule": list(limits_text(made.scheduling)),
        "choices": dict(sorted(made.choices.items())),
        "prices": {
            price_key(product): price_text(price) for product, price in sorted(made.prices.items())
        },
    }


def _subscription(line: Subscription) -> Json:
    """Return what is known of a line; facts that nothing is known of are left out."""
    return {
        name: value if type(value) is str else _plain(value)
        for name, empty, value in zip(_FIELDS, _EMPTY, _values(line), strict=True)
        if value != empty or name in _ALWAYS
    }


def _step(step: Step) -> Json:
    return {
        "id": step.id,
        "on": _iso(step.on),
        "follows": step.follows,
        "no_later_than": _iso(step.no_later_than),
        "actor": step.actor,
        "rules": list(step.rules),
    }


def _notice(notice: Notice) -> Json:
    values = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in notice.values.items()
    }
    return {"id": notice.id, "rules": list(notice.rules)} | ({"values": values} if values else {})


def _problem(problem: Problem) -> Json:
    return {
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "id": problem.id,
    } | ({"values": problem.values} if problem.values else {})


def _plain(value: object) -> object:
    match value:
        case dt.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
