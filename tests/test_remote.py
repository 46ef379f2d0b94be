"""A server that misbehaves: each fault is one sentence, and what can be mended is."""

from __future__ import annotations

import base64
import gzip
import http.server
import json
import re
import threading
import time
import urllib.parse
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from euaikg import __version__, cli
from euaikg.errors import EndpointError
from euaikg.publishing.load import PublishError, Target, publish
from euaikg.publishing.server import Server
from euaikg.rdf.terms import Term
from euaikg.sparql import replies
from euaikg.sparql.answers import Answer, Row, Table, Triples
from euaikg.sparql.credentials import WRITINGS
from euaikg.sparql.http import LARGE, LONGEST_PAUSE, TRIES
from euaikg.sparql.remote import Remote
from tests.conftest import Run

XSD = "http://www.w3.org/2001/XMLSchema#"
JSON = "application/sparql-results+json"
QUERY = "SELECT ?x { ?x ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"


@dataclass
class Seen:
    """One request that the server got."""

    method: str
    path: str
    headers: Message
    body: str

    @property
    def parameters(self) -> dict[str, list[str]]:
        query = urllib.parse.urlsplit(self.path).query
        return urllib.parse.parse_qs(self.body if self.method == "POST" else query)


@dataclass
class Fake:
    """A server on loopback that gives the replies put into it, one after the other, the last one for ever."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    replies: list[Callable[[http.server.BaseHTTPRequestHandler], None]] = field(default_factory=list)

    def says(self, body: bytes | str | dict[str, object], status: int = 200, kind: str = JSON, **headers: str) -> None:
        content = (
            json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
        )

        def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            given = {"Content-Type": kind, "Content-Length": str(len(content))}
            for name, value in {**given, **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)

        self.replies.append(reply)

    def sends(self, first: bytes | str, more: bytes = b"", pause: float = 0, rounds: int = 1 << 30) -> None:
        """Reply with these bytes and no others, after them ``more`` so many times, with pauses in between."""
        waiting = threading.Event()  # other tests replace time.sleep

        def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            try:
                handler.wfile.write(first.encode("latin-1") if isinstance(first, str) else first)
                for _ in range(rounds if more else 0):
                    waiting.wait(pause)
                    handler.wfile.write(more)
            except OSError:
                pass

        self.replies.append(reply)

    @property
    def remote(self) -> Remote:
        """The server as an engine that is not asked about its default graph."""
        return Remote(self.url + "/sparql", timeout=5, default_graph="")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    for name in ("USER", "PASSWORD", "TOKEN", "HEADER"):
        monkeypatch.delenv(f"EUAIKG_ENDPOINT_{name}", raising=False)
    made = Fake()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            made.seen.append(Seen(self.command, self.path, self.headers, self.rfile.read(length).decode()))
            (made.replies.pop(0) if len(made.replies) > 1 else made.replies[0])(self)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def rows(*bindings: dict[str, object]) -> dict[str, object]:
    return {"head": {"vars": ["x"]}, "results": {"bindings": list(bindings)}}


LISTED = ("a; b", "b; a", "")
"""What a server answers in two orders: a list written twice, and a list that was lost."""


@pytest.mark.parametrize(("name", "second", "asked"), [("Virtuoso/07.20", 1, 2), ("Virtuoso/07.20", 2, 2), ("X", 2, 1)])
def test_virtuoso_is_asked_in_two_orders_and_believed_where_they_agree(
    fake: Fake, name: str, second: int, asked: int
) -> None:
    for text in (LISTED[0], LISTED[second]):
        fake.says(rows({"x": {"type": "literal", "value": text}}))
    fake.replies[:] = [named(name, reply) for reply in fake.replies]
    query = "SELECT ?x { ?s ?p ?x }"
    if asked == 2 and LISTED[second] == "":
        with pytest.raises(EndpointError, match="gives two answers to this question"):
            fake.remote.run_surely(query)
    else:
        assert fake.remote.run_surely(query)
    sent = [seen.parameters["query"][0] for seen in fake.seen]
    assert [text.startswith('DEFINE sql:select-option "order"\nSELECT') for text in sent] == [False, True][:asked]


NODE, OTHER = BlankNode("a"), BlankNode("b")
ONE, TWO = Literal(1), Literal(2)


def table(*found: Row, columns: tuple[str, ...] = ("x", "y")) -> Table:
    return Table(columns, list(found))


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def pair(x: Term | None, y: Term | None = None) -> Table:
    return table((x, y))


def said(*of: tuple[BlankNode, Term]) -> Triples:
    return Triples([Triple(subject, NamedNode("urn:p"), value) for subject, value in of])


TOLD = Triple(NODE, NamedNode("urn:p"), Literal("x"))
CHAINS: list[tuple[BlankNode, Term]] = [
    (BlankNode(f"{of}{at}"), BlankNode(f"{of}{at + 1}")) for of in "ab" for at in (1, 2, 3)
]
CHAINS += [(BlankNode("a4"), ONE), (BlankNode("b4"), TWO)]
ALIKE: list[tuple[str, Answer, Answer, bool]] = [
    ("rows in another order", table((ONE, None), (None, TWO)), table((None, TWO), (ONE, None)), True),
    ("a row that comes twice", table((ONE, None), (ONE, None)), pair(ONE), False),
    ("a lost cell", pair(ONE, TWO), pair(ONE), False),
    ("columns in another order", pair(ONE), table((ONE, None), columns=("y", "x")), False),
    ("nothing of one form and the other", table(), Triples([]), False),
    ("yes and yes", True, True, True),
    ("yes and no", True, False, False),
    ("yes and a row", True, pair(ONE), False),
    ("a joined list", pair(Literal("a; b")), pair(Literal("b; a")), True),
    ("a shorter list", pair(Literal("a; b")), pair(Literal("a")), False),
    ("prose of a language", pair(Literal("one b; an a", language="en")),
     pair(Literal("an a; one b", language="en")), False),
    ("another language", pair(Literal("a", language="en")), pair(Literal("a", language="nl")), False),
    ("another datatype", pair(typed("a", "token")), pair(typed("a", "Name")), False),
    ("an IRI and its text", pair(NamedNode("urn:a")), pair(Literal("urn:a")), False),
    ("a decimal with more digits", pair(typed("1.0", "decimal")), pair(typed("1.00", "decimal")), True),
    ("another decimal", pair(typed("1.0", "decimal")), pair(typed(f"1.{0:030}1", "decimal")), False),
    ("a sum in another order", pair(typed("0.3", "double")), pair(typed("0.30000000000000004", "double")), True),
    ("another double", pair(typed("0.3", "double")), pair(typed("0.3000001", "double")), False),
    ("no number twice", pair(typed("NaN", "double")), pair(typed("NaN", "double")), True),
    ("what is no number", pair(typed("many", "integer")), pair(typed("few", "integer")), False),
    ("nodes of other names", pair(NODE), pair(OTHER), True),
    ("a node and a thing", pair(NODE), pair(NamedNode("urn:a")), False),
    ("one node twice and two nodes", pair(NODE, NODE), pair(NODE, OTHER), False),
    ("a node in two rows and two nodes", table((NODE, None), (NODE, None)), table((NODE, None), (OTHER, None)), False),
    ("nodes that change places", table((NODE, ONE), (OTHER, TWO)), table((OTHER, ONE), (NODE, TWO)), True),
    ("nodes told apart from afar", table((NODE, OTHER), (OTHER, ONE), (NODE, TWO)),
     table((NODE, ONE), (OTHER, TWO), (OTHER, NODE)), True),
    ("chains in another order", said(*CHAINS), said(*reversed(CHAINS)), True),
    ("a node that points to itself", said((NODE, NODE), (OTHER, OTHER)), said((NODE, OTHER), (OTHER, NODE)), False),
    ("triples of nodes", said((NODE, ONE), (OTHER, TWO)), said((OTHER, ONE), (NODE, TWO)), True),
    ("a node within a triple", pair(TOLD), pair(Triple(OTHER, TOLD.predicate, TOLD.object)), True),
    ("another node within a triple", pair(TOLD, NODE), pair(TOLD, OTHER), False),
    ("a node twice within a triple", pair(Triple(OTHER, TOLD.predicate, NODE)),
     pair(Triple(OTHER, TOLD.predicate, OTHER)), False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), [case[1:] for case in ALIKE], ids=[case[0] for case in ALIKE])
def test_two_answers_are_alike_where_they_surely_say_the_same(one: Answer, other: Answer, same: bool) -> None:
    assert replies.alike(one, other) is replies.alike(other, one) is same
    assert replies.alike(one, one)
    assert replies.alike(other, other)


def virtuoso(fake: Fake, *bodies: dict[str, object] | str, kind: str = JSON) -> Remote:
    """Return a Virtuoso that gives the answers ``bodies``, one after the other."""
    for body in bodies:
        fake.says(body, kind=JSON if isinstance(body, dict) else kind)
    fake.replies[:] = [named("Virtuoso/07.20", reply) for reply in fake.replies]
    return fake.remote


def test_triples_of_virtuoso_are_counted_once(fake: Fake) -> None:
    one, other = "<urn:a> <urn:b> <urn:c> .\n", "<urn:a> <urn:b> <urn:d> .\n"
    asked = virtuoso(fake, one, rows(), one, one, rows(), other, kind="application/n-triples")
    assert len(asked.run_surely(CONSTRUCT)) == 1  # type: ignore[arg-type]
    assert ["LIMIT" in seen.parameters["query"][0] for seen in fake.seen] == [False, True, False]
    with pytest.raises(EndpointError, match="gives two answers"):
        asked.run_surely(CONSTRUCT)


def test_the_columns_of_both_answers_are_those_of_the_query(fake: Fake) -> None:
    one: dict[str, object] = {"a": {"type": "literal", "value": "1"}}
    wide: dict[str, object] = {"head": {"vars": ["inner", "a"]}, "results": {"bindings": [one]}}
    narrow: dict[str, object] = {"head": {"vars": ["a"]}, "results": {"bindings": [one]}}
    answer = virtuoso(fake, wide, narrow).run_surely("SELECT * { <urn:s> <urn:p> ?a }")
    assert answer == Table(("a",), [(Literal("1"),)])
    fake.replies.clear()
    other: dict[str, object] = {"head": {"vars": ["b"]}, "results": {"bindings": []}}
    with pytest.raises(EndpointError, match=r"with the columns \?b where \?a were asked for"):
        virtuoso(fake, narrow, other).run_surely("SELECT ?a { <urn:s> <urn:p> ?a }")


@pytest.mark.slow
def test_what_is_asked_for_one_answer_has_its_time_together(fake: Fake) -> None:
    waiting = threading.Event()

    def slow(handler: http.server.BaseHTTPRequestHandler) -> None:
        waiting.wait(0.4)
        body = b'{"head": {"vars": ["there", "loading"]}, "results": {"bindings": []}}'
        if "DEFINE" in fake.seen[-1].parameters["query"][0] or "there" not in fake.seen[-1].parameters["query"][0]:
            body = json.dumps(rows()).encode()
        handler.wfile.write(f"HTTP/1.0 200 OK\r\nServer: Virtuoso\r\nContent-Type: {JSON}\r\n\r\n".encode() + body)

    fake.replies.append(slow)
    for default, timeout, asked in ((None, 0.6, 2), ("", 0.6, 2), (None, 1.0, 3)):
        fake.seen.clear()
        start = time.monotonic()
        with pytest.raises(EndpointError, match=rf"did not answer within {timeout:g} seconds\.$"):
            Remote(fake.url, timeout=timeout, default_graph=default).run_surely(QUERY)
        assert time.monotonic() - start < timeout + 0.3
        assert len(fake.seen) == asked


def test_the_second_question_is_as_discreet_as_the_first(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EUAIKG_ENDPOINT_TOKEN", "s3cret")
    with pytest.raises(EndpointError, match=r"answers with the columns \?… where \?x were asked for"):
        virtuoso(fake, rows(), {"head": {"vars": ["s3cret"]}, "results": {"bindings": []}}).run_surely(QUERY)


def test_what_the_library_asks_is_asked_surely(fake: Fake) -> None:
    """Pictures and cards come from it; a query of a user's own is asked as it is."""
    one, other = (rows({"x": {"type": "literal", "value": value}}) for value in "ab")
    with pytest.raises(EndpointError, match="gives two answers"):
        virtuoso(fake, one, other).select(QUERY)
    fake.replies.clear()
    assert len(virtuoso(fake, one, other).run(QUERY)) == 1  # type: ignore[arg-type]


