"""Questions that are answered in the page itself, in a real browser, with no server but for files."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from euaikg.errors import InputError
from euaikg.exports import export
from euaikg.pages import browser, site, view
from euaikg.pages.view import Site
from euaikg.questions import ask
from euaikg.questions import parameters as values
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Embedded
from tests.conftest import node_modules, program
from tests.test_page import FLAGS

PAGES = ("question/members.html", "question/due.html", "nl/question/due.html", "sparql.html")

POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
"""What a careful host allows."""


class _Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


class Page:
    """A browser that reaches nothing but the files of the site."""

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver, self.address = driver, address

    def open(self, path: str) -> None:
        self.driver.get(self.address + path)

    def type(self, name: str, text: str) -> None:
        field = self.driver.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)

    def ask(self) -> None:
        self.driver.find_element(By.CSS_SELECTOR, "form[data-question] button, form[data-sparql] button").click()

    def answered(self) -> str:
        """Wait until the page answers, and return its first sentence."""
        script = "const s = document.getElementById('answer'); return !s.ariaBusy && s.firstElementChild?.textContent"
        return str(WebDriverWait(self.driver, 60).until(lambda driver: driver.execute_script(script)))

    def rows(self) -> int:
        """Return how many rows the page says there are."""
        said = self.answered()
        assert "rows in" in said or "rijen in" in said, said
        return int(said.split()[0])


@pytest.fixture(scope="module")
def folder(engine: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages that the tests open, as a release has them, under a path."""
    there = Site(engine, engine.store, "2025-12-31", asks=True, script=browser.SCRIPT)
    made = {path.name: path.read_bytes() for path in view.STATIC.iterdir() if path.is_file()}
    made |= {page: site.page(there, page) or b"" for page in PAGES}
    taken = browser.engine(node_modules() / "oxigraph")
    made |= dict(browser.parts(taken, *(export.whole(engine.store, form) for form in ("turtle", "trig"))))
    root = tmp_path_factory.mktemp("site")
    for name, content in made.items():
        path = root / "a" / "b" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = ChromeOptions()
    options.binary_location = program("chromium", "chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag.replace("~NOTFOUND", "~NOTFOUND, EXCLUDE 127.0.0.1"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, ChromeService(program("chromedriver", "chromium-driver")))
    yield Page(driver, f"http://127.0.0.1:{server.server_port}/a/b/")
    problems = driver.get_log("browser")  # type: ignore[no-untyped-call]
    driver.quit()
    server.shutdown()
    assert [*problems] == [], "the console of the browser stays empty"


def _asked(engine: Embedded, name: str, **given: str) -> Table:
    answer = ask.question(engine, name, given).answer
    assert isinstance(answer, Table)
    assert len(answer), "a question without rows shows nothing"
    return answer


@pytest.mark.slow
@pytest.mark.servers
def test_a_value_and_a_day_give_the_rows_of_the_command_line(page: Page, engine: Embedded) -> None:
    page.open("question/members.html")
    page.type("thing", "alt edic")
    page.type("asOf", "2025-Q2")
    page.ask()
    answer = _asked(engine, "members", thing="ALT-EDIC", asOf="2025-06-30")
    assert page.rows() == len(answer)
    names = [term.value for term in answer.column("memberLabel") if term is not None and hasattr(term, "value")]
    shown = page.driver.find_element(By.ID, "answer").text
    assert [name for name in names[:100] if name not in shown] == []
    assert "thing=alt+edic" in page.driver.current_url
    page.driver.refresh()  # the address is a permalink
    assert page.rows() == len(answer)


@pytest.mark.slow
@pytest.mark.servers
def test_a_period_is_its_days_and_dutch_is_dutch(page: Page, engine: Embedded) -> None:
    page.open("nl/question/due.html?from=2025-Q2&until=december+2025")
    assert page.rows() == len(_asked(engine, "due", **{"from": "2025-04-01", "until": "2025-12-31", "lang": "nl"}))


@pytest.mark.slow
@pytest.mark.servers
def test_a_wrong_name_gets_the_nearest_and_the_page_goes_on(page: Page) -> None:
    page.open("question/members.html?thing=European+Comission+x")
    assert "European Commission" in page.answered()
    page.open("question/due.html?until=2025-Q7")
    assert "2025-Q7" in page.answered()
    page.open("question/members.html?thing=%22%5C%7D%20UNDEF%20<script>")
    assert "<script>" in page.answered()


@pytest.mark.slow
@pytest.mark.servers
def test_a_question_that_runs_away_is_stopped_and_the_next_is_answered(page: Page) -> None:
    page.open("sparql.html")
    page.type("query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }")
    page.ask()
    stop = WebDriverWait(page.driver, 60).until(lambda driver: driver.find_element(By.CSS_SELECTOR, "#answer button"))
    stop.click()
    assert page.answered() == "Stopped."
    page.type("query", "SELECT ?body { ?body a euai:UnionBody } LIMIT 3")
    page.ask()
    assert page.rows() == 3


@pytest.mark.slow
@pytest.mark.servers
def test_periods_are_those_of_the_command_line(page: Page) -> None:
    texts = ("2024", "2025-Q1", "q4 2026", "2026-H2", "december 2025", "3/2025", "2021-2027", "2024-02", "2025-02-30",
             "2025-13", "2025-Q1--2026-Q2", "2020-2019", "2024-02-29", "maart 2025", "", "soon", "0000")  # fmt: skip
    page.open("question/members.html")
    script = (
        "const [texts, months, done] = arguments;"
        "import('../engine/values.js').then(({ period }) => done(texts.map((t) => period(t, months) ?? null)))"
    )
    found = page.driver.execute_async_script(script.replace("..", f"{page.address}"), texts, values.MONTHS)
    wanted = [days and [day.isoformat() for day in days] for days in map(values.period, texts)]
    assert found == wanted


def test_a_folder_without_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no npm package in this folder"):
        browser.engine(tmp_path)
    (tmp_path / "package.json").write_text('{"name": "oxigraph", "version": "0.4.1"}')
    with pytest.raises(InputError, match=r"oxigraph 0\.4\.1, not oxigraph 0\.5"):
        browser.engine(tmp_path)
    (tmp_path / "package.json").write_text('{"name": "oxigraph", "version": "0.5.11"}')
    with pytest.raises(InputError, match=r"web\.js is missing"):
        browser.engine(tmp_path)
