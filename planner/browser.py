"""The door for the page: one small request in, one answer out. Alone in knowing a browser.

``handle`` takes ``{"id", "kind", "payload"}`` as JSON text and returns ``{"id", "ok", …}``
as JSON text; ``docs/assets/planner/protocol.js`` says what each kind takes and gives.
Nothing that was pasted raises here: whatever can't be done comes back as an answer that
says why, and repeats nothing of the paste.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import json
import random
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import PurePath
from typing import Any

from planner import __version__
from planner.knowledge import Knowledge, compiled
from planner.model import Choices, Problem, Reading
from planner.opening import Unopenable, changed, open_plan_file
from planner.planning import plan_pasted, today
from planner.portfolio import Finder, Found, Query
from planner.practice import practice_lists
from planner.reading.binaries import is_workbook
from planner.reading.understood import choices_in
from planner.reading.workbook import PACKAGES as WORKBOOK_PACKAGES
from planner.words import Words
from planner.workspace import (
    Heard,
    NothingRead,
    Refused,
    Source,
    Workspace,
    stated_limits,
    stated_prices,
)
from planner.writing import views
from planner.writing.contract import plan_json
from planner.writing.exports import Export, File, under_aliases, write
from planner.writing.outgoing import Names, Outgoing
from planner.writing.packing import packed
from planner.writing.page import announcement, plan_text
from planner.writing.saving import KIND
from planner.writing.tables import Table
from planner.writing.views import Desk

Payload = Mapping[str, Any]
Answer = dict[str, Any]

#: How long (seconds) work goes on before the page hears how far it is, and between two times.
_PAUSE = 0.1

#: What a change of some lines says beside them.
_OF_LINES = ("step", "done", "text", "alternative")
#: A plan file says within so many characters that it is one.
_HEAD = 300


class Door:
    """One page's workspace, and what it may be asked."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.workspace = Workspace(knowledge)
        self.desk = Desk(self.workspace, knowledge.languages[0], "")
        self.heard: Heard | None = None
        self.attachments: Sequence[Any] = ()
        self._finder: Finder | None = None

    def answer(self, kind: str, payload: Payload) -> Answer:
        """Answer one request.

        Raises:
            KeyError: No such kind, or something is missing from its payload.
        """
        return _KINDS[kind](self, payload)

    @property
    def words(self) -> Words:
        """The words of the page's language."""
        return self.workspace.knowledge.words(self.desk.language)

    # Beginning and end

    def begin(self, payload: Payload) -> Answer:
        """Take the page's language, its address of the rules, and settings kept from before."""
        self.workspace.forget()
        self.workspace.begin(payload.get("settings", {}))
        self.desk = Desk(self.workspace, payload["language"], payload["rules_url"])
        knowledge = self.workspace.knowledge
        return {**self._standing(), "rules_version": knowledge.version}

    def forget(self, _payload: Payload) -> Answer:
        """Forget everything that the reader brought, chose or wrote."""
        self.workspace.forget()
        self._finder = None
        self.desk.written.clear()
        return {}

    # Read and plan

    def read(self, payload: Payload) -> Answer:
        """Read what was brought, and show how it was understood."""
        choices = _choices(payload.get("choices") or {})
        sources = [self._source(one) for one in payload["sources"]]
        reading = self._read(sources, choices)
        fixed = plan_file_text(sources) is not None
        kept = choices_in(reading)
        # Read as in a plan that was opened: the page goes on from what the reader chose there.
        more = {} if fixed or kept == choices else {"choices": _stated(kept)}
        return self._understood(reading, fixed=fixed) | (more if choices == Choices() else {})

    def _read(self, sources: Sequence[Source], choices: Choices) -> Reading:
        if (text := plan_file_text(sources)) is not None:
            known = self.workspace.knowledge
            return self.workspace.take(open_plan_file(text, known).reading)
        for one in sources:
            if isinstance(one.content, bytes) and is_workbook(one.content):
                need(WORKBOOK_PACKAGES)
        return self.workspace.read(sources, choices)

    def _understood(self, reading: Reading, *, fixed: bool) -> Answer:
        """Say how it was understood; ``fixed`` where what was pasted isn't there any more."""
        return {
            "html": views.reading(self.desk, reading, fixed=fixed),
            "understood": len(reading.subscriptions),
            "announce": self._heard_of(len(reading.subscriptions)),
        }

    def _heard_of(self, understood: int) -> str:
        if not understood:
            return self.words.say("planner.ui.reading.nothing_heard")
        return self.words.say("planner.ui.reading.lines", count=understood)

    def _source(self, stated: Payload) -> Source:
        if "bytes" in stated:
            attached = self.attachments[stated["bytes"]]
            # In a browser they are JavaScript's own bytes.
            content = attached.to_bytes() if hasattr(attached, "to_bytes") else bytes(attached)
            return Source(stated["name"], content)
        return Source(stated["name"], stated["text"], stated.get("as_of", ""))

    def plan(self, _payload: Payload) -> Answer:
        """Plan what was read last."""
        self.workspace.make_plan(self.heard)
        return self._planned()

    def resume(self, payload: Payload) -> Answer:
        """Go on where a worker that is gone left off: choose again, read, plan once.

        ``changes`` are those of the answers' ``journal``; they name subscriptions and not
        lines, so they fit whatever is read now.
        """
        sources = [self._source(one) for one in payload["sources"]]
        text = plan_file_text(sources)
        if text is not None:
            self.workspace.open(open_plan_file(text, self.workspace.knowledge))
        for change in payload["changes"]:
            self._change(change["kind"], change["payload"])
        self._read(sources, _choices(payload.get("choices") or {}))
        self.workspace.make_plan(self.heard)
        return self._planned()

    def open(self, payload: Payload) -> Answer:
        """Open a plan file: everything in it takes the place of what was chosen before."""
        source = self._source(payload["source"])
        text = plan_file_text([source])
        if text is None:
            raise Unopenable("not_a_plan")
        saved = open_plan_file(text, self.workspace.knowledge)
        self.workspace.open(saved)
        self.workspace.make_plan(self.heard)
        changes = changed(saved, today(), self.workspace.knowledge)
        return {
            **self._understood(saved.reading, fixed=True),
            **self._planned(),
            "changes": views.opened(self.desk, saved.receipt, changes),
        }

    def _planned(self) -> Answer:
        plan = self.workspace.plan
        return {**self._standing(), "announce": announcement(plan, self.desk.language, self._known)}

    @property
    def _known(self) -> Knowledge:
        return self.workspace.dated

    def _standing(self) -> Answer:
        """Say how things stand: what the page shows beside every view."""
        workspace = self.workspace
        state = workspace.state
        standing: Answer = {
            "undo": self._undo_label(),
            "settings": {
                "as_of": state.as_of.isoformat() if state.as_of else "",
                "market": state.market,
                "policies": dict(state.policies),
                "scheduling": dict(stated_limits(state.scheduling)),
                "prices": dict(stated_prices(state.prices)),
                "outgoing": state.outgoing,
            },
        }
        try:
            plan = workspace.plan
        except NothingRead:
            return standing
        answered = set(state.answers)
        return standing | {
            "lines": len(plan.recommendations),
            "questions": sum(asked.id not in answered for asked in plan.questions),
            "as_of": plan.as_of.isoformat(),
            "standing": self.words.say("planner.labels.summary.as_of", day=plan.as_of),
        }

    # Change

    def set(self, payload: Payload) -> Answer:
        """Change settings."""
        return self._changing("set", payload)

    def give_answer(self, payload: Payload) -> Answer:
        """Answer a question, or take an answer back."""
        return self._changing("answer", payload)

    def mark(self, payload: Payload) -> Answer:
        """Tick steps off, or not."""
        return self._changing("mark", payload)

    def note(self, payload: Payload) -> Answer:
        """Note something about a line."""
        return self._changing("note", payload)

    def choose(self, payload: Payload) -> Answer:
        """Take another way for a line than the one recommended, or go back to that."""
        return self._changing("choose", payload)

    def undo(self, _payload: Payload) -> Answer:
        """Take the last change back."""
        undone = self.workspace.undo(self.heard)
        announce = self.words.say(f"planner.ui.undo.said.{undone}") if undone else ""
        return {**self._standing(), "undone": undone, "announce": announce}

    def _changing(self, kind: str, payload: Payload) -> Answer:
        planned, past = self._plan_that_stands(), len(self.workspace.past)
        payload = self._by_key(payload)
        self._change(kind, payload)
        replanned = self._plan_that_stands() is not planned
        said = f"planner.ui.changed.{'replanned' if replanned else kind}"
        changed = len(self.workspace.past) > past
        return {
            **self._standing(),
            "replanned": replanned,
            "journal": {"kind": kind, "payload": payload} if changed else None,
            "announce": self.words.say(said),
        }

    def _plan_that_stands(self) -> object:
        try:
            return self.workspace.plan
        except NothingRead:
            return None

    def _by_key(self, payload: Payload) -> Payload:
        """Name subscriptions where the page names lines, which another paste would renumber."""
        if "entry" in payload:
            lines = self.workspace.plan.agenda[int(payload["entry"])].lines
        elif "lines" in payload:
            lines = tuple(int(line) for line in payload["lines"])
        else:
            return payload
        kept = {name: payload[name] for name in _OF_LINES if name in payload}
        return {**kept, "keys": [self.workspace.key(line) for line in lines]}

    def _change(self, kind: str, payload: Payload) -> None:
        match kind:
            case "set":
                self.workspace.set(payload, self.heard)
            case "answer":
                self.workspace.answer(payload["question"], payload["value"], self.heard)
            case "mark":
                self.workspace.mark(payload["keys"], payload["step"], done=bool(payload["done"]))
            case "note":
                (key,) = payload["keys"]
                self.workspace.write_note(key, payload["text"])
            case "choose":
                (key,) = payload["keys"]
                self.workspace.choose(key, payload["alternative"], self.heard)
            case _:
                raise KeyError(kind)

    def _undo_label(self) -> str:
        past = self.workspace.past
        return self.words.say(f"planner.ui.undo.{past[-1].kind}") if past else ""

    # Show

    def summary(self, _payload: Payload) -> Answer:
        """Show what the plan comes to."""
        return {"html": views.summary(self.desk)}

    def questions(self, _payload: Payload) -> Answer:
        """Show what would change the plan."""
        return {"html": views.questions(self.desk)}

    def agenda(self, payload: Payload) -> Answer:
        """Show some entries of the agenda."""
        html, total = views.agenda(self.desk, int(payload["from"]), int(payload["to"]))
        return {"html": html, "total": total}

    def table(self, payload: Payload) -> Answer:
        """Show the table's filters and headings."""
        columns = views.columns_of(payload.get("columns"))
        return {
            "html": views.table(self.desk, Query.of(payload), columns),
            "columns": list(columns),
        }

    def rows(self, payload: Payload) -> Answer:
        """Show some rows of the table."""
        found = self._found(Query.of(payload))
        columns = views.columns_of(payload.get("columns"))
        first, last = int(payload["from"]), int(payload["to"])
        return {
            "html": views.rows(self.desk, found.items, columns, first, last),
            "total": len(found.items),
            "found": self.words.say("planner.ui.table.found", count=found.lines),
        }

    def _found(self, query: Query) -> Found:
        """Return what a query finds in the plan that stands."""
        portfolio = self.workspace.portfolio
        if self._finder is None or self._finder.portfolio is not portfolio:
            self._finder = Finder(portfolio)
        return self._finder.find(query)

    def timeline(self, payload: Payload) -> Answer:
        """Show the timeline's filters, axis and legend."""
        html, width = views.timeline(self.desk, Query.of(payload), payload["zoom"])
        return {"html": html, "width": width}

    def lanes(self, payload: Payload) -> Answer:
        """Show some lanes of the timeline: one a line, or one a customer."""
        query = Query.of(payload)
        found = self._found(query).items
        if query.group:
            found = views.customers_of(found)
        first, last = int(payload["from"]), int(payload["to"])
        html = views.lanes(self.desk, found, payload["zoom"], first, last)
        counted = "planner.ui.timeline.found" if query.group else "planner.ui.table.found"
        said = self.words.say(counted, count=len(found))
        return {"html": html, "total": len(found), "found": said}

    def detail(self, payload: Payload) -> Answer:
        """Show everything about one line."""
        return {"html": views.detail(self.desk, int(payload["line"]))}

    def settings(self, _payload: Payload) -> Answer:
        """Show every setting with its default."""
        return {"html": views.settings(self.desk)}

    def exports(self, _payload: Payload) -> Answer:
        """Show every form in which the plan can leave."""
        return {"html": views.exports(self.desk)}

    def export(self, payload: Payload) -> Answer:
        """Write the plan as files, in the language and under the names asked for."""
        workspace = self.workspace
        language = payload.get("language") or workspace.state.outgoing or self.desk.language
        outgoing = Outgoing(
            language,
            Names(payload.get("names", Names.REAL)),
            Table(payload.get("table", Table.LINES)),
            workspace.progress,
        )
        match payload["export"]:
            case "json" | "txt" as plain:
                files: tuple[File, ...] = (self._plain(plain, outgoing),)
            case other:
                export = Export(other)
                need(export.packages)
                files = write(workspace.plan, export, outgoing, self._known)
                if payload.get("packed"):
                    title = self._known.words(language).say("planner.ui.exports.file_name")
                    name = f"{title}-{export.value}-{workspace.plan.as_of.isoformat()}"
                    files = packed(files, name)
        said = self.words.say("planner.ui.exports.saved", count=len(files), name=files[0].name)
        return {"files": [_leaving(file) for file in files], "announce": said}

    def _plain(self, export: str, outgoing: Outgoing) -> File:
        plan, known = self.workspace.plan, self._known
        if outgoing.names is Names.ALIASES:
            plan = under_aliases(plan, outgoing.language, known)
        words = known.words(outgoing.language)
        name = words.say("planner.ui.exports.file_name")
        if export == "json":
            content, media_type = plan_json(plan), "application/json"
        else:
            content = plan_text(plan, outgoing.language, known)
            media_type = "text/plain; charset=utf-8"
        # Half a surrogate pair, which bytes can't hold, stays as JSON writes it.
        written = content.encode("utf-8", "backslashreplace")
        return File(f"{name}-{plan.as_of.isoformat()}.{export}", media_type, written)


