"""The built site on a local address, and a fresh browser context for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from builder import chromium, serve
from builder.paths import SITE
from tests.browser.journey import AS_OF, Journal, Planner

#: Milliseconds; Python needs seconds to start in a page, more on a busy machine.
PATIENCE = 90_000

expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the built site, without a slash at its end."""
    if not (SITE / "index.html").is_file():
        pytest.fail("site/ is missing: build it with `python -m builder build`.")
    server = serve.start(SITE, 0)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's tests: what hundreds before them left open is not theirs."""
    path = chromium.find_or_get()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.launch_arguments())
        yield browser
        browser.close()


@pytest.fixture
def journal(address: str) -> Journal:
    """The requests and complaints of this test's pages."""
    return Journal(address)


@pytest.fixture
def page(browser: Browser, address: str, journal: Journal) -> Iterator[Page]:
    """A page in a context of its own; it must ask nobody else and complain of nothing.

    A test that provokes complaints empties ``journal.complaints`` once it has seen them.
    """
    context = browser.new_context(base_url=address, locale="en-US", timezone_id="Asia/Tokyo")
    context.set_default_timeout(PATIENCE)
    # What keeps the site for later asks for files when a test doesn't expect it.
    context.add_init_script("Object.defineProperty(navigator, 'serviceWorker', {value: null})")
    journal.follow(context)
    yield context.new_page()
    context.close()
    assert journal.foreign == []
    assert journal.complaints == [], journal.remarks


def fresh(page: Page, language: str) -> Planner:
    """Open the planner's page on the day on which every test plans."""
    page.goto(f"/{language}/planner/?as_of={AS_OF}")
    return Planner(page)


@pytest.fixture
def planner(page: Page) -> Planner:
    """The English planner's page, just opened, for a test that needs its beginning."""
    return fresh(page, "en")


@pytest.fixture
def spanish(page: Page) -> Planner:
    """The Spanish planner's page, just opened."""
    return fresh(page, "es")


@pytest.fixture(scope="module")
def booted(browser: Browser, address: str) -> Iterator[dict[str, Planner]]:
    """Pages whose Python is running, by language: starting it takes longest of all."""
    pages: dict[str, Planner] = {}
    contexts = []
    journal = Journal(address)
    for language in ("en", "es"):
        context = browser.new_context(base_url=address, locale="en-US", accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        journal.follow(context)
        contexts.append(context)
        pages[language] = fresh(context.new_page(), language)
    yield pages
    for context in contexts:
        context.close()
    assert journal.foreign == []
    assert journal.complaints == [], journal.remarks


@pytest.fixture
def running(booted: dict[str, Planner]) -> Iterator[Planner]:
    """The English planner, running; a test may find an earlier test's plan on it."""
    yield booted["en"]
    booted["en"].close_sheet()


@pytest.fixture
def running_spanish(booted: dict[str, Planner]) -> Iterator[Planner]:
    """The Spanish planner, running."""
    yield booted["es"]
    booted["es"].close_sheet()
