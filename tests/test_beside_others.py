"""Beside other people's graphs, and graphs of ours that are gone from the project, every question answers the same."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from euaikg.core.vocab import BASE
from euaikg.rdf.terms import text
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE

pytestmark = pytest.mark.slow

OTHERS = [
    NamedNode("https://example.org/theirs"),
    NamedNode(BASE + "graph/links/gone"),
    NamedNode(BASE + "source/com-2024-28/en#gone"),
]
"""A graph of somebody else's, and two that an earlier version of ours had; each repeats all that ours say."""


@pytest.fixture(scope="module")
def beside(engine: Embedded) -> Embedded:
    store, quads = Store(), list(engine.store)
    store.bulk_extend(quads)
    named = [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object, other) for quad in named for other in OTHERS)
    return Embedded(store)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_graphs_of_others_change_no_answer(name: str, engine: Embedded, beside: Embedded) -> None:
    asked = CATALOGUE[name].text
    assert told(beside, asked) == told(engine, asked)


def told(engine: Embedded, asked: str) -> list[tuple[str, ...]]:
    """Return the answer to ``asked`` with what is joined in one cell, and triples, in order."""
    answer = engine.run(asked)
    assert not isinstance(answer, bool)
    if isinstance(answer, Table):
        return sorted(
            tuple("; ".join(sorted(text(term).split("; "))) if term else "" for term in row) for row in answer.rows
        )
    return sorted(tuple(map(str, triple)) for triple in answer.triples)
