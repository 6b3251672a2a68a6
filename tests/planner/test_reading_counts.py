"""How many licenses there are: invoices, counts by product and reports by month."""

import datetime as dt
import json
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.model import Plan
from planner.planning import plan_pasted
from planner.reading import read

AS_OF = dt.date(2026, 11, 29)

CHARGES = (
    "CustomerId,CustomerName,ProductId,SkuId,SkuName,SubscriptionId,ChargeType,Quantity,UnitPrice,"
    "Currency,ChargeStartDate,TermAndBillingCycle,SubscriptionStartDate,SubscriptionEndDate\n"
)


def invoice(*charges: tuple[str, int, str]) -> str:
    """Return an invoice of one subscription: kind of charge, quantity and first day of each."""
    return CHARGES + "".join(
        f"t1,Contoso,CFQ7TTC0LDPB,0001,Microsoft 365 Business Standard,s1,{kind},{count},"
        f"{'-' if count < 0 or 'redit' in kind else ''}10.50,EUR,{start},"
        "One-Year commitment for monthly billing,3/1/2026,2/28/2027\n"
        for kind, count, start in charges
    )


def paths(plan: Plan) -> list[str]:
    """Return the path of each line of a plan."""
    return [one.path for one in plan.recommendations]


@pytest.mark.parametrize(
    "charge",
    [
        ("addQuantity", 2, "11/12/2026"),
        ("removeQuantity", -5, "11/12/2026"),
        ("customerCredit", 3, "11/2/2026"),
        ("Customer credit", 3, "11/2/2026"),
        ("cycleCharge", -3, "11/2/2026"),
    ],
)
def test_an_invoice_of_changes_alone_does_not_say_how_many_licenses_there_are(
    charge: tuple[str, int, str], knowledge: Knowledge
) -> None:
    plan = plan_pasted(invoice(charge), AS_OF, knowledge)

    (row,) = plan.reading.rows
    assert row.seats is None
    assert row.unit_price is None or row.unit_price > 0
    assert "seats-not-stated" in row.warnings
    assert paths(plan) != ["NOTHING_TO_MOVE"]


@pytest.mark.parametrize(
    ("charges", "seats"),
    [
        ([("cycleCharge", 35, "11/1/2026"), ("addQuantity", 2, "11/12/2026")], 37),
        (
            [
                ("cycleCharge", 35, "11/1/2026"),
                ("removeQuantity", -40, "11/12/2026"),
                ("addQuantity", 38, "11/12/2026"),
            ],
            33,
        ),
        ([("customerCredit", 3, "11/1/2026"), ("cycleCharge", 35, "11/1/2026")], 35),
        ([("cycleCharge", 35, "11/1/2026"), ("customerCredit", 3, "11/5/2026")], 35),
        ([("cycleCharge", 35, "11/1/2026"), ("cycleCharge", -35, "11/5/2026")], 35),
        ([("cycleCharge", 2, "11/1/2026"), ("removeQuantity", -5, "11/5/2026")], None),
        ([("removeQuantity", -5, "10/5/2026"), ("renew", 30, "11/1/2026")], 30),
    ],
)
def test_credits_change_no_count_and_no_count_falls_below_nothing(
    charges: list[tuple[str, int, str]], seats: int | None, knowledge: Knowledge
) -> None:
    (row,) = read(invoice(*charges), knowledge).rows

    assert row.seats == seats
    assert ("seats-not-stated" in row.warnings) == (seats is None)


def test_a_charge_without_a_quantity_is_no_mere_change(knowledge: Knowledge) -> None:
    """Azure plans have none."""
    (row,) = read(
        CHARGES + "t1,Contoso,DZH318Z0BPS6,0001,Azure plan,s1,new,,,EUR,11/5/2026,,,\n", knowledge
    ).rows

    assert row.seats is None
    assert "seats-not-stated" not in row.warnings


def test_a_cancelled_subscription_needs_no_count(knowledge: Knowledge) -> None:
    (row,) = read(invoice(("cancelImmediate", -5, "11/5/2026")), knowledge).rows

    assert (row.state, row.seats) == ("cancelled", None)
    assert "seats-not-stated" not in row.warnings


