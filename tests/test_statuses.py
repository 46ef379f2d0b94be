"""Stages and days: every question tells the same of them, on every day, as what the passages say has it.

What is to be told is worked out here from the statements alone, without the rules; the questions are asked for all
things at once, as of each day on which something is stated, and as of each day from which a stage holds.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from euaikg.core.vocab import EUAI, SOURCE
from euaikg.graph import build
from euaikg.questions import ask, cards
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded

ID = "https://w3id.org/euaikg/id/"
PREFIXES = f"""PREFIX euai: <{EUAI}> PREFIX dct: <http://purl.org/dc/terms/> PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> """
PRESS = "Press release of 24 January 2024"
LAST = date(9999, 12, 31)

STAGES = f"""{PREFIXES}
SELECT ?thing ?code ?label ?order ?modality ?period ?first ?last ?on ?inferred ?by WHERE {{
  ?statement a euai:StatusStatement ; euai:aboutResource ?thing ; euai:status ?status ; euai:statedIn ?passage .
  ?status euai:order ?order ; skos:prefLabel ?label . FILTER(LANG(?label) = "en")
  ?passage euai:modality ?how ; euai:statedOn ?on .
  BIND(REPLACE(STR(?status), "^.*/", "") AS ?code) BIND(REPLACE(STR(?how), "^.*/", "") AS ?modality)
  BIND(EXISTS {{ ?passage euai:inExpression/euai:notBefore ?day }} AS ?inferred)
  BIND(EXISTS {{
    GRAPH ?passage {{
      ?statement euai:effectiveIn ?same .
      ?target euai:aboutResource ?thing ; euai:targetPeriod ?same ; euai:targetMode <{ID}target-mode/by>
    }}
  }} AS ?by)
  OPTIONAL {{
    ?statement euai:effectiveIn ?time . ?time skos:notation ?period .
    OPTIONAL {{ ?time dcat:startDate ?first }} OPTIONAL {{ ?time dcat:endDate ?last }}
  }}
}}"""
TARGETS = f"""{PREFIXES}
SELECT ?thing ?modality ?last ?on WHERE {{
  ?target a euai:TargetStatement ; euai:aboutResource ?thing ; euai:targetPeriod/dcat:endDate ?last ;
    euai:statedOn ?on ;
    euai:modality ?modality ; euai:statedIn ?passage .
  FILTER NOT EXISTS {{
    ?stage euai:status ?reached ; euai:aboutResource ?about ; euai:statedIn ?passage ;
      euai:effectiveIn/dcat:endDate ?last .
    FILTER(?about = ?thing || EXISTS {{ GRAPH ?passage {{ ?thing euai:involves ?about }} }})
  }}
}}"""
"""The targets, but for those that the same place gives to a stage of the thing or of what it involves."""


@dataclass(frozen=True)
class Stage:
    """One statement that a thing reaches a stage."""

    thing: str
    code: str
    label: str
    order: int
    modality: str
    period: str | None
    first: date | None
    last: date | None
    on: date
    inferred: bool
    by: bool

    @property
    def is_reached(self) -> bool:
        return self.modality == "asserted"

    @property
    def is_laid_down(self) -> bool:
        """Whether a law says from which day it is so."""
        return self.modality == "laid-down"

    @property
    def day(self) -> date | None:
        """The day from which it surely holds."""
        told = self.on if self.is_reached and not (self.inferred and self.last) else None
        if self.period and self.first and told and told < self.first:
            told = None
        return min((one for one in (told, self.last) if one), default=None)

    @property
    def since(self) -> str | None:
        if self.period or not self.is_reached:
            return f"{'by ' * self.by}{self.period}" if self.period else None
        return f"by {'a day not before ' * self.inferred}{self.on}"

    @property
    def rank(self) -> tuple[bool, date]:
        """What comes first of statements of one stage: with a date, and the earliest."""
        return not self.period, self.day or LAST


