"""The built graph: what the rules derive, what the default graph holds, and the same data for rdflib."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

import euaikg
from euaikg.core import files, places, vocab
from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.graph import build
from euaikg.questions import stored
from euaikg.rdf import to_rdflib
from euaikg.rdf.terms import text
from euaikg.sparql import scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run
from tests.test_rules import VALID, small_graph

PREFIXES = "PREFIX euai: <https://w3id.org/euaikg/ontology#> PREFIX qualifier: <https://w3id.org/euaikg/id/qualifier/> "

TRIG = """
@prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix modality: <https://w3id.org/euaikg/id/modality/> .
@prefix qualifier: <https://w3id.org/euaikg/id/qualifier/> .
@prefix status: <https://w3id.org/euaikg/id/status/> .
@prefix period: <https://w3id.org/euaikg/id/period/> .
@prefix here: <https://w3id.org/euaikg/source/ip-24-383/en#> .
here:t1 a euai:Passage ; euai:inExpression <https://w3id.org/euaikg/source/ip-24-383/en> ; euai:modality modality:%s .
here:t1 {
  here:t1.f a euai:FundingStatement ; euai:qualifier qualifier:%s ; %s .
  here:t1.s a euai:StatusStatement ; euai:status status:adopted %s .
}
"""


def built(
    tmp_path: Path, modality: str = "asserted", hedge: str = "exact", figure: str = "euai:amount 1000", more: str = ""
) -> Embedded:
    path = tmp_path / "test.trig"
    path.write_text(TRIG % (modality, hedge, figure, more))
    return build.open_graph([path])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hedge", "figure", "low", "high"),
    [
        ("exact", "euai:amount 1000", "1000", "1000"),
        ("about", "euai:amount 4000000000", "3600000000", "4400000000"),
        ("nearly", "euai:amount 1000", "900", "1000"),
        ("at-least", "euai:amount 1000", "1000", None),
        ("more-than", "euai:numericValue 600.0", "600", None),
        ("up-to", "euai:amount 1000", "0", "1000"),
        ("range", "euai:amountMin 1000 ; euai:amountMax 3000", "1000", "3000"),
        ("range", "euai:valueMin 6.0 ; euai:valueMax 9.0", "6", "9"),
    ],
)
def test_a_hedge_gives_a_range(tmp_path: Path, hedge: str, figure: str, low: str | None, high: str | None) -> None:
    rows = (
        built(tmp_path, hedge=hedge, figure=figure)
        .select(
            PREFIXES + "SELECT ?low ?high { OPTIONAL { ?f euai:lowBound ?low } OPTIONAL { ?f euai:highBound ?high } "
            "VALUES ?f { <https://w3id.org/euaikg/source/ip-24-383/en#t1.f> } }"
        )
        .rows
    )
    found = [None if term is None else getattr(term, "value", None) for term in rows[0]]
    assert [None if value is None else float(value) for value in found] == [
        None if value is None else float(value) for value in (low, high)
    ]
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("modality", "more", "day"),
    [
        ("asserted", "", "2024-01-24"),
        ("asserted", "; euai:effectiveIn period:2023-12", "2023-12-31"),
        ("planned", "; euai:effectiveIn period:2024-02-21", "2024-02-21"),
        ("planned", "", None),
        ("proposed", "", None),
    ],
)
@pytest.mark.slow
def test_a_stage_holds_from_a_day_and_an_undated_plan_from_none(
    tmp_path: Path, modality: str, more: str, day: str | None
) -> None:
    answer = built(tmp_path, modality=modality, more=more).select(
        PREFIXES + "SELECT ?day { <https://w3id.org/euaikg/source/ip-24-383/en#t1.s> euai:effectiveFrom ?day }"
    )
    assert [str(row["day"]) for row in answer.to_dicts()] == ([day] if day else [])


@pytest.mark.parametrize(("modality", "there"), [("planned", True), ("denied", False), ("ended", False)])
@pytest.mark.slow
def test_what_is_denied_or_over_is_not_in_the_default_graph(tmp_path: Path, modality: str, there: bool) -> None:
    engine = built(tmp_path, modality=modality)
    fact = "<https://w3id.org/euaikg/source/ip-24-383/en#t1.f> euai:amount 1000"
    assert engine.run(PREFIXES + f"ASK {{ {fact} }}") is there
    assert engine.run(PREFIXES + f"ASK {{ GRAPH ?g {{ {fact} }} }}") is True


@pytest.mark.slow
def test_every_triple_stands_once_in_the_default_graph(engine: Embedded) -> None:
    everywhere = {quad.triple for quad in engine.store if not isinstance(quad.graph_name, DefaultGraph)}
    default = [quad.triple for quad in engine.store.quads_for_pattern(None, None, None, DefaultGraph())]
    assert len(default) == len(set(default))
    assert set(default) <= everywhere
    hidden = everywhere - set(default)
    question = (
        PREFIXES + "SELECT ?p { GRAPH ?g { ?p euai:modality ?m } VALUES ?m { "
        "<https://w3id.org/euaikg/id/modality/denied> <https://w3id.org/euaikg/id/modality/ended> } }"
    )
    over = {row["p"] for row in engine.select(question)}  # passages and statements
    for triple in hidden:
        homes = {
            quad.graph_name for quad in engine.store.quads_for_pattern(*triple) if quad.graph_name != DefaultGraph()
        }
        is_disputed = triple.predicate.value == "http://purl.org/dc/terms/type"
        assert homes <= over or triple.subject in over or is_disputed, f"{triple} is missing from the default graph"


def test_the_default_graph_keeps_nothing_of_a_denied_statement_and_no_disputed_type(engine: Embedded) -> None:
    default = list(engine.store.quads_for_pattern(None, None, None, DefaultGraph()))
    denied = {
        row["s"]
        for row in engine.select(
            PREFIXES + "SELECT ?s { GRAPH ?g { ?s euai:statedIn ?p } "
            "GRAPH ?d { ?p euai:modality <https://w3id.org/euaikg/id/modality/denied> } }"
        )
    }
    assert denied
    assert not [quad for quad in default if quad.subject in denied]
    assert not [
        quad
        for quad in default
        if str(quad.object).endswith("/organization-type/AGENCY>") and "type" in str(quad.predicate)
    ]


@pytest.mark.slow
def test_the_shipped_graph_in_memory_is_the_one_on_disk(built: Embedded, engine: Embedded) -> None:
    there = build.in_memory(built)
    assert there.store is not built.store
    assert (len(there.store), there.folder) == (len(built.store), built.folder)
    assert all(quad in built.store for quad in there.store)
    assert build.in_memory(engine) is engine, "what is not in the cache may be larger than memory"


def test_a_passage_is_cited_once_in_each_language_by_the_name_of_its_document() -> None:
    passage = "<https://w3id.org/euaikg/source/fixture-note/nl#p1>"  # of a document that has no short name
    cited = Embedded(small_graph(VALID)).select(
        f"SELECT ?place {{ {passage} <http://purl.org/dc/terms/bibliographicCitation> ?place }}"
    )
    assert sorted(str(place) for (place,) in cited.rows) == [
        '"Fixture note, section note, paragraph 1"@en',
        '"Testnota, punt nota, alinea 1"@nl',
    ]


def test_every_statement_carries_its_place_and_date(engine: Embedded) -> None:
    missing = engine.select(
        PREFIXES
        + "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?s { ?kind rdfs:subClassOf euai:Statement . "
        "GRAPH ?passage { ?s a ?kind } ?passage a euai:Passage . "
        "FILTER NOT EXISTS { ?passage euai:modality ?not "
        "FILTER(STRENDS(STR(?not), '/modality/denied') || STRENDS(STR(?not), '/modality/ended')) } "
        "FILTER NOT EXISTS { ?s euai:statedIn ?passage ; euai:statedAt ?d ; "
        "euai:statedOn ?on ; euai:modality ?m } }"
    )
    assert missing.rows == []


@pytest.mark.slow
def test_rdflib_gets_the_same_data(engine: Embedded) -> None:
    dataset = euaikg.dataset()
    assert len(list(dataset.quads())) == len(engine.store)
    name = "https://w3id.org/euaikg/source/ip-24-383/en#lead-p3-i3-1-total"
    rows = list(dataset.query(f"SELECT ?s ?amount {{ GRAPH <{name}> {{ ?s <{vocab.EUAI}amount> ?amount }} }}"))
    assert [row[1].toPython() for row in rows] == [4_000_000_000]  # type: ignore[index, union-attr]
    assert len(to_rdflib.to_graph(engine.store)) == len(
        list(engine.store.quads_for_pattern(None, None, None, DefaultGraph()))
    )


@pytest.mark.parametrize(("form", "rdf"), [("turtle", RdfFormat.TURTLE), ("ntriples", RdfFormat.N_TRIPLES)])
@pytest.mark.slow
def test_flat_exports_are_the_default_graph(engine: Embedded, form: str, rdf: RdfFormat) -> None:
    there = {quad.triple for quad in engine.store.quads_for_pattern(None, None, None, DefaultGraph())}
    back = {quad.triple for quad in parse(export.whole(engine.store, form), format=rdf)}
    assert back == there


@pytest.mark.parametrize(("form", "rdf"), [("trig", RdfFormat.TRIG), ("nquads", RdfFormat.N_QUADS)])
@pytest.mark.slow
def test_dataset_exports_are_the_named_graphs(engine: Embedded, form: str, rdf: RdfFormat) -> None:
    there = {quad for quad in engine.store if not isinstance(quad.graph_name, DefaultGraph)}
    assert set(parse(export.whole(engine.store, form), format=rdf)) == there


@pytest.mark.slow
def test_a_users_file_is_put_on_top(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        '<https://w3id.org/euaikg/id/body/mine> <http://www.w3.org/2004/02/skos/core#prefLabel> "Zorblax"@en .'
    )
    assert [name.text for name in euaikg.search("zorblax", data=[path])] == ["Zorblax"]
    assert euaikg.search("zorblax") == []


def test_the_graph_is_built_once_and_again_when_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(files.root() / "ontology", tmp_path / "root" / "ontology")
    entities = tmp_path / "root" / "data" / "entities"
    entities.mkdir(parents=True)
    path = entities / "only.ttl"
    path.write_text("<http://a/> <http://b/> <http://c/1> .")
    monkeypatch.setattr(places, "root", lambda: str(tmp_path / "root"))
    monkeypatch.setenv("EUAIKG_CACHE_DIR", str(tmp_path / "cache"))

    def built() -> dict[str, int]:
        assert build.open_graph().run("ASK { <http://a/> ?property ?value }")
        return {kept.name: kept.stat().st_mtime_ns for kept in (tmp_path / "cache").iterdir()}

    first = built()
    assert len(first) == 1
    assert built() == first
    times = path.stat()
    path.write_text("<http://a/> <http://b/> <http://c/2> .")  # as long and as old as before: only the content differs
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert len(built()) == 2
    assert build.open_graph().run("ASK { ?thing ?property <http://c/2> }")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("data/entities/broken.ttl", "<http://a/> <http://b/> ", r"broken.ttl, line 1, column \d+: not valid Turtle"),
        ("data/elsewhere/new.ttl", "<http://a/> <http://b/> 1 .", "new.ttl: the folder stands for no graph"),
    ],
)
def test_a_mistake_in_the_projects_own_files_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, sentence: str
) -> None:
    shutil.copytree(files.root() / "ontology", tmp_path / "ontology")
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    monkeypatch.setattr(places, "root", lambda: str(tmp_path))
    with pytest.raises(InputError, match=sentence):
        build.build()


@pytest.mark.slow
def test_several_first_commands_at_once_all_answer(tmp_path: Path) -> None:
    settings = {**os.environ, "EUAIKG_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "euaikg", "query", "office-holders", "--format", "csv"]
    started = [
        subprocess.Popen(command, env=settings, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    outputs = {process.communicate(timeout=120) for process in started}
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    assert len(outputs) == 1
    assert len(list((tmp_path / "cache").iterdir())) == 1


def sources() -> Store:
    """The shipped files as they stand, without what the rules derive."""
    store = Store()
    for path, home in build.sources():
        store.extend(build.placed(path, home))
    return store


def derived(quads: Iterable[Quad]) -> Embedded:
    store = Store()
    store.bulk_extend(quads)
    for path in build.rules():
        store.update(files.read_text(path))
    return Embedded(store)


PREFERRED, CODE = (NamedNode("http://www.w3.org/2004/02/skos/core#" + name) for name in ("prefLabel", "notation"))


def regional(quad: Quad) -> Quad:
    assert isinstance(quad.object, Literal)
    language = {"en": "en-GB", "nl": "nl-BE"}[quad.object.language or ""]
    return Quad(quad.subject, quad.predicate, Literal(quad.object.value, language=language), quad.graph_name)


@pytest.mark.slow
@pytest.mark.parametrize("renamed", [None, regional], ids=["without names and codes", "with regional names"])
def test_what_lacks_a_name_is_in_every_answer_all_the_same(
    renamed: Callable[[Quad], Quad] | None, engine: Embedded
) -> None:
    about_names = {"describe-thing", "describe-document", "names-of-our-own"}
    quads = sources()
    kept = (quad for quad in quads if quad.predicate not in (PREFERRED, CODE))
    renewed = map(renamed, quads.quads_for_pattern(None, PREFERRED, None)) if renamed else ()
    codes = quads.quads_for_pattern(None, CODE, None) if renamed else ()
    nameless = derived([*kept, *renewed, *codes])
    for question in stored.catalogue().values():
        if question.name not in about_names:
            assert len(engine.run(question.text)) == len(nameless.run(question.text)), question.name  # type: ignore[arg-type]


def test_what_is_shipped_has_all_its_names(engine: Embedded) -> None:
    asked = f"ASK {{ GRAPH <{vocab.GRAPH}derived> {{ ?thing skos:prefLabel|skos:notation ?name }} }}"
    assert engine.run(scanner.with_prefixes(asked)) is False


@pytest.mark.slow
def test_the_nearest_name_stands_for_one_that_is_missing(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "names.ttl"
    path.write_text(
        """
        @prefix body: <https://w3id.org/euaikg/id/body/> .
        @prefix euai: <https://w3id.org/euaikg/ontology#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        body:a a euai:Body ; skos:prefLabel "Colour council"@en-GB, "Kleurraad"@nl-BE, "Farbrat"@de .
        body:b a euai:Body ; skos:prefLabel "Plain council", "Farbenrat"@de .
        body:c a euai:Body ; skos:prefLabel "Alleen Nederlands"@nl .
        body:d a euai:Body ; rdfs:label "Conseil"@fr .
        <urn:x:e> a euai:Company .
        body:f a euai:Body .
        body:g a euai:Body ; skos:prefLabel <urn:x:name>, "Genannt"@de .
        [] a euai:Body .
        """
    )
    unnamed = build.open_graph([path]).select("SELECT ?any { ?any skos:prefLabel ?name FILTER(isBlank(?any)) }")
    assert len(unnamed) == 0  # a blank node has no name that it could be found by
    asked = run("query", "things-of-kind", "--data", str(path), "--format", "csv", "--lang", "en").stdout
    for name in ("Colour council", "Plain council", "Alleen Nederlands", "Conseil", "e", "f", "Genannt"):
        assert f",{name}," in asked
    assert (
        ",Kleurraad," in run("query", "things-of-kind", "--data", str(path), "--format", "csv", "--lang", "nl").stdout
    )
    assert "names are missing" not in run("validate", str(path)).stderr
    assert run("show", "Kleurraad", "--data", str(path)).stdout.startswith("Colour council (body)")


@pytest.mark.slow
def test_the_order_of_rows_is_total(engine: Embedded) -> None:
    back = derived(reversed(list(sources())))
    for question in stored.catalogue().values():
        answers = [one.run(question.text) for one in (engine, back)]
        if isinstance(answers[0], Table):
            rows = [[tuple(sorted(text(term).split("; ")) for term in row) for row in a.rows] for a in answers]  # type: ignore[union-attr]
            assert rows[0] == rows[1], question.name
