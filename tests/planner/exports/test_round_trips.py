"""What is written is read back the same, by the libraries and clients that people use."""

import csv
import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import icalendar
import jsonschema
import openpyxl
import pytest

from planner.checkout import DATA
from planner.knowledge import Knowledge
from planner.model import Part, Plan, Settings, Subscription
from planner.opening import Unopenable, changed, open_plan_file
from planner.planning import chosen, plan, plan_reading
from planner.reading import File, read
from planner.writing.calendar import day_of, uids
from planner.writing.exports import Export, under_aliases, write
from planner.writing.exports import File as Made
from planner.writing.outgoing import Names, Outgoing, Progress
from planner.writing.sentences import Sentences
from planner.writing.tables import Table, sheet

Written = Callable[..., tuple[Made, ...]]
SCHEMA = json.loads((DATA / "schema" / "plan-file.schema.json").read_text(encoding="utf-8"))
AS_OF = dt.date(2026, 11, 24)
SAMPLES = Path(__file__).parents[2] / "samples"


def dated(made: Plan) -> list[tuple[dt.date, str]]:
    """Return day and UID of each agenda entry that has a day or at least a last day."""
    both = zip(made.agenda, uids(made), strict=True)
    return [(day, uid) for entry, uid in both if (day := day_of(entry, made.as_of)) is not None]


def events(file: Made) -> list[Any]:
    return list(icalendar.Calendar.from_ical(file.content).walk("VEVENT"))


def test_a_calendar_reads_back_with_every_dated_entry_of_the_agenda(
    written: Written, portfolio: Plan
) -> None:
    (file,) = written(Export.CALENDAR)

    read = [(event.decoded("dtstart"), str(event["uid"])) for event in events(file)]
    assert read == dated(portfolio)
    assert icalendar.Calendar.from_ical(file.content).to_ical() == file.content


def test_a_calendar_has_short_lines_that_end_as_the_standard_says(written: Written) -> None:
    (file,) = written(Export.CALENDAR, Outgoing("es"))

    lines = file.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_what_happens_by_itself_has_no_alarm(written: Written) -> None:
    (file,) = written(Export.CALENDAR)

    for event in events(file):
        alarms = event.walk("VALARM")
        by_itself = str(event["description"]).count("Happens by itself")
        assert len(alarms) == (0 if by_itself else 2)


def test_what_has_a_last_day_alone_stands_in_the_calendar_on_that_day(written: Written) -> None:
    (file,) = written(Export.CALENDAR)

    told = {
        event.decoded("dtstart"): str(event["summary"])
        for event in events(file)
        if "last day" in str(event["summary"])
    }
    assert told == {
        dt.date(2027, 5, 24): "Fabrikam, Inc.: Accept the transfer, last day (Microsoft 365 E5)",
        dt.date(2027, 5, 31): (
            "Fabrikam, Inc.: Recheck the end-of-term choice, last day (Microsoft 365 E5)"
        ),
    }


def test_what_should_have_been_done_stands_on_the_day_of_the_plan(knowledge: Knowledge) -> None:
    """Nobody is reminded of a day that has passed."""
    text = (
        "sku,channel,state,end,csp sku,customer\n"
        "Visio,CSP_OTHER_NCE,suspended,2026-11-20,different: Visio Plan 2,Contoso\n"
    )
    (file,) = write(
        plan(text, Settings(AS_OF), knowledge), Export.CALENDAR, Outgoing("en"), knowledge
    )

    (reassigning,) = [one for one in events(file) if "Reassign licenses" in str(one["summary"])]
    assert reassigning.decoded("dtstart") == AS_OF
    assert "last day" not in str(reassigning["summary"])


def test_a_moved_day_updates_its_event_instead_of_adding_one(knowledge: Knowledge) -> None:
    line = "sku,channel,start,term,end,subscription id\nVisio,WEB_MCA,{},P1Y,{},S-1\n"
    before = plan(line.format("2026-03-01", "2027-02-28"), Settings(AS_OF), knowledge)
    later = AS_OF + dt.timedelta(days=1)
    after = plan(line.format("2026-03-11", "2027-03-10"), Settings(later), knowledge)

    assert uids(before) == uids(after)
    (old,), (new,) = (
        write(made, Export.CALENDAR, Outgoing("en"), knowledge) for made in (before, after)
    )
    for was, becomes in zip(events(old), events(new), strict=True):
        assert int(becomes["sequence"]) > int(was["sequence"])


def test_no_two_events_share_a_uid(portfolio: Plan) -> None:
    assert len(set(uids(portfolio))) == len(uids(portfolio))


