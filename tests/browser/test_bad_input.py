"""Whatever is pasted: a sentence is shown, the text stays, nothing of it runs."""

from __future__ import annotations

import random
import string

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Planner

HEADER = "channel\tsku\tseats\tterm\tstart\tend\n"
ATTACKS = [
    "<script>window.ran = true</script>",
    '<img src="x" onerror="window.ran = true">',
    "'><svg onload='window.ran = true'>",
    '<a href="javascript:window.ran = true">x</a>',
    "{{ 7 * 7 }}",
]


def noise(size: int) -> str:
    """Return printable noise, the same each time."""
    choose = random.Random(1)  # noqa: S311 - nothing secret
    return "".join(choose.choices(string.printable.replace("\r", ""), k=size))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Dear partner, please move us to CSP soon.\nThanks!", id="prose"),
        pytest.param(HEADER, id="header-only"),
        pytest.param("colour\tshape\nred\tround\n", id="unknown-header"),
        pytest.param('{"value": [{"id": 1}', id="broken-json"),
        pytest.param(noise(1_000_000), id="noise"),
    ],
)
def test_what_is_no_list_gets_a_sentence(running: Planner, text: str) -> None:
    """The sentence stands where the plan would, and the text stays in the box."""
    running.bring("")
    running.text.evaluate(
        "(box, text) => { box.value = text; box.dispatchEvent(new Event('input')); }", text
    )
    kept = running.text.input_value()
    running.press_plan()
    assert running.read().strip()
    expect(running.failure).to_be_hidden()
    expect(running.result.locator(".plan-problems").first).to_be_visible()
    expect(running.text).to_be_visible()
    assert running.text.input_value() == kept


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_pasted_runs(running: Planner, attack: str) -> None:
    """Markup in cells is shown as it was pasted, in planned lines and in those set aside."""
    planned = f"WEB_MCA\t{attack}\t25\tP1Y\t2026-03-01\t2027-02-28\n"
    set_aside = f"WEB_MCA\tOffice 365 E3\t25\tP1Y\t2026-03-01\t{attack}\n"
    shown = running.plan(HEADER + planned + set_aside)
    assert attack in shown
    expect(running.view("table")).to_contain_text(attack)
    expect(running.open_line(2)).to_contain_text(attack)
    running.close_sheet()
    expect(running.view("timeline")).to_contain_text(attack)
    assert running.page.evaluate("window.ran") is None
    placed = running.element.locator("script, img, svg[onload], [href^='javascript']")
    assert placed.count() == 0
    assert running.text.input_value() == HEADER + planned + set_aside


def test_a_date_that_does_not_exist_names_its_place(running: Planner) -> None:
    """Line, column and value are on the page, and the other lines are planned."""
    good = "WEB_MCA\tMicrosoft 365 Business Premium\t25\tP1Y\t2026-03-01\t2027-02-28\n"
    bad = "WEB_MCA\tOffice 365 E3\t25\tP1Y\t2026-03-01\t31/02/2027\n"
    running.plan(HEADER + good + bad)
    problems = running.result.locator(".plan-problems")
    expect(problems).to_contain_text("31/02/2027")
    expect(problems).to_contain_text("end")
    expect(problems).to_contain_text("3")
    expect(running.view("table").locator("tr[data-line]")).to_have_count(1)
