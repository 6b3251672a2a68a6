"""The term that runs on the as-of day: its start and its last paid day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from planner.dates import term_end
from planner.knowledge import Knowledge
from planner.model import Subscription

_STAGES = frozenset({"expired", "disabled"})
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a line as the plan uses it.

    Attributes:
        subscription: The line, with its start and end as planned with.
        end_checked: Start and length are known, so the end follows from them (F-01).
        end_computed: The end was missing and was taken from there.
        end_differs: The end given lies more than a day from the computed one (F-01).
        renewed: The end given has passed and the line renews by itself, so the
            term that runs on the as-of day was planned with.
    """

    subscription: Subscription
    end_checked: bool = False
    end_computed: bool = False
    end_differs: bool = False
    renewed: bool = False


def current_term(subscription: Subscription, as_of: dt.date, knowledge: Knowledge) -> Term:
    """Return the term to plan with: the end as given, else computed (F-01).

    An end that lies ahead of a subscription that has already expired can't be its
    term's: it is the end of the stage it is in, the stricter reading (P-14). So is
    the day on which a source says that the present state ends.
    """
    printed = subscription.end
    if printed and subscription.state in _STAGES:
        next_state = subscription.end_kind == "next-lifecycle"
        if next_state or printed >= as_of:
            subscription = replace(subscription, end=None, start=None, stage_end=printed)
    start, end = subscription.start, subscription.end
    computed = term_end(start, subscription.term) if start else None
    if end is None:
        if computed is None:
            return Term(subscription)
        term = Term(replace(subscription, end=computed), end_checked=True, end_computed=True)
    else:
        differs = computed is not None and abs(computed - end) > _DAY
        term = Term(subscription, end_checked=computed is not None, end_differs=differs)
    return _renewed(term, as_of, knowledge)


def _renewed(term: Term, as_of: dt.date, knowledge: Knowledge) -> Term:
    line = term.subscription
    if line.end is None or line.end >= as_of:
        return term
    if line.auto_renew != "on" or line.state not in {"active", "unknown"}:
        return term
    bought = knowledge.channels.get(line.channel)
    channel = bought.renews_into if bought else line.channel
    if channel is None:
        return term
    start, end = line.start, line.end
    while end < as_of:
        following = term_end(end + _DAY, line.term)
        if following is None:
            return term
        start, end = end + _DAY, following
    renewed = replace(line, channel=channel, start=start, end=end)
    return replace(term, subscription=renewed, renewed=True)
