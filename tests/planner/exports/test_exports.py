"""What the forms that leave promise, one by one."""

import csv
import datetime as dt
import html.parser
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.commands.exporting import EXPORTED, TABLES
from planner.knowledge import Knowledge
from planner.model import Plan, Settings
from planner.planning import plan
from planner.writing.batches import HEADER, LIMIT
from planner.writing.exports import Export, File, write
from planner.writing.outgoing import Outgoing, Progress

ROOT = Path(__file__).parents[3]
AS_OF = dt.date(2026, 11, 24)
# PowerShell ends a string in single quotes at any of these.
QUOTES = "'\u2018\u2019\u201a\u201b"
Written = Callable[..., tuple[File, ...]]


def portfolio_of(knowledge: Knowledge, *lines: dict[str, Any]) -> Plan:
    return plan(json.dumps(lines), Settings(AS_OF), knowledge)


# The batch migration tool's files


def legacy(number: int, **fields: Any) -> list[str]:
    """Return a row of the tool's own export."""
    row = dict.fromkeys(HEADER, "") | {
        "CustomerName": "Contoso",
        "CustomerTenantId": "42ad749c-9aff-5300-b99f-dd1f118d88f0",
        "LegacySubscriptionId": f"00000000-0000-4000-8000-{number:012d}",
        "LegacyProductName": "Microsoft 365 E3",
        "ExpirationDate": "02/13/2027 00:00:00",
        "AutoRenewEnabled": "True",
        "MigrationEligible": "True",
        "CurrentTerm": "P1Y",
        "CurrentBillingPlan": "Monthly",
        "CurrentSeatCount": "3",
        "AddOn": "False",
    }
    return list((row | fields).values())


def _pasted(rows: list[list[str]]) -> str:
    """Return rows of the tool's export as text."""
    text = io.StringIO()
    csv.writer(text).writerows([list(HEADER), *rows])
    return text.getvalue()


def batch_files(knowledge: Knowledge, rows: list[list[str]]) -> list[list[dict[str, str]]]:
    files = write(
        plan(_pasted(rows), Settings(AS_OF), knowledge), Export.BATCH, Outgoing("en"), knowledge
    )
    return [
        list(csv.DictReader(io.StringIO(file.content.decode())))
        for file in files
        if file.name.endswith(".csv")
    ]


def test_a_batch_holds_no_more_than_the_tool_takes(knowledge: Knowledge) -> None:
    files = batch_files(knowledge, [legacy(number) for number in range(2 * LIMIT + 1)])

    assert [len(rows) for rows in files] == [LIMIT, LIMIT, 1]
    assert len({row["LegacySubscriptionId"] for rows in files for row in rows}) == 2 * LIMIT + 1


def test_an_add_on_stands_in_the_file_of_its_base(knowledge: Knowledge) -> None:
    rows = [legacy(number) for number in range(LIMIT)]
    base = f"00000000-0000-4000-8000-{LIMIT - 1:012d}"
    rows.append(
        legacy(LIMIT, AddOn="True", BaseSubscriptionId=base, LegacyProductName="Visio Plan 2")
    )

    first, second = batch_files(knowledge, rows)

    assert len(first) == LIMIT - 1
    assert [row["BaseSubscriptionId"] for row in second] == ["", base]
    assert [row["AddOn"] for row in second] == ["False", "True"]


def test_a_batch_has_the_columns_that_the_tool_reads_in_its_order(knowledge: Knowledge) -> None:
    (file,) = write(
        plan(_pasted([legacy(1)]), Settings(AS_OF), knowledge),
        Export.BATCH,
        Outgoing("es"),
        knowledge,
    )

    # Properties of MigrationRequest in the tool's Models.cs, top to bottom.
    assert file.content.decode().splitlines()[0] == (
        "PartnerTenantId,IndirectResellerMpnId,CustomerName,CustomerTenantId,"
        "LegacySubscriptionId,LegacySubscriptionName,LegacyProductName,ExpirationDate,"
        "AutoRenewEnabled,MigrationEligible,NcePsa,CurrentTerm,CurrentBillingPlan,"
        "CurrentSeatCount,StartNewTermInNce,Term,BillingPlan,SeatCount,CustomTermEndDate,"
        "AddOn,BaseSubscriptionId,MigrationIneligibilityReason"
    )