def test_pasted_text_makes_no_calendar_line_of_its_own(knowledge: Knowledge) -> None:
    evil = "A\r\nATTENDEE:mailto:x@y.example\nBEGIN:VALARM\u2028X\u0085Y\\n;,Z"
    text = json.dumps([{"sku": evil, "customer": evil, "channel": "WEB_MCA", "end": "2027-02-28"}])

    (file,) = write(
        plan(text, Settings(AS_OF), knowledge), Export.CALENDAR, Outgoing("en"), knowledge
    )

    names = {line.split(b":")[0].split(b";")[0] for line in file.content.split(b"\r\n")}
    assert b"ATTENDEE" not in names
    for event in events(file):
        assert set(event) == {
            "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY",
            "DESCRIPTION", "CATEGORIES", "TRANSP",
        }  # fmt: skip
        assert "\n" not in str(event["summary"])


def test_a_calendar_program_imports_the_file_and_lists_its_days(
    written: Written, portfolio: Plan, tmp_path: Path
) -> None:
    (file,) = written(Export.CALENDAR)
    calendar = tmp_path / file.name
    calendar.write_bytes(file.content)
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[plan]]\npath = {tmp_path / 'vdir'}\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ntimeformat = %H:%M\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
        encoding="utf-8",
    )
    (tmp_path / "vdir").mkdir()

    def khal(*arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("khal")), "-c", str(config), *arguments]
        environment = os.environ | {"LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        return done.stdout

    khal("import", "--batch", str(calendar))
    khal("import", "--batch", str(calendar))
    listed = khal(
        "list", "--day-format", "", "--format", "{start-date} {uid}", "2026-11-01", "2027-12-31"
    )

    expected = {f"{on.isoformat()} {uid}" for on, uid in dated(portfolio)}
    assert {line.strip() for line in listed.splitlines() if line.strip()} == expected
    assert len(list((tmp_path / "vdir").glob("*.ics"))) == len(expected)


@pytest.mark.parametrize("table", Table)
def test_a_table_reads_back_cell_by_cell(
    table: Table, written: Written, portfolio: Plan, knowledge: Knowledge
) -> None:
    (file,) = written(Export.CSV, Outgoing("en", table=table))
    (tabbed,) = written(Export.TSV, Outgoing("en", table=table))

    assert file.content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    made = sheet(table, Sentences(portfolio, knowledge.words("en"), knowledge.on(AS_OF)))
    assert [len(row) for row in read] == [len(made.header)] * (len(made.rows) + 1)
    for row, back in zip(made.rows, read[1:], strict=True):
        assert ["" if cell is None else str(cell) for cell in row] == [
            text.removeprefix("'") for text in back
        ]
    assert [line.split("\t") for line in tabbed.content.decode().splitlines()] == read


def test_a_workbook_has_typed_cells_a_frozen_header_and_filters(written: Written) -> None:
    (file,) = written(Export.WORKBOOK)

    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert book.sheetnames == ["Agenda", "Lines", "Set aside"]
    for page in book:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref == page.dimensions
        assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert book["Agenda"]["A2"].value == dt.datetime(2026, 11, 24)  # noqa: DTZ001 - Excel's days
    assert book["Lines"]["I2"].value == 25
    assert book["Lines"]["D6"].value.startswith("'=")
    assert book.properties.modified == dt.datetime(2026, 11, 24)  # noqa: DTZ001


def test_the_same_plan_gives_the_same_bytes(written: Written) -> None:
    for export in Export:
        assert written(export, Outgoing("es")) == written(export, Outgoing("es"))


def saved(made: Plan, knowledge: Knowledge, **outgoing: Any) -> str:
    (file,) = write(made, Export.PLAN, Outgoing("en", **outgoing), knowledge)
    return file.content.decode()


def kept(made: Plan) -> Plan:
    """Return what a plan file holds of a plan: all but the rows as their source prints them."""
    return replace(made, reading=replace(made.reading, rows=()))


def rich(knowledge: Knowledge) -> Plan:
    """A plan of two files with limits, answers, a policy and a choice of its own."""
    first = (Path(__file__).parent / "portfolio.csv").read_bytes()
    second = (
        "Cliente,sku,channel,end,cspSku,subscription id\n"
        "Ñandú S. A.,Visio Plan 2,WEB_MCA,2027-02-28,same,Ñandú/1\n"
        "Ñandú S. A.,Visio Plan 2,WEB_MCA,2027-02-28,same,Ñandú/2\n"
        "Ñandú S. A.,Cuadernos de Ñandú,WEB_MCA,2027-03-31,same,\n"
    ).encode()
    reading = read([File("pedidos Ñandú.csv", first), File("más.csv", second)], knowledge)
    stated = (
        "where-bought=WEB_MCA",
        "P-02.relationship_request_lead=30",
        "schedule.per_day=1",
        "schedule.days_off=sat,sun",
        "schedule.blackout=2026-12-20..2027-01-03",
        "schedule.wave_by=customer",
        "choose.aaaaaaaa-0000-4000-8000-000000000001=buy-now",
        "choose.Ñandú/1=wait",
        "choose.no such line=buy-now",
    )
    return plan_reading(reading, Settings(AS_OF, "ES", *chosen(stated, knowledge)), knowledge)


@pytest.mark.parametrize("names", Names)
def test_a_plan_file_fits_its_schema(names: Names, portfolio: Plan, knowledge: Knowledge) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)

    for made in (portfolio, rich(knowledge)):
        key = next(iter(made.keys.values()))
        progress = Progress(frozenset({(key, "provision")}), {key: "Call Ana"})
        validator.validate(json.loads(saved(made, knowledge, names=names, progress=progress)))
    assert set(SCHEMA["$defs"]["subscription"]["properties"]) == set(Subscription.__slots__)
    assert set(SCHEMA["$defs"]["part"]["properties"]) == set(Part.__slots__)


