"""What is brought: dropped workbooks, files that are too large, columns named by the reader."""

from __future__ import annotations

import io
import json
from base64 import b64encode

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.journey import AS_OF, Journal, Planner, portfolio
from tests.browser.states import EITHER_ORDER, drop, python_worker

UNNAMED = "Customer,Article,Channel,Last day\nZenith,Visio Plan 2,WEB_MCA,2027-04-30\n"


def workbook() -> str:
    """Return an Excel workbook with two lines, in base64."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in portfolio(1, 2).splitlines():
        sheet.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    return b64encode(content.getvalue()).decode()


def test_a_dropped_workbook_is_read(running: Planner) -> None:
    """What reads workbooks is fetched then, and the file stands beside the box."""
    running.bring("")
    drop(running.page, "customers.xlsx", workbook())
    expect(running.part("sources")).to_contain_text("customers.xlsx")
    expect(running.understood).to_contain_text("2 subscriptions understood")
    running.press_plan()
    running.read()
    assert len(json.loads(running.plan_json())["recommendations"]) == 2
    running.part("edit").click()
    running.part("sources").get_by_role("button").click()


def test_what_reads_workbooks_may_not_arrive(page: Page, journal: Journal) -> None:
    """The sentence names the connection; the file stays, and is read once it works again."""
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.until_ready()
    page.route("**/runtime/**", lambda route: route.abort())
    drop(page, "customers.xlsx", workbook())
    refused = planner.part("refused").first
    expect(refused).to_contain_text("Check your connection")
    expect(planner.part("sources")).to_contain_text("customers.xlsx")
    page.unroute("**/runtime/**")
    journal.complaints.clear()
    planner.press_plan()
    planner.read()
    assert len(json.loads(planner.plan_json())["recommendations"]) == 2
    expect(refused).to_be_hidden()


def test_what_could_not_be_read_is_not_planned_as_what_was_read_before(
    page: Page, journal: Journal
) -> None:
    """An earlier plan stands and is called older; it is never shown as the plan of the new file."""
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.plan(portfolio(1, 3))
    planner.part("edit").click()
    page.evaluate(
        "document.querySelector('csp-planner').addEventListener('planned', () => "
        "document.body.dataset.again = 'yes')"
    )
    page.route("**/runtime/**", lambda route: route.abort())
    planner.bring("")
    drop(page, "customers.xlsx", workbook())
    planner.press_plan()
    expect(planner.part("refused").first).to_contain_text("Check your connection")
    expect(planner.part("stale")).to_be_visible()
    assert page.evaluate("document.body.dataset.again ?? 'no'") == "no"
    journal.complaints.clear()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "This file is empty."),
        ("plan.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "This is a PDF"),
    ],
)
def test_a_dropped_file_without_text_says_so(
    running: Planner, name: str, content: bytes, said: str
) -> None:
    running.bring("")
    drop(running.page, name, b64encode(content).decode())
    expect(running.part("reading")).to_contain_text(said)
    expect(running.part("reading")).to_contain_text(name)
    running.part("sources").get_by_role("button").click()


def test_a_file_that_is_too_large_is_refused_and_all_else_stays(running: Planner) -> None:
    """It is not even read; what stood there before still does."""
    running.bring(EITHER_ORDER)
    drop(running.page, "everything.csv", "", 90_000_000)
    expect(running.part("refused").first).to_contain_text("larger than the planner can hold")
    expect(running.part("sources")).to_be_hidden()
    expect(running.text).to_have_value(EITHER_ORDER)


def test_a_column_is_read_as_the_reader_says(running: Planner) -> None:
    """Named, it counts; left out, it doesn't; found again, the choice is gone."""
    running.bring(UNNAMED)
    columns = running.understood.locator(".part-columns > summary")
    columns.click()
    day = running.understood.locator('[data-column="Last day"]')
    day.select_option("term_end")
    expect(running.understood.locator(".reading-preview")).to_contain_text("April 30, 2027")
    running.press_plan()
    running.read()
    assert '"end": "2027-04-30"' in running.plan_json()
    running.part("edit").click()
    day.select_option("")
    expect(running.understood).not_to_contain_text("April 30, 2027")


def test_a_customer_is_named_once_for_a_part(running: Planner) -> None:
    """Exports of one customer don't say whose they are."""
    running.bring("Product,Channel,Seats,End\nVisio Plan 2,WEB_MCA,5,2027-04-30\n")
    name = running.understood.locator("[data-customer-of]")
    name.fill("Zenith <Ltd>")
    name.press("Tab")
    expect(running.understood.locator(".reading-preview")).to_contain_text("Zenith <Ltd>")
    running.press_plan()
    running.read()
    assert '"customer": "Zenith <Ltd>"' in running.plan_json()


def test_memory_that_runs_short_costs_no_text(page: Page, journal: Journal) -> None:
    """Python is ended and says nothing more; a new one plans what is still there."""

    def starve(route: Route) -> None:
        answer = route.fetch()
        short = 'if (request.kind === "plan") throw new RangeError("Out of memory");\n'
        text = answer.text()
        assert "let answered = ask();" in text
        body = text.replace("let answered = ask();", f"{short}let answered = ask();")
        route.fulfill(response=answer, body=body)

    page.route("**/worker.js", starve)
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.text.fill(portfolio(2))
    planner.press_plan()
    shown = planner.element.locator("[data-reason]:visible")
    expect(shown).to_contain_text("run short of memory")
    expect(planner.text).to_have_value(portfolio(2))
    page.unroute("**/worker.js")
    journal.complaints.clear()
    planner.part("again").click()
    planner.read()
    expect(planner.failure).to_be_hidden()


