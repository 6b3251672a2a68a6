"""Exports of other tools: what each sample reads to, and every shape that text comes in."""

import datetime as dt
import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import openpyxl
import pytest

from builder.bench_reading import exports
from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.model import Choices, Reading
from planner.reading import File, read
from planner.reading.json_values import json_values
from planner.writing.reading import reading_json, set_aside

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED = sorted((SAMPLES / "expected").glob("*.json"))


def printed(reading: Reading) -> list[dict[str, Any]]:
    """Return a reading's rows as `planner read --to json` prints them, with what they say alone."""
    rows = json.loads(reading_json(reading))["rows"]
    return [{name: said for name, said in row.items() if said not in (None, [])} for row in rows]


def sample(name: str) -> Path:
    """Return a sample by its name, wherever it is kept."""
    return next(path for path in SAMPLES.rglob(name) if "expected" not in path.parts)


@pytest.mark.parametrize("path", EXPECTED, ids=[path.stem for path in EXPECTED])
def test_a_sample_reads_to_what_its_bytes_say(path: Path, knowledge: Knowledge) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))

    reading = read(File(path.stem, sample(path.stem).read_bytes()), knowledge)

    assert reading.format_id == expected["format_id"]
    assert printed(reading) == expected["rows"]
    aside = [{"line": one.line, "id": one.id} for one in set_aside(reading)]
    assert aside == [
        {"line": one["line"], "id": one["id"]} for one in expected.get("set_aside", [])
    ]


JSON = [path for path in EXPECTED if path.stem.endswith(".json")]


