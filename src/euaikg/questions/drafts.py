"""Lines of a card that are being made: put together by what they say, then given the numbers of their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import short
from euaikg.questions.facts import Facts, value, words
from euaikg.questions.lines import Group, Line, Saying, Source
from euaikg.questions.statements import IN_TEXT, PERIODS, Wording
from euaikg.rdf.terms import Native, Term, native
from euaikg.rdf.turtle import natural

SECTIONS = ("stage", "dates", "money", "figures", "who", "disputes", "about", "relations", "kept")
"""The sections of a card, in order; most are one group of the same name."""

BY_SUPPORT = ("money", "who", "about", "relations", "kept")
"""The sections whose lines stand in the order of how many places say so."""


class Place(NamedTuple):
    """A group of lines: its section, its key and its heading."""

    section: str
    key: str
    heading: str


@dataclass
class Draft:
    """A line that is being made: what says so, by way and passage, and what is to be read with it."""

    text: str
    thing: str | None = None
    rank: tuple[Any, ...] = ()
    said: dict[tuple[str, str, str, str], set[str]] = field(default_factory=dict)
    roles: dict[str, None] = field(default_factory=dict)
    disputed: bool = False
    unfolded: bool = False
    notes: dict[str, None] = field(default_factory=dict)
    values: dict[str, Native] = field(default_factory=dict)
    details: dict[str, Draft] = field(default_factory=dict)

    def passages(self) -> set[str]:
        """Return the passages that say so, those of the details too."""
        below = [detail.passages() for detail in self.details.values()]
        return {passage for passages in (*self.said.values(), *below) for passage in passages}


class Drafts(Wording):
    """The groups of a card that is being made of ``facts``; ``disputed`` are the statements that are."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.disputed: set[Term] = set()
        self._groups: dict[Place, dict[str, Draft]] = {}
        self._said: dict[Term, tuple[str, str, str]] = {}

    def draft(self, place: Place | str, key: str) -> Draft:
        """Return the line ``key`` of a group, new where there is none; a group that is a section needs but its name."""
        where = Place(place, place, self.words["groups"][place]) if isinstance(place, str) else place
        return self._groups.setdefault(where, {}).setdefault(key, Draft(key))

    def place(self, way: str, property_: str, is_literal: bool) -> Place:
        """Return the group for what a property says ``from`` the thing or ``to`` it."""
        name, own = short(property_), words()
        outwards = kebab(name.rpartition(":")[2] if re.fullmatch(r"[\w-]+:[\w.-]+", name) else name)
        if way == "from":
            heading, key = self.called(property_), outwards
        else:
            heading = self.words["inverse"].get(name, f"← {self.called(property_)}")
            key = kebab(own["en"]["inverse"].get(name, f"of {outwards}"))
        if way == "from" and name in own["dated"]:
            return Place("dates", "dates", self.words["groups"]["dates"])
        outside = is_literal or name in own["about"]
        section = "who" if key in own["who"] else "kept" if key in own["kept"] else "about" if outside else "relations"
        return Place(section, key, heading)

    def fill(self, line: Draft, one: Term) -> Draft:
        """Put into ``line`` what the statement ``one`` has: its figures, notes and passages; return the line."""
        line.disputed |= one in self.disputed
        line.notes |= dict.fromkeys(self.notes(one))
        line.roles |= dict.fromkeys(self.conditions(one))
        self.support(line, self.facts.terms(one, "statedIn"))
        for name in IN_TEXT[self.facts.statement(one)]:
            terms = self.facts.terms(one, name)
            if terms and isinstance(terms[0], Literal) and not terms[0].language:
                line.values[name] = native(terms[0])
            elif terms:
                line.values[name] = self.periods(terms) if name in PERIODS else self.names(one, name)
        return line

    def detail(self, line: Draft, said: str, statement: Term) -> Draft:
        """Put a line for ``statement`` below ``line``, and return it."""
        return self.fill(line.details.setdefault(said, Draft(said)), statement)

    def support(
        self, line: Draft, graphs: Iterable[Term | None], roles: Mapping[Term, list[str]] | None = None
    ) -> None:
        """Say that those of ``graphs`` that are passages say ``line``, in the ``roles`` that they give."""
        for passage in graphs:
            if passage is not None and self.facts.is_passage(passage) and not self.facts.is_late(passage):
                role = "; ".join((roles or {}).get(passage, []))
                line.said.setdefault((*self._way(passage), role), set()).add(value(passage))

    def _way(self, passage: Term) -> tuple[str, str, str]:
        """Return the code and the name of how sure ``passage`` is, and in whose words it speaks."""
        if passage not in self._said:
            code = next((value(term).rpartition("/")[2] for term in self.facts.terms(passage, "modality")), "")
            self._said[passage] = code, self.names(passage, "modality"), self.names(passage, "attributedTo")
        return self._said[passage]

    def made(self) -> tuple[tuple[Group, ...], tuple[Source, ...]]:
        """Return the groups in the order in which they are read, and the sources that their lines name."""
        found = [*self._ordered()]
        sources, numbers = self._sources(draft for _, drafts in found for draft in drafts)
        groups = (
            Group(place.key, place.heading, place.section, tuple(_line(draft, numbers) for draft in drafts))
            for place, drafts in found
        )
        return tuple(groups), sources

    def _ordered(self) -> Iterator[tuple[Place, list[Draft]]]:
        order = words()["who"]

        def at(place: Place) -> tuple[Any, ...]:
            own = order.index(place.key) if place.section == "who" else place.key not in ("said", "use", "below")
            return SECTIONS.index(place.section), own, place.heading.lower()

        for place in sorted(self._groups, key=at):
            drafts = [*self._groups[place].values()]
            if place.section in BY_SUPPORT:
                drafts.sort(key=lambda draft: (-len(draft.passages()), natural(draft.text.lower())))
            else:
                drafts.sort(key=lambda draft: (draft.rank, draft.text))
            yield place, drafts

    def _sources(self, drafts: Iterable[Draft]) -> tuple[tuple[Source, ...], dict[str, int]]:
        """Return the places that ``drafts`` name, by day and place, and the number of each passage."""
        facts = self.facts
        there: dict[tuple[str, str, str], list[str]] = {}
        for passage in sorted({passage for draft in drafts for passage in draft.passages()}):
            node = NamedNode(passage)
            document, cited = next((facts.short(term) for term in facts.terms(node, "statedAt")), ""), facts.label(node)
            version = re.match(r" \([^()]+\)(?=,)", cited.removeprefix(document))  # such as " (English)"
            document += version[0] if version else ""
            stated = next((value(day) for day in facts.terms(node, "statedOn")), "")
            there.setdefault((stated, document, cited), []).append(passage)
        found: list[Source] = []
        for key in sorted(there, key=lambda key: (*key[:2], natural(key[2]))):
            stated, document, cited = key
            place = cited.removeprefix(document).lstrip(", ") or cited
            found.append(Source(len(found) + 1, cited, document, place, stated, tuple(there[key])))
        return tuple(found), {passage: source.number for source in found for passage in source.passages}


def _line(draft: Draft, numbers: Mapping[str, int]) -> Line:
    ranked = sorted(draft.said.items(), key=lambda said: (said[0][0] != "asserted", -len(said[1]), said[0]))
    return Line(
        draft.text + (f" ({'; '.join(draft.roles)})" if draft.roles else ""),
        draft.thing,
        tuple(
            Saying(modality, by, role, tuple(sorted({numbers[passage] for passage in passages})))
            for (_, modality, by, role), passages in ranked
        ),
        draft.disputed,
        draft.unfolded,
        tuple(draft.notes),
        dict(draft.values),
        tuple(_line(detail, numbers) for detail in draft.details.values()),
    )


@lru_cache(maxsize=1 << 10)
def kebab(name: str) -> str:
    """Return ``name`` in small letters with hyphens: ``partOf`` becomes ``part-of``."""
    return re.sub(r"[^\w.:/#]+", "-", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name)).lower()
