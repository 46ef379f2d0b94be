"""What the tests run in their own process is what a user gets from a new one."""

from __future__ import annotations

import os
import sys
import warnings

import pytest

from tests.conftest import Run

COMMANDS = [
    ("query", "documents"),
    ("query", "documents", "--format", "csv"),
    ("export", "--about", "DG CONNECT", "--format", "rdfxml"),
    ("show", "Nobody at all"),
    ("nonsense",),
]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.usefixtures("built")
def test_a_call_says_what_a_process_says(command: tuple[str, ...], run: Run, process: Run) -> None:
    for text in (True, False):
        here, apart = run(*command, text=text), process(*command, text=text)
        assert (here.returncode, here.stdout, here.stderr) == (apart.returncode, apart.stdout, apart.stderr)


@pytest.mark.xdist_group("loaded")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process")
def test_a_group_is_one_to_what_deals_out_the_tests(request: pytest.FixtureRequest) -> None:
    """With a pytest-xdist that does not suit pytest, every worker would start servers and browsers of its own."""
    assert request.node.nodeid.endswith("@loaded")


def test_warnings_and_what_is_written_past_python_are_heard(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless() -> None:
        warnings.warn("aloud", UserWarning, stacklevel=1)
        warnings.warn("in silence", DeprecationWarning, stacklevel=1)
        os.write(1, b"past Python\n")
        print("by Python")  # noqa: T201
        sys.exit(3)

    monkeypatch.setattr("tests.conftest.main", careless)
    done = run("query")
    assert (done.returncode, done.stdout) == (3, "past Python\nby Python\n")
    assert "UserWarning: aloud" in done.stderr
    assert "in silence" not in done.stderr
