"""Numbers in running text, English and Dutch: digits in both notations, number words, and words of size.

This is for checking citations: whether a figure that the data states can be read in the passage it cites. It is
generous, since a text may mean several numbers by the same characters (``2.100`` is two thousand one hundred in
Dutch and two point one in English); every meaning counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
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
    "largest": Decimal(1), "leader": Decimal(1), "grootste": Decimal(1), "daily": Decimal(1), "weekly": Decimal(1),
    "monthly": Decimal(1), "annual": Decimal(1), "dagelijks": Decimal(1), "wekelijks": Decimal(1),
    "maandelijks": Decimal(1), "jaarlijks": Decimal(1),
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
    """Return every number that ``text`` may state."""
    return {number for number, _, _ in stated(text)}


def stated(text: str) -> Iterator[tuple[Decimal, int, int]]:
    """Yield every number that ``text`` may state, with the start and the end of the words that state it.

    A word of size multiplies the number before it, and all numbers that stand before that with only a dash, "to",
    "and" or a currency between (``2.4-4.0 trillion``). A third, a quarter and the like count as fractions too.
    """
    pending: dict[Decimal, int] = {}
    for match in _TOKEN.finditer(text):
        word, start, end = match.group().casefold(), match.start(), match.end()
        if word[0] in "0123456789":
            values = dict.fromkeys(_readings(word), start)
            pending = {**pending, **values}
            yield from ((value, start, end) for value in values)
        elif word in SIZES:
            size = Decimal(10) ** SIZES[word]
            pending = {value * size: begin for value, begin in (pending or {Decimal(1): start}).items()}
            yield from ((value, begin, end) for value, begin in pending.items())
        elif word in WORDS:
            value = WORDS[word]
            yield value, start, end
            if word in ("third", "derde"):
                yield from ((Decimal(fraction), start, end) for fraction in ("0.333", "0.33", "0.3333"))
            pending = {value: start} if word != "a" else pending or {value: start}
        elif word == "thirds" and Decimal(2) in pending:
            yield Decimal("0.667"), pending[Decimal(2)], end
        elif word not in ("to", "and", "tot", "en", "eur", "euro", "usd", "of"):
            pending = {}


_EUROS = r"€|%e2%82%ac|\beur\b|\beuros?\b"
SIGNS = {
    "percent": r"%|\bper ?cent\b|\bpercentage|\bprocent",
    "EUR": _EUROS,
    "euro": _EUROS,
    "USD": r"\$|\busd\b|\bdollars?\b",
    "years": r"\byears?\b|\bannual|\bjaar|\bjaren\b",
    "months": r"\bmonth|\bmaand",
    "weeks": r"\bweek|\bweken\b|\bwekelijks",
    "days": r"\bdays?\b|\bdaily\b|\bdag",
}
"""What stands near a number in each unit or currency that shows in a text."""

_YEAR = re.compile(r"(?<![\w.,])(?:19|20)[0-9]{2}(?![0-9]|[.,][0-9])")

BEFORE, BEHIND = 25, 45
"""How many characters before and behind a number its sign may stand; in a list all numbers share one."""

_SHOWN = {name: re.compile(sign, re.IGNORECASE) for name, sign in SIGNS.items()}
_AT_ONCE = re.compile(rf"[\s-]{{0,2}}(?:{'|'.join(SIGNS.values())})", re.IGNORECASE)
_JUST_BEFORE = re.compile(r"(?:€|\$|\beur|\busd)\s?$", re.IGNORECASE)


def states(text: str, number: Decimal, unit: str) -> bool:
    """Say whether ``text`` may state ``number`` in ``unit``: one of :data:`SIGNS`, or any other, which has no sign.

    A number without a sign is one that is not directly one of money, of percent or of time.
    """
    for value, start, end in stated(text):
        if value == number:
            if unit in _SHOWN:
                if _SHOWN[unit].search(text[max(0, start - BEFORE) : end + BEHIND]):
                    return True
            elif not _AT_ONCE.match(text, end) and not _JUST_BEFORE.search(text, max(0, start - 6), start):
                return True
    return False


def in_years(text: str, number: Decimal, years: Collection[str], figures: Collection[Decimal]) -> bool:
    """Say whether ``text`` may state ``number`` for one of the ``years``: that is the nearest year to it.

    A year counts that stands before or behind the number with none of the other ``figures`` between. Where the text
    names one year only, or none near the number, nothing speaks against it.
    """
    shown = [(match.start(), match.end(), match[0]) for match in _YEAR.finditer(text)]
    if len({year for _, _, year in shown}) < 2:
        return True
    others = [(start, end) for value, start, end in stated(text) if value in figures and value != number]
    for value, start, end in stated(text):
        if value == number:
            near = [
                (right - left, year)
                for first, last, year in shown
                for left, right in [(end, first) if first >= end else (last, start)]
                if left <= right and not any(left <= begin and finish <= right for begin, finish in others)
            ]
            if not near or min(near)[1] in years:
                return True
    return False


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