class Told:
    """What the passages of a graph say of stages."""

    def __init__(self, engine: Embedded) -> None:
        self.engine = engine
        self.stages = [Stage(**row) for row in self.select(STAGES)]
        self.targets = [(row["thing"], row["modality"], row["last"], row["on"]) for row in self.select(TARGETS)]

    @cached_property
    def days(self) -> list[date]:
        """Each day on which something is stated, and one before them all."""
        found = {stage.on for stage in self.stages}
        return [min(found) - timedelta(1), *sorted(found)]

    @cached_property
    def newest(self) -> date:
        """The day of the newest text."""
        asked = (
            "SELECT (MAX(?day) AS ?newest) { ?v a euai:SourceExpression ; dct:issued|dct:modified|euai:notBefore ?day }"
        )
        day: date = self.select(PREFIXES + asked)[0]["newest"]
        return day

    def has_come(self, one: Stage, as_of: date | None = None, valid_on: date | None = None) -> bool:
        """Say whether a stage is reached: as a passage says, or since the day has come for which a law lays it down."""
        if not one.is_laid_down:
            return one.is_reached
        return bool(one.day and one.day <= (valid_on or as_of or self.newest))

    @cached_property
    def moments(self) -> list[date]:
        """Each day from which a stage that is reached holds, and the one before some of them."""
        found = sorted({stage.day for stage in self.stages if (stage.is_reached or stage.is_laid_down) and stage.day})
        return sorted({*found, *(day - timedelta(1) for day in found[::5])})

    def reached(
        self, as_of: date | None = None, valid_on: date | None = None, after: date = date.min
    ) -> dict[str, list[Stage]]:
        """By thing, the statements of the furthest stage of those known, the ones that say best when at the front."""
        by_thing: dict[str, list[Stage]] = {}
        for one in self.stages:
            is_known = after < one.on <= (as_of or LAST) and one.day and one.day <= (valid_on or LAST)
            if is_known and self.has_come(one, as_of, valid_on):
                by_thing.setdefault(one.thing, []).append(one)
        return {thing: _furthest(known) for thing, known in by_thing.items()}

    def select(self, query: str) -> list[dict[str, Any]]:
        rows: Any = self.engine.select(query).to_dicts()
        return list(rows)

    def rows(self, name: str, **values: Any) -> list[dict[str, Any]]:
        given = {key: value if isinstance(value, list) else str(value) for key, value in values.items() if value}
        answer: Any = ask.question(self.engine, name, given).answer
        return list(answer.to_dicts())


def _furthest(known: list[Stage]) -> list[Stage]:
    height = max(one.order for one in known)
    of_stage = [
        sorted((one for one in known if one.label == label), key=lambda one: one.rank)
        for label in {one.label for one in known if one.order == height}
    ]
    return max(of_stage, key=lambda stage: stage[0].day or LAST)


def told(engine: Embedded, *names: str) -> Iterator[str]:
    """Yield in words what the questions tell otherwise than the passages, as of each day."""
    graph = Told(engine)
    before: dict[str, list[Stage]] = {}
    for day in graph.days:
        reached = graph.reached(day)
        yield from (f"{day}: {fault}" for name in names or CHECKS for fault in CHECKS[name](graph, day, reached))
        for thing, stages in before.items():
            now, then = reached[thing][0], stages[0]
            is_same = (now.label, now.rank[0]) == (then.label, then.rank[0])
            if now.order < then.order or (is_same and now.rank > then.rank):
                yield f"{day}: {thing} goes back from {then} to {now}"
        before = reached


def _best(stages: list[Stage]) -> set[tuple[str, str, str | None]]:
    return {(one.thing, one.label, one.since) for one in stages if one.rank == stages[0].rank}


def current(
    graph: Told, day: date | None, reached: dict[str, list[Stage]], valid_on: date | None = None
) -> Iterator[str]:
    rows = graph.rows("current-status", asOf=day, validOn=valid_on)
    found = {(row["thing"], row["statusLabel"], row["since"]) for row in rows}
    yield from differing("current-status", found, (one for stages in reached.values() for one in _best(stages)))
    yield from (f"current-status dates {row['thing']}" for row in rows if row["holdsFrom"] and not row["period"])
    yield from (f"current-status knows {row['source']}" for row in rows if day and row["statedOn"] > day)


