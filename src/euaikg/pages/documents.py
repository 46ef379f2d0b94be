"""The pages of documents: which were read, and what each says, passage by passage in the order of its text.

What a long document says stands on several pages; the one at the address of the document then has its contents, in
which each passage keeps its anchor and leads on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from euaikg.core.vocab import BASE, DCT, EUAI, RDF
from euaikg.pages import things
from euaikg.pages.view import Site, View
from euaikg.questions import cards
from euaikg.questions.facts import Facts, value
from euaikg.questions.statements import Wording
from euaikg.rdf.terms import Term, text
from euaikg.rdf.turtle import natural

PATTERN = re.compile(r"documents\.html|source/([a-z0-9-]+)(?:/([a-z]+)(?:-([0-9]+))?)?\.html")

Link = tuple[str, str]
"""A link, or nothing, and the name it has."""


@dataclass
class Said:
    """What one passage says: where it stands, how sure it is, in whose words, and its facts by their subjects.

    ``same`` is the passage that it translates, and ``others`` are the anchors of its statements and spans, which have
    addresses too.
    """

    iri: str
    anchor: str
    place: str
    modality: str = ""
    code: str = ""
    by: str = ""
    silent: str = ""
    same: list[Link] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    facts: list[tuple[Link, list[tuple[str, list[tuple[Link, str]]]]]] = field(default_factory=list)


def addresses(site: Site) -> Iterator[str]:
    """Yield the addresses of the list of documents, of each document, and of each version that was read."""
    yield "documents.html"
    yield from (f"{iri.removeprefix(BASE)}.html" for iri in site.documents)
    for version in site.reading.passages:
        yield from dict.fromkeys([f"{version.removeprefix(BASE)}.html", *site.pages(version)])


def page(view: View, name: str | None, language: str | None, part: str | None) -> bytes | None:
    """Return the list of documents, or the page of one, or of one version or a ``part`` of it; None for no such one."""
    if name is None:
        return _list(view)
    document = f"{BASE}source/{name}"
    if language is None:
        return _document(view, document) if document in view.site.places else None
    version = f"{document}/{language}"
    if version not in view.site.reading.passages:
        return None
    pages = view.site.pages(version)
    if part is None:
        return _contents(view, document, version) if len(pages) > 1 else _version(view, document, version, 0)
    return _version(view, document, version, pages.index(view.address)) if view.address in pages else None


def versions(site: Site, document: str) -> list[str]:
    """Return the versions of ``document`` that were read."""
    return [version for version in site.reading.passages if version.rpartition("/")[0] == document]


def _list(view: View) -> bytes:
    site = view.site
    found = {iri: versions(site, iri) for iri in site.documents}
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for iri, there in found.items():
        if there:
            groups.setdefault(site.reading.most[iri], []).append((iri, there))
    return view.fill(
        "documents.html",
        groups=[
            (code, view.meaning(code) if code else "", sorted(of, key=lambda pair: site.reading.stated(pair[1][0])[0]))
            for code, of in sorted(groups.items(), key=lambda pair: site.reading.amounts.get(pair[0], len(groups)))
        ],
        counts={version: len(passages) for version, passages in site.reading.passages.items()},
        named=sorted((iri for iri, there in found.items() if not there), key=view.name),
    )


def _document(view: View, document: str) -> bytes:
    card = cards.card(view.site.engine, NamedNode(document), view.lang, view.as_of, memory=view.site.memory)
    return view.fill(
        "thing.html",
        **things.told(view, card, "source"),
        read=[(v, view.link(v)) for v in versions(view.site, document)],
    )


def _version(view: View, document: str, version: str, at: int) -> bytes:
    """Return the page ``at`` of those on which the passages of ``version`` stand."""
    site = view.site
    facts = Facts(site.engine, NamedNode(version), view.lang, view.as_of, site.memory)
    quads = {passage: _stated(site, passage) for passage in map(NamedNode, site.reading.parts[version][at])}
    facts.read([NamedNode(version), *quads, *(quad.subject for of in quads.values() for quad in of)])
    facts.name(term for of in quads.values() for quad in of for term in (quad.predicate, quad.object))
    facts.name(term for passage in quads for term in facts.terms(passage, "translates"))
    wording = Wording(facts)
    sections = [
        (anchor, heading, [_said(view, wording, passage, quads[passage]) for passage in passages if passage in quads])
        for anchor, heading, passages in _sections(view, facts, version)
    ]
    pages = site.pages(version)
    return view.fill(
        "document.html",
        **_head(view, facts, document, version),
        sections=[section for section in sections if section[2]],
        pages=pages if len(pages) > 1 else [],
        part=at + 1,
    )


def _contents(view: View, document: str, version: str) -> bytes:
    """Return the page that leads to those on which the passages of ``version`` stand."""
    site = view.site
    facts = Facts(site.engine, NamedNode(version), view.lang, view.as_of, site.memory)
    facts.read([NamedNode(version), *map(NamedNode, site.reading.passages[version])])
    sections = [
        (
            anchor,
            heading,
            [
                (place, [*own])
                for place, own in groupby((_place(view, facts, one) for one in passages), attrgetter("place"))
            ],
        )
        for anchor, heading, passages in _sections(view, facts, version)
    ]
    return view.fill("parts.html", **_head(view, facts, document, version), sections=sections)


def _head(view: View, facts: Facts, document: str, version: str) -> dict[str, str]:
    """Return what stands above the passages of ``version``."""
    return {
        "document": document,
        "version": version,
        "language": version.rpartition("/")[2],
        "day": view.stated(version),
        "excerpt": " ".join(facts.in_language(facts.details(NamedNode(version)).get(EUAI + "excerpt", []))),
    }


def _sections(view: View, facts: Facts, version: str) -> list[tuple[str, str, list[NamedNode]]]:
    """Return the sections of ``version``, each with its anchor, its heading and its passages known on the day."""
    passages = [NamedNode(passage) for passage in view.site.reading.passages[version]]
    facts.read(passages)
    titles = _titles(view, facts, version)
    parts = view.site.store.quads_for_pattern(None, NamedNode(DCT + "isPartOf"), NamedNode(version), DefaultGraph())
    anchors = {_number(facts, quad.subject): value(quad.subject).partition("#")[2] for quad in parts}
    sections: list[tuple[str, str, list[NamedNode]]] = []
    for passage in passages:
        if facts.is_late(passage):
            continue
        number = _number(facts, passage)
        if sections and not facts.terms(passage, "section"):  # a footnote stands at its mark
            number = sections[-1][0]
        if not sections or sections[-1][0] != number:
            sections.append((number, titles.get(number) or _heading(view, facts, passage), []))
        sections[-1][2].append(passage)
    return [(anchors.pop(section[0], f"part-{at}"), *section[1:]) for at, section in enumerate(sections, 1)]


def _place(view: View, facts: Facts, passage: NamedNode) -> Said:
    """Return ``passage`` with its place and its anchors alone."""
    cited, document = facts.label(passage), next((facts.short(one) for one in facts.terms(passage, "statedAt")), "")
    place = re.sub(r"^( \([^)]*\))?, ", "", cited.removeprefix(document))
    said = Said(passage.value, passage.value.partition("#")[2], place or cited)
    subjects = {quad.subject for quad in view.site.store.quads_for_pattern(None, None, None, passage)}
    own = {value(term) for term in (*facts.terms(passage, "span"), *subjects)}
    parts = (f"{passage.value}.", f"{passage.value}-span")
    said.others = sorted(iri.partition("#")[2] for iri in own if iri.startswith(parts))
    return said


def _stated(site: Site, passage: NamedNode) -> list[Quad]:
    """Return what ``passage`` states, and what the passage does that it translates."""
    same = site.store.quads_for_pattern(passage, NamedNode(EUAI + "translates"), None, DefaultGraph())
    own = [passage, *(quad.object for quad in same if isinstance(quad.object, NamedNode))]
    return [quad for one in own for quad in site.store.quads_for_pattern(None, None, None, one)]


def _titles(view: View, facts: Facts, version: str) -> dict[str, str]:
    """Return the headings of the sections of ``version`` by their numbers, in the language of the page."""
    quads = view.site.store.quads_for_pattern(None, NamedNode(DCT + "isPartOf"), NamedNode(version), DefaultGraph())
    sections = [quad.subject for quad in quads]
    facts.read(sections)
    found = {}
    for section in sections:
        number = _number(facts, section)
        titles = facts.in_language(facts.details(section).get(DCT + "title", []))
        found[number] = _heading(view, facts, section, *titles[:1])
    return found


def _heading(view: View, facts: Facts, thing: Term, title: str = "") -> str:
    """Return the heading of the section ``thing``, or in which it stands: its annex, its number, and its ``title``."""
    annex, section = ("".join(map(text, facts.terms(thing, part))) for part in ("annex", "section"))
    own = f"{section} {title}" if title and re.fullmatch(r"[0-9.]+", section) else title or section
    return ": ".join(filter(None, [view.words["annex"].format(annex) if annex else "", view.sentence(own)]))


def _number(facts: Facts, thing: Term) -> str:
    """Return the number of the annex and the section in which a passage stands, or that a section has."""
    return " ".join(text(one) for one in (*facts.terms(thing, "annex"), *facts.terms(thing, "section")))


def _said(view: View, wording: Wording, passage: NamedNode, quads: list[Quad]) -> Said:
    facts, said = wording.facts, _place(view, wording.facts, passage)
    others = facts.terms(passage, "translates")
    said.same = [(view.to(view.site.places[value(one)]), facts.label(one)) for one in others]
    said.modality, said.by = wording.names(passage, "modality"), wording.names(passage, "attributedTo")
    said.code = next((value(one).rpartition("/")[2] for one in facts.terms(passage, "modality")), "")
    said.silent = wording.names(passage, "withoutFact")
    triples = [quad.triple for quad in quads]
    stated = {triple.subject for triple in triples if facts.statement(triple.subject)}
    roles: dict[tuple[Term | None, ...], str] = {}
    for one in sorted(stated, key=str):
        if facts.statement(one) == "relation":
            of = {triple.predicate.value: triple.object for triple in triples if triple.subject == one}
            key = tuple(of.get(RDF + part) for part in ("subject", "predicate", "object"))
            told = [wording.names(one, "role"), *wording.conditions(one)]
            roles[key] = "; ".join(dict.fromkeys(filter(None, [roles.get(key, ""), *told])))
    plain: dict[Term, dict[str, list[tuple[Link, str]]]] = {}
    keys = dict.fromkeys([(t.subject, t.predicate, t.object) for t in triples if t.subject not in stated])
    for subject, predicate, end in sorted({*keys, *roles}, key=str):
        if subject is None or not isinstance(predicate, NamedNode):
            continue
        if isinstance(end, Literal) and end.language not in (None, view.lang):
            continue
        name = text(end) if isinstance(end, Literal) else facts.label(end)
        link = view.link(end.value) if isinstance(end, NamedNode) else ""
        there = plain.setdefault(subject, {}).setdefault(wording.called(predicate.value), [])
        there.append(((link, name), roles.get((subject, predicate, end), "")))
    for subject, relations in sorted(plain.items(), key=lambda pair: natural(facts.label(pair[0]).lower())):
        link = view.link(subject.value) if isinstance(subject, NamedNode) else ""
        said.facts.append(((link, facts.label(subject)), sorted(relations.items())))
    for one in sorted(stated, key=str):
        if facts.statement(one) != "relation":
            more = "; ".join([*wording.conditions(one), *wording.notes(one)])
            said.sentences.append(wording.statement(one) + (f" ({more})" if more else ""))
    return said
