"""Columns of Python values as data frames, for users who have pandas, polars or pyarrow; none is needed otherwise.

A column has one type. Decimals become whole numbers where all in the column are whole, and else doubles, since that is
what can be plotted; with ``decimals`` they stay as exact as they are.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from euaikg.errors import MissingLibraryError

if TYPE_CHECKING:
    import pandas
    import polars

Value = str | int | float | bool | Decimal | date | None
Columns = Mapping[str, Sequence[Value]]

DIGITS = 38
"""How many digits a decimal of polars and Parquet can have; a column that needs more becomes text."""

MOST = 2**63
"""Whole numbers from this on, and from below its negative, have more than 64 bits."""

_KINDS: tuple[type, ...] = (bool, int, Decimal, float, datetime, date, str)


def to_pandas(columns: Columns, decimals: bool = False) -> pandas.DataFrame:
    """Return ``columns`` as a pandas data frame; raise :class:`MissingLibraryError` where pandas is not installed."""
    try:
        import pandas
    except ImportError:
        raise MissingLibraryError("pandas is not installed; “pip install pandas” brings it.") from None
    types = {bool: "boolean", int: "Int64", Decimal: "object", float: "float64", str: "string"}
    made: dict[str, pandas.Series] = {}
    for name, values in columns.items():
        kind, cells = _uniform(values, decimals)
        if kind in (date, datetime):
            made[name] = pandas.Series(pandas.to_datetime(pandas.Series(cells, dtype="object"), utc=_zoned(cells)))
        else:
            made[name] = pandas.Series(cells, dtype=types[kind])
    return pandas.DataFrame(made)


def to_polars(columns: Columns, decimals: bool = False) -> polars.DataFrame:
    """Return ``columns`` as a polars data frame; raise :class:`MissingLibraryError` where polars is not installed."""
    try:
        import polars
    except ImportError:
        raise MissingLibraryError("polars is not installed; “pip install polars” brings it.") from None
    made = []
    for name, values in columns.items():
        kind, cells, after = _fitting(values, decimals)
        types: dict[type, Any] = {
            bool: polars.Boolean,
            int: polars.Int64,
            Decimal: polars.Decimal(DIGITS, after),
            float: polars.Float64,
            datetime: polars.Datetime("us", "UTC" if _zoned(cells) else None),
            date: polars.Date,
            str: polars.String,
        }
        made.append(polars.Series(name, cells, dtype=types[kind]))
    return polars.DataFrame(made)


def to_parquet(columns: Columns) -> bytes:
    """Return ``columns`` as a Parquet file, decimals exact.

    Raises :class:`MissingLibraryError` where pyarrow is not installed.
    """
    try:
        import pyarrow as arrow  # type: ignore[import-untyped]
        from pyarrow import parquet
    except ImportError:
        raise MissingLibraryError("pyarrow is not installed; “pip install pyarrow” brings it.") from None
    made = []
    for values in columns.values():
        kind, cells, after = _fitting(values, decimals=True)
        types = {
            bool: arrow.bool_(),
            int: arrow.int64(),
            Decimal: arrow.decimal128(DIGITS, after),
            float: arrow.float64(),
            datetime: arrow.timestamp("us", "UTC" if _zoned(cells) else None),
            date: arrow.date32(),
            str: arrow.string(),
        }
        made.append(arrow.array(cells, types[kind]))
    stream = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(made, names=list(columns)), stream)
    return stream.getvalue()


def _fitting(values: Sequence[Value], decimals: bool) -> tuple[type, list[Any], int]:
    """Return what :func:`_uniform` does, decimals of too many digits as text, and how many stand after the point."""
    kind, cells = _uniform(values, decimals)
    before, after = _digits(cells)
    if before + after > DIGITS:
        return str, _each(_word, cells), 0
    return kind, cells, after


def _uniform(values: Sequence[Value], decimals: bool) -> tuple[type, list[Any]]:
    """Return the one type that all ``values`` have, and the values in it.

    Whole numbers and decimals together become decimals (or what stands for them without ``decimals``), with a double
    among them doubles, and all else text, as RDF writes it. Whole numbers of more than 64 bits stay exact, as decimals;
    moments with a time zone and without one have no common order, so that they are text.
    """
    kinds = {next(kind for kind in _KINDS if isinstance(value, kind)) for value in values if value is not None}
    if kinds == {int} and any(isinstance(value, int) and not -MOST <= value < MOST for value in values):
        return Decimal, _each(Decimal, values)
    if Decimal in kinds and kinds <= {int, Decimal}:
        if decimals:
            return Decimal, _each(Decimal, values)
        return (int, _each(int, values)) if all(map(_is_whole, values)) else (float, _each(_double, values))
    if float in kinds and kinds <= {int, Decimal, float}:
        return float, _each(_double, values)
    if len(kinds) == 1 and len({value.tzinfo is None for value in values if isinstance(value, datetime)}) < 2:
        return kinds.pop(), list(values)
    return str, _each(_word, values)


def _each(made: Callable[[Any], object], values: Sequence[Value]) -> list[Any]:
    return [None if value is None else made(value) for value in values]


def _is_whole(value: Value) -> bool:
    """Say whether ``value`` is missing or a whole number of at most 64 bits."""
    return value is None or (isinstance(value, int | Decimal) and -MOST <= value < MOST and value == int(value))


def _double(value: int | float | Decimal) -> float:
    return float(Decimal(value))  # which has no largest number


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _zoned(cells: Sequence[Any]) -> bool:
    return any(isinstance(cell, datetime) and cell.tzinfo is not None for cell in cells)


def _digits(cells: Sequence[Any]) -> tuple[int, int]:
    """Return how many digits the decimals among ``cells`` have before and after the point, at the most."""
    decimals = [cell for cell in cells if isinstance(cell, Decimal)]
    after = max([0, *(-int(cell.as_tuple().exponent) for cell in decimals)])
    return max([0, *(cell.adjusted() + 1 for cell in decimals)]), after
