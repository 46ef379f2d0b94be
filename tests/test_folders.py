"""Folders that are written again: what is ours there is replaced, and what is anybody else's stays."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from euaikg.core import files
from euaikg.core.vocab import BASE, EUAI
from euaikg.curation import sources
from euaikg.errors import InputError, OutputError
from euaikg.graph import build, stores
from euaikg.pages import html
from euaikg.publishing import release
from euaikg.sparql.embedded import Embedded

A, B = NamedNode("http://a/"), NamedNode("http://b/")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a store and a release be small, so that writing them takes no time."""

    def fill(folder: Path, *_: object) -> None:
        Store(str(folder)).add(Quad(A, A, B))

    monkeypatch.setattr(stores, "_fill", fill)
    monkeypatch.setattr(release, "parts", lambda *_: iter([("index.html", b"home"), ("id/body.html", b"bodies")]))


def tables(place: Path) -> object:
    return files.write_folder(place, [("a.csv", b"a"), ("b/c.csv", b"c")])


def store(place: Path) -> object:
    return stores.build(place)


def site(place: Path) -> object:
    return release.write(Embedded(Store()), place)


WRITERS = (tables, store, site)


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
            files.write_folder(place, [(name, b"new")])
        assert (place / mine).read_text() == "mine"


def test_no_link_is_followed_when_old_files_go(tmp_path: Path) -> None:
    tables(tmp_path / "ours")
    (tmp_path / "ours" / "b").rename(tmp_path / "elsewhere")
    (tmp_path / "ours" / "b").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="ours: b was not written here"):
        tables(tmp_path / "ours")
    files.remove(tmp_path / "ours", {"a.csv", "b/c.csv"})
    assert content(tmp_path / "elsewhere") == {"c.csv": b"c"}


def test_the_cache_is_swept_of_our_own_graphs_only(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    ours, unfinished = cache / ("a" * 32), cache / f".{'b' * 32}.abcdefgh"
    for folder in (cache / "thesis", cache / ("c" * 32), cache / ".thesis.abcdefgh", unfinished / "new"):
        folder.mkdir(parents=True)
        (folder / "notes.txt").write_text("dear")
    (cache / ("c" * 32) / "EUAIKG").write_text("mine")
    ours.mkdir()
    stores._fill(ours, [], ours, lambda _: None)
    (unfinished / "new" / "000012.sst").write_text("")
    files.seal(ours, build.KIND)
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
    monkeypatch.setattr(release, "parts", lambda *_: iter([("index.html", b""), (name, b"")]))
    (tmp_path / "deep").mkdir()
    for write in (site, lambda place: files.write_folder(place, [(name, b"")])):
        with pytest.raises(OutputError, match="is no path of a file within a folder; nothing is read or written there"):
            write(tmp_path / "deep" / "ours")
    assert [path.name for path in tmp_path.rglob("*")] == ["deep"]


def test_no_file_of_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    for first, second in (("a", "a"), ("a", "a/b"), ("a/b", "a")):
        with pytest.raises(OutputError, match="ours: "):
            files.write_folder(tmp_path / "ours", [(first, b""), (second, b"")])
    assert not list(tmp_path.iterdir())


def test_only_document_versions_of_ours_have_a_page() -> None:
    store = Store()
    for version in ("https://w3id.org/euaikg/source/doc/en", "https://example.org/doc/en", BASE + "id/body"):
        store.add(Quad(A, NamedNode(EUAI + "inExpression"), NamedNode(version)))
    assert list(html.Names(store).passages()) == ["https://w3id.org/euaikg/source/doc/en"]


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
    assert [covered.found for covered in sources.coverage(Embedded(store), documents)].count(True) == 1
