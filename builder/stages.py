"""How long each stage of one plan takes: read, decide, schedule, write.

``python -m builder.stages 10000`` prints seconds for an invented portfolio of that many
lines, on this machine; the bench runs the same in the browser's Python, too.
"""

from __future__ import annotations

import csv
import datetime as dt
import inspect
import io
import json
import random
import sys

from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge

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


def portfolio(lines: int, as_of: dt.date = AS_OF) -> str:
    """Return an invented table of that many lines: the same text for the same number and day."""
    chance = random.Random(lines)  # noqa: S311 - invented data, not a secret
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_HEADER.split(","))
    for number in range(lines):
        customer = number // _LINES_A_CUSTOMER
        end = as_of + dt.timedelta(days=7 + chance.randrange(_YEAR))
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


def stages(text: str, day: str, knowledge: Knowledge, runs: int) -> dict[str, list[float]]:
    """Return the seconds that each stage takes, ``runs`` times over, by its name.

    Every stage starts from what the one before it has made, and everything is warm, as
    it is where a page waits; but lines are judged as if no such line had been before. Runs
    as it stands in the browser's Python, too: whatever it needs it imports by itself.
    """
    import datetime as dt
    import time
    from collections.abc import Callable

    from planner.model import Scheduling, Settings
    from planner.planning import decide, line_keys, plan_reading
    from planner.portfolio import portfolio_of
    from planner.reading import read
    from planner.scheduling import schedule_cutovers
    from planner.scheduling.agenda import agenda
    from planner.scheduling.transfers import transfer_requests
    from planner.writing.contract import plan_json
    from planner.writing.exports import Export, write
    from planner.writing.outgoing import Outgoing

    settings = Settings(dt.date.fromisoformat(day))

    def anew() -> Knowledge:
        knowledge.forget()
        return knowledge.on(settings.as_of)

    known = anew()
    reading = read(text, knowledge)
    lines = reading.subscriptions
    plan = plan_reading(reading, settings, knowledge)
    limits, keys = Scheduling(per_day=20), line_keys(lines)
    requests = transfer_requests(plan.recommendations, known)
    work: dict[str, Callable[[], object]] = {
        "read": lambda: read(text, knowledge),
        "decide": lambda: decide(lines, {}, settings, anew()),
        "schedule": lambda: schedule_cutovers(
            plan.recommendations, limits, keys, settings.as_of, known
        ),
        "plan": lambda: (anew(), plan_reading(reading, settings, knowledge)),
        "index": lambda: portfolio_of(plan, {}, known.solved_by),
        "agenda": lambda: tuple(agenda(plan.recommendations, requests, known)),
        "csv": lambda: write(plan, Export.CSV, Outgoing("en"), knowledge),
        "json": lambda: plan_json(plan),
    }
    taken: dict[str, list[float]] = {}
    for name, one in work.items():
        taken[name] = []
        for _ in range(runs):
            began = time.perf_counter()
            one()
            taken[name].append(time.perf_counter() - began)
    return taken


def here(
    lines: int, as_of: dt.date = AS_OF, runs: int = 3, knowledge: Knowledge | None = None
) -> dict[str, list[float]]:
    """Return what ``stages`` measures in this Python, over an invented portfolio."""
    known = knowledge or Knowledge(read_folder(DATA))
    return stages(portfolio(lines, as_of), as_of.isoformat(), known, runs)


def elsewhere(runs: int) -> str:
    """Return code for another Python, with ``text`` and ``day``, that gives the same as JSON."""
    return (
        "from __future__ import annotations\nimport json\nfrom planner.knowledge import compiled\n"
        f"{inspect.getsource(stages)}\njson.dumps(stages(text, day, compiled(), {runs}))\n"
    )


if __name__ == "__main__":
    measured = {name: min(taken) for name, taken in here(int(sys.argv[1])).items()}
    sys.stdout.write(json.dumps({name: round(one, 3) for name, one in measured.items()}) + "\n")