ADMIN = "Product Title,Total Licenses,Expired Licenses,Assigned licenses\n"
MSOL = """AccountSkuId                       ActiveUnits WarningUnits ConsumedUnits
------------                       ----------- ------------ -------------
"""


def skus(
    *units: tuple[int, int, int, int, int], status: str = "", tenant: str = "", ids: str = ""
) -> str:
    """Return Graph's list of licenses.

    Each has so many that are enabled, in the warning stage, suspended, locked out, assigned.
    """
    listed: list[dict[str, Any]] = []
    for enabled, warning, suspended, locked, used in units:
        prepaid = {"enabled": enabled, "warning": warning, "suspended": suspended}
        one: dict[str, Any] = {
            "skuPartNumber": "SPB",
            "skuId": "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            "consumedUnits": used,
            "prepaidUnits": prepaid | {"lockedOut": locked},
        }
        one |= {"capabilityStatus": status} if status else {}
        one |= {"accountId": tenant} if tenant else {}
        one |= {"subscriptionIds": [ids]} if ids else {}
        listed.append(one)
    return json.dumps({"value": listed})


@pytest.mark.parametrize(
    ("text", "seats", "state"),
    [
        (ADMIN + "Microsoft 365 E3,0,12,12\n", 12, "expired"),
        (ADMIN + "Microsoft 365 E3,8,3,5\n", 8, None),
        (
            MSOL + "northwind:SPE_E3                             0           12            12\n",
            12,
            "grace",
        ),
        (
            MSOL + "northwind:SPE_E3                             8            4            12\n",
            12,
            None,
        ),
        (skus((0, 0, 12, 0, 12)), 12, "suspended"),
        (skus((0, 0, 0, 12, 12)), 12, "locked_out"),
        (skus((0, 5, 7, 0, 12)), 12, "suspended"),
        (skus((0, 12, 0, 0, 12), status="Warning"), 12, "grace"),
        (skus((0, 0, 12, 0, 12), status="LockedOut"), 12, "locked_out"),
        (skus((8, 4, 7, 0, 12), status="Enabled"), 12, "active"),
        (skus((0, 0, 0, 0, 0), status="Enabled"), 0, "active"),
    ],
)
def test_licenses_that_are_no_longer_enabled_are_counted_with_their_state(
    text: str, seats: int, state: str | None, knowledge: Knowledge
) -> None:
    (row,) = read(text, knowledge).rows

    assert (row.seats, row.state) == (seats, state)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (ADMIN + "Microsoft 365 E3,0,12,12\n", "RECOVER_IN_GRACE"),
        (skus((0, 0, 12, 0, 12)), "RECOVER_DISABLED"),
        (
            MSOL + "northwind:SPE_E3                             0            0            0\n",
            "NOTHING_TO_MOVE",
        ),
    ],
)
def test_what_has_expired_is_recovered_not_let_end(
    text: str, path: str, knowledge: Knowledge
) -> None:
    assert paths(plan_pasted(text, AS_OF, knowledge)) == [path]


@pytest.mark.parametrize(
    "text",
    [
        MSOL + "northwind:SPE_E3                             0            0            12\n",
        ADMIN + "Microsoft 365 E3,0,0,12\n",
        "Customer,Product,Seats,Assigned\nContoso,Microsoft 365 E3,0,12\n",
        "Customer,Product,Seats,End date\nContoso,Microsoft 365 E3,0,2027-01-31\n\n"
        + ADMIN
        + "Microsoft 365 E3,9,0,9\n",
        "channel,sku,seats,end\nWEB_MCA,Microsoft 365 E3,0,2027-01-31\n\n"
        + ADMIN
        + "Microsoft 365 E3,9,0,9\n",
    ],
)
def test_what_users_work_with_is_never_let_end_because_none_is_counted(
    text: str, knowledge: Knowledge
) -> None:
    plan = plan_pasted(text, AS_OF, knowledge)

    (line,) = plan.recommendations
    assert line.path != "NOTHING_TO_MOVE"
    assert line.subscription.seats is None
    assert "assigned-without-seats" in plan.reading.warned[line.subscription.line]
