"""When something breaks on the way, the page says what to do and keeps the text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, Route, Worker, expect

from tests.browser.journey import AS_OF, Journal, Planner, sample

TEXT = sample("own-table.tsv")


def reason(planner: Planner, name: str) -> None:
    """Expect the failure sentence of one reason, and no other."""
    planner.failure.wait_for()
    shown = planner.element.locator("[data-reason]:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("data-reason", name)


def python_worker(page: Page) -> Worker:
    """Return the planner's worker (the search has one of its own)."""
    [worker] = [worker for worker in page.workers if worker.url.startswith("blob:")]
    return worker


@pytest.mark.parametrize(
    "files",
    ["**/*.wasm", "**/pyodide.asm.js", "**/worker.js", "**/contents.json", "**/*.bin"],
)
def test_a_file_that_does_not_arrive(page: Page, journal: Journal, files: str) -> None:
    """The sentence names the network; once it works again, so does *Try again*."""
    page.route(files, lambda route: route.abort())
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    reason(planner, "network")
    page.unroute(files)
    journal.complaints.clear()
    planner.part("again").click()
    expect(planner.failure).to_be_hidden()
    planner.plan(TEXT)
    assert "February 25, 2027" in planner.open_line(2).inner_text()


def test_what_was_pasted_outlives_a_start_that_fails(page: Page, journal: Journal) -> None:
    """The text stays in its box, and its plan comes once the network is back."""
    page.route("**/*.wasm", lambda route: route.abort())
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.text.fill(TEXT)
    planner.press_plan()
    reason(planner, "network")
    expect(planner.text).to_have_value(TEXT)
    page.unroute("**/*.wasm")
    journal.complaints.clear()
    planner.press_plan()
    planner.read()
    assert "February 25, 2027" in planner.open_line(2).inner_text()


def test_a_file_changed_on_the_way(page: Page, journal: Journal) -> None:
    """A security program that rewrites the wasm leads to a sentence, not to endless waiting."""

    def damage(route: Route) -> None:
        route.fulfill(status=200, content_type="application/wasm", body="<html>Blocked</html>")

    page.route("**/*.wasm", damage)
    page.goto("/en/planner/")
    reason(Planner(page), "network")
    journal.complaints.clear()


def test_without_web_assembly(page: Page, journal: Journal) -> None:
    """A policy without ``wasm-unsafe-eval`` is what a hardened browser amounts to."""

    def harden(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("'wasm-unsafe-eval'", ""))

    page.route("**/en/planner/", harden)
    page.goto("/en/planner/")
    reason(Planner(page), "wasm")
    journal.complaints.clear()


def test_where_web_assembly_is_turned_off(page: Page, journal: Journal) -> None:
    """Some administrators do; it is no fault of the network, and no reload helps."""

    def turn_off(route: Route) -> None:
        answer = route.fetch()
        off = "delete globalThis.WebAssembly;\n"
        route.fulfill(response=answer, body=off + answer.text())

    page.route("**/files.js", turn_off)
    page.goto("/en/planner/")
    reason(Planner(page), "wasm")
    journal.complaints.clear()


def test_a_planner_that_does_not_come_to_a_guide_page_is_missed_at_once(
    page: Page, journal: Journal
) -> None:
    page.route("**/element.js", lambda route: route.abort())
    page.goto("/en/move/")
    planner = Planner(page)
    expect(planner.element.locator(".planner-late")).to_be_hidden()
    planner.element.locator("summary").first.click()
    expect(planner.element.locator(".planner-late")).to_be_visible(timeout=5_000)
    journal.complaints.clear()


def test_without_network_what_needs_none_is_still_saved(planner: Planner, page: Page) -> None:
    """On a first visit, when nothing is kept yet; and Python lives on after what needs more."""
    planner.plan(TEXT)
    page.context.set_offline(True)
    planner.part("export").click()
    for export, name in (("csv", "plan-lines"), ("md", "plan-checklist"), ("letter", "move-plan")):
        with page.expect_download() as download:
            page.locator(f"[data-export={export}][data-act=save]").click()
        assert download.value.suggested_filename.startswith(name)
    page.locator("[data-export=ics][data-act=save]").click()
    expect(page.locator("planner-exports [data-part=said]")).to_contain_text(
        "Check your connection"
    )
    page.context.set_offline(False)
    with page.expect_download():
        page.locator("[data-export=ics][data-act=save]").click()


