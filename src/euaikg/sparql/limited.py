"""Limits: how long a query may take, and how much memory.

The store itself has none, and a query that is too deep ends its process. So what has limits, and what is long, is
evaluated in a process of its own (see :mod:`euaikg.core.processes`), which is stopped at the limit.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse,
    parse_query_results,
)

from euaikg.core.processes import CAN_FORK, OutOfMemoryError, OutOfStackError, apart
from euaikg.errors import QueryError
from euaikg.sparql.answers import Answer, Table, Triples

Found = QueryBoolean | QuerySolutions | QueryTriples
"""An answer as Oxigraph gives it."""

SHARE = 0.75
"""The part of the machine's memory that a query of a user's own may take where nothing is said."""

GROWTH = 4
"""How much larger an answer is as Python values than as text, about."""

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)


def size(text: str) -> int:
    """Return the bytes that ``text`` such as ``500M`` or ``4G`` means, K being 1024.

    Raises :class:`QueryError` for anything else.
    """
    found = _SIZE.fullmatch(text.strip())
    bytes_ = int(float(found[1]) * 1024 ** " KMGT".index(found[2].upper() or " ")) if found else 0
    if not 0 < bytes_ <= sys.maxsize:
        raise QueryError(f"“{text}” is not an amount of memory; write it as 500M or 4G.")
    return bytes_


def shown(amount: int) -> str:
    """Return ``amount`` bytes for people: ``4 GiB``."""
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if amount >= 1024**power:
            return f"{amount / 1024**power:.3g} {unit}"
    return f"{amount} bytes"


def machine_share() -> int | None:
    """Return three quarters of the memory of this machine or container in bytes; None where it cannot be told."""
    known = []
    with suppress(AttributeError, OSError, ValueError):
        known.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError, ValueError), open("/sys/fs/cgroup/memory.max", encoding="ascii") as stream:
        known.append(int(stream.read()))
    return int(min(known) * SHARE) if known else None


def answer(evaluate: Callable[[], Found], timeout: float | None = None, memory: int | None = None) -> Answer:
    """Return what ``evaluate`` finds in a process of its own, which may take ``timeout`` seconds and ``memory`` bytes.

    Raises :class:`QueryError` at the limits, where the process ends because the query is too deep, and on systems that
    cannot fork.
    """
    if not CAN_FORK:
        raise QueryError(
            "A long query, or a limit on time or memory, needs a system that can fork, such as Linux or macOS."
        )

    def work(stream: BinaryIO) -> None:
        found = evaluate()
        try:
            if isinstance(found, QueryTriples):
                stream.write(b"triples\n")
                found.serialize(stream, RdfFormat.N_TRIPLES)
            else:
                stream.write(b"rows\n")
                found.serialize(stream, QueryResultsFormat.JSON)
        except (OSError, RuntimeError) as error:
            raise unanswered(error) from None

    kind, _, content = _text(work, timeout, memory).partition(b"\n")
    if kind == b"triples":
        return Triples([quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES, lenient=True)])
    return read(parse_query_results(content, QueryResultsFormat.JSON))


def _text(work: Callable[[BinaryIO], None], timeout: float | None, memory: int | None) -> bytes:
    text = bytearray()
    try:
        with apart(work, timeout, memory) as pieces:
            for piece in pieces:
                text += piece
                if memory is not None and len(text) * GROWTH > memory:
                    raise OutOfMemoryError
    except TimeoutError:
        raise QueryError(
            f"The query was stopped after {timeout:g} seconds; ask for less, or give it more with --timeout."
        ) from None
    except OutOfMemoryError:
        bound = "there is" if memory is None else shown(memory)
        raise QueryError(
            f"The query needs more memory than {bound}; ask for less, or give it more with --memory."
        ) from None
    except OutOfStackError:
        raise QueryError("The query is nested too deep, or too long, to be answered.") from None
    return bytes(text)


def read(found: Found) -> Answer:
    """Return an answer of Oxigraph, read to its end; errors of the system are passed on."""
    if isinstance(found, QueryBoolean):
        return bool(found)
    if isinstance(found, QuerySolutions):
        return Table(tuple(variable.value for variable in found.variables), list(map(tuple, found)))
    return Triples(list(found))


def unanswered(error: OSError | RuntimeError) -> QueryError:
    """Return what to raise where the store, or a server that it asks, fails."""
    return QueryError(f"The query could not be answered: {' '.join(str(error).split()).rstrip('.')}.")
