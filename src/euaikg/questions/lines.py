"""The lines of a card, and how they are laid out for a terminal and for a notebook; all of it plain data."""

from __future__ import annotations

import textwrap
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any

from euaikg.rdf.terms import Native

ROOM = 98
"""How many lines a card takes that is not shown whole: two screens of 50 with their prompts."""

LIMITS = (
    *((40, 40), (25, 25), (16, 16), (12, 12), (12, 8), (10, 6), (8, 5), (8, 4), (6, 3), (5, 3), (4, 2), (3, 2), (3, 1)),
    *((2, 1), (1, 1)),
)
"""How many lines are shown of a group that stands first, and of one of the rest: the most that there is room for."""

FOLDED = tuple((first, 0) for first in (16, 12, 10, 8, 6, 5, 4, 3, 2, 1))
"""The same where relations of so many kinds have no room with a line each: they are only named."""

MARKS = 3
"""How many sources stand behind a line of a card that is not shown whole; the rest are counted."""

LONGEST = 500
"""How many characters of a text stand on a card that is not shown whole."""

HEADINGS = 24
"""The widest that the column of headings gets."""


@dataclass(frozen=True)
class Saying:
    """The places that say a fact in one way: how sure, in whose words, in what role; by their numbers."""

    modality: str
    said_by: str
    role: str
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One fact however many places say so; ``values`` are its figures and days, ``details`` what it is made of.

    The details of an ``unfolded`` line are always shown.
    """

    text: str
    thing: str | None = None
    sayings: tuple[Saying, ...] = ()
    disputed: bool = False
    unfolded: bool = False
    notes: tuple[str, ...] = ()
    values: Mapping[str, Native] = field(default_factory=dict)
    details: tuple[Line, ...] = ()

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of the places that say so."""
        return tuple(sorted({number for saying in self.sayings for number in saying.sources}))

    @property
    def lines(self) -> Iterator[Line]:
        """The line and those it is made of."""
        yield self
        for detail in self.details:
            yield from detail.lines


@dataclass(frozen=True)
class Group:
    """The lines under one heading, which is named by ``key`` in any language, in a ``section`` of the card."""

    key: str
    heading: str
    section: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Source:
    """A place in a document by its number: as it is cited, the day, and the passages that are read there."""

    number: int
    text: str
    document: str
    place: str
    stated_on: str
    passages: tuple[str, ...]
    citation: str | None = None


def terminal(
    head: Sequence[str],
    groups: Sequence[Group],
    sources: Sequence[Source],
    words: Mapping[str, Any],
    width: int,
    whole: bool,
    kept: int = 0,
) -> list[str]:
    """Return the lines of a card that is ``width`` columns wide, as much of it as there is room for or the ``whole``.

    ``kept`` is the number of facts in groups that are left out.
    """

    def made(limit: tuple[int, int] | None) -> list[str]:
        told = head if limit is None else [shortened(text, words) for text in head]
        found = [line for text in told for line in textwrap.wrap(text, width, **_WRAP)]
        shown = _Shown(groups, limit)
        column = min(HEADINGS, max((len(group.heading) for group in groups), default=0)) + 2
        for _, section in groupby(groups, lambda group: _place(group.section)):
            found.append("")
            there = [*section]
            for group in (one for one in there if shown.lines(one)):
                body = list(shown.body(group, words, width - column))
                headings = textwrap.wrap(group.heading, column - 2, **_WRAP)
                if max(map(len, headings)) > column - 2:
                    found.append(" ".join(headings))
                    headings = []
                for at in range(max(len(body), len(headings))):
                    left = headings[at] if at < len(headings) else ""
                    found.append(f"{left:{column}}{body[at] if at < len(body) else ''}".rstrip())
            if folded := [f"{one.heading} ({len(one.lines)})" for one in there if not shown.lines(one)]:
                found += textwrap.wrap(words["folded"].format(", ".join(folded)), width, **_WRAP)
        if kept:
            found += ["", words["hidden"].format(kept)]
        return [*found, *shown.listed(sources, words, width)]

    if whole:
        return made(None)
    limits = LIMITS if len(made(LIMITS[-1])) <= ROOM else FOLDED
    fitting = bisect(limits, -ROOM - 1, key=lambda limit: -len(made(limit)))
    return made(limits[min(fitting, len(limits) - 1)])


_WRAP: Any = {"break_long_words": False, "break_on_hyphens": False}


def _place(section: str) -> str:
    return section if section in ("about", "relations", "kept") else "first"


