"""The short way and the long way answer alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal

from euaikg import quick
from euaikg.questions.stored import catalogue
from euaikg.sparql import formats
from euaikg.sparql.answers import Table
from tests.conftest import Run

SELECTS = [name for name, query in catalogue().items() if query.form == "SELECT"]


@pytest.mark.parametrize("form", quick.RESULT_FORMATS)
@pytest.mark.parametrize("name", SELECTS[:6])
@pytest.mark.slow
def test_same_bytes_by_both_ways(name: str, form: str, run: Run, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    long_way: object = run("query", name, "--format", form, "--iris", text=False).stdout
    answered = quick.answer(["query", name, "--format", form])
    short_way = capfdbinary.readouterr().out
    assert long_way
    assert not answered or short_way == long_way
    assert answered or form == "csv"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["query"],
        ["query", "documents"],
        ["query", "documents", "--format", "table"],
        ["query", "nonsense", "--format", "csv"],
        ["query", "../queries/documents", "--format", "csv"],
        ["query", "describe-thing", "--format", "csv"],
        ["show", "documents", "--format", "csv"],
    ],
)
def test_what_it_does_not_know_it_leaves_to_the_long_way(
    words: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert not quick.answer(words)
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", 'a","=1', "line\n=1"])
def test_what_may_be_a_formula_is_left_to_the_long_way(text: str) -> None:
    raw = b"x\r\n" + (f'"{text}"' if any(c in text for c in '",\r\n') else text).encode() + b"\r\n"
    assert quick._may_hold_formula(raw)
    is_formula = text[0] in "=+-@\t\r"  # elsewhere it only looks like one
    assert (b"'" in formats.to_csv(Table(("x",), [(Literal(text),)]))) == is_formula


def test_a_closed_pipe_and_a_full_disk_are_met_on_the_short_way_too(tmp_path: Path) -> None:
    code = "from euaikg.core import output; output.write(b'x' * 10_000_000)"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        )
    assert (done.returncode, done.stderr) == (
        2,
        "Error: standard output cannot be written (No space left on device).\n",
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.parametrize("words", ["show GenAI4EU", "query office-holders --format csv", "query documents"])
@pytest.mark.usefixtures("built")
@pytest.mark.slow
def test_closed_outputs_are_no_error(words: str) -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = f'exec "{sys.executable}" -m euaikg {words} {closed}'
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False)
