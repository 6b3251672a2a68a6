"""One switch for every output: names, domains, ids and people under stable aliases.

It works on the plan itself, before any writer sees it, so no writer can forget it. The
same plan gives the same aliases, in every file of an export. Products keep their names;
what the catalogue doesn't know loses every word that stands in a customer's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner.knowledge import Knowledge
from planner.model import (
    AgendaEntry,
    Notice,
    Part,
    Plan,
    Problem,
    Reading,
    Recommendation,
    Settings,
    Subscription,
    customer_of,
)
from planner.planning import line_keys
from planner.words import Words
from planner.writing.outgoing import Outgoing, Progress

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ADDRESS = re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]")
_LONG_NUMBER = re.compile(r"\d{5,}")
_SHORTEST = 3  # Characters of a word in a name that tells something.
# Values of a problem that are the planner's own words, never pasted.
_OWN_VALUES = frozenset({"known", "choices"})


def redacted(
    plan: Plan, outgoing: Outgoing, words: Words, knowledge: Knowledge
) -> tuple[Plan, Outgoing]:
    """Return the same plan and choices without a name, domain, id or person in them.

    The reader's own notes may name anybody, so they stay behind.
    """
    aliases = _Aliases(plan, words, knowledge)
    made = aliases.plan(plan)
    done = frozenset((aliases.key(key), step) for key, step in outgoing.progress.done)
    return made, replace(outgoing, progress=Progress(done))


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Aliases of one kind, numbered as they are first met."""

    made: dict[str, str]
    make: Callable[[int], str]

    def __call__(self, real: str) -> str:
        if not real:
            return ""
        key = real.strip().casefold()
        if key not in self.made:
            self.made[key] = self.make(len(self.made) + 1)
        return self.made[key]


