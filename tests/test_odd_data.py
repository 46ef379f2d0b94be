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
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    parse_query_results,
)

import euaikg
from euaikg.cli import main
from euaikg.core.vocab import XSD
from euaikg.diagrams import measures, views
from euaikg.diagrams.model.network import Edge
from euaikg.errors import OutputError
from euaikg.exports import class_tables, export, frames
from euaikg.graph import build, stores
from euaikg.questions import ask, cards, names
from euaikg.rdf import forms, ntriples
from euaikg.rdf.terms import native, text
from euaikg.sparql import formats, limited, replies
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded, Limited

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
    """Let the graph be the ontology, the code lists and the user's files, which is built at once; return a folder."""
    shipped = [(path, home) for path, home in build.sources() if path.parent.name in ("ontology", "codelists")]
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


def test_a_server_gives_every_kind_of_term(small: Path) -> None:
    answer = opened(small, f"<urn:s> <urn:p> {TERMS} .").select(ALL)
    content = json.loads(formats.encode(answer, "json"))
    assert replies._table(content, "the server", set(), ["o"]) == answer


def test_xml_refuses_what_it_cannot_hold(small: Path) -> None:
    answer = opened(small, '<urn:s> <urn:p> "bell \\u0007" .').select(ALL)
    with pytest.raises(euaikg.errors.OutputError, match="XML cannot hold a control character"):
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


SPELT = """
ex:lot ex:code "03111000"^^xsd:integer . ex:file ex:byteSize "5120"^^xsd:nonNegativeInteger . ex:fee ex:price 1.10 .
ex:n ex:v "12"^^xsd:long, 12, "1"^^xsd:boolean, 1e0, "PT60M"^^xsd:duration, "2024-01-01T24:00:00"^^xsd:dateTime, 01 .
[] ex:v "007"^^xsd:integer, "text"@en--rtl, <<( ex:a ex:b 08 )>> .
ex:plain ex:v 5, "2024-05-06Z"^^xsd:date, "x"^^xsd:integer .
"""


def given(quads: Iterable[Quad]) -> set[Quad]:
    """Return the triples of our example namespace among ``quads``, blank nodes named anew."""
    return canonical(Quad(*quad.triple) for quad in quads if quad.predicate.value.startswith("https://example.org/"))


@pytest.mark.slow
@pytest.mark.parametrize("form", forms.SUFFIXES)
def test_values_come_out_as_they_were_given(small: Path, form: str) -> None:
    held = SPELT if form not in ("rdfxml", "jsonld", "jsonld-graphs") else SPELT.replace(", <<( ex:a ex:b 08 )>>", "")
    held = held if form != "rdfxml" else held.replace(', "text"@en--rtl', "")
    made = b"".join(export.write(export.everything(opened(small, held)), form))
    kind = {"rdfxml": RdfFormat.RDF_XML}.get(form) or build.RDF_FORMATS[forms.SUFFIXES[form]]
    assert given(parse(made, format=kind)) == given(parse(PREFIXES + held, format=RdfFormat.TURTLE))


@pytest.mark.slow
def test_a_store_on_disk_keeps_them_too(small: Path) -> None:
    (small / "odd.ttl").write_text(PREFIXES + SPELT)
    stores.build(small / "kept", [small / "odd.ttl"])
    made = b"".join(export.write(export.everything(stores.open_store(small / "kept")), "nquads"))
    assert given(parse(made, format=RdfFormat.N_QUADS)) == given(parse(PREFIXES + SPELT, format=RdfFormat.TURTLE))


def test_parts_and_constructed_triples_have_values_as_given(small: Path) -> None:
    engine = opened(small, SPELT + "ex:lot skos:prefLabel 'Lot'@en .")
    for content in (export.about(engine, "Lot"), export.graph(engine, "graph:added")):
        for form in ("turtle", "nquads"):
            assert b"03111000" in b"".join(export.write(content, form))
    for asked in (engine, Limited(engine, timeout=60)):
        answer = asked.run("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o > 3000000) }")
        assert isinstance(answer, Triples)
        assert [str(triple.object) for triple in answer] == [f'"03111000"^^<{XSD}integer>']


def test_what_the_engine_spells_anew_is_said(small: Path) -> None:
    opened(small, SPELT)
    for command, spoken in {
        "?c { <https://example.org/lot> ?p ?c }": 1,
        "?c { <https://example.org/plain> ?p ?c }": 0,
    }.items():
        done = CliRunner().invoke(
            main, ["query", "--data", "odd.ttl", "--text", f"SELECT {command}", "--format", "csv"]
        )
        assert done.stderr.count("03111000") == spoken
    table = euaikg.run("SELECT ?c { <https://example.org/file> ?p ?c }", data="odd.ttl")
    assert isinstance(table, Table)
    assert "nonNegativeInteger" in " ".join(table.notes)


def test_tables_have_values_as_given(small: Path) -> None:
    engine = opened(small, SPELT)
    tables = class_tables.sheets(ntriples.ordered(export.everything(engine).flat()))
    made = {name: b"".join(content) for name, content in class_tables.to_csv(tables)}
    cells = made["untyped.csv"].decode()
    assert all(text in cells for text in ("03111000", "5120", "1.10", "PT60M", "1 | 12", "<<( <https://example.org/a>"))
    assert '"nonNegativeInteger"' in made["csv-metadata.json"].decode()


