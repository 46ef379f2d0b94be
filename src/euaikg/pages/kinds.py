"""The lists of things: the kinds that there are, and the things of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from euaikg.pages.view import FIRST, Site, View
from euaikg.questions.words import fold

PATTERN = re.compile(r"things\.html|id/([a-z-]+)\.html")


def addresses(site: Site) -> Iterator[str]:
    """Yield the addresses of the lists."""
    yield "things.html"
    yield from (f"id/{kind}.html" for kind in site.kinds)


def page(view: View, kind: str | None) -> bytes | None:
    """Return the list of the things of a ``kind``, or that of the kinds; None where there is no such kind."""
    kinds = view.site.kinds
    if kind is None:
        first = [one for one in FIRST if one in kinds]
        codes = sorted((one for one in kinds if one not in FIRST), key=view.described)
        return view.fill("things.html", groups=[(first, False), (codes, True)], kinds=kinds)
    if kind not in kinds:
        return None
    things = sorted(kinds[kind], key=lambda iri: (fold(view.name(iri)), iri))
    return view.fill(
        "kind.html",
        kind=kind,
        things=[(iri, view.meaning(iri)) for iri in things],
    )
