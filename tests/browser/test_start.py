"""However Python starts, it is the same planner; and it starts only where it is wanted."""

from __future__ import annotations

import functools
import hashlib
import http.server
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from builder import files, publish
from builder.languages import Language
from builder.paths import SITE
from builder.serve import Handler
from planner.words import Words
from tests.browser.conftest import PATIENCE
from tests.browser.journey import Journal, Planner, sample

TEXT = sample("own-table.tsv")
IMAGE = "**/snapshot.bin"
NOT_FOUND = 404

SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"

#: Whether all that a next visit needs is kept, the site's last files a second ago or earlier.
KEPT = """async () => {
    const root = new URL("../../", location.href);
    const names = ["csp-planner-image", "csp-planner-site"];
    const kept = [];
    if (!(await navigator.serviceWorker.getRegistration())) return false;
    for (const name of names) kept.push(await (await caches.open(`${name} ${root}`)).keys());
    const { active, installing, waiting } = await navigator.serviceWorker.getRegistration();
    const page = kept[1].some(({ url }) => url.includes("/en/planner/index"));
    const before = window.before;
    window.before = kept[1].length;
    return active && !installing && !waiting && kept[0].length && page && before === window.before;
}"""

#: The name of the cache that holds the image of the site at this address's root.
IMAGES = "`csp-planner-image ${location.origin}/`"

IMAGE_KEPT = f"async () => (await (await caches.open({IMAGES})).keys()).length > 0"

#: Whether the planner's English page is kept in just these versions (the hashes of each).
KEPT_VERSIONS = """async (hashes) => {
    await (await navigator.serviceWorker.getRegistration()).update();
    const keys = await (await caches.open(`csp-planner-site ${location.origin}/`)).keys();
    const found = keys.map(({ url }) => new URL(url))
        .filter(({ pathname }) => pathname === "/en/planner/index.html")
        .map(({ search }) => search.slice(1));
    return found.toSorted().join() === hashes.toSorted().join();
}"""


def wait(page: Page, condition: str, arg: object = None) -> None:
    """Wait until a condition holds in the page, asked each second; not for ever."""
    latest = time.monotonic() + PATIENCE / 1_000
    while not page.evaluate(condition, arg):
        assert time.monotonic() < latest, f"never came to hold: {condition}"
        page.wait_for_timeout(1_000)


def later_visit(visitor: BrowserContext, page: Page, versions: list[str]) -> Page:
    """Close the page and visit again until just these versions are kept; not for ever.

    A browser takes a moment to end a closed page; a visit within it still belongs to the last
    version, and so does everything until that visit ends, too.
    """
    latest = time.monotonic() + PATIENCE / 1_000
    while True:
        page.close()
        page = visitor.new_page()
        page.goto("/en/planner/")
        if page.evaluate(KEPT_VERSIONS, versions):
            return page
        assert time.monotonic() < latest, f"never kept just {versions}"


def from_files(journal: Journal) -> bool:
    """Tell whether Python started from its files, not from its memory image."""
    return any(address.endswith("/stdlib.bin") for address in journal.addresses)


def planned(page: Page) -> tuple[str, str]:
    """Open the planner, plan, return the plan's JSON and its HTML."""
    page.goto("/en/planner/")
    planner = Planner(page)
    planner.plan(TEXT)
    return planner.plan_json(), planner.view("summary").inner_html()


def test_from_the_image_and_from_its_files_the_plan_is_the_same(
    page: Page, journal: Journal
) -> None:
    restored = planned(page)
    assert not from_files(journal)
    wait(page, IMAGE_KEPT)
    page.route(IMAGE, lambda route: route.abort())
    page.evaluate(f"caches.delete({IMAGES})")
    assert planned(page) == restored
    assert from_files(journal)
    journal.complaints.clear()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<html>Blocked</html>", id="no-image"),
        pytest.param(b"\x1f\x8b\x08\x00 and then noise", id="broken-gzip"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00" * 20_000_000, id="zeros"),
    ],
)
def test_a_damaged_image_costs_time_and_no_plan(
    page: Page, journal: Journal, content: bytes
) -> None:
    page.route(IMAGE, lambda route: route.fulfill(status=200, body=content))
    assert '"recommendations"' in planned(page)[0]
    assert from_files(journal)


def test_an_image_of_another_planner_is_not_used(page: Page, journal: Journal) -> None:
    """What an earlier visit kept may be damaged as well; it is forgotten then."""
    planned(page)
    wait(page, IMAGE_KEPT)
    page.evaluate(
        f"""async () => {{
            const cache = await caches.open({IMAGES});
            const [{{ url }}] = await cache.keys();
            const image = new Uint8Array(await (await cache.match(url)).arrayBuffer());
            image.fill(0x41, image.length / 2);
            await cache.put(url, new Response(image));
        }}"""
    )
    journal.requests.clear()
    assert '"recommendations"' in planned(page)[0]
    assert from_files(journal)
    journal.complaints.clear()


def test_without_storage_the_image_is_fetched_each_time(page: Page, journal: Journal) -> None:
    forbid = "Object.defineProperty(self, 'caches', {get() { throw new Error('denied'); }});\n"

    def without(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=forbid + answer.text())

    page.route("**/image.js", without)
    for _ in range(2):
        journal.requests.clear()
        assert '"recommendations"' in planned(page)[0]
        assert not from_files(journal)
        assert any(address.endswith("/snapshot.bin") for address in journal.addresses)


