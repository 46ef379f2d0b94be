"""Asking: the one way from a question and its values to an answer, with what is to be said about it.

The command line, the Python API and servers call :func:`question`, :func:`sparql` and :func:`card`, and nothing else
decides anything about answers. What is said about an answer may cost queries of its own, so it is found when it is
looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pyoxigraph import NamedNode

from euaikg.core.groups import by_key
from euaikg.errors import EuaikgError, ParameterError, QueryError, UnknownThingError, counted, quote
from euaikg.questions import names, parameters, presets, reasons, references, stored
from euaikg.questions.commands import command as command
from euaikg.questions.commands import option_name as option_name
from euaikg.questions.commands import quoted as quoted
from euaikg.questions.parameters import Given
from euaikg.questions.stored import StoredQuery
from euaikg.questions.told import told
from euaikg.rdf.terms import Native, native, text, token
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

UNDATED = """
SELECT ?day ?document ?name WHERE {
  ?expression euai:notBefore ?day ; euai:expressionOf ?document .
  ?document euai:shortName|skos:prefLabel ?name
}
ORDER BY ?name
"""

SHARED = "potRows"
"""The column that says how many rows of an answer are about the pot of money that the row is about."""

NEWEST = "SELECT (MAX(?date) AS ?newest) { ?any euai:statedOn ?date }"


def newest_day(engine: Engine) -> Native:
    """Return the day that says how recent the knowledge of ``engine`` is, or None where no document is there."""
    return next((row["newest"] for row in engine.select(NEWEST).to_dicts()), None)


def undated(engine: Engine) -> dict[str, list[str]]:
    """Return the names and the IRI of each document without a date, by the day before which it is held not to be."""
    with suppress(EuaikgError):
        rows = engine.select(UNDATED).to_dicts()
        return by_key((str(row["day"]), str(row[part])) for row in rows for part in ("document", "name"))
    return {}


@dataclass(frozen=True, eq=False)
class Reply:
    """An answer, and what is to be said about it.

    ``values`` are the terms that the values given for the parameters of a stored question stand for, and ``citations``
    the list that the numbers in a cited answer stand for. ``cut_from`` is how many rows or triples there are, where the
    answer has the first of them only.
    """

    answer: Answer
    citations: tuple[str, ...]
    _engine: Engine = field(repr=False)
    values: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    _asked: StoredQuery | None = None
    _given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cut_from: int | None = None
    _own: str = ""
    _turned: str = ""

    @property
    def lang(self) -> str:
        """The language of the answer."""
        return next(iter(self._given.get("lang", [])), "en").lower()

    @cached_property
    def newest(self) -> Native:
        """The day that says how recent the graph's knowledge is, or None where no document is there.

        A server that has no document and was asked a stored question lacks the graph, which is an
        :class:`~euaikg.errors.EndpointError`.
        """
        newest = newest_day(self._engine)
        if newest is None and self._asked and hasattr(self._engine, "lacking"):
            raise self._engine.lacking()
        return newest

    @cached_property
    def undated(self) -> Mapping[str, Sequence[str]]:
        """The names and the IRI of each document without a date, by the day before which it is held not to be."""
        return undated(self._engine)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Sentences that say why the answer is empty, where that can be told soon.

        Of rows they say that there are more, and which values of a user's files stand there as the engine spells them.
        Others come from :mod:`~euaikg.questions.reasons`; to SPARQL of a user's own they say what
        it names and the graph does not know.
        """
        if self.cut_from is not None and not isinstance(self.answer, bool):
            if isinstance(self.answer, Table) and self.cut_from > 1:
                cut = told(self.lang, "These are the first {} of {} rows.", len(self.answer), self.cut_from)
            else:
                cut = f"These are the first {len(self.answer)} of {counted(self.cut_from, 'triple')}."
            return (cut, *self._spelt())
        return self._spelt() or (*self._empty(),)

    def _spelt(self) -> tuple[str, ...]:
        if self._engine.given and isinstance(self.answer, Table):
            values = self._engine.given.values
            there = {term: values[term] for row in self.answer.rows for term in row if term in values}
            for term, given in list(there.items())[:1]:
                return (
                    f"{counted(len(there), 'value')} of your files stand here as the engine spells them, such as "
                    f"{token(term)} for {token(given)}; “euaikg export” writes them as they were given.",
                )
        return ()

    def _empty(self) -> tuple[str, ...]:
        if self._asked and isinstance(self.answer, Table | Triples) and not self.answer:
            is_read = self.newest is not None
            return tuple(reasons.reasons(self._engine, self._asked, self.values, self._given, is_read))
        if self._own and _is_nothing(self.answer):
            return tuple(reasons.of_unknown_terms(self._engine, self._own))
        return ()

    @cached_property
    def partly(self) -> tuple[str, ...]:
        """A sentence that names the documents behind the rows of which not all was read, where there are any."""
        from euaikg.questions import partly

        return partly.of_table(self._engine, self.answer, self.lang) if isinstance(self.answer, Table) else ()

    @property
    def shared(self) -> tuple[str, ...]:
        """A sentence for who adds rows up, where several are about one pot of money."""
        table = self.answer
        if not self._asked or not isinstance(table, Table) or SHARED not in table.variables:
            return ()
        rows = [native(term) for term in table.column(SHARED)]
        several = sum(isinstance(number, int) and number > 1 for number in rows)
        sentence = "{} of the {} rows are about pots that stand in several rows: add each pot once."
        return (told(self.lang, sentence, several, len(table)),) if several else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that people should read with the answer."""
        dated = "undated, and not older than" if str(self.newest) in self.undated else "of"
        sentence = f"The newest document in the graph is {dated} {{}}."
        newest = [told(self.lang, sentence, self.newest)] if self.newest else []
        return (*self.reasons, *self.shared, *self.partly, *filter(None, [self._turned]), *self._unasked(), *newest)

    def _unasked(self) -> Iterator[str]:
        """Yield a sentence for each day that the question takes where none is given."""
        for parameter in self._asked.parameters if self._asked else ():
            is_day = parameter.type in ("date", "begin", "end")
            if is_day and not parameter.is_open and parameter.name not in self.values:
                day = re.sub(r'"(.*)".*', r"\1", parameter.default)
                yield told(self.lang, "Asked for {}, since no {} is given.", day, option_name(parameter.name))

    def addresses(self, table: Table) -> dict[str, str]:
        """Return the IRIs of the passages that the texts in the columns of ``table`` for places name."""
        from euaikg.questions import citations

        return citations.addresses(self._engine, table)

    def bibliography(self, form: str) -> bytes:
        """Return the documents that the answer rests on in the ``form`` bibtex, ris or csl-json, an entry for each.

        Raises :class:`~euaikg.errors.QueryError` where there is nothing to cite.
        """
        from euaikg.questions import citations

        passages = citations.passages(self._engine, [self.answer], self.lang)
        return references.encode(self._engine, passages, form, self.lang)


def question(
    engine: Engine,
    asked: str | StoredQuery,
    values: Values | None = None,
    *,
    cite: Way | None = None,
    limit: int | None = None,
    answers: dict[str, Answer] | None = None,
    surely: bool = True,
) -> Reply:
    """Answer a stored question, given by its name or as it is, with ``values`` for its parameters.

    Only the first ``limit`` of the rows or triples are given. What is asked twice with the same ``answers`` is looked
    for once: they keep the answer to each query. Where not ``surely``, one is taken that may be doubtful. With ``cite``
    the places that each row names are cited, in the language of the parameter ``lang``. Raises
    :class:`~euaikg.errors.QueryError` for an unknown question or parameter, for a value that is none of its type, for a
    list of no values, for a ``limit`` below one, and where there is nothing to cite,
    :class:`~euaikg.errors.UnknownThingError` for an unknown name, and :class:`~euaikg.errors.EndpointError` for a
    server that has no answer since it does not hold the graph.
    """
    query = stored.get(asked) if isinstance(asked, str) else asked
    given = {name: written(value) for name, value in (values or {}).items() if value is not None}
    if nothing := next((name for name, texts in given.items() if not texts), None):
        raise ParameterError(nothing, "there is no value; leave the parameter out to ask for any.")
    terms = stored.resolved(query, given, engine)
    turned = stored.put_in_order(query, terms, engine)
    lang = next(iter(given.get("lang", [])), "en").lower()
    whole = scanner.fill(query.text, terms)
    known = {} if answers is None else answers
    if whole not in known:
        known[whole] = engine.run_surely(whole) if surely else engine.run(whole)
    answer, cut_from = _first(known[whole], limit)
    if isinstance(answer, Table):
        answer = replace(answer, shown=query.shown, lang=lang)
    reply = Reply(*_cited(engine, answer, cite, lang), engine, terms, query, given, cut_from, _turned=turned)
    if not answer and hasattr(engine, "lacking"):
        _ = reply.newest  # is refused where the graph is not there
    return reply


def sparql(
    engine: Engine, query: str, *, cite: Way | None = None, federated: bool = False, limit: int | None = None
) -> Reply:
    """Answer the SPARQL ``query`` of a user's own, in which the project's prefixes need no declaration.

    Of the rows or triples only the first ``limit`` are given. With ``cite``, columns called ``source``, ``sources`` or
    ``passage`` are taken for places. Raises :class:`~euaikg.errors.QueryError` for an update, for what is not valid,
    for ``SERVICE`` unless ``federated`` is true, for a ``limit`` below one, and where there is nothing to cite.
    """
    refuse_preset(query)
    answer, cut_from = _first(engine.run(scanner.with_prefixes(query), federated=federated), limit)
    return Reply(*_cited(engine, answer, cite), engine, _own=query, cut_from=cut_from)


def refuse_preset(query: str) -> None:
    """Raise :class:`QueryError` for the text of a stored question that is another one with values set."""
    if other := presets.asked(query):
        raise QueryError(
            f"This is the file of a stored question that asks {quote(other)} with values set; "
            "“euaikg query NAME --sparql” prints the whole text of one."
        )


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


def _first(answer: Answer, limit: int | None) -> tuple[Answer, int | None]:
    """Return the first ``limit`` of what ``answer`` holds, and how much it holds where that is more."""
    if limit is not None and limit < 1:
        raise QueryError(f"The limit is how many rows are given, 1 or more, not {limit}.")
    if limit is None or isinstance(answer, bool) or len(answer) <= limit:
        return answer, None
    if isinstance(answer, Table):
        return replace(answer, rows=answer.rows[:limit]), len(answer)
    return replace(answer, triples=answer.triples[:limit]), len(answer)


def _cited(engine: Engine, answer: Answer, cite: Way | None, lang: str = "en") -> tuple[Answer, tuple[str, ...]]:
    """Return ``answer`` cited, in the language ``lang``, and the list that its numbers stand for."""
    if cite is None:
        return answer, ()
    from euaikg.questions import citations

    (table,), notes = citations.cite(engine, [answer], cite, lang)
    return table, notes


def written(given: Given | Iterable[Given]) -> list[str]:
    """Return the value or values ``given`` as one types them."""
    several = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    return [parameters.written(value) for value in several]


def _is_nothing(answer: Answer) -> bool:
    """Say whether ``answer`` is no, or nothing, or one row of nothings and noughts, as a count gives."""
    if isinstance(answer, Table) and len(answer) == 1:
        return not any(native(term) for term in answer.rows[0])
    return not answer
