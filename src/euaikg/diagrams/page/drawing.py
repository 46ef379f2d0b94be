"""A network as SVG that stands in an HTML page: symbols, labels and lines, each with a number to find it by.

Symbols take shape and colour from the page (``templates``), by the group of the thing; lines from the modality.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from euaikg.core.groups import by_key
from euaikg.diagrams.model.labels import clean, wrap
from euaikg.diagrams.model.looks import MODALITIES
from euaikg.diagrams.model.network import GROUPS, Line, Network, Node, lines
from euaikg.diagrams.page import timelayout
from euaikg.diagrams.page.layout import GAP, LETTER, LINE, Place, frame, places

_ALWAYS = 60  # so many relations can have their names in the picture at once
_DENSE = 200  # from so many on lines are drawn fainter
_BESIDE = 28.0  # between two lines that join the same things
_FAN = 110.0  # all of them together are no wider


@dataclass
class Drawn:
    """A line with the numbers of the things it joins, how far it swings out, and the numbers of its edges."""

    line: Line
    source: int
    target: int
    bend: float
    edges: list[int]


class Picture:
    """The places of things and lines, and the SVG that shows them; ``more`` is how a number of relations is said."""

    def __init__(self, network: Network, more: str) -> None:
        self.network = network
        self.more = more
        self.along = timelayout.fits(network)
        self.places = timelayout.places(network) if self.along else places(network)
        self.number = {node.iri: at for at, node in enumerate(network.nodes)}
        self.drawn = self._lines()

    def _lines(self) -> list[Drawn]:
        numbers = by_key(((edge.source, edge.target, edge.relation), at) for at, edge in enumerate(self.network.edges))
        found = []
        for line in lines(self.network.edges):
            source, target = self.number[line.source], self.number[line.target]
            found.append(Drawn(line, source, target, 0, numbers[line.source, line.target, line.relation]))
        beside = by_key((frozenset((drawn.source, drawn.target)), drawn) for drawn in found)
        for together in beside.values():
            gap = min(_BESIDE, _FAN / len(together))
            for at, drawn in enumerate(together):
                side = 1 if drawn.source <= drawn.target else -1
                drawn.bend = round(side * gap * (at - (len(together) - 1) / 2), 1)
        return found

    def density(self) -> str:
        """Return the class of the picture: whether it has room for the names of relations."""
        if self.along:
            return "along"
        names = ["sparse"] * (len(self.drawn) <= _ALWAYS) + ["dense"] * (len(self.drawn) > _DENSE)
        return names[0] if names else ""

    def years(self) -> Iterator[str]:
        """Yield the lines that part the years of a timeline."""
        if self.along:
            _, top, _, high = frame(self.places)
            for x, year in timelayout.years(self.network):
                line = f'<path d="M{x:g} {top}V{top + high}"/>'
                yield f'<g class="year">{line}<text x="{x:g}" y="{top + 12}">{year}</text></g>\n'

    def edges(self) -> Iterator[str]:
        """Yield the lines with their names."""
        for at, drawn in enumerate(self.drawn):
            way, x, y = path(self.places[drawn.source], self.places[drawn.target], drawn.bend)
            times = f" ×{len(drawn.edges)}" if len(drawn.edges) > 1 else ""
            notes = dict.fromkeys(edge.note for edge in drawn.line.edges if edge.note)
            name = escaped(" ".join(wrap(" · ".join([f"{drawn.line.label}{times}", *notes]), 60, 1)))
            yield (
                f'<g class="edge m-{stroke_of(drawn.line.broad)}" id="e{at}"><path d="{way}"/>'
                f'<text x="{x}" y="{y}">{name}</text></g>\n'
            )

    def nodes(self) -> Iterator[str]:
        """Yield the symbols of the things with their labels."""
        degree = Counter(end for drawn in self.drawn for end in (drawn.source, drawn.target))
        sure = {drawn.target for drawn in self.drawn if drawn.line.modality in ("", "asserted")} if self.along else None
        for at, (node, place) in enumerate(zip(self.network.nodes, self.places, strict=True)):
            spoken = [node.label, node.kind_name, *node.note.split("\n"), self.more.format(degree[at])]
            unsure = " unsure" if sure is not None and node.date and at not in sure else ""
            yield (
                f'<g class="node g-{group_of(node)}{unsure}" id="n{at}" transform="translate({place.x:g} {place.y:g})" '
                f'role="button" tabindex="{-1 if at else 0}" aria-label="{escaped(", ".join(filter(None, spoken)))}">'
                f'<g class="sign"><use href="#s-{group_of(node)}" transform="scale({place.radius:g})"/></g>'
                f'<g class="name">{_name(place)}</g></g>\n'
            )


def path(source: Place, target: Place, bend: float) -> tuple[str, float, float]:
    """Return the way of a line between the rims of two symbols, as SVG, and where its name stands.

    The line swings out by ``bend`` to its left. The script draws lines again in the same way when a thing is moved.
    """
    across, down = target.x - source.x, target.y - source.y
    length = math.hypot(across, down)
    if length < 1:
        high = source.y - 3 * source.radius - 2 * abs(bend) - 20
        return (
            (
                f"M{source.x - 4:g} {source.y - source.radius:g}C{source.x - 40:g} {high:g} {source.x + 40:g} {high:g} "
                f"{source.x + 4:g} {source.y - source.radius - 3:g}"
            ),
            source.x,
            round((source.y - source.radius + 3 * high) / 4, 1),
        )
    middle = (
        (source.x + target.x) / 2 + 2 * bend * down / length,
        (source.y + target.y) / 2 - 2 * bend * across / length,
    )
    (a, b), (c, d) = _rim(source, middle, 1), _rim(target, middle, 3)
    return (
        f"M{a:.1f} {b:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {c:.1f} {d:.1f}",
        round(a / 4 + middle[0] / 2 + c / 4, 1),
        round(b / 4 + middle[1] / 2 + d / 4, 1),
    )


def _name(place: Place) -> str:
    """Return the lines of text of a thing, below or beside its symbol."""
    x, y, kind = 0.0, place.radius + LETTER + 2, "below"
    if place.beside:
        kind, x, y = "beside", place.radius + GAP, LETTER / 3 - LINE * (len(place.label) - 1) / 2
    texts = [("label", line) for line in place.label] + [("note", line) for line in place.note]
    spans = [
        f'<tspan class="{name}" x="{x:g}" dy="{LINE if at else 0}">{escaped(line)}</tspan>'
        for at, (name, line) in enumerate(texts)
    ]
    return f'<text class="{kind}" y="{y:g}">{"".join(spans)}</text>'


def _rim(place: Place, towards: tuple[float, float], gap: float) -> tuple[float, float]:
    across, down = towards[0] - place.x, towards[1] - place.y
    share = (place.radius + gap) / max(1, math.hypot(across, down))
    return place.x + share * across, place.y + share * down


def group_of(node: Node) -> str:
    """Return the group whose symbol ``node`` has."""
    return node.group if node.group in GROUPS else "other"


def stroke_of(broad: str) -> str:
    """Return the modality whose stroke a line has, of whose modality the broadest code is ``broad``."""
    return broad if broad in MODALITIES else "asserted"


def escaped(text: str) -> str:
    """Return ``text`` as it stands in HTML, in attributes too."""
    return escape(clean(text))
