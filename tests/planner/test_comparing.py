"""Two plans next to each other: what differs by line, and what made it differ."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from planner.__main__ import main
from planner.comparing import Change, compare
from planner.knowledge import Knowledge
from planner.model import Plan, Settings
from planner.planning import chosen, plan
from planner.writing.contract import plan_json, plan_object
from planner.writing.page import changes_text

AS_OF = dt.date(2026, 11, 23)
LINE = {"customer": "Contoso", "sku": "Visio Plan 2", "seats": 5, "term": "P1Y", "cspSku": "same"}
LINE |= {"channel": "CSP_OTHER_NCE", "status": "active", "start": "2026-03-01", "end": "2027-02-28"}
LINES = [
    {**LINE, "subscriptionId": "s1", "sourceAgrees": "yes"},
    {**LINE, "subscriptionId": "s2", "channel": "WEB_MCA"},
    {**LINE, "subscriptionId": "s3", "channel": "WEB_MCA", "end": "2027-06-30"},
]


def made(
    knowledge: Knowledge,
    *stated: str,
    lines: list[dict[str, Any]] | None = None,
    as_of: dt.date = AS_OF,
    market: str = "",
) -> Plan:
    settings = Settings(as_of, market, *chosen(stated, knowledge))
    return plan(json.dumps(LINES if lines is None else lines), settings, knowledge)


def changed(before: Plan, after: Plan) -> dict[str, Change]:
    return {change.key: change for change in compare(before, after).changes}


def test_a_plan_compared_with_itself_has_no_change(knowledge: Knowledge) -> None:
    same = compare(made(knowledge), json.loads(plan_json(made(knowledge))))

    assert (same.causes, same.changes, same.same) == ((), (), 3)


def test_the_old_partners_refusal_changes_its_lines_alone(knowledge: Knowledge) -> None:
    refused = [{**LINES[0], "sourceAgrees": "no"}, *LINES[1:]]

    found = changed(made(knowledge), made(knowledge, lines=refused))

    assert list(found) == ["s1"]
    assert found["s1"].path == ("PARTNER_TRANSFER", "MANUAL_AT_TERM_END")
    assert "provision" in found["s1"].steps_added
    assert "create-transfer" in found["s1"].steps_dropped
    assert [blocker.id for blocker in found["s1"].blockers_cleared] == ["relationship-first"]
    assert {"R-301", "P-07"} <= set(found["s1"].rules)


def test_a_change_of_warnings_or_questions_alone_is_a_change(knowledge: Knowledge) -> None:
    before = json.loads(plan_json(made(knowledge)))
    (warning, *_) = before["recommendations"][1]["warnings"]
    before["recommendations"][1]["warnings"].remove(warning)
    before["recommendations"][2]["questions"].append({"id": "offer", "fact": "offer"})

    later = made(knowledge)
    result = compare(before, later)

    assert {one.key for one in result.changes} == {"s2", "s3"}
    found = {one.key: one for one in result.changes}
    assert [one.id for one in found["s2"].warnings_added] == [warning["id"]]
    assert found["s3"].questions_settled == ("offer",)
    for language in ("en", "es"):
        text = changes_text(result, later, language, knowledge)
        assert warning["id"] not in text
        assert all(len(block.strip().splitlines()) > 1 for block in text.split("\n\n")[2:])


def test_the_refusal_as_an_answer_is_named_with_the_lines_that_it_changes(
    knowledge: Knowledge,
) -> None:
    asked = [{**LINE, "subscriptionId": "s1"}, LINES[1]]

    result = compare(
        made(knowledge, "source-agrees=yes", lines=asked),
        made(knowledge, "source-agrees=no", lines=asked),
    )

    assert [(one.kind, one.name, one.before, one.after) for one in result.causes] == [
        ("answer", "source-agrees", "yes", "no")
    ]
    assert [(one.key, one.path) for one in result.changes] == [
        ("s1", ("PARTNER_TRANSFER", "MANUAL_AT_TERM_END"))
    ]


def test_a_market_is_named_with_the_customers_out_of_its_reach(knowledge: Knowledge) -> None:
    lines = [{**LINES[1], "customerMarket": "ES"}, LINES[2]]

    result = compare(
        made(knowledge, lines=lines, market="ES"), made(knowledge, lines=lines, market="US")
    )

    assert [(one.kind, one.before, one.after) for one in result.causes] == [("market", "ES", "US")]
    (change,) = result.changes
    assert (change.key, change.path) == ("s2", ("MANUAL_AT_TERM_END", "BLOCKED_REGION"))
    assert [blocker.id for blocker in change.blockers_added] == ["other-region"]
    assert {"R-509", "R-510"} & set(change.rules)


def test_another_as_of_day_is_named_with_the_days_that_it_moves(knowledge: Knowledge) -> None:
    result = compare(made(knowledge), made(knowledge, as_of=dt.date(2027, 1, 5)))

    assert [(one.kind, one.after) for one in result.causes] == [("as-of", "2027-01-05")]
    moved = {one.step: one for change in result.changes for one in change.steps_moved}
    assert moved["request-relationship"].after == dt.date(2027, 1, 5)


def test_another_lead_time_is_named_with_the_days_it_moves(knowledge: Knowledge) -> None:
    result = compare(made(knowledge), made(knowledge, "P-07.provision_lead=5"))

    (cause,) = result.causes
    assert (cause.kind, cause.name, cause.before, cause.after) == (
        "policy",
        "P-07.provision_lead",
        "",
        "5",
    )
    moved = {change.key: change.cutover for change in result.changes}
    assert moved["s2"] == (dt.date(2027, 2, 25), dt.date(2027, 2, 23))


def test_a_capacity_is_named_with_the_line_it_moves(knowledge: Knowledge) -> None:
    lines = [*LINES, {**LINES[1], "subscriptionId": "s4"}]

    result = compare(
        made(knowledge, lines=lines), made(knowledge, "schedule.per_day=1", lines=lines)
    )

    assert [(cause.kind, cause.name, cause.after) for cause in result.causes] == [
        ("schedule", "schedule.per_day", "1")
    ]
    assert len([change for change in result.changes if change.cutover[0] != change.cutover[1]]) == 1


def test_lines_that_come_or_go_are_said(knowledge: Knowledge) -> None:
    found = changed(
        made(knowledge), made(knowledge, lines=[*LINES[1:], {**LINE, "subscriptionId": "s9"}])
    )

    assert {key: change.kind for key, change in found.items()} == {"s9": "new", "s1": "gone"}


def test_a_plan_file_opened_later_says_which_lines_the_day_changes(knowledge: Knowledge) -> None:
    stored = json.loads(plan_json(made(knowledge)))

    result = compare(stored, made(knowledge, as_of=dt.date(2027, 2, 28)))

    assert [cause.kind for cause in result.causes] == ["as-of"]
    assert {change.key for change in result.changes} >= {"s1", "s2"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_change_is_said_in_the_readers_language(language: str, knowledge: Knowledge) -> None:
    later = made(
        knowledge,
        "schedule.per_day=1",
        "P-02.relationship_request_lead=30",
        "choose.s3=buy-now",
        lines=[{**LINES[0], "sourceAgrees": "no"}, *LINES[1:], {**LINE, "subscriptionId": "s9"}],
        as_of=dt.date(2027, 1, 5),
    )
    result = compare(made(knowledge), later)

    text = changes_text(result, later, language, knowledge)

    assert all(change.key in text for change in result.changes)
    assert text.count("\n\n") >= len(result.changes)


def test_the_command_line_compares_with_a_plan_file(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], knowledge: Knowledge
) -> None:
    export, stored = tmp_path / "lines.json", tmp_path / "plan.json"
    export.write_text(json.dumps(LINES), encoding="utf-8")
    stored.write_text(plan_json(made(knowledge)), encoding="utf-8")
    usual = ["plan", str(export), "--as-of", "2026-11-23", "--against", str(stored)]

    assert main(usual) == 0
    assert b"Nothing changes." in capsysbinary.readouterr().out
    assert main([*usual, "--set", "choose.s2=buy-now"]) == 1
    assert b"s2: as recommended" in capsysbinary.readouterr().out
    assert main([*usual[:4], "--to", "plan", "--output", str(tmp_path)]) == 0
    (saved,) = capsysbinary.readouterr().out.decode().split()
    assert main([*usual[:4], "--against", saved]) == 0
    assert b"Nothing changes." in capsysbinary.readouterr().out
    stored.write_text("[]", encoding="utf-8")
    assert main(usual) == 2
    assert b"no plan file" in capsysbinary.readouterr().err


def test_what_the_reader_set_stands_in_the_plan_file(knowledge: Knowledge) -> None:
    stated = ["schedule.per_day=2", "schedule.days_off=sat,sun", "choose.s2=stay"]

    settings = plan_object(made(knowledge, *stated))["settings"]

    assert settings["schedule"] == stated[:2]
    assert settings["choices"] == {"s2": "stay"}
