"""Columns of Python values as data frames, for users who have pandas or polars; neither is needed otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
"""How many digits a decimal of polars can have; a column that needs more becomes text."""

_KINDS: tuple[type, ...] = (bool, int, Decimal, float, datetime, date, str)


def to_pandas(columns: Columns) -> pandas.DataFrame:
    """Return ``columns`` as a pandas data frame; raise :class:`MissingLibraryError` where pandas is not installed."""
    try:
        import pandas
    except ImportError:
        raise MissingLibraryError("pandas is not installed; “pip install pandas” brings it.") from None
    types = {bool: "boolean", int: "Int64", Decimal: "object", float: "Float64", str: "string"}
    made: dict[str, pandas.Series] = {}
    for name, values in columns.items():
        kind, cells = _uniform(values)
        if kind in (date, datetime):
            made[name] = pandas.Series(pandas.to_datetime(pandas.Series(cells, dtype="object"), utc=_zoned(cells)))
        else:
            made[name] = pandas.Series(cells, dtype=types[kind])
    return pandas.DataFrame(made)


def to_polars(columns: Columns) -> polars.DataFrame:
    """Return ``columns`` as a polars data frame; raise :class:`MissingLibraryError` where polars is not installed."""
    try:
        import polars
    except ImportError:
        raise MissingLibraryError("polars is not installed; “pip install polars” brings it.") from None
    made = []
    for name, values in columns.items():
        kind, cells = _uniform(values)
        before, after = _digits(cells)
        if before + after > DIGITS:
            kind, cells = str, [None if cell is None else str(cell) for cell in cells]
        types: dict[type, Any] = {
            bool: polars.Boolean,
            int: polars.Int64,
            Decimal: polars.Decimal(DIGITS, min(after, DIGITS)),
            float: polars.Float64,
            datetime: polars.Datetime("us", "UTC" if _zoned(cells) else None),
            date: polars.Date,
            str: polars.String,
        }
        made.append(polars.Series(name, cells, dtype=types[kind]))
    return polars.DataFrame(made)


def _uniform(values: Sequence[Value]) -> tuple[type, list[Any]]:
    """Return the one type that all ``values`` have, and the values in it.

    Whole numbers and decimals together become decimals, with a double among them doubles, and all else text, as RDF
    writes it.
    """
    kinds = {next(kind for kind in _KINDS if isinstance(value, kind)) for value in values if value is not None}
    if kinds == {int} and any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
        kinds = {int, Decimal}
    if kinds == {int, Decimal}:
        kinds, values = {Decimal}, [None if value is None else Decimal(str(value)) for value in values]
    if float in kinds and kinds <= {int, Decimal, float}:
        kinds, values = {float}, [None if value is None else float(value) for value in values]  # type: ignore[arg-type]
    if len(kinds) == 1:
        return kinds.pop(), list(values)
    return str, [None if value is None else _word(value) for value in values]


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _zoned(cells: Sequence[Any]) -> bool:
    return any(isinstance(cell, datetime) and cell.tzinfo is not None for cell in cells)


def _digits(cells: Sequence[Any]) -> tuple[int, int]:
    """Return how many digits the decimals among ``cells`` have before and after the point, at the most."""
    decimals = [cell for cell in cells if isinstance(cell, Decimal)]
    after = max([0, *(-int(cell.as_tuple().exponent) for cell in decimals)])
    return max([0, *(cell.adjusted() + 1 for cell in decimals)]), after