@pytest.mark.parametrize("path", JSON, ids=[path.stem for path in JSON])
def test_a_very_large_export_reads_as_a_small_one(
    path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sample(path.stem).read_text(encoding="utf-8-sig")
    small = read(text, knowledge)

    monkeypatch.setattr("planner.reading.json_values._LARGE", 0)

    assert read(text, knowledge) == small


def rows(reading: Reading) -> list[tuple[str | None, int | None, dt.date | None]]:
    return [(row.product_name, row.seats, row.term_end) for row in reading.rows]


VISIO = [("Visio Plan 2", 3, dt.date(2027, 1, 31)), ("Project", 1250, dt.date(2027, 2, 28))]


SHAPES = {
    "csv": 'Licence,Seats,End date\nVisio Plan 2,3,31/01/2027\nProject,"1,250",28/02/2027\n',
    "semicolons": """sep=;
Licence;Seats;End date
Visio Plan 2;3;31.01.2027
Project;1.250;28.02.2027
""",
    "spanish": """Licencia\tPuestos\tFecha de finalización
Visio Plan 2\t3\t31 ene 2027
Project\t1.250\t28 de febrero de 2027
""",
    "serials": "Lizenz\tMenge\tEnddatum\nVisio Plan 2\t3\t46418\nProject\t1'250\t46446\n",
    "markdown": """| Licence | Seats | End date |
|---|---|---|
| Visio Plan 2 | 3 | 2027-01-31 |
| Project | 1\u202f250 | 2027-02-28 |
""",
    "console": """PS C:\\> Get-It | Format-Table

Licence      Seats End date
-------      ----- --------
Visio Plan 2     3 1/31/2027
Project       1250 2/28/2027

""",
    "list": """Licence  : Visio Plan 2
Seats    : 3
End date : 1/31/2027 12:00:00 AM

Licence  : Project
Seats    : 1250
End date : 2/28/2027 12:00:00 AM
""",
    "json": """PS> Get | ConvertTo-Json
[{"licence": "Visio Plan 2", "seats": 3, "endDate": "\\/Date(1801353600000)\\/"}]
[{"licence": "Project", "seats": 1250, "endDate": 1803772800000}]
PS>
""",
}


def test_an_object_in_place_of_a_count_is_said_wherever_it_stands(knowledge: Knowledge) -> None:
    text = sample("cipp-licenses.json").read_text(encoding="utf-8-sig")
    records = json.loads(text)
    listed = next(one for one in records if one.get("TermInfo"))
    listed["TermInfo"][0]["TotalLicenses"] = {"Total": 4}

    reading = read(json.dumps([listed]), knowledge)

    assert "not-a-count" in [one.id for one in set_aside(reading)]


LISTED = """Licence  : Visio Plan 2
Seats    : 3

Licence  : Project
           Plan 3
Seats    : 4
End date : 2027-02-28
Licence  : Visio Plan 1
Seats    : 5

Licence  : Teams
Seats    : 6
End date : 2027-03-31
"""


def test_objects_of_a_list_have_what_stands_in_each_of_them(knowledge: Knowledge) -> None:
    assert rows(read(LISTED, knowledge)) == [
        ("Visio Plan 2", 3, None),
        ("ProjectPlan 3", 4, dt.date(2027, 2, 28)),
        ("Visio Plan 1", 5, None),
        ("Teams", 6, dt.date(2027, 3, 31)),
    ]


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_one_table_reads_the_same_in_every_shape(text: str, knowledge: Knowledge) -> None:
    assert rows(read(text, knowledge)) == VISIO


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_one_table_reads_the_same_in_every_encoding(encoding: str, knowledge: Knowledge) -> None:
    text = "Cliente,Licencia,Puestos\nAñil S. A.,Visio Plan 2,3\n"
    raw = text.encode(encoding)

    (row,) = read(File("x.csv", raw), knowledge).rows

    assert (row.customer_name, row.seats) == ("Añil S. A.", 3)


def test_text_that_was_read_in_the_wrong_encoding_is_put_right(knowledge: Knowledge) -> None:
    text = "Cliente,Licencia,Puestos\nAñil,Visio Plan 2,3\n".encode().decode("cp1252")

    (row,) = read(text, knowledge).rows

    assert row.customer_name == "Añil"


def test_a_workbook_is_read_with_all_of_its_sheets(knowledge: Knowledge) -> None:
    book = openpyxl.Workbook()
    first = book.create_sheet("first", 0)
    first.append(["Report of today"])
    first.append(["Licence", "Seats", "End date"])
    first.append(["Visio Plan 2", 3, dt.datetime(2027, 1, 31)])  # noqa: DTZ001 - as Excel has it
    book.create_sheet("more").append(["Licence", "Seats", "End date"])
    book["more"].append(["Project", 1250, dt.date(2027, 2, 28)])
    raw = io.BytesIO()
    book.save(raw)

    reading = read(File("book.xlsx", raw.getvalue()), knowledge)

    assert rows(reading) == VISIO
    assert len({line.line for line in reading.subscriptions}) == 2


def test_a_damaged_workbook_says_so(knowledge: Knowledge) -> None:
    reading = read(File("book.xlsx", b"PK\x03\x04 xl/workbook.xml, not really"), knowledge)

    assert [problem.id for problem in reading.set_aside] == ["not-a-workbook"]


def test_several_tables_in_one_paste_are_all_read(knowledge: Knowledge) -> None:
    text = (
        "Dear partner,\n\nLicence,Seats,End date\nVisio Plan 2,3,2027-01-31\n\n"
        "Product Title,Total Licenses,Expired Licenses,Assigned licenses\nProject,5,0,4\n"
    )

    reading = read(text, knowledge)

    assert [part.format_id for part in reading.parts] == ["generic.headers", "m365.admin.licenses"]
    assert [row.seats for row in reading.rows] == [3, 5]
    assert [problem.id for problem in reading.set_aside] == ["stray-line"]


def test_several_files_have_numbers_of_their_own(knowledge: Knowledge) -> None:
    one = File("a.csv", b"sku,seats\nVisio,3\n")
    two = File("b.json", b'[{"sku": "Project", "seats": 4}]')

    reading = read([one, two, "sku,seats\nPlanner,5\n"], knowledge)

    numbers = [line.line for line in reading.subscriptions]
    assert [line.seats for line in reading.subscriptions] == [3, 4, 5]
    assert len({*numbers}) == 3
    assert [part.name for part in reading.parts] == ["a.csv", "b.json", ""]


def test_a_total_is_no_subscription(knowledge: Knowledge) -> None:
    reading = read("Licence,Seats\nVisio,3\nTotal,3\n", knowledge)

    assert [(one.line, one.id) for one in reading.set_aside] == [(3, "total")]
    assert len(reading.subscriptions) == 1


def test_day_and_month_are_decided_by_the_whole_column(knowledge: Knowledge) -> None:
    reading = read("Licence,Seats,End date\nVisio,3,03/04/2027\nVisio,3,25/12/2026\n", knowledge)

    assert [row.term_end for row in reading.rows] == [dt.date(2027, 4, 3), dt.date(2026, 12, 25)]


def test_a_term_decides_where_the_values_leave_a_choice(knowledge: Knowledge) -> None:
    text = "Licence,Seats,Start date,End date,Term\nVisio,3,05/04/2026,04/04/2027,1 year\n"
    text += "Visio,3,05/03/2026,04/03/2027,1 year\nVisio,3,05/01/2027,04/02/2027,1 month\n"

    reading = read(text, knowledge)

    assert [row.term_end for row in reading.rows][2] == dt.date(2027, 2, 4)
    assert {note.id for note in reading.notes} == {"read-day-first"}


def test_a_column_that_nothing_decides_is_asked_and_the_answer_counts(
    knowledge: Knowledge,
) -> None:
    text = "Licence,Seats,End date\nVisio,3,03/04/2027\n"

    asked = read(text, knowledge)
    settled = read(text, knowledge, Choices(orders={(1, "End date"): "day-first"}))

    assert [problem.id for problem in asked.set_aside] == ["ambiguous-date"]
    assert [(note.id, note.column) for note in asked.notes] == [("date-order-asked", "End date")]
    assert [row.term_end for row in settled.rows] == [dt.date(2027, 4, 3)]


def test_a_column_that_settles_both_ways_leaves_the_unclear_days_out(knowledge: Knowledge) -> None:
    text = "Licence,Seats,End date\nVisio,3,25/12/2026\nVisio,3,12/25/2026\nVisio,3,03/04/2027\n"

    reading = read(text, knowledge)

    assert [(one.id, one.line) for one in reading.set_aside] == [("mixed-date-orders", 4)]


def test_the_reader_may_change_what_a_column_means(knowledge: Knowledge) -> None:
    text = "Licence,Seats,Whatever\nVisio,3,2027-01-31\n"

    reading = read(text, knowledge, Choices(columns={(1, "Whatever"): "term_end"}))

    assert [row.term_end for row in reading.rows] == [dt.date(2027, 1, 31)]
    assert reading.parts[0].how == "chosen"
    assert not [note for note in reading.notes if note.id == "unknown-column"]


def test_the_reader_may_say_whose_subscriptions_these_are(knowledge: Knowledge) -> None:
    text = "Product Title,Total Licenses,Expired Licenses,Assigned licenses\nVisio,5,0,4\n"

    assert read(text, knowledge).parts[0].customer
    (line,) = read(text, knowledge, Choices(customers={1: "Contoso"})).subscriptions
    assert line.customer == "Contoso"


@pytest.mark.parametrize(
    ("cell", "seats"), [("1'250", 1250), ("1 250", 1250), ("12,0", 12), ("275.00", 275)]
)
def test_counts_are_read_as_they_are_grouped_anywhere(
    cell: str, seats: int, knowledge: Knowledge
) -> None:
    assert read(f"Licence;Seats\nVisio;{cell}\n", knowledge).rows[0].seats == seats


@pytest.mark.parametrize(
    ("cells", "prices"),
    [
        (["18.477,94 US$", "432,00 US$", "1.000"], ["18477.94", "432.00", "1000"]),
        (["$1,000.00", "$338.31", "1.000"], ["1000.00", "338.31", "1.000"]),
        (["0E-10"], ["0E-10"]),
    ],
)
def test_the_decimal_point_is_decided_by_the_whole_column(
    cells: list[str], prices: list[str], knowledge: Knowledge
) -> None:
    text = "Licence\tSeats\tPrice\n" + "".join(f"Visio\t3\t{cell}\n" for cell in cells)

    assert [row.unit_price for row in read(text, knowledge).rows] == [*map(Decimal, prices)]


def test_counts_of_a_product_join_the_dates_of_its_subscription(knowledge: Knowledge) -> None:
    dates: dict[str, Any] = {
        "skuPartNumber": "SPB",
        "skuId": "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    }
    dates |= {"totalLicenses": 12, "status": "Enabled", "commerceSubscriptionId": "a"}
    dates |= {"nextLifecycleDateTime": "2027-02-15T00:00:00Z"}
    counts: dict[str, Any] = {
        "skuPartNumber": "SPB",
        "skuId": dates["skuId"],
        "capabilityStatus": "Enabled",
    }
    counts |= {"consumedUnits": 11, "prepaidUnits": {"enabled": 12}}
    text = json.dumps({"value": [dates]}) + "\n" + json.dumps({"value": [counts]})

    reading = read(text, knowledge)

    (line,) = reading.subscriptions
    assert (line.assigned, line.end) == (11, dt.date(2027, 2, 14))
    assert list(reading.merged.values()) == [line.line]


def test_a_list_of_customers_names_the_tenants_of_another_export(knowledge: Knowledge) -> None:
    text = (
        "TenantId,Domain,CompanyName\nt1,contoso.example,Contoso\n\n"
        "Tenant ID,Licence,Seats\nt1,Visio,3\n"
    )

    reading = read(text, knowledge)

    assert [line.customer for line in reading.subscriptions] == ["Contoso"]
    assert [problem.id for problem in reading.set_aside] == ["customer-list"]


def test_a_price_sheet_gives_the_price_of_exactly_the_same_offer(knowledge: Knowledge) -> None:
    prices = (
        "ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice\n"
        "V,CFQ7TTC0HD32,0002,V,P1Y,Annual,US,USD,180.00\n"
        "V,CFQ7TTC0HD32,0002,V,P1Y,Monthly,US,USD,15.50\n"
    )
    lines = (
        "Licence,Part number,Seats,Term,Billing cycle\n"
        "V,CFQ7TTC0HD32:0002,3,P1Y,Monthly\nV,CFQ7TTC0HD32:0001,3,P1Y,Monthly\n"
    )

    found = read([prices, lines], knowledge).subscriptions

    assert [line.unit_price for line in found] == [Decimal("15.50"), None]


SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


def test_tokens_are_taken_out_before_anything_is_read_and_said_so(knowledge: Knowledge) -> None:
    text = f"curl -H 'Authorization: Bearer {SIGNED}'\nLicence,Seats\n{SIGNED},many\n"

    reading = read(text, knowledge)

    assert SIGNED[:20] not in repr(reading)
    assert SIGNED not in reading_json(reading)
    assert [note.id for note in reading.notes][:1] == ["secrets-removed"]


@pytest.mark.parametrize(
    "line",
    [
        "Cookie: ESTSAUTH=0.Q9-hidden; path=/",
        "Set-Cookie: Q9-hidden",
        "client_secret=Q9-hidden&scope=x",
        '$clientSecret = "Q9-hidden with spaces"',
        "Authorization: Basic Q9-hidden",
        "AUTHORIZATION: BEARER 0.Q9-hidden-1234567890abcdef",
        "bearer 0.Q9-hidden-1234567890abcdef",
        "refresh_token : Q9-hidden",
        "x-api-key: Q9-hidden",
        'curl -d {"adminPassword":"Q9-hidden"}',
        "contraseña: Q9-hidden",
        """{"clientSecret": "it's Q9-hidden"}""",
        r"""{"clientSecret": "a\"Q9-hidden"}""",
        f"Cookie: a={SIGNED}; b=Q9-hidden",
        'Cookie: a="x"; b=Q9-hidden',
        r"""{"said": "password=\"Q9-hidden\""}""",
        r"""{"said": "{\"clientSecret\": \"Q9-hidden\"}"}""",
        '''"{""clientSecret"":""Q9-hidden""}"''',
    ],
)
def test_what_is_called_a_secret_is_taken_out(line: str, knowledge: Knowledge) -> None:
    text = f"{line}\n\nProduct,Seats,Renewal date\nMicrosoft 365 E3,5,2027-02-13\n"

    reading = read(text, knowledge)

    assert "Q9-hidden" not in repr(reading)
    assert [note.id for note in reading.notes][:1] == ["secrets-removed"]
    assert [one.seats for one in reading.subscriptions] == [5]


def test_json_can_still_be_read_without_its_secrets(knowledge: Knowledge) -> None:
    """Whatever quotes and backslashes they hold."""
    entry = {"id": "1", "skuPartNumber": "SPB", "totalLicenses": 5, "status": "Enabled"}
    entry |= {"nextLifecycleDateTime": None, "clientSecret": "a\"b\\'c"}

    reading = read(json.dumps([entry]), knowledge)

    assert [one.seats for one in reading.subscriptions] == [5]
    assert "secrets-removed" in [note.id for note in reading.notes]


@pytest.mark.parametrize("note", ["password: 'abc", 'password="abc"', "password: it's", "pwd="])
def test_a_secret_in_a_note_takes_nothing_of_its_entry_along(
    note: str, knowledge: Knowledge
) -> None:
    """Whether its quotes end or not: on one line of JSON all the rest would be gone."""
    entry = {"id": "1", "note": note, "skuPartNumber": "SPB", "totalLicenses": 5}
    entry |= {"status": "Enabled", "nextLifecycleDateTime": None}

    reading = read(json.dumps([entry]), knowledge)

    assert [one.seats for one in reading.subscriptions] == [5]


@pytest.mark.parametrize(
    "line", ['"nextPageToken": "abc"', "password: null", "Tokens: 25", "Secret Server,5,2027-02-13"]
)
def test_what_is_no_secret_stays(line: str, knowledge: Knowledge) -> None:
    reading = read(f"Product,Seats,Renewal date\nVisio Plan 2,5,2027-02-13\n\n{line}", knowledge)

    assert "secrets-removed" not in [note.id for note in reading.notes]


def test_lists_of_people_are_dropped_and_said_so(knowledge: Knowledge) -> None:
    text = "Licence,Seats,AssignedUsers\nVisio,many,megan@contoso.example\n"

    reading = read(text, knowledge)

    assert "megan" not in repr(reading)
    assert ("people-dropped", "AssignedUsers") in [(one.id, one.column) for one in reading.notes]


@pytest.mark.parametrize("header", ["Assigned users", "Admin pwd", "Contraseña", "Owner"])
@pytest.mark.parametrize("product", ["Product", "Licence"])
def test_nothing_of_a_dropped_column_is_repeated(
    header: str, product: str, knowledge: Knowledge
) -> None:
    """Not even where its line can't be read."""
    lines = "A,Microsoft 365 E3,5,2027-02-13,q9@contoso.example\n,,,,q9@contoso.example\n"
    reading = read(f"Customer,{product},Seats,End date,{header}\n{lines}", knowledge)

    assert len(reading.subscriptions) == 1
    assert "q9" not in repr(reading)
    assert ("people-dropped", header) in [(one.id, one.column) for one in reading.notes]


def test_what_is_missing_is_named_with_where_to_find_it(knowledge: Knowledge) -> None:
    text = "Product Title,Total Licenses,Expired Licenses,Assigned licenses\nVisio,5,0,4\n"

    (part,) = read(text, knowledge).parts

    assert part.missing == ("term_end", "term_duration")
    for language in knowledge.languages:
        hints = knowledge.tree["languages"][language]["planner"]["reading"]["hints"]
        assert hints[part.hint]


def test_every_format_has_a_name_and_its_hint_in_every_language(knowledge: Knowledge) -> None:
    formats = [one for name, one in knowledge.tree["formats"].items() if name != "values"]
    for language in knowledge.languages:
        words = knowledge.tree["languages"][language]["planner"]["reading"]
        named = {one["format_id"].replace(".", "-") for one in formats}
        assert named <= set(words["formats"])
        assert {one["hint"] for one in formats if "hint" in one} <= set(words["hints"])


def test_a_new_export_is_a_file_of_data_and_no_code() -> None:
    tree = read_folder(DATA)
    tree["formats"]["acme"] = {
        "format_id": "acme.orders",
        "containers": ["table"],
        "signature": {"all_of": ["acmeorder", "acmething"]},
        "constants": {"channel": "CSP-NCE"},
        "dates": "day-first",
        "fields": {
            "subscription_id": {"from": ["acmeorder"], "read": "id"},
            "product_name": {"from": ["acmething"], "read": "text"},
            "term_end": {"from": ["until"], "read": "day", "kind": "inclusive_last_day"},
        },
    }

    reading = read("ACME order;ACME thing;Until\n7;Visio;03/04/2027\n", Knowledge(tree))

    assert reading.format_id == "acme.orders"
    (line,) = reading.subscriptions
    assert (line.subscription_id, line.channel, line.end) == ("7", "CSP", dt.date(2027, 4, 3))


@pytest.mark.parametrize("text", [" ", ",", ";", "|", '"', "{", "[", '{"a":', " : ", "- ", "eyJ"])
def test_a_megabyte_of_one_mark_gives_a_reading(text: str, knowledge: Knowledge) -> None:
    assert read(text * (1_000_000 // len(text)), knowledge).set_aside


def test_after_very_many_values_too_small_to_be_a_subscription_the_rest_is_said_to_stand_there(
    knowledge: Knowledge,
) -> None:
    text = '{"a":1}\n' * 20_001 + '{"product":"Visio Plan 2","seats":3}\n'

    found = read(text, knowledge).set_aside

    assert [problem.line for problem in found] == [0, 20_001, 20_002]
    assert "Visio" in found[-1].value


PASTES = {
    "prose around it": "Hi Ana,\n\nLicence\tSeats\nVisio\t3\nLet me know, please.\n\nBob\n",
    "quoted in an e-mail": "Bob:\n> | Licence | Seats |\n> |---|---|\n> | Visio | 3 |\n>\n> Bye\n",
    "a quoted table": "> Licence,Seats\n> Visio,3\n",
    "typographic quotes": "“Licence”;“Seats”\n“Visio”;“3”\n",
    "totals in Spanish": "Licencia;Puestos\nVisio;3\nSubtotal;3\nTotal general;3\nSuma;3\n",
}


@pytest.mark.parametrize("text", PASTES.values(), ids=PASTES)
def test_what_stands_around_a_table_is_no_subscription(text: str, knowledge: Knowledge) -> None:
    reading = read(text, knowledge)

    assert [(line.product, line.seats) for line in reading.subscriptions] == [("Visio", 3)]


def test_a_cell_that_excel_hid_is_named_and_not_read_as_empty(knowledge: Knowledge) -> None:
    reading = read("Licence\tSeats\tEnd date\nVisio\t3\t########\n", knowledge)

    assert [(one.id, one.line) for one in reading.set_aside] == [("hidden-cell", 2)]


def test_days_that_excel_may_have_swapped_are_named(knowledge: Knowledge) -> None:
    text = "Licence,Seats,End date\nVisio,3,{}\nProject,4,02/13/2027 00:00:00\n"

    swapped = read(text.format("02/03/2027 0:00"), knowledge)
    workbook = read(text.format("2027-03-02"), knowledge)
    plain = read(text.format("02/03/2027 00:00:00"), knowledge)

    for reading in (swapped, workbook):
        assert [(note.id, note.column) for note in reading.notes] == [("maybe-swapped", "End date")]
    assert not plain.notes


def test_a_country_is_one_that_exists_and_namibia_is_one(knowledge: Knowledge) -> None:
    reading = read("Licence,Seats,Country\nVisio,3,NA\nVisio,3,QQ\nVisio,3,N/A\n", knowledge)

    assert [row.market for row in reading.rows] == ["NA", None, None]
    assert [(note.id, note.line, note.value) for note in reading.notes] == [
        ("cell-left-out", 3, "QQ")
    ]


def test_a_column_of_addresses_is_dropped_whatever_its_header(knowledge: Knowledge) -> None:
    reading = read("Licence,Seats,Who\nVisio,3,megan@contoso.example\n", knowledge)

    assert "megan" not in repr(reading)
    assert [note.id for note in reading.notes] == ["people-dropped"]


def test_surplus_cells_spoil_their_own_line_below_one_with_several_subscriptions(
    knowledge: Knowledge,
) -> None:
    terms = '{""Status"":""Enabled"",""TotalLicenses"":""3"",""CSPSubscriptionId"":""a""}'
    text = (
        "Tenant,License,CountUsed,CountAvailable,TotalLicenses,AssignedUsers,AssignedGroups,"
        f'TermInfo\nt,Visio,3,0,6,,,"{terms},{terms}"\nt,Project,3,0,3,,,"{terms}",surplus\n'
        f't,Planner,3,0,3,,,"{terms}"\n'
    )

    reading = read(text, knowledge)

    assert [row.product_name for row in reading.rows] == ["Visio", "Visio", "Planner"]
    assert [(one.id, one.line) for one in reading.set_aside] == [("too-many-cells", 3)]


def codes_of(knowledge: Knowledge) -> list[str]:
    return list(knowledge.tree["formats"]["values"]["warnings"])


def test_every_warning_that_data_names_is_in_the_list_and_has_words(knowledge: Knowledge) -> None:
    listed = codes_of(knowledge)
    named: set[str] = set()
    for name, one in knowledge.tree["formats"].items():
        if name != "values":
            named |= {*one.get("warnings", ())}
            named |= {source["warn"] for source in one["fields"].values() if "warn" in source}

    assert named <= {*listed}
    for language in knowledge.languages:
        words = knowledge.tree["languages"][language]["planner"]["reading"]["warnings"]
        assert list(words) == listed


WARNED = {
    "product-unknown": "Licence,Seats\nFrobnicator 9000,3\n",
    "product-ambiguous": "Licence,Seats\nVisio Plan 2,3\n",
    "field-from-content": "Licence,Seats,Which\nVisio,3,CFQ7TTC0HD32:0002\n",
    "value-left-out": "Licence,Seats,Country\nVisio,3,QQ\n",
    "list-lost": "Licence,Seats,Subscription ID\nVisio,3,System.Object[]\n",
    "date-order-inferred": "Licence,Seats,Start date,End date\n"
    "Visio,3,03/04/2026,31/12/2026\nVisio,3,05/06/2026,30/11/2026\n",
    "date-may-be-swapped": "Licence,Seats,End date\nVisio,3,02/03/2027 0:00\n"
    "Visio,4,02/13/2027 00:00:00\n",
    "end-kind-unknown": "Licence,Seats,End date\nVisio,3,2027-01-31\n",
    "assigned-exceeds-seats": "Licence,Seats,Assigned licenses\nVisio,3,4\n",
    "free-product-seats": "Licence,Seats\nVisio,10000\n",
    "price-without-currency": "Licence,Seats,Price\nVisio,3,$4.00\n",
}


@pytest.mark.parametrize(("code", "text"), WARNED.items(), ids=WARNED)
def test_a_row_says_what_to_know_about_it(code: str, text: str, knowledge: Knowledge) -> None:
    first, *_ = read(text, knowledge).rows

    assert code in first.warnings
    assert list(first.warnings) == [one for one in codes_of(knowledge) if one in first.warnings]


def test_a_row_without_doubts_has_no_warnings(knowledge: Knowledge) -> None:
    text = "Licence,Part number,Seats,Price,Currency\nVisio,CFQ7TTC0HD32:0002,3,4.00,EUR\n"

    assert read(text, knowledge).rows[0].warnings == ()


MATRIX = (
    "ProductTitle,ProductId,SkuId,SkuTitle,ProvisioningId,ProvisioningString\n"
    "Gizmo,CFQ7TTC0ZZZZ,0001,Visio P2,c5928f49-12ba-48f7-ada3-0d743a3601d5,VISIOCLIENT\n"
    "Gizmo,CFQ7TTC0HD32,0002,Other,6fd2c87f-b296-42f0-b197-1e91e994b900,ENTERPRISEPACK\n"
)


def test_an_offer_matrix_tells_what_an_unknown_id_stands_for(knowledge: Knowledge) -> None:
    lines = "Part number,Seats\nCFQ7TTC0ZZZZ:0001,3\nCFQ7TTC0HD32:0002,4\nCFQ7TTC0YYYY:0001,5\n"

    reading = read([MATRIX, lines], knowledge)

    found, known, missing = reading.rows
    assert (found.product_name, found.sku_part_number) == ("Visio P2", "VISIOCLIENT")
    assert "product-from-offer-matrix" in found.warnings
    assert "product-unknown" not in found.warnings
    assert known.sku_guid is None  # Its own id leads to a product; editions share Graph's.
    assert missing.warnings == ("product-unknown",)


def test_an_offer_matrix_leads_from_graph_to_the_price_sheet(knowledge: Knowledge) -> None:
    prices = (
        "ProductTitle,ProductId,SkuId,SkuTitle,TermDuration,BillingPlan,Market,Currency,UnitPrice\n"
        "V,CFQ7TTC0ZZZZ,0001,V,P1Y,Annual,US,USD,180.00\n"
        "V,CFQ7TTC0ZZZZ,0001,V,P1Y,Annual,DE,EUR,170.00\n"
    )
    lines = "SKU part number,Seats,Term,Billing cycle,Country\nVISIOCLIENT,3,P1Y,Annual,DE\n"

    (row,) = read([MATRIX, prices, lines], knowledge).rows

    assert (row.nce_product_id, row.unit_price) == ("CFQ7TTC0ZZZZ", Decimal("170.00"))
    assert "list-price" in row.warnings


def test_counts_by_name_join_the_subscription_of_the_same_product(knowledge: Knowledge) -> None:
    counts = "Product Title,Total Licenses,Expired Licenses,Assigned licenses\nPower BI Pro,5,0,4\n"
    lines = "Part number,Seats,End date\nCFQ7TTC0LHSF:0001,5,2027-01-31\n"

    reading = read([counts, lines], knowledge)

    assert [(line.seats, line.assigned) for line in reading.subscriptions] == [(5, 4)]


PAGE = """<!DOCTYPE html><html><head><title>Billing</title><style>td{color:red}</style>
<script>document.write("<table><tr><td>Licence</td><td>Seats</td></tr></table>")</script></head>
<body><p>Your products</p><!-- <tr><td>Visio</td><td>9</td></tr> -->
<TABLE class="a>b"><tr><td><table><thead><tr><th>Licence<th colspan=2>Seats</th>
<th>End date</th></tr></thead><tr onclick="if (a > b) go()">
<td rowspan="2">Visio&nbsp;Plan&#32;2</td>
<td><b>3</b></td><td></td><td>2027-01-31</td></tr><tr><td>4<br></td><td></td><td>2027-02-28</td></tr>
<tr><td>&lt;script&gt;alert(1)&lt;/script&gt; &quot;x&quot;</td><td>5<td>
<td>2027-03-31</table></td></tr></TABLE>
"""


def test_the_source_of_a_page_is_read_as_the_page_shows_it(knowledge: Knowledge) -> None:
    reading = read(PAGE, knowledge)

    assert rows(reading) == [
        ("Visio Plan 2", 3, dt.date(2027, 1, 31)),
        ("Visio Plan 2", 4, dt.date(2027, 2, 28)),
        ('<script>alert(1)</script> "x"', 5, dt.date(2027, 3, 31)),
    ]
    assert [problem.value for problem in reading.set_aside] == ["Your products"]
    assert [note.id for note in reading.notes][:1] == ["read-as-shown"]


def test_rows_of_a_page_on_one_line_have_a_line_each(knowledge: Knowledge) -> None:
    text = "<table><tr><th>Licence<th>Seats<tr><td>Visio<td>3<tr><td>Project<td>many</table>"

    reading = read(text, knowledge)

    assert [(row.line, row.seats) for row in reading.rows] == [(2, 3)]
    assert [(one.line, one.id) for one in reading.set_aside] == [(3, "not-a-count")]


def test_markup_within_a_cell_of_another_export_stays_text(knowledge: Knowledge) -> None:
    text = "Licence,Seats\n<table><tr><td>Visio</td></tr></table>,3\n"

    (row,) = read("note\n" + text.replace("<table>", "x <table>"), knowledge).rows

    assert row.seats == 3


BROKEN_PAGES = (
    "<table>",
    "<tr>",
    "<td>",
    "<td",
    "<!--",
    "<!",
    '<a "',
    "</",
    "<script>",
    "<table><tr><td>",
)


@pytest.mark.parametrize("mark", BROKEN_PAGES)
def test_any_number_of_broken_tags_gives_a_reading(mark: str, knowledge: Knowledge) -> None:
    many = mark * (200_000 // len(mark))

    assert read(f"<table><tr><td rowspan=999 colspan=999>x{many}", knowledge).set_aside


def calls_to_read(text: str, knowledge: Knowledge) -> int:
    """Return how many calls reading a text takes: the same on any machine, however busy."""
    calls = 0

    def counted(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        read(text, knowledge)
    finally:
        sys.setprofile(None)
    return calls


REPEATED = (
    *("{}\n", "{} ", '{"a":1}[1]', "[[", '","', "|-", "\r\n", "; ", "<td>", "a,", "e\u0301", "[]"),
    *("| |\n\n", "<table><tr><td>", "a : b\n", "> ", "PS >", "\n{", "sku,seats\n", "```\n"),
    *("product\nseats\nend\nx\n", "product  seats\nx  3\n\n", "total x,1\n"),
)


@pytest.mark.parametrize("mark", REPEATED)
@pytest.mark.parametrize("above", ["", "sku,seats\n", "| sku | seats |\n|---|---|\n"])
def test_twice_the_text_takes_twice_the_work(above: str, mark: str, knowledge: Knowledge) -> None:
    few = calls_to_read(above + mark * 500, knowledge)
    many = calls_to_read(above + mark * 2000, knowledge)

    assert many < 4.5 * few + 2000


def test_the_measured_exports_hold_as_many_records_as_they_say(knowledge: Knowledge) -> None:
    grown = dict(exports(30))

    assert len(grown) >= 50
    for name in (
        "arrowsphere-licenses.json",
        "partnercenter-subscriptions.json",
        "bam-ncesubscriptions.csv",
        "msol-subscription.format-list.txt",
        "mg-subscribedsku.select-table.txt",
    ):
        assert len(read(grown[name], knowledge).rows) == 30


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_field_that_a_column_becomes_has_a_name(knowledge: Knowledge, language: str) -> None:
    words = knowledge.words(language)
    named = {
        name
        for one in knowledge.tree["formats"].values()
        if isinstance(one.get("fields"), dict)
        for name in one["fields"]
    }

    assert {"customer_name", "migration"} <= named
    assert [name for name in sorted(named) if not words.has(f"planner.reading.fields.{name}")] == []


def test_a_report_by_month_without_its_month_is_read(knowledge: Knowledge) -> None:
    """The columns of a report can be chosen; the last line of a subscription counts then."""
    text = (
        "PGAMpnID,SubscriptionId,SubscriptionState,AvailableSeatsEOP,Product\n"
        "1,s1,Active,5,Visio\n1,s1,Active,7,Visio\n"
    )

    reading = read(text, knowledge)

    assert reading.format_id == "pc.insights.subscriptions"
    assert [row.seats for row in reading.rows] == [7]
    assert reading.merged == {2: 3}


def test_a_cell_in_smart_quotes_may_hold_the_delimiter(knowledge: Knowledge) -> None:
    """Programs for text put them in place of plain ones; the header needn't have any."""
    text = (
        "Customer,Product,Seats,End\n"
        "\u201cZenith, Inc.\u201d,Visio,3,2027-01-31\n"
        "\u201eBorea, GmbH\u201c,Visio,4,2027-01-31\n"
        "The \u201cTop\u201d,Visio,5,2027-01-31\n"
    )

    lines = read(text, knowledge).subscriptions

    assert [(line.customer, line.seats) for line in lines] == [
        ("Zenith, Inc.", 3),
        ("Borea, GmbH", 4),
        ("The \u201cTop\u201d", 5),
    ]


@pytest.mark.parametrize("mark", [",", "\t"])
def test_smart_quotes_inside_a_plain_quoted_cell_stay_as_they_are(
    mark: str, knowledge: Knowledge
) -> None:
    cells = ('"Zenith, \u201cBest\u201d, Inc."', "Visio", "3", "2027-01-31")
    text = f"{mark.join(('Customer', 'Product', 'Seats', 'End'))}\n{mark.join(cells)}\n"

    reading = read(text, knowledge)

    assert not reading.set_aside
    (line,) = reading.subscriptions
    assert (line.customer, line.seats) == ("Zenith, \u201cBest\u201d, Inc.", 3)


def test_in_a_table_with_tabs_a_comma_does_not_end_a_cell_in_smart_quotes(
    knowledge: Knowledge,
) -> None:
    text = "Customer\tProduct\tSeats\n\u201cBest\u201d, Inc.\tVisio\t3\n"

    (line,) = read(text, knowledge).subscriptions

    assert line.customer == "\u201cBest\u201d, Inc."


def test_a_row_that_is_set_aside_keeps_what_is_to_know_about_it(knowledge: Knowledge) -> None:
    """Such as an error that the tool reports for it."""
    text = (SAMPLES / "exports" / "cloudblue-connect-audit.csv").read_text("utf-8")

    reading = read(text, knowledge)

    aside = {problem.line for problem in reading.set_aside}
    assert aside & reading.warned.keys()


def test_empty_brackets_before_a_value_are_passed_over_together() -> None:
    found = json_values("[], [],{}{},{} [] " + '{"sku": "Visio"}')

    assert found.values == [{"sku": "Visio"}]
    assert found.broken == []


@pytest.mark.parametrize(
    ("written", "day"),
    [("15-mar-27", "2027-03-15"), ("1-Dec-26", "2026-12-01"), ("3 ago 27", "2027-08-03")],
)
def test_a_month_by_name_may_stand_beside_a_year_of_two_digits(
    written: str, day: str, knowledge: Knowledge
) -> None:
    """As Excel writes days by itself."""
    (line,) = read(f"Producto;Nº de licencias;Fin\nVisio;3;{written}\n", knowledge).subscriptions

    assert line.end_printed == dt.date.fromisoformat(day)
    assert line.seats == 3
