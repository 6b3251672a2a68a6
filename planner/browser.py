"""What the page calls: JSON text in, JSON text out. The only module that knows a browser.

Pasted text never raises here: whatever can't be planned comes back as HTML that says
why and what to do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import traceback
from functools import cache
from pathlib import PurePath
from typing import Any

from planner import __version__
from planner.knowledge import Knowledge, compiled
from planner.model import Plan, Problem, Reading, Settings
from planner.planning import chosen, market_of, plan_pasted, plan_reading, today
from planner.reading import fingerprint_of
from planner.reading.values import Unreadable, check_range
from planner.writing.contract import plan_json
from planner.writing.page import announcement, plan_html

#: One line that is planned and one that is set aside.
_EXAMPLE = """channel,sku,seats,term,start,end
WEB_MCA,Microsoft 365 Business Premium,25,P1Y,2026-03-01,2027-02-28
WEB_MCA,Office 365 E3,25,P1Y,2026-03-01,31/02/2027
"""
_EXAMPLE_DAY = "2026-11-23"


@cache
def _knowledge() -> Knowledge:
    return compiled()


def start() -> str:
    """Load the knowledge; return ``{"version": …, "rules_version": …}``."""
    return json.dumps({"version": __version__, "rules_version": _knowledge().version})


def warm() -> None:
    """Plan a small example in every language, so that all it takes stays in memory.

    What is imported, loaded and compiled on the way need not be when Python starts from an
    image of its memory; ``wake`` belongs after such a start.
    """
    for language in _knowledge().languages:
        stated = {"language": language, "as_of": _EXAMPLE_DAY, "rules_url": ""}
        plan(_EXAMPLE, json.dumps(stated))
    _proof()


def wake() -> bool:
    """Make good what an image of memory brings from elsewhere; tell whether it is in order.

    Random numbers would otherwise be the same for all. The seed of hashes stays: nothing
    that is written depends on it. In order is an image that still plans the example as when
    it was made.
    """
    random.seed()
    return _prove() == _proof()


def _prove() -> str:
    made = _plan(_EXAMPLE, {"as_of": _EXAMPLE_DAY})
    return hashlib.sha256(plan_json(made).encode()).hexdigest()


@cache
def _proof() -> str:
    return _prove()


def plan(text: str, settings: str) -> str:
    """Return ``{"html": …, "announce": …, "plan": …}`` for pasted text.

    ``settings`` is JSON: ``language`` (a tag the site speaks), ``as_of`` (ISO day, UTC;
    missing or empty where the reader chose none), ``rules_url`` (address of the rules
    page), ``market`` and ``set`` (a list of ``key=value``, as on the command line).
    ``plan`` is the plan's JSON text, byte for byte what the command line prints.
    """
    stated = json.loads(settings)
    try:
        return _answer(_plan(text, stated), stated)
    except Exception as error:  # noqa: BLE001 - whatever breaks, the page says so and lives on
        problem = Problem("failed", 0, value=_place(error))
        return _answer(_nothing_planned(text, problem), stated)


def _plan(text: str, stated: dict[str, Any]) -> Plan:
    day, country = stated.get("as_of", ""), stated.get("market", "")
    try:
        as_of = _as_of(day)
    except Unreadable as unreadable:
        problem = Problem(unreadable.problem, 0, "", day, unreadable.values)
        return _nothing_planned(text, problem)
    try:
        market = market_of(country)
    except ValueError:
        return _nothing_planned(text, Problem("not-a-country", 0, "", country))
    policies, answers = chosen(stated.get("set", []), _knowledge())
    return plan_pasted(text, as_of, _knowledge(), market, policies, answers)


def _as_of(stated: str) -> dt.date | None:
    if not stated:
        return None
    try:
        day = dt.date.fromisoformat(stated)
    except ValueError as error:
        raise Unreadable("not-a-date") from error
    check_range(day)
    return day


def _nothing_planned(text: str, problem: Problem) -> Plan:
    """Return the plan that says only why there is none."""
    reading = Reading("", fingerprint_of(text), set_aside=(problem,))
    return plan_reading(reading, Settings(today()), _knowledge())


def _place(error: Exception) -> str:
    """Return what broke and where; an error's own message may repeat what was pasted."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {PurePath(last.filename).name}:{last.lineno}"


def _answer(made: Plan, stated: dict[str, Any]) -> str:
    language = stated["language"]
    return json.dumps(
        {
            "html": plan_html(made, language, _knowledge(), stated["rules_url"]),
            "announce": announcement(made, language, _knowledge()),
            "plan": plan_json(made),
        },
        ensure_ascii=False,
    )
