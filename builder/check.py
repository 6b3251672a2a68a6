"""Check and test everything: style, types, the built site, the planner, the page in a browser."""

from __future__ import annotations

import os
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

#: Tests run in as many processes as there are processors: a file's in one, for what they share.
_AT_ONCE = ("--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile")


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
    tests = _run("pytest", *_AT_ONCE, *arguments)
    if failed:
        sys.stderr.write(f"Not passed: {', '.join(failed)}.\n")
    return tests or (1 if failed else 0)


def keep_pictures() -> int:
    """Build the site and keep new pictures of every state; return 0 where all were taken.

    Raises:
        Trouble: The site can't be built.
    """
    site.build()
    status = _run("pytest", "tests/browser/test_pictures.py", KEEP_PICTURES="1")
    sys.stdout.write("Look at each in build/pictures/ before you commit tests/browser/pictures/.\n")
    return status


def _run(*command: str, **environment: str) -> int:
    sys.stdout.flush()
    variables = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=variables, check=False)
    return done.returncode
