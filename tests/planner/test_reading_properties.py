"""What holds for any paste: found by Hypothesis, not by example."""

import csv
import datetime as dt
import io
import json
from html import escape
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.model import Reading, Settings
from planner.planning import plan_reading
from planner.reading import File, read
from planner.writing.contract import plan_object

KNOWLEDGE = Knowledge(read_folder(DATA))


def signatures_of(stated: dict[str, Any]) -> list[list[str]]:
    """Return every least set of headers that shows a format."""
    signature = stated["signature"]
    return [
        [*one.get("all_of", ()), *also]
        for one in (signature if isinstance(signature, list) else [signature])
        for also in ([[key] for key in one["any_of"]] if "any_of" in one else [[]])
    ]


settings.register_profile("reading", max_examples=200, deadline=None, derandomize=True)

TABULAR = sorted(
    (
        one
        for name, one in KNOWLEDGE.tree["formats"].items()
        if name not in {"values", "generic-headers", "planner-table"}
        and "table" in one["containers"]
        and one.get("role", "subscriptions") in {"subscriptions", "counts"}
        and "each" not in one  # A cell of theirs holds lists; their samples are read elsewhere.
    ),
    key=lambda one: one["format_id"],
)
SIGNED = [(one, signature) for one in TABULAR for signature in signatures_of(one)]
DAYS = st.dates(dt.date(2024, 1, 13), dt.date(2031, 12, 31))
WRITTEN = {
    "%Y-%m-%d": "",
    "%d.%m.%Y": "day-first",
    "%d/%m/%Y 0:00:00": "day-first",
    "%m/%d/%Y 12:00:00 AM": "month-first",
}
THOUSANDS = {
    "%Y-%m-%d": "",
    "%d.%m.%Y": ".",
    "%d/%m/%Y 0:00:00": "\u202f",
    "%m/%d/%Y 12:00:00 AM": ",",
}
IDENTITIES = {
    "product_name": "Visio",
    "sku_part_number": "VISIO",
    "legacy_offer_id": "MS-AZR-0145P",
}
PIECES = st.sampled_from(
    [
        *(
            "sku",
            "seats",
            "Product",
            "end",
            "\n",
            "\n\n",
            ",",
            ";",
            "\t",
            "|",
            '"',
            "{",
            "}",
            "[",
            "]",
        ),
        *(" : ", "---", "PS C:\\>", "Total", "sep=;", "#TYPE x", '{"sku": "Visio"}', "Visio", "3"),
        *("2027-01-31", "03/04/2027", "\x00", "\ufeff", "\u202f", "é", "eyJ", "TermInfo", "..."),
    ]
)


def accounts(reading: Reading) -> None:
    """Check that a reading accounts for its lines, each under one number alone."""
    made = plan_object(plan_reading(reading, Settings(dt.date(2026, 11, 23)), KNOWLEDGE))
    counted = made["reading"]
    assert counted["lines"] == counted["planned"] + counted["merged"] + counted["set_aside"]
    lines = [line.line for line in reading.subscriptions]
    assert len(lines) == len({*lines})
    assert {*lines}.isdisjoint(problem.line for problem in reading.set_aside)


@settings(settings.get_profile("reading"))
@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_any_text_gives_a_reading(text: str) -> None:
    accounts(read(text, KNOWLEDGE))


@settings(settings.get_profile("reading"))
@given(st.binary(max_size=400))
def test_any_bytes_give_a_reading(raw: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"sku,seats\n"):
        accounts(read(File("x", start + raw), KNOWLEDGE))