class Lacking(LookupError):
    """Packages are needed that are fetched only then; ask again once they are there."""

    def __init__(self, packages: Sequence[str]) -> None:
        super().__init__(*packages)
        self.packages = tuple(packages)


def need(packages: Sequence[str]) -> None:
    """Go on only where packages can be imported.

    Raises:
        Lacking: Some can't yet.
    """
    lacking = [name for name in packages if find_spec(name) is None]
    if lacking:
        raise Lacking(lacking)


def plan_file_text(sources: Sequence[Source]) -> str | None:
    """Return what a plan file holds, where the reader brought one and nothing else."""
    if len(sources) != 1:
        return None
    content = sources[0].content
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    return text if f'"{KIND}"' in text[:_HEAD] else None


def _leaving(file: File) -> Answer:
    """Return a file as JSON holds it: text as text, anything else as base64."""
    told = {"name": file.name, "media_type": file.media_type}
    if file.media_type.startswith(("text/", "application/json")):
        return {**told, "text": file.content.decode()}
    return {**told, "base64": b64encode(file.content).decode()}


_KINDS: Mapping[str, Callable[[Door, Payload], Answer]] = {
    "begin": Door.begin,
    "forget": Door.forget,
    "read": Door.read,
    "plan": Door.plan,
    "open": Door.open,
    "resume": Door.resume,
    "set": Door.set,
    "answer": Door.give_answer,
    "mark": Door.mark,
    "note": Door.note,
    "choose": Door.choose,
    "undo": Door.undo,
    "summary": Door.summary,
    "questions": Door.questions,
    "agenda": Door.agenda,
    "table": Door.table,
    "rows": Door.rows,
    "timeline": Door.timeline,
    "lanes": Door.lanes,
    "detail": Door.detail,
    "settings": Door.settings,
    "exports": Door.exports,
    "export": Door.export,
}


