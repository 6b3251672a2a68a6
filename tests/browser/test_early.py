"""What a reader does before the planner, or Python, has come counts all the same."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.journey import AS_OF, SAMPLES, Journal, Planner, portfolio, sample
from tests.browser.states import drop

TEXT = sample("own-table.tsv")
LIST = SAMPLES / "own-table.tsv"

#: Opens a page whose own modules don't come; what it returns lets them.
Late = Callable[[str], Callable[[], None]]


@pytest.fixture
def late(page: Page) -> Late:
    """Open a page before the planner's own modules have come."""

    def open_page(address: str) -> Callable[[], None]:
        held: list[Route] = []
        come = threading.Event()

        def hold(route: Route) -> None:
            if come.is_set():
                route.continue_()
            else:
                held.append(route)

        def let_come() -> None:
            assert held
            come.set()
            for route in held:
                route.continue_()

        page.route(re.compile(r"/(element|boot|launch|when|closed)\.js$"), hold)
        page.goto(address, wait_until="commit")
        Planner(page).text.wait_for(state="attached")
        return let_come

    return open_page


@pytest.fixture
def planner(page: Page) -> Planner:
    """The planner of a page that a test opens."""
    return Planner(page)


def expect_plan(planner: Planner) -> None:
    expect(planner.result).to_contain_text("Next deadlines", timeout=PATIENCE)
    expect(planner.part("stale")).to_be_hidden()


def test_python_starts_before_the_planner_s_own_modules_have_come(
    page: Page, planner: Planner, late: Late
) -> None:
    with page.expect_request("**/pyodide.asm.wasm"):
        let_come = late("/en/planner/")
    let_come()
    assert "Next deadlines" in planner.plan(TEXT)


def test_pasted_and_pressed_too_early_it_is_planned(planner: Planner, late: Late) -> None:
    let_come = late("/en/planner/")
    planner.text.fill(TEXT)
    planner.part("go").click()
    let_come()
    expect_plan(planner)


def test_the_last_button_pressed_too_early_counts(planner: Planner, late: Late) -> None:
    """A sheet for who wanted the settings after all."""
    let_come = late("/en/planner/")
    planner.part("example").click()
    planner.part("settings-first").click()
    let_come()
    expect(planner.page.locator("planner-settings dialog")).to_be_visible()
    expect(planner.text).to_have_value("")


def test_a_file_chosen_too_early_is_planned_once_that_is_pressed(
    planner: Planner, late: Late
) -> None:
    let_come = late("/en/planner/")
    planner.part("files").set_input_files(LIST)
    planner.part("go").click()
    let_come()
    expect_plan(planner)
    assert "own-table.tsv" in planner.part("sources").inner_text()


def test_a_file_dropped_too_early_is_read(planner: Planner, late: Late) -> None:
    """And the browser doesn't leave the page for it."""
    let_come = late("/en/planner/")
    drop(planner.page, "mine.csv", "UHJvZHVjdCxTZWF0cwpWaXNpbyBQbGFuIDIsNQo=")
    let_come()
    expect(planner.understood).to_contain_text("mine.csv", timeout=PATIENCE)


def test_long_text_pasted_too_early_stands_beside_the_box(planner: Planner, late: Late) -> None:
    let_come = late("/en/planner/")
    planner.text.fill(portfolio(300))
    let_come()
    expect(planner.part("sources").locator("li")).to_have_count(1, timeout=PATIENCE)
    expect(planner.text).to_have_value("")
    expect(planner.understood).to_contain_text("900 subscriptions", timeout=PATIENCE)


def test_a_file_and_a_press_at_the_same_moment_belong_together(
    planner: Planner, page: Page
) -> None:
    page.goto("/en/planner/")
    planner.until_ready()
    planner.part("files").evaluate(
        """chooser => {
            const all = new DataTransfer();
            all.items.add(new File(["Product,Seats\\nVisio Plan 2,5\\n"], "mine.csv"));
            chooser.files = all.files;
            chooser.dispatchEvent(new Event("change"));
            document.querySelector("[data-part=go]").click();
        }"""
    )
    expect(planner.result).to_contain_text("Visio Plan 2")
    expect(planner.part("stale")).to_be_hidden()


def test_the_planner_of_a_guide_page_opened_too_early_comes(planner: Planner, late: Late) -> None:
    """Though nothing heard of it, and the pointer has moved on."""
    let_come = late("/en/move/")
    planner.element.locator("summary").first.click()
    planner.page.mouse.move(1, 1)
    let_come()
    planner.until_ready()


def test_leaving_is_questioned_for_what_was_pasted_too_early(
    planner: Planner, page: Page, late: Late
) -> None:
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    with page.expect_request("**/pyodide.asm.wasm"):
        let_come = late("/en/planner/")
    planner.text.fill(TEXT)
    page.route("**/runtime/**", lambda _route: None)
    let_come()
    page.locator("csp-planner:defined").wait_for()
    page.goto("/en/rules/")
    assert asked == ["beforeunload"]


@pytest.fixture
def starting(page: Page) -> Callable[[], None]:
    """The planner's page while Python starts; called, it lets that go on."""
    held: list[Route] = []
    page.route("**/pyodide.asm.wasm", lambda route: held.append(route))  # noqa: PLW0108 - it wants a function
    page.goto(f"/en/planner/?as_of={AS_OF}")

    def go_on() -> None:
        for route in held:
            route.continue_()

    return go_on


def test_a_plan_asked_for_before_python_is_ready_can_be_given_up(
    planner: Planner, starting: Callable[[], None]
) -> None:
    """What was pasted is looked at all the same, and planned only when it is asked for again."""
    planner.bring(TEXT)
    planner.press_plan()
    planner.part("cancel").click()
    expect(planner.part("work")).to_be_hidden()
    expect(planner.status).to_contain_text("Your text is still here")
    starting()
    expect(planner.understood).to_contain_text("12 subscriptions", timeout=PATIENCE)
    # Python answers in order: a plan asked for before would have come by then.
    planner.element.evaluate("planner => planner.session.ask('settings', {})")
    assert planner.element.evaluate("planner => planner.session.planned") is False
    expect(planner.part("work")).to_be_hidden()
    assert "Next deadlines" in planner.plan(TEXT)


def test_what_failed_to_start_promises_nothing_to_who_goes_on(
    planner: Planner, page: Page, journal: Journal
) -> None:
    """The plan is asked for again by *Try again* alone; another file is only read."""
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto("/en/planner/")
    planner.text.fill(TEXT)
    planner.part("go").click()
    planner.failure.wait_for()
    page.unroute("**/*.wasm")
    journal.complaints.clear()
    planner.part("files").set_input_files(LIST)
    expect(planner.understood).to_contain_text("own-table.tsv", timeout=PATIENCE)
    expect(planner.status).to_contain_text("Nothing has been planned yet")
    expect(planner.part("work")).to_be_hidden()
    expect(planner.result).to_be_hidden()
