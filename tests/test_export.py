"""Every form says the same to every reader, in the same bytes everywhere, and a part is a part of the whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from euaikg.core import vocab, writing
from euaikg.errors import OutputError
from euaikg.exports import export
from euaikg.questions import ask
from euaikg.rdf import forms, jsonld, ntriples
from euaikg.rdf.terms import Term
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Embedded, Engine
from tests.conftest import Run
from tests.readers import FORMS, by_jsonld_js, by_oxigraph, by_pyld, by_rdflib, words_of

EUAI = vocab.EUAI
NUMBERS = {vocab.XSD + "integer", vocab.XSD + "decimal"}
DATASETS = list(forms.DATASETS)
FLAT = [name for name in FORMS if name not in DATASETS]
JSON = ["jsonld", "jsonld-graphs"]


def digest(quads: Iterable[Quad]) -> tuple[int, str]:
    """Return how many ``quads`` there are and their RDFC-1.0 hash, numbers written by their value."""
    dataset = Dataset(Quad(q.subject, q.predicate, _by_value(q.object), q.graph_name) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return len(dataset), hashlib.sha256("\n".join(sorted(map(str, dataset))).encode()).hexdigest()


def _by_value(term: Term) -> Term:
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
    return term


@pytest.fixture(scope="session")
def expected(engine: Embedded) -> dict[bool, tuple[int, str]]:
    """What the forms must say: the default graph (False), the named graphs (True)."""
    return {
        is_named: digest(q for q in engine.store if is_named is (q.graph_name != DefaultGraph()))
        for is_named in (False, True)
    }


READERS: list[tuple[str, Callable[[bytes, str], Iterable[Quad]]]] = [
    *((form, by_rdflib) for form in FORMS),
    *((form, reader) for form in JSON for reader in (by_pyld, by_jsonld_js)),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.slow
def test_the_whole_is_read_as_it_was(
    form: str, exports: dict[str, bytes], expected: dict[bool, tuple[int, str]]
) -> None:
    assert digest(by_oxigraph(exports[form], form)) == expected[form in DATASETS]


@pytest.mark.parametrize(("form", "reader"), READERS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.slow
def test_every_reader_reads_the_same(
    form: str, reader: Callable[[bytes, str], Iterable[Quad]], engine: Embedded
) -> None:
    """What is said of some things, drawn by lot, since these readers are slow."""
    is_named = form in DATASETS
    some = [
        q
        for q in engine.store
        if is_named is (q.graph_name != DefaultGraph()) and zlib.crc32(str(q.subject).encode()) % 8 == 0
    ]
    assert len(some) > 10_000
    assert digest(reader(b"".join(export.write(export.of(some), form)), form)) == digest(some)


@pytest.mark.slow
def test_nquads_are_canonical(exports: dict[str, bytes]) -> None:
    dataset = Dataset(parse(exports["nquads"], format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n".encode() for quad in dataset)
    assert exports["nquads"] == b"".join(lines)
    assert exports["ntriples"].splitlines() == sorted(set(exports["ntriples"].splitlines()))


def test_the_text_that_is_kept_says_what_the_store_does(tmp_path: Path) -> None:
    """Also where texts look like the name of a graph or the end of a line, and a triple stands in two places."""
    thing, says, home = NamedNode("urn:thing"), NamedNode("urn:says"), NamedNode("urn:home")
    store = Store()
    for text in ("plain", "ends so .", "in <urn:home> .", 'with "quotes" and\na line'):
        for place in (DefaultGraph(), home, NamedNode("urn:other"))[: 3 if text == "plain" else 2]:
            store.add(Quad(thing, says, Literal(text), place))
    store.add(Quad(thing, says, home, home))
    ntriples.keep(store, tmp_path)
    assert (kept := ntriples.kept(tmp_path))

    def told(lines: ntriples.Lines, graphs: Callable[[], ntriples.Graphs]) -> dict[str, list[bytes]]:
        return {name: sorted(found()) for name, found in {"": lines, **graphs()}.items()}

    assert told(*kept) == told(*ntriples.of_store(store))


EVERYTHING = """
import hashlib, sys
from euaikg.graph import build
from euaikg.exports import class_tables, export, frames
from euaikg.rdf import forms
from euaikg.rdf import forms, ntriples
engine = build.open_graph()
content = export.everything(engine)
for form in forms.SUFFIXES:
    print(form, hashlib.sha256(b"".join(export.write(content, form))).hexdigest())
