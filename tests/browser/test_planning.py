"""Paste, press, read: in Spanish, by keyboard, on a guide page, as on the command line."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, Route, expect

from builder.paths import ROOT
from tests.browser import states
from tests.browser.journey import AS_OF, SAMPLES, Journal, Planner, portfolio, sample

REAL_SHAPED = ["own-table.tsv", "bam-subscriptions.csv", "graph-directory-subscriptions.json"]


def test_a_spanish_plan_shows_its_dates_in_spanish(running_spanish: Planner) -> None:
    """C-01: an annual term bought on the web, same product, 97 days left."""
    running_spanish.plan(sample("own-table.tsv"))
    first = running_spanish.open_line(2)
    expect(first).to_contain_text("Microsoft 365 Business Premium")
    expect(first).to_contain_text("30 de diciembre de 2026")
    expect(first).to_contain_text("25 de febrero de 2027")


@pytest.mark.parametrize("name", REAL_SHAPED)
def test_a_real_shaped_export_is_planned(running_spanish: Planner, name: str) -> None:
    """Each line of an export becomes a recommendation or a problem."""
    running_spanish.plan(sample(name))
    expect(running_spanish.status).not_to_be_empty()
    expect(running_spanish.view("table").locator("tr[data-line]").first).to_be_visible()


def test_every_citation_leads_to_its_rule(running_spanish: Planner, page: Page) -> None:
    """Each id in a plan is a link to an anchor that the rules page has."""
    running_spanish.plan(sample("own-table.tsv"))
    line = running_spanish.open_line(2)
    line.wait_for()
    cited: list[str] = line.evaluate(
        "line => [...new Set([...line.querySelectorAll('a.cite')].map(link => link.href))]"
    )
    assert cited
    page.goto("/es/rules/")
    anchors: set[str] = set(
        page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    )
    assert [link for link in cited if link.removeprefix(f"{page.url}#") not in anchors] == []


@pytest.mark.parametrize("name", REAL_SHAPED)
def test_the_page_and_the_command_line_plan_the_same(running: Planner, name: str) -> None:
    """Pyodide and CPython write the same bytes."""
    running.bring("")
    running.part("files").set_input_files(SAMPLES / name)
    running.press_plan()
    running.read()
    planned = running.plan_json()
    running.part("edit").click()
    running.part("sources").get_by_role("button").click()
    arguments = ["plan", str(SAMPLES / name), "--as-of", AS_OF, "--to", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "planner", *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr.decode()
    assert planned.encode() == done.stdout


def test_the_example_is_planned_with_one_click(page: Page) -> None:
    """It is in the page's language, on its own day, and takes no further step."""
    page.goto("/es/planner/")
    planner = Planner(page)
    planner.press_plan("example")
    planner.read()
    expect(planner.result.locator(".summary-counts")).to_be_visible()
    expect(planner.part("standing")).to_contain_text("23 de noviembre de 2026")
    planner.part("edit").click()
    assert "\t" in planner.text.input_value() or "," in planner.text.input_value()
    planner.plan("sku,channel,end,as of\nVisio,WEB_MCA,2027-02-28,2026-12-01\n")
    assert '"as_of": "2026-12-01"' in planner.plan_json()


def test_a_guide_page_fetches_nothing_of_python_until_the_planner_is_opened(
    page: Page, journal: Journal
) -> None:
    """Reading the guide costs no one the planner; opened there, it works and hands over."""
    page.goto(f"/es/move/?as_of={AS_OF}", wait_until="networkidle")
    assert journal.of_python == []
    planner = Planner(page)
    planner.element.locator("summary").first.click()
    planner.plan(sample("own-table.tsv"))
    assert journal.of_python
    before = planner.plan_json()
    with page.expect_popup() as opened:
        planner.part("hand-over").click()
    whole = Planner(opened.value)
    whole.result.wait_for()
    assert "#" not in whole.page.url
    assert whole.plan_json() == before
    assert "25 de febrero de 2027" in whole.open_line(2).inner_text()


def test_a_request_made_too_early_is_kept(page: Page) -> None:
    """Pressing the button before Python is ready says so, and the plan follows by itself."""
    held: list[Route] = []
    page.route("**/contents.json", lambda route: held.append(route))  # noqa: PLW0108 - it wants a function
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.text.fill(sample("own-table.tsv"))
    planner.press_plan()
    expect(planner.status).to_contain_text("as soon as the planner is ready")
    for route in held:
        route.continue_()
    planner.read()
    assert "February 25, 2027" in planner.open_line(2).inner_text()