def _choices(stated: Payload) -> Choices:
    """Return what the reader changed in the reading: number of the part → header → choice."""

    def of_columns(kind: str) -> dict[tuple[int, str], str]:
        parts: Mapping[str, Mapping[str, str]] = stated.get(kind, {})
        return {
            (int(part), header): choice
            for part, chosen in parts.items()
            for header, choice in chosen.items()
        }

    customers = {int(part): name for part, name in stated.get("customers", {}).items()}
    return Choices(of_columns("columns"), of_columns("orders"), customers)


def _stated(choices: Choices) -> Payload:
    """Return what the reader changed in the reading, as the page holds it."""

    def by_part(chosen: Mapping[tuple[int, str], str]) -> dict[str, dict[str, str]]:
        parts: dict[str, dict[str, str]] = {}
        for (part, header), choice in chosen.items():
            parts.setdefault(str(part), {})[header] = choice
        return parts

    return {
        "columns": by_part(choices.columns),
        "orders": by_part(choices.orders),
        "customers": {str(part): name for part, name in choices.customers.items()},
    }


_door: Door | None = None


def _open() -> Door:
    global _door  # noqa: PLW0603 - one page, one worker, one workspace
    if _door is None:
        _door = Door(compiled())
    return _door


def start() -> str:
    """Load the knowledge; return ``{"version": …, "rules_version": …}``."""
    knowledge = _open().workspace.knowledge
    return json.dumps({"version": __version__, "rules_version": knowledge.version})


