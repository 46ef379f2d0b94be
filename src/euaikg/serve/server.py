"""Running the application: a socket, workers, and uvicorn with limits on what clients may keep waiting."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import socket
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from euaikg.core import places
from euaikg.errors import OutputError, QueryError
from euaikg.graph import build
from euaikg.serve.app import PATIENCE, application
from euaikg.serve.service import Service
from euaikg.serve.workers import Pool
from euaikg.sparql.embedded import Embedded

MEMORY = 192 << 20
"""What a query may take beside the graph where nothing is said: with all workers that is less than a gigabyte."""

CLIENTS = 200
"""How many connections are open at once; more are told to come back."""

SLOWEST = 30
"""After how many seconds a client is left that takes nothing of its answer."""

LONGEST_HEAD = 32 << 10
"""The most bytes of an address and its headers."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket at ``host`` and ``port``, 0 being any; raise :class:`OutputError` where there is none."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.create_server(address[:2], family=family, backlog=512)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or the body waits until the head is confirmed
        return made
    except (OSError, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number and number > 0 else str(error.args[-1])
        raise OutputError(f"{host}:{port} cannot be listened at ({reason}); give another --port or --host.") from None


def state_of(data: Iterable[Path] = (), store: Path | None = None) -> str:
    """Return what tells the content of the graph from any other: its sources, or the files of the ``store``."""
    digest = hashlib.blake2b(places.stamp().encode(), digest_size=8)
    for path in build.rdf_files(data):
        digest.update(path.read_bytes())
    for path in sorted(store.iterdir()) if store else ():
        digest.update(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


class Protocol(H11Protocol):
    """HTTP/1.1 that leaves clients who are slow with a request, or do not take the answer."""

    _waiting: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._waiting = self.loop.call_later(PATIENCE, self._leave)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_there = self.conn.their_state is not h11.IDLE
        if is_there and self._waiting:
            self._waiting.cancel()
            self._waiting = None
        elif not is_there and not self._waiting:  # the beginning of another request on the same connection
            self._waiting = self.loop.call_later(PATIENCE, self._leave)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing = self.loop.call_later(SLOWEST, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._writing:
            self._writing.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._waiting, self._writing):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def _leave(self) -> None:
        self.transport.close()


def run(
    engine: Embedded,
    state: str,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    timeout: float = 10,
    memory: int | None = None,
    root_path: str = "",
    proxies: str | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the graph of ``engine``, which is in the ``state``, until a signal ends it.

    ``timeout`` seconds and ``memory`` bytes are for each query; ``root_path`` is the path under which a proxy shows the
    server, and ``proxies`` are the addresses of those whose ``X-Forwarded-`` headers are believed. ``say`` is told the
    address. Raises :class:`OutputError` where it cannot listen, and :class:`QueryError` for what cannot be.
    """
    if root_path and (not root_path.startswith("/") or root_path.endswith("/")):
        raise QueryError("A root path is written as /graphs/euaikg, with a slash before and none after it.")
    service = Service(engine)
    pool = Pool(service.work, timeout, memory or MEMORY, prepare=service.prepare)  # before there is a socket to inherit
    with closing(pool), listen(host, port) as sock:
        config = uvicorn.Config(
            application(pool, state),
            http=Protocol,
            ws="none",
            lifespan="on",
            access_log=False,
            log_level=logging.ERROR,
            server_header=False,
            proxy_headers=proxies is not None,
            forwarded_allow_ips=proxies,
            root_path=root_path,
            limit_concurrency=CLIENTS,
            backlog=512,
            timeout_keep_alive=PATIENCE,
            timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=LONGEST_HEAD,
        )
        name, number = sock.getsockname()[:2]
        say(f"http://{f'[{name}]' if ':' in name else name}:{number}{root_path}/")
        uvicorn.Server(config).run(sockets=[sock])
