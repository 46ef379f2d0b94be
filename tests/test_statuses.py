"""Stages and days: every question tells the same of them, on every day."""

from __future__ import annotations

from pathlib import Path

import pytest

from euaikg.core.vocab import EUAI, SOURCE
from euaikg.graph import build
from euaikg.questions import ask
from euaikg.sparql.embedded import Embedded

PREFIXES = (
    f"PREFIX euai: <{EUAI}> PREFIX dct: <http://purl.org/dc/terms/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
PRESS = "Press release of 24 January 2024"


def test_a_correction_holds_back_what_it_touches_and_nothing_else(engine: Embedded) -> None:
    query = (
        f"SELECT ?on (COUNT(*) AS ?n) {{ ?p a euai:Passage ; euai:statedAt <{SOURCE}ip-24-383> ; euai:statedOn ?on }} "
    )
    found = {str(row["on"]): row["n"] for row in engine.select(PREFIXES + query + "GROUP BY ?on").to_dicts()}
    assert found.keys() == {"2024-01-24", "2024-01-26"}
    assert found["2024-01-26"] == 2, "the date that was corrected, and the note that says so"
    figures = ask.question(engine, "figures", {"document": PRESS, "asOf": "2024-01-24"}).answer
    assert any(4_000_000_000 in row.values() for row in figures.to_dicts())
    stages = {"thing": "Commission Decision establishing the European AI Office"}
    assert not ask.question(engine, "status-timeline", stages | {"asOf": "2024-01-25"}).answer.rows
    (row,) = ask.question(engine, "status-timeline", stages | {"asOf": "2024-01-26"}).answer.to_dicts()
    assert str(row["source"]).endswith(", section Next Steps, paragraph 2, corrected 2024-01-26")


def test_a_correction_of_no_passage_in_particular_touches_the_whole_text(tmp_path: Path) -> None:
    own = tmp_path / "own.trig"
    version = f"{SOURCE}mine/en"
    own.write_text(f"""@prefix euai: <{EUAI}> . @prefix dct: <http://purl.org/dc/terms/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <{version}> euai:expressionOf <{SOURCE}mine> ; dct:issued "2030-01-01"^^xsd:date ; dct:modified "2030-02-01"^^xsd:date .
        <{version}#s1-p1> a euai:Passage ; euai:inExpression <{version}> ; euai:section "1" .""")
    query = f'{PREFIXES} ASK {{ <{version}#s1-p1> euai:statedOn "2030-02-01"^^xsd:date }}'
    assert ask.sparql(Embedded(build.build([own])), query).answer is True
