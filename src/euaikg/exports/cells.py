"""Terms as the cells of a table that has types: text, day, truth, count, figure; none where a term is no such value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, Triple

from euaikg.core.groups import by_key
from euaikg.core.vocab import XSD
from euaikg.errors import OutputError
from euaikg.questions.parameters import LANGUAGES
from euaikg.rdf.terms import Term

WHOLE, BEHIND = 29, 9
"""How many digits a figure may have before and behind the point."""

BETWEEN = "; "


def text(term: Term | None) -> str | None:
    """Return the IRI or the text of ``term``."""
    return None if term is None else value(term)


def value(term: Term) -> str:
    """Return the IRI or the text of ``term``; a triple stands as SPARQL writes it."""
    return str(term) if isinstance(term, Triple) else term.value


def texts(column: str, values: Iterable[Term]) -> dict[str, str | None]:
    """Return the texts among ``values`` by language, several of one joined."""
    found = by_key((value.language, value.value) for value in values if isinstance(value, Literal) and value.language)
    return {f"{column}_{lang}": BETWEEN.join(found[lang]) if lang in found else None for lang in LANGUAGES}


def day(term: Term | None) -> date | None:
    """Return the day that ``term`` is."""
    if isinstance(term, Literal) and term.datatype.value == XSD + "date":
        try:
            return date.fromisoformat(term.value)
        except ValueError:
            return None
    return None


def truth(term: Term | None) -> bool | None:
    """Return whether ``term`` says true."""
    return term.value in ("true", "1") if isinstance(term, Literal) else None


def count(term: Term | None) -> int | None:
    """Return the whole number that ``term`` is."""
    return int(term.value) if isinstance(term, Literal) and re.fullmatch("-?[0-9]{1,18}", term.value) else None


def figure(term: Term | None) -> Decimal | None:
    """Return the number that ``term`` is; one with too many digits is an :class:`OutputError`."""
    if not isinstance(term, Literal):
        return None
    try:
        number = Decimal(term.value)
    except ArithmeticError:
        return None
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):  # infinite, or no number
        return None
    while exponent < -BEHIND and digits and not digits[-1]:
        digits, exponent = digits[:-1], exponent + 1
    if (-exponent > BEHIND or len(digits) + exponent > WHOLE) and digits:
        raise OutputError(
            f"{term.value}: a figure may have {WHOLE} digits before the point and {BEHIND} behind it in this form."
        )
    return Decimal((sign, digits, exponent)) if digits else Decimal(0)
