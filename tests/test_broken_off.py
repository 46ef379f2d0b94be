"""A publication that breaks off at any request, before it is carried out or after it, and is then done again.

The server is a store in this process, which takes queries, updates and the graph store protocol.
"""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress

import pytest
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
)

from euaikg.core.vocab import BASE
from euaikg.errors import EndpointError
from euaikg.publishing import load, marks, patches, server
from euaikg.publishing.load import PublishError, Target, patch, publish
from euaikg.sparql.http import Reply, Web
from euaikg.sparql.remote import BEGUN, DEFAULT, Remote

WAYS = {
    "graph store": Target("http://there/query", None, "http://there/store"),
    "update": Target("http://there/query"),
    "both": Target("http://there/query", "http://there/update", "http://there/store"),
}
SAYS = NamedNode(BASE + "ontology#says")
THEIRS = [
    Quad(NamedNode("urn:a"), SAYS, Literal("theirs"), NamedNode(name)) for name in ("urn:theirs", BASE + "graph/theirs")
]


pytestmark = pytest.mark.slow


class Stopped(KeyboardInterrupt):
    """The process ends, whatever it was doing."""


class Server:
    """Stops at the change with the number ``stop``, carried out where ``after`` is true."""

    def __init__(self, is_union: bool) -> None:
        self.store = Store()
        self.store.extend(THEIRS)
        self.is_union = is_union
        self.stop, self.after = 0, False

    def send(self, request: urllib.request.Request) -> Reply:
        address, method = urllib.parse.urlsplit(request.full_url), request.get_method()
        given = urllib.parse.parse_qs(address.query, keep_blank_values=True)
        body = request.data if isinstance(request.data, bytes) else b""
        if address.path == "/query":
            return self._answer(given or urllib.parse.parse_qs(body.decode()))
        self.stop -= 1
        if self.stop or self.after:
            if address.path == "/update":
                self.store.update(urllib.parse.parse_qs(body.decode())["update"][0])
            else:
                graph = DefaultGraph() if "default" in given else NamedNode(given["graph"][0])
                if method != "POST":
                    self.store.clear_graph(graph)
                self.store.load(body, RdfFormat.TURTLE, to_graph=graph)
        if not self.stop:
            raise Stopped
        return Reply(204, "", {}, "", b"")

    def _answer(self, given: dict[str, list[str]]) -> Reply:
        default, named = (
            [NamedNode(iri) for iri in given.get(f"{which}-graph-uri", [])] for which in ("default", "named")
        )
        found = self.store.query(
            given["query"][0],
            use_default_graph_as_union=self.is_union and not default,
            default_graph=list(default) or None,
            named_graphs=list(named) if default else None,
        )
        assert isinstance(found, QuerySolutions | QueryBoolean)
        text = found.serialize(format=QueryResultsFormat.JSON)
        return Reply(200, "", {}, "application/sparql-results+json", text or b"")

    def holds(self) -> dict[str, set[str]]:
        """Return the triples of each graph apart from what is kept of a publication; "" is the default graph."""
        found: dict[str, set[str]] = {}
        for quad in self.store:
            name = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
            if not name.startswith(server.RECORD):
                found.setdefault("" if name == DEFAULT else name, set()).add(str(quad.triple))
        return found