class _Aliases:
    """Every alias of one plan, and how each part of the plan takes them on."""

    def __init__(self, plan: Plan, words: Words, knowledge: Knowledge) -> None:
        def said(key: str) -> Callable[[int], str]:
            return lambda number: words.say(f"planner.exports.redaction.{key}", number=str(number))

        self._catalogue = knowledge.catalogue
        self._headers = frozenset(_known_headers(knowledge))
        self._customers = _Numbered({}, said("customer"))
        self._domains = _Numbered({}, said("domain"))
        self._users = _Numbered({}, said("user"))
        self._texts = _Numbered({}, said("text"))
        self._columns = _Numbered({}, said("column"))
        self._tenants = _Numbered({}, lambda number: f"00000000-0000-0000-0000-{number:012d}")
        self._ids = _Numbered({}, lambda number: f"00000000-0000-0000-0001-{number:012d}")
        self._names: dict[str, str] = {}
        self._files = _Numbered({}, said("file"))
        self._lost = _Numbered({}, said("text"))
        self._keys: dict[str, str] = {}
        # Ids settle what comes first where days are equal, so their aliases keep their order.
        lines = plan.reading.subscriptions
        for identifier in sorted({one.subscription_id for one in lines}):
            self._ids(identifier)
        for line in lines:
            self._meet(line)

    def _meet(self, line: Subscription) -> None:
        """Give a line's customer, tenant and ids their aliases, in the order of the paste."""
        alias = self._customer(line)
        self._tenants(line.tenant_id)
        for word in _WORD.findall(line.customer):
            if len(word) >= _SHORTEST:
                self._names.setdefault(word.casefold(), alias)
        for word in _WORD.findall(line.tenant_domain.split(".")[0]):
            if len(word) >= _SHORTEST:
                self._names.setdefault(word.casefold(), alias)
        self._ids(line.parent_subscription_id)

    def _customer(self, line: Subscription) -> str:
        key = customer_of(line)
        return self._customers(key) if key else ""

    def plan(self, plan: Plan) -> Plan:
        """Return a plan under its aliases: what opening its file would make of it."""
        recommendations = tuple(map(self._recommendation, plan.recommendations))
        lines = {one.subscription.line: one.subscription for one in recommendations}
        keys = line_keys(lines.values())
        self._keys = {real: keys[line] for line, real in plan.keys.items()}
        choices = {choice.key: self.key(choice.key) for choice in plan.choices}
        return replace(
            plan,
            reading=self._reading(plan.reading),
            recommendations=recommendations,
            agenda=tuple(
                replace(entry, customer=_owner(entry, lines) if entry.customer else "")
                for entry in plan.agenda
            ),
            choices=tuple(
                sorted(
                    (replace(choice, key=choices[choice.key]) for choice in plan.choices),
                    key=lambda choice: choice.key,
                )
            ),
            keys=keys,
            settings=self._settings(plan.settings) if plan.settings else None,
        )

    def key(self, real: str) -> str:
        """Return the key of a line under its alias; that of no line becomes a number."""
        return self._keys.get(real) or self._lost(real)

    def _settings(self, settings: Settings) -> Settings:
        choices = {self.key(key): way for key, way in settings.choices.items()}
        return replace(settings, choices=choices)

    def _reading(self, reading: Reading) -> Reading:
        return replace(
            reading,
            subscriptions=tuple(map(self._line, reading.subscriptions)),
            set_aside=tuple(map(self._problem, reading.set_aside)),
            notes=tuple(map(self._problem, reading.notes)),
            mapping={field: self._header(name) for field, name in reading.mapping.items()},
            unused=tuple(map(self._header, reading.unused)),
            rows=(),
            parts=tuple(map(self._part, reading.parts)),
        )

    def _part(self, part: Part) -> Part:
        """Return what was understood of one table, its file and headers under aliases."""
        return replace(
            part,
            name=self._files(part.name),
            customer_name=self._customers(part.customer_name),
            signature=tuple(map(self._header, part.signature)),
            columns=tuple(
                replace(column, header=self._header(column.header)) for column in part.columns
            ),
        )

    def _recommendation(self, one: Recommendation) -> Recommendation:
        return replace(
            one,
            subscription=self._line(one.subscription),
            blockers=tuple(map(self._notice, one.blockers)),
            warnings=tuple(map(self._notice, one.warnings)),
        )

    def _notice(self, notice: Notice) -> Notice:
        values = {
            name: self._scrubbed(value) if isinstance(value, str) and name not in _CODES else value
            for name, value in notice.values.items()
        }
        return replace(notice, values=values)

    def _line(self, line: Subscription) -> Subscription:
        alias = self._customer(line)
        return replace(
            line,
            customer=alias if line.customer else "",
            tenant_id=self._tenants(line.tenant_id),
            tenant_domain=self._domains(line.tenant_domain),
            subscription_id=self._ids(line.subscription_id),
            parent_subscription_id=self._ids(line.parent_subscription_id),
            product=self._product(line.product),
            product_id=self._product_id(line.product_id),
            target_product=self._product(line.target_product),
            base_product=self._product(line.base_product),
            migration_refusal=self._scrubbed(line.migration_refusal),
        )

    def _product(self, name: str) -> str:
        return name if self._catalogue.find(name).products else self._scrubbed(name)

    def _product_id(self, printed: str) -> str:
        """Return an id of the same product without the tenant that some exports print in it."""
        if not printed:
            return ""
        product = self._catalogue.find(printed).product
        if product is None:
            return ""
        nce = next((f"{one.product}:{one.sku}" for one in product.nce if one.sku), "")
        return product.graph_sku or nce

    def _problem(self, problem: Problem) -> Problem:
        values: dict[str, Any] = {
            name: self._pasted(value)
            if isinstance(value, str) and name not in _OWN_VALUES
            else value
            for name, value in problem.values.items()
        }
        return replace(
            problem,
            column=self._header(problem.column),
            value=self._pasted(problem.value),
            values=values,
        )

    def _header(self, name: str) -> str:
        return name if not name or _squeezed(name) in self._headers else self._columns(name)

    def _pasted(self, text: str) -> str:
        """Return a cell that nothing is known of: kept only if it can't name anything."""
        if _LETTERS.search(text) or _LONG_NUMBER.search(text) or _ADDRESS.search(text):
            return self._texts(text)
        return text

    def _scrubbed(self, text: str) -> str:
        """Return free text without ids, addresses, domains, and words of customers' names."""
        text = _GUID.sub(lambda found: self._ids(found[0]), text)
        text = _ADDRESS.sub(lambda found: self._users(found[0]), text)
        text = _DOMAIN.sub(lambda found: self._domains(found[0]), text)
        return _WORD.sub(lambda found: self._names.get(found[0].casefold(), found[0]), text)


def _owner(entry: AgendaEntry, lines: Mapping[int, Subscription]) -> str:
    line = lines[entry.lines[0]]
    return line.customer or line.tenant_id


# Values of a notice that are codes.
_CODES = frozenset({"name", "step"})


def _known_headers(knowledge: Knowledge) -> Iterator[str]:
    """Return the headers and keys that formats name, without case and punctuation."""
    for stated in knowledge.tree["formats"].values():
        yield from map(_squeezed, _texts_in(stated))


def _texts_in(branch: object) -> Iterator[str]:
    if isinstance(branch, str):
        yield branch
    elif isinstance(branch, Mapping):
        for key, inner in branch.items():
            yield str(key)
            yield from _texts_in(inner)
    elif isinstance(branch, Sequence):
        for inner in branch:
            yield from _texts_in(inner)


def _squeezed(name: str) -> str:
    return "".join(_WORD.findall(name)).casefold()
