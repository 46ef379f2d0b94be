"""The canonical text of authored Turtle and TriG files, so that a diff shows facts and nothing else.

A file keeps the comment lines at its head; remarks elsewhere belong into the data as ``skos:editorialNote`` and are
refused as comments, so that none gets lost. Turtle files are sorted by IRI. In a source file (TriG) the description
of the document comes first, then the passages in reading order, each description right before its graph.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from euaikg.core import files
from euaikg.core.groups import by_key
from euaikg.core.vocab import EUAI, TYPE, declared, prefixes
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.rdf.terms import Term
from euaikg.rdf.turtle import Writer, natural
from euaikg.sparql import scanner

Node = NamedNode | BlankNode | Triple

AUTHORED = (".ttl", ".trig")


def authored() -> list[Path]:
    """Return the files that have a canonical text: ontology, data and catalogue, without the list of prefixes."""
    found = [path for folder in ("ontology", "data") for path in files.shipped(folder, *AUTHORED)]
    found += sorted((files.root() / "catalog").glob("*.ttl"))  # the shapes below it have blank nodes
    return [path for path in found if path.name != "prefixes.ttl"]


def canonical(path: Path) -> bytes:
    """Return the canonical text of the file at ``path``.

    Raises :class:`InputError` for a file that is not valid Turtle or TriG, has a comment below its head, or has a
    blank node.
    """
    if path.suffix not in AUTHORED:
        raise InputError(f"{path}: only {' and '.join(AUTHORED)} files have a canonical text.")
    quads = list(build.read(path))
    text = files.read_text(path)
    head = _head(path, text)
    for quad in quads:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise InputError(f"{path}: a blank node stands at {quad.predicate}; give it an IRI.")
    writer = Writer(_known(text, path))
    body = _source(quads, writer) if path.suffix == ".trig" else writer.descriptions(quad.triple for quad in quads)
    return f"{head}{writer.header()}\n{body}".encode()


def _head(path: Path, text: str) -> str:
    """Return the comment lines at the head of ``text``; refuse any comment below them."""
    lines = text.splitlines(keepends=True)
    count = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    start = sum(map(len, lines[:count]))
    for token in scanner.tokens(text[start:]):
        if token.kind == "comment":
            line = text.count("\n", 0, start + token.start) + 1
            raise InputError(f"{path}, line {line}: a comment below the head; write it as skos:editorialNote.")
    return text[:start]


def _known(text: str, path: Path) -> dict[str, str]:
    """Return the project's prefixes and, for namespaces without one, those that the file declares."""
    there = declared(text.encode(), build.RDF_FORMATS[path.suffix])
    return {**{prefix: iri for prefix, iri in there.items() if iri not in prefixes().values()}, **prefixes()}


def _source(quads: list[Quad], writer: Writer) -> str:
    """Return a TriG file: other descriptions, then each passage with its spans and its graph, in reading order."""
    graphs: dict[Node | DefaultGraph, list[Triple]] = by_key((quad.graph_name, quad.triple) for quad in quads)
    outside: dict[Node, list[Triple]] = by_key((fact.subject, fact) for fact in graphs.pop(DefaultGraph(), []))

    def values(node: Node, name: str) -> list[Term]:
        return [fact.object for fact in outside.get(node, []) if fact.predicate.value == EUAI + name]

    kind = NamedNode(EUAI + "Passage")
    passages = [node for node, facts in outside.items() if Triple(node, TYPE, kind) in facts]
    spans = {node: [_node(term) for term in values(node, "span")] for node in passages}

    def start(span: Node) -> int:
        first = next(iter(values(span, "start")), None)
        return int(first.value) if isinstance(first, Literal) and first.value.isdigit() else 0

    def place(passage: Node) -> tuple[int, list[tuple[int, int, str]]]:
        return min((start(span) for span in spans[passage]), default=0), natural(str(passage))

    grouped = {*passages, *(span for of in spans.values() for span in of)}
    parts = [writer.descriptions(fact for node in outside if node not in grouped for fact in outside[node])]
    for passage in sorted(passages, key=place):
        parts.append(writer.descriptions(outside[passage]))
        for span in sorted(spans[passage], key=start):
            parts[-1] += writer.descriptions(outside.get(span, []))
        if passage in graphs:
            parts.append(_block(passage, graphs.pop(passage), writer))
    parts += [_block(node, graphs[node], writer) for node in sorted(graphs, key=lambda node: natural(str(node)))]
    return "\n".join(part for part in parts if part)


def _node(term: Term) -> Node:
    if isinstance(term, Literal):
        raise InputError(f"{term} is a value; a span is named by an IRI.")
    return term


def _block(name: Node | DefaultGraph, triples: list[Triple], writer: Writer) -> str:
    return f"{writer.term(str(name))} {{\n{writer.descriptions(triples, '  ')}}}\n"


def rewrite(path: Path, check: bool = False) -> int | None:
    """Give the file at ``path`` its canonical text, or with ``check`` leave it.

    Return the first line that differed, counted from 1, and None where none did.
    """
    text, there = canonical(path), files.read_bytes(path)
    if there == text:
        return None
    if not check:
        files.write_bytes(path, text)
    lines = zip_longest(there.split(b"\n"), text.split(b"\n"))
    return next(number for number, (old, new) in enumerate(lines, 1) if old != new)
