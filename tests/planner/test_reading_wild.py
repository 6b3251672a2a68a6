"""Pastes as partners make them: what is read of each, and what is set aside."""

import datetime as dt

import pytest

from planner.knowledge import Knowledge
from planner.model import Choices, Reading
from planner.reading import read
from planner.writing.reading import reading_text, set_aside

PASTES = {
    "excel with merged titles, units, a total and a note": """\
Relación de licencias Microsoft 365\t\t\t\t\t
Cliente: Bodegas Añil S.L.\t\t\t\tFecha: 20/11/2026\t
\t\t\t\t\t
Producto\tNº de licencias\tPrecio/mes\tF. renovación\tRenovación automática\tObservaciones
Microsoft 365 Empresa Estándar\t10 licencias\t11,70 €\t14/02/2027\tSí\t
Exchange Online (plan 1)\t1.250\t3,70 €\t28/02/2027\tNo\tSolo buzones
Total\t1.260\t\t\t\t
\t\t\t\t\t
* Precios sin IVA\t\t\t\t\t
""",
    "powershell in spanish": """\
PS C:\\Users\\laura> Get-MgDirectorySubscription -All | Format-List SkuPartNumber, TotalLicenses

SkuPartNumber         : O365_BUSINESS_PREMIUM
TotalLicenses         : 40
Status                : Enabled
NextLifecycleDateTime : 15/02/2027 0:00:00

SkuPartNumber         : SPE_E3
TotalLicenses         : 300
Status                : Enabled
NextLifecycleDateTime : 01/12/2026 0:00:00

PS C:\\Users\\laura>
""",
    "a mail with a table in it": """\
De: Ana Ruiz <ana@contoso.es>
Enviado: lunes, 23 de noviembre de 2026 10:14
Asunto: RE: licencias

Hola Luis:

Producto\tCantidad\tVencimiento
Microsoft 365 Empresa Premium\t25\t31/03/2027
Visio Plan 2\t3\t15/12/2026

¿Nos dices cuándo lo pasamos?

Un saludo,
Ana
""",
    "markdown in bold": """\
| **Customer** | **Product** | **Seats** | **Renewal date** |
|:--|:--|--:|:-:|
| Contoso | Microsoft 365 E3 | 1,200 | Feb 2, 2027 |
| Fabrikam | Visio Plan 2 | 3 | 13 March 2027 |
| | **Total** | 1,203 | |
""",
    "a page whose cells stand one below the other": """\
Your products
Product name
Assigned licenses
Purchased quantity
Expiration date
Microsoft 365 E3
287
300
6/30/2027
Visio Plan 2
2
3
12/15/2026
""",
    "month first with a. m. and p. m.": """\
Customer;Licence;Qty;Expires
Contoso;Visio Plan 2;3;02/13/2027 12:00:00 a. m.
Fabrikam;Microsoft 365 E3;12;03/04/2027 11:59:00 p. m.
""",
    "thin spaces in french": """\
Client\tLicence\tPostes\tÉchéance\tPrix
Élan SARL\tMicrosoft 365 E3\t1\u202f250\t31/01/2027\t39,00\u00a0€
Île SA\tVisio Plan 2\t3\t28 févr. 2027\t1\u202f234,50\u00a0€
""",
    "subtotals, a grand total and notes": """\
Report generated 2026-11-23 08:00 UTC

Customer,Product,Qty,Term,End date
Contoso,Microsoft 365 E3,300,Annual,2027-06-30
Subtotal Contoso,,300,,
Fabrikam,Power BI Pro,8,Annual,2027-01-31
Grand Total,,308,,

Notes:
- Prices exclude VAT
""",
    "german with semicolons": """\
Kunde;Produkt;Anzahl;Laufzeit;Vertragsende;Status
Müller GmbH;Microsoft 365 Business Premium;25;12 Monate;31.12.2026;Aktiv
Käfer AG;Exchange Online (Plan 1);1.500;1 Monat;15.01.2027;Gekündigt
""",
    "code between fences": """\
```csv
product,seats,end
Microsoft 365 E3,300,2027-06-30
```
""",
    "counts under users": """\
#\tCustomer\tSubscription\tUsers\tRenews on
1\tContoso\tMicrosoft 365 E3\t300\t30-Jun-2027
2\tFabrikam\tVisio Plan 2\t3\t15-Dec-2026
""",
    "columns of spaces with an empty cell": """\
Customer    Product             Seats   Renewal
Contoso     Microsoft 365 E3            2027-06-30
Fabrikam    Visio Plan 2        3       2026-12-15

Total 2 rows
""",
    "commas with spaces after them": """\
Customer,  Product,  Seats,  Renewal
Contoso,  Visio Plan 2,  3,  2026-12-15
""",
    "a customer who is called total": """\
Customer;Product;Seats;Renewal;Notes;More
Total Energies;Microsoft 365 E3;25;;;
Total;;25;;;
""",
    "a quoted mail": """\
On Mon, 23 Nov 2026, Bob wrote:
> Customer,Product,Seats,End date
> Contoso,Microsoft 365 E3,300,2027-06-30
>
> Regards
""",
    "console noise with a token": """\
$ curl -H "Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.abcdefghi"
{"value":[{"skuPartNumber":"SPE_E3","skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965",
"consumedUnits":287,"capabilityStatus":"Enabled","prepaidUnits":{"enabled":300,"warning":0}}]}
$
""",
}

