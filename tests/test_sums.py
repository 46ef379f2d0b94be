"""Amounts in questions are read as people write them, and a bound that no parameter takes is said to be left out."""

from __future__ import annotations

import pytest

from euaikg.questions.finding import Finder
from euaikg.questions.lexicon import lexicon


@pytest.mark.parametrize(
    ("text", "least"),
    [
        # what parts three digits parts thousands
        ("more than 1,500 million", 1_500_000_000),
        ("meer dan 1.500 miljoen euro", 1_500_000_000),
        ("more than 1 500 million", 1_500_000_000),
        ("more than 1’500 million", 1_500_000_000),
        ("meer dan €1.234,5 miljoen", 1_234_500_000),
        ("more than 1,500,000,000 euro", 1_500_000_000),
        ("minstens 27.000 euro", 27_000),
        # other signs are decimal ones, and so is one behind a nought
        ("more than 1.5 billion", 1_500_000_000),
        ("meer dan 1,5 miljard", 1_500_000_000),
        ("more than 12.34 million", 12_340_000),
        ("meer dan 0,125 miljard", 125_000_000),
        # one scale after another
        ("above 1 million million", 10**12),
        ("over 2 thousand million", 2 * 10**9),
        # numbers in words
        ("more than a billion", 10**9),
        ("meer dan één miljard", 10**9),
        ("over half a billion", 500_000_000),
        ("meer dan anderhalf miljard", 1_500_000_000),
        ("a billion or more", 10**9),
        # from below, from above, and neither
        ("no less than 600 million", 600_000_000),
        ("niet minder dan 1 miljard", 10**9),
        ("no more than 600 million", None),
        ("met niet meer dan 1 miljard", None),
        ("at most 600 million", None),
        ("hoogstens 600 miljoen", None),
        ("less than a billion", None),
        ("minder dan 600 miljoen", None),
        ("below 600 million", None),
        ("600 million or less", None),
        ("not above 600 million", None),
        ("a billion", None),
        ("more than several billion", None),
        ("meer dan een paar miljard", None),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, least: int | None) -> None:
    from euaikg.questions.recognised import separated

    assert [one.least for one in lexicon().sums.written(separated(text))] == [least]


@pytest.mark.parametrize(
    "text",
    ["how many billions", "over 2024", "what happened in 2024", "more than 5 members", "a million euros", "5 EDICs"],
)
def test_other_numbers_bound_no_amount(text: str) -> None:
    assert not [one for one in lexicon().sums.written(text.lower()) if one.least is not None]


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ("grootste bedragen van meer dan 1.500 miljoen", "largest-amounts --at-least 1500000000 --lang nl"),
        ("largest amounts of more than a billion", "largest-amounts --at-least 1000000000"),
        ("largest amounts of over half a billion", "largest-amounts --at-least 500000000"),
        ("largest amounts of more than EUR 1,500 million", "largest-amounts --currency EUR --at-least 1500000000"),
    ],
)
def test_a_bound_from_below_is_asked_for(finder: Finder, asked: str, command: str) -> None:
    found = finder.find(asked)
    assert (found.sure, found.candidates[0].command) == (True, f"euaikg query {command}")


@pytest.mark.parametrize(
    ("asked", "missed"),
    [
        ("largest amounts of no more than 600 million", "no more than 600 million"),
        ("who funds GenAI4EU with less than a billion", "less than a billion"),
        ("wie financiert GenAI4EU met niet meer dan 1 miljard", "niet meer dan 1 miljard"),
        ("grootste bedragen van hoogstens 600 miljoen", "hoogstens 600 miljoen"),
        ("members of ALT-EDIC with more than a billion", "more than a billion"),
    ],
)
def test_a_bound_that_is_not_asked_for_is_told(finder: Finder, asked: str, missed: str) -> None:
    found = finder.find(asked)
    assert (found.sure, found.missed) == (False, (missed,))
    assert all("atLeast" not in one.values for one in found.candidates)
