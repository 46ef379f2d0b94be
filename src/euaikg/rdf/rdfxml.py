"""RDF/XML, written by the engine; what the format cannot hold is refused before anything is given out.

What is read is refused before the engine sees it where its entities stand for far more than the text has.

The engine would write it all the same: a property whose IRI does not end in an XML name, a character that XML 1.0
forbids, and what is new in RDF 1.2.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from euaikg.core.vocab import RDF, TYPE
from euaikg.errors import OutputError
from euaikg.rdf.ntriples import BLOCK, RUN, TYPE_TOKEN, blocks

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f-\u2040{_START}]*>$")
"""What XML calls an NCName (Namespaces in XML 1.0, production 4), at the end of an IRI."""

_SYNTAX = {
    f"<{RDF}{name}>".encode()
    for name in (
        "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "Description",
        "aboutEach", "aboutEachPrefix", "bagID",
    )
}  # fmt: skip
_SIGNS = [re.compile(sign) for sign in (rb"\\[bfu]", rb"\xef\xbf[\xbe\xbf]", rb"<<\(", rb'"@[a-zA-Z-]*--')]
"""Every line whose value cannot be written has one of these; of other lines few do."""

_ENTITY = re.compile(r"<!ENTITY\s*%?\s*(\S+)\s+[\"']([^\"']*)")
_REFERENCE = re.compile(r"&([^&;\s]+);")

SPARE = 1 << 20
"""How many characters more than it has an RDF/XML text may stand for, whatever its length."""

_DECLARED = re.compile(' xmlns:[^=]+="([^"]*)"')
_TYPE = TYPE_TOKEN.encode()
_NAMELESS = "urn:nameless:"
"""Stands for :data:`RDF` in ``rdf:type`` before a class without an XML name, of which the engine makes an element."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot hold."""


def harmless(text: str) -> str:
    """Return the RDF/XML ``text`` as it is where its entities do not make much more of it.

    Raises :class:`ValueError` where they stand for more than ten times its length and for more than :data:`SPARE`: a
    few lines may so stand for more than any memory holds.
    """
    if "<!ENTITY" not in text:
        return text
    lengths: dict[str, int] = {}
    for name, value in _ENTITY.findall(text):
        lengths[name] = max(lengths.get(name, 0), len(value) + _referred(value, lengths))
    if sum(lengths.values()) + _referred(text, lengths) > max(10 * len(text), SPARE):
        raise ValueError("its entities stand for far more than the text has")
    return text


def _referred(text: str, lengths: Mapping[str, int]) -> int:
    return sum(lengths.get(name, 0) for name in _REFERENCE.findall(text))


def rdfxml(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Yield sorted ``lines`` of N-Triples as RDF/XML, with those of ``prefixes`` that it uses.

    Raises :class:`OutputError` for what the format cannot hold.
    """
    used = {RDF}

    def declaration(found: re.Match[str]) -> str:
        return found[0].replace(_NAMELESS, RDF) if found[1] in used else ""

    with tempfile.SpooledTemporaryFile(max_size=RUN * 256) as stream:
        serialize(_held(lines, used), stream, RdfFormat.RDF_XML, prefixes={**prefixes, "a": _NAMELESS})
        stream.seek(0)
        yield stream.readline()
        yield _DECLARED.sub(declaration, stream.readline().decode()).encode()
        while block := stream.read(BLOCK):
            yield block.replace(b"\r", b"&#13;")  # as it is, readers take it for the end of a line
    yield b"\n"


def _held(lines: Iterable[bytes], used: set[str]) -> Iterator[Quad]:
    """Yield the triples of ``lines``, and add to ``used`` the namespaces of the elements that the engine will write."""
    properties: set[bytes] = set()
    last = [b"", b"", b""]
    for block in blocks(lines):
        cut = [line[:-2].split(b" ", 2) for line in block.splitlines()]
        for token in sorted({predicate for _, predicate, _ in cut} - properties):
            namespace = _namespace(token)
            if namespace is None or token in _SYNTAX:
                raise OutputError(
                    f"RDF/XML cannot hold the property {token.decode()}, which does not end in an XML name; "
                    "use another format."
                )
            properties.add(token)
            used.add(namespace)
        pairs = pairwise([last, *cut])  # the class that comes first becomes the element of the thing
        classes = {now[2] for before, now in pairs if now[1] == _TYPE and now[0] != before[0] and now[2][:1] == b"<"}
        used.update(_namespace(token) or _NAMELESS for token in classes)
        last = cut[-1] if cut else last
        quads = parse(block, RdfFormat.N_TRIPLES, lenient=True)  # the engine wrote it
        yield from map(_checked, quads) if _NAMELESS in used or any(sign.search(block) for sign in _SIGNS) else quads


def _namespace(token: bytes) -> str | None:
    iri = token.decode()
    name = _NAME.search(iri)
    return iri[1 : name.start()] if name else None


def _checked(quad: Quad) -> Quad:
    value = quad.object
    if isinstance(value, Triple):
        raise OutputError(_newer("a triple as the value of another"))
    if isinstance(value, Literal):
        if value.direction:
            raise OutputError(_newer("text with a direction"))
        if _FORBIDDEN.search(value.value):
            raise OutputError(
                f"RDF/XML cannot hold a control character, as in a value of {quad.predicate}; use another format."
            )
    elif isinstance(value, NamedNode) and quad.predicate == TYPE and not _NAME.search(str(value)):
        return Quad(quad.subject, NamedNode(_NAMELESS + "type"), value)
    return quad


def _newer(what: str) -> str:
    return f"RDF/XML cannot hold {what} (RDF 1.2); write ntriples or nquads."