type Line = tuple[int, str | None, int | None, dt.date | None]

READ: dict[str, list[Line]] = {
    "excel with merged titles, units, a total and a note": [
        (5, "Microsoft 365 Empresa Estándar", 10, dt.date(2027, 2, 14)),
        (6, "Exchange Online (plan 1)", 1250, dt.date(2027, 2, 28)),
    ],
    "powershell in spanish": [
        (3, "O365_BUSINESS_PREMIUM", 40, dt.date(2027, 2, 15)),
        (8, "SPE_E3", 300, dt.date(2026, 12, 1)),
    ],
    "a mail with a table in it": [
        (8, "Microsoft 365 Empresa Premium", 25, dt.date(2027, 3, 31)),
        (9, "Visio Plan 2", 3, dt.date(2026, 12, 15)),
    ],
    "markdown in bold": [
        (3, "Microsoft 365 E3", 1200, dt.date(2027, 2, 2)),
        (4, "Visio Plan 2", 3, dt.date(2027, 3, 13)),
    ],
    "a page whose cells stand one below the other": [
        (6, "Microsoft 365 E3", 300, dt.date(2027, 6, 30)),
        (10, "Visio Plan 2", 3, dt.date(2026, 12, 15)),
    ],
    "month first with a. m. and p. m.": [
        (2, "Visio Plan 2", 3, dt.date(2027, 2, 13)),
        (3, "Microsoft 365 E3", 12, dt.date(2027, 3, 4)),
    ],
    "thin spaces in french": [
        (2, "Microsoft 365 E3", 1250, dt.date(2027, 1, 31)),
        (3, "Visio Plan 2", 3, dt.date(2027, 2, 28)),
    ],
    "subtotals, a grand total and notes": [
        (4, "Microsoft 365 E3", 300, dt.date(2027, 6, 30)),
        (6, "Power BI Pro", 8, dt.date(2027, 1, 31)),
    ],
    "german with semicolons": [
        (2, "Microsoft 365 Business Premium", 25, dt.date(2026, 12, 31)),
        (3, "Exchange Online (Plan 1)", 1500, dt.date(2027, 1, 15)),
    ],
    "code between fences": [(3, "Microsoft 365 E3", 300, dt.date(2027, 6, 30))],
    "counts under users": [
        (2, "Microsoft 365 E3", 300, dt.date(2027, 6, 30)),
        (3, "Visio Plan 2", 3, dt.date(2026, 12, 15)),
    ],
    "columns of spaces with an empty cell": [
        (2, "Microsoft 365 E3", None, dt.date(2027, 6, 30)),
        (3, "Visio Plan 2", 3, dt.date(2026, 12, 15)),
    ],
    "commas with spaces after them": [(2, "Visio Plan 2", 3, dt.date(2026, 12, 15))],
    "a customer who is called total": [(2, "Microsoft 365 E3", 25, None)],
    "a quoted mail": [(3, "Microsoft 365 E3", 300, dt.date(2027, 6, 30))],
    "console noise with a token": [(1, "SPE_E3", 300, None)],
}

ASIDE = {
    "excel with merged titles, units, a total and a note": {
        1: "stray-line",
        2: "stray-line",
        7: "total",
        9: "stray-line",
    },
    "a mail with a table in it": dict.fromkeys((1, 2, 3, 5, 11, 13, 14), "stray-line"),
    "markdown in bold": {5: "total"},
    "a page whose cells stand one below the other": {1: "stray-line"},
    "subtotals, a grand total and notes": {
        1: "stray-line",
        5: "total",
        7: "total",
        9: "stray-line",
        10: "stray-line",
    },
    "columns of spaces with an empty cell": {5: "stray-line"},
    "a customer who is called total": {3: "total"},
    "a quoted mail": {1: "stray-line", 5: "stray-line"},
}


@pytest.mark.parametrize("name", PASTES)
def test_a_paste_is_read_as_a_person_would_read_it(name: str, knowledge: Knowledge) -> None:
    reading = read(PASTES[name], knowledge)

    rows = [
        (row.line, row.product_name or row.sku_part_number, row.seats, row.term_end)
        for row in reading.rows
    ]
    assert rows == READ[name]
    if name in ASIDE:
        assert {problem.line: problem.id for problem in set_aside(reading)} == ASIDE[name]


