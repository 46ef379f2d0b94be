"""Every rule of the data is proved: a fixture breaks it and nothing else, and correct data breaks none.

``fixtures/valid.trig`` is a made-up document that uses every kind of statement correctly. ``fixtures/invalid`` holds a
file for each rule, named after it, that breaks just this rule on top of it. A comment at its head says what is wrong;
the next names the severity and the things at fault: ``# Violation at: here:s1-p1, body:fixture-body``. A shape's
fixture has a thing for each of its constraints, so that none can be dropped or weakened unseen.

The fixtures stand on the vocabulary alone (ontology and code lists), which they need, and not on the shipped data,
which they do not: a hundred small graphs stay fast however much the data grows. That they clash with nothing in the
shipped data is a test of its own.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize
from rdflib import SH, URIRef

from euaikg.core import files, vocab
from euaikg.curation import findings as told
from euaikg.curation import positions, ruleset, shacl, validation
from euaikg.curation.findings import Finding
from euaikg.graph import build
from euaikg.rdf import to_rdflib
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Embedded
from tests.conftest import FIXTURES

VALID = FIXTURES / "valid.trig"
INVALID = {path.stem: path for path in sorted((FIXTURES / "invalid").iterdir())}
RULES = ruleset.rules()
SHAPES = {name: rule for name, rule in RULES.items() if rule.path.suffix == ".ttl"}
CHECKS = {name: rule for name, rule in RULES.items() if rule.path.suffix == ".rq"}

FIGURES = ("bounds-fit-qualifier", "number-fits-unit", "percent-in-range", "quantity-bounds")
COMPANIONS = {"silent-passage": {"range"}, "status-backwards": {"stage-to-come", "unreconciled-dates"}} | {
    rule: {"unreconciled-figures"} for rule in FIGURES
}
"""The rules that cannot be broken without others, which break with them."""

AWAITING = {"facts-with-source"}
"""The rule about something that the shipped data does not have: what stands in no graph is in users' files alone."""

BESIDE_CONSTRAINTS = {"type", "path", "name", "description", "message", "severity"}
"""What a shape says beside its targets and constraints."""

SHACL_CORE = """
    NodeShape PropertyShape Violation Warning Info IRI Literal BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral
    targetClass targetNode targetObjectsOf targetSubjectsOf path name description message severity property node
    alternativePath inversePath oneOrMorePath zeroOrMorePath zeroOrOnePath deactivated order group
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength
    pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone
    qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties
    hasValue in
"""
"""The terms of SHACL Core (W3C Recommendation of 20 July 2017) that a shape can be written with."""

SHACL = {vocab.SH + name for name in SHACL_CORE.split()}
DATATYPES = {
    vocab.RDF + "langString",
    *(vocab.XSD + name for name in ("boolean", "date", "decimal", "hexBinary", "integer", "language")),
    *(vocab.XSD + name for name in ("nonNegativeInteger", "positiveInteger", "string")),
}
QUOTING = {"http://www.w3.org/ns/oa#" + name for name in ("exact", "prefix", "suffix")}
"""Properties that are refused, and therefore not declared."""


@cache
def vocabulary() -> list[Quad]:
    """The quads of the ontology and the code lists, each in its graph."""
    folder = files.root() / "ontology"
    return [quad for path, home in build.sources() if path.is_relative_to(folder) for quad in build.placed(path, home)]


@cache
def open_codes() -> set[object]:
    """The codes of the lists of which each code must be used."""
    lists = {f"{vocab.BASE}id/{name}" for name in ("measure", "sector", "topic", "unit")}
    kinds = NamedNode(vocab.SKOS + "inScheme")
    return {q.subject for q in vocabulary() if q.predicate == kinds and str(q.object).strip("<>") in lists}


def small_graph(*paths: Path) -> Store:
    """The vocabulary with ``paths`` on top of it, less open codes that they do not use, and what is derived."""
    own = [quad for path in paths for quad in build.placed(path, build.ADDED)]
    named = {term for quad in own for term in (quad.subject, quad.object)}
    store = Store()
    store.bulk_extend(quad for quad in vocabulary() if quad.subject in named or quad.subject not in open_codes())
    store.extend(own)
    for path in build.rules(named=False):
        store.update(files.read_text(path))
    return store