records = export.with_records(content, engine)
print(hashlib.sha256(b"".join(export.write(records, "ntriples"))).hexdigest())
about = export.about(engine, "AI Office")
print(hashlib.sha256(b"".join(export.write(about, "trig"))).hexdigest())
print(hashlib.sha256(export.view(content, engine, "funding")).hexdigest())
made = class_tables.sheets(ntriples.ordered(content.flat()))
for name, table in [*class_tables.to_csv(made), *class_tables.to_parquet(made)]:
    print(name, hashlib.sha256(b"".join(table)).hexdigest())
"""


@pytest.mark.usefixtures("built")  # the graph is built before
@pytest.mark.slow
def test_the_same_bytes_everywhere(tmp_path: Path) -> None:
    outputs = set()
    for seed, zone, locale in (("0", "America/Lima", "C"), ("42", "Asia/Tokyo", "C.UTF-8")):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        command = [sys.executable, "-c", EVERYTHING]
        outputs.add(subprocess.run(command, capture_output=True, check=True, env=environment, cwd=folder).stdout)
    assert len(outputs) == 1
    assert outputs.pop().count(b"\n") > 100


@pytest.mark.slow
def test_only_prefixes_and_terms_that_are_used(exports: dict[str, bytes], engine: Embedded) -> None:
    for text in (exports["turtle"].decode(), exports["trig"].decode()):
        declared = re.findall(r"(?m)^@prefix ([a-z0-9]+): <(.*)> \.$", text)
        assert dict(declared).items() <= vocab.prefixes().items()
        assert all(re.search(rf"(?m)(^|[\s^]){prefix}:\w", text) for prefix, _ in declared)
    rdfxml = exports["rdfxml"].decode()
    declared = re.findall(r'xmlns:([a-z0-9]+)="(.*?)"', rdfxml)
    assert dict(declared).items() <= vocab.prefixes().items()
    assert all(f"<{prefix}:" in rdfxml for prefix, _ in declared)
    small = json.loads(b"".join(export.write(export.about(engine, "AI Office"), "jsonld")))
    words = set(words_of(small["@graph"]))
    assert set(small["@context"]) - {"@version", "@protected"} <= words


def test_turtle_and_json_are_for_people(engine: Embedded) -> None:
    content = export.about(engine, "GenAI4EU")
    assert "\ninit:genai4eu a euai:Initiative ;\n  skos:prefLabel" in b"".join(export.write(content, "turtle")).decode()
    things = {thing["id"]: thing for thing in json.loads(b"".join(export.write(content, "jsonld")))["@graph"]}
    genai = things["https://w3id.org/euaikg/id/initiative/genai4eu"]
    assert genai["type"] == "Initiative"
    assert genai["prefLabel"]["en"] == "GenAI4EU"
    (figure,) = [thing for thing in things.values() if thing.get("amount") == 500_000_000]
    assert figure["lowBound"] == "500000000"
    assert figure["statedOn"] == "2024-01-24"
    passage = things[figure["statedIn"]]
    assert passage["bibliographicCitation"]["nl"].startswith("COM(2024) 28, punt")
    assert things[figure["qualifier"]]["prefLabel"]["nl"]


# Any graph, not just ours.

words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
texts = st.one_of(
    words,
    st.sampled_from(['a "b"\n\tc\\', "\r\n", "שלום", "مرحبا", "👩\u200d🚀", "\u202ex", "{}[]", "<&>", "'=1+1", ""]),
)
tags = st.sampled_from(["en", "nl", "ar", "de-at"])
whole_numbers = st.one_of(st.integers(), st.sampled_from([2**53 - 1, 2**53, -(2**53) - 1, 10**40]))
datatypes = st.sampled_from(
    [vocab.XSD + name for name in ("date", "decimal", "integer", "boolean", "double", "hexBinary")]
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, tags),
    whole_numbers.map(Literal),
    st.booleans().map(Literal),
    st.decimals(allow_nan=False, allow_infinity=False).map(
        lambda number: Literal(f"{number:f}", datatype=NamedNode(vocab.XSD + "decimal"))
    ),
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), texts, datatypes),
    st.sampled_from(["007", "-0", "+1", "1.50", "1e3"]).map(
        lambda text: Literal(text, datatype=NamedNode(vocab.XSD + "integer"))
    ),
    texts.map(lambda text: Literal(text, datatype=NamedNode("http://a/type"))),
)
iris = st.sampled_from(
    ["http://a/b%20c", "http://a/é?x=1&y=2", "urn:x:y", "http://a/#p", "https://w3id.org/euaikg/id/body/x", "type:x"]
).map(NamedNode)
nodes = st.one_of(iris, st.sampled_from(["x", "y", "z"]).map(BlankNode))
properties = st.one_of(
    st.sampled_from(sorted(jsonld.properties())),
    st.sampled_from(
        [vocab.RDF + "type", vocab.RDF + "first", "http://a/b_c", "http://a/%C3x", "http://ü.eu/né", "urn:p"]
    ),
).map(NamedNode)
triples = st.builds(Triple, nodes, properties, st.one_of(nodes, literals))
graphs = st.lists(
    st.builds(Quad, nodes, properties, st.one_of(nodes, literals), st.one_of(iris, st.just(DefaultGraph()))), max_size=8
)


def plain_digest(quads: Iterable[Quad]) -> tuple[int, str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return len(dataset), "\n".join(sorted(map(str, dataset)))


def test_rdfxml_holds_classes_without_an_xml_name_and_every_end_of_line() -> None:
    kind = NamedNode(vocab.RDF + "type")
    content = [
        Triple(NamedNode("http://a/x"), kind, NamedNode("http://a/1")),
        Triple(NamedNode("http://a/y"), kind, NamedNode("http://a/")),
        Triple(NamedNode("http://a/y"), NamedNode("http://a/p"), Literal("\r\na\rb\t\x7f\x85")),
        Triple(NamedNode("http://a/z"), kind, BlankNode("c14n0")),
        Triple(NamedNode("http://a/z"), kind, NamedNode("http://a/Body")),
    ]
    written = forms.encode(content, "rdfxml")
    assert {quad.triple for quad in by_rdflib(written, "rdfxml") if "_:" not in str(quad)} == {
        triple for triple in content if "_:" not in str(triple)
    }
    assert {quad.triple for quad in by_oxigraph(written, "rdfxml")} == set(content)


@pytest.mark.parametrize("form", FORMS)
@given(graphs)
@settings(max_examples=60)
@pytest.mark.slow
def test_whatever_is_written_is_read(form: str, content: list[Quad]) -> None:
    is_default = [quad for quad in content if quad.graph_name == DefaultGraph()]
    wanted = [quad for quad in content if quad not in is_default] if form in DATASETS else is_default
    written = b"".join(export.write(export.of(wanted), form))
    assert plain_digest(by_oxigraph(written, form)) == plain_digest(wanted)
    if form in JSON:
        assert plain_digest(by_pyld(written, form)) == plain_digest(wanted)


datatypes_of_python = {vocab.XSD + name for name in ("date", "decimal", "integer", "boolean", "double")}


@given(st.lists(triples, max_size=6))
@settings(max_examples=40)
def test_rdflib_reads_our_rdfxml(content: list[Triple]) -> None:
    graph = rdflib.Graph()
    graph.parse(data=forms.encode(content, "rdfxml"), format="xml")
    texts = {str(value) for value in graph.objects() if isinstance(value, rdflib.Literal)}
    wanted = [triple.object for triple in content if isinstance(triple.object, Literal)]
    assert {value.value for value in wanted if value.datatype.value not in datatypes_of_python} <= texts
    assert {triple.predicate.value for triple in content} == {str(value) for value in graph.predicates()}


@pytest.mark.parametrize("form", FLAT)
def test_the_names_of_blank_nodes_make_no_difference(form: str) -> None:
    def chain(first: str, second: str) -> list[Triple]:
        name = NamedNode("http://a/p")
        return [Triple(BlankNode(first), name, BlankNode(second)), Triple(BlankNode(second), name, Literal(1))]

    assert forms.encode(chain("x", "y"), form) == forms.encode(chain("b", "a"), form)


def test_blank_nodes_of_a_store_are_named_the_same_every_time() -> None:
    def store() -> Store:
        made = Store()
        name = NamedNode("http://a/p")
        made.extend([Quad(BlankNode(), name, Literal(1)), Quad(BlankNode(), name, Literal(2), NamedNode("http://g"))])
        return made

    assert export.whole(store(), "ntriples").startswith(b"_:c14n")
    for form in ("ntriples", "nquads"):
        assert export.whole(store(), form) == export.whole(store(), form)


TRIPLE = Triple(NamedNode("http://a"), NamedNode("http://a/p"), Literal(1))


@pytest.mark.parametrize(
    ("form", "term", "sentence"),
    [
        ("rdfxml", Literal("\x01"), "RDF/XML cannot hold a control character, as in a value of <http://a/p>"),
        ("rdfxml", Literal("a\ufffe"), "RDF/XML cannot hold a control character, as in a value of <http://a/p>"),
        ("rdfxml", Literal("a\f"), "RDF/XML cannot hold a control character, as in a value of <http://a/p>"),
        ("rdfxml", Literal("a", language="en", direction=BaseDirection.LTR), "RDF/XML cannot hold text with a direct"),
        ("rdfxml", TRIPLE, "RDF/XML cannot hold a triple as the value of another"),
        ("jsonld", TRIPLE, "JSON-LD cannot hold a triple as the value of another"),
    ],
)
def test_what_a_form_cannot_hold_is_refused(form: str, term: Term, sentence: str) -> None:
    with pytest.raises(OutputError, match=sentence):
        forms.encode([Triple(NamedNode("http://a"), NamedNode("http://a/p"), term)], form)
    assert b"http://a/p" in forms.encode([Triple(NamedNode("http://a"), NamedNode("http://a/p"), term)], "ntriples")


@pytest.mark.parametrize("iri", ["http://a/1", "http://a/p/", vocab.RDF + "li"])
def test_a_property_without_an_xml_name_is_refused(iri: str) -> None:
    with pytest.raises(OutputError, match=re.escape(f"RDF/XML cannot hold the property <{iri}>")):
        forms.encode([Triple(NamedNode("http://a"), NamedNode(iri), Literal(1))], "rdfxml")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.slow
def test_a_store_sorted_in_runs_gives_the_same(
    form: str, engine: Embedded, exports: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ntriples, "RUN", 7_000)
    assert export.whole(engine.store, form) == exports[form]


class Remote(Engine):
    """An engine that is no store: it answers queries and no more."""

    def __init__(self, engine: Embedded) -> None:
        self.engine = engine

    def run(self, query: str, *, federated: bool = False) -> Answer:
        return self.engine.run(query, federated=federated)

    def select(self, query: str) -> Table:
        return self.engine.select(query)


@pytest.mark.parametrize("form", ["turtle", "nquads"])
@pytest.mark.slow
def test_any_engine_can_be_exported(form: str, engine: Embedded, exports: dict[str, bytes]) -> None:
    remote: Engine = Remote(engine)
    assert export.whole(remote, form) == exports[form]


# Parts of the graph.


def read(content: export.Content, form: str) -> set[Quad]:
    return set(by_oxigraph(b"".join(export.write(content, form)), form))


def test_one_named_graph(engine: Embedded) -> None:
    name = NamedNode(vocab.GRAPH + "codelists")
    there = set(engine.store.quads_for_pattern(None, None, None, name))
    content = export.graph(engine, "graph:codelists")
    assert read(content, "trig") == there
    assert {quad.triple for quad in read(content, "turtle")} == {quad.triple for quad in there}
    denied = export.graph(engine, "doc:com-2025-165/nl#s1-1-p6-denied")
    assert len(read(denied, "turtle")) == len(read(denied, "nquads")) > 0


@pytest.mark.slow
def test_one_thing_with_its_context(engine: Embedded) -> None:
    content = export.about(engine, "ai-bureau")
    flat = {quad.triple for quad in read(content, "turtle")}
    whole = {quad.triple for quad in engine.store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert flat < whole
    office = NamedNode("https://w3id.org/euaikg/id/body/ai-office")
    assert {t for t in whole if office in (t.subject, t.object)} <= flat
    said = {t.subject for t in flat if t.predicate.value == EUAI + "aboutResource" and t.object == office}
    assert said
    assert {t for t in whole if t.subject in said} <= flat
    cited = {t.subject for t in flat if t.predicate.value == vocab.DCT + "bibliographicCitation"}
    assert {t.object for t in flat if t.subject in said and t.predicate.value == EUAI + "statedIn"} <= cited
    names = {t for t in whole if t.predicate.value == vocab.SKOS + "prefLabel"}
    things = {t.object for t in flat if t.subject == office or t.subject in said}
    assert {t for t in names if t.subject in things} <= flat
    quads = read(content, "nquads")
    assert quads < {quad for quad in engine.store if quad.graph_name != DefaultGraph()}
    assert {quad.triple for quad in quads} == flat


@pytest.mark.slow
def test_one_document(engine: Embedded) -> None:
    content = export.document(engine, "Policy Monitor note on the AI Office")
    start = "<https://w3id.org/euaikg/source/policy-monitor-ai-office"
    quads = read(content, "trig")
    store = {quad for quad in engine.store if quad.graph_name != DefaultGraph()}
    assert quads < store
    assert {quad for quad in store if str(quad.graph_name).startswith(start)} <= quads
    passages = {str(quad.graph_name) for quad in quads if vocab.SOURCE in str(quad.graph_name)}
    assert all(name.startswith(start) for name in passages)
    assert any("denied" in name for name in passages)
    flat = {quad.triple for quad in read(content, "turtle")}
    assert flat < {quad.triple for quad in engine.store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert flat <= {quad.triple for quad in quads}


def test_the_result_of_a_stored_question(engine: Embedded) -> None:
    content = export.answer(engine, "describe-thing", {"thing": ["GenAI4EU"]})
    assert read(content, "rdfxml") == read(export.about(engine, "GenAI4EU"), "ntriples")


@pytest.mark.slow
def test_provenance_in_one_graph(engine: Embedded) -> None:
    content = export.everything(engine)
    plain = read(content, "ntriples")
    lines = b"".join(export.write(export.with_records(content, engine), "ntriples")).splitlines(keepends=True)
    assert len(lines) == len(set(lines)), "what the graph and the records say stands once"
    told = set(by_oxigraph(b"".join(lines), "ntriples"))
    assert plain < told
    records = told - plain
    facts: dict[Term, dict[str, set[Term]]] = {}
    for quad in records:
        facts.setdefault(quad.subject, {}).setdefault(quad.predicate.value, set()).add(quad.object)
    known = {quad.subject for quad in engine.store} | {quad.object for quad in engine.store}
    assert not known & facts.keys(), "a record has the name of something else"
    triples = {quad.triple for quad in plain}
    recorded = set()
    for record, said in facts.items():
        (subject,), (predicate,), (value,) = (said[vocab.RDF + part] for part in ("subject", "predicate", "object"))
        (passage,) = said[EUAI + "statedIn"]
        assert isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and isinstance(passage, NamedNode)
        assert str(record).startswith(f"{str(passage)[:-1]}.relation-")
        assert Triple(subject, predicate, value) in triples
        assert next(engine.store.quads_for_pattern(subject, predicate, value, passage), None) is not None
        assert {EUAI + part for part in ("statedAt", "statedOn", "modality")} <= said.keys()
        recorded.add(Quad(subject, predicate, value, passage))
    statements = {quad.subject for quad in plain if quad.predicate.value == EUAI + "statedIn"}
    reified = queries_of_relations(engine)
    passages = {quad.subject for quad in plain if quad.object == NamedNode(EUAI + "Passage")}
    not_so = [NamedNode(f"https://w3id.org/euaikg/id/modality/{code}") for code in ("denied", "ended")]
    denied = {quad.subject for quad in plain if quad.object in not_so}
    wanted = {
        quad
        for quad in engine.store
        if quad.graph_name in passages - denied and quad.subject not in statements and quad not in reified
    }
    assert recorded == wanted


def queries_of_relations(engine: Embedded) -> set[Quad]:
    rows = engine.select(
        f"PREFIX rdf: <{vocab.RDF}> SELECT ?s ?p ?o ?g "
        f"{{ GRAPH ?g {{ ?r a <{EUAI}RelationStatement> ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }} }}"
    ).rows
    return {Quad(*row) for row in rows}  # type: ignore[arg-type]


def test_provenance_of_a_part(engine: Embedded) -> None:
    content = export.with_records(export.about(engine, "DG CONNECT"), engine, thing="DG CONNECT")
    answer = ask.question(engine, "relation-records", {"thing": ["DG CONNECT"]}).answer
    assert isinstance(answer, Triples)
    assert {quad.triple for quad in read(content, "turtle")} >= set(answer)


@pytest.mark.parametrize("arguments", [("--format", "turtle", "--provenance", "statements"), ("--format", "trig")])
@pytest.mark.slow
def test_an_export_read_back_has_no_findings(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    name = "whole.ttl" if "turtle" in arguments else "whole.trig"
    assert run("export", *arguments, "-o", name).returncode == 0
    done = run("validate", name)
    assert done.stdout.startswith("0 violations, 0 warnings"), done.stdout
    assert (tmp_path / name).stat().st_size > 1_000_000


# The command.

REFUSED = [
    (["--graph", "graph:nothing"], "There is no graph graph:nothing."),
    (["--document", "AI Office"], "body:ai-office is no document that was read; these are: doc:ai-office-page,"),
    (["--about", "AI Ofixe"], "Nothing in the graph is called “AI Ofixe”. Nearest: AI Office"),
    (["--about", "http://example.org/unknown"], "The graph says nothing about http://example.org/unknown."),
    (["--about", "AI Office", "--graph", "graph:codelists"], "Choose one of --graph and --about."),
    (["--set", "thing=GenAI4EU"], "--set goes with --query."),
    (["--query", "describe-thing", "--set", "GenAI4EU"], "--set GenAI4EU: write it as NAME=VALUE"),
    (["--query", "describe-thing", "--set", "colour=red"], "The query describe-thing has no parameter “colour”"),
    (["--query", "figures"], "The stored query figures answers with rows; ask it with “euaikg query figures"),
    (["--query", "describe-thing", "--format", "trig"], "The answer to a query is one graph without a name"),
    (["--format", "trig", "--provenance", "statements"], "--provenance statements is for one graph of facts"),
    (["--frame", "body", "--format", "turtle"], "--frame goes with --format jsonld"),
    (["--frame", "everything"], "'everything' is not one of"),
    (["--frame", "body", "--about", "GenAI4EU"], "The view body shows things of the class ActorGroup, AdvisoryBody"),
    (["--format", "csv"], "csv makes a folder of tables; say where with -o."),
    (["--format", "csv", "-o", "kept"], "kept: notes.txt was not written here by euaikg; empty the folder or choose"),
    (["--format", "csv", "-o", "file"], "file: there is a file of this name; a folder is needed."),
    (["--format", "csv", "-o", "no/folder"], "no/folder: cannot be written (No such file or directory)."),
    (["--format", "turtle", "-o", "kept"], "kept: cannot be written (Is a directory)."),
    (["--format", "rdfxml", "--data", "number.ttl"], "RDF/XML cannot hold the property <http://a/1>"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_one_sentence_and_nothing_touched(run: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "kept").mkdir()
    there = {"kept/notes.txt": "mine", "file": "mine", "number.ttl": "<http://a/x> <http://a/1> 1 ."}
    for name, text in there.items():
        (tmp_path / name).write_text(text)
    done = run("export", *arguments)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert done.returncode == 2
    found = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*") if path.is_file()}
    assert {name: path.read_text() for name, path in found.items()} == there


@pytest.mark.parametrize(
    ("command", "named", "form"),
    [
        (("export", "--about", "DG CONNECT"), "x.nt", "ntriples"),
        (("export", "--document", "Policy Monitor note on the AI Office"), "x.ttl", "turtle"),
        (("query", "office-holders"), "x.csv", "csv"),
        (("query", "describe-thing", "--thing", "DG CONNECT"), "x.rdf", "rdfxml"),
        (("stats",), "x.json", "json"),
    ],
)
@pytest.mark.slow
def test_the_name_of_a_file_says_its_format(
    run: Run, tmp_path: Path, command: tuple[str, ...], named: str, form: str
) -> None:
    assert run(*command, "-o", named).returncode == 0
    assert run(*command, "--format", form, "-o", "other.md").returncode == 0
    assert (tmp_path / "other.md").read_bytes() == (tmp_path / named).read_bytes() != b""


@pytest.mark.parametrize(
    "command", [("export", "--about", "DG CONNECT"), ("query", "office-holders", "--format", "csv")]
)
@pytest.mark.slow
def test_a_dash_is_standard_output(run: Run, tmp_path: Path, command: list[str]) -> None:
    assert run(*command, "-o", "-").stdout == run(*command).stdout != ""
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_command_writes_what_the_library_does(run: Run, tmp_path: Path, engine: Embedded) -> None:
    assert run("export", "--about", "DG CONNECT", "--format", "rdfxml", "-o", "x.rdf").returncode == 0
    content = export.about(engine, "DG CONNECT")
    assert (tmp_path / "x.rdf").read_bytes() == b"".join(export.write(content, "rdfxml"))
    asked = run("query", "describe-thing", "--thing", "DG CONNECT", "--format", "jsonld").stdout
    assert asked == run("export", "--about", "DG CONNECT", "--format", "jsonld").stdout
    assert run("export", "--query", "describe-thing", "--set", "thing=DG CONNECT").stdout == (
        run("export", "--about", "DG CONNECT", "--format", "turtle").stdout
    )
    view = json.loads(run("export", "--frame", "body", "--about", "DG CONNECT").stdout)
    assert [thing["shortName"]["nl"] for thing in view["@graph"]] == ["DG CONNECT"]
    documented = run("export", "--document", "doc:st-5853-24", "--provenance", "statements", "--format", "ntriples")
    assert ".relation-" in documented.stdout


@pytest.mark.slow
def test_a_folder_of_tables_is_replaced_by_the_next(run: Run, tmp_path: Path) -> None:
    for thing in ("AI Office", "GenAI4EU"):
        done = run("export", "--about", thing, "--format", "csv", "-o", "tables")
        assert (done.returncode, done.stderr) == (0, "")
    names = sorted(path.name for path in (tmp_path / "tables").iterdir())
    assert "FundingStatement.csv" in names
    assert "JointUndertaking.csv" not in names
    rows = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "Initiative.csv").read_text())))
    assert "GenAI4EU" in {row["prefLabel_en"] for row in rows}
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    sums = (tmp_path / "tables" / "SHA256SUMS").read_text().splitlines()
    assert sorted([*(line[66:] for line in sums), "SHA256SUMS"]) == names
    (tmp_path / "tables" / "Initiative.csv").write_text("changed by hand\n")
    assert "Initiative.csv was not written here" in run("export", "--format", "csv", "-o", "tables").stderr


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["making", "leaving", "arriving"])
def test_what_stood_there_stands_there_still(
    step: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing.write_folder(tmp_path / "tables", [("a.csv", b"old")])
    replace, moves = os.replace, 0

    def move(source: Path, target: Path) -> None:
        nonlocal moves
        moves += 1
        if step == "arriving" and moves == 2:
            raise error
        replace(source, target)
        if step == "leaving" and moves == 1:
            raise error

    def contents() -> Iterator[tuple[str, bytes]]:
        yield "a.csv", b"new"
        if step == "making":
            raise error

    monkeypatch.setattr(os, "replace", move)
    with pytest.raises(OutputError if isinstance(error, OSError) else KeyboardInterrupt):
        writing.write_folder(tmp_path / "tables", contents())
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]
    assert (tmp_path / "tables" / "a.csv").read_bytes() == b"old"
