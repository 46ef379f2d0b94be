"""The rows of the Parquet data set, read from a graph one passage after the other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core.groups import by_key
from euaikg.core.vocab import BASE, DCT, EUAI, GRAPH, RDF, RDFS, SKOS, SOURCE, TYPE
from euaikg.exports import cells, stated
from euaikg.questions.parameters import LANGUAGES
from euaikg.rdf import ntriples
from euaikg.rdf.terms import Term
from euaikg.sparql.embedded import Embedded, Engine

Row = dict[str, Any]

NO_DOCUMENT = "__HIVE_DEFAULT_PARTITION__"
"""The folder for what has no document, as Hive names it."""

_NAME = {"thing": SKOS + "prefLabel", "kind": RDFS + "label", "passage": DCT + "bibliographicCitation"}

_LINKS = [EUAI + name for name in ("actor", "heldBy", "restates", "supersedesStatement")]
"""What leads from a statement to several things, and so stands among the edges."""

_APART = [GRAPH + name for name in ("ontology", "codelists", "entities", "passages", "derived")]
"""Graphs that are no passages and say no relation between things."""


_BLANK = """ASK {
  { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }
  FILTER(isBlank(?s) || isBlank(?o) || isTRIPLE(?o) || (BOUND(?g) && isBlank(?g)))
}"""
"""Is there a blank node, or a triple in which one may be? They get the IRIs that they have on a server."""


def partition(document: str) -> str:
    """Return the name of the partition for the ``document``, by its IRI; nothing else has it."""
    if not document:
        return NO_DOCUMENT
    name = document.removeprefix(SOURCE)
    name = quote(name, safe="") if "/" not in name and ":" not in name else quote(document, safe="")
    if len(name) <= 150 and name != NO_DOCUMENT:
        return name
    start = re.sub("(%[0-9A-F]{0,2})+$", "", name[:100])  # a letter of another script is several bytes, and stays whole
    return f"{start}-{hashlib.sha256(document.encode()).hexdigest()[:16]}"


class Reader:
    """Reads the rows of the tables from a graph, one passage after the other."""

    def __init__(self, engine: Engine) -> None:
        if isinstance(engine, Embedded):
            self.store = engine.store
        else:
            self.store = Store()
            for select in ("SELECT ?s ?p ?o { ?s ?p ?o }", "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"):
                self.store.extend(Quad(*row) for row in engine.select(select).rows)  # type: ignore[arg-type]
        if self.store.query(_BLANK):
            named = ntriples.canonical(list(self.store))
            self.store = Store()
            self.store.extend(Quad(*map(ntriples.iri, quad)) for quad in named)  # type: ignore[arg-type]
        self.not_so = self._with_narrower(SKOS + "broader", *(f"{BASE}id/modality/{code}" for code in stated.NOT_SO))
        self.kinds = self._with_narrower(RDFS + "subClassOf", EUAI + "Statement")
        self.named: Callable[[Term, str], dict[str, str]] = lru_cache(1 << 16)(self._named)
        self.notation: Callable[[Term], str | None] = lru_cache(1 << 12)(self._notation)

    def _where(self, subject: Any, predicate: str | None, value: Any = None, graph: Any = None) -> Iterable[Quad]:
        if isinstance(subject, Literal | Triple):  # of which nothing is said
            return ()
        return self.store.quads_for_pattern(subject, NamedNode(predicate) if predicate else None, value, graph)

    def _with_narrower(self, above: str, *iris: str) -> set[Term]:
        """Return ``iris`` and all from which the property ``above`` leads to them."""
        found: set[Term] = set()
        new: set[Term] = {NamedNode(iri) for iri in iris}
        while new:
            found |= new
            new = {term for one in new for term, *_ in self._where(None, above, one)} - found
        return found

    def _of(self, subject: Any, graph: Any = None) -> dict[str, list[Term]]:
        """Return what is said about ``subject``, in ``graph`` or anywhere, by property."""
        pairs = {(quad.predicate.value, quad.object) for quad in self._where(subject, None, None, graph)}
        return by_key(sorted(pairs, key=str))

    def _named(self, thing: Term, kind: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for quad in self._where(thing, _NAME[kind]):
            value = quad.object
            if isinstance(value, Literal) and value.language in LANGUAGES:
                lang = value.language
                found[lang] = min(found.get(lang, value.value), value.value)
        return found

    def _notation(self, thing: Term) -> str | None:
        return min((cells.value(quad.object) for quad in self._where(thing, SKOS + "notation")), default=None)

    def names(self, column: str, thing: Term | None, kind: str = "thing") -> Row:
        """Return the names of ``thing`` for the columns ``column_en`` and ``column_nl``."""
        found = {} if thing is None else self.named(thing, kind)
        return {f"{column}_{lang}": found.get(lang) for lang in LANGUAGES}

    def joined(self, column: str, things: Iterable[Term], kind: str = "thing") -> Row:
        """Return the names of all ``things``, as :meth:`names` does for one."""
        rows = [self.named(thing, kind) for thing in things]
        return {
            f"{column}_{lang}": cells.BETWEEN.join(sorted({found[lang] for found in rows if lang in found})) or None
            for lang in LANGUAGES
        }

    def documents(self) -> Iterator[tuple[str, list[NamedNode]]]:
        """Yield each document with its passages, and last what has none."""
        homes: dict[Any, str] = {}
        for quad in self._where(None, RDF + "type", NamedNode(EUAI + "Passage")):
            homes.setdefault(quad.subject, "")
        for passage in homes:
            homes[passage] = min(
                (cells.value(quad.object) for quad in self._where(passage, EUAI + "statedAt")), default=""
            )
        pairs = sorted((home or "\U0010ffff", passage.value) for passage, home in homes.items())
        there = False
        for home, group in groupby(pairs, key=lambda pair: pair[0]):
            there = home == "\U0010ffff"
            yield "" if there else home, [NamedNode(name) for _, name in group]
        if not there:
            yield "", []

    def facts(self, passages: Iterable[NamedNode]) -> Iterator[tuple[str, Row]]:
        """Yield what the ``passages`` say, and each of them, as rows with the names of their tables."""
        for passage in passages:
            said = self.said(passage)
            yield "passages", {**said, **self.place(passage)}
            triples = sorted(self._where(None, None, None, passage), key=str)
            statements = {quad.subject for quad in triples if quad.predicate == TYPE and quad.object in self.kinds}
            for quad in triples:
                if quad.subject not in statements:
                    yield from (("edges", {**said, **row}) for row in self.edges(quad))
                elif quad.predicate.value in _LINKS:
                    yield "edges", {**said, **self.edge(quad)}
            for statement in sorted(statements, key=str):
                yield from self.statement(statement, said)

    def said(self, passage: NamedNode) -> Row:
        """Return what every fact of the ``passage`` carries."""
        facts = self._of(passage)
        modality = _first(facts, EUAI + "modality")
        return {
            "modality": cells.text(modality),
            **self.names("modality", modality),
            "stands": modality not in self.not_so,
            **self.joined("said_by", facts.get(EUAI + "attributedTo", [])),
            "day": cells.day(_first(facts, EUAI + "statedOn")),
            "date_inferred": cells.truth(_first(facts, EUAI + "dateInferred")),
            **self.names("citation", passage, "passage"),
            "passage": passage.value,
            "document_iri": cells.text(_first(facts, EUAI + "statedAt")),
        }

    def place(self, passage: NamedNode) -> Row:
        """Return where the ``passage`` stands in its document, and how much it says."""
        facts = self._of(passage)
        texts = {name: cells.text(_first(facts, EUAI + name)) for name in ("annex", "section", "item")}
        counts = {"paragraph": "paragraph", "table_row": "tableRow", "footnote": "footnote"}
        return {
            **texts,
            **{column: cells.count(_first(facts, EUAI + name)) for column, name in counts.items()},
            "version": cells.text(_first(facts, EUAI + "inExpression")),
            "without_fact": cells.text(_first(facts, EUAI + "withoutFact")),
            "facts": sum(1 for _ in self._where(None, None, None, passage)),
        }

    def edge(self, quad: Quad) -> Row:
        """Return a triple as a row."""
        value = quad.object
        literal = isinstance(value, Literal)
        return {
            "subject": cells.value(quad.subject),
            **self.names("subject", quad.subject),
            "relation": quad.predicate.value,
            **self.names("relation", quad.predicate, "kind"),
            "object": None if literal else cells.text(value),
            **self.names("object", value),
            "value": value.value if isinstance(value, Literal) else None,
            "language": value.language if isinstance(value, Literal) else None,
        }

    def edges(self, quad: Quad) -> Iterator[Row]:
        """Yield a relation as a row, or as one for each statement about it in its passage."""
        row = self.edge(quad)
        there = {
            found.subject
            for found in self._where(None, RDF + "object", quad.object, quad.graph_name)
            if Quad(found.subject, NamedNode(RDF + "subject"), quad.subject, quad.graph_name) in self.store
            and Quad(found.subject, NamedNode(RDF + "predicate"), quad.predicate, quad.graph_name) in self.store
        }
        for statement in sorted(there, key=str):
            facts = self._of(statement, quad.graph_name)
            yield {
                **row,
                "statement": cells.text(statement),
                **cells.texts("role", facts.get(EUAI + "role", [])),
                **cells.texts("condition", facts.get(EUAI + "condition", [])),
                "valid_from": cells.day(_first(facts, EUAI + "validFrom")),
                "valid_until": cells.day(_first(facts, EUAI + "validUntil")),
            }
        if not there:
            yield row

    def statement(self, statement: Any, said: Row) -> Iterator[tuple[str, Row]]:
        """Yield the ``statement`` of a passage of which ``said`` tells; one about a relation is among the edges."""
        facts = self._of(statement)
        kinds = [kind for kind in facts[TYPE.value] if kind in self.kinds and cells.value(kind) != EUAI + "Statement"]
        kind = cells.text(kinds[0]) if kinds else EUAI + "Statement"
        if kind == EUAI + "RelationStatement":
            return

        def first(name: str) -> Term | None:
            return _first(facts, EUAI + name)

        disputes = [
            (quad.subject, day)
            for quad in self._where(None, EUAI + "involvesStatement", statement, DefaultGraph())
            if (day := self._day_of(quad.subject, "disputedFrom"))
        ]
        row = {
            **said,
            "statement": cells.value(statement),
            "low": cells.figure(first("lowBound")),
            "high": cells.figure(first("highBound")),
            "qualifier": cells.text(first("qualifier")),
            **self.names("qualifier", first("qualifier")),
            "is_estimate": cells.truth(first("isEstimate")),
            **self.names("per", first("per")),
            "period": self._code(first("coversPeriod")),
            **cells.texts("condition", facts.get(EUAI + "condition", [])),
            "disputed_from": min((day for _, day in disputes), default=None),
            **self.joined("dispute", [discrepancy for discrepancy, _ in disputes]),
            "superseded_on": self._day_of(statement, "supersededFrom"),
        }
        if kind == EUAI + "FundingStatement":
            yield "money", {**row, **self.funding(first)}
            return
        what = first("status") or first("targetMode") or first("measures")
        yield (
            "statements",
            {
                **row,
                "kind": kind,
                "about": cells.text(first("aboutResource")),
                **self.names("about", first("aboutResource")),
                "what": cells.text(what),
                **self.names("what", what),
                "what_order": cells.count(_first(self._of(what), EUAI + "order")) if what else None,
                "value": cells.figure(first("numericValue")),
                "value_min": cells.figure(first("valueMin")),
                "value_max": cells.figure(first("valueMax")),
                "unit": cells.text(first("unit")),
                **self.names("unit", first("unit")),
                **cells.texts("population", facts.get(EUAI + "population", [])),
                "as_of": self._code(first("asOf")),
                "effective_from": cells.day(first("effectiveFrom")),
                "effective_in": self._code(first("effectiveIn")),
                **cells.texts("since", facts.get(EUAI + "when", [])),
                "due": cells.day(first("dueBy")),
                "period": self._code(first("targetPeriod") or first("effectiveIn") or first("coversPeriod")),
            },
        )

    def funding(self, first: Callable[[str], Term | None]) -> Row:
        """Return what a figure of money has beside the other figures."""
        pot = first("aboutEnvelope")

        def linked(name: str) -> list[Term]:
            return [quad.object for quad in self._where(pot, EUAI + name, None, DefaultGraph())] if pot else []

        return {
            "pot": cells.text(pot),
            **self.names("pot", pot),
            **self.joined("funders", linked("hasFunder")),
            **self.joined("programmes", linked("channelledBy")),
            **self.joined("financed", linked("finances")),
            "amount": cells.figure(first("amount")),
            "amount_min": cells.figure(first("amountMin")),
            "amount_max": cells.figure(first("amountMax")),
            "currency": self._code(first("currency")),
            "mode": cells.text(first("fundingMode")),
            **self.names("mode", first("fundingMode")),
        }

    def _day_of(self, subject: Any, name: str) -> date | None:
        return min(
            filter(None, (cells.day(quad.object) for quad in self._where(subject, EUAI + name, None, DefaultGraph()))),
            default=None,
        )

    def _code(self, thing: Term | None) -> str | None:
        return None if thing is None else self.notation(thing)

    def apart(self) -> Iterator[tuple[str, Row]]:
        """Yield the relations that are our own judgement, and stand in no passage."""
        kind = NamedNode("http://www.w3.org/ns/sparql-service-description#NamedGraph")
        graphs = {cells.value(quad.subject) for quad in self._where(None, TYPE.value, kind)} - {*_APART}
        for name in sorted(name for name in graphs if not name.startswith(f"{GRAPH}links/")):
            for quad in sorted(self._where(None, None, None, NamedNode(name)), key=str):
                if quad.predicate != TYPE and isinstance(quad.object, NamedNode):
                    yield "edges", {**self.edge(quad), "stands": True}

    def versions(self) -> Iterator[Row]:
        """Yield each language version of a document, with its file."""
        pairs = {
            (cells.value(quad.object), cells.value(quad.subject)) for quad in self._where(None, EUAI + "expressionOf")
        }
        for document, version in sorted(pairs):
            facts, about = self._of(NamedNode(version)), self._of(NamedNode(document))
            renditions = facts.get(EUAI + "rendition", [])
            yield {
                "document": partition(document),
                "document_iri": document,
                **self.names("document", NamedNode(document)),
                **cells.texts("short", about.get(EUAI + "shortName", [])),
                "version": version,
                **self.names("language", _first(facts, DCT + "language")),
                "file": min(
                    (cells.value(quad.object) for one in renditions for quad in self._where(one, EUAI + "fileName")),
                    default=None,
                ),
                "issued": cells.day(_first(facts, DCT + "issued")),
                "corrected": cells.day(_first(facts, DCT + "modified")),
                **self.names("completeness", _first(facts, EUAI + "completeness")),
                **cells.texts("excerpt", facts.get(EUAI + "excerpt", [])),
            }

    def things(self) -> Iterator[Row]:
        """Yield each thing that has a name, once for each class that it has in the default graph."""
        everything = {cells.value(quad.subject) for quad in self._where(None, SKOS + "prefLabel", None, DefaultGraph())}
        for name in sorted(everything):
            thing = NamedNode(name)
            facts = self._of(thing, DefaultGraph())
            for kind in facts.get(TYPE.value, []):
                yield {
                    "thing": name,
                    **self.names("thing", thing),
                    "class": cells.text(kind),
                    **self.names("class", kind, "kind"),
                    **cells.texts("short", facts.get(EUAI + "shortName", [])),
                    **cells.texts("also", facts.get(SKOS + "altLabel", [])),
                    "notation": self.notation(thing),
                }

    def classes(self) -> Iterator[Row]:
        """Yield each class with itself and each class above it."""
        above: dict[NamedNode, set[NamedNode]] = {}
        for quad in self._where(None, RDFS + "subClassOf", None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                above.setdefault(quad.subject, set()).add(quad.object)
                above.setdefault(quad.object, set())
        for quad in self._where(None, TYPE.value, NamedNode("http://www.w3.org/2002/07/owl#Class"), DefaultGraph()):
            if isinstance(quad.subject, NamedNode):
                above.setdefault(quad.subject, set())
        for kind in sorted(above, key=str):
            reached, new = {kind}, {kind}
            while new := {one for known in new for one in above[known]} - reached:
                reached |= new
            for one in sorted(reached, key=str):
                yield {"class": cells.value(kind), **self.names("class", kind, "kind"), "above": one.value}


def _first(facts: dict[str, list[Term]], predicate: str) -> Term | None:
    return next(iter(facts.get(predicate, ())), None)
