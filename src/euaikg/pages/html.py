"""The web side of a release: where its addresses lead, its few pages, and a note for language models.

How they look stands in ``templates/``; this module finds what they say in the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from euaikg.core import addresses, templates
from euaikg.core.groups import by_key
from euaikg.core.vocab import BASE, DCT, EUAI, FOAF, RDF, RDFS, SKOS, short
from euaikg.errors import InputError, quote
from euaikg.questions import ask
from euaikg.rdf.terms import Term, text
from euaikg.rdf.turtle import natural
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Engine

TEMPLATES = Path(__file__).parent / "templates"

RANGES = {
    "*/*": ("TTL", "JSONLD", "RDF", "HTML"),
    "text/*": ("TTL", "HTML"),
    "application/*": ("JSONLD", "RDF"),
    "application/json": ("JSONLD",),
    "application/xhtml+xml": ("HTML",),
    "text/turtle": ("TTL",),
    "application/ld+json": ("JSONLD",),
    "application/rdf+xml": ("RDF",),
    "text/html": ("HTML",),
}
"""The media ranges that are understood, the less exact first, each with the forms that it stands for."""


def base(url: str) -> str:
    """Return ``url`` as the address of a folder that a ``.htaccess`` can hold, ending in a slash.

    Raises :class:`InputError` where it is none, as :func:`euaikg.core.addresses.folder` does.
    """
    found = addresses.folder(url)
    if re.search(r"['%$]", found):
        raise InputError(f"{quote(url)} cannot stand in a .htaccess; leave out quotes, percent and dollar signs.")
    return found


def fill(template: str, **values: object) -> bytes:
    """Return ``template``, one of ``templates/``, with ``values``."""
    return templates.fill(TEMPLATES / template, **values).encode()


def htaccess(base_url: str) -> bytes:
    """Return the ``.htaccess`` for w3id.org: content negotiation by quality values, and 303 for things.

    Apache's own negotiation chooses among files beside it, while w3id.org holds none; so the quality values (RFC
    9110, section 12.4.2) are read by rewrite rules.
    """
    rules = []
    for media, forms in RANGES.items():
        start = rf"(?:^|,)\s*{re.escape(media)}(?:\s*;(?!\s*q\s*=)[^,;]*)*\s*"
        rest = r"\s*(?:;[^,]*)?"
        for quality, value in (
            (rf";\s*q\s*=\s*0(?:\.0*)?{rest}", "0"),
            (rf";\s*q\s*=\s*(0\.[0-9]*[1-9][0-9]*){rest}", "%1"),
            (rf"(?:;\s*q\s*=\s*1(?:\.0*)?{rest})?", "1"),
        ):
            rules.append((f"{start}{quality}(?:,|$)", ",".join(f"E={form}:{value}" for form in forms)))
    return fill("htaccess", base=base_url, ranges=rules)


class Part(NamedTuple):
    """A piece of text in a page, and the address on the web that it leads to, or none."""

    address: str
    name: str


Row = list[list[Part]]
"""The cells of a row of a table."""


class Names:
    """What the pages say of every thing apart from statements: its name, kinds, definition, and places elsewhere."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.labels: dict[str, str] = {}
        for iri in (DCT + "bibliographicCitation", RDFS + "label", SKOS + "prefLabel"):  # the best name comes last
            for quad in store.quads_for_pattern(None, NamedNode(iri), None, DefaultGraph()):
                name = quad.object
                if isinstance(quad.subject, NamedNode) and isinstance(name, Literal) and name.language in ("en", None):
                    self.labels[quad.subject.value] = name.value

    def of(self, term: Term | None) -> str:
        """Return the name of ``term``, or the shortest form of its IRI; of a literal its text for people."""
        if isinstance(term, NamedNode):
            return self.labels.get(term.value) or short(term.value)
        return text(term)

    def part(self, term: Term | None) -> Part:
        """Return ``term`` as a part of a page: a thing with its address, a literal as text."""
        leads = isinstance(term, NamedNode) and term.value.startswith(("http://", "https://"))
        return Part(term.value if isinstance(term, NamedNode) and leads else "", self.of(term))

    def values(self, thing: NamedNode, *properties: str) -> list[Term]:
        """Return the values of ``thing`` for ``properties`` in order; of texts those in English or in no language."""
        found = {
            quad.object
            for iri in properties
            for quad in self.store.quads_for_pattern(thing, NamedNode(iri), None, DefaultGraph())
            if not isinstance(quad.object, Literal) or quad.object.language in ("en", None)
        }
        return sorted(found, key=lambda term: natural(str(term)))

    def by_kind(self) -> dict[str, list[NamedNode]]:
        """Return the named things by the kind in their IRI, ``{"body": [...], ...}``, sorted by name."""
        found: dict[str, list[NamedNode]] = {}
        for iri in self.labels:
            kind, _, slug = iri.removeprefix(BASE + "id/").partition("/")
            if iri.startswith(BASE + "id/") and slug:
                found.setdefault(kind, []).append(NamedNode(iri))
        return {kind: sorted(found[kind], key=lambda thing: (self.of(thing), thing.value)) for kind in sorted(found)}

    def passages(self) -> dict[str, list[NamedNode]]:
        """Return the passages of each document version with an address of ours, in reading order."""
        found = by_key(
            (quad.object.value, quad.subject)
            for quad in self.store.quads_for_pattern(None, NamedNode(EUAI + "inExpression"), None, DefaultGraph())
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
            if quad.object.value.startswith(BASE + "source/")
        )
        return {
            version: sorted(found[version], key=lambda passage: natural(passage.value)) for version in sorted(found)
        }


