"""What must hold for every line, whatever it says: found by Hypothesis, not by example."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.model import Because, Notice, Recommendation, Settings, Step
from planner.planning import plan, plan_reading
from planner.reading import read

KNOWLEDGE = Knowledge(read_folder(DATA))
AS_OF = dt.date(2026, 11, 23)

settings.register_profile("planner", max_examples=150, deadline=None, derandomize=True)
settings.load_profile("planner")

HARD_DAYS = {
    stated.get("as", name)
    for name, stated in KNOWLEDGE.tree["rules"]["calendar"]["days"].items()
    if stated.get("hard")
}

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2029, 12, 31)).map(dt.date.isoformat)
LINES = st.fixed_dictionaries(
    {"sku": st.sampled_from(["Visio Plan 2", "Microsoft 365 E3", "Microsoft 365 Business Basic"])},
    optional={
        "customer": st.sampled_from(["Contoso", "Fabrikam"]),
        "channel": st.sampled_from(sorted(KNOWLEDGE.channels)),
        "billingAccount": st.sampled_from(["MCA", "MOSA"]),
        "status": st.sampled_from(["active", "expired", "disabled", "suspended", "est", "deleted"]),
        "term": st.sampled_from(["P1M", "P1Y", "P3Y"]),
        "start": DAYS,
        "end": DAYS,
        "seats": st.integers(0, 400),
        "autoRenew": st.sampled_from(["on", "off"]),
        "cspSku": st.sampled_from(["same", "different: Visio Plan 1", "none-eos", "none"]),
        "equivalent": st.sampled_from(["yes", "no"]),
        "sourceAgrees": st.sampled_from(["yes", "no", "will cancel"]),
        "relationship": st.sampled_from(["accepted", "requested"]),
        "market": st.sampled_from(["US/US", "DE/FR", "DE/BR", "KE/NG"]),
        "segment": st.sampled_from(["commercial", "gcc", "nonprofit"]),
        "newStart": DAYS,
        "transferRequestCreated": DAYS,
    },
)


def planned(
    lines: list[dict[str, Any]], as_of: dt.date = AS_OF, knowledge: Knowledge = KNOWLEDGE
) -> tuple[Recommendation, ...]:
    reading = read(json.dumps(lines), KNOWLEDGE)
    return plan_reading(reading, Settings(as_of), knowledge).recommendations


# A new start wished for after the last day that still helps: chance seldom finds one.
@example(
    {
        "sku": "Visio Plan 2",
        "channel": "WEB_MOSA",
        "end": "2028-01-07",
        "cspSku": "different: Visio Plan 1",
        "newStart": "2029-11-23",
    }
)
@given(LINES)
def test_no_recommended_day_lies_outside_its_window(line: dict[str, Any]) -> None:
    (one,) = planned([line])

    passed = {notice.values["day"] for notice in one.blockers if notice.id == "day-passed"}
    for step in one.steps:
        if step.on is not None and step.actor != "nobody":
            assert step.on >= AS_OF
            last = step.no_later_than
            assert last is None or step.on <= last or last in passed


@given(LINES)
def test_every_recommendation_has_a_reason_whose_rules_exist(line: dict[str, Any]) -> None:
    (one,) = planned([line])

    known = {*KNOWLEDGE.facts, *KNOWLEDGE.tree["rules"]["formulas"]["formulas"]}
    known |= {*KNOWLEDGE.tree["rules"]["conflicts"]["conflicts"]}
    known |= {*KNOWLEDGE.tree["rules"]["unverified"]["unverified"]}
    assert one.because
    cited: list[Because | Step | Notice] = [*one.because, *one.steps, *one.blockers]
    for entry in (*cited, *one.warnings):
        assert entry.rules
        assert set(entry.rules) <= known


@given(st.lists(LINES, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_lines_never_changes_a_plan(lines: list[dict[str, Any]], random: Any) -> None:
    named = [{**line, "subscriptionId": str(place)} for place, line in enumerate(lines)]
    shuffled = random.sample(named, len(named))

    def by_name(recommendations: tuple[Recommendation, ...]) -> dict[str, Any]:
        return {
            one.subscription.subscription_id: (
                one.path,
                one.then,
                one.dates,
                one.figures,
                one.steps,
                one.blockers,
                one.warnings,
            )
            for one in recommendations
        }

    assert by_name(planned(named)) == by_name(planned(shuffled))


@settings(max_examples=40)
@given(LINES, LINES)
def test_a_line_gets_the_same_plan_alone_as_beside_lines_that_differ_in_one_thing(
    line: dict[str, Any], other: dict[str, Any]
) -> None:
    lines = [line, *({**line, name: value} for name, value in other.items())]
    named = [{**one, "customer": f"Customer {place}"} for place, one in enumerate(lines)]

    together = planned(named)
    alone = [planned([one])[0] for one in named]

    for beside, by_itself in zip(together, alone, strict=True):
        subscription = replace(beside.subscription, line=by_itself.subscription.line)
        assert replace(beside, subscription=subscription) == by_itself


@given(LINES, st.integers(1, 400))
def test_a_hard_day_of_the_same_path_never_moves_as_time_passes(
    line: dict[str, Any], days: int
) -> None:
    (before,) = planned([line])
    (after,) = planned([line], AS_OF + dt.timedelta(days=days))

    if (before.path, before.subscription) == (after.path, after.subscription):
        for name in HARD_DAYS & before.dates.keys() & after.dates.keys():
            assert before.dates[name] == after.dates[name], name


@given(LINES, st.dates(AS_OF + dt.timedelta(days=1), dt.date(2028, 1, 1)))
def test_a_rule_that_begins_later_changes_no_plan_dated_before(
    line: dict[str, Any], day: dt.date
) -> None:
    """Nor of a plan's days those that come before it: a term may end after it begins."""
    changed = _with_rules_from(day)
    (before,) = planned([line])
    (after,) = planned([line], knowledge=changed)

    named = before.subscription
    days = [named.start, named.end, named.new_start, named.transfer_request_created]
    if all(one is None or one < day - dt.timedelta(days=1) for one in days):
        assert before == after
    assert (before.path, before.then, before.regime) == (after.path, after.then, after.regime)
    assert _days_before(day, before) == _days_before(day, after)
    assert {one.path for one in planned([line], day, changed)} == {"NO_MOVE"}


