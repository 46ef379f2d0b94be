"""Answers: a table of RDF terms, a list of triples, or yes or no. Nothing here knows where they came from.

An answer iterates as RDF terms, its subscripts give Python values, it turns into a data frame where pandas or polars is
there, and shows itself in a terminal and in a notebook. What people see of a table is decided here too: see
:func:`cells`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

from pyoxigraph import Triple

from euaikg.core import writing
from euaikg.errors import counted
from euaikg.rdf.terms import Native, Term, native, text
from euaikg.sparql import grid, sheets
from euaikg.sparql.columns import is_number, title

if TYPE_CHECKING:
    import pandas
    import polars

Row = tuple[Term | None, ...]

SHOWN = 50
"""How many rows a notebook shows of an answer."""

GLANCE = 10
"""How many rows an answer shows of itself where it is looked at in passing."""


@dataclass(frozen=True, repr=False)
class Table:
    """The answer to a SELECT: ``variables`` without question mark, and ``rows`` of RDF terms, None where unbound.

    ``notes`` are sentences about the answer, such as why it has no rows; ``shown`` are the variables whose columns
    people see, in this order (without any, all), and ``lang`` is the language of its names. These do not count where
    answers are compared.
    """

    variables: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    notes: tuple[str, ...] = field(default=(), compare=False)
    shown: tuple[str, ...] = field(default=(), compare=False)
    lang: str = field(default="en", compare=False)

    def __iter__(self) -> Iterator[dict[str, Term | None]]:
        """Iterate the rows as dictionaries of RDF terms."""
        for row in self.rows:
            yield dict(zip(self.variables, row, strict=True))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, key: str) -> list[Native]: ...
    @overload
    def __getitem__(self, key: int) -> dict[str, Native]: ...
    @overload
    def __getitem__(self, key: slice) -> Table: ...
    def __getitem__(self, key: str | int | slice) -> list[Native] | dict[str, Native] | Table:
        """Return the Python values of the column of a name or the row of a number, or a table of the rows of a slice.

        Raises :class:`KeyError` where there is no such column, and :class:`IndexError` where there is no such row.
        """
        if isinstance(key, slice):
            return replace(self, rows=self.rows[key])
        if isinstance(key, str):
            return list(map(native, self.column(key)))
        return dict(zip(self.variables, map(native, self.rows[key]), strict=True))

    def __str__(self) -> str:
        """Return the table for people, as wide as the terminal, its notes below it."""
        return "\n".join([self._printed(), *self.notes])

    def _printed(self) -> str:
        return grid.show(self, shutil.get_terminal_size().columns)

    def _told(self) -> str:
        return f"<Table of {counted(len(self), 'row')}: {', '.join(self.variables)}>"

    def __repr__(self) -> str:
        """Return the first rows as people see them, and how many there are of which columns."""
        return f"{self[:GLANCE]._printed()}\n\n{self._told()}" if self.rows else self._told()

    def _repr_html_(self) -> str:
        from html import escape

        def row(tag: str, parts: list[str]) -> str:
            sides = ("right; white-space: nowrap" if right else "left" for right in numeric)
            made = (
                f'<{tag} style="text-align: {side}">{escape(part)}</{tag}>'
                for side, part in zip(sides, parts, strict=True)
            )
            return f"<tr>{''.join(made)}</tr>"

        titles, rows, numeric = cells(Table(self.variables, self.rows[:SHOWN]))
        cut = f"The first {SHOWN} of " * (len(self) > SHOWN)
        below = "\n".join(f"<p>{escape(line)}</p>" for line in (cut + counted(len(self), "row"), *self.notes))
        body = "\n".join(row("td", parts) for parts in rows)
        return f"<table>\n<thead>{row('th', titles)}</thead>\n<tbody>\n{body}\n</tbody>\n</table>\n{below}"

    def column(self, name: str) -> list[Term | None]:
        """Return the RDF terms of the column ``name``; raise :class:`KeyError` where there is none."""
        if name not in self.variables:
            raise KeyError(f"{name}: there is no such column; there are {', '.join(self.variables)}")
        at = self.variables.index(name)
        return [row[at] for row in self.rows]

    def to_dicts(self) -> list[dict[str, Native]]:
        """Return the rows as dictionaries of Python values (see :func:`native`)."""
        return [dict(zip(self.variables, map(native, row), strict=True)) for row in self.rows]

    def columns(self) -> dict[str, list[Native]]:
        """Return the Python values of each column by its name, None where unbound."""
        return {name: [native(row[at]) for row in self.rows] for at, name in enumerate(self.variables)}

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Return the answer as CSV (RFC 4180), or write it to the file ``path``, packed where that ends in ``.gz``.

        It is what ``euaikg query --format csv`` writes: all columns, and an apostrophe before a text that a spreadsheet
        would take for a formula. Raises :class:`~euaikg.errors.OutputError` where the file cannot be written.
        """
        content = sheets.to_csv(self.variables, self.rows)
        if path is None:
            return content.decode()
        writing.save(Path(path), content)
        return None

    def to_pandas(self, *, decimals: bool = False) -> pandas.DataFrame:
        """Return a pandas data frame with a column for each variable, missing where unbound.

        Whole numbers are ``Int64``, decimals too where the whole column is, and else ``float64``, which can be plotted;
        with ``decimals`` they are Python decimals, which are exact. Doubles are ``float64``, truth values ``boolean``,
        dates and times ``datetime64``, all else ``string``. Raises :class:`~euaikg.errors.MissingLibraryError` where
        pandas is not installed.
        """
        from euaikg.sparql import dataframes

        return dataframes.to_pandas(self.columns(), decimals)

    def to_polars(self, *, decimals: bool = False) -> polars.DataFrame:
        """Return a polars data frame with a column for each variable, null where unbound.

        Whole numbers are ``Int64``, decimals too where the whole column is, and else ``Float64``; with ``decimals``
        they are ``Decimal``. Doubles are ``Float64``, truth values ``Boolean``, dates ``Date``, times ``Datetime``, all
        else ``String``. Raises :class:`~euaikg.errors.MissingLibraryError` where polars is not installed.
        """
        from euaikg.sparql import dataframes

        return dataframes.to_polars(self.columns(), decimals)


