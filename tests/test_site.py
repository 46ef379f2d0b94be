"""The pages as a person meets them in a browser: readable, usable by keyboard alone, and found again."""

from __future__ import annotations

import functools
import html
import itertools
import json
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store
from selenium.webdriver import Chrome, ChromeOptions, ChromeService, Keys

from euaikg.core.vocab import BASE, GRAPH, SKOS
from euaikg.diagrams import diagram, views
from euaikg.errors import EuaikgError
from euaikg.pages import pictures, questions, search, site, things, view
from euaikg.pages.view import Site
from euaikg.questions import ask, finding, stored, translated
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import missing, node_modules, program
from tests.test_page import FLAGS, Browser

PAGES = (
    *("index", "things", "id/place", "id/initiative/ai-factories", "id/envelope/ai-factories-2024", "id/period/2026"),
    *("id/discrepancy/ai-act-date-of-prohibitions", "id/modality/sought", "id/person/henna-virkkunen", "documents"),
    *("source/st-5853-24", "source/st-5853-24/en", "questions", "question/funding-total", "question/speakers"),
    *("question/describe-thing", "question/disagreements-by-kind", "pictures", "money", "timeline", "search", "rules"),
    *("data", "sparql", "about", "404"),
)
"""One page of each kind, and of the ontology none: it is long, and looks like the page of the rules."""

UNDER = "some/path"
"""Where the pages stand below the root of their host."""

AXE = """
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then((found) => done(found.violations.map((one) =>
  `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`)));
"""

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title = 1</script> & {{ 7 * 7 }} \u202eabc'


def written(there: Site, folder: Path, addresses: Iterator[str]) -> None:
    """Write the pages at ``addresses`` of ``there``, and what they need, into ``folder``."""
    for address in addresses:
        made = site.page(there, address)
        assert made is not None, address
        (folder / address).parent.mkdir(parents=True, exist_ok=True)
        (folder / address).write_bytes(made)
    for name, content in search.indices(there):
        (folder / name).write_bytes(content)
    for path in view.STATIC.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())


