"""One paste → one plan: the only place where the stages meet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from planner.countries import is_country
from planner.deciding.alternatives import (
    CHOSEN,
    Case,
    NotPossible,
    Ways,
    alternatives,
    ways_by_code,
)
from planner.deciding.neighbours import neighbours_of
from planner.deciding.prices import OF_PRODUCT, PRICE, price_stated
from planner.knowledge import Knowledge
from planner.merging import merge
from planner.model import (
    NO_LIMITS,
    Alternative,
    Choice,
    Plan,
    Problem,
    Reading,
    Recommendation,
    Schedule,
    Scheduling,
    Settings,
    Subscription,
    UnitPrice,
    customer_of,
)
from planner.reading import Sources, read
from planner.scheduling import assemble, schedule_cutovers
from planner.scheduling.limits import SCHEDULE, SETTINGS, limits_of

Heard = Callable[[int, int], None]
"""Is told how many of how many lines are through; may be called often."""

_LONGEST_LEAD = 3650
_CHOOSE = "choose."


def plan_pasted(
    text: Sources,
    as_of: dt.date | None,
    knowledge: Knowledge,
    market: str = "",
    policies: Mapping[str, int] = MappingProxyType({}),
    answers: Mapping[str, str] = MappingProxyType({}),
    scheduling: Scheduling = NO_LIMITS,
    choices: Mapping[str, str] = MappingProxyType({}),
    prices: Mapping[str, UnitPrice] = MappingProxyType({}),
) -> Plan:
    """Return the plan for pasted text or files on the day given, or else on the day to be found.

    That is the day that all lines name, and failing that, today.
    """
    reading = read(text, knowledge)
    if as_of is None and reading.as_of is not None:
        found = Problem("as-of-found", 0, reading.mapping["as_of"], reading.as_of.isoformat())
        reading = replace(reading, notes=(*reading.notes, found))
    day = as_of or reading.as_of or today()
    settings = Settings(day, market, policies, answers, scheduling, choices, prices)
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
    heard: Heard | None = None,
) -> Plan:
    """Return the plan for what was read of a paste.

    ``heard`` is told, before each line, how many of how many are decided.

    Raises:
        planner.knowledge.UnknownRule: The settings change a policy that doesn't exist.
    """
    knowledge = knowledge.on(settings.as_of, settings.policies)
    kept, merged, differing = merge(reading.subscriptions)
    merged = dict(sorted({**reading.merged, **merged}.items()))
    keys = line_keys(kept)
    cases, choices = _follow_choices(_cases(kept, merged, settings, knowledge), keys, settings)
    recommended = _recommended(cases, heard)
    schedule = schedule_cutovers(recommended, settings.scheduling, keys, settings.as_of, knowledge)
    recommendations = _on_their_days(cases, recommended, schedule)
    plan = assemble(reading, recommendations, merged, schedule, settings, knowledge)
    return replace(plan, differing=differing, choices=choices, keys=keys)


def decide(
    subscriptions: tuple[Subscription, ...],
    merged: Mapping[int, int],
    settings: Settings,
    knowledge: Knowledge,
) -> tuple[Recommendation, ...]:
    """Return what to do with each subscription, beside the others of its customer.

    ``knowledge`` is that of the as-of day; ``merged`` names the lines that stand twice.
    """
    return _recommended(_cases(subscriptions, merged, settings, knowledge), None)


def _recommended(cases: tuple[Case, ...], heard: Heard | None) -> tuple[Recommendation, ...]:
    # ``map`` enters Python anew for each line. A browser compiles Python better while it runs,
    # but whoever is inside, as a loop would be, goes on in the slower code until the end.
    return tuple(map(Case.recommend, _told(cases, heard) if heard else cases))


def _told(cases: tuple[Case, ...], heard: Heard) -> Iterator[Case]:
    for place, case in enumerate(cases):
        heard(place, len(cases))
        yield case


def alternatives_of(plan: Plan, line: int, knowledge: Knowledge) -> tuple[Alternative, ...]:
    """Return the ways to handle one line of a plan, side by side.

    Raises:
        LookupError: The plan has no such line.
    """
    for number, found in _ways(plan, knowledge, lambda one: one == line):
        if number == line:
            return found
    raise LookupError(line)


def all_alternatives(
    plan: Plan, knowledge: Knowledge
) -> Iterator[tuple[int, tuple[Alternative, ...]]]:
    """Yield each line of a plan with the ways to handle it, side by side."""
    yield from _ways(plan, knowledge, lambda _: True)


def _ways(
    plan: Plan, knowledge: Knowledge, wanted: Callable[[int], bool]
) -> Iterator[tuple[int, tuple[Alternative, ...]]]:
    settings = plan.settings or Settings(plan.as_of)
    knowledge = knowledge.on(settings.as_of, settings.policies)
    kept, merged, _ = merge(plan.reading.subscriptions)
    chosen = {one.line: one.alternative for one in plan.choices if not one.refused_by}
    for case in _cases(kept, merged, settings, knowledge):
        line = case.subscription.line
        if wanted(line):
            yield line, alternatives(case, chosen.get(line, ""))


def line_keys(subscriptions: Iterable[Subscription]) -> dict[int, str]:
    """Return line → what names it in this and any later paste of the same subscriptions.

    That is the subscription's id, else customer and product, with a number from the
    second line on that has the same.
    """
    keys: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for line in subscriptions:
        key = line.subscription_id or f"{customer_of(line)}/{line.product}"
        seen[key] += 1
        keys[line.line] = key if seen[key] == 1 else f"{key}#{seen[key]}"
    return keys


def _cases(
    subscriptions: tuple[Subscription, ...],
    merged: Mapping[int, int],
    settings: Settings,
    knowledge: Knowledge,
) -> tuple[Case, ...]:
    ways = Ways(settings, knowledge)
    neighbours = neighbours_of(subscriptions, frozenset(merged.values()))
    return tuple(
        Case(line, beside, ways) for line, beside in zip(subscriptions, neighbours, strict=True)
    )


def _follow_choices(
    cases: tuple[Case, ...], keys: Mapping[int, str], settings: Settings
) -> tuple[tuple[Case, ...], tuple[Choice, ...]]:
    """Return the cases as the reader chose them, and what became of each choice."""
    if not settings.choices:
        return cases, ()
    places = {keys[case.subscription.line]: place for place, case in enumerate(cases)}
    followed, made = list(cases), []
    for key, alternative in sorted(settings.choices.items()):
        place = places.get(key)
        if place is None:
            made.append(Choice(key, alternative, 0, (CHOSEN,)))
            continue
        line = cases[place].subscription.line
        try:
            followed[place] = cases[place].taking(alternative)
            made.append(Choice(key, followed[place].chosen, line))
        except NotPossible as refused:
            made.append(Choice(key, refused.alternative, line, refused.rules))
    return tuple(followed), tuple(made)


def _on_their_days(
    cases: tuple[Case, ...], recommended: tuple[Recommendation, ...], schedule: Schedule
) -> tuple[Recommendation, ...]:
    """Return the recommendations with each cutover on the day that the schedule gives it."""
    moved = {one.line: one.on for one in schedule.cutovers if one.on and one.on != one.recommended}
    return tuple(
        case.recommend(moved[case.subscription.line]) if case.subscription.line in moved else one
        for case, one in zip(cases, recommended, strict=True)
    )


class Chosen(NamedTuple):
    """What ``key=value`` settings choose; the fields of ``Settings`` of the same names."""

    policies: dict[str, int]
    answers: dict[str, str]
    scheduling: Scheduling
    choices: dict[str, str]
    prices: dict[str, UnitPrice]


def chosen(settings: Iterable[str], knowledge: Knowledge) -> Chosen:
    """Return what ``key=value`` settings choose.

    ``P-02.relationship_request_lead=30`` changes a policy (days, 0 to 3,650);
    ``where-bought=EA`` answers a question; ``schedule.per_day=5`` limits the schedule
    (``planner.scheduling.limits`` has the keys); ``choose.<key of a line>=partner-transfer``
    takes another way than the recommended one; ``price=22.50 EUR`` and
    ``price.Microsoft 365 E3=36 EUR`` are what a license costs a month.

    Raises:
        ValueError: A key or value that doesn't exist; says which and what would do.
    """
    policies: dict[str, int] = {}
    answers: dict[str, str] = {}
    choices: dict[str, str] = {}
    prices: dict[str, UnitPrice] = {}
    limits: list[tuple[str, str]] = []
    questions = {row.id: row.choices for row in knowledge.assumptions}
    for setting in settings:
        key, _, value = setting.partition("=")
        if key in knowledge.policy_figures:
            if not value.isdigit() or int(value) > _LONGEST_LEAD:
                raise ValueError(f"{setting}: write days, from 0 to {_LONGEST_LEAD}")
            policies[key] = int(value)
        elif key.startswith(SCHEDULE):
            limits.append((key, value))
        elif key.startswith(_CHOOSE):
            line, _, way = setting.removeprefix(_CHOOSE).rpartition("=")
            known_ways = ways_by_code(knowledge)
            if way not in known_ways:
                raise ValueError(f"{setting}: choose one of {', '.join(known_ways)}")
            choices[line] = way
        elif key == PRICE or key.startswith(OF_PRODUCT):
            product, price = price_stated(key, value, knowledge.catalogue)
            prices[product] = price
        elif key not in questions:
            known = ", ".join([*questions, *knowledge.policy_figures, *SETTINGS, PRICE])
            others = f"{OF_PRODUCT}<product>, {_CHOOSE}<line>"
            raise ValueError(f"{setting}: choose one of {known}, {others}")
        elif value not in questions[key]:
            raise ValueError(f"{setting}: choose one of {', '.join(questions[key]) or 'none'}")
        else:
            answers[key] = value
    return Chosen(policies, answers, limits_of(limits), choices, prices)


def market_of(text: str) -> str:
    """Return the code of the partner's country; ``""`` where none is given.

    Raises:
        ValueError: No country's two-letter code; says so.
    """
    if text and not is_country(text.upper()):
        raise ValueError(f"{text}: write the country's two-letter code, such as ES")
    return text.upper()


def today() -> dt.date:
    """Return the current day in UTC, the day that Partner Center counts by (R-143)."""
    return dt.datetime.now(dt.UTC).date()
