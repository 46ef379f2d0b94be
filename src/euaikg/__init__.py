"""euaikg: an open knowledge graph of EU initiatives on artificial intelligence.

The package offers the nouns of the command line as functions: :func:`ask`, :func:`query` and :func:`questions`,
:func:`run` for any SPARQL, :func:`show`, :func:`search`, :func:`bibliography`, :func:`stats`, :func:`diagram`,
:func:`network` and :func:`to_networkx`, :func:`export`, :func:`dataset`, :func:`build`, :func:`validate` and
:func:`verify`; what goes wrong is told by the classes of ``euaikg.errors``. Each is loaded when it is first used.

>>> import euaikg
>>> euaikg.query("office-holders", document="COM(2025) 165")[0]["personLabel"]
'Henna Virkkunen'
"""

from euaikg.core.version import __version__

TYPE_CHECKING = False  # what type checkers know without importing typing

__all__ = [
    "__version__", "ask", "bibliography", "build", "dataset", "diagram", "export", "network", "query", "questions",
    "run", "search", "show", "stats", "to_networkx", "validate", "verify",
]  # fmt: skip

if TYPE_CHECKING:
    from euaikg.api import (
        ask,
        bibliography,
        build,
        dataset,
        diagram,
        export,
        network,
        query,
        questions,
        run,
        search,
        show,
        stats,
        to_networkx,
        validate,
        verify,
    )  # fmt: skip


def __getattr__(name: str) -> object:
    if name in __all__:
        from euaikg import api

        return getattr(api, name)
    if name == "errors":
        import euaikg.errors

        return euaikg.errors
    raise AttributeError(f"module 'euaikg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__doc__", "__file__", "__name__", "__path__", "errors"])
