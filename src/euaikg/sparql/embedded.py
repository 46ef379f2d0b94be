"""The engine seam: whatever can answer a SPARQL query.

Commands and library functions ask an :class:`Engine` and get an answer of :mod:`euaikg.sparql.answers`, so that another
engine, such as a remote endpoint, can take the place of the embedded one without touching them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from euaikg.errors import QueryError
from euaikg.rdf.spelling import Spellings
from euaikg.sparql import scanner
from euaikg.sparql.answers import Answer, Table, Triples


class Engine(Protocol):
    """Answers SPARQL 1.1 queries; ``given`` are the values of its graph that it spells otherwise than a user did."""

    given: Spellings = Spellings()

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query``; raise :class:`QueryError` when it is not valid or not allowed."""
        ...

    def select(self, query: str) -> Table:
        """Answer the SELECT ``query``, in which the project's prefixes need no declaration.

        Raises :class:`QueryError` where it is of another form.
        """
        answer = self.run(scanner.with_prefixes(query))
        if not isinstance(answer, Table):
            raise QueryError(f"This is a {scanner.form(query)} query; a SELECT is needed.")
        return answer


class Embedded(Engine):
    """An Oxigraph store in this process.

    The default graph is exactly the store's default graph; the build has put every triple there once. ``folder`` is
    where the store stands on disk, if it does.
    """

    def __init__(self, store: Store, folder: Path | None = None, given: Spellings | None = None) -> None:
        self.store = store
        self.folder = folder
        self.given = given or Spellings()

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query``; refuse as :meth:`evaluate` does."""
        answer = self.evaluate(query, federated)
        try:
            return as_given(read(answer), self)
        except OSError as error:
            raise QueryError(f"The query could not be answered: {_first_words(error)}.") from None

    def evaluate(self, query: str, federated: bool = False) -> QueryBoolean | QuerySolutions | QueryTriples:
        """Return the answer to ``query`` as the store gives it, not yet read.

        Refuses updates, what is too deep to be read, and ``SERVICE`` unless ``federated`` is true, with
        :class:`QueryError`; a query that is not valid SPARQL 1.1 is refused with the place of the mistake.
        """
        scanner.form(query)
        scanner.refuse_depth(query)
        if not federated:
            scanner.refuse_service(query)
        try:
            return self.store.query(query)
        except SyntaxError as error:
            fault = scanner.explained(query, _first_words(error))
            raise QueryError(f"The query is not valid SPARQL: {fault}.") from None
        except OSError as error:
            raise QueryError(f"The query could not be answered: {_first_words(error)}.") from None


def read(found: QueryBoolean | QuerySolutions | QueryTriples) -> Answer:
    """Return an answer of Oxigraph, read to its end."""
    if isinstance(found, QueryBoolean):
        return bool(found)
    if isinstance(found, QuerySolutions):
        return Table(tuple(variable.value for variable in found.variables), list(map(tuple, found)))
    return Triples(list(found))


def as_given(answer: Answer, engine: Engine) -> Answer:
    """Return ``answer``, where it is triples with their values as a user gave them."""
    if not engine.given or not isinstance(answer, Triples):
        return answer
    return Triples([quad.triple for quad in engine.given.restored(Quad(*triple) for triple in answer)])


def _first_words(error: Exception) -> str:
    """Return the parser's message without its list of all that could have stood there instead."""
    text = " ".join(str(error).split())
    before, marker, _ = text.partition(": expected one of")
    return f"{before}: something else was expected there" if marker else text
