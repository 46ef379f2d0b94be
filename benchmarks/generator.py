"""Makes graphs of any size that are shaped like the shipped one, as N-Quads to put on top of it.

The shipped data is copied as often as needed. A copy has things, documents, passages and statements of its own: their
IRIs and names carry its number, its amounts are scaled by a factor of its own. Places, periods, code lists and the
few bodies that everybody speaks of (:data:`SHARED`) stay one thing, so that they gain relations as the graph grows,
as they would in life. The last copy holds only some of the documents, and of the things only those they speak of.
The same size gives the same bytes.

    python benchmarks/generator.py --triples 200000 -o more.nq
    euaikg validate more.nq
    euaikg build --store more.store --data more.nq
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from euaikg.core import vocab
from euaikg.graph import build

SHARED = frozenset(
    f"{vocab.BASE}id/body/{name}" for name in ("european-commission", "european-union", "eu-member-states")
)
"""Things, besides places and periods, that all copies speak of."""

ONE = re.compile(rf"{vocab.BASE}(id/(place|period)/|graph/|ontology)")
NAMES = frozenset(vocab.SKOS + name for name in ("prefLabel", "altLabel", "notation")) | {
    vocab.EUAI + "shortName",
    vocab.DCT + "identifier",
}
AMOUNTS = frozenset(vocab.EUAI + name for name in ("amount", "amountMin", "amountMax"))
LEANS = frozenset(NamedNode(vocab.EUAI + name) for name in ("rendition", "translates"))
"""By what a document cannot be without another: the text it was read in, and what its passages translate."""

NUMBER = "@@"
SCALED = re.compile(r'"@@(\d+)"')


@dataclass(frozen=True)
class Part:
    """The lines of one document, or of the things and judgements, with ``@@`` for the number of the copy."""

    name: str
    lines: list[str]
    mentions: list[frozenset[str]]
    """The things of the copy that each line needs, its own subject left out."""
    subjects: list[str]


def parts() -> list[Part]:
    """Return what a copy is made of: documents from the smallest, then judgements, then things."""
    documents: list[list[Quad]] = []
    things: list[Quad] = []
    judgements: list[Quad] = []
    for path, home in build.sources():
        folder = path.parent.name
        if folder == "sources":
            documents.append(list(build.placed(path, home)))
        elif folder in ("entities", "curation"):
            (things if folder == "entities" else judgements).extend(build.placed(path, home))
    everything = [*things, *judgements, *(quad for quads in documents for quad in quads)]
    own = {
        quad.subject.value
        for quad in everything
        if isinstance(quad.subject, NamedNode)
        and quad.predicate == vocab.TYPE
        and quad.subject.value not in SHARED
        and not ONE.match(quad.subject.value)
    }
    described = [quad for quad in things if quad.subject.value in own]  # type: ignore[union-attr]
    sizes = {str(quad.subject): len(quads) for quads in documents for quad in quads}

    def place(quads: list[Quad]) -> int:
        """Return the size, or where it leans on a larger document, that after its size."""
        return max(len(quads), *(sizes.get(str(quad.object), 0) + 1 for quad in quads if quad.predicate in LEANS))

    documents.sort(key=place)
    named = [(f"document {number}", quads) for number, quads in enumerate(documents)]
    return [_part(name, quads, own) for name, quads in [*named, ("judgements", judgements), ("things", described)]]


def _part(name: str, quads: list[Quad], own: set[str]) -> Part:
    made = Part(name, [], [], [])
    for quad in sorted(quads, key=str):
        terms = (quad.subject, quad.object, quad.graph_name)
        needed = frozenset(term.value for term in terms if isinstance(term, NamedNode) and term.value in own)
        subject = quad.subject.value  # type: ignore[union-attr]
        numbered = Quad(
            _numbered(quad.subject, own), quad.predicate, _figure(quad, own), _numbered(quad.graph_name, own)
        )
        made.lines.append((serialize([numbered], format=RdfFormat.N_QUADS) or b"").decode())
        made.mentions.append(needed - {subject})
        made.subjects.append(subject)
    return made


def _numbered(term: object, own: set[str]) -> NamedNode:
    assert isinstance(term, NamedNode)
    if term.value not in own:
        return term
    if term.value.startswith(vocab.SOURCE):
        document, slash, place = term.value.removeprefix(vocab.SOURCE).partition("/")
        return NamedNode(f"{vocab.SOURCE}{document}-{NUMBER}{slash}{place}")
    return NamedNode(f"{term.value}-{NUMBER}")


def _figure(quad: Quad, own: set[str]) -> NamedNode | Literal:
    term = quad.object
    if isinstance(term, Literal):
        if quad.predicate.value in NAMES:
            name = f"{term.value} {NUMBER}"
            return Literal(name, language=term.language) if term.language else Literal(name)
        if quad.predicate.value in AMOUNTS:
            return Literal(NUMBER + term.value, datatype=term.datatype)
        return term
    return _numbered(term, own)


def lines(triples: int) -> Iterator[str]:
    """Yield N-Quads lines, about ``triples`` of them (never more than a document's worth too many)."""
    made = parts()
    whole = sum(len(part.lines) for part in made)
    copies, rest = divmod(triples, whole)
    for number in range(1, copies + 1):
        for part in made:
            yield from _copy(part.lines, number)
    if rest:
        yield from _copy(_some(made, rest), copies + 1)


def _copy(template: list[str], number: int) -> Iterator[str]:
    share = 100 - 7 * number % 50

    def scaled(found: re.Match[str]) -> str:
        return f'"{int(found[1]) * share // 100}"'

    for line in template:
        yield SCALED.sub(scaled, line).replace(NUMBER, str(number)) if NUMBER in line else line


def _some(made: list[Part], wanted: int) -> list[str]:
    """Return a share of a copy: whole documents, the smallest first, as many as make up ``wanted`` lines."""
    *documents, judgements, things = made
    chosen: list[str] = []
    for count in range(2, len(documents) + 1):  # the smallest leans on the next
        chosen = _closed(documents[:count], judgements, things)
        if len(chosen) >= wanted:
            break
    return chosen


def _closed(documents: list[Part], judgements: Part, things: Part) -> list[str]:
    """Return the lines of ``documents`` that need no other document, what is judged of them, and their things."""
    described = set(things.subjects)
    told = {subject for part in documents for subject in part.subjects}
    chosen = []
    for part in documents:
        for line, needed in zip(part.lines, part.mentions, strict=True):
            if needed - described <= told:
                chosen.append(line)
                told |= needed
    lines = list(zip(judgements.lines, judgements.subjects, judgements.mentions, strict=True))
    left_out = {subject for _, subject, needed in lines if not needed - set(judgements.subjects) <= told}
    chosen += [line for line, subject, needed in lines if subject not in left_out and not needed & left_out]
    return chosen + [line for line, subject in zip(things.lines, things.subjects, strict=True) if subject in told]


def main() -> None:
    """Write a graph of the size asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    with given.output.open("w", encoding="utf-8") as stream:
        stream.writelines(lines(given.triples))


if __name__ == "__main__":
    main()
