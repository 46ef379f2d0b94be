"""RDF terms as Python values, and as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from math import inf

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from euaikg.core.output import printable
from euaikg.core.vocab import XSD, short

Term = NamedNode | Literal | BlankNode | Triple
Native = str | int | float | bool | Decimal | date | None

_SIZES = (("long", 64), ("int", 32), ("short", 16), ("byte", 8))
INTEGERS = {
    XSD + name: bounds
    for name, bounds in {
        "integer": (-inf, inf),
        "nonNegativeInteger": (0, inf),
        "positiveInteger": (1, inf),
        "nonPositiveInteger": (-inf, 0),
        "negativeInteger": (-inf, -1),
        **{name: (-(1 << bits - 1), (1 << bits - 1) - 1) for name, bits in _SIZES},
        **{f"unsigned{name.title()}": (0, (1 << bits) - 1) for name, bits in _SIZES},
    }.items()
}
"""The datatypes of whole numbers, each with its lowest and highest value."""

_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"

_FORMS = {kind: re.compile(r"[+-]?[0-9]+") for kind in INTEGERS} | {
    XSD + name: re.compile(form)
    for name, form in {
        "boolean": "true|false|1|0",
        "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
        **dict.fromkeys(("double", "float"), r"[+-]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|INF)|NaN"),
        "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "dateTime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?" + _ZONE,
    }.items()
}
"""How values are written in XML Schema, which is stricter than Python.

What Python has no type for, or would round, is none of them: a day with a time zone, a moment to more than a millionth
of a second.
"""


SMALLEST, LARGEST = 1e-9, 1e21
"""Between these numbers of floating point are written out for people, in digits alone."""


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


DEEPEST = 200
"""How deep triples may stand within triples; the engine reads them by recursion, and ends its process far deeper."""

_NESTING = re.compile(
    r"""\\.|"{3}(?:"{0,2}(?:[^"\\]|\\.))*+(?:"{3}|())|'{3}(?:'{0,2}(?:[^'\\]|\\.))*+(?:'{3}|())"""
    r"""|"(?:[^"\\\r\n]|\\.)*+(?:"|())|'(?:[^'\\\r\n]|\\.)*+(?:'|())|<[^<>"\s]*>|\#[^\r\n]*|<<|>>""",
    re.DOTALL,
)
"""What begins and ends triples in Turtle and its like, and all that may only seem to: strings, IRIs, comments.

A group is there where a string does not end.
"""


def refuse_nesting(text: str) -> str:
    """Return RDF ``text`` as it is; raise :class:`ValueError` where triples stand too deep within triples."""
    depth = 0
    for sign in _NESTING.finditer(text) if text.count("<<") > DEEPEST else ():
        if sign.lastindex:
            raise ValueError("a text does not end")
        depth += (sign[0] == "<<") - (sign[0] == ">>")
        if depth > DEEPEST:
            raise ValueError(f"triples stand within triples more than {DEEPEST} deep")
    return text


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
    plain = text.strip(" \t\r\n")
    if kind not in _FORMS or not _FORMS[kind].fullmatch(plain):
        return text
    try:
        if kind in INTEGERS:
            low, high = INTEGERS[kind]
            number = int(plain)
            return number if low <= number <= high else text
        if kind == XSD + "decimal":
            return Decimal(plain)
        if kind in (XSD + "double", XSD + "float"):
            return float(plain)
        if kind == XSD + "boolean":
            return plain in ("true", "1")
        if kind == XSD + "date":
            return date.fromisoformat(plain)
        return datetime.fromisoformat(plain)
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
        if term.language:
            return printable(term.value)
        value = native(term)
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}".replace(",", " ")
        if term.datatype.value == XSD + "decimal" and not isinstance(value, str | None):
            return f"{value:,f}".replace(",", " ").removesuffix(".0")
        if isinstance(value, float) and (not value or SMALLEST <= abs(value) < LARGEST):
            return f"{Decimal(repr(value)):,f}".replace(",", " ").removesuffix(".0")
        return printable(term.value)
    return printable(token(term))
