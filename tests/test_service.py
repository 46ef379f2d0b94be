"""No request leaves unless it is allowed: whatever the guard lets through is held against what the engine does."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from euaikg.curation import shacl
from euaikg.errors import EuaikgError, QueryError
from euaikg.rdf.terms import Term
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Embedded

KNOWN: list[Term] = [
    NamedNode(f"http://e/{name}") for name in ("", "a", "b", "a.b", "a.b.c", "a'", "a#", "a\u1680'", "a%20")
]
KNOWN += [NamedNode(iri) for iri in ("http://a:", "http://a/'", "http://x/'", "http://i/j", "http://b/u", "urn:x")]
TEXTS = [
    Literal(True),
    Literal(1),
    *map(Literal, ("", "a", "x", "x'y")),
    Literal("a", language="en"),
    Literal("x", language="en"),
]
STORE = Store()
STORE.extend(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), term) for term in (*KNOWN, *TEXTS))
"""Has what the texts below ask for, since nothing is asked of a server for rows that are not there."""


@dataclass
class Listener:
    """A server on this machine that notes the number in each address that is asked."""

    port: int
    heard: set[int] = field(default_factory=set)

    def service(self, number: int = 0, word: str = "SERVICE", gap: str = " ") -> str:
        return f"{word}{gap}<http://127.0.0.1:{self.port}/q{number}>{{ ?x ?y ?z }}"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Listener(server.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    asking, _ = server.accept()
                except OSError:
                    return
                with asking:
                    if found := re.search(rb"/q(\d+)", asking.recv(1 << 16)):
                        made.heard.add(int(found[1]))
                    asking.sendall(b"HTTP/1.1 500 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield made
        server.shutdown(socket.SHUT_RDWR)


def asked_by_engine(texts: dict[int, str]) -> set[int]:
    """Have the engine answer ``texts`` without any guard, in a process of its own; return those that it could read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for number, text in texts.items():
            signal.alarm(20)
            try:
                found = STORE.query(text)
                next(iter(found), None) if hasattr(found, "__iter__") else bool(found)
                os.write(writing, b"%d\n" % number)
            except SyntaxError:
                pass
            except BaseException:  # the server has no answer
                os.write(writing, b"%d\n" % number)
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as stream:
        valid = {int(line) for line in stream}
    os.waitpid(child, 0)
    return valid


PREFIXES = "PREFIX ex: <http://e/> PREFIX pa: <http://a:> PREFIX : <http://e/> "

TRICKS = [
    "BASE <http://b/> SELECT * { FILTER(?a<ex:b&&'>'='>') @@ }",
    "SELECT * { ?s ex:p ex:a.b.@@ }",
    "SELECT * { ?s ex:p 1.@@ }",
    "SELECT * { ?s ex:p true@@ }",
    "SELECT * { ?s ex:p pa:@@ }",
    "SELECT * {#'\r@@ }#'",
    "SELECT * {# \x0c\u2028\x85\n@@ }",
    "SELECT * { FILTER(?a<?b#'\n&&?c>1)@@ }#'",
    "SELECT * { FILTER(?a<?b#>\r)@@ }#>",
    'SELECT * { VALUES ?v{"""a"}@@ }#\\q"""',
    "SELECT * { VALUES ?v{'''a'}@@ }#\\uD800'''",
    "SELECT * { ?s ex:p 'a'@en.@@ }",
    "SELECT * { ?s ex:p <http://a/\\u0027> . @@ } # '",
    "SELECT * { ?s ex:p ex:a\\'. @@ } # '",
    "SELECT * { ?s ex:p ex:a\u1680\\'. @@ } # '",
    "SELECT * { ?s ex:p ex:a\\#. @@ }",
    "SELECT * {{SELECT*{?s ?p ?o}LIMIT 1}@@}",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . OPTIONAL { @@ } }",
    "ASK { FILTER EXISTS { @@ } }",
]
WORDS = ["SERVICE", "service", "SeRvIcE", "SERVICESILENT", "service silent", "SERVICE#\r"]


def test_whatever_trick_is_tried_nothing_is_asked(listener: Listener) -> None:
    texts: dict[int, str] = {}
    for trick in TRICKS:
        for word in WORDS:
            number = len(texts) + 1
            texts[number] = PREFIXES + trick.replace("@@", listener.service(number, word, gap=""))
    asked_by_engine(texts)
    missed = [texts[number] for number in texts if number not in listener.heard]
    assert len(missed) < len(texts) / 2, f"the engine does not ask here: {missed[0]!r}"
    for text in texts.values():
        with pytest.raises(QueryError, match="--federated"):
            Embedded(STORE).run(text)


