"""What must hold for every export, whatever was pasted: found by Hypothesis."""

import csv
import datetime as dt
import html
import io
import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import icalendar
import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.model import Plan, Settings
from planner.opening import open_plan_file
from planner.planning import chosen, plan, plan_reading
from planner.reading import File, read
from planner.writing.escaping import cell, markdown, one_line, powershell
from planner.writing.exports import Export, write
from planner.writing.outgoing import Names, Outgoing, Progress
from planner.writing.places import places
from planner.writing.tables import Table

KNOWLEDGE = Knowledge(read_folder(DATA))
AS_OF = dt.date(2026, 11, 24)
QUOTES = "'\u2018\u2019\u201a\u201b"
FORMULA = re.compile(r"[=+\-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20]")

settings.register_profile("exports", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("exports")

EVIL = st.sampled_from(
    ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\uff1d1", "  =1", "a\x00b", "'=1"]
)
NAMES = st.text(max_size=12) | EVIL
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)).map(dt.date.isoformat)
LINES = st.fixed_dictionaries(
    {"sku": st.sampled_from(["Visio Plan 2", "Microsoft 365 E3"]) | NAMES, "customer": NAMES},
    optional={
        "channel": st.sampled_from(sorted(KNOWLEDGE.channels)),
        "status": st.sampled_from(["active", "expired", "disabled", "est", "deleted"]) | EVIL,
        "term": st.sampled_from(["P1M", "P1Y", "P3Y"]),
        "start": DAYS,
        "end": DAYS | EVIL,
        "seats": st.integers(0, 400) | EVIL,
        "cspSku": st.sampled_from(["same", "different: Visio Plan 1", "none"]),
        "subscriptionId": st.sampled_from(["S-1", "S-2"]) | EVIL,
        "sourceAgrees": st.sampled_from(["yes", "no"]),
    },
)


def planned(lines: list[dict[str, Any]]) -> Plan:
    return plan(json.dumps(lines), Settings(AS_OF), KNOWLEDGE)


WAYS = ("stay", "buy-now", "wait")
LIMITED = (
    "schedule.per_day=1",
    "schedule.days_off=sat,sun",
    "schedule.blackout=2026-12-20..2027-01-03",
    "schedule.wave_by=customer",
)


PASTES = st.lists(st.tuples(NAMES, st.lists(LINES, min_size=1, max_size=3)), max_size=3)
CHOICES = st.sampled_from([f"choose.{key}={way}" for key in ("T-1", "S-1") for way in WAYS])


def whole(pastes: list[tuple[str, list[dict[str, Any]]]], choice: str) -> Plan:
    """Plan several files with limits, a choice and more than one transfer request."""
    moved = {"customer": "Moved", "sku": "Visio Plan 2", "channel": "CSP_OTHER_NCE"}
    moved |= {"end": "2027-05-31", "start": "2026-06-01", "term": "P1Y", "sourceAgrees": "yes"}
    requests = [{**moved, "subscriptionId": f"T-{number}"} for number in range(30)]
    files = [
        File(f"{name}.json", json.dumps(lines).encode("utf-8", "replace"))
        for name, lines in [*pastes, ("moved", requests)]
    ]
    limits = Settings(AS_OF, "ES", *chosen([*LIMITED, choice], KNOWLEDGE))
    return plan_reading(read(files, KNOWLEDGE), limits, KNOWLEDGE)


def pasted_lines(made: Plan) -> set[int]:
    reading = made.reading
    return {line.line for line in reading.subscriptions} | {one.line for one in reading.set_aside}


TWICE = {"customer": "Contoso", "sku": "Visio Plan 2", "channel": "WEB_MCA", "end": "2027-02-28"}
TWICE |= {"subscriptionId": "S-1"}


