"""The Parquet data set has a row for each fact, and SQL engines answer questions on it as they are answered here."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from euaikg.core import files, writing
from euaikg.core.vocab import EUAI, SOURCE, TYPE
from euaikg.errors import OutputError
from euaikg.exports import dataset, dataset_rows, export
from euaikg.questions import stored
from euaikg.rdf.terms import native
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run, missing
from tests.test_export import Remote

SQL = {path.stem: path.read_text(encoding="utf-8") for path in files.shipped("queries/sql", ".sql")}

Ask = Callable[[str], tuple[list[str], list[tuple[object, ...]]]]


@pytest.fixture(scope="module")
def made(engine: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dataset") / "facts"
    writing.write_folder(place, dataset.contents(engine), "dataset")
    return place


def value(given: object) -> object:
    """Return what two engines must agree on: numbers by value, lists in any order, nothing for an empty text."""
    if isinstance(given, bool) or given is None:
        return given
    if isinstance(given, int | float | Decimal):
        return Decimal(str(given)).normalize()
    return "; ".join(sorted(set(str(given).split("; ")))) or None


def rows(found: Iterable[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    return Counter(tuple(map(value, row)) for row in found)


def wanted(engine: Embedded, name: str) -> tuple[list[str], Counter[tuple[object, ...]]]:
    """Return the columns that people see of the answer to the stored question ``name``, and its rows."""
    query = stored.get(name)
    answer = engine.run(query.text)
    assert isinstance(answer, Table)
    columns = [[native(term) for term in answer.column(name)] for name in query.shown]
    return list(query.shown), rows(zip(*columns, strict=True))


@pytest.fixture(scope="module")
def duckdb(made: Path) -> Iterator[Ask]:
    engine = pytest.importorskip("duckdb", reason="duckdb is not installed")
    with closing(engine.connect()) as connection:
        for name in dataset.COLUMNS:
            files_ = f"read_parquet('{made}/{name}/**/*.parquet', hive_partitioning = true)"
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {files_}")

        def ask(text: str) -> tuple[list[str], list[tuple[object, ...]]]:
            answer = connection.execute(text)
            return [column[0] for column in answer.description], answer.fetchall()

        yield ask


@pytest.fixture(scope="module")
def spark(made: Path) -> Iterator[Ask]:
    try:
        from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        missing("pyspark is not installed")
    if shutil.which("java") is None:
        missing("java is not installed (package default-jre-headless)")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",  # to compile a question takes longer than to answer it
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.host": "127.0.0.1",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    for name in dataset.COLUMNS:
        session.read.parquet(f"{made}/{name}").createOrReplaceTempView(name)

    def ask(text: str) -> tuple[list[str], list[tuple[object, ...]]]:
        frame = session.sql(text)
        return frame.columns, [tuple(row) for row in frame.collect()]

    yield ask
    session.stop()


def test_there_are_twenty_questions_and_each_is_a_stored_one() -> None:
    assert len(SQL) == 20
    for name, text in SQL.items():
        assert text.startswith(f"-- {stored.get(name).summary}.\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", SQL)
def test_duckdb_gives_the_rows_of_the_stored_question(name: str, duckdb: Ask, engine: Embedded) -> None:
    columns, found = duckdb(SQL[name])
    assert (columns, rows(found)) == wanted(engine, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", SQL)
def test_spark_gives_the_rows_of_the_stored_question(name: str, spark: Ask, engine: Embedded) -> None:
    columns, found = spark(SQL[name])
    assert (columns, rows(found)) == wanted(engine, name)


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    from pyarrow import parquet  # type: ignore[import-untyped]

    return [
        {**row, "partition": path.parent.name}
        for path in sorted((folder / name).rglob("*.parquet"))
        for row in parquet.ParquetFile(path).read().to_pylist()
    ]


@pytest.mark.slow
def test_every_fact_of_a_passage_is_one_row(made: Path, engine: Embedded) -> None:
    passages = {quad.subject for quad in engine.store.quads_for_pattern(None, TYPE, NamedNode(EUAI + "Passage"), None)}
    triples = [quad for quad in engine.store if quad.graph_name in passages]
    kinds = {NamedNode(EUAI + f"{kind}Statement") for kind in ("Status", "Target", "Quantity", "Funding", "Relation")}
    said = {(quad.subject, quad.graph_name): quad.object for quad in triples if quad.object in kinds}
    edges = read(made, "edges")
    links = ("actor", "heldBy", "restates", "supersedesStatement")
    assert {
        (row["subject"], row["relation"], row["object"] or row["value"], row["passage"])
        for row in edges
        if row["passage"] and row["relation"] not in [EUAI + link for link in links]
    } == {
        (quad.subject.value, quad.predicate.value, quad.object.value, quad.graph_name.value)
        for quad in triples
        if (quad.subject, quad.graph_name) not in said
    }
    counts = Counter(kind.value.removeprefix(EUAI) for kind in said.values())
    assert len({row["statement"] for row in edges if row["statement"]}) == counts.pop("RelationStatement")
    assert len(read(made, "money")) == counts.pop("FundingStatement")
    assert Counter(row["kind"].removeprefix(EUAI) for row in read(made, "statements")) == counts
    assert len(read(made, "passages")) == len(passages)
    assert {row["modality"].rpartition("/")[2] for row in edges if row["stands"] is False} == {"denied", "ended"}


@pytest.mark.slow
def test_types_names_and_partitions(made: Path) -> None:
    (figure,) = [row for row in read(made, "money") if row["amount"] == 700_000_000 and row["mode_en"] == "allocated"]
    assert figure["low"] == 630_000_000
    assert (figure["qualifier_en"], figure["qualifier_nl"]) == ("nearly", "bijna")
    assert figure["day"].isoformat() == "2025-04-09"
    assert figure["citation_nl"].startswith("COM(2025) 165, punt")
    for name in dataset.PARTITIONED:
        for row in read(made, name):
            assert row["partition"] == f"document={dataset_rows.partition(row['document_iri'] or '')}"
    assert {row["document"] for row in read(made, "documents")} == {
        row["partition"].removeprefix("document=") for row in read(made, "passages")
    }


def test_no_two_documents_share_a_partition() -> None:
    long = "http://example.org/" + "a" * 300
    others = [SOURCE + "é" * 50, SOURCE + "aé" * 50, SOURCE + "a€" * 50]
    iris = ["", f"{SOURCE}a", "a", "http://a", "http://a/", f"{SOURCE}a/b", long, long + "b", *others]
    iris.append(SOURCE + dataset_rows.NO_DOCUMENT)
    names = [dataset_rows.partition(iri) for iri in iris]
    assert len(set(names)) == len(iris) - 1
    assert not [name for name in names if "/" in name or len(name) > 150]
    assert [unquote(name, errors="strict") for name in names]  # as DuckDB does


@pytest.mark.slow
def test_the_same_bytes_again_and_from_any_engine(
    made: Path, engine: Embedded, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("export", "--format", "dataset", "-o", "facts")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "facts" / "SHA256SUMS").read_bytes() == (made / "SHA256SUMS").read_bytes()
    writing.write_folder(tmp_path / "remote", dataset.contents(Remote(engine)), "dataset")
    assert (tmp_path / "remote" / "SHA256SUMS").read_bytes() == (made / "SHA256SUMS").read_bytes()
    monkeypatch.setattr(dataset, "GROUP", 100)
    writing.write_folder(tmp_path / "grouped", dataset.contents(engine), "dataset")
    assert read(tmp_path / "grouped", "edges") == read(made, "edges")


def small(amount: str) -> Embedded:
    store = Store()
    place, figure = NamedNode("http://example.org/p"), NamedNode("http://example.org/f")
    store.extend(
        [
            Quad(place, TYPE, NamedNode(EUAI + "Passage"), NamedNode("http://example.org/g")),
            Quad(figure, TYPE, NamedNode(EUAI + "FundingStatement"), place),
            Quad(NamedNode(EUAI + "FundingStatement"), NamedNode(SUB), NamedNode(EUAI + "Statement")),
            Quad(figure, NamedNode(EUAI + "amount"), Literal(amount), place),
        ]
    )
    return Embedded(store)


SUB = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


def test_a_figure_that_does_not_fit_is_refused_and_a_text_is_none(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="a figure may have 29 digits before the point and 9 behind it"):
        writing.write_folder(tmp_path / "facts", dataset.contents(small("0.1234567891")), "dataset")
    with pytest.raises(OutputError, match="a figure may have 29 digits"):
        writing.write_folder(tmp_path / "facts", dataset.contents(small("9" * 30)), "dataset")
    assert not list(tmp_path.iterdir())
    writing.write_folder(tmp_path / "facts", dataset.contents(small("many")), "dataset")
    (row,) = read(tmp_path / "facts", "money")
    assert (row["amount"], row["partition"]) == (None, f"document={dataset_rows.NO_DOCUMENT}")
    assert {path.name for path in (tmp_path / "facts").iterdir()} > {*dataset.COLUMNS, "queries"}


ODD = """
@prefix : <urn:x#> . @prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
euai:FundingStatement rdfs:subClassOf euai:Statement . euai:StatusStatement rdfs:subClassOf euai:Statement .
[] skos:prefLabel "nameless"@en ; a euai:UnionBody , euai:Passage .
[] euai:expressionOf :document . :version euai:expressionOf :document ; euai:rendition "a file" , <<( :a :b :c )>> .
:p a euai:Passage ; euai:paragraph "--5" ; euai:footnote 99999999999999999999 .
:p {
  :a euai:partOf :b , <<( :a :b [] )>> , [] .
  :f a euai:FundingStatement ; euai:aboutEnvelope "a pot" ; euai:currency <<( :a :b :c )>> ; euai:fundingMode "mode" ;
    euai:amount 1.5000000000000 ; euai:amountMin 0.00000000000000 ; euai:amountMax "NaN"^^xsd:double .
  :s a euai:StatusStatement ; euai:status "stage" , 5 ; euai:aboutResource [] ;
    euai:effectiveFrom "2024-02-30"^^xsd:date .
}
"""


def test_any_rdf_has_its_rows_the_same_each_time(tmp_path: Path) -> None:
    """Nameless things, triples in triples, texts where things are expected, numbers that are none or too large."""
    for again in ("once", "again"):
        store = Store()
        store.load(ODD.encode(), RdfFormat.TRIG)
        for quad in list(store):
            store.add(Quad(*quad.triple))
        writing.write_folder(tmp_path / again, dataset.contents(Embedded(store)), "dataset")
    assert (tmp_path / "once" / "SHA256SUMS").read_bytes() == (tmp_path / "again" / "SHA256SUMS").read_bytes()
    (money,) = read(tmp_path / "once", "money")
    assert (money["amount"], money["amount_min"], money["amount_max"], money["pot"]) == (
        Decimal("1.5"),
        0,
        None,
        "a pot",
    )
    passage = next(row for row in read(tmp_path / "once", "passages") if row["passage"] == "urn:x#p")
    assert (passage["paragraph"], passage["footnote"]) == (None, None)
    (thing,) = read(tmp_path / "once", "things")[:1]
    assert str(thing["thing"]).startswith("https://w3id.org/euaikg/.well-known/genid/c14n")


def test_parquet_needs_pyarrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match="Parquet needs the package pyarrow; install it with: pip install pyarrow"):
        export.written(small("1"), export.Part(), export.everything(small("1")), "dataset", tmp_path / "facts")
    assert not list(tmp_path.iterdir())
