"""Columns → the values of each field: every distinct cell is read once.

A block's rows keep their order; a row with a cell that can't be read, and that the plan
can't do without, is left out with every reason found on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from planner.dates import months_of
from planner.model import Problem
from planner.reading.amounts import point_of, zeros_in
from planner.reading.console import is_cut
from planner.reading.days import (
    DAY_FIRST,
    MIXED,
    MONTH_FIRST,
    YEAR_FIRST,
    YEAR_UNCLEAR,
    day_of,
    is_open,
    may_be_swapped,
    order_of,
    said_of,
    year_of,
)
from planner.reading.formats import Format, Source
from planner.reading.records import Block, Column, short
from planner.reading.transforms import AMOUNTS, COUNTS, DAYS, TRANSFORMS
from planner.reading.values import Manner, Unreadable, Value, Vocabulary, is_nothing

ESSENTIAL = frozenset({"seats", "term_end", "next_lifecycle_date", "term_duration"})
"""Fields that a line is set aside for where a cell of theirs can't be read."""

#: What two columns of a hand-made table must not say differently without a word on it.
_TELLING = frozenset(
    {"seats", "term_end", "customer_name", "product_name", "term_duration", "billing_cycle"}
)
UNKNOWN_WORD = "unknown-word"
"""The problem of a cell whose word is in no list."""

_TRIAL = "trial"
_MOST_WORDS = 5  # Words of a column that its problem repeats.
_SLACK = 3  # Days by which a printed term may miss its length.
_MONTH_DAYS = 30.4375


@dataclass(frozen=True, slots=True)
class Order:
    """What comes first in a column of days, and who says so (see ``ColumnRead``)."""

    order: str = ""
    by: str = ""


@dataclass(slots=True)
class Values:
    """What was read of a block.

    Attributes:
        fields: Field → a value for each row.
        bad: Rows that can't be used.
        problems: Why, in the order of the fields.
        noted: Cells that couldn't be read and that the plan does without.
        foreign: Header → what to say of a column in which not one word is known: it may be about
            something else, and the plan does without all of it.
        differing: Cells of columns that weren't needed, the first of each that says otherwise.
        used: Field → header that it was read from first.
        spare: Headers whose cells weren't needed, because others say the same.
        taken: Headers that something was read from.
        orders: Header of a column of days → its order.
        swapped: Headers of columns of days in which Excel may have swapped day and month.
        zeros: Headers of columns of counts that were read as thousands and may be decimals.
    """

    fields: dict[str, list[Value]] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    noted: list[Problem] = field(default_factory=list)
    foreign: dict[str, Problem] = field(default_factory=dict)
    differing: list[Problem] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    spare: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    orders: dict[str, Order] = field(default_factory=dict)
    swapped: set[str] = field(default_factory=set)
    zeros: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Bad:
    """A cell that can't be read: the problem's id and its values."""

    id: str
    values: Mapping[str, str | int]


type _Read = Mapping[str, Value | _Bad]


def read_columns(
    block: Block, found: Format, vocabulary: Vocabulary, chosen: Mapping[str, str]
) -> Values:
    """Return the values that a block's columns hold under a format.

    ``chosen`` is what the reader said: header → ``day-first``, ``month-first`` or
    ``year-first``.
    """
    values = Values()
    under: dict[str, list[Column]] = {}
    for column in block.columns:
        if column.key:
            under.setdefault(column.key, []).append(column)
    _settle_orders(block, found, under, vocabulary, chosen, values)
    for name, source in found.fields.items():
        _read_field(block, name, source, under, vocabulary, values, found)
    _part_trials(values)
    for row, cells in block.surplus.items():
        shown = short(" · ".join(cells))
        values.bad.add(row)
        problem = Problem("too-many-cells", block.lines[row], value=shown)
        if problem not in values.problems[-1:]:  # A line may hold several subscriptions.
            values.problems.append(problem)
    return values


def _part_trials(values: Values) -> None:
    """Take the status "trial" for what it is: a subscription that is active and a trial."""
    states = values.fields.get("state", [])
    if _TRIAL in states:
        said = values.fields.get("is_trial") or [None] * len(states)
        both = zip(states, said, strict=True)
        values.fields["is_trial"] = [True if state == _TRIAL else one for state, one in both]
        values.fields["state"] = ["active" if state == _TRIAL else state for state in states]


