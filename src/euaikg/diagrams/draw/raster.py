"""Scenes as PNG and PDF, drawn by Graphviz, whose wheel brings all it needs: as the background of an empty graph."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from euaikg.diagrams.draw.scene import Path, Scene, Text, measure, strokes
from euaikg.diagrams.model.labels import clean
from euaikg.diagrams.model.looks import PALETTE
from euaikg.errors import OutputError

NOTHING = "#ffffff00"
FAMILY = "Liberation Sans,Arial,Noto Sans,sans-serif"
"""The first of these that is there; Graphviz knows other names for Helvetica, and finds wider ones."""


def encode(scene: Scene, form: str) -> bytes:
    """Return ``scene`` as ``form``: png, a pixel for each of the page, or pdf, one page and always the same bytes."""
    from pygraphviz import AGraph

    graph = AGraph(directed=True)
    graph.graph_attr.update(pad="0", margin="0", bgcolor=PALETTE["paper"][0])
    if form == "png":
        graph.graph_attr["dpi"] = "96"
    scale = scene.points / scene.width if form == "pdf" and scene.points else 0.75  # points to a pixel
    for name, x, y in (("a", 0.5, 0.5), ("b", scene.width - 0.5, scene.height - 0.5)):  # Graphviz rounds
        corner = {"pos": f"{x * scale:.2f},{y * scale:.2f}", "width": "0.0001", "height": "0.0001", "label": ""}
        graph.add_node(name, style="invis", fixedsize="true", shape="point", **corner)
    graph.graph_attr["_background"] = " ".join(_operations(scene, scale))
    with quiet() as said:
        try:
            drawn = graph.draw(format=form, prog="nop2")
        except (ValueError, TypeError) as error:
            reason = " ".join(said().split()) or str(error)
            raise OutputError(f"Graphviz could not draw this picture ({reason[:200]}).") from None
    assert isinstance(drawn, bytes)
    if form == "pdf":
        return re.sub(rb"/CreationDate \([^)]*\)", lambda found: b" " * len(found[0]), drawn)
    return drawn


def _operations(scene: Scene, scale: float) -> Iterator[str]:
    """Yield the operations of xdot (Graphviz, “Output formats”) that draw ``scene``; y upwards, in points."""

    def points(found: list[tuple[float, float]]) -> str:
        places = " ".join(f"{x * scale:.2f} {(scene.height - y) * scale:.2f}" for x, y in found)
        return f"{len(found)} {places}"

    for group in scene.groups:
        for part in group.parts:
            if isinstance(part, Path):
                alpha = f"{round(255 * part.opacity):02x}" if part.opacity < 1 else ""
                yield f"c {_counted(PALETTE[part.stroke][0] if part.stroke else NOTHING)}"
                yield f"C {_counted(PALETTE[part.fill][0] + alpha if part.fill else NOTHING)}"
                yield f"S {_counted(f'setlinewidth({part.width * scale:.2f})')}"
                yield f"S {_counted(('dashed' if part.dash[0] > 3 else 'dotted') if part.dash else 'solid')}"
                for _, found in strokes(part.d):
                    if len(found) > 1:
                        yield f"{'b' if part.fill else 'B'} {points(found)}"
            elif isinstance(part, Text) and part.text.strip():
                text = " ".join(clean(part.text).split())
                wide = measure(text, part.size, part.bold)
                at = {"start": "-1", "middle": "0", "end": "1"}[part.anchor]
                yield f"c {_counted(PALETTE[part.fill][0])}"
                yield f"t {1 if part.bold else 0}"
                yield f"F {part.size * scale:.2f} {_counted(FAMILY)}"
                yield f"T {points([(part.x, part.y)])[2:]} {at} {wide * scale:.2f} {_counted(text)}"


def _counted(text: str) -> str:
    return f"{len(text.encode())} -{text}"


@contextmanager
def quiet() -> Iterator[Any]:
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
