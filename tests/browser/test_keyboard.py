"""What goes wrong on the way, and what leaves, by keyboard alone and in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import fresh
from tests.browser.journey import Planner, portfolio
from tests.browser.states import python_worker

CUSTOMERS = 40

BOTH = pytest.mark.parametrize("language", ["en", "es"])


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is looked for has the focus."""
    for _ in range(400):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str) -> None:
    """Go to a button by keyboard and press it."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def planned(page: Page, language: str) -> Planner:
    """Plan forty customers by keyboard alone."""
    planner = fresh(page, language)
    planner.until_ready()
    tab_to(page, "[data-part=text]")
    page.keyboard.insert_text(portfolio(CUSTOMERS))
    press(page, "[data-part=go]")
    expect(planner.part("heading")).to_be_focused()
    return planner


@BOTH
def test_work_is_canceled_and_a_lost_worker_replaced(page: Page, language: str) -> None:
    """The focus goes on from where the button was, and the plan still stands."""
    planner = planned(page, language)
    before = planner.plan_json()
    python_worker(page).evaluate(
        "setTimeout(() => { const end = Date.now() + 3e4; while (Date.now() < end); })"
    )
    press(page, "[data-part=edit]")
    press(page, "[data-part=go]")
    planner.part("work").wait_for()
    press(page, "[data-part=cancel]")
    planner.until_ready()
    assert page.evaluate("document.activeElement !== document.body")
    assert planner.plan_json() == before
    python_worker(page).evaluate("self.close()")
    planner.failure.wait_for()
    press(page, "[data-part=again]")
    planner.until_ready()
    assert planner.plan_json() == before


@BOTH
def test_a_reload_is_questioned_and_a_plan_file_goes_on(page: Page, language: str) -> None:
    """Saved, reloaded after the browser's question, chosen again: the same plan."""
    planner = planned(page, language)
    before = planner.plan_json()
    press(page, "[data-part=export]")
    expect(page.locator("planner-exports dialog")).to_be_visible()
    with page.expect_download() as download:
        press(page, "[data-export=plan]")
    page.keyboard.press("Escape")
    expect(planner.part("export")).to_be_focused()
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", agree)
    page.reload()
    assert asked == ["beforeunload"]
    planner.until_ready()
    tab_to(page, "[data-part=files]")
    # The browser's own dialog is beyond the page and this test.
    page.locator("[data-part=files]").set_input_files(download.value.path())
    expect(planner.part("opened")).to_be_visible()
    expect(planner.part("heading")).to_be_focused()
    assert planner.plan_json().split('"recommendations"')[1] == before.split('"recommendations"')[1]


@BOTH
def test_files_leave_in_the_other_language(page: Page, language: str) -> None:
    """The language is chosen with the arrow keys; the calendar and the table are written in it."""
    planned(page, language)
    press(page, "[data-part=export]")
    tab_to(page, "[name=export-language]")
    page.keyboard.press("ArrowDown")
    said = {"en": ("Último día pagado", "Quién"), "es": ("Last paid day", "Who")}[language]
    for export, words in zip(("csv", "ics"), said, strict=True):
        with page.expect_download() as download:
            press(page, f"[data-export={export}]")
        content = download.value.path().read_text("utf-8-sig").replace("\n ", "")
        assert words in content


@BOTH
def test_the_agenda_is_shown_to_its_end(page: Page, language: str) -> None:
    """Each press shows more, and the focus goes to the first new entry, until none is left."""
    planner = planned(page, language)
    press(page, "[role=tab][aria-selected=true]")
    page.keyboard.press("End")
    entries = page.locator(".agenda-entry")
    entries.first.wait_for()
    total = planner.element.evaluate(
        "async planner => (await planner.session.ask('agenda', { from: 0, to: 1 })).total"
    )
    while planner.part("more").is_visible():
        before = entries.count()
        planner.part("more").focus()
        page.keyboard.press("Enter")
        expect(entries.nth(before).locator(":focus")).to_have_count(1)
    assert entries.count() == total
