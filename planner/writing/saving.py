"""The plan file: all that is needed to open a plan again, and its receipt.

It has the settings, what the reader ticked off and noted, and the subscriptions as they
were understood, so the plan can be made again without what was pasted. Its outcome is
what the plan said, line by line, to compare with later. Its schema is
``data/schema/plan-file.schema.json``; ``planner.opening`` reads it.
"""

from __future__ import annotations

import json
from typing import Any

from planner import __version__
from planner.model import Plan, Reading, Recommendation, Settings
from planner.records import encoded
from planner.writing.outgoing import Progress

KIND = "csp-move-plan"
FORM = 1  # Grows with every change that an older planner can't read.
_NOT_KEPT = frozenset({"rows"})  # What the source prints; the subscriptions say what it means.


def plan_file(plan: Plan, settings: Settings | None, progress: Progress) -> bytes:
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
        "settings": encoded(settings or Settings(plan.as_of)),
        "progress": {
            "done": encoded(progress.done),
            "notes": {str(line): progress.notes[line] for line in sorted(progress.notes)},
        },
        "reading": {
            name: encoded(getattr(plan.reading, name))
            for name in Reading.__slots__
            if name not in _NOT_KEPT
        },
        "outcome": {str(one.subscription.line): outcome(one) for one in plan.recommendations},
    }
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def outcome(one: Recommendation) -> dict[str, Any]:
    """Return what a plan says of one line, as a later plan is compared with it."""
    return {
        "path": one.path,
        "then": one.then,
        "reassign": one.reassign,
        "decisions": [reason.decision for reason in one.because],
        "dates": {name: day.isoformat() for name, day in one.dates.items()},
    }
