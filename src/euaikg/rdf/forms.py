"""The forms of RDF that are written, with their suffixes, and triples in those that hold one graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Triple

from euaikg.core import suffixes

FLAT = {form: suffixes.of(form) for form in ("turtle", "ntriples", "rdfxml", "jsonld")}
"""The forms that hold one graph, by their names on the command line, each with its suffix."""

DATASETS = {form: suffixes.of(form) for form in ("trig", "nquads", "jsonld-graphs")}
"""The forms that hold named graphs, each with its suffix."""

TABLES = ("csv", "parquet")
"""The forms that are a folder of tables, one for each class."""

WHOLE = ("bulk", "dataset")
"""The forms that are a folder with the whole graph, for other engines."""

FOLDERS = (*TABLES, *WHOLE)

SUFFIXES = {**FLAT, **DATASETS}


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


def several(triples: Iterable[Triple], wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield ``triples`` in each of the flat forms ``wanted``, with its suffix; they are put in order once."""
    from euaikg.rdf import ntriples

    lines = [*ntriples.ordered(ntriples.of_triples(triples)())]
    for form in wanted:
        yield SUFFIXES[form], b"".join(write(iter(lines), form))


def encode(triples: Iterable[Triple], form: str) -> bytes:
    """Return ``triples`` in the flat form ``form``; what is refused is told at :func:`write`."""
    from euaikg.rdf import ntriples

    return b"".join(write(ntriples.ordered(ntriples.of_triples(triples)()), form))