def named(
    name: str, reply: Callable[[http.server.BaseHTTPRequestHandler], None]
) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    """Return ``reply`` from a server that is called ``name``."""

    def given(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.version_string = lambda: name  # type: ignore[method-assign]
        reply(handler)

    return given


def looked(*bindings: dict[str, object]) -> dict[str, object]:
    """Return what a server answers that is looked at for the first time."""
    return {"head": {"vars": ["there", "loading"]}, "results": {"bindings": list(bindings)}}


def test_terms_come_back_as_they_are(fake: Fake) -> None:
    fake.says(
        rows(
            {"x": {"type": "uri", "value": "urn:a"}},
            {"x": {"type": "literal", "value": "a"}},
            {"x": {"type": "literal", "value": "ä", "xml:lang": "nl"}},
            {"x": {"type": "typed-literal", "value": "2024-01-24", "datatype": XSD + "date"}},
            {"x": {"type": "literal", "value": "1.50", "datatype": XSD + "decimal"}},
            {"x": {"type": "typed-literal", "value": "1", "datatype": XSD + "boolean"}},
            {"x": {"type": "bnode", "value": "nodeID://b10"}},
            {},
        )
    )
    answer = fake.remote.select(QUERY)
    assert [row[0] for row in answer.rows] == [
        NamedNode("urn:a"),
        Literal("a"),
        Literal("ä", language="nl"),
        Literal("2024-01-24", datatype=NamedNode(XSD + "date")),
        Literal("1.50", datatype=NamedNode(XSD + "decimal")),
        Literal(True),
        BlankNode("b10"),
        None,
    ]


def test_a_truth_that_comes_as_a_number_is_one(fake: Fake) -> None:
    fake.says(rows({"x": {"type": "typed-literal", "value": "0", "datatype": XSD + "integer"}}))
    assert fake.remote.select("SELECT ?x { BIND(EXISTS { ?a ?b ?c } AS ?x) }").rows == [(Literal(False),)]


def test_columns_are_those_of_the_query_in_its_order(fake: Fake) -> None:
    one: dict[str, object] = {"type": "literal", "value": "1"}
    fake.says({"head": {"vars": ["b", "hidden_graph_0", "a"]}, "results": {"bindings": [{"a": one}]}})
    table = fake.remote.select("SELECT ?a ?b { GRAPH ?g { ?a ?p ?b } }")
    assert (table.variables, table.rows) == (("a", "b"), [(Literal("1"), None)])
    with pytest.raises(EndpointError, match=r"/sparql answers with the columns \?b, \?a where \?n were asked for\.$"):
        fake.remote.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert fake.remote.select("SELECT ?b ?a { ?s own:addition(?o) }").variables == ("b", "a")
    # a server may select what stands inside EXISTS too, which has no value there
    assert fake.remote.select("SELECT * { <urn:s> <urn:p> ?a }").variables == ("a",)
    with pytest.raises(EndpointError, match=r"answers with the columns \?b, \?a where \?b were asked for\.$"):
        fake.remote.select("SELECT * { ?b <urn:p> <urn:o> }")


def test_triples_come_in_any_usual_format(fake: Fake) -> None:
    fake.says("@prefix u: <urn:> . u:a u:b 1 , 1 .", kind="text/turtle; charset=utf-8")
    answer = fake.remote.run("CONSTRUCT WHERE { ?s ?p ?o }")
    assert answer == Triples([Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal(1))])
    assert "application/n-triples" in fake.seen[0].headers["Accept"]


