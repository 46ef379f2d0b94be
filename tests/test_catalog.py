"""The catalogue says what is true of the files, in every vocabulary the same, and passes every check."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, SDO, SKOS, VOID

import euaikg
from euaikg.cli import main
from euaikg.core import files, vocab, writing
from euaikg.curation import shacl
from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.publishing import dcat, quality
from euaikg.rdf import forms
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

OFFICIAL = files.root().parent / "shared" / "reference" / "dcat-ap-3.0.1"
MADE = {form: form.encode() * 100 for form in dcat.DISTRIBUTED}
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib knows only the terms of its second version
ENDPOINT = "https://data.example.org/sparql"
PROFILES = list(dcat.PROFILES)


@pytest.fixture(scope="module")
def description(engine: Embedded) -> Graph:
    """The description of small stand-ins for the files, with a data service."""
    return dcat.describe(engine, MADE, endpoint=ENDPOINT)


@pytest.fixture(scope="module")
def numbers(engine: Embedded) -> Graph:
    return dcat.counts(engine)


def copied(graph: Graph) -> Graph:
    return graph + Graph()


def texts(graph: Graph, subject: Any, predicate: Any, language: str | None = None) -> list[str]:
    """The values, as text, that ``subject`` has (in ``language``)."""
    values = graph.objects(subject, predicate)
    return [str(value) for value in values if language in (None, getattr(value, "language", None))]


def first(graph: Graph, kind: URIRef) -> URIRef:
    """The first thing of a kind, by IRI."""
    return URIRef(min(str(thing) for thing in graph.subjects(RDF.type, kind)))


def one(graph: Graph, subject: Any, predicate: Any, language: str | None = None) -> str:
    """The one value, as text, that ``subject`` has (in ``language``)."""
    (value,) = texts(graph, subject, predicate, language)
    return value


# It is true.


@pytest.mark.slow
def test_sizes_and_checksums_are_those_of_the_exports(engine: Embedded, run: Run) -> None:
    done = run("catalog")
    assert (done.returncode, done.stderr) == (0, "")
    graph = Graph().parse(data=done.stdout, format="turtle")
    for form in dcat.DISTRIBUTED:
        is_table = form in forms.TABLES
        content = export.packed(engine, form) if is_table else export.whole(engine.store, form)
        content = b"".join(writing.packed([content])) if form in dcat.PACKED else content
        file = URIRef(f"{vocab.BASE}distribution/{form}")
        assert graph.value(file, DCAT.byteSize) == Literal(str(len(content)), datatype=XSD.nonNegativeInteger)
        checksum = URIRef(f"{file}#checksum")
        assert hashlib.sha256(content).hexdigest() in {str(value) for value in graph.objects(checksum)}
    assert set(graph.objects(dcat.DATASET, DCAT.distribution)) == {
        URIRef(f"{vocab.BASE}distribution/{form}") for form in dcat.DISTRIBUTED
    }
    assert not list(graph.subjects(RDF.type, DCAT.DataService))
    quality_of_own = quality.check(graph, quality.rules(PROFILES[0]))
    assert quality_of_own == []


def test_versions_and_dates_are_those_of_the_release(description: Graph, engine: Embedded) -> None:
    citation = (files.root() / "CITATION.cff").read_text(encoding="utf-8")
    assert set(description.subjects(RDF.type, DCAT.Dataset)) == {dcat.DATASET}, "harvesters take each for a package"
    versions = dcat.describe(engine, MADE, versions=True)
    current = URIRef(f"{dcat.DATASET}/{euaikg.__version__}")
    assert set(versions.subjects(RDF.type, DCAT.Dataset)) == {current}
    assert (current, DCAT.isVersionOf, dcat.DATASET) in versions
    assert not set(versions.predicates(dcat.DATASET))
    kept = {str(url) for file in versions.objects(current, DCAT.distribution) for url in versions.objects(file)}
    for name in dcat.FILES.values():
        assert f"{vocab.BASE}{euaikg.__version__}/{name}" in kept
        assert vocab.BASE + name not in kept
    assert f"\nversion: {one(description, dcat.DATASET, DCAT.version)}\n" in citation
    assert f'\ndate-released: "{one(versions, current, DCTERMS.issued)}"\n' in citation
    for thing in (dcat.CATALOG, dcat.DATASET, *description.subjects(RDF.type, DCAT.Distribution)):
        assert one(description, thing, DCTERMS.modified) == one(versions, current, DCTERMS.issued)


def test_the_publisher_has_one_name(description: Graph, engine: Embedded) -> None:
    publisher = description.value(dcat.DATASET, DCTERMS.publisher)
    rows = engine.select(f"SELECT ?name {{ <{publisher}> <{FOAF.name}> ?name }}").to_dicts()
    assert {row["name"] for row in rows} == set(texts(description, publisher, FOAF.name))


def test_the_record_names_the_documents_that_were_read(description: Graph, engine: Embedded) -> None:
    rows = engine.select("SELECT DISTINCT ?document { [] euai:statedAt ?document }").to_dicts()
    assert len(rows) > 10
    named = {str(one) for one in description.objects(dcat.DATASET, PROV.wasDerivedFrom)}
    assert named == {row["document"] for row in rows}


@pytest.mark.slow
def test_the_counts_are_those_of_the_flat_export(engine: Embedded, numbers: Graph) -> None:
    triples = list(parse(export.whole(engine.store, "ntriples"), format=RdfFormat.N_TRIPLES))
    things: dict[str, set[object]] = {}
    for triple in triples:
        if triple.predicate == vocab.TYPE:
            things.setdefault(triple.object.value, set()).add(triple.subject)
    counted = {
        VOID.triples: len(triples),
        VOID.distinctSubjects: len({triple.subject for triple in triples}),
        VOID.distinctObjects: len({triple.object for triple in triples}),
        VOID.properties: len({triple.predicate for triple in triples}),
        VOID.classes: len(things),
    }
    assert {key: int(one(numbers, dcat.DATASET, key)) for key in counted} == counted
    parts = {
        one(numbers, part, VOID["class"]): int(one(numbers, part, VOID.entities))
        for part in numbers.objects(dcat.DATASET, VOID.classPartition)
    }
    assert parts == {name: len(members) for name, members in things.items()}
    by_property = [
        int(one(numbers, part, VOID.triples)) for part in numbers.objects(dcat.DATASET, VOID.propertyPartition)
    ]
    assert (len(by_property), sum(by_property)) == (counted[VOID.properties], len(triples))


def test_the_linksets_are_the_links(numbers: Graph) -> None:
    found: dict[tuple[str, str], int] = {}
    for path in files.shipped("data/links", ".ttl"):
        for subject, predicate, value in Graph().parse(path):
            outside = [str(end) for end in (subject, value) if not str(end).startswith(vocab.BASE)]
            if predicate in (SKOS.exactMatch, SDO.sameAs, FOAF.focus) and len(outside) == 1:
                found[path.stem, str(predicate)] = found.get((path.stem, str(predicate)), 0) + 1
    described: dict[tuple[str, str], int] = {}
    for linkset in numbers.objects(dcat.DATASET, VOID.subset):
        place = one(numbers, linkset, DCTERMS.source).rpartition("/")[2]
        targets = {one(numbers, linkset, VOID.subjectsTarget), one(numbers, linkset, VOID.objectsTarget)}
        assert str(dcat.DATASET) in targets
        assert len(targets) == 2
        key = place, one(numbers, linkset, VOID.linkPredicate)
        described[key] = described.get(key, 0) + int(one(numbers, linkset, VOID.triples))
    assert described == found


def test_a_file_that_is_not_made_is_not_listed(engine: Embedded) -> None:
    graph = dcat.describe(engine, {"turtle": b"x"})
    files_ = set(graph.subjects(RDF.type, DCAT.Distribution))
    assert files_ == {URIRef(vocab.BASE + "distribution/turtle")}
    assert "N_QUADS" not in dcat.written(graph, "turtle").decode()


def test_every_format_is_described() -> None:
    described = Graph().parse(files.root() / "catalog" / "description.ttl")
    listed = {str(file).rpartition("/")[2] for file in described.objects(dcat.DATASET, DCAT.distribution)}
    assert set(dcat.DISTRIBUTED) <= listed


# It says the same everywhere.


def test_dcat_void_and_schema_org_agree(description: Graph, numbers: Graph) -> None:
    void = dcat.translated(description, numbers, "void")
    page = json.loads(dcat.embedded(dcat.translated(description, numbers, "schema.org")))
    dataset = dcat.DATASET
    for term, key in ((DCTERMS.title, "name"), (DCTERMS.description, "description")):
        assert one(description, dataset, term, "en") == one(void, dataset, term, "en") == page[key]
        assert one(description, dataset, term, "nl") == one(void, dataset, term, "nl")
    authority = description.value(dataset, DCTERMS.license)
    assert one(description, authority, SKOS.exactMatch) == one(void, dataset, DCTERMS.license) == page["license"]
    for term, key in ((DCTERMS.issued, "datePublished"), (DCTERMS.modified, "dateModified")):
        assert one(description, dataset, term) == one(void, dataset, term) == page[key]
    publisher = description.value(dataset, DCTERMS.publisher)
    names = {
        one(description, publisher, FOAF.name, "en"),
        one(void, publisher, FOAF.name, "en"),
        page["publisher"]["name"],
    }
    assert names == {"The euaikg authors"}
    assert one(description, dataset, DCAT.landingPage) == one(void, dataset, FOAF.homepage) == page["url"]
    assert one(void, dataset, VOID.triples) == str(page["size"]["value"])
    assert page["version"] == one(description, dataset, DCAT.version)
    assert set(page["keywords"]) == set(texts(description, dataset, DCAT.keyword, "en"))
    addresses = {str(url) for url in description.objects(None, DCAT.downloadURL)}
    tables = {vocab.BASE + dcat.FILES[form] for form in forms.TABLES}
    assert addresses - tables == {str(url) for url in void.objects(dataset, VOID.dataDump)}
    assert addresses == {file["contentUrl"] for file in page["distribution"]}
    for file in page["distribution"]:
        assert file["contentSize"] == f"{one(description, URIRef(file['@id']), DCAT.byteSize)} B"
        assert file["sha256"] in map(str, description.objects(URIRef(f"{file['@id']}#checksum")))
        assert one(description, URIRef(file["@id"]), DCAT.mediaType).endswith(f"/{file['encodingFormat']}")
    assert one(void, dataset, VOID.sparqlEndpoint) == one(description, dcat.SERVICE, DCAT.endpointURL) == ENDPOINT


def test_schema_org_is_as_search_engines_want_it(description: Graph, numbers: Graph) -> None:
    """Required and recommended properties: Google Search Central, "Dataset structured data"."""
    graph = dcat.translated(description, numbers, "schema.org")
    page = json.loads(dcat.embedded(graph))
    assert page["@context"] == {"@vocab": "https://schema.org/"}
    assert page["@type"] == "Dataset"
    assert 50 <= len(page["description"]) <= 5000
    wanted = "name description alternateName creator distribution identifier includedInDataCatalog keywords license"
    assert set(wanted.split()) <= set(page)
    assert {"isAccessibleForFree", "spatialCoverage", "temporalCoverage", "url", "version"} <= set(page)
    assert page["isAccessibleForFree"] is True
    assert all({"contentUrl", "encodingFormat"} <= set(file) for file in page["distribution"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", page["temporalCoverage"])
    read = Graph().parse(data=dcat.embedded(graph), format="json-ld")
    assert isomorphic(read, graph)


def test_schema_org_cannot_break_out_of_its_script(description: Graph, numbers: Graph) -> None:
    bad = copied(description)
    bad.set((dcat.DATASET, DCTERMS.title, Literal("</script><b>", lang="en")))
    bad.add((dcat.DATASET, DCTERMS.title, Literal("titel", lang="nl")))
    written = dcat.embedded(dcat.translated(bad, numbers, "schema.org"))
    assert b"</script" not in written
    assert json.loads(written)["name"] == "</script><b>"


@pytest.mark.parametrize("vocabulary", ["dcat", "void", "schema.org"])
def test_every_syntax_holds_the_same_graph(vocabulary: str, description: Graph, numbers: Graph) -> None:
    graph = description if vocabulary == "dcat" else dcat.translated(description, numbers, vocabulary)
    assert len(graph) > 50
    for syntax, name, kind in (
        ("turtle", "turtle", RdfFormat.TURTLE),
        ("jsonld", "json-ld", RdfFormat.JSON_LD),
        ("rdfxml", "xml", RdfFormat.RDF_XML),
    ):
        content = dcat.written(graph, syntax)
        assert isomorphic(Graph().parse(data=content, format=name), graph), syntax
        assert len(set(parse(content, format=kind))) == len(graph), syntax
        assert content.endswith(b"\n")


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    code = """
import hashlib
from euaikg.graph import build
from euaikg.publishing import dcat
engine = build.open_graph()
made = {form: form.encode() for form in dcat.DISTRIBUTED}
digest = hashlib.sha256()
for profile in dcat.PROFILES:
    described = dcat.describe(engine, made, profile=profile, base="https://example.org/x", endpoint="https://example.org/q")
    for syntax in dcat.SYNTAXES:
        digest.update(dcat.written(described, syntax))
