"""The web side of a release: where its addresses lead, its few pages, and a note for language models.

Templates stand in ``templates/``; this module fills them with what the graph says. All text is escaped where it lands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from euaikg.core.vocab import BASE, DCT, EUAI, FOAF, OWL, RDF, RDFS, SKOS, compact
from euaikg.errors import InputError
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
    """Return ``url`` as the address of a folder, ending in a slash; raise :class:`InputError` where it is none."""
    if not re.fullmatch(r"https?://[^\s\"'<>#?%\\$]+", url):
        raise InputError(f"“{url}” is not an address for a folder; it must look like https://example.org/euaikg/.")
    return url if url.endswith("/") else url + "/"


def fill(template: str, **values: str) -> str:
    """Return the template with each ``@NAME@`` replaced by its value."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: values[match.group(1).lower()], text)


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
            rules.append(f'RewriteCond %{{HTTP:Accept}} "{start}{quality}(?:,|$)" [NC]')
            rules.append(f"RewriteRule ^ - [{','.join(f'E={form}:{value}' for form in forms)}]")
    return fill("htaccess", base=base_url, ranges="\n".join(rules)).encode()


READING_ORDER = """
PREFIX euai: <https://w3id.org/euaikg/ontology#>
SELECT ?version ?passage (MIN(?start) AS ?first)
WHERE { ?passage euai:inExpression ?version ; euai:span/euai:start ?start }
GROUP BY ?version ?passage
ORDER BY ?version ?first ?passage
"""


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
            return self.labels.get(term.value) or compact(term.value) or term.value
        return text(term)

    def link(self, term: Term | None) -> str:
        """Return ``term`` as HTML: a thing as a link with its name, a literal as text."""
        name = escape(self.of(term))
        if isinstance(term, NamedNode) and term.value.startswith(("http://", "https://")):
            return f'<a href="{escape(term.value)}">{name}</a>'
        return name

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
        """Return the passages of each document version, in reading order."""
        found: dict[str, list[NamedNode]] = {}
        for quad in self.store.quads_for_pattern(None, NamedNode(EUAI + "inExpression"), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                found.setdefault(quad.object.value, []).append(quad.subject)
        return {
            version: sorted(found[version], key=lambda passage: natural(passage.value)) for version in sorted(found)
        }


def facts(engine: Engine, names: Names) -> dict[str, list[list[str]]]:
    """Return for each thing what documents say of it, as cells of HTML: what, value, modality, source."""
    found: dict[str, list[list[str]]] = {}
    for name, subject, what, values in (
        ("relations", "subject", "relationLabel", ("object", "role")),
        ("status-timeline", "thing", "statusLabel", ("period", "actorLabel")),
        ("figures", "thing", "what", ("qualifierLabel", "value", "low", "high", "unit", "period")),
    ):
        answer = ask.question(engine, name).answer
        assert isinstance(answer, Table)
        rows = []
        for row in answer:
            thing, other = row[subject], row.get("object")
            assert isinstance(thing, NamedNode)
            value = " ".join(names.link(row[column]) for column in values if row[column] is not None)
            source = [names.link(row["modalityLabel"]), names.link(row["source"])]
            rows.append((thing.value, [names.link(row[what]), value, *source]))
            if isinstance(other, NamedNode) and other != thing:
                rows.append((other.value, [f"← {names.link(row[what])}", names.link(thing), *source]))
        for iri, cells in sorted(rows):
            found.setdefault(iri, []).append(cells)
    return found


def page(title: str, body: str, version: str, root: str = "", head: str = "") -> bytes:
    """Return a page; ``body`` and ``head`` are HTML already, ``root`` is the way up to the folder of the release."""
    return fill("page.html", title=escape(title), body=body, version=escape(version), root=root, head=head).encode()


def table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return rows of HTML cells as a table, or nothing where there are none."""
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n" if body else ""


def kind_page(
    kind: str, things: Iterable[NamedNode], names: Names, said: Mapping[str, list[list[str]]], version: str
) -> bytes:
    """Return the page of all things of one kind, each under its own anchor, with what is said of it and where."""
    parts = []
    for thing in things:
        also = [names.of(term) for term in names.values(thing, EUAI + "shortName", SKOS + "altLabel")]
        sentences = [
            ", ".join(names.of(term) for term in names.values(thing, RDF + "type") if EUAI in str(term)),
            "Also called " + "; ".join(also) if also else "",
            *(names.of(term) for term in names.values(thing, SKOS + "definition")),
        ]
        elsewhere = names.values(thing, OWL + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch", FOAF + "page")
        parts.append(
            f'<section id="{escape(thing.value.rsplit("/", 1)[1])}">\n'
            f'<h2><a href="{escape(thing.value)}">{escape(names.of(thing))}</a></h2>\n'
            + "".join(f"<p>{escape(sentence)}</p>\n" for sentence in sentences if sentence)
            + f'<p class="quiet">{" · ".join([escape(thing.value), *map(names.link, elsewhere)])}</p>\n'
            + table(("what", "value", "modality", "source"), said.get(thing.value, []))
            + "</section>"
        )
    return page(f"Things of the kind {kind}", "\n".join(parts), version, "../")


def source_page(version: NamedNode, passages: Iterable[NamedNode], names: Names, release: str) -> bytes:
    """Return the page of one document version: its passages in reading order, each with the facts it states."""
    parts = []
    for passage in passages:
        rows = sorted(
            ([names.link(quad.subject), names.link(quad.predicate), names.link(quad.object)])
            for quad in names.store.quads_for_pattern(None, None, None, passage)
        )
        modality = ", ".join(names.of(term) for term in names.values(passage, EUAI + "modality"))
        parts.append(
            f'<section id="{escape(passage.value.partition("#")[2])}">\n<h2>{escape(names.of(passage))}</h2>\n'
            f'<p class="quiet">{escape(modality or "states no fact that the graph keeps")}</p>\n'
            + table(("subject", "property", "value"), rows)
            + "</section>"
        )
    work, _, language = version.value.rpartition("/")
    return page(f"{names.of(NamedNode(work))} ({language})", "\n".join(parts), release, "../../")


def sources_page(names: Names, versions: Iterable[str], version: str) -> bytes:
    """Return the page of the documents: those that were read, and those that they name."""
    read: dict[str, list[str]] = {}
    for iri in versions:
        read.setdefault(iri.rpartition("/")[0], []).append(iri)
    parts = []
    for iri in sorted(iri for iri in names.labels if re.fullmatch(re.escape(BASE) + "source/[a-z0-9-]+", iri)):
        links = [f'<a href="{escape(one.removeprefix(BASE))}.html">{escape(one[-2:])}</a>' for one in read.get(iri, [])]
        parts.append(
            f'<section id="{escape(iri.rpartition("/")[2])}">\n<h2>{names.link(NamedNode(iri))}</h2>\n'
            f'<p class="quiet">{escape(iri)}</p>\n'
            + (f"<p>Read passage by passage: {', '.join(links)}</p>\n" if links else "")
            + "</section>"
        )
    return page("Documents", "\n".join(parts), version)


def index_page(
    kinds: Mapping[str, list[NamedNode]],
    sizes: Mapping[str, int],
    schema: bytes,
    version: str,
    date: str,
) -> bytes:
    """Return the page that the address of the dataset leads to, with its description for search engines."""
    data = table(("file", "bytes"), ([link(name), f"{size:,}".replace(",", " ")] for name, size in sizes.items()))
    more = table(
        ("file", "what it holds"),
        (
            [link(name), escape(what)]
            for name, what in (
                ("catalog.ttl", "the record for portals, DCAT-AP"),
                ("void.ttl", "counts and links, VoID"),
                ("ontology.html", "the classes and properties"),
                ("shapes.ttl", "the rules of the data, SHACL"),
                ("queries.ttl", "the stored questions"),
                ("source.html", "the documents"),
                ("feed.atom", "what changed"),
                ("SHA256SUMS", "checksums of all files"),
            )
        ),
    )
    things = table(("kind", "things"), ([link(f"id/{kind}.html"), str(len(kinds[kind]))] for kind in kinds))
    body = (
        "<p>Bodies, instruments, laws, infrastructure, actions, money and target dates, each fact tied to the passage "
        f"of a public document that states it. Version {escape(version)} of {escape(date)}, CC BY 4.0.</p>\n"
        f"<h2>The data</h2>\n{data}<h2>About it</h2>\n{more}<h2>Things by kind</h2>\n{things}"
        '<p class="quiet">Not a publication of the European Union.</p>'
    )
    head = f'<script type="application/ld+json">\n{schema.decode()}</script>'
    title = "EU initiatives on artificial intelligence: who pays for what, how much, by when, and who says so"
    return page(title, body, version, head=head)


def link(name: str) -> str:
    """Return a link to a file of the release."""
    return f'<a href="{escape(name)}">{escape(name)}</a>'


def ontology_page(names: Names, version: str) -> bytes:
    """Return the page of the ontology: its classes and properties, each under the anchor that its IRI ends in."""
    parts = []
    for iri in sorted(iri for iri in names.labels if iri.startswith(EUAI)):
        term = NamedNode(iri)
        rows = [
            [escape(title), ", ".join(map(names.link, values))]
            for title, values in (
                ("kind", names.values(term, RDF + "type")),
                ("below", names.values(term, RDFS + "subClassOf", RDFS + "subPropertyOf")),
                ("from", names.values(term, RDFS + "domain")),
                ("to", names.values(term, RDFS + "range")),
                ("means", names.values(term, SKOS + "definition")),
            )
            if values
        ]
        name = iri.removeprefix(EUAI)
        parts.append(
            f'<section id="{escape(name)}">\n<h2>{escape(name)}</h2>\n<p>{escape(names.of(term))}</p>\n'
            + table(("", ""), rows)
            + "</section>"
        )
    return page("The euaikg ontology", "\n".join(parts), version)
