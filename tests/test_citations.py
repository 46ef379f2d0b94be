"""Citations to paste: right, whole, beside the rows, and in every format."""

from __future__ import annotations

import csv
import io
import json
import os
import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

import euaikg
from euaikg.core import vocab
from euaikg.errors import QueryError
from euaikg.questions import ask, citations, names, references
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, Run

PLACE = "COM(2024) 28, section 5, paragraph 5"
CITED = (
    "European Commission: Communication on boosting startups and innovation in trustworthy artificial intelligence, "
    "COM(2024) 28 final, in ST 5853/24, 2024-01-24, section 5, paragraph 5 (read in English). "
    "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52024DC0028 "
    "https://w3id.org/euaikg/source/com-2024-28/en#s5-p5 https://w3id.org/euaikg/source/com-2024-28/en#s5-p5-conditional"
)
GIVEN = "https://w3id.org/euaikg/source/com-2024-28/en#s5-p5-conditional"


def vocab_prefixes() -> str:
    """The prefixes of the project as Turtle."""
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in vocab.prefixes().items())


def one(engine: Embedded, table: Table, lang: str = "en") -> str:
    """Return the one citation of the first row of ``table``."""
    (spelt,), _ = citations.cite(engine, [table], "spelt", lang)
    return str(spelt.to_dicts()[0]["citation"])


def test_a_citation_has_all_that_finds_the_place_again(engine: Embedded) -> None:
    assert one(engine, Table(("source",), [(Literal(PLACE, language="en"),)])) == CITED


def test_a_row_that_names_its_passage_is_cited_by_that_one(engine: Embedded) -> None:
    named = Table(("source", "passage"), [(Literal(PLACE), NamedNode(GIVEN))])
    assert one(engine, named).endswith(f"CELEX:52024DC0028 {GIVEN}")
    heading = "https://w3id.org/euaikg/source/com-2025-723-annexes/nl#a3-h9"
    assert one(engine, Table(("passage",), [(NamedNode(heading),)])).endswith(f" {heading}")


def test_of_several_passages_at_a_place_those_count_that_state_something(engine: Embedded) -> None:
    place = "Annexes to COM(2025) 723, annex 3, section Agri-food"
    cited = one(engine, Table(("source",), [(Literal(place),)]))
    assert cited.endswith(" https://w3id.org/euaikg/source/com-2025-723-annexes/nl#a3-h9")  # not its two sub-headings


def test_the_version_that_was_read_is_told_from_what_it_is_called_here(engine: Embedded) -> None:
    passage = NamedNode("https://w3id.org/euaikg/source/com-2025-723-annexes/nl#a3-h9")
    english = one(engine, Table(("passage",), [(passage,)]))
    assert "Bijlagen 1 tot en met 3 bij de AI-toepassingsstrategie [Annexes 1 to 3 of the Apply AI Strategy]" in english
    assert "section Agri-food (read in Dutch). https://eur-lex.europa.eu/legal-content/NL/TXT/" in english
    dutch = one(engine, Table(("passage",), [(passage,)]), "nl")
    assert "Europese Commissie: Bijlagen 1 tot en met 3 bij de AI-toepassingsstrategie, in COM(2025) 723" in dutch
    assert "punt Agrovoeding (gelezen in het Nederlands)" in dutch


def test_a_text_that_is_held_in_two_languages_is_cited_in_that_of_the_reader(engine: Embedded) -> None:
    passage = NamedNode("https://w3id.org/euaikg/source/com-2025-165/nl#s3-3-p2")
    english = one(engine, Table(("passage",), [(passage,)]))
    assert "European Commission: Communication on the AI Continent Action Plan, COM(2025) 165 final" in english
    assert "section 3.3, paragraph 2 (read in Dutch). https://eur-lex.europa.eu/legal-content/NL/TXT/" in english
    dutch = one(engine, Table(("passage",), [(passage,)]), "nl")
    assert "Europese Commissie: Mededeling over het Actieplan voor het AI-continent, COM(2025) 165 final" in dutch
    assert "punt 3.3, alinea 2 (gelezen in het Nederlands)" in dutch