# A subscription that is listed twice, and one whose day can't be read: chance seldom finds both.
@example([TWICE, TWICE, {**TWICE, "subscriptionId": "S-2", "end": "31/02/2027"}])
@given(st.lists(LINES, min_size=1, max_size=5))
def test_no_line_is_lost_from_any_export(lines: list[dict[str, Any]]) -> None:
    made = planned(lines)
    numbers = pasted_lines(made) - {0}

    (table,) = write(made, Export.CSV, Outgoing("en"), KNOWLEDGE)
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert {int(row[1]) for row in rows[1:] if row[1]} == numbers

    (book,) = write(made, Export.WORKBOOK, Outgoing("en"), KNOWLEDGE)
    page = openpyxl.load_workbook(io.BytesIO(book.content))["Lines"]
    assert {row[1] for row in page.iter_rows(min_row=2, values_only=True) if row[1]} == numbers

    for export in (Export.MARKDOWN, Export.CHECKLIST):
        (list_,) = write(made, export, Outgoing("en"), KNOWLEDGE)
        named = re.findall(r"(?:Entry|Entries|entry|entries) ([\d, and]+)", list_.content.decode())
        assert {int(number) for text in named for number in re.findall(r"\d+", text)} == numbers

    letters = write(made, Export.LETTER, Outgoing("en"), KNOWLEDGE)
    rows_of_letters = [
        line
        for file in letters
        if file.name.endswith(".md")
        for line in file.content.decode().split("\n")
        if line.startswith("| ")
    ]
    heads = 2 * len([file for file in letters if file.name.endswith(".md")])
    assert len(rows_of_letters) - heads == len(made.recommendations)

    (saved,) = write(made, Export.PLAN, Outgoing("en"), KNOWLEDGE)
    opened = open_plan_file(saved.content.decode(), KNOWLEDGE).plan(KNOWLEDGE)
    assert pasted_lines(opened) - {0} == numbers


@given(PASTES, CHOICES)
def test_no_line_of_several_files_is_lost(
    pastes: list[tuple[str, list[dict[str, Any]]]], choice: str
) -> None:
    made = whole(pastes, choice)
    place = places(made.reading)
    numbers = pasted_lines(made) | set(made.merged)
    expected = sorted((place(line).source, place(line).number) for line in numbers - {0})

    book = write(made, Export.WORKBOOK, Outgoing("es"), KNOWLEDGE)[0]
    page = openpyxl.load_workbook(io.BytesIO(book.content))["Líneas"]
    (table,) = write(made, Export.CSV, Outgoing("en"), KNOWLEDGE)
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))[1:]
    assert sorted(int(row[1]) for row in rows if row[1]) == sorted(one for _, one in expected)
    assert [str(row[1] or "") for row in page.iter_rows(min_row=2, values_only=True)] == [
        row[1] for row in rows
    ]

    (agenda,) = write(made, Export.CSV, Outgoing("en", table=Table.AGENDA), KNOWLEDGE)
    asked = list(csv.DictReader(io.StringIO(agenda.content.decode("utf-8-sig"), newline="")))
    named = {
        number.strip()
        for row in asked
        for source in row["Lines"].split("; ")
        for number in source.rpartition(": ")[2].split(",")
    }
    assert named >= {str(place(one.subscription.line).number) for one in made.recommendations}
    assert max(entry.parts for entry in made.agenda) == 2

    (saved,) = write(made, Export.PLAN, Outgoing("en"), KNOWLEDGE)
    again = open_plan_file(saved.content.decode(), KNOWLEDGE).plan(KNOWLEDGE)
    assert again == replace(made, reading=replace(made.reading, rows=()))


