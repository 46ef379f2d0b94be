"""Questions about money, held to worlds that are made up by lot: few real pots show what each condition is for.

What is to be answered is worked out here from what was made up. Each world has documents of three days, whose passages
part pots, join and finance what these are for, and give figures: with rates and conditions, in two currencies, for
times that begin or end or not, some replaced later.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import pytest
from pyoxigraph import RdfFormat, Store

from euaikg.core import files
from euaikg.graph import build
from euaikg.questions import ask
from euaikg.rdf.terms import Native
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.test_modalities import PREFIXES as USUAL
from tests.test_rules import vocabulary

pytestmark = pytest.mark.slow

PREFIXES = f"@prefix dcat: <http://www.w3.org/ns/dcat#> .{USUAL}"
DAYS = ("2024-03-01", "2024-09-01", "2025-03-01")
BETWEEN = (None, "2024-05-01", "2024-12-31")
PERIODS = {
    "2022": ("2022-01-01", "2022-12-31"), "2024": ("2024-01-01", "2024-12-31"), "2025": ("2025-01-01", "2025-12-31"),
    "until-2023": (None, "2023-12-31"), "from-2025": ("2025-01-01", None),
}  # fmt: skip
MINE = "https://example.org/mine/"
POTS, THINGS, SECTORS = range(8), range(3), ("health", "energy")
MODES = ("allocated", "invested", "to-be-invested", "raised", "market-size")
NO_BUDGET, SET_ASIDE = {"market-size", "raised"}, {"allocated", "invested"}
LOTS = range(4)
COLUMNS = ("parts", "low", "high", "open", "silent", "rates", "overlapping", "modalityLabels", "sources")

Row = dict[str, Native]


@dataclass(frozen=True)
class Place:
    """A passage: of which document it is, and its modality."""

    number: int
    document: int
    modality: str

    def by(self, day: str | None) -> bool:
        """Say whether it has been read on the ``day``."""
        return not day or DAYS[self.document] <= day


@dataclass
class Figure:
    """What a passage says of a pot, and the places whose figures replace it."""

    name: str
    pot: int
    place: Place
    low: int
    high: int | None
    currency: str
    mode: str
    rate: str | None
    period: str | None
    replaced: list[Place] = field(default_factory=list)

    def holds(self, document: int | None, day: str | None) -> bool:
        """Say whether it counts: said by the ``day``, in the ``document``, and not replaced by the ``day``."""
        return self.said(document, day) and not any(place.by(day) for place in self.replaced)

    def said(self, document: int | None, day: str | None) -> bool:
        """Say whether it stands in the ``document`` and has been said by the ``day``."""
        return self.place.by(day) and document in (None, self.place.document)


@dataclass
class World:
    """What was made up, and the graph that says it."""

    figures: list[Figure]
    parts: list[tuple[int, int, Place]]
    shares: list[tuple[int, int, Place]]
    engine: Embedded

    def rows(self, question: str, **values: str | None) -> list[Row]:
        """Return the rows of ``question``, asked with those of ``values`` that are given."""
        answer = ask.question(self.engine, question, {n: v for n, v in values.items() if v is not None}).answer
        assert isinstance(answer, Table)
        return answer.to_dicts()

    def within(self, pot: int, day: str | None) -> set[int]:
        """Return the ``pot`` and all that is known on the ``day`` to be a part of it, or of a part."""
        found, new = set[int](), {pot}
        while new:
            found |= new
            new = {part for whole, part, place in self.parts if whole in new and place.by(day)} - found
        return found

    def smallest(self, pot: int, day: str | None) -> set[int]:
        """Return the parts of ``pot`` that are known to have no part."""
        divided = {whole for whole, _, place in self.parts if place.by(day)}
        return self.within(pot, day) - divided


def iri(kind: str, number: int) -> str:
    return f"{MINE}{kind}-{number}"


@cache
def world(lot: int) -> World:
    """Make up a world by ``lot``."""
    draw = random.Random(lot)
    modalities = ("asserted", "asserted", "planned", "required")
    places = [Place(number, number % 3, draw.choice(modalities)) for number in range(24)]
    said: dict[int, list[str]] = {place.number: [] for place in places}

    def links(
        pairs: Iterable[tuple[str, str]], relation: str, share: float, where: list[Place] = places
    ) -> list[tuple[str, str, Place]]:
        drawn = [(*pair, draw.choice(where)) for pair in pairs if draw.random() < share]
        for subject, value, place in drawn:
            said[place.number].append(f"{subject} euai:{relation} {value} .")
        return drawn

    pots, things = [f"mine:pot-{pot}" for pot in POTS], [f"mine:thing-{thing}" for thing in THINGS]
    sectors = [f"sector:{sector}" for sector in SECTORS]
    number = {pot: at for at, pot in enumerate(pots)}
    parts = links(itertools.product(pots[:1], pots[1:5]), "hasComponent", 0.9)
    for part in pots[5:]:  # which is not said to be a part of a part before that is one
        _, whole, there = draw.choice(parts[:2])
        since = [place for place in places if place.document >= there.document]
        parts += links([(whole, part)], "hasComponent", 0.8, since)
    shares = links(itertools.combinations(pots[2:], 2), "overlapsEnvelope", 0.3)
    links(itertools.product(pots, things), "finances", 0.5)
    links(itertools.product([*pots, *things], sectors), "inSector", 0.4)
    figures: list[Figure] = []
    for at in range(60):
        place, low, spread = draw.choice(places), draw.randrange(1, 900) * 1000, draw.choice((0, 5000, None))
        figure = Figure(
            f"figure-{at}", draw.choice(POTS), place, low, None if spread is None else low + spread,
            draw.choice(("EUR", "EUR", "USD")), draw.choice(MODES), draw.choice((None, None, "year", "model")),
            draw.choice((None, *PERIODS)),
        )  # fmt: skip
        how = "exact" if spread == 0 else "range" if spread else "at-least"
        amount = f"amountMin {low} ; euai:amountMax {figure.high}" if spread else f"amount {low}"
        said[place.number].append(
            f"mine:{figure.name} a euai:FundingStatement ; euai:aboutEnvelope {pots[figure.pot]} ; euai:{amount} ; "
            f"euai:qualifier qualifier:{how} ; euai:currency cur:{figure.currency} ; "
            f'euai:fundingMode mode:{figure.mode} ; euai:condition "if"@en, "als"@nl, "si"@fr'
            + (f" ; euai:per rate:{figure.rate}" if figure.rate else "")
            + (f" ; euai:coversPeriod mine:time-{figure.period}" if figure.period else "")
            + " ."
        )
        earlier = [other for other in figures if other.place.document < place.document and other.pot == figure.pot]
        if earlier and draw.random() < 0.4:
            replaced = draw.choice(earlier)
            replaced.replaced.append(place)
            said[place.number].append(f"mine:{figure.name} euai:supersedesStatement mine:{replaced.name} .")
        figures.append(figure)
    beside = [*named([*pots, *things]), *times(), *documents(), *map(described, places)]
    engine = graph(beside, {f"mine:p{number}": facts for number, facts in said.items()})
    return World(
        figures,
        [(number[whole], number[part], place) for whole, part, place in parts],
        [(number[one], number[two], place) for one, two, place in shares],
        engine,
    )


CODES = {
    "mode": MODES,
    "modality": ("asserted", "planned", "required"),
    "qualifier": ("exact", "range", "at-least"),
    "rate": ("year", "model"),
    "sector": SECTORS,
}


def named(things: list[str]) -> list[str]:
    """Say what is what, and what the codes are called in a language that nobody asks for."""
    kinds = {"p": "FundingEnvelope", "t": "Initiative"}
    return [
        *(f'{t} a euai:{kinds[t[5]]} ; skos:prefLabel "{t}"@en, "{t}"@nl, "le {t}"@fr .' for t in things),
        *(f'cur:{code} skos:notation "{code}" .' for code in ("EUR", "USD")),
        *(f'{kind}:{code} skos:prefLabel "code"@fr .' for kind, codes in CODES.items() for code in codes),
    ]


def times() -> list[str]:
    ends = [("startDate", 0), ("endDate", 1)]
    return [
        f'mine:time-{name} a dct:PeriodOfTime ; skos:notation "{name}"'
        + "".join(f' ; dcat:{end} "{days[at]}"^^xsd:date' for end, at in ends if days[at])
        + " ."
        for name, days in PERIODS.items()
    ]


def documents() -> list[str]:
    return [
        f'mine:document-{at} a euai:SourceDocument ; '
        f'skos:prefLabel "Document {at}"@en, "Document {at}"@nl, "Le {at}"@fr .'
        f'mine:document-{at}-en a euai:SourceExpression ; euai:expressionOf mine:document-{at} ; '
        f'dct:issued "{day}"^^xsd:date ; dct:title "Document {at}"@en .'
        for at, day in enumerate(DAYS)
    ]  # fmt: skip


def described(place: Place) -> str:
    return (
        f"mine:p{place.number} a euai:Passage ; euai:inExpression mine:document-{place.document}-en ; "
        f"euai:modality modality:{place.modality} ; euai:section '{place.number}' ."
    )


def graph(beside: list[str], said: dict[str, list[str]]) -> Embedded:
    """Return the graph of what each passage has ``said`` and what stands ``beside``, with what follows from it."""
    text = [f"{place} {{ {' '.join(facts)} }}" for place, facts in {"mine:beside": beside, **said}.items()]
    store = Store()
    store.bulk_extend(vocabulary())
    store.load("\n".join([PREFIXES, *text]).encode(), format=RdfFormat.TRIG)
    for path in build.rules():
        store.update(files.read_text(path))
    return Embedded(store)


CHOICES = list(itertools.product((None, 0, 2), BETWEEN))
"""Of which document, and as of which day."""


def given(document: int | None, day: str | None) -> dict[str, str | None]:
    return {"document": None if document is None else iri("document", document), "asOf": day}


@pytest.mark.parametrize("lot", LOTS)
def test_a_pot_adds_up_to_the_figures_of_its_smallest_parts(lot: int) -> None:
    made = world(lot)
    several = 0
    for pot, (document, day) in itertools.product(POTS, CHOICES):
        there, within = made.smallest(pot, day), made.within(pot, day) - {pot}
        held = [figure for figure in made.figures if figure.pot in there and figure.holds(document, day)]
        rates = [f for f in made.figures if f.pot in there and f.rate and f.said(document, day)]
        spoken_of = {f.pot for f in made.figures if document in (None, f.place.document)}
        summed = {figure.pot for figure in held if not figure.rate}
        silent = len(there & spoken_of if document is not None else there) - len(summed)
        shared = sum({one, two} <= within and place.by(day) for one, two, place in made.shares)
        sums = [figure for figure in held if not figure.rate]
        alike = {
            "silent": silent,
            "rates": len(rates),
            "overlapping": shared,
            "modalityLabels": {figure.place.modality for figure in sums},
            "sources": {figure.place.number for figure in sums},
        }
        expected: dict[Native, dict[str, object]] = {}
        for currency in {figure.currency for figure in sums}:
            of_part = [[f for f in sums if (f.pot, f.currency) == (part, currency)] for part in summed]
            parts = [figures for figures in of_part if figures]
            several += len(parts) > 1
            tops = [max(f.high or 0 for f in figures) for figures in parts]
            still_open = sum(any(f.high is None for f in figures) for figures in parts)
            low = sum(min(f.low for f in figures) for figures in parts)
            high = None if still_open else sum(tops)
            expected[currency] = {"parts": len(parts), "low": low, "high": high, "open": still_open, **alike}
        if rates and not sums:
            expected[None] = {"parts": 0, "low": None, "high": None, "open": None, **alike}
        rows = made.rows("funding-total", thing=iri("pot", pot), **given(document, day))
        found = {row["currency"]: {name: told(name, row[name]) for name in COLUMNS} for row in rows}
        assert found == expected, (pot, document, day)
    assert several


@pytest.mark.parametrize("lot", LOTS)
def test_a_part_is_told_as_one_of_the_smallest(lot: int) -> None:
    made = world(lot)
    for pot, (document, day) in itertools.product(POTS, CHOICES):
        said = {figure.pot for figure in made.figures if figure.said(document, day)}
        expected = {iri("pot", part): part in made.smallest(pot, day) for part in said & made.within(pot, day)}
        rows = made.rows("funding-parts", thing=iri("pot", pot), **given(document, day))
        assert {row["part"]: row["smallest"] for row in rows} == expected


def told(name: str, value: Native) -> object:
    """Return ``value`` of the column ``name`` as it was made up."""
    if name == "modalityLabels":
        return {label.replace("a plan", "planned") for label in str(value or "").split("; ") if label}
    if name == "sources":
        return {int(cited.rpartition(" ")[2]) for cited in str(value or "").split("; ") if cited}
    return value


@pytest.mark.parametrize("lot", LOTS)
def test_what_was_promised_stands_beside_what_was_set_aside(lot: int) -> None:
    made = world(lot)
    both = 0
    for document, day in CHOICES:
        sums = [figure for figure in made.figures if not figure.rate and figure.said(document, day)]
        expected = {}
        for pot in {(figure.pot, figure.currency) for figure in sums if figure.mode not in NO_BUDGET}:
            of_pot = [figure for figure in sums if (figure.pot, figure.currency) == pot and figure.high is not None]
            promised = [figure for figure in of_pot if figure.place.modality != "asserted"]
            aside = [f for f in of_pot if f.place.modality == "asserted" and f.mode in SET_ASIDE]
            expected[iri("pot", pot[0]), pot[1]] = (*spanned(promised), *spanned(aside))
            both += bool(promised and aside)
        rows = made.rows("promised-and-set-aside", **given(document, day))
        columns = ("promisedLow", "promisedHigh", "setAsideLow", "setAsideHigh")
        assert {(row["envelope"], row["currency"]): tuple(row[name] for name in columns) for row in rows} == expected
    assert both


def spanned(figures: list[Figure]) -> tuple[int | None, int | None]:
    """Return the least and the most of ``figures``."""
    return min((f.low for f in figures), default=None), max((f.high or 0 for f in figures), default=None)


BY_TIME = ("funding-by-period", "money-of", "who-funds-what")
BACKWARDS = {"from": "2025", "until": "2023"}
"""A window in which no time is."""

ASKED = ("funding-by-initiative", "funding-by-sector", "funding-by-period", "money-of", "who-funds-what")


@pytest.mark.parametrize("lot", LOTS)
@pytest.mark.parametrize("question", ASKED)
def test_each_row_says_how_many_are_about_its_pot(question: str, lot: int) -> None:
    made = world(lot)
    windows = [{}, {"from": "2024"}, {"until": "2023"}, {"from": "2025", "until": "2025"}, BACKWARDS]
    for (document, day), window in itertools.product(CHOICES, windows if question in BY_TIME else windows[:1]):
        rows = made.rows(question, **given(document, day), **window)
        there = Counter(row["envelope"] for row in rows)
        assert [row["potRows"] for row in rows] == [there[row["envelope"]] for row in rows], (document, day, window)
        assert bool(rows) == (window != BACKWARDS) or document is not None or day
