"""The plan file: all that is needed to open a plan again, and its receipt.

It has the settings, what the reader ticked off and noted, and the subscriptions as they
were understood with the files and tables they stood in, so the plan can be made again
without what was pasted. Its outcome is what the plan said, line by line, to compare with
later. Its schema is ``data/schema/plan-file.schema.json``; ``planner.opening`` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from planner import __version__
from planner.model import Plan, Reading, Recommendation, Settings
from planner.records import encoded
from planner.writing.outgoing import Progress

KIND = "csp-move-plan"
FORM = 1  # Grows with every change that an older planner can't read.
NOT_KEPT = frozenset({"rows"})  # What the source prints; the subscriptions say what it means.


def plan_file(plan: Plan, progress: Progress) -> bytes:
    """Return a plan file: UTF-8 JSON, the same bytes for the same plan and progress."""
    made = {
        "kind": KIND,
        "form": FORM,
        "receipt": {
            "rules_version": plan.rules_version,
            "planner_version": __version__,
            "as_of": plan.as_of.isoformat(),
            "input_fingerprint": plan.reading.fingerprint,
        },
        "settings": encoded(plan.settings or Settings(plan.as_of)),
        "progress": {
            "done": encoded(progress.done),
            "notes": {key: progress.notes[key] for key in sorted(progress.notes)},
        },
        "reading": {
            name: encoded(getattr(plan.reading, name))
            for name in Reading.__slots__
            if name not in NOT_KEPT
        },
        "outcome": {plan.keys[one.subscription.line]: outcome(one) for one in plan.recommendations},
    }
    return ("".join(_laid_out(made)) + "\n").encode("utf-8", "backslashreplace")


def outcome(one: Recommendation) -> dict[str, Any]:
    """Return what a plan says of one line, as a later plan is compared with it."""
    cited = [rule for reason in one.because for rule in reason.rules]
    cited += [rule for step in one.steps for rule in step.rules]
    return {
        "line": one.subscription.line,
        "path": one.path,
        "then": one.then,
        "dates": encoded(one.dates),
        "steps": {step.id: encoded([step.on, step.no_later_than]) for step in one.steps},
        "blockers": encoded(one.blockers),
        "warnings": encoded(one.warnings),
        "questions": [asked.id for asked in one.assumptions],
        "rules": list(dict.fromkeys(cited)),
    }


def _laid_out(made: Mapping[str, Any]) -> Iterator[str]:
    """Yield JSON text in which each part of the file has its lines, and each entry one."""
    opening = "{"
    for name, part in made.items():
        yield f"{opening}\n {_json(name)}: "
        yield from _entries(part) if isinstance(part, dict) else (_json(part),)
        opening = ","
    yield "\n}"


def _entries(part: Mapping[str, Any]) -> Iterator[str]:
    opening = "{"
    for name, entry in part.items():
        yield f"{opening}\n  {_json(name)}: "
        records = isinstance(entry, list) and entry and isinstance(entry[0], dict)
        yield f"[\n   {',\n   '.join(map(_json, entry))}\n  ]" if records else _json(entry)
        opening = ","
    yield "\n }" if part else "{}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
