"""What differs between two releases, as RDF Patch: a line for each triple that comes or goes, named graphs and default.

The head says by their digests (:func:`euaikg.publishing.marks.whole`) from which release to which it leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from euaikg.core import files
from euaikg.errors import InputError, cut
from euaikg.publishing.marks import Mark, Name, Part, parts, whole
from euaikg.rdf import ntriples
from euaikg.rdf.terms import refuse_nesting

_HEAD = re.compile(r"H (prev|id) <urn:sha256:([0-9a-f]{64})> \.")


@dataclass(frozen=True)
class Patch:
    """The lines of N-Triples that go from, and that come into, each graph; None is the default graph.

    ``old`` and ``new`` are the digests of the release from which, and to which, it leads.
    """

    old: str
    new: str
    changes: Mapping[Name, tuple[list[bytes], list[bytes]]]

    @property
    def size(self) -> int:
        """How many triples come and go."""
        return sum(len(gone) + len(come) for gone, come in self.changes.values())

    def applied(self, marks: Mapping[Name, Mark]) -> dict[Name, Mark]:
        """Return what the ``marks`` of the graphs are afterwards."""
        found = dict(marks)
        for name, sides in self.changes.items():
            for way, lines in zip((-1, 1), sides, strict=True):
                for line in lines:
                    found[name] = found.get(name, Mark()).with_line(line, way)
        return {name: mark for name, mark in found.items() if mark.count or name is None}

    def written(self) -> Iterator[bytes]:
        """Yield the lines of the patch."""
        yield f"H prev <urn:sha256:{self.old}> .\nH id <urn:sha256:{self.new}> .\nTX .\n".encode()
        for at, way in enumerate((b"D ", b"A ")):
            for name in sorted(self.changes, key=lambda name: name or ""):
                lines = sorted(self.changes[name][at])
                yield from (way + line for line in (ntriples.named(lines, f"<{name}>") if name else lines))
        yield b"TC .\n"


def read(path: Path) -> Patch:
    """Read the patch at ``path``; raise :class:`InputError` where there is none, or one without its head."""
    heads: dict[str, str] = {}
    changes: dict[Name, tuple[list[bytes], list[bytes]]] = {}
    for number, line in enumerate(files.read_text(path, whole=True).split("\n"), 1):
        if head := _HEAD.fullmatch(line.rstrip()):
            heads[head[1]] = head[2]
        elif line[:2] in ("A ", "D "):
            try:
                (quad,) = parse(refuse_nesting(line[2:]).encode(), format=RdfFormat.N_QUADS)
            except (SyntaxError, ValueError):
                raise InputError(f"{path}:{number}: not a triple or quad ({cut(line.strip())}).") from None
            graph = quad.graph_name
            if not isinstance(graph, NamedNode | DefaultGraph):
                raise InputError(f"{path}:{number}: a graph in a patch has an IRI.")
            sides = changes.setdefault(graph.value if isinstance(graph, NamedNode) else None, ([], []))
            sides[line[0] == "A"].append(ntriples.text([quad.triple]))
        elif line.split()[:1] not in ([], ["H"], ["TX"], ["TC"]):
            raise InputError(f"{path}:{number}: not a line of an RDF patch ({cut(line.strip())}).")
    if heads.keys() != {"prev", "id"}:
        raise InputError(f"{path}: it does not say from which release to which it leads (H prev, H id).")
    return Patch(heads["prev"], heads["id"], changes)


def between(old: Mapping[Name, Part], new: Mapping[Name, Part]) -> Patch:
    """Return the patch that leads from the graphs ``old`` to the graphs ``new``."""
    changes: dict[Name, tuple[list[bytes], list[bytes]]] = {}
    for name in {**old, **new}:
        if name not in old or name not in new or old[name].mark != new[name].mark:
            was, now = (set(side[name].lines()) if name in side else set() for side in (old, new))
            changes[name] = sorted(was - now), sorted(now - was)
    before, after = (whole({name: part.mark for name, part in side.items()}) for side in (old, new))
    return Patch(before, after, changes)


def released(nquads: bytes, default: bytes) -> dict[Name, Part]:
    """Return the graphs of a release: the named ones in ``nquads``, and the ``default`` graph in N-Triples.

    Blank nodes have the same name in both, which is that of the whole graph.
    """
    store = Store()
    for content, form in ((nquads, RdfFormat.N_QUADS), (default, RdfFormat.N_TRIPLES)):
        store.bulk_extend(Quad(*map(ntriples.iri, quad)) for quad in parse(content, format=form))  # type: ignore[arg-type]
    return parts(store)
