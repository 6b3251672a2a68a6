"""The command line: ``python -m planner plan FILE``.

Exit codes: 0 all lines planned, 1 some lines set aside, 2 nothing readable (or the
command itself was wrong).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from planner.dates import FIRST_YEAR, LAST_YEAR, is_counted

if TYPE_CHECKING:
    from planner.knowledge import Knowledge
    from planner.model import Plan
    from planner.reading import File

_ROOT = Path(__file__).resolve().parent.parent
_NEEDED = ("babel", "jinja2", "yaml")
_SHOWN = ("json", "text", "html")
_EXPORTED = ("ics", "csv", "tsv", "xlsx", "batch", "md", "checklist", "letter", "script", "plan")
_TABLES = ("lines", "agenda", "set-aside")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not all(find_spec(name) for name in _NEEDED):
        return _in_environment(arguments)
    options = _parser().parse_args(arguments)
    try:
        source = _read_file(options.file)
    except OSError as error:
        return _refuse(f"{options.file}: {error.strerror}")
    return {"plan": _plan, "read": _read}[options.command](source, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m planner", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    read = commands.add_parser("read", help="show what an export holds, as it prints it")
    read.add_argument("file", metavar="FILE", help="the export; - reads standard input")
    read.add_argument("--language", default="en", metavar="TAG", help="language of text")
    read.add_argument("--to", choices=("json", "text"), default="text")
    plan = commands.add_parser("plan", help="plan what an export holds")
    plan.add_argument(
        "--against",
        metavar="PLAN.json",
        help="say what differs from this plan file, made earlier or with other settings",
    )
    plan.add_argument("file", metavar="FILE", help="the export; - reads standard input")
    plan.add_argument("--as-of", type=_day, metavar="DAY", help="plan as of this day (UTC)")
    plan.add_argument("--market", default="", metavar="XX", help="the partner's country")
    plan.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="answer a question (where-bought=EA), change a policy "
        "(P-02.relationship_request_lead=30), limit the schedule (schedule.per_day=5) or "
        "choose another way for a line (choose.<its key>=partner-transfer)",
    )
    plan.add_argument("--language", default="en", metavar="TAG", help="language to write in")
    plan.add_argument("--to", choices=(*_SHOWN, *_EXPORTED), default="text")
    plan.add_argument(
        "--table", choices=_TABLES, default=_TABLES[0], help="which part csv and tsv have"
    )
    plan.add_argument(
        "--redact", action="store_true", help="replace names, domains and ids by aliases"
    )
    plan.add_argument("--output", metavar="DIR", help="write the files of an export there")
    plan.add_argument("--rules-url", default="rules/", metavar="URL", help="where html links to")
    return parser


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2027-01-31") from error
    if not is_counted(day):
        raise argparse.ArgumentTypeError(f"{text}: choose a day from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _read_file(name: str) -> File:
    from planner.reading import File

    if name == "-":
        return File("", sys.stdin.buffer.read())
    return File(Path(name).name, Path(name).read_bytes())


def _read(source: File, options: argparse.Namespace) -> int:
    from planner.checkout import DATA, read_folder
    from planner.knowledge import Knowledge
    from planner.reading import read
    from planner.writing.reading import reading_json, reading_text, set_aside

    try:
        knowledge = Knowledge(read_folder(DATA))
    except (LookupError, ValueError) as error:
        return _refuse(f"data/ can't be used ({error}); `python -m builder build` says where.")
    if options.language not in knowledge.languages:
        known = ", ".join(knowledge.languages)
        return _refuse(f"--language {options.language}: choose one of {known}")
    reading = read(source, knowledge)
    written = (
        reading_json(reading)
        if options.to == "json"
        else reading_text(reading, options.language, knowledge)
    )
    sys.stdout.buffer.write(written.encode("utf-8", "replace"))
    if not reading.rows:
        return 2
    return 1 if set_aside(reading) else 0


def _plan(source: File, options: argparse.Namespace) -> int:
    from planner.checkout import DATA, read_folder
    from planner.knowledge import Knowledge
    from planner.planning import chosen, market_of, plan_pasted
    from planner.writing.contract import plan_json
    from planner.writing.page import plan_html, plan_text

    try:
        knowledge = Knowledge(read_folder(DATA))
        knowledge.check()
    except (LookupError, ValueError) as error:
        return _refuse(f"data/ can't be used ({error}); `python -m builder build` says where.")
    if options.language not in knowledge.languages:
        known = ", ".join(knowledge.languages)
        return _refuse(f"--language {options.language}: choose one of {known}")
    option = "--market"
    try:
        market = market_of(options.market)
        option = "--set"
        made = chosen(options.set, knowledge)
    except ValueError as error:
        return _refuse(f"{option} {error}")
    plan = plan_pasted(source, options.as_of, knowledge, market, *made)
    if options.against:
        return _compare(plan, options, knowledge)
    if options.to in _EXPORTED:
        return _export(plan, knowledge, options) or _exit_code(plan)
    if options.redact:
        from planner.writing.exports import under_aliases

        plan = under_aliases(plan, options.language, knowledge)
    written = {
        "json": lambda: plan_json(plan),
        "text": lambda: plan_text(plan, options.language, knowledge),
        "html": lambda: plan_html(plan, options.language, knowledge, options.rules_url) + "\n",
    }[options.to]()
    sys.stdout.buffer.write(written.encode("utf-8", "replace"))
    return _exit_code(plan)


def _exit_code(plan: Plan) -> int:
    if not plan.recommendations:
        return 2
    return 1 if plan.reading.set_aside else 0


def _compare(plan: Plan, options: argparse.Namespace, knowledge: Knowledge) -> int:
    """Print what differs from a plan file: 0 nothing, 1 something, 2 it can't be read."""
    from planner.comparing import compare
    from planner.writing.page import changes_text

    try:
        before = json.loads(Path(options.against).read_text(encoding="utf-8"))
        comparison = compare(before, plan)
    except OSError as error:
        return _refuse(f"--against {options.against}: {error.strerror}")
    except (ValueError, KeyError, TypeError):
        return _refuse(f"--against {options.against}: no plan file; `--to json` writes one")
    written = changes_text(comparison, plan, options.language, knowledge)
    sys.stdout.buffer.write(written.encode("utf-8", "replace"))
    return 1 if comparison.changes else 0


