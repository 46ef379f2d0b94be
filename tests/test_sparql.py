"""Values never change the shape of a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from euaikg.errors import QueryError
from euaikg.sparql import scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded

TEMPLATE = """
# VALUES ?value { "in a comment" }
SELECT ?value ?copy WHERE {
  VALUES ?value { "default" }
  BIND("VALUES ?value { 'in a string' }" AS ?copy)
  { SELECT ?value { VALUES ?value { "default" } } }
}
"""

EMPTY = Embedded(Store())


def answer(query: str) -> Table:
    table = EMPTY.run(query)
    assert isinstance(table, Table)
    return table


@given(st.text())
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    table = answer(scanner.fill(TEMPLATE, {"value": [Literal(clean)]}))
    assert [row[0] for row in table.rows] == [Literal(clean)]
    copy = table.rows[0][1]
    assert isinstance(copy, Literal) and copy.value == "VALUES ?value { 'in a string' }"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5, unique=True))
def test_several_values_stay_several(texts: list[str]) -> None:
    table = answer(scanner.fill(TEMPLATE, {"value": [Literal(text) for text in texts]}))
    assert sorted(str(row[0]) for row in table.rows) == sorted(str(Literal(text)) for text in texts)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_an_iri_is_refused_or_comes_back(text: str) -> None:
    try:
        iri = NamedNode("https://example.org/" + text)
    except ValueError:
        return
    assert [row[0] for row in answer(scanner.fill(TEMPLATE, {"value": [iri]})).rows] == [iri]


def test_no_value_means_any() -> None:
    assert "VALUES ?value { UNDEF }" in scanner.fill(TEMPLATE, {"value": []})


def test_comments_and_strings_stay_untouched() -> None:
    filled = scanner.fill(TEMPLATE, {"value": [Literal("x")]})
    assert '# VALUES ?value { "in a comment" }' in filled
    assert "VALUES ?value { 'in a string' }" in filled
    assert filled.count('VALUES ?value { "x" }') == 2


def test_a_variable_without_a_block_is_refused() -> None:
    with pytest.raises(QueryError, match=r"no VALUES block for \?other"):
        scanner.fill(TEMPLATE, {"other": [Literal("x")]})


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX select: <http://insert/> ASK { ?s ?p 'DELETE' }", "ASK"),
        ("# INSERT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("select * { ?insert ?p <http://delete> }", "SELECT"),
        ("DESCRIBE <http://example.org/>", "DESCRIBE"),
    ],
)
def test_the_form_is_told_by_words_not_by_what_looks_like_them(query: str, form: str) -> None:
    assert scanner.form(query) == form


@pytest.mark.parametrize(
    "update", ["INSERT DATA { <a:a> <a:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://x/>", "clear all"]
)
def test_updates_are_refused(update: str) -> None:
    with pytest.raises(QueryError, match="This is an update"):
        EMPTY.run(update)


def test_other_servers_are_not_asked_unless_allowed() -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }"
    with pytest.raises(QueryError, match="--federated"):
        EMPTY.run(query)
    with pytest.raises(QueryError, match=r"could not be answered|not valid"):
        EMPTY.run(query, federated=True)


def test_a_word_in_a_string_is_no_service() -> None:
    assert len(answer('SELECT ?x { BIND("SERVICE" AS ?x) }')) == 1


@pytest.mark.parametrize("query", ["SELECT * {", "SELECT ?x WHERE { ?x ?y }", "ASK", "SELECT * { } }"])
def test_what_is_not_sparql_is_refused_with_its_place(query: str) -> None:
    with pytest.raises(QueryError, match=r"not valid SPARQL: line 1, column \d+: "):
        EMPTY.run(query)


def test_text_without_a_query_is_refused() -> None:
    with pytest.raises(QueryError, match="no SPARQL query"):
        EMPTY.run("what does the AI Office do?")
