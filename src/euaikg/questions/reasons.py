"""Why the answer to a stored question is empty: which value leaves nothing, what is near, and what to ask instead.

Values are left out or exchanged, one at a time, and the question is asked again. So a command that is suggested has an
answer, and so has every code, day, number or document that is named beside it. All of it together may take
:data:`PATIENCE` seconds; what is found by then is told.
"""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import islice

from pyoxigraph import Literal, NamedNode

from euaikg.core import vocab
from euaikg.errors import EuaikgError
from euaikg.questions import commands, names, parameters
from euaikg.questions.nearby import (
    BESIDE,
    LINKED,
    NAMED,
    OF_A_KIND,
    PATIENCE,
    SHOWN,
    TRIES,
    LateError,
    Nearby,
    Values,
    without,
)
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.questions.told import told
from euaikg.rdf.terms import native, text
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine

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
  VALUES ?lang { "en" }
  ?passage euai:withoutFact/skos:prefLabel ?name FILTER(LANG(?name) = ?lang)
}
"""


ASSERTED = {
    "euai:modality modality:asserted": "euai:modality/{}",
    "?said = modality:asserted": "EXISTS {{ ?said {} }}",
    "?mode IN (modality:asserted, modality:laid-down)": "EXISTS {{ ?mode {} }}",
}
"""How questions ask for what is asserted, and how for what is said in another way."""

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


def reasons(
    engine: Engine, asked: StoredQuery, values: Values, given: Mapping[str, Sequence[str]], is_read: bool = True
) -> Iterator[str]:
    """Yield sentences that say why the question ``asked`` has no answer with ``values``.

    ``given`` has the same values by the names that the user gave them, as typed; ``is_read`` says that the graph holds
    a document.
    """
    typed: dict[str, list[str]] = {}
    for name, texts in given.items():
        for parameter in asked.called(name):
            typed.setdefault(parameter.name, []).extend(texts)
    is_told = False
    try:
        for lines in _Search(engine, asked, values, typed).reasons(is_read):
            is_told = True
            yield from lines.split("\n")
    except LateError:
        if not is_told:
            lang = next((term.value for term in values.get("lang", ())), "en")
            yield told(lang, "Why there is nothing could not be found out soon; with fewer values there may be.")
    except EuaikgError:  # an answer without a reason is still an answer
        return


NO_DOCUMENT = (
    "No document is in the graph that was asked, so nothing is stated there; --data FILE puts a file on top of the "
    "shipped graph."
)
NO_VALUE = "No value narrows this question: the documents in the graph that was asked state nothing of the kind."

DAYS_SAID = {
    "asOf": ("No document up to {} has an answer", "the first that has is of {}"),
    "from": ("Nothing lies on or after {}", "the latest there is begins no later than {}"),
    "until": ("Nothing lies on or before {}", "the earliest there is ends on {}"),
    "validOn": ("Nothing is there for {}", "the nearest day with rows is {}"),
}
"""What is said of a day that leaves nothing, by its parameter, and of the one with rows."""


class _Search(Nearby):
    """The search for why a question has no answer."""

    def reasons(self, is_read: bool) -> Iterator[str]:
        if sentences := [*self.absent()] or [*self.of_wrong_class()] or [*self.backward()]:
            yield from sentences
        elif not is_read:
            yield self.say(NO_DOCUMENT)
        elif self.typed:
            yield from self.blamed()
        else:
            yield self.say(NO_VALUE)

    # what is wrong whatever the other values are

    def absent(self) -> Iterator[str]:
        """Yield a sentence for the first thing that is not in the graph."""
        for of in self.values.values():
            for thing in of:
                if isinstance(thing, NamedNode) and not self.engine.run(names.THERE.format(thing)):
                    closest = names.nearest_iri(self.engine, thing.value)
                    hint = " " + self.say("Nearest: {}.", closest) if closest else ""
                    yield self.say("{} is not in the graph.", text(thing)) + hint
                    return

    def of_wrong_class(self) -> Iterator[str]:
        """Yield a sentence for each thing that is of none of the classes that its parameter takes."""
        for parameter in self.asked.parameters:
            kinds = [NamedNode(kind) for kind in parameter.kinds]
            for thing in self.values.get(parameter.name, []) if kinds else []:
                if not isinstance(thing, NamedNode) or self.terms(OF_A_KIND, thing=[thing], kind=kinds):
                    continue
                wanted = self.either(self.a(text(name)) for name in self.terms(NAMED, thing=kinds))
                said = self.name(thing), self.what(thing)
                near = self.terms(LINKED, thing=[thing], kind=kinds)
                hint = self.suggested(parameter.name, near, self.values, "Linked to it, with rows here")
                if parameter == self.asked.subject:
                    sentence = self.say("{} is {}; this question is about {}.", *said, wanted)
                else:
                    sentence = self.say("{} is {}; {} takes {}.", *said, parameter.name, wanted)
                yield sentence + (hint or self.elsewhere(thing))

    def backward(self) -> Iterator[str]:
        """Yield a sentence for a window that ends before it begins."""
        begin, end = (next((term.value for term in self.values.get(name, [])), "") for name in ("from", "until"))
        if end and end < begin:
            window = self.words("until"), self.words("from")
            yield self.say("The window ends ({}) before it begins ({}).", *window)

    # which value leaves nothing

    def blamed(self) -> Iterator[str]:
        """Yield sentences about the values without one of which there would be an answer."""
        narrowing = sorted((name for name in self.parameters if self.values.get(name)), key=lambda name: name == "lang")
        blamed = [name for name in narrowing if self.has(without(self.values, name))]
        if len(blamed) > 1:
            each = self.say(" and ").join(f"{self.words(name)} ({commands.option_name(name)})" for name in blamed)
            if all(self.has(self.only(name)) for name in blamed):
                yield self.say("{} have rows each, but not together.", each)
            else:
                yield self.say("{} have rows without each other, but not together.", each)
            hints = []
            for name in sorted(blamed, key=self.easiest):
                hints.append(self.explained(name, self.values, alone=False))
                if self.to_try() in hints[-1]:
                    break
            yield next((hint for hint in hints if self.to_try() in hint), hints[0])
        elif blamed:
            yield self.explained(blamed[0], self.values)
        elif len(narrowing) > 1:
            barren = [name for name in narrowing if name != "lang" and not self.has(self.only(name))]
            for name in barren:
                yield self.explained(name, self.only(name))
            if not barren:
                each = ", ".join(self.words(name) for name in narrowing if name != "lang")
                yield self.say("{}: each has rows alone, but all together have none.", each)
        elif narrowing:
            yield self.explained(narrowing[0], self.values)

    def easiest(self, name: str) -> int:
        """Return the place of a parameter among those that a user may change: a day is given up before a thing."""
        kind = self.parameters[name].type
        order = ("end", "begin", "date", "integer", "decimal", "language", "code", "notation")
        return order.index(kind) if kind in order else len(order) + (not self.is_document(name))

    def is_document(self, name: str) -> bool:
        return vocab.EUAI + "SourceDocument" in self.parameters[name].kinds

    def only(self, name: str) -> Values:
        return {one: of for one, of in self.values.items() if one in (name, "lang")}

    def explained(self, name: str, values: Values, alone: bool = True) -> str:
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

    def of_day(self, name: str, values: Values) -> str:
        (day,) = (term.value for term in values[name])
        days = sorted({text(term) for term in self.terms(DAYS)})
        later, earlier = [one for one in days if one > day], [one for one in reversed(days) if one < day]
        tried = {"from": [earlier], "validOn": [later, earlier]}.get(name, [later])
        found = next(filter(None, (self.first(name, among, values) for among in tried)), None)
        said, best = DAYS_SAID.get(name, DAYS_SAID["validOn"])
        window = [bound for bound in ("from", "until") if bound in values]
        bounds = window if name in window else [name]
        words = [f"{self.words(bound)} ({commands.option_name(bound)})" for bound in bounds]
        sentence = self.say("Nothing lies from {} to {}" if len(words) > 1 else said, *words)
        return f"{sentence}; {self.say(best, found)}.{self.tried(name, found, values)}" if found else f"{sentence}."

    def first(self, name: str, among: Sequence[str], values: Values) -> str | None:
        """Return the first of ``among`` with rows; the further a bound lies, the more it allows."""

        def has(value: str) -> bool:
            return self.has({**values, name: parameters.terms(self.parameters[name], value, self.engine)})

        with suppress(LateError):
            low, high = 0, len(among) - 1
            if not among or not has(among[high]):
                return None
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if has(among[middle]) else (middle + 1, high)
            return among[low]
        return None

    def of_number(self, name: str, values: Values) -> str:
        rest = self.answer(without(values, name))
        numbers = {native(term) for row in rest.rows for term in row}
        wholes = sorted({int(number) for number in numbers if isinstance(number, int | Decimal)}, reverse=True)
        (bound,) = (native(term) for term in values[name])
        found = self.first(name, [str(number) for number in wholes if number < bound], values)  # type: ignore[operator]
        said = self.say("No row reaches {}", f"{self.words(name)} ({commands.option_name(name)})")
        if not found:
            return f"{said}."
        best = self.say("the largest there is reaches {}", text(Literal(int(found))))
        return f"{said}; {best}.{self.tried(name, found, values)}"

    def of_code(self, parameter: Parameter, values: Values) -> str:
        """Return a sentence that names codes that are used where the one given is not."""
        codes = parameters.allowed(parameter, self.engine)
        rest = self.answer(without(values, parameter.name))
        cells = {part for row in rest.rows for term in row for part in text(term).split("; ")}

        def is_seen(code: str) -> bool:
            (term, *_) = parameters.terms(parameter, code, self.engine)
            return code in cells or any(text(name) in cells for name in self.terms(LABELS, thing=[term]))

        seen = sorted(codes, key=lambda code: not is_seen(code)) if rest else []
        own = {str(term) for term in values[parameter.name]}
        found = list(islice(self.working(parameter.name, seen[: 2 * TRIES], values, own), SHOWN))
        option = commands.option_name(parameter.name)
        said = self.say("Nothing here is {}", f"{self.words(parameter.name)} ({option})")
        if parameter.name == "modality" and 0 < len(found) < SHOWN:
            plan, *narrower = parameters.terms(parameter, "planned", self.engine)
            if {parameters.terms(parameter, code, self.engine)[0] for code in found} <= {plan, *narrower}:
                said = self.say("This is only {}, not {}", self.name(plan), self.words("modality"))
        if not found:
            return f"{said}."
        there = self.say("what is there: {}", ", ".join(found))
        return f"{said}; {there}.{self.tried(parameter.name, found[0], values)}"

    def of_document(self, name: str, values: Values) -> str:
        """Return a sentence that names documents with rows, and those that name the thing that was asked about."""
        documents = self.terms(READ)
        titles = f"{self.either(map(self.name, values[name]))} ({commands.option_name(name)})"
        said = self.say("{} says nothing of this", titles)
        thing = self.asked.subject and next(iter(values.get(self.asked.subject.name, [])), None)
        if isinstance(thing, NamedNode):
            naming = self.terms(NAMING, thing=[thing])
            if not set(naming) & set(values[name]):
                said = self.say("{} is never named in {}", self.name(thing), titles)
            documents = [*naming, *documents]
        hint = self.suggested(name, documents, values, "Documents that do")
        return f"{said}.{hint}"

    def of_passage(self, name: str, values: Values) -> str:
        silent = self.terms(SILENT, passage=values[name])
        why = f" ({text(silent[0])})" if silent else ""
        said = self.say("Nothing of this stands in {}.", self.words(name) + why)
        own = values[name][0]
        beside = [term for term in self.terms(BESIDE, passage=[own]) if isinstance(term, NamedNode)]
        near = sorted(beside, key=lambda term: _alike(term.value, own.value), reverse=True)
        return said + self.suggested(name, near, values, "Near it, with rows")

    def of_thing(self, name: str, values: Values, alone: bool) -> str:
        """Return a sentence that says what the thing is, what is near it here, and which questions know it."""
        thing = values[name][0]
        called = self.either(map(self.name, values[name])) if "://" in self.words(name) else self.words(name)
        called += f" ({commands.option_name(name)})"
        if hedge := self.only_said(values):
            said = self.say("{} is only {} as far as documents say", called, hedge)
        elif alone:
            said = self.say("{} is {} without rows in this question", called, self.what(thing))
        else:
            said = self.say("{} is {} without rows beside the other values", called, self.what(thing))
        rest = self.answer(without(values, name))
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
        return f"{said}.{hints or (self.to_try(f'euaikg show {commands.quoted(shown)}') if alone else '')}"

    def only_said(self, values: Values) -> str | None:
        """Return how all there is is said, such as “a plan”, where the question asks for what is asserted."""
        if not any(asserted in self.asked.text for asserted in ASSERTED):
            return None
        with suppress(LateError):
            for code in self.terms(HEDGES):
                hedged = self.asked.text
                for asserted, said in ASSERTED.items():
                    hedged = hedged.replace(asserted, said.format(f"<{vocab.SKOS}broader>* {scanner.write(code)}"))
                if self.has(values, dataclasses.replace(self.asked, text=hedged)):
                    return self.name(code)
        return None


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


def _alike(text: str, other: str) -> int:
    """Return with how many characters both texts begin."""
    return next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), len(text))
