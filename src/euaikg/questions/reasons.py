"""Why the answer to a stored question is empty: which value leaves nothing, what is near, and what to ask instead.

Values are left out or exchanged, one at a time, and the question is asked again. So a command that is suggested has an
answer, and so has every code, day, number or document that is named beside it. All of it together may take
:data:`PATIENCE` seconds; what is found by then is told.
"""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import islice

from pyoxigraph import Literal, NamedNode

from euaikg.core import vocab
from euaikg.errors import EuaikgError, quote
from euaikg.questions import commands, names, parameters, stored
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import native, text
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

TRY = "\nTry: "
"""Stands before a command that has an answer."""

SHOWN = 3
"""How many values or questions that would have rows are named."""

_Values = Mapping[str, Sequence[Value]]

OF_A_KIND = """
SELECT ?kind WHERE { VALUES ?kind { UNDEF } VALUES ?thing { UNDEF } ?thing a/rdfs:subClassOf* ?kind }
"""

NAMED = """
SELECT ?name WHERE {
  VALUES ?thing { UNDEF }
  VALUES (?property ?rank) { (skos:prefLabel 1) (rdfs:label 1) (dct:bibliographicCitation 1) (euai:shortName 2) }
  ?thing ?property ?name FILTER(LANG(?name) = "en")
  OPTIONAL { ?thing a euai:SourceDocument BIND(true AS ?isRead) }
}
ORDER BY DESC(?rank = 2 && BOUND(?isRead)) ?rank ?name
"""

KINDS = """
SELECT DISTINCT ?name WHERE {
  VALUES ?thing { UNDEF }
  ?thing a ?kind .
  ?kind rdfs:label ?name FILTER(LANG(?name) = "en")
  FILTER NOT EXISTS { ?thing a ?narrower . ?narrower rdfs:subClassOf+ ?kind }
}
ORDER BY ?name
"""

LINKED = """
SELECT ?near (MIN(STR(?name)) AS ?first) WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?kind { UNDEF }
  { ?thing ?any ?near } UNION { ?near ?any ?thing }
  FILTER(!BOUND(?kind) || EXISTS { ?near a/rdfs:subClassOf* ?kind })
  ?near skos:prefLabel|rdfs:label ?name FILTER(LANG(?name) = "en")
}
GROUP BY ?near ORDER BY ?first ?near LIMIT 60
"""

READ = """
SELECT DISTINCT ?document WHERE { ?expression euai:expressionOf ?document } ORDER BY ?document
"""

NAMING = """
SELECT DISTINCT ?document WHERE {
  VALUES ?thing { UNDEF }
  { GRAPH ?passage { ?thing ?any ?other } } UNION { GRAPH ?passage { ?other ?any ?thing } }
  ?passage euai:statedAt ?document
}
ORDER BY ?document
"""

DAYS = """
SELECT DISTINCT ?day WHERE {
  { ?any euai:statedOn|euai:dueBy|euai:effectiveFrom ?day }
  UNION { ?period <http://www.w3.org/ns/dcat#startDate>|<http://www.w3.org/ns/dcat#endDate> ?day }
}
"""

SILENT = """
SELECT ?name WHERE {
  VALUES ?passage { UNDEF }
  ?passage euai:withoutFact/skos:prefLabel ?name FILTER(LANG(?name) = "en")
}
"""


BESIDE = """
SELECT ?beside WHERE {
  VALUES ?passage { UNDEF }
  ?passage euai:inExpression ?expression .
  ?beside euai:inExpression ?expression
}
ORDER BY ?beside
"""

HEDGES = """
SELECT ?code WHERE {
  ?code skos:inScheme <https://w3id.org/euaikg/id/modality>
  FILTER(!REGEX(STR(?code), "/(asserted|denied|ended)$"))
  FILTER NOT EXISTS { ?code skos:broader ?broad }
}
ORDER BY ?code
"""

LABELS = """
SELECT ?name WHERE { VALUES ?thing { UNDEF } ?thing skos:prefLabel ?name }
"""


KNOWN = "ASK {{ {{ {0} ?p ?o }} UNION {{ ?s ?p {0} }} UNION {{ ?s {0} ?o }} UNION {{ GRAPH {0} {{ ?s ?p ?o }} }} }}"
"""Asks whether anything is said of a thing, with it or in it."""


class _LateError(Exception):
    """There is no time left."""


