"""``--to csv`` and the other forms in which a plan leaves, as files."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from planner.commands.common import refuse

if TYPE_CHECKING:
    from planner.knowledge import Knowledge
    from planner.model import Plan

EXPORTED = ("ics", "csv", "tsv", "xlsx", "batch", "md", "checklist", "letter", "script", "plan")
TABLES = ("lines", "agenda", "set-aside")


def write_files(plan: Plan, knowledge: Knowledge, options: argparse.Namespace) -> int:
    """Write an export's files; return 2 with a word on why where they can't be written."""
    from planner.writing.exports import Export, write
    from planner.writing.outgoing import Names, Outgoing
    from planner.writing.tables import Table

    export = Export(options.to)
    if missing := [name for name in export.packages if not find_spec(name)]:
        return refuse(f"--to {options.to} needs {', '.join(missing)}; install it and try again.")
    names = Names.ALIASES if options.redact else Names.REAL
    table = Table(options.table)
    outgoing = Outgoing(options.language, names, table=table)
    files = write(plan, export, outgoing, knowledge)
    if options.output is None and len(files) > 1:
        made = ", ".join(file.name for file in files)
        return refuse(f"--to {options.to} makes {len(files)} files ({made}): add --output DIR")
    if options.output is None:
        sys.stdout.buffer.write(files[0].content)
        return 0
    folder = Path(options.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file.name).write_bytes(file.content)
            sys.stdout.write(f"{folder / file.name}\n")
    except OSError as error:
        return refuse(f"{options.output}: {error.strerror}")
    return 0