def timeline(graph: Told, day: date, _: dict[str, list[Stage]]) -> Iterator[str]:
    rows = graph.rows("status-timeline", asOf=day)
    labels = {row["code"]: row["label"] for row in graph.select(
        f'{PREFIXES} SELECT ?code ?label {{ ?c skos:inScheme <{ID}modality> ; skos:prefLabel ?label '
        'FILTER(LANG(?label) = "en") BIND(REPLACE(STR(?c), "^.*/", "") AS ?code) }'
    )}  # fmt: skip
    known = [one for one in graph.stages if one.on <= day]
    stated = {(one.thing, one.label, labels[one.modality], one.since, one.day if one.period else None) for one in known}
    yield from differing("status-timeline", {
        (row["thing"], row["statusLabel"], row["modalityLabel"], row["since"], row["holdsFrom"]) for row in rows
    }, stated)  # fmt: skip
    orders = [(row["thing"], row["order"]) for row in rows]
    yield from (f"status-timeline goes back at {b}" for a, b in pairwise(orders)
                if a[0] == b[0] and b[1] < a[1])  # fmt: skip
    at = graph.rows("at-stage", asOf=day, status=sorted({one.code for one in known})) if known else []
    found = {(row["thing"], row["statusLabel"], row["modalityLabel"], row["since"]) for row in at}
    yield from differing("at-stage", found, (row[:4] for row in stated))


def overdue(graph: Told, day: date | None, _: object, moment: date | None = None) -> Iterator[str]:
    """Check what was late at the beginning of a day, which is known on the day before."""
    orders = {one.label: one.order for one in graph.stages}
    moment = (moment or day or LAST - timedelta(1)) + timedelta(1)
    known = day or moment - timedelta(1)
    reached = {thing: stages[0].order for thing, stages in graph.reached(known, moment - timedelta(1)).items()}
    rows = graph.rows("overdue", asOf=day, validOn=moment)
    for row in rows:
        needed = orders[row["statusLabel"]] if row["statusLabel"] else 50
        if row["due"] >= moment or reached.get(row["thing"], 0) >= needed:
            yield f"overdue on {moment} has {row['thing']} {row['statusLabel']} {row['due']}"
    late = {
        thing
        for thing, modality, last, on in graph.targets
        if on <= known
        and last < moment
        and reached.get(thing, 0) < 50
        and not modality.endswith(("/possible", "/laid-down"))
    }
    yield from differing(f"overdue on {moment}", set(), late - {row["thing"] for row in rows})


def promises(graph: Told, day: date, _: dict[str, list[Stage]]) -> Iterator[str]:
    orders = {one.label: one.order for one in graph.stages}
    since = {(one.thing, one.label, f"{one.label} ({one.since})") for one in graph.stages if graph.has_come(one, day)}
    late = {
        row["thing"] for row in graph.rows("overdue", asOf=day, validOn=day + timedelta(1)) if not row["statusLabel"]
    }
    for row in graph.rows("promises", asOf=day):
        later = graph.reached(day, after=row["promisedOn"]).get(row["thing"], [])
        labels = {
            label for thing, label, text in since if thing == row["thing"] and text in _parts(row["reportedLabels"])
        }
        if {orders[label] for label in labels} != {one.order for one in later[:1]} or len(labels) > 1:
            yield f"promises report {row['reportedLabels']} of {row['thing']}, not {later}"
        needed = orders[row["statusLabel"]] if row["statusLabel"] else 50
        told_since = (one for one in graph.stages if one.thing == row["thing"] and row["promisedOn"] < one.on <= day)
        kept = any(needed <= one.order < 95 for one in told_since if graph.has_come(one, day))
        if row["reached"] != kept or (kept and not row["statusLabel"] and row["thing"] in late):
            yield f"promises say of {row['thing']} that {row['statusLabel']} is {row['reached']}"


def due(graph: Told, day: date, _: dict[str, list[Stage]]) -> Iterator[str]:
    for row in graph.rows("due", asOf=day):
        later = [
            one
            for one in graph.stages
            if graph.has_come(one, day) and one.thing == row["what"] and row["statedOn"] < one.on <= day
        ]
        texts = {f"{one.label} ({one.since})" for one in later}
        yield from differing(f"due {row['what']}", _parts(row["reportedLabels"]), texts)


