"""Numbers in running text, English and Dutch: digits in both notations, number words, and words of size.

This is for checking citations: whether a figure that the data states can be read in the passage it cites. It is
generous, since a text may mean several numbers by the same characters (``2.100`` is two thousand one hundred in
Dutch and two point one in English); every meaning counts.
"""

from __future__ import annotations

import re
from decimal import Decimal

_SMALL = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien twintig",
}
WORDS = {word: Decimal(value) for words in _SMALL.values() for value, word in enumerate(words.split())}
WORDS |= {
    "één": Decimal(1), "a": Decimal(1), "first": Decimal(1), "second": Decimal(2), "third": Decimal(3),
    "eerste": Decimal(1), "tweede": Decimal(2), "derde": Decimal(3), "twice": Decimal(2), "double": Decimal(2),
    "triple": Decimal(3), "verdubbelen": Decimal(2), "verdrievoudigen": Decimal(3), "half": Decimal("0.5"),
    "helft": Decimal("0.5"), "thirty": Decimal(30), "forty": Decimal(40), "fifty": Decimal(50), "dertig": Decimal(30),
    "veertig": Decimal(40), "vijftig": Decimal(50), "both": Decimal(2), "beide": Decimal(2), "twin": Decimal(2),
    "largest": Decimal(1), "leader": Decimal(1), "grootste": Decimal(1),
}  # fmt: skip
SIZES = {
    "hundred": 2, "hundreds": 2, "honderd": 2, "honderden": 2, "thousand": 3, "thousands": 3, "duizend": 3,
    "duizenden": 3, "million": 6, "millions": 6, "miljoen": 6, "miljoenen": 6, "mln": 6, "m": 6, "billion": 9,
    "billions": 9, "miljard": 9, "miljarden": 9, "mld": 9, "bn": 9, "trillion": 12, "trillions": 12,
    "biljoen": 12, "biljoenen": 12,
    "tens": 1, "tientallen": 1,
}  # fmt: skip

_TOKEN = re.compile(r"[0-9]+(?:[.,'\u00a0\u202f ][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9]+[.,][0-9]+|[0-9]+|[^\W\d_]+")


def numbers(text: str) -> set[Decimal]:
    """Return every number that ``text`` may state.

    A word of size multiplies the number before it, and all numbers that stand before that with only a dash, "to",
    "and" or a currency between (``2.4-4.0 trillion``). A third, a quarter and the like count as fractions too.
    """
    found: set[Decimal] = set()
    pending: set[Decimal] = set()
    for match in _TOKEN.finditer(text):
        word = match.group().casefold()
        if word[0] in "0123456789":
            values = _readings(word)
            pending = pending | values if pending else set(values)
            found |= values
        elif word in SIZES:
            size = Decimal(10) ** SIZES[word]
            pending = {value * size for value in pending or {Decimal(1)}}
            found |= pending
        elif word in WORDS:
            value = WORDS[word]
            found.add(value)
            if word in ("third", "derde"):
                found |= {Decimal("0.333"), Decimal("0.33"), Decimal("0.3333")}
            pending = {value} if word != "a" else pending or {value}
        elif word not in ("to", "and", "tot", "en", "eur", "euro", "usd", "of"):
            pending = set()
    return found


def _readings(digits: str) -> set[Decimal]:
    """Return what digits with separators may mean: three digits behind a dot or comma can be thousands or decimals."""
    plain = re.sub(r"[\s'\u00a0\u202f]", "", digits)
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]{3})*", plain):
        readings = {re.sub(r"[.,]", "", plain)}
        if len(re.findall(r"[.,]", plain)) == 1:
            readings.add(plain.replace(",", "."))
    else:
        whole, _, decimals = plain.replace(",", ".").rpartition(".")
        readings = {f"{whole.replace('.', '')}.{decimals}" if whole else decimals}
    readings |= {part for part in re.split(r"[\s\u00a0\u202f]", digits) if part.isdecimal()}
    return {Decimal(reading) for reading in readings}
