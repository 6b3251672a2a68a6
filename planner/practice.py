"""Lists to practise with: the examples' lines as customers hold them everywhere else."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from itertools import batched, cycle, product

from planner.knowledge import Knowledge

#: How many lines a list has: one is planned before a reader notices.
_LINES = 24

_YEAR = dt.timedelta(days=364)
_DAYS_LEFT = (120, 20, 300, 4)
_UNSAID = ("source agrees", "market")
_SEATS = ("12", "60", "180")


def practice_lists(knowledge: Knowledge, day: dt.date) -> Iterator[str]:
    """Yield tables that the planner reads, of lines that stand differently on a day.

    The examples' lines, bought in every channel, on both sides of what rules ask of days and
    numbers.
    """
    rows = cycle([row for text in _texts(knowledge) for row in csv.DictReader(io.StringIO(text))])
    seats = cycle(_SEATS)
    # The channel changes quickest, so that each list has all.
    held = product(_DAYS_LEFT, ("on", "off"), ("same", "different: Microsoft 365 E5"))
    lines = (
        {
            **row,
            "channel": channel,
            "seats": next(seats),
            "term": "P1Y",
            "start": (end - _YEAR).isoformat(),
            "end": end.isoformat(),
            "auto renew": auto_renew,
            "csp sku": offer,
            # What exports hardly ever say.
            **dict.fromkeys(_UNSAID, ""),
        }
        for days, auto_renew, offer in held
        for end in (day + dt.timedelta(days=days),)
        for channel, row in zip(knowledge.channels, rows, strict=False)
    )
    yield from map(_table, batched(lines, _LINES))


def _texts(knowledge: Knowledge) -> list[str]:
    return [example["text"] for example in knowledge.tree["examples"].values()]


def _table(lines: Sequence[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, lines[0])
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()
