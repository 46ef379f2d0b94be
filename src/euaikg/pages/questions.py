"""The pages of the stored questions: all of them, and each with its form, its answer and its SPARQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import NamedNode

from euaikg.core.groups import by_key
from euaikg.core.vocab import EUAI
from euaikg.pages.view import LANGUAGES, Site, View
from euaikg.questions import ask, commands, parameters
from euaikg.questions.ask import Reply
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import text
from euaikg.sparql import columns, scanner
from euaikg.sparql.amounts import JOINT
from euaikg.sparql.answers import Table, Triples

PATTERN = re.compile(r"questions\.html|question/([a-z0-9-]+)\.html")

MOST = 100
"""So many rows stand on a page; all of them are in the files to download."""

DUMPS = "views and dumps"
"""The group of questions that stands last."""

_NUMBER = re.compile(r"\d+")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")

Choices = list[tuple[str, str]]
"""Values to choose from, each with its name."""


def addresses(site: Site) -> Iterator[str]:
    """Yield the addresses of the list of questions and of the page of each."""
    yield "questions.html"
    yield from (f"question/{name}.html" for name in site.questions)


def page(view: View, name: str | None) -> bytes | None:
    """Return the list of questions, or the page of the question ``name``; None where there is no such one."""
    if name is None:
        known = [view.told(query) for query in view.site.questions.values()]
        groups = by_key((query.tags[0] if query.tags else "", query) for query in known)
        return view.fill("questions.html", groups=sorted(groups.items(), key=lambda pair: (pair[0] == DUMPS, pair[0])))
    query = view.site.questions.get(name)
    return _question(view, view.told(query)) if query else None


def _question(view: View, query: StoredQuery) -> bytes:
    own = [one.name for one in query.parameters]
    typed = {name: [*filter(None, view.values.get(name, []))] for name in own}
    given = {name: values for name, values in typed.items() if values}
    if view.as_of and "asOf" in own:
        given.setdefault("asOf", [view.as_of])
    values: dict[str, Any] = dict(given)
    values |= {"lang": view.lang} if "lang" in own and view.lang != LANGUAGES[0] and "lang" not in given else {}
    reply = ask.question(view.site.engine, query, values, answers=view.site.answers)
    answer = reply.answer
    return view.fill(
        "question.html",
        query=query,
        fields=[_field(view, one, given) for one in query.parameters if one.name != "lang"] if view.site.asks else [],
        given=given,
        answer=told(view, reply, answer[:MOST]) if isinstance(answer, Table) and answer else None,
        triples=len(answer) if isinstance(answer, Triples) else 0,
        total=len(answer) if not isinstance(answer, bool) else 0,
        most=MOST,
        reasons=reply.reasons if not answer else (*reply.shared, *reply.partly),
        command=commands.with_values(query, {**given, **({"lang": ["nl"]} if values.get("lang") == "nl" else {})}),
        sparql=scanner.fill(query.text, reply.values),
    )


def _field(view: View, parameter: Parameter, given: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what the template needs for the field of a ``parameter``; "" is the type of one that is plain text."""
    label, _, without = parameter.label.partition("; ")
    choices = _choices(view, parameter)
    nothing = without.partition(", ")[2] or view.words["any" if parameter.is_open else "as_it_stands"]
    example = view.words["example"].format(parameter.example)
    value = next(iter(given.get(parameter.name, [])), "")
    if choices and value and value not in dict(choices):
        choices.append((value, value))
    kinds = {"date": "date", "begin": "period", "end": "period", "integer": "number", "decimal": "number"}
    return {
        "name": parameter.name,
        "label": label,
        "hint": "" if choices or parameter.type == "date" else "; ".join(filter(None, [without, example])),
        "nothing": nothing,
        "type": kinds.get(parameter.type, ""),
        "choices": choices,
        "value": value,
    }


