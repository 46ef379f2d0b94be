"""Figures are found in text, whatever way they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from euaikg.curation.numbers import SIGNS, in_years, numbers, states


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("around €4 billion until 2027", 4_000_000_000),
        ("EUR 2.1 billion", 2_100_000_000),
        ("2,1 miljard EUR", 2_100_000_000),
        ("EUR 2.4-4.0 trillion", 2_400_000_000_000),
        ("a total of 1 000 000 euro", 1_000_000),
        ("82,000 robots", 82_000),
        ("6 800 start-ups", 6_800),
        ("13,5 % van de bedrijven", Decimal("13.5")),
        ("two consortia", 2),
        ("zeventien lidstaten", 17),
        ("EUR 100 to 200 million", 100_000_000),
        ("one million Europeans", 1_000_000),
        ("twenty Member States", 20),
    ],
)
def test_reads(text: str, figure: int | Decimal) -> None:
    assert Decimal(figure) in numbers(text)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("EUR 2.1 billion", 21_000_000_000),
        ("EUR 2.1 billion", 2_100_000),
        ("EUR 500 million in 2 billion-year-old rock", 500_000_000_000_000_000),
        ("the 14 ecosystems of 2024", 142_024),
        ("about 100 specialists", 1_000),
        ("", 0),
    ],
)
def test_does_not_read(text: str, figure: int) -> None:
    assert Decimal(figure) not in numbers(text)


@pytest.mark.parametrize(
    ("text", "number", "units"),
    [
        ("EUR 2.1 billion", 2_100_000_000, {"EUR", "euro"}),
        ("een bedrag van 2,1 miljard euro", 2_100_000_000, {"EUR", "euro"}),
        ("USD 24 million, or EUR 22 million", 24_000_000, {"USD", "EUR", "euro"}),  # near enough to either
        ("$24 million", 24_000_000, {"USD"}),
        ("13,5 % van de bedrijven", Decimal("13.5"), {"percent"}),
        ("between 10 and 15 per cent", 15, {"percent"}),
        ("in the next three years", 3, {"years"}),
        ("13 AI factories", 13, {"count", "rank", "factor"}),
        ("daily", 1, {"days", "count", "rank", "factor"}),
    ],
)
def test_a_number_is_in_the_unit_that_stands_by_it(text: str, number: int | Decimal, units: set[str]) -> None:
    all_units = {*SIGNS, "count", "rank", "factor"}
    assert {unit for unit in all_units if states(text, Decimal(number), unit)} == units


GREW = "In the first quarter of 2023 it reached EUR 16 billion, up from 8 billion in 2022, and then 20 billion in 2024."


@pytest.mark.parametrize(("number", "year"), [(16, "2023"), (8, "2022"), (20, "2024")])
def test_a_number_is_of_the_year_that_stands_nearest(number: int, year: str) -> None:
    figures = [Decimal(figure) * 10**9 for figure in (16, 8, 20)]
    found = {y for y in ("2021", "2022", "2023", "2024") if in_years(GREW, Decimal(number) * 10**9, [y], figures)}
    assert found == {year}
    assert in_years("16 of them in 2023", Decimal(16), ["2022"], figures), "one year only"


@given(st.integers(min_value=0, max_value=10**13))
def test_every_way_of_writing_a_whole_number_is_read(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", "\u202f")):
        assert Decimal(number) in numbers(f"some {text} things")


@given(st.text(max_size=200))
def test_any_text_is_read_without_complaint(text: str) -> None:
    numbers(text)
