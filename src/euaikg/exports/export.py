"""Exports: the graph, or a part of it, as bytes that do not change from run to run.

A form is either flat or a dataset (:data:`~euaikg.rdf.forms.SUFFIXES`). A flat form holds one graph: of the whole, the
default graph, in which every triple stands once and every statement carries its passage, document, date and modality.
A dataset form keeps the passages as named graphs and leaves the default graph out, since it can be rebuilt from them.
All forms come from sorted lines of N-Triples (:mod:`euaikg.rdf.ntriples`), and nothing is given out before it is known
that the form can hold the content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import writing
from euaikg.core.progress import Progress, silent
from euaikg.core.vocab import EUAI, SOURCE, TYPE, short
from euaikg.errors import OutputError, QueryError, UnknownThingError
from euaikg.questions import ask, names
from euaikg.rdf import forms, turtle
from euaikg.rdf.ntriples import Graphs, Lines, blocks, kept, named, of_quads, of_store, of_triples, ordered
from euaikg.sparql.answers import Triples
from euaikg.sparql.embedded import Embedded, Engine


@dataclass(frozen=True)
class Content:
    """What is to be written: lines for the flat forms, and for the dataset forms a function that gives the graphs."""

    flat: Lines
    graphs: Callable[[], Graphs] | None = None


def everything(source: Engine | Store) -> Content:
    """Return the whole graph of ``source``."""
    if isinstance(source, Store):
        return Content(*of_store(source))
    if isinstance(source, Embedded):
        return Content(*((source.folder and kept(source.folder)) or of_store(source.store, source.given)))
    return Content(lambda: of_triples(_construct(source, "?s ?p ?o"))(), lambda: of_quads(_quads(source)))


def of(quads: Iterable[Quad]) -> Content:
    """Return ``quads``; those of the default graph are for the flat forms, the others for the dataset forms."""
    graphs = of_quads(quads)
    return Content(graphs.pop("", lambda: iter(())), lambda: graphs)


def graph(engine: Engine, name: str) -> Content:
    """Return the named graph ``name``, an IRI or a short form such as ``graph:codelists``.

    Raises :class:`UnknownThingError` where there is no such graph.
    """
    iri = names.resolve(engine, name)
    flat = of_triples(_construct(engine, f"GRAPH {iri} {{ ?s ?p ?o }}"))
    if next(flat(), None) is None:
        raise UnknownThingError(f"There is no graph {short(iri.value)}.")
    return Content(flat, lambda: {str(iri): flat})


def about(engine: Engine, name: str) -> Content:
    """Return one thing with its context, as the stored query ``describe-thing`` gives it.

    Raises :class:`UnknownThingError` for a name that nothing in the graph has.
    """
    iri = names.resolve(engine, name)
    triples = _asked(engine, "describe-thing", {"thing": [iri.value]})
    if not triples:
        raise UnknownThingError(f"The graph says nothing about {short(iri.value)}.")
    wanted = set(triples)
    return Content(of_triples(triples), lambda: of_quads(q for q in _quads(engine) if q.triple in wanted))


def document(engine: Engine, name: str) -> Content:
    """Return what one document says, as ``describe-document`` gives it; the dataset forms also hold what it denies.

    Raises :class:`UnknownThingError` for a name that nothing has, or that is not that of a document that was read.
    """
    iri = names.resolve(engine, name)
    triples = _asked(engine, "describe-document", {"document": [iri.value]})
    kind = NamedNode(EUAI + "Passage")
    passages = {triple.subject for triple in triples if triple.predicate == TYPE and triple.object == kind}
    if not passages:
        read = engine.select(f"SELECT DISTINCT ?document {{ ?passage <{EUAI}statedAt> ?document }} ORDER BY ?document")
        known = ", ".join(short(str(row["document"])) for row in read.to_dicts())
        raise UnknownThingError(f"{short(iri.value)} is no document that was read; these are: {known}.")
    wanted = set(triples)

    def belongs(quad: Quad) -> bool:
        if quad.graph_name in passages:
            return True
        return quad.triple in wanted and not str(quad.graph_name).startswith(f"<{SOURCE}")

    return Content(of_triples(triples), lambda: of_quads(quad for quad in _quads(engine) if belongs(quad)))


def answer(engine: Engine, name: str, values: Mapping[str, Iterable[str]]) -> Content:
    """Return the answer to the stored CONSTRUCT ``name`` with ``values`` for its parameters.

    Raises :class:`QueryError` as :func:`euaikg.questions.ask.question` does, and for a query that answers with rows.
    """
    return Content(of_triples(_asked(engine, name, values)))


def with_records(content: Content, engine: Engine, **of: str) -> Content:
    """Return ``content`` with an ``rdf:Statement`` record for each plain relation, as ``relation-records`` gives it.

    ``of`` restricts them to a ``thing``, ``document`` or ``passage``, named in any way.
    """
    records = of_triples(_asked(engine, "relation-records", {key: [name] for key, name in of.items()}))
    return replace(content, flat=lambda: chain(content.flat(), records()))


def write(content: Content, form: str) -> Iterator[bytes]:
    """Yield ``content`` in the form ``form``, one of :data:`~euaikg.rdf.forms.SUFFIXES`, in blocks.

    Raises :class:`OutputError` where the form cannot hold the content: a dataset form the answer to a query, RDF/XML
    and JSON-LD some rare terms.
    """
    if form in forms.FLAT:
        return forms.write(ordered(content.flat()), form)
    if content.graphs is None:
        flat = ", ".join(forms.FLAT)
        raise OutputError(f"The answer to a query is one graph without a name; write it as {flat}, not as {form}.")
    graphs = content.graphs()
    if form == "nquads":
        return blocks(ordered(line for name, lines in graphs.items() for line in named(lines(), name)))
    parts = ((name, ordered(graphs[name]())) for name in sorted(graphs))
    if form == "trig":
        return turtle.trig(parts)
    from euaikg.rdf import jsonld

    return jsonld.dataset(parts)


def view(content: Content, engine: Engine, name: str, about: str | None = None, progress: Progress = silent) -> bytes:
    """Return the view ``name`` of ``content`` as nested JSON-LD, of all its things or of the one called ``about``.

    Raises :class:`UnknownThingError` as :func:`euaikg.questions.names.resolve` does, and for a thing of another kind.
    """
    from euaikg.exports import frames

    thing = None if about is None else names.resolve(engine, about).value
    return frames.view(ordered(content.flat()), name, thing, progress)


def folder(content: Content, form: str, path: Path) -> None:
    """Write ``content`` as tables, one for each class, into the folder ``path``; ``form`` is csv or parquet.

    Raises :class:`OutputError` as :func:`euaikg.core.writing.write_folder` does, and for Parquet without pyarrow.
    """
    from euaikg.exports import class_tables

    made = class_tables.sheets(ordered(content.flat()))
    writing.write_folder(path, class_tables.to_csv(made) if form == "csv" else class_tables.to_parquet(made))


def whole(source: Engine | Store, form: str) -> bytes:
    """Return the whole graph of ``source`` in the form ``form``, one of :data:`~euaikg.rdf.forms.SUFFIXES`."""
    return b"".join(write(everything(source), form))


def _construct(engine: Engine, pattern: str) -> list[Triple]:
    answer = engine.run(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
    assert isinstance(answer, Triples)
    return answer.triples


def _quads(engine: Engine) -> Iterator[Quad]:
    """Yield what stands in the named graphs, values as they were given."""
    return engine.given.restored(_named(engine))


def _named(engine: Engine) -> Iterator[Quad]:
    for row in engine.select("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }").rows:
        subject, predicate, value, name = row
        assert isinstance(predicate, NamedNode) and isinstance(name, NamedNode | BlankNode)
        assert subject is not None and value is not None and not isinstance(subject, Literal)
        yield Quad(subject, predicate, value, name)


def _asked(engine: Engine, name: str, values: Mapping[str, Iterable[str]]) -> list[Triple]:
    answer = ask.question(engine, name, values).answer
    if not isinstance(answer, Triples):
        raise QueryError(f"The stored query {name} answers with rows; ask it with “euaikg query {name} --format csv”.")
    return answer.triples
