"""Money from who pays, through the pot and its parts, to what it pays for: as wide as the amount, on one true scale.

Nothing is drawn so that a reader adds what must not be added. A part runs out of its whole, so that it is no money
beside it; a pot that shares money with another one is hatched; what is planned is paler. Where several pay for one pot
their shares are not stated, so they stand together. A pot that dwarfs all others has a scale of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from euaikg.diagrams.draw.cards import node_group
from euaikg.diagrams.draw.pots import Pot, everything, panels, pots
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Text, measure, n, polyline, rectangle, wrap
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.network import Network
from euaikg.sparql import amounts
from euaikg.sparql.amounts import Figure

BAR, NAME, NOTE, GAP, AFTER = 15.0, 16.0, 13.5, 5.0, 46.0
FULL, PALE = 0.75, 0.3
HATCH = 9.0
BROAD = 38.0
"""About how wide a pot is that has a scale of its own."""

Way = tuple[float, float, float, float, float]
"""Where money runs: from where, across and down, to where, and how high it is."""

STEPS = 16
"""At how many points of a way it is looked at."""

LEAST = 0.3
"""How much of the height is money at least; where the words leave less, the page grows."""


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return ``network`` as flows of money in ``area``."""
    roots = pots(network)
    common, large = panels(roots)
    common = _together(common)
    drawn = Drawn(right=area.right)
    depth = max((pot.depth() for pot in roots if pot.amount), default=1)
    head = Group("legend")
    text = min(790.0, area.width * 0.43)
    payers = min(270.0, area.width * 0.17)
    step = (area.width - payers - text - BAR) / depth
    columns = [area.x + payers + step * at for at in range(depth + 1)]
    heads = [(area.x, said["who"], "start"), (columns[depth] + BAR + 12, said["what"], "start")]
    for x, word, anchor in [*heads, *[(columns[1] + BAR, said["pot"], "end")] * (depth > 1)]:
        head.parts.append(Text(x, area.y + 14, word, NOTE, "faint", anchor, bold=True))
    drawn.groups.append(head)
    y = area.y + 30
    below = 0.0
    if large:
        leaves = [leaf for pot in large for leaf in pot.leaves()]
        below = 52 + sum(max(BROAD, _high(leaf, 0, text, said)) + AFTER for leaf in leaves)
    scale = _scale(common, area.height - 85 - below, text, said)
    factor = 1.0
    for group in filter(None, (common, large)):
        if group is large and common:
            wanted = max(1.0, group[0].amount * scale / BROAD)
            factor = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if step >= wanted)
            y += 14
            drawn.groups.append(Group("legend", parts=[
                Path(polyline([(area.x, y), (area.right, y)]), "", "rule", 1.0),
                Text(area.x, y + 22, said["other_scale"].format(int(factor)), NOTE, "warn", bold=True),
            ]))  # fmt: skip
            y += 38
        y = _panel(group, y, scale / factor, columns, area.x, text, drawn, said)
    silent = [pot for pot in roots if not pot.amount]
    if silent:
        words = f"{said['silent']}: {listed([pot.node.label for pot in silent], network.lang, 3)}."
        inside = {pot.node.iri for pot in silent}
        inside |= {end for edge in network.edges if edge.source in inside for end in (edge.source, edge.target)}
        told = Group("bundle", "silent", words, members=tuple(sorted(inside)))
        for line in wrap(words, NOTE, area.width, 2):
            y += NOTE * 1.3
            told.parts.append(Text(area.x, y, line, NOTE, "faint"))
        drawn.groups.append(told)
    drawn.bottom = y
    drawn.legend = _legend(roots, scale, said)
    return drawn


def _scale(roots: list[Pot], height: float, text: float, said: dict[str, Any]) -> float:
    """Return the pixels for a euro with which ``roots`` need about ``height``."""
    high = height / max(1.0, sum(pot.amount for pot in roots))
    low = LEAST * high
    leaves = [(leaf.amount, _high(leaf, 0, text, said)) for pot in roots for leaf in pot.leaves()]
    between = sum(AFTER if pot.parts else GAP * 0.5 for pot in roots)
    for _ in range(30):
        middle = (low + high) / 2
        needed = sum(max(amount * middle + GAP, words) for amount, words in leaves) + between
        low, high = (middle, high) if needed <= height else (low, middle)
    return low


