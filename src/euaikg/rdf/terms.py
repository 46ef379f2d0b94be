"""RDF terms as Python values, and as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from euaikg.core.output import printable
from euaikg.core.vocab import XSD, short

Term = NamedNode | Literal | BlankNode | Triple
Native = str | int | float | bool | Decimal | date | None

_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip


DEEPEST = 200
"""How deep triples may stand within triples; the engine reads them by recursion, and ends its process far deeper."""

_NESTING = re.compile(r'"(?:[^"\\\n]|\\.)*"|<<|>>')


def refuse_nesting(text: str) -> str:
    """Return RDF ``text`` as it is; raise :class:`ValueError` where triples stand too deep within triples."""
    depth = 0
    for sign in _NESTING.findall(text) if text.count("<<") > DEEPEST else ():
        depth += (sign == "<<") - (sign == ">>")
        if depth > DEEPEST:
            raise ValueError(f"triples stand within triples more than {DEEPEST} deep")
    return text


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
            number = Decimal(text)
            return number if number.is_finite() else text
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


def text(term: Term | None) -> str:
    """Return ``term`` for people: names for IRIs where short, numbers with thousands apart, control characters out."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return printable(short(term.value))
    if isinstance(term, Literal):
        value = native(term)
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}".replace(",", " ")
        if term.datatype.value == XSD + "decimal" and not isinstance(value, str | None):
            return f"{value:,f}".replace(",", " ").removesuffix(".0")
        return printable(term.value)
    return printable(str(term))
