"""An empty answer says why: of every question and every parameter, and what it suggests has an answer."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shlex
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import euaikg
from euaikg.errors import EuaikgError, ParameterError
from euaikg.questions import ask, commands, names, nearby, parameters, stored
from euaikg.questions import told as sentences
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, Run

ODD = ("Thierry Breton", "euai:Passage", "robotics", "GenAI4EU")
"""Things of many classes; of most questions one of them is not what they are about."""


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "PATIENCE", 60.0)


def values(command: str) -> tuple[str, dict[str, list[str]]]:
    """Return the question that ``command`` asks, and the values it sets."""
    program, verb, name, *words = shlex.split(command)
    assert (program, verb) == ("euaikg", "query")
    asked, found = stored.get(name), dict[str, list[str]]()
    options = {commands.option_name(parameter.name): parameter.name for parameter in asked.parameters}
    while words:
        word = words.pop(0)
        key = options.get(word, asked.subject.name if asked.subject else "")
        found.setdefault(key, []).append(words.pop(0) if word in options else word)
    return name, found


def told(engine: Embedded, name: str, given: dict[str, str]) -> tuple[str, ...] | None:
    """Return what is said of the empty answer to a question; None where it is not empty.

    What is said names a value, and each command that it suggests has an answer.
    """
    reply = ask.question(engine, name, given)
    if isinstance(reply.answer, bool) or reply.answer:
        return None
    assert reply.reasons, f"{name} {given}: nothing is said"
    called = {text for typed in given.values() for text in (typed, *titles(engine, typed))}
    assert any(text in reply.reasons[0] for text in called), (name, given, reply.reasons)
    for line in reply.reasons:
        if line.startswith("Try: euaikg show "):
            ask.card(engine, shlex.split(line)[-1])
        elif line.startswith("Try: "):
            other, settings = values(line.removeprefix("Try: "))
            assert ask.question(engine, other, settings).answer, (name, given, line)
    return reply.reasons


def titles(engine: Embedded, typed: str) -> Iterator[str]:
    """Yield the names of what ``typed`` names."""
    with contextlib.suppress(EuaikgError):
        thing = names.resolve(engine, typed)
        yield from (str(row["name"]) for row in engine.select(f"SELECT ?name {{ {thing} ?any ?name }}").to_dicts())


def by_lot(name: str, among: Sequence[Parameter]) -> list[Parameter]:
    """Return one of the parameters of the question ``name`` by lot, all where EUAIKG_EXAMPLES is set."""
    drawn = sorted(among, key=lambda parameter: zlib.crc32(f"{name} {parameter.name}".encode()))
    return drawn if "EUAIKG_EXAMPLES" in os.environ else drawn[:1]


def of_type(question: StoredQuery, *types: str) -> list[Parameter]:
    return [parameter for parameter in question.parameters if parameter.type in types]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, question in CATALOGUE.items() if of_type(question, "iri")])
def test_a_thing_that_a_question_is_not_about_is_told(name: str, engine: Embedded) -> None:
    for parameter in by_lot(name, of_type(CATALOGUE[name], "iri")):
        for thing in ODD:
            said = told(engine, name, {parameter.name: thing})
            if said is not None:
                suggests = any(line.startswith("Try: ") for line in said)
                assert suggests, (name, said)
                break


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name, question in CATALOGUE.items() if of_type(question, "code", "notation", "language")]
)
def test_a_code_that_does_not_exist_is_refused_with_the_nearest(name: str, engine: Embedded) -> None:
    for parameter in of_type(CATALOGUE[name], "code", "notation", "language"):
        with pytest.raises(ParameterError) as refused:
            ask.question(engine, name, {parameter.name: "zz"})
        assert "zz" in str(refused.value)
        if parameter.type == "code":
            code = max(parameters.allowed(parameter, engine), key=len)
            with pytest.raises(ParameterError, match=f"; nearest: {code}"):
                ask.question(engine, name, {parameter.name: f"{code[:2]}{code[3:]}"})


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGUE)
def test_a_value_that_exists_and_has_no_rows_is_told(name: str, engine: Embedded) -> None:
    question = CATALOGUE[name]
    hinted = ("begin", "end", "date", "integer", "code", "notation")
    for parameter in by_lot(name, question.parameters):
        if parameter.type in ("begin", "end", "date"):
            tried = ["1900-01-01", "2900-12-31"]
        elif parameter.type == "integer":
            tried = [str(10**18)]
        elif parameter.type in ("code", "notation"):
            tried = parameters.allowed(parameter, engine)[::-1]
        elif parameter.name in ("document", "earlier", "later"):
            tried = ["COM(2024) 28", "ST 5853/24", "Annexes to COM(2025) 723"]
        elif parameter.type == "passage":
            tried = ["COM(2024) 28 section 5 paragraph 11"]
        else:
            continue
        for value in tried:
            said = told(engine, name, {parameter.name: value})
            if said is not None:
                is_hinted = any(line.startswith("Try: ") for line in said)
                assert is_hinted or parameter.type not in hinted, (name, parameter.name, value, said)
                break


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "given", "begins", "suggested"),
    [
        (
            "figures",
            {"thing": "GenAI4EU", "as_of": "2020-01-01"},
            "No document up to “2020-01-01” (--as-of) has an answer; the first that has is of 2024-01-24.",
            "euaikg query figures GenAI4EU --as-of 2024-01-24",
        ),
        (
            "status-timeline",
            {"from": "2090"},
            "Nothing lies on or after “2090” (--from); the latest there is begins no later than 2028-08-02.",
            "euaikg query status-timeline --from 2028-08-02",
        ),
        (
            "who-funds-what",
            {"at_least": "1000000000000000", "thing": "GenAI4EU"},
            "“GenAI4EU” (--thing) and “1000000000000000” (--at-least) have rows each, but not together.",
            "euaikg query who-funds-what GenAI4EU --at-least 700000000",
        ),
        (
            "who-funds-what",
            {"mode": "invested", "thing": "GenAI4EU", "lang": "nl"},
            "Niets is hier “invested” (--mode); wat er is: allocated",
            "euaikg query who-funds-what GenAI4EU --mode allocated --lang nl",
        ),
        (
            "members",
            {"thing": "GenAI4EU"},
            "“GenAI4EU” (--thing) is an initiative without rows in this question.",
            "euaikg query relations GenAI4EU",
        ),
        (
            "members",
            {"thing": "GenAI4EU"},
            "“GenAI4EU” (--thing) is an initiative without rows in this question.",
            'euaikg query members "European AI Office"',
        ),
        (
            "current-status",
            {"thing": "Follow-up initiative for microprocessors and AI accelerators"},
            "“Follow-up initiative for microprocessors and AI accelerators” (--thing) is only a plan as far as",
            'euaikg query status-timeline "Follow-up initiative for microprocessors and AI accelerators"',
        ),
        (
            "figures",
            {"thing": "AI Office", "document": "Annexes to COM(2025) 723"},
            "“AI Office” (--thing) and “Annexes to COM(2025) 723” (--document) have rows each, but not together.",
            'euaikg query figures "AI Office" --document "AI Office page"',
        ),
        (
            "figures",
            {"thing": "Cradle", "document": "COM(2025) 165"},
            "“Cradle” (--thing) and “COM(2025) 165” (--document) have rows each",
            'euaikg query figures Cradle --document "COM(2024) 28"',
        ),
        (
            "in-passage",
            {"passage": "COM(2024) 28 section 5 paragraph 11"},
            "Nothing of this stands in “COM(2024) 28 section 5 paragraph 11” (general reasoning).",
            'euaikg query in-passage "COM(2024) 28, section 5, paragraph 1"',
        ),
        (
            "funding-parts",
            {"thing": "GenAI4EU"},
            "GenAI4EU is an initiative; this question is about a funding envelope.",
            'euaikg query funding-parts "GenAI4EU, Commission support until 2027"',
        ),
    ],
)
def test_the_reason_is_to_the_point(
    name: str, given: dict[str, str], begins: str, suggested: str, engine: Embedded
) -> None:
    said = told(engine, name, given)
    assert said is not None
    assert said[0].startswith(begins)
    assert {f"Try: {suggested}", f"Probeer: {suggested}"} & {*said}


@pytest.mark.slow
def test_a_document_that_never_names_the_thing_is_told(engine: Embedded) -> None:
    said = told(engine, "figures", {"thing": "Cradle", "document": "COM(2025) 165", "as_of": "2024-12-31"})
    assert said is not None
    assert "Cradle is never named in COM(2025) 165 (--document)." in said


@pytest.mark.parametrize("name", [name for name, question in CATALOGUE.items() if of_type(question, "passage")])
def test_a_citation_needs_no_commas(name: str, engine: Embedded) -> None:
    (parameter,) = of_type(CATALOGUE[name], "passage")
    place = "COM(2024) 28, section 5, paragraph 7"
    with_commas, without = (
        ask.question(engine, name, {parameter.name: text}) for text in (place, place.replace(",", ""))
    )
    assert with_commas.values == without.values
    assert with_commas.answer == without.answer


def test_a_graph_without_documents_is_told(engine: Embedded) -> None:
    empty = Embedded(type(engine.store)())
    (reason,) = ask.question(empty, "office-holders").reasons
    assert reason.startswith("No document is in the graph that was asked, so nothing is stated there; --data FILE puts")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { ?s a euai:JointUndertakng }", {"euai:JointUndertakng": "euai:JointUndertaking"}),
        (
            "SELECT (COUNT(*) AS ?n) { ?s euai:suports body:ai-ofice }",
            {"euai:suports": "euai:supports", "body:ai-ofice": "body:ai-office"},
        ),
        ("ASK { GRAPH graph:entities { ?s a euai:Bdy } }", {"euai:Bdy": "euai:Body"}),
        ("PREFIX e: <https://w3id.org/euaikg/ontology#> SELECT * { ?s a e:Persn }", {"e:Persn": "euai:Person"}),
        ("SELECT * { ?s a <https://w3id.org/euaikg/ontology#Persn> }", {"euai:Persn": "euai:Person"}),
        ("SELECT * { GRAPH graph:entities { ?s a euai:Body ; euai:partOf euai:Body } }", {}),
        ("SELECT * { ?s a <https://example.org/Persn>, 'euai:Persn' } # euai:Persn", {}),
        ("SELECT * { ?s a euai:Person OPTIONAL { ?s a euai:Persn } }", {}),
    ],
)
def test_a_term_of_ours_that_does_not_exist_is_told_to_a_query_of_ones_own(
    query: str, said: dict[str, str], engine: Embedded
) -> None:
    where = {"euai": "ontology", "e": "ontology", "body": "graph"}
    assert ask.sparql(engine, query).reasons == tuple(
        f"{term} is not in the {where[term.partition(':')[0]]}; nearest: {nearest}." for term, nearest in said.items()
    )


@pytest.mark.slow
def test_people_read_the_reasons_and_python_has_them_as_notes(run: Run) -> None:
    done = run("query", "members", "GenAI4EU", "--format", "csv")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert "Try: euaikg query relations GenAI4EU" in done.stderr.splitlines()
    own = run("query", "--text", "SELECT * { ?s a euai:JointUndertakng }", "--format", "json")
    assert own.stderr == "euai:JointUndertakng is not in the ontology; nearest: euai:JointUndertaking.\n"
    table = euaikg.run("SELECT * { ?s a euai:JointUndertakng }")
    assert isinstance(table, Table)
    assert table.notes == ("euai:JointUndertakng is not in the ontology; nearest: euai:JointUndertaking.",)


def test_a_window_that_ends_before_it_begins_is_told(engine: Embedded) -> None:
    reply = ask.question(engine, "due", {"from": "2026-Q4", "until": "2026-Q1"})
    assert reply.reasons == ("The window ends (“2026-Q1”) before it begins (“2026-Q4”).",)


def test_an_answer_that_takes_too_long_to_explain_says_so(engine: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "PATIENCE", -1.0)
    assert len(ask.question(engine, "due", {"thing": "ALT-EDIC", "from": "2035"}).reasons) == 1


def test_a_day_that_nobody_gave_is_told(engine: Embedded, tmp_path: Path) -> None:
    (tmp_path / "late.rq").write_text("""#+ summary: What was stated before a day
