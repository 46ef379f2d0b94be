"""The SPARQL service said in its own language: SPARQL 1.1 Service Description."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from euaikg.core import vocab
from euaikg.errors import quote
from euaikg.rdf.terms import is_iri
from euaikg.serve.media import RefusedError
from euaikg.sparql.embedded import Embedded

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"

FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
           "N-Triples", "RDF_XML", "JSON-LD")  # fmt: skip
"""The formats of answers, as the W3C calls them."""


def triples(engine: Embedded, endpoint: str) -> list[Triple]:
    """Return what is to be said of the service at ``endpoint``, which asks the graph of ``engine``."""
    if not is_iri(endpoint):
        raise RefusedError(400, f"{quote(endpoint)} is not the address of a server.")
    service, dataset, graph = (NamedNode(endpoint + part) for part in ("", "#dataset", "#default-graph"))
    (size,), *_ = engine.select("SELECT (COUNT(*) AS ?size) { ?s ?p ?o }").rows
    said: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (service, vocab.TYPE.value, NamedNode(SD + "Service")),
        (service, SD + "endpoint", service),
        (service, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        (service, SD + "defaultEntailmentRegime", NamedNode("http://www.w3.org/ns/entailment/Simple")),
        (service, SD + "defaultDataset", dataset),
        (dataset, vocab.TYPE.value, NamedNode(SD + "Dataset")),
        (dataset, SD + "defaultGraph", graph),
        (graph, vocab.TYPE.value, NamedNode(SD + "Graph")),
        *((service, SD + "resultFormat", NamedNode(f"http://www.w3.org/ns/formats/{form}")) for form in FORMATS),
    ]
    if isinstance(size, Literal):
        said.append((graph, VOID + "triples", size))
    return [Triple(subject, NamedNode(predicate), value) for subject, predicate, value in said]
