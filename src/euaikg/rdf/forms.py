"""The forms of RDF that are written, with suffix and media type, and triples in those that hold one graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Triple


@dataclass(frozen=True)
class Form:
    """A form of RDF: its name on the command line, suffix, and if it holds named graphs."""

    name: str
    suffix: str
    is_dataset: bool


FORMS = {
    form.name: form
    for form in (
        Form("turtle", ".ttl", False),
        Form("ntriples", ".nt", False),
        Form("rdfxml", ".rdf", False),
        Form("jsonld", ".jsonld", False),
        Form("trig", ".trig", True),
        Form("nquads", ".nq", True),
        Form("jsonld-graphs", ".jsonld", True),
    )
}


def write(lines: Iterable[bytes], form: str) -> Iterator[bytes]:
    """Yield sorted ``lines`` of N-Triples in the flat form ``form``, in blocks.

    Raises :class:`~euaikg.errors.OutputError` where RDF/XML or JSON-LD cannot hold a term.
    """
    if form == "ntriples":
        from euaikg.rdf import ntriples

        return ntriples.blocks(lines)
    if form == "rdfxml":
        from euaikg.core.vocab import prefixes
        from euaikg.rdf import rdfxml

        return rdfxml.rdfxml(lines, prefixes())
    if form == "jsonld":
        from euaikg.rdf import jsonld

        return jsonld.flat(lines)
    from euaikg.rdf import turtle

    return turtle.turtle(lines)


def encode(triples: Iterable[Triple], form: str) -> bytes:
    """Return ``triples`` in the flat form ``form``; what is refused is told at :func:`write`."""
    from euaikg.rdf import ntriples

    return b"".join(write(ntriples.ordered(ntriples.of_triples(triples)()), form))
