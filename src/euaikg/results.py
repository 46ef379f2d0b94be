"""Answers: a table of RDF terms, a list of triples, or yes or no. Nothing here knows where they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from euaikg.vocab import XSD

Term = NamedNode | Literal | BlankNode | Triple
Row = tuple[Term | None, ...]
Native = str | int | float | bool | Decimal | date | None

_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip


def native(term: Term | None) -> Native:
    """Return the Python value of ``term``: int, Decimal, float, bool, date, or text; None where it is unbound.

    An IRI becomes its text, and so does a literal whose text does not fit its datatype.
    """
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode | BlankNode) else str(term)
    text, kind = term.value, term.datatype.value
    try:
        if kind in _INTEGERS:
            return int(text)
        if kind == XSD + "decimal":
            return Decimal(text)
        if kind in (XSD + "double", XSD + "float"):
            return float(text)
        if kind == XSD + "boolean" and text in ("true", "false", "1", "0"):
            return text in ("true", "1")
        if kind == XSD + "date":
            return date.fromisoformat(text)
        if kind == XSD + "dateTime":
            return datetime.fromisoformat(text)
    except (ValueError, ArithmeticError):
        pass
    return text


@dataclass(frozen=True)
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

    def to_dicts(self) -> list[dict[str, Native]]:
        """Return the rows as dictionaries of Python values (see :func:`native`)."""
        return [dict(zip(self.variables, map(native, row), strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Triples:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: list[Triple]

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)

    def __len__(self) -> int:
        return len(self.triples)


Answer = Table | Triples | bool