def test_escaped_letters_are_letters(listener: Listener) -> None:
    """Some engines replace escapes before they read anything; this one does not."""
    for word in ("\\u0053ERVICE", "\\U00000053ervice"):
        with pytest.raises(QueryError, match="--federated"):
            Embedded(STORE).run(f"SELECT * {{ {listener.service(word=word)} }}")


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?service ?p 'SERVICE', \"service\"@en, '''SERVICE''' } # SERVICE",
        "PREFIX ex: <http://service/> ASK { ex:service ex:AIService ex:SERVICE }",
        "ASK { <http://a/service> <http://service/a> <urn:service:x> }",
        "ASK { ?a ?b _:service FILTER(?a < 3 && 'service' > ?b) }",
    ],
)
def test_the_word_elsewhere_is_only_a_word(query: str) -> None:
    assert Embedded(STORE).run(query) is False


GAPS = [
    "",
    " ",
    "\n",
    "\r",
    "\t",
    "\x0c",
    "\u2028",
    "\x85",
    "\xa0",
    "\ufeff",
    "#\n",
    "# 'x\r",
    "# <\n",
    "#\u2028\n",
    "#>\r",
]
PARTS = """
?a|$b|ex:a|ex:a.b|ex:a.b.c|ex:|ex:a%20|ex:a\\'|:b|_:x.y|1|1.5|1.|true|a|''|'x'|"x"|'x\\'y'|'''x'y'''|\"""a"b\"""|'\\uD800'|'''|'|"
|'a'@en|'a'@en-x|'a'^^ex:d|<http://i/j>|<u>|<urn:x>|<a\\u0041>|<|<?b|<=|>|>=|<<|<<(|)>>|>>|{|}|[|]|(|)|.|;|,|/|^|*|?|!|&&|=|'<|'>|é
|FILTER|OPTIONAL|UNION|MINUS|VALUES|EXISTS|NOT EXISTS|SELECT*|FILTER(?a|VALUES ?v{|GRAPH ?g{|OPTIONAL{
|?s ?p ?o.|FILTER(?a<?b|FILTER(?a<?b&&?c>?d)|FILTER(?a<'x'&&?b>1)|VALUES ?v{1 2}|VALUES ?v{'''a'}|BIND(1 AS ?z)
|OPTIONAL{}|?s ex:p ex:a.b.|?s ex:p 1.|?s ex:p ex:a|?s ex:p true|?s ex:p 'x'@en|?s ex:p ex:a,|[]ex:p[]
|<<?s ?p ?o>>ex:p 1|{}|?s ex:p? ?o|?s ex:p pa:|FILTER(?x<pa:|FILTER(1<u&&2>1)|FILTER(?a<?b#'\r)|FILTER(?a<?b#'>)
|?s <u#'> ?o .|?s ex:p <http://x/'> .|FILTER(?a<ex:b&&ex:c>'z')|FILTER(?a<1#>\n)
""".strip().split("|")


def anything(chance: random.Random, listener: Listener, number: int) -> str:
    """Return a text around one SERVICE, of which many are valid and most of these do ask."""
    word = "".join(chance.choice([letter, letter.lower()]) for letter in "SERVICE") + chance.choice(["", "", "SILENT"])
    parts = [chance.choice(PARTS) for _ in range(chance.choice([0, 1, 1, 2, 3]))]
    around = "".join(part + chance.choice(GAPS) * chance.choice([0, 1]) for part in parts)
    after = chance.choice(["", "", " ", "# '", "'", "# >", *PARTS])
    text = f"SELECT*{{{around}{word}{chance.choice(GAPS)}\0{after}"
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        at = chance.randrange(len(text))
        text = (
            text[:at] + chance.choice([*GAPS, "'", '"', "<", ">", "\\", "\\u0027"]) + text[at + chance.choice([0, 1]) :]
        )
    opened: list[str] = []
    for sign in re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|#[^\n\r]*", "", text):
        if sign in "{([":
            opened.append("})]"["{([".index(sign)])
        elif opened and sign == opened[-1]:
            opened.pop()
    text = PREFIXES + text + chance.choice(["", "\n"]) + "".join(reversed(opened))
    return chance.choice(["", "BASE <http://b/x> "]) + text.replace("\0", listener.service(number, "", ""))


@pytest.mark.slow
def test_no_text_is_let_through_that_asks(listener: Listener) -> None:
    chance = random.Random(13)
    texts = {number: anything(chance, listener, number) for number in range(1000, 31_000)}
    let_through = set()
    for number, text in texts.items():
        try:
            scanner.refuse_service(text)
            let_through.add(number)
        except QueryError:
            pass
    asked_by_engine(texts)
    assert len(listener.heard) > 500, "too few of the texts are valid for the test to mean anything"
    assert not [texts[number] for number in sorted(let_through & listener.heard)]


@pytest.mark.parametrize(
    "constraint",
    [
        "SELECT $this { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }",
        "SELECT $this {#\r\nservice<http://127.0.0.1:9/>{ ?x ?y ?z } }",
        "SELECT $this { \\u0053ERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }",
        "SELECT $this FROM<http://127.0.0.1:9/> { ?x ?y ?z }",
        "SELECT $this { { SELECT * { OPTIONAL { SERVICE SILENT ?y { ?x ?y ?z } } } } }",
    ],
)
def test_constraints_fetch_nothing_either(constraint: str) -> None:
    with pytest.raises(EuaikgError, match="nothing is fetched"):
        shacl.read_query(constraint, "SELECT")
