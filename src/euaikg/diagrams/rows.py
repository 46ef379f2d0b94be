"""Rows of an answer as nodes and edges: the convention of columns that makes a query fit to be drawn.

A row says that ``?from`` stands in ``?relation`` to ``?to``. The two ends may also be called ``?subject`` and
``?object``, ``?one`` and ``?other``, or ``?source`` and ``?target``, or be the only two things with names beside a
``?relation``. All else is optional:

* ``?fromLabel``, ``?fromKind`` (a class), ``?fromNote``, ``?fromDay``, and the same for the other end;
* ``?relationLabel``, ``?modality`` (a code), ``?modalityLabel``, ``?statedOn``, ``?passage``, ``?documentLabel``,
  ``?url`` and ``?source``, the citation (``?citation`` where ``?source`` is an end), ``?role``, a note of the edge, and
  ``?superseded`` and ``?disputed``, true where a later passage says otherwise, and where others do;
* ``?amount``, ``?low``, ``?high``, ``?currency``, ``?qualifierLabel``, ``?estimate`` and ``?superseded``: a figure, of
  the first end where there is no other, else of the edge.

Where the second end is missing the row tells something of the first alone; where it is a literal, it becomes a note of
the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from euaikg.core.vocab import RDFS, SKOS, TYPE, short
from euaikg.diagrams.model.labels import REPLACED
from euaikg.diagrams.model.network import Edge
from euaikg.diagrams.vocabulary import Vocabulary
from euaikg.errors import QueryError
from euaikg.rdf.terms import Term
from euaikg.sparql import amounts
from euaikg.sparql.amounts import Figure
from euaikg.sparql.answers import Row, Table

ENDS = (("from", "to"), ("subject", "object"), ("source", "target"), ("one", "other"))
"""The names that the columns of the two ends can have."""

LABELS = (SKOS + "prefLabel", RDFS + "label")


@dataclass
class Thing:
    """What rows say of one thing, gathered; ``figures`` are (date, superseded, amount, text, citation, modality)."""

    label: str = ""
    day: str = ""
    kinds: set[str] = field(default_factory=set)
    notes: dict[str, list[str]] = field(default_factory=dict)
    figures: set[tuple[str, bool, int, str, str, str]] = field(default_factory=set)

    def lines(self, lang: str) -> tuple[list[str], list[str]]:
        """Return the notes with the figures before them, the latest first, and the citations of them all."""
        texts: dict[str, list[str]] = {}
        for _, superseded, _, text, citation, _ in sorted(self.figures, key=lambda figure: figure[:4], reverse=True):
            texts.setdefault(f"{text} ({REPLACED[lang]})" if superseded else text, []).append(citation)
        texts |= dict(sorted(self.notes.items()))  # engines give rows in an order of their own
        return list(texts), sorted({citation for citations in texts.values() for citation in citations if citation})

    def amount(self) -> int | None:
        """Return the figure that was stated last and that no other replaced, or None."""
        return self.standing()[0]

    def standing(self) -> tuple[int | None, str]:
        """Return the figure that was stated last and that no other replaced, with its broadest modality."""
        found = [
            (date, amount, broad) for date, superseded, amount, _, _, broad in self.figures if amount and not superseded
        ]
        return max(found)[1:] if found else (None, "")


@dataclass
class Rows:
    """Things by IRI, edges, and for each citation the document it names, as (date, name)."""

    things: dict[str, Thing] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)

    def thing(self, iri: str) -> Thing:
        """Return the thing ``iri``, new where it is not there yet."""
        return self.things.setdefault(iri, Thing())

    def forget_undated(self) -> None:
        """Leave out what rests on no dated passage: judgements of things that no passage knew yet."""
        known = {iri for iri, thing in self.things.items() if thing.figures or thing.notes}
        known |= {end for edge in self.edges if edge.date for end in (edge.source, edge.target)}
        self.edges = {edge for edge in self.edges if edge.source in known and edge.target in known}
        self.things = {iri: thing for iri, thing in self.things.items() if iri in known}


def ends(variables: Iterable[str], name: str) -> tuple[str, str]:
    """Return the columns of the two ends; raise :class:`QueryError` where the query ``name`` has none.

    They are called as :data:`ENDS` says, or are the only two things with names beside a column ``relation``.
    """
    there = dict.fromkeys(variables)
    named = tuple(name for name in there if f"{name}Label" in there and name != "relation")
    for pair in (*ENDS, named if "relation" in there else ()):
        if len(pair) == 2 and there.keys() >= {*pair}:
            return pair
    pairs = ", ".join(f"?{one} and ?{other}" for one, other in ENDS)
    raise QueryError(f"The answer to {name} cannot be drawn: it has no two columns for the ends of a line ({pairs}).")


def add(rows: Rows, table: Table, name: str, lang: str, known: Vocabulary) -> None:
    """Add what ``table``, the answer to the query ``name``, says to ``rows``.

    What is ``known`` of the vocabulary gives the code of a modality by its name, for queries that give the name alone.
    """
    first, second = ends(table.variables, name)
    cite = "source" if "source" not in (first, second) else "citation"
    at = {variable: index for index, variable in enumerate(table.variables)}

    def text(row: Row, column: str) -> str:
        return plain(row[at[column]]) if column in at else ""

    for row in table.rows:
        source, target = row[at[first]], row[at[second]]
        if source is None:
            continue
        one = rows.thing(key(source))
        _describe(one, row, first, text)
        figure = _figure(row, at, text, lang)
        date, citation = text(row, "statedOn"), text(row, cite)
        if text(row, "documentLabel"):
            rows.documents[citation] = (date, text(row, "documentLabel"))
        relation = row[at["relation"]] if "relation" in at else None
        label = text(row, "relationLabel") or _name(relation)
        if target is None:
            if figure[1]:
                broad = known.broadest(local(text(row, "modality")))
                one.figures.add((date, text(row, "superseded") == "true", figure[0] or 0, figure[1], citation, broad))
        elif isinstance(target, Literal | Triple):
            _note(one, f"{label}: {plain(target)}" if label else plain(target), citation)
        else:
            _describe(rows.thing(key(target)), row, second, text)
            named = text(row, "modalityLabel")
            code = local(text(row, "modality")) or (known.code(named) if named else "")
            rows.edges.add(
                Edge(
                    source=key(source),
                    target=key(target),
                    relation=plain(relation),
                    label=label,
                    modality=code,
                    note=figure[1] or text(row, "role"),
                    amount=figure[0],
                    passage=text(row, "passage"),
                    citation=citation,
                    url=text(row, "url"),
                    date=date,
                    modality_label=named or code,
                    broad=known.broadest(code),
                    is_replaced=text(row, "superseded") == "true",
                    is_disputed=text(row, "disputed") == "true",
                )
            )


def add_triples(rows: Rows, triples: Iterable[Triple], labels: Mapping[str, str]) -> None:
    """Add ``triples`` to ``rows``: names and classes describe things, other literals are notes, the rest are edges.

    ``labels`` are names of properties.
    """
    for triple in triples:
        if isinstance(triple.subject, Triple):
            continue
        thing, value, relation = rows.thing(key(triple.subject)), triple.object, triple.predicate.value
        if relation in LABELS and isinstance(value, Literal):
            continue  # names are looked up in the language asked for
        label = labels.get(relation) or _name(triple.predicate)
        if triple.predicate == TYPE:
            thing.kinds.add(plain(value))
        elif isinstance(value, Literal | Triple):
            _note(thing, f"{label}: {plain(value)}", "")
        else:
            rows.thing(key(value))
            rows.edges.add(Edge(key(triple.subject), key(value), relation, label, modality=""))


def _describe(thing: Thing, row: Row, end: str, text: Callable[[Row, str], str]) -> None:
    thing.label = thing.label or text(row, f"{end}Label")
    thing.kinds |= {text(row, f"{end}Kind")} - {""}
    thing.day = thing.day or text(row, f"{end}Day")
    for line in text(row, f"{end}Note").split("\n"):
        if line:
            _note(thing, line, text(row, "source"))


def _note(thing: Thing, line: str, citation: str) -> None:
    citations = thing.notes.setdefault(line, [])
    if citation not in citations:
        citations.append(citation)


def _figure(row: Row, at: Mapping[str, int], text: Callable[[Row, str], str], lang: str) -> tuple[int | None, str]:
    """Return the figure of ``row`` in whole euros (None for another currency, and for a rate) and in short form."""
    amount, low, high = (
        amounts.number(row[at[column]]) if column in at else None for column in ("amount", "low", "high")
    )
    currency, rate = text(row, "currency") or "EUR", text(row, "perLabel")
    is_estimate = text(row, "estimate") == "true"
    figure = Figure(amount, low, high, text(row, "qualifierLabel"), currency, is_estimate=is_estimate, per=rate)
    known = next((int(one) for one in (amount, low, high) if one is not None and not rate), None)
    return known if currency == "EUR" else None, amounts.written(figure, lang).replace(amounts.JOINT, " ")


def key(term: Term) -> str:
    """Return what tells the node of ``term`` apart."""
    return f"_:{term.value}" if isinstance(term, BlankNode) else plain(term)


def plain(term: Term | None) -> str:
    """Return ``term`` as text: the IRI, or the text of the literal."""
    return "" if term is None else str(term) if isinstance(term, Triple) else term.value


def local(iri: str) -> str:
    """Return the last part of ``iri``: ``planned`` of ``.../modality/planned``."""
    return iri.rpartition("#")[2].rpartition("/")[2]


def _name(term: Term | None) -> str:
    return short(term.value) if isinstance(term, NamedNode) else plain(term)
