"""Errors as values: they go through pools of workers, and a fault of ours never looks like one of the user's."""

from __future__ import annotations

import copy
import errno
import pickle
from collections.abc import Callable
from typing import NoReturn

import pytest
from click.testing import CliRunner

from euaikg import errors
from euaikg.cli import CRASHED, main
from euaikg.core.processes import apart
from euaikg.errors import EndpointError, EuaikgError, ParameterError
from euaikg.publishing.load import PublishError
from euaikg.questions import stored

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, EuaikgError)]

SAMPLES = [
    *(kind("It did not work.") for kind in KINDS if kind is not ParameterError),
    ParameterError("asOf", "“soon” is not a date."),
    EndpointError("The server is down.", 503),
    PublishError("Half of it is there."),
]


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_errors_are_pickled_copied_and_compared(error: EuaikgError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert (str(twin), twin.args, vars(twin)) == (str(error), error.args, vars(error))
        assert twin == error
        assert {twin, error} == {error}
    assert error != type(error)(*error.args[:-1], "Another sentence.")
    assert error != EuaikgError("Another sentence.")
    assert error != str(error)


def stumbling(error: BaseException) -> Callable[..., NoReturn]:
    def stumble(*_: object, **__: object) -> NoReturn:
        raise error

    return stumble


CRASHES = [
    AssertionError(),
    AttributeError("'NoneType' object has no attribute 'value'"),
    RecursionError("maximum recursion depth exceeded"),
    type("PanicException", (BaseException,), {})("called `Option::unwrap()` on a `None` value\nin the engine"),
]


@pytest.mark.parametrize("error", CRASHES, ids=lambda error: type(error).__name__)
def test_a_fault_of_ours_has_a_status_of_its_own(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "get", stumbling(error))
    monkeypatch.delenv("EUAIKG_DEBUG", raising=False)
    done = CliRunner().invoke(main, ["query", "documents"])
    assert done.exit_code == CRASHED == 70
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: euaikg itself failed ({type(error).__name__} at test_errors.py:")
    assert "report" in line
    monkeypatch.setenv("EUAIKG_DEBUG", "1")
    done = CliRunner().invoke(main, ["query", "documents"])
    assert done.exit_code == CRASHED
    assert "Traceback" in done.stderr


SYSTEM = [
    (OSError(errno.ENOSPC, "No space left on device"), "No space left on device."),
    (
        FileNotFoundError(errno.ENOENT, "No such file or directory", "words.txt"),
        "words.txt: No such file or directory.",
    ),
    (OSError("IO error: some file is gone"), "IO error: some file is gone."),
]


@pytest.mark.parametrize(("error", "sentence"), SYSTEM)
def test_an_error_of_the_system_is_told_for_what_it_is(
    error: OSError, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "get", stumbling(error))
    done = CliRunner().invoke(main, ["query", "documents"])
    assert done.exit_code == 2
    assert done.stderr == f"Error: {sentence}\n"


def test_a_fault_in_a_process_of_its_own_is_a_fault_here() -> None:
    with apart(stumbling(AssertionError())) as pieces, pytest.raises(RuntimeError, match="AssertionError"):
        list(pieces)
