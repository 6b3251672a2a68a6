"""The door for the page: always an answer, and the same plan as the command line's."""

import base64
import datetime as dt
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from planner import browser
from planner.browser import Door
from planner.knowledge import Knowledge
from planner.planning import plan_pasted
from planner.workspace import Workspace
from planner.writing.contract import plan_json
from planner.writing.exports import Export

TEXT = "sku,as of\nVisio,2026-12-01\n"
LINES = (
    "customer,sku,channel,start,end,term,seats\n"
    "Zenith,Visio Plan 2,WEB_MCA,2026-03-01,2027-02-28,P1Y,5\n"
    "Álamo,Office 365 E3,WEB_MOSA,2026-01-16,2027-01-15,P1Y,40\n"
    "Zenith,Office 365 E1,CSP_OTHER_NCE,2025-03-10,2028-03-09,P3Y,\n"
    "Borea,Office 365 E3,,2026-06-01,2027-05-31,P1Y,3\n"
)

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask the door of an English page."""
    monkeypatch.setattr(browser, "_door", Door(knowledge))

    def asking(kind: str, **payload: Any) -> dict[str, Any]:
        request = json.dumps({"id": 7, "kind": kind, "payload": payload})
        answer: dict[str, Any] = json.loads(browser.handle(request))
        assert answer["id"] == 7
        return answer

    asking("begin", language="en", rules_url="../rules/")
    return asking


@pytest.fixture
def planned(ask: Ask) -> Ask:
    """Ask the door of a page on which four lines are planned."""
    ask("set", as_of="2026-11-23")
    ask("read", sources=[{"name": "", "text": LINES}])
    assert ask("plan")["lines"] == 4
    return ask


def plan_of(ask: Ask, text: str, **settings: Any) -> dict[str, Any]:
    ask("set", **settings)
    ask("read", sources=[{"name": "", "text": text}])
    ask("plan")
    return dict(json.loads(ask("export", export="json")["files"][0]["text"]))


def ticked(html: str) -> list[str]:
    return re.findall(r'data-mark="([^"]+)"[^>]* checked', html)


def lines_of(rows: dict[str, Any]) -> list[int]:
    return [int(line) for line in re.findall(r'data-line="(\d+)"', rows["html"])]


def rows(ask: Ask, **query: Any) -> list[int]:
    return lines_of(ask("rows", **{"from": 0, "to": 50}, **query))


def test_a_day_that_the_reader_chose_counts_more_than_the_one_pasted(ask: Ask) -> None:
    assert plan_of(ask, TEXT, as_of="2027-01-01")["as_of"] == "2027-01-01"


@pytest.mark.parametrize("settings", [{}, {"as_of": ""}])
def test_without_a_chosen_day_the_one_that_all_lines_name_counts(
    ask: Ask, settings: dict[str, str]
) -> None:
    assert plan_of(ask, TEXT, **settings)["as_of"] == "2026-12-01"
    assert "because every line names this day" in ask("summary")["html"]


def test_without_any_day_it_is_today(ask: Ask) -> None:
    today = dt.datetime.now(dt.UTC).date()

    assert plan_of(ask, "sku\nVisio\n")["as_of"] in {
        today.isoformat(),
        (today + dt.timedelta(days=1)).isoformat(),
    }


def test_the_examples_day_goes_with_the_example_alone(ask: Ask) -> None:
    ask("read", sources=[{"name": "", "text": LINES, "as_of": "2026-10-05"}])
    assert ask("plan")["as_of"] == "2026-10-05"
    ask("read", sources=[{"name": "", "text": LINES}])
    assert ask("plan")["as_of"] > "2026-10-05"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"as_of": "soon"}, "This isn't a date."),
        ({"as_of": "9999-12-31"}, "The year can't be right."),
        ({"as_of": "0002-01-01"}, "The year can't be right."),
        ({"market": "Germany"}, "This isn't a country code."),
        ({"policies": {"P-02.relationship_request_lead": "many"}}, "isn't a number of days"),
    ],
)
def test_a_setting_that_cannot_be_used_gets_a_sentence_and_changes_nothing(
    planned: Ask, setting: dict[str, Any], sentence: str
) -> None:
    before = planned("summary")["html"]
    answer = planned("set", **setting)

    assert not answer["ok"]
    assert sentence in answer["say"]
    assert planned("summary")["html"] == before


@pytest.mark.parametrize("as_of", ["1990-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_can_be_planned_on(ask: Ask, as_of: str) -> None:
    text = "sku,channel,start,end,term,auto renew\n" + "".join(
        f"Visio,CSP_OTHER_NCE,{start},{end},P1M,on\n"
        for start in ("1990-01-01", "2200-12-31", "")
        for end in ("1990-01-01", "2200-12-31", "")
    )

    assert not plan_of(ask, text, as_of=as_of)["problems"]
    for kind in ("month", "quarter"):
        assert ask("timeline", zoom=kind)["ok"]
        assert ask("lanes", zoom=kind, **{"from": 0, "to": 20})["ok"]
    assert all(ask("detail", line=line)["ok"] for line in rows(ask))


def test_what_breaks_is_said_without_repeating_what_was_pasted(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(TEXT)

    monkeypatch.setattr(Workspace, "read", broken)
    answer = ask("read", sources=[{"name": "", "text": "sku,customer\nVisio,Contoso\n"}])

    assert answer["reason"] == "other"
    assert answer["detail"].startswith("KeyError, test_browser.py:")
    assert "Contoso" not in json.dumps(answer)


def test_half_a_surrogate_pair_changes_no_byte_between_page_and_command_line(
    ask: Ask, knowledge: Knowledge
) -> None:
    text = '[{"sku": "Visio\\ud800", "customer": "\\udfff", "end": "2027-01-31"}]'
    day = dt.date(2026, 11, 23)
    ask("set", as_of=day.isoformat())
    ask("read", sources=[{"name": "", "text": text}])
    ask("plan")

    written = ask("export", export="json")["files"][0]["text"]

    assert written.encode()
    assert written == plan_json(plan_pasted(text, day, knowledge))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(browser, "_door", Door(knowledge))
    sources = [{"name": "list.csv", "bytes": 0}]
    request = json.dumps({"id": 1, "kind": "read", "payload": {"sources": sources}})

    answer = json.loads(browser.handle(request, [LINES.encode(encoding)]))

    assert answer["understood"] == 4
    assert "Álamo" in answer["html"]


def test_what_cannot_be_asked_yet_says_so(ask: Ask) -> None:
    assert ask("summary")["reason"] == "nothing"
    assert ask("plan")["reason"] == "nothing"


def test_how_far_a_long_plan_is_can_be_heard(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_PAUSE", 0.0)
    ask("read", sources=[{"name": "", "text": LINES}])
    heard: list[tuple[int, int, int]] = []
    request = json.dumps({"id": 3, "kind": "plan", "payload": {}})

    browser.handle(request, (), lambda *said: heard.append(said))

    assert heard == [(3, done, 4) for done in range(4)]


# The table


def test_rows_are_sorted_either_way_with_unknown_values_last(planned: Ask) -> None:
    assert rows(planned, sort="seats") == [5, 2, 3, 4]
    assert rows(planned, sort="-seats") == [3, 2, 5, 4]


def test_names_are_sorted_without_regard_to_accents(planned: Ask) -> None:
    assert rows(planned, sort="customer") == [3, 5, 2, 4]


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ({"text": "alamo"}, [3]),
        ({"text": "office zenith"}, [4]),
        ({"customer": "zenith"}, [2, 4]),
        ({"path": "MANUAL_ANYTIME"}, [3]),
        ({"question": "where-bought"}, [5]),
        ({"due": "soon"}, [3]),
        ({"text": "nothing has this"}, []),
    ],
)
def test_filters_find_their_lines(planned: Ask, query: dict[str, str], lines: list[int]) -> None:
    assert rows(planned, **query) == lines


def test_typing_on_and_deleting_find_what_the_words_alone_would(planned: Ask) -> None:
    typed = ["o", "of", "office", "office z", "office", "", "visio", "office", "office e1"]

    assert [rows(planned, text=text) for text in typed] == [
        [2, 3, 4, 5],
        [3, 4, 5],
        [3, 4, 5],
        [4],
        [3, 4, 5],
        [2, 3, 4, 5],
        [2],
        [3, 4, 5],
        [4],
    ]
    assert rows(planned, text="office", customer="zenith") == [4]
    assert rows(planned, text="office", sort="-seats") == [3, 5, 4]


def test_a_row_that_was_written_before_shows_what_changed_since(planned: Ask) -> None:
    def row() -> str:
        shown = planned("rows", columns=["done", "note"], **{"from": 0, "to": 1})
        return str(shown["html"])

    assert "0 of " in row()
    planned("mark", lines=[2], step="inventory", done=True)
    assert "1 of " in row()
    planned("note", lines=[2], text="Ask Ana")
    assert "Ask Ana" in row()
    planned("undo")
    planned("undo")
    assert "0 of " in row()
    assert "Ask Ana" not in row()
    assert 'data-column="seats"' in planned("rows", **{"from": 0, "to": 1})["html"]


def test_a_chosen_filter_is_on_offer_though_no_line_has_it_any_more(planned: Ask) -> None:
    html = planned("table", path="CHANNEL_TRANSFER")["html"]

    assert re.search(r'<option value="CHANNEL_TRANSFER" selected>', html)


def test_a_question_that_was_answered_stays_on_offer_while_it_filters(planned: Ask) -> None:
    planned("answer", question="where-bought", value="EA")
    html = planned("table", question="where-bought")["html"]

    assert re.search(r'<option value="where-bought" selected>', html)


def test_forgetting_leaves_nothing_that_lines_were_judged_by(planned: Ask) -> None:
    workspace = browser._open().workspace
    assert workspace.knowledge._on
    planned("forget")
    assert not workspace.knowledge._on


def test_a_line_is_blocked_has_something_to_do_first_or_is_clear(ask: Ask) -> None:
    """A relationship that a step of the plan asks for stops nothing; another market does."""
    text = LINES.replace("seats\n", "seats,market\n").replace("P1Y,3\n", "P1Y,3,US/FR\n")
    plan_of(ask, text, as_of="2026-11-23")

    assert rows(ask, hold="first") == [4]
    assert rows(ask, hold="blocked") == [5]
    assert rows(ask, hold="clear") == [2, 3]
    assert 'data-filter="hold" data-value="first"><strong>1<' in ask("summary")["html"]


def test_what_comes_first_is_shown_as_something_to_do_until_it_is_done(planned: Ask) -> None:
    assert 'data-kind="first"' in planned("detail", line=4)["html"]
    planned("mark", lines=[4], step="accept-relationship", done=True)

    assert rows(planned, hold="first") == []
    assert 'data-kind="first"' not in planned("detail", line=4)["html"]
    planned("undo")
    assert rows(planned, hold="first") == [4]


def test_a_customers_lines_stand_under_its_heading(planned: Ask) -> None:
    answer = planned("rows", group="customer", sort="customer", **{"from": 0, "to": 50})

    assert answer["total"] == 7
    names = re.findall(r'data-customer="([^"]*)"|data-line="(\d+)"', answer["html"])
    assert [name or line for name, line in names] == [
        "álamo",
        "3",
        "borea",
        "5",
        "zenith",
        "2",
        "4",
    ]


def test_lines_without_a_customer_are_chosen_like_those_of_one(ask: Ask) -> None:
    plan_of(ask, LINES.replace("Borea", ""), as_of="2026-11-23")
    unnamed, chosen = re.findall(
        r'<option value="([^"]+)"( selected)?>Without a customer', ask("table")["html"]
    )[0]

    assert not chosen
    assert rows(ask, customer=unnamed) == [5]
    assert (
        f'data-value="{unnamed}"'
        in ask("lanes", zoom="quarter", group="customer", customer=unnamed, **{"from": 0, "to": 9})[
            "html"
        ]
    )


def test_one_customer_alone_is_no_choice(ask: Ask) -> None:
    """Nothing seems to be left out where no line names its customer."""
    plan_of(ask, re.sub("Zenith|Álamo|Borea", "", LINES), as_of="2026-11-23")

    assert 'name="customer"' not in ask("table")["html"]


def test_the_deadlines_to_choose_from_say_how_many_days_they_cover(planned: Ask) -> None:
    offered = planned("table")["html"]

    for said in ("within 30 days", "in 31 to 90 days", "later than 90 days"):
        assert f">{said}<" in offered
    assert "with a deadline within 30 days" in planned("summary")["html"]


def test_only_the_rows_asked_for_are_written(planned: Ask) -> None:
    answer = planned("rows", **{"from": 1, "to": 3})

    assert lines_of(answer) == [3, 4]
    assert answer["total"] == 4


def test_chosen_columns_are_written_and_unknown_ones_are_not(planned: Ask) -> None:
    answer = planned("table", columns=["gap", "seats", "shoe-size"])

    assert answer["columns"] == ["seats", "gap"]
    assert re.findall(r'data-column="(\w+)"', answer["html"]) == ["product", "seats", "gap"]


# Questions, ticks, notes, undo


def test_an_answer_changes_the_plan_and_undo_brings_it_back(planned: Ask) -> None:
    before = json.loads(planned("export", export="json")["files"][0]["text"])
    answer = planned("answer", question="where-bought", value="CSP_OTHER_NCE")

    assert answer["replanned"]
    after = json.loads(planned("export", export="json")["files"][0]["text"])
    assert after["recommendations"][3]["path"] != before["recommendations"][3]["path"]
    assert planned("undo")["undone"] == "answer"
    assert json.loads(planned("export", export="json")["files"][0]["text"]) == before


def test_a_question_says_how_many_lines_wait_and_what_is_assumed(planned: Ask) -> None:
    html = planned("questions")["html"]

    assert "1 line depends on it." in html
    assert "The plan assumes bought directly from Microsoft" in html
    planned("answer", question="where-bought", value="EA")
    assert "Answered by you." in planned("questions")["html"]


def test_a_tick_shows_in_the_line_the_table_and_the_agenda(planned: Ask) -> None:
    answer = planned("mark", lines=[2], step="inventory", done=True)

    assert not answer["replanned"]
    assert re.search(
        r'data-mark="inventory" data-lines="2" checked', planned("detail", line=2)["html"]
    )
    assert "1 of " in planned("rows", **{"from": 0, "to": 1}, columns=["done"])["html"]
    assert re.search(
        r'data-mark="inventory" data-entry="\d+" checked',
        planned("agenda", **{"from": 0, "to": 100})["html"],
    )
    assert planned("undo")["undone"] == "mark"
    assert not ticked(planned("detail", line=2)["html"])


def test_a_tick_in_the_agenda_counts_for_all_the_lines_of_its_entry(planned: Ask) -> None:
    agenda = json.loads(planned("export", export="json")["files"][0]["text"])["agenda"]
    place, entry = next((at, one) for at, one in enumerate(agenda) if len(one["lines"]) > 1)

    planned("mark", step=entry["step"], done=True, entry=place)

    for line in (2, 3, 4, 5):
        ticked = re.findall(
            r'data-mark="([-a-z]+)" data-lines="\d+" checked', planned("detail", line=line)["html"]
        )
        assert ticked == ([entry["step"]] if line in entry["lines"] else [])


def test_ticks_and_notes_stay_with_their_subscription_when_lines_move(planned: Ask) -> None:
    planned("mark", lines=[3], step="inventory", done=True)
    planned("note", lines=[3], text="Ask Ana")
    header, *lines = LINES.splitlines(keepends=True)
    planned("read", sources=[{"name": "", "text": header + "".join(reversed(lines))}])
    planned("plan")

    assert "Ask Ana" in planned("detail", line=4)["html"]
    assert "Ask Ana" not in planned("detail", line=3)["html"]
    assert ticked(planned("detail", line=4)["html"])


def test_a_note_keeps_its_line_breaks_and_runs_nothing(planned: Ask) -> None:
    planned("note", lines=[2], text="one\n<script>two</script>")
    html = planned("detail", line=2)["html"]

    assert "one\n&lt;script&gt;two" in html


def test_a_change_that_changes_nothing_leaves_nothing_to_undo(planned: Ask) -> None:
    undo = planned("set", as_of="2026-11-23")["undo"]

    assert planned("set", as_of="2026-11-23")["journal"] is None
    assert planned("set", as_of="2026-11-23")["undo"] == undo


def test_another_worker_goes_on_from_the_journal(planned: Ask) -> None:
    changes = [
        planned("answer", question="where-bought", value="EA")["journal"],
        planned("mark", lines=[2, 3], step="inventory", done=True)["journal"],
        planned("note", lines=[5], text="later")["journal"],
    ]
    kinds = ("summary", "questions", "detail")
    before = [planned(kind, line=5)["html"] for kind in kinds]
    planned("begin", language="en", rules_url="../rules/", settings={"as_of": "2026-11-23"})
    planned("resume", sources=[{"name": "", "text": LINES}], changes=changes)

    assert [planned(kind, line=5)["html"] for kind in kinds] == before
    assert planned("undo")["undone"] == "note"


def test_a_lead_time_of_ones_own_moves_days_and_ours_comes_back(planned: Ask) -> None:
    figure = "P-02.relationship_request_lead"
    before = planned("detail", line=2)["html"]
    planned("set", policies={figure: "20"})

    assert planned("detail", line=2)["html"] != before
    assert re.search(rf'name="{figure}"[^>]* value="20" data-changed', planned("settings")["html"])
    assert planned("set", policies={figure: ""})["settings"]["policies"] == {}
    assert planned("detail", line=2)["html"] == before


def test_settings_kept_from_before_leave_nothing_to_undo(ask: Ask) -> None:
    settings = {"market": "ES", "as_of": "rubbish", "policies": {"P-99.none": 3}}
    answer = ask("begin", language="es", rules_url="", settings=settings)

    assert answer["settings"]["market"] == "ES"
    assert answer["settings"]["as_of"] == ""
    assert answer["undo"] == ""


def test_forgetting_leaves_nothing(planned: Ask) -> None:
    planned("note", lines=[2], text="secret")
    planned("forget")

    assert planned("detail", line=2)["reason"] == "nothing"
    assert planned("undo")["undone"] == ""
    planned("read", sources=[{"name": "", "text": LINES}])
    planned("plan")
    assert "secret" not in planned("detail", line=2)["html"]


# The timeline


def test_a_lane_says_in_words_what_it_shows(planned: Ask) -> None:
    html = planned("lanes", zoom="month", **{"from": 0, "to": 1})["html"]

    (said,) = re.findall(r'aria-label="([^"]*)"', html)
    assert "Paid until February 28, 2027." in said
    assert "Paid twice from February 25, 2027 to February 28, 2027." in said
    assert "Provision in CSP: February 25, 2027." in said
    assert "Data kept until May 29, 2027." in said


def test_a_customers_lane_counts_its_lines(planned: Ask) -> None:
    answer = planned(
        "lanes", zoom="quarter", group="customer", sort="customer", **{"from": 0, "to": 9}
    )

    assert answer["total"] == 3
    assert answer["html"].count('class="lane-row"') == 3
    assert "2 lines" in answer["html"]


def test_a_customers_lane_shows_the_lines_that_the_filters_leave(planned: Ask) -> None:
    filters = {"customer": "zenith", "text": "visio"}
    shown = {"zoom": "quarter", "group": "customer", "from": 0, "to": 9}
    (said,) = re.findall(r'aria-label="([^"]*)"', planned("lanes", **filters, **shown)["html"])

    assert "Paid until February 28, 2027." in said
    # The other line of this customer.
    assert "2028" not in said


def test_every_view_speaks_every_language(planned: Ask, knowledge: Knowledge) -> None:
    shown = {"from": 0, "to": 20, "zoom": "month", "line": 2}
    kinds = (
        "summary",
        "questions",
        "agenda",
        "table",
        "rows",
        "timeline",
        "lanes",
        "detail",
        "settings",
    )
    for language in knowledge.languages:
        planned("begin", language=language, rules_url="", settings={"as_of": "2026-11-23"})
        planned("resume", sources=[{"name": "", "text": LINES}], changes=[])
        for kind in kinds:
            answer = planned(kind, **shown)
            assert answer["ok"], (language, kind, answer)


def test_warming_up_leaves_no_trace(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_door", Door(knowledge))
    browser.warm()
    answer = json.loads(browser.handle('{"id": 1, "kind": "summary", "payload": {}}'))

    assert answer["reason"] == "nothing"


def test_practice_leaves_the_readers_plan_as_it_stands(planned: Ask) -> None:
    before = planned("export", export="json")
    browser._practice.cache_clear()
    while not browser.practise():
        pass
    assert planned("export", export="json")["files"] == before["files"]


# The image of memory


@pytest.fixture
def warmed(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python as it is when its memory is kept."""
    monkeypatch.setattr(browser, "_door", Door(knowledge))
    browser._proof.cache_clear()
    browser.warm()


