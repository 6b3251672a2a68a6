"""Reading a plan of forty customers: its table, timeline and agenda, by mouse and by keyboard."""

from __future__ import annotations

import io
import json
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.journey import Planner, portfolio

CUSTOMERS = 40
LINES = 120


@pytest.fixture
def planned(running: Planner) -> Planner:
    """A page on which forty customers are planned."""
    if not running.part("standing").inner_text():
        running.plan(portfolio(CUSTOMERS))
    return running


def with_focus(view: Locator, row: str, column: str = "") -> Locator:
    """Return a row's part that has the focus, in a column or anywhere: none until it has."""
    cell = f'[data-column="{column}"]' if column else ":is(td, th)"
    return view.locator(f'tr[data-row="{row}"] {cell}:is(:focus, :has(:focus))')


def row_with_focus(page: Page) -> str:
    """Return the row that has the focus, once one has it."""
    held = page.wait_for_function("document.activeElement.closest('tr[data-row]')?.dataset.row")
    return str(held.json_value())


def test_rows_are_drawn_as_they_are_seen(planned: Planner) -> None:
    """Of all lines only those in sight and a few around are in the page."""
    view = planned.view("table")
    expect(planned.part("found")).to_have_text(f"{LINES} lines shown")
    assert view.locator("tr[data-line]").count() < LINES
    expect(view.locator("table")).to_have_attribute("aria-rowcount", str(LINES + 1))
    view.locator(".table-scroll").evaluate("scroller => scroller.scrollTo(0, 1e6)")
    last = view.locator(f'tr[data-row="{LINES - 1}"]')
    expect(last).to_be_visible()
    expect(last).to_have_attribute("aria-rowindex", str(LINES + 1))


def test_the_table_is_walked_by_keyboard_alone(planned: Planner) -> None:
    """Arrows, Home, End, Page Up and Page Down move; Enter opens; Escape comes back."""
    page = planned.page
    view = planned.view("table")
    view.locator(".table-scroll").evaluate("scroller => scroller.scrollTo(0, 0)")
    view.locator('tr[data-row="0"] .open').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(with_focus(view, "1", "customer")).to_have_count(1)
    page.keyboard.press("End")
    expect(with_focus(view, "1", "done")).to_have_count(1)
    page.keyboard.press("Control+End")
    expect(with_focus(view, str(LINES - 1))).to_have_count(1)
    page.keyboard.press("PageUp")
    expect(with_focus(view, str(LINES - 1))).to_have_count(0)
    assert int(row_with_focus(page)) < LINES - 3
    page.keyboard.press("Control+Home")
    page.keyboard.press("Home")
    expect(view.locator('tr[data-row="0"] .open')).to_be_focused()
    page.keyboard.press("PageDown")
    expect(with_focus(view, "0")).to_have_count(0)
    row = row_with_focus(page)
    assert int(row) > 3
    line = view.locator(f'tr[data-row="{row}"]').get_attribute("data-line")
    page.keyboard.press("Enter")
    expect(planned.sheet.locator(f'article[data-line="{line}"] .detail-title')).to_be_focused()
    page.keyboard.press("Escape")
    expect(planned.sheet).to_be_hidden()
    expect(with_focus(view, row)).to_have_count(1)


def test_keys_pressed_before_the_rows_are_drawn_are_not_lost(planned: Planner) -> None:
    """Whoever holds a key down outruns the drawing; every press still counts."""
    view = planned.view("table")
    view.locator(".table-scroll").evaluate("scroller => scroller.scrollTo(0, 0)")
    view.locator('tr[data-row="0"] .open').focus()
    for _ in range(5):
        for key in ("End", "Control+End", "PageUp", "Control+Home", "Home"):
            planned.page.keyboard.press(key)
        expect(view.locator('tr[data-row="0"] .open')).to_be_focused()


