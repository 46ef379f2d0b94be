"""A network as one HTML page that needs nothing else: no network, no other file, no third-party script.

The page is drawn here, as inline SVG with a legend and a list of all relations, so that it can be read and printed with
scripting off. Its own script (``templates/diagram.js``) adds zoom, search, filters, facts and the keyboard. A content
security policy allows that script and style alone, by their hashes; labels only ever become text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import Any

from euaikg import timeline
from euaikg.labels import clean, spelled, web
from euaikg.layout import GAP, LETTER, LINE, Place, frame, places
from euaikg.network import CERTAINTY, GROUPS, Edge, Line, Network, Node, lines

_ALWAYS = 60  # so many relations can have their names in the picture at once
_DENSE = 200  # from so many on lines are drawn fainter
_BESIDE = 28.0  # between two lines that join the same things
_FAN = 110.0  # all of them together are no wider


def html(network: Network) -> bytes:
    """Return ``network`` as an HTML page; the same network gives the same bytes.

    Things are nodes and what :func:`euaikg.network.lines` puts together is one line; the list and the facts give every
    edge. Meant for up to some 1500 nodes.
    """
    words = _words(network.lang)
    picture = _Picture(network, words)
    style, script = _file("diagram.css"), _file("diagram.js")
    fields = {f"w_{key}": _text(word) for key, word in words.items() if isinstance(word, str)}
    page = Template(_file("diagram.html")).substitute(
        fields,
        lang=_text(network.lang),
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        title=_text(network.title),
        facts=_text(picture.facts()),
        hidden=f'<p class="cut">{_text(network.hidden)}</p>' if network.hidden else "",
        style=style,
        script=script,
        box=" ".join(map(str, frame(picture.places))),
        dense=picture.density(),
        symbols="".join(line for line in _file("diagram.svg").splitlines(True) if line.startswith("<path")),
        edges="".join([*picture.years(), *picture.edges()]),
        nodes="".join(picture.nodes()),
        legend="".join(picture.legend()),
        documents=_documents(network, words),
        rows="".join(picture.rows()),
        data=picture.data(),
    )
    return page.encode("utf-8", "replace")


@dataclass
class _Drawn:
    """A line with the numbers of the things it joins, how far it swings out, and the numbers of its edges."""

    line: Line
    source: int
    target: int
    bend: float
    edges: list[int]


class _Picture:
    """The parts of the page that show one network."""

    def __init__(self, network: Network, words: dict[str, Any]) -> None:
        self.network = network
        self.words = words
        self.along = timeline.fits(network)
        self.places = timeline.places(network) if self.along else places(network)
        self.number = {node.iri: at for at, node in enumerate(network.nodes)}
        self.drawn = self._lines()
        self.line_of = {edge: at for at, drawn in enumerate(self.drawn) for edge in drawn.edges}

    def _lines(self) -> list[_Drawn]:
        numbers: dict[tuple[str, str, str], list[int]] = {}
        for at, edge in enumerate(self.network.edges):
            numbers.setdefault((edge.source, edge.target, edge.relation), []).append(at)
        found = [
            _Drawn(line, self.number[line.source], self.number[line.target], 0, numbers[line.source, line.target, line.relation])
            for line in lines(self.network.edges)
        ]  # fmt: skip
        beside: dict[tuple[int, int], list[_Drawn]] = {}
        for drawn in found:
            ends = min(drawn.source, drawn.target), max(drawn.source, drawn.target)
            beside.setdefault(ends, []).append(drawn)
        for together in beside.values():
            gap = min(_BESIDE, _FAN / len(together))
            for at, drawn in enumerate(together):
                side = 1 if drawn.source <= drawn.target else -1
                drawn.bend = round(side * gap * (at - (len(together) - 1) / 2), 1)
        return found

    def facts(self) -> str:
        known = [self.words["known"].format(self.network.as_of)] if self.network.as_of else []
        things = _count(len(self.network.nodes), self.words["thing"])
        return " · ".join([*known, things, _count(len(self.drawn), self.words["relation_count"]), "euaikg"])

    def density(self) -> str:
        """Return the class of the picture: whether it has room for the names of relations."""
        if self.along:
            return ' class="along"'
        names = ["sparse"] * (len(self.drawn) <= _ALWAYS) + ["dense"] * (len(self.drawn) > _DENSE)
        return f' class="{names[0]}"' if names else ""

    def years(self) -> Iterator[str]:
        """Yield the lines that part the years of a timeline."""
        if self.along:
            _, top, _, high = frame(self.places)
            for x, year in timeline.years(self.network):
                yield f'<g class="year"><path d="M{x:g} {top}V{top + high}"/><text x="{x:g}" y="{top + 12}">{year}</text></g>\n'

    def edges(self) -> Iterator[str]:
        for at, drawn in enumerate(self.drawn):
            way, x, y = path(self.places[drawn.source], self.places[drawn.target], drawn.bend)
            times = f" ×{len(drawn.edges)}" if len(drawn.edges) > 1 else ""
            notes = dict.fromkeys(edge.note for edge in drawn.line.edges if edge.note)
            name = _text(" · ".join([f"{drawn.line.label}{times}", *notes]))
            yield (
                f'<g class="edge m-{_code(drawn.line.modality)}" id="e{at}"><path d="{way}"/>'
                f'<text x="{x}" y="{y}">{name}</text></g>\n'
            )

    def nodes(self) -> Iterator[str]:
        degree = Counter(end for drawn in self.drawn for end in (drawn.source, drawn.target))
        sure = {drawn.target for drawn in self.drawn if drawn.line.modality in ("", "asserted")} if self.along else None
        for at, (node, place) in enumerate(zip(self.network.nodes, self.places, strict=True)):
            spoken = [node.label, _kind(node), *node.note.split("\n"), self.words["more"].format(degree[at])]
            unsure = " unsure" if sure is not None and node.date and at not in sure else ""
            yield (
                f'<g class="node g-{_group(node)}{unsure}" id="n{at}" transform="translate({place.x:g} {place.y:g})" '
                f'role="button" tabindex="{-1 if at else 0}" aria-label="{_text(", ".join(filter(None, spoken)))}">'
                f'<g class="sign"><use href="#s-{_group(node)}" transform="scale({place.radius:g})"/></g>'
                f'<g class="name">{_name(place)}</g></g>\n'
            )

    def legend(self) -> Iterator[str]:
        groups = Counter(map(_group, self.network.nodes))
        kinds = Counter((_group(node), node.kind, _kind(node)) for node in self.network.nodes)
        items = []
        for group in sorted(groups, key=GROUPS.index):
            sign = f'<svg class="symbol g-{group}" viewBox="-12 -12 24 24" aria-hidden="true"><use href="#s-{group}" transform="scale(8.5)"/></svg>'
            below = sorted((label, kind, count) for (of, kind, label), count in kinds.items() if of == group)
            nested = "".join(_box("kind", kind, "", label, count) for label, kind, count in below)
            only = f' data-kind="{_text(below[0][1])}"' if len(below) == 1 else ""
            name = self.words["groups"][group]
            inner = f"<ul>{nested}</ul>" if len(below) > 1 else ""
            items.append(_box("group", group, sign, name, groups[group], inner, only))
        yield _fieldset(self.words["kinds"], items)
        codes = Counter(drawn.line.modality for drawn in self.drawn)
        named = {drawn.line.modality: drawn.line.modality_label for drawn in self.drawn}
        items = []
        for code in sorted(codes, key=lambda code: (CERTAINTY.index(code) if code in CERTAINTY else 99, code)):
            sample = f'<svg viewBox="0 0 24 20" aria-hidden="true"><path class="stroke m-{_code(code)}" d="M-4 10H28"/></svg>'
            name = self.words["modalities"].get(code) or named[code] or code
            items.append(_box("modality", code, sample, name, codes[code]))
        yield _fieldset(self.words["modality"], items)
        relations = Counter(drawn.line.relation for drawn in self.drawn)
        labels = {drawn.line.relation: drawn.line.label for drawn in self.drawn}
        ordered = sorted(relations, key=lambda iri: (-relations[iri], labels[iri], iri))
        items = [_box("relation", iri, "", labels[iri], relations[iri]) for iri in ordered]
        yield _fieldset(self.words["relations"], items, "words")

    def rows(self) -> Iterator[str]:
        label = {node.iri: node.label for node in self.network.nodes}
        for at, edge in enumerate(self.network.edges):
            relation = " · ".join(filter(None, (edge.label, edge.note)))
            cells = [_text(label[edge.source]), _text(relation), _text(label[edge.target]), _text(self._modality(edge))]
            cells.append(_link(edge.citation or edge.url, edge.url))
            yield f'<tr id="r{at}">' + "".join(f'<td dir="auto">{cell}</td>' for cell in cells) + "</tr>\n"

    def _modality(self, edge: Edge) -> str:
        return edge.modality_label or str(self.words["modalities"].get(edge.modality, edge.modality))

    def data(self) -> str:
        """Return what the script needs as JSON that can stand in HTML: no character in it ends the element."""
        found = {
            "words": self.words,
            "nodes": [
                {
                    "iri": node.iri, "label": node.label, "kind": node.kind, "kindLabel": _kind(node),
                    "group": _group(node), "note": node.note, "sources": node.sources, "date": node.date,
                    "x": place.x, "y": place.y, "r": place.radius, "w": place.width, "h": place.height, "beside": place.beside,
                }
                for node, place in zip(self.network.nodes, self.places, strict=True)
            ],
            "lines": [
                {
                    "s": drawn.source, "t": drawn.target, "bend": drawn.bend, "label": drawn.line.label,
                    "relation": drawn.line.relation, "modality": drawn.line.modality, "edges": drawn.edges,
                }
                for drawn in self.drawn
            ],
            "edges": [
                {
                    "line": self.line_of[at], "modality": self._modality(edge), "note": edge.note, "date": edge.date,
                    "citation": edge.citation or edge.passage, "url": web(edge.url),
                }
                for at, edge in enumerate(self.network.edges)
            ],
        }  # fmt: skip
        text = clean(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text


def path(source: Place, target: Place, bend: float) -> tuple[str, float, float]:
    """Return the way of a line between the rims of two symbols, as SVG, and where its name stands.

    The line swings out by ``bend`` to its left. The script draws lines again in the same way when a thing is moved.
    """
    across, down = target.x - source.x, target.y - source.y
    length = math.hypot(across, down)
    if length < 1:
        high = source.y - 3 * source.radius - 2 * abs(bend) - 20
        return (
            (
                f"M{source.x - 4:g} {source.y - source.radius:g}C{source.x - 40:g} {high:g} {source.x + 40:g} {high:g} "
                f"{source.x + 4:g} {source.y - source.radius - 3:g}"
            ),
            source.x,
            round((source.y - source.radius + 3 * high) / 4, 1),
        )
    middle = (
        (source.x + target.x) / 2 + 2 * bend * down / length,
        (source.y + target.y) / 2 - 2 * bend * across / length,
    )
    (a, b), (c, d) = _rim(source, middle, 1), _rim(target, middle, 3)
    return (
        f"M{a:.1f} {b:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {c:.1f} {d:.1f}",
        round(a / 4 + middle[0] / 2 + c / 4, 1),
        round(b / 4 + middle[1] / 2 + d / 4, 1),
    )


def _name(place: Place) -> str:
    """Return the lines of text of a thing, below or beside its symbol."""
    x, y, kind = 0.0, place.radius + LETTER + 2, "below"
    if place.beside:
        kind, x, y = "beside", place.radius + GAP, LETTER / 3 - LINE * (len(place.label) - 1) / 2
    texts = [("label", line) for line in place.label] + [("note", line) for line in place.note]
    spans = [
        f'<tspan class="{name}" x="{x:g}" dy="{LINE if at else 0}">{_text(line)}</tspan>'
        for at, (name, line) in enumerate(texts)
    ]
    return f'<text class="{kind}" y="{y:g}">{"".join(spans)}</text>'


def _rim(place: Place, towards: tuple[float, float], gap: float) -> tuple[float, float]:
    across, down = towards[0] - place.x, towards[1] - place.y
    share = (place.radius + gap) / max(1, math.hypot(across, down))
    return place.x + share * across, place.y + share * down


def _fieldset(name: str, items: Iterable[str], kind: str = "") -> str:
    return f'<fieldset class="{kind}"><legend>{_text(name)}</legend><ul>{"".join(items)}</ul></fieldset>\n'


def _box(what: str, value: str, sign: str, name: str, count: int, inner: str = "", more: str = "") -> str:
    return (
        f'<li><label><input class="live" type="checkbox" checked data-filter="{what}" value="{_text(value)}"{more}>'
        f'{sign}<span dir="auto">{_text(name)}</span> <span class="count">{count}</span></label>{inner}</li>'
    )


def _documents(network: Network, words: dict[str, Any]) -> str:
    if not network.documents:
        return f"<p>{_text(words['none'])}</p>"
    return "<ul>" + "".join(f'<li dir="auto">{_text(name)}</li>' for name in network.documents) + "</ul>"


def _link(name: str, url: str) -> str:
    address = web(url)
    return f'<a href="{_text(address)}" rel="noopener noreferrer">{_text(name)}</a>' if address else _text(name)


def _kind(node: Node) -> str:
    return node.kind_label or spelled(node.kind)


def _group(node: Node) -> str:
    return node.group if node.group in GROUPS else "other"


def _code(modality: str) -> str:
    return modality if modality in CERTAINTY and modality else "asserted"


def _count(number: int, words: list[str]) -> str:
    return f"{number} {words[number != 1]}"


def _text(text: str) -> str:
    return escape(clean(text))


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _words(lang: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = json.loads(_file("diagram.json"))
    return known.get(lang, known["en"])


@cache
def _file(name: str) -> str:
    return resources.files("euaikg").joinpath("templates", name).read_text(encoding="utf-8")
