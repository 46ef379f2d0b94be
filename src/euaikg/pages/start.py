"""The start page: what this is, the numbers that say how much there is, the picture of the money, and ways in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from euaikg.core.vocab import BASE
from euaikg.pages import pictures
from euaikg.pages.view import NOT_FOUND, Site, View
from euaikg.questions import ask
from euaikg.sparql import amounts
from euaikg.sparql.answers import Table

PATTERN = re.compile(r"(index|404)\.html")

WHOLE = BASE + "id/completeness/whole"
"""The code of documents that were read whole, in a text of their publisher."""


def addresses(_: Site) -> Iterator[str]:
    """Yield the address of the page, and that of the page for what is not there."""
    yield from ("index.html", NOT_FOUND)


def page(view: View, name: str) -> bytes:
    """Return the page."""
    if name == "404":
        return view.fill(NOT_FOUND)
    picture, *_ = pictures.drawn(view, "funding")
    return view.fill("start.html", numbers=[*_numbers(view)], ways=view.words["ways"], picture=picture)


def _numbers(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield big numbers, each with what it counts and the link to what is counted."""
    told, site = view.words["numbers"], view.site
    passages = sum(map(len, site.reading.passages.values()))
    whole = sum(code == WHOLE for code in site.reading.most.values())
    said = told["whole"].format(whole, passages) if whole else told["documents"].format(passages)
    yield str(len(site.reading.most)), said, view.to("documents.html")
    for row in _rows(view, "funding-total"):
        figure = amounts.Figure(None, row["low"], row["high"], unit=str(row["currency"]))
        yield (
            amounts.written(figure, view.lang).replace(amounts.JOINT, "\N{NO-BREAK SPACE}"),
            told["money"],
            view.to("question/funding-total.html"),
        )
    dated = {row["thing"] for row in _rows(view, "targets-due") if row["due"]}
    if dated:
        yield str(len(dated)), told["targets"], view.to("question/targets-due.html")
    if differences := site.kinds.get("discrepancy"):
        yield str(len(differences)), told["differences"], view.to("id/discrepancy.html")


def _rows(view: View, name: str) -> list[dict[str, Any]]:
    answer = ask.question(view.site.engine, name, {"asOf": view.as_of} if view.as_of else {}).answer
    return [*answer.to_dicts()] if isinstance(answer, Table) else []
