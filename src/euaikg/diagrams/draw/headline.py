"""Titles that say what is seen, computed from the network; where nothing can be said, the title of the view."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from euaikg.core.vocab import EUAI
from euaikg.diagrams.draw import pots
from euaikg.diagrams.draw import words as words_
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.network import Network, day

SAID = {
    "en": {
        "funding": "{} of the {} pots of money drawn are plans; the largest that is not: {}, {}",
        "governance": "{}: {} of the {} things drawn stand under it",
        "timeline": "{2} has most of the {1} dates drawn that come after {0}",
        "sectors": "{}: {} planned actions, more than any other sector; {} of them have a date",
        "map": "{} countries: {} with infrastructure, {} that only take part",
        "infrastructure": "{1} of the {2} things drawn: parts and services of {0}",
        "law": "{}: in {} of the {} relations drawn, more than any other act",
        "network": "{}: in {} of the {} ties drawn, more than any other",
        "documents": "{} documents and what they set out, announce and cite",
        "focus": "{} stands in {} relations to {} others",
        "focus_more": "{} stands in more than {} relations to more than {} others",
        "ontology": "{} kinds of things, and what may stand between them",
        "quarter": "Q{} {}",
    },
    "nl": {
        "funding": "{} van de {} getekende geldpotten zijn plannen; de grootste die dat niet is: {}, {}",
        "governance": "{}: {} van de {} getekende zaken staan eronder",
        "timeline": "In {2} vallen de meeste van de {1} getekende data na {0}",
        "sectors": "{}: {} geplande acties, meer dan elke andere sector; {} daarvan hebben een datum",
        "map": "{} landen: {} met infrastructuur, {} die alleen meedoen",
        "infrastructure": "{1} van de {2} getekende zaken: delen en diensten van {0}",
        "law": "{}: in {} van de {} getekende relaties, meer dan elke andere handeling",
        "network": "{}: in {} van de {} getekende banden, meer dan elk ander",
        "documents": "{} documenten en wat zij vastleggen, aankondigen en aanhalen",
        "focus": "{} staat in {} relaties tot {} anderen",
        "focus_more": "{} staat in meer dan {} relaties tot meer dan {} anderen",
        "ontology": "{} soorten zaken, en wat ertussen kan staan",
        "quarter": "K{} {}",
    },
}  # fmt: skip

Say = Callable[[Network], tuple[object, ...]]
"""Returns the values that a title needs; nothing where there is nothing to say."""


def title(network: Network) -> str:
    """Return the title of the picture of ``network``: a sentence on what is seen, or the title of its view."""
    words = SAID.get(network.lang, SAID["en"])
    values = _VALUES[network.view](network) if network.view in _VALUES and network.edges else ()
    key = f"{network.view}_more" if network.hidden else network.view
    return words.get(key, words.get(network.view, "")).format(*values) if values else network.title


def _funding(network: Network) -> tuple[object, ...]:
    """Return how many pots with a figure are plans, of how many, and the largest that is none."""
    known = [pot for root in pots.pots(network) for pot in pots.everything(root) if pot.node.amount]
    real = [pot for pot in known if not pot.planned]
    if not real or len(real) == len(known):
        return ()
    most = max(real, key=lambda pot: (pot.amount, pot.node.label))
    return len(known) - len(real), len(known), most.figure, most.node.label


def _below(relations: dict[str, bool]) -> Say:
    """Return what finds the thing with most others below it by ``relations``, True for those that lead up."""

    def found(network: Network) -> tuple[object, ...]:
        below: dict[str, set[str]] = defaultdict(set)
        for line in network.lines:
            upward = relations.get(line.relation.removeprefix(EUAI))
            if upward is not None and line.source != line.target and line.broad != "denied":
                above, under = (line.target, line.source) if upward else (line.source, line.target)
                below[above].add(under)
        found = _most(network, {iri: len(under) for iri, under in below.items()})
        return (*found, len(network.nodes)) if found else ()

    return found


def _most(network: Network, counts: dict[str, int], group: str = "") -> tuple[object, ...]:
    """Return the name of the thing with the highest of ``counts``, with it; both where two have as many, not more."""
    named = network.named
    counted = {iri: count for iri, count in counts.items() if not group or named[iri].group == group}
    most = max(counted.values(), default=0)
    first = sorted(named[iri].label for iri, count in counted.items() if count == most)
    return (listed(first, network.lang, 2), most) if 0 < len(first) < 3 else ()


def _related(group: str) -> Say:
    def found(network: Network) -> tuple[object, ...]:
        drawn = network.lines
        found = _most(network, Counter(end for line in drawn for end in {line.source, line.target}), group)
        return (*found, len(drawn)) if found else ()

    return found


def _timeline(network: Network) -> tuple[object, ...]:
    ahead = [when for node in network.nodes if node.date > network.as_of and (when := day(node.date))]
    quarters = Counter((when.year, (when.month + 2) // 3) for when in ahead)
    if not quarters or not network.as_of:
        return ()
    year, quarter = max(quarters, key=lambda key: (quarters[key], -key[0], -key[1]))
    return words_.day(network.as_of, network.lang), len(ahead), SAID[network.lang]["quarter"].format(quarter, year)


def _sectors(network: Network) -> tuple[object, ...]:
    named = network.named
    actions: dict[str, set[str]] = defaultdict(set)
    for edge in network.edges:
        actions[edge.target].add(edge.source)
    found = _most(network, {iri: len(there) for iri, there in actions.items()})
    if not found or sum(len(there) == found[1] for there in actions.values()) > 1:
        return ()
    sector = max(actions, key=lambda iri: len(actions[iri]))
    label = named[sector].label
    return label[:1].upper() + label[1:], found[1], sum(bool(named[iri].date) for iri in actions[sector])


def _map(network: Network) -> tuple[object, ...]:
    named = network.named
    there: dict[str, set[str]] = defaultdict(set)
    for edge in network.edges:
        joins = edge.relation in (EUAI + "participatingCountry", EUAI + "hasMember")
        there[edge.target].add("part" if joins else named[edge.source].group)
    part = sum(found == {"part"} for found in there.values())
    return len(there), sum("infrastructure" in found for found in there.values()), part


def _documents(network: Network) -> tuple[object, ...]:
    return (sum(bool(node.date) for node in network.nodes),)


def _ontology(network: Network) -> tuple[object, ...]:
    return (len(network.nodes),)


def _focus(network: Network) -> tuple[object, ...]:
    near = [line for line in network.lines if network.middle in (line.source, line.target)]
    others = {end for line in near for end in (line.source, line.target)} - {network.middle}
    label = next((node.label for node in network.nodes if node.iri == network.middle), "")
    return (label, len(near), len(others)) if label else ()


UPWARD = {"partOf": True, "establishedWithin": True, "hostedBy": True, "establishedBy": True, "advises": True}

_VALUES: dict[str, Say] = {
    "funding": _funding, "governance": _below(UPWARD | {"coordinates": False, "supervises": False, "monitors": False}),
    "infrastructure": _below({"partOf": True, "provides": False}), "law": _related("law"), "network": _related("body"),
    "timeline": _timeline, "sectors": _sectors, "map": _map, "documents": _documents, "focus": _focus,
    "ontology": _ontology,
}  # fmt: skip
