"""All that the graph holds around one thing: the triples in which it stands, and what is said of what these lead to.

The queries are the files in ``card/``; here their rows are only put in reach. What documents said later than a day of
knowledge is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from euaikg.core import files
from euaikg.core.groups import by_key
from euaikg.core.vocab import DCT, EUAI, FOAF, OWL, RDF, RDFS, SKOS
from euaikg.rdf.terms import Term, text
from euaikg.sparql import scanner
from euaikg.sparql.answers import Answer, Row
from euaikg.sparql.embedded import Engine

FOLDER = Path(__file__).parent / "card"

PORTION = 1000
"""About how many things a query asks at once."""

STATEMENTS = {
    f"{EUAI}{kind}Statement": kind.lower() for kind in ("Status", "Target", "Quantity", "Funding", "Relation")
}
"""The classes of statements, each with a word for it."""

READ = {*STATEMENTS, *(EUAI + kind for kind in ("Passage", "FundingEnvelope", "Discrepancy"))}
"""The classes of what is read to the end where it stands beside a thing."""


AROUND = {
    "said": {EUAI + "Passage"},
    "use": {OWL + f"{kind}Property" for kind in ("Object", "Datatype", "Annotation")} | {RDF + "Property"},
    "below": {OWL + "Class", RDFS + "Class"},
    "read": {EUAI + "SourceDocument"},
}
"""The queries for more than the triples of a thing, each with the classes of which the thing is to be."""

_ASKED = {"said": "graph", "use": "property"}

LEADING = {EUAI + name for name in ("statedIn", "restates", "supersedesStatement")}
"""The properties of a statement that lead to what is read with it: who says it, and the statement before it."""

STATING = {
    *(EUAI + name for name in ("aboutResource", "aboutEnvelope")),
    *(RDF + name for name in ("subject", "object")),
}
"""The properties that lead from a statement to what it is about."""

NAMES = (SKOS + "prefLabel", RDFS + "label", FOAF + "name", DCT + "bibliographicCitation", DCT + "title")
CODE, SHORT = SKOS + "notation", EUAI + "shortName"


class Fact(NamedTuple):
    """A triple in which the thing stands ``from`` it or ``to`` it, and the graphs that hold it."""

    way: str
    property: str
    other: Term
    graphs: frozenset[Term | None]


@cache
def words() -> dict[str, Any]:
    """Return the words of cards, in each language and what holds in any."""
    found: dict[str, Any] = json.loads(files.read_text(FOLDER / "words.json"))
    return found


@cache
def _query(name: str) -> str:
    return files.read_text(FOLDER / f"{name}.rq")


def value(term: Term | None) -> str:
    """Return the IRI or the words of ``term`` as they are."""
    return term.value if isinstance(term, NamedNode | Literal) else text(term)


def is_worded(term: Term | None) -> bool:
    """Say whether ``term`` is a text in which there is something to read."""
    return isinstance(term, Literal) and bool(text(term).strip())


@dataclass
class Said:
    """What is said of a thing by property, with the graphs that say so; the terms in that; and what is read with it."""

    values: dict[str, dict[Term, set[Term | None]]] = field(default_factory=dict)
    terms: set[NamedNode] = field(default_factory=set)
    beside: set[NamedNode] = field(default_factory=set)

    @cached_property
    def ordered(self) -> dict[str, list[Term]]:
        """The values alone, in order: many lines ask for them, so that they are sorted once."""
        return {property_: sorted(values, key=str) for property_, values in self.values.items()}

    def take(self, property_: str, said: Term, graph: Term | None) -> None:
        """Take in one value and the graph that holds it."""
        self.values.setdefault(property_, {}).setdefault(said, set()).add(graph)


NOTHING = Said()


class Memory:
    """What the queries have found of things in one graph, for the cards of others; not more than the graph holds."""

    def __init__(self) -> None:
        self.details: dict[Term, Said] = {}
        self.labels: dict[Term, dict[str, list[Term]]] = {}
        self.names: dict[tuple[Term, str, tuple[str, ...]], str] = {}
        self.kinds: dict[Term, set[str]] = {}
        self.answers: dict[str, Answer] = {}
        self.is_whole = False
        self.last: NamedNode | None = None
        self.rows: dict[tuple[str, tuple[NamedNode, ...]], list[Row]] = {}

    def of(self, thing: NamedNode) -> dict[tuple[str, tuple[NamedNode, ...]], list[Row]]:
        """Return the rows of other queries for the card of ``thing``, kept until another is made, as for a language."""
        if thing != self.last:
            self.last, self.rows = thing, {}
        return self.rows

    def keep(self, things: Iterable[Term], rows: Iterable[Row]) -> None:
        """Keep what ``rows`` of the query ``details`` say of ``things``."""
        self.details |= {thing: Said() for thing in things}
        for thing, property_, said, graph in rows:
            if thing is not None and said is not None:
                of = self.details.setdefault(thing, Said())
                name = value(property_)
                of.take(name, said, graph)
                of.terms.update(term for term in (thing, property_, said) if isinstance(term, NamedNode))
                beside = (graph, said) if name in LEADING else (graph,)
                of.beside.update(term for term in beside if isinstance(term, NamedNode))

    def keep_names(self, things: Iterable[Term], rows: Iterable[Row]) -> None:
        """Keep what ``rows`` of the query ``labels`` say of ``things``."""
        self.labels |= {thing: {} for thing in things}
        for thing, what, said in rows:
            if thing is not None and said is not None:
                self.labels.setdefault(thing, {}).setdefault(value(what), []).append(said)

    def fill(self, engine: Engine) -> None:
        """Ask once for all that the graph says of all it names, for those who make the cards of everything."""
        for query, keep in (("details", self.keep), ("labels", self.keep_names)):
            rows = engine.select(_query(query)).rows
            keep((), [row for row in rows if isinstance(row[0], NamedNode)])
        self.is_whole = True


class Facts:
    """What the graph of ``engine`` holds around ``thing``, in the language ``lang``, as known on the day ``as_of``.

    With a ``memory`` nothing is asked that was asked for another thing in the same graph.
    """

    def __init__(
        self,
        engine: Engine,
        thing: NamedNode,
        lang: str = "en",
        as_of: str | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.thing, self.lang, self.as_of = thing, lang, as_of
        self._engine, self._memory = engine, memory or Memory()
        self._rows = self._memory.of(thing)
        is_whole = self._memory.is_whole
        self._details: dict[Term, Said] = self._memory.details if is_whole else {}
        self._labels: dict[Term, dict[str, list[Term]]] = self._memory.labels if is_whole else {}
        rows = self.ask("triples", thing=[thing])
        own = {value(row[2]) for row in rows if value(row[0]) == "from" and value(row[1]) == RDF + "type"}
        ways = [way for way, kinds in AROUND.items() if not rows or own & kinds]
        around = [(Literal(way), *row) for way in ways for row in self.ask(way, **{_ASKED.get(way, "thing"): [thing]})]
        if any(isinstance(row[2], BlankNode) for row in rows):
            self._keep(self.ask("nameless", near=[thing]))
        self.name(term for row in (*rows, *around) for term in row[1:])
        self.read((thing, *(row[-1] for row in (*rows, *around))))
        if not is_whole:
            # what is denied has its class in the graph of the passage alone
            self.read(term for term in self._labels if READ & (self.kinds(term) or READ))
            self.read(one for term in list(self._details) for one in self.terms(term, "involvesStatement"))
        graphs: dict[Fact, set[Term | None]] = {}
        for way, property_, other, graph in rows:
            if other is not None and not self.is_late(graph) and not self.is_late(other):
                graphs.setdefault(Fact(value(way), value(property_), other, frozenset()), set()).add(graph)
        there = [fact._replace(graphs=frozenset(found)) for fact, found in graphs.items()]
        self.facts = sorted(there, key=lambda fact: (*fact[:2], self.stated(fact.other)))
        self.around = sorted((row for row in around if not self.is_late(row[-1])), key=str)

    def ask(self, query: str, **values: Iterable[Term | None]) -> list[Row]:
        """Return the rows of a query of ``card/`` with the IRIs among ``values``, portion by portion."""
        ((variable, things),) = values.items()
        asked = sorted({thing for thing in things if isinstance(thing, NamedNode)}, key=lambda thing: thing.value)
        key, content = (query, tuple(asked)), _query(query)
        if key not in self._rows:
            self._rows[key] = [
                row
                for at in range(0, len(asked), PORTION)
                for row in self._engine.select(scanner.fill(content, {variable: asked[at : at + PORTION]})).rows
            ]
        return self._rows[key]

    @cached_property
    def newest(self) -> str:
        """The day of the newest version of a document, up to which the graph knows."""
        asked = "SELECT (MAX(?day) AS ?newest) { ?version a euai:SourceExpression ; dct:issued|dct:modified ?day }"
        return next((value(day) for (day,) in self._engine.select(asked).rows if day is not None), "")

    def read(self, things: Iterable[Term | None]) -> None:
        """Get what is said of ``things``, of the passages that say it and of earlier statements, and their names."""
        fresh = {thing for thing in things if isinstance(thing, NamedNode) and thing not in self._details}
        if not fresh:
            return
        known = self._memory.details
        if new := [thing for thing in fresh if thing not in known]:
            self._memory.keep(new, self.ask("details", thing=new))
        self._details |= {thing: known[thing] for thing in fresh}
        self.name(term for thing in fresh for term in known[thing].terms)
        self.read(one for thing in fresh for one in known[thing].beside)

    def _keep(self, rows: Iterable[Row]) -> None:
        for thing, property_, said, graph in rows:
            if thing is not None and said is not None:
                self._details.setdefault(thing, Said()).take(value(property_), said, graph)

    def name(self, things: Iterable[Term | None]) -> None:
        """Get the names and kinds of ``things``."""
        fresh = {thing for thing in things if isinstance(thing, NamedNode) and thing not in self._labels}
        known = self._memory.labels
        if new := [thing for thing in fresh if thing not in known]:
            self._memory.keep_names(new, self.ask("labels", thing=new))
        self._labels |= {thing: known[thing] for thing in fresh}

    def details(self, thing: Term) -> dict[str, list[Term]]:
        """Return what is said of ``thing`` by property, as far as it is known on the day."""
        known = self._details.get(thing, NOTHING)
        if self.as_of is None:
            return known.ordered
        found = {
            property_: [said for said in values if not all(map(self.is_late, known.values[property_][said]))]
            for property_, values in known.ordered.items()
        }
        superseded = EUAI + "supersededFrom"
        found[superseded] = [day for day in found.get(superseded, []) if value(day) <= self.as_of]
        return {property_: values for property_, values in found.items() if values}

    def terms(self, thing: Term, name: str) -> list[Term]:
        """Return the values that the property ``name`` of our ontology has of ``thing``."""
        return self._details.get(thing, NOTHING).ordered.get(EUAI + name, [])

    def kinds(self, thing: Term) -> set[str]:
        """Return the classes of ``thing``."""
        found = self._memory.kinds.get(thing)
        if found is None or thing not in self._details or thing not in self._labels:
            own = self._details.get(thing, NOTHING).values.get(RDF + "type", {})
            found = {value(kind) for kind in (*own, *self._labels.get(thing, {}).get(RDF + "type", []))}
            if thing in self._details and thing in self._labels:
                self._memory.kinds[thing] = found
        return found

    def statement(self, thing: Term) -> str:
        """Return what kind of statement ``thing`` is, or the empty text."""
        return STATEMENTS[min(found)] if (found := self.kinds(thing) & STATEMENTS.keys()) else ""

    def is_passage(self, thing: Term | None) -> bool:
        """Say whether ``thing``, such as the name of a graph, is a passage."""
        return thing is not None and EUAI + "Passage" in self.kinds(thing)

    def is_late(self, thing: Term | None) -> bool:
        """Say whether ``thing``, a passage, a statement or a discrepancy, was known only after the day of knowledge."""
        if self.as_of is None or thing is None:
            return False
        days = [day for known in ("statedOn", "disputedFrom", "reconcilableFrom") for day in self.terms(thing, known)]
        return min(map(value, days), default="") > self.as_of

    def stated(self, thing: Term) -> tuple[str, str]:
        """Return the day on which documents said ``thing``, where they did, and what it is, to put things in order."""
        return next(map(value, self.terms(thing, "statedOn")), ""), str(thing)

    def statements(self, things: Iterable[Term]) -> list[Term]:
        """Return the statements about ``things`` that are known on the day, in order."""
        found = {row[0] for row in self.ask("statements", thing=things)}
        self.read(found)
        return sorted((one for one in found if one is not None and not self.is_late(one)), key=self.stated)

    def disputes(self, statements: Iterable[Term]) -> tuple[dict[Term, list[Term]], set[Term]]:
        """Return the discrepancies in which ``statements`` take part, each with all that take part and are known.

        Beside them stand those of them that are no disputes, since all that take part can be right.
        """
        found = self.ask("disputes", disputed=statements)
        reconcilable = {row[0] for row in found if row[0] is not None and row[2] is not None}
        rows = [row[:2] for row in found]
        self.read(term for row in rows for term in row)
        known = [[term for term in row if term is not None and not self.is_late(term)] for row in rows]
        there = [(row[0], row[1]) for row in known if len(row) == 2]
        return by_key(sorted(there, key=lambda pair: (str(pair[0]), self.stated(pair[1])))), reconcilable

    def label(self, thing: Term | None) -> str:
        """Return the name of ``thing`` in the language, or the nearest there is."""
        if thing is None or isinstance(thing, Literal):
            said = text(thing)
            return said if said.strip() else f"({words()[self.lang]['empty']})"
        return self._label(thing, *NAMES) or self._label(thing, CODE) or self._kind(thing) or text(thing)

    def _kind(self, thing: Term) -> str:
        """Return what kind of thing one without an IRI is."""
        kinds = [NamedNode(kind) for kind in sorted(self.kinds(thing))] if isinstance(thing, BlankNode) else []
        self.name(kinds)
        return f"({', '.join(map(self.label, kinds))})" if kinds else ""

    def code(self, thing: Term) -> str:
        """Return the code of ``thing``, such as that of a period or a currency, or its name."""
        return self._label(thing, CODE) or self.label(thing)

    def short(self, thing: Term) -> str:
        """Return the short name of ``thing``, or its name."""
        return self._label(thing, SHORT) or self.label(thing)

    def _label(self, thing: Term, *properties: str) -> str:
        if isinstance(thing, BlankNode):
            return self._named(self._details.get(thing, NOTHING).ordered, properties)
        if thing not in self._labels:
            return ""
        key = thing, self.lang, properties
        if key not in self._memory.names:
            self._memory.names[key] = self._named(self._labels[thing], properties)
        return self._memory.names[key]

    def _named(self, known: Mapping[str, Iterable[Term]], properties: Iterable[str]) -> str:
        said = (self.in_language(filter(is_worded, known.get(property_, []))) for property_ in properties)
        return next((names[0] for names in said if names), "")

    def in_language(self, values: Iterable[Term]) -> list[str]:
        """Return the text of those ``values`` that are in the language, or else in English, in none, or in any."""
        there = [*values]
        if len(there) < 2:
            return [*map(self.label, there)]
        by: dict[str, list[str]] = {}
        for said in there:
            language = (said.language or "").partition("-")[0] if isinstance(said, Literal) else ""
            by.setdefault(language, []).append(self.label(said))
        first = next((by[language] for language in (self.lang, "en", "", *sorted(by)) if language in by), [])
        return sorted(set(first))
