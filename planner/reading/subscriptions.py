"""A row as printed → the subscription that is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from planner.model import UNKNOWN, Row, Subscription
from planner.products import Catalogue, How
from planner.reading.columns import Values
from planner.reading.formats import OWN, Format
from planner.reading.making import made
from planner.reading.rows import ROW_FIELDS

_DAY = dt.timedelta(days=1)
_CHANNELS = {
    "CSP-NCE": "CSP",
    "CSP": "CSP",
    "CSP-legacy": "CSP_LEGACY",
    "VL": "EA",
    "MPSA": "EA",
    "Open": "OPEN",
    "Open Value": "OPEN_VALUE",
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
END_KINDS = tuple(_KINDS)
"""What a printed term end may mean: see ``planner.model.Row.term_end_kind``."""

_SOFTWARE = "DG7GMGF0"  # What the product ids of software begin with.
_PLAIN_KIND = "inclusive-last-day"
_SWITCH = {True: "on", False: "off", None: UNKNOWN}
PLAN_FIELDS = frozenset(Subscription.__slots__) - {*ROW_FIELDS, "line", "end_kind", "end_printed"}
"""Fields of the plan that a format may name beside those of a row."""

_DEFAULTS = {one.name: one.default for one in fields(Subscription)}


def subscriptions_of(
    rows: Mapping[int, Row],
    stages: Mapping[str, str],
    catalogue: Catalogue,
    beyond: Mapping[str, Mapping[int, Any]],
) -> list[Subscription]:
    """Return what the plan needs of each row of a part.

    ``rows`` stand under their lines in the whole reading; ``beyond`` has the fields of the
    plan that no row has: field → line → value. The last paid day follows from the printed
    end and its kind: where the kind is unknown, the earlier reading.
    """
    printed = list(rows.values())
    names = [_name(row) for row in printed]
    titles = {name: _exact(catalogue, name) or name for name in {*names}}
    states = [row.state or "" for row in printed]
    plan_states = {state: stages.get(state) or _STATES.get(state, UNKNOWN) for state in {*states}}
    ends = [_end(row) for row in printed]
    last_days = {end: _last_day(*end) for end in {*ends}}
    columns: dict[str, Sequence[object]] = {
        "line": [*rows],
        "customer": [row.customer_name or "" for row in printed],
        "tenant_id": [row.tenant_id or "" for row in printed],
        "tenant_domain": [row.tenant_domain or "" for row in printed],
        "subscription_id": [row.subscription_id or "" for row in printed],
        "parent_subscription_id": [row.parent_subscription_id or "" for row in printed],
        "product": [titles[name] for name in names],
        "product_id": [_id(row) for row in printed],
        # Of what users work with, none counted is a count that isn't known.
        "seats": [None if row.seats == 0 and row.assigned else row.seats for row in printed],
        "assigned": [row.assigned for row in printed],
        "unit_price": [row.unit_price for row in printed],
        "currency": [row.currency or "" for row in printed],
        "channel": _channels(rows, beyond.get("billing_account", {})),
        "product_type": [_product_type(row) for row in printed],
        "state": [plan_states[state] for state in states],
        "term": [row.term_duration or UNKNOWN for row in printed],
        "billing": [
            row.billing_cycle if row.billing_cycle in _BILLING else UNKNOWN for row in printed
        ],
        "start": [row.start_date for row in printed],
        "end": [last_days[end] for end in ends],
        "end_kind": [_KINDS[kind][0] if end else _PLAIN_KIND for end, kind in ends],
        "end_printed": [end for end, _ in ends],
        "auto_renew": [_SWITCH[_renews(row)] for row in printed],
        "customer_market": [row.market or "" for row in printed],
    }
    for name, values in beyond.items():
        usual = columns.get(name) or [_DEFAULTS[name]] * len(rows)
        columns[name] = [values.get(key, one) for key, one in zip(rows, usual, strict=True)]
    return made(Subscription, len(rows), columns)


def _end(row: Row) -> tuple[dt.date | None, str]:
    """Return the day that ends a row's term or state, as printed, and what it means."""
    if row.term_end is None and row.next_lifecycle_date is not None:
        return row.next_lifecycle_date, "next_lifecycle"
    return row.term_end, row.term_end_kind or "unknown"


def _last_day(printed: dt.date | None, kind: str) -> dt.date | None:
    """Return the last paid day that a printed day stands for."""
    return None if printed is None else printed - _KINDS[kind][1] * _DAY


def _renews(row: Row) -> bool | None:
    return False if row.auto_renew is None and row.state == "pending_cancel" else row.auto_renew


def _channels(rows: Mapping[int, Row], accounts: Mapping[int, Any]) -> list[str]:
    return [
        (_WEB.get(accounts.get(key, "")) if row.channel == "Direct" else None)
        or _CHANNELS.get(row.channel or "", UNKNOWN)
        for key, row in rows.items()
    ]


