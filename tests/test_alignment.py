"""The terms that a newcomer needs first are explained, and what is close to another vocabulary's term says so truly."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from euaikg.core import files, vocab

ONTOLOGY = Graph().parse(files.root() / "ontology" / "euai.ttl")
FIRST = [
    *("Entity", "Body", "ActorGroup", "PolicyObject", "Initiative", "PlannedAction", "Document", "LegalAct"),
    *("FundingEnvelope", "FundingStatement", "Passage", "StatusStatement"),
    *("locatedIn", "hostCountry", "hostedBy", "partOf", "hasComponent", "establishedWithin"),
    *("provides", "supports", "uses", "usesDataFrom"),
]
"""The twelve classes of the picture and the relations that are taken for each other."""

OTHERS = ("eli", "org", "dct", "prov", "schema", "frapo", "eurio", "cpsv", "m8g", "time", "oa", "foaf")


def named(name: str) -> URIRef:
    return URIRef(vocab.EUAI + name)


@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("text", [SKOS.scopeNote, SKOS.example])
def test_the_first_terms_have_a_note_and_an_example_in_both_languages(name: str, text: URIRef) -> None:
    found = {value.language: str(value) for value in ONTOLOGY.objects(named(name), text) if isinstance(value, Literal)}
    assert set(found) == {"en", "nl"}
    assert found["en"] != found["nl"]


def test_most_properties_are_tied_to_another_vocabulary() -> None:
    properties = {
        term for term in ONTOLOGY.subjects(RDF.type) if str(term).startswith(vocab.EUAI) and "Property" in kinds(term)
    }
    tied = {term for term in properties for way in (RDFS.subPropertyOf, RDFS.seeAlso) if (term, way, None) in ONTOLOGY}
    assert len(tied) / len(properties) > 0.5


def kinds(term: object) -> str:
    return " ".join(map(str, ONTOLOGY.objects(term, RDF.type)))  # type: ignore[arg-type]


def test_each_named_vocabulary_is_tied_to() -> None:
    ties = [
        str(other)
        for way in (RDFS.subPropertyOf, RDFS.subClassOf, RDFS.seeAlso)
        for other in ONTOLOGY.objects(None, way)
    ]
    known = dict(ONTOLOGY.namespaces())
    for prefix in OTHERS:
        assert any(tie.startswith(str(known[prefix])) for tie in ties), prefix


def test_no_term_becomes_a_concept() -> None:
    """The mapping relations of SKOS are between concepts: a class that has one is a concept under RDFS."""
    mapping = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    assert [way for way in mapping if (None, way, None) in ONTOLOGY] == []
