"""Cards: what a thing is first, each fact once with all who say so, and nothing lost."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

import euaikg
from euaikg.core.vocab import expand
from euaikg.graph import build
from euaikg.questions import cards, facts, lines, names
from euaikg.questions.cards import Card
from euaikg.rdf.terms import Term, text
from euaikg.sparql.embedded import Embedded
from tests.conftest import Run

SEVERAL_OF_EACH = """
SELECT ?kind (MIN(STR(?thing)) AS ?first) (MAX(STR(?thing)) AS ?last) WHERE { ?thing a ?kind } GROUP BY ?kind
"""
TRIPLES = """
SELECT DISTINCT ?way ?property ?other WHERE {
  { THING ?property ?other BIND("from" AS ?way) } UNION { ?other ?property THING BIND("to" AS ?way) }
}
"""
PASSAGES = """
SELECT DISTINCT ?other ?cited WHERE {
  { GRAPH ?passage { THING ?property ?other } } UNION { GRAPH ?passage { ?other ?property THING } }
  ?passage a euai:Passage ; dct:bibliographicCitation ?cited FILTER(LANG(?cited) = "en")
}
"""
LABELS = """
SELECT ?label WHERE {
  THING skos:prefLabel|rdfs:label|foaf:name|dct:bibliographicCitation|dct:title|skos:notation ?label
}
"""
DETAILS = """
SELECT DISTINCT ?property ?value WHERE {
  VALUES ?property {
    euai:status euai:effectiveIn euai:actor euai:targetMode euai:targetPeriod euai:measures euai:population
    euai:numericValue euai:fundingMode euai:coversPeriod euai:asOf euai:role euai:reason skos:editorialNote
    euai:restates euai:supersedesStatement rdf:subject rdf:object
  }
  GRAPH ?stating { THING a ?kind }
  GRAPH ?any { THING ?property ?value }
  FILTER(?kind IN (
    euai:StatusStatement, euai:TargetStatement, euai:QuantityStatement, euai:FundingStatement, euai:RelationStatement
  ))
}
"""
SAID = """
SELECT DISTINCT ?way ?property ?other ?passage ?modality ?speaker WHERE {
  { GRAPH ?passage { THING ?property ?other } BIND("from" AS ?way) }
  UNION { GRAPH ?passage { ?other ?property THING } BIND("to" AS ?way) }
  UNION { ?other ?property THING ; euai:statedIn ?passage BIND("to" AS ?way)
          FILTER(?property IN (euai:aboutResource, euai:aboutEnvelope, rdf:subject, rdf:object)) }
  ?passage a euai:Passage ; euai:modality/skos:prefLabel ?modality FILTER(LANG(?modality) = "en")
  OPTIONAL { ?passage euai:attributedTo/skos:prefLabel ?speaker FILTER(LANG(?speaker) = "en") }
}
"""
NAMED = """
SELECT ?name WHERE { THING skos:prefLabel|rdfs:label ?name FILTER(LANG(?name) IN ("en", "")) }
"""
FIGURES = """
SELECT ?property ?value ?name WHERE {
  VALUES ?property {
    euai:status euai:targetMode euai:measures euai:numericValue euai:valueMin euai:valueMax euai:unit euai:qualifier
    euai:amount euai:amountMin euai:amountMax euai:currency euai:fundingMode
  }
  THING ?property ?value
  OPTIONAL { ?value skos:notation ?code FILTER(?property = euai:currency) }
  OPTIONAL { ?value skos:prefLabel ?label FILTER(LANG(?label) = "en") }
  BIND(COALESCE(?code, ?label, ?value) AS ?name)
}
"""
DISPUTED = "SELECT ?case WHERE { ?case euai:involvesStatement THING ; euai:disputedFrom ?day }"
STATING = ("euai:aboutResource", "euai:aboutEnvelope", "rdf:subject", "rdf:object")
PLACED = {"euai:finances", "euai:hasFunder", "euai:channelledBy", "skos:prefLabel", "skos:altLabel", "skos:definition"}
MONEY = re.compile(r"(?<=[A-Z]{3} )([\d ]*\d(?:\.\d+)?)(?: to ([\d ]*\d(?:\.\d+)?))?(?: (tn|bn|m)\b)?")


@cache
def asked(engine: Embedded, query: str, thing: Term | None) -> list[tuple[Term | None, ...]]:
    return engine.select(query.replace("THING", str(thing))).rows


@cache
def words(engine: Embedded, term: Term | None) -> list[set[str]]:
    """Return, for what ``term`` stands for on a card, sets of words of each of which one must be there."""
    if isinstance(term, Literal):
        return [{text(term)}]
    assert isinstance(term, NamedNode)
    details = asked(engine, DETAILS, term)
    if not details:
        return [{text(label) for (label,) in asked(engine, LABELS, term)} | {term.value, text(term)}]
    said = (value for _, value in details if not isinstance(value, Literal) or value.language in (None, "en"))
    return [wanted for value in said for wanted in words(engine, value)]


def lost(engine: Embedded, card: Card) -> list[str]:
    """Return what the graph holds about a thing and its ``card``, wholly shown, does not."""
    thing, shown = NamedNode(card.iri), card.text(100_000, whole=True)
    found = []
    triples = asked(engine, TRIPLES, thing)
    english = {row[1] for row in triples if isinstance(row[2], Literal) and row[2].language == "en"}
    flat = f"{shown}\n{unshortened(shown)}".replace("–", "--")
    for _, property_, other in triples:
        if isinstance(other, Literal) and other.language not in (None, "en") and property_ in english:
            continue
        for wanted in words(engine, other):
            if not any(word.replace("–", "--") in flat for word in wanted):
                found.append(f"{text(property_)} {min(wanted)}")
    listed = shown.partition("\nsources\n")[2]
    said: dict[str | None, set[str]] = {}
    for line in (line for group in card.groups for line in group.lines):
        said.setdefault(line.thing, set()).update(card.sources[number - 1].text for number in line.sources)
    for other, cited in asked(engine, PASSAGES, thing):
        place = text(cited)
        in_line = place in said.get(text_of(other), ()) or asked(engine, DETAILS, other) or isinstance(other, Literal)
        if not in_line or not all(part in listed for part in place.split(", ", 1)):
            found.append(f"{text(other)} [{place}]")
    return found


def money_in(line: str) -> set[float]:
    """Return the sums of money that stand in ``line``, written out."""
    sizes = {"tn": 10**12, "bn": 10**9, "m": 10**6}
    return {
        round(float(figure.replace(" ", "")) * sizes.get(size, 1))
        for *figures, size in MONEY.findall(line)
        for figure in filter(None, figures)
    }


def unshortened(line: str) -> str:
    """Return ``line`` with "1 million" as "1 000 000"."""
    sizes = {"million": 6, "billion": 9, "trillion": 12}
    return re.sub(
        r"(\d+(?:\.\d+)?) (million|billion|trillion)\b",
        lambda match: f"{int(Decimal(match[1]).scaleb(sizes[match[2]])):,}".replace(",", " "),
        line,
    )


def figures_missing(engine: Embedded, statement: Term | None, line: str) -> bool:
    """Say whether ``line`` lacks a figure of ``statement``, its hedge or its unit."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for property_, value, said in asked(engine, FIGURES, statement):
        told = (text_of(value).rpartition("/")[2], text_of(said))
        parts.setdefault(text(property_).removeprefix("euai:"), []).append(told)
    hedge = parts.get("qualifier", [("exact", "")])[0][0]
    unsaid_units = {"count": "", "rank": "", "percent": "%", "factor": "times"}
    for name, found in parts.items():
        for code, word in found:
            if name.startswith("amount"):
                is_there = round(float(word.replace(" ", ""))) in money_in(line)
            elif name == "qualifier":
                is_there = hedge in ("exact", "range", "order-of-magnitude") or word in line
            elif name == "numericValue":
                is_there = hedge == "order-of-magnitude" or bool(
                    re.search(rf"(?<![\d.]){re.escape(word)}(?![\d.]| \d)", unshortened(line))
                )
            else:
                is_there = (unsaid_units.get(code, word) if name == "unit" else word) in line
            if not is_there:
                return True
    return False


