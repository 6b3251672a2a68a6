"""How many licenses there are: invoices, counts by product and reports by month."""

import datetime as dt
import json
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.model import Plan, Reading
from planner.planning import plan_pasted
from planner.reading import File, read
from planner.writing.page import plan_text

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
    reading = read(text, knowledge)

    assert [line.seats for line in reading.subscriptions] == [seats]
    assert [row.state for row in reading.rows] == [state]


def test_rows_are_printed_with_the_counts_of_their_source(knowledge: Knowledge) -> None:
    """Whatever the plan makes of them."""
    for used in (0, 12):
        reading = read(skus((0, 5, 7, 0, used), (0, 0, 12, 0, used)), knowledge)
        assert [row.seats for row in reading.rows] == [5, 0]


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


TENANTS = ("42ad749c-1111-2222-3333-444444444444", "bbbb1111-1111-2222-3333-444444444444")
IDS = ("aaaa1111-1111-2222-3333-444444444444", "cccc1111-1111-2222-3333-444444444444")


def directory(*ids: str) -> str:
    """Return Graph's list of subscriptions of one tenant, each of Business Premium."""
    listed = [
        {
            "id": one,
            "commerceSubscriptionId": f"dddd{one[:4]}{one[8:]}",
            "nextLifecycleDateTime": "2027-03-01T00:00:00Z",
            "skuId": "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            "skuPartNumber": "SPB",
            "status": "Enabled",
            "totalLicenses": 35,
        }
        for one in ids
    ]
    return json.dumps({"value": listed})


def table(*tenants: str, customers: tuple[str, ...] = ("", "")) -> str:
    """Return a table with a subscription of Business Premium for each tenant."""
    return "Tenant ID,Customer,Product,Seats,End date\n" + "".join(
        f"{tenant},{customer},Microsoft 365 Business Premium,35,2027-03-01\n"
        for tenant, customer in zip(tenants, customers, strict=False)
    )


def counted(reading: Reading) -> list[tuple[int | None, int | None]]:
    """Return the seats and the assigned licenses of each subscription of a reading."""
    return [(line.seats, line.assigned) for line in reading.subscriptions]


OURS = skus((150, 0, 0, 0, 120), tenant=TENANTS[0])
THEIRS = skus((150, 0, 0, 0, 120), tenant=TENANTS[1])


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([table(TENANTS[0]), THEIRS], [(35, None), (150, 120)]),
        ([table(TENANTS[0]), OURS], [(35, 120)]),
        ([table(*TENANTS), THEIRS], [(35, None), (35, 120)]),
        # The list of subscriptions names no tenant, and counts of two were pasted beside it.
        ([directory(IDS[0]), OURS, THEIRS], [(35, None), (150, 120), (150, 120)]),
        ([directory(IDS[0]), OURS], [(35, 120)]),
        # The counts name no tenant, and subscriptions of two customers were pasted beside them.
        ([table("", "", customers=("A", "B")), skus((9, 0, 0, 0, 8))], [(35, None)] * 2 + [(9, 8)]),
        ([table("", customers=("A",)), skus((9, 0, 0, 0, 8))], [(35, 8)]),
    ],
)
def test_counts_of_one_tenant_are_not_taken_for_another_tenants_subscription(
    sources: list[str], expected: list[tuple[int | None, int | None]], knowledge: Knowledge
) -> None:
    assert counted(read(sources, knowledge)) == expected


def test_counts_join_the_subscriptions_whose_ids_they_name(knowledge: Knowledge) -> None:
    ours = skus((35, 0, 0, 0, 33), tenant=TENANTS[0], ids=IDS[1].upper())
    theirs = skus((150, 0, 0, 0, 120), tenant=TENANTS[1], ids="eeee" + IDS[0][4:])

    reading = read([directory(*IDS), ours, theirs], knowledge)

    assert counted(reading) == [(35, None), (35, 33), (150, 120)]