def test_a_plan_file_opens_as_the_plan_that_was_saved(
    portfolio: Plan, knowledge: Knowledge
) -> None:
    for made in (portfolio, rich(knowledge)):
        keys = list(made.keys.values())
        done = frozenset({(keys[0], "provision"), (keys[1], "verify")})
        progress = Progress(done, {keys[0]: "Call Ana\n“soon”"})
        text = saved(made, knowledge, progress=progress)

        opened = open_plan_file(text, knowledge)

        again = opened.plan(knowledge)
        assert again == kept(made)
        assert opened.progress == progress
        assert opened.settings == made.settings
        assert opened.receipt.input_fingerprint == made.reading.fingerprint
        found = changed(opened, AS_OF, knowledge)
        assert not found.comparison.changes
        assert not found.comparison.causes
        assert saved(again, knowledge, progress=progress) == text


def test_a_line_of_a_second_file_is_named_by_its_file_after_opening_too(
    knowledge: Knowledge,
) -> None:
    opened = open_plan_file(saved(rich(knowledge), knowledge), knowledge).plan(knowledge)

    last = max(opened.keys)
    english, spanish = (
        Sentences(opened, knowledge.words(tag), knowledge.on(AS_OF)) for tag in ("en", "es")
    )
    assert english.place(last) == "Line 4 of más.csv"
    assert spanish.place(last) == "Línea 4 de más.csv"
    assert english.lines((2, 3, last)) == "lines 2 and 3 of pedidos Ñandú.csv and line 4 of más.csv"
    (file,) = write(opened, Export.CSV, Outgoing("es"), knowledge)
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert ["más.csv", "4"] in [row[:2] for row in rows]


def test_a_redacted_plan_file_opens_as_the_redacted_plan_with_its_choices_on_their_lines(
    knowledge: Knowledge,
) -> None:
    made = rich(knowledge)
    key = made.keys[3]
    progress = Progress(frozenset({(key, "provision")}))

    text = saved(made, knowledge, names=Names.ALIASES, progress=progress)
    opened = open_plan_file(text, knowledge)

    again = opened.plan(knowledge)
    assert again == under_aliases(made, "en", knowledge)
    assert [(one.alternative, one.line, one.refused_by) for one in again.choices if one.line] == [
        (one.alternative, one.line, one.refused_by) for one in made.choices if one.line
    ]
    assert {one.chosen for one in again.recommendations} > {""}
    assert [one.on for one in again.schedule.cutovers] == [one.on for one in made.schedule.cutovers]
    assert opened.progress.done == {(again.keys[3], "provision")}
    assert not changed(opened, AS_OF, knowledge).comparison.changes
    for name in ("Ñandú", "Contoso", "pedidos", "más.csv", "no such line", "aaaaaaaa"):
        assert name not in text


def test_a_plan_opened_later_says_which_lines_time_has_changed(
    portfolio: Plan, knowledge: Knowledge
) -> None:
    opened = open_plan_file(saved(portfolio, knowledge), knowledge)

    found = changed(opened, dt.date(2026, 12, 8), knowledge)

    late = {one.line: one for one in found.comparison.changes}
    assert late[3].path == ("MANUAL_AT_TERM_END", "LATE_RENEWAL")
    assert 6 not in late
    assert late[3].key in found.by_day
    assert not found.by_rules
    assert [cause.kind for cause in found.comparison.causes] == ["as-of"]


