"""Titles that say what is seen, computed from the network; where nothing can be said, the title of the view."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from euaikg.diagrams.draw import europe, pots, tree
from euaikg.diagrams.draw import words as words_
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.network import Network, day

SAID = {
    "en": {
        "funding": "{} of the {} pots of money drawn are plans; the largest that is not: {}, {}",
        "governance": "{1} of the {2} boxes drawn stand under “{0}”",
        "timeline": "After {}: {} of the dates drawn, {} of them in {}",
        "sectors": "{}: {} planned actions, more than any other sector; with a date: {}",
        "map": "{} countries: {} with infrastructure, {} that only take part",
        "law": "{}: in {} of the {} relations drawn, more than any other act",
        "network": "{}: in {} of the {} ties drawn, more than any other",
        "documents": "{} documents and what they set out, announce and cite",
        "focus": "{} stands in {} relations to {} others",
        "focus_more": "{} stands in more than {} relations to more than {} others",
        "ontology": "{} kinds of things, and what may stand between them",
    },
    "nl": {
        "funding": "{} van de {} getekende geldpotten zijn plannen; de grootste die dat niet is: {}, {}",
        "governance": "{1} van de {2} getekende vakken staan onder “{0}”",
        "timeline": "Na {}: {} van de getekende data, waarvan {} in {}",
        "sectors": "{}: {} geplande acties, meer dan elke andere sector; met een datum: {}",
        "map": "{} landen: {} met infrastructuur, {} die alleen meedoen",
        "law": "{}: in {} van de {} getekende relaties, meer dan elke andere handeling",
        "network": "{}: in {} van de {} getekende banden, meer dan elk ander",
        "documents": "{} documenten en wat zij vastleggen, aankondigen en aanhalen",
        "focus": "{} staat in {} relaties tot {} anderen",
        "focus_more": "{} staat in meer dan {} relaties tot meer dan {} anderen",
        "ontology": "{} soorten zaken, en wat ertussen kan staan",
    },
}  # fmt: skip

Say = Callable[[Network], tuple[object, ...]]
"""Returns the values that a title needs; nothing where there is nothing to say."""


def title(network: Network) -> str:
    """Return the title of the picture of ``network``: a sentence on what is seen, or the title of its view."""
    words = SAID.get(network.lang, SAID["en"])
    values = _VALUES[network.view](network) if network.view in _VALUES and network.edges else ()
    view = "governance" if network.view == "infrastructure" else network.view
    key = f"{view}_more" if network.hidden else view
    return words.get(key, words.get(view, "")).format(*values) if values else network.title


def _funding(network: Network) -> tuple[object, ...]:
    """Return how many pots with a figure are plans, of how many, and the largest that is none."""
    known = [pot for root in pots.pots(network) for pot in pots.everything(root) if pot.node.amount]
    real = [pot for pot in known if not pot.planned]
    if not real or len(real) == len(known):
        return ()
    most = max(real, key=lambda pot: (pot.amount, pot.node.label))
    return len(known) - len(real), len(known), most.figure, most.node.label


def _under(network: Network) -> tuple[object, ...]:
    """Return what most stands under, with how many, of how many that have a box."""
    trees = tree.forest(network, words_.words(network.lang))
    if not trees or trees[0].size in (1, *(one.size for one in trees[1:])):
        return ()
    return trees[0].node.label, trees[0].size - 1, sum(one.size for one in trees)


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
    """Return how many dates that still stand are to come, and how many of them in the first quarter with most."""
    there = [node.date for node in network.nodes if node.date > network.as_of and node.iri not in network.replaced]
    ahead = [when for text in there if (when := day(text))]
    quarters = Counter((when.year, (when.month + 2) // 3) for when in ahead)
    if not quarters or not network.as_of:
        return ()
    year, quarter = most = max(quarters, key=lambda key: (quarters[key], -key[0], -key[1]))
    name = f"{words_.words(network.lang)['quarter']}{quarter} {year}"
    return words_.day(network.as_of, network.lang), len(ahead), quarters[most], name


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
    for line in network.lines:
        if europe.slug(line.target) not in europe.outlines()["countries"]:
            continue  # a town of which no passage says where it lies
        is_tie = line.relation in (*europe.MEMBER, europe.APPLICANT)
        joins = "part" if europe.is_joined(line) else "perhaps"
        there[line.target].add(joins if is_tie else named[line.source].group)
    part = sum("part" in found and found <= {"part", "perhaps"} for found in there.values())
    return len(there), sum("infrastructure" in found for found in there.values()), part


def _documents(network: Network) -> tuple[object, ...]:
    return (sum(bool(node.date) for node in network.nodes),)


def _focus(network: Network) -> tuple[object, ...]:
    near = [line for line in network.lines if network.middle in (line.source, line.target)]
    others = {end for line in near for end in (line.source, line.target)} - {network.middle}
    label = next((node.label for node in network.nodes if node.iri == network.middle), "")
    return (label, len(near), len(others)) if label else ()


_VALUES: dict[str, Say] = {
    "funding": _funding, "governance": _under, "infrastructure": _under, "law": _related("law"),
    "network": _related("body"), "timeline": _timeline, "sectors": _sectors, "map": _map, "documents": _documents,
    "focus": _focus, "ontology": lambda network: (len(network.nodes),),
}  # fmt: skip
