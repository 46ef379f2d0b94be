"""N-Triples lines: the form in which triples go to every writer.

A line is cut into tokens (:data:`Token`), each the N-Triples text of a term, and lines are sorted by code point, which
is the order of canonical N-Quads (RDFC-1.0, section 5). More lines than :data:`RUN` are sorted in runs that wait in
temporary files, so that memory stays bounded whatever the size of the graph.
"""

from __future__ import annotations

import heapq
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache, partial
from itertools import chain, groupby, islice
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from euaikg.core.groups import by_key
from euaikg.core.vocab import BASE, TYPE
from euaikg.rdf.spelling import Spellings
from euaikg.rdf.terms import Term

Token = str
"""A term as N-Triples writes it: ``<iri>``, ``_:label``, ``"text"``, ``"text"@en`` or ``"text"^^<datatype>``."""

TYPE_TOKEN: Token = str(TYPE)
"""What says of which class a thing is."""

Facts = list[tuple[Token, Token]]
"""What is said about one subject: predicates with their objects, in the order of the lines."""

Lines = Callable[[], Iterator[bytes]]
"""Yields lines of N-Triples, in any order; can be called again."""

Graphs = Mapping[Token, Lines]
"""The lines of named graphs by name."""

RUN = 250_000
"""How many lines are sorted in memory at once: about 100 MB."""

BLOCK = 1 << 18
GENID = BASE + ".well-known/genid/"
KEPT = DEFAULT, NAMED = "default.nt", "named.nq"

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_MEANING = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def of_store(store: Store, given: Spellings | None = None) -> tuple[Lines, Callable[[], Graphs]]:
    """Return the lines of the default graph of ``store``, and a function that gives those of its named graphs.

    Values stand there as they were ``given``. Where there are blank nodes, a graph may yield lines twice:
    :func:`ordered` gives each once.
    """
    canonical = cache(lambda: of_quads(given.restored(store) if given else store))

    def dumped(graph: NamedNode | BlankNode | DefaultGraph) -> Lines:
        respelt = given.lines(graph) if given else {}

        def lines() -> Iterator[bytes]:
            with tempfile.SpooledTemporaryFile(max_size=RUN * 256) as stream:
                store.dump(stream, RdfFormat.N_TRIPLES, from_graph=graph)
                stream.seek(0)
                for line in stream:
                    if b"_:" in line:  # maybe a blank node; its name must not be that of this run
                        yield from canonical()["" if isinstance(graph, DefaultGraph) else str(graph)]()
                        return
                    yield from respelt.get(line, (line,))

        return lines

    def graphs() -> Graphs:
        names = list(store.named_graphs())
        if all(isinstance(name, NamedNode) for name in names):
            return {str(name): dumped(name) for name in names}
        return {name: lines for name, lines in canonical().items() if name}

    return dumped(DefaultGraph()), graphs


