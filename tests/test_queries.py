"""The catalogue of questions: each is well formed, says what it asks, and gives the rows it should."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery

import euaikg
from euaikg.core import files, vocab
from euaikg.errors import QueryError
from euaikg.graph import build
from euaikg.questions import ask, stored
from euaikg.sparql import formats, scanner
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, Run

GOLDEN = Path(__file__).parent / "golden"
NAMES = pytest.mark.parametrize("name", CATALOGUE)


def read_golden(path: Path) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Return the parameters (from the first line) and the rows of a golden file, its first row the column names.

    ``rows=some`` in the first line means that the answer holds these rows among others.
    """
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    values: dict[str, list[str]] = {}
    for pair in csv.reader([head.removeprefix("#").strip()]):
        for part in pair:
            key, sign, value = part.partition("=")
            if sign:
                values.setdefault(key.strip(), []).append(value)
    return values, list(csv.reader(rows))


@NAMES
def test_a_question_is_whole(name: str) -> None:
    query = CATALOGUE[name]
    assert query.error is None
    assert query.summary
    assert query.description
    assert query.tags
    assert not query.summary.endswith(".")
    assert bool(query.shown) == (query.form == "SELECT"), "say in the header which columns people see (shown)"


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_work_without_a_citation_in_ones_language_is_told(lang: str) -> None:
    store = Store()
    store.load(
        b"""
        PREFIX euai: <https://w3id.org/euaikg/ontology#> PREFIX dct: <http://purl.org/dc/terms/>
        <urn:work> a euai:Document . <urn:place> dct:bibliographicCitation "Here"@en ; euai:statedOn "2024-01-24" .
        GRAPH <urn:place> { <urn:work> a euai:Document . }
        """,
        format=RdfFormat.TRIG,
    )
    cited = ask.question(Embedded(store), "works-cited", {"lang": lang}).answer
    assert isinstance(cited, Table)
    assert [(row["thing"], row["sources"] or "") for row in cited.to_dicts()] == [("urn:work", "Here" * (lang == "en"))]


def test_a_row_about_a_consortium_cites_what_says_its_stage_and_when_it_was_decided() -> None:
    store = Store()
    store.load(
        b"""
        PREFIX euai: <https://w3id.org/euaikg/ontology#> PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX status: <https://w3id.org/euaikg/id/status/> PREFIX modality: <https://w3id.org/euaikg/id/modality/>
        <urn:edic> a euai:DigitalInfrastructureConsortium .
        <urn:a> { <urn:edic> euai:establishedBy <urn:act> }
        <urn:a> dct:bibliographicCitation "A"@en ; euai:statedOn "2024-01-01" .
        <urn:b> dct:bibliographicCitation "B"@en ; euai:statedOn "2024-01-02" .
        <urn:c> dct:bibliographicCitation "C"@en ; euai:statedOn "2024-01-03" .
        <urn:s> euai:aboutResource <urn:edic> ; euai:status status:operational ; euai:modality modality:asserted ;
          euai:statedIn <urn:b> .
        <urn:t> euai:aboutResource <urn:act> ; euai:status status:adopted ; euai:effectiveFrom "2024-01-03" ;
          euai:statedIn <urn:c> .
        """,
        format=RdfFormat.TRIG,
    )
    found = ask.question(Embedded(store), "edics").answer
    assert isinstance(found, Table)
    assert [_sorted_parts(str(row["sources"])) for row in found.to_dicts()] == ["A; B; C"]


@NAMES
@pytest.mark.slow
def test_a_second_engine_can_read_it(name: str) -> None:
    prepareQuery(CATALOGUE[name].text)


@NAMES
@pytest.mark.slow
def test_it_runs_as_it_stands_and_answers(name: str, engine: Embedded) -> None:
    answer = engine.run(CATALOGUE[name].text)
    assert isinstance(answer, Table | Triples)
    assert len(answer) > 0


