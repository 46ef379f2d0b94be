"""What Python users call: every name is found, answers are at hand, and the command line says the same."""

from __future__ import annotations

import gzip
import inspect
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

import euaikg
from euaikg import api
from euaikg.core.vocab import XSD, prefixes
from euaikg.errors import EuaikgError, OutputError, QueryError, UnknownThingError
from euaikg.questions import listing, stored
from euaikg.rdf.terms import native
from euaikg.sparql import grid
from euaikg.sparql.answers import Table, Triples
from tests.conftest import Run

FUNCTIONS = [name for name in euaikg.__all__ if name != "__version__"]


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def test_the_tab_key_finds_every_public_name() -> None:
    public = {
        name for name, made in vars(api).items()
        if inspect.isfunction(made) and made.__module__ == api.__name__ and not name.startswith("_")
    }  # fmt: skip
    assert public == set(FUNCTIONS)
    assert {*public, "errors", "__version__", "__doc__"} <= set(dir(euaikg))
    assert not [name for name in dir(euaikg) if not hasattr(euaikg, name)]
    assert "TYPE_CHECKING" not in dir(euaikg)
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = euaikg.colour
    assert euaikg.errors.QueryError is QueryError


@pytest.mark.slow
def test_importing_the_package_loads_nothing_and_a_name_is_found_before_and_after() -> None:
    code = (
        "import sys; before = set(sys.modules); import euaikg; dir(euaikg)\n"
        "new = set(sys.modules) - before\n"
        "assert {name for name in new if not name.startswith('euaikg')} == set(), new\n"
        "assert not {'euaikg.api', 'euaikg.errors'} & new\n"
        "assert euaikg.errors.QueryError\n"
        "import euaikg.questions\n"  # the package of that name
        "assert len(euaikg.questions()) == len(euaikg.questions()) > 90\n"
        "from euaikg import questions; from euaikg.questions import stored\n"
        "assert len(questions('figures')['parameter']) == len(stored.get('figures').parameters)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_says_what_it_does_takes_and_refuses(name: str) -> None:
    function: Callable[..., object] = getattr(api, name)
    told = inspect.getdoc(function) or ""
    first, told = told.splitlines()[0], " ".join(told.split())
    assert first.endswith("."), "the first line is a sentence"
    assert "Raises :class:" in told or name in ("search", "stats"), "it says what it refuses"
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name not in ("opening", "lang"):
            assert f"``{parameter.name}" in told or f"``*{parameter.name}" in told, f"{name} does not tell {parameter}"


def test_an_answer_is_at_hand_by_column_by_row_and_in_part() -> None:
    answer = euaikg.query("funding-parts")
    assert isinstance(answer, Table)
    assert answer["amount"] == [native(term) for term in answer.column("amount")]
    assert 2_100_000_000 in answer["amount"]
    assert answer[0] == answer.to_dicts()[0]
    assert answer[-1]["source"] == answer["source"][-1]
    part = answer[1:3]
    assert isinstance(part, Table)
    assert part.rows == answer.rows[1:3]
    assert part.variables == answer.variables
    assert next(iter(answer))["amount"] == answer.column("amount")[0]  # terms, with language and datatype
    with pytest.raises(KeyError, match="colour: there is no such column; there are part, partLabel"):
        _ = answer["colour"]
    with pytest.raises(IndexError):
        _ = answer[99]
    empty = Table(("x",), [], ("Why it is empty.",))
    assert empty[:1].notes == empty.notes
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_triples_are_at_hand_too() -> None:
    thing = NamedNode("https://example.org/x")
    triples = Triples([Triple(thing, thing, Literal(number)) for number in range(3)])
    assert triples[1].object == Literal(1)
    assert triples[1:] == Triples(triples.triples[1:])
    assert (triples.to_csv() or "").splitlines()[0] == "subject,predicate,object"
    assert "https://example.org/x" in str(triples)


@pytest.mark.parametrize("columns", ["60", "100", "180"])
def test_a_printed_answer_is_as_wide_as_the_terminal(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    answer = Table(("one", "other"), [(Literal("word " * 9), Literal("word " * 8))])
    assert str(answer) == grid.show(answer, int(columns))
    assert "word word" in str(answer)
    assert str(Table(("x",), [], ("Why it is empty.",))).endswith("\nWhy it is empty.")


def test_an_answer_becomes_csv_as_the_command_line_writes_it(run: Run, tmp_path: Path) -> None:
    answer = euaikg.query("funding-parts")
    assert isinstance(answer, Table)
    assert run("query", "funding-parts", "-o", "a.csv").returncode == 0
    assert (answer.to_csv() or "").encode() == (tmp_path / "a.csv").read_bytes()
    assert answer.to_csv(tmp_path / "b.csv.gz") is None
    assert gzip.decompress((tmp_path / "b.csv.gz").read_bytes()) == (tmp_path / "a.csv").read_bytes()
    assert (Table(("x",), [(Literal("=1+1"),)]).to_csv() or "").splitlines()[1] == "'=1+1"
    with pytest.raises(OutputError, match="cannot be written"):
        answer.to_csv(tmp_path / "no" / "such.csv")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["2100000000 decimal", "90000000.0 decimal"], "Int64"),
        (["2100000000 decimal", "3 integer", None], "Int64"),
        (["0.5 decimal", "3 integer", None], "float64"),
        (["0.5 double", "3 integer", "1.5 decimal"], "float64"),
        (["9223372036854775808 decimal", "1 integer"], "float64"),
        (["9223372036854775808 integer", "1 integer"], "object"),
        (["true boolean", None], "boolean"),
        (["true boolean", "1 integer"], "string"),
        (["2024-01-24 date", None], "datetime64[us]"),
        (["2024-01-24T12:00:00Z dateTime", "2024-01-24T12:00:00+02:00 dateTime"], "datetime64[us, UTC]"),
        (["2024-01-24T12:00:00Z dateTime", "2024-01-24T12:00:00 dateTime"], "string"),
        (["2024-01-24 date", "2024-01-24T12:00:00 dateTime"], "string"),
        (["2024-01-24Z date"], "string"),
        (["2024 gYear"], "string"),
        (["2024-01 gYearMonth"], "string"),
        (["P1Y duration"], "string"),
        (["P2D dayTimeDuration"], "string"),
        (["2024-01-24T24:00:00 dateTime"], "string"),
        (["2024-01-24T12:00:00.1234567 dateTime"], "string"),
        (["2024-01-24T12:00:00+15:00 dateTime"], "string"),
        (["-0044-03-15 date"], "string"),
    ],
)
def test_a_column_has_the_type_that_xml_schema_says(cells: list[str | None], kind: str) -> None:
    table = Table(("x",), [(typed(*cell.split()) if cell else None,) for cell in cells])
    column = table.to_pandas()["x"]
    assert str(column.dtype).replace("[s]", "[us]").replace("[s,", "[us,").replace("[ns", "[us") == kind
    assert column.isna().tolist() == [cell is None for cell in cells]


