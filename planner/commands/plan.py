"""``python -m planner plan FILE``: plan what an export holds, and show, compare or write it."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from planner.commands.common import knowledge_in, refuse, show
from planner.commands.comparing import compare_with
from planner.commands.exporting import EXPORTED, TABLES, write_files
from planner.dates import FIRST_YEAR, LAST_YEAR, is_counted

if TYPE_CHECKING:
    from planner.model import Plan
    from planner.reading import File

SHOWN = ("json", "text", "ways", "html")


def options(plan: argparse.ArgumentParser) -> None:
    """Add the command's options."""
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
        "(P-02.relationship_request_lead=30), limit the schedule (schedule.per_day=5), "
        "choose another way for a line (choose.<its key>=partner-transfer) or enter what a "
        "license costs a month (price='22.50 EUR', price.<product>='36 EUR')",
    )
    plan.add_argument("--language", default="en", metavar="TAG", help="language to write in")
    plan.add_argument("--to", choices=(*SHOWN, *EXPORTED), default="text")
    plan.add_argument(
        "--table", choices=TABLES, default=TABLES[0], help="which part csv and tsv have"
    )
    plan.add_argument(
        "--redact", action="store_true", help="replace names, domains and ids by aliases"
    )
    plan.add_argument("--output", metavar="DIR", help="write the files of an export there")
    plan.add_argument("--rules-url", default="rules/", metavar="URL", help="where html links to")


def run(source: File, options: argparse.Namespace) -> int:
    """Plan what was read: 0 all lines, 1 some set aside, 2 nothing readable."""
    from planner.planning import chosen, market_of, plan_pasted
    from planner.writing.contract import plan_json
    from planner.writing.page import plan_html, plan_text, ways_text

    knowledge = knowledge_in(options.language)
    option = "--market"
    try:
        market = market_of(options.market)
        option = "--set"
        made = chosen(options.set, knowledge)
    except ValueError as error:
        return refuse(f"{option} {error}")
    plan = plan_pasted(source, options.as_of, knowledge, market, *made)
    if options.against:
        return compare_with(plan, options, knowledge)
    if options.to in EXPORTED:
        return write_files(plan, knowledge, options) or _exit_code(plan)
    if options.redact:
        from planner.writing.exports import under_aliases

        plan = under_aliases(plan, options.language, knowledge)
    written = {
        "json": lambda: plan_json(plan),
        "text": lambda: plan_text(plan, options.language, knowledge),
        "ways": lambda: ways_text(plan, options.language, knowledge),
        "html": lambda: plan_html(plan, options.language, knowledge, options.rules_url) + "\n",
    }[options.to]()
    show(written)
    return _exit_code(plan)


def _exit_code(plan: Plan) -> int:
    if not plan.recommendations:
        return 2
    return 1 if plan.reading.set_aside else 0


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2027-01-31") from error
    if not is_counted(day):
        raise argparse.ArgumentTypeError(f"{text}: choose a day from {FIRST_YEAR} to {LAST_YEAR}")
    return day