_WEB = {"MCA": "WEB_MCA", "MOSA": "WEB_MOSA"}
_BILLING = {"monthly", "annual", "triennial"}


def _product_type(row: Row) -> str:
    if row.is_trial or row.channel == "Trial":
        return "trial"
    runs = row.subscription_id or row.term_duration or row.term_end
    if (row.nce_product_id or "").startswith(_SOFTWARE) and not runs:
        return "perpetual"
    return "license" if row.is_trial is False else UNKNOWN


def _name(row: Row) -> str:
    named = row.product_name or row.sku_part_number or row.friendly_name or row.sku_guid
    return named or _id(row)


@lru_cache(maxsize=4096)
def _exact(catalogue: Catalogue, named: str) -> str:
    """Return the catalogue's title of what is named exactly, else ``""``."""
    found = catalogue.find(named) if named else None
    return found.products[0].title if found and found.how is How.EXACT else ""


def _id(row: Row) -> str:
    if row.sku_guid:
        return row.sku_guid
    if row.nce_product_id:
        return ":".join(filter(None, (row.nce_product_id, row.nce_sku_id)))
    return row.legacy_offer_id or row.sku_part_number or row.part_number or ""


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of the planner's own table: what it states, in the plan's own terms.

    Attributes:
        line: Of its part.
        warnings: Codes of ``data/formats/values.yml``.
    """

    line: int
    stated: Subscription
    warnings: tuple[str, ...]

    @property
    def row(self) -> Row:
        """The line as exports print theirs."""
        return _own_row(self)

    def joined(self, row: Row) -> OwnLine:
        """Return the line with what other tables added to its row."""
        stated = self.stated
        price = (stated.unit_price, stated.currency)
        if stated.unit_price is None and row.unit_price is not None:
            price = (row.unit_price, row.currency or "")
        more = replace(
            stated,
            customer=stated.customer or row.customer_name or "",
            tenant_id=stated.tenant_id or row.tenant_id or "",
            tenant_domain=stated.tenant_domain or row.tenant_domain or "",
            assigned=row.assigned if stated.assigned is None else stated.assigned,
            unit_price=price[0],
            currency=price[1],
        )
        return OwnLine(self.line, more, row.warnings)


def own_columns(found: Format, values: Values) -> dict[str, list[Any]]:
    """Return what the planner's own table states: field of a subscription → a value a line."""
    columns: dict[str, list[Any]] = {}
    for name, read in values.fields.items():
        if name not in _DEFAULTS:
            continue
        usual = found.constants.get(name, _DEFAULTS[name])
        columns[name] = read if usual is None else [usual if one is None else one for one in read]
        if kind := found.fields[name].kind:
            means, days_after = _KINDS[kind]
            columns["end_printed"] = read
            columns["end_kind"] = [_PLAIN_KIND if one is None else means for one in read]
            later = days_after * _DAY
            columns["end"] = [one - later if isinstance(one, dt.date) else None for one in read]
    return columns


_ROW_CHANNELS = {
    **dict.fromkeys(("WEB_MCA", "WEB_MOSA", "SELF_SERVICE", "ADVISOR"), "Direct"),
    **dict.fromkeys(("EA", "MCA_E"), "VL"),
    **dict.fromkeys(("CSP_OTHER_NCE", "CSP_OWN_NCE"), "CSP-NCE"),
    **dict.fromkeys(("CSP_OTHER_LEGACY", "CSP_OWN_LEGACY", "CSP_LEGACY"), "CSP-legacy"),
    **dict.fromkeys(("CSP", "CSP_DETACHED"), "CSP"),
    "OPEN": "Open",
    "OPEN_VALUE": "Open Value",
    "TRIAL": "Trial",
}
_OFF = {"on": True, "off": False}
_OWN_KINDS = {means: kind for kind, (means, _) in _KINDS.items()}  # "unknown" is that itself.


def _own_row(own: OwnLine) -> Row:
    stated = own.stated
    return Row(
        own.line,
        customer_name=stated.customer or None,
        tenant_id=stated.tenant_id or None,
        tenant_domain=stated.tenant_domain or None,
        subscription_id=stated.subscription_id or None,
        product_name=stated.product or None,
        part_number=stated.product_id or None,
        channel=_ROW_CHANNELS.get(stated.channel),
        seats=stated.seats,
        assigned=stated.assigned,
        state="expired" if stated.state == "est" else _known(stated.state),
        is_trial=True if stated.product_type == "trial" else None,
        auto_renew=_OFF.get(stated.auto_renew),
        start_date=stated.start,
        term_end=stated.end_printed,
        term_end_kind=_OWN_KINDS[stated.end_kind] if stated.end_printed else None,
        term_duration=stated.term if stated.term.startswith("P") else None,
        billing_cycle=_known(stated.billing),
        unit_price=stated.unit_price,
        currency=stated.currency or None,
        market=stated.customer_market or None,
        source_format=OWN,
        warnings=own.warnings,
    )


def _known(value: str) -> str | None:
    return None if value == UNKNOWN else value
