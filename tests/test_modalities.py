"""Modalities: a broad code takes in its narrower ones, and what must, should, will or may be is told apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from euaikg.core.vocab import BASE, EUAI
from euaikg.diagrams import views
from euaikg.diagrams.filters import Wanted
from euaikg.errors import QueryError
from euaikg.exports import export, stated
from euaikg.graph import build
from euaikg.questions import as_rdf, ask, finding, stored
from euaikg.sparql import grid, scanner
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded

CODES = (
    "asserted", "conditional", "contingent", "denied", "ended", "intended", "planned", "possible", "proposed",
    "recommended", "required", "sought", "under-way", "hoped", "envisaged", "laid-down",
)  # fmt: skip
PROMISED = {*CODES} - {"asserted", "denied", "ended", "possible", "envisaged"}
KEPT = PROMISED - {"laid-down"}
"""What is a promise: what a law lays down is so from its day."""


PREFIXES = "".join(
    f"@prefix {name}: <https://w3id.org/euaikg/id/{path}/> .\n"
    for name, path in [
        ("body", "body"), ("initiative", "initiative"), ("modality", "modality"), ("period", "period"),
        ("sector", "sector"), ("status", "status"), ("target", "target-mode"), ("mode", "funding-mode"),
        ("qualifier", "qualifier"), ("topic", "topic"), ("measure", "measure"), ("unit", "unit"), ("rate", "rate"),
        ("event", "event"), ("difference", "discrepancy-type"),
    ]
) + """
@prefix cur: <http://publications.europa.eu/resource/authority/currency/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix mine: <https://example.org/mine/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
modality:hoped a skos:Concept ; skos:inScheme <https://w3id.org/euaikg/id/modality> ; skos:broader modality:sought ;
  skos:prefLabel "hoped for"@en, "gehoopt"@nl .
modality:envisaged a skos:Concept ; skos:inScheme <https://w3id.org/euaikg/id/modality> ;
  skos:broader modality:possible ; skos:prefLabel "envisaged"@en, "denkbaar"@nl .
mine:memo a euai:SourceDocument ; skos:prefLabel "Memo of my own"@en, "Eigen memo"@nl .
mine:memo-en a euai:SourceExpression ; euai:expressionOf mine:memo ; dct:issued "2025-08-01"^^xsd:date .
"""  # fmt: skip

pytestmark = pytest.mark.slow  # each graph is the shipped one with something beside it, built anew


def own(said: Mapping[str, tuple[str, str]], beside: str = "") -> str:
    """Return a document of one's own as TriG: of each passage the modality and what it says, and what stands beside."""
    parts = [
        f"mine:{place} a euai:Passage ; euai:inExpression mine:memo-en ; euai:modality modality:{code} ; "
        f"euai:section '{at}' ; euai:span mine:{place}-span .\nmine:{place}-span euai:start {at * 10} ; "
        f"euai:end {at * 10 + 9} .\nmine:{place} {{ {text} }}\n"
        for at, (place, (code, text)) in enumerate(said.items())
    ]
    return PREFIXES + beside + "".join(parts)


def graph(folder: Path, text: str) -> Embedded:
    (folder / "own.trig").write_text(text, encoding="utf-8")
    return Embedded(build.build([folder / "own.trig"]))


def table(engine: Embedded, question: str, **values: str) -> list[dict[str, str]]:
    answer = ask.question(engine, question, values).answer
    assert isinstance(answer, Table)
    return [{name: str(value) for name, value in row.items() if value is not None} for row in answer.to_dicts()]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    """The shipped graph with a document that says of a thing for each modality that it is to be launched, and when."""
    said = {
        f"p-{code}": (
            code,
            f"mine:{code} euai:partOf initiative:genai4eu . "
            f"mine:{code}-stage a euai:StatusStatement ; euai:aboutResource mine:{code} ; "
            f"euai:status status:launched ; euai:actor body:ai-office . "
            f"mine:{code}-target a euai:TargetStatement ; euai:aboutResource mine:{code}-action ; "
            f"euai:targetMode target:by ; euai:targetPeriod period:2025-Q4 . "
            f"mine:{code}-money a euai:FundingStatement ; euai:aboutEnvelope mine:pot-{code} ; euai:amount 100 ; "
            f"euai:currency cur:EUR ; euai:fundingMode mode:to-be-invested ; euai:qualifier qualifier:exact .",
        )
        for code in CODES
    }
    things = "".join(
        f'mine:{code} a euai:Initiative ; skos:prefLabel "{code} thing"@en, "{code} zaak"@nl .\n'
        f'mine:{code}-action a euai:PlannedAction ; skos:prefLabel "{code} action"@en, "{code} actie"@nl .\n'
        f'mine:pot-{code} a euai:FundingEnvelope ; skos:prefLabel "{code} pot"@en, "{code} pot"@nl .\n'
        for code in CODES
    )
    return graph(tmp_path_factory.mktemp("own"), own(said, things))


