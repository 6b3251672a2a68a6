"""axe-core finds nothing on any page in any state; nothing is lost when the page is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.paths import NODE_MODULES
from tests.browser import states
from tests.browser.conftest import PATIENCE
from tests.browser.journey import AS_OF, Planner
from tests.browser.states import PASSING, STATES, State

#: Pixels: a desk's width at 400 % zoom.
NARROWEST = 320

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
PAGES = [
    "",
    "planner/",
    "move/",
    "multichannel/",
    "decisions/",
    "lifecycles/",
    "rules/",
    "changes/",
    "speed/",
    "no-such-page/",
]

#: WCAG 2.2 A and AA, and what the makers of axe hold for good practice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

#: What colors decide; the other color scheme changes nothing else.
OF_COLORS = ("color-contrast", "link-in-text-block")

#: Each way to come into a state once: two pictures may show the same page.
ENTERED = tuple({state.enter: state for state in (*STATES, *PASSING)}.values())


#: What stands after the planner on its page: no state changes it, and every page is gone over.
AFTER_PLANNER = ".planner ~ *"


def violations(page: Page, rules: Sequence[str] = RULES, without: str = "") -> list[str]:
    """Return what axe-core objects to, each with where it stands.

    ``without`` selects what isn't looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        """async ([runOnly, without]) => {
            const options = { runOnly, resultTypes: ["violations"], preload: false };
            const context = without ? { exclude: [[without]] } : document;
            const { violations } = await axe.run(context, options);
            return violations.flatMap(({ id, nodes }) =>
                nodes.slice(0, 5).map(({ target, failureSummary, html }) =>
                    `${id}: ${target.join(" ")}: ${html.slice(0, 150)} ${failureSummary}`));
        }""",
        [list(rules), without],
    )
    return found


@pytest.fixture(scope="module", params=[("en", "light"), ("es", "dark")], ids="-".join)
def visited(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Planner, str]]:
    """A page to be brought into every state, and its language."""
    language, scheme = request.param
    context = browser.new_context(
        base_url=address, color_scheme=scheme, reduced_motion="reduce", service_workers="block"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    states.prepare(page)
    page.goto(f"/{language}/planner/?as_of={AS_OF}")
    yield Planner(page), language
    context.close()


@pytest.mark.parametrize("state", ENTERED, ids=[state.name for state in ENTERED])
def test_no_state_has_a_violation(visited: tuple[Planner, str], state: State) -> None:
    """What is open, what has failed and what goes on, on the planner's page and in the guide."""
    planner, language = visited
    page = planner.page
    state.reach(planner, language)
    assert violations(page, without=AFTER_PLANNER) == []
    assert too_small(planner) == []
    assert moving(page) == []
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    state.settled(planner)
    wide = too_wide(page)
    page.set_viewport_size(size)
    assert wide <= 0


def too_wide(page: Page) -> int:
    """Return how many pixels of a page lie beyond its right edge."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def cut_short(page: Page, selector: str) -> list[str]:
    """Return the text of elements that have more of it than they show."""
    found: list[str] = page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .filter(one => one.scrollHeight > one.clientHeight + 1
                || one.scrollWidth > one.clientWidth)
            .map(one => one.textContent)""",
        selector,
    )
    return found


def moving(page: Page) -> list[str]:
    """Return what moves on a page whose reader asked that nothing does."""
    found: list[str] = page.evaluate(
        """() => document.getAnimations()
            .filter(one => one.effect.getComputedTiming().activeDuration > 1)
            .map(one => one.animationName ?? one.transitionProperty)"""
    )
    return found


@pytest.fixture(scope="module")
def planned(browser: Browser, address: str) -> Iterator[Planner]:
    """A page with a plan of forty customers."""
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.plan(states.LIST)
    yield planner
    context.close()


def too_small(planner: Planner) -> list[str]:
    """Return the controls under 24 pixels either way; a label's area counts as its control's."""
    small: list[str] = planner.element.evaluate(
        """planner => [...planner.querySelectorAll(
            "button, select, textarea, summary, input:not([type=file])")]
            .map(one => one.closest("label") ?? one)
            .filter(one => one.checkVisibility())
            .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 23.9))
            .map(([html, box]) => `${box.width} x ${box.height}: ${html}`)"""
    )
    return small


