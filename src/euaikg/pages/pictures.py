"""The pages of pictures: all of them, and each with its picture, what it leaves out, and the question behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from euaikg.diagrams import diagram, views
from euaikg.diagrams.filters import Wanted
from euaikg.errors import EuaikgError
from euaikg.pages.view import Site, View

PATTERN = re.compile(r"(pictures|money|timeline|map)\.html|picture/([a-z]+)\.html")

OWN = {"funding": "money.html", "timeline": "timeline.html", "map": "map.html"}
"""The pictures that have a page of a name of their own."""


def addresses(_: Site) -> Iterator[str]:
    """Yield the address of the list of pictures and of the page of each."""
    yield "pictures.html"
    yield from map(place, views.VIEWS)


def place(name: str) -> str:
    """Return the address of the page of the picture ``name``."""
    return OWN.get(name, f"picture/{name}.html")


def page(view: View, own: str | None, name: str | None) -> bytes | None:
    """Return the list of pictures, or the page of one; None where there is no such one."""
    if own == "pictures":
        found = [(place(name), _title(view, name), _told(view, name)) for name in views.VIEWS]
        return view.fill("pictures.html", pictures=found)
    name = next((one for one, address in OWN.items() if address == f"{own}.html"), name)
    if name not in views.VIEWS or place(name) != view.address:
        return None
    picture, *told = drawn(view, name)
    return view.fill(
        "picture.html",
        title=_title(view, name),
        told=_told(view, name),
        picture=picture,
        notes=[note for note in told if note],
        question=f"question/view-{name}.html",
        others=[(place(one), _title(view, one)) for one in views.VIEWS if one != name],
    )


def drawn(view: View, name: str) -> tuple[str, str, str]:
    """Return the picture ``name`` as an SVG for a page, what it leaves out, and whether it is that of another day.

    A picture that does not go by days is drawn as it is today. All is empty where it cannot be drawn.
    """
    by_days = any(parameter.name == "asOf" for parameter in view.site.questions[f"view-{name}"].parameters)
    try:
        network = views.view(view.site.engine, name, Wanted(lang=view.lang, as_of=view.as_of if by_days else None))
    except EuaikgError:
        return "", "", ""
    other = "" if by_days or not view.as_of else view.words["no_days"]
    return diagram.inline(network, view.link, name), network.hidden, other


def _title(view: View, name: str) -> str:
    return views.VIEWS[name].nl if view.lang == "nl" else views.VIEWS[name].en


def _told(view: View, name: str) -> str:
    query = view.site.questions.get(f"view-{name}")
    return view.told(query).summary if query else ""
