"""A release is whole, the same whenever it is made, tells what changed, and never harms what stands in its place."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, SH, Graph, URIRef

from euaikg.core.vocab import BASE
from euaikg.errors import InputError, OutputError
from euaikg.graph import build
from euaikg.publishing import release
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

THERE = "https://example.org/kg/"
READABLE = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML, ".trig": RdfFormat.TRIG}


@pytest.fixture(scope="module")
def made(engine: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "public"
    release.write(engine, folder, THERE)
    return folder


@pytest.mark.slow
def test_checksums_and_sizes_are_those_of_the_files(made: Path) -> None:
    there = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    sums = dict(line.split("  ")[::-1] for line in (made / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == there - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == digest
    listed = json.loads((made / "release.json").read_text())["files"]
    assert set(listed) == there - {"SHA256SUMS", "release.json"}
    assert all((made / name).stat().st_size == entry["bytes"] for name, entry in listed.items())


@pytest.mark.slow
def test_all_that_is_promised_is_there_and_can_be_read(made: Path) -> None:
    for name in (
        *(f"euaikg.{suffix}" for suffix in ("ttl", "nt", "rdf", "jsonld", "trig", "nq")),
        *(f"catalog.{suffix}" for suffix in ("ttl", "rdf", "jsonld")),
        *(f"ontology.{suffix}" for suffix in ("ttl", "nt", "rdf", "jsonld", "html")),
        *("void.ttl", "schema.jsonld", "codelists.ttl", "shapes.ttl", "queries.ttl", "context.jsonld"),
        *("feed.atom", "index.html", "source.html", "llms.txt", "w3id/.htaccess", "queries/who-says.rq"),
    ):
        assert (made / name).stat().st_size > 0, name
    for path in made.rglob("*"):
        if path.suffix in READABLE:
            assert next(iter(parse(path.read_bytes(), format=READABLE[path.suffix]))), path
        if path.suffix in (".json", ".jsonld"):
            json.loads(path.read_text())


@pytest.mark.slow
@pytest.mark.slow
def test_every_question_says_where_it_can_be_asked(made: Path) -> None:
    queries = Graph().parse(made / "queries.ttl")
    about = set(queries.subjects(RDF.type, SH.SPARQLExecutable))
    targets = {str(target) for one in about for target in queries.objects(one, URIRef("https://schema.org/target"))}
    assert len(about) == len(list((made / "queries").glob("*.rq")))
    assert all((one, URIRef("https://schema.org/target"), None) in queries for one in about)
    (target,) = targets
    assert (made / target.removeprefix(json.loads((made / "release.json").read_text())["base"])).is_file()


@pytest.mark.slow
def test_every_link_within_leads_somewhere(made: Path) -> None:
    class Links(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.targets: list[str] = []
            self.anchors: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
            for name, value in attrs:
                if name == "href":
                    self.targets.append(str(value))
                if name == "id":
                    self.anchors.append(str(value))

    pages = {}
    for path in made.rglob("*.html"):
        pages[path] = Links()
        pages[path].feed(path.read_text())
    assert len(pages) > 30
    for path, links in pages.items():
        assert len(links.anchors) == len(set(links.anchors)), path
        for target in set(links.targets):
            if not target.startswith("http"):
                assert (path.parent / target.partition("#")[0]).is_file(), f"{path.name}: {target}"


@pytest.mark.slow
def test_every_address_of_the_graph_has_its_document(made: Path, engine: Embedded) -> None:
    """What the ``.htaccess`` promises for things and document versions is in the folder."""
    for quad in engine.store.quads_for_pattern(None, None, None, None):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE + "id/"):
            kind = quad.subject.value.removeprefix(BASE + "id/").partition("/")[0]
            if kind not in ("agent",):
                assert (made / "id" / f"{kind}.ttl").is_file(), quad.subject
    for row in engine.select("SELECT DISTINCT ?v { ?p <https://w3id.org/euaikg/ontology#inExpression> ?v }").to_dicts():
        page = (made / f"{str(row['v']).removeprefix(BASE)}.html").read_text()
        assert '<section id="' in page


@pytest.mark.slow
def test_the_bundle_of_a_kind_holds_the_statements_about_it(made: Path) -> None:
    triples = [quad.triple for quad in parse(made.joinpath("id/envelope.ttl").read_bytes(), format=RdfFormat.TURTLE)]
    assert any(t.predicate.value.endswith("#amount") and t.subject.value.startswith(BASE + "source/") for t in triples)


@pytest.mark.slow
def test_what_changed_since_an_earlier_one(made: Path, tmp_path: Path, engine: Embedded) -> None:
    added = tmp_path / "more.ttl"
    added.write_text(
        "@prefix body: <https://w3id.org/euaikg/id/body/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'body:new-thing a <https://w3id.org/euaikg/ontology#Body> ; skos:prefLabel "New thing"@en .'
    )
    release.write(build.open_graph([added]), tmp_path / "next", THERE, since=made)
    account = json.loads((tmp_path / "next" / "changes.json").read_text())
    assert [change["name"] for change in account["things"] if change["how"] == "added"] == ["New thing"]
    assert "* Things: 1 added." in (tmp_path / "next" / "changes.md").read_text()
    assert b"body/new-thing" in (tmp_path / "next" / "changes.rdfp").read_bytes()
    release.write(engine, tmp_path / "next", THERE, since=tmp_path / "next")  # replaces what it is compared with
    assert "1 removed" in (tmp_path / "next" / "changes.md").read_text()
    sums = [
        dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
        for folder in (made, tmp_path / "next")
    ]
    assert {name for name in sums[0] if sums[0][name] != sums[1].get(name)} == {
        "release.json",
        "feed.atom",
    }  # all else: the same bytes again


def test_a_folder_that_is_none_of_ours_is_left_alone(engine: Embedded, tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    done = run("release", "-o", "mine")
    assert done.returncode == 2
    assert "mine: the folder holds something else than a release; name a new or empty one." in done.stderr
    with pytest.raises(InputError, match="there is no release of euaikg in this folder"):
        release.write(engine, tmp_path / "new", since=tmp_path / "mine")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "euaikg.nq").write_text("")
    (tmp_path / "broken" / "release.json").write_text('{"version": "1", "files": {"euaikg.nq": {"sha256": "0"}}}')
    with pytest.raises(InputError, match="its SHA-256 is not the one"):
        release.write(engine, tmp_path / "new", since=tmp_path / "broken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "mine"]


@pytest.mark.slow
def test_a_failure_leaves_the_old_release(
    made: Path, engine: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made, tmp_path / "public")

    def full(*_: object) -> Iterator[tuple[str, bytes]]:
        yield "euaikg.ttl", b""
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "parts", full)
    with pytest.raises(OutputError, match="No space left on device"):
        release.write(engine, tmp_path / "public")
    assert [path.name for path in tmp_path.iterdir()] == ["public"]
    assert (tmp_path / "public" / "release.json").read_bytes() == (made / "release.json").read_bytes()
