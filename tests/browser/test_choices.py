"""What the reader chooses beside the plan: another way for a line, the order of a column's days."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.journey import Planner, sample

DAYS = "Customer,Product,Channel,Renewal date\nZenith,Visio Plan 2,WEB_MCA,03/04/2027\n"


def test_another_way_is_chosen_and_the_plan_follows(running: Planner) -> None:
    """The sheet says whose choice it is; undo brings the recommended way back."""
    running.plan(sample("own-table.tsv"))
    before = running.plan_json()
    line = running.open_line(2)
    # Named: once it is chosen, the sheet is drawn anew and the first one not chosen is another.
    other = line.locator(".ways-possible input:not(:checked)").first.get_attribute("value")
    line.locator(f'.ways-possible input[value="{other}"]').check()
    expect(line.locator(".way-marks [data-own]")).to_be_visible()
    assert running.plan_json() != before
    running.close_sheet()
    running.part("undo").click()
    assert running.plan_json() == before


def test_a_column_whose_days_fit_both_ways_is_settled(running: Planner) -> None:
    """Asked beside what was understood; once chosen, the line is planned by that order."""
    running.bring(DAYS)
    order = running.understood.locator('.part-asked [data-order="Renewal date"]')
    order.select_option("day-first")
    expect(running.understood.locator('[data-understood="1"]')).to_be_visible()
    running.press_plan()
    running.read()
    assert "2027-04-0" in running.plan_json()
