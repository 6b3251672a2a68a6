"""What a reader does on a page with the planner, and what the page asks of the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

#: The day on which every test plans, UTC.
AS_OF = "2026-11-23"


@dataclass
class Journal:
    """Everything a browser context asked for, and what its console complained of and said."""

    origin: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Write down every request and complaint of a context, its workers' included."""
        context.on("request", self._note)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)
        else:
            self.remarks.append(message.text)

    @property
    def addresses(self) -> list[str]:
        """The address of every request."""
        return [request.url for request in self.requests]

    @property
    def foreign(self) -> list[str]:
        """The addresses that are not the site's own."""
        own = (f"{self.origin}/", f"blob:{self.origin}/", "data:")
        return [address for address in self.addresses if not address.startswith(own)]

    @property
    def of_python(self) -> list[str]:
        """The addresses of Pyodide, its packages and the planner's worker."""
        return [
            address
            for address in self.addresses
            if "/runtime/" in address or address.endswith("/worker.js")
        ]


class Planner:
    """The planner on a page, used as its readers use it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("csp-planner")
        self.text = self.part("text")
        self.status = self.part("status")
        self.result = self.part("result")
        self.failure = self.part("failure")
        self.understood = self.part("reading")
        self.sheet = page.locator("planner-details dialog")

    def part(self, name: str) -> Locator:
        """Return a part of the planner's own HTML."""
        return self.element.locator(f'[data-part="{name}"]')

    def until_ready(self) -> None:
        """Wait until Python answers; say why when it will not."""
        ended = ("ready", "failed")
        self.page.locator(
            ",".join(f'csp-planner[data-runtime-state="{state}"]' for state in ended)
        ).wait_for()
        if self.element.get_attribute("data-runtime-state") == "failed":
            detail = self.element.evaluate("planner => planner.session.detail")
            pytest.fail(f"{self.failure.inner_text()} ({detail})")

    def bring(self, text: str) -> None:
        """Put text into the box."""
        if self.element.get_attribute("data-folded") is not None:
            self.part("edit").click()
        self.text.fill(text)

    def press_plan(self, name: str = "go") -> None:
        """Press *Plan the move*, or another button that leads to a plan."""
        self.element.evaluate(
            "planner => { window.planned = new Promise("
            "done => planner.addEventListener('planned', done, { once: true })).then(() => {}); }"
        )
        self.part(name).click()

    def read(self) -> str:
        """Wait for the plan that was asked for and return what a reader sees of it.

        Say why where Python fails instead: that plan would never come.
        """
        failed = self.element.evaluate(
            """({ session }) => {
                const why = () => `${session.reason}: ${session.detail}`;
                const failed = new Promise((resolve) => {
                    if (session?.state === "failed") resolve(why());
                    session?.addEventListener("failed", () => resolve(why()), { once: true });
                });
                return Promise.race([window.planned, failed]);
            }"""
        )
        if failed:
            pytest.fail(failed)
        return self.result.inner_text()

    def plan(self, text: str) -> str:
        """Paste, plan and return what a reader sees."""
        self.bring(text)
        self.press_plan()
        return self.read()

    def view(self, name: str) -> Locator:
        """Turn to a view of the plan and return it once it is drawn."""
        self.page.locator(f"#planner-tab-{name}").click()
        view = self.page.locator(f"#planner-view-{name}")
        drawn = {"summary": ".summary", "table": "tr[data-row]", "timeline": ".lane-row"}
        view.locator(drawn.get(name, ".agenda-entry")).first.wait_for()
        return view

    def open_line(self, line: int) -> Locator:
        """Open a line from the table and return everything about it."""
        self.view("table").locator(f'tr[data-line="{line}"] .open').click()
        return self.sheet.locator(f'article[data-line="{line}"]')

    def close_sheet(self) -> None:
        """Close whatever sheet is open."""
        self.page.keyboard.press("Escape")
        self.page.locator("dialog[open]").wait_for(state="hidden")

    def plan_json(self) -> str:
        """Return the JSON of the plan that stands."""
        plan: str = self.element.evaluate(
            "async planner => (await planner.session.ask('export', { export: 'json' }))"
            ".files[0].text"
        )
        return plan


def sample(name: str) -> str:
    """Return a sample as a reader would paste it."""
    return (SAMPLES / name).read_text("utf-8")


def portfolio(customers: int, lines_each: int = 3) -> str:
    """Return a list of some customers, each with lines of several kinds."""
    channels = ["WEB_MCA", "CSP_OTHER_NCE", "EA", "WEB_MOSA", "", "OPEN", "MCA_E"]
    products = ["Microsoft 365 Business Premium", "Office 365 E3", "Visio Plan 2", "Power BI Pro"]
    rows = ["customer,channel,sku,seats,term,start,end,subscription id"]
    for customer in range(customers):
        for line in range(lines_each):
            place = customer * lines_each + line
            month, year = place % 12 + 1, 2026 + place % 2
            name = "".join(chr(ord("a") + int(digit)) for digit in str(place))
            rows.append(
                f"Customer {customer + 1:02},{channels[place % 7]},{products[place % 4]},"
                f"{place % 50 + 1},P1Y,{year - 1}-{month:02}-15,{year}-{month:02}-14,id-{name}"
            )
    return "\n".join(rows) + "\n"
