"""A tree from the top, as organisations draw themselves: under each thing what is within it, set up by it or below it.

What stands highest, or is too large for one column, has its branches side by side, all else hangs below what it belongs
to. A thing that belongs to several has its place under the first, and says the others in words; so no line ever crosses
another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from euaikg.core.groups import by_key
from euaikg.core.vocab import EUAI, RDFS
from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import Card, edge_group
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Point, Text, polyline
from euaikg.diagrams.model.network import Line, Network, Node

UP = (
    "establishedWithin", "hostedBy", "establishedBy", "legalBasis", "implements", "advises", "subClassOf",
)  # fmt: skip
"""Relations that lead from a thing to what it stands under, after what it is part of, the strongest first."""

DOWN = ("provides", "supervises", "coordinates", "monitors", "uses")
"""Relations that lead from a thing to what stands under it."""

LEVEL = ("amends", "repeals", "complements", "succeeds")
"""Relations between acts, of which the one on which less rests stands under the other."""

STEP, GAP, BETWEEN, COLUMN, ABOVE = 24.0, 6.0, 20.0, 290.0, 34.0

ENOUGH = 0.8
"""How much of the height trees take at least, else there are fewer columns."""


@dataclass
class Branch:
    """A thing with its box, the line that joins it to what it stands under, and the branches below it.

    ``words`` are the relations in which it stands to what is above it, that of the line first; ``also`` says in what
    else it stands, and ``told`` what is to be told of it without being written. A bundle has things ``inside``;
    ``upward`` is a line that leads from the thing to what is above it.
    """

    node: Node
    line: Line | None = None
    words: list[str] = field(default_factory=list)
    below: list[Branch] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    inside: list[Node] = field(default_factory=list)
    upward: bool = True
    size: int = 1

    def card(self, width: float) -> Card:
        """Return the box; what joins it is its caption, as seen from it or from above."""
        caption = ""
        if self.line and self.line.relation != RDFS + "subClassOf":
            caption = f"{'↑' if self.upward else '↓'} {', '.join(self.words)}"
        notes = [*self.node.notes[:2], *self.also[:2]]
        if self.node.group == "term" or "→" in "".join(self.also[:1]):
            notes = [", ".join([*self.node.notes, *self.also])]
        planned = bool(self.line) and self.line.broad not in ("", "asserted")  # type: ignore[union-attr]
        return Card(self.node, width, 4, notes, caption, planned, inside=self.inside)

    def high(self, width: float) -> float:
        """How high the branch is in a column ``width`` wide."""
        inner = sum(branch.high(width - STEP) + GAP for branch in self.below)
        return self.card(width).height + inner


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return ``network`` as trees side by side that begin at the top of ``area``."""
    roots = forest(network, said)
    names = cards.names(network)
    most = max(1, round((area.width + BETWEEN) / (COLUMN + BETWEEN)))
    found = Drawn()
    for count in (most, max(1, most - 1)):  # with much room left, in fewer and wider columns
        drawn = Drawn(right=area.right)
        _side_by_side(roots, area, count, (area.width + BETWEEN) / count - BETWEEN, drawn, names)
        if count < most and drawn.bottom > area.bottom:
            break
        found = drawn
        if drawn.bottom > area.y + ENOUGH * area.height:
            break
    return found


Offer = tuple[int, str, Line]
"""Where a thing may stand: how strong what joins it is, the strongest first, under what, and the line that says so."""

Heads = list[tuple[float, float, float]]
"""Where lines to what is above run, for each column that has some: how far to the right, from where, to where."""


def _side_by_side(
    roots: list[Branch], area: Area, count: int, width: float, drawn: Drawn, names: dict[str, str]
) -> Heads:
    """Draw ``roots`` in ``count`` columns from the top of ``area``, those that need it with columns of their own.

    Of all ways the one in which the tallest column is about lowest.
    """
    if not roots:
        return []
    high = _heights(roots, width)
    limit = max(120.0, sum(high[id(root)][0] for root in roots) / count / 2)
    while (found := _spans(roots, count, limit, high)) is None:
        limit *= 1.04
    small, spans = found
    x, heads = area.x, []
    for top, span in spans:
        wide = Area(x, area.y, span * (width + BETWEEN) - BETWEEN, area.height)
        heads.append(_wide(top, wide, span, width, drawn, names))
        x += span * (width + BETWEEN)
    rest = count - sum(span for _, span in spans)
    if small:
        heads += _pack(small, Area(x, area.y, area.right - x, area.height), rest, width, drawn, names)
    return heads


