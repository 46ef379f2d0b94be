"""Boxes and lines: for who works with whom, and whatever else has no form of its own.

Graphviz says where boxes stand and lines run; they are drawn here. Of things that stand to the same others in the same
way, many are put together into a bundle.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from euaikg.core.groups import by_key
from euaikg.diagrams.draw import cards
from euaikg.diagrams.draw.cards import WORD, Card, edge_group, ink_of
from euaikg.diagrams.draw.raster import quiet
from euaikg.diagrams.draw.scene import (
    Area,
    Drawn,
    Group,
    Path,
    Point,
    Text,
    arrow,
    measure,
    n,
    rectangle,
    shifted,
    wrap,
)
from euaikg.diagrams.model.network import Line, Network, Node
from euaikg.errors import OutputError

WIDE = 215.0


def draw(network: Network, area: Area, said: dict[str, Any]) -> Drawn:
    """Return ``network`` as boxes and lines, upright or lengthwise, whichever fits better into ``area``."""
    if not network.nodes:
        return Drawn([Group("legend", parts=[Text(area.x, area.y + 30, said["nothing"], 22)])], area.x, area.y + 40)
    made = [_placed(network, way) for way in ("LR", "TB")]
    needed = [max(wide / area.width, high / area.height) for wide, high, _ in made]
    wide, high, groups = made[needed.index(min(needed))]
    across = area.x + max(0.0, (area.width - wide) / 2)
    return Drawn([shifted(group, across, area.y) for group in groups], area.x + wide, area.y + high)


@lru_cache(maxsize=4)
def _placed(network: Network, way: str) -> tuple[float, float, list[Group]]:
    """Return the width, the height and the groups of ``network`` laid out in one ``way`` from 0, 0."""
    nodes, drawn, members = bundled(network)
    planned = {line.target for line in drawn if line.broad != "asserted"} - {
        end for line in drawn if line.broad in ("asserted", "") for end in (line.source, line.target)
    }
    boxes = [
        Card(
            node,
            WIDE * (1 + node.size),
            4,
            notes=node.notes[:2],
            dashed=node.iri in planned,
            inside=members.get(node.iri, ()),
        )
        for node in nodes
    ]
    number = {node.iri: at for at, node in enumerate(nodes)}
    labels = [wrap(cards.counted(line), WORD, 130, 2) for line in drawn]
    text = [
        f'digraph {{ graph [rankdir={way}, ranksep="{0.55 if way == "LR" else 0.45}", nodesep="0.22", pad="0"];'
        ' node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.8, fontsize=1];'
    ]
    for at, box in enumerate(boxes):
        text.append(f'n{at} [width="{box.width / 72:.4f}", height="{box.height / 72:.4f}"];')
    for at, line in enumerate(drawn):
        wide = max((measure(part, WORD) for part in labels[at]), default=1) + 8
        high = len(labels[at]) * 17 + 4
        size = f'FIXEDSIZE="TRUE" WIDTH="{wide:.0f}" HEIGHT="{high}"'
        room = f'<<TABLE BORDER="0" {size}><TR><TD></TD></TR></TABLE>>'
        text.append(f"n{number[line.source]} -> n{number[line.target]} [id=e{at}, label={room}];")
    found = _layout("".join([*text, "}"]))
    left, low, right, top = map(float, found["bb"].split(","))

    def at_place(text: str) -> Point:
        x, y = map(float, text.split(","))
        return x - left, top - y

    groups: list[Group] = []
    names = cards.names(network)
    for edge in sorted(found.get("edges", ()), key=lambda edge: int(edge["id"][1:])):
        at = int(edge["id"][1:])
        groups.append(_line(drawn[at], edge["pos"], at_place, names))
    for edge in found.get("edges", ()):
        group = groups[int(edge["id"][1:])]
        if "lp" in edge:
            _label(group, labels[int(edge["id"][1:])], at_place(edge["lp"]))
    for placed in found["objects"]:
        at = int(placed["name"][1:])
        x, y = at_place(placed["pos"])
        box = boxes[at]
        groups.append(box.draw(x - box.width / 2, y - box.height / 2))
    return right - left, top - low, groups


def bundled(network: Network) -> tuple[list[Node], list[Line], dict[str, list[Node]]]:
    """Return the things and lines to draw, with bundles for many alike, and what is in each bundle by its key."""
    named = dict(network.named)
    drawn = [line for line in network.lines if line.source != line.target]
    around: dict[str, dict[tuple[str, str, bool], list[Line]]] = {iri: {} for iri in named}
    for line in drawn:
        around[line.source].setdefault((line.target, line.relation, True), []).append(line)
        around[line.target].setdefault((line.source, line.relation, False), []).append(line)
    alike = by_key(
        ((frozenset((*link, found[0].broad) for link, found in links.items()), named[leaf].group), leaf)
        for leaf, links in around.items()
    )
    members: dict[str, list[Node]] = {}
    gone: set[str] = set()
    made: list[Line] = []
    for (links, group), leaves in alike.items():
        if len(leaves) < cards.MANY or not links or gone & {other for other, *_ in links}:
            continue
        inside = sorted((named[leaf] for leaf in leaves), key=lambda node: (node.label, node.iri))
        key = f"bundle {group} {len(members)}"
        named[key] = cards.together(inside, key, network.lang)
        members[key] = inside
        gone |= set(leaves)
        for hub, relation, out, _ in sorted(links):
            lines_ = [line for leaf in leaves for line in around[leaf][hub, relation, out]]
            ends = {"source": key, "target": hub} if out else {"source": hub, "target": key}
            made.append(replace(lines_[0], edges=lines_[0].edges[:1], **ends))
    kept = [line for line in drawn if not {line.source, line.target} & gone]
    nodes = [node for node in named.values() if node.iri not in gone]
    return nodes, kept + made, members


def _layout(text: str) -> dict[str, Any]:
    from pygraphviz import AGraph

    with quiet() as told:
        try:
            content = AGraph(text).draw(format="json0", prog="dot")
        except (ValueError, TypeError) as error:
            reason = " ".join(told().split()) or str(error)
            raise OutputError(f"Graphviz could not draw this network ({reason[:200]}).") from None
    found: dict[str, Any] = json.loads(content)
    return found


def _line(line: Line, pos: str, at_place: Any, names: dict[str, str]) -> Group:
    """Return the curve of ``line`` with its head, from where Graphviz put it."""
    group = edge_group(line, names)
    parts = pos.split()
    tip = next((at_place(part[2:]) for part in parts if part.startswith("e,")), None)
    points = [at_place(part) for part in parts if part[0] not in "es"]
    begun = f"M{n(points[0][0])} {n(points[0][1])}"
    curves = "".join(
        "C" + " ".join(f"{n(x)} {n(y)}" for x, y in points[at : at + 3]) for at in range(1, len(points) - 2, 3)
    )
    ink = ink_of(line.broad)
    group.parts.append(cards.stroke(begun + curves, line.broad, 1.5))
    if tip:
        before = points[-1] if points[-1] != tip else points[-2]
        group.parts.append(Path(arrow(tip, before, 10), ink if line.broad != "ended" else "paper", ink, 1.0))
    return group


def _label(group: Group, label: Sequence[str], middle: Point) -> None:
    high = len(label) * 17.0
    wide = max((measure(line, WORD) for line in label), default=0.0)
    x, y = middle
    group.parts.append(
        Path(rectangle(x - wide / 2 - 2, y - high / 2 - 1, wide + 4, high + 2), "paper", "", opacity=0.85)
    )
    for at, line in enumerate(label):
        group.parts.append(Text(x, y - high / 2 + 13 + at * 17, line, WORD, "faint", "middle", role="word"))
