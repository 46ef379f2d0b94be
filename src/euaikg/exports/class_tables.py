"""Tables of the things of each class, for spreadsheets and data frames: CSV with its description, or Parquet.

A row is a thing, ``id`` its IRI. A column is a property by its term of the JSON-LD context: links are IRIs, with the
names of what they lead to beside them in ``..._en`` and ``..._nl``; texts have a column for each language. Several
values of one cell are joined by :data:`BETWEEN` in CSV and are a list in Parquet. A property has the same type in
every table; one that has values of other types than its own is text. A record of a relation stands in ``Statement``.

The lines wait in a temporary file, and rows are made from it as they are written, so that memory grows with the names
of things and not with what is said of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain, groupby, islice
from typing import IO, Any

from euaikg.core.groups import by_key
from euaikg.core.vocab import DCT, EUAI, RDF, RDFS, SKOS, XSD, short
from euaikg.errors import OutputError
from euaikg.questions.parameters import LANGUAGES
from euaikg.rdf import jsonld
from euaikg.rdf.ntriples import BLOCK, RUN, TYPE_TOKEN, Token, blocks, grouped, unescaped, value
from euaikg.rdf.terms import INTEGERS
from euaikg.rdf.turtle import FIRST, RANK
from euaikg.sparql.sheets import harmless

BETWEEN = " | "
"""Stands between the values of one cell."""

DESCRIPTION = "csv-metadata.json"
"""The file that describes the columns, where the W3C's CSV on the Web looks for it."""

UNTYPED = "untyped"
LONGEST_TITLE = 100

GROUP = 10_000
"""How many rows of a table are in memory at once."""

RECORD, OF_RDF, RELATION = f"<{EUAI}Statement>", f"<{RDF}Statement>", f"<{EUAI}RelationStatement>"
"""The classes that say that something is a record of a relation: the second says no more than the first."""

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
    digits: int = 0
    is_long: bool = False


Row = dict[str, list[Native]]


class Rows:
    """The things of one class: each with its row, read anew each time from the ``lines`` that wait in a file."""

    def __init__(self, lines: IO[bytes], names: dict[Token, dict[str, str]]) -> None:
        self.columns: dict[Token, list[Column]] = {}
        self.used: set[Token] = set()
        self.places = array("Q")
        self._lines = lines
        self._names = names

    def add(self, start: int, size: int, facts: Iterable[Token]) -> None:
        self.places.extend((start, size))
        self.used.update(facts)

    def take(self, others: Rows) -> None:
        """Take in the rows of ``others``, in the order of the lines."""
        pairs = zip(*[iter(chain(self.places, others.places))] * 2, strict=True)
        self.places = array("Q", chain.from_iterable(sorted(pairs)))
        self.used |= others.used

    def __len__(self) -> int:
        return len(self.places) // 2

    def __iter__(self) -> Iterator[tuple[str, Row]]:
        for start, size in zip(*[iter(self.places)] * 2, strict=True):
            self._lines.seek(start)
            content = self._lines.read(size)
            row = {
                column.name: cell
                for predicate, tokens in _facts(content).items()
                for column in self.columns.get(predicate, ())
                if (cell := _cell(column, tokens, self._names))
            }
            yield content.split(b" ", 1)[0].decode().strip("<>"), row


@dataclass
class Sheet:
    """The things of one class: ``rows`` map the name of a column to the values of the cell."""

    name: str
    kind: str
    columns: list[Column]
    rows: Rows


def sheets(lines: Iterable[bytes]) -> list[Sheet]:
    """Return a table for each class in sorted ``lines`` of N-Triples, by name; a thing stands in that of each class."""
    waiting = tempfile.SpooledTemporaryFile(max_size=RUN * 256)  # noqa: SIM115  # the rows read it
    names: dict[Token, dict[str, str]] = {}
    found: dict[Token, Rows] = {}
    start = 0
    for subject, group in groupby(lines, lambda line: line.split(b" ", 1)[0]):
        content = b"".join(group)
        waiting.write(content)
        facts = _facts(content)
        if called := _names(facts):
            names[subject.decode()] = called
        kinds = facts.get(TYPE_TOKEN, [""])
        for kind in kinds:
            if kind != OF_RDF or RECORD not in kinds:
                found.setdefault(kind, Rows(waiting, names)).add(start, len(content), facts)
        start += len(content)
    if RECORD in found and RELATION in found:
        found[RECORD].take(found[RELATION])
    waiting.seek(0)
    columns = _columns((by_key(said) for _, said in grouped(waiting)), names)
    made = []
    for kind, name in _titles(sorted(found)).items():
        rows = found[kind]
        rows.columns = {predicate: columns[predicate] for predicate in rows.used if predicate in columns}
        made.append(Sheet(name, kind[1:-1], sorted(chain.from_iterable(rows.columns.values()), key=_rank), rows))
    return sorted(made, key=lambda sheet: sheet.name)


