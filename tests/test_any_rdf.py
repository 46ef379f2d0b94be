"""Whatever RDF a user brings, every command answers or says in one sentence why it cannot: never a traceback.

The data is a small source as a curator writes it, some of whose terms are replaced by any others, and any triples
beside it in our own vocabulary. ``EUAIKG_EXAMPLES`` says how many such data sets are tried (a few where it is not set).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from euaikg.cli import main
from euaikg.cli.export import VIEWS
from euaikg.core import files
from euaikg.core.vocab import BASE, DCT, OWL, RDF, RDFS, SKOS, XSD
from euaikg.diagrams import formats as pictures
from euaikg.diagrams import views
from euaikg.graph import build
from euaikg.questions import stored
from euaikg.rdf.forms import DATASETS, FLAT
from euaikg.rdf.terms import Term
from euaikg.sparql.formats import GRAPHS, TABLES

Graph = NamedNode | BlankNode | DefaultGraph

EXAMPLES = int(os.environ.get("EUAIKG_EXAMPLES", "12"))
SLICES = 36
"""Each data set is given to one of so many slices of the commands; all of them take half a minute."""

HOMES = ("ontology", "ontology/codelists")
SOURCE = list(parse(path=Path(__file__).parent / "fixtures" / "valid.trig"))

THINGS = [
    *(f"{BASE}id/{name}" for name in ("body/ai-office", "body/a.b", "envelope/sandbox-fund",
        "sector/health", "x", "")),
    "urn:uuid:0b7c2a51-6f0e-4d5e-9a3b-7d2f10c4e8aa", "urn:x:", "mailto:a@b.eu", "tag:a", "x:",
    "http://h/é", "http://h/\u202e",
    "http://a/1", "http://a/#", "http://a/?q='&amp;=1,2;(3)", "http://a/%20", "https://example.org/" + "long" * 200,
    BASE + "ontology", BASE + "graph/added", BASE + "source/x/en#p1.y", "http://a/b:c-1.",
    "http://a/-", "file:///etc/passwd",
]  # fmt: skip
WORDS = [
    "", " ", "name", "AI Office", "=1+1", "_:b0", "true", "1", "01", "1e400", "-0", "+7",
    "2024-05-06Z", "2024-02-30", "24:00:00",
    "\0", "\x07\x1b[31m", "\x7f\x85\u2028\ufeff", "\ufffe\uffff", "\u202eabc", "🇪🇺 👩‍👩‍👧",
    "e\u0301", "]]>", "<b>&amp;", '"', "\\", "\\u0041",
    "\r\n", "\t", "x" * 5000, "a | b", "a; b", "{{x}}", "$PATH", "PT1H", "P1Y", "INF", "NaN",
    "aGk=", "AbCd", "(", "[a-",
    "99999999999999999999999999", "0.00000000000000000000000000000000000000001",
    "-9223372036854775809", "１２", "²", "٣",
]  # fmt: skip
KINDS = [
    *(XSD + name for name in (
        "integer", "decimal", "double", "float", "boolean", "date", "dateTime", "time", "gYear",
        "gYearMonth", "duration",
        "dayTimeDuration", "anyURI", "hexBinary", "base64Binary", "nonNegativeInteger", "long",
        "byte", "language", "token",
        "dateTimeStamp", "QName", "NOTATION", "string", "unsignedByte", "negativeInteger",
    )),
    RDF + "JSON", RDF + "XMLLiteral", RDF + "HTML", "urn:kind",
    "http://a/kind#", "http://www.opengis.net/ont/geosparql#wktLiteral",
]  # fmt: skip


def of_ontology(*kinds: str) -> list[str]:
    """Return the classes, or the properties, of our ontology."""
    facts = list(parse(path=files.root() / "ontology" / "euai.ttl"))
    wanted = {NamedNode(kind) for kind in kinds}
    return sorted(quad.subject.value for quad in facts if quad.object in wanted and isinstance(quad.subject, NamedNode))


CLASSES = [*of_ontology(OWL + "Class", RDFS + "Class"), SKOS + "Concept", OWL + "Class", RDF + "Statement", "urn:class"]
PROPERTIES = [
    *of_ontology(OWL + "ObjectProperty", OWL + "DatatypeProperty", RDF + "Property", OWL + "AnnotationProperty"),
    *(SKOS + name for name in ("prefLabel", "altLabel", "definition", "editorialNote", "notation",
        "inScheme", "exactMatch")),
    *(DCT + name for name in ("identifier", "issued", "title", "bibliographicCitation", "isReplacedBy", "language")),
    *(RDFS + name for name in ("label", "subClassOf", "subPropertyOf", "domain", "range",
        "isDefinedBy", "comment", "seeAlso")),
    *(OWL + name for name in ("sameAs", "inverseOf", "deprecated", "disjointWith")),
    *(RDF + name for name in ("type", "subject", "predicate", "object", "reifies", "first", "rest",
        "value", "_1", "li")),
    "http://xmlns.com/foaf/0.1/homepage", "http://xmlns.com/foaf/0.1/focus", "urn:p", "http://a/1",
    "http://h/é", "x:",
]  # fmt: skip

texts = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
tags = st.sampled_from(["en", "nl", "en-gb", "nl-be", "zh-hant-tw", "x-own", "de"])
ways = st.sampled_from([BaseDirection.LTR, BaseDirection.RTL])
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, tags),
    st.builds(lambda text, tag, way: Literal(text, language=tag, direction=way), texts, tags, ways),
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), texts, st.sampled_from(KINDS)),
    st.builds(Literal, st.integers() | st.booleans() | st.floats()),
)
resources = st.sampled_from(
    [*map(NamedNode, [*THINGS, *CLASSES[:8], *PROPERTIES[:8]]), *(BlankNode(f"b{n}") for n in range(4))]
)
properties = st.sampled_from([NamedNode(iri) for iri in PROPERTIES])
typed = st.builds(
    Quad, resources, st.just(NamedNode(RDF + "type")), st.sampled_from([NamedNode(iri) for iri in CLASSES])
)
objects = st.recursive(
    resources | literals, lambda inner: st.builds(Triple, resources, properties, inner), max_leaves=3
)
graphs = st.one_of(
    st.just(DefaultGraph()),
    st.sampled_from(
        [*map(NamedNode, [BASE + "graph/entities", BASE + "graph/curation", *THINGS]), BlankNode("g"), BlankNode("b1")]
    ),
)
beside = st.lists(st.one_of(typed, st.builds(Quad, resources, properties, objects, graphs)), max_size=25)


changes = st.lists(
    st.tuples(st.integers(0, len(SOURCE) - 1), st.integers(0, 5), resources, properties, objects, graphs), max_size=15
)


def changed(
    made: list[tuple[int, int, NamedNode | BlankNode, NamedNode, Term, Graph]], others: list[Quad]
) -> list[Quad]:
    """Return the quads of the source with one term of some of them replaced, and ``others``."""
    quads = list(SOURCE)
    for place, what, subject, predicate, value, graph in made:
        old = quads[place]
        quads[place] = Quad(
            subject if what == 0 else old.subject,
            predicate if what == 1 else old.predicate,
            old.object if what in (0, 1, 5) else value,
            graph if what == 5 else old.graph_name,
        )
    return quads + others


data = st.builds(changed, changes, beside)

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass euai:Body ; sh:targetSubjectsOf skos:altLabel ; sh:targetObjectsOf euai:amount ;
  sh:closed true ; sh:property [ sh:path skos:prefLabel ; sh:uniqueLang true ; sh:maxLength 3 ; sh:pattern "^[a-c]" ] ,
  [ sh:path euai:amount ; sh:minInclusive 5 ; sh:datatype xsd:decimal ; sh:lessThan euai:amountMax ] ,
  [ sh:path ( euai:partOf [ sh:inversePath euai:partOf ] ) ; sh:nodeKind sh:IRI ; sh:in ( 1 "a"@en ) ] .
"""


