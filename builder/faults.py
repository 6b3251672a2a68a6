"""Faults of ``data/``: what is wrong, and the file and line where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.checkout import Keys, composed, line_of

__all__ = ["Fault", "Keys", "line_of", "located", "meant"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in one file of ``data/``.

    Attributes:
        file: Its file, as ``rules/paths.yml``.
        keys: Keys and places in lists, from the top of the file to the fault. What isn't
            written (a key that is missing) stands where it belongs.
        says: What is wrong and the way out.
    """

    file: str
    keys: Keys
    says: str

    def __str__(self) -> str:
        """Return the fault without its line."""
        return f"{self.file}: {self.says}"


def located(faults: Iterable[Fault], data: Path) -> list[str]:
    """Return each fault as ``data/rules/paths.yml:14: …``, in the order given."""
    tree_of = cache(lambda file: composed(data / file))
    return [
        f"{data.name}/{fault.file}:{line_of(tree_of(fault.file), fault.keys)}: {fault.says}"
        for fault in faults
    ]


def meant(word: str, known: Iterable[str]) -> str:
    """Return ``" (other?)"`` where a word that isn't known is close to one that is."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f" ({close[0]}?)" if close else ""