def mine(rows: list[dict[str, str]], column: str) -> set[str]:
    """Return the codes that the things of one's own in ``column`` are called by."""
    return {row[column].split()[0] for row in rows if row[column].split()[0] in CODES}


def resolved(engine: Embedded, question: str, **given: str) -> list[str]:
    (values,) = ask.question(engine, question, given).values.values()
    return [value.value.rpartition("/")[2] for value in values]


def test_a_broad_code_asks_for_its_narrower_ones_too(engine: Embedded) -> None:
    assert resolved(engine, "edge-list", modality="planned") == ["planned", "intended", "laid-down", "under-way"]
    assert resolved(engine, "edge-list", modality="sought") == ["sought", "hoped"]
    assert {*resolved(engine, "edge-list", modality="conditional")} == {
        "conditional", "contingent", "envisaged", "hoped", "possible", "recommended", "required", "sought"
    }  # fmt: skip
    assert resolved(engine, "edge-list", modality="intended") == ["intended"]
    rows = table(engine, "edge-list", modality="conditional")
    assert {row["modality"].rpartition("/")[2] for row in rows} == {
        *resolved(engine, "edge-list", modality="conditional")
    }
    text = stored.bind(stored.get("edge-list"), {"modality": ["planned"]}, engine)
    assert (
        "VALUES ?modality { <https://w3id.org/euaikg/id/modality/planned> <https://w3id.org/euaikg/id/modality/int"
        in text
    )


def test_a_code_of_any_list_takes_in_narrower_ones_however_they_are_linked(tmp_path: Path) -> None:
    scheme = "skos:inScheme <https://w3id.org/euaikg/id/sector>"
    made = graph(
        tmp_path,
        f"{PREFIXES} sector:robotics skos:narrower sector:surgical-robots . sector:surgical-robots {scheme} . "
        f"sector:dental-robots {scheme} ; skos:broader sector:surgical-robots . "
        "sector:robotics skos:broader sector:dental-robots .",
    )
    assert resolved(made, "actions-by-sector", sector="robotics") == ["robotics", "dental-robots", "surgical-robots"]


def test_for_grlc_a_broad_code_takes_in_its_narrower_ones(engine: Embedded) -> None:
    def rows(code: str) -> int:
        text = as_rdf.for_grlc(stored.get("edge-list"))
        text = text.replace("?__modality_iri", f"<https://w3id.org/euaikg/id/modality/{code}>") if code else text
        answer = engine.run(scanner.with_prefixes(text))
        assert isinstance(answer, Table)
        return len(answer)

    assert rows("planned") == len(table(engine, "edge-list", modality="planned"))
    assert rows("unknown") == 0
    assert rows("") == len(table(engine, "edge-list"))


def test_what_only_may_be_is_no_promise(engine: Embedded) -> None:
    promised = table(engine, "promises", document="Memo of my own")
    assert mine([row for row in promised if row["thingLabel"].endswith("thing")], "thingLabel") == KEPT
    targets = [row for row in promised if row["thingLabel"].endswith("action")]
    assert mine(targets, "thingLabel") == KEPT | {"asserted"}
    assert mine(table(engine, "overdue", validOn="2026-06-01"), "thingLabel") == KEPT | {"asserted"}
    assert mine(table(engine, "asked-of-body", thing="AI Office"), "actionLabel") == PROMISED
    due = table(engine, "due", document="Memo of my own")
    assert mine([row for row in due if "due" not in row], "whatLabel") - {"envisaged"} == PROMISED
    money = table(engine, "promised-and-set-aside", document="Memo of my own")
    assert mine([row for row in money if "promisedLow" in row], "envelopeLabel") == PROMISED


def test_what_a_document_announces_it_plans_or_proposes(engine: Embedded) -> None:
    announced = table(engine, "announced-in", document="Memo of my own")
    assert mine(announced, "thingLabel") == {"planned", "intended", "laid-down", "under-way", "proposed"}