def _words(leaf: Pot, text: float, said: dict[str, Any]) -> list[tuple[str, float, str, str]]:
    """Return the lines beside a pot: its name, its figure, and what it is for, each with size, colour and role."""
    planned = f", {said['planned_money']}" if leaf.planned else ""
    figure = f"{leaf.figure}{planned}"
    rest = listed(leaf.purposes, said["lang"], 2)
    if leaf.channels:
        rest = f"{rest} ({said['through']} {listed(leaf.channels, said['lang'], 2)})"
    name = f"{leaf.node.label}: {figure}"
    found = [(line, NAME, "ink", "name") for line in wrap(name, NAME, text - 14, 2)]
    return found + [(line, NOTE, "faint", "note") for line in wrap(rest, NOTE, text - 14, 1)]


def _high(leaf: Pot, scale: float, text: float, said: dict[str, Any]) -> float:
    return max(leaf.amount * scale, sum(size * 1.22 for _, size, _, _ in _words(leaf, text, said))) + GAP


def _panel(
    roots: list[Pot],
    y: float,
    scale: float,
    columns: list[float],
    left: float,
    text: float,
    drawn: Drawn,
    said: dict[str, Any],
) -> float:
    """Draw ``roots`` from ``y`` down; return where they end."""
    begun = y
    bands, front = Group("legend"), []
    last = columns[-1]
    flows: dict[tuple[str, ...], list[tuple[Pot, Pot]]] = defaultdict(list)
    for root in roots:
        for leaf in root.leaves():
            leaf.y = y + (_high(leaf, scale, text, said) - GAP - leaf.amount * scale) / 2
            y += _high(leaf, scale, text, said)
            flows[_payers(root, leaf) or ("", root.node.iri)].append((root, leaf))
        y += AFTER if root.parts else GAP * 0.5
        _place(root, columns, 1, last)
    bottom = y
    bars = [(pot, _bar(pot, scale, last, text, said)) for root in roots for pot in everything(root)]
    ways: list[Way] = []
    for pot, bar in bars:
        front.append(bar)
        top = pot.y
        for part in pot.parts:
            ways.append((pot.x + BAR, top, part.x, part.y, part.amount * scale))
            bands.parts += _band(*ways[-1], part)
            top += part.amount * scale
    ordered = sorted(flows, key=lambda payers: sum(leaf.y for _, leaf in flows[payers]) / len(flows[payers]))
    names = {payers: _named(payers, columns[0] - BAR - 14 - left, said) for payers in ordered}
    high = {
        payers: max(sum(leaf.amount for _, leaf in flows[payers]) * scale, len(names[payers]) * NAME * 1.2)
        for payers in ordered
    }
    gap = max(6.0, (bottom - begun - sum(high.values())) / max(1, len(ordered)))
    into = {id(root): root.y for root in roots}
    at = begun + gap / 2
    starts: dict[int, float] = {}
    for payers in ordered:
        amount = sum(leaf.amount for _, leaf in flows[payers]) * scale
        top = at + (high[payers] - amount) / 2
        front.append(_payer(names[payers], "body" if payers[0] else "plain", columns[0], top, amount))
        for _, leaf in flows[payers]:
            starts[id(leaf)] = top
            top += leaf.amount * scale
        at += high[payers] + gap
    for root in roots:
        for leaf in root.leaves():
            wide = leaf.amount * scale
            ways.append((columns[0], starts[id(leaf)], root.x, into[id(root)], wide))
            bands.parts += _band(*ways[-1], leaf)
            into[id(root)] += wide
    for pot, bar in bars:
        if pot.parts:
            ways.append(_told(pot, bar, scale, columns[1] - columns[0] - 2 * BAR, ways, said))
    drawn.groups += [bands, *front]
    return max(bottom, at) - GAP