def test_an_add_on_names_its_base_letter_by_letter_as_the_base_names_itself(
    knowledge: Knowledge,
) -> None:
    base = "ABCDEF00-0000-4000-8000-000000000001"
    rows = [
        legacy(1, LegacySubscriptionId=base),
        legacy(
            2, AddOn="True", BaseSubscriptionId=base.capitalize(), LegacyProductName="Visio Plan 2"
        ),
    ]

    (written_rows,) = batch_files(knowledge, rows)

    assert written_rows[1]["BaseSubscriptionId"] == written_rows[0]["LegacySubscriptionId"]


def test_an_add_on_without_its_base_is_left_out_with_the_reason(knowledge: Knowledge) -> None:
    base = "00000000-0000-4000-8000-000000000099"
    pasted = _pasted([legacy(1, AddOn="True", BaseSubscriptionId=base)])

    (note,) = write(
        plan(pasted, Settings(AS_OF), knowledge), Export.BATCH, Outgoing("en"), knowledge
    )

    assert "Add-ons go with their base" in note.content.decode()


def test_a_batch_of_nothing_says_so(written: Written) -> None:
    (note,) = written(Export.BATCH, Outgoing("es"))

    assert "Ninguna línea de este plan se migra" in note.content.decode()


# What should be done already


@pytest.mark.parametrize("export", [Export.CHECKLIST, Export.CALENDAR])
def test_a_last_day_that_has_passed_is_said_to_have_passed(
    export: Export, knowledge: Knowledge
) -> None:
    line = {"sku": "Visio", "channel": "WEB_MCA", "end": AS_OF.isoformat(), "autoRenew": "off"}
    file = write(portfolio_of(knowledge, line), export, Outgoing("en"), knowledge)[0]

    text = file.content.decode().replace("\r\n ", "").replace("\\", "")
    assert "The last day for it, November 23, 2026, has passed." in text
    assert "No later than November 23" not in text


# The letter


def test_a_letter_speaks_of_one_customer_only(written: Written) -> None:
    names = ("Contoso", "Fabrikam", "Wingtip", "Ñandú")
    files = written(Export.LETTER)

    for file in files:
        text = file.content.decode()
        assert sum(name in text for name in names) == 1
    assert len(files) == 2 * len(names)


def test_a_letter_in_the_customers_language_has_no_sentence_of_the_readers(
    written: Written,
) -> None:
    english, spanish = (
        {
            line
            for file in written(Export.LETTER, Outgoing(language))
            if file.name.endswith(".md")
            for line in file.content.decode().splitlines()
        }
        for language in ("en", "es")
    )

    assert english & spanish == {"", "| --- | ---: | --- | --- |"}


def test_a_letter_asks_once_for_what_is_done_once_for_a_customer(written: Written) -> None:
    letter = next(file for file in written(Export.LETTER) if "contoso" in file.name)

    text = letter.content.decode()
    assert text.count("Accept our invitation") == 1
    assert "**By November 24, 2026**: Accept our invitation" in text
    assert text.count("Approve our request for access") == 1


def test_a_letter_says_that_a_subscription_renews_before_it_is_transferred(
    knowledge: Knowledge,
) -> None:
    line = {"sku": "Visio", "channel": "CSP_OTHER_NCE", "term": "P1Y", "autoRenew": "on"}
    line |= {"sourceAgrees": "yes", "customer": "Contoso"}

    def letter(end: str) -> str:
        made = portfolio_of(knowledge, line | {"end": end})
        return write(made, Export.LETTER, Outgoing("en"), knowledge)[0].content.decode()

    assert "It renews once with your current partner" in letter("2026-11-28")
    assert "It renews once with your current partner" not in letter("2027-05-31")


def test_a_letter_keeps_the_partners_internals_to_itself(
    knowledge: Knowledge, plan_of: Any
) -> None:
    text = (ROOT / "tests/planner/exports/portfolio.csv").read_text(encoding="utf-8")
    example = knowledge.tree["examples"]["en"]["text"]
    for made in (plan_of(text), plan_of(example)):
        for language in knowledge.languages:
            for file in write(made, Export.LETTER, Outgoing(language), knowledge):
                letter = file.content.decode()
                assert not re.search(r"\b[RPDFKUS]-\d{2}", letter)
                assert not re.search(r"\b[A-Z]+_[A-Z_]+\b", letter)
                assert not re.search(
                    r"margin|incentiv|Partner Center|Centro de partners|CSP\b",
                    letter.partition("<body>")[2] or letter,
                )


