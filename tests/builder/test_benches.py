import json
import re
import time
import urllib.request
from pathlib import Path

import pytest

from builder.benches import network
from builder.benches.lines import mixed_lines
from builder.benches.results import Results, Row
from builder.paths import DATA
from builder.speed import Speed
from builder.stages import here
from planner.checkout import read_folder
from planner.words import Words


def results() -> Results:
    return Results(
        [
            Row("stock", "ms", (2000.0, 1000.0, 9000.0)),
            Row("first-visit", "ms", (800.0,), 0.35, "stock"),
            Row("later-visit", "ms", (400.0,), 0.20, "stock"),
            Row("lines-1000", "s", (0.4,), 0.5),
        ],
        ["webkit: not installed"],
    )


def test_a_budget_in_shares_is_held_against_the_median_of_the_other_row() -> None:
    missed = {one.row.id: one.missed_by for one in results().missed}
    assert missed == {"first-visit": 800 / 700 - 1}


def test_the_text_says_what_is_met_what_is_missed_and_what_is_left_out() -> None:
    first, later, lines, left_out = results().text().splitlines()[1:]
    assert first.endswith("budget 700: missed by 14%")
    assert later.endswith("budget 400: met")
    assert lines.endswith("budget 0.5: met")
    assert left_out == "left out: webkit: not installed"


def test_what_is_too_short_to_be_reported_is_never_called_nothing() -> None:
    row = Row("longest-task-1000", "ms", (0.0, 0.0, 62.0), 100)
    assert " <50 ms " in Results([row]).text()


