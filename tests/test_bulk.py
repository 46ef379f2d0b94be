"""Files for bulk loaders hold the whole graph, and the rules run as updates derive on a server what is derived here."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

import euaikg
from euaikg.core import files, writing
from euaikg.core.vocab import GRAPH
from euaikg.errors import OutputError, QueryError
from euaikg.exports import bulk, export
from euaikg.graph import build
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run, program
from tests.test_servers import oxigraph_server

ODD = """
@prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix doc: <http://example.org/doc/> .
@prefix modality: <https://w3id.org/euaikg/id/modality/> .

<http://example.org/p> a euai:Passage ; euai:modality modality:denied .
<http://example.org/q> a euai:Passage ; euai:modality modality:asserted .
<http://example.org/p> { <http://example.org/a> euai:partOf <http://example.org/nameless> . }
<http://example.org/q> {
  <http://example.org/q#r> a euai:RelationStatement ;
    rdf:subject <http://example.org/nameless> ; rdf:predicate euai:cooperatesWith ; rdf:object <http://example.org/b> .
  <http://example.org/q#t> a euai:TargetStatement ; euai:aboutResource <http://example.org/a> ;
    euai:targetPeriod <https://w3id.org/euaikg/id/period/2025> .
}
<http://example.org/graph> { <http://example.org/b> a euai:Body . }
"""
"""Passages of no document, one of which denies what it says, things without a name, and a graph of one's own."""

SIZE = 20_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    place = tmp_path_factory.mktemp("odd") / "odd.trig"
    place.write_text(ODD)
    return Embedded(build.build([place]))


@pytest.fixture(scope="module")
def made(whole: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bulk") / "load"
    write(whole, place)
    return place


def write(engine: Embedded, place: Path) -> None:
    export.written(engine, export.Part(part_size=SIZE), export.everything(engine), "bulk", place)


def loaded(folder: Path, *names: str) -> Store:
    store = Store()
    for path in sorted(chain.from_iterable(folder.glob(f"{name}-*.gz") for name in names)):
        kind = RdfFormat.N_TRIPLES if path.name.endswith(".nt.gz") else RdfFormat.N_QUADS
        store.bulk_load(gzip.decompress(path.read_bytes()), kind)
    return store


def updates(folder: Path) -> Iterator[str]:
    """Yield the updates of ``folder`` as they are to be run, six documents at a time."""
    documents = [f"<{iri}>" for iri in (folder / bulk.DOCUMENTS).read_text().split()]
    for rule in json.loads((folder / bulk.MANIFEST).read_text())["rules"]:
        text = (folder / rule["file"]).read_text()
        assert (bulk.ONE in text) == (rule["run"] == "for each document")
        for at in range(0, len(documents), 6) if bulk.ONE in text else [0]:
            yield text.replace(bulk.ONE, " ".join(documents[at : at + 6]))


def same(store: Store, other: Store) -> None:
    for graph in (DefaultGraph(), NamedNode(GRAPH + "derived"), None):
        found = set(store.quads_for_pattern(None, None, None, graph))
        wanted = set(other.quads_for_pattern(None, None, None, graph))
        assert (list(found - wanted)[:3], list(wanted - found)[:3]) == ([], [])


@pytest.mark.slow
def test_the_parts_are_the_whole_graph_sorted(whole: Embedded, made: Path) -> None:
    same(loaded(made, "default", "asserted", "derived"), whole.store)
    manifest = json.loads((made / bulk.MANIFEST).read_text())
    for name in ("default", "asserted", "derived"):
        parts = [entry for entry in manifest["files"] if entry["graphs"] == name]
        lines: list[bytes] = []
        for entry in parts:
            content = (made / entry["file"]).read_bytes()
            there = gzip.decompress(content).splitlines(keepends=True)
            assert (len(there), len(content)) == (entry["triples"], entry["bytes"])
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]
            assert len(there) == SIZE or entry is parts[-1]
            lines += there
        assert lines == sorted(set(lines))
        assert len(lines) == manifest["triples"][name]
    sums = {line[66:]: line[:64] for line in (made / "SHA256SUMS").read_text().splitlines()}
    assert all(sums[entry["file"]] == entry["sha256"] for entry in manifest["files"])


