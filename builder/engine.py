"""Call the engine (MkDocs) once a language, all at the same time."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from builder import files
from builder.paths import CONFIGURATION, DOCS, ROOT
from builder.templates import COMPILED
from builder.trouble import Trouble

#: Waits for a run of the engine; returns whether it went well, and what it said.
Run = Callable[[], tuple[bool, str]]

#: Starts a run of the engine for a configuration.
Start = Callable[[Path], Run]


def build_all(configurations: Mapping[str, Path], build: Path, last: Start | None = None) -> None:
    """Build each language whose staged files changed since it was last built.

    Fills ``build/engine/<tag>``. Each runs in a process of its own, the last one as ``last``
    says: ``here`` is quicker from the second time on.

    Raises:
        Trouble: The engine has warnings or errors; repeats them.
    """
    stamps = {tag: _stamp(tag, path, build) for tag, path in configurations.items()}
    stale = [tag for tag in configurations if not _is_built(tag, stamps[tag], build)]
    starts: list[Start] = [apart] * len(stale)
    if stale and last:
        starts[-1] = last
    running = {tag: start(configurations[tag]) for tag, start in zip(stale, starts, strict=True)}
    problems = []
    for tag, wait in running.items():
        well, said = wait()
        if well:
            files.write(_stamp_file(tag, build), stamps[tag].encode())
        else:
            problems.append(f"The pages in {tag} could not be built:\n{_gist(said)}")
    if problems:
        raise Trouble("\n".join(problems))


#: The theme's notice about its end of life is known and says nothing about a page.
_SILENT = {"NO_MKDOCS_2_WARNING": "1"}


def apart(configuration: Path) -> Run:
    """Run the engine in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", str(configuration)],
        cwd=ROOT,
        env={**os.environ, **_SILENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )

    def wait() -> tuple[bool, str]:
        said, _ = process.communicate()
        return process.returncode == 0, said

    return wait


def here(configuration: Path) -> Run:
    """Run the engine in this process, which has it loaded from the second run on."""

    def wait() -> tuple[bool, str]:
        os.environ.update(_SILENT)
        from mkdocs.commands import build
        from mkdocs.config import load_config
        from mkdocs.exceptions import MkDocsException

        said = io.StringIO()
        handler = logging.StreamHandler(said)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter("%(levelname)-8s-  %(message)s"))
        log = logging.getLogger("mkdocs")
        log.addHandler(handler)
        try:
            loaded = load_config(str(configuration), strict=True)
            # The theme is the same each time, and to compile it takes a quarter of a run.
            environment = loaded.theme.get_env()
            environment.bytecode_cache = COMPILED
            loaded.theme.get_env = lambda: environment  # type: ignore[method-assign]
            loaded.plugins.on_startup(command="build", dirty=False)
            build.build(loaded)
            loaded.plugins.on_shutdown()
        except (MkDocsException, SystemExit) as error:
            return False, f"{said.getvalue()}\nERROR   -  {error}"
        finally:
            log.removeHandler(handler)
        return True, said.getvalue()

    return wait


def _gist(said: str) -> str:
    """Return the engine's warnings and errors; the end of a traceback where it has none."""
    lines = said.strip().splitlines()
    told = [line for line in lines if line.startswith(("WARNING", "ERROR"))]
    return "\n".join(told or lines[-1:])


def _stamp(tag: str, configuration: Path, build: Path) -> str:
    lock = ROOT / "requirements" / "site.txt"
    folders = (DOCS / "theme", build / "pages" / tag)
    named = (part for folder in folders for part in files.named(folder))
    return files.fingerprint([CONFIGURATION, configuration, *named, lock])


def _stamp_file(tag: str, build: Path) -> Path:
    return build / "stamps" / f"engine-{tag}"


def _is_built(tag: str, stamp: str, build: Path) -> bool:
    path = _stamp_file(tag, build)
    whole = (build / "engine" / tag / "index.html").is_file()
    return whole and path.is_file() and path.read_text(encoding="ascii") == stamp
