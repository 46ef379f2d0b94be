"""Real servers: the graph is published to Oxigraph's server and to Virtuoso, and every question is asked there."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core.vocab import TYPE
from euaikg.errors import EndpointError, QueryError
from euaikg.graph import access
from euaikg.publishing import marks, patches
from euaikg.publishing.load import PublishError, Report, Target, publish
from euaikg.publishing.server import Server
from euaikg.questions import stored
from euaikg.rdf.terms import Term, native
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Embedded
from euaikg.sparql.remote import DEFAULT, Remote
from euaikg.sparql.scanner import with_prefixes
from tests.conftest import CATALOGUE, Run, program
from tests.test_queries import GOLDEN, read_golden

SET = [path for path in sorted(GOLDEN.glob("*.csv")) if read_golden(path)[0].keys() - {"rows"}]
"""The golden answers of questions asked with parameters."""

pytestmark = [pytest.mark.slow, pytest.mark.servers]

VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
CaseMode = 2
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ThreadsPerQuery = 1
MaxQueryMem = 2G
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 20
Charset = UTF-8
[URIQA]
DefaultHost = localhost:{http}
[SPARQL]
ResultSetMaxRows = 80000
"""


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "PASSWORD", "TOKEN", "HEADER"):
        monkeypatch.delenv(f"EUAIKG_ENDPOINT_{name}", raising=False)


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], folder: Path, answers: str) -> Iterator[None]:
    """Run the server ``command`` until the block ends, once ``answers`` does answer."""
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(answers, timeout=10):
                break
            assert process.poll() is None, (folder / "output").read_text(errors="replace")
            time.sleep(0.2)
        else:
            pytest.fail(f"{command[0]} did not start")
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def oxigraph_server(folder: Path, *options: str) -> Iterator[Target]:
    url = f"http://127.0.0.1:{free_port()}"
    command = [program("oxigraph", "oxigraph of PyPI"), "serve", "--bind", url.removeprefix("http://"), *options]
    with running(command, folder, url):
        yield Target(f"{url}/query", None, f"{url}/store")


