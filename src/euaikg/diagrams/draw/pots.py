"""Pots of money with their parts, as they are to be drawn: what lies in what, who pays, and what shares money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from euaikg.core.vocab import EUAI
from euaikg.diagrams.model.network import Network, Node
from euaikg.sparql import amounts

DWARFS = 2
"""How many times larger than all smaller ones together a pot is that gets a scale of its own."""


@dataclass
class Pot:
    """A pot with its parts, who pays, what it pays for and passes through, and its place: top and height of its bar."""

    node: Node
    parts: list[Pot] = field(default_factory=list)
    payers: tuple[str, ...] = ()
    purposes: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    shared: bool = False
    x: float = 0.0
    y: float = 0.0

    @property
    def amount(self) -> float:
        """Its figure, or else what its parts add up to."""
        return self.node.amount or sum(part.amount for part in self.parts)

    @property
    def figure(self) -> str:
        """Its figure in words, with what it is hedged by."""
        return self.node.note.split("\n")[0].replace(" ", amounts.JOINT) if self.node.amount else ""

    @property
    def planned(self) -> bool:
        """Whether it is not yet so; without a figure, whether one of its parts is not."""
        if self.node.amount:
            return self.node.broad not in ("", "asserted")
        return any(part.planned for part in self.parts)

    def leaves(self) -> list[Pot]:
        """Its smallest parts that have figures, or the pot itself."""
        return [leaf for part in self.parts for leaf in part.leaves()] or [self]

    def depth(self) -> int:
        """Over how many columns the pot and its parts go."""
        return 1 + max((part.depth() for part in self.parts), default=0)


def pots(network: Network) -> list[Pot]:
    """Return the pots of ``network`` that are no part of another one, the largest first, with their parts inside."""
    named = network.named
    found = {node.iri: Pot(node) for node in network.nodes if node.group == "money"}
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in network.lines:
        said[line.relation.removeprefix(EUAI)][line.source].append(line.target)
        if line.relation == EUAI + "overlapsEnvelope":
            for end in (line.source, line.target):
                if end in found:
                    found[end].shared = True
    inside: set[str] = set()
    for iri, pot in found.items():
        pot.payers = tuple(sorted(named[payer].label for payer in said["hasFunder"][iri]))
        pot.purposes = sorted(
            (named[thing].label for thing in said["finances"][iri]), key=lambda text: (len(text), text)
        )
        pot.channels = sorted({named[thing].label for thing in said["channelledBy"][iri]} - {*pot.purposes})
        for part in said["hasComponent"][iri]:
            if part in found and part not in inside and not _within(found[part], pot):
                pot.parts.append(found[part])
                inside.add(part)
    for pot in found.values():
        pot.parts = sorted(
            (part for part in pot.parts if part.amount), key=lambda part: (-part.amount, part.node.label)
        )
    roots = [pot for iri, pot in found.items() if iri not in inside]
    return sorted(roots, key=lambda pot: (-pot.amount, pot.node.label))


def _within(pot: Pot, other: Pot) -> bool:
    return pot is other or any(_within(part, other) for part in pot.parts)


def panels(roots: list[Pot]) -> tuple[list[Pot], list[Pot]]:
    """Return the ``roots`` with figures that share one scale, and those that dwarf all smaller ones together."""
    known = [pot for pot in roots if pot.amount]
    large: list[Pot] = []
    while len(known) > 1 and known[0].amount > DWARFS * sum(pot.amount for pot in known[1:]):
        large.append(known.pop(0))
    return known, large


def everything(pot: Pot) -> list[Pot]:
    """Return ``pot`` and all its parts, a whole before its parts."""
    return [pot, *(found for part in pot.parts for found in everything(part))]