@pytest.mark.usefixtures("warmed")
def test_each_start_from_an_image_has_random_numbers_of_its_own() -> None:
    state = random.getstate()
    assert browser.wake()
    first = random.random()  # noqa: S311 - not for secrets
    random.setstate(state)
    assert browser.wake()
    assert random.random() != first  # noqa: S311


@pytest.mark.usefixtures("warmed")
def test_an_image_that_plans_otherwise_is_not_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "plan_json", lambda _: "something else")
    assert not browser.wake()


def test_another_way_can_be_chosen_and_taken_back(planned: Ask) -> None:
    """The plan follows, the sheet says whose choice it is, and undo brings the plan back."""
    before = planned("export", export="json")["files"][0]["text"]
    ways = re.findall(
        r'data-choose="2" value="([^"]*)"( checked)?', planned("detail", line=2)["html"]
    )
    assert ("", " checked") in ways
    other = next(way for way, checked in ways if not checked)

    answer = planned("choose", lines=[2], alternative=other)

    assert answer["replanned"]
    assert answer["undo"] == "Undo the choice"
    assert answer["journal"]["payload"]["alternative"] == other
    assert planned("export", export="json")["files"][0]["text"] != before
    html = planned("detail", line=2)["html"]
    assert f'value="{other}" checked' in html
    assert "Your choice" in html
    assert "Recommended" in html
    planned("undo")
    assert planned("export", export="json")["files"][0]["text"] == before


