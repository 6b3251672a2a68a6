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
    found = problem_of(read('[{"sku": \n "Visio", ]', knowledge))

    assert (found.id, found.line, found.values["column_number"]) == ("not-json", 2, 11)


def test_entries_before_a_break_in_json_are_read(knowledge: Knowledge) -> None:
    wrapped = '{"x": 1, "value": [{"sku": "Visio"},\n {"sk'
    for text in ('[{"sku": "Visio"},\n {"sku": "Pro', wrapped):
        reading = read(text, knowledge)

        assert [line.product for line in reading.subscriptions] == ["Visio"]
        assert [(one.id, one.line) for one in reading.set_aside] == [("json-cut", 2)]
        assert reading.subscriptions[0].line != 2


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


def test_another_tools_export_is_not_taken_for_the_planners_own_table(
    knowledge: Knowledge,
) -> None:
    header = (
        "SubscriptionId,ProductName,Psa,SeatCount,ExpirationDate,PartnerTenantId,SubscriptionName"
    )

    reading = read(f"{header}\n1,Visio,x,3,03/15/2027,y,Visio\n", knowledge)

    assert reading.format_id == "generic.headers"
    assert [(row.seats, row.term_end) for row in reading.rows] == [(3, dt.date(2027, 3, 15))]


def test_an_export_that_shows_no_product_names_its_columns(knowledge: Knowledge) -> None:
    found = problem_of(read("Status,Country,Gadget,Widget\nok,ES,1,2\n", knowledge))

    assert (found.id, found.line) == ("no-product-column", 1)
    assert found.values["found"] == "Status, Country"


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


@pytest.mark.parametrize("word", ["n/a", "-", "--", "\u2013", "?", "None", "no data"])
def test_a_word_for_nothing_is_no_text(word: str, knowledge: Knowledge) -> None:
    (line,) = read(f"sku,id,customer\nVisio,{word},{word}\n", knowledge).subscriptions

    assert (line.subscription_id, line.customer) == ("", "")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_quote_that_nothing_closes_costs_only_its_own_line(
    delimiter: str, knowledge: Knowledge
) -> None:
    rows = ["sku,seats", '"Visio,3', "Project,4", '"Office 365 E3",5', "Planner,6"]
    reading = read("\n".join(rows).replace(",", delimiter), knowledge)

    found = problem_of(reading)
    assert (found.id, found.line) == ("unclosed-quote", 2)
    assert [(line.line, line.seats) for line in reading.subscriptions] == [(3, 4), (4, 5), (5, 6)]


def test_quotes_inside_a_cell_that_work_out_are_read(knowledge: Knowledge) -> None:
    text = 'sku,customer,seats\nVisio,"Fabrikam ""West""",3\nVisio,"Fabrikam" Inc,4\n'
    reading = read(text, knowledge)

    assert not reading.set_aside
    assert [line.customer for line in reading.subscriptions] == ['Fabrikam "West"', "Fabrikam Inc"]


@pytest.mark.parametrize("cell", ["0202-01-31", "1989-12-31", "2201-01-01", "31/12/0027"])
def test_a_day_out_of_range_is_a_problem(cell: str, knowledge: Knowledge) -> None:
    assert problem_of(read(f"sku,end\nVisio,{cell}\n", knowledge)).id == "day-out-of-range"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-02-28T23:30:00-05:00", dt.date(2027, 3, 1)),
        ("2027-03-01T00:30:00+02:00", dt.date(2027, 2, 28)),
        ("2027-03-01T00:59:59+01:00", dt.date(2027, 2, 28)),
        ("2027-02-28T16:00:00-08:00", dt.date(2027, 3, 1)),
        ("2027-02-28T23:59:59.9999999Z", dt.date(2027, 2, 28)),
        ("2027-02-28 23:30", dt.date(2027, 2, 28)),
        ("2027-02-28T06: 41: 12Z", dt.date(2027, 2, 28)),
        ("2/28/2027 12:00:00 AM", dt.date(2027, 2, 28)),
        ("28/02/2027 0:00:00", dt.date(2027, 2, 28)),
    ],
)
def test_a_day_with_a_time_and_a_zone_is_the_day_in_utc(
    cell: str, day: dt.date, knowledge: Knowledge
) -> None:
    (line,) = read(f"sku,end\nVisio,{cell}\n", knowledge).subscriptions

    assert line.end == day


@pytest.mark.parametrize(
    "time",
    [
        *("00:00:00+01:00", "00:00+02:00", "00:00:00.000-05:00", "23:59:59-08:00"),
        *("23:59:59.9999999+01:00", "23:59-08:00", "00:00:00Z", "23:59:59+00:00"),
    ],
)
def test_the_edge_of_a_day_in_the_sellers_zone_is_that_day(time: str, knowledge: Knowledge) -> None:
    (line,) = read(f"sku,end\nVisio,2027-02-28T{time}\n", knowledge).subscriptions

    assert line.end == dt.date(2027, 2, 28)