class _Shown:
    """What is shown of groups, with the sources numbered anew where only some are."""

    def __init__(self, groups: Sequence[Group], limit: tuple[int, int] | None) -> None:
        self.limit = limit
        lines = [line for group in groups for line in self.lines(group)]
        self.numbers = sorted({number for line in lines for part in self.parts(line) for number in self.marks(part)})
        if limit is not None:
            self.renumbered = {number: at for at, number in enumerate(self.numbers, 1)}
        else:
            self.renumbered = {number: number for number in self.numbers}

    def lines(self, group: Group) -> tuple[Line, ...]:
        """Return the lines of ``group`` that are shown; one line more than there is room for is no reason to cut."""
        if self.limit is None:
            return group.lines
        limit = self.limit[_place(group.section) != "first"]
        if limit == 0 and group.section == "relations":
            return ()
        limit = limit or 1
        return group.lines if len(group.lines) <= limit + 1 else group.lines[:limit]

    def parts(self, line: Line) -> Iterable[Line]:
        """Return ``line`` and what is shown below it."""
        return line.lines if self.limit is None or line.unfolded else [line]

    def marks(self, line: Line) -> Iterator[int]:
        """Yield the sources that stand behind ``line``."""
        for saying in line.sayings:
            yield from self._marks(saying, line)

    def _marks(self, saying: Saying, line: Line) -> tuple[int, ...]:
        most = max(1, MARKS // len(line.sayings))
        few = self.limit is None or len(line.sources) <= MARKS + 1 or len(saying.sources) <= most + 1
        return saying.sources if few else saying.sources[:most]

    def body(self, group: Group, words: Mapping[str, Any], width: int) -> Iterator[str]:
        """Yield the text beside the heading of ``group``."""
        shown = self.lines(group)
        *made, last = [text for line in shown for text in self._line(line, words, width, "")]
        yield from made
        if left := len(group.lines) - len(shown):
            more = f"… {words['more'].format(left, group.key)}"
            if len(last) + len(more) + 2 <= width:
                last += f"{more:>{width - len(last)}}"
            else:
                yield last
                last = f"{more:>{width}}"
        yield last

    def _line(self, line: Line, words: Mapping[str, Any], width: int, indent: str) -> Iterator[str]:
        said = said_in(line, words, lambda saying: self._numbers(saying, line))
        under = indent + "  "
        text = line.text if self.limit is None else shortened(line.text, words)
        yield from textwrap.wrap(text + said, width, initial_indent=indent, subsequent_indent=under, **_WRAP)
        if self.limit is None:
            for note in line.notes:
                yield from textwrap.wrap(note, width, initial_indent=under, subsequent_indent=under + "  ", **_WRAP)
        for part in self.parts(line):
            if part in line.details:
                yield from self._line(part, words, width, under)

    def _numbers(self, saying: Saying, line: Line) -> str:
        numbers = [str(self.renumbered[number]) for number in self._marks(saying, line)]
        more = len(saying.sources) - len(numbers)
        return f"[{' '.join(numbers)}{f' +{more}' if more else ''}]" if numbers else ""

    def listed(self, sources: Sequence[Source], words: Mapping[str, Any], width: int) -> Iterator[str]:
        """Yield the list of the sources that are named."""
        named = [source for source in sources if source.number in self.renumbered]
        if named:
            yield from ("", words["sources"])
        for document, of in groupby(
            named, lambda source: source.document if source.citation is None else source.number
        ):
            there = list(of)
            if there[0].citation is not None:
                text = f"[{self.renumbered[there[0].number]}] {there[0].citation}"
            else:
                places = "; ".join(f"[{self.renumbered[source.number]}] {source.place}".strip() for source in there)
                text = f"{document}: {places}" if document else places
            yield from textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ", **_WRAP)


def shortened(text: str, words: Mapping[str, Any]) -> str:
    """Return the beginning of a ``text`` that is too long for a card, and how much more there is."""
    kept = text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]
    return text if kept == text else f"{kept} … {words['longer'].format(len(text) - len(kept))}"


def said_in(line: Line, words: Mapping[str, Any], numbers: Callable[[Saying], str]) -> str:
    """Return what stands behind the text of ``line``: how sure, who says so, where, and whether it is disputed."""
    said: dict[tuple[str, str], list[int]] = {}
    for saying in line.sayings:
        said.setdefault((saying.modality, saying.said_by), []).extend(saying.sources)
    parts = []
    for (modality, by), found in said.items():
        told = Saying(modality, by, "", tuple(sorted(set(found))))
        parts.append(" ".join(part for part in (modality, by and f"({by})", numbers(told)) if part))
    behind = ", ".join(filter(None, parts))
    if line.disputed:
        behind += f"{'; ' if behind else ''}{words['disputed']}"
    return f" — {behind}" if behind else ""


def html(
    head: Sequence[str], groups: Sequence[Group], sources: Sequence[Source], words: Mapping[str, Any], most: int = 5
) -> str:
    """Return a card for a notebook; of each group ``most`` lines stand open and the rest unfold."""

    def item(line: Line) -> str:
        said = said_in(line, words, lambda saying: f"[{' '.join(map(str, saying.sources))}]" if saying.sources else "")
        name = escape(shortened(line.text, words))
        if line.thing and line.thing.startswith(("http://", "https://")):
            name = f'<a href="{escape(line.thing)}">{name}</a>'
        below = "".join(f"<div><small>{escape(note)}</small></div>" for note in line.notes)
        inside = f"<ul>{''.join(map(item, line.details))}</ul>" if line.details else ""
        return f"<li>{name}<small>{escape(said)}</small>{below}{inside}</li>"

    def body(group: Group) -> str:
        cut = len(group.lines) if len(group.lines) <= most + 1 else most
        shown, rest = ("".join(map(item, part)) for part in (group.lines[:cut], group.lines[cut:]))
        more = f"<details><summary>+{len(group.lines) - cut}</summary><ul>{rest}</ul></details>" if rest else ""
        return f'<td style="text-align: left"><ul>{shown}</ul>{more}</td>'

    rows = "\n".join(
        f'<tr><th style="text-align: left; vertical-align: top">{escape(group.heading)}</th>{body(group)}</tr>'
        for group in groups
    )
    listed = "\n".join(
        f'<li value="{one.number}"><a href="{escape(one.passages[0])}">{escape(one.citation or one.text)}</a></li>'
        for one in sources
    )
    told = "\n".join(f"<p>{escape(shortened(text, words))}</p>" for text in head[1:])
    found = f"<details><summary>{escape(words['sources'])}</summary><ol>\n{listed}\n</ol></details>" if sources else ""
    return f"<h3>{escape(head[0])}</h3>\n{told}\n<table>\n{rows}\n</table>\n{found}"
