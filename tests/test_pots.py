"""Who adds up the rows of questions about money is told which of them are about one pot."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from euaikg.questions import ask
from euaikg.rdf.terms import Native, text
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

ASKED: list[tuple[str, dict[str, str]]] = [
    ("funding-by-funder", {}),
    ("funding-by-funder", {"by": "EU Member States"}),
    ("funding-by-funder", {"category": "private", "asOf": "2025-12-31"}),
    ("funding-by-initiative", {}),
    ("funding-by-initiative", {"asOf": "2024-12-31"}),
    ("funding-by-initiative", {"document": "COM(2025) 165"}),
    ("funding-by-programme", {}),
    ("funding-by-sector", {}),
    ("funding-by-sector", {"asOf": "2024-12-31"}),
    ("funding-by-sector", {"document": "COM(2025) 723"}),
    ("funding-by-sector", {"sector": "health"}),
    ("funding-by-period", {}),
    ("funding-by-period", {"from": "2025", "until": "2026"}),
    ("funding-by-period", {"from": "2023"}),
    ("funding-by-period", {"until": "2022"}),
    ("funding-by-period", {"until": "2024-01-01"}),
    ("funding-by-period", {"document": "COM(2025) 165", "asOf": "2025-12-31"}),
    ("funding-parts", {}),
    ("largest-amounts", {}),
    ("market-figures", {}),
    ("money-of", {}),
    ("money-of", {"mode": "allocated", "asOf": "2025-12-31"}),
    ("who-funds-what", {}),
    ("who-funds-what", {"atLeast": "1000000000", "document": "COM(2024) 28"}),
]


def rows(engine: Embedded, name: str, values: dict[str, str]) -> list[dict[str, Native]]:
    answer = ask.question(engine, name, values).answer
    assert isinstance(answer, Table)
    return answer.to_dicts()


@pytest.mark.parametrize(("name", "values"), ASKED, ids=str)
def test_each_row_says_how_many_are_about_its_pot(name: str, values: dict[str, str], engine: Embedded) -> None:
    found = rows(engine, name, values)
    pot = "part" if name == "funding-parts" else "envelope"
    there = Counter(row[pot] for row in found)
    assert found
    assert [row["potRows"] for row in found] == [there[row[pot]] for row in found]


@pytest.mark.parametrize("name", ["funding-by-funder", "funding-by-initiative", "funding-by-programme"])
@pytest.mark.parametrize("bound", ["low", "high"])
def test_divided_by_it_a_sum_counts_each_pot_once(name: str, bound: str, engine: Embedded) -> None:
    """And what a pot has is what the question about all its money has."""
    found = [row for row in rows(engine, name, {}) if not row["perLabel"] and row[bound] is not None]
    once = {(row["envelope"], row["currency"]): Decimal(str(row[bound])) for row in found}
    summed = sum(Decimal(str(row[bound])) / Decimal(str(row["potRows"])) for row in found)
    assert round(summed) == sum(once.values())
    assert round(summed) < sum(Decimal(str(row[bound])) for row in found)
    said: dict[tuple[Native, Native], list[Decimal]] = {}
    for row in rows(engine, "money-of", {}):
        if not row["superseded"] and not row["perLabel"] and row[bound] is not None:
            said.setdefault((row["envelope"], row["currency"]), []).append(Decimal(str(row[bound])))
    assert once == {pot: (min if bound == "low" else max)(said[pot]) for pot in once}


def test_it_is_told_beside_the_table_and_in_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    done = run("query", "funding-by-funder", "--category", "private")
    assert "rows of the pot" in done.stdout.splitlines()[0]
    assert "9 of the 10 rows are about pots that stand in several rows: add each pot once.\n" in done.stderr
    done = run("query", "funding-by-funder", "--category", "private", "--lang", "nl")
    assert "rijen van de pot" in done.stdout.splitlines()[0]
    assert "9 van de 10 rijen gaan over potten die in meer rijen staan: tel elke pot eenmaal.\n" in done.stderr
    alone = run("query", "funding-by-funder", "--by", "EU Member States")
    assert "rows of the pot" not in alone.stdout
    assert "add each pot once" not in alone.stderr
    for form, told in (("csv", "envelopeLabel,potRows,low,"), ("json", '"potRows":')):
        assert told in run("query", "funding-by-funder", "--category", "private", "--format", form).stdout


def test_the_name_of_a_pot_gives_no_years_that_no_passage_gives(engine: Embedded) -> None:
    named = engine.select(
        """SELECT ?name ?period WHERE {
          ?pot a euai:FundingEnvelope ; skos:prefLabel|skos:altLabel|euai:shortName ?name .
          FILTER(REGEX(?name, "20[0-9]{2}-20[0-9]{2}|(until|tot en met) 20[0-9]{2}"))
          OPTIONAL { ?statement euai:aboutEnvelope ?pot ; euai:coversPeriod ?period }
        }"""
    ).rows
    assert named
    assert not [text(name) for name, period in named if period is None]