#+ description: Passages.
#+ tags: [documents]
#+ shown: [passage]
#+ parameters:
#+   validOn: {label: The day}

PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?passage { VALUES ?validOn { "2025-01-01"^^xsd:date } ?passage euai:statedOn ?on FILTER(?on < ?validOn) }
""")
    late = stored.parse(tmp_path / "late.rq")
    assert "Asked for 2025-01-01, since no --valid-on is given." in ask.question(engine, late).notes
    told = ask.question(engine, late, {"validOn": "2026-01-01"}).notes
    assert not any(note.startswith("Asked for") for note in told)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "given", "line"),
    [
        (
            "members",
            {"thing": "Thierry Breton"},
            "“Thierry Breton” (--thing) is een persoon zonder rijen in deze vraag.",
        ),
        ("due", {"thing": "GenAI4EU", "from": "2030"}, "Niets ligt op of na “2030” (--from)"),
        ("who-funds-what", {"thing": "GenAI4EU", "document": "IP/24/383"}, "zegt hier niets over"),
    ],
)
def test_in_dutch_the_reasons_are_dutch(engine: Embedded, name: str, given: dict[str, str], line: str) -> None:
    said = "\n".join(ask.question(engine, name, {**given, "lang": "nl"}).notes)
    assert line in said
    assert "Het nieuwste document in de graaf is" in said
    assert not re.search(r"\b(Try|the|rows|Other questions|Nothing)\b", said), said
    assert all("--lang nl" in one for one in said.splitlines() if one.startswith("Probeer: euaikg query"))


def test_each_sentence_has_its_dutch() -> None:
    for english, dutch in sentences.dutch().items():
        assert english.count("{}") == dutch.count("{}"), english
    for english in LITERALS:
        assert english in sentences.dutch(), english


LITERALS = {
    node.value
    for name in ("reasons", "nearby", "ask")
    for call in ast.walk(ast.parse((Path(euaikg.__file__).parent / "questions" / f"{name}.py").read_text("utf-8")))
    if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in ("say", "told")
    for node in call.args[:2]
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
"""The sentences that the modules say."""
