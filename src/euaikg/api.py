"""What the package offers to Python: the nouns of the command line as functions over the shipped graph.

Each takes ``data``, a file or folder, or several, to put on top of it; those that ask take ``only`` instead, files that
are asked alone, ``store``, a store on disk (see :func:`build`), or ``endpoint``, the address of a SPARQL server, and
``timeout`` (seconds) and ``memory`` (bytes), at which a query is stopped: see
:class:`~euaikg.graph.access.Opening`. Errors are those of :mod:`euaikg.errors`.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from euaikg.curation import validation
from euaikg.curation.validation import Finding
from euaikg.graph import access
from euaikg.graph.access import Opening, Place
from euaikg.questions import ask as asking
from euaikg.questions import names, parameters
from euaikg.questions.ask import Reply
from euaikg.questions.cards import Card
from euaikg.questions.names import Hit
from euaikg.questions.parameters import Given
from euaikg.sparql.answers import Answer, Table

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Dataset

    from euaikg.questions.finding import Found

ALL = 10**9
"""More things and rows than any answer has."""


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

    The values of its parameters are text, numbers, dates or RDF terms, one or several:
    ``query("figures", thing=["AI Office", "AI-fabrieken"], as_of=date(2024, 12, 31), lang="nl")``. Things may be named
    in any language, ``asOf`` may be written ``as_of`` and ``for`` ``for_``, and None is as if left out. With ``cite``
    the last column ``citation`` of the answer says how to cite the places that each row names. Where a table is empty
    its ``notes`` say why, if that can be told. Raises :class:`~euaikg.errors.QueryError` for an unknown query,
    parameter or value, :class:`~euaikg.errors.UnknownThingError` for an unknown name, and the former also where there
    is nothing to cite.
    """
    engine = access.open_engine(data, store, endpoint, only=only, timeout=timeout, memory=memory)
    return _noted(asking.question(engine, name, values, cite="spelt" if cite else None))


def run(sparql: str, *, cite: bool = False, federated: bool = False, **opening: Unpack[Opening]) -> Answer:
    """Answer any SPARQL 1.1 query; the project's prefixes need no declaration.

    With ``cite``, columns called ``source``, ``sources`` or ``passage`` are taken for places, as :func:`query` does.
    Raises :class:`~euaikg.errors.QueryError` for an update, for what is not valid, for ``SERVICE`` unless
    ``federated`` is true, where there is nothing to cite, and when the query is stopped at the limit of ``timeout``
    (seconds) or ``memory`` (bytes); ``data``, ``only``, ``store`` and ``endpoint`` say which graph is asked.
    """
    engine = access.open_engine(**opening)
    return _noted(asking.sparql(engine, sparql, cite="spelt" if cite else None, federated=federated))


def _noted(reply: Reply) -> Answer:
    answer = reply.answer
    return dataclasses.replace(answer, notes=reply.reasons) if isinstance(answer, Table) else answer


def show(
    thing: str,
    *,
    lang: str = "en",
    as_of: Given | None = None,
    valid_on: Given | None = None,
    cite: bool = False,
    **opening: Unpack[Opening],
) -> Card:
    """Return everything the graph says about ``thing`` (a name or an IRI), with the places that say so.

    With ``cite`` the tables of the card have a last column ``citation``, as with :func:`query`. ``data``, ``store``,
    ``endpoint``, ``timeout`` and ``memory`` are as there.
    """
    return asking.card(access.open_engine(**opening), thing, lang, as_of, valid_on, cite="spelt" if cite else None)[0]


def search(
    words: str, *, kind: str | None = None, limit: int | None = None, lang: str = "en", **opening: Unpack[Opening]
) -> list[Hit]:
    """Return the things that have all ``words`` in a name, or else in what is said of them, the closest first.

    Each :class:`~euaikg.questions.names.Hit` has the ``text`` that was found and its ``language``, ``where`` it stands
    (a name, or a role, a population, a note, a reason or a definition), and of the thing its ``name``, ``kind`` and
    ``kind_label``, in the language ``lang``. Hyphens, the plural, accents and small slips do not matter. ``kind``, a
    class by any name, leaves only its things, and ``limit`` only so many. Raises
    :class:`~euaikg.errors.UnknownThingError` for an unknown kind. ``data``, ``store``, ``endpoint``, ``timeout`` and
    ``memory`` are as for :func:`query`.
    """
    return names.search(access.open_engine(**opening), words, kind, limit, lang)


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
    found = finding.find(engine, words, lang)
    best = found.candidates[0]
    if not found.sure or best.question == "search":
        return found
    way: asking.Way | None = "spelt" if cite else None
    if best.question == "show":
        card = asking.card(engine, best.values["thing"][0], found.lang, cite=way)[0]
        return dataclasses.replace(found, answer=card)
    return dataclasses.replace(found, answer=_noted(asking.question(engine, best.question, best.values, cite=way)))


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

    engine = access.open_embedded(data, store)
    return to_rdflib.to_dataset(engine.given.restored(engine.store))


def to_networkx(
    view: str | None = None,
    *,
    focus: str | None = None,
    depth: int = 1,
    lang: str = "en",
    as_of: Given | None = None,
    **opening: Unpack[Opening],
) -> nx.MultiDiGraph[str]:
    """Return what passages say between things as a networkx graph: all of it, a ``view``, or what is around ``focus``.

    Nodes are IRIs with ``label``, ``kind``, ``group``, ``amount`` and ``date``; edges have ``relation``, ``label``,
    ``modality``, ``amount``, ``passage`` and ``citation``, one for each passage. ``view`` is a view of
    :data:`euaikg.diagrams.views.VIEWS`, or a stored query that can be drawn; nothing is left out. Raises
    :class:`~euaikg.errors.QueryError` for an unknown view, and :class:`~euaikg.errors.UnknownThingError` for an unknown
    thing. ``data``, ``store``, ``endpoint``, ``timeout`` and ``memory`` are as for :func:`query`.
    """
    from euaikg.diagrams import views
    from euaikg.diagrams.filters import Wanted
    from euaikg.diagrams.text import interchange

    engine = access.open_engine(**opening)
    wanted = Wanted(as_of=None if as_of is None else parameters.written(as_of), lang=lang, limit=ALL, rows=ALL)
    if focus is not None:
        return interchange.to_networkx(views.focus(engine, focus, depth, wanted))
    if view in views.VIEWS:
        return interchange.to_networkx(views.view(engine, view, wanted))
    return interchange.to_networkx(views.query(engine, view or "view-focus", {} if view else {"thing": []}, wanted))