described, numbers = dcat.describe(engine, made), dcat.counts(engine)
for vocabulary in ("void", "schema.org"):
    for syntax in dcat.SYNTAXES:
        digest.update(dcat.written(dcat.translated(described, numbers, vocabulary), syntax))
digest.update(dcat.embedded(dcat.translated(described, numbers, "schema.org")))
print(digest.hexdigest())
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        ).stdout
        for seed, zone, locale in (("1", "UTC", "C"), ("2", "Asia/Tokyo", "C.UTF-8"))
    }  # fmt: skip
    assert len(printed) == 1


# It can move, and it can speak the older profile.


def test_a_base_address_moves_addresses_and_no_names(engine: Embedded, description: Graph) -> None:
    moved = dcat.describe(engine, MADE, base="https://data.example.org/eu", endpoint=ENDPOINT)
    places = (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, FOAF.homepage)
    for place in places:
        here = {str(value).removeprefix(vocab.BASE) for value in description.objects(None, place)}
        there = {str(value).removeprefix("https://data.example.org/eu/") for value in moved.objects(None, place)}
        assert here == there
    documents = set(description.subjects(RDF.type, FOAF.Document))
    names = set(description.subjects()) - documents
    assert names <= set(moved.subjects())
    assert quality.check(moved, quality.rules(PROFILES[0])) == []


