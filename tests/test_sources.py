"""Citations: checked against the documents where they are, and against small made-up ones everywhere."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal

from euaikg.core import files, vocab
from euaikg.curation import coverage, sources, spans
from euaikg.graph import build
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

TEXT = "A heading\n\nThe office — “new” — has around 100 staff.\n\nIt will spend EUR 2 billion by 2027.\n"


@pytest.mark.slow
def test_every_citation_stands(engine: Embedded, documents: Path) -> None:
    counted = engine.select("""
        PREFIX euai: <https://w3id.org/euaikg/ontology#>
        SELECT ?file (COUNT(DISTINCT ?span) AS ?spans) {
          ?passage euai:span ?span ; euai:inExpression/euai:rendition/euai:fileName ?file } GROUP BY ?file""")
    spans = {row["file"]: row["spans"] for row in counted.to_dicts()}
    for report in sources.check(engine, documents):
        assert report.found
        assert report.checked == spans.pop(report.file)
        assert report.problems == [], report.file
    assert spans == {}


@pytest.mark.slow
def test_every_line_is_cited_or_listed(engine: Embedded, documents: Path) -> None:
    for covered in coverage.coverage(engine, documents):
        assert covered.found
        assert covered.uncovered == [], covered.file
        assert covered.cited > covered.without_fact


@pytest.mark.slow
def test_no_sentence_of_a_source_is_copied(engine: Embedded, documents: Path) -> None:
    """Names and titles may be as in the text; a longer run of its words may not stand in a note or definition."""
    texts = " ".join(_words(path.read_text()) for path in documents.rglob("*.txt"))
    prose = ("editorialNote", "definition", "reason", "population", "role", "description")
    for quad in engine.store:
        if isinstance(quad.object, Literal) and quad.predicate.value.rsplit("#")[-1].rsplit("/")[-1] in prose:
            words = _words(quad.object.value).split()
            for start in range(len(words) - 11):
                run = " ".join(words[start : start + 12])
                assert run not in texts, f"{quad.subject} copies: {run}"


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A folder with a document and a source file that cites it rightly."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "made-up.txt").write_text(TEXT)
    write(tmp_path, "100 staff", "100.0")
    return tmp_path


def write(
    folder: Path, find: str, figure: str, digest: str | None = None, sha256: str | None = None, shift: int = 0
) -> Path:
    start = TEXT.index(find) + shift
    end = start + len(find)
    digest = digest or hashlib.sha256(TEXT[start:end].encode()).hexdigest()
    sha256 = sha256 or hashlib.sha256(TEXT.encode()).hexdigest()
    path = folder / "made-up.trig"
    path.write_text(f"""
@prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix modality: <https://w3id.org/euaikg/id/modality/> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix body: <https://w3id.org/euaikg/id/body/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix here: <https://w3id.org/euaikg/source/made-up/en#> .
<https://w3id.org/euaikg/source/made-up/en> euai:rendition here:text .
here:text euai:fileName "made-up.txt" ; spdx:checksum here:sum . here:sum spdx:checksumValue "{sha256}" .
body:made-up skos:prefLabel "Staff"@en .
here:p1 a euai:Passage ; euai:inExpression <https://w3id.org/euaikg/source/made-up/en> ;
  euai:modality modality:asserted ; euai:span here:p1-span1 .
