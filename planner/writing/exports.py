"""Everything that leaves: one plan, written in the form and language that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from planner.knowledge import Knowledge
from planner.model import Plan
from planner.writing import batches, script
from planner.writing.calendar import calendar
from planner.writing.checklist import checklist
from planner.writing.escaping import file_name
from planner.writing.layout import page, plain
from planner.writing.letter import letters
from planner.writing.outgoing import Names, Outgoing
from planner.writing.redaction import redacted
from planner.writing.saving import plan_file
from planner.writing.sentences import Sentences
from planner.writing.tables import comma_separated, sheet, tab_separated
from planner.writing.tasks import Named
from planner.writing.workbook import workbook


class Export(Enum):
    """A form in which a plan leaves; its value is what the command line calls it."""

    CALENDAR = "ics"
    CSV = "csv"
    TSV = "tsv"
    WORKBOOK = "xlsx"
    BATCH = "batch"
    MARKDOWN = "md"
    CHECKLIST = "checklist"
    LETTER = "letter"
    SCRIPT = "script"
    PLAN = "plan"

    @property
    def packages(self) -> tuple[str, ...]:
        """Packages that writing it needs beyond those of the planner itself."""
        return {Export.CALENDAR: ("icalendar",), Export.WORKBOOK: ("openpyxl",)}.get(self, ())


@dataclass(frozen=True, slots=True)
class File:
    """One file that leaves.

    Attributes:
        name: Its name in the reader's language: ASCII letters, digits and hyphens, or the
            customer's own letters.
        media_type: Its media type, with the charset of text.
    """

    name: str
    media_type: str
    content: bytes


def write(plan: Plan, export: Export, outgoing: Outgoing, knowledge: Knowledge) -> tuple[File, ...]:
    """Return the files of one export; at least one.

    The same arguments give the same bytes. Under ``Names.ALIASES`` no writer sees a real
    name: the plan is redacted before it reaches any, with the same aliases in each file.

    Raises:
        LookupError: The planner doesn't speak the language.
    """
    if outgoing.language not in knowledge.languages:
        raise LookupError(f"{outgoing.language}: choose one of {', '.join(knowledge.languages)}")
    knowledge = knowledge.on(plan.as_of)
    words = knowledge.words(outgoing.language)
    if outgoing.names is Names.ALIASES:
        plan, outgoing = redacted(plan, outgoing, words, knowledge)
    say = Sentences(plan, words, knowledge)
    writers = {
        Export.CALENDAR: _calendar,
        Export.CSV: _csv,
        Export.TSV: _tsv,
        Export.WORKBOOK: _workbook,
        Export.BATCH: _batch,
        Export.MARKDOWN: _markdown,
        Export.CHECKLIST: _checklist,
        Export.LETTER: _letters,
        Export.SCRIPT: _scripts,
        Export.PLAN: _plan,
    }
    return tuple(writers[export](say, outgoing))


def under_aliases(plan: Plan, language: str, knowledge: Knowledge) -> Plan:
    """Return a plan as a reader may show it around: the same aliases as in its exports."""
    words = knowledge.words(language)
    return redacted(plan, Outgoing(language), words, knowledge.on(plan.as_of))[0]


def _named(say: Sentences, kind: str, ending: str, part: str = "") -> str:
    """Return a file's name: what it is, whose or which part, the as-of day."""
    name = say.words.say(f"planner.exports.files.{kind}")
    parts = (name, part, say.plan.as_of.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{ending}"


def _calendar(say: Sentences, _: Outgoing) -> Iterator[File]:
    yield File(_named(say, "calendar", "ics"), "text/calendar; charset=utf-8", calendar(say))


def _csv(say: Sentences, outgoing: Outgoing) -> Iterator[File]:
    name = _named(say, outgoing.table.replace("-", "_"), "csv")
    content = comma_separated(sheet(outgoing.table, say))
    yield File(name, "text/csv; charset=utf-8", content)


def _tsv(say: Sentences, outgoing: Outgoing) -> Iterator[File]:
    name = _named(say, outgoing.table.replace("-", "_"), "tsv")
    content = tab_separated(sheet(outgoing.table, say))
    yield File(name, "text/tab-separated-values; charset=utf-8", content)


def _workbook(say: Sentences, _: Outgoing) -> Iterator[File]:
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    yield File(_named(say, "workbook", "xlsx"), media_type, workbook(say))


def _batch(say: Sentences, _: Outgoing) -> Iterator[File]:
    made = batches.batches(say.plan)
    for number, content in enumerate(made, 1):
        part = str(number) if len(made) > 1 else ""
        yield File(_named(say, "batch", "csv", part), "text/csv; charset=utf-8", content)
    left = batches.left_out(say.plan)
    if left or not made:
        yield _left_out(say, "batch", "nothing_to_migrate", left)


def _scripts(say: Sentences, _: Outgoing) -> Iterator[File]:
    names = _Parts()
    made = list(script.scripts(say))
    for customer, content in made:
        name = _named(say, "script", "ps1", names.part(customer))
        yield File(name, "text/plain; charset=utf-8", content)
    left = script.left_out(say.plan, say.knowledge)
    if left or not made:
        yield _left_out(say, "script", "nothing_to_move", left)


def _left_out(say: Sentences, kind: str, nothing: str, left: dict[int, str]) -> File:
    """Return the note that names what isn't in an export's files, and why."""
    named = Named(say)
    words = "planner.exports.left_out"
    text = plain(
        "left-out.md.j2",
        title=say.words.say(f"{words}.title"),
        about=say.words.say(f"{words}.{kind if left else nothing}"),
        lines=[
            (named.line(line), say.words.say(f"{words}.reasons.{reason}"))
            for line, reason in left.items()
        ],
    )
    part = say.words.say(f"planner.exports.files.{kind}")
    name = _named(say, "left_out", "md", part)
    return File(name, "text/markdown; charset=utf-8", text.encode())


def _markdown(say: Sentences, outgoing: Outgoing) -> Iterator[File]:
    text = plain("checklist.md.j2", **_checked(say, outgoing))
    name = _named(say, "checklist", "md")
    yield File(name, "text/markdown; charset=utf-8", text.encode())


def _checklist(say: Sentences, outgoing: Outgoing) -> Iterator[File]:
    text = page("checklist.html.j2", say.words.locale, **_checked(say, outgoing))
    name = _named(say, "checklist", "html")
    yield File(name, "text/html; charset=utf-8", text.encode())


def _checked(say: Sentences, outgoing: Outgoing) -> dict[str, object]:
    as_of = say.label("summary.as_of", day=say.plan.as_of)
    return {
        "title": say.words.say("planner.exports.checklist.title"),
        "summary": " · ".join((as_of, *say.summary())),
        "list": checklist(say, outgoing.progress.done),
        "say": say,
        "words": say.words,
    }


def _letters(say: Sentences, _: Outgoing) -> Iterator[File]:
    names = _Parts()

    def text(key: str) -> str:
        return say.words.say(f"planner.letter.{key}")

    for letter in letters(say):
        part = names.part(letter.customer)
        values = {"letter": letter, "text": text, "title": text("title")}
        written = plain("letter.md.j2", **values).encode()
        printed = page("letter.html.j2", say.words.locale, **values).encode()
        name = _named(say, "letter", "md", part)
        yield File(name, "text/markdown; charset=utf-8", written)
        yield File(_named(say, "letter", "html", part), "text/html; charset=utf-8", printed)


def _plan(say: Sentences, outgoing: Outgoing) -> Iterator[File]:
    content = plan_file(say.plan, outgoing.progress)
    yield File(_named(say, "plan", "json"), "application/json", content)


class _Parts:
    """Parts of file names, one a customer, none twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def part(self, customer: str) -> str:
        named = file_name(customer)
        candidates: Iterable[str] = (
            f"{named}-{number}".strip("-") if number > 1 else named
            for number in range(1, len(self._taken) + 2)
        )
        part = next(one for one in candidates if one not in self._taken)
        self._taken.add(part)
        return part
