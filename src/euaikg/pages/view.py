"""What pages know: the site with its names and addresses, and the view of one page with its language and day.

A release writes the pages of all addresses into a folder; a server makes the same ones when they are asked for. An
address is that of a file, such as ``id/body/ai-office.html``; the pages in Dutch stand under ``nl/``. Links lead from
file to file, so that they hold on any host and under any path.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from euaikg.core import files, templates
from euaikg.core.version import __version__
from euaikg.core.vocab import BASE, DCT, EUAI, RDFS, SHAPE, SKOS, SOURCE, TYPE, short
from euaikg.pages.reading import Reading
from euaikg.questions import citations, searching, stored, translated
from euaikg.questions.facts import Memory
from euaikg.questions.finding import Found
from euaikg.questions.stored import StoredQuery
from euaikg.questions.words import fold
from euaikg.rdf.terms import Term, text
from euaikg.rdf.turtle import natural
from euaikg.sparql import amounts, header
from euaikg.sparql.answers import Answer
from euaikg.sparql.embedded import Engine

TEMPLATES = Path(__file__).parent / "templates"

STATIC = Path(__file__).parent / "static"
"""What pages need beside them: how they look, and their script."""

LANGUAGES = ("en", "nl")
"""The languages of the pages; the first stands at the root."""

NOT_FOUND = "404.html"
"""The page that hosts show where there is none."""

BELOW = {"things.html": "id/", "documents.html": "source/", "questions.html": "question/"}
"""Where the pages below those of the menu stand."""

FIRST = (
    *("body", "initiative", "programme", "envelope", "action", "legal-act", "strategy", "infrastructure", "service"),
    *("event", "data-space", "task", "sector", "topic", "person", "place", "discrepancy"),
)
"""The kinds of things that stand first; the others are code lists."""

FORMS = (
    ("ttl", "Turtle", "text/turtle"),
    ("jsonld", "JSON-LD", "application/ld+json"),
    ("rdf", "RDF/XML", "application/rdf+xml"),
)
"""The forms of RDF that pages offer; the last one only a server has, and a release as the whole graph."""

NAMES = (DCT + "bibliographicCitation", RDFS + "label", SKOS + "prefLabel")
"""The properties that name a thing; the best comes last."""


@cache
def words() -> Mapping[str, Any]:
    """Return the words of the pages, by language."""
    return header.parsed(files.read_text(TEMPLATES / "words.yaml"))


def localised(address: str, lang: str) -> str:
    """Return where the page at ``address`` stands in the language ``lang``."""
    return address if lang == LANGUAGES[0] else f"{lang}/{address}"


@lru_cache(maxsize=1 << 14)
def relative(folder: str, path: str) -> str:
    """Return the shortest relative address of the file ``path`` for a page in ``folder``."""
    return quote(posixpath.relpath(f"/{path}", f"/{folder}"))


class Site:
    """The pages over the graph of ``engine``, of which ``store`` holds all; ``date`` is the day of the data.

    ``version`` is the number that they show. ``asks`` says that questions with other values are answered where the
    pages stand, and ``live`` that each page is made when it is asked for, so that it can be had for any day; ``script``
    is the one that answers in the page. The start page has ``schema``, the description for search engines, and the page
    of the data the ``sizes`` of its files in bytes. ``home`` is the path at which they are hosted, where that is known:
    a host shows the page for what is not there at any address, so its links cannot be relative ones. ``meant`` tells
    what plain words mean, where the search can ask that.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        date: str,
        *,
        version: str = __version__,
        asks: bool = False,
        live: bool = False,
        script: str = "",
        schema: str = "",
        sizes: Mapping[str, int] | None = None,
        home: str = "",
        meant: Callable[[str, str], Found] | None = None,
    ) -> None:
        self.engine, self.store, self.date, self.version = engine, store, date, version
        self.asks, self.live, self.schema, self.files = asks, live, schema, sizes or {}
        self.script, self.home, self.meant = script, home, meant
        self.reading = Reading(store)
        self.packed: set[str] = set()
        self.memory = Memory()
        self.answers: dict[str, Answer] | None = None

    def remember(self) -> None:
        """Ask once for what all pages need, and keep each answer: for who makes all pages, one after the other."""
        self.memory.fill(self.engine)
        self.answers = {}
        _ = self.labels, self.kinds, self.places, self.spoken, self.broader, self.questions, self.cited

    def file(self, name: str) -> str:
        """Return the name under which the file ``name`` is there: that of a packed one where it is packed."""
        return f"{name}.gz" if name in self.packed else name

    @cached_property
    def cited(self) -> dict[str, str]:
        """The IRI of the passage that each citation names, in any language."""
        return citations.places(self.engine)

    def found(self, asked: str, lang: str) -> list[tuple[str, str, str]]:
        """Return the addresses of the things whose names have the words ``asked``, with the name and kind of each.

        Codes are among them only where there is nothing else.
        """
        hits = searching.search(self.engine, asked, limit=50, lang=lang)
        there = [(place, hit.name, hit.kind_label) for hit in hits if (place := self.where(hit.iri))]
        codes = tuple(f"id/{kind}/" for kind in self.kinds if kind not in FIRST)
        return [hit for hit in there if not hit[0].startswith(codes)] or there

    @cached_property
    def questions(self) -> dict[str, StoredQuery]:
        """The stored questions that can be asked, by name; reading them all takes longer than most pages."""
        return {name: query for name, query in stored.catalogue().items() if not query.error}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The names of things, by language and IRI; what has none in a language has that of the other."""
        found: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
        for property_ in NAMES:
            for quad in self.store.quads_for_pattern(None, NamedNode(property_), None, DefaultGraph()):
                name = quad.object
                if isinstance(quad.subject, NamedNode) and isinstance(name, Literal):
                    for lang in LANGUAGES:
                        if name.language in (lang, None) or quad.subject.value not in found[lang]:
                            found[lang][quad.subject.value] = name.value
        return found

    @cached_property
    def called(self) -> dict[str, dict[str, str]]:
        """The things that are no codes by their names, where no other has the same, by language."""
        things = [*self.documents, *(iri for kind in FIRST for iri in self.kinds.get(kind, []))]
        found: dict[str, dict[str, str]] = {}
        for lang, named in self.labels.items():
            count = Counter(named[iri] for iri in things)
            found[lang] = {named[iri]: iri for iri in things if count[named[iri]] == 1}
        return found

    @cached_property
    def shared(self) -> dict[str, Counter[str]]:
        """How many things have a name, by language and the folded name."""
        return {lang: Counter(fold(name) for name in named.values()) for lang, named in self.labels.items()}

    @cached_property
    def kinds(self) -> dict[str, list[str]]:
        """The IRIs of the things that have a page, by the kind in them, ``{"body": [...], ...}``."""
        found: dict[str, list[str]] = {}
        for iri in sorted(self.labels["en"]):
            if match := re.fullmatch(re.escape(BASE) + r"id/([a-z-]+)/([^/#?]+)", iri):
                found.setdefault(match[1], []).append(iri)
        return dict(sorted(found.items()))

    def pages(self, version: str) -> list[str]:
        """Return the addresses of the pages on which the passages of a ``version`` stand."""
        own = version.removeprefix(BASE)
        count = len(self.reading.parts[version])
        return [f"{own}.html"] if count == 1 else [f"{own}-{number}.html" for number in range(1, count + 1)]

    @cached_property
    def spoken(self) -> dict[str, dict[str, str]]:
        """Of each passage that translates another or is translated: the two by the language of their version."""
        found: dict[str, dict[str, str]] = {}
        for quad in self.store.quads_for_pattern(None, NamedNode(EUAI + "translates"), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                pair = (quad.subject.value, quad.object.value)
                for one in pair:
                    there = found.setdefault(one, {})
                    for iri in pair:
                        there.setdefault(iri.partition("#")[0].rpartition("/")[2], iri)
        return found

    @cached_property
    def documents(self) -> list[str]:
        """The IRIs of the documents that have an address of ours, read or only named."""
        return sorted(iri for iri in self.labels["en"] if re.fullmatch(re.escape(SOURCE) + "[a-z0-9-]+", iri))

    @cached_property
    def places(self) -> dict[str, str]:
        """The address, with its fragment, of what speaks of each IRI of ours."""
        found = {iri: f"{iri.removeprefix(BASE)}.html" for things in self.kinds.values() for iri in things}
        found |= {iri: f"{iri.removeprefix(BASE)}.html" for iri in (*self.documents, *self.reading.passages)}
        for version, parts in self.reading.parts.items():
            for page, passages in zip(self.pages(version), parts, strict=True):
                found |= {passage: f"{page}#{passage.partition('#')[2]}" for passage in passages}
        found |= {f"{BASE}query/{name}": f"question/{name}.html" for name in self.questions}
        found |= {f"{BASE}id/{kind}": f"id/{kind}.html" for kind in self.kinds}
        for iri in self.labels["en"]:
            if iri.startswith(EUAI):
                found[iri] = f"ontology.html#{iri.removeprefix(EUAI)}"
        found[EUAI.rstrip("#")] = "ontology.html"
        found[BASE] = "index.html"
        return found

    def classes(self, iri: str) -> set[str]:
        """Return the classes of the thing ``iri``, with the broader ones."""
        found = {
            quad.object.value
            for quad in self.store.quads_for_pattern(NamedNode(iri), TYPE, None, DefaultGraph())
            if isinstance(quad.object, NamedNode)
        }
        return {broader for one in found for broader in self.broader.get(one, {one})}

    @cached_property
    def broader(self) -> dict[str, set[str]]:
        """Each class with all that it is a kind of, itself too."""
        above: dict[str, set[str]] = {}
        for quad in self.store.quads_for_pattern(None, NamedNode(RDFS + "subClassOf"), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                above.setdefault(quad.subject.value, set()).add(quad.object.value)

        def of(one: str, seen: frozenset[str] = frozenset()) -> set[str]:
            below = seen | {one}
            return {one}.union(*(of(other, below) for other in above.get(one, set()) - below))

        return {one: of(one) for one in above}

    def where(self, iri: str) -> str | None:
        """Return the address on the site of what speaks of ``iri``, or None where nothing does."""
        if place := self.places.get(iri):
            return place
        if iri.startswith(SHAPE):
            return f"rules.html#{iri.removeprefix(SHAPE)}"
        if iri.startswith(SOURCE) and "." in iri:  # a statement of a passage
            return self.places.get(iri.rpartition(".")[0])
        return None


@dataclass(frozen=True)
class View:
    """What a page is made for: its address, language and day; it knows names, links and words."""

    site: Site
    address: str
    lang: str = "en"
    as_of: str | None = None
    values: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def words(self) -> Mapping[str, Any]:
        """The words of the page in its language."""
        found: Mapping[str, Any] = words()[self.lang]
        return found

    def to(self, address: str, lang: str | None = None, /, **values: str | list[str]) -> str:
        """Return the relative link to ``address``, in the language of this page or ``lang``, with ``values``."""
        path, mark, fragment = address.partition("#")
        is_page = path.endswith(".html")
        given = {"as-of": self.as_of} if self.as_of and is_page else {}
        asked = f"?{urlencode({**given, **values}, doseq=True)}" if given or values else ""
        place = localised(path, lang or self.lang) if is_page else path
        if self._is_anywhere:
            way = self.site.home + quote(place)
        else:
            way = relative(localised(self.address, self.lang).rpartition("/")[0], place)
        return f"{way}{asked}{mark}{quote(fragment)}" if asked or mark else way

    @property
    def _is_anywhere(self) -> bool:
        """Whether the page is shown at addresses that are not its own."""
        return bool(self.site.home) and self.address == NOT_FOUND

    def now(self, address: str) -> str:
        """Return the relative link to ``address`` as documents know it now, not up to an earlier day."""
        return replace(self, as_of=None).to(address)

    def link(self, iri: str | None) -> str:
        """Return the link to what speaks of ``iri``: a page of ours, or the address elsewhere; or nothing.

        Of a passage that was read in the language of the page too it is the one in that language.
        """
        if not iri:
            return ""
        if place := self.site.where(self.site.spoken.get(iri, {}).get(self.lang, iri)):
            return self.to(place)
        is_ours = iri.startswith(BASE)
        return iri if iri.startswith(("http://", "https://")) and not is_ours else ""

    def name(self, thing: Term | str | None) -> str:
        """Return the name of ``thing`` in the language of the page, or the shortest form of its IRI."""
        iri = thing if isinstance(thing, str) else thing.value if isinstance(thing, NamedNode) else None
        if iri is None:
            return text(thing)  # type: ignore[arg-type]
        return self.site.labels[self.lang].get(iri) or short(iri)

    def typed(self, iri: str) -> str:
        """Return what names ``iri`` in a form: its name, or a short IRI where others have the same."""
        name = self.name(iri)
        return name if self.site.shared[self.lang].get(fold(name)) == 1 else short(iri)

    @property
    def forms(self) -> Sequence[tuple[str, str, str]]:
        """The forms of RDF in which the page offers what it tells of: suffix, name and media type."""
        return FORMS if self.site.live else FORMS[:-1]

    def told(self, query: StoredQuery) -> StoredQuery:
        """Return ``query`` with what it says in the language of the page."""
        return translated.query(query, self.lang)

    @cached_property
    def modalities(self) -> Mapping[str, str]:
        """The codes of the modalities by their names in the language of the page."""
        return {self.name(iri): iri.rpartition("/")[2] for iri in self.site.kinds.get("modality", [])}

    def values_of(self, iri: str, property_: str) -> list[Term]:
        """Return the values that ``property_`` has of the thing ``iri``; of texts those in the language, or English."""
        quads = self.site.store.quads_for_pattern(NamedNode(iri), NamedNode(property_), None, DefaultGraph())
        values = [quad.object for quad in quads]
        spoken = {value.language for value in values if isinstance(value, Literal)}
        lang = self.lang if self.lang in spoken else LANGUAGES[0]
        there = [value for value in values if not isinstance(value, Literal) or value.language in (None, lang)]
        return sorted(there, key=lambda value: natural(str(value)))

    def stated(self, version: str) -> str:
        """Return the day on which a ``version`` of a document is stated, as people read it: “not before” it, if so."""
        day, is_inferred = self.site.reading.stated(version)
        return f"{amounts.word('not before', self.lang)} {day}" if is_inferred else day

    def meaning(self, iri: str) -> str:
        """Return what the thing ``iri`` is, in the language of the page; empty where that is not told."""
        return next(map(text, self.values_of(iri, SKOS + "definition")), "")

    def described(self, kind: str) -> str:
        """Return the name of a ``kind`` of things, such as “Bodies”."""
        named: Mapping[str, str] = self.words["kinds"]
        return named.get(kind, kind.replace("-", " "))

    def is_in(self, address: str) -> bool:
        """Say whether the page is that of the menu entry ``address``, or one below it."""
        return self.address == address or self.address.startswith(BELOW.get(address, address))

    @staticmethod
    def sentence(name: str) -> str:
        """Return ``name`` with a capital at its beginning."""
        return name[:1].upper() + name[1:]

    def fill(self, template: str, **values: object) -> bytes:
        """Return ``template``, one of ``templates/``, with ``values`` and what every page has."""
        made = templates.fill(TEMPLATES / template, view=self, words=self.words, languages=LANGUAGES, **values)
        return made.encode()
