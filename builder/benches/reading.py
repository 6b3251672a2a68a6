"""How long reading takes: every kind of export, what could be slow, and what it holds."""

from __future__ import annotations

import subprocess
import sys

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
    """Measure the slowest export, the slowest megabyte and short lines, and memory."""
    knowledge = Knowledge(read_folder(DATA))
    taken = {
        name: bench_reading.seconds_to_read(text, knowledge)
        for name, text in bench_reading.exports(_LINES)
    }
    slowest = max(taken, key=lambda name: taken[name])
    _row(results, Row(f"export-{_LINES}", "s", (taken[slowest],), bench_reading.BUDGET), slowest)
    name, seconds = bench_reading.slowest_megabyte(knowledge)
    _row(results, Row("megabyte", "s", (seconds,), bench_reading.BUDGET), name)
    name, speed = bench_reading.slowest_lines(knowledge)
    _row(results, Row("short-lines", "lines/s", (speed,)), name)
    if sys.platform == "win32":
        results.left_out.append(f"reading-memory-{_MANY}: the system doesn't say")
        return
    done = subprocess.run(
        [sys.executable, "-c", _HELD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    results.rows.append(Row(f"reading-memory-{_MANY}", "MB", (float(done.stdout),), _MEMORY))


def _row(results: Results, row: Row, slowest: str) -> None:
    sys.stderr.write(f"The slowest: {slowest}, {row.median:.2f} {row.unit}\n")
    results.rows.append(row)