def test_dates_that_differ_only_in_the_half_of_the_day_are_not_taken_for_swapped(
    knowledge: Knowledge,
) -> None:
    reading = read(PASTES["month first with a. m. and p. m."], knowledge)

    assert not any("date-may-be-swapped" in row.warnings for row in reading.rows)


def test_each_table_under_a_title_of_its_own_asks_for_its_customer(knowledge: Knowledge) -> None:
    text = """\
Contoso
Licence\tSeats\tRenewal
Microsoft 365 E3\t300\t30/06/2027

Fabrikam
Licence\tSeats\tRenewal
Visio Plan 2\t3\t15/12/2026
"""

    reading = read(text, knowledge, Choices(customers={1: "Contoso", 2: "Fabrikam"}))

    assert [row.customer_name for row in reading.rows] == ["Contoso", "Fabrikam"]
    assert {problem.line: problem.value for problem in set_aside(reading)} == {
        1: "Contoso",
        5: "Fabrikam",
    }


@pytest.mark.parametrize("title", ["# {}", "**{}**", "{}"])
def test_each_markdown_table_under_a_title_asks_for_its_customer(
    title: str, knowledge: Knowledge
) -> None:
    table = "\n\n| Licence | Seats | Renewal |\n|---|---|---|\n"
    text = (
        f"{title.format('Contoso')}{table}| Microsoft 365 E3 | 300 | 30/06/2027 |\n\n"
        f"{title.format('Fabrikam')}{table}| Visio Plan 2 | 3 | 15/12/2026 |\n"
    )

    reading = read(text, knowledge, Choices(customers={1: "Contoso", 2: "Fabrikam"}))

    assert [row.customer_name for row in reading.rows] == ["Contoso", "Fabrikam"]
    assert {problem.line: problem.value for problem in set_aside(reading)} == {
        1: title.format("Contoso"),
        7: title.format("Fabrikam"),
    }


def test_a_header_that_a_tool_prints_again_goes_on_with_its_table(knowledge: Knowledge) -> None:
    page = "Licence;Seats;Renewal\nVisio Plan 2;3;2026-12-15\n"

    reading = read(page + page, knowledge)

    assert len(reading.parts) == 1
    assert [row.line for row in reading.rows] == [2, 4]


def test_headers_of_a_table_in_spaces_that_come_again_go_on_with_it(knowledge: Knowledge) -> None:
    page = "Customer    Product       Seats\nContoso     Visio Plan 2  3\n\n"

    reading = read(page + page, knowledge)

    assert len(reading.parts) == 1
    assert [row.line for row in reading.rows] == [2, 5]


def problems(reading: Reading) -> list[tuple[int, str]]:
    return [(problem.line, problem.id) for problem in reading.set_aside]


@pytest.mark.parametrize(
    "text",
    [
        "Product name\nAssigned licenses\nTotal licenses\nMicrosoft 365 E3\n287\n300\nVisio\n2\n",
        "Product name\nTotal licenses\nRenewal\nVisio\n3\n2027-01-31\n2\nProject\n2027-01-31\n",
    ],
    ids=["a cell is missing", "cells are in another order"],
)
def test_cells_below_one_another_that_fill_no_whole_rows_are_not_guessed_at(
    text: str, knowledge: Knowledge
) -> None:
    reading = read(text, knowledge)

    assert not reading.rows
    assert problems(reading) == [(1, "no-table")]


def test_a_chat_in_brackets_is_not_called_broken_json(knowledge: Knowledge) -> None:
    text = "[23/11/26, 9:14] Ana: tienen 25 M365 Business Premium hasta el 31/3/27\n"

    assert problems(read(text, knowledge)) == [(1, "no-table")]


def test_people_under_users_are_dropped_though_counts_there_are_read(knowledge: Knowledge) -> None:
    text = "Licence;Users;Renewal\nVisio Plan 2;Ana Ruiz, Luis Gil;2027-01-31\n"

    reading = read(text, knowledge)

    (row,) = reading.rows
    assert (row.seats, [note.id for note in reading.notes]) == (None, ["people-dropped"])
    assert "Ana" not in reading_text(reading, "en", knowledge)


def test_text_above_a_json_list_is_counted_in_lines(knowledge: Knowledge) -> None:
    text = 'HTTP/1.1 200 OK\nContent-Type: x\n\n{"value":[{"skuPartNumber":"SPE_E3",'
    text += '"totalLicenses":5,"status":"Enabled","nextLifecycleDateTime":null}]}\n'

    said = reading_text(read(text, knowledge), "en", knowledge)

    assert "Line 2 · Content-Type: x: " in said


