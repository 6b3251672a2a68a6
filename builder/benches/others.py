"""How long the planner takes to be ready in Firefox and in WebKitGTK, stock and ours."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder import snapshot
from builder.benches.results import Results, Row
from builder.benches.stock import PAGE

RUNS = 3

_SCRIPT = Path(__file__).with_name("firefox.mjs")
_FIREFOX = ("firefox", "firefox-esr")
_DRIVERS = ("WebKitWebDriver", "/usr/lib/webkit2gtk-4.1/WebKitWebDriver")
_MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
_SCREEN = ":97"
_READY = 'csp-planner[data-runtime-state="ready"]'


def firefox(near: str, results: Results) -> None:
    """Measure Firefox, driven by WebDriver BiDi; leave it out where there is none."""
    path = next((found for name in _FIREFOX if (found := shutil.which(name))), None)
    if path is None:
        results.left_out.append("firefox: not installed")
        return
    # The second visit to ours starts from what the first has kept.
    addresses = [f"{near}stock/{PAGE}", near + PAGE, f"{near}{PAGE}?later"]
    said = snapshot.node("measurement in Firefox", _SCRIPT, path, str(RUNS), *addresses)
    _add("firefox", json.loads(said.splitlines()[-1]), results)


def webkit(near: str, results: Results) -> None:
    """Measure WebKitGTK, driven by WebDriver; leave it out where there is none."""
    driver = next((found for name in _DRIVERS if (found := shutil.which(name))), None)
    if driver is None or shutil.which("Xvfb") is None:
        results.left_out.append("webkit: WebKitWebDriver or Xvfb is not installed")
        return
    taken: list[list[float]] = [[], [], []]
    with _screen():
        for _ in range(RUNS):
            _webkit_run(driver, near, taken)
    _add("webkit", taken, results)


def _webkit_run(driver: str, near: str, taken: list[list[float]]) -> None:
    # By name: only the bench's dependencies have it, and types are checked without.
    webdriver = importlib.import_module("selenium.webdriver")
    waiting = importlib.import_module("selenium.webdriver.support.ui")
    options = webdriver.WebKitGTKOptions()
    browsers = sorted(Path("/").glob(_MINI_BROWSERS.removeprefix("/")))
    options.binary_location = str(browsers[-1])
    options.add_argument("--automation")
    service = webdriver.WebKitGTKService(executable_path=driver)
    browser = webdriver.WebKitGTK(options=options, service=service)
    try:
        for place, address in enumerate([f"{near}stock/{PAGE}", near + PAGE, near + PAGE]):
            browser.get(address)
            waiting.WebDriverWait(browser, 120, 0.02).until(
                lambda page: page.find_elements("css selector", _READY)
            )
            taken[place].append(browser.execute_script("return performance.now()"))
            time.sleep(5)
    finally:
        browser.quit()


@contextmanager
def _screen() -> Iterator[None]:
    """Give what needs one a screen that nobody sees."""
    command = [str(shutil.which("Xvfb")), _SCREEN, "-screen", "0", "1280x1024x24"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = _SCREEN
    try:
        time.sleep(1)
        yield
    finally:
        server.terminate()
        server.wait()
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before


def _add(browser: str, taken: list[list[float]], results: Results) -> None:
    stock, first, later = taken
    results.rows += [
        Row(f"{browser}-stock", "ms", tuple(stock)),
        Row(f"{browser}-first-visit", "ms", tuple(first)),
        Row(f"{browser}-later-visit", "ms", tuple(later)),
    ]
