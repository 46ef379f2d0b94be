"""Documents along a strand of time, a row for each: before it what one says of another, beside it what it sets out.

Below them stand the documents and events without a day in which something is set out or announced.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from euaikg.core.groups import by_key
from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import NAME, bundle, edge_group, ink_of, node_group, sign
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
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.network import Line, Network, Node

WORD, ROW, GAP, DAY, ARC, APART = 13.5, 19.5, 7.0, 106.0, 15.0, 20.0
LEAST, COLUMN, ENTRY = 90.0, 330.0, 45.0
"""How high the list below the strand is at least, how wide a column of it is at least, and how high a thing in it."""


Hanging = tuple[str, list[Node]]
"""What hangs on a document: a relation in words, and the things that stand in it."""


@dataclass
class Row:
    """A document with its name in lines, and lines of what hangs on it."""

    node: Node
    name: list[str]
    hanging: list[list[Hanging]]

    @property
    def high(self) -> float:
        """How high it is."""
        return ROW * max(len(self.name), len(self.hanging), 1) + GAP


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return the documents of ``network`` that have a day, in their order, and what hangs on them, in ``area``."""
    named, everything = network.named, network.lines
    count = Counter(end for line in everything for end in (line.source, line.target))
    dated = sorted((node for node in network.nodes if node.date), key=lambda node: (-count[node.iri], node.iri))
    others = [line for line in everything if not named[line.source].date and not named[line.target].date]
    wide = area.width * 0.25
    days = max((measure(_when(node, network.lang), WORD, True) + 18 for node in dated), default=DAY)
    rows, arcs, left = [], [], area.x  # type: tuple[list[Row], list[tuple[int, Line]], float]
    fewer = range(min(len(dated), int(area.height / (ROW + GAP)) + 1), 0, -1)
    for most, lines in [(len(dated), 3), *((most, 2) for most in fewer)]:  # all that there is room for
        kept = sorted(dated[:most], key=lambda node: (node.date, node.label))
        arcs = _levels(everything, {node.iri: number for number, node in enumerate(kept)})
        left = area.x + max(
            (measure(cards.counted(line), WORD) + ARC * (level + 1) + 24 for level, line in arcs), default=24
        )
        room = area.right - left - days - wide - 6
        rows = _rows(kept, everything, named, (wide, room), lines, network.lang)
        if sum(row.high for row in rows) + LEAST * bool(others) <= area.height or most == 1:
            break
    at: dict[str, float] = {}
    y = area.y + GAP
    for row in rows:
        at[row.node.iri] = y + ROW / 2
        y += row.high
    drawn = Drawn(right=area.right, bottom=y)
    _arcs(drawn, arcs, at, left, cards.names(network))
    strand = [polyline([(left, area.y), (left, y)])] if rows else []
    drawn.groups.insert(0, Group("legend", parts=[Path(d, "", "plain", 3.0) for d in strand]))
    for row in rows:
        _row(drawn, row, left, at[row.node.iri], days, wide, area.right, network.lang)
    away = {node.iri for node in dated} - set(at)
    if away:
        ends = {end for line in everything if away & {line.source, line.target} for end in (line.source, line.target)}
        group = bundle("away", [named[iri] for iri in sorted(away | ends)])
        drawn.bottom += ROW
        words = said["documents_more"].format(len(away))
        group.parts.append(Text(left + 18, drawn.bottom - 5, words, WORD, "faint"))
        drawn.groups.append(group)
    if others:
        found = by_key((line.target, (named[line.source], line)) for line in others)
        _others(drawn, found, named, Area(area.x, drawn.bottom + 8, area.width, area.bottom - drawn.bottom - 8), said)
    return drawn


def _rows(
    kept: list[Node], everything: list[Line], named: dict[str, Node], wide: tuple[float, float], most: int, lang: str
) -> list[Row]:
    """Return the documents ``kept``, each with what hangs on it alone, as much in a line as there is room for.

    ``wide`` says how wide a name is, in at most so many lines, and what hangs on it.
    """
    there = {node.iri for node in kept}
    found = by_key(
        ((one, cards.toward(line.label, out)), named[other])
        for line in everything
        for one, other, out in ((line.source, line.target, True), (line.target, line.source, False))
        if one in there and other not in there
    )
    rows = {node.iri: Row(node, wrap(node.label, NAME, wide[0] - 40, most), []) for node in kept}
    for (iri, word), things in sorted(found.items(), key=lambda one: (-len(one[1]), one[0][1])):
        hanging, one = rows[iri].hanging, (word, sorted(things, key=lambda node: node.label))
        if hanging and sum(_wide(other, lang) + APART for other in [*hanging[-1], one]) <= wide[1] + APART:
            hanging[-1].append(one)
        else:
            hanging.append([one])
    return list(rows.values())


def _wide(hanging: Hanging, lang: str) -> float:
    """Return how wide the words of what is ``hanging`` are where nothing is left out."""
    word, things = hanging
    return measure(word, WORD, True) + 12 + measure(listed([node.label for node in things], lang, 12), NAME)


def _when(node: Node, lang: str) -> str:
    """Return the day of ``node`` as people write it, with “not before” where it is only the first it may be."""
    day = spoken(node.date, lang)
    return node.since.replace(node.date, day) or day