@NAMES
def test_there_is_a_golden_answer(name: str) -> None:
    assert list(GOLDEN.glob(f"{name}.csv")) or list(GOLDEN.glob(f"{name}--*.csv")), f"write tests/golden/{name}.csv"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.csv")), ids=lambda path: path.stem)
def test_it_gives_the_rows_read_against_the_documents(path: Path, engine: Embedded) -> None:
    values, expected = read_golden(path)
    only_some = values.pop("rows", None) == ["some"]
    name = path.stem.split("--")[0]
    answer = ask.question(engine, name, values).answer
    if isinstance(answer, Triples):
        found = [[str(t.subject), str(t.predicate), str(t.object)] for t in answer]
        assert sorted(found) == sorted(expected[1:])
        return
    assert isinstance(answer, Table)
    found = list(csv.reader(io.StringIO(formats.to_csv(answer).decode())))
    shown = [found[0].index(column) for column in expected[0]]
    rows = [[_sorted_parts(row[at]) for at in shown] for row in found[1:]]
    wanted = [[_sorted_parts(cell) for cell in row] for row in expected[1:]]
    if only_some:
        assert [row for row in wanted if row not in rows] == []
    else:
        assert rows == wanted


def _sorted_parts(cell: str) -> str:
    """Return ``cell`` with the parts of a joined list in order, since engines join them in any."""
    return "; ".join(sorted(cell.split("; ")))


def test_names_resolve_in_any_language_and_dates_select(engine: Embedded) -> None:
    by_english = ask.question(engine, "status-timeline", {"thing": ["AI Act"]}).answer
    by_dutch = ask.question(engine, "status-timeline", {"thing": ["ai-verordening"]}).answer
    by_iri = ask.question(engine, "status-timeline", {"thing": ["https://w3id.org/euaikg/id/legal-act/ai-act"]}).answer
    assert by_english == by_dutch == by_iri
    assert len(ask.question(engine, "status-timeline", {"thing": ["AI Act"], "asOf": ["2023-12-31"]}).answer) == 0  # type: ignore[arg-type]


def test_several_values_at_once(engine: Embedded) -> None:
    one = ask.question(engine, "things-in-sector", {"sector": ["robotics"]}).answer
    two = ask.question(engine, "things-in-sector", {"sector": ["robotics", "biotech"]}).answer
    assert isinstance(one, Table)
    assert isinstance(two, Table)
    assert {str(row["sectorLabel"]) for row in two.to_dicts()} == {"robotics", "biotechnology"}
    assert len(two) > len(one) > 0


def test_dutch_answers(engine: Embedded) -> None:
    answer = ask.question(engine, "office-holders", {"lang": ["nl"]}).answer
    assert isinstance(answer, Table)
    rows = [
        (row["thingLabel"], row["modalityLabel"]) for row in answer.to_dicts() if row["personLabel"] == "Thierry Breton"
    ]
    assert set(rows) == {("Europese Commissie", "vermeld als feit")}


def test_python_offers_the_same() -> None:
    answer = euaikg.query("figures", thing="AI Office", lang="nl")
    assert isinstance(answer, Table)
    assert any(row["value"] == 100 and row["what"] == "personeel" for row in answer.to_dicts())
    with pytest.raises(QueryError, match="has no parameter “colour”"):
        euaikg.query("figures", colour="red")