@pytest.mark.parametrize(
    "text",
    [
        "Product,Users,Price,Total,Renewal date\nMicrosoft 365 E3,25,36.00,900.00,2027-02-13\n",
        "Producto;Nº licencias;Precio;Total;Vence\nMicrosoft 365 E3;25;36,00;900,00;13/02/2027\n",
        "Product,Number of users,Unit cost,Total,Ends\nMicrosoft 365 E3,25,36.00,900,2027-02-13\n",
        "Product,Total,Renewal date\nMicrosoft 365 E3,25,2027-02-13\n",
        "Product,Total,Licenses,Renewal date\nMicrosoft 365 E3,30,25,2027-02-13\n",
        "Product;Licence qty;Renewal date;Total\nMicrosoft 365 E3;25;13.02.2027;475,00\n",
        "Produkt;Anzahl Lizenzen;Total;Verlängerung\nMicrosoft 365 E3;25;550;13.02.2027\n",
        "Produit;Nombre de licences;Total;Échéance\nMicrosoft 365 E3;25;550;13/02/2027\n",
        "Producto;Licencias compradas;Total;Vence\nMicrosoft 365 E3;25;550;13/02/2027\n",
    ],
)
def test_a_total_of_money_is_no_count_of_seats(text: str, knowledge: Knowledge) -> None:
    assert [one.seats for one in read(text, knowledge).subscriptions] == [25]


def test_a_total_beside_a_price_alone_is_asked_for_rather_than_guessed(
    knowledge: Knowledge,
) -> None:
    reading = read("Product,Price,Total,Ends\nVisio Plan 2,15,75,2027-02-13\n", knowledge)

    assert [one.seats for one in reading.subscriptions] == [None]
    assert "seats" in reading.parts[0].missing


@pytest.mark.parametrize(
    "total",
    ["Total\n{}475.00", "Total\n{}€475", "Heads,Total\n{}25,550", "Rate,Total\n{}22.00,550"],
)
def test_a_total_that_may_be_money_is_asked_for_rather_than_guessed(
    total: str, knowledge: Knowledge
) -> None:
    text = f"Product,Ends,{total.format('Visio Plan 2,2027-02-13,')}\n"
    reading = read(text, knowledge)

    assert [one.seats for one in reading.subscriptions] == [None]
    assert "seats" in reading.parts[0].missing
    assert "Total" in reading.unused


def test_a_table_of_months_and_a_total_is_read_for_the_reader_to_choose_its_seats(
    knowledge: Knowledge,
) -> None:
    text = "Customer,Product,Jan-27,Feb-27,Total\nA,Visio Plan 2,25,25,50\n"
    reading = read(text, knowledge)

    assert [(one.product, one.seats) for one in reading.subscriptions] == [("Visio Plan 2", None)]
    assert "seats" in reading.parts[0].missing


def test_the_end_of_the_commitment_is_the_end_of_the_term(knowledge: Knowledge) -> None:
    """Another column's day is said, not passed over in silence; both are read with care."""
    text = (
        "Product,Seats,Start date,End date,Commitment end date,Auto renew\n"
        "Visio Plan 2,5,2026-11-01,2027-10-31,2027-10-31,Yes\n"
        "Microsoft 365 E3,5,2026-11-01,2026-11-30,2027-10-31,Yes\n"
    )
    reading = read(text, knowledge)

    assert [one.end for one in reading.subscriptions] == [dt.date(2027, 10, 30)] * 2
    (said,) = [note for note in reading.notes if note.id == "columns-differ"]
    assert (said.line, said.column, said.value) == (3, "Commitment end date", "2027-10-31")
    assert said.values == {"other_column": "End date", "other_value": "2026-11-30"}


def test_a_column_without_a_day_is_no_term_end_where_another_has_days(
    knowledge: Knowledge,
) -> None:
    text = "Product,Seats,Renewal,Expires\nVisio Plan 2,5,Auto,2027-10-31\n"
    reading = read(text, knowledge)

    assert [one.end for one in reading.subscriptions] == [dt.date(2027, 10, 30)]
    assert ("unknown-column", "Renewal") in [(note.id, note.column) for note in reading.notes]


@pytest.mark.parametrize("beside", ["Order no,12-24-0077", "Server,10.1.20.15"])
def test_what_only_looks_like_a_day_settles_no_order(beside: str, knowledge: Knowledge) -> None:
    header, cell = beside.split(",")
    text = f"Product,Seats,Renewal date,{header}\nVisio Plan 2,5,03/04/2027,{cell}\n"
    reading = read(text, knowledge)

    assert not reading.subscriptions
    assert "date-order-asked" in [note.id for note in reading.notes]