def _read_field(
    block: Block,
    name: str,
    source: Source,
    under: Mapping[str, Sequence[Column]],
    vocabulary: Vocabulary,
    values: Values,
    found: Format,
) -> None:
    # A status is asked for where none is known; a line is nowhere planned without seats or days.
    strict = (name in ESSENTIAL or (found.is_own and name != "state")) and not source.lenient
    groups = [
        [(column, _memo(column, source, vocabulary, values, name)) for column in columns]
        for group in source.columns
        if (columns := [column for key in group for column in under.get(key, ())])
    ]
    groups = _telling(groups, block, values, strict=strict, guessed=found.is_generic)
    if not groups:
        return
    gates = [(values.fields.get(other, ()), only) for other, only in source.only_if.items()]
    simple = len(groups) == 1 and len(groups[0]) == 1 and not gates
    if simple:
        column, memo = groups[0][0]
        good = {text: value for text, value in memo.items() if not isinstance(value, _Bad)}
        if len(good) == len(memo):
            values.fields[name] = list(map(good.__getitem__, column.cells))
            if any(value is not None for value in good.values()):
                values.used[name] = column.header
                values.taken.add(column.header)
            _add(source, under, vocabulary, values, name)
            return
    read: list[Value] = []
    known: dict[tuple[str, ...], Value] = {}
    across = [one.cells for group in groups for one, _ in group]
    for row, cells in enumerate(zip(*across, strict=True)):
        if any(not stated or stated[row] != only for stated, only in gates):
            read.append(None)
        elif cells in known:
            read.append(known[cells])
        else:
            said = len(values.problems) + len(values.noted)
            value = _cell_of(block, row, name, groups, vocabulary, values, strict=strict)
            read.append(value)
            if row not in values.bad and said == len(values.problems) + len(values.noted):
                known[cells] = value
    values.fields[name] = read
    if found.is_generic and name in _TELLING:
        _compare(block, read, groups, vocabulary, values)
    _add(source, under, vocabulary, values, name)


def _telling(
    groups: list[list[tuple[Column, _Read]]],
    block: Block,
    values: Values,
    *,
    strict: bool,
    guessed: bool,
) -> list[list[tuple[Column, _Read]]]:
    """Return the columns of a field that are about it at all; note the others."""
    if not strict:
        return [kept for group in groups if (kept := _understood(group, block, values))]
    if guessed and len(groups) > 1:
        return _with_anything(groups, block, values)
    return groups


def _with_anything(
    groups: Sequence[list[tuple[Column, _Read]]], block: Block, values: Values
) -> list[list[tuple[Column, _Read]]]:
    """Return the columns that hold anything of their field, where one does; note the others.

    Their headers alone were taken for the field's: above Auto and Manual, *Renewal* is no day.
    """

    def says_something(group: list[tuple[Column, _Read]]) -> bool:
        said = (value for _, memo in group for value in memo.values())
        return any(value is not None and not isinstance(value, _Bad) for value in said)

    kept = [group for group in groups if says_something(group)]
    for group in groups if kept else ():
        stated = [column.header for column, _ in group if any(column.cells)]
        if group not in kept:
            for header in stated:
                values.foreign[header] = Problem("unknown-column", block.header_line, header)
    return kept or list(groups)


def _compare(
    block: Block,
    read: Sequence[Value],
    groups: Sequence[list[tuple[Column, _Read]]],
    vocabulary: Vocabulary,
    values: Values,
) -> None:
    """Note the first line on which a column that wasn't needed says something else."""
    for column, memo in (one for group in groups for one in group):
        if column.header in values.taken and column.header not in values.spare:
            continue
        for row, (cell, value) in enumerate(zip(column.cells, read, strict=True)):
            other = memo[cell]
            if isinstance(other, _Bad) or value is None or other is None:
                continue
            if _same(value, other, vocabulary):
                continue
            used = next(
                one for group in groups for one, said in group if said[one.cells[row]] == value
            )
            values.differing.append(
                Problem(
                    "columns-differ",
                    block.lines[row],
                    used.header,
                    short(used.cells[row]),
                    {"other_column": column.header, "other_value": short(cell)},
                )
            )
            break


def _understood(
    group: Sequence[tuple[Column, _Read]], block: Block, values: Values
) -> list[tuple[Column, _Read]]:
    """Return the columns of a group in which at least one word is known; note the others."""
    kept: list[tuple[Column, _Read]] = []
    for column, memo in group:
        stated = [value for value in memo.values() if value is not None]
        unknown = [one for one in stated if isinstance(one, _Bad) and one.id == UNKNOWN_WORD]
        if unknown and len(unknown) == len(stated):
            words = [text for text in dict.fromkeys(column.cells) if memo[text] is not None]
            values.foreign[column.header] = Problem(
                "no-word-known",
                block.header_line,
                column.header,
                few(words),
                dict(unknown[0].values),
            )
        else:
            kept.append((column, memo))
    return kept


def few(words: Sequence[str]) -> str:
    """Return some words of a column, as a problem repeats them."""
    more = [*words[:_MOST_WORDS], *(["…"] if len(words) > _MOST_WORDS else [])]
    return " · ".join(map(short, more))


