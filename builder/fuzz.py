"""Feed the reader whatever a coverage-guided fuzzer comes up with, starting from the samples."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_TARGET = _ROOT / "tests" / "fuzz" / "read.py"
_SAMPLES = _ROOT / "tests" / "samples"
_KEPT = _ROOT / "build" / "fuzz"
_LONGEST_INPUT = 8192  # Bytes: longer ones find nothing new and take long.
_HANGS = 20  # Seconds for one input.


def run(seconds: int) -> int:
    """Fuzz for so many seconds; return 0 where nothing was found.

    What was tried and led somewhere new stays in ``build/fuzz/corpus``, so the next run
    goes on from there; a finding is written to ``build/fuzz/`` and named on the screen.
    """
    corpus = _KEPT / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for sample in _SAMPLES.rglob("*"):
        if sample.is_file() and "expected" not in sample.parts:
            shutil.copy(sample, corpus / sample.name)
    command = [
        sys.executable,
        str(_TARGET),
        str(corpus),
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST_INPUT}",
        f"-timeout={_HANGS}",
        f"-artifact_prefix={_KEPT}{os.sep}",
        "-print_final_stats=1",
    ]
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(
        command, cwd=_ROOT, env=os.environ | {"PYTHONPATH": path}, check=False
    ).returncode
