"""The pages of the stored questions: all of them, and each with its form, its answer and its SPARQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import NamedNode

from euaikg.core.groups import by_key
from euaikg.pages.view import LANGUAGES, Site, View
from euaikg.questions import ask, commands, parameters
from euaikg.questions.ask import Reply
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import text
from euaikg.sparql import columns, scanner
from euaikg.sparql.amounts import JOINT
from euaikg.sparql.answers import Table

PATTERN = re.compile(r"questions\.html|question/([a-z0-9-]+)\.html")

MOST = 100
"""So many rows stand on a page; all of them are in the files to download."""

_NUMBER = re.compile(r"\d+")


def addresses(site: Site) -> Iterator[str]:
    """Yield the addresses of the list of questions and of the page of each."""
    yield "questions.html"
    yield from (f"question/{name}.html" for name in site.questions)


def page(view: View, name: str | None) -> bytes | None:
    """Return the list of questions, or the page of the question ``name``; None where there is no such one."""
    if name is None:
        groups = by_key((query.tags[0] if query.tags else "", query) for query in view.site.questions.values())
        return view.fill("questions.html", groups=sorted(groups.items()))
    query = view.site.questions.get(name)
    return _question(view, query) if query else None


def _question(view: View, query: StoredQuery) -> bytes:
    given = {one.name: view.values[one.name] for one in query.parameters if view.values.get(one.name)}
    own = {one.name for one in query.parameters}
    values: dict[str, Any] = dict(given)
    values |= {"lang": view.lang} if "lang" in own and view.lang != LANGUAGES[0] else {}
    values |= {"asOf": view.as_of} if "asOf" in own and view.as_of and "asOf" not in given else {}
    reply = ask.question(view.site.engine, query, values, answers=view.site.answers)
    answer = reply.answer
    table = answer if isinstance(answer, Table) else None
    return view.fill(
        "question.html",
        query=query,
        fields=[_field(view, one, given) for one in query.parameters if one.name != "lang"],
        table=told(view, reply, table[:MOST]) if table else None,
        total=len(answer) if not isinstance(answer, bool) else 0,
        most=MOST,
        reasons=reply.reasons if not answer else (),
        notes=reply.notes,
        command=commands.with_values(query, given),
        sparql=scanner.fill(query.text, reply.values),
    )


def _field(view: View, parameter: Parameter, given: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what the template needs for the field of a ``parameter``."""
    codes: list[tuple[str, str]] = []
    if parameter.type == "code":
        named = {iri.rpartition("/")[2]: view.name(iri) for iri in view.site.kinds.get(parameter.scheme or "", [])}
        allowed = parameters.allowed(parameter, view.site.engine)
        codes = sorted(((code, named.get(code, code)) for code in allowed), key=lambda pair: pair[1].lower())
    return {
        "name": parameter.name,
        "label": parameter.label,
        "type": {"date": "day", "begin": "day", "end": "day", "integer": "number", "boolean": "switch"}.get(
            parameter.type, "code" if codes else "text"
        ),
        "example": parameter.example,
        "codes": codes,
        "value": next(iter(given.get(parameter.name, [])), ""),
    }


def told(view: View, reply: Reply, table: Table) -> dict[str, Any]:
    """Return ``table`` as the template of a table takes it: its columns, rows of cells, and the list of its places.

    A cell is a list of parts, each a text with its link or nothing.
    """
    sheet = columns.sheet(table, undated=reply.undated)
    links = _links(view, table)
    places = [source.partition("] ")[2] for source in sheet.sources]
    found = [view.link(view.site.cited.get(place)) for place in places]
    named = {column.title for column in sheet.columns if set("".join(column.cells)) <= set("0123456789, –") and places}

    def cell(title: str, said: str) -> list[tuple[str, str]]:
        if title in named and not _is_figures(title, sheet.columns):
            return [*_numbered(said, found)]
        parts = said.replace(JOINT, " ").split("; ")
        return [(links.get(part, ""), part) for part in parts]

    rows = zip(*(column.cells for column in sheet.columns), strict=True)
    titles = [column.title for column in sheet.columns]
    return {
        "above": sheet.above,
        "columns": [(column.title, column.right) for column in sheet.columns],
        "rows": [[cell(title, said) for title, said in zip(titles, row, strict=True)] for row in rows],
        "places": [*zip(found, places, strict=True)],
    }


def _is_figures(title: str, found: list[columns.Column]) -> bool:
    return any(column.right for column in found if column.title == title)


def _numbered(said: str, found: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts of a cell of numbers such as “1, 3–5”, each number with its link."""
    at = 0
    for match in _NUMBER.finditer(said):
        if said[at : match.start()]:
            yield "", said[at : match.start()]
        number = int(match[0])
        yield (found[number - 1] if 0 < number <= len(found) else ""), match[0]
        at = match.end()


def _links(view: View, table: Table) -> dict[str, str]:
    """Return the links of the names in ``table`` that stand beside the IRI of what they name."""
    names = {name: at for at, name in enumerate(table.variables)}
    pairs = [(at, names[f"{name}Label"]) for name, at in names.items() if f"{name}Label" in names]
    found: dict[str, str] = {}
    for row in table.rows:
        for thing, label in pairs:
            if isinstance(of := row[thing], NamedNode):
                found[text(row[label])] = view.link(of.value)
    return found
