"""Everything about one thing on one card: what it is, where it stands, when, how much, who, what is disputed, the rest.

A card is plain data: groups with a heading, each with lines, each line a fact with the passages that say so, however
many. The same card is what ``euaikg show`` prints, what Python gets and what JSON holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from pyoxigraph import Literal, NamedNode

from euaikg.core.groups import by_key
from euaikg.core.vocab import RDF, SKOS, XSD, short
from euaikg.errors import QueryError, UnknownThingError, cut, quote
from euaikg.questions import lines, partly, stored
from euaikg.questions.contents import HEAD, Contents
from euaikg.questions.facts import Facts, Memory, is_worded, value, words
from euaikg.questions.lines import Group, Line, Source
from euaikg.questions.words import fold
from euaikg.rdf.terms import Native, Term, text
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Engine

WIDTH = 100
"""How many columns a card takes as text, unless something else is said."""


@dataclass(frozen=True)
class Card:
    """What the graph says about one thing: its names, what it is, and facts in groups with numbered sources.

    ``meaning`` is what the thing is in one line, of its own or of its kind; ``groups`` hold the lines in the order in
    which they are read, and the numbers in their sayings are those of ``sources``.
    """

    iri: str
    name: str
    kinds: list[str]
    aliases: list[str]
    definitions: list[str]
    notes: list[str]
    meaning: str = ""
    lang: str = "en"
    as_of: str | None = None
    groups: tuple[Group, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def passages(self) -> list[str]:
        """The IRIs of the passages that its sources are, in their order."""
        return list(dict.fromkeys(passage for source in self.sources for passage in source.passages))

    @property
    def sections(self) -> dict[str, Table]:
        """The lines of each group as a table, by the key of the group."""
        return {group.key: _table(group, self.sources) for group in self.groups}

    def group(self, key: str) -> list[Group]:
        """Return the group or the groups of the section ``key``, a key or a heading, or the beginning of one.

        Raises :class:`QueryError` with those there are where none is called so.
        """
        wanted = _folded(key)
        for named in (str.__eq__, str.startswith):
            for group in self.groups if wanted else ():
                for name, there in ((group.section, "section"), (group.key, "key"), (group.heading, "heading")):
                    if named(_folded(name), wanted):
                        return [one for one in self.groups if getattr(one, there) == name]
        known = ", ".join(dict.fromkeys(name for group in self.groups for name in (group.section, group.key))) or "none"
        raise QueryError(f"The card of {quote(self.name)} has no section {quote(key)}; it has: {known}.")

    def text(self, width: int = WIDTH, *, whole: bool = False, section: str | None = None) -> str:
        """Return the card as text of ``width`` columns: as much as fits on two screens, or the ``whole``.

        With ``section`` only that part, whole (see :meth:`group`).
        """
        own = self.group(section) if section is not None else [*self.groups]
        shown = own if whole or section is not None else [group for group in own if group.section != "kept"]
        kept = sum(len(group.lines) for group in own) - sum(len(group.lines) for group in shown)
        head = self._head() if section is None else self._head()[:1]
        every = whole or section is not None
        return "\n".join(lines.terminal(head, shown, self.sources, words()[self.lang], width, every, kept))

    def _head(self) -> list[str]:
        told = words()[self.lang]
        kinds = f" ({', '.join(self.kinds)})" if self.kinds else ""
        return [
            f"{self.name}{kinds}",
            self.iri,
            *([self.meaning] if self.meaning else []),
            *self.definitions[1:],
            *([f"{told['also']}: {'; '.join(self.aliases)}"] if self.aliases else []),
            *(f"{told['note']}: {note}" for note in self.notes),
            *([told["known"].format(self.as_of)] if self.as_of else []),
        ]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Card of {self.name}: {', '.join(group.key for group in self.groups)}>"

    def _repr_html_(self) -> str:
        return lines.html(self._head(), self.groups, self.sources, words()[self.lang])

    def to_dict(self, section: str | None = None) -> dict[str, Any]:
        """Return the card as plain values, for JSON; with ``section`` only that part of it (see :meth:`group`)."""
        groups = self.groups if section is None else self.group(section)
        named = {number for group in groups for line in group.lines for part in line.lines for number in part.sources}
        return {
            **_plain(asdict(replace(self, groups=(), sources=()))),
            "groups": [_group(group) for group in groups],
            "sources": [_plain(asdict(source)) for source in self.sources if source.number in named],
        }


def _group(group: Group) -> dict[str, Any]:
    return {"key": group.key, "heading": group.heading, "section": group.section, "lines": [*map(_line, group.lines)]}


def _line(line: Line) -> dict[str, Any]:
    own = {name: _plain(part) for name, part in asdict(replace(line, details=())).items()}
    return own | {"places": len(line.sources), "details": [*map(_line, line.details)]}


def _plain(given: Any) -> Any:
    """Return ``given`` as JSON can hold it: numbers stay numbers, dates become text."""
    if isinstance(given, Mapping):
        return {name: _plain(part) for name, part in given.items()}
    if isinstance(given, list | tuple):
        return [*map(_plain, given)]
    if isinstance(given, Decimal):
        return int(given) if given == int(given) else float(given)
    if isinstance(given, float) and not isfinite(given):
        return str(given)
    return given.isoformat() if isinstance(given, date) else given


def _table(group: Group, sources: Sequence[Source]) -> Table:
    flat = [line for one in group.lines for line in one.lines]
    own = sorted({name for line in flat for name in line.values})
    is_cited = any(source.citation for source in sources)
    names = ("text", "thing", *own, "modality", "saidBy", "disputed", "places", "sources", *["citation"] * is_cited)
    rows = []
    for line in flat:
        places = [source for source in sources if source.number in line.sources]
        cells: list[Term | None] = [
            Literal(line.text),
            NamedNode(line.thing) if line.thing else None,
            *(_literal(line.values.get(name)) for name in own),
            *(_joined(getattr(saying, name) for saying in line.sayings) for name in ("modality", "said_by")),
            Literal(line.disputed),
            Literal(len(places)),
            _joined(place.text for place in places),
            *[_joined(place.citation or "" for place in places)] * is_cited,
        ]
        rows.append(tuple(cells))
    return Table(names, rows)


def _literal(given: Native) -> Literal | None:
    if isinstance(given, Decimal | date):
        return Literal(str(given), datatype=NamedNode(XSD + ("decimal" if isinstance(given, Decimal) else "date")))
    return None if given is None else Literal(given)


def _joined(parts: Iterable[str]) -> Literal | None:
    found = "; ".join(dict.fromkeys(filter(None, parts)))
    return Literal(found) if found else None


def _folded(name: str) -> str:
    return re.sub(r"\W", "", fold(name))


def card(
    engine: Engine,
    thing: NamedNode,
    lang: str = "en",
    as_of: str | None = None,
    valid_on: str | None = None,
    *,
    memory: Memory | None = None,
) -> Card:
    """Return the card of ``thing`` in the language ``lang``, as documents up to the day ``as_of`` know it.

    With ``valid_on``, only the stages that surely hold on that day; with a ``memory`` of the same graph sooner.

    Raises :class:`UnknownThingError` where the graph says nothing about ``thing``.
    """
    days = {"asOf": as_of, "validOn": valid_on}
    if any(days.values()):
        given = {name: [day] for name, day in days.items() if day}
        terms = stored.resolved(stored.get("status-timeline"), given, engine)
        as_of, valid_on = (next(map(value, terms.get(name, [])), None) for name in days)
    facts = Facts(engine, thing, lang, as_of, memory)
    if not facts.facts and not facts.around:
        raise UnknownThingError(f"The graph says nothing about {cut(short(thing.value))}.")
    contents = Contents(facts, valid_on)
    groups, sources = contents.made()
    own = by_key((fact.property, fact.other) for fact in facts.facts if fact.way == "from")
    head = {
        what: [
            term
            for name in names
            for term in own.get(name, [])
            if is_worded(term) or (what in ("definition", "note") and not isinstance(term, Literal))
        ]
        for what, names in HEAD.items()
    }
    definitions = facts.in_language(head["definition"])
    places = (place for source in sources for place in source.passages)
    answers = memory.answers if memory else None
    kinds = [kind for kind in own.get(RDF + "type", []) if facts.label(kind) != text(kind)]
    named = (filter(is_worded, own.get(property_, [])) for property_ in HEAD["name"])
    names = [name for terms in named for name in facts.in_language(terms)] or [
        contents.text(thing) if facts.statement(thing) else short(thing.value)
    ]
    return Card(
        iri=thing.value,
        name=names[0],
        kinds=_kinds(facts, own),
        aliases=sorted({value(name) for name in (*head["alias"], *head["name"])} - {names[0]}),
        definitions=definitions,
        notes=[*facts.in_language(head["note"]), *partly.of_places(engine, places, lang, answers)],
        meaning=next(iter(definitions), "") or _meaning(facts, kinds),
        lang=lang,
        as_of=as_of,
        groups=groups,
        sources=sources,
    )


def _kinds(facts: Facts, own: Mapping[str, list[Term]]) -> list[str]:
    """Return the names of the classes of a thing; of a code that of its list."""
    told = words()[facts.lang]["kinds"]
    for property_ in (RDF + "type", SKOS + "inScheme"):
        kinds = own.get(property_, [])
        if named := {told.get(short(value(kind))) or facts.label(kind) for kind in kinds} - {*map(text, kinds)}:
            return sorted(named)
    return []


def _meaning(facts: Facts, kinds: list[Term]) -> str:
    """Return what things of the first of ``kinds`` that is explained are."""
    facts.read(kinds)
    told = ((kind, facts.in_language(facts.details(kind).get(SKOS + "definition", []))) for kind in kinds)
    return next((f"{facts.label(kind)}: {said[0]}" for kind, said in told if said), "")
