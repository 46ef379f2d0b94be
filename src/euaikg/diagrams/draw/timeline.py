"""Stages and targets on a true scale of quarters, a row for each thing, by kind, with a line for the day known.

What was reached is a filled mark, what is planned an open one, and a thin line before a mark is the stated period, of
which it stands on the last day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from euaikg.core.groups import by_key
from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import node_group, sign
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Text, circle, measure, polyline, rectangle, wrap
from euaikg.diagrams.model.labels import DISPUTED, REPLACED
from euaikg.diagrams.model.looks import LOOKS
from euaikg.diagrams.model.network import GROUPS, Line, Network, Node, day

NAME, WORD, LEVEL, PAD = 16.0, 13.5, 20.0, 5.0
BEFORE, AFTER = 1, 3
"""How many years before and after the year of the day known are shown."""

ORDER = ("law", *(group for group in GROUPS if group != "law"))
"""The lanes from the top: acts, which bind, before all else."""


@dataclass(frozen=True)
class Scale:
    """Which day is where: from ``first`` at ``left`` to ``last`` at ``right``."""

    first: date
    last: date
    left: float
    right: float

    def at(self, when: date) -> float:
        """Return where the day ``when`` is."""
        share = (when - self.first).days / max(1, (self.last - self.first).days)
        return self.left + share * (self.right - self.left)


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return the timeline of ``network`` in ``area``."""
    named = network.named
    rows: dict[str, list[Line]] = by_key((line.source, line) for line in network.lines if day(named[line.target].date))
    known = day(network.as_of)
    scale = _scale([day(named[line.target].date) for found in rows.values() for line in found], known, area)  # type: ignore[misc]
    drawn = Drawn(right=area.right)
    y = area.y + 44
    under, outside = Group("legend"), 0
    lanes: dict[str, list[str]] = defaultdict(list)
    for iri in rows:
        lanes[named[iri].group].append(iri)
    names = cards.names(network)
    for lane in sorted(lanes, key=ORDER.index):
        y += 22
        under.parts.append(Path(rectangle(area.x, y - 16, area.width, 22), "band"))
        under.parts.append(Text(area.x + 8, y, getattr(LOOKS[lane], network.lang), WORD, "ink", bold=True))
        y += 6
        things = sorted(
            lanes[lane], key=lambda iri: (min(named[line.target].date for line in rows[iri]), names[iri], iri)
        )
        for iri in things:
            group, high, hidden = _row(named[iri], rows[iri], network, scale, y, area, said)
            outside += hidden
            drawn.groups += group
            y += high
            under.parts.append(Path(polyline([(area.x, y), (area.right, y)]), "", "rule", 0.6))
    drawn.groups.insert(0, _quarters(scale, area.y + 44, y, said))
    drawn.groups.insert(1, under)
    if known and scale.first <= known <= scale.last:
        drawn.groups.insert(2, cards.day_known(network, scale.at(known), area.y + 12, y, area.right, said))
    drawn.bottom = y
    drawn.legend = [
        (said["done"], [Path(circle(14, 0, 7), "event")]),
        (said["due"], [Path(_diamond(14, 0, 8), "paper", "event", 2.0)]),
        (said["period"], [Path(polyline([(0, 0), (20, 0)]), "", "event", 3.0, opacity=1)]),
    ]
    if outside:
        drawn.notes.append(said["outside"].format(outside, scale.first.year, scale.last.year))
    return drawn


def _scale(days: list[date], known: date | None, area: Area) -> Scale:
    middle = (known or max(days)).year
    days = [when for when in days if middle - BEFORE <= when.year <= middle + AFTER] or days
    first, last = date(min(days).year, 1, 1), date(max(days).year, 12, 31)
    if known:
        first, last = min(first, date(known.year, 1, 1)), max(last, date(known.year, 12, 31))
    name = min(560.0, area.width * 0.32)
    return Scale(first, last, area.x + name, area.right - 10)


def _quarters(scale: Scale, top: float, bottom: float, said: dict[str, Any]) -> Group:
    group = Group("legend")
    quarter = (scale.right - scale.left) / ((scale.last.year - scale.first.year + 1) * 4)
    for year in range(scale.first.year, scale.last.year + 1):
        x = scale.at(date(year, 1, 1))
        group.parts.append(Path(polyline([(x, top - 24), (x, bottom)]), "", "plain", 0.9))
        group.parts.append(Text(x + 6, top - 10, str(year), 17, "ink", bold=True))
        for number in range(4):
            at = scale.at(date(year, number * 3 + 1, 1))
            if number:
                group.parts.append(Path(polyline([(at, top), (at, bottom)]), "", "rule", 0.9))
            if quarter > 34:
                group.parts.append(
                    Text(at + quarter / 2, top + 4, f"{said['quarter']}{number + 1}", 13, "faint", "middle")
                )
    return group


