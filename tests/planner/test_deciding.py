"""Decisions that the worked cases don't reach, and what must hold for all of them."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from planner.conditions import BadCondition
from planner.deciding import recommend as decide
from planner.deciding.facts import Neighbours
from planner.deciding.terms import current_term
from planner.deciding.verdict import Verdict
from planner.deciding.verdicts import Verdicts
from planner.knowledge import Knowledge, UnknownRule
from planner.model import Scheduling, Settings, Subscription
from planner.planning import plan, plan_reading
from planner.reading import read

AS_OF = dt.date(2026, 11, 23)


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def test_a_missing_end_is_computed_from_start_and_term(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", start="2026-03-01", term="P1Y")

    assert one["dates"]["source_last_paid_day"] == "2027-02-28"


TRIAL = {"channel": "WEB_MCA", "sku": "Visio", "productType": "trial", "status": "active"}


def test_a_trial_without_an_end_is_planned_with_the_usual_length_and_asked_about(
    recommend: Any,
) -> None:
    one = recommend(**TRIAL, start="2026-11-10")
    answered = recommend(**TRIAL, start="2026-11-10", end="2026-12-24")

    assert one["subscription"]["end"] == one["dates"]["last_safe_provisioning"] == "2026-12-09"
    assert "trial-end" in ids(one["assumptions"])
    assert "trial-end-assumed" in ids(one["warnings"])
    assert answered["dates"]["last_safe_provisioning"] == "2026-12-24"
    assert "trial-end" not in ids(answered["assumptions"])


@pytest.mark.parametrize(
    "line",
    [
        {"start": "2026-10-24"},
        {"start": "2026-11-10", "productType": "license"},
        {"productType": "trial"},
    ],
)
def test_the_usual_length_stands_for_nothing_but_a_trial_that_can_still_run(
    line: dict[str, str], recommend: Any
) -> None:
    """A trial that would be over has another length."""
    one = recommend(**{**TRIAL, **line})

    assert "end" not in one["subscription"]
    assert "term-end" in ids(one["assumptions"])
    assert "trial-end" not in ids(one["assumptions"])


@pytest.mark.parametrize(("start", "told"), [("2024-02-29", 1), ("2024-02-28", 0)])
def test_a_term_that_began_on_a_leap_day_is_pointed_out(
    start: str, told: int, recommend: Any
) -> None:
    one = recommend(channel="CSP_OTHER_NCE", start=start, term="P3Y", status="active")

    assert one["subscription"]["end"] == "2027-02-27"
    assert ids(one["warnings"]).count("leap-day") == told


def test_a_given_end_wins_over_the_computed_one_and_the_difference_is_said(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA", sku="Visio", start="2026-03-01", end="2027-01-31", term="P1Y"
    )

    assert one["dates"]["source_last_paid_day"] == "2027-01-31"
    assert "end-differs" in ids(one["warnings"])


def test_an_end_one_day_from_the_computed_one_is_not_worth_a_warning(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA", sku="Visio", start="2026-03-01", end="2027-03-01", term="P1Y"
    )

    assert "end-differs" not in ids(one["warnings"])


def test_an_unknown_channel_is_planned_as_the_strictest_and_asked_for(recommend: Any) -> None:
    one = recommend(sku="Visio", end="2027-02-28", status="active")

    assert one["path"] == "MANUAL_AT_TERM_END"
    assert one["regime"] == "EST"
    assert one["assumptions"][0] == {
        "id": "where-bought",
        "fact": "channel",
        "assumed": "WEB_MCA",
        "rules": ["R-101", "R-205"],
    }
    assert "WEB_MOSA" in one["questions"][0]["choices"]


def test_the_day_after_which_the_extended_term_applies_is_inclusive(recommend: Any) -> None:
    line = {"channel": "CSP_OTHER_NCE", "sku": "Visio", "sourceAgrees": "no", "term": "P3Y"}

    before = recommend(**line, start="2025-03-31", end="2028-03-30")
    on_the_day = recommend(**line, start="2025-04-01", end="2028-03-31")

    assert before["regime"] == "GRACE"
    assert on_the_day["regime"] == "EST"


@pytest.mark.parametrize(
    ("end", "path"),
    [("2027-05-22", "MANUAL_AT_TERM_END"), ("2027-05-23", "STAY_MULTICHANNEL")],
)
def test_more_than_half_a_year_left_means_stay(end: str, path: str, recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", start="2026-05-24", end=end, cspSku="same")

    assert one["path"] == path


@pytest.mark.parametrize(
    ("start", "path"),
    [("2026-11-17", "MANUAL_NOW_CANCEL_IN_WINDOW"), ("2026-11-16", "STAY_MULTICHANNEL")],
)
def test_the_last_safe_cancel_day_is_the_sixth_after_the_start(
    start: str, path: str, recommend: Any
) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", start=start, term="P1Y", cspSku="same")

    assert one["path"] == path


def test_an_active_line_whose_end_has_passed_gets_the_stage_that_follows(recommend: Any) -> None:
    line = {"channel": "WEB_MOSA", "sku": "Visio", "status": "active", "autoRenew": "off"}

    in_grace = recommend(**line, end="2026-11-01")
    disabled = recommend(**line, end="2026-09-01")
    deleted = recommend(**line, end="2026-01-01")

    assert [one["path"] for one in (in_grace, disabled, deleted)] == [
        "RECOVER_IN_GRACE",
        "RECOVER_DISABLED",
        "TOO_LATE",
    ]
    assert "end-passed" in ids(in_grace["warnings"])


def test_a_line_that_renews_by_itself_is_planned_with_the_term_that_runs_now(
    recommend: Any,
) -> None:
    one = recommend(
        channel="WEB_MCA",
        sku="Visio",
        status="active",
        autoRenew="on",
        term="P1M",
        start="2026-09-30",
        end="2026-10-29",
    )

    assert one["subscription"]["start"] == "2026-10-30"
    assert one["dates"]["source_last_paid_day"] == "2026-11-29"
    assert "renewed-meanwhile" in ids(one["warnings"])


def test_a_term_that_ends_tomorrow_and_renews_is_not_stopped_in_haste(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA",
        sku="Visio",
        status="active",
        autoRenew="on",
        term="P1Y",
        start="2025-11-25",
        end="2026-11-24",
    )

    assert one["path"] == "LATE_RENEWAL"
    assert one["dates"]["last_safe_cancel_day"] == "2026-12-01"


def test_a_hard_day_that_has_passed_is_a_blocker_and_keeps_its_date(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        status="active",
        autoRenew="off",
        term="P1Y",
        start="2025-11-24",
        end="2026-11-23",
        sourceAgrees="no",
        cspSku="same",
    )

    (overdue,) = [notice for notice in one["blockers"] if notice["id"] == "day-passed"]
    assert overdue["values"] == {"name": "source_stop_hard", "day": "2026-11-22"}
    assert overdue["rules"] == ["P-06", "P-13"]


def test_tenants_in_another_market_are_blocked(recommend: Any) -> None:
    line = {"channel": "WEB_MCA", "sku": "Visio", "end": "2027-02-28"}

    assert recommend(**line, partnerMarket="DE", customerTenant="BR")["path"] == "BLOCKED_REGION"
    assert recommend(**line, market="US", as_of=AS_OF)["path"] == "MANUAL_AT_TERM_END"


def test_countries_of_one_market_are_not_blocked(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA", sku="Visio", end="2027-02-28", partnerMarket="GB", customerTenant="NO"
    )

    assert one["path"] == "MANUAL_AT_TERM_END"


def test_a_country_that_no_list_names_is_checked_before_anything_else(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA", sku="Visio", end="2027-02-28", partnerMarket="KE", customerTenant="NG"
    )

    assert "region-unclear" in ids(one["blockers"])


def test_nothing_is_bought_for_a_line_without_licenses(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", seats=0, end="2027-02-28", status="active")

    assert one["path"] == "NOTHING_TO_MOVE"
    assert "provision_on" not in one["dates"]


@pytest.mark.parametrize("channel", ["AZURE", "MARKETPLACE", "PERPETUAL"])
def test_what_is_no_license_is_never_planned_as_one(channel: str, recommend: Any) -> None:
    one = recommend(channel=channel, sku="Something", end="2026-01-01", status="expired")

    assert one["regime"] is None
    assert "provision_on" not in one["dates"]


def test_a_subscription_listed_twice_is_planned_once(plan_of: Any) -> None:
    plan = plan_of("sku,subscription id\nVisio,A-1\nProject,B-2\nVisio,a-1\n")

    assert [one.subscription.line for one in plan.recommendations] == [2, 3]
    assert plan.merged == {4: 2}


def test_more_than_the_tenant_holds_is_moved_in_batches(plan_of: Any) -> None:
    rows = "\n".join(f"Visio,CSP_OTHER_NCE,yes,2027-05-31,{n}" for n in range(151))
    plan = plan_of(f"sku,channel,source agrees,end,subscription id\n{rows}\n")

    first = plan.recommendations[0]
    assert first.figures["transfer_requests"] == 7
    assert "many-subscriptions" in [notice.id for notice in first.warnings]


def test_the_same_product_from_two_sellers_is_pointed_out(plan_of: Any) -> None:
    plan = plan_of("customer,sku,channel\nContoso,Visio,WEB_MCA\nContoso,Visio,EA\n")

    for one in plan.recommendations:
        assert "same-product-two-sellers" in [notice.id for notice in one.warnings]


CHANNELS = ["unknown", "CSP", "CSP_LEGACY"]
STATES = ["unknown", "active", "expired", "disabled", "suspended", "deleted", "est"]
OFFERS = ["unknown", "same", "different", "end-of-sale", "none"]
TERMS = [
    # start, end, length
    (None, None, "unknown"),
    (dt.date(2025, 6, 2), dt.date(2026, 6, 1), "P1Y"),
    (None, dt.date(2026, 11, 22), "unknown"),
    (dt.date(2026, 10, 24), dt.date(2026, 11, 23), "P1M"),
    (dt.date(2025, 11, 27), dt.date(2026, 11, 26), "P1Y"),
    (dt.date(2026, 11, 20), dt.date(2027, 11, 19), "P1Y"),
    (dt.date(2025, 3, 10), dt.date(2028, 3, 9), "P3Y"),
]
EXTRAS: list[dict[str, Any]] = [
    {"auto_renew": "on", "source_agrees": "yes"},
    {"auto_renew": "off", "source_agrees": "no", "relationship": "accepted"},
    {"source_agrees": "will-cancel", "new_start": dt.date(2026, 12, 24)},
    {"new_start": dt.date(2026, 1, 1), "transfer_request_created": dt.date(2026, 10, 1)},
    {"new_start": dt.date(2029, 1, 1), "transfer_request_created": dt.date(2026, 11, 20)},
]


def test_every_combination_gets_a_path_whose_steps_lie_in_their_windows(
    knowledge: Knowledge,
) -> None:
    settings = Settings(AS_OF)
    known = knowledge.on(AS_OF)
    verdicts = Verdicts(known, {})
    channels = [*CHANNELS, *knowledge.channels]
    for channel, state, offer, (start, end, term), extra in itertools.product(
        channels, STATES, OFFERS, TERMS, EXTRAS
    ):
        line = Subscription(
            line=1,
            product="Visio",
            channel=channel,
            state=state,
            offer=offer,
            start=start,
            end=end,
            term=term,
            seats=3,
            **extra,
        )

        one = decide(line, settings, known, verdicts, Neighbours())

        passed = {notice.values["day"] for notice in one.blockers if notice.id == "day-passed"}
        assert one.path in knowledge.path_plans, line
        assert one.because[0].rules, line
        for step in one.steps:
            assert step.rules, (line, step)
            if step.on is None or step.actor == "nobody":
                continue
            assert step.on >= AS_OF, (line, step)
            last = step.no_later_than
            assert last is None or step.on <= last or last in passed, (line, step)


def test_provisioning_is_never_planned_before_the_relationship(knowledge: Knowledge) -> None:
    known = knowledge.on(AS_OF)
    verdicts = Verdicts(known, {})
    for channel, (start, end, term), extra in itertools.product(knowledge.channels, TERMS, EXTRAS):
        line = Subscription(
            line=1,
            product="Visio",
            channel=channel,
            state="active",
            offer="same",
            start=start,
            end=end,
            term=term,
            **extra,
        )

        dates = decide(line, Settings(AS_OF), known, verdicts, Neighbours()).dates

        if "provision_on" in dates and "relationship_request_by" in dates:
            assert dates["relationship_request_by"] <= dates["provision_on"], line


def test_a_legacy_subscription_elsewhere_is_suspended_only_after_the_new_one_is_bought(
    recommend: Any,
) -> None:
    one = recommend(
        channel="CSP_OTHER_LEGACY",
        sku="Visio",
        term="P1Y",
        start="2026-01-11",
        end="2027-01-10",
        cspSku="same",
    )

    days = {step["id"]: step["on"] for step in one["steps"]}
    assert days["provision"] < days["suspend-legacy"]


def test_a_wished_day_after_the_end_is_a_blocker_and_not_the_plan(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", end="2027-02-28", newStart="2027-03-10")

    (provision,) = [step for step in one["steps"] if step["id"] == "provision"]
    assert provision["on"] == "2027-02-28"
    assert "too-late" in ids(one["blockers"])
    assert "early-overlap" not in ids(one["warnings"])


def test_a_wished_day_that_has_passed_becomes_today(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", end="2027-02-28", newStart="2026-10-01")

    assert one["dates"]["provision_on"] == "2026-11-23"


def test_an_unanswered_transfer_request_is_answered_inside_the_term(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        sourceAgrees="yes",
        term="P1Y",
        end="2026-12-31",
        transferRequestCreated="2026-12-10",
    )

    (answer,) = [step for step in one["steps"] if step["id"] == "accept-transfer"]
    assert answer["on"] == one["dates"]["hard_latest_transfer"] == "2026-12-24"


def test_an_expired_transfer_request_is_made_anew(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        sourceAgrees="yes",
        term="P1Y",
        end="2027-05-31",
        transferRequestCreated="2026-10-01",
    )

    assert "request-expired" in ids(one["blockers"])
    assert [step["on"] for step in one["steps"] if step["id"] == "create-transfer"] == [
        "2026-11-23"
    ]


TRANSFER = {"channel": "CSP_OTHER_NCE", "sku": "Visio", "sourceAgrees": "yes", "term": "P1Y"}


def on_and_by(one: dict[str, Any], step_id: str) -> list[tuple[str | None, str | None]]:
    found = [step for step in one["steps"] if step["id"] == step_id]
    return [(step["on"], step["no_later_than"]) for step in found]


def test_a_transfer_can_be_asked_for_until_a_week_before_the_term_end(recommend: Any) -> None:
    last = recommend(**TRANSFER, end="2026-11-30", autoRenew="on")
    too_late = recommend(**TRANSFER, end="2026-11-29", autoRenew="on")

    assert on_and_by(last, "create-transfer") == [("2026-11-23", "2026-11-23")]
    assert on_and_by(last, "accept-transfer") == [(None, "2026-11-23")]
    assert "transfer-too-late" not in ids(last["warnings"])
    assert on_and_by(too_late, "create-transfer") == []
    assert "transfer-too-late" in ids(too_late["warnings"])


def test_too_close_to_the_term_end_a_transfer_follows_the_renewal(recommend: Any) -> None:
    one = recommend(**TRANSFER, end="2026-11-28", autoRenew="on")

    assert one["path"] == "PARTNER_TRANSFER"
    assert one["dates"]["hard_latest_transfer"] == "2026-11-21"
    assert "day-passed" in ids(one["blockers"])
    assert on_and_by(one, "renews-where-it-is") == [("2026-11-29", None)]
    assert on_and_by(one, "transfer-after-renewal") == [("2026-11-29", None)]
    assert on_and_by(one, "accept-transfer") == [(None, "2026-12-29")]
    assert not {"recommended_latest_create", "term_end_after_transfer"} & one["dates"].keys()
    assert all((step["no_later_than"] or "9") >= "2026-11-23" for step in one["steps"])


def test_a_monthly_term_that_renews_gives_a_transfer_no_day_behind_its_next_end(
    recommend: Any,
) -> None:
    line = {**TRANSFER, "term": "P1M", "cspSku": "none-eos"}
    one = recommend(**line, start="2026-10-29", end="2026-11-28", autoRenew="on")

    assert on_and_by(one, "transfer-after-renewal") == [("2026-11-29", None)]
    assert on_and_by(one, "accept-transfer") == [(None, None)]


def test_a_transfer_wished_for_after_the_renewal_keeps_its_day(recommend: Any) -> None:
    one = recommend(
        **TRANSFER, end="2026-11-28", autoRenew="on", transferRequestCreated="2026-12-10"
    )

    assert on_and_by(one, "transfer-after-renewal") == [("2026-12-10", None)]
    assert on_and_by(one, "accept-transfer") == [(None, "2027-01-09")]


def test_a_request_that_waits_is_accepted_at_once_where_the_term_ends_first(
    recommend: Any,
) -> None:
    one = recommend(
        **TRANSFER, end="2026-11-28", autoRenew="on", transferRequestCreated="2026-11-20"
    )

    assert on_and_by(one, "accept-transfer") == [("2026-11-23", "2026-12-20")]
    assert on_and_by(one, "transfer-after-renewal") == []


def test_what_does_not_renew_by_itself_is_kept_for_a_transfer_after_its_term(
    recommend: Any,
) -> None:
    one = recommend(**TRANSFER, end="2026-11-28", autoRenew="off")

    assert on_and_by(one, "keep-renewing-by-partner") == [("2026-11-23", "2026-11-27")]
    assert on_and_by(one, "renews-where-it-is") == []


@pytest.mark.parametrize(
    "line",
    [
        {"channel": "WEB_MCA", "end": "2027-06-30"},
        {"channel": "EA", "end": "2027-12-31"},
        {"channel": "CSP_OTHER_NCE", "end": "2027-12-31", "sourceAgrees": "no"},
        {"channel": "SELF_SERVICE", "end": "2027-01-31"},
        {"channel": "SYNDICATION", "end": "2027-01-31"},
        {"channel": "WEB_MOSA", "end": "2026-11-10", "status": "expired"},
    ],
)
def test_where_nothing_can_be_bought_the_plan_says_so(line: dict[str, str], recommend: Any) -> None:
    one = recommend(sku="Visio", cspSku="none", **line)

    said = "nothing-to-buy" in ids(one["blockers"]) or one["then"] == "NO_EQUIVALENT"
    assert said


def test_a_usage_line_is_never_planned_as_a_license(recommend: Any) -> None:
    one = recommend(channel="EA", sku="Azure", productType="usage", end="2027-01-31")

    assert one["path"] == "AZURE_MOVE_RESOURCES"
    assert one["regime"] is None


def test_without_auto_renew_an_ended_new_commerce_line_runs_on_as_a_paid_extension(
    recommend: Any,
) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        status="active",
        autoRenew="off",
        term="P1Y",
        start="2025-11-19",
        end="2026-11-18",
    )

    assert one["path"] == "MANUAL_NOW_CANCEL_EST"


def test_a_term_that_ended_yesterday_may_still_be_renewing(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", status="active", end="2026-11-22")

    assert one["path"] == "LATE_RENEWAL"


def test_a_passed_end_without_a_known_renewal_is_asked_about(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA", sku="Visio", status="active", autoRenew="on", end="2026-11-10"
    )

    assert one["path"] == "RECOVER_DISABLED"
    assert "passed-end" in ids(one["questions"])


@pytest.mark.parametrize(
    ("channel", "path"),
    [("OPEN_VALUE", "RECOVER_IN_GRACE"), ("WEB_MOSA", "STAY_MULTICHANNEL")],
)
def test_a_passed_term_renews_only_where_and_into_what_it_can(
    channel: str, path: str, recommend: Any
) -> None:
    one = recommend(
        channel=channel,
        sku="Visio",
        status="active",
        autoRenew="on",
        term="P1Y",
        start="2025-11-11",
        end="2026-11-10",
        cspSku="same",
    )

    assert one["path"] == path


def test_suspended_outside_csp_is_read_as_disabled_and_asked_about(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", status="suspended", end="2026-10-01")

    assert one["path"] == "RECOVER_DISABLED"
    assert "suspended-where" in ids(one["questions"])


def test_an_end_ahead_of_an_expired_line_is_the_end_of_its_stage(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", status="expired", end="2026-12-05")

    assert one["dates"]["last_safe_provisioning"] == "2026-12-05"
    assert "stage-end" in ids(one["warnings"])


def test_a_partner_needs_no_relationship_with_its_own_customer(recommend: Any) -> None:
    one = recommend(channel="CSP_OWN_NCE", sku="Visio", status="disabled", end="2026-10-01")

    assert "relationship_request_by" not in one["dates"]
    assert "relationship-before-deletion" not in ids(one["blockers"])


def test_a_young_legacy_subscription_is_migrated_after_its_first_month(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OWN_LEGACY", sku="Visio", term="P1Y", start="2026-11-10", end="2027-11-09"
    )

    assert one["dates"]["migrate_from"] == "2026-12-10"


def test_an_agreement_that_is_not_accepted_stands_in_the_way(recommend: Any) -> None:
    one = recommend(
        channel="WEB_MCA", sku="Visio", end="2027-02-28", relationship="accepted", mca="no"
    )

    assert "agreement-first" in ids(one["blockers"])


def test_a_countrys_other_code_is_the_same_country(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", end="2027-02-28", market="UK/GB")

    assert one["path"] == "MANUAL_AT_TERM_END"


def test_a_qualification_counts_for_its_own_segment_only(recommend: Any) -> None:
    line = {"channel": "WEB_MCA", "sku": "Visio", "end": "2027-02-28", "segment": "gcc"}

    assert "gcc-validation" in ids(recommend(**line, qualification="nonprofit")["blockers"])
    assert "gcc-validation" not in ids(recommend(**line, qualification="gcc")["blockers"])


def test_a_transfer_inside_a_national_cloud_is_blocked(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE", sku="Visio", cloud="21Vianet", sourceAgrees="yes", end="2027-05-31"
    )

    assert "transfer-not-in-cloud" in ids(one["blockers"])


def test_an_azure_agreement_that_nobody_names_is_asked_for(recommend: Any) -> None:
    one = recommend(channel="AZURE")

    assert "azure-agreement" in ids(one["questions"])


def test_transfer_requests_count_only_what_is_transferred(plan_of: Any) -> None:
    direct = "\n".join(f"Contoso,Visio,WEB_MCA,,2027-02-28,{n}" for n in range(30))
    plan = plan_of(
        f"customer,sku,channel,source agrees,end,subscription id\n{direct}\n"
        "Contoso,Project,CSP_OTHER_NCE,yes,2027-05-31,x\n"
    )

    assert "transfer_requests" not in plan.recommendations[-1].figures


def test_a_condition_on_a_figure_that_does_not_exist_is_an_error(knowledge: Knowledge) -> None:
    with pytest.raises(UnknownRule):
        knowledge.condition({"seats": {"more_than": "R-102.moons"}})


@pytest.mark.parametrize("when", [{"more_then": 3}, {"at_least": 1, "at_most": 3}])
def test_a_comparison_that_does_not_exist_is_an_error(
    when: dict[str, int], knowledge: Knowledge
) -> None:
    with pytest.raises(BadCondition):
        knowledge.condition({"seats": when})


@pytest.mark.parametrize(
    ("comparison", "fits"),
    [
        ("more_than", [False, False, True]),
        ("at_least", [False, True, True]),
        ("at_most", [True, True, False]),
        ("less_than", [True, False, False]),
    ],
)
def test_a_comparison_holds_where_its_words_say(
    comparison: str, fits: list[bool], knowledge: Knowledge
) -> None:
    when = knowledge.condition({"seats": {comparison: 3}})

    assert [when.holds({"seats": seats}) for seats in (2, 3, 4)] == fits


def test_a_comparison_with_something_unknown_never_holds(knowledge: Knowledge) -> None:
    for comparison in ("more_than", "at_least", "at_most", "less_than"):
        when = knowledge.condition({"seats": {comparison: 3}})
        assert not when.holds({"seats": None})
        assert not when.holds({"seats": "unknown"})


def test_an_unknown_fact_matches_only_where_it_is_named(knowledge: Knowledge) -> None:
    assert knowledge.condition({"seats": "unknown"}).holds({"seats": None})
    assert not knowledge.condition({"state": "active"}).holds({"state": "unknown"})
    assert knowledge.condition({"end": "known"}).holds({"end": AS_OF})


def test_of_several_sets_of_conditions_one_has_to_hold(knowledge: Knowledge) -> None:
    when = knowledge.condition([{"state": "est"}, {"state": "active", "channel": ["EA"]}])

    assert when.holds({"state": "active", "channel": "EA"})
    assert not when.holds({"state": "active", "channel": "OPEN"})


def test_an_answer_takes_the_place_of_the_assumption(plan_of: Any) -> None:
    text = "sku,end,status\nVisio Plan 2,2027-02-28,active\n"

    asked = plan_of(text)
    answered = plan_of(text, answers={"where-bought": "WEB_MOSA"})

    assert [one.id for one in asked.questions] == ["where-bought", "offer", "region"]
    assert answered.recommendations[0].path == "MANUAL_ANYTIME"
    assert "where-bought" not in [one.id for one in answered.questions]


def test_a_question_is_asked_once_for_all_its_lines(plan_of: Any) -> None:
    plan = plan_of("sku,channel,end\nVisio,,2027-02-28\nProject,EA,2027-02-28\nTeams,,2027-02-28\n")

    (bought,) = [one for one in plan.questions if one.id == "where-bought"]
    assert bought.lines == (2, 4)


def test_what_would_not_change_the_answer_is_not_asked(plan_of: Any) -> None:
    plan = plan_of(
        "sku,channel,cloud,target cloud,market\nVisio Plan 2,CSP_OTHER_NCE,21Vianet,global,CN/CN\n"
    )

    assert plan.recommendations[0].path == "BLOCKED_CLOUD_TENANT"
    assert plan.questions == ()


def test_a_product_that_the_catalogue_does_not_know_is_asked_about(plan_of: Any) -> None:
    plan = plan_of("sku,channel,end\nVisio Plan 2,EA,2027-02-28\nVisio Deluxe,EA,2027-02-28\n")

    (asked,) = [one for one in plan.questions if one.id == "which-product"]
    assert asked.lines == (3,)


def test_the_one_fact_that_would_change_the_answer_is_named(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        term="P1Y",
        start="2026-06-01",
        end="2027-05-31",
        sourceAgrees="no",
        status="active",
    )

    assert one["would_change"] == {
        "fact": "source_agrees",
        "value": "yes",
        "path": "PARTNER_TRANSFER",
    }


def test_a_policy_of_the_readers_own_moves_the_days_that_follow_from_it(plan_of: Any) -> None:
    text = "sku,channel,end\nVisio,WEB_MCA,2027-02-28\n"

    plan = plan_of(text, policies={"P-07.provision_lead": 10})

    assert plan.recommendations[0].dates["provision_on"] == dt.date(2027, 2, 18)


def test_a_policy_that_does_not_exist_is_refused(plan_of: Any) -> None:
    with pytest.raises(UnknownRule):
        plan_of("sku\nVisio\n", policies={"P-99.moons": 3})


@pytest.mark.parametrize("as_of", [dt.date(2025, 9, 1), dt.date(2026, 3, 15)])
@pytest.mark.parametrize(
    ("channel", "last_with_grace"), [("CSP_OTHER_NCE", "2026-05-03"), ("WEB_MCA", "2026-02-08")]
)
def test_the_day_a_term_ends_decides_on_its_grace_whenever_the_plan_was_made(
    as_of: dt.date, channel: str, last_with_grace: str, recommend: Any
) -> None:
    line = {"sku": "Visio", "channel": channel, "start": "2025-06-01", "sourceAgrees": "no"}
    first_without = dt.date.fromisoformat(last_with_grace) + dt.timedelta(days=1)

    regimes = [
        recommend(as_of, **line, end=end)["regime"]
        for end in (last_with_grace, first_without.isoformat())
    ]

    assert regimes == ["GRACE", "EST"]


def test_a_term_that_no_rule_follows_says_so(recommend: Any) -> None:
    line = {"sku": "Visio", "channel": "CSP_OTHER_NCE", "sourceAgrees": "no"}

    not_covered = recommend(dt.date(2021, 6, 1), **line, end="2021-12-31")
    covered = recommend(dt.date(2021, 6, 1), **line, end="2022-01-01")

    assert "no-rule-after-term" in ids(not_covered["blockers"])
    assert "data_last_day" not in not_covered["dates"]
    assert "no-rule-after-term" not in ids(covered["blockers"])
    assert "data_last_day" in covered["dates"]


def test_a_day_that_no_rule_covers_says_so(plan_of: Any) -> None:
    text = "sku,channel,end,csp sku\nVisio,EA,2016-12-31,same\n"

    (one,) = plan_of(text, as_of=dt.date(2016, 9, 1)).recommendations

    assert one.path == "NO_RULE_COVERS_THIS"
    assert [notice.id for notice in one.blockers] == ["no-rule"]


def with_change(
    knowledge: Knowledge, reference: str, day: str, value: int
) -> Callable[..., dict[str, dt.date]]:
    """Return the dates of a line by rules in which a figure changes on a day."""
    tree = json.loads(json.dumps(knowledge.tree))
    rule, _, name = reference.partition(".")
    topics = (*tree["rules"]["facts"].values(), tree["rules"]["policies"])
    (fact,) = [topic["rules"][rule] for topic in topics if rule in topic["rules"]]
    fact["figures"][name]["values"] = [{"valid_from": day, "value": value}]
    changed = Knowledge(tree)

    def dates(as_of: str = "2026-11-23", **line: Any) -> dict[str, dt.date]:
        settings = Settings(dt.date.fromisoformat(as_of))
        text = json.dumps([{"sku": "Visio", "cspSku": "same", **line}])
        return plan(text, settings, changed).recommendations[0].dates

    return dates


def test_a_figure_for_what_follows_a_term_is_that_of_the_day_it_ends(
    knowledge: Knowledge,
) -> None:
    dates = with_change(knowledge, "R-207.retention_days", "2027-03-01", 30)

    before = dates(channel="WEB_MCA", end="2027-02-28")
    after = dates(channel="WEB_MCA", end="2027-03-01")
    seen_later = dates("2027-03-15", channel="WEB_MCA", end="2027-03-31")

    assert before["data_last_day"] == dt.date(2027, 5, 29)
    assert after["data_last_day"] == dt.date(2027, 3, 31)
    assert seen_later["data_last_day"] == dt.date(2027, 4, 30)


@pytest.mark.parametrize(
    ("as_of", "start", "closes"),
    [
        ("2026-11-23", "2026-11-17", "2026-11-24"),
        ("2026-11-23", "2026-11-19", "2026-11-26"),
        ("2026-11-23", "2026-11-20", "2026-11-24"),
        ("2026-11-23", "2026-11-22", "2026-11-26"),
        ("2026-11-24", "2026-11-20", None),
        ("2026-11-25", "2026-11-19", "2026-11-26"),
    ],
)
def test_a_cancellation_window_is_that_of_the_day_the_term_began(
    as_of: str, start: str, closes: str | None, knowledge: Knowledge
) -> None:
    """From November 20 on the window has four days instead of seven."""
    dates = with_change(knowledge, "R-150.cancel_window_days", "2026-11-20", 4)

    found = dates(as_of, channel="WEB_MCA", start=start, term="P1Y").get("cancel_window_closes")

    assert (found and found.isoformat()) == closes


def test_the_window_after_a_renewal_is_that_of_the_day_of_the_renewal(
    knowledge: Knowledge,
) -> None:
    dates = with_change(knowledge, "R-150.cancel_window_days", "2026-11-25", 4)

    renewing = [
        dates(channel="WEB_MCA", end=end, autoRenew="on")["cancel_window_closes"]
        for end in ("2026-11-23", "2026-11-24")
    ]

    assert renewing == [dt.date(2026, 12, 1), dt.date(2026, 11, 29)]


def test_a_transfer_request_waits_as_long_as_the_rule_of_its_day_says(
    knowledge: Knowledge,
) -> None:
    dates = with_change(knowledge, "R-306.answer_days", "2026-12-01", 10)
    line = {"channel": "CSP_OTHER_NCE", "end": "2027-05-31", "term": "P1Y"}

    expires = [
        dates(**line, transferRequestCreated=day)["transfer_request_expires"]
        for day in ("2026-11-20", "2026-12-01")
    ]

    assert expires == [dt.date(2026, 12, 20), dt.date(2026, 12, 11)]


def test_our_own_lead_times_are_those_of_the_day_of_the_plan(knowledge: Knowledge) -> None:
    dates = with_change(knowledge, "P-02.relationship_request_lead", "2026-12-01", 30)

    requested = [
        dates(as_of, channel="WEB_MCA", end="2027-02-28")["relationship_request_by"]
        for as_of in ("2026-11-30", "2026-12-01")
    ]

    assert requested == [dt.date(2026, 12, 30), dt.date(2027, 1, 29)]


SOME_LINES: list[dict[str, Any]] = [
    {},
    {"start": dt.date(2026, 3, 1), "end": dt.date(2027, 2, 28), "term": "P1Y", "seats": 3},
    {"start": dt.date(2025, 3, 1), "end": dt.date(2027, 2, 20), "term": "P1Y", "auto_renew": "on"},
    {"start": dt.date(2025, 10, 1), "end": dt.date(2026, 9, 30), "term": "P1Y", "auto_renew": "on"},
    {"end": dt.date(2026, 11, 1), "auto_renew": "off", "base_product": "Microsoft 365 E3"},
    {"end": dt.date(2026, 12, 5), "state": "expired", "new_start": dt.date(2026, 12, 1)},
    {"transfer_request_created": dt.date(2026, 12, 1), "term": "P1Y", "end": dt.date(2027, 5, 31)},
    {"transfer_request_created": dt.date(2026, 11, 1), "partner_market": "DE", "covers": 200},
    {"partner_market": "DE", "customer_market": "FR", "segment": "gcc", "qualification": "gcc"},
    {"cloud": "21vianet", "target_cloud": "global", "qualification": "education"},
    {"start": dt.date(2027, 5, 1), "end": dt.date(2027, 1, 31), "state": "cancelled"},
]


def test_every_fact_that_is_judged_stands_in_the_vocabulary(knowledge: Knowledge) -> None:
    vocabulary = knowledge.tree["rules"]["vocabulary"]["facts"]
    known = knowledge.on(AS_OF)
    verdicts = Verdicts(known, {})
    beside = [Neighbours(), Neighbours(160, other_sellers=True, listed_twice=True)]
    for line, channel, neighbours in itertools.product(
        SOME_LINES, [*CHANNELS, *knowledge.channels], beside
    ):
        subscription = Subscription(line=1, product="Visio", channel=channel, **line)
        term = current_term(subscription, AS_OF, known)

        facts = verdicts.of_line(term, Settings(AS_OF), neighbours).facts

        assert set(facts) == set(vocabulary)
        for name, value in facts.items():
            kind = vocabulary[name]
            if isinstance(kind, list):
                assert value in kind, (name, value)
            elif kind == "code":
                assert value in known.path_plans or value == "none", (name, value)
            else:
                wanted = dt.date if kind == "day" else int
                assert value is None or isinstance(value, wanted), (name, value)


@pytest.mark.parametrize(
    ("channel", "start", "gap"),
    [
        ("WEB_MCA", "2027-02-25", 0),
        ("WEB_MCA", "2027-03-01", 0),
        ("WEB_MCA", "2027-03-10", 9),
        ("WEB_MOSA", "2027-03-30", 0),
        ("WEB_MOSA", "2027-04-10", 10),
    ],
)
def test_days_without_access_are_counted_from_the_end_of_the_grace(
    channel: str, start: str, gap: int, recommend: Any
) -> None:
    one = recommend(channel=channel, sku="Visio", end="2027-02-28", newStart=start)

    assert one["gap_days"] == gap


def test_who_runs_on_in_the_extended_term_has_no_days_without_access(recommend: Any) -> None:
    bought = {"channel": "CSP_OTHER_NCE", "start": "2025-10-01", "end": "2026-09-30"}

    for line in ({"status": "EST"}, {"status": "active", "autoRenew": "off"}):
        one = recommend(**bought, **line)
        assert (one["path"], one["gap_days"]) == ("MANUAL_NOW_CANCEL_EST", 0)


def test_a_transfer_costs_neither_double_days_nor_days_without_access(recommend: Any) -> None:
    one = recommend(channel="CSP_OTHER_NCE", sku="Visio", sourceAgrees="yes", end="2027-05-31")

    assert (one["overlap_days"], one["gap_days"]) == (0, 0)


def test_the_stage_an_expired_line_is_in_gives_the_days_that_follow(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", status="expired", end="2026-12-05")

    assert one["dates"]["grace_last"] == "2026-12-05"
    assert one["dates"]["data_last_day"] == "2027-03-05"
    assert one["dates"]["deleted_from"] == "2027-03-06"


def test_the_stage_a_disabled_line_is_in_ends_with_its_data(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", status="disabled", end="2026-11-23")

    assert one["dates"]["act_by"] == "2026-11-22"
    assert one["dates"]["disabled_last"] == "2026-11-23"
    assert one["dates"]["deleted_from"] == "2026-11-24"


def test_an_end_behind_an_expired_line_is_its_terms(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", status="expired", end="2026-11-22")

    assert one["dates"]["last_safe_provisioning"] == "2026-12-22"
    assert "stage-end" not in ids(one["warnings"])


def test_a_recovery_names_no_grace_where_there_is_none(recommend: Any) -> None:
    one = recommend(channel="TRIAL", sku="Visio", status="expired", end="2026-11-10")

    assert "grace_last" not in one["dates"]
    assert one["dates"]["last_safe_provisioning"] == "2026-12-10"


def test_admin_access_is_counted_from_the_day_it_was_asked_for(recommend: Any) -> None:
    one = recommend(channel="any", action="GDAP request sent", sent="2026-11-23", durationDays="30")

    assert one["dates"]["gdap_request_expires"] == "2027-02-21"
    assert one["dates"]["relationship_end_if_approved_same_day"] == "2026-12-23"


def test_a_reason_names_the_row_the_modifiers_the_regime_and_the_check_of_the_end(
    recommend: Any,
) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        term="P1Y",
        start="2026-06-01",
        end="2027-05-31",
        sourceAgrees="no",
        cspSku="different: Project",
    )

    assert [reason["decision"] for reason in one["because"]] == [
        "D-14",
        "D-15",
        "D-25",
        "EST",
        "F-01",
    ]


def test_a_line_of_unknown_end_gives_no_reason_by_its_regime(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio")

    assert [reason["decision"] for reason in one["because"]] == ["D-23"]


def test_a_step_that_follows_stays_behind_the_one_before_it(recommend: Any) -> None:
    one = recommend(
        channel="CSP_OTHER_NCE",
        sku="Visio",
        term="P1Y",
        end="2027-05-31",
        sourceAgrees="yes",
        relationship="accepted",
    )

    steps = [(step["id"], step["on"], step["follows"]) for step in one["steps"]]
    assert steps == [
        ("ask-for-access", "2026-11-23", False),
        ("create-transfer", "2026-11-23", False),
        ("accept-transfer", None, True),
        ("verify-transfer", None, True),
        ("recheck-end-of-term", None, True),
    ]


def test_what_happens_by_itself_on_an_unknown_day_is_no_step(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio")

    assert {"source-ends", "data-gone"}.isdisjoint(step["id"] for step in one["steps"])


def test_a_plan_dated_before_the_rule_on_transfer_requests_counts_none(
    recommend: Any,
) -> None:
    line = {"channel": "CSP_OTHER_NCE", "sku": "Visio", "sourceAgrees": "yes", "seats": 1}

    one = recommend(**line, lines=60, end="2027-05-31", as_of=dt.date(2025, 10, 19))

    assert one["path"] == "PARTNER_TRANSFER"
    assert "transfer_requests" not in one["dates"]


def test_a_step_wished_for_too_late_is_put_on_its_last_day_and_said(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", end="2028-01-07", newStart="2029-11-23")

    late = {
        notice["values"]["step"]: notice for notice in one["blockers"] if notice["id"] == "too-late"
    }
    steps = {step["id"]: step for step in one["steps"]}
    assert late["provision"]["values"]["day"] == "2029-11-23"
    assert late["provision"]["values"]["by"] == steps["provision"]["no_later_than"]
    assert steps["provision"]["on"] == steps["provision"]["no_later_than"]
    assert late["provision"]["rules"] == steps["provision"]["rules"]


def test_a_step_planned_on_its_last_day_is_not_too_late(recommend: Any) -> None:
    late = recommend(channel="WEB_MOSA", sku="Visio", end="2028-01-07", newStart="2029-11-23")
    last = next(step["no_later_than"] for step in late["steps"] if step["id"] == "provision")

    one = recommend(channel="WEB_MOSA", sku="Visio", end="2028-01-07", newStart=last)

    assert "too-late" not in ids(one["blockers"])


def test_a_day_that_no_rule_in_force_counts_is_said_by_its_name(recommend: Any) -> None:
    line = {"channel": "SELF_SERVICE", "sku": "Visio", "start": "2021-10-21", "term": "P1M"}

    one = recommend(**line, cspSku="same", as_of=dt.date(2020, 1, 1))

    (unruled,) = [notice for notice in one["blockers"] if notice["id"] == "no-rule-for-day"]
    assert unruled["values"] == {"name": "cancel_window_closes"}
    assert unruled["rules"] == ["F-03"]
    assert "cancel_window_closes" not in one["dates"]


def test_a_rule_that_begins_ahead_counts_from_what_happens_after_it(recommend: Any) -> None:
    """The cancellation window is that of the purchase, which comes after the rule began."""
    line = {"channel": "SELF_SERVICE", "sku": "Visio", "start": "2028-10-21", "term": "P1M"}

    one = recommend(**line, cspSku="same", as_of=dt.date(2020, 1, 1))

    assert "no-rule-for-day" not in ids(one["blockers"])
    assert one["dates"]["cancel_window_closes"] == "2028-10-28"


def test_seats_stay_as_they_are_only_where_the_subscription_itself_changes_hands(
    recommend: Any,
) -> None:
    line = {"sku": "Visio", "seats": 7, "end": "2027-05-31"}

    transferred = recommend(**line, channel="CSP_OTHER_NCE", sourceAgrees="yes")
    bought = recommend(**line, channel="WEB_MCA", cspSku="same")

    assert transferred["dates"]["seats_after"] == 7
    assert "seats_after" not in bought["dates"]


def test_a_term_that_ends_today_runs_today_even_where_it_renews(recommend: Any) -> None:
    line = {"channel": "CSP_OTHER_NCE", "sku": "Visio", "term": "P1M", "autoRenew": "on"}

    today = recommend(**line, end="2026-11-23")
    a_month_ago = recommend(**line, end="2026-10-23")

    assert today["dates"]["source_last_paid_day"] == "2026-11-23"
    assert "renewed" not in ids(today["warnings"])
    assert a_month_ago["dates"]["source_last_paid_day"] == "2026-11-23"


def test_an_expired_lines_next_lifecycle_day_ends_its_stage_though_it_has_passed(
    knowledge: Knowledge,
) -> None:
    known = knowledge.on(AS_OF)
    line = Subscription(
        line=1,
        product="Visio",
        channel="CSP_OTHER_NCE",
        state="expired",
        term="P1Y",
        start=dt.date(2025, 10, 1),
        end=dt.date(2026, 11, 20),
        end_kind="next-lifecycle",
    )

    planned = decide(line, Settings(AS_OF), known, Verdicts(known, {}), Neighbours()).subscription

    assert (planned.start, planned.end) == (None, None)
    assert planned.stage_end == dt.date(2026, 11, 20)


def test_admin_access_asked_for_without_a_length_has_no_end(recommend: Any) -> None:
    one = recommend(channel="any", action="GDAP request sent", sent="2026-11-23")

    assert one["path"] == "PREREQUISITE"


def test_a_settled_cutover_is_the_day_to_provision(knowledge: Knowledge) -> None:
    known = knowledge.on(AS_OF)
    verdicts = Verdicts(known, {})
    line = Subscription(
        line=1, product="Visio", channel="WEB_MCA", offer="same", end=dt.date(2027, 2, 28)
    )

    one = decide(line, Settings(AS_OF), known, verdicts, Neighbours(), dt.date(2027, 2, 10))

    assert one.dates["provision_on"] == dt.date(2027, 2, 10)


def test_how_a_path_reads_at_a_glance_is_told(plan_of: Any) -> None:
    plan = plan_of(
        "sku,channel,end,source agrees\n"
        "Visio,CSP_OTHER_NCE,2027-05-31,yes\n"
        "Visio,WEB_MCA,2026-01-01,\n"
    )

    assert [one.tone for one in plan.recommendations] == ["go", "blocked"]


def test_a_plan_made_again_finds_its_lines_judged(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So another schedule, or another way for one line, shows at once."""
    reading = read("product,channel,seats,end\nOffice 365 E3,WEB_MCA,9,2027-02-28", knowledge)
    first = plan_reading(reading, Settings(AS_OF), knowledge)

    def judged(*_: object) -> Verdict:
        raise AssertionError("judged again")

    monkeypatch.setattr(Verdicts, "_judge", judged)
    limited = Settings(AS_OF, scheduling=Scheduling(per_day=1))
    assert plan_reading(reading, limited, knowledge).recommendations == first.recommendations
    with pytest.raises(AssertionError, match="judged again"):
        plan_reading(reading, Settings(AS_OF, answers={"where-bought": "EA"}), knowledge)
    policies = {"P-02.relationship_request_lead": 30}
    with pytest.raises(AssertionError, match="judged again"):
        plan_reading(reading, Settings(AS_OF, policies=policies), knowledge)


