"""What is near a question without an answer: values and other questions with which there is one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from pyoxigraph import Literal, NamedNode

from euaikg.core import vocab
from euaikg.errors import EuaikgError, quote
from euaikg.questions import commands, names, parameters, stored
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.questions.told import told
from euaikg.rdf.terms import text
from euaikg.sparql import scanner
from euaikg.sparql.answers import Row, Table
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import Value

PATIENCE = 1.0
"""The seconds that may be spent on finding why an answer is empty."""

TRIES = 12
"""How many values that might do are tried in the place of one."""

GENERAL = ("relations", "figures", "status-timeline", "who-says")
"""Questions that know most things, so that they are tried before others."""

SHOWN = 3
"""How many values or questions that would have rows are named."""

Values = Mapping[str, Sequence[Value]]

OF_A_KIND = """
SELECT ?kind WHERE { VALUES ?kind { UNDEF } VALUES ?thing { UNDEF } ?thing a/rdfs:subClassOf* ?kind }
"""

NAMED = """
SELECT ?name WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?lang { "en" }
  VALUES (?property ?rank) { (skos:prefLabel 1) (rdfs:label 1) (dct:bibliographicCitation 1) (euai:shortName 2) }
  ?thing ?property ?name FILTER(LANG(?name) = ?lang)
  OPTIONAL { ?thing a euai:SourceDocument BIND(true AS ?isRead) }
}
ORDER BY DESC(?rank = 2 && BOUND(?isRead)) ?rank ?name
"""

KINDS = """
SELECT DISTINCT ?name WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?lang { "en" }
  ?thing a ?kind .
  ?kind rdfs:label ?name FILTER(LANG(?name) = ?lang)
  FILTER NOT EXISTS { ?thing a ?narrower . ?narrower rdfs:subClassOf+ ?kind }
}
ORDER BY ?name
"""

LINKED = """
SELECT ?near (MIN(STR(?name)) AS ?first) WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?kind { UNDEF }
  VALUES ?lang { "en" }
  { ?thing ?any ?near } UNION { ?near ?any ?thing }
  FILTER(!BOUND(?kind) || EXISTS { ?near a/rdfs:subClassOf* ?kind })
  ?near skos:prefLabel|rdfs:label ?name FILTER(LANG(?name) = ?lang)
}
GROUP BY ?near ORDER BY ?first ?near LIMIT 60
"""

BESIDE = """
SELECT ?beside WHERE {
  VALUES ?passage { UNDEF }
  ?passage euai:inExpression ?expression .
  ?beside euai:inExpression ?expression
}
ORDER BY ?beside
"""


class LateError(Exception):
    """There is no time left."""


class Nearby:
    """A stored question with values, and what else has an answer."""

    def __init__(self, engine: Engine, asked: StoredQuery, values: Values, typed: Mapping[str, Sequence[str]]) -> None:
        self.engine, self.asked, self.values = engine, asked, values
        self.parameters = {parameter.name: parameter for parameter in asked.parameters}
        self.end = time.monotonic() + PATIENCE
        self.known: dict[str, Table] = {}
        self.lang = next((term.value for term in values.get("lang", ())), "en")
        self.typed = dict(typed)
        pair = {name: of for name, of in values.items() if name in ("earlier", "later")}
        if len(pair) == 2:  # the older one is the earlier, whatever was typed
            self.typed |= {
                name: [self.typable(one) for one in of if isinstance(one, NamedNode)] for name, of in pair.items()
            }

    def say(self, sentence: str, *parts: object) -> str:
        """Return the ``sentence`` with ``parts`` in it, in the language that was asked for."""
        return told(self.lang, sentence, *parts)

    def to_try(self, command: str = "") -> str:
        """Return a line of its own that offers ``command``, which has an answer."""
        return "\n" + self.say("Try: {}", command)

    def either(self, several: Iterable[str]) -> str:
        """Return ``several`` as one or another."""
        return self.say(" or ").join(several)

    def a(self, name: str) -> str:
        """Return ``name`` with its indefinite article."""
        return f"een {name}" if self.lang == "nl" else with_article(name)

    def answer(self, values: Values, asked: StoredQuery | None = None) -> Table:
        """Return the rows there are with ``values``; triples count as rows of nothing."""
        asked = asked or self.asked
        terms = {name: [*of] for name, of in values.items()}
        stored.put_in_order(asked, terms, self.engine)  # as when it is asked
        filled = scanner.fill(asked.text, terms)
        if filled not in self.known:
            if time.monotonic() > self.end:
                raise LateError
            found = self.engine.run_surely(filled)
            rows = [] if isinstance(found, bool) else [()] * len(found)
            self.known[filled] = found if isinstance(found, Table) else Table((), list[Row](rows))
        return self.known[filled]

    def has(self, values: Values, asked: StoredQuery | None = None) -> bool:
        """Say whether there is an answer with ``values``."""
        return bool(self.answer(values, asked))

    def terms(self, query: str, **values: Sequence[Value]) -> list[Value]:
        if "?lang" in query:
            values["lang"] = [Literal(self.lang)]
        rows = self.engine.select(scanner.fill(query, values)).rows
        return [row[0] for row in rows if isinstance(row[0], NamedNode | Literal)]

    def name(self, thing: Value) -> str:
        return next((text(name) for name in self.terms(NAMED, thing=[thing])), text(thing))

    def typable(self, thing: NamedNode) -> str:
        """Return what names ``thing`` on the command line: its name where that is enough."""
        name = self.name(thing)
        with suppress(EuaikgError):
            if names.resolve(self.engine, name) == thing:
                return name
        return name if self.terms(BESIDE, passage=[thing]) else text(thing)

    def what(self, thing: Value) -> str:
        """Return what ``thing`` is, such as “a company”."""
        kinds = self.say(" and ").join(self.a(text(kind)) for kind in self.terms(KINDS, thing=[thing]))
        return kinds or self.say("a term of the ontology" if thing.value.startswith(vocab.EUAI) else "a code")

    def words(self, name: str) -> str:
        return self.either(map(quote, self.typed.get(name, [])))

    def working(
        self, name: str, candidates: Iterable[Value | str], values: Values, own: Iterable[str] = ()
    ) -> Iterator[str]:
        """Yield, as one types them and each once, those of ``candidates`` with which the question has rows."""
        there, told = {*own, *map(str, values[name])}, set()
        for candidate in candidates:
            if time.monotonic() > self.end:
                return
            with suppress(EuaikgError):
                typed = candidate if isinstance(candidate, str) else candidate.value
                terms = parameters.terms(self.parameters[name], typed, self.engine)
                if there.isdisjoint(map(str, terms)) and self.has({**values, name: terms}):
                    there.update(map(str, terms))
                    said = self.typable(candidate) if isinstance(candidate, NamedNode) else typed
                    if said not in told:  # passages of one place are cited alike
                        told.add(said)
                        yield said

    def suggested(self, name: str, candidates: Iterable[Value | str], values: Values, how: str) -> str:
        """Return words that name those of ``candidates`` with which the question has rows, and ask with the first."""
        found = list(islice(self.working(name, islice(candidates, TRIES), values), SHOWN))
        named = "; ".join(found)
        return f"\n{self.say(how)}: {named}.{self.tried(name, found[0], values)}" if found else ""

    def tried(self, name: str, value: str, values: Values) -> str:
        """Return words that ask the question with ``value`` in the place of the one given, and the others as given."""
        texts = {one: self.typed[one] for one in values if one in self.typed} | {name: [value]}
        return self.to_try(commands.with_values(self.asked, texts))

    def elsewhere(self, thing: Value) -> str:
        """Return words that name questions that have rows for ``thing``, first those that are most like this one."""
        if not isinstance(thing, NamedNode):
            return ""
        tags = {*self.asked.tags} - {"provenance"}

        def distance(other: StoredQuery) -> tuple[bool, bool, bool, int]:
            is_code = other.subject is not None and other.subject.type == "code"
            return other.name.startswith("view-"), not is_code, other.name not in GENERAL, -len(tags & {*other.tags})

        found = []
        end, self.end = self.end, min(self.end, time.monotonic() + PATIENCE / 2)
        with suppress(LateError):
            for header in sorted(stored.headers(), key=distance):
                if header.name != self.asked.name and takes(header.subject, thing):
                    other = stored.parse(header.path)
                    if other.error or other.form != "SELECT":
                        continue
                    assert other.subject
                    if self.has({other.subject.name: parameters.terms(other.subject, thing.value, self.engine)}, other):
                        takes_lang = self.lang != "en" and any(one.name == "lang" for one in other.parameters)
                        lang = {"lang": [self.lang]} if takes_lang else {}
                        found.append(commands.with_values(other, {other.subject.name: [self.typable(thing)]} | lang))
                if len(found) == SHOWN:
                    break
        self.end = end
        said = "\n" + self.say("Other questions have rows for it.")
        return "".join([said, *map(self.to_try, found)]) if found else ""


def with_article(name: str) -> str:
    """Return ``name`` with its indefinite article."""
    return f"an {name}" if re.match(r"(?!eu|uni)[aeiou]", name.lower()) else f"a {name}"


def without(values: Values, name: str) -> Values:
    """Return ``values`` but for those of the parameter ``name``."""
    return {one: of for one, of in values.items() if one != name}


def takes(subject: Parameter | None, thing: NamedNode) -> bool:
    """Say whether a question about ``subject`` can be asked about ``thing``."""
    if subject is None:
        return False
    return subject.type == "iri" or (
        subject.type == "code" and thing.value.startswith(f"{vocab.BASE}id/{subject.scheme}/")
    )
