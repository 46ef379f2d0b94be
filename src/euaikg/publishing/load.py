"""Load the whole graph into a running SPARQL server, and count afterwards whether it is all there.

Each named graph is replaced as a whole, by ``PUT`` of the SPARQL 1.1 Graph Store Protocol where its address is given,
otherwise by SPARQL 1.1 Update in few requests. The default graph goes into the server's default graph, or, where the
server shows the union of all graphs there, into the named graph :data:`euaikg.sparql.remote.DEFAULT`. Other graphs are
left alone; a graph that is to be replaced and holds triples of somebody else's is not touched, but refused. What was
published before is known by the default graph, which has all of it. Doing it again gives the same result. Blank nodes,
which only a user's own files have, become IRIs (RDF 1.1, 3.5).
"""

from __future__ import annotations

import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core.groups import by_key
from euaikg.core.vocab import BASE, DCT, GRAPH, OWL
from euaikg.errors import EndpointError, EuaikgError, counted
from euaikg.graph import access
from euaikg.rdf import ntriples
from euaikg.sparql import scanner
from euaikg.sparql.http import Web, address, extended, place
from euaikg.sparql.remote import DEFAULT, LOADING, graph_name

GENID = BASE + ".well-known/genid/"
PROBE = GRAPH + "probe"
PROBING = NamedNode(BASE + "ontology#probe")
REPLACED = NamedNode(DCT + "replaces")
"""Says beside :data:`LOADING` which graphs were found to be ours, while the default graph does not show it."""

ELSEWHERE = "Remove them first, or have a graph of another name"

TRIPLES = 1000
"""How many triples one update inserts; Virtuoso refuses texts that are much longer."""

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


@dataclass(frozen=True)
class Report:
    """What was, or with ``done`` false would be, loaded: the counts, by which way, and where the default graph went.

    ``default`` is None for the server's own default graph; ``older`` are graphs of the project that the server holds
    beside those loaded, from an earlier version or other files.
    """

    graphs: int
    triples: int
    way: str
    default: str | None
    default_triples: int
    done: bool
    older: list[str] = field(default_factory=list)


class PublishError(EuaikgError):
    """Not all of the graph stands in the server; the sentence says what does."""


