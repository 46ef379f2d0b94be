"""Networks as DOT, the language of Graphviz, with all text made safe."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log10

from euaikg.diagrams.draw import words
from euaikg.diagrams.draw.scene import wrap
from euaikg.diagrams.model.looks import BACKWARD, LOOKS, MODALITIES, PALETTE, RELATIONS, legend
from euaikg.diagrams.model.network import Line, Network, Node

FONT = "Helvetica,Arial,Liberation Sans,DejaVu Sans,sans-serif"
CROWD = 7
"""How many neighbours a thing has before those that hang on it alone are staggered."""


def clean(text: str) -> str:
    """Return ``text`` without characters that XML and screens cannot show; white space becomes single spaces."""
    kept = "".join(
        " " if c.isspace() else "\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Cn") else c for c in text
    )
    return " ".join(kept.split())


def escape(text: str) -> str:
    """Return one line of ``text`` as it stands inside a quoted string of DOT that Graphviz shows."""
    return text.replace("\\", "\\\\").replace("&", "&amp;").replace('"', '\\"')


def quote(*texts: str, align: str = "\\n") -> str:
    """Return ``texts`` as one quoted DOT string, a line for each."""
    return '"' + align.join(map(escape, texts)) + (align if align != "\\n" else "") + '"'


def name(text: str) -> str:
    """Return ``text`` as the quoted identifier of a node; Graphviz reads no escapes in it but that of the quote."""
    safe = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return '"' + safe.replace("\\", "%5C").replace('"', "%22") + '"'


def attributes(pairs: Mapping[str, str]) -> str:
    """Return ``pairs`` (values already quoted) as DOT writes attributes."""
    return "[" + ", ".join(f"{key}={value}" for key, value in pairs.items()) + "]"


def node_attributes(node: Node, planned: bool = False) -> dict[str, str]:
    """Return the DOT attributes of ``node``: label, look, tooltip, and a link where its IRI is an address."""
    look = LOOKS.get(node.group, LOOKS["other"])
    narrow = 95 if node.date else 140
    size = round(11 * (1 + node.size), 1)
    label = wrap(clean(node.label) or node.iri, size, narrow * (1 + node.size))
    notes = [part for line in node.notes for part in wrap(line, size, narrow + 10)]
    facts = [node.label, node.kind_label or node.kind, *node.notes, *node.sources]
    made = {
        "label": quote(*label, *notes),
        "shape": look.shape,
        "style": f'"{look.style}{",dashed" if planned else ""}"',
        "fillcolor": f'"{look.fill}"',
        "color": f'"{look.border}"',
        "peripheries": str(look.edges),
        **({"margin": '"0.08,0.09"'} if look.shape == "cylinder" else {}),  # room below its lid
        **({"fontsize": str(size)} if node.size else {}),
        "class": f'"{node.group}"',
        "tooltip": quote(*filter(None, map(clean, facts))),
    }
    if node.iri.startswith(("http://", "https://")):
        made["URL"] = quote(clean(node.iri))
    return made


def line_attributes(line: Line, names: Mapping[str, str], amount: int | None) -> dict[str, str]:
    """Return the DOT attributes of ``line``: what it says, how sure it is, and who says so."""
    special = RELATIONS.get(line.relation)
    look = {**(MODALITIES[line.broad].attributes if line.broad in MODALITIES else {})}
    look |= special.attributes if special else {}
    if line.relation in BACKWARD:
        look["dir"] = "back"
        if "arrowhead" in look:
            look["arrowtail"] = look.pop("arrowhead")
    if amount and "penwidth" not in look:
        look["penwidth"] = f"{max(1.0, log10(amount) - 6):.1f}"
    notes = sorted({edge.note for edge in line.edges if edge.note})
    count = f" ×{len(line.edges)}" if len(line.edges) > 1 else ""
    head = f"{names.get(line.source, line.source)} – {line.label} – {names.get(line.target, line.target)}"
    said = [" · ".join(filter(None, (edge.modality_label, edge.day, edge.citation))) for edge in line.edges]
    return {
        "label": quote(*wrap(clean(line.label + count), 8.5, 80), *map(clean, notes)),
        "tooltip": quote(clean(head), *filter(None, map(clean, said))),
        **{key: f'"{value}"' for key, value in look.items()},
    }


def steps(drawn: Sequence[Line]) -> list[int]:
    """Return over how many ranks each line goes.

    Things that hang on the same thing alone stand in turn nearer to it and farther off, and make no tall column.
    """
    degree = Counter(end for line in drawn for end in {line.source, line.target})
    hanging: Counter[tuple[str, bool]] = Counter()
    found = []
    for line in drawn:
        leaf_first = degree[line.source] == 1
        place = (line.target if leaf_first else line.source, leaf_first)
        alone = leaf_first or degree[line.target] == 1
        found.append(
            1 + hanging[place] % (2 + (degree[place[0]] > 2 * CROWD)) if alone and degree[place[0]] > CROWD else 1
        )
        hanging[place] += alone
    return found


def body(network: Network) -> Iterator[str]:
    """Yield the statements of DOT for the nodes and lines of ``network``."""
    names = {node.iri: node.label for node in network.nodes}
    pots = {node.iri: node.amount for node in network.nodes if node.amount and node.group == "money"}
    drawn = network.lines
    unsure = {line.target for line in drawn if line.modality != "asserted"} if network.view == "timeline" else set()
    for node in network.nodes:
        yield f"  {name(node.iri)} {attributes(node_attributes(node, node.iri in unsure))};"
    for line, step in zip(drawn, steps(drawn), strict=True):
        amount = None if line.relation in RELATIONS and line.relation not in BACKWARD else pots.get(line.source)
        made = line_attributes(line, names, amount) | ({"minlen": str(step)} if step > 1 else {})
        ends = (line.target, line.source) if line.relation in BACKWARD else (line.source, line.target)
        yield f"  {' -> '.join(map(name, ends))} {attributes(made)};"


def header(settings: Mapping[str, str]) -> list[str]:
    """Return the statements that open a graph of the project, with ``settings`` for the graph itself."""
    font = quote(FONT)
    node = {
        "fontsize": "11",
        "fontcolor": quote(PALETTE["ink"][0]),
        "margin": '"0.08,0.04"',
        "height": "0.3",
        "width": "0.4",
    }
    edge = {"fontsize": "8.5", "fontcolor": quote(PALETTE["faint"][0]), "color": '"#333333"', "arrowsize": "0.7"}
    return [
        "digraph euaikg {",
        f"  graph {attributes({'fontname': font, **settings})};",
        f"  node {attributes({'fontname': font, **node})};",
        f"  edge {attributes({'fontname': font, **edge})};",
    ]


def encode(network: Network) -> bytes:
    """Return ``network`` as DOT: one node for each thing and one edge for each line, and what a reader must know.

    The title, the legend in words and the documents stand in the label of the graph.
    """
    said = words.words(network.lang)
    known = [said["known"].format(network.as_of)] if network.as_of else []
    groups, strokes = legend(network)
    shapes = "; ".join(f"{LOOKS[group].describe()}: {getattr(LOOKS[group], network.lang)}" for group in groups)
    dashes = "; ".join(
        f"{stroke.attributes.get('style', 'solid')}: {getattr(stroke, network.lang)}" for stroke in strokes
    )
    told = [
        network.title,
        " · ".join([*known, ", ".join(words.counts(network)), "euaikg"]),
        *([network.hidden] if network.hidden else []),
        *([f"{said['shapes']}: {shapes}"] if shapes else []),
        *([f"{said['lines']}: {dashes}"] if dashes else []),
        *([f"{said['sources']}: {'; '.join(network.documents)}"] if network.documents else []),
    ]
    below = [part for line in told for part in wrap(clean(line), 10, 700)]
    settings = {
        "label": quote(*below, align="\\l"),
        "labelloc": "b",
        "labeljust": "l",
        "fontsize": "10",
        "rankdir": "LR",
        "tooltip": quote(clean(network.title)),
    }
    return "\n".join([*header(settings), *body(network), "}", ""]).encode()
