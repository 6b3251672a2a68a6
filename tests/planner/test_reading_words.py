"""Words and values of tables that no export wrote, and files that hold no text."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from planner.browser import Door
from planner.knowledge import Knowledge
from planner.model import Reading
from planner.reading import File, read
from planner.words import Words
from planner.writing.reading import reading_text

TABLE = "Cliente;Producto;Licencias;Fin;Canal\n"


def notes(reading: Reading) -> list[tuple[str, str, str]]:
    return [(note.id, note.column, note.value) for note in reading.notes]


def test_words_of_a_channel_column_that_are_not_known_are_named(knowledge: Knowledge) -> None:
    rows = ("CSP", "Venta telefónica", "Directo", "Catálogo", "Venta telefónica", "")
    text = TABLE + "".join(f"A;Visio Plan 2;3;31/01/2027;{word}\n" for word in rows)

    reading = read(text, knowledge)

    assert [row.channel for row in reading.rows] == ["CSP", None, "Direct", None, None, None]
    assert notes(reading) == [("words-left-out", "Canal", "Venta telefónica · Catálogo")]
    doubted = [row.line for row in reading.rows if "value-left-out" in row.warnings]
    assert doubted == [3, 5, 6]


def test_a_column_without_one_known_word_is_left_out_as_a_whole_and_said_once(
    knowledge: Knowledge,
) -> None:
    regions = ("Norte", "Sur", "Este", "Oeste", "Centro", "Islas")
    text = TABLE + "".join(f"A;Visio Plan 2;3;31/01/2027;{word}\n" for word in regions)

    reading = read(text, knowledge)

    assert notes(reading) == [("no-word-known", "Canal", "Norte · Sur · Este · Oeste · Centro · …")]
    assert reading.unused == ("Canal",)
    assert not any("value-left-out" in row.warnings for row in reading.rows)
    (column,) = [one for one in reading.parts[0].columns if one.header == "Canal"]
    assert (column.how, column.fields) == ("unknown", ())
    for language in ("en", "es"):
        assert "Norte · Sur" in reading_text(reading, language, knowledge)


def test_an_unknown_status_is_named_and_its_line_is_planned_without_it(
    knowledge: Knowledge,
) -> None:
    portal = "Producto;Licencias;Vence el;Estado\n{}"
    own = "product;seats;end;state\n{}"

    for text in (portal, own):
        rows = "Visio Plan 2;3;31/01/2027;Rara\nVisio Plan 2;3;31/01/2027;Activa\n"
        reading = read(text.format(rows), knowledge)

        assert [one.state for one in reading.subscriptions] == ["unknown", "active"]
        assert [(one.id, one.value) for one in reading.notes] == [("words-left-out", "Rara")]
        assert "value-left-out" in reading.rows[0].warnings
        assert not reading.set_aside


@pytest.mark.parametrize(
    ("said", "state", "renews"),
    [
        ("Active (pending cancellation)", "active", "off"),
        ("Will not renew", "active", "off"),
        ("Cancels on 2027-02-28", "active", "off"),
        ("Active, cancels 28/02", "active", "off"),
        ("gekündigt zum 28.02.2027", "active", "off"),
        ("Cancelación programada", "active", "off"),
        ("Suspended - non payment", "suspended", "unknown"),
        ("Suspendida por impago", "suspended", "unknown"),
        ("Renewed", "active", "unknown"),
        ("Active until 28/02/2027", "active", "unknown"),
        ("Expired (2026-10-31)", "expired", "unknown"),
        ("Cancelled on 2027-02-28", "unknown", "unknown"),
    ],
)
def test_a_status_may_be_a_phrase(said: str, state: str, renews: str, knowledge: Knowledge) -> None:
    text = f'Product;Seats;Expiry;Status\nVisio Plan 2;3;2027-02-28;"{said}"\n'

    (line,) = read(text, knowledge).subscriptions

    assert (line.state, line.auto_renew) == (state, renews)


def test_a_status_may_call_a_subscription_a_trial(knowledge: Knowledge) -> None:
    text = "Product;Seats;Expiry;Status\nVisio Plan 2;3;2027-02-28;Trial\nVisio Plan 1;3;;Active\n"

    lines = read(text, knowledge).subscriptions

    assert [(one.state, one.product_type) for one in lines] == [
        ("active", "trial"),
        ("active", "unknown"),
    ]


@pytest.mark.parametrize(
    ("cell", "seats"),
    [
        ("10 licencias", 10),
        ("1.250 licencias", 1250),
        ("25 licenses", 25),
        ("1 seat", 1),
        ("12 Lizenzen", 12),
        ("1\u202f250 postes", 1250),
        ("10uds", 10),
    ],
)
def test_a_count_may_say_what_it_counts(cell: str, seats: int, knowledge: Knowledge) -> None:
    (row,) = read(f"Producto;Licencias\nVisio Plan 2;{cell}\n", knowledge).rows

    assert row.seats == seats


@pytest.mark.parametrize("cell", ["10 euros", "10 meses", "10 GB", "ca. 10", "10 / 25"])
def test_a_count_of_something_else_is_not_taken_for_licenses(
    cell: str, knowledge: Knowledge
) -> None:
    (problem,) = read(f"Producto;Licencias\nVisio Plan 2;{cell}\n", knowledge).set_aside

    assert (problem.id, problem.value) == ("not-a-count", cell)


@pytest.mark.parametrize(
    ("cell", "price", "currency"),
    [
        ("1.234,56 €", "1234.56", "EUR"),
        ("€ 12,50", "12.50", "EUR"),
        ("12,50 €/mes", "12.50", "EUR"),
        ("12.50 USD", "12.50", "USD"),
        ("US$ 12.50", "12.50", "USD"),
        ("432,00 US$", "432.00", "USD"),
        ("£9.40 per user/month", "9.40", "GBP"),
        ("CHF 1'250.00", "1250.00", "CHF"),
        ("1 234,56\u00a0zł", "1234.56", "PLN"),
        ("$338.31", "338.31", None),
        ("99,00 kr", "99.00", None),
        ("12.50", "12.50", None),
    ],
)
def test_a_price_may_name_its_currency(
    cell: str, price: str, currency: str | None, knowledge: Knowledge
) -> None:
    reading = read(f"Producto;Licencias;Precio\nVisio Plan 2;3;{cell}\n", knowledge)

    (row,) = reading.rows
    assert (row.unit_price, row.currency) == (Decimal(price), currency)
    assert ("price-without-currency" in row.warnings) is (currency is None)


def test_a_column_of_currencies_counts_before_what_stands_beside_the_price(
    knowledge: Knowledge,
) -> None:
    text = "Producto;Licencias;Precio;Moneda\nVisio Plan 2;3;9 €;CHF\nVisio Plan 2;3;9 €;\n"

    assert [row.currency for row in read(text, knowledge).rows] == ["CHF", "EUR"]


UNREAD = {
    "empty-file": b"",
    "only-a-mark": b"\xef\xbb\xbf\r\n",
    "binary-file": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "zeros": bytes(4096),
    "word-file": b"PK\x03\x04 [Content_Types].xml word/document.xml",
    "pdf-file": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "old-workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "packed-file": b"PK\x03\x04 export.csv",
    "gzip": b"\x1f\x8b\x08\x00 export",
}
_SAID = {
    "only-a-mark": "empty-file",
    "zeros": "binary-file",
    "word-file": "binary-file",
    "gzip": "packed-file",
}


@pytest.mark.parametrize("kind", UNREAD)
def test_a_file_without_text_says_what_it_is_and_what_to_do(
    kind: str, knowledge: Knowledge
) -> None:
    reading = read(File("export", UNREAD[kind]), knowledge)

    (problem,) = reading.set_aside
    assert (problem.id, problem.value) == (_SAID.get(kind, kind), "export")
    for language in ("en", "es"):
        words = Words(language, knowledge.tree["languages"][language])
        said = words.say(f"planner.problems.{problem.id}")
        assert reading_text(reading, language, knowledge) == f"export: {said}\n"


def test_text_in_utf16_is_not_taken_for_a_binary_file(knowledge: Knowledge) -> None:
    raw = "Product,Seats,End date\n製品,3,2027-01-31\n".encode("utf-16")

    (row,) = read(File("x.csv", raw), knowledge).rows
    assert (row.product_name, row.term_end) == ("製品", dt.date(2027, 1, 31))


def test_the_page_says_of_an_empty_file_that_it_is_empty(knowledge: Knowledge) -> None:
    door = Door(knowledge)
    door.answer("begin", {"language": "es", "rules_url": "rules/"})
    door.attachments = [b"", b"%PDF-1.4"]

    brought = [{"name": "vacío.csv", "bytes": 0}, {"name": "plan.pdf", "bytes": 1}]
    answer = door.answer("read", json.loads(json.dumps({"sources": brought})))

    assert answer["understood"] == 0
    for said in ("Este archivo está vacío.", "vacío.csv", "Es un PDF", "plan.pdf"):
        assert said in answer["html"]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Activa", "active"),
        ("Activado", "active"),
        ("Habilitada", "active"),
        ("Inhabilitado", "disabled"),
        ("Deshabilitado", "disabled"),
        ("Desactivada", "disabled"),
        ("Inactivo", "disabled"),
        ("Bloqueada", "disabled"),
        ("Suspendido", "suspended"),
        ("En pausa", "suspended"),
        ("Cancelado", "cancelled"),
        ("Anulada", "cancelled"),
        ("Caducada", "expired"),
        ("Expirado", "expired"),
        ("Vencida", "expired"),
        ("En período de gracia", "expired"),
        ("En periodo de gracia", "expired"),
        ("Período de gracia", "expired"),
        ("Eliminado", "deleted"),
        ("Desaprovisionada", "deleted"),
    ],
)
def test_a_status_in_spanish_means_the_same_in_every_table(
    word: str, state: str, knowledge: Knowledge
) -> None:
    portal = f"Producto;Licencias;Vence el;Estado\nVisio Plan 2;3;31/01/2027;{word}\n"
    own = f"product,seats,end,state,channel\nVisio Plan 2,3,2027-01-31,{word},CSP\n"

    for text in (portal, own):
        reading = read(text, knowledge)

        assert [one.state for one in reading.subscriptions] == [state]
        assert reading.subscriptions[0].end is not None


@pytest.mark.parametrize(
    ("word", "renews"), [("Activada", "on"), ("Habilitado", "on"), ("Desactivada", "off")]
)
def test_renewal_in_spanish_is_on_or_off(word: str, renews: str, knowledge: Knowledge) -> None:
    text = f"Producto;Licencias;Renovación automática\nVisio Plan 2;3;{word}\n"

    (line,) = read(text, knowledge).subscriptions

    assert line.auto_renew == renews
