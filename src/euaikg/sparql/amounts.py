"""Figures as people read them: one text of a number, how it is hedged, its range and its unit.

A figure is never rounded: it is written shorter, as EUR 2.1 bn, only where that is exact. Spaces within a figure are
:data:`JOINT`, so that no line ends in one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import Literal

from euaikg.rdf.terms import Term, native

JOINT = "\u00a0"
"""A space at which no line is broken."""

SIZES = ((12, "tn", "trillion"), (9, "bn", "billion"), (6, "m", "million"))
"""Powers of ten, with the word for so much money and for so many of anything."""

Word = Callable[[str], str]
"""Gives a word in the language of the table."""


class Figure(NamedTuple):
    """What a row says of a figure; None where it says nothing.

    ``hedge`` is a word such as "about"; ``low`` and ``high`` are the bounds, and ``is_open`` says that there is no
    upper one. ``unit`` is a currency's code or the name of a unit.
    """

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    hedge: str = ""
    unit: str = ""
    is_open: bool = False


def number(term: Term | None) -> Decimal | None:
    """Return the number that ``term`` is; None for what is no finite number."""
    value = native(term) if isinstance(term, Literal) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def written(figure: Figure, word: Word, units: Mapping[str, tuple[str, str]]) -> str:
    """Return ``figure`` in one text: "about EUR 100 m", "6 to 9 months", "15 %"; "" where it says nothing.

    The bounds stand there only where the hedge does not say as much.
    """
    value, low, high = figure.value, figure.low, None if figure.is_open else figure.high

    def said(*numbers: Decimal) -> str:
        return _with_unit(numbers, figure.unit, word, units)

    def spread() -> str:
        if high is None:
            return "" if low is None else f"{word('at least')} {said(low)}"
        if low == high:
            return said(high)
        return f"{word('up to')} {said(high)}" if not low else said(low, high)

    if value is None:
        return spread()
    hedge = "" if figure.hedge == word("exact") else figure.hedge
    if low is None and high is None:
        return f"{hedge} {said(value)}".strip()
    if hedge and not (low == value and high is not None):
        return f"{hedge} {said(value)}"
    if value in (low, high):  # the other bound is what more there is to say
        return spread()
    return f"{said(value)} ({spread()})"


def _with_unit(numbers: tuple[Decimal, ...], unit: str, word: Word, units: Mapping[str, tuple[str, str]]) -> str:
    is_money = len(unit) == 3 and unit.isupper()
    parts = [_short(one, is_money, word) for one in numbers]
    if len({size for _, size in parts}) == 1:  # EUR 630 to 700 m
        parts = [*((digits, "") for digits, _ in parts[:-1]), parts[-1]]
    space = JOINT if is_money else " "
    text = f" {word('to')}{JOINT}".join(f"{digits}{space}{size}" if size else digits for digits, size in parts)
    if is_money:
        return f"{unit}{JOINT}{text}"
    one, several = units.get(unit, (unit, unit))
    behind = one if list(numbers) == [1] else several
    return f"{text} {behind}" if behind.isalpha() else f"{text}{JOINT}{behind}".rstrip(JOINT)


def _short(value: Decimal, is_money: bool, word: Word) -> tuple[str, str]:
    """Return the digits of ``value``, and the size that they count where that is shorter and as exact."""
    sign, figures, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    zeros = len(figures) - len(bytes(figures).rstrip(b"\0"))
    for power, money, anything in SIZES:
        if value and value.adjusted() >= power and power - exponent - zeros <= 2:  # so many decimals
            part = Decimal((sign, figures, exponent - power))  # as arithmetic would not keep all of them
            return digits(part, word), word(money if is_money else anything)
    return digits(value, word), ""


def digits(value: Decimal, word: Word) -> str:
    """Return ``value`` with thousands apart and no needless zeros."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", JOINT).replace(".", word("."))
