"""Paste, press, read: in Spanish, by keyboard, on a guide page, as on the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from builder.paths import ROOT
from tests.browser.journey import AS_OF, SAMPLES, Journal, Planner, sample

REAL_SHAPED = ["own-table.tsv", "bam-subscriptions.csv", "graph-directory-subscriptions.json"]


def test_a_spanish_plan_shows_its_dates_in_spanish(spanish: Planner) -> None:
    """C-01: an annual term bought on the web, same product, 97 days left."""
    spanish.plan(sample("own-table.tsv"))
    first = spanish.plan_html.locator(".plan-line").first
    expect(first).to_contain_text("Microsoft 365 Business Premium")
    expect(first).to_contain_text("30 de diciembre de 2026")
    expect(first).to_contain_text("25 de febrero de 2027")


@pytest.mark.parametrize("name", REAL_SHAPED)
def test_a_real_shaped_export_is_planned(spanish: Planner, name: str) -> None:
    """Each line of an export becomes a recommendation or a problem."""
    spanish.plan(sample(name))
    expect(spanish.plan_html.locator(".plan-line").first).to_be_visible()
    expect(spanish.status).not_to_be_empty()


def test_every_citation_leads_to_its_rule(spanish: Planner) -> None:
    """Each id in a plan is a link to an anchor that the rules page has."""
    spanish.plan(sample("own-table.tsv"))
    cited: list[str] = spanish.plan_html.evaluate(
        "plan => [...new Set([...plan.querySelectorAll('a.cite')].map(link => link.href))]"
    )
    assert cited
    spanish.page.goto("/es/rules/")
    anchors: set[str] = set(
        spanish.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    )
    page, _, _ = spanish.page.url.partition("#")
    assert [link for link in cited if link.removeprefix(f"{page}#") not in anchors] == []


@pytest.mark.parametrize("name", REAL_SHAPED)
def test_the_page_and_the_command_line_plan_the_same(planner: Planner, name: str) -> None:
    """Pyodide and CPython write the same bytes."""
    planner.plan(sample(name))
    arguments = ["plan", str(SAMPLES / name), "--as-of", AS_OF, "--to", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "planner", *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr.decode()
    assert planner.plan_json().encode() == done.stdout


def test_the_example_is_planned_with_one_click(spanish: Planner) -> None:
    """It is in the page's language and takes no further step."""
    spanish.part("example").click()
    spanish.read()
    expect(spanish.plan_html.locator(".plan-line").first).to_be_visible()
    assert "\t" in spanish.text.input_value() or "," in spanish.text.input_value()


def test_a_guide_page_fetches_nothing_of_python_until_the_planner_is_opened(
    page: Page, journal: Journal
) -> None:
    """Reading the guide costs no one the planner; opened there, it works."""
    page.goto("/es/move/", wait_until="networkidle")
    assert journal.of_python == []
    planner = Planner(page)
    planner.element.locator("summary").first.click()
    assert "25 de febrero de 2027" in planner.plan(sample("own-table.tsv"))
    assert journal.of_python


def test_a_request_made_too_early_is_kept(planner: Planner) -> None:
    """Pressing the button before Python is ready says so, and the plan follows by itself."""
    planner.page.locator("csp-planner:defined").wait_for()
    planner.set_as_of()
    planner.text.fill(sample("own-table.tsv"))
    planner.press_plan()
    assert planner.element.get_attribute("data-runtime-state") != "ready"
    expect(planner.status).to_contain_text("as soon as the planner is ready")
    assert "February 25, 2027" in planner.read()


def test_by_keyboard_alone(spanish: Planner) -> None:
    """Tab to the box, paste, tab to the button, press Enter, land on the result."""
    page = spanish.page
    spanish.until_ready()

    def tab_to(part: str) -> None:
        for _ in range(80):
            if page.evaluate("document.activeElement.dataset.part") == part:
                return
            page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not reach {part}")

    tab_to("text")
    page.keyboard.insert_text(sample("own-table.tsv"))
    tab_to("go")
    page.keyboard.press("Enter")
    spanish.read()
    expect(spanish.part("heading")).to_be_focused()


def test_an_edit_marks_the_plan_as_older(planner: Planner) -> None:
    """The plan stays on the page, with a sentence that the text has changed since."""
    planner.plan(sample("own-table.tsv"))
    expect(planner.part("stale")).to_be_hidden()
    planner.text.press_sequentially("x")
    expect(planner.part("stale")).to_be_visible()
    expect(planner.plan_html.locator(".plan-line").first).to_be_visible()


def test_the_examples_day_is_not_kept_for_text_of_the_readers_own(planner: Planner) -> None:
    """A list pasted over the example is planned on today, or the day that it names."""
    planner.until_ready()
    today = planner.part("as-of").input_value()
    planner.part("example").click()
    planner.text.fill("sku,channel,end\nVisio,WEB_MCA,2027-02-28\n")
    expect(planner.part("as-of")).to_have_value(today)


def test_an_untouched_date_box_leaves_the_day_to_the_paste(planner: Planner) -> None:
    """A pasted as-of day counts where the reader chose none."""
    planner.until_ready()
    planner.text.fill("sku,channel,end,as of\nVisio,WEB_MCA,2027-02-28,2026-12-01\n")
    planner.part("go").click()
    planner.part("result").wait_for()
    assert '"as_of": "2026-12-01"' in planner.plan_json()


def test_text_taken_out_of_the_box_comes_back(planner: Planner) -> None:
    """Neither the example nor starting over costs the reader what was pasted."""
    planner.until_ready()
    planner.text.fill("my own list")
    planner.part("over").click()
    expect(planner.text).to_have_value("")
    planner.part("restore").click()
    expect(planner.text).to_have_value("my own list")
    planner.part("example").click()
    expect(planner.text).not_to_have_value("my own list")
    planner.part("restore").click()
    expect(planner.text).to_have_value("my own list")


def test_today_is_the_day_in_utc(page: Page) -> None:
    """In Tokyo it is already the 24th when the planner still says the 23rd."""
    page.clock.install(time="2026-11-23T20:00:00Z")
    page.goto("/en/planner/")
    expect(Planner(page).part("as-of")).to_have_value("2026-11-23")
