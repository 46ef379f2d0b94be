"""Work in a process of its own, which can be stopped at any moment.

Oxigraph does not look up from its work: it knows no limits and does not hear Ctrl-C. So what may take long is done in
a forked copy of this process, and what it writes comes back through a pipe. The copy never outlives the process that
made it, however that one ends.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from euaikg import errors
from euaikg.errors import EuaikgError

CAN_FORK = hasattr(os, "fork")
"""Whether this system can do it; Windows cannot."""

CHUNK = 1 << 18

_NO_MEMORY = 3

_forking = threading.Lock()  # no other copy may hold the writing ends, or the pipe would not end


class OutOfMemoryError(Exception):
    """The work asked for more memory than it was allowed, or than there is."""


class OutOfStackError(Exception):
    """The work called itself too deep, which ends a process."""


@contextmanager
def apart(
    work: Callable[[BinaryIO], None], timeout: float | None = None, memory: int | None = None
) -> Iterator[Iterator[bytes]]:
    """Do ``work`` in a process of its own and give what it writes to its stream, piece by piece as it is read.

    It may take ``timeout`` seconds and ``memory`` bytes, the memory of this process included. Reading raises what the
    work raises, if that is an :class:`EuaikgError`; :class:`TimeoutError`, :class:`OutOfMemoryError` and
    :class:`OutOfStackError`. When the block is left, by Ctrl-C or otherwise, the process is gone.

    The copy has none of the threads of this process: the work may read a store, but not write one on disk.
    """
    until = None if timeout is None else time.monotonic() + timeout
    with _heard():
        with _forking:
            output, complaint, lifeline = os.pipe(), os.pipe(), os.pipe()
            child = _fork()
            if child == 0:
                _work(work, output, complaint, lifeline, memory)
            for end in (output[1], complaint[1], lifeline[0]):
                os.close(end)
        try:
            yield _pieces(child, output[0], complaint[0], until)
        finally:
            _stop(child)
            for end in (output[0], complaint[0], lifeline[1]):
                os.close(end)


def _fork() -> int:
    with warnings.catch_warnings():  # newer Pythons warn where there are threads, as the store has; none is needed
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _work(
    work: Callable[[BinaryIO], None],
    output: tuple[int, int],
    complaint: tuple[int, int],
    lifeline: tuple[int, int],
    memory: int | None,
) -> None:
    """Be the new process: do ``work`` and end."""
    global _forking
    _forking = threading.Lock()  # the work may need a process itself, and nobody here lets go of the copied one
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.close(output[0])
        os.close(lifeline[1])
        end_with_parent(lifeline[0])
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Oxigraph would say that memory is out
        if "faulthandler" in sys.modules:  # and so would a notebook
            sys.modules["faulthandler"].disable()
        bound(memory)
        with open(output[1], "wb", buffering=CHUNK) as stream:
            work(stream)
        status = 0
    except MemoryError:
        status = _NO_MEMORY
    except EuaikgError as error:
        _complain(complaint[1], type(error).__name__, str(error))
    except OSError as error:
        _complain(complaint[1], "EuaikgError", str(error))
    except BaseException as error:  # a fault of ours, which is one in the other process too
        _complain(complaint[1], "", f"{type(error).__name__}: {error}")
    finally:
        os._exit(status)


def _complain(pipe: int, name: str, sentence: str) -> None:
    os.write(pipe, f"{name}\n{sentence}".encode(errors="replace")[:CHUNK])


def end_with_parent(lifeline: int) -> None:
    """Have the system end this process when the other end of the pipe ``lifeline`` is closed.

    The parent holds that end, so it is closed even when the parent is killed. The signal is SIGIO, which ends a
    process that does not wait for it.
    """
    import fcntl

    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    ended = select.poll()
    ended.register(lifeline, select.POLLIN)
    if ended.poll(0):  # it was closed before the system knew whom to tell
        os._exit(1)


def give_back() -> None:
    """Give memory that is free again back to the system, where the C library can do that, as glibc can.

    What was needed for a while, as for a long answer, would else stay with the process and be counted as its own.
    """
    import ctypes

    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def bound(memory: int | None) -> None:
    """Let this process take ``memory`` bytes at most, and leave no copy of its memory behind when it fails."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        allowed = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))


def _pieces(child: int, output: int, complaint: int, until: float | None) -> Iterator[bytes]:
    waiting = select.poll()
    waiting.register(output, select.POLLIN)
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        if not waiting.poll(None if left is None else left * 1000):
            raise TimeoutError
        piece = os.read(output, CHUNK)
        if not piece:
            break
        yield piece
    name, _, sentence = os.read(complaint, CHUNK).decode().partition("\n")
    _, status = os.waitpid(child, 0)
    if sentence:
        raise getattr(errors, name)(sentence) if name else RuntimeError(sentence)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGSEGV, signal.SIGBUS):
        raise OutOfStackError
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == _NO_MEMORY:  # where memory is refused, Oxigraph aborts
        raise OutOfMemoryError


def _stop(child: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that ask a process to end, beside Ctrl-C."""


@contextmanager
def ended_orderly() -> Iterator[None]:
    """Let the signals :data:`ENDING` raise :class:`SystemExit` with their status, so that the block can clear up."""

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        sys.exit(128 + number)

    with _handled({number: end for number in ENDING if _is_main() and signal.getsignal(number) == signal.SIG_DFL}):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the signals that would end the block, Ctrl-C too, until it is done."""
    caught: list[int] = []

    def keep(number: int, _frame: object) -> None:
        caught.append(number)

    with _handled({number: keep for number in (*ENDING, signal.SIGINT) if _is_main() and signal.getsignal(number)}):
        yield
    if caught:
        signal.raise_signal(caught[0])


@contextmanager
def _handled(handlers: Mapping[int, Callable[[int, Any], Any]]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _heard() -> Iterator[None]:
    """Let Ctrl-C be heard as an exception, even where it would end this process before it could clear up."""
    is_deaf = _is_main() and signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    with _handled({signal.SIGINT: signal.default_int_handler} if is_deaf else {}):
        yield