def test_a_column_with_an_order_of_its_own_settles_no_other(knowledge: Knowledge) -> None:
    """AdminDroid writes one of its days as in the United States, the other as its machine does."""
    text = (
        "Subscription Name,Friendly Subscription Name,Subscribed Date,Total Units,Consumed Units,"
        "License Expiry Date/Next LifeCycle Activity Date,Friendly Expiry Date,Status,SKU Id\n"
        "SPE_E3,Microsoft 365 E3,06/05/2024 00:00:00 (876 days ago),5,4,05/06/2027 00:00:00,"
        "Will expire in 188 days,Enabled,05e9a617-0261-4cee-bb44-138d3ef5d965\n"
    )
    reading = read(text, knowledge)

    assert not reading.subscriptions
    assert [note.id for note in reading.notes if "Expiry" in note.column] == ["date-order-asked"]


@pytest.mark.parametrize("beside", ["", ",Recurring billing"])
def test_an_end_date_of_unknown_meaning_is_taken_for_the_earlier_day(
    beside: str, knowledge: Knowledge
) -> None:
    """Only the planner's own *end* is the last paid day, whatever else the table holds."""
    on = ",On" if beside else ""
    text = f"Customer,Product,Seats,End date{beside}\nA,Visio Plan 2,5,2027-02-13{on}\n"

    assert [one.end for one in read(text, knowledge).subscriptions] == [dt.date(2027, 2, 12)]
    own = read(text.replace("End date", "end"), knowledge).subscriptions
    assert beside or [one.end for one in own] == [dt.date(2027, 2, 13)]


@pytest.mark.parametrize("seats", ["Seats", "Number of seats"])
def test_titles_and_totals_among_the_lines_are_no_subscriptions(
    seats: str, knowledge: Knowledge
) -> None:
    text = (
        f"Customer,Product,{seats},End date,Comment\n"
        ",Contoso Ltd,,,\n"
        "Contoso,Microsoft 365 E3,5,2027-02-13,\n"
        "Contoso,Visio Plan 2,,,\n"
        ",Azure Rights of Nobody,,,still to be counted\n"
        "Contoso,Total,5,,\n"
        ",,,2027-02-13,\n"
    )
    reading = read(text, knowledge)

    assert [one.line for one in reading.subscriptions] == [3, 4, 5]
    assert {one.line: one.id for one in reading.set_aside} == {
        2: "title",
        6: "total",
        7: "no-product",
    }


@pytest.mark.parametrize("seats", ["1,275.00", "1.275,00", "1 275,0", "1275.00"])
def test_seats_may_be_grouped_and_have_empty_decimals(seats: str, knowledge: Knowledge) -> None:
    reading = read(f"Product;Seats;End date\nVisio Plan 2;{seats};2027-02-13\n", knowledge)

    assert [one.seats for one in reading.subscriptions] == [1275]


def test_a_column_written_in_both_orders_is_said_to_be_so(knowledge: Knowledge) -> None:
    text = "Product,Seats,Ends\nA,1,13/02/2027\nB,2,02/13/2027\nC,3,03/04/2027\n"
    reading = read(text, knowledge)

    assert [one.line for one in reading.subscriptions] == [2, 3]
    assert [one.line for one in reading.set_aside] == [4]
    assert [note.id for note in reading.notes] == ["date-order-mixed"]


def test_dates_that_the_plan_does_without_set_no_line_aside(knowledge: Knowledge) -> None:
    text = "Product,Seats,Purchase date,Ends\nVisio Plan 2,1,03/04/2026,2027-09-20\n"
    reading = read(text, knowledge)

    assert [one.line for one in reading.subscriptions] == [2]
    assert "date-order-unused" in [note.id for note in reading.notes]


def test_what_stands_below_an_empty_last_header_is_named_and_its_line_read(
    knowledge: Knowledge,
) -> None:
    text = (
        "Product\tSeats\tEnds\t\nVisio Plan 2\t2\t2027-05-13\tcancelled?\n"
        "Visio Plan 1\t2\t2027-05-13\t\n"
    )
    reading = read(text, knowledge)

    assert [one.line for one in reading.subscriptions] == [2, 3]
    assert [(note.id, note.line) for note in reading.notes] == [("unnamed-column", 2)]


