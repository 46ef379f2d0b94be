"""Reading a user's files: strict in every format, in the user's words, and nothing passed over without a word."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, Quad, Store
from rdflib import Graph

from euaikg import errors
from euaikg.cli import main
from euaikg.core import files
from euaikg.curation import ruleset, validation
from euaikg.errors import EuaikgError, InputError, PassedOver, QueryError
from euaikg.graph import access, build, stores
from euaikg.publishing import quality, release
from euaikg.rdf.jsonld import CONTEXT_IRI
from euaikg.sparql import http
from euaikg.sparql.embedded import Embedded, Limited
from euaikg.sparql.scanner import with_prefixes


def quads(folder: Path, name: str, text: str, base: str | None = None) -> list[Quad]:
    (folder / name).write_text(text)
    return list(build.read(folder / name, base))


DROPPED = {
    "a bad subject": ('{"@id": "http://a/two words", "http://a/p": 1}', "“http://a/two words” is no IRI"),
    "a bad object": ('{"@id": "http://a/s", "http://a/p": {"@id": "http://a/{x}"}}', "“http://a/{x}” is no IRI"),
    "a bad class": ('{"@id": "http://a/s", "@type": "http://a/b c"}', "“http://a/b c” is no IRI"),
    "a bad property": ('{"@id": "http://a/s", "http://a/p q": 1}', "“http://a/p q” is no IRI"),
    "a relative subject": ('{"@id": "thing-7", "http://a/p": 1}', "“thing-7” is no IRI"),
    "a bad tag": (
        '{"@id": "http://a/s", "http://a/p": {"@value": "x", "@language": "en_GB"}}',
        "“en_GB” is no language",
    ),
    "a bad type": ('{"@id": "http://a/s", "http://a/p": {"@value": "x", "@type": "http://a/b c"}}', "a/b c"),
    "a bad graph": (
        '{"@id": "http://a/g h", "@graph": [{"@id": "http://a/s", "http://a/p": 1}]}',
        "“http://a/g h” is no",
    ),
    "another's context": ('{"@context": "https://schema.org/", "name": "x"}', "nothing is fetched"),
}


@pytest.mark.parametrize("name", DROPPED)
def test_jsonld_is_read_as_strictly_as_turtle(tmp_path: Path, name: str) -> None:
    text, said = DROPPED[name]
    with pytest.raises(InputError, match=r"x\.jsonld") as refused:
        quads(tmp_path, "x.jsonld", text)
    assert said in str(refused.value)


def test_keys_without_a_meaning_are_named(tmp_path: Path) -> None:
    with pytest.warns(
        PassedOver, match=r"x\.jsonld: keys that its context gives no meaning are passed over: name, note\."
    ):
        (quad,) = quads(
            tmp_path, "x.jsonld", '{"@id": "http://a/s", "name": 1, "http://a/p": {"@id": "http://b/", "note": 2}}'
        )
    assert quad.object == NamedNode("http://b/")


@pytest.mark.parametrize("context", [f'"{CONTEXT_IRI}"', f'["{CONTEXT_IRI}", {{"own": "http://a/own"}}]'])
def test_our_own_context_is_known(tmp_path: Path, context: str) -> None:
    text = f'{{"@context": {context}, "id": "http://a/s", "prefLabel": {{"en": ["Name"]}}, "seeAlso": "{CONTEXT_IRI}"}}'
    found = {str(quad.object) for quad in quads(tmp_path, "x.jsonld", text)}
    assert '"Name"@en' in found


RELATIVE = {
    "x.ttl": "<#lab> <p> <../up> .",
    "x.trig": "<g> { <#lab> <p> <../up> }",
    "x.jsonld": '{"@id": "#lab", "http://a/p": {"@id": "../up"}}',
    "x.rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://a/">'
    '<r:Description r:about="#lab"><p r:resource="../up"/></r:Description></r:RDF>',
}


@pytest.mark.parametrize("name", RELATIVE)
def test_relative_iris_mean_what_stands_beside_the_file(tmp_path: Path, name: str) -> None:
    home = NamedNode("http://home/")
    path = tmp_path / "a b" / name
    path.parent.mkdir()
    path.write_text(RELATIVE[name])
    (quad,) = build.placed(path, home)
    assert quad.subject == NamedNode(f"{path.as_uri()}#lab")
    assert quad.object == NamedNode((tmp_path / "up").as_uri())
    (quad,) = build.placed(path, home, base="http://my/site/page")
    assert (quad.subject, quad.object) == (NamedNode("http://my/site/page#lab"), NamedNode("http://my/up"))


def test_the_base_can_be_said_on_every_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "sources", list)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.ttl"
    path.write_text("<#lab> <http://a/p> 1 .")
    for command in (
        ["query", "--format", "csv", "--data", "x.ttl", "--text", "SELECT ?s { ?s <http://a/p> 1 }"],
        ["export", "--data", "x.ttl", "--format", "nquads"],
    ):
        assert "http://my/#lab" in CliRunner().invoke(main, [*command, "--base", "http://my/"]).stdout
        assert f"{path.as_uri()}#lab" in CliRunner().invoke(main, command).stdout
        done = CliRunner().invoke(main, [*command, "--base", "no base"])
        assert (done.exit_code, "“no base” is no base for IRIs" in done.stderr) == (2, True)
    with pytest.raises(QueryError, match="give --data or --only with it"):
        access.open_engine(base="http://my/")
    with pytest.raises(QueryError, match="is no base"):
        validation.validate([path], base="x")


@pytest.mark.slow
def test_a_store_is_built_with_a_base(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<#lab> <http://a/p> 1 .")
    stores.build(tmp_path / "kept", [tmp_path / "x.ttl"], base="http://my/")
    assert stores.open_store(tmp_path / "kept").run("ASK { <http://my/#lab> ?p ?o }")


@pytest.mark.parametrize("name", ["x.ttl", "x.trig", "x.nt", "x.nq", "x.jsonld", "x.rdf"])
def test_byte_order_marks_are_taken(tmp_path: Path, name: str) -> None:
    texts = {
        "x.jsonld": '{"@id": "http://a/s", "http://a/p": 1}',
        "x.rdf": RELATIVE["x.rdf"].replace("#lab", "http://a/s"),
    }
    (tmp_path / name).write_bytes(
        b"\xef\xbb\xbf" + texts.get(name, "<http://a/s> <http://a/p> <http://a/o> .").encode()
    )
    assert len(list(build.read(tmp_path / name, "http://b/"))) == 1
    (tmp_path / "x.rq").write_bytes("\ufeffASK {}".encode())
    assert CliRunner().invoke(main, ["query", "--file", str(tmp_path / "x.rq")]).stdout == "yes\n"
    (tmp_path / "document.txt").write_bytes("\ufefftext".encode())
    assert files.read_text(tmp_path / "document.txt", whole=True) == "\ufefftext", "positions of citations count it"


def test_folders_are_read_whole_and_what_is_passed_over_is_said(tmp_path: Path) -> None:
    inside, elsewhere = tmp_path / "data" / "deep", tmp_path / "elsewhere"
    inside.mkdir(parents=True)
    elsewhere.mkdir()
    for place in (inside / "A.TTL", inside / "b.Ttl.GZ", inside / ".hidden", inside / "note.md", elsewhere / "c.nq"):
        place.write_text("")
    (tmp_path / "data" / "link").symlink_to(elsewhere)
    (inside / "circle").symlink_to(tmp_path / "data")
    (inside / "d.nt").symlink_to(elsewhere / "c.nq")
    with pytest.warns(PassedOver, match=r"passed over, since their names are not those of RDF: deep/note\.md\."):
        found = build.rdf_files([tmp_path / "data"])
    assert [path.name for path in found] == ["A.TTL", "b.Ttl.GZ", "d.nt", "c.nq"]
    done = CliRunner().invoke(main, ["query", "documents", "--data", str(tmp_path / "data")])
    assert "deep/note.md.\n" in done.stderr.splitlines(keepends=True)[0]
    assert "Warning" not in done.stderr


def test_a_folder_that_cannot_be_looked_into_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "x.ttl").write_text("")
    scan = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(InputError, match=r"closed: cannot be looked into \(Permission denied\)"):
        build.rdf_files([tmp_path])


POSITIONS = {
    "SELECT ?s {\n ?s a euai:Body ;; skos:prefLabel ?l . FILTER(?l }": "line 2, column 40: the part that begins with "
    "“FILTER” cannot be read",
    "SELECT ?s { ?s a euai:Body ( }": "line 1, column 28: the part that begins with “(” cannot be read",
    "SELECT ?s { ?s a foo:Thing }": "line 1, column 18: the prefix foo: is not declared; the query declares nothing,",
    "PREFIX a: <http://a/>\nASK {\n ?s a foo:Thing, _:x }": "line 3, column 7: the prefix foo: is not declared; "
    "the query declares a:,",
}


@pytest.mark.parametrize("query", POSITIONS)
def test_what_is_wrong_with_a_query_is_told_in_the_users_text(query: str) -> None:
    engine = build.open_graph()
    for asked in (engine, Limited(engine, timeout=60)):
        with pytest.raises(QueryError) as refused:
            asked.run(with_prefixes(query))
        assert f"The query is not valid SPARQL: {POSITIONS[query]}" in str(refused.value)


def test_broken_rules_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "99-own.ru").write_text("INSERT { ?s ?p }")
    monkeypatch.setattr(build, "rules", lambda _: [tmp_path / "99-own.ru"])
    with pytest.raises(InputError, match=r"99-own\.ru: the rule cannot be run"):
        build.build()


def test_addresses_may_have_letters_beyond_ascii() -> None:
    assert http.address("http://h/é?q=ü%20#x") == "http://h/%C3%A9?q=%C3%BC%20"
    assert errors.listed("gfedcba") == "a, b, c, d, e and 2 more"


RULES = {
    "no header": ("SELECT ?thing {}", "the header is missing"),
    "half a header": ("#+ summary: S\nSELECT ?thing {}", "the rule lacks message"),
    "no query": ("#+ {summary: S, message: M, severity: Violation, scope: s}\nSELECT ?thing {", "not valid SPARQL"),
    "no thing": ("#+ {summary: S, message: M, severity: Violation, scope: s}\nSELECT ?x {}", "the rule lacks thing"),
}


@pytest.mark.parametrize("name", RULES)
def test_broken_checks_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "own.rq").write_text(RULES[name][0])
    monkeypatch.setattr(files, "shipped", lambda folder, _: [tmp_path / "own.rq"] if folder == "shapes/checks" else [])
    ruleset.rules.cache_clear()
    with pytest.raises(InputError, match=rf"own\.rq: .*{RULES[name][1]}"):
        validation.by_checks(Embedded(Store()))
    ruleset.rules.cache_clear()


def test_a_broken_shape_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text("<http://a/s> a <http://www.w3.org/ns/shacl#PropertyShape> .")
    with pytest.raises(InputError, match=r"own\.ttl: the rule lacks sh:description"):
        list(ruleset._shapes(tmp_path / "own.ttl"))


@pytest.mark.parametrize("form", ["text", "json", "turtle"])
def test_file_names_need_not_be_unicode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(build, "sources", list)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . [] a sh:NodeShape ; sh:targetNode <http://a/s> ; sh:closed true ."
    )
    path = os.fsdecode(bytes(tmp_path) + b"/caf\xe9.ttl")
    Path(path).write_text("<http://a/s> <http://a/p> 1 .")
    done = CliRunner().invoke(main, ["validate", path, "--shapes", str(shapes), "--alone", "--format", form])
    assert done.exit_code == 1, done.output
    assert ("caf?.ttl" in done.stdout) == (form != "turtle")


SHAPES = {
    "a severity of one's own": "sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:severity ex:Grave ] .",
    "a broken pattern": 'sh:property [ sh:path ex:p ; sh:pattern "([" ] .',
    "a broken path": 'sh:property [ sh:path "x" ; sh:minCount 1 ] .',
    "a value for a shape": 'sh:property "x" .',
    "a broken query": 'sh:sparql [ sh:select "hello" ] .',
    "a triple": "sh:message <<( ex:a ex:b ex:c )>> ; sh:nodeKind sh:BlankNode .",
}


@pytest.mark.parametrize("name", SHAPES)
def test_odd_shapes_are_run_or_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://e/> . "
        f"ex:s a sh:NodeShape ; sh:targetNode ex:c ; {SHAPES[name]}"
    )
    (tmp_path / "data.ttl").write_text("<http://e/c> <http://e/q> 1 .")
    for check in (
        lambda: quality.check(Graph(), quality.rules("dcat-ap-3.0.1", [path])),
        lambda: validation.validate([tmp_path / "data.ttl"], validation.own_shapes([path]), True),
    ):
        with suppress(EuaikgError):
            assert all(map(str, check()))


DEEP = "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 50_000 + "<urn:c>" + " )>>" * 50_000 + " .\n"

EARLIER = {
    "euaikg.nq": "<http://a/s> <http://a/p> .\n",
    "feed.atom": "<feed>",
    "release.json": "[" * 100_000,
    "events/1.trig": DEEP,
    "events/2.trig": "\ud800",
    **{f"euaikg.{form}": DEEP for form in ("nq", "nt.gz")},
    "euaikg.nt.gz ": "",
}


@pytest.mark.parametrize("name", EARLIER)
def test_a_broken_earlier_release_is_named(tmp_path: Path, name: str) -> None:
    texts = {"euaikg.nq": '<http://a/s> <http://a/p> "x" .\n', name: EARLIER[name]}
    contents = {file: text.encode(errors="surrogatepass") for file, text in texts.items()}
    listed: dict[str, object] = {}
    for file in ("euaikg.nq", "euaikg.nt.gz"):
        if file in contents:
            contents[file] = gzip.compress(contents[file]) if file.endswith(".gz") else contents[file]
            listed[file] = {"sha256": hashlib.sha256(contents[file]).hexdigest()}
    if name.endswith(" "):  # the manifest says something else of the file than that
        listed[name.strip()] = 5
    manifest = json.dumps({"version": "1", "files": listed}).encode()
    for file, content in ({"release.json": manifest} | contents).items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(content)
    with pytest.raises(InputError, match=re.escape(str(tmp_path))):
        release.earlier(tmp_path)
