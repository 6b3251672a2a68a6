"""Change the code that decides, one expression at a time, and count what the tests notice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from builder.trouble import Trouble

_ROOT = Path(__file__).resolve().parent.parent
_SHARE_KILLED = 0.85
_ENDED = (
    "killed",
    "survived",
    "timeout",
    "no_tests",
    "skipped",
    "suspicious",
    "segfault",
    "caught_by_type_check",
)


def run() -> int:
    """Run every mutant; print the share that a test catches; return 1 where it is too small."""
    command = [sys.executable, "-m", "mutmut", "run"]
    if subprocess.run(command, cwd=_ROOT, check=False).returncode:
        raise Trouble("The mutants could not be run: what is above says why.")
    subprocess.run([sys.executable, "-m", "mutmut", "export-cicd-stats"], cwd=_ROOT, check=True)
    counts = Counter(
        json.loads((_ROOT / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    )
    if unfinished := counts["total"] - sum(counts[ended] for ended in _ENDED):
        raise Trouble(f"{unfinished} mutants haven't run: run it again, it goes on from there.")
    # A mutant that no test reaches counts as missed; one that runs for ever is noticed.
    total = counts["total"] - counts["skipped"]
    caught = counts["killed"] + counts["timeout"] + counts["caught_by_type_check"]
    share = caught / total
    sys.stdout.write(
        f"{caught} of {total} mutants caught: {share:.1%} ({counts['timeout']} by time-out); "
        f"{counts['survived']} survived, {counts['no_tests']} are reached by no test, "
        f"{counts['suspicious'] + counts['segfault']} ended oddly\n"
    )
    return 0 if share >= _SHARE_KILLED else 1