def _add(
    source: Source,
    under: Mapping[str, Sequence[Column]],
    vocabulary: Vocabulary,
    values: Values,
    name: str,
) -> None:
    """Add the counts of further columns to a field."""
    for key in source.plus:
        for column in under.get(key, ()):
            memo = _memo(column, source, vocabulary, values)
            values.taken.add(column.header)
            read = values.fields[name]
            for row, cell in enumerate(column.cells):
                more, so_far = memo[cell], read[row]
                if isinstance(more, int) and more:
                    read[row] = more + (so_far if isinstance(so_far, int) else 0)


def _cell_of(
    block: Block,
    row: int,
    name: str,
    groups: Sequence[Sequence[tuple[Column, _Read]]],
    vocabulary: Vocabulary,
    values: Values,
    *,
    strict: bool,
) -> Value:
    """Return what the first group of columns that holds anything says of a field on a row."""
    line = block.lines[row]
    first: tuple[Value, Column] | None = None
    failed = False
    for number, group in enumerate(groups):
        if first is not None or failed:
            values.spare.update(
                column.header for rest in groups[number:] for column, _ in rest if column.cells[row]
            )
            break
        for column, memo in group:
            value = memo[column.cells[row]]
            if isinstance(value, _Bad):
                failed = strict
                _refuse(value, block, row, column, values, strict=strict)
                continue
            if value is None:
                continue
            if first is None:
                first = value, column
            elif _same(value, first[0], vocabulary):
                values.spare.add(column.header)
            else:
                failed = True
                values.bad.add(row)
                other = {
                    "other_column": column.header,
                    "other_value": short(column.cells[row]),
                }
                shown = short(first[1].cells[row])
                values.problems.append(
                    Problem("columns-disagree", line, first[1].header, shown, dict(other))
                )
    if first is None:
        return None
    values.used.setdefault(name, first[1].header)
    values.taken.add(first[1].header)
    return first[0]


def _refuse(
    value: _Bad, block: Block, row: int, column: Column, values: Values, *, strict: bool
) -> None:
    """Say of a cell that it can't be read; where the plan needs it, its row is left out."""
    shown = short(column.cells[row])
    problem = Problem(value.id, block.lines[row], column.header, shown, dict(value.values))
    if not strict:
        values.noted.append(problem)
        return
    values.bad.add(row)
    if problem not in values.problems[-8:]:
        values.problems.append(problem)


def _same(one: Value, other: Value, vocabulary: Vocabulary) -> bool:
    """Tell whether two columns say the same; a product has many names and ids."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    if one.casefold() == other.casefold():
        return True
    products = vocabulary.catalogue.find(one).products
    return not {*products}.isdisjoint(vocabulary.catalogue.find(other).products)


def _memo(
    column: Column, source: Source, vocabulary: Vocabulary, values: Values, name: str = ""
) -> _Read:
    """Return what each distinct cell of a column says about the field ``name``."""
    transform = TRANSFORMS[source.read]
    cells = {*column.cells}
    if source.read in COUNTS and zeros_in(cells):
        values.zeros.add(column.header)
    point = point_of(cells) if source.read in AMOUNTS else ""
    order = values.orders.get(column.header, Order()).order if source.read in DAYS else ""
    manner = Manner(source.words, source.present, order, point, name)
    read: dict[str, Value | _Bad] = {}
    for text in cells:
        if not text:
            read[text] = None
            continue
        try:
            read[text] = transform(text, manner, vocabulary)
        except Unreadable as unreadable:
            problem = unreadable.problem
            if is_cut(text):
                problem = "cut-off" if text.strip("#") else "hidden-cell"
            read[text] = _Bad(problem, unreadable.values)
    return read


def _order(texts: set[str], fixed: str, chosen: str) -> Order | None:
    """Return what one column of days says for itself; ``None`` where it says nothing."""
    opened = any(map(is_open, texts))
    settled = order_of(texts)
    if chosen:
        return Order(chosen, "reader")
    if fixed and settled in {"", fixed}:
        return Order(fixed, "format" if opened else "")
    if year := year_of(texts):
        return Order(year, "values" if year == YEAR_FIRST else "asked")
    if settled == MIXED:
        return Order(MIXED, "asked")
    if settled:
        return Order(settled, "values" if opened else "")
    return None if opened else Order()


def _settle_orders(
    block: Block,
    found: Format,
    under: Mapping[str, Sequence[Column]],
    vocabulary: Vocabulary,
    chosen: Mapping[str, str],
    values: Values,
) -> None:
    """Decide for each column of days whether day or month comes first."""
    columns = _days(found, under)
    undecided: list[str] = []
    for header, (column, fixed, _) in columns.items():
        cells = {said_of(cell, vocabulary.lists) for cell in {*column.cells}}
        if may_be_swapped(cells):
            values.swapped.add(header)
        found_order = _order(cells, fixed, chosen.get(header, ""))
        if found_order is None:
            undecided.append(header)
        elif found_order.order:
            values.orders[header] = found_order
    # A tool may write one of its columns in an order that is that column's alone.
    settled = {header for header, (_, order, _) in columns.items() if order}
    if undecided and values.orders.keys() <= settled:
        _look_beside(block, columns, vocabulary, values)
    orders = {one.order for header, one in values.orders.items() if header not in settled}
    orders -= {YEAR_FIRST, YEAR_UNCLEAR}  # Of columns whose years have two digits alone.
    if len(orders) == 1 and MIXED not in orders:
        for header in undecided:
            values.orders[header] = Order(next(iter(orders)), "neighbour")
    undecided = [header for header in undecided if header not in values.orders]
    if undecided:
        order = _plausible(found, columns, undecided, under, vocabulary)
        for header in undecided:
            values.orders[header] = Order(order, "terms" if order else "asked")


def _days(
    found: Format, under: Mapping[str, Sequence[Column]]
) -> dict[str, tuple[Column, str, str]]:
    """Return header → a column of days, the order its format fixes, and its field."""
    columns: dict[str, tuple[Column, str, str]] = {}
    for name, source in found.fields.items():
        if source.read in DAYS:
            for key in source.keys:
                for column in under.get(key, ()):
                    order = source.order if _is_written_so(column, source.between) else ""
                    columns.setdefault(column.header, (column, order, name))
    return columns


def _is_written_so(column: Column, between: str) -> bool:
    """Tell whether a tool that writes ``between`` day, month and year wrote a column's days."""
    return not between or all(between in cell for cell in {*column.cells} if is_open(cell))