HEADER = "#+ summary: S\n#+ description: D\n#+ tags: [t]\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * { ?s ?p ?o }", "the header is missing"),
        ("#+ summary: [\nSELECT * { ?s ?p ?o }", "the header is not YAML"),
        ("#+ description: D\nSELECT * { ?s ?p ?o }", "the header lacks “summary”"),
        (HEADER + "#+ colour: red\nSELECT * { ?s ?p ?o }", "unknown key “colour”"),
        (HEADER + "#+ parameters:\n#+   x: {type: iri, label: L, example: e}\nASK { ?x ?p ?o }", "has no VALUES ?x"),
        (HEADER + "#+ parameters:\n#+   x: {type: iri, label: L}\nASK { VALUES ?x { UNDEF } }", "lacks “example”"),
        (
            HEADER + "#+ parameters:\n#+   x: {type: colour, label: L, example: e}\nASK { VALUES ?x { UNDEF } }",
            "unknown type",
        ),
        (HEADER + "#+ parameters:\n#+   x: {type: code, label: L, example: e}\nASK { VALUES ?x { UNDEF } }", "scheme"),
        (
            HEADER + "#+ parameters:\n#+   x: {type: string, label: L, example: e}\n"
            "ASK { VALUES ?x { UNDEF } { VALUES ?x { 1 } } }",
            "differ",
        ),
        (
            HEADER + "#+ shown: [s, z]\nSELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o BIND(1 AS ?z) }",
            "names z, which the text",
        ),
        (HEADER + "#+ shown: s\nSELECT ?s { ?s ?p ?o }", "“shown” in the header must list variables, not say “s”"),
        (HEADER + "#+ shown: [s, n, s]\nSELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "names s twice"),
        (HEADER + "DELETE WHERE { ?s ?p ?o }", "This is an update"),
    ],
)
def test_a_broken_question_stays_listed_with_its_reason(
    tmp_path: Path, text: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "broken.rq").write_text(text)
    monkeypatch.setattr(files, "root", lambda: tmp_path)
    assert reason in str(stored.catalogue()["broken"].error)
    with pytest.raises(QueryError, match="The stored query broken is broken"):
        stored.get("broken")


@pytest.mark.slow
def test_asking_on_the_command_line(run: Run) -> None:
    listed = run("query")
    assert all(name in listed.stdout for name in CATALOGUE)
    table = run("query", "office-holders")
    assert "Thierry Breton" in table.stdout
    assert "Press release of 24 January 2024" in table.stdout
    assert "The newest document in the graph is " in table.stderr
    with_prefix = run("query", "--text", "SELECT ?s { ?s a euai:JointUndertaking } ORDER BY ?s", "--format", "csv")
    assert "https://w3id.org/euaikg/id/body/eurohpc-ju\r\n" in with_prefix.stdout.replace("\n", "\r\n").replace(
        "\r\r", "\r"
    )
    assert run("query", "--text", "ASK { ?s a euai:UnionBody }").stdout == "yes\n"
    asked = ("query", "--text", "ASK { ?s a euai:Nothing }", "--format")
    assert json.loads(run(*asked, "json").stdout) == {"head": {}, "boolean": False}
    assert "<boolean>false</boolean>" in run(*asked, "xml").stdout
    described = run("query", "describe-thing", "--thing", "DG CONNECT")
    assert "body:dg-connect a euai:CommissionService" in described.stdout


# What no row on file shows


def asked(engine: Embedded, name: str, **values: str) -> list[dict[str, object]]:
    answer = ask.question(engine, name, values).answer
    assert isinstance(answer, Table)
    return [dict(row) for row in answer.to_dicts()]


def test_what_has_been_reached_is_not_overdue(engine: Embedded) -> None:
    strategy = "https://w3id.org/euaikg/id/strategy/international-digital-strategy"
    assert strategy not in {row["thing"] for row in asked(engine, "overdue", validOn="2026-01-01")}
    before = asked(engine, "overdue", validOn="2026-01-01", asOf="2025-09-30")  # as it was known then
    assert strategy in {row["thing"] for row in before}


@pytest.fixture(scope="module")
def withdrawn() -> Embedded:
    """The graph, had the Decision reported that the CitiVERSE EDIC was withdrawn where it reports that it is set up."""
    status, work = (NamedNode(vocab.EUAI + "status"), NamedNode(vocab.BASE + "id/status/established"))
    gone = NamedNode(vocab.BASE + "id/status/withdrawn")
    place = vocab.BASE + "source/eu-2024-459/fr#"
    store = build.build()
    for quad in list(store.quads_for_pattern(None, status, work)):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(place):
            store.remove(quad)
            store.add(Quad(quad.subject, status, gone, quad.graph_name))
    return Embedded(store)


