"""There is one way to ask: the command line, Python and the web get the same rows, and the same is said about them."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

import euaikg
from euaikg.cli import main
from euaikg.cli.query import command
from euaikg.core import suffixes
from euaikg.core.vocab import EUAI
from euaikg.errors import EndpointError, ParameterError, QueryError
from euaikg.questions import ask, nearby, stored
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.serve.media import Asked
from euaikg.serve.service import Service
from euaikg.sparql import formats
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Embedded
from euaikg.sparql.scanner import Value
from tests.conftest import CATALOGUE

pytestmark = pytest.mark.usefixtures("built")  # the graph is built before


FORMATS = {"json": "sparql-json", "ntriples": "ntriples"}
"""What formats of the command line are called on the web."""

POTS = """#+ summary: The amounts of a pot
#+ description: Each figure that is stated for it.
#+ tags: [money]
#+ parameters:
#+   thing: {type: iri, label: The pot, example: "AI innovation package, public and private investment together"}
#+   modality: {type: code, scheme: modality, label: How it is said, example: planned}
#+   lang: {type: language, label: Language, example: nl}
PREFIX euai: <https://w3id.org/euaikg/ontology#>
SELECT ?thing ?amount WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?modality { UNDEF }
  VALUES ?lang { "en" }
  ?statement euai:aboutEnvelope ?thing ; euai:modality ?modality ; euai:amount ?amount .
}
ORDER BY ?thing ?amount
"""


@pytest.fixture
def pots(tmp_path: Path) -> StoredQuery:
    """A question about pots of money, whose subject was called ``total`` before."""
    (tmp_path / "pots.rq").write_text(POTS)
    query = stored.parse(tmp_path / "pots.rq")
    assert query.error is None
    thing, *others = query.parameters
    thing = dataclasses.replace(thing, kinds=(EUAI + "FundingEnvelope",), was=("total",))
    return dataclasses.replace(query, parameters=(thing, *others))


def run(*words: str, command: click.Command = main) -> Result:
    return CliRunner().invoke(command, list(words))


def parts(text: str) -> str:
    """Return ``text`` with the parts of a joined list in order, since the engine joins them in any."""
    return "; ".join(sorted(text.split("; ")))


def printed(form: str, text: bytes) -> list[list[str]]:
    """Return the sorted rows or triples of what was printed."""
    if form == "ntriples":
        return sorted([[str(quad.triple)] for quad in parse(text, format=RdfFormat.N_TRIPLES)])
    found = parse_query_results(text, QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return sorted([parts(str(term)) for term in row] for row in found)


def returned(answer: Answer) -> list[list[str]]:
    """Return the sorted rows or triples of ``answer``."""
    assert not isinstance(answer, bool)
    if isinstance(answer, Triples):
        return printed("ntriples", formats.encode(answer, "ntriples"))
    return sorted([parts(str(term)) for term in row] for row in answer.rows)


@pytest.mark.slow
@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize("name", CATALOGUE)
def test_the_command_line_python_and_the_web_get_the_same_rows(name: str, engine: Embedded) -> None:
    web = Service(engine)
    query = CATALOGUE[name]
    form = "json" if query.form == "SELECT" else "ntriples"
    asked: list[tuple[list[str], dict[str, str]]] = [([], {})]
    for parameter in [query.subject] if query.subject else query.parameters[:1]:
        option = [] if parameter == query.subject else [ask.option_name(parameter.name)]
        asked.append(([*option, parameter.example], {parameter.name: parameter.example}))
    for words, values in asked:
        done = run("query", name, *words, "--format", form)
        assert done.exit_code == 0, done.stderr
        assert printed(form, done.stdout_bytes) == returned(euaikg.query(name, **values))  # type: ignore[arg-type]
        there = web.answer(Asked(f"api/questions/{name}", (*values.items(), ("format", FORMATS[form]))))
        assert there.status == 200
        assert printed(form, there.content) == printed(form, done.stdout_bytes)
        plain = web.answer(Asked(f"api/questions/{name}", (*values.items(),)))
        assert len(json.loads(plain.content)["rows"]) == json.loads(plain.content)["total"]
        assert plain.headers["X-Total-Count"] == str(len(printed(form, done.stdout_bytes)))


@pytest.mark.slow
def test_sparql_of_ones_own_and_citations_are_the_same_by_both_ways() -> None:
    text = "SELECT ?passage { ?passage a euai:Passage } ORDER BY ?passage LIMIT 3"
    for words, answer in (
        (["query", "--text", text], euaikg.run(text)),
        (["query", "--text", text, "--cite"], euaikg.run(text, cite=True)),
        (["query", "office-holders", "--cite", "--lang", "nl"], euaikg.query("office-holders", cite=True, lang="nl")),
    ):
        assert printed("json", run(*words, "--format", "json").stdout_bytes) == returned(answer)


def test_the_subject_needs_no_option_and_adds_up_with_it(pots: StoredQuery) -> None:
    names = [str(row["thing"]) for row in euaikg.run("SELECT DISTINCT ?thing { ?s euai:aboutEnvelope ?thing ; "
             "euai:amount ?any } ORDER BY ?thing LIMIT 3").to_dicts()]  # type: ignore[union-attr]  # fmt: skip
    made = command(pots)
    assert "[THING]..." in run("--help", command=made).stdout
    by_option = run(*(word for name in names for word in ("--thing", name)), "--format", "csv", command=made)
    assert len(set(by_option.stdout.splitlines())) > 3
    for words in (names, [names[0], "--thing", names[1], names[2]]):
        assert run(*words, "--format", "csv", command=made).stdout == by_option.stdout
    assert run(names[0], "--format", "csv", command=made).stdout != by_option.stdout


def test_a_subject_of_which_there_is_but_one_is_refused_twice(pots: StoredQuery) -> None:
    dated = dataclasses.replace(pots, parameters=(dataclasses.replace(pots.parameters[0], type="date"),))
    done = run("2024-01-01", "--thing", "2025-01-01", "--format", "csv", command=command(dated))
    assert isinstance(done.exception, ParameterError)
    assert str(done.exception) == "thing: “pots” takes one value, not 2."


def test_what_a_question_is_about_is_the_first_word_of_a_list() -> None:
    def subject(*names: str) -> Parameter | None:
        parameters = tuple(Parameter(name, "iri", "L", "e", "UNDEF") for name in names)
        return StoredQuery("x", Path(), "", parameters=parameters).subject

    for names, wanted in (
        (("sector", "thing"), "thing"),
        (("kind", "by"), "by"),
        (("passage", "document"), "passage"),
    ):
        assert getattr(subject(*names), "name", None) == wanted
    assert subject("lang", "asOf") is None


def test_an_earlier_word_is_an_option_that_no_help_shows(pots: StoredQuery, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def resolved(_: StoredQuery, values: Mapping[str, list[str]], __: Embedded) -> dict[str, list[Value]]:
        given.append(dict(values))
        return {}

    monkeypatch.setattr(stored, "resolved", resolved)
    made = command(pots)
    assert run("--total", "GenAI4EU", "--format", "csv", command=made).exit_code == 0
    assert given == [{"total": ["GenAI4EU"]}]
    assert "--total" not in run("--help", command=made).stdout


@pytest.mark.slow
def test_every_earlier_word_of_the_shipped_questions_is_taken() -> None:
    for name, query in CATALOGUE.items():
        for parameter in query.parameters:
            for was in parameter.was:
                done = run("query", name, ask.option_name(was), parameter.example, "--sparql")
                assert done.exit_code == 0, f"{name} --{was}: {done.stderr}"


def test_the_text_can_be_had_in_place_of_the_answer(pots: StoredQuery, tmp_path: Path, engine: Embedded) -> None:
    made = command(pots)
    assert run("--sparql", command=made).stdout == POTS
    text = run("GenAI4EU", "--sparql", "--lang", "nl", command=made).stdout
    assert text == stored.bind(pots, {"thing": ["GenAI4EU"], "lang": ["nl"]}, engine) != POTS
    assert run("--sparql", "-o", str(tmp_path / "x.rq"), command=made).stdout == ""
    assert (tmp_path / "x.rq").read_text() == POTS
    assert run("query", "figures", "nonsense", "--sparql").exit_code == 2


def test_python_can_write_a_word_that_it_keeps_to_itself(pots: StoredQuery, engine: Embedded) -> None:
    query = dataclasses.replace(
        pots,
        text=POTS.replace("?thing", "?for"),
        parameters=(dataclasses.replace(pots.parameters[0], name="for"), *pots.parameters[1:]),
    )
    pot = query.parameters[0].example
    assert ask.question(engine, query, {"for_": pot}).answer == ask.question(engine, query, {"for": pot}).answer
    assert ask.question(engine, query, {"for_": pot}).answer != ask.question(engine, query).answer


def test_a_thing_of_the_wrong_class_is_answered_with_what_is_near(pots: StoredQuery, engine: Embedded) -> None:
    reply = ask.question(engine, pots, {"thing": "GenAI4EU"})
    assert isinstance(reply.answer, Table) and not reply.answer
    reason, linked, tried = reply.reasons
    assert reason == "GenAI4EU is an initiative; this question is about a funding envelope."
    assert linked.startswith("Linked to it, with rows here: ")
    hint = tried.partition("Try: euaikg query pots ")[2]
    near = hint.strip('"')
    assert ask.question(engine, pots, {"thing": near}).answer, "what is offered has an answer"
    other = ask.question(engine, pots, {"thing": "GenAI4EU", "modality": "planned"})
    assert other.reasons[:2] == reply.reasons[:2]  # no other value is tried where the thing is wrong
    assert ask.question(engine, pots, {"thing": near}).reasons == ()
    (unknown,) = ask.question(engine, pots, {"thing": "https://example.org/x"}).reasons
    assert unknown == "https://example.org/x is not in the graph."


def test_a_value_that_leaves_nothing_is_named(engine: Embedded) -> None:
    reply = ask.question(engine, "figures", {"thing": "GenAI4EU", "as_of": "2020-01-01"})
    assert reply.reasons[0].startswith("No document up to “2020-01-01” (--as-of) has an answer")
    assert reply.notes == (
        *reply.reasons,
        f"The newest document in the graph is of {reply.newest}.",
    )


def test_a_reason_is_sought_in_few_tries_and_not_for_long(
    pots: StoredQuery, engine: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting(Embedded):
        asked = 0

        def run(self, query: str, *, federated: bool = False) -> Answer:
            type(self).asked += 1
            return super().run(query, federated=federated)

    counting = Counting(engine.store)
    anything = dataclasses.replace(pots, parameters=tuple(dataclasses.replace(p, kinds=()) for p in pots.parameters))
    reply = ask.question(counting, anything, {"thing": "GenAI4EU", "modality": "planned"})
    before = Counting.asked
    assert reply.reasons[0].startswith("“GenAI4EU” (--thing) ")
    assert Counting.asked > before
    monkeypatch.setattr(nearby, "PATIENCE", -1.0)
    late = ask.question(counting, anything, {"thing": "GenAI4EU", "modality": "planned"})
    before = Counting.asked
    assert [*late.reasons] == ["Why there is nothing could not be found out soon; with fewer values there may be."]
    assert Counting.asked <= before + 5, "what is asked in any case: whether both are there, and what is narrower"


@pytest.mark.slow
@pytest.mark.usefixtures("in_memory")
def test_people_are_told_beside_the_answer_and_programs_get_the_answer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "PATIENCE", 60.0)
    words = ("query", "figures", "AI Office", "--as-of", "2020-01-01")
    done = run(*words)
    assert done.exit_code == 0
    assert done.stderr.splitlines()[0].startswith("No document up to “2020-01-01” (--as-of) has an answer")
    assert "No document" not in done.stdout
    for form in ("csv", "json", "markdown"):
        told = run(*words, "--format", form)
        assert told.stderr.startswith("No document up to “2020-01-01”")
        assert "No document" not in told.stdout
    assert run("query", "figures", "AI Office", "--format", "csv").stderr == ""


@pytest.mark.slow
def test_python_gets_the_reason_with_the_table() -> None:
    empty = euaikg.query("figures", thing="AI Office", as_of="2020-01-01")
    assert isinstance(empty, Table) and not empty
    assert empty.notes[0].startswith("No document up to “2020-01-01” (--as-of) has an answer")
    assert empty == dataclasses.replace(empty, notes=())
    assert f"<p>{empty.notes[0]}</p>" in empty._repr_html_()
    full = euaikg.query("figures", thing="AI Office")
    assert isinstance(full, Table) and full.notes == ()


def test_values_are_told_as_what_they_were_taken_for(engine: Embedded) -> None:
    reply = ask.question(engine, "figures", {"thing": ["AI-bureau", "GenAI4EU"], "lang": "nl", "as_of": None})
    things = [f"https://w3id.org/euaikg/id/{name}" for name in ("body/ai-office", "initiative/genai4eu")]
    assert reply.values == {"thing": [*map(NamedNode, things)], "lang": [Literal("nl")]}


def test_a_server_without_the_graph_is_refused_by_python_too(engine: Embedded) -> None:
    class Lacking(Embedded):
        def lacking(self) -> EndpointError:
            return EndpointError("it lacks the graph")

    empty = Lacking(type(engine.store)())
    with pytest.raises(EndpointError, match="it lacks the graph"):
        ask.question(empty, "office-holders")
    assert ask.sparql(empty, "ASK { ?s ?p ?o }").answer is False
    there = Lacking(engine.store)
    assert ask.question(there, "figures", {"as_of": "1999-01-01"}).answer == ask.question(
        engine, "figures", {"as_of": "1999-01-01"}
    ).answer  # fmt: skip


@pytest.mark.parametrize("form", [None, "table", "markdown"])
def test_a_format_for_people_has_numbers_and_another_has_citations(form: str | None) -> None:
    assert ask.way(form) == "numbered"
    assert {ask.way(other) for other in formats.TABLES if other not in ("table", "markdown")} == {"spelt"}


def test_each_kind_of_answer_is_written_in_its_own_formats() -> None:
    thing = NamedNode("https://example.org/x")
    table, triples = Table(("x",), [(Literal(1),)]), Triples([Triple(thing, thing, Literal(1))])
    for form in formats.GRAPHS:
        assert isinstance(formats.encode(triples, form), bytes)
        with pytest.raises(QueryError, match="This query answers with rows; write them as table, csv"):
            formats.encode(table, form)
    for form in formats.TABLES:
        assert formats.encode(table, form)
        with pytest.raises(QueryError, match="This query answers with triples; write them as turtle, jsonld"):
            formats.encode(triples, form)
    assert formats.encode(table) == formats.encode(table, "table") == formats.encode(table, "markdown")
    assert formats.encode(triples) == formats.encode(triples, "turtle") != formats.encode(triples, "ntriples")
    assert [formats.encode(truth, form) for truth in (True, False) for form in (None, "csv")] == [b"yes\n"] * 2 + [
        b"no\n"
    ] * 2


def test_the_name_of_a_file_says_its_format() -> None:
    every = (*formats.ROWS, *formats.GRAPHS)
    names = {"a.MD": "markdown", "a.jsonld": "jsonld", "a.csv.gz": "csv", "a.gz": None, "a": None, ".csv": None}
    assert {name: suffixes.form_of(Path(name), every) for name in names} == names
    assert suffixes.form_of(Path("a.json"), every) == "json"
    assert suffixes.form_of(Path("a.json"), formats.GRAPHS) == "jsonld"
    assert suffixes.form_of(None, every) is None
    assert suffixes.form_of(Path("a.ttl"), every, "ntriples") == "ntriples"
    assert suffixes.form_of(Path("a.xyz"), every, "xlsx") == "xlsx"


def test_the_help_of_python_names_the_options() -> None:
    for function in (euaikg.query, euaikg.run, euaikg.show, euaikg.search, euaikg.to_networkx):
        words = f"{inspect.signature(function)} {function.__doc__}"
        assert all(option in words for option in ("data", "store", "endpoint", "timeout", "memory")), function
