"""The event stream (LDES): which passage said what since which release, for those who keep a copy.

Its members are the nanopublications, which never change: each is a version of its passage, with the time at which it
came, and stands with its facts as a named graph in the page of the release that brought it. A passage that is gone, or
says otherwise, has a last member that is deprecated or a new one. Pages of earlier releases are taken over as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from euaikg.core.vocab import BASE, DCT, OWL, RDF, TYPE, XSD
from euaikg.publishing.nanopubs import CREATED, Nanopub
from euaikg.rdf import forms, turtle
from euaikg.rdf.ntriples import of_triples, ordered
from euaikg.rdf.terms import Term

STREAM = NamedNode(BASE + "events")
FOLDER = "events/"

_LDES = "https://w3id.org/ldes#"
_TREE = "https://w3id.org/tree#"
_VERSION_OF = NamedNode(DCT + "isVersionOf")
_DEPRECATED = NamedNode(OWL + "deprecated")


@dataclass(frozen=True)
class Member:
    """A member of earlier pages: its name, its passage, its time, and whether it says that the passage is gone."""

    name: str
    passage: str
    created: str
    is_gone: bool


def members(pages: Mapping[str, bytes]) -> list[Member]:
    """Return the members of the ``pages``, TriG by file name, by time; raise SyntaxError for one that is none."""
    found = []
    for content in pages.values():
        about: dict[str, dict[str, str]] = {}
        for quad in parse(content, format=RdfFormat.TRIG):
            if quad.predicate in (CREATED, _VERSION_OF, _DEPRECATED):
                about.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
        found += [
            Member(name[1:-1], said[_VERSION_OF.value], said[CREATED.value], _DEPRECATED.value in said)
            for name, said in about.items()
            if _VERSION_OF.value in said
        ]
    return sorted(found, key=lambda member: (member.created, member.name))


def latest(pages: Mapping[str, bytes]) -> dict[str, Member]:
    """Return the last member of each passage in the ``pages``."""
    return {member.passage: member for member in members(pages)}


def stream(
    nanopubs: Iterable[Nanopub], version: str, date: str, base_url: str, pages: Mapping[str, bytes]
) -> Iterable[tuple[str, bytes]]:
    """Yield the files of the stream: its root, the page of this ``version`` and those of earlier ones, ``pages``.

    ``base_url`` is where they will be hosted and ``date`` the day of this release.
    """
    last = latest(pages)
    known = {member.name for member in last.values()}
    nanopubs = list(nanopubs)
    there = {nanopub.passage.value for nanopub in nanopubs}
    this = f"{FOLDER}{version}.trig"
    page, time = NamedNode(base_url + this), Literal(f"{date}T00:00:00Z", datatype=NamedNode(XSD + "dateTime"))
    said = [*_stream(NamedNode(base_url + "events.ttl")), Triple(page, TYPE, _tree("Node"))]
    graphs: dict[str, tuple[Triple, ...]] = {}

    def member(name: NamedNode, passage: NamedNode, created: Literal) -> None:
        said.append(Triple(STREAM, _tree("member"), name))
        said.append(Triple(name, CREATED, created))
        said.append(Triple(name, _VERSION_OF, passage))

    for nanopub in nanopubs:
        if nanopub.name.value not in known:
            member(nanopub.name, nanopub.passage, nanopub.created)
            graphs[str(nanopub.name)] = nanopub.graphs[f"{nanopub.name.value}#assertion"]
    for gone in sorted(passage for passage, one in last.items() if passage not in there and not one.is_gone):
        name = NamedNode(f"{BASE}{FOLDER}{version}#{hashlib.sha256(gone.encode()).hexdigest()[:16]}")
        member(name, NamedNode(gone), time)
        said.append(Triple(name, _DEPRECATED, Literal(True)))
    written = turtle.trig((name, ordered(of_triples(triples)())) for name, triples in [("", said), *graphs.items()])
    content = {**pages, this: b"".join(written)}
    yield "events.ttl", _root(base_url, content)
    yield from content.items()


def _root(base_url: str, pages: Mapping[str, bytes]) -> bytes:
    """Return the root of the stream, which says from which time on the members of each page are."""
    root = NamedNode(base_url + "events.ttl")
    said = list(_stream(root))
    for name, content in pages.items():
        times = sorted(member.created for member in members({name: content}))
        link = NamedNode(f"{root.value}#{name.removeprefix(FOLDER).removesuffix('.trig')}")
        said += [
            Triple(root, _tree("relation"), link),
            Triple(link, _tree("node"), NamedNode(base_url + name)),
        ]
        if not times:
            said.append(Triple(link, TYPE, _tree("Relation")))
            continue
        said += [
            Triple(link, TYPE, _tree("GreaterThanOrEqualToRelation")),
            Triple(link, _tree("path"), CREATED),
            Triple(link, _tree("value"), Literal(times[0], datatype=NamedNode(XSD + "dateTime"))),
        ]
    return forms.encode(said, "turtle")


def _stream(root: NamedNode) -> Iterable[Triple]:
    """Yield what every page says of the stream, whose view begins at ``root``."""
    told: list[tuple[NamedNode, NamedNode, Term]] = [
        (STREAM, NamedNode(RDF + "type"), NamedNode(_LDES + "EventStream")),
        (STREAM, NamedNode(_LDES + "timestampPath"), CREATED),
        (STREAM, NamedNode(_LDES + "versionOfPath"), _VERSION_OF),
        (STREAM, _tree("view"), root),
        (STREAM, NamedNode(DCT + "title"), Literal("What the passages say, as it came", language="en")),
        (STREAM, NamedNode(DCT + "title"), Literal("Wat de passages zeggen, zoals het kwam", language="nl")),
        (STREAM, NamedNode(DCT + "license"), NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        (root, NamedNode(RDF + "type"), _tree("Node")),
    ]
    return (Triple(*one) for one in told)


def _tree(name: str) -> NamedNode:
    return NamedNode(_TREE + name)
