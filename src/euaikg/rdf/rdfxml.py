"""RDF/XML: one graph, each property written as an element, by the W3C's RDF 1.1 XML Syntax.

RDF/XML cannot write a property whose IRI does not end in an XML name, nor a character that XML 1.0 forbids; such
content is refused before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from euaikg.core.vocab import RDF, prefixes
from euaikg.errors import OutputError
from euaikg.rdf.ntriples import Facts, Token, grouped, headed, unescaped, value
from euaikg.rdf.turtle import FIRST, RANK, arranged

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f-\u2040{_START}]*$")
"""What XML calls an NCName (Namespaces in XML 1.0, production 4), at the end of an IRI."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_SIMPLE = re.compile("[\u0020!#-%'-;=?-\\[\\]-\u007e\u00a0-\ud7ff]*").fullmatch  # needs no escape here or in N-Triples
_SPECIAL = re.compile('[&<>"\r]')
_REFUSED = "RDF/XML cannot hold a control character, as in a value of {}; use another format."
_SYNTAX = {
    RDF + name
    for name in (
        "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "Description",
        "aboutEach", "aboutEachPrefix", "bagID",
    )
}  # fmt: skip


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ENTITIES[found[0]], text)


class _Writer:
    def __init__(self) -> None:
        self.known = prefixes()
        self.by_namespace = {namespace: prefix for prefix, namespace in self.known.items()}
        self.used = {"rdf"}
        self.names: dict[Token, tuple[str, str]] = {}
        self.references: dict[Token, str] = {}

    def name(self, token: Token) -> tuple[str, str]:
        """Return the element name for a property, and the declaration it needs on the element itself."""
        if token not in self.names:
            iri = token[1:-1]
            starts = _starts(iri)
            if not starts or iri in _SYNTAX:
                raise OutputError(
                    f"RDF/XML cannot hold the property {token}, which does not end in an XML name; use another format."
                )
            start = next((start for start in starts if iri[:start] in self.by_namespace), None)
            if start is not None:
                prefix = self.by_namespace[iri[:start]]
                self.used.add(prefix)
                self.names[token] = f"{prefix}:{iri[start:]}", ""
            else:
                self.names[token] = f"ns:{iri[starts[0] :]}", f' xmlns:ns="{_escaped(iri[: starts[0]])}"'
        return self.names[token]

    def reference(self, token: Token) -> str:
        """Return the attribute that links to ``token``."""
        if token not in self.references:
            self.references[token] = _reference(token, "resource")
        return self.references[token]

    def key(self, predicate: Token) -> tuple[int, str]:
        return RANK.get(predicate, len(FIRST)), self.name(predicate)[0]

    def description(self, subject: Token, facts: Facts) -> str:
        lines = [f"  <rdf:Description {_reference(subject, 'about')}>"]
        for predicate, objects in arranged(facts, self.key):
            name, declared = self.name(predicate)
            for token in objects:
                if not token.startswith('"'):
                    lines.append(f"    <{name}{declared} {self.reference(token)}/>")
                    continue
                text, language, datatype = value(token)
                if not _SIMPLE(text):
                    text = _escaped(unescaped(text))
                    if _FORBIDDEN.search(text):
                        raise OutputError(_REFUSED.format(predicate))
                if "--" in language:
                    raise OutputError(_newer("text with a direction"))
                kind = f' rdf:datatype="{_escaped(datatype)}"' if datatype else ""
                kind = f' xml:lang="{language}"' if language else kind
                lines.append(f"    <{name}{declared}{kind}>{text}</{name}>")
        return "\n".join(lines) + "\n  </rdf:Description>\n"

    def header(self) -> str:
        declared = "".join(f'\n  xmlns:{prefix}="{_escaped(self.known[prefix])}"' for prefix in sorted(self.used))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'


def _starts(iri: str) -> list[int]:
    """Return the places at which a name at the end of ``iri`` can start, the longest name first."""
    return [at for at in range(len(iri)) if _NAME.match(iri, at)]


def _reference(token: Token, attribute: str) -> str:
    if token.startswith("_:"):
        return f'rdf:nodeID="{token[2:]}"'
    if token.startswith("<<"):
        raise OutputError(_newer("a triple as the value of another"))
    return f'rdf:{attribute}="{_escaped(token[1:-1])}"'


def _newer(what: str) -> str:
    return f"RDF/XML cannot hold {what} (RDF 1.2); write ntriples or nquads."


def rdfxml(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted ``lines`` of N-Triples as RDF/XML.

    Raises :class:`OutputError` for what the format cannot hold.
    """
    writer = _Writer()

    def body() -> Iterator[str]:
        for subject, facts in grouped(lines):
            yield writer.description(subject, facts)
        yield "</rdf:RDF>\n"

    return headed(body(), writer.header)
