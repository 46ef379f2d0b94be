"""Things as boxes with a symbol and a name, the same in every form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from euaikg.diagrams.draw.scene import Group, Path, Text, measure, moved, polyline, rectangle, wrap
from euaikg.diagrams.draw.words import day
from euaikg.diagrams.model.labels import clean, listed
from euaikg.diagrams.model.looks import LOOKS, MODALITIES
from euaikg.diagrams.model.network import Line, Network, Node

NAME, NOTE, WORD = 16.0, 13.5, 13.0
"""Sizes of names, of what is noted under them, and of the words of relations, in pixels of a page."""

PAD, SIGN = 7.0, 13.0

MANY = 4
"""From how many on things that stand alike to the same others become a bundle."""


class Card:
    """A box for the thing ``node``, at most ``width`` wide: a caption, the name in so many ``rows``, and notes.

    One that stands for all that is ``inside`` looks like several boxes, one behind the other.
    """

    def __init__(
        self,
        node: Node,
        width: float,
        rows: int = 3,
        notes: Sequence[str] | None = None,
        caption: str = "",
        dashed: bool = False,
        size: float = NAME,
        inside: Sequence[Node] = (),
    ) -> None:
        self.inside = inside
        room = width - 2 * PAD - SIGN - 7
        label = clean(node.label)
        self.node, self.dashed, self.size = node, dashed, size * (1 + 0.5 * node.size)
        noted = node.notes if notes is None else notes
        self.caption = wrap(caption, WORD, room, 2)
        self.name = wrap(label if label.strip() else node.iri, self.size, room, rows)
        self.notes = [part for note in noted if note for part in wrap(note, NOTE, room, 2)]
        texts = [(self.name, self.size), (self.notes, NOTE), (self.caption, WORD)]
        wide = max((measure(line, size) for lines, size in texts for line in lines), default=0.0)
        self.width = min(width, wide + 2 * PAD + SIGN + 7)
        self.height = 2 * PAD - 3 + sum(len(lines) * size * 1.22 for lines, size in texts)

    def draw(self, x: float, y: float, width: float | None = None) -> Group:
        """Return the box with its upper left corner at ``x``, ``y``, made as wide as ``width``."""
        look = LOOKS.get(self.node.group, LOOKS["other"])
        dash = (6.0, 4.0) if self.dashed else ()
        box = rectangle(x, y, width or self.width, self.height, 6)
        group = node_group(self.node)
        if self.inside:
            group = bundle(self.node.iri, self.inside)
            behind = rectangle(x + 5, y + 5, width or self.width, self.height, 6)
            group.parts.append(Path(behind, f"{look.colour}-fill", look.colour, 1.4, dash))
        group.parts.append(Path(box, f"{look.colour}-fill", look.colour, 1.4, dash))
        left, down = x + PAD + SIGN + 7, y + PAD - 2
        for lines, size, fill, role in (
            (self.caption, WORD, "faint", "word"),
            (self.name, self.size, "ink", "name"),
            (self.notes, NOTE, "faint", "note"),
        ):
            if role == "name":
                group.parts.append(sign(self.node.group, x + PAD + SIGN / 2, down + size * 0.62))
            for line in lines:
                group.parts.append(Text(left, down + size, line, size, fill, role=role))
                down += size * 1.22
        return group


def sign(group: str, x: float, y: float, size: float = SIGN) -> Path:
    """Return the symbol of a group of things around ``x``, ``y``."""
    look = LOOKS.get(group, LOOKS["other"])
    return Path(moved(look.symbol, x, y, size / 2), look.colour)


def node_group(node: Node, kind: str = "node") -> Group:
    """Return an empty group for ``node``, with what it is in words and the address it leads to."""
    facts = [node.label, node.kind_name, *node.notes, *node.sources]
    href = node.iri if node.iri.startswith(("http://", "https://")) else ""
    return Group(kind, node.iri, "\n".join(filter(None, facts)), href)


def bundle(key: str, inside: Iterable[Node]) -> Group:
    """Return an empty group that stands for all things ``inside``."""
    inside = list(inside)
    return Group("bundle", key, "\n".join(node.label for node in inside), members=tuple(node.iri for node in inside))


def together(inside: Sequence[Node], key: str, lang: str) -> Node:
    """Return what stands for the things ``inside``, all alike: their number and the names of the first."""
    label = f"{len(inside)}: {listed([node.label for node in inside], lang, 3)}"
    return Node(key, label, inside[0].kind, inside[0].group, kind_label=inside[0].kind_label)


def edge_group(line: Line, network_names: dict[str, str]) -> Group:
    """Return an empty group for ``line``, with what it says in words and who says so."""
    names = network_names
    head = f"{names.get(line.source, line.source)} – {line.label} – {names.get(line.target, line.target)}"
    said = [" · ".join(filter(None, (edge.modality_label, edge.note, edge.day, edge.citation))) for edge in line.edges]
    title = "\n".join([head, *filter(None, said)])
    return Group("edge", f"{line.source} {line.relation} {line.target}", title, ends=(line.source, line.target))


def rest(key: str, inside: Sequence[Node], x: float, y: float, said: dict[str, Any], anchor: str = "start") -> Group:
    """Return the words “and so many more” at ``x``, ``y``, for things ``inside`` for which there is no room."""
    group = bundle(key, inside)
    group.parts.append(Text(x, y, said["more"].format(len(inside)), NAME, "faint", anchor, role="name"))
    return group


def names(network: Network) -> dict[str, str]:
    """Return the names of things by IRI."""
    return {node.iri: node.label for node in network.nodes}


def counted(line: Line) -> str:
    """Return the relation of ``line``, and how many passages state it where several do."""
    return line.label + (f" ×{len(line.edges)}" if len(line.edges) > 1 else "")


def toward(label: str, out: bool) -> str:
    """Return the relation ``label`` with an arrow that leads ``out`` of a thing or into it."""
    return f"{label} →" if out else f"← {label}"


def ink_of(broad: str) -> str:
    """Return the colour of a line of the modality ``broad``."""
    return {"proposed": "warn", "conditional": "warn", "ended": "plain", "denied": "plain"}.get(broad, "ink")


def stroke(d: str, broad: str, width: float, ink: str = "") -> Path:
    """Return the line ``d`` as one of the modality ``broad`` looks, in a colour of its own if ``ink`` names one."""
    return Path(d, "", ink or ink_of(broad), width, MODALITIES.get(broad, MODALITIES["asserted"]).dash)


def day_known(network: Network, x: float, top: float, bottom: float, right: float, said: dict[str, Any]) -> Group:
    """Return the line for the day known at ``x``, with its words left of it where right of it there is no room."""
    words = said["known"].format(day(network.as_of, network.lang))
    left = x + measure(words, NOTE, True) + 8 > right
    return Group("legend", parts=[
        Path(polyline([(x, top + 2), (x, bottom)]), "", "warn", 2.2),
        Text(x - 6 if left else x + 6, top, words, NOTE, "warn", "end" if left else "start", bold=True),
    ])  # fmt: skip