def facts(engine: Engine, names: Names) -> dict[str, list[Row]]:
    """Return for each thing what documents say of it: what, value, modality, source."""
    found: dict[str, list[Row]] = {}
    for name, subject, what, values in (
        ("relations", "subject", "relationLabel", ("object", "role")),
        ("status-timeline", "thing", "statusLabel", ("period", "actorLabel")),
        ("figures", "thing", "what", ("qualifierLabel", "value", "low", "high", "unit", "period")),
    ):
        answer = ask.question(engine, name).answer
        assert isinstance(answer, Table)
        rows: list[tuple[str, Row]] = []
        for row in answer:
            thing, other, said = row[subject], row.get("object"), names.part(row[what])
            assert isinstance(thing, NamedNode)
            value = [names.part(row[column]) for column in values if row[column] is not None]
            source = [[names.part(row["modalityLabel"])], [names.part(row["source"])]]
            rows.append((thing.value, [[said], value, *source]))
            if isinstance(other, NamedNode) and other != thing:
                rows.append((other.value, [[Part("", "←"), said], [names.part(thing)], *source]))
        for iri, cells in sorted(rows):
            found.setdefault(iri, []).append(cells)
    return found


def kind_page(
    kind: str, things: Iterable[NamedNode], names: Names, said: Mapping[str, list[Row]], version: str
) -> bytes:
    """Return the page of all things of one kind, each under its own anchor, with what is said of it and where."""
    told = []
    for thing in things:
        also = [names.of(term) for term in names.values(thing, EUAI + "shortName", SKOS + "altLabel")]
        sentences = [
            ", ".join(names.of(term) for term in names.values(thing, RDF + "type") if EUAI in str(term)),
            "Also called " + "; ".join(also) if also else "",
            *(names.of(term) for term in names.values(thing, SKOS + "definition")),
        ]
        elsewhere = names.values(
            thing, "https://schema.org/sameAs", SKOS + "exactMatch", SKOS + "closeMatch", FOAF + "page"
        )
        told.append(
            {
                "iri": thing.value,
                "anchor": thing.value.rpartition("/")[2],
                "name": names.of(thing),
                "sentences": list(filter(None, sentences)),
                "elsewhere": list(map(names.part, elsewhere)),
                "rows": said.get(thing.value, []),
            }
        )
    return fill("kind.html", kind=kind, sections=told, version=version)


def source_page(version: NamedNode, passages: Iterable[NamedNode], names: Names, release: str) -> bytes:
    """Return the page of one document version: its passages in reading order, each with the facts it states."""
    told = [
        {
            "anchor": passage.value.partition("#")[2],
            "name": names.of(passage),
            "modality": ", ".join(names.of(term) for term in names.values(passage, EUAI + "modality")),
            "rows": sorted(
                [[names.part(term)] for term in quad.triple]
                for quad in names.store.quads_for_pattern(None, None, None, passage)
            ),
        }
        for passage in passages
    ]
    work, _, language = version.value.rpartition("/")
    return fill("source.html", title=f"{names.of(NamedNode(work))} ({language})", sections=told, version=release)


def sources_page(names: Names, versions: Iterable[str], version: str) -> bytes:
    """Return the page of the documents: those that were read, and those that they name."""
    read = by_key((iri.rpartition("/")[0], Part(f"{iri.removeprefix(BASE)}.html", iri[-2:])) for iri in versions)
    told = [
        {
            "iri": iri,
            "anchor": iri.rpartition("/")[2],
            "link": names.part(NamedNode(iri)),
            "versions": read.get(iri, []),
        }
        for iri in sorted(names.labels)
        if re.fullmatch(re.escape(BASE) + "source/[a-z0-9-]+", iri)
    ]
    return fill("sources.html", sections=told, version=version)


def index_page(
    kinds: Mapping[str, list[NamedNode]], sizes: Mapping[str, int], schema: bytes, version: str, date: str
) -> bytes:
    """Return the page that the address of the dataset leads to, with its description for search engines."""
    return fill(
        "index.html",
        kinds=[(f"id/{kind}.html", len(things)) for kind, things in kinds.items()],
        sizes=[(name, text(Literal(size))) for name, size in sizes.items()],
        schema=schema.decode(),
        version=version,
        date=date,
    )


def ontology_page(names: Names, version: str) -> bytes:
    """Return the page of the ontology: its classes and properties, each under the anchor that its IRI ends in."""
    told = []
    for iri in sorted(iri for iri in names.labels if iri.startswith(EUAI)):
        term = NamedNode(iri)
        rows = [
            [[Part("", title)], list(map(names.part, values))]
            for title, values in (
                ("kind", names.values(term, RDF + "type")),
                ("below", names.values(term, RDFS + "subClassOf", RDFS + "subPropertyOf")),
                ("from", names.values(term, RDFS + "domain")),
                ("to", names.values(term, RDFS + "range")),
                ("means", names.values(term, SKOS + "definition")),
            )
            if values
        ]
        told.append({"anchor": iri.removeprefix(EUAI), "name": names.of(term), "rows": rows})
    return fill("ontology.html", sections=told, version=version)
