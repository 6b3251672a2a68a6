"""Workbooks as partners keep them: several sheets and tables, merged cells, formulas."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from planner.knowledge import Knowledge
from planner.model import Reading
from planner.reading import File, read
from planner.reading.cells import cells_of
from planner.words import Words
from planner.writing.places import places
from planner.writing.reading import reading_text, set_aside

HEADER = ("Customer", "Product", "Seats", "Renewal date")
END = dt.datetime(2027, 5, 1)  # noqa: DTZ001 - as Excel has it
ISO = "2027-05-01"
type Cell = str | float | dt.datetime | None
type Sheets = dict[str, Sequence[Sequence[Cell]]]


def book_of(sheets: Sheets, merged: str = "", hidden: str = "") -> bytes:
    """Return a workbook; ``merged`` is a range of its first sheet, ``hidden`` names a sheet."""
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    if merged:
        book.worksheets[0].merge_cells(merged)
    if hidden:
        book[hidden].sheet_state = "hidden"
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def changed(raw: bytes, pattern: str, new: str) -> bytes:
    """Return a workbook whose first sheet's XML says something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as made:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = re.sub(pattern, new, content.decode()).encode()
            made.writestr(name, content)
    return out.getvalue()


def read_book(raw: bytes, knowledge: Knowledge) -> Reading:
    return read(File("book.xlsx", raw), knowledge)


def rows(reading: Reading) -> list[tuple[str | None, str | None, int | None]]:
    return [(row.customer_name, row.product_name, row.seats) for row in reading.rows]


def aside(reading: Reading) -> list[tuple[int, str, str]]:
    """Return number in its file, id and value of what was set aside."""
    place = places(reading)
    return [(place(one.line).number, one.id, one.value) for one in set_aside(reading)]


def test_each_table_of_a_sheet_is_read_by_its_own_headers(knowledge: Knowledge) -> None:
    sheet: list[Sequence[Cell]] = [
        ["Contoso"],
        ["Product", "Seats", "Assigned", "Renewal date"],
        ["Microsoft 365 E3", 50, 48, END],
        [],
        ["Fabrikam"],
        ["Customer", "Product", "Assigned", "Seats", "Renewal date"],
        ["Fabrikam", "Office 365 E1", 9, 30, END],
        ["Total", None, 9, 30],
    ]

    reading = read_book(book_of({"Sheet1": sheet}), knowledge)

    assert rows(reading) == [(None, "Microsoft 365 E3", 50), ("Fabrikam", "Office 365 E1", 30)]
    assert [row.line for row in reading.rows] == [3, 7]
    assert [(number, name) for number, name, _ in aside(reading)] == [
        (1, "stray-line"),
        (5, "stray-line"),
        (8, "total"),
    ]


