"""What the tests share: a cache folder of their own, no network, and the graph built once."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import io
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

import hypothesis
import pytest
from pyoxigraph import Store

from euaikg.__main__ import main
from euaikg.core import files
from euaikg.exports import export
from euaikg.graph import build
from euaikg.publishing import release
from euaikg.questions import stored
from euaikg.questions.finding import Finder
from euaikg.rdf import forms
from euaikg.sparql.embedded import Embedded

hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

DOCUMENTS = files.root().parent / "shared" / "sources"
FIXTURES = Path(__file__).parent / "fixtures"
CATALOGUE = stored.catalogue()
"""The stored questions, read once: many modules make a test of each."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


SERVERS = {"get", "browser", "reader", "served"}
"""Fixtures that stand for a running server or browser, beside those of a module that needs one throughout."""

COSTLY = {"server": "loaded", "virtuoso": "loaded", "oxigraph": "loaded", "released": "released"}
"""Fixtures that take long to make, each with its group: one worker runs a whole group, so that each is made once.

For what another worker makes already it would only wait.
"""

WHOLE = (
    *("test_beside_others", "test_browser", "test_bulk", "test_dataset", "test_modalities", "test_model_page"),
    *("test_own_documents", "test_package", "test_page", "test_serve", "test_sheets", "test_stores"),
)
"""Modules that make for all their tests what takes long: one worker runs each of them."""


@pytest.hookimpl(tryfirst=True)  # pytest-xdist and -m look at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        used = getattr(item, "fixturenames", [])
        group = next((COSTLY[name] for name in COSTLY if name in used), item.path.stem)
        if group in COSTLY.values() or group in WHOLE:
            item.add_marker(pytest.mark.xdist_group(group))
        if SERVERS.intersection(used):
            item.add_marker("slow")
            item.add_marker("servers")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session", autouse=True)
def own_cache(shared_folder: Path) -> Iterator[Path]:
    """Keep built graphs in a folder of this run, for its processes and those they start."""
    folder = shared_folder / "cache"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("EUAIKG_CACHE_DIR", str(folder))
        yield folder


@contextlib.contextmanager
def one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    """Let only one worker at a time make what is called ``name``, so that the next finds what the first has made."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


def program(name: str, package: str) -> str:
    """Return where the program ``name`` is; without it skip the test, or fail where nothing may be skipped."""
    beside = Path(sys.executable).parent
    found = shutil.which(name, path=os.pathsep.join((str(beside), os.environ.get("PATH", ""), "/usr/sbin")))
    if found is None:
        missing(f"{name} is not installed (package {package})")
    return str(found)


def node_modules() -> Path:
    """Return the folder with the npm packages that the tests use (``EUAIKG_NODE_MODULES``); else as :func:`program`."""
    folder = Path(os.environ.get("EUAIKG_NODE_MODULES", "/nowhere"))
    if not folder.is_dir():
        missing("EUAIKG_NODE_MODULES names no folder with the npm packages jsonld, oxigraph, mermaid-cli")
    return folder


def missing(reason: str) -> NoReturn:
    """Skip the test for ``reason``, or fail where ``EUAIKG_SKIP_NOTHING`` is set."""
    if os.environ.get("EUAIKG_SKIP_NOTHING"):
        pytest.fail(reason)
    pytest.skip(reason)


class Remembering(Embedded):
    """A graph in memory that remembers its last answers: many tests ask the same question, each for its own reason."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.run = functools.lru_cache(500)(super().run)  # type: ignore[method-assign]
        self._run = functools.lru_cache(500)(super()._run)  # type: ignore[method-assign]


@functools.cache
def whole() -> Embedded:
    """Return the shipped graph in memory, where it answers several times faster than on disk."""
    return Remembering(build.build())


@pytest.fixture(scope="session")
def engine() -> Embedded:
    """The shipped graph in memory."""
    return whole()


@pytest.fixture(scope="session")
def finder(engine: Embedded) -> Finder:
    """What finds the question in plain words, with the answers that it has seen."""
    return Finder(engine)


