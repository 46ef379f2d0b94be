"""Exports: the graph, or the triples of an answer, as bytes that do not change from run to run.

Turtle and N-Triples hold the default graph, in which every triple stands once and every statement carries its
passage, document, date and modality. TriG and N-Quads hold the named graphs and leave the default graph out, since
it can be rebuilt from them.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import DefaultGraph, RdfFormat, Store, Triple
from pyoxigraph import serialize as oxigraph_serialize

from euaikg import serialize


def whole(store: Store, form: str) -> bytes:
    """Return the graph in ``store`` as ``form``: turtle, trig, nquads or ntriples."""
    if form in ("turtle", "ntriples"):
        return encode([quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())], form)
    quads = [quad for quad in store if not isinstance(quad.graph_name, DefaultGraph)]
    return serialize.trig(quads) if form == "trig" else serialize.lines(quads, RdfFormat.N_QUADS)


def encode(triples: Sequence[Triple], form: str) -> bytes:
    """Return ``triples`` as ``form``: turtle, ntriples or jsonld (expanded)."""
    if form == "turtle":
        return serialize.turtle(triples)
    if form == "ntriples":
        return serialize.lines(triples, RdfFormat.N_TRIPLES)
    ordered = sorted(set(triples), key=lambda triple: (str(triple.subject), str(triple.predicate), str(triple.object)))
    return (oxigraph_serialize(ordered, format=RdfFormat.JSON_LD) or b"") + b"\n"
