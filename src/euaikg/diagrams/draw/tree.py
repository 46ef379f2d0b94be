"""A tree from the top, as organisations draw themselves: under each thing what is within it, set up by it or below it.

What stands highest has its branches side by side in columns, all else hangs below what it belongs to. A thing that
belongs to several has its place under the first, and says the others in words; so no line ever crosses another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from euaikg.core.vocab import EUAI, RDFS
from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import Card, edge_group, ink_of
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Text, polyline
from euaikg.diagrams.model.looks import MODALITIES
from euaikg.diagrams.model.network import Line, Network, Node, lines

UP = ("partOf", "establishedWithin", "hostedBy", "establishedBy", "advises", "subClassOf")
"""Relations that lead from a thing to what it stands under, the strongest first."""

DOWN = ("provides", "supervises", "coordinates", "monitors", "uses")
"""Relations that lead from a thing to what stands under it."""

STEP, GAP, BETWEEN, COLUMN, HEADER = 24.0, 6.0, 20.0, 290.0, 75.0


@dataclass
class Branch:
    """A thing with its box, the line that joins it to what it stands under, and the branches below it."""

    node: Node
    line: Line | None = None
    below: list[Branch] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    size: int = 1

    def card(self, width: float) -> Card:
        """Return the box; what joins it is its caption, as seen from it or from above."""
        caption = ""
        if self.line and self.line.relation != RDFS + "subClassOf":
            upward = self.line.source == self.node.iri
            count = f" ×{len(self.line.edges)}" if len(self.line.edges) > 1 else ""
            caption = f"{'↑' if upward else '↓'} {self.line.label}{count}"
        notes = [*self.node.note.split("\n")[:2], *self.also[:3]]
        if self.node.group == "term" or "→" in "".join(self.also[:1]):
            notes = [", ".join([*filter(None, self.node.note.split("\n")), *self.also])]
        planned = bool(self.line) and self.line.broad not in ("", "asserted")  # type: ignore[union-attr]
        return Card(self.node, width, 4, notes, caption, planned)

    def high(self, width: float) -> float:
        """How high the branch is in a column ``width`` wide."""
        inner = sum(branch.high(width - STEP) + GAP for branch in self.below)
        return self.card(width).height + inner


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return ``network`` as trees side by side that begin at the top of ``area``."""
    roots = forest(network, said)
    drawn = Drawn(right=area.right)
    names = cards.names(network)
    count = max(1, round((area.width + BETWEEN) / (COLUMN + BETWEEN)))
    width = (area.width + BETWEEN) / count - BETWEEN
    x = area.x
    small, spans = _spans(roots, count, width)
    for top, span in spans:
        _wide(top, Area(x, area.y, span * (width + BETWEEN) - BETWEEN, area.height), span, width, drawn, names)
        x += span * (width + BETWEEN)
    rest = count - sum(span for _, span in spans)
    if small:
        _pack(small, Area(x, area.y, area.right - x, area.height), rest, width, drawn, names)
    return drawn


def _spans(roots: list[Branch], count: int, width: float) -> tuple[list[Branch], list[tuple[Branch, int]]]:
    """Return the trees that hang in one column, and the others with how many columns each is wide.

    Of all ways the one in which the tallest column is lowest.
    """
    high = {id(root): root.high(width) for root in roots}
    below = {id(root): sorted((one.high(width) for one in root.below), reverse=True) for root in roots}
    limit = 120.0
    while True:
        small: list[Branch] = []
        spans: list[tuple[Branch, int]] = []
        for root in roots:
            if high[id(root)] <= limit or len(root.below) < 2:
                small.append(root)
                continue
            fits = (span for span in range(2, count + 1) if _height(below[id(root)], span) + HEADER <= limit)
            spans.append((root, next(fits, count + 1)))
        rest = count - sum(span for _, span in spans)
        tall = _height([high[id(root)] for root in small], rest) if rest > 0 else float("inf") if small else 0.0
        if (rest >= 0 and tall <= limit) or limit > 10**6:
            return small, spans if rest >= 0 else []
        limit *= 1.04


def _wide(top: Branch, area: Area, span: int, width: float, drawn: Drawn, names: dict[str, str]) -> None:
    """Draw the tree of ``top`` with its branches side by side in ``span`` columns."""
    box = Card(top.node, area.width, 2, top.also[:3], size=20.0)
    drawn.groups.append(_told(box.draw(area.x + (area.width - box.width) / 2, area.y), top))
    bus = area.y + box.height + 18
    under = Area(area.x, bus + 16, area.width, area.height - box.height - 34)
    heads = _pack(top.below, under, span, width, drawn, names)
    middle = area.x + area.width / 2
    ends = [x for x, _, _ in heads] + [middle]
    joints = [[(middle, area.y + box.height), (middle, bus)], [(min(ends), bus), (max(ends), bus)]]
    joints += [[(x, bus), (x, last)] for x, _, last in heads]
    parts: list[Path | Text] = [Path(polyline(joint), "", "plain", 1.6) for joint in joints]
    drawn.groups.insert(0, Group("legend", parts=parts))


def _height(branches: list[float], count: int) -> float:
    """Return how high ``branches`` are in ``count`` columns, the next always in the shortest."""
    ends = [0.0] * max(1, count)
    for high in branches:
        at = ends.index(min(ends))
        ends[at] += high + BETWEEN / 1.6
    return max(ends) if branches else 0.0


