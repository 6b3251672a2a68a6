"""A plan as tables: rows of typed cells, and as comma- or tab-separated text.

``Table.LINES`` has every line of the paste, planned or not; ``Table.AGENDA`` has what
to do by day, a row for each customer; ``Table.SET_ASIDE`` has each fault that kept
something from being read or used.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from planner.model import Notice, Problem, Recommendation, Subscription, customer_of
from planner.words import placeholders
from planner.writing.escaping import cell
from planner.writing.sentences import Sentences
from planner.writing.tasks import Named, idle, subscriptions

Cell = str | int | dt.date | None
Row = tuple[Cell, ...]

_BYTE_ORDER_MARK = "\ufeff"  # Without it Excel reads UTF-8 as the system's own encoding.
_LINES_A_ROW = 500  # A cell of a workbook holds 32,767 characters.


class Table(StrEnum):
    """Which part of a plan a table shows."""

    AGENDA = "agenda"
    LINES = "lines"
    SET_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title and header, in one language."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


_COLUMNS: dict[Table, tuple[str, ...]] = {
    Table.AGENDA: (
        "on",
        "no_later_than",
        "after",
        "who",
        "what",
        "customer",
        "products",
        "seats",
        "lines",
    ),
    Table.LINES: (
        "source",
        "line",
        "status",
        "customer",
        "tenant_id",
        "tenant_domain",
        "subscription_id",
        "product",
        "seats",
        "bought",
        "ends",
        "path",
        "then",
        "starts",
        "provision_on",
        "deadline",
        "overlap_days",
        "gap_days",
        "reassign",
        "blockers",
        "warnings",
        "remark",
        "decided_by",
    ),
    Table.SET_ASIDE: ("source", "line", "column", "value", "reason"),
}


def sheet(table: Table, say: Sentences) -> Sheet:
    """Return one table of a plan."""
    rows = {Table.AGENDA: _agenda, Table.LINES: _lines, Table.SET_ASIDE: _set_aside}[table]
    return Sheet(
        title=say.words.say(f"planner.exports.tables.{table.replace('-', '_')}"),
        header=tuple(say.words.say(f"planner.exports.columns.{name}") for name in _COLUMNS[table]),
        rows=tuple(rows(say)),
    )


def comma_separated(made: Sheet) -> bytes:
    """Return a table as CSV: UTF-8 with its mark, CRLF, no cell that begins a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_written(made.header))
    writer.writerows(map(_written, made.rows))
    return (_BYTE_ORDER_MARK + file.getvalue()).encode()


def tab_separated(made: Sheet) -> bytes:
    """Return a table as text for the clipboard: tabs between cells, none inside."""
    lines = ("\t".join(_written(row)) for row in (made.header, *made.rows))
    return ("\n".join(lines) + "\n").encode()


def _written(row: Iterable[Cell]) -> list[str]:
    return [
        cell(value)
        if isinstance(value, str)
        else ""
        if value is None
        else value.isoformat()
        if isinstance(value, dt.date)
        else str(value)
        for value in row
    ]


def _agenda(say: Sentences) -> Iterator[Row]:
    """Return the actions; what has no day stands behind the step that it follows."""
    plan = say.plan
    known, named = subscriptions(plan), Named(say)
    for entry in plan.agenda:
        after = named.step(entry.after) if entry.after else None
        actor = named.actor(entry.actor)
        shared = (entry.on, entry.no_later_than, after, actor, named.what(entry))
        yield from _by_customer(say, shared, entry.lines, known)
    for one in idle(plan):
        shared = (None, None, None, say.actor("nobody"), say.path(one.path))
        yield from _by_customer(say, shared, (one.subscription.line,), known)


def _by_customer(
    say: Sentences,
    shared: tuple[Cell, ...],
    lines: tuple[int, ...],
    known: Mapping[int, Subscription],
) -> Iterator[Row]:
    """Return the rows of one action: one a customer, and no more lines than a cell holds."""
    by_customer: defaultdict[str, list[Subscription]] = defaultdict(list)
    for line in lines:
        by_customer[customer_of(known[line])].append(known[line])
    for of_customer in by_customer.values():
        for first in range(0, len(of_customer), _LINES_A_ROW):
            part = of_customer[first : first + _LINES_A_ROW]
            seats = [one.seats for one in part if one.seats is not None]
            yield (
                *shared,
                part[0].customer,
                "; ".join(dict.fromkeys(say.product(one) for one in part)),
                sum(seats) if seats else None,
                _numbers(say, part),
            )


def _numbers(say: Sentences, lines: list[Subscription]) -> str:
    """Return the numbers of lines, each file's behind its name where there are several."""
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        source, number = _place(say, line.line)
        by_source[source].append(str(number))
    return "; ".join(
        f"{source}: {', '.join(numbers)}" if source else ", ".join(numbers)
        for source, numbers in by_source.items()
    )