def _spans(
    roots: list[Branch], count: int, limit: float, high: dict[int, tuple[float, float]]
) -> tuple[list[Branch], list[tuple[Branch, int]]] | None:
    """Return the trees that hang in one column, and the others with how many columns each is wide.

    Nothing where ``count`` columns no higher than ``limit`` have no room for them.
    """
    small: list[Branch] = []
    spans: list[tuple[Branch, int]] = []
    rest = count
    for root in roots:
        tall, header = high[id(root)]
        if tall <= limit or not root.below:
            small.append(root)
            continue
        least = max(2, int(sum(high[id(one)][0] for one in root.below) / 3 / limit))
        span = next((at for at in range(least, rest + 1) if _spans(root.below, at, limit - header, high)), 0)
        if limit < header or not span:
            return None
        spans.append((root, span))
        rest -= span
    if small and (rest < 1 or _height(sorted((high[id(root)][0] for root in small), reverse=True), rest) > limit):
        return None
    return small, spans


def _heights(branches: list[Branch], width: float) -> dict[int, tuple[float, float]]:
    """Return how high each branch is in one column, and how high its box is above branches side by side."""
    found: dict[int, tuple[float, float]] = {}
    for branch in branches:
        found |= _heights(branch.below, width)
        found[id(branch)] = (branch.high(width), _header(branch, 2 * width).height + ABOVE)
    return found


def _header(top: Branch, width: float) -> Card:
    """Return the box of ``top`` above branches that stand side by side."""
    return top.card(width) if top.line else Card(top.node, width, 2, top.also[:3], size=20.0)


def _wide(
    top: Branch, area: Area, span: int, width: float, drawn: Drawn, names: dict[str, str]
) -> tuple[float, float, float]:
    """Draw the tree of ``top`` with its branches side by side in ``span`` columns; return where its line ends."""
    box = _header(top, area.width)
    drawn.groups.append(_told(box.draw(area.x + (area.width - box.width) / 2, area.y), top))
    middle = area.x + area.width / 2
    if top.line:
        drawn.groups.insert(0, _joint(top, [(middle, area.y - ABOVE / 2 + 1), (middle, area.y)], names))
    bus = area.y + box.height + ABOVE / 2
    under = Area(area.x, bus + ABOVE / 2 - 1, area.width, area.height - box.height - ABOVE)
    heads = _side_by_side(top.below, under, span, width, drawn, names)
    ends = [x for x, _, _ in heads] + [middle]
    joints = [[(middle, area.y + box.height), (middle, bus)], [(min(ends), bus), (max(ends), bus)]]
    joints += [[(x, bus), (x, last)] for x, first, last in heads if last > first]
    parts: list[Path | Text] = [Path(polyline(joint), "", "plain", 1.6) for joint in joints]
    drawn.groups.insert(0, Group("legend", parts=parts))
    return middle, area.y, area.y


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
    everything = network.lines
    offers = _offers(network, branches, everything)
    weight: dict[str, int] = defaultdict(int)
    for found in offers.values():
        for _, above, _ in found:
            weight[above] += 1
    above_of: dict[str, str] = {}
    used: set[Line] = set()
    for iri in sorted(offers, key=lambda iri: (min(rank for rank, _, _ in offers[iri]), branches[iri].node.label, iri)):
        for _, above, line in sorted(offers[iri], key=lambda offer: (offer[0], _larger(offer, weight), offer[1])):
            smaller = weight[above] < weight[iri] and line.target == iri  # it watches what is larger than itself
            if iri != above and iri not in _above(above, above_of) and not smaller:
                above_of[iri] = above
                branches[iri].line, branches[iri].upward = line, line.source == iri
                branches[iri].words = [cards.counted(line)]
                used.add(line)
                break
    for line in everything:
        for iri, above in ((line.source, line.target), (line.target, line.source)):
            joint = branches[iri].line
            if line not in used and above_of.get(iri) == above and joint and (joint.source == line.source):
                branches[iri].words.append(line.label)
                used.add(line)
    for iri, above in above_of.items():
        branches[above].below.append(branches[iri])
    rest = by_key(((line.source, line.label), line.target) for line in everything if line not in used)
    for (iri, label), others in rest.items():
        one = f"{label} → " if network.view == "ontology" else f"{said['also']}: {label} – "
        adopted = branches[iri].node.group == "law" and branches[others[0]].node.group == "body"
        higher = network.view != "ontology" and (adopted or set(others) <= _above(iri, above_of))
        written = branches[iri].told if higher else branches[iri].also
        written.append(one + ", ".join(branches[other].node.label for other in others))
    roots = [branch for iri, branch in branches.items() if iri not in above_of]
    for (iri, _), others in rest.items():
        for lone in map(branches.__getitem__, others):
            if lone in roots and not lone.below and (not lone.also or lone.node.group == "country"):
                roots.remove(lone)  # it is told beside what stands in a relation to it
                branches[iri].told += [f"{lone.node.label}: {text}" for text in lone.also]
    for place, root in enumerate(list(roots)):
        if len(root.below) == 1 and len(root.below[0].below) > 2:
            child = root.below[0]
            assert child.line
            child.also.insert(0, f"{said['also']}: {child.line.label} – {root.node.label}")
            child.line, roots[place] = None, child  # what has a single branch is said beside it
            if root.also:  # and stands by itself where there is more to say of it
                root.below = []
                roots.append(root)
    for root in roots:
        if network.view == "law":
            _bundle(root, network.lang)
        _measure(root)
    return sorted(roots, key=lambda branch: (-branch.size, branch.node.label))


