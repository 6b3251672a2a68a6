import base64
import hashlib
import html
import json
import re
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from builder import ruleset, stage
from builder.paths import CONFIGURATION, DATA, DOCS, SITE
from planner.checkout import read_folder, read_yaml

HOST = "https://site.example"

CSS_LOADS = re.compile(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)")
INLINE_CODE = re.compile(r"<[a-z][^>]*\s(?:on[a-z]+=|href=[\"']?javascript:)")

Site = dict[str, Any]


@pytest.fixture(scope="session")
def settings() -> dict[str, Any]:
    """The site's one configuration."""
    loaded: dict[str, Any] = read_yaml(CONFIGURATION)
    return loaded


def target(page: Any, link: str) -> str:
    """Return a link's address below the site's root, or in full where it leads away."""
    full = urljoin(f"{HOST}{page.address}", link)
    return full.removeprefix(HOST) if full.startswith(f"{HOST}/") else full


def test_every_language_with_words_is_built(languages: list[str]) -> None:
    assert languages == sorted(path.parent.name for path in DATA.glob("languages/*/site.yml"))


def test_every_page_of_the_menu_is_built_in_every_language(
    site: Site, languages: list[str], settings: dict[str, Any]
) -> None:
    names = stage.page_names(DOCS / "pages", settings["extra"]["pages"])
    wanted = {
        f"/{language}/" if name == "index" else f"/{language}/{name}/"
        for language in languages
        for name in names
    }
    assert wanted == site.keys() - {"/", "/404.html"}


def test_every_internal_link_and_anchor_resolves(site: Site) -> None:
    broken = []
    for page in site.values():
        for link in page.links:
            full = target(page, link["href"])
            if not full.startswith("/"):
                continue
            path, _, anchor = full.partition("#")
            other = site.get(path)
            there = other is not None or (SITE / unquote(path[1:])).is_file()
            if not there or (anchor and other and unquote(anchor) not in other.anchors):
                broken.append(f"{page.name}: {link['href']}")
    assert broken == []


def test_every_resource_comes_from_the_site_and_is_there(site: Site) -> None:
    broken = []
    for page in site.values():
        for link in page.loads:
            if link.startswith("data:"):
                continue
            full = target(page, link)
            if not full.startswith("/") or not (SITE / urlsplit(full).path[1:]).is_file():
                broken.append(f"{page.name}: {link}")
    assert broken == []


def test_stylesheets_load_nothing_from_another_host() -> None:
    loaded = [
        f"{path.name}: {address}"
        for path in SITE.rglob("*.css")
        for address in CSS_LOADS.findall(path.read_text("utf-8"))
        if re.match(r"(?:https?:)?//", address)
    ]
    assert loaded == []


def test_pages_of_all_languages_name_each_other_and_themselves(
    site: Site, languages: list[str]
) -> None:
    for page in site.values():
        if page.name == "404.html":
            continue
        assert set(page.alternates) == {*languages, "x-default"}, page.name
        if page.address == "/":
            continue
        assert target(page, page.alternates[page.language]) == page.address
        for language, link in page.alternates.items():
            if language != "x-default":
                other = site[target(page, link)]
                assert other.language == language
                assert target(other, other.alternates[page.language]) == page.address


def test_readers_of_other_languages_are_led_to_the_default_one(
    site: Site, settings: dict[str, Any]
) -> None:
    default = settings["extra"]["default_language"]
    for page in site.values():
        if page.address not in {"/", "/404.html"}:
            assert page.alternates["x-default"] == page.alternates[default]


def test_the_language_switch_leads_to_the_same_page(site: Site, languages: list[str]) -> None:
    for page in site.values():
        if page.address in {"/", "/404.html"}:
            continue
        switch = {
            link["hreflang"]: target(page, link["href"])
            for link in page.links
            if "md-select__link" in link.get("class", "")
        }
        rest = page.address.removeprefix(f"/{page.language}/")
        assert switch == {language: f"/{language}/{rest}" for language in languages}


def test_every_page_carries_one_policy_that_names_no_other_host(site: Site) -> None:
    for page in site.values():
        (policy,) = page.policies
        assert "default-src 'none'" in policy
        assert "connect-src 'self'" in policy
        assert "'unsafe-eval'" not in policy
        assert "//" not in re.sub(r"'sha256-[^']*'", "", policy)


