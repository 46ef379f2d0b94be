"""euaikg: an open knowledge graph of EU initiatives on artificial intelligence.

The package offers the words of the command line: :func:`ask`, :func:`query`, :func:`run`, :func:`show`, :func:`search`,
:func:`validate`, :func:`build`, :func:`dataset` and :func:`to_networkx`. Each is loaded when it is first used.

>>> import euaikg
>>> [row["personLabel"].value for row in euaikg.query("office-holders")][0]
'Henna Virkkunen'
"""

from euaikg.core.version import __version__

TYPE_CHECKING = False  # what type checkers know without importing typing

__all__ = ["__version__", "ask", "build", "dataset", "query", "run", "search", "show", "to_networkx", "validate"]

if TYPE_CHECKING:
    from euaikg.api import ask, build, dataset, query, run, search, show, to_networkx, validate


def __getattr__(name: str) -> object:
    if name in __all__:
        from euaikg import api

        return getattr(api, name)
    raise AttributeError(f"module 'euaikg' has no attribute {name!r}")