def forest(network: Network, said: dict[str, Any]) -> list[Branch]:
    """Return the trees of ``network``, the largest first; each thing stands in one place."""
    branches = {node.iri: Branch(node) for node in network.nodes}
    offers: dict[str, list[tuple[int, str, Line]]] = defaultdict(list)
    everything = lines(network.edges)
    for line in everything:
        name = line.relation.rpartition("#")[2]
        if line.source == line.target or line.broad == "denied" or not line.relation.startswith((EUAI, RDFS)):
            continue
        if network.view == "ontology" and name != "subClassOf":
            continue
        if name in UP:
            offers[line.source].append((UP.index(name), line.target, line))
        elif name in DOWN:
            offers[line.target].append((len(UP) + DOWN.index(name), line.source, line))
    weight: dict[str, int] = defaultdict(int)
    for found in offers.values():
        for _, above, _ in found:
            weight[above] += 1
    above_of: dict[str, str] = {}
    used: set[Line] = set()
    for iri in sorted(offers, key=lambda iri: (min(rank for rank, _, _ in offers[iri]), branches[iri].node.label, iri)):
        for _, above, line in sorted(offers[iri], key=lambda offer: (offer[0], -weight[offer[1]], offer[1])):
            seen, at = {iri}, above
            while at in above_of and at not in seen:
                at = above_of[at]
            if at not in seen:
                above_of[iri] = above
                branches[iri].line = line
                used.add(line)
                break
    rest: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in everything:
        if line not in used:
            rest[line.source][line.label].append(branches[line.target].node.label)
    for iri, by_label in rest.items():
        for label, others in by_label.items():
            one = f"{label} → " if network.view == "ontology" else f"{said['also']}: {label} – "
            branches[iri].also.append(one + ", ".join(others))
    for iri, above in above_of.items():
        branches[above].below.append(branches[iri])
    told = {line.target for line in everything if line not in used}
    roots = [
        branch
        for iri, branch in branches.items()
        if iri not in above_of and not (branch.node.group == "country" and iri in told and not branch.below)
    ]
    for place, root in enumerate(roots):
        if len(root.below) == 1 and len(root.below[0].below) > 2 and not root.also:
            child = root.below[0]
            assert child.line
            child.also.insert(0, f"{said['also'] if child.also else ''} {child.line.label} – {root.node.label}".strip())
            child.line, roots[place] = None, child  # what has a single branch is said beside it
    for root in roots:
        _measure(root)
    return sorted(roots, key=lambda branch: (-branch.size, branch.node.label))


def _measure(branch: Branch) -> int:
    branch.size = 1 + sum(map(_measure, branch.below))
    branch.below.sort(key=lambda below: (-below.size, below.node.label))
    return branch.size


def _pack(
    branches: list[Branch],
    area: Area,
    count: int,
    width: float,
    drawn: Drawn,
    names: dict[str, str],
) -> list[tuple[float, float, float]]:
    """Put ``branches`` into ``count`` columns, the next always into the shortest.

    Return for each column that has lines to what is above it: where the line runs, where it begins, and where it ends.
    """
    ends = [area.y] * count
    heads: dict[int, float] = {}
    for branch in sorted(branches, key=lambda branch: -branch.high(width)):
        at = min(range(count), key=lambda column: (ends[column], column))
        x = area.x + at * (width + BETWEEN)
        inset = STEP if branch.line else 0.0
        if branch.line:
            card = branch.card(width - inset)
            heads[at] = ends[at] + card.height / 2
            drawn.groups.insert(0, _joint(branch, x + 6, x + inset, heads[at], names))
        ends[at] = _hang(branch, x + inset, ends[at], width - inset, drawn, names) + BETWEEN / 1.6
    drawn.bottom = max([drawn.bottom, *(end - BETWEEN / 1.6 for end in ends)])
    return [(area.x + at * (width + BETWEEN) + 6, area.y, last) for at, last in heads.items()]


def _hang(branch: Branch, x: float, y: float, width: float, drawn: Drawn, names: dict[str, str]) -> float:
    """Draw ``branch`` with all that hangs below it; return where it ends."""
    card = branch.card(width)
    drawn.groups.append(_told(card.draw(x, y), branch))
    y += card.height
    trunk, first, last = x + 10, y, y
    for below in branch.below:
        y += GAP
        last = y + below.card(width - STEP).height / 2
        drawn.groups.insert(0, _joint(below, trunk, x + STEP, last, names))
        y = _hang(below, x + STEP, y, width - STEP, drawn, names)
    if branch.below:
        drawn.groups.insert(
            0, Group("legend", parts=[Path(polyline([(trunk, first), (trunk, last)]), "", "plain", 1.4)])
        )
    return y


def _joint(branch: Branch, x: float, right: float, y: float, names: dict[str, str]) -> Group:
    assert branch.line
    group = edge_group(branch.line, names)
    stroke = MODALITIES.get(branch.line.broad, MODALITIES["asserted"])
    group.parts.append(Path(polyline([(x, y), (right, y)]), "", ink_of(branch.line.broad), 1.8, stroke.dash))
    return group


def _told(group: Group, branch: Branch) -> Group:
    """Return ``group`` with all that ``branch`` is said to stand in, of which its box has room for some alone."""
    group.title = "\n".join([group.title, *branch.also])
    return group
