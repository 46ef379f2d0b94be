"""All rules as one SHACL graph: well-formed, and any engine finds by it what ``euaikg validate`` finds."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import rdflib
from pyoxigraph import NamedNode, Store, Triple
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.namespace import DCTERMS

import euaikg
from euaikg.core import files, vocab
from euaikg.curation import published, shacl
from euaikg.exports import export
from euaikg.graph import build
from euaikg.rdf import forms
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run, missing, program
from tests.test_rules import CHECKS, INVALID, RULES, SHAPES, VALID, fault, findings, named, small_graph

PUBLISHED = sorted(set(CHECKS) - set(published.LEFT_OUT))


@cache
def parts() -> dict[str, list[Triple]]:
    """The triples of each shape with a SPARQL constraint, by the name of its rule, and the head under no name."""
    found: dict[str, list[Triple]] = {}
    for triple in published.graph():
        name = str(getattr(triple.subject, "value", "")).removeprefix(vocab.SHAPE).removesuffix("/constraint")
        found.setdefault("" if name.startswith(vocab.BASE) else name, []).append(triple)
    return found


def only(names: Iterable[str]) -> bytes:
    """A shapes graph of these shapes and the head."""
    return forms.encode([*parts()[""], *(triple for name in names for triple in parts()[name])], "turtle")


def with_records(store: Store) -> bytes:
    """The default graph of ``store`` with the records of its relations, as ``--provenance statements`` writes it."""
    engine = Embedded(store)
    return b"".join(export.write(export.with_records(export.everything(engine), engine), "ntriples"))


def reported(report: Graph) -> set[tuple[str, str]]:
    """Each rule and thing in the ``report``; a blank node given as ``$this`` is any node to some engines."""
    found = set()
    for result in report.objects(None, SH.result):
        thing, shape = report.value(result, SH.focusNode), str(report.value(result, SH.sourceShape))
        name = "_:" if isinstance(thing, BNode) else str(thing)
        if ".relation-" not in name:  # a record says once more what is wrong already
            found.add((shape.removeprefix(vocab.SHAPE), name))
    return {(rule, name) for rule, name in found if name != "_:" or rule == "blank-node"}


def ours(store: Store) -> set[tuple[str, str]]:
    """Each rule that is published and the thing that breaks it, as the command finds them."""
    found = {(finding.rule.name, named(finding.thing)) for finding in findings(store)}
    return {(rule, thing) for rule, thing in found if rule not in published.LEFT_OUT}


def shifty(content: bytes) -> Any:
    engine = pytest.importorskip("shifty", reason="the second SHACL engine is not installed: pip install pyshifty")
    return engine.PreparedValidator(content.decode())


def by_shifty(shapes: bytes, data: bytes) -> set[tuple[str, str]]:
    return reported(shifty(shapes).validate(data, graph_mode="data", infer=False)[1])


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib read a query once, not once for each thing that pyshacl asks it of, and leave values as they are."""
    from rdflib.plugins.sparql import processor
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    monkeypatch.setattr(processor, "parseQuery", lambda text: text)
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # it would drop the time zone of a day
    once = lru_cache(None)(lambda text: translateQuery(parseQuery(text)))
    monkeypatch.setattr(processor, "translateQuery", lambda text, *_: once(text))


def test_every_rule_is_published_or_left_out_with_a_reason() -> None:
    graph = Graph().parse(data=forms.encode(published.graph(), "turtle"))
    shapes = {str(shape).removeprefix(vocab.SHAPE) for shape in graph.subjects(RDF.type, SH.NodeShape)}
    assert set(CHECKS) - shapes == set(published.LEFT_OUT)
    below = {str(shape).removeprefix(vocab.SHAPE) for shape in graph.objects(None, SH.property)}
    assert below == set(SHAPES)
    written_anew = {path.stem for path in files.shipped("shapes/constraints", ".rq")}
    assert written_anew <= set(PUBLISHED), "a constraint without its check"


@pytest.mark.slow
def test_it_is_well_formed_and_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "rules.ttl").write_bytes(forms.encode(published.graph(), "turtle"))
    loaded = shacl.load([tmp_path / "rules.ttl"])
    shacl.refuse_broken(loaded)
    assert loaded.not_run == []
    about = URIRef(published.SHAPES)
    assert str(loaded.graph.value(about, OWL.versionInfo)) == euaikg.__version__
    assert loaded.graph.value(about, DCTERMS.license)
    assert {title.language for title in loaded.graph.objects(about, DCTERMS.title)} == {"en", "nl"}  # type: ignore[attr-defined]
    for shape in loaded.graph.subjects(RDF.type, SH.NodeShape):
        assert (shape, RDFS.isDefinedBy, about) in loaded.graph
        assert (shape, SH.property, None) in loaded.graph or (shape, SH.severity, None) in loaded.graph
    for text in map(str, loaded.graph.objects(None, SH.select)):
        assert not re.search(r"\b(MINUS|VALUES|GRAPH|SERVICE)\b", text), text


@pytest.mark.parametrize("rule", PUBLISHED)
@pytest.mark.slow
def test_two_engines_find_the_fault_of_each_fixture(rule: str, read_once: None) -> None:  # noqa: ARG001
    import pyshacl

    store = small_graph(VALID, INVALID[rule])
    data, expected = with_records(store), {(name, thing) for name, thing in ours(store) if name == rule}
    assert expected
    assert by_shifty(only([rule]), data) == expected
    graph, shapes = Graph().parse(data=data, format="nt"), Graph().parse(data=only([rule]))
    told = {quad.subject for quad in build.read(INVALID[rule])}
    focus = {str(thing).strip("<>") for thing in told if isinstance(thing, NamedNode)} | fault(rule)[1]
    limit = None if "_:" in focus else sorted(focus)  # the vocabulary would take it minutes
    report = pyshacl.validate(graph, shacl_graph=shapes, inference="none", focus_nodes=limit)[1]
    assert isinstance(report, Graph), report
    assert reported(report) == expected


