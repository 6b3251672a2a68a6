"""``python -m planner read FILE``: show what an export holds, as it prints it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from planner.commands.common import knowledge_in, show

if TYPE_CHECKING:
    from planner.reading import File


def options(read: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    read.add_argument("file", metavar="FILE", help="the export; - reads standard input")
    read.add_argument("--language", default="en", metavar="TAG", help="language of text")
    read.add_argument("--to", choices=("json", "text"), default="text")


def run(source: File, options: argparse.Namespace) -> int:
    """Show what was understood: 0 all of it, 1 some set aside, 2 nothing readable."""
    from planner.reading import read
    from planner.writing.reading import reading_json, reading_text, set_aside

    knowledge = knowledge_in(options.language)
    reading = read(source, knowledge)
    written = (
        reading_json(reading)
        if options.to == "json"
        else reading_text(reading, options.language, knowledge)
    )
    show(written)
    if not reading.rows:
        return 2
    return 1 if set_aside(reading) else 0
