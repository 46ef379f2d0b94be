"""Canonical text: the same facts, the same bytes, whatever the order they came in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from euaikg.curation import canonical
from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.rdf import forms
from euaikg.rdf.turtle import Writer

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


@pytest.mark.slow
@given(triples)
def test_turtle_says_what_it_was_given(content: list[Triple]) -> None:
    assert {quad.triple for quad in parse(forms.encode(content, "turtle"), format=RdfFormat.TURTLE)} == set(content)


@given(triples, st.randoms())
def test_order_makes_no_difference(content: list[Triple], random: object) -> None:
    shuffled = list(content)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert forms.encode(shuffled, "turtle") == forms.encode(content, "turtle")


@pytest.mark.slow
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


KEPT = {
    "triple": "<http://x/1> <http://x/p> <<( <http://x/2> <http://x/q> <<( <http://x/3> <http://x/q> 7 )>> )>> .",
    "direction": '<http://x/1> <http://x/p> "a"@he--rtl, "a"@he, "a" .',
    "spellings": "<http://x/1> <http://x/p> 01, 1, 1.10, 1.1, 1e0, '5'^^<http://www.w3.org/2001/XMLSchema#long> .",
    "line ends": "# one\r\n# two\r\n<http://x/1> <http://x/p> '''a\r\nb''' .\r\n",
    "line ends of old": "# one\r<http://x/1> <http://x/p> 1 .\r",
    "line separators": "# one\u2028two \x0b \x85 three\n<http://x/1> <http://x/p> 1 .",
}


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("suffix", [".ttl", ".trig"])
def test_what_a_file_says_is_kept_and_once_is_enough(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(KEPT[name].encode())
    before = set(parse(path=path))
    assert canonical.rewrite(path)
    assert not canonical.rewrite(path)
    assert set(parse(path=path)) == before
    assert b"\r" not in path.read_bytes()
    assert path.read_text().startswith("#") == KEPT[name].startswith("#")


HEAD = "@prefix euai: <https://w3id.org/euaikg/ontology#> . @prefix : <http://x/#> . "
PASSAGES = {
    "two starts": ":p a euai:Passage ; euai:span :b, :a . :a euai:start 9, 1 . :b euai:start 1, 5 . :p { :x :y :z }",
    "odd starts": ":p a euai:Passage ; euai:span :b, :a, 'c', :p . :a euai:start '²', '9999999999999999999999', -1 .",
    "shared": ":p a euai:Passage ; euai:span :a . :q a euai:Passage ; euai:span :a, :p . :a euai:start 3 .",
    "a triple": ":p a euai:Passage ; euai:span <<( :a :b :c )>> .",
}


@pytest.mark.parametrize("name", PASSAGES)
def test_odd_passages_are_kept_and_said_once(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.trig"
    path.write_text(HEAD + PASSAGES[name])
    before = sorted(map(str, parse(path=path)))
    assert canonical.rewrite(path)
    assert not canonical.rewrite(path)
    assert sorted(map(str, parse(path=path))) == before


REFUSED = {
    "_:g { <http://x/1> <http://x/p> 1 . }": "a blank node names a graph",
    "<a> <http://x/p> 1 .": "an IRI is relative",
    "<http://x/1> <http://x/p> <<( <http://x/2> <http://x/q> [] )>> .": "a blank node stands at",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_kept_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.trig"
    path.write_text(text)
    with pytest.raises(InputError, match=REFUSED[text]):
        canonical.rewrite(path)
    assert path.read_text() == text


@pytest.mark.parametrize("broken", ["<http://x/1> <http://x/p> 1 .", "<<"])
def test_a_file_is_replaced_only_by_what_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(text := "<http://x/1> <http://x/p> 1, 2 .")
    monkeypatch.setattr(Writer, "descriptions", lambda *_: broken)
    with pytest.raises(InputError, match=r"the canonical text cannot hold a value of http://x/p; the file stays"):
        canonical.rewrite(path)
    assert path.read_text() == text
