"""Things as boxes with a symbol and a name, the same in every form."""

from __future__ import annotations

from collections.abc import Sequence

from euaikg.diagrams.draw.scene import Group, Path, Text, measure, moved, rectangle, wrap
from euaikg.diagrams.model.labels import clean
from euaikg.diagrams.model.looks import LOOKS
from euaikg.diagrams.model.network import Line, Network, Node

NAME, NOTE, WORD = 16.0, 13.5, 13.0
"""Sizes of names, of what is noted under them, and of the words of relations, in pixels of a page."""

PAD, SIGN = 7.0, 13.0


class Card:
    """A box for the thing ``node``, at most ``width`` wide: a caption, the name in so many ``rows``, and notes."""

    def __init__(
        self,
        node: Node,
        width: float,
        rows: int = 3,
        notes: Sequence[str] | None = None,
        caption: str = "",
        dashed: bool = False,
        size: float = NAME,
    ) -> None:
        room = width - 2 * PAD - SIGN - 7
        label = clean(node.label)
        self.node, self.dashed, self.size = node, dashed, size * (1 + 0.5 * node.size)
        noted = node.note.split("\n") if notes is None else notes
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
    facts = [node.label, node.kind_name, *node.note.split("\n"), *node.sources]
    href = node.iri if node.iri.startswith(("http://", "https://")) else ""
    return Group(kind, node.iri, "\n".join(filter(None, facts)), href)


def edge_group(line: Line, network_names: dict[str, str]) -> Group:
    """Return an empty group for ``line``, with what it says in words and who says so."""
    names = network_names
    head = f"{names.get(line.source, line.source)} – {line.label} – {names.get(line.target, line.target)}"
    said = [" · ".join(filter(None, (edge.modality_label, edge.note, edge.date, edge.citation))) for edge in line.edges]
    title = "\n".join([head, *filter(None, said)])
    return Group("edge", f"{line.source} {line.relation} {line.target}", title, ends=(line.source, line.target))


def names(network: Network) -> dict[str, str]:
    """Return the names of things by IRI."""
    return {node.iri: node.label for node in network.nodes}


def ink_of(broad: str) -> str:
    """Return the colour of a line of the modality ``broad``."""
    return {"proposed": "warn", "conditional": "warn", "ended": "plain", "denied": "plain"}.get(broad, "ink")