def test_the_same_value_spelt_by_us_and_by_others_is_kept_twice(small: Path) -> None:
    engine = opened(small, "ex:f { ex:a ex:v 01 } ex:g { ex:a ex:v 1 }", ".trig")
    written = b"".join(export.write(export.everything(engine), "nquads")).decode()
    assert f'<https://example.org/v> "01"^^<{XSD}integer> <https://example.org/f> .' in written
    assert f'<https://example.org/v> "1"^^<{XSD}integer> <https://example.org/g> .' in written
    flat = b"".join(export.write(export.everything(engine), "ntriples")).decode()
    assert flat.count("<https://example.org/v>") == 2


def test_things_of_any_kind_of_iri_are_found(small: Path) -> None:
    urn = "urn:uuid:0b7c2a51-6f0e-4d5e-9a3b-7d2f10c4e8aa"
    engine = opened(
        small, f'<{urn}> a euai:Body ; skos:prefLabel "Urn council"@en . ex:n skos:prefLabel "tag:name"@en .'
    )
    for typed in (urn, f"<{urn}>", f" {urn} ", "Urn council", "URN COUNCIL"):
        assert names.resolve(engine, typed) == NamedNode(urn)
    assert names.resolve(engine, "tag:name") == NamedNode("https://example.org/n"), "a name may have a colon"
    assert names.resolve(engine, "<urn:other>") == NamedNode("urn:other")
    for typed in ("urn:other", "bdy:ai-office", "AI Act: rules", "<no iri>", "http://a/b c"):
        with pytest.raises(euaikg.errors.UnknownThingError):
            names.resolve(engine, typed)


VALID = Path(__file__).parent / "fixtures" / "valid.trig"
IN_A_PASSAGE = """
@prefix here: <https://w3id.org/euaikg/source/fixture-document/en#> .
<urn:fund> a euai:FundingEnvelope ; skos:prefLabel "Fund"@en, "Fonds"@nl .
<urn:lab> a euai:Body ; skos:prefLabel "Lab"@en . <urn:far> a euai:Body ; skos:prefLabel "Far"@en .
here:s1-p1 {
  here:s1-p1.urn a euai:FundingStatement ; euai:aboutEnvelope <urn:fund> ; euai:amount 5 ;
    euai:currency <urn:money:JPY> ; euai:fundingMode <urn:mode> .
  <urn:fund> euai:finances <urn:lab> . <urn:lab> euai:cooperatesWith <urn:far> .
}
"""


def test_codes_that_nothing_describes_leave_no_row_out(small: Path) -> None:
    (small / "own.trig").write_text(PREFIXES + IN_A_PASSAGE)
    engine = build.open_graph([VALID, small / "own.trig"])
    for lang in ("en", "nl"):
        answer = ask.question(engine, "figures", {"thing": "urn:fund", "lang": lang}).answer
        assert isinstance(answer, Table)
        assert [(row["what"], row["unit"], row["value"]) for row in answer.to_dicts()] == [("mode", "JPY", 5)]


def test_networks_reach_things_of_any_kind_of_iri(small: Path) -> None:
    (small / "own.trig").write_text(PREFIXES + IN_A_PASSAGE)
    engine = build.open_graph([VALID, small / "own.trig"])
    drawn = views.focus(engine, "urn:fund", depth=2)
    assert {"urn:fund", "urn:lab", "urn:far"} <= {node.iri for node in drawn.nodes}
    assert "<NamedNode value=urn:lab>" in str(measures.central(engine, drawn.edges).rows)


def test_networks_may_have_ends_of_any_kind(small: Path) -> None:
    edges = [Edge("_:b", "a text", "urn:p", ""), Edge("urn:x", "_:b", "urn:p", "")]
    answer = measures.central(opened(small, ODD), edges)
    assert set(answer.column("thing")) == {BlankNode("b"), Literal("a text"), NamedNode("urn:x")}


@pytest.mark.parametrize("beside", ["", f'_:b <urn:p> "07"^^<{XSD}integer> .\n'], ids=["names", "blank nodes"])
def test_what_files_of_lines_say_comes_out_as_it_is_spelt(small: Path, beside: str) -> None:
    texts = [
        '"5"^^<{}integer>',
        '"a"@en',
        '"01"',
        "<http://a/5>",
        '"a\\"5"^^<{}integer>',
        '"01"^^<urn:x>',
        '"a\u2028b"^^<urn:x>',
    ]
    texts += ['"05"^^<{}integer>', '"5"^^<{}long>', '"1.0"^^<{}decimal>', '"1"^^<{}decimal>', '"2024-05-06Z"^^<{}date>']
    texts += ['<<( <urn:s> <urn:p> "05"^^<{}integer> )>>', '"06"^^<http://www.w3.org/2001/XMLSchema\\u0023integer>']
    lines = [f"<urn:s> <urn:p> {text.format(XSD)} .\n" for text in texts]
    (small / "x.nt").write_text("".join([*lines, beside]), encoding="utf-8")
    written = b"".join(export.write(export.everything(build.open_graph([small / "x.nt"])), "ntriples")).decode()
    for line in lines:
        assert line.replace("\\u0023", "#") in written
    assert beside.removeprefix("_:b") in written