def test_the_page_says_the_same_in_each_language(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    results().save(kept)
    tree = read_folder(DATA)
    rows = {}
    for language in ("en", "es"):
        shown = Speed(kept, Words(language, tree["languages"][language]))
        rows[language] = shown.sections["boot"][1]
    assert rows["en"].budget == "700 ms (0.35 \N{MULTIPLICATION SIGN} stock)"
    assert rows["en"].verdict == "missed by 14%"
    assert rows["es"].verdict == "se supera en un 14 %"


def test_the_page_plots_what_longer_lists_cost_beside_their_budgets(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    rows = [
        *(Row(f"lines-{count}", "s", (count / 2000,), count / 1000) for count in (1000, 10_000)),
        *(Row(f"memory-{count}", "MB", (count / 100,)) for count in (1000, 10_000)),
        Row("longest-task-1000", "ms", (50.0,), 100.0),
    ]
    Results(rows).save(kept)
    drawn = Speed(kept, Words("es", read_folder(DATA)["languages"]["es"])).growth
    said = re.findall(r"<title>(.*?)</title>", drawn)
    assert said == ["1.000: 0,5 s", "10.000: 5 s", "1.000: 10 MB", "10.000: 100 MB"]
    # Ten times the lines for ten times the cost: the curve runs beside its budget.
    budget, curve = (
        re.search(rf'class="{kind}" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', drawn)
        for kind in ("line dashed", "curve")
    )
    assert budget
    assert curve
    assert float(budget[2]) < float(curve[2])
    rises = [float(found[2]) - float(found[4]) for found in (budget, curve)]
    assert rises[0] == pytest.approx(rises[1], abs=0.2)


def test_one_length_alone_is_not_plotted(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    Results([Row("lines-1000", "s", (0.3,), 0.5)]).save(kept)
    assert not Speed(kept, Words("en", read_folder(DATA)["languages"]["en"])).growth


RESULTS = DATA.parent / "bench" / "results.json"


@pytest.mark.skipif(
    not RESULTS.is_file(), reason="nothing was measured yet: `make bench` writes the results"
)
def test_every_row_that_was_measured_has_words() -> None:
    measured = json.loads(RESULTS.read_text("utf-8"))
    words = Words("en", read_folder(DATA)["languages"]["en"])
    shown = Speed(RESULTS, words)
    assert sum(len(rows) for rows in shown.sections.values()) == len(measured["rows"])


def test_a_far_host_answers_late_and_at_the_lines_pace(tmp_path: Path) -> None:
    """The shares of the line, not a time: what is sent can't have arrived any sooner."""
    (tmp_path / "a.bin").write_bytes(b"x" * 100_000)
    line = network.Line(pace=1_000_000, delay=0.05)
    with network.served(tmp_path, line) as address:
        began = time.monotonic()
        with urllib.request.urlopen(f"{address}a.bin") as answer:
            assert len(answer.read()) == 100_000
    assert time.monotonic() - began >= 0.1


def test_the_worked_cases_are_repeated_to_as_many_lines_as_asked_for() -> None:
    assert len(json.loads(mixed_lines(30))) == 30


def test_each_stage_is_timed_as_often_as_asked_for() -> None:
    taken = here(30, runs=2)
    assert {"read", "decide", "schedule", "plan", "agenda", "csv", "json"} <= set(taken)
    assert {len(times) for times in taken.values()} == {2}


def test_what_one_part_measures_leaves_what_others_measured(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    results().save(kept)
    Results([Row("lines-1000", "s", (0.3,), 0.5)]).save(kept, keeping=True)
    rows = {row["id"]: row["median"] for row in json.loads(kept.read_text("utf-8"))["rows"]}
    assert rows == {"stock": 2000.0, "first-visit": 800.0, "later-visit": 400.0, "lines-1000": 0.3}


def earlier_results(path: Path) -> None:
    """Write what an older version measured elsewhere: its rows name no run."""
    results().save(path)
    stated = json.loads(path.read_text("utf-8"))
    stated["measured"] = "2026-01-31"
    stated["machine"]["processor"] = "Abacus"
    for row in stated["rows"]:
        del row["run"]
    path.write_text(json.dumps(stated), encoding="utf-8")


def test_kept_rows_keep_the_day_and_the_machine_they_were_measured_on(tmp_path: Path) -> None:
    kept = tmp_path / "results.json"
    earlier_results(kept)
    for seconds in (0.3, 0.2):
        Results([Row("lines-1000", "s", (seconds,), 0.5)]).save(kept, keeping=True)
    stated = json.loads(kept.read_text("utf-8"))
    assert stated["machine"]["processor"] != "Abacus"
    runs = {row["id"]: row["run"] for row in stated["rows"]}
    assert runs.pop("lines-1000") is None
    assert {run["measured"] for run in runs.values()} == {"2026-01-31"}
    assert {run["machine"]["processor"] for run in runs.values()} == {"Abacus"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_marks_rows_of_an_earlier_run_and_names_its_day_and_machine(
    language: str, tmp_path: Path
) -> None:
    kept = tmp_path / "results.json"
    earlier_results(kept)
    words = Words(language, read_folder(DATA)["languages"][language])
    assert not Speed(kept, words).earlier
    Results([Row("lines-1000", "s", (0.3,), 0.5)]).save(kept, keeping=True)
    shown = Speed(kept, words)
    assert {row.mark for row in shown.sections["boot"]} == {"1"}
    assert [row.mark for row in shown.sections["lines"]] == [""]
    (run,) = shown.earlier
    assert (run.mark, run.day.isoformat(), run.machine["processor"]) == (
        "1",
        "2026-01-31",
        "Abacus",
    )
    assert shown.last.day.isoformat() != "2026-01-31"
    assert "Abacus" in words.say("speed.earlier", mark=run.mark, day=run.day, **run.machine)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_wait_too_short_to_be_reported_is_shown_as_less_than_what_is(
    language: str, tmp_path: Path
) -> None:
    kept = tmp_path / "results.json"
    rows = [
        Row("longest-task-1000", "ms", (0.0, 0.0, 0.0), 100.0),
        Row("longest-task-10000", "ms", (0.0, 60.0, 70.0), 100.0),
        Row("interaction-10000", "ms", (40.0,), 200.0),
    ]
    Results(rows).save(kept)
    shown = Speed(kept, Words(language, read_folder(DATA)["languages"][language]))
    said = [(row.median, row.spread) for row in shown.sections["lines"]]
    assert said == [("< 50 ms", "< 50"), ("60 ms", "< 50-70"), ("40 ms", "40")]
