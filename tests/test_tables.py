"""Answers come out whole in every format, and harmless wherever they land."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from euaikg.core.vocab import XSD
from euaikg.rdf.terms import Term
from euaikg.sparql import formats
from euaikg.sparql.answers import Table

xml_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
terms = st.one_of(
    st.none(),
    xml_text.map(Literal),
    xml_text.map(lambda text: Literal(text, language="nl")),
    st.integers().map(Literal),
    st.sampled_from(["http://a/b", "urn:x:é"]).map(NamedNode),
)
answers = st.lists(st.tuples(terms, terms), max_size=5).map(lambda rows: Table(("one", "twoLabel"), list(rows)))


@pytest.mark.parametrize(
    ("form", "kind"),
    [("json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML), ("tsv", QueryResultsFormat.TSV)],
)
@given(answers)
@pytest.mark.slow
def test_w3c_formats_lose_nothing(form: str, kind: QueryResultsFormat, table: Table) -> None:
    back = parse_query_results(formats.encode(table, form), kind)
    assert isinstance(back, QuerySolutions)
    assert [tuple(row) for row in back] == table.rows


@given(answers)
def test_csv_and_markdown_keep_their_shape(table: Table) -> None:
    rows = list(csv.reader(io.StringIO(formats.to_csv(table).decode(), newline="")))
    assert [len(row) for row in rows] == [2] * (len(table) + 1)
    lines = formats.to_markdown(table).decode().split("\n")
    assert len(lines) == len(table) + 3


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@SUM(A1)", "\tx"])
def test_a_spreadsheet_takes_no_text_for_a_formula(text: str) -> None:
    assert formats.to_csv(Table(("x",), [(Literal(text),)])).decode().split("\r\n")[1].lstrip('"').startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    assert formats.to_csv(Table(("x",), [(Literal(-5),)])) == b"x\r\n-5\r\n"


def test_markdown_has_names_and_readable_numbers() -> None:
    money = Literal("2100000000", datatype=NamedNode(XSD + "integer"))
    row: tuple[Term | None, ...] = (NamedNode("https://w3id.org/euaikg/id/body/x"), Literal("A <b> | name"), money)
    table = Table(("body", "bodyLabel", "amount"), [row], shown=("amount",))
    assert "| A \\<b\\> \\| name | 2 100 000 000 |" in formats.to_markdown(table).decode()


def test_json_is_that_of_the_w3c() -> None:
    document = json.loads(
        formats.to_json(Table(("x", "y"), [(Literal("é", language="en"), None), (Literal(1), NamedNode("a:b"))]))
    )
    assert document == {
        "head": {"vars": ["x", "y"]},
        "results": {
            "bindings": [
                {"x": {"type": "literal", "value": "é", "xml:lang": "en"}},
                {
                    "x": {"type": "literal", "value": "1", "datatype": XSD + "integer"},
                    "y": {"type": "uri", "value": "a:b"},
                },
            ]
        },
    }