def warm() -> None:
    """Make one plan and show every view of it, so that a memory snapshot holds what they need.

    Nothing of it stays but what every plan needs: templates, tables, words.
    """
    door = _open()
    for language in door.workspace.knowledge.languages:
        example = door.workspace.knowledge.tree["examples"].get(language)
        door.begin({"language": language, "rules_url": ""})
        text = example["text"] if example else ""
        door.read({"sources": [{"name": "", "text": text}]})
        door.set({"as_of": example["as_of"] if example else ""})
        door.plan({})
        first = door.workspace.plan.recommendations[:1]
        shown = {"from": 0, "to": 3, "zoom": "month"}
        for kind in ("summary", "questions", "agenda", "table", "rows", "timeline", "lanes"):
            door.answer(kind, shown)
        door.settings({})
        door.exports({})
        for export in ("txt", *(one.value for one in Export if not one.packages)):
            door.export({"export": export, "packed": True})
        for one in first:
            door.detail({"line": one.subscription.line})
        door.forget({})
    _proof()


def wake() -> bool:
    """Make good what an image of memory brings from elsewhere; tell whether it is in order.

    Random numbers would otherwise be the same for all. The seed of hashes stays: nothing
    that is written depends on it. In order is an image that still plans a line as when it
    was made.
    """
    random.seed()
    return _prove() == _proof()


