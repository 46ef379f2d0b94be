"""Every parameter of every question does what it says: it leaves fewer rows, all of which match the value.

Nothing here names a question: whatever the headers in ``queries/`` declare is put to the same tests. What a value has
to do with a row is asked of the graph, not of the question.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from euaikg.core import files, vocab
from euaikg.graph import build
from euaikg.questions import parameters
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery
from euaikg.rdf.terms import Term
from euaikg.sparql import scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from euaikg.sparql.scanner import Value
from tests.conftest import CATALOGUE, whole

pytestmark = pytest.mark.slow

Row = dict[str, Term]

BEFORE, DAY, AFTER = "2024-06-01", "2024-12-31", "2025-06-01"
"""A day between the documents, some of which were there while others came later; and two on either side of it."""

FIRST, LAST = "0001-01-01", "9999-12-31"
DATE = NamedNode(vocab.XSD + "date")
NUMBERS = [NamedNode(vocab.XSD + name) for name in ("integer", "decimal")]
NOBODY = NamedNode(vocab.BASE + "id/nobody/nobody")

AGGREGATES = re.compile(r"\b(COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE)
PLACES = re.compile(r"(?i).*(source|sources|passage)")

SWITCHES = ("alike",)
"""The parameters that let more rows into the answer, whatever these have to do with the value."""

UPPER, LOWER = ("asof", "until", "dueby"), ("from",)
"""The parameters that are the last day and the first; any other day may be either."""

THROUGH_LINKS = {"citations", "describe-document", "describe-thing"}
"""The questions that name what they found by links whose own day they do not ask; they are held to the real days."""

OF_THE_DAY = {"current-status", "describe-document", "inferred-dates", "infrastructure", "overdue", "targets-due"}
"""In these a day does more: it leaves out things that no passage names, stages not yet reached or due, and versions."""

IN_ANOTHER_LANGUAGE = {"document-card", "names-of-our-own"}
"""The questions that show a name, or the title read, in the other language too, since that is what they are about."""


def plain(name: str) -> str:
    """The name of a parameter, however it is written: ``asOf`` and ``as-of`` are one."""
    return re.sub(r"[^a-z]", "", name.lower())


def pairs(*only: str, without: Iterable[str] = ("lang",)) -> pytest.MarkDecorator:
    """Each parameter of each question, or those called as one of ``only``."""
    found = [
        (query.name, parameter.name)
        for query in CATALOGUE.values()
        for parameter in query.parameters
        if (plain(parameter.name) in only if only else plain(parameter.name) not in without)
    ]
    assert found
    return pytest.mark.parametrize(("name", "parameter"), found, ids=["--".join(pair) for pair in found])


@pytest.fixture(scope="module")
def graph() -> Embedded:
    """The shipped graph in memory."""
    return whole()


STATED_IN, STATED_ON = NamedNode(vocab.EUAI + "statedIn"), NamedNode(vocab.EUAI + "statedOn")
CITATION, TITLE = NamedNode(vocab.DCT + "bibliographicCitation"), NamedNode(vocab.DCT + "title")
SUPERSEDES, INVOLVES, *DIFFERING_FROM = (
    NamedNode(vocab.EUAI + name)
    for name in ("supersedesStatement", "involvesStatement", "disputedFrom", "reconcilableFrom", "supersededFrom")
)
TYPE, LABEL = NamedNode(vocab.RDF + "type"), NamedNode(vocab.SKOS + "prefLabel")
IN_SCHEME, REASON = NamedNode(vocab.SKOS + "inScheme"), NamedNode(vocab.EUAI + "reason")
PASSAGE, EXPRESSION = NamedNode(vocab.EUAI + "Passage"), NamedNode(vocab.EUAI + "SourceExpression")
ISSUED = NamedNode(vocab.DCT + "issued")
RELATION = [NamedNode(vocab.RDF + part) for part in ("subject", "predicate", "object")]


LOTS = (0, 5, 8)
"""By which lot passages are parted: first fact by fact, then all of a relation together."""


@cache
def shuffled(lot: int | None = 0) -> Embedded:
    """The graph with each passage as two, of which one is dated before and one after :data:`DAY`, parted by ``lot``.

    What is said of one thing then has been said early and late, as it will be when more documents are read, and no two
    facts are early together because they stand in one place. Where all of a relation is late, however little there is,
    a question that follows it without asking for its day finds too much. Without a ``lot`` they are as they are.
    """
    if lot is None:
        return whole()
    store = build.build()
    passages = {quad.subject: NamedNode(f"{quad.subject.value}~later") for quad in store if quad.object == PASSAGE}
    store.bulk_extend(quad for quad in filled().store if quad.graph_name in passages)
    homes = {quad.subject: quad.object for quad in store.quads_for_pattern(None, STATED_IN, None, None)}
    spelt = {
        (homes.get(one), *(next(iter(found), None) for found in parts)): one
        for one in homes
        for parts in [[[quad.object for quad in store.quads_for_pattern(one, part, None)] for part in RELATION]]
    }

    relations = {one: relation for (_, _, relation, _), one in spelt.items() if relation}

    def is_late(passage: Term, triple: Triple) -> bool:
        fact = triple.subject if triple.subject in homes else spelt.get((passage, *triple), triple)
        if lot and (relation := relations.get(fact) if fact in homes else triple.predicate):
            return bool(zlib.crc32(str(relation).encode()) & 8 << lot)
        return bool(zlib.crc32(f"{passage} {fact}".encode()) & 8 << lot)

    def parted(quad: Quad) -> Iterator[Quad]:
        subject, predicate, value, place = quad
        if subject in passages:
            yield quad if predicate != STATED_ON else Quad(subject, predicate, date(BEFORE), place)
            later = value if predicate != STATED_ON else date(AFTER)
            if predicate == CITATION:  # as of what was corrected: one citation has one day
                later = Literal(f"{value.value}, {AFTER}", language=value.language)
            yield Quad(passages[subject], predicate, later, place)
        elif subject in homes and predicate in (STATED_IN, STATED_ON):
            late = is_late(homes[subject], quad.triple)
            there = date(AFTER if late else BEFORE) if predicate == STATED_ON else passages[value] if late else value
            yield Quad(subject, predicate, there, place)
        else:
            late = place in passages and is_late(place, quad.triple)
            yield Quad(subject, predicate, value, passages[place] if late else place)

    return remade([*(part for quad in store for part in parted(quad)), *disputes(store)])


def disputes(store: Store) -> Iterator[Quad]:
    """Differences between the first two statements about each thing and each pot, of which few have one.

    And a third takes the place of the second.
    """
    about: dict[Term, list[NamedNode | BlankNode | Triple]] = {}
    for predicate in (NamedNode(vocab.EUAI + name) for name in ("aboutResource", "aboutEnvelope")):
        for quad in store.quads_for_pattern(None, predicate, None, DefaultGraph()):
            about.setdefault(quad.object, []).append(quad.subject)
    for number, sides in enumerate(about.values()):
        difference, place = NamedNode(f"urn:difference:{number}"), NamedNode(vocab.GRAPH + "curation")
        yield Quad(difference, TYPE, NamedNode(vocab.EUAI + "Discrepancy"), place)
        for lang in parameters.LANGUAGES:
            yield Quad(difference, LABEL, Literal(f"difference {number}", language=lang), place)
        for side in sorted(sides, key=str)[:2]:
            yield Quad(difference, INVOLVES, side, place)
        for earlier, later in pairwise(sorted(sides, key=str)[1:3]):
            yield Quad(later, SUPERSEDES, earlier, place)


@cache
def early(graph: Embedded) -> Embedded:
    """``graph`` as it would be if no passage dated after :data:`DAY` had been read."""
    late = {what for what, day in said(graph).items() if day > DAY}
    homes: dict[Term, Term] = {
        quad.subject: quad.object for quad in graph.store.quads_for_pattern(None, STATED_IN, None, None)
    }
    sides: dict[Term, set[Term]] = {}
    for quad in graph.store.quads_for_pattern(None, INVOLVES, None, None):
        sides.setdefault(quad.subject, set()).add(homes[quad.object])
    late |= {difference for difference, places in sides.items() if len(places - late) < 2 <= len(places)}
    newest = NamedNode(vocab.BASE + "source/newest")  # what a law lays down is reached by the day of the newest text
    days = [Quad(newest, TYPE, EXPRESSION, newest), Quad(newest, ISSUED, date(DAY), newest)]
    versions = {quad.subject for quad in graph.store.quads_for_pattern(None, None, EXPRESSION, None)}
    dated = {quad for quad in graph.store.quads_for_pattern(None, ISSUED, None, None) if quad.subject in versions}
    later = {quad.subject for quad in dated if isinstance(quad.object, Literal) and quad.object.value > DAY}
    known = (
        q
        for q in graph.store
        if late.isdisjoint({q.graph_name, q.subject}) and not (q.object == EXPRESSION and q.subject in later)
    )
    return remade([*known, *days])


def remade(quads: Iterable[Quad]) -> Embedded:
    """A graph of those of ``quads`` that stand in named graphs, and a default graph that is made of them."""
    store = Store()
    store.bulk_extend(
        quad for quad in quads if quad.graph_name != DefaultGraph() and quad.predicate not in DIFFERING_FROM
    )
    for rule in build.rules():
        if rule.name >= "70":  # disputes and what is superseded, which follow from days, graphs, and the default graph
            store.update(files.read_text(rule))
    return Embedded(store)


@cache
def rows(graph: Embedded, text: str) -> list[Row]:
    """The rows of an answer, or its triples as rows, with what is joined in order."""
    answer = graph.run(text)
    assert not isinstance(answer, bool)
    if isinstance(answer, Table):
        found = [dict(zip(answer.variables, row, strict=True)) for row in answer.rows]
    else:
        found = [{"subject": t.subject, "predicate": t.predicate, "object": t.object} for t in answer]
    return [{name: _in_order(term) for name, term in row.items() if term is not None} for row in found]


def _in_order(term: Term) -> Term:
    """``term``, with the parts of a joined list in order, since engines join them in any."""
    if isinstance(term, Literal) and "; " in term.value and term.language is None:
        return Literal("; ".join(sorted(term.value.split("; "))), datatype=term.datatype)
    return term


@cache
def counted(graph: Embedded, text: str) -> Counter[frozenset[tuple[str, Term]]]:
    """How often each row is in the answer."""
    return Counter(frozenset(row.items()) for row in rows(graph, text))


def date(day: str) -> Literal:
    return Literal(day, datatype=DATE)


def asked(query: StoredQuery, parameter: str, *values: Value) -> str:
    """The text of ``query`` with one parameter set."""
    return scanner.fill(query.text, {parameter: values})


@cache
def example(parameter: Parameter) -> list[Value]:
    return parameters.terms(parameter, parameter.example, whole())


def joins(query: StoredQuery) -> bool:
    """Whether ``query`` counts or joins, so that a value may change a row and not only drop it."""
    return bool(AGGREGATES.search(query.text))


# Fewer rows


@pairs()
def test_a_value_leaves_some_rows_but_not_all(name: str, parameter: str, graph: Embedded) -> None:
    query = CATALOGUE[name]
    text = asked(query, parameter, *example(query.called(parameter)[0]))
    every, some = rows(graph, query.text), rows(graph, text)
    assert some, "the example finds nothing"
    if not query.called(parameter)[0].is_open or plain(parameter) == "asof" or len(every) == 1:
        return  # what a day does is tested below; and one row can only stay
    assert len(some) <= len(every)
    if joins(query):
        assert counted(graph, text) != counted(graph, query.text), "the value changes nothing"
    else:
        assert len(some) < len(every), "the value leaves out nothing"
        assert counted(graph, text) <= counted(graph, query.text)


def impossible(parameter: Parameter) -> list[Value]:
    """The values of the type of ``parameter`` that nothing has; of days, the first of all and the last."""
    if parameter.type == "language":
        return [Literal("xx")]
    if parameter.type in ("iri", "code", "passage"):
        return [NOBODY]
    if parameter.type in ("date", "begin", "end"):
        days = [FIRST] * (plain(parameter.name) not in LOWER) + [LAST] * (plain(parameter.name) not in UPPER)
        return [date(day) for day in days]
    if parameter.type in ("integer", "decimal"):
        return [Literal("1000000000000000000", datatype=NamedNode(vocab.XSD + parameter.type))]
    assert parameter.type in ("string", "notation"), f"say here what {parameter.type} nothing has"
    return [Literal("nothing is called so")]


@pairs(without=("lang", *SWITCHES))
def test_a_value_that_nothing_has_finds_nothing(name: str, parameter: str, graph: Embedded) -> None:
    query = CATALOGUE[name]
    answers = [rows(graph, asked(query, parameter, value)) for value in impossible(query.called(parameter)[0])]
    least = min(answers, key=len)
    if plain(parameter) == "asof":  # a judgement of ours has no date
        assert len(least) < len(rows(graph, query.text))
        assert [row for row in least if "statedOn" in row] == []
    else:
        is_day = plain(parameter) in (*LOWER, *UPPER)
        assert [row for row in least if not endless(row) and not (is_day and timeless(row))] == []


# All of them matching


@pairs(without=("lang", "asof", *SWITCHES))
def test_every_row_matches_the_value(name: str, parameter: str, graph: Embedded) -> None:
    query = CATALOGUE[name]
    described = query.called(parameter)[0]
    values = example(described)
    found = rows(graph, asked(query, parameter, *values))
    fits = [row for row in found if any(matches(graph, described, value, row) for value in values)]
    if query.form == "CONSTRUCT":
        assert fits
    else:
        assert [row for row in found if row not in fits] == []


def matches(graph: Embedded, parameter: Parameter, value: Value, row: Row) -> bool:
    """Whether ``row`` has to do with ``value``, by the column that is called so, or as the graph tells it."""
    own = next((term for column, term in row.items() if plain(column) == plain(parameter.name)), None)
    if isinstance(value, NamedNode):
        if own is not None:
            return own in within(graph, value)
        return not named(graph, row).isdisjoint(near(graph, value)) or not texts(row).isdisjoint(names(graph, value))
    if parameter.type in ("date", "begin", "end"):
        dated = {name: term.value for name, term in row.items() if isinstance(term, Literal) and term.datatype == DATE}
        days = [day for name, day in dated.items() if name != "statedOn" or len(dated) == 1 or open_period(row)]
        before, after = any(day <= value.value for day in days), any(day >= value.value for day in days)
        name = plain(parameter.name)
        if timeless(row):
            return True
        return after or endless(row) if name in LOWER else before if name in UPPER else before or after
    if parameter.type in ("integer", "decimal"):
        numbers = [term.value for term in row.values() if isinstance(term, Literal) and term.datatype in NUMBERS]
        return any(float(number) >= float(value.value) for number in numbers) or endless(row)
    spoken = {term.language for term in row.values() if isinstance(term, Literal)}
    return value == own or value.value in texts(row) | spoken


def endless(row: Row) -> bool:
    """Whether ``row`` has a period or a figure without an end, such as more than 30, which may reach any other."""
    return ("begins" in row and "ends" not in row) or ("low" in row and "high" not in row)


def timeless(row: Row) -> bool:
    """Whether ``row`` has money without a period, which is not said to be for another time than any."""
    return "envelope" in row and "period" not in row


def open_period(row: Row) -> bool:
    """Whether ``row`` has a period without a beginning, which then begins when it is stated."""
    return "ends" in row and "begins" not in row


def texts(row: Row) -> set[str]:
    """The texts of ``row``, the parts of those that are joined, and what stands before a bracket in them."""
    values = {term.value for term in row.values() if isinstance(term, Literal)}
    return {one for value in values for part in value.split("; ") for one in (value, part, part.partition(" (")[0])}


@cache
def within(graph: Embedded, value: NamedNode) -> set[Term]:
    """What is ``value`` or stands below it, as a class, a code or a part."""
    found = graph.select(
        "PREFIX euai: <https://w3id.org/euaikg/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f"SELECT ?below {{ ?below (rdfs:subClassOf|skos:broader|euai:partOf|^euai:hasComponent)+ {value} }}"
    )
    return {value, *(below for (below,) in found.rows if below is not None)}


@cache
def near(graph: Embedded, value: NamedNode) -> set[Term]:
    """The things that are linked to ``value`` (or to what stands below it), directly or by a passage or statement."""
    found = within(graph, value).copy()
    for thing in within(graph, value):
        found |= linked(graph, thing)
    for thing in list(found):
        if isinstance(thing, NamedNode) and thing in said(graph):
            found |= linked(graph, thing)
    return found


@cache
def linked(graph: Embedded, thing: Term) -> set[Term]:
    """What is said of ``thing`` and of what it is said, where that is said, and what is said there."""
    if not isinstance(thing, NamedNode):
        return set()
    quads = [
        *graph.store.quads_for_pattern(thing, None, None),
        *graph.store.quads_for_pattern(None, None, thing),
        *graph.store.quads_for_pattern(None, None, None, thing),
    ]
    return {end for q in quads for end in (q.subject, q.object, q.graph_name) if isinstance(end, NamedNode)}


@cache
def said(graph: Embedded) -> dict[Term, str]:
    """The day of each passage and each statement."""
    found = graph.select(
        "PREFIX euai: <https://w3id.org/euaikg/ontology#> SELECT ?what ?day { ?what euai:statedOn ?day }"
    )
    return {what: day.value for what, day in found.rows if what is not None and isinstance(day, Literal)}


@cache
def cited(graph: Embedded) -> dict[str, list[NamedNode]]:
    """The passages at each place, by the words that name it."""
    found = graph.select(
        "PREFIX dct: <http://purl.org/dc/terms/> SELECT ?passage ?place { ?passage dct:bibliographicCitation ?place }"
    )
    places: dict[str, list[NamedNode]] = {}
    for passage, place in found.rows:
        if isinstance(passage, NamedNode) and isinstance(place, Literal):
            places.setdefault(place.value, []).append(passage)
    return places


def named(graph: Embedded, row: Row) -> set[Term]:
    """The things that ``row`` names by their IRIs, and the passages at the places that it names."""
    places = {text for name, term in row.items() if PLACES.fullmatch(name) for text in texts({name: term})}
    things = [term for term in row.values() if isinstance(term, NamedNode)]
    return {*things, *(passage for place in places for passage in cited(graph).get(place, []))}


@cache
def names(graph: Embedded, value: NamedNode) -> set[str]:
    found = graph.select(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f"SELECT ?name {{ {value} skos:prefLabel|rdfs:label|skos:notation ?name }}"
    )
    return {name.value for (name,) in found.rows if isinstance(name, Literal)}


BETWEEN_DOCUMENTS = {
    "announced-in", "disagreements-by-kind", "document-card", "documents-about-documents", "figures-apart",
    "read-together", "replaced-figures",
}  # fmt: skip
"""The questions of a document in which another one is cited beside it."""


@pairs("document")
def test_what_is_asked_of_a_document_is_cited_from_it(name: str, parameter: str, graph: Embedded) -> None:
    for document in documents(graph)[::3]:
        found = rows(graph, asked(CATALOGUE[name], parameter, document))
        columns = {column for row in found for column in row if PLACES.fullmatch(column)}
        places = texts({f"{at} {c}": row[c] for at, row in enumerate(found) for c in columns if c in row})
        strange = [
            place
            for place in places & cited(graph).keys()
            if not any(passage.value.startswith(f"{document.value}/") for passage in cited(graph)[place])
        ]
        assert strange == [] or name in BETWEEN_DOCUMENTS, document


@cache
def documents(graph: Embedded) -> list[NamedNode]:
    found = graph.select(
        "PREFIX euai: <https://w3id.org/euaikg/ontology#> SELECT ?document { ?document a euai:SourceDocument }"
    )
    return sorted((d for (d,) in found.rows if isinstance(d, NamedNode)), key=str)


# Nothing stated after as-of


@pairs("asof")
def test_nothing_is_stated_after_as_of(name: str, parameter: str, graph: Embedded) -> None:
    query = CATALOGUE[name]
    found = rows(graph, asked(query, parameter, date(DAY)))
    for row in found:
        stated = row.get("statedOn")
        assert not isinstance(stated, Literal) or stated.value <= DAY, row
        for place in texts({name: term for name, term in row.items() if PLACES.fullmatch(name)}):
            if place in cited(graph):
                assert min(said(graph)[passage] for passage in cited(graph)[place]) <= DAY, place
        for term in row.values():
            assert said(graph).get(term, FIRST) <= DAY, term
    if name not in OF_THE_DAY:
        newest = date(max(said(graph).values()))
        assert counted(graph, asked(query, parameter, newest)) == counted(graph, query.text)


@pytest.mark.xdist_group("parted")
@pytest.mark.parametrize("lot", LOTS)
@pairs("asof")
def test_as_of_a_day_it_answers_as_if_nothing_later_had_been_read(name: str, parameter: str, lot: int) -> None:
    query = CATALOGUE[name]
    graph = shuffled(None if name in THROUGH_LINKS else lot)
    for values in ({}, *combined(query)):
        known, then = (scanner.fill(query.text, set_) for set_ in (values | {parameter: [date(DAY)]}, values))
        of_then = known if name in OF_THE_DAY else then
        assert counted(graph, known) == counted(early(graph), of_then), values


DENIED = {
    "thing": ["disagreements", "figures", "hedged-figures", "money-of", "promised-and-set-aside", "replaced-figures",
              "who-funds-what"],
    "by": ["money-of", "who-funds-what"],
}  # fmt: skip


@pytest.mark.parametrize(("parameter", "name"), [(word, name) for word, names_ in DENIED.items() for name in names_])
def test_what_a_passage_denies_of_a_pot_is_not_found_for_it(parameter: str, name: str, graph: Embedded) -> None:
    link = NamedNode(vocab.EUAI + {"thing": "finances", "by": "hasFunder"}[parameter])
    modality = NamedNode(vocab.EUAI + "modality")
    denying, thing, store = NamedNode("urn:denying"), NamedNode("urn:thing"), Store()
    store.bulk_extend(graph.store)
    like = min((q.subject for q in store.quads_for_pattern(None, TYPE, PASSAGE, DefaultGraph())), key=str)
    store.extend(
        Quad(denying, q.predicate, q.object)
        for q in list(store.quads_for_pattern(like, None, None, DefaultGraph()))
        if q.predicate != modality
    )
    store.add(Quad(denying, modality, NamedNode(vocab.BASE + "id/modality/denied")))
    pots = {q.subject for q in store.quads_for_pattern(None, link, None, DefaultGraph())}
    store.extend(Quad(pot, link, thing, denying) for pot in pots)
    assert rows(Embedded(store), scanner.fill(CATALOGUE[name].text, {parameter: [thing]})) == []
    if any(plain(other.name) == "asof" for other in CATALOGUE[name].parameters):
        store.extend(Quad(pot, link, thing) for pot in pots)  # as if it were said later than the day
        then: dict[str, list[Value]] = {parameter: [thing], "asOf": [date(LAST)]}
        assert rows(Embedded(store), scanner.fill(CATALOGUE[name].text, then)) == []


LINKS = [NamedNode(vocab.EUAI + name) for name in ("partOf", "finances")]


@cache
def links(link: NamedNode) -> list[Quad]:
    return list(whole().store.quads_for_pattern(None, link, None, DefaultGraph()))


@cache
def wholes() -> set[NamedNode]:
    """The things that most are parts of, and those that have parts of parts of parts."""
    whole_of: dict[Term | None, Term] = {quad.subject: quad.object for quad in links(LINKS[0])}
    most = Counter(whole_of.values()).most_common(8)
    tops = {whole_of.get(whole_of.get(whole)) for whole in whole_of.values()}
    return {one for one in (*tops, *(one for one, _ in most)) if isinstance(one, NamedNode)}


@cache
def combined(query: StoredQuery) -> list[dict[str, list[Value]]]:
    """Values that a day is asked together with: of each open parameter the example, codes, and what rows have most.

    They are asked at once: what is let through for one of them is in the answer to all.

    Things are asked for that rows are parts of too, or finance, since questions find what they have by such links. Of a
    parameter that is always set they are three, each alone: those that find most of some like it, drawn by lot, and of
    the things that most are parts of.
    """
    found: list[dict[str, list[Value]]] = []
    for parameter in query.parameters:
        if not parameter.is_open and parameter.type == "iri" and isinstance(like := example(parameter)[0], NamedNode):
            drawn = {*of_like_kind(like), *wholes()}
            most = {one: len(rows(whole(), asked(query, parameter.name, one))) for one in sorted(drawn, key=str)}
            found += [{parameter.name: [one]} for one in sorted(most, key=lambda one: -most[one])[:3] if most[one]]
        if parameter.is_open and parameter.type in ("iri", "code", "passage", "string", "notation"):
            seen = Counter(
                row[c] for row in rows(whole(), query.text) for c in row if plain(c) == plain(parameter.name)
            )
            if parameter.name == "thing":
                there = {term for row in rows(whole(), query.text) for term in row.values()}
                linked = Counter(quad.object for link in LINKS for quad in links(link) if quad.subject in there)
                seen = Counter(dict(seen.most_common(3) + linked.most_common(2)))
            often = [term for term, _ in seen.most_common(5) if isinstance(term, NamedNode | Literal)]
            codes = parameters.allowed(parameter, whole())[:6] if parameter.type == "code" else []
            values = [*example(parameter), *(parameters.terms(parameter, code, whole())[0] for code in codes), *often]
            found.append({parameter.name: [*dict.fromkeys(values)]})
    return found


@cache
def of_like_kind(thing: NamedNode) -> list[NamedNode]:
    """Some things, drawn by lot, that have a class of ``thing``."""
    store = whole().store
    classes = [quad.object for quad in store.quads_for_pattern(thing, TYPE, None, DefaultGraph())]
    found = {q.subject for one in classes for q in store.quads_for_pattern(None, TYPE, one, DefaultGraph())}
    return sorted((q for q in found if isinstance(q, NamedNode)), key=lambda one: zlib.crc32(str(one).encode()))[:6]


# In the language that is asked


@cache
def foreign(graph: Embedded, lang: str) -> set[str]:
    """The texts in other languages that the graph has in the language ``lang`` too."""
    said: dict[tuple[Term, Term], dict[str, set[str]]] = {}
    for quad in graph.store.quads_for_pattern(None, None, None, DefaultGraph()):
        if isinstance(quad.object, Literal):
            spoken = said.setdefault((quad.subject, quad.predicate), {})
            spoken.setdefault(quad.object.language or lang, set()).add(quad.object.value)
    texts = [(tongue, text, lang in spoken) for spoken in said.values() for tongue in spoken for text in spoken[tongue]]
    return {text for tongue, text, both in texts if both and tongue != lang} - {
        text for tongue, text, _ in texts if tongue == lang
    }


OF_ALL_THERE_IS = {
    "describe-document", "describe-thing", "document-card", "documents", "kinds-of-relation", "names-of-our-own",
    "plans-against-facts", "relation-records",
}  # fmt: skip
"""The questions that count or show all triples, or names in all languages."""


@cache
def filled() -> Embedded:
    """The shipped graph in which all of a class have what one of it has, as far as that is a text or a code.

    A rate or a condition stands at few figures; with it at all of them, each question has some in its rows.
    """
    shipped, store = whole().store, Store()
    store.bulk_extend(shipped)
    codes = {quad.subject for quad in shipped.quads_for_pattern(None, IN_SCHEME, None)}
    of_class: dict[Term, list[Quad]] = {}
    for typed in sorted(shipped.quads_for_pattern(None, TYPE, None), key=str):
        of_class.setdefault(typed.object, []).append(typed)
    for there in of_class.values():
        typical: dict[tuple[NamedNode, str | None], Quad] = {}
        for typed in there:
            for quad in shipped.quads_for_pattern(typed.subject, None, None, typed.graph_name):
                lang = quad.object.language if isinstance(quad.object, Literal) else None
                if (lang or quad.object in codes) and quad.predicate != REASON:  # which judgements have, no statement
                    typical.setdefault((quad.predicate, lang), quad)
        store.extend(
            Quad(typed.subject, predicate, quad.object, typed.graph_name)
            for typed in there
            for (predicate, _), quad in typical.items()
            if not any(shipped.quads_for_pattern(typed.subject, predicate, None))
        )
    return Embedded(store)


@cache
def in_a_third_language() -> Embedded:
    """The same with two texts more in a language that nobody asks for, where there are any: the first and the last."""
    store = Store()
    store.bulk_extend(filled().store)
    store.bulk_extend(
        Quad(subject, predicate, Literal(f"{mark}{text.value}", language="sv"), place)
        for subject, predicate, text, place in filled().store
        if isinstance(text, Literal) and text.language
        for mark in ("~" if predicate == TITLE else "!~")  # a title read is in the language of its text
    )
    return Embedded(store)


@pairs("lang")
def test_texts_in_another_language_change_no_answer(name: str, parameter: str) -> None:
    query = CATALOGUE[name]
    text = asked(query, parameter, Literal("nl"))
    assert (counted(in_a_third_language(), text) == counted(filled(), text)) == (name not in OF_ALL_THERE_IS)


@pairs("lang")
@pytest.mark.parametrize("lang", parameters.LANGUAGES)
def test_names_are_in_the_language_that_is_asked(name: str, parameter: str, lang: str, graph: Embedded) -> None:
    query = CATALOGUE[name]
    found = rows(graph, asked(query, parameter, Literal(lang)))
    assert len(found) == len(rows(graph, query.text))
    if name not in IN_ANOTHER_LANGUAGE:
        seen = {text for row in found for text in texts(row)}
        assert seen & foreign(graph, lang) == set()
        others = [other for other in parameters.LANGUAGES if other != lang]
        assert any(seen & foreign(graph, other) for other in others), f"nothing in the answer is in the language {lang}"
