"""What a reader does on a page with the planner, and what the page asks of the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

#: The day on which every test plans, UTC.
AS_OF = "2026-11-23"


@dataclass
class Journal:
    """Everything a browser context asked for, and what its console complained of."""

    origin: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

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
            if "/runtime/" in address or address.endswith("/planner/worker.mjs")
        ]


class Planner:
    """The planner on a page, used as its readers use it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("csp-planner")
        self.text = self.part("text")
        self.status = self.part("status")
        self.result = self.part("result")
        self.plan_html = self.part("plan")
        self.failure = self.part("failure")

    def part(self, name: str) -> Locator:
        """Return a part of the planner's own HTML."""
        return self.element.locator(f'[data-part="{name}"]')

    def until_ready(self) -> None:
        """Wait until Python answers."""
        self.page.locator('csp-planner[data-runtime-state="ready"]').wait_for()

    def set_as_of(self, day: str = AS_OF) -> None:
        """Choose the day that the plan is made for."""
        self.part("as-of").fill(day)

    def press_plan(self) -> None:
        """Press *Plan the move*."""
        self.part("go").click()

    def read(self) -> str:
        """Wait for the plan and return what a reader sees of it."""
        self.result.wait_for()
        return self.plan_html.inner_text()

    def plan(self, text: str, day: str = AS_OF) -> str:
        """Paste, plan and return what a reader sees."""
        self.set_as_of(day)
        self.text.fill(text)
        self.press_plan()
        return self.read()

    def plan_json(self) -> str:
        """Return the JSON of the last plan."""
        plan: str = self.element.evaluate("element => element.plan")
        return plan


def sample(name: str) -> str:
    """Return a sample as a reader would paste it."""
    return (SAMPLES / name).read_text("utf-8")
