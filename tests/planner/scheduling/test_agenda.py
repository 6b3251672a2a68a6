"""The agenda: what is one action is one entry, and what needs nobody is no alarm."""

import datetime as dt
import json
from typing import Any

from planner.knowledge import Knowledge
from planner.model import AgendaEntry, Settings
from planner.planning import plan

AS_OF = dt.date(2026, 11, 23)


def entries(lines: list[dict[str, Any]], knowledge: Knowledge) -> dict[str, list[AgendaEntry]]:
    found: dict[str, list[AgendaEntry]] = {}
    for entry in plan(json.dumps(lines), Settings(AS_OF), knowledge).agenda:
        found.setdefault(entry.step, []).append(entry)
    return found


def line(customer: str, end: str, **more: Any) -> dict[str, Any]:
    usual = {"sku": "Visio Plan 2", "channel": "WEB_MCA", "seats": 5, "status": "active"}
    return {**usual, "cspSku": "same", "autoRenew": "on", "customer": customer, "end": end, **more}


def transferred(count: int, **more: Any) -> list[dict[str, Any]]:
    line_ = {"sourceAgrees": "yes", "channel": "CSP_OTHER_NCE", "term": "P1Y", **more}
    return [line("Contoso", "2027-06-30", subscriptionId=f"s{n}", **line_) for n in range(count)]


def test_a_customer_gets_one_relationship_request_on_its_first_lines_day(
    knowledge: Knowledge,
) -> None:
    lines = [
        line("Contoso", "2027-02-28"),
        line("Contoso", "2027-05-31"),
        line("Fabrikam", "2027-03-31"),
    ]

    first, second = entries(lines, knowledge)["request-relationship"]

    assert (first.customer, first.lines, str(first.on)) == ("Contoso", (1, 2), "2026-12-30")
    assert (second.customer, second.lines) == ("Fabrikam", (3,))


def test_each_request_transfers_at_most_25_items(knowledge: Knowledge) -> None:
    found = entries(transferred(60), knowledge)

    for step in ("create-transfer", "accept-transfer", "verify-transfer"):
        assert [len(entry.lines) for entry in found[step]] == [25, 25, 10]
        assert [(entry.part, entry.parts) for entry in found[step]] == [(1, 3), (2, 3), (3, 3)]


def test_a_line_that_stands_for_many_subscriptions_takes_several_requests(
    knowledge: Knowledge,
) -> None:
    many = {key: value for key, value in transferred(1)[0].items() if key != "subscriptionId"}

    made = plan(json.dumps([{**many, "lines": 160}]), Settings(AS_OF), knowledge)

    assert made.recommendations[0].figures["transfer_requests"] == 7
    created = [entry for entry in made.agenda if entry.step == "create-transfer"]
    assert [entry.part for entry in created] == [1, 2, 3, 4, 5, 6, 7]
    assert "many-subscriptions" in [notice.id for notice in made.recommendations[0].warnings]


def test_requests_of_another_day_are_other_requests(knowledge: Knowledge) -> None:
    lines = transferred(2)
    lines[1]["transferRequestCreated"] = "2026-12-01"

    created = entries(lines, knowledge)["create-transfer"]

    assert sorted((entry.lines, entry.parts) for entry in created) == [((1,), 2), ((2,), 2)]


def test_one_check_a_day_serves_every_customer(knowledge: Knowledge) -> None:
    lines = [line("Contoso", "2027-02-28"), line("Fabrikam", "2027-02-28")]

    (check,) = entries(lines, knowledge)["go-no-go-est"]

    assert (check.lines, check.customer, str(check.on)) == ((1, 2), "", "2027-02-27")


def test_a_step_without_a_day_follows_the_one_before_it(knowledge: Knowledge) -> None:
    (accepted,) = entries(transferred(1), knowledge)["accept-transfer"]

    assert (accepted.on, accepted.after) == (None, "create-transfer")
    assert str(accepted.no_later_than) == "2027-06-23"


def test_a_step_whose_day_nobody_knows_stands_last(knowledge: Knowledge) -> None:
    known = line("Contoso", "2027-02-28")
    unknown = {key: value for key, value in line("Fabrikam", "").items() if key != "end"}

    agenda = plan(json.dumps([known, unknown]), Settings(AS_OF), knowledge).agenda

    without_day = [entry for entry in agenda if entry.on is None]
    assert without_day
    assert without_day == list(agenda[-len(without_day) :])


def test_what_needs_nobody_is_no_alarm(knowledge: Knowledge) -> None:
    monthly = {"channel": "CSP_OWN_NCE", "term": "P1M"}
    lines = [line("Contoso", "2026-12-14", **monthly), line("Contoso", "2027-02-28")]

    found = entries(lines, knowledge)

    assert [entry.quiet for entry in found["renews-by-itself"]] == [True]
    assert "review-renewal" not in found
    assert {step for step, of in found.items() if any(entry.quiet for entry in of)} == {
        "renews-by-itself",
        "source-ends",
        "data-gone",
    }


def test_a_monthly_term_that_will_not_renew_by_itself_is_an_alarm(knowledge: Knowledge) -> None:
    lines = [line("Contoso", "2026-12-14", channel="CSP_OWN_NCE", term="P1M", autoRenew="off")]

    (review,) = entries(lines, knowledge)["review-renewal"]

    assert not review.quiet


def test_every_step_says_what_it_is_one_action_for(knowledge: Knowledge) -> None:
    steps = knowledge.tree["rules"]["steps"]
    listed = [step for unit in steps["agenda"]["one_per"].values() for step in unit]

    assert len(listed) == len(set(listed))
    assert set(listed) == {step["id"] for path in steps["paths"].values() for step in path["steps"]}
    assert set(steps["agenda"]["quiet"]) <= set(listed)
