"""What the commands share: the knowledge they work by, and how they refuse."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
        knowledge.check()
    except (LookupError, ValueError) as error:
        why = f"data/ can't be used ({error}); `python -m builder build` says where."
        raise Refused(why) from error
    if language not in knowledge.languages:
        known = ", ".join(knowledge.languages)
        raise Refused(f"--language {language}: choose one of {known}")
    return knowledge


def show(text: str) -> None:
    """Write text to standard output, whatever the terminal's encoding."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