@pytest.mark.parametrize(
    "ends",
    [
        ("2027-02-01T23:30:00-08:00", "2027-01-31"),
        ("1/1/0001 12:00:00 AM", "2027-01-31"),
    ],
)
def test_days_that_excel_left_alone_are_not_said_to_be_swapped(
    ends: tuple[str, str], knowledge: Knowledge
) -> None:
    one, other = ends
    text = f"Product,Seats,Ends\nVisio Plan 2,2,{one}\nVisio Plan 1,2,{other}\n"

    assert "maybe-swapped" not in [note.id for note in read(text, knowledge).notes]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (
            "Customer,Product,Seats,End date,Term,Billing,Auto renew,Status,Subscription ID",
            "A,Visio Plan 2,5,2027-02-13,P1Y,Monthly,On,Active,11111111-2222-3333-4444-5555",
        ),
        ("Customer,Product,Seats,Renewal,Billing", "A,Visio Plan 2,5,2027-02-13,Monthly"),
        (
            "Customer,Product,Seats,Channel,Expires,Relationship,Billing",
            "A,Visio Plan 2,5,CSP,2027-02-13,accepted,Monthly",
        ),
        (
            "Customer,Product,Seats,Channel,End,Renewal date,Relationship,Billing",
            "A,Visio Plan 2,5,CSP,,2027-02-13,accepted,Monthly",
        ),
    ],
)
def test_a_hand_made_table_keeps_its_date_whichever_headers_stand_beside_it(
    header: str, line: str, knowledge: Knowledge
) -> None:
    reading = read(f"{header}\n{line}\n", knowledge)

    (planned,) = reading.subscriptions
    assert (planned.seats, planned.end) == (5, dt.date(2027, 2, 12))
    assert (planned.end_kind, planned.billing) == ("unknown", "monthly")
    assert reading.rows[0].term_end_kind == "unknown"
    assert "end-kind-unknown" in reading.rows[0].warnings
    assert not reading.unused


def test_a_price_in_the_planners_own_table_is_read_and_sets_no_line_aside(
    knowledge: Knowledge,
) -> None:
    text = (
        "Customer,Product,Seats,Channel,Relationship,End,Price\n"
        'A,Visio Plan 2,5,CSP,accepted,2027-02-13,"12,50 EUR"\n'
        "B,Visio Plan 2,3,CSP,accepted,2027-02-13,on request\n"
    )
    reading = read(text, knowledge)

    assert reading.format_id == "planner.table"
    assert [one.currency for one in reading.subscriptions] == ["EUR", ""]
    assert [one.end for one in reading.subscriptions] == [dt.date(2027, 2, 13)] * 2
    assert [(note.id, note.line) for note in reading.notes] == [("cell-left-out", 3)]


def test_what_only_the_planners_own_table_knows_is_read_in_any_table(knowledge: Knowledge) -> None:
    text = "Client,Item,Qty,Renewal date,Segment\nA,Visio Plan 2,5,2027-02-13,education\n"
    reading = read(text, knowledge)

    assert reading.format_id == "generic.headers"
    assert [one.segment for one in reading.subscriptions] == ["education"]


@pytest.mark.parametrize(
    ("header", "beside"),
    [
        ("Customer,End customer", "Qty,Commitment end date,Auto renew"),
        ("End user,Company", "Qty,Renewal date"),
        ("Kunde,Endkunde", "Menge,Vertragsende"),
        ("Cliente,Cliente final", "Cantidad,Vencimiento"),
        ("Client,Client final", "Postes,Échéance"),
    ],
)
def test_the_end_customer_is_the_customer_and_the_reseller_beside_it_is_named(
    header: str, beside: str, knowledge: Knowledge
) -> None:
    end_first = header.startswith("End")
    names = "Northwind,Tom's IT GmbH" if end_first else "Tom's IT GmbH,Northwind"
    rest = "25,2027-02-28" + (",Yes" if "Auto" in beside else "")
    reading = read(f"{header},Product,{beside}\n{names},Visio Plan 2,{rest}\n", knowledge)

    assert [one.customer for one in reading.subscriptions] == ["Northwind"]
    (said,) = [note for note in reading.notes if note.id == "columns-differ"]
    assert said.values["other_value"] == "Tom's IT GmbH"


def test_the_end_customer_counts_in_the_planners_own_table_too(knowledge: Knowledge) -> None:
    text = (
        "Customer,End customer,Product,Seats,Channel,End\nTom's,Northwind,Visio,5,CSP,2027-02-13\n"
    )
    reading = read(text, knowledge)

    assert reading.format_id == "planner.table"
    assert [one.customer for one in reading.subscriptions] == ["Northwind"]
    assert ("unneeded-column", "Customer") in [(note.id, note.column) for note in reading.notes]


def test_columns_that_name_the_customer_alike_are_not_said_to_differ(knowledge: Knowledge) -> None:
    text = "Customer,Company name,Product,Qty,Ends\nNorthwind,NORTHWIND,Visio,5,2027-02-13\n"

    assert "columns-differ" not in [note.id for note in read(text, knowledge).notes]


