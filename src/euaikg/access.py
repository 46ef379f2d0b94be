"""Which graph is asked: the shipped one, with a user's files on top.

The command line and :mod:`euaikg.api` both open engines here, with the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from euaikg import graph
from euaikg.engine import Engine


def open_engine(data: Sequence[Path] = ()) -> Engine:
    """Return an engine over the shipped graph with the files ``data`` on top."""
    return graph.open_graph(data)
