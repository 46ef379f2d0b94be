"""A query means the same after it has been put into the words that servers agree on."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from euaikg.sparql import portable, scanner
from euaikg.sparql.answers import Answer, Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE

LABELS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX euai: <https://w3id.org/euaikg/ontology#> "


def content(answer: Answer) -> object:
    assert not isinstance(answer, bool)
    return Counter(answer.rows) if isinstance(answer, Table) else set(answer)


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.slow
def test_no_question_changes_its_answer(name: str, engine: Embedded) -> None:
    text = CATALOGUE[name].text
    folded = portable.folded(text)
    assert "UNDEF" not in "".join(token.text for token in scanner.tokens(folded) if token.kind != "comment")
    hidden = portable.without(folded, "https://w3id.org/euaikg/graph/default")
    assert content(engine.run(text)) == content(engine.run(folded)) == content(engine.run(hidden))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ('{ VALUES ?l { "en" } ?s ?p ?o FILTER(LANG(?o) = ?l) }', '{  ?s ?p ?o FILTER(LANG(?o) = "en") }'),
        ('{ VALUES ?l { "en" } ?s ?p ?l }', '{  ?s ?p "en" }'),
        ('{ VALUES ?l { "en"@nl } BIND(?l AS ?m) }', '{  BIND("en"@nl AS ?m) }'),
        ("{ VALUES ?n { 1 } FILTER(BOUND(?n)) }", "{  FILTER(true) }"),
        ("{ VALUES ?n { '1'^^<urn:t> } FILTER(?n > 0) }", "{  FILTER('1'^^<urn:t> > 0) }"),
        ("{ VALUES ?x { UNDEF } ?s ?p ?o FILTER(!BOUND(?x) || ?o = ?x) }", "{  ?s ?p ?o FILTER(!false || ?o = ?x) }"),
        ("{ VALUES ?x { UNDEF } ?s ?p ?x FILTER(BOUND(?x)) }", "{  ?s ?p ?x FILTER(BOUND(?x)) }"),
        # what a group does not see stays a variable
        ("{ VALUES ?x { <urn:a> } ?s ?p ?x MINUS { ?s <urn:q> ?x } }", None),
        ("{ VALUES ?x { <urn:a> } ?s ?p ?y FILTER EXISTS { ?s ?p ?o MINUS { ?s ?q ?x } } }", None),
        ("{ VALUES ?x { <urn:a> } { SELECT ?s { ?s ?p ?x } } }", None),
        ("{ VALUES ?x { <urn:a> } { ?s ?p ?o FILTER(?o = ?x) } }", None),
        ("{ VALUES ?x { <urn:a> } OPTIONAL { ?s ?p ?o OPTIONAL { ?o ?q ?r FILTER(?r = ?x) } } }", None),
        ("{ VALUES ?x { <urn:a> <urn:b> } ?s ?p ?x }", None),
        ("{ VALUES (?x ?y) { (<urn:a> 1) } ?s ?p ?x }", None),
        # and what stands in words is no variable
        ("{ VALUES ?x { <urn:a> } ?s ?p '?x' }", "{  ?s ?p '?x' }"),
    ],
)
def test_values_take_the_place_of_variables(text: str, folded: str | None) -> None:
    got = portable.folded("SELECT ?s " + text)
    if folded is not None:
        assert got == "SELECT ?s " + folded
    else:
        assert got.count("?x") >= 2
        assert "VALUES" in got


def test_a_selected_parameter_stays_a_column(engine: Embedded) -> None:
    text = LABELS + 'SELECT * { VALUES ?lang { "en" } ?s a euai:Dialogue ; skos:prefLabel ?l FILTER(LANG(?l) = ?lang) }'
    assert "lang" in engine.select(portable.folded(text)).variables


TEXTS = st.text(max_size=12) | st.sampled_from(['"', "?lang", "}", "{ ?x", "BOUND(?lang)", "\\", "#", "UNDEF"])


@given(TEXTS, st.sampled_from([None, "en"]), st.sampled_from(sorted(CATALOGUE)))
def test_no_value_changes_the_shape_of_a_query(text: str, language: str | None, name: str) -> None:
    query = CATALOGUE[name]

    def shape(value: str) -> list[str]:
        terms = {parameter.name: [Literal(value, language=language)] for parameter in query.parameters}
        return [token.kind for token in scanner.tokens(portable.folded(scanner.fill(query.text, terms)))]

    assert shape(text) == shape("plain")


def test_graphs_are_asked_without_the_copy_of_the_default_graph() -> None:
    assert "GRAPH" in scanner.keywords("{ GRAPH ?g {} }")
    assert "GRAPH" not in scanner.keywords("{ ?graph ?p 'GRAPH' } # GRAPH")
    assert portable.without("{ GRAPH ?g { ?s ?p ?o } } ", "urn:d") == "{ GRAPH ?g { ?s ?p ?o } FILTER(?g != <urn:d>) } "
    named = portable.without("{ GRAPH <urn:a> { ?s ?p '}' } }", "urn:d")
    assert named == "{ GRAPH ?hidden_graph_1 { ?s ?p '}' } FILTER(?hidden_graph_1 = <urn:a>) }"


def test_several_values_that_an_optional_looks_at() -> None:
    text = "{ VALUES ?l { 1 2 } VALUES ?m { 1 2 } OPTIONAL { ?m ?p ?o FILTER(?o = ?l) } FILTER(?m = 1) }"
    assert portable.seen_from_inside(text) == {"l"}
    assert portable.seen_from_inside("{ OPTIONAL { VALUES ?l { 1 2 } FILTER(?o = ?l) } }") == set()


def test_variables_that_can_only_be_true_or_false() -> None:
    text = "{ BIND(EXISTS { ?s ?p (1) } AS ?a) BIND(BOUND(?x) AS ?b) BIND(NOT EXISTS {} AS ?c) BIND(?x AS ?d) } "
    assert portable.truths(text) == {"a", "b", "c"}
