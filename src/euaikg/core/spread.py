"""Work that is spread over the processors of this machine, where it can start processes by a copy of its own."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from euaikg.core import processes

Job = Callable[[], Iterable[tuple[str, bytes]]]
"""Makes files: their names and contents."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Have nothing look for rubbish that holds itself in the block, nor in processes that it starts.

    For who makes much that stays and hardly any such rubbish: all that is there would be looked through again and
    again, which is a fifth of the time that a release takes.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def spread(jobs: Sequence[Job], hands: int | None = None) -> Iterator[Callable[[], Iterator[tuple[str, bytes]]]]:
    """Do ``jobs`` beside the block and give what returns all that they make, in their order.

    They are dealt out to as many processes, ``hands``, as there are processors; with one, or where no process can copy
    itself, they are done one after the other when they are asked for. What a job raises is raised then, as
    :func:`~euaikg.core.processes.apart` says. When the block is left, no process is left.
    """
    hands = min(processors() if hands is None else hands, len(jobs))
    if hands < 2 or not processes.CAN_FORK:
        yield lambda: (made for job in jobs for made in job())
        return
    with ExitStack() as stack:
        readers = []
        for hand in range(hands):  # all at once, while no other thread is at work, of which a copy would have the locks
            pieces = stack.enter_context(processes.apart(_share(jobs[hand::hands])))
            readers.append(_Reader(pieces))
        for reader in readers:
            reader.start()

        def made() -> Iterator[tuple[str, bytes]]:
            shares = [reader.found() for reader in readers]
            for at in range(len(jobs)):
                yield from shares[at % hands][at // hands]

        yield made


def _share(jobs: Sequence[Job]) -> Callable[[BinaryIO], None]:
    def work(stream: BinaryIO) -> None:
        pickle.dump([[*job()] for job in jobs], stream)

    return work


class _Reader(threading.Thread):
    """Reads what another process writes, so that it need not wait for this one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(daemon=True)
        self._pieces, self._content = pieces, b""
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._content = b"".join(self._pieces)
        except BaseException as error:  # is raised where it is waited for
            self._error = error

    def found(self) -> list[list[tuple[str, bytes]]]:
        """Return what each job of the other process made."""
        self.join()
        if self._error is not None:
            raise self._error
        made: list[list[tuple[str, bytes]]] = pickle.loads(self._content)
        return made