def test_a_choice_survives_the_worker(planned: Ask) -> None:
    """What the journal holds leads a new worker to the same plan."""
    html = planned("detail", line=2)["html"]
    other = next(way for way in re.findall(r'data-choose="2" value="([^"]+)"', html))
    journal = planned("choose", lines=[2], alternative=other)["journal"]
    chosen = planned("export", export="json")["files"][0]["text"]

    planned("begin", language="en", rules_url="../rules/", settings={"as_of": "2026-11-23"})
    planned("resume", sources=[{"name": "", "text": LINES}], changes=[journal])

    assert planned("export", export="json")["files"][0]["text"] == chosen


def test_a_way_that_the_rules_rule_out_says_so_and_cannot_be_chosen(planned: Ask) -> None:
    html = planned("detail", line=2)["html"]
    out = html.partition("Ruled out for this line:")[2].partition("</section>")[0]
    assert 'class="cite"' in out
    possible = set(re.findall(r'data-choose="2" value="([^"]+)"', html))
    assert "channel-transfer" not in possible

    planned("choose", lines=[2], alternative="channel-transfer")

    said = planned("detail", line=2)["html"]
    assert "Channel transfer: Your choice can't be followed" in said.replace("&#39;", "'")
    assert re.search(r'data-choose="2" value="" checked', said)
    assert planned("choose", lines=[2], alternative="nonsense")["reason"] == "refused"


