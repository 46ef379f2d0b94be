"""Whatever a user types, the shape of a query stays, and what cannot be done ends in a sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from euaikg.cli import main
from euaikg.core import vocab
from euaikg.core.vocab import SKOS
from euaikg.errors import LONGEST, EuaikgError, QueryError
from euaikg.questions import names, parameters, searching, stored
from euaikg.rdf.terms import native
from euaikg.sparql import scanner
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded

NASTY = [
    '"', "'", '"""', "'''", "\\", "\\\\", '\\"', "}", "{ }", "} UNION { ?s ?p ?o", '" } #', "\n", "\r\n",
    "\t", "\0", "\x7f",
    "UNDEF", "VALUES ?value { 1 }", "?value", "# remark", "<http://a/b>", "a:b", "@en", '"x"@en', '"1"^^xsd:integer',
    "\\u0022 }", "\\U00000022", "\x01beef", "\ufeff", "\u2028", "\x85", "e\u0301",
    "\u202e\u05d0\u05d1\u05d2 \u0627\u0644", "👩‍👩‍👧‍👦", "𝔄𝔦",
    "\ud800", "x\udcffy", "%7D", "x" * 10_000, '"}' * 5_000,
]  # fmt: skip
text = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(NASTY[:30]), max_size=6).map("".join),
)


def is_unicode(value: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in value)


WORDS = """
SELECT ASK CONSTRUCT DESCRIBE INSERT WHERE VALUES PREFIX BASE FILTER UNION OPTIONAL SERVICE GRAPH BIND AS
{ } ( ) [ ] . ; , * ^ / | ! ?x $y _:b <http://a/b> <a b> euai:Body body: : x:y 'a' " \'\'\' 1 1.5e3 @en ^^
"""
garbage = st.one_of(text, st.lists(st.sampled_from(sorted(WORDS.split())), max_size=25).map(" ".join))

HEADER = "#+ summary: S\n#+ description: D\n#+ tags: [t]\n#+ parameters:\n"
FIELDS = "#+   value: {type: TYPE, label: L, example: e}\n"
BODY = """
# VALUES ?value { "in a comment" }
PREFIX a: <http://a/VALUES?value>
SELECT ?value ?copy WHERE {
  VALUES ?value { DEFAULT }
  BIND("VALUES ?value { 'in a string' }" AS ?copy)
  { SELECT ?value { VALUES ?value { DEFAULT } } }
}
"""


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> dict[str, stored.StoredQuery]:
    """A stored query for each type of parameter, which answers with the value that it is given."""
    folder = tmp_path_factory.mktemp("queries")
    made = {}
    for kind in parameters.TYPES:
        fields = FIELDS.replace("TYPE", f"{kind}, scheme: sector" if kind == "code" else kind)
        (folder / f"{kind}.rq").write_text(HEADER + fields + BODY.replace("DEFAULT", "UNDEF"), encoding="utf-8")
        made[kind] = stored.parse(folder / f"{kind}.rq")
        assert made[kind].error is None
    return made


def outside(query: str) -> list[str]:
    """Return the tokens of ``query`` without what stands in its VALUES blocks."""
    inside = [place for places in scanner.blocks(query).values() for place in places]
    return [
        token.text for token in scanner.tokens(query) if not any(start <= token.start < end for start, end in inside)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in parameters.TYPES if kind not in ("iri", "code", "passage")])
@given(value=text)
@example(value="2024-12-31")
@example(value="nl")
@example(value="-12.50")
@example(value="7")
@example(value="true")
def test_a_value_comes_back_as_it_went_in_or_is_refused(
    kind: str, value: str, question: dict[str, stored.StoredQuery], engine: Embedded
) -> None:
    try:
        bound = stored.bind(question[kind], {"value": [value]}, engine)
    except EuaikgError as error:
        assert kind != "string" or not is_unicode(value)
        assert len(str(error)) < LONGEST + 250
        return
    assert outside(bound) == outside(question[kind].text)
    (row,) = engine.select(bound).rows
    assert isinstance(row[0], Literal) and isinstance(row[1], Literal)
    assert row[1].value == "VALUES ?value { 'in a string' }"
    if kind in ("integer", "decimal"):
        assert isinstance(found := native(row[0]), int | Decimal | str)
        assert Decimal(str(found)) == Decimal(value)
    elif kind in ("begin", "end"):
        assert isinstance(native(row[0]), date)
    else:
        assert row[0].value == {"language": value.lower(), "notation": value.upper()}.get(kind, value)


SHORT = "SELECT ?value WHERE { VALUES ?value { UNDEF } }"


@given(st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map("".join))
@example("".join(value for value in NASTY if is_unicode(value)))
@settings(max_examples=30)
def test_a_second_engine_reads_the_same_value(value: str) -> None:
    if is_unicode(value):
        bound = scanner.fill(SHORT, {"value": [Literal(value)]})
        assert [tuple(row) for row in Graph().query(bound)] == [(RdflibLiteral(value),)]  # type: ignore[arg-type]


