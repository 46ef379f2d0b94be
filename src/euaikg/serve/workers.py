"""Workers: processes that answer one thing at a time, each of which can be ended at any moment.

The engine does not look up from its work, so what runs away is ended with its process. All are copies of one process
that has the graph open and does nothing else (the template), so that none holds a connection of a client. What takes
longer than a moment goes on at the lowest priority in one of a few places for long work, and another worker takes its
place, so that the short questions of others are answered all the while.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from euaikg.core import processes
from euaikg.errors import EuaikgError, QueryError
from euaikg.serve.media import RefusedError

T = TypeVar("T")
Job = asyncio.Task[tuple[str, Any]]
Answering = Callable[..., Any]
"""Answers in a worker: it gets what was given to :meth:`Pool.ask`, and returns what can be pickled."""

SOON, SURELY = 0.25, 2.0
"""After how many seconds of the processor work counts as long, and after how many seconds in any case."""

QUEUE = 50
"""How many wait for a worker at most, and as many that take long for one of the places for these."""

TURNS = 1000
"""After how many pieces of work a worker makes way for a new one, with whatever it has come to hold."""

LARGEST = 32 << 20
"""The most bytes that an answer may have."""

_SIZE = 8


def busy(seconds: int) -> RefusedError:
    """Return what to raise where there is no room for a request, so that it is sent again after some ``seconds``."""
    sentence = f"The server is busy; ask again in {seconds} seconds."
    return RefusedError(503, sentence, {"Retry-After": str(seconds)})


class FaultError(Exception):
    """A fault of our own in a worker; its text is the traceback there."""


class Pool:
    """Answers with ``work`` in processes of their own: ``short`` at once, and a few more that take long.

    Where there is something to ``prepare``, others that have done so take their place once they are ready. Each piece
    of work may take ``timeout`` seconds, and ``memory`` bytes beside the graph. The processes end with this one,
    however it ends. Raises :class:`QueryError` on systems that cannot fork.
    """

    def __init__(
        self,
        work: Answering,
        timeout: float,
        memory: int,
        short: int | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        if not processes.CAN_FORK:
            raise QueryError("To serve needs a system that can fork, such as Linux or macOS.")
        self.timeout, self.memory = timeout, memory
        self.short = short or max(2, min(4, os.cpu_count() or 2))
        self.working = self.stopped = self.ended = 0
        self._waiting = {"short": 0, "long": 0}
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._long = asyncio.Semaphore(max(2, self.short // 2))
        self._hired = 0
        self._template = _Template(work, memory)
        self._next = _Template(work, memory, prepare, self._template) if prepare else None

    async def ask(self, *given: Any) -> Any:
        """Return what the work returns for ``given``, or raise the :class:`EuaikgError` that it raises.

        Raises :class:`RefusedError` where too many wait, or this waits too long, and at the limit.
        """
        task = pickle.dumps(given)
        self._change()
        if self._free.empty() and self._hired < self.short:
            self._hired += 1
            self._free.put_nowait(_Worker(self._template))
        worker = await self._queued(self._free.get(), "short")
        self.working += 1
        job, is_long = worker.start(task), False
        try:
            if is_long := not await self._is_soon(worker, job):
                self._free.put_nowait(_Worker(self._template))
                job = await self._at_length(worker, job, task)
            return self._found(job)
        finally:
            self.working -= 1
            if not is_long:
                if not job.done():  # whoever asked is gone
                    worker.end()
                if worker.template is not self._template or worker.turns >= TURNS:
                    worker.end()
                self._free.put_nowait(_Worker(self._template) if worker.is_lost else worker)

    async def _is_soon(self, worker: _Worker, job: Job) -> bool:
        """Wait for the ``job``; say whether it is done before it counts as long."""
        before, left = worker.spent(), min(SURELY, self.timeout)
        while not await _done(job, min(SOON, left)):
            left -= SOON
            if left <= 0 or worker.spent() - before >= SOON / 2:
                return False
        return True

    async def _at_length(self, worker: _Worker, job: Job, task: bytes) -> Job:
        """Return the finished ``job`` that takes long, or the same ``task`` begun anew, which its worker does last."""
        try:
            if self._long.locked():  # what is long is not to wait among what is not
                worker.end()
            await self._queued(self._long.acquire(), "long")
            try:
                if worker.is_lost:
                    worker = _Worker(self._template)
                    job = worker.start(task)
                worker.step_back()
                if not await _done(job, self.timeout - (time.monotonic() - worker.begun)):
                    self.stopped += 1
                    raise RefusedError(504, f"The query was stopped after {self.timeout:g} seconds; ask for less.")
                return job
            finally:
                self._long.release()
        finally:
            worker.end()

    def _change(self) -> None:
        """Take workers that are prepared from now on, once there are any."""
        if self._next and self._next.is_ready():
            self._dismiss()
            self._template, self._next = self._next, None

    def close(self) -> None:
        """End all processes."""
        self._dismiss()
        if self._next:
            self._next.end()

    def _dismiss(self) -> None:
        self._template.end()
        while not self._free.empty():
            self._free.get_nowait().end()
            self._hired -= 1

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(self._waiting.values())

    async def _queued(self, turn: Coroutine[Any, Any, T], kind: str) -> T:
        """Wait for a ``turn`` for work of a ``kind``, unless many do already."""
        if self._waiting[kind] >= QUEUE:
            turn.close()
            raise busy(2)
        self._waiting[kind] += 1
        try:
            return await asyncio.wait_for(turn, self.timeout)
        except TimeoutError:
            raise busy(int(self.timeout) + 1) from None
        finally:
            self._waiting[kind] -= 1

    def _found(self, job: Job) -> Any:
        try:
            kind, found = job.result()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ended += 1
            raise QueryError(
                "The query needs more memory than the server gives it, or is nested too deep; ask for less."
            ) from None
        if kind == "fault":
            raise FaultError(found)
        if kind == "error":
            raise found
        return found


async def _done(job: Job, seconds: float) -> bool:
    done, _ = await asyncio.wait([job], timeout=max(0, seconds))
    return bool(done)


class _Worker:
    """One worker, seen from the process that speaks HTTP."""

    def __init__(self, template: _Template) -> None:
        self.template = template
        self._socket, theirs = socket.socketpair()
        ear, self._lifeline = os.pipe()
        try:
            socket.send_fds(template.line, [b"w"], [theirs.fileno(), ear])
        except OSError:  # nothing can be answered any more, so that whoever started this is to start it anew
            signal.raise_signal(signal.SIGTERM)
        theirs.close()
        os.close(ear)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.is_lost = False
        self.turns, self.begun = 0, 0.0
        self._number = 0

    def start(self, task: bytes) -> Job:
        """Return the job of doing the ``task``: it tells what kind of outcome there is, and what it is."""
        self.turns, self.begun = self.turns + 1, time.monotonic()
        job = asyncio.create_task(self._do(task))
        job.add_done_callback(lambda done: done.cancelled() or done.exception())  # somebody may have stopped waiting
        return job

    async def _do(self, task: bytes) -> tuple[str, Any]:
        try:
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(sock=self._socket)
                self._number = int.from_bytes(await self._streams[0].readexactly(_SIZE))
            reader, writer = self._streams
            writer.write(len(task).to_bytes(_SIZE) + task)
            size = int.from_bytes(await reader.readexactly(_SIZE))
            found: tuple[str, Any] = pickle.loads(await reader.readexactly(size))
            return found
        except BaseException:
            self.end()
            raise

    def spent(self) -> float:
        """Return how many seconds of the processor the process has taken, or the time where that cannot be told."""
        try:
            return time.clock_gettime(~self._number << 3 | 2) if self._number else 0.0  # as clock_getcpuclockid(3) does
        except (AttributeError, OSError):
            return time.monotonic()

    def step_back(self) -> None:
        """Let others go first from now on."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._number, 19)

    def end(self) -> None:
        """End the process, whatever it does: the system tells it that its lifeline is cut."""
        if not self.is_lost:
            self.is_lost = True
            os.close(self._lifeline)
            if self._streams:
                self._streams[1].close()
            else:
                self._socket.close()


