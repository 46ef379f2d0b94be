"""What is asked of, and done to, a SPARQL server into which the graph is loaded.

Graphs are written by the SPARQL 1.1 Graph Store Protocol where its address is given, and else by SPARQL 1.1 Update;
in portions, so that no request takes long whatever the size of a graph; smaller ones where a portion is refused as
too large.
"""

from __future__ import annotations

import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, Triple

from euaikg.core.vocab import BASE, DCT, GRAPH, OWL, XSD
from euaikg.errors import EndpointError, EuaikgError, counted
from euaikg.graph import access
from euaikg.publishing.marks import Mark, Name, Part
from euaikg.rdf import ntriples
from euaikg.sparql import scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.http import Web, address, extended, place
from euaikg.sparql.remote import BEGUN, DEFAULT, LOADING

PROBE = GRAPH + "probe"
PROBING = NamedNode(BASE + "ontology#probe")
RECORD = GRAPH + "publication"
"""The graph in which the server keeps the mark of each graph that was loaded; the default graph is :data:`DEFAULT`."""

EARLIER = GRAPH + "publication/earlier"
"""The graph with the marks of graphs that were loaded earlier, are no longer there, and were left."""

STAGE = GRAPH + "next/"
"""What the names of graphs begin with that wait to take the places of others; see :attr:`Server.stage`."""

REPLACED = NamedNode(DCT + "replaces")
"""Says in :data:`BEGUN` which graphs are ours, while neither their marks nor the default graph may show it."""

OWN = (DEFAULT, PROBE, RECORD, EARLIER, BEGUN)

ELSEWHERE = "Remove them first, or have a graph of another name"

TRIPLES = 1000
"""How many triples one update inserts; Virtuoso refuses texts that are much longer."""

PORTION = 10_000
"""How many triples go to a graph store in one request: about a second's work for a server, some on a busy machine."""

TOO_LARGE = 413
"""The HTTP status of a server, or of what stands before it, that does not take so much in one request."""

AT_ONCE = 100
"""How many graphs are put in their places by one update."""

_COUNT, _DIGEST = NamedNode("http://rdfs.org/ns/void#triples"), NamedNode("http://spdx.org/rdf/terms#checksumValue")

Progress = Callable[[int], None]
"""Told how many more triples have been sent."""


@dataclass(frozen=True)
class Target:
    """The addresses of a server: for queries, for updates, and, where it has one, its graph store."""

    endpoint: str
    update: str | None = None
    graph_store: str | None = None

    @property
    def update_address(self) -> str:
        """The address for updates: the one given, ``.../update`` beside a ``.../query``, or that for queries."""
        if self.update:
            return self.update
        if self.endpoint.endswith("/query"):
            return self.endpoint.removesuffix("/query") + "/update"
        return self.endpoint

    @property
    def is_updated(self) -> bool:
        """Whether updates are sent: where their address is given, or no graph store."""
        return bool(self.update) or not self.graph_store


class PublishError(EuaikgError):
    """Not all of the graph stands in the server; the sentence says what does."""


