"""The documents are in the graph whole: what can be counted in them is counted here."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from euaikg.core import files
from euaikg.sparql.embedded import Embedded

PREFIXES = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX level: <https://w3id.org/euaikg/id/level/>
PREFIX measure: <https://w3id.org/euaikg/id/measure/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tier: <https://w3id.org/euaikg/id/tier/>
"""

ANNEXES = "<https://w3id.org/euaikg/source/com-2025-723-annexes/nl>"
PLAN = "https://w3id.org/euaikg/source/com-2025-165/nl#"


def values(engine: Embedded, question: str) -> list[list[object]]:
    return [list(row.values()) for row in engine.select(PREFIXES + question).to_dicts()]


def test_annex_1_lists_19_dialogues(engine: Embedded) -> None:
    rows = values(engine, "SELECT ?d ?level { ?d a euai:Dialogue ; euai:level ?level }")
    assert Counter(str(level).rsplit("/", 1)[1] for _, level in rows) == {"sectoral": 17, "high-level": 2}


def test_about_3175_people_took_part(engine: Embedded) -> None:
    rows = values(
        engine,
        "SELECT ?n ?hedge { ?s euai:measures measure:participants ; euai:numericValue ?n ; "
        "euai:qualifier/skos:notation|euai:qualifier ?hedge ; euai:aboutResource/a euai:Dialogue }",
    )
    assert len(rows) == 19
    assert sum(int(str(number)) for number, _ in rows) == 3175
    assert {str(hedge).rsplit("/", 1)[1] for _, hedge in rows} == {"about"}


def test_annex_3_has_70_actions_in_two_tiers(engine: Embedded) -> None:
    rows = values(engine, "SELECT DISTINCT ?a ?tier { ?a a euai:PlannedAction ; euai:tier ?tier }")
    assert len({action for action, _ in rows}) == len(rows) == 70
    assert Counter(str(tier).rsplit("/", 1)[1] for _, tier in rows) == {"flagship": 38, "other": 32}


def test_annex_3_has_70_rows_under_16_headings(engine: Embedded) -> None:
    rows = values(
        engine,
        f"SELECT DISTINCT ?row ?section {{ ?p euai:inExpression {ANNEXES} ; euai:annex '3' ; euai:tableRow ?row ; "
        "euai:section ?section }",
    )
    assert sorted({int(str(row)) for row, _ in rows}) == list(range(1, 71))
    assert len({section for _, section in rows}) == 16


def test_every_action_of_annex_3_has_one_target(engine: Embedded) -> None:
    rows = values(
        engine,
        f"SELECT ?row ?mode ?period {{ ?t a euai:TargetStatement ; euai:statedIn ?p ; euai:targetMode ?mode ; "
        f"euai:targetPeriod/skos:notation ?period . ?p euai:inExpression {ANNEXES} ; euai:tableRow ?row }}",
    )
    assert Counter(int(str(row)) for row, _, _ in rows) == Counter(range(1, 71))
    assert Counter(str(mode).rsplit("/", 1)[1] for _, mode, _ in rows) == {"in": 55, "from": 15}
    assert Counter(str(period) for _, _, period in rows) == HISTOGRAM


HISTOGRAM = {
    "2025-Q3": 1, "2025-Q4": 11, "2026": 2, "2026-Q1": 10, "2026-Q2": 10, "2026-Q3": 4, "2026-Q4": 20, "2027-Q1": 6,
    "2027-Q2": 1, "2027-Q3": 1, "2027-Q4": 4,
}  # fmt: skip


def test_the_action_plan_has_32_key_actions_and_4_parts(engine: Embedded) -> None:
    rows = values(engine, "SELECT DISTINCT ?p ?a { GRAPH ?p { ?t a euai:TargetStatement ; euai:aboutResource ?a } }")
    places = {str(place).removeprefix(PLAN) for place, _ in rows if str(place).startswith(PLAN)}
    everywhere = values(engine, f"SELECT DISTINCT ?p {{ ?p a euai:Passage FILTER(STRSTARTS(STR(?p), '{PLAN}')) }}")
    listed = {str(place).removeprefix(PLAN) for (place,) in everywhere}
    items = {place for place in listed if re.fullmatch(r"s[0-9-]+-actions-i[0-9]+", place)}
    parts = {place for place in listed if re.fullmatch(r"s[0-9-]+-actions-i[0-9]+-[0-9]+", place)}
    assert (len(items), len(parts)) == (32, 4)
    assert items <= places, f"without a target: {sorted(items - places)}"