def test_the_request_says_who_asks_and_for_what(fake: Fake) -> None:
    fake.says(rows())
    fake.remote.run("#+ this\n#+ adds nothing\n" + QUERY)
    (seen,) = fake.seen
    assert seen.method == "GET"
    assert seen.headers["User-Agent"].startswith(f"euaikg/{__version__} ")
    assert JSON in seen.headers["Accept"]
    assert seen.parameters == {"query": ["#+ this\n#+ adds nothing\n" + QUERY]}
    assert seen.headers["Authorization"] is None


def test_an_address_may_have_parameters_of_its_own(fake: Fake) -> None:
    fake.says(rows())
    Remote(fake.url + "/sparql?key=1", default_graph="").run(QUERY)
    assert fake.seen[0].parameters == {"key": ["1"], "query": [QUERY]}


def test_a_long_query_goes_by_post(fake: Fake) -> None:
    fake.says(rows())
    query = f"{QUERY} # {'é' * 1000}"
    Remote(fake.url + "/sparql?key=1", default_graph="").run(query)
    assert (fake.seen[0].method, fake.seen[0].path) == ("POST", "/sparql?key=1")
    assert fake.seen[0].parameters == {"query": [query]}


def test_the_server_is_asked_once_where_its_default_graph_is(fake: Fake) -> None:
    fake.says(looked({"there": {"type": "literal", "value": "1"}}))
    fake.says(rows())
    remote = Remote(fake.url + "/sparql")
    remote.run(QUERY)
    remote.run(QUERY)
    assert [seen.parameters.get("default-graph-uri") for seen in fake.seen] == [
        None,
        ["https://w3id.org/euaikg/graph/default"],
        ["https://w3id.org/euaikg/graph/default"],
    ]


@pytest.mark.parametrize("default", [None, "urn:copy"])
def test_a_server_that_is_being_loaded_is_refused(fake: Fake, default: str | None) -> None:
    there: dict[str, object] = {"there": {"type": "literal", "value": "1"}}
    loading: dict[str, object] = {"loading": {"type": "literal", "value": "x", "xml:lang": "en"}}
    fake.says(looked(there, loading) if default is None else {**looked(loading), "head": {"vars": ["loading"]}})
    remote = Remote(fake.url + "/sparql", default_graph=default)
    for _ in range(2):
        with pytest.raises(EndpointError, match=r"/sparql does not hold the graph, or only part of it; load it w"):
            remote.run(QUERY)
    assert len(fake.seen) == 2


def test_a_query_that_names_its_own_graphs_is_left_to_them(fake: Fake) -> None:
    fake.says(rows())
    for query in ("SELECT ?x FROM <urn:a> { ?x ?p ?o }", "SELECT ?x FROM NAMED <urn:a> { GRAPH ?g { ?x ?p ?o } }"):
        Remote(fake.url + "/sparql", default_graph="urn:copy").run(query)
        assert fake.seen[-1].parameters == {"query": [query]}


