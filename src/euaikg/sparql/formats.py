"""Answers as bytes: the W3C result formats, sheets, Markdown, RDF; tables are in :mod:`euaikg.sparql.grid`.

CSV, TSV, XML and JSON are those of the W3C. In CSV a text that a spreadsheet would take for a formula gets an
apostrophe in front; numbers stay numbers. Markdown shows what :func:`~euaikg.sparql.answers.cells` says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, Triple, parse_query_results

from euaikg.core import output
from euaikg.core.vocab import XSD
from euaikg.errors import OutputError, QueryError
from euaikg.rdf.terms import Term
from euaikg.sparql import sheets
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