def test_every_path_and_every_step_of_a_customers_has_words_in_the_letter(
    knowledge: Knowledge,
) -> None:
    for language in knowledge.languages:
        words = knowledge.words(language)
        for path, planned in knowledge.path_plans.items():
            assert words.has(f"planner.letter.paths.{path}")
            for step in planned.steps:
                if step.actor in {"customer", "purchaser", "source-partner"}:
                    known = [
                        words.has(f"planner.letter.{kind}.{step.id}")
                        for kind in ("tasks", "events")
                    ]
                    assert any(known), step.id


def test_no_words_of_the_letter_are_for_a_step_that_does_not_exist(knowledge: Knowledge) -> None:
    words = knowledge.words("en")
    for kind in ("tasks", "events"):
        assert set(words.message(f"planner.letter.{kind}")) <= set(knowledge.step_rules)


# The license script


def script_of(knowledge: Knowledge, language: str = "en", **fields: Any) -> str:
    line = {
        "customer": "Contoso",
        "tenantId": "42ad749c-9aff-5300-b99f-dd1f118d88f0",
        "channel": "WEB_MCA",
        "sku": "Office 365 E3",
        "cspSku": "different: Microsoft 365 E3",
        "end": "2027-02-28",
    }
    made = portfolio_of(knowledge, line | fields)
    files = write(made, Export.SCRIPT, Outgoing(language), knowledge)
    return files[0].content.decode("utf-8-sig")


def code_of(script: str) -> str:
    """Return a script without comments and without what stands in single quotes."""
    lines = [line for line in script.split("\r\n") if not line.lstrip().startswith("#")]
    return re.sub(rf"'(?:[^{QUOTES}]|([{QUOTES}])\1)*'", "''", "\n".join(lines))


def test_a_script_names_both_products_by_their_graph_ids(knowledge: Knowledge) -> None:
    script = script_of(knowledge)

    old = knowledge.catalogue.find("Office 365 E3").product
    new = knowledge.catalogue.find("Microsoft 365 E3").product
    assert old
    assert new
    assert f"OldSkuId = '{old.graph_sku}'" in script
    assert f"NewSkuId = '{new.graph_sku}'" in script
    assert "$TenantId = '42ad749c-9aff-5300-b99f-dd1f118d88f0'" in script


def test_a_script_changes_nothing_unless_it_is_told_to_run(knowledge: Knowledge) -> None:
    code = code_of(script_of(knowledge))

    assert code.count("Set-MgUserLicense") == 1
    guard = code.index("if (-not $Run) {", code.index("foreach ($one in $planned)"))
    leaves = code.index("continue", guard)
    assert guard < leaves < code.index("Set-MgUserLicense")
    assert "[switch] $Run" in code
    assert code.index("Stop-Here", code.index("$needed -gt $left")) < code.index(
        "Set-MgUserLicense"
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_script_is_whole(language: str, knowledge: Knowledge) -> None:
    code = code_of(script_of(knowledge, language))

    bare = re.sub(r'"[^"\n]*"', '""', code)
    for opening, closing in ("{}", "()", "[]"):
        assert bare.count(opening) == bare.count(closing)
    assert "'" not in re.sub("''", "", bare)
    for filled in re.finditer(
        r"\(('(?:[^']|'')*') -f ([^\n]*)\)\n", script_of(knowledge, language).replace("\r\n", "\n")
    ):
        numbers = {int(number) for number in re.findall(r"\{(\d)[:}]", filled[1])}
        assert numbers == set(range(len(filled[2].split(","))))


@pytest.mark.parametrize(
    "evil",
    [
        "'; Remove-Item C:\\ #",
        "\u2019; Remove-Item x #",
        "a\r\nRemove-Item x",
        "$(Remove-Item x)",
        "#>\u2028Remove-Item",
    ],
    ids=["quote", "curly-quote", "new-line", "expression", "separator"],
)
def test_pasted_text_never_runs_in_a_script(evil: str, knowledge: Knowledge) -> None:
    script = script_of(knowledge, customer=evil, tenantId=evil)

    assert "Remove-Item" in script
    assert "Remove-Item" not in code_of(script)
    assert len(re.split("[\r\n\u2028\u2029\u0085]+", script)) == len(
        re.split("[\r\n]+", script_of(knowledge, tenantId=""))
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"sku": "Contoso special"}, "The old product's ID isn't known."),
        ({"cspSku": "different: Contoso special"}, "The new product's ID isn't known."),
        ({"channel": "SYNDICATION", "cspSku": "same"}, "the same product in the directory"),
    ],
    ids=["old", "new", "same"],
)
def test_a_line_that_no_script_can_move_is_named_with_the_reason(
    fields: dict[str, str], reason: str, knowledge: Knowledge
) -> None:
    note = script_of(knowledge, **fields)

    assert note.startswith("# Not in these files")
    assert reason in note