@pytest.fixture(scope="session")
def oxigraph(engine: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Oxigraph's server with the graph, put there by updates."""
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as target:
        report = publish(engine.store, Target(target.endpoint), timeout=300)
        assert (report.way, report.default) == ("SPARQL Update", None)
        yield target


@pytest.fixture(scope="session")
def virtuoso(engine: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Virtuoso with the graph, put there by its graph store, which wants a Digest login."""
    folder = tmp_path_factory.mktemp("virtuoso")
    http = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=http))
    command = [program("virtuoso-t", "virtuoso-opensource"), "-f", "+configfile", "virtuoso.ini"]
    url = f"http://127.0.0.1:{http}"
    target = Target(f"{url}/sparql", f"{url}/sparql-auth", f"{url}/sparql-graph-crud-auth")
    with running(command, folder, f"{url}/sparql?query=ASK%7B%7D"), pytest.MonkeyPatch.context() as environment:
        environment.setenv("EUAIKG_ENDPOINT_USER", "dba")
        environment.setenv("EUAIKG_ENDPOINT_PASSWORD", "dba")
        report = publish(engine.store, target, timeout=300)
        assert (report.way, report.default) == ("Graph Store Protocol", DEFAULT)
        environment.undo()
        yield target


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Target]:
    """Oxigraph's server with nothing in it."""
    with oxigraph_server(tmp_path) as target:
        yield target


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


NOT_ON_VIRTUOSO = {
    "actions-by-section", "actions-in-document", "acts-on-acts", "at-stage", "compare-documents", "current-status",
    "disagreements", "funding-by-initiative",
    "document-card", "due", "law-timetable", "legal-acts", "outline", "overdue", "promises", "startups",
    "status-timeline", "timeline",
}  # fmt: skip
"""Questions that Virtuoso 7 cannot compile or answers otherwise than the standard says."""

LESS_ON_VIRTUOSO = {"who-funds-what--eurohpc-at-least-2-billion"}
"""Rows on file of which Virtuoso 7 leaves out those without an upper bound (it is in docs/servers.md)."""


def skip_on_virtuoso(name: str, server: str) -> None:
    if server == "virtuoso" and name in NOT_ON_VIRTUOSO:
        pytest.skip("Virtuoso cannot take this question")


@pytest.fixture
def remote(server: str, request: pytest.FixtureRequest) -> Remote:
    return Remote(request.getfixturevalue(server).endpoint, timeout=120)


def value(term: Term | None) -> object:
    """Return what two engines must agree on: numbers by value, joined lists in any order, all else as it stands.

    A list of nothing is the empty text by the standard, and nothing in Virtuoso; they are taken for the same.
    """
    if term == Literal(""):
        return None
    if isinstance(term, Literal):
        plain = native(term)
        if isinstance(plain, int | float | Decimal) and not isinstance(plain, bool):
            return Decimal(str(plain)).normalize()
        return tuple(sorted(term.value.split("; "))), term.datatype.value, term.language
    return term


def content(answer: Answer) -> object:
    """Return an answer without the order of its rows, which engines give to labels each in their own way."""
    if isinstance(answer, Table):
        return answer.variables, Counter(tuple(map(value, row)) for row in answer.rows)
    if isinstance(answer, Triples):
        return {(triple.subject, triple.predicate, value(triple.object)) for triple in answer}
    return answer


@cache
def known(engine: Embedded, text: str) -> object:
    """The content of what the graph itself answers to ``text``, asked once for all servers."""
    return content(engine.run(text))


@pytest.fixture(scope="session")
def doubted() -> list[str]:
    """What Virtuoso gave two answers to, others at each start."""
    return []


def skip_doubted(refusal: str, doubted: list[str]) -> None:
    """Skip what Virtuoso answers in two ways, as long as it is little."""
    if "gives two answers" in refusal:
        doubted.append(refusal)
        assert len(doubted) < 10
        pytest.skip(refusal)


def surely(remote: Remote, text: str, doubted: list[str]) -> object:
    """The content of the answer to ``text``."""
    try:
        return content(remote.run_surely(text))
    except EndpointError as error:
        skip_doubted(str(error), doubted)
        raise


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_has_the_same_answer(
    name: str, server: str, remote: Remote, engine: Embedded, doubted: list[str]
) -> None:
    skip_on_virtuoso(name, server)
    text = CATALOGUE[name].text
    assert surely(remote, text, doubted) == known(engine, text)


# Oxigraph's server has the engine that answers here too: some show that values and answers come through.
@pytest.mark.parametrize(
    ("server", "path"),
    [*(("virtuoso", path) for path in SET), *(("oxigraph", path) for path in SET[::5])],
    ids=lambda value: getattr(value, "stem", value),
)
def test_parameters_select_the_same(
    path: Path, server: str, remote: Remote, engine: Embedded, doubted: list[str]
) -> None:
    skip_on_virtuoso(path.stem.split("--")[0], server)
    if server == "virtuoso" and path.stem in LESS_ON_VIRTUOSO:
        pytest.skip("Virtuoso leaves out rows")
    values = {key: given for key, given in read_golden(path)[0].items() if key != "rows"}
    text = stored.bind(CATALOGUE[path.stem.split("--")[0]], values, engine)
    assert surely(remote, text, doubted) == known(engine, text)


def test_names_resolve_on_the_server(remote: Remote, engine: Embedded, doubted: list[str]) -> None:
    values = {"thing": ["ai-verordening"], "lang": ["nl"]}
    there, here = (stored.bind(CATALOGUE["relations"], values, asked) for asked in (remote, engine))
    assert surely(remote, there, doubted) == known(engine, here)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?office a euai:UnionBody }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        'SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "https://w3id.org/euaikg/") && '
        '!STRSTARTS(STR(?g), "https://w3id.org/euaikg/graph/publication")) }',
        "SELECT * { GRAPH <https://w3id.org/euaikg/graph/curation> { ?s a euai:Discrepancy } }",
        "CONSTRUCT { ?s euai:statedOn ?day } { ?s a euai:Passage ; euai:statedOn ?day }",
        'SELECT ?day ?amount ?flag { ?s euai:statedOn ?day OPTIONAL { ?s euai:amount ?amount } BIND(EXISTS { ?s a euai:Passage } AS ?flag) FILTER(?day < "2024-01-25"^^xsd:date) }',  # noqa: E501
    ],
)
def test_own_queries_have_the_same_answer(text: str, remote: Remote, engine: Embedded) -> None:
    assert content(remote.run(with_prefixes(text))) == content(engine.run(with_prefixes(text)))


