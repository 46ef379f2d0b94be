"""What follows from the graph together with the vocabularies that it builds on: nothing that is false.

A reasoner for OWL 2 RL gets the whole graph and the published ORG, PROV-O, FOAF, SKOS, Open Annotation and DCMI terms,
as npm packages hold them. ELI and CPOV are in no package, so that what they would add is not tested here.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse, serialize
from rdflib import OWL, RDF, Graph, URIRef

from euaikg.core.vocab import EUAI, expand
from euaikg.sparql.embedded import Embedded
from tests.conftest import missing, node_modules

VOCABULARIES = ("prov", "org", "foaf", "skos", "oa", "dcterms")
KEYS = NamedNode(OWL.InverseFunctionalProperty)
"""The reasoner takes things with different values of such a property (FOAF's home pages) for one; identifier-twice in
shapes/checks sees to those with the same."""

APART = (
    "org:Organization euai:ActorGroup",
    "skos:Concept euai:Body",
    "skos:Concept euai:PolicyObject",
    "foaf:Agent euai:Document",
    "prov:Agent euai:Document",
    "foaf:Agent euai:PolicyObject",
)
"""Classes that no vocabulary calls disjoint and that have no thing in common all the same."""

FAULTS = {
    "a member makes an organisation": "euai:hasMember rdfs:subPropertyOf org:hasMember",
    "what has a task is an organisation": "euai:hasTask rdfs:subPropertyOf org:purpose",
    "a crowd is an organisation": "euai:Body rdfs:subClassOf org:Organization",
    "what is reported is by an agent": "euai:attributedTo rdfs:subPropertyOf prov:wasAttributedTo",
    "the same thing is a concept": "schema:sameAs rdfs:subPropertyOf skos:exactMatch",
}


@pytest.fixture(scope="module")
def ground(engine: Embedded) -> list[Quad]:
    """The triples of the default graph between things, and the vocabularies."""
    paths = [node_modules() / "@vocabulary" / name / f"{name}.nq" for name in VOCABULARIES]
    for path in paths:
        if not path.is_file():
            missing(f"{path.parent} is not there: the npm package @vocabulary/{path.stem}")
    read = [quad for path in paths for quad in parse(path=path, format=RdfFormat.N_QUADS, rename_blank_nodes=True)]
    return [
        Quad(*quad.triple)
        for quad in [*engine.store.quads_for_pattern(None, None, None, DefaultGraph()), *read]
        if not isinstance(quad.object, Literal) and quad.object != KEYS
    ]


def clashes(ground: list[Quad], folder: Path, more: str = "") -> set[str]:
    """The pairs of classes apart that have a thing in common."""
    reasonable = pytest.importorskip("reasonable")
    path = folder / "all.ttl"
    path.write_bytes(serialize((quad.triple for quad in ground), format=RdfFormat.N_TRIPLES) or b"")
    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(path))
    if more:
        graph = Graph()
        graph.add(tuple(URIRef(str(expand(name))) for name in more.split()))  # type: ignore[arg-type]
        reasoner.from_graph(graph)
    found = reasoner.reason()
    kinds: dict[object, set[str]] = {}
    for subject, predicate, thing in found:
        if predicate == RDF.type:
            kinds.setdefault(subject, set()).add(str(thing))
    apart = {frozenset(str(expand(name)) for name in pair.split()) for pair in APART}
    apart |= {frozenset((str(one), str(other))) for one, predicate, other in found if predicate == OWL.disjointWith}
    together = {frozenset(pair) for of in kinds.values() for pair in combinations(of, 2)}
    return {" ".join(sorted(pair)) for pair in apart & together}


@pytest.mark.slow
def test_no_thing_is_of_two_kinds_that_are_apart(ground: list[Quad], tmp_path: Path) -> None:
    assert EUAI + "Organisation" in {quad.object.value for quad in ground if isinstance(quad.object, NamedNode)}
    assert clashes(ground, tmp_path) == set()


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_what_would_say_something_false_is_met(ground: list[Quad], tmp_path: Path, fault: str) -> None:
    assert clashes(ground, tmp_path, FAULTS[fault])