def test_addresses_under_end_user_are_dropped_and_are_no_customer(knowledge: Knowledge) -> None:
    text = "Customer,End user,Product,Qty,Expires\nNorthwind,ann@x.example,Visio,5,2027-02-13\n"
    reading = read(text, knowledge)

    assert [one.customer for one in reading.subscriptions] == ["Northwind"]
    assert ("people-dropped", "End user") in [(note.id, note.column) for note in reading.notes]


@pytest.mark.parametrize(
    "lines",
    [
        ("Item,Description,Qty,Ends", "10,{},5,2027-02-13", "20,{},5,2027-02-13"),
        ("Service,License,Expires", "{},5,2027-02-13", "{},5,2027-02-13"),
        (
            "Subscription,Subscription name,Users,Expires",
            "5b46aaaa-1111-2222-3333-444444444444,{},5,2027-02-13",
            "5b46aaaa-1111-2222-3333-555555555555,{},5,2027-02-13",
        ),
        ("Item,Description,Qty,Ends", "VSP2,{},5,2027-02-13", "BKUP,{},5,2027-02-13"),
        (
            "Vendor product,Product,Qty,Ends",
            "CSP - {},Licensing,5,2027-02-13",
            "CSP - {},Licensing,5,2027-02-13",
        ),
    ],
)
def test_the_column_that_names_the_products_counts_whatever_its_header(
    lines: tuple[str, ...], knowledge: Knowledge
) -> None:
    products = ["Visio Plan 2", "Power BI Pro"]
    header, *rows = lines
    text = "\n".join([header, *map(str.format, rows, products)])
    reading = read(text, knowledge)

    assert [one.product.removeprefix("CSP - ") for one in reading.subscriptions] == products
    assert [one.seats for one in reading.subscriptions] == [5, 5]


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [("Item", "10", "unknown-column"), ("Item", "VSP2", "columns-differ")],
)
def test_a_column_that_could_name_the_product_is_never_passed_over_in_silence(
    header: str, cell: str, said: str, knowledge: Knowledge
) -> None:
    text = f"{header},Description,Qty,Ends\n{cell},Visio Plan 2,5,2027-02-13\n"

    assert said in [note.id for note in read(text, knowledge).notes]


def test_ids_that_the_catalog_knows_are_names_of_products(knowledge: Knowledge) -> None:
    text = "Product,Qty,Ends\n05e9a617-0261-4cee-bb44-138d3ef5d965,5,2027-02-13\n"

    assert [one.product for one in read(text, knowledge).subscriptions] == ["Microsoft 365 E3"]


def test_a_header_of_the_own_table_that_means_something_else_elsewhere_is_only_named(
    knowledge: Knowledge,
) -> None:
    text = "Agreement,Client,Item,Qty,Expires\nManaged,A,Visio Plan 2,5,2027-02-13\n"
    notes = read(text, knowledge).notes

    assert [(note.id, note.column) for note in notes] == [("unknown-column", "Agreement")]


@pytest.mark.parametrize("beside", ["", ",Channel,Relationship"])
def test_the_commitment_is_the_term_where_another_column_is_called_one(
    beside: str, knowledge: Knowledge
) -> None:
    more = ",CSP,accepted" if beside else ""
    text = (
        f"Customer,Product,Term,Commitment,Seats,End{beside}\n"
        f"A,Visio Plan 2,Monthly,Annual,5,2027-02-13{more}\n"
    )
    reading = read(text, knowledge)

    assert [one.term for one in reading.subscriptions] == ["P1Y"]
    assert {"columns-differ", "unneeded-column"} & {note.id for note in reading.notes}


@pytest.mark.parametrize(
    ("headers", "cells", "term", "billing"),
    [
        ("Billing Term", "Monthly", "unknown", "monthly"),
        ("Billing Term", "Annual", "unknown", "annual"),
        ("Billing Term,Commitment Term", "Monthly,1-Year", "P1Y", "monthly"),
        ("Billing Term,Billing Frequency", "Annual,Monthly", "P1Y", "monthly"),
        ("Billing Term,Term,Billing cycle", "Annual,3 Year,Monthly", "P3Y", "monthly"),
    ],
)
def test_a_billing_term_is_how_often_is_billed_unless_another_column_says_that(
    headers: str, cells: str, term: str, billing: str, knowledge: Knowledge
) -> None:
    text = (
        f"Company,Product,Quantity,{headers},Commitment Term End Date\n"
        f"A,Visio Plan 2,5,{cells},2027-02-28\n"
    )
    (planned,) = read(text, knowledge).subscriptions

    assert (planned.term, planned.billing) == (term, billing)
    assert planned.end == dt.date(2027, 2, 27)