class Quiet(SimpleHTTPRequestHandler):
    """A host of files that says nothing."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host(engine: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a host of files that holds :data:`PAGES` in both languages, those of hostile names too."""
    root = tmp_path_factory.mktemp("host")
    asks = Site(engine, engine.store, "2026-01-01", asks=True)
    both = (f"{lang}{name}.html" for lang in ("", "nl/") for name in PAGES)
    written(asks, root / UNDER, both)
    store, thing = Store(), NamedNode(BASE + "id/body/bad")
    for graph in (DefaultGraph(), NamedNode(GRAPH + "entities")):
        for lang in view.LANGUAGES:
            store.add(Quad(thing, NamedNode(SKOS + "prefLabel"), Literal(HOSTILE, language=lang), graph))
    hostile = Site(Embedded(store), store, "2026-01-01", asks=True)
    written(hostile, root / "hostile", iter(["id/body/bad.html", "id/body.html", "search.html"]))
    handler = functools.partial(Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = program("chromium", "chromium")
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    for flag in (*FLAGS, alone, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = Chrome(options, ChromeService(program("chromedriver", "chromium-driver")))
    yield made
    made.quit()


class Reader(Browser):
    """A browser with a page of the site open."""

    def go(self, address: str, width: int = 1440, scheme: str = "light", media: str = "") -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        self.media(media, prefers_color_scheme=scheme)
        self.driver.get(address)

    def found(self) -> list[str]:
        """What the search has found."""
        self.until("document.querySelector('#count').textContent")
        return [item.text for item in self.all("#found a")]


@pytest.fixture
def reader(driver: Chrome, tmp_path: Path) -> Iterator[Reader]:
    there = Reader(driver, tmp_path)
    there.problems()
    yield there
    assert there.problems() == [], "the console of the browser stays empty"


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what some people cannot use."""
    script = node_modules() / "axe-core" / "axe.min.js"
    if not script.is_file():
        missing("EUAIKG_NODE_MODULES has no package axe-core")
    return script.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_each_kind_of_page_can_be_used_by_anybody(reader: Reader, host: str, axe: str, name: str) -> None:
    for lang, width, scheme in (("", 1440, "light"), ("nl/", 360, "dark")):
        reader.go(f"{host}{UNDER}/{lang}{name}.html", width, scheme)
        assert reader.run("return document.documentElement.lang") == (lang.strip("/") or "en")
        assert [len(reader.all(tag)) for tag in ("h1", "main", ".skip")] == [1, 1, 1]
        assert reader.run("return document.documentElement.scrollWidth") <= width, "nothing sticks out of the page"
        levels = [int(heading.tag_name[1]) for heading in reader.all("h1, h2, h3, h4")]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
        reader.run(axe)
        assert reader.driver.execute_async_script(AXE) == []


@pytest.mark.slow
def test_the_keyboard_alone_finds_who_pays(reader: Reader, host: str) -> None:
    reader.go(f"{host}{UNDER}/index.html")
    for _ in range(30):
        reader.press(Keys.TAB)
        if reader.run("return document.activeElement.id") == "q":
            break
    reader.press("who pays for AI factories", Keys.ENTER)
    found = reader.found()
    assert "AI Factories" in found[:5]
    assert "Who pays for what, through whom, how much, and says who" in found[:5]
    for _ in range(1 + found.index("AI Factories")):
        reader.press(Keys.ARROW_DOWN)
    reader.press(Keys.ENTER)
    reader.until("document.querySelector('h1').textContent === 'AI Factories'")
    money = reader.one("#money").text
    assert "EUR 2.1 bn" in money
    assert "European Commission" in money


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "typed", "name"),
    [
        ("", "AI Facotries", "AI Factories"),
        ("", "eurohcp joint", "European High-Performance Computing Joint Undertaking"),
        ("", "sefcovic", "Maroš Šefčovič"),
        ("", "AI-bureau", "European AI Office"),
        ("", "genai4", "GenAI4EU"),
        ("nl/", "AI-fabriken", "AI-fabrieken"),
        ("nl/", "AI factories", "AI-fabrieken"),
        ("nl/", "wie betaalt", "Wie wat betaalt, via wie, hoeveel, en wie dat zegt"),
    ],
)
def test_search_forgives(reader: Reader, host: str, lang: str, typed: str, name: str) -> None:
    reader.go(f"{host}{UNDER}/{lang}search.html?q={typed}")
    assert name in reader.found()[:3]
    reader.one("#q").clear()
    reader.one("#q").send_keys("xyzzyx qqq")
    assert reader.found() == []
    assert reader.one("#without a").is_displayed()


@pytest.mark.slow
def test_hostile_names_stay_text(reader: Reader, host: str) -> None:
    for address in ("id/body/bad.html", "id/body.html", "search.html?q=onerror"):
        reader.go(f"{host}hostile/{address}")
        shown = reader.found()[0] if "search" in address else reader.one("main").text
        assert "<script>document.title = 1</script> & {{ 7 * 7 }}" in shown
        assert reader.run("return document.title") != "1"


@pytest.mark.slow
def test_forms_send_what_is_filled_in(reader: Reader, host: str) -> None:
    reader.go(f"{host}{UNDER}/question/speakers.html")
    reader.one("#v-by").send_keys("Ursula", Keys.ENTER)
    reader.until("location.search")
    assert reader.run("return location.search") == "?by=Ursula"


@pytest.mark.slow
def test_paper_has_what_was_read_and_no_controls(reader: Reader, host: str) -> None:
    reader.go(f"{host}{UNDER}/id/initiative/ai-factories.html", media="print")
    assert not any(one.is_displayed() for one in reader.all("form, nav, .skip"))
    assert reader.one("#sources").is_displayed()
    reader.media("")


def test_the_words_of_the_pages_are_the_same_in_both_languages() -> None:
    def keys(of: object) -> object:
        return {name: keys(part) for name, part in of.items()} if isinstance(of, dict) else None

    english, dutch = (dict(view.words()[lang]) for lang in view.LANGUAGES)
    ways = [[*english.pop("ways").values()], [*dutch.pop("ways").values()]]
    assert [[*way] for way in ways[0]] == [[*way] for way in ways[1]], "the ways in lead to the same pages"
    tags = {query.tags[0] for query in stored.headers()}
    assert tags == english.pop("tags").keys() | tags == dutch.pop("tags").keys()
    assert keys(english) == keys(dutch)
    asked = {name for names in things.ANSWERED.values() for name in names} | {*things.ALWAYS}
    assert english["asked"].keys() == asked <= stored.catalogue().keys()


def test_every_question_speaks_dutch() -> None:
    told = translated.words("nl")
    assert told["words"].keys() == stored.words().keys()
    there = {query.name: query for query in stored.headers()}
    assert told["questions"].keys() == there.keys(), "say in queries/nl.yaml what the question says"
    for name, query in there.items():
        said = told["questions"][name]
        own = {one.name for one in query.parameters if one.label != stored.words().get(one.name, {}).get("label")}
        assert own <= said.get("parameters", {}).keys() <= {one.name for one in query.parameters}, name
        assert said.keys() <= {"summary", "description", "parameters"}
        dutch = translated.query(query, "nl")
        assert (dutch.summary, dutch.description) == (said["summary"], said["description"])


@pytest.mark.slow
def test_a_question_is_asked_with_the_values_of_its_form(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01", asks=True, live=True)

    def page(values: dict[str, list[str]], address: str = "question/who-funds-what.html") -> str:
        return (site.page(there, address, None, values) or b"").decode()

    whole = page({"thing": [""], "by": [""]})
    some = page({"thing": ["GenAI4EU"], "document": ["com-2024-28"], "by": [""]})
    assert whole == page({})
    assert 0 < some.count("<tr>") < whole.count("<tr>")
    assert 'value="GenAI4EU"' in some
    assert '<option value="com-2024-28" selected>' in some
    assert "./../question" not in some
    assert 'href="who-funds-what.html?thing=GenAI4EU&amp;document=com-2024-28"' in some
    assert "answers/who-funds-what.csv?thing=GenAI4EU&amp;document=com-2024-28" in some
    with pytest.raises(EuaikgError, match="Nothing in the graph is called"):
        page({"thing": ["no such thing at all"]})


def test_the_colours_of_pictures_are_those_of_the_diagrams() -> None:
    assert (view.STATIC / "picture.css").read_text(encoding="utf-8") == diagram.colours()


def test_links_carry_the_day_of_knowledge(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01", asks=True, live=True)
    made = (site.page(there, "id/initiative/ai-factories.html", "2024-12-31") or b"").decode()
    assert "As known on 2024-12-31" in made
    assert 'href="../initiative.html?as-of=2024-12-31"' in made
    assert 'action="ai-factories.html"' in made
    assert "2025-Q2" not in made


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "said"), [("", "does not go by days"), ("nl/", "gaat niet per dag")])
def test_a_picture_that_does_not_go_by_days_is_drawn_and_says_so(lang: str, said: str, engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01", asks=True, live=True)
    for name in views.VIEWS:
        made = (site.page(there, lang + pictures.place(name), "2024-12-31") or b"").decode()
        assert "<svg" in made
        assert (said in made) == (name == "ontology")
    assert said not in (site.page(there, lang + pictures.place("ontology")) or b"").decode()


@pytest.mark.slow
def test_a_long_document_stands_on_several_pages(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01")
    version = f"{BASE}source/com-2025-165/nl"
    for lang in ("", "nl/"):
        made = {name: (site.page(there, lang + name) or b"").decode() for name in there.pages(version)}
        assert len(made) > 2
        assert all(len(page.encode()) < 200_000 for page in made.values())
        contents = (site.page(there, f"{lang}source/com-2025-165/nl.html") or b"").decode()
        for passage in there.reading.passages[version]:
            name, _, anchor = there.places[passage].partition("#")
            assert f'<section class="passage" id="{anchor}">' in made[name]
            link = f'href="{name.rpartition("/")[2]}#{anchor}"'
            assert f' id="{anchor}"' in contents and link in contents, "who asks for it at the old address is led on"
        assert "nl-1.html" in made[there.pages(version)[1]] and "nl-3.html" in made[there.pages(version)[1]]
    assert site.page(there, "source/com-2025-165/nl-99.html") is None
    assert there.pages(f"{BASE}source/st-5853-24/en") == ["source/st-5853-24/en.html"], "a short one stands on one"


def test_pages_lead_to_the_text_in_their_language(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01")
    for lang, own, other in (("", "en", "nl"), ("nl/", "nl", "en")):
        made = (site.page(there, f"{lang}id/body/ai-office.html") or b"").decode()
        found = set(re.findall(r"source/com-2025-165/([a-z]+)[-0-9]*\.html#s5-p3", made))
        assert found == {own}
        text = (
            site.page(there, f"{lang}{there.places[f'{BASE}source/com-2025-165/en#s5-p3'].partition('#')[0]}") or b""
        ).decode()
        assert re.search(r'href="nl-[0-9]\.html#s5-p3"', text), "the text that it translates stays in reach"
        assert other not in found


@pytest.mark.slow
def test_documents_stand_by_how_much_of_them_was_read(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01")
    for lang, whole, start, opening in (
        ("", "Read: whole", "{} documents read, {} of them whole; {} passages", "Only the first sentences were read"),
        ("nl/", "Gelezen: geheel", "{} documenten gelezen, waarvan {} geheel; {} passages", "Alleen de eerste zinnen"),
    ):
        rows = ask.question(engine, "documents", {"lang": [lang[:2] or "en"]}).answer
        assert isinstance(rows, Table)
        told = [*rows.to_dicts()]
        names = {row["documentLabel"] for row in told if row["completenessLabel"] in ("whole", "geheel")}
        made = (site.page(there, f"{lang}documents.html") or b"").decode()
        groups = re.findall(
            r"<section class=\"panel\"><h2>(.*?) <span class=\"quiet\">(\d+)</span>(.*?)</section>", made, re.S
        )
        assert groups[0][0] == whole and int(groups[0][1]) == len(names)
        first = {html.unescape(name) for name in re.findall(r"<li><a [^>]*>(.*?)</a>", groups[0][2])}
        assert first == names, "what was read in part is not said to have been read whole"
        assert opening in groups[-1][2], "each group says what it means"
        documents, passages = (
            len({row["documentLabel"] for row in told}),
            sum(int(str(row["passages"])) for row in told),
        )
        assert sum(int(number) for _, number, _ in groups) == documents
        big, *words = start.format(documents, len(names), passages).split(" ", 1)
        index = (site.page(there, f"{lang}index.html") or b"").decode()
        assert re.search(rf"<li><b>{big}</b><a [^>]*>{words[0]}</a></li>", index)


def test_a_document_of_which_nobody_says_how_much_was_read_is_not_said_to_be_whole() -> None:
    store = Store()
    store.load(
        b"""
        @prefix euai: <https://w3id.org/euaikg/ontology#> .
        @prefix doc: <https://w3id.org/euaikg/source/> .
        doc:mine a euai:SourceDocument ; <http://www.w3.org/2004/02/skos/core#prefLabel> "Mine"@en, "Mijn"@nl .
        <https://w3id.org/euaikg/source/mine/en#p1> euai:inExpression <https://w3id.org/euaikg/source/mine/en> ;
          euai:statedOn "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ; euai:dateInferred true .
        """,
        format=RdfFormat.TURTLE,
    )
    there = Site(Embedded(store), store, "2026-01-01")
    made = (site.page(there, "documents.html") or b"").decode()
    assert "<h2>Read <span" in made and "whole" not in made
    assert "not before 2026-01-01, 1 passage<" in made
    assert ">documents read, 1 passages</a>" in (site.page(there, "index.html") or b"").decode()


@pytest.mark.slow
def test_a_day_that_is_only_the_first_it_may_be_is_said_to_be(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01")
    annexes = "source/com-2025-723-annexes"
    for lang, word in (("", "not before"), ("nl/", "niet eerder dan")):
        for address, around in (
            ("documents", r">DAY, \d+ passages"),
            (f"{annexes}/nl-1", r">[^<>]*, DAY · <a"),
            (f"{annexes}/nl", r">[^<>]*, DAY · <a"),
            (annexes, r"<small>DAY</small>"),
            ("timeline", r"\(DAY\)|· DAY ·"),
            ("picture/sectors", r"\(DAY\)|· DAY ·"),
        ):
            made = (site.page(there, f"{lang}{address}.html") or b"").decode()
            said, exact = (re.findall(around.replace("DAY", day), made) for day in (f"{word} 2025-07-02", "2025-07-02"))
            assert said and not exact, address


@pytest.mark.slow
def test_money_that_was_raised_since_is_not_said_to_have_been_announced(engine: Embedded) -> None:
    then, now = (ask.question(engine, "funding-total", values).answer for values in ({"asOf": ["2024-01-26"]}, {}))
    assert isinstance(then, Table) and isinstance(now, Table)
    assert [row["low"] for row in then.to_dicts()] != [row["low"] for row in now.to_dicts()]
    there = Site(engine, engine.store, "2026-01-01")
    for lang, word in (("", "by the newest figures"), ("nl/", "naar de nieuwste cijfers")):
        assert word in (site.page(there, f"{lang}index.html") or b"").decode()


@pytest.mark.slow
def test_the_search_of_a_server_answers_a_question_first_and_finds_no_codes(engine: Embedded) -> None:
    meant = finding.Finder(engine).find
    there = Site(engine, engine.store, "2026-01-01", asks=True, live=True, meant=meant)
    hit = r'<li><a href="([^"]*)">(.*?)</a> <span class="quiet">(.*?)</span>'
    for lang, place in (("en", ""), ("nl", "nl/")):
        asked = view.words()[lang]["search_example"]
        made = (site.page(there, f"{place}search.html", values={"q": [asked]}) or b"").decode()
        assert f'placeholder="{asked}"' in made, "the example is what is answered"
        (link, name, kind), *_ = re.findall(hit, made)
        thing = view.words()[lang]["search_name"]
        assert link == f"question/who-funds-what.html?thing={thing.replace(' ', '+')}"
        assert name.endswith(f": {thing}") and kind == view.words()[lang]["answer"]
    found = re.findall(hit, (site.page(there, "search.html", values={"q": ["whole"]}) or b"").decode())
    assert found and not any(link.startswith("id/completeness/") for link, *_ in found)
    codes = re.findall(hit, (site.page(there, "search.html", values={"q": ["laid down for a day"]}) or b"").decode())
    assert any(link == "id/modality/laid-down.html" for link, *_ in codes), "where there is nothing else they are found"
    alone = (site.page(Site(engine, engine.store, "2026-01-01"), "search.html") or b"").decode()
    assert 'placeholder="AI Factories"' in alone and "data-asks" not in alone, "files look for names and answer nothing"


@pytest.mark.slow
def test_a_phone_shows_dates_and_says_that_a_picture_goes_on(reader: Reader, host: str) -> None:
    for lang, word in (("", "Swipe"), ("nl/", "Veeg")):
        for name in ("index", "timeline"):
            reader.go(f"{host}{UNDER}/{lang}{name}.html", width=360)
            assert reader.one(".swipe").text.startswith(word)
        dates = """
        const box = document.querySelector(".picture").getBoundingClientRect();
        return [...document.querySelectorAll(".picture text")].filter((text) => {
          const own = text.getBoundingClientRect();
          return /20\\d\\d/.test(text.textContent) && own.left >= box.left && own.right <= box.right;
        }).length;
        """
        assert reader.driver.execute_script(dates) > 3
        reader.go(f"{host}{UNDER}/{lang}search.html", width=360)
        box, button = reader.one("#q"), reader.one(".big form.find button")
        assert box.size["width"] > 300 and button.location["y"] > box.location["y"], "its example is not cut off"
        reader.go(f"{host}{UNDER}/{lang}timeline.html")
        assert not reader.one(".swipe").is_displayed()


def test_the_search_index_names_everything_and_is_small(engine: Embedded) -> None:
    import gzip

    there = Site(engine, engine.store, "2026-01-01")
    for _, content in search.indices(there):
        assert len(gzip.compress(content, 9)) < 150_000  # 106,000 for 3,169 pages: it grows with the things
        addresses = {f"{folder}{row[0]}.html" for folder, _, rows in json.loads(content) for row in rows}
        assert {f"question/{name}.html" for name in stored.catalogue()} <= addresses
        assert {there.places[iri] for of in there.kinds.values() for iri in of} <= addresses


def test_a_table_marks_what_is_no_fact(engine: Embedded) -> None:
    there = Site(engine, engine.store, "2026-01-01")
    for lang, word in (("", "intended"), ("nl/", "voorgenomen")):
        made = (site.page(there, f"{lang}question/who-funds-what.html") or b"").decode()
        assert f'<span class="mod intended">{word}</span>' in made
        assert "id/discrepancy/eurohpc" in made, "disputes are named and lead to what we make of them"
    assert made.count("<tr>") - 1 <= questions.MOST
