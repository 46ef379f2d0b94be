"""Exports: the graph, or a part of it, as bytes that do not change from run to run.

A form is either flat or a dataset (:data:`~euaikg.rdf.forms.SUFFIXES`). A flat form holds one graph: of the whole, the
default graph, in which every triple stands once and every statement carries its passage, document, date and modality.
A dataset form keeps the passages as named graphs and leaves the default graph out, since it can be rebuilt from them.
All forms come from sorted lines of N-Triples (:mod:`euaikg.rdf.ntriples`), and nothing is given out before it is known
that the form can hold the content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import suffixes, writing
from euaikg.core.progress import Progress, silent
from euaikg.core.vocab import EUAI, SOURCE, TYPE, short
from euaikg.errors import OutputError, QueryError, UnknownThingError
from euaikg.exports import stated
from euaikg.questions import ask, names
from euaikg.questions.ask import Values
from euaikg.rdf import forms, turtle
from euaikg.rdf.ntriples import Graphs, Lines, blocks, kept, named, of_quads, of_store, of_triples, ordered
from euaikg.sparql.answers import Triples
from euaikg.sparql.embedded import Embedded, Engine

TOGETHER = 300
"""How many passages are asked together for the records of their relations; all would take memory without bound."""

NO_COMMENTS = {form for form in forms.SUFFIXES if form.startswith("jsonld")}


@dataclass(frozen=True)
class Content:
    """What is to be written: lines for the flat forms, and for the dataset forms a function that gives the graphs.

    Where it is limited, the file says ``note`` of itself.
    """

    flat: Lines
    graphs: Callable[[], Graphs] | None = None
    note: str = ""


@dataclass(frozen=True)
class Part:
    """What is to be written: the whole graph, or one of its parts, named in any way.

    ``values`` are for the parameters of the stored ``query``; with ``records`` each plain relation is recorded with the
    passage that states it; ``view`` is nested JSON-LD; of ``modalities`` only what passages state so is written. A file
    for bulk loaders holds at most ``part_size`` triples.
    """

    graph: str | None = None
    document: str | None = None
    about: str | None = None
    query: str | None = None
    values: Values | None = None
    records: bool = False
    view: str | None = None
    modalities: Sequence[str] = ()
    part_size: int | None = None

    def form(self, path: Path | None, form: str | None = None) -> str:
        """Return the form to write to ``path``: ``form``, or what its name says, or else what suits the part.

        Raises :class:`OutputError` for a name that does not fit, and :class:`QueryError` where what is asked for does
        not go together, or not in that form.
        """
        end = suffixes.suffix(path)[1:] if path else ""
        if end in forms.TABLES and form in (None, *forms.TABLES):
            raise OutputError(f"{path}: {end} makes a folder of tables; write --format {end} -o FOLDER.")
        usual = "jsonld" if self.view else "turtle" if self.query else "trig"
        found = suffixes.form_of(path, forms.SUFFIXES, form) or usual
        if found not in (*forms.SUFFIXES, *forms.FOLDERS):
            raise OutputError(
                f"There is no format “{found}” here; there are {', '.join((*forms.SUFFIXES, *forms.FOLDERS))}."
            )
        self._refuse_mixtures(found)
        what = "a folder of tables" if found in forms.TABLES else "a folder"
        if found in forms.FOLDERS and path is None:
            raise OutputError(f"{found} makes {what}; say where with -o.")
        if found in forms.FOLDERS and path is not None and suffixes.is_packed(path):
            raise OutputError(f"{path}: {found} makes {what}, which is not packed; leave out “.gz”.")
        return found

    def _refuse_mixtures(self, form: str) -> None:
        parts = {"--graph": self.graph, "--document": self.document, "--about": self.about, "--query": self.query}
        chosen = [option for option, value in parts.items() if value is not None]
        if len(chosen) > 1:
            raise QueryError(f"Choose one of {' and '.join(chosen)}.")
        if form in forms.WHOLE and (chosen or self.records or self.modalities or self.view):
            raise QueryError(f"{form} is for the whole graph, with all its passages; leave out what chooses a part.")
        if self.part_size is not None and form != "bulk":
            raise QueryError("--part-size goes with --format bulk.")
        if self.part_size is not None and self.part_size < 1:
            raise QueryError(f"A part holds at least one triple, not {self.part_size}.")
        if self.values and chosen != ["--query"]:
            raise QueryError("--set goes with --query.")
        if self.records and (form in forms.DATASETS or self.view or chosen == ["--query"]):
            raise QueryError(
                f"--provenance statements is for one graph of facts, as {', '.join(forms.FLAT)} and tables; "
                f"{', '.join(forms.DATASETS)} keep the passages themselves."
            )
        if self.modalities and (chosen == ["--query"] or self.view):
            raise QueryError("--modality goes with neither --query nor --frame.")
        if self.view and (form != "jsonld" or chosen not in ([], ["--about"])):
            raise QueryError("--frame goes with --format jsonld, and of the parts with --about alone.")


def chosen(engine: Engine, part: Part) -> Content:
    """Return what the ``part`` of the graph holds; errors are those of the functions below."""
    if part.about is not None and part.view is None:
        content = about(engine, part.about)
    elif part.document is not None:
        content = document(engine, part.document)
    elif part.graph is not None:
        content = graph(engine, part.graph)
    elif part.query is not None:
        content = answer(engine, part.query, part.values or {})
    else:
        content = everything(engine)
    if part.modalities:
        content = limited(content, engine, part)
    of = {"thing": part.about, "document": part.document, "passage": part.graph, "modality": part.modalities}
    return with_records(content, engine, **{key: name for key, name in of.items() if name}) if part.records else content


def limited(content: Content, engine: Engine, part: Part) -> Content:
    """Return of ``content``, the ``part`` of the graph, only what passages state with the modalities of ``part``.

    Raises :class:`~euaikg.errors.ParameterError` for a modality that there is not.
    """
    modalities = stated.codes(engine, part.modalities)
    assert content.graphs  # which only the answer to a query lacks
    flat, graphs = stated.only(engine, modalities, content.graphs)
    if part.about or part.document or part.graph:
        return Content(flat, graphs, stated.note(modalities))
    whole = content.flat  # what is not in the default graph, such as a disputed class, is in no flat form
    return Content(lambda: stated.both(ordered(flat()), ordered(whole())), graphs, stated.note(modalities))


def written(
    engine: Engine, part: Part, content: Content, form: str, path: Path | None = None, progress: Progress = silent
) -> Iterable[bytes] | None:
    """Return the ``content`` of ``part`` in the ``form``, in blocks; write a folder to ``path`` instead."""
    if part.modalities and form not in forms.DATASETS:
        stated.refuse_not_so(engine, part.modalities)
    if part.view is not None:
        return [view(content, engine, part.view, part.about, progress)]
    if form in forms.TABLES and path is not None:
        folder(content, form, path)
        return None
    if form in forms.WHOLE and path is not None and content.graphs:
        from euaikg.exports import bulk, dataset

        if form == "dataset":
            made = dataset.contents(engine, progress)
        else:
            made = bulk.contents(engine, content.flat, content.graphs(), part.part_size)
        writing.write_folder(path, made, form)
        return None
    return write(content, form)


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


def answer(engine: Engine, name: str, values: Values) -> Content:
    """Return the answer to the stored CONSTRUCT ``name`` with ``values`` for its parameters.

    Raises :class:`QueryError` as :func:`euaikg.questions.ask.question` does, and for a query that answers with rows.
    """
    return Content(of_triples(_asked(engine, name, values)))


def with_records(content: Content, engine: Engine, **of: str | Sequence[str]) -> Content:
    """Return ``content`` with an ``rdf:Statement`` record for each plain relation, as ``relation-records`` gives it.

    ``of`` restricts them to a ``thing``, ``document`` or ``passage``, named in any way, or to a ``modality``.
    """

    def records() -> Iterator[bytes]:
        if of.keys() - {"modality"}:
            yield from of_triples(_asked(engine, "relation-records", of))()
            return
        for documents in _some(engine):
            triples = _asked(engine, "relation-records", {**of, "document": documents})
            if any(isinstance(term, BlankNode) for triple in triples for term in triple):
                yield from of_triples(_asked(engine, "relation-records", of))()  # their names hold only among all
                return
            yield from of_triples(triples)()

    return replace(content, flat=lambda: chain(content.flat(), records()))


def _some(engine: Engine) -> Iterator[list[str]]:
    """Yield the documents in groups that have about :data:`TOGETHER` passages."""
    passages = f"?passage a <{EUAI}Passage> ; <{EUAI}statedAt> ?document"
    query = f"SELECT ?document (COUNT(*) AS ?n) {{ {passages} }} GROUP BY ?document ORDER BY ?document"
    group, size = [], 0
    for row in engine.select(query).to_dicts():
        group.append(str(row["document"]))
        size += int(str(row["n"]))
        if size >= TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group


def write(content: Content, form: str) -> Iterator[bytes]:
    """Yield ``content`` in the form ``form``, one of :data:`~euaikg.rdf.forms.SUFFIXES`, in blocks.

    Raises :class:`OutputError` where the form cannot hold the content: a dataset form the answer to a query, RDF/XML
    and JSON-LD some rare terms.
    """
    if content.note and form not in NO_COMMENTS:
        mark, end = ("<!--", " -->") if form == "rdfxml" else ("#", "")
        comment = f"{mark} {content.note}{end}\n".encode()
        body = write(replace(content, note=""), form)
        return chain(body, [comment]) if form == "rdfxml" else chain([comment], body)  # XML begins with what it is
    note = stated.said(content.note) if content.note else lambda: iter(())
    if form in forms.FLAT:
        return forms.write(ordered(chain(content.flat(), note())), form)
    if content.graphs is None:
        flat = ", ".join(forms.FLAT)
        raise OutputError(f"The answer to a query is one graph without a name; write it as {flat}, not as {form}.")
    graphs = {**content.graphs(), **({stated.LIMITS: note} if content.note else {})}
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

    note = stated.said(content.note)() if content.note else ()
    made = class_tables.sheets(ordered(chain(content.flat(), note)))
    writing.write_folder(path, class_tables.to_csv(made) if form == "csv" else class_tables.to_parquet(made))


def packed(source: Engine | Store, form: str) -> bytes:
    """Return the tables of the whole graph of ``source``, csv or parquet, as a ZIP file that depends on them alone.

    Raises :class:`OutputError` for Parquet without pyarrow.
    """
    return archives(source, [form])[form]


def archives(source: Engine | Store, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return what :func:`packed` does for each of the forms ``wanted``, of which each costs little beside the first."""
    import io
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    from euaikg.exports import class_tables

    made, found = class_tables.sheets(ordered(everything(source).flat())), {}
    for form in wanted:
        stream = io.BytesIO()
        with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=6) as archive:
            for name, content in class_tables.to_csv(made) if form == "csv" else class_tables.to_parquet(made):
                archive.writestr(ZipInfo(name), b"".join(content), ZIP_DEFLATED, 6)
        found[form] = stream.getvalue()
    return found


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


def _asked(engine: Engine, name: str, values: Values) -> list[Triple]:
    answer = ask.question(engine, name, values).answer
    if not isinstance(answer, Triples):
        raise QueryError(f"The stored query {name} answers with rows; ask it with “euaikg query {name} --format csv”.")
    return answer.triples