def test_that_all_there_is_is_a_plan_is_told(tmp_path: Path) -> None:
    said = {code: (code, f"mine:{code}-action euai:involves body:ai-office .") for code in ("intended", "under-way")}
    things = " ".join(f'mine:{code}-action a euai:PlannedAction ; skos:prefLabel "{code}"@en .' for code in said)
    made = graph(tmp_path, own(said, things))
    asked = {"document": "Memo of my own"}
    for code in ("asserted", "conditional"):
        told = ask.question(made, "actions-in-document", asked | {"modality": code}).reasons
        assert f"This is only a plan, not “{code}”; what is there: intended, under-way." in told


RECONCILED = """
mine:count a euai:Discrepancy ; skos:prefLabel "Rank of a machine"@en, "Plaats van een machine"@nl ;
  euai:discrepancyType difference:later-state ; euai:involvesStatement mine:first, mine:second ;
  euai:reason "Two days."@en, "Twee dagen."@nl .
mine:total a euai:Discrepancy ; skos:prefLabel "Staff of a machine"@en, "Personeel van een machine"@nl ;
  euai:discrepancyType difference:value ; euai:involvesStatement mine:third, mine:fourth ;
  euai:reason "Two numbers."@en, "Twee getallen."@nl .
mine:machine a euai:Supercomputer ; skos:prefLabel "Machine of mine"@en, "Machine van mij"@nl .
"""


