"""A release: one folder with everything a portal, a crawler or a reader needs, ready to be uploaded as it is.

The folder depends on the data, the version and the address alone: the same input gives the same bytes. It is written
beside its place and takes it in one step.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse
from rdflib.namespace import DCTERMS

from euaikg.core import files, folders, suffixes, templates, writing
from euaikg.core.progress import Progress, silent
from euaikg.core.spread import Job, spread, uncollected
from euaikg.core.version import __version__
from euaikg.core.vocab import BASE, EUAI, RDF, SOURCE
from euaikg.curation import published
from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.graph import build
from euaikg.pages import browser, search, site, view, w3id
from euaikg.pages.view import LANGUAGES, Site
from euaikg.publishing import benchmark, changes, dcat, events, marks, nanopubs, patches
from euaikg.publishing.patches import Patch
from euaikg.questions import as_rdf, ask, stored
from euaikg.questions.stored import StoredQuery
from euaikg.rdf import forms
from euaikg.rdf.terms import Term, refuse_nesting
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
    """A release that was written before: its version, its graphs, its feed and the pages of its event stream."""

    version: str
    nquads: bytes
    default: bytes
    feed: bytes | None
    pages: Mapping[str, bytes] = field(default_factory=dict)


def earlier(folder: Path) -> Earlier:
    """Read the release in ``folder``; raise :class:`InputError` where it holds none, or not what it says it holds."""
    try:
        manifest = json.loads(files.read_text(folder / MANIFEST))
        version, there = manifest["version"], manifest["files"]
        name = next(name for name in (dcat.FILES["nquads"], "euaikg.nq") if name in there)  # the latter until 0.1.0
        default = dcat.FILES["ntriples"]
        digests = {file: str(there[file]["sha256"]) for file in (name, default) if file in there}
    except (InputError, ValueError, KeyError, TypeError, RecursionError, StopIteration):
        raise InputError(
            f"{folder}: there is no release of euaikg in this folder ({MANIFEST} is missing or broken)."
        ) from None
    content = _unpacked(folder / name, digests[name], RdfFormat.N_QUADS)
    triples = _unpacked(folder / default, digests[default], RdfFormat.N_TRIPLES) if default in digests else b""
    feed = folder / "feed.atom"
    entries = files.read_bytes(feed) if feed.exists() else None
    try:
        ElementTree.fromstring(entries or "<none/>")
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{feed}: not well-formed XML ({error}).") from None
    pages = {f"{events.FOLDER}{path.name}": files.read_bytes(path) for path in sorted(folder.glob("events/*.trig"))}
    try:
        for page in pages.values():
            refuse_nesting(page.decode())
        events.members(pages)
    except (SyntaxError, ValueError, KeyError, AttributeError) as error:
        raise InputError(
            f"{folder / 'events'}: no pages of an event stream ({' '.join(str(error).split())})."
        ) from None
    return Earlier(str(version), content, triples, entries, pages)


def _unpacked(path: Path, digest: str, form: RdfFormat) -> bytes:
    """Return the content of a file of a release; raise :class:`InputError` where it is not what was written."""
    content = files.read_bytes(path)
    if hashlib.sha256(content).hexdigest() != digest:
        raise InputError(f"{path}: its SHA-256 is not the one that {MANIFEST} gives.")
    content = files.unzipped(path) if suffixes.is_packed(path) else content
    try:
        for _ in parse(refuse_nesting(content.decode()).encode(), format=form):
            pass
    except (SyntaxError, ValueError) as error:
        raise InputError(
            f"{path}: not valid {form.name} ({' '.join(str(getattr(error, 'msg', error)).split())})."
        ) from None
    return content


def numbered(before: Earlier | None, is_same: bool) -> str:
    """Return the number of this version: that of the package, with one more number where its data was released before.

    Other data than ``before`` under the same number has a number of its own, counted on from the earlier one.
    """
    if before is None or not re.fullmatch(rf"{re.escape(__version__)}(\.[0-9]+)?", before.version):
        return __version__
    if is_same:
        return before.version
    count = before.version.removeprefix(__version__).removeprefix(".")
    return f"{__version__}.{int(count or 0) + 1}"


def parts(
    engine: Embedded,
    base_url: str,
    before: Earlier | None = None,
    endpoint: str | None = None,
    email: str | None = None,
    browser_engine: Mapping[str, bytes] | None = None,
    *,
    change: Patch | None = None,
    version: str = __version__,
    authors: str = changes.AUTHORS,
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the release, each as its path in the folder and its bytes, in the order of their making.

    ``change`` is what differs from the release ``before``, ``version`` the number of this one, ``authors`` whose it is.
    """
    date = str(dcat.describe(engine, {}).value(dcat.DATASET, DCTERMS.modified))
    there = Site(
        engine,
        engine.store,
        date,
        version=version,
        asks=bool(browser_engine),
        script=browser.SCRIPT * bool(browser_engine),
        home=urlsplit(base_url).path if base_url != BASE else "",
    )
    there.remember()
    with spread(_jobs(there)) as beside:
        made = dcat.contents(engine.store)
        for form, content in made.items():
            yield dcat.FILES[form], content
        description = dcat.describe(
            engine, made, base=base_url, endpoint=endpoint, email=email, version=version, authors=authors
        )
        numbers = dcat.counts(engine)
        for form in dcat.SYNTAXES:
            yield f"catalog{forms.SUFFIXES[form]}", dcat.written(description, form)
        versions = dcat.describe(
            engine, made, base=base_url, email=email, versions=True, version=version, authors=authors
        )
        yield "versions.ttl", dcat.written(versions, "turtle")
        yield "void.ttl", dcat.written(dcat.translated(description, numbers, "void"), "turtle")
        schema = dcat.embedded(dcat.translated(description, numbers, "schema.org"))
        yield "schema.jsonld", schema
        yield "datasheet.md", datasheet(engine, version, date, authors).encode()
        yield from _model()
        asked = endpoint or f"{base_url}{dcat.FILES['nquads']}"
        described = as_rdf.describe(stored.catalogue().values(), asked)
        yield "queries.ttl", forms.encode(described, "turtle")
        yield from queries(endpoint)
        found = None
        if before:
            found = changes.compare(before.nquads, gzip.decompress(made["nquads"]), (before.version, version), date)
        if found and change:
            yield "changes.json", found.to_json()
            yield "changes.md", found.to_markdown()
            yield "changes.rdfp", b"".join(change.written())
        yield "feed.atom", changes.feed(found, version, date, base_url, before.feed if before else None, authors)
        this = f"{events.FOLDER}{version}.trig"  # a release of the same version takes the place of the earlier one
        pages = {name: content for name, content in before.pages.items() if name != this} if before else {}
        known = {member.name: member.created for member in events.latest(pages).values()}
        papers = nanopubs.made(engine.store, date, known)
        yield "nanopubs.trig.gz", b"".join(writing.packed([nanopubs.trig(papers)]))
        yield from events.stream(papers, version, date, base_url, pages)
        there.schema, there.files = schema.decode(), {dcat.FILES[form]: len(content) for form, content in made.items()}
        addresses, entries = [], []
        told = chain(_things(engine.store), _documents(engine.store))
        for name, content in chain(told, beside(), _pages(there, base_url, date)):
            if name == ENTRY:
                entries.append(json.loads(content))
                continue
            yield name, content
            if name.startswith("answers/") and name.endswith(".gz"):
                there.packed.add(name.removesuffix(".gz"))
            if name.endswith(".html"):
                addresses.append(base_url + name)
        yield "questions.yml", benchmark.written(filter(None, entries))
        if browser_engine:
            yield from browser.parts(browser_engine, *(export.whole(engine.store, form) for form in ("turtle", "trig")))
        yield from sitemap(addresses, date, base_url)


