"""The catalogue: what a portal, a crawler or a search engine has to know of the data set and its files.

What can be written down stands in ``catalog/*.ttl``; sizes and checksums come from the bytes of the files, the time
covered, the documents behind it and all counts from the graph (``coverage.rq``, ``derived.rq``, ``counts/*.rq``), and
what follows from these from ``complete.ru``. The description is DCAT-AP; VoID and schema.org are made of it
(``void.rq``, ``schema-org.rq``), so that the three agree. Dates are those of the versions, never of today.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store, parse
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, FOAF
from rdflib.term import Node

from euaikg.core import addresses, files, suffixes, vocab, writing
from euaikg.core.progress import Progress, silent
from euaikg.core.version import __version__
from euaikg.errors import InputError, quote
from euaikg.exports import export
from euaikg.publishing.changes import AUTHORS
from euaikg.rdf import forms, ntriples, rdfxml, turtle
from euaikg.sparql import http
from euaikg.sparql.answers import Triples
from euaikg.sparql.embedded import Embedded, Engine

PACKED = ("rdfxml", "jsonld", "trig", "ntriples", "nquads")
"""The formats of files that are packed, to a tenth of their size and less; Turtle is there for those who just look."""

FILES = {
    "turtle": f"euaikg{forms.SUFFIXES['turtle']}",
    **{form: f"euaikg{forms.SUFFIXES[form]}{suffixes.PACKED}" for form in PACKED},
    **{form: f"euaikg-{form}.zip" for form in forms.TABLES},
}
"""The names of the files, by their formats; ``description.ttl`` describes each."""

DISTRIBUTED = tuple(FILES)

PROFILES = {"dcat-ap-3.0.1": ("sha256", XSD.nonNegativeInteger), "dcat-ap-2.1.1": ("sha1", XSD.decimal)}
"""The versions of DCAT-AP: the digest of a file in each, and the datatype of its size."""

SYNTAXES = ("turtle", "jsonld", "rdfxml")
"""The formats of the description, and those in which an address gives what it stands for, beside HTML."""

CATALOG = URIRef(vocab.BASE + "catalog")
DATASET = URIRef(vocab.BASE + "dataset")
SERVICE = URIRef(vocab.BASE + "service")
CONTACT = URIRef(vocab.BASE + "contact")

_DISTRIBUTION = vocab.BASE + "distribution/"
_ADDRESSES = (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, FOAF.homepage)
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_SPDX = Namespace("http://spdx.org/rdf/terms#")


def contents(store: Store, progress: Progress = silent) -> dict[str, bytes]:
    """Return the files that the catalogue lists, by format; Parquet where pyarrow is installed."""
    made = {}
    for form in DISTRIBUTED:
        if form not in forms.TABLES:
            progress(f"measuring {form}")
            whole = export.whole(store, form)
            made[form] = b"".join(writing.packed([whole])) if form in PACKED else whole
    progress("measuring tables")
    possible = [form for form in forms.TABLES if form == "csv" or importlib.util.find_spec("pyarrow")]
    return made | export.archives(store, possible)


def describe(
    engine: Engine,
    made: Mapping[str, bytes],
    *,
    profile: str = "dcat-ap-3.0.1",
    base: str | None = None,
    endpoint: str | None = None,
    email: str | None = None,
    language: str | None = None,
    versions: bool = False,
    version: str = __version__,
    authors: str = AUTHORS,
) -> Graph:
    """Return the DCAT-AP description of the files ``made`` of the graph that ``engine`` answers for.

    ``base`` is the address below which the files are hosted, that of the project unless it is given; the names of
    things do not change with it. A data service is described when ``endpoint`` is given, and an address for people
    when ``email`` is. With a ``language`` (en or nl) nothing is said in the other one where it is said in this. With
    ``versions`` the versions are described and not the data set in general; the current one has the number
    ``version``; ``authors`` is whose it is. Raises :class:`InputError` for a base or
    an e-mail address that is none and for a profile that is not known, and :class:`EndpointError` for an endpoint.
    """
    if profile not in PROFILES:
        raise InputError(f"There is no profile {profile}; there are {', '.join(PROFILES)}.")
    graph = _read("description.ttl", "authorities.ttl")
    if version != __version__:
        _numbered(graph, version)
    if authors != AUTHORS:
        named = [*graph.triples((None, FOAF.name, None)), *graph.triples((None, _VCARD.fn, None))]
        for subject, predicate, name in named:
            graph.remove((subject, predicate, name)).add((subject, predicate, Literal(authors)))
    if endpoint is not None:
        graph += _read("service.ttl")
        for place in (DCAT.endpointURL, DCAT.endpointDescription):
            graph.add((SERVICE, place, URIRef(http.address(endpoint))))
    graph += answers(engine, [files.root() / "catalog" / f"{name}.rq" for name in ("coverage", "derived")])
    for file in list(graph.objects(DATASET, DCAT.distribution)):
        content = made.get(str(file).removeprefix(_DISTRIBUTION))
        if content is None:
            graph.remove((file, None, None))
            graph.remove((None, None, file))
        else:
            _measure(graph, file, content, *PROFILES[profile])
    if email is not None:
        graph.add((CONTACT, _VCARD.hasEmail, URIRef(f"mailto:{mailbox(email)}")))
    graph.update(_text("complete.ru"))
    graph.update(_text("versions.ru" if versions else "without-versions.ru"))
    if language is not None:
        _speak(graph, language)
    change = files.root() / "catalog" / f"{profile}.ru"
    if change.exists():
        graph.update(files.read_text(change))
    return graph if base is None else _moved(graph, addresses.folder(base))


def _numbered(graph: Graph, version: str) -> None:
    """Give the current version in ``graph`` the number ``version``."""
    old, new = URIRef(f"{DATASET}/{__version__}"), URIRef(f"{DATASET}/{version}")
    for subject, predicate, value in [*graph.triples((None, None, None))]:
        first, last = (new if term == old else term for term in (subject, value))
        if predicate == DCAT.version and str(value) == __version__:
            last = Literal(version)
        if (first, last) != (subject, value):
            graph.remove((subject, predicate, value)).add((first, predicate, last))


def mailbox(text: str) -> str:
    """Return the e-mail address ``text``; raise :class:`InputError` where it is none."""
    if not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise InputError(f"{quote(text)} is no e-mail address.")
    return text


def _speak(graph: Graph, language: str) -> None:
    """Leave out of ``graph`` what it says in another language beside ``language``."""
    for thing, property_, text in list(graph):
        other = getattr(text, "language", None) not in (None, language)
        if other and any(getattr(o, "language", None) == language for o in graph.objects(thing, property_)):
            graph.remove((thing, property_, text))


def answers(engine: Engine, paths: Iterable[Path]) -> Graph:
    """Return all that the CONSTRUCT queries at ``paths`` answer on the graph."""
    found = Graph()
    for path in paths:
        answer = engine.run(files.read_text(path))
        assert isinstance(answer, Triples)
        found.parse(forms.encode(answer.triples, "ntriples"), format="nt")
    return found


def counts(engine: Engine) -> Graph:
    """Return the statistics of the flat graph, and of its links to others, in VoID."""
    return answers(engine, files.shipped("catalog/counts", ".rq"))


def translated(description: Graph, numbers: Graph, vocabulary: str) -> Graph:
    """Return the description, with the counts ``numbers``, in the ``vocabulary`` void or schema.org."""
    query = "void.rq" if vocabulary == "void" else "schema-org.rq"
    made = answers(asked(description + numbers), [files.root() / "catalog" / query])
    return made + numbers if vocabulary == "void" else made


def asked(graph: Graph) -> Embedded:
    """Return an engine over ``graph``."""
    store = Store()
    store.load(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    return Embedded(store)


def written(graph: Graph, syntax: str) -> bytes:
    """Return ``graph`` in one of :data:`SYNTAXES`, the same bytes for the same triples."""
    text = "".join(sorted(graph.serialize(format="nt").splitlines(keepends=True)))
    if syntax == "jsonld":
        return json.dumps(_compact(text), ensure_ascii=False, indent=1).encode() + b"\n"
    triples = [quad.triple for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES)]
    if syntax == "turtle":
        writer = turtle.Writer(prefixes())
        body = writer.descriptions(triples)
        return f"{writer.header()}\n{body}".encode()
    return b"".join(rdfxml.rdfxml(ntriples.ordered(ntriples.of_triples(triples)()), prefixes()))


def embedded(graph: Graph) -> bytes:
    """Return the schema.org description ``graph`` as nested JSON-LD that can stand in a ``script`` element."""
    frame = {"@context": {"@vocab": "https://schema.org/"}, "@type": "Dataset", "@embed": "@always"}
    nested = _jsonld().frame(_expanded(graph.serialize(format="nt")), frame, {"documentLoader": _refuse})
    text = json.dumps(_sorted(nested), ensure_ascii=False, indent=1)
    return text.replace("</", "<\\/").encode() + b"\n"


@cache
def prefixes() -> dict[str, str]:
    """Return the project's prefixes and those of the catalogue's own files."""
    found = dict(vocab.prefixes())
    for name in ("description.ttl", "authorities.ttl"):
        found.update(vocab.declared(_text(name).encode()))
    return found


def _read(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(data=_text(name), format="turtle")
    return graph


def _text(name: str) -> str:
    return files.read_text(files.root() / "catalog" / name)


def _measure(graph: Graph, file: Any, content: bytes, algorithm: str, number: URIRef) -> None:
    checksum = URIRef(f"{file}#checksum")
    digest = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    graph.add((file, DCAT.byteSize, Literal(str(len(content)), datatype=number)))
    graph.add((file, _SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, _SPDX.Checksum))
    graph.add((checksum, _SPDX.algorithm, _SPDX[f"checksumAlgorithm_{algorithm}"]))
    graph.add((checksum, _SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary)))


def _moved(graph: Graph, base: str) -> Graph:
    """Return ``graph`` with the addresses (not the names) below the project's base put below ``base``."""
    places = {str(value) for place in _ADDRESSES for value in graph.objects(None, place)}
    below = {place.removeprefix(vocab.BASE) for place in places if place.startswith(vocab.BASE)}
    new: dict[Node, Node] = {URIRef(vocab.BASE + rest): URIRef(base + rest) for rest in below}
    moved = Graph()
    for subject, predicate, value in graph:
        moved.add((new.get(subject, subject), predicate, new.get(value, value)))
    return moved


def _compact(text: str) -> Any:
    context = {name: iri for name, iri in sorted(prefixes().items()) if f"<{iri}" in text}
    compacted = _jsonld().compact(_expanded(text), context, {"documentLoader": _refuse, "graph": True})
    return _sorted(compacted)


def _expanded(text: str) -> Any:
    return _jsonld().from_rdf(text, {"format": "application/n-quads", "useNativeTypes": True})


def _jsonld() -> Any:
    return importlib.import_module("pyld.jsonld")


def _refuse(url: str, _: Any) -> Any:
    raise InputError(f"{url} is not fetched.")


def _sorted(node: Any) -> Any:
    """Return the JSON value ``node`` with keys and unordered arrays sorted, ``@context`` first."""
    if isinstance(node, dict):
        keys = sorted(node, key=lambda key: (key != "@context", not key.startswith("@"), key))
        return {key: node[key] if key == "@context" else _sorted(node[key]) for key in keys}
    if isinstance(node, list):
        return sorted((_sorted(item) for item in node), key=lambda item: json.dumps(item, sort_keys=True))
    return node