@dataclass(frozen=True, repr=False)
class Triples:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: list[Triple]

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def __len__(self) -> int:
        return len(self.triples)

    @overload
    def __getitem__(self, key: int) -> Triple: ...
    @overload
    def __getitem__(self, key: slice) -> Triples: ...
    def __getitem__(self, key: int | slice) -> Triple | Triples:
        return Triples(self.triples[key]) if isinstance(key, slice) else self.triples[key]

    def table(self) -> Table:
        """Return the triples as a table with the columns ``subject``, ``predicate`` and ``object``."""
        return Table(("subject", "predicate", "object"), list(map(tuple, self.triples)))

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Return the triples as CSV, or write it to the file ``path``, as a table does."""
        return self.table().to_csv(path)

    def __str__(self) -> str:
        return str(self.table())

    def __repr__(self) -> str:
        return f"<Triples: {len(self)}>"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


Answer = Table | Triples | bool


class Cells(NamedTuple):
    """What people see of a table: the titles of its columns, the text of its rows, and which columns hold numbers."""

    titles: list[str]
    rows: list[list[str]]
    numeric: list[bool]


def cells(table: Table, iris: bool = False) -> Cells:
    """Return what people see of ``table``: names in place of IRIs wherever there are, with ``iris`` beside them.

    A column ``xLabel`` takes the place of ``x``. A title is made of the name of a variable: ``funderLabel`` becomes
    ``funder``.
    """
    seen = [at for at, name in enumerate(table.variables) if iris or f"{name}Label" not in table.variables]
    return Cells(
        [title(table.variables[at]) for at in seen],
        [[text(row[at]) for at in seen] for row in table.rows],
        [bool(table.rows) and all(is_number(row[at]) for row in table.rows) for at in seen],
    )
