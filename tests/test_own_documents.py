"""Documents of a user's own live like the shipped ones: each shipped one is put in as a user's file, and asked."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import cycle
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize

from euaikg.core import files, vocab
from euaikg.core.vocab import EUAI, GRAPH
from euaikg.graph import build
from euaikg.questions import ask, stored
from euaikg.sparql import formats
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import FIXTURES

DOCUMENTS = {path.stem: path for path in files.shipped("data/sources", ".trig")}
CURATION = NamedNode(GRAPH + "curation")
OWN = NamedNode("https://example.org/mine")

Rows = Sequence[object]
Home = Callable[[Quad], NamedNode | DefaultGraph]


def any_of_five(seed: object) -> NamedNode:
    return NamedNode(f"{OWN.value}/{zlib.crc32(str(seed).encode()) % 5}")


FORMS: dict[str, Home] = {
    "block": lambda quad: build.ENTITIES if quad.graph_name == build.ENTITIES else DefaultGraph(),
    "default": lambda _: DefaultGraph(),
    "own": lambda _: OWN,
    "apart": lambda quad: any_of_five(quad.subject if quad.graph_name == CURATION else quad),
}
"""Where a user may put what stands in no passage: things in a block of theirs, all without a graph, in a graph of his
own, and each triple in any of five; but a judgement stays whole, as what a passage says does."""

FEW = 2
"""In so many parts the documents are put in, one part after another: each takes as long as asking every question."""

ASKED = {
    "figures": {"asOf": "2024-12-31"},
    "status-timeline": {"document": "COM(2025) 165"},
    "current-status": {"asOf": "2025-03-31", "lang": "nl"},
    "targets-due": {"asOf": "2025-04-30", "until": "2025"},
    "overdue": {"asOf": "2025-06-30"},
    "document-in-order": {"document": "COM(2024) 28", "asOf": "2024-06-30"},
    "relations": {"thing": "AI Office", "asOf": "2024-03-01"},
}


@cache
def shipped() -> list[tuple[str, Quad]]:
    """The shipped quads, each with the name of its file where that is a document's."""
    return [
        (path.stem if path in DOCUMENTS.values() else "", quad)
        for path, home in build.sources()
        for quad in build.placed(path, home)
    ]


def apart(documents: Iterable[str]) -> tuple[list[Quad], list[Quad]]:
    """Return the shipped quads without ``documents``, and what they state with the things that only they speak of."""
    own = [quad for name, quad in shipped() if name in documents]
    others = [quad for name, quad in shipped() if name and name not in documents]
    mine, theirs = ({term for quad in quads for term in (quad.subject, quad.object)} for quads in (own, others))
    things = mine - theirs
    things |= {quad.object for quad in own if quad.predicate.value == EUAI + "expressionOf"}
    rest: list[Quad] = []
    for name, quad in shipped():
        if name not in documents:
            moves = quad.graph_name == build.ENTITIES and quad.subject in things
            (own if moves else rest).append(quad)
    return rest, own


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Store]:
    """Build the graph with ``documents`` in a user's file, and ``judgements`` too if they are, as ``form`` has it."""

    def made(documents: Iterable[str], form: str, judgements: bool = False) -> Store:
        rest, own = apart(documents)
        if judgements:
            own += [quad for quad in rest if quad.graph_name == CURATION]
            rest = [quad for quad in rest if quad.graph_name != CURATION]
        kind, home = NamedNode(EUAI + "Passage"), FORMS[form]
        passages = {quad.subject for quad in own if quad.object == kind}
        own = [
            quad if quad.graph_name in passages else Quad(quad.subject, quad.predicate, quad.object, home(quad))
            for quad in own
        ]
        for name, quads in [("shipped.nq", rest), ("own.nq", own)]:
            (tmp_path / name).write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
        monkeypatch.setattr(build, "sources", lambda: [(tmp_path / "shipped.nq", build.ADDED)])
        return build.build([tmp_path / "own.nq"])

    return made


def triples(store: Store, graph: NamedNode | DefaultGraph) -> set[bytes]:
    return set((store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"").splitlines())


def rows(engine: Embedded, name: str, **values: str) -> Rows:
    """The rows of an answer, sorted: engines are free to order what is alike, and the parts of a joined list."""
    answer = ask.question(engine, name, values).answer
    if isinstance(answer, Triples):
        return sorted(map(str, answer))
    assert isinstance(answer, Table)
    table = csv.reader(io.StringIO(formats.to_csv(answer).decode()))
    return sorted([["; ".join(sorted(cell.split("; "))) for cell in row] for row in table])