def test_the_older_profile(engine: Embedded) -> None:
    graph = dcat.describe(engine, MADE, profile="dcat-ap-2.1.1")
    file = URIRef(vocab.BASE + "distribution/turtle")
    assert graph.value(file, DCAT.byteSize) == Literal(str(len(MADE["turtle"])), datatype=XSD.decimal)
    checksum = set(graph.objects(URIRef(f"{file}#checksum")))
    assert Literal(hashlib.sha1(MADE["turtle"]).hexdigest(), datatype=XSD.hexBinary) in checksum
    assert URIRef("http://spdx.org/rdf/terms#checksumAlgorithm_sha1") in checksum
    assert one(graph, dcat.DATASET, OWL.versionInfo) == euaikg.__version__
    assert not {DCAT.version, DCAT.hasVersion, DCAT.hasCurrentVersion, DCTERMS.hasVersion} & set(graph.predicates())
    assert "3.0.1" not in dcat.written(graph, "turtle").decode()
    assert quality.check(graph, quality.rules("dcat-ap-2.1.1")) == []
    assert quality.check(graph, quality.rules("dcat-ap-3.0.1")) != []


def test_the_shipped_profiles_are_told_apart(description: Graph) -> None:
    broken = {remark.message for remark in quality.check(description, quality.rules("dcat-ap-2.1.1"))}
    assert broken == {
        "In DCAT-AP 2.1.1 a size is a decimal.",
        "DCAT-AP 2.1.1 knows SHA-1 alone.",
        "DCAT-AP 2.1.1 says owl:versionInfo, not dcat:version.",
    }


