"""What a language model gets: rows in pages of a size it can hold, and texts of the graph marked as data.

Names in the graph, above all those of a user's own files, may be written to be taken for instructions. Whatever comes
out of the graph is one line, cut to size, and stands between the marks of :data:`OPEN` and :data:`CLOSE`, which it
cannot hold itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

BUDGET = 8000
"""How many bytes an answer has at most, its text and its rows together: 2,000 tokens of four."""

CELL, SHORT = 300, 60
"""How many characters a cell has at most, and in a row that is too long otherwise."""

CITED = 4
"""How many passages a row names at most; the others are counted."""

NONE = "–"
"""Stands in the text for what nothing is said of; in the rows that is null."""

OPEN, CLOSE = "<data>", "</data>"

Cell = str | int | float | bool | None | list[str]


def clean(value: Any, most: int = CELL) -> Any:
    """Return ``value`` with each text on one line, cut at ``most`` characters, and unable to end the data."""
    if isinstance(value, str):
        line = " ".join("".join(c if c.isprintable() else " " for c in value[: most * 4]).split())
        line = line.replace("<", "‹").replace(">", "›")
        return line if len(line) <= most and len(value) <= most * 4 else line[: most - 1] + "…"
    if isinstance(value, Mapping):
        return {clean(name, most): clean(one, most) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one, most) for one in value]
    return value


@dataclass(frozen=True)
class Answer:
    """An answer to be cut into pages: its ``columns`` and ``rows``, and what is said ``about`` it on each page.

    ``is_known`` says that the rows are all there are, which a server or a query with a limit may not tell.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    about: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    is_known: bool = True

    def page(self, number: int) -> tuple[str, dict[str, Any]]:
        """Return the text and the plain values of page ``number``, from 1, or of what is left after the last."""
        rows, starts = self._pages
        first = starts[number - 1] if number <= len(starts) else len(rows)
        last = starts[number] if number < len(starts) else len(rows)
        return self._made(rows[first:last], len(rows), number, number + 1 if last < len(rows) else None)

    @cached_property
    def _said(self) -> tuple[dict[str, Any], list[str]]:
        return clean(dict(self.about)), [clean(note, 400) for note in self.notes][:4]

    @cached_property
    def _pages(self) -> tuple[list[list[Cell]], list[int]]:
        """The rows as they are given, and with which of them each page begins."""
        rows = [clean(list(row)) for row in self.rows]
        shell = self._made([], len(rows), 1)
        room = BUDGET - sum(len(part.encode()) for part in (shell[0], _json(shell[1]))) - 40
        starts, used = [0], 0
        for at, row in enumerate(rows):
            size = _size(row)
            if size > room:
                rows[at] = row = clean(row, SHORT)
                size = _size(row)
            if used + size > room and used:
                starts, used = [*starts, at], 0
            used += size
        return rows, starts

    def _made(
        self, rows: list[Any], total: int, number: int, following: int | None = None
    ) -> tuple[str, dict[str, Any]]:
        about, notes = self._said
        complete = "cut" if following else "complete" if self.is_known else "unknown"
        plain = {
            **about, "columns": [*self.columns], "rows": rows, "complete": complete, "total": total, "page": number,
            "next": following, "notes": notes,
        }  # fmt: skip
        more = f"; next page: {following}" if following else ""
        said = [f"{name}: {one if isinstance(one, str) else _json(one)}" for name, one in about.items() if one]
        head = [f"{len(rows)} of {total} rows, {complete}{more}.", *notes]
        data = [*said, " | ".join(self.columns), *(" | ".join(map(_written, row)) for row in rows)]
        return "\n".join([*head, OPEN, *data, CLOSE]), plain


def _written(cell: Cell) -> str:
    if isinstance(cell, list):
        return ", ".join(cell) or NONE
    return NONE if cell is None else str(cell).replace("|", "/")


def _size(row: Iterable[Any]) -> int:
    """Return how many bytes ``row`` takes as text and as plain values."""
    cells = list(row)
    return len(" | ".join(map(_written, cells)).encode()) + len(_json(cells).encode()) + 3


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cited(passages: Sequence[str]) -> list[str]:
    """Return the first of the citations ``passages``, and how many more there are."""
    more = len(passages) - CITED
    return [*passages[:CITED], *([f"+{more} more"] if more > 0 else [])]
