"""Asking: the one way from a question and its values to an answer, with what is to be said about it.

The command line, the Python API and servers call :func:`question`, :func:`sparql` and :func:`card`, and nothing else
decides anything about answers. What is said about an answer may cost queries of its own, so it is found when it is
looked at.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pyoxigraph import NamedNode

from euaikg.errors import EuaikgError, ParameterError, QueryError, UnknownThingError, counted, quote
from euaikg.questions import names, parameters, presets, stored
from euaikg.questions.parameters import Given, Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import Native, text, token
from euaikg.sparql import scanner
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import Value

if TYPE_CHECKING:
    from euaikg.questions.cards import Card

Values = Mapping[str, Given | Iterable[Given] | None]
"""What a question is asked with: for each parameter one value or several; None is as if left out."""

Way = Literal["numbered", "spelt"]
"""How an answer is cited: by numbers with a list below it, or by the whole citations in a column."""

TRIES, PATIENCE = 5, 1.0
"""How many values are left out, one at a time, to find why an answer is empty, and the seconds that this may take."""

NEWEST = "SELECT (MAX(?date) AS ?newest) { ?any euai:statedOn ?date }"

OF_A_KIND = """
SELECT ?kind WHERE { VALUES ?kind { UNDEF } VALUES ?thing { UNDEF } ?thing a/rdfs:subClassOf* ?kind }
"""

NAMED = """
SELECT ?name WHERE {
  VALUES ?thing { UNDEF }
  ?thing skos:prefLabel|rdfs:label ?name FILTER(LANG(?name) = "en")
}
ORDER BY ?name
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
SELECT DISTINCT ?name WHERE {
  VALUES ?kind { UNDEF }
  VALUES ?thing { UNDEF }
  { ?thing ?any ?near } UNION { ?near ?any ?thing }
  ?near a/rdfs:subClassOf* ?kind ;
    skos:prefLabel ?name FILTER(LANG(?name) = "en")
}
ORDER BY ?name LIMIT 3
"""


@dataclass(frozen=True, eq=False)
class Reply:
    """An answer, and what is to be said about it.

    ``values`` are the terms that the values given for the parameters of a stored question stand for, and ``citations``
    the list that the numbers in a cited answer stand for.
    """

    answer: Answer
    citations: tuple[str, ...]
    _engine: Engine = field(repr=False)
    values: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    _asked: StoredQuery | None = None
    _given: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def newest(self) -> Native:
        """The day that says how recent the graph's knowledge is, or None where no document is there.

        A server that has no document and was asked a stored question lacks the graph, which is an
        :class:`~euaikg.errors.EndpointError`.
        """
        newest = next((row["newest"] for row in self._engine.select(NEWEST).to_dicts()), None)
        if newest is None and self._asked and hasattr(self._engine, "lacking"):
            raise self._engine.lacking()
        return newest

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Sentences that say why the answer to a stored question is empty, where that can be told soon.

        Of rows they say which values of a user's files stand there as the engine spells them.
        """
        if self._engine.given and isinstance(self.answer, Table):
            values = self._engine.given.values
            there = {term: values[term] for row in self.answer.rows for term in row if term in values}
            for term, given in list(there.items())[:1]:
                return (
                    f"{counted(len(there), 'value')} of your files stand here as the engine spells them, such as "
                    f"{token(term)} for {token(given)}; “euaikg export” writes them as they were given.",
                )
        with suppress(EuaikgError):  # an answer without a reason is still an answer
            if self._asked and isinstance(self.answer, Table | Triples) and not self.answer:
                return (*self._wrong_things(self._asked),) or (*self._wrong_values(self._asked),)
        return ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that people should read with the answer."""
        newest = [f"The newest document in the graph is of {self.newest}."] if self.newest else []
        return (*self.reasons, *newest)

    def _wrong_things(self, asked: StoredQuery) -> Iterator[str]:
        """Yield a sentence for each thing that is of none of the classes that its parameter takes."""
        for parameter in asked.parameters:
            for thing in self.values.get(parameter.name, []):
                if isinstance(thing, NamedNode) and not self._engine.run(names.THERE.format(thing)):
                    closest = names.nearest_iri(self._engine, thing.value)
                    yield f"{text(thing)} is not in the graph.{f' Nearest: {closest}.' if closest else ''}"
                    return
            kinds = [NamedNode(kind) for kind in parameter.kinds]
            for thing in self.values.get(parameter.name, []) if kinds else []:
                if not isinstance(thing, NamedNode) or self._names(OF_A_KIND, thing=[thing], kind=kinds):
                    continue
                name = next(iter(self._names(NAMED, thing=[thing])), text(thing))
                there = " and ".join(map(_one, self._names(KINDS, thing=[thing]))) or "a code or a term"
                wanted = " or ".join(map(_one, self._names(NAMED, thing=kinds)))
                near = self._names(LINKED, thing=[thing], kind=kinds)
                hint = f" Linked to it: {', '.join(near)}. Try: {command(asked, parameter, near[0])}" if near else ""
                yield f"{name} is {there}; this question is about {wanted}.{hint}"

    def _names(self, query: str, **values: Sequence[Value]) -> list[str]:
        return [text(row[0]) for row in self._engine.select(scanner.fill(query, values)).rows]

    def _wrong_values(self, asked: StoredQuery) -> Iterator[str]:
        """Yield a sentence for each value without which the answer would not be empty."""
        end = time.monotonic() + PATIENCE
        for name in [name for name, texts in self._given.items() if texts][:TRIES]:
            if time.monotonic() > end:
                return
            fewer = {other: texts for other, texts in self._given.items() if other != name}
            found = self._engine.run(stored.bind(asked, fewer, self._engine))
            if not isinstance(found, bool) and found:
                words = " or ".join(map(quote, self._given[name]))
                rows = counted(len(found), "row" if isinstance(found, Table) else "triple")
                yield f"Without {words} as {option_name(name)[2:]} there would be {rows}."


def question(
    engine: Engine, asked: str | StoredQuery, values: Values | None = None, *, cite: Way | None = None
) -> Reply:
    """Answer a stored question, given by its name or as it is, with ``values`` for its parameters.

    With ``cite`` the places that each row names are cited, in the language of the parameter ``lang``. Raises
    :class:`~euaikg.errors.QueryError` for an unknown question or parameter, for a value that is none of its type, for a
    list of no values, and where there is nothing to cite, :class:`~euaikg.errors.UnknownThingError` for an unknown
    name, and :class:`~euaikg.errors.EndpointError` for a server that has no answer since it does not hold the graph.
    """
    query = stored.get(asked) if isinstance(asked, str) else asked
    given = {name: _written(value) for name, value in (values or {}).items() if value is not None}
    if nothing := next((name for name, texts in given.items() if not texts), None):
        raise ParameterError(nothing, "there is no value; leave the parameter out to ask for any.")
    terms = stored.resolved(query, given, engine)
    answer = engine.run(scanner.fill(query.text, terms))
    reply = Reply(*_cited(engine, answer, cite, *given.get("lang", [])[:1]), engine, terms, query, given)
    if not answer and hasattr(engine, "lacking"):
        _ = reply.newest  # is refused where the graph is not there
    return reply


def sparql(engine: Engine, query: str, *, cite: Way | None = None, federated: bool = False) -> Reply:
    """Answer the SPARQL ``query`` of a user's own, in which the project's prefixes need no declaration.

    With ``cite``, columns called ``source``, ``sources`` or ``passage`` are taken for places. Raises
    :class:`~euaikg.errors.QueryError` for an update, for what is not valid, for ``SERVICE`` unless ``federated`` is
    true, and where there is nothing to cite.
    """
    if other := presets.asked(query):
        raise QueryError(
            f"This is the file of a stored question that asks {quote(other)} with values set; "
            "“euaikg query NAME --sparql” prints the whole text of one."
        )
    answer = engine.run(scanner.with_prefixes(query), federated=federated)
    return Reply(*_cited(engine, answer, cite), engine)


def card(
    engine: Engine,
    thing: str,
    lang: str = "en",
    as_of: Given | None = None,
    valid_on: Given | None = None,
    *,
    cite: bool = False,
) -> Card:
    """Return the card of ``thing``, named in any way; with ``cite`` its sources say how they are cited."""
    from euaikg.questions import cards, citations

    days = [None if day is None else parameters.written(day) for day in (as_of, valid_on)]
    made = cards.card(engine, _named(engine, thing), lang, *days)
    if not cite or not made.sources:
        return made
    most = max(len(source.passages) for source in made.sources)
    rows = [(*map(NamedNode, source.passages), *[None] * (most - len(source.passages))) for source in made.sources]
    (cited,), _ = citations.cite(engine, [Table(tuple(f"{at}Passage" for at in range(most)), [*rows])], "spelt", lang)
    told = map(text, cited.column(citations.COLUMN))
    sources = (replace(source, citation=one) for source, one in zip(made.sources, told, strict=True))
    return replace(made, sources=tuple(sources))


def _named(engine: Engine, thing: str) -> NamedNode:
    """Return the thing that is named ``thing``, or the first passage that is cited so."""
    try:
        return names.resolve(engine, thing)
    except UnknownThingError:
        if re.search(r"\d", thing):  # as every place has
            with suppress(UnknownThingError):
                return names.passages(engine, thing)[0]
        raise


def way(form: str | None) -> Way:
    """Return how an answer in the format ``form`` is cited: people get numbers and a list, programs a column."""
    return "numbered" if form in (None, "table", "markdown", "text") else "spelt"


def option_name(parameter: str) -> str:
    """Return the option for a parameter: ``asOf`` becomes ``--as-of``."""
    return "--" + re.sub(r"(?<=[a-z])(?=[A-Z])|_(?=.)", "-", parameter).lower().rstrip("_")


def quoted(value: str) -> str:
    """Return ``value`` as one word of a command line."""
    return value if re.fullmatch(r"[\w./:-]+", value) else '"' + re.sub(r'(["$`\\])', r"\\\1", value) + '"'


def command(asked: StoredQuery, parameter: Parameter | None, value: str = "") -> str:
    """Return the command that asks the stored question ``asked`` with ``value`` for ``parameter``."""
    words = ["euaikg", "query", asked.name]
    if parameter and parameter != asked.subject:
        words.append(option_name(parameter.name))
    return " ".join([*words, quoted(value)] if parameter else words)


def _cited(engine: Engine, answer: Answer, cite: Way | None, lang: str = "en") -> tuple[Answer, tuple[str, ...]]:
    """Return ``answer`` cited, in the language ``lang``, and the list that its numbers stand for."""
    if cite is None:
        return answer, ()
    from euaikg.questions import citations

    (table,), notes = citations.cite(engine, [answer], cite, lang.lower())
    return table, notes


def _written(given: Given | Iterable[Given]) -> list[str]:
    """Return the value or values ``given`` as one types them."""
    several = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    return [parameters.written(value) for value in several]


def _one(name: str) -> str:
    """Return ``name`` with its indefinite article."""
    return f"an {name}" if re.match(r"(?!eu|uni)[aeiou]", name.lower()) else f"a {name}"