@pytest.mark.slow
def test_a_withdrawal_keeps_no_promise(withdrawn: Embedded, engine: Embedded) -> None:
    kept, *_ = asked(engine, "promises", thing="CitiVERSE EDIC")
    broken, *_ = asked(withdrawn, "promises", thing="CitiVERSE EDIC")
    assert (kept["reached"], kept["reportedLabels"]) == (True, "established (by 2024-02-07)")
    assert (broken["reached"], broken["reportedLabels"]) == (False, "withdrawn (by 2024-02-07)")
    assert len(asked(engine, "plans-and-outcomes", thing="CitiVERSE EDIC")) == 2
    assert asked(withdrawn, "plans-and-outcomes", thing="CitiVERSE EDIC") == []
    (row,) = asked(withdrawn, "current-status", thing="CitiVERSE EDIC")
    assert row["statusLabel"] == "withdrawn"


def test_a_promise_is_what_one_place_says(engine: Embedded) -> None:
    stated = engine.select(
        "SELECT ?cited ?on { ?at euai:statedOn ?on ; dct:bibliographicCitation ?cited FILTER(LANG(?cited) = 'en') }"
    )
    days = {str(row["cited"]): row["on"] for row in stated.to_dicts()}
    rows = asked(engine, "promises")
    assert [row for row in rows for place in str(row["sources"]).split("; ") if days[place] != row["promisedOn"]] == []
    assert all(row["modalityLabel"] for row in rows)
    office = asked(engine, "promises", thing="AI Office")
    assert "European Commission" in {row["byLabels"] for row in office}, "what sets it up is not joined to who does"
    assert {row["dispute"] for row in office} == {"AI Office: already established or to come"}


def test_what_is_overdue_was_promised(engine: Embedded) -> None:
    promised, overdue = (
        {
            (row["thing"], row["statusLabel"], row["period"], row["modalityLabel"])
            for row in asked(engine, name, **values)
        }
        for name, values in (("promises", {}), ("overdue", {"validOn": "2026-01-01"}))
    )
    assert overdue <= promised
    assert {stage for _, stage, _, _ in overdue} > {"adopted", "established", "operational", "launched"}
    call = "https://w3id.org/euaikg/id/initiative/ai-gigafactories-call"
    (late,) = asked(engine, "overdue", thing=call, validOn="2026-01-01")
    assert (late["statusLabel"], late["reportedLabels"]) == ("published", "launched (2026-07-30)")


def test_what_only_supports_a_thing_comes_after_its_own_dates(engine: Embedded) -> None:
    rows = asked(engine, "due", thing="AI Act")
    far = [
        2 if row["relationLabels"] == "supports" else 0 if row["relationLabels"] in ("", "part of") else 1
        for row in rows
    ]
    assert far == sorted(far)
    assert {0, 1, 2} == set(far)
    everything = [row["due"] for row in asked(engine, "due") if row["due"]]
    assert everything == sorted(everything)  # type: ignore[type-var]


def test_what_an_article_lays_down_is_due_under_its_act(engine: Embedded) -> None:
    marked = "Make earlier generative AI systems comply with Article 50(2)"
    rows = {row["whatLabel"]: row["relationLabels"] for row in asked(engine, "due", thing="AI Act")}
    assert rows[marked] == "implements; legal basis"
    assert rows["Evaluate the functioning of the AI Office and report"] == "legal basis"  # of Article 112 alone
    before = asked(engine, "due", thing="AI Act", asOf="2026-07-23")  # the day before the amendment is published
    assert marked not in {row["whatLabel"] for row in before}