@given(st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers(), max_size=6))
def test_a_column_of_numbers_is_one_of_numbers(numbers: list[object]) -> None:
    from euaikg.sparql import dataframes

    for made in (dataframes.to_pandas({"x": numbers})["x"], dataframes.to_polars({"x": numbers})["x"]):  # type: ignore[dict-item]
        if any(number is not None for number in numbers):
            assert str(made.dtype).lower().startswith(("int64", "float64", "object", "decimal", "string"))


def test_amounts_can_be_plotted_and_added_without_a_cast() -> None:
    import matplotlib.pyplot as plt

    answer = euaikg.query("funding-parts")
    assert isinstance(answer, Table)
    frame = answer.to_pandas()
    assert {str(frame[name].dtype) for name in ("amount", "low", "high")} == {"Int64"}
    assert frame["low"].sum() == sum(answer["low"])  # type: ignore[arg-type]
    figure, axes = plt.subplots()
    axes.barh(frame["partLabel"], frame["high"])
    axes.plot(frame["low"], frame["amount"])
    frame.plot(x="partLabel", y="amount", kind="bar", ax=axes)
    plt.close(figure)
    assert "e+" not in frame.to_html()
    assert answer.to_pandas(decimals=True)["low"].map(type).unique().tolist() != [int]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("2.1E9", "double", "2 100 000 000"), ("1.0E0", "double", "1"), ("0.25", "float", "0.25"),
        ("-3.5e3", "double", "-3 500"),
        ("INF", "double", "INF"), ("NaN", "double", "NaN"), ("1e30", "double", "1e30"), ("0", "double", "0"),
        ("2100000000", "integer", "2 100 000 000"), ("2100000000.50", "decimal", "2 100 000 000.50"),
        ("1e-7", "double", "0.0000001"),
    ],
)  # fmt: skip
def test_a_notebook_shows_numbers_in_digits_and_to_the_right(value: str, kind: str, shown: str) -> None:
    html = Table(("x",), [(typed(value, kind),)])._repr_html_()
    assert '<td style="text-align: right; white-space: nowrap">' in html
    assert f">{shown}</td>" in html


