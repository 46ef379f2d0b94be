"""How much the graph holds, counted by document and by kind of thing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from euaikg.errors import counted
from euaikg.questions import ask
from euaikg.sparql import formats, sheets
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Engine


@dataclass(frozen=True, repr=False)
class Counts:
    """What the graph holds: the table ``documents``, the table ``kinds``, and the number of ``triples``."""

    documents: Table
    kinds: Table
    triples: int

    def __str__(self) -> str:
        return f"{self.documents}\n\n{self.kinds}\n\n{self._total()}"

    def __repr__(self) -> str:
        return f"<Counts: {self._total()}>"

    def _repr_html_(self) -> str:
        return f"{self.documents._repr_html_()}\n{self.kinds._repr_html_()}\n<p>{self._total()}</p>"

    def _total(self) -> str:
        return counted(self.triples, "triple")

    def encode(self, form: str | None = None) -> bytes:
        """Return the counts in the format json, xlsx, or else as Markdown."""
        tables = {"documents": self.documents, "kinds": self.kinds}
        if form == "json":
            rows = {name: table.to_dicts() for name, table in tables.items()}
            document = {**rows, "triples": self.triples}
            return json.dumps(document, ensure_ascii=False, indent=1, default=str).encode() + b"\n"
        if form == "xlsx":
            return sheets.to_xlsx({name: (table.variables, table.rows) for name, table in tables.items()})
        written = b"\n".join(map(formats.to_markdown, tables.values()))
        return written + f"\n{self._total()}\n".encode()


def counts(engine: Engine, lang: str = "en") -> Counts:
    """Return what the graph of ``engine`` holds, with names in the language ``lang``."""
    tables = [ask.question(engine, name, {"lang": lang}).answer for name in ("documents", "graph-size")]
    documents, kinds = (table for table in tables if isinstance(table, Table))
    (row,) = engine.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").to_dicts()
    return Counts(documents, kinds, int(str(row["n"])))
