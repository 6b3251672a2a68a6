"""The script that moves license assignments where the offer changes.

Microsoft Graph PowerShell, to be read before it is run: without ``-Run`` it changes
nothing. Only lines whose old and new product are known by their Graph ``skuId``; a
product that keeps its ``skuId`` keeps its assignments, so there is nothing to move.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from planner.knowledge import Knowledge
from planner.model import Plan, Recommendation, Subscription, customer_of
from planner.products import Product
from planner.writing.escaping import one_line, powershell
from planner.writing.layout import plain
from planner.writing.sentences import Sentences
from planner.writing.tasks import Named

_WORDS = "planner.script"
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BYTE_ORDER_MARK = "\ufeff"  # Without it Windows PowerShell reads UTF-8 as the system's encoding.
_AT_RUN_TIME = "_text"  # How a placeholder ends that the script fills while it runs.


@dataclass(frozen=True, slots=True)
class Move:
    """One change of product in a tenant, for the lines that ask for it."""

    old: Product
    new: Product
    lines: tuple[int, ...]


def moving(plan: Plan) -> tuple[Recommendation, ...]:
    """Return the lines whose licenses are assigned anew."""
    return tuple(one for one in plan.recommendations if one.reassign)


def scripts(say: Sentences) -> Iterator[tuple[str, bytes]]:
    """Return each customer's name and script: UTF-8 with its mark, CRLF."""
    by_customer: defaultdict[str, list[Recommendation]] = defaultdict(list)
    for one in moving(say.plan):
        by_customer[customer_of(one.subscription)].append(one)
    reasons, named = left_out(say.plan, say.knowledge), Named(say)
    for lines in by_customer.values():
        if moves := _moves(lines, say.knowledge):
            numbers = [one.subscription.line for one in lines]
            left = [(named.line(line), reasons[line]) for line in numbers if line in reasons]
            yield lines[0].subscription.customer, _written(say, lines[0].subscription, moves, left)


def left_out(plan: Plan, knowledge: Knowledge) -> dict[int, str]:
    """Return why a line's licenses aren't moved by a script: line → key of its reason."""
    found = {one.subscription.line: _products(one, knowledge) for one in moving(plan)}
    return {line: reason for line, reason in found.items() if isinstance(reason, str)}


def _products(one: Recommendation, knowledge: Knowledge) -> tuple[Product, Product] | str:
    """Return the old and the new product, or the key of the reason why not."""
    line = one.subscription
    find = knowledge.catalogue.find
    old = (find(line.product_id).product if line.product_id else None) or find(line.product).product
    new = find(line.target_product).product if line.target_product else None
    if new is None and line.offer == "same" and not line.target_product:
        new = old
    if old is None or not _GUID.fullmatch(old.graph_sku):
        return "old_product"
    if new is None or not _GUID.fullmatch(new.graph_sku):
        return "new_product"
    return "same_product" if old.graph_sku == new.graph_sku else (old, new)


def _moves(lines: list[Recommendation], knowledge: Knowledge) -> tuple[Move, ...]:
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    products: dict[tuple[str, str], tuple[Product, Product]] = {}
    for one in lines:
        pair = _products(one, knowledge)
        if isinstance(pair, tuple):
            key = (pair[0].graph_sku, pair[1].graph_sku)
            products[key] = pair
            found[key].append(one.subscription.line)
    return tuple(Move(*products[key], tuple(numbers)) for key, numbers in found.items())


def _written(
    say: Sentences, owner: Subscription, moves: tuple[Move, ...], left: list[tuple[str, str]]
) -> bytes:
    words = say.words
    tenant = owner.tenant_id
    customer = owner.customer or say.label("line.unnamed")

    def told(key: str, **values: str) -> str:
        return one_line(words.say(f"{_WORDS}.{key}", **values))

    def at_run_time(key: str) -> str:
        """Return a sentence as a PowerShell format string, its placeholders numbered."""
        sentence = words.message(f"{_WORDS}.{key}")
        names = re.findall(rf"\{{([a-z]+{_AT_RUN_TIME})\}}", sentence)
        for place, name in enumerate(names):
            sentence = sentence.replace(f"{{{name}}}", f"{{{place}}}")
        return powershell(sentence)

    text = plain(
        "licenses.ps1.j2",
        told=told,
        fmt=at_run_time,
        order=lambda key: re.findall(
            rf"\{{([a-z]+{_AT_RUN_TIME})\}}", words.message(f"{_WORDS}.{key}")
        ),
        customer=one_line(customer),
        day=say.day(say.plan.as_of),
        tenant=tenant if _GUID.fullmatch(tenant) else "",
        moves=moves,
        left_out=left,
        reason=lambda key: words.say(f"planner.exports.left_out.reasons.{key}"),
        receipt=say.receipt(),
    )
    return (_BYTE_ORDER_MARK + text.replace("\n", "\r\n")).encode()
