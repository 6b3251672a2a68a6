"""What one reader works on: a reading, what they chose, the plan, and the way back.

Everything a reader can change is in one frozen ``State``; a change makes a new one, and
undo takes the last one back. Steps done and notes belong to a subscription, not to the
line it stands on, so they survive an edited or reordered paste.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from planner.deciding.alternatives import ways_by_code
from planner.deciding.prices import price_key, price_stated, price_text
from planner.knowledge import Knowledge
from planner.model import (
    NO_LIMITS,
    Choices,
    Plan,
    Problem,
    Reading,
    Scheduling,
    Settings,
    UnitPrice,
)
from planner.opening import Saved
from planner.planning import chosen, market_of, plan_reading, today
from planner.portfolio import Done, Portfolio, portfolio_of
from planner.reading import File, read
from planner.reading.understood import choices_in
from planner.reading.values import Unreadable, check_range
from planner.scheduling.limits import SCHEDULE, WEEKDAYS, limits_of, limits_text
from planner.writing.outgoing import Progress

#: Tells how many of how many lines are through; may be called often.
Heard = Callable[[int, int], None]


#: Limit of the schedule → the problem that says why a value can't be used.
_LIMIT_PROBLEMS: Mapping[str, str] = {
    "per_day": "not-a-capacity",
    "per_week": "not-a-capacity",
    "blackout": "not-a-period",
    "wished": "not-a-date",
    "end_on": "not-a-date",
}

_LAST_WEEKDAY = len(WEEKDAYS) - 1


class Refused(ValueError):
    """A change that can't be made: the setting, and the problem that says why."""

    def __init__(self, setting: str, problem: Problem) -> None:
        super().__init__(setting)
        self.setting = setting
        self.problem = problem


class NothingRead(LookupError):
    """There is no reading, or no plan, yet."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader brought: pasted text, or a file by its name.

    Attributes:
        as_of: Day (ISO) that it is made for and doesn't name itself; ``""`` for none.
    """

    name: str
    content: str | bytes
    as_of: str = ""

    def to_read(self) -> str | File:
        """Return it as the reader of exports takes it."""
        return self.content if isinstance(self.content, str) else File(self.name, self.content)


