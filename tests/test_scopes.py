"""A parameter of a question is asked about only where its value can be seen.

In SPARQL a group of its own (a branch of ``UNION``, an inner ``OPTIONAL``, a sub-select) sees nothing of what is bound
outside: ``FILTER(!BOUND(?asOf) || …)`` then lets everything through, whatever the day. See “Variable Scope” in
SPARQL 1.1, section 18.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from euaikg.core import files
from euaikg.questions import presets
from tests.conftest import CATALOGUE

pytestmark = pytest.mark.slow


def bound(pattern: Any) -> set[Variable]:
    """Return the variables that ``pattern`` of rdflib's algebra gives to what stands around it."""
    if pattern.name == "BGP":
        return {term for triple in pattern.triples for term in triple if isinstance(term, Variable)}
    if pattern.name == "Project":
        return set(pattern.PV)
    if pattern.name == "values":
        return {variable for row in pattern.res for variable in row}
    of_itself = {Variable(pattern[name]) for name in ("var", "term") if isinstance(pattern.get(name), Variable)}
    inner = ("p", "p1") if pattern.name == "Minus" else ("p", "p1", "p2")
    return of_itself.union(*(bound(pattern[name]) for name in inner if name in pattern))


def unseen(pattern: Any, around: frozenset[Variable] = frozenset()) -> Iterator[Variable]:
    """Yield the variables that an expression in ``pattern`` is about, and that nothing binds there or ``around``."""
    if isinstance(pattern, list):
        for one in pattern:
            yield from unseen(one, around)
    elif isinstance(pattern, CompValue):
        if pattern.name in ("Filter", "Extend", "LeftJoin"):
            seen = around | (bound(pattern.p) if pattern.name == "Extend" else bound(pattern))
            yield from in_expression(pattern.expr, seen)
        for name, inner in pattern.items():
            if name != "expr":
                yield from unseen(inner, around)


def in_expression(expression: Any, seen: frozenset[Variable]) -> Iterator[Variable]:
    if isinstance(expression, Variable) and expression not in seen:
        yield expression
    elif isinstance(expression, CompValue) and expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
        yield from unseen(expression.graph, seen)
    elif isinstance(expression, CompValue | list):
        for part in expression.values() if isinstance(expression, CompValue) else expression:
            yield from in_expression(part, seen)


def asked_unseen(text: str, parameters: set[str]) -> set[str]:
    return parameters & {str(variable) for variable in unseen(translateQuery(parseQuery(text)).algebra)}


@pytest.mark.parametrize(
    "name", [name for name, query in CATALOGUE.items() if not presets.asked(files.read_text(query.path))]
)
def test_a_parameter_is_asked_about_only_where_it_is_seen(name: str) -> None:
    query = CATALOGUE[name]
    assert not asked_unseen(query.text, {parameter.name for parameter in query.parameters})


@pytest.mark.parametrize("hidden", ["{ ?s ?p ?o FILTER(?o < ?day) }", "OPTIONAL { ?s ?p ?o BIND(?day AS ?x) }"])
def test_what_is_hidden_is_found(hidden: str) -> None:
    assert asked_unseen(f"SELECT * {{ VALUES ?day {{ UNDEF }} {hidden} }}", {"day"}) == {"day"}
    assert not asked_unseen("SELECT * { VALUES ?day { UNDEF } ?s ?p ?o FILTER EXISTS { ?s ?o ?day } }", {"day"})
