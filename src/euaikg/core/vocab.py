"""Names of things: the base address, the project's prefixes, and short forms of IRIs.

The prefixes are read from ``ontology/prefixes.ttl``, their only home.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pyoxigraph import NamedNode, RdfFormat, parse

from euaikg.core import files

BASE = "https://w3id.org/euaikg/"
EUAI = BASE + "ontology#"
GRAPH = BASE + "graph/"
SOURCE = BASE + "source/"
SHAPE = BASE + "shape/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
DCT = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
OWL = "http://www.w3.org/2002/07/owl#"

TYPE = NamedNode(RDF + "type")

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


@cache
def prefixes() -> dict[str, str]:
    """Return the project's prefixes, ``{"body": "https://w3id.org/euaikg/id/body/", ...}``."""
    return declared(files.read_bytes(files.root() / "ontology" / "prefixes.ttl"))


def declared(content: bytes, rdf_format: RdfFormat = RdfFormat.TURTLE) -> dict[str, str]:
    """Return the prefixes that the RDF text ``content`` declares."""
    parser = parse(content, format=rdf_format)
    list(parser)
    return parser.prefixes


def compact(iri: str, known: dict[str, str] | None = None) -> str | None:
    """Return ``iri`` as ``prefix:local`` by the longest namespace among ``known``, or None where none fits.

    ``known`` defaults to the project's prefixes. Only local names that Turtle and SPARQL can write without an
    escape are shortened.
    """
    best = ""
    name = None
    for prefix, namespace in (prefixes() if known is None else known).items():
        if iri.startswith(namespace) and len(namespace) > len(best) and _LOCAL.fullmatch(iri, len(namespace)):
            best, name = namespace, f"{prefix}:{iri[len(namespace) :]}"
    return name


@lru_cache(maxsize=1 << 14)
def short(iri: str) -> str:
    """Return ``iri`` as ``prefix:local`` by the project's prefixes, or as it is where none fits."""
    return compact(iri) or iri


def expand(name: str) -> str | None:
    """Return the IRI that ``prefix:local`` stands for, or None where the prefix is not the project's."""
    prefix, colon, local = name.partition(":")
    namespace = prefixes().get(prefix) if colon else None
    return None if namespace is None else namespace + local
