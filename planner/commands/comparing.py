"""``--against PLAN.json``: what differs from a plan that was stored."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.commands.common import refuse, show

if TYPE_CHECKING:
    from planner.knowledge import Knowledge
    from planner.model import Plan


def compare_with(plan: Plan, options: argparse.Namespace, knowledge: Knowledge) -> int:
    """Print what differs from a plan file: 0 nothing, 1 something, 2 it can't be read."""
    from planner.comparing import compare
    from planner.opening import Unopenable
    from planner.writing.page import changes_text

    words = knowledge.words(options.language)
    try:
        comparison = compare(_earlier(Path(options.against), knowledge), plan)
    except Unopenable as error:
        return refuse(f"--against {options.against}: {error.sentence(words)}")
    except OSError as error:
        return refuse(f"--against {options.against}: {error.strerror}")
    except (ValueError, KeyError, TypeError):
        return refuse(f"--against {options.against}: no plan file; `--to plan` writes one")
    written = changes_text(comparison, plan, options.language, knowledge)
    show(written)
    return 1 if comparison.changes else 0


def _earlier(path: Path, knowledge: Knowledge) -> Any:
    """Return a stored plan as it is compared: a plan file's, or the plan's own JSON."""
    from planner.opening import as_compared, open_plan_file
    from planner.writing.contract import plan_object
    from planner.writing.saving import KIND

    text = path.read_text(encoding="utf-8")
    stated = json.loads(text)
    if not isinstance(stated, dict) or stated.get("kind") != KIND:
        return stated
    saved = open_plan_file(text, knowledge)
    return as_compared(saved, plan_object(saved.plan(knowledge)))