def test_each_named_graph_is_named_where_the_standard_wants_it(fake: Fake) -> None:
    fake.says({"head": {"vars": ["loading"]}, "results": {"bindings": []}})
    fake.says({"head": {}, "boolean": False})  # GRAPH ?g sees nothing beside a named default graph
    fake.says(
        {
            "head": {"vars": ["g"]},
            "results": {"bindings": [{"g": {"type": "uri", "value": name}} for name in ("urn:b", "urn:copy", "urn:a")]},
        }
    )
    fake.says(rows())
    remote = Remote(fake.url + "/sparql", default_graph="urn:copy")
    remote.run("SELECT ?x { GRAPH ?x { ?s ?p ?o } }")
    assert fake.seen[-1].parameters["named-graph-uri"] == ["urn:a", "urn:b"]
    assert fake.seen[-1].parameters["default-graph-uri"] == ["urn:copy"]


def results(names: object, found: object) -> dict[str, object]:
    return {"head": {"vars": names}, "results": {"bindings": found}}


NESTED = "[" * 900 + "]" * 900
FAULTS: list[tuple[str, dict[str, object], str]] = [
    ("an error text", {"body": "Parse error: line 1, column 9", "status": 400, "kind": "text/plain"},
     r"answers with HTTP 400 Bad Request: Parse error: line 1, column 9$"),
    ("an error page", {"body": "<html><head><title>x</title></head><body><h1>Oh\nno</h1></body></html>", "status": 500,
                       "kind": "text/html"}, r"answers with HTTP 500 Internal Server Error: Oh no$"),
    ("an error in JSON", {"body": {"code": "Bad", "detailedMessage": "No such\nword"}, "status": 400},
     r"HTTP 400 Bad Request: No such word$"),
    ("a long error", {"body": "x" * 5000, "status": 500, "kind": "text/plain"},
     r"HTTP 500 Internal Server Error: x{299}…$"),
    ("no words", {"body": "", "status": 404}, r"answers with HTTP 404 Not Found\.$"),
    ("no entry", {"body": "", "status": 401}, r"wants credentials: set EUAIKG_ENDPOINT_USER and "
     r"EUAIKG_ENDPOINT_PASSWORD, EUAIKG_ENDPOINT_TOKEN or EUAIKG_ENDPOINT_HEADER \(HTTP 401\)\.$"),
    ("no entry without a role", {"body": "You need the role X", "status": 403, "kind": "text/plain"},
     r"or EUAIKG_ENDPOINT_HEADER \(HTTP 403\): You need the role X$"),
    ("an error page with entities", {"body": "<html><p>R&amp;D &lt;x&gt;</html>", "status": 500, "kind": "text/html"},
     r"HTTP 500 Internal Server Error: R&D <x>$"),
    ("a list of what could stand there", {"body": "error at 1:22: expected one of '%', [a]", "status": 400,
                                          "kind": "text/plain"}, r"HTTP 400 Bad Request: error at 1:22$"),
    ("a prefix in that list", {"body": "error at 1:22: expected one of Prefix not found, '%'", "status": 400,
                               "kind": "text/plain"}, r"HTTP 400 Bad Request: error at 1:22: Prefix not found$"),
    ("a page", {"body": "<!doctype html><p>Log in", "kind": "text/html"},
     r"answers with text/html where JSON results were asked for \(“Log in”\); is this the address of its query "
     r"service\?$"),
    ("nothing", {"body": "  "}, r"answers with nothing\.$"),
    ("half of JSON", {"body": '{"head": {"vars": ["x"]}, "results": {"bindings": [{"x"'},
     r"answers with JSON that is cut off or broken\.$"),
    ("a JSON list", {"body": "[1]"}, r"answers with JSON that holds no SPARQL results\.$"),
    ("an error that is sent as an answer", {"body": {"error": "No such\nindex"}},
     r"answers with an error: No such index$"),
    ("other JSON", {"body": {"rows": []}}, r"answers with JSON that is not as SPARQL results are\.$"),
    ("a column too many", {"body": rows({"y": {"type": "uri", "value": "urn:a"}})},
     r"answers with JSON that is not as SPARQL results are \(row 1\)\.$"),
    ("an IRI that is none", {"body": rows({}, {"x": {"type": "uri", "value": "http://a/b c"}})},
     r"gives \?x in row 2 a value that is none \(“.*http://a/b c.*”: Invalid IRI.*\)\.$"),
    ("a tag that is none", {"body": rows({"x": {"type": "literal", "value": "a", "xml:lang": "en_GB"}})},
     r"gives \?x in row 1 a value that is none \(“.*en_GB.*”: .*\)\.$"),
    ("a number for a text", {"body": rows({"x": {"type": "literal", "value": 5}})}, r"in row 1 a value that is none"),
    ("no term", {"body": rows({"x": None})}, r"gives \?x in row 1 a value that is none \(“null”\)\.$"),
    ("an unknown kind of term", {"body": rows({"x": {"type": "thing", "value": "a"}})}, r"in row 1 a value that is"),
    ("a way of packing that is none", {"body": rows(), "Content_Encoding": "br"}, r"\(packed as br\)\.$"),
    ("damage", {"body": b"\x1f\x8bnot really", "Content_Encoding": "gzip"}, r"\(packed, and damaged\)\.$"),
    ("half of a package", {"body": gzip.compress(b"{}" * 99)[:-9], "Content_Encoding": "gzip"}, r"packed, and cut off"),
    ("letters that are none", {"body": rows(), "kind": f"{JSON}; charset=klingon"}, r"that is cut off or broken\.$"),
    ("less than announced", {"body": rows(), "Content_Length": "9999"}, r"broke off in the middle of its answer\.$"),
    ("only some rows", {"body": rows({}, {}), "X_SPARQL_MaxRows": "2"}, r"cut its answer off after 2 rows, the most it "
     r"gives \(ResultSetMaxRows in Virtuoso\); ask for fewer, or have the limit raised\.$"),
    ("a limit that is no number", {"body": "", "X_SPARQL_MaxRows": "\xb2"}, r"answers with nothing\.$"),
    ("a part of a file", {"body": rows(), "status": 206}, r"answers with HTTP 206, which is no whole answer\.$"),
    ("one column twice", {"body": results(["x", "x"], [])}, "as SPARQL results are"),
    ("columns that are no list", {"body": results("x", [])}, "as SPARQL results are"),
    ("rows that are no list", {"body": results(["x"], {})}, "as SPARQL results are"),
    ("a column without a name", {"body": results(["x", "\x1b[1m"], [])}, "as SPARQL results are"),
    ("two values for one name", {"body": '{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}, "results": '
                                         '{"bindings": []}}'}, r"cut off or broken\.$"),
    ("more behind the end", {"body": f"{json.dumps(rows())}\njava.lang.Error"}, r"cut off or broken\.$"),
    ("letters that never end", {"body": "a" * 99_000 + "-" + "a" * 99_000, "kind": f"{JSON}; charset=punycode"},
     r"cut off or broken\.$"),
    ("letters of a program", {"body": rows(), "kind": f"{JSON}; charset=unicode_escape"}, r"cut off or broken\.$"),
    ("an error in letters of no name", {"body": "x", "kind": "text/plain; charset=a\0b", "status": 500}, r"Error: x$"),
    ("an error in such letters", {"body": "x", "kind": "text/plain; charset=idna", "status": 500}, r"Error: x$"),
    ("an error in no letters", {"body": "x", "kind": "text/plain; charset=undefined", "status": 500}, r"Error: x$"),
    ("an error of marks", {"body": "<p>" + "<" * 99_000, "kind": "text/html", "status": 500}, r"Error: <{299}…$"),
    ("an error of styles", {"body": "<html>" + "<style" * 9_000, "kind": "text/html", "status": 500}, r"Error\.$"),
    ("an error that cannot be unpacked", {"body": "x", "status": 404, "Content_Encoding": "br"}, r"404 Not Found\.$"),
    ("a long type", {"body": "x", "kind": "text/" + "x" * 9000}, r"text/x{75}… where JSON results were asked for"),
    ("a long complaint", {"body": rows({"x": {"type": "uri", "value": "x" * 9000}})}, r"^.{0,300}$"),
    ("a list in a list", {"body": json.dumps(rows({"x": {"type": "literal", "value": 1}})).replace("1", NESTED)},
     "in row 1 a value that is none"),
    ("part of the answer", {"body": rows(), "X_SQL_State": "S1TAT"}, r"ran out of its own time and gave only part"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "sentence"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_what_is_no_answer_is_one_sentence(fake: Fake, reply: dict[str, object], sentence: str) -> None:
    fake.says(**reply)  # type: ignore[arg-type]
    with pytest.raises(EndpointError, match=sentence) as refused:
        fake.remote.run(QUERY)
    assert str(refused.value).startswith(f"{fake.url}/sparql ")
    assert "\n" not in str(refused.value)


def pack(content: bytes) -> dict[str, Any]:
    return {"body": gzip.compress(content), "Content_Encoding": "gzip"}


LATIN = json.dumps(rows({"x": {"type": "literal", "value": "é"}}), ensure_ascii=False)
NAMED = """<?xml version="1.0" encoding="ISO-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:">
<rdf:Description rdf:about="urn:x"><a:b>é</a:b></rdf:Description></rdf:RDF>"""


@pytest.mark.parametrize(
    "reply",
    [
        pack(LATIN.encode()),
        {"body": zlib.compress(LATIN.encode()), "Content_Encoding": "deflate"},
        {"body": zlib.compress(LATIN.encode())[2:-4], "Content_Encoding": "Deflate"},
        {"body": gzip.compress(LATIN[:9].encode()) + gzip.compress(LATIN[9:].encode()), "Content_Encoding": "x-gzip"},
        {"body": gzip.compress(gzip.compress(LATIN.encode())), "Content_Encoding": "gzip, gzip"},
        {"body": LATIN.encode("latin-1"), "kind": f"{JSON}; charset=ISO-8859-1"},
        {"body": LATIN.encode("utf-16"), "kind": f"{JSON}; charset=utf-16"},
        {"body": b"\xef\xbb\xbf" + LATIN.encode(), "kind": f'{JSON}; charset="UTF-8"'},
        {"body": NAMED.encode("latin-1"), "kind": "application/rdf+xml"},
        {"body": NAMED.encode("latin-1"), "kind": "application/rdf+xml; charset=iso-8859-1"},
        {"body": "<urn:x> <urn:a:b> 'é' .".encode("latin-1"), "kind": "text/turtle;charset=latin1"},
        {"body": gzip.compress("<urn:x> <urn:a:b> 'é' .".encode()), "kind": "text/turtle", "Content_Encoding": "gzip"},
    ],
)
def test_an_answer_is_unpacked_and_decoded(fake: Fake, reply: dict[str, Any]) -> None:
    fake.says(**reply)
    answer = fake.remote.run("CONSTRUCT WHERE { ?s ?p ?o }" if "kind" in reply and JSON not in reply["kind"] else QUERY)
    assert isinstance(answer, Table | Triples)
    assert [row[-1] for row in (answer.rows if isinstance(answer, Table) else map(tuple, answer.triples))] == [
        Literal("é")
    ]


PACKED = gzip.compress(b" " * (1 << 20)) * 128
"""128 MiB, packed in parts."""

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (
            {"body": PACKED, "Content_Encoding": "gzip"},
            r"answers with more than the 64 MiB of memory that it may take; ask for less, or give",
        ),
        ({"body": gzip.compress(PACKED), "Content_Encoding": "gzip, gzip"}, "more than the 64 MiB"),
        ({"body": b" " * (1 << 24)}, "more than the 64 MiB"),
        ({"body": b"x" * (1 << 24), "status": 500, "kind": "text/plain"}, "HTTP 500 Internal Server Error: x{299}…$"),
        (
            {
                "body": f'<!DOCTYPE r [<!ENTITY a0 "ha">{LAUGHS}]>{NAMED[44:].replace("é", "&a8;")}',
                "kind": "application/rdf+xml",
            },
            r"\(its entities stand for far more than the text has\)\.$",
        ),
    ],
)
def test_an_answer_that_would_take_all_memory_is_not_read(fake: Fake, reply: dict[str, Any], sentence: str) -> None:
    fake.says(**reply)
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if reply.get("kind") == "application/rdf+xml" else QUERY
    with pytest.raises(EndpointError, match=sentence):
        Remote(fake.url, timeout=50, default_graph="", memory=64 << 20).run(query)