def keep(store: Store, folder: Path) -> None:
    """Write the lines of ``store``, without blank nodes, to where :func:`kept` reads them without looking up terms."""
    store.dump(folder / DEFAULT, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    with (folder / DEFAULT).open("rb") as stream:
        default = set(stream)
    with tempfile.TemporaryFile() as every, (folder / NAMED).open("wb") as stream:
        store.dump(every, RdfFormat.N_QUADS)
        every.seek(0)
        stream.writelines(line for line in every if line not in default)


def kept(folder: Path) -> tuple[Lines, Callable[[], Graphs]] | None:
    """Return what :func:`keep` wrote into ``folder``, as :func:`of_store` does; None where nothing is there."""
    if not (folder / DEFAULT).is_file() or not (folder / NAMED).is_file():
        return None

    def default() -> Iterator[bytes]:
        with (folder / DEFAULT).open("rb") as stream:
            yield from stream

    def graphs() -> Graphs:
        found: dict[bytes, list[bytes]] = {}
        with (folder / NAMED).open("rb") as stream:
            for line in stream:
                triple, name, end = line.rsplit(b" ", 2)
                found.setdefault(name, []).append(triple + b" " + end)
        return {name.decode(): partial(iter, lines) for name, lines in found.items()}

    return default, graphs


def of_triples(triples: Iterable[Triple]) -> Lines:
    """Return the lines of ``triples``, blank nodes named by RDFC-1.0."""
    return of_quads(Quad(*triple) for triple in triples).get("", lambda: iter(()))


def of_quads(quads: Iterable[Quad]) -> dict[Token, Lines]:
    """Return the lines of ``quads`` by the name of their graph, "" the default graph; blank nodes as RDFC-1.0 says."""
    graphs = by_key((quad.graph_name, quad.triple) for quad in canonical(list(quads)))
    names = {graph: "" if isinstance(graph, DefaultGraph) else str(graph) for graph in graphs}
    return {names[graph]: partial(_lines, triples) for graph, triples in graphs.items()}


def _lines(triples: list[Triple]) -> Iterator[bytes]:
    return iter(text(triples).splitlines(keepends=True))


def text(triples: list[Triple]) -> bytes:
    """Return ``triples`` as N-Triples, in their order."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def canonical(quads: list[Quad]) -> Iterable[Quad]:
    """Return ``quads`` with their blank nodes named by RDFC-1.0."""
    if not any("_:" in str(quad) for quad in quads):
        return quads
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def iri(term: Term) -> Term:
    """Return ``term`` with IRIs of ours in the place of blank nodes (RDF 1.1, 3.5), which have a name by RDFC-1.0."""
    if isinstance(term, Triple):
        return Triple(*map(iri, term))  # type: ignore[arg-type]
    return NamedNode(GENID + term.value) if isinstance(term, BlankNode) else term


def named(lines: Iterable[bytes], graph: Token) -> Iterator[bytes]:
    """Yield ``lines`` of N-Triples as N-Quads of ``graph``."""
    end = f" {graph} .\n".encode()
    return (line[:-3] + end for line in lines)


def ordered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield ``lines`` sorted by code point, each once."""
    lines = iter(lines)
    first = sorted(islice(lines, RUN))
    if len(first) < RUN:
        yield from _once(first)
        return
    with ExitStack() as streams:
        runs = []
        for run in chain([first], iter(lambda: sorted(islice(lines, RUN)), [])):
            runs.append(streams.enter_context(tempfile.TemporaryFile()))
            runs[-1].writelines(run)
            runs[-1].seek(0)
            first = []
        yield from _once(heapq.merge(*runs))


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line


def grouped(lines: Iterable[bytes]) -> Iterator[tuple[Token, Facts]]:
    """Yield each subject of sorted ``lines`` with what is said about it."""
    cut = (line.decode()[:-3].split(" ", 2) for line in lines)
    for subject, facts in groupby(cut, lambda parts: parts[0]):
        yield subject, [(predicate, value) for _, predicate, value in facts]


def blocks(texts: Iterable[str | bytes]) -> Iterator[bytes]:
    """Yield ``texts`` as UTF-8 in blocks of a size that is quick to write."""
    waiting: list[bytes] = []
    size = 0
    for text in texts:
        content = text if isinstance(text, bytes) else text.encode()
        waiting.append(content)
        size += len(content)
        if size > BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def headed(body: Iterable[str], header: Callable[[], str]) -> Iterator[bytes]:
    """Yield ``header()`` and then ``body``, though the header is known only when the whole body has been made."""
    with tempfile.SpooledTemporaryFile(max_size=RUN * 256) as stream:
        for block in blocks(body):
            stream.write(block)
        stream.seek(0)
        yield header().encode()
        while block := stream.read(BLOCK):
            yield block


def value(token: Token) -> tuple[str, str, str]:
    """Return the text of a literal's ``token`` between its quotes, escapes as they are, its language and its datatype.

    Language is empty where there is none; datatype is empty for plain text and text with a language.
    """
    end = token.rfind('"')
    tail = token[end + 1 :]
    if tail.startswith("^^"):
        return token[1:end], "", tail[3:-1]
    return token[1:end], tail[1:], ""


def unescaped(text: str) -> str:
    """Return the ``text`` of a literal's token without its escapes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1 else _MEANING.get(found[1], found[1]), text
    )
