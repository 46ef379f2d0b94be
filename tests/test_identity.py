"""Identifiers elsewhere: each is verified, says where, and none that is verified is missing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, SDO, SKOS, VOID

from euaikg.core import files, vocab
from euaikg.sparql.embedded import Embedded
from tests.conftest import FIXTURES

LISTED = files.root().parent / "shared" / "reference" / "identifiers.csv"
OWN = FIXTURES / "identifiers.csv"
"""What was looked up later, in the form of the first list."""

ID_LOCAL = URIRef("http://data.europa.eu/eli/ontology#id_local")
FILES = {path.stem: Graph().parse(path) for path in files.shipped("data/links", ".ttl")}

PLACES = {
    "eforms-codelists": "OP-TED/eForms-SDK",
    "semiceu": "SEMICeu",
    "supraverden": "supraverden",
    "wikidata-pages": "m.wikidata.org|agency-registry",
    "ror-records": "ror-community/ror-records",
    "everypolitician": "everypolitician-data",
    "european-parliament": "europarl/open-data",
    "public-repositories": r"find_string|\bid \d|search docs|SEMICeu|pages",
    "sites": "root of an address",
    "derived": "rule|pattern",
}
"""What the list of identifiers says of the place where those of each file were verified."""

KINDS = ("body", "programme", "country", "place", "legal act", "document", "homepage")

APART = {
    "http://publications.europa.eu/resource/authority/eu-programme/COPERNICUS": "the programme of 2014 to 2020 alone",
}
"""Identifiers that are verified but name something else than the thing of that name in the graph."""


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    """The identifiers that were looked up, with what came of it."""
    if not LISTED.is_file():
        pytest.skip("the list of identifiers is not beside the project")
    return [*rows(LISTED), *rows(OWN)]


def rows(path: Path) -> list[dict[str, str]]:
    """The lines of a list of identifiers."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def identifiers(graph: Graph) -> Iterator[str]:
    """The identifiers elsewhere that a file of links gives."""
    for predicate in (SKOS.exactMatch, SDO.sameAs, ID_LOCAL, DCTERMS.identifier, FOAF.homepage, FOAF.page):
        yield from map(str, graph.objects(None, predicate))
    yield from map(str, graph.subjects(FOAF.focus))


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_where_its_links_were_verified(name: str) -> None:
    graph = FILES[name]
    home = URIRef(f"{vocab.GRAPH}links/{name}")
    assert (home, RDF.type, VOID.Linkset) in graph
    assert len(list(graph.objects(home, DCTERMS.description))) == 1
    assert list(identifiers(graph))


@pytest.mark.parametrize("name", FILES)
def test_no_link_is_guessed(name: str, listed: list[dict[str, str]]) -> None:
    allowed = {
        row["value"]
        for row in listed
        if row["verified"] == ("derived" if name == "derived" else "yes") and re.search(PLACES[name], row["where"])
    }
    assert [one for one in identifiers(FILES[name]) if one not in allowed] == []


def test_every_file_of_links_has_a_place() -> None:
    assert set(FILES) == set(PLACES)


def aliases(name: str) -> set[str]:
    """The names under which a thing of the list may stand in the graph: all of it, what is in brackets, what is not."""
    found = {name, re.sub(r"\s*\(.*", "", name), name.split(" – ")[0], *re.findall(r"\(([^()]*)\)", name)}
    return {one.strip().casefold() for one in found if len(one) > 2}  # (EU) is part of many an act's name


def used(engine: Embedded) -> set[str]:
    """All IRIs and values in the graph."""
    ends = (end for quad in engine.store for end in (quad.subject, quad.object))
    return {end.value for end in ends if isinstance(end, NamedNode | Literal)}


