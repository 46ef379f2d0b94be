"""RDF terms as Python values, and as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from euaikg.core.vocab import XSD, short

Term = NamedNode | Literal | BlankNode | Triple
Native = str | int | float | bool | Decimal | date | None

INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
"""The datatypes of whole numbers."""

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_DECIMAL.pattern}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")

XML_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot hold."""


def token(term: Term) -> str:
    """Return ``term`` as N-Triples writes it."""
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def is_iri(text: str) -> bool:
    """Say whether ``text`` can be an IRI: http and urn alike, but neither a relative one nor a blank node."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def native(term: Term | None) -> Native:
    """Return the Python value of ``term``: int, Decimal, float, bool, date, or text; None where it is unbound.

    An IRI becomes its text, and so does a literal whose text does not fit its datatype; a blank node has ``_:`` in
    front, and a triple is written as N-Triples does.
    """
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode) else token(term)
    text, kind = term.value, term.datatype.value
    try:
        if kind in INTEGERS:
            return int(text) if _INTEGER.fullmatch(text) else text
        if kind == XSD + "decimal":
            return Decimal(text) if _DECIMAL.fullmatch(text) else text
        if kind in (XSD + "double", XSD + "float"):
            return float(text) if _DOUBLE.fullmatch(text) else text
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
        return short(term.value)
    if isinstance(term, Literal):
        value = native(term)
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}".replace(",", " ")
        if term.datatype.value == XSD + "decimal" and not isinstance(value, str | None):
            return f"{value:,f}".replace(",", " ").removesuffix(".0")
        return "".join(c if c.isprintable() else " " for c in term.value)
    return token(term)
