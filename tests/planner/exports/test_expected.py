"""Every export in both languages, as files read by eye before they were kept."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

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
    openpyxl = pytest.importorskip("openpyxl")
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


BATCH = """PartnerTenantId,IndirectResellerMpnId,CustomerName,CustomerTenantId,LegacySubscriptionId,LegacySubscriptionName,LegacyProductName,ExpirationDate,AutoRenewEnabled,MigrationEligible,NcePsa,CurrentTerm,CurrentBillingPlan,CurrentSeatCount,StartNewTermInNce,Term,BillingPlan,SeatCount,CustomTermEndDate,AddOn,BaseSubscriptionId,MigrationIneligibilityReason
,,Contoso Ltd,42ad749c-9aff-5300-b99f-dd1f118d88f0,a09ffd3e-aa61-5ba5-9a28-fd3f38ec4219,Microsoft 365 E3,Microsoft 365 E3,02/13/2027 00:00:00,True,True,,P1Y,Monthly,3,False,P1Y,Monthly,3,,False,,
,,Contoso Ltd,42ad749c-9aff-5300-b99f-dd1f118d88f0,8d82fb8d-05f4-5e3f-8aca-652729062920,Visio Plan 2,Visio Plan 2,02/13/2027 00:00:00,True,True,,P1Y,Monthly,2,False,P1Y,Monthly,2,,True,a09ffd3e-aa61-5ba5-9a28-fd3f38ec4219,
,,Northwind Traders,35d3a0ca-9dc0-5560-8e6c-e83637d8b82d,ef3e65a2-603d-5f7c-be8d-cbbc97d6a9d1,Microsoft 365 Business Basic,Microsoft 365 Business Basic,07/13/2027 00:00:00,True,False,,P1Y,Monthly,10,False,P1Y,Monthly,10,,False,,Subscription is not active.
"""


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