@given(PASTES, CHOICES, st.sampled_from(list(Table)))
def test_no_cell_of_a_whole_plan_begins_a_formula(
    pastes: list[tuple[str, list[dict[str, Any]]]], choice: str, table: Table
) -> None:
    made = whole(pastes, choice)
    (comma,) = write(made, Export.CSV, Outgoing("es", table=table), KNOWLEDGE)
    (book,) = write(made, Export.WORKBOOK, Outgoing("es"), KNOWLEDGE)

    text = comma.content.decode("utf-8-sig")
    cells = [one for row in csv.reader(io.StringIO(text, newline="")) for one in row]
    read_back = openpyxl.load_workbook(io.BytesIO(book.content))
    typed = [one for page in read_back for row in page.iter_rows() for one in row]
    assert not [one for one in typed if one.data_type == "f"]
    cells += [one.value for one in typed if isinstance(one.value, str)]
    assert not [text for text in cells if FORMULA.match(text.lstrip(" "))]


@given(st.lists(LINES, min_size=1, max_size=4), st.sampled_from(list(Table)))
def test_no_cell_of_a_table_begins_a_formula(lines: list[dict[str, Any]], table: Table) -> None:
    made = planned(lines)

    (comma,) = write(made, Export.CSV, Outgoing("es", table=table), KNOWLEDGE)
    (tab,) = write(made, Export.TSV, Outgoing("es", table=table), KNOWLEDGE)
    cells = [
        text
        for row in csv.reader(io.StringIO(comma.content.decode("utf-8-sig"), newline=""))
        for text in row
    ]
    cells += [text for row in tab.content.decode().split("\n") for text in row.split("\t")]
    (book,) = write(made, Export.WORKBOOK, Outgoing("es"), KNOWLEDGE)
    read = openpyxl.load_workbook(io.BytesIO(book.content))
    typed = [one for page in read for row in page.iter_rows() for one in row]
    assert not [one for one in typed if one.data_type == "f"]
    cells += [one.value for one in typed if isinstance(one.value, str)]
    for text in cells:
        assert not FORMULA.match(text.lstrip(" "))


@given(st.lists(LINES, min_size=1, max_size=4))
def test_a_calendar_of_anything_reads_back(lines: list[dict[str, Any]]) -> None:
    made = planned(lines)

    (file,) = write(made, Export.CALENDAR, Outgoing("en"), KNOWLEDGE)

    read = icalendar.Calendar.from_ical(file.content)
    days = [event.decoded("dtstart") for event in read.walk("VEVENT")]
    assert days == [entry.on for entry in made.agenda if entry.on is not None]
    assert read.to_ical() == file.content
    assert not read.errors


@given(NAMES | st.text(max_size=40))
def test_escaped_text_is_one_line_and_a_string_that_ends_where_it_should(text: str) -> None:
    for made in (one_line(text), cell(text), markdown(text), powershell(text)):
        assert len(made.splitlines()) <= 1
        assert made.encode() or not text
    quoted = powershell(text)
    inside = re.sub(rf"([{QUOTES}])\1", "", quoted[1:-1])
    assert not re.search(f"[{QUOTES}]", inside)


LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzäéñßжшщ漢字仮名")
SECRETS = st.text(LETTERS, min_size=6, max_size=14)
GUIDS = st.uuids(version=4).map(str)


@st.composite
def named_lines(draw: Any) -> tuple[str, list[str]]:
    """Return a paste full of names and ids, and the names and ids."""
    secrets, rows = [], []
    for number in range(draw(st.integers(1, 4))):
        first, second, person = draw(SECRETS), draw(SECRETS), draw(SECRETS)
        domain = f"{draw(st.text('bcdfghjklmnpqrstvwxz', min_size=8, max_size=12))}.onmicrosoft.com"
        tenant, subscription, base = draw(GUIDS), draw(GUIDS), draw(GUIDS)
        secrets += [
            first,
            second,
            person,
            domain.split(".", maxsplit=1)[0],
            tenant,
            subscription,
            base,
        ]
        product = draw(
            st.sampled_from(
                ["Visio Plan 2", f"Plan of {first} for {person}@{domain}", f"{domain} {tenant}"]
            )
        )
        rows.append(
            {
                "customer": f"{first} {second}",
                "tenantId": tenant,
                "subscriptionId": subscription,
                "sku": product,
                "base": f"{second} {base}",
                "channel": draw(st.sampled_from(["WEB_MCA", "EA", "CSP_OTHER_NCE", person])),
                "seats": draw(st.sampled_from([5, f"{person} {number}"])),
                "end": "2027-02-28",
                "cspSku": draw(st.sampled_from(["same", f"different: {first} suite"])),
                f"{person} column": "x",
            }
        )
    return json.dumps(rows), secrets


