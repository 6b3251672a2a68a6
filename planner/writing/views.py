"""The parts of the planner's page, each as HTML in the reader's language.

A view shows what a reader asked for and no more: of 10,000 lines, the forty in sight.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from babel.dates import format_skeleton
from babel.numbers import get_decimal_symbol
from markupsafe import Markup, escape

from planner.deciding.costs import price_of
from planner.deciding.prices import price_key, price_text, priced_product
from planner.knowledge import Knowledge
from planner.model import (
    NO_LIMITS,
    AgendaEntry,
    Alternative,
    Cutover,
    Plan,
    Question,
    Reading,
    Recommendation,
    customer_of,
)
from planner.model import Row as ReadRow
from planner.obstacles import Hold
from planner.opening import Receipt, Reopened
from planner.planning import alternatives_of, today
from planner.portfolio import LATER, SOON, Due, Group, Item, Portfolio, Query, Row
from planner.scheduling.limits import WEEKDAYS
from planner.timeline import (
    Axis,
    Lane,
    Mark,
    Point,
    Span,
    Stretch,
    axis_of,
    lane_of,
    lane_of_customer,
)
from planner.workspace import Workspace
from planner.writing.page import render
from planner.writing.reading import warned_rows
from planner.writing.sentences import Sentences
from planner.writing.tables import Table

#: Columns of the table beside the product, in their order; those shown until the reader chooses.
COLUMNS = (
    "customer",
    "path",
    "next",
    "deadline",
    "end",
    "seats",
    "done",
    "line",
    "channel",
    "term",
    "billing",
    "state",
    "subscription",
    "move",
    "overlap",
    "gap",
    "note",
)
SHOWN = ("customer", "path", "next", "deadline", "end", "seats", "done")

#: Pixels that some days take, by zoom: pixels, days.
ZOOMS: Mapping[str, tuple[int, int]] = {"month": (2, 1), "quarter": (7, 10)}

#: How wide each column is at least (rem), and its share of what is left over.
_TRACKS: Mapping[str, tuple[float, float]] = {
    "product": (8, 2),
    "customer": (5.5, 1.3),
    "path": (9, 2.5),
    "next": (7.5, 1.7),
    "seats": (5, 0.5),
    "done": (5, 1),
    "line": (3, 0.4),
    "channel": (8, 1.2),
    "subscription": (9, 1.2),
    "note": (9, 1.6),
}
_TRACK = (5.5, 0.8)

_NOT_OF_COLUMNS = frozenset({"line", "term_end_kind", "source_format", "warnings"})

#: Fields that a column can be read as; the rest of a row follows from where it was read.
_FIELDS = tuple(one.name for one in dataclasses.fields(ReadRow) if one.name not in _NOT_OF_COLUMNS)

_PREVIEW = 3
_MOST_CUSTOMERS = 300
_MOST_NAMED = 3
_MOST_WRITTEN = 1000
_MOST_PRICED = 12
_MOST_UNPLACED = 10
_MOST_LISTED = 100  # A page draws no more of what was set aside or merged; files have all of it.
_DUES = (Due.OVERDUE, Due.SOON, Due.NEXT, Due.LATER, Due.NEVER)


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A line's cells as HTML, and what they were written of: as long as it holds, so do they."""

    row: Row
    columns: tuple[str, ...]
    note: str
    cells: Markup


@dataclass(frozen=True, slots=True)
class Desk:
    """A reader at work: their workspace, their language, where the rules are.

    Attributes:
        written: Line → its cells, of the rows that were last in sight.
    """

    workspace: Workspace
    language: str
    rules_url: str
    written: dict[int, WrittenRow] = field(default_factory=dict, repr=False, compare=False)

    @property
    def portfolio(self) -> Portfolio:
        """The plan's lines."""
        return self.workspace.portfolio

    def say(self) -> Sentences:
        """Return the sentences of the plan that stands."""
        known = self.workspace.dated
        return Sentences(self.workspace.plan, known.words(self.language), known)

    def ui(self, key: str, **values: str | int) -> str:
        """Return one of the page's own words."""
        return self.workspace.knowledge.words(self.language).say(f"planner.ui.{key}", **values)

    def draw(self, template: str, **values: object) -> str:
        """Return a template filled with the plan that stands."""
        return self._draw(template, self.workspace.plan, self.workspace.dated, values)

    def draw_reading(self, template: str, reading: Reading, **values: object) -> str:
        """Return a template filled with a reading that has no plan yet."""
        known = self.workspace.knowledge.on(self.workspace.state.as_of or today())
        bare = Plan(known.as_of or today(), known.version, reading, (), {}, (), (), ())
        return self._draw(template, bare, known, values)

    def _draw(
        self, template: str, plan: Plan, known: Knowledge, values: Mapping[str, object]
    ) -> str:
        return render(
            template,
            plan,
            self.language,
            known,
            rules_url=self.rules_url,
            desk=self,
            most_listed=_MOST_LISTED,
            **values,
        )


