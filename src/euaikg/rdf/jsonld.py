"""JSON-LD 1.1 for developers: keys are the local names of ``ontology/context.jsonld``, which goes into every file.

Names in several languages are language maps, links are IRIs, dates, decimals and other typed values are text whose
type the context tells. Whole numbers and truth values are those of JSON; a whole number beyond 2^53, which many
readers of JSON would round, is text too. What does not fit its term stands under the full IRI of the property. Of the
context a file holds the terms that it uses, so that nothing has to be fetched to read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from euaikg.core import files
from euaikg.core.groups import by_key
from euaikg.core.vocab import BASE, XSD
from euaikg.errors import OutputError
from euaikg.rdf.ntriples import TYPE_TOKEN, Facts, Token, grouped, headed, unescaped, value
from euaikg.rdf.turtle import FIRST, RANK, arranged

CONTEXT_IRI = BASE + "context/v1.jsonld"
"""Under this address the context is published; nothing here ever fetches it."""

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,15}")
_SAFE = 2**53  # the whole numbers below it are exact in IEEE 754 doubles, hence in every reader (RFC 8259, section 6)


@dataclass(frozen=True)
class Term:
    """A term of the context for a property: its ``name``, the ``kind`` of values it takes, and if always a list.

    The kind is ``@id`` for links, ``@language`` for language maps, the IRI of a datatype, or "" for plain text.
    """

    name: str
    kind: str
    is_list: bool


@cache
def context() -> dict[str, Any]:
    """Return the context: what stands under ``@context`` in ``ontology/context.jsonld``."""
    document = json.loads(files.read_text(files.root() / "ontology" / "context.jsonld"))
    found: dict[str, Any] = document["@context"]
    return found


def with_context(text: str) -> str:
    """Return the JSON-LD ``text`` with our own context in it wherever it stands there by its address."""
    if CONTEXT_IRI not in text:
        return text
    try:
        return json.dumps(_resolved(json.loads(text)), ensure_ascii=False)
    except (ValueError, RecursionError):  # no JSON: whoever reads it says so
        return text


def _resolved(content: Any, is_context: bool = False) -> Any:
    if is_context and content == CONTEXT_IRI:
        return context()
    if isinstance(content, list):
        return [_resolved(item, is_context) for item in content]
    if isinstance(content, dict):
        return {key: _resolved(item, key == "@context") for key, item in content.items()}
    return content


@cache
def classes() -> dict[str, str]:
    """Return the term of each class by its IRI."""
    return {iri: name for name, iri in context().items() if isinstance(iri, str) and not iri.startswith("@")}


@cache
def properties() -> dict[str, Term]:
    """Return the term of each property by its IRI."""
    found = {}
    for name, definition in context().items():
        if isinstance(definition, dict):
            holds = definition.get("@container", [])
            containers = [holds] if isinstance(holds, str) else holds
            kind = "@language" if "@language" in containers else definition.get("@type", "")
            found[definition["@id"]] = Term(name, kind, "@set" in containers)
    return found


_TYPES = Term("type", "@type", False)


class Writer:
    """Writes descriptions as JSON and notes which terms of the context it used."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.terms = {f"<{iri}>": term for iri, term in properties().items()}
        self.classes = {f"<{iri}>": name for iri, name in classes().items()}

    def node(self, subject: Token, facts: Facts, indent: str) -> str:
        """Return one subject as a JSON object, each key on a line of its own."""
        lines = [f'"id": {_reference(subject)}']
        for predicate, objects in arranged(facts, self._key):
            lines += [f"{_text(key)}: {content}" for key, content in self._entries(predicate, objects)]
        return f"{indent}{{\n{indent}  " + f",\n{indent}  ".join(lines) + f"\n{indent}}}"

    def _key(self, predicate: Token) -> tuple[int, str]:
        term = self.terms.get(predicate)
        return RANK.get(predicate, len(FIRST)), term.name if term else predicate

    def _entries(self, predicate: Token, objects: list[Token]) -> Iterator[tuple[str, str]]:
        term = _TYPES if predicate == TYPE_TOKEN else self.terms.get(predicate)
        fits = [token for token in objects if term and _is_kind(token, term.kind)]
        if term and fits:
            self.used.add(term.name)
            yield term.name, self._values(term, fits)
        if len(fits) < len(objects):
            yield predicate[1:-1], _listed([_expanded(token) for token in objects if token not in fits], False)

    def _values(self, term: Term, tokens: list[Token]) -> str:
        if term.kind == "@type":
            self.used.update(self.classes[token] for token in tokens if token in self.classes)
            names = [_text(self.classes[token]) if token in self.classes else _reference(token) for token in tokens]
            return _listed(names, False)
        if term.kind == "@id":
            return _listed([_reference(token) for token in tokens], term.is_list)
        if term.kind == "@language":
            languages = by_key((language, _text(unescaped(text))) for text, language, _ in map(value, tokens))
            entries = [f"{_text(name)}: {_listed(texts, term.is_list)}" for name, texts in sorted(languages.items())]
            return "{" + ", ".join(entries) + "}"
        return _listed([_plain(token) for token in tokens], term.is_list)

    def header(self) -> str:
        """Return the beginning of the document, with the part of the context used so far."""
        return heading(context(), self.used)