def as_triples(store: Store) -> bytes:
    """The default graph of ``store`` as N-Triples."""
    triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    assert triples is not None
    return triples


def named(thing: str) -> str:
    """The name of ``thing``, the same for all blank nodes."""
    return "_:" if thing.startswith("_:") else thing


@cache
def fault(rule: str) -> tuple[str, set[str]]:
    """The severity and the things at fault, as the head of the fixture of ``rule`` tells them."""
    text = INVALID[rule].read_text()
    parser = parse(text, format=RdfFormat.TRIG)
    list(parser)
    prefixes = {**vocab.prefixes(), **parser.prefixes}
    head = re.match(r"# [A-Z].*\.\n# (Violation|Warning|Info) at: (.+)\n(?!#)", text)
    assert head, f"{INVALID[rule]}: the head must say in one line what is wrong, in the next where, and no more"
    names = (name.partition(":") for name in head[2].split(", "))
    return head[1], {prefixes.get(prefix, prefix + colon) + local for prefix, colon, local in names}


def findings(store: Store) -> list[Finding]:
    return [*validation.by_shapes(store), *validation.by_checks(Embedded(store))]


def test_every_rule_has_a_fixture_and_every_fixture_a_rule() -> None:
    assert sorted(INVALID) == sorted(RULES)
    assert {path.suffix for path in INVALID.values()} == {".trig"}


@pytest.mark.slow
def test_the_valid_fixture_breaks_no_rule() -> None:
    assert validation.validate([VALID]) == []
    assert findings(small_graph(VALID)) == []


@pytest.mark.slow
def test_the_shipped_graph_breaks_no_rule() -> None:
    assert validation.validate() == []


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.slow
def test_a_fixture_breaks_its_rule_and_nothing_else(rule: str) -> None:
    severity, things = fault(rule)
    found = {(finding.rule.name, named(finding.thing)) for finding in findings(small_graph(VALID, INVALID[rule]))}
    others = COMPANIONS.get(rule, set())
    assert {(name, thing) for name, thing in found if name not in others} == {(rule, thing) for thing in things}
    assert others <= {name for name, _ in found}, "a companion that is none"
    assert RULES[rule].severity == severity