def test_lines_are_stepped_through_in_the_tables_order(planned: Planner) -> None:
    """The sheet leads to the line before and after, as the table sorts them."""
    view = planned.view("table")
    view.get_by_role("button", name="Licenses").click()
    expect(view.locator('th[data-column="seats"]')).to_have_attribute("aria-sort", "ascending")
    order = view.locator("tr[data-line]").evaluate_all(
        "rows => rows.slice(0, 3).map(row => row.dataset.line)"
    )
    view.locator(f'tr[data-line="{order[0]}"] .open').click()
    for line in order[1:]:
        planned.sheet.get_by_role("button", name="Next line").click()
        expect(planned.sheet.locator("article")).to_have_attribute("data-line", line)
    planned.sheet.get_by_role("button", name="Previous line").click()
    expect(planned.sheet.locator("article")).to_have_attribute("data-line", order[1])
    planned.close_sheet()
    view.get_by_role("button", name="Licenses").click()
    expect(view.locator('th[data-column="seats"]')).to_have_attribute("aria-sort", "descending")
    view.get_by_role("button", name="Licenses").click()
    expect(view.locator("th[aria-sort]")).to_have_count(0)
    expect(view.locator("tr[data-line]").first).to_have_attribute("data-line", "2")


def test_what_is_open_beside_a_note_stays_open_and_the_focus_where_it_goes(
    planned: Planner,
) -> None:
    """The line is drawn anew once its note has changed."""
    line = planned.open_line(2)
    dates = line.locator("details[data-keeps-open=dates]")
    dates.locator("summary").click()
    line.locator("textarea[data-note]").fill("Ask Megan")
    planned.page.keyboard.press("Shift+Tab")
    expect(planned.status).to_contain_text("Note kept")
    expect(dates).to_have_attribute("open", "")
    expect(dates.locator("summary")).to_be_focused()
    planned.close_sheet()
    planned.part("undo").click()


def test_lines_are_searched_filtered_and_grouped(planned: Planner) -> None:
    """What is found is said; groups have headings."""
    view = planned.view("table")
    view.get_by_label("Search").fill("customer 07 visio")
    expect(planned.part("found")).to_have_text("1 line shown")
    view.get_by_label("Search").fill("customer 07")
    expect(planned.part("found")).to_have_text("3 lines shown")
    view.get_by_label("Group by customer").check()
    expect(view.locator("tr.group")).to_have_count(1)
    view.get_by_label("Search").fill("")
    view.get_by_label("Group by customer").uncheck()
    expect(planned.part("found")).to_have_text(f"{LINES} lines shown")


def test_every_filter_is_taken_back_at_once(planned: Planner) -> None:
    """Where nothing is found, too; the search has the focus then."""
    view = planned.view("table")
    everything = view.get_by_role("button", name="Show all lines")
    expect(everything).to_be_hidden()
    view.get_by_label("Search").fill("nobody is called this")
    view.locator("[name=hold]").select_option("blocked")
    expect(planned.part("found")).to_have_text("0 lines shown")
    everything.click()
    expect(planned.part("found")).to_have_text(f"{LINES} lines shown")
    expect(view.get_by_label("Search")).to_be_focused()
    expect(view.get_by_label("Search")).to_have_value("")
    expect(view.locator("[name=hold]")).to_have_value("")
    expect(everything).to_be_hidden()


def test_the_timeline_and_the_table_show_the_same_lines(planned: Planner) -> None:
    """What one of them is narrowed to, the other is; the timeline draws lanes as they are seen."""
    planned.view("table").get_by_label("Search").fill("customer 07")
    expect(planned.part("found")).to_have_text("3 lines shown")
    timeline = planned.view("timeline")
    expect(planned.part("lanes-found")).to_have_text("3 lines shown")
    expect(timeline.locator(".lane-row")).to_have_count(3)
    expect(timeline.get_by_label("Search")).to_have_value("customer 07")
    timeline.get_by_label("Search").fill("customer 07 visio")
    expect(planned.part("lanes-found")).to_have_text("1 line shown")
    table = planned.view("table")
    expect(table.get_by_label("Search")).to_have_value("customer 07 visio")
    expect(planned.part("found")).to_have_text("1 line shown")
    timeline = planned.view("timeline")
    timeline.get_by_role("button", name="Show all lines").click()
    expect(planned.part("lanes-found")).to_have_text(f"{LINES} lines shown")
    assert timeline.locator(".lane-row").count() < LINES
    expect(planned.view("table").get_by_label("Search")).to_have_value("")


