"""Answers as bytes: the W3C result formats, sheets, Markdown, RDF; tables are in :mod:`euaikg.sparql.grid`.

CSV, TSV, XML and JSON are those of the W3C. In CSV a text that a spreadsheet would take for a formula gets an
apostrophe in front; numbers stay numbers. Markdown shows what :func:`~euaikg.sparql.answers.cells` says.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, Triple, parse_query_results

from euaikg.core import output
from euaikg.core.vocab import XSD
from euaikg.errors import OutputError, QueryError
from euaikg.rdf.terms import Term, native
from euaikg.sparql import columns, sheets
from euaikg.sparql.answers import Answer, Table, Triples, cells

TABLES = ("table", "csv", "tsv", "json", "xml", "markdown")
"""The formats of rows that are text; ``table`` is for people, and in a file Markdown stands for it."""

SHEETS = ("xlsx", "parquet")
"""The formats of rows that are no text."""

ROWS = (*TABLES, *SHEETS)
"""All formats of rows."""

GRAPHS = ("turtle", "jsonld", "ntriples", "rdfxml")
"""The formats of triples."""

KINDS = {"tsv": QueryResultsFormat.TSV, "json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}


def to_json(table: Table) -> bytes:
    """Return ``table`` in the SPARQL 1.2 results JSON format, which is that of 1.1 but for new kinds of terms."""
    rows = [
        {name: _json(term) for name, term in zip(table.variables, row, strict=True) if term is not None}
        for row in table.rows
    ]
    document = {"head": {"vars": list(table.variables)}, "results": {"bindings": rows}}
    return json.dumps(document, ensure_ascii=False).encode()


def to_rows(table: Table) -> bytes:
    """Return ``table`` as plain JSON: a list with an object for each row, a row a line; what is unbound is left out.

    Numbers and truth values are those of JSON, all else is text; :func:`schema` describes it.
    """
    rows = (
        {name: value for name, value in zip(table.variables, map(_plain, row), strict=True) if value is not None}
        for row in table.rows
    )
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def schema(table: Table, title: str, description: str) -> bytes:
    """Return the JSON Schema of what :func:`to_rows` gives for ``table``: the columns, and what they hold there."""
    properties: dict[str, dict[str, Any]] = {}
    for at, name in enumerate(table.variables):
        terms = [row[at] for row in table.rows if row[at] is not None]
        types = sorted({_TYPES[type(_plain(term))] for term in terms})
        types = [kind for kind in types if kind != "integer" or "number" not in types]
        shape: dict[str, Any] = {"title": columns.title(name)}
        shape |= {"type": types[0] if len(types) == 1 else types} if types else {}
        if terms and all(isinstance(term, NamedNode) for term in terms):
            shape["format"] = "iri"
        elif terms and all(isinstance(native(term), date) and not isinstance(native(term), datetime) for term in terms):
            shape["format"] = "date"
        properties[name] = shape
    bound = [name for at, name in enumerate(table.variables) if all(row[at] is not None for row in table.rows)]
    items = {"type": "object", "properties": properties, "required": bound, "additionalProperties": False}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": description,
        "type": "array",
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


def _plain(term: Term | None) -> str | bool | int | float | None:
    """Return the value of ``term`` as JSON has it; what it has no number for stays text."""
    value = native(term)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _json(term: Term) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = zip(("subject", "predicate", "object"), map(_json, term), strict=True)
        return {"type": "triple", "value": dict(parts)}
    described = {"type": "literal", "value": term.value}
    if term.language:
        described["xml:lang"] = term.language
        if term.direction:
            described["its:dir"] = str(term.direction.value)
    elif term.datatype.value != XSD + "string":
        described["datatype"] = term.datatype.value
    return described


def to_csv(table: Table) -> bytes:
    """Return ``table`` as CSV (RFC 4180), formulas made harmless."""
    return sheets.to_csv(table.variables, table.rows)


def to_markdown(table: Table, notes: Sequence[str] = ()) -> bytes:
    """Return ``table`` as a Markdown table of what people see.

    Each of the ``notes`` becomes a paragraph below it.
    """
    titles, rows, numeric = cells(table)
    lines = [
        "| " + " | ".join(titles) + " |",
        "|" + "|".join(" ---: " if right else " --- " for right in numeric) + "|",
        *("| " + " | ".join(map(_escaped, row)) + " |" for row in rows),
        *(line for note in notes for line in ("", _note(note))),
    ]
    return ("\n".join(lines) + "\n").encode()


def _escaped(plain: str) -> str:
    for character in "\\|<>*_`[]":
        plain = plain.replace(character, "\\" + character)
    return plain


def _note(note: str) -> str:
    """Return ``note`` with its addresses as links and all else as it stands."""
    parts = re.split(r"(https?://[^\s<>]+)", note)
    return "".join(f"<{part}>" if at % 2 else _escaped(part) for at, part in enumerate(parts))


def encode(
    answer: Answer, form: str | None = None, notes: Sequence[str] = (), links: Mapping[str, str] | None = None
) -> bytes:
    """Return ``answer`` as ``form``: one of :data:`ROWS` for rows, of :data:`GRAPHS` for triples.

    Without a form rows become Markdown, which alone takes ``notes``, triples Turtle, and yes or no that word. A
    workbook has ``links`` from texts to addresses. Raises :class:`QueryError` where answer and form do not go together,
    :class:`OutputError` for XML where a value has a character that it cannot hold and for a workbook where it has no
    room, and :class:`~euaikg.errors.MissingLibraryError` for Parquet without pyarrow.
    """
    if isinstance(answer, Triples):
        if form in ROWS:
            raise QueryError(f"This query answers with triples; write them as {', '.join(GRAPHS)}, not as {form}.")
        from euaikg.rdf import forms

        return forms.encode(answer.triples, form or "turtle")
    if form in GRAPHS:
        raise QueryError(f"This query answers with rows; write them as {', '.join(ROWS)}, not as {form}.")
    if isinstance(answer, bool):
        if form in SHEETS:
            raise QueryError(f"This query answers with yes or no, which is no table; do not write it as {form}.")
        if form not in KINDS:
            return b"yes\n" if answer else b"no\n"
        content = json.dumps({"head": {}, "boolean": answer}).encode()
    elif form == "csv":
        return to_csv(answer)
    elif form == "xlsx":
        return sheets.to_xlsx({"answer": (answer.variables, answer.rows)}, links)
    elif form == "parquet":
        from euaikg.sparql import dataframes

        return dataframes.to_parquet(answer.columns())
    elif form not in KINDS:
        return to_markdown(answer, notes)
    else:
        content = to_json(answer)
    parsed = parse_query_results(content, QueryResultsFormat.JSON)
    content = parsed.serialize(format=KINDS[form]) or b""
    if form == "xml" and output.well_formed(content) != content:
        raise OutputError("XML cannot hold a control character, as in a value of this answer; use another format.")
    return content if content.endswith(b"\n") else content + b"\n"
