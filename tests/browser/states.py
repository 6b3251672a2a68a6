"""Every state that a reader meets, by name, and how a page comes into it.

Each can be entered from any other, so a test of one needs no test of another before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, Worker, expect

from builder.paths import SITE
from tests.browser.journey import AS_OF, SAMPLES, Planner, portfolio, sample

#: Lines of several kinds, one of which can't be read.
LIST = portfolio(40) + "Customer 41,EA,Visio,x,P1Y,,31/02/2027,\n"

#: A list whose days fit both orders.
EITHER_ORDER = "Customer,Product,Channel,Renewal date\nZenith,Visio Plan 2,WEB_MCA,03/04/2027\n"

#: Limits that not every line can keep.
LIMITS = {
    "schedule.per_week": "2",
    "schedule.days_off": "sat,sun",
    "schedule.blackout": "2026-12-20..2027-01-03",
    "schedule.wished": "2027-01-15",
}

#: What the page stands on, so that it is entered anew only where it must.
_ON = "planner => planner.dataset.stands ?? ''"


def settle(planner: Planner) -> None:
    """Wait until all that was asked is answered and drawn."""
    drawn(planner)
    for _ in range(2):
        planner.element.evaluate(
            """async ({ session }) => {
                if (session?.state === "ready") await session.ask("exports", {});
            }"""
        )
        drawn(planner)


def drawn(planner: Planner) -> None:
    """Wait until the page is drawn as it stands, whatever is still under way."""
    planner.page.evaluate(
        """async () => {
            await document.fonts.ready;
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )


@dataclass(frozen=True, slots=True)
class State:
    """One state of the planner.

    Attributes:
        enter: Brings a page into it, from wherever the page is.
        sight: Selector of what a reader looks at then.
        on_guide: It is the planner on a page of the guide.
        settled: Waits until the page has come to rest there.
    """

    name: str
    enter: Callable[[Planner], None]
    sight: str
    on_guide: bool = False
    settled: Callable[[Planner], None] = settle

    def reach(self, planner: Planner, language: str) -> None:
        """Bring a page into the state."""
        while planner.page.locator("dialog[open]").count():
            planner.close_sheet()
        place = f"/{language}/{'move' if self.on_guide else 'planner'}/"
        if place not in planner.page.url:
            planner.page.goto(f"{place}?as_of={AS_OF}")
        self.enter(planner)
        self.settled(planner)

    def show(self, planner: Planner) -> None:
        """Bring what a reader looks at into sight, once all rows are drawn."""
        self.settled(planner)
        planner.page.mouse.move(0, 0)
        planner.page.evaluate(
            """([selector]) => {
                const sight = document.querySelector(selector);
                sight.scrollIntoView({ block: "start", behavior: "instant" });
                if (!sight.closest("dialog")) scrollBy({ top: -110, behavior: "instant" });
                document.activeElement.blur();
                // It comes and goes with the way that the page was scrolled last.
                document.querySelector(".md-top")?.remove();
            }""",
            [self.sight],
        )
        self.settled(planner)


def prepare(page: Page) -> None:
    """Let Python take the day on which every test plans for today, and no page ask to stay."""

    def turn_back(route: Route) -> None:
        path = SITE / urlsplit(route.request.url).path.removeprefix("/")
        clock = (
            f"const late = Date.now() - Date.parse('{AS_OF}T12:00:00Z');"
            "const now = Date.now; Date.now = () => now() - late;\n"
        )
        body = clock + path.read_text("utf-8")
        route.fulfill(status=200, content_type="text/javascript", body=body)

    page.route("**/worker.js", turn_back)
    page.on("dialog", lambda dialog: dialog.accept())


def python_worker(page: Page) -> Worker:
    """Return the planner's newest worker (the search has one of its own)."""
    # One that was just ended may still be listed.
    return [worker for worker in page.workers if worker.url.startswith("blob:")][-1]


def _stand(planner: Planner, on: str, get_there: Callable[[], None]) -> None:
    if planner.element.evaluate(_ON) != on:
        _reload(planner)
        get_there()
        planner.element.evaluate("(planner, on) => { planner.dataset.stands = on; }", on)


def _reload(planner: Planner) -> None:
    page = planner.page
    page.evaluate("localStorage.clear()")
    page.goto(f"{page.url.partition('?')[0]}?as_of={AS_OF}")
    # On a page of the guide nothing of the planner is there until a reader turns to it.
    if "planner/" in page.url:
        planner.until_ready()


