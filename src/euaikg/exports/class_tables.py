"""Tables of the things of each class, for spreadsheets and data frames: CSV with its description, or Parquet.

A row is a thing, ``id`` its IRI. A column is a property by its term of the JSON-LD context: links are IRIs, with the
names of what they lead to beside them in ``..._en`` and ``..._nl``; texts have a column for each language. Several
values of one cell are joined by :data:`BETWEEN` in CSV and are a list in Parquet. A property has the same type in
every table; one that has values of other types than its own is text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from euaikg.core.groups import by_key
from euaikg.core.vocab import DCT, RDFS, SKOS, XSD, short
from euaikg.errors import OutputError
from euaikg.questions.parameters import LANGUAGES
from euaikg.rdf import jsonld
from euaikg.rdf.ntriples import TYPE_TOKEN, Token, grouped, unescaped, value
from euaikg.rdf.terms import INTEGERS
from euaikg.rdf.turtle import FIRST, RANK
from euaikg.sparql.sheets import harmless

BETWEEN = " | "
"""Stands between the values of one cell."""

DESCRIPTION = "csv-metadata.json"
"""The file that describes the columns, where the W3C's CSV on the Web looks for it."""

UNTYPED = "untyped"
LONGEST_TITLE = 100

_NAMES = (f"<{SKOS}prefLabel>", f"<{RDFS}label>", f"<{DCT}bibliographicCitation>")

Native = str | int | bool | Decimal | date