def practise() -> bool:
    """Answer what a reader asks first, about one more list; return whether that was all.

    Browsers make fast what has run often, as it has run, and a kind of line that was judged
    needs no judging again. A worker that nobody asks anything yet makes use of both; nothing
    else of it is kept.
    """
    door, lists = _practice()
    text = next(lists, None)
    if text is None:
        return True
    for kind, payload in (
        ("read", {"sources": [{"name": "", "text": text}]}),
        ("plan", {}),
        ("summary", {}),
        ("questions", {}),
    ):
        asked = json.dumps({"id": 0, "kind": kind, "payload": payload})
        _answer(door, asked, (), lambda *_: None)
    return False


@cache
def _practice() -> tuple[Door, Iterator[str]]:
    knowledge = _open().workspace.knowledge
    return Door(knowledge), practice_lists(knowledge, today())


def _prove() -> str:
    """Return the fingerprint of what the first line of an example is planned as.

    One line goes through every stage; more of them would only keep the reader waiting.
    """
    knowledge = _open().workspace.knowledge
    proof = hashlib.sha256()
    for text, as_of in islice(_examples(), 1):
        header_and_line = "\n".join(text.split("\n")[:2])
        proof.update(plan_json(plan_pasted(header_and_line, as_of, knowledge)).encode())
    return proof.hexdigest()


