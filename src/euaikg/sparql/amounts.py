"""Figures as people read them, in tables, cards and pictures: a number, how it is hedged, its range and its unit.

A figure is never rounded: it is written shorter, as EUR 2.1 bn, only where that is exact. Spaces within a figure are
:data:`JOINT`, so that no line ends in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from pyoxigraph import Literal

from euaikg.core import files
from euaikg.rdf.terms import Term, native
from euaikg.sparql import header

JOINT = "\u00a0"
"""A space at which no line is broken."""

SIZES = ((12, "tn", "trillion"), (9, "bn", "billion"), (6, "m", "million"))
"""Powers of ten, with the word for so much money and for so many of anything."""


class Figure(NamedTuple):
    """What is said of a figure; None where nothing is.

    ``hedge`` is a word such as "about"; ``low`` and ``high`` are the bounds, and ``is_open`` says that there is no
    upper one. ``unit`` is a currency's code or the name of a unit, ``per`` what the figure holds for each of; words are
    in the language of the reader.
    """

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    hedge: str = ""
    unit: str = ""
    is_open: bool = False
    is_estimate: bool = False
    per: str = ""


def number(term: Term | None) -> Decimal | None:
    """Return the number that ``term`` is; None for what is no finite number."""
    value = native(term) if isinstance(term, Literal) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


@cache
def words() -> Mapping[str, Any]:
    """Return the titles, words and units of tables."""
    return header.parsed(files.read_text(files.root() / "queries" / "columns.yaml"))


def word(english: str, lang: str) -> str:
    """Return a word that stands in cells, or a sign of numbers, in the language ``lang``."""
    if english == ".":
        return "," if lang == "nl" else "."
    return str(words()["words"].get(english, {}).get(lang, english))


def written(figure: Figure, lang: str) -> str:
    """Return ``figure`` in one text: "about EUR 100 m", "6 to 9 months", "15 %"; "" where it says nothing.

    The bounds stand there only where the hedge does not say as much. The code of a currency goes before the figure in
    English and after it in Dutch (Interinstitutional style guide, 7.3.3).
    """
    said = _hedged(figure, lang)
    if said and figure.per:
        said += f" per {figure.per}"
    return f"{said} ({word('estimate', lang)})" if said and figure.is_estimate else said


def _hedged(figure: Figure, lang: str) -> str:
    value, low, high = figure.value, figure.low, None if figure.is_open else figure.high

    def said(*numbers: Decimal) -> str:
        return _with_unit(numbers, figure.unit, lang)

    def spread() -> str:
        if high is None:
            return "" if low is None else f"{word('at least', lang)} {said(low)}"
        if low == high:
            return said(high)
        return f"{word('up to', lang)} {said(high)}" if not low else said(low, high)

    if value is None:
        return spread()
    hedge = "" if figure.hedge == word("exact", lang) else figure.hedge
    if low is None and high is None:
        return f"{hedge} {said(value)}".strip()
    if hedge and not (low == value and high is not None):
        return f"{hedge} {said(value)}"
    if value in (low, high):  # the other bound is what more there is to say
        return spread()
    return f"{said(value)} ({spread()})"


def _with_unit(numbers: tuple[Decimal, ...], unit: str, lang: str) -> str:
    is_money = len(unit) == 3 and unit.isupper()
    parts = [_short(one, is_money, lang) for one in numbers]
    if len({size for _, size in parts}) == 1:  # EUR 630 to 700 m
        parts = [*((figure, "") for figure, _ in parts[:-1]), parts[-1]]
    space = JOINT if is_money else " "
    text = f" {word('to', lang)}{JOINT}".join(f"{figure}{space}{size}" if size else figure for figure, size in parts)
    if is_money:
        return JOINT.join((text, unit) if lang == "nl" else (unit, text))
    one, several = words()["units"].get(lang, {}).get(unit, (unit, unit))
    behind = one if list(numbers) == [1] else several
    return f"{text} {behind}" if behind.isalpha() else f"{text}{JOINT}{behind}".rstrip(JOINT)


def _short(value: Decimal, is_money: bool, lang: str) -> tuple[str, str]:
    """Return the digits of ``value``, and the size that they count where that is shorter and as exact."""
    sign, figures, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    zeros = len(figures) - len(bytes(figures).rstrip(b"\0"))
    for power, money, anything in SIZES:
        if value and value.adjusted() >= power and power - exponent - zeros <= 2:  # so many decimals
            part = Decimal((sign, figures, exponent - power))  # as arithmetic would not keep all of them
            return digits(part, lang), word(money if is_money else anything, lang)
    return digits(value, lang), ""


def digits(value: Decimal, lang: str) -> str:
    """Return ``value`` with thousands apart and no needless zeros."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", JOINT).replace(".", word(".", lang))