def unsaid(engine: Embedded, card: Card) -> list[str]:
    """Return what the text of a ``card``, wholly shown, does not say of its facts as the passages do.

    A fact stands under its heading, with how sure each passage is, in whose words, and whether it is disputed; the line
    of a statement has its figures with hedge and unit.
    """
    thing, shown = NamedNode(card.iri), card.text(100_000, whole=True).partition("\nsources\n")[0]
    column = max(len(group.heading) for group in card.groups) + 2
    heading, printed, found = "", [], []
    for line in shown.partition("\n\n")[2].splitlines():
        heading = line[:column].strip() or heading
        printed.append((heading, *line[column:].partition(" — ")[::2]))
    numbers = {passage: source.number for source in card.sources for passage in source.passages}
    told = facts.words()["en"]
    for way, property_, other, passage, modality, speaker in asked(engine, SAID, thing):
        name, kind = text(property_), asked(engine, DETAILS, other)
        is_stated = bool(kind) and text(way) == "to" and name in STATING
        if name in PLACED or (isinstance(other, Literal) and other.language not in (None, "en")):
            continue
        called = (
            {told["labels"].get(name)} - {None} or {text(row[0]) for row in asked(engine, NAMED, property_)} or {name}
        )
        if text(way) == "to":
            called = {told["inverse"].get(name)} - {None} or {f"← {one}" for one in called}
        called |= {"dates and targets"} if name in facts.words()["dated"] else set()
        by = rf" \({re.escape(text(speaker))}\)" if speaker else ""
        behind = re.compile(rf"(^|, ){text(modality)}{by} \[(\d+ )*{numbers.get(text_of(passage), 'no number')}[ \]]")
        named = [] if kind else words(engine, other)
        is_disputed = is_stated and bool(asked(engine, DISPUTED, other))
        if not any(
            (is_stated or under in called)
            and under != "disputed"
            and behind.search(how)
            and all(any(word in text_of_line for word in wanted) for wanted in named)
            and not (is_stated and figures_missing(engine, other, text_of_line))
            and (not is_disputed or how.endswith("; disputed"))
            for under, text_of_line, how in printed
        ):
            found.append(f"{text(way)} {name} {text(other)}: {text(modality)}{by} {sorted(called)}")
    return found


