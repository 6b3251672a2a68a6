"""Every export in both languages, as files read by eye before they were kept."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.knowledge import Knowledge
from planner.model import Settings
from planner.planning import plan
from planner.writing.exports import Export, File, write
from planner.writing.outgoing import Names, Outgoing
from planner.writing.tables import Table

Written = Callable[..., tuple[File, ...]]
Expect = Callable[[str, str], None]

TEXTS = [
    Export.MARKDOWN,
    Export.CHECKLIST,
    Export.LETTER,
    Export.SCRIPT,
    Export.PLAN,
    Export.CALENDAR,
]
AS_OF = dt.date(2026, 11, 24)
LANGUAGES = ["en", "es"]


def as_text(content: bytes) -> str:
    """Return a file's text with plain line feeds and unfolded calendar lines."""
    text = content.decode()
    if text.startswith("BEGIN:VCALENDAR"):
        text = text.replace("\r\n ", "")
    return text.replace("\r\n", "\n").removeprefix("\ufeff")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("export", TEXTS, ids=lambda export: export.value)
def test_a_file_reads_as_expected(
    export: Export, language: str, written: Written, expect: Expect
) -> None:
    for file in written(export, Outgoing(language)):
        expect(f"{language}/{file.name}", as_text(file.content))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", Table)
def test_a_table_reads_as_expected(
    table: Table, language: str, written: Written, expect: Expect
) -> None:
    for export in (Export.CSV, Export.TSV):
        (file,) = written(export, Outgoing(language, table=table))
        expect(f"{language}/{file.name}", as_text(file.content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_reads_as_expected(language: str, written: Written, expect: Expect) -> None:
    (file,) = written(Export.WORKBOOK, Outgoing(language))
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    cells = {
        page.title: [[_cell(cell) for cell in row] for row in page.iter_rows()] for page in book
    }
    text = json.dumps(cells, ensure_ascii=False, indent=1) + "\n"
    expect(f"{language}/{file.name}.json", text)


def _cell(cell: Any) -> Any:
    return cell.value.date().isoformat() if cell.is_date else cell.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_redacted_checklist_reads_as_expected(
    language: str, written: Written, expect: Expect
) -> None:
    (file,) = written(Export.MARKDOWN, Outgoing(language, Names.ALIASES))
    expect(f"{language}/redacted-{file.name}", as_text(file.content))


BATCH = (Path(__file__).parent / "legacy.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_batch_reads_as_expected(language: str, knowledge: Knowledge, expect: Expect) -> None:
    made = plan(BATCH, Settings(AS_OF), knowledge)
    for file in write(made, Export.BATCH, Outgoing(language), knowledge):
        expect(f"{language}/{file.name}", as_text(file.content))


def test_the_batch_tool_gets_back_the_rows_that_it_exported(knowledge: Knowledge) -> None:
    made = plan(BATCH, Settings(AS_OF), knowledge)
    file, left_out = write(made, Export.BATCH, Outgoing("en"), knowledge)

    exported = list(csv.DictReader(io.StringIO(BATCH)))
    assert list(csv.DictReader(io.StringIO(file.content.decode()))) == exported[:2]
    assert b"Line 4" in left_out.content
