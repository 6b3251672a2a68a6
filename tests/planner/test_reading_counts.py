"""How many licenses there are: invoices, counts by product and reports by month."""

import datetime as dt

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
