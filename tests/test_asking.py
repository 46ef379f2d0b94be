"""The asking side as its users meet it: parameters, help made from headers, the list of questions, odd terminals."""

from __future__ import annotations

import os
import re
import shlex
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode

import euaikg
from euaikg.cli import main, questions
from euaikg.cli.parameter import ParameterOption, typed
from euaikg.cli.query import command as make
from euaikg.core import files
from euaikg.core.vocab import XSD
from euaikg.errors import ParameterError, QueryError, UnknownThingError
from euaikg.questions import parameters
from euaikg.questions.parameters import Parameter
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, Run

WIDE: dict[str, Any] = {"max_content_width": 999, "terminal_width": 999}

pytestmark = pytest.mark.usefixtures("in_memory")


def parameter(kind: str) -> Parameter:
    return Parameter("x", kind, "L", "e", "UNDEF", "sector" if kind == "code" else None)


def day(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "date"))


def rows(name: str, **values: parameters.Given | list[parameters.Given]) -> Table:
    answer = euaikg.query(name, **values)  # type: ignore[arg-type]
    assert isinstance(answer, Table)
    return answer


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("begin", "2026-Q4", day("2026-10-01")),
        ("end", "q4 2026", day("2026-12-31")),
        ("end", "2026 Q1", day("2026-03-31")),
        ("begin", "2026-H2", day("2026-07-01")),
        ("begin", "2021--2027", day("2021-01-01")),
        ("end", "2021–2027", day("2027-12-31")),
        ("end", "2024/2025", day("2025-12-31")),
        ("end", "2025-Q4--2026-Q1", day("2026-03-31")),
        ("end", "2024-02", day("2024-02-29")),
        ("begin", "December 2025", day("2025-12-01")),
        ("end", "mei 2025", day("2025-05-31")),
        ("begin", "3/2025", day("2025-03-01")),
        ("end", "2025-12-30", day("2025-12-30")),
        ("notation", "usd", Literal("USD")),
        ("code", "Robotica", NamedNode("https://w3id.org/euaikg/id/sector/robotics")),
        ("iri", "<https://example.org/x>", NamedNode("https://example.org/x")),
        ("iri", "body:ai-office", NamedNode("https://w3id.org/euaikg/id/body/ai-office")),
        ("language", "NL", Literal("nl")),
        ("boolean", "true", Literal(True)),
        ("decimal", "1.50", Literal("1.50", datatype=NamedNode(XSD + "decimal"))),
        ("date", "2024-12-31", Literal("2024-12-31", datatype=NamedNode(XSD + "date"))),
    ],
)
def test_each_type_takes_what_people_write(kind: str, text: str, value: NamedNode | Literal, engine: Embedded) -> None:
    assert parameters.terms(parameter(kind), text, engine) == [value]


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("begin", "2031-Q5", "x: “2031-Q5” is not a day or a period; write it as 2026-Q4, 2026, 2025-12"),
        ("end", "soon", "x: “soon” is not a day or a period"),
        ("end", "2025-13", "x: “2025-13” is not a day or a period"),
        ("begin", "2027-2021", "x: “2027-2021” is not a day or a period"),
        ("begin", "0000", "x: “0000” is not a day or a period"),
        ("end", "a to " * 2500, "x: “a to a to .*… ” is not a day or a period|is not a day or a period"),
        ("end", "2024 to 2025 to 2026", "x: “2024 to 2025 to 2026” is not a day or a period"),
        ("date", "2024-02-30", "x: “2024-02-30” is not a date such as 2025-12-31"),
        ("language", "fr", "x: “fr” is a language that the graph has no names in; it has them in en, nl."),
        ("code", "magic", "x: “magic” is not one of aerospace, agrifood"),
        ("code", "https://example.org/x", "is not one of aerospace"),
        ("boolean", "yes", "x: “yes” is not true or false."),
        ("integer", "1.5", r"x: “1.5” is not a number \(integer\)."),
    ],
)
def test_each_type_says_what_it_does_not_take(kind: str, text: str, sentence: str, engine: Embedded) -> None:
    with pytest.raises(QueryError, match=sentence):
        parameters.terms(parameter(kind), text, engine)


