"""A release: one folder with everything a portal, a crawler or a reader needs, ready to be uploaded as it is.

The folder depends on the data, the version and the address alone: the same input gives the same bytes. It is written
beside its place and takes it in one step.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse
from rdflib.namespace import DCTERMS

from euaikg.core import files, folders, suffixes, templates, writing
from euaikg.core.progress import Progress, silent
from euaikg.core.spread import Job, spread
from euaikg.core.version import __version__
from euaikg.core.vocab import BASE, EUAI, RDF
from euaikg.curation import published
from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.graph import build
from euaikg.pages import browser, search, site, view, w3id
from euaikg.pages.view import LANGUAGES, Site
from euaikg.publishing import benchmark, changes, dcat, events, nanopubs
from euaikg.questions import as_rdf, ask, stored
from euaikg.questions.stored import StoredQuery
from euaikg.rdf import forms
from euaikg.rdf.terms import Term
from euaikg.sparql import formats
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from euaikg.sparql.http import address

MANIFEST = "release.json"
KIND = "release"

_ABOUT = [
    NamedNode(EUAI + "aboutResource"),
    NamedNode(EUAI + "aboutEnvelope"),
    NamedNode(RDF + "subject"),
    NamedNode(RDF + "object"),
]


@dataclass(frozen=True)
class Earlier:
    """A release that was written before: its version, its graph, its feed and the pages of its event stream."""

    version: str
    nquads: bytes
    feed: bytes | None
    pages: Mapping[str, bytes] = field(default_factory=dict)


def earlier(folder: Path) -> Earlier:
    """Read the release in ``folder``; raise :class:`InputError` where it holds none, or not what it says it holds."""
    try:
        manifest = json.loads(files.read_text(folder / MANIFEST))
        version, there = manifest["version"], manifest["files"]
        name = next(name for name in (dcat.FILES["nquads"], "euaikg.nq") if name in there)  # the latter until 0.1.0
        digest = there[name]["sha256"]
    except (InputError, ValueError, KeyError, TypeError, RecursionError, StopIteration):
        raise InputError(
            f"{folder}: there is no release of euaikg in this folder ({MANIFEST} is missing or broken)."
        ) from None
    graph = folder / name
    content = files.read_bytes(graph)
    if hashlib.sha256(content).hexdigest() != digest:
        raise InputError(f"{graph}: its SHA-256 is not the one that {MANIFEST} gives.")
    content = files.unzipped(graph) if suffixes.is_packed(graph) else content
    try:
        for _ in parse(content, format=RdfFormat.N_QUADS):
            pass
    except SyntaxError as error:
        raise InputError(f"{graph}: not valid N-Quads ({' '.join(str(error.msg).split())}).") from None
    feed = folder / "feed.atom"
    entries = files.read_bytes(feed) if feed.exists() else None
    try:
        ElementTree.fromstring(entries or "<none/>")
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{feed}: not well-formed XML ({error}).") from None
    pages = {f"{events.FOLDER}{path.name}": files.read_bytes(path) for path in sorted(folder.glob("events/*.trig"))}
    try:
        events.members(pages)
    except (SyntaxError, KeyError, AttributeError) as error:
        raise InputError(
            f"{folder / 'events'}: no pages of an event stream ({' '.join(str(error).split())})."
        ) from None
    return Earlier(str(version), content, entries, pages)


def parts(
    engine: Embedded,
    base_url: str,
    before: Earlier | None = None,
    endpoint: str | None = None,
    email: str | None = None,
    browser_engine: Mapping[str, bytes] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the release, each as its path in the folder and its bytes, in the order of their making."""
    date = str(dcat.describe(engine, {}).value(dcat.DATASET, DCTERMS.modified))
    there = Site(engine, engine.store, date, asks=bool(browser_engine), script=browser.SCRIPT * bool(browser_engine))
    there.remember()
    with spread(_jobs(there)) as beside:
        made = dcat.contents(engine.store)
        for form, content in made.items():
            yield dcat.FILES[form], content
        description = dcat.describe(engine, made, base=base_url, endpoint=endpoint, email=email)
        numbers = dcat.counts(engine)
        for form in dcat.SYNTAXES:
            yield f"catalog{forms.SUFFIXES[form]}", dcat.written(description, form)
        versions = dcat.describe(engine, made, base=base_url, email=email, versions=True)
        yield "versions.ttl", dcat.written(versions, "turtle")
        yield "void.ttl", dcat.written(dcat.translated(description, numbers, "void"), "turtle")
        schema = dcat.embedded(dcat.translated(description, numbers, "schema.org"))
        yield "schema.jsonld", schema
        yield from _model()
        asked = endpoint or f"{base_url}{dcat.FILES['nquads']}"
        described = as_rdf.describe(stored.catalogue().values(), asked)
        yield "queries.ttl", forms.encode(described, "turtle")
        yield from queries(endpoint)
        found = None
        if before:
            now = gzip.decompress(made["nquads"])
            found = changes.compare(before.nquads, now, (before.version, __version__), date)
        if found:
            yield "changes.json", found.to_json()
            yield "changes.md", found.to_markdown()
            yield "changes.rdfp", found.patch
        yield "feed.atom", changes.feed(found, __version__, date, base_url, before.feed if before else None)
        this = f"{events.FOLDER}{__version__}.trig"  # a release of the same version takes the place of the earlier one
        pages = {name: content for name, content in before.pages.items() if name != this} if before else {}
        known = {member.name: member.created for member in events.latest(pages).values()}
        papers = nanopubs.made(engine.store, date, known)
        yield "nanopubs.trig", nanopubs.trig(papers)
        yield from events.stream(papers, __version__, date, base_url, pages)
        there.schema, there.files = schema.decode(), {dcat.FILES[form]: len(content) for form, content in made.items()}
        addresses = []
        for name, content in chain(_things(engine.store), beside(), _pages(there, base_url, date)):
            yield name, content
            if name.endswith(".html"):
                addresses.append(base_url + name)
        if browser_engine:
            yield from browser.parts(browser_engine, *(export.whole(engine.store, form) for form in ("turtle", "trig")))
        yield from sitemap(addresses, date, base_url)


