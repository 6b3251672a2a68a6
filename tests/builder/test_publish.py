import base64
import hashlib
import re
from pathlib import Path

from builder import publish
from builder.languages import Language
from builder.paths import DATA, DOCS
from planner.checkout import read_folder
from planner.words import Words


def sha(code: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def test_only_scripts_that_run_from_the_page_are_hashed() -> None:
    page = (
        '<script src="a.js"></script><script type="application/json">{}</script>'
        "<script>a()</script><script>a()</script><script>\nb()\n</script>"
    )
    assert publish.inline_scripts(page) == [sha("a()"), sha("\nb()\n")]


def test_the_policy_stands_before_anything_it_has_to_bind() -> None:
    page = publish.finished('<head><meta charset="utf-8"><script>a()</script></head>')
    assert page.index("content-security-policy") < page.index("<script>")
    assert sha("a()") in page


def test_the_search_dialog_gets_the_name_of_its_field() -> None:
    page = (
        '<meta charset="utf-8"><div class="md-search" role="dialog">'
        '<input name="query" aria-label="Búsqueda"></div>'
    )
    assert 'role="dialog" aria-label="Búsqueda">' in publish.finished(page)


def test_what_browsers_keep_has_another_name_once_it_has_changed(tmp_path: Path) -> None:
    """A folder's new name counts as a change of what is in it."""
    icons = tmp_path / "assets" / "planner" / "icons"
    style = tmp_path / "assets" / "site.css"
    icons.mkdir(parents=True)
    (icons / "a.svg").write_text("<svg/>")
    style.write_text("p {}")
    first = publish.names_of(tmp_path)
    icons.rename(icons.with_name("pictures"))
    second = publish.names_of(tmp_path)
    style.write_text("q {}")
    third = publish.names_of(tmp_path)
    folder, look = "assets/planner/", "assets/site.css"
    assert first[folder] != second[folder] == third[folder]
    assert first[look] == second[look] != third[look]


def test_links_of_the_page_for_wrong_addresses_stay_below_the_sites_own_path() -> None:
    languages = [Language("en", "English", Words("en", read_folder(DATA)["languages"]["en"]))]
    pages = publish.root_pages(DOCS / "root", languages, "https://host/sub/path/")
    links = re.findall(r'(?:href|src)="(/[^"]*)"', pages["404.html"].decode())
    assert links
    assert [link for link in links if not link.startswith("/sub/path/")] == []