def test_a_window_takes_in_what_lies_within_it() -> None:
    quarter = rows("actions-of-strategy", from_="2026-Q4", until="2026-Q4")
    year = rows("actions-of-strategy", from_="2026", until="2026")
    within = {str(row["period"]) for row in quarter.to_dicts()}
    assert "2026-Q4" in within and all(re.fullmatch(r"2026-(Q4|1[0-2](-\d\d)?)", period) for period in within)
    assert {"2026", "2026-Q1", "2026-Q4"} <= {row["period"] for row in year.to_dicts()}
    assert not {row["period"] for row in year.to_dicts()} & {"2025-Q4", "2025-Q4--2026-Q1", "2027-Q1"}


def test_what_a_question_is_about_is_not_what_narrows_it() -> None:
    subjects = {name: query.subject.name if query.subject else None for name, query in CATALOGUE.items()}
    assert subjects["funding-by-sector"] == "sector"
    assert subjects["funding-by-funder"] == "by"
    assert subjects["calls"] == "for"
    assert subjects["citations"] == "passage"
    assert subjects["kinds-of-relation"] == "relation"
    assert subjects["new-in"] == subjects["describe-document"] == "document"
    assert subjects["market-figures"] is None, "a document only narrows it"


def test_of_two_things_the_second_is_the_other_and_a_slip_is_told() -> None:
    def stderr(*words: str) -> str:
        return CliRunner().invoke(main, ["query", *words]).stderr

    by_place, by_name = (
        CliRunner().invoke(main, ["query", "what-links", *words, "--format", "csv"]).stdout
        for words in (["AI Office", "Data Labs"], ["--thing", "AI Office", "--other", "Data Labs"])
    )
    assert by_place == by_name and by_place.count("\n") > 1
    assert "The query relations has no parameter “other”; it has: thing, document" in stderr(
        "relations", "--other", "X"
    )
    assert "No such option '--fromat'. Did you mean '--format'?" in stderr("relations", "--fromat", "csv")
    assert stderr("figures", "body:ai-ofice", "--format", "csv") == (
        "body:ai-ofice is not in the graph. Nearest: body:ai-office.\n"
    )
    preset = str(files.root() / "queries" / "works-with.rq")
    assert "This is the file of a stored question that asks “relations”" in stderr("--file", preset)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("disagreements", {"thing": ["ALT-EDIC", "CitiVERSE EDIC"]}),
        ("relations", {"thing": ["AI Office", "European Commission"]}),
        ("actions-of-strategy", {"sector": ["security", "cybersecurity"]}),
        ("what-changed", {"earlier": ["COM(2024) 28", "Policy Monitor note on the AI Office"]}),
        ("dialogues", {"sector": ["defence", "security"]}),
        ("actions-in-document", {"sector": ["security", "defence", "cybersecurity", "health"]}),
        ("fines", {"thing": ["AI Act", "act:ai-act-chapter-xii"]}),
        ("hedged-figures", {"thing": ["European supercomputers", "EuroHPC JU"]}),
        ("money-of", {"thing": ["GenAI4EU", "AI Factories"]}),
        ("shares", {"thing": ["European supercomputers", "AI Factories"]}),
    ],
)
def test_several_values_give_no_row_twice(name: str, values: dict[str, list[str]]) -> None:
    found = rows(name, **values).rows  # type: ignore[arg-type]
    assert len(found) == len({*map(str, found)}) > 0


def test_who_is_responsible_is_who_is_shown() -> None:
    for row in (shown := rows("targets-due", by="EU Member States").to_dicts()):
        assert "EU Member States" in str(row["byLabels"])
    assert shown


@pytest.mark.slow
def test_earlier_words_still_ask() -> None:
    assert rows("actions-of-strategy", period="2026") == rows("actions-of-strategy", from_="2026", until="2026")
    assert rows("members", whole="EuroHPC Joint Undertaking") == rows("members", thing="EuroHPC Joint Undertaking")
    assert rows("calls", group="startups") == rows("calls", for_="startups")
    with pytest.raises(QueryError, match="has no parameter “whole”; it has: thing, document, asOf, lang, relation"):
        rows("relations", whole="EuroHPC Joint Undertaking")


