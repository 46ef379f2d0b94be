"""What the package offers to Python: the nouns of the command line as functions over the shipped graph.

Each takes ``data``, files and folders to put on top of it, or ``store``, a store on disk to ask instead (see
:func:`build`). Errors are those of :mod:`euaikg.errors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg import access, cards, queries, things, validation, vocab
from euaikg.cards import Card
from euaikg.results import Answer
from euaikg.things import Name
from euaikg.validation import Finding

if TYPE_CHECKING:
    from rdflib import Dataset

Given = str | Iterable[str]


def query(
    name: str,
    *,
    data: Sequence[Path] = (),
    store: Path | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    **parameters: Given,
) -> Answer:
    """Answer the stored query ``name``, within ``timeout`` seconds and ``memory`` bytes where they are given.

    Parameters are given as text, or several texts: ``query("figures", thing="AI Office", lang="nl")``. Things may be
    named in any language. Raises :class:`~euaikg.errors.QueryError` for an unknown query, parameter or value, and
    :class:`~euaikg.errors.UnknownThingError` for an unknown name.
    """
    values = {key: [given] if isinstance(given, str) else list(given) for key, given in parameters.items()}
    return queries.ask(access.open_engine(data, store, timeout=timeout, memory=memory), name, values)


def run(
    sparql: str,
    *,
    data: Sequence[Path] = (),
    store: Path | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    federated: bool = False,
) -> Answer:
    """Answer any SPARQL 1.1 query; the project's prefixes need no declaration.

    With ``timeout`` (seconds) or ``memory`` (bytes) the query is stopped at that limit, and then raises
    :class:`~euaikg.errors.QueryError`; so does an update, what is not valid, and ``SERVICE`` unless ``federated``
    is true.
    """
    engine = access.open_engine(data, store, timeout=timeout, memory=memory)
    return engine.run(vocab.with_prefixes(sparql), federated=federated)


def show(
    thing: str,
    *,
    lang: str = "en",
    as_of: str | None = None,
    valid_on: str | None = None,
    data: Sequence[Path] = (),
    store: Path | None = None,
) -> Card:
    """Return everything the graph says about ``thing`` (a name or an IRI), with the places that say so."""
    engine = access.open_engine(data, store)
    return cards.card(engine, things.resolve(engine, thing), lang, as_of, valid_on)


def search(words: str, *, data: Sequence[Path] = (), store: Path | None = None) -> list[Name]:
    """Return the things one of whose names holds all ``words``, the closest first."""
    return things.search(access.open_engine(data, store), words)


def validate(*paths: Path) -> list[Finding]:
    """Return what is wrong with the shipped graph and the RDF files at ``paths`` on top of it."""
    return validation.validate(paths)


def build(store: Path, *, data: Sequence[Path] = (), force: bool = False) -> int:
    """Build the shipped graph with ``data`` on top as a store on disk at ``store``; return its size in bytes.

    A store that was built by euaikg is replaced, another Oxigraph store only with ``force``, anything else never.
    Raises :class:`~euaikg.errors.OutputError` where the place is taken or cannot be written.
    """
    from euaikg import stores

    return stores.build(store, data, force)


def dataset(*, data: Sequence[Path] = (), store: Path | None = None) -> Dataset:
    """Return the graph as an rdflib ``Dataset`` in memory: named graphs, and a default graph of all."""
    from euaikg import bridge

    return bridge.to_dataset(access.open_embedded(data, store).store)
