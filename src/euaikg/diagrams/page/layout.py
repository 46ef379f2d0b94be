"""Where the things of a network stand in a picture: the same network always gives the same places.

Graphviz (neato, stress majorization by stochastic gradient descent) puts related things near each other; then labels
that would cover one another are pushed apart. Lengths are in the units of the picture, one for each pixel at full size.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from euaikg.diagrams.model.labels import width, wrap
from euaikg.diagrams.model.network import Network

LETTER = 12
"""Height of the letters of a label; a line takes a quarter more."""

LINE = 15
GAP = 6
"""Between a symbol and the text beside it."""

_POINTS = 72  # Graphviz counts node sizes and edge lengths in inches of 72 points
_SWEEPS = 200
_GROWTH = 1.006  # the picture grows a little in each sweep, so that the pushing comes to an end
_FILLED = 0.55  # labels may cover at most this part of the picture's area
_WIDE = 1.25  # pictures are stretched to be wider than high by this much twice over: labels are, and so are screens
_EVEN = 0.6
_WORK = 4_000_000  # pairs of nodes that the layout looks at; a large network gets fewer rounds


@dataclass
class Place:
    """A node in the picture: its centre, the radius of its symbol, and the lines of its label and of its note.

    The text stands below the symbol, or, in one go, on its right where ``beside`` says so.
    """

    x: float
    y: float
    radius: float
    label: tuple[str, ...]
    note: tuple[str, ...]
    beside: bool = False

    def __post_init__(self) -> None:
        """Measure symbol and text together, and how far below the centre of the symbol the middle of both lies."""
        lines = [*self.label, *self.note]
        if self.beside:
            self.width = 2 * self.radius + GAP + max(width(line, LETTER) for line in lines)
            self.height = max(2.0 * self.radius, LINE * len(lines))
            self.drop = 0.0
        else:
            self.width = max(2 * self.radius, *(width(line, LETTER) for line in lines)) + 10
            self.height = 2 * self.radius + LINE * len(lines) + 10
            self.drop = LINE * len(lines) / 2

    @property
    def left(self) -> float:
        """Where symbol and text begin."""
        return self.x - (self.radius if self.beside else self.width / 2)


def places(network: Network) -> list[Place]:
    """Return a place for each node of ``network``, in their order; meant for up to some 1500 nodes."""
    degree = Counter(end for edge in network.edges for end in (edge.source, edge.target))
    found = [
        Place(0, 0, _radius(degree[node.iri], node.size), wrap(node.label, 22, 4), _note(node.note))
        for node in network.nodes
    ]
    if len(found) > 1:
        _spread(found, network)
        _turn(found)
        _separate(found)
    return found


def _note(note: str) -> tuple[str, ...]:
    return tuple(part for line in note.split("\n") for part in wrap(line, 26, 2))[:3]


def _radius(degree: int, size: float) -> float:
    return round(9 + 24 * size if size else min(26, 9 + 1.8 * math.sqrt(degree)), 1)


def _spread(found: list[Place], network: Network) -> None:
    from pygraphviz import AGraph

    number = {node.iri: at for at, node in enumerate(network.nodes)}
    pairs = sorted({tuple(sorted((number[edge.source], number[edge.target]))) for edge in network.edges})
    rounds = max(6, min(100, _WORK // len(found) ** 2))
    drawing = AGraph(mode="sgd", start="1", maxiter=str(rounds), overlap="true", splines="false", pack="24")
    drawing.node_attr.update(shape="box", label="", fixedsize="true")
    for at, place in enumerate(found):
        drawing.add_node(at, width=f"{place.width / _POINTS:.2f}", height=f"{place.height / _POINTS:.2f}")
    for one, other in pairs:
        if one != other:
            apart = 20 + (found[one].width + found[other].width) / 3
            drawing.add_edge(one, other, len=f"{apart / _POINTS:.2f}")
    drawing.layout(prog="neato")
    for at, place in enumerate(found):
        across, up = drawing.get_node(at).attr["pos"].split(",")
        place.x, place.y = float(across), -float(up)


def _turn(found: list[Place]) -> None:
    """Make the picture wider than high."""
    width, height = _size(found)
    for place in found:
        if height > width:
            place.x, place.y = place.y, place.x
    width, height = _size(found)
    side = math.sqrt(sum(p.width * p.height for p in found) / _FILLED)
    for axis, long, wanted in ("x", width, side * _WIDE), ("y", height, side / _WIDE):
        order = sorted(range(len(found)), key=lambda at: (getattr(found[at], axis), at))
        least = getattr(found[order[0]], axis)
        for rank, at in enumerate(order):
            even = rank / (len(found) - 1)
            given = (getattr(found[at], axis) - least) / long
            setattr(found[at], axis, wanted * (_EVEN * even + (1 - _EVEN) * given))


def _size(found: list[Place]) -> tuple[float, float]:
    xs, ys = [p.x for p in found], [p.y for p in found]
    return max(xs) - min(xs) + 100, max(ys) - min(ys) + 100


def _separate(found: list[Place]) -> None:
    """Move labels apart that cover one another, along the shorter way, until none do."""
    crowd = sum(p.width * p.height for p in found) / (_FILLED * math.prod(_size(found)))
    if crowd > 1:
        for place in found:
            place.x *= math.sqrt(crowd)
            place.y *= math.sqrt(crowd)
    for _ in range(_SWEEPS):
        if not _push(found):
            break
        for place in found:
            place.x *= _GROWTH
            place.y *= _GROWTH
    for place in found:
        place.x, place.y = float(round(place.x)), float(round(place.y))


def _push(found: list[Place]) -> bool:
    moved = False
    order = sorted(range(len(found)), key=lambda at: (found[at].x - found[at].width / 2, at))
    for position, at in enumerate(order):
        one = found[at]
        for beside in islice(order, position + 1, None):
            other = found[beside]
            if other.x - other.width / 2 >= one.x + one.width / 2:
                break
            moved = _part(one, other) or moved
    return moved


def _part(one: Place, other: Place) -> bool:
    drop = other.y + other.drop - one.y - one.drop
    down = (one.height + other.height) / 2 - abs(drop)
    if down <= 0.5:
        return False
    across = (one.width + other.width) / 2 - abs(one.x - other.x)
    if across <= 0.5:
        return False
    if across < down:
        step = across / 2 if one.x <= other.x else -across / 2
        one.x, other.x = one.x - step, other.x + step
    else:
        step = down / 2 if drop >= 0 else -down / 2
        one.y, other.y = one.y - step, other.y + step
    return True


def frame(found: Sequence[Place]) -> tuple[int, int, int, int]:
    """Return the rectangle around all symbols and labels: left, top, width and height."""
    if not found:
        return 0, 0, 800, 500
    left = min(p.left for p in found) - 20
    right = max(p.left + p.width * (1.2 if p.beside else 1) for p in found) + 20  # letters grow in small pictures
    top = min(p.y + p.drop - p.height / 2 for p in found) - 30
    bottom = max(p.y + p.drop + p.height / 2 for p in found) + 20
    return math.floor(left), math.floor(top), math.ceil(right - left), math.ceil(bottom - top)
