"""Call the engine (MkDocs) once a language, all at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from builder import files
from builder.paths import CONFIGURATION, DOCS, ROOT
from builder.trouble import Trouble


def build_all(configurations: Mapping[str, Path], build: Path) -> None:
    """Build each language whose staged files changed since it was last built.

    Fills ``build/engine/<tag>``.

    Raises:
        Trouble: The engine has warnings or errors; repeats them.
    """
    stamps = {tag: _stamp(tag, path, build) for tag, path in configurations.items()}
    running = {
        tag: _start(path)
        for tag, path in configurations.items()
        if not _is_built(tag, stamps[tag], build)
    }
    problems = []
    for tag, process in running.items():
        said, _ = process.communicate()
        if process.returncode:
            problems.append(f"The pages in {tag} could not be built:\n{_gist(said)}")
        else:
            files.write(_stamp_file(tag, build), stamps[tag].encode())
    if problems:
        raise Trouble("\n".join(problems))


def _start(configuration: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", str(configuration)],
        cwd=ROOT,
        # The theme's notice about its end of life is known and says nothing about a page.
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def _gist(said: str) -> str:
    """Return the engine's warnings and errors; the end of a traceback where it has none."""
    lines = said.strip().splitlines()
    told = [line for line in lines if line.startswith(("WARNING", "ERROR"))]
    return "\n".join(told or lines[-1:])


def _stamp(tag: str, configuration: Path, build: Path) -> str:
    staged = build / "pages" / tag
    inputs = [CONFIGURATION, configuration, *files.below(DOCS / "theme")]
    named = (
        part for path in files.below(staged) for part in (path.relative_to(staged).as_posix(), path)
    )
    lock = ROOT / "requirements" / "site.txt"
    return files.fingerprint([*inputs, *named, lock])


def _stamp_file(tag: str, build: Path) -> Path:
    return build / "stamps" / f"engine-{tag}"


def _is_built(tag: str, stamp: str, build: Path) -> bool:
    path = _stamp_file(tag, build)
    whole = (build / "engine" / tag / "index.html").is_file()
    return whole and path.is_file() and path.read_text(encoding="ascii") == stamp