@pytest.mark.parametrize(
    ("code", "spoken", "two"), [("FRA", "French", "FR"), ("ITA", "Italian", "IT"), ("SWE", "Swedish", "SV")]
)
def test_the_address_leads_to_the_language_that_was_read(code: str, spoken: str, two: str) -> None:
    store = Store()
    mine = "https://w3id.org/euaikg/source/mine"
    store.load(
        f"""
        {vocab_prefixes()}
        @prefix lang: <http://publications.europa.eu/resource/authority/language/> .
        <{mine}> a euai:SourceDocument ; skos:prefLabel "Mine"@en, "Mijn"@nl ; eli:id_local "32024D0459" .
        <{mine}/x> euai:expressionOf <{mine}> ; dct:language lang:{code} ; dct:title "Mine, named in English"@en .
        lang:{code} skos:prefLabel "{spoken}"@en .
        <{mine}/x#p1> euai:inExpression <{mine}/x> ; euai:statedOn "2024-02-07"^^xsd:date ;
          dct:bibliographicCitation "Mine, paragraph 1"@en .
        <{mine}/x#p1> a euai:Passage .
        """.encode(),
        format=RdfFormat.TURTLE,
    )
    engine, passage = Embedded(store), f"{mine}/x#p1"
    address = f"https://eur-lex.europa.eu/legal-content/{two}/TXT/?uri=CELEX:32024D0459"
    cited = one(engine, Table(("passage",), [(NamedNode(passage),)]))
    assert f"(read in {spoken}). {address}" in cited
    assert [found.url for found in references.references(engine, [passage])] == [address]


def test_a_place_named_in_dutch_is_cited_in_dutch(engine: Embedded) -> None:
    place = Literal("COM(2024) 28, punt 5, alinea 5", language="nl")
    assert "Europese Commissie: " in one(engine, Table(("source",), [(place,)]))


def test_an_undated_document_is_not_given_a_date(engine: Embedded) -> None:
    passage = NamedNode("https://w3id.org/euaikg/source/policy-monitor-ai-office/en#title")
    cited = one(engine, Table(("passage",), [(passage,)]))
    assert cited.startswith(
        "Policy Monitor: European Commission - European AI Office, undated, in our reading not before"
    )
    assert "eur-lex" not in cited


HEADED = (
    ("com-2025-723-annexes/nl#a3-h9", "annex 3, section Agri-food", "bijlage 3, punt Agrovoeding"),
    ("com-2025-165/nl#s1-2-h1", "section 1.2", "punt 1.2"),
    ("ip-24-383/en#background-heading", "section Background", "punt Achtergrond"),
    (
        "policy-monitor-ai-office/en#takeaways-heading",
        "Key takeaways for Flanders",
        "Belangrijkste lessen voor Vlaanderen",
    ),
)


@pytest.mark.parametrize(("place", "english", "dutch"), HEADED)
def test_a_section_is_named_in_the_language_of_the_citation(
    place: str, english: str, dutch: str, engine: Embedded
) -> None:
    passage = NamedNode(f"https://w3id.org/euaikg/source/{place}")
    table = Table(("passage",), [(passage,)])
    assert f"{english} (read in " in one(engine, table)
    assert f"{dutch} (gelezen in het " in one(engine, table, "nl")
    cited = engine.select(f"SELECT ?cited {{ {passage} dct:bibliographicCitation ?cited }}").column("cited")
    assert len(cited) == 2, "one citation in each language"


@pytest.mark.parametrize(
    "text",
    [
        "Annexes to COM(2025) 723, annex 3, section Agri-food, row 41",
        "Annexes to COM(2025) 723, annex 3, section Agrovoeding, row 41",
        "annexes to com(2025) 723 annex 3 section agrovoeding row 41",
        "Bijlagen bij COM(2025) 723, bijlage 3, punt Agrovoeding, rij 41",
        "Bijlagen bij COM(2025) 723, bijlage 3, punt Agri-food, rij 41",
    ],
)
def test_a_place_is_found_by_the_heading_in_either_language(text: str, engine: Embedded) -> None:
    (passage,) = names.passages(engine, text)
    assert passage.value.endswith("com-2025-723-annexes/nl#a3-r41")


def test_headings_say_which_are_renderings_of_our_own(engine: Embedded) -> None:
    rows = engine.select(
        "SELECT ?heading ?own { ?part a euai:Section ; dct:isPartOf ?version ; dct:title ?heading . "
        "?version dct:language ?read . OPTIONAL { ?part euai:renderedName ?own FILTER(STR(?own) = LANG(?heading)) } "
        'FILTER(LANG(?heading) != IF(?read = lang:NLD, "nl", "en")) FILTER NOT EXISTS { '
        "?version euai:expressionOf/^euai:expressionOf/dct:language ?held "
        'FILTER(LANG(?heading) = IF(?held = lang:NLD, "nl", "en")) } }'
    ).rows
    assert len(rows) > 50
    assert all(own is not None for _, own in rows), "what stands in a language in which no text is held is ours"


def test_numbers_are_given_once_and_in_order(engine: Embedded) -> None:
    other = "COM(2024) 28, section 5, paragraph 6"
    table = Table(("sources",), [(Literal(f"{PLACE}; {other}"),), (Literal(other),), (None,), (Literal("nowhere"),)])
    (numbered,), notes = citations.cite(engine, [table], "numbered")
    assert [row["citation"] for row in numbered.to_dicts()] == ["[1] [2]", "[2]", None, None]
    assert notes[0] == f"[1] {CITED}"
    assert [note[:4] for note in notes] == ["[1] ", "[2] "]