@pytest.mark.parametrize("width", [390, 640, 720])
def test_nothing_is_cut_off_when_narrow(planned: Planner, width: int) -> None:
    """At 720 pixels, as at 200 % zoom, and on phones only tables and timelines scroll sideways.

    The way of a line is read in full where each line is a card.
    """
    page = planned.page
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    for view in ("summary", "table", "timeline", "agenda"):
        planned.view(view)
        assert too_wide(page) <= 0, view
    planned.view("table")
    assert cut_short(page, "td[data-column=path]") == []
    assert size
    page.set_viewport_size(size)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_has_a_violation(browser: Browser, address: str, language: str) -> None:
    """The guide, the rules, the planner before anything is brought, a page that isn't there.

    In light and in dark, the last of them with the search open.
    """
    context = browser.new_context(
        base_url=address, reduced_motion="reduce", service_workers="block"
    )
    page = context.new_page()
    found = {}

    def go_over(name: str) -> None:
        found[name] = violations(page)
        page.emulate_media(color_scheme="dark")
        expect(page.locator("body[data-md-color-scheme=default]")).to_have_count(0)
        found[f"{name} in dark"] = violations(page, OF_COLORS)
        page.emulate_media(color_scheme="light")

    for name in PAGES:
        page.goto(f"/{language}/{name}")
        go_over(name)
    page.goto(f"/{language}/move/")
    page.locator(".md-search__input").click()
    page.keyboard.type("CSP")
    page.locator(".md-search-result__item").first.wait_for()
    go_over("search")
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("view", ["summary", "table", "timeline", "agenda"])
def test_paper_shows_the_plan_and_no_controls(planned: Planner, view: str) -> None:
    """No blank space for rows left out either: a sentence says that some are."""
    page = planned.page
    shown = planned.view(view)
    page.emulate_media(media="print")
    heading, part = planned.part("heading"), planned.element.locator(".print-part")
    controls = page.locator(
        ".md-header, h1, .planner-tools, .planner-tabs, .table-filters, .spacer, [data-part=go]"
    )
    expect(heading).to_be_visible()
    expect(shown).to_be_visible()
    assert controls.count() >= 5  # the header, the title, tools, tabs, the button
    for control in controls.all():
        expect(control).to_be_hidden()
    if view == "summary":
        expect(part).to_be_hidden()
    else:
        expect(part).to_be_visible()
    page.emulate_media(media="screen")
    expect(planned.part("export")).to_be_visible()


def test_paper_shows_an_open_line_alone_and_whole(planned: Planner) -> None:
    """Nothing of it is cut off by what scrolls on the screen."""
    page = planned.page
    planned.open_line(5)
    page.emulate_media(media="print")
    expect(planned.sheet.locator(".detail-title")).to_be_visible()
    expect(planned.part("heading")).to_be_hidden()
    expect(planned.sheet.locator("[data-part=close]")).to_be_hidden()
    assert planned.sheet.evaluate("sheet => sheet.scrollHeight <= sheet.clientHeight")
    page.emulate_media(media="screen")
    planned.close_sheet()


def test_in_forced_colors_focus_and_choice_are_seen(browser: Browser, address: str) -> None:
    """Where the browser takes the colors away, lines say where the focus is and what is chosen."""
    context = browser.new_context(
        base_url=address, forced_colors="active", reduced_motion="reduce", service_workers="block"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.plan(states.LIST)
    colors = page.evaluate(
        """() => [...document.querySelectorAll(".planner-tabs [role=tab]")]
            .map(tab => getComputedStyle(tab).borderBlockEndColor)"""
    )
    assert colors[0] not in colors[1:]
    planner.view("table")
    unseen = []
    planner.part("undo").focus()
    for _ in range(24):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                const seen = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
                return seen ? "" : document.activeElement.outerHTML.slice(0, 120);
            }"""
        )
        unseen += [found] if found else []
    context.close()
    assert unseen == []