@pytest.mark.parametrize(
    "cell", ["2027-02-28 or so", "2027-02-28Tx", "2027-02-28T25:00", "2/28/2027 13:00 PM"]
)
def test_what_follows_a_day_must_be_a_time(cell: str, knowledge: Knowledge) -> None:
    assert problem_of(read(f"sku,end\nVisio,{cell}\n", knowledge)).id == "not-a-date"


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "9" * 5000, "2.5"])
def test_a_number_in_json_stays_as_it_was_written(number: str, knowledge: Knowledge) -> None:
    found = problem_of(read(f'[{{"sku": "Visio", "seats": {number}}}]', knowledge))

    assert found.id == "not-a-count"
    assert found.value[:100] == number[:100]


def test_a_grouped_number_of_any_length_is_no_crash(knowledge: Knowledge) -> None:
    assert problem_of(read("sku\tseats\nVisio\t1" + ".000" * 2000, knowledge)).id == "not-a-count"


@pytest.mark.parametrize(
    "text",
    [
        '[{"sku": "Vi\\ud800sio", "\\udfff": "\\ud800", "customer": {"name": "\\udc00"}}]',
        "sku,customer\nVisio,Adatum\ud800\n",
    ],
)
def test_half_a_surrogate_pair_becomes_the_replacement_character(
    text: str, knowledge: Knowledge
) -> None:
    reading = read(text, knowledge)

    assert "\ufffd" in repr(reading)
    assert repr(reading).encode()


def test_headers_of_any_script_are_named(knowledge: Knowledge) -> None:
    reading = read("sku,Клиент,得意先,€\nVisio,a,b,c\n", knowledge)

    assert reading.unused == ("Клиент", "得意先", "€")


@pytest.mark.parametrize("word", ["отключено", "декабрь", "無効", "!"])
def test_a_word_of_another_script_is_not_read_as_nothing(word: str, knowledge: Knowledge) -> None:
    found = problem_of(read(f"sku,auto renew\nVisio,{word}\n", knowledge))

    assert (found.id, found.value) == ("unknown-word", word)


def test_what_stands_below_no_header_is_named_with_its_place(knowledge: Knowledge) -> None:
    reading = read("sku,,seats\nVisio,,3\nProject,2027-01-31,4\n", knowledge)

    (note,) = reading.notes
    assert (note.id, note.line, note.value) == ("unnamed-column", 3, "2027-01-31")
    assert note.values == {"column_number": 2}


def test_the_first_column_of_a_field_that_holds_something_counts(knowledge: Knowledge) -> None:
    reading = read("Seats,seats,Quantity,sku\n,3,,Visio\nn/a,-,4,Project\n", knowledge)

    assert [line.seats for line in reading.subscriptions] == [3, 4]
    assert (reading.mapping["seats"], reading.unused) == ("seats", ())


@pytest.mark.parametrize(
    "text",
    [
        "sku,seats,Quantity\nVisio,3,5\nProject,4,4\n",
        '[{"sku": "Visio", "seats": 3, "Quantity": 5}, {"sku": "Project", "seats": 4}]',
    ],
)
def test_columns_of_one_field_that_disagree_set_the_line_aside(
    text: str, knowledge: Knowledge
) -> None:
    reading = read(text, knowledge)

    found = problem_of(reading)
    assert (found.id, found.column, found.value) == ("columns-disagree", "seats", "3")
    assert found.values == {"other_column": "Quantity", "other_value": "5"}
    assert [line.product for line in reading.subscriptions] == ["Project"]


def test_a_header_or_key_twice_disagrees_too(knowledge: Knowledge) -> None:
    table = read("sku,Seats,seats\nVisio,3,5\n", knowledge)
    json_text = read('[{"sku": "Visio", "seats": 3, "seats": 5}]', knowledge)

    assert problem_of(table).id == problem_of(json_text).id == "columns-disagree"


def test_columns_that_say_the_same_in_other_words_agree(knowledge: Knowledge) -> None:
    text = (
        "sku,end,start,start date,auto renew,autorenewenabled\n"
        "Visio,2027-02-12,2026-02-13,13/02/2026,on,True\n"
    )
    reading = read(text, knowledge)

    assert len(reading.subscriptions) == 1
    assert reading.unused == ("start date", "autorenewenabled")
    assert {note.id for note in reading.notes} == {"unneeded-column"}


@pytest.mark.parametrize("name", ["graph-directory-subscriptions.json", "bam-subscriptions.csv"])
def test_a_known_export_has_nothing_to_note(name: str, knowledge: Knowledge) -> None:
    reading = read((SAMPLES / name).read_text(encoding="utf-8"), knowledge)

    assert (reading.notes, reading.unused, reading.set_aside) == ((), (), ())


