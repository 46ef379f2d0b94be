"""What changed between two releases is told fully, and the patch leads from one to the other."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from euaikg.core.vocab import BASE, EUAI, GRAPH, RDFS, SKOS
from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.publishing import changes, marks, patches

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


def test_nothing_changed() -> None:
    found = changes.compare(OLD, OLD, ("1", "1"), "2026-01-01")
    assert found.summary() == ["Nothing changed."]


LINES = st.sets(
    st.tuples(st.sampled_from("abc"), st.sampled_from("pq"), st.text(st.characters(codec="utf-8"), max_size=4)),
    max_size=8,
).map(lambda rows: quads(*((f"id/x/{s}", f"https://example.org/{p}", o, ENTITIES) for s, p, o in rows)))


@given(old=LINES, new=LINES)
@pytest.mark.slow
def test_the_patch_leads_from_the_old_to_the_new(old: bytes, new: bytes) -> None:
    """Named graphs and default graph, which lacks what one of them denies, and the marks by which a server is known."""
    before, after = (patches.released(side, b"".join(sorted(plain(side)))) for side in (old, new))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "changes.rdfp")
        file.write_bytes(b"".join(patches.between(before, after).written()))
        patch = patches.read(file)
    assert patch == patches.between(before, after)
    known = {name: part.mark for name, part in before.items()}
    applied = {name: mark for name, mark in patch.applied(known).items() if mark.count}
    assert applied == {name: part.mark for name, part in after.items()}
    for name in {**before, **after}:
        lines = set(before[name].lines()) if name in before else set()
        gone, come = patch.changes.get(name, ([], []))
        assert lines.issuperset(gone) and lines.isdisjoint(come)
        assert lines - {*gone} | {*come} == (set(after[name].lines()) if name in after else set())


def test_blank_nodes_are_the_same_in_the_next_release() -> None:
    text = b"""<urn:a> <urn:p> [ <urn:q> _:x ] . _:x <urn:q> "z" . _:g { <urn:a> <urn:p> "in a graph", _:g }
        <urn:g> { <urn:a> <urn:p> _:x , [ <urn:q> _:x ] , <<( _:x <urn:q> [] )>> . _:x <urn:q> "z" }"""
    store = Store()
    store.load(text, RdfFormat.TRIG)
    store.extend([Quad(*quad.triple) for quad in store])
    released = patches.released(*(export.whole(store, form) for form in ("nquads", "ntriples")))
    assert patches.between(released, marks.parts(store)).size == 0


def plain(nquads: bytes) -> Iterator[bytes]:
    """Yield the lines of the default graph: those about a and b."""
    for line in nquads.splitlines(keepends=True):
        if b"id/x/c" not in line:
            yield line.rsplit(b" ", 2)[0] + b" .\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("TX .\nTC .\n", "does not say from which release to which it leads"),
        ("A <urn:a> <urn:b> .\n", ":1: not a triple or quad"),
        ("X\n", ":1: not a line of an RDF patch"),
        ("A <urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 50_000 + "<urn:c>" + " )>>" * 50_000 + " .\n", ":1: not a tr"),
        ("A <urn:a> <urn:b> <urn:c> _:g .\n", ":1: a graph in a patch has an IRI"),
    ],
)
def test_what_is_no_patch_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "changes.rdfp"
    file.write_text(text)
    with pytest.raises(InputError, match=sentence):
        patches.read(file)


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
