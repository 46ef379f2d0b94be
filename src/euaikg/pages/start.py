"""The start page: what this is, the numbers that say how much there is, and ways in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from euaikg.pages.view import Site, View
from euaikg.questions import ask
from euaikg.sparql import amounts
from euaikg.sparql.answers import Table

PATTERN = re.compile(r"index\.html")

TOTAL = "ai-innovation-package-total"
"""The pot of money whose sum stands on the page."""


def addresses(_: Site) -> Iterator[str]:
    """Yield the address of the page."""
    yield "index.html"


def page(view: View) -> bytes:
    """Return the page."""
    return view.fill("start.html", numbers=[*_numbers(view)], ways=view.words["ways"])


def _numbers(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield big numbers, each with what it counts and the link to what is counted."""
    told, site = view.words["numbers"], view.site
    passages = sum(map(len, site.passages.values()))
    documents = len({version.rpartition("/")[0] for version in site.passages})
    yield str(documents), told["documents"].format(passages), view.to("documents.html")
    for row in _rows(view, "funding-total"):
        figure = amounts.Figure(None, row["low"], row["high"], unit=str(row["currency"]))
        yield (
            amounts.written(figure, view.lang).replace(amounts.JOINT, " "),
            told["money"],
            view.to("question/funding-total.html"),
        )
    targets = _rows(view, "targets-due")
    if targets:
        yield str(len(targets)), told["targets"], view.to("question/targets-due.html")
    if differences := site.kinds.get("discrepancy"):
        yield str(len(differences)), told["differences"], view.to("id/discrepancy.html")


def _rows(view: View, name: str) -> list[dict[str, Any]]:
    answer = ask.question(view.site.engine, name, {"asOf": view.as_of} if view.as_of else {}).answer
    return [*answer.to_dicts()] if isinstance(answer, Table) else []