def heading(known: Mapping[str, Any], used: Iterable[str]) -> str:
    """Return the beginning of a document whose context holds those of the ``known`` terms that are ``used``."""
    kept = {"@version", "@protected", "id", *used}
    lines = [f"    {_text(name)}: {_json(definition)}" for name, definition in known.items() if name in kept]
    return '{\n  "@context": {\n' + ",\n".join(lines) + '\n  },\n  "@graph": ['


def _is_kind(token: Token, wanted: str) -> bool:
    """Say whether ``token`` is of the kind that a term takes."""
    if not token.startswith('"'):
        return wanted in ("@id", "@type")
    _, language, datatype = value(token)
    return (wanted == "@language" and "--" not in language) if language else wanted == datatype


def _plain(token: Token) -> str:
    """Return a literal as JSON, its type being told by the context."""
    text, _, datatype = value(token)
    if datatype == XSD + "integer" and _WHOLE.fullmatch(text) and abs(int(text)) < _SAFE:
        return text
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return text
    return _text(unescaped(text))


def _expanded(token: Token) -> str:
    """Return a value as JSON that needs no term of the context but ``id``."""
    content = expanded(token)
    if "@id" in content:
        return f'{{"id": {_reference(token)}}}'
    return _json(content if len(content) > 1 else content["@value"])


def identifier(token: Token) -> str:
    """Return what ``@id`` holds for ``token``; raise :class:`OutputError` for a triple, which it cannot hold."""
    if token.startswith("<<"):
        raise OutputError("JSON-LD cannot hold a triple as the value of another (RDF 1.2); write ntriples or nquads.")
    return token[1:-1] if token.startswith("<") else token


def expanded(token: Token) -> dict[str, Any]:
    """Return a value as expanded JSON-LD; raise :class:`OutputError` for what JSON-LD cannot hold."""
    if not token.startswith('"'):
        return {"@id": identifier(token)}
    text, language, datatype = value(token)
    if language:
        tag, _, direction = language.partition("--")
        return {"@value": unescaped(text), "@language": tag} | ({"@direction": direction} if direction else {})
    if not datatype:
        return {"@value": unescaped(text)}
    return {"@value": json.loads(_plain(token)), "@type": datatype}


def _reference(token: Token) -> str:
    return _text(identifier(token))


def _listed(values: list[str], always: bool) -> str:
    return values[0] if len(values) == 1 and not always else f"[{', '.join(values)}]"


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


_text = json.encoder.encode_basestring


def flat(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted ``lines`` of N-Triples as JSON-LD, a list of things."""
    writer = Writer()

    def body() -> Iterator[str]:
        yield from _separated(writer.node(subject, facts, "") for subject, facts in grouped(lines))
        yield "\n  ]\n}\n"

    return headed(body(), writer.header)


def dataset(graphs: Iterable[tuple[Token, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield ``graphs``, each a name and sorted lines of N-Triples, as JSON-LD, a list of named graphs."""
    writer = Writer()

    def body() -> Iterator[str]:
        before = ""
        for name, lines in graphs:
            yield f'{before}\n    {{\n      "id": {_reference(name)},\n      "@graph": ['
            yield from _separated(writer.node(subject, facts, "        ") for subject, facts in grouped(lines))
            yield "\n      ]\n    }"
            before = ","
        yield "\n  ]\n}\n"

    return headed(body(), writer.header)


def _separated(nodes: Iterable[str]) -> Iterator[str]:
    before = "\n"
    for node in nodes:
        yield before + node
        before = ",\n"