def _row(drawn: Drawn, row: Row, left: float, y: float, days: float, wide: float, right: float, lang: str) -> None:
    """Draw the document of ``row``, whose dot is at ``left``, ``y``, and what hangs on it."""
    drawn.groups.append(Group("legend", parts=[
        Path(circle(left, y, 6.5), "dark"), Text(left + 16, y + 5, _when(row.node, lang), WORD, bold=True),
    ]))  # fmt: skip
    group = node_group(row.node)
    x = left + days + 16
    group.parts.append(sign(row.node.group, x + 7, y))
    group.parts += [Text(x + 20, y + 5.5 + ROW * at, text, NAME, role="name") for at, text in enumerate(row.name)]
    drawn.groups.append(group)
    for line in row.hanging:
        x = left + days + 6 + wide
        for word, things in line:
            one = len(things) == 1
            group = node_group(things[0]) if one else bundle(f"{row.node.iri} {word}", things)
            start = x + measure(word, WORD, True) + 12
            names = [node.label for node in things]
            ways = [listed(names, lang, most) for most in range(min(len(names), 12), 0, -1)]
            fits = next((way for way in ways if measure(way, NAME) <= right - start), ways[-1])
            group.parts.append(Text(x, y + 5, word, WORD, "faint", bold=True, role="word"))
            group.parts += [Text(start, y + 5, text, NAME, role="name") for text in wrap(fits, NAME, right - start, 1)]
            drawn.groups.append(group)
            x += _wide((word, things), lang) + APART
        y += ROW


def _levels(everything: list[Line], order: dict[str, int]) -> list[tuple[int, Line]]:
    """Return what one document of ``order`` says of another, each with how many others its arc runs around at least."""
    arcs = [line for line in everything if line.source in order and line.target in order]
    levels: list[list[tuple[int, int]]] = []
    placed = []
    for line in sorted(
        arcs, key=lambda line: (abs(order[line.source] - order[line.target]), line.source, line.relation)
    ):
        first, last = sorted((order[line.source], order[line.target]))
        if first == last:
            continue
        level = next((k for k, on in enumerate(levels) if all(last <= a or b <= first for a, b in on)), len(levels))
        levels[level:] = levels[level:] or [[]]
        levels[level].append((first, last))
        placed.append((level, line))
    return placed


def _arcs(
    drawn: Drawn, placed: list[tuple[int, Line]], at: dict[str, float], left: float, names: dict[str, str]
) -> None:
    """Draw what one document says of another before the strand at ``left``."""
    taken: list[float] = []
    for level, line in placed:
        y0, y1 = at[line.source] + 3, at[line.target] - 3
        peak, middle = left - 14 - ARC * (level + 1), (y0 + y1) / 2
        while any(abs(middle - other) < 18 for other in taken):
            middle += 6
        taken.append(middle)
        group = edge_group(line, names)
        bend = left - 8 - (left - 8 - peak) * 4 / 3
        d = f"M{n(left - 8)} {n(y0)}C{n(bend)} {n(y0)} {n(bend)} {n(y1)} {n(left - 8)} {n(y1)}"
        head = Path(arrow((left - 7, y1), (left - 24, y1 - 2), 10), ink_of(line.broad))
        group.parts += [cards.stroke(d, line.broad, 1.6), head]
        text = cards.counted(line)
        over = rectangle(peak - 8 - measure(text, WORD), middle - 10, measure(text, WORD) + 6, 18)
        group.parts += [Path(over, "paper"), Text(peak - 4, middle + 4.5, text, WORD, "faint", "end", role="word")]
        drawn.groups.insert(0, group)  # so that words lie on the arcs around them


def _others(
    drawn: Drawn, found: dict[str, list[tuple[Node, Line]]], named: dict[str, Node], area: Area, said: dict[str, Any]
) -> None:
    """Write in columns the documents and events with what is announced or set out in each, as far as there is room."""
    columns = max(1, int(area.width // COLUMN))
    wide = area.width / columns
    rows = max(1, int((area.bottom - area.y - 36) // ENTRY))
    order = sorted(found, key=lambda iri: (-len(found[iri]), named[iri].label))
    shown = order if len(order) <= rows * columns else order[: rows * columns - 1]
    rows = min(rows, -(-len(order) // columns))
    head = Group("legend", parts=[
        Path(rectangle(area.x - 10, area.y, area.width + 20, 36 + rows * ENTRY, 6), "band"),
        Text(area.x, area.y + 24, said["other_documents"], NAME, bold=True),
    ])  # fmt: skip
    drawn.groups.append(head)
    drawn.bottom = area.y + 36 + rows * ENTRY
    for number, iri in enumerate(shown):
        x, y = area.x + number // rows * wide, area.y + 36 + number % rows * ENTRY
        group = node_group(named[iri])
        group.title += "\n" + "\n".join(f"{node.label} – {line.label}" for node, line in found[iri])
        group.parts.append(sign(named[iri].group, x + 7, y + 9))
        group.parts += [
            Text(x + 20, y + 14, text, NAME, role="name") for text in wrap(named[iri].label, NAME, wide - 40, 1)
        ]
        things = bundle(f"in {iri}", [node for node, _ in found[iri]])
        labels = ", ".join(sorted({line.label for _, line in found[iri]}))
        words = f"← {labels}: {listed([node.label for node, _ in found[iri]], said['lang'], 1)}"
        things.parts += [
            Text(x + 20, y + 32, text, WORD, "faint", role="word") for text in wrap(words, WORD, wide - 40, 1)
        ]
        drawn.groups += [group, things]
    rest = [iri for iri in order if iri not in shown]
    if rest:
        x, y = area.x + len(shown) // rows * wide, area.y + 36 + len(shown) % rows * ENTRY
        group = bundle("others", (node for iri in rest for node in (named[iri], *(node for node, _ in found[iri]))))
        group.parts.append(Text(x + 20, y + 14, said["more"].format(len(rest)), NAME, "faint", role="name"))
        drawn.groups.append(group)