def _days_before(day: dt.date, one: Recommendation) -> dict[str, dt.date]:
    steps = {step.id: step.on for step in one.steps if step.on}
    return {name: found for name, found in {**one.dates, **steps}.items() if found < day}


def _with_rules_from(day: dt.date) -> Knowledge:
    """Return the knowledge with every figure in days doubled and a new first row from a day on."""
    tree = {**KNOWLEDGE.tree, "rules": json.loads(json.dumps(KNOWLEDGE.tree["rules"]))}
    rules = tree["rules"]
    for topic in rules["facts"].values():
        for fact in topic["rules"].values():
            for figure in fact.get("figures", {}).values():
                if figure["unit"] == "days":
                    figure["values"] = [{"valid_from": str(day), "value": figure["value"] * 2}]
    rules["facts"]["after-term"]["rules"]["R-999"] = {
        "about": "begins-later",
        "valid_from": str(day),
        "figures": {"least_seats": {"value": 0, "unit": "seats"}},
    }
    row = {"id": "D-99", "when": {}, "needs": ["R-999"], "path": "NO_MOVE", "rules": ["R-999"]}
    rules["paths"]["paths"].insert(0, row)
    compared = {"seats": {"at_least": "R-999.least_seats"}}
    for kind in ("blockers", "warnings"):
        rules["notices"][kind].append({"id": "later", "when": compared, "rules": ["R-999"]})
    changed = Knowledge(tree)
    changed.catalogue = KNOWLEDGE.catalogue
    return changed


@given(LINES)
def test_what_is_bought_twice_is_counted_from_both_ends(line: dict[str, Any]) -> None:
    (one,) = planned([line])

    if one.overlap_days and "provision_on" in one.dates:
        shared = one.dates["source_last_paid_day"] - one.dates["provision_on"]
        assert one.overlap_days == shared.days + 1
    assert not (one.overlap_days and one.gap_days)


@given(LINES)
def test_an_answer_to_its_question_removes_the_question(line: dict[str, Any]) -> None:
    text = json.dumps([line])
    asked = plan(text, Settings(AS_OF), KNOWLEDGE).questions

    for question in asked:
        for choice in question.choices:
            answered = plan(text, Settings(AS_OF, answers={question.id: choice}), KNOWLEDGE)
            assert question.id not in [one.id for one in answered.questions]
