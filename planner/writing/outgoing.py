"""What the reader decides about a file that leaves: language, names, progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.writing.checklist import Mark
from planner.writing.tables import Table


class Names(StrEnum):
    """Whether customers, ids and people appear as they are or under aliases."""

    REAL = "real"
    ALIASES = "aliases"


@dataclass(frozen=True, slots=True)
class Progress:
    """What the reader noted while working on a plan.

    Attributes:
        done: Keys of lines (``Plan.keys``) and the steps done for them.
        notes: Key of a line → the reader's own note.
    """

    done: frozenset[Mark] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How a plan leaves.

    Attributes:
        language: Tag of the language to write in: the reader's, or the customer's.
        table: Which part of the plan CSV and TSV have.
    """

    language: str
    names: Names = Names.REAL
    table: Table = Table.LINES
    progress: Progress = Progress()
