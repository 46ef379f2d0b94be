"""What the package offers to Python: the nouns of the command line as functions over the shipped graph.

Each that asks takes ``data``, an RDF file or folder, or several, to put on top of the shipped graph; or instead
``only``, files that are asked alone, ``store``, a store on disk (see :func:`build`), or ``endpoint``, the address of a
SPARQL server. ``base`` is the IRI against which relative IRIs in files are resolved, and ``timeout`` (seconds) and
``memory`` (bytes) are the limits at which a query is stopped. The words are those of the command line, with ``_`` for
``-``, and so are the sentences of errors, which are of classes in :mod:`euaikg.errors`.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from euaikg.core import suffixes, writing
from euaikg.curation import validation
from euaikg.curation.findings import Finding
from euaikg.errors import QueryError, quote
from euaikg.graph import access
from euaikg.graph.access import Opening, Place
from euaikg.questions import ask as asking
from euaikg.questions import citations, listing, parameters, references, searching
from euaikg.questions.ask import Reply
from euaikg.questions.cards import Card
from euaikg.questions.parameters import Given
from euaikg.questions.searching import Hit
from euaikg.sparql import formats as _formats  # noqa: F401  # without it no table can print itself
from euaikg.sparql.answers import Answer, Table

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Dataset

    from euaikg.diagrams.diagram import Diagram
    from euaikg.questions.counts import Counts
    from euaikg.questions.finding import Found
    from euaikg.questions.verify import Verdict


Names = str | Iterable[str]
"""One name or code, or several."""

Values = Mapping[str, Given | Iterable[Given] | None]
"""Values of the parameters of a stored question, by their names."""


def query(
    name: str,
    *,
    data: Place | Iterable[Place] = (),
    only: Place | Iterable[Place] = (),
    store: Place | None = None,
    endpoint: str | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    cite: bool = False,
    **values: Given | Iterable[Given] | None,
) -> Answer:
    """Answer the stored query ``name``, within ``timeout`` seconds and ``memory`` bytes where they are given.

    The graph that is asked is the shipped one with the files ``data`` on top, the files ``only``, the ``store`` on
    disk, or the server at ``endpoint``. The ``values`` of its parameters are text, numbers, dates or RDF terms, one or
    several: ``query("figures", thing=["AI Office", "AI-fabrieken"], as_of=date(2024, 12, 31), lang="nl")``. Things may
    be named in any language, ``asOf`` may be written ``as_of`` and ``for`` ``for_``, and None is as if left out. With
    ``cite`` the last column ``citation`` of the answer says how to cite the places that each row names. Where a table
    is empty its ``notes`` say why, if that can be told. Raises :class:`~euaikg.errors.QueryError` for an unknown query,
    parameter or value, :class:`~euaikg.errors.UnknownThingError` for an unknown name, and the former also where there
    is nothing to cite.
    """
    engine = access.open_engine(data, store, endpoint, only=only, timeout=timeout, memory=memory)
    return _noted(asking.question(engine, name, values, cite="spelt" if cite else None))


def questions(name: str | None = None, *, tag: str | None = None) -> Table:
    """Return the stored questions as a table: name, summary, parameters as :func:`query` takes them, and tags.

    With ``tag`` only those that have it; with the ``name`` of a question what can be set in it, with type, default and
    example. Raises :class:`~euaikg.errors.QueryError` for a name or a tag that no question has.
    """
    return listing.questions(tag) if name is None else listing.parameters(name)


def run(sparql: str, *, cite: bool = False, federated: bool = False, **opening: Unpack[Opening]) -> Answer:
    """Answer ``sparql``, any query of SPARQL 1.1, in which the project's prefixes need no declaration.

    With ``cite``, columns called ``source``, ``sources`` or ``passage`` are taken for places, as :func:`query` does.
    Raises :class:`~euaikg.errors.QueryError` for an update, for what is not valid, for ``SERVICE`` unless
    ``federated`` is true, where there is nothing to cite, and when the query is stopped at the limit of ``timeout``
    (seconds) or ``memory`` (bytes); ``data``, ``only``, ``store`` and ``endpoint`` say which graph is asked.
    """
    engine = access.open_engine(**opening)
    return _noted(asking.sparql(engine, sparql, cite="spelt" if cite else None, federated=federated))


def _noted(reply: Reply) -> Answer:
    if not isinstance(reply.answer, Table):
        return reply.answer
    return dataclasses.replace(reply.answer, notes=(*reply.reasons, *reply.shared, *reply.partly))


def bibliography(answer: Answer | Card, form: str = "bibtex", *, lang: str = "en", **opening: Unpack[Opening]) -> str:
    """Return the documents that ``answer`` rests on as a bibliography in the ``form`` bibtex, ris or csl-json.

    Each document version that its rows name is one entry, whose note lists the places; ``lang`` is the language of
    our own words. ``data``, ``only``, ``store``, ``endpoint``, ``timeout`` and ``memory`` say which graph was asked, as
    for :func:`query`. Raises :class:`~euaikg.errors.QueryError` for another form, and where there is nothing to cite.
    """
    if form not in suffixes.BIBLIOGRAPHIES:
        raise QueryError(f"A bibliography is written as {', '.join(suffixes.BIBLIOGRAPHIES)}, not as {quote(form)}.")
    engine = access.open_engine(**opening)
    named = answer.passages if isinstance(answer, Card) else citations.passages(engine, [answer], lang)
    return references.encode(engine, named, form, lang).decode()


def show(
    thing: str,
    *,
    lang: str = "en",
    as_of: Given | None = None,
    valid_on: Given | None = None,
    cite: bool = False,
    **opening: Unpack[Opening],
) -> Card:
    """Return everything the graph says about ``thing`` (a name or an IRI) as a card, with the places that say so.

    The card prints as ``euaikg show`` does and unfolds in a notebook; its groups, lines and sources are plain data. It
    is in the language ``lang``, of what documents said up to the day ``as_of``, and has with ``valid_on`` only stages
    that surely hold on that day. With ``cite`` its sources say how they are cited. Raises
    :class:`~euaikg.errors.UnknownThingError` for a name that nothing in the graph has, and
    :class:`~euaikg.errors.QueryError` for what is no day. ``data``, ``store``, ``endpoint``, ``timeout`` and ``memory``
    are as for :func:`query`.
    """
    return asking.card(access.open_engine(**opening), thing, lang, as_of, valid_on, cite=cite)


def search(
    words: str, *, kind: str | None = None, limit: int | None = None, lang: str = "en", **opening: Unpack[Opening]
) -> list[Hit]:
    """Return the things that have all ``words`` in a name, or else in what is said of them, the closest first.

    Each :class:`~euaikg.questions.searching.Hit` has the ``text`` that was found and its ``language``, ``where`` it
    stands (a name, or a role, a population, a note, a reason or a definition), and of the thing its ``name``, ``kind``
    and ``kind_label``, in the language ``lang``. Hyphens, the plural, accents and small slips do not matter. ``kind``,
    a class by any name, leaves only its things, and ``limit`` only so many. Raises
    :class:`~euaikg.errors.UnknownThingError` for an unknown kind. ``data``, ``store``, ``endpoint``, ``timeout`` and
    ``memory`` are as for :func:`query`.
    """
    return searching.search(access.open_engine(**opening), words, kind, limit, lang)


def ask(words: str, *, lang: str | None = None, cite: bool = False, **opening: Unpack[Opening]) -> Found:
    """Take ``words``, a question in plain English or Dutch, for the stored question that fits, and answer it if sure.

    The :class:`~euaikg.questions.finding.Found` has up to three ``candidates``, the likeliest first, each with its
    ``command``, ``question``, ``values``, ``score`` and ``summary``; whether it is ``sure`` of the first, and then
    its ``answer`` in the language ``lang`` or that of the words, cited with ``cite`` as by :func:`query`. Raises
    :class:`~euaikg.errors.QueryError` where there are no words. ``data``, ``store``, ``endpoint``, ``timeout`` and
    ``memory`` are as for :func:`query`.
    """
    from euaikg.questions import finding

    engine = access.open_engine(**opening)
    finder = finding.Finder(engine)
    found = finder.find(words, lang)
    best = found.candidates[0]
    if not found.sure or best.question == "search":
        return found
    if best.question == "show":
        card = asking.card(engine, best.values["thing"][0], found.lang, cite=cite)
        return dataclasses.replace(found, answer=card)
    way: asking.Way | None = "spelt" if cite else None
    reply = asking.question(engine, best.question, best.values, cite=way, answers=finder.answers)
    return dataclasses.replace(found, answer=_noted(reply))


def verify(
    thing: str,
    says: str,
    value: Given | None = None,
    *,
    unit: str | None = None,
    when: Given | None = None,
    as_of: Given | None = None,
    lang: str = "en",
    **opening: Unpack[Opening],
) -> Verdict:
    """Hold the claim that ``thing`` has ``value`` for what ``says`` names against what documents say.

    ``says`` is a relation such as "part of", a measure such as "staff", a kind of money such as "allocated", a stage
    such as "adopted", or "target"; ``value`` another thing, a figure with its hedge and ``unit``, or a time, which for
    figures and stages may be given by ``when``. The :class:`~euaikg.questions.verify.Verdict` is stated, stated as a
    plan, contradicted, replaced since or not recorded, with the passages on all sides; with ``as_of`` only what
    documents said up to that day counts. Raises :class:`~euaikg.errors.QueryError` and
    :class:`~euaikg.errors.UnknownThingError` with the nearest for what the graph does not know. ``data``, ``store``,
    ``endpoint``, ``timeout`` and ``memory`` are as for :func:`query`.
    """
    from euaikg.questions import verify as verifying

    engine = access.open_engine(**opening)
    return verifying.verify(engine, thing, says, value, unit=unit, when=when, as_of=as_of, lang=lang)


def validate(*paths: Place, shapes: Place | Iterable[Place] = (), alone: bool = False) -> list[Finding]:
    """Return what is wrong with the shipped graph and the RDF files at ``paths`` on top of it.

    ``shapes``, RDF files or folders with SHACL shapes, are run beside the rules; ``alone``, they are run over the files
    at ``paths`` and nothing else is looked at. Warns of what the shapes have beyond SHACL Core and SPARQL constraints.
    Raises :class:`~euaikg.errors.InputError` for files that cannot be read and shapes that cannot be run.
    """
    own = validation.own_shapes(access.paths(shapes))
    for sentence in own.not_run if own else ():
        warnings.warn(sentence, stacklevel=2)
    return validation.validate(access.paths(paths), own, alone)


def build(store: Place, *, data: Place | Iterable[Place] = (), force: bool = False) -> int:
    """Build the shipped graph with ``data`` on top as a store on disk at ``store``; return its size in bytes.

    A store that was built by euaikg is replaced, another Oxigraph store only with ``force``, anything else never.
    Raises :class:`~euaikg.errors.OutputError` where the place is taken or cannot be written.
    """
    from euaikg.graph import stores

    return stores.build(Path(store), access.paths(data), force)


def dataset(
    *, data: Place | Iterable[Place] = (), only: Place | Iterable[Place] = (), store: Place | None = None
) -> Dataset:
    """Return the graph as an rdflib ``Dataset`` in memory: named graphs, a default graph of all, the prefixes bound.

    ``data``, ``only`` and ``store`` are as for :func:`query`. Raises :class:`~euaikg.errors.OutputError` for a term
    that rdflib cannot hold.
    """
    from euaikg.rdf import to_rdflib

    engine = access.open_embedded(data, store, only)
    return to_rdflib.to_dataset(engine.given.restored(engine.store))


def to_networkx(
    view: str | None = None,
    *,
    focus: str | None = None,
    depth: int = 1,
    lang: str = "en",
    as_of: Given | None = None,
    everything: bool = False,
    **opening: Unpack[Opening],
) -> nx.MultiDiGraph[str]:
    """Return what passages say between things as a networkx graph: all of it, a ``view``, or what is around ``focus``.

    All of it is the network that :func:`network` measures: without codes, such as topics, without the documents read,
    and without what is denied or has ended; with ``everything`` these are there too. What is around ``focus`` is at
    most ``depth`` relations away, and ``as_of`` leaves what documents said up to a day. Nodes are IRIs with ``label``,
    ``kind``, ``group``, ``amount`` and ``date``; edges have ``relation``, ``label``, ``modality``, ``amount``,
    ``passage`` and ``citation``, one for each passage. ``view`` is a view of :data:`euaikg.diagrams.views.VIEWS`, or a
    stored query that can be drawn; nothing of it is left out. Raises :class:`~euaikg.errors.QueryError` for an unknown
    view, and :class:`~euaikg.errors.UnknownThingError` for an unknown thing. ``data``, ``store``, ``endpoint``,
    ``timeout`` and ``memory`` are as for :func:`query`.
    """
    from euaikg.diagrams import diagram as drawing
    from euaikg.diagrams import measures, views
    from euaikg.diagrams.filters import ALL, Wanted
    from euaikg.diagrams.text import interchange

    engine = access.open_engine(**opening)
    wanted = Wanted(as_of=_day(as_of), limit=ALL, lang=lang, rows=ALL)
    if view is None and focus is None:
        whole = views.query(engine, "view-focus", {"thing": []}, wanted)
        return interchange.to_networkx(whole if everything else measures.of_things(engine, whole, wanted.as_of))
    asked = {"view": view} if view in views.VIEWS else {"query": view}
    return interchange.to_networkx(drawing.drawn(engine, **asked, focus=focus, depth=depth, wanted=wanted).network)


def diagram(
    view: str | None = None,
    *,
    focus: str | None = None,
    depth: int = 1,
    query: str | None = None,
    values: Values | None = None,
    relation: Names = (),
    kind: Names = (),
    sector: Names = (),
    document: Names = (),
    modality: Names = (),
    as_of: Given | None = None,
    limit: int | None = None,
    size: Literal["neighbours", "between"] | None = None,
    lang: str = "en",
    **opening: Unpack[Opening],
) -> Diagram:
    """Return a picture of who stands in relation to whom, which a notebook shows and :meth:`Diagram.save` writes.

    It is of a ``view`` (governance, funding, network, law, documents, timeline, infrastructure or ontology), of what
    stands at most ``depth`` relations around the thing ``focus``, or of the answer to the stored ``query`` with
    ``values`` for its parameters. ``relation``, ``kind``, ``sector``, ``document`` and ``modality`` leave only what is
    of one of these, ``as_of`` what documents said up to a day, and ``limit`` so many things; with ``size`` what is
    central is drawn larger. Raises :class:`~euaikg.errors.QueryError` for what is unknown or does not go together, and
    :class:`~euaikg.errors.UnknownThingError` for an unknown thing. ``data``, ``store``, ``endpoint``, ``timeout`` and
    ``memory`` are as for :func:`query`.
    """
    from euaikg.diagrams import diagram as drawing
    from euaikg.diagrams.filters import Wanted

    engine = access.open_engine(**opening)
    wanted = Wanted(
        _several(relation), _several(kind), _several(sector), _several(document), _several(modality),
        as_of=_day(as_of), limit=limit, lang=lang,
    )  # fmt: skip
    given = _texts(values)
    return drawing.drawn(engine, view, focus, query, depth=depth, values=given, size=size, wanted=wanted)


def network(
    view: str | None = None,
    *,
    between: tuple[str, str] | None = None,
    parts: bool = False,
    modality: Names = (),
    as_of: Given | None = None,
    limit: int | None = None,
    lang: str = "en",
    **opening: Unpack[Opening],
) -> Table:
    """Return the things with most neighbours, and how many of the shortest chains between others run through each.

    It is of the whole graph, or of a ``view`` of :func:`diagram`. With two things in ``between`` the shortest chains of
    relations between them instead, with their sources; with ``parts`` those between which no relation is stated.
    ``modality`` leaves only what is, for example, asserted, ``as_of`` what documents said up to a day, and ``limit`` so
    many things (25) or chains (5). Raises :class:`~euaikg.errors.QueryError` for what is unknown or does not go
    together and where nothing connects the two, and :class:`~euaikg.errors.UnknownThingError` for an unknown thing.
    ``data``, ``store``, ``endpoint``, ``timeout`` and ``memory`` are as for :func:`query`.
    """
    from euaikg.diagrams import measures

    return measures.measured(
        access.open_engine(**opening), view, between=between, apart=parts, as_of=_day(as_of),
        modalities=_several(modality), lang=lang, limit=limit,
    )  # fmt: skip


def export(
    path: Place | None = None,
    *,
    format: str | None = None,  # noqa: A002  # the word of the command line
    graph: str | None = None,
    document: str | None = None,
    about: str | None = None,
    query: str | None = None,
    values: Values | None = None,
    provenance: Literal["none", "statements"] = "none",
    modality: Names = (),
    frame: str | None = None,
    part_size: int | None = None,
    **opening: Unpack[Opening],
) -> bytes | None:
    """Return the graph, or a part of it, as RDF, or write it to ``path``, the same bytes on every machine.

    The part is one named ``graph``, what a ``document`` says, what there is ``about`` a thing, or the triples of a
    stored ``query`` with ``values`` for its parameters. ``format`` is turtle, ntriples, rdfxml or jsonld, which hold
    one graph, trig, nquads or jsonld-graphs, which keep the passages, or csv or parquet, for which ``path`` becomes a
    folder of tables; or, of the whole graph alone, bulk, a folder for a server's own loader with at most ``part_size``
    triples a file, or dataset, one of Parquet for SQL engines; by default what the name of the file says, else trig,
    and turtle for a query. A file whose name ends in ``.gz`` is packed. Of one or several of ``modality``, such as
    asserted, only what passages state so is written, with names, descriptions and the vocabulary, and the file says so
    in itself. With
    ``provenance="statements"`` each plain relation is recorded with its passage; a ``frame`` (action, body, document,
    funding or initiative) gives nested JSON-LD. Raises
    :class:`~euaikg.errors.QueryError` for what does not go together, :class:`~euaikg.errors.UnknownThingError` for an
    unknown name, and :class:`~euaikg.errors.OutputError` for a file that cannot be written and a form that cannot hold
    the content. ``data``, ``store``, ``endpoint``, ``timeout`` and ``memory`` are as for :func:`query`.
    """
    from euaikg.exports import export as exporting

    place = None if path is None else Path(path)
    part = exporting.Part(
        graph, document, about, query, _texts(values), provenance == "statements", frame, _several(modality), part_size
    )
    form = part.form(place, format)
    engine = access.open_engine(**opening)
    made = exporting.written(engine, part, exporting.chosen(engine, part), form, place)
    if made is None:
        return None
    if place is None:
        return b"".join(made)
    writing.save(place, made)
    return None


def stats(*, lang: str = "en", **opening: Unpack[Opening]) -> Counts:
    """Return what the graph holds: the tables ``documents`` and ``kinds``, and the number of ``triples``.

    ``data``, ``store``, ``endpoint``, ``timeout`` and ``memory`` are as for :func:`query`.
    """
    from euaikg.questions import counts

    return counts.counts(access.open_engine(**opening), lang)


def _day(day: Given | None) -> str | None:
    return None if day is None else parameters.written(day)


def _several(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _texts(values: Values | None) -> dict[str, list[str]]:
    """Return ``values`` as the command line would have them, those that are None left out."""
    return {name: asking.written(value) for name, value in (values or {}).items() if value is not None}
