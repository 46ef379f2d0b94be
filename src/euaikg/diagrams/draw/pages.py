"""A picture on its page: a form in the middle, above it the title, below it what the signs mean and who says so.

Each view has the form that answers its question (:data:`FORMS`); what has none of its own is drawn as boxes and lines.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from itertools import accumulate
from typing import Any

from euaikg.diagrams.draw import cards, headline, raster
from euaikg.diagrams.draw import svg as writer
from euaikg.diagrams.draw.cards import NAME, sign
from euaikg.diagrams.draw.scene import Area, Drawn, Group, Path, Scene, Text, measure, polyline, shifted, wrap
from euaikg.diagrams.draw.words import counts, day, words
from euaikg.diagrams.model.looks import LOOKS, MODALITIES
from euaikg.diagrams.model.network import Network, dated
from euaikg.errors import OutputError

PAGES = {"slide": (1920.0, 1080.0), "a4": (1240.0, 1754.0), "square": (1200.0, 1200.0)}
"""Pages with their width and height in pixels: 16 to 9, A4 at 150 to the inch, and a square."""

POINTS = {"slide": 960.0, "a4": 595.28, "square": 600.0}
"""How wide pages are on paper, upright, in points of 1/72 inch."""

FORMS = {
    "governance": "tree", "ontology": "tree", "infrastructure": "tree", "law": "tree", "funding": "flow",
    "timeline": "timeline", "sectors": "heat", "map": "europe", "documents": "strand", "focus": "rings",
}  # fmt: skip
"""The form of each view, a module of this package; all others are a graph."""

MIDDLE = ("graph", "rings")
"""Forms that stand in the middle of a page on which there is room left."""

LINES = 5
"""How many lines of sources there are at most."""

MARGIN, TITLE, LEAD, SMALL, SOURCE = 48.0, 36.0, 18.0, 15.5, 14.0

NAMES, OTHERS = 7.0, 5.5
"""The least size of names, and of all else, on paper, in points: on a slide 14 and 11 pixels of 1920.

