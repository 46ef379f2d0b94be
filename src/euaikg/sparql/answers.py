"""Answers: a table of RDF terms, a list of triples, or yes or no. Nothing here knows where they came from.

An answer iterates as RDF terms, turns into Python values, into a data frame where pandas or polars is there, and shows
itself in a notebook. What people see of a table is decided here too: see :func:`cells`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Triple

from euaikg.errors import counted
from euaikg.rdf.terms import Native, Term, native, text
from euaikg.sparql.columns import is_number, title

if TYPE_CHECKING:
    import pandas
    import polars

Row = tuple[Term | None, ...]

SHOWN = 50
"""How many rows a notebook shows of an answer."""


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

    def __repr__(self) -> str:
        return f"<Table of {counted(len(self), 'row')}: {', '.join(self.variables)}>"

    def _repr_html_(self) -> str:
        from html import escape

        def row(tag: str, parts: list[str]) -> str:
            sides = ("right" if right else "left" for right in numeric)
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
        return Table(("subject", "predicate", "object"), list(map(tuple, self.triples)))._repr_html_()


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