def _examples() -> Iterator[tuple[str, dt.date]]:
    """Yield each language's example with the day that it is planned on."""
    for example in _open().workspace.knowledge.tree["examples"].values():
        yield example["text"], dt.date.fromisoformat(example["as_of"])


@cache
def _proof() -> str:
    return _prove()


def handle(
    request: str,
    attachments: Sequence[Any] = (),
    progress: Callable[[int, int, int], None] | None = None,
) -> str:
    """Answer one request, JSON text in and out; never raises.

    ``attachments`` are the bytes that sources of the request name by their place.
    ``progress`` is called while long work goes on, with the request's id, how many
    lines are through, and how many there are.
    """
    return _answer(_open(), request, attachments, progress)


def _answer(
    door: Door,
    request: str,
    attachments: Sequence[Any],
    progress: Callable[[int, int, int], None] | None,
) -> str:
    asked = json.loads(request)
    # A plan holds no circles. Looking for some, again and again while it grows, finds nothing
    # and takes a fifth of the time; between two requests it looks as ever.
    gc.disable()
    door.attachments = attachments
    door.heard = _now_and_then(asked["id"], progress) if progress else None
    try:
        answer = {"ok": True, **door.answer(asked["kind"], asked["payload"])}
    except Refused as refused:
        answer = {
            "ok": False,
            "reason": "refused",
            "setting": refused.setting,
            "say": _sentence(door.words, refused.problem),
        }
    except Unopenable as unopenable:
        say = unopenable.sentence(door.words)
        answer = {"ok": False, "reason": "refused", "setting": "file", "say": say}
    except Lacking as lacking:
        answer = {"ok": False, "reason": "packages", "packages": lacking.packages, "say": ""}
    except NothingRead:
        answer = {"ok": False, "reason": "nothing", "say": ""}
    except OSError:
        # The only files that Python reads here are its own, fetched when it looks for one.
        answer = {"ok": False, "reason": "network", "say": ""}
    except MemoryError:
        answer = {"ok": False, "reason": "memory", "say": ""}
    except Exception as error:  # noqa: BLE001 - whatever breaks, the page says so and lives on
        answer = {"ok": False, "reason": "other", "say": "", "detail": _place(error)}
    finally:
        door.attachments = ()
        gc.enable()
    return json.dumps({"id": asked["id"], **answer}, ensure_ascii=False)


def _now_and_then(request: int, progress: Callable[[int, int, int], None]) -> Heard:
    """Return what passes on how far work is, but not more often than a reader can see."""
    last = time.monotonic()

    def heard(done: int, total: int) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= _PAUSE:
            last = now
            progress(request, done, total)

    return heard


def _sentence(words: Words, problem: Problem) -> str:
    values = {"line": problem.line, "value": problem.value, **problem.values}
    return words.say(f"planner.problems.{problem.id}", **values)


def _place(error: Exception) -> str:
    """Return what broke and where; an error's own message may repeat what was pasted."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {PurePath(last.filename).name}:{last.lineno}"
