"""The stored queries as RDF: other tools can read it, it says what collections of queries ask, and its texts answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

from euaikg.errors import QueryError
from euaikg.publishing import release
from euaikg.questions import as_rdf, stored
from euaikg.rdf import forms
from euaikg.sparql import header, scanner
from euaikg.sparql.answers import Table, Triples
from euaikg.sparql.embedded import Embedded
from tests.conftest import CATALOGUE, FIXTURES, Run, missing

ENDPOINT = "https://example.org/sparql"
TURTLE = forms.encode(as_rdf.describe(CATALOGUE.values(), ENDPOINT), "turtle")


@pytest.fixture(scope="module")
def described() -> Graph:
    return Graph().parse(data=TURTLE, format="turtle")


def conforms(data: Graph) -> bool:
    ok, _, _ = pyshacl.validate(data, shacl_graph=Graph().parse(FIXTURES / "query-shapes.ttl"))
    return bool(ok)


def test_every_question_is_described(described: Graph) -> None:
    names = {str(about).removeprefix(as_rdf.QUERY) for about in described.subjects(RDF.type, SH.SPARQLExecutable)}
    assert names == set(CATALOGUE)
    assert (URIRef(as_rdf.QUERY + "figures"), RDFS.comment, Literal(CATALOGUE["figures"].summary, "en")) in described


def words(text: str) -> list[str]:
    return [token.text for token in scanner.tokens(text) if token.kind != "comment"]


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.slow
def test_its_text_is_the_stored_question_without_its_header(name: str, described: Graph) -> None:
    about = URIRef(as_rdf.QUERY + name)
    text = str(described.value(about, SH.select) or described.value(about, SH.construct))
    assert words(text) == words(CATALOGUE[name].text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["describe-thing", "funding-total", "in-passage", "members"])
def test_its_text_gives_the_answer_of_the_stored_question(name: str, described: Graph, engine: Embedded) -> None:
    about = URIRef(as_rdf.QUERY + name)
    text = described.value(about, SH.select) or described.value(about, SH.construct)
    answer = engine.run(str(text))
    stored = engine.run(CATALOGUE[name].text)
    if isinstance(answer, Triples) and isinstance(stored, Triples):
        assert set(answer.triples) == set(stored.triples)
    else:
        assert answer == stored


@pytest.mark.slow
def test_it_has_the_form_that_collections_of_queries_ask_for(described: Graph) -> None:
    assert conforms(described)


FIGURES = URIRef(as_rdf.QUERY + "figures")
LANG = URIRef(as_rdf.QUERY + "figures/parameter/lang")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.remove((FIGURES, RDFS.comment, None)),
        lambda data: data.remove((FIGURES, SH.select, None)),
        lambda data: data.add((FIGURES, SH.construct, Literal("CONSTRUCT {} {}"))),
        lambda data: data.add((FIGURES, URIRef("https://schema.org/keywords"), Literal("other"))),
        lambda data: data.add((FIGURES, URIRef("https://schema.org/target"), Literal(ENDPOINT))),
        lambda data: data.remove((FIGURES, SH.prefixes, None)),
        lambda data: data.remove((LANG, SH.path, None)),
        lambda data: data.add((LANG, SH.defaultValue, Literal("nl"))),
        lambda data: data.remove((LANG, SH.datatype, None)),
    ],
)
def test_the_form_is_really_checked(spoil: Callable[[Graph], object]) -> None:
    one = forms.encode(as_rdf.describe([CATALOGUE["figures"]], ENDPOINT), "turtle")
    data = Graph().parse(data=one, format="turtle")
    assert conforms(data)
    spoil(data)
    assert not conforms(data)


def test_defaults_are_terms_and_the_endpoint_is_named_where_one_is_given(described: Graph) -> None:
    total = URIRef(as_rdf.QUERY + "funding-total/parameter/thing")
    package = URIRef("https://w3id.org/euaikg/id/envelope/ai-innovation-package-total")
    assert described.value(total, SH.defaultValue) == package
    assert described.value(LANG, SH.defaultValue) == Literal("en")
    as_of = URIRef(as_rdf.QUERY + "figures/parameter/asOf")
    assert described.value(as_of, SH.defaultValue) is None
    assert described.value(as_of, SH.datatype) == URIRef("http://www.w3.org/2001/XMLSchema#date")
    target = URIRef("https://schema.org/target")
    assert set(described.objects(None, target)) == {URIRef(ENDPOINT)}
    without = forms.encode(as_rdf.describe(CATALOGUE.values()), "turtle")
    assert b"schema:target" not in without


def test_a_broken_question_is_not_described(tmp_path: Path) -> None:
    (tmp_path / "broken.rq").write_text("SELECT * { ?s ?p ?o }")
    with pytest.raises(QueryError, match="The stored query broken is broken: the header is missing"):
        as_rdf.describe([stored.parse(tmp_path / "broken.rq")])


def test_on_the_command_line(run: Run, tmp_path: Path) -> None:
    asked = ("query", "--format", "turtle", "-o", "questions.ttl")
    done = run(*asked)
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "questions.ttl").read_bytes()
    assert written == forms.encode(as_rdf.describe(CATALOGUE.values()), "turtle")
    assert run("query", "--format", "ntriples").stdout.count("SPARQLExecutable>") == len(CATALOGUE)
    refused = run("query", "--format", "csv")
    assert refused.returncode == 2
    assert "The list of questions is written as turtle, jsonld, ntriples" in refused.stderr


@pytest.mark.slow
def test_grlc_offers_every_parameter_and_asks_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Embedded
) -> None:
    monkeypatch.chdir(tmp_path)  # grlc looks for its settings in the working folder
    try:
        loaders, gquery = import_module("grlc.fileLoaders"), import_module("grlc.gquery")
    except ImportError:
        missing("grlc is not installed (PyPI package grlc)")
    for path, content in release.queries(ENDPOINT):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    loader = loaders.LocalLoader(str(tmp_path / "queries"))
    assert {item["name"] for item in loader.fetchFiles()} == {f"{name}.rq" for name in CATALOGUE}
    for name, query in CATALOGUE.items():
        text, kind = loader.getTextForName(name)
        read = gquery.get_metadata(text, ENDPOINT)
        assert kind == "sparql"
        assert read["summary"] == query.summary
        assert " ".join(read["description"].split()) == query.description
        assert tuple(read["tags"]) == query.tags
        assert read["type"] == f"{query.form.capitalize()}Query"
        assert gquery.guess_endpoint_uri(text, loader)[0] == ENDPOINT
        assert set(read["parameters"]) == {parameter.name for parameter in query.parameters}
        assert not any(offered["required"] for offered in read["parameters"].values())
        assert read["parameters"].get("lang", {"default": "en"})["default"] == "en"
        if list(CATALOGUE).index(name) % 6:  # the others are asked too
            continue
        assert rows(engine, read["query"]) == rows(engine, query.text), name
        for parameter in query.parameters[:1]:
            example = {parameter.name: [parameter.example]} | ({"lang": ["nl"]} if "lang" in read["parameters"] else {})
            terms = {word: found[:1] for word, found in stored.resolved(query, example, engine).items()}
            given = {word: found[0].value for word, found in terms.items()}
            asked = gquery.rewrite_query(read["query"], read["parameters"], given)
            assert rows(engine, asked) == rows(engine, scanner.fill(query.text, terms)), (name, given)


def rows(engine: Embedded, query: str) -> list[str]:
    """Return the answer in a form that the order of rows, and of what GROUP_CONCAT joins, does not change."""
    answer = engine.run(query)
    assert isinstance(answer, Table | Triples)
    return sorted("".join(sorted(str(row))) for row in (answer.triples if isinstance(answer, Triples) else answer.rows))


@pytest.mark.parametrize("name", ["funding-total", "in-passage", "members", "overdue", "support-for"])
def test_what_grlc_reads_is_the_question_for_others(name: str, engine: Embedded) -> None:
    text = as_rdf.for_grlc(CATALOGUE[name])
    assert rows(engine, text) == rows(engine, CATALOGUE[name].text)
    assert set(re.findall(r"\?__(\w+?)_", text)) == {parameter.name for parameter in CATALOGUE[name].parameters}
    assert {"lang": "en"} in header.read(text)["defaults"] or name == "funding-total"
