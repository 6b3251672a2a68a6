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


def test_a_renamed_folder_of_assets_renames_the_folder_that_browsers_keep(tmp_path: Path) -> None:
    folder = tmp_path / "assets" / "planner"
    (folder / "icons").mkdir(parents=True)
    (folder / "icons" / "a.svg").write_text("<svg/>")
    before = publish.assets_of(tmp_path)
    (folder / "icons").rename(folder / "pictures")
    assert publish.assets_of(tmp_path) != before


def test_links_of_the_page_for_wrong_addresses_stay_below_the_sites_own_path() -> None:
    languages = [Language("en", "English", Words("en", read_folder(DATA)["languages"]["en"]))]
    pages = publish.root_pages(DOCS / "root", languages, "https://host/sub/path/")
    links = re.findall(r'(?:href|src)="(/[^"]*)"', pages["404.html"].decode())
    assert links
    assert [link for link in links if not link.startswith("/sub/path/")] == []
