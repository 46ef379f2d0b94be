"""The page of a diagram, as a person meets it in a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from euaikg.diagrams.model.labels import clean
from euaikg.diagrams.model.network import GROUPS, Network, lines
from euaikg.diagrams.page import html, layout, timelayout
from tests.conftest import program
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
        ActionChains(self.driver).move_to_element(box.find_element(By.CSS_SELECTOR, ".sign")).click().perform()

    def focused(self) -> str:
        return str(self.run("return document.activeElement.getAttribute('aria-label') || document.activeElement.id"))

    def until(self, script: str) -> None:
        WebDriverWait(self.driver, 10).until(lambda _: self.run(f"return {script}"))

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
    assert len(browser.all("#picture .node")) == len(network.nodes)
    assert len(browser.all("#picture .edge")) == len(lines(network.edges))
    assert len(browser.all("#list tbody tr")) == len(network.edges)
    assert browser.one("h1").text == " ".join(clean(network.title).split())
    facts = browser.one("header").text
    assert network.as_of in facts
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
    texts = "[...n.querySelectorAll('.label')].map(t => t.textContent).join('')"
    shown = browser.run(f"return [...document.querySelectorAll('.node')].map(n => {texts})")
    for label, text in zip(labels, shown, strict=True):
        assert "".join(label.split()).startswith(text.removesuffix("…").replace(" ", ""))
        assert text.endswith("…") or len("".join(label.split())) == len(text.replace(" ", ""))
    assert browser.run("return [...document.querySelectorAll('tbody tr')].map(r => r.cells[0].textContent)") == labels
    enter = "dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    for at, label in enumerate(labels):
        browser.run(f"document.getElementById('n{at}').{enter}")
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
    name = str(browser.one("#status").get_attribute("textContent")).partition(": ")[2]
    stage, sign = browser.rect("#picture"), browser.rect(f".node[aria-label^='{name}'] .sign")
    for axis, size in (("x", "width"), ("y", "height")):
        middle = stage[axis] + stage[size] / 2
        assert sign[axis] + sign[size] / 2 == pytest.approx(middle, abs=2), "the match stands in the middle"
    browser.press("zzz")
    assert browser.one("#found").text == "nothing found"
    assert browser.all(".node.match") == []
    browser.press(Keys.ESCAPE)
    assert browser.one("#search").get_attribute("value") == ""
    assert "relations" in browser.focused()


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
        "conditional or aimed at",
        "from August",
        "https://example.org/office",
    ):
        assert words in text
    arrows = [arrow.get_attribute("aria-label") for arrow in browser.all("#panel li > [role=img]")]
    assert sorted(map(str, arrows)) == ["from", "from", "to", "to"]
    links = {link.text: link.get_attribute("href") for link in browser.all("#panel a")}
    assert links["COM(2024) 28, section 1"] == "https://eur-lex.europa.eu/eli/C/2024/1459/oj"
    browser.one("#panel .close").click()
    assert not panel.is_displayed()


def test_a_link_leads_nowhere_but_to_the_web(browser: Browser) -> None:
    browser.open(sample())
    browser.click(browser.node("AI Board"))
    assert "Article 65" in browser.one("#panel").text
    assert all(str(link.get_attribute("href")).startswith("https://") for link in browser.all("a"))
    assert "Article 65" not in [link.text for link in browser.all("#panel a")]
    assert b"javascript:" not in html.encode(sample())


def test_hovering_dims_all_but_the_neighbours(browser: Browser) -> None:
    browser.open(sample())
    ActionChains(browser.driver).move_to_element(
        browser.node("AI innovation package").find_element(By.CSS_SELECTOR, ".sign")
    ).perform()
    assert {str(box.get_attribute("aria-label")).split(",")[0] for box in browser.all(".node.near")} == {
        "AI innovation package",
        "AI Office",
    }
    assert len(browser.all(".edge.near")) == 1
    assert browser.run("return getComputedStyle(arguments[0]).fillOpacity", browser.node("AI Board")) < "0.5"
    ActionChains(browser.driver).move_to_element(browser.one("h1")).perform()
    assert browser.all(".near") == []


def test_the_keyboard_reaches_everything(browser: Browser) -> None:
    browser.open(sample())
    for _ in range(12):
        browser.press(Keys.TAB)
        if "relations" in browser.focused():
            break
    seen = {browser.focused()}
    assert browser.one("#status").get_attribute("textContent") == browser.focused()
    for key in (
        Keys.ARROW_LEFT,
        Keys.ARROW_UP,
        Keys.ARROW_RIGHT,
        Keys.ARROW_RIGHT,
        Keys.ARROW_DOWN,
        Keys.ARROW_LEFT,
        Keys.ARROW_UP,
    ):
        before = browser.run(
            "const r = document.activeElement.querySelector('.sign').getBoundingClientRect(); return [r.x, r.y]"
        )
        browser.press(key)
        after = browser.run(
            "const r = document.activeElement.querySelector('.sign').getBoundingClientRect(); return [r.x, r.y]"
        )
        step = [after[0] - before[0], after[1] - before[1]]
        wanted = {
            Keys.ARROW_LEFT: -step[0],
            Keys.ARROW_RIGHT: step[0],
            Keys.ARROW_UP: -step[1],
            Keys.ARROW_DOWN: step[1],
        }
        assert wanted[key] >= 0, "an arrow never leads the other way"
        seen.add(browser.focused())
    assert len(seen) > 3
    name = browser.focused().split(",")[0]
    browser.press(Keys.ENTER)
    assert browser.one("#panel h2").text == name
    assert browser.run("return document.activeElement.id") == "panel"
    browser.press(Keys.ESCAPE)
    assert not browser.one("#panel").is_displayed()
    assert browser.focused().split(",")[0] == name
    scale = "new DOMMatrix(getComputedStyle(document.getElementById('world')).transform).a"
    browser.press("+")
    browser.until(f"{scale} > 1.2")
    browser.press("-", "-")
    browser.until(f"{scale} < 0.9")
    browser.press("0")
    browser.until(f"{scale} === 1")


def test_filters_hide_kinds_relations_and_modalities(browser: Browser) -> None:
    browser.open(sample())
    network = sample()

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
    assert browser.one("#shown").text == f"7 of 7 things, {total} of {total} relations shown"
    tick("kind", "CommissionService")
    assert browser.run("return document.querySelector('input[value=body]').indeterminate")
    assert {str(box.get_attribute("aria-label")).split(",")[0] for box in browser.all(".node:not(.unlit)")} == {
        "AI Board", "Artificial Intelligence Act", "Member States", "Nobody's thing",
    }  # fmt: skip
    browser.one("#list summary").click()
    assert shown("#list tbody tr") == shown(".edge path") == 2
    browser.one("#all").click()
    assert shown(".edge path") == total
    tick("modality", "planned")
    assert shown(".edge path") == total - 2
    tick("relation", "https://example.org/relation/finances")
    assert not browser.node("AI innovation package").is_displayed(), "a thing goes with its last relation"
    assert (
        browser.one("#status").get_attribute("textContent") == f"6 of 7 things, {total - 3} of {total} relations shown"
    )
    browser.one("#all").click()
    tick("group", "body")
    assert shown(".edge path") == 0
    assert not browser.one('input[value="AdvisoryBody"]').is_selected()


def test_things_can_be_moved_and_lines_follow(browser: Browser) -> None:
    browser.open(sample())
    numbers = "p.getAttribute('d').match(/-?[0-9.]+/g).map(Number)"
    drawn = f"return [...document.querySelectorAll('.edge path')].map(p => {numbers})"
    before = browser.run(drawn)
    sign = browser.node("AI Office").find_element(By.CSS_SELECTOR, ".sign")
    ActionChains(browser.driver).click_and_hold(sign).move_by_offset(60, 30).release().perform()
    moved = browser.run(drawn)
    assert sum(a != b for a, b in zip(before, moved, strict=True)) == 4
    ActionChains(browser.driver).click_and_hold(sign).move_by_offset(-60, -30).release().perform()
    for one, other in zip(before, browser.run(drawn), strict=True):
        assert one == pytest.approx(other, abs=0.6), "the page draws lines as they were drawn first"
    assert not browser.one("#panel").is_displayed(), "moving is not clicking"


def test_the_wheel_zooms_where_the_pointer_is_and_dragging_moves_the_picture(browser: Browser) -> None:
    browser.open(sample())
    sign = browser.node("AI Office").find_element(By.CSS_SELECTOR, ".sign")
    before = sign.rect
    matrix = "return new DOMMatrix(getComputedStyle(document.getElementById('world')).transform).toFloat64Array()"
    browser.run("""
        const r = arguments[0].getBoundingClientRect();
        document.getElementById('picture').dispatchEvent(new WheelEvent('wheel',
            {deltaY: -300, clientX: r.x + r.width / 2, clientY: r.y + r.height / 2, bubbles: true, cancelable: true}));
    """, sign)  # fmt: skip
    assert browser.run(matrix)[0] == pytest.approx(1.616, abs=0.01)
    after = sign.rect
    assert after["x"] + after["width"] / 2 == pytest.approx(before["x"] + before["width"] / 2, abs=1.5)
    x = browser.run(matrix)[12]
    stage = browser.one("#picture")
    ActionChains(browser.driver).move_to_element_with_offset(
        stage, -stage.size["width"] // 2 + 12, -stage.size["height"] // 2 + 12
    ).click_and_hold().move_by_offset(50, 0).release().perform()
    assert browser.run(matrix)[12] > x + 20
    browser.one("#fit").click()
    assert browser.run(matrix)[0] == 1


def test_labels_do_not_cover_one_another_however_far_away(browser: Browser) -> None:
    names = [f"Body number {at} of many" for at in range(150)]
    nodes = tuple(node(f"n{at:03}", name) for at, name in enumerate(names))
    edges = tuple(edge(f"n{at:03}", f"n{at // 3:03}") for at in range(1, 150))
    browser.open(Network("Many", nodes, edges))
    text = "[...document.querySelectorAll('.node:not(.hushed) text')].map(t => t.getBoundingClientRect())"
    boxes = f"return {text}.map(r => [r.left, r.top, r.right, r.bottom])"
    for key, least in (("0", 15), ("+", 15), ("-", 10)):
        browser.press(key)
        browser.until("true")
        found = browser.run(boxes)
        assert len(found) >= least
        assert not [
            (a, b)
            for i, a in enumerate(found)
            for b in found[:i]
            if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 3
        ]
    assert browser.all(".above")
    browser.media("print")
    style = "return [...document.querySelectorAll('.name')].map(n => [n, n.firstChild].map(e => getComputedStyle(e)))"
    for name, text in browser.run(f"{style}.map(([a, b]) => [a.display, b.transform])"):
        assert (name, text) == ("inline", "none"), "on paper every label stands in its place"


def test_print_is_white_with_legend_and_sources_and_without_controls(browser: Browser) -> None:
    browser.open(sample())
    browser.one("#in").click()
    browser.one("#theme").click()
    browser.media("print", prefers_color_scheme="dark")
    for selector in (".tools", ".hint", "#legend input", "#list"):
        assert not browser.one(selector).is_displayed(), selector
    for selector in ("h1", ".facts", ".cut", "#picture", "#legend", ".sources", "#legend .symbol"):
        assert browser.one(selector).is_displayed(), selector
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.run("return getComputedStyle(document.getElementById('world')).transform") == "none"
    assert browser.run(
        "return [...document.querySelectorAll('.name')].every(n => getComputedStyle(n).display !== 'none')"
    )
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed["data"]))) == 1, "it fits on one sheet"


def test_without_scripting_the_picture_legend_and_list_are_there(browser: Browser) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(sample())
        assert all(box.is_displayed() for box in browser.all(".node"))
        assert browser.one("#legend").is_displayed()
        assert not browser.one(".tools").is_displayed()
        assert not browser.one("#legend input").is_displayed()
        assert "European Commission" in str(browser.one("#list table").get_attribute("textContent"))
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_glides_for_who_wants_no_motion(browser: Browser) -> None:
    browser.open(sample())
    transition = "return getComputedStyle(document.getElementById('world')).transitionDuration"
    browser.press("+")
    assert browser.run(transition) == "0s"
    browser.media(prefers_reduced_motion="no-preference")
    assert browser.run(transition) == "0.3s"


def test_a_phone_sees_it_all_and_facts_at_the_bottom(browser: Browser) -> None:
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.open(hostile())
        assert browser.run("return document.documentElement.scrollWidth") <= 390
        nodes = tuple(node(f"n{at:02}", note="a long story " * 60) for at in range(20))
        browser.open(Network("Star", nodes, tuple(edge("n00", f"n{at:02}") for at in range(1, 20))))
        browser.click(max(browser.all(".node"), key=lambda box: box.location["y"]))
        panel, sign = browser.rect("#panel"), browser.rect(".node.here .sign")
        assert (panel["left"], panel["right"], panel["bottom"]) == (0, 390, 800)
        assert 0 < sign["bottom"] < panel["top"], "the thing stays in sight"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_timeline_runs_along_time(browser: Browser) -> None:
    browser.open(timeline())
    at = [
        browser.run("return arguments[0].getBoundingClientRect().x", box.find_element(By.CSS_SELECTOR, ".sign"))
        for box in browser.all(".node")
    ]
    assert at[0] == pytest.approx(at[1], abs=3)
    assert at[0] < at[2] < at[3] < at[4]
    assert at[2] == at[5]
    assert [box.text for box in browser.all(".year")] == [str(year) for year in range(2021, 2029)]
    assert len(browser.all(".node.unsure")) == 2


def test_the_page_asks_for_nothing_and_allows_only_its_own_script_and_style() -> None:
    text = html.encode(sample()).decode()
    assert set(re.findall(r"<[^<>]*\ssrc=|@import|url\([^)]*\)|<link[^>]*>", text)) == {
        "url(#arrow)",
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
    for lang in words:
        assert list(words[lang]["groups"]) == list(GROUPS)
        assert words[lang]["modalities"].keys() == words["en"]["modalities"].keys()
    symbols = html._file("symbols.svg")
    style = html._file("style.css")
    for group in GROUPS:
        assert f'id="s-{group}"' in symbols
        assert f".g-{group} " in style


def test_words_are_in_the_language_of_the_network() -> None:
    dutch = html.encode(Network("Wie", sample().nodes, sample().edges, "nl", "2025-07-02")).decode()
    assert '<html lang="nl">' in dutch
    assert "Zoals bekend op 2025-07-02 · 7 zaken · 8 relaties" in dutch
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


@settings(max_examples=25)
@given(st.integers(1, 25), st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=60), st.randoms())
def test_no_label_covers_another_at_full_size(count: int, pairs: list[tuple[int, int]], random: Any) -> None:
    nodes = tuple(node(f"n{at:02}", "word " * random.randint(1, 12)) for at in range(count))
    edges = tuple(edge(f"n{a % count:02}", f"n{b % count:02}") for a, b in pairs)
    found = layout.places(Network("Any", nodes, edges))
    for at, one in enumerate(found):
        for other in found[:at]:
            across = (one.width + other.width) / 2 - abs(one.x - other.x)
            down = (one.height + other.height) / 2 - abs(one.y + one.drop - other.y - other.drop)
            assert min(across, down) <= 1.5


def test_what_is_no_timeline_is_laid_out_as_a_network() -> None:
    assert timelayout.fits(timeline())
    assert not timelayout.fits(sample())
    assert not timelayout.fits(Network("Nothing", (), ()))
    undated = Network("Odd", (*timeline().nodes, node("alone")), timeline().edges)
    assert not timelayout.fits(undated)
    back = Network("Back", timeline().nodes, (*timeline().edges, edge("act-0", "pact")))
    assert not timelayout.fits(back)
    odd = node("x", date="2024-13-45")
    assert not timelayout.fits(Network("Odd", (node("act"), odd), (edge("act", "x"),)))
