"""A map of Europe: countries by what is in them and what they take part in, with a list beside it.

The outlines in ``europe.json`` are those of Natural Earth (public domain), made coarse: they are for pictures alone. A
country is known by the last part of its address, such as ``finland``; what is in no country of the map is said below.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from typing import Any

from euaikg.core.vocab import EUAI
from euaikg.diagrams.draw.cards import bundle, node_group, sign
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Text, circle, moved, rectangle, shifted, wrap
from euaikg.diagrams.model.labels import listed
from euaikg.diagrams.model.network import Line, Network, Node

NAME, THING, ROW = 16.0, 14.5, 19.5
TIED, CLOSE = 13.0, 16.5
"""The size of the words on who takes part in what, and how far their lines are apart."""
MEMBER = (EUAI + "participatingCountry", EUAI + "hasMember")
APPLICANT = EUAI + "hasApplicant"


DASHES = (4.0, 3.0)
"""The dashes around a country of which nothing is said as a fact."""


@dataclass(frozen=True)
class Tie:
    """That a country takes part in a ``thing`` or asked for it, in ``words``; ``doubt`` says how far it is no fact."""

    thing: Node
    words: str
    doubt: str = ""
    is_asked: bool = False


@cache
def outlines() -> dict[str, Any]:
    """Return the map: its size, and for each country a path and a point in its middle."""
    found: dict[str, Any] = json.loads((File(__file__).parent / "europe.json").read_text(encoding="utf-8"))
    return found


def slug(iri: str) -> str:
    """Return the name by which the map has the country ``iri``."""
    return iri.rpartition("/")[2]


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return the map of ``network``, whose lines lead from things to countries or back, in ``area``."""
    named = network.named
    home: dict[str, list[Node]] = defaultdict(list)
    ties: dict[str, list[Tie]] = defaultdict(list)
    for line in network.lines:
        if line.relation in (*MEMBER, APPLICANT):
            ties[line.target].append(_tie(line, named[line.source], said))
        elif named[line.source] not in home[line.target]:
            home[line.target].append(named[line.source])
    known = outlines()["countries"]
    beside = area.width > 1.4 * area.height
    side = min(area.height, area.width * 0.5) if beside else min(area.width * 0.72, area.height * 0.5)
    scale = side / max(outlines()["width"], outlines()["height"])
    left = area.x if beside else area.x + (area.width - side) / 2
    dot = 12.0 if side > 500 else 9.0
    drawn = Drawn(right=area.right, bottom=area.y + side)
    sea = Group(
        "legend",
        parts=[Path(rectangle(left, area.y, outlines()["width"] * scale, outlines()["height"] * scale), "sea")],
    )
    drawn.groups.append(sea)
    of = {slug(iri): iri for iri in {*home, *ties}}
    listed_: list[str] = []
    for name, country in known.items():
        d = moved(country["d"], left, area.y, scale)
        iri = of.get(name)
        if iri is None:
            sea.parts.append(Path(d, "land", "paper", 0.8))
            continue
        group = node_group(named[iri])
        told = [f"{tie.words} ({tie.doubt})" if tie.doubt else tie.words for tie in ties[iri]]
        group.title = "\n".join([named[iri].label, *(thing.label for thing in home[iri]), *told])
        fill = (
            "infrastructure"
            if any(thing.group == "infrastructure" for thing in home[iri])
            else "initiative"
            if home[iri]
            else "body"
            if any(is_joined(line) for line in network.lines if line.target == iri)
            else "plain"
        )
        group.parts.append(Path(d, f"{fill}-fill", fill, 1.2, DASHES if fill == "plain" else ()))
        drawn.groups.append(group)
        if home[iri]:
            listed_.append(iri)
    listed_.sort(key=lambda iri: (not any(thing.group == "infrastructure" for thing in home[iri]), named[iri].label))
    for number, iri in enumerate(listed_, 1):
        x, y = (left + known[slug(iri)]["at"][0] * scale, area.y + known[slug(iri)]["at"][1] * scale)
        drawn.groups.append(Group("legend", parts=[
            Path(circle(x, y, dot), "dark"),
            Text(x, y + dot * 0.45, str(number), dot * 1.25, "paper", "middle", bold=True),
        ]))  # fmt: skip
    x, y = (left + side + 40, area.y) if beside else (area.x, area.y + side + 24)
    for most in (10**6, 12, 8, 5, 3, 2, 1, 0):  # as many of each country as there is room for
        groups, bottom = _list(listed_, home, ties, named, most, x, y, area.right - x, said)
        if bottom <= area.bottom:
            break
    drawn.groups += groups
    drawn.bottom = max(drawn.bottom, bottom)
    off = [iri for name, iri in of.items() if name not in known]
    away = sorted({thing.label for iri in off for thing in [*home[iri], *(tie.thing for tie in ties[iri])]})
    if away:
        drawn.notes.append(f"{said['off_map']}: {listed(away, network.lang, 6)}.")
    swatch = rectangle(2, -8, 24, 16, 2)
    drawn.legend = [
        (said[word], [Path(swatch, f"{fill}-fill", fill, 1.2, DASHES if fill == "plain" else ())])
        for word, fill in (
            ("hosts", "infrastructure"),
            ("home", "initiative"),
            ("only_part", "body"),
            ("not_yet", "plain"),
        )
    ]
    return drawn


