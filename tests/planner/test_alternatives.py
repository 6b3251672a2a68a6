"""The ways to handle one line, side by side, and the way that the reader chooses."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.model import Alternative, Plan, Settings
from planner.planning import alternatives_of, plan
from planner.writing.sentences import Sentences

AS_OF = dt.date(2026, 11, 23)

WEB = {"channel": "WEB_MCA", "start": "2026-03-01", "end": "2027-02-28"}
PARTNER = {"channel": "CSP_OTHER_NCE", "start": "2026-06-01", "end": "2027-05-31"}
USUAL = {"customer": "Contoso", "sku": "Visio Plan 2", "seats": 10, "term": "P1Y"}
USUAL |= {"status": "active", "cspSku": "same", "autoRenew": "on"}


def planned(knowledge: Knowledge, choices: dict[str, str] | None = None, **line: Any) -> Plan:
    line = {**USUAL, "subscriptionId": "s1", **line}
    return plan(json.dumps([line]), Settings(AS_OF, choices=choices or {}), knowledge)


def ways(knowledge: Knowledge, **line: Any) -> dict[str, Alternative]:
    made = planned(knowledge, **line)
    return {one.id: one for one in alternatives_of(made, 1, knowledge)}


def test_each_way_is_possible_or_ruled_out_by_rules_that_exist(knowledge: Knowledge) -> None:
    for channel in knowledge.channels:
        found = ways(knowledge, **{**WEB, "channel": channel})
        assert list(found) == list(knowledge.tree["rules"]["alternatives"]["alternatives"])
        for one in found.values():
            assert bool(one.path) is not bool(one.ruled_out_by)
            assert set(one.ruled_out_by) <= {*knowledge.facts, "F-04"}
        assert sum(one.recommended for one in found.values()) <= 1


def test_buying_now_pays_every_day_twice_that_the_old_term_still_has(knowledge: Knowledge) -> None:
    found = ways(knowledge, **WEB)

    now, later = found["buy-now"], found["wait"]
    assert (now.cutover, now.paid_twice, now.refund) == (AS_OF, 98, "nothing")
    assert (str(later.cutover), later.paid_twice, later.uncovered) == ("2027-02-25", 4, 0)
    assert later.recommended
    assert later.won_by == ("fewest-days-paid-twice",)


def test_a_transfer_wins_because_nothing_is_paid_twice(knowledge: Knowledge) -> None:
    found = ways(knowledge, **PARTNER, sourceAgrees="yes")

    assert found["partner-transfer"].won_by[0] == "nothing-paid-twice"
    assert found["partner-transfer"].refund_rules == ("R-310",)
    assert found["channel-transfer"].ruled_out_by == ("R-413",)
    assert found["cancel-in-window"].ruled_out_by == ("R-150", "R-153")


def test_a_refusal_rules_the_transfer_out(knowledge: Knowledge) -> None:
    assert ways(knowledge, **PARTNER, sourceAgrees="no")["partner-transfer"].ruled_out_by == (
        "R-303",
    )


def test_in_the_window_the_rest_of_the_term_is_refunded_and_access_stops(
    knowledge: Knowledge,
) -> None:
    fresh = {**WEB, "start": "2026-11-20", "end": "2027-11-19"}

    one = ways(knowledge, **fresh)["cancel-in-window"]

    assert one.recommended
    assert (one.refund, one.refund_rules) == ("prorated-in-window", ("R-101",))
    assert (one.locked_in, one.seats_at_risk, one.paid_twice) == (1, 10, 4)


def test_other_licenses_put_every_seat_at_risk(knowledge: Knowledge) -> None:
    assert ways(knowledge, **WEB)["wait"].seats_at_risk == 0
    different = ways(knowledge, **{**WEB, "cspSku": "different: Visio Plan 1"})
    assert different["wait"].seats_at_risk == 10


def test_a_cost_is_a_range_of_exact_amounts(knowledge: Knowledge) -> None:
    made = planned(knowledge, None, **WEB, billing="annual")
    line = made.reading.subscriptions[0]
    priced = replace(line, unit_price=Decimal("180.50"), currency="EUR")
    entered = replace(made, reading=replace(made.reading, subscriptions=(priced,)))

    found = {one.id: one for one in alternatives_of(entered, 1, knowledge)}

    cost = found["buy-now"].cost
    assert cost is not None
    assert cost.low == (Decimal(1805) * 98 / 366).quantize(Decimal("0.01"))
    assert cost.high == (Decimal(1805) * 98 / 365).quantize(Decimal("0.01"))
    assert cost.assumptions == ("price-as-now", "days-of-cycle")
    assert "€483.31 to €484.63" in Sentences(made, knowledge.words("en"), knowledge).cost(cost)


def test_without_a_price_no_cost_is_made_up(knowledge: Knowledge) -> None:
    assert all(one.cost is None for one in ways(knowledge, **WEB).values())


@pytest.mark.parametrize("code", ["buy-now", "MANUAL_NOW"])
def test_the_plan_follows_what_the_reader_chooses(code: str, knowledge: Knowledge) -> None:
    made = planned(knowledge, {"s1": code}, **WEB)

    (one,) = made.recommendations
    assert one.chosen == "buy-now"
    assert one.dates["provision_on"] == AS_OF
    assert one.overlap_days == 98
    assert "P-18" in {reason.decision for reason in one.because}
    assert "early-overlap" in {notice.id for notice in one.warnings}
    assert [(made_.line, made_.refused_by) for made_ in made.choices] == [(1, ())]
    chosen = [way.id for way in alternatives_of(made, 1, knowledge) if way.chosen]
    assert chosen == ["buy-now"]


def test_an_impossible_choice_is_refused_with_the_rule(knowledge: Knowledge) -> None:
    made = planned(knowledge, {"s1": "partner-transfer", "s9": "wait"}, **WEB)

    assert made.recommendations[0].path == "MANUAL_AT_TERM_END"
    assert made.recommendations[0].chosen == ""
    refused = {one.key: (one.line, one.refused_by) for one in made.choices}
    assert refused == {"s1": (1, ("R-110", "R-317")), "s9": (0, ("P-18",))}
    for language in knowledge.languages:
        say = Sentences(made, knowledge.words(language), knowledge)
        assert all(say.choice_refused(one) for one in made.choices)


def test_what_is_chosen_for_one_line_leaves_its_neighbour_alone(knowledge: Knowledge) -> None:
    lines = [{**USUAL, **WEB, "subscriptionId": name} for name in ("s1", "s2")]

    made = plan(json.dumps(lines), Settings(AS_OF, choices={"s2": "buy-now"}), knowledge)

    assert [one.chosen for one in made.recommendations] == ["", "buy-now"]
    assert str(made.recommendations[0].dates["provision_on"]) == "2027-02-25"


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_code_of_the_ways_has_its_words(language: str, knowledge: Knowledge) -> None:
    stated = knowledge.tree["rules"]["alternatives"]
    words = knowledge.words(language).message("planner.alternatives")

    assert set(words["names"]) == set(stated["alternatives"])
    assert set(words["won_by"]) == set(stated["wins"])
    refunds = {row["refund"] for way in stated["alternatives"].values() for row in way["refund"]}
    assert set(words["refund"]) == refunds
    assert set(words["cost_assumptions"]) == {"price-as-now", "days-of-cycle", "refund-of-the-rest"}


def test_what_a_way_takes_and_cites_exists(knowledge: Knowledge) -> None:
    paths = knowledge.path_plans
    formulas = knowledge.tree["rules"]["formulas"]["formulas"]
    for way in knowledge.tree["rules"]["alternatives"]["alternatives"].values():
        assert {*way["paths"], *(row["path"] for row in way["take"])} <= set(paths)
        assert "when" not in way["take"][-1]
        rows = (*way["ruled_out"], *way["refund"], *way.get("seats_at_risk", ()))
        for row in rows:
            assert set(row["rules"]) <= {*knowledge.facts, *formulas}