def test_the_package_adds_up_as_the_sources_say(engine: Embedded) -> None:
    from euaikg.questions import ask
    from euaikg.sparql.answers import Table

    for as_of, low, high in (
        ("2024-12-31", 3_790_000_000, 3_810_000_000),
        ("2025-12-31", 3_920_000_000, 4_010_000_000),
    ):
        answer = ask.question(engine, "funding-total", {"asOf": [as_of]}).answer
        assert isinstance(answer, Table)
        (row,) = answer.to_dicts()
        assert (row["low"], row["high"], row["open"], row["silent"], row["overlapping"]) == (low, high, 0, 0, 0)


def test_what_a_document_gets_wrong_is_never_returned_unflagged(engine: Embedded) -> None:
    """Footnote 54 dates the prohibitions of the AI Act against its own other dates."""
    from euaikg.questions import ask
    from euaikg.sparql.answers import Table

    for name in ("status-timeline", "timeline"):
        answer = ask.question(engine, name, {"thing": ["AI Act rules on prohibited AI practices"]}).answer
        assert isinstance(answer, Table)
        slips = [row for row in answer.to_dicts() if row["period"] == "2026-02-02"]
        assert slips, name
        assert all(row["disputed"] is True for row in slips)


def test_few_passages_say_no_more_than_what_they_are_about(engine: Embedded) -> None:
    """Characters that are read for topics alone, without a condition or a day, and by no other passage for more.

    What a definition says is what its word is about.
    """
    topics = "(euai:concerns, euai:inSector, euai:targetGroup, euai:mentions)"
    bare = {
        str(passage)
        for (passage,) in values(
            engine,
            f"""SELECT ?passage {{
              ?passage a euai:Passage .
              FILTER EXISTS {{ GRAPH ?passage {{ ?s ?p ?o }} }}
              FILTER NOT EXISTS {{ GRAPH ?passage {{ ?one ?says ?other }} FILTER(?says NOT IN {topics})
                FILTER NOT EXISTS {{ GRAPH ?passage {{ ?one rdf:predicate ?stated }} FILTER(?stated IN {topics})
                  FILTER NOT EXISTS {{ ?one euai:condition|euai:validFrom|euai:validUntil ?limit }} }} }}
            }}""",
        )
    }
    of_definitions = """SELECT ?version ?article {
      ?whole a euai:Section ; dct:isPartOf ?version ; euai:section ?article ; dct:title ?title .
      FILTER(CONTAINS(?title, ": Definitions")) }"""
    definitions = {(version, article) for version, article in values(engine, of_definitions)}
    spans = values(
        engine,
        """SELECT ?passage ?text ?article ?start ?end ?says {
          ?passage a euai:Passage ; euai:inExpression ?text ; euai:span ?span .
          OPTIONAL { ?passage euai:section ?article }
          ?span euai:start ?start ; euai:end ?end .
          BIND(EXISTS { GRAPH ?passage { ?s ?p ?o } } AS ?says) }""",
    )
    whole, only, more = (defaultdict[object, set[int]](set) for _ in range(3))
    for passage, text, article, start, end, says in spans:
        read = range(int(str(start)), int(str(end)))
        whole[text].update(read)
        if says:
            is_bare = str(passage) in bare and (text, article) not in definitions
            (only if is_bare else more)[text].update(read)
    share = {str(text): len(only[text] - more[text]) / len(read) for text, read in whole.items()}
    assert len(share) == len(files.shipped("data/sources", ".trig"))
    assert max(share.values()) > 0.01
    assert {text for text, part in share.items() if part >= 0.03} == set()


def test_of_two_relations_between_the_same_things_a_passage_states_the_closer(engine: Embedded) -> None:
    """As docs/curating.md has it: partOf or provides, and no bare involves or mentions beside what says more."""
    both = "GRAPH ?passage { ?one euai:partOf ?other . ?other euai:provides ?one }"
    beside = """GRAPH ?passage { ?one ?vague ?other ; ?closer ?other }
      VALUES ?vague { euai:involves euai:mentions }
      VALUES ?closer { euai:partOf euai:provides euai:supports euai:uses euai:implements euai:cooperatesWith
        euai:establishedBy euai:hasMember euai:responsibleBody euai:advises euai:monitors euai:supervises }
      FILTER NOT EXISTS { GRAPH ?passage { ?said rdf:subject ?one ; rdf:predicate ?vague ; rdf:object ?other } }"""
    for pattern in (both, beside):
        assert values(engine, f"SELECT DISTINCT ?passage ?one ?other {{ {pattern} }}") == []
