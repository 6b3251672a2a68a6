"""How long a build takes from nothing, and a preview after an edit."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from builder.benches.results import Results, Row
from builder.paths import ROOT

#: What a translator edits, and a word of it.
_EDITED = "data/languages/es/guide/move.yml"

_PREVIEWS = f"""
import sys, time
from pathlib import Path
from builder import site

site.preview()
path = Path({_EDITED!r})
text = path.read_text("utf-8")
key, colon, rest = text.partition(": ")
for run in range(5):
    path.write_text(text.replace(". ", "." + " palabra" * (run + 1) + " ", 1), "utf-8")
    began = time.perf_counter()
    site.preview()
    print(time.perf_counter() - began)
"""


def measure(results: Results) -> None:
    """Build a copy of the project from nothing, then preview edits of a translation."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(
            ROOT,
            copy,
            symlinks=True,
            ignore=shutil.ignore_patterns(
                ".git", ".venv", "node_modules", "build", "site", "__pycache__", ".*_cache"
            ),
        )
        for name in (".venv", "node_modules"):
            (copy / name).symlink_to((ROOT / name).resolve())
        whole = "import time; a = time.perf_counter(); from builder import site; site.build()"
        whole += "; print(time.perf_counter() - a)"
        results.rows += [
            Row("build", "s", tuple(_seconds(whole, copy)), 60.0),
            Row("preview", "s", tuple(_seconds(_PREVIEWS, copy)), 2.0),
        ]


def _seconds(code: str, folder: Path) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return [float(line) for line in done.stdout.split()]
