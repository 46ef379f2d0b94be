"""By what a graph is known again: how many triples it has, and a digest that does not depend on their order.

The digest is the sum of the SHA-256 of each line of N-Triples, so that it follows from that of an earlier state and
from what came and went, without the rest (AdHash: Bellare and Micciancio, 1997).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import RdfFormat, Store, Triple, parse

from euaikg.rdf import ntriples

SIZE = 1 << 256

Name = str | None
"""The IRI of a named graph; None for the default graph."""


@dataclass(frozen=True)
class Mark:
    """The number of triples of a graph and their digest."""

    count: int = 0
    digest: int = 0

    def with_line(self, line: bytes, way: int = 1) -> Mark:
        """Return the mark of the graph with the ``line`` of N-Triples in it, or with the ``way`` -1 without it."""
        number = int.from_bytes(hashlib.sha256(line).digest(), "big")
        return Mark(self.count + way, (self.digest + way * number) % SIZE)

    @property
    def hex(self) -> str:
        """The digest as text of 64 digits."""
        return f"{self.digest:064x}"


@dataclass(frozen=True)
class Part:
    """One graph: its mark, and its lines of N-Triples, which are made anew each time."""

    mark: Mark
    _lines: ntriples.Lines

    def lines(self) -> Iterator[bytes]:
        """Yield the lines, sorted, each once; blank nodes, which only a user's files have, are IRIs (RDF 1.1, 3.5)."""
        return _lines(self._lines)


def parts(store: Store) -> dict[Name, Part]:
    """Return the graphs of ``store``, the default graph under None first."""
    default, graphs = ntriples.of_store(store)
    every: dict[Name, ntriples.Lines] = {None: default}
    every |= {_iri(name): lines for name, lines in sorted(graphs().items())}
    made = {name: Part(of_lines(_lines(lines)), lines) for name, lines in every.items()}
    return {name: part for name, part in made.items() if part.mark.count}


def of_lines(lines: Iterable[bytes]) -> Mark:
    """Return the mark of the graph with the ``lines`` of N-Triples."""
    count = digest = 0
    for line in lines:
        count += 1
        digest += int.from_bytes(hashlib.sha256(line).digest(), "big")
    return Mark(count, digest % SIZE)


def whole(marks: Mapping[Name, Mark]) -> str:
    """Return the digest of all graphs together."""
    lines = sorted(f"{name or ''} {mark.hex}\n" for name, mark in marks.items() if mark.count)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _iri(token: str) -> str:
    """Return the IRI of the graph named by the ``token``; a blank node has one of ours."""
    return ntriples.GENID + token[2:] if token.startswith("_:") else token[1:-1]


def _named(line: bytes) -> bytes:
    """Return the ``line`` of N-Triples with IRIs of ours in the place of blank nodes (RDF 1.1, 3.5)."""
    if b"_:" not in line:
        return line
    (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
    return ntriples.text([Triple(*map(ntriples.iri, quad.triple))])  # type: ignore[arg-type]


def _lines(lines: ntriples.Lines) -> Iterator[bytes]:
    return ntriples.ordered(map(_named, lines()))
