"""What only passages of some modalities state: a part of an export, and the words in which it says so itself.

What is no statement of a passage stays: names and descriptions of things, the vocabulary, judgements of ours. What
speaks of a statement that is left out goes with it: its passage and place, what is derived of it, and differences in
which it takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

from pyoxigraph import Literal, NamedNode, Triple

from euaikg.core.vocab import BASE, DCT, GRAPH, TYPE
from euaikg.errors import QueryError
from euaikg.questions import parameters
from euaikg.rdf.ntriples import Graphs, Lines, of_triples
from euaikg.sparql.embedded import Engine

PASSAGES = "SELECT ?passage ?modality { ?passage a euai:Passage OPTIONAL { ?passage euai:modality ?modality } }"

SPEAKING = """
SELECT ?thing ?passage {
  { GRAPH ?described { ?passage euai:span ?thing } }
  UNION { GRAPH ?derived { ?thing euai:statedIn ?passage } }
  UNION
  {
    GRAPH ?judged { ?thing euai:involvesStatement ?statement }
    GRAPH ?derived { ?statement euai:statedIn ?passage }
  }
}
"""

LIMITS = f"<{GRAPH}limits>"
"""The graph for the words that say what is held, in the forms that keep named graphs and have no comments."""

NOT_SO = ("denied", "ended")
"""The modalities of what is not so, which a single graph would show as if it were."""


def codes(engine: Engine, given: Iterable[str]) -> list[NamedNode]:
    """Return the modalities that are ``given`` by code or name, with the narrower ones.

    Raises :class:`~euaikg.errors.ParameterError` for one that there is not.
    """
    wanted = parameters.Parameter("modality", "code", "", "", "", scheme="modality")
    terms = [term for text in given for term in parameters.terms(wanted, text, engine)]
    return [term for term in dict.fromkeys(terms) if isinstance(term, NamedNode)]


def refuse_not_so(engine: Engine, given: Iterable[str]) -> None:
    """Raise :class:`~euaikg.errors.QueryError` where among the modalities ``given`` are some of what is not so."""
    not_so = {*codes(engine, NOT_SO)}  # with what a user says is a kind of it
    if wrong := [code.value.rpartition("/")[2] for code in codes(engine, given) if code in not_so]:
        raise QueryError(
            f"What is {wrong[0]} would look true in one graph; write it in a form that keeps the passages, as trig."
        )


def note(modalities: Iterable[NamedNode]) -> str:
    """Return the sentences that say what is held of the ``modalities``."""
    listed = ", ".join(code.value.rpartition("/")[2] for code in modalities)
    return (
        f"A part of the graph: of what passages state, only what they state as {listed}. What they state in another "
        "way is left out; names and descriptions of things, judgements of ours and the vocabulary are whole."
    )


def said(words: str) -> Lines:
    """Return the lines that say ``words`` of the dataset, for forms that have no comments."""
    dataset = NamedNode(BASE + "dataset")
    kind = NamedNode("http://www.w3.org/ns/dcat#Dataset")
    described = Triple(dataset, NamedNode(DCT + "description"), Literal(words, language="en"))
    return of_triples([Triple(dataset, TYPE, kind), described])


def both(one: Iterator[bytes], other: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the lines that are in ``one`` and in the ``other``, both sorted."""
    there = next(other, None)
    for line in one:
        while there is not None and there < line:
            there = next(other, None)
        if line == there:
            yield line


def only(
    engine: Engine, modalities: Iterable[NamedNode], whole: Callable[[], Graphs]
) -> tuple[Lines, Callable[[], Graphs]]:
    """Return of the ``whole`` graphs what passages of the ``modalities`` state: the lines of all, and by graph."""
    kept = {*modalities}
    others = {passage: code for passage, code in engine.select(PASSAGES).rows if code not in kept}
    gone = {f"{passage}".encode() for passage, code in others.items() if code is not None}
    gone |= {f"{thing}".encode() for thing, passage in engine.select(SPEAKING).rows if others.get(passage) is not None}
    names = {f"{passage}" for passage in others}

    def remaining(lines: Lines) -> Iterator[bytes]:
        return (line for line in lines() if line.split(b" ", 1)[0] not in gone)

    def graphs() -> Graphs:
        return {name: partial(remaining, lines) for name, lines in whole().items() if name not in names}

    def flat() -> Iterator[bytes]:
        return chain.from_iterable(lines() for lines in graphs().values())

    return flat, graphs