def test_the_stored_questions_are_a_table() -> None:
    table = euaikg.questions()
    assert table["question"] == [*stored.catalogue()]
    assert "<table>" in table._repr_html_()
    money = euaikg.questions(tag="Money")
    assert 0 < len(money) < len(table)
    row = next(row for row in table.to_dicts() if row["question"] == "support-for")
    assert "for_" in str(row["parameters"]).split(", ")
    assert "as_of" in str(row["parameters"]).split(", ")
    set_of = euaikg.questions("who-funds-what")
    assert set_of[0] == {
        "parameter": "thing", "summary": "What is funded; left out, everything", "type": "iri", "default": "any",
        "example": "AI innovation package",
    }  # fmt: skip
    for name in ("nonsense", "money"):
        with pytest.raises(QueryError):
            euaikg.questions(name)
    with pytest.raises(QueryError, match="No question has the tag “gold”; the tags are: "):
        euaikg.questions(tag="gold")


@pytest.mark.slow
def test_each_parameter_is_listed_as_python_takes_it() -> None:
    for question in listing.tagged(None):
        for listed in euaikg.questions(question.name)["parameter"]:
            assert str(listed).isidentifier()
            assert question.called(str(listed))


def test_a_diagram_shows_itself_and_is_written(run: Run, tmp_path: Path) -> None:
    made = euaikg.diagram("law", relation="amends", limit=9, lang="nl", as_of="2025")
    words = ["law", "--relation", "amends", "--limit", "9", "--lang", "nl", "--as-of", "2025"]
    assert run("diagram", *words, "-o", "a.svg").returncode == 0
    assert made.encode() == (tmp_path / "a.svg").read_bytes()
    assert made._repr_svg_().startswith("<svg ")
    assert made.encode().decode().endswith(made._repr_svg_().partition("xmlns=")[2])
    assert "max-width" in made._repr_svg_()[:60]
    for name, start in {"b.png": b"\x89PNG", "b.svg.gz": b"\x1f\x8b", "b.gv": b"digraph", "b": b"<?xml"}.items():
        made.save(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    made.save(tmp_path / "c.data", "csv")
    assert repr(made).startswith("<Diagram “Rechtshandelingen en wat erop rust”: ")
    assert euaikg.diagram(focus="AI Office", size="between").network.view == "focus"
    both = {"view": "law", "focus": "AI Office"}
    for wrong in ({}, both, {"view": "law", "values": {"thing": "x"}}, {"view": "lwa"}):
        with pytest.raises(QueryError):
            euaikg.diagram(**wrong)
    with pytest.raises(QueryError, match="no size “big”"):
        euaikg.diagram("law", size="big")  # type: ignore[arg-type]
    with pytest.raises(OutputError, match="nothing here is written as"):
        made.save(tmp_path / "b.xyz")
    with pytest.raises(OutputError, match="There is no format “gif”"):
        made.encode("gif")
    with pytest.raises(UnknownThingError):
        euaikg.diagram(focus="no such thing")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("--about GenAI4EU --format ntriples", {"about": "GenAI4EU", "format": "ntriples"}),
        ("--graph graph:codelists", {"graph": "graph:codelists"}),
        ("--query describe-thing --set thing=GenAI4EU", {"query": "describe-thing", "values": {"thing": "GenAI4EU"}}),
        ("--frame initiative --about GenAI4EU", {"frame": "initiative", "about": "GenAI4EU"}),
        (
            "--about GenAI4EU --format turtle --provenance statements",
            {"about": "GenAI4EU", "format": "turtle", "provenance": "statements"},
        ),
    ],
)
def test_an_export_is_that_of_the_command_line(words: str, values: dict[str, object], run: Run, tmp_path: Path) -> None:
    made = euaikg.export(**values)  # type: ignore[arg-type]
    assert run("export", *words.split(), "-o", "a").returncode == 0
    assert made == (tmp_path / "a").read_bytes()
    given = {name: value for name, value in values.items() if name != "format"}
    assert euaikg.export(tmp_path / "a.json", **given) is None or "provenance" in given  # type: ignore[arg-type]
    json.loads((tmp_path / "a.json").read_bytes())


