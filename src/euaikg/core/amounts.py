"""Amounts of money in short form, for pictures and cards: ``about EUR 2.1 bn``, in Dutch ``ongeveer 2,1 mld. EUR``."""

from __future__ import annotations

from decimal import Decimal

UNITS = {
    "en": ((10**12, "tn"), (10**9, "bn"), (10**6, "m")),
    "nl": ((10**12, "bln."), (10**9, "mld."), (10**6, "mln.")),
}
"""The words of size of each language, the largest first."""

OPEN = {"en": ("at least", "up to"), "nl": ("ten minste", "tot")}


def short(
    amount: int | Decimal | None,
    low: int | Decimal | None = None,
    high: int | Decimal | None = None,
    *,
    qualifier: str = "",
    hedge: str = "",
    currency: str = "EUR",
    lang: str = "en",
) -> str:
    """Return an amount in whole units of ``currency`` in short form; the empty text where there is no figure.

    The figure is written in trillions, billions or millions where it reaches one of these, with as many decimals as
    it has, three at most (then rounded half up); smaller figures stand in full, with spaces between thousands.
    ``qualifier`` is the code under which the figure is hedged and ``hedge`` its name, which goes in front: ``about``,
    ``nearly``. ``exact`` adds nothing. For ``range`` and ``order-of-magnitude``, and where there is no ``amount``, the
    bounds ``low`` and ``high`` are written as ``EUR 2.4–4 tn``, and one bound alone as ``at least`` or ``up to``.

    The code of the currency goes before the figure in English and after it in Dutch (Interinstitutional style guide,
    7.3.3).
    """
    bounded = amount is None or qualifier in ("range", "order-of-magnitude")
    if not bounded or (low is None and high is None):
        if amount is None:
            return ""
        words = "" if qualifier == "exact" or bounded else hedge
        figure = _figure(amount, lang)
    elif low is not None and high is not None:
        words, figure = "", _figure(low, lang) if low == high else _range(low, high, lang)
    else:
        words = OPEN[lang][low is None]
        figure = _figure(high if low is None else low, lang)
    parts = (words, currency, figure) if lang == "en" else (words, figure, currency)
    return " ".join(filter(None, parts))


def _range(low: int | Decimal, high: int | Decimal, lang: str) -> str:
    first, second = _figure(low, lang).rpartition(" "), _figure(high, lang).rpartition(" ")
    same = first[2] == second[2] and first[0] and not first[2].isdigit()
    return f"{first[0] if same else ''.join(first)}–{''.join(second)}"


def _figure(value: int | Decimal | None, lang: str) -> str:
    sign, number = ("−", -value) if value is not None and value < 0 else ("", value or 0)
    for size, word in UNITS[lang]:
        # 999 999 999 is 1 bn, not 1 000 m
        if number >= size or (size > 10**6 and number + size // (2 * 10**6) >= size):
            whole, rest = divmod(int((number * 1000 + size // 2) // size), 1000)
            decimals = f"{rest:03d}".rstrip("0")
            point = "." if lang == "en" else ","
            return f"{sign}{whole:,}".replace(",", " ") + (f"{point}{decimals}" if decimals else "") + f" {word}"
    written = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    return sign + written.replace(",", " ").replace(".", "," if lang == "nl" else ".")