def test_a_second_engine_reads_the_same_iri_and_number() -> None:
    values: list[scanner.Value] = [NamedNode("http://a/é?b=c&d#e'f"), Literal(7)]
    rows = Graph().query(scanner.fill(SHORT, {"value": values}))
    assert [tuple(row) for row in rows] == [(URIRef("http://a/é?b=c&d#e'f"),), (RdflibLiteral(7),)]  # type: ignore[arg-type]


@given(st.text(st.characters(), max_size=30).map(lambda tail: "https://example.org/" + tail) | text)
def test_an_iri_is_taken_whole_or_refused(value: str) -> None:
    empty = Embedded(Store())
    try:
        iri = names.resolve(empty, value)
    except EuaikgError as error:
        assert len(str(error)) < LONGEST + 150
        return
    assert not set(iri.value) & set('<>"{}|\\^` \n')
    bound = scanner.fill(BODY.replace("DEFAULT", "UNDEF"), {"value": [iri]})
    assert [row[0] for row in empty.select(bound).rows] == [iri]


@given(text)
def test_a_thing_is_found_by_any_name_it_has(name: str) -> None:
    store, thing = Store(), NamedNode("https://example.org/thing")
    if is_unicode(name):
        store.add(Quad(thing, NamedNode(SKOS + "prefLabel"), Literal(name, language="nl")))
        store.add(Quad(NamedNode("a:b"), NamedNode(SKOS + "altLabel"), Literal("another", language="nl")))
    named = Embedded(store)
    assert isinstance(searching.search(named, name), list)
    assert isinstance(names.beginning(named, name), list)
    try:
        found = names.resolve(named, name)
    except EuaikgError:
        assert not is_unicode(name) or "://" in name
    else:
        assert found == thing or "://" in name or vocab.expand(name) is not None


@given(text)
def test_short_forms_are_iris_or_nothing(name: str) -> None:
    expanded = vocab.expand(name)
    assert expanded is None or expanded.endswith(name.partition(":")[2])
    short = vocab.compact("https://w3id.org/euaikg/id/body/" + name)
    if short is not None and short.startswith("body:"):
        assert vocab.expand(short) == "https://w3id.org/euaikg/id/body/" + name
        assert len(list(scanner.tokens(short))) == 1


@given(garbage)
def test_the_tokens_are_the_whole_text(query: str) -> None:
    at = 0
    for token in scanner.tokens(query):
        assert query[at : token.start].strip() == ""
        assert query.startswith(token.text, token.start)
        at = token.start + len(token.text)
    assert query[at:].strip() == ""


@given(garbage)
def test_prefixes_go_in_front_and_change_nothing_else(query: str) -> None:
    whole = scanner.with_prefixes(query)
    assert whole.endswith(query)
    assert scanner.with_prefixes(whole) == whole


def test_only_prefixes_that_are_used_and_not_declared_are_added() -> None:
    added = "PREFIX body: <https://w3id.org/euaikg/id/body/> "
    for query in ("ASK { body:x ?p ?o }", "# PREFIX body: <a:>\nASK { body:x ?p 'PREFIX body: ' }"):
        assert scanner.with_prefixes(query) == added + scanner.ADDED + query
    for query in ("PREFIX body: <http://a/> ASK { body:x ?p ?o }", "ASK { <body:x> ?p 'body:x' } # body:x"):
        assert scanner.with_prefixes(query) == query


@given(text, st.sampled_from(["summary", "description", "tags", "parameters", "x"]))
def test_a_header_is_read_or_its_fault_is_named(tmp_path_factory: pytest.TempPathFactory, value: str, key: str) -> None:
    path = tmp_path_factory.getbasetemp() / "header.rq"
    lines = f"#+ summary: S\n#+ description: D\n#+ tags: [t]\n#+ {key}: {value}\nSELECT * {{ ?s ?p ?o }}\n"
    path.write_bytes(lines.encode("utf-8", "replace"))
    parsed = stored.parse(path)
    assert parsed.error is None or parsed.error.endswith((".", "”"))
    assert "\n" not in str(parsed.error)


ATOMS = ["TRUE", "1", "2024-01-01", "~", "''", "thing", "code", "euai:Body", '"x"']
YAML = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(st.sampled_from([*ATOMS, "label", "type", "class", "scheme", "example"]), inner), max_size=3)
        .map(dict)
        .map(lambda pairs: f"{{{', '.join(f'{key}: {value}' for key, value in pairs.items())}}}"),
    ),
    max_leaves=6,
)
"""Texts that are YAML of any shape, of words that headers hold."""


@given(
    st.dictionaries(st.sampled_from(["summary", "tags", "also", "shown", "asks", *ATOMS]), YAML, max_size=3),
    st.sampled_from(ATOMS),
    YAML,
)
def test_a_header_of_any_shape_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, more: dict[str, str], name: str, own: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "shape.rq"
    lines = ["summary: S", "description: D", f"parameters: {{{name}: {own}}}", *map(": ".join, more.items())]
    path.write_text("".join(f"#+ {line}\n" for line in lines) + "SELECT * { VALUES ?thing { UNDEF } ?s ?p ?o }\n")
    parsed = stored.parse(path)
    assert parsed.error is None or parsed.error.endswith((".", "”"))


