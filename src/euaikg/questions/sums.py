"""Amounts as people write them in questions, and whether they bound from below or from above what is asked for.

“More than 1.500 million” and “no less than half a billion” are bounds from below, which a parameter takes; “no more
than 600 million” is one from above, which none does. The words stand in ``queries/words.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from euaikg.questions.words import fold

POWERS = {
    "k": 10**3, "thousand": 10**3, "duizend": 10**3, "m": 10**6, "mln": 10**6, "million": 10**6, "miljoen": 10**6,
    "millions": 10**6, "miljoenen": 10**6, "bn": 10**9, "mrd": 10**9, "billion": 10**9, "miljard": 10**9,
    "billions": 10**9, "miljarden": 10**9, "trillion": 10**12, "biljoen": 10**12,
}  # fmt: skip
"""What words multiply a number by, one after another too."""

_MONEY = r"(?:(?:(?:eur|euros?|usd|dollars?)\b|€|\$)\s*)"
_DIGITS = (
    r"(?<![\d.,])(?P<digits>\d{1,3}(?P<part>[., ])\d{3}(?:(?P=part)\d{3})*(?:[.,]\d{1,2})?(?![.,]?\d)"
    r"|\d+(?:[.,]\d+)?(?![.,]?\d))"
)


class Sum(NamedTuple):
    """An amount in a text, from ``start`` to ``end``; ``least`` is None where it is no bound from below, or unread."""

    start: int
    end: int
    least: int | None


class Sums:
    """The words by which amounts are bounds, as ``queries/words.yaml`` has them."""

    def __init__(self, said: Mapping[str, Any], denying: Collection[str]) -> None:
        self.numbers = {fold(word): float(number) for number, text in said["numbers"].items() for word in text}
        self.before, self.behind = (
            {phrase: side for side, phrases in said[key].items() for phrase in phrases}
            for key in ("bounds", "behind bounds")
        )
        power = rf"(?:{_any(POWERS)})\b"
        bound = rf"(?:\b(?P<not>{_any(denying)})\s+)?\b(?P<before>{_any(self.before)})\s+"
        self._pattern = re.compile(
            rf"(?:{bound})?(?P<money>{_MONEY})?(?P<number>{_DIGITS}|\b(?P<word>{_any(self.numbers)})\b)"
            rf"(?P<powers>(?:\s*{power})*)(?:\s+(?P<behind>{_any(self.behind)})\b)?"
        )
        self._unread = re.compile(rf"{bound}(?:[^\W\d]+\s+){{0,3}}?{power}")
        self._count = re.compile(rf"{bound}(?:{_DIGITS}|(?:{_any(self.numbers)})\b)")

    def written(self, plain: str) -> Iterator[Sum]:
        """Yield the bounds in the folded text ``plain``, and what is an amount in words without being one."""
        found = [*self._read(plain)]
        yield from found
        for match in self._unread.finditer(plain):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                yield Sum(*match.span(), None)

    def counts(self, plain: str) -> Iterator[tuple[int, int]]:
        """Yield where bounds stand that are no amounts, such as “more than 20”, and which no parameter takes."""
        for match in self._count.finditer(plain):
            yield match.span()

    def _read(self, plain: str) -> Iterator[Sum]:
        for match in self._pattern.finditer(plain):
            side = self.before.get(match["before"] or "") or self.behind.get(match["behind"] or "")
            powers = [POWERS[word] for word in re.findall(r"[a-z]+", match["powers"])]
            number = _number(match["digits"]) if match["digits"] else self.numbers[match["word"]]
            if not powers and (match["word"] or number < 10**4):
                continue  # it may be a day, a count or an article
            if side or match["word"]:
                is_least = side == ("most" if match["not"] else "least")
                start = match.start("number") if match["money"] else match.start()  # the currency is a thing
                yield Sum(start, match.end(), round(number * prod(powers)) if is_least else None)


def _number(digits: str) -> float:
    """Return the number that is written ``digits``: what parts three of them parts thousands, but behind a nought."""
    whole = re.sub(r"(?<=\d)[., ](?=\d{3}(?!\d))", "", digits) if not re.match(r"0[.,]", digits) else digits
    return float(whole.replace(",", "."))


def _any(words: Iterable[str]) -> str:
    longest: Sequence[str] = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, longest))
