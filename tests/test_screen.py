"""A terminal gets no orders from names and messages of others, and what is XML or HTML stays so."""

from __future__ import annotations

import contextlib
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from euaikg.cli import main
from euaikg.core import output
from euaikg.errors import OutputError
from euaikg.sparql import formats
from euaikg.sparql.answers import Table
from tests.conftest import Run

NASTY = "\a\b\x1b]0;owned\a\x1b[31m\x9b2J\x7f\u202etxt\u2066\ufeff\u2028\ufffe\r"
DATA = """
@prefix body: <https://w3id.org/euaikg/id/body/> .
@prefix euai: <https://w3id.org/euaikg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
body:bell a euai:Body ; skos:prefLabel "Bell NASTY"@en , "Bel NASTY"@nl ; skos:altLabel "Alias NASTY"@en ;
  skos:definition "Text NASTY"@en ; skos:editorialNote "Note NASTY"@en .
body:other a euai:Body ; skos:prefLabel "Other\\n\\nError: NASTY"@en .
<https://w3id.org/euaikg/source/com-2024-28/en#s5-p4-i2> { body:bell euai:cooperatesWith body:other }
""".replace("NASTY", "".join(f"\\u{ord(c):04X}" for c in NASTY))
STEERING = re.compile("[^\\S \n\t]|[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe]")


@pytest.fixture
def data(tmp_path: Path) -> str:
    (tmp_path / "own.trig").write_text(DATA, encoding="utf-8")
    return "own.trig"


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("show", "body:bell", "--cite", "--data"),
        ("search", "alias", "--data"),
        ("query", "relations", "--thing", "body:bell", "--data"),
        ("query", "relations", "--thing", "body:bell", "--iris", "--cite", "--data"),
        ("query", "relations", "--thing", "body:bell", "--format", "markdown", "--data"),
        ("query", "--text", "SELECT ?l ?t { body:bell ?p ?l BIND(<<(body:bell ?p ?l)>> AS ?t) }", "--data"),
        ("query", "figures", f"x{NASTY}y", "--data"),
        ("query", f"x{NASTY}y", "--data"),
        (f"x{NASTY}y", "--data"),
        ("query", "--text", f"SELECT * {{ ?s {NASTY} }}", "--data"),
        ("query", f"--x{NASTY}y", "--data"),
        ("validate",),
        ("network", "--data"),
        ("diagram", "view-network", "--format", f"x{NASTY}", "--data"),
        ("export", "--thing", f"x{NASTY}y", "--data"),
        ("query", "documents", "--endpoint", f"http://127.0.0.1:9/{NASTY}", "--data"),
    ],
)
def test_nothing_that_steers_a_terminal_is_printed(words: tuple[str, ...], run: Run, data: str) -> None:
    done = run(*words, data)
    assert done.stdout or done.stderr
    for said in (done.stdout, done.stderr):
        assert not STEERING.search(said), (words, STEERING.findall(said))


def test_file_names_and_servers_steer_nothing_either(run: Run, tmp_path: Path) -> None:
    name = f"x{NASTY.replace(chr(0xFFFE), '')}.ttl"
    (tmp_path / name).write_text("<http://a/b c> a <http://a/d> .")
    for words in (("validate", name), ("fmt", name), ("query", "documents", "--data", name), ("fmt", f"no{name}")):
        done = run(*words)
        assert done.returncode == 2
        assert not STEERING.search(done.stderr), words
        assert done.stderr.count("\n") == 1


def test_a_message_is_one_line(run: Run) -> None:
    done = run("fmt", "no\nError: such.ttl")
    assert done.stderr == "Error: no Error: such.ttl: there is no such file.\n"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "html", "graphml", "gexf"])
def test_pictures_are_well_formed_whatever_names_hold(form: str, run: Run, data: str, tmp_path: Path) -> None:
    done = run("diagram", "--focus", "body:bell", "--data", data, "--format", form, "-o", f"out.{form}")
    assert done.returncode == 0, done.stderr
    content = (tmp_path / f"out.{form}").read_bytes()
    assert b"Bell" in content
    assert output.well_formed(content) == content
    if form != "html":
        ET.fromstring(content)


def test_xml_that_cannot_hold_a_value_is_refused_and_other_formats_keep_it() -> None:
    table = Table(("x",), [(Literal("a\x07b"),), (NamedNode("http://a/b"),)])
    with pytest.raises(OutputError, match=r"XML cannot hold a control character.*use another format\.$"):
        formats.encode(table, "xml")
    assert b"a\x07b" in formats.encode(table, "csv")
    assert b"a\\u0007b" in formats.encode(table, "json")
    ET.fromstring(formats.encode(Table(("x",), [(Literal("é\t\n😀"),)]), "xml"))


@pytest.mark.parametrize(
    ("document", "whole"),
    [
        (b"<a>\x00\x0b\x1f\x7f&#7;&#x1F;&#xFFFE;&#x0000c;</a>", b"<a>   \x7f    </a>"),
        ("<a>\ufffe\uffff é &#9;&#xA;&#13;&#233;&#x7;</a>".encode(), "<a>   é &#9;&#xA;&#13;&#233; </a>".encode()),
        (b"<a>\t\r\n</a>", b"<a>\t\r\n</a>"),
    ],
)
def test_what_xml_may_not_hold_becomes_a_space(document: bytes, whole: bytes) -> None:
    assert output.well_formed(document) == whole
    ET.fromstring(whole)


def test_a_program_may_put_a_stream_of_text_in_the_place_of_standard_output() -> None:
    kept = io.StringIO()
    with contextlib.redirect_stdout(kept):
        output.write("é\n".encode())
        with pytest.raises(SystemExit):
            main(["query", "graph-size", "--format", "csv", "--lang", "nl"])
    assert kept.getvalue().startswith("é\n")
    assert "\r\n" in kept.getvalue()  # as programs get it