@pytest.mark.slow
def test_what_is_little_text_and_many_values_is_not_kept(fake: Fake) -> None:
    fake.says(f'{{"head": {{"vars": ["x"]}}, "results": {{"bindings": [{"{}," * 80_000}{{}}]}}}}')
    fake.says(f"<urn:a> <urn:b> {','.join(map(str, range(50_000)))} .", kind="text/turtle")
    for query in (QUERY, CONSTRUCT):
        with pytest.raises(EndpointError, match="more than the 16 MiB"):
            Remote(fake.url, timeout=50, default_graph="", memory=16 << 20).run(query)


START = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n"
CHUNKED = START + "Transfer-Encoding: chunked\r\n\r\n"
BODY = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": []}})
NEVER: list[tuple[str, dict[str, Any]]] = [
    ("the size of a part", {"first": CHUNKED, "more": b"0", "pause": 0.3, "rounds": 9}),
    ("many small parts", {"first": CHUNKED, "more": b"1\r\n \r\n", "pause": 0.3, "rounds": 9}),
    ("headers behind the end", {"first": f"{CHUNKED}0\r\n", "more": b"a: b\r\n" * 999}),
    ("asking to go on", {"first": "", "more": b"HTTP/1.1 100 Continue\r\n\r\n" * 99}),
    ("a pause that begins late", {"first": f"{START}Content-Length: 9\r\n\r\n", "more": b"{", "pause": 0.45}),
    ("redirects", {"first": "", "more": b"HTTP/1.1 302 Found\r\nLocation: ?\r\n\r\n", "pause": 0.4, "rounds": 1}),
    ("packages of nothing", {"first": f"{START}Content-Encoding: gzip\r\nContent-Length: 8000000\r\n\r\n".encode()
                             + gzip.compress(b"") * 400_000}),
]  # fmt: skip