@pytest.mark.slow
def test_a_passage_is_named_as_it_is_cited_commas_or_not() -> None:
    cited = rows("in-passage", passage="COM(2024) 28, section 5, paragraph 7")
    assert len(cited) > 0
    for way in ("com(2024) 28 section 5 paragraph 7", "https://w3id.org/euaikg/source/com-2024-28/en#s5-p7"):
        assert {row["objectLabel"] for row in rows("in-passage", passage=way).to_dicts()} <= {
            row["objectLabel"] for row in cited.to_dicts()
        }
    with pytest.raises(UnknownThingError, match=r"No passage is cited as “COM.*Nearest: COM\(2024\) 28, section 5"):
        rows("in-passage", passage="COM(2024) 28, section 5, paragraph 77")


@pytest.mark.slow
def test_a_class_takes_in_those_below_it() -> None:
    for name in ("things-of-kind", "most-connected", "without-identifier", "only-in", "new-in"):
        assert "organisation" in {
            row["kindLabel"] for row in rows("most-connected", kind="body", at_least=1).to_dicts()
        }
        everything, some = rows(name, kind="euai:Entity"), rows(name, kind="body")
        kinds = {row["kindLabel"] for row in some.to_dicts()}
        assert kinds < {row["kindLabel"] for row in everything.to_dicts()}, name
    assert "joint undertaking" in {row["kindLabel"] for row in rows("things-of-kind", kind="body").to_dicts()}
    twice = rows("things-of-kind", kind=["body", "joint undertaking"])
    assert len(twice) == len(rows("things-of-kind", kind="body"))


def test_python_takes_its_own_values_and_its_own_spelling() -> None:
    by_text = rows("who-funds-what", asOf="2024-12-31")
    for day in (date(2024, 12, 31), datetime(2024, 12, 31, 12, 30), Literal(date(2024, 12, 31).isoformat())):
        assert rows("who-funds-what", as_of=day) == by_text
    assert 0 < len(by_text) < len(rows("who-funds-what"))
    assert rows("dialogues", at_least=150) == rows("dialogues", atLeast="150") != rows("dialogues")
    thing = NamedNode("https://w3id.org/euaikg/id/initiative/genai4eu")
    assert rows("figures", thing=[thing, "AI Office"]) == rows("figures", thing=["GenAI4EU", "AI-bureau"])
    assert [parameters.written(value) for value in (True, 1.5, Decimal("1E+2"))] == ["true", "1.5", "100"]
    with pytest.raises(QueryError, match="“None” cannot be the value of a parameter"):
        euaikg.query("figures", thing=[None])  # type: ignore[list-item]


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.slow
def test_the_help_names_all_there_is_to_set_and_its_example_works(name: str) -> None:
    query = CATALOGUE[name]
    done = CliRunner().invoke(main, ["query", name, "--help"], **WIDE)
    words = " ".join(done.stdout.split())
    assert query.summary in words
    assert query.description in words
    for parameter in query.parameters:
        assert parameter.label in words
        assert parameter.example in words
        default = "any" if parameter.is_open else typed(parameter.default)
        assert f"default: {default}; example: " in words
    (example,) = [line for line in done.stdout.splitlines() if "Example: " in line]
    arguments = shlex.split(example.split("Example: ")[1])
    assert arguments[:3] == ["euaikg", "query", name]
    form = "ntriples" if query.form in ("CONSTRUCT", "DESCRIBE") else "csv"
    asked = CliRunner().invoke(main, [*arguments[1:], "--format", form])
    assert asked.exit_code == 0, asked.stderr
    assert len(asked.stdout.splitlines()) > 1


def test_the_help_has_defaults_as_one_types_them() -> None:
    for query in CATALOGUE.values():
        for option in (option for option in make(query).params if isinstance(option, ParameterOption)):
            record = None if option.hidden else option.get_help_record(click.Context(make(query)))
            said = "" if record is None else record[1].partition("default: ")[2].partition("; example")[0]
            assert record is None or (said and not set(said) & set('"^<>')), f"{query.name}: {said}"


def test_the_help_lists_the_codes_and_languages_allowed() -> None:
    words = " ".join(CliRunner().invoke(main, ["query", "actions-of-strategy", "--help"], **WIDE).stdout.split())
    assert "a code of the list tier: flagship, other; default: any; example: flagship; may be repeated" in words
    assert "a code of the list sector: aerospace, agrifood, " in words
    assert "a language: en, nl; default: en" in words
    assert "a day or a period, written as 2025-12-31, 2025-12, 2026-Q4" in words