@pytest.mark.parametrize(
    ("cell", "channel"),
    [
        ("Open", "OPEN"),
        ("Open License", "OPEN"),
        ("Open Value", "OPEN_VALUE"),
        ("Open Value Subscription", "OPEN_VALUE"),
        ("EA", "EA"),
    ],
)
@pytest.mark.parametrize("end", ["End", "End date"])
def test_open_licenses_are_no_enterprise_agreement_in_any_table(
    end: str, cell: str, channel: str, knowledge: Knowledge
) -> None:
    text = f"Customer,Product,Seats,Channel,{end}\nA,Visio Plan 2,5,{cell},2027-02-13\n"

    assert [one.channel for one in read(text, knowledge).subscriptions] == [channel]


def test_a_contract_of_open_value_is_no_enterprise_agreement(knowledge: Knowledge) -> None:
    text = (
        "License ID,Organization,Parent Program,End date,Status,Volume licensing roles\n"
        "1,Proseware,Open Value,12/31/2026,Active,Administrator\n"
        "2,Proseware,Enterprise 6,12/31/2026,Active,Administrator\n"
    )

    assert [row.channel for row in read(text, knowledge).rows] == ["Open Value", "VL"]


_SCRIPT = "Customer,Subscription,Status,Qty,Price,Cost,Margin,Currency,Renewal Date"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Customer,Subscription,Qty,Price,Cost,Margin,Renewal Date", "A,Visio Plan 2,5,9,8,1,{}"),
        (_SCRIPT, "A,Visio Plan 2,active,5,9,8,1,USD,{}"),
    ],
)
def test_a_margin_sheet_is_asked_for_the_order_of_its_dates(
    header: str, line: str, knowledge: Knowledge
) -> None:
    days = ["3/1/2027", "2/1/2027", "12/1/2026"]
    text = "\n".join([header, *map(line.format, days)])
    reading = read(text, knowledge)

    assert not reading.subscriptions
    assert "date-order-asked" in [note.id for note in reading.notes]

    chosen = Choices(orders={(1, "Renewal Date"): "month-first"})
    ends = [one.end_printed for one in read(text, knowledge, chosen).subscriptions]
    assert ends == [dt.date(2027, 3, 1), dt.date(2027, 2, 1), dt.date(2026, 12, 1)]


def test_what_the_streamone_script_writes_is_read_day_first(knowledge: Knowledge) -> None:
    text = f"{_SCRIPT}\nA,Visio Plan 2,active,5,9,8,1,USD,03-02-2027\n"

    assert [one.end_printed for one in read(text, knowledge).subscriptions] == [dt.date(2027, 2, 3)]


def test_columns_about_something_else_cost_a_hand_made_table_no_line(knowledge: Knowledge) -> None:
    text = (
        "Customer,Product,Seats,Term,Billing,End,Action,Market,Agreement\n"
        "A,Visio Plan 2,5,Annual,Monthly,2027-02-13,Move,Narnia,MCA\n"
        "B,Visio Plan 2,5,Annual,Monthly,2027-02-13,Renew,Narnia,MCA\n"
    )
    reading = read(text, knowledge)

    assert len(reading.subscriptions) == 2
    named = {note.column for note in reading.notes}
    assert named == {"Action", "Market", "Agreement"}


def test_a_word_that_is_not_known_sets_a_line_of_a_table_written_for_the_planner_aside(
    knowledge: Knowledge,
) -> None:
    text = "Product,Seats,Channel,Relationship,Agreement\nVisio Plan 2,5,CSP,accepted,MCA\n"
    reading = read(text, knowledge)

    assert [(one.id, one.column) for one in reading.set_aside] == [("unknown-word", "Agreement")]


def test_a_sellers_own_article_number_beside_the_product_costs_no_line(
    knowledge: Knowledge,
) -> None:
    text = (
        "Customer,SKU,Product,Quantity,Term,Billing,Start,End\n"
        "A,MS-V2-NCE-1Y,Visio Plan 2,5,P1Y,Monthly,2026-03-01,2027-02-28\n"
    )
    reading = read(text, knowledge)

    assert [(one.product, one.seats) for one in reading.subscriptions] == [("Visio Plan 2", 5)]
    assert [(note.id, note.column) for note in reading.notes] == [("unknown-column", "SKU")]


def test_the_planners_words_for_where_it_was_bought_are_read_beside_any_headers(
    knowledge: Knowledge,
) -> None:
    text = (
        "Customer,Product,Qty,Channel,Renewal date,Country,Price\n"
        "A,Visio Plan 2,5,WEB_MCA,2027-02-13,ES,15.00\n"
        "B,Visio Plan 2,5,CSP_OTHER_NCE,2027-02-13,ES,15.00\n"
    )
    planned = read(text, knowledge).subscriptions

    assert [one.channel for one in planned] == ["WEB_MCA", "CSP_OTHER_NCE"]
    assert [(one.end, one.customer_market) for one in planned] == [(dt.date(2027, 2, 12), "ES")] * 2
