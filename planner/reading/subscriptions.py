"""A row as printed → the subscription that is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from planner.model import UNKNOWN, Row, Subscription
from planner.products import Catalogue, How
from planner.reading.columns import Values
from planner.reading.formats import Format
from planner.reading.rows import ROW_FIELDS

_DAY = dt.timedelta(days=1)
_CHANNELS = {
    "CSP-NCE": "CSP",
    "CSP": "CSP",
    "CSP-legacy": "CSP_LEGACY",
    "VL": "EA",
    "MPSA": "EA",
}
_STATES = {
    "active": "active",
    "grace": "expired",
    "expired": "expired",
    "suspended": "suspended",
    "disabled": "disabled",
    "locked_out": "disabled",
    "cancelled": "cancelled",
    "pending_cancel": "active",
    "deleted": "deleted",
    "converted": "deleted",
}
_KINDS = {
    "inclusive_last_day": ("inclusive-last-day", 0),
    "next_lifecycle": ("next-lifecycle", 1),
    "exclusive_instant": ("unknown", 1),
    "unknown": ("unknown", 1),
}
_SWITCH = {True: "on", False: "off", None: UNKNOWN}
PLAN_FIELDS = frozenset(Subscription.__slots__) - {*ROW_FIELDS, "line", "end_kind", "end_printed"}
"""Fields of the plan that a format may name beside those of a row."""


def subscription_of(
    key: int,
    row: Row,
    stages: Mapping[str, str],
    catalogue: Catalogue,
    beyond: Mapping[str, Any],
) -> Subscription:
    """Return what the plan needs of a row; ``key`` is its line in the whole reading.

    ``beyond`` are the fields of the plan that no row has. The last paid day follows from
    the printed end and its kind: where the kind is unknown, the earlier reading.
    """
    state = row.state or ""
    end, kind = row.term_end, row.term_end_kind or "unknown"
    if end is None and row.next_lifecycle_date is not None:
        end, kind = row.next_lifecycle_date, "next_lifecycle"
    end_kind, days_after = _KINDS[kind]
    has_end = end is not None
    auto_renew = row.auto_renew
    if state == "pending_cancel" and auto_renew is None:
        auto_renew = False
    channel = _CHANNELS.get(row.channel or "", UNKNOWN)
    if row.channel == "Direct" and beyond.get("billing_account") in _WEB:
        channel = _WEB[beyond["billing_account"]]
    stated: dict[str, Any] = {
        "line": key,
        "customer": row.customer_name or "",
        "tenant_id": row.tenant_id or "",
        "tenant_domain": row.tenant_domain or "",
        "subscription_id": row.subscription_id or "",
        "parent_subscription_id": row.parent_subscription_id or "",
        "product": _title(row, catalogue),
        "product_id": _id(row),
        "seats": row.seats,
        "assigned": row.assigned,
        "unit_price": row.unit_price,
        "currency": row.currency or "",
        "channel": channel,
        "product_type": _product_type(row),
        "state": stages.get(state) or _STATES.get(state, UNKNOWN),
        "term": row.term_duration or UNKNOWN,
        "billing": row.billing_cycle if row.billing_cycle in _BILLING else UNKNOWN,
        "start": row.start_date,
        "end": end - days_after * _DAY if end is not None else None,
        "end_kind": end_kind if has_end else "inclusive-last-day",
        "end_printed": end,
        "auto_renew": _SWITCH[auto_renew],
        "customer_market": row.market or "",
    }
    return Subscription(**{**stated, **beyond} if beyond else stated)


_WEB = {"MCA": "WEB_MCA", "MOSA": "WEB_MOSA"}
_BILLING = {"monthly", "annual", "triennial"}


def _product_type(row: Row) -> str:
    if row.is_trial or row.channel == "Trial":
        return "trial"
    return "license" if row.is_trial is False else UNKNOWN


def _title(row: Row, catalogue: Catalogue) -> str:
    """Return the catalogue's title of what is named exactly; anything else as it stands."""
    named = row.product_name or row.sku_part_number or row.friendly_name or row.sku_guid or ""
    named = named or _id(row)
    return _exact(catalogue, named) or named


@lru_cache(maxsize=4096)
def _exact(catalogue: Catalogue, named: str) -> str:
    found = catalogue.find(named) if named else None
    return found.products[0].title if found and found.how is How.EXACT else ""


def _id(row: Row) -> str:
    if row.sku_guid:
        return row.sku_guid
    if row.nce_product_id:
        return ":".join(filter(None, (row.nce_product_id, row.nce_sku_id)))
    return row.legacy_offer_id or row.sku_part_number or row.part_number or ""


def own_subscription(key: int, place: int, found: Format, values: Values) -> dict[str, Any]:
    """Return the fields of a line of the planner's own table that say something."""
    stated: dict[str, Any] = {"line": key, **found.constants}
    for name, read in values.fields.items():
        value = read[place]
        if value is None or name == "as_of":
            continue
        stated[name] = value
        if kind := found.fields[name].kind:
            stated |= {"end_kind": _KINDS[kind][0], "end_printed": value}
            stated["end"] = value - _KINDS[kind][1] * _DAY if isinstance(value, dt.date) else None
    return stated


_ROW_CHANNELS = {
    **dict.fromkeys(("WEB_MCA", "WEB_MOSA", "SELF_SERVICE", "ADVISOR"), "Direct"),
    **dict.fromkeys(("EA", "OPEN", "OPEN_VALUE", "MCA_E"), "VL"),
    **dict.fromkeys(("CSP_OTHER_NCE", "CSP_OWN_NCE"), "CSP-NCE"),
    **dict.fromkeys(("CSP_OTHER_LEGACY", "CSP_OWN_LEGACY", "CSP_LEGACY"), "CSP-legacy"),
    **dict.fromkeys(("CSP", "CSP_DETACHED"), "CSP"),
    "TRIAL": "Trial",
}
_OFF = {"on": True, "off": False}


def own_row(line: int, stated: Subscription, format_id: str, warnings: tuple[str, ...]) -> Row:
    """Return a line of the planner's own table as a row."""
    return Row(
        line,
        customer_name=stated.customer or None,
        tenant_id=stated.tenant_id or None,
        subscription_id=stated.subscription_id or None,
        product_name=stated.product or None,
        part_number=stated.product_id or None,
        channel=_ROW_CHANNELS.get(stated.channel),
        seats=stated.seats,
        state="expired" if stated.state == "est" else _known(stated.state),
        is_trial=True if stated.product_type == "trial" else None,
        auto_renew=_OFF.get(stated.auto_renew),
        start_date=stated.start,
        term_end=stated.end_printed,
        term_end_kind="inclusive_last_day" if stated.end_printed else None,
        term_duration=stated.term if stated.term.startswith("P") else None,
        billing_cycle=_known(stated.billing),
        market=stated.customer_market or None,
        source_format=format_id,
        warnings=warnings,
    )


def _known(value: str) -> str | None:
    return None if value == UNKNOWN else value