def sitemap(addresses: Iterable[str], date: str, base_url: str, most: int = 50_000) -> Iterator[tuple[str, bytes]]:
    """Yield the site map (sitemaps.org) of the pages ``addresses``, and the robots.txt that names it.

    Where there are more than the ``most`` that one file may hold there are several, and a file that lists them. Which
    page is the same in another language each page says itself.
    """
    places = sorted(addresses)

    def written(kind: str, item: str, places: Iterable[str]) -> bytes:
        said = "".join(f"<{item}><loc>{escape(place)}</loc><lastmod>{date}</lastmod></{item}>\n" for place in places)
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} {space}>\n{said}</{kind}>\n'.encode()

    if len(places) <= most:
        yield "sitemap.xml", written("urlset", "url", places)
    else:
        parts = {f"sitemap-{at // most + 1}.xml": places[at : at + most] for at in range(0, len(places), most)}
        for name, part in parts.items():
            yield name, written("urlset", "url", part)
        yield "sitemap.xml", written("sitemapindex", "sitemap", (base_url + name for name in parts))
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base_url}sitemap.xml\n".encode()


def datasheet(engine: Embedded, version: str, date: str, authors: str) -> str:
    """Return the data sheet for those who check: what is covered and what not, how it was read, and known biases."""
    answer = ask.question(engine, "documents").answer
    assert isinstance(answer, Table)
    values = {"version": version, "date": date, "authors": authors, "documents": answer.to_dicts()}
    return templates.fill(files.root() / "catalog" / "datasheet.md", **values)


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
    """Yield what is said of all things of a kind, statements included, where their addresses lead."""
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
        for suffix, content in forms.several(bundles[kind], APART):
            yield f"id/{kind}{suffix}", content


