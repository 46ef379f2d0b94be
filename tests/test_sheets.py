"""Tables of things: every thing in the table of its class, numbers as numbers, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from euaikg.core import vocab, writing
from euaikg.errors import OutputError
from euaikg.exports import class_tables, export
from euaikg.questions import ask
from euaikg.rdf import jsonld, ntriples
from euaikg.sparql.answers import Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

BASE = "https://w3id.org/euaikg/"


@pytest.fixture(scope="session")
def made(engine: Embedded) -> list[class_tables.Sheet]:
    return class_tables.sheets(ntriples.ordered(export.everything(engine).flat()))


@pytest.fixture(scope="session")
def tables(made: list[class_tables.Sheet]) -> dict[str, bytes]:
    return in_csv(made)


def in_csv(made: list[class_tables.Sheet]) -> dict[str, bytes]:
    return {name: b"".join(content) for name, content in class_tables.to_csv(made)}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def sheet(*facts: tuple[str, str, str | int | Literal]) -> class_tables.Sheet:
    triples = [
        Triple(
            NamedNode(BASE + thing),
            NamedNode(vocab.expand(name) or name),
            NamedNode(value) if isinstance(value, str) else value if isinstance(value, Literal) else Literal(value),
        )
        for thing, name, value in facts
    ]
    (only,) = class_tables.sheets(ntriples.ordered(ntriples.of_triples(triples)()))
    return only


@pytest.mark.slow
def test_every_thing_stands_in_the_table_of_its_class(tables: dict[str, bytes], engine: Embedded) -> None:
    found = engine.select("SELECT ?thing ?kind { ?thing a ?kind }").to_dicts()
    wanted: dict[str, set[str]] = {}
    for row in found:
        kind = str(row["kind"])
        name = jsonld.classes().get(kind, kind.rpartition("#")[2])
        wanted.setdefault(f"{name}.csv", set()).add(str(row["thing"]))
    assert {name: {row["id"] for row in rows(tables[name])} for name in wanted} == wanted
    assert tables.keys() - wanted.keys() == {class_tables.DESCRIPTION}


@pytest.mark.slow
def test_what_a_table_says_is_what_the_graph_says(tables: dict[str, bytes]) -> None:
    figures = {row["id"]: row for row in rows(tables["FundingStatement.csv"])}
    (row,) = [row for row in figures.values() if row["amount"] == "700000000" and row["fundingMode_en"] == "allocated"]
    assert row["lowBound"] == "630000000"
    assert row["qualifier"] == BASE + "id/qualifier/nearly"
    assert (row["qualifier_en"], row["qualifier_nl"]) == ("nearly", "bijna")
    assert row["statedOn"] == "2025-04-09"
    assert row["statedIn_en"] == "COM(2025) 165, section 3.3, paragraph 2"
    offices = {row["id"]: row for row in rows(tables["CommissionService.csv"])}
    office = offices[BASE + "id/body/ai-office"]
    assert office["prefLabel_nl"] == "Europees AI-bureau"
    partners = office["cooperatesWith"].split(class_tables.BETWEEN)
    assert len(partners) == len(office["cooperatesWith_en"].split(class_tables.BETWEEN)) > 1
    assert office["id"] in {row["id"] for row in rows(tables["AIOffice.csv"])}


@pytest.mark.slow
def test_no_value_holds_what_stands_between_values(tables: dict[str, bytes], made: list[class_tables.Sheet]) -> None:
    single = {(table.name, column.name) for table in made for column in table.columns if not column.is_list}
    for table in made:
        for row in rows(tables[f"{table.name}.csv"]):
            assert not [
                name for name, cell in row.items() if class_tables.BETWEEN in cell and (table.name, name) in single
            ]


def test_the_description_fits_the_files(tables: dict[str, bytes]) -> None:
    document = json.loads(tables[class_tables.DESCRIPTION])
    assert document["@context"] == "http://www.w3.org/ns/csvw"
    assert {table["url"] for table in document["tables"]} == tables.keys() - {class_tables.DESCRIPTION}
    for table in document["tables"]:
        header = next(csv.reader(io.StringIO(tables[table["url"]].decode())))
        there = rows(tables[table["url"]])
        columns = table["tableSchema"]["columns"]
        assert [column["titles"] for column in columns] == header
        for column in columns:
            for row in there:
                for cell in row[column["titles"]].split(column.get("separator", "\0")):
                    if cell and column.get("datatype") in ("integer", "decimal"):
                        assert Decimal(cell).is_finite()
                    if cell and column.get("datatype") == "date":
                        assert date.fromisoformat(cell)


@pytest.mark.slow
def test_parquet_has_real_types(made: list[class_tables.Sheet], tmp_path: Path) -> None:
    import pandas
    import polars

    writing.write_folder(tmp_path / "tables", class_tables.to_parquet(made))
    figures = polars.read_parquet(tmp_path / "tables" / "FundingStatement.parquet")
    assert figures.schema["amount"] == polars.Int64
    assert figures.schema["isEstimate"] == polars.Boolean
    assert figures.schema["statedOn"] == polars.Date
    assert isinstance(figures.schema["lowBound"], polars.Decimal)
    assert figures["amount"].max() == 360_000_000_000
    frame = pandas.read_parquet(tmp_path / "tables" / "Initiative.parquet")
    assert list(frame.loc[frame["prefLabel_en"] == "GenAI4EU", "altLabel_nl"].iloc[0]) == ["GenAI4EU-initiatief"]
    counts = {table.name: len(table.rows) for table in made}
    for path in (tmp_path / "tables").glob("*.parquet"):
        assert len(polars.read_parquet(path)) == counts[path.stem]


@pytest.mark.slow
def test_parquet_needs_pyarrow(made: list[class_tables.Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match="Parquet needs the package pyarrow; install it with: pip install pyarrow"):
        writing.write_folder(tmp_path / "tables", class_tables.to_parquet(made))
    assert list(tmp_path.iterdir()) == []


def test_a_spreadsheet_takes_no_text_for_a_formula() -> None:
    name = Literal("+x", language="en")
    table = sheet(("x", "euai:amount", -5), ("x", "euai:section", Literal("=1+1")), ("x", "skos:altLabel", name))
    (written,) = rows(in_csv([table])["untyped.csv"])
    assert written == {"id": BASE + "x", "amount": "-5", "section": "'=1+1", "altLabel_en": "'+x"}


@pytest.mark.slow
def test_what_does_not_fit_its_type_is_text(tmp_path: Path) -> None:
    import polars

    integer = NamedNode(vocab.XSD + "integer")
    table = sheet(
        ("a", "euai:amount", 10**30),
        ("b", "euai:amount", 5),
        ("a", "euai:footnote", Literal("many", datatype=integer)),
        ("b", "euai:footnote", 3),
        ("a", "euai:dueBy", Literal("2025-02-30", datatype=NamedNode(vocab.XSD + "date"))),
        ("a", "http://a/p", Literal("9" * 5000, datatype=integer)),
    )
    writing.write_folder(tmp_path / "tables", class_tables.to_parquet([table]))
    frame = polars.read_parquet(tmp_path / "tables" / "untyped.parquet")
    assert frame["amount"].to_list() == [Decimal(10**30), Decimal(5)]
    assert frame["footnote"].to_list() == ["many", "3"]
    assert frame["dueBy"].to_list() == ["2025-02-30", None]
    assert frame["http://a/p"].to_list() == ["9" * 5000, None]


def test_classes_of_one_name_get_files_of_their_own() -> None:
    kinds = ("http://a/Thing", "http://b#thing", "http://c/Thing")
    triples = [Triple(NamedNode(kind + "/x"), vocab.TYPE, NamedNode(kind)) for kind in kinds]
    names = [table.name for table in class_tables.sheets(ntriples.ordered(ntriples.of_triples(triples)()))]
    assert names == ["Thing", "Thing-3", "thing-2"]


@pytest.mark.slow
def test_tables_on_the_command_line(run: Run, tmp_path: Path) -> None:
    import polars

    done = run("export", "--format", "parquet", "--about", "AI Office", "--provenance", "statements", "-o", "tables")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "tables" / "RdfStatement.parquet").exists()
    records = polars.read_parquet(tmp_path / "tables" / "Statement.parquet")
    assert (records["subject_en"] == "European AI Office").any()
    stated = polars.read_parquet(tmp_path / "tables" / "RelationStatement.parquet")
    assert set(stated["id"]) < set(records["id"])
    assert records.schema["object"] == polars.String


@pytest.mark.slow
def test_rows_made_in_groups_are_the_same(made: list[class_tables.Sheet], monkeypatch: pytest.MonkeyPatch) -> None:

    import polars

    whole = {name: b"".join(content) for name, content in class_tables.to_parquet(made)}
    monkeypatch.setattr(class_tables, "GROUP", 7)
    for name, content in class_tables.to_parquet(made):
        assert polars.read_parquet(io.BytesIO(b"".join(content))).equals(polars.read_parquet(io.BytesIO(whole[name])))


@pytest.mark.slow
def test_records_asked_document_by_document_are_all_of_them(engine: Embedded) -> None:
    found = {*export.with_records(export.of([]), engine).flat()}
    answer = ask.question(engine, "relation-records", {}).answer
    assert isinstance(answer, Triples)
    assert found == {*ntriples.of_triples(answer.triples)()}
    planned = {*export.with_records(export.of([]), engine, modality=["planned"]).flat()}
    assert planned < found
