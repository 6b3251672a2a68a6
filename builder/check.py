"""Check and test everything: style, types, the built site, the planner, the page in a browser."""

from __future__ import annotations

import subprocess
import sys

from builder import chromium, site
from builder.paths import ROOT
from builder.trouble import Trouble

#: What is checked before the tests, each by one command.
CHECKS = {
    "ruff check": ("ruff", "check", "--quiet"),
    "ruff format": ("ruff", "format", "--check", "--quiet"),
    "mypy": ("mypy", "--no-error-summary"),
    "tsc and biome": ("builder.javascript",),
}


def run(arguments: list[str]) -> int:
    """Run every check, then pytest with more arguments; return 0 where all pass.

    Raises:
        Trouble: The site can't be built, or no browser can be had.
    """
    site.build()
    try:
        chromium.find_or_get()
    except chromium.NoBrowser as error:
        raise Trouble(str(error)) from error
    failed = [name for name, command in CHECKS.items() if _run(*command)]
    tests = _run("pytest", *arguments)
    if failed:
        sys.stderr.write(f"Not passed: {', '.join(failed)}.\n")
    return tests or (1 if failed else 0)


def _run(*command: str) -> int:
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode
