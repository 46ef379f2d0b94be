"""The pages about the data itself: the ontology, the rules, the files, how to ask with SPARQL, and what this is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyoxigraph import NamedNode

from euaikg.core.vocab import EUAI, RDF, RDFS, SKOS
from euaikg.curation import ruleset
from euaikg.pages.view import Site, View

PATTERN = re.compile(r"(ontology|rules|data|sparql|about)\.html")

LIVE = ("euaikg.", "shapes.")
"""How the files are called that a server has too; the others are made with a release."""

SAID = (
    ("kind", RDF + "type"),
    ("below", RDFS + "subClassOf"),
    ("below", RDFS + "subPropertyOf"),
    ("from", RDFS + "domain"),
    ("to", RDFS + "range"),
    ("means", SKOS + "definition"),
    ("note", SKOS + "scopeNote"),
    ("example", SKOS + "example"),
)
"""What the page of the ontology says of a term, by the word for it."""


def addresses(_: Site) -> Iterator[str]:
    """Yield the addresses of the pages."""
    yield from (f"{name}.html" for name in ("ontology", "rules", "data", "sparql", "about"))


def page(view: View, name: str) -> bytes:
    """Return the page ``name``."""
    more: dict[str, Any] = {}
    if name == "ontology":
        more["terms"] = _terms(view)
    if name == "rules":
        more["rules"] = sorted(ruleset.rules().values(), key=lambda rule: rule.name)
    if name == "data":
        more["files"] = view.site.files
        named = view.words["files"]
        more["there"] = {name: named[name] for name in named if not view.site.live or name.startswith(LIVE)}
    return view.fill(f"{name}.html", **more)


def _terms(view: View) -> list[tuple[str, str, list[tuple[str, list[tuple[str, str]]]]]]:
    """Return the terms of the ontology: the end of the IRI, the name, and what is said of each, with links."""
    found = []
    terms = (iri for iri in view.site.labels["en"] if iri.startswith(EUAI))
    for iri in sorted(terms, key=lambda iri: (iri.lower(), iri)):
        said: dict[str, list[tuple[str, str]]] = {}
        for word, property_ in SAID:
            for term in view.values_of(iri, property_):
                link = view.link(term.value) if isinstance(term, NamedNode) else ""
                said.setdefault(view.words["said"][word], []).append((link, view.name(term)))
        found.append((iri.removeprefix(EUAI), view.name(iri), [*said.items()]))
    return found
