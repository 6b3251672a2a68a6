"""What comes of pasted text: every line planned or set aside, with the reason."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.knowledge import Knowledge
from planner.model import Plan, Problem, Reading
from planner.reading import read

SAMPLES = Path(__file__).parent.parent / "samples"


def problem_of(reading: Reading) -> Problem:
    (problem,) = reading.set_aside
    return problem


def test_headers_may_be_written_in_any_case_with_spaces_or_underscores(
    knowledge: Knowledge,
) -> None:
    reading = read("Channel;SKU;Auto_Renew;CSP sku\nweb mca;Office 365 E3;On;same\n", knowledge)

    (line,) = reading.subscriptions
    assert (line.channel, line.product, line.auto_renew, line.offer) == (
        "WEB_MCA",
        "Office 365 E3",
        "on",
        "same",
    )


@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_a_table_may_use_any_common_delimiter(delimiter: str, knowledge: Knowledge) -> None:
    text = "\n".join(
        delimiter.join(cells) for cells in [("sku", "seats", "end"), ("Visio", "3", "2027-01-31")]
    )

    (line,) = read(text, knowledge).subscriptions

    assert (line.product, line.seats, line.end) == ("Visio", 3, dt.date(2027, 1, 31))


def test_a_cell_may_hold_a_line_break_and_later_lines_keep_their_numbers(
    knowledge: Knowledge,
) -> None:
    reading = read('sku,customer\n"Visio","Two\nlines"\nProject,One\n', knowledge)

    assert [line.line for line in reading.subscriptions] == [2, 4]


def test_byte_order_mark_and_windows_line_ends_change_nothing(knowledge: Knowledge) -> None:
    plain = read("sku,seats\nVisio,3\n", knowledge)
    windows = read("\ufeffsku,seats\r\nVisio,3\r\n", knowledge)

    assert windows == plain


def test_a_json_list_counts_its_entries(knowledge: Knowledge) -> None:
    reading = read('[{"sku": "Visio"}, {"sku": "Project"}]', knowledge)

    assert reading.counts == "entries"
    assert [line.line for line in reading.subscriptions] == [1, 2]


def test_graph_gives_the_day_before_the_next_state_as_last_paid_day(knowledge: Knowledge) -> None:
    text = (SAMPLES / "graph-directory-subscriptions.json").read_text(encoding="utf-8")

    reading = read(text, knowledge)

    assert reading.format_id == "graph.directory.subscriptions"
    first = reading.subscriptions[0]
    assert (first.product, first.seats, first.channel, first.state) == (
        "Microsoft 365 Business Basic",
        25,
        "CSP",
        "active",
    )
    assert first.end == dt.date(2027, 2, 14)
    assert not reading.set_aside


def test_graph_gives_the_end_of_the_stage_while_a_subscription_is_not_active(
    plan_of: Callable[..., Plan],
) -> None:
    text = (
        '{"value": [{"skuPartNumber": "SPB", "totalLicenses": 5, "status": "Warning",'
        ' "nextLifecycleDateTime": "2026-12-20T00:00:00Z"}]}'
    )

    (one,) = plan_of(text).recommendations

    assert one.path == "RECOVER_IN_GRACE"
    assert one.subscription.end is None
    assert one.dates["last_safe_provisioning"] == dt.date(2026, 12, 19)


def test_graph_says_when_its_list_goes_on_elsewhere(knowledge: Knowledge) -> None:
    text = (
        '{"@odata.nextLink": "https://graph.example/next", "value": [{"skuPartNumber": "SPB",'
        ' "totalLicenses": 5, "status": "Enabled", "nextLifecycleDateTime": null}]}'
    )

    assert "more-pages" in [note.id for note in read(text, knowledge).notes]


def test_the_batch_migration_tool_is_read_month_first(knowledge: Knowledge) -> None:
    text = (SAMPLES / "bam-subscriptions.csv").read_text(encoding="utf-8")

    reading = read(text, knowledge)

    assert reading.format_id == "bam.subscriptions"
    assert len(reading.subscriptions) == 9
    first = reading.subscriptions[0]
    assert first.end_printed == dt.date(2027, 2, 3)
    assert first.end == dt.date(2027, 2, 2)  # The file doesn't say which day it means: the earlier.
    assert (first.customer, first.term, first.migration) == ("Contoso Ltd", "P1Y", "possible")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("31/02/2026", "no-such-day"),
        ("2026-02-31", "no-such-day"),
        ("03/04/2027", "ambiguous-date"),
        ("next spring", "not-a-date"),
    ],
)
def test_a_date_that_cannot_be_read_names_its_line_column_and_value(
    cell: str, problem: str, knowledge: Knowledge
) -> None:
    reading = read(f"sku,End date\nVisio,2027-01-31\nProject,{cell}\n", knowledge)

    found = problem_of(reading)
    assert (found.id, found.line, found.column, found.value) == (problem, 3, "End date", cell)
    assert [line.line for line in reading.subscriptions] == [2]


def test_a_date_that_can_be_read_only_one_way_is_read(knowledge: Knowledge) -> None:
    (line,) = read("sku,end\nVisio,28/02/2027\n", knowledge).subscriptions

    assert line.end == dt.date(2027, 2, 28)


@pytest.mark.parametrize("cell", ["", "-", "n/a", "0001-01-01T00:00:00Z", "9999-12-31"])
def test_a_date_that_stands_for_none_is_unknown(cell: str, knowledge: Knowledge) -> None:
    (line,) = read(f"sku,end\nVisio,{cell}\n", knowledge).subscriptions

    assert line.end is None


@pytest.mark.parametrize(("cell", "seats"), [("1.250", 1250), ("1,250", 1250), ("25.0", 25)])
def test_a_license_count_may_be_grouped(cell: str, seats: int, knowledge: Knowledge) -> None:
    (line,) = read(f"sku;seats\nVisio;{cell}\n", knowledge).subscriptions

    assert line.seats == seats


def test_every_fault_of_a_line_is_named_at_once(knowledge: Knowledge) -> None:
    reading = read("sku,channel,seats\nVisio,moon,many\n", knowledge)

    assert [(fault.id, fault.column) for fault in reading.set_aside] == [
        ("not-a-count", "seats"),
        ("unknown-word", "channel"),
    ]


def test_text_that_is_no_table_is_set_aside_as_a_whole(knowledge: Knowledge) -> None:
    found = problem_of(read("\nDear partner,\nplease move us.\n", knowledge))

    assert (found.id, found.line, found.values["last_line"]) == ("no-table", 2, 3)


@pytest.mark.parametrize("text", ["", "  \n\t\n", "\ufeff"])
def test_nothing_pasted_says_so(text: str, knowledge: Knowledge) -> None:
    assert problem_of(read(text, knowledge)).id == "nothing-pasted"


def test_a_header_without_rows_says_so(knowledge: Knowledge) -> None:
    assert problem_of(read("channel,sku,seats\n", knowledge)).id == "no-rows"


def test_json_that_breaks_says_where(knowledge: Knowledge) -> None:
    found = problem_of(read('[{"sku": "Visio"},\n {"sku": ]', knowledge))

    assert (found.id, found.line, found.values["column_number"]) == ("not-json", 2, 10)


def test_json_without_known_keys_names_what_it_found(knowledge: Knowledge) -> None:
    found = problem_of(read('{"name": "Visio"}', knowledge))

    assert (found.id, found.value) == ("unknown-keys", "name")


def test_an_unknown_column_is_named_and_the_lines_are_planned(knowledge: Knowledge) -> None:
    reading = read("sku,Favourite colour\nVisio,blue\n", knowledge)

    assert reading.unused == ("Favourite colour",)
    assert [(note.id, note.column) for note in reading.notes] == [
        ("unknown-column", "Favourite colour")
    ]
    assert len(reading.subscriptions) == 1


def test_lines_above_the_header_are_set_aside(knowledge: Knowledge) -> None:
    reading = read("Report of today\n\nsku,seats\nVisio,3\n", knowledge)

    assert [(fault.id, fault.line) for fault in reading.set_aside] == [("stray-line", 1)]
    assert [line.line for line in reading.subscriptions] == [4]


def test_a_line_with_too_many_cells_is_set_aside(knowledge: Knowledge) -> None:
    found = problem_of(read("sku,seats\nVisio,3,4\n", knowledge))

    assert (found.id, found.value) == ("too-many-cells", "4")


def test_a_line_that_names_nothing_is_set_aside(knowledge: Knowledge) -> None:
    found = problem_of(read("sku,seats\n,45\n", knowledge))

    assert (found.id, found.line) == ("no-product", 2)


def test_a_megabyte_of_noise_is_one_problem(knowledge: Knowledge) -> None:
    noise = "".join(chr(33 + (place * 7919) % 90) for place in range(1_000_000))

    assert len(read(noise, knowledge).set_aside) == 1


@pytest.mark.parametrize("opening", ["[" * 100_000, '{"a":' * 100_000])
def test_deeply_nested_json_is_a_problem_not_a_crash(opening: str, knowledge: Knowledge) -> None:
    assert problem_of(read(opening, knowledge)).id == "not-json"


def test_the_as_of_day_that_every_line_names_is_found(knowledge: Knowledge) -> None:
    same = read("sku,as of\nVisio,2026-12-01\nProject,2026-12-01\n", knowledge)
    mixed = read("sku,as of\nVisio,2026-12-01\nProject,2026-12-02\n", knowledge)

    assert same.as_of == dt.date(2026, 12, 1)
    assert mixed.as_of is None
