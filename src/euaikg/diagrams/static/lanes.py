"""Where things stand on a timeline: a lane for each thing, a column for each stretch of time.

Columns are made of quarters, of which the emptiest neighbours are put together until they fit on a page; the exact
date stands in each event. Positions are in points, y upwards.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from euaikg.core.groups import by_key
from euaikg.diagrams.model.network import Network, lines
from euaikg.diagrams.static.dot import wrap

COLUMNS = 9
"""How many columns a page has room for."""

NAME, STEP, ROW, GAP = 160.0, 112.0, 14.0, 12.0


@dataclass
class Plan:
    """Middles of nodes by IRI, the headings of columns by their middle, and heights at which lanes meet."""

    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    headings: list[tuple[float, str]] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)


def plan(network: Network) -> Plan:
    """Return where the things and events of ``network`` stand, earlier lanes above later ones."""
    dates = {node.iri: node.date for node in network.nodes if node.date}
    nodes = {node.iri: node for node in network.nodes}
    columns = _columns(sorted(dates.values()))
    at = {date: number for number, column in enumerate(columns) for date in column}
    lanes: dict[str, list[str]] = {node.iri: [] for node in network.nodes if not node.date}
    for line in lines(network.edges):
        if line.target in dates and line.source in lanes:
            lanes[line.source].append(line.target)
    placed = {event for events in lanes.values() for event in events}
    lanes |= {iri: [iri] for iri in dates if iri not in placed}
    made = Plan()
    y = 0.0
    order = sorted(
        lanes.items(), key=lambda lane: (min((dates[e] for e in lane[1]), default="9"), nodes[lane[0]].label)
    )
    for iri, events in order:
        ordered = sorted(events, key=lambda event: (dates[event], nodes[event].label, event))
        stacks = by_key((at[dates[event]], event) for event in ordered)
        heights = {
            event: ROW * (_rows(nodes[event].label, 95) + _rows(nodes[event].note, 105)) + GAP for event in events
        }
        tall = [sum(heights[event] for event in stack) for stack in stacks.values()]
        high = max([ROW * _rows(nodes[iri].label, 140) + GAP, *tall]) + GAP / 2
        if iri not in dates:
            made.places[iri] = (NAME / 2, y - high / 2)
        for number, stack in stacks.items():
            top = y - (high - sum(heights[event] for event in stack)) / 2
            for event in stack:
                made.places[event] = (NAME + STEP * (number + 0.5), top - heights[event] / 2)
                top -= heights[event]
        y -= high
        made.rules.append(y)
    made.rules.pop()
    for number, column in enumerate(columns):
        first, last = column[0][:7], column[-1][:7]
        made.headings.append((NAME + STEP * (number + 0.5), first if first == last else f"{first} – {last}"))
    return made


def _rows(text: str, limit: float) -> int:
    return sum(len(wrap(line, 11, limit)) for line in text.split("\n") if line)


def _columns(dates: list[str]) -> list[list[str]]:
    """Return the different ones of ``dates`` in columns, in order."""
    count = Counter(dates)
    quarters: dict[str, list[str]] = {}
    for date in sorted(count):
        quarters.setdefault(f"{date[:4]} {(int(date[5:7]) + 2) // 3}" if date[5:7].isdigit() else date, []).append(date)
    columns = list(quarters.values())
    while len(columns) > COLUMNS:
        load = [sum(count[date] for date in column) for column in columns]
        at = min(range(len(columns) - 1), key=lambda number: (load[number] + load[number + 1], number))
        columns[at : at + 2] = [columns[at] + columns[at + 1]]
    return columns