def test_an_error_of_the_engine_reaches_the_user(remote: Remote) -> None:
    with pytest.raises(EndpointError, match=r"answers with HTTP 400 .*: .*1:|syntax error"):
        remote.run("SELECT * { ?s ?p ")


def test_updates_and_other_servers_are_refused_before_anything_is_sent(remote: Remote) -> None:
    with pytest.raises(QueryError, match="update"):
        remote.run("DROP ALL")
    with pytest.raises(QueryError, match="SERVICE"):
        remote.run("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a a ?b . ?c a ?d }",
        "CONSTRUCT { ?s ?p ?o ; <urn:has> ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_virtuoso_cuts_long_answers_and_that_is_said(text: str, virtuoso: Target) -> None:
    with pytest.raises(EndpointError, match="cut its answer off after 80000 rows"):
        Remote(virtuoso.endpoint).run(text)


def test_several_values_are_answered_right_or_not_at_all(oxigraph: Target, virtuoso: Target, engine: Embedded) -> None:
    both = stored.bind(CATALOGUE["office-holders"], {"lang": ["en", "nl"]}, engine)
    assert content(Remote(oxigraph.endpoint).run(both)) == content(engine.run(both))
    with pytest.raises(QueryError, match=r"would answer this wrongly, .*; give one value at a time for lang\.$"):
        Remote(virtuoso.endpoint).run(both)
    two = stored.bind(CATALOGUE["things-in-sector"], {"sector": ["robotics", "biotech"]}, engine)
    for target in (oxigraph, virtuoso):
        assert content(Remote(target.endpoint).run(two)) == content(engine.run(two))


def test_the_command_line_asks_a_server(oxigraph: Target, virtuoso: Target, run: Run, doubted: list[str]) -> None:
    question = ("query", "office-holders", "--format", "csv")
    expected = run(*question).stdout
    for target in (oxigraph, virtuoso):
        done = run(*question, "--endpoint", target.endpoint, "--timeout", "60")
        skip_doubted(done.stderr, doubted)
        assert (done.returncode, done.stderr) == (0, "")
        assert sorted(done.stdout.splitlines()) == sorted(expected.splitlines())


@pytest.mark.parametrize(
    "command",
    [
        ("query", "members", "--thing", "AI Board", "--cite"),
        ("diagram", "governance", "--format", "csv"),
        ("show", "AI Office"),
        ("stats",),
    ],
)
def test_other_commands_answer_from_a_server_as_from_the_graph(
    command: list[str], virtuoso: Target, run: Run, doubted: list[str]
) -> None:
    expected = run(*command).stdout
    done = run(*command, "--endpoint", virtuoso.endpoint, "--timeout", "60")
    skip_doubted(done.stderr, doubted)
    assert (done.returncode, sorted(done.stdout.splitlines())) == (0, sorted(expected.splitlines()))


def test_access_opens_a_server_but_not_with_files(tmp_path: Path) -> None:
    assert isinstance(access.open_engine(endpoint="http://127.0.0.1:9/sparql", timeout=5), Remote)
    with pytest.raises(QueryError, match="leave out --data, --only and --store, or --endpoint"):
        access.open_engine([tmp_path], endpoint="http://127.0.0.1:9/sparql")
    with pytest.raises(QueryError, match="goes with the address of a server"):
        access.open_engine(default_graph="urn:x")


def iri(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/euaikg/{name}")


def graph_of(count: int, *more: Quad) -> Store:
    """Return ``count`` triples in two named graphs, each also in the default graph."""
    store = Store()
    for number in range(count):
        triple = (iri(f"id/{number}"), iri("ontology#says"), Literal(f'"{number}" \\ é\n 💶'))
        store.add(Quad(*triple, iri(f"graph/some#{number % 2}")))
        store.add(Quad(*triple, DefaultGraph()))
    store.extend(more)
    return store


def store_of(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


APART = 'FILTER(!BOUND(?g) || !STRSTARTS(STR(?g), "https://w3id.org/euaikg/graph/publication"))'
"""Leaves out what the server keeps of a publication."""


def held(target: Target, pattern: str) -> int:
    answer = Remote(target.endpoint).select(f"SELECT * {{ {pattern} {APART} }}")
    return len(answer)


WAYS: list[Callable[[Target], Target]] = [lambda target: target, lambda target: Target(target.endpoint)]


@pytest.mark.parametrize("way", WAYS, ids=["graph store", "update"])
def test_publishing_replaces_its_own_graphs_and_leaves_others(small: Target, way: Callable[[Target], Target]) -> None:
    other = urllib.request.Request(
        f"{small.graph_store}?graph=urn:other", b"<urn:a> <urn:b> <urn:c> .", {"Content-Type": "text/turtle"}
    )
    urllib.request.urlopen(other).close()
    publish(graph_of(2500), way(small))
    sent: list[int] = []
    report = publish(graph_of(1200), way(small), progress=sent.append)
    assert report == Report(2, 1200, report.way, None, 1200, True)
    assert sum(sent) == 2400
    assert held(small, "?s ?p ?o") == 1200
    assert held(small, "GRAPH ?g { ?s ?p ?o }") == 1201
    assert held(small, "GRAPH <urn:other> { ?s ?p ?o }") == 1
    assert content(Remote(small.endpoint).run("SELECT * { ?s ?p ?o }")) == content(
        Embedded(graph_of(1200)).run("SELECT * { ?s ?p ?o }")
    )


def test_a_dry_run_changes_nothing_and_older_graphs_are_named(small: Target) -> None:
    publish(graph_of(3), small)
    report = publish(
        store_of([Quad(iri("id/x"), iri("ontology#says"), iri("id/y"), iri("graph/new"))]), small, dry_run=True
    )
    assert (report.done, report.graphs, report.triples) == (False, 1, 1)
    assert report.older == ["https://w3id.org/euaikg/graph/some#0", "https://w3id.org/euaikg/graph/some#1"]
    assert held(small, "GRAPH ?g { ?s ?p ?o }") == 3


def test_triples_of_others_in_the_default_graph_are_not_lost(small: Target) -> None:
    other = urllib.request.Request(
        f"{small.graph_store}?default", b"<urn:a> <urn:b> <urn:c> .", {"Content-Type": "text/turtle"}
    )
    urllib.request.urlopen(other).close()
    for dry in (True, False):
        with pytest.raises(PublishError, match=r"^The default graph of .* holds 1 triple that .* --default-graph IRI"):
            publish(graph_of(3), small, dry_run=dry)
    assert held(small, "GRAPH ?g { ?s ?p ?o }") == 0
    assert held(small, "?s ?p ?o") == 1
    report = publish(graph_of(3), small, default_graph="urn:ours")
    assert report.default == "urn:ours"
    remote = Remote(small.endpoint, default_graph="urn:ours")
    assert len(remote.select("SELECT * { ?s ?p ?o }")) == 3
    assert len(remote.select(f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} {APART} }}")) == 3


def test_a_graph_of_others_does_not_become_the_default_graph(small: Target) -> None:
    other = urllib.request.Request(
        f"{small.graph_store}?graph=urn:other", b"<urn:a> <urn:b> <urn:c> .", {"Content-Type": "text/turtle"}
    )
    urllib.request.urlopen(other).close()
    for dry in (True, False):
        with pytest.raises(PublishError, match=r"^The graph urn:other of .* holds 1 triple that no other graph holds"):
            publish(graph_of(3), small, default_graph="urn:other", dry_run=dry)
    assert held(small, "GRAPH ?g { ?s ?p ?o }") == 1
    ontology = Quad(iri("ontology"), TYPE, NamedNode("http://www.w3.org/2002/07/owl#Ontology"), DefaultGraph())
    for store in (graph_of(3), graph_of(4), graph_of(5, ontology), graph_of(2)):
        publish(store, small, default_graph="urn:ours")
    assert held(small, "GRAPH <urn:ours> { ?s ?p ?o }") == 2
    with pytest.raises(PublishError, match=r"cannot go into .*some#0, which is another graph of the project"):
        publish(graph_of(3), small, default_graph="https://w3id.org/euaikg/graph/some#0")


def put(target: Target, name: str, text: bytes) -> None:
    """Add ``text`` in Turtle to the graph ``name`` of the server, as anybody may."""
    address = f"{target.graph_store}?graph={urllib.parse.quote(name, safe='')}"
    urllib.request.urlopen(urllib.request.Request(address, text, {"Content-Type": "text/turtle"})).close()


@pytest.mark.parametrize("options", [(), ("--union-default-graph",)], ids=["own", "union"])
def test_triples_of_others_in_a_named_graph_are_not_lost(tmp_path: Path, options: tuple[str, ...]) -> None:
    theirs = store_of([Quad(iri("id/x"), iri("ontology#says"), iri("id/y"), NamedNode("urn:theirs"))])
    probe = "https://w3id.org/euaikg/graph/probe"
    with oxigraph_server(tmp_path, *options) as target:
        for before in (True, False):
            for name in ("https://w3id.org/euaikg/graph/some#1", "urn:theirs", probe):
                put(target, name, b"<urn:a> <urn:b> <urn:c> .")
                for dry in (True, False):
                    with pytest.raises(PublishError, match=f"^The graph {name} of .* holds 1 triple that euaikg did n"):
                        publish(theirs if name == "urn:theirs" else graph_of(5), target, dry_run=dry)
                assert held(target, f"GRAPH <{name}> {{ <urn:a> <urn:b> <urn:c> }}") == 1
                drop = urllib.parse.urlencode(
                    {"update": f"DELETE DATA {{ GRAPH <{name}> {{ <urn:a> <urn:b> <urn:c> }} }}"}
                )
                urllib.request.urlopen(target.update_address, drop.encode()).close()
            if before:
                put(target, "https://w3id.org/euaikg/graph/some#1", b"")
                publish(graph_of(7), target)
                publish(graph_of(4), target)


def test_what_broke_off_is_ours_whatever_is_published_next(small: Target) -> None:
    def stop(_: int) -> None:
        raise EndpointError("It broke.")

    publish(graph_of(9), small)
    for count in (7, 5, 3):
        with pytest.raises(PublishError, match="It broke"):
            publish(graph_of(count), small, progress=stop)
    publish(graph_of(2), small)
    assert held(small, "?s ?p ?o") == 2


@pytest.mark.parametrize("timeout", [float("inf"), float("nan"), 0.0, -3.0])
def test_publishing_takes_the_timeouts_that_asking_takes(timeout: float) -> None:
    with pytest.raises(QueryError, match=r"^A timeout is a number of seconds"):
        publish(graph_of(1), Target("http://127.0.0.1:9/query"), timeout=timeout)


@pytest.mark.parametrize("name", ["foo", "http://example.org/a b", ""])
def test_a_default_graph_is_named_by_an_iri(name: str, small: Target, run: Run) -> None:
    done = run("publish", "--endpoint", small.endpoint, "--default-graph", name, "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: “{name}” cannot name a graph, since it is not a valid IRI (")


def test_a_server_that_shows_all_graphs_as_the_default_graph(tmp_path: Path) -> None:
    with oxigraph_server(tmp_path, "--union-default-graph") as target:
        only = Quad(iri("id/denied"), iri("ontology#says"), iri("id/x"), iri("graph/some#0"))
        assert publish(graph_of(4, only), target).default == DEFAULT
        assert held(target, "?s ?p ?o") == 4
        assert held(target, "GRAPH ?g { ?s ?p ?o }") == 5


def breaking(stop: int) -> Callable[[int], None]:
    """Return a progress that breaks off at the portion ``stop``."""
    sent: list[int] = []

    def progress(count: int) -> None:
        sent.append(count)
        if len(sent) == stop:
            raise EndpointError("It broke.")

    return progress


@pytest.mark.parametrize("way", WAYS, ids=["graph store", "update"])
@pytest.mark.parametrize("options", [(), ("--union-default-graph",)], ids=["own", "union"])
def test_a_graph_that_is_partly_loaded_is_not_asked(
    tmp_path: Path, options: tuple[str, ...], way: Callable[[Target], Target]
) -> None:
    with oxigraph_server(tmp_path, *options) as whole:
        target = way(whole)
        for stop in (1, 2, 3) if target.graph_store is None else (1, 2):
            with pytest.raises(PublishError, match=r"It broke\. So far it loaded . of 2 named graphs, but not the d"):
                publish(graph_of(2200), target, progress=breaking(stop))
            with pytest.raises(EndpointError, match="does not hold the graph, or only part of it"):
                Remote(target.endpoint).run("SELECT * { ?s ?p ?o }")
        publish(graph_of(2200), target)
        assert held(target, "?s ?p ?o") == 2200


@pytest.mark.parametrize("way", ["update", "both"])
@pytest.mark.parametrize("options", [(), ("--union-default-graph",)], ids=["own", "union"])
def test_while_a_later_graph_is_loaded_the_earlier_one_answers(
    tmp_path: Path, options: tuple[str, ...], way: str
) -> None:
    with oxigraph_server(tmp_path, *options) as whole:
        store = whole.graph_store if way == "both" else None
        target = Target(whole.endpoint, whole.update_address, store)
        publish(graph_of(2200), target)
        for stop in (1, 2, 3):
            with pytest.raises(PublishError, match=r"It broke\. So far . of 2 named graphs wait beside their places"):
                publish(graph_of(1800), target, progress=breaking(stop))
            assert held(target, "?s ?p ?o") == 2200
        publish(graph_of(1800), target)
        assert held(target, "?s ?p ?o") == held(target, "GRAPH ?g { ?s ?p ?o }") == 1800


def test_only_what_differs_is_sent(small: Target) -> None:
    more = Quad(iri("id/x"), iri("ontology#says"), iri("id/y"), iri("graph/some#1"))
    both = [more, Quad(more.subject, more.predicate, more.object)]
    for way in (small, Target(small.endpoint, small.update_address)):
        publish(graph_of(20), way)
        assert publish(graph_of(20), way).sent == 0
        assert publish(graph_of(20, *both), way).sent == 10 + 1 + 20 + 1
        put(small, "https://w3id.org/euaikg/graph/some#0", b"<urn:a> <urn:b> <urn:c> .")
        with pytest.raises(PublishError, match=r"some#0 of .* holds 1 triple that euaikg did not put there"):
            publish(graph_of(20, *both), way)
        forget = "DELETE DATA { GRAPH <https://w3id.org/euaikg/graph/some#0> { <urn:a> <urn:b> <urn:c> } }"
        Server(way, None).update(forget)


def test_what_is_gone_is_removed_where_that_is_asked_for(small: Target) -> None:
    publish(graph_of(40), small)
    put(small, "https://w3id.org/euaikg/graph/theirs", b"<urn:a> <urn:b> <urn:c> .")
    less = store_of(quad for quad in graph_of(40) if quad.graph_name != iri("graph/some#0"))
    some, theirs = "https://w3id.org/euaikg/graph/some#0", "https://w3id.org/euaikg/graph/theirs"
    assert publish(less, small).older == [some, theirs]
    assert publish(less, small, prune=True, dry_run=True).pruned == [some]
    assert held(small, f"GRAPH <{some}> {{ ?s ?p ?o }}") == 20
    report = publish(less, small, prune=True)
    assert (report.pruned, report.older) == ([some], [theirs])
    assert held(small, f"GRAPH <{some}> {{ ?s ?p ?o }}") == 0
    assert held(small, f"GRAPH <{theirs}> {{ ?s ?p ?o }}") == 1


@pytest.mark.parametrize("default", [None, "urn:ours"])
def test_a_patch_brings_the_server_to_the_next_release(
    default: str | None, small: Target, tmp_path: Path, run: Run
) -> None:
    """Named graphs and the default graph, which lacks what one of them denies; and only from the right release.

    The default graph may stand in a named graph of one's own choice.
    """
    denied = Quad(iri("id/denied"), iri("ontology#says"), iri("id/x"), iri("graph/some#0"))
    old, new = graph_of(30), graph_of(41, denied)
    file = tmp_path / "changes.rdfp"
    file.write_bytes(b"".join(patches.between(marks.parts(old), marks.parts(new)).written()))
    bare = ("publish", "--endpoint", small.endpoint, "--patch", str(file))
    at = (*bare, "--default-graph", default) if default else bare
    assert "does not say which release it holds" in run(*at).stderr
    publish(graph_of(29), small, default_graph=default)
    assert "holds another release than the one that the patch begins from" in run(*at).stderr
    publish(old, small, default_graph=default)
    if default:
        assert "give the same --default-graph" in run(*bare).stderr
    assert "23 triples of it to be sent" in run(*at, "--dry-run").stdout
    one_more = f"{{ GRAPH <{default}> {{ <urn:s> <urn:p> <urn:o> }} }}" if default else "{ <urn:s> <urn:p> <urn:o> }"
    Server(small, None).update(f"INSERT DATA {one_more}")
    assert "Error: The default graph of http" in (done := run(*at)).stderr
    assert "was changed since it was loaded, or not loaded whole; nothing was changed." in done.stderr
    Server(small, None).update(f"DELETE DATA {one_more}")
    done = run(*at)
    assert (done.returncode, done.stderr) == (0, "")
    asked = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } " + APART + " }"
    for text in (asked, "SELECT * { ?s ?p ?o }"):
        assert content(Remote(small.endpoint, default_graph=default).run(text)) == content(Embedded(new).run(text))
    assert publish(new, small, default_graph=default).sent == 0
    assert "holds another release" in run(*at).stderr