def publish(
    store: Store,
    target: Target,
    *,
    default_graph: str | None = None,
    timeout: float | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Load ``store`` into the server at ``target`` and return what was loaded, or with ``dry_run`` what would be.

    ``default_graph`` is the IRI of a named graph for the triples of the default graph; without it the server is
    tried out. The default graph is marked with :data:`LOADING` first and filled last, so that nobody takes a part of it
    for all. Raises :class:`PublishError` where only part was loaded, where the counts are not those of the graph, or
    where triples of others would be lost, in whichever graph and with ``dry_run`` too; :class:`EndpointError` where
    nothing was changed.
    A ``timeout`` that is none is a :class:`QueryError`. A :class:`KeyboardInterrupt` is passed on with a sentence that
    says what was changed.
    """
    parts = contents(store)
    triples = parts.get(None, [])
    graphs = {name: part for name, part in parts.items() if name is not None}
    if default_graph is not None and graph_name(default_graph) in graphs:
        raise PublishError(f"The default graph cannot go into {default_graph}, which is another graph of the project.")
    server = _Server(target, timeout)
    before = server.counts(list(graphs))
    older = sorted(name for name in before if name not in graphs and name not in (DEFAULT, PROBE, default_graph))
    named = sum(map(len, graphs.values()))
    there = {name: triples for name, triples in graphs.items() if before.get(name)}
    if before.get(PROBE):
        foreign = server.count(f"{_graph(PROBE)} {{ ?s ?p ?o }} FILTER(?p != {PROBING})")
        server.refuse_lost(PROBE, foreign, "euaikg did not put there", ELSEWHERE)
    if dry_run:
        known = DEFAULT if default_graph is None and before.get(DEFAULT) else default_graph
        server.refuse_foreign(known)
        server.refuse_foreign_named(there, known, known is not None or server.shows_publication())
        return Report(len(graphs), named, server.way, default_graph, len(triples), False, older)
    done, begun, filled = 0, False, False
    try:
        if default_graph is None and server.shows_union():
            default_graph = DEFAULT
        server.refuse_foreign(default_graph)
        server.refuse_foreign_named(there, default_graph)
        begun = True
        marks = [LOADING, *(Triple(LOADING.subject, REPLACED, NamedNode(name)) for name in graphs)]
        server.load([(default_graph, marks)])
        for batch in server.batches(graphs):
            server.load(batch)
            done += len(batch)
            progress(sum(len(part) for _, part in batch))
        server.fill(default_graph, triples, marks, progress)
        filled = True
        server.check(graphs, default_graph, triples)
    except (EndpointError, KeyboardInterrupt) as error:
        if begun:
            end = "and the default graph, but they could not be counted" if filled else "but not the default graph"
            changed = f"So far it loaded {done} of {counted(len(graphs), 'named graph')}, {end}"
        elif server.probed:
            changed = f"Nothing was loaded, but one triple for trying the server out may stand in the graph {PROBE}"
        elif isinstance(error, EndpointError):
            raise
        else:
            changed = "Nothing was changed"
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(f"Interrupted. {changed}; run it again.") from None
        raise PublishError(f"{str(error).rstrip('.')}. {changed}; run it again.") from None
    return Report(len(graphs), named, server.way, default_graph, len(triples), True, older)


def contents(store: Store) -> dict[str | None, list[Triple]]:
    """Return the triples of each graph in ``store`` by its name, those of the default graph under None."""
    graphs = by_key((quad.graph_name, quad.triple) for quad in map(_named, ntriples.canonical(list(store))))
    named = {None if isinstance(graph, DefaultGraph) else graph.value: part for graph, part in graphs.items()}
    return {name: named[name] for name in sorted(named, key=lambda name: name or "")}


def _named(quad: Quad) -> Quad:
    return Quad(*(NamedNode(GENID + part.value) if isinstance(part, BlankNode) else part for part in quad))


class _Server:
    def __init__(self, target: Target, timeout: float | None) -> None:
        self.target = target
        self.engine = access.open_engine(endpoint=target.endpoint, timeout=timeout, default_graph="")
        self.way = "Graph Store Protocol" if target.graph_store else "SPARQL Update"
        self.web = Web(timeout)
        self.store = address(target.graph_store) if target.graph_store else None
        self.update = address(target.update_address)
        self.probed = False

    def counts(self, names: Sequence[str], condition: str = "") -> dict[str, int]:
        """Return the number of triples ``?s ?p ?o`` that fit in each graph of the project and those named elsewhere."""
        known = f'FILTER(STRSTARTS(STR(?g), "{BASE}")) {condition}'
        table = self.engine.select(f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {known} }} GROUP BY ?g")
        found = {str(row["g"]): int(str(row["n"])) for row in table.to_dicts() if row["g"]}
        for name in names:
            if not name.startswith(BASE):
                found[name] = self.count(f"{_graph(name)} {{ ?s ?p ?o }} {condition}")
        return {name: count for name, count in found.items() if count}

    def count(self, pattern: str) -> int:
        """Return how many solutions ``pattern`` has."""
        return int(str(self.engine.select(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}").to_dicts()[0]["n"]))

    def shows_union(self) -> bool:
        """Say whether the server's default graph shows the named graphs too, tried with one triple.

        While that may stand there, ``probed`` is true.
        """
        mark = NamedNode(f"urn:uuid:{uuid.uuid4()}")
        self.probed = True
        try:
            self.load([(PROBE, [Triple(mark, PROBING, Literal("x"))])])
        except EndpointError as error:
            self.probed = error.status is None  # what is refused with a status was not done
            raise
        try:
            return bool(self.engine.run(f"ASK {{ {mark} ?p ?o }}"))
        finally:
            self.drop(PROBE)
            self.probed = False

    def refuse_foreign(self, name: str | None) -> None:
        """Raise :class:`PublishError` where the graph ``name``, or the default graph, is somebody else's.

        It is where it holds what no other graph does, for ours repeats the named graphs; and so it is not where it
        holds our ontology, from an earlier version perhaps, or the mark of being loaded.
        """
        triples, others = "?s ?p ?o", ""
        if name is not None:
            triples, others = f"{_graph(name)} {{ ?s ?p ?o }}", f"FILTER(?g != {NamedNode(name)})"
            if self.holds_ontology(name):
                return
        foreign = self.count(
            f"{triples} FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} {others} }} FILTER(?s != {LOADING.subject})"
        )
        remedy = "With --default-graph IRI another graph takes its place"
        self.refuse_lost(name, foreign, "no other graph holds", remedy)

    def holds_ontology(self, name: str | None) -> bool:
        """Say whether the graph ``name``, or the default graph, holds our ontology, or the mark of being loaded."""
        ours = f"{{ <{BASE}ontology> a <{OWL}Ontology> }} UNION {{ {LOADING.subject} {LOADING.predicate} ?o }}"
        return bool(self.engine.run(f"ASK {{ {_graph(name)} {{ {ours} }} }}" if name else f"ASK {{ {ours} }}"))

    def shows_publication(self) -> bool:
        """Say whether the default graph seems to be ours, and not the union of all graphs; nothing is written."""
        apart = "GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o }"
        return self.holds_ontology(None) or bool(self.engine.run(f"ASK {{ {apart} }}"))

    def refuse_foreign_named(self, graphs: Mapping[str, list[Triple]], default: str | None, known: bool = True) -> None:
        """Raise :class:`PublishError` where one of ``graphs``, which the server holds, is somebody else's.

        It is where it holds what neither the new one nor the ``default`` graph does; unless a publication that broke
        off found it to be ours. What was published before is not ``known`` where that graph may be the union of all.
        """
        if not graphs:
            return

        def whole(triple: str) -> str:
            return f"{_graph(default)} {{ {triple} }}" if default else triple

        found = self.engine.select(f"SELECT ?o {{ {whole(f'{LOADING.subject} {REPLACED} ?o')} }}").to_dicts()
        marked = {str(row["o"]) for row in found}
        absent = f"FILTER NOT EXISTS {{ {whole('?s ?p ?o')} }}" if known else ""
        for name, count in self.counts(list(graphs), absent).items():
            if name not in graphs or name in marked:
                continue
            if count <= len(graphs[name]):
                rows = self.engine.select(f"SELECT ?s ?p ?o {{ {_graph(name)} {{ ?s ?p ?o }} {absent} }}").rows
                count = len({*rows} - {(*triple,) for triple in graphs[name]})
            self.refuse_lost(name, count, "euaikg did not put there", ELSEWHERE)

    def refuse_lost(self, name: str | None, count: int, which: str, remedy: str) -> None:
        """Raise :class:`PublishError` where ``count`` triples of others in the graph ``name`` would be lost."""
        if count:
            what = f"The graph {name}" if name else "The default graph"
            raise PublishError(
                f"{what} of {place(self.target.endpoint)} holds {counted(count, 'triple')} that {which} and that "
                f"would be lost; nothing was loaded. {remedy}."
            )

    def batches(self, graphs: dict[str, list[Triple]]) -> Iterator[list[tuple[str | None, list[Triple]]]]:
        """Yield the graphs in as many at a time as one request takes."""
        batch: list[tuple[str | None, list[Triple]]] = []
        for name, triples in graphs.items():
            if batch and (self.store or sum(len(part) for _, part in batch) + len(triples) > TRIPLES):
                yield batch
                batch = []
            batch.append((name, triples))
        if batch:
            yield batch

    def load(self, batch: Sequence[tuple[str | None, list[Triple]]]) -> None:
        """Replace each graph of ``batch`` by its triples."""
        if self.store:
            for name, triples in batch:
                self._store(name, triples)
            return
        clear = " ;\n".join(f"CLEAR SILENT {_graph(name) if name else 'DEFAULT'}" for name, _ in batch)
        first = [(name, triples[:TRIPLES]) for name, triples in batch]
        self._update(f"{clear} ;\nINSERT DATA {_data(first)}" if any(part for _, part in first) else clear)
        for name, triples in batch:
            for start in range(TRIPLES, len(triples), TRIPLES):
                self._update(f"INSERT DATA {_data([(name, triples[start : start + TRIPLES])])}")

    def fill(self, name: str | None, triples: list[Triple], marks: list[Triple], progress: Progress) -> None:
        """Put ``triples`` into the default graph, which holds ``marks`` until the last of them is there."""
        if self.store:
            self._store(name, triples)
            progress(len(triples))
            return
        for start in range(0, len(triples), TRIPLES):
            part = triples[start : start + TRIPLES]
            self._update(f"INSERT DATA {_data([(name, part)])}")
            progress(len(part))
        for start in range(0, len(marks), TRIPLES):
            self._update(f"DELETE DATA {_data([(name, marks[start : start + TRIPLES])])}")

    def drop(self, name: str) -> None:
        """Remove the graph ``name``."""
        if self.store:
            self.web.send(urllib.request.Request(self._graph_address(name), method="DELETE"))
        else:
            self._update(f"DROP SILENT {_graph(name)}")

    def _store(self, name: str | None, triples: list[Triple]) -> None:
        body = ntriples.text(triples)  # which is Turtle too, and that all stores take
        headers = {"Content-Type": "text/turtle; charset=utf-8"}
        self.web.send(urllib.request.Request(self._graph_address(name), body, headers, method="PUT"))

    def _graph_address(self, name: str | None) -> str:
        which = "default" if name is None else "graph=" + urllib.parse.quote(name, safe="")
        return extended(str(self.store), which)

    def _update(self, text: str) -> None:
        body = urllib.parse.urlencode({"update": text}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.web.send(urllib.request.Request(self.update, body, headers, method="POST"))

    def check(self, graphs: dict[str, list[Triple]], default: str | None, triples: list[Triple]) -> None:
        """Raise :class:`PublishError` where the server does not hold as many triples as were sent."""
        expected = graphs if default is None else {**graphs, default: triples}
        there = self.counts(list(expected))
        wrong = [
            f"{name} ({there.get(name, 0)} of {len(part)})"
            for name, part in expected.items()
            if there.get(name, 0) != len(part)
        ]
        if default is None and (count := self.count("?s ?p ?o")) != len(triples):
            wrong.append(f"the default graph ({count} of {len(triples)})")
        if wrong:
            more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            raise PublishError(
                f"{place(self.target.endpoint)} took everything but does not hold it all: {', '.join(wrong[:3])}{more}."
            )


def _graph(name: str) -> str:
    return f"GRAPH {scanner.write(NamedNode(name))}"


def _data(batch: Sequence[tuple[str | None, list[Triple]]]) -> str:
    parts = []
    for name, triples in batch:
        text = ntriples.text(triples).decode()
        parts.append(f"{_graph(name)} {{\n{text}}}" if name else text)
    return "{\n" + "\n".join(parts) + "\n}"
