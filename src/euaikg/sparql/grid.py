"""A table for people as text: as wide as the screen, its cells wrapped, sources in a list below."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product

from euaikg.sparql import columns
from euaikg.sparql.amounts import JOINT
from euaikg.sparql.columns import Answered, Column, Undated

GAP = 2
"""How many characters stand between two columns."""

LEAST = 6
"""So many characters a column has at least, unless its cells are shorter; where that is no room, records are made."""

EASY = 12
"""Longer words are rather broken than a number and its hedge."""

NARROW = 21
"""In a column that is no wider, the next lines of a cell are set in by one character, else by two."""

WORD = 20
"""Words of so many letters are broken where room is short; before a shorter one is, columns become notes."""

TALL = 3
"""How much more a cell that is twice as tall costs: two to this power."""

_BREAK = re.compile(r"(?<=[-/:_])(?=[^\W\d])|(?<=[^\W\d][-/:_])(?=\w)")
"""Where a long name or address is broken rather than elsewhere: never within a day."""

_HYPHEN = re.compile(r"(?<=\w[^\W\d]-)(?=\w[^\W\d])")
_DIGIT = re.compile(r"\d")

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def show(
    table: Answered,
    width: int,
    *,
    wide: bool = False,
    iris: bool = False,
    terminal: bool = False,
    undated: Undated | None = None,
) -> str:
    """Return ``table`` for people, at most ``width`` characters wide.

    They see the main columns that the table names (``shown``), with ``wide`` all of them, and with ``iris`` the IRIs
    beside the names. Cells are wrapped; where there is no room even for that, each row becomes a record. For a
    ``terminal`` the titles are bold. ``undated`` says which documents have no date: their days read "not before".
    """
    sheet = columns.sheet(table, wide, iris, undated)
    for apart, folded in product((True, False), range(1, len(table.shown))):
        if wide or _widths(sheet.columns, width, whole=True):
            break
        sheet = columns.sheet(table, wide, iris, undated, folded, apart)
    body = _grid(sheet.columns, width, terminal) or _records(sheet.columns, width)
    blocks = [
        [line for said in sheet.above for line in _lines(said, width)],
        body,
        [line for source in sheet.sources for line in _lines(source, width, " " * (source.index("]") + 2))],
    ]
    return "\n\n".join("\n".join(line.replace(JOINT, " ") for line in block) for block in blocks if block)


def _grid(made: list[Column], width: int, terminal: bool) -> list[str]:
    """Return the lines of a table, none where there is no room for it."""
    widths = _widths(made, width)
    if not widths:
        return []
    titles = _row([column.title for column in made], made, widths, "")
    if terminal:
        titles = [f"{BOLD}{line}{PLAIN}" for line in titles]
    rule = "  ".join("─" * width for width in widths)
    first = made[0].cells
    if terminal and len(made) > 1:  # elsewhere lines are looked for one by one
        first = [cell if cell != before else "" for before, cell in zip(["", *first], first, strict=False)]
    rows = zip(first, *(column.cells for column in made[1:]), strict=True)
    return [*titles, rule, *(line for row in rows for line in _row(row, made, widths, "  "))]


def _row(cells: Iterable[str], made: list[Column], widths: list[int], indent: str) -> list[str]:
    """Return one row as lines; what goes on in a next line is set in."""
    parts = [
        _lines(cell, width, "" if column.right else indent[: _set_in(width)])
        for cell, column, width in zip(cells, made, widths, strict=True)
    ]
    lines = []
    for at in range(max(map(len, parts))):
        line = (
            _set(part[at] if at < len(part) else "", width, column.right)
            for part, width, column in zip(parts, widths, made, strict=True)
        )
        lines.append((" " * GAP).join(line).rstrip())
    return lines


def _widths(made: list[Column], width: int, whole: bool = False) -> list[int]:
    """Return how wide each column is within ``width``, none where there is no room.

    Each has room for its longest word, which may be broken unless it has figures, or ``whole`` is asked for. What is
    left goes where cells are the tallest.
    """
    room = width - GAP * (len(made) - 1)
    texts = [[column.title, *column.cells] for column in made]
    full = [max(map(_length, cells)) for cells in texts]
    if sum(full) <= room:
        return full
    words = [max(map(_longest, cells)) for cells in texts]
    dates = [max(map(_longest_figure, cells)) for cells in texts]
    lengths = [sorted(map(_length, cells)) for cells in texts]
    numbers = [max(word, found[-1 - len(found) // 8]) for word, found in zip(words, lengths, strict=True)]  # most whole
    tries = [(numbers, WORD), (words, WORD)]
    if not whole:
        tries += [(numbers, most) for most in range(WORD, EASY - 1, -1)]
        tries += [(words, most) for most in range(WORD, LEAST - 1, -1)]
    for figures, most in tries:
        least = [
            figure if column.right else max(min(word, most), date)
            for figure, word, date, column in zip(figures, words, dates, made, strict=True)
        ]
        if sum(least) <= room:
            break
    else:
        return []
    found, left = list(least), room - sum(least)
    often = [Counter(cells) for cells in lengths]
    for _ in range(left):
        gains = [_height(cells, now) - _height(cells, now + 1) for cells, now in zip(often, found, strict=True)]
        found[gains.index(max(gains))] += 1
    return found


def _height(cells: Mapping[int, int], width: int) -> float:
    """Return what cells of these lengths, so many of each, cost in a column of ``width``: tall ones the most."""
    return sum(count * (length / width) ** TALL for length, count in cells.items() if length > width)


def _records(made: list[Column], width: int) -> list[str]:
    margin = max(len(column.title) for column in made)
    lines = []
    for row in zip(*(column.cells for column in made), strict=True):
        for column, cell in zip(made, row, strict=True):
            if cell:
                parts = _lines(cell, max(width - margin - 2, 1))
                titles = [column.title] + [""] * len(parts)
                lines += [f"{title:>{margin}}  {part}" for title, part in zip(titles, parts, strict=False)]
        lines.append("")
    return lines[:-1]


@lru_cache(maxsize=4096)  # a table says the same many times
def _lines(text: str, width: int, indent: str = "") -> list[str]:
    """Return ``text`` in lines of at most ``width``, broken between words where that can be."""
    length = _length(text)
    if length <= width:
        return [text]
    if length == len(text):
        return _Wrapper(width, subsequent_indent=indent).wrap(text) or [""]
    from rich.console import Console
    from rich.text import Text

    lines = Text(text).wrap(Console(width=width), width - len(indent))
    return [f"{indent if at else ''}{line.plain.rstrip()}" for at, line in enumerate(lines)]


class _Wrapper(textwrap.TextWrapper):
    """Breaks what is longer than a line where it has a sign, if it has any."""

    def _split(self, text: str) -> list[str]:
        room = self.width - len(self.subsequent_indent)
        return [part for word in super()._split(text) for part in (_BREAK.split(word) if len(word) > room else [word])]


@lru_cache(maxsize=4096)
def _longest(text: str) -> int:
    """Return how much room the longest word of ``text`` takes in a line that is set in."""
    parts = [
        part
        for word in _HYPHEN.sub(" ", text).split(" ")
        for part in (_BREAK.split(word) if len(word) >= WORD else [word])
    ]
    first, *others = map(_length, parts)
    return max(first, *(other + _set_in(other + 1) for other in others), 0)


@lru_cache(maxsize=4096)
def _longest_figure(text: str) -> int:
    """Return how much room the longest number, day or period of ``text`` takes in a line that is set in."""
    return max(
        (len(word) + _set_in(len(word) + 1) for word in text.split(" ") if len(word) < WORD and _DIGIT.search(word)),
        default=0,
    )


def _set_in(width: int) -> int:
    """Return by how much the next lines of a cell are set in, in a column that is so wide."""
    return 1 + (width > NARROW)


def _set(text: str, width: int, right: bool) -> str:
    space = " " * (width - _length(text))
    return space + text if right else text + space


def _length(text: str) -> int:
    """Return how many characters of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