@pytest.mark.slow
def test_a_finding_says_where_the_faulty_triple_stands_however_it_is_written(tmp_path: Path) -> None:
    body, text = "https://w3id.org/euaikg/id/body/", "a euai:Body ; skos:prefLabel 'A body'@en .\n"
    (tmp_path / "bad.trig").write_text(
        f"@prefix euai: <{vocab.EUAI}> . @prefix graph: <{vocab.GRAPH}> .\nPREFIX skos: <{vocab.SKOS}>\n"
        f"  @prefix a.b: <{body}> .\n# a.b:first\n\ngraph:entities {{\n<{body}first> {text}\ta.b:second {text}"
        f"  a.b:second euai:partOf\n  [ a euai:Body ] .\n}}\na.b:third\n  {text}"
        "a.b:third euai:partOf a.b:first , # not here: a.b:fourth\n  a.b:fourth .\n"
        '<https://w3id.org/euaikg/source/x/en#s1-p1> { a.b:first skos:altLabel """of two\nlines"""@en ;\n'
        "  euai:suports a.b:second . }\n"
    )
    found = validation.validate([tmp_path / "bad.trig"])
    assert {finding.file for finding in found} == {str(tmp_path / "bad.trig")}
    places = {(f.rule.name, named(f.thing).removeprefix(body)): (f.line, f.passage, f.label) for f in found}
    of = {
        **{("name-dutch", name): (line, None, "A body") for name, line in [("first", 7), ("second", 8), ("third", 13)]},
        ("blank-node", "_:"): (10, None, None),
        ("dangling-reference", "third"): (15, None, "A body"),
        ("text-spacing", "first"): (16, "https://w3id.org/euaikg/source/x/en#s1-p1", "A body"),
        ("undeclared-property", "first"): (18, "https://w3id.org/euaikg/source/x/en#s1-p1", "A body"),
    }
    assert {key: places[key] for key in of} == of
    (text_of,) = [str(finding) for finding in found if finding.rule.name == "undeclared-property"]
    assert text_of == (
        f"{tmp_path / 'bad.trig'}:18: violation [undeclared-property] body:first “A body” euai:suports, in passage "
        "x/en#s1-p1: Use a property of ontology/euai.ttl, or declare the term of another vocabulary in "
        "ontology/external.ttl. Found: https://w3id.org/euaikg/ontology#suports. Expected: perhaps euai:supports."
    )


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".nt", ".nq", ".rdf", ".jsonld"])
def test_a_finding_says_where_in_other_formats_too(suffix: str, tmp_path: Path) -> None:
    lines = [
        f"<https://w3id.org/euaikg/id/body/ours> <{vocab.TYPE.value}> <{vocab.EUAI}Body> .",
        f'<https://w3id.org/euaikg/id/body/ours> <{vocab.SKOS}prefLabel> "Ours "@en .',
        f'<https://w3id.org/euaikg/id/body/ours> <{vocab.SKOS}prefLabel> "Onze"@nl .',
    ]
    path = tmp_path / f"bad{suffix}"
    content = serialize(parse("\n".join(lines), RdfFormat.N_TRIPLES), format=build.RDF_FORMATS[suffix])
    assert content
    path.write_bytes("\n".join(lines).encode() if suffix in (".nt", ".nq") else content)
    (found,) = [finding for finding in validation.validate([path]) if finding.rule.name == "text-spacing"]
    assert (found.file, found.line) == (str(path), 2 if suffix in (".nt", ".nq") else None)
    assert found.path == vocab.SKOS + "prefLabel"


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("spelt", ["ours", "\\u006Furs"])
def test_a_finding_says_where_in_lines_however_they_are_written(spelt: str, end: str, tmp_path: Path) -> None:
    lines = [
        "# things of ours",
        f"<https://w3id.org/euaikg/id/body/other> <{vocab.TYPE.value}> <{vocab.EUAI}Body> .",
        f"  <https://w3id.org/euaikg/id/body/ours><{vocab.TYPE.value}> <{vocab.EUAI}Body> .",
        f'<https://w3id.org/euaikg/id/body/{spelt}> <{vocab.SKOS}prefLabel> "Ours "@en .',
    ]
    path = tmp_path / "bad.nt"
    path.write_bytes(end.join(lines).encode())
    (found,) = [finding for finding in validation.validate([path]) if finding.rule.name == "text-spacing"]
    assert (found.file, found.line) == (str(path), 1 if end == "\r" else 4)


@pytest.mark.slow
def test_positions_are_those_of_the_parser() -> None:
    """Whatever a project's file says, the reader of positions says too, but for the tails of lists."""

    def bare(term: Any) -> str:
        return term.value if isinstance(term, NamedNode | Literal) else positions.BLANK

    for path in [VALID, *INVALID.values(), *(path for path, _ in build.sources()), *files.shipped("shapes", ".ttl")]:
        graph = {
            quad: None if quad.graph_name == DefaultGraph() else bare(quad.graph_name) for quad in build.read(path)
        }
        said = {(graph[quad], *map(bare, quad.triple)) for quad in graph if quad.predicate.value != vocab.RDF + "rest"}
        assert {(spot.graph, spot.subject, spot.predicate, spot.value) for spot in positions.read(path).spots} == said