@pytest.mark.slow
def test_nothing_verified_is_missing(listed: list[dict[str, str]], engine: Embedded) -> None:
    question = """
        PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX euai: <https://w3id.org/euaikg/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?thing ?name {
          ?thing a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* euai:Entity ;
            skos:prefLabel|skos:altLabel|euai:shortName|dct:identifier ?name }"""
    things: dict[str, set[str]] = {}
    for entry in engine.select(question).to_dicts():
        things.setdefault(str(entry["name"]).casefold(), set()).add(str(entry["thing"]))
    known, missing, matched = used(engine), [], 0
    for row in listed:
        here = [thing for alias in aliases(row["name"]) for thing in things.get(alias, ())]
        if row["verified"] == "yes" and row["kind"].startswith(KINDS) and here and row["value"] not in APART:
            matched += 1
            if row["value"] not in known:
                missing.append(f"{row['value']} for {here}")
    assert missing == []
    assert matched > 70


def test_nothing_unverified_is_used(listed: list[dict[str, str]], engine: Embedded) -> None:
    unverified = {row["value"] for row in listed if row["verified"] == "no" and row["value"]}
    unverified -= {row["value"] for row in listed if row["verified"] != "no"}
    assert unverified & used(engine) == set()


def test_a_derived_number_stands_in_a_document(listed: list[dict[str, str]]) -> None:
    """Where the act's number is from elsewhere, its identifier stays out, until a document read later has it."""
    elsewhere = {row["value"] for row in listed if re.search("act number from (external|memory|named)", row["where"])}
    elsewhere -= {row["value"] for row in rows(OWN) if row["verified"] == "derived"}
    assert elsewhere
    assert not elsewhere & set(identifiers(FILES["derived"]))


def test_a_site_is_the_root_of_an_address_in_a_source(engine: Embedded) -> None:
    pages = [str(row["page"]) for row in engine.select(f"SELECT ?page {{ ?about <{FOAF.page}> ?page }}").to_dicts()]
    for site in FILES["sites"].objects(None, FOAF.homepage):
        assert any(page.startswith(str(site)) for page in pages), site


NAMED = 'FILTER NOT EXISTS { ?thing euai:renderedName ?language FILTER(STR(?language) = "en") }'
LEAST = {
    "euai:Organisation": (0.8, NAMED),
    "euai:FundingProgramme": (
        0.9,
        NAMED + ' FILTER NOT EXISTS { ?thing skos:editorialNote ?of FILTER(CONTAINS(?of, "together")) }',
    ),
    "euai:FinancialInstrument": (0.75, NAMED),
    "euai:Person": (0.8, '?thing skos:prefLabel ?name FILTER(LANG(?name) = "en" && !REGEX(?name, "^[A-Z][.]"))'),
    "euai:Supercomputer": (
        1,
        '?thing skos:prefLabel ?name, ?other FILTER(LANG(?name) = "en" && ?other = STRLANG(STR(?name), "nl"))',
    ),
}
"""The share of a class that has an identifier or a page elsewhere, and who can have one: what has a name of its own.

That is no body or programme that this graph had to find a name for, no programmes spoken of together, no person of whom
a text gives an initial alone, and no kind of machine: unlike a machine's, its name is another in each language.
"""


@pytest.mark.parametrize("kind", LEAST)
def test_most_things_are_found_elsewhere(engine: Embedded, kind: str) -> None:
    least, named = LEAST[kind]
    question = f"""
        PREFIX dct: <http://purl.org/dc/terms/> PREFIX eli: <http://data.europa.eu/eli/ontology#>
        PREFIX euai: <https://w3id.org/euaikg/ontology#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX schema: <https://schema.org/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT (AVG(IF(?found, 1, 0)) AS ?share) (COUNT(?thing) AS ?things) {{
          {{ SELECT DISTINCT ?thing {{ ?thing a/rdfs:subClassOf* {kind} . {named} }} }}
          BIND(EXISTS {{
            ?thing dct:identifier|eli:id_local|schema:sameAs|foaf:homepage|foaf:page|^foaf:focus ?known }} AS ?found)
        }}"""
    (answer,) = engine.select(question).to_dicts()
    assert int(str(answer["things"])) >= 4
    assert float(str(answer["share"])) >= least
