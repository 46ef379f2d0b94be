"""Documents along a strand of time: above it what one says of another, below each what it sets out and cites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import Card, edge_group, ink_of, node_group, sign
from euaikg.diagrams.draw.scene import (
    Area,
    Drawn,
    Group,
    Path,
    Text,
    arrow,
    circle,
    measure,
    n,
    polyline,
    rectangle,
    wrap,
)
from euaikg.diagrams.draw.words import day as spoken
from euaikg.diagrams.model.looks import MODALITIES
from euaikg.diagrams.model.network import Line, Network, Node, lines

NAME, WORD, ROW, GAP = 15.5, 13.5, 18.5, 22.0
NARROW = 225.0
"""How narrow a column may be; documents that have no room are counted."""

Named = tuple[str, bool, list[tuple[Node, Line]]]


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return the documents of ``network`` that have a day, in their order, and what hangs on them, in ``area``."""
    named = {node.iri: node for node in network.nodes}
    everything = lines(network.edges)
    count: dict[str, int] = defaultdict(int)
    for line in everything:
        count[line.source] += 1
        count[line.target] += 1
    room = max(2, int((area.width + GAP) // (NARROW + GAP)))
    dated = sorted((node for node in network.nodes if node.date), key=lambda node: (-count[node.iri], node.iri))
    others = [line for line in everything if not named[line.source].date and not named[line.target].date]
    kept = sorted(dated[: room - bool(others)], key=lambda node: (node.date, node.label))
    column = {node.iri: at for at, node in enumerate(kept)}
    columns = len(kept) + bool(others)
    width = (area.width + GAP) / max(1, columns) - GAP
    arcs = [line for line in everything if line.source in column and line.target in column]
    top = area.y + 40 + 36 * _deepest(arcs, column)
    drawn = Drawn(right=area.right, bottom=top)
    boxes = [Card(node, width, 5, notes=()) for node in kept]
    high = max((box.height for box in boxes), default=0.0)
    strand = top + high + 34
    drawn.groups.append(Group("legend", parts=[
        Path(polyline([(area.x, strand), (area.x + len(kept) * (width + GAP) - GAP / 2, strand)]), "", "plain", 3.0),
        Path(arrow((area.x + len(kept) * (width + GAP) - GAP / 2, strand), (area.x, strand), 14), "plain"),
    ]))  # fmt: skip
    for at, (node, box) in enumerate(zip(kept, boxes, strict=True)):
        x = area.x + at * (width + GAP)
        drawn.groups.append(box.draw(x, top + high - box.height, width))
        drawn.groups.append(Group("legend", parts=[
            Path(polyline([(x + 18, top + high), (x + 18, strand)]), "", "plain", 1.4),
            Path(circle(x + 18, strand, 7), "dark"),
            Text(x + 32, strand + 22, spoken(node.date, network.lang), WORD, "ink", bold=True),
        ]))  # fmt: skip
        y = strand + 42
        for label, out, found in _around(node.iri, everything, column, named):
            y = _list(drawn, f"{label} →" if out else f"← {label}", found, x, y, width, 4, said)
        drawn.bottom = max(drawn.bottom, y)
    _arcs(drawn, arcs, column, boxes, area.x, width, top + high, cards.names(network))
    if others:
        x = area.x + len(kept) * (width + GAP)
        group = Group("legend", parts=[Path(rectangle(x - 10, top, width + 20, area.bottom - top, 6), "band")])
        drawn.groups.insert(0, group)
        y = top + 10
        for text in wrap(said["other_documents"], NAME, width, 2, bold=True):
            y += 18
            group.parts.append(Text(x, y, text, NAME, bold=True))
        y += 14
        by_target: dict[str, list[tuple[Node, Line]]] = defaultdict(list)
        for line in others:
            by_target[line.target].append((named[line.source], line))
        order = sorted(by_target, key=lambda iri: (-len(by_target[iri]), named[iri].label))
        for iri in order:
            if y > area.bottom - 60:
                rest = order[order.index(iri) :]
                inside = [*rest, *(node.iri for one in rest for node, _ in by_target[one])]
                bundle = Group("bundle", "others", "\n".join(named[one].label for one in rest), members=tuple(inside))
                bundle.parts.append(Text(x, y + 14, said["more"].format(len(rest)), NAME, "faint", role="name"))
                drawn.groups.append(bundle)
                break
            y = _target(drawn, named[iri], by_target[iri], x, y, width)
        drawn.bottom = max(drawn.bottom, min(y, area.bottom))
    if len(dated) > len(kept):
        drawn.notes.append(said["documents_more"].format(len(dated) - len(kept)))
    return drawn


def _deepest(arcs: Iterable[Line], column: dict[str, int]) -> int:
    return max((abs(column[line.source] - column[line.target]) for line in arcs), default=0)


def _around(iri: str, everything: list[Line], column: dict[str, int], named: dict[str, Node]) -> list[Named]:
    """Return what hangs on the document ``iri`` alone: for each relation its name, its direction, and the things."""
    found: dict[tuple[str, bool], list[tuple[Node, Line]]] = defaultdict(list)
    for line in everything:
        if line.source == iri and line.target not in column:
            found[line.label, True].append((named[line.target], line))
        elif line.target == iri and line.source not in column:
            found[line.label, False].append((named[line.source], line))
    return [
        (label, out, found[label, out]) for label, out in sorted(found, key=lambda key: (key[1], -len(found[key]), key))
    ]


def _list(
    drawn: Drawn,
    heading: str,
    found: list[tuple[Node, Line]],
    x: float,
    y: float,
    width: float,
    most: int,
    said: dict[str, Any],
) -> float:
    """Write ``found`` under its ``heading``, the first by name; return where it ends."""
    count = f" ({len(found)})" if len(found) > 1 else ""
    drawn.groups.append(
        Group("legend", parts=[Text(x, y + 16, heading + count, WORD, "faint", bold=True, role="word")])
    )
    y += 24
    found = sorted(found, key=lambda one: one[0].label)
    shown = found if len(found) <= most + 1 else found[:most]
    for node, line in shown:
        group = node_group(node)
        group.parts.append(sign(node.group, x + 7, y + 9))
        for text in wrap(node.label, NAME, width - 22, 2):
            group.parts.append(Text(x + 20, y + 14, text, NAME, "ink", role="name"))
            y += ROW
        del line
        y += 2
        drawn.groups.append(group)
    rest = found[len(shown) :]
    if rest:
        group = Group(
            "bundle",
            f"{heading} {x:.0f}",
            "\n".join(node.label for node, _ in rest),
            members=tuple(node.iri for node, _ in rest),
        )
        group.parts.append(Text(x + 20, y + 14, said["more"].format(len(rest)), NAME, "faint", role="name"))
        drawn.groups.append(group)
        y += ROW
    return y + 8


def _target(drawn: Drawn, target: Node, found: list[tuple[Node, Line]], x: float, y: float, width: float) -> float:
    """Write the document or event ``target`` and how many things are announced or set out in it."""
    group = node_group(target)
    group.title += "\n" + "\n".join(f"{node.label} – {line.label}" for node, line in found)
    group.parts.append(sign(target.group, x + 7, y + 9))
    for text in wrap(target.label, NAME, width - 22, 2):
        group.parts.append(Text(x + 20, y + 14, text, NAME, "ink", role="name"))
        y += ROW
    drawn.groups.append(group)
    bundle = Group(
        "bundle",
        f"in {target.iri}",
        "\n".join(node.label for node, _ in found),
        members=tuple(node.iri for node, _ in found),
    )
    labels = sorted({line.label for _, line in found})
    first = wrap(
        f"← {', '.join(labels)} ({len(found)}): {found[0][0].label}"
        if len(found) == 1
        else f"← {', '.join(labels)} ({len(found)})",
        WORD,
        width - 22,
        1,
    )
    bundle.parts.append(Text(x + 20, y + 12, first[0], WORD, "faint", role="word"))
    drawn.groups.append(bundle)
    return y + 24


def _arcs(
    drawn: Drawn,
    arcs: list[Line],
    column: dict[str, int],
    boxes: list[Card],
    left: float,
    width: float,
    base: float,
    names: dict[str, str],
) -> None:
    """Draw what one document says of another as arcs above their boxes."""
    taken: list[tuple[float, float, float]] = []
    for at, line in enumerate(
        sorted(arcs, key=lambda line: (abs(column[line.source] - column[line.target]), line.source, line.target))
    ):
        one, other = column[line.source], column[line.target]
        step = 1 if other > one else -1
        x0 = left + one * (width + GAP) + width * (0.5 + 0.12 * step) + 6 * (at % 3)
        x1 = left + other * (width + GAP) + width * (0.5 - 0.2 * step) - 6 * (at % 3)
        y0, y1 = base - boxes[one].height, base - boxes[other].height
        peak = min(y0, y1) - 26 - 40 * (abs(one - other) - 1)
        words = f"{line.label}{f' ×{len(line.edges)}' if len(line.edges) > 1 else ''}"
        wide = measure(words, WORD)
        middle = (x0 + x1) / 2
        while any(abs(middle - x) < (wide + w) / 2 + 8 and abs(peak - y) < 19 for x, y, w in taken):
            peak -= 20
        taken.append((middle, peak, wide))
        group = edge_group(line, names)
        ink, stroke = ink_of(line.broad), MODALITIES.get(line.broad, MODALITIES["asserted"])
        lift = peak - (min(y0, y1) - peak) / 3
        d = f"M{n(x0)} {n(y0)}C{n(x0)} {n(lift)} {n(x1)} {n(lift)} {n(x1)} {n(y1 - 2)}"
        group.parts += [Path(d, "", ink, 1.6, stroke.dash), Path(arrow((x1, y1 - 1), (x1, y1 - 20), 10), ink)]
        group.parts.append(Path(rectangle(middle - wide / 2 - 3, peak - 14, wide + 6, 19), "paper"))
        group.parts.append(Text(middle, peak, words, WORD, "faint", "middle", role="word"))
        drawn.groups.append(group)