def test_columns_are_chosen_and_kept(planned: Planner) -> None:
    """The choice of columns is a setting: the browser keeps it."""
    view = planned.view("table")
    view.locator(".table-columns summary").click()
    view.locator('[name=column][value="term"]').check()
    expect(view.get_by_role("columnheader", name="Term")).to_be_visible()
    assert "term" in planned.page.evaluate("localStorage.getItem('csp-planner-settings')")
    view.locator('[name=column][value="term"]').uncheck()
    expect(view.get_by_role("columnheader", name="Term")).to_have_count(0)


def test_a_count_of_the_overview_leads_to_its_lines(planned: Planner) -> None:
    """Each number can be looked into."""
    view = planned.view("summary")
    count = view.locator('[data-filter="hold"][data-value="first"] strong').inner_text()
    view.locator('[data-filter="hold"][data-value="first"]').click()
    expect(planned.part("found")).to_have_text(re.compile(f"^{count} lines? shown"))
    expect(planned.page.locator("#planner-tab-table")).to_be_focused()
    planned.page.locator("planner-table [name=hold]").select_option("")
    expect(planned.part("found")).to_have_text(f"{LINES} lines shown")
    planned.view("summary").get_by_role("button", name="40 customers").click()
    expect(planned.page.locator("planner-table tr.group").first).to_be_visible()
    planned.page.get_by_label("Group by customer").uncheck()


def test_an_answer_is_given_once_for_all_its_lines_and_taken_back(planned: Planner) -> None:
    """The plan follows the answer at once; undo brings the assumption back."""
    view = planned.view("summary")
    question = view.locator('[data-question="where-bought"]')
    expect(question).to_contain_text("lines depend on it")
    expect(question).to_contain_text("The plan assumes")
    before = planned.plan_json()
    question.locator("select").focus()
    question.locator("select").select_option("CSP_OTHER_NCE")
    expect(planned.status).to_contain_text("follows your change")
    expect(question).to_contain_text("Answered by you")
    expect(question.locator("select")).to_be_focused()
    assert planned.plan_json() != before
    planned.part("undo").click()
    expect(question).to_contain_text("lines depend on it")
    assert planned.plan_json() == before


def test_the_timeline_says_in_words_what_it_draws(planned: Planner) -> None:
    """Every lane is an image with a name; zoom and rows can be chosen."""
    view = planned.view("timeline")
    lane = view.locator(".lane-row svg").first
    assert "Paid until" in (lane.get_attribute("aria-label") or "")
    wide = view.locator(".lanes").evaluate("lanes => lanes.offsetWidth")
    view.get_by_label("Quarters").check()
    expect(view.locator(".lanes-axis")).to_contain_text("Q1 2027")
    assert view.locator(".lanes").evaluate("lanes => lanes.offsetWidth") < wide
    view.get_by_label("One per customer").check()
    expect(view.locator(".lane-row").first).to_contain_text("3 lines")
    view.get_by_label("One per line").check()
    view.get_by_label("Months").check()


