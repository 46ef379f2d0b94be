"""The same data for those who live in rdflib: a graph or a dataset in memory, terms for terms."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple
from pyoxigraph import Literal as OxigraphLiteral
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import IdentifiedNode, Node

from euaikg.core.vocab import XSD
from euaikg.rdf.terms import Term


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


def to_dataset(store: Store) -> Dataset:
    """Return all of ``store`` as an rdflib dataset, its default graph the same as the store's."""
    node, result = _converter(), Dataset()
    graphs: dict[object, Graph] = {DefaultGraph(): result.default_graph}
    for quad in store:
        if quad.graph_name not in graphs:
            name = node(quad.graph_name)
            assert isinstance(name, IdentifiedNode)
            graphs[quad.graph_name] = result.graph(name)
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
        assert not isinstance(term, Triple)
        if term.language:
            return Literal(term.value, lang=term.language)
        if term.datatype.value == XSD + "string":
            return Literal(term.value)
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)

    return node


def from_node(node: Node) -> NamedNode | BlankNode | OxigraphLiteral:
    """Return an rdflib ``node`` as the same term of Oxigraph; an IRI that is not valid becomes a literal."""
    if isinstance(node, BNode):
        return BlankNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return OxigraphLiteral(str(node), language=node.language)
        return OxigraphLiteral(str(node), datatype=NamedNode(node.datatype) if node.datatype else None)
    try:
        return NamedNode(str(node))
    except ValueError:
        return OxigraphLiteral(str(node))