def test_limits_of_the_schedule_are_settings_and_the_plan_follows(planned: Ask) -> None:
    """They are named as on the command line, are undone, and their default is no limit."""
    before = planned("export", export="json")["files"][0]["text"]

    answer = planned("set", scheduling={"schedule.days_off": "thu", "schedule.per_day": "1"})

    assert answer["replanned"]
    kept = {"schedule.per_day": "1", "schedule.days_off": "thu"}
    assert answer["settings"]["scheduling"] == kept
    html = planned("settings")["html"]
    assert 'name="schedule.per_day" value="1"' in html
    assert 'data-listed value="thu" checked' in html
    assert "cutovers have their day" in planned("summary")["html"]
    assert planned("set", scheduling={"schedule.days_off": ""})["settings"]["scheduling"] == {
        "schedule.per_day": "1"
    }
    planned("undo")
    planned("undo")
    assert planned("export", export="json")["files"][0]["text"] == before


def test_what_does_not_fit_is_said_with_what_would_help(planned: Ask) -> None:
    """A year without cutovers leaves no room; the overview says which line, why, and what to do."""
    planned("set", scheduling={"schedule.blackout": "2026-11-23..2027-12-31"})

    html = planned("summary")["html"]

    assert "no room within your limits" in html
    assert re.search(r'data-line="\d+"><bdi>Zenith: Visio Plan 2', html)
    assert "Held by: a blackout period" in html
    assert "Would fit if the blackout were lifted on" in html
    assert "Held by: a blackout period" in planned("detail", line=2)["html"]


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("schedule.per_day", "0", "1 to 10,000"),
        ("schedule.blackout", "2027-01-03..2026-12-20", "first and its last day"),
        ("schedule.days_off", "mon,tue,wed,thu,fri,sat,sun", "at least one weekday"),
        ("schedule.wished", "0001-01-01", "isn't a date"),
        ("schedule.wave_by", "moon", "possible answers"),
        ("schedule.unheard-of", "5", "possible answers"),
    ],
)
def test_a_limit_that_cannot_be_used_is_refused_by_name(
    planned: Ask, key: str, value: str, why: str
) -> None:
    answer = planned("set", scheduling={key: value})

    assert answer["reason"] == "refused"
    assert answer["setting"] == key
    assert why in answer["say"]