def _export(plan: Plan, knowledge: Knowledge, options: argparse.Namespace) -> int:
    """Write an export's files; return 2 with a word on why where they can't be written."""
    from planner.writing.exports import Export, write
    from planner.writing.outgoing import Names, Outgoing
    from planner.writing.tables import Table

    export = Export(options.to)
    if missing := [name for name in export.packages if not find_spec(name)]:
        return _refuse(f"--to {options.to} needs {', '.join(missing)}; install it and try again.")
    names = Names.ALIASES if options.redact else Names.REAL
    table = Table(options.table)
    outgoing = Outgoing(options.language, names, table=table)
    files = write(plan, export, outgoing, knowledge)
    if options.output is None and len(files) > 1:
        made = ", ".join(file.name for file in files)
        return _refuse(f"--to {options.to} makes {len(files)} files ({made}): add --output DIR")
    if options.output is None:
        sys.stdout.buffer.write(files[0].content)
        return 0
    folder = Path(options.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file.name).write_bytes(file.content)
            sys.stdout.write(f"{folder / file.name}\n")
    except OSError as error:
        return _refuse(f"{options.output}: {error.strerror}")
    return 0


def _refuse(why: str) -> int:
    """Say in one line why the command can't run, and return its exit code."""
    sys.stderr.write(why + "\n")
    return 2


def _in_environment(arguments: list[str]) -> int:
    """Run the same command with the project's own environment, where there is one."""
    folder, name = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    python = _ROOT / ".venv" / folder / name
    if not python.exists() or Path(sys.prefix) == _ROOT / ".venv":
        return _refuse("Run `python -m builder build` once; it sets up what this needs.")
    command = [str(python), "-m", "planner", *arguments]
    return subprocess.run(command, cwd=None, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