def test_a_second_visit_takes_the_image_from_storage(page: Page, journal: Journal) -> None:
    planned(page)
    wait(page, IMAGE_KEPT)
    journal.requests.clear()
    planned(page)
    assert not from_files(journal)
    assert not any(address.endswith("/snapshot.bin") for address in journal.addresses)


def test_readers_who_save_data_start_it_themselves(page: Page, journal: Journal) -> None:
    page.add_init_script(SAVES_DATA)
    page.goto("/en/planner/", wait_until="networkidle")
    planner = Planner(page)
    expect(planner.part("progress")).to_be_hidden()
    planner.bring(TEXT)
    page.wait_for_timeout(1_000)
    assert not [address for address in journal.addresses if "/runtime/" in address]
    planner.press_plan()
    assert "Next deadlines" in planner.read()


def test_nothing_is_kept_for_readers_who_save_data(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.add_init_script(SAVES_DATA)
    planned(page)
    page.wait_for_timeout(3_000)
    assert page.evaluate("navigator.serviceWorker.getRegistration()") is None


def test_turning_to_the_planner_of_a_guide_page_starts_it(page: Page, journal: Journal) -> None:
    page.goto("/en/move/", wait_until="networkidle")
    assert journal.of_python == []
    Planner(page).element.hover()
    Planner(page).until_ready()
    assert journal.of_python


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A copy of the site that a test may change, and the address it is served at."""
    folder = tmp_path / "site"
    shutil.copytree(SITE, folder, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser, copy: tuple[Path, str]) -> Iterator[BrowserContext]:
    """A reader of the copy whose browser keeps what the site asks it to."""
    context = browser.new_context(base_url=copy[1], locale="en-US")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def take_away(folder: Path) -> None:
    """Leave nothing whose address tells its content, as another version does."""
    assets = folder / "en" / "assets"
    for below in [folder / "runtime", *assets.glob("planner.*")]:
        shutil.rmtree(below)
    files_named = [*assets.glob("site.*.css"), *assets.rglob("*.????????.min.*")]
    assert len(files_named) > 1
    for path in files_named:
        path.unlink()


def test_a_later_visit_asks_for_nothing_whose_address_tells_its_content(
    visitor: BrowserContext, copy: tuple[Path, str]
) -> None:
    page = visitor.new_page()
    before = planned(page)
    wait(page, KEPT)
    take_away(copy[0])
    missing: list[str] = []
    page.on(
        "response",
        lambda answer: missing.append(answer.url) if answer.status >= NOT_FOUND else None,
    )
    assert planned(page) == before
    assert missing == []


def test_a_page_that_is_open_outlives_its_version(
    visitor: BrowserContext, copy: tuple[Path, str]
) -> None:
    """Even on the first visit: the service worker answers for it as soon as it is there."""
    page = visitor.new_page()
    before = planned(page)
    wait(page, KEPT)
    take_away(copy[0])
    page.evaluate("document.querySelector('csp-planner').session.cancel()")
    planner = Planner(page)
    planner.until_ready()
    assert planner.plan_json() == before[0]


def test_two_copies_of_the_site_on_one_host_keep_their_own(
    visitor: BrowserContext, copy: tuple[Path, str]
) -> None:
    """Such as a preview beside the site."""
    folder, _ = copy
    shutil.copytree(folder, folder.parent / "preview")
    (folder.parent / "preview").rename(folder / "preview")
    pages = [visitor.new_page(), visitor.new_page()]
    for page, root in zip(pages, ("/", "/preview/"), strict=True):
        page.goto(f"{root}en/planner/?as_of=2026-11-23")
        Planner(page).plan(TEXT)
        wait(page, KEPT)
    assert pages[0].evaluate(KEPT)
    visitor.set_offline(True)
    for page, root in zip(pages, ("/", "/preview/"), strict=True):
        page.goto(f"{root}en/planner/?as_of=2026-11-23")
        assert "Next deadlines" in Planner(page).plan(TEXT)


def test_a_later_visit_needs_no_network(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    before = planned(page)
    wait(page, KEPT)
    visitor.set_offline(True)
    assert planned(page) == before
    for place in ("/en/", "/en/rules/#R-101", "/en/decisions/", "/"):
        page.goto(place)
        page.wait_for_url("**/en/**")
        expect(page.locator("h1")).to_be_visible()


def test_versions_replace_each_other_whole(visitor: BrowserContext, copy: tuple[Path, str]) -> None:
    """With network the new page shows at once; without, all of the new or all of the old."""
    folder, _ = copy
    page = visitor.new_page()
    planned(page)
    wait(page, KEPT)
    path = folder / "en" / "planner" / "index.html"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text("utf-8").replace("<h1", "<h1 data-version=new"), "utf-8")
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    content: dict[str, bytes | Path] = dict(files.tree_of(folder))
    languages = [Language(tag, tag, Words(tag, {})) for tag in ("en", "es")]
    worker = publish.service_worker(SITE.parent / "docs" / "root", content, languages)
    (folder / "service-worker.js").write_bytes(worker)
    page.goto("/en/planner/")
    expect(page.locator("h1[data-version]")).to_be_visible()
    # The next version is fetched while a page of this one is open, and this one forgotten after.
    wait(page, KEPT_VERSIONS, [old, new])
    page = later_visit(visitor, page, [new])
    visitor.set_offline(True)
    page.goto("/en/planner/")
    expect(page.locator("h1[data-version]")).to_be_visible()