ARGUMENTS = st.one_of(
    garbage.map(lambda word: ["query", "--text", word]),
    garbage.map(lambda word: ["query", "--text", f"SELECT * {{ ?s ?p ?o {word} }} LIMIT 3"]),
    garbage.map(lambda word: ["query", "--text", f"ASK {{ BIND({word} AS ?x) }}", "--cite"]),
    text.map(lambda word: ["query", "office-holders", "--lang", word]),
    text.map(lambda word: ["query", "actions-of-strategy", "--from", word]),
    text.map(lambda word: ["query", "things-in-sector", "--sector", word, "--cite"]),
    text.map(lambda word: ["query", "funding-parts", "--thing", word]),
    text.map(lambda word: ["query", "--tag", word]),
    text.map(lambda word: ["query", word]),
    text.map(lambda word: ["show", word]),
    text.map(lambda word: ["search", word]),
)


@given(ARGUMENTS)
@settings(max_examples=30)
@pytest.mark.usefixtures("built")
@pytest.mark.slow
def test_any_words_on_the_command_line_end_well(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), arguments
    assert done.exit_code in (0, 2)
    if done.exit_code == 2:
        assert done.stdout == ""
        assert len(done.stderr) < 2000


@given(st.binary(max_size=60) | garbage.map(lambda word: word.encode("utf-8", "surrogatepass")))
@settings(max_examples=60)
@pytest.mark.usefixtures("built")
@pytest.mark.slow
def test_any_bytes_in_a_query_file_end_well(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.rq"
    path.write_bytes(content)
    done = CliRunner().invoke(main, ["query", "--file", str(path)])
    assert done.exception is None or isinstance(done.exception, SystemExit), content
    assert done.exit_code in (0, 2)


DEEP = {
    "brackets": "ASK " + "{" * 20_000 + "}" * 20_000,
    "expression": "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "calls": "ASK { FILTER(" + "STR(" * 20_000 + "1" + ")" * 20_000 + ' = "1") }',
    "negation": "ASK { FILTER(" + "!" * 20_000 + "1) }",
    "sum": "ASK { FILTER(" + "1+" * 20_000 + "1) }",
    "union": "ASK { " + "{} UNION " * 20_000 + "{} }",
    "binds": "ASK { " + "".join(f"BIND(1 AS ?x{n}) " for n in range(5_000)) + "}",
    "filters": "ASK { " + "FILTER(true) " * 20_000 + "}",
    "triples": "ASK { " + "?a ?b ?c . " * 20_000 + "}",
    "list": "ASK { ?a ?b (" + "1 " * 20_000 + ") }",
    "groups": "ASK { " + "{ ?a ?b ?c } " * 20_000 + "}",
    "exists": "ASK { " + "FILTER EXISTS { " * 20_000 + "}" * 20_001,
    "lists": "ASK { ?a ?b " + "(" * 20_000 + "1" + ")" * 20_000 + " }",
    "nodes": "ASK { ?a ?b " + "[ ?b " * 20_000 + "1" + "]" * 20_000 + " }",
    "path": "ASK { ?a " + "(" * 20_000 + "<a:b>" + ")*" * 20_000 + " ?c }",
    "steps": "ASK { ?a <a:b>" + "/<a:b>" * 20_000 + " ?c }",
    "terms": "ASK { ?a ?b " + "<<(?a ?b " * 20_000 + "1" + ")>>" * 20_000 + " }",
    "in a comment": "ASK { FILTER(" + "!" * 20_000 + "1) } # }}}}",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "binds")) for name in DEEP])
def test_a_query_too_deep_to_read_is_refused_instead_of_ending_the_process(name: str) -> None:
    with pytest.raises(QueryError, match=r"nested too deep, or too long"):
        Embedded(Store()).run(DEEP[name])


def test_long_lists_and_fair_depth_are_answered(engine: Embedded) -> None:
    listed = engine.run("SELECT * { VALUES (?x ?y) { " + "(1 <http://a/b>) " * 5_000 + "} }")
    assert isinstance(listed, Table) and len(listed) == 5_000
    for depth in (scanner.MOST_BRACKETS, 2 * scanner.MOST_BRACKETS):
        assert engine.run("ASK " + "{" * depth + "}" * depth) is True
    large = {name for name, query in stored.catalogue().items() if scanner.is_large(query.text)}
    assert large == set(), "what is large is answered in another process, which takes longer"


def test_bytes_that_are_no_text_reach_the_user_as_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_bytes(b"ASK { ?s ?p '\xff' }")
    done = CliRunner().invoke(main, ["query", "--file", str(tmp_path / "q.rq")])
    assert "q.rq: not UTF-8 (byte 13, line 1)." in done.stderr
    done = CliRunner().invoke(main, ["query", "--text", "ASK { ?s ?p '\udcff' }"])
    assert done.stderr == "Error: The text is not valid Unicode (character 14).\n"
