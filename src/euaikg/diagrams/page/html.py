"""A network as one HTML page that needs nothing else: no network, no other file, no third-party script.

The picture is that of the other formats, as inline SVG; below it stand a list of all relations and the sources, so that
the page can be read and printed with scripting off. A script adds search, filters, facts and the keyboard. A content
security policy allows it and the style alone, by their hashes; labels only ever become text.
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
from euaikg.diagrams.draw import headline, pages, svg
from euaikg.diagrams.draw.words import counts, day
from euaikg.diagrams.model.labels import clean, web
from euaikg.diagrams.model.looks import LOOKS, MODALITIES
from euaikg.diagrams.model.network import Edge, Line, Network, doubt

TEMPLATES = Path(__file__).parent / "templates"

LEAST = 0.72
"""How small a picture may be shown, as a part of its size on a slide, before it scrolls: names are then 11.5 pixels."""


def encode(network: Network, page: str = "slide") -> bytes:
    """Return ``network`` as an HTML page with the picture of ``page``; the same network gives the same bytes.

    What :func:`~euaikg.diagrams.model.network.lines` puts together is one line; the list and the facts give every edge.
    """
    known: dict[str, dict[str, Any]] = json.loads(_file("words.json"))
    words = known.get(network.lang, known["en"])
    drawn = network.lines
    scene = pages.compose(network, page, bare=True)
    picture = svg.encode(scene, inline=True)
    picture = picture.replace("<svg ", '<svg id="picture" ', 1)
    style = _file("style.css") + svg.style() + f":root{{--least:{scene.width * LEAST:.0f}px}}\n"
    script = _file("script.js")
    policy = {
        "default-src": "'none'", "style-src": _hash(style), "script-src": _hash(script), "img-src": "data:",
        "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    texts = {
        "words": words, "lang": network.lang, "title": headline.title(network), "hidden": network.hidden,
        "facts": _facts(network, words), "groups": _groups(network), "relations": _relations(drawn),
        "modalities": _modalities(drawn, words, network.lang), "documents": network.documents,
        "rows": list(_rows(network, words)),
    }  # fmt: skip
    text = templates.fill(
        TEMPLATES / "page.html",
        **_cleaned(texts),
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        style=style,
        script=script,
        picture=picture,
        data=_data(network, drawn, words),
    )
    return text.lstrip().encode("utf-8", "replace")


def _facts(network: Network, words: dict[str, Any]) -> str:
    """Return the line below the title: what it shows, date of knowledge, and how much there is to see."""
    shown = [network.title] if network.title != headline.title(network) else []
    known = [words["known"].format(day(network.as_of, network.lang))] if network.as_of else []
    return " · ".join([*shown, *known, *counts(network), "euaikg"])


def _groups(network: Network) -> list[tuple[str, str, int]]:
    """Return the groups of things, each with its name and how many there are."""
    groups = Counter(node.group for node in network.nodes)
    return [(group, getattr(look, network.lang), groups[group]) for group, look in LOOKS.items() if group in groups]


def _modalities(drawn: list[Line], words: dict[str, Any], lang: str) -> list[tuple[str, str, int]]:
    """Return the modalities, the surest first, each with its name and how many lines have it."""
    codes = Counter(line.modality for line in drawn)
    said = {line.modality: line for line in drawn}
    return [
        (code, _named(code, line.modality_label, words, lang), codes[code])
        for code, line in sorted(said.items(), key=lambda pair: (doubt(pair[1]), pair[0]))
    ]


def _named(code: str, label: str, words: dict[str, Any], lang: str) -> str:
    """Return the name of a modality: its own, or that of the code."""
    known = MODALITIES.get(code)
    return label or (getattr(known, lang) if known else code or str(words["by_definition"]))


def _relations(drawn: list[Line]) -> list[tuple[str, str, int]]:
    """Return the relations, the most frequent first, each with its name and how many lines have it."""
    relations = Counter(line.relation for line in drawn)
    labels = {line.relation: line.label for line in drawn}
    ordered = sorted(relations, key=lambda iri: (-relations[iri], labels[iri], iri))
    return [(iri, labels[iri], relations[iri]) for iri in ordered]


def _rows(network: Network, words: dict[str, Any]) -> Iterator[tuple[list[str], str, str]]:
    """Yield a row of the list for each edge: cells of text, and the name and the address of its source."""
    for edge in network.edges:
        relation = " · ".join(filter(None, (edge.label, edge.note)))
        ends = [network.named[iri].label for iri in (edge.source, edge.target)]
        cells = [ends[0], relation, ends[1], _modality(edge, words, network.lang)]
        yield cells, edge.citation or edge.url, web(edge.url)


def _modality(edge: Edge, words: dict[str, Any], lang: str) -> str:
    return _named(edge.modality, edge.modality_label, words, lang)


def _data(network: Network, drawn: list[Line], words: dict[str, Any]) -> str:
    """Return what the script needs as JSON that can stand in HTML: no character in it ends the element."""
    number = {id(edge): at for at, edge in enumerate(network.edges)}
    nodes = [
        {
            "iri": node.iri, "label": node.label, "kindLabel": node.kind_name, "group": node.group, "note": node.note,
            "sources": node.sources, "date": node.since or node.date,
        }
        for node in network.nodes
    ]  # fmt: skip
    of = [
        {
            "s": line.source, "t": line.target, "label": line.label, "relation": line.relation,
            "modality": line.modality, "edges": [number[id(edge)] for edge in line.edges],
        }
        for line in drawn
    ]  # fmt: skip
    edges = [
        {
            "modality": _modality(edge, words, network.lang), "note": edge.note, "date": edge.day,
            "citation": edge.citation or edge.passage, "url": web(edge.url),
        }
        for edge in network.edges
    ]  # fmt: skip
    found = {"words": words, "nodes": nodes, "lines": of, "edges": edges, "middle": network.middle}
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