def test_no_inline_script_stands_without_its_hash_in_the_policy(site: Site) -> None:
    for page in site.values():
        for attributes, code in re.findall(r"<script([^>]*)>(.*?)</script>", page.text, re.DOTALL):
            if "src=" in attributes or 'type="application/json"' in attributes:
                continue
            digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in page.policies[0], page.name


def test_no_page_has_code_in_attributes(site: Site) -> None:
    for page in site.values():
        assert not INLINE_CODE.search(page.text), page.name


def test_each_language_has_a_search_index_of_its_own_pages(
    languages: list[str], settings: dict[str, Any]
) -> None:
    for language in languages:
        index = json.loads((SITE / language / "search" / "search_index.json").read_text("utf-8"))
        assert language in index["config"]["lang"]
        found = {entry["location"].partition("#")[0] for entry in index["docs"]}
        names = set(stage.page_names(DOCS / "pages", settings["extra"]["pages"])) - {"index"}
        assert found == {"", *(f"{name}/" for name in names)}


def test_the_first_page_leads_to_every_language_without_javascript(
    site: Site, languages: list[str]
) -> None:
    page = site["/"]
    words = {tag: read_yaml(DATA / "languages" / tag / "site.yml") for tag in languages}
    assert {link["hreflang"]: target(page, link["href"]) for link in page.links} == {
        tag: f"/{tag}/" for tag in languages
    }
    without_script = html.unescape(re.sub(r"<script.*?</script>", "", page.text, flags=re.DOTALL))
    for tag in languages:
        assert words[tag]["language"] in without_script
        assert words[tag]["first_page"]["text"] in without_script
    assert 'http-equiv="refresh"' not in page.text


def test_the_page_for_wrong_addresses_works_at_any_depth(site: Site, languages: list[str]) -> None:
    page = site["/404.html"]
    assert sorted(link["href"] for link in page.links) == [f"/{tag}/" for tag in languages]
    assert all(link.startswith("/") for link in page.loads)


def test_every_page_names_its_language_and_its_search_dialog(site: Site) -> None:
    for page in site.values():
        if page.address in {"/", "/404.html"}:
            continue
        assert page.address.startswith(f"/{page.language}/")
        assert re.search(r'role="dialog" aria-label="[^"]+"', page.text), page.name


def test_a_guide_page_loads_nothing_of_the_browsers_python(site: Site) -> None:
    for page in site.values():
        assert not [link for link in page.loads if "runtime/" in link], page.name


def test_python_is_started_by_a_script_that_every_browser_runs_first(site: Site) -> None:
    """A module of the head would run last in WebKit, and start a second Python there."""
    planners = [page for page in site.values() if 'data-start="now"' in page.text]
    assert planners
    for page in planners:
        scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page.text, re.DOTALL)
        starting = [place for place, (_, code) in enumerate(scripts) if "startAhead(" in code]
        assert starting == [0], page.name
        assert scripts[0][0] == "", page.name


def test_the_worker_s_modules_come_through_what_is_kept_in_every_browser(site: Site) -> None:
    """Firefox fetches past the service worker what a worker imports before it runs."""
    planners = [page for page in site.values() if 'data-start="now"' in page.text]
    assert planners
    for page in planners:
        assert "Promise.all([${modules}])" in page.text, page.name
        assert not re.search(r"^(?:return `)?import\b(?! *\()", page.text, re.MULTILINE), page.name


def test_every_row_of_the_decision_table_can_be_linked_to(site: Site, languages: list[str]) -> None:
    tables = read_yaml(DATA / "rules" / "paths.yml")
    wanted = {row["id"] for row in [*tables["paths"], *tables["modifiers"]]}
    for language in languages:
        assert wanted <= site[f"/{language}/decisions/"].anchors


def test_the_rules_are_published_as_data_and_linked(site: Site, languages: list[str]) -> None:
    assert (SITE / ruleset.NAME).read_bytes() == ruleset.rules_json(read_folder(DATA))
    for language in languages:
        page = site[f"/{language}/rules/"]
        assert f"/{ruleset.NAME}" in {target(page, link["href"]) for link in page.links}