@pytest.mark.slow
def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.trig"
    note = files.root() / "data" / "sources" / "policy-monitor-ai-office.trig"
    wrong.write_text(note.read_text().replace("euaikg/ontology#>", "euaikg/ontolgy#>"))
    line = wrong.read_text().partition("@prefix euai:")[0].count("\n") + 1
    (found,) = validation.validate([wrong])
    assert (found.file, found.line, found.passage) == (str(wrong), line, None)
    assert len(found.also) > 300
    assert f"The prefix euai stands for {vocab.BASE}ontolgy# here, in the project for {vocab.EUAI}" in str(found)
    misspelt = tmp_path / "misspelt.ttl"
    things = "".join(f"body:b{n} a euai:Body ; euai:suports body:b0 .\n" for n in range(9))
    misspelt.write_text(f"@prefix body: <{vocab.BASE}id/body/> .\n@prefix euai: <{vocab.EUAI}> .\n{things}")
    found, *more = [f for f in validation.validate([misspelt]) if f.rule.name == "undeclared-property"]
    assert (more, found.line, len(found.also)) == ([], 3, 8)
    assert str(found).endswith("#suports. Expected: perhaps euai:supports. The same mistake shows in 8 more places.")
    results = [triple for triple in told.report([found]) if triple.predicate.value == vocab.SH + "result"]
    assert len(results) == 9, "a report is whole"
    misspelt.write_text(
        f"@prefix body: <{vocab.BASE}id/body/> .\n@prefix euai: <{vocab.EUAI}> .\n"
        "body:b1 a euai:Bdy ;\n  euai:cooperatesWith body:european-commission .\n"
        "body:european-commission euai:hasMember body:b1 .\n"
    )
    (found,) = [f for f in validation.validate([misspelt]) if f.rule.severity == "Violation"]
    assert (found.rule.name, found.line, found.expected) == ("undeclared-class", 3, "perhaps euai:Body")
    assert {also.rule.name for also in found.also} >= {"domain", "range"}


@pytest.mark.slow
def test_a_finding_says_what_is_expected_and_names_the_graph_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "bad.trig"
    path.write_text(
        f"@prefix body: <{vocab.BASE}id/body/> .\n@prefix euai: <{vocab.EUAI}> .\n"
        "body:ai-office euai:amount 5 .\n"
        f"<{vocab.SOURCE}x#p1> {{ body:ai-office euai:cooperatesWith body:x . }}\n"
        f"GRAPH <{vocab.GRAPH}curation> {{ body:ai-office euai:cooperatesWith body:x . }}\n"
        f"GRAPH <{vocab.GRAPH}entities> {{ body:ai-office euai:cooperatesWith body:x . }}\n"
    )
    found = {finding.rule.name: finding for finding in validation.validate([path])}
    assert str(found["domain"]).endswith("Expected: FundingStatement.")
    assert (found["judgement-alone"].line, found["facts-of-things"].line) == (5, 6)


