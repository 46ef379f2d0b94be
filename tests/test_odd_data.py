"""Data that is legal RDF and yet nothing that we would write: things without names, values in the place of things."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    parse_query_results,
)

import euaikg
from euaikg.cli import main
from euaikg.errors import OutputError
from euaikg.exports import export, frames
from euaikg.graph import build
from euaikg.questions import cards, names
from euaikg.rdf.terms import native, text
from euaikg.sparql import formats, limited
from euaikg.sparql.embedded import Embedded

PREFIXES = """
@prefix body: <https://w3id.org/euaikg/id/body/> . @prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ex: <https://example.org/> .
"""
ODD = """
body:odd a euai:Body ; skos:prefLabel ex:thing, 5, "2024-05-06Z"^^xsd:date, <<( ex:a ex:b "c"@en--rtl )>>, ex:é ;
  skos:definition 7, ex:x, <<( ex:a ex:b ex:c )>> ; skos:altLabel 8, [] ; euai:shortName ex:y ;
  skos:editorialNote ex:z, 1 ; euai:hasMember "x", 7 .
[] a euai:Body ; skos:prefLabel "Nameless"@en, "Naamloos"@nl ; euai:partOf [ a euai:Body ] .
"""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the graph be the ontology and the user's files, so that it is built at once; return a folder."""
    shipped = [(path, home) for path, home in build.sources() if path.parent.name == "ontology"]
    monkeypatch.setattr(build, "sources", lambda: shipped)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opened(folder: Path, content: str, suffix: str = ".ttl") -> Embedded:
    path = folder / f"odd{suffix}"
    path.write_text(PREFIXES + content)
    return build.open_graph([path])


def test_a_card_shows_whatever_stands_in_the_place_of_a_name(small: Path) -> None:
    engine = opened(small, ODD)
    card = cards.card(engine, names.resolve(engine, "body:odd"))
    assert json.loads(json.dumps(card.to_dict()))["iri"].endswith("/odd")
    assert set(card.definitions) == {
        "7", "https://example.org/x", "<<( <https://example.org/a> <https://example.org/b> <https://example.org/c> )>>"
    }  # fmt: skip
    (small / "bare.ttl").write_text(PREFIXES + 'ex:bare ex:p 1 . ex:french skos:prefLabel "Nom"@fr .')
    bare = build.open_graph([small / "bare.ttl"])
    assert cards.card(bare, names.resolve(bare, "https://example.org/bare")).name == "https://example.org/bare"
    assert cards.card(bare, names.resolve(bare, "https://example.org/french")).name == "Nom"


@pytest.mark.parametrize("form", ["text", "json", "turtle"])
def test_findings_about_any_value_are_written(small: Path, form: str) -> None:
    (small / "odd.ttl").write_text(PREFIXES + ODD)
    (small / "shapes.ttl").write_text(
        PREFIXES + "@prefix sh: <http://www.w3.org/ns/shacl#> . ex:s a sh:NodeShape ; sh:targetClass euai:Body ;"
        " sh:property [ sh:path skos:prefLabel ; sh:nodeKind sh:BlankNode ] ."
    )
    done = CliRunner().invoke(main, ["validate", "odd.ttl", "--shapes", "shapes.ttl", "--alone", "--format", form])
    assert done.exit_code == 1, done.output
    assert '"c"@en--rtl )>>' in done.stdout.replace("\\", "")


TERMS = '_:b, <urn:x>, "a"@en--rtl, "a"@en, <<( <urn:x> <urn:p> <<( _:b <urn:p> "a"@en--rtl )>> )>>, 7'
ALL = "SELECT ?o { <urn:s> <urn:p> ?o }"


def test_answers_hold_every_kind_of_term(small: Path) -> None:
    answer = opened(small, f"<urn:s> <urn:p> {TERMS} .").select(ALL)
    assert len(answer) == 6
    for form, kind in formats.KINDS.items():
        again = limited.read(parse_query_results(formats.encode(answer, form), kind))
        assert again == answer, form
    shown = {text(term) for term in answer.column("o")}
    assert {native(term) for term in answer.column("o")} == (shown - {"7"}) | {7}
    (blank,) = {name for name in shown if name.startswith("_:")}
    triple = f'<<( <urn:x> <urn:p> <<( {blank} <urn:p> "a"@en--rtl )>> )>>'
    assert shown == {blank, "urn:x", "a", triple, "7"}
    quoted = triple.replace('"', '""')
    assert set(formats.to_csv(answer).decode().splitlines()[1:]) == {blank, "urn:x", "a", f'"{quoted}"', "7"}


def test_xml_refuses_what_it_cannot_hold(small: Path) -> None:
    answer = opened(small, '<urn:s> <urn:p> "bell \\u0007" .').select(ALL)
    with pytest.raises(euaikg.errors.QueryError, match="XML cannot hold a control character"):
        formats.encode(answer, "xml")
    assert b"\\u0007" in formats.encode(answer, "json")


NAMELESS = "_:g { <urn:s> <urn:p> _:b . _:b <urn:q> _:g } <urn:n> { _:b <urn:q> 1 }"


@pytest.mark.parametrize("form", ["trig", "nquads", "jsonld-graphs"])
def test_graphs_without_a_name_are_exported(small: Path, form: str) -> None:
    made = b"".join(export.write(export.everything(opened(small, NAMELESS, ".trig")), form))
    read = parse(made, format={"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}.get(form, RdfFormat.JSON_LD))
    ours = [quad for quad in read if isinstance(quad.graph_name, BlankNode) or quad.graph_name == NamedNode("urn:n")]
    assert canonical(ours) == canonical(parse(NAMELESS, format=RdfFormat.TRIG))


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    made = Dataset(quads)
    made.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(made)


def test_views_show_things_without_a_name(small: Path) -> None:
    engine = opened(small, "[] a euai:Body ; skos:prefLabel 'Nameless'@en ; euai:partOf [ a euai:Body ] .")
    nodes = json.loads(export.view(export.everything(engine), engine, "body"))["@graph"]
    assert all(node["id"].startswith("_:") for node in nodes)
    assert [node["prefLabel"]["en"] for node in nodes if "prefLabel" in node] == ["Nameless"]


@pytest.mark.parametrize("value", ["'x'", "7", "<<( ex:a ex:b ex:c )>>"])
def test_views_refuse_values_in_the_place_of_things(small: Path, value: str) -> None:
    engine = opened(small, f"body:a a euai:Body ; euai:partOf {value} ; euai:hasMember {value} .")
    with pytest.raises(OutputError, match=r"No view can follow euai:\w+ from the value|cannot hold a triple"):
        for view in frames.views():
            export.view(export.everything(engine), engine, view)


@pytest.mark.parametrize("value", ["<<( ex:a ex:b ex:c )>>", '"a"@en--rtl'])
def test_rdflib_gets_what_it_can_hold(small: Path, value: str) -> None:
    (small / "odd.ttl").write_text(f"{PREFIXES} ex:a ex:b {value} .")
    with pytest.raises(OutputError, match=r"rdflib cannot hold a value of <https://example.org/b>"):
        euaikg.dataset(data=small / "odd.ttl")
