"""Settings: what the schedule may be, where it is kept, and what is said where it can't be."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.browser.journey import Journal, Planner, portfolio, sample

BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
});"""

LIST = portfolio(4)


#: Whether the plan stands on these days without cutovers.
DAYS_OFF = """(days) => {
    const { scheduling } = document.querySelector("csp-planner").session.standing.settings;
    return (scheduling["schedule.days_off"] ?? null) === days;
}"""


def scheduling(planner: Planner) -> object:
    """Return the limits that the plan stands on."""
    return planner.element.evaluate("planner => planner.session.standing.settings.scheduling")


def open_settings(planner: Planner) -> Page:
    """Open the sheet and return its page."""
    planner.part("settings").click()
    planner.page.locator("planner-settings fieldset").first.wait_for()
    return planner.page


def test_without_storage_settings_count_and_stay_in_the_address(
    page: Page, journal: Journal
) -> None:
    """The sheet says so; nothing else is different."""
    page.add_init_script(BLOCKED)
    page.goto("/en/planner/?as_of=2026-11-23")
    planner = Planner(page)
    planner.plan(sample("own-table.tsv"))
    open_settings(planner)
    page.locator('[name="P-02.relationship_request_lead"]').fill("20")
    expect(planner.status).to_contain_text("follows")
    assert "relationship_request_lead=20" in page.url
    expect(page.locator("planner-settings [data-part=storage]")).to_contain_text("keep settings")
    planner.close_sheet()
    assert "February 25, 2027" in planner.open_line(2).inner_text()
    # The theme says so on the console; the planner doesn't.
    journal.complaints.clear()


def test_what_is_entered_while_the_sheet_is_drawn_anew_is_not_lost(running: Planner) -> None:
    """As when the answer to the setting before it comes only now."""
    running.plan(LIST)
    page = open_settings(running)
    page.locator('[name="schedule.days_off"][value=sat]').check()
    page.evaluate("document.querySelector('planner-settings').refresh()")
    page.locator('[name="schedule.days_off"][value=sun]').check()
    page.wait_for_function(DAYS_OFF, arg="sat,sun")
    for day in ("sat", "sun"):
        page.locator(f'[name="schedule.days_off"][value={day}]').uncheck()
    page.wait_for_function(DAYS_OFF, arg=None)


def test_typing_goes_on_in_the_field_that_the_plan_has_followed(running: Planner) -> None:
    """A pause between two digits costs neither the focus nor the second one."""
    running.plan(LIST)
    page = open_settings(running)
    days = page.locator('[name="P-02.relationship_request_lead"]')
    first = page.locator("planner-settings [data-part=body] > *").first
    first.evaluate("element => element.classList.add('drawn-before')")
    days.fill("2")
    expect(page.locator(".drawn-before")).to_have_count(0)
    expect(days).to_be_focused()
    page.keyboard.press("5")
    expect(days).to_have_value("25")
    expect(days).to_be_focused()
    running.close_sheet()
    running.part("undo").click()
    running.part("undo").click()


def test_the_schedules_limits_travel_in_the_address(running: Planner) -> None:
    """Set in the sheet, they come back from the address alone, each in its field."""
    running.plan(LIST)
    page = open_settings(running)
    page.locator('[name="schedule.per_day"]').fill("2")
    page.locator('[name="schedule.days_off"][value=sat]').check()
    page.locator('[name="schedule.days_off"][value=sun]').check()
    page.locator('[name="schedule.wave_by"]').select_option("customer")
    page.locator('[name="schedule.wished"]').fill("2027-01-15")
    expect(page.locator('[name="schedule.per_day"][data-changed]')).to_have_value("2")
    page.locator("[data-period=first]").fill("2026-12-20")
    page.locator("[data-period=last]").fill("2027-01-03")
    page.locator("[data-add-period]").click()
    expect(page.locator("[data-lift]")).to_have_count(1)
    expect(page.locator("[data-period=first]")).to_have_value("")
    set_here = {
        "schedule.per_day": "2",
        "schedule.days_off": "sat,sun",
        "schedule.blackout": "2026-12-20..2027-01-03",
        "schedule.wave_by": "customer",
        "schedule.wished": "2027-01-15",
    }
    assert scheduling(running) == set_here
    plan = running.plan_json()
    browser = page.context.browser
    assert browser is not None
    another = browser.new_context().new_page()
    another.goto(page.url)
    other = Planner(another)
    other.plan(LIST)
    assert scheduling(other) == set_here
    assert json.loads(other.plan_json())["schedule"] == json.loads(plan)["schedule"]
    open_settings(other)
    expect(another.locator('[name="schedule.days_off"]:checked')).to_have_count(2)
    expect(another.locator('[name="schedule.wave_by"]')).to_have_value("customer")
    another.context.close()
    page.locator("[data-lift]").click()
    expect(page.locator("[data-lift]")).to_have_count(0)
    expect(page.locator("[data-period=first]")).to_be_focused()
    page.locator("planner-settings [data-part=reset]").click()
    expect(page.locator('[name="schedule.per_day"]')).to_have_value("")
    assert scheduling(running) == {}


def test_a_period_half_entered_outlasts_another_change(planner: Planner) -> None:
    """The sheet is drawn anew after each change; what isn't set yet stays."""
    planner.plan(LIST)
    page = open_settings(planner)
    page.locator("[data-period=first]").fill("2026-12-20")
    page.locator('[name="schedule.per_day"]').fill("3")
    expect(page.locator('[name="schedule.per_day"][data-changed]')).to_have_value("3")
    expect(page.locator("[data-period=first]")).to_have_value("2026-12-20")
    page.locator("[data-period=last]").fill("2026-12-01")
    page.locator("[data-add-period]").click()
    expect(page.locator('[data-refused="schedule.blackout"]')).not_to_be_empty()
    expect(page.locator("[data-period=last]")).to_have_value("2026-12-01")