def _together(roots: list[Pot]) -> list[Pot]:
    """Return ``roots`` with those beside each other for which the same ones pay."""
    by = [_payers(root, root.leaves()[0]) or (root.node.iri,) for root in roots]
    return [root for _, root in sorted(zip(by, roots, strict=True), key=lambda one: by.index(one[0]))]


def _payers(root: Pot, leaf: Pot) -> tuple[str, ...]:
    """Return who pays for ``leaf``, as far as it, or what it is part of, says."""
    if leaf.payers:
        return leaf.payers
    way = [pot for pot in everything(root) if leaf in pot.leaves() and pot.payers]
    return way[-1].payers if way else ()


def _place(pot: Pot, columns: list[float], at: int, last: float) -> None:
    for part in pot.parts:
        _place(part, columns, at + 1, last)
    pot.x = columns[at] if pot.parts else last
    if pot.parts:
        leaves = pot.leaves()
        pot.y = (leaves[0].y + leaves[-1].y) / 2


def _bar(pot: Pot, scale: float, last: float, text: float, said: dict[str, Any]) -> Group:
    """Return the bar of ``pot``, with its words beside it unless it has parts."""
    group = node_group(pot.node)
    group.title = "\n".join([group.title, *pot.payers, *pot.channels, *pot.purposes])
    high = max(pot.amount * scale, 1.0)
    group.parts.append(Path(rectangle(pot.x, pot.y, BAR, pot.amount * scale), "money", "money", 0.6))
    if pot.shared:
        group.parts.append(_hatch(pot.x, pot.y, BAR, high))
    if not pot.parts:
        words = _words(pot, text, said)
        down = pot.y + high / 2 - sum(size * 1.22 for _, size, _, _ in words) / 2 - 3
        for line, size, fill, role in words:
            down += size * 1.22
            group.parts.append(Text(last + BAR + 12, down, line, size, fill, role=role))
    return group


def _told(pot: Pot, bar: Group, scale: float, room: float, ways: list[Way], said: dict[str, Any]) -> Way:
    """Add to ``bar`` the words of ``pot``, which has parts, where they hide least of the ``ways`` of money; say where.

    They stand above or below the bar, to the left or to the right.
    """
    planned = f", {said['planned_money']}" if pot.planned else ""
    words = [(line, NAME, "ink", "name") for line in wrap(pot.figure + planned, NAME, room, 3) if pot.figure]
    words += [(line, NOTE, "faint", "note") for line in wrap(pot.node.label, NOTE, room, 4)]
    wide = max(measure(line, size) for line, size, _, _ in words)
    tall = sum(size * 1.15 for _, size, _, _ in words) + 4
    places = [
        (left, top, left + wide, top + tall)
        for away in (0, 8, 16, 24)
        for top in (pot.y + max(pot.amount * scale, 1.0) + 2 + away, pot.y - tall - 3 - away)
        for left in (pot.x + BAR - wide, pot.x)
    ]
    near = [point for point in _points(ways) if pot.x - wide < point[0] < pot.x + wide]

    def hidden(place: tuple[float, float, float, float]) -> float:
        left, top, right, bottom = place
        return sum(
            max(0.0, min(bottom, down + high) - max(top, down) + 1.0) * step
            for across, down, high, step in near
            if left < across < right
        )

    left, top, right, _ = min(places, key=hidden)
    bar.parts.append(Path(rectangle(left - 3, top, wide + 6, tall), "paper", "", opacity=0.7))
    anchor, down = ("start", top) if left == pot.x else ("end", top)
    for line, size, fill, role in words:
        down += size * 1.15
        bar.parts.append(Text(left if anchor == "start" else right, down, line, size, fill, anchor, role=role))
    return left, top, right, top, tall


def _points(ways: list[Way]) -> Iterator[tuple[float, float, float, float]]:
    """Yield points along ``ways`` of money: how far across and down, how high the way is, and how far to the next."""
    for x, y, right, end, high in ways:
        for at in range(STEPS + 1):
            share = at / STEPS
            yield _along(x, right, share), y + (end - y) * (3 - 2 * share) * share**2, high, (right - x) / STEPS