def reasons(
    engine: Engine, asked: StoredQuery, values: _Values, given: Mapping[str, Sequence[str]], is_read: bool = True
) -> Iterator[str]:
    """Yield sentences that say why the question ``asked`` has no answer with ``values``.

    ``given`` has the same values by the names that the user gave them, as typed; ``is_read`` says that the graph holds
    a document.
    """
    typed: dict[str, list[str]] = {}
    for name, texts in given.items():
        for parameter in asked.called(name):
            typed.setdefault(parameter.name, []).extend(texts)
    told = False
    try:
        for lines in _Search(engine, asked, values, typed).reasons(is_read):
            told = True
            yield from lines.split("\n")
    except _LateError:
        if not told:
            yield "Why there is nothing could not be found out soon; with fewer values there may be."
    except EuaikgError:  # an answer without a reason is still an answer
        return


class _Search:
    """The search for why a question has no answer."""

    def __init__(self, engine: Engine, asked: StoredQuery, values: _Values, typed: Mapping[str, Sequence[str]]) -> None:
        self.engine, self.asked, self.values = engine, asked, values
        self.typed = dict(typed)
        pair = {name: of for name, of in values.items() if name in ("earlier", "later")}
        if len(pair) == 2:  # the older one is the earlier, whatever was typed
            self.typed |= {
                name: [self.typable(one) for one in of if isinstance(one, NamedNode)] for name, of in pair.items()
            }
        self.parameters = {parameter.name: parameter for parameter in asked.parameters}
        self.end = time.monotonic() + PATIENCE
        self.known: dict[str, Table] = {}

    def reasons(self, is_read: bool) -> Iterator[str]:
        if sentences := [*self.absent()] or [*self.of_wrong_class()] or [*self.backward()]:
            yield from sentences
        elif not is_read:
            yield (
                "No document is in the graph that was asked, so nothing is stated there; "
                "--data FILE puts a file on top of the shipped graph."
            )
        elif self.typed:
            yield from self.blamed()
        else:
            yield "No value narrows this question: the documents in the graph that was asked state nothing of the kind."

    # the graph, asked

    def answer(self, values: _Values, asked: StoredQuery | None = None) -> Table:
        """Return the rows there are with ``values``; triples count as rows of nothing."""
        asked = asked or self.asked
        terms = {name: [*of] for name, of in values.items()}
        stored.put_in_order(asked, terms, self.engine)  # as when it is asked
        filled = scanner.fill(asked.text, terms)
        if filled not in self.known:
            if time.monotonic() > self.end:
                raise _LateError
            found = self.engine.run(filled)
            rows = [] if isinstance(found, bool) else [()] * len(found)
            self.known[filled] = found if isinstance(found, Table) else Table((), list[Row](rows))
        return self.known[filled]

    def has(self, values: _Values, asked: StoredQuery | None = None) -> bool:
        """Say whether there is an answer with ``values``."""
        return bool(self.answer(values, asked))

    def terms(self, query: str, **values: Sequence[Value]) -> list[Value]:
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
        kinds = " and ".join(with_article(text(kind)) for kind in self.terms(KINDS, thing=[thing]))
        return kinds or ("a term of the ontology" if thing.value.startswith(vocab.EUAI) else "a code")

    def words(self, name: str) -> str:
        return " or ".join(map(quote, self.typed.get(name, [])))

    # what is wrong whatever the other values are

    def absent(self) -> Iterator[str]:
        """Yield a sentence for the first thing that is not in the graph."""
        for of in self.values.values():
            for thing in of:
                if isinstance(thing, NamedNode) and not self.engine.run(names.THERE.format(thing)):
                    closest = names.nearest_iri(self.engine, thing.value)
                    yield f"{text(thing)} is not in the graph.{f' Nearest: {closest}.' if closest else ''}"
                    return

    def of_wrong_class(self) -> Iterator[str]:
        """Yield a sentence for each thing that is of none of the classes that its parameter takes."""
        for parameter in self.asked.parameters:
            kinds = [NamedNode(kind) for kind in parameter.kinds]
            for thing in self.values.get(parameter.name, []) if kinds else []:
                if not isinstance(thing, NamedNode) or self.terms(OF_A_KIND, thing=[thing], kind=kinds):
                    continue
                wanted = " or ".join(with_article(text(name)) for name in self.terms(NAMED, thing=kinds))
                said = f"{self.name(thing)} is {self.what(thing)}; "
                said += "this question is about" if parameter == self.asked.subject else f"{parameter.name} takes"
                near = self.terms(LINKED, thing=[thing], kind=kinds)
                hint = self.suggested(parameter.name, near, self.values, "Linked to it, with rows here")
                yield f"{said} {wanted}.{hint or self.elsewhere(thing)}"

    def backward(self) -> Iterator[str]:
        """Yield a sentence for a window that ends before it begins."""
        begin, end = (next((term.value for term in self.values.get(name, [])), "") for name in ("from", "until"))
        if end and end < begin:
            yield f"The window ends ({self.words('until')}) before it begins ({self.words('from')})."

    # which value leaves nothing

    def blamed(self) -> Iterator[str]:
        """Yield sentences about the values without one of which there would be an answer."""
        narrowing = sorted((name for name in self.parameters if self.values.get(name)), key=lambda name: name == "lang")
        blamed = [name for name in narrowing if self.has(_without(self.values, name))]
        if len(blamed) > 1:
            each = " and ".join(f"{self.words(name)} ({commands.option_name(name)})" for name in blamed)
            alone = all(self.has(self.only(name)) for name in blamed)
            yield f"{each} have rows {'each' if alone else 'without each other'}, but not together."
            hints = []
            for name in sorted(blamed, key=self.easiest):
                hints.append(self.explained(name, self.values, alone=False))
                if TRY in hints[-1]:
                    break
            yield next((hint for hint in hints if TRY in hint), hints[0])
        elif blamed:
            yield self.explained(blamed[0], self.values)
        elif len(narrowing) > 1:
            barren = [name for name in narrowing if name != "lang" and not self.has(self.only(name))]
            for name in barren:
                yield self.explained(name, self.only(name))
            if not barren:
                each = ", ".join(self.words(name) for name in narrowing if name != "lang")
                yield f"{each}: each has rows alone, but all together have none."
        elif narrowing:
            yield self.explained(narrowing[0], self.values)

    def easiest(self, name: str) -> int:
        """Return the place of a parameter among those that a user may change: a day is given up before a thing."""
        kind = self.parameters[name].type
        order = ("end", "begin", "date", "integer", "decimal", "language", "code", "notation")
        return order.index(kind) if kind in order else len(order) + (not self.is_document(name))

    def is_document(self, name: str) -> bool:
        return vocab.EUAI + "SourceDocument" in self.parameters[name].kinds

    def only(self, name: str) -> _Values:
        return {one: of for one, of in self.values.items() if one in (name, "lang")}

    def explained(self, name: str, values: _Values, alone: bool = True) -> str:
        """Return a sentence that says what the value of the parameter ``name`` leaves, and what would leave more.

        Where it is not ``alone`` in leaving nothing, other questions are not looked at.
        """
        parameter = self.parameters[name]
        if parameter.type in ("end", "begin", "date"):
            return self.of_day(name, values)
        if parameter.type in ("integer", "decimal"):
            return self.of_number(name, values)
        if parameter.type in ("code", "notation", "language"):
            return self.of_code(parameter, values)
        if parameter.type == "passage":
            return self.of_passage(name, values)
        if self.is_document(name) and parameter != self.asked.subject:
            return self.of_document(name, values)
        return self.of_thing(name, values, alone)

    def of_day(self, name: str, values: _Values) -> str:
        (day,) = (term.value for term in values[name])
        days = sorted({text(term) for term in self.terms(DAYS)})
        later, earlier = [one for one in days if one > day], [one for one in reversed(days) if one < day]
        tried = {"from": [earlier], "validOn": [later, earlier]}.get(name, [later])
        found = next(filter(None, (self.first(name, among, values) for among in tried)), None)
        said, best = {
            "asOf": ("No document up to {} has an answer", "the first that has is of"),
            "from": ("Nothing lies on or after {}", "the latest there is begins no later than"),
            "until": ("Nothing lies on or before {}", "the earliest there is ends on"),
        }.get(name, ("Nothing is there for {}", "the nearest day with rows is"))
        said = said.format(f"{self.words(name)} ({commands.option_name(name)})")
        return f"{said}; {best} {found}.{self.tried(name, found, values)}" if found else f"{said}."

    def first(self, name: str, among: Sequence[str], values: _Values) -> str | None:
        """Return the first of ``among`` with rows; the further a bound lies, the more it allows."""

        def has(value: str) -> bool:
            return self.has({**values, name: parameters.terms(self.parameters[name], value, self.engine)})

        with suppress(_LateError):
            low, high = 0, len(among) - 1
            if not among or not has(among[high]):
                return None
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if has(among[middle]) else (middle + 1, high)
            return among[low]
        return None

    def of_number(self, name: str, values: _Values) -> str:
        rest = self.answer(_without(values, name))
        numbers = {native(term) for row in rest.rows for term in row}
        wholes = sorted({int(number) for number in numbers if isinstance(number, int | Decimal)}, reverse=True)
        (bound,) = (native(term) for term in values[name])
        found = self.first(name, [str(number) for number in wholes if number < bound], values)  # type: ignore[operator]
        said = f"No row reaches {self.words(name)} ({commands.option_name(name)})"
        if not found:
            return f"{said}."
        return f"{said}; the largest there is reaches {text(Literal(int(found)))}.{self.tried(name, found, values)}"

    def of_code(self, parameter: Parameter, values: _Values) -> str:
        """Return a sentence that names codes that are used where the one given is not."""
        codes = parameters.allowed(parameter, self.engine)
        rest = self.answer(_without(values, parameter.name))
        cells = {part for row in rest.rows for term in row for part in text(term).split("; ")}

        def is_seen(code: str) -> bool:
            (term, *_) = parameters.terms(parameter, code, self.engine)
            return code in cells or any(text(name) in cells for name in self.terms(LABELS, thing=[term]))

        seen = sorted(codes, key=lambda code: not is_seen(code)) if rest else []
        own = {str(term) for term in values[parameter.name]}
        found = list(islice(self.working(parameter.name, seen[: 2 * TRIES], values, own), SHOWN))
        said = f"Nothing here is {self.words(parameter.name)} ({commands.option_name(parameter.name)})"
        if parameter.name == "modality" and 0 < len(found) < SHOWN:
            plan, *narrower = parameters.terms(parameter, "planned", self.engine)
            if {parameters.terms(parameter, code, self.engine)[0] for code in found} <= {plan, *narrower}:
                said = f"This is only {self.name(plan)}, not {self.words('modality')}"
        if not found:
            return f"{said}."
        return f"{said}; what is there: {', '.join(found)}.{self.tried(parameter.name, found[0], values)}"

    def of_document(self, name: str, values: _Values) -> str:
        """Return a sentence that names documents with rows, and those that name the thing that was asked about."""
        documents = self.terms(READ)
        titles = " or ".join(self.name(document) for document in values[name])
        said = f"{titles} ({commands.option_name(name)}) says nothing of this"
        thing = self.asked.subject and next(iter(values.get(self.asked.subject.name, [])), None)
        if isinstance(thing, NamedNode):
            naming = self.terms(NAMING, thing=[thing])
            if not set(naming) & set(values[name]):
                said = f"{self.name(thing)} is never named in {titles} ({commands.option_name(name)})"
            documents = [*naming, *documents]
        hint = self.suggested(name, documents, values, "Documents that do")
        return f"{said}.{hint}"

    def of_passage(self, name: str, values: _Values) -> str:
        silent = self.terms(SILENT, passage=values[name])
        why = f" ({text(silent[0])})" if silent else ""
        said = f"Nothing of this stands in {self.words(name)}{why}."
        own = values[name][0]
        beside = [term for term in self.terms(BESIDE, passage=[own]) if isinstance(term, NamedNode)]
        near = sorted(beside, key=lambda term: _alike(term.value, own.value), reverse=True)
        return said + self.suggested(name, near, values, "Near it, with rows")

    def of_thing(self, name: str, values: _Values, alone: bool) -> str:
        """Return a sentence that says what the thing is, what is near it here, and which questions know it."""
        thing = values[name][0]
        said = " or ".join(map(self.name, values[name])) if "://" in self.words(name) else self.words(name)
        said += f" ({commands.option_name(name)}) is "
        hedge = self.only_said(values)
        known = f"{self.what(thing)} without rows {'in this question' if alone else 'beside the other values'}"
        said += f"only {hedge} as far as documents say" if hedge else known
        rest = self.answer(_without(values, name))
        columns = [at for at, variable in enumerate(rest.variables) if variable == name]
        cells = (row[at] for row in rest.rows for at in columns)
        here = dict.fromkeys(term for term in cells if isinstance(term, NamedNode))
        labels = [at for at, variable in enumerate(rest.variables) if variable in (f"{name}Label", f"{name}Labels")]
        told = dict.fromkeys(part for row in rest.rows for at in labels for part in text(row[at]).split("; "))
        linked = self.terms(LINKED, thing=[thing])
        near = [term for term in linked if term in here or not columns] if rest else []
        hints = self.elsewhere(thing) if alone else ""
        hints += self.suggested(name, near, values, "Linked to it, with rows here")
        hints = hints or self.suggested(name, [*here, *told], values, "With rows here")
        shown = self.typable(thing) if isinstance(thing, NamedNode) else thing.value
        return f"{said}.{hints or (f'{TRY}euaikg show {commands.quoted(shown)}' if alone else '')}"

    def only_said(self, values: _Values) -> str | None:
        """Return how all there is is said, such as “a plan”, where the question asks for what is asserted."""
        asserted = "euai:modality modality:asserted"
        if asserted not in self.asked.text:
            return None
        with suppress(_LateError):
            for code in self.terms(HEDGES):
                hedged = f"euai:modality/<{vocab.SKOS}broader>* {scanner.write(code)}"
                if self.has(values, dataclasses.replace(self.asked, text=self.asked.text.replace(asserted, hedged))):
                    return self.name(code)
        return None

    # what to ask instead

    def working(
        self, name: str, candidates: Iterable[Value | str], values: _Values, own: Iterable[str] = ()
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

    def suggested(self, name: str, candidates: Iterable[Value | str], values: _Values, how: str) -> str:
        """Return words that name those of ``candidates`` with which the question has rows, and ask with the first."""
        found = list(islice(self.working(name, islice(candidates, TRIES), values), SHOWN))
        return f"\n{how}: {'; '.join(found)}.{self.tried(name, found[0], values)}" if found else ""

    def tried(self, name: str, value: str, values: _Values) -> str:
        """Return words that ask the question with ``value`` in the place of the one given, and the others as given."""
        texts = {one: self.typed[one] for one in values if one in self.typed} | {name: [value]}
        return f"{TRY}{commands.with_values(self.asked, texts)}"

    def elsewhere(self, thing: Value) -> str:
        """Return words that name questions that have rows for ``thing``, first those that are most like this one."""
        if not isinstance(thing, NamedNode):
            return ""
        tags = {*self.asked.tags} - {"provenance"}

        def distance(other: StoredQuery) -> tuple[bool, bool, bool, int]:
            is_code = other.subject is not None and other.subject.type == "code"
            return other.name.startswith("view-"), not is_code, other.name not in GENERAL, -len(tags & {*other.tags})

        others = [other for other in stored.catalogue().values() if not other.error and other.form == "SELECT"]
        others = sorted(others, key=distance)
        found = []
        end, self.end = self.end, min(self.end, time.monotonic() + PATIENCE / 2)
        with suppress(_LateError):
            for other in others:
                if other.name != self.asked.name and _takes(other.subject, thing):
                    assert other.subject
                    if self.has({other.subject.name: parameters.terms(other.subject, thing.value, self.engine)}, other):
                        found.append(commands.command(other, other.subject, self.typable(thing)))
                if len(found) == SHOWN:
                    break
        self.end = end
        return "".join(["\nOther questions have rows for it."] + [f"{TRY}{line}" for line in found]) if found else ""


def of_unknown_terms(engine: Engine, query: str) -> Iterator[str]:
    """Yield a sentence for each IRI of the project that the SPARQL ``query`` names and the graph does not know."""
    declared = {**vocab.prefixes(), **dict(re.findall(r"(?i)\bPREFIX\s+([^\s:]*):\s*<([^>]*)>", query))}
    named = {}
    for token in scanner.meaningful(query):
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and local and prefix in declared:
            named[declared[prefix] + local] = token.text
        elif token.kind == "iri" and not token.text.endswith(("/>", "#>")):
            named[token.text[1:-1]] = vocab.short(token.text[1:-1])
    end = time.monotonic() + PATIENCE
    for iri, written in named.items():
        with suppress(EuaikgError, ValueError):
            if not iri.startswith(vocab.BASE) or time.monotonic() > end or engine.run(KNOWN.format(NamedNode(iri))):
                continue
            closest = names.nearest_iri(engine, iri)
            where = "the ontology" if iri.startswith(vocab.EUAI) else "the graph"
            yield f"{written} is not in {where}{f'; nearest: {closest}' if closest else ''}."


def with_article(name: str) -> str:
    """Return ``name`` with its indefinite article."""
    return f"an {name}" if re.match(r"(?!eu|uni)[aeiou]", name.lower()) else f"a {name}"


def _without(values: _Values, name: str) -> _Values:
    return {one: of for one, of in values.items() if one != name}


def _takes(subject: Parameter | None, thing: NamedNode) -> bool:
    if subject is None:
        return False
    return subject.type == "iri" or (
        subject.type == "code" and thing.value.startswith(f"{vocab.BASE}id/{subject.scheme}/")
    )


def _alike(text: str, other: str) -> int:
    """Return with how many characters both texts begin."""
    return next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), len(text))
