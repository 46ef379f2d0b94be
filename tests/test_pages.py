"""The addresses of the graph lead to the right form of the right document, in a real Apache; pages are safe."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from euaikg.core.vocab import BASE, GRAPH, SKOS
from euaikg.errors import InputError
from euaikg.pages import site, view, w3id
from euaikg.pages.view import Site
from euaikg.questions import ask
from euaikg.sparql.embedded import Embedded
from tests.conftest import missing, program

MODULES = Path("/usr/lib/apache2/modules")
THERE = "https://example.org/kg/"
Get = Callable[..., tuple[int, str | None, http.client.HTTPMessage]]


@pytest.fixture(scope="session")
def get() -> Iterator[Get]:
    """Ask a real Apache, with our ``.htaccess`` in the folder euaikg, as w3id.org would have it."""
    apache = program("apache2", "apache2")
    if not MODULES.is_dir():
        missing("the modules of Apache are not where Debian has them")
    with tempfile.TemporaryDirectory() as folder:  # the server gives up its rights, and pytest shuts its folders
        yield from served(apache, Path(folder))


def served(apache: str, folder: Path) -> Iterator[Get]:
    folder.chmod(0o755)
    (folder / "www" / "euaikg").mkdir(parents=True)
    (folder / "www" / "euaikg" / ".htaccess").write_bytes(w3id.htaccess(THERE))
    (folder / "types").write_text("text/plain txt\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loads = "".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
        for name in ("mpm_event", "authz_core", "headers", "mime", "dir", "rewrite")
    )
    (folder / "httpd.conf").write_text(
        f"ServerRoot {folder}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\n"
        f"ErrorLog {folder}/error.log\n{loads}User www-data\nGroup www-data\nTypesConfig {folder}/types\n"
        f"KeepAliveTimeout 600\nMaxKeepAliveRequests 0\n"
        f"DocumentRoot {folder}/www\n<Directory {folder}/www>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    server = subprocess.Popen([apache, "-f", str(folder / "httpd.conf"), "-DFOREGROUND"])

    def ask(
        path: str, accept: str | None = None, method: str = "GET", language: str | None = None
    ) -> tuple[int, str | None, http.client.HTTPMessage]:
        said = {"Accept": accept, "Accept-Language": language}
        connection.request(method, path, headers={name: value for name, value in said.items() if value is not None})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location"), answer.headers

    try:
        for _ in range(100):
            try:
                ask("/euaikg/")
                break
            except OSError:
                connection.close()
                time.sleep(0.05)
        else:
            pytest.fail(f"Apache did not start: {(folder / 'error.log').read_text()}")
        yield ask
    finally:
        connection.close()
        server.terminate()
        server.wait(60)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "ttl"),
        ("*/*", "ttl"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/html;q=0.5, text/turtle;q=0.9", "ttl"),
        ("text/turtle;q=0.2, application/rdf+xml;q=0.25", "rdf"),
        ("text/turtle;q=0, */*;q=0.1", "jsonld"),
        ('application/ld+json;profile="x";q=0.3, application/rdf+xml;q=0.29', "jsonld"),
        ("text/*;q=0.3, text/html, application/*;q=0.9", "html"),
        ("TEXT/HTML", "html"),
    ],
)
def test_a_thing_leads_to_a_document_about_it(get: Get, accept: str | None, form: str) -> None:
    status, location, _ = get("/euaikg/id/body/ai-office", accept)
    assert status == 303
    ends = {"html": "id/body/ai-office.html", "rdf": "euaikg.rdf.gz"}
    assert location == THERE + ends.get(form, f"id/body.{form}")


@pytest.mark.parametrize(
    ("path", "html", "turtle"),
    [
        ("", "index.html", "catalog.ttl"),
        ("dataset", "data.html", "catalog.ttl"),
        ("dataset/0.1.0", "data.html", "versions.ttl"),
        ("dataset/class/w3id.org-euaikg-ontology-Body", "data.html", "void.ttl"),
        ("distribution/0.1.0/csv", "data.html", "versions.ttl"),
        ("ontology", "ontology.html", "ontology.ttl"),
        ("ontology/0.1.0", "ontology.html", "ontology.ttl"),
        ("euaikg.nq", "euaikg.nq.gz", "euaikg.nq.gz"),
        ("euaikg.jsonld", "euaikg.jsonld.gz", "euaikg.jsonld.gz"),
        ("euaikg.ttl", "euaikg.ttl", "euaikg.ttl"),
        ("nanopubs.trig", "nanopubs.trig.gz", "nanopubs.trig.gz"),
        ("source/com-2024-28.jsonld", "source/com-2024-28.jsonld", "source/com-2024-28.jsonld"),
        ("source/com-2024-28/en-2.html", "source/com-2024-28/en-2.html", "source/com-2024-28/en-2.html"),
        ("id/body/ai-office.ttl", "id/body.ttl", "id/body.ttl"),
        ("id/body", "id/body.html", "id/body.ttl"),
        ("id/agent/euaikg", "about.html", "catalog.ttl"),
        ("nl/id/body.html", "nl/id/body.html", "nl/id/body.html"),
        ("source/com-2024-28/en", "source/com-2024-28/en.html", "source/com-2024-28.ttl"),
        ("source/com-2024-28", "source/com-2024-28.html", "source/com-2024-28.ttl"),
        ("graph/links/same", "data.html", "euaikg.trig.gz"),
        ("id/text/com-2024-28", "source/com-2024-28.html", "id/text.ttl"),
        ("id/text/eu-2024-458-it-sha256", "source/eu-2024-458.html", "id/text.ttl"),
        ("id/text/survey-of-public-managers-on-ai-en", "source/survey-of-public-managers-on-ai.html", "id/text.ttl"),
        ("id/text/survey-of-public-managers-on-ai", "source/survey-of-public-managers-on-ai.html", "id/text.ttl"),
        ("id/judgement/some", "id/discrepancy.html", "id/judgement.ttl"),
        ("shape/some-rule/constraint", "rules.html#some-rule", "shapes.ttl"),
        ("shapes/prefix/body", "rules.html", "shapes.ttl"),
        ("query/who-says", "question/who-says.html", "queries/who-says.rq"),
        ("query/who-says/parameter/lang", "question/who-says.html", "queries.ttl"),
        ("query/prefixes/skos", "questions.html", "queries.ttl"),
        ("np/RAwPRN_5BEOwBxdCvEj8hjFL7DWQK", "nanopubs.trig.gz", "nanopubs.trig.gz"),
        ("context/v1.jsonld", "context.jsonld", "context.jsonld"),
    ],
)
def test_every_kind_of_address(get: Get, path: str, html: str, turtle: str) -> None:
    is_file = re.search(r"\.(nq|ttl|html|jsonld|trig)$", path)
    for accept, expected in (("text/html", html), ("text/turtle", turtle)):
        status, location, _ = get(f"/euaikg/{path}", accept)
        assert (status, location) == (302 if is_file else 303, THERE + expected)


def test_what_is_there_in_rdf_xml_is_the_packed_graph(get: Get) -> None:
    assert get("/euaikg/source/com-2024-28/en", "application/rdf+xml")[1] == f"{THERE}euaikg.rdf.gz"
    for file in ("id/body.rdf", "id/body/ai-office.rdf", "source/com-2024-28.rdf"):
        assert get(f"/euaikg/{file}", "*/*")[1] == f"{THERE}euaikg.rdf.gz"


def test_people_who_read_dutch_get_pages_in_dutch(get: Get) -> None:
    for language, folder in (("nl", "nl/"), ("nl-BE,nl;q=0.9,en;q=0.8", "nl/"), ("en,nl;q=0.5", ""), (None, "")):
        for path, page in (("id/body/ai-office", "id/body/ai-office.html"), ("", "index.html")):
            _, location, _ = get(f"/euaikg/{path}", "text/html", language=language)
            assert location == f"{THERE}{folder}{page}"
    assert get("/euaikg/id/body/ai-office", "text/turtle", language="nl")[1] == f"{THERE}id/body.ttl"


def test_every_answer_may_be_read_from_any_page(get: Get) -> None:
    for path, accept, method, status in (
        ("id/body/x", "text/html", "GET", 303),
        ("id/body/x", "image/png", "GET", 406),
        ("nothing/here", "*/*", "GET", 404),
        ("id/body/x", None, "OPTIONS", 204),
        ("id/body/x", None, "HEAD", 303),
    ):
        found, _, headers = get(f"/euaikg/{path}", accept, method)
        assert found == status
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Vary"].replace(" ", "") == "Accept,Accept-Language"


FORMS = {
    "ttl": ["text/turtle", "text/*", "*/*"],
    "jsonld": ["application/ld+json", "application/json", "application/*", "*/*"],
    "rdf": ["application/rdf+xml", "application/*", "*/*"],
    "html": ["text/html", "application/xhtml+xml", "text/*", "*/*"],
}
QUALITIES = ["", ";q=1", ";q=1.0", ";q=0", ";q=0.000", "; q=0.5", ";q=0.25", ";q=0.3", ";q=0.299", ";level=1;q=0.7"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    wishes=st.dictionaries(
        st.sampled_from([*sorted({media for ranges in FORMS.values() for media in ranges}), "image/png"]),
        st.sampled_from(QUALITIES),
        max_size=6,
    )
)
def test_quality_values_decide(get: Get, wishes: dict[str, str]) -> None:
    def liked(form: str) -> float:
        for media in FORMS[form]:  # the most exact range first
            if media in wishes:
                value = re.search(r"q=([0-9.]+)", wishes[media])
                return float(value.group(1)) if value else 1.0
        return 0.0 if wishes else 1.0

    status, location, _ = get("/euaikg/ontology", ", ".join(media + quality for media, quality in wishes.items()))
    best = max(map(liked, FORMS))
    if best == 0:
        assert status == 406
    else:
        assert location == f"{THERE}ontology.{next(form for form in FORMS if liked(form) == best)}"


def test_an_address_that_is_none_is_refused() -> None:
    assert w3id.base("https://example.org/kg") == THERE
    for wrong in (
        "example.org",
        "ftp://example.org/",
        "https://example.org/a b/",
        "https://example.org/#x",
        "https://e/$1",
    ):
        with pytest.raises(InputError, match=r"is not an address for a folder|cannot stand in a \.htaccess"):
            w3id.base(wrong)


def test_pages_show_hostile_names_as_they_are() -> None:
    thing, name = NamedNode(BASE + "id/body/bad"), '<script>alert("1")</script> & 欧盟 \u202eabc'
    store = Store()
    for graph in (DefaultGraph(), NamedNode(GRAPH + "entities")):
        for lang in view.LANGUAGES:
            store.add(Quad(thing, NamedNode(SKOS + "prefLabel"), Literal(name, language=lang), graph))
    there = Site(Embedded(store), store, "2026-01-01")
    assert there.kinds == {"body": [thing.value]}
    for address in ("id/body/bad.html", "id/body.html", "nl/id/body/bad.html"):
        content = site.page(there, address)
        assert content is not None
        assert b"<script>" not in content
        assert name in "".join(parsed(content).itertext())


def parsed(page: bytes) -> ElementTree.Element:
    """The body of ``page``, which is well-formed XML but for the void elements of forms."""
    body = page.decode().partition("<main")[2].partition("</main>")[0]
    whole = re.sub(r"<(input|br)\b([^>]*)>", r"<\1\2/>", f"<main{body}</main>")
    return ElementTree.fromstring(whole)


@pytest.mark.slow
def test_every_thing_has_a_page_that_says_what_the_card_says(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01")
    assert len(there.kinds) > 20
    page = site.page(there, "id/body/ai-office.html")
    assert page is not None
    said = " ".join("".join(parsed(page).itertext()).split())
    card = ask.card(engine, "AI Office")
    for group in card.groups:
        for line in group.lines:
            assert " ".join(line.text.split()) in said
    assert all(source.text in said for source in card.sources)
