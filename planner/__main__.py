"""The command line: ``python -m planner plan FILE`` and ``read FILE``.

Exit codes: 0 all lines planned, 1 some lines set aside, 2 nothing readable (or the
command itself was wrong).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from planner.commands import plan, read
from planner.commands.common import Refused, refuse

if TYPE_CHECKING:
    from planner.reading import File

_ROOT = Path(__file__).resolve().parent.parent
_NEEDED = ("babel", "jinja2", "yaml")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not all(find_spec(name) for name in _NEEDED):
        return _in_environment(arguments)
    options = _parser().parse_args(arguments)
    try:
        source = _read_file(options.file)
    except OSError as error:
        return refuse(f"{options.file}: {error.strerror}")
    try:
        return {"plan": plan.run, "read": read.run}[options.command](source, options)
    except Refused as refused:
        return refuse(str(refused))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m planner", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    read.options(commands.add_parser("read", help="show what an export holds, as it prints it"))
    plan.options(commands.add_parser("plan", help="plan what an export holds"))
    return parser


def _read_file(name: str) -> File:
    from planner.reading import File

    if name == "-":
        return File("", sys.stdin.buffer.read())
    return File(Path(name).name, Path(name).read_bytes())


def _in_environment(arguments: list[str]) -> int:
    """Run the same command with the project's own environment, where there is one."""
    folder, name = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    python = _ROOT / ".venv" / folder / name
    if not python.exists() or Path(sys.prefix) == _ROOT / ".venv":
        return refuse("Run `python -m builder build` once; it sets up what this needs.")
    command = [str(python), "-m", "planner", *arguments]
    return subprocess.run(command, cwd=None, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
