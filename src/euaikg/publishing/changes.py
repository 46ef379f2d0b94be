"""What changed between two releases: things and statements added, removed and changed, triple by triple.

Both sides are N-Quads as ``euaikg export`` writes them. What rules derive is left out of the account of things and
statements, since it changes with what it is derived from; the patch (:mod:`euaikg.publishing.patches`) has every line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from euaikg.core import output, templates
from euaikg.core.vocab import BASE, DCT, GRAPH, RDFS, SKOS
from euaikg.pages.view import TEMPLATES
from euaikg.rdf.terms import Term, token
from euaikg.rdf.turtle import Writer, natural

WAYS = ("added", "removed", "changed")
GROUPS = ("things", "statements", "documents", "passages", "vocabulary", "others")
"""The groups of subjects, in the order in which a reader wants them."""

_DERIVED = NamedNode(GRAPH + "derived")
_RANK = {NamedNode(DCT + "bibliographicCitation"): 1, NamedNode(RDFS + "label"): 2, NamedNode(SKOS + "prefLabel"): 3}

AUTHORS = "The euaikg authors"

ATOM = "http://www.w3.org/2005/Atom"

Node = NamedNode | BlankNode | Triple
Fact = tuple[NamedNode, Term]


@dataclass(frozen=True)
class Change:
    """One subject that differs, with its name and the facts (predicate and object as Turtle) that came and went."""

    iri: str
    name: str
    how: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """The difference between the releases ``old`` and ``new``."""

    old: str
    new: str
    date: str
    groups: Mapping[str, tuple[Change, ...]]

    def count(self, group: str, how: str) -> int:
        """Return how many subjects of ``group`` were ``how``: added, removed or changed."""
        return sum(change.how == how for change in self.groups.get(group, ()))

    def to_json(self) -> bytes:
        """Return the account of things and statements as JSON."""
        content = {
            "from": self.old,
            "to": self.new,
            "date": self.date,
            "counts": {name: {how: self.count(name, how) for how in WAYS} for name in GROUPS},
            **{name: [vars(change) for change in self.groups.get(name, ())] for name in GROUPS},
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

    def summary(self) -> list[str]:
        """Return one sentence for each group that differs."""
        said = []
        for name in GROUPS:
            counts = [f"{self.count(name, how)} {how}" for how in WAYS if self.count(name, how)]
            if counts:
                said.append(f"{name.capitalize()}: {', '.join(counts)}.")
        return said or ["Nothing changed."]

    def to_markdown(self) -> bytes:
        """Return the account for people."""
        return templates.fill(TEMPLATES / "changes.md", changes=self, groups=GROUPS, ways=WAYS, plain=_plain).encode()


def _plain(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>#" else c if c.isprintable() else " " for c in text)


def group(iri: str) -> str:
    """Return the group of :data:`GROUPS` that the subject ``iri`` belongs to."""
    if iri.startswith(BASE + "id/"):
        return "things"
    if iri.startswith(BASE + "source/"):
        place = iri.partition("#")[2]
        return "statements" if "." in place else "passages" if place else "documents"
    return "vocabulary" if iri.startswith(BASE + "ontology") else "others"


def compare(old: bytes, new: bytes, versions: tuple[str, str], date: str) -> Changes:
    """Return what changed from the N-Quads ``old`` to ``new``; ``versions`` are theirs, ``date`` the newer's day."""
    (before, old_names), (after, new_names) = _facts(old), _facts(new)
    writer = Writer()
    found: dict[str, list[Change]] = {}
    for subject in before.keys() | after.keys():
        was, now = before.get(subject, set()), after.get(subject, set())
        if was != now:
            how = "added" if not was else "removed" if not now else "changed"
            iri = subject.value if isinstance(subject, NamedNode) else str(subject)
            name = new_names.get(subject) or old_names.get(subject) or writer.term(str(subject))
            change = Change(iri, name, how, _written(writer, now - was), _written(writer, was - now))
            found.setdefault(group(iri), []).append(change)
    ordered = {name: tuple(sorted(found[name], key=lambda change: natural(change.iri))) for name in sorted(found)}
    return Changes(*versions, date, ordered)


def _facts(content: bytes) -> tuple[dict[Node, set[Fact]], dict[Node, str]]:
    """Return what is said of each subject apart from what rules derive, and the subjects' English names."""
    facts: dict[Node, set[Fact]] = {}
    names: dict[Node, tuple[int, str]] = {}
    for quad in parse(content, format=RdfFormat.N_QUADS):
        if quad.graph_name != _DERIVED:
            facts.setdefault(quad.subject, set()).add((quad.predicate, quad.object))
        rank = _RANK.get(quad.predicate, 0)
        if rank and isinstance(quad.object, Literal) and quad.object.language in ("en", None):
            names[quad.subject] = max(names.get(quad.subject, (0, "")), (rank, quad.object.value))
    return facts, {subject: name for subject, (_, name) in names.items()}


def _written(writer: Writer, facts: set[Fact]) -> tuple[str, ...]:
    return tuple(sorted(f"{writer.term(str(predicate))} {writer.term(token(value))}" for predicate, value in facts))


def feed(
    changes: Changes | None,
    version: str,
    date: str,
    base_url: str,
    earlier: bytes | None = None,
    authors: str = AUTHORS,
) -> bytes:
    """Return an Atom feed (RFC 4287): an entry for this release before those of the feed ``earlier``."""
    from xml.etree import ElementTree

    ElementTree.register_namespace("", ATOM)

    def put(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        element.text = text
        return element

    root = ElementTree.Element(f"{{{ATOM}}}feed")
    put(root, "id", BASE + "feed")
    put(root, "title", "euaikg: what changed")
    put(root, "updated", f"{date}T00:00:00Z")
    put(put(root, "author"), "name", authors)
    put(root, "link", rel="self", href=base_url + "feed.atom")
    entry = put(root, "entry")
    put(entry, "id", f"{BASE}release/{version}")
    put(entry, "title", f"euaikg {version}")
    put(entry, "updated", f"{date}T00:00:00Z")
    put(entry, "link", href=base_url + "release.json")
    lines = changes.summary() if changes else ["The first release in this feed."]
    things = changes.groups.get("things", ()) if changes else ()
    told = templates.fill(TEMPLATES / "entry.html", lines=lines, things=things)
    put(entry, "content", told, type="html")
    for old in ElementTree.fromstring(earlier).iter(f"{{{ATOM}}}entry") if earlier else ():
        if old.findtext(f"{{{ATOM}}}id") != f"{BASE}release/{version}":
            root.append(old)
    ElementTree.indent(root)
    return output.well_formed(f"{ElementTree.tostring(root, encoding='unicode', xml_declaration=True)}\n".encode())