def test_the_list_can_be_cut_to_a_tag(run: Run) -> None:
    money = {name for name, query in CATALOGUE.items() if "money" in query.tags}
    done = run("query", "--tag", "money")
    assert {line.split()[0] for line in done.stdout.splitlines()} == money
    assert f"{len(money)} questions; " in done.stderr
    done = run("query", "--tag", "monney")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No question has the tag “monney”; the tags are: actions and targets, bodies, " in done.stderr
    assert "--tag goes with the list of questions" in run("query", "--tag", "money", "figures").stderr


def test_a_terminal_gets_the_list_under_headings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    questions.show(None)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Actions and targets:"
    assert max(map(len, lines)) <= 60
    for name in CATALOGUE:
        assert [line for line in lines if line.split()[:1] == [name]], name


@pytest.mark.parametrize(
    "settings",
    [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
    ids=str,
)
@pytest.mark.slow
def test_a_terminal_without_accents_gets_what_it_can_show(settings: dict[str, str], run: Run) -> None:
    env = {**os.environ, "PYTHONCOERCECLOCALE": "0", "COLUMNS": "250", **settings}
    for arguments in (["query", "office-holders"], ["show", "AI Office"], ["query", "--help"], ["query", "figurés"]):
        done = run(*arguments, env=env, text=False)
        assert done.returncode in (0, 2)
        assert b"Traceback" not in done.stderr  # type: ignore[operator]
    table = run("query", "office-holders", env=env, text=False).stdout
    assert b"Thierry Breton" in table  # type: ignore[operator]
    assert b"-----" in table or "─────".encode() in table  # type: ignore[operator]


def test_long_input_gives_short_sentences() -> None:
    with pytest.raises(UnknownThingError) as caught:
        euaikg.show("x" * 10_000)
    assert len(str(caught.value)) < 200
    with pytest.raises(UnknownThingError) as caught:
        euaikg.show("http://example.org/" + "x" * 10_000)
    assert len(str(caught.value)) < 200
    with pytest.raises(QueryError) as refused:
        euaikg.query("x" * 10_000)
    assert len(str(refused.value)) < 200


def test_a_thing_named_twice_counts_once_and_a_bound_is_but_one() -> None:
    once = rows("dialogues-by-sector", sector="health").rows
    assert rows("dialogues-by-sector", sector=["health", "Gezondheidszorg", "health"]).rows == once
    with pytest.raises(QueryError, match="asOf: “funding-total” takes one value, not 2"):
        rows("funding-total", as_of=["2024-12-31", date(2025, 12, 31)])
    assert (
        rows("funding-total", as_of=["2024-12-31", date(2024, 12, 31)]).rows
        == rows("funding-total", as_of="2024-12-31").rows
    )


def test_what_became_known_later_is_not_known_before() -> None:
    names = {row["thingLabel"] for row in rows("funding-by-initiative", as_of="2024-12-31").to_dicts()}
    assert "Calls under GenAI4EU" not in names
    assert "Calls under GenAI4EU" in {row["thingLabel"] for row in rows("funding-by-initiative").to_dicts()}
    sectors = {row["sectorLabel"] for row in rows("funding-by-sector", as_of="2024-12-31").to_dicts()}
    assert "defence" not in sectors


@pytest.mark.slow
def test_python_takes_places_and_days_in_any_form(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text('<https://example.org/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "Own thing"@en .')
    for given in (str(own), own, [str(own)], str(tmp_path)):
        assert [name.text for name in euaikg.search("Own thing", data=given)] == ["Own thing"]
    day = date(2024, 12, 31)
    assert euaikg.show("AI Office", as_of=day) == euaikg.show("AI Office", as_of="2024-12-31")
    everything = euaikg.query("figures", thing=None, as_of=None)
    assert isinstance(everything, Table) and len(everything) == len(rows("figures"))


@pytest.mark.parametrize("timeout", [1e12, float("inf"), float("nan"), 0, -1])
def test_a_time_that_cannot_be_waited_is_refused(timeout: float) -> None:
    with pytest.raises(QueryError, match="A timeout is a number of seconds above 0 and up to"):
        euaikg.run("ASK {}", timeout=timeout)


def test_a_code_that_does_not_exist_and_no_value_at_all_are_refused() -> None:
    with pytest.raises(ParameterError, match="“XYZ” is not one of EUR, USD"):
        euaikg.query("largest-amounts", currency="XYZ")
    with pytest.raises(ParameterError, match="thing: there is no value"):
        euaikg.query("figures", thing=[])