@pytest.fixture(params=[False, True], ids=["own", "union"])
def there(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server(request.param)
    monkeypatch.setattr(Web, "send", lambda _, request, *__: made.send(request))
    return made


def version(number: int) -> Store:
    """Return four graphs of three triples each, of which the default graph has two; of the third version two graphs."""
    store = Store()
    for name in "ab" if number == 3 else "abcd":
        for at in range(3):
            triple = NamedNode(f"{BASE}id/{name}{at}"), SAYS, Literal(str(number * at))
            store.add(Quad(*triple, NamedNode(f"{BASE}graph/{name}")))
            if at < 2:
                store.add(Quad(*triple))
    return store


VERSIONS = {number: version(number) for number in (1, 2, 3)}


def asked() -> set[str] | None:
    """Return what questions find; None where they are refused, or there is no graph of ours yet."""
    try:
        rows = Remote("http://there/query").select(f"SELECT ?s ?o {{ ?s {SAYS} ?o FILTER(?o != 'theirs') }}").rows
    except EndpointError:
        return None
    return {f"{one} {other}" for one, other in rows} or None


def default(number: int) -> set[str]:
    return {
        f"{quad.subject} {quad.object}" for quad in VERSIONS[number].quads_for_pattern(None, None, None, DefaultGraph())
    }


def by_patch(number: int, target: Target) -> None:
    patch(patches.between(marks.parts(VERSIONS[1]), marks.parts(VERSIONS[number])), target)


def by_publishing(number: int, target: Target) -> None:
    publish(VERSIONS[number], target)


CASES: list[tuple[str, Callable[[int, Target], None], int, int, int]] = [
    ("graph store", by_publishing, 0, 1, 3),
    ("graph store", by_publishing, 1, 2, 1),
    ("update", by_publishing, 1, 3, 2),
    ("both", by_publishing, 1, 2, 3),
    ("both", by_publishing, 1, 2, 1),
    ("update", by_patch, 1, 2, 1),
    ("update", by_patch, 1, 3, 3),
]


@pytest.mark.parametrize("size", [2, 1000], ids=["in parts", "at once"])
@pytest.mark.parametrize(
    ("way", "change", "first", "then", "last"), CASES, ids=["-".join(map(str, (case[0], *case[2:]))) for case in CASES]
)
def test_it_is_done_again_whatever_broke_off(
    way: str,
    change: Callable[[int, Target], None],
    first: int,
    then: int,
    last: int,
    size: int,
    there: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, name in ((load, "TRIPLES"), (server, "TRIPLES"), (server, "PORTION"), (load, "AT_ONCE")):
        monkeypatch.setattr(module, name, size)
    target, ended = WAYS[way], False
    for number in range(1, 100):
        for after in (False, True):
            there.__init__(there.is_union)  # type: ignore[misc]
            if first:
                publish(VERSIONS[first], target)
            there.stop, there.after = number, after
            try:
                change(then, target)
            except Stopped:
                pass
            except KeyboardInterrupt as interrupted:
                assert "Interrupted. " in str(interrupted)
            else:
                ended = True
            there.stop = 0
            assert asked() in (None, default(then), *([default(first)] if first else []))
            publish(VERSIONS[last], target, prune=True)
            expected = Server(there.is_union)
            expected.store.extend(VERSIONS[last])
            assert there.holds() == expected.holds()
            assert publish(VERSIONS[last], target).sent == 0
        if ended:
            return
    pytest.fail("it never ended")


def test_graphs_for_publishing_itself_are_not_published_nor_taken(there: Server) -> None:
    target = WAYS["update"]
    for name in (DEFAULT, server.RECORD, server.EARLIER, server.PROBE, BEGUN, f"{server.STAGE}0"):
        store = Store()
        store.add(Quad(NamedNode("urn:a"), SAYS, Literal("x"), NamedNode(name)))
        with pytest.raises(
            PublishError, match=r"^The graph .* is for publishing itself; have what is in it in another"
        ):
            publish(store, target)
        if name != DEFAULT:
            with pytest.raises(
                PublishError, match=r"^The default graph cannot go into .*, which is for publishing its"
            ):
                publish(VERSIONS[1], target, default_graph=name)
    assert there.holds() == {
        name: {str(quad.triple) for quad in THEIRS[:1]} for name in ("urn:theirs", BASE + "graph/theirs")
    }


@pytest.mark.parametrize(
    "said",
    [
        "?g ?p ?n } } WHERE { GRAPH ?r { ?g ?p ?n }",  # as it was
        "?g <http://rdfs.org/ns/void#triples> 'many' } } WHERE { GRAPH ?r { ?g ?p ?n }",
        "?g <http://spdx.org/rdf/terms#checksumValue> 'none' } } WHERE { GRAPH ?r { ?g ?p ?n }",
        "[] <http://rdfs.org/ns/void#triples> 3 ; <http://spdx.org/rdf/terms#checksumValue> 'aa' } } WHERE {",
    ],
)
@pytest.mark.parametrize("forget", [False, True])
def test_marks_that_are_none_are_none(there: Server, said: str, forget: bool) -> None:
    target = WAYS["update"]
    publish(VERSIONS[1], target)
    if forget:
        there.store.update(f"DELETE WHERE {{ GRAPH <{server.RECORD}> {{ ?g <http://rdfs.org/ns/void#triples> ?n }} }}")
    there.store.update(f"INSERT {{ GRAPH <{server.RECORD}> {{ {said} }}")
    publish(VERSIONS[1 if forget else 3], target)
    publish(VERSIONS[2], target)
    assert there.holds().keys() == {
        "",
        "urn:theirs",
        *(f"{BASE}graph/{name}" for name in ("a", "b", "c", "d", "theirs")),
    }
    assert asked() == default(2)


def test_a_count_that_is_no_number_is_said(there: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    del there
    says = {
        "head": {"vars": ["g", "n"]},
        "results": {"bindings": [{name: {"type": "literal", "value": "x"} for name in "gn"}]},
    }
    reply = Reply(200, "", {}, "application/sparql-results+json", json.dumps(says).encode())
    monkeypatch.setattr(Web, "send", lambda *_: reply)
    with pytest.raises(EndpointError, match=r"^http://there/query counts its triples, but gives no number\.$"):
        publish(VERSIONS[1], WAYS["update"])


def test_a_default_graph_of_a_name_and_the_usual_one_each_have_their_mark(there: Server) -> None:
    for default_graph in ("urn:named", None, "urn:named", None):
        publish(VERSIONS[1], WAYS["update"], default_graph=default_graph)
        assert default_graph or asked() == default(1)
    assert there.holds()["urn:named"] == there.holds()[""]


def test_a_patch_is_not_carried_out_on_what_was_changed_elsewhere(there: Server) -> None:
    """Also in a graph that it does not touch; and one that is empty does nothing."""
    publish(VERSIONS[1], WAYS["update"])
    between = patches.between(marks.parts(VERSIONS[1]), marks.parts(VERSIONS[1]))
    there.stop = 1
    assert patch(between, WAYS["update"]).sent == 0
    there.stop = 0
    graphs = marks.parts(VERSIONS[1])
    less = patches.between(graphs, {name: part for name, part in graphs.items() if name != f"{BASE}graph/a"})
    there.store.remove(next(there.store.quads_for_pattern(None, None, None, NamedNode(f"{BASE}graph/b"))))
    before = there.holds()
    with pytest.raises(
        PublishError, match=r"^The graph .*/b of .* was changed since it was loaded, or not loaded whole"
    ):
        patch(less, WAYS["update"])
    assert there.holds() == before


def test_a_patch_that_broke_off_left_a_default_graph_of_a_name_unsure(
    there: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not asked meanwhile, no patch goes on from there, and publishing makes it whole."""
    monkeypatch.setattr(load, "TRIPLES", 2)
    named = "urn:named"
    publish(VERSIONS[1], WAYS["update"], default_graph=named)
    old, new = marks.parts(VERSIONS[1]), marks.parts(VERSIONS[2])
    between = patches.between(old, old | {None: new[None]})
    there.stop = 2
    with pytest.raises(KeyboardInterrupt):
        patch(between, WAYS["update"], default_graph=named)
    there.stop = 0
    with pytest.raises(EndpointError, match="only part of it"):
        Remote("http://there/query", default_graph=named).run("ASK { ?s ?p ?o }")
    with pytest.raises(PublishError, match=r"was changed since it was loaded, or not loaded whole"):
        patch(between, WAYS["update"], default_graph=named)
    publish(VERSIONS[1], WAYS["update"], default_graph=named)
    patch(between, WAYS["update"], default_graph=named)
    assert there.holds()[named] == {str(quad.triple) for quad in VERSIONS[2] if quad.graph_name == DefaultGraph()}


def test_two_publications_at_once_do_not_mix_what_waits(there: Server) -> None:
    target = WAYS["both"]
    publish(VERSIONS[3], target)
    seen: list[int] = []

    def other(count: int) -> None:
        """Begin another publication, which is still loading when this one ends."""
        seen.append(count)
        if len(seen) == 5:
            there.stop = 7  # all of it waits
            with pytest.raises(KeyboardInterrupt):
                publish(VERSIONS[1], target)
            there.stop = 0

    with suppress(PublishError):
        publish(VERSIONS[2], target, progress=other)
    assert len(seen) == 5
    publish(VERSIONS[2], target)
    expected = Server(there.is_union)
    expected.store.extend(VERSIONS[2])
    assert there.holds() == expected.holds()


def test_the_default_graph_finds_its_place_again(there: Server) -> None:
    publish(VERSIONS[1], WAYS["update"])
    there.store.clear_graph(NamedNode(DEFAULT) if there.is_union else DefaultGraph())
    publish(VERSIONS[2], WAYS["update"])
    assert asked() == default(2)