def test_several_tables_share_their_numbers(engine: Embedded) -> None:
    table = Table(("source",), [(Literal(PLACE),)])
    tables, notes = citations.cite(engine, [table, Table(("other",)), table], "numbered")
    assert [len(found.variables) for found in tables] == [2, 2, 2]
    assert len(notes) == 1


def test_what_names_no_place_is_refused(engine: Embedded) -> None:
    with pytest.raises(QueryError, match="There is nothing to cite: no column of the answer names places"):
        citations.cite(engine, [Table(("x", "passages"), [(Literal(PLACE), Literal(3))])], "spelt")
    with pytest.raises(QueryError, match="Only an answer in rows can be cited"):
        citations.cite(engine, [Triples([])], "spelt")


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.slow
def test_every_row_that_names_a_place_is_cited(name: str, engine: Embedded) -> None:
    answer = ask.question(engine, name).answer
    if not isinstance(answer, Table):
        return
    places = [column for column in answer.variables if re.fullmatch(r"(?i).*(source|sources)", column)]
    if not places:
        return
    (spelt,), _ = citations.cite(engine, [answer], "spelt")
    for row in spelt.to_dicts():
        if "passage" in row and row["passage"] is None:
            continue  # a judgement of ours, whose source is its reason
        assert row["citation"] or not any(row[place] for place in places), row
        assert str(row["citation"]).count("(read in ") >= bool(row["citation"])


def test_python_gives_a_column() -> None:
    answer = euaikg.query("funding-parts", cite=True)
    assert isinstance(answer, Table)
    assert answer.variables[-1] == "citation"
    assert CITED in {row["citation"] for row in answer.to_dicts()}
    own = euaikg.run(f"SELECT ?passage {{ BIND(<{GIVEN}> AS ?passage) }}", cite=True)
    assert isinstance(own, Table) and str(own.to_dicts()[0]["citation"]).endswith(GIVEN)
    dutch = euaikg.query("funding-parts", cite=True, lang="nl")
    assert isinstance(dutch, Table) and str(dutch.to_dicts()[0]["citation"]).startswith("Europese Commissie: ")
    card = euaikg.show("GenAI4EU", cite=True)
    assert all("citation" in table.variables for table in card.sections.values())
    assert all(source.citation and source.passages[-1] in source.citation for source in card.sources)
    assert any(len(source.passages) > 1 for source in card.sources)


def test_people_get_numbers_and_a_list(run: Run) -> None:
    done = run("query", "funding-parts", "--cite", env={**os.environ, "COLUMNS": "300"})
    *_, table, notes = done.stdout.split("\n\n")
    assert CITED in {note.partition(" ")[2] for note in notes.splitlines()}
    number = next(note.partition(" ")[0] for note in notes.splitlines() if CITED in note)
    assert any(line.split()[-1] == number.strip("[]") for line in table.splitlines())
    shown = run("show", "GenAI4EU", "--cite", "--section", "money", env={**os.environ, "COLUMNS": "1000"}).stdout
    found = re.search(r"EUR 500 m \(estimate\) estimated support, until 2027 — intended \[(\d+)\]", shown)
    assert found and f"\n  [{found[1]}] European Commission: Communication on boosting startups" in shown


def test_programs_get_a_column(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("query", "funding-parts", "--cite", "--format", "csv").stdout)))
    assert CITED in {row["citation"] for row in rows}
    document = json.loads(run("query", "funding-parts", "--cite", "--format", "json").stdout)
    assert CITED in {row["citation"]["value"] for row in document["results"]["bindings"]}
    card = json.loads(run("show", "GenAI4EU", "--cite", "--format", "json").stdout)
    assert card["sources"] and all(source["citation"].startswith("European Commission: ") for source in card["sources"])


def test_markdown_gets_links_below_the_table(run: Run) -> None:
    text = run("query", "funding-parts", "--cite", "--format", "markdown").stdout
    assert "| \\[1\\] |" in text
    assert f"<{GIVEN}>" in text
    assert "Communication on the AI Continent Action Plan, COM(2025) 165 final" in text
    text = run("query", "actions-of-strategy", "--cite", "--format", "markdown").stdout
    assert (
        "Bijlagen 1 tot en met 3 bij de AI-toepassingsstrategie \\[Annexes 1 to 3 of the Apply AI Strategy\\]" in text
    )


@pytest.mark.parametrize("name", ["describe-thing", "graph-size"])
def test_the_command_line_says_what_cannot_be_cited(name: str, run: Run) -> None:
    done = run("query", name, "--cite")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cite" in done.stderr