def _choices(view: View, parameter: Parameter) -> Choices:
    """Return the values to choose from for a ``parameter``; none where there are too many."""
    site = view.site
    if EUAI + "SourceDocument" in parameter.kinds:
        read = dict.fromkeys(version.rpartition("/")[0] for version in site.reading.passages)
        return [(document.rpartition("/")[2], view.name(document)) for document in read]
    if parameter.type == "code":
        named = {iri.rpartition("/")[2]: view.name(iri) for iri in site.kinds.get(parameter.scheme or "", [])}
        found = [(code, named.get(code, code)) for code in parameters.allowed(parameter, site.engine)]
    elif parameter.type == "boolean":
        return [("true", view.words["yes"])]
    elif parameter.name in ("kind", "relation"):
        terms = [iri for iri in site.labels["en"] if iri.startswith(EUAI)]
        starts = [(iri, iri.removeprefix(EUAI)) for iri in terms]
        found = [
            (f"euai:{end}", view.name(iri)) for iri, end in starts if end[:1].isupper() == (parameter.name == "kind")
        ]
    elif parameter.type in ("notation", "language"):
        return [(value, value) for value in parameters.allowed(parameter, site.engine)]
    else:
        return []
    return sorted(found, key=lambda pair: (pair[1].lower(), pair[0]))


def told(view: View, reply: Reply, table: Table) -> dict[str, Any]:
    """Return ``table`` as the template of a table takes it: its columns, rows of cells, and the list of its places.

    A cell is a list of parts: a text, its link or nothing, and “place”, “day” or a code of modality where it is one.
    """
    sheet = columns.sheet(table, undated=reply.undated, lettered=False)
    links = _links(view, table)
    modalities = view.modalities
    places = [source.partition("] ")[2] for source in sheet.sources]
    disputes = {view.name(iri): iri for iri in view.site.kinds.get("discrepancy", [])}
    links |= {note: view.link(disputes[name]) for note, name in _disputed(sheet) if name in disputes}
    cited = (view.site.cited.get(place) or disputes.get(place.partition(": ")[2]) for place in places)
    found = [*map(view.link, cited)]
    numbered = {column.title for column in sheet.columns if places and not column.right and _is_numbers(column)}
    sure = {column.title for column in sheet.columns if _is_sure(column, modalities)}

    def cell(title: str, said: str) -> list[tuple[str, str, str]]:
        if title in numbered:
            return [(link, number.strip(",") or " ", "place") for link, number in _numbered(said, found)]
        parts = said.replace(JOINT, " ").split("; ")
        if title in sure:
            return [("", part, modalities.get(part, "")) for part in parts]
        return [(links.get(part, ""), part, "day" if _DAY.fullmatch(part) else "") for part in parts]

    rows = zip(*(column.cells for column in sheet.columns), strict=True)
    titles = [column.title for column in sheet.columns]
    return {
        "above": sheet.above,
        "columns": [(column.title, column.right) for column in sheet.columns],
        "rows": [[cell(title, said) for title, said in zip(titles, row, strict=True)] for row in rows],
        "places": [*zip(found, places, strict=True)],
    }


def _disputed(sheet: columns.Sheet) -> Iterator[tuple[str, str]]:
    """Yield the notes of ``sheet`` that begin with a word and a colon, each with what follows."""
    for column in sheet.columns:
        for said in column.cells:
            for part in said.replace(JOINT, " ").split("; "):
                yield part, part.partition(": ")[2]


def _is_numbers(column: columns.Column) -> bool:
    return set("".join(column.cells)) <= set("0123456789, –")


def _is_sure(column: columns.Column, modalities: Mapping[str, str]) -> bool:
    """Say whether the cells of ``column`` name modalities and nothing else."""
    parts = {part for said in column.cells for part in said.split("; ")} - {""}
    return bool(parts) and parts <= modalities.keys()


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
    """Return the links of the names in ``table``: of those beside the IRI of what they name, and of whole names."""
    called = view.site.called[view.lang]
    cells = {part for row in table.rows for term in row for part in text(term).split("; ")}
    found = {part: view.link(called[part]) for part in cells & called.keys()}
    names = {name: at for at, name in enumerate(table.variables)}
    pairs = [(at, names[f"{name}Label"]) for name, at in names.items() if f"{name}Label" in names]
    for row in table.rows:
        for thing, label in pairs:
            if isinstance(of := row[thing], NamedNode):
                found[text(row[label])] = view.link(of.value)
    return found