def _parts(cell: str | None) -> set[str]:
    return set(filter(None, (cell or "").split("; ")))


def elsewhere(graph: Told, day: date, reached: dict[str, list[Stage]]) -> Iterator[str]:
    """Check the questions that give the furthest stage beside other things."""
    labels = {thing: stages[0].label for thing, stages in reached.items()}
    for name, column in (
        ("targets-due", "latestStatus"),
        ("startups", "statusLabels"),
        ("support-for", "statusLabels"),
    ):
        for row in graph.rows(name, asOf=day):
            if (row[column] or None) != labels.get(row["thing"]):
                yield f"{name} has {row['thing']} {row[column]}, not {labels.get(row['thing'])}"
    drawn = {(row["from"], row["toLabel"], row["toDay"])
             for row in graph.rows("view-timeline", asOf=day) if row["relation"] == EUAI + "status"}  # fmt: skip
    dated = ((one.thing, one.label, one.day) for one in graph.stages if one.period and one.day and one.on <= day)
    yield from differing("view-timeline", drawn, dated)


def differing(name: str, found: set[Any], expected: Iterable[Any]) -> Iterator[str]:
    expected = set(expected)
    yield from (f"{name} tells {one}" for one in sorted(found - expected, key=str))
    yield from (f"{name} lacks {one}" for one in sorted(expected - found, key=str))


CHECKS: dict[str, Any] = {check.__name__: check for check in (current, timeline, overdue, promises, due, elsewhere)}


@pytest.mark.slow
def test_all_questions_tell_of_each_stage_what_the_passages_say(engine: Embedded) -> None:
    assert list(told(engine)) == []


@pytest.mark.slow
def test_nothing_goes_back_from_day_to_day(engine: Embedded) -> None:
    """Where things stood on each day, and what was late then, as it is known now."""
    graph, height = Told(engine), dict[str, int]()
    for moment in graph.moments[::2]:
        reached = graph.reached(valid_on=moment)
        assert [*current(graph, None, reached, moment), *overdue(graph, None, reached, moment)] == []
        now = {thing: stages[0].order for thing, stages in reached.items()}
        assert {thing for thing in height if now.get(thing, 0) < height[thing]} == set()
        height = now


@pytest.mark.slow
def test_cards_tell_of_each_stage_what_the_passages_say(engine: Embedded) -> None:
    graph = Told(engine)
    for thing, stages in graph.reached().items():
        card = cards.card(engine, NamedNode(thing))
        (line,) = (line for group in card.groups if group.key == "stage" for line in group.lines)
        since = f"{stages[0].label} ({(stages[0].since or '').replace('--', '–')})"
        assert line.text.partition(" (condition: ")[0] == since, thing


CODES = [
    *("announced", "planned", "proposed", "adopted", "established", "launched", "open", "started", "operational"),
    *("completed", "withdrawn", "pilot"),
]
MODALITIES = [
    *("asserted", "asserted", "asserted", "intended", "under-way", "planned", "conditional", "possible", "denied"),
    "ended",
]
TIMES = {
    "2030": ("2030-01-01", "2030-12-31"), "2030-Q2": ("2030-04-01", "2030-06-30"), "2030-06-01": ("2030-06-01",) * 2,
    "2031-02": ("2031-02-01", "2031-02-28"), "until-2031": (None, "2031-12-31"), "from-2029": ("2029-01-01", None),
}  # fmt: skip
DATES = [
    'dct:issued "2030-01-15"', 'dct:issued "2030-06-01"', 'dct:issued "2030-06-01" ; dct:modified "2030-06-03"',
    'euai:notBefore "2030-09-01"', 'dct:issued "2031-03-01"', 'euai:notBefore "2031-03-01"',
]  # fmt: skip


