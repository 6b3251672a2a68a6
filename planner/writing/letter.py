"""The letter to a customer: what happens to each subscription, what to do, and by when.

Its words are the letter's own (``data/languages/<tag>/planner/letter.yml``): no rule,
no reason, no other customer, nothing of how the partner works. A step whose words
aren't there doesn't reach the customer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner.knowledge import Knowledge
from planner.model import Recommendation, Subscription, customer_of
from planner.scheduling.agenda import together
from planner.writing.escaping import one_line
from planner.writing.sentences import Sentences

_WORDS = "planner.letter"
# Paths on which the customer must not cancel early: something new has to be live first.
_NOTHING_MOVES = frozenset(
    {"NO_MOVE", "NO_MOVE_SOFTWARE", "NOTHING_TO_MOVE", "TOO_LATE", "PREREQUISITE", "MIGRATE_TO_NCE"}
)
_STAYS = "STAY_MULTICHANNEL"
_TRANSFER, _AFTER_RENEWAL = "PARTNER_TRANSFER", "transfer-after-renewal"


@dataclass(frozen=True, slots=True)
class Held:
    """One subscription of the customer's.

    Attributes:
        ends: Last paid day as written out, or ``""``.
        what: Sentences that say what happens to it.
    """

    product: str
    seats: str
    ends: str
    what: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something on a day: a task of the customer's, or what happens.

    Attributes:
        when: Day or days as written out.
        products: The subscriptions it is about; empty where it is about all.
    """

    when: str
    what: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's content in one language, before it is laid out.

    Attributes:
        customer: The customer's name, or ``""``.
        careful: Whether to ask that nothing be canceled meanwhile.
    """

    customer: str
    subject: str
    salutation: str
    intro: str
    closing: str
    written_on: str
    subscriptions: tuple[Held, ...]
    tasks: tuple[Item, ...]
    events: tuple[Item, ...]
    careful: bool


def letters(say: Sentences) -> Iterator[Letter]:
    """Return the letter to each customer, in the order of the paste."""
    by_customer: defaultdict[str, list[Recommendation]] = defaultdict(list)
    for one in say.plan.recommendations:
        by_customer[customer_of(one.subscription)].append(one)
    for of_customer in by_customer.values():
        yield _letter(say, of_customer)


def _letter(say: Sentences, lines: list[Recommendation]) -> Letter:
    words = say.words
    names = (one_line(one.subscription.customer).strip() for one in lines)
    customer = next((name for name in names if name), "")
    tasks, events = _items(say, lines, "tasks"), _items(say, lines, "events")
    nothing = "" if tasks or events else "_nothing"
    key = "salutation" if customer else "salutation_unnamed"
    return Letter(
        customer=customer,
        subject=words.say(f"{_WORDS}.subject{'' if tasks else '_nothing'}"),
        salutation=words.say(f"{_WORDS}.{key}", customer=customer),
        intro=words.say(f"{_WORDS}.{'intro' if tasks else 'intro_nothing'}"),
        written_on=words.say(f"{_WORDS}.written_on", day=say.plan.as_of),
        subscriptions=tuple(_held(say, one) for one in lines),
        tasks=tasks,
        events=events,
        closing=words.say(f"{_WORDS}.closing{nothing}"),
        careful=any(one.path not in _NOTHING_MOVES for one in lines),
    )


def _held(say: Sentences, one: Recommendation) -> Held:
    line = one.subscription
    stays = one.path == _STAYS and not one.then
    chosen = f"{_WORDS}.as_chosen.{one.chosen}.{one.path}"
    if one.chosen and say.words.has(chosen):
        told = [say.words.say(chosen)]
    else:
        renews = one.path == _TRANSFER and any(step.id == _AFTER_RENEWAL for step in one.steps)
        key = "stays" if stays else "renews_first" if renews else f"paths.{one.path}"
        told = [say.words.say(f"{_WORDS}.{key}")]
    if one.then and one.then != one.path:
        kind = "then" if say.words.has(f"{_WORDS}.then.{one.then}") else "paths"
        told.append(say.words.say(f"{_WORDS}.{kind}.{one.then}"))
    if one.reassign and one.path not in _NOTHING_MOVES:
        told.append(say.words.say(f"{_WORDS}.licenses.reassign"))
    return Held(
        product=_product(say, line),
        seats=say.number(line.seats) if line.seats is not None else "",
        ends=say.day(line.end) if line.end else "",
        what=" ".join(told),
    )


def _product(say: Sentences, line: Subscription) -> str:
    return one_line(say.product(line))


@dataclass(slots=True)
class _Action:
    """One entry: what is done for many subscriptions on the same days, or once for all.

    Attributes:
        after: Day of the step before it, for one that has no day of its own.
    """

    said: str
    step: str
    on: dt.date | None
    last: dt.date | None
    after: dt.date | None
    lines: list[Recommendation] = field(default_factory=list)


def _items(say: Sentences, lines: list[Recommendation], kind: str) -> tuple[Item, ...]:
    """Return the steps that have words of a kind, by day; undated ones after their forerunner.

    What the agenda has once for a customer stands here once, on its earliest days.
    """
    one_per = together(say.knowledge).one_per
    found: dict[tuple[object, ...], _Action] = {}
    for one in lines:
        before = None
        for step in one.steps:
            before = step.on or before
            if not say.words.has(f"{_WORDS}.{kind}.{step.id}"):
                continue
            # How late the partner may act is the partner's own.
            last = step.no_later_than if kind == "tasks" else None
            said = say.of_step(f"{_WORDS}.{kind}", step.id)
            once = one_per.get(step.id) == "customer"
            days = () if once else (step.on, last, before)
            action = found.setdefault((said, *days), _Action(said, step.id, step.on, last, before))
            action.on = _earlier(action.on, step.on)
            action.last = _earlier(action.last, last)
            action.after = _earlier(action.after, before)
            action.lines.append(one)
    in_order = sorted(
        found.values(), key=lambda action: (action.after or dt.date.max, action.on is None)
    )
    return tuple(
        Item(
            when=_when(say, action, kind),
            what=action.said,
            products=()
            if len(action.lines) == len(lines)
            else tuple(dict.fromkeys(_product(say, one.subscription) for one in action.lines)),
        )
        for action in in_order
    )


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _when(say: Sentences, action: _Action, kind: str) -> str:
    """Return the day or days of an entry, written out."""
    on, last = action.on, action.last
    if on is None:
        key = "afterwards" if kind == "events" else "follows_by" if last else "follows"
    elif last is not None and last > on:
        key = "between"
    elif last is not None or action.step in _done_by(say.knowledge):
        key = "by"
    else:
        key = "on"
    values = {name: day for name, day in (("day", on), ("last", last)) if day is not None}
    return say.words.say(f"{_WORDS}.{key}", **values)


def _done_by(knowledge: Knowledge) -> frozenset[str]:
    """Return the steps whose day is the last by which they should be done."""
    return frozenset(
        row.id
        for planned in knowledge.path_plans.values()
        for row in planned.steps
        if row.on in {"relationship_accepted_by", "tell_lsp_not_to_renew_by"}
    )
