"""The ways to handle one line, side by side, and the way that the reader chooses."""

import copy
import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from planner.__main__ import main
from planner.deciding.alternatives import ways_by_code
from planner.deciding.costs import Paid, Price, total_cost
from planner.deciding.prices import entered_for, price_key, price_stated, price_text
from planner.knowledge import Knowledge
from planner.model import Alternative, Plan, Settings, Subscription, UnitPrice
from planner.planning import alternatives_of, chosen, plan
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


def test_a_transfer_changes_hands_from_the_day_of_its_request(knowledge: Knowledge) -> None:
    at_once = ways(knowledge, **PARTNER, sourceAgrees="yes")["partner-transfer"]
    later = ways(knowledge, **PARTNER, sourceAgrees="yes", transferRequestCreated="2026-12-10")

    assert at_once.cutover == AS_OF
    assert later["partner-transfer"].cutover == dt.date(2026, 12, 10)


def test_a_way_is_ruled_out_by_its_own_lines_days_and_not_by_those_of_one_like_it(
    knowledge: Knowledge,
) -> None:
    tree = copy.deepcopy(dict(knowledge.tree))
    stated = tree["rules"]["alternatives"]["alternatives"]["buy-now"]
    stated["ruled_out"].append({"when": {"days_left": {"less_than": 40}}, "rules": ["R-220"]})
    stricter = Knowledge(tree)
    lines = [
        {**USUAL, **WEB, "subscriptionId": end, "end": end} for end in ("2027-01-17", "2026-12-18")
    ]

    made = plan(json.dumps(lines), Settings(AS_OF), stricter)

    found = [
        next(way for way in alternatives_of(made, line, stricter) if way.id == "buy-now")
        for line in (1, 2)
    ]
    assert [one.ruled_out_by for one in found] == [(), ("R-220",)]


def test_too_close_to_the_term_end_a_transfer_changes_hands_after_the_renewal(
    knowledge: Knowledge,
) -> None:
    late = {**PARTNER, "start": "2025-11-27", "end": "2026-11-26"}

    agreed = ways(knowledge, **late, sourceAgrees="yes")["partner-transfer"]
    monthly = ways(knowledge, **late, sourceAgrees="yes", term="P1M")["partner-transfer"]

    assert agreed.cutover == monthly.cutover == dt.date(2026, 11, 27)
    assert (agreed.recommended, monthly.recommended) == (True, False)


def test_only_the_recommended_way_names_the_rules_that_decide(knowledge: Knowledge) -> None:
    found = ways(knowledge, **WEB)

    assert found["wait"].decided_by == ("R-101", "R-206", "F-06")
    assert {one.decided_by for one in found.values() if not one.recommended} == {()}


def test_how_long_a_term_of_unknown_end_binds_is_not_made_up(knowledge: Knowledge) -> None:
    unknown: dict[str, Any] = {"channel": "WEB_MCA", "start": "", "term": ""}

    assert ways(knowledge, **unknown)["buy-now"].locked_in is None
    assert ways(knowledge, **WEB)["buy-now"].locked_in == 98


def test_choosing_what_the_rules_recommend_is_a_choice_too(knowledge: Knowledge) -> None:
    made = planned(knowledge, {"s1": "wait"}, **WEB)

    assert [one.chosen for one in made.recommendations] == ["wait"]
    assert [one.chosen for one in planned(knowledge, None, **WEB).recommendations] == [""]


def test_a_way_can_be_named_by_itself_or_by_a_path_that_it_takes(knowledge: Knowledge) -> None:
    stated = knowledge.tree["rules"]["alternatives"]["alternatives"]

    codes = ways_by_code(knowledge)

    assert codes[: len(stated)] == tuple(stated)
    assert set(codes[len(stated) :]) == {path for row in stated.values() for path in row["paths"]}
    assert len(set(codes)) == len(codes)


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
    assert cost.assumptions == ("days-of-cycle", "price-as-now")
    assert "€483.31 to €484.63" in Sentences(made, knowledge.words("en"), knowledge).cost(cost)