# It passes the checks, and the checks can fail.


@pytest.fixture(scope="module")
def official() -> Graph:
    if not OFFICIAL.is_dir():
        pytest.skip("the official shapes of DCAT-AP are not beside the project")
    return shacl.load([path for path in sorted(OFFICIAL.glob("*.ttl")) if path.name != "cpov.ttl"]).graph


def test_the_official_shapes_find_nothing_but_known_deviations(
    description: Graph, official: Graph, engine: Embedded
) -> None:
    remarks = quality.check(description, official)
    assert [str(remark) for remark in remarks if not remark.reason] == []
    listed = Graph().parse(files.root() / "catalog" / "deviations.ttl")
    reasons = {str(text) for text in listed.objects(None, SH.resultMessage)}
    assert {remark.reason for remark in remarks} == reasons, "take from deviations.ttl what is no longer one"
    plain = dcat.describe(engine, MADE)
    assert [str(remark) for remark in quality.check(plain, official) if not remark.reason] == []


def test_the_official_shapes_see_a_fault(description: Graph, official: Graph) -> None:
    bad = copied(description)
    bad.remove((dcat.DATASET, DCTERMS.title, None))
    bad.set((dcat.DATASET, DCTERMS.accrualPeriodicity, Literal("now and then")))
    wrong = [remark for remark in quality.check(bad, official) if remark.severity == "Violation"]
    paths = {remark.path for remark in wrong if not remark.reason}
    assert paths == {str(DCTERMS.title), str(DCTERMS.accrualPeriodicity)}