def test_a_sheet_is_read_as_the_same_cells_pasted(knowledge: Knowledge) -> None:
    cells: list[Sequence[str | None]] = [
        ["Licences of today"],
        HEADER,
        ['"The Best" Ltd', "Visio Plan 2", "3", ISO],
        [None, '24" Displays', "1.250", "31/01/2027"],
        HEADER,
        ["Öl, Gas & Co", "Microsoft 365 E3", "", "soon"],
    ]
    pasted = [
        "\t".join(f'"{cell.replace('"', '""')}"' if '"' in cell else cell for cell in row)
        for row in ([cell or "" for cell in (*row, *[None] * (4 - len(row)))] for row in cells)
    ]

    book = read_book(book_of({"Sheet1": cells}), knowledge)
    text = read("\n".join(pasted), knowledge)

    assert [*book.rows] == [*text.rows]
    assert book.set_aside == text.set_aside
    assert [row.customer_name for row in book.rows] == ['"The Best" Ltd', None]


def test_every_row_of_a_sheet_without_headers_is_set_aside(knowledge: Knowledge) -> None:
    sheets: Sheets = {
        "Contoso": [HEADER, ["Contoso", "Microsoft 365 E3", 5, END]],
        "Notes": [[], ["Office 365 E1", 9, END], [], ["Visio Plan 2", 3, END]],
    }

    reading = read_book(book_of(sheets), knowledge)

    assert rows(reading) == [("Contoso", "Microsoft 365 E3", 5)]
    assert aside(reading) == [
        (2, "no-header", f"Office 365 E1 · 9 · {ISO}"),
        (4, "unknown-part", f"Visio Plan 2 · 3 · {ISO}"),
    ]
    assert "Line 2 of book.xlsx, Notes" in reading_text(reading, "en", knowledge)


def test_the_size_that_a_sheet_claims_is_not_believed(knowledge: Knowledge) -> None:
    raw = book_of({"Sheet1": [HEADER, ["Contoso", "Visio Plan 2", 3, END]]})

    reading = read_book(changed(raw, '<dimension ref="[^"]*"', '<dimension ref="A1"'), knowledge)

    assert rows(reading) == [("Contoso", "Visio Plan 2", 3)]


def test_a_customer_merged_over_several_rows_is_that_of_each_of_them(knowledge: Knowledge) -> None:
    sheet: list[Sequence[Cell]] = [
        HEADER,
        ["Contoso", "Microsoft 365 E3", 5, END],
        [None, "Visio Plan 2", 3, END],
        [],
        [None, "Power BI Pro", 2, END],
        [None, "Office 365 E1", 2, END],
    ]

    reading = read_book(book_of({"Sheet1": sheet}, merged="A2:A5"), knowledge)

    assert [row.customer_name for row in reading.rows] == ["Contoso", "Contoso", "Contoso", None]


def test_a_cell_right_of_the_last_header_is_said_to_be_unused(knowledge: Knowledge) -> None:
    sheet: list[Sequence[Cell]] = [
        HEADER,
        ["Contoso", "Microsoft 365 E3", 5, END],
        ["Contoso", "Visio Plan 2", 3, END, "cancelled!"],
    ]

    reading = read_book(book_of({"Sheet1": sheet}), knowledge)

    assert len(reading.rows) == 2
    assert [(note.line, note.id, note.value) for note in reading.notes] == [
        (3, "unnamed-column", "cancelled!")
    ]


@pytest.mark.parametrize(
    ("result", "said"),
    [("", ["formula-without-result"]), ("<v>10</v>", []), ("<v></v>", ["formula-without-result"])],
)
def test_a_formula_without_a_result_is_said_to_be_one(
    result: str, said: list[str], knowledge: Knowledge
) -> None:
    raw = book_of({"Sheet1": [HEADER, ["Contoso", "Visio Plan 2", "=5+5", END]]})

    reading = read_book(changed(raw, "(</f>)<v ?/?>(?:</v>)?", rf"\1{result}"), knowledge)

    assert [note.id for note in reading.notes] == said
    assert rows(reading) == ([] if said else [("Contoso", "Visio Plan 2", 10)])
    assert [value for _, _, value in aside(reading)] == (["=5+5"] if said else [])


def test_a_formula_whose_result_is_empty_leaves_its_cell_empty(knowledge: Knowledge) -> None:
    raw = book_of({"Sheet1": [HEADER, ["Contoso", "Visio Plan 2", '=IF(A1="","",5)', END]]})

    reading = read_book(changed(raw, r'<c r="C2"', '<c r="C2" t="str"'), knowledge)

    assert (rows(reading), reading.notes) == ([("Contoso", "Visio Plan 2", None)], ())


def test_what_stands_on_a_hidden_sheet_is_set_aside(knowledge: Knowledge) -> None:
    sheets: Sheets = {
        "Now": [HEADER, ["Contoso", "Microsoft 365 E3", 5, END]],
        "Old": [HEADER, ["Contoso", "Microsoft 365 E5", 99, END]],
    }

    reading = read_book(book_of(sheets, hidden="Old"), knowledge)

    assert rows(reading) == [("Contoso", "Microsoft 365 E3", 5)]
    assert [(number, name) for number, name, _ in aside(reading)] == [
        (1, "hidden-sheet"),
        (2, "hidden-sheet"),
    ]
    for language, place in (("en", "Line 2 of book.xlsx, Old"), ("es", "book.xlsx, Old")):
        said = Words(language, knowledge.tree["languages"][language]).say
        assert place in reading_text(reading, language, knowledge)
        assert said("planner.problems.hidden-sheet") in reading_text(reading, language, knowledge)


def test_a_place_in_a_workbook_names_the_sheet_and_its_row(knowledge: Knowledge) -> None:
    sheets: Sheets = {
        "Contoso": [HEADER, ["Contoso", "Microsoft 365 E3", 5, END]],
        "Fabrikam": [["Since 2026"], [], HEADER, [], ["Fabrikam", "Office 365 E1", "x", END]],
    }

    reading = read_book(book_of(sheets), knowledge)

    said = reading_text(reading, "en", knowledge)
    assert "Line 1 of book.xlsx, Fabrikam · Since 2026: " in said
    assert "Line 5 of book.xlsx, Fabrikam · Seats · x: " in said
    assert "Row 2 of book.xlsx, Contoso: " in said


def test_a_price_with_three_decimals_is_not_taken_for_thousands(knowledge: Knowledge) -> None:
    sheet: list[Sequence[Cell]] = [
        ["Customer", "Product", "Seats", "Price"],
        ["Contoso", "Visio Plan 2", 3, 1.125],
    ]

    (row,) = read_book(book_of({"Sheet1": sheet}), knowledge).rows

    assert float(row.unit_price or 0) == 1.125


def test_csv_that_was_opened_in_one_column_is_read(knowledge: Knowledge) -> None:
    sheet = [["Customer;Product;Seats"], ['"Öl; Gas";Visio Plan 2;3'], ["Contoso;Power BI Pro;4"]]

    reading = read_book(book_of({"Sheet1": sheet}), knowledge)

    assert rows(reading) == [("Öl; Gas", "Visio Plan 2", 3), ("Contoso", "Power BI Pro", 4)]


def test_rows_that_are_only_formatted_cost_no_memory() -> None:
    raw = book_of({"Sheet1": [HEADER, ["Contoso", "Visio Plan 2", 3, END]]}, merged="A2:A1048576")
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(3, 5000))
    raw = changed(raw, r"<row r=\"3\".*</sheetData>", f"{empty}</sheetData>")

    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)

    assert [*cells_of(book.worksheets[0]).rows] == [1, 2]


def test_a_token_in_a_workbook_is_removed(knowledge: Knowledge) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"  # noqa: S105
    sheet: list[Sequence[Cell]] = [
        ["Customer", "Product", "Seats", "Notes"],
        ["Contoso", "Visio Plan 2", 3, token],
    ]

    reading = read_book(book_of({"Sheet1": sheet, "More": [[token]]}), knowledge)

    assert [note.id for note in reading.notes].count("secrets-removed") == 2
    assert "dozjgNryP4J3" not in repr((reading, [*reading.rows]))
