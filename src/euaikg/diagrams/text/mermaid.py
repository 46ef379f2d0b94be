"""Networks as Mermaid, for pages that draw it from its text: a flowchart, or a Gantt chart of what happens when.

Labels can hold anything: what Mermaid or Markdown could take for syntax is written as an entity code (``#35;``), which
Mermaid shows as the character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from euaikg.core.groups import by_key
from euaikg.diagrams.model.labels import clean, wrap
from euaikg.diagrams.model.looks import LOOKS
from euaikg.diagrams.model.network import Line, Network, Node, dated
from euaikg.questions import parameters

SHAPES = {
    "body": ("[", "]"), "person": ("([", "])"), "country": ("(", ")"), "programme": ("[[", "]]"),
    "initiative": ("(", ")"), "action": ("{{", "}}"), "infrastructure": ("[/", "/]"), "money": ("[(", ")]"),
    "law": ("[/", "\\]"), "document": (">", "]"), "event": ("([", "])"), "topic": ("[\\", "/]"),
    "status": (">", "]"), "term": ("[", "]"), "other": ("[", "]"),
}  # fmt: skip
"""The brackets that give each group its shape."""

COLOURS = {group: f"{look.fill},stroke:{look.border}" for group, look in LOOKS.items()}
COLOURS["other"] = "#ffffff,stroke:#404040"

ARROWS = {"": "-->", "asserted": "-->", "ended": "--o", "denied": "--x"}
"""The arrow of each modality; what is not yet so has a broken one."""

GANTT = ["config:", "  gantt:", "    leftPadding: 190", '  themeCSS: ".titleText { font-size: 12px }"']
"""Settings that give the names of things room beside the chart, and a long title above it."""

_SYNTAX = re.compile(r"""[^\w\s.,()/'’‘“”«»–—…€×·+-]|_""")
_LIST = re.compile(r"^(\s*\d+)([.)])|^(\s*)([+-])")


def encode(network: Network) -> bytes:
    """Return ``network`` as Mermaid.

    Each thing is one node and each line of :func:`~euaikg.diagrams.model.network.lines` one arrow, marked ``×2`` where
    two passages say so. A network in which all lines lead from a thing to a dated stage becomes a Gantt chart with a
    milestone for each line. Pages that draw Mermaid as it comes stop at 500 arrows.
    """
    body = _gantt(network) if dated(network) else _flowchart(network)
    title = " · ".join(filter(None, (network.title, network.as_of, network.hidden)))
    sources = [f"    accDescr: {text('; '.join(network.documents))}"] if network.documents else []
    kind, *rest = body
    angles = str.maketrans("<>", "‹›")  # a title knows no codes, and loses what looks like a tag
    heading = [f"title: {json.dumps(clean(title).translate(angles), ensure_ascii=False)}"]
    if kind == "gantt":
        heading, rest = GANTT, [f"    title {text(title)}", *rest]
    return ("\n".join(["---", *heading, "---", kind, *sources, *rest]) + "\n").encode("utf-8", "replace")


def text(label: str) -> str:
    """Return ``label`` on one line with codes for all characters that could be syntax."""
    shown = " ".join(clean(label).split())
    coded = _SYNTAX.sub(lambda found: f"#{ord(found.group())};", shown)
    return _LIST.sub(_no_list, coded)


def _no_list(found: re.Match[str]) -> str:
    return f"{found[1] or found[3] or ''}#{ord(found[2] or found[4])};"


def _flowchart(network: Network) -> Iterator[str]:
    yield "flowchart LR"
    number = {node.iri: f"n{at}" for at, node in enumerate(network.nodes)}
    for node in network.nodes:
        left, right = SHAPES.get(node.group, SHAPES["other"])
        yield f'    {number[node.iri]}{left}"{_several([node.label, *node.note.split(chr(10))])}"{right}'
    for line in network.lines:
        arrow = ARROWS.get(line.modality, "-.->")
        yield f'    {number[line.source]} {arrow}|"{_several(_said(line))}"| {number[line.target]}'
    groups = by_key((node.group if node.group in SHAPES else "other", number[node.iri]) for node in network.nodes)
    for group, members in sorted(groups.items()):
        yield f"    classDef kind_{group} fill:{COLOURS[group]},color:#1a1a1a"
        yield f"    class {','.join(members)} kind_{group}"


def _several(parts: Iterable[str]) -> str:
    return "<br>".join(filter(None, (text(line) for part in parts for line in part.splitlines()))) or " "


def _said(line: Line) -> list[str]:
    """Return the lines of text on an arrow: what it says, how often, with which amounts, and how sure."""
    times = f" ×{len(line.edges)}" if len(line.edges) > 1 else ""
    notes = list(dict.fromkeys(edge.note for edge in line.edges if edge.note))
    sure = line.modality in ("", "asserted")
    return [line.label + times, *notes, *([] if sure else [f"({line.modality_label or line.modality})"])]


def _gantt(network: Network) -> Iterator[str]:
    yield "gantt"
    yield "    dateFormat YYYY-MM-DD"
    yield "    axisFormat %Y"
    yield "    tickInterval 12month"
    yield "    todayMarker off"
    named = network.named
    stages = by_key((line.source, line) for line in network.lines)
    for thing in sorted(stages, key=lambda iri: (min(named[line.target].date for line in stages[iri]), iri)):
        yield f"    section {'<br>'.join(map(text, wrap(named[thing].label, 28, 4))) or '#32;'}"
        for line in sorted(stages[thing], key=lambda line: (_begins(named[line.target]), line.target, line.relation)):
            stage = named[line.target]
            said = [stage.label, *stage.note.split("\n"), *_said(line)[1:]]
            done = "done, " if line.modality in ("", "asserted") else ""
            yield f"    {text(' '.join(filter(None, said))) or '#32;'} :milestone, {done}{stage.date}, 0d"


def _begins(stage: Node) -> tuple[str, str]:
    """Return the day on which the period of ``stage`` begins, and the one on which it surely holds."""
    days = parameters.period(stage.note)
    return days[0].isoformat() if days else stage.date, stage.date