def test_an_id_and_a_name_of_one_product_agree(knowledge: Knowledge) -> None:
    text = "sku,product\nENTERPRISEPACK,Office 365 Enterprise E3\nENTERPRISEPACK,Visio Plan 2\n"
    reading = read(text, knowledge)

    assert [line.line for line in reading.subscriptions] == [2]
    assert problem_of(reading).id == "columns-disagree"


def test_a_column_to_fall_back_on_may_say_something_else(knowledge: Knowledge) -> None:
    text = "sku,subscription id,id,partner market,market\nVisio,abc,1,US,FR\n"
    (line,) = read(text, knowledge).subscriptions

    assert (line.subscription_id, line.partner_market, line.customer_market) == ("abc", "US", "FR")


@pytest.mark.parametrize(
    ("header", "cell", "field", "meaning"),
    [
        ("term", "3 year", "term", "P3Y"),
        ("term", "12 month", "term", "P1Y"),
        ("term", "1 years", "term", "P1Y"),
        ("term", "P12M", "term", "P1Y"),
        ("term", "P36M", "term", "P3Y"),
        ("status", "Cancelled", "state", "cancelled"),
        ("status", "Canceled", "state", "cancelled"),
    ],
)
def test_words_of_exports_are_known(
    header: str, cell: str, field: str, meaning: str, knowledge: Knowledge
) -> None:
    (line,) = read(f"sku,{header}\nVisio,{cell}\n", knowledge).subscriptions

    assert getattr(line, field) == meaning


def test_three_digits_after_one_separator_are_thousands(knowledge: Knowledge) -> None:
    reading = read("sku;seats\nVisio;25.000\nVisio;1.250\nVisio;25.00\n", knowledge)

    assert [line.seats for line in reading.subscriptions] == [25000, 1250, 25]


def test_a_line_that_stands_for_no_subscription_is_set_aside(knowledge: Knowledge) -> None:
    assert problem_of(read("sku,lines\nVisio,0\n", knowledge)).id == "count-of-nothing"


def test_more_days_than_can_be_counted_are_a_problem(knowledge: Knowledge) -> None:
    found = problem_of(read("sku,duration days\nVisio,999999999\n", knowledge))

    assert found.id == "too-many-days"


@pytest.mark.parametrize(
    "text",
    [
        "| sku | seats |\n|---|:--|\n| Visio | 3 |\n|  | 4 |\n",
        "sku | seats\n--- | ---:\nVisio | 3\n | 4\n",
    ],
)
def test_a_markdown_table_is_read(text: str, knowledge: Knowledge) -> None:
    reading = read(text, knowledge)

    assert [(line.line, line.product, line.seats) for line in reading.subscriptions] == [
        (3, "Visio", 3)
    ]
    assert (problem_of(reading).id, problem_of(reading).line) == ("no-product", 4)


@pytest.mark.parametrize(
    ("text", "problem", "value"),
    [
        ("[]", "no-entries", ""),
        ('{"value": []}', "no-entries", ""),
        ("{}", "stray-entry", "{}"),
        ("[1]", "stray-entry", "1"),
        ("[null]", "stray-entry", "null"),
        ('[""]', "stray-entry", '""'),
    ],
)
def test_json_without_subscriptions_says_what_is_wrong(
    text: str, problem: str, value: str, knowledge: Knowledge
) -> None:
    found = problem_of(read(text, knowledge))

    assert (found.id, found.value) == (problem, value)


def test_every_stray_entry_is_named(knowledge: Knowledge) -> None:
    reading = read("[1, 2]", knowledge)

    assert reading.counts == "entries"
    assert [found.line for found in reading.set_aside] == [1, 2]


def test_a_title_that_uses_one_word_of_the_header_is_no_header(knowledge: Knowledge) -> None:
    reading = read("Product;Report 2026\n\nsku;seats;end\nVisio;3;2027-01-31\n", knowledge)

    assert problem_of(reading).line == 1
    assert [line.line for line in reading.subscriptions] == [4]


@pytest.mark.parametrize("second", ["2026-12-02", "soon", ""])
def test_lines_that_do_not_agree_on_the_day_are_noted(second: str, knowledge: Knowledge) -> None:
    reading = read(f"sku,as of\nVisio,2026-12-01\nProject,{second}\n", knowledge)

    assert reading.as_of is None
    assert [(note.id, note.line, note.column) for note in reading.notes] == [
        ("as-of-unclear", 3, "as of")
    ]
    assert len(reading.subscriptions) == 2


def test_a_table_below_broken_json_keeps_its_lines(knowledge: Knowledge) -> None:
    text = '[{"x": 1}]\n{"note": [\nsku,seats\nVisio,3\nProject,}\nPlanner,4\n'

    reading = read(text, knowledge)

    assert [line.line for line in reading.subscriptions] == [4, 6]
    assert {("not-json", 2), ("not-a-count", 5)} <= {
        (one.id, one.line) for one in reading.set_aside
    }
