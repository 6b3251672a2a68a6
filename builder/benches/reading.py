"""How long reading takes: every kind of export, what could be slow, and what it holds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from builder import bench_reading
from builder.benches.results import Results, Row
from builder.paths import ROOT
from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge

_LINES = 10_000
_MANY = 100_000

#: What reading may hold at its height, of a process of its own.
_MEMORY = 500.0

#: How many exports are looked at: those whose text is longest.
_LONGEST = 8

_HELD = r"""
import re, resource, sys
from pathlib import Path
from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.reading import read

read(Path(sys.argv[1]).read_text("utf-8"), Knowledge(read_folder(DATA)))
status = Path("/proc/self/status")
if status.exists():  # Its other figure counts what the process had that started this one.
    kilobytes = int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])
else:
    unit = 1 if sys.platform == "darwin" else 1024
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024
print(kilobytes * 1024 / 1e6)
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
    name, megabytes = _most_held()
    _row(results, Row(f"reading-memory-{_MANY}", "MB", (megabytes,), _MEMORY), name)


def _most_held() -> tuple[str, float]:
    """Return the export of which reading holds most, its text among it, and how much (MB)."""
    lengths = {name: len(text) for name, text in bench_reading.exports(_MANY // 1000)}
    longest = sorted(lengths, key=lambda name: -lengths[name])[:_LONGEST]
    held: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        for name, text in bench_reading.exports(_MANY, longest):
            path.write_text(text, encoding="utf-8")
            command = [sys.executable, "-c", _HELD, str(path)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            held[name] = float(done.stdout)
    return max(held.items(), key=lambda one: one[1])


def _row(results: Results, row: Row, slowest: str) -> None:
    sys.stderr.write(f"The slowest: {slowest}, {row.median:.2f} {row.unit}\n")
    results.rows.append(row)