def document(seed: int, things: int = 25, statements: int = 200) -> str:
    """Return documents of a user's own that state stages and targets by lot."""
    lot = random.Random(seed)
    text = [
        PREFIXES.replace("PREFIX", "\n@prefix").replace("> ", "> .").replace(">\n", "> .\n"),
        f'<{ID}status/pilot> skos:inScheme <{ID}status> ; skos:prefLabel "pilot"@en ; euai:order 65 .',
    ]
    text += [f'<{ID}action/own-{n}> a euai:PlannedAction ; skos:prefLabel "Own {n}"@en .' for n in range(things)]
    for name, (first, last) in TIMES.items():
        ends = [f'dcat:{end}Date "{day}"^^xsd:date' for end, day in (("start", first), ("end", last)) if day]
        text.append(f'<{ID}period/{name}> a euai:StatedPeriod ; skos:notation "{name}" ; {" ; ".join(ends)} .')
    for n, dated in enumerate(DATES):
        version = f"{SOURCE}own-{n}/en"
        text.append(f'<{SOURCE}own-{n}> a euai:SourceDocument ; skos:prefLabel "Own document {n}"@en .')
        days = dated.replace('" ;', '"^^xsd:date ;') + "^^xsd:date"
        text.append(f"<{version}> a euai:SourceExpression ; euai:expressionOf <{SOURCE}own-{n}> ; {days} .")
    for n in range(statements):
        passage = f"{SOURCE}own-{lot.randrange(len(DATES))}/en#s1-p{n + 1}"
        text.append(
            f"<{passage}> a euai:Passage ; euai:inExpression <{passage.partition('#')[0]}> ; euai:paragraph {n + 1} ; "
            f'euai:section "1" ; euai:modality <{ID}modality/{lot.choice(MODALITIES)}> .'
        )
        about = f"euai:aboutResource <{ID}action/own-{lot.randrange(things)}>"
        period = f"<{ID}period/{lot.choice(list(TIMES))}>"
        says = f"a euai:StatusStatement ; euai:status <{ID}status/{lot.choice(CODES)}>"
        says += f" ; euai:effectiveIn {period}" * lot.randrange(2)
        if lot.random() < 0.2:
            says = f"a euai:TargetStatement ; euai:targetMode <{ID}target-mode/in> ; euai:targetPeriod {period}"
        text.append(f"<{passage}> {{ <{passage}.s> {about} ; {says} . }}")
    return "\n".join(text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_so_they_do_of_a_users_own_documents(seed: int, tmp_path: Path) -> None:
    own = tmp_path / "own.trig"
    own.write_text(document(seed))
    assert list(told(build.alone([own]))) == []


@pytest.mark.slow
def test_so_they_do_of_these_beside_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.trig"
    own.write_text(document(3))
    assert list(told(Embedded(build.build([own])), "current", "elsewhere")) == []


def test_by_a_day_stays_by_it_and_only_what_is_in_doubt_is_disputed(engine: Embedded) -> None:
    answer = ask.question(engine, "law-timetable", {"thing": "AI Act"}).answer
    assert isinstance(answer, Table)
    rows = [row for row in answer.to_dicts() if row["statusLabel"] == "applicable"]
    told = {(str(row["partLabel"]), str(row["since"])): str(row["dispute"] or "") for row in rows}
    assert ("Artificial Intelligence Act", "by 2027-08-02") in told
    doubted = "Date from which the AI Act's prohibitions apply"
    assert doubted in told["AI Act rules on prohibited AI practices", "2026-02-02"]
    for sure in (("AI Act rules on governance", "2025-08-02"), ("AI Act rules on high-risk AI systems", "2026-08-02")):
        assert not told[sure]
    assert all(doubted not in why for (_, when), why in told.items() if not when.endswith(("02-02", "by 2025-04-09")))


def test_a_part_of_a_law_that_is_given_a_day_is_known_to_be_part_of_it_by_then(engine: Embedded) -> None:
    apart = engine.select(
        """SELECT ?part ?on WHERE {
          ?part a euai:LegalActPart .
          ?stage euai:aboutResource ?part ; euai:effectiveIn ?day ; euai:statedOn ?on .
          FILTER NOT EXISTS {
            GRAPH ?passage { ?part euai:partOf ?law } ?passage euai:statedOn ?known FILTER(?known <= ?on)
          }
        }"""
    ).rows
    assert not apart, "what is due of the law, as known on that day, would leave it out"
