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
from euaikg.sparql.embedded import Embedded
from tests.claims import claims

pytestmark = pytest.mark.usefixtures("in_memory")

ALTERED = ("other", "plan for fact", "absent")


@pytest.mark.slow
def test_three_hundred_claims(engine: Embedded) -> None:
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
        (("ALT-EDIC", "target", "in 2024"), {}, "stated as a plan"),  # setting up and starting are two steps
        (("ALT-EDIC", "target", "in 2024"), {"as_of": "2024-01-31"}, "stated as a plan"),
        (("AI Office", "implements", "AI Act"), {"as_of": "2024-01-31"}, "stated as a plan"),
        (("AI Office", "implements", "AI Act"), {}, "stated"),
        (("AI Office", "implements", "Data Act"), {}, "not recorded"),
    ],
)
def test_a_claim_gets_its_verdict(claim: tuple[str, ...], more: dict[str, str], verdict: str) -> None:
    found = euaikg.verify(*claim, **more)  # type: ignore[arg-type]
    assert found.verdict == verdict
    assert bool(found.evidence) == (verdict != "not recorded" or bool(found.passages))


EUROHPC = "Union contribution to EuroHPC from Horizon Europe"
HIGH_RISK = "AI Act rules on high-risk AI systems"


@pytest.mark.parametrize(
    ("claim", "more", "verdict", "sides"),
    [
        # a stage is asked for by a target whose condition names it, and a deadline is one day, not a period
        (("AI regulatory sandboxes", "operational", "by 2027-08-02"), {}, "stated as a plan", {"for"}),
        (("AI regulatory sandboxes", "operational", "2027-08-02"), {}, "stated as a plan", {"for", "earlier"}),
        (("AI regulatory sandboxes", "operational", "by 2026-08"), {}, "replaced since", {"for", "later"}),
        (("AI regulatory sandboxes", "operational", "until 2026-08"), {}, "replaced since", {"for", "later"}),
        (("AI regulatory sandboxes", "operational", "2026-08"), {"as_of": "2025"}, "stated as a plan", {"for"}),
        (("AI regulatory sandboxes", "operational", "by 2029"), {}, "not recorded", {"other"}),
        (("AI regulatory sandboxes", "operational", "2029"), {}, "contradicted", {"against", "earlier"}),
        (("Increase cloud and data centre capacity in a geographically balanced manner", "target", "2030"), {},
         "not recorded", {"other"}),
        (("AI Act", "in force", "by 2026"), {}, "stated", {"for", "against"}),
        (("AI Act", "in force", "since 2024-08-01"), {}, "stated", {"for", "against"}),
        (("AI Act", "in force", "on 2024-08-01"), {}, "stated", {"for", "against"}),
        (("Digital Competence Framework for Citizens", "published", "by 2025"), {}, "stated as a plan", {"for"}),
        # replaced is what the graph says is replaced: by a later figure, or by a law that sets another date
        (("AI-gigafactories", "ai gigafactories", 5), {}, "stated as a plan", {"for", "later"}),
        (("AI-gigafactories", "mobilisation target", "20 billion EUR"), {}, "stated as a plan", {"for", "later"}),
        (("EuroHPC JU", "number of participating states", 33), {}, "stated", {"for", "later"}),
        (("EU robotics industry", "industrial robots installed", 82000), {"when": "2021"}, "stated", {"for", "later"}),
        (("Experience Centres for AI", "started", "2025-12"), {}, "stated as a plan", {"for", "against"}),
        ((HIGH_RISK, "applicable", "2027-12-02"), {}, "stated as a plan", {"for", "earlier"}),
        ((HIGH_RISK, "applicable", "2026-08-02"), {}, "replaced since", {"for", "later"}),
        (("EuroHPC JU", "allocated", "3081.3 million EUR"), {}, "replaced since", {"for", "later"}),
        # other people, parts, pots, days and rates, earlier plans and bounds that allow it exclude nothing
        (("AI Office", "staff", 140), {}, "not recorded", {"earlier", "other"}),
        (("AI Office", "staff", 120), {}, "contradicted", {"against", "earlier"}),
        (("AI Office", "staff", 100), {}, "stated as a plan", {"for", "later"}),
        (("EuroHPC JU", "allocated", "4122.3 million EUR"), {}, "stated", {"for", "earlier"}),
        (("EuroHPC JU", "allocated", "4000 million EUR"), {}, "not recorded", {"earlier", "other"}),
        ((EUROHPC, "allocated", "1500 million EUR"), {}, "not recorded", {"earlier", "other"}),
        ((EUROHPC, "allocated", "1700 million EUR"), {}, "contradicted", {"against", "earlier"}),
        (("AI innovation package", "mobilisation target", "4.2 billion EUR"), {}, "not recorded", {"other"}),
        (("AI innovation package", "mobilisation target", "6 billion EUR"), {}, "contradicted", {"against", "other"}),
        (("Structured dialogues on AI", "dialogues", 19), {}, "not recorded", {"other"}),
        (("AI regulatory sandboxes", "regulatory sandboxes", 27), {}, "not recorded", {"other"}),
        (("LUMI", "rank among supercomputers of the world", 8), {"when": "2024"}, "not recorded", {"other"}),
        (("LUMI", "rank among supercomputers of the world", 12), {}, "contradicted", {"against", "earlier"}),
        (("AI-gigafactories", "AI processors", 50000), {}, "not recorded", {"other"}),
        (("Trade within the EU that language data could add", "market size", "500 billion EUR"), {},
         "not recorded", {"other"}),
        (("AI Office", "figure", 140), {}, "not recorded", {"earlier", "other"}),
        # what people write
        (("Article 99 of the AI Act (penalties)", "highest fine", "7.5 million EUR"), {}, "stated", {"for"}),
        (("Access to the EU's supercomputers", "training time of AI models", "6 to 9 months"), {}, "stated", {"for"}),
        (("EIT Deep Tech Talent Initiative", "people trained", "1 million"), {"when": "by 2025"},
         "stated as a plan", {"for"}),
        (("GenAI4EU", "allocated", "700 million EUR"), {"when": "by 2027"}, "not recorded", {"other"}),
        (("Tourism industry", "companies", "over 3 million"), {}, "stated", {"for"}),
        (("Tourism industry", "companies", "exactly 3 million"), {}, "not recorded", {"other"}),
        (("Report on the evaluation and review of the AI Act", "interval of reports", "48 months"), {},
         "stated as a plan", {"for"}),
        (("Report on the evaluation and review of the AI Act", "interval of reports", "36 months"), {},
         "contradicted", {"against"}),
        # a pot that no longer finances a thing says nothing of it
        (("Quantum computers", "allocated", "2142.3 million EUR"), {}, "not recorded", set()),
        (("Quantum computers", "allocated", "1981.3 million EUR"), {"as_of": "2022"}, "stated", {"for"}),
    ],
)  # fmt: skip
def test_only_what_is_said_of_the_same_is_against(
    claim: tuple[str, ...], more: dict[str, str], verdict: str, sides: set[str]
) -> None:
    found = euaikg.verify(*claim, **more)  # type: ignore[arg-type]
    assert (found.verdict, {one.side for one in found.evidence}) == (verdict, sides), str(found)


