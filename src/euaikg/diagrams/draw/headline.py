"""Titles that say what is seen, computed from the network; where nothing can be said, the title of the view."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from euaikg.core.vocab import EUAI
from euaikg.diagrams.draw import pots
from euaikg.diagrams.draw import words as words_
from euaikg.diagrams.model.network import Network, day, lines

SAID = {
    "en": {
        "funding": "{}: {} of {} ({}){}",
        "planned": ", planned",
        "governance": "{}: {} of the {} things drawn stand under it",
        "timeline": "{2} has most of the {1} dates drawn that come after {0}",
        "sectors": "{}: {} planned actions, more than any other sector; {} of them have a date",
        "map": "{} countries: {} with infrastructure, {} that only take part",
        "infrastructure": "{}: the most parts and services of all infrastructure drawn, {} of {} things",
        "law": "{}: the most relations of all acts drawn, {}",
        "network": "{}: works with the most others of all drawn, {}",
        "documents": "{} documents and what they set out, announce and cite",
        "focus": "{} stands in {} relations to {} others",
        "quarter": "Q{} {}",
    },
    "nl": {
        "funding": "{}: {} van {} ({}){}",
        "planned": ", gepland",
        "governance": "{}: {} van de {} getekende zaken staan eronder",
        "timeline": "In {2} vallen de meeste van de {1} getekende data na {0}",
        "sectors": "{}: {} geplande acties, meer dan elke andere sector; {} daarvan hebben een datum",
        "map": "{} landen: {} met infrastructuur, {} die alleen meedoen",
        "infrastructure": "{}: de meeste delen en diensten van alle getekende infrastructuur, {} van {} zaken",
        "law": "{}: de meeste relaties van alle getekende rechtshandelingen, {}",
        "network": "{}: werkt van alle getekende organen met de meeste anderen, {}",
        "documents": "{} documenten en wat zij vastleggen, aankondigen en aanhalen",
        "focus": "{} staat in {} relaties tot {} anderen",
        "quarter": "K{} {}",
    },
}  # fmt: skip

Say = Callable[[Network, dict[str, str]], tuple[object, ...]]
"""Returns the values that a title needs; nothing where there is nothing to say."""


def title(network: Network) -> str:
    """Return the title of the picture of ``network``: a sentence on what is seen, or the title of its view."""
    words = SAID.get(network.lang, SAID["en"])
    values = _VALUES[network.view](network, words) if network.view in _VALUES and network.edges else ()
    return words[network.view].format(*values) if values else network.title


def _funding(network: Network, words: dict[str, str]) -> tuple[object, ...]:
    """Return how much of its whole the largest part takes, of those whose whole has a figure."""
    everything = [pot for root in pots.pots(network) for pot in pots.everything(root)]
    found = [
        (part, whole) for whole in everything for part in whole.parts if not part.parts and part.figure and whole.figure
    ]
    if not found:
        return ()
    part, whole = max(found, key=lambda one: (one[0].amount, one[0].node.label))
    planned = words["planned"] if part.planned else ""
    return part.node.label.split(",")[0], part.figure, whole.figure, whole.node.label, planned


def _below(relations: dict[str, bool]) -> Say:
    """Return what finds the thing with most others below it by ``relations``, True for those that lead up."""

    def found(network: Network, words: dict[str, str]) -> tuple[object, ...]:
        del words
        below: dict[str, set[str]] = defaultdict(set)
        for line in lines(network.edges):
            upward = relations.get(line.relation.removeprefix(EUAI))
            if upward is not None and line.source != line.target and line.broad != "denied":
                above, under = (line.target, line.source) if upward else (line.source, line.target)
                below[above].add(under)
        found = _most(network, {iri: len(under) for iri, under in below.items()})
        return (*found, len(network.nodes)) if found else ()

    return found


def _most(network: Network, counts: dict[str, int], group: str = "") -> tuple[object, ...]:
    """Return the name of the thing with the highest of ``counts``, with it; nothing where two have as many."""
    named = {node.iri: node for node in network.nodes}
    ranked = sorted((count, iri) for iri, count in counts.items() if not group or named[iri].group == group)
    if not ranked or (len(ranked) > 1 and ranked[-1][0] == ranked[-2][0]):
        return ()
    return named[ranked[-1][1]].label, ranked[-1][0]


def _related(group: str) -> Say:
    def found(network: Network, words: dict[str, str]) -> tuple[object, ...]:
        del words
        counts = Counter(end for line in lines(network.edges) for end in {line.source, line.target})
        return _most(network, dict(counts), group)

    return found


def _timeline(network: Network, words: dict[str, str]) -> tuple[object, ...]:
    ahead = [when for node in network.nodes if node.date > network.as_of and (when := day(node.date))]
    quarters = Counter((when.year, (when.month + 2) // 3) for when in ahead)
    if not quarters or not network.as_of:
        return ()
    year, quarter = max(quarters, key=lambda key: (quarters[key], -key[0], -key[1]))
    return words_.day(network.as_of, network.lang), len(ahead), words["quarter"].format(quarter, year)


def _sectors(network: Network, words: dict[str, str]) -> tuple[object, ...]:
    del words
    named = {node.iri: node for node in network.nodes}
    actions: dict[str, set[str]] = defaultdict(set)
    for edge in network.edges:
        actions[edge.target].add(edge.source)
    found = _most(network, {iri: len(there) for iri, there in actions.items()})
    if not found:
        return ()
    sector = max(actions, key=lambda iri: len(actions[iri]))
    label = named[sector].label
    return label[:1].upper() + label[1:], found[1], sum(bool(named[iri].date) for iri in actions[sector])


def _map(network: Network, words: dict[str, str]) -> tuple[object, ...]:
    del words
    named = {node.iri: node for node in network.nodes}
    there: dict[str, set[str]] = defaultdict(set)
    for edge in network.edges:
        joins = edge.relation in (EUAI + "participatingCountry", EUAI + "hasMember")
        there[edge.target].add("part" if joins else named[edge.source].group)
    part = sum(found == {"part"} for found in there.values())
    return len(there), sum("infrastructure" in found for found in there.values()), part


def _documents(network: Network, words: dict[str, str]) -> tuple[object, ...]:
    del words
    return (sum(bool(node.date) for node in network.nodes),)


def _focus(network: Network, words: dict[str, str]) -> tuple[object, ...]:
    del words
    near = [line for line in lines(network.edges) if network.middle in (line.source, line.target)]
    others = {end for line in near for end in (line.source, line.target)} - {network.middle}
    label = next((node.label for node in network.nodes if node.iri == network.middle), "")
    return (label, len(near), len(others)) if label else ()


UPWARD = {"partOf": True, "establishedWithin": True, "hostedBy": True, "establishedBy": True, "advises": True}

_VALUES: dict[str, Say] = {
    "funding": _funding, "governance": _below(UPWARD | {"coordinates": False, "supervises": False, "monitors": False}),
    "infrastructure": _below({"partOf": True, "provides": False}), "law": _related("law"), "network": _related("body"),
    "timeline": _timeline, "sectors": _sectors, "map": _map, "documents": _documents, "focus": _focus,
}  # fmt: skip