def test_blank_nodes_become_iris_the_same_each_time(small: Target) -> None:
    for label in ("a", "b"):
        node = BlankNode(label)
        inner = Triple(node, iri("ontology#says"), Literal("y"))
        said = (Literal("x"), inner, Triple(iri("id/x"), iri("ontology#says"), inner))
        quads = [
            Quad(node, iri("ontology#says"), value, name) for value in said for name in (iri("graph/x"), DefaultGraph())
        ]
        publish(store_of(quads), small)
        found = Remote(small.endpoint).select("SELECT ?s ?o { ?s <https://w3id.org/euaikg/ontology#says> ?o }").rows
        assert {subject for subject, _ in found} == {iri(".well-known/genid/c14n0")}
        assert len(found) == 3
        assert "_:" not in " ".join(str(value) for _, value in found)
        assert publish(store_of(quads), small).sent == 0


def test_publishing_from_the_command_line(small: Target, run: Run) -> None:
    done = run("publish", "--endpoint", small.endpoint, "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith("Would load ")
    assert done.stderr == ""
    publish(graph_of(1), small)
    done = run("publish", "--endpoint", small.endpoint, "--dry-run")
    assert done.stderr.startswith("The server also holds 1 graph of this project beside those of this version, such as")
    done = run("publish", "--endpoint", small.endpoint, "--update", small.endpoint.replace("/query", "/nowhere"))
    assert done.returncode == 2
    assert "answers with HTTP 404" in done.stderr


def test_a_server_without_the_graph_is_no_empty_answer(small: Target, run: Run) -> None:
    at = ("--endpoint", small.endpoint)
    for more in ((), ("--format", "csv")):
        done = run("query", "documents", *at, *more)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"Error: {small.endpoint} does not hold the graph, or only part of it; load it with “euaikg publish”.\n"
        )
    own = run("query", "--text", "SELECT (1 + 1 AS ?two) {}", *at)
    assert (own.returncode, own.stdout.split(), own.stderr) == (0, ["two", "───", "2"], "")