def _payer(words: list[str], colour: str, right: float, top: float, high: float) -> Group:
    """Return the bar of who pays, from ``top`` on, with its ``words`` before it."""
    group = Group("payer", parts=[Path(rectangle(right - BAR, top, BAR, high), colour, colour, 0.6)])
    down = top + high / 2 - len(words) * NAME * 0.6 - 3
    for line in words:
        down += NAME * 1.2
        group.parts.append(Text(right - BAR - 8, down, line, NAME, "ink", "end", role="name"))
    return group


def _named(payers: tuple[str, ...], room: float, said: dict[str, Any]) -> list[str]:
    """Return who pays, in lines; nobody is named for a pot that stands for itself."""
    return wrap(listed(payers, said["lang"], 4) if payers[0] else said["unnamed_funder"], NAME, room, 4)


def _along(x: float, right: float, share: float) -> float:
    """Return how far across a band from ``x`` to ``right`` is at a ``share`` of its length."""
    return x + (right - x) * (3 * share * (1 - share) ** 2 * 0.5 + 3 * share**2 * (1 - share) * 0.5 + share**3)


def _band(x: float, y: float, right: float, end: float, high: float, leaf: Pot) -> list[Path]:
    """Return a band of money ``high`` wide from ``x``, ``y`` to ``right``, ``end``, hatched where it is shared."""
    middle = (x + right) / 2
    d = (
        f"M{n(x)} {n(y)}C{n(middle)} {n(y)} {n(middle)} {n(end)} {n(right)} {n(end)}L{n(right)} {n(end + high)}"
        f"C{n(middle)} {n(end + high)} {n(middle)} {n(y + high)} {n(x)} {n(y + high)}Z"
    )
    planned = leaf.planned
    found = [Path(d, "money", "money", 0.4, opacity=PALE if planned else FULL)]
    if leaf.shared and high > 3:
        strokes = []
        count = int((right - x) / HATCH)
        for at in range(1, count):
            share = at / count
            across = _along(x, right, share)
            down = y + (end - y) * (3 * share**2 * (1 - share) + share**3)
            lean = min(HATCH, high / 2) / 2
            strokes.append(polyline([(across - lean, down + high), (across + lean, down)]))
        found.append(Path("".join(strokes), "", "money", 1.0))
    return found


def _hatch(x: float, y: float, wide: float, high: float) -> Path:
    """Return strokes across a bar."""
    strokes = []
    down = y + 6.0
    while down < y + high - 1:
        strokes.append(polyline([(x + 1, down), (x + wide - 1, max(y + 1, down - 7))]))
        down += 7.0
    return Path("".join(strokes) or f"M{n(x)} {n(y)}L{n(x)} {n(y)}", "", "paper", 1.6)


def _legend(roots: list[Pot], scale: float, said: dict[str, Any]) -> list[tuple[str, list[Path]]]:
    known = [pot for root in roots for pot in everything(root) if pot.amount]
    found = []
    step = next(
        (first * 10.0**power for power in range(3, 15) for first in (1, 2, 5) if first * 10.0**power * scale >= 5), 0.0
    )
    if step and step * scale < 20:
        whole = Decimal(int(step))
        size = amounts.written(Figure(whole, whole, whole, "", "EUR"), said["lang"]).replace(amounts.JOINT, " ")
        high = step * scale
        found.append((f"= {size}", [Path(rectangle(8, -high / 2, 14, high), "money", "money", 0.6)]))
    if any(pot.planned for pot in known):
        found.append((said["planned_money"], [Path(rectangle(0, -8, 28, 16), "money", "money", 0.4, opacity=PALE)]))
        found.append((said["set_money"], [Path(rectangle(0, -8, 28, 16), "money", "money", 0.4, opacity=FULL)]))
    if any(pot.shared for pot in known):
        band = _band(0, -8, 28, -8, 16, Pot(known[0].node, shared=True))
        found.append((said["shared_money"], band))
    if any(pot.parts for pot in known):
        part = [Path(rectangle(2, -9, 5, 18), "money"), Path("M7 -9L26 -9L26 -1L7 -1Z", "money", "", opacity=PALE)]
        found.append((said["inside"], part))
    return found