def answers(engine: Embedded) -> dict[str, Rows]:
    found = {name: rows(engine, name) for name in stored.catalogue()}
    return found | {f"{name} {values}": rows(engine, name, **values) for name, values in ASKED.items()}


@pytest.fixture(scope="module")
def expected(engine: Embedded) -> dict[str, Rows]:
    return answers(engine)


def differing(found: dict[str, Rows], expected: dict[str, Rows]) -> list[str]:
    return [name for name in expected if found[name] != expected[name]]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["default", "apart"])
def test_the_same_is_derived_wherever_the_parts_of_documents_stand(
    form: str, engine: Embedded, lived: Callable[..., Store]
) -> None:
    store = lived(["st-5853-24", "policy-monitor-ai-office", "ip-24-383"], form)
    named = b"sparql-service-description#NamedGraph> ."  # which graphs there are differs by the form
    for graph in (NamedNode(GRAPH + "derived"), DefaultGraph()):
        found, expected = ({line for line in triples(one, graph) if named not in line} for one in (store, engine.store))
        assert found == expected


@pytest.mark.slow
def test_classes_and_codes_of_ones_own_are_those_of_the_rules(tmp_path: Path) -> None:
    own = tmp_path / "own.trig"
    own.write_text(f"""@prefix euai: <{EUAI}> . @prefix rdfs: <{vocab.RDFS}> . @prefix my: <{OWN.value}#> .
        my:Lab rdfs:subClassOf euai:ResearchBody . my:Clinic rdfs:subClassOf my:Lab . my:ward a my:Clinic .
        my:Grant rdfs:subClassOf euai:FundingStatement . my:roughly euai:lowerFactor 0.5 ; euai:upperFactor 2.0 .
        <https://w3id.org/euaikg/source/fixture-document/en#s1-p1> {{
          my:grant a my:Grant ; euai:amount 100 ; euai:qualifier my:roughly .
          my:stage a euai:StatusStatement ; euai:effectiveIn my:period . }}""")
    store = build.build([FIXTURES / "valid.trig", own])
    for derived in (
        "my:ward skos:prefLabel 'ward'@en", "my:grant euai:lowBound 50.0 ; euai:highBound 200.0",
        "my:grant euai:statedIn/euai:statedAt doc:fixture-document ; euai:statedOn ?day ; euai:modality ?modality",
        "my:stage euai:statedOn ?day FILTER NOT EXISTS { my:stage euai:effectiveFrom ?of_a_period_nobody_describes }",
    ):  # fmt: skip
        query = f"PREFIX my: <{OWN.value}#> PREFIX doc: <{vocab.SOURCE}> ASK {{ {derived} }}"
        assert ask.sparql(Embedded(store), query).answer is True, derived


@pytest.mark.slow
def test_documents_live_when_they_are_asked_alone(tmp_path: Path) -> None:
    own, titles = FIXTURES / "valid.trig", ["Fixture document", "Fixture note", "Fixture report"]
    store = build.build([own])
    alone, whole = build.alone([own]), Embedded(store)
    assert len(rows(alone, "documents")) == len(["heading", "its translation", *titles])
    for name in ("document-in-order", "figures", "status-timeline"):
        for title in titles:
            assert rows(alone, name, document=title) == rows(whole, name, document=title)
    derived = store.quads_for_pattern(None, None, None, NamedNode(GRAPH + "derived"))
    quads = [*derived, *(quad for path in [own] for quad in build.placed(path, build.ADDED))]
    (tmp_path / "ruled.nq").write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    ruled = build.alone([tmp_path / "ruled.nq"])
    assert not ruled.run(f"ASK {{ <{EUAI}Passage> ?property ?value }}"), "what was derived already stands as it is"


@pytest.mark.slow
@pytest.mark.parametrize(("few", "form"), zip(range(FEW), cycle(["block", "default"])))
def test_each_document_answers_as_a_users_file_as_it_does_shipped(
    few: int, form: str, expected: dict[str, Rows], lived: Callable[..., Store]
) -> None:
    documents = [*DOCUMENTS][few::FEW]  # names far apart: parts and versions of one document come in different files
    assert differing(answers(Embedded(lived(documents, form))), expected) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["own", "apart"])
def test_all_documents_and_judgements_answer_as_a_users_file(
    form: str, expected: dict[str, Rows], lived: Callable[..., Store]
) -> None:
    assert differing(answers(Embedded(lived(DOCUMENTS, form, judgements=True))), expected) == []
