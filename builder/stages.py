"""How long each stage of one plan takes on this machine: read, plan, write.

``python -m builder.stages 10000`` prints process seconds for an invented portfolio of
that many lines; ``stages`` gives them to a bench.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import sys
import time

from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.model import Settings
from planner.planning import plan_reading
from planner.reading import read
from planner.writing.exports import Export, write
from planner.writing.outgoing import Outgoing

AS_OF = dt.date(2026, 11, 24)

_HEADER = (
    "customer,tenant id,subscription id,channel,sku,seats,term,billing,start,end,"
    "auto renew,status,csp sku"
)
_CHANNELS = ("WEB_MCA", "WEB_MOSA", "CSP_OTHER_NCE", "CSP_OWN_NCE", "EA")
_PRODUCTS = ("Microsoft 365 E3", "Visio Plan 2", "Microsoft 365 Business Premium")
_OFFERS = ("same", "different: Microsoft 365 E5")
_LINES_A_CUSTOMER = 20
_YEAR = 365


def portfolio(lines: int) -> str:
    """Return an invented table of that many lines: the same text for the same number."""
    chance = random.Random(lines)  # noqa: S311 - invented data, not a secret
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_HEADER.split(","))
    for number in range(lines):
        customer = number // _LINES_A_CUSTOMER
        end = AS_OF + dt.timedelta(days=7 + chance.randrange(_YEAR))
        start = end - dt.timedelta(days=_YEAR - 1)
        writer.writerow(
            (
                f"Customer {customer}",
                f"11111111-2222-4333-8444-{customer:012d}",
                f"aaaaaaaa-0000-4000-8000-{number:012d}",
                chance.choice(_CHANNELS),
                chance.choice(_PRODUCTS),
                chance.randrange(1, 200),
                "P1Y",
                "annual",
                start,
                end,
                "on",
                "active",
                chance.choice(_OFFERS),
            )
        )
    return file.getvalue()


def stages(
    lines: int, exports: tuple[Export, ...] = (Export.CSV,), knowledge: Knowledge | None = None
) -> dict[str, float]:
    """Return process seconds by stage: ``read``, ``plan``, and each export by its name.

    The knowledge is loaded and warm before the clock starts, as it is where a page waits.
    """
    knowledge = knowledge or Knowledge(read_folder(DATA))
    text, settings = portfolio(lines), Settings(AS_OF)
    plan_reading(read(portfolio(_LINES_A_CUSTOMER), knowledge), settings, knowledge)
    taken: dict[str, float] = {}
    began = time.process_time()
    reading = read(text, knowledge)
    taken["read"] = time.process_time() - began
    began = time.process_time()
    plan = plan_reading(reading, settings, knowledge)
    taken["plan"] = time.process_time() - began
    for export in exports:
        began = time.process_time()
        write(plan, export, Outgoing("en"), knowledge)
        taken[export.value] = time.process_time() - began
    return taken


if __name__ == "__main__":
    measured = stages(int(sys.argv[1]), tuple(Export(name) for name in sys.argv[2:] or ["csv"]))
    sys.stdout.write(json.dumps({name: round(taken, 2) for name, taken in measured.items()}) + "\n")
