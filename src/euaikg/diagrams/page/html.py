"""A network as one HTML page that needs nothing else: no network, no other file, no third-party script.

The page is drawn here, as inline SVG with a legend and a list of all relations, so that it can be read and printed with
scripting off. Its own scripts (``templates``) add zoom, search, filters, facts and the keyboard. A content
security policy allows these and the style alone, by their hashes; labels only ever become text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from euaikg.core import templates
from euaikg.diagrams.model.labels import clean, web
from euaikg.diagrams.model.network import GROUPS, Edge, Network, doubt
from euaikg.diagrams.page.drawing import Picture, group_of, stroke_of
from euaikg.diagrams.page.layout import frame

TEMPLATES = Path(__file__).parent / "templates"

SCRIPTS = ("view.js", "facts.js", "input.js")
"""The parts of the script of the page; together they are one module."""


def encode(network: Network) -> bytes:
    """Return ``network`` as an HTML page; the same network gives the same bytes.

    Things are nodes, and what :func:`~euaikg.diagrams.model.network.lines` puts together is one line; the list and the
    facts give every edge. Meant for up to some 1500 nodes.
    """
    known: dict[str, dict[str, Any]] = json.loads(_file("words.json"))
    words = known.get(network.lang, known["en"])
    picture = Picture(network, words["more"])
    style, script = _file("style.css"), "".join(map(_file, SCRIPTS))
    policy = {
        "default-src": "'none'", "style-src": _hash(style), "script-src": _hash(script), "img-src": "data:",
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    texts = {
        "words": words, "lang": network.lang, "title": network.title, "hidden": network.hidden,
        "facts": _facts(picture, words), "groups": _groups(network, words), "modalities": _modalities(picture, words),
        "relations": _relations(picture), "documents": network.documents, "rows": list(_rows(network, words)),
    }  # fmt: skip
    page = templates.fill(
        TEMPLATES / "page.html",
        **_cleaned(texts),
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        style=style,
        script=script,
        box=" ".join(map(str, frame(picture.places))),
        density=picture.density(),
        symbols="".join(line for line in _file("symbols.svg").splitlines(True) if line.startswith("<path")),
        edges="".join([*picture.years(), *picture.edges()]),
        nodes="".join(picture.nodes()),
        data=_data(picture, words),
    )
    return page.encode("utf-8", "replace")


def _facts(picture: Picture, words: dict[str, Any]) -> str:
    """Return the line below the title: date of knowledge, and how much there is to see."""
    network = picture.network
    known = [words["known"].format(network.as_of)] if network.as_of else []
    counts = (len(network.nodes), words["thing"]), (len(picture.drawn), words["relation_count"])
    return " · ".join([*known, *(f"{count} {word[count != 1]}" for count, word in counts), "euaikg"])


def _groups(network: Network, words: dict[str, Any]) -> list[tuple[str, str, int, list[tuple[str, str, int]]]]:
    """Return the groups of things, each with its name, how many there are, and the same of the kinds in it."""
    groups = Counter(map(group_of, network.nodes))
    kinds = Counter((group_of(node), node.kind_name, node.kind) for node in network.nodes)
    return [
        (
            group,
            words["groups"][group],
            groups[group],
            sorted((label, kind, count) for (of, label, kind), count in kinds.items() if of == group),
        )
        for group in sorted(groups, key=GROUPS.index)
    ]


def _modalities(picture: Picture, words: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    """Return the modalities, the surest first, each with its stroke, its name, and how many lines have it."""
    codes = Counter(drawn.line.modality for drawn in picture.drawn)
    said = {drawn.line.modality: drawn.line for drawn in picture.drawn}
    return [
        (code, stroke_of(line.broad), words["modalities"].get(code) or line.modality_label or code, codes[code])
        for code, line in sorted(said.items(), key=lambda pair: (doubt(pair[1]), pair[0]))
    ]


def _relations(picture: Picture) -> list[tuple[str, str, int]]:
    """Return the relations, the most frequent first, each with its name and how many lines have it."""
    relations = Counter(drawn.line.relation for drawn in picture.drawn)
    labels = {drawn.line.relation: drawn.line.label for drawn in picture.drawn}
    ordered = sorted(relations, key=lambda iri: (-relations[iri], labels[iri], iri))
    return [(iri, labels[iri], relations[iri]) for iri in ordered]


def _rows(network: Network, words: dict[str, Any]) -> Iterator[tuple[list[str], str, str]]:
    """Yield a row of the list for each edge: cells of text, and the name and the address of its source."""
    label = {node.iri: node.label for node in network.nodes}
    for edge in network.edges:
        relation = " · ".join(filter(None, (edge.label, edge.note)))
        cells = [label[edge.source], relation, label[edge.target], _modality(edge, words)]
        yield cells, edge.citation or edge.url, web(edge.url)


def _modality(edge: Edge, words: dict[str, Any]) -> str:
    return edge.modality_label or str(words["modalities"].get(edge.modality, edge.modality))


def _data(picture: Picture, words: dict[str, Any]) -> str:
    """Return what the script needs as JSON that can stand in HTML: no character in it ends the element."""
    network = picture.network
    nodes = [
        {
            "iri": node.iri, "label": node.label, "kind": node.kind, "kindLabel": node.kind_name,
            "group": group_of(node), "note": node.note, "sources": node.sources, "date": node.date,
            "x": place.x, "y": place.y, "r": place.radius, "w": place.width, "h": place.height,
            "beside": place.beside,
        }
        for node, place in zip(network.nodes, picture.places, strict=True)
    ]  # fmt: skip
    lines = [
        {
            "s": drawn.source, "t": drawn.target, "bend": drawn.bend, "label": drawn.line.label,
            "relation": drawn.line.relation, "modality": drawn.line.modality, "edges": drawn.edges,
        }
        for drawn in picture.drawn
    ]  # fmt: skip
    edges = [
        {
            "modality": _modality(edge, words), "note": edge.note, "date": edge.date,
            "citation": edge.citation or edge.passage, "url": web(edge.url),
        }
        for edge in network.edges
    ]  # fmt: skip
    found = {"words": words, "nodes": nodes, "lines": lines, "edges": edges}
    content = json.dumps(_cleaned(found), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        content = content.replace(character, f"\\u{ord(character):04x}")
    return content


def _cleaned(value: Any) -> Any:
    """Return ``value`` with all its texts cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list | tuple) else value


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
