"""The server as its clients meet it: over loopback HTTP, from a process of its own."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from euaikg.core.vocab import BASE, GRAPH

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


class Got(NamedTuple):
    """What a server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get_content_type()

    @property
    def detail(self) -> str:
        """The sentence of a problem document, which an answer that is none has to be."""
        assert self.kind == "application/problem+json", (self.status, self.kind, self.body[:200])
        told = json.loads(self.body)
        assert told["status"] == self.status
        return str(told["detail"])


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address
        parts = urlsplit(address)
        self.host, self.port, self.path = str(parts.hostname), int(parts.port or 0), parts.path

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Got:
        """Return what the server says to a request; in names of headers ``_`` stands for ``-``."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, self.path + path, body, named)
            response = connection.getresponse()
            return Got(response.status, response.headers, response.read())
        finally:
            connection.close()

    def post(self, text: str | bytes, headers: Mapping[str, str] = FORM, path: str = "sparql", **more: str) -> Got:
        return self.get(path, "POST", text.encode() if isinstance(text, str) else text, **headers, **more)

    def sparql(self, query: str, accept: str = "*/*", /, **more: Any) -> Got:
        return self.get(f"sparql?{urlencode({'query': query, **more}, doseq=True)}", Accept=accept)

    def json(self, path: str, **values: Any) -> Any:
        found = self.get(f"{path}?{urlencode(values, doseq=True)}")
        assert found.status == 200, found.body
        return json.loads(found.body)


@contextmanager
def serving(*options: str, **settings: str) -> Iterator[Served]:
    """Run ``euaikg serve`` with ``options`` for the time of the block."""
    command = [sys.executable, "-m", "euaikg", "serve", "--port", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings}, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Served(process, process.stdout.readline().strip())
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def served(built: Any) -> Iterator[Served]:  # noqa: ARG001  # the graph is built before
    """A server over the shipped graph."""
    with serving() as server:
        yield server


def truth(found: Got) -> bool:
    assert found.status == 200, found.body
    answer = parse_query_results(found.body, QueryResultsFormat.from_media_type(found.kind))
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


def values(found: Got) -> list[str]:
    """Return the values of the first column of an answer."""
    assert found.status == 200, found.body
    answer = parse_query_results(found.body, QueryResultsFormat.from_media_type(found.kind))
    assert isinstance(answer, QuerySolutions)
    return [row[0].value for row in answer]


# The W3C's protocol tests that concern reading, by what each describes.


def test_protocol_query_by_get(served: Served) -> None:
    assert truth(served.get("sparql?query=ASK%20%7B%7D")) is True


def test_protocol_query_by_post_of_a_form(served: Served) -> None:
    assert truth(served.post("query=ASK%20%7B%7D")) is True


def test_protocol_query_by_post_of_the_text(served: Served) -> None:
    assert truth(served.post("ASK {}", DIRECT)) is True


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("SELECT (1 AS ?value) {}", {"application/sparql-results+xml", "application/sparql-results+json",
                                     "text/tab-separated-values", "text/csv"}),
        ("ASK {}", {"application/sparql-results+xml", "application/sparql-results+json"}),
        (f"DESCRIBE <{BASE}id/body/ai-office>", {"application/rdf+xml", "application/rdf+json", "text/turtle"}),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", {"application/rdf+xml", "application/rdf+json", "text/turtle"}),
    ],
)  # fmt: skip
def test_protocol_content_types(served: Served, query: str, kinds: set[str]) -> None:
    query = query.replace("<s>", "<http://x/s>").replace("<p>", "<http://x/p>")
    for found in (served.sparql(query), served.post(urlencode({"query": query})), served.post(query, DIRECT)):
        assert found.status == 200
        assert found.kind in kinds


def test_protocol_bad_method(served: Served) -> None:
    found = served.get("sparql?query=ASK%20%7B%7D", "PUT")
    assert found.status == 405
    assert {"GET", "POST"} <= {*found.headers["Allow"].replace(" ", "").split(",")}
    assert "PUT" in found.detail


def test_protocol_more_than_one_query(served: Served) -> None:
    assert served.get("sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D").status == 400
    assert served.post("query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D").status == 400


def test_protocol_wrong_media_type(served: Served) -> None:
    found = served.post("ASK {}", {"Content-Type": "text/plain"})
    assert found.status == 415
    assert "application/sparql-query" in found.detail


def test_protocol_form_without_media_type(served: Served) -> None:
    assert served.post("query=ASK%20%7B%7D", {}).status == 415


def test_protocol_text_without_media_type(served: Served) -> None:
    assert served.post("ASK {}", {}).status == 415


def test_protocol_text_that_is_not_utf_8(served: Served) -> None:
    assert served.post("ASK {}".encode("utf-16"), DIRECT).status == 400
    charset = {"Content-Type": "application/sparql-query; charset=UTF-16"}
    assert served.post("ASK {}".encode("utf-16"), charset).status == 415


def test_protocol_wrong_syntax(served: Served) -> None:
    found = served.sparql("ASK {")
    assert found.status == 400
    assert "not valid SPARQL" in found.detail


# The same for data sets: the protocol tests load their graphs first, these name the ones that are here.

ONE, TWO = GRAPH + "entities", GRAPH + "codelists"
IN_ONE, IN_TWO = f"<{BASE}id/body/ai-office> a ?kind", f"<{BASE}id/modality/planned> a ?kind"
DATASETS = [
    ([ONE], [], IN_ONE, True),
    ([ONE], [], IN_TWO, False),
    ([ONE, TWO], [], f"{IN_ONE} . {IN_TWO.replace('?kind', '?other')}", True),
    ([], [ONE], IN_ONE, False),
    ([], [ONE, TWO], f"GRAPH <{ONE}> {{ {IN_ONE} }} GRAPH <{TWO}> {{ {IN_TWO.replace('?kind', '?other')} }}", True),
    ([ONE], [TWO], f"{IN_ONE} GRAPH ?g {{ {IN_TWO.replace('?kind', '?other')} }}", True),
    ([ONE], [TWO], f"GRAPH ?g {{ {IN_ONE} }}", False),
]


@pytest.mark.parametrize(("default", "named", "pattern", "wanted"), DATASETS)
def test_protocol_datasets(served: Served, default: list[str], named: list[str], pattern: str, wanted: bool) -> None:
    graphs: dict[str, Any] = {"default-graph-uri": default, "named-graph-uri": named}
    query = f"ASK {{ {pattern} }}"
    assert truth(served.sparql(query, **graphs)) is wanted
    assert truth(served.post(urlencode({"query": query, **graphs}, doseq=True))) is wanted
    path = f"sparql?{urlencode(graphs, doseq=True)}"
    assert truth(served.post(query, DIRECT, path)) is wanted
    other = f"ASK FROM <{GRAPH}ontology> FROM NAMED <{GRAPH}ontology> {{ {pattern} }}"  # the protocol counts more
    assert truth(served.sparql(other, **graphs)) is wanted


def test_no_graph_is_fetched(served: Served) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        found = served.sparql("ASK {}", **{name: served.address + "ontology.ttl"})
        assert found.status == 400
        assert "none is fetched" in found.detail
        assert served.sparql("ASK {}", **{name: "no iri"}).status == 400


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"query": "INSERT DATA { <http://x/s> <http://x/p> 1 }"}, 400),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, 400),
        ({"update": "CLEAR ALL"}, 403),
        ({"query": "LOAD <http://127.0.0.1:9/>"}, 400),
    ],
)
def test_nothing_is_written_and_nobody_is_asked(served: Served, request_: dict[str, str], status: int) -> None:
    assert served.get(f"sparql?{urlencode(request_)}").status == status
    assert served.post(urlencode(request_)).status == status
    assert served.post("CLEAR ALL", {"Content-Type": "application/sparql-update"}).status == 403


FORMS = {
    "json": "application/sparql-results+json", "xml": "application/sparql-results+xml", "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_rows_in_every_format_by_accept_and_by_name(served: Served, form: str) -> None:
    query = "SELECT ?name { <https://w3id.org/euaikg/id/body/ai-office> skos:prefLabel ?name } ORDER BY ?name"
    by_accept = served.sparql(query, FORMS[form])
    by_name = served.sparql(query, format=form)
    assert by_accept.kind == by_name.kind == FORMS[form]
    assert by_accept.body == by_name.body
    if form == "csv":
        assert next(csv.reader(io.StringIO(by_accept.body.decode()))) == ["name"]
    else:
        assert "European AI Office" in values(by_accept)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("turtle", "text/turtle"),
        ("ntriples", "application/n-triples"),
        ("rdfxml", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
    ],
)
def test_triples_in_every_format(served: Served, form: str, kind: str) -> None:
    query = "DESCRIBE <https://w3id.org/euaikg/id/body/ai-office>"
    found = served.sparql(query, kind)
    assert found.kind == kind
    assert found.body == served.sparql(query, format=form).body
    if form != "jsonld":
        assert len(list(parse(found.body, format=RdfFormat.from_media_type(kind)))) > 10
    else:
        assert "@context" in json.loads(found.body) or "@graph" in json.loads(found.body)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/sparql-results+xml;q=0.5, text/csv;q=0.9", "text/csv"),
        ("text/*", "text/csv"),
        ("application/json", "application/json"),
        ("image/png, */*;q=0.1", "application/sparql-results+json"),
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("nonsense;q=x", "application/sparql-results+json"),
    ],
)
def test_the_format_liked_best_is_given(served: Served, accept: str, kind: str) -> None:
    found = served.sparql("SELECT (1 AS ?x) {}", accept)
    assert (found.status, found.kind) == (200, kind)
    assert "Accept" in found.headers["Vary"]


def test_a_format_that_is_not_there_is_406(served: Served) -> None:
    for found in (
        served.sparql("ASK {}", "image/png"),
        served.sparql("SELECT * {}", "text/turtle"),
        served.sparql("SELECT * {}", format="turtl"),
        served.sparql("DESCRIBE <http://x/>", "text/csv"),
    ):
        assert found.status == 406
        assert "can be had as" in found.detail


def test_head_says_what_get_says_without_the_body(served: Served) -> None:
    for path in ("sparql?query=ASK%7B%7D", "api/questions/figures", "health", "id/body/ai-office.ttl"):
        got, head = served.get(path), served.get(path, "HEAD")
        assert head.status == got.status == 200
        assert head.body == b""
        for name in ("Content-Type", "Content-Length", "ETag"):
            assert head.headers[name] == got.headers[name], (path, name)


def test_other_sites_may_ask_and_send_no_cookies(served: Served) -> None:
    found = served.get("sparql?query=ASK%7B%7D", Origin="https://example.org")
    assert found.headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert found.headers["Access-Control-Allow-Credentials"] is None
    asked: Any = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "content-type"}
    before = served.get("sparql", "OPTIONS", Origin="https://example.org", **asked)
    assert before.status == 200
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert served.sparql("ASK {", "*/*").headers["Access-Control-Allow-Origin"] == "*"


def test_the_service_describes_itself(served: Served) -> None:
    for kind in ("text/turtle", "application/n-triples", "application/rdf+xml"):
        found = served.get("sparql", Accept=kind)
        assert found.kind == kind
        said = {(q.subject.value, re.split("[#/]", q.predicate.value)[-1]): q.object.value
                for q in parse(found.body, format=RdfFormat.from_media_type(kind))}  # fmt: skip
        endpoint = f"{served.address}sparql"
        assert said[endpoint, "endpoint"] == endpoint
        assert int(said[f"{endpoint}#default-graph", "triples"]) > 50_000
    assert served.get("sparql", Accept="image/png").status == 406


def test_the_command_line_asks_the_server(served: Served, run: Any) -> None:
    ours = run("query", "office-holders", "--format", "csv")
    theirs = run("query", "office-holders", "--format", "csv", "--endpoint", f"{served.address}sparql")
    assert theirs.returncode == 0, theirs.stderr
    assert theirs.stdout == ours.stdout


def test_an_address_that_is_taken_is_told_in_one_sentence(served: Served, run: Any) -> None:
    done = run("serve", "--port", str(served.port))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Address already in use" in done.stderr
    for words in (["--host", "192.0.2.1"], ["--root-path", "a/b/"], ["--memory", "much"]):
        done = run("serve", "--port", "0", *words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


def test_an_iri_that_is_none_is_not_found(served: Served) -> None:
    assert served.get(f"id/{quote('a b<>')}/x.ttl").status == 404