def test_an_export_is_refused_as_on_the_command_line(tmp_path: Path) -> None:
    for refused, kind in (
        ({"about": "x", "document": "y"}, QueryError), ({"values": {"thing": "x"}}, QueryError),
        ({"format": "csv"}, OutputError), ({"format": "gif"}, OutputError), ({"about": "no thing"}, UnknownThingError),
        ({"path": tmp_path / "a.xyz"}, OutputError), ({"path": tmp_path / "a.csv"}, OutputError),
        ({"format": "trig", "provenance": "statements"}, QueryError), ({"frame": "nothing"}, EuaikgError),
    ):  # fmt: skip
        with pytest.raises(kind):
            euaikg.export(**refused)
    assert not [*tmp_path.iterdir()]
    assert euaikg.export(tmp_path / "tables", format="csv", about="GenAI4EU") is None
    assert (tmp_path / "tables" / "Initiative.csv").is_file()


@pytest.mark.slow
def test_measures_and_counts_are_those_of_the_command_line(run: Run, tmp_path: Path) -> None:
    assert run("network", "--limit", "3", "-o", "a.csv").returncode == 0
    assert (euaikg.network(limit=3).to_csv() or "").encode() == (tmp_path / "a.csv").read_bytes()
    chain = euaikg.network(between=("AI Office", "Horizon Europe"), limit=1, modality="asserted")
    words = ["--between", "AI Office", "Horizon Europe", "--limit", "1", "--modality", "asserted"]
    assert run("network", *words, "-o", "b.csv").returncode == 0
    assert (chain.to_csv() or "").encode() == (tmp_path / "b.csv").read_bytes()
    assert len(euaikg.network("law", parts=True))
    with pytest.raises(QueryError, match="not both"):
        euaikg.network(between=("a", "b"), parts=True)
    with pytest.raises(QueryError, match="takes two things, not 1"):
        euaikg.network(between=("a",))  # type: ignore[arg-type]
    found = euaikg.stats(lang="nl")
    told = json.loads(run("stats", "--lang", "nl", "--format", "json").stdout)
    assert (len(told["documents"]), len(told["kinds"]), told["triples"]) == (
        len(found.documents), len(found.kinds), found.triples,
    )  # fmt: skip
    assert "<table>" in found._repr_html_()
    assert str(found).endswith(" triples")
    assert repr(found).startswith("<Counts: ")


@pytest.mark.slow
def test_a_dataset_knows_the_prefixes() -> None:
    made = euaikg.dataset()
    bound = {prefix: str(iri) for prefix, iri in made.namespaces()}
    assert prefixes().items() <= bound.items()
    assert len(list(made.query("SELECT ?s { ?s a euai:DigitalInfrastructureConsortium }"))) >= 2
