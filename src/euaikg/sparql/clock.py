"""The time that a request may take, whatever a server does: each connection that is made for it is shut at its end."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
import urllib.request
from typing import Any


class Clock:
    """Shuts the connections that it watches at the moment ``until``, whatever is still read from them.

    The timeout of a socket does not: it counts from the last byte, and for each redirect anew.
    """

    def __init__(self, until: float) -> None:
        self.until = until
        self._made: list[http.client.HTTPConnection] = []
        self._sockets: list[Any] = []
        self._timer = threading.Timer(self.left + 0.01, self._shut)
        self._timer.daemon = True

    @property
    def left(self) -> float:
        """The seconds that are left, and a moment where there are none."""
        return max(0.01, self.until - time.monotonic())

    def watch(self, connection: http.client.HTTPConnection) -> None:
        """Shut ``connection``, too, when the time is up; it raises :class:`TimeoutError` where it comes too late."""
        connect = connection.connect

        def connected() -> None:
            connect()
            self._sockets.append(connection.sock)  # which urllib takes from it
            if time.monotonic() > self.until:
                raise TimeoutError

        connection.connect = connected  # type: ignore[method-assign]
        self._made.append(connection)

    def _shut(self) -> None:
        for sock in (*self._sockets, *(connection.sock for connection in self._made)):
            if sock:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Clock:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class InTime(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Has the clock of a request watch each connection that is made for it."""

    def do_open(self, http_class: Any, req: Any, **options: Any) -> http.client.HTTPResponse:
        def connection(*given: Any, **named: Any) -> http.client.HTTPConnection:
            made: http.client.HTTPConnection = http_class(*given, **named)
            req.clock.watch(made)
            return made

        req.timeout = req.clock.left
        return super().do_open(connection, req, **options)
