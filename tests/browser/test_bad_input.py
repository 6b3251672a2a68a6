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
def test_what_is_no_list_gets_a_sentence(planner: Planner, text: str) -> None:
    """The sentence stands where the plan would, and the text stays in the box."""
    planner.until_ready()
    planner.text.evaluate(
        "(box, text) => { box.value = text; box.dispatchEvent(new Event('input')); }", text
    )
    kept = planner.text.input_value()
    planner.set_as_of()
    planner.press_plan()
    assert planner.read().strip()
    expect(planner.failure).to_be_hidden()
    expect(planner.plan_html.locator(".plan-error, .plan-problems").first).to_be_visible()
    assert planner.text.input_value() == kept


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_pasted_runs(planner: Planner, attack: str) -> None:
    """Markup in cells is shown as it was pasted, in planned lines and in those set aside."""
    planned = f"WEB_MCA\t{attack}\t25\tP1Y\t2026-03-01\t2027-02-28\n"
    set_aside = f"WEB_MCA\tOffice 365 E3\t25\tP1Y\t2026-03-01\t{attack}\n"
    shown = planner.plan(HEADER + planned + set_aside)
    assert attack in shown
    assert planner.page.evaluate("window.ran") is None
    assert planner.plan_html.locator("script, img, svg, [href^='javascript']").count() == 0
    assert planner.text.input_value() == HEADER + planned + set_aside


def test_a_date_that_does_not_exist_names_its_place(planner: Planner) -> None:
    """Line, column and value are on the page, and the other lines are planned."""
    good = "WEB_MCA\tMicrosoft 365 Business Premium\t25\tP1Y\t2026-03-01\t2027-02-28\n"
    bad = "WEB_MCA\tOffice 365 E3\t25\tP1Y\t2026-03-01\t31/02/2027\n"
    planner.plan(HEADER + good + bad)
    expect(planner.plan_html.locator(".plan-line")).to_have_count(1)
    problems = planner.plan_html.locator(".plan-problems")
    expect(problems).to_contain_text("31/02/2027")
    expect(problems).to_contain_text("end")
    expect(problems).to_contain_text("3")