def wanted() -> list[tuple[URIRef, URIRef, str]]:
    """What our rules say must be there: class, property and message."""
    rules = quality.rules(PROFILES[0])
    found = []
    for shape, kind in rules.subject_objects(SH.targetClass):
        for rule in rules.objects(shape, SH.property):
            path = rules.value(rule, SH.path)
            if rules.value(rule, SH.minCount) or rules.value(rule, SH.hasValue):
                assert isinstance(kind, URIRef)
                assert isinstance(path, URIRef)
                found.append((kind, path, str(rules.value(rule, SH.message))))
    return sorted(found)


@pytest.mark.parametrize(("kind", "path", "message"), wanted())
@pytest.mark.slow
def test_each_own_rule_looks_at_something_and_can_fail(
    kind: URIRef, path: URIRef, message: str, description: Graph
) -> None:
    bad = copied(description)
    thing = first(description, kind)
    assert (thing, path, None) in bad
    bad.remove((thing, path, None))
    assert message in {r.message for r in quality.check(bad, quality.rules(PROFILES[0])) if r.thing == str(thing)}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (DCTERMS.title, Literal("another", lang="en"), "A data set has one title in each language."),
        (DCTERMS.description, Literal("short", lang="en"), "A data set has one description in each language, of 50 to"),
        (DCTERMS.accrualPeriodicity, URIRef("https://example.org/"), "A data set has a frequency from the EU table."),
        (DCTERMS.issued, Literal("soon"), "A data set has one date of issue."),
        (DCAT.distribution, URIRef("https://example.org/file"), "A data set has files."),
        (DCTERMS.publisher, BNode("nobody"), "A data set has one publisher, an agent."),
    ],
)  # fmt: skip
def test_own_rules_see_wrong_values(path: URIRef, value: Any, message: str, description: Graph) -> None:
    bad = copied(description)
    bad.add((dcat.DATASET, path, value))
    remarks = quality.check(bad, quality.rules(PROFILES[0]))
    assert any(remark.message.startswith(message) for remark in remarks)