def is_joined(line: Line) -> bool:
    """Say whether ``line`` says as a fact that a country takes part in something."""
    return line.relation in MEMBER and _is_fact(line)


def _is_fact(line: Line) -> bool:
    return line.broad in ("", "asserted")


def _tie(line: Line, thing: Node, said: dict[str, Any]) -> Tie:
    is_asked = line.relation == APPLICANT
    words = said["applied" if is_asked else "takes_part"].format(thing.label)
    role = re.split("[,;(]", next((edge.note for edge in reversed(line.edges) if edge.note), ""))[0].strip()
    doubt = "" if _is_fact(line) else ", ".join(filter(None, (role, line.modality_label)))
    return Tie(thing, words, doubt, is_asked)


def _list(
    order: list[str], home: dict[str, list[Node]], ties: dict[str, list[Tie]], named: dict[str, Node], most: int,
    x: float, y: float, wide: float, said: dict[str, Any],
) -> tuple[list[Group], float]:  # fmt: skip
    """Return what is in each country, in as many columns as ``wide`` has room for, ``most`` by name; and its end.

    Below it stands who takes part in what, and who asked for what, with a word on each that is not said as a fact.
    """
    columns = max(1, int(wide // 330))
    width = wide / columns - 20
    blocks = [_country(number, named[iri], home[iri], most, width, said) for number, iri in enumerate(order, 1)]
    for words, countries in _joined(ties, named, order, said["numbered"]):
        text = wrap(f"{words[0].upper()}{words[1:]}: {', '.join(countries)}", TIED, width, 20)
        parts: list[Path | Text] = [Text(0, 20 + CLOSE * at, line, TIED) for at, line in enumerate(text)]
        blocks.append((CLOSE * len(text) + 6, [Group("legend", parts=parts)]))
    high = sum(tall for tall, _ in blocks) / columns
    at, top, bottom = 0, y, y
    placed: list[Group] = []
    for tall, groups in blocks:
        if top > y and top - y + tall * 0.6 > high and at < columns - 1:
            at, top = at + 1, y
        placed += [shifted(group, x + at * (width + 20), top) for group in groups]
        top += tall
        bottom = max(bottom, top)
    return placed, bottom


def _country(
    number: int, country: Node, home: list[Node], most: int, width: float, said: dict[str, Any]
) -> tuple[float, list[Group]]:
    """Return how high the words on a country are, and these from 0, 0 on: what is in it."""
    group = Group("legend", parts=[
        Path(circle(11, 11, 11), "dark"), Text(11, 16, str(number), 14, "paper", "middle", bold=True),
        Text(30, 17, country.label, NAME, bold=True, role="name"),
    ])  # fmt: skip
    found, down = [group], 25.0
    things = sorted(home, key=lambda thing: (thing.group != "infrastructure", thing.label))
    shown = things if len(things) <= most + 1 else things[:most]
    for thing in shown:
        town = thing.note.split("\n")[0]
        words = f"{thing.label} ({town})" if town and town != thing.label else thing.label
        found.append(node_group(thing))
        found[-1].parts.append(sign(thing.group, 38, down + 9, 12))
        for line in wrap(words, THING, width - 52, 2):
            found[-1].parts.append(Text(50, down + 14, line, THING, role="name"))
            down += ROW
    if rest := things[len(shown) :]:
        more = bundle(f"in {country.iri}", rest)
        more.parts.append(Text(50, down + 14, said["more"].format(len(rest)), THING, "faint", role="name"))
        found.append(more)
        down += ROW
    return down + 10, found


def _joined(
    ties: dict[str, list[Tie]], named: dict[str, Node], order: list[str], numbered: str
) -> list[tuple[str, list[str]]]:
    """Return in what countries take part and what they asked for, what most do first, each with their names.

    Where all that have a number in ``order`` do so, ``numbered`` stands for them.
    """
    found: dict[tuple[bool, str], dict[str, str]] = defaultdict(dict)
    for iri, there in ties.items():
        for tie in there:
            found[tie.is_asked, tie.words][iri] = tie.doubt
    rows = []
    for (_, words), doubts in sorted(found.items(), key=lambda pair: (pair[0][0], -len(pair[1]), pair[0][1])):
        all_of = len(order) > 2 and all(doubts.get(iri) == "" for iri in order)
        names = sorted(
            f"{named[iri].label} ({doubt})" if doubt else named[iri].label
            for iri, doubt in doubts.items()
            if not (all_of and iri in order)
        )
        rows.append((words, [numbered] * all_of + names))
    return rows