here:p1-span1 euai:start {start} ; euai:end {end} ; euai:digest "{digest}" .
here:p1 {{ here:p1.staff a euai:QuantityStatement ; euai:aboutResource body:made-up ; euai:numericValue {figure} . }}
""")
    return path


def problems(folder: Path) -> list[str]:
    engine = build.alone([folder / "made-up.trig"])
    reports = sources.check(engine, folder / "texts", [folder / "made-up.trig"])
    return [str(problem) for report in reports if report.file == "made-up.txt" for problem in report.problems]


def test_a_right_citation_passes(made_up: Path) -> None:
    assert problems(made_up) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"figure": "1000.0"}, "1000 cannot be read in the passage"),
        ({"shift": 1}, "100 cannot be read in the passage"),
        ({"digest": "0" * 64}, "the text at the span is another one"),
        ({"sha256": "0" * 64}, "its SHA-256 differs"),
        ({"shift": 5000}, "the span is not inside the text"),
        ({"find": "A heading"}, "nothing it speaks of is named in the passage"),
    ],
)
@pytest.mark.slow
def test_a_wrong_citation_is_found(made_up: Path, change: dict[str, object], problem: str) -> None:
    write(made_up, **{"find": "100 staff", "figure": "100.0", **change})  # type: ignore[arg-type]
    found = problems(made_up)
    assert any(problem in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("here:p1.more euai:numericValue 100.0 ; euai:unit unit:count", None),
        ("here:p1.more euai:numericValue 100.0 ; euai:unit unit:percent", "100 is not in percent in the passage"),
        ("here:p1.more euai:numericValue 100.0 ; euai:unit unit:years", "100 is not in years in the passage"),
        ("here:p1.more euai:numericValue 2000000000.0 ; euai:unit unit:count", "2000000000 is not in count in"),
        ("here:p1.more euai:amount 2000000000 ; euai:currency cur:EUR", None),
        ("here:p1.more euai:amount 2000000000 ; euai:currency cur:USD", "2000000000 is not in USD in the passage"),
        ("here:p1.more euai:coversPeriod period:2027", None),
        ("here:p1.more euai:coversPeriod period:2026", "2026 cannot be read in the passage"),
        ("here:p1.more euai:coversPeriod period:2025--2027", "2025 cannot be read in the passage"),
        ("here:p1.more euai:coversPeriod period:2025-04-09", None),  # the day of the document
        ("body:made-up euai:supports init:ai-factories", None),
        ("init:ai-factories euai:supports body:made-up", None),
        (
            "init:genai4eu euai:supports init:raise",
            "init:genai4eu euai:supports, in passage made-up/en#p1: the passage na",
        ),
        ("here:p1 skos:editorialNote 'The staff are counted in heads.'@en", None),
        ("here:p1 skos:editorialNote 'It will spend EUR 2 billion by 2027.'@en", "this is copied from the document"),
        ("here:p1.more euai:role 'a heading the office new has around 100 staff it will spend'@en", "this is copied"),
    ],
)
@pytest.mark.slow
def test_what_is_said_is_held_against_the_text(made_up: Path, more: str, problem: str | None) -> None:
    path = write(made_up, TEXT, "100.0")
    prefixes = "".join(
        f"@prefix {name}: <{vocab.prefixes()[name]}> .\n" for name in ("cur", "dct", "init", "period", "unit")
    )
    dated = f"<{vocab.SOURCE}made-up/en> dct:issued '2025-04-09'^^<{vocab.XSD}date> ."
    path.write_text(f"{prefixes}{path.read_text()}{dated}\nhere:p1 {{\n  {more} }}\n")
    found = problems(made_up)
    assert len(found) == (problem is not None), found
    if problem:
        line = path.read_text().count("\n")
        assert found[0].startswith(f"{path}:{line}: ")
        assert problem in found[0]
        assert re.search(r"[.] [A-Z][^.]+[.]$", found[0]), "what to do"


@pytest.mark.slow
@pytest.mark.parametrize(("period", "is_right"), [("2022", True), ("2023", False)])
def test_a_figure_is_of_the_year_beside_it(
    period: str, is_right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "TEXT", "Staff grew from 100 in 2022 to 300 in 2023.\n")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "made-up.txt").write_text(TEXT)
    path = write(tmp_path, TEXT, "100.0")
    said = f"here:p1 {{ here:p1.staff euai:coversPeriod <{vocab.BASE}id/period/{period}> . }}\n"
    path.write_text(path.read_text() + said)
    assert ["100 is not of 2023 in the passage" in problem for problem in problems(tmp_path)] == [True] * (not is_right)


@pytest.mark.slow
def test_what_is_not_covered_is_listed(made_up: Path) -> None:
    engine = build.open_graph([made_up / "made-up.trig"])
    (covered,) = [c for c in coverage.coverage(engine, made_up / "texts", ["A Heading", "Nobody"]) if c.found]
    assert (covered.lines, covered.cited, covered.without_fact) == (3, 1, 0)
    assert covered.uncovered == ["line 1: A Heading", "line 5: a figure"]


@pytest.mark.slow
def test_the_command_says_so_and_exits_with_one(made_up: Path, run: Run) -> None:
    arguments = ("--documents", str(made_up / "texts"), "--data", str(made_up / "made-up.trig"))
    right = run("sources", "check", *arguments)
    assert right.returncode == 0
    assert "made-up.txt: 1 spans, all is as cited." in right.stdout
    assert "002_2bb69e2e67ce5954.txt: not there, so not checked." in right.stdout
    write(made_up, "100 staff", "1000.0")
    wrong = run("sources", "check", *arguments)
    assert wrong.returncode == 1
    place = "made-up.trig:14: made-up/en#p1.staff euai:numericValue"
    assert f"{place}: 1000 cannot be read in the passage. Correct the number, or add what" in wrong.stdout
    uncovered = run("sources", "coverage", *arguments)
    assert uncovered.returncode == 1
    assert "not covered: line 1" in uncovered.stdout


@pytest.mark.parametrize(
    "how", [{"lines": "3", "find": None}, {"lines": None, "find": "The office — “new” — has around 100 staff."}]
)
def test_a_description_is_made_from_lines_or_text(made_up: Path, how: dict[str, str | None]) -> None:
    text = spans.passage(made_up / "texts" / "made-up.txt", "p9", "https://w3id.org/euaikg/source/made-up/en", **how)
    wanted = "The office — “new” — has around 100 staff."
    assert f"euai:start {TEXT.index(wanted)}" in text
    assert f"euai:end {TEXT.index(wanted) + len(wanted)}" in text
    assert hashlib.sha256(wanted.encode()).hexdigest() in text
    (made_up / "new.trig").write_text(text)
    assert list(build.read(made_up / "new.trig"))


def test_the_documents_are_not_shipped() -> None:
    assert not [path for folder in files.FOLDERS for path in files.shipped(folder, ".txt", ".pdf", ".html")]