def commands(quads: list[Quad]) -> Iterator[list[str]]:
    """Yield all that is tried on one data set, which stands in the files ``any.trig`` and ``any.nq``."""
    named = {
        quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode) and "/id/" in quad.subject.value
    }
    things = [*sorted(named, key=lambda iri: hash((iri, len(quads))))[:6], *THINGS[:8]]
    for form in TABLES:
        yield ["query", "--text", "SELECT * { ?s ?p ?o }", "--format", form]
        yield [
            "query",
            "--text",
            "SELECT * { GRAPH ?g { ?s ?p ?source } } ORDER BY ?source",
            "--format",
            form,
            "--cite",
        ]
        yield ["query", "figures", "--format", form, "--cite"]
        yield ["network", "--format", form]
    for form in GRAPHS:
        yield ["query", "--text", "CONSTRUCT { ?o ?p ?s . ?s ?p ?o } { ?s ?p ?o }", "--format", form]
        yield ["query", "--text", "DESCRIBE <urn:x:> <http://a/1>", "--format", form]
        yield ["query", "describe-thing", things[0], "--format", form]
    for form in (*FLAT, *DATASETS):
        yield ["export", "--format", form]
    for form in ("csv", "parquet"):
        yield ["export", "--format", form, "-o", f"made-{form}"]
    yield from (["export", "--frame", view] for view in VIEWS)
    for thing in things:
        yield from (["show", thing, *more] for more in ([], ["--format", "json", "--lang", "nl"], ["--cite"]))
        yield ["export", "--about", thing]
        yield ["export", "--graph", thing, "--format", "turtle", "--provenance", "statements"]
        yield ["export", "--document", thing, "--format", "trig"]
        yield ["diagram", "--focus", thing, "--depth", "2", "--format", "mermaid"]
        yield ["network", "--between", thing, things[0]]
    yield from (["search", word] for word in ("name", "AI", "a", "=", "\x07", "e\u0301"))
    for name, form in zip(views.VIEWS, list(pictures.WRITERS) * 2, strict=False):
        yield ["diagram", name, "--format", form, "-o", f"picture.{form}"]
        yield ["network", name]
    yield ["diagram", "--query", "describe-thing", "--set", f"thing={things[0]}", "--format", "dot"]
    yield ["diagram", "--query", "relations", "--format", "graphml", "--size", "between"]
    yield ["network", "--parts"]
    yield ["stats"]
    yield from (["query", name] for name in stored.catalogue())
    for form in ("text", "json", "turtle"):
        yield ["validate", "any.trig", "--format", form]
        yield ["validate", "any.nq", "--shapes", "shapes.ttl", "--format", form]
        yield ["validate", "any.nq", "--shapes", "shapes.ttl", "--alone", "--format", form]
        yield ["validate", "any.nq", "--shapes", "any.trig", "--alone", "--format", form]
    yield ["sources", "check", "--documents", ".", "--data", "any.trig"]
    yield ["sources", "coverage", "--documents", ".", "--data", "any.trig"]
    yield ["fmt", "--check", "any.trig"]
    yield ["fmt", "any.trig"]
    yield ["fmt", "any.ttl"]


