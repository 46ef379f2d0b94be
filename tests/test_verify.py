"""Claims are held against what documents say: 300 made from the data, and one for each rule by hand."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

import euaikg
from euaikg.errors import EuaikgError
from euaikg.graph import access
from euaikg.questions import claims as parts
from euaikg.questions import held, verify
from tests.claims import claims

pytestmark = pytest.mark.usefixtures("built")  # the graph is built before

ALTERED = ("other", "plan for fact", "absent")


@pytest.mark.slow
def test_three_hundred_claims() -> None:
    engine = access.open_engine()
    wrong, lies = [], []
    made = claims()
    for claim in made:
        found = verify.verify(engine, claim.thing, claim.says, claim.value, **claim.more).verdict
        if found not in claim.right:
            wrong.append((claim, found))
        if found == "stated" and claim.how.startswith(ALTERED):
            lies.append(claim)
    assert len(made) == 300
    assert not lies, lies
    assert len(wrong) <= 6, wrong  # 98 of 100 are right


@pytest.mark.parametrize(
    ("claim", "more", "verdict"),
    [
        (("GenAI4EU", "allocated", "nearly 700 million EUR"), {"when": "2024-2027"}, "stated"),
        (("GenAI4EU", "allocated", "bijna € 700 mln"), {}, "stated"),
        (("GenAI4EU", "allocated", 700_000_000), {"unit": "euro"}, "stated"),
        (("GenAI4EU", "allocated", "more than 700 million EUR"), {}, "contradicted"),
        (("GenAI4EU", "allocated", "650 million EUR"), {}, "not recorded"),
        (("GenAI4EU", "allocated", "700 million USD"), {}, "contradicted"),
        (("GenAI4EU", "allocated", "700 million EUR"), {"when": "2021-2027"}, "contradicted"),
        (("GenAI4EU", "allocated", "700 million EUR"), {"as_of": "2024-12-31"}, "not recorded"),
        (("GenAI4EU", "estimated support", "500 million"), {}, "replaced since"),
        (("GenAI4EU", "estimated support", "500 million"), {"as_of": "2024-12-31"}, "stated as a plan"),
        (("GenAI4EU", "launched"), {}, "stated as a plan"),
        (("AI Act", "in force", "2024-08-01"), {}, "stated"),
        (("AI-verordening", "in force", "2024-09-01"), {}, "contradicted"),
        (("AI Act", "status", "in force"), {"when": "by 2024"}, "stated"),
        (("ALT-EDIC", "target", "in 2024"), {}, "replaced since"),
        (("ALT-EDIC", "target", "in 2024"), {"as_of": "2024-01-31"}, "stated as a plan"),
        (("ALT-EDIC", "target", "in 2024"), {"as_of": "2024-12-31"}, "replaced since"),
        (("AI Office", "implements", "AI Act"), {"as_of": "2024-01-31"}, "stated as a plan"),
        (("AI Office", "implements", "AI Act"), {}, "stated"),
        (("AI Office", "implements", "Data Act"), {}, "not recorded"),
    ],
)
def test_a_claim_gets_its_verdict(claim: tuple[str, ...], more: dict[str, str], verdict: str) -> None:
    found = euaikg.verify(*claim, **more)  # type: ignore[arg-type]
    assert found.verdict == verdict
    assert bool(found.evidence) == (verdict != "not recorded" or bool(found.passages))


@pytest.mark.parametrize(
    ("claim", "more", "sentence"),
    [
        (("GenAI5EU!", "allocated", "1"), {}, "Nearest: GenAI4EU"),
        (("GenAI4EU", "alocatedness", "1"), {}, "Nearest: allocated, "),
        (("GenAI4EU", "allocated", "1 million XYZ"), {}, "no unit or currency that the graph knows. Nearest: "),
        (("GenAI4EU", "allocated", "lots"), {}, "“lots” is no figure"),
        (("GenAI4EU", "allocated", ""), {}, "value: it is empty"),
        (("GenAI4EU", "allocated"), {}, "a claim about a figure says which"),
        (("AI Act", "in force", "2024-02-30"), {}, "Nearest: 2024-02-29, 2024-02-28, 2024-03-01"),
        (("AI Act", "in force", "2024-Q5"), {}, "Nearest: 2024-Q4, 2024-Q3, 2024-Q2"),
        (("AI Act", "in force"), {"as_of": "2024-13"}, "Nearest: 2024-12, 2024-11, 2024-10"),
        (("AI Office", "implements", "AI Akt"), {}, "Nearest: "),
        (("body:ai-ofice", "implements", "AI Act"), {}, "Nearest: body:ai-office"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(
    claim: tuple[str, ...], more: dict[str, str], sentence: str
) -> None:
    with pytest.raises(EuaikgError) as refused:
        euaikg.verify(*claim, **more)  # type: ignore[arg-type]
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "exact", "unit"),
    [
        ("€ 2.1 bn", 2_100_000_000, "EUR"),
        ("2,1 miljard euro", 2_100_000_000, "EUR"),
        ("700,000,000 EUR", 700_000_000, "EUR"),
        ("700 000 000", 700_000_000, ""),
        ("700.000.000 EUR", 700_000_000, "EUR"),
        ("15 %", 15, "percent"),
        ("EUR 485 m", 485_000_000, "EUR"),
        ("13", 13, ""),
    ],
)
def test_figures_are_read_as_they_are_written(typed: str, exact: int, unit: str) -> None:
    found = parts.amount(access.open_engine(), typed)
    assert found.exact == exact
    assert found.unit.rpartition("/")[2] == unit


def test_what_is_disputed_is_what_the_rules_derive() -> None:
    engine = access.open_engine()
    rows = engine.select(
        "SELECT ?statement ?day { ?d euai:involvesStatement ?statement OPTIONAL { ?d euai:disputedFrom ?day } }"
    ).to_dicts()
    derived = {(str(row["statement"]), row["day"]) for row in rows if row["day"]}
    statements = [NamedNode(str(row["statement"])) for row in rows]
    lang = [Literal("en")]
    found = held.asked(engine, verify.DIFFERING, None, statement=statements, lang=lang)
    told = {(str(row["statement"]), row["disputedOn"]) for row in found if row["how"] == "disputed"}
    assert told <= derived
    assert len({one for one, _ in told}) > 0.9 * len({one for one, _ in derived})
    day = min(when for _, when in told if isinstance(when, date))
    earlier = held.asked(engine, verify.DIFFERING, day, statement=statements, lang=lang)
    assert {row["disputedOn"] for row in earlier if row["how"] == "disputed"} == {day}