def test_a_period_that_ends_before_it_begins_is_seen(description: Graph) -> None:
    bad = copied(description)
    bad.set((URIRef(f"{dcat.DATASET}/coverage"), DCAT.startDate, Literal("2999-01-01", datatype=XSD.date)))
    assert [r.message for r in quality.check(bad, quality.rules(PROFILES[0]))] == [
        "A period has one first day, not after its last."
    ]


def score(description: Graph) -> dict[str, dict[str, Any]]:
    return {str(row["indicator"]): dict(row) for row in quality.score(description, PROFILES[0]).to_dicts()}


def test_the_score_has_the_published_points(description: Graph) -> None:
    """The dimensions and their points: "Metadata quality dashboard", data provider manual of data.europa.eu."""
    rows = score(description).values()
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["dimension"]] = totals.get(row["dimension"], 0) + row["points"]
    assert totals == {
        "findability": 100, "accessibility": 100, "interoperability": 110, "reusability": 75, "contextuality": 20,
    }  # fmt: skip
    assert sum(totals.values()) == 405
    live = {row["indicator"]: row["points"] for row in rows if row["result"] == "needs the files online"}
    assert live == {"access address answers": 50, "download address answers": 30}
    assert {row["result"] for row in rows} == {"reached", "needs the files online"}


@pytest.mark.parametrize("profile", PROFILES)
def test_all_points_are_reached_in_each_profile(profile: str, engine: Embedded) -> None:
    table = quality.score(dcat.describe(engine, MADE, profile=profile), profile).to_dicts()
    assert sum(int(str(row["points"])) for row in table if row["result"] == "reached") == 325


@pytest.mark.parametrize(
    "indicator", ["keywords", "categories", "place", "time", "download address given", "format given",
                  "media type given", "licence given", "access rights given", "contact point", "publisher", "rights",
                  "size", "date issued", "date modified"],
)  # fmt: skip
@pytest.mark.slow
def test_each_indicator_can_be_missed(indicator: str, description: Graph) -> None:
    bad = copied(description)
    bad.remove((None, URIRef(str(score(description)[indicator]["property"])), None))
    assert score(bad)[indicator]["result"] == "missing"
    assert score(bad)["conforms to DCAT-AP"]["result"] == "missing"


@pytest.mark.parametrize("code", ["PARQUET", "PDF", "XLS"])
def test_the_best_file_is_to_be_of_a_type_on_the_lists_of_the_portal(code: str, description: Graph) -> None:
    files = "http://publications.europa.eu/resource/authority/file-type/"
    assert (None, DCTERMS.format, URIRef(files + "PARQUET")) in description
    alone = description + Graph()
    for file in description.subjects(RDF.type, DCAT.Distribution):
        alone.set((file, DCTERMS.format, URIRef(files + code)))
    for indicator in ("non-proprietary", "machine-readable"):
        assert score(description)[indicator]["result"] == "reached"
        assert score(alone)[indicator]["result"] == "missing"


@pytest.mark.parametrize(
    ("indicator", "other"),
    [
        ("format and media type from lists", "https://example.org/turtle"),
        ("licence from the list", "https://creativecommons.org/licenses/by/4.0/"),
        ("access rights from the list", "https://example.org/open"),
    ],
)
def test_the_score_wants_values_from_the_lists(indicator: str, other: str, description: Graph) -> None:
    bad = copied(description)
    path = URIRef(str(score(description)[indicator]["property"]))
    bad.set((first(bad, DCAT.Dataset if path == DCTERMS.accessRights else DCAT.Distribution), path, URIRef(other)))
    assert score(bad)[indicator]["result"] == "missing"


