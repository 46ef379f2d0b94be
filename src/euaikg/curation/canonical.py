"""The canonical text of authored Turtle and TriG files, so that a diff shows facts and nothing else.

A file keeps the comment lines at its head; remarks elsewhere belong into the data as ``skos:editorialNote`` and are
refused as comments, so that none gets lost. Turtle files are sorted by IRI. In a source file (TriG) the description
of the document comes first, then the passages in reading order, each description right before its graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, parse

from euaikg.core import files
from euaikg.core.vocab import EUAI, TYPE, prefixes
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.rdf.terms import Term
from euaikg.rdf.turtle import Node, Statement, Writer, natural
from euaikg.sparql import scanner

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
    body = _source(quads, writer) if path.suffix == ".trig" else writer.descriptions(_statements(quads))
    return f"{head}{writer.header()}\n{body}".encode()


def _statements(quads: list[Quad]) -> Iterator[Statement]:
    return ((quad.subject, quad.predicate, quad.object) for quad in quads)


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
    parser = parse(text, format=build.RDF_FORMATS[path.suffix])
    list(parser)
    own = {prefix: iri for prefix, iri in parser.prefixes.items() if iri not in prefixes().values()}
    return {**own, **prefixes()}


def _source(quads: list[Quad], writer: Writer) -> str:
    """Return a TriG file: other descriptions, then each passage with its spans and its graph, in reading order."""
    graphs: dict[Node, list[Statement]] = {}
    outside: dict[Node, list[Statement]] = {}
    for quad in quads:
        statement = (quad.subject, quad.predicate, quad.object)
        if isinstance(quad.graph_name, DefaultGraph):
            outside.setdefault(quad.subject, []).append(statement)
        else:
            graphs.setdefault(quad.graph_name, []).append(statement)
    passages = [node for node, facts in outside.items() if (node, TYPE, NamedNode(EUAI + "Passage")) in facts]
    spans = {node: [_node(fact[2]) for fact in outside[node] if fact[1].value == EUAI + "span"] for node in passages}

    def start(span: Node) -> int:
        values = [fact[2] for fact in outside.get(span, []) if fact[1].value == EUAI + "start"]
        return int(values[0].value) if values and isinstance(values[0], Literal) and values[0].value.isdigit() else 0

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


def _block(name: Node, statements: list[Statement], writer: Writer) -> str:
    return f"{writer.term(str(name))} {{\n{writer.descriptions(statements, '  ')}}}\n"


def formats(path: Path) -> bool:
    """Say whether the file at ``path`` already has its canonical text."""
    return files.read_bytes(path) == canonical(path)


def rewrite(path: Path) -> bool:
    """Give the file at ``path`` its canonical text; say whether that changed it."""
    text = canonical(path)
    if files.read_bytes(path) == text:
        return False
    files.write_bytes(path, text)
    return True