def test_limits_kept_from_before_count_and_broken_ones_are_left_out(ask: Ask) -> None:
    kept = {"schedule.per_day": "x", "schedule.per_week": "20"}

    answer = ask("begin", language="en", rules_url="", settings={"scheduling": kept})

    assert answer["settings"]["scheduling"] == {"schedule.per_week": "20"}


DAYS = "Customer,Product,Channel,Renewal date\nZenith,Visio Plan 2,WEB_MCA,03/04/2027\n"


def test_a_date_column_that_fits_both_ways_is_asked_and_settled(ask: Ask) -> None:
    """Until the reader says which, its lines are set aside; then the plan follows."""
    sources = [{"name": "", "text": DAYS}]
    asked = ask("read", sources=sources)
    assert "does the day or the month come first?" in asked["html"]
    assert asked["understood"] == 0

    orders = {"1": {"Renewal date": "day-first"}}
    settled = ask("read", sources=sources, choices={"orders": orders})

    assert settled["understood"] == 1
    assert "April 3, 2027" in settled["html"] or "April 2, 2027" in settled["html"]
    ask("set", as_of="2026-11-23")
    assert ask("plan")["lines"] == 1
    chosen = ask("export", export="json")["files"][0]["text"]
    ask("begin", language="en", rules_url="", settings={"as_of": "2026-11-23"})
    ask("resume", sources=sources, choices={"orders": orders}, changes=[])
    assert ask("export", export="json")["files"][0]["text"] == chosen


