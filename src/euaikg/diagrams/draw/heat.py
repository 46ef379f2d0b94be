"""A table of sectors and quarters in which the number of actions due is a number and a shade.

An action in several sectors counts in each, so rows must not be added; actions without a stated date have a column of
their own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from euaikg.diagrams.draw.cards import bundle, day_known, node_group
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Text, measure, polyline, rectangle, wrap
from euaikg.diagrams.model.network import Network, Node, day

NAME, NUMBER, ROW = 16.0, 16.0, 24.0
MOST = 14
"""How many quarters there are at most; what is due before or after them stands together at the ends."""


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return the table of ``network``, whose lines lead from actions to their sectors, in ``area``."""
    named = network.named
    cells: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in network.lines:
        cells[line.target][quarter(named[line.source].date)].append(line.source)
    order = sorted(cells, key=lambda sector: (-sum(map(len, cells[sector].values())), named[sector].label))
    quarters = _quarters({key for found in cells.values() for key in found if key}, quarter(network.as_of))
    columns = [*quarters, ""]
    wide = min(max((measure(named[sector].label, NAME) for sector in order), default=0.0) + 24, area.width * 0.34)
    total = 70.0
    cell = (area.width - wide - total - 20) / len(columns)
    row = max(ROW, min(40.0, (area.height - 66) / max(1, len(order))))
    drawn = Drawn(right=area.right)
    head, y = Group("legend"), area.y + 60
    for at, key in enumerate(columns):
        x = area.x + wide + at * cell + (20 if not key else 0)
        year, _, number = key.partition("-")
        if key and (at == 0 or columns[at - 1][:4] != year):
            head.parts.append(Text(x + 3, area.y + 22, year, 17, bold=True))
            head.parts.append(Path(polyline([(x, area.y + 6), (x, y + row * len(order))]), "", "plain", 0.9))
        word = number.replace("Q", said["quarter"]) if key else said["not_told"]
        lines = wrap(word, 13.5, cell - 2, 2)
        for above, text in enumerate(reversed(lines)):
            head.parts.append(Text(x + cell / 2, area.y + 46 - above * 15, text, 13.5, "faint", "middle"))
    head.parts.append(Text(area.right, area.y + 46, said["sector_total"], 13.5, "faint", "end"))
    drawn.groups.append(head)
    most = max((len(found) for sector in cells.values() for key, found in sector.items() if key), default=1)
    for sector in order:
        group = node_group(named[sector])
        label = wrap(named[sector].label, NAME, wide - 10, 1)
        group.parts.append(Text(area.x, y + row / 2 + 6, label[0] if label else "", NAME, role="name"))
        everything = {iri for found in cells[sector].values() for iri in found}
        group.parts.append(Text(area.right, y + row / 2 + 6, str(len(everything)), NUMBER, "ink", "end", bold=True))
        drawn.groups.append(group)
        for at, key in enumerate(columns):
            found = _found(cells[sector], key, quarters)
            x = area.x + wide + at * cell + (20 if not key else 0)
            drawn.groups.append(_cell(sector, key, [named[iri] for iri in found], (x, y, cell, row), most))
        y += row
    known = day(network.as_of)
    if known and quarter(network.as_of) in quarters:
        start = columns.index(quarter(network.as_of))
        share = ((known.month - 1) % 3 + known.day / 31) / 3
        x = area.x + wide + (start + share) * cell
        drawn.groups.append(day_known(network, x, area.y + 4, y, area.right, said))
    drawn.bottom = y
    wide = 28 / min(most, 5)
    shades = [Path(rectangle(at * wide, -8, wide, 16), f"heat-{at + 1}") for at in range(min(most, 5))]
    drawn.legend = [(f"{said['per_cell']} ({'1–' * (most > 1)}{most})", shades)]
    drawn.notes.append(said["several"])
    return drawn


def quarter(date: str) -> str:
    """Return the quarter of an ISO ``date`` as ``2026-Q3``; empty where there is none."""
    when = day(date)
    return f"{when.year:04}-Q{(when.month + 2) // 3}" if when else ""


def _quarters(there: set[str], known: str) -> list[str]:
    """Return all quarters from the first to the last of those ``there``; of too many, those from the one known on."""
    if not there:
        return []
    first, last = min(there), max(there)
    if known and abs(int(known[:4]) - int(first[:4])) < 2:
        first, last = min(first, known), max(last, known)
    found = [
        key
        for year in range(int(first[:4]), int(last[:4]) + 1)
        for key in (f"{year:04}-Q{number}" for number in range(1, 5))
        if first <= key <= last
    ]
    if len(found) > MOST:
        at = max(0, min(found.index(known) - 2 if known in found else 0, len(found) - MOST))
        found = found[at : at + MOST]
    return found


def _found(cells: dict[str, list[str]], key: str, quarters: list[str]) -> list[str]:
    """Return the actions of a cell; the first and the last quarter have what is due before and after them too."""
    if not key or not quarters:
        return sorted(cells.get(key, ()))
    return sorted(
        iri
        for other, found in cells.items()
        if other and (other == key or (key == quarters[0] and other < key) or (key == quarters[-1] and other > key))
        for iri in found
    )


def _cell(sector: str, key: str, found: list[Node], box: tuple[float, float, float, float], most: int) -> Group:
    x, y, wide, high = box
    count = len(found)
    if not count:
        return Group("legend", parts=[Path(rectangle(x + 1, y + 1, wide - 2, high - 2, 2), "band")])
    shade = min(5, 1 + (count - 1) * 5 // max(1, most)) if key else 0
    group = bundle(f"{sector} {key}", found)
    fill = f"heat-{shade}" if key else "plain-fill"
    group.parts.append(Path(rectangle(x + 1, y + 1, wide - 2, high - 2, 2), fill))
    ink = "on-dark" if shade >= 4 else "ink"
    group.parts.append(Text(x + wide / 2, y + high / 2 + 6, str(count), NUMBER, ink, "middle"))
    return group
