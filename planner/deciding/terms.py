"""The term that runs on the as-of day: its start and its last paid day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from planner.dates import term_end
from planner.deciding.products import product_type, sold_as
from planner.knowledge import Knowledge, NotInForce
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
        end_assumed: The end was missing, and so was the length: a trial runs as long as
            trials do (R-147).
        end_differs: The end given lies more than a day from the computed one (F-01).
        renewed: The end given has passed and the line renews by itself, so the
            term that runs on the as-of day was planned with.
    """

    subscription: Subscription
    end_checked: bool = False
    end_computed: bool = False
    end_assumed: bool = False
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
    last_day = end or computed
    if last_day is None:
        last_day = _end_of_trial(subscription, as_of, knowledge)
        if last_day is None:
            return Term(subscription)
        return Term(replace(subscription, end=last_day), end_assumed=True)
    running = _renewed(subscription, last_day, as_of, knowledge)
    if running:
        channel, start, last_day = running
        subscription = replace(subscription, channel=channel, start=start, end=last_day)
    elif end is None:
        subscription = replace(subscription, end=last_day)
    return Term(
        subscription,
        end_checked=computed is not None,
        end_computed=end is None,
        end_differs=end is not None and computed is not None and abs(computed - end) > _DAY,
        renewed=running is not None,
    )


def _end_of_trial(line: Subscription, as_of: dt.date, knowledge: Knowledge) -> dt.date | None:
    """Return the last day of a trial that runs as long as trials do (R-147).

    ``None`` where it is no trial, or would be over by now: then it isn't the usual length.
    """
    if line.start is None or line.stage_end:
        return None
    sold = sold_as(line.product, line.product_id, knowledge)
    if line.channel != "TRIAL" and product_type(line.product_type, sold) != "trial":
        return None
    try:
        days = knowledge.days(["R-147.trial_days"], line.start)
    except NotInForce:
        return None
    last = line.start + dt.timedelta(days=days - 1)
    return last if last >= as_of else None


def _renewed(
    line: Subscription, end: dt.date, as_of: dt.date, knowledge: Knowledge
) -> tuple[str, dt.date, dt.date] | None:
    """Return channel, start and end of the term that a line renewed into; ``None``: it didn't."""
    if end >= as_of or line.auto_renew != "on" or line.state not in {"active", "unknown"}:
        return None
    bought = knowledge.channels.get(line.channel)
    channel = bought.renews_into if bought else line.channel
    if channel is None:
        return None
    start = end
    while end < as_of:
        start = end + _DAY
        following = term_end(start, line.term)
        if following is None:
            return None
        end = following
    return channel, start, end