@dataclass(frozen=True, slots=True)
class State:
    """Everything a reader chose, beside what they pasted.

    Attributes:
        as_of: Day chosen (UTC); ``None`` where the paste or today decides.
        market: ISO code of the partner's country, or ``""``.
        policies: Policy figure → days, where the reader's differ from ours.
        outgoing: Tag of the language that exports are written in; ``""`` for the page's.
        answers: Question id → choice.
        scheduling: Limits of the schedule.
        alternatives: Key of a subscription → way chosen instead of the one recommended.
        prices: Key of a product, or ``""`` for all others → what a license costs a month.
        done: Key of a subscription and id of a step that is done.
        notes: Key of a subscription → what the reader wrote.
    """

    as_of: dt.date | None = None
    market: str = ""
    policies: Mapping[str, int] = field(default_factory=dict)
    outgoing: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    scheduling: Scheduling = NO_LIMITS
    alternatives: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, UnitPrice] = field(default_factory=dict)
    done: frozenset[tuple[str, str]] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)

    def plans_like(self, other: State) -> bool:
        """Tell whether both lead to the same plan of the same reading."""
        return self._plans_by == other._plans_by

    @property
    def _plans_by(self) -> tuple[object, ...]:
        return (
            self.as_of,
            self.market,
            self.policies,
            self.answers,
            self.scheduling,
            self.alternatives,
            self.prices,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A step back: what was changed, and how things stood before."""

    kind: str
    before: State


class Workspace:
    """One reader's work, from a paste to a plan with steps done."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.forget()

    def forget(self) -> None:
        """Forget everything that the reader brought, chose or wrote."""
        self.knowledge.forget()
        self.state = State()
        self.past: list[Change] = []
        self.reading: Reading | None = None
        self._plan: Plan | None = None
        self._portfolio: Portfolio | None = None
        self._planned: tuple[Reading, State] | None = None
        self._dated = self.knowledge
        self._keys: dict[int, str] = {}
        self._done: dict[int, Done] = {}
        self._opened: tuple[str, Choices] = ("", Choices())

    # What is there

    @property
    def plan(self) -> Plan:
        """The plan that stands.

        Raises:
            NothingRead: Nothing was planned yet.
        """
        if self._plan is None:
            raise NothingRead("plan")
        return self._plan

    @property
    def portfolio(self) -> Portfolio:
        """Its lines, ready to be asked for.

        Raises:
            NothingRead: Nothing was planned yet.
        """
        if self._portfolio is None:
            raise NothingRead("plan")
        return self._portfolio

    @property
    def dated(self) -> Knowledge:
        """What is known on the plan's day, with the reader's own lead times."""
        return self._dated

    def key(self, line: int) -> str:
        """Return what names a line's subscription whatever line it stands on."""
        return self._keys[line]

    def note(self, line: int) -> str:
        """Return what the reader wrote about a line."""
        return self.state.notes.get(self._keys.get(line, ""), "")

    def done(self, line: int) -> Done:
        """Return the ids of a line's steps that are done."""
        return self._done.get(line, frozenset())

    # Read and plan

    def read(self, sources: Sequence[Source], choices: Choices | None = None) -> Reading:
        """Read what was brought, as the reader chose; the plan that stands is left as it is.

        The text of a plan that was opened before is first read as the reader chose then; what
        they choose or take back from there on counts.
        """
        brought = [source.to_read() for source in sources]
        reading = read(brought, self.knowledge, choices)
        fingerprint, kept = self._opened
        if reading.fingerprint == fingerprint:
            self._opened = "", Choices()
            if choices in (None, Choices()) and kept != Choices():
                reading = read(brought, self.knowledge, kept)
        days = {source.as_of for source in sources if source.as_of}
        if days:
            reading = replace(reading, as_of=dt.date.fromisoformat(min(days)))
        self.reading = reading
        return reading

    def take(self, reading: Reading) -> Reading:
        """Go on from what was read earlier; the plan that stands is left as it is."""
        self.reading = reading
        return reading

    def open(self, saved: Saved) -> None:
        """Take over a plan file: what was read, chosen, ticked off and noted; none is undone."""
        self.forget()
        settings, progress = saved.settings, saved.progress
        self.state = replace(
            _state_of(settings), done=frozenset(progress.done), notes=dict(progress.notes)
        )
        self._opened = saved.reading.fingerprint, choices_in(saved.reading)
        self.take(saved.reading)

    @property
    def progress(self) -> Progress:
        """What was ticked off and noted, by the key of its subscription, as files hold it."""
        keys = {*self._keys.values()}
        return Progress(
            frozenset((key, step) for key, step in self.state.done if key in keys),
            {key: note for key, note in self.state.notes.items() if key in keys},
        )

    def make_plan(self, heard: Heard | None = None) -> Plan:
        """Plan the last reading with everything chosen.

        Raises:
            NothingRead: Nothing was read yet.
        """
        if self.reading is None:
            raise NothingRead("reading")
        self._make(self.reading, self.state, heard)
        return self.plan

    def _make(self, reading: Reading, state: State, heard: Heard | None) -> None:
        """Plan, and keep nothing of it unless all of it can be made."""
        as_of = state.as_of or reading.as_of or today()
        shown = reading
        column = reading.mapping.get("as_of")
        if state.as_of is None and reading.as_of is not None and column is not None:
            found = Problem("as-of-found", 0, column, reading.as_of.isoformat())
            shown = replace(reading, notes=(*reading.notes, found))
        settings = Settings(
            as_of,
            state.market,
            state.policies,
            state.answers,
            state.scheduling,
            state.alternatives,
            state.prices,
        )
        plan = plan_reading(shown, settings, self.knowledge, heard)
        keys = dict(plan.keys)
        done = _done_by_line(state.done, keys)
        dated = self.knowledge.on(as_of, state.policies)
        portfolio = portfolio_of(plan, done, dated.solved_by)
        self._plan, self._portfolio, self._keys, self._done = plan, portfolio, keys, done
        self._planned = reading, state
        self._dated = dated

    # Change and undo

    def set(self, stated: Mapping[str, object], heard: Heard | None = None) -> None:
        """Change ``as_of``, ``market``, ``policies``, ``scheduling``, ``prices`` or ``outgoing``.

        ``policies`` maps figures to days, ``scheduling`` the keys of the command line
        (``planner.scheduling.limits``) to their values; so does ``prices``
        (``planner.deciding.prices``).

        What isn't named stays; ``None`` and ``""`` bring the default back.

        Raises:
            Refused: A value can't be used; says which and why.
        """
        state = self.state
        for setting, value in stated.items():
            match setting:
                case "as_of":
                    state = replace(state, as_of=_day(str(value or "")))
                case "market":
                    state = replace(state, market=_market(str(value or "")))
                case "policies" if isinstance(value, Mapping):
                    state = replace(state, policies=self._policies(state.policies, value))
                case "scheduling" if isinstance(value, Mapping):
                    limits = _scheduling(state.scheduling, value)
                    state = replace(state, scheduling=limits)
                case "prices" if isinstance(value, Mapping):
                    state = replace(state, prices=self._prices(state.prices, value))
                case "outgoing":
                    known = value in self.knowledge.languages
                    state = replace(state, outgoing=str(value) if known else "")
        self.change("set", state, heard)

    def _policies(self, before: Mapping[str, int], stated: Mapping[str, object]) -> dict[str, int]:
        policies = dict(before)
        for figure, value in stated.items():
            policies.pop(figure, None)
            if value in {None, ""}:
                continue
            try:
                made = chosen([f"{figure}={value}"], self.knowledge).policies
            except ValueError as error:
                problem = Problem("not-days", 0, figure, str(value))
                raise Refused(figure, problem) from error
            if int(str(self.knowledge.figure(figure).value)) != made[figure]:
                policies |= made
        return policies

    def _prices(
        self, before: Mapping[str, UnitPrice], stated: Mapping[str, object]
    ) -> dict[str, UnitPrice]:
        prices = dict(before)
        for key, value in stated.items():
            text = str(value or "").strip()
            if not text:
                taken = [product for product in prices if price_key(product) == key]
                for product in taken:
                    del prices[product]
                continue
            try:
                product, price = price_stated(key, text, self.knowledge.catalogue)
            except ValueError as error:
                raise Refused(key, Problem("not-a-price", 0, "", text)) from error
            prices[product] = price
        return prices

    def answer(self, question: str, value: str, heard: Heard | None = None) -> None:
        """Answer a question for all the lines it concerns; ``""`` takes the answer back.

        Raises:
            Refused: No such question or answer.
        """
        answers = {asked: given for asked, given in self.state.answers.items() if asked != question}
        if value:
            try:
                made = chosen([f"{question}={value}"], self.knowledge).answers
            except ValueError as error:
                problem = Problem("not-a-choice", 0, question, value)
                raise Refused(question, problem) from error
            answers |= made
        self.change("answer", replace(self.state, answers=answers), heard)

    def choose(self, key: str, alternative: str, heard: Heard | None = None) -> None:
        """Take another way for a subscription than the one recommended; ``""`` takes it back.

        Whether the rules allow it stands in the plan's ``choices``.

        Raises:
            Refused: There is no such way.
        """
        others = {one: way for one, way in self.state.alternatives.items() if one != key}
        if alternative and alternative not in ways_by_code(self.knowledge):
            raise Refused("alternative", Problem("not-a-choice", 0, "", alternative))
        chosen_now = {**others, key: alternative} if alternative else others
        self.change("choose", replace(self.state, alternatives=chosen_now), heard)

    def mark(self, keys: Iterable[str], step: str, *, done: bool) -> None:
        """Say that a step of some subscriptions is done, or that it isn't."""
        marks = frozenset((key, step) for key in keys)
        after = self.state.done | marks if done else self.state.done - marks
        self.change("mark", replace(self.state, done=after), None)

    def write_note(self, key: str, text: str) -> None:
        """Note something about a subscription; empty text takes the note away."""
        notes = {one: kept for one, kept in self.state.notes.items() if one != key}
        if text.strip():
            notes[key] = text
        self.change("note", replace(self.state, notes=notes), None)

    def begin(self, stated: Mapping[str, object]) -> None:
        """Start from settings kept from before; unusable ones are left out, and none is undone."""
        for setting, value in stated.items():
            each: list[object] = [value]
            if isinstance(value, Mapping):
                each = [{key: kept} for key, kept in value.items()]
            for one in each:
                with suppress(Refused):
                    self.set({setting: one})
        self.past.clear()

    def change(self, kind: str, state: State, heard: Heard | None) -> None:
        """Go over to another state, and remember the way back."""
        if state == self.state:
            return
        before = self.state
        self._go(state, heard)
        self.past.append(Change(kind, before))

    def undo(self, heard: Heard | None = None) -> str:
        """Take the last change back; return its kind, or ``""`` where there is none."""
        if not self.past:
            return ""
        last = self.past[-1]
        self._go(last.before, heard)
        self.past.pop()
        return last.kind

    def _go(self, state: State, heard: Heard | None) -> None:
        if self._planned is not None and self._portfolio is not None:
            reading, planned = self._planned
            if not state.plans_like(planned):
                self._make(reading, state, heard)
            elif state.done != self.state.done:
                changed = {key for key, _ in state.done ^ self.state.done}
                self._done = _done_by_line(state.done, self._keys)
                lines = [line for line, key in self._keys.items() if key in changed]
                self._portfolio = self._portfolio.with_done({one: self.done(one) for one in lines})
        self.state = state


def _state_of(settings: Settings) -> State:
    """Return what a reader chose whose plan was made with these settings."""
    return State(
        as_of=settings.as_of,
        market=settings.market,
        policies=settings.policies,
        answers=settings.answers,
        scheduling=settings.scheduling,
        alternatives=settings.choices,
        prices=settings.prices,
    )


def _day(stated: str) -> dt.date | None:
    if not stated:
        return None
    try:
        day = dt.date.fromisoformat(stated)
    except ValueError as error:
        raise Refused("as_of", Problem("not-a-date", 0, "", stated)) from error
    try:
        check_range(day)
    except Unreadable as unreadable:
        problem = Problem(unreadable.problem, 0, "", stated, unreadable.values)
        raise Refused("as_of", problem) from unreadable
    return day


def _market(stated: str) -> str:
    try:
        return market_of(stated)
    except ValueError as error:
        raise Refused("market", Problem("not-a-country", 0, "", stated)) from error


def _scheduling(before: Scheduling, stated: Mapping[str, object]) -> Scheduling:
    limits = dict(stated_limits(before))
    for key, value in stated.items():
        text = str(value or "").strip()
        try:
            if text:
                limits_of([(key, text)])
        except ValueError as error:
            problem = _LIMIT_PROBLEMS.get(key.removeprefix(SCHEDULE), "not-a-choice")
            if key.removeprefix(SCHEDULE) == "days_off" and text.count(",") >= _LAST_WEEKDAY:
                problem = "no-weekday-left"
            raise Refused(key, Problem(problem, 0, "", text)) from error
        limits.pop(key, None)
        if text:
            limits[key] = text
    return limits_of(limits.items())


def stated_limits(limits: Scheduling) -> tuple[tuple[str, str], ...]:
    """Return limits as the keys and values that state them."""
    parted = (text.partition("=") for text in limits_text(limits))
    return tuple((key, value) for key, _, value in parted)


def stated_prices(prices: Mapping[str, UnitPrice]) -> tuple[tuple[str, str], ...]:
    """Return prices as the keys and values that state them."""
    return tuple((price_key(product), price_text(price)) for product, price in prices.items())


def _done_by_line(done: Iterable[tuple[str, str]], keys: Mapping[int, str]) -> dict[int, Done]:
    steps: defaultdict[str, set[str]] = defaultdict(set)
    for key, step in done:
        steps[key].add(step)
    return {line: frozenset(steps[key]) for line, key in keys.items() if key in steps}