@pytest.mark.parametrize("name", ["promises", "overdue", "plans-and-outcomes"])
def test_what_was_promised_of_the_parts_of_a_thing_is_found_for_it(name: str, engine: Embedded) -> None:
    whole = "Apply AI Strategy" if name != "plans-and-outcomes" else "AI Act"
    parts = {row["part"] for row in asked(engine, "parts-of", thing=whole)}
    assert parts & {row["thing"] for row in asked(engine, name, thing=whole)}
    then = {row["part"] for row in asked(engine, "parts-of", thing=whole, asOf="2024-06-30")}
    assert {row["thing"] for row in asked(engine, name, thing=whole, asOf="2024-06-30")}.isdisjoint(parts - then)


@pytest.mark.parametrize("name", ["money-of", "who-funds-what"])
def test_money_that_is_not_said_to_be_for_another_time_may_be_for_this_one(name: str, engine: Embedded) -> None:
    later = {row["period"] for row in asked(engine, name, **{"from": "2027"})}
    assert None in later and "until-2027" in later and "until-2025" not in later
    earlier = {row["period"] for row in asked(engine, name, until="2022")}
    assert None in earlier and "2018--2027" in earlier and "2024--2027" not in earlier


@pytest.mark.slow
def test_the_older_document_is_the_earlier_one(engine: Embedded) -> None:
    for name in ("compare-documents", "what-changed", "repeated-in"):
        right, turned = (
            ask.question(engine, name, dict(zip(("earlier", "later"), pair, strict=True)))
            for pair in (("COM(2024) 28", "COM(2025) 165"), ("COM(2025) 165", "COM(2024) 28"))
        )
        rows, again = (
            [{name: _sorted_parts(str(cell)) for name, cell in row.items()} for row in reply.answer.to_dicts()]
            for reply in (right, turned)
            if isinstance(reply.answer, Table)
        )
        assert again == rows != []
        (note,) = (note for note in turned.notes if note not in right.notes)
        assert note.startswith("Communication on boosting startups")
        assert note.endswith(" is the older one, so it is the earlier document here.")


def test_what_two_documents_say_alike_is_there_when_it_is_asked_for(engine: Embedded) -> None:
    differing, every = asked(engine, "compare-documents"), asked(engine, "compare-documents", alike="true")
    assert {row["verdict"] for row in differing} == {"only in the earlier", "only in the later", "different"}
    assert "same" in {row["verdict"] for row in every}
    rows = {(row["thing"], row["what"]) for row in differing}
    assert rows < {(row["thing"], row["what"]) for row in every}
    assert len(rows) == len(differing) < 400
    factories = {row["what"]: row for row in differing if row["thingLabel"] == "AI Factories"}
    assert "European startups" not in str(factories["involves"]), "both say that it involves them"
    assert not scanner.is_large(stored.get("compare-documents").text)


def test_an_aim_beside_an_action_is_no_second_action(engine: Embedded) -> None:
    for name in ("planned-actions", "actions-in-document"):
        places: dict[tuple[object, object], list[str]] = {}
        for row in asked(engine, name):
            places.setdefault((row["action"], row["source"]), []).append(str(row["byLabels"] or ""))
        assert places
        assert not [place for place, owners in places.items() if any(owners) and not all(owners)]
    # The aim names for whom, the action by whom and when.
    given = {"document": "Annexes to COM(2025) 723", "for": "Underserved areas and their people"}
    (found,) = asked(engine, "actions-in-document", **given)
    assert (found["byLabels"], str(found["period"])) == ("European Commission", "2027-Q2")
    assert asked(engine, "actions-in-document", modality="sought")


def test_a_corrected_document_is_one_document(engine: Embedded) -> None:
    rows = {str(row["document"]): row for row in asked(engine, "documents")}
    versions = len(engine.select("SELECT ?version { ?version a euai:SourceExpression }"))
    assert (
        len(asked(engine, "documents"))
        == len({(row["document"], row["languageLabel"]) for row in asked(engine, "documents")})
        == versions
        > len(rows)
    )
    (release,) = (row for name, row in rows.items() if name.endswith("ip-24-383"))
    assert (str(release["statedOn"]), str(release["corrected"])) == ("2024-01-24", "2024-01-26")