class Server:
    """The server at ``target``; each request may take ``timeout`` seconds."""

    def __init__(self, target: Target, timeout: float | None) -> None:
        self.target = target
        self.engine = access.open_engine(endpoint=target.endpoint, timeout=timeout, default_graph="")
        self.way = "Graph Store Protocol" if target.graph_store else "SPARQL Update"
        self.web = Web(timeout)
        self.store = address(target.graph_store) if target.graph_store else None
        self.update_address = address(target.update_address)
        self.stage = f"{STAGE}{uuid.uuid4()}/"  # another publication at the same time has another
        self.probed = False
        self.most = PORTION if self.store else TRIPLES

    def _select(self, query: str) -> Table:
        """Answer ``query`` with what the server holds now, which others may be changing; so once."""
        answer = self.engine.run(scanner.with_prefixes(query))
        assert isinstance(answer, Table)
        return answer

    def counts(self, names: Iterable[str], condition: str = "") -> dict[str, int]:
        """Return the number of triples ``?s ?p ?o`` that fit in each graph of the project and those named elsewhere."""
        known = f'FILTER(STRSTARTS(STR(?g), "{BASE}")) {condition}'
        table = self._select(f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {known} }} GROUP BY ?g")
        found = {str(row["g"]): self._number(row["n"]) for row in table.to_dicts() if row["g"]}
        for name in names:
            if not name.startswith(BASE):
                found[name] = self.count(f"{graph(name)} {{ ?s ?p ?o }} {condition}")
        return {name: count for name, count in found.items() if count}

    def count(self, pattern: str) -> int:
        """Return how many solutions ``pattern`` has."""
        rows = self._select(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}").to_dicts()
        return self._number(rows[0]["n"] if rows else None)

    def _number(self, value: object) -> int:
        try:
            return int(str(value))
        except ValueError:
            raise EndpointError(f"{place(self.target.endpoint)} counts its triples, but gives no number.") from None

    def record(self, kept: str = RECORD, default: str = DEFAULT) -> dict[Name, Mark]:
        """Return the marks of the graphs that were loaded, as the server keeps them in the graph ``kept``.

        The default graph has the name ``default`` there; what is no mark is none.
        """
        pattern = f"{graph(kept)} {{ ?g {_COUNT} ?n ; {_DIGEST} ?digest }}"
        found: dict[Name, Mark] = {}
        for row in self._select(f"SELECT ?g ?n ?digest {{ {pattern} }}").to_dicts():
            name = str(row["g"])
            with suppress(ValueError):
                found[None if name == default else name] = Mark(int(str(row["n"])), int(str(row["digest"]), 16))
        return found

    def keep(self, marks: Mapping[Name, Mark], kept: str = RECORD, default: str = DEFAULT) -> None:
        """Have the server keep ``marks`` in the graph ``kept``."""
        self.load(kept, (line for name, mark in marks.items() for line in _kept(name or default, mark)))

    def begun(self) -> set[str]:
        """Return the graphs that a publication which broke off began to change: they are ours, whatever they hold."""
        rows = self._select(f"SELECT ?name {{ {graph(BEGUN)} {{ ?s {REPLACED} ?name }} }}").to_dicts()
        return {str(row["name"]) for row in rows}

    def begin(self, names: Iterable[str], loading: str = "") -> None:
        """Have the server say that the graphs ``names`` are being changed; the one that is ``loading`` is not asked."""
        text = Literal("This graph is being loaded; run euaikg publish again if it stays so.", language="en")
        said = [Triple(NamedNode(loading), LOADING, text)] if loading else []
        self.add(BEGUN, lines(*said, *_begun(names)))

    def end(self, names: Iterable[str] = ()) -> None:
        """Have the server say that no graph is being changed any more; those of ``names`` that stay are still ours."""
        self.load(BEGUN, lines(*_begun(names)))

    def shows_union(self) -> bool:
        """Say whether the server's default graph shows the named graphs too, tried with one triple.

        While that may stand there, ``probed`` is true.
        """
        mark = NamedNode(f"urn:uuid:{uuid.uuid4()}")
        self.probed = True
        try:
            self.load(PROBE, lines(Triple(mark, PROBING, Literal("x"))))
        except EndpointError as error:
            self.probed = error.status is None  # what is refused with a status was not done
            raise
        try:
            return bool(self.engine.run(f"ASK {{ {mark} ?p ?o }}"))
        finally:
            self.drop([PROBE])
            self.probed = False

    def refuse_foreign(self, name: Name) -> None:
        """Raise :class:`PublishError` where the graph ``name``, or the default graph, is somebody else's.

        It is where it holds what no other graph does, for ours repeats the named graphs; and so it is not where it
        holds our ontology, from an earlier version perhaps.
        """
        triples, others = "?s ?p ?o", ""
        if name is not None:
            triples, others = f"{graph(name)} {{ ?s ?p ?o }}", f"FILTER(?g != {NamedNode(name)})"
            if self.holds_ontology(name):
                return
        foreign = self.count(f"{triples} FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} {others} }}")
        remedy = "With --default-graph IRI another graph takes its place"
        self.refuse_lost(name, foreign, "no other graph holds", remedy)

    def holds_ontology(self, name: Name) -> bool:
        """Say whether the graph ``name``, or the default graph, holds our ontology."""
        ours = f"<{BASE}ontology> a <{OWL}Ontology>"
        return bool(self.engine.run(f"ASK {{ {graph(name)} {{ {ours} }} }}" if name else f"ASK {{ {ours} }}"))

    def shows_publication(self) -> bool:
        """Say whether the default graph seems to be ours, and not the union of all graphs; nothing is written."""
        apart = "GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o }"
        return self.holds_ontology(None) or bool(self.engine.run(f"ASK {{ {apart} }}"))

    def foreign(self, graphs: Mapping[str, Part | None], default: Name, known: bool = True) -> dict[str, int]:
        """Return how many triples of somebody else's each of ``graphs`` holds that has any.

        These are those that neither the new graph nor the ``default`` graph holds.
        What was published before is not ``known`` where that graph may be the union of all.
        """
        if not graphs:
            return {}
        whole = f"{graph(default)} {{ ?s ?p ?o }}" if default else "?s ?p ?o"
        absent = f"FILTER NOT EXISTS {{ {whole} }}" if known else ""
        lost = {}
        for name, count in self.counts(graphs, absent).items():
            if name not in graphs:
                continue
            part = graphs[name]
            if part and count <= part.mark.count:
                rows = self._select(f"SELECT ?s ?p ?o {{ {graph(name)} {{ ?s ?p ?o }} {absent} }}").rows
                there = {line for row in rows for line in lines(Triple(*row))}  # type: ignore[arg-type]
                count = len(there.difference(part.lines()))
            if count:
                lost[name] = count
        return lost

    def refuse_lost(self, name: Name, count: int, which: str, remedy: str) -> None:
        """Raise :class:`PublishError` where ``count`` triples of others in the graph ``name`` would be lost."""
        if count:
            what = f"The graph {name}" if name else "The default graph"
            raise PublishError(
                f"{what} of {place(self.target.endpoint)} holds {counted(count, 'triple')} that {which} and that "
                f"would be lost; nothing was loaded. {remedy}."
            )

    def load(self, name: Name, triples: Iterable[bytes], progress: Progress = lambda _: None) -> None:
        """Replace the graph ``name`` by the lines ``triples``, portion by portion."""
        self.add(name, triples, progress, instead=True)

    def add(
        self, name: Name, triples: Iterable[bytes], progress: Progress = lambda _: None, *, instead: bool = False
    ) -> None:
        """Put the lines ``triples`` into the graph ``name``, portion by portion; or ``instead`` of what it holds."""
        clear = f"CLEAR SILENT {graph(name) if name else 'DEFAULT'} ;\n"
        rest, first = iter(triples), instead
        while portion := list(islice(rest, self.most)):
            if self.store:
                self._store(name, portion, "PUT" if first else "POST")
            else:
                self.change("INSERT", name, portion, clear if first else "")
            first = False
            progress(len(portion))
        if first:
            self.drop([name])

    def small(self, parts: Sequence[tuple[str, Part]], progress: Progress) -> None:
        """Replace some small graphs by one update, or one by one where that is more than the server takes at once."""
        clear = " ;\n".join(f"CLEAR SILENT {graph(name)}" for name, _ in parts)
        texts = [f"{graph(name)} {{\n{b''.join(part.lines()).decode()}}}" for name, part in parts]
        try:
            self.update(f"{clear} ;\nINSERT DATA {{\n" + "\n".join(texts) + "\n}")
        except EndpointError as error:
            if error.status != TOO_LARGE:
                raise
            for name, part in parts:
                self.load(name, part.lines(), progress)
        else:
            progress(sum(part.mark.count for _, part in parts))

    def change(self, way: str, name: Name, portion: list[bytes], before: str = "") -> None:
        """Insert or delete (``way``) the lines ``portion`` by an update, ``before`` which another is carried out."""
        try:
            self.update(f"{before}{way} DATA {data(name, portion)}")
        except EndpointError as error:
            one, other = self._halves(portion, error)
            self.change(way, name, one, before)
            self.change(way, name, other)

    def _halves(self, portion: list[bytes], error: EndpointError) -> tuple[list[bytes], list[bytes]]:
        """Return the halves of what was refused since it is too large, and remember it; raise any other ``error``."""
        half = len(portion) // 2
        if error.status != TOO_LARGE or not half:
            raise error
        self.most = min(self.most, half)
        return portion[:half], portion[half:]

    def drop(self, names: Sequence[Name]) -> None:
        """Remove the graphs ``names``."""
        if self.store and not self.target.update:
            for name in names:
                try:
                    self.web.send(urllib.request.Request(self._graph_address(name), method="DELETE"))
                except EndpointError as error:
                    if error.status != 404:  # which says that it is not there
                        raise
        else:
            for start in range(0, len(names), AT_ONCE):
                several = names[start : start + AT_ONCE]
                self.update(" ;\n".join(f"DROP SILENT {graph(name) if name else 'DEFAULT'}" for name in several))

    def _store(self, name: Name, portion: list[bytes], method: str) -> None:
        headers = {"Content-Type": "text/turtle; charset=utf-8"}  # N-Triples are Turtle, which all stores take
        try:
            self.web.send(urllib.request.Request(self._graph_address(name), b"".join(portion), headers, method=method))
        except EndpointError as error:
            one, other = self._halves(portion, error)
            self._store(name, one, method)
            self._store(name, other, "POST")

    def _graph_address(self, name: Name) -> str:
        which = "default" if name is None else "graph=" + urllib.parse.quote(name, safe="")
        return extended(str(self.store), which)

    def update(self, text: str) -> None:
        """Have the server carry out the update ``text``."""
        body = urllib.parse.urlencode({"update": text}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.web.send(urllib.request.Request(self.update_address, body, headers, method="POST"))


def graph(name: str) -> str:
    """Return what begins the pattern of the graph ``name`` in SPARQL."""
    return f"GRAPH {scanner.write(NamedNode(name))}"


def data(name: Name, triples: Iterable[bytes]) -> str:
    """Return the lines ``triples`` of the graph ``name`` as the data of an update."""
    text = b"".join(triples).decode()
    return f"{{ {graph(name)} {{\n{text}}} }}" if name else f"{{\n{text}}}"


def lines(*triples: Triple) -> list[bytes]:
    """Return ``triples`` as lines of N-Triples."""
    return ntriples.text([*triples]).splitlines(keepends=True)


def portions(triples: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Yield ``triples`` in lists of at most so many."""
    rest = iter(triples)
    while portion := list(islice(rest, most)):
        yield portion


def _kept(name: str, mark: Mark) -> list[bytes]:
    count = Literal(str(mark.count), datatype=NamedNode(XSD + "integer"))
    return lines(Triple(NamedNode(name), _COUNT, count), Triple(NamedNode(name), _DIGEST, Literal(mark.hex)))


def _begun(names: Iterable[str]) -> list[Triple]:
    return [Triple(NamedNode(BEGUN), REPLACED, NamedNode(name)) for name in sorted(names)]