# The checklist


class Page(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            name for name, _ in attrs if name in {"src", "href", "action"} or name.startswith("on")
        ]


@pytest.mark.parametrize(
    "export", [Export.CHECKLIST, Export.LETTER], ids=lambda export: export.value
)
def test_a_page_for_paper_stands_alone_and_runs_nothing(
    export: Export, knowledge: Knowledge
) -> None:
    evil = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>"
    made = portfolio_of(
        knowledge,
        {"sku": evil, "customer": evil, "end": "2027-02-28"},
        {"sku": "Visio", "seats": evil},
    )

    for file in write(made, export, Outgoing("es"), knowledge):
        if file.name.endswith(".html"):
            page = Page(file.content.decode())
            assert {"script", "img", "link", "iframe", "form"}.isdisjoint(page.tags)
            assert not page.addresses
            assert "default-src 'none'" in file.content.decode()


def test_what_is_done_is_ticked_off_when_it_is_done_for_every_line(
    portfolio: Plan, knowledge: Knowledge
) -> None:
    def ticked(*done: tuple[str, str]) -> int:
        progress = Progress(frozenset(done))
        (file,) = write(portfolio, Export.MARKDOWN, Outgoing("en", progress=progress), knowledge)
        return file.content.count(b"- [x]")

    (entry,) = (one for one in portfolio.agenda if one.step == "inventory" and len(one.lines) > 1)
    assert ticked() == 0
    assert ticked((portfolio.keys[entry.lines[0]], "inventory")) == 0
    assert ticked(*((portfolio.keys[line], "inventory") for line in entry.lines)) == 1


# The command line


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    portfolio = str(ROOT / "tests/planner/exports/portfolio.csv")
    command = [
        sys.executable,
        "-m",
        "planner",
        "plan",
        portfolio,
        "--as-of",
        "2026-11-24",
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT)


def test_one_file_goes_to_standard_output(written: Written) -> None:
    done = run("--to", "csv", "--language", "es")

    (file,) = written(Export.CSV, Outgoing("es"))
    assert done.stdout == file.content
    assert done.returncode == 1


def test_several_files_need_a_folder(written: Written, tmp_path: Path) -> None:
    refused = run("--to", "letter")
    done = run("--to", "letter", "--output", str(tmp_path / "out"), "--redact")

    assert refused.returncode == 2
    assert b"--output DIR" in refused.stderr
    assert done.returncode == 1
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert len(names) == len(written(Export.LETTER))
    assert {str(tmp_path / "out" / name) for name in names} == set(done.stdout.decode().split())
    for path in (tmp_path / "out").iterdir():
        assert "Contoso" not in path.name + path.read_text(encoding="utf-8")


@pytest.mark.parametrize("shown", ["text", "json", "html"])
def test_what_is_shown_can_be_redacted_too(shown: str) -> None:
    said = run("--to", shown, "--redact").stdout.decode()

    assert "Customer 1" in said or shown == "html"
    for secret in ("Contoso", "Fabrikam", "Wingtip", "aaaaaaaa-0000", "11111111-2222"):
        assert secret not in said


def test_every_export_can_be_asked_for_by_its_name() -> None:
    assert [export.value for export in Export] == sorted(
        EXPORTED, key=[export.value for export in Export].index
    )
    assert TABLES == ("lines", "agenda", "set-aside")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_has_a_short_name_for_a_calendar(language: str, knowledge: Knowledge) -> None:
    names = knowledge.words(language).message("planner.actions")

    assert set(names) == set(knowledge.step_rules)
    assert max(map(len, names.values())) <= 45
