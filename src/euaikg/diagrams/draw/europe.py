"""A map of Europe: countries by what is in them and what they take part in, with a list beside it.

The outlines in ``europe.json`` are those of Natural Earth (public domain), made coarse: they are for pictures alone. A
country is known by the last part of its address, such as ``finland``; what is in no country of the map is said below.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path as File
from typing import Any

from euaikg.core.vocab import EUAI
from euaikg.diagrams.draw.cards import node_group, sign
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Text, circle, moved, rectangle, wrap
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.network import Network, Node, lines

NAME, THING, ROW = 16.0, 14.5, 19.5
MEMBER = (EUAI + "participatingCountry", EUAI + "hasMember")


@cache
def outlines() -> dict[str, Any]:
    """Return the map: its size, and for each country a path and a point in its middle."""
    found: dict[str, Any] = json.loads((File(__file__).parent / "europe.json").read_text(encoding="utf-8"))
    return found


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return the map of ``network``, whose lines lead from things to countries or back, in ``area``."""
    named = {node.iri: node for node in network.nodes}
    home: dict[str, list[Node]] = defaultdict(list)
    part: dict[str, list[Node]] = defaultdict(list)
    for line in lines(network.edges):
        thing, place = named[line.source], line.target
        if thing not in (found := (part if line.relation in MEMBER else home)[place]):
            found.append(thing)
    known = outlines()["countries"]
    slug = {iri: iri.rpartition("/")[2] for iri in {*home, *part}}
    beside = area.width > area.height
    side = min(area.height, area.width * 0.5) if beside else area.width * 0.8
    scale = side / max(outlines()["width"], outlines()["height"])
    left = area.x if beside else area.x + (area.width - side) / 2
    drawn = Drawn(right=area.right, bottom=area.y + side)
    sea = Group(
        "legend",
        parts=[Path(rectangle(left, area.y, outlines()["width"] * scale, outlines()["height"] * scale), "sea")],
    )
    drawn.groups.append(sea)
    of = {slug[iri]: iri for iri in slug}
    listed_: list[str] = []
    for name, country in known.items():
        d = moved(country["d"], left, area.y, scale)
        iri = of.get(name)
        if iri is None:
            sea.parts.append(Path(d, "land", "paper", 0.8))
            continue
        group = node_group(named[iri])
        group.title = "\n".join([named[iri].label, *(thing.label for thing in home[iri] + part[iri])])
        fill = (
            "infrastructure"
            if any(thing.group == "infrastructure" for thing in home[iri])
            else "initiative"
            if home[iri]
            else "body"
        )
        group.parts.append(Path(d, f"{fill}-fill", fill, 1.2))
        drawn.groups.append(group)
        if home[iri]:
            listed_.append(iri)
    listed_.sort(key=lambda iri: (not any(thing.group == "infrastructure" for thing in home[iri]), named[iri].label))
    for number, iri in enumerate(listed_, 1):
        x, y = (left + known[slug[iri]]["at"][0] * scale, area.y + known[slug[iri]]["at"][1] * scale)
        drawn.groups.append(Group("legend", parts=[
            Path(circle(x, y, 12), "dark"), Text(x, y + 5.5, str(number), 15, "paper", "middle", bold=True),
        ]))  # fmt: skip
    _list(
        listed_,
        home,
        part,
        named,
        area,
        left + side + 40 if beside else area.x,
        area.y if beside else area.y + side + 24,
        drawn,
        said,
    )
    away = sorted({thing.label for iri in slug if slug[iri] not in known for thing in home[iri] + part[iri]})
    if away:
        drawn.notes.append(f"{said['off_map']}: {listed(away, network.lang, 6)}.")
    swatch = rectangle(2, -8, 24, 16, 2)
    drawn.legend = [
        (said[word], [Path(swatch, f"{fill}-fill", fill, 1.2)])
        for word, fill in (("hosts", "infrastructure"), ("home", "initiative"))
    ]
    together = sorted({thing.label for found in part.values() for thing in found})
    if together:
        drawn.legend.append(
            (said["takes_part"].format(listed(together, network.lang, 1)), [Path(swatch, "body-fill", "body", 1.2)])
        )
    return drawn


def _list(
    order: list[str], home: dict[str, list[Node]], part: dict[str, list[Node]], named: dict[str, Node], area: Area,
    x: float, y: float, drawn: Drawn, said: dict[str, Any],
) -> None:  # fmt: skip
    """Write beside or below the map what is in each country, in as many columns as there is room for."""
    wide = area.right - x
    columns = max(1, int(wide // 330))
    width = wide / columns - 20
    blocks: list[tuple[float, Group]] = []
    for number, iri in enumerate(order, 1):
        group = Group("legend")
        down = 0.0
        group.parts += [
            Path(circle(11, down + 11, 11), "dark"),
            Text(11, down + 16, str(number), 14, "paper", "middle", bold=True),
        ]
        group.parts.append(Text(30, down + 17, named[iri].label, NAME, bold=True, role="name"))
        down += 25
        for thing in sorted(home[iri], key=lambda thing: (thing.group != "infrastructure", thing.label)):
            town = thing.note.split("\n")[0]
            words = f"{thing.label} ({town})" if town and town != thing.label else thing.label
            group.parts.append(sign(thing.group, 38, down + 9, 12))
            for line in wrap(words, THING, width - 52, 2):
                group.parts.append(Text(50, down + 14, line, THING, role="name"))
                down += ROW
        if part[iri]:
            group.parts.append(
                Text(
                    30,
                    down + 14,
                    said["takes_part"].format(listed([t.label for t in part[iri]], said["lang"], 1)),
                    13,
                    "faint",
                )
            )
            down += ROW
        blocks.append((down + 10, group))
    high = sum(tall for tall, _ in blocks) / columns
    at, top, begun = 0, y, y
    for tall, group in blocks:
        if top > begun and top - begun + tall * 0.6 > high and at < columns - 1:
            at, top = at + 1, begun
        group.parts = [_put(part_, x + at * (width + 20), top) for part_ in group.parts]
        drawn.groups.append(group)
        top += tall
        drawn.bottom = max(drawn.bottom, top)
    others = sorted(named[iri].label for iri in part if iri not in order)
    if others:
        together = sorted({thing.label for found in part.values() for thing in found})
        words = f"{said['takes_part'].format(listed(together, said['lang'], 1))}: {', '.join(others)}"
        group = Group("legend")
        top += 6
        for line in wrap(words[0].upper() + words[1:], THING, width, 8):
            group.parts.append(Text(x + at * (width + 20), top + 16, line, THING))
            top += ROW
        drawn.groups.append(group)
        drawn.bottom = max(drawn.bottom, top)


def _put(part: Path | Text, x: float, y: float) -> Path | Text:
    if isinstance(part, Text):
        return replace(part, x=part.x + x, y=part.y + y)
    return replace(part, d=moved(part.d, x, y, 1.0))