def _offers(network: Network, branches: dict[str, Branch], everything: list[Line]) -> dict[str, list[Offer]]:
    """Return for each thing where it may stand."""
    found: dict[str, list[Offer]] = defaultdict(list)
    rests = Counter(line.target for line in everything if not line.relation.endswith(LEVEL))
    degree = Counter(end for line in everything for end in (line.source, line.target))
    for line in everything:
        name = line.relation.rpartition("#")[2]
        if line.source == line.target or line.broad == "denied" or not line.relation.startswith((EUAI, RDFS)):
            continue
        if network.view == "ontology" and name != "subClassOf":
            continue
        from_law, to_law = (branches[end].node.group == "law" for end in (line.source, line.target))
        if name in LEVEL and from_law and to_law:
            under, above = sorted((line.source, line.target), key=lambda iri: (rests[iri], degree[iri], iri))
            found[under].append((1, above, line))
        elif name == "partOf":
            found[line.source].append((len(UP) if from_law and not to_law else 0, line.target, line))
        elif name in UP and not (to_law and name == "advises") and (to_law or not from_law or name == "subClassOf"):
            found[line.source].append((2 + UP.index(name), line.target, line))
        elif name in DOWN and not to_law:  # an act stands under no body, nor does one that gives an opinion on it
            found[line.target].append((2 + len(UP) + DOWN.index(name), line.source, line))
    return found


def _larger(offer: Offer, weight: dict[str, int]) -> int:
    """Return what sorts the larger of two things first; of a legal basis the smaller, an article before its act."""
    _, above, line = offer
    return weight[above] if line.relation == EUAI + "legalBasis" else -weight[above]


def _bundle(branch: Branch, lang: str) -> None:
    """Put together what hangs below ``branch`` in the same way and has nothing below itself."""
    ends = [below for below in branch.below if not below.below and below.line]
    kinds = by_key(((one.line.relation, one.upward, one.line.broad, one.node.group), one) for one in ends if one.line)
    for alike in kinds.values():
        if len(alike) >= cards.MANY and (line := alike[0].line):
            inside = sorted((one.node for one in alike), key=lambda node: (node.label, node.iri))
            made = Branch(cards.together(inside, f"{branch.node.iri} {line.relation}", lang), line, [line.label])
            made.told = [f"{one.node.label}: {text}" for one in alike for text in one.also + one.told]
            made.inside, made.upward = inside, alike[0].upward
            branch.below = [one for one in branch.below if one not in alike] + [made]
    for below in branch.below:
        _bundle(below, lang)


def _above(iri: str, above_of: dict[str, str]) -> set[str]:
    """Return all that stands above the thing ``iri``."""
    found: set[str] = set()
    while iri in above_of:
        found.add(iri := above_of[iri])
    return found


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
) -> Heads:
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
            drawn.groups.insert(0, _joint(branch, [(x + 6, heads[at]), (x + inset, heads[at])], names))
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
        drawn.groups.insert(0, _joint(below, [(trunk, last), (x + STEP, last)], names))
        y = _hang(below, x + STEP, y, width - STEP, drawn, names)
    if branch.below:
        drawn.groups.insert(
            0, Group("legend", parts=[Path(polyline([(trunk, first), (trunk, last)]), "", "plain", 1.4)])
        )
    return y


def _joint(branch: Branch, points: list[Point], names: dict[str, str]) -> Group:
    assert branch.line
    group = edge_group(branch.line, names)
    group.parts.append(cards.stroke(polyline(points), branch.line.broad, 1.8))
    return group


def _told(group: Group, branch: Branch) -> Group:
    """Return ``group`` with all that ``branch`` is said to stand in, of which its box has room for some alone."""
    group.title = "\n".join([group.title, *branch.also, *branch.told])
    return group
