"""Each bad input gives one clear sentence, the right exit status, no traceback, and leaves files as they were."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run

XML = """<!DOCTYPE r [%s]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a/">
<rdf:Description rdf:about="http://a/b"><a:c>%s</a:c></rdf:Description></rdf:RDF>"""
LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))

FILES = {
    "empty.ttl": b"",
    "blank.ttl": b"\n\n",
    "latin.ttl": "# caf\xe9\n".encode("latin-1"),
    "broken.ttl": b'@prefix a: <http://a/> .\na:x a:y "z"@en\na:b a:c a:d .\n',
    "spaces.ttl": b"<http://a/b c> a <http://a/d> .\n",
    "prefix.ttl": b"nobody:x a nobody:y .\n",
    "words.docx": b"PK",
    "nothing.ttl": b"@prefix a: <http://a/> .\n",
    "remote.jsonld": b'{"@context": "https://example.org/context.jsonld", "@id": "http://a/b", "name": "x"}',
    "comment.ttl": b"# head\n@prefix a: <http://a/> .\n\na:b a a:c . # remark\n",
    "blanknode.ttl": b"@prefix a: <http://a/> .\na:b a:c [ a a:d ] .\n",
    "shape.ttl": b"@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    b'<http://a/s> a sh:NodeShape ; sh:targetClass <http://a/d> ; sh:pattern "[a-" .\n',
    "packed.ttl.gz": b"\x1f\x8bnot really",
    "bomb.ttl.gz": gzip.compress(b"\n" * (1 << 26)),
    "bomb.jsonld.gz": gzip.compress(b" " * (1 << 26)),
    "laughs.rdf": (XML % (LAUGHS, "&a8;")).encode(),
    "laughs.owl.gz": gzip.compress((XML % (LAUGHS, "&a8;")).encode()),
    "long.rdf": (XML % (f'<!ENTITY a "{"x" * 10_000}">', "&a;" * 10_000)).encode(),
    "nested.nt": b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 200_000 + b"<a:c>" + b" )>>" * 200_000 + b" .",
    "old.ttl": b"kept as it was\n",
    "query.rq": b"SELECT ?s WHERE { ?s ?p ?o } LIMIT 1\n",
}

CASES = [
    (["validate", "missing.ttl"], "missing.ttl: there is no such file."),
    (["validate", "empty.ttl"], "empty.ttl: the file is empty."),
    (["validate", "blank.ttl"], "blank.ttl: the file is empty."),
    (["validate", "nothing.ttl"], "nothing.ttl: the file holds no triples."),
    (["validate", "latin.ttl"], "latin.ttl: not UTF-8 (byte 5, line 1)."),
    (["validate", "broken.ttl"], "broken.ttl, line 3, column 1: not valid Turtle"),
    (["validate", "spaces.ttl"], "spaces.ttl, line 1, column 1: not valid Turtle"),
    (["validate", "prefix.ttl"], "prefix.ttl, line 1, column 1: not valid Turtle"),
    (["validate", "words.docx"], "words.docx: not a known kind of RDF file"),
    (["validate", "remote.jsonld"], "remote.jsonld: not valid JSON-LD"),
    (["validate", "--shapes", "missing.ttl"], "missing.ttl: there is no such file."),
    (["validate", "--shapes", "broken.ttl"], "broken.ttl, line 3, column 1: not valid Turtle"),
    (["validate", "--shapes", "comment.ttl"], "comment.ttl: there is no SHACL shape with a target"),
    (["validate", "--shapes", "shape.ttl"], "shape.ttl: http://a/s: the value of sh:pattern cannot be read (untermin"),
    (["validate", "--alone", "comment.ttl"], "To check files alone takes files to check and shapes to check them by."),
    (["sources", "new", "missing.txt"], "missing.txt: there is no such file."),
    (["sources", "new", "latin.ttl"], "latin.ttl: not UTF-8 (byte 5, line 1)."),
    (["sources", "new", "query.rq", "--lang", "en", "-o", "old.ttl"], "old.ttl: it is there already; take anothe"),
    (["query", "nonsense"], "There is no stored query “nonsense”."),
    (["query", "relation"], "Nearest: relations"),
    (["query", "figures", "--nonsense", "x"], "has no parameter “nonsense”; it has: thing, document, asOf, lang."),
    (["query", "figures", "--limit", "0"], "The limit is how many rows are given, 1 or more, not 0."),
    (["query", "--text", "SELECT * { ?s ?p ?o }", "--limit", "-3"], "1 or more, not -3."),
    (["query", "figures", "--limit", "x"], "Invalid value for '--limit': 'x' is not a valid integer."),
    (["query", "figures", "--format", "pdf"], "'pdf' is not one of"),
    (["query", "figures", "--format", "turtle"], "This query answers with rows; write them as table, csv"),
    (["query", "describe-thing", "--format", "csv"], "This query answers with triples; write them as turtle"),
    (
        ["query", "figures", "--as-of", "yesterday"],
        "--as-of: “yesterday” is not a day or a period; write it as 2026-Q4",
    ),
    (["query", "figures", "--as-of", "2024-02-30"], "--as-of: “2024-02-30” is not a day"),
    (["query", "figures", "--lang", "x y"], "lang: “x y” is not a language code such as en."),
    (["query", "things-in-sector", "--sector", "magic"], "sector: “magic” is not one of"),
    (["query", "figures", "--thing", "AI Ofixe"], "Nothing in the graph is called “AI Ofixe”. Nearest: AI Office"),
    (["query", "figures", "--thing", "http://a/b c"], "“http://a/b c” is not a valid IRI"),
    (["query", "figures", "--thing", 'http://a/"b"'], "is not a valid IRI"),
    (["query", "--text", "SELECT * {"], "The query is not valid SPARQL: line 1, column 11: the end comes too soon"),
    (["query", "--text", "DELETE WHERE { ?s ?p ?o }"], "This is an update (DELETE)"),
    (["query", "--text", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"], "allow it with --federated"),
    (["query", "--text", "hello"], "This is no SPARQL query"),
    (["query", "--file", "missing.rq"], "missing.rq: there is no such file."),
    (["query", "--file", "query.rq", "--text", "ASK {}"], "only one of them"),
    (["query", "--text", "ASK {}", "figures"], "only one of them"),
    (["query", "--format", "csv", "figures"], "Options go after the name"),
    (["query", "documents", "--data", "missing.ttl"], "missing.ttl: there is no such file."),
    (["query", "documents", "--format", "csv", "-o", "no/such/folder.csv"], "no/such/folder.csv: cannot be written"),
    (["export", "-o", "/dev/full"], "/dev/full: cannot be written (No space left on device)."),
    (["export", "-o", "/proc/euaikg.trig"], "/proc/euaikg.trig: cannot be written"),
    (["export", "--format", "excel"], "'excel' is not one of"),
    (["show", "Nobody at all"], "Nothing in the graph is called “Nobody at all”."),
    (["show", "http://example.org/unknown"], "The graph says nothing about http://example.org/unknown."),
    (["show", "AI Office", "--lang", "fr"], "'fr' is not one of"),
    (["show", "AI Office", "--as-of", "soon"], "--as-of: “soon” is not a day"),
    (["search", "zzzzzz"], "Nothing in the graph has “zzzzzz” in its names or texts."),
    (["fmt", "comment.ttl"], "comment.ttl, line 4: a comment below the head"),
    (["fmt", "blanknode.ttl"], "blanknode.ttl: a blank node stands at"),
    (["fmt", "words.docx"], "words.docx: only .ttl and .trig files have a canonical text."),
    (["sources", "check", "--documents", "nowhere"], "nowhere: there is no such folder."),
    (["sources", "check", "--documents", "."], ".: none of the documents that the graph cites is there."),
    (["sources", "passage", "old.ttl", "--lines", "7", "--place", "p1"], "old.ttl: has no lines 7; it has 2."),
    (["sources", "passage", "old.ttl", "--find", "x", "--place", "p1"], "“x” stands in it 0 times"),
    (["sources", "passage", "old.ttl", "--place", "p1"], "Give either --lines or --find."),
    (["nonsense"], "No such command 'nonsense'."),
    (["qurey"], "No such command 'qurey'. Did you mean 'query'?"),
    (["figures"], "No such command 'figures'; it is a stored question: euaikg query figures."),
    (["query", "money"], "“money” is a tag, not a question; “euaikg query --tag money” lists what has it."),
    (["query", "documents", "--data", "packed.ttl.gz"], "packed.ttl.gz: not a whole gzip file"),
    (["query", "documents", "--data", "bomb.ttl.gz"], "bomb.ttl.gz: it unpacks to more than 200 times its size"),
    (["validate", "bomb.jsonld.gz"], "bomb.jsonld.gz: it unpacks to more than 200 times its size"),
    (["query", "documents", "--data", "laughs.rdf"], "laughs.rdf: not valid RDF/XML (its entities stand for far more"),
    (["validate", "laughs.owl.gz"], "laughs.owl.gz: not valid RDF/XML (its entities stand for far more"),
    (["validate", "--shapes", "long.rdf"], "long.rdf: not valid RDF/XML (its entities stand for far more"),
    (["query", "documents", "--data", "nested.nt"], "triples stand within triples more than 200 deep"),
    (["query", "documents", "--store", "nowhere"], "nowhere: there is no such store; “euaikg build --store nowhere”"),
    (["query", "documents", "--store", "old.ttl"], "old.ttl: this is not a store"),
    (["query", "documents", "--store", "x", "--data", "old.ttl"], "A store holds what it was built from;"),
    (["query", "documents", "--timeout", "0"], "A timeout is a number of seconds above 0 and up to 2000000, not 0"),
    (
        ["query", "documents", "--timeout", "nan"],
        "above 0 and up to 2000000, not nan",
    ),
    (["query", "documents", "--timeout", "soon"], "'soon' is not a valid float"),
    (["query", "documents", "--memory", "lots"], "“lots” is not an amount of memory; write it as 500M or 4G."),
    (["query", "documents", "--memory", "0"], "“0” is not an amount of memory"),
    (
        ["query", "--text", "SELECT * {", "--timeout", "9"],
        "The query is not valid SPARQL: line 1, column 11: the end comes too soon",
    ),
    (["build", "--store", "old.ttl"], "old.ttl: something else stands there; it is not replaced."),
    (["build", "--store", "old.ttl", "--force"], "old.ttl: something else stands there; it is not replaced."),
    (["build", "--store", "x", "--data", "broken.ttl"], "broken.ttl, line 3, column 1: not valid Turtle"),
    (["build", "--store", "no/such/folder"], "no/such/folder: cannot be written (No such file or directory)."),
    (["build", "--store", "/proc/euaikg"], "/proc/euaikg: cannot be written"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "sentence"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_one_sentence_and_nothing_touched(run: Run, folder: Path, arguments: list[str], sentence: str) -> None:
    done = run(*arguments)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert done.returncode == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES


@pytest.mark.slow
def test_wrong_data_is_not_a_failure_to_run(run: Run, folder: Path) -> None:
    (folder / "wrong.ttl").write_text(
        "<https://w3id.org/euaikg/id/body/new> a <https://w3id.org/euaikg/ontology#Body> .\n"
    )
    done = run("validate", "wrong.ttl")
    assert done.returncode == 1
    place = "wrong.ttl:1: violation [name-english] body:new skos:prefLabel"
    assert f"{place}: Give it exactly one preferred name in English" in done.stdout


def test_a_failed_export_keeps_the_old_file(run: Run, folder: Path) -> None:
    assert run("export", "-o", "old.ttl", "--data", "broken.ttl").returncode == 2
    assert (folder / "old.ttl").read_bytes() == FILES["old.ttl"]


def test_a_full_disk_behind_standard_output_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "euaikg", "export"], stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )
    assert done.returncode == 2
    assert done.stderr.strip() == "Error: standard output cannot be written (No space left on device)."


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "euaikg", "export"], stdout=writing, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    os.close(writing)
    os.read(reading, 100)
    os.close(reading)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.slow
def test_the_cache_may_be_out_of_reach(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outside = str(tmp_path / "file" / "cache")
    done = run("query", "office-holders", "--format", "csv", env={**os.environ, "EUAIKG_CACHE_DIR": outside})
    assert done.returncode == 0
    assert "Thierry" in done.stdout


@pytest.mark.slow
def test_a_damaged_cache_is_built_again(run: Run, tmp_path: Path) -> None:
    settings = {**os.environ, "EUAIKG_CACHE_DIR": str(tmp_path / "cache")}
    assert run("query", "office-holders", env=settings).returncode == 0
    (built,) = (tmp_path / "cache").iterdir()
    (built / "CURRENT").write_text("nonsense")
    for _ in range(2):
        done = run("query", "office-holders", "--limit", "99", env=settings)
        assert done.returncode == 0
        assert "Thierry" in done.stdout
