"""The search: a page that looks through the names of all things, and the index that it looks through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode

from euaikg.core.vocab import EUAI, SKOS
from euaikg.pages.view import LANGUAGES, Site, View
from euaikg.questions import translated
from euaikg.questions.words import words

PATTERN = re.compile(r"search\.html")


def addresses(_: Site) -> Iterator[str]:
    """Yield the address of the page."""
    yield "search.html"


def page(view: View) -> bytes:
    """Return the page; what it finds is put there by script, or by the server."""
    asked = next(iter(view.values.get("q", [])), "")
    found = view.site.found(asked, view.lang) if asked and view.site.asks else []
    links = [(view.to(place), name, kind) for place, name, kind in found]
    return view.fill("search.html", asked=asked, found=[*_answered(view, asked), *links])


def _answered(view: View, asked: str) -> Iterator[tuple[str, str, str]]:
    """Yield the link to the answer of what was ``asked``, where it is surely understood, with its name and kind."""
    if not view.site.meant or not words(asked):
        return
    told = view.site.meant(asked, view.lang)
    query = view.site.questions.get(told.candidates[0].question) if told.sure else None
    if query:
        values = {name: of for name, of in told.candidates[0].values.items() if name != "lang"}
        said = "; ".join(value for of in values.values() for value in of)
        name = f"{view.told(query).summary}: {said}" if said else view.told(query).summary
        yield view.to(f"question/{query.name}.html", **values), name, view.words["answer"]


def index(site: Site, lang: str) -> bytes:
    """Return the index in ``lang`` as JSON: each folder with its kind and its pages: their ends, names, other names."""
    other: dict[str, set[str]] = {}
    for property_ in (SKOS + "altLabel", EUAI + "shortName", SKOS + "prefLabel"):
        for quad in site.store.quads_for_pattern(None, NamedNode(property_), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                other.setdefault(quad.subject.value, set()).add(quad.object.value)
    view = View(site, "search.html", lang)
    found = []
    for kind, things in [*site.kinds.items(), ("source", site.documents)]:
        named = ((iri.rpartition("/")[2], view.name(iri), other.get(iri, set())) for iri in things)
        rows = [(end, name, "; ".join(sorted(also - {name}))) for end, name, also in named]
        found.append(("source/" if kind == "source" else f"id/{kind}/", view.described(kind), rows))
    rows = []
    for query in site.questions.values():
        there = [translated.query(query, one).summary for one in LANGUAGES]
        own = there.pop(LANGUAGES.index(lang))
        rows.append((query.name, own, "; ".join(there)))
    found.append(("question/", view.described("question"), rows))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def indices(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the index of each language with its address."""
    for lang in LANGUAGES:
        yield f"search-{lang}.json", index(site, lang)