Lower-case letters are then 1.28 and 1.0 millimetres high; Regulation (EU) No 1169/2011, Article 13, asks for 1.2 on the
labels of food, and for 0.9 on small ones.
"""

GROW = 1.03
"""By how much a page grows at a time until everything has its place; what is on it then is smaller when shown."""


def compose(network: Network, page: str = "slide", bare: bool = False, most: float = 40.0) -> Scene:
    """Return the picture of ``network`` on a ``page`` of :data:`PAGES`, which grows to about ``most`` times its size.

    A ``bare`` one is to stand in a page that has the title and the sources itself; it is as high as it needs to be.
    Raises :class:`~euaikg.errors.OutputError` where there is no such page.
    """
    if page not in PAGES:
        raise OutputError(f"There is no page “{page}”; there are {', '.join(PAGES)}.")
    name = FORMS.get(network.view, "graph") if network.nodes else "graph"
    name = "graph" if name == "timeline" and not dated(network) else name
    form = importlib.import_module(f"euaikg.diagrams.draw.{name}")
    said = words(network.lang)
    wide, high = PAGES[page]
    if page == "a4" and name == "graph":
        wide, high = high, wide  # which needs a sheet on its side
    title = headline.title(network)
    scale, drawn, before = 1.0, Drawn(), ([], [])  # type: tuple[float, Drawn, Any]
    while True:
        width, height = wide * scale, high * scale
        scene = Scene(width, height, title, lang=network.lang)
        top = MARGIN / 2 if bare else _above(scene, network, said)
        inner = width - 2 * MARGIN
        room = Area(MARGIN, top, inner, height - top - _below(Scene(width, height), network, said, drawn, 0, bare))
        drawn = form.draw(network, room, said)
        below = _below(Scene(width, height), network, said, drawn, 0, bare)
        needed = max((drawn.right - MARGIN) / inner, (drawn.bottom - top) / max(1.0, height - top - below))
        if needed <= 1.002 or scale > most:
            break
        if (told := (drawn.legend, drawn.notes)) != before:
            before = told  # with room for these there may be enough
            continue
        scale *= max(GROW, 1 + (min(needed, 2.0) - 1) * 0.4)
    scene.points = POINTS[page] * wide / PAGES[page][0]
    spare = 0.0
    if bare:
        scene.height = drawn.bottom + below
    elif name in MIDDLE:
        spare = max(0.0, scene.height - below - drawn.bottom) / 2
    scene.groups += [shifted(group, 0, spare) for group in drawn.groups] if spare else drawn.groups
    _below(scene, network, said, drawn, scene.height - below, bare)
    said_ = [network.title, ", ".join(counts(network)), network.hidden, *drawn.notes, *network.documents]
    scene.description = ". ".join(filter(None, said_))
    return scene


@lru_cache(maxsize=2)
def legible(network: Network, page: str = "slide") -> bool:
    """Say whether all that stands in the picture of ``network`` on ``page`` is large enough to be read."""
    scene = compose(network, page, most=NAME * POINTS[page] / PAGES[page][0] / NAMES)  # beyond which no name is
    points = scene.points / scene.width
    return all(text.size * points >= (NAMES if text.role == "name" else OTHERS) for _, text in scene.texts())


def svg(network: Network, page: str = "slide") -> bytes:
    """Return ``network`` as SVG with a title, a description, and words and a link on each thing."""
    return writer.encode(compose(network, page)).encode("utf-8", "replace")


def png(network: Network, page: str = "slide") -> bytes:
    """Return ``network`` as PNG, a pixel for each of the page."""
    return raster.encode(compose(network, page), "png")


def pdf(network: Network, page: str = "slide") -> bytes:
    """Return ``network`` as PDF, one page as large as the picture; the same bytes each time."""
    return raster.encode(compose(network, page), "pdf")


def _above(scene: Scene, network: Network, said: dict[str, Any]) -> float:
    """Add the title and the line below it; return where the form begins."""
    group = Group("legend")
    y = MARGIN - 6
    size = TITLE
    while len(found := wrap(scene.title, size, scene.width - 2 * MARGIN, bold=True)) > 3 and size > LEAD:
        size -= 2
    for line in found[:3]:
        y += size
        group.parts.append(Text(MARGIN, y, line, size, bold=True))
        y += 6
    known = [said["known"].format(day(network.as_of, network.lang))] if network.as_of else []
    below = " · ".join(filter(None, [network.title if network.title != scene.title else "", *known]))
    for text, fill in ((below, "faint"), (network.hidden, "warn")):
        for line in wrap(text, LEAD, scene.width - 2 * MARGIN, 2):
            y += LEAD * 1.35
            group.parts.append(Text(MARGIN, y, line, LEAD, fill))
    scene.groups.append(group)
    return y + 20


def _below(scene: Scene, network: Network, said: dict[str, Any], drawn: Drawn, y: float, bare: bool) -> float:
    """Add the legend and the sources from ``y`` down; return how much room they need, the margin with them."""
    begun, right = y, scene.width - MARGIN
    group = Group("legend")
    x, y = MARGIN, y + 28
    for text, samples in [*_signs(network, drawn), *drawn.legend]:
        wide = 34 + measure(text, SMALL) + 26
        if x + wide > right and x > MARGIN:
            x, y = MARGIN, y + SMALL * 1.6
        group.parts += shifted(Group("legend", parts=[*samples]), x, y - 5).parts
        group.parts.append(Text(x + 34, y, text, SMALL))
        x += wide
    y += 12
    for note in drawn.notes:
        for line in wrap(note, SMALL, right - MARGIN, 2):
            y += SMALL * 1.3
            group.parts.append(Text(MARGIN, y, line, SMALL, "faint"))
    for line in [] if bare else _sources(network, said, right - MARGIN):
        y += SOURCE * 1.3
        group.parts.append(Text(MARGIN, y, line, SOURCE, "faint"))
    scene.groups.append(group)
    return y + 30 - begun


def _signs(network: Network, drawn: Drawn) -> list[tuple[str, list[Path]]]:
    """Return the symbols of groups and the lines of modalities that are to be seen, each with its name."""
    if network.view == "funding":
        return []  # money has no symbols, but a legend of its own
    seen = {group.key for group in drawn.groups if group.kind == "node"}
    groups = {node.group for node in network.nodes if node.iri in seen}
    found = [(getattr(look, network.lang), [sign(name, 14, 0, 16)]) for name, look in LOOKS.items() if name in groups]
    if network.view in ("timeline", "sectors", "map"):
        hidden = [getattr(LOOKS[group], network.lang) for group in ("status", "country", "topic")]
        return [(name, signs) for name, signs in found if name not in hidden]
    broad = {line.broad for line in network.lines}
    if broad - {"", "asserted"}:
        alike: dict[Path, list[str]] = {}
        for code, stroke in MODALITIES.items():
            if code in broad:
                alike.setdefault(cards.stroke(polyline([(0, 0), (28, 0)]), code, 2.2), []).append(
                    getattr(stroke, network.lang)
                )
        found += [(", ".join(names), [line]) for line, names in alike.items()]
    return found


def _sources(network: Network, said: dict[str, Any], width: float) -> list[str]:
    """Return the lines that name the sources; where there is no room for all, how many more there are."""
    names = list(network.documents)
    ends = accumulate(measure(name, SOURCE) for name in names)
    for kept in range(sum(end < LINES * width for end in ends), 0, -1):
        more = f"; {said['more_sources'].format(len(names) - kept)}" if kept < len(names) else ""
        found = wrap(f"{said['sources']}: {'; '.join(names[:kept])}{more}", SOURCE, width)
        if len(found) <= LINES:
            return found
    return []