def priced(knowledge: Knowledge, price: str, billing: str, **line: Any) -> dict[str, Alternative]:
    made = planned(knowledge, None, **line, billing=billing)
    (bought,) = made.reading.subscriptions
    bought = replace(bought, unit_price=Decimal(price), currency="EUR")
    entered = replace(made, reading=replace(made.reading, subscriptions=(bought,)))
    return {one.id: one for one in alternatives_of(entered, 1, knowledge)}


def test_every_way_is_added_up_to_the_same_last_day(knowledge: Knowledge) -> None:
    found = priced(knowledge, "10", "monthly", **PARTNER, sourceAgrees="yes")

    possible = [one for one in found.values() if one.path]
    assert {one.horizon for one in possible} == {dt.date(2027, 11, 22)}
    totals = {one.id: one.total for one in possible}
    # Ten seats for a year, every day paid once: twelve months of 100.
    assert totals["stay"] is not None
    assert (totals["stay"].low, totals["stay"].high) == (Decimal("1200.00"), Decimal("1200.00"))
    assert totals["stay"].assumptions == ("same-last-day", "renews-as-now")
    assert totals["partner-transfer"] is not None
    assert totals["partner-transfer"].low == Decimal("1200.00")
    # Four days more, each a 31st to a 28th of a month.
    assert totals["wait"] is not None
    assert totals["wait"].low == Decimal("1200.00") + (Decimal(400) / 31).quantize(Decimal("0.01"))
    assert totals["wait"].high == Decimal("1200.00") + (Decimal(400) / 28).quantize(Decimal("0.01"))


def test_a_term_longer_than_a_year_is_added_up_to_its_own_end(knowledge: Knowledge) -> None:
    long = {**PARTNER, "term": "P3Y", "start": "2026-06-01", "end": "2029-05-31"}

    found = priced(knowledge, "120", "annual", **long, sourceAgrees="yes")

    assert {one.horizon for one in found.values() if one.path} == {dt.date(2029, 5, 31)}
    stay = found["stay"].total
    assert stay is not None
    assert stay.assumptions[:1] == ("same-last-day",)
    assert "renews-as-now" not in stay.assumptions
    # 30 whole months and 9 days of 1,200 a year.
    assert stay.low == (Decimal(3000) + Decimal(1200) * 9 / 366).quantize(Decimal("0.01"))


def test_a_credit_that_no_rule_promises_lowers_the_least_total_alone(knowledge: Knowledge) -> None:
    now = priced(knowledge, "10", "monthly", **{**WEB, "channel": "WEB_MOSA"})["buy-now"]

    assert now.total is not None
    assert now.total.low == Decimal("1200.00")
    assert now.total.high > Decimal(1500)
    assert "refund-of-the-rest" in now.total.assumptions
    assert now.refund_days == now.paid_twice == 98
    assert {"R-016", "R-102"} <= set(now.total.rules)


def test_what_the_window_refunds_is_counted_in_days(knowledge: Knowledge) -> None:
    fresh = {**WEB, "start": "2026-11-20", "end": "2027-11-19"}

    one = priced(knowledge, "10", "monthly", **fresh)["cancel-in-window"]

    assert (one.paid_twice, one.refund_days) == (4, 358)
    assert one.cost is not None
    assert one.cost.low == (Decimal(100) / 31).quantize(Decimal("0.01"))
    assert "canceled-at-once" in one.cost.assumptions


def test_a_subscription_that_stays_is_told_when_it_renews_and_when_to_decide_again(
    knowledge: Knowledge,
) -> None:
    line: dict[str, Any] = {**PARTNER, "sourceAgrees": "yes"}
    (one,) = planned(knowledge, {"s1": "stay"}, **line).recommendations

    steps = {step.id: step for step in one.steps}
    assert str(steps["decide-again"].on) == "2027-03-02"
    assert str(steps["decide-again"].no_later_than) == "2027-05-30"
    assert str(steps["renews-where-it-is"].on) == "2027-06-01"
    assert {"request-relationship", "support-multichannel"} <= set(steps)
    assert "keep-renewing-by-partner" not in steps
    warned = {notice.id for notice in one.warnings}
    assert "bound-again" in warned
    # Nobody cancels it, so nobody loses access by the term's end.
    assert not {"access-ends", "source-sets-cancel-at-end", "choose-cancel-at-end"} & warned