@pytest.mark.slow
def test_the_report_on_a_check_has_path_and_value_as_the_w3c_says(tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(
        f"@prefix body: <{vocab.BASE}id/body/> .\nbody:Big_name a <{vocab.EUAI}Body> ; <{vocab.EUAI}rank> body:x .\n"
    )
    report = to_rdflib.gathered(Quad(*triple) for triple in told.report(validation.validate([path])))
    said = {
        str(report.value(result, SH.sourceShape)).removeprefix(vocab.SHAPE): (
            report.value(result, SH.sourceConstraintComponent),
            report.value(result, SH.resultPath),
            report.value(result, SH.value),
        )
        for result in report.objects(None, SH.result)
    }
    rank, thing = URIRef(vocab.EUAI + "rank"), URIRef(vocab.BASE + "id/body/Big_name")
    assert said["undeclared-property"] == (SH.SPARQLConstraintComponent, rank, rank)
    assert said["dangling-reference"] == (SH.SPARQLConstraintComponent, rank, URIRef(vocab.BASE + "id/body/x"))
    assert said["iri-pattern"] == (SH.SPARQLConstraintComponent, None, thing)


def test_what_is_not_suspected_breaks_no_shape() -> None:
    """Only what may be at fault is handed to pyshacl, which finds in the whole of it the same."""
    store = small_graph(VALID, *INVALID.values())
    shapes = shacl.load(files.shipped("shapes", ".ttl"))
    whole = shacl.results(to_rdflib.to_graph(store, shapes.spoken_of), shapes.graph)

    def named_by(shape: Any, focus: Any, component: Any) -> tuple[str, ...]:
        return str(shape), named(str(focus)), str(component)

    assert {named_by(r.shape, r.focus, r.component) for r in whole} == {
        named_by(f.result.shape, f.result.focus, f.result.component) for f in validation.by_shapes(store)
    }
    assert validation.by_shapes(small_graph(VALID)) == []


@pytest.mark.slow
def test_a_file_is_parsed_once_however_much_is_wrong_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "bad.ttl"
    things = "".join(f"body:bad-{number} a euai:Body .\n" for number in range(2000))
    bad.write_text(f"@prefix body: <https://w3id.org/euaikg/id/body/> .\n@prefix euai: <{vocab.EUAI}> .\n{things}")
    calls: dict[str, list[object]] = {"read_text": [], "select": [], "parse": []}

    def count(owner: Any, name: str, position: int) -> None:
        function = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            calls[name].append(arguments[position])
            return function(*arguments, **options)

        monkeypatch.setattr(owner, name, counted)

    ruleset.rules()
    count(files, "read_text", 0)
    count(Embedded, "select", 1)
    count(build, "parse", 0)
    found = validation.validate([bad])
    assert len({finding.thing for finding in found}) == 2000
    assert [finding.line for finding in found if finding.rule.name == "name-english"] == [*range(3, 2003)]
    assert calls["parse"].count(bad.read_bytes()) == 1
    assert calls["read_text"].count(bad) == 2, "to parse it, and to see on which line each thing stands"
    assert len(calls["select"]) == len(RULES), "a question for each rule, and none for each thing"


@pytest.mark.slow
def test_the_fixtures_clash_with_nothing_in_the_shipped_data() -> None:
    added = [VALID, *INVALID.values()]
    own = {quad.subject.value for path in added for quad in build.read(path) if isinstance(quad.subject, NamedNode)}
    for finding in validation.validate(added):
        if finding.rule.name != "label-twice":  # of two that share a label the first is named, which may be shipped
            assert finding.thing in own or named(finding.thing) == "_:", str(finding)
        if finding.rule.name == "same-name-twice":
            assert finding.value in own, str(finding)


def test_every_rule_speaks_to_the_person_who_mends_the_data() -> None:
    for rule in RULES.values():
        assert rule.severity in ruleset.SEVERITIES, rule
        for sentence in (rule.summary, rule.message):
            assert re.fullmatch(r"[A-Z“].*[.]", sentence), f"{rule.name}: {sentence}"


# No vacuous green: whatever a rule is about occurs in the shipped graph.


def targets(path: Path) -> dict[str, list[str]]:
    """The targets of each shape in ``path``, as graph patterns."""
    patterns = {
        "targetClass": "?thing a/rdfs:subClassOf* <{}>",
        "targetSubjectsOf": "?thing <{}> ?value",
    }
    found: dict[str, list[str]] = {}
    for quad in build.read(path):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            pattern = patterns.get(quad.predicate.value.removeprefix(vocab.SH))
            if pattern:
                found.setdefault(quad.subject.value.removeprefix(vocab.SHAPE), []).append(
                    pattern.format(quad.object.value)
                )
    return found


def test_every_rule_but_those_awaited_looks_at_something_in_the_shipped_graph(engine: Embedded) -> None:
    scopes = {name: [rule.scope] for name, rule in CHECKS.items()}
    for path in {rule.path for rule in SHAPES.values()}:
        scopes.update(targets(path))
    assert sorted(scopes) == sorted(RULES), "a rule without a scope or a target"
    vacuous = {
        name
        for name, patterns in scopes.items()
        if not all(engine.run(scanner.with_prefixes(f"ASK {{ {pattern} }}")) for pattern in patterns)
    }
    assert vacuous == AWAITING, "take from AWAITING what is no longer awaited; give any other rule a scope that occurs"


# No mistyped term: what shapes and checks name exists.


@cache
def declared() -> dict[str, set[str]]:
    """The classes, the properties and all else that the ontology and the code lists declare."""
    kinds: dict[str, set[str]] = {"class": set(), "property": set(), "other": set()}
    for quad in vocabulary():
        if quad.predicate == vocab.TYPE and isinstance(quad.subject, NamedNode):
            name = str(quad.object).rstrip(">")
            kind = "class" if name.endswith("#Class") else "property" if name.endswith("Property") else "other"
            kinds[kind].add(quad.subject.value)
    return kinds


def unknown_in_shapes(text: str) -> set[str]:
    """The terms in the shapes ``text`` that do not exist, or are of another kind than their place asks for."""
    lists = {vocab.RDF + "first", vocab.RDF + "rest"}
    places = {vocab.SH + name: declared()["class"] for name in ("targetClass", "class")}
    for name in ("path", "targetSubjectsOf", "targetObjectsOf", "lessThan", "lessThanOrEquals", "equals", "disjoint"):
        places[vocab.SH + name] = declared()["property"]
    places[vocab.SH + "datatype"] = DATATYPES
    places |= dict.fromkeys(lists, declared()["property"] | declared()["other"] | {vocab.RDF + "nil"})
    found = set()
    for quad in parse(text, format=RdfFormat.TURTLE):
        if quad.predicate.value not in SHACL | lists | {vocab.TYPE.value}:
            found.add(quad.predicate.value)
        if isinstance(quad.object, NamedNode):
            known = places.get(quad.predicate.value, SHACL | declared()["other"])
            if quad.object.value not in known:
                found.add(quad.object.value)
    return found


def unknown_in_query(text: str) -> set[str]:
    """The terms in the query ``text`` that do not exist."""
    prefixes = dict(re.findall(r"(?m)^PREFIX ([\w-]+): <(.*)>$", text))
    body = re.sub(r'(?m)^(PREFIX|#\+).*$|"[^"]*"|\s#.*$', "", text)
    terms = {prefixes[prefix] + local for prefix, local in re.findall(r"(?<![\w<?])([\w-]+):([\w-]+)", body)}
    terms |= set(re.findall(r"<([^ >]+:[^ >]+)>", body))
    known = set().union(*declared().values(), DATATYPES, QUOTING)
    return {term for term in terms - known if not term.startswith(vocab.GRAPH)}


@pytest.mark.parametrize("path", sorted({rule.path for rule in SHAPES.values()}), ids=lambda path: path.name)
def test_shapes_use_only_terms_that_exist(path: Path) -> None:
    assert unknown_in_shapes(path.read_text()) == set()


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_checks_use_only_terms_that_exist(rule: str) -> None:
    assert unknown_in_query(CHECKS[rule].path.read_text()) == set()


def test_mistyped_terms_are_caught() -> None:
    shape = """
        @prefix euai: <https://w3id.org/euaikg/ontology#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://w3id.org/euaikg/shape/broken> a sh:PropertyShape ;
          sh:targetClass euai:FundingStatment, euai:amount ;
          sh:path [ sh:alternativePath ( euai:amount euai:amountMinimum ) ] ;
          sh:mincount 1 ; sh:maxCount 1 ; sh:datatype xsd:int ; sh:severity sh:violation .
    """
    names = {vocab.compact(term) for term in unknown_in_shapes(shape)}
    assert names == {
        *("euai:FundingStatment", "euai:amount", "euai:amountMinimum"),
        *("sh:mincount", "xsd:int", "sh:violation"),
    }
    query = """
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX qualifier: <https://w3id.org/euaikg/id/qualifier/>
SELECT ?thing { ?thing euai:amount ?value ; euai:qualifer qualifier:rnage , <https://w3id.org/euaikg/id/unit/x> }
"""
    names = {vocab.compact(term) for term in unknown_in_query(query)}
    assert names == {"euai:qualifer", "qualifier:rnage", "unit:x"}


def test_every_coded_property_has_its_list() -> None:
    table = set(re.findall(r"\((euai:\w+) <", CHECKS["code-of-list"].path.read_text()))
    coded = {
        vocab.compact(quad.subject.value)
        for quad in build.read(files.root() / "ontology" / "euai.ttl")
        if quad.predicate.value == vocab.RDFS + "range"
        and quad.object == NamedNode(vocab.SKOS + "Concept")
        and isinstance(quad.subject, NamedNode)
    }
    assert table == coded - {"euai:currency"}, "funding-currency looks at the currency"


# No needless constraint, and no faith in one engine alone.


@pytest.mark.parametrize("rule", sorted(SHAPES))
@pytest.mark.slow
def test_every_constraint_of_a_shape_is_proved_by_its_fixture(rule: str) -> None:
    import pyshacl
    from rdflib import Graph, URIRef
    from rdflib.namespace import SH

    data = to_rdflib.to_graph(small_graph(VALID, INVALID[rule]))
    shapes = Graph().parse(SHAPES[rule].path, format="turtle")
    shape = URIRef(vocab.SHAPE + rule)
    for other in set(shapes.subjects(SH.path)) - {shape}:
        shapes.remove((other, None, None))
    for triple in list(shapes.triples((shape, None, None))):
        if str(triple[1]).rpartition("#")[2] not in BESIDE_CONSTRAINTS:
            _, report, _ = pyshacl.validate(data, shacl_graph=(Graph() + shapes).remove(triple))
            assert isinstance(report, Graph)
            things = {str(thing) for thing in report.objects(None, SH.focusNode)}
            assert things != fault(rule)[1], f"the fixture is the same without {triple[1]} {triple[2]}"


@pytest.fixture(scope="session")
def second_engine() -> Any:
    """The shapes in another SHACL engine, which takes N-Triples and answers with a W3C report in an rdflib graph."""
    shifty = pytest.importorskip("shifty", reason="the second SHACL engine is not installed: pip install pyshifty")
    return shifty.PreparedValidator(sorted({rule.path for rule in SHAPES.values()}))


def second_opinion(engine: Any, store: Store) -> tuple[bool, set[tuple[str, str]]]:
    """What the second engine says of ``store``: whether it conforms, and each rule and thing it finds broken."""
    from rdflib.namespace import SH

    conforms, report, _ = engine.validate(as_triples(store), graph_mode="data", infer=False)
    return conforms, {
        (str(report.value(result, SH.sourceShape)).removeprefix(vocab.SHAPE), str(report.value(result, SH.focusNode)))
        for result in report.objects(None, SH.result)
    }


@pytest.mark.parametrize("rule", sorted(SHAPES))
@pytest.mark.slow
def test_a_second_engine_finds_the_same(rule: str, second_engine: Any) -> None:
    assert second_opinion(second_engine, small_graph(VALID, INVALID[rule])) == (
        False,
        {(rule, thing) for thing in fault(rule)[1]},
    )


@pytest.mark.slow
def test_a_second_engine_finds_nothing_in_correct_data(second_engine: Any, engine: Embedded) -> None:
    assert second_opinion(second_engine, small_graph(VALID)) == (True, set())
    assert second_opinion(second_engine, engine.store) == (True, set())


@pytest.mark.slow
def test_of_a_name_that_two_things_share_the_one_in_the_users_file_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "mine.trig"
    path.write_text(
        f"@prefix body: <{vocab.BASE}id/body/> .\n@prefix euai: <{vocab.EUAI}> .\n@prefix skos: <{vocab.SKOS}> .\n"
        f"@prefix graph: <{vocab.GRAPH}> .\n"
        "<https://w3id.org/euaikg/source/x/en#s1-p1> { body:ai-office euai:cooperatesWith body:mine . }\n"
        'graph:entities {\n  body:mine a euai:Body ;\n    skos:prefLabel "European AI Office"@en .\n}\n'
    )
    (found,) = [finding for finding in validation.validate([path]) if finding.rule.name == "same-name-twice"]
    assert (found.file, found.line, found.passage) == (str(path), 8, None)
