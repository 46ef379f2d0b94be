"""Files, folders and packed files on top of the graph, and stores on disk: built whole or not at all."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

import euaikg
from euaikg import quick
from euaikg.errors import InputError, OutputError
from euaikg.graph import access, build, stores
from euaikg.questions import ask
from euaikg.rdf.terms import text
from euaikg.sparql import formats
from euaikg.sparql.answers import Row, Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

THING = '<http://a/%s> a <http://a/Thing> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "Thing %s"@en .\n'
ASKED = "SELECT ?s { ?s a <http://a/Thing> } ORDER BY ?s"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.ttl").write_text(THING % (1, 1))
    (folder / "deep" / "two.ttl.gz").write_bytes(gzip.compress((THING % (2, 2)).encode()))
    (folder / "deep" / "three.nq.gz").write_bytes(
        gzip.compress(
            b"<http://a/3> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://a/Thing> <http://a/g> .\n"
        )
    )
    (folder / "notes.txt").write_text("not RDF")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stores") / "my.store"
    stores.build(place)
    return place


def things(answer: object) -> list[str]:
    assert isinstance(answer, Table)
    return [str(row["s"]) for row in answer.to_dicts()]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_a_folder_means_all_rdf_files_below_it(data: Path) -> None:
    assert things(euaikg.run(ASKED, data=[data])) == ["http://a/1", "http://a/2", "http://a/3"]
    assert things(euaikg.run(ASKED, data=[data / "one.ttl", data / "deep" / "two.ttl.gz"])) == [
        "http://a/1",
        "http://a/2",
    ]


@pytest.mark.slow
def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl.gz"):
        text = b"_:same a <http://a/Thing> ."
        (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    assert len(things(euaikg.run(ASKED, data=[tmp_path]))) == 2


def test_a_folder_without_rdf_files_is_said(tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty").mkdir()
    for words in (["query", "documents", "--data", "empty"], ["validate", "empty"]):
        done = run(*words)
        assert done.returncode == 2
        assert "Error: empty: no RDF files are below this folder; they end in .ttl, .trig" in done.stderr


@pytest.mark.slow
def test_a_damaged_packed_file_is_said_wherever_it_breaks_off(tmp_path: Path) -> None:
    whole = gzip.compress((THING % (1, 1)).encode() * 1000)
    path = tmp_path / "cut.ttl.gz"
    for content in (whole[:-5], whole[:30], whole[:-4] + b"xxxx", b"plain text"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"cut\.ttl\.gz: not a whole gzip file"):
            build.build([path])
    path.write_bytes(gzip.compress(b" \n"))
    with pytest.raises(InputError, match=r"cut\.ttl\.gz: the file is empty"):
        build.build([path])


def _parts(row: Row) -> list[list[str]]:
    """The cells of a row, the parts of a joined list in order, since engines join them in any."""
    return [sorted(text(term).split("; ")) for term in row]


@pytest.mark.slow
def test_a_store_answers_as_the_shipped_graph_does(store: Path, engine: Embedded) -> None:
    kept = access.open_engine(store=store)
    for name in ("documents", "figures", "works-with", "graph-size"):
        ours, theirs = ask.question(kept, name).answer, ask.question(engine, name).answer
        assert isinstance(ours, Table) and isinstance(theirs, Table)
        assert ours.rows
        assert sorted(map(_parts, ours.rows)) == sorted(map(_parts, theirs.rows))


@pytest.mark.slow
def test_every_command_that_asks_takes_a_store(store: Path, run: Run) -> None:
    for words, expected in (
        (("query", "office-holders"), "Thierry Breton"),
        (("query", "--text", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), "n"),
        (("show", "AI Office"), "European AI Office ("),
        (("search", "supercomputer"), "supercomputer"),
        (("stats",), " triples."),
    ):
        done = run(*words, "--store", str(store))
        assert expected in done.stdout, done.stderr
        assert done.returncode == 0


@pytest.mark.slow
def test_a_store_on_a_folder_that_cannot_be_written_is_asked_all_the_same(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    before = {path.name: path.stat().st_mtime_ns for path in copy.iterdir()}
    assert euaikg.run("ASK { ?s ?p ?o }", store=copy) is True
    assert {path.name: path.stat().st_mtime_ns for path in copy.iterdir()} == before


@pytest.mark.slow
def test_the_short_way_takes_a_store_too(
    data: Path, tmp_path: Path, run: Run, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    place = tmp_path / "s"
    (data / "body.nt").write_text(
        "<https://w3id.org/euaikg/id/body/new> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        " <https://w3id.org/euaikg/ontology#Company> ."
    )
    euaikg.build(place, data=[data])
    assert quick.answer(["query", "graph-size", "--store", str(place), "--format", "tsv"])
    short = capfdbinary.readouterr().out
    engine = access.open_engine(store=place)
    answer = ask.question(engine, "graph-size").answer
    assert isinstance(answer, Table)
    assert short == formats.encode(answer, "tsv")
    shipped = ask.question(access.open_engine(), "graph-size").answer
    assert isinstance(shipped, Table)
    assert short != formats.encode(shipped, "tsv")
    assert not quick.answer(["query", "graph-size", "--store", "nowhere", "--format", "tsv"])
    assert "there is no such store" in run("query", "graph-size", "--store", "nowhere", "--format", "tsv").stderr


@pytest.mark.slow
def test_building_again_takes_the_place_of_what_was_built(data: Path, tmp_path: Path, run: Run) -> None:
    done = run("build", "--store", "s")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("s: ")
    assert things(euaikg.run(ASKED, store=tmp_path / "s")) == []
    assert run("build", "--store", "s", "--data", str(data)).returncode == 0
    assert len(things(euaikg.run(ASKED, store=tmp_path / "s"))) == 3
    assert left(tmp_path) == ["data", "s"]


@pytest.mark.slow
def test_an_open_store_goes_on_answering_while_a_new_one_takes_its_place(data: Path, tmp_path: Path) -> None:
    place = tmp_path / "s"
    stores.build(place)
    reader = stores.open_store(place)
    stores.build(place, [data])
    assert things(reader.run(ASKED)) == []
    assert len(reader.run("SELECT ?s ?p ?o { ?s ?p ?o }")) > 10_000  # type: ignore[arg-type]


@pytest.mark.slow
def test_only_stores_are_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "holiday.jpg").write_text("dear")
    for force in (False, True):
        with pytest.raises(OutputError, match="photos: something else stands there; it is not replaced"):
            stores.build(folder, force=force)
    assert left(folder) == ["holiday.jpg"]
    other = tmp_path / "other"
    Store(str(other)).load(b"<http://a/9> a <http://a/Thing> .", RdfFormat.TURTLE)
    with pytest.raises(OutputError, match="other: a store that euaikg did not build stands there; --force replaces it"):
        stores.build(other)
    assert things(euaikg.run(ASKED, store=other)) == ["http://a/9"]
    stores.build(other, force=True)
    assert things(euaikg.run(ASKED, store=other)) == []
    empty = tmp_path / "empty"
    empty.mkdir()
    stores.build(empty)
    assert euaikg.run("ASK { ?s ?p ?o }", store=empty) is True
    assert left(tmp_path) == ["empty", "other", "photos"]


@pytest.mark.slow
def test_a_broken_file_leaves_the_old_store_and_nothing_else(data: Path, tmp_path: Path, store: Path) -> None:
    place = tmp_path / "s"
    shutil.copytree(store, place)
    (data / "broken.ttl").write_text("a b c")
    with pytest.raises(InputError, match=r"broken\.ttl, line 1"):
        stores.build(place, [data])
    assert euaikg.run("ASK { ?s ?p ?o }", store=place) is True
    assert left(tmp_path) == ["data", "s"]


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_store_and_nothing_else(tmp_path: Path, store: Path) -> None:
    shutil.copytree(store, tmp_path / "s")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "from euaikg.cli import main; main(['build', '--store', 's'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"Error: {tmp_path / 's'}: cannot be written (File too large).\n"
    assert left(tmp_path) == ["s"]
    assert euaikg.run("ASK { ?s ?p ?o }", store=tmp_path / "s") is True


@pytest.mark.parametrize("after", [0.2, 0.6, 1.2])
@pytest.mark.slow
def test_ctrl_c_leaves_nothing_half_built(tmp_path: Path, after: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "euaikg", "build", "--store", "s"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not left(tmp_path) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors
    too_late = [(code, ["s"]) for code in (0, 130, -signal.SIGINT)]
    assert (process.returncode, left(tmp_path)) in [(130, []), *too_late]
    if left(tmp_path):
        assert euaikg.run("ASK { ?s ?p ?o }", store=tmp_path / "s") is True


@pytest.mark.slow
def test_a_damaged_store_is_said(tmp_path: Path, store: Path) -> None:
    place = tmp_path / "s"
    shutil.copytree(store, place)
    (place / "CURRENT").write_text("nonsense")
    with pytest.raises(InputError, match="s: the store cannot be opened"):
        stores.open_store(place)


@pytest.mark.slow
def test_what_a_link_points_to_is_never_removed(tmp_path: Path, store: Path) -> None:
    (tmp_path / "link").symlink_to(store)
    assert euaikg.run("ASK { ?s ?p ?o }", store=tmp_path / "link") is True
    stores.build(tmp_path / "link")
    assert not (tmp_path / "link").is_symlink()
    assert euaikg.run("ASK { ?s ?p ?o }", store=store) is True


@pytest.mark.parametrize("way", ["command", "library"])
@pytest.mark.slow
def test_no_module_of_the_working_folder_is_run(way: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    for name in ("json", "subprocess", "tempfile", "hashlib", "pyoxigraph", "sitecustomize", "euaikg/__init__"):
        path = work / f"{name}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})")
    if way == "command":  # Python itself would run the folder's euaikg
        shutil.rmtree(work / "euaikg")
        done = subprocess.run(
            [sys.executable, "-m", "euaikg", "build", "--store", "s"], cwd=work, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    else:
        code = "import os, sys, euaikg.api, euaikg.graph.stores as s; os.chdir(sys.argv[1]); sys.path.insert(0, '')\n"
        code += "sys.path.insert(0, os.getcwd()); s.build(s.Path('s'))"
        subprocess.run([sys.executable, "-c", code, str(work)], cwd=tmp_path, check=True)
    assert not (tmp_path / "ran").exists()
    assert euaikg.run("ASK { ?s ?p ?o }", store=work / "s") is True


def test_files_can_be_asked_alone(tmp_path: Path, run: Run) -> None:
    own = tmp_path / "own.trig"
    own.write_text("@prefix a: <http://a/> . a:x a a:Y . a:g { a:x a:p [ a a:Z ] . a:x a a:Y }")
    counted = euaikg.run("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", only=own)
    assert isinstance(counted, Table) and counted.to_dicts() == [{"n": 3}]
    named = euaikg.run("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", only=[own])
    assert isinstance(named, Table)
    assert {row["g"]: row["n"] for row in named.to_dicts()} == {"http://a/g": 3, build.ADDED.value: 1}
    text = "SELECT ?type { ?s a ?type } ORDER BY ?type"
    assert run("query", "--text", text, "--only", "own.trig", "--format", "csv").stdout.split() == [
        "type", "http://a/Y", "http://a/Z",
    ]  # fmt: skip
    assert run("export", "--only", "own.trig", "--format", "nquads").stdout.count("<http://a/g> .") == 3
    for others in (["--data", "own.trig"], ["--store", "x"]):
        done = run("query", "--text", text, "--only", "own.trig", *others)
        assert (done.returncode, "leave out --data and --store" in done.stderr) == (2, True)
    done = run("query", "--text", text, "--only", "own.trig", "--endpoint", "http://127.0.0.1:9/")
    assert "leave out --data, --only and --store, or --endpoint" in done.stderr
    assert "there is no such file" in run("query", "documents", "--only", "nowhere.ttl").stderr
