"""What the reading of all sources adds up to, while it is being read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.model import Choices, Part, Problem, Row
from planner.reading.formats import Formats
from planner.reading.joins import Read


@dataclass(slots=True)
class Work:
    """Rows, problems and notes so far.

    Attributes:
        beyond: Field of the plan that no row has → line → its value.
        stages: Number of a part → state of a row → state that the plan goes by.
        merged: Line → earlier line that it adds to.
        places: See ``planner.model.Reading``.
        end: The last line so far.
    """

    formats: Formats
    choices: Choices
    reads: list[Read] = field(default_factory=list)
    beyond: dict[str, dict[int, Any]] = field(default_factory=dict)
    stages: dict[int, Mapping[str, str]] = field(default_factory=dict)
    prices: list[Row] = field(default_factory=list)
    offers: list[Row] = field(default_factory=list)
    set_aside: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    mappings: dict[int, dict[str, str]] = field(default_factory=dict)
    as_of: dict[int, dt.date | None] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    end: int = 0
