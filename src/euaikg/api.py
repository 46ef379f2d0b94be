"""What the package offers to Python: the nouns of the command line as functions over the shipped graph.

Each takes ``data``, files to put on top of it. Those that ask take ``endpoint`` instead, the address of a SPARQL
server, with ``timeout``, the seconds that it has for an answer. Errors are those of :mod:`euaikg.errors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg import access, cards, graph, queries, things, validation, vocab
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
    endpoint: str | None = None,
    timeout: float | None = None,
    **parameters: Given,
) -> Answer:
    """Answer the stored query ``name``.

    Parameters are given as text, or several texts: ``query("figures", thing="AI Office", lang="nl")``. Things may be
    named in any language. Raises :class:`~euaikg.errors.QueryError` for an unknown query, parameter or value, and
    :class:`~euaikg.errors.UnknownThingError` for an unknown name.
    """
    values = {key: [given] if isinstance(given, str) else list(given) for key, given in parameters.items()}
    return queries.ask(access.open_engine(data, endpoint=endpoint, timeout=timeout), name, values)


def run(
    sparql: str,
    *,
    data: Sequence[Path] = (),
    endpoint: str | None = None,
    timeout: float | None = None,
    federated: bool = False,
) -> Answer:
    """Answer any SPARQL 1.1 query; the project's prefixes need no declaration.

    Raises :class:`~euaikg.errors.QueryError` for an update, for what is not valid, and for ``SERVICE`` unless
    ``federated`` is true.
    """
    return access.open_engine(data, endpoint=endpoint, timeout=timeout).run(
        vocab.with_prefixes(sparql), federated=federated
    )


def show(
    thing: str,
    *,
    lang: str = "en",
    as_of: str | None = None,
    valid_on: str | None = None,
    data: Sequence[Path] = (),
    endpoint: str | None = None,
    timeout: float | None = None,
) -> Card:
    """Return everything the graph says about ``thing`` (a name or an IRI), with the places that say so."""
    engine = access.open_engine(data, endpoint=endpoint, timeout=timeout)
    return cards.card(engine, things.resolve(engine, thing), lang, as_of, valid_on)


def search(
    words: str, *, data: Sequence[Path] = (), endpoint: str | None = None, timeout: float | None = None
) -> list[Name]:
    """Return the things one of whose names holds all ``words``, the closest first."""
    return things.search(access.open_engine(data, endpoint=endpoint, timeout=timeout), words)


def validate(*paths: Path) -> list[Finding]:
    """Return what is wrong with the shipped graph and the RDF files at ``paths`` on top of it."""
    return validation.validate(paths)


def dataset(*, data: Sequence[Path] = ()) -> Dataset:
    """Return the graph as an rdflib ``Dataset`` in memory: named graphs, and a default graph of all."""
    from euaikg import bridge

    return bridge.to_dataset(graph.open_graph(data).store)
