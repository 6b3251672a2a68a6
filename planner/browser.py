"""What the page calls: JSON text in, JSON text out. The only module that knows a browser.

Pasted text never raises here: whatever can't be planned comes back as HTML that says
why and what to do.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

from planner import __version__
from planner.knowledge import Knowledge, compiled
from planner.model import Settings
from planner.planning import chosen, today
from planner.planning import plan as plan_text
from planner.writing.contract import plan_json
from planner.writing.page import announcement, plan_html


@cache
def _knowledge() -> Knowledge:
    return compiled()


def start() -> str:
    """Load the knowledge; return ``{"version": …, "rules_version": …}``."""
    return json.dumps({"version": __version__, "rules_version": _knowledge().version})


def plan(text: str, settings: str) -> str:
    """Return ``{"html": …, "announce": …, "plan": …}`` for pasted text.

    ``settings`` is JSON: ``language`` (a tag the site speaks), ``as_of`` (ISO day, UTC;
    today where it is missing), ``rules_url`` (address of the rules page), ``market`` and
    ``set`` (a list of ``key=value``, as on the command line). ``plan`` is the plan's
    JSON text, byte for byte what the command line prints.
    """
    stated = json.loads(settings)
    language = stated["language"]
    as_of = dt.date.fromisoformat(stated["as_of"]) if stated.get("as_of") else today()
    policies, answers = chosen(stated.get("set", []), _knowledge())
    chosen_settings = Settings(as_of, stated.get("market", ""), policies, answers)
    made = plan_text(text, chosen_settings, _knowledge())
    return json.dumps(
        {
            "html": plan_html(made, language, _knowledge(), stated["rules_url"]),
            "announce": announcement(made, language, _knowledge()),
            "plan": plan_json(made),
        },
        ensure_ascii=False,
    )
