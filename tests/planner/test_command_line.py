"""The command line, run as its user runs it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str, text: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "planner", *arguments]
    return subprocess.run(command, input=text, capture_output=True, check=False, cwd=ROOT)


def test_a_file_becomes_a_plan_as_json(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("sku,channel,end\nVisio,WEB_MCA,2027-02-28\n", encoding="utf-8")

    done = run("plan", str(export), "--as-of", "2026-11-23", "--to", "json")

    made = json.loads(done.stdout)
    assert done.returncode == 0
    assert made["recommendations"][0]["dates"]["provision_on"] == "2027-02-25"


def test_standard_input_is_read_too() -> None:
    done = run("plan", "-", "--as-of", "2026-11-23", "--language", "es", text=b"sku\nVisio\n")

    assert done.returncode == 0
    assert "Tu plan" in done.stdout.decode()


def test_a_file_of_another_encoding_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        export = tmp_path / f"{encoding}.csv"
        export.write_bytes("sku,customer\nVisio,Añil S. A.\n".encode(encoding))

        made = json.loads(run("plan", str(export), "--to", "json").stdout)

        assert made["recommendations"][0]["subscription"]["customer"] == "Añil S. A.", encoding


def test_the_exit_code_says_whether_lines_were_set_aside() -> None:
    assert run("plan", "-", text=b"sku,seats\nVisio,3\nProject,x\n").returncode == 1
    assert run("plan", "-", text=b"Dear partner,\nplease move us.\n").returncode == 2


def test_the_day_in_the_paste_counts_unless_another_is_given() -> None:
    text = b"sku,as of\nVisio,2026-12-01\n"

    pasted = json.loads(run("plan", "-", "--to", "json", text=text).stdout)
    given = json.loads(run("plan", "-", "--to", "json", "--as-of", "2027-01-01", text=text).stdout)

    assert (pasted["as_of"], given["as_of"]) == ("2026-12-01", "2027-01-01")


def test_an_export_that_is_described_wrongly_is_refused_with_file_line_and_way_out(
    tmp_path: Path,
) -> None:
    for folder in ("data", "planner"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    described = tmp_path / "data" / "formats" / "pax8report-summary.yml"
    text = described.read_text("utf-8")
    described.write_text(text.replace("kind: unknown", "kind: day after"), "utf-8")
    line = text[: text.index("kind: unknown")].count("\n") + 1

    command = [sys.executable, "-m", "planner", "read", "-"]
    done = subprocess.run(command, input=b"x", capture_output=True, check=False, cwd=tmp_path)

    (said,) = done.stderr.decode().splitlines()
    assert done.returncode == 2
    assert said.startswith(f"data/formats/pax8report-summary.yml:{line}: fields.term_end: ")
    assert "choose one of inclusive_last_day" in said


def test_a_missing_file_an_odd_day_and_an_odd_language_are_one_line_each() -> None:
    missing = run("plan", "no-such-file.csv")
    odd_day = run("plan", "-", "--as-of", "soon", text=b"")
    odd_language = run("plan", "-", "--language", "xx", text=b"")

    for done in (missing, odd_day, odd_language):
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
    assert missing.stderr.count(b"\n") == 1
    assert b"2027-01-31" in odd_day.stderr
    assert b"en, es" in odd_language.stderr


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_out_of_range_is_refused_with_the_years_that_count(day: str) -> None:
    done = run("plan", "-", "--as-of", day, text=b"sku\nVisio\n")

    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"1990 to 2200" in done.stderr


@pytest.mark.parametrize("market", ["Germany", "D", "12", "D\u00c9"])
def test_a_market_that_is_no_two_letter_code_is_refused(market: str) -> None:
    done = run("plan", "-", "--market", market, text=b"sku\nVisio\n")

    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"two-letter code" in done.stderr


def test_control_characters_in_the_paste_do_not_reach_a_terminal() -> None:
    text = b'[{"sku": "Vis\\u001b[2Jio\\u009b\\u0007", "customer": "A\\n\\nB", "seats": "\\u009d"}]'
    text += b"\n"
    for written in ("text", "json"):
        out = run("plan", "-", "--to", written, text=text).stdout.decode()
        good = run(
            "plan", "-", "--to", written, text=text.replace(b"\\u009d", b"3")
        ).stdout.decode()

        assert not {"\x1b", "\x07", "\x9b", "\x9d"} & set(out + good)
        assert "A\n" not in good
