"""Folders that are written again: what is ours there is replaced, and what is anybody else's stays."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from euaikg.core import folders, places, writing
from euaikg.core.vocab import BASE, EUAI
from euaikg.curation import coverage, sources
from euaikg.errors import InputError, OutputError, QueryError
from euaikg.exports import export
from euaikg.graph import build, stores
from euaikg.pages.view import Site
from euaikg.publishing import release
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

A, B = NamedNode("http://a/"), NamedNode("http://b/")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a store and a release be small, so that writing them takes no time."""

    def fill(folder: Path, *_: object) -> None:
        Store(str(folder)).add(Quad(A, A, B))

    monkeypatch.setattr(stores, "_fill", fill)
    monkeypatch.setattr(release, "parts", lambda *_, **__: iter([("index.html", b"home"), ("id/body.html", b"bodies")]))


def tables(place: Path) -> object:
    return writing.write_folder(place, [("a.csv", b"a"), ("b/c.csv", b"c")])


def store(place: Path) -> object:
    return stores.build(place)


def site(place: Path) -> object:
    return release.write(Embedded(Store()), place)


WRITERS = (tables, store, site)


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a small graph in a cache of its own, where it was built."""
    monkeypatch.setenv("EUAIKG_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "build", lambda: shelf(b"<http://a/> <http://a/> <http://b/> ."))
    assert len(build.open_graph().store) == 1
    return Path(places.graph_folder())


def shelf(text: bytes) -> Store:
    """Return a store in memory with ``text``, once in a named graph."""
    made = Store()
    made.load(text, RdfFormat.TURTLE, to_graph=NamedNode("http://a/g"))
    return made


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sums(folder: Path) -> None:
    """List all files of ``folder`` as anybody may, who gives files away."""
    text = "".join(f"{hashlib.sha256(held).hexdigest()}  {name}\n" for name, held in content(folder).items())
    (folder / "SHA256SUMS").write_text(text)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("name", ["letter.txt", "release.json", "EUAIKG", "SHA256SUMS", "csv-metadata.json", "CURRENT"])
def test_a_folder_of_somebody_else_stays(write: Callable[[Path], object], name: str, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "photo.jpg").write_text("dear")
    (place / name).write_text('{"name": "mine", "files": {"deep/photo.jpg": 1}}')
    if name == "SHA256SUMS":
        sums(place)
    before = content(place)
    with pytest.raises((InputError, OutputError), match="mine: "):
        write(place)
    assert content(place) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("write", WRITERS)
def test_what_others_put_into_a_folder_of_ours_stays_there(write: Callable[[Path], object], tmp_path: Path) -> None:
    place = tmp_path / "ours"
    write(place)
    first = set(content(place))
    added = {"CNAME": b"example.org", "blog/2024/first.html": b"hello", "b/mine.txt": b"mine", "000001.log": b"x"}
    for name, held in added.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(held)
    (place / ".git" / "refs").mkdir(parents=True)
    (place / "link").symlink_to(tmp_path)
    write(place)
    assert added.items() <= content(place).items()
    assert {name for name in first if not name[0].isdigit()} <= set(content(place))
    assert (place / ".git" / "refs").is_dir() and (place / "link").is_symlink()
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_of_ours_that_was_changed_is_named(write: Callable[[Path], object], tmp_path: Path) -> None:
    place = tmp_path / "ours"
    write(place)
    changed = min(content(place).keys() - {"SHA256SUMS", "EUAIKG"})
    (place / changed).write_text("by hand")
    before = content(place)
    with pytest.raises(OutputError, match=f"ours: {changed} was not written here by euaikg"):
        write(place)
    assert content(place) == before


def test_a_name_that_is_taken_by_somebody_else_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "ours"
    tables(place)
    for name, mine in (("new.csv", "new.csv"), ("deep/new.csv", "deep"), ("folder", "folder/mine")):
        (place / mine).parent.mkdir(exist_ok=True)
        (place / mine).write_text("mine")
        with pytest.raises(OutputError, match=f"ours: {mine.partition('/')[0]}"):
            writing.write_folder(place, [(name, b"new")])
        assert (place / mine).read_text() == "mine"


def test_no_link_is_followed_when_old_files_go(tmp_path: Path) -> None:
    tables(tmp_path / "ours")
    (tmp_path / "ours" / "b").rename(tmp_path / "elsewhere")
    (tmp_path / "ours" / "b").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="ours: b was not written here"):
        tables(tmp_path / "ours")
    folders.remove(tmp_path / "ours", {"a.csv", "b/c.csv"})
    assert content(tmp_path / "elsewhere") == {"c.csv": b"c"}


def test_the_cache_is_swept_of_our_own_graphs_only(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    ours, unfinished = cache / ("a" * 32), cache / f".{'b' * 32}.abcdefgh"
    for folder in (cache / "thesis", cache / ("c" * 32), cache / ".thesis.abcdefgh", unfinished / "new"):
        folder.mkdir(parents=True)
        (folder / "notes.txt").write_text("dear")
    (cache / ("c" * 32) / "EUAIKG").write_text("mine")
    ours.mkdir()
    stores._fill(ours, [], ours, lambda _: None, None)
    (unfinished / "new" / "000012.sst").write_text("")
    folders.seal(ours, build.KIND)
    (cache / ("d" * 32)).symlink_to(ours)
    (cache / "file").write_text("dear")
    long_ago = time.time() - 2 * build.KEPT_SECONDS
    for path in cache.iterdir():
        os.utime(path, (long_ago, long_ago), follow_symlinks=False)
    build._sweep(cache)
    assert sorted(content(cache)) == sorted(
        [f".{'b' * 32}.abcdefgh/new/notes.txt", ".thesis.abcdefgh/notes.txt", "thesis/notes.txt", "file"]
        + [f"{'c' * 32}/{name}" for name in ("EUAIKG", "notes.txt")]
    )


OUTSIDE = ["../x.html", "a/../../x.html", "/x.html", "a//x", "./x", "x/.", "x/", "", "a\\x", "a\nx", "a\0x", "x" * 251]


@pytest.mark.parametrize("name", OUTSIDE, ids=repr)
def test_no_name_leads_out_of_a_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "parts", lambda *_, **__: iter([("index.html", b""), (name, b"")]))
    (tmp_path / "deep").mkdir()
    for write in (site, lambda place: writing.write_folder(place, [(name, b"")])):
        with pytest.raises(OutputError, match="is no path of a file within a folder; nothing is read or written there"):
            write(tmp_path / "deep" / "ours")
    assert [path.name for path in tmp_path.rglob("*")] == ["deep"]


def test_no_file_of_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    for first, second in (("a", "a"), ("a", "a/b"), ("a/b", "a")):
        with pytest.raises(OutputError, match="ours: "):
            writing.write_folder(tmp_path / "ours", [(first, b""), (second, b"")])
    assert not list(tmp_path.iterdir())


def test_only_document_versions_of_ours_have_a_page() -> None:
    store = Store()
    for version in ("https://w3id.org/euaikg/source/doc/en", "https://example.org/doc/en", BASE + "id/body"):
        store.add(Quad(A, NamedNode(EUAI + "inExpression"), NamedNode(version)))
    assert list(Site(Embedded(store), store, "2026-01-01").reading.passages) == [
        "https://w3id.org/euaikg/source/doc/en"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OUTSIDE, "link/../secret.txt"], ids=repr)
def test_no_document_outside_the_folder_is_read(name: str, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "link").symlink_to(tmp_path)
    for path in (documents / "there.txt", tmp_path / "secret.txt", tmp_path / "x.html"):
        path.write_text("secret")
    store = Store()
    for number, file in enumerate((name, "there.txt")):
        text, checksum = NamedNode(f"{BASE}text/{number}"), NamedNode(f"{BASE}sum/{number}")
        store.add(Quad(text, NamedNode(EUAI + "fileName"), Literal(file)))
        store.add(Quad(text, NamedNode("http://spdx.org/rdf/terms#checksum"), checksum))
        store.add(Quad(checksum, NamedNode("http://spdx.org/rdf/terms#checksumValue"), Literal("0")))
    reports = {report.file: report for report in sources.check(Embedded(store), documents)}
    assert not reports[name].found
    assert "is no path of a file within a folder" in str(reports[name].problems[0])
    assert reports["there.txt"].found
    assert [covered.found for covered in coverage.coverage(Embedded(store), documents)].count(True) == 1


@pytest.mark.slow
def test_a_damaged_cache_is_built_anew(cached: Path) -> None:
    whole = content(cached)
    assert b"<http://b/>" in whole["named.nq"]
    for number, (name, held) in enumerate(sorted(whole.items())):
        times = (cached / name).stat()
        damage = [b"", held[: len(held) // 2], held[:-1] + b"x"][number % 3]
        if damage == held:
            (cached / name).unlink()
        else:
            (cached / name).write_bytes(damage)
            os.utime(cached / name, ns=(times.st_atime_ns, times.st_mtime_ns))  # as if nothing had happened
        assert not places.untouched(str(cached)), name
        assert b"".join(export.write(export.everything(build.open_graph()), "nquads")) == whole["named.nq"], name
        assert places.untouched(str(cached))
    assert [path.name for path in cached.parent.iterdir()] == [cached.name]


def test_a_copied_cache_is_read_once_and_then_believed(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(cached, cached.parent / "copy", copy_function=shutil.copyfile)
    shutil.rmtree(cached)
    (cached.parent / "copy").rename(cached)
    monkeypatch.setattr(build, "build", lambda: pytest.fail("it is built anew"))
    for _ in range(2):
        assert build.open_graph().folder == cached
    assert places.untouched(str(cached))


def test_a_copy_that_cannot_be_written_is_not_read_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path / "s")
    shutil.copytree(tmp_path / "s", tmp_path / "copy")
    os.utime(tmp_path / "copy" / "CURRENT", ns=((tmp_path / "s" / "CURRENT").stat().st_mtime_ns,) * 2)
    assert not places.untouched(str(tmp_path / "copy"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(folders, "_sha256", lambda _: pytest.fail("it is read"))
    assert len(stores.open_store(tmp_path / "copy").store) == 1


def test_what_somebody_else_put_into_a_shared_cache_is_not_believed(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    lstat, mine = os.lstat, str(cached.parent / f"{cached.name}-12345")

    def owned(path: str, **within: int) -> os.stat_result:
        found = lstat(path, **within)
        fields = list(found)
        fields[4] = 12345 if str(path).startswith(mine) else 777
        return os.stat_result(fields, {"st_mtime_ns": found.st_mtime_ns, "st_ctime_ns": found.st_ctime_ns})

    monkeypatch.setattr(os, "lstat", owned)
    before = content(cached)
    assert places.graph_folder() == mine
    assert build.built() is None
    assert str(build.open_graph().folder) == mine
    assert build.built() is not None
    assert content(cached) == before
    mine = "nowhere"
    assert build.open_graph().folder is None


def test_damage_that_only_the_engine_sees_is_said_and_then_mended(cached: Path) -> None:
    class Broken:
        def query(self, _: str) -> object:
            raise RuntimeError("Corruption: block checksum mismatch")

    engine = Embedded(Broken(), cached)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match=r"^The query could not be answered: Corruption: block checksum mismatch\.$"):
        engine.run("ASK { ?s ?p ?o }")
    assert not places.untouched(str(cached))
    assert build.open_graph().run("ASK { GRAPH ?g { ?s ?p ?o } }") is True


def test_a_damaged_store_is_said_and_replaced_with_force(tmp_path: Path) -> None:
    place = tmp_path / "s"
    store(place)
    whole = content(place)
    for name in ("CURRENT", "EUAIKG", "SHA256SUMS", next(name for name in whole if name.endswith(".log"))):
        (place / name).write_bytes(whole[name][:-1] + b"x")
        with pytest.raises(InputError, match=r"s: the store cannot be opened \(its files are not as they were written"):
            stores.open_store(place)
        (place / name).write_bytes(whole[name])
        assert len(stores.open_store(place).store) == 1
    (place / "CURRENT").write_text("nonsense")
    with pytest.raises(OutputError, match=r"s: CURRENT was not written here by euaikg; .*; --force replaces it"):
        stores.build(place)
    stores.build(place, force=True)
    assert len(stores.open_store(place).store) == 1


@pytest.mark.slow
def test_a_store_is_opened_and_built_while_others_take_its_place(tmp_path: Path) -> None:
    code = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from tests.test_folders import Path, Quad, Store, stores, A, B
def fill(folder, *_):
    Store(str(folder)).add(Quad(A, A, B))
stores._fill = fill
until, done = time.time() + 6, 0
while time.time() < until:
    if sys.argv[1] == "read":
        assert len(stores.open_store(Path("s")).store) == 1
    else:
        stores.build(Path("s"))
    done += 1
print(done)
"""
    store(tmp_path / "s")
    ways = ("build", "build", "build", "read", "read")
    done = [
        subprocess.Popen([sys.executable, "-c", code, way], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        for way in ways
    ]
    time.sleep(2)
    while not (tmp_path / "s" / "mine.txt").exists():  # it may have been written where the folder no longer is
        with contextlib.suppress(OSError):
            (tmp_path / "s" / "mine.txt").write_text("mine")
    counts = [int(process.communicate(timeout=60)[0]) for process in done]
    assert min(counts) > 5
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
    assert (tmp_path / "s" / "mine.txt").read_text() == "mine"


@pytest.mark.slow
def test_many_first_commands_build_once(tmp_path: Path) -> None:
    code = """
import os, time
from euaikg.graph import build
from pyoxigraph import NamedNode, Quad, Store
def small():
    with open("built", "a") as stream:
        stream.write("x")
    time.sleep(0.5)
    return Store()
build.build = small
print(build.open_graph().folder is not None)
"""
    settings = {**os.environ, "EUAIKG_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-c", code]
    started = [
        subprocess.Popen(command, cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True) for _ in range(10)
    ]
    assert {process.communicate(timeout=100)[0] for process in started} == {"True\n"}
    assert (tmp_path / "built").read_text() == "x"


@pytest.mark.slow
def test_a_cache_whose_links_lead_in_a_circle_is_done_without(tmp_path: Path, process: Run) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / name).symlink_to(other)
    done = process("query", "graph-size", env={**os.environ, "EUAIKG_CACHE_DIR": str(tmp_path / "one")})
    assert (done.returncode, done.stdout != "") == (0, True), done.stderr
