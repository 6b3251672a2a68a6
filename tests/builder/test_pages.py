from pathlib import Path

import pytest

from builder import knowledge
from builder.pages import Library, Page
from builder.trouble import Trouble
from planner.words import Words


def page(data: Path, template: str, language: str = "es") -> Page:
    pages = data.parent / "pages"
    pages.mkdir(exist_ok=True)
    (pages / "move.md").write_text(template, encoding="utf-8")
    tree = knowledge.load(data)
    words = Words(language, tree["languages"][language])
    return Page("move", words, Library.of(pages, tree, "abc"))


def trouble_of(data: Path, template: str) -> str:
    with pytest.raises(Trouble) as caught:
        page(data, template).render()
    return str(caught.value)


def test_a_sentence_takes_its_figure_from_the_rule_it_cites(data: Path) -> None:
    assert "Espera 30 días.\u00a0[R-1](rules.md#R-1){ .cite }" in (
        page(data, '{{ say("wait", "R-1") }}').render()
    )


def test_a_sentence_alone_may_take_figures_without_citing(data: Path) -> None:
    assert page(data, '{{ text("wait", "R-1") }}').render().endswith("\nEspera 30 días.")


def test_addresses_of_the_runtime_start_at_the_site_root(data: Path) -> None:
    assert page(data, "{{ runtime }}").render().endswith("../../runtime/abc/")


def test_a_description_with_a_colon_stays_one_value(data: Path) -> None:
    assert page(data, "x").render() == '---\ndescription: "Say: what"\n---\nx'


def test_a_page_with_settings_of_its_own_keeps_them(data: Path) -> None:
    rendered = page(data, "---\nhide: [toc]\n---\nx").render()
    assert rendered == '---\ndescription: "Say: what"\nhide: [toc]\n---\nx'


@pytest.mark.parametrize(
    ("written", "read"),
    [("2026-05-04", "4 de mayo de 2026"), ("2026-05", "mayo de 2026"), ("2026", "2026")],
)
def test_dates_are_told_as_exactly_as_they_are_known(data: Path, written: str, read: str) -> None:
    assert page(data, f'{{{{ date("{written}") }}}}').render().endswith(f"\n{read}")


def test_a_date_that_does_not_exist_is_an_error(data: Path) -> None:
    assert "2026-02-30 is no date" in trouble_of(data, '{{ date("2026-02-30") }}')


def test_missing_words_name_page_language_and_key(data: Path) -> None:
    assert trouble_of(data, '{{ text("leave") }}') == (
        "docs/pages/move.md in es: there are no words under es: guide.move.leave"
    )


def test_a_figure_that_no_cited_rule_has_is_named(data: Path) -> None:
    said = trouble_of(data, '{{ say("wait") }}')
    assert said.startswith("docs/pages/move.md in es: es: guide.move.wait uses {grace_days}")


def test_an_unknown_rule_is_named(data: Path) -> None:
    assert "guide.move.wait cites R-9" in trouble_of(data, '{{ say("wait", "R-9") }}')


def test_two_cited_rules_may_not_disagree_on_a_figure(data: Path) -> None:
    said = trouble_of(data, '{{ say("wait", "R-1", "R-2") }}')
    assert "cites R-1 and R-2, whose figures grace_days differ" in said


def test_an_unknown_name_in_a_template_is_an_error(data: Path) -> None:
    assert "'sya' is undefined" in trouble_of(data, '{{ sya("wait") }}')


def test_a_template_error_names_its_line(data: Path) -> None:
    assert trouble_of(data, "\n{% if %}").startswith("docs/pages/move.md, line 2: ")