def _row(
    thing: Node, found: list[Line], network: Network, scale: Scale, y: float, area: Area, said: dict[str, Any]
) -> tuple[list[Group], float, int]:
    """Return the groups of one row from ``y`` down, how high it is, and how many of its dates are outside the scale."""
    named = network.named
    group = node_group(thing)
    name = wrap(thing.label, NAME, scale.left - area.x - 42, 2)
    group.parts.append(sign(thing.group, area.x + 12, y + PAD + 8))
    for at, text in enumerate(name):
        group.parts.append(Text(area.x + 28, y + PAD + 13 + at * 19, text, NAME, role="name"))
    groups, levels, hidden = [group], [], 0  # type: tuple[list[Group], list[list[tuple[float, float]]], int]
    for line in sorted(found, key=lambda line: (named[line.target].date, line.target)):
        stage = named[line.target]
        when = day(stage.date)
        assert when
        if not scale.first <= when <= scale.last:
            hidden += 1
            continue
        gone = stage.iri in network.replaced
        marks = [REPLACED[network.lang]] * gone + [DISPUTED[network.lang]] * (stage.iri in network.disputed)
        words = f"{_words(stage, said)} ({', '.join(marks)})" if marks else _words(stage, said)
        x, wide = scale.at(when), measure(words, WORD)
        left = x + 14 + wide > area.right + 6
        begun = max(_begun(stage.note, when), scale.first)
        start = min(scale.at(begun), x - 12)
        edge = start - 8 if begun < when and start - 16 - wide > scale.left else x - 13
        taken = (min(start, edge - 7 - wide), x + 12) if left else (start, x + 20 + wide)
        level = next(
            (at for at, there in enumerate(levels) if all(taken[1] <= a or b <= taken[0] for a, b in there)),
            len(levels),
        )
        if level == len(levels):
            levels.append([])
        levels[level].append(taken)
        down = y + PAD + 8 + level * LEVEL
        mark = node_group(stage)
        if begun < when:
            mark.parts.append(Path(polyline([(start, down), (x - 6, down)]), "", "event", 3.0))
        done = line.broad in ("", "asserted", "ended") or (
            stage.date <= network.as_of and any(edge.modality == "laid-down" for edge in line.edges)
        )
        begins = edge if left else x + 13
        behind = rectangle(begins - wide - 2 if left else begins - 2, down - 8, wide + 4, 16)
        mark.parts.append(Path(behind, "paper"))  # so that no line of the scale runs through words
        mark.parts.append(
            Path(circle(x, down, 6.5), "event")
            if done and not gone
            else Path(_diamond(x, down, 7.5), "paper", "plain" if gone else "event", 2.0)
        )
        mark.parts.append(
            Text(begins, down + 4.5, words, WORD, "faint" if gone else "ink", "end" if left else "start", role="word")
        )
        groups.append(mark)
    high = max(len(name) * 19.0 + 4, len(levels) * LEVEL) + 2 * PAD - 4
    return groups, high, hidden


_PART = re.compile(r"(\d{4})(?:-(?:Q(\d)|(\d\d)(?:-(\d\d))?))?(?!\d)")


def _words(stage: Node, said: dict[str, Any]) -> str:
    """Return what a mark says: the stage, and its period as people write it."""

    def period(found: re.Match[str]) -> str:
        year, quarter, month, number = found.groups()
        if quarter:
            return f"{said['quarter']}{quarter} {year}"
        name = said["months"].split()[int(month) - 1] if month and 1 <= int(month) <= 12 else ""
        return " ".join(filter(None, (str(int(number)) if number else "", name, year)))

    when = _PART.sub(period, stage.note.split("\n")[0])
    return when if stage.kind == "TargetStatement" else f"{stage.label}, {when}" if when else stage.label


def _begun(note: str, end: date) -> date:
    """Return the first day of the period that ``note`` names and that ends on ``end``; of “by”, that day itself."""
    found = _PART.search(note)
    if not found or (found.start() and note.split()[0] in ("by", "uiterlijk", "tegen", "from", "vanaf", "on", "op")):
        return end
    year, quarter, month, number = (int(part) if part else 0 for part in found.groups())
    try:
        return date(year, quarter * 3 - 2 if quarter else month or 1, number or 1)
    except ValueError:
        return end


def _diamond(x: float, y: float, size: float) -> str:
    return polyline([(x, y - size), (x + size, y), (x, y + size), (x - size, y)], close=True)
