"""The license script as PowerShell reads it: a small tokenizer of its own, as none runs here.

What stands in the script is held against a closed list: cmdlets and parameters as Microsoft
documents them (Microsoft.Graph.Users.Actions, .Users, .Groups, .Authentication and
.Identity.DirectoryManagement; PowerShell 5.1), so a slip in a name is found before anyone runs it.
"""

import json
import re
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.model import Settings
from planner.planning import plan
from planner.writing.exports import Export, write
from planner.writing.outgoing import Outgoing

from .conftest import AS_OF

CMDLETS = {
    "Connect-MgGraph": {"TenantId", "Scopes", "NoWelcome"},
    "Get-MgContext": set(),
    "Get-MgSubscribedSku": {"All"},
    "Get-MgUser": {"All", "Filter", "ConsistencyLevel", "CountVariable", "Property"},
    "Get-MgGroup": {"GroupId", "Property"},
    "Set-MgUserLicense": {"UserId", "AddLicenses", "RemoveLicenses"},
    "Set-StrictMode": {"Version"},
    "Get-Date": set(),
    "Get-Location": set(),
    "Join-Path": set(),
    "Write-Host": set(),
    "Add-Content": {"LiteralPath", "Value", "Encoding"},
    "Where-Object": set(),
    "ForEach-Object": set(),
    "Select-Object": {"Unique"},
    "Out-Null": set(),
    # The script's own functions.
    "Write-Log": set(),
    "Stop-Here": set(),
    "Get-State": set(),
}
OPERATORS = {"eq", "ne", "gt", "lt", "and", "or", "not", "f", "contains"}
SINGLE = "\u0027\u2018\u2019\u201a\u201b"  # PowerShell takes each for a single quote.
DOUBLE = "\u0022\u201c\u201d\u201e"
TOKEN = re.compile(
    rf"(?P<comment>#[^\n]*)|(?P<here>@[{SINGLE}{DOUBLE}]\n)"
    rf"|(?P<single>[{SINGLE}](?:[^{SINGLE}]|[{SINGLE}]{{2}})*[{SINGLE}])"
    rf"|(?P<double>[{DOUBLE}](?:[^{DOUBLE}`]|`.|[{DOUBLE}]{{2}})*[{DOUBLE}])"
    r"|(?P<cmdlet>\b[A-Z][A-Za-z]+-[A-Z][A-Za-z]+\b)|(?P<parameter>(?<=[\s(])-[A-Za-z]+)"
    rf"|(?P<bracket>[(){{}}\[\]])|(?P<newline>\n)|(?P<stray>[{SINGLE}{DOUBLE}`])|(?P<other>.)"
)
EVIL = [
    "O'Brien'; Remove-MgUser -UserId x; '",
    "\u2019; Remove-MgUser -UserId x #",
    "x\r\n'@\r\nRemove-MgUser -UserId x",
    '"$(Remove-MgUser -UserId x)"',
    "`'; Remove-MgUser {(",
    "#>\u2028Remove-MgUser",
]


def script_of(knowledge: Knowledge, language: str = "en", **fields: Any) -> str:
    line = {"customer": "Contoso", "tenantId": "42ad749c-9aff-5300-b99f-dd1f118d88f0"}
    line |= {"channel": "WEB_MCA", "sku": "Office 365 E3", "end": "2027-02-28"}
    line |= {"cspSku": "different: Microsoft 365 E3", "subscriptionId": "s1"}
    by_hand = {
        **line,
        "sku": "Visio Plan 2",
        "cspSku": "different: Nothing",
        "subscriptionId": "s2",
    }
    made = plan(json.dumps([line | fields, by_hand | fields]), Settings(AS_OF), knowledge)
    (file, *_) = write(made, Export.SCRIPT, Outgoing(language), knowledge)
    return file.content.decode("utf-8-sig").replace("\r\n", "\n")


def tokens(script: str) -> list[tuple[str, str]]:
    return [(str(found.lastgroup), found[0]) for found in TOKEN.finditer(script)]


def code(script: str) -> list[tuple[str, str]]:
    """Return what runs: no comment, no text in quotes, no blank."""
    return [
        (kind, text)
        for kind, text in tokens(script)
        if kind not in {"comment", "single", "newline"} and not text.isspace()
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_bracket_and_quote_is_closed(language: str, knowledge: Knowledge) -> None:
    found = tokens(script_of(knowledge, language))

    assert not [text for kind, text in found if kind in {"stray", "here"}]
    pairs = {")": "(", "}": "{", "]": "["}
    opened: list[str] = []
    for kind, text in found:
        if kind == "bracket" and text in pairs:
            assert opened.pop() == pairs[text]
        elif kind == "bracket":
            opened.append(text)
    assert not opened


def test_every_cmdlet_and_parameter_is_documented(knowledge: Knowledge) -> None:
    cmdlet = ""
    asked: dict[str, set[str]] = {}
    for kind, text in tokens(script_of(knowledge)):
        if kind == "newline" or text in "|;{}":
            cmdlet = ""
        elif kind == "cmdlet":
            cmdlet = text
            asked.setdefault(cmdlet, set())
        elif kind == "parameter" and text[1:].lower() not in OPERATORS:
            assert cmdlet, text
            asked[cmdlet].add(text[1:])
    assert asked.keys() == CMDLETS.keys()
    for name, parameters in asked.items():
        assert parameters <= CMDLETS[name], name


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("field", ["customer", "tenantId", "subscriptionId"])
def test_what_is_pasted_adds_nothing_that_runs(field: str, evil: str, knowledge: Knowledge) -> None:
    usual, hostile = script_of(knowledge), script_of(knowledge, **{field: evil})
    if field == "tenantId":
        # A tenant that is no GUID is asked for instead of written.
        usual = script_of(knowledge, tenantId="none")

    assert code(hostile) == code(usual)


def test_what_stands_in_double_quotes_is_the_scripts_own(knowledge: Knowledge) -> None:
    said = {text for kind, text in tokens(script_of(knowledge)) if kind == "double"}

    assert said
    assert all(re.fullmatch(r'"\$(\(\$\w+\.\w+\)|_)"', text) for text in said), said


def test_nothing_is_changed_before_seats_are_counted_and_run_is_asked_for(
    knowledge: Knowledge,
) -> None:
    script = script_of(knowledge)

    (change,) = [found.start() for found in re.finditer("Set-MgUserLicense", script)]
    assert script.index("$needed -gt $left") < change
    assert script.index("$_.AssignedByGroup") < change
    assert script.rindex("if (-not $Run)", 0, change) > script.index("foreach ($one in $planned)")
    assert script.index("LicenseAssignment.ReadWrite.All") > script.index("if ($Run) { $scopes")
