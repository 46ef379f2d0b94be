"""What changed between two releases is told fully, and the patch leads from one to the other."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from euaikg.core.vocab import BASE, EUAI, GRAPH, RDFS, SKOS
from euaikg.publishing import changes

ENTITIES, DERIVED = NamedNode(GRAPH + "entities"), NamedNode(GRAPH + "derived")
PASSAGE = NamedNode(BASE + "source/d/en#p1")


def quads(*facts: tuple[str, str, str, NamedNode]) -> bytes:
    found = [
        Quad(NamedNode(BASE + subject), NamedNode(predicate), Literal(value, language="en"), graph)
        for subject, predicate, value, graph in facts
    ]
    return b"".join(sorted((serialize(found, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)))


OLD = quads(
    ("id/body/kept", SKOS + "prefLabel", "Kept", ENTITIES),
    ("id/body/gone", SKOS + "prefLabel", "Gone *", ENTITIES),
    ("id/body/other", SKOS + "prefLabel", "Before", ENTITIES),
    ("id/body/kept", EUAI + "rank", "1", DERIVED),
    ("source/d/en#p1.figure", EUAI + "unit", "1", PASSAGE),
)
NEW = quads(
    ("id/body/kept", SKOS + "prefLabel", "Kept", ENTITIES),
    ("id/body/come", SKOS + "prefLabel", "Come", ENTITIES),
    ("id/body/other", SKOS + "prefLabel", "After", ENTITIES),
    ("id/body/kept", EUAI + "rank", "2", DERIVED),
    ("source/d/en#p1.figure", EUAI + "unit", "2", PASSAGE),
    ("source/d/en#p1", RDFS + "label", "A passage", ENTITIES),
)


def test_things_and_statements_added_removed_and_changed() -> None:
    found = changes.compare(OLD, NEW, ("1", "2"), "2026-01-01")
    told = {
        (group, change.iri.rsplit("/", 1)[1], change.how)
        for group, changed in found.groups.items()
        for change in changed
    }
    assert told == {
        ("things", "come", "added"),
        ("things", "gone", "removed"),
        ("things", "other", "changed"),
        ("statements", "en#p1.figure", "changed"),
        ("passages", "en#p1", "added"),
    }
    account = json.loads(found.to_json())
    assert account["counts"]["things"] == {"added": 1, "removed": 1, "changed": 1}
    assert account["things"][2]["added"] == ['skos:prefLabel "After"@en']
    assert account["things"][2]["removed"] == ['skos:prefLabel "Before"@en']
    people = found.to_markdown().decode()
    assert "* Things: 1 added, 1 removed, 1 changed." in people
    assert "* Gone \\* (<https://w3id.org/euaikg/id/body/gone>)" in people
    assert b"rank" in found.patch  # derived lines are in the patch alone


def test_nothing_changed() -> None:
    found = changes.compare(OLD, OLD, ("1", "1"), "2026-01-01")
    assert found.summary() == ["Nothing changed."]
    assert found.patch == b"TX .\nTC .\n"


LINES = st.sets(
    st.tuples(st.sampled_from("abc"), st.sampled_from("pq"), st.text(st.characters(codec="utf-8"), max_size=4)),
    max_size=8,
).map(lambda rows: quads(*((f"id/x/{s}", f"https://example.org/{p}", o, ENTITIES) for s, p, o in rows)))


@given(old=LINES, new=LINES)
def test_the_patch_leads_from_the_old_to_the_new(old: bytes, new: bytes) -> None:
    lines = {line + b"\n" for line in old.split(b"\n") if line}
    for line in changes.compare(old, new, ("1", "2"), "2026-01-01").patch.split(b"\n"):
        if line.startswith(b"D "):
            lines.remove(line[2:] + b"\n")
        if line.startswith(b"A "):
            assert line[2:] + b"\n" not in lines
            lines.add(line[2:] + b"\n")
    assert lines == {line + b"\n" for line in new.split(b"\n") if line}


def test_the_feed_keeps_what_was_in_it() -> None:
    first = changes.feed(None, "1", "2026-01-01", "https://example.org/")
    found = changes.compare(OLD, NEW, ("1", "2"), "2026-02-01")
    second = changes.feed(found, "2", "2026-02-01", "https://example.org/", first)
    assert second == changes.feed(found, "2", "2026-02-01", "https://example.org/", second)
    atom = {"a": changes.ATOM}
    root = ElementTree.fromstring(second)
    assert [entry.findtext("a:title", "", atom) for entry in root.findall("a:entry", atom)] == ["euaikg 2", "euaikg 1"]
    assert root.findtext("a:updated", "", atom) == "2026-02-01T00:00:00Z"
    content = root.findtext("a:entry/a:content", "", atom)
    assert 'added: <a href="https://w3id.org/euaikg/id/body/come">Come</a>' in content
    for entry in [root, *root.findall("a:entry", atom)]:
        assert all(entry.find(f"a:{name}", atom) is not None for name in ("id", "title", "updated"))