def text_of(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else text(term)


def things(engine: Embedded) -> list[NamedNode]:
    """Return the first and the last thing of each class, and those that most is said of."""
    rows = engine.select(SEVERAL_OF_EACH).rows
    found = {value.value for row in rows for value in row[1:] if isinstance(value, Literal)}
    named = {expand(name) or "" for name in ("init:ai-factories", "body:ai-office", "act:ai-act")}
    return [NamedNode(iri) for iri in sorted(found | named) if iri.startswith("http")]


@pytest.mark.slow
def test_nothing_about_a_thing_is_lost(engine: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "HEADINGS", 1000)
    missing = {}
    for thing in things(engine):
        made = cards.card(engine, thing)
        if not_there := [*lost(engine, made), *unsaid(engine, made)]:
            missing[text(thing)] = not_there
    assert not missing, "\n".join(f"{iri}: {those}" for iri, those in missing.items())


def card(engine: Embedded, name: str, *more: Any) -> Card:
    return cards.card(engine, names.resolve(engine, name), *more)


def said(card: Card, key: str) -> list[str]:
    """Return the lines of a section of ``card``, those below others too, with how sure they are."""
    flat = (part for group in card.group(key) for line in group.lines for part in line.lines)
    return [" ".join([part.text, *sorted({saying.modality for saying in part.sayings})]) for part in flat]


@pytest.mark.slow
@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize(
    "name", ["AI Factories", "ALT-EDIC", "act:ai-act", "COM(2025) 165", "European Commission", "topic:supercomputing"]
)
def test_a_card_fits(name: str, width: int, engine: Embedded) -> None:
    made = card(engine, name)
    shown = made.text(width)
    assert all(len(line) <= width or len(line.split()[-1]) > width - 26 for line in shown.splitlines())
    assert len(shown.splitlines()) <= (98 if width >= 100 else 104)
    wide = made.text(100_000)
    for group in made.groups:
        hidden = re.findall(rf"… (\d+) more: --section {re.escape(group.key)}$", wide, re.MULTILINE)
        there = [line.text[:400] in wide for line in group.lines]  # what is longer is cut, and says so
        if group.section != "kept":
            assert sum(there) + sum(map(int, hidden)) >= len(group.lines), group.key
            assert bool(hidden) or all(there), group.key


def test_a_card_of_few_facts_says_all_it_has(engine: Embedded) -> None:
    made = card(engine, "LUMI")
    assert made.text().splitlines() == [
        "LUMI (supercomputer)",
        "https://w3id.org/euaikg/id/infrastructure/lumi",
        "supercomputer: A high-performance computer, or a set of them spoken of together.",
        "",
        "figures            rank among supercomputers of the world: 1 to 10, 2024-01-24 — asserted [1]",
        "                   rank among supercomputers of the world: 8, 2025-04-09 — asserted [2]",
        "both can be right  Ranks of EuroHPC supercomputers (later state)",
        "",
        "page               https://www.top500.org/system/180048/",
        "",
        "host country       Finland — asserted [1]",
        "located in         Kajaani — asserted [1]",
        "part of            European supercomputers — asserted [1 2]",
        "raises             computing power (with others, for Europe) — asserted [2]",
        "",
        "left out, on how the graph is kept: 1 (--all)",
        "",
        "sources",
        "  COM(2024) 28: [1] footnote 21",
        "  COM(2025) 165: [2] footnote 2",
    ]
    assert str(made) == made.text()


def test_a_statement_says_more_of_a_line_and_is_none_itself(engine: Embedded) -> None:
    lines = [line for group in card(engine, "AI Office").groups for line in group.lines]
    assert not [line.text for line in lines if "/source/" in line.text]
    (certain,) = [line for line in lines if line.text.startswith("Artificial Intelligence Act (implementation and")]
    assert certain.disputed


def test_a_fact_has_one_line_and_a_heading_stands_once(engine: Embedded) -> None:
    made = card(engine, "AI Factories")
    headings = [group.heading for group in made.groups]
    assert len(headings) == len(set(headings))
    (concerns,) = made.group("concerns")
    assert len({line.thing for line in concerns.lines}) == len(concerns.lines)
    data = next(line for line in concerns.lines if line.text.startswith("availability of data"))
    assert {(saying.modality, saying.said_by) for saying in data.sayings} == {
        ("asserted", ""), ("asserted", "Thierry Breton"), ("intended", "")
    }  # fmt: skip
    cited = {made.sources[number - 1].text for number in data.sources}
    assert "Press release of 24 January 2024, section Quotes, paragraph 3" in cited
    together = [line.text for line in card(engine, "European central AI platform").group("cooperates-with")[0].lines]
    assert any(text.startswith("AI Factories") for text in together), "said of it from the other side"


@pytest.mark.parametrize(
    ("name", "section", "line"),
    [
        ("AI Office", "stage", "operational (by 2025-04-09) asserted"),
        ("AI Office", "figures", "staff: about 100 (specialists) intended"),
        ("AI Office", "has-task", "Have a purely regulatory role denied"),
        ("AI Factories", "dates", "in 2025-Q3–2025-Q4: Set up Data Labs associated with the AI Factories intended"),
        ("AI Factories", "involves", "European High-Performance Computing Joint Undertaking (pillar in the regulation"
         " on it; new pillar of its activities; a network of EuroHPC) a proposal asserted"),
        ("AI Factories", "money", "AI Factories, as announced in January 2024 (as recipient); money of EU Member"
         " States, European Commission; through European High-Performance Computing Joint Undertaking intended"),
        ("AI Factories", "money", "EUR 10 bn to be invested, 2021–2027 intended"),
        ("AI Factories", "who", "European AI Office intended"),
        ("AI Factories", "home page", "https://digital-strategy.ec.europa.eu/en/policies/ai-factories"),
        ("Horizon Europe", "money", "nearly EUR 700 m allocated, 2024–2027 asserted"),
        ("ALT-EDIC", "stage", "operational (2025-03) asserted"),
        ("AI Act", "stage", "in force (2024-08-01) asserted laid down for a day"),
        ("AI Act", "CELEX number", "32024R1689"),
        ("European Processor Initiative", "stage", "launched (2019) asserted"),
        ("Apply AI Strategy", "dates", "2025-Q3: adopted (European Commission) intended"),
        ("von der Leyen", "member of", "European Commission (President) asserted"),
        ("COM(2025) 165", "dates", "issued: 2025-04-09 asserted"),
        ("COM(2025) 165", "title", "Actieplan voor het AI-continent"),
        ("euai:JointUndertaking", "things of it", "Chips Joint Undertaking"),
        ("euai:Body", "below", "Chips Joint Undertaking – joint undertaking"),
        ("topic:computing-power", "things that concern it", "AI Gigafactories (a state-of-the-art facility on a large"
         " scale with enough capacity) asserted intended"),
        ("status:operational", "things with it", "European AI Office: operational (by 2025-04-09) asserted"),
        ("euai:hasFunder", "where it is used", "GenAI4EU, Commission support until 2027: European Commission intended"),
        ("https://w3id.org/euaikg/source/com-2024-28/en#s5-p4-i2",
            "what it says", "GenAI4EU, Commission support until 2027: finances"
         " GenAI4EU intended"),
        ("place:estonia", "things located there", "Mindchip OÜ asserted"),
        ("period:2025-Q3", "stages then", "Apply AI Strategy: 2025-Q3: adopted (European Commission) intended"),
    ],
)  # fmt: skip
def test_what_cards_say(name: str, section: str, line: str, engine: Embedded) -> None:
    assert line in said(card(engine, name), section)


@pytest.mark.parametrize(
    ("name", "as_of", "valid_on", "stage"),
    [
        ("AI Act", "2024-02-01", None, ["politically agreed (2023-12) asserted"]),
        ("AI Act", "2024-06-30", None, ["politically agreed (2023-12-08) asserted"]),
        ("AI Act", "2024-12-31", None, ["in force (2024-08-01) laid down for a day"]),
        ("AI Act", None, "2024-01-31", ["politically agreed (2023-12-08) asserted"]),
        ("AI Act", None, "2021-12-31", ["proposed (2021-04) asserted"]),
        ("AI Factories", "2024-01-23", None, []),
        ("Apply AI Alliance", None, None, ["none reported yet, aimed at: established intended"]),
    ],
)
def test_where_a_thing_stood(name: str, as_of: str | None, valid_on: str | None, stage: list[str]) -> None:
    made = euaikg.show(name, as_of=as_of, valid_on=valid_on)
    there = [group for group in made.groups if group.key == "stage"]
    assert (said(made, "stage") if there else []) == stage
    assert all(source.stated_on <= (as_of or "9") for source in made.sources)


def test_a_day_that_binds_stands_before_those_that_do_not(engine: Embedded) -> None:
    sandboxes = names.resolve(engine, "AI regulatory sandboxes")
    card = cards.card(engine, sandboxes)
    (dates,) = card.group("dates")
    assert dates.lines[0].text.startswith("by 2027-08-02: target")
    assert "by 2027-08-02: target" in card.text(), "it is not folded away"
    (before,) = cards.card(engine, sandboxes, as_of="2026-01-01").group("dates")
    assert [line.text for line in before.lines] == [line.text for line in dates.lines if "2027-08" not in line.text]


def test_what_is_said_later_is_not_on_a_card_of_the_day_before(engine: Embedded) -> None:
    now, then = card(engine, "AI Factories"), card(engine, "AI Factories", "en", "2024-12-31")
    known, later = ({source.document for source in made.sources} for made in (then, now))
    assert {"COM(2025) 165", "Annexes to COM(2025) 723"} <= later - known
    assert later - known == {source.document for source in now.sources if source.stated_on > "2024-12-31"}
    assert "as known on 2024-12-31" in then.text()
    assert not any("10 bn" in line for line in said(then, "money"))


def test_a_card_of_a_day_knows_of_no_later_figure() -> None:
    now, then = (json.dumps(euaikg.show("GenAI4EU", as_of=day).to_dict()) for day in (None, "2024-12-31"))
    assert "superseded from" in now
    assert "supersede" not in then


@pytest.mark.parametrize(
    ("name", "as_of", "disputes"),
    [
        ("ALT-EDIC", "2024-01-23", []),
        ("ALT-EDIC", "2024-01-31", ["Who establishes ALT-EDIC and the CitiVERSE EDIC (who acts)"]),
        ("ALT-EDIC", "2024-12-31", ["ALT-EDIC: planned, set up and started (later state)",
                                    "ALT-EDIC: those who applied and those who are members (later state)",
                                    "Who establishes ALT-EDIC and the CitiVERSE EDIC (who acts)"]),
        ("ALT-EDIC", None, ["ALT-EDIC: 17 Member States now or to come (translation)",
                            "ALT-EDIC: planned, set up and started (later state)",
                            "ALT-EDIC: those who applied and those who are members (later state)",
                            "Who establishes ALT-EDIC and the CitiVERSE EDIC (who acts)"]),
    ],
)  # fmt: skip
def test_nothing_is_disputed_before_two_places_disagree(
    name: str, as_of: str | None, disputes: list[str], engine: Embedded
) -> None:
    made = card(engine, name, "en", as_of)
    there = [line.text for group in made.groups if group.section == "disputes" for line in group.lines]
    marked = [line for group in made.groups for part in group.lines for line in part.lines if line.disputed]
    assert sorted(there) == disputes
    assert bool(marked) == bool(disputes)


def test_a_statement_is_in_no_dispute_before_the_other_is_made(engine: Embedded) -> None:
    first = "https://w3id.org/euaikg/source/com-2024-28/en#s5-p3-i1.alt-edic-status"
    now, then = (card(engine, first, "en", day).text(whole=True) for day in (None, "2024-01-31"))
    assert "planned, set up and started" in now and "planned, set up and started" not in then


def test_passages_and_statements_of_a_document_stand_apart(engine: Embedded) -> None:
    made = card(engine, "COM(2025) 165")
    passages = [line.text for line in made.group("passages")[0].lines]
    assert all(text.startswith(("COM(2025) 165, ", "COM(2025) 165 (English), ")) for text in passages)
    assert "AI Act Service Desk: 2025-07: established (European Commission) intended" in said(made, "statements in it")


def test_a_passage_is_named_as_it_is_cited() -> None:
    made = euaikg.show("COM(2024) 28 section 5 paragraph 4 item 2")
    assert (made.name, made.kinds) == ("COM(2024) 28, section 5, paragraph 4, item 2", ["passage"])


def test_a_dispute_says_which_and_when_asked_why(engine: Embedded) -> None:
    made = card(engine, "AI Factories")
    assert "\ndisputed           AI Factories: " in made.text()
    assert "AI Factories: launched or still to come (stage)" in said(made, "disputes")
    assert made.group("involves")[0].lines[0].disputed and not made.group("announced-in")[0].lines[0].disputed
    whole = " ".join(made.text(section="disputes").split())
    assert "The Commissioner quoted in the press release announces their launch on the day" in whole
    assert "AI Factories: established by Amendment of the EuroHPC Regulation on AI Factories" in whole


@pytest.mark.parametrize("name", ["money", "MONEY", "mon", "geld", "Geld"])
def test_a_section_is_named_in_any_way(name: str, engine: Embedded) -> None:
    made = card(engine, "AI Factories", "nl")
    shown = made.text(section=name)
    assert [group.key for group in made.group(name)] == ["money"]
    assert "2,1 mld. EUR te investeren" in shown and "betreft" not in shown
    assert {number for line in made.group(name)[0].lines for part in line.lines for number in part.sources} == {
        int(number) for number in re.findall(r"\[(\d+)\]\s", shown.partition("\nbronnen\n")[2])
    }


def test_a_section_that_is_not_there(run: Run) -> None:
    done = run("show", "LUMI", "--section", "mony")
    assert done.returncode == 2 and not done.stdout
    assert done.stderr == (
        "Error: The card of “LUMI” has no section “mony”; it has: figures, disputes, reconcilable, about, page,"
        " relations, host-country, located-in, part-of, increases, kept, type.\n"
    )


@pytest.mark.slow
def test_what_is_too_long_is_whole_only_when_it_is_asked_for(tmp_path: Path) -> None:
    long = "word " * 50_000
    (tmp_path / "own.ttl").write_text(
        "@prefix e: <https://example.org/> . @prefix euai: <https://w3id.org/euaikg/ontology#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . e:it a euai:Initiative ;\n"
        f"skos:prefLabel 'Wide thing'@en ; skos:definition '{long}'@en ; skos:note '{long}x'@en ;\n"
        "euai:involves [ a euai:Company ] , [ a euai:Company ; skos:prefLabel 'Shop' ] , [ a e:Firm ] , [ e:of 'x' ] ."
    )
    made = euaikg.show("Wide thing", data=tmp_path / "own.ttl")
    assert len(made.text()) < 3000
    assert "more characters: --all)" in " ".join(made.text().split())
    assert "(nog " in euaikg.show("Wide thing", data=tmp_path / "own.ttl", lang="nl").text()
    assert len(made._repr_html_()) < 3000
    assert made.text(whole=True).count("word") == 100_000
    (involved,) = made.group("involves")
    unnamed, *named = sorted((line.text for line in involved.lines), key=lambda text: not text.startswith("_:"))
    assert named == ["(company)", "(https://example.org/Firm)", "Shop"]
    assert unnamed.startswith("_:"), "of which nothing else is known"


def test_a_card_says_which_part_a_thing_has_in_a_pot(engine: Embedded) -> None:
    pot = "GenAI4EU, Commission support until 2027"
    for name, part in (("European Commission", "funder"), ("Horizon Europe", "channel"), ("GenAI4EU", "recipient")):
        lines = [line.text for line in card(engine, name).group("money")[0].lines]
        assert any(line.startswith((f"{pot} (as {part});", f"{pot} (as {part}: ")) for line in lines), lines


def test_both_languages_have_all_words() -> None:
    found = facts.words()
    assert found["en"].keys() == found["nl"].keys()
    for key, told in found["en"].items():
        if isinstance(told, dict):
            assert told.keys() == found["nl"][key].keys(), key
    assert all(expand(name) for told in ("inverse", "labels", "kinds") for name in found["en"][told])


@pytest.mark.parametrize("name", ["AI Office", "AI Factories", "European Commission", "GenAI4EU", "AI Act"])
@pytest.mark.slow
def test_a_dutch_card_is_dutch(name: str, engine: Embedded) -> None:
    english, dutch = card(engine, name), card(engine, name, "nl")
    assert [group.key for group in sorted(english.groups, key=lambda group: group.key)] == [
        group.key for group in sorted(dutch.groups, key=lambda group: group.key)
    ]
    heading = {group.key: group.heading for group in english.groups}
    same = {group.heading for group in dutch.groups if group.heading == heading[group.key]}
    assert not same - {"code", "in sector"}
    words = set(re.findall(r"\w+", dutch.text(whole=True).partition("\nbronnen\n")[0]))
    assert not words & {"known", "through", "estimate", "disputed", "asserted", "intended", "about", "nearly"}


OWN = """
@prefix body: <https://w3id.org/euaikg/id/body/> . @prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix ex: <https://example.org/> . @prefix init: <https://w3id.org/euaikg/id/initiative/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix status: <https://w3id.org/euaikg/id/status/> .
ex:robo a euai:Initiative ; skos:prefLabel "Robo <b>"@en ; euai:partOf ex:more ; ex:weight 12.5 ;
  euai:responsibleBody ex:me ; ex:a-very-long-name-of-a-property "x" .
ex:me skos:prefLabel "Me <i> & Co" . ex:more euai:supports ex:robo .
[] euai:partOf ex:robo ; skos:prefLabel "Nameless part"@en .
ex:stage a euai:StatusStatement ; euai:aboutResource ex:robo ; euai:status status:launched .
ex:figure a euai:FundingStatement ; euai:aboutEnvelope ex:pot ; euai:amount 5 . ex:pot euai:finances ex:robo .
"""


@pytest.mark.parametrize("option", ["--data", "--only"])
@pytest.mark.slow
def test_a_card_of_a_thing_of_a_user(option: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(OWN)
    done = run("show", "https://example.org/robo", option, str(path), "--all", env={**os.environ, "COLUMNS": "100"})
    assert not done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == ("Robo <b> (initiative)" if option == "--data" else "Robo <b>")
    for line in ("Me <i> & Co", "12.5", "parts Nameless part"):
        assert any(line in shown for shown in lines), line
    assert "https://example.org/a-very-long-name-of-a-property" in lines
    assert {"stage launched", "stage status:launched"} & {*lines}
    assert any(shown.startswith("money") for shown in lines)
    assert any(re.fullmatch(r"supported by \S*more", shown) for shown in lines)
    assert "()" not in done.stdout and "[]" not in done.stdout


ODD = """
@prefix e: <https://example.org/> . @prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


@pytest.mark.parametrize(
    ("given", "section", "lines"),
    [
        ('e:b e:p "" .', "about", ["(empty)"]),
        ('e:b e:p " \\n" ; skos:prefLabel ""@en , "B"@en ; skos:definition "" .', "about", ["(empty)"]),
        ('e:b e:p e:c . e:c skos:prefLabel " " . e:p skos:prefLabel "" .', "relations", ["https://example.org/c"]),
        ("e:b e:p _:c . _:c skos:prefLabel _:c . e:b skos:prefLabel e:b .", "name", ["https://example.org/b"]),
        ("e:s a euai:StatusStatement .", "dates", ["https://example.org/s"]),
        ('e:s a euai:StatusStatement ; euai:status "" ; euai:effectiveFrom 5 .', "stage", ["(empty)"]),
        ("e:s a euai:TargetStatement .", "dates", ["target"]),
        ("e:s a euai:QuantityStatement .", "figures", ["https://example.org/s"]),
        ('e:s a euai:QuantityStatement ; euai:numericValue "" , "many" .', "figures", ["(empty) many"]),
        ("e:s a euai:QuantityStatement ; euai:measures e:staff .", "figures", ["https://example.org/staff"]),
        ("e:s a euai:FundingStatement .", "relations", ["https://example.org/b: https://example.org/s"]),
        ("e:s a euai:FundingStatement ; euai:amountMin 2.5e0 .", "relations", ["https://example.org/b: at least 2.5"]),
        ('e:s a euai:FundingStatement ; euai:amount "lots" , true , "INF"^^e:d .', "relations",
         ["https://example.org/b: INF lots true"]),
        ("e:s a euai:RelationStatement ; rdf:subject e:b .", "statements about it", ["https://example.org/s"]),
        ("e:s a euai:RelationStatement ; rdf:object e:b ; rdf:predicate e:p .", "statements that lead to it",
         ["https://example.org/p https://example.org/b"]),
        ("e:s a euai:TargetStatement ; euai:supersedesStatement e:t . e:t euai:supersedesStatement e:s .", "dates",
         ["target"]),
        ("e:d a euai:Discrepancy ; euai:involvesStatement e:s . e:s a euai:TargetStatement .", "disputes",
         ["https://example.org/d", "https://example.org/b: target"]),
        ("e:d a euai:Discrepancy ; euai:involvesStatement e:d , e:b .", "disputes about it", ["https://example.org/d"]),
        ("e:f euai:aboutEnvelope e:pot . e:pot euai:finances e:b .", "money",
         ["https://example.org/pot (as recipient)", "https://example.org/f"]),
    ],
)  # fmt: skip
def test_odd_data_have_a_card(given: str, section: str, lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "odd.ttl"
    path.write_text(f"{ODD} {given} " + "e:s euai:aboutResource e:b ." * ("e:s a" in given and "rdf:" not in given))
    engine, thing = build.alone([path]), NamedNode("https://example.org/b")
    assert cards.card(engine, thing, "nl", "2024-12-31").text()
    made = cards.card(engine, thing)
    assert made.text(40) and made.text(whole=True) and made._repr_html_() and made.sections and made.name.strip()
    assert all(line.text.strip() for group in made.groups for part in group.lines for line in part.lines)
    assert said(made, section) == lines


def test_a_card_is_plain_data(run: Run) -> None:
    made = json.loads(run("show", "GenAI4EU", "--format", "json").stdout)
    assert list(made) == [
        "iri", "name", "kinds", "aliases", "definitions", "notes", "meaning", "lang", "as_of", "groups", "sources"
    ]  # fmt: skip
    money = next(group for group in made["groups"] if group["key"] == "money")
    assert (money["section"], money["heading"]) == ("money", "money")
    (figure,) = [one for line in money["lines"] for one in line["details"] if one["values"].get("amount") == 500000000]
    assert figure["values"]["currency"] == "euro" and figure["values"]["coversPeriod"] == "until 2027"
    assert [saying["modality"] for saying in figure["sayings"]] == ["intended"] and figure["places"] == 1
    (number,) = figure["sayings"][0]["sources"]
    source = next(source for source in made["sources"] if source["number"] == number)
    assert source["text"] == "COM(2024) 28, section 5, paragraph 4, item 2" and source["stated_on"] == "2024-01-24"
    one = json.loads(run("show", "GenAI4EU", "--format", "json", "--section", "money").stdout)
    assert one["groups"] == [money] and len(one["sources"]) < len(made["sources"])


def test_a_card_gives_tables() -> None:
    sections = euaikg.show("AI Office").sections
    assert [row["numericValue"] for row in sections["figures"].to_dicts() if row["measures"] == "staff"] == [100, 125]
    frame = sections["has-task"].to_pandas()
    assert {"text", "thing", "modality", "saidBy", "disputed", "places", "sources"} <= set(frame.columns)


class Open(HTMLParser):
    """Counts the tags that are open, and keeps the text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.slow
def test_a_card_in_a_notebook(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(OWN)
    page = Open(card(build.open_graph([tmp_path / "own.ttl"]), "https://example.org/robo")._repr_html_())
    assert not page.open and {"Robo <b> (initiative)", "Me <i> & Co"} <= {*page.text}
    whole = euaikg.show("AI Factories")
    shown = Open(whole._repr_html_())
    assert not shown.open
    for group in whole.groups:
        assert all(line.text in shown.text for line in group.lines)
