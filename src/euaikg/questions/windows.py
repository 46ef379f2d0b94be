"""Periods as people write them in questions, and how they mean them: in, from, until or as known at that time.

“Before the end of 2025” and “not before Q2 2026” become a period that a parameter takes and the side of it that is
meant. The words before and after a period stand in ``queries/words.yaml``. Days are in the order of Europe.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from euaikg.questions import parameters
from euaikg.questions.parameters import MONTHS, Parameter
from euaikg.questions.words import words


@dataclass(frozen=True)
class Period:
    """A period in a question, as parameters take it, and how it is meant.

    That is in, from or until it; at it, where something holds; or for it, which in Dutch may be before it. What is
    ``known`` then was, as the words may say, known or said then.
    """

    text: str
    meant: str
    known: str = ""


class Cues:
    """The words by which periods are meant in some way, as ``queries/words.yaml`` has them."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.before = _phrases(said["periods"])
        self.behind = _phrases(said["behind periods"])
        self.parts = _phrases(said["parts of periods"])
        self.known = _phrases(said["known then"])
        self.beside = set(words(said["beside periods"]))
        self.joining = set(words(said["between periods"]))
        self.listing = set(words(said["between listed periods"]))
        self.denying = set(words(said["not"]))
        self.whether = set(words(said["asking whether"]))
        self.opposite = re.compile(rf"\b(?:{said['denied by questions']})\b")
        phrases = (*self.before, *self.behind, *self.parts, *self.known)
        self.words = {word for phrase in phrases for word in phrase} | self.denying

    def periods(
        self, plain: str, said: Sequence[str], places: Sequence[tuple[int, int]], taken: Collection[int]
    ) -> Iterator[tuple[range, Period]]:
        """Yield the periods in the folded text ``plain``, with the numbers of the words that say them.

        ``said`` are its words, ``places`` where each of them begins and ends, and the words ``taken`` are others'.
        """
        seen: list[tuple[range, str, str]] = []
        for span, text in written(plain, places, taken):
            part, start = self._ending(self.parts, said, span.start, self.beside - {"in"})  # it may start in a year
            if part in SEASONS and re.fullmatch(r"\d{4}", text):
                text, part = f"{text}-Q{SEASONS[part]}", ""
            seen.append((range(start, span.stop), text, part))
        found = list[tuple[range, Period]]()
        last, meant = 0, ""
        while seen:
            span, text, part = seen.pop(0)
            how, start = self._ending(self.before, said, span.start, self.beside)
            how, start = self._turned(how, start, said)
            while seen and self._joins(how, text, seen[0][1], said[span.stop : seen[0][0].start]):
                joined, until, ending = seen.pop(0)
                text = f"{_begin(text, part)}--{_end(until, ending)}"
                span, how, part = range(span.start, joined.stop), "between", ""
            behind, stop = self._beginning(self.behind, said, span.stop)
            how = how or behind or (meant if self._lists(said[last:start]) else "")
            last, meant = span.stop, how
            period = _meant(text, part, how if how != "between" else "")
            if period and parameters.period(period.text):
                found.append((range(start, stop if how == behind else span.stop), period))
        known = self._known(said)
        for span, period in found:
            where = [how for at, how in known.items() if len(found) == 1 or self._leads(said, at, span.start)]
            yield span, replace(period, known=period.known or min(where, default=""))

    def _known(self, said: Sequence[str]) -> dict[int, str]:
        """Return where the words end that say that it is about what was known or said then, and which of the two."""
        found: dict[int, str] = {}
        for phrase, how in self.known.items():
            for at in range(len(said) - len(phrase) + 1):
                if tuple(said[at : at + len(phrase)]) == phrase:
                    end = at + len(phrase)
                    found[end] = min(how, found.get(end, how))
        return found

    def _leads(self, said: Sequence[str], end: int, start: int) -> bool:
        """Say whether words that ``end`` there lead to a period that starts there, with but little ones between."""
        return 0 <= start - end < 3 and set(said[end:start]) <= self.beside

    def is_denied(self, said: Sequence[str]) -> bool:
        """Say whether there is a word among ``said`` that denies others, such as “not”.

        “Which are exact” asks for others than “which are not”, but “are they exact” for the same.
        """
        return self.denying.isdisjoint(said) == bool(self._opposite(said))

    def turning(self, said: Sequence[str]) -> set[str]:
        """Return those of the words ``said`` that deny others."""
        return self.denying.intersection(said).union(self._opposite(said))

    def _opposite(self, said: Sequence[str]) -> list[str]:
        found = None if said and said[0] in self.whether else self.opposite.search(" ".join(said))
        return found[0].split() if found else []

    def _joins(self, how: str, text: str, other: str, between: Sequence[str]) -> bool:
        """Say whether two periods are a longer one: from one to the other, or one right after the other."""
        joining = set(between) - self.beside
        if how not in ("", "from", "between") or not joining <= self.joining or (between and not joining):
            return False
        if how == "between" or not joining <= self.listing or not between:
            return True
        first, second = parameters.period(text), parameters.period(other)
        return bool(first and second and second[0] - first[1] == timedelta(1))

    def _lists(self, between: Sequence[str]) -> bool:
        """Say whether what stands ``between`` two periods lists them, so that both are meant as the first is."""
        return (
            bool(between)
            and self.listing.issuperset(set(between) - self.beside)
            and not self.beside.issuperset(between)
        )

    def _turned(self, how: str, start: int, said: Sequence[str]) -> tuple[str, int]:
        """Return how a period is meant where “not” stands before the words that say so, and where they begin then."""
        turned = {"before": "from", "for": "from", "after": "until"}.get(how)
        if how == "until" and said[start] in ("until", "till"):
            turned = "from"  # what is not there until a year is there from it on
        for back in (1, 2):
            if turned and start >= back and said[start - back] in self.denying:
                return turned, start - 1 if back == 1 else start
        return how, start

    def _ending(
        self, phrases: Mapping[tuple[str, ...], str], said: Sequence[str], end: int, beside: Collection[str]
    ) -> tuple[str, int]:
        """Return what the longest of ``phrases`` means that ends before ``end``, and where it begins.

        Words ``beside`` may stand between.
        """
        for skipped in range(4):
            at = end - skipped
            for size in range(min(5, max(at, 0)), 0, -1):
                if how := phrases.get(tuple(said[at - size : at])):
                    return how, at - size
            if at < 1 or said[at - 1] not in beside:
                break
        return "", end

    def _beginning(self, phrases: Mapping[tuple[str, ...], str], said: Sequence[str], start: int) -> tuple[str, int]:
        for size in range(min(3, len(said) - start), 0, -1):
            if how := phrases.get(tuple(said[start : start + size])):
                return how, start + size
        return "", start


