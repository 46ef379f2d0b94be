"""Files: what their names say, sheets that spreadsheets and programs read, and packed ones."""

from __future__ import annotations

import gzip
import io
import re
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from euaikg.core import suffixes, writing
from euaikg.core.vocab import XSD
from euaikg.errors import MissingLibraryError, OutputError
from euaikg.publishing import dcat
from euaikg.sparql import formats, sheets
from euaikg.sparql.answers import Row, Table
from tests.conftest import Run

RDF = ".ttl, .jsonld, .nt, .rdf, .owl"
ROWS = ".csv, .tsv, .json, .xml, .md, .xlsx, .parquet, .bib, .ris, .csl.json"
WRITING = {
    "query figures": ROWS,
    "query describe-thing GenAI4EU": RDF,
    "query --text SELECT*{?s?p?o}": ROWS,
    "query --text CONSTRUCT{?s?p?o}WHERE{?s?p?o}": RDF,
    "query": RDF,
    "export": ".ttl, .nt, .rdf, .owl, .jsonld, .trig, .nq",
    "diagram law": ".svg, .png, .pdf, .html, .htm, .dot, .gv, .mermaid, .mmd, .graphml, .gexf, .cyjs, .csv",
    "catalog": ".ttl, .jsonld, .rdf, .owl",
    "catalog --score": ".csv, .json, .md, .xlsx",
    "catalog --check": ".txt",
    "network": ROWS.partition(", .bib")[0],
    "stats": ".json, .md, .xlsx",
    "validate": ".txt, .json, .ttl",
}
"""The commands that write a file, each with the suffixes it lists."""


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize("name", ["st.xyz", "st.xyz.gz", "Report.DOC"])
def test_a_suffix_that_is_not_written_is_refused_and_what_is_written_listed(
    command: str, name: str, run: Run, tmp_path: Path
) -> None:
    done = run(*command.split(" "), "-o", name)
    assert (done.returncode, done.stdout) == (2, "")
    end = Path(name.removesuffix(".gz")).suffix.lower()
    assert done.stderr.startswith(f"Error: {name}: nothing here is written as “{end}”, only as {WRITING[command]}; ")
    assert done.stderr.count("\n") == 1
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("query figures -o a.ttl", "a.ttl: nothing here is written as “.ttl”"),
        ("query figures --format csv -o a.xlsx", "a.xlsx: the name says xlsx, and the format is to be csv."),
        ("query figures --format xlsx -o a.csv", "a.csv: the name says csv, and the format is to be xlsx."),
        ("export --format turtle -o a.png", "a.png: the name says png, and the format is to be turtle."),
        ("query figures -o a.xlsx.gz", "a.xlsx.gz: xlsx is packed already; leave out “.gz”."),
        ("diagram law --format png -o a.gz", "a.gz: png is packed already; leave out “.gz”."),
        ("export --format csv -o tables.csv", "tables.csv: csv makes a folder of tables"),
        ("export -o tables.csv", "tables.csv: csv makes a folder of tables; write --format csv -o FOLDER."),
        ("export --format csv -o tables.gz", "tables.gz: csv makes a folder of tables, which is not packed"),
        ("query --text ASK{?s?p?o} -o a.xlsx", "This query answers with yes or no, which is no table"),
    ],
)
def test_a_name_that_promises_something_else_is_refused(words: str, sentence: str, run: Run, tmp_path: Path) -> None:
    done = run(*words.split(" "))
    assert done.returncode == 2
    assert f"Error: {sentence}" in done.stderr
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "words",
    [f"{command} -o" for command in (*WRITING, "release")]
    + ["build --store", "query figures --data", "query --file", "validate --shapes", "sources check --documents"],
)
def test_an_empty_name_does_not_stand_for_the_working_folder(words: str, run: Run, tmp_path: Path) -> None:
    done = run(*words.split(" "), "")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a name is needed, and this one is empty." in done.stderr
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("query documents", "a.csv"),
        ("query documents", "a.JSON"),
        ("query documents", "a"),
        ("query describe-thing GenAI4EU", "a.json"),
        ("query describe-thing GenAI4EU", "a.xml"),
        ("query figures AI-bureau --sparql", "a.rq"),
        ("export --about GenAI4EU", "a.ttl"),
        ("export --about GenAI4EU", "a.json"),
        pytest.param("export --frame initiative --about GenAI4EU", "a.jsonld", marks=pytest.mark.slow),
        ("export --format ntriples --about GenAI4EU", "a.data"),
        ("catalog", "a.ttl"),
        ("diagram law", "a.svg"),
        pytest.param("network --between GenAI4EU Horizon-Europe", "a.tsv", marks=pytest.mark.slow),
        ("stats", "a.md"),
        pytest.param("validate", "a.json", marks=pytest.mark.slow),
    ],
)
def test_a_packed_file_holds_what_the_plain_one_is_and_no_time(
    command: str, name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dcat, "contents", lambda *_: {"turtle": b"a stand-in"})
    words = [word.replace("Horizon-", "Horizon ") for word in command.split(" ")]
    for written in (name, f"{name}.gz"):
        assert run(*words, "-o", written).returncode == 0
    plain, packed = ((tmp_path / path).read_bytes() for path in (name, f"{name}.gz"))
    assert plain
    assert gzip.decompress(packed) == plain
    assert packed[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no time, no system


def test_what_comes_in_blocks_is_packed_in_blocks() -> None:
    blocks = [bytes([number % 7]) * 1000 for number in range(2000)]
    made = [*writing.packed(iter(blocks))]
    assert len([block for block in made if block]) > 1
    assert gzip.decompress(b"".join(made)) == b"".join(blocks)
    assert gzip.decompress(b"".join(writing.packed([]))) == b""


THING = NamedNode("https://w3id.org/euaikg/id/body/x")
ROWS_OF_ALL: list[Row] = [
    (
        THING,
        Literal("A name", language="en"),
        typed("2100000000", "integer"),
        typed("0.125", "decimal"),
        typed("2024-01-24", "date"),
        typed("2024-01-24T12:30:00", "dateTime"),
        typed("true", "boolean"),
        Literal("COM(2024) 28, section 1; COM(2024) 28, section 2"),
        Literal("=1+1"),
    ),
    (
        NamedNode("urn:x:y"),
        None,
        typed("1234567890123456789", "integer"),
        typed("INF", "double"),
        typed("1789-07-14", "date"),
        typed("2024-01-24T12:30:00+02:00", "dateTime"),
        typed("2026", "gYear"),
        Literal("unknown place"),
        Literal("http://example.org/not-a-link"),
    ),
]
ALL = Table(("thing", "thingLabel", "n", "share", "day", "moment", "sure", "sources", "text"), ROWS_OF_ALL)


def sheet_of(table: Table, links: dict[str, str] | None = None) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(formats.encode(table, "xlsx", links=links)))
    (sheet,) = book.worksheets
    return sheet


