"""The topics form a tree that can be looked over, and a broad topic asks for what is narrower."""

from __future__ import annotations

from collections import Counter

import pytest

from euaikg.questions import ask
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded

TOPICS = "<https://w3id.org/euaikg/id/topic>"
SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
TOPS, CHILDREN, LEVELS = 25, 20, 3


def pairs(engine: Embedded, pattern: str) -> list[tuple[str, str]]:
    rows = engine.select(f"{SKOS}SELECT ?one ?other {{ {pattern} }}").to_dicts()
    return [(str(row["one"]), str(row["other"])) for row in rows]


def test_the_tree_of_topics_can_be_looked_over(engine: Embedded) -> None:
    all_of = {one for one, _ in pairs(engine, f"?one skos:inScheme {TOPICS} BIND({TOPICS} AS ?other)")}
    tops = {one for one, _ in pairs(engine, f"?one skos:topConceptOf {TOPICS} BIND({TOPICS} AS ?other)")}
    above = pairs(engine, f"?one skos:broader ?other . ?other skos:inScheme {TOPICS}")
    assert 2 <= len(tops) <= TOPS
    assert max(Counter(upper for _, upper in above).values()) <= CHILDREN
    assert max(Counter(lower for lower, _ in above).values()) == 1
    reached, levels = set(tops), 1
    while lower := {one for one, upper in above if upper in reached} - reached:
        reached |= lower
        levels += 1
    assert reached == all_of
    assert levels <= LEVELS


@pytest.mark.parametrize("broad", ["topic:spaceflight", "topic:robots", "topic:medicines"])
def test_a_broad_topic_asks_for_what_is_narrower(engine: Embedded, broad: str) -> None:
    iri = broad.replace("topic:", TOPICS[1:-1] + "/")
    narrower = {one for one, _ in pairs(engine, f"?one skos:broader* ?other FILTER(?other = <{iri}>)")}
    found = rows(engine, sector=broad)
    assert found == {row for row in rows(engine) if row[0] in narrower}
    assert len({topic for topic, _, _ in found}) > 1


def rows(engine: Embedded, **values: str) -> set[tuple[str, str, str]]:
    answer = ask.question(engine, "topics-over-time", {"atLeast": "1", **values}).answer
    assert isinstance(answer, Table)
    return {(str(row["sector"]), str(row["document"]), str(row["things"])) for row in answer.to_dicts()}
