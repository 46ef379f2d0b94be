"""The canonical text of authored Turtle and TriG files, so that a diff shows facts and nothing else.

What is written is read again and compared before it takes the place of a file: what the canonical text cannot hold is
refused. A file keeps the comment lines at its head; remarks elsewhere belong into the data as ``skos:editorialNote``
and are refused as comments, so that none gets lost. Turtle files are sorted by IRI. In a source file (TriG) the
description of the document comes first, then the passages in reading order, each description right before its graph.
A file without triples stays as it is.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, parse

from euaikg.core import files, vocab, writing
from euaikg.core.groups import by_key
from euaikg.core.vocab import EUAI, TYPE, declared, prefixes
from euaikg.errors import InputError
from euaikg.graph import build
from euaikg.rdf.terms import Term
from euaikg.rdf.turtle import Writer, natural
from euaikg.sparql import scanner

Node = NamedNode | BlankNode | Triple

_LINE_END = re.compile(r"\r\n|\r|\n")
_HEAD = re.compile(r"(?:#[^\r\n]*(?:\r\n|\r|\n|$))*")

_NUMBER = re.compile("[0-9]{1,18}")

AUTHORED = (".ttl", ".trig")


def authored() -> list[Path]:
    """Return the files that have a canonical text: ontology, data and catalogue."""
    found = [path for folder in ("ontology", "data") for path in files.shipped(folder, *AUTHORED)]
    return found + sorted((files.root() / "catalog").glob("*.ttl"))  # the shapes below it have blank nodes


def canonical(path: Path) -> bytes:
    """Return the canonical text of the file at ``path``.

    Raises :class:`InputError` for a file that is not valid Turtle or TriG, has a comment below its head, has a blank
    node, or holds what its canonical text would not.
    """
    if path.suffix.lower() not in AUTHORED:
        raise InputError(f"{path}: only {' and '.join(AUTHORED)} files have a canonical text.")
    quads = list(build.read(path))
    text = files.read_text(path)
    if not quads:
        return text.encode()  # a list of prefixes would lose them all, since only those in use are declared
    head = _head(path, text)
    for quad in quads:
        if isinstance(quad.graph_name, BlankNode):
            raise InputError(f"{path}: a blank node names a graph; give it an IRI.")
        if "_:" in str(quad) and any(map(_is_nameless, (quad.subject, quad.object))):
            raise InputError(f"{path}: a blank node stands at {quad.predicate}; give it an IRI.")
    content = written(quads, head, _known(text, path), path.suffix.lower() == ".trig")
    _refuse_loss(path, set(quads), content)
    return content


def written(quads: list[Quad], head: str, known: dict[str, str], is_source: bool = True) -> bytes:
    """Return the canonical text of ``quads`` below the comment lines ``head``, with those of the prefixes ``known``.

    Of what is no source, the graphs are left out.
    """
    writer = Writer(known)
    body = _source(quads, writer) if is_source else writer.descriptions(quad.triple for quad in quads)
    return f"{head}{writer.header()}\n{body}".encode()


def _is_nameless(term: Term) -> bool:
    return isinstance(term, BlankNode) or (isinstance(term, Triple) and any(map(_is_nameless, term)))


def _refuse_loss(path: Path, quads: set[Quad], content: bytes) -> None:
    """Raise :class:`InputError` where ``content`` does not say just what ``quads`` do."""
    try:
        there = set(parse(content, format=build.format_of(path)))
    except SyntaxError:
        there = set()
    for quad in sorted(quads ^ there, key=str):
        raise InputError(
            f"{path}: the canonical text cannot hold a value of {vocab.short(quad.predicate.value)}; the file stays "
            "as it is."
        )


def _head(path: Path, text: str) -> str:
    """Return the comment lines at the head of ``text``; refuse any comment below them."""
    start = next(found.end() for found in [_HEAD.match(text)] if found)
    for token in scanner.tokens(text[start:]):
        if token.kind == "comment":
            line = len(_LINE_END.findall(text, 0, start + token.start)) + 1
            raise InputError(f"{path}, line {line}: a comment below the head; write it as skos:editorialNote.")
    return "".join(f"{line}\n" for line in _LINE_END.split(text[:start]) if line)


def _known(text: str, path: Path) -> dict[str, str]:
    """Return the project's prefixes and, for namespaces without one, those that the file declares."""
    there = declared(text.encode(), build.format_of(path))
    return {**{prefix: iri for prefix, iri in there.items() if iri not in prefixes().values()}, **prefixes()}


def _source(quads: list[Quad], writer: Writer) -> str:
    """Return a TriG file: other descriptions, then each passage with its spans and its graph, in reading order."""
    graphs: dict[Node | DefaultGraph, list[Triple]] = by_key((quad.graph_name, quad.triple) for quad in quads)
    outside: dict[Node, list[Triple]] = by_key((fact.subject, fact) for fact in graphs.pop(DefaultGraph(), []))

    def values(node: Node, name: str) -> list[Term]:
        return [fact.object for fact in outside.get(node, []) if fact.predicate.value == EUAI + name]

    kind = NamedNode(EUAI + "Passage")
    passages = [node for node, facts in outside.items() if Triple(node, TYPE, kind) in facts]

    def start(span: Node) -> tuple[int, list[tuple[int, int, str]]]:
        known = [term.value for term in values(span, "start") if isinstance(term, Literal)]
        return min((int(text) for text in known if _NUMBER.fullmatch(text)), default=0), natural(str(span))

    def place(passage: Node) -> tuple[int, list[tuple[int, int, str]]]:
        return min((start(span)[0] for span in spans[passage]), default=0), natural(str(passage))

    spans = {
        node: sorted({term for term in values(node, "span") if not isinstance(term, Literal)}, key=start)
        for node in passages
    }
    grouped = {*passages, *(span for of in spans.values() for span in of)}
    parts = [writer.descriptions(fact for node in outside if node not in grouped for fact in outside[node])]
    for passage in sorted(passages, key=place):
        parts.append(writer.descriptions(outside.pop(passage, [])))
        for span in spans[passage]:
            parts[-1] += writer.descriptions(outside.pop(span, []))
        if passage in graphs:
            parts.append(_block(passage, graphs.pop(passage), writer))
    parts += [_block(node, graphs[node], writer) for node in sorted(graphs, key=lambda node: natural(str(node)))]
    return "\n".join(part for part in parts if part)


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
        writing.write_bytes(path, text)
    lines = zip_longest(there.split(b"\n"), text.split(b"\n"))
    return next(number for number, (old, new) in enumerate(lines, 1) if old != new)
