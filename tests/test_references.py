"""Bibliographies of answers: right, the same in each form, and read by libraries that people's tools are built on."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from pyoxigraph import Literal, NamedNode

import euaikg
from euaikg.core import suffixes
from euaikg.errors import QueryError
from euaikg.questions import ask, citations, references
from euaikg.questions.references import Reference
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

SOURCE = "https://w3id.org/euaikg/source/"
COMMUNICATION, ANNEXES, PRESS, MONITOR = (
    NamedNode(f"{SOURCE}{place}")
    for place in (
        "com-2024-28/en#s5-p5",
        "com-2025-723-annexes/nl#a3-r42",
        "ip-24-383/en#title",
        "policy-monitor-ai-office/en#title",
    )
)
ALL = Table(("passage",), [(COMMUNICATION,), (ANNEXES,), (PRESS,), (MONITOR,), (COMMUNICATION,)])
HOSTILE = Reference(
    key="a-b-en",
    kind="report",
    title="50 % of R&D_{x} \\ ~^ #1 $ “naïve” Ελλ",
    authors=["A & B, C"],
    issued="2024-01-05",
)


def encoded(engine: Embedded, answer: Answer, form: str, lang: str = "en") -> bytes:
    """The bibliography of what ``answer`` names."""
    return references.encode(engine, citations.passages(engine, [answer], lang), form, lang)


def bibtex(text: bytes) -> dict[str, dict[str, str]]:
    """Return by key the fields of each entry, with what braces and escapes stand for."""
    library = parse_string(text.decode())
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries)
    found = {}
    for entry in library.entries:
        fields = {field.key: field.value for field in entry.fields}
        fields = {key: value.removeprefix("{").removesuffix("}") for key, value in fields.items()}
        found[entry.key] = {"kind": entry.entry_type, **fields}
    return found


def ris(text: bytes) -> dict[str, dict[str, Any]]:
    assert text.count(b"\n") == text.count(b"\r\n")
    return {entry["id"]: entry for entry in rispy.loads(text.decode())}


def csl(text: bytes) -> dict[str, dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from citeproc.source.json import CiteProcJSON

    items = json.loads(text)
    assert [*CiteProcJSON(items)] == [item["id"] for item in items]
    return {item["id"]: item for item in items}


def test_bibtex_has_what_finds_a_document_again(engine: Embedded) -> None:
    found = bibtex(encoded(engine, ALL, "bibtex"))
    assert [*found] == ["com-2024-28-en", "com-2025-723-annexes-nl", "ip-24-383-en", "policy-monitor-ai-office-en"]
    assert found["com-2024-28-en"] == {
        "kind": "techreport",
        "author": "European Commission",
        "title": "Communication on boosting startups and innovation in trustworthy artificial intelligence",
        "institution": "European Commission",
        "type": "Communication",
        "number": "COM(2024) 28 final",
        "series": "ST 5853/24",
        "year": "2024",
        "month": "jan",
        "date": "2024-01-24",
        "language": "english",
        "url": "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52024DC0028",
        "eprint": "52024DC0028",
        "eprinttype": "celex",
        "note": rf"Cited: section 5, paragraph 5 ({SOURCE}com-2024-28/en\#s5-p5)",
    }
    assert found["com-2025-723-annexes-nl"]["title"] == (
        "Bijlagen 1 tot en met 3 bij de AI-toepassingsstrategie [Annexes 1 to 3 of the Apply AI Strategy]"
    )
    assert "section Agri-food, row 42" in found["com-2025-723-annexes-nl"]["note"]
    assert "Undated, in our reading not before 2025-07-02" in found["com-2025-723-annexes-nl"]["note"]
    assert not {"year", "date", "month"} & found["com-2025-723-annexes-nl"].keys()
    assert found["ip-24-383-en"]["type"] == "Press release"
    assert found["ip-24-383-en"]["note"].startswith("Corrected 2024-01-26. Cited: section title (")
    assert found["policy-monitor-ai-office-en"]["kind"] == "misc"
    assert "author" not in found["policy-monitor-ai-office-en"]


def test_ris_has_the_same(engine: Embedded) -> None:
    found = ris(encoded(engine, ALL, "ris"))
    assert found["com-2024-28-en"] == {
        "type_of_reference": "RPRT",
        "id": "com-2024-28-en",
        "authors": ["European Commission"],
        "title": "Communication on boosting startups and innovation in trustworthy artificial intelligence",
        "secondary_title": "ST 5853/24",
        "type_of_work": "Communication",
        "issn": "COM(2024) 28 final",
        "year": "2024",
        "date": "2024/01/24",
        "language": "en",
        "urls": ["https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52024DC0028"],
        "accession_number": "52024DC0028",
        "notes": [f"Cited: section 5, paragraph 5 ({SOURCE}com-2024-28/en#s5-p5)"],
    }
    assert found["policy-monitor-ai-office-en"]["type_of_reference"] == "ELEC"
    assert "year" not in found["com-2025-723-annexes-nl"]


def test_csl_has_the_same(engine: Embedded) -> None:
    found = csl(encoded(engine, ALL, "csl-json"))
    assert found["com-2024-28-en"] == {
        "id": "com-2024-28-en",
        "type": "report",
        "title": "Communication on boosting startups and innovation in trustworthy artificial intelligence",
        "author": [{"literal": "European Commission"}],
        "publisher": "European Commission",
        "genre": "Communication",
        "number": "COM(2024) 28 final",
        "container-title": "ST 5853/24",
        "issued": {"date-parts": [[2024, 1, 24]]},
        "language": "en",
        "URL": "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52024DC0028",
        "archive": "EUR-Lex",
        "archive_location": "52024DC0028",
        "note": f"Cited: section 5, paragraph 5 ({SOURCE}com-2024-28/en#s5-p5)",
    }
    assert "issued" not in found["policy-monitor-ai-office-en"]
    assert found["policy-monitor-ai-office-en"]["type"] == "webpage"


def test_our_own_words_are_dutch_where_that_is_asked(engine: Embedded) -> None:
    found = csl(encoded(engine, ALL, "csl-json", "nl"))
    press = found["ip-24-383-en"]
    assert press["author"] == [{"literal": "Europese Commissie"}]
    assert press["genre"] == "Persbericht"
    assert str(press["note"]).startswith("Gecorrigeerd 2024-01-26. Aangehaald: punt titel (")
    assert found["com-2025-723-annexes-nl"]["title"] == "Bijlagen 1 tot en met 3 bij de AI-toepassingsstrategie"
    assert "punt Agrovoeding, rij 42" in str(found["com-2025-723-annexes-nl"]["note"])


def test_signs_that_mean_something_to_tex_are_escaped() -> None:
    text = references._bibtex(HOSTILE)
    assert (
        r"title = {{50 \% of R\&D\_\{x\} \textbackslash{} \textasciitilde{}\textasciicircum{} \#1 \$ “naïve” Ελλ}},"
        in text
    )
    assert r"author = {{A \& B, C}}," in text
    assert bibtex(text.encode()).keys() == {"a-b-en"}


def test_a_value_stays_on_its_line_in_ris() -> None:
    odd = Reference(key="k", kind="webpage", title="One\r\nER  - \nTY  - BOOK")
    assert [*references._ris(odd)] == [("TY", "ELEC"), ("ID", "k"), ("TI", "One ER - TY - BOOK"), ("ER", "")]


def test_law_is_told_from_reports() -> None:
    law = Reference(key="k", kind="legislation", title="T", authors=["A"])
    assert dict(references._ris(law))["TY"] == "STAT"
    assert references._csl(law)["type"] == "legislation"
    assert references._bibtex(law).startswith("@misc{k,")


def test_nothing_cited_is_an_empty_bibliography_and_what_has_no_place_is_refused(engine: Embedded) -> None:
    nothing = Table(("source",), [(Literal("nowhere"),)])
    assert [encoded(engine, nothing, form) for form in suffixes.BIBLIOGRAPHIES] == [b"", b"", b"[]\n"]
    with pytest.raises(QueryError, match="There is nothing to cite"):
        encoded(engine, Table(("x",), []), "bibtex")
    with pytest.raises(QueryError, match="Only an answer in rows can be cited"):
        encoded(engine, Triples([]), "ris")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_document_has_the_same_entry_but_for_its_places_whatever_is_asked(lang: str, engine: Embedded) -> None:
    entries: dict[str, dict[str, object]] = {}
    for name in ("funding-parts", "relations", "status-timeline", "dialogues"):
        reply = ask.question(engine, name, {"lang": lang.upper()})
        found = csl(reply.bibliography("csl-json"))
        assert found.keys() == bibtex(reply.bibliography("bibtex")).keys() == ris(reply.bibliography("ris")).keys()
        for key, entry in found.items():
            assert ("Cited: " if lang == "en" else "Aangehaald: ") in entry["note"]
            rest = {field: value for field, value in entry.items() if field != "note"}
            assert entries.setdefault(key, rest) == rest
    assert len(entries) == len(engine.select("SELECT DISTINCT ?version { ?version a euai:SourceExpression }"))


@pytest.mark.slow
def test_the_command_line_writes_what_a_name_or_a_format_says(run: Run, tmp_path: Path) -> None:
    shown = run("query", "funding-parts", "--format", "bibtex").stdout
    assert run("query", "funding-parts", "--cite", "-o", str(tmp_path / "a.bib")).stdout == ""
    assert (tmp_path / "a.bib").read_text() == shown
    run("query", "funding-parts", "-o", str(tmp_path / "a.ris"), "--lang", "nl")
    assert b"AU  - Europese Commissie\r\n" in (tmp_path / "a.ris").read_bytes()
    run("query", "funding-parts", "-o", str(tmp_path / "a.csl.json"))
    assert json.loads((tmp_path / "a.csl.json").read_text())[0]["type"] == "report"
    run("query", "funding-parts", "-o", str(tmp_path / "a.json"))
    assert "results" in json.loads((tmp_path / "a.json").read_text())
    own = run("query", "--text", f"SELECT ?passage {{ BIND(<{PRESS.value}> AS ?passage) }}", "--format", "ris")
    assert "ID  - ip-24-383-en" in own.stdout
    assert "@techreport{com-2024-28-en," in run("show", "GenAI4EU", "--format", "bibtex").stdout
    refused = run("query", "graph-size", "--format", "bibtex")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "There is nothing to cite" in refused.stderr


def test_python_offers_the_same() -> None:
    answer = euaikg.query("funding-parts")
    text = euaikg.bibliography(answer)
    assert text.startswith("@techreport{com-2024-28-en,")
    assert euaikg.bibliography(answer, "ris", lang="nl").startswith("TY  - RPRT\r\n")
    assert "com-2024-28-en" in euaikg.bibliography(euaikg.show("GenAI4EU"), "csl-json")
    with pytest.raises(QueryError, match="A bibliography is written as bibtex, ris, csl-json, not as “endnote”"):
        euaikg.bibliography(answer, "endnote")
    assert rispy.load(io.StringIO(euaikg.bibliography(answer, "ris")))
