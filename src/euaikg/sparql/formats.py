"""Answers as text: the W3C result formats, Markdown, and a table for people.

CSV, TSV, XML and JSON are those of the W3C. In CSV a text that a spreadsheet would take for a formula gets an
apostrophe in front; numbers stay numbers. Tables and Markdown show the name of a thing in place of its IRI wherever
the query gives one: a column ``xLabel`` replaces ``x``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from euaikg.core.vocab import XSD
from euaikg.rdf.terms import Term, native, text
from euaikg.sparql.answers import Table, columns, title

KINDS = {"tsv": QueryResultsFormat.TSV, "json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}

ROOM = 15
"""How many characters a column of a folded table needs on average, to be read with ease."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet would take for a formula."""


def to_json(table: Table) -> bytes:
    """Return ``table`` in the SPARQL 1.1 results JSON format."""
    rows = [
        {name: _json(term) for name, term in zip(table.variables, row, strict=True) if term is not None}
        for row in table.rows
    ]
    document = {"head": {"vars": list(table.variables)}, "results": {"bindings": rows}}
    return json.dumps(document, ensure_ascii=False).encode()


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    assert not isinstance(term, Triple)
    described = {"type": "literal", "value": term.value}
    if term.language:
        described["xml:lang"] = term.language
    elif term.datatype.value != XSD + "string":
        described["datatype"] = term.datatype.value
    return described


def to_csv(table: Table) -> bytes:
    """Return ``table`` as CSV (RFC 4180), formulas made harmless."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(table.variables)
    for row in table.rows:
        writer.writerow([_harmless(term) for term in row])
    return stream.getvalue().encode()


def _harmless(term: Term | None) -> str:
    written = "" if term is None else term.value if not isinstance(term, Triple) else str(term)
    return harmless(written) if isinstance(native(term), str) else written


def harmless(written: str) -> str:
    """Return the text of a cell with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{written}" if written.startswith(_FORMULA) else written


def to_markdown(table: Table, notes: Sequence[str] = ()) -> bytes:
    """Return ``table`` as a Markdown table, without the IRI columns that have a label column.

    Each of the ``notes`` becomes a paragraph below it.
    """
    seen = columns(table)
    numeric = [all(_is_number(row[at]) for row in table.rows if row[at] is not None) for at in seen]
    lines = [
        "| " + " | ".join(title(table.variables[at]) for at in seen) + " |",
        "|" + "|".join(" ---: " if right else " --- " for right in numeric) + "|",
    ]
    lines += ["| " + " | ".join(_cell(row[at]) for at in seen) + " |" for row in table.rows]
    lines += [line for note in notes for line in ("", _note(note))]
    return ("\n".join(lines) + "\n").encode()


def _cell(term: Term | None) -> str:
    return _escaped(text(term))


def _escaped(plain: str) -> str:
    for character in "\\|<>*_`[]":
        plain = plain.replace(character, "\\" + character)
    return plain


def _note(note: str) -> str:
    """Return ``note`` with its addresses as links and all else as it stands."""
    parts = re.split(r"(https?://[^\s<>]+)", note)
    return "".join(f"<{part}>" if at % 2 else _escaped(part) for at, part in enumerate(parts))


def _is_number(term: Term | None) -> bool:
    return isinstance(term, Literal) and not isinstance(native(term), str)


def encode_boolean(answer: bool, form: str) -> bytes:
    """Return the answer to an ASK as ``form``: tsv, json or xml."""
    parsed = parse_query_results(json.dumps({"head": {}, "boolean": answer}).encode(), QueryResultsFormat.JSON)
    assert isinstance(parsed, QueryBoolean)
    return (parsed.serialize(format=KINDS[form]) or b"") + b"\n"


def encode(table: Table, form: str, notes: Sequence[str] = ()) -> bytes:
    """Return ``table`` as ``form``: csv, tsv, json, xml or markdown, which alone takes ``notes``."""
    if form == "csv":
        return to_csv(table)
    if form == "markdown":
        return to_markdown(table, notes)
    solutions = parse_query_results(to_json(table), QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    content = solutions.serialize(format=KINDS[form]) or b""
    return content if content.endswith(b"\n") else content + b"\n"


def show(table: Table, width: int, iris: bool = False, terminal: bool = False) -> str:
    """Return ``table`` for people, ``width`` characters wide; with ``iris`` the IRI columns too.

    A table that fits stands as it is. A wider one is folded for a ``terminal`` with room for that; else it becomes a
    list of records.
    """
    seen = list(range(len(table.variables))) if iris else columns(table)
    cells = [[text(row[at]) for at in seen] for row in table.rows]
    titles = [title(table.variables[at]) for at in seen]
    numeric = [
        bool(table.rows) and all(_is_number(row[at]) for row in table.rows if row[at] is not None) for at in seen
    ]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    if sum(widths) + 2 * len(widths) <= width:
        return _plain(titles, cells, widths, numeric)
    if terminal and width >= ROOM * len(seen):
        return _folded(titles, cells, numeric, width)
    return _records(titles, cells)


def _plain(titles: list[str], cells: list[list[str]], widths: list[int], numeric: list[bool]) -> str:
    rule = ["─" * width for width in widths]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in [titles, rule, *cells]
    ]
    return "\n".join(lines)


def _folded(titles: list[str], cells: list[list[str]], numeric: list[bool], width: int) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, right in zip(titles, numeric, strict=True):
        grid.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    screen = Console(width=width, highlight=False, force_terminal=True, color_system="standard")
    with screen.capture() as captured:
        screen.print(grid)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n")


def _records(titles: list[str], cells: list[list[str]]) -> str:
    margin = max(map(len, titles))
    blocks = [
        "\n".join(f"{name:>{margin}}  {cell}" for name, cell in zip(titles, row, strict=True) if cell) for row in cells
    ]
    return "\n\n".join(blocks)
