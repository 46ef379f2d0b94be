"""Where the things of a timeline stand in a picture: a row for each thing, and its stages along time in it."""

from __future__ import annotations

import re
from datetime import date

from euaikg.diagrams.model.labels import wrap
from euaikg.diagrams.model.network import Network
from euaikg.diagrams.page.layout import Place

START, WIDE = 250.0, 1000.0
"""Where time begins to the right of the things, and how long it is, in the units of the picture."""

RADIUS = 8.0
LEVEL = 25
"""How far below one another stages stand that have no room side by side."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = 365.25


def fits(network: Network) -> bool:
    """Say whether ``network`` is a timeline: each line leads from a thing without a date to a stage with one."""
    dated = {node.iri for node in network.nodes if _day(node.date) is not None}
    ends = {end for edge in network.edges for end in (edge.source, edge.target)}
    leads = all(edge.target in dated and edge.source not in dated for edge in network.edges)
    return bool(dated) and leads and len(ends) == len(network.nodes)


def places(network: Network) -> list[Place]:
    """Return a place for each node of ``network``, in their order; see :func:`fits`."""
    number = {node.iri: at for at, node in enumerate(network.nodes)}
    stages: dict[int, list[int]] = {}
    placed: set[int] = set()
    for edge in sorted(network.edges, key=lambda edge: (network.nodes[number[edge.target]].date, edge.source)):
        row = stages.setdefault(number[edge.source], [])
        if number[edge.target] not in placed:
            placed.add(number[edge.target])
            row.append(number[edge.target])
    first, scale = _scale(network)
    found: dict[int, Place] = {}
    top = 0.0
    for thing, row in stages.items():
        found[thing] = Place(0, top, RADIUS + 2, wrap(network.nodes[thing].label, 32, 3), (), True)
        free: list[float] = []  # where each level of the row has room again
        for at in row:
            node = network.nodes[at]
            x = round(START + ((_day(node.date) or first) - first) * scale)
            text = " ".join(filter(None, [node.label, *node.note.split("\n")]))
            place = Place(x, 0, RADIUS, wrap(text, 48, 1), (), True)
            level = next((level for level, end in enumerate(free) if end <= place.left), len(free))
            free[level:] = [place.left + place.width + 20, *free[level + 1 :]]
            place.y = top + level * LEVEL
            found[at] = place
        top += max(LEVEL * len(free), found[thing].height) + 14
    return [found[at] for at in range(len(network.nodes))]


def years(network: Network) -> list[tuple[float, str]]:
    """Return where each year begins, and its name."""
    first, scale = _scale(network)
    last = max(_days(network))
    there = range(date.fromordinal(first).year, date.fromordinal(last).year + 2)
    step = len(there) // 25 + 1
    return [(round(START + (date(year, 1, 1).toordinal() - first) * scale), str(year)) for year in there[::step]]


def _scale(network: Network) -> tuple[int, float]:
    """Return the first day, and how many units a day is long."""
    first = date(date.fromordinal(min(_days(network))).year, 1, 1).toordinal()
    return first, WIDE / max(_YEAR, max(_days(network)) - first)


def _days(network: Network) -> list[int]:
    return [day for node in network.nodes if (day := _day(node.date)) is not None]


def _day(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() if _DAY.fullmatch(text) and text < "9000" else None
    except ValueError:
        return None
