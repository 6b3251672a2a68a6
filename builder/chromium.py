"""Find a Chromium for the browser tests, or get one.

The order: the one that ``CHROMIUM`` names, an installed browser, the one that
Playwright downloaded before, Debian's package where this process may install
it, Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

#: Commands that start a Chromium, the plain ones first.
COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)

#: Where installers put a Chromium without a command on PATH.
_MAC_APPLICATIONS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS_PROGRAMS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

#: Keep the browser from calling home, so that a test sees the page's requests alone.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


class NoBrowser(Exception):
    """There is no Chromium and none can be had; ``str(error)`` says what to do."""


def find_or_get() -> Path:
    """Return the path of a Chromium, downloading one where there is none.

    Raises:
        NoBrowser: ``CHROMIUM`` names no browser, or none can be had.
    """
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return Path(found)
        raise NoBrowser(f"CHROMIUM names {named}, which can't be started: correct it or unset it.")
    for path in (*installed(sys.platform, os.environ), *_downloaded()):
        if _starts(path):
            return path
    for get in (_get_package, _get_download):
        for path in get():
            if _starts(path):
                return path
    raise NoBrowser(
        "No Chromium was found and none could be downloaded: "
        "install Chromium, Chrome or Edge, or set CHROMIUM to the path of one."
    )


def launch_arguments() -> list[str]:
    """Return the arguments that a test's Chromium needs on this machine."""
    # Chromium's sandbox refuses to start as root, as which containers often run.
    return [*(["--no-sandbox"] if _is_root() else []), *_QUIET]


def installed(platform: str, environment: Mapping[str, str]) -> Iterator[Path]:
    """Return each Chromium on ``PATH`` and in the platform's usual places.

    ``platform`` is that of ``sys.platform``.
    """
    for command in COMMANDS:
        if found := shutil.which(command, path=environment.get("PATH")):
            yield Path(found)
    match platform:
        case "darwin":
            home = Path(environment.get("HOME", "/"))
            folders = [Path("/Applications"), home / "Applications"]
            usual = [folder / name for name in _MAC_APPLICATIONS for folder in folders]
        case "win32":
            folders = [Path(environment[name]) for name in _WINDOWS_FOLDERS if name in environment]
            usual = [folder / name for name in _WINDOWS_PROGRAMS for folder in folders]
        case _:
            usual = [Path("/opt/google/chrome/chrome"), Path("/opt/microsoft/msedge/msedge")]
    yield from (path for path in usual if path.is_file())


def _downloaded() -> Iterator[Path]:
    """Return the Chromium that Playwright keeps for itself, if it was downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if path.is_file():
        yield path


def _get_package() -> Iterator[Path]:
    """Install Debian's package, where there is apt and the right to use it."""
    apt = shutil.which("apt-get")
    if not (apt and _is_root()):
        return
    _say("No Chromium found: installing Debian's package.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run([apt, "-q", *arguments], env=environment, check=False).returncode:
            return
    if found := shutil.which("chromium"):
        yield Path(found)


def _get_download() -> Iterator[Path]:
    """Let Playwright download its Chromium."""
    _say("No Chromium found: downloading Playwright's.")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    yield from _downloaded()


def _starts(path: Path) -> bool:
    """Tell whether a browser runs at all; a stub or a lack of libraries shows here."""
    if sys.platform == "win32":
        # There, --version opens a window instead of answering.
        return True
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
