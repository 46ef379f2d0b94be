"""Searching: things by words that stand in their names, or in what is said of them."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from euaikg.core import vocab
from euaikg.errors import UnknownThingError
from euaikg.questions.names import SHORTEST, Name, names, resolve, respelt, text_of
from euaikg.questions.words import stem, words
from euaikg.rdf.terms import Term
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine

TEXTS = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?thing ?where ?text WHERE {
  {
    VALUES (?property ?where) { (skos:definition "definition") (skos:editorialNote "note") (euai:reason "reason") }
    ?thing ?property ?text .
  }
  UNION {
    VALUES (?property ?where) {
      (euai:role "role") (euai:population "population") (skos:editorialNote "note") (euai:reason "reason")
    }
    ?statement ?property ?text ;
      rdf:subject|rdf:object|euai:aboutResource|euai:aboutEnvelope ?thing .
  }
}
"""
"""Asks for what is said of things in words, beside their names, and where."""

DESCRIBED = """
SELECT ?thing ?name ?kind WHERE {
  VALUES ?thing { UNDEF }
  OPTIONAL { ?thing skos:prefLabel|rdfs:label|dct:bibliographicCitation ?name }
  OPTIONAL { ?thing skos:inScheme|a ?kind }
}
ORDER BY ?thing ?name ?kind
"""
"""Asks for the names of things, and for their classes and code lists."""

CLASSES = """
SELECT ?kind ?name ?broader WHERE {
  { ?kind a owl:Class } UNION { ?kind a skos:ConceptScheme }
  ?kind rdfs:label|skos:prefLabel ?name
  OPTIONAL { ?kind rdfs:subClassOf ?broader }
}
ORDER BY ?kind ?name
"""

OF_A_KIND = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?kind { UNDEF }
  { ?thing a/rdfs:subClassOf* ?kind } UNION { ?thing skos:inScheme ?kind }
}
"""


@dataclass(frozen=True)
class Hit(Name):
    """What :func:`search` finds: a name, or a text that says something of a thing, and what the thing is.

    ``where`` the words stand, in a name or in a role, a population, a note, a reason or a definition, whose ``text`` it
    then is; the preferred ``name`` of the thing; its ``kind``, a class or code list, with the ``kind_label``; and what
    was searched for in place of words that nothing has (``guess``).
    """

    where: str = "name"
    name: str = ""
    kind: str = ""
    kind_label: str = ""
    guess: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return what is found as plain values, for JSON."""
        return {
            "iri": self.iri,
            "name": self.name,
            "kind": self.kind,
            "kindLabel": self.kind_label,
            "where": self.where,
            "text": self.text,
            "language": self.language,
        }


def search(engine: Engine, text: str, kind: str | None = None, limit: int | None = None, lang: str = "en") -> list[Hit]:
    """Return the things that have all words of ``text`` in a name, or else in what is said of them; the closest first.

    A name that is the text comes first, then those with all its words, with words that begin so, and with words that
    have them anywhere; then things in whose names, roles, populations, notes, reasons and definitions the words stand.
    Things come before codes and terms of the ontology, and shorter names before longer ones. Where nothing is found,
    the nearest words in names are looked for. ``kind``, a class or a code list by any name, leaves only its things, and
    ``limit`` only so many; names of things and kinds are in the language ``lang``. Raises :class:`UnknownThingError`
    for an unknown kind.
    """
    known = names(engine)
    found = _found(engine, words(text), known, lang)
    guess = "" if found or not (near := respelt(words(text), known)) else " ".join(near)
    if guess:
        found = _found(engine, guess.split(), known, lang)
    if kind is not None:
        among = scanner.fill(OF_A_KIND, {"kind": [_kind(engine, kind)]})
        inside = {thing.value for (thing,) in engine.select(among).rows if isinstance(thing, NamedNode)}
        found = [name for name in found if name.iri in inside]
    found = found[:limit]
    return [replace(name, guess=guess) for name in _described(engine, found, lang)]


def _kind(engine: Engine, text: str) -> NamedNode:
    try:
        return resolve(engine, text, vocab.EUAI)
    except UnknownThingError:
        return resolve(engine, text)