def _documents(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield what is said of each document, its versions and passages, and what these state, where its address leads."""
    found: dict[str, list[Triple]] = {}
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(SOURCE):
            name = re.split("[/#]", quad.subject.value.removeprefix(SOURCE))[0]
            found.setdefault(name, []).append(quad.triple)
    for name, triples in sorted(found.items()):
        for suffix, content in forms.several(triples, APART):
            yield f"source/{name}{suffix}", content


def _kind(term: Term) -> str:
    """Return the kind in the IRI of a thing, such as ``body``; nothing for other terms."""
    if not isinstance(term, NamedNode) or not term.value.startswith(BASE + "id/"):
        return ""
    return term.value.removeprefix(BASE + "id/").partition("/")[0]


ENTRY = ""
"""What stands in place of a name before an entry of the benchmark, of which the last process makes a file."""

LARGE = 200_000
"""How many bytes of an answer are packed."""

APART = ("turtle", "jsonld")
"""The forms in which the address of a thing or document leads to what is said of it; in RDF/XML to the whole graph."""

LATE = ("index.html", "data.html")
"""The pages that tell of the files of the release, and are made when those are there."""


def _jobs(there: Site) -> list[Job]:
    """Return the making of all that takes long: of each question all that is made of its answers, and the pages."""
    late = (*LATE, *(f"question/{name}.html" for name in there.questions))
    jobs: list[Job] = [partial(_asked, there, query) for query in there.questions.values()]
    return jobs + [partial(_page, there, address) for address in site.addresses(there) if address not in late]


def _asked(there: Site, query: StoredQuery) -> Iterator[tuple[str, bytes]]:
    """Yield what is made of the answers to a stored question, each of which is looked for once."""
    there.answers = {}
    yield ENTRY, json.dumps(benchmark.entry(there.engine, query, there.answers)).encode()
    yield from _answers(there, query)
    yield from _page(there, f"question/{query.name}.html")


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
    values = {"base": base_url, "version": there.version, "date": date, "kinds": there.kinds}
    yield "llms.txt", templates.fill(view.TEMPLATES / "llms.txt", **values).encode()
    yield "w3id/.htaccess", w3id.htaccess(base_url, (name.removeprefix("answers/") for name in there.packed))


def _answers(there: Site, query: StoredQuery) -> Iterator[tuple[str, bytes]]:
    """Yield the answer to a stored question as it stands, in rows, as CSV and JSON, and what JSON Schema says of it.

    What is :data:`LARGE` is packed.
    """
    answer = ask.question(there.engine, query, answers=there.answers).answer
    if isinstance(answer, Table):
        for suffix, content in (("csv", formats.to_csv(answer)), ("json", formats.to_rows(answer))):
            name = f"answers/{query.name}.{suffix}"
            if len(content) > LARGE:
                there.packed.add(name)
                content = b"".join(writing.packed([content]))
            yield there.file(name), content
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
    authors: str = changes.AUTHORS,
) -> int:
    """Write a release into ``folder`` and return how many files it has.

    ``base_url`` is where the folder will be hosted, ``since`` an earlier release to tell the changes from;
    ``progress`` is told the name of each file when it is there, ``endpoint`` is the address of a SPARQL server that
    answers for the same graph, ``email`` one for people who have questions, and ``browser_engine`` a folder of the npm
    package ``oxigraph``, with which the pages answer questions themselves; ``authors`` is whose release it is. An
    earlier release in ``folder`` is replaced, in one step, once the new one is whole; what else stands in it stays.
    Raises :class:`InputError` for a folder that holds something else, an address that is none and an earlier release
    that is none, :class:`EndpointError` for an endpoint that is none, and :class:`OutputError` when the place cannot be
    written, or a file of the release was changed.
    """
    base_url = w3id.base(base_url)
    endpoint = None if endpoint is None else address(endpoint)
    email = None if email is None else dcat.mailbox(email)
    before = earlier(since) if since else None
    taken = browser.engine(browser_engine) if browser_engine else None
    if folder.is_dir() and any(folder.iterdir()) and not folders.listed(folder, KIND):
        raise InputError(f"{folder}: the folder holds something else than a release; name a new or empty one.")
    engine = build.in_memory(engine)
    change = None
    if before:
        change = patches.between(patches.released(before.nquads, before.default), marks.parts(engine.store))
    version = numbered(before, change is None or not change.size)
    contents = parts(engine, base_url, before, endpoint, email, taken, change=change, version=version, authors=authors)
    with uncollected():
        return writing.write_folder(folder, _with_manifest(contents, base_url, version, progress), KIND)


def _with_manifest(
    contents: Iterable[tuple[str, bytes]], base_url: str, version: str, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """Yield ``contents`` and then the file that lists them."""
    listed: dict[str, dict[str, str | int]] = {}
    for name, content in chain([(folders.MARK, folders.mark(KIND))], contents):
        yield name, content
        listed[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        progress(name)
    manifest = {"name": "euaikg", "version": version, "base": base_url, "files": dict(sorted(listed.items()))}
    yield MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode()