@pytest.fixture
def kept(running: Planner) -> bytes:
    """A plan file with a step ticked off."""
    running.plan(portfolio(4))
    running.open_line(3).locator("[data-mark]").first.check()
    running.close_sheet()
    text: str = running.element.evaluate(
        "async planner => (await planner.session.ask('export', { export: 'plan' })).files[0].text"
    )
    running.part("undo").click()
    return text.encode()


def opened(planner: Planner, content: bytes) -> None:
    """Open a plan file and wait for its plan."""
    planner.part("files").set_input_files(
        {"name": "plan.json", "mimeType": "application/json", "buffer": content}
    )
    expect(planner.result).to_be_visible()
    expect(planner.part("standing")).not_to_be_empty()


def test_an_opened_plan_outlasts_its_worker(planner: Planner, kept: bytes) -> None:
    """Killed or canceled, what the file held comes back with the next worker."""
    opened(planner, kept)
    before = planner.plan_json()
    python_worker(planner.page).evaluate("self.close()")
    planner.failure.wait_for()
    planner.part("again").click()
    planner.until_ready()
    assert planner.plan_json() == before
    expect(planner.open_line(3).locator("[data-mark]").first).to_be_checked()
    planner.close_sheet()
    python_worker(planner.page).evaluate(
        "setTimeout(() => { const end = Date.now() + 3e4; while (Date.now() < end); })"
    )
    planner.part("settings").click()
    planner.part("cancel").wait_for(state="attached")
    planner.element.evaluate("planner => planner.session.cancel()")
    planner.until_ready()
    assert planner.plan_json() == before


def test_an_opened_plan_is_handed_over_whole(page: Page, kept: bytes) -> None:
    """From a page of the guide to the planner's own, ticks included."""
    page.goto(f"/en/move/?as_of={AS_OF}")
    planner = Planner(page)
    planner.element.locator("summary").first.click()
    planner.until_ready()
    opened(planner, kept)
    with page.expect_popup() as popup:
        planner.part("hand-over").click()
    whole = Planner(popup.value)
    whole.result.wait_for()
    expect(whole.open_line(3).locator("[data-mark]").first).to_be_checked()


def test_try_again_opens_the_plan_file_that_python_failed_to_start_for(
    page: Page, journal: Journal, kept: bytes
) -> None:
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.failure.wait_for()
    planner.part("files").set_input_files(
        {"name": "plan.json", "mimeType": "application/json", "buffer": kept}
    )
    expect(planner.failure).to_be_hidden()
    planner.failure.wait_for()
    page.unroute("**/*.wasm")
    journal.complaints.clear()
    planner.part("again").click()
    expect(planner.part("sources")).to_contain_text("plan.json", timeout=PATIENCE)
    expect(planner.open_line(3).locator("[data-mark]").first).to_be_checked()


def test_a_plan_file_given_up_before_python_is_ready_is_said_not_to_be_open(
    page: Page, kept: bytes
) -> None:
    page.route("**/*.wasm", lambda _route: None)
    page.goto("/en/planner/")
    planner = Planner(page)
    planner.part("files").set_input_files(
        {"name": "plan.json", "mimeType": "application/json", "buffer": kept}
    )
    planner.part("cancel").click()
    expect(planner.status).to_contain_text("The plan file has not been opened")
    expect(planner.part("sources")).to_be_hidden()


def test_a_pasted_plan_file_is_opened_even_before_the_planner_has_come(
    page: Page, kept: bytes
) -> None:
    """On the day that it was made for, with its ticks; it is no list to be read."""
    held: list[Route] = []
    page.route("**/element.js", lambda route: held.append(route))  # noqa: PLW0108 - it wants a function
    page.goto("/en/planner/", wait_until="commit")
    planner = Planner(page)
    planner.text.fill(kept.decode())
    for route in held:
        route.continue_()
    expect(planner.result).to_be_visible(timeout=PATIENCE)
    expect(planner.text).to_have_value("")
    assert json.loads(planner.plan_json())["as_of"] == AS_OF


def test_a_refused_plan_file_leaves_what_is_in_the_box_understood(page: Page) -> None:
    held: list[Route] = []
    page.route("**/*.wasm", lambda route: held.append(route))  # noqa: PLW0108 - it wants a function
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.bring(portfolio(2))
    planner.press_plan()
    planner.part("files").set_input_files(
        {
            "name": "plan.json",
            "mimeType": "application/json",
            "buffer": b'{"kind": "csp-move-plan", "version": 99}',
        }
    )
    for route in held:
        route.continue_()
    expect(planner.part("refused").first).to_be_visible(timeout=PATIENCE)
    expect(planner.understood).to_contain_text("6 subscriptions understood")


def test_what_broke_once_is_planned_when_asked_again(planner: Planner) -> None:
    """And the sentence about it is gone with the next plan, however that was asked for."""
    planner.until_ready()
    for button in ("again", "go"):
        planner.element.evaluate(
            """planner => {
                const { session } = planner;
                const ask = session.ask.bind(session);
                session.ask = (kind, payload) => {
                    if (kind !== "plan") return ask(kind, payload);
                    session.ask = ask;
                    return Promise.resolve({ id: 0, ok: false, reason: "other", detail: "tried" });
                };
            }"""
        )
        planner.bring(portfolio(2))
        planner.part("go").click()
        planner.failure.wait_for()
        planner.press_plan(button)
        planner.read()
        expect(planner.failure).to_be_hidden()