@given(named_lines(), st.sampled_from(["en", "es"]))
def test_a_redacted_export_has_no_name_and_no_id(
    named: tuple[str, list[str]], language: str
) -> None:
    text, secrets = named
    lines = json.loads(text)
    stated = [*LIMITED, f"choose.{lines[0]['subscriptionId']}=stay", f"choose.{secrets[1]}=wait"]
    files = [
        File(f"{secrets[0]} {secrets[2]}.json", json.dumps(lines[:1]).encode()),
        File(f"{secrets[1]}.json", json.dumps(lines[1:] or lines).encode()),
    ]
    limits = Settings(AS_OF, "ES", *chosen(stated, KNOWLEDGE))
    made = plan_reading(read(files, KNOWLEDGE), limits, KNOWLEDGE)
    key = next(iter(made.keys.values()), "")
    progress = Progress(frozenset({(key, "provision")}), {key: secrets[0]})
    outgoing = Outgoing(language, Names.ALIASES, progress=progress)
    harmless = _plain_export(language)

    for export in Export:
        for file in write(made, export, outgoing, KNOWLEDGE):
            content = html.unescape(f"{file.name}\n{_text(export, file.content)}").casefold()
            for secret in secrets:
                for part in _parts(secret.casefold()):
                    assert part not in content or part in harmless, (export, part)


def _parts(secret: str) -> list[str]:
    """Return every run of four signs of a name; of an id, its longer groups."""
    if re.fullmatch(r"[0-9a-f-]{36}", secret):
        return [secret, secret[-12:], secret[:8]]
    return [secret[place : place + 4] for place in range(len(secret) - 3)]


def _text(export: Export, content: bytes) -> str:
    if export is not Export.WORKBOOK:
        return content.decode().replace("\r\n ", "")
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(
        str(one.value) for page in book for row in page.iter_rows() for one in row if one.value
    )


@cache
def _plain_export(language: str) -> str:
    """Return what stands in exports whatever the names are: words, layout, known products."""
    lines = [{"sku": "Visio Plan 2", "customer": "A", "channel": one} for one in KNOWLEDGE.channels]
    made = planned([*lines, {"sku": "Visio", "seats": "x"}])
    written = [
        f"{file.name}\n{_text(export, file.content)}"
        for export in Export
        for file in write(made, export, Outgoing(language), KNOWLEDGE)
    ]
    known = json.dumps(KNOWLEDGE.tree, ensure_ascii=False)
    return html.unescape("\n".join([*written, known])).casefold()


@given(named_lines())
def test_the_same_customer_has_the_same_alias_in_every_file(named: tuple[str, list[str]]) -> None:
    text, _ = named
    made = plan(text, Settings(AS_OF), KNOWLEDGE)
    outgoing = Outgoing("en", Names.ALIASES)

    (table,) = write(made, Export.CSV, outgoing, KNOWLEDGE)
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    aliases = {int(row["Line"]): row["Customer"] for row in rows if row["Status"] == "Planned"}
    (saved,) = write(made, Export.PLAN, outgoing, KNOWLEDGE)
    kept = {
        one["line"]: one["customer"]
        for one in json.loads(saved.content)["reading"]["subscriptions"]
    }
    assert aliases.items() <= kept.items()
    real = {one.subscription.line: one.subscription.tenant_id for one in made.recommendations}
    assert len(set(aliases.values())) == len(set(real.values()))
