"""What the commands share: the knowledge they work by, and how they refuse."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from planner.knowledge import Knowledge


class Refused(Exception):
    """Why a command can't run, in one line."""


def refuse(why: str) -> int:
    """Say in one line why the command can't run, and return its exit code."""
    sys.stderr.write(why + "\n")
    return 2


def knowledge_in(language: str) -> Knowledge:
    """Return what is known, from ``data/``.

    Raises:
        Refused: ``data/`` can't be used, or there are no words in the language.
    """
    from planner.checkout import DATA, read_folder
    from planner.knowledge import Knowledge

    try:
        knowledge = Knowledge(read_folder(DATA))
        _check_formats(knowledge, DATA)
        knowledge.check()
    except (LookupError, ValueError) as error:
        why = f"data/ can't be used ({error}); `python -m builder build` says where."
        raise Refused(why) from error
    if language not in knowledge.languages:
        known = ", ".join(knowledge.languages)
        raise Refused(f"--language {language}: choose one of {known}")
    return knowledge


def _check_formats(knowledge: Knowledge, data: Path) -> None:
    """Refuse formats that can't be read by, with file and line.

    Raises:
        Refused: Something in ``data/formats`` is wrong.
    """
    from planner.checkout import composed, line_of
    from planner.reading.checking import format_faults

    said = [
        f"data/{fault.file}:{line_of(composed(data / fault.file), fault.keys)}: {fault.says}"
        for fault in format_faults(knowledge.tree["formats"])
    ]
    if said:
        raise Refused("\n".join(said))


def show(text: str) -> None:
    """Write text to standard output, whatever the terminal's encoding."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
