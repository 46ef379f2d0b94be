"""Answers: a table of RDF terms, a list of triples, or yes or no. Nothing here knows where they came from.

An answer iterates as RDF terms, turns into Python values, into a data frame where pandas or polars is there, and shows
itself in a notebook. What people see of a table is decided here too: see :func:`title` and :func:`columns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from euaikg.errors import counted
from euaikg.rdf.terms import Native, Term, native, text

if TYPE_CHECKING:
    import pandas
    import polars

Row = tuple[Term | None, ...]

SHOWN = 50
"""How many rows a notebook shows of an answer."""


def columns(table: Table) -> list[int]:
    """Return the positions of the columns that people see: IRI columns with a label column beside them are left out."""
    names = set(table.variables)
    return [at for at, name in enumerate(table.variables) if f"{name}Label" not in names]


def title(variable: str) -> str:
    """Return a column title made of a variable name: ``funderLabel`` becomes ``funder``."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in variable)
    return spaced.removesuffix(" label").removesuffix(" labels") or spaced


@dataclass(frozen=True, repr=False)
class Table:
    """The answer to a SELECT: ``variables`` without question mark, and ``rows`` of RDF terms, None where unbound."""

    variables: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        """Iterate the rows as dictionaries of RDF terms."""
        for row in self.rows:
            yield dict(zip(self.variables, row, strict=True))

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Table of {counted(len(self), 'row')}: {', '.join(self.variables)}>"

    def _repr_html_(self) -> str:
        seen = columns(self)
        return _html(
            [title(self.variables[at]) for at in seen],
            [[row[at] for at in seen] for row in self.rows[:SHOWN]],
            len(self),
        )

    def column(self, name: str) -> list[Term | None]:
        """Return the RDF terms of the column ``name``; raise :class:`KeyError` where there is none."""
        if name not in self.variables:
            raise KeyError(name)
        at = self.variables.index(name)
        return [row[at] for row in self.rows]

    def to_dicts(self) -> list[dict[str, Native]]:
        """Return the rows as dictionaries of Python values (see :func:`native`)."""
        return [dict(zip(self.variables, map(native, row), strict=True)) for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas data frame with a column for each variable, missing where unbound.

        Integers are ``Int64``, doubles ``Float64``, truth values ``boolean``, dates and times ``datetime64``, all else
        ``string``; decimals, which must stay exact, are Python decimals. Raises
        :class:`~euaikg.errors.MissingLibraryError` where pandas is not installed.
        """
        from euaikg.sparql import dataframes

        return dataframes.to_pandas(self._natives())

    def to_polars(self) -> polars.DataFrame:
        """Return a polars data frame with a column for each variable, null where unbound.

        Integers are ``Int64``, decimals ``Decimal``, doubles ``Float64``, truth values ``Boolean``, dates ``Date``,
        times ``Datetime``, all else ``String``. Raises :class:`~euaikg.errors.MissingLibraryError` where polars is
        not installed.
        """
        from euaikg.sparql import dataframes

        return dataframes.to_polars(self._natives())

    def _natives(self) -> dict[str, list[Native]]:
        return {name: [native(row[at]) for row in self.rows] for at, name in enumerate(self.variables)}


@dataclass(frozen=True, repr=False)
class Triples:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: list[Triple]

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def __len__(self) -> int:
        return len(self.triples)

    def __repr__(self) -> str:
        return f"<Triples: {len(self)}>"

    def _repr_html_(self) -> str:
        rows = [[triple.subject, triple.predicate, triple.object] for triple in self.triples[:SHOWN]]
        return _html(["subject", "predicate", "object"], rows, len(self))


Answer = Table | Triples | bool


def _html(titles: Sequence[str], rows: Sequence[Sequence[Term | None]], count: int) -> str:
    """Return a table for a notebook: all text escaped, numbers to the right, and below it how many rows there are."""
    from html import escape

    def cell(term: Term | None) -> str:
        value = native(term)
        number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return f'<td style="text-align: {"right" if number else "left"}">{escape(text(term))}</td>'

    head = "".join(f'<th style="text-align: left">{escape(title)}</th>' for title in titles)
    body = "\n".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    below = counted(count, "row") if count == len(rows) else f"The first {len(rows)} of {counted(count, 'row')}"
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n<p>{below}</p>"
