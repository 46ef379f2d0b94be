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
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from string import Template
from typing import Any

from euaikg.diagrams.model.labels import clean, web
from euaikg.diagrams.model.network import CERTAINTY, GROUPS, Edge, Network
from euaikg.diagrams.page.drawing import Picture, escaped, group_of, kind_of, stroke_of
from euaikg.diagrams.page.layout import frame

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
    page = Template(_file("page.html")).substitute(
        {f"w_{key}": escaped(word) for key, word in words.items() if isinstance(word, str)},
        lang=escaped(network.lang),
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        title=escaped(network.title),
        facts=escaped(_facts(picture, words)),
        hidden=f'<p class="cut">{escaped(network.hidden)}</p>' if network.hidden else "",
        style=style,
        script=script,
        box=" ".join(map(str, frame(picture.places))),
        density=picture.density(),
        symbols="".join(line for line in _file("symbols.svg").splitlines(True) if line.startswith("<path")),
        edges="".join([*picture.years(), *picture.edges()]),
        nodes="".join(picture.nodes()),
        legend="".join([_things(network, words), *_lines(picture, words)]),
        documents=_documents(network, words),
        rows="".join(_rows(network, words)),
        data=_data(picture, words),
    )
    return page.encode("utf-8", "replace")


def _facts(picture: Picture, words: dict[str, Any]) -> str:
    """Return the line below the title: date of knowledge, and how much there is to see."""
    network = picture.network
    known = [words["known"].format(network.as_of)] if network.as_of else []
    counts = (len(network.nodes), words["thing"]), (len(picture.drawn), words["relation_count"])
    return " · ".join([*known, *(f"{count} {word[count != 1]}" for count, word in counts), "euaikg"])


def _things(network: Network, words: dict[str, Any]) -> str:
    """Return the groups of things with their symbols and the kinds in them, to be ticked."""
    groups = Counter(map(group_of, network.nodes))
    kinds = Counter((group_of(node), kind_of(node), node.kind) for node in network.nodes)
    items = []
    for group in sorted(groups, key=GROUPS.index):
        below = sorted((label, kind, count) for (of, label, kind), count in kinds.items() if of == group)
        use = f'<use href="#s-{group}" transform="scale(8.5)"/>'
        sign = f'<svg class="symbol g-{group}" viewBox="-12 -12 24 24" aria-hidden="true">{use}</svg>'
        nested = "".join(_box("kind", kind, "", label, count) for label, kind, count in below)
        several = len(below) > 1
        only = "" if several else f' data-kind="{escaped(below[0][1])}"'
        inner = f"<ul>{nested}</ul>" if several else ""
        items.append(_box("group", group, sign, words["groups"][group], groups[group], inner, only))
    return _fieldset(words["kinds"], items)


def _lines(picture: Picture, words: dict[str, Any]) -> Iterator[str]:
    """Yield the modalities with samples of their lines, and the relations, to be ticked."""
    drawn = [drawn.line for drawn in picture.drawn]
    codes = Counter(line.modality for line in drawn)
    said = {line.modality: line.modality_label for line in drawn}
    items = []
    for code in sorted(codes, key=lambda code: (CERTAINTY.index(code) if code in CERTAINTY else 99, code)):
        stroke = f'<path class="stroke m-{stroke_of(code)}" d="M-4 10H28"/>'
        sample = f'<svg viewBox="0 0 24 20" aria-hidden="true">{stroke}</svg>'
        items.append(_box("modality", code, sample, words["modalities"].get(code) or said[code] or code, codes[code]))
    yield _fieldset(words["modality"], items)
    relations = Counter(line.relation for line in drawn)
    labels = {line.relation: line.label for line in drawn}
    ordered = sorted(relations, key=lambda iri: (-relations[iri], labels[iri], iri))
    yield _fieldset(
        words["relations"], [_box("relation", iri, "", labels[iri], relations[iri]) for iri in ordered], "words"
    )


def _fieldset(name: str, items: Iterable[str], kind: str = "signs") -> str:
    return f'<fieldset class="{kind}"><legend>{escaped(name)}</legend><ul>{"".join(items)}</ul></fieldset>\n'


def _box(what: str, value: str, sign: str, name: str, count: int, inner: str = "", more: str = "") -> str:
    return (
        f'<li><label><input class="live" type="checkbox" checked data-filter="{what}" value="{escaped(value)}"{more}>'
        f'{sign}<span dir="auto">{escaped(name)}</span> <span class="count">{count}</span></label>{inner}</li>'
    )


def _documents(network: Network, words: dict[str, Any]) -> str:
    if not network.documents:
        return f"<p>{escaped(words['none'])}</p>"
    return "<ul>" + "".join(f'<li dir="auto">{escaped(name)}</li>' for name in network.documents) + "</ul>"


def _rows(network: Network, words: dict[str, Any]) -> Iterator[str]:
    """Yield a row of the list for each edge."""
    label = {node.iri: node.label for node in network.nodes}
    for at, edge in enumerate(network.edges):
        relation = " · ".join(filter(None, (edge.label, edge.note)))
        cells = [label[edge.source], relation, label[edge.target], _modality(edge, words)]
        made = [*map(escaped, cells), _source(edge)]
        yield f'<tr id="r{at}">' + "".join(f'<td dir="auto">{cell}</td>' for cell in made) + "</tr>\n"


def _source(edge: Edge) -> str:
    name, address = escaped(edge.citation or edge.url), web(edge.url)
    return f'<a href="{escaped(address)}" rel="noopener noreferrer">{name}</a>' if address else name


def _modality(edge: Edge, words: dict[str, Any]) -> str:
    return edge.modality_label or str(words["modalities"].get(edge.modality, edge.modality))


def _data(picture: Picture, words: dict[str, Any]) -> str:
    """Return what the script needs as JSON that can stand in HTML: no character in it ends the element."""
    network = picture.network
    nodes = [
        {
            "iri": node.iri, "label": node.label, "kind": node.kind, "kindLabel": kind_of(node),
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
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")