def sitemap(addresses: Iterable[str], date: str, base_url: str, most: int = 50_000) -> Iterator[tuple[str, bytes]]:
    """Yield the site map (sitemaps.org) of the pages ``addresses``, and the robots.txt that names it.

    Where there are more than the ``most`` that one file may hold there are several, and a file that lists them.
    """
    places = sorted(addresses)
    there = set(places)

    def others(place: str) -> Iterator[str]:
        """Yield the same page in each language, where there are several."""
        name = place.removeprefix(base_url)
        first = next((name.removeprefix(f"{lang}/") for lang in LANGUAGES if name.startswith(f"{lang}/")), name)
        same = {lang: base_url + ("" if lang == LANGUAGES[0] else f"{lang}/") + first for lang in LANGUAGES}
        if there.issuperset(same.values()):
            for lang, other in same.items():
                yield f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(other)}"/>'

    def written(kind: str, item: str, places: Iterable[str]) -> bytes:
        said = "".join(
            f"<{item}><loc>{escape(place)}</loc><lastmod>{date}</lastmod>{''.join(others(place))}</{item}>\n"
            for place in places
        )
        spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} {spaces}>\n{said}</{kind}>\n'.encode()

    if len(places) <= most:
        yield "sitemap.xml", written("urlset", "url", places)
    else:
        parts = {f"sitemap-{at // most + 1}.xml": places[at : at + most] for at in range(0, len(places), most)}
        for name, part in parts.items():
            yield name, written("urlset", "url", part)
        yield "sitemap.xml", written("sitemapindex", "sitemap", (base_url + name for name in parts))
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base_url}sitemap.xml\n".encode()


def _model() -> Iterator[tuple[str, bytes]]:
    """Yield the ontology in each format, the code lists and the shapes."""
    root = files.root()
    ontology = _triples(path for path in files.shipped("ontology", ".ttl") if path.parent == root / "ontology")
    for form in (*dcat.SYNTAXES, "ntriples"):
        yield f"ontology{forms.SUFFIXES[form]}", forms.encode(ontology, form)
    yield "codelists.ttl", forms.encode(_triples(files.shipped("ontology/codelists", ".ttl")), "turtle")
    yield "context.jsonld", files.read_bytes(root / "ontology" / "context.jsonld")
    yield "shapes.ttl", forms.encode(published.graph(), "turtle")
    for path in files.shipped("shapes/checks", ".rq"):
        yield path.relative_to(root).as_posix(), files.read_bytes(path)


