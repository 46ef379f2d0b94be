"""Narrowing a stored SELECT: conditions added inside its WHERE, and no more rows than are wanted.

The text is changed by token (see :mod:`euaikg.sparql.scanner`); what is added holds serialised RDF terms only.
"""

from __future__ import annotations

from collections.abc import Iterable

from euaikg.errors import QueryError
from euaikg.sparql import scanner


def narrow(text: str, conditions: Iterable[str], limit: int | None = None) -> str:
    """Return the SELECT query ``text`` with ``conditions`` at the end of its outermost group.

    With ``limit`` the answer is cut after so many rows; an ORDER BY of the query is then left out, so that an engine
    can stop early. Raises :class:`QueryError` for a query that has no WHERE group.
    """
    stream = scanner.meaningful(text)
    depth, close = 0, None
    for token in stream:
        if token.text in "{}" and token.kind == "other":
            depth += 1 if token.text == "{" else -1
            if depth == 0:
                close = token.start
    if close is None:
        raise QueryError("The query has no WHERE { } and cannot be drawn.")
    added = "".join(f"  {condition}\n" for condition in conditions)
    head, tail = text[:close], text[close + 1 :]
    if limit is not None:
        after = [token for token in stream if token.start > close and token.kind == "word"]
        words = [token.text.upper() for token in after]
        if "LIMIT" not in words and "OFFSET" not in words:
            order = next((token.start for token in after if token.text.upper() == "ORDER"), len(text))
            tail = f"{text[close + 1 : order].rstrip()}\nLIMIT {limit}\n"
    return f"{head.rstrip()}\n{added}}}{tail}" if added else f"{head}}}{tail}"