def test_a_column_can_be_read_as_another_field(ask: Ask) -> None:
    """What isn't known is named with its select; chosen, it counts, and says who chose it."""
    text = "Customer,Product,Channel,Köpfe\nZenith,Visio Plan 2,WEB_MCA,12\n"
    sources = [{"name": "", "text": text}]
    assert 'data-how="unknown"><bdi class="header">Köpfe' in ask("read", sources=sources)["html"]

    html = ask("read", sources=sources, choices={"columns": {"1": {"Köpfe": "seats"}}})["html"]

    assert "You chose it" in html
    assert '<option value="seats" selected>' in html
    assert "12 licenses" in html


def test_a_column_that_the_reader_leaves_out_says_so(ask: Ask) -> None:
    sources = [{"name": "", "text": LINES}]

    html = ask("read", sources=sources, choices={"columns": {"1": {"term": ""}}})["html"]

    assert '<option value="" selected>Leave this column out' in html


CHOSEN = {
    "columns": {"1": {"Köpfe": "seats"}},
    "orders": {"1": {"Renewal date": "day-first"}},
    "customers": {},
}
CHOSEN_OF = (
    "Customer,Product,Channel,Renewal date,Köpfe\nZenith,Visio Plan 2,WEB_MCA,03/04/2027,12\n"
)