def _place(say: Sentences, line: int) -> tuple[str, int | None]:
    """Return the file that a line is in, where there are several, and its number there."""
    place = say.place_of(line)
    return say.source(place), place.number or None


def _lines(say: Sentences) -> list[Row]:
    plan = say.plan
    told = _Told(say)
    rows = {one.subscription.line: _planned(say, told, one) for one in plan.recommendations}
    status = say.words.say("planner.exports.status.merged")
    for one in plan.reading.subscriptions:
        if one.line in plan.merged:
            rows[one.line] = _unplanned(say, status, one, say.merged(one.line))
    for line in plan.merged:
        if line not in rows:
            rows[line] = _unplanned(say, status, Subscription(line=line), say.merged(line))
    status = say.words.say("planner.exports.status.set_aside")
    for line, faults in _by_line(plan.reading.set_aside).items():
        remark = " ".join(_fault(say, fault) for fault in faults)
        rows[line] = _unplanned(say, status, Subscription(line=line), remark)
    return [rows[line] for line in sorted(rows)]


class _Told:
    """What many lines share, said once."""

    def __init__(self, say: Sentences) -> None:
        self.planned = say.words.say("planner.exports.status.planned")
        self.yes = say.label("choices.yes")
        self.no = say.label("choices.no")
        self.path = cache(say.path)
        self.channel = cache(say.channel)
        self._words = say.words
        self._uses = cache(self._placeholders)
        self._said: dict[tuple[object, ...], str] = {}

    def notices(
        self,
        kind: str,
        one: Recommendation,
        notices: tuple[Notice, ...],
        say: Callable[[Recommendation, Notice], str],
    ) -> str:
        """Return notices in one cell; those of the same words and values are said once."""
        return " ".join(self._notice(kind, one, notice, say) for notice in notices)

    def _notice(
        self,
        kind: str,
        one: Recommendation,
        notice: Notice,
        say: Callable[[Recommendation, Notice], str],
    ) -> str:
        line = one.subscription
        filled = tuple(
            one.dates.get(name, getattr(line, name, None)) for name in self._uses(kind, notice.id)
        )
        key = (kind, notice.id, notice.rules, tuple(notice.values.items()), filled)
        if key not in self._said:
            self._said[key] = say(one, notice)
        return self._said[key]

    def _placeholders(self, kind: str, notice: str) -> tuple[str, ...]:
        return tuple(placeholders(self._words.message(f"planner.notices.{kind}.{notice}")))


def _planned(say: Sentences, told: _Told, one: Recommendation) -> Row:
    line = one.subscription
    days = [step.on for step in one.steps if step.on is not None and step.actor != "nobody"]
    last = [step.no_later_than for step in one.steps if step.no_later_than is not None]
    return (
        *_place(say, line.line),
        told.planned,
        *_of(say, line),
        told.channel(line.channel),
        line.end,
        say.path_of(one) if one.chosen else told.path(one.path),
        told.path(one.then) if one.then else None,
        min(days, default=None),
        one.dates.get("provision_on"),
        min(last, default=None),
        one.overlap_days,
        one.gap_days,
        told.yes if one.reassign else told.no,
        told.notices("blockers", one, one.blockers, say.blocker),
        told.notices("warnings", one, one.warnings, say.warning),
        " ".join(
            say.words.say(f"planner.reading.warnings.{code}")
            for code in say.plan.reading.warned.get(line.line, ())
        ),
        ", ".join(reason.decision for reason in one.because),
    )


def _unplanned(say: Sentences, status: str, line: Subscription, remark: str) -> Row:
    known = _of(say, line) if line.product else (None,) * 6
    empty = len(_COLUMNS[Table.LINES]) - 11
    return (*_place(say, line.line), status, *known, *(None,) * empty, remark, None)


def _of(say: Sentences, line: Subscription) -> Row:
    return (
        line.customer,
        line.tenant_id,
        line.tenant_domain,
        line.subscription_id,
        say.product(line),
        line.seats,
    )


def _by_line(faults: Iterable[Problem]) -> dict[int, list[Problem]]:
    found: defaultdict[int, list[Problem]] = defaultdict(list)
    for fault in faults:
        found[fault.line].append(fault)
    return found


def _fault(say: Sentences, fault: Problem) -> str:
    """Return a fault with its column and what stands there."""
    where = ": ".join(part for part in (fault.column, fault.value) if part)
    said = say.problem(fault)
    return f"{where}: {said}" if where else said


def _set_aside(say: Sentences) -> Iterator[Row]:
    reading = say.plan.reading
    for fault in (*reading.set_aside, *reading.notes):
        yield (*_place(say, fault.line), fault.column, fault.value, say.problem(fault))
    for line in say.plan.merged:
        yield (*_place(say, line), "", "", say.merged(line))
