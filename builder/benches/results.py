"""What was measured: rows with budgets, written for people and for the site."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from builder.paths import BENCH

#: What browsers report of a kind of row, by the start of its id: what is less comes as 0.
_LEAST: Mapping[str, float] = {"longest-task": 50}


def least_of(row_id: str) -> float:
    """Return the least that a row's measurement can tell from nothing, in the row's unit."""
    return next((least for start, least in _LEAST.items() if row_id.startswith(start)), 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured several times.

    Attributes:
        id: Its name in ``results.json`` and of its words.
        unit: ``s``, ``ms``, ``kB`` (1,000 bytes), ``MB``, ``lines/s``, ``ratio`` or empty.
        values: Each measurement, in the order they were made.
        budget: What the median may not exceed, in the same unit; None where there is none.
        of: The id of the row that the budget is a multiple of.
        run: The day and the machine of an earlier run that measured it, as ``results.json``
            states its own; None where that is the run of the file.
    """

    id: str
    unit: str
    values: tuple[float, ...]
    budget: float | None = None
    of: str = ""
    run: Mapping[str, object] | None = None

    @property
    def median(self) -> float:
        """The middle of the measurements."""
        return statistics.median(self.values)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row beside its budget."""

    row: Row
    limit: float | None

    @property
    def missed_by(self) -> float:
        """By how much of its budget a row misses it; 0 where it is met or has none.

        All of it where nothing at all is allowed.
        """
        if self.limit is None or self.row.median <= self.limit:
            return 0.0
        return self.row.median / self.limit - 1 if self.limit else 1.0


@dataclass
class Results:
    """Every row, what could not be measured, and where all that was."""

    rows: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def judged(self) -> list[Judged]:
        """Return each row with its budget in the row's own unit."""
        medians = {row.id: row.median for row in self.rows}
        found = []
        for row in self.rows:
            limit = row.budget
            if row.of and limit is not None:
                limit = limit * medians[row.of]
            found.append(Judged(row, limit))
        return found

    def text(self) -> str:
        """Return a line per row, as a terminal shows it."""
        lines = []
        for judged in self.judged():
            row = judged.row
            median = _told(row, row.median, 4)
            ends = (_told(row, end(row.values), 3) for end in (min, max))
            spread = "-".join(dict.fromkeys(ends))
            line = f"{row.id:34} {median:>10} {row.unit:8} ({spread}, {len(row.values)}x)"
            if judged.limit is not None:
                verdict = f"missed by {judged.missed_by:.0%}" if judged.missed_by else "met"
                line += f"  budget {judged.limit:.4g}: {verdict}"
            lines.append(line)
        lines += [f"left out: {name}" for name in self.left_out]
        return "\n".join(lines) + "\n"

    def add(self, others: Results) -> None:
        """Take over what another part measured and left out."""
        self.rows += others.rows
        self.left_out += others.left_out

    def save(self, path: Path = BENCH, *, keeping: bool = False) -> None:
        """Write ``results.json``.

        ``keeping`` leaves there what isn't measured anew, with the day and the machine it was
        measured on.
        """
        if keeping and path.is_file():
            _kept(path, self).save(path)
            return
        content = {
            "measured": dt.datetime.now(dt.UTC).date().isoformat(),
            "machine": machine(),
            "left_out": self.left_out,
            "rows": [
                {**asdict(one.row), "median": one.row.median, "limit": one.limit}
                for one in self.judged()
            ],
        }
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @property
    def missed(self) -> Sequence[Judged]:
        """The rows that miss their budget."""
        return [one for one in self.judged() if one.missed_by]


def _told(row: Row, value: float, digits: int) -> str:
    least = least_of(row.id)
    return f"<{least:g}" if value < least else f"{value:.{digits}g}"


def _kept(path: Path, measured: Results) -> Results:
    """Return what a file holds with what was measured since in its place."""
    stated = json.loads(path.read_text("utf-8"))
    run = {name: stated[name] for name in ("measured", "machine")}
    anew = {row.id: row for row in measured.rows}
    known = {
        row["id"]: Row(
            *(row["id"], row["unit"], tuple(row["values"]), row["budget"], row["of"]),
            row.get("run") or run,
        )
        for row in stated["rows"]
    }
    topics = {said.partition(":")[0] for said in measured.left_out}
    left_out = [
        said
        for said in stated["left_out"]
        if said.partition(":")[0] not in topics | anew.keys()
        and not any(name.startswith(said.partition(":")[0]) for name in anew)
    ]
    return Results(list((known | anew).values()), left_out + measured.left_out)


def machine() -> dict[str, object]:
    """Return what figures depend on: processor, its cores, memory, system, Python."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(_first("/proc/meminfo", "MemTotal").split()[0] or 0) / 1e6)
        if Path("/proc/meminfo").exists()
        else None,
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _first(path: str, name: str) -> str:
    try:
        lines: Iterable[str] = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
