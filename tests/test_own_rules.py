"""Rules of one's own: SHACL shapes of a user, run beside the rules of the project, or over files alone."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

import euaikg
from euaikg.cli import main
from euaikg.core import files as core_files
from euaikg.core import vocab

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix body: <https://w3id.org/euaikg/id/body/> .
@prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEAD = PREFIXES.count("\n")

SHAPES = """
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property [ sh:path ex:age ; sh:datatype xsd:int ; sh:maxInclusive 120 ; sh:message "Nobody is that old." ] ,
    [ sh:path [ sh:inversePath ex:knows ] ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""
DATA = """
ex:ann a ex:Person ; skos:prefLabel "Ann"@en ; ex:age "030"^^xsd:int ; ex:knows ex:bob .
ex:bob a ex:Person ; skos:prefLabel "Bob"@en ; ex:age "130"^^xsd:int ; ex:knows ex:ann , [ a ex:Person ] .
ex:cat a ex:Person .
"""

Files = Callable[..., dict[str, str]]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Write Turtle files, with the prefixes in front, and go where they are: ``files(data=DATA, shapes=SHAPES)``."""
    monkeypatch.chdir(tmp_path)

    def write(**texts: str) -> dict[str, str]:
        for name, text in texts.items():
            Path(f"{name}.ttl").write_text(PREFIXES + text)
        return {name: f"{name}.ttl" for name in texts}

    return write


def validate(*arguments: str) -> Result:
    done = CliRunner().invoke(main, ["validate", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def alone(*arguments: str) -> Result:
    return validate("data.ttl", "--shapes", "shapes.ttl", "--alone", *arguments)


def test_findings_name_file_line_shape_thing_path_and_value(files: Files) -> None:
    files(data=DATA, shapes=SHAPES)
    done = alone()
    assert done.stdout.splitlines() == [
        f"data.ttl:{HEAD + 3}: violation [http://example.org/PersonShape] http://example.org/bob “Bob” "
        "http://example.org/age: Nobody is that old. Found: 130.",
        f"data.ttl:{HEAD + 4}: warning [http://example.org/PersonShape] http://example.org/cat "
        "^<http://example.org/knows>: Less than 1 values on <http://example.org/cat>->"
        "[ sh:inversePath <http://example.org/knows> ].",
        "1 violation, 1 warning; 1 shape of your own checked.",
    ]
    assert done.exit_code == 1


def test_warnings_alone_leave_the_status_at_0(files: Files) -> None:
    files(
        data="ex:a a ex:A .",
        shapes="ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:nodeKind sh:Literal ; sh:severity sh:Warning .",
    )
    assert alone().exit_code == 0
    report = Graph().parse(data=alone("--format", "turtle").stdout)
    assert list(report.objects(None, SH.conforms)) == [Literal(False)], "to the W3C nothing conforms that has a result"


def test_as_json(files: Files) -> None:
    files(data=DATA, shapes=SHAPES)
    done = json.loads(alone("--format", "json").stdout)
    assert done["conforms"] is False
    assert done["findings"][0] == {
        "rule": "http://example.org/PersonShape",
        "severity": "Violation",
        "file": "data.ttl",
        "line": HEAD + 3,
        "passage": None,
        "thing": "http://example.org/bob",
        "label": "Bob",
        "path": "http://example.org/age",
        "value": "130",
        "expected": None,
        "message": "Nobody is that old.",
        "because": None,
        "also": [],
    }


def test_the_report_keeps_terms_paths_and_components(files: Files) -> None:
    files(data=DATA, shapes=SHAPES + "ex:S a sh:NodeShape ; sh:targetClass ex:Person ; sh:nodeKind sh:IRI .")
    report = Graph().parse(data=alone("--format", "turtle").stdout)
    found = {
        component: {p: report.value(result, p) for p in (SH.focusNode, SH.value, SH.resultPath, SH.sourceShape)}
        for result, component in report.subject_objects(SH.sourceConstraintComponent)
    }
    ex = "http://example.org/"
    old = found[SH.MaxInclusiveConstraintComponent]
    assert old[SH.value] == Literal("130", datatype=URIRef(vocab.XSD + "int"))
    assert old[SH.resultPath] == URIRef(ex + "age")
    assert isinstance(old[SH.sourceShape], BNode)
    lonely = found[SH.MinCountConstraintComponent]
    assert report.value(lonely[SH.resultPath], SH.inversePath) == URIRef(ex + "knows")
    blank = found[SH.NodeKindConstraintComponent]
    assert isinstance(blank[SH.focusNode], BNode)
    assert blank[SH.value] == blank[SH.focusNode]
    assert blank[SH.sourceShape] == URIRef(ex + "S")


@pytest.mark.slow
def test_own_rules_go_beside_those_of_the_project(files: Files) -> None:
    files(
        data="body:new a euai:Body ; skos:prefLabel 'A new body'@en ; ex:size '05'^^xsd:byte ; ex:note 'Hm' .",
        shapes='''
          ex:Size a sh:PropertyShape ; sh:targetClass euai:Body ; sh:path ex:size ; sh:datatype xsd:byte ;
            sh:pattern "^[1-9]" .
          ex:Closed a sh:NodeShape ; sh:targetNode body:new ; sh:closed true ;
            sh:ignoredProperties ( rdf:type skos:prefLabel ) .
          ex:Shipped a sh:NodeShape ; sh:targetClass euai:Document ; sh:sparql [
            sh:message "Too long: {?name}" ;
            sh:select """SELECT $this ?name {
              $this <http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER(STRLEN(?name) > 90)
            }""" ] .
        ''',
    )
    done = validate("data.ttl", "--shapes", "shapes.ttl")
    rules = re.findall(r"^(\S+): violation \[(\S+)\]", done.stdout, re.MULTILINE)
    assert {rule for file, rule in rules if file == f"data.ttl:{HEAD + 1}"} >= {
        "name-dutch",
        "http://example.org/Closed",
    }
    assert [line for line in done.stdout.splitlines() if "/Size]" in line] == [
        f"data.ttl:{HEAD + 1}: violation [http://example.org/Size] body:new “A new body” http://example.org/size: "
        "Value does not match pattern '^[1-9]'. Found: 05."
    ], "the value is as it stands in the file: a byte, and spelt 05"
    assert "/Closed] body:new “A new body” http://example.org/note: " in done.stdout, "a property that no shape names"
    shipped = [line for line in done.stdout.splitlines() if "/Shipped]" in line]
    assert shipped
    assert all(re.match(r"data/\S+:\d+: violation .*: Too long: \w+", line) for line in shipped), shipped
    assert re.search(r"; \d+ rules and 3 shapes of your own checked\.$", done.stdout)


@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        (".nt", RdfFormat.N_TRIPLES),
        (".trig", RdfFormat.TRIG),
        (".rdf", RdfFormat.RDF_XML),
        (".jsonld", RdfFormat.JSON_LD),
        (".nq.gz", RdfFormat.N_QUADS),
    ],
)
def test_shapes_may_be_in_any_format_and_in_a_folder(suffix: str, form: RdfFormat, files: Files) -> None:
    files(data=DATA, shapes=SHAPES)
    expected = alone().stdout
    content = serialize(parse(PREFIXES + SHAPES, RdfFormat.TURTLE), format=form)
    assert content is not None
    Path("rules").mkdir()
    Path("rules/own" + suffix).write_bytes(gzip.compress(content) if suffix.endswith(".gz") else content)
    assert validate("data.ttl", "--alone", "--shapes", "rules").stdout == expected


def test_relative_iris_are_those_of_their_file(files: Files) -> None:
    files(
        data="<#a> a <kinds#A> .",
        shapes="<> a owl:Ontology . <#s> a sh:NodeShape ; sh:targetClass <kinds#A> ; sh:nodeKind sh:Literal .",
    )
    here = Path.cwd().as_uri()
    assert alone().stdout.startswith(f"data.ttl:{HEAD + 1}: violation [{here}/shapes.ttl#s] {here}/data.ttl#a: ")


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        ("ex:S a sh:PropertyShape ; sh:targetClass ex:P ; sh:minCount 1 .", "must include one `sh:path`"),
        ("ex:S sh:targetClass ex:P ; sh:property [ sh:minCount 1 ] .", "(sh:path: Less than 1 values on"),
        (
            "ex:S sh:targetClass ex:P ; sh:property ex:Nowhere .",
            "ex.org/Nowhere is no well-formed SHACL shape (sh:path",
        ),
        ("ex:S sh:targetClass ex:P ; sh:in ex:list .", "S is no well-formed SHACL shape (sh:in: "),
        (
            "ex:S sh:targetClass ex:P ; sh:or _:l . _:l rdf:first ex:T ; rdf:rest _:l .",
            "a recursive rdf:rest reference",
        ),
        ("ex:S sh:targetClass ex:P ; sh:path _:p . _:p sh:inversePath _:p .", "the value of sh:path cannot be read"),
        ("ex:S sh:targetClass ex:P ; sh:path ex:p ; sh:minCount 'one' .", "(sh:minCount: Value is not Literal"),
        ("ex:S sh:targetClass ex:P ; sh:severity 'bad' .", "(sh:severity: Value is not of Node Kind sh:IRI)"),
        (
            "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:p ; sh:pattern '[a-' ] .",
            "sh:pattern cannot be read (unt",
        ),
        ("ex:S sh:targetClass ex:P ; sh:sparql [ sh:select 'SELECT $this {' ] .", "sh:select cannot be read (Expected"),
        ("ex:S sh:targetClass ex:P ; sh:sparql [ sh:select 'ASK {}' ] .", "cannot be read (it must be a SELECT query)"),
        (
            "ex:S sh:targetClass ex:P ; sh:sparql [ sh:select 'SELECT $this { $this no:x 1 }' ] .",
            "Unknown namespace pre",
        ),
        ("ex:S sh:targetClass ex:P ; sh:sparql [ sh:message 'x' ] .", "must have at least one sh:select"),
        (
            "ex:S sh:targetClass ex:P ; sh:sparql [ sh:select 'SELECT $this { SERVICE <x:> { $this ?p 1 } }' ] .",
            "it says SERVICE, and nothing is fetched",
        ),
        (
            "ex:S sh:targetClass ex:P ; sh:sparql [ sh:select 'SELECT $this FROM <http://x/> { $this ?p 1 }' ] .",
            "it says FROM, and nothing is fetched",
        ),
        ("ex:S sh:targetClass ex:P ; sh:node ex:S .", "refer to each other in a circle that the data follows"),
        ("ex:C a sh:ConstraintComponent . ex:S sh:targetClass ex:P .", "must have at least one value for sh:parameter"),
        ("ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", "there is no SHACL shape with a target"),
        (
            "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:p ; sh:mincount 1 ] .",
            "ex.org/S: sh:mincount is no term of SHACL; sh:minCount is.",
        ),
        ("ex:S sh:targetClass ex:P ; sh:severity sh:Warnung .", "sh:Warnung is no term of SHACL; sh:Warning is."),
        ("ex:S sh:targetClass euai:FundingStatment .", "euai:FundingStatment is no term of the ontology; euai:Funding"),
    ],
)
def test_broken_shapes_are_one_sentence(shapes: str, sentence: str, files: Files) -> None:
    files(data="ex:a a ex:P .", shapes=shapes)
    done = alone()
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.fullmatch(r"Error: shapes\.ttl: .*\.\n", done.stderr), done.stderr
    assert sentence.replace("ex.org", "example.org") in done.stderr


ASKED = (
    "SELECT ?s { ?s euai:partOf ?o }",
    "#+ summary: Parts\n#+ description: Parts.\nSELECT ?s { ?s a euai:Body }",
    "PREFIX x: <https://w3id.org/euaikg/id/body/>\nSELECT ?s { ?s euai:partOf x:ai-office }",
)


@pytest.mark.slow
def test_queries_of_ones_own_that_can_be_asked_are_right(tmp_path: Path) -> None:
    for number, query in enumerate(ASKED):
        (tmp_path / f"{number}.rq").write_text(query)
    done = validate(str(tmp_path))
    assert "[stored-query]" not in done.stdout
    assert done.exit_code == 0, done.stdout


@pytest.mark.slow
def test_queries_of_ones_own_are_checked(tmp_path: Path) -> None:
    wrong = [
        ("SELECT ?s {\n ?s euai:patrOf ?o }", "Nothing in the graph is called euai:patrOf", 2),
        ("SELECT ?s {\n\n ?s ?p <https://w3id.org/euaikg/id/body/ai-ofice> }", "is called body:ai-ofice", 3),
        ("PREFIX x: <https://w3id.org/euaikg/id/body/>\nSELECT ?s { ?s ?p x:ai-ofice }", "called body:ai-ofice", 2),
        ("SELECT ?s { ?s a euai:Body", "not valid SPARQL", 1),
        ("#+ summary: [Parts\nSELECT ?s { ?s a euai:Body }", "It cannot be asked: the header is not YAML", 1),
        ("#+ summary: Parts\nSELECT ?s { ?s a euai:Body }", "It cannot be asked: the header lacks “description”", 1),
        ("#+ summary: P\n#+ description: P\n#+ tag: x\nSELECT ?s { ?s a euai:Body }", "unknown key “tag”", 1),
        (
            "#+ summary: P\n#+ description: P\n#+ parameters: {thing: }\nSELECT ?s { ?s a euai:Body }",
            "the parameter thing has no VALUES ?thing",
            1,
        ),
    ]
    for number, (query, _, _) in enumerate(wrong):
        (tmp_path / f"{number}.rq").write_text(query)
    done = validate(str(tmp_path))
    said = [text for text in done.stdout.splitlines() if "[stored-query]" in text]
    assert (len(said), done.exit_code) == (len(wrong), 1), done.stdout
    for number, (_, sentence, line) in enumerate(wrong):
        start = f"{tmp_path / f'{number}.rq'}:{line}: violation [stored-query]"
        (found,) = (text for text in said if text.startswith(start))
        assert sentence in found
        assert "Correct its header or text." in found


@pytest.mark.slow
def test_the_shipped_queries_can_be_asked() -> None:
    assert validate(str(core_files.root() / "queries")).exit_code == 0


def test_what_is_not_followed_is_said(files: Files) -> None:
    files(data=DATA, shapes=f"{SHAPES} <> owl:imports ex:more . ex:PersonShape sh:rule [ a sh:TripleRule ] .")
    sentence = (
        "shapes.ttl: not followed: owl:imports, sh:rule; SHACL Core and SPARQL constraints are run, and nothing is"
    )
    assert alone().stderr == f"{sentence} fetched.\n"
    with pytest.warns(UserWarning, match=re.escape(sentence)):
        euaikg.validate("data.ttl", shapes="shapes.ttl", alone=True)


@pytest.mark.slow
def test_from_python(files: Files) -> None:
    files(data=DATA, shapes=SHAPES)
    found = euaikg.validate("data.ttl", shapes=["shapes.ttl"], alone=True)
    assert [(finding.rule.severity, finding.thing, finding.path, finding.value) for finding in found] == [
        ("Violation", "http://example.org/bob", "http://example.org/age", "130"),
        ("Warning", "http://example.org/cat", "^<http://example.org/knows>", None),
    ]
    assert euaikg.validate(shapes="shapes.ttl") == []


def test_a_shape_that_stands_nowhere_is_named_by_its_file(files: Files) -> None:
    files(data=DATA, shapes="[] a sh:NodeShape ; sh:targetNode ex:ann ; sh:nodeKind sh:Literal .")
    assert "violation [a shape without a name in shapes.ttl] http://example.org/ann “Ann”: " in alone().stdout


def test_results_are_not_lost_where_two_are_alike(files: Files) -> None:
    files(
        data="ex:i ex:p ex:j ; ex:q ex:j . ex:j ex:r 1 .",
        shapes="""
          ex:S sh:targetNode ex:i ; sh:property [ sh:path ex:p ; sh:node ex:T ] , [ sh:path ex:q ; sh:property ex:R ] ,
            [ sh:path ex:p ; sh:property ex:R ] .
          ex:T sh:nodeKind sh:IRI .
          ex:R sh:path ex:r ; sh:nodeKind sh:IRI .
        """,
    )
    report = Graph().parse(data=alone("--format", "turtle").stdout)
    assert len(list(report.subjects(RDF.type, SH.ValidationResult))) == 2
