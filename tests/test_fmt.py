"""Canonical text: the same facts, the same bytes, whatever the order they came in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from euaikg.curation import canonical
from euaikg.exports import export
from euaikg.rdf import forms

names = st.sampled_from(["a", "b", "c-d", "e.f", "g"]).map(
    lambda name: NamedNode(f"https://w3id.org/euaikg/id/body/{name}")
)
foreign = st.sampled_from(["http://x/1", "http://x/a,b", "http://x/é", "urn:x:y."]).map(NamedNode)
literals = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(Literal),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(lambda text: Literal(text, language="en")),
    st.integers().map(Literal),
    st.booleans().map(Literal),
    st.decimals(allow_nan=False, allow_infinity=False).map(
        lambda number: Literal(f"{number:f}", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    ),
)
nodes = st.one_of(names, foreign)
triples = st.lists(st.builds(Triple, nodes, nodes, st.one_of(nodes, literals)), max_size=20)


@given(triples)
def test_turtle_says_what_it_was_given(content: list[Triple]) -> None:
    assert {quad.triple for quad in parse(forms.encode(content, "turtle"), format=RdfFormat.TURTLE)} == set(content)


@given(triples, st.randoms())
def test_order_makes_no_difference(content: list[Triple], random: object) -> None:
    shuffled = list(content)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert forms.encode(shuffled, "turtle") == forms.encode(content, "turtle")


@given(st.lists(st.builds(Quad, nodes, nodes, st.one_of(nodes, literals), names), max_size=20))
def test_trig_says_what_it_was_given(content: list[Quad]) -> None:
    made = b"".join(export.write(export.of(content), "trig"))
    assert set(parse(made, format=RdfFormat.TRIG)) == set(content)


@pytest.mark.parametrize("path", canonical.authored(), ids=lambda path: path.name)
def test_authored_files_are_canonical(path: Path) -> None:
    assert not canonical.rewrite(path, check=True), f"mend it with: euaikg fmt {path}"


def test_the_first_line_that_differs_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "# Head.\n@prefix body: <https://w3id.org/euaikg/id/body/> .\n\nbody:a body:p body:c .\n"
        "body:a body:p body:b .\n"
    )
    assert canonical.rewrite(path, check=True) == 4
    assert canonical.rewrite(path) == 4
    assert canonical.rewrite(path) is None


def test_a_file_keeps_its_head_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "# What this file is for.\n# Second line.\n@prefix b: <https://w3id.org/euaikg/id/body/> .\n"
        '@prefix own: <http://own/> .\nb:z own:p "2"; a own:C .\nb:a own:p 10 , 9 .\n'
    )
    before = set(parse(path=path))
    assert canonical.rewrite(path)
    assert not canonical.rewrite(path)
    assert set(parse(path=path)) == before
    assert path.read_text() == (
        "# What this file is for.\n# Second line.\n@prefix body: <https://w3id.org/euaikg/id/body/> .\n"
        '@prefix own: <http://own/> .\n\nbody:a own:p 9, 10 .\n\nbody:z a own:C ;\n  own:p "2" .\n'
    )


def test_a_source_file_stands_in_reading_order() -> None:
    path = next(path for path in canonical.authored() if path.name == "ip-24-383.trig")
    text = path.read_text()
    places = [
        text.index(f"here:{place} a euai:Passage")
        for place in ("title", "dateline", "lead-p1", "quotes-p1", "media-p1")
    ]
    assert places == sorted(places)
    assert text.index("here:lead-p1 {") < text.index("here:lead-p2 a euai:Passage")