def dated(
    there: Mapping[str, Parameter], period: Period, is_money: bool, is_alone: bool
) -> Iterator[tuple[str, str, float]]:
    """Yield those of the parameters ``there`` that take ``period``, their values, and how well that says what is meant.

    Only what is known or said at a time is asked as of it, or a day of what has no other: what documents had not said
    yet may hold before. Whoever looks back from a day, and gives no other, knows what is known by then.
    """
    how, text = period.meant, period.text
    if how == "for":  # the Dutch “voor” is before, but money is for a year
        how, text = ("in", text) if is_money and not period.known else ("until", _beside(text, -1))
    first, _, last = text.partition("--") if not re.fullmatch(r"\d{4}-\d{4}", text) else text.partition("-")
    days = parameters.period(text)
    assert days is not None
    looks_back = is_alone and "validOn" in there and "day" in there["validOn"].was
    is_known = period.known == "known" or (period.known and "from" not in there)
    if "asOf" in there and how != "from" and is_known and not looks_back:
        yield "asOf", last or text, 0.8
    elif "validOn" in there and how != "from" and (how == "at" or looks_back or "from" not in there):
        yield "validOn", days[1].isoformat(), 0.8
    elif "from" in there and "until" in there:
        if how in ("in", "from"):
            yield "from", first, 0.9
        if how in ("in", "until", "at"):
            yield "until", last or text, 0.9
    elif "asOf" in there and how in ("in", "at") and days[0] == days[1]:  # what is there tells no other days
        yield "asOf", text, 0.5


