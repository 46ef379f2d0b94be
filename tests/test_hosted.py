"""The folder of a release is a site: it holds together under any path, leads everywhere, and is small."""

from __future__ import annotations

import functools
import gzip
import http.client
import http.server
import json
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import jsonschema  # type: ignore[import-untyped]
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from euaikg.core.vocab import BASE
from euaikg.pages.view import LANGUAGES
from tests.test_pages import Get, get

__all__ = ["get"]

THERE = "https://example.org/kg/"

WISHES = (("text/html", "en"), ("text/html", "nl"), ("text/turtle", None), ("application/ld+json", None))
"""What people and programs ask for."""

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """The links of a page, each with what it is of, its anchors, and the places in its lists that lead nowhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[tuple[str, str]] = set()
        self.anchors: list[str] = []
        self.bare = text.count('class="src" href=""')
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.anchors.append(str(value))
            if name in ("href", "src", "action", "data-index"):
                self.links.add((tag, str(value)))


@functools.cache
def read(path: Path) -> Page:
    """The page at ``path``, read once for all tests."""
    return Page(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def host(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the release under a path of a plain server of files."""
    folder = tmp_path_factory.mktemp("host")
    (folder / "a").mkdir()
    (folder / "a" / "b").symlink_to(released)
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/a/b/"
    server.shutdown()


def test_a_crawl_from_the_start_page_reaches_all_and_finds_nothing_dead(host: str, released: Path) -> None:
    place = urlsplit(host)
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    pages: dict[str, Page] = {}
    faults: list[str] = []
    aims: set[tuple[str, str]] = set()  # an anchor and the page where it is to be
    waiting = ["index.html"]
    seen = {*waiting}
    while waiting:
        name = waiting.pop()
        connection.request("GET", f"/a/b/{name}")
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200 or content != (file := released / unquote(name)).read_bytes():
            faults.append(f"{name}: {answer.status}")
            continue
        pages[name] = here = read(file)
        if len(here.anchors) != len(set(here.anchors)) or here.bare:
            faults.append(f"{name}: anchors twice, or a citation that leads nowhere")
        for tag, link in here.links:
            target = urlsplit(urljoin(f"http://h/a/b/{name}", link))
            if target.netloc != "h":
                if tag in ("script", "link", "img", "form") or target.geturl().startswith(BASE):
                    faults.append(f"{name}: {link}")
            elif not target.path.startswith("/a/b/"):
                faults.append(f"{name}: {link} leads out of the folder")
            else:
                path = target.path.removeprefix("/a/b/")
                if target.fragment:
                    aims.add((path, unquote(target.fragment)))
                if path not in seen and path.endswith(".html"):
                    waiting.append(path)
                elif path not in seen and not (released / unquote(path)).is_file():
                    faults.append(f"{name}: {link} is not there")
                seen.add(path)
    assert not faults, faults[:10]
    anchors = {name: set(page.anchors) for name, page in pages.items()}
    assert [one for one in aims if one[0] in anchors and one[1] not in anchors[one[0]]] == []
    there = {path.relative_to(released).as_posix() for path in released.rglob("*.html")}
    assert {unquote(name) for name in pages} == there - {"404.html", "nl/404.html"}  # to which the host leads, no page
    assert len(there) > 3500


def test_the_page_for_what_is_not_there_can_be_shown_at_any_address(released: Path) -> None:
    for name in ("404.html", "nl/404.html"):
        links = {link for _, link in Page((released / name).read_text()).links} - {"#main"}
        assert len(links) > 12
        for link in links:
            assert link.startswith("/kg/"), link
            assert (released / unquote(urlsplit(link).path).removeprefix("/kg/")).is_file(), link


def test_pages_are_small(released: Path) -> None:
    sizes = sorted(path.stat().st_size for lang in ("", "nl/") for path in released.glob(f"{lang}id/*/*.html"))
    assert len(sizes) > 3000
    assert sizes[len(sizes) // 2] <= 30_000
    assert sizes[-1] <= 200_000
    texts = [path.stat().st_size for lang in ("", "nl/") for path in released.glob(f"{lang}source/*/*.html")]
    assert max(texts) <= 200_000
    whole = sum(path.stat().st_size for path in released.rglob("*") if path.is_file())
    assert whole <= 130_000_000  # of 280,000 quads


def content(path: Path) -> bytes:
    """What the file of a release holds, which is packed where it is large."""
    return path.read_bytes() if path.exists() else gzip.decompress(Path(f"{path}.gz").read_bytes())


def test_answers_are_rows_that_their_schemas_describe(released: Path) -> None:
    found = sorted(released.glob("answers/*.schema.json"))
    assert len(found) > 100
    for path in found:
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        rows = json.loads(content(path.with_name(path.name.replace(".schema", ""))))
        jsonschema.Draft202012Validator(schema).validate(rows[:200])
        lines = content(path.with_name(path.name.replace(".schema.json", ".csv"))).count(b"\n")
        assert lines >= len(rows) + 1
    figures = json.loads((released / "answers" / "figures.json").read_text())
    assert any(isinstance(row.get("value"), int | float) for row in figures)


def test_every_address_of_the_graph_leads_to_what_speaks_of_it(get: Get, released: Path) -> None:
    """All IRIs of ours in all files of the release, asked of a real Apache as people and programs do."""
    iris = set()
    for file in (*released.glob("*.ttl"), released / "euaikg.trig", released / "nanopubs.trig"):
        for quad in parse(content(file), format=RdfFormat.TRIG if file.suffix == ".trig" else RdfFormat.TURTLE):
            iris |= {term.value for term in (*quad.triple, quad.graph_name) if isinstance(term, NamedNode)}
    ours = {iri for iri in iris if iri.startswith(BASE)}
    assert len(ours) > 6000
    texts: dict[str, str] = {}
    anchors: dict[str, set[str]] = {}
    faults = []
    for path in sorted({iri.removeprefix(BASE).partition("#")[0] for iri in ours}):
        for accept, language in WISHES:
            status, location, _ = get(f"/euaikg/{path}", accept, language=language)
            name, _, anchor = str(location).removeprefix(THERE).partition("#")
            if status not in (302, 303) or not (released / name).is_file():
                faults.append(f"{path} as {accept}: {status} {location}")
                continue
            if name not in texts:
                texts[name] = content(released / name.removesuffix(".gz")).decode()
                anchors[name] = set(read(released / name).anchors) if name.endswith(".html") else set()
            is_dutch = name.startswith("nl/")
            if name.endswith(".html") and is_dutch != (language == "nl"):
                faults.append(f"{path} in {language}: {location}")
            if anchor and anchor not in anchors[name]:
                faults.append(f"{path} as {accept}: no anchor {anchor}")
            if not name.endswith((".html", ".rq")) and path.rpartition("/")[2] not in texts[name]:
                faults.append(f"{path} as {accept}: {name} does not speak of it")
    assert not faults, (len(faults), faults[:10])
    for iri in sorted(iri for iri in ours if "#" in iri and iri.startswith((f"{BASE}source/", f"{BASE}ontology#"))):
        page, _, anchor = iri.removeprefix(BASE).partition("#")
        for lang in LANGUAGES:
            name = ("" if lang == LANGUAGES[0] else f"{lang}/") + f"{page}.html"
            is_made = re.search(r"\.relation-[0-9a-f]{16}$", anchor)  # of plain triples, for nanopublications alone
            if anchor and not is_made and name in anchors and anchor not in anchors[name]:
                faults.append(iri)
    assert not faults, (len(faults), faults[:10])
