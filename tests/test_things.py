"""Names lead to things, in any language and however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import euaikg
from euaikg.core.vocab import compact
from euaikg.errors import UnknownThingError
from euaikg.questions import names
from euaikg.sparql.embedded import Embedded

OFFICE = "https://w3id.org/euaikg/id/body/ai-office"


@pytest.mark.parametrize(
    "text",
    [
        "European AI Office",
        "european ai office",
        "AI Office",
        "AI-bureau",
        "Europees  AI-bureau",
        "AI\u00a0Office",
        "AI\u2009\u200bOf\u00adfice",
        *(f"AI{hyphen}bureau" for hyphen in "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"),
        "body:ai-office",
        OFFICE,
    ],
)
def test_every_name_of_a_thing_leads_to_it(engine: Embedded, text: str) -> None:
    assert names.resolve(engine, text).value == OFFICE


def test_a_preferred_name_wins_over_an_alias(engine: Embedded) -> None:
    assert names.resolve(engine, "AI Factories").value.endswith("/initiative/ai-factories")


def test_several_things_of_one_name_are_offered(engine: Embedded) -> None:
    class Two:
        def select(self, query: str) -> object:
            return engine.select(
                query.replace(
                    "?thing ?property ?name .", 'VALUES (?thing ?name) { (<http://a/1> "X"@en) (<http://a/2> "X"@nl) }'
                )
            )

    with pytest.raises(
        UnknownThingError, match="“x” names several things; say which one you mean: http://a/1, http://a/2"
    ):
        names.resolve(Two(), "x")  # type: ignore[arg-type]


def test_a_wrong_name_is_answered_with_near_ones(engine: Embedded) -> None:
    with pytest.raises(UnknownThingError, match="Nearest: GenAI4EU"):
        names.resolve(engine, "GenAI4UE")


@settings(max_examples=25)
@given(st.text(max_size=100))
@pytest.mark.slow
def test_any_text_finds_something_or_is_refused(engine: Embedded, text: str) -> None:
    try:
        names.resolve(engine, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except UnknownThingError as error:
        assert len(str(error)) < 1000


def test_search_puts_the_closest_first() -> None:
    found = euaikg.search("supercomputers")
    assert found[0].text.lower().endswith("supercomputers")
    assert {"infra:ai-dedicated-supercomputers"} <= {compact(name.iri) for name in found}
    assert euaikg.search("AI-bureau")[0].iri == OFFICE


def test_a_short_name_is_only_found_as_it_is_spelt(engine: Embedded) -> None:
    assert names.resolve(engine, "EEN").value.endswith("/enterprise-europe-network")
    with pytest.raises(UnknownThingError):
        names.resolve(engine, "en")