def _facts(content: bytes) -> dict[Token, list[Token]]:
    """Return what the lines about one subject say, by property."""
    cut = (line.split(" ", 2) for line in content.decode()[:-1].split("\n"))
    return by_key((predicate, value[:-2]) for _, predicate, value in cut)


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
    several: set[str] = field(default_factory=set)  # languages, "" for links and values without
    scale: int = 0
    digits: int = 0
    is_long: bool = False

    def add(self, tokens: list[Token], names: dict[Token, dict[str, str]]) -> None:
        count: dict[str, int] = {}
        for token in tokens:
            kind = ""
            if token.startswith('"'):
                text, kind, datatype = value(token)
                if kind:
                    self.languages.add(kind)
                else:
                    self._measure(datatype if _reads(datatype, text) else "", text)
            elif token.startswith("<<"):
                self.datatypes.add("")
                self.links = True
            else:
                self.links = True
                self.named |= token in names
            count[kind] = count.get(kind, 0) + 1
        self.several.update(kind for kind, number in count.items() if number > 1)

    def _measure(self, datatype: str, text: str) -> None:
        self.datatypes.add(datatype)
        if datatype in INTEGERS or datatype == XSD + "decimal":
            whole, _, behind = text.lstrip("-").partition(".")
            self.scale = max(self.scale, len(behind))
            self.digits = max(self.digits, len(whole))
            self.is_long |= len(whole) > 18 and not -(2**63) <= int(text.partition(".")[0]) < 2**63


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
        several = always or "" in seen.several
        found.append(Column(name, iri, is_link=not seen.datatypes, is_list=several))
        if seen.named and not seen.languages:
            found += [Column(f"{name}_{lang}", iri, language=lang, is_name=True, is_list=several) for lang in LANGUAGES]
    elif seen.datatypes:
        datatype = "" if len(seen.datatypes) > 1 else next(iter(seen.datatypes))
        column = Column(name, iri, datatype, is_list=always or "" in seen.several)
        found.append(replace(column, scale=seen.scale, digits=seen.digits, is_long=seen.is_long))
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


def to_csv(made: list[Sheet]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the name and the content of a CSV file (RFC 4180, UTF-8) for each sheet, and last their description."""
    for sheet in made:
        yield f"{sheet.name}.csv", blocks(_csv(sheet))
    yield DESCRIPTION, [json.dumps(description(made), ensure_ascii=False, indent=1).encode() + b"\n"]


def _csv(sheet: Sheet) -> Iterator[str]:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["id", *(column.name for column in sheet.columns)])
    for subject, row in sheet.rows:
        writer.writerow([subject, *(_joined(column, row.get(column.name, [])) for column in sheet.columns)])
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()
    yield stream.getvalue()


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


def to_parquet(made: list[Sheet]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the name and the content of a Parquet file for each sheet.

    Whole numbers are int64, decimals decimal128, days date32, truth values bool. Raises :class:`OutputError` where
    pyarrow is not installed.
    """
    try:
        import pyarrow  # type: ignore[import-untyped]
    except ImportError:
        raise OutputError("Parquet needs the package pyarrow; install it with: pip install pyarrow") from None
    assert pyarrow
    for sheet in made:
        yield f"{sheet.name}.parquet", _parquet(sheet)


def _parquet(sheet: Sheet) -> Iterator[bytes]:
    import pyarrow as arrow
    from pyarrow import parquet

    def kind(column: Column) -> Any:
        if column.datatype in INTEGERS and not column.is_long:
            return arrow.int64()
        if column.datatype in (*INTEGERS, XSD + "decimal") and column.digits + column.scale <= 38:
            return arrow.decimal128(38, column.scale)
        return {XSD + "boolean": arrow.bool_(), XSD + "date": arrow.date32()}.get(column.datatype, arrow.string())

    def array_of(column: Column, kind: Any, rows: list[tuple[str, Row]]) -> Any:
        cells: list[list[Any]] = [row.get(column.name, []) for _, row in rows]
        if kind == arrow.string():
            cells = [[_written(native) for native in cell] for cell in cells]
        if column.is_list:
            return arrow.array(cells, arrow.list_(kind))
        return arrow.array([cell[0] if cell else None for cell in cells], kind)

    kinds = [kind(column) for column in sheet.columns]
    fields = [arrow.field("id", arrow.string(), nullable=False)]
    for column, its_kind in zip(sheet.columns, kinds, strict=True):
        held = arrow.list_(its_kind) if column.is_list else its_kind
        fields.append(arrow.field(column.name, held, metadata={"property": column.property}))
    schema, rows = arrow.schema(fields), iter(sheet.rows)
    with tempfile.SpooledTemporaryFile(max_size=RUN * 64) as stream:
        with parquet.ParquetWriter(stream, schema) as writer:
            while group := list(islice(rows, GROUP)):
                arrays = [arrow.array([subject for subject, _ in group], arrow.string())]
                arrays += [array_of(*pair, group) for pair in zip(sheet.columns, kinds, strict=True)]
                writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
        stream.seek(0)
        while block := stream.read(BLOCK):
            yield block
