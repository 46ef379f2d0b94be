"""RDF as text that is the same on every machine: grouped by subject, sorted, with the project's prefixes.

One writer serves the authored files (``euaikg fmt``) and the exports. Its order is: subjects as given or by IRI,
predicates by :data:`FIRST` and then by name, objects by value. Bytes depend on the triples alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import serialize as oxigraph_serialize

from euaikg.results import Term
from euaikg.vocab import EUAI, RDF, RDFS, SKOS, XSD, compact, prefixes

Node = NamedNode | BlankNode | Triple
Statement = tuple[Node, NamedNode, Term]

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

_RANK = {iri: rank for rank, iri in enumerate(FIRST)}
_BARE = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a sort key in which ``p10`` comes after ``p9``."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"[0-9]+|[^0-9]+", text)]


def _object_key(term: Term) -> tuple[int, str, list[tuple[int, int, str]]]:
    if isinstance(term, Literal):
        return 1, term.language or "", natural(term.value)
    return 0, "", natural(str(term))


class Writer:
    """Writes terms and descriptions with ``known`` prefixes and notes which of them it used."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known = dict(prefixes() if known is None else known)
        self.used: set[str] = set()

    def term(self, term: Term) -> str:
        """Return ``term`` as Turtle writes it, shortened where a prefix fits."""
        if isinstance(term, NamedNode):
            name = compact(term.value, self.known)
            if name is None:
                return str(term)
            self.used.add(name.split(":", 1)[0])
            return name
        if isinstance(term, Literal):
            bare = _BARE.get(term.datatype.value)
            if bare and bare.fullmatch(term.value):
                return term.value
            if term.language is None and term.datatype.value != XSD + "string":
                text = str(Literal(term.value))
                return f"{text}^^{self.term(term.datatype)}"
        return str(term)

    def description(self, subject: Node, facts: Iterable[tuple[NamedNode, Term]], indent: str = "") -> str:
        """Return one subject with all its predicates and objects, ending in a full stop and a newline."""
        objects: dict[NamedNode, list[Term]] = {}
        for predicate, value in facts:
            objects.setdefault(predicate, []).append(value)
        lines = []
        for predicate in sorted(objects, key=self._predicate_key):
            verb = "a" if predicate.value == RDF + "type" else self.term(predicate)
            words = [self.term(value) for value in sorted(set(objects[predicate]), key=_object_key)]
            line = f"{verb} {', '.join(words)}"
            if len(words) > 1 and len(indent) + len(line) + 4 > WIDTH:
                line = f"{verb}\n{indent}    " + f",\n{indent}    ".join(words)
            lines.append(line)
        return f"{indent}{self.term(subject)} " + f" ;\n{indent}  ".join(lines) + " .\n"

    def _predicate_key(self, predicate: NamedNode) -> tuple[int, str]:
        return _RANK.get(predicate.value, len(FIRST)), compact(predicate.value, self.known) or predicate.value

    def descriptions(self, statements: Iterable[Statement], indent: str = "", *, ordered: bool = True) -> str:
        """Return the subjects of ``statements``, an empty line between them, by IRI unless ``ordered`` is false."""
        facts: dict[Node, list[tuple[NamedNode, Term]]] = {}
        for subject, predicate, value in statements:
            facts.setdefault(subject, []).append((predicate, value))
        subjects = sorted(facts, key=lambda node: natural(str(node))) if ordered else list(facts)
        return "\n".join(self.description(subject, facts[subject], indent) for subject in subjects)

    def header(self) -> str:
        """Return the prefix lines for the prefixes used so far."""
        return "".join(f"@prefix {prefix}: <{self.known[prefix]}> .\n" for prefix in sorted(self.used))


def turtle(triples: Iterable[Triple | Quad]) -> bytes:
    """Return ``triples`` as Turtle; of quads the graph is left out."""
    writer = Writer()
    body = writer.descriptions((triple.subject, triple.predicate, triple.object) for triple in triples)
    return f"{writer.header()}\n{body}".encode()


def trig(quads: Iterable[Quad]) -> bytes:
    """Return ``quads`` as TriG, the default graph first and the named graphs by IRI."""
    writer = Writer()
    graphs: dict[Node | DefaultGraph, list[Statement]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append((quad.subject, quad.predicate, quad.object))
    parts = []
    for name in sorted(graphs, key=lambda node: natural("" if isinstance(node, DefaultGraph) else str(node))):
        if isinstance(name, DefaultGraph):
            parts.append(writer.descriptions(graphs[name]))
        else:
            parts.append(f"{writer.term(name)} {{\n{writer.descriptions(graphs[name], '  ')}}}\n")
    return f"{writer.header()}\n{chr(10).join(parts)}".encode()


def lines(statements: Sequence[Triple] | Sequence[Quad], rdf_format: RdfFormat) -> bytes:
    """Return ``statements`` as sorted N-Triples or N-Quads."""
    text = oxigraph_serialize(statements, format=rdf_format)
    assert text is not None
    return b"".join(sorted(set(text.splitlines(keepends=True))))