@pytest.mark.parametrize(
    ("claim", "lang", "says"),
    [
        (("GenAI4EU", "allocated", "700 million EUR"), "en", "allocated nearly EUR 700 m 2024–2027"),
        (("AI regulatory sandboxes", "operational"), "en", "operational until 2026-08"),
        (("AI regulatory sandboxes", "operational"), "nl", "operationeel tot en met 2026-08"),
        (("EuroHPC JU", "allocated", "320 million EUR"), "en",
         "allocated up to EUR 320 m (Union contribution to EuroHPC from the Connecting Europe Facility)"
         " [split given as an indication]"),
    ],
)  # fmt: skip
def test_evidence_reads_as_tables_do_and_names_the_pot(claim: tuple[str, ...], lang: str, says: str) -> None:
    assert euaikg.verify(*claim, lang=lang).evidence[0].says == says


def test_a_later_passage_is_told_by_what_it_says() -> None:
    found = euaikg.verify("AI regulatory sandboxes", "target", "2026-08")
    (later,) = (one.says for one in found.evidence if one.side == "later")
    assert later.startswith("by 2027-08-02 [operational")
    assert found.why == "a passage says so, and a later one took its place."
    assert "a later passage tells how it stands since" in euaikg.verify("AI Office", "staff", 100).why
    assert "it is said as: sought" in euaikg.verify("AI-gigafactories", "ai gigafactories", 7).why


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