def test_a_stage_that_takes_too_long(page: Page) -> None:
    """First the page says that it is slow, then that it gave up."""
    page.clock.install()
    page.route("**/*.wasm", lambda _: None)
    page.goto("/en/planner/")
    planner = Planner(page)
    planner.text.fill(TEXT)
    page.clock.run_for(20_000)
    expect(planner.status).to_contain_text("longer than usual")
    page.clock.run_for(180_000)
    reason(planner, "time")
    expect(planner.text).to_have_value(TEXT)


def test_a_worker_that_dies(planner: Planner, page: Page) -> None:
    """Browsers end a worker without a word when memory runs short."""
    planner.until_ready()
    planner.text.fill(TEXT)
    python_worker(page).evaluate("self.close()")
    reason(planner, "lost")
    page.wait_for_timeout(1_000)  # What was typed is looked at once typing has rested.
    reason(planner, "lost")
    expect(planner.text).to_have_value(TEXT)
    planner.part("again").click()
    planner.press_plan()
    planner.read()
    assert "February 25, 2027" in planner.open_line(2).inner_text()


def busy(page: Page) -> None:
    """Make the worker hear nothing for half a minute, as a plan of very many lines would."""
    python_worker(page).evaluate(
        "setTimeout(() => { const end = Date.now() + 30_000; while (Date.now() < end); })"
    )


def test_cancel_stops_and_starts_anew(planner: Planner, page: Page) -> None:
    """A plan under way is given up, the last one stands, and the next one works."""
    planner.plan(TEXT)
    planner.open_line(2).locator("[data-mark=inventory]").check()
    planner.close_sheet()
    before = planner.view("summary").inner_html()
    busy(page)
    planner.part("edit").click()
    planner.press_plan()
    planner.part("cancel").click()
    expect(planner.part("work")).to_be_hidden()
    assert planner.view("summary").inner_html() == before
    planner.until_ready()
    expect(planner.open_line(2).locator("[data-mark=inventory]")).to_be_checked()
    planner.close_sheet()
    planner.plan(TEXT)
    assert "February 25, 2027" in planner.open_line(2).inner_text()


def test_a_setting_given_up_leaves_the_plan_and_the_setting_as_they_were(
    planner: Planner, page: Page
) -> None:
    """Cancel while the plan follows a change: nothing has changed."""
    planner.plan(TEXT)
    before = planner.plan_json()
    planner.part("settings").click()
    days = page.locator('[name="P-02.relationship_request_lead"]')
    days.wait_for()
    busy(page)
    days.fill("20")
    page.wait_for_timeout(1000)
    planner.close_sheet()
    planner.part("cancel").click()
    planner.until_ready()
    assert planner.plan_json() == before


def test_leaving_is_questioned_only_with_text(planner: Planner, page: Page) -> None:
    """The browser asks before it throws a pasted list away, and never otherwise."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    planner.until_ready()
    page.goto("/en/rules/")
    assert asked == []
    page.goto("/en/planner/")
    planner.until_ready()
    planner.text.fill(TEXT)
    planner.text.press("End")
    page.goto("/en/rules/")
    assert asked == ["beforeunload"]


def test_without_javascript_the_page_says_where_to_read_on(page: Page, journal: Journal) -> None:
    """The form is not there; links to the guide and to the rules are."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=journal.origin, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/en/planner/")
    expect(plain.locator("csp-planner")).to_be_hidden()
    expect(plain.get_by_role("link", name="The decision table")).to_be_visible()
    plain.get_by_role("link", name="How to move subscriptions by hand").click()
    expect(plain.locator("h1")).to_be_visible()
    context.close()
