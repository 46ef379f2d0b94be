"""Cards: what a thing is first, each fact once with all who say so, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import expand
from euaikg.questions import cards
from euaikg.questions.cards import Card
from euaikg.rdf.terms import Term, text
from euaikg.sparql.embedded import Embedded

SEVERAL_OF_EACH = """
SELECT ?kind (MIN(STR(?thing)) AS ?first) (MAX(STR(?thing)) AS ?last) WHERE { ?thing a ?kind } GROUP BY ?kind
"""
TRIPLES = """
SELECT DISTINCT ?way ?property ?other WHERE {
  { THING ?property ?other BIND("from" AS ?way) } UNION { ?other ?property THING BIND("to" AS ?way) }
}
"""
PASSAGES = """
SELECT DISTINCT ?other ?cited WHERE {
  { GRAPH ?passage { THING ?property ?other } } UNION { GRAPH ?passage { ?other ?property THING } }
  ?passage a euai:Passage ; dct:bibliographicCitation ?cited FILTER(LANG(?cited) = "en")
}
"""
LABELS = """
SELECT ?label WHERE { THING skos:prefLabel|rdfs:label|foaf:name|dct:bibliographicCitation|skos:notation ?label }
"""
DETAILS = """
SELECT ?property ?value WHERE {
  VALUES ?property {
    euai:status euai:effectiveIn euai:actor euai:targetMode euai:targetPeriod euai:measures euai:population
    euai:numericValue euai:fundingMode euai:coversPeriod euai:asOf euai:role euai:reason skos:editorialNote
    euai:restates euai:supersedesStatement rdf:subject rdf:object
  }
  THING a ?kind ; ?property ?value .
  FILTER(?kind IN (
    euai:StatusStatement, euai:TargetStatement, euai:QuantityStatement, euai:FundingStatement, euai:RelationStatement
  ))
}
"""
UNSAID = {"statedIn", "statedAt", "statedOn", "modality", "dateInferred", "aboutResource", "aboutEnvelope"}


def asked(engine: Embedded, query: str, thing: Term | None) -> list[tuple[Term | None, ...]]:
    return engine.select(query.replace("THING", str(thing))).rows


def words(engine: Embedded, term: Term | None) -> Iterator[set[str]]:
    """Yield for what ``term`` stands for on a card the words of which one must be there."""
    if isinstance(term, Literal):
        yield {text(term)}
        return
    assert isinstance(term, NamedNode)
    details = asked(engine, DETAILS, term)
    for _, value in details:
        if not isinstance(value, Literal) or value.language in (None, "en"):
            yield from words(engine, value)
    if not details:
        yield {text(label) for (label,) in asked(engine, LABELS, term)} | {term.value, text(term)}


def lost(engine: Embedded, card: Card) -> list[str]:
    """Return what the graph holds about a thing and its ``card``, wholly shown, does not."""
    thing, shown = NamedNode(card.iri), card.text(100_000, whole=True)
    found = []
    triples = asked(engine, TRIPLES, thing)
    english = {row[1] for row in triples if isinstance(row[2], Literal) and row[2].language == "en"}
    flat = shown.replace("–", "--")
    for _, property_, other in triples:
        if isinstance(other, Literal) and other.language not in (None, "en") and property_ in english:
            continue
        for wanted in words(engine, other):
            if not any(word.replace("–", "--") in flat for word in wanted):
                found.append(f"{text(property_)} {min(wanted)}")
    listed = shown.partition("\nsources\n")[2]
    said: dict[str | None, set[str]] = {}
    for line in (line for group in card.groups for line in group.lines):
        said.setdefault(line.thing, set()).update(card.sources[number - 1].text for number in line.sources)
    for other, cited in asked(engine, PASSAGES, thing):
        place = text(cited)
        in_line = place in said.get(text_of(other), ()) or asked(engine, DETAILS, other) or isinstance(other, Literal)
        if not in_line or not all(part in listed for part in place.split(", ", 1)):
            found.append(f"{text(other)} [{place}]")
    return found


def text_of(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else text(term)


def things(engine: Embedded) -> list[NamedNode]:
    """Return the first and the last thing of each class, and those that most is said of."""
    rows = engine.select(SEVERAL_OF_EACH).rows
    found = {value.value for row in rows for value in row[1:] if isinstance(value, Literal)}
    named = {expand(name) or "" for name in ("init:ai-factories", "body:ai-office", "act:ai-act")}
    return [NamedNode(iri) for iri in sorted(found | named) if iri.startswith("http")]


@pytest.mark.slow
def test_nothing_about_a_thing_is_lost(engine: Embedded) -> None:
    missing = {}
    for thing in things(engine):
        if not_there := lost(engine, cards.card(engine, thing)):
            missing[text(thing)] = not_there
    assert not missing, "\n".join(f"{iri}: {those}" for iri, those in missing.items())