@pytest.fixture(scope="module")
def reconciled(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    figures = {
        "first": ("rank-among-supercomputers", 9),
        "second": ("rank-among-supercomputers", 5),
        "third": ("staff", 100),
        "fourth": ("staff", 200),
    }
    said = {
        f"p-{name}": (
            "asserted",
            f"mine:{name} a euai:QuantityStatement ; euai:aboutResource mine:machine ; euai:measures measure:{what} ; "
            f"euai:numericValue {number}.0 ; euai:unit unit:count ; euai:qualifier qualifier:exact .",
        )
        for name, (what, number) in figures.items()
    }
    return graph(tmp_path_factory.mktemp("reconciled"), own(said, RECONCILED))


def test_what_can_both_be_right_is_listed_apart_and_disputes_nothing(reconciled: Embedded) -> None:
    rows = table(reconciled, "disagreements", thing="Machine of mine")
    assert [(row["discrepancyLabel"], row.get("judgement")) for row in rows] == [
        *[("Staff of a machine", None)] * 2, *[("Rank of a machine", "both can be right")] * 2
    ]  # fmt: skip
    kinds = table(reconciled, "disagreements-by-kind", document="Memo of my own", lang="nl")
    assert [row.get("judgement") for row in kinds] == [None, "beide kunnen kloppen"]
    assert table(reconciled, "disagreements", thing="Machine of mine", asOf="2025-07-31") == []
    figures = table(reconciled, "figures", thing="Machine of mine")
    assert {row["value"].rstrip(".0"): row["disputed"] for row in figures} == {
        "9": "False", "5": "False", "1": "True", "2": "True"
    }  # fmt: skip
    apart = table(reconciled, "figures-apart", thing="Machine of mine")
    assert {row["smaller"].rstrip(".0"): row["disputed"] for row in apart} == {"5": "False", "1": "True"}
    card = ask.card(reconciled, "Machine of mine")
    assert {group.key: [line.text for line in group.lines] for group in card.groups if group.section == "disputes"} == {
        "disputes": ["Staff of a machine (value)"], "reconcilable": ["Rank of a machine (later state)"]
    }  # fmt: skip
    (numbers,) = (group for group in card.groups if group.key == "figures")
    assert {line.text.partition(":")[0]: line.disputed for line in numbers.lines} == {
        "rank among supercomputers of the world": False,
        "staff": True,
    }


RATES = """
mine:pot a euai:FundingEnvelope ; skos:prefLabel "Whole of mine"@en, "Geheel van mij"@nl ; euai:hasComponent mine:part .
mine:part a euai:FundingEnvelope ; skos:prefLabel "Part of mine"@en, "Deel van mij"@nl ;
  euai:finances initiative:genai4eu .
"""


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    money = "euai:currency cur:EUR ; euai:fundingMode mode:allocated ; euai:qualifier qualifier:exact"
    limit = 'euai:condition "for startups only"@en, "alleen voor start-ups"@nl'
    said = {
        "p-sum": (
            "asserted",
            f"mine:sum a euai:FundingStatement ; euai:aboutEnvelope mine:part ; euai:amount 1000000 ; {money} .",
        ),
        "p-rate": (
            "intended",
            f"mine:rate a euai:FundingStatement ; euai:aboutEnvelope mine:part ; euai:amount 5000000000 ; {money} ; "
            f"euai:per rate:year ; {limit} . mine:pot euai:hasComponent mine:part . "
            "mine:part euai:finances initiative:genai4eu . "
            "mine:number a euai:QuantityStatement ; euai:aboutResource initiative:genai4eu ; euai:numericValue 40.0 ; "
            "euai:measures measure:startups ; euai:unit unit:count ; euai:qualifier qualifier:exact ; "
            "euai:per rate:year . "
            f"mine:use a euai:RelationStatement ; rdf:subject initiative:genai4eu ; rdf:predicate euai:increases ; "
            f"rdf:object topic:productivity ; {limit} ; euai:role 'by a third'@en, 'met een derde'@nl .",
        ),
    }
    return graph(tmp_path_factory.mktemp("rated"), own(said, RATES))


def test_a_rate_is_never_added_to_a_sum(rated: Embedded) -> None:
    (total,) = table(rated, "funding-total", thing="Whole of mine")
    assert (total["low"], total["high"]) == ("1000000", "1000000")
    (promised,) = [row for row in table(rated, "promised-and-set-aside") if row["envelopeLabel"] == "Part of mine"]
    assert promised["setAsideHigh"] == "1000000" and "promisedLow" not in promised
    pots = table(rated, "funding-by-initiative", thing="GenAI4EU")
    apart = [row for row in pots if row["envelopeLabel"] == "Part of mine"]
    assert [(row["high"], row.get("perLabel")) for row in apart] == [("1000000", None), ("5000000000", "year")]
    assert [row["potRows"] for row in apart] == ["2", "2"]
    assert table(rated, "figures-apart", thing="Part of mine") == []
    network = views.view(rated, "funding", Wanted(limit=99))
    (pot,) = (node for node in network.nodes if node.label == "Part of mine")
    assert pot.amount == 1_000_000 and "EUR 5 bn per year" in pot.note


@pytest.mark.parametrize("name", ["figures", "money-of", "who-funds-what", "funding-by-initiative", "timeline"])
def test_rate_and_condition_are_said_where_figures_are(name: str, rated: Embedded) -> None:
    answer = ask.question(rated, name, {"thing": "GenAI4EU"}).answer
    assert isinstance(answer, Table)
    shown = " ".join(grid.show(answer, 1000).replace("\u00a0", " ").split())
    assert "EUR 5 bn per year" in shown
    assert "for startups only" in shown


def test_a_card_says_rate_and_condition(rated: Embedded) -> None:
    said = " ".join(str(ask.card(rated, "GenAI4EU")).split())
    assert "EUR 5 bn per year allocated" in said and "40 per year" in said
    assert "condition: for startups only" in said


EFFECTS = """
mine:meeting a euai:Dialogue ; skos:prefLabel "Meeting of mine"@en, "Overleg van mij"@nl .
"""


@pytest.fixture(scope="module")
def effects(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    said = {
        "p-may": (
            "possible",
            "mine:e1 a euai:RelationStatement ; rdf:subject topic:artificial-intelligence ; "
            "rdf:predicate euai:decreases ; rdf:object topic:cost-of-computing ; "
            "euai:role 'by a third'@en, 'met een derde'@nl ; "
            "euai:condition 'for startups only'@en, 'alleen voor start-ups'@nl .",
        ),
        "p-is": (
            "asserted",
            "topic:cost-of-computing euai:prevents topic:ai-uptake . "
            "initiative:genai4eu euai:enables topic:ai-uptake . "
            "mine:meeting euai:hasParticipant body:ai-startups ; euai:targetGroup body:researchers . "
            "mine:held a euai:StatusStatement ; euai:aboutResource mine:meeting ; euai:status status:completed ; "
            "euai:effectiveIn period:2025-01 .",
        ),
    }
    return graph(tmp_path_factory.mktemp("effects"), own(said, EFFECTS))


def test_effects_are_told_in_both_directions_with_all_that_limits_them(effects: Embedded) -> None:
    def told(**values: str) -> list[tuple[str, ...]]:
        names = ("subjectLabel", "relationLabel", "objectLabel", "role", "condition", "modalityLabel")
        return [
            tuple(row.get(name, "") for name in names)
            for row in table(effects, "effects", document="Memo of my own", **values)
        ]

    cut = ("artificial intelligence", "lowers", "cost of computing", "by a third", "for startups only", "possible")
    held = ("cost of computing", "prevents", "uptake of AI", "", "", "asserted")
    made = ("GenAI4EU", "makes possible", "uptake of AI", "", "", "asserted")
    assert told(topic="cost-of-computing") == [cut, held]
    assert told(thing="uptake of AI") == [made, held]
    assert told(modality="conditional") == [cut]
    assert told(relation="euai:enables") == [made]
    assert told() == [made, cut, held]


COSTS = ["cost-of-computing", "compliance-costs", "cost-reduction"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("what does AI make cheaper", {"topic": COSTS}),
        ("wat verlaagt de kosten", {"topic": COSTS}),
        ("what lowers the cost of computing", {"topic": ["cost-of-computing"], "relation": ["euai:decreases"]}),
        ("wat maakt GenAI4EU mogelijk", {"thing": ["GenAI4EU"], "relation": ["euai:enables"]}),
        ("gevolgen van AI", {}),
    ],
)
def test_effects_are_found_in_plain_words(words: str, values: dict[str, list[str]], effects: Embedded) -> None:
    found = finding.Finder(effects).find(words)
    assert found.sure and found.candidates[0].question == "effects"
    assert {name: given for name, given in found.candidates[0].values.items() if name != "lang"} == values


def test_who_took_part_in_an_event_is_no_target_group(effects: Embedded) -> None:
    (meeting,) = [row for row in table(effects, "dialogues") if row["thingLabel"] == "Meeting of mine"]
    assert (meeting["withLabels"], meeting["forLabels"]) == ("European AI startups", "Researchers")
    (event,) = table(effects, "events", thing="Meeting of mine")
    assert event["withLabels"] == "European AI startups"
    assert [row["memberLabel"] for row in table(effects, "members", thing="Meeting of mine")] == [
        "European AI startups"
    ]
    assert "Meeting of mine" in [row["thingLabel"] for row in table(effects, "dialogues", for_="European AI startups")]
    card = ask.card(effects, "Meeting of mine", "nl")
    assert ("heeft als deelnemer", "who") in {(group.heading, group.section) for group in card.groups}


# Exports of what is stated in some way only


def one_of_mine(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/mine/{name}")


def of_passages(engine: Embedded) -> tuple[dict[str, set[Triple]], dict[str, str]]:
    """Return the triples of each named graph, and the modality of those that are passages."""
    graphs: dict[str, set[Triple]] = {}
    for quad in engine.store:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name.value, set()).add(quad.triple)
    rows = engine.select("SELECT ?passage ?modality { ?passage a euai:Passage ; euai:modality ?modality }").to_dicts()
    return graphs, {str(row["passage"]): str(row["modality"]).rpartition("/")[2] for row in rows}


def exported(engine: Embedded, form: str, **wanted: object) -> bytes:
    part = export.Part(**wanted)  # type: ignore[arg-type]
    made = export.written(engine, part, export.chosen(engine, part), part.form(None, form))
    assert made is not None
    return b"".join(made)


@pytest.mark.parametrize("wanted", [("asserted",), ("planned",), ("required", "proposed"), ("conditional",)])
def test_a_limited_export_holds_what_is_stated_so_and_nothing_that_only_others_state(
    wanted: tuple[str, ...], engine: Embedded
) -> None:
    graphs, modalities = of_passages(engine)
    kept = {code.value.rpartition("/")[2] for code in stated.codes(engine, wanted)}
    others = {passage for passage, code in modalities.items() if code not in kept}
    so = {triple for name, triples in graphs.items() if name not in others for triple in triples}
    flat = {quad.triple for quad in parse(exported(engine, "ntriples", modalities=wanted), RdfFormat.N_TRIPLES)}
    assert flat <= so
    own = {triple for passage, code in modalities.items() if code in kept for triple in graphs.get(passage, ())}
    own = {triple for triple in own if not triple.predicate.value.endswith("type")}  # which may be disputed
    assert own and flat >= own
    entities = graphs["https://w3id.org/euaikg/graph/entities"]
    assert flat >= {triple for triple in entities if triple.predicate.value.endswith("prefLabel")}
    assert not {triple.subject.value for triple in flat if isinstance(triple.subject, NamedNode)} & others
    stating = NamedNode(EUAI + "statedIn")
    assert not {t.object.value for t in flat if t.predicate == stating and isinstance(t.object, NamedNode)} & others
    named = list(parse(exported(engine, "nquads", modalities=wanted), RdfFormat.N_QUADS))
    assert {quad.triple for quad in named} >= flat
    assert not {quad.graph_name.value for quad in named if isinstance(quad.graph_name, NamedNode)} & others


@pytest.mark.parametrize("form", ["turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads", "jsonld-graphs"])
def test_a_limited_export_says_in_itself_what_it_holds_and_is_read_again(form: str, rated: Embedded) -> None:
    made = exported(rated, form, modalities=["planned"])
    assert b"only what they state as planned, intended, laid-down, under-way." in made
    assert b"only what they state as" not in exported(rated, form)
    kind = {
        "turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS,
        "jsonld-graphs": RdfFormat.JSON_LD,
    }[form]  # fmt: skip
    read = {quad.triple for quad in parse(made, kind, base_iri="https://example.org/")}
    assert Triple(one_of_mine("rate"), NamedNode(EUAI + "amount"), Literal(5_000_000_000)) in read
    assert not [triple for triple in read if triple.subject == one_of_mine("sum")]


def test_parts_and_tables_are_limited_too(rated: Embedded, tmp_path: Path) -> None:
    whole = exported(rated, "ntriples", about="GenAI4EU").decode()
    plans = exported(rated, "ntriples", about="GenAI4EU", modalities=["intended"]).decode()
    assert "mine/number>" in plans and "mine/sum>" not in plans
    assert {*plans.splitlines()[1:]} <= {*whole.splitlines()}
    said = exported(rated, "turtle", document="Memo of my own", modalities=["asserted"]).decode()
    assert "mine/sum" in said and "mine/rate" not in said
    records = exported(rated, "turtle", document="Memo of my own", modalities=["asserted"], records=True).decode()
    assert ".relation-" not in records  # what is asserted there is no plain relation
    records = exported(rated, "turtle", document="Memo of my own", modalities=["planned"], records=True).decode()
    assert ".relation-" in records
    part = export.Part(modalities=["asserted"])
    export.written(rated, part, export.chosen(rated, part), "csv", tmp_path / "tables")
    assert "only what they state as asserted." in (tmp_path / "tables" / "Dataset.csv").read_text()
    assert "mine/rate" not in (tmp_path / "tables" / "FundingStatement.csv").read_text()
    with pytest.raises(QueryError, match="would look true in one graph"):
        exported(rated, "turtle", modalities=["denied"])
    assert b"as denied." in exported(rated, "trig", modalities=["denied"])
    with pytest.raises(QueryError, match="--modality goes with neither"):
        exported(rated, "jsonld", modalities=["asserted"], view="body")
    with pytest.raises(QueryError, match=r"“planed” is not one of .*; nearest: planned"):
        exported(rated, "turtle", modalities=["planed"])


@pytest.mark.parametrize("code", ["denied", "ended", "refuted"])
def test_what_is_not_so_by_any_name_is_in_no_single_graph(code: str, tmp_path: Path) -> None:
    said = own({"not": (code, "body:ai-office euai:cooperatesWith body:council .")})
    refuted = """modality:refuted a skos:Concept ; skos:inScheme <https://w3id.org/euaikg/id/modality> ;
      skos:broader modality:denied ; skos:prefLabel "refuted"@en, "weerlegd"@nl .\n"""
    engine = graph(tmp_path, said + refuted)
    subject, property_, value = (
        BASE + name for name in ("id/body/ai-office", "ontology#cooperatesWith", "id/body/council")
    )
    triple = Triple(NamedNode(subject), NamedNode(property_), NamedNode(value))
    assert engine.run(f"ASK {{ GRAPH ?passage {{ <{subject}> <{property_}> <{value}> }} }}") is True
    assert triple not in {quad.triple for quad in parse(exported(engine, "ntriples"), format=RdfFormat.N_TRIPLES)}
    for name, values in [("describe-document", {"document": "Memo of my own"}), ("relation-records", {})]:
        triples = ask.question(engine, name, values).answer
        assert isinstance(triples, Triples)
        assert triple not in triples.triples, name
