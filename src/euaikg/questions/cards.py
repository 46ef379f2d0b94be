"""Everything about one thing on one card, put together from the answers to stored queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import short
from euaikg.errors import UnknownThingError, cut
from euaikg.questions import stored
from euaikg.rdf import terms
from euaikg.rdf.terms import Native
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Engine

HEAD = """
SELECT ?what ?text WHERE {
  { THING skos:prefLabel|rdfs:label ?text BIND("name" AS ?what) }
  UNION { THING a/rdfs:label ?text BIND("kind" AS ?what) }
  UNION { THING euai:shortName|skos:altLabel ?text BIND("alias" AS ?what) }
  UNION { THING skos:definition ?text BIND("definition" AS ?what) }
  UNION { THING skos:editorialNote ?text BIND("note" AS ?what) }
}
ORDER BY ?what LANG(?text) ?text
"""

SECTIONS = {
    "relations": "relations",
    "statuses": "status-timeline",
    "figures": "figures",
    "disagreements": "disagreements",
}
"""The parts of a card, each with the stored query that fills it."""


@dataclass(frozen=True)
class Card:
    """What the graph says about one thing: its names, and one table for each of :data:`SECTIONS`."""

    iri: str
    name: str
    kinds: list[str]
    aliases: list[str]
    definitions: list[str]
    notes: list[str]
    sections: dict[str, Table] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the card as plain values, for JSON."""
        rows = {
            part: [{name: _plain(value) for name, value in row.items()} for row in table.to_dicts()]
            for part, table in self.sections.items()
        }
        return {name: value for name, value in vars(self).items() if name != "sections"} | rows


def _plain(value: Native) -> str | int | float | bool | None:
    """Return ``value`` as JSON can hold it: numbers stay numbers, dates become text."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def card(
    engine: Engine, thing: NamedNode, lang: str = "en", as_of: str | None = None, valid_on: str | None = None
) -> Card:
    """Return the card of ``thing`` in the language ``lang``, as documents up to the day ``as_of`` know it.

    With ``valid_on``, only the stages that surely hold on that day.

    Raises :class:`UnknownThingError` where the graph says nothing about ``thing``.
    """
    head: dict[str, list[str]] = {}
    others: list[str] = []
    for what, text in engine.select(HEAD.replace("THING", str(thing))).rows:
        assert isinstance(what, Literal) and text is not None
        language = (isinstance(text, Literal) and text.language) or ""
        words = text.value if isinstance(text, Literal) else terms.text(text)
        if language.partition("-")[0] in (lang, "") or what.value == "alias":
            head.setdefault(what.value, []).append(words)
        elif what.value == "name":
            others.append(words)
    if not head and not others and not engine.run(f"ASK {{ {thing} ?property ?value }}"):
        raise UnknownThingError(f"The graph says nothing about {cut(short(thing.value))}.")
    values = {"thing": [thing.value], "lang": [lang]}
    sections = {}
    for part, name in SECTIONS.items():
        query = stored.get(name)
        known = {parameter.name for parameter in query.parameters}
        days = {"asOf": as_of, "validOn": valid_on}
        dated = {name: [day] for name, day in days.items() if day and name in known}
        sections[part] = engine.select(stored.bind(query, {**values, **dated}, engine))
    return Card(
        iri=thing.value,
        name=next(iter([*head.get("name", []), *others, short(thing.value)])),
        kinds=head.get("kind", []),
        aliases=sorted(set(head.get("alias", []))),
        definitions=head.get("definition", []),
        notes=head.get("note", []),
        sections=sections,
    )