# The command.


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command describe stand-ins, which are made at once."""
    monkeypatch.setattr(dcat, "contents", lambda *_: MADE)


@pytest.mark.usefixtures("small_files", "engine")
def test_the_command_checks(tmp_path: Path) -> None:
    strict = tmp_path / "strict.ttl"
    strict.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<https://example.org/s> a sh:NodeShape ; sh:targetClass <http://www.w3.org/ns/dcat#Dataset> ;\n"
        "  sh:property [ sh:path <https://example.org/p> ; sh:minCount 1 ; sh:message 'A p is wanted.' ] .\n"
    )
    done = CliRunner().invoke(main, ["catalog", "--check", "--shapes", str(strict)])
    assert done.exit_code == 1
    assert "violation: https://w3id.org/euaikg/dataset https://example.org/p: A p is wanted." in done.stdout
    assert "1 violations, 0 warnings, 0 known deviations." in done.stdout
    done = CliRunner().invoke(main, ["catalog", "--check"])
    assert (done.exit_code, done.stdout) == (0, "0 violations, 0 warnings, 0 known deviations.\n")


@pytest.mark.usefixtures("small_files", "engine")
@pytest.mark.slow
def test_the_command_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(main, ["catalog", "--score", "--format", "csv"])
    assert done.exit_code == 0
    assert "findability,keywords,http://www.w3.org/ns/dcat#keyword,30,reached" in done.stdout
    done = CliRunner().invoke(main, ["catalog", "--score"])
    assert "325 of 405 points; 80 more need the files online, 0 are missing." in done.stdout
    monkeypatch.setattr(dcat, "contents", lambda *_: {})
    done = CliRunner().invoke(main, ["catalog", "--score"])
    assert done.exit_code == 1
    assert "missing" in done.stdout


@pytest.mark.usefixtures("small_files", "engine")
@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        ([], "@prefix"),
        (["--format", "jsonld"], "{"),
        (["--format", "rdfxml"], "<?xml"),
        (["--as", "void"], "@prefix"),
        (["--as", "schema.org"], "{"),
        (["--as", "schema.org", "--format", "turtle"], "@prefix"),
    ],
)
@pytest.mark.slow
def test_the_command_writes(arguments: list[str], begins: str, tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["catalog", *arguments])
    assert printed.exit_code == 0
    assert printed.stdout.startswith(begins)
    CliRunner().invoke(main, ["catalog", *arguments, "-o", str(tmp_path / "out")])
    assert (tmp_path / "out").read_text(encoding="utf-8") == printed.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--base-url", "ftp://x"], "“ftp://x” is not an address for a folder"),
        (["--base-url", "https://me:s3cret@a/b/"], "What is given as the address is not an address for a folder"),
        (["--base-url", "https://a/b?c=d"], "without a user, a password, a query or a fragment."),
        (["--base-url", "https://a/b#c"], "without a user, a password, a query or a fragment."),
        (["--endpoint", "https://me:s3cret@a/b"], "An address must not hold a user or password"),
        (["--endpoint", "https://a b"], "“https://a b” is not the address of a server"),
        (["--check", "--score"], "--check and --score are two things"),
        (["--shapes", "x.ttl"], "--shapes goes with --check."),
        (["--as", "void", "--profile", "dcat-ap-2.1.1"], "are about DCAT-AP, not --as void."),
        (["--format", "csv"], "--format csv does not fit here"),
        (["--check", "--format", "turtle"], "--format turtle does not fit here"),
        (["--check", "--shapes", "nowhere.ttl"], "nowhere.ttl: there is no such file."),
    ],
)
def test_bad_arguments_are_one_sentence(arguments: list[str], sentence: str, run: Run) -> None:
    done = run("catalog", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_library_refusals(engine: Embedded, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no profile dcat-ap-1"):
        dcat.describe(engine, MADE, profile="dcat-ap-1")
    empty = tmp_path / "data.ttl"
    empty.write_text("<https://example.org/a> <https://example.org/b> 1 .\n")
    with pytest.raises(InputError, match="no SHACL shape with a target class"):
        quality.rules("dcat-ap-3.0.1", [empty])
    with pytest.raises(InputError, match="is not fetched"):
        dcat._refuse("https://example.org/context", {})