def _nothing(planner: Planner) -> None:
    if planner.element.evaluate(_ON):
        _reload(planner)
    planner.until_ready()


def _read(planner: Planner) -> None:
    def bring() -> None:
        planner.bring(sample("bam-subscriptions.csv"))
        planner.understood.locator(".reading-preview").wait_for()

    _stand(planner, "read", bring)
    for columns in planner.understood.locator(".part-columns[open] > summary").all():
        columns.click()


def _mapping(planner: Planner) -> None:
    _read(planner)
    planner.understood.locator(".part-columns > summary").first.click()


def _either_order(planner: Planner) -> None:
    def bring() -> None:
        planner.bring(EITHER_ORDER)
        planner.understood.locator(".part-asked").first.wait_for()

    _stand(planner, "either order", bring)


def _refused(planner: Planner) -> None:
    """A file that is too large, beside prose that is no list."""

    def bring() -> None:
        planner.bring("Dear partner, please move us to CSP soon.")
        planner.understood.locator(".reading").wait_for()
        drop(planner.page, "all-customers.csv", "", 90_000_000)
        planner.part("refused").first.wait_for()

    _stand(planner, "refused", bring)


def drop(page: Page, name: str, content: str, size: int = 0) -> None:
    """Drop a file (``content`` in base64) on the planner; ``size`` if it claims to be larger."""
    page.evaluate(
        """([name, content, size]) => {
            const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
            const file = new File([bytes], name);
            if (size) Object.defineProperty(file, "size", { value: size });
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(file);
            const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
            if (size) Object.defineProperty(event.dataTransfer, "files", { value: [file] });
            document.querySelector("planner-input").dispatchEvent(event);
        }""",
        [name, content, size],
    )


def _planned(planner: Planner) -> None:
    def plan() -> None:
        planner.plan(LIST)

    _stand(planner, "plan", plan)


def _view(name: str) -> Callable[[Planner], None]:
    def enter(planner: Planner) -> None:
        _planned(planner)
        planner.view(name)

    return enter


_summary = _view("summary")


def _found(planner: Planner) -> None:
    _planned(planner)
    view = planner.view("table")
    view.locator("[name=hold]").select_option("first")
    view.locator("[name=group]").check()
    view.locator("tr.group").first.wait_for()


def _everything(planner: Planner) -> None:
    """Take the filters back."""
    view = planner.view("table")
    view.locator("[name=group]").uncheck()
    expect(view.locator("tr.group")).to_have_count(0)
    everything = view.locator("[data-part=everything]:not([hidden])")
    if everything.count():
        everything.click()
        expect(everything).to_have_count(0)


def _timeline(planner: Planner) -> None:
    _table(planner)
    planner.view("timeline")


def _table(planner: Planner) -> None:
    _planned(planner)
    _everything(planner)


def _line(planner: Planner) -> None:
    _table(planner)
    planner.open_line(5).locator(".ways-possible input").first.wait_for()


def _sheet(button: str) -> Callable[[Planner], None]:
    def enter(planner: Planner) -> None:
        _planned(planner)
        planner.view("summary")
        planner.part(button).click()
        planner.page.locator("dialog[open]").wait_for()

    return enter


def _limited(planner: Planner) -> None:
    def limit() -> None:
        planner.plan(LIST)
        planner.element.evaluate(
            "(planner, scheduling) => planner.session.change('set', { scheduling })", LIMITS
        )

    _stand(planner, "limits", limit)
    planner.view("summary").locator(".schedule").wait_for()


def _schedule(planner: Planner) -> None:
    _limited(planner)
    planner.part("settings").click()
    planner.page.locator("dialog[open] .field-list").wait_for()


def _opened(planner: Planner) -> None:
    def reopen() -> None:
        planner.plan(LIST)
        text = planner.element.evaluate(
            "async planner => (await planner.session.ask('export', { export: 'plan' }))"
            ".files[0].text"
        )
        later = text.replace(AS_OF, "2026-10-05")
        planner.part("files").set_input_files(
            {"name": "plan.json", "mimeType": "application/json", "buffer": later.encode()}
        )
        planner.part("opened").wait_for()

    _stand(planner, "opened", reopen)
    details = planner.part("opened").locator("details:not([open]) > summary")
    if details.count():
        details.click()


