"""The same data for those who live in rdflib: a graph or a dataset in memory, terms for terms.

What rdflib has no terms for, what is new in RDF 1.2, stands in the graphs for the rules as literals of the datatypes
:data:`TRIPLE` and :data:`DIRECTED` with the N-Triples text, and comes back as it was; a dataset for users refuses it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from contextlib import suppress

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import IdentifiedNode, Node

from euaikg.core.vocab import RDF, XSD, prefixes
from euaikg.errors import OutputError, cut
from euaikg.rdf.terms import Term, token

TRIPLE, DIRECTED = "urn:euaikg:triple", RDF + "dirLangString"


def to_graph(store: Store, predicates: Iterable[str] | None = None) -> Graph:
    """Return the default graph of ``store`` as an rdflib graph, or of it only the triples with ``predicates``."""
    wanted = [None] if predicates is None else [NamedNode(iri) for iri in sorted(predicates)]
    return gathered(quad for one in wanted for quad in store.quads_for_pattern(None, one, None, DefaultGraph()))


def gathered(quads: Iterable[Quad]) -> Graph:
    """Return the triples of ``quads`` as one rdflib graph, whatever graph they are in."""
    node, result = _converter(), Graph()
    collecting = gc.isenabled()
    gc.disable()  # nothing that is made here can be thrown away yet, and looking for it costs a third of the time
    try:
        for quad in quads:
            result.add((node(quad.subject), node(quad.predicate), node(quad.object)))
    finally:
        if collecting:
            gc.enable()
    return result


def to_dataset(quads: Iterable[Quad]) -> Dataset:
    """Return ``quads`` as an rdflib dataset with the same default graph, and the project's prefixes bound.

    Raises :class:`OutputError` for a triple as the value of another and for text with a direction.
    """
    node, result = _converter(), Dataset()
    for prefix, iri in prefixes().items():
        result.bind(prefix, iri, replace=True)
    graphs: dict[object, Graph] = {DefaultGraph(): result.default_graph}
    for quad in quads:
        if quad.graph_name not in graphs:
            name = node(quad.graph_name)  # type: ignore[arg-type]  # the default graph is there from the start
            assert isinstance(name, IdentifiedNode)
            graphs[quad.graph_name] = result.graph(name)
        if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction):
            raise OutputError(f"rdflib cannot hold a value of {quad.predicate}, {cut(str(quad.object))} (RDF 1.2).")
        graphs[quad.graph_name].add((node(quad.subject), node(quad.predicate), node(quad.object)))
    return result


def _converter() -> Callable[[Term], Node]:
    known: dict[str, URIRef] = {}

    def node(term: Term) -> Node:
        if isinstance(term, NamedNode):
            if term.value not in known:
                known[term.value] = URIRef(term.value)
            return known[term.value]
        if isinstance(term, BlankNode):
            return BNode(term.value)
        if isinstance(term, Triple):
            return RdflibLiteral(token(term), datatype=URIRef(TRIPLE))
        if term.direction:
            return RdflibLiteral(str(term), datatype=URIRef(DIRECTED))
        if term.language:
            return RdflibLiteral(term.value, lang=term.language)
        if term.datatype.value == XSD + "string":
            return RdflibLiteral(term.value)
        return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)

    return node


def from_node(node: Node) -> Term:
    """Return an rdflib ``node`` as the same term of Oxigraph; an IRI that is not valid becomes a literal."""
    if isinstance(node, BNode):
        return BlankNode(str(node))
    if isinstance(node, RdflibLiteral):
        if str(node.datatype) in (TRIPLE, DIRECTED):
            with suppress(SyntaxError):  # a user may have the datatype too
                quad: Quad = next(parse(f"<urn:x> <urn:x> {node} .", format=RdfFormat.N_TRIPLES))
                return quad.object
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(node.datatype) if node.datatype else None)
    try:
        return NamedNode(str(node))
    except ValueError:
        return Literal(str(node))