def _found(engine: Engine, typed: list[str], known: Iterable[Name], lang: str) -> list[Name]:
    """Return what has all words ``typed`` in a name or a text, the closest first, each thing once."""
    best: dict[str, tuple[tuple[int, bool, bool, int, int, int, str], Name]] = {}

    def keep(name: Name, level: int, length: int) -> None:
        other = level > 0 and name.language not in (lang, "")
        key = (level, name.code, other, length, name.rank, len(name.text), name.iri)
        if name.iri not in best or key < best[name.iri][0]:
            best[name.iri] = (key, name)

    called: dict[str, list[str]] = {}
    codes = {name.iri for name in known if name.code}
    for name in known if typed else ():
        parts = words(name.text)
        called.setdefault(name.iri, []).extend(parts)
        level = _closeness(typed, parts)
        if level is not None:
            keep(name, level, len(parts))
    for thing, where, said in engine.select(TEXTS).rows if typed else ():
        if not isinstance(thing, NamedNode) or not isinstance(where, Literal) or not isinstance(said, Literal):
            continue
        if thing.value not in called:
            continue
        parts = words(said.value)
        level = _closeness(typed, [*parts, *called.get(thing.value, [])])
        if level is not None and level < PARTS:
            text = Hit(thing.value, said.value, said.language or "", 3, thing.value in codes, where.value)
            keep(text, PARTS + level, 0)
    return [name for _, name in sorted(best.values(), key=lambda pair: pair[0])]


PARTS = 4
"""How close words are of which some stand only inside other words; a smaller number is closer."""


def _closeness(typed: list[str], parts: list[str]) -> int | None:
    """Return how close the words ``typed`` are to those of a name, its ``parts``; 0 is the closest.

    They are all of it, stand there as they are, are words of it, begin words of it, or are parts of them; else None.
    """
    whole, wanted = "".join(parts), "".join(typed)
    if whole == wanted:
        return 0
    if not all(word in whole or stem(word)[:SHORTEST] in whole for word in typed):
        return None  # soon, for most names
    singular = list(map(stem, parts))
    looked, stands = _edges(singular), _edges(parts)
    if _within("".join(map(stem, typed)), *looked):
        return 1
    if all(_within(stem(word), *looked) for word in typed):
        return 2
    if all(_within(word, stands[0], stands[1], None) or _within(stem(word), *looked) for word in typed):
        return 3
    return PARTS if all(word in whole for word in typed) else None


def _edges(parts: list[str]) -> tuple[str, set[int], set[int]]:
    """Return ``parts`` as one word, and where in it they begin and end: “start-up” is found as “startup”."""
    ends = list(itertools.accumulate(map(len, parts)))
    return "".join(parts), {0, *ends}, set(ends)


def _within(word: str, whole: str, starts: Collection[int], ends: Collection[int] | None) -> bool:
    """Say whether ``word`` stands in ``whole`` from one of ``starts`` to one of ``ends``, if these matter."""
    at = whole.find(word)
    while at >= 0:
        if at in starts and (ends is None or at + len(word) in ends):
            return True
        at = whole.find(word, at + 1)
    return False


def _described(engine: Engine, found: list[Name], lang: str) -> list[Hit]:
    """Return ``found`` with the names of the things and of their narrowest kinds, in ``lang`` where they have them."""
    if not found:
        return []
    labels: dict[str, dict[str, str]] = {}
    kinds: dict[str, set[str]] = {}
    broader: dict[str, set[str]] = {}
    about = scanner.fill(DESCRIBED, {"thing": [NamedNode(name.iri) for name in found]})
    for things, others in ((about, kinds), (CLASSES, broader)):
        for iri, called, other in map(_ordered, engine.select(things).rows):
            if isinstance(called, Literal):
                labels.setdefault(iri, {})[called.language or ""] = called.value
            if other:
                others.setdefault(iri, set()).add(other)

    def label(iri: str) -> str:
        there = labels.get(iri, {})
        return there.get(lang) or there.get("en") or next(iter(there.values()), "")

    made = []
    for one in found:
        there = kinds.get(one.iri, set())
        above = {above for kind in there for above in broader.get(kind, ())}
        named = sorted(kind for kind in there if kind not in above and label(kind))
        kind = next(iter(named or sorted(there)), "")
        text = label(kind) or ("class" if kind.endswith("#Class") else "property" if "Property" in kind else "")
        where = one.where if isinstance(one, Hit) else "name"
        own = (one.iri, one.text, one.language, one.rank, one.code)
        made.append(Hit(*own, where, label(one.iri) or one.text, kind, text))
    return made


def _ordered(row: Sequence[Term | None]) -> tuple[str, Term | None, str]:
    """Return the IRI, the name and the other IRI of a row about things or classes, whatever their order."""
    first, *rest = row
    name = next((term for term in rest if isinstance(term, Literal)), None)
    return text_of(first), name, next((text_of(term) for term in rest if isinstance(term, NamedNode)), "")