MAY_FIND = {("validate",), ("fmt", "--check"), ("sources", "check"), ("sources", "coverage")}
"""The commands for which something wrong with the data is an answer."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the graph be that of the ontology and the code lists with the user's file; return the folder it stands in."""
    shipped = [
        (path, home) for path, home in build.sources() if path.parent.relative_to(files.root()).as_posix() in HOMES
    ]
    monkeypatch.setattr(build, "sources", lambda: shipped)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "fixture.txt").write_text("Words of the fixture, 100 of them.")
    return tmp_path


@pytest.mark.slow
@given(data, st.integers(0, SLICES - 1))
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), print_blob=True)
def test_any_rdf_is_answered_or_refused_in_a_sentence(small: Path, quads: list[Quad], first: int) -> None:
    (small / "any.nq").write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    (small / "any.trig").write_bytes(serialize(quads, format=RdfFormat.TRIG) or b"")
    (small / "any.ttl").write_bytes(serialize([quad.triple for quad in quads], format=RdfFormat.TURTLE) or b"")
    graph = build.open_graph([small / "any.trig"])
    failed = []
    with pytest.MonkeyPatch.context() as change:
        change.setattr(build, "open_graph", lambda *_: graph)
        for command in islice(commands(quads), first, None, SLICES):
            done = CliRunner().invoke(main, command)
            allowed = {0, 1, 2} if {tuple(command[:2]), tuple(command[:1])} & MAY_FIND else {0, 2}
            is_told = done.exit_code != 2 or done.stderr.startswith(("Error: ", "Usage: "))
            if done.exit_code not in allowed or not is_told or "Traceback" in done.output:
                failed.append((command, done.exit_code, done.stderr))
    assert not failed
