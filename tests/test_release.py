"""A release is whole, the same whenever it is made, tells what changed, and never harms what stands in its place."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import RDF, SH, Dataset, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS

from euaikg.core.version import __version__
from euaikg.core.vocab import BASE, EUAI
from euaikg.errors import InputError, OutputError
from euaikg.graph import build
from euaikg.publishing import events, nanopubs, patches, release
from euaikg.questions import stored
from euaikg.sparql.answers import Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

THERE = "https://example.org/kg/"
READABLE = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML, ".trig": RdfFormat.TRIG}


@pytest.fixture
def made(released: Path) -> Path:
    return released


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
        *(f"euaikg.{suffix}" for suffix in ("ttl", "nt.gz", "rdf.gz", "jsonld.gz", "trig.gz", "nq.gz")),
        *(f"catalog.{suffix}" for suffix in ("ttl", "rdf", "jsonld")),
        *(f"ontology.{suffix}" for suffix in ("ttl", "nt", "rdf", "jsonld", "html")),
        *("void.ttl", "schema.jsonld", "codelists.ttl", "shapes.ttl", "queries.ttl", "context.jsonld"),
        *(
            "versions.ttl",
            "nanopubs.trig.gz",
            "events.ttl",
            "robots.txt",
            "euaikg-csv.zip",
            "feed.atom",
            "index.html",
            "documents.html",
            "llms.txt",
            "w3id/.htaccess",
            "queries/who-says.rq",
        ),
    ):
        assert (made / name).stat().st_size > 0, name
    for start in ("", "nl/"):  # crawlers find the record, and with it all files, from the start page
        found = re.findall(
            r'rel="describedby" type="([^"]+)" href="(?:../)?([^"]+)"', (made / f"{start}index.html").read_text()
        )
        assert found == [("text/turtle", "catalog.ttl"), ("application/ld+json", "catalog.jsonld")]
    for path in made.rglob("*"):
        if path.suffix in READABLE:
            assert next(iter(parse(path.read_bytes(), format=READABLE[path.suffix]))), path
        if path.suffix in (".json", ".jsonld"):
            json.loads(path.read_text())


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
def test_every_address_of_the_graph_has_its_document(made: Path, engine: Embedded) -> None:
    """What the ``.htaccess`` promises for things and document versions is in the folder."""
    for quad in engine.store.quads_for_pattern(None, None, None, None):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE + "id/"):
            kind = quad.subject.value.removeprefix(BASE + "id/").partition("/")[0]
            if kind not in ("agent",):
                assert (made / "id" / f"{kind}.ttl").is_file(), quad.subject
    rows = engine.select("SELECT ?p ?v { ?p <https://w3id.org/euaikg/ontology#inExpression> ?v }").to_dicts()
    assert len(rows) > 3000
    told = {
        version: (made / f"{version.removeprefix(BASE)}.html").read_text()
        for version in {str(row["v"]) for row in rows}
    }
    assert all(f' id="{str(row["p"]).partition("#")[2]}"' in told[str(row["v"])] for row in rows)
    for version in told:
        document = version.removeprefix(BASE).rpartition("/")[0]
        assert version.encode() in (made / f"{document}.ttl").read_bytes()
        assert version in (made / f"{document}.jsonld").read_text()


@pytest.mark.slow
def test_the_bundle_of_a_kind_holds_the_statements_about_it(made: Path) -> None:
    triples = [quad.triple for quad in parse(made.joinpath("id/envelope.ttl").read_bytes(), format=RdfFormat.TURTLE)]
    assert any(t.predicate.value.endswith("#amount") and t.subject.value.startswith(BASE + "source/") for t in triples)


@pytest.mark.slow
def test_what_changed_since_an_earlier_one(
    made: Path, tmp_path: Path, engine: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = tmp_path / "more.ttl"
    added.write_text(
        "@prefix body: <https://w3id.org/euaikg/id/body/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'body:new-thing a <https://w3id.org/euaikg/ontology#Body> ; skos:prefLabel "New thing"@en .'
    )
    all_jobs = release._jobs
    monkeypatch.setattr(release, "_jobs", lambda _: [])  # of this one nobody looks at the pages
    release.write(build.open_graph([added]), tmp_path / "next", THERE, since=made)
    account = json.loads((tmp_path / "next" / "changes.json").read_text())
    assert [change["name"] for change in account["things"] if change["how"] == "added"] == ["New thing"]
    assert "* Things: 1 added." in (tmp_path / "next" / "changes.md").read_text()
    patch = patches.read(tmp_path / "next" / "changes.rdfp")
    assert all(b"body/new-thing" in b"".join(patch.changes[graph][1]) for graph in (None, BASE + "graph/added"))
    numbers = [json.loads((folder / "release.json").read_text())["version"] for folder in (made, tmp_path / "next")]
    assert numbers == [__version__, f"{__version__}.1"]
    assert f"<title>euaikg {__version__}.1</title>" in (tmp_path / "next" / "feed.atom").read_text()
    assert f'dcat:version "{__version__}.1"' in (tmp_path / "next" / "versions.ttl").read_text()
    # Pages of one kind are made alike: some of each kind show what all of them would.
    monkeypatch.setattr(release, "_jobs", lambda there: all_jobs(there)[::23])
    release.write(engine, tmp_path / "next", THERE, since=tmp_path / "next")  # replaces what it is compared with
    assert "1 removed" in (tmp_path / "next" / "changes.md").read_text()
    sums = [
        dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
        for folder in (made, tmp_path / "next")
    ]
    differ = {name for name in sums[0].keys() & sums[1].keys() if sums[0][name] != sums[1][name]}
    for kind in ("answers/*.csv", "question/*.html", "id/*/*.html", "source/*.html", "source/*/*.html"):
        assert any(Path(name).match(kind) for name in sums[1]), kind
    assert not [name for name in differ if name.startswith(("answers/", "euaikg.")) and not name.endswith(".zip")]
    number = re.compile(rf"{re.escape(__version__)}(\.\d+)?".encode())
    for name in differ:
        if name.startswith(("id/", "question/", "source/")):
            first, last = ((folder / name).read_bytes() for folder in (made, tmp_path / "next"))
            assert number.sub(b"", first) == number.sub(b"", last), f"{name} shows more than another number"


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

    def full(*_: object, **__: object) -> Iterator[tuple[str, bytes]]:
        yield "euaikg.ttl", b""
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "parts", full)
    with pytest.raises(OutputError, match="No space left on device"):
        release.write(engine, tmp_path / "public")
    assert [path.name for path in tmp_path.iterdir()] == ["public"]
    assert (tmp_path / "public" / "release.json").read_bytes() == (made / "release.json").read_bytes()


# Nanopublications, the event stream and the site map.

PLAN = "https://w3id.org/euaikg/source/com-2024-28/en#s5-p3-i1"
"""A passage that says what is to be."""


@pytest.mark.slow
def test_a_nanopublication_is_valid_and_its_name_is_its_checksum(engine: Embedded) -> None:
    made = nanopubs.made(engine.store, "2026-11-22")
    assert len({one.name for one in made}) == len(made) > 500
    library: Any = pytest.importorskip("nanopub", reason="the library is not installed: pip install nanopub")
    hasher = importlib.import_module("nanopub.trustyuri.rdf.RdfHasher")
    for one in made[:: len(made) // 30]:
        read = Dataset()
        read.parse(data=nanopubs.trig([one]), format="trig")
        code = one.name.value.rpartition("/")[2]
        assert hasher.make_hash([(name, *triple) for *triple, name in read.quads()], code) == code
        assert library.Nanopub(rdf=read).is_valid
        (head,) = (graph for name, graph in one.graphs.items() if name.endswith("#Head"))
        assert {str(triple.object).strip("<>") for triple in head if triple.subject == one.name} >= set(one.graphs) - {
            f"{one.name.value}#Head"
        }


@pytest.mark.slow
def test_what_a_passage_denies_is_no_assertion(engine: Embedded) -> None:
    denied = {
        str(row["p"])
        for row in engine.select(
            "SELECT ?p { ?p <https://w3id.org/euaikg/ontology#modality> ?m FILTER(?m IN "
            "(<https://w3id.org/euaikg/id/modality/denied>, <https://w3id.org/euaikg/id/modality/ended>)) }"
        ).to_dicts()
    }
    assert denied
    assert not denied & {one.passage.value for one in nanopubs.made(engine.store, "2026-11-22")}


@pytest.mark.slow
def test_a_plan_is_recorded_with_its_modality_and_not_asserted(engine: Embedded) -> None:
    made = {one.passage.value: one for one in nanopubs.made(engine.store, "2026-11-22")}
    modality, statement = NamedNode(EUAI + "modality"), NamedNode(f"{RDF}Statement")
    hows = engine.select("SELECT ?p ?m { ?p a euai:Passage ; euai:modality ?m }").to_dicts()
    kinds = {str(row["p"]): str(row["m"]).rpartition("/")[2] for row in hows}
    plain = {(t.subject, t.predicate, t.object) for t in made[PLAN].graphs[f"{made[PLAN].name.value}#assertion"]}
    assert not {p.value for _, p, _ in plain} & {f"{EUAI}supports", f"{EUAI}establishes", f"{EUAI}involves"}
    for passage, one in made.items():
        facts = one.graphs[f"{one.name.value}#assertion"]
        hedged = {triple.subject for triple in facts if triple.predicate == modality}
        if kinds[passage] == "asserted":
            assert not hedged
        else:
            assert {triple.subject for triple in facts} == hedged, passage
    records = engine.run(stored.bind(stored.get("relation-records"), {"passage": [PLAN]}, engine))
    assert isinstance(records, Triples)
    named = {t.subject for t in records.triples if t.object == statement}
    assert named <= {subject for subject, _, _ in plain}, "records have one name everywhere"


@pytest.mark.slow
def test_nor_is_what_a_narrower_code_denies(engine: Embedded) -> None:
    first = nanopubs.made(engine.store, "2026-11-22")[0].passage
    refuted, broader = (
        NamedNode("https://example.org/refuted"),
        NamedNode("http://www.w3.org/2004/02/skos/core#broader"),
    )
    denied = NamedNode("https://w3id.org/euaikg/id/modality/denied")
    store = Store()
    store.bulk_extend(engine.store)
    for graph in (DefaultGraph(), NamedNode("https://w3id.org/euaikg/graph/described")):
        store.extend(
            [
                Quad(first, NamedNode("https://w3id.org/euaikg/ontology#modality"), refuted, graph),
                Quad(refuted, broader, denied, graph),
            ]
        )
    assert first not in {one.passage for one in nanopubs.made(store, "2026-11-22")}


@pytest.mark.slow
def test_an_unchanged_passage_keeps_its_name_in_the_next_release(engine: Embedded) -> None:
    first = nanopubs.made(engine.store, "2026-11-22")
    pages = {
        name: content
        for name, content in events.stream(first, "0.1.0", "2026-11-22", THERE, {})
        if name.endswith(".trig")
    }
    known = {member.name: member.created for member in events.latest(pages).values()}
    again = nanopubs.made(engine.store, "2027-01-01", known)
    assert [one.name for one in again] == [one.name for one in first]
    assert {one.name for one in nanopubs.made(engine.store, "2027-01-01")} != {one.name for one in first}
    made = dict(events.stream(again[2:], "0.2.0", "2027-01-01", THERE, pages))
    assert made["events/0.1.0.trig"] == pages["events/0.1.0.trig"], "a page never changes"
    gone = events.members({"": made["events/0.2.0.trig"]})
    assert {member.passage for member in gone if member.is_gone} == {one.passage.value for one in first[:2]}
    assert len(gone) == 2
    later = {name: content for name, content in made.items() if name.endswith(".trig")}
    third = dict(events.stream(again[2:], "0.3.0", "2027-02-01", THERE, later))
    assert events.members({"": third["events/0.3.0.trig"]}) == [], "what is gone is told once"


@pytest.mark.slow
def test_the_event_stream_is_one_of_ldes(engine: Embedded) -> None:
    """What the specifications of TREE and LDES demand of a stream, its view, its relations and its members."""
    first = nanopubs.made(engine.store, "2026-11-22")
    files = dict(events.stream(first, "0.1.0", "2026-11-22", THERE, {}))
    root, page = Graph().parse(data=files["events.ttl"]), Dataset()
    page.parse(data=files["events/0.1.0.trig"], format="trig")
    tree, ldes = Namespace("https://w3id.org/tree#"), Namespace("https://w3id.org/ldes#")
    (stream,) = root.subjects(RDF.type, ldes.EventStream)
    (view,) = root.objects(stream, tree.view)
    assert str(view) == THERE + "events.ttl"
    assert (root.value(stream, ldes.timestampPath), root.value(stream, ldes.versionOfPath)) == (
        DCTERMS.created,
        DCTERMS.isVersionOf,
    )
    (relation,) = root.objects(view, tree.relation)
    assert root.value(relation, RDF.type) == tree.GreaterThanOrEqualToRelation
    assert str(root.value(relation, tree.node)) == THERE + "events/0.1.0.trig"
    least = root.value(relation, tree.value)
    members = set(page.objects(stream, tree.member))
    assert len(members) == len(first)
    for member in members:
        (time,) = page.objects(member, DCTERMS.created)
        (_,) = page.objects(member, DCTERMS.isVersionOf)
        assert str(time) >= str(least)
        assert len(page.get_context(str(member))), "its facts are a named graph under its name"


def test_the_site_map_is_split_and_has_whole_addresses() -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    addresses = [f"{THERE}id/a&b{number}.html" for number in range(7)]
    made = dict(release.sitemap(addresses, "2026-11-22", THERE, most=3))
    listed = [node.text for node in ElementTree.fromstring(made["sitemap.xml"]).iter(f"{space}loc")]
    assert listed == [f"{THERE}sitemap-{number}.xml" for number in (1, 2, 3)]
    told = [
        node.text
        for name in ("sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml")
        for node in ElementTree.fromstring(made[name]).iter(f"{space}loc")
    ]
    assert told == addresses
    assert set(dict(release.sitemap(addresses, "2026-11-22", THERE))) == {"sitemap.xml", "robots.txt"}
    assert f"Sitemap: {THERE}sitemap.xml\n" in made["robots.txt"].decode()


@pytest.mark.slow
def test_every_page_is_in_the_site_map(made: Path) -> None:
    loc = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    listed = {node.text for node in ElementTree.fromstring((made / "sitemap.xml").read_bytes()).iter(loc)}
    assert listed == {THERE + path.relative_to(made).as_posix() for path in made.rglob("*.html")}