def test_what_the_reader_chose_of_a_reading_comes_back_with_its_plan_file(ask: Ask) -> None:
    """The file says how it was read; pasted again, the same list is read that way."""
    sources = [{"name": "", "text": CHOSEN_OF}]
    ask("set", as_of="2026-11-23")
    ask("read", sources=sources, choices=CHOSEN)
    ask("plan")
    saved = ask("export", export="plan")["files"][0]["text"]
    before = ask("export", export="json")["files"][0]["text"]
    ask("forget")

    opened = ask("open", source={"name": "plan.json", "text": saved})

    assert "The plan file doesn&#39;t hold what was pasted" in opened["html"]
    assert "You chose it" in opened["html"]
    assert "<select" not in opened["html"]
    again = ask("read", sources=sources)
    assert again["choices"] == CHOSEN
    assert '<option value="seats" selected>' in again["html"]
    ask("plan")
    assert ask("export", export="json")["files"][0]["text"] == before

    taken_back = ask("read", sources=sources, choices={"columns": {"1": {}}})
    assert "choices" not in taken_back
    assert '<option value="seats" selected>' not in taken_back["html"]

    other = ask("read", sources=[{"name": "", "text": CHOSEN_OF + "\n"}])
    assert "choices" not in other
    assert other["understood"] == 0


def test_whose_subscriptions_these_are_comes_back_with_the_plan_file(ask: Ask) -> None:
    text = "sku,channel,end\nVisio Plan 2,WEB_MCA,2027-02-28\n"
    ask("read", sources=[{"name": "", "text": text}], choices={"customers": {"1": "Zenith"}})
    ask("plan")
    saved = ask("export", export="plan")["files"][0]["text"]
    ask("forget")
    ask("open", source={"name": "plan.json", "text": saved})

    again = ask("read", sources=[{"name": "", "text": text}])

    assert 'data-customer-of="1" value="Zenith"' in again["html"]


def test_what_to_know_about_a_row_stands_beside_the_reading_and_with_its_line(ask: Ask) -> None:
    text = "customer,sku,channel,end\nZenith,Nonesuch 9,WEB_MCA,2027-02-28\n"
    said = "The product isn&#39;t in the catalog"
    html = ask("read", sources=[{"name": "", "text": text}])["html"]
    assert f"<li>Row 2: {said}" in html
    ask("plan")

    assert said in ask("detail", line=2)["html"]
    for kind in ("csv", "txt"):
        (file, *_) = ask("export", export=kind, language="en")["files"]
        assert "The product isn't in the catalog" in file.get("text", ""), kind


KINDS = [one.value for one in Export] + ["json", "txt"]