def test_virtuoso_is_also_fed_by_updates(virtuoso: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Target(virtuoso.endpoint, virtuoso.update)
    assert not publish(graph_of(1), part, dry_run=True).done
    with pytest.raises(PublishError, match=r"sparql-auth wants credentials: set EUAIKG_ENDPOINT_USER .* 0 of 1 named"):
        publish(graph_of(1), part, default_graph="urn:copy")
    monkeypatch.setenv("EUAIKG_ENDPOINT_USER", "dba")
    monkeypatch.setenv("EUAIKG_ENDPOINT_PASSWORD", "wrong-secret")
    with pytest.raises(PublishError, match=r"refuses the credentials given \(HTTP 401\)") as refused:
        publish(graph_of(1), part, default_graph="urn:copy")
    assert "wrong-secret" not in str(refused.value)
    monkeypatch.setenv("EUAIKG_ENDPOINT_PASSWORD", "dba")
    store = store_of(
        [Quad(iri("id/x"), iri("ontology#says"), Literal(str(n)), NamedNode("urn:added")) for n in range(2100)]
    )

    def stop(_: int) -> None:
        raise EndpointError("It broke.")

    with pytest.raises(PublishError, match=r"It broke\. So far 0 of 1 named graph wait beside their places"):
        publish(store, part, default_graph="urn:copy", progress=stop)
    assert not Remote(virtuoso.endpoint, default_graph="urn:copy").run("ASK { ?s ?p ?o }")
    assert Remote(virtuoso.endpoint).run("ASK { ?s ?p ?o }")  # asks the other one, which is whole
    assert publish(store, part, default_graph="urn:copy").triples == 2100
    assert held(virtuoso, "GRAPH <urn:added> { ?s ?p ?o }") == 2100