DATES = {"from", "until", "validOn", "asOf"}
"""The parameters that take a period or a day."""

SEASONS = {"winter": 1, "spring": 2, "summer": 3, "autumn": 4}
"""The quarter in which most of each season of a year lies, as plans mean it."""

_ORDER = {word: str(number) for number, text in enumerate((
    "first 1st eerste 1e", "second 2nd tweede 2e", "third 3rd derde 3e", "fourth 4th last vierde 4e laatste",
), 1) for word in text.split()}  # fmt: skip
MONTH = "|".join(sorted((month for months in MONTHS for month in months.split()), key=len, reverse=True))
_YEAR = r"(?P<year>20\d\d)"
_OF = r"(?:\s+(?:of|van|in|the|het))*\s+"


def _month(match: re.Match[str]) -> str:
    return f"{next(number for number, months in enumerate(MONTHS, 1) if match['month'] in months.split()):02}"


def _part(letter: str, most: int) -> Any:
    def made(match: re.Match[str]) -> str:
        part = match["part"]
        return f"{match['year']}-{letter}{min(int(_ORDER.get(part, part)), most)}"

    return made


def _numbered(match: re.Match[str]) -> str:
    """Return a day that is written in numbers, its day first; the other way round only where it is none otherwise."""
    day, month = int(match["day"]), int(match["month"])
    if month > 12:
        day, month = month, day
    return f"{match['year']}-{month:02}-{day:02}"


_PERIODS: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"\b{_YEAR}-\d\d-\d\d\b", lambda match: match[0]),
        (rf"\b(?P<day>\d{{1,2}})\s?([-/.])\s?(?P<month>\d{{1,2}})\s?\2\s?{_YEAR}\b", _numbered),
        (rf"\b{_YEAR}([/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})\b", _numbered),
        (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?\s+(?:of\s+)?(?P<month>{MONTH})\.?,?\s+{_YEAR}\b",
         lambda match: f"{match['year']}-{_month(match)}-{int(match['day']):02}"),
        (rf"\b(?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b",
         lambda match: f"{match['year']}-{_month(match)}-{int(match['day']):02}"),
        (rf"\b(?P<month>{MONTH})\.?(?:\s+(?:of|van))?\s+{_YEAR}\b", lambda match: f"{match['year']}-{_month(match)}"),
        (rf"\b{_YEAR}-(?P<month>0\d|1[0-2])\b", lambda match: match[0]),
        (rf"\b(?P<month>0?[1-9]|1[0-2])/{_YEAR}\b", lambda match: f"{match['year']}-{int(match['month']):02}"),
        (rf"\bq(?P<part>[1-4])(?:[\s/-]*|{_OF}){_YEAR}\b", _part("Q", 4)),
        (rf"\b{_YEAR}[\s/-]*q(?P<part>[1-4])\b", _part("Q", 4)),
        (rf"\bh(?P<part>[12])(?:[\s/-]*|{_OF}){_YEAR}\b", _part("H", 2)),
        (rf"\b{_YEAR}[\s/-]*h(?P<part>[12])\b", _part("H", 2)),
        (rf"\b(?P<part>{'|'.join(_ORDER)})\s+(?:quarter|kwartaal){_OF}{_YEAR}\b", _part("Q", 4)),
        (rf"\b(?:quarter|kwartaal)\s+(?P<part>[1-4]){_OF}{_YEAR}\b", _part("Q", 4)),
        (rf"\b(?P<part>{'|'.join(_ORDER)})\s+(?:half|helft){_OF}{_YEAR}\b", _part("H", 2)),
        (rf"\b{_YEAR}\s*(?:-|/)\s*(?P<last>20\d\d)\b", lambda match: f"{match['year']}-{match['last']}"),
        (rf"\b{_YEAR}\b", lambda match: match[0]),
    )
]  # fmt: skip
"""How periods are written, the longest first, and what makes of each the text that a parameter takes."""