@settings(settings.get_profile("reading"))
@given(
    st.sampled_from(SIGNED),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(sorted(WRITTEN)),
    st.lists(st.tuples(st.integers(1, 9999), DAYS), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
def test_what_is_written_as_an_export_is_read_back(
    signed: tuple[dict[str, Any], list[str]],
    delimiter: str,
    pattern: str,
    lines: list[tuple[int, dt.date]],
    random: Random,
) -> None:
    stated, signature = signed
    fields = stated["fields"]
    thousands = THOUSANDS[pattern]
    if stated.get("dates", "") not in {"", WRITTEN[pattern]}:
        pattern = "%Y-%m-%d"
    lines = [*lines, (7, dt.date(2027, 10, 25))]  # A day that leaves no choice.
    shown = [name for name in ("seats", "term_end", "next_lifecycle_date") if name in fields]
    column = {name: source["from"][0] for name, source in fields.items()}
    named = {column[name]: cell for name, cell in IDENTITIES.items() if name in column}
    headers = [*signature, "an extra one", *named, *(column[name] for name in shown)]
    if "subscription_id" in column:
        headers.append(column["subscription_id"])
    headers = list(dict.fromkeys(headers))
    random.shuffle(headers)
    text = io.StringIO()
    writer = csv.DictWriter(text, headers, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    for number, (seats, day) in enumerate(lines):
        # Each is a subscription of its own, or invoices would add them up.
        own = {column.get("subscription_id", ""): f"subscription {number}"}
        cells = {column[name]: day.strftime(pattern) for name in shown}
        counted = (
            {column["seats"]: f"{seats:,}".replace(",", thousands)} if "seats" in shown else {}
        )
        writer.writerow(own | named | cells | counted)

    reading = read(text.getvalue(), KNOWLEDGE)

    assert reading.format_id == stated["format_id"]
    assert [row.line for row in reading.rows] == list(range(2, len(lines) + 2))
    for name in shown:
        said = [seats if name == "seats" else day for seats, day in lines]
        if not fields[name].get("only_if"):
            assert [getattr(row, name) for row in reading.rows] == said


@settings(settings.get_profile("reading"))
@given(
    st.lists(st.tuples(st.integers(0, 10**6), DAYS), min_size=1, max_size=5),
    st.sampled_from(["lines", "list"]),
)
def test_json_and_json_lines_are_read_back(lines: list[tuple[int, dt.date]], shape: str) -> None:
    entries = [{"sku": "Visio", "seats": seats, "end": day.isoformat()} for seats, day in lines]
    text = (
        "\n".join(map(json.dumps, entries)) if shape == "lines" else json.dumps({"value": entries})
    )

    reading = read(text, KNOWLEDGE)

    assert [(line.seats, line.end) for line in reading.subscriptions] == lines


NAMES = st.text("aZ9<>&;\"'ñé(/", min_size=1, max_size=12)


@settings(settings.get_profile("reading"))
@given(st.lists(st.tuples(st.integers(1, 9999), DAYS), min_size=1, max_size=5), st.data())
def test_nul_characters_anywhere_change_nothing(
    lines: list[tuple[int, dt.date]], data: st.DataObject
) -> None:
    plain = "sku,seats,end\n" + "".join(f"Visio,{seats},{day}\n" for seats, day in lines)
    # Many in every second place of a file would say that it is UTF-16.
    places = data.draw(st.sets(st.integers(0, len(plain)), min_size=1, max_size=3))
    text = plain
    for place in sorted(places, reverse=True):
        text = text[:place] + "\x00" + text[place:]

    assert read(text, KNOWLEDGE) == read(plain, KNOWLEDGE)
    assert read(File("x", text.encode()), KNOWLEDGE).rows == read(plain, KNOWLEDGE).rows


@settings(settings.get_profile("reading"))
@given(st.lists(st.tuples(NAMES, st.integers(1, 9999), DAYS), min_size=1, max_size=5))
def test_a_table_reads_the_same_as_a_page_shows_it(
    lines: list[tuple[str, int, dt.date]],
) -> None:
    rows = [("sku", "seats", "end"), *((f"x {name}", seats, day) for name, seats, day in lines)]
    page = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )

    reading = read(f"<html><table>{page}</table></html>", KNOWLEDGE)

    assert [(line.seats, line.end) for line in reading.subscriptions] == [
        (seats, day) for _, seats, day in lines
    ]
    assert [row.product_name for row in reading.rows] == [f"x {name}" for name, _, _ in lines]
