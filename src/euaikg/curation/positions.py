"""Where triples stand in Turtle, TriG, N-Triples and N-Quads files: the line of each, and the graph it is in.

The parser gives no positions, so the words of the file are read once more here. Only valid files are read, which the
parser has taken; of other formats nothing is known but the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, RdfFormat

from euaikg.core import files, suffixes, vocab
from euaikg.core.groups import by_key
from euaikg.graph import build
from euaikg.rdf.terms import Term

SUFFIXES = (".ttl", ".trig", ".nt", ".nq")

BLANK = "_:"
"""What stands for any blank node, whose name is another one at each reading."""

_WORD = re.compile(
    r"""
    (?P<skip>[\s﻿]+|\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\s]*>)
  | (?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
            |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<blank>_:[^\s;,()\[\]{}<>"'#]*[^\s;,.()\[\]{}<>"'#])
  | (?P<name>(?:[^\W_][\w-]*(?:\.+[\w-]+)*)?:(?:(?:[\w:%-]|\\.|\.+(?=[\w:%\\-]))+)?)
  | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<kind>\^\^)
  | (?P<number>[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)|[0-9]*\.[0-9]+|[0-9]+))
  | (?P<word>[A-Za-z]+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_IN_PASSAGE = re.compile(rf"({re.escape(vocab.SOURCE)}[^#]+#[^.]+?)(?:-span[0-9]+)?(?:[.].*)?$")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class Spot:
    """One triple in the file ``path``: the ``line`` of its object, and the IRI of its ``graph``, if it has one.

    Terms are bare: the IRI, the words of a literal, or :data:`BLANK`.
    """

    path: Path
    line: int
    graph: str | None
    subject: str
    predicate: str
    value: str


@dataclass
class File:
    """One file: its triples as they stand there, and the prefixes that it declares, each with namespace and line."""

    path: Path
    spots: list[Spot]
    declared: dict[str, tuple[str, int]]


def read(path: Path, things: Iterable[str] | None = None) -> File:
    """Return what stands in the valid file ``path``, and nothing of a file of another format.

    Of a file in which each line is a triple only what is said about ``things`` is returned, where they are given.
    """
    if suffixes.suffix(path) not in SUFFIXES:
        return File(path, [], {})
    is_sifted = things is not None and build.format_of(path) in build.LINES
    reader = _Reader(path, _about(path, things or ()) if is_sifted else files.read_text(path))
    return File(path, list(reader.read()), reader.declared)


def _about(path: Path, things: Iterable[str]) -> str:
    """Return the text of ``path``, a file of lines, with those empty that are not about ``things``."""
    wanted = {thing.encode() for thing in things}

    def is_wanted(line: bytes) -> bool:
        subject = line.lstrip(b"\xef\xbb\xbf \t<").partition(b">")[0]
        return subject in wanted or subject[:1] == b"_" or b"\\" in subject or b"\r" in line.rstrip()

    lines = BytesIO(files.content(path))
    return b"".join(line if is_wanted(line) else b"\n" for line in lines).decode("utf-8-sig")


class Places:
    """The places of triples about some things in some files; of equals the first counts."""

    def __init__(self, there: Iterable[File], things: Iterable[str]) -> None:
        """Look in the files ``there`` for triples whose subject is among ``things``."""
        wanted = set(map(_bare, things))
        self._spots = by_key((spot.subject, spot) for file in there for spot in file.spots if spot.subject in wanted)

    def has(self, thing: str, path: str | None) -> bool:
        """Say whether a triple of ``thing`` with the property ``path``, or any where that is None, is there."""
        return any(path in (None, spot.predicate) for spot in self._spots.get(_bare(thing), ()))

    def find(
        self, thing: str, path: str | None = None, value: Term | None = None, graph: str | None = None
    ) -> Spot | None:
        """Return the triple of ``thing`` with the property ``path`` and the ``value``, or else what is nearest to it.

        Of equals that in the ``graph`` is taken, or in a file outside all graphs, whose folder says the graph. A
        ``value`` that is a graph stands for it; where nothing is said of the thing, what is said of the value counts.
        """
        words = _bare(value.value if isinstance(value, NamedNode | Literal) else str(value)) if value else None

        def fit(spot: Spot) -> tuple[int, bool, bool]:
            has_path, has_value = spot.predicate == path, words in (spot.value, spot.graph)
            if isinstance(value, Literal) and not has_value:
                has_value = _same_number(spot.value, value.value)
            fits = (has_path and has_value) * 3 + has_path * 2 + has_value
            return fits, spot.predicate == vocab.TYPE.value, graph is not None and spot.graph in (graph, None)

        for term in (_bare(thing), words):
            if term in self._spots:
                return max(self._spots[term], key=fit)
        return None


def passage(thing: str, spot: Spot | None) -> str | None:
    """Return the passage in which ``spot`` stands, or of which ``thing`` is: itself, a statement or a span of it."""
    for iri in (spot.graph if spot else None, thing):
        match = _IN_PASSAGE.match(iri or "")
        if match:
            return match[1]
    return None


def shown(path: Path) -> str:
    """Return ``path`` as people know it: a shipped file from the root of the project."""
    return path.relative_to(files.root()).as_posix() if path.is_relative_to(files.root()) else str(path)


def _bare(term: str) -> str:
    return BLANK if term.startswith(BLANK) else term


def _same_number(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return False


@dataclass
class _Reader:
    path: Path
    text: str
    declared: dict[str, tuple[str, int]] = field(default_factory=dict)
    graph: str | None = None
    waiting: list[tuple[str | None, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.base = files.address(self.path)
        self.by_line = build.format_of(self.path) is RdfFormat.N_QUADS

    def read(self) -> Iterator[Spot]:
        """Yield the triples."""
        subject: str | None = None
        predicate: str | None = None
        held: list[Spot] = []  # in N-Quads the graph comes last
        line, kind_before = 1, ""
        directive: list[str] = []
        for match in _WORD.finditer(self.text):
            kind, word = str(match.lastgroup), match.group()
            here, line = line, line + word.count("\n")
            if kind == "skip":
                continue
            if directive:
                directive.append(word)
                if self._declared(directive, here):
                    directive = []
                continue
            if kind_before == "kind" or (kind == "at" and kind_before == "text"):  # a datatype, or a language
                kind_before = ""
                continue
            kind_before = kind
            lower = word.lower()
            if kind == "kind":
                continue
            if (kind == "at" and lower in ("@prefix", "@base")) or (
                kind == "word" and subject is None and lower in ("prefix", "base", "version")
            ):
                directive = [lower.lstrip("@")]
            elif word == "." and kind == "mark":
                yield from held
                subject, predicate, held = None, None, []
            elif word == ";" and kind == "mark":
                predicate = None
            elif word == "," and kind == "mark":
                pass
            elif word == "{":
                self.graph, subject, predicate = subject, None, None
            elif word == "}":
                self.graph, subject, predicate = None, None, None
            elif word in ("[", "("):
                if subject is not None and predicate is not None:
                    yield Spot(self.path, here, self.graph, subject, predicate, BLANK)
                self.waiting.append((subject, predicate))
                subject, predicate = BLANK, (None if word == "[" else vocab.RDF + "first")
            elif word in ("]", ")") and kind == "mark":
                subject, predicate = self.waiting.pop()
                subject = subject or BLANK  # the blank node itself is the subject
            elif kind == "word" and lower == "graph" and subject is None:
                continue
            else:
                term = self._term(kind, word, predicate is None and subject is not None)
                if subject is None:
                    subject = term
                elif predicate is None:
                    predicate = term
                elif held:
                    held = [replace(held[0], graph=term)]
                elif self.by_line:
                    held = [Spot(self.path, here, None, subject, predicate, term)]
                else:
                    yield Spot(self.path, here, self.graph, subject, predicate, term)

    def _declared(self, words: list[str], line: int) -> bool:
        """Take in the ``words`` of a directive, and say whether it is whole, but for a dot behind it."""
        if words[-1].startswith("<") and words[0] in ("prefix", "base"):
            iri = self._iri(words[-1])
            if words[0] == "base":
                self.base = iri
            else:
                self.declared[words[1].removesuffix(":")] = iri, line
            return True
        return words[0] == "version" and len(words) > 1

    def _iri(self, word: str) -> str:
        iri = _unescaped(word[1:-1])
        return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else urljoin(self.base, iri)

    def _term(self, kind: str, word: str, is_predicate: bool) -> str:
        if kind == "iri":
            return self._iri(word)
        if kind == "name":
            prefix, _, local = word.partition(":")
            return self.declared.get(prefix, (prefix + ":", 0))[0] + re.sub(r"\\(.)", r"\1", local)
        if kind == "blank":
            return BLANK
        if kind == "text":
            quote = 3 if word[:3] in ('"""', "'''") and len(word) > 5 else 1
            return _unescaped(word[quote:-quote])
        return vocab.TYPE.value if word == "a" and is_predicate else word


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def char(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(char, text)
