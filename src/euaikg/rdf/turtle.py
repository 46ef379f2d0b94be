"""RDF as text that is the same on every machine: grouped by subject, sorted, with the project's prefixes.

One writer serves the authored files (``euaikg fmt``) and the exports. Its order is: subjects by IRI, predicates by
:data:`FIRST` and then by name, objects by value. Bytes depend on the triples alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import Triple

from euaikg.core.groups import by_key
from euaikg.core.vocab import EUAI, RDF, RDFS, SKOS, XSD, compact, prefixes
from euaikg.rdf.ntriples import TYPE_TOKEN, Facts, Token, grouped, headed, value
from euaikg.rdf.terms import token

WIDTH = 120
FIRST = [
    RDF + "type",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    RDFS + "domain",
    RDFS + "range",
    RDFS + "label",
    SKOS + "inScheme",
    SKOS + "prefLabel",
    EUAI + "shortName",
    SKOS + "altLabel",
    SKOS + "definition",
    *(EUAI + name for name in ("inExpression", "annex", "section", "paragraph", "item", "tableRow", "footnote")),
    EUAI + "modality",
    *(EUAI + name for name in ["aboutResource", "aboutEnvelope", "amount", "amountMin", "amountMax", "numericValue"]),
    *(RDF + name for name in ["subject", "predicate", "object"]),
]
"""Predicates that come first in a description, in this order."""

RANK = {f"<{iri}>": rank for rank, iri in enumerate(FIRST)}
_BARE = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_PARTS = re.compile(r"[0-9]+|[^0-9]+")


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a sort key in which ``p10`` comes after ``p9``."""
    parts = _PARTS.findall(text)
    return [(0, len(part.lstrip("0")), part.lstrip("0")) if part[0] in "0123456789" else (1, 0, part) for part in parts]


def object_key(token: Token) -> tuple[int, str, list[tuple[int, int, str]], Token]:
    """Return the sort key of an object: things by IRI, then texts by language, numbers by size."""
    if token.startswith('"'):
        text, language, _ = value(token)
        return 1, language, natural(text), token
    return 0, "", natural(token), token


def arranged(facts: Facts, key: Callable[[Token], tuple[int, str]]) -> Iterator[tuple[Token, list[Token]]]:
    """Yield the predicates among ``facts`` by ``key``, each with its objects in the order of :func:`object_key`."""
    objects = by_key(facts)
    for predicate in sorted(objects, key=key):
        tokens = objects[predicate]
        yield predicate, sorted(set(tokens), key=object_key) if len(tokens) > 1 else tokens


class Writer:
    """Writes tokens and descriptions with ``known`` prefixes and notes which of them it used."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known = dict(prefixes() if known is None else known)
        self.used: set[str] = set()
        self.names: dict[Token, str] = {}
        self.keys: dict[Token, tuple[int, str]] = {}

    def term(self, token: Token) -> str:
        """Return ``token`` as Turtle writes it, shortened where a prefix fits."""
        if token in self.names:
            return self.names[token]
        if token.startswith('"'):
            if not token.endswith(">"):
                return token
            text, _, datatype = value(token)
            bare = _BARE.get(datatype)
            if bare and bare.fullmatch(text):
                return text
            return f'"{text}"^^{self.term(f"<{datatype}>")}'
        name = compact(token[1:-1], self.known) if token.startswith("<") and not token.startswith("<<") else None
        if name is not None:
            self.used.add(name.split(":", 1)[0])
        self.names[token] = name or token
        return self.names[token]

    def description(self, subject: Token, facts: Facts, indent: str = "") -> str:
        """Return one subject with all its predicates and objects, ending in a full stop and a newline."""
        lines = []
        for predicate, objects in arranged(facts, self._key):
            verb = "a" if predicate == TYPE_TOKEN else self.term(predicate)
            words = [self.term(token) for token in objects]
            line = f"{verb} {', '.join(words)}"
            if len(words) > 1 and len(indent) + len(line) + 4 > WIDTH:
                line = f"{verb}\n{indent}    " + f",\n{indent}    ".join(words)
            lines.append(line)
        return f"{indent}{self.term(subject)} " + f" ;\n{indent}  ".join(lines) + " .\n"

    def _key(self, predicate: Token) -> tuple[int, str]:
        if predicate not in self.keys:
            name = compact(predicate[1:-1], self.known) or predicate[1:-1]
            self.keys[predicate] = RANK.get(predicate, len(FIRST)), name
        return self.keys[predicate]

    def descriptions(self, triples: Iterable[Triple], indent: str = "") -> str:
        """Return the subjects of ``triples`` in natural order of their IRIs, an empty line between them."""
        facts = by_key((str(said.subject), (str(said.predicate), token(said.object))) for said in triples)
        return "\n".join(self.description(subject, facts[subject], indent) for subject in sorted(facts, key=natural))

    def header(self) -> str:
        """Return the prefix lines for the prefixes used so far."""
        return "".join(f"@prefix {prefix}: <{self.known[prefix]}> .\n" for prefix in sorted(self.used))


def turtle(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted ``lines`` of N-Triples as Turtle."""
    writer = Writer()
    body = (f"\n{writer.description(subject, facts)}" for subject, facts in grouped(lines))
    return headed(body, writer.header)


def trig(graphs: Iterable[tuple[Token, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield ``graphs``, each a name and sorted lines of N-Triples, as TriG; the name "" is the default graph."""
    writer = Writer()

    def body() -> Iterator[str]:
        for name, lines in graphs:
            yield f"\n{writer.term(name)} {{" if name else ""
            for subject, facts in grouped(lines):
                yield f"\n{writer.description(subject, facts, '  ' if name else '')}"
            yield "}\n" if name else ""

    return headed(body(), writer.header)
