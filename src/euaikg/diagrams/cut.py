"""Cutting a network down to what a picture has room for, and saying what was left out."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence

from pyoxigraph import NamedNode

from euaikg.diagrams.rows import Rows
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine

HIDDEN = {
    "en": "Not shown: {}; --limit {} shows more.",
    "nl": "Niet getoond: {}; met --limit {} verschijnt meer.",
}
PARTIAL = {
    "en": "The answer is too large to be looked at whole: shown are some of its most connected things; narrow it with "
    "filters, or ask with --focus.",
    "nl": "Het antwoord is te groot om in zijn geheel te bekijken: getoond zijn enkele van de meest verbonden zaken; "
    "beperk het met filters, of vraag met --focus.",
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


def hidden(gathered: Rows, kept: set[str], limit: int, partial: bool, lang: str) -> str:
    """Return in one sentence what ``kept`` leaves out of ``gathered``; empty where that is nothing."""
    lines = {(edge.source, edge.relation, edge.target) for edge in gathered.edges}
    outside = sum(source not in kept or target not in kept for source, _, target in lines)
    counts = (len(gathered.things) - len(kept), outside)
    if partial:
        return PARTIAL[lang]
    if not any(counts):
        return ""
    *nouns, more, both = COUNTS[lang]
    said = [f"{count} {noun[count != 1]}" for count, noun in zip(counts, nouns, strict=True) if count]
    words = f" {both} ".join(said)
    total = len(gathered.things)
    phrase = f"{more} {words}" if lang == "nl" else words.replace(" ", f" {more} ", 1)
    return HIDDEN[lang].format(phrase, total if total <= 3 * limit else 2 * limit)


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
        sample = engine.select(prologue + asked).rows
        large |= len(sample) > many
        ends = (end for row in sample for end in (row[:1] if "from" in blocks else row))
        degrees = Counter(end for end in ends if isinstance(end, NamedNode))
        found |= set(sorted(degrees, key=lambda thing: (-degrees[thing], thing.value))[:count])
    return sorted(found, key=lambda thing: thing.value) if large else []
