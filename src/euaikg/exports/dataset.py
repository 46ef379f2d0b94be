"""A Parquet data set for SQL engines: one row a fact, with its modality, day and passage, in a folder by document.

Names in English and Dutch stand beside the IRIs, so that most questions need no join. ``edges`` has what passages say
of things, ``statements`` and ``money`` their figures, stages and targets, ``passages`` and ``documents`` where it
stands, ``things`` and ``classes`` what it is about. What stands in no document is in the partition without a name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import IO, Any

from euaikg.core import files
from euaikg.core.progress import Progress, silent
from euaikg.errors import OutputError
from euaikg.exports.cells import BEHIND, WHOLE
from euaikg.exports.dataset_rows import Reader, Row, partition
from euaikg.questions.parameters import LANGUAGES
from euaikg.sparql.embedded import Engine

GROUP = 20_000
"""How many rows are held at once, and make up a group of a Parquet file."""


def _in(name: str) -> dict[str, str]:
    return {f"{name}_{lang}": "text" for lang in LANGUAGES}


_SAID = {
    "modality": "text", **_in("modality"), "stands": "truth", **_in("said_by"), "day": "day", "date_inferred": "truth",
    **_in("citation"), "passage": "text", "document_iri": "text",
}  # fmt: skip
"""What each fact carries of its passage; ``stands`` says whether it may be taken for so: neither denied nor ended."""

_FIGURE = {
    "low": "figure", "high": "figure", "qualifier": "text", **_in("qualifier"), "is_estimate": "truth",
    **_in("per"), "period": "text", **_in("condition"), "disputed_from": "day", **_in("dispute"),
    "superseded_on": "day",
}  # fmt: skip

COLUMNS: dict[str, dict[str, str]] = {
    "edges": {
        "subject": "text", **_in("subject"), "relation": "text", **_in("relation"), "object": "text", **_in("object"),
        "value": "text", "language": "text", **_in("role"), **_in("condition"), "valid_from": "day",
        "valid_until": "day", "statement": "text", **_SAID,
    },
    "statements": {
        "statement": "text", "kind": "text", "about": "text", **_in("about"), "what": "text", **_in("what"),
        "what_order": "count", "value": "figure", "value_min": "figure", "value_max": "figure", "unit": "text",
        **_in("unit"), **_in("population"), "as_of": "text", "effective_from": "day", "effective_in": "text",
        **_in("since"), "due": "day", **_FIGURE, **_SAID,
    },
    "money": {
        "statement": "text", "pot": "text", **_in("pot"), **_in("funders"), **_in("programmes"), **_in("financed"),
        "amount": "figure", "amount_min": "figure", "amount_max": "figure", "currency": "text", "mode": "text",
        **_in("mode"), **_FIGURE, **_SAID,
    },
    "passages": {
        "annex": "text", "section": "text", "paragraph": "count", "item": "text", "table_row": "count",
        "footnote": "count", "version": "text", "without_fact": "text", "facts": "count", **_SAID,
    },
    "documents": {
        "document": "text", "document_iri": "text", **_in("document"), **_in("short"), "version": "text",
        **_in("language"), "file": "text", "issued": "day", "corrected": "day", **_in("completeness"), **_in("excerpt"),
    },
    "things": {
        "thing": "text", **_in("thing"), "class": "text", **_in("class"), **_in("short"), **_in("also"),
        "notation": "text",
    },
    "classes": {"class": "text", **_in("class"), "above": "text"},
}  # fmt: skip
"""The tables with their columns, each with what it holds."""

PARTITIONED = ("edges", "statements", "money", "passages")


def contents(engine: Engine, progress: Progress = silent) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
    """Yield the name and the content of each file: the tables, and twenty of the stored questions as SQL.

    Each is to be read to its end before the next. Raises :class:`OutputError` where pyarrow is not installed, and for
    a figure with more digits than a column holds.
    """
    try:
        import pyarrow  # type: ignore[import-untyped]
    except ImportError:
        raise OutputError("Parquet needs the package pyarrow; install it with: pip install pyarrow") from None
    assert pyarrow
    reader, there = Reader(engine), set()
    for document, passages in reader.documents():
        progress(f"document {document}" if document else "what has no document")
        folder = f"document={partition(document)}"
        with ExitStack() as open_files:
            tables = {name: Table(open_files, name) for name in PARTITIONED}
            for table, row in chain(reader.facts(passages), () if document else reader.apart()):
                tables[table].add(row)
            for name, table_ in tables.items():
                if table_.count or not (document or name in there):
                    there.add(name)
                    yield f"{name}/{folder}/part-0.parquet", table_.blocks()
    for name, rows in (("documents", reader.versions), ("things", reader.things), ("classes", reader.classes)):
        progress(name)
        with ExitStack() as open_files:
            whole = Table(open_files, name)
            for row in rows():
                whole.add(row)
            yield f"{name}/part-0.parquet", whole.blocks()
    for path in files.shipped("queries/sql", ".sql"):
        yield f"queries/{path.name}", files.read_bytes(path)


class Table:
    """A Parquet file in the making; ``count`` rows are in it."""

    def __init__(self, open_files: ExitStack, name: str) -> None:
        import pyarrow as arrow

        kinds = {
            "text": arrow.string(),
            "count": arrow.int64(),
            "truth": arrow.bool_(),
            "day": arrow.date32(),
            "figure": arrow.decimal128(WHOLE + BEHIND, BEHIND),
        }
        self.schema = arrow.schema([(column, kinds[kind]) for column, kind in COLUMNS[name].items()])
        self.count = 0
        self._open_files = open_files
        self._rows: list[Row] = []
        self._stream: IO[bytes] | None = None
        self._writer: Any = None

    def add(self, row: Row) -> None:
        self.count += 1
        self._rows.append(row)
        if len(self._rows) >= GROUP:
            self._write()

    def _write(self) -> None:
        import pyarrow as arrow
        from pyarrow import parquet

        if self._stream is None:
            spool = tempfile.SpooledTemporaryFile(max_size=1 << 22)  # noqa: SIM115  # closed by the stack
            self._stream = self._open_files.enter_context(spool)
            self._writer = parquet.ParquetWriter(self._stream, self.schema, compression="zstd")
        self._writer.write_table(arrow.Table.from_pylist(self._rows, self.schema))
        self._rows = []

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of the file, to which nothing is added any more."""
        if self._rows or self._stream is None:
            self._write()
        assert self._stream is not None
        self._writer.close()
        self._stream.seek(0)
        while block := self._stream.read(1 << 18):
            yield block
