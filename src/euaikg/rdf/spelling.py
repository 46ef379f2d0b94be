"""Values as they were given: the engine keeps numbers, days and durations by what they mean, and spells them anew.

It makes ``3111000`` of ``"03111000"^^xsd:integer``, and xsd:integer of every kind of whole number. What is remembered
here puts the given value back wherever triples leave the graph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from euaikg.core.vocab import RDF, XSD
from euaikg.rdf.terms import Term

FILE = "given.nq"
"""The file in the folder of a store on disk that holds the quads as they were given."""

_UNTOUCHED = {XSD + "string", RDF + "langString", RDF + "dirLangString"}

_USUAL = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    XSD + "decimal": re.compile(r"0|-?[1-9][0-9]{0,15}"),
    XSD + "date": re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"),
    XSD + "boolean": re.compile("true|false"),
    XSD + "anyURI": re.compile(".*", re.DOTALL),
}
"""What most values look like, which the engine leaves as they are."""

_SOME = NamedNode("urn:x")


@lru_cache(maxsize=100_000)
def kept(term: Term) -> Term:
    """Return ``term`` as the engine gives it back."""
    if isinstance(term, Literal) and (usual := _USUAL.get(term.datatype.value)) and usual.fullmatch(term.value):
        return term
    store = Store()  # a new one, since in a store that was emptied the search goes past all that once stood there
    store.add(Quad(_SOME, _SOME, term))
    (quad,) = store
    value: Term = quad.object
    return value


class Spellings:
    """The quads of a graph whose values were given otherwise, each with its values as they were given."""

    def __init__(self) -> None:
        self.given: dict[Quad, list[Term]] = {}

    def __bool__(self) -> bool:
        return bool(self.given)

    @property
    def values(self) -> dict[Term, Term]:
        """The values as the engine has them, each with one that it was given for."""
        return {quad.object: given for quad, values in self.given.items() for given in values if given != quad.object}

    def heard(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield ``quads`` and remember those that the engine will change."""
        for quad in quads:
            value = quad.object
            if (isinstance(value, Literal) and value.datatype.value not in _UNTOUCHED) or isinstance(value, Triple):
                self._hear(quad, kept(value))
            yield quad

    def _hear(self, quad: Quad, value: Term) -> None:
        there = Quad(quad.subject, quad.predicate, value, quad.graph_name)
        if value != quad.object or there in self.given:
            values = self.given.setdefault(there, [])
            if quad.object not in values:
                values.append(quad.object)

    def settle(self, store: Store, read: Callable[[], Iterable[Quad]]) -> None:
        """Take in what ``store`` says beside: the default graph, and where the engine's own spelling is given too.

        ``read`` yields the given quads once more.
        """
        if self.given:
            for quad in read():
                if quad in self.given:
                    self._hear(quad, quad.object)
        self.given = {quad: values for quad, values in self.given.items() if quad in store}
        for quad, values in list(self.given.items()):
            subject, predicate, value, graph = quad
            together = self.given.setdefault(Quad(subject, predicate, value), [])
            together += [given for given in values if given not in together]
            others = {other.graph_name for other in store.quads_for_pattern(subject, predicate, value, None)}
            if value not in together and any(
                Quad(subject, predicate, value, other) not in self.given for other in others - {DefaultGraph(), graph}
            ):
                together.append(value)

    def restored(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield ``quads`` with their values as they were given."""
        for quad in quads:
            for value in self.given.get(quad, (quad.object,)):
                yield Quad(quad.subject, quad.predicate, value, quad.graph_name)

    def lines(self, graph: NamedNode | BlankNode | DefaultGraph) -> dict[bytes, list[bytes]]:
        """Return the lines of N-Triples of ``graph`` that were given otherwise, each with the lines as given."""
        return {
            _line(Triple(quad.subject, quad.predicate, quad.object)): [
                _line(Triple(quad.subject, quad.predicate, value)) for value in values
            ]
            for quad, values in self.given.items()
            if quad.graph_name == graph
        }

    def keep(self, folder: Path) -> None:
        """Write what is remembered into ``folder``, where :func:`of_folder` finds it."""
        if self.given:
            quads = (
                Quad(quad.subject, quad.predicate, value, quad.graph_name)
                for quad, of in self.given.items()
                for value in of
            )
            (folder / FILE).write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")


def of_folder(folder: Path) -> Spellings:
    """Return what :meth:`Spellings.keep` wrote into ``folder``; nothing where nothing is there."""
    found = Spellings()
    if (folder / FILE).is_file():
        for quad in parse(path=folder / FILE, format=RdfFormat.N_QUADS):
            value = kept(quad.object)
            found.given.setdefault(Quad(quad.subject, quad.predicate, value, quad.graph_name), []).append(quad.object)
    return found


def _line(triple: Triple) -> bytes:
    return serialize([triple], format=RdfFormat.N_TRIPLES) or b""
