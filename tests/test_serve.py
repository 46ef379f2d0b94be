"""The server as its clients meet it: over loopback HTTP, from a process of its own."""

from __future__ import annotations

import csv
import html
import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from euaikg.core.vocab import BASE, EUAI, GRAPH, SKOS
from tests.conftest import Run, program

T = TypeVar("T")

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
        connection = http.client.HTTPConnection(self.host, self.port, timeout=150)
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
    with running([sys.executable, "-m", "euaikg", "serve", "--port", "0", *options], **settings) as server:
        yield server


@contextmanager
def running(command: list[str], **settings: str) -> Iterator[Served]:
    """Run ``command``, a server that prints its address, for the time of the block."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings}, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Served(process, process.stdout.readline().strip())
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module")
def served(built: Any) -> Iterator[Served]:  # noqa: ARG001  # the graph is built before
    """A server over the shipped graph, which has time on a machine with other work too."""
    with serving("--timeout", "60") as server:
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


# The stored questions as a web API.


def test_an_answer_says_what_it_is(served: Served) -> None:
    whole = served.json("api/questions/figures")
    assert whole["complete"] == "complete"
    assert whole["next"] is None
    assert whole["total"] == len(whole["rows"]) > 20
    assert set(whole["rows"][0]) == set(whole["columns"])
    asked = served.json("api/questions/figures", thing=["AI-bureau", "GenAI4EU"], asOf="2024", lang="nl")
    things = [f"{BASE}id/body/ai-office", f"{BASE}id/initiative/genai4eu"]
    assert asked["asked"] == {"thing": things, "asOf": ["2024-12-31"], "lang": ["nl"]}
    assert {row["thing"] for row in asked["rows"]} <= set(things)


@pytest.mark.slow
def test_pages_of_an_answer_are_the_answer(served: Served) -> None:
    whole, found, path = served.json("api/questions/figures"), [], "?limit=97&lang=en"
    while path:
        page = json.loads(served.get("api/questions/figures" + path).body)
        assert page["total"] == whole["total"]
        assert page["complete"] == ("cut" if page["next"] else "complete")
        found += page["rows"]
        path = page["next"]
    assert found == whole["rows"]
    got = served.get("api/questions/figures?format=csv&limit=2&offset=1")
    assert (got.headers["X-Complete"], got.headers["X-Total-Count"]) == ("cut", str(whole["total"]))
    assert got.headers["Link"] == '<?format=csv&limit=2&offset=3>; rel="next"'
    assert len(list(csv.reader(io.StringIO(got.body.decode())))) == 3
    beyond = served.json("api/questions/figures", offset=9999)
    assert (beyond["rows"], beyond["complete"], beyond["total"]) == ([], "complete", whole["total"])


@pytest.mark.slow
def test_an_empty_answer_says_why(served: Served) -> None:
    notes: list[str] = []
    for day in range(1, 9):  # on a busy machine the time for a reason may be over
        empty = served.json("api/questions/figures", thing="GenAI4EU", asOf=f"2020-01-0{day}")
        assert (empty["rows"], empty["complete"], empty["total"]) == ([], "complete", 0)
        notes.append(empty["notes"][0])
        if notes[-1].startswith("No document up to"):
            return
    pytest.fail(f"{notes}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("questions/figurs", 404, "Nearest: figures"),
        ("questions/figures?tihng=x", 400, "it has: thing"),
        ("questions/figures?thing=GenAI5EU!", 400, "GenAI4EU"),
        ("questions/figures?asOf=2024-02-30", 400, "2024-02-29"),
        ("questions/figures?asOf=2024&asOf=2025", 400, "takes one value"),
        ("questions/figures?limit=0", 400, "not a number from 1"),
        ("questions/figures?limit=1&limit=2", 400, "give it once"),
        ("questions/figures?format=turtle", 406, "can be had as json"),
        ("questions/describe-thing?format=csv", 406, "can be had as json"),
        ("questions/at-stage?status=lunched", 400, "launched"),
        ("questions?tag=moeny", 400, "the tags are"),
        ("things/Nobody%20at%20all", 404, "Nothing in the graph is called"),
        ("things/AI%20Office?land=nl", 400, "there are lang"),
        ("search", 400, "text: it is needed"),
        ("search?text=x&kind=nonsense", 400, "nonsense"),
        ("ask?text=", 400, "text: it is needed"),
        ("verify?thing=AI+Act", 400, "says: it is needed"),
        ("nonsense", 404, "nothing at"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(served: Served, path: str, status: int, sentence: str) -> None:
    found = served.get(f"api/{path}")
    assert found.status == status
    assert sentence in found.detail
    assert found.headers["ETag"] is None
    assert found.headers["Cache-Control"] == "no-store"


@pytest.mark.slow
def test_the_other_ways_to_ask(served: Served) -> None:
    card = served.json("api/things/AI%20Office", section="who", lang="nl")
    assert card["iri"] == f"{BASE}id/body/ai-office"
    assert served.json("api/things/body:ai-office", cite="true")["sources"][0]["citation"]
    found = served.json("api/search", text="supercomputer", limit=2)
    assert (len(found["results"]), found["complete"]) == (2, "cut")
    assert served.json("api/search" + found["next"].partition("?")[0], text="zzzzqq")["total"] == 0
    asked = served.json("api/ask", text="who funds GenAI4EU")
    assert asked["sure"]
    assert served.get(f"api/{asked['candidates'][0]['href']}").status == 200
    shown = served.json("api/ask", text="what is the AI Office")["candidates"][0]
    assert served.get(f"api/{shown['href']}").status == 200
    verdict = served.json("api/verify", thing="AI Act", says="in force", value="2024-08-01")
    assert verdict["verdict"] == "stated"
    listed = served.json("api/questions", tag="money")
    assert {"figures", "who-funds-what"} & {one["name"] for one in listed}
    assert served.get("api").headers["Location"] == "api/"
    for way in json.loads(served.get("api/").body).values():
        assert way[0].isdigit() or served.get(f"api/{way}").status == 200, way


def test_formats_of_questions(served: Served) -> None:
    for form, kind in {
        "csv": "text/csv", "tsv": "text/tab-separated-values", "xml": "application/sparql-results+xml",
        "sparql-json": "application/sparql-results+json", "markdown": "text/markdown", "md": "text/markdown",
        "bibtex": "application/x-bibtex", "ris": "application/x-research-info-systems",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }.items():  # fmt: skip
        assert served.get(f"api/questions/figures?thing=AI+Office&format={form}").kind == kind
    cited = served.get("api/questions/figures?thing=AI+Office&format=csv&cite=true").body.decode()
    assert "citation" in cited.splitlines()[0]
    assert served.get("api/questions/describe-thing", Accept="application/ld+json").kind == "application/ld+json"
    assert served.json("api/questions/describe-thing")["columns"] == ["subject", "predicate", "object"]


def test_the_api_describes_itself(served: Served) -> None:
    told = served.json("api/openapi.json")
    assert told["openapi"].startswith("3.1")
    questions = [path for path in told["paths"] if path.startswith("/questions/")]
    assert len(questions) == len(served.json("api/questions"))
    assert len({way["get"]["operationId"] for way in told["paths"].values()}) == len(told["paths"])
    of = {one["name"]: one for one in told["paths"]["/questions/figures"]["get"]["parameters"]}
    assert of["thing"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert of["asOf"]["schema"]["type"] == "string"
    assert any(one["schema"].get("format") == "date" for way in told["paths"].values() for one in
               way["get"]["parameters"])  # fmt: skip
    assert "planned" in {
        code for way in told["paths"].values() for one in way["get"]["parameters"] if one["name"] == "modality"
        for code in one["schema"]["items"]["enum"]
    }  # fmt: skip
    for path, way in told["paths"].items():
        for one in way["get"]["parameters"]:
            if "enum" in one["schema"].get("items", one["schema"]) and "example" in one:
                assert one["example"] in one["schema"].get("items", one["schema"])["enum"], (path, one)


def test_what_has_not_changed_is_not_sent_again(served: Served) -> None:
    for path in ("api/questions/figures?thing=AI+Office", "sparql?query=ASK%7B%7D", "id/body/ai-office.ttl"):
        first = served.get(path)
        assert "max-age" in first.headers["Cache-Control"]
        again = served.get(path, If_None_Match=f'"other", {first.headers["ETag"]}')
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert served.get(path, If_None_Match='"other"').body == first.body
        packed = served.get(path, Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == ("gzip" if len(first.body) >= 500 else None)
        assert "Accept-Encoding" in packed.headers["Vary"] or len(first.body) < 500
    other = served.get("api/questions/figures?thing=AI+Office", Accept="text/csv")
    assert other.headers["ETag"] != served.get("api/questions/figures?thing=AI+Office").headers["ETag"]
    chance = served.sparql("SELECT (RAND() AS ?x) {}")
    assert (chance.headers["Cache-Control"], chance.headers["ETag"]) == ("no-store", None)
    assert chance.body != served.sparql("SELECT (RAND() AS ?x) {}").body


def test_own_sparql_says_what_it_can_know(served: Served) -> None:
    for query, complete, total in (
        ("SELECT ?s { ?s a euai:Call } LIMIT 2", "unknown", "2"),
        ("SELECT (1 AS ?x) {}", "complete", "1"),
    ):
        found = served.sparql(query)
        assert (found.headers["X-Complete"], found.headers["X-Total-Count"]) == (complete, total)


# Things as RDF.


@pytest.mark.slow
@pytest.mark.parametrize("path", ["id/body/ai-office", "source/com-2024-28", "source/com-2024-28/en", "ontology",
                                  "id/modality", "query/figures"])  # fmt: skip
def test_a_thing_leads_to_what_speaks_of_it(served: Served, path: str) -> None:
    for accept, suffix, form in (
        ("*/*", "ttl", RdfFormat.TURTLE),
        ("text/turtle", "ttl", RdfFormat.TURTLE),
        ("application/n-triples", "nt", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "rdf", RdfFormat.RDF_XML),
        ("application/ld+json", "jsonld", None),
        ("text/html,*/*;q=0.5", "html", None),
    ):
        to = served.get(path, Accept=accept)
        assert to.status == 303, to.body
        assert to.headers["Location"] == f"{path.rpartition('/')[2]}.{suffix}"
        if suffix == "html":
            continue
        found = served.get(f"{path}.{suffix}", Accept="image/png")
        assert found.status == 200
        if form:
            assert any(quad.subject.value.startswith(f"{BASE}{path}") for quad in parse(found.body, format=form))
    assert served.get(path, Accept="image/png").status == 406


def test_what_is_no_thing_is_not_found(served: Served) -> None:
    for path in ("id/body/nobody", "id/body/nobody.ttl", "source/none.jsonld", "query/none", "id/", "shape/none"):
        assert served.get(path).status == 404, path
    then = served.get("id/body/ai-office.ttl?as_of=2023-01-01").body
    assert len(then) < len(served.get("id/body/ai-office.ttl").body)


# What runs away, what is too much, and how it ends.

KIND = "<https://w3id.org/euaikg/ontology#Passage>"
CROSS = (
    f"SELECT (COUNT(*) AS ?n) {{{{ ?a a {KIND} . ?b a {KIND} . ?c a {KIND} . ?d a {KIND} FILTER(?a != ?d) }}}} # {{}}"
)
LOOKUP = "SELECT ?name {{ <https://w3id.org/euaikg/id/body/ai-office> skos:prefLabel ?name }} # {}"


@pytest.fixture(scope="module")
def short(built: Any) -> Iterator[Served]:  # noqa: ARG001
    """A server that stops queries soon, and gives them little memory."""
    with serving("--timeout", "2", "--memory", "100M") as server:
        server.get("health")
        yield server


def at_once(number: int, work: Callable[[int], T]) -> list[tuple[T, float]]:
    """Do ``work`` with each number below ``number`` at once; return what it returned, and after how many seconds."""

    def timed(one: int) -> tuple[T, float]:
        start = time.perf_counter()
        return work(one), time.perf_counter() - start

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(timed, range(number)))


@pytest.mark.slow
def test_what_runs_away_is_stopped_while_others_are_served(short: Served) -> None:
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(at_once, 1, lambda _, one=one: short.sparql(CROSS.format(one))) for one in range(2)]
        time.sleep(0.3)
        lookups = []
        while not all(one.done() for one in running):
            start = time.perf_counter()
            assert short.sparql(LOOKUP.format(start)).status == 200
            lookups.append(time.perf_counter() - start)
    for ((found, seconds),) in (one.result() for one in running):
        assert found.status == 504
        assert "stopped after 2 seconds" in found.detail
        assert 1.9 < seconds < 10  # left alone, each runs for hours
    assert len(lookups) > 5
    assert sorted(lookups)[len(lookups) // 2] < 1  # benchmarks/serve.py has the times


@pytest.mark.slow
def test_what_is_too_much_waits_and_then_is_told_when_to_come_back(short: Served) -> None:
    found = [one for one, _ in at_once(24, lambda one: short.sparql(CROSS.format(f"many {one}")))]
    assert {one.status for one in found} == {503, 504}
    for one in found:
        assert one.status == 504 or int(one.headers["Retry-After"]) > 0
    assert truth(short.sparql("ASK {}")) is True
    assert "euaikg_queries_running 0\n" in short.get("metrics").body.decode()


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_what_takes_too_much_memory_or_is_too_deep_leaves_others_alone() -> None:
    large = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f LIMIT 1"
    deep = "ASK { " + "{ " * 20_000 + "} " * 20_000 + "}"
    with serving("--timeout", "120", "--memory", "100M") as server:  # on a busy machine memory takes time to fill
        for query, sentence in ((large, "needs more memory"), (deep, "nested too deep")):
            found = server.post(query, DIRECT)
            assert (found.status, sentence in found.detail) == (400, True), found.body
            assert truth(server.sparql("ASK {}")) is True


@pytest.mark.slow
def test_fifty_clients_lose_nothing(served: Served) -> None:
    def client(number: int) -> list[int]:
        found: list[int] = []
        until = time.perf_counter() + 3
        while time.perf_counter() < until or not found:
            asked = f"api/questions/office-holders?limit={number % 7 + 1}", f"sparql?query=ASK%7B%7D%23{number}"
            got = served.get(asked[number % 2])
            assert len(got.body) == int(got.headers["Content-Length"])
            found.append(got.status)
        return found

    statuses = {status for found, _ in at_once(50, client) for status in found}
    assert statuses == {200}


@pytest.mark.slow
@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_ends_at_once_with_all_its_processes(built: Any, signal_: signal.Signals) -> None:  # noqa: ARG001
    with serving("--timeout", "60") as server:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(lambda: server.sparql(CROSS.format("end")))
            time.sleep(1)
            start = time.perf_counter()
            server.process.send_signal(signal_)
            server.process.wait(60)
            assert time.perf_counter() - start < 9  # the query has a minute
            with suppress(OSError, http.client.HTTPException):
                running.result()
        until = time.perf_counter() + 10  # a process that copies the graph looks up when it is done
        while group(server.process.pid) and time.perf_counter() < until:
            time.sleep(0.1)
        assert not group(server.process.pid)


def group(number: int) -> list[str]:
    """Return the processes of the group ``number`` that have not ended."""
    found = subprocess.run(["ps", "-o", "stat=,args=", "-g", str(number)], capture_output=True, text=True, check=False)
    return [line for line in found.stdout.splitlines() if not line.startswith("Z")]


# Hostile requests.


def raw(served: Served, sent: bytes, wait: float = 15) -> bytes:
    """Return all that the server says to the bytes ``sent``."""
    with socket.create_connection((served.host, served.port), timeout=wait) as connection:
        with suppress(OSError):
            connection.sendall(sent)
        got = b""
        with suppress(OSError):
            while piece := connection.recv(65536):
                got += piece
        return got


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "id/..%2f..%2fetc%2fpasswd", "id/%00", "%00",
        "id/body/%FF%FE.ttl",
        "api/questions/..%2F..%2Fpyproject", "api/questions/%00", "api/things/%00", "sparql?query=%FF",
        "sparql?query=%00",
        "api/questions/figures?thing=%ED%A0%80", "api/questions/figures?%FF=1", "api/search?text=%00%FF",
        "ontology.%2e",
        "api/search?text=" + "x" * 5000, "api/questions/figures?" + "&".join(["thing=x"] * 300),
        "id/body/" + "a/" * 500,
        "api/questions/figures?asOf=%F0%9F%98%80", "sparql?query=ASK%7B%7D&format=%0D%0AX-Evil%3A1", "//evil.example/",
        "api/questions/figures?limit=99999999999999999999", "api/questions/figures?offset=-1", "id/%3Cscript%3E.ttl",
        "source/x%0D%0ASet-Cookie:a=b", "api/ask?text=%E2%80%AE", "api/verify?thing=AI+Act&says=%00&value=%00",
    ],
)  # fmt: skip
def test_hostile_paths_are_refused_in_a_sentence(served: Served, path: str) -> None:
    got = raw(served, f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    head, _, body = got.partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1])
    assert status < 500, got[:300]
    assert b"root:" not in body
    assert b"X-Evil" not in head
    assert b"Set-Cookie" not in head
    assert status in (200, 303) or json.loads(body)["detail"]


HOSTILE = (
    b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(100)) + b"\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/questions HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"GET /sparql HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b;q=0.1," * 2000 + b"\r\nConnection: close\r\n\r\n",
    b"BREW /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
)
SLOW = (
    b"",
    b"GET / HTTP/1.1\r\nHost: x\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nASK",
)


@pytest.mark.slow
def test_hostile_heads_are_refused_and_who_is_slow_is_left(served: Served) -> None:
    every = HOSTILE + SLOW  # at once, since the server waits ten seconds for the rest
    found = at_once(len(every), lambda one: raw(served, every[one], 25))
    for sent, (got, seconds) in zip(every, found, strict=True):
        if sent in SLOW:
            assert 5 < seconds < 20
            assert got == b"" or b" 408 " in got
        else:
            assert got == b"" or 400 <= int(got.split(b" ")[1]) < 500, (sent[:60], got[:200])
    assert truth(served.sparql("ASK {}")) is True


def test_what_is_too_large_is_refused(served: Served) -> None:
    found = served.post(b"query=" + b"x" * (2 << 20))
    assert found.status == 413
    chunks = b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n"
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    assert b" 413 " in raw(served, head + chunks)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "POST"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    for path in ("api/questions/figures", "id/body/ai-office.ttl", "health", "nonsense"):
        found = served.get(path, method)
        assert found.status == 405
        assert "GET" in found.headers["Allow"]
        assert method in found.detail


def test_answers_are_what_they_say_and_run_nothing(served: Served) -> None:
    for path in ("health", "metrics", "api/", "sparql?query=x", "id/body/ai-office.ttl", "nothing"):
        found = served.get(path)
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in found.headers["Content-Security-Policy"]
        assert found.headers["Server"] is None
    assert served.get("id/body/ai-office.ttl", X_Forwarded_Proto="https", X_Forwarded_For="1.2.3.4").status == 200
    described = served.get("sparql", Accept="application/ld+json", X_Forwarded_Proto="https")
    assert f'"{served.address}' in described.body.decode()


# Pages, and where the server may stand.


@pytest.mark.slow
def test_pages_are_those_of_a_release(served: Served) -> None:
    people: Any = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, holds in {
        "": "euaikg",
        "nl/": 'lang="nl"',
        "id/body/ai-office.html": "European AI Office",
        "nl/id/body/ai-office.html": "Europees AI-bureau",
        "question/figures.html?thing=AI+Office&lang=": "specialists",
        "search.html?q=supercomputr": "upercomputer",
        "id/body/ai-office.html?as-of=2024-12-31": "European AI Office",
    }.items():
        found = served.get(path, **people)
        assert (found.status, found.kind) == (200, "text/html")
        assert holds in found.body.decode()
    wrong = {"nothing.html": 404, "id/body/nobody.html": 404, "question/figures.html?asOf=2024-02-30": 400}
    for path, status in wrong.items():
        found = served.get(path, **people)
        assert (found.status, found.kind) == (status, "text/html")
        assert '<p class="note">' in found.body.decode()
        assert served.get(path).detail
    assert served.get("sparql", **people).headers["Location"] == "sparql.html"
    for name, kind in {"style.css": "text/css", "search-nl.json": "application/json", "icon.svg": "image/svg+xml",
                       "queries/figures.rq": "application/sparql-query"}.items():  # fmt: skip
        assert served.get(name).kind == kind
    assert served.get("answers/figures.csv?thing=AI+Office&asOf=2025-12-31").body.count(b"\n") == 2
    assert len(list(parse(served.get("euaikg.nq").body, format=RdfFormat.N_QUADS))) > 50_000


@pytest.mark.slow
def test_the_files_that_the_live_pages_name_are_there(served: Served) -> None:
    for page in ("data.html", "rules.html", "ontology.html"):
        named = re.findall(r'href="((?!https?:|#)[^"]+\.(?!html)\w+)"', served.get(page).body.decode())
        assert named
        assert [one for one in named if served.get(html.unescape(one), "HEAD").status != 200] == []


def crawl(server: Served, start: str, most: int) -> int:
    """Follow the links of pages from ``start`` and check that each leads somewhere; return how many were followed."""
    seen, waiting = {start}, [start]
    while waiting and len(seen) < most:
        at = waiting.pop(0)
        found = server.get(at.removeprefix(server.path), Accept="text/html,*/*;q=0.5")
        assert found.status == 200, at
        if found.kind != "text/html":
            continue
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', found.body.decode()):
            to = urlsplit(urljoin(at, html.unescape(link)))
            if to.scheme or to.netloc:
                continue
            assert to.path.startswith(server.path), f"{at} leads out to {link}"
            whole = f"{to.path}?{to.query}" if to.query else to.path
            if whole not in seen:
                seen.add(whole)
                waiting.append(whole)
    return len(seen)


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_it_stands_under_a_path_behind_a_proxy() -> None:
    with serving("--root-path", "/a/b", "--forwarded-allow-ips", "127.0.0.1", "--timeout", "60") as server:
        assert server.path == "/a/b/"
        assert crawl(server, "/a/b/", 60) >= 60
        for path in ("/a/b/", "/"):  # as the proxy got it, and without what stands before it
            server.path = path
            assert truth(server.sparql("ASK {}")) is True
            assert server.get("health").status == 200
            assert server.get("id/body/ai-office").headers["Location"] == "ai-office.ttl"
            there = server.get("sparql", Accept="application/n-triples", Host="example.org", X_Forwarded_Proto="https")
            assert b"<https://example.org/a/b/sparql>" in there.body


MOUNTED = """
import socket, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from euaikg.graph import access
from euaikg.serve.app import application
from euaikg.serve.service import Service
from euaikg.serve.workers import Pool
pool = Pool(Service(access.open_embedded()).work, timeout=10, memory=192 << 20)
app = Starlette(routes=[Mount("/a/b", app=application(pool, "1"))])
sock = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{sock.getsockname()[1]}/a/b/", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[sock])
"""


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_it_can_be_mounted_in_another_application() -> None:
    with running([sys.executable, "-c", MOUNTED]) as server:
        assert crawl(server, "/a/b/", 20) >= 20
        assert truth(server.sparql("ASK {}")) is True
        found = server.get("sparql", Accept="application/n-triples")
        assert f"<{server.address}sparql>" in found.body.decode()


# Tools for language models.


@pytest.mark.slow
def test_language_models_ask_over_http(served: Served) -> None:
    import asyncio

    from mcp.client import Client

    from tests import test_mcp

    async def work() -> str:
        async with Client(f"{served.address}mcp") as client:
            for golden in ("figures--genai4eu", *test_mcp.GOLDENS[:3]):
                await test_mcp.answered(client, golden)
            assert "Nearest" in await test_mcp.refused(client, "ask", question="figurs")
            (found,) = (await client.read_resource("euaikg://question/figures")).contents
            assert '"sparql"' in getattr(found, "text", "")
            text, _ = await test_mcp.call(client, "verify", thing="AI Act", says="in force", value="2024-08-01")
            return text

    assert "verdict: stated\n" in asyncio.run(work())


# Clients that people have.


def test_sparqlwrapper_asks(served: Served) -> None:
    from SPARQLWrapper import CSV, JSON, POST, RDFXML, TURTLE, XML, SPARQLWrapper

    client = SPARQLWrapper(f"{served.address}sparql")
    client.setQuery("SELECT ?name { <https://w3id.org/euaikg/id/body/ai-office> skos:prefLabel ?name }")
    for form in (JSON, XML, CSV):
        client.setReturnFormat(form)
        found: Any = client.queryAndConvert()
        assert "European AI Office" in (found.toxml() if form == XML else found.decode() if form == CSV else str(found))
    client.setMethod(POST)
    client.setReturnFormat(JSON)
    found = client.queryAndConvert()
    assert {row["name"]["xml:lang"] for row in found["results"]["bindings"]} >= {"en", "nl"}
    client.setQuery("CONSTRUCT { ?s ?p ?o } { VALUES ?s { <https://w3id.org/euaikg/id/body/ai-office> } ?s ?p ?o }")
    for form in (TURTLE, RDFXML):
        client.setReturnFormat(form)
        assert client.queryAndConvert()


def test_rdflib_asks(served: Served) -> None:
    from rdflib import Graph, URIRef
    from rdflib.namespace import SKOS
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(store=SPARQLStore(f"{served.address}sparql"))
    office = URIRef(f"{BASE}id/body/ai-office")
    assert "European AI Office" in {str(name) for name in graph.objects(office, SKOS.prefLabel)}
    there = Graph().parse(f"{served.address}id/body/ai-office", format="turtle")
    assert (office, None, None) in there


def test_pandas_reads(served: Served) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(f"{served.address}api/questions/figures?thing=AI+Office&asOf=2025-12-31&format=csv")
    assert frame["value"].tolist() == [100]
    frame = pandas.read_csv(f"{served.address}sparql?format=csv&query={quote('SELECT (1 AS ?x) {}')}")
    assert frame["x"].tolist() == [1]


def test_curl_reads(served: Served) -> None:
    curl = program("curl", "curl")

    def asked(*words: str) -> bytes:
        return subprocess.run([curl, "-sS", "--fail", *words], check=True, capture_output=True).stdout

    there = asked("-L", "-H", "Accept: application/n-triples", f"{served.address}id/body/ai-office")
    assert b"<https://w3id.org/euaikg/id/body/ai-office>" in there
    text = "query=SELECT (1 AS ?x) {}"
    assert asked("--data-urlencode", text, "-H", "Accept: text/csv", f"{served.address}sparql") == b"x\r\n1\r\n"
    assert b'"rows"' in asked("--compressed", f"{served.address}api/questions/figures")


@pytest.mark.slow
def test_schemathesis_finds_no_error_of_the_server(served: Served, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    checks = "not_a_server_error,content_type_conformance,response_schema_conformance"
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{served.address}api/openapi.json"]
    command += ["--url", f"{served.address}api", "--checks", checks, "--max-examples", "1", "--phases", "fuzzing"]
    command += ["--exclude-path-regex", "^/questions/.[^aeo]"]  # which are all answered alike: a third shows it
    command += ["--seed", "17", "--no-color", "--request-timeout", "150"]  # to be slow is no error
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=1500)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


# What is served.


@pytest.mark.slow
def test_own_files_and_stores_are_served(tmp_path: Path, run: Run) -> None:
    mine = tmp_path / "mine.ttl"
    text = f'<{BASE}id/initiative/zyx> a <{EUAI}Initiative> ; <{SKOS}prefLabel> "<b>Zyx</b> & Co"@en , "Zyx"@nl .'
    mine.write_text(text)
    query = f"ASK {{ <{BASE}id/initiative/zyx> ?p ?o }}"
    with serving("--data", str(mine)) as server:
        assert truth(server.sparql(query)) is True
        state = server.json("health")["graph"]
        page = server.get("id/initiative/zyx.html", Accept="text/html").body.decode()
        assert "<b>Zyx" not in page
        assert "&lt;b&gt;Zyx" in page
    assert run("build", "--store", str(tmp_path / "store"), "--data", str(mine)).returncode == 0
    with serving("--store", str(tmp_path / "store")) as server:
        assert truth(server.sparql(query)) is True
        assert server.json("health")["graph"] != state
        assert server.json("api/questions/figures", thing="AI Office", asOf="2025-12-31")["total"] == 1


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_without_the_library_for_models_one_sentence_says_what_to_install() -> None:
    hidden = "import sys; sys.modules['mcp'] = None; sys.argv[0] = 'euaikg'; from euaikg.__main__ import main; main()"
    with running([sys.executable, "-c", hidden, "serve", "--port", "0"]) as server:
        assert "pip install euaikg[mcp]" in server.get("mcp", "POST").detail
        assert truth(server.sparql("ASK {}")) is True


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_memory_stays_where_it_is() -> None:
    def held(server: Served) -> int:
        numbers = subprocess.run(
            ["ps", "-o", "pid=", "-g", str(server.process.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        total = 0
        for one in numbers:
            with suppress(OSError):  # it has ended
                text = Path(f"/proc/{one}/smaps_rollup").read_text()
                total += sum(map(int, re.findall(r"^Pss: +(\d+)", text, re.MULTILINE)))
        return total // 1024

    with serving() as server:
        sizes: list[int] = []
        for _ in range(4):
            at_once(8, lambda one: [server.sparql(LOOKUP.format((sizes, one, n))) for n in range(150)])
            sizes.append(held(server))
        assert sizes[-1] < sizes[-2] + 40, sizes
        assert sizes[-1] < 300, sizes
