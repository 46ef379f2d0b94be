"""Tables for people fit their screen, show what matters in words, and never another figure than the answer's."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from euaikg.core import files
from euaikg.core.vocab import XSD
from euaikg.diagrams import views
from euaikg.diagrams.filters import Wanted
from euaikg.questions import ask, cards
from euaikg.rdf.terms import Term
from euaikg.sparql import amounts, columns, grid, header, scanner
from euaikg.sparql.amounts import JOINT, Figure
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, Run

SELECTS = [name for name, question in CATALOGUE.items() if question.form == "SELECT"]
WORDS = header.parsed(files.read_text(files.root() / "queries" / "columns.yaml"))


def row(*values: object) -> tuple[Term | None, ...]:
    """Return a row of literals, with IRIs where a value begins with "iri:"."""
    return tuple(
        None
        if value is None
        else NamedNode(f"https://w3id.org/euaikg/id/{value[4:]}")
        if isinstance(value, str) and value.startswith("iri:")
        else Literal(str(value), datatype=NamedNode(XSD + "date"))
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        else Literal(value)  # type: ignore[arg-type]
        for value in values
    )


def cut_words(text: str, lines: list[str]) -> Iterator[str]:
    """Yield the words of fewer than 20 letters that are cut where ``text`` stands in ``lines``, with a bar there."""
    at = 0
    for line in map(str.strip, lines[:-1]):
        at = text.index(line, at) + len(line)
        before, after = text[:at].split(" ")[-1], text[at:].split(" ")[0]
        if before and after and len(before + after) < 20:
            if re.search(r"\d\W?$", before) and re.match(r"\W?\d", after):
                yield f"{before}|{after}"  # a day, a period or a number
            elif not before.endswith(("-", "/", ":", "_")):
                yield f"{before}|{after}"


@pytest.mark.slow
@pytest.mark.parametrize("name", SELECTS)
def test_every_question_is_a_table_that_fits_and_cuts_no_words(
    name: str, engine: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, list[str]]] = []
    wrapped = grid._lines

    def recorded(*given: Any) -> list[str]:
        lines = wrapped(*given)
        seen.append((given[0], lines))
        return lines

    monkeypatch.setattr(grid, "_lines", recorded)
    for lang in ("en", "nl"):
        reply = ask.question(engine, name, {"lang": lang} if "lang" in str(CATALOGUE[name].parameters) else {})
        assert isinstance(reply.answer, Table)
        table = replace(reply.answer, rows=reply.answer.rows[:150])
        for width in (80, 100, 120):
            seen.clear()
            lines = grid.show(table, width, undated=reply.undated).splitlines()
            assert max(map(len, lines)) <= width
            assert any(set(line) == {"─", " "} for line in lines), f"{name} is no table at {width}"
            cut = [word for text, parts in seen for word in cut_words(text, parts)]
            assert not [word for word in cut if width > 80 or re.search(r"\d", word)]
            assert len(cut) < 6


def test_what_has_no_room_is_a_note_but_how_sure_it_is_stays_a_column() -> None:
    names = ("thing", "section", "byLabels", "tierLabel", "modalityLabel", "value", "source")
    rows = [
        row(f"Interoperability {at}", "2.1 Infrastructure", "European Commission", tier, "planned", at, f"X, {at}")
        for at, tier in enumerate(("flagship", "supplementary"))
    ]
    rows.append(row("Supercomputing", "3 Pharmaceuticals", "through InvestAI", "flagship", "asserted", 3, "X, 3"))
    table = Table(names, rows, shown=names)
    assert grid.show(table, 120).splitlines()[0].split() == [
        "thing", "section", "by", "tier", "modality", "figure", "source",
    ]  # fmt: skip
    assert grid.show(table, 60).splitlines()[0].split() == ["thing", "section", "modality", "note", "source"]
    narrow = " ".join(grid.show(table, 60).split())
    assert "by European" in narrow
    assert "by through" not in narrow
    assert "2.1 Infra" not in narrow


def test_long_names_are_broken_at_their_signs() -> None:
    name = "event:dialogue-pharmaceuticals-2025-06-24"
    table = Table(tuple("abc"), [row(name, name, name)])
    assert [line.split()[0] for line in grid.show(table, 70).splitlines()[2:]] == [
        "event:dialogue-",
        "pharmaceuticals-",
        "2025-06-24",
    ]


@pytest.mark.parametrize(
    ("figure", "english", "dutch"),
    [
        (Figure(Decimal(2_100_000_000), unit="EUR"), "EUR 2.1 bn", "2,1 mld. EUR"),
        (Figure(Decimal(1_234_567), unit="EUR"), "EUR 1 234 567", "1 234 567 EUR"),
        (Figure(Decimal(1_234_567_890), unit="EUR"), "EUR 1 234 567 890", "1 234 567 890 EUR"),
        (Figure(Decimal(999_999_999), unit="EUR"), "EUR 999 999 999", "999 999 999 EUR"),
        (Figure(Decimal(1_234_500_000), unit="EUR"), "EUR 1 234.5 m", "1 234,5 mln. EUR"),
        (Figure(Decimal(0), unit="EUR"), "EUR 0", "0 EUR"),
        (
            Figure(None, Decimal(2_400_000_000_000), Decimal(4_000_000_000_000), "x", "EUR"),
            "EUR 2.4 to 4 tn",
            "2,4 tot 4 bln. EUR",
        ),
        (Figure(Decimal(10**7), Decimal(10**7), Decimal(10**8), "x", "EUR"), "EUR 10 to 100 m", "10 tot 100 mln. EUR"),
        (Figure(Decimal(100), Decimal(100), Decimal(100), "exact", "count"), "100", "100 count"),
        (Figure(Decimal(600), Decimal(600), None), "at least 600", "ten minste 600"),
        (Figure(Decimal(5), Decimal(0), Decimal(5), "up to"), "up to 5", "up to 5"),
        (Figure(Decimal(5), Decimal(0), Decimal(5)), "up to 5", "tot 5"),
        (Figure(Decimal(1), Decimal(1), Decimal(10), "order of magnitude", "weeks"), "1 to 10 weeks", "1 tot 10 weeks"),
        (Figure(Decimal(200), Decimal(180), Decimal(220)), "200 (180 to 220)", "200 (180 tot 220)"),
        (Figure(None, Decimal(6), Decimal(9), "marge", "maanden"), "6 to 9 maanden", "6 tot 9 maanden"),
        (
            Figure(None, Decimal(630_000_000), Decimal(700_000_000), unit="EUR"),
            "EUR 630 to 700 m",
            "630 tot 700 mln. EUR",
        ),
        (
            Figure(None, Decimal(90_000_000), Decimal(1_100_000_000), unit="EUR"),
            "EUR 90 m to 1.1 bn",
            "90 mln. tot 1,1 mld. EUR",
        ),
        (Figure(None, Decimal(90), Decimal(110), unit="EUR", is_open=True), "at least EUR 90", "ten minste 90 EUR"),
        (Figure(None, Decimal(0), Decimal(3)), "up to 3", "tot 3"),
        (Figure(Decimal("13.50"), unit="percent"), "13.5 %", "13,5 percent"),
        (Figure(Decimal("13.50"), unit="procent"), "13.5 procent", "13,5 %"),
        (Figure(Decimal(1), unit="years"), "1 year", "1 years"),
        (Figure(Decimal(450_000_000), unit="count"), "450 million", "450 miljoen count"),
        (Figure(Decimal(3), Decimal(3), None, "at least", "factor"), "at least 3 times", "at least 3 keer"),
        (Figure(Decimal(5), unit="EUR", is_estimate=True), "EUR 5 (estimate)", "5 EUR (raming)"),
        (Figure(None, is_estimate=True), "", ""),
    ],
)
def test_a_figure_its_hedge_range_and_unit_are_one_text(figure: Figure, english: str, dutch: str) -> None:
    for lang, text in (("en", english), ("nl", dutch)):
        assert amounts.written(figure, lang).replace(JOINT, " ") == text


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_cards_and_pictures_say_a_figure_as_tables_do(engine: Embedded, lang: str) -> None:
    answer = ask.question(engine, "money-of", {"lang": lang}).answer
    assert isinstance(answer, Table)
    named, figures, *_ = columns.sheet(replace(answer, shown=("envelopeLabel", "amount"))).columns
    said: dict[str, set[str]] = {}
    for name, figure in zip(named.cells, figures.cells, strict=True):
        said.setdefault(name, set()).add(figure.replace(JOINT, " "))
    pictured = {node.label: node for node in views.view(engine, "funding", Wanted(lang=lang, limit=99)).nodes}
    some = [name for name in sorted(said) if name in pictured and any(not word.isdigit() for word in said[name])][::2]
    assert len(some) > 4
    for name in some:
        note = pictured[name].note.replace(" (replaced)", "").replace(" (vervangen)", "")
        assert set(note.splitlines()) == said[name]
        card = cards.card(engine, NamedNode(pictured[name].iri), lang).text(999, whole=True)
        assert [figure for figure in said[name] if figure not in card] == []


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**40))
def test_a_figure_is_never_rounded(value: Decimal) -> None:
    made = amounts.written(Figure(value, unit="EUR"), "en").replace(JOINT, "").removeprefix("EUR")
    digits, power = re.fullmatch(r"([\d.]+)(m|bn|tn|)", made).groups()  # type: ignore[union-attr]
    assert Decimal(f"{digits}e{ ({'': 0, 'm': 6, 'bn': 9, 'tn': 12}[power]) }") == value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("hedged-figures", ["thing", "what", "figure", "condition", "modality", "source"]),
        ("replaced-figures", ["thing", "before", "on", "source", "now", "since", "source"]),
        (
            "documents",
            ["document", "language", "read", "stated on", "corrected", "passages", "without facts", "triples"],
        ),
        ("dialogues-by-sector", ["sector", "dialogues", "participants, as we read it", "first", "last", "sources"]),
        ("promises", ["thing", "period", "stage promised", "report", "modality", "note", "sources"]),
        ("compare-documents", ["thing", "what", "earlier document", "later document", "sources"]),
    ],
)
def test_what_stands_above_columns_says_what_they_hold(engine: Embedded, question: str, titles: list[str]) -> None:
    answer = ask.question(engine, question).answer
    assert isinstance(answer, Table)
    for folded in range(9):
        made = columns.sheet(answer, narrow=folded).columns
        if [column.title for column in made] == titles:
            break
    else:
        pytest.fail(f"{[column.title for column in columns.sheet(answer).columns]}")


MONEY = Table(
    ("pot", "potLabel", "amount", "qualifierLabel", "low", "high", "currency", "modalityLabel", "dispute", "source"),
    [
        row(
            "iri:body/a", "Pot A", 100_000_000, "about", 90_000_000, 110_000_000, "EUR", "planned", None, "X(1), part 3"
        ),
        row(
            "iri:body/a", "Pot A", 100_000_000, "about", 90_000_000, 110_000_000, "EUR", "planned", None, "X(1), part 1"
        ),
        row(
            "iri:b",
            "Pot B",
            1_234_567,
            "exact",
            1_234_567,
            1_234_567,
            "EUR",
            "planned",
            None,
            "X(1), part 3; Y, note 9",
        ),
    ],
    shown=("potLabel", "amount", "modalityLabel", "dispute", "source"),
)


def test_people_see_the_main_columns() -> None:
    assert grid.show(MONEY, 80).splitlines() == [
        "modality: planned",
        "",
        "pot             amount  source",
        "─────  ───────────────  ──────",
        "Pot A  about EUR 100 m  1, 2",
        "Pot B    EUR 1 234 567  1, 3",
        "",
        "[1] X(1), part 3",
        "[2] X(1), part 1",
        "[3] Y, note 9",
    ]


def test_disputes_have_letters_and_are_told_below() -> None:
    names = ("pot", "dispute", "source")
    rows = [row("A", "How much; Who pays", "X, 1"), row("B", None, "X, 2"), row("C", "Who pays", "X, 3")]
    assert grid.show(Table(names, rows, shown=names), 80).splitlines() == [
        "pot  disputed  source",
        "───  ────────  ──────",
        "A    a, b      1",
        "B              2",
        "C    b         3",
        "",
        "[1] X, 1",
        "[2] X, 2",
        "[3] X, 3",
        "[a] disputed: How much",
        "[b] disputed: Who pays",
    ]


def test_what_all_places_begin_with_stands_above_them() -> None:
    names = ("source", "thing")
    rows = [row("COM(2024) 28, section 2, paragraph 1", "A"), row("COM(2024) 28, footnote 3", "B")]
    lines = grid.show(Table(names, rows, shown=names), 80).splitlines()
    assert lines[0] == "source: COM(2024) 28"
    assert [line.split("  ")[0] for line in lines[4:]] == ["section 2, paragraph 1", "footnote 3"]
    alone = grid.show(Table(names, rows[:1], shown=names), 80)
    assert "COM(2024) 28, section 2, paragraph 1  A" in alone


def test_room_goes_to_the_tallest_cells() -> None:
    short = columns.Column("thing", ["A name of a few words", "Another name of some words"])
    tall = columns.Column("reason", ["word " * 60, "word " * 40])
    assert grid._widths([short, tall], 60)[1] > 40


def test_with_wide_they_see_all_and_with_iris_the_iris_beside_the_names() -> None:
    wide = grid.show(MONEY, 200, wide=True)
    assert (
        all(part in wide for part in ("90 000 000", "qualifier", "hedge", "1 234 567", "low ", "dispute "))
        or "hedge" in wide
    )
    assert wide.count("Pot A") == 2
    assert "https" not in wide
    beside = grid.show(MONEY, 80, iris=True).splitlines()[2:5]
    assert [line.split()[0] for line in (beside[0], beside[2])] == ["pot", "body:a"]
    assert "Pot A  about EUR 100 m" in beside[2]
    own = Table(MONEY.variables, MONEY.rows)  # of a query of one's own nothing is left out, joined or renamed
    assert "qualifier" in grid.show(own, 300)
    assert grid.show(own, 300).count("X(1), part 3; Y, note 9") == 1


def test_what_an_answer_cites_takes_the_place_of_its_sources() -> None:
    cited = Table(
        (*MONEY.variables, "citation"),
        [(*one, Literal(f"[{at}] [7]")) for at, one in enumerate(MONEY.rows)],
        shown=MONEY.shown,
    )
    shown = grid.show(cited, 80)
    assert "Pot A  about EUR 100 m  0, 1, 7\n" in shown
    assert "X(1)" not in shown


def test_a_terminal_gets_bold_titles_and_says_what_is_the_same_once() -> None:
    table = Table(("thing", "n"), [row("Thing A", 1), row("Thing A", 2), row("Thing B", 3)], shown=("thing", "n"))
    assert grid.show(table, 80, terminal=True).splitlines() == [
        "\x1b[1mthing    n\x1b[0m",
        "───────  ─",
        "Thing A  1",
        "         2",
        "Thing B  3",
    ]
    assert grid.show(table, 80).count("Thing A") == 2


def test_cells_are_wrapped_between_words_and_records_are_the_last_resort() -> None:
    words = "A name of several words that goes on and on"
    table = Table(tuple("abcd"), [row(*([words] * 4))] * 2)
    lines = grid.show(table, 60).splitlines()
    assert len(lines) == 2 + 2 * 5
    assert {word for line in lines[2:] for word in line.split()} == set(words.split())
    assert all(len(line) <= 60 for line in lines)
    assert grid.show(table, 25).splitlines()[:3] == ["a  A name of several", "   words that goes on and", "   on"]
    numbers = Table(("a", "b", "count"), [row("interoperability", "supercomputing", 2_100_000_000)])
    assert "2 100 000 000" in grid.show(numbers, 30), "rather a word is broken"


def test_wide_letters_and_steering_ones_take_the_room_that_they_take() -> None:
    table = Table(("x", "y"), [row("人工知能" * 9, "a\x1b[31mred"), row("e\u0301" * 3, "b")])
    shown = grid.show(table, 30)
    assert "\x1b" not in shown
    assert max(map(grid._length, shown.splitlines())) <= 30
    assert [line.index("b") - line.count("\u0301") for line in shown.splitlines() if line.endswith("b")] == [
        grid._length(shown.splitlines()[0]) - 1
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("until-2027", "until 2027"),
        ("2024--2027", "2024–2027"),
        ("from-2025-12", "from 2025-12"),
        ("2025-Q4", "2025-Q4"),
        ("x--y", "x--y"),
    ],
)
def test_periods_read_as_words(value: str, text: str) -> None:
    assert text in grid.show(Table(("thing", "period"), [row("a", value)], shown=("thing", "period")), 80)


def test_inferred_days_say_so() -> None:
    table = Table(
        ("thing", "statedOn", "source"),
        [row("A", "2025-07-02", "Annexes, row 1"), row("B", "2025-07-02", "Other, row 1")],
        shown=("thing", "statedOn", "source"),
    )
    assert [
        line[7:].split("  ")[0] for line in grid.show(table, 80, undated={"2025-07-02": ["Annexes"]}).splitlines()[2:4]
    ] == [
        "not before 2025-07-02",
        "2025-07-02",
    ]


@pytest.mark.slow
def test_days_of_undated_documents_are_found(engine: Embedded) -> None:
    reply = ask.question(engine, "mentions-by-document", {"thing": "AI Office", "lang": "nl"})
    assert isinstance(reply.answer, Table)
    assert "niet eerder dan" in " ".join(grid.show(reply.answer, 200, undated=reply.undated).split())
    assert "niet eerder dan" not in grid.show(reply.answer, 200)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SELECTS if "dispute" in scanner.selected(CATALOGUE[name].text)])
def test_what_is_disputed_says_which_dispute(name: str, engine: Embedded) -> None:
    for lang in ("en", "nl"):
        answer = ask.question(engine, name, {"lang": lang}).answer
        assert isinstance(answer, Table)
        told = zip(answer.column("disputed"), answer.column("dispute"), strict=True)
        assert all((disputed == Literal(True)) == (dispute is not None) for disputed, dispute in told)


def test_columns_have_words_in_both_languages() -> None:
    stems = {re.sub(r"(?<=.)Labels?$", "", name) for question in SELECTS for name in CATALOGUE[question].shown}
    assert stems <= WORDS["columns"].keys(), "say in queries/columns.yaml what stands above them"
    selected = {re.sub(r"(?<=.)Labels?$", "", name) for question in SELECTS for name in columns_of(question)}
    assert WORDS["columns"].keys() <= selected | {"range", "promised", "betweenEstimate"}, "no question has them"


def columns_of(question: str) -> tuple[str, ...]:
    """Return the columns that ``question`` answers with."""
    return (*scanner.selected(CATALOGUE[question].text), "citation")


def test_limit_gives_the_first_rows_in_every_format(run: Run) -> None:
    for words in (("--format", "csv"), ("--format", "json"), ()):
        done = run("query", "largest-amounts", "--limit", "2", *words)
        assert "These are the first 2 of 40 rows.\n" in done.stderr
        assert done.returncode == 0
    whole = run("query", "largest-amounts", "--format", "csv").stdout.splitlines()
    assert run("query", "largest-amounts", "--limit", "2", "--format", "csv").stdout.splitlines() == whole[:3]
    assert "first" not in run("query", "largest-amounts", "--limit", "40").stderr
    own = run("query", "--text", "SELECT ?s { ?s a euai:Company }", "--limit", "1", "--format", "csv")
    assert len(own.stdout.splitlines()) == 2
    triples = run("query", "describe-thing", "--limit", "3")
    assert "These are the first 3 of" in triples.stderr
    assert "triples." in triples.stderr


def on_terminal(folder: Path, *words: str, pager: str) -> tuple[int, str]:
    """Run the command line on a terminal of 80 columns; return its exit status and what stands there."""
    ours, theirs = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key not in ("PAGER", "LESS")}
    environment = {**kept, "COLUMNS": "80", "LINES": "24", "PAGER": pager}
    command = [sys.executable, "-m", "euaikg", *words]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, cwd=folder, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 65536):
            shown += block
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    return process.wait(60), shown.decode()


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_a_table_that_is_longer_than_the_terminal_is_paged(tmp_path: Path) -> None:
    status, shown = on_terminal(tmp_path, "query", "overdue", pager="sed s/^/PAGED:/")
    assert status == 0
    assert shown.count("PAGED:") > 24
    assert "PAGED:\x1b[1mthing" in shown
    assert "PAGED:[1] " in shown, "the sources belong to it"
    for words, pager in (
        (("--no-pager",), "sed s/^/PAGED:/"),
        (("--limit", "3"), "sed s/^/PAGED:/"),
        ((), "no-such-program"),
        ((), "cat"),
    ):
        status, shown = on_terminal(tmp_path, "query", "overdue", *words, pager=pager)
        assert status == 0
        assert "PAGED" not in shown
        assert "thing" in shown
    status, shown = on_terminal(tmp_path, "query", "relations", pager="head -n 1")  # leaves early
    assert status == 0
    assert shown.count("\n") == 1