def written(plain: str, places: Sequence[tuple[int, int]], taken: Collection[int]) -> list[tuple[range, str]]:
    """Return the periods that are written in the folded text ``plain``, in their order, each with its words’ numbers.

    ``places`` is where each of its words begins and ends; the words ``taken`` are others'.
    """
    used = set(taken)
    found = []
    for pattern, make in _PERIODS:
        for match in pattern.finditer(plain):
            inside = [at for at, (start, end) in enumerate(places) if start < match.end() and end > match.start()]
            text = make(match)
            if parameters.period(text) and not used.intersection(inside):
                used.update(inside)
                found.append((range(inside[0], inside[-1] + 1), text))
    return sorted(found, key=lambda one: one[0].start)


def _phrases(said: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(words(phrase)): how for how, phrases in said.items() for phrase in phrases}


def _meant(text: str, part: str, how: str) -> Period | None:
    """Return the ``part`` of the period ``text`` as one side of it is meant by ``how``."""
    how, known = ("in", "known") if how == "known" else (how or "in", "")
    if part == "end":
        if how in ("before", "for", "until", "after"):
            how = "until" if how == "for" or how == "before" else how
        else:
            text = _last(text)
    elif part == "mid":
        text = _middle(text)
        how = "after" if how in ("from", "after") else "until"
    elif part:
        text = _first(text) if part == "early" else _last(text)
    if how == "before":
        return Period(_beside(text, -1), "until", known)
    if how == "after":
        return Period(_beside(text, 1), "from", known)
    return Period(text, how, known)


def _begin(text: str, part: str) -> str:
    """Return the period with which a longer one begins that begins with a part of ``text``."""
    if part == "mid":
        return _beside(_middle(text), 1)
    return _last(text) if part in ("end", "late") else text


def _end(text: str, part: str) -> str:
    """Return the period with which a longer one ends that ends with a part of ``text``."""
    return _middle(text) if part == "mid" else _first(text) if part == "early" else text


_SHAPES = ((r"\d{4}", 12), (r"\d{4}-H\d", 6), (r"\d{4}-Q\d", 3), (r"\d{4}-\d\d", 1))
"""How periods are written that have as many months, as :func:`parameters.period` reads them."""


def _months(text: str) -> int:
    """Return how many months the period ``text`` has, or 0 for a day and for one from some period to another."""
    return next((months for shape, months in _SHAPES if re.fullmatch(shape, text)), 0)


def _around(day: date, months: int) -> str:
    """Return the period of so many months in which ``day`` is, or the day itself where there are none."""
    if months in (6, 3):
        return f"{day.year}-{'H' if months == 6 else 'Q'}{(day.month - 1) // months + 1}"
    return {12: f"{day.year}", 1: f"{day:%Y-%m}"}.get(months, day.isoformat())


def _beside(text: str, step: int) -> str:
    """Return the period like ``text`` after it, where ``step`` is 1, or before it, where it is -1."""
    days = parameters.period(text)
    assert days is not None
    return _around(days[step > 0] + timedelta(step), _months(text))


def _first(text: str) -> str:
    """Return the quarter with which a year or half begins, and the month with which a quarter does."""
    return _piece(text, False)


def _last(text: str) -> str:
    """Return the quarter with which a year or half ends, and the month with which a quarter does."""
    return _piece(text, True)


def _piece(text: str, is_last: bool) -> str:
    days, months = parameters.period(text), {12: 3, 6: 3, 3: 1}.get(_months(text))
    return _around(days[is_last], months) if days and months else text


def _middle(text: str) -> str:
    """Return the period that ends in the middle of ``text``."""
    days, months = parameters.period(text), _months(text)
    if not days or not months:
        return text
    if months == 1:
        return days[0].replace(day=15).isoformat()
    if months == 3:
        return f"{days[0].replace(month=days[0].month + 1):%Y-%m}"
    return _around(days[0], months // 2)
