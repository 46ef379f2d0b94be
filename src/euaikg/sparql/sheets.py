"""Rows of RDF terms for spreadsheets, as CSV and XLSX: numbers are numbers, and no text is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from euaikg.errors import OutputError
from euaikg.rdf.terms import Term, native, token

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet would take for a formula."""

MOST_ROWS, MOST_COLUMNS, LONGEST = 1_048_575, 16_384, 32_767
"""How many rows below its titles, columns, and characters of a cell a sheet has room for."""

MOST_LINKS, LONGEST_LINK = 65_530, 2_079
"""How many links a sheet may have, and how long they may be."""

DIGITS = 15
"""How many digits of a number a spreadsheet keeps; one that has more is text, so that none is lost."""

LARGEST = 300
"""Numbers of fewer digits than this fit into a cell."""

SMALLEST = Decimal("0.0001")
"""The smallest number that is written out."""

WIDEST = 60
"""How many characters wide a column is at the most; longer texts are wrapped."""

FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheets count alike."""

WRITTEN = datetime(2000, 1, 1)
"""When each workbook says that it was made, so that the same rows give the same bytes."""

FORMATS = {
    "title": {"bold": True, "bottom": 1, "valign": "top"},
    "text": {"valign": "top"},
    "long": {"valign": "top", "text_wrap": True},
    "link": {"valign": "top", "text_wrap": True, "font_color": "#0563C1", "underline": 1},
    "whole": {"valign": "top", "num_format": "#,##0"},
    "number": {"valign": "top", "num_format": "#,##0.0#########"},
    "plain": {"valign": "top", "num_format": "General"},
    "day": {"valign": "top", "num_format": "yyyy-mm-dd"},
    "moment": {"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"},
}
"""How cells look, by what they hold."""

_NO_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")

Rows = Sequence[Sequence[Term | None]]


def to_csv(titles: Sequence[str], rows: Rows) -> bytes:
    """Return ``rows`` under their ``titles`` as CSV (RFC 4180), formulas made harmless."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(titles)
    for row in rows:
        writer.writerow([_harmless(term) for term in row])
    return stream.getvalue().encode()


def _harmless(term: Term | None) -> str:
    written = _written(term)
    return harmless(written) if isinstance(native(term), str) else written


def harmless(written: str) -> str:
    """Return the text of a cell with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{written}" if written.startswith(_FORMULA) else written


def _written(term: Term | None) -> str:
    return "" if term is None else term.value if isinstance(term, NamedNode | Literal) else token(term)


def to_xlsx(tables: Mapping[str, tuple[Sequence[str], Rows]], links: Mapping[str, str] | None = None) -> bytes:
    """Return ``tables``, each the titles and the rows of a sheet by its name, as a workbook (XLSX).

    A name in a column ``xLabel`` is a link to the IRI in the column ``x``, which is folded away; other texts are links
    where ``links`` has an address for them. Numbers, days, moments without a time zone and truth values are such
    values, all else is text. Raises :class:`OutputError` for more than a sheet has room for.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"created": WRITTEN})
    looks = {name: book.add_format(look) for name, look in FORMATS.items()}
    for name, (titles, rows) in tables.items():
        if len(rows) > MOST_ROWS or len(titles) > MOST_COLUMNS:
            raise OutputError(
                f"A sheet has room for {MOST_ROWS} rows and {MOST_COLUMNS} columns; this answer has {len(rows)} and "
                f"{len(titles)}. Use another format."
            )
        _fill(book.add_worksheet(name), titles, rows, looks, links or {})
    book.close()
    return stream.getvalue()


def _fill(
    sheet: Worksheet, titles: Sequence[str], rows: Rows, looks: Mapping[str, Format], links: Mapping[str, str]
) -> None:
    named = {at: titles.index(iris) for at, title in enumerate(titles) if (iris := _named_by(title)) in titles}
    written = 0
    for at, title in enumerate(titles):
        sheet.write_string(0, at, _cell(title), looks["title"])
        width = len(title) + 3  # the sign of the filter stands beside it
        for number, row in enumerate(rows, 1):
            target = _address(row[named[at]] if at in named else row[at]) or links.get(_written(row[at]), "")
            if not target and isinstance(row[at], Literal):  # several places in one cell: the first of them
                target = links.get(_written(row[at]).partition("; ")[0], "")
            is_link = bool(target and _written(row[at])) and written < MOST_LINKS
            written += is_link
            width = max(width, _put(sheet, number, at, row[at], looks, target if is_link else "") + 1)
        folded = {"level": 1, "hidden": True} if at in named.values() else {}
        collapsed = {"collapsed": True} if at and not folded and at - 1 in named.values() else {}
        sheet.set_column(at, at, min(width, WIDEST), None, folded | collapsed)
    sheet.freeze_panes(1, 0)
    if titles:
        sheet.autofilter(0, 0, len(rows), len(titles) - 1)


def _named_by(title: str) -> str:
    """Return the column of IRIs whose names stand in the column ``title``."""
    return title.removesuffix("Label") if title.endswith("Label") else ""


def _address(term: Term | None) -> str:
    """Return the address that a link to ``term`` has; none for what no browser opens."""
    is_web = isinstance(term, NamedNode) and term.value.startswith(("http://", "https://"))
    return term.value if is_web and isinstance(term, NamedNode) and len(term.value) <= LONGEST_LINK else ""


def _put(sheet: Worksheet, row: int, at: int, term: Term | None, looks: Mapping[str, Format], target: str) -> int:
    """Write ``term`` into a cell, and return how many characters wide it is."""
    value = native(term)
    if value is None:
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value, looks["text"])
        return 5
    if isinstance(value, int | float | Decimal) and _fits(value):
        look = "whole" if value == int(value) else "number" if abs(Decimal(value)) >= SMALLEST else "plain"
        sheet.write_number(row, at, value, looks[look])
        return len(f"{value:,}")
    if isinstance(value, date) and _is_day(value):
        is_moment = isinstance(value, datetime)
        sheet.write_datetime(row, at, value, looks["moment" if is_moment else "day"])
        return 19 if is_moment else 10
    text = _cell(_written(term))
    look = "link" if target else "long" if len(text) > WIDEST or "\n" in text else "text"
    if not target or sheet.write_url(row, at, target, looks["link"], text) != 0:
        sheet.write_string(row, at, text, looks[look])
    return len(text)


def _cell(text: str) -> str:
    if len(text) > LONGEST:
        raise OutputError(
            f"A cell of a sheet holds {LONGEST} characters; one here has {len(text)}. Use another format."
        )
    return _NO_XML.sub("\ufffd", text)


def _fits(value: int | float | Decimal) -> bool:
    """Say whether a spreadsheet keeps the number ``value`` as it is."""
    if isinstance(value, float):
        return isfinite(value)
    exact = Decimal(value)
    return len(exact.normalize().as_tuple().digits) <= DIGITS and abs(exact.adjusted()) < LARGEST


def _is_day(value: date) -> bool:
    if isinstance(value, datetime):
        return value.tzinfo is None and value.date() >= FIRST_DAY and value.microsecond % 1000 == 0
    return value >= FIRST_DAY
