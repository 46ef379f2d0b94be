"""The engine seam: whatever can answer a SPARQL query.

Commands and library functions ask an :class:`Engine` and get an answer of :mod:`euaikg.sparql.answers`, so that another
engine, such as a remote endpoint, can take the place of the embedded one without touching them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, Quad, Store

from euaikg.core import places
from euaikg.errors import QueryError
from euaikg.rdf.spelling import Spellings
from euaikg.sparql import limited, scanner
from euaikg.sparql.answers import Answer, Table, Triples


class Engine(Protocol):
    """Answers SPARQL 1.1 queries; ``given`` are the values of its graph that it spells otherwise than a user did.

    Where it ``is_doubtful``, only :meth:`run_surely` tells an answer that can be believed.
    """

    given: Spellings = Spellings()
    is_doubtful: bool = False

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query``; raise :class:`QueryError` when it is not valid or not allowed."""
        ...

    def run_surely(self, query: str) -> Answer:
        """Answer ``query``, which has one answer and no other, or refuse to where the engine cannot be believed."""
        return self.run(query)

    def select(self, query: str) -> Table:
        """Answer the SELECT ``query``, in which the project's prefixes need no declaration, as :meth:`run_surely` does.

        Raises :class:`QueryError` where it is of another form.
        """
        return _table(query, self.run_surely(scanner.with_prefixes(query)))


class Embedded(Engine):
    """An Oxigraph store in this process.

    The default graph is exactly the store's default graph; the build has put every triple there once. ``folder`` is
    where the store stands on disk, if it does.
    """

    def __init__(self, store: Store, folder: Path | None = None, given: Spellings | None = None) -> None:
        self.store = store
        self.folder = folder
        self.given = given or Spellings()
        self._graphs: dict[str, list[NamedNode]] = {}

    def over(self, default: Iterable[NamedNode], named: Iterable[NamedNode]) -> Embedded:
        """Return an engine over graphs of this store alone: ``default`` together as the default graph, and ``named``.

        They count more than what a query says itself (``FROM``).
        """
        made = Embedded(self.store, self.folder, self.given)
        made._graphs = {"default_graph": list(default), "named_graphs": list(named)}
        return made

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query``; refuse as :meth:`evaluate` does.

        What is so long that it may end a process is answered in another one.
        """
        if scanner.is_large(query):
            return as_given(limited.answer(lambda: self.evaluate(query, federated)), self)
        return self._run(query, federated)

    def select(self, query: str) -> Table:
        """Answer ``query`` as :meth:`Engine.select` does, in this process: what we ask may be long, but is flat."""
        return _table(query, self._run(scanner.with_prefixes(query)))

    def _run(self, query: str, federated: bool = False) -> Answer:
        try:
            return as_given(limited.read(self.evaluate(query, federated)), self)
        except (OSError, RuntimeError) as error:
            self.distrust()
            raise limited.unanswered(error) from None

    def evaluate(self, query: str, federated: bool = False) -> limited.Found:
        """Return the answer to ``query`` as the store gives it, not yet read, however deep the query is.

        Refuses updates, and ``SERVICE`` unless ``federated`` is true, with :class:`QueryError`; a query that is not
        valid SPARQL 1.1 is refused with the place of the mistake.
        """
        scanner.form(query)
        if not federated:
            scanner.refuse_service(query)
        try:
            return self.store.query(query, **self._graphs)  # type: ignore[arg-type]
        except SyntaxError as error:
            fault = scanner.explained(query, " ".join(str(error).split()))
            raise QueryError(f"The query is not valid SPARQL: {fault}.") from None
        except (OSError, RuntimeError) as error:
            self.distrust()
            raise limited.unanswered(error) from None

    def distrust(self) -> None:
        """Have a store in the cache read whole the next time, since it failed.

        That is what finds damage that shows in neither sizes nor times, and has the graph built anew.
        """
        if self.folder is not None:
            with suppress(OSError):
                (self.folder / places.TIMES).unlink()


class Limited(Engine):
    """An embedded engine each of whose queries may take ``timeout`` seconds and ``memory`` bytes.

    The memory is that of the process that evaluates the query, with the graph where it is not on disk. Raises
    :class:`QueryError` for a limit that is not positive.
    """

    def __init__(self, engine: Embedded, timeout: float | None = None, memory: int | None = None) -> None:
        if memory is not None and memory <= 0:
            raise QueryError(f"A bound on memory is a number of bytes above 0, not {memory}.")
        self.engine = engine
        self.given = engine.given
        self.timeout = timeout
        self.memory = memory

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query`` as :meth:`Embedded.run` does, within the limits; else raise :class:`QueryError`."""
        found = limited.answer(lambda: self.engine.evaluate(query, federated), self.timeout, self.memory)
        return as_given(found, self)


def as_given(answer: Answer, engine: Engine) -> Answer:
    """Return ``answer``, where it is triples with their values as a user gave them."""
    if not engine.given or not isinstance(answer, Triples):
        return answer
    return Triples([quad.triple for quad in engine.given.restored(Quad(*triple) for triple in answer)])


def _table(query: str, answer: Answer) -> Table:
    if not isinstance(answer, Table):
        raise QueryError(f"This is a {scanner.form(query)} query; a SELECT is needed.")
    return answer
