"""Files for Microsoft's batch migration tool (BAM): legacy subscriptions to new commerce.

The tool reads each CSV in its input folder as one batch and skips a file with more than
200 rows (microsoft/Partner-Center-DotNet-Samples at 103415a of 2024-03-25, folder
nce-bulk-migration-tool: ``NewCommerceMigrationProvider.cs``, ``Readme.md``). Its columns
are the fields of ``MigrationRequest`` in ``Models.cs``, in that order, written and read in
the invariant culture (``CsvProvider.cs``); it sends the customer's tenant, the
subscription, its seats, term and billing, and moves only rows marked eligible. An add-on
goes with its base, so both stand in one file. The tool finds the base by comparing ids
letter by letter, which holds because the reading gives GUIDs in lower case.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator

from planner.model import Plan, Recommendation
from planner.writing.escaping import cell

PATH = "MIGRATE_TO_NCE"
LIMIT = 200
HEADER = (
    "PartnerTenantId",
    "IndirectResellerMpnId",
    "CustomerName",
    "CustomerTenantId",
    "LegacySubscriptionId",
    "LegacySubscriptionName",
    "LegacyProductName",
    "ExpirationDate",
    "AutoRenewEnabled",
    "MigrationEligible",
    "NcePsa",
    "CurrentTerm",
    "CurrentBillingPlan",
    "CurrentSeatCount",
    "StartNewTermInNce",
    "Term",
    "BillingPlan",
    "SeatCount",
    "CustomTermEndDate",
    "AddOn",
    "BaseSubscriptionId",
    "MigrationIneligibilityReason",
)

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NCE_ID = re.compile(r"[0-9A-Z]{12}:[0-9A-Z]{4}:[0-9A-Z]{12}")
_TERMS = {"P1M", "P1Y", "P3Y"}
_BILLING = {"monthly": "Monthly", "annual": "Annual", "triennial": "Triennial"}


def batches(plan: Plan) -> tuple[bytes, ...]:
    """Return the tool's files: as few as its limit allows, families of add-ons together."""
    files: list[list[Recommendation]] = []
    for family in _families(plan):
        if not files or len(files[-1]) + len(family) > LIMIT:
            files.append([])
        files[-1] += family
    return tuple(_written(rows) for rows in files)


def left_out(plan: Plan) -> dict[int, str]:
    """Return why a line that should migrate isn't in a file: line → key of its reason."""
    return {line: reason for line, reason in _reasons(plan).items() if reason}


def _migrating(plan: Plan) -> Iterator[Recommendation]:
    return (one for one in plan.recommendations if one.path == PATH)


def _reasons(plan: Plan) -> dict[int, str]:
    """Return the reason of every line that should migrate; ``""`` where it can."""
    reasons = {one.subscription.line: _missing(one) for one in _migrating(plan)}
    bases = {
        one.subscription.subscription_id.lower()
        for one in _migrating(plan)
        if not reasons[one.subscription.line] and not one.subscription.parent_subscription_id
    }
    members: defaultdict[str, list[int]] = defaultdict(list)
    for one in _migrating(plan):
        line = one.subscription
        base = line.parent_subscription_id.lower()
        if base and base not in bases and not reasons[line.line]:
            reasons[line.line] = "base"
        if not reasons[line.line]:
            members[base or line.subscription_id.lower()].append(line.line)
    for lines in members.values():
        if len(lines) > LIMIT:
            reasons.update(dict.fromkeys(lines, "family"))
    return reasons


def _missing(one: Recommendation) -> str:
    line = one.subscription
    missing = {
        "refused": line.migration == "refused",
        "eligible": line.migration != "possible",
        "tenant": not _GUID.fullmatch(line.tenant_id),
        "subscription": not _GUID.fullmatch(line.subscription_id),
        "seats": not line.seats,
        "term": line.term not in _TERMS or line.billing not in _BILLING,
        "end": line.end is None,
        "auto_renew": line.auto_renew not in {"on", "off"},
        "several": line.covers != 1,
    }
    return next((reason for reason, holds in missing.items() if holds), "")


def _families(plan: Plan) -> list[list[Recommendation]]:
    """Return what goes together: each base with its add-ons, in the order of the paste."""
    reasons = _reasons(plan)
    families: defaultdict[str, list[Recommendation]] = defaultdict(list)
    for one in _migrating(plan):
        line = one.subscription
        if not reasons[line.line]:
            families[(line.parent_subscription_id or line.subscription_id).lower()].append(one)
    return [
        sorted(family, key=lambda one: bool(one.subscription.parent_subscription_id))
        for family in families.values()
    ]


def _written(rows: list[Recommendation]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(map(_row, rows))
    return file.getvalue().encode()


def _row(one: Recommendation) -> tuple[str, ...]:
    """Return a line as the tool has it; term, billing and seats stay what they are."""
    line = one.subscription
    ends = line.end_printed or line.end
    product_id = line.product_id.upper()
    billing = _BILLING[line.billing]
    return (
        "",
        "",
        cell(line.customer),
        line.tenant_id,
        line.subscription_id,
        cell(line.product),
        cell(line.product),
        ends.strftime("%m/%d/%Y 00:00:00") if ends else "",
        str(line.auto_renew == "on"),
        "True",
        product_id if _NCE_ID.fullmatch(product_id) else "",
        line.term,
        billing,
        str(line.seats),
        "False",
        line.term,
        billing,
        str(line.seats),
        "",
        str(bool(line.parent_subscription_id)),
        line.parent_subscription_id,
        "",
    )