def test_users_of_subscriptions_that_are_not_listed_are_none_of_the_one_that_is(
    knowledge: Knowledge,
) -> None:
    both = skus((50, 0, 0, 0, 45), tenant=TENANTS[0], ids=f"{IDS[0]},{IDS[1]}")

    assert counted(read([directory(IDS[0]), both], knowledge)) == [(35, None)]
    assert counted(read([directory(*IDS), both], knowledge)) == [(35, None)] * 2


def test_ids_that_a_console_cut_join_nothing_by_themselves(knowledge: Knowledge) -> None:
    text = (
        "SkuPartNumber    : SPB\nCapabilityStatus : Enabled\nConsumedUnits    : 33\n"
        f"Enabled          : 35\nSubscriptionIds  : {{{IDS[1]}...}}\n"
    )

    assert counted(read([directory(IDS[0]), text], knowledge)) == [(35, 33)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Entry 1 of part 2 of n.txt is the same subscription as entry 1 of part 1 of n.txt.",
        ),
        ("es", "Entrada 1 de la parte 2 de n.txt: es la misma suscripción que la entrada 1 de la"),
    ],
)
def test_entries_of_two_lists_in_one_file_are_told_apart(
    language: str, said: str, knowledge: Knowledge
) -> None:
    text = f"{directory(IDS[0])}\n\n{OURS}\n"
    plan = plan_pasted([File("n.txt", text.encode())], AS_OF, knowledge)

    assert said in plan_text(plan, language, knowledge)


@pytest.mark.parametrize(
    ("older", "latest"),
    [
        ("9/1/2026", "10/1/2026"),
        ("1/9/2026", "1/10/2026"),
        ("12/1/2025", "2/1/2026"),
        ("1/12/2025", "1/2/2026"),
        ("1.12.2025", "1.2.2026"),
        ("Sep 26", "Oct 26"),
        ("Dec-25", "Jan-26"),
        ("25-Dec", "26-Jan"),
        ("dic. 2025", "feb. 2026"),
        ("septiembre de 2026", "octubre de 2026"),
        ("September 2026", "October 2026"),
        ("2026-9", "2026-10"),
        ("9/2026", "10/2026"),
        ("202609", "202610"),
        ("2026-09-01T00:00:00", "2026-10-01T00:00:00"),
        ("", "Jan 26"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_latest_month_of_a_report_counts_however_months_are_written(
    older: str, latest: str, *, turned: bool, knowledge: Knowledge
) -> None:
    lines = [f"1,s1,Active,40,Visio,{older}\n", f"1,s1,Active,12,Visio,{latest}\n"]
    header = "PGAMpnID,SubscriptionId,SubscriptionState,AvailableSeatsEOP,Product,Month\n"

    (row,) = read(header + "".join(reversed(lines) if turned else lines), knowledge).rows

    assert row.seats == 12


def test_a_subscription_that_is_billed_again_each_month_is_said_to_stand_twice(
    knowledge: Knowledge,
) -> None:
    text = (
        "Company,Service,Units,Period,Contract End\n"
        "Northwind,Visio Plan 2,25,2026-11,02/28/2029\n"
        "Northwind,Visio Plan 2,25,2026-12,02/28/2029\n"
        "Northwind,Visio Plan 2,3,2026-12,02/28/2029\n"
    )

    rows = read(text, knowledge).rows

    assert ["same-as-earlier-row" in row.warnings for row in rows] == [False, True, False]


def test_rows_with_an_id_are_told_apart_by_it(knowledge: Knowledge) -> None:
    text = "Customer,Product,Seats,Subscription ID\nContoso,Visio,3,a1\nContoso,Visio,3,a2\n"

    assert not any("same-as-earlier-row" in row.warnings for row in read(text, knowledge).rows)


def test_a_credit_in_a_table_is_no_subscription(knowledge: Knowledge) -> None:
    text = (
        "Type,Customer,Product,Qty,Price,End date\n"
        "License,Northwind,Visio Plan 2,25,22.00,2027-02-28\n"
        "Credit,Northwind,Visio Plan 2,2,-22.00,2027-02-28\n"
    )

    reading = read(text, knowledge)

    assert [row.seats for row in reading.rows] == [25]
    assert [(one.line, one.id) for one in reading.set_aside] == [(3, "credit")]
