"""Networks as pictures: SVG, PNG and PDF, laid out by Graphviz through pygraphviz.

A picture is made in two steps. Graphviz lays out the things and lines; then the title goes above them, the legend and
the sources below, where there is room for them, and Graphviz draws the whole.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from euaikg.diagrams.model.looks import FAINT, FONT, LOOKS, TEXT, WORDS, Look, Stroke, legend
from euaikg.diagrams.model.network import Network
from euaikg.diagrams.static import dot, lanes
from euaikg.diagrams.static.dot import header, quote, width, wrap
from euaikg.errors import OutputError

if TYPE_CHECKING:
    from pygraphviz import AGraph

PAGE = 760.0
"""How wide, in points, the title and the legend may be where the network itself is narrower."""

SETTINGS = {
    "": {"rankdir": "LR", "ranksep": "0.3", "nodesep": "0.1"},
    "network": {"rankdir": "TB", "ranksep": "0.3", "nodesep": "0.1"},
}
"""Layout settings by view; the first is for all others."""


def svg(network: Network) -> bytes:
    """Return ``network`` as SVG with a title, a description, and a tooltip and a link on each thing."""
    from euaikg.diagrams.static import svg as cleaning

    return cleaning.tidy(_draw(network, "svg"), network)


def png(network: Network) -> bytes:
    """Return ``network`` as PNG with 144 dots to the inch."""
    return _draw(network, "png")


def pdf(network: Network) -> bytes:
    """Return ``network`` as PDF, one page as large as the picture; the same bytes each time, so without its date."""
    drawn = _draw(network, "pdf")
    return re.sub(rb"/CreationDate \([^)]*\)", lambda found: b" " * len(found[0]), drawn)


def _draw(network: Network, form: str) -> bytes:
    from pygraphviz import AGraph

    plan = lanes.plan(network) if network.view == "timeline" and network.nodes else None
    settings = {"splines": "line", "notranslate": "true"} if plan else SETTINGS.get(network.view, SETTINGS[""])
    settings = {**settings, "dpi": "144"} if form == "png" else settings
    text = "\n".join(
        [
            *header({**settings, "pad": "0.3", "outputorder": "edgesfirst"}),
            *dot.body(network, plan.places if plan else None, bold=True),
            "}",
        ]
    )
    with _quiet() as said:
        try:
            graph = AGraph(text)
            graph.layout(prog="nop" if plan else "dot")
            page = AGraph(graph.to_string())  # afresh: Graphviz may crash on a graph that grew after its layout
            _furnish(page, network, plan)
            drawn = page.draw(format=form, prog="nop2")
        except (ValueError, TypeError) as error:
            reason = " ".join(said().split()) or str(error)
            raise OutputError(f"Graphviz could not draw this network ({reason[:200]}).") from None
    assert isinstance(drawn, bytes)
    return drawn


@contextmanager
def _quiet() -> Iterator[Any]:
    """Keep what Graphviz and its font library write on standard error; yield a function that returns it."""
    with tempfile.TemporaryFile() as kept:
        before = os.dup(2)
        os.dup2(kept.fileno(), 2)

        def said() -> str:
            kept.seek(0)
            return kept.read().decode(errors="replace")

        try:
            yield said
        finally:
            os.dup2(before, 2)
            os.close(before)


class _Page:
    """Places text and samples around a laid-out graph, in its own coordinates (points, y upwards)."""

    def __init__(self, graph: AGraph) -> None:
        self.graph = graph
        left, bottom, right, top = map(float, graph.graph_attr["bb"].split(","))
        self.left, self.bottom, self.top = left, bottom, top
        self.wide = max(right - left, PAGE)
        self.count = 0

    def node(self, x: float, y: float, wide: float, high: float, **look: str) -> str:
        """Add a node with its middle at ``x``, ``y``; return its name."""
        self.count += 1
        name = f"legend-{self.count}"
        made = {"label": "", "tooltip": " ", **look, "class": "legend", "fixedsize": "true"}
        made |= {"pos": f"{x:.2f},{y:.2f}", "width": f"{wide / 72:.4f}", "height": f"{high / 72:.4f}"}
        self.graph.add_node(name, **made)
        return name

    def text(self, x: float, y: float, lines: list[str], size: float, color: str = TEXT, bold: bool = False) -> float:
        """Add ``lines`` of text with their upper left corner at ``x``, ``y``; return how wide they are."""
        lines = [line for line in lines if line]
        if not lines:  # Graphviz crashes on a label of nothing but a line break
            return 0.0
        wide = max(width(line, size) for line in lines) * (1.15 if bold else 1)
        high = len(lines) * size * 1.25
        font = "Helvetica-Bold" if bold else FONT
        label = quote(*lines, align="\\l")[1:-1].replace('\\"', '"')
        look = {"shape": "none", "margin": "0", "fontsize": str(size), "fontcolor": color, "fontname": font}
        self.node(x + wide / 2, y - high / 2, wide, high, label=label, **look)
        return wide


def _furnish(graph: AGraph, network: Network, plan: lanes.Plan | None) -> None:
    """Add title, legend and sources to the laid-out ``graph``, and columns and lanes to a timeline."""
    page = _Page(graph)
    if plan:
        page.top += 24
        for x, words in plan.headings:
            page.text(x - width(words, 10) * 0.575, page.top - 4, [words], 10, bold=True)
        for y in plan.rules:
            page.node(page.left + page.wide / 2, y, page.wide, 0.1, shape="box", color="#d0d0d0", penwidth="0.1")
    title, *below = dot.shown(network)
    y = page.top + 16
    for lines, size, color, bold in reversed(
        [(wrap(title, 18, page.wide), 18.0, TEXT, True)]
        + [(wrap(line, 10, page.wide), 10.0, "#8f3d00" if at else FAINT, False) for at, line in enumerate(below)]
    ):
        y += len(lines) * size * 1.25 + 4
        page.text(page.left, y, lines, size, color, bold)
    y = page.bottom - 22
    y = _legend(page, network, y)
    if network.documents:
        words = f"{WORDS[network.lang]['sources']}: {'; '.join(network.documents)}"
        page.text(page.left, y, wrap(words, 9, page.wide), 9, FAINT)


def _legend(page: _Page, network: Network, y: float) -> float:
    """Add a sample of each shape and stroke that occurs, in rows from ``y`` down; return where the rows end."""
    groups, strokes = legend(network)
    x = page.left
    samples: list[tuple[str, Any]] = [(getattr(LOOKS[group], network.lang), LOOKS[group]) for group in groups]
    samples += [(getattr(stroke, network.lang), stroke) for stroke in strokes]
    if network.view == "funding" and dot.amounts(network):
        samples.append((str(WORDS[network.lang]["wide"]), None))
    for words, look in samples:
        needed = 36 + width(words, 9.5) + 22
        if x > page.left and x + needed > page.left + page.wide:
            x, y = page.left, y - 20
        if isinstance(look, Look):
            rim = 8 * (look.edges - 1)  # Graphviz draws further borders outside
            seen = {"shape": look.shape, "style": look.style, "fillcolor": look.fill, "color": look.border}
            page.node(x + 14, y - 7, 28 - rim, 14 - rim, peripheries=str(look.edges), **seen)
        elif look is not None:
            _stroke(page, x, y - 7, look)
        else:
            x -= 36
        page.text(x + 36, y - 1, [words], 9.5)
        x += needed
    return y - 26 if samples else y


def _stroke(page: _Page, x: float, y: float, stroke: Stroke) -> None:
    """Add a sample of ``stroke`` from ``x`` to the right."""
    ends = [page.node(at, y, 0.1, 0.1, shape="none") for at in (x, x + 28)]
    look = {"color": "#333333", **stroke.attributes}
    first = x + 6 if look.get("dir") in ("both", "back") else x
    last = x + 28 if look.get("dir") in ("none", "back") else x + 22
    points = [first + (last - first) * part / 3 for part in range(4)]
    path = " ".join(f"{at:.2f},{y:.2f}" for at in points)
    tips = (f"s,{x:.2f},{y:.2f} " if first > x else "") + (f"e,{x + 28:.2f},{y:.2f} " if last < x + 28 else "")
    page.graph.add_edge(*ends, key=ends[0], pos=tips + path, label="", tooltip=" ", **{**look, "class": "legend"})
