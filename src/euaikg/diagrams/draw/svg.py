"""Scenes as SVG: with words for those who listen, links for those who click, and no script or style of its own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from euaikg.diagrams.draw.scene import Group, Path, Scene, Text, n, rectangle
from euaikg.diagrams.model.labels import clean, web
from euaikg.diagrams.model.looks import FONT, PALETTE

SVG = "http://www.w3.org/2000/svg"


def encode(scene: Scene, link: Callable[[str], str] = web, inline: bool = False, prefix: str = "picture") -> str:
    """Return ``scene`` as SVG.

    ``link`` gives the address to which a thing of an IRI leads, or nothing; ``inline`` leaves out what only a file of
    its own has, and lets the picture shrink to the room there is. ``prefix`` makes identifiers unlike those of other
    pictures in a page. Each colour has its name as a class (``f-`` for filling, ``s-`` for lines), so that a page can
    have others in the dark (:func:`style`).
    """
    size = f'viewBox="0 0 {n(scene.width)} {n(scene.height)}"'
    lines = [] if inline else ['<?xml version="1.0" encoding="UTF-8"?>']
    box = "" if inline else f' width="{n(scene.width)}" height="{n(scene.height)}"'
    lines.append(
        f'<svg xmlns="{SVG}" {size}{box} class="euaikg" role="graphics-document document" lang="{scene.lang}" '
        f'aria-labelledby="{prefix}-title {prefix}-description" font-family="{escape(FONT)}">'
    )
    lines.append(f'<title id="{prefix}-title">{_text(scene.title)}</title>')
    lines.append(f'<desc id="{prefix}-description">{_text(scene.description)}</desc>')
    lines.append(_path(Path(rectangle(0, 0, scene.width, scene.height), "paper")))
    lines += [_group(group, link) for group in scene.groups]
    return "\n".join([*lines, "</svg>", ""])


def style() -> str:
    """Return the CSS that gives pictures their colours in the light and in the dark, as the page is."""
    rules = [
        f".f-{name}{{fill:light-dark({light},{dark})}}.s-{name}{{stroke:light-dark({light},{dark})}}"
        for name, (light, dark) in PALETTE.items()
    ]
    return "\n".join([*rules, ""])


def _group(group: Group, link: Callable[[str], str]) -> str:
    inner = "\n".join(_path(part) if isinstance(part, Path) else _line(part) for part in group.parts)
    if group.kind not in ("node", "edge", "bundle"):
        return f'<g class="{group.kind}">{inner}</g>'
    title = f"<title>{_text(group.title)}</title>" if group.title else ""
    data = f' data-key="{_quoted(group.key)}"' if group.key else ""
    ends = f' data-ends="{_quoted(" ".join(group.ends))}"' if group.ends else ""
    ends += f' data-members="{_quoted(" ".join(group.members))}"' if group.members else ""
    address = link(group.href) if group.href else ""
    if address:
        inner = f'<a href="{_quoted(address)}">{inner}</a>'
    return f'<g class="{group.kind}"{data}{ends}>{title}{inner}</g>'


def _path(path: Path) -> str:
    made = [f'd="{path.d}"']
    names = [f"{at}-{name}" for at, name in (("f", path.fill), ("s", path.stroke)) if name]
    made.append(f'class="{" ".join(names)}"')
    made.append(f'fill="{PALETTE[path.fill][0] if path.fill else "none"}"')
    if path.opacity < 1:
        made.append(f'fill-opacity="{path.opacity}"')
    if path.stroke:
        made.append(f'stroke="{PALETTE[path.stroke][0]}" stroke-width="{n(path.width)}"')
        if path.dash:
            made.append(f'stroke-dasharray="{" ".join(map(n, path.dash))}"')
    return f"<path {' '.join(made)}/>"


def _line(text: Text) -> str:
    bold = ' font-weight="bold"' if text.bold else ""
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    names = f"f-{text.fill}" + (f" {text.role}" if text.role else "")
    return (
        f'<text x="{n(text.x)}" y="{n(text.y)}" font-size="{n(text.size)}"{bold}{anchor} class="{names}" '
        f'fill="{PALETTE[text.fill][0]}">{_text(text.text)}</text>'
    )


def _text(text: str) -> str:
    return escape(clean(text), quote=False)


def _quoted(text: str) -> str:
    return escape(clean(text))
