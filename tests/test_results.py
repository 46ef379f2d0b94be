"""Answers as Python values, as data frames and in a notebook."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import euaikg
from euaikg.core.vocab import XSD
from euaikg.errors import MissingLibraryError
from euaikg.sparql import dataframes
from euaikg.sparql.answers import GLANCE, SHOWN, Row, Table, Triples


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


ROWS: list[Row] = [
    (
        NamedNode("https://w3id.org/euaikg/id/body/ai-office"),
        Literal("AI Office", language="en"),
        typed("7", "integer"),
        typed("3.50", "decimal"),
        typed("2024-01-24", "date"),
        typed("true", "boolean"),
        typed("0.25", "double"),
        typed("1", "integer"),
        typed("2024-01-24T12:00:00Z", "dateTime"),
    ),
    (None,) * 9,
    (
        NamedNode("https://example.org/x"),
        Literal("<b>x</b>"),
        typed("-2", "integer"),
        typed("12", "decimal"),
        typed("2025-12-31", "date"),
        typed("false", "boolean"),
        typed("1e3", "double"),
        typed("2.5", "decimal"),
        typed("2024-01-24T12:00:00Z", "dateTime"),
    ),
]
TABLE = Table(("body", "bodyLabel", "number", "amount", "day", "sure", "share", "mixed", "moment"), ROWS)


def test_pandas_gets_the_types_it_has_and_what_is_missing_stays_missing() -> None:
    frame = TABLE.to_pandas()
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert kinds.pop("day").startswith("datetime64[")
    assert kinds.pop("moment").endswith(", UTC]")
    assert kinds == {
        "body": "string",
        "bodyLabel": "string",
        "number": "Int64",
        "amount": "float64",
        "sure": "boolean",
        "share": "float64",
        "mixed": "float64",
    }
    assert frame["number"].sum() == 5
    assert frame["amount"].sum() == 15.5
    assert frame["mixed"].dropna().tolist() == [1, 2.5]
    exact = TABLE.to_pandas(decimals=True)
    assert exact["amount"].dropna().sum() == Decimal("15.5")
    assert exact["mixed"].dropna().tolist() == [Decimal(1), Decimal("2.5")]
    assert frame["day"].max().date() == date(2025, 12, 31)
    assert frame.isna().sum().tolist() == [1] * 9


def test_polars_gets_the_types_it_has_and_what_is_missing_stays_missing() -> None:
    import polars

    frame = TABLE.to_polars(decimals=True)
    assert dict(frame.schema) == {
        "body": polars.String(),
        "bodyLabel": polars.String(),
        "number": polars.Int64(),
        "amount": polars.Decimal(38, 2),
        "day": polars.Date(),
        "sure": polars.Boolean(),
        "share": polars.Float64(),
        "mixed": polars.Decimal(38, 1),
        "moment": polars.Datetime("us", "UTC"),
    }
    assert frame["amount"].sum() == Decimal("15.5")
    assert frame["day"].to_list() == [date(2024, 1, 24), None, date(2025, 12, 31)]
    assert frame["moment"].to_list()[0] == datetime(2024, 1, 24, 12, tzinfo=UTC)
    assert frame.null_count().row(0) == (1,) * 9
    assert TABLE.to_polars()["amount"].to_list() == [3.5, None, 12.0]


values = st.one_of(
    st.none(), st.text(max_size=9), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.booleans(),
    st.dates(), st.floats(allow_nan=False), st.datetimes(),
)  # fmt: skip
columns = st.one_of(
    st.lists(values, max_size=5), *(st.lists(st.none() | kind, max_size=5) for kind in (st.integers(), st.dates()))
)


@pytest.mark.slow
@given(columns)
@example([Decimal("1E-63")])
def test_no_column_is_too_odd_for_a_frame(cells: list[dataframes.Value]) -> None:
    pandas, polars = dataframes.to_pandas({"x": cells}), dataframes.to_polars({"x": cells})
    missing = [cell is None for cell in cells]
    assert pandas["x"].isna().tolist() == missing
    assert polars["x"].is_null().to_list() == missing
    if all(isinstance(cell, int | None) and not isinstance(cell, bool) for cell in cells) and not all(missing):
        found = [None if cell is None else int(cell) for cell in polars["x"].to_list()]
        assert found == cells
        assert [int(cell) for cell in pandas["x"].dropna()] == [cell for cell in cells if cell is not None]


def test_mixed_columns_are_numbers_where_all_are_and_else_text_as_rdf_writes_it() -> None:
    numbers = Table(("v",), [(typed("1", "integer"),), (typed("2.5e0", "double"),), (typed("0.5", "decimal"),)])
    truths = Table(("v",), [(typed("true", "boolean"),), (typed("1", "integer"),), (typed("2024-01-24", "date"),)])
    assert numbers.to_pandas()["v"].sum() == numbers.to_polars()["v"].sum() == 4.0
    assert truths.to_pandas()["v"].tolist() == truths.to_polars()["v"].to_list() == ["true", "1", "2024-01-24"]


@pytest.mark.parametrize(
    "literal",
    [
        "1_000 integer",
        "٣ integer",
        "300 byte",
        "-1 nonNegativeInteger",
        "0 positiveInteger",
        "1e3 decimal",
        "1_0.5 decimal",
        "infinity double",
        "nan double",
        "20240124 date",
        "2024-W04-3 date",
        "2024-02-30 date",
        "2024-01-24 dateTime",
    ],
)
def test_what_does_not_fit_its_datatype_stays_text(literal: str) -> None:
    text, kind = literal.split()
    assert Table(("v",), [(typed(text, kind),)]).to_dicts() == [{"v": text}]


def test_values_may_have_spaces_around_them_and_signs() -> None:
    texts = {" 7\n": "integer", "+7": "unsignedByte", "-INF": "double", " 1": "boolean"}
    (*found,) = (Table(("v",), [(typed(text, kind),)]).to_dicts()[0]["v"] for text, kind in texts.items())
    assert found == [7, 7, float("-inf"), True]


def test_an_answer_without_rows_keeps_its_columns() -> None:
    empty = Table(("x", "y"))
    assert list(empty.to_pandas().columns) == ["x", "y"]
    assert empty.to_polars().columns == ["x", "y"]


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_without_the_library_one_sentence_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingLibraryError, match=f"{name} is not installed; “pip install {name}” brings it."):
        getattr(TABLE, f"to_{name}")()


def test_a_notebook_shows_names_escaped_and_not_too_many_rows() -> None:
    html = TABLE._repr_html_()
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "example.org" not in html  # the label stands in its place
    assert "<p>3 rows</p>" in html
    long = Table(("n",), [(typed(str(n), "integer"),) for n in range(1234)])._repr_html_()
    assert long.count("<tr>") == SHOWN + 1
    assert f"<p>The first {SHOWN} of 1 234 rows</p>" in long
    triple = Triple(NamedNode("a:b"), NamedNode("a:c"), Literal("<script>"))
    assert "&lt;script&gt;" in Triples([triple])._repr_html_()


def test_an_answer_that_is_looked_at_in_passing_shows_its_first_rows_and_what_it_is() -> None:
    long = Table(("x", "y"), [(Literal(n), BlankNode("b")) for n in range(1000, 1000 + 2 * GLANCE)])
    assert "1 009" in repr(long)
    assert "1 010" not in repr(long)
    assert repr(long).splitlines()[-1] == "<Table of 20 rows: x, y>"
    assert repr(Table(("x", "y"))) == "<Table of 0 rows: x, y>"
    assert repr(Triples([])) == "<Triples: 0>"


def test_rows_are_terms_until_asked_otherwise() -> None:
    assert next(iter(TABLE))["number"] == typed("7", "integer")
    assert TABLE.column("number") == [typed("7", "integer"), None, typed("-2", "integer")]
    assert TABLE.to_dicts()[0]["amount"] == Decimal("3.50")
    with pytest.raises(KeyError):
        TABLE.column("colour")
    odd = Table(("x",), [(typed("NaN", "decimal"),), (typed("soon", "date"),)])
    assert [row["x"] for row in odd.to_dicts()] == ["NaN", "soon"]


def test_asking_in_python_imports_no_data_frames() -> None:
    code = "import sys, euaikg; euaikg.query('office-holders'); print({'pandas', 'polars'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.slow
def test_a_stored_question_as_a_frame() -> None:
    answer = euaikg.query("funding-parts")
    assert isinstance(answer, Table)
    frame = answer.to_pandas()
    assert frame.loc[frame["smallest"] & ~frame["superseded"], "amount"].sum() >= 2_100_000_000