def test_a_plan_opened_under_other_rules_says_which_lines_they_change(
    portfolio: Plan, knowledge: Knowledge
) -> None:
    opened = open_plan_file(saved(portfolio, knowledge), knowledge)
    tree = json.loads(json.dumps(knowledge.tree))
    figures = tree["rules"]["policies"]["rules"]["P-07"]["figures"]
    for figure in figures.values():
        figure["value"] += 1

    found = changed(opened, AS_OF, Knowledge(tree))

    by_rules = {one.line: one for one in found.comparison.changes}
    assert by_rules[2].cutover[0] != by_rules[2].cutover[1]
    assert by_rules[2].key in found.by_rules
    assert not found.by_day
    assert 6 not in by_rules


FAULTS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda file: file.update(kind="other"), "not_a_plan"),
    (lambda file: file.update(form=2), "newer"),
    (lambda file: file.pop("reading"), "reading is missing"),
    (
        lambda file: file["reading"]["subscriptions"][1].update(end="soon"),
        "reading.subscriptions.2.end",
    ),
    (
        lambda file: file["reading"]["subscriptions"][1].update(line=2),
        "reading.subscriptions.2.line",
    ),
    (
        lambda file: file["reading"]["subscriptions"][0].update(channel="MOON"),
        "subscriptions.1.channel",
    ),
    (lambda file: file["reading"]["subscriptions"][0].update(seats=-1), "subscriptions.1.seats"),
    (
        lambda file: file["reading"]["subscriptions"][0].update(assigned=True),
        "subscriptions.1.assigned",
    ),
    (
        lambda file: file["reading"]["subscriptions"][0].update(colour="red"),
        "subscriptions.1.colour",
    ),
    (lambda file: file["reading"]["set_aside"][0].update(id="no-such"), "reading.set_aside.1.id"),
    (lambda file: file["settings"].update(as_of="0001-01-01"), "settings.as_of"),
    (
        lambda file: file["settings"].update(answers={"where-bought": "MOON"}),
        "settings.answers.where-bought",
    ),
    (
        lambda file: file["settings"].update(policies={"P-99.days": 3}),
        "settings.policies.P-99.days",
    ),
    (lambda file: next(iter(file["outcome"].values())).update(line=99), ".line: 99"),
    (
        lambda file: file["settings"].update(scheduling={"days_off": [9]}),
        "settings.scheduling",
    ),
    (lambda file: file["settings"].update(choices={"x": "fly"}), "settings.choices.x"),
    (lambda file: file["settings"].update(market="Spain"), "settings.market"),
    (lambda file: file["reading"]["parts"][0].update(how="guessed"), "reading.parts.1.how"),
    (
        lambda file: file["reading"]["parts"][0]["columns"][0].update(how="guessed"),
        "reading.parts.1.columns.1.how",
    ),
]


@pytest.mark.parametrize(("break_it", "place"), FAULTS)
def test_a_damaged_plan_file_is_refused_with_its_place(
    break_it: Callable[[dict[str, Any]], Any], place: str, portfolio: Plan, knowledge: Knowledge
) -> None:
    file = json.loads(saved(portfolio, knowledge))
    break_it(file)

    with pytest.raises(Unopenable) as refused:
        open_plan_file(json.dumps(file), knowledge)

    said = [refused.value.sentence(knowledge.words(language)) for language in ("en", "es")]
    assert place in (refused.value.id, *said) or place in said[0]
    assert said[0] != said[1]


@pytest.mark.parametrize(
    "text",
    ["", "sku,end\nVisio,2027-02-28\n", "[1]", "null", "[" * 100_000, '{"a": NaN}', "9" * 9999],
    ids=["empty", "table", "list", "null", "deep", "not-a-number", "long-number"],
)
def test_a_foreign_file_is_refused_as_no_plan_file(text: str, knowledge: Knowledge) -> None:
    with pytest.raises(Unopenable, match="not_a_plan"):
        open_plan_file(text, knowledge)


def test_half_a_plan_file_is_refused_with_the_line_where_it_breaks(
    portfolio: Plan, knowledge: Knowledge
) -> None:
    text = saved(portfolio, knowledge)

    with pytest.raises(Unopenable) as refused:
        open_plan_file(text[: len(text) // 2], knowledge)

    assert refused.value.id == "not_json"
    assert f"line {text[: len(text) // 2].count(chr(10)) + 1}," in refused.value.sentence(
        knowledge.words("en")
    )