def _look_beside(
    block: Block,
    columns: Mapping[str, tuple[Column, str, str]],
    vocabulary: Vocabulary,
    values: Values,
) -> None:
    """Decide by the columns of days that no field is read from: the same tool wrote them.

    Numbers of orders and versions look like days here and there: a column of days holds no others.
    """
    for column in block.columns:
        if column.header not in columns and not column.is_nested:
            cells = {said_of(cell, vocabulary.lists) for cell in {*column.cells}}
            order = order_of(cells)
            if order in {DAY_FIRST, MONTH_FIRST} and _are_days(cells, order, vocabulary):
                values.orders[column.header] = Order(order)


def _are_days(cells: set[str], order: str, vocabulary: Vocabulary) -> bool:
    """Tell whether every cell that says something is a day in this order."""
    try:
        for cell in cells:
            if cell and not is_nothing(cell, vocabulary):
                day_of(cell, order, vocabulary.lists["month"])
    except Unreadable:
        return False
    return True


def _plausible(
    found: Format,
    columns: Mapping[str, tuple[Column, str, str]],
    undecided: Iterable[str],
    under: Mapping[str, Sequence[Column]],
    vocabulary: Vocabulary,
) -> str:
    """Return the one order in which start, end and term of every row fit; else ``""``."""
    by_field = {columns[header][2]: columns[header][0] for header in columns}
    start = by_field.get("start_date") or by_field.get("start")
    end = by_field.get("term_end") or by_field.get("end")
    if start is None or end is None or not {start.header, end.header} & {*undecided}:
        return ""
    months = _terms(found, under, vocabulary)
    pairs = dict.fromkeys(zip(start.cells, end.cells, months or [""] * len(end.cells), strict=True))
    fitting = [
        order
        for order in (DAY_FIRST, MONTH_FIRST)
        if all(_fits(a, b, term, order, vocabulary) for a, b, term in pairs if a and b)
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _terms(
    found: Format, under: Mapping[str, Sequence[Column]], vocabulary: Vocabulary
) -> list[str]:
    source = found.fields.get("term_duration") or found.fields.get("term")
    for key in source.keys if source else ():
        for column in under.get(key, ()):
            memo = _memo(column, source, vocabulary, Values()) if source else {}
            return [str(memo[cell]) for cell in column.cells]
    return []


def _fits(start: str, end: str, term: str, order: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a term read in this order has a length that terms have."""
    if is_nothing(start, vocabulary) or is_nothing(end, vocabulary):
        return True
    try:
        first = day_of(said_of(start, vocabulary.lists), order, vocabulary.lists["month"])
        last = day_of(said_of(end, vocabulary.lists), order, vocabulary.lists["month"])
    except Unreadable:
        return False
    if first is None or last is None:
        return True
    days = (last - first).days
    lengths = [months_of(term)] if months_of(term) else [1, 12, 36]
    return any(abs(days - (length or 0) * _MONTH_DAYS) <= _SLACK for length in lengths)