# On the very edge of a rule


@pytest.mark.parametrize(
    ("end", "path"),
    [
        ("2026-10-24", "RECOVER_IN_GRACE"),
        ("2026-10-23", "RECOVER_DISABLED"),
        ("2026-07-26", "RECOVER_DISABLED"),
        ("2026-07-25", "TOO_LATE"),
    ],
)
def test_each_stage_after_a_term_lasts_to_its_last_day(end: str, path: str, recommend: Any) -> None:
    """30 days of grace, then 90 in which admins reach the data."""
    line = {"sku": "Visio", "channel": "WEB_MOSA", "autoRenew": "off", "status": "active"}

    assert recommend(**line, end=end)["path"] == path


def test_without_auto_renew_a_term_that_ended_yesterday_runs_on_at_once(recommend: Any) -> None:
    line = {"sku": "Visio", "channel": "CSP_OTHER_NCE", "start": "2025-11-23", "status": "active"}

    assert recommend(**line, end="2026-11-22", autoRenew="off")["path"] == "MANUAL_NOW_CANCEL_EST"


def test_a_wished_day_brings_forward_what_has_to_come_before_it(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", end="2027-02-28", newStart="2027-02-01")

    assert one["dates"]["relationship_request_by"] == "2026-12-03"
    assert one["dates"]["relationship_accepted_by"] == "2026-12-18"
    assert (one["dates"]["overlap_days"], one["dates"]["overlap_if_t3"]) == (28, 4)


def test_what_starts_in_the_grace_is_neither_paid_twice_nor_missed(recommend: Any) -> None:
    one = recommend(channel="WEB_MOSA", sku="Visio", end="2027-02-28", newStart="2027-03-10")

    assert (one["dates"]["overlap_days"], one["gap_days"]) == (0, 0)


def test_a_computed_end_and_a_repeated_line_are_said(plan_of: Any) -> None:
    line = "Visio,WEB_MCA,2026-03-01,P1Y,S-1\n"
    (one,) = plan_of(f"sku,channel,start,term,subscription id\n{line}{line}").recommendations

    assert {"end-computed", "listed-twice"} <= {notice.id for notice in one.warnings}


def test_licenses_that_nobody_counted_do_not_fill_a_cap(plan_of: Any) -> None:
    line = "Contoso,Microsoft 365 Business Premium,WEB_MCA,2027-02-28,same,"
    header = "customer,sku,channel,end,csp sku,seats\n"

    full = plan_of(f"{header}{line}300\n{line}\n").recommendations
    over = plan_of(f"{header}{line}300\n{line}1\n").recommendations

    assert all("seat-cap-together" not in [note.id for note in one.blockers] for one in full)
    assert all("seat-cap-together" in [note.id for note in one.blockers] for one in over)


def test_a_step_says_whose_it_is(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", end="2027-02-28", cspSku="same")

    actors = {step["id"]: step["actor"] for step in one["steps"]}
    assert actors["provision"] == "target-partner"
    assert actors["cancel-at-end-by-customer"] == "customer"
    assert actors["source-ends"] == "nobody"


def test_another_fact_is_tried_where_the_first_could_not_change_the_path(recommend: Any) -> None:
    one = recommend(channel="WEB_MCA", sku="Visio", end="2027-02-28", cspSku="same")

    found = one["would_change"]
    assert (found["fact"], found["value"], found["path"]) == ("offer", "none", "NO_EQUIVALENT")


@pytest.mark.parametrize(
    ("line", "question"),
    [
        # Another path; another choice at the term end; licenses to assign anew; a blocker more.
        ({"channel": "CSP_OTHER_NCE", "term": "P1Y"}, "source-agrees"),
        ({"channel": "ADVISOR", "start": "2026-10-01"}, "billing-account"),
        ({"channel": "CSP_OTHER_NCE", "term": "P3Y", "sourceAgrees": "no"}, "term-start"),
        ({"channel": "WEB_MCA"}, "offer"),
        ({"channel": "WEB_MCA", "segment": "education"}, "qualification"),
    ],
)
def test_whatever_would_change_the_plan_is_asked(
    line: dict[str, str], question: str, recommend: Any
) -> None:
    one = recommend(sku="Visio", end="2027-02-28", status="active", market="US/US", **line)

    assert question in ids(one["assumptions"])


def test_a_term_without_an_end_is_asked_about_only_where_days_hang_on_it(recommend: Any) -> None:
    line = {"sku": "Visio", "status": "active", "cspSku": "same", "market": "US/US"}

    counted = recommend(**line, channel="WEB_MCA")
    not_counted = recommend(**line, channel="PERPETUAL")

    assert "term-end" in ids(counted["assumptions"])
    assert "term-end" not in ids(not_counted["assumptions"])
