"""One thing in the middle of a ring: each arc of it is a relation, and leads to the things that stand in it.

An arc is as long as its relation is frequent. Of many things the first are named and the others put together; what
stands farther away is said beside the thing through which it is reached.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import NOTE, edge_group, node_group, sign
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Point, Text, curve, polyline, wrap
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.looks import LOOKS
from euaikg.diagrams.model.network import Line, Network, Node

NAME, HEAD, ROW, GAP = 16.0, 14.0, 19.5, 8.0

APART = 30.0
"""How much farther apart relations stand at most where there is room."""

HUB = 8
"""What has more relations farther on is a hub, of which these would say little."""


@dataclass
class Block:
    """The things that stand in one relation to the one in the middle: each with its line; ``out`` is its direction.

    ``rows`` are their names and notes in lines; ``most`` is how many are named where there is no room for all.
    """

    label: str
    out: bool
    found: list[tuple[Node, Line]] = field(default_factory=list)
    rows: list[tuple[list[str], list[str]]] = field(default_factory=list)
    most: int = 1

    def fill(self, width: float, beyond: dict[str, list[str]]) -> None:
        """Write names and notes in lines no wider than ``width``."""
        for node, _ in self.found:
            notes = [*node.notes[:1], *beyond.get(node.iri, [])[:2]]
            noted = [line for note in notes if note for line in wrap(note, NOTE, width - 26, 1)]
            self.rows.append((wrap(node.label, NAME, width - 26, 2), noted))

    @property
    def shown(self) -> int:
        """How many things are named."""
        return len(self.found) if len(self.found) <= self.most + 1 else self.most

    @property
    def high(self) -> float:
        """How high it is."""
        rows = sum((len(name) or 1) * ROW + len(notes) * 17 for name, notes in self.rows[: self.shown])
        return ROW + 6 + rows + ROW * (self.shown < len(self.found))


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return what stands around the thing in the middle of ``network``, the one with most lines if it names none."""
    middle, blocks, beyond = around(network, said)
    radius = min(135.0, area.width * 0.085)
    wide = (area.width - 2 * radius - 2 * 110) / 2
    narrow = wide < 300  # upright pages have all on one side
    sides = 1 if narrow else 2
    width = area.width - 2 * radius - 130 if narrow else wide
    for block in blocks:
        block.fill(width, beyond)
    _grow(blocks, sides, area.height)
    halves = _halves(blocks, sides)
    drawn = Drawn(right=area.right)
    most = max(map(len, halves))
    apart = GAP + max(0.0, min(APART, (area.height - max(map(_tall, halves))) / most))
    tall = [_tall(half) + (apart - GAP) * (len(half) - 1) for half in halves]
    centre = (
        area.x + radius + 10 if narrow else area.x + area.width / 2,
        area.y + max(*tall, 2 * radius + 20) / 2,
    )
    names = cards.names(network)
    for at, half in enumerate(halves):
        right = at == 0
        x = centre[0] + radius + 110 if right else area.x
        y = centre[1] - tall[at] / 2
        total = sum(len(block.found) ** 0.6 for block in half) or 1
        share = 0.0
        for block in half:
            part = len(block.found) ** 0.6 / total
            start, end = (share + part * 0.03) * math.pi, (share + part * 0.97) * math.pi
            share += part
            angles = [-math.pi / 2 + a if right else -math.pi / 2 - a for a in (start, end)]
            _arc(drawn, block, centre, radius, (angles[0], angles[1]), x if right else x + width, y + ROW / 2, names)
            y = _block(drawn, block, x, y, width, right, said) + apart
        drawn.bottom = max(drawn.bottom, y - apart)
    drawn.groups.append(_middle(middle, centre, radius))
    drawn.bottom = max(drawn.bottom, centre[1] + radius + 10)
    return drawn


def around(network: Network, said: dict[str, Any]) -> tuple[Node, list[Block], dict[str, list[str]]]:
    """Return the thing in the middle, what stands around it, and in words what stands beyond each of these."""
    named, everything = network.named, network.lines
    degree: dict[str, int] = defaultdict(int)
    for line in everything:
        for end in {line.source, line.target}:
            degree[end] += 1
    middle = network.middle or max(named, key=lambda iri: (degree[iri], iri))
    blocks: dict[tuple[str, bool], Block] = {}
    reached: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    near = {end for line in everything if middle in (line.source, line.target) for end in (line.source, line.target)}
    for line in everything:
        if middle in (line.source, line.target):
            out = line.source == middle
            block = blocks.setdefault((line.relation, out), Block(line.label, out))
            block.found.append((named[line.target if out else line.source], line))
        else:
            for one, other in ((line.source, line.target), (line.target, line.source)):
                if one in near and other not in near:
                    reached[one][line.label].append(named[other].label)
    for block in blocks.values():
        block.found.sort(key=lambda found: (found[0].group, found[0].label))
    beyond = {
        iri: [f"{label}: {listed(sorted(others), said['lang'], 2)}" for label, others in found.items()]
        for iri, found in reached.items()
        if sum(map(len, found.values())) <= HUB
    }
    order = sorted(blocks.values(), key=lambda block: (-len(block.found), block.label, block.out))
    return named[middle], order, beyond


