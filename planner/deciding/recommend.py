"""Decide about one subscription: path, dated steps, reasons and what was ruled out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planner.deciding.calendar import Calendar, calendar_of
from planner.deciding.facts import Neighbours, facts_of
from planner.deciding.lifecycle import Term, current_term, implied_state, regime_of
from planner.deciding.table import Fact, Facts, holds
from planner.knowledge import Decision, Knowledge, Modifier, NoticeRow, PathPlan, Regime
from planner.model import (
    Assumption,
    Because,
    Notice,
    Recommendation,
    RuledOut,
    Settings,
    Step,
    Subscription,
)

NO_RULE = Decision(
    id="none",
    when={},
    path="NO_RULE_COVERS_THIS",
    then=None,
    then_decision=None,
    rules=(),
    optional=(),
    instead_of=(),
)
"""What a line gets that no row of the table covers: it says so, it doesn't guess."""

_TRANSFER = "PARTNER_TRANSFER"


@dataclass(frozen=True, slots=True)
class _Case:
    """One line on its way to a recommendation: what is known, and what it decided."""

    subscription: Subscription
    facts: Facts
    regime: Regime | None
    decision: Decision
    modifiers: tuple[Modifier, ...]
    plan: PathPlan
    calendar: Calendar
    as_of: dt.date


def recommend(
    subscription: Subscription,
    settings: Settings,
    knowledge: Knowledge,
    neighbours: Neighbours | None = None,
) -> Recommendation:
    """Return what to do with one subscription on the as-of day.

    Unknown facts are assumed on the stricter side and named (P-14); the decision
    table's first matching row gives the path; its days follow from the term and the
    regime after it. Never raises for what was pasted.
    """
    term = current_term(subscription, settings.as_of)
    subscription = term.subscription
    facts = facts_of(subscription, settings, knowledge, neighbours or Neighbours())
    assumptions = _assume(facts, knowledge)
    regime = _settle_state(facts, term, settings.as_of, knowledge)
    decision, modifiers = _decide(facts, knowledge)
    plan = _path_plan(decision, knowledge)
    calendar = calendar_of(
        plan, facts, _anchors(subscription, regime, settings.as_of), settings.as_of, knowledge
    )
    case = _Case(subscription, facts, regime, decision, modifiers, plan, calendar, settings.as_of)
    overlap = _overlap_days(case)
    return Recommendation(
        subscription=subscription,
        path=decision.path,
        tone=plan.tone,
        then=decision.then,
        regime=regime.code if regime else None,
        reassign=facts["reassign"] == "yes",
        dates={name: day for name, day in calendar.days.items() if day is not None},
        figures=_figures(case, overlap, knowledge),
        steps=_steps(case, knowledge),
        overlap_days=overlap,
        gap_days=_gap_days(case),
        blockers=(
            *_notices(knowledge.blockers, facts, knowledge),
            *(_overdue(name, case) for name in calendar.overdue),
        ),
        warnings=_notices(knowledge.warnings, facts, knowledge),
        assumptions=assumptions,
        because=_because(case, term, knowledge),
        instead_of=tuple(RuledOut(path, rules) for path, rules in decision.instead_of),
        optional=decision.optional,
    )


def _assume(facts: dict[str, Fact], knowledge: Knowledge) -> tuple[Assumption, ...]:
    made: list[Assumption] = []
    for row in knowledge.assumptions:
        if not holds(row.when, facts, knowledge):
            continue
        if row.assume is not None:
            facts[row.fact] = row.assume
        if row.fact == "channel" and row.assume in {"WEB_MCA", "MCA_E"}:
            facts["billing_account"] = "MCA"
        made.append(Assumption(row.id, row.fact, row.assume, row.choices, row.rules))
    return tuple(made)


def _settle_state(
    facts: dict[str, Fact], term: Term, as_of: dt.date, knowledge: Knowledge
) -> Regime | None:
    """Add what the term says about the state, and return the regime that follows."""
    regime = regime_of(facts, knowledge)
    implied = implied_state(facts, regime, as_of)
    if implied:
        facts["state"] = implied
    facts["state_inferred"] = _answer(known=implied is not None)
    facts["renewed"] = _answer(known=term.renewed)
    facts["end_differs"] = _answer(known=term.end_differs)
    facts["end_computed"] = _answer(known=term.end_computed)
    facts["regime"] = regime.code if regime else "none"
    facts["grace"] = _answer(known=regime is not None and regime.access > 0)
    facts["ended_by"] = knowledge.ended_by.get(str(facts["channel"]), "nobody")
    return regime


def _answer(*, known: bool) -> str:
    return "yes" if known else "no"


def _decide(facts: dict[str, Fact], knowledge: Knowledge) -> tuple[Decision, tuple[Modifier, ...]]:
    decision = next(
        (row for row in knowledge.decisions if holds(row.when, facts, knowledge)), NO_RULE
    )
    facts["path"] = decision.path
    facts["then"] = decision.then or "none"
    modifiers = tuple(row for row in knowledge.modifiers if holds(row.when, facts, knowledge))
    facts["reassign"] = _answer(known=any(row.reassign for row in modifiers))
    return decision, modifiers


