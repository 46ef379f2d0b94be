"""Which graph is asked, and within what limits: the shipped one with a user's files on top, a store, or a server.

The command line and :mod:`euaikg.api` both open engines here, with the same words.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from pyoxigraph import NamedNode

from euaikg.errors import QueryError, quote
from euaikg.graph import build
from euaikg.sparql.embedded import Embedded, Engine, Limited

Place = str | os.PathLike[str]


class Opening(TypedDict, total=False):
    """The keyword arguments that say which graph is asked and within what limits: see :func:`open_engine`."""

    data: Place | Iterable[Place]
    only: Place | Iterable[Place]
    base: str | None
    store: Place | None
    endpoint: str | None
    timeout: float | None
    memory: int | None


LONGEST = 2_000_000
"""The longest time in seconds that can be waited for: some three weeks."""


def open_engine(
    data: Place | Iterable[Place] = (),
    store: Place | None = None,
    endpoint: str | None = None,
    *,
    only: Place | Iterable[Place] = (),
    default_graph: str | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    base: str | None = None,
) -> Engine:
    """Return an engine over the graph that :func:`open_embedded` gives, or over the server at ``endpoint``.

    With ``timeout`` (seconds) or ``memory`` (bytes; of a server, what its answer takes here) each query is stopped at
    that limit.
    ``default_graph`` names the graph that a server is to take for the default graph (see :mod:`euaikg.sparql.remote`).
    Raises :class:`QueryError` for what does not go together.
    """
    if timeout is not None and not 0 < timeout <= LONGEST:
        raise QueryError(f"A timeout is a number of seconds above 0 and up to {LONGEST}, not {timeout:g}.")
    if endpoint is not None:
        if data or only or store is not None:
            raise QueryError(
                "A server holds what was published to it; leave out --data, --only and --store, or --endpoint."
            )
        from euaikg.sparql.remote import Remote

        return Remote(endpoint, timeout, default_graph, memory)
    if default_graph is not None:
        raise QueryError("A default graph goes with the address of a server (--endpoint).")
    engine = open_embedded(data, store, only, base)
    if timeout is None and memory is None:
        return engine
    return Limited(engine, timeout, memory)


def open_embedded(
    data: Place | Iterable[Place] = (),
    store: Place | None = None,
    only: Place | Iterable[Place] = (),
    base: str | None = None,
) -> Embedded:
    """Return the shipped graph with the files and folders ``data`` on top, the ``store`` on disk, or ``only`` files.

    Relative IRIs in the files are resolved against ``base``, or the address of each file. Raises :class:`QueryError`
    where several are given or ``base`` is no IRI, and :class:`InputError` for what cannot be read.
    """
    if base is not None:
        refuse_base(base)
        if not data and not only:
            raise QueryError("A base is for the relative IRIs of files; give --data or --only with it.")
    if only:
        if data or store is not None:
            raise QueryError("To ask files alone give them all to --only; leave out --data and --store.")
        return build.alone(paths(only), base)
    if store is None:
        return build.open_graph(paths(data), base)
    if data:
        raise QueryError(
            "A store holds what it was built from; give --data to “euaikg build”, or leave out --data or --store."
        )
    from euaikg.graph import stores

    return stores.open_store(Path(store))


def refuse_base(base: str) -> None:
    """Raise :class:`QueryError` where ``base`` is no IRI against which others can be resolved."""
    try:
        NamedNode(base)
    except ValueError as error:
        raise QueryError(f"{quote(base)} is no base for IRIs ({error}).") from None


def paths(given: Place | Iterable[Place]) -> list[Path]:
    """Return the place or the places ``given`` as paths."""
    return [Path(given)] if isinstance(given, str | os.PathLike) else list(map(Path, given))
