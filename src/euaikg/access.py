"""Which graph is asked: the shipped one, with a user's files on top, or the one on a server.

The command line and :mod:`euaikg.api` both open engines here, with the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from euaikg import graph
from euaikg.engine import Engine
from euaikg.errors import QueryError


def open_engine(
    data: Sequence[Path] = (),
    *,
    endpoint: str | None = None,
    timeout: float | None = None,
    default_graph: str | None = None,
) -> Engine:
    """Return an engine over the shipped graph with the files ``data`` on top, or over the server at ``endpoint``.

    A server answers a query within ``timeout`` seconds; ``default_graph`` names the graph that it is to take for the
    default graph (see :mod:`euaikg.remote`). Raises :class:`QueryError` for what does not go together.
    """
    if endpoint is None:
        if timeout is not None or default_graph is not None:
            raise QueryError("A time limit or default graph goes with the address of a server (--endpoint).")
        return graph.open_graph(data)
    if data:
        raise QueryError("Files can be added to the shipped graph only, not to a server (--data with --endpoint).")
    from euaikg.remote import Remote

    return Remote(endpoint, timeout, default_graph)