@pytest.mark.slow
def test_an_engine_finds_the_same_in_all_fixtures_at_once() -> None:
    store = small_graph(VALID, *INVALID.values())
    found = by_shifty(forms.encode(published.graph(), "turtle"), with_records(store))
    expected = ours(store)
    assert expected <= found, sorted(expected - found)
    # of three that are the same the check names one, the constraint two
    assert {rule for rule, _ in found - expected} <= {"statement-twice", "facts-with-source"}
    assert len(found - expected) < 5
    assert by_shifty(forms.encode(published.graph(), "turtle"), with_records(small_graph(VALID))) == set()


def test_two_denied_relations_of_one_thing_are_not_the_same_where_all_graphs_are_one() -> None:
    store = small_graph(VALID)
    flat = forms.encode({quad.triple for quad in store}, "ntriples")
    assert b"#a1-denied.coordinates>" in flat
    assert by_shifty(only(["statement-twice"]), flat) == set()


JENA = Path("/usr/share/java")
"""Where Debian has the libraries of Jena (libapache-jena-java)."""


def jena(shapes: bytes, data: bytes, folder: Path) -> set[tuple[str, str]]:
    """Each rule and thing that Jena finds; Debian's library has its messages in a folder where it does not look."""
    java = program("java", "default-jre-headless")
    libraries = [
        path
        for path in JENA.glob("*.jar")
        if not re.search(r"-\d[\w.~+]*\.jar$|slf4j-(simple|jdk|log4j)|over-slf4j", path.name)
    ]
    if not (JENA / "jena-shacl.jar").exists():
        missing("the SHACL engine of Jena is not installed (package libapache-jena-java)")
    with ZipFile(JENA / "jena-core.jar") as core:
        for name in core.namelist():
            if name.endswith(".properties") and "ext/xerces/" in name:
                place = folder / name.partition("ext/")[2]
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(core.read(name))
    (folder / "shapes.ttl").write_bytes(shapes)
    (folder / "data.nt").write_bytes(data)
    done = subprocess.run(
        [java, "-cp", ":".join(map(str, [folder, *libraries])), "shacl.shacl", "validate",
         "--shapes", folder / "shapes.ttl", "--data", folder / "data.nt"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "ValidationReport" in done.stdout, done.stderr
    return reported(Graph().parse(data=done.stdout, format="turtle"))


@pytest.mark.slow
def test_jena_finds_the_same_in_all_fixtures_at_once(tmp_path: Path) -> None:
    store = small_graph(VALID, *INVALID.values())
    found = jena(forms.encode(published.graph(), "turtle"), with_records(store), tmp_path)
    assert found == by_shifty(forms.encode(published.graph(), "turtle"), with_records(store))
    assert ours(store) <= found


def test_terms_of_the_vocabulary_are_known_without_the_ontology() -> None:
    data = f"""
    <urn:a> a <{vocab.EUAI}Body> ; <{vocab.SKOS}prefLabel> "A"@en ; <{vocab.EUAI}supports> <urn:b> .
    <urn:b> a <{vocab.EUAI}Boddy> ; <{vocab.EUAI}suports> <urn:a> .
    """
    found = by_shifty(only(published.DECLARED), data.encode())
    assert found == {("undeclared-class", "urn:b"), ("undeclared-property", "urn:b")}


DATA = f"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix euai: <{vocab.EUAI}> .
@prefix xsd: <{vocab.XSD}> .
<urn:period> a euai:StatedPeriod ; dcat:startDate "2025-01-01"^^xsd:date ; dcat:endDate "2025-12-31"^^xsd:date .
<urn:adopted> euai:aboutResource <urn:act> ; euai:status <{vocab.BASE}id/status/adopted> ; euai:effectiveIn <urn:late> .
<urn:in-force> euai:aboutResource <urn:act> ; euai:status <{vocab.BASE}id/status/in-force> ;
  euai:effectiveIn <urn:early> .
<urn:early> dcat:endDate "2024-12-31"^^xsd:date .
<urn:late> dcat:startDate "2025-06-01"^^xsd:date .
"""


def test_another_project_takes_two_shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    assert run("validate", "--rules", "-o", "rules.ttl").returncode == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "tools"))
    told = str(importlib.import_module("docs").PUBLISHED)
    code = re.search(r"```python\n(.*?)```", told, re.DOTALL)
    assert code
    exec(code[1], {})
    import pyshacl

    report = pyshacl.validate(Graph().parse(data=DATA), shacl_graph=Graph().parse("mine.ttl"))[1]
    assert isinstance(report, Graph)
    expected = {("period-notation", "urn:period"), ("in-force-after-adoption", "urn:in-force")}
    assert reported(report) == expected
    assert by_shifty(Path("mine.ttl").read_bytes(), DATA.encode()) == expected
    (tmp_path / "data.ttl").write_text(DATA)
    done = run("validate", "data.ttl", "--shapes", "mine.ttl", "--alone", "--format", "turtle")
    assert reported(Graph().parse(data=done.stdout)) == expected


def test_the_rules_are_listed_in_each_form(run: Run) -> None:
    assert len(run("validate", "--rules").stdout.splitlines()) == len(RULES)
    assert [one["rule"] for one in json.loads(run("validate", "--rules", "--format", "json").stdout)] == list(RULES)