# What was understood


def reading(desk: Desk, made: Reading, *, fixed: bool = False) -> str:
    """Show how a paste was read: its format, its columns, its first lines, what was set aside.

    ``fixed``: it comes from a plan file, so nothing about it can be chosen.
    """
    aside = {problem.line for problem in made.set_aside}
    return desk.draw_reading(
        "reading.html.j2",
        made,
        understood=len(made.subscriptions),
        aside=len(aside),
        customers=len({line.tenant_id or line.customer for line in made.subscriptions}),
        preview=made.subscriptions[:_PREVIEW],
        columns=list(dict.fromkeys(made.mapping.values())),
        fields=_FIELDS,
        fixed=fixed,
        warned=warned_rows(made, desk.workspace.knowledge.words(desk.language)),
    )


# The plan


@dataclass(frozen=True, slots=True)
class Share:
    """How many lines take a path, in whole percent of the largest share."""

    path: str
    tone: str
    lines: int
    width: int


def summary(desk: Desk) -> str:
    """Show how many lines move how, the next deadlines and what stands in the way."""
    plan, portfolio = desk.workspace.plan, desk.portfolio
    rows = portfolio.rows.values()
    counts = portfolio.paths()
    most = max(counts.values(), default=1)
    tones = {row.path: row.tone for row in rows}
    return desk.draw(
        "summary.html.j2",
        customers=len({row.customer for row in rows}),
        blocked=sum(row.hold is Hold.BLOCKED for row in rows),
        first=sum(row.hold is Hold.FIRST for row in rows),
        overdue=sum(row.due is Due.OVERDUE for row in rows),
        soon=sum(row.due is Due.SOON for row in rows),
        days=SOON,
        asked=len({line for one in plan.questions for line in one.lines}),
        shares=[
            Share(path, tones[path], lines, max(100 * lines // most, 1))
            for path, lines in counts.most_common()
        ],
        concerned=lambda lines: _concerned(desk, lines),
        scheduled=plan.schedule.limits != NO_LIMITS,
        unplaced=[one for one in plan.schedule.cutovers if one.on is None],
        shown=_MOST_UNPLACED,
        refused=[made for made in plan.choices if made.refused_by],
    )


def _concerned(desk: Desk, lines: tuple[int, ...]) -> str:
    """Return for whom something is done: the product and customer of one line, or a count."""
    say, recommendations = desk.say(), desk.portfolio.recommendations
    subscriptions = [
        recommendations[line].subscription for line in lines if line in recommendations
    ]
    if len(subscriptions) == 1:
        (one,) = subscriptions
        return f"{one.customer}: {say.product(one)}" if one.customer else say.product(one)
    names = list(dict.fromkeys(one.customer for one in subscriptions if one.customer))
    counted = desk.ui("lines.count", count=len(lines))
    if not names or len(names) > _MOST_NAMED:
        return counted
    return f"{say.words.format(names)} ({counted})"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer given, if there is one, and how many lines wait for it."""

    id: str
    assumed: str | None
    choices: tuple[str, ...]
    lines: int
    given: str


def questions(desk: Desk) -> str:
    """Show each question once, with the assumption that stands, and the answers given."""
    answers = desk.workspace.state.answers
    open_ones = [_asked(one, "") for one in desk.workspace.plan.questions if one.id not in answers]
    rows = {row.id: row for row in desk.workspace.knowledge.assumptions}
    given = [
        Asked(question, rows[question].assume, rows[question].choices, 0, answer)
        for question, answer in answers.items()
    ]
    return desk.draw("questions.html.j2", asked=open_ones, given=given)


def _asked(one: Question, given: str) -> Asked:
    return Asked(one.id, one.assumed, one.choices, len(one.lines), given)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the agenda: its place there, what to do, for whom, how much of it is done."""

    place: int
    entry: AgendaEntry
    concerned: str
    done: int

    @property
    def state(self) -> str:
        """``all``, ``some`` or ``none`` of its lines are done."""
        if self.done == len(self.entry.lines):
            return "all"
        return "some" if self.done else "none"


def agenda(desk: Desk, first: int, last: int) -> tuple[str, int]:
    """Show entries ``first`` to ``last`` (not included), and say how many there are."""
    entries = desk.workspace.plan.agenda
    shown = [
        Entry(
            place,
            entry,
            _concerned(desk, entry.lines),
            sum(entry.step in desk.workspace.done(line) for line in entry.lines),
        )
        for place, entry in enumerate(entries[first:last], first)
    ]
    months_of = _months_of(entries)
    before = months_of[first - 1] if 0 < first <= len(entries) else None
    months = [
        (month, [entry for _, entry in group])
        for month, group in itertools.groupby(
            zip(months_of[first:last], shown, strict=True), key=operator.itemgetter(0)
        )
    ]
    html = desk.draw(
        "agenda.html.j2",
        months=months,
        continued=before,
        month_name=lambda day: _month(desk, day, "yMMMM"),
    )
    return html, len(entries)


def _months_of(entries: Sequence[AgendaEntry]) -> list[dt.date]:
    """Return the first day of each entry's month; what has no day stands with the one before."""
    month = next((entry.on for entry in entries if entry.on), dt.date.min).replace(day=1)
    months = []
    for entry in entries:
        month = entry.on.replace(day=1) if entry.on else month
        months.append(month)
    return months


def _month(desk: Desk, day: dt.date, skeleton: str) -> str:
    locale = desk.workspace.knowledge.words(desk.language).locale
    return format_skeleton(skeleton, day, locale=locale)


# The table


def table(desk: Desk, query: Query, columns: tuple[str, ...]) -> str:
    """Show the table's filters, its choice of columns and its headings, without rows."""
    return desk.draw(
        "table.html.j2",
        **_filters(desk, query),
        columns=columns,
        tracks=[_TRACKS.get(column, _TRACK) for column in ("product", *columns)],
        every=COLUMNS,
        sorted_by=query.sort.removeprefix("-"),
        direction="descending" if query.sort.startswith("-") else "ascending",
    )


def _filters(desk: Desk, query: Query) -> Mapping[str, object]:
    """Return what the filters that table and timeline share offer, and what is chosen.

    What is chosen is always on offer: a filter that nobody sees can't be taken back.
    """
    few = 1 < len(desk.portfolio.of_customer) <= _MOST_CUSTOMERS
    return {
        "query": query,
        "customers": [
            (key, name, lines)
            for key, name, lines in desk.portfolio.customers()
            if few or key == query.customer
        ],
        "paths": list(dict.fromkeys([*desk.portfolio.paths(), *filter(None, [query.path])])),
        "dues": _DUES,
        "soon": SOON,
        "later": LATER,
        "holds": tuple(Hold),
        "questions": list(
            dict.fromkeys(
                [
                    *(asked.id for asked in desk.workspace.plan.questions),
                    *filter(None, [query.question]),
                ]
            )
        ),
    }


def columns_of(stated: object) -> tuple[str, ...]:
    """Return the columns that a page asks for, in the table's order."""
    if not isinstance(stated, list):
        return SHOWN
    return tuple(column for column in COLUMNS if column in stated)


def rows(
    desk: Desk, items: tuple[Item, ...], columns: tuple[str, ...], first: int, last: int
) -> str:
    """Show rows ``first`` to ``last`` (not included) of those that a query found."""
    shown = items[max(first, 0) : last]
    return desk.draw(
        "rows.html.j2",
        items=[
            (place, item if isinstance(item, Group) else None, *_row(desk, item))
            for place, item in enumerate(shown, max(first, 0))
        ],
        columns=columns,
        labels={column: desk.ui(f"table.columns.{column}") for column in columns},
        cell=_cells(desk),
        written=_written(desk, columns),
    )


def _written(
    desk: Desk, columns: tuple[str, ...]
) -> Callable[[Row, Recommendation, Callable[[Row, Recommendation], Markup]], Markup]:
    """Return what gives a row's cells: written earlier, or now by the template that asks."""

    def cells(
        row: Row, one: Recommendation, write: Callable[[Row, Recommendation], Markup]
    ) -> Markup:
        note = desk.workspace.note(row.line)
        kept = desk.written.get(row.line)
        if kept and kept.row is row and kept.columns == columns and kept.note == note:
            return kept.cells
        if len(desk.written) >= _MOST_WRITTEN:
            desk.written.clear()
        made = write(row, one)
        desk.written[row.line] = WrittenRow(row, columns, note, made)
        return made

    return cells


def _row(desk: Desk, item: Item) -> tuple[Row, Recommendation]:
    line = item.lines[0] if isinstance(item, Group) else item
    return desk.portfolio.rows[line], desk.portfolio.recommendations[line]


def _cells(desk: Desk) -> Callable[[str, Row, Recommendation], str]:
    """Return what writes a plain cell of the table."""
    say = desk.say()

    def days(count: int | None) -> str:
        return desk.ui("table.days", count=count) if count else ""

    def number(count: int | None) -> str:
        return "" if count is None else say.number(count)

    written: Mapping[str, Callable[[Row, Recommendation], str]] = {
        "customer": lambda _, one: one.subscription.customer,
        "seats": lambda _, one: number(one.subscription.seats),
        "line": lambda row, _: number(row.line),
        "channel": lambda _, one: say.channel(one.subscription.channel),
        "term": lambda _, one: _value(desk, one.subscription.term),
        "billing": lambda _, one: _value(desk, one.subscription.billing),
        "state": lambda _, one: _value(desk, one.subscription.state),
        "subscription": lambda _, one: one.subscription.subscription_id,
        "overlap": lambda _, one: days(one.overlap_days),
        "gap": lambda _, one: days(one.gap_days),
        "note": lambda row, _: desk.workspace.note(row.line),
    }
    return lambda column, row, one: written[column](row, one)


def _value(desk: Desk, value: str) -> str:
    """Return a code of the paste as words, where there are some."""
    if value == "unknown":
        return ""
    words = desk.workspace.knowledge.words(desk.language)
    key = f"planner.labels.choices.{value}"
    return words.say(key) if words.has(key) else value


def detail(desk: Desk, line: int) -> str:
    """Show everything about one line: its dated steps, why, why not another way, its note."""
    one, as_of = desk.portfolio.recommendations[line], desk.workspace.plan.as_of
    axis = axis_of([one], as_of)
    return desk.draw(
        "detail.html.j2",
        one=one,
        line=one.subscription,
        done=desk.workspace.done(line),
        # Its line breaks are kept, so it is escaped here.
        note=escape(desk.workspace.note(line)),
        row=desk.portfolio.rows[line],
        drawn=_drawn(desk, lane_of(one, as_of), axis, "month"),
        months=_months(desk, axis, "month"),
        today=_pixels(axis.place(as_of), "month"),
        width=_pixels(axis.days, "month"),
        ways=_ways_of(desk, one),
        obstacles_of=lambda planned: desk.portfolio.obstacles(planned, desk.workspace.done(line)),
        cutover=_cutover(desk.workspace.plan, line),
        refused=[
            made for made in desk.workspace.plan.choices if made.line == line and made.refused_by
        ],
    )


def _ways_of(desk: Desk, one: Recommendation) -> tuple[Alternative, ...]:
    """Return the ways to handle a line, side by side.

    They depend on what stands beside it among its own customer's lines, so the lines of
    all others are left out: with 10,000 of them a reader would wait.
    """
    plan = desk.workspace.plan
    beside = desk.portfolio.beside[customer_of(one.subscription)]
    alone = replace(plan, reading=replace(plan.reading, subscriptions=beside))
    return alternatives_of(alone, one.subscription.line, desk.workspace.knowledge)


def _cutover(plan: Plan, line: int) -> Cutover | None:
    """Return a line's place in the schedule, where the reader set limits or wishes."""
    if plan.schedule.limits == NO_LIMITS:
        return None
    return next((one for one in plan.schedule.cutovers if one.line == line), None)


# The timeline


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch in pixels from the axis's start."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A day in pixels from the axis's start."""

    kind: str
    x: int
    lines: int
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lane ready to be drawn, and what it says in words."""

    width: int
    today: int
    bars: tuple[Bar, ...]
    signs: tuple[Sign, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month on the axis, in pixels; ``label`` is empty where there is no room for one."""

    x: int
    width: int
    label: str
    begins: bool


def timeline(desk: Desk, query: Query, zoom: str) -> tuple[str, int]:
    """Show the timeline's filters, axis and legend; return its width in pixels."""
    axis = desk.portfolio.axis
    width = _pixels(axis.days, zoom)
    html = desk.draw(
        "timeline.html.j2",
        **_filters(desk, query),
        width=width,
        months=_months(desk, axis, zoom),
        today=_pixels(axis.place(desk.workspace.plan.as_of), zoom),
        stretches=tuple(Stretch),
        points=tuple(Point),
    )
    return html, width


def lanes(desk: Desk, items: tuple[Item, ...], zoom: str, first: int, last: int) -> str:
    """Show lanes ``first`` to ``last`` (not included): a line's each, or a customer's."""
    axis = desk.portfolio.axis
    as_of, recommendations = desk.workspace.plan.as_of, desk.portfolio.recommendations
    drawn = []
    for place, item in enumerate(items[max(first, 0) : last], max(first, 0)):
        if isinstance(item, Group):
            ours = [recommendations[line] for line in item.lines]
            lane = lane_of_customer(ours, as_of)
        else:
            ours = [recommendations[item]]
            lane = lane_of(ours[0], as_of)
        group = item if isinstance(item, Group) else None
        drawn.append((place, group, ours[0], _drawn(desk, lane, axis, zoom)))
    return desk.draw("lanes.html.j2", lanes=drawn)


def customers_of(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the headings of a grouped selection alone."""
    return tuple(item for item in items if isinstance(item, Group))


def _pixels(days: int, zoom: str) -> int:
    pixels, of_days = ZOOMS[zoom]
    return days * pixels // of_days


def _months(desk: Desk, axis: Axis, zoom: str) -> list[Month]:
    starts = axis.months()
    found = []
    for start, following in itertools.pairwise((*starts, axis.last + dt.timedelta(days=1))):
        x, end = (
            _pixels((start - axis.first).days, zoom),
            _pixels((following - axis.first).days, zoom),
        )
        quarter = start.month % 3 == 1
        label = ""
        if zoom == "month":
            label = _month(desk, start, "MMM" if start.month > 1 else "yMMM")
        elif quarter:
            label = _month(desk, start, "yQQQ")
        found.append(Month(x, end - x, label, zoom == "month" or quarter))
    return found


def _drawn(desk: Desk, lane: Lane, axis: Axis, zoom: str) -> Drawn:
    def bar(span: Span) -> Bar:
        x = _pixels(axis.place(span.first) if span.first >= axis.first else 0, zoom)
        last = axis.place(span.last) + 1 if span.last else axis.days
        return Bar(span.kind.value, x, max(_pixels(last, zoom) - x, 2))

    def sign(mark: Mark) -> Sign:
        label = _month(desk, mark.day, "MMMd")
        return Sign(mark.kind.value, _pixels(axis.place(mark.day), zoom), mark.lines, label)

    return Drawn(
        _pixels(axis.days, zoom),
        _pixels(axis.place(desk.workspace.plan.as_of), zoom),
        tuple(bar(span) for span in lane.spans if not span.last or span.last >= axis.first),
        tuple(sign(mark) for mark in lane.marks if axis.first <= mark.day <= axis.last),
        _in_words(desk, lane),
    )


def _in_words(desk: Desk, lane: Lane) -> str:
    """Say what a lane shows: the equivalent for readers who don't see it."""
    say = desk.say()
    said = [
        desk.ui(
            f"timeline.said.{span.kind.value}", first=say.day(span.first), last=say.day(span.last)
        )
        if span.last
        else desk.ui(f"timeline.said.{span.kind.value}", first=say.day(span.first))
        for span in lane.spans
    ]
    days: dict[Point, list[str]] = {}
    for mark in lane.marks:
        days.setdefault(mark.kind, []).append(say.day(mark.day))
    said += [
        desk.ui(f"timeline.said.{kind.value}", days=say.words.format(listed))
        for kind, listed in days.items()
        if kind is not Point.ENDS
    ]
    return " ".join(said)


# Settings


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead time: ours, and the reader's if it differs (days)."""

    figure: str
    label: str
    default: int
    chosen: int | None


def settings(desk: Desk) -> str:
    """Show every setting with its default."""
    workspace, state = desk.workspace, desk.workspace.state
    words = workspace.knowledge.words(desk.language)
    figures = [
        Lead(
            figure,
            words.say(f"planner.labels.policies.{figure}"),
            int(str(workspace.knowledge.figure(figure).value)),
            state.policies.get(figure),
        )
        for figure in workspace.knowledge.policy_figures
    ]
    empty = workspace.reading or Reading("", "")
    return desk.draw_reading(
        "settings.html.j2",
        empty,
        state=state,
        leads=figures,
        today=today(),
        languages=_languages(workspace.knowledge, desk.language),
        markets=_markets(desk),
        prices=_prices(desk),
        weekdays=[
            (code, words.locale.days["stand-alone"]["abbreviated"][place])
            for place, code in enumerate(WEEKDAYS)
        ],
    )


def _prices(desk: Desk) -> list[tuple[str, str, str]]:
    """Return key, name and price of all that a price can be entered for.

    That is every product of the plan that has a line without its own price, those with
    the most lines first, and whatever has a price entered; all others last.
    """
    catalogue, entered = desk.workspace.knowledge.catalogue, desk.workspace.state.prices
    titles = {product.key: product.title for product in catalogue.products}
    lines = desk.workspace.reading.subscriptions if desk.workspace.reading else ()
    found = Counter(
        product.key
        for line in lines
        if price_of(line) is None and (product := priced_product(line, catalogue))
    )
    asked = [*entered, *(key for key, _ in found.most_common(_MOST_PRICED))]
    products = [key for key in dict.fromkeys(asked) if key]
    others = desk.ui("prices.others" if products else "prices.all")
    named = [*((key, titles[key]) for key in products), ("", others)]
    decimal = get_decimal_symbol(desk.workspace.knowledge.words(desk.language).locale)
    return [
        (
            price_key(key),
            name,
            price_text(entered[key]).replace(".", decimal) if key in entered else "",
        )
        for key, name in named
    ]


def _languages(knowledge: Knowledge, language: str) -> list[tuple[str, str]]:
    """Return the languages that exports can be written in, each by its own name."""
    names = (
        (tag, knowledge.words(tag).locale.get_display_name() or tag) for tag in knowledge.languages
    )
    return sorted(names, key=lambda one: (one[0] != language, one[0]))


def _markets(desk: Desk) -> list[tuple[str, str]]:
    """Return the countries whose market is known, by name."""
    territories = desk.workspace.knowledge.words(desk.language).locale.territories
    codes = desk.workspace.knowledge.markets
    return sorted(((code, territories.get(code, code)) for code in codes), key=lambda one: one[1])


# What leaves, and what comes back


@dataclass(frozen=True, slots=True)
class Leaving:
    """One form in which a plan leaves, and what the page can do with it.

    Attributes:
        acts: ``save``, ``print`` or ``copy``, the first one first.
    """

    export: str
    acts: tuple[str, ...] = ("save",)


_LEAVING: Mapping[str, tuple[Leaving, ...]] = {
    "work": (
        Leaving("ics"),
        Leaving("checklist", ("print",)),
        Leaving("md"),
        Leaving("xlsx"),
        Leaving("csv"),
        Leaving("tsv", ("copy",)),
        Leaving("txt"),
    ),
    "customer": (Leaving("letter", ("print", "save")),),
    "tools": (Leaving("batch"), Leaving("script"), Leaving("json")),
}

_MOST_CHANGED = 50


def exports(desk: Desk) -> str:
    """Show every form in which the plan can leave, each with what it is for."""
    known = desk.workspace.knowledge
    words = known.words(desk.language)
    return desk.draw(
        "exports.html.j2",
        groups={"keep": (Leaving("plan"),), **_LEAVING},
        languages=_languages(known, desk.language),
        chosen=desk.workspace.state.outgoing or desk.language,
        tables=[
            (table.value, words.say(f"planner.exports.tables.{table.value.replace('-', '_')}"))
            for table in (Table.LINES, Table.AGENDA, Table.SET_ASIDE)
        ],
    )


def opened(desk: Desk, receipt: Receipt, reopened: Reopened) -> str:
    """Show what today's rules and date would change in a plan file just opened, and why."""
    return desk.draw(
        "opened.html.j2",
        receipt=receipt,
        today=today(),
        changes=reopened.comparison.changes,
        shown=reopened.comparison.changes[:_MOST_CHANGED],
        reopened=reopened,
        subscriptions={
            one.subscription.line: one.subscription for one in desk.workspace.plan.recommendations
        },
    )