READERS: dict[str, tuple[re.Pattern[str], Callable[[str], Native]]] = {
    **{kind: (re.compile(r"0|-?[1-9][0-9]{0,3999}"), int) for kind in INTEGERS},
    XSD + "decimal": (re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"), Decimal),
    XSD + "boolean": (re.compile("true|false"), lambda text: text == "true"),
    XSD + "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat),
}
"""The datatypes that columns can have beside text: what a value looks like, and the function that reads it.

A value that would not come out as it was given, such as 007, makes its column one of text.
"""


@dataclass
class Column:
    """A column: its ``name``, the ``property`` it shows, the ``datatype`` of its values (IRI, or "" for text).

    With ``language`` it holds the texts in that language, or the names in it of what is linked if ``is_name``.
    """

    name: str
    property: str
    datatype: str = ""
    language: str = ""
    is_link: bool = False
    is_name: bool = False
    is_list: bool = False
    scale: int = 0


@dataclass
class Sheet:
    """The things of one class: ``rows`` map the name of a column to the values of the cell."""

    name: str
    kind: str
    columns: list[Column] = field(default_factory=list)
    rows: list[tuple[str, dict[str, list[Native]]]] = field(default_factory=list)


def sheets(lines: Iterable[bytes]) -> list[Sheet]:
    """Return a table for each class in sorted ``lines`` of N-Triples, by name; a thing stands in that of each class."""
    things = {subject: by_key(said) for subject, said in grouped(lines)}
    names = {subject: found for subject, facts in things.items() if (found := _names(facts))}
    columns = _columns(things.values(), names)
    kinds = sorted({kind for facts in things.values() for kind in facts.get(TYPE_TOKEN, [""])})
    made = {kind: Sheet(name, kind[1:-1]) for kind, name in _titles(kinds).items()}
    used: dict[Token, set[Token]] = {}
    for subject, facts in things.items():
        row = {
            column.name: cell
            for predicate, tokens in facts.items()
            for column in columns.get(predicate, ())
            if (cell := _cell(column, tokens, names))
        }
        for kind in facts.get(TYPE_TOKEN, [""]):
            used.setdefault(kind, set()).update(facts)
            made[kind].rows.append((subject.strip("<>"), row))
    for kind, sheet in made.items():
        known = [columns[predicate] for predicate in used[kind] if predicate in columns]
        sheet.columns = sorted((column for of in known for column in of), key=_rank)
    return sorted(made.values(), key=lambda sheet: sheet.name)


def _names(facts: dict[Token, list[Token]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for token in (token for predicate in _NAMES for token in facts.get(predicate, [])):
        if token.startswith('"'):
            text, language, _ = value(token)
            found.setdefault(language, unescaped(text))
    return found


@dataclass
class _Seen:
    """What the values of one property are like, over all things."""

    links: bool = False
    named: bool = False
    datatypes: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    several: set[str] = field(default_factory=set)  # languages, "" for values without, and "@id"
    scale: int = 0

    def add(self, tokens: list[Token], names: dict[Token, dict[str, str]]) -> None:
        count: dict[str, int] = {}
        for token in tokens:
            kind = "@id"
            if token.startswith('"'):
                text, kind, datatype = value(token)
                if kind:
                    self.languages.add(kind)
                else:
                    self.datatypes.add(datatype if _reads(datatype, text) else "")
                    self.scale = max(self.scale, len(text.partition(".")[2]))
            elif token.startswith("<<"):
                self.datatypes.add("")
                self.links = True
            else:
                self.links = True
                self.named |= token in names
            count[kind] = count.get(kind, 0) + 1
        self.several.update(kind for kind, number in count.items() if number > 1)


def _columns(
    things: Iterable[dict[Token, list[Token]]], names: dict[Token, dict[str, str]]
) -> dict[Token, list[Column]]:
    """Return the columns of each property, from all its values."""
    properties: dict[Token, _Seen] = {}
    for facts in things:
        for predicate, tokens in facts.items():
            if predicate != TYPE_TOKEN:
                properties.setdefault(predicate, _Seen()).add(tokens, names)
    return {predicate: _columns_of(predicate[1:-1], seen) for predicate, seen in properties.items()}


def _columns_of(iri: str, seen: _Seen) -> list[Column]:
    term = jsonld.properties().get(iri)
    name = term.name if term else short(iri)
    always = term is not None and term.is_list
    found = []
    if seen.links:
        several = always or "@id" in seen.several or bool(seen.datatypes)
        found.append(Column(name, iri, is_link=not seen.datatypes, is_list=several))
        if seen.named and not seen.languages:
            found += [Column(f"{name}_{lang}", iri, language=lang, is_name=True, is_list=several) for lang in LANGUAGES]
    elif seen.datatypes:
        datatype = "" if len(seen.datatypes) > 1 else next(iter(seen.datatypes))
        found.append(Column(name, iri, datatype, is_list=always or "" in seen.several, scale=min(seen.scale, 37)))
    return found + [
        Column(f"{name}_{lang}", iri, language=lang, is_list=always or lang in seen.several)
        for lang in sorted(seen.languages)
    ]


def _reads(datatype: str, text: str) -> bool:
    if datatype not in READERS or not READERS[datatype][0].fullmatch(text):
        return False
    try:
        READERS[datatype][1](text)
    except ValueError:  # no such day
        return False
    return True


def _cell(column: Column, tokens: list[Token], names: dict[Token, dict[str, str]]) -> list[Native]:
    if column.is_name:
        found = [names.get(token, {}) for token in tokens if not token.startswith('"')]
        return [of.get(column.language) or next(iter(of.values()), "") for of in found] if any(found) else []
    cell: list[Native] = []
    for token in tokens:
        if not token.startswith('"'):
            if not column.language:
                cell.append(token if token.startswith("<<") else token.strip("<>"))
            continue
        text, language, _ = value(token)
        if language == column.language:
            cell.append(READERS[column.datatype][1](text) if column.datatype else unescaped(text))
    return cell


def _rank(column: Column) -> tuple[int, str, str]:
    return RANK.get(f"<{column.property}>", len(FIRST)), column.property, column.name


def _titles(kinds: list[Token]) -> dict[Token, str]:
    """Return a name for the file of each class, unlike any other even where a file system ignores case."""
    titles: dict[Token, str] = {}
    taken: set[str] = set()
    for kind in kinds:
        term = jsonld.classes().get(kind[1:-1])
        plain = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[/#:]", kind.strip("<>"))[-1]).strip("-")
        title = base = UNTYPED if not kind else term or plain[:LONGEST_TITLE] or "class"
        number = 1
        while title.lower() in taken:
            number += 1
            title = f"{base}-{number}"
        taken.add(title.lower())
        titles[kind] = title
    return titles


def to_csv(made: list[Sheet]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of a CSV file (RFC 4180, UTF-8) for each sheet, and last their description."""
    for sheet in made:
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(["id", *(column.name for column in sheet.columns)])
        for subject, row in sheet.rows:
            writer.writerow([subject, *(_joined(column, row.get(column.name, [])) for column in sheet.columns)])
        yield f"{sheet.name}.csv", stream.getvalue().encode()
    yield DESCRIPTION, json.dumps(description(made), ensure_ascii=False, indent=1).encode() + b"\n"


def _joined(column: Column, cell: list[Native]) -> str:
    if column.datatype and len(cell) < 2:
        return _written(cell[0]) if cell else ""
    return harmless(BETWEEN.join(map(_written, cell)))


def _written(native: Native) -> str:
    if isinstance(native, bool):
        return "true" if native else "false"
    return f"{native:f}" if isinstance(native, Decimal) else str(native)


def description(made: list[Sheet]) -> dict[str, Any]:
    """Return what the columns of the CSV files hold, as metadata of the W3C's CSV on the Web."""

    def column(known: Column) -> dict[str, Any]:
        told: dict[str, Any] = {"titles": known.name}
        if known.is_name:
            return told | {"lang": known.language, "separator": BETWEEN, "suppressOutput": True}
        told["propertyUrl"] = known.property
        kind = "anyURI" if known.is_link else known.datatype.removeprefix(XSD) or "string"
        told["datatype"] = kind
        if known.language:
            told["lang"], _, direction = known.language.partition("--")
            if direction:
                told["textDirection"] = direction
        if known.is_list:
            told["separator"] = BETWEEN
        return told

    identifier = {"titles": "id", "name": "id", "datatype": "anyURI", "required": True, "suppressOutput": True}
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "tables": [
            {
                "url": f"{sheet.name}.csv",
                "dc:subject": {"@id": sheet.kind} if sheet.kind else UNTYPED,
                "tableSchema": {
                    "aboutUrl": "{+id}",
                    "primaryKey": "id",
                    "columns": [identifier, *map(column, sheet.columns)],
                },
            }
            for sheet in made
        ],
    }


def to_parquet(made: list[Sheet]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of a Parquet file for each sheet.

    Whole numbers are int64, decimals decimal128, days date32, truth values bool. Raises :class:`OutputError` where
    pyarrow is not installed.
    """
    try:
        import pyarrow as arrow  # type: ignore[import-untyped]
        from pyarrow import parquet
    except ImportError:
        raise OutputError("Parquet needs the package pyarrow; install it with: pip install pyarrow") from None

    def array(column: Column, cells: list[list[Native]]) -> Any:
        kinds = {
            **{kind: [arrow.int64(), arrow.decimal128(38, 0)] for kind in INTEGERS},
            XSD + "decimal": [arrow.decimal128(38, column.scale)],
            XSD + "boolean": [arrow.bool_()],
            XSD + "date": [arrow.date32()],
        }.get(column.datatype, [])
        for kind in kinds:
            try:
                return filled(kind, cells, column.is_list)
            except (OverflowError, arrow.ArrowInvalid):  # too long for the type
                continue
        return filled(arrow.string(), [[_written(native) for native in cell] for cell in cells], column.is_list)

    def filled(kind: Any, cells: list[list[Native]] | list[list[str]], is_list: bool) -> Any:
        if is_list:
            return arrow.array(cells, arrow.list_(kind))
        return arrow.array([cell[0] if cell else None for cell in cells], kind)

    for sheet in made:
        arrays = [arrow.array([subject for subject, _ in sheet.rows], arrow.string())]
        arrays += [array(column, [row.get(column.name, []) for _, row in sheet.rows]) for column in sheet.columns]
        fields = [arrow.field("id", arrays[0].type, nullable=False)]
        for column, filled_in in zip(sheet.columns, arrays[1:], strict=True):
            fields.append(arrow.field(column.name, filled_in.type, metadata={"property": column.property}))
        stream = io.BytesIO()
        parquet.write_table(arrow.Table.from_arrays(arrays, schema=arrow.schema(fields)), stream)
        yield f"{sheet.name}.parquet", stream.getvalue()