@pytest.fixture
def in_memory(engine: Embedded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what asks the shipped graph in this process ask the one in memory."""
    opened = build.open_graph
    monkeypatch.setattr(build, "open_graph", lambda *given: opened(*given) if any(given) else engine)


@pytest.fixture(scope="session")
def built(own_cache: Path, shared_folder: Path) -> Embedded:  # noqa: ARG001
    """The shipped graph on disk, as a user's command opens it; nobody who uses this has to build it."""
    with one_at_a_time(shared_folder, "built"):
        return build.open_graph()


@pytest.fixture(scope="session")
def exports(engine: Embedded, shared_folder: Path) -> dict[str, bytes]:
    """The shipped graph in each form."""
    places = {form: shared_folder / f"whole.{form}" for form in forms.SUFFIXES}
    with one_at_a_time(shared_folder, "exports"):
        for form, place in places.items():
            if not place.exists():
                place.write_bytes(export.whole(engine, form))
    return {form: place.read_bytes() for form, place in places.items()}


@pytest.fixture(scope="session")
def released(engine: Embedded, shared_folder: Path) -> Path:
    """A release of the shipped graph, made once for all tests, which leave it as it is."""
    folder = shared_folder / "public"
    with one_at_a_time(shared_folder, "released"):
        if not folder.exists():
            release.write(engine, folder, "https://example.org/kg/")
    return folder


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder with the text files of the documents; the test is skipped where it is not there."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the text files of the documents are not beside the project")
    return DOCUMENTS


@pytest.fixture
def run(tmp_path: Path, process: Run) -> Run:
    """Run the command line in an empty folder: ``run("query", "documents")``.

    It runs in this process, and with options of :func:`subprocess.run` other than ``text`` in one of its own.
    """

    def start(*arguments: str, text: bool = True, **options: object) -> subprocess.CompletedProcess[str]:
        return process(*arguments, text=text, **options) if options else _here(arguments, tmp_path, text)

    return start


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Run the command line as :func:`run` does, but always in a process of its own."""

    def start(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "euaikg", *arguments]
        settings: dict[str, object] = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120}
        settings["env"] = {**os.environ}  # without the COLUMNS that readline sets behind Python's back
        return subprocess.run(command, check=False, **{**settings, **options})  # type: ignore[call-overload,no-any-return]

    return start


def _here(arguments: tuple[str, ...], folder: Path, text: bool) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process, as a new one would: with its outputs, warnings and log."""
    with contextlib.ExitStack() as stack:
        out, errors = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        change = stack.enter_context(pytest.MonkeyPatch.context())
        change.chdir(folder)
        change.setattr(sys, "argv", ["euaikg", *arguments])
        change.setattr(logging.root, "handlers", [])
        stack.enter_context(warnings.catch_warnings())
        warnings.resetwarnings()
        for quiet in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", quiet)
        change.setattr(warnings, "showwarning", lambda *heard: sys.stderr.write(warnings.formatwarning(*heard[:4])))
        status: object = None
        with _written_to(out, "stdout", 1), _written_to(errors, "stderr", 2):
            try:
                main()
            except SystemExit as end:
                status = end.code
        assert status is None or isinstance(status, int)
        outputs = [os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0) for file in (out, errors)]
    shown = [io.TextIOWrapper(io.BytesIO(output), "utf-8").read() if text else output for output in outputs]
    return subprocess.CompletedProcess(["euaikg", *arguments], status or 0, *shown)  # type: ignore[arg-type]


@contextlib.contextmanager
def _written_to(file: BinaryIO, name: str, number: int) -> Iterator[None]:
    """Let what is written to ``name`` of :mod:`sys`, and past Python to the output ``number``, go to ``file``."""
    before = getattr(sys, name)
    before.flush()
    kept = os.dup(number)
    os.dup2(file.fileno(), number)
    try:
        with open(number, "w", encoding="utf-8", closefd=False) as stream:
            setattr(sys, name, stream)
            yield
    finally:
        setattr(sys, name, before)
        os.dup2(kept, number)
        os.close(kept)