def test_what_a_passage_says_is_said_of_things_and_not_of_records(engine: Embedded) -> None:
    for name in ("reported-words", "in-passage", "document-in-order"):
        shown = {str(row[column]) for row in asked(engine, name) for column in ("subjectLabel", "objectLabel")}
        assert shown
        assert not [label for label in shown if "/en#" in label or "/nl#" in label]


def test_a_stage_takes_no_period_away(engine: Embedded) -> None:
    (challenge,) = (row for row in asked(engine, "startups") if row["thingLabel"] == "Large AI Grand Challenge")
    assert challenge["statusLabels"] == "launched"
    assert "2023-11" in str(challenge["periods"])


def test_no_target_is_there_twice(engine: Embedded) -> None:
    rows = asked(engine, "targets-due")
    assert len({tuple(sorted((name, str(value)) for name, value in row.items())) for row in rows}) == len(rows)


def test_what_a_body_has_already_done_is_not_asked_of_it(engine: Embedded) -> None:
    rows = asked(engine, "asked-of-body", thing="European Commission")
    assert rows
    assert ("AI Pact", "started") not in {(row["actionLabel"], row["partLabel"]) for row in rows}


def test_citations_have_the_longest_number_and_are_in_one_language(engine: Embedded) -> None:
    cited = {str(row["citation"]): row["number"] for row in asked(engine, "citations", lang="nl")}
    assert "COM(2025) 165 final" in cited.values()
    assert "COM(2025) 165" not in cited.values()
    assert not any(english in text for text in cited for english in ("Annexes", "section", "Press release"))


@pytest.mark.parametrize(("name", "task"), [("relations", "objectLabel"), ("tasks-of-body", "taskLabel")])
def test_role_and_condition_of_a_row_are_those_of_one_statement(name: str, task: str, engine: Embedded) -> None:
    """Article 7(6) of Regulation 2021/1173 says twice that EuroHPC has one task, in two ways."""
    answer = ask.question(engine, name, {"thing": "EuroHPC JU"}).answer
    assert isinstance(answer, Table)
    found = [row for row in answer.to_dicts() if row[task] == "Verify how contributions are valued"]
    assert {(row["role"], row["condition"]) for row in found if str(row["source"]).endswith("paragraph 6")} == {
        ("audit the valuation method", "if uncertainties remain"),
        ("verify the valuation method", "if the certification leaves uncertainty"),
    }


@pytest.mark.parametrize("name", ["in-passage", "document-in-order", "reported-words"])
def test_what_a_passage_says_under_a_condition_shows_it(name: str) -> None:
    assert "condition" in CATALOGUE[name].shown


def test_a_passage_tells_each_record_of_a_fact_with_its_condition(engine: Embedded) -> None:
    place = "https://w3id.org/euaikg/source/eu-2021-1173/en#art7-p6-possible"
    task = "Verify how contributions are valued"
    found = [row for row in asked(engine, "in-passage", passage=place) if row["objectLabel"] == task]
    assert [(row["role"], row["condition"]) for row in found] == [
        ("audit the valuation method", "if uncertainties remain"),
        ("verify the valuation method", "if the certification leaves uncertainty"),
    ]


def test_a_note_and_a_role_are_in_the_language_that_is_asked(engine: Embedded) -> None:
    assert {row["note"] for row in asked(engine, "inferred-dates", lang="nl")} == {None}  # our notes are in English
    place = "https://w3id.org/euaikg/source/com-2025-723-annexes/nl#a1-r18"
    objects = {row["object"] for row in asked(engine, "in-passage", passage=place)}
    assert objects
    assert not any("bestuursvoorzitters" in str(value) for value in objects)


def test_an_entry_in_an_authority_table_is_an_identifier(engine: Embedded) -> None:
    rows = asked(engine, "identifiers", thing="CERN")
    table = "http://publications.europa.eu/resource/authority/corporate-body/CERN"
    assert ("EU authority table", table) in {(row["propertyLabel"], row["identifier"]) for row in rows}