def test_what_was_understood_shows_by_itself(running: Planner) -> None:
    """Nothing needs to be pressed to see how a list was read."""
    running.bring(sample("bam-subscriptions.csv"))
    expect(running.understood).to_contain_text("batch migration tool")
    running.bring("")
    expect(running.understood).to_contain_text("Paste a list")


def test_files_stand_beside_the_box_and_can_be_taken_away(running: Planner) -> None:
    """A file is read as it is; taken away, it counts no more."""
    running.bring("")
    running.part("files").set_input_files(SAMPLES / "bam-subscriptions.csv")
    expect(running.understood).to_contain_text("batch migration tool")
    expect(running.part("sources")).to_contain_text("bam-subscriptions.csv")
    expect(running.text).to_have_value("")
    running.part("sources").get_by_role("button").click()
    expect(running.part("sources")).to_be_hidden()
    expect(running.understood).to_contain_text("Paste a list")


def test_a_very_long_paste_stands_beside_the_box(running: Planner) -> None:
    """Ten thousand lines in a text box would freeze the page."""
    running.bring("")
    running.text.evaluate(
        """(box, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const options = { clipboardData, bubbles: true, cancelable: true };
            box.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        portfolio(400),
    )
    expect(running.part("sources")).to_contain_text("Pasted list")
    expect(running.understood).to_contain_text("1,200 subscriptions understood")
    running.part("sources").get_by_role("button").click()


def test_an_edit_marks_the_plan_as_older(running: Planner) -> None:
    """The plan stays on the page, with a sentence that the text has changed since."""
    running.plan(sample("own-table.tsv"))
    expect(running.part("stale")).to_be_hidden()
    running.bring(f"{sample('own-table.tsv')}x")
    expect(running.part("stale")).to_be_visible()
    expect(running.result.locator(".summary-counts")).to_be_visible()
    running.press_plan("replan")
    running.read()
    expect(running.part("stale")).to_be_hidden()


def test_text_taken_out_of_the_box_comes_back(planner: Planner) -> None:
    """The example costs the reader nothing of what was pasted."""
    planner.until_ready()
    planner.text.fill("my own list")
    planner.press_plan("example")
    planner.read()
    planner.part("edit").click()
    expect(planner.text).not_to_have_value("my own list")
    planner.part("restore").click()
    expect(planner.text).to_have_value("my own list")


def test_settings_travel_in_the_address_and_stay_but_the_day(running: Planner) -> None:
    """A plan of today must not be made on a day chosen long ago."""
    running.plan(sample("own-table.tsv"))
    running.part("settings").click()
    page = running.page
    page.locator('[name="P-02.relationship_request_lead"]').fill("20")
    expect(running.status).to_contain_text("follows")
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "relationship_request_lead=20" in page.url
    assert f"as_of={AS_OF}" in page.url
    assert "relationship_request_lead" in stored
    assert AS_OF not in stored
    page.locator("planner-settings [data-part=reset]").click()
    expect(page.locator("[name=as_of]")).to_have_value("")
    assert "as_of" not in page.url
    assert "csp-planner" not in page.evaluate("JSON.stringify(localStorage)")
    for _ in range(2):
        running.close_sheet()
        running.part("undo").click()
    expect(running.part("standing")).to_contain_text("November 23, 2026")
    expect(page).not_to_have_url(re.compile("relationship_request_lead"))


def test_a_plan_made_again_is_drawn_once(running: Planner) -> None:
    """Drawn twice, it takes twice as long and a screen reader may lose its place."""
    running.plan(sample("own-table.tsv"))
    running.element.evaluate(
        """planner => {
            window.drawings = 0;
            const seen = new MutationObserver(() => { window.drawings += 1; });
            for (const place of ["[data-part=plan]", "planner-questions"]) {
                seen.observe(planner.querySelector(place), { childList: true });
            }
        }"""
    )
    running.plan(sample("bam-subscriptions.csv"))
    states.settle(running)
    assert running.page.evaluate("window.drawings") == 2  # the overview, then the questions
