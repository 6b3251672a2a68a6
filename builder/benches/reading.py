"""How long reading takes: every kind of export, what could be slow, and what it holds."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain

from builder import bench_reading
from builder.benches.results import Results, Row
from builder.paths import ROOT
from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge

_LINES = 10_000
_MANY = 100_000

#: What reading may hold at its height, of a process of its own.
_MEMORY = 500.0

_HELD = f"""
import resource, sys
from builder.stages import portfolio
from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.reading import read

read(portfolio({_MANY}), Knowledge(read_folder(DATA)))
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)
"""


def measure(results: Results) -> None:
    """Measure the slowest export, the slowest megabyte of anything, and memory."""
    knowledge = Knowledge(read_folder(DATA))
    for row, texts in (
        (f"export-{_LINES}", bench_reading.exports(_LINES)),
        ("megabyte", chain(bench_reading.slow_texts(), bench_reading.slow_pairs())),
    ):
        taken = {name: bench_reading.seconds_to_read(text, knowledge) for name, text in texts}
        slowest = max(taken, key=lambda name: taken[name])
        sys.stderr.write(f"The slowest: {slowest}, {taken[slowest]:.2f} s\n")
        results.rows.append(Row(row, "s", (taken[slowest],), bench_reading.BUDGET))
    if sys.platform == "win32":
        results.left_out.append(f"reading-memory-{_MANY}: the system doesn't say")
        return
    done = subprocess.run(
        [sys.executable, "-c", _HELD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    results.rows.append(Row(f"reading-memory-{_MANY}", "MB", (float(done.stdout),), _MEMORY))