@pytest.mark.parametrize("given", [case[1] for case in NEVER], ids=[case[0] for case in NEVER])
def test_what_does_not_end_is_given_up_in_time(fake: Fake, given: dict[str, Any]) -> None:
    if b"302" in given.get("more", b""):
        for number in range(5):
            fake.sends(**given | {"more": given["more"].replace(b"?", b"?%d" % number)})
    fake.sends(**given)
    start = time.monotonic()
    with pytest.raises(EndpointError, match=r"^http://[\d.:]+ did not answer within 0\.5 seconds\.$"):
        Remote(fake.url, timeout=0.5, default_graph="").run(QUERY)
    assert time.monotonic() - start < 1


RAW: list[tuple[str, str, str, str]] = [
    ("no last part", QUERY, f"{CHUNKED}{len(BODY):x}\r\n{BODY}\r\n", r"broke off in the middle of its answer\.$"),
    ("no end of triples", CONSTRUCT, START.replace(JSON, "text/turtle") + "\r\n<urn:a> <urn:b> <urn:c> .",
     r"does not say where its answer ends, so it may be only part of it\.$"),
    ("no content", CONSTRUCT, "HTTP/1.1 204 No Content\r\n\r\n", r"answers with HTTP 204, which is no whole answer\.$"),
    ("no type", CONSTRUCT, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", r"with an unnamed type where triples"),
    ("a long reason", QUERY, f"HTTP/1.1 500 \x1b[1m{'x' * 9000}\r\n\r\n", r"answers with HTTP 500 \[1mx{76}…\.$"),
    ("another protocol", QUERY, f"SSH-2.0-\x1b[1m{'x' * 9000}\r\n", r"speak HTTP as it should \(SSH-2.0- \[1mx+…\)\.$"),
    ("a redirect to nowhere", QUERY, "HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n", "not speak HTTP as it should"),
    ("a long redirect", QUERY, f"HTTP/1.1 302 Found\r\nLocation: ftp://a/{'x' * 9000}\r\n\r\n", r"^.{0,200}$"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "reply", "sentence"), [case[1:] for case in RAW], ids=[case[0] for case in RAW])
def test_what_is_not_whole_is_not_believed(fake: Fake, query: str, reply: str, sentence: str) -> None:
    fake.sends(reply)
    with pytest.raises(EndpointError, match=sentence):
        fake.remote.run(query)


def test_what_stands_beside_a_new_address_is_not_read(fake: Fake) -> None:
    fake.sends("HTTP/1.1 302 Found\r\nLocation: /new\r\n\r\n", b"x" * 60_000)
    fake.says(rows())
    assert fake.remote.run(QUERY) == Table(("x",), [])


def test_what_seems_to_stand_in_a_text_ends_no_process(fake: Fake) -> None:
    deep = f"{'<<( <urn:a> <urn:b> ' * 60_000}<urn:c>{' )>>' * 60_000}"
    for before, behind in (
        ("'\"' , ", " , '\"'"),
        ('"\'" , ', ""),
        ("<urn:x#'> , ", ""),
        ("<<" * 300 + '"' + '\\"' * 60_000, ""),
    ):
        fake.replies.clear()
        fake.says(f"<urn:a> <urn:b> {before}{deep}{behind} .", kind="text/turtle")
        with pytest.raises(
            EndpointError, match=r"cut off or broken \(triples stand within triples more than 200 deep\)\.$"
        ):
            fake.remote.run(CONSTRUCT)
    fake.replies.clear()
    fake.says('<urn:a> <urn:b> """' + "cout << 'x\n\" " * 300 + '""" .', kind="text/turtle")
    assert len(fake.remote.run(CONSTRUCT)) == 1  # type: ignore[arg-type]


def test_an_answer_without_end_is_given_up(fake: Fake, run: Run) -> None:
    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Type: {JSON}\r\n\r\n".encode())
        try:
            while True:
                handler.wfile.write(b" " * 60_000)
        except OSError:
            return

    fake.replies.append(endless)
    done = run("query", "--text", QUERY, "--endpoint", f"{fake.url}/sparql", "--default-graph", "", "--memory", "64M")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("of memory that it may take; ask for less, or give it more with --memory.\n")


@pytest.mark.slow
@pytest.mark.parametrize("secret", ["t0ken/+é", "two  words", 'a"b<c>'])
@pytest.mark.parametrize("way", WRITINGS)
def test_credentials_that_a_server_repeats_reach_no_message(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, secret: str, way: Callable[[str], str]
) -> None:
    monkeypatch.setenv("EUAIKG_ENDPOINT_USER", "ann")
    monkeypatch.setenv("EUAIKG_ENDPOINT_PASSWORD", secret)
    said = f"you sent {way(secret)} and {way(base64.b64encode(f'ann:{secret}'.encode()).decode())}"
    plain = said.encode("ascii", "ignore").decode()
    replies: list[dict[str, Any]] = [
        {"body": said, "status": 500, "kind": "text/plain"},
        {"body": "x" * 260 + said, "status": 500, "kind": "text/plain"},
        {"body": {"message": said}, "status": 403, "kind": "application/json"},
        {"body": f"<html><p>{said}</p></html>", "status": 401, "kind": "text/html", "WWW_Authenticate": "Basic"},
        {"body": {"error": said}},
        {"body": said, "kind": "text/html"},
        {"body": {"head": {"vars": [said]}, "results": {"bindings": []}}},
        {"body": rows({"x": {"type": "uri", "value": said}})},
        {"body": rows({"x": {"type": "uri", "value": "x" * 50 + said}})},
        {"body": said, "kind": "text/turtle"},
    ]
    if plain == said:
        replies.append({"body": "", "status": 302, "Location": f"http://localhost:1/{urllib.parse.quote(said)}"})
    for reply in replies:
        fake.replies.clear()
        fake.says(**reply)
        with pytest.raises(EndpointError) as refused:
            fake.remote.run("DESCRIBE <urn:a>" if reply.get("kind") == "text/turtle" else QUERY)
        for hidden in (secret, way(secret), base64.b64encode(f"ann:{secret}".encode()).decode()):
            assert hidden not in str(refused.value), reply
            assert hidden[:6] not in str(refused.value), reply


def test_triples_and_truths_that_are_none(fake: Fake) -> None:
    fake.says("<urn:a> <urn:b> ", kind="application/n-triples")
    with pytest.raises(EndpointError, match=r"answers with application/n-triples that is cut off or broken \(.+\)\.$"):
        fake.remote.run("CONSTRUCT WHERE { ?s ?p ?o }")
    fake.replies.clear()
    fake.says(rows())
    with pytest.raises(EndpointError, match=r"where triples were asked for"):
        fake.remote.run("DESCRIBE <urn:a>")
    with pytest.raises(EndpointError, match=r"answers a yes-or-no question with neither\.$"):
        fake.remote.run("ASK { ?s ?p ?o }")


def test_a_server_that_is_down(run: Run) -> None:
    done = run("query", "documents", "--endpoint", "http://127.0.0.1:9/sparql")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: http://127.0.0.1:9/sparql cannot be reached (Connection refused).\n"


@pytest.mark.slow
@pytest.mark.parametrize("dripping", [None, "headers", "body"])
def test_a_slow_server_is_given_up(fake: Fake, dripping: str | None) -> None:
    pause = threading.Event()  # other tests replace time.sleep

    def slow(handler: http.server.BaseHTTPRequestHandler) -> None:
        if dripping:
            handler.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Type: {JSON}\r\n".encode())
            handler.wfile.write(b"X-Slow: " if dripping == "headers" else b"\r\n")
        for _ in range(30):
            pause.wait(0.1)
            if dripping:
                try:
                    handler.wfile.write(b" ")
                except OSError:
                    return

    fake.replies.append(slow)
    start = time.monotonic()
    with pytest.raises(EndpointError, match=r"did not answer within 0\.5 seconds\.$"):
        Remote(fake.url, timeout=0.5, default_graph="").run(QUERY)
    assert time.monotonic() - start < 2.5


def test_a_busy_server_is_asked_again(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    fake.says("busy", 429, Retry_After="2")
    fake.says("busy", 503, Retry_After="100000")
    fake.says("busy", 503, Retry_After="\xb2")
    fake.says(rows({}))
    remote = Remote(fake.url, timeout=200, default_graph="")
    assert len(remote.select(QUERY)) == 1
    assert pauses == [2.0, LONGEST_PAUSE, 2.0]


def test_a_server_that_stays_busy_is_left_alone(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.says("full", 503, "text/plain", Retry_After="20")
    with pytest.raises(EndpointError, match=r"is busy \(HTTP 503\) and did not answer within 5 seconds\.$"):
        fake.remote.run(QUERY)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(EndpointError, match=r"HTTP 503 Service Unavailable: full$"):
        Remote(fake.url, timeout=200, default_graph="").run(QUERY)
    assert len(fake.seen) == 1 + TRIES


def test_redirects(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.says("", 302, Location="/elsewhere?a=b")
    fake.says(rows({}))
    assert len(fake.remote.select(QUERY)) == 1
    assert fake.seen[-1].path == "/elsewhere?a=b"
    fake.replies.clear()
    fake.says("", 302, Location="/sparql")
    with pytest.raises(EndpointError, match=r"^\S+/sparql answers with HTTP 302 [^\n]*infinite loop\.[^\n]*$"):
        fake.remote.run(QUERY)
    fake.replies.clear()
    fake.says("", 301, Location="https://127.0.0.1:1/sparql")
    with pytest.raises(EndpointError, match=r"redirects to another scheme \(https://127.0.0.1:1/sparql\); that is not"):
        fake.remote.run(QUERY)
    fake.replies.clear()
    fake.says("", 307, Location="/new")
    with pytest.raises(EndpointError, match=r"redirects to http://127.0.0.1:[0-9]+/new; give that address instead\.$"):
        fake.remote.run(f"{QUERY} # {'x' * 3000}")
    monkeypatch.setenv("EUAIKG_ENDPOINT_TOKEN", "s3cret")
    fake.replies.clear()
    fake.says("", 302, Location="http://localhost:1/sparql")
    with pytest.raises(EndpointError, match=r"redirects to another host .* not given the credentials\.$") as refused:
        fake.remote.run(QUERY)
    assert "s3cret" not in str(refused.value)


def test_credentials_come_from_the_environment(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.says(rows())
    monkeypatch.setenv("EUAIKG_ENDPOINT_TOKEN", "t0ken")
    fake.remote.run(QUERY)
    assert fake.seen[-1].headers["Authorization"] == "Bearer t0ken"
    monkeypatch.delenv("EUAIKG_ENDPOINT_TOKEN")
    monkeypatch.setenv("EUAIKG_ENDPOINT_USER", "änn")
    monkeypatch.setenv("EUAIKG_ENDPOINT_PASSWORD", "p:w")
    remote = fake.remote
    fake.replies.clear()
    fake.says("", 401, WWW_Authenticate='Basic realm="x"')
    fake.says(rows())
    remote.run(QUERY)
    remote.run(QUERY)
    basic = "Basic " + base64.b64encode("änn:p:w".encode()).decode()
    assert [seen.headers["Authorization"] for seen in fake.seen[1:]] == [None, basic, basic]
    fake.replies.clear()
    digest = fake.remote
    with pytest.raises(EndpointError, match=r"a Digest login that cannot be given"):
        fake.says("", 401, WWW_Authenticate='Digest realm="x", nonce="n", qop="auth", algorithm=MD5')
        digest.run(QUERY)
    fake.replies.clear()
    monkeypatch.setenv("EUAIKG_ENDPOINT_USER", "ann")
    fake.says("", 401, WWW_Authenticate='Digest realm="x", nonce="n", qop="auth", algorithm=MD5')
    fake.says(rows())
    fake.remote.run(QUERY)
    assert fake.seen[-1].headers["Authorization"].startswith("Digest username=")
    assert 'nonce="n"' in fake.seen[-1].headers["Authorization"]
    fake.replies.clear()
    for odd in ('realm="x", nonce="n", qop="auth-int"', "realm=, nonce=n"):
        fake.says("", 401, WWW_Authenticate=f"Digest {odd}")
        with pytest.raises(EndpointError, match=r"a Digest login that cannot be given"):
            fake.remote.run(QUERY)
        fake.replies.clear()
    fake.says("ann has not p:w", 401, "text/plain", WWW_Authenticate="Basic")
    with pytest.raises(EndpointError, match=r"refuses the credentials given \(HTTP 401\): ann has not …$") as refused:
        fake.remote.run(QUERY)
    assert "p:w" not in str(refused.value)
    monkeypatch.setenv("EUAIKG_ENDPOINT_TOKEN", "two\nlines")
    with pytest.raises(EndpointError, match=r"^EUAIKG_ENDPOINT_TOKEN holds characters that no token has\.$"):
        _ = fake.remote


@pytest.mark.parametrize("kind", ["Basic", "Digest"])
def test_a_large_body_waits_until_the_login_is_known(fake: Fake, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setenv("EUAIKG_ENDPOINT_USER", "ann")
    fake.says("", 401, WWW_Authenticate=f'{kind} realm="x", nonce="n", qop="auth"')
    fake.says(rows())
    query = f"{QUERY} # {'x' * LARGE}"
    fake.remote.run(query)
    assert [(seen.method, (seen.headers["Authorization"] or "").split(" ")[0]) for seen in fake.seen] == [
        ("GET", ""),
        ("POST", kind),
    ]
    assert fake.seen[1].parameters == {"query": [query]}


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org", "is not the address of a server"),
        ("example.org/sparql", "is not the address of a server"),
        ("http://example.org/a b", "is not the address of a server"),
        ("http://[x", "is not the address of a server"),
        ("http://example.org:x/", r"server; its port is no number from 1 to 65535\.$"),
        ("http://127.0.0.1:99999/ok", r"server; its port is no number from 1 to 65535\.$"),
        ("http://127.0.0.1:0/", r"server; its port is no number from 1 to 65535\.$"),
        ("http://me:pw@example.org/", "must not hold a user or password"),
    ],
)
def test_addresses_that_cannot_be_asked(url: str, sentence: str) -> None:
    with pytest.raises(EndpointError, match=sentence) as refused:
        Remote(url)
    assert "pw" not in str(refused.value).replace("password", "")


def test_a_publication_that_breaks_off_says_how_far_it_came(fake: Fake) -> None:
    store = Store()
    for number in range(3):
        name = NamedNode(f"https://w3id.org/euaikg/graph/a#{number}")
        store.add(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(number), name))
    target = Target(fake.url + "/query", None, fake.url + "/store")
    fake.says({"head": {"vars": ["g", "n"]}, "results": {"bindings": []}})
    fake.says({"head": {}, "boolean": True})
    for _ in range(3):
        fake.says("", 204)
    fake.says("disk full", 507, "text/plain")
    with pytest.raises(
        PublishError, match=r"HTTP 507 .*: disk full. So far it loaded 2 of 3 named graphs, but not the d"
    ):
        publish(store, target, default_graph="urn:default")
    assert fake.seen[2].headers["User-Agent"].startswith("euaikg/")
    assert [urllib.parse.unquote(seen.path) for seen in fake.seen[2:4]] == [
        "/store?graph=https://w3id.org/euaikg/graph/publication/begun",
        "/store?graph=https://w3id.org/euaikg/graph/a#0",
    ]
    assert "This graph is being loaded" in fake.seen[2].body
    fake.replies.clear()
    fake.says({"head": {"vars": ["g", "n"]}, "results": {"bindings": []}})
    fake.says({"head": {}, "boolean": True})
    for _ in range(5):
        fake.says("", 204)
    fake.says({"head": {"vars": ["g", "n"]}, "results": {"bindings": []}})
    fake.says(
        {"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "0"}}]}},
    )
    with pytest.raises(PublishError, match=r"took everything but does not hold it all: .*a#0 \(0 of 1\)"):
        publish(store, target, default_graph="https://w3id.org/euaikg/graph/copy")


NOTHING: dict[str, object] = {"head": {"vars": ["g", "n"]}, "results": {"bindings": []}}
NONE: dict[str, object] = {
    "head": {"vars": ["n"]},
    "results": {"bindings": [{"n": {"type": "literal", "value": "0"}}]},
}
BROKEN: list[tuple[str, int, str]] = [
    ("the probe", 1, r"^http://.* HTTP 500 .*: broken$"),
    ("its answer", 2, r"^http://.* HTTP 500 .*: broken$"),
    (
        "removing it",
        3,
        r": broken\. Nothing was loaded, but one triple .* may stand in the graph .*/graph/probe; run it ag",
    ),
    ("the mark", 5, r": broken\. So far it loaded 0 of 1 named graph, but not the default graph; run it again\.$"),
    ("the count", 8, r": broken\. So far it loaded 1 of 1 named graph, and the default graph, but they could not be"),
]


@pytest.mark.parametrize(("step", "sentence"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_whatever_breaks_says_what_was_changed(fake: Fake, step: int, sentence: str) -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(1), NamedNode("https://w3id.org/euaikg/graph/a")))
    truth: dict[str, object] = {"head": {}, "boolean": False}
    replies: list[dict[str, object] | str] = [NOTHING, "", truth, "", NONE, "", "", "", NOTHING]
    for number, body in enumerate(replies):
        if number == step:
            fake.says("broken", 500, "text/plain")
        else:
            fake.says(body)
    with pytest.raises(PublishError if step > 2 else EndpointError, match=sentence):
        publish(store, Target(fake.url + "/query", None, fake.url + "/store"))
    assert [seen.method for seen in fake.seen[1:4]][2:] == ["DELETE"] * (step > 1)


@pytest.mark.slow
def test_publishing_that_is_interrupted_says_what_was_changed(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    fake.says(NOTHING)
    fake.says({"head": {}, "boolean": True})
    monkeypatch.setattr(Server, "load", stop)
    monkeypatch.setattr(cli, "silence", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main(
            ["publish", "--endpoint", fake.url, "--graph-store", fake.url + "/store", "--default-graph", "urn:default"]
        )
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (130, "")
    assert re.fullmatch(
        r"Error: Interrupted\. So far it loaded 0 of [\d\s]+ named graphs, but not the default graph; run it again\.\n",
        said.err,
    )
