"""The page of a diagram, as a person meets it in a browser."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import JavascriptException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from euaikg.diagrams import formats, views
from euaikg.diagrams.draw import headline
from euaikg.diagrams.filters import Wanted
from euaikg.diagrams.model.labels import clean
from euaikg.diagrams.model.network import Network, dated, lines
from euaikg.diagrams.page import html
from euaikg.sparql.embedded import Embedded
from tests.conftest import missing, node_modules, program
from tests.networks import edge, hostile, node, sample, timeline

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1200,800",
)  # fmt: skip


class Browser:
    """A browser that is cut off from the network, with one page open."""

    def __init__(self, driver: Chrome, folder: Path) -> None:
        self.driver = driver
        self.folder = folder

    def open(self, network: Network) -> None:
        path = self.folder / "diagram.html"
        path.write_bytes(html.encode(network))
        self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        self.driver.get(path.as_uri())

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def run(self, script: str, *values: object) -> Any:
        return self.driver.execute_script(script, *values)

    def rect(self, selector: str) -> dict[str, float]:
        """Where the first element that ``selector`` finds is on the screen."""
        script = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); return r.toJSON()"
        return dict(self.run(script, selector))

    def media(self, media: str = "", **features: str) -> None:
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": wanted})

    def node(self, name: str) -> WebElement:
        """The thing whose label is ``name``."""
        return next(
            box
            for box in self.all(".node")
            if self.run("return arguments[0].getAttribute('aria-label')", box).startswith(name)
        )

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, box: WebElement) -> None:
        ActionChains(self.driver).move_to_element(box.find_element(By.CSS_SELECTOR, "text")).click().perform()

    def focused(self) -> str:
        return str(self.run("return document.activeElement.getAttribute('aria-label') || document.activeElement.id"))

    def until(self, script: str) -> None:
        # while a page is still coming, what is asked for may not be there
        wait = WebDriverWait(self.driver, 60, ignored_exceptions=[JavascriptException])
        wait.until(lambda _: self.run(f"return document.readyState === 'complete' && ({script})"))

    def problems(self) -> list[Any]:
        found = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return list(found)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = program("chromium", "chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, ChromeService(program("chromedriver", "chromium-driver")))
    conditions = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: Chrome, tmp_path: Path) -> Iterator[Browser]:
    there = Browser(chromium, tmp_path)
    yield there
    there.media()
    assert there.problems() == [], "the console of the browser stays empty"


def pixels(png: bytes) -> int:
    """Return how many different groups of four bytes the picture data of a PNG has: a blank page has a few."""
    data, at = b"", 8
    while at < len(png):
        (size,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    raw = zlib.decompress(data)
    return len({raw[i : i + 4] for i in range(0, len(raw), 4)})


@pytest.mark.parametrize(
    "network", [sample(), hostile(), timeline(), Network("Nothing", (), ())], ids=lambda n: n.title[:12]
)
def test_a_page_shows_every_thing_line_and_edge(browser: Browser, network: Network) -> None:
    browser.open(network)
    early = 2 if network.view == "timeline" else 0  # stages of 2021, long before the day known
    assert len(browser.all("#picture .node")) == len(network.nodes) - early
    if network.view != "timeline":  # where a line is the place of a mark
        loops = sum(line.source == line.target for line in lines(network.edges))
        assert len(browser.all("#picture .edge")) == len(lines(network.edges)) - loops
    assert not early or "Dates before 2024 or after 2027, not shown: 2." in browser.one("#picture").text
    assert len(browser.all("#list tbody tr")) == len(network.edges)
    assert browser.one("h1").text == " ".join(clean(headline.title(network)).split())
    facts = browser.one("header").text
    assert not network.as_of or "As known on 2 Jul 2025" in facts or "Zoals bekend op 2 jul 2025" in facts
    assert clean(network.hidden) in facts
    assert len(browser.all(".sources li")) == len(network.documents)


def test_a_picture_is_not_blank_and_dark_differs_from_light(browser: Browser) -> None:
    browser.open(sample())
    light = browser.driver.get_screenshot_as_png()
    assert pixels(light) > 500
    browser.media(prefers_color_scheme="dark")
    dark = browser.driver.get_screenshot_as_png()
    assert pixels(dark) > 500
    background = "return getComputedStyle(document.body).backgroundColor"
    assert browser.run(background) == "rgb(20, 23, 28)"
    browser.one("#theme").click()
    assert browser.run(background) == "rgb(255, 255, 255)"
    browser.one("#theme").click()
    assert browser.run(background) == "rgb(20, 23, 28)"


def test_hostile_labels_are_shown_as_they_are_and_run_nothing(browser: Browser) -> None:
    network = hostile()
    browser.open(network)
    labels = [clean(node.label) for node in network.nodes]
    texts = "[...n.querySelectorAll('text')].map(t => t.textContent).join('')"
    shown = browser.run(f"return [...document.querySelectorAll('.node')].map(n => [n.dataset.key, {texts}])")
    said = {key: text.replace(" ", "").replace("-", "") for key, text in shown}
    for one, label in zip(network.nodes, labels, strict=True):
        plain, shown_ = ("".join(text.split()).replace("-", "") for text in (label, said[one.iri]))
        assert plain.startswith(shown_.split("…")[0][: len(plain)]), label
    assert browser.run("return [...document.querySelectorAll('tbody tr')].map(r => r.cells[0].textContent)") == labels
    enter = "dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    for one, label in zip(network.nodes, labels, strict=True):
        browser.run(f"document.querySelector('[data-key=\"{one.iri}\"]').{enter}")
        assert browser.run("return document.querySelector('#panel h2').textContent") == label
    assert browser.run("return window.ran") is None
    assert browser.run("return document.querySelectorAll('script').length") == 2
    assert browser.run("return document.querySelectorAll('img, b, iframe').length") == 0


def test_a_script_that_gets_in_is_not_run(browser: Browser) -> None:
    browser.open(sample())
    browser.run("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)")
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    browser.driver.execute_async_script("setTimeout(arguments[0], 200)")
    assert browser.run("return window.ran") is None
    assert any("Content Security Policy" in problem["message"] for problem in browser.problems())


def test_search_finds_marks_and_steps_through(browser: Browser) -> None:
    browser.open(sample())
    browser.press("/")
    assert browser.focused() == "Search"
    browser.press("äi ")
    assert browser.one("#found").text == "1 of 3"
    found = {str(box.get_attribute("aria-label")).split(",")[0] for box in browser.all(".node.match")}
    assert found == {"AI Board", "AI Office", "AI innovation package"}
    first = browser.one("#status").get_attribute("textContent")
    browser.press(Keys.ENTER)
    assert browser.one("#found").text == "2 of 3"
    assert browser.one("#status").get_attribute("textContent") not in ("", first)
    browser.press("zzz")
    assert browser.one("#found").text == "nothing found"
    assert browser.all(".node.match") == []
    browser.press(Keys.ESCAPE)
    assert browser.one("#search").get_attribute("value") == ""
    assert browser.run("return Boolean(document.activeElement.closest('#picture'))")


def test_a_click_shows_the_facts_with_their_sources(browser: Browser) -> None:
    browser.open(sample())
    browser.click(browser.node("AI Office"))
    panel = browser.one("#panel")
    assert panel.is_displayed()
    text = panel.text
    for words in (
        "AI Office",
        "commission service",
        "part of",
        "COM(2024) 28, section 1",
        "existing · 2024-01-24",
        "asked for, aimed at",
        "from August",
        "https://example.org/office",
    ):
        assert words in text
    arrows = [arrow.get_attribute("aria-label") for arrow in browser.all("#panel li > [role=img]")]
    assert sorted(map(str, arrows)) == ["from", "from", "to", "to"]
    links = {link.text: link.get_attribute("href") for link in browser.all("#panel a")}
    assert links["COM(2024) 28, section 1"] == "https://eur-lex.europa.eu/eli/C/2024/1459/oj"
    lit = {str(box.get_attribute("aria-label")).split(",")[0] for box in browser.all(".node.near")}
    assert lit == {"AI Office", "European Commission", "Artificial Intelligence Act", "AI innovation package"}
    browser.one("#panel .close").click()
    assert not panel.is_displayed()
    assert browser.all(".near") == []


def test_a_line_can_be_chosen_too(browser: Browser) -> None:
    browser.open(sample())
    key = "https://example.org/pot https://example.org/relation/finances https://example.org/office"
    line = browser.one(f'.edge[data-key="{key}"]')
    browser.run("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", line)
    text = browser.one("#panel").text
    assert "AI innovation package – finances – AI Office" in text
    assert "EUR 2.1 bn · existing" in text
    browser.all("#panel .thing")[0].click()
    assert browser.one("#panel h2").text == "AI innovation package"


def test_a_link_leads_nowhere_but_to_the_web(browser: Browser) -> None:
    browser.open(sample())
    browser.click(browser.node("AI Board"))
    assert "Article 65" in browser.one("#panel").text
    links = [link.get_attribute("href") for link in browser.all("a") if link.get_attribute("href")]
    assert all(str(link).startswith("https://") for link in links if not str(link).endswith("#list"))
    assert "Article 65" not in [link.text for link in browser.all("#panel a")]
    assert b"javascript:" not in html.encode(sample())


def test_the_keyboard_reaches_everything(browser: Browser) -> None:
    browser.open(sample())
    for _ in range(14):
        browser.press(Keys.TAB)
        if browser.run("return Boolean(document.activeElement.closest('#picture'))"):
            break
    seen = {browser.focused()}
    assert browser.one("#status").get_attribute("textContent") == browser.focused()
    middle = "const r = document.activeElement.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]"
    ways = {Keys.ARROW_LEFT: (-1, 0), Keys.ARROW_UP: (0, -1), Keys.ARROW_RIGHT: (1, 0), Keys.ARROW_DOWN: (0, 1)}
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_LEFT):
        before = browser.run(middle)
        browser.press(key)
        after = browser.run(middle)
        step = (after[0] - before[0]) * ways[key][0] + (after[1] - before[1]) * ways[key][1]
        assert step >= 0, "an arrow never leads the other way"
        seen.add(browser.focused())
    assert len(seen) > 3
    name = browser.focused()
    browser.press(Keys.ENTER)
    assert browser.one("#panel h2").text.split(" – ")[0] == name.split(",")[0].split(" – ")[0]
    assert browser.run("return document.activeElement.id") == "panel"
    browser.press(Keys.ESCAPE)
    assert not browser.one("#panel").is_displayed()
    assert browser.focused() == name
    wide = "document.getElementById('picture').getBoundingClientRect().width"
    before = browser.run(f"return {wide}")
    browser.press("+")
    assert browser.run(f"return {wide}") == pytest.approx(before * 1.3, rel=0.01)
    browser.press("-", "-")
    assert browser.run(f"return {wide}") < before
    browser.press("0")
    stage = "document.getElementById('stage').clientWidth"
    assert browser.run(f"return {wide}") == pytest.approx(browser.run(f"return {stage}"), abs=1)


def test_filters_hide_kinds_relations_and_modalities_and_say_when_nothing_is_left(browser: Browser) -> None:
    browser.open(sample())
    network = sample()
    browser.one("#legend summary").click()

    def tick(what: str, value: str) -> None:
        browser.one(f'input[data-filter="{what}"][value="{value}"]').click()

    def shown(selector: str) -> int:
        return sum(box.is_displayed() for box in browser.all(selector))

    counts = {
        box.get_attribute("value"): box.find_element(By.XPATH, "..").text.split()[-1]
        for box in browser.all("input[data-filter=group]")
    }
    assert counts == {"body": "4", "money": "1", "law": "1", "other": "1"}
    total = len(lines(network.edges))
    drawn = total - 1  # no line from a thing to itself
    assert browser.one("#shown").text == f"7 of 7 things, {total} of {total} relations shown"
    tick("modality", "planned")
    assert shown(".edge") == drawn - 2
    browser.one("#list summary").click()
    assert shown("#list tbody tr") == len(network.edges) - 2
    tick("relation", "https://example.org/relation/finances")
    assert not browser.node("AI innovation package").is_displayed(), "a thing goes with its last relation"
    assert (
        browser.one("#status").get_attribute("textContent") == f"6 of 7 things, {total - 3} of {total} relations shown"
    )
    browser.one("#all").click()
    assert shown(".edge") == drawn
    assert not browser.one("#empty").is_displayed()
    for group in counts:
        tick("group", str(group))
    assert browser.one("#empty").is_displayed()
    assert browser.one("#status").get_attribute("textContent") == "Nothing is left with these filters."
    browser.one("#again").click()
    assert shown(".edge") == drawn
    assert not browser.one("#empty").is_displayed()


def test_a_bundle_unfolds_into_what_is_in_it(browser: Browser) -> None:
    nodes = (node("hub"), node("other"), *(node(f"leaf{at}", group="country", kind="Place") for at in range(6)))
    edges = (edge("hub", "other", "cooperates"), *(edge("hub", f"leaf{at}", "has member") for at in range(6)))
    browser.open(Network("Bundle", nodes, edges))
    browser.click(browser.one(".bundle"))
    assert browser.one("#panel h2").text == "6 things"
    inside = browser.all("#panel .thing")
    assert [one.text for one in inside] == [f"leaf{at}" for at in range(6)]
    inside[3].click()
    assert browser.one("#panel h2").text == "leaf3"
    assert "has member" in browser.one("#panel").text
    browser.press("/")
    browser.press("leaf4")
    assert browser.one("#found").text == "1 of 1"
    assert len(browser.all(".bundle.match")) == 1


def test_print_is_white_with_picture_and_sources_and_without_controls(browser: Browser) -> None:
    browser.open(sample())
    browser.one("#in").click()
    browser.one("#theme").click()
    browser.media("print", prefers_color_scheme="dark")
    for selector in (".tools", "#keys", "#legend", "#list"):
        assert not browser.one(selector).is_displayed(), selector
    for selector in ("h1", ".facts", ".cut", "#picture", ".sources"):
        assert browser.one(selector).is_displayed(), selector
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed["data"]))) == 1, "it fits on one sheet"


def test_without_scripting_the_picture_links_and_list_are_there(browser: Browser) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(sample())
        assert all(box.is_displayed() for box in browser.all(".node"))
        assert not browser.one("#legend").is_displayed()
        assert not browser.one(".tools").is_displayed()
        assert browser.one(".node a").get_attribute("href") is not None
        assert "European Commission" in str(browser.one("#list table").get_attribute("textContent"))
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@contextmanager
def width(browser: Browser, wide: int) -> Iterator[None]:
    """Show pages as on a screen ``wide`` pixels across."""
    size = {"width": wide, "height": 800, "deviceScaleFactor": 1, "mobile": wide < 600}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        yield
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", [*views.VIEWS, "AI Office"])
def test_a_view_is_right_on_a_phone_a_tablet_and_a_desk(
    name: str, lang: str, browser: Browser, engine: Embedded
) -> None:
    wanted = Wanted(lang=lang)
    network = views.view(engine, name, wanted) if name in views.VIEWS else views.focus(engine, name, 1, wanted)
    parts = ("header", "#stage", "#legend", "#list", ".sources")
    for wide in (360, 800, 1440):
        with width(browser, wide):
            browser.open(network)
            assert browser.run("return document.documentElement.scrollWidth") <= wide, "the page stays in its width"
            boxes = [browser.rect(part) for part in parts]
            for one, other in itertools.pairwise(boxes):
                assert one["bottom"] <= other["top"] + 1, "nothing lies on anything else"
                assert one["right"] <= wide and other["right"] <= wide
            size = browser.run(
                "const p = document.getElementById('picture');"
                "return p.getBoundingClientRect().width / p.viewBox.baseVal.width"
            )
            smallest = browser.run(
                "return Math.min(...[...document.querySelectorAll('#picture .name')]"
                ".map(t => Number(t.getAttribute('font-size'))))"
            )
            assert size * smallest >= 9.9, "names can be read"


@pytest.mark.parametrize("name", ["law", "map", "documents"])
def test_a_picture_is_swiped_tapped_and_read_as_a_list_on_a_phone(
    name: str, browser: Browser, engine: Embedded
) -> None:
    with width(browser, 360):
        browser.open(views.view(engine, name))
        assert browser.one(".swipe").is_displayed()
        ends = browser.run(
            "const s = document.getElementById('stage'); s.scrollLeft = 1e6;"
            "return [s.scrollLeft + s.clientWidth, s.scrollWidth, s.scrollHeight - s.clientHeight]"
        )
        assert ends[0] == pytest.approx(ends[1], abs=2) and ends[1] > 800 and ends[2] <= 2, "swiped to its other end"
        for closed in browser.all("details"):
            browser.run("arguments[0].open = true", closed)
        browser.click(browser.one("#picture [data-key].node:has(text)"))
        assert browser.one("#panel").is_displayed()
        assert browser.run("return document.documentElement.scrollWidth") <= 360
        wide = browser.run("return Math.max(...[...document.querySelectorAll('td')].map(t => t.scrollWidth))")
        assert 0 < wide <= 340, "each cell of the list has its own line, and is not cut"
        small = browser.run(
            "return Math.min(...[...document.querySelectorAll('fieldset li')].map(item => item.offsetHeight))"
        )
        assert small >= 36, "what is ticked is large enough for a finger"
    with width(browser, 1440):
        assert not browser.one(".swipe").is_displayed()


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", [*views.VIEWS, "AI Office"])
def test_nothing_overlaps_as_the_browser_draws_it(name: str, lang: str, browser: Browser, engine: Embedded) -> None:
    wanted = Wanted(lang=lang)
    network = views.view(engine, name, wanted) if name in views.VIEWS else views.focus(engine, name, 1, wanted)
    path = browser.folder / "picture.svg"
    path.write_bytes(formats.encode(network, "svg"))
    browser.driver.get(path.as_uri())
    found = browser.run("""
        const [, , wide, high] = document.documentElement.getAttribute('viewBox').split(' ').map(Number);
        const all = [...document.querySelectorAll('text')].filter((t) => t.textContent.trim());
        const boxes = all.map((t) => t.getBBox()).map((b) => [b.x + 1, b.y + 0.3 * b.height, b.x + b.width - 1, b.y + 0.78 * b.height]);
        const outside = all.filter((t, at) => boxes[at][0] < 0 || boxes[at][1] < 0 || boxes[at][2] > wide || boxes[at][3] > high);
        const over = [];
        for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
            const [a, b] = [boxes[i], boxes[j]];
            if (a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]) over.push([all[i].textContent, all[j].textContent]);
        }
        return { outside: outside.map((t) => t.textContent), over };
    """)  # noqa: E501
    assert found == {"outside": [], "over": []}


@pytest.mark.slow
@pytest.mark.parametrize("name", views.VIEWS)
def test_axe_finds_nothing(name: str, browser: Browser, engine: Embedded) -> None:
    axe = node_modules() / "axe-core" / "axe.min.js"
    if not axe.is_file():
        missing("the npm package axe-core is not among those of EUAIKG_NODE_MODULES")
    browser.open(views.view(engine, name))
    for scheme in ("light", "dark"):
        browser.media(prefers_color_scheme=scheme)
        browser.run(axe.read_text(encoding="utf-8"))
        browser.run("document.getElementById('legend').open = document.getElementById('list').open = true")
        found = browser.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
            ".then(r => done(r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200)).slice(0, 3)])))"
        )
        assert found == [], scheme


def test_the_page_asks_for_nothing_and_allows_only_its_own_script_and_style() -> None:
    text = html.encode(sample()).decode()
    assert set(re.findall(r"<[^<>]*\ssrc=|@import|url\([^)]*\)|<link[^>]*>", text)) == {
        '<link rel="icon" href="data:,">',
    }
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#x27;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    for name, tag in (("style-src", "style"), ("script-src", 'script type="module"')):
        content = re.search(rf"<{tag}>(.*?)</{tag.split()[0]}>", text, re.DOTALL)
        assert content
        assert rules[name] == f"'sha256-{base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()}'"
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert word not in text


def test_the_data_in_the_page_hold_every_edge() -> None:
    for network in (sample(), hostile(), timeline()):
        text = html.encode(network).decode()
        found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
        assert found
        assert not set("<>&\u2028\u2029") & set(found[1])
        data = json.loads(found[1])
        assert [node["label"] for node in data["nodes"]] == [clean(node.label) for node in network.nodes]
        assert [edge["citation"] for edge in data["edges"]] == [
            clean(edge.citation or edge.passage) for edge in network.edges
        ]
        assert sorted(at for line in data["lines"] for at in line["edges"]) == list(range(len(network.edges)))


def test_both_languages_have_the_same_words() -> None:
    words = json.loads(html._file("words.json"))
    assert words["en"].keys() == words["nl"].keys()


def test_words_are_in_the_language_of_the_network() -> None:
    dutch = html.encode(Network("Wie", sample().nodes, sample().edges, "nl", "2025-07-02")).decode()
    assert '<html lang="nl">' in dutch
    assert "Zoals bekend op 2 jul 2025 · 7 zaken · 8 relaties" in dutch
    assert "Toon alles" in dutch


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib\nfrom euaikg.diagrams.page import html\nfrom tests.networks import *\n"
        "print([hashlib.sha256(html.encode(n)).hexdigest() for n in (sample(), hostile(), timeline())])"
    )
    root = Path(__file__).parent.parent
    seen = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": f"UTC+{seed}"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        seen.add(done.stdout)
    assert len(seen) == 1


def test_what_is_no_timeline_is_laid_out_as_a_network() -> None:
    assert dated(timeline())
    assert not dated(sample())
    assert not dated(Network("Nothing", (), ()))
    undated = Network("Odd", (*timeline().nodes, node("alone")), timeline().edges)
    assert not dated(undated)
    back = Network("Back", timeline().nodes, (*timeline().edges, edge("act-0", "pact")))
    assert not dated(back)
    odd = node("x", date="2024-13-45")
    assert not dated(Network("Odd", (node("act"), odd), (edge("act", "x"),)))