def test_a_tick_in_the_agenda_counts_for_each_of_its_lines(planned: Planner) -> None:
    """Ticked in the agenda, done in the line; and undone again."""
    view = planned.view("agenda")
    entry = view.locator(".agenda-entry", has=planned.page.locator("[data-filter=step]")).first
    tick = entry.locator("[data-mark]")
    step, place = tick.get_attribute("data-mark"), int(tick.get_attribute("data-entry") or "")
    lines = json.loads(planned.plan_json())["agenda"][place]["lines"]
    tick.check()
    expect(planned.status).to_have_text("Noted.")
    expect(planned.open_line(lines[0]).locator(f'[data-mark="{step}"]')).to_be_checked()
    planned.close_sheet()
    planned.part("undo").click()
    expect(planned.open_line(lines[0]).locator(f'[data-mark="{step}"]')).not_to_be_checked()


def test_the_agenda_shows_more_when_asked(planned: Planner) -> None:
    """Days come in portions; the focus goes to the first new one."""
    view = planned.view("agenda")
    before = view.locator(".agenda-entry").count()
    view.get_by_role("button", name="Show more days").click()
    expect(view.locator(".agenda-entry").nth(before)).to_be_visible()


def save(planned: Planner, export: str, language: str = "es") -> tuple[str, bytes]:
    """Save an export in a language from the open sheet; return its name and content."""
    page = planned.page
    page.locator("[name=export-language]").select_option(language)
    with page.expect_download() as download:
        page.locator(f"[data-export={export}][data-act=save]").click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_files_are_saved_in_another_language_than_the_pages(planned: Planner) -> None:
    """The page is English, the files are Spanish; Excel and calendar packages come when needed."""
    planned.part("export").click()
    name, table = save(planned, "csv")
    assert name == "lineas-del-plan-2026-11-23.csv"
    assert "Último día pagado" in table.decode("utf-8-sig")
    _, calendar = save(planned, "ics")
    assert calendar.startswith(b"BEGIN:VCALENDAR")
    assert "Quién".encode() in calendar
    _, book = save(planned, "xlsx")
    assert load_workbook(io.BytesIO(book)).sheetnames == ["Agenda", "Líneas", "Apartadas"]
    planned.close_sheet()
    expect(planned.part("export")).to_be_focused()


def test_a_plan_file_opens_again(planned: Planner) -> None:
    """What was saved comes back from the file alone, with what today would change."""
    before = planned.plan_json()
    planned.part("export").click()
    name, content = save(planned, "plan", "en")
    planned.close_sheet()
    planned.part("files").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content}
    )
    expect(planned.part("opened")).to_contain_text("A saved plan")
    assert (
        json.loads(planned.plan_json())["recommendations"] == json.loads(before)["recommendations"]
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_whole_way_by_keyboard_alone(booted: dict[str, Planner], language: str) -> None:
    """Paste, plan, answer, read, tick off and undo without a mouse."""
    planner = booted[language]
    page = planner.page
    planner.until_ready()
    if planner.element.get_attribute("data-folded") is not None:
        planner.part("edit").click()
    page.evaluate("document.activeElement.blur()")

    def tab_to(selector: str) -> None:
        for _ in range(400):
            if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not reach {selector}")

    tab_to("[data-part=text]")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(portfolio(CUSTOMERS))
    tab_to("[data-part=go]")
    page.keyboard.press("Enter")
    expect(planner.part("heading")).to_be_focused()
    tab_to("[role=tab][aria-selected=true]")
    page.keyboard.press("ArrowRight")
    tab_to("[data-row] .open")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(planner.sheet.locator(".detail-title")).to_be_focused()
    tab_to("[data-mark]")
    page.keyboard.press("Space")
    expect(planner.sheet.locator("[data-mark]").first).to_be_checked()
    page.keyboard.press("Escape")
    expect(planner.sheet).to_be_hidden()
    # Rows drawn anew behind the sheet get the focus a moment after it has gone.
    expect(with_focus(planner.element, "1")).to_have_count(1)
    tab_to("[data-part=undo]")
    page.keyboard.press("Enter")
    expect(planner.status).not_to_be_empty()
    tab_to("[data-row] .open")
    page.keyboard.press("Enter")
    expect(planner.sheet.locator("[data-mark]").first).not_to_be_checked()
    planner.close_sheet()