@pytest.mark.parametrize("names", ["real", "aliases"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_export_leaves_in_either_language_with_or_without_names(
    planned: Ask, kind: str, language: str, names: str
) -> None:
    answer = planned("export", export=kind, language=language, names=names)

    assert answer["ok"]
    assert answer["announce"]
    for file in answer["files"]:
        assert ("text" in file) != ("base64" in file)
        if names == "aliases":
            assert "Zenith" not in file.get("text", "") + file["name"]


def test_a_plan_file_brings_back_settings_marks_and_notes(planned: Ask) -> None:
    planned("set", market="DE")
    planned("note", lines=[2], text="Call first")
    planned("mark", lines=[2], step="provision", done=True)
    saved = planned("export", export="plan")["files"][0]["text"]
    before = planned("export", export="json")["files"][0]["text"]
    planned("forget")

    opened = planned("open", source={"name": "plan.json", "text": saved})

    assert opened["ok"]
    assert opened["settings"]["market"] == "DE"
    assert "2026-11-23" in opened["as_of"]
    assert "A saved plan" in opened["changes"]
    assert planned("export", export="json")["files"][0]["text"] == before
    assert planned("export", export="plan")["files"][0]["text"] == saved


def test_a_damaged_plan_file_is_refused_with_the_way_out(planned: Ask) -> None:
    saved = planned("export", export="plan")["files"][0]["text"]
    before = planned("summary")["html"]

    refused = planned("open", source={"name": "plan.json", "text": saved[: len(saved) // 2]})

    assert refused["reason"] == "refused"
    assert "isn't a whole plan file" in refused["say"]
    assert planned("summary")["html"] == before


def test_packages_that_are_not_there_yet_are_asked_for(
    planned: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda _: None)

    assert planned("export", export="xlsx")["packages"] == ["openpyxl"]
    assert planned("export", export="ics")["packages"] == ["icalendar"]
    assert planned("export", export="csv")["ok"]


def test_a_price_entered_shows_what_each_way_costs_and_comes_back(planned: Ask) -> None:
    before = planned("detail", line=2)["html"]
    answer = planned("set", prices={"price": "22,50 eur"})

    assert answer["settings"]["prices"] == {"price": "22.50 EUR"}
    assert (
        'name="price" autocomplete="off" spellcheck="false" size="14" value="22.50 EUR"'
        in (planned("settings")["html"])
    )
    assert "€" in planned("detail", line=2)["html"]
    assert planned("set", prices={"price": ""})["settings"]["prices"] == {}
    assert planned("detail", line=2)["html"] == before


def test_a_price_without_a_currency_is_refused_beside_its_field(planned: Ask) -> None:
    refused = planned("set", prices={"price": "22.50"})

    assert not refused["ok"]
    assert refused["setting"] == "price"
    assert "22.50 USD" in refused["say"]
    assert 'data-refused="price"' in planned("settings")["html"]


def test_a_plan_file_brings_prices_back(planned: Ask) -> None:
    planned("set", prices={"price": "22.50 USD"})
    (made,) = planned("export", export="plan", language="en")["files"]
    planned("forget")

    opened = planned("open", source={"name": "plan.json", "text": made["text"]})

    assert opened["settings"]["prices"] == {"price": "22.50 USD"}


def test_long_lists_of_what_was_set_aside_or_merged_are_cut_and_counted(ask: Ask) -> None:
    """Thousands of rows at once would hold the page up; the files have every one."""
    good = "Office 365 E3,WEB_MCA,9,2027-02-28,11111111-2222-4333-8444-555555555555"
    lines = ["product,channel,seats,end,subscription id", *[good] * 151]
    lines += [f"Office 365 E3,WEB_MCA,9,31/02/2027,no-{number}" for number in range(130)]
    read = ask("read", sources=[{"name": "", "text": "\n".join(lines)}])
    ask("plan")
    summary = ask("summary")["html"]

    for shown in (read["html"], summary):
        assert shown.count("31/02/2027") == 100
        assert "and 30 more" in shown
    assert "and 50 more" in summary
    text = ask("export", export="txt")["files"][0]["text"]
    assert text.count("31/02/2027") == 130


def test_several_files_are_saved_as_one_archive_that_has_them_all(planned: Ask) -> None:
    """Of many files at once, browsers save some and say nothing of the rest."""
    letters = planned("export", export="letter")["files"]
    (saved,) = planned("export", export="letter", packed=True)["files"]
    assert saved["name"] == "move-plan-letter-2026-11-23.zip"
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(saved["base64"]))) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            letter["name"]: letter["text"] for letter in letters
        }

    (alone,) = planned("export", export="md", packed=True)["files"]
    assert alone["name"].endswith(".md")


def test_one_relationship_request_comes_in_time_for_every_line(ask: Ask) -> None:
    """A transfer can't be created without the relationship, so its last day counts, too."""
    made = plan_of(
        ask,
        "customer,sku,channel,term,start,end,status,source agrees\n"
        "Zenith,Visio,CSP_OTHER_NCE,P1Y,2026-06-01,2027-05-31,active,yes\n"
        "Zenith,Visio,CSP_OTHER_NCE,P3Y,2025-03-10,2028-03-09,active,no\n",
        as_of="2026-11-23",
    )
    asked = [one for one in made["agenda"] if one["step"] == "request-relationship"]

    assert [(one["lines"], one["no_later_than"]) for one in asked] == [([2, 3], "2027-04-26")]


def test_what_is_bought_now_is_not_said_to_be_bought_at_the_term_end(ask: Ask) -> None:
    """Neither on the page nor in the customer's letter."""
    text = "customer,sku,channel,term,end,status\nZenith,Visio,WEB_MCA,P1Y,2027-02-28,active\n"
    plan_of(ask, text, as_of="2026-11-23")
    assert "Buy in CSP at the term end" in ask("detail", line=2)["html"]
    ask("choose", lines=[2], alternative="buy-now")

    shown = ask("detail", line=2)["html"].partition('<ol class="plan-steps">')[0]
    assert "Buy in CSP now" in shown
    assert "at the term end" not in shown
    letters = ask("export", export="letter")["files"]
    assert letters
    for letter in letters:
        assert "We set up the new subscription for you now" in letter["text"]
        assert "shortly before" not in letter["text"]


@pytest.mark.usefixtures("ask")
def test_a_part_that_is_not_read_is_called_by_its_name_once() -> None:
    files = {"list.csv": LINES, "notes.csv": "Seats,End date\n5,2027-01-31\n"}
    sources = [{"name": name, "bytes": number} for number, name in enumerate(files)]
    request = json.dumps({"id": 7, "kind": "read", "payload": {"sources": sources}})

    html = json.loads(browser.handle(request, [text.encode() for text in files.values()]))["html"]

    assert "<bdi>list.csv</bdi>: the planner" in html
    assert "<bdi>notes.csv</bdi></h3>" in html