def queries(endpoint: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the stored queries as files that any engine can run, and of which grlc makes a web API at ``endpoint``."""
    for name, query in stored.catalogue().items():
        yield f"queries/{name}.rq", as_rdf.for_grlc(query, endpoint).encode()


def _triples(paths: Iterable[Path]) -> list[Triple]:
    return [quad.triple for path in paths for quad in build.read(path)]


def _things(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield what is said of all things of a kind, statements included, in each format that an address leads to."""
    bundles: dict[str, set[Triple]] = {}
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if kind := _kind(quad.subject):
            bundles.setdefault(kind, set()).add(quad.triple)
    for about in _ABOUT:
        for quad in store.quads_for_pattern(None, about, None, DefaultGraph()):
            if kind := _kind(quad.object):
                bundles.setdefault(kind, set()).update(
                    told.triple for told in store.quads_for_pattern(quad.subject, None, None, DefaultGraph())
                )
    for kind in sorted(bundles):
        for form in dcat.SYNTAXES:
            yield f"id/{kind}{forms.SUFFIXES[form]}", forms.encode(list(bundles[kind]), form)


def _kind(term: Term) -> str:
    """Return the kind in the IRI of a thing, such as ``body``; nothing for other terms."""
    if not isinstance(term, NamedNode) or not term.value.startswith(BASE + "id/"):
        return ""
    return term.value.removeprefix(BASE + "id/").partition("/")[0]


LATE = ("index.html", "data.html")
"""The pages that tell of the files of the release, and are made when those are there."""


def _jobs(there: Site) -> list[Job]:
    """Return the making of all that takes long: the pages but for :data:`LATE`, and the answers to questions."""
    jobs: list[Job] = [lambda: [("questions.yml", benchmark.questions(there.engine))]]
    jobs += [partial(_answers, there, query) for query in there.questions.values()]
    return jobs + [partial(_page, there, address) for address in site.addresses(there) if address not in LATE]


def _page(there: Site, address: str) -> Iterator[tuple[str, bytes]]:
    """Yield the page at ``address`` in each language."""
    for lang in LANGUAGES:
        whole = address if lang == LANGUAGES[0] else f"{lang}/{address}"
        page = site.page(there, whole)
        assert page is not None, whole
        yield whole, page


def _pages(there: Site, base_url: str, date: str) -> Iterator[tuple[str, bytes]]:
    """Yield the last pages, what pages need, the addresses for w3id.org, and the note for language models."""
    for late in LATE:
        yield from _page(there, late)
    yield from search.indices(there)
    for path in sorted(view.STATIC.iterdir()):
        yield path.name, files.read_bytes(path)
    values = {"base": base_url, "version": __version__, "date": date, "kinds": there.kinds}
    yield "llms.txt", templates.fill(view.TEMPLATES / "llms.txt", **values).encode()
    yield "w3id/.htaccess", w3id.htaccess(base_url)


def _answers(there: Site, query: StoredQuery) -> Iterator[tuple[str, bytes]]:
    """Yield the answer to a stored question as it stands, in rows, as CSV and JSON, and what JSON Schema says of it."""
    answer = ask.question(there.engine, query, answers=there.answers).answer
    if isinstance(answer, Table):
        yield f"answers/{query.name}.csv", formats.to_csv(answer)
        yield f"answers/{query.name}.json", formats.to_rows(answer)
        yield f"answers/{query.name}.schema.json", formats.schema(answer, query.summary, query.description)


def write(
    engine: Embedded,
    folder: Path,
    base_url: str = BASE,
    since: Path | None = None,
    progress: Progress = silent,
    endpoint: str | None = None,
    email: str | None = None,
    browser_engine: Path | None = None,
) -> int:
    """Write a release into ``folder`` and return how many files it has.

    ``base_url`` is where the folder will be hosted, ``since`` an earlier release to tell the changes from;
    ``progress`` is told the name of each file when it is there, ``endpoint`` is the address of a SPARQL server that
    answers for the same graph, ``email`` one for people who have questions, and ``browser_engine`` a folder of the npm
    package ``oxigraph``, with which the pages answer questions themselves. An earlier release in ``folder`` is
    replaced, in one step, once the new one is whole; what else stands in it stays. Raises :class:`InputError` for a
    folder that holds something else, an address that is none and an earlier release that is none,
    :class:`EndpointError` for an endpoint that is none, and :class:`OutputError` when the place cannot be written, or a
    file of the release was changed.
    """
    base_url = w3id.base(base_url)
    endpoint = None if endpoint is None else address(endpoint)
    email = None if email is None else dcat.mailbox(email)
    before = earlier(since) if since else None
    taken = browser.engine(browser_engine) if browser_engine else None
    if folder.is_dir() and any(folder.iterdir()) and not folders.listed(folder, KIND):
        raise InputError(f"{folder}: the folder holds something else than a release; name a new or empty one.")
    made = _with_manifest(parts(engine, base_url, before, endpoint, email, taken), base_url, progress)
    return writing.write_folder(folder, made, KIND)


def _with_manifest(
    contents: Iterable[tuple[str, bytes]], base_url: str, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """Yield ``contents`` and then the file that lists them."""
    listed: dict[str, dict[str, str | int]] = {}
    for name, content in chain([(folders.MARK, folders.mark(KIND))], contents):
        yield name, content
        listed[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        progress(name)
    manifest = {"name": "euaikg", "version": __version__, "base": base_url, "files": dict(sorted(listed.items()))}
    yield MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode()
