"""What the package offers to Python: the nouns of the command line as functions over the shipped graph.

Each takes ``data``, a file or folder, or several, to put on top of it; those that ask take ``store`` instead, a store
on disk (see :func:`build`), or ``endpoint``, the address of a SPARQL server. Errors are those of :mod:`euaikg.errors`.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg.curation import validation
from euaikg.curation.validation import Finding
from euaikg.graph import access
from euaikg.graph.access import Place
from euaikg.questions import cards, citations, names, parameters, stored
from euaikg.questions.cards import Card
from euaikg.questions.names import Name
from euaikg.questions.parameters import Given
from euaikg.sparql.answers import Answer
from euaikg.sparql.scanner import with_prefixes

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Dataset

ALL = 10**9
"""More things and rows than any answer has."""


def query(
    name: str,
    *,
    data: Place | Iterable[Place] = (),
    store: Place | None = None,
    endpoint: str | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    cite: bool = False,
    **values: Given | Iterable[Given] | None,
) -> Answer:
    """Answer the stored query ``name``, within ``timeout`` seconds and ``memory`` bytes where they are given.

    The values of its parameters are text, numbers, dates or RDF terms, one or several:
    ``query("figures", thing=["AI Office", "AI-fabrieken"], as_of=date(2024, 12, 31), lang="nl")``. Things may be named
    in any language, ``asOf`` may be written ``as_of``, and None is as if left out. With ``cite`` the last column
    ``citation`` of the answer says how to cite the places that each row names. Raises
    :class:`~euaikg.errors.QueryError` for an unknown query, parameter or value,
    :class:`~euaikg.errors.UnknownThingError` for an unknown name, and the former also where there is nothing to cite.
    """
    texts = {key: _written(given) for key, given in values.items() if given is not None}
    engine = access.open_engine(data, store, endpoint, timeout=timeout, memory=memory)
    answer = stored.ask(engine, name, texts)
    return citations.spelt(engine, [answer], *texts.get("lang", [])[:1])[0] if cite else answer


def _written(given: Given | Iterable[Given]) -> list[str]:
    """Return the value or values ``given`` as one types them."""
    if isinstance(given, Iterable) and not isinstance(given, str):
        return [parameters.written(value) for value in given]
    return [parameters.written(given)]


def _day(given: Given | None) -> str | None:
    return None if given is None else parameters.written(given)


def run(
    sparql: str,
    *,
    data: Place | Iterable[Place] = (),
    store: Place | None = None,
    endpoint: str | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    cite: bool = False,
    federated: bool = False,
) -> Answer:
    """Answer any SPARQL 1.1 query; the project's prefixes need no declaration.

    With ``cite``, columns called ``source``, ``sources`` or ``passage`` are taken for places, as :func:`query` does.
    Raises :class:`~euaikg.errors.QueryError` for an update, for what is not valid, for ``SERVICE`` unless
    ``federated`` is true, where there is nothing to cite, and when the query is stopped at the limit of ``timeout``
    (seconds) or ``memory`` (bytes).
    """
    engine = access.open_engine(data, store, endpoint, timeout=timeout, memory=memory)
    answer = engine.run(with_prefixes(sparql), federated=federated)
    return citations.spelt(engine, [answer])[0] if cite else answer


def show(
    thing: str,
    *,
    lang: str = "en",
    as_of: Given | None = None,
    valid_on: Given | None = None,
    data: Place | Iterable[Place] = (),
    cite: bool = False,
    store: Place | None = None,
    endpoint: str | None = None,
    timeout: float | None = None,
) -> Card:
    """Return everything the graph says about ``thing`` (a name or an IRI), with the places that say so.

    With ``cite`` the tables of the card have a last column ``citation``, as with :func:`query`.
    """
    engine = access.open_engine(data, store, endpoint, timeout=timeout)
    card = cards.card(engine, names.resolve(engine, thing), lang, _day(as_of), _day(valid_on))
    if not cite:
        return card
    tables = citations.spelt(engine, list(card.sections.values()), lang)
    return dataclasses.replace(card, sections=dict(zip(card.sections, tables, strict=True)))


def search(
    words: str, *, data: Place | Iterable[Place] = (), store: Place | None = None, endpoint: str | None = None
) -> list[Name]:
    """Return the things one of whose names holds all ``words``, the closest first."""
    return names.search(access.open_engine(data, store, endpoint), words)


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


def dataset(*, data: Place | Iterable[Place] = (), store: Place | None = None) -> Dataset:
    """Return the graph as an rdflib ``Dataset`` in memory: named graphs, and a default graph of all."""
    from euaikg.rdf import to_rdflib

    return to_rdflib.to_dataset(access.open_embedded(data, store).store)


def to_networkx(
    view: str | None = None,
    *,
    focus: str | None = None,
    depth: int = 1,
    lang: str = "en",
    as_of: Given | None = None,
    data: Place | Iterable[Place] = (),
    store: Place | None = None,
    endpoint: str | None = None,
    timeout: float | None = None,
) -> nx.MultiDiGraph[str]:
    """Return what passages say between things as a networkx graph: all of it, a ``view``, or what is around ``focus``.

    Nodes are IRIs with ``label``, ``kind``, ``group``, ``amount`` and ``date``; edges have ``relation``, ``label``,
    ``modality``, ``amount``, ``passage`` and ``citation``, one for each passage. ``view`` is a view of
    :data:`euaikg.diagrams.views.VIEWS`, or a stored query that can be drawn; nothing is left out. Raises
    :class:`~euaikg.errors.QueryError` for an unknown view, and :class:`~euaikg.errors.UnknownThingError` for an unknown
    thing.
    """
    from euaikg.diagrams import views
    from euaikg.diagrams.filters import Wanted
    from euaikg.diagrams.text import interchange

    engine = access.open_engine(data, store, endpoint, timeout=timeout)
    wanted = Wanted(as_of=_day(as_of), lang=lang, limit=ALL, rows=ALL)
    if focus is not None:
        return interchange.to_networkx(views.focus(engine, focus, depth, wanted))
    if view in views.VIEWS:
        return interchange.to_networkx(views.view(engine, view, wanted))
    return interchange.to_networkx(views.query(engine, view or "view-focus", {} if view else {"thing": []}, wanted))