class _Template:
    """A process of which workers are copies; it may ``prepare`` itself first, and has no line to ``another``."""

    def __init__(
        self,
        work: Answering,
        memory: int,
        prepare: Callable[[], None] | None = None,
        another: _Template | None = None,
    ) -> None:
        self.line, theirs = socket.socketpair()
        self._process = os.fork()
        if self._process == 0:
            self.line.close()
            if another:
                another.line.close()
            self._be(theirs, work, memory, prepare)
        theirs.close()

    def is_ready(self) -> bool:
        """Say, once, that it is prepared."""
        with suppress(BlockingIOError):
            return bool(self.line.recv(1, socket.MSG_DONTWAIT))
        return False

    def end(self) -> None:
        """End the process; workers that are copies of it go on."""
        self.line.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    def _be(self, line: socket.socket, work: Answering, memory: int, prepare: Callable[[], None] | None) -> NoReturn:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the first ends the others
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for workers
            if prepare:
                prepare()
                line.send(b".")
            while True:
                _, (channel, lifeline, *_), _, _ = socket.recv_fds(line, 1, 2)
                if os.fork() == 0:
                    line.close()
                    _be_worker(channel, lifeline, work, memory)
                os.close(channel)
                os.close(lifeline)
        finally:  # nothing comes any more where the other end is closed
            os._exit(0)


def _be_worker(channel: int, lifeline: int, work: Answering, memory: int) -> NoReturn:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        processes.end_with_parent(lifeline)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine would say that memory is out
        processes.bound(_held() + memory)
        with open(channel, "rb") as asked, open(os.dup(channel), "wb") as answers:
            answers.write(os.getpid().to_bytes(_SIZE))
            answers.flush()
            while size := asked.read(_SIZE):
                outcome = pickle.dumps(_outcome(work, pickle.loads(asked.read(int.from_bytes(size)))))
                if len(outcome) > LARGEST:
                    too_large = QueryError(f"The answer has more than {LARGEST >> 20} MiB; ask for less.")
                    outcome = pickle.dumps(("error", too_large))
                answers.write(len(outcome).to_bytes(_SIZE) + outcome)
                answers.flush()
    finally:
        os._exit(0)


def _outcome(work: Answering, given: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "answer", work(*given)
    except EuaikgError as error:
        return "error", error
    except MemoryError:
        os._exit(0)
    except Exception:
        import traceback

        return "fault", traceback.format_exc()


def _held() -> int:
    """Return the bytes that this process has, as its bound counts them; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError), open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    return 0