def _lost(planner: Planner) -> None:
    def lose() -> None:
        planner.plan(sample("own-table.tsv"))
        python_worker(planner.page).evaluate("self.close()")
        planner.failure.wait_for()

    _stand(planner, "lost", lose)


def _failed(reason: str) -> Callable[[Planner], None]:
    def enter(planner: Planner) -> None:
        def fail() -> None:
            planner.bring(sample("own-table.tsv"))
            planner.understood.locator(".reading-preview").wait_for()
            planner.element.evaluate(
                """planner => {
                    planner.session.stop();
                    planner.session.detail = "TypeError, placing.py:12";
                    planner.session.state = "failed";
                    planner.session.dispatchEvent(new Event("state"));
                }"""
            )

        _stand(planner, "failed", fail)
        planner.element.evaluate(
            """(planner, reason) => {
                planner.session.reason = reason;
                planner.session.dispatchEvent(new Event("failed"));
            }""",
            reason,
        )
        closed = planner.element.locator('[data-part="technical"]:not([open]) > summary')
        if closed.count():
            closed.click()

    return enter


def _no_storage(planner: Planner) -> None:
    def block() -> None:
        planner.plan(sample("own-table.tsv"))
        planner.page.evaluate(
            "() => { Storage.prototype.setItem = Storage.prototype.removeItem = () => { "
            "throw new DOMException('denied', 'SecurityError'); }; }"
        )
        planner.element.evaluate("planner => planner.session.change('set', { market: 'US' })")

    _stand(planner, "no storage", block)
    planner.part("settings").click()
    planner.part("storage").wait_for()


def _busy(planner: Planner) -> None:
    """Long work under way, which can be cancelled."""

    def work() -> None:
        planner.plan(LIST)
        python_worker(planner.page).evaluate(
            "setTimeout(() => { const end = Date.now() + 3e4; while (Date.now() < end); })"
        )
        planner.part("edit").click()
        planner.part("go").click()
        planner.part("work").wait_for()

    _stand(planner, "busy", work)


def _closed(planner: Planner) -> None:
    _stand(planner, "closed", lambda: None)


def _open(planner: Planner) -> None:
    def turn() -> None:
        planner.element.locator("summary").first.click()
        planner.until_ready()

    _stand(planner, "open", turn)


def _small(planner: Planner) -> None:
    def plan() -> None:
        planner.element.locator("summary").first.click()
        planner.until_ready()
        planner.part("files").set_input_files(SAMPLES / "bam-subscriptions.csv")
        planner.press_plan()
        planner.read()

    _stand(planner, "small", plan)


FORM, RESULT, SHEET = "csp-planner", ".planner-head", "dialog[open] .sheet-bar"

#: In an order in which few of them need the page anew.
STATES = (
    State("start", _nothing, "h1"),
    State("read", _read, FORM),
    State("mapping", _mapping, ".part-columns"),
    State("either-order", _either_order, FORM),
    State("refused", _refused, FORM),
    State("summary", _summary, RESULT),
    State("questions", _summary, ".planner-questions"),
    State("table", _table, ".planner-tabs"),
    State("found", _found, ".planner-tabs"),
    State("timeline", _timeline, ".planner-tabs"),
    State("agenda", _view("agenda"), ".planner-tabs"),
    State("line", _line, SHEET),
    State("ways", _line, "dialog[open] .alternatives"),
    State("settings", _sheet("settings"), SHEET),
    State("exports", _sheet("export"), SHEET),
    State("forget", _sheet("forget"), RESULT),
    State("limited", _limited, ".schedule"),
    State("schedule", _schedule, 'dialog[open] [data-slot="scheduling"]'),
    State("opened", _opened, RESULT),
    State("no-storage", _no_storage, SHEET),
    State("broken", _failed("other"), ".planner-failure"),
    State("guide-closed", _closed, FORM, on_guide=True),
    State("guide-open", _open, FORM, on_guide=True),
    State("guide-planned", _small, ".planner-head", on_guide=True),
)

#: What is too restless for a picture, or differs from one of those in a sentence alone.
PASSING = (
    State("busy", _busy, FORM, settled=drawn),
    *(State(reason, _failed(reason), ".planner-failure") for reason in ("wasm", "network", "time")),
    State("memory", _failed("memory"), ".planner-failure"),
    State("lost", _lost, ".planner-failure"),
)