def _path_plan(decision: Decision, knowledge: Knowledge) -> PathPlan:
    """Return the days and steps of a path, then those of the path that follows it."""
    plans = [
        knowledge.path_plans[path]
        for path in (decision.path, decision.then)
        if path in knowledge.path_plans
    ]
    return PathPlan(
        days=tuple(day for plan in plans for day in plan.days),
        steps=tuple(step for plan in plans for step in plan.steps),
        tone=plans[0].tone if plans else "blocked",
        ends_source=any(plan.ends_source for plan in plans),
    )


def _anchors(
    subscription: Subscription, regime: Regime | None, as_of: dt.date
) -> dict[str, dt.date | None]:
    anchors: dict[str, dt.date | None] = {
        "as_of": as_of,
        "start": subscription.start,
        "term_end": subscription.end,
        "new_start": subscription.new_start,
        "transfer_request_created": subscription.transfer_request_created,
    }
    if regime and subscription.end:
        access_last = subscription.end + dt.timedelta(days=regime.access)
        anchors["access_last"] = access_last
        anchors["grace_last"] = access_last if regime.access else None
        anchors["data_last"] = subscription.end + dt.timedelta(days=regime.data)
    return anchors


def _overlap_days(case: _Case) -> int | None:
    """F-06: days from the new start to the last paid day, both included."""
    if case.decision.path == _TRANSFER:
        return 0
    last_paid = case.calendar.days.get("source_last_paid_day")
    provision = case.calendar.days.get("provision_on")
    if last_paid is None or provision is None:
        return None
    return max(0, (last_paid - provision).days + 1)


def _gap_days(case: _Case) -> int | None:
    """F-07: days between the end of access and the new start."""
    if case.decision.path == _TRANSFER:
        return 0
    provision = case.calendar.days.get("provision_on")
    if provision is None or case.regime is None or case.subscription.end is None:
        return None
    access_last = case.subscription.end + dt.timedelta(days=case.regime.access)
    return max(0, (provision - access_last).days - 1)


def _figures(case: _Case, overlap: int | None, knowledge: Knowledge) -> dict[str, int | str]:
    figures: dict[str, int | str] = {}
    if case.plan.ends_source and case.regime and case.regime.end_of_term_choice:
        figures["end_of_term_choice"] = case.regime.end_of_term_choice
    if overlap is not None:
        figures["overlap_days"] = overlap
    if case.subscription.new_start and case.subscription.end:
        planned = knowledge.days(["P-07.provision_lead"])
        figures[f"overlap_if_t{planned}"] = planned + 1
    if case.decision.path == _TRANSFER:
        if case.subscription.seats is not None:
            figures["seats_after"] = case.subscription.seats
        items, batch = case.facts["subscriptions"], knowledge.limit("R-309.items_per_transfer")
        if isinstance(items, int) and isinstance(batch, int) and items > batch:
            figures["transfer_requests"] = -(-items // batch)  # F-11
    return figures


def _steps(case: _Case, knowledge: Knowledge) -> tuple[Step, ...]:
    days: dict[str, dt.date | None] = {"as_of": case.as_of, **case.calendar.days}
    dated: list[tuple[dt.date, Step]] = []
    reached = dt.date.min
    for row in case.plan.steps:
        if not holds(row.when, case.facts, knowledge):
            continue
        if row.on is not None and row.on not in days:
            continue
        on = days[row.on] if row.on else None
        by = days.get(row.by) if row.by else None
        reached = on or reached
        dated.append((reached, Step(row.id, on, by, row.actor, row.rules)))
    # A step without a day stays behind the one before it.
    return tuple(step for _, step in sorted(dated, key=lambda entry: entry[0]))


def _notices(rows: tuple[NoticeRow, ...], facts: Facts, knowledge: Knowledge) -> tuple[Notice, ...]:
    return tuple(Notice(row.id, row.rules) for row in rows if holds(row.when, facts, knowledge))


def _overdue(name: str, case: _Case) -> Notice:
    rules = next(day.rule.rules for day in case.plan.days if day.rule.name == name)
    return Notice("day-passed", (*rules, "P-13"), {"name": name, "day": case.calendar.days[name]})


def _because(case: _Case, term: Term, knowledge: Knowledge) -> tuple[Because, ...]:
    reasons = [Because(case.decision.id, case.decision.rules)]
    reasons += [
        Because(row.id, row.rules)
        for row in knowledge.decisions
        if row.id == case.decision.then_decision
    ]
    reasons += [Because(row.id, row.rules) for row in case.modifiers]
    if case.regime and case.subscription.end:
        reasons.append(Because(case.regime.code, case.regime.rules))
    if term.end_checked:
        reasons.append(Because("F-01", ("R-140", "R-141", "R-143")))
    return tuple(reasons)
