"""One paste → one plan: the only place where the stages meet."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType

from planner.deciding import recommend
from planner.deciding.facts import Neighbours
from planner.deciding.verdicts import Verdicts
from planner.knowledge import Knowledge
from planner.model import (
    Plan,
    Problem,
    Reading,
    Recommendation,
    Settings,
    Subscription,
    customer_of,
)
from planner.reading import read
from planner.scheduling import schedule

_LONGEST_LEAD = 3650
_NOT_COMPARED = {"line", "subscription_id", "end_kind", "end_printed"}
_COUNTRY = re.compile(r"[A-Za-z]{2}")


def plan_pasted(
    text: str,
    as_of: dt.date | None,
    knowledge: Knowledge,
    market: str = "",
    policies: Mapping[str, int] = MappingProxyType({}),
    answers: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """Return the plan for pasted text on the day given, or else on the day to be found.

    That is the day that all lines name, and failing that, today.
    """
    reading = read(text, knowledge)
    if as_of is None and reading.as_of is not None:
        found = Problem("as-of-found", 0, reading.mapping["as_of"], reading.as_of.isoformat())
        reading = replace(reading, notes=(*reading.notes, found))
    settings = Settings(as_of or reading.as_of or today(), market, policies, answers)
    return plan_reading(reading, settings, knowledge)


def plan(text: str, settings: Settings, knowledge: Knowledge) -> Plan:
    """Return the plan for pasted text on the day that the settings name.

    Never raises for what was pasted: whatever can't be planned is set aside in
    ``plan.reading`` with its reason.
    """
    return plan_reading(read(text, knowledge), settings, knowledge)


def plan_reading(
    reading: Reading,
    settings: Settings,
    knowledge: Knowledge,
    heard: Callable[[int, int], None] | None = None,
) -> Plan:
    """Return the plan for what was read of a paste.

    ``heard`` is told, before each line, how many of how many are decided.

    Raises:
        planner.knowledge.UnknownRule: The settings change a policy that doesn't exist.
    """
    knowledge = knowledge.on(settings.as_of, settings.policies)
    kept, merged, differing = _merge(reading.subscriptions)
    recommendations = decide(kept, merged, settings, knowledge, heard)
    plan = schedule(reading, recommendations, merged, settings.as_of, knowledge)
    return replace(plan, differing=differing)


def decide(
    subscriptions: tuple[Subscription, ...],
    merged: Mapping[int, int],
    settings: Settings,
    knowledge: Knowledge,
    heard: Callable[[int, int], None] | None = None,
) -> tuple[Recommendation, ...]:
    """Return what to do with each subscription, beside the others of its customer.

    ``knowledge`` is that of the as-of day; ``merged`` names the lines that stand twice.
    """
    verdicts = Verdicts(knowledge, settings.answers)
    neighbours = _neighbours(subscriptions, frozenset(merged.values()))
    made = []
    for place, (line, beside) in enumerate(zip(subscriptions, neighbours, strict=True)):
        if heard:
            heard(place, len(subscriptions))
        made.append(recommend(line, settings, knowledge, verdicts, beside))
    return tuple(made)


def chosen(settings: Iterable[str], knowledge: Knowledge) -> tuple[dict[str, int], dict[str, str]]:
    """Return the policies and answers that ``key=value`` settings choose.

    ``P-02.relationship_request_lead=30`` changes a policy (days, 0 to 3,650);
    ``where-bought=EA`` answers a question.

    Raises:
        ValueError: A key or value that doesn't exist; says which and what would do.
    """
    policies: dict[str, int] = {}
    answers: dict[str, str] = {}
    questions = {row.id: row.choices for row in knowledge.assumptions}
    for setting in settings:
        key, _, value = setting.partition("=")
        if key in knowledge.policy_figures:
            if not value.isdigit() or int(value) > _LONGEST_LEAD:
                raise ValueError(f"{setting}: write days, from 0 to {_LONGEST_LEAD}")
            policies[key] = int(value)
        elif key not in questions:
            known = ", ".join([*questions, *knowledge.policy_figures])
            raise ValueError(f"{setting}: choose one of {known}")
        elif value not in questions[key]:
            raise ValueError(f"{setting}: choose one of {', '.join(questions[key]) or 'none'}")
        else:
            answers[key] = value
    return policies, answers


def market_of(text: str) -> str:
    """Return the code of the partner's country; ``""`` where none is given.

    Raises:
        ValueError: No two-letter code; says so.
    """
    if text and not _COUNTRY.fullmatch(text):
        raise ValueError(f"{text}: write the country's two-letter code, such as ES")
    return text.upper()


def today() -> dt.date:
    """Return the current day in UTC, the day that Partner Center counts by (R-143)."""
    return dt.datetime.now(dt.UTC).date()


def _merge(
    subscriptions: tuple[Subscription, ...],
) -> tuple[tuple[Subscription, ...], dict[int, int], dict[int, tuple[str, ...]]]:
    """Keep each customer's subscription ids once (D-36).

    Returns the lines kept, line → line kept, and line → fields in which both differ.
    """
    first: dict[tuple[str, str], Subscription] = {}
    merged: dict[int, int] = {}
    differing: dict[int, tuple[str, ...]] = {}
    kept: list[Subscription] = []
    for line in subscriptions:
        name = customer_of(line), line.subscription_id.casefold()
        same = first.setdefault(name, line) if line.subscription_id else line
        if same is line:
            kept.append(line)
            continue
        merged[line.line] = same.line
        if fields_differing := _differing(same, line):
            differing[line.line] = fields_differing
    return tuple(kept), merged, differing


def _differing(one: Subscription, other: Subscription) -> tuple[str, ...]:
    return tuple(
        known.name
        for known in fields(Subscription)
        if known.name not in _NOT_COMPARED
        and getattr(one, known.name) != getattr(other, known.name)
    )


def _neighbours(
    subscriptions: tuple[Subscription, ...], listed_twice: frozenset[int]
) -> list[Neighbours]:
    active: Counter[str] = Counter()
    sellers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for line in subscriptions:
        if line.state in {"active", "unknown"}:
            active[customer_of(line)] += line.covers
        if line.product:
            sellers[customer_of(line), line.product.lower()].add(line.channel)
    return [
        Neighbours(
            active=active[customer_of(line)],
            other_sellers=len(sellers[customer_of(line), line.product.lower()]) > 1,
            listed_twice=line.line in listed_twice,
        )
        for line in subscriptions
    ]