def _grow(blocks: Sequence[Block], sides: int, height: float) -> None:
    """Name more things, always of the block with most left out, as long as there is room."""
    waiting = [block for block in blocks if block.shown < len(block.found)]
    while waiting:
        block = max(waiting, key=lambda block: (len(block.found) - block.shown, block.label))
        block.most += 1
        if max(map(_tall, _halves(blocks, sides))) > height:
            block.most -= 1
            waiting.remove(block)
        elif block.shown == len(block.found):
            waiting.remove(block)


def _tall(half: Sequence[Block]) -> float:
    """Return how high ``half`` is."""
    return sum(block.high + GAP for block in half) - GAP


def _halves(blocks: Sequence[Block], sides: int) -> list[list[Block]]:
    """Return ``blocks`` on one or two sides, the next always on the shorter one."""
    halves: list[list[Block]] = [[] for _ in range(sides)]
    for block in sorted(blocks, key=lambda block: (-block.high, block.label, block.out)):
        min(halves, key=_tall).append(block)
    return halves


def _arc(
    drawn: Drawn,
    block: Block,
    centre: Point,
    radius: float,
    angles: tuple[float, float],
    x: float,
    y: float,
    names: dict[str, str],
) -> None:
    """Draw the arc of ``block`` and the line from it to the words at ``x``, ``y``."""
    steps = [angles[0] + (angles[1] - angles[0]) * at / 12 for at in range(13)]
    outer = [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in steps]
    inner = [
        (centre[0] + (radius - 14) * math.cos(a), centre[1] + (radius - 14) * math.sin(a)) for a in reversed(steps)
    ]
    colour = LOOKS[block.found[0][0].group if block.found[0][0].group in LOOKS else "other"].colour
    turn = sum(angles) / 2
    begun = (centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn))
    group = edge_group(block.found[0][1], names)
    group.title = "\n".join(edge_group(line, names).title.split("\n")[0] for _, line in block.found)
    wide = min(7.0, 1.4 + 0.5 * len(block.found))
    broad = {line.broad for _, line in block.found}
    group.parts.append(cards.stroke(curve(begun, (x, y)), min(broad) if len(broad) == 1 else "", wide, colour))
    group.parts.append(Path(polyline([*outer, *inner], close=True), colour))
    drawn.groups.insert(0, group)


def _block(drawn: Drawn, block: Block, x: float, y: float, width: float, right: bool, said: dict[str, Any]) -> float:
    """Write the words of ``block`` from ``x``, ``y`` on; return where they end."""
    anchor, edge = ("start", x + 6) if right else ("end", x + width - 6)
    word = cards.toward(block.label, block.out)
    count = f" ({len(block.found)})" if len(block.found) > 1 else ""
    head = Group("legend", parts=[Text(edge, y + 15, word + count, HEAD, "faint", anchor, bold=True, role="word")])
    drawn.groups.append(head)
    y += ROW + 6
    inner = edge + (20 if right else -20)
    for (node, line), (name, notes) in zip(block.found[: block.shown], block.rows, strict=False):
        group = node_group(node)
        group.parts.append(sign(node.group, edge + (7 if right else -7), y + 9))
        for text in name:
            group.parts.append(Text(inner, y + 14, text, NAME, "ink", anchor, role="name"))
            y += ROW
        if line.broad not in ("", "asserted"):
            down = y - ROW * len(name) + 9
            at = edge - (6 if right else -6)
            group.parts.append(cards.stroke(polyline([(at, down - 9), (at, down + 9)]), line.broad, 2.0))
        for text in notes:
            group.parts.append(Text(inner, y + 11, text, NOTE, "faint", anchor, role="note"))
            y += 17
        drawn.groups.append(group)
    rest = [node for node, _ in block.found[block.shown :]]
    if rest:
        drawn.groups.append(cards.rest(f"{block.label} {block.out}", rest, inner, y + 14, said, anchor))
        y += ROW
    return y


def _middle(node: Node, centre: Point, radius: float) -> Group:
    group = node_group(node)
    words = wrap(node.label, 18, 1.55 * (radius - 16), 5, bold=True)
    kind = wrap(node.kind_name, NOTE, 1.3 * (radius - 16), 2) if len(words) < 4 else []  # in a ring full of words
    down = centre[1] - len(words) * 11 - len(kind) * 7
    group.parts.append(sign(node.group, centre[0], down - 14, 20))
    for word in words:
        down += 22
        group.parts.append(Text(centre[0], down, word, 18, "ink", "middle", bold=True, role="name"))
    for word in kind:
        down += 18
        group.parts.append(Text(centre[0], down, word, NOTE, "faint", "middle"))
    return group
