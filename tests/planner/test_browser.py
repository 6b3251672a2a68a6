"""What the page calls: always an answer, and the same plan as the command line's."""

import datetime as dt
import json
import random
from typing import Any

import pytest

from planner import browser
from planner.knowledge import Knowledge
from planner.model import Plan
from planner.planning import plan_pasted
from planner.writing.contract import plan_json

TEXT = "sku,as of\nVisio,2026-12-01\n"


@pytest.fixture(autouse=True)
def _compiled(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_knowledge", lambda: knowledge)


def answer(text: str, **settings: Any) -> dict[str, Any]:
    stated = {"language": "en", "rules_url": "../rules/", **settings}
    answered = json.loads(browser.plan(text, json.dumps(stated)))
    return {**answered, "plan": json.loads(answered["plan"])}


def test_a_day_that_the_reader_chose_counts_more_than_the_one_pasted() -> None:
    assert answer(TEXT, as_of="2027-01-01")["plan"]["as_of"] == "2027-01-01"


@pytest.mark.parametrize("settings", [{}, {"as_of": ""}])
def test_without_a_chosen_day_the_one_that_all_lines_name_counts(settings: dict[str, str]) -> None:
    answered = answer(TEXT, **settings)

    assert answered["plan"]["as_of"] == "2026-12-01"
    assert "because every line names this day" in answered["html"]


def test_without_any_day_it_is_today() -> None:
    today = dt.datetime.now(dt.UTC).date()

    assert answer("sku\nVisio\n")["plan"]["as_of"] in {
        today.isoformat(),
        (today + dt.timedelta(days=1)).isoformat(),
    }


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"as_of": "soon"}, "not-a-date"),
        ({"as_of": "9999-12-31"}, "day-out-of-range"),
        ({"as_of": "0002-01-01"}, "day-out-of-range"),
        ({"market": "Germany"}, "not-a-country"),
    ],
)
def test_a_setting_that_cannot_be_used_gets_a_sentence(
    settings: dict[str, str], problem: str
) -> None:
    answered = answer(TEXT, **settings)

    assert [one["id"] for one in answered["plan"]["problems"]] == [problem]
    assert "plan-problems" in answered["html"]


@pytest.mark.parametrize("as_of", ["1990-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_can_be_planned_on(as_of: str) -> None:
    text = "sku,channel,start,end,term,auto renew\n" + "".join(
        f"Visio,CSP_OTHER_NCE,{start},{end},P1M,on\n"
        for start in ("1990-01-01", "2200-12-31", "")
        for end in ("1990-01-01", "2200-12-31", "")
    )

    assert not answer(text, as_of=as_of)["plan"]["problems"]


def test_what_breaks_is_said_without_repeating_what_was_pasted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> Plan:
        raise KeyError(TEXT)

    monkeypatch.setattr(browser, "plan_pasted", broken)

    answered = answer("sku,customer\nVisio,Contoso\n")

    assert "The plan could not be made." in answered["html"]
    assert "KeyError, test_browser.py:" in answered["html"]
    assert "Contoso" not in json.dumps(answered)


def test_half_a_surrogate_pair_changes_no_byte_between_page_and_command_line(
    knowledge: Knowledge,
) -> None:
    text = '[{"sku": "Visio\\ud800", "customer": "\\udfff", "end": "2027-01-31"}]'
    day = dt.date(2026, 11, 23)

    page = browser.plan(text, '{"language": "en", "as_of": "2026-11-23", "rules_url": ""}')

    assert page.encode()
    assert json.loads(page)["plan"] == plan_json(plan_pasted(text, day, knowledge))


def test_each_start_from_an_image_has_random_numbers_of_its_own() -> None:
    browser.warm()
    state = random.getstate()
    assert browser.wake()
    first = random.random()  # noqa: S311 - not for secrets
    random.setstate(state)
    assert browser.wake()
    assert random.random() != first  # noqa: S311


def test_an_image_that_plans_otherwise_is_not_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    browser.warm()
    monkeypatch.setattr(browser, "plan_json", lambda _: "something else")
    assert not browser.wake()
