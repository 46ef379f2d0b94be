"""Limits: a query that would take for ever or all memory is stopped, and nothing of it is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

import euaikg
from euaikg.core.processes import apart
from euaikg.errors import QueryError
from euaikg.graph import access
from euaikg.questions import ask
from euaikg.sparql import limited
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded, Limited
from tests.conftest import Run

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?g ?d ?a"
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def children() -> set[int]:
    """The processes that a thread of this one has started."""
    return {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: set[int], within: float = 5) -> bool:
    until = time.monotonic() + within
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(alive, pids))


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    before, opened = children(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    yield
    assert children() <= before
    assert len(os.listdir("/proc/self/fd")) <= opened + 1  # noqa: PTH208  # the graph itself may have been opened


def test_a_query_that_would_take_for_ever_is_stopped(engine: Embedded) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError, match=r"The query was stopped after 0\.5 seconds; ask for less, or give it more"):
        Limited(engine, timeout=0.5).run(ENDLESS)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(("query", "bound"), [(GREEDY, 600), (FLOOD, 100)])
def test_a_query_that_would_take_all_memory_is_stopped(engine: Embedded, query: str, bound: int) -> None:
    with pytest.raises(QueryError, match=f"The query needs more memory than {bound} MiB; ask for less, or give it"):
        Limited(engine, timeout=100, memory=bound << 20).run(query)


@pytest.mark.slow
def test_limits_from_python() -> None:
    with pytest.raises(QueryError, match=r"was stopped after 0\.2 seconds"):
        euaikg.run(ENDLESS, timeout=0.2)
    with pytest.raises(QueryError, match=r"was stopped after 0\.001 seconds"):
        euaikg.query("relations", timeout=0.001)
    answer = euaikg.query("office-holders", timeout=60, memory=600 << 20)
    assert answer == euaikg.query("office-holders")


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_limit_that_is_none_is_refused(engine: Embedded, timeout: float) -> None:
    with pytest.raises(QueryError, match="A timeout is a number of seconds above 0"):
        access.open_engine(timeout=timeout)
    with pytest.raises(QueryError, match="A bound on memory is a number of bytes above 0"):
        Limited(engine, memory=-1)


@pytest.mark.slow
def test_limited_and_unlimited_answers_are_equal_(engine: Embedded) -> None:
    limited = Limited(engine, 100, 4 << 30)
    for name in ("describe-thing", "figures", "funding-total", "graph-size", "identifiers", "timeline", "works-with"):
        ours, theirs = ask.question(limited, name).answer, ask.question(engine, name).answer
        if isinstance(theirs, Triples):
            assert isinstance(ours, Triples)
            assert ours.triples == theirs.triples
        else:
            assert isinstance(theirs, Table) and isinstance(ours, Table)
            assert (ours.variables, sorted(map(str, ours.rows))) == (
                theirs.variables,
                sorted(map(str, theirs.rows)),
            ), name


literals = st.one_of(
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(lambda text: Literal(text, language="nl"), st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(Literal, st.integers(-(2**40), 2**40)),
    st.builds(Literal, st.floats(allow_nan=False)),
    st.builds(Literal, st.booleans()),
    st.builds(lambda text: Literal(text, datatype=NamedNode("http://a/kind")), st.text('ab\\"\r\n\t\0')),
)


@settings(max_examples=5)  # of many terms each, since a process is started for each query
@given(st.lists(st.one_of(literals, st.builds(NamedNode, st.just("http://a/é")), st.just(BlankNode("b"))), min_size=9))
@pytest.mark.slow
def test_every_kind_of_term_comes_back_as_it_was(terms: list[Literal | NamedNode | BlankNode]) -> None:
    store = Store()
    store.extend(Quad(NamedNode(f"http://a/{at}"), NamedNode("http://a/p"), term) for at, term in enumerate(terms))
    plain = Embedded(store)
    limited = Limited(plain, 60)
    for query in (
        "SELECT ?s ?o ?unbound { ?s ?p ?o } ORDER BY ?s",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s",
        "ASK { ?s ?p ?o }",
        "SELECT ?s { ?s ?p 'nothing like it' }",
    ):
        assert limited.run(query) == plain.run(query)


def test_mistakes_are_said_as_without_limits(engine: Embedded) -> None:
    for query in ("SELECT * {", "DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "hello"):
        with pytest.raises(QueryError) as plain:
            engine.run(query)
        with pytest.raises(QueryError) as limited:
            Limited(engine, 60).run(query)
        assert str(limited.value) == str(plain.value)
    with pytest.raises(QueryError, match="This is a ASK query; a SELECT is needed"):
        Limited(engine, 60).select("ASK {}")


@pytest.mark.slow
def test_many_at_once_do_not_wait_for_each_other(engine: Embedded) -> None:
    def endless() -> None:
        with pytest.raises(QueryError):
            Limited(engine, 20).run(ENDLESS)

    before, slow = children(), threading.Thread(target=endless)
    slow.start()
    time.sleep(0.3)
    for _ in range(2):
        assert Limited(engine, 20).run("ASK {}") is True
    assert slow.is_alive()
    for pid in children() - before:
        os.kill(pid, signal.SIGKILL)  # nobody waits for its answer
    slow.join()


@pytest.mark.slow
def test_a_large_answer_comes_whole(engine: Embedded) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    ours, theirs = Limited(engine, 100).select(query), engine.select(query)
    assert len(ours) > 30_000
    assert sorted(map(str, ours.rows)) == sorted(map(str, theirs.rows))


@pytest.mark.parametrize(
    ("text", "amount"),
    [("500M", 500 << 20), ("4G", 4 << 30), ("1.5 GiB", 3 << 29), ("64kb", 64 << 10), ("1048576", 1 << 20)],
)
def test_amounts_of_memory(text: str, amount: int) -> None:
    assert limited.size(text) == amount
    assert limited.size(limited.shown(amount)) == amount


def test_the_bound_for_own_queries_fits_the_machine() -> None:
    share = limited.machine_share()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert share is not None
    assert 0 < share <= total * 0.75


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "euaikg", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def workers(process: subprocess.Popen[bytes]) -> set[int]:
    """Wait until ``process`` has started another to evaluate the query, and return that."""
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        found = {int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("no process was started")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.usefixtures("built")
@pytest.mark.slow
def test_however_the_command_ends_its_worker_ends_too(stop: signal.Signals) -> None:
    process = start("query", "--text", ENDLESS)
    working = workers(process)
    sent = time.monotonic()
    process.send_signal(stop)
    out, errors = process.communicate(timeout=120)
    assert time.monotonic() - sent < 10
    assert gone(working)
    assert (out, errors) == (b"", b"")
    assert process.returncode == (130 if stop == signal.SIGINT else -stop)


@pytest.mark.usefixtures("built")
def test_ctrl_c_ends_a_stored_question_too() -> None:
    process = start("query", "relations", "--timeout", "100")
    working = workers(process)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=120)
    assert gone(working)
    assert process.returncode in (0, 130)
    assert process.returncode == 0 or (out, errors) == (b"", b"")


@pytest.mark.slow
def test_the_command_says_why_it_stopped(process: Run) -> None:
    done = process("query", "--text", ENDLESS, "--timeout", "0.5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: The query was stopped after 0.5 seconds; ask for less, or give it more with --timeout.\n"
    )
    done = process("query", "--text", GREEDY, "--memory", "300M", "--timeout", "100")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: The query needs more memory than 300 MiB; ask for less, or give it more with --memory.\n"
    )


@pytest.mark.usefixtures("built")
@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    process = start("query", "--text", "SELECT ?s ?p ?o { ?s ?p ?o }", "--format", "tsv", "--timeout", "60")
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"?s\t?p\t?o\n"
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(120), errors) == (0, b"")


def test_work_that_is_left_is_stopped() -> None:
    def endless(stream: BinaryIO) -> None:
        while True:
            stream.write(b"more")

    before = children()
    with apart(endless) as pieces:
        assert next(pieces).startswith(b"more")
        working = children() - before
    assert working and gone(working)


def test_an_engine_without_limits_is_the_embedded_one() -> None:
    assert isinstance(access.open_engine(), Embedded)
    assert isinstance(access.open_engine(timeout=1), Limited)


def test_work_that_is_done_apart_may_need_a_process_itself() -> None:
    def inner(stream: BinaryIO) -> None:
        stream.write(b"inner")

    def outer(stream: BinaryIO) -> None:
        with apart(inner, timeout=20) as pieces:
            stream.write(b"".join(pieces))

    with apart(outer, timeout=20) as pieces:
        assert b"".join(pieces) == b"inner"


def test_what_the_project_asks_itself_needs_no_process(engine: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "CAN_FORK", False)
    places = " ".join(f"<urn:x:{number}>" for number in range(5000))
    assert len(engine.select(f"SELECT ?place {{ VALUES ?place {{ {places} }} }}")) == 5000
