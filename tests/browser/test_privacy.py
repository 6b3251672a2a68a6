"""What is pasted stays in the page: in no request, no storage, no address."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import Journal, Planner

CANARY = "Canary-7f3a9c Ltd"

TEXT = (
    "customer\tchannel\tsku\tseats\tterm\tstart\tend\n"
    f"{CANARY}\tWEB_MCA\tMicrosoft 365 Business Premium\t25\tP1Y\t2026-03-01\t2027-02-28\n"
    f"{CANARY}\tWEB_MCA\t{CANARY}\t25\tP1Y\t2026-03-01\t{CANARY}\n"
)

#: Everything that a page's origin can keep, as one text.
STORED = """async () => {
    const stored = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie,
        location.href, JSON.stringify(history.state), document.title, window.name];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            stored.push(request.url, await (await cache.match(request)).text());
        }
    }
    for (const { name, version } of await indexedDB.databases()) {
        stored.push(name);
        const database = await new Promise((resolve, reject) => {
            const opening = indexedDB.open(name, version);
            opening.onsuccess = () => resolve(opening.result);
            opening.onerror = () => reject(opening.error);
        });
        for (const table of database.objectStoreNames) {
            stored.push(await new Promise((resolve) => {
                const reading = database.transaction(table).objectStore(table).getAll();
                reading.onsuccess = () => resolve(JSON.stringify(reading.result));
            }));
        }
        database.close();
    }
    return stored.join("\\n");
}"""


def test_a_pasted_name_goes_nowhere(planner: Planner, journal: Journal) -> None:
    """Once Python is there, planning makes no request at all, and nothing is kept."""
    planner.until_ready()
    before = len(journal.requests)
    planner.plan(TEXT)
    planner.open_line(2).locator("[data-note]").fill(f"{CANARY} asked")
    planner.close_sheet()
    for view in ("table", "timeline", "agenda"):
        planner.view(view)
    assert journal.addresses[before:] == []
    for request in journal.requests:
        assert CANARY not in request.url
        assert CANARY not in (request.post_data or "")
    assert CANARY not in planner.page.evaluate(STORED)
    planner.page.on("dialog", lambda dialog: dialog.accept())
    planner.page.reload()
    assert planner.text.input_value() == ""
    assert CANARY not in planner.page.evaluate(STORED)


def test_forgetting_leaves_nothing(planner: Planner) -> None:
    """Neither the page nor the browser keeps anything, and Python starts anew."""
    planner.plan(TEXT)
    planner.part("settings").click()
    planner.page.locator("[name=market]").select_option("ES")
    expect(planner.part("status")).to_contain_text("follows")
    planner.close_sheet()
    assert "ES" in planner.page.evaluate("JSON.stringify(localStorage)")
    planner.part("forget").click()
    planner.part("forget-all").click()
    expect(planner.text).to_have_value("")
    expect(planner.result).to_be_hidden()
    assert CANARY not in planner.element.evaluate("planner => planner.outerHTML")
    assert "csp-planner" not in planner.page.evaluate("JSON.stringify(localStorage)")
    assert planner.page.evaluate("location.search") == ""
    planner.until_ready()
    answer = planner.element.evaluate("planner => planner.session.ask('summary', {})")
    assert answer["reason"] == "nothing"
    expect(planner.status).to_contain_text("Everything is forgotten")


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another server, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Note the question and let anyone read the answer."""
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def test_neither_page_nor_worker_can_reach_another_server(
    planner: Planner, page: Page, journal: Journal, elsewhere: tuple[str, list[str]]
) -> None:
    """The page's policy binds Python's worker as well, on a host that sends no headers."""
    address, asked = elsewhere
    planner.until_ready()
    [worker] = [worker for worker in page.workers if worker.url.startswith("blob:")]
    attempt = "address => fetch(address).then(() => 'sent', () => 'blocked')"
    assert page.evaluate(attempt, address) == "blocked"
    assert worker.evaluate(attempt, address) == "blocked"
    assert asked == []
    journal.complaints.clear()
    journal.requests.clear()