@pytest.mark.slow
def test_the_same_bytes_again(whole: Embedded, made: Path, tmp_path: Path) -> None:
    write(whole, tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (made / "SHA256SUMS").read_bytes()


@pytest.mark.slow
def test_the_updates_derive_what_the_rules_do(whole: Embedded, made: Path) -> None:
    store = loaded(made, "asserted")
    for text in updates(made):
        store.update(text)
    same(store, whole.store)


def test_what_cuts_a_rule_uses_no_variable_of_it() -> None:
    for path in files.shipped("ontology/rules", ".ru"):
        _, limits = bulk.LIMITS.get(path.stem, ("", []))
        for name in re.findall(r"\?(\w+_)\b", " ".join(limits)):
            assert f"?{name}" not in files.read_text(path)


@pytest.mark.slow
def test_other_peoples_graphs_are_not_taken_for_ours(whole: Embedded, made: Path) -> None:
    store = loaded(made, "asserted")
    foreign = Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"), NamedNode("urn:foreign"))
    store.add(foreign)
    for text in updates(made):
        store.update(text)
    store.remove(foreign)
    same(store, whole.store)


@pytest.mark.slow
@pytest.mark.servers
def test_a_server_loads_them_and_derives_the_same(whole: Embedded, made: Path, tmp_path: Path) -> None:
    parts = [str(path) for path in sorted(made.glob("asserted-*.nq.gz"))]
    command = [program("oxigraph", "oxigraph of PyPI"), "load", "--location", str(tmp_path / "db"), "--file", *parts]
    subprocess.run(command, check=True, capture_output=True)
    with oxigraph_server(tmp_path, "--location", str(tmp_path / "db")) as target:
        url = target.endpoint.removesuffix("/query")
        for text in updates(made):
            sent = urllib.request.Request(f"{url}/update", text.encode(), {"Content-Type": "application/sparql-update"})
            with urllib.request.urlopen(sent, timeout=120) as answer:
                assert answer.status == 204
        with urllib.request.urlopen(f"{url}/store", timeout=120) as answer:
            there = Store()
            there.extend(parse(answer.read(), format=RdfFormat.N_QUADS))
    same(there, whole.store)


def test_blank_nodes_are_refused(tmp_path: Path) -> None:
    store = Store()
    store.add(Quad(BlankNode(), NamedNode("urn:says"), Literal("_: is no blank node"), NamedNode("urn:g")))
    with pytest.raises(OutputError, match="A blank node has no name that holds from one file to the next"):
        write(Embedded(store), tmp_path / "load")
    store.clear()
    store.add(Quad(NamedNode("urn:a"), NamedNode("urn:says"), Literal("say _: to it"), NamedNode("urn:g")))
    write(Embedded(store), tmp_path / "load")
    assert [path.name for path in tmp_path.iterdir()] == ["load"]


REFUSED = [
    (["--document", "COM(2024) 28"], "bulk is for the whole graph, with all its passages"),
    (["--part-size", "0"], "A part holds at least one triple, not 0."),
    (["-o", "load.gz"], "load.gz: bulk makes a folder, which is not packed"),
    (["--provenance", "statements"], "bulk is for the whole graph"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_what_does_not_go_together_is_refused(run: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    done = run("export", "--format", "bulk", "-o", "load", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_python_has_the_same(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="A part holds at least one triple"):
        euaikg.export(tmp_path / "load", format="bulk", part_size=0)
    assert euaikg.export(tmp_path / "load", format="bulk", part_size=SIZE) is None
    assert (tmp_path / "load" / "default-00002.nt.gz").is_file()


def test_a_folder_of_others_is_not_replaced(run: Run, tmp_path: Path) -> None:
    assert "--part-size goes with --format bulk" in run("export", "--part-size", "5", "-o", "x.ttl").stderr
    writing.write_folder(tmp_path / "load", [("a.csv", b"mine")])
    assert "was not written here by euaikg" in run("export", "--format", "bulk", "-o", "load").stderr