def test_a_sheet_has_numbers_days_links_and_text_that_stays_text() -> None:
    passage = "https://w3id.org/euaikg/source/com-2024-28/en"
    sheet = sheet_of(ALL, {"COM(2024) 28, section 1": passage})
    titles, first, second = sheet.iter_rows()
    assert [cell.value for cell in titles] == list(ALL.variables)
    assert [cell.value for cell in first][1:] == [
        "A name", 2100000000, 0.125, datetime(2024, 1, 24), datetime(2024, 1, 24, 12, 30), True,
        "COM(2024) 28, section 1; COM(2024) 28, section 2", "=1+1",
    ]  # fmt: skip
    assert first[8].data_type == "s"  # and no formula
    assert [cell.value for cell in second][1:] == [
        None, "1234567890123456789", "INF", "1789-07-14", "2024-01-24T12:30:00+02:00", "2026", "unknown place",
        "http://example.org/not-a-link",
    ]  # fmt: skip
    assert [cell.number_format for cell in first][2:6] == [
        "#,##0", "#,##0.0#########", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss",
    ]  # fmt: skip
    linked = {cell.coordinate: cell.hyperlink.target for row in (first, second) for cell in row if cell.hyperlink}
    assert linked == {"A2": THING.value, "B2": THING.value, "H2": passage}


def test_a_sheet_can_be_read_at_once() -> None:
    sheet = sheet_of(ALL)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I3"
    assert sheet.column_dimensions["A"].hidden  # the names stand beside the IRIs, which one click unfolds
    assert sheet.column_dimensions["B"].collapsed
    assert not sheet.column_dimensions["B"].hidden
    assert 8 <= sheet.column_dimensions["B"].width < sheet.column_dimensions["H"].width <= sheets.WIDEST + 2
    long = sheet_of(Table(("x",), [(Literal("word " * 50),)]))
    assert long["A2"].alignment.wrap_text
    assert long.column_dimensions["A"].width <= sheets.WIDEST + 2