def test_a_stay_that_would_not_renew_asks_whoever_can_renew_it(knowledge: Knowledge) -> None:
    for channel, step in (
        ("CSP_OTHER_NCE", "keep-renewing-by-partner"),
        ("WEB_MCA", "keep-renewing"),
    ):
        line: dict[str, Any] = {**PARTNER, "channel": channel, "end": "2027-03-31"}
        line |= {"autoRenew": "off", "sourceAgrees": "no"}
        (one,) = planned(knowledge, {"s1": "stay"}, **line).recommendations
        found = {step.id: step for step in one.steps}
        assert str(found[step].no_later_than) == "2027-03-31"
        assert "renews-where-it-is" not in found
        warned = {notice.id for notice in one.warnings}
        assert warned & {"auto-renew-off-is-est", "lapses-unless-renewed"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_way_has_its_own_blockers_and_warnings(language: str, knowledge: Knowledge) -> None:
    made = planned(knowledge, None, **PARTNER, sourceAgrees="yes")
    say = Sentences(made, knowledge.words(language), knowledge)

    found = {one.id: one for one in alternatives_of(made, 1, knowledge)}

    blockers, warnings = say.alternative_notices(found["partner-transfer"])
    assert [rules for _, rules in blockers] == [("R-304", "R-501")]
    later = say.alternative_notices(found["wait"])
    # The day stands as that way plans it, though the plan takes another.
    assert any("2027" in sentence for sentence, _ in later[1])
    assert later != (blockers, warnings)
    assert say.alternative_notices(found["channel-transfer"]) == ([], [])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_command_line_shows_the_ways_of_each_line(
    language: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    export = tmp_path / "lines.json"
    export.write_text(json.dumps([{**USUAL, **PARTNER, "subscriptionId": "s1"}]), encoding="utf-8")

    main(["plan", str(export), "--as-of", "2026-11-23", "--to", "ways", "--language", language])

    shown = capsysbinary.readouterr().out.decode()
    assert "[PARTNER_TRANSFER]" in shown
    assert "[R-413]" in shown
    assert shown.count("  * ") == 1


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
    assert refunds == set(stated["refunds"])
    assert set(words["cost_assumptions"]) == {
        "same-last-day",
        "price-as-now",
        "price-entered",
        "days-of-cycle",
        "refund-of-the-rest",
        "canceled-at-once",
        "renews-as-now",
    }


def test_what_a_way_takes_and_cites_exists(knowledge: Knowledge) -> None:
    paths = knowledge.path_plans
    formulas = knowledge.tree["rules"]["formulas"]["formulas"]
    for way in knowledge.tree["rules"]["alternatives"]["alternatives"].values():
        assert {*way["paths"], *(row["path"] for row in way["take"])} <= set(paths)
        assert "when" not in way["take"][-1]
        rows = (*way["ruled_out"], *way["refund"], *way.get("seats_at_risk", ()))
        for row in rows:
            assert set(row["rules"]) <= {*knowledge.facts, *formulas}


def costs(knowledge: Knowledge, *stated: str, **line: Any) -> dict[str, Alternative]:
    settings = Settings(AS_OF, **chosen(stated, knowledge)._asdict())
    made = plan(json.dumps([{**USUAL, "subscriptionId": "s1", **line}]), settings, knowledge)
    return {one.id: one for one in alternatives_of(made, 1, knowledge)}


def test_a_price_entered_costs_what_the_same_price_in_the_list_costs(
    knowledge: Knowledge,
) -> None:
    in_list = priced(knowledge, "18.05", "monthly", **WEB)["buy-now"].cost
    entered = costs(knowledge, "price=18,05 eur", **WEB, billing="monthly")["buy-now"].cost

    assert in_list is not None
    assert entered is not None
    assert (entered.low, entered.high, entered.currency) == (in_list.low, in_list.high, "EUR")
    assert set(entered.assumptions) - set(in_list.assumptions) == {"price-entered"}


def test_a_year_paid_ahead_costs_twelve_times_the_month_entered(knowledge: Knowledge) -> None:
    cost = costs(knowledge, "price=10 USD", **WEB, billing="annual")["buy-now"].cost

    assert cost is not None
    assert cost.low == (Decimal(10 * 10 * 12) * 98 / 366).quantize(Decimal("0.01"))


def test_the_price_of_a_product_goes_before_that_of_all_others(knowledge: Knowledge) -> None:
    both = ("price=5 EUR", "price.Visio Plan 2=13 USD")
    of_product = costs(knowledge, *both, **WEB)["buy-now"].cost
    of_another = costs(knowledge, *both, **{**WEB, "sku": "Visio Plan 1"})["buy-now"].cost

    assert of_product is not None
    assert of_another is not None
    assert (of_product.currency, of_another.currency) == ("USD", "EUR")


def test_a_price_in_the_list_goes_before_one_entered(knowledge: Knowledge) -> None:
    made = planned(knowledge, None, **WEB, billing="monthly")
    (bought,) = made.reading.subscriptions
    bought = replace(bought, unit_price=Decimal(7), currency="EUR")
    settings = Settings(AS_OF, prices={"": UnitPrice(Decimal(1), "USD")})
    both = replace(made, reading=replace(made.reading, subscriptions=(bought,)), settings=settings)

    found = {one.id: one for one in alternatives_of(both, 1, knowledge)}

    cost = found["buy-now"].cost
    assert cost is not None
    assert cost.currency == "EUR"
    assert "price-entered" not in cost.assumptions


@pytest.mark.parametrize(
    "stated",
    ["price=6", "price=6 QQQ", "price=1.250 EUR", "price=-1 EUR", "price.Foo=6 EUR", "price="],
)
def test_a_price_that_cant_be_used_is_named(stated: str, knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match=re.escape(stated)):
        chosen([stated], knowledge)


def test_a_price_is_written_as_it_can_be_stated_again(knowledge: Knowledge) -> None:
    for key, stated, written in (
        ("price", "22,5 eur", "price=22.50 EUR"),
        ("price", "7 usd", "price=7.00 USD"),
        ("price.Visio Plan 2", "13.05 EUR", "price.{key}=13.05 EUR"),
    ):
        product, price = price_stated(key, stated, knowledge.catalogue)
        assert f"{price_key(product)}={price_text(price)}" == written.format(key=product)


def test_an_id_tells_which_product_a_price_is_for(knowledge: Knowledge) -> None:
    visio, _ = price_stated("price.Visio Plan 2", "13 EUR", knowledge.catalogue)
    (product,) = (one for one in knowledge.catalogue.products if one.key == visio)
    prices = {visio: UnitPrice(Decimal(13), "EUR"), "": UnitPrice(Decimal(5), "EUR")}

    def entered(name: str, product_id: str) -> UnitPrice | None:
        line = Subscription(line=1, product=name, product_id=product_id)
        return entered_for(line, prices, knowledge.catalogue)

    assert entered("Drawing for everyone", product.graph_sku) == prices[visio]
    assert entered("Drawing for everyone", "") == prices[""]
    assert entered("Visio Plan 2", "an id that nobody knows") == prices[visio]


def test_whole_months_cost_their_share_and_days_beyond_them_a_range() -> None:
    monthly = Price(Decimal(300), 1, "EUR")
    yearly = Price(Decimal(3660), 12, "EUR")

    low, high = monthly.between(dt.date(2026, 12, 1), dt.date(2027, 1, 31))
    assert low == high == 600
    low, high = monthly.between(dt.date(2026, 12, 1), dt.date(2027, 2, 10))
    assert (low, high) == (600 + Decimal(3000) / 31, 600 + Decimal(3000) / 28)
    low, high = yearly.between(dt.date(2026, 12, 1), dt.date(2027, 2, 10))
    assert (low, high) == (610 + Decimal(36600) / 366, 610 + Decimal(36600) / 365)


def test_a_day_without_any_subscription_costs_nothing() -> None:
    price = Price(Decimal(310), 1, "EUR")
    days = (dt.date(2026, 12, 1), dt.date(2026, 12, 31))

    full = total_cost(price, Paid(*days, 2, 3, 0, (), ()))
    interrupted = total_cost(price, Paid(*days, 2, 3, 4, (), ()))

    assert (full.low, full.high) == (Decimal("330.00"), Decimal("343.21"))
    assert (interrupted.low, interrupted.high) == (Decimal("285.71"), Decimal("303.21"))
