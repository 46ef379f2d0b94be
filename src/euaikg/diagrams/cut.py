"""Cutting a network down to what a picture has room for, and saying what was left out."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence

from pyoxigraph import NamedNode

from euaikg.core.vocab import EUAI
from euaikg.diagrams.rows import Rows
from euaikg.sparql import scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Engine

HIDDEN = {"en": "{} not shown.", "nl": "{} niet getoond."}
DATES = {
    "en": "{} more {} not shown, of things that have fewer of them around the day shown.",
    "nl": "Nog {} {} niet getoond, van zaken die er rond de getoonde dag minder hebben.",
}
PARTIAL = {
    "en": "Too large to be looked at whole: shown are some of the most connected things.",
    "nl": "Te groot om in zijn geheel te bekijken: getoond zijn enkele van de meest verbonden zaken.",
}
COUNTS = {
    "en": (("thing", "things"), ("relation", "relations"), "more", "and"),
    "nl": (("zaak", "zaken"), ("relatie", "relaties"), "nog", "en"),
}


DENSE = 2
"""From how many links on a thing is no more wanted for having more: else the picture becomes a tangle."""


def keep(gathered: Rows, limit: int, first: Sequence[str] = ()) -> set[str]:
    """Return the IRIs of at most ``limit`` things that hang together best.

    It begins with ``first``, or else the thing with the most neighbours, and goes on with the thing that has the most
    links to those already chosen; of several, the one with the largest amount of money, then the most neighbours, then
    the first by IRI. Where no thing is linked to those chosen, it begins again. A thing whose neighbours all stay
    outside is left out too; one that has none at all is taken last.
    """
    if len(gathered.things) <= limit:
        return set(gathered.things)
    near: dict[str, set[str]] = {iri: set() for iri in gathered.things}
    for edge in gathered.edges:
        if edge.source != edge.target:
            near[edge.source].add(edge.target)
            near[edge.target].add(edge.source)
    money = {iri: thing.amount() or 0 for iri, thing in gathered.things.items()}
    links: Counter[str] = Counter(dict.fromkeys(first, len(near)))
    chosen: set[str] = set()

    def rank(iri: str) -> tuple[int, int, int, str]:
        return -min(links[iri], DENSE), -money[iri] if near[iri] else 0, -len(near[iri]), iri

    queue = [rank(iri) for iri in near]
    heapq.heapify(queue)
    while queue and len(chosen) < limit:
        entry = heapq.heappop(queue)
        iri = entry[-1]
        if iri in chosen or entry != rank(iri):
            continue  # chosen before, or its rank has risen since and stands elsewhere in the queue
        chosen.add(iri)
        for other in near[iri] - chosen:
            links[other] += 1
            heapq.heappush(queue, rank(other))
    return {iri for iri in chosen if not near[iri] or near[iri] & chosen or iri in first}


def linked(gathered: Rows, kind: str) -> list[str]:
    """Return the IRIs of the things of the class ``kind`` that stand in a relation to another one of it."""
    of = {iri for iri, thing in gathered.things.items() if kind in thing.kinds}
    pairs = [(edge.source, edge.target) for edge in gathered.edges if edge.source in of and edge.target in of]
    return sorted({end for pair in pairs for end in pair if pair[0] != pair[1]})


YEARS = (-1, 3)
"""Which years around the day known count for a timeline."""


def timely(gathered: Rows, limit: int) -> set[str]:
    """Return the IRIs of the ``limit`` things with most dates around the day known, and of their stages.

    Of several with as many, the one whose next date comes soonest.
    """
    known = max((edge.date for edge in gathered.edges), default="")
    year = int(known[:4]) if known[:4].isdigit() else 0
    days: dict[str, dict[str, str]] = {}
    for edge in gathered.edges:
        days.setdefault(edge.source, {})[edge.target] = gathered.things[edge.target].day

    def rank(iri: str) -> tuple[int, str, str]:
        first, last = (f"{year + step:04}" for step in YEARS)
        near = [day for day in days[iri].values() if not year or first <= day[:4] <= last]
        return -len(near), min((day for day in near if day >= known), default="9"), iri

    chosen = sorted(days, key=rank)[:limit]
    return {*chosen, *(stage for iri in chosen for stage in days[iri])}


def richest(gathered: Rows, limit: int) -> set[str]:
    """Return the IRIs of the pots with the largest figures, of at most ``limit`` of them, and of all that they name.

    A pot stands with its whole and its parts, and with all who pay for it, so that none seems to be paid by nobody;
    the pots without a figure are all there, as they are told in words.
    """
    if len(gathered.things) <= limit:
        return set(gathered.things)
    parts = [edge for edge in gathered.edges if edge.relation == EUAI + "hasComponent"]
    pots = {edge.source for edge in gathered.edges if edge.relation in POTS} | {edge.target for edge in parts}
    whole = {iri: {iri} for iri in pots}
    for edge in parts:
        both = whole[edge.source] | whole[edge.target]
        whole |= dict.fromkeys(both, both)
    money = {iri: gathered.things[iri].amount() or 0 for iri in pots}
    chosen: set[str] = set()
    for iri in sorted(pots, key=lambda iri: (-money[iri], iri)):
        with_figure = sum(map(bool, map(money.get, chosen | whole[iri])))
        if with_figure <= limit or not any(map(money.get, whole[iri])):
            chosen |= whole[iri]
        else:
            limit = 0  # else smaller ones would stand where a larger one is left out
    near = {edge.target for edge in gathered.edges if edge.source in chosen and edge.target not in pots}
    return chosen | near


POTS = frozenset(EUAI + name for name in ("hasComponent", "hasFunder", "finances", "channelledBy", "overlapsEnvelope"))
"""Relations in which a pot of money stands to what it names."""


def hidden(gathered: Rows, kept: set[str], partial: bool, lang: str, dates: bool = False) -> str:
    """Return in one sentence what ``kept`` leaves out of ``gathered``, as ``dates``; empty where that is nothing."""
    lines = {(edge.source, edge.relation, edge.target) for edge in gathered.edges}
    outside = sum(source not in kept or target not in kept for source, _, target in lines)
    counts = (len(gathered.things) - len(kept), outside)
    if partial:
        return PARTIAL[lang]
    if not any(counts):
        return ""
    if dates:
        noun = {"en": ("date", "dates"), "nl": ("datum", "data")}[lang][outside != 1]
        return DATES[lang].format(outside, noun)
    *nouns, more, both = COUNTS[lang]
    said = [f"{count} {noun[count != 1]}" for count, noun in zip(counts, nouns, strict=True) if count]
    words = f" {both} ".join(said)
    phrase = f"{more.capitalize()} {words}" if lang == "nl" else words.replace(" ", f" {more} ", 1)
    return HIDDEN[lang].format(phrase)


def hubs(engine: Engine, text: str, count: int, many: int) -> list[NamedNode]:
    """Return the most connected things of a large graph: ``count`` for each property that the query ``text`` lists.

    The list is its ``VALUES ?relation`` blocks; of a query that can be asked about one end, by a ``VALUES ?from``
    block, only that end counts. There are none where each property is stated at most ``many`` times, so that
    all can be looked at, nor for a query without such a list.
    """
    blocks = scanner.blocks(text)
    prologue = text[: next(token.start for token in scanner.tokens(text) if token.text.upper() == "SELECT")]
    found: set[NamedNode] = set()
    large = False
    for relation in " ".join(text[start:end] for start, end in blocks.get("relation", ())).replace("UNDEF", "").split():
        asked = f"SELECT ?from ?to WHERE {{ GRAPH ?passage {{ ?from {relation} ?to }} }} LIMIT {many + 1}"
        sample = engine.run(scanner.with_prefixes(prologue + asked))  # any of the rows, so not two times the same
        assert isinstance(sample, Table)
        large |= len(sample) > many
        ends = (end for row in sample.rows for end in (row[:1] if "from" in blocks else row))
        degrees = Counter(end for end in ends if isinstance(end, NamedNode))
        found |= set(sorted(degrees, key=lambda thing: (-degrees[thing], thing.value))[:count])
    return sorted(found, key=lambda thing: thing.value) if large else []