def test_a_sheet_has_the_same_bytes_each_time() -> None:
    made = formats.encode(ALL, "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(made)).properties.created == sheets.WRITTEN
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert formats.encode(ALL, "xlsx") == made


@pytest.mark.parametrize(
    "text", ["a\x00b\x1f", "_x0041_", "\ufffe", "tab\tline\nnext", "x" * sheets.LONGEST, " lead", "é😀"]
)
def test_a_sheet_holds_any_text(text: str) -> None:
    shown = sheet_of(Table(("x",), [(Literal(text),)]))["A2"].value
    shown = re.sub("_x00([01][0-9A-F])_", lambda found: chr(int(found[1], 16)), shown)  # as spreadsheets read it
    assert shown == text.replace("\ufffe", "\ufffd")


def test_what_a_sheet_has_no_room_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match="A cell of a sheet holds 32767 characters"):
        formats.encode(Table(("x",), [(Literal("x" * (sheets.LONGEST + 1)),)]), "xlsx")
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    with pytest.raises(OutputError, match="A sheet has room for 1 rows"):
        formats.encode(ALL, "xlsx")
    monkeypatch.setattr(sheets, "MOST_ROWS", 9)
    monkeypatch.setattr(sheets, "MOST_LINKS", 1)
    cells = [cell for row in sheet_of(ALL).iter_rows() for cell in row]
    assert sum(bool(cell.hyperlink) for cell in cells) == 1
    assert sheet_of(ALL)["B2"].value == "A name"  # which is no link then


def test_a_sheet_without_rows_has_its_titles() -> None:
    assert [[cell.value for cell in row] for row in sheet_of(Table(("x", "y"))).iter_rows()] == [["x", "y"]]
    assert sheet_of(Table(("x",), [(BlankNode("b"),)]))["A2"].value == "_:b"
    assert sheet_of(Table(("x", "xLabel"), [(THING, Literal(""))]))["B2"].value == ""  # and not the address


def test_the_sources_in_a_workbook_lead_to_their_passages(run: Run, tmp_path: Path) -> None:
    assert run("query", "funding-parts", "-o", "parts.xlsx").returncode == 0
    assert run("query", "funding-total", "--lang", "nl", "-o", "total.xlsx").returncode == 0
    for name, title in (("parts", "source"), ("total", "sources")):
        sheet = openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active
        (column,) = (cell.column_letter for cell in sheet[1] if cell.value == title)
        cells = sheet[column][1:]
        assert cells
        for cell in cells:
            assert cell.hyperlink.target.startswith("https://w3id.org/euaikg/source/")
            assert cell.hyperlink.location  # the passage in it


def test_parquet_has_typed_columns_and_exact_decimals() -> None:
    from pyarrow import parquet  # type: ignore[import-untyped]

    table = parquet.read_table(io.BytesIO(formats.encode(ALL[:1], "parquet")))
    assert {field.name: str(field.type) for field in table.schema} == {
        "thing": "string", "thingLabel": "string", "n": "int64", "share": "decimal128(38, 3)", "day": "date32[day]",
        "moment": "timestamp[us]", "sure": "bool", "sources": "string", "text": "string",
    }  # fmt: skip
    whole = parquet.read_table(io.BytesIO(formats.encode(ALL, "parquet"))).to_pydict()
    assert whole["n"] == [2100000000, 1234567890123456789]
    assert whole["day"] == [date(2024, 1, 24), date(1789, 7, 14)]
    assert whole["sure"] == ["true", "2026"]
    assert whole["thingLabel"] == ["A name", None]
    amounts = Table(("x",), [(typed("0.10", "decimal"),), (typed("1" * 40, "decimal"),)])
    assert parquet.read_table(io.BytesIO(formats.encode(amounts, "parquet")))["x"].to_pylist() == ["0.10", "1" * 40]


def test_without_the_library_for_parquet_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingLibraryError, match="pyarrow is not installed; “pip install pyarrow” brings it"):
        formats.encode(ALL, "parquet")


def test_each_format_that_is_written_has_a_suffix_of_its_own() -> None:
    first = {form: ends[0] for form, ends in suffixes.SUFFIXES.items() if ends}
    assert set(suffixes.SUFFIXES) - set(first) == {"table"}
    shared = [form for form, end in first.items() if [*first.values()].count(end) > 1]
    assert shared == ["jsonld", "jsonld-graphs"]
