"""Networks as DOT, the language of Graphviz, with all text made safe."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log10

from euaikg.diagrams.model.looks import BACKWARD, FAINT, FONT, LOOKS, MODALITIES, RELATIONS, TEXT, WORDS, legend
from euaikg.diagrams.model.network import Line, Network, Node, lines

CROWD = 7
"""How many neighbours a thing has before those that hang on it alone are staggered."""


def clean(text: str) -> str:
    """Return ``text`` without characters that XML and screens cannot show; white space becomes single spaces."""
    kept = "".join(
        " " if c.isspace() else "\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Cn") else c for c in text
    )
    return " ".join(kept.split())


def width(text: str, size: float) -> float:
    """Return about how wide ``text`` is in a sans-serif of ``size`` points: rather too wide than too narrow."""
    ems = 0.0
    for c in text:
        if c in "iljtf.,:;'|!()[] ":
            ems += 0.36
        elif unicodedata.east_asian_width(c) in "WF" or c in "mwMW@—":
            ems += 1.0
        else:
            ems += 0.72 if c.isupper() else 0.62
    return ems * size


def wrap(text: str, size: float, limit: float) -> list[str]:
    """Return ``text`` in lines not much wider than ``limit`` points, broken at spaces or else within words."""
    found: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        while width(word, size) > limit * 1.3 and len(word) > 8:
            at = max(4, int(len(word) * limit / width(word, size)))
            found += [line] * bool(line) + [word[:at]]
            line, word = "", word[at:]
        if line and width(f"{line} {word}", size) > limit:
            found.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*found, line]


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


def shown(network: Network) -> list[str]:
    """Return the title of ``network`` and the lines below it: what it shows as known when, and what it leaves out."""
    words = WORDS[network.lang]
    count = [
        f"{number} {words[what].split()[number != 1]}"
        for number, what in ((len(network.nodes), "thing"), (len(lines(network.edges)), "relation"))
    ]
    known = [words["known"].format(network.as_of)] if network.as_of else []
    below = " · ".join([*known, ", ".join(count), "euaikg"])
    return [network.title, below, *([network.hidden] if network.hidden else [])]


def rich(names: Iterable[str], notes: Iterable[str]) -> str:
    """Return the lines of a label in Graphviz's HTML, the ``names`` bold."""
    return "<" + "<BR/>".join([*(f"<B>{html(line)}</B>" for line in names), *map(html, notes)]) + ">"


def html(text: str) -> str:
    """Return one line of ``text`` as it stands in Graphviz's HTML, where a backslash would still be an escape."""
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace("<", "&lt;").replace(">", "&gt;")


def node_attributes(node: Node, planned: bool = False, bold: bool = False) -> dict[str, str]:
    """Return the DOT attributes of ``node``: label, look, tooltip, and a link where its IRI is an address.

    With ``bold`` the name of a thing with notes is set apart from them.
    """
    look = LOOKS.get(node.group, LOOKS["other"])
    narrow = 95 if node.date else 140
    size = round(11 * (1 + node.size), 1)
    label = wrap(clean(node.label) or node.iri, size, narrow * (1 + node.size))
    notes = [part for line in node.note.split("\n") if line for part in wrap(line, size, narrow + 10)]
    facts = [node.label, node.kind_label or node.kind, *node.note.split("\n"), *node.sources]
    made = {
        "label": rich(label, notes) if bold and notes else quote(*label, *notes),
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
    said = [" · ".join(filter(None, (edge.modality_label, edge.date, edge.citation))) for edge in line.edges]
    return {
        "label": quote(*wrap(line.label + count, 8.5, 80), *notes),
        "tooltip": quote(clean(head), *filter(None, map(clean, said))),
        **{key: f'"{value}"' for key, value in look.items()},
    }


def amounts(network: Network) -> dict[str, int]:
    """Return the amounts of the pots in ``network``, by IRI."""
    return {node.iri: node.amount for node in network.nodes if node.amount and node.group == "money"}


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


def body(
    network: Network, places: Mapping[str, tuple[float, float]] | None = None, bold: bool = False
) -> Iterable[str]:
    """Yield the statements of DOT for the nodes and lines of ``network``.

    With ``places`` each node gets its position, and lines go straight and without words.
    """
    names = {node.iri: node.label for node in network.nodes}
    pots = amounts(network)
    drawn = lines(network.edges)
    unsure = {line.target for line in drawn if line.modality != "asserted"} if network.view == "timeline" else set()
    for node in network.nodes:
        made = node_attributes(node, node.iri in unsure, bold)
        if places is not None:
            x, y = places[node.iri]
            made["pos"] = f'"{x:.2f},{y:.2f}"'
        yield f"  {name(node.iri)} {attributes(made)};"
    for line, step in zip(drawn, steps(drawn), strict=True):
        amount = None if line.relation in RELATIONS and line.relation not in BACKWARD else pots.get(line.source)
        made = line_attributes(line, names, amount)
        if places is not None:
            made |= {"label": '""', "arrowhead": "none"}
        elif step > 1:
            made["minlen"] = str(step)
        ends = (line.target, line.source) if line.relation in BACKWARD else (line.source, line.target)
        yield f"  {' -> '.join(map(name, ends))} {attributes(made)};"


def header(settings: Mapping[str, str]) -> list[str]:
    """Return the statements that open a graph of the project, with ``settings`` for the graph itself."""
    font = quote(FONT)
    node = {"fontsize": "11", "fontcolor": quote(TEXT), "margin": '"0.08,0.04"', "height": "0.3", "width": "0.4"}
    edge = {"fontsize": "8.5", "fontcolor": quote(FAINT), "color": '"#333333"', "arrowsize": "0.7"}
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
    words = WORDS[network.lang]
    groups, strokes = legend(network)
    shapes = "; ".join(f"{LOOKS[group].describe()}: {getattr(LOOKS[group], network.lang)}" for group in groups)
    dashes = "; ".join(
        f"{stroke.attributes.get('style', 'solid')}: {getattr(stroke, network.lang)}" for stroke in strokes
    )
    told = [
        *shown(network),
        *([f"{words['shapes']}: {shapes}"] if shapes else []),
        *([f"{words['lines']}: {dashes}"] if dashes else []),
        *([f"{words['sources']}: {'; '.join(network.documents)}"] if network.documents else []),
    ]
    below = [part for line in told for part in wrap(line, 10, 700)]
    settings = {
        "label": quote(*below, align="\\l"),
        "labelloc": "b",
        "labeljust": "l",
        "fontsize": "10",
        "rankdir": "LR",
        "tooltip": quote(clean(network.title)),
    }
    return "\n".join([*header(settings), *body(network), "}", ""]).encode()
