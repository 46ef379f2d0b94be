"""What the tests share: a cache folder of their own, no network, and the graph built once."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from euaikg.core import files
from euaikg.exports import export
from euaikg.graph import build
from euaikg.rdf import forms
from euaikg.sparql.embedded import Embedded

hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

DOCUMENTS = files.root().parent / "shared" / "sources"
FIXTURES = Path(__file__).parent / "fixtures"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep built graphs in a folder of this run, for this process and those it starts."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("EUAIKG_CACHE_DIR")
    os.environ["EUAIKG_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["EUAIKG_CACHE_DIR"]
    else:
        os.environ["EUAIKG_CACHE_DIR"] = before


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
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        missing(f"{name} is not installed (package {package})")
    return str(found)


def node_modules() -> Path:
    """Return the folder with the npm packages that the tests use (``EUAIKG_NODE_MODULES``); else as :func:`program`."""
    folder = Path(os.environ.get("EUAIKG_NODE_MODULES", "/nowhere"))
    if not folder.is_dir():
        missing("EUAIKG_NODE_MODULES names no folder with the npm packages jsonld and @mermaid-js/mermaid-cli")
    return folder


def missing(reason: str) -> NoReturn:
    """Skip the test for ``reason``, or fail where ``EUAIKG_SKIP_NOTHING`` is set."""
    if os.environ.get("EUAIKG_SKIP_NOTHING"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def engine(own_cache: Path) -> Embedded:  # noqa: ARG001
    """The shipped graph, as a user's command opens it."""
    return build.open_graph()


@pytest.fixture(scope="session")
def exports(engine: Embedded) -> dict[str, bytes]:
    """The shipped graph in each form."""
    return {form: export.whole(engine, form) for form in forms.SUFFIXES}


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder with the text files of the documents; the test is skipped where it is not there."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the text files of the documents are not beside the project")
    return DOCUMENTS


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command line in a process of its own, in an empty folder: ``run("query", "documents")``."""

    def start(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "euaikg", *arguments]
        settings: dict[str, object] = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120, **options}
        return subprocess.run(command, check=False, **settings)  # type: ignore[call-overload,no-any-return]

    return start
