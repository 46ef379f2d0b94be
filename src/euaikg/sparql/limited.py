"""Limits: how long a query may take, and how much memory.

The store itself has none, so a limited query is evaluated in a process of its own (see
:mod:`euaikg.core.processes`), which is stopped at the limit.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from euaikg.core.processes import CAN_FORK, OutOfMemoryError, apart
from euaikg.errors import QueryError
from euaikg.sparql import scanner
from euaikg.sparql.answers import Answer, Triples
from euaikg.sparql.embedded import Embedded, Engine, as_given, read

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


class Limited(Engine):
    """An embedded engine each of whose queries may take ``timeout`` seconds and ``memory`` bytes.

    The memory is that of the process that evaluates the query, with the graph where it is not on disk. Raises
    :class:`QueryError` for a limit that is not positive, and on systems that cannot fork.
    """

    def __init__(self, engine: Embedded, timeout: float | None = None, memory: int | None = None) -> None:
        if not CAN_FORK:
            raise QueryError("A limit on time or memory needs a system that can fork, such as Linux or macOS.")
        if memory is not None and memory <= 0:
            raise QueryError(f"A bound on memory is a number of bytes above 0, not {memory}.")
        self.engine = engine
        self.given = engine.given
        self.timeout = timeout
        self.memory = memory

    def run(self, query: str, *, federated: bool = False) -> Answer:
        """Answer ``query`` as :meth:`Embedded.run` does, within the limits; else raise :class:`QueryError`."""

        def work(stream: BinaryIO) -> None:
            found = self.engine.evaluate(query, federated)
            if isinstance(found, QueryBoolean | QuerySolutions):
                found.serialize(stream, QueryResultsFormat.JSON)
            else:
                found.serialize(stream, RdfFormat.N_TRIPLES)

        text = self._text(work)
        if scanner.form(query) in ("CONSTRUCT", "DESCRIBE"):
            found = Triples([quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES, lenient=True)])
            return as_given(found, self)
        return read(parse_query_results(text, QueryResultsFormat.JSON))

    def _text(self, work: Callable[[BinaryIO], None]) -> bytes:
        text = bytearray()
        try:
            with apart(work, self.timeout, self.memory) as pieces:
                for piece in pieces:
                    text += piece
                    if self.memory is not None and len(text) * GROWTH > self.memory:
                        raise OutOfMemoryError
        except TimeoutError:
            raise QueryError(
                f"The query was stopped after {self.timeout:g} seconds; ask for less, or give it more with --timeout."
            ) from None
        except OutOfMemoryError:
            bound = "there is" if self.memory is None else shown(self.memory)
            raise QueryError(
                f"The query needs more memory than {bound}; ask for less, or give it more with --memory."
            ) from None
        return bytes(text)
