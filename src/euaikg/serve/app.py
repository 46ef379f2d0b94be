"""The application: HTTP around the workers, with what is to be said of caching, and what protects a server."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import pickle
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from euaikg.core.version import __version__
from euaikg.errors import EuaikgError
from euaikg.serve import media
from euaikg.serve.media import Asked, Made, RefusedError
from euaikg.serve.tools import PATH, Tools
from euaikg.serve.workers import FaultError, Pool, busy

LONGEST_BODY = 1 << 20
"""The most bytes of a query that is sent by POST."""

PATIENCE = 10
"""Within how many seconds a request has to be there."""

KEPT, SMALL = 32 << 20, 1 << 20
"""How many bytes of answers are kept in memory, and how large one of them may be."""

LARGE_AT_ONCE, PIECE = 8, 1 << 18
"""How many larger answers are on their way at once, and in pieces of how many bytes."""

FRESH = "public, max-age=60"
"""How long caches may give an answer before they ask whether it still holds."""

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What each answer says beside itself."""

EXPOSED = ["ETag", "Link", "Retry-After", "X-Complete", "X-Total-Count"]

UPDATES = "This server answers queries only; the graph cannot be changed through it."


class Server:
    """Answers requests with the workers of ``pool``; ``graph`` tells one content of the graph from another."""

    def __init__(self, pool: Pool, graph: str) -> None:
        self.pool, self.graph = pool, graph
        self.kept: OrderedDict[str, Made] = OrderedDict()
        self.size = 0
        self.counts: Counter[tuple[str, int]] = Counter()
        self.seconds = 0.0
        self.hits = 0
        self.large = asyncio.Semaphore(LARGE_AT_ONCE)
        self.started = time.time()

    async def anything(self, request: Request) -> Response:
        """Answer a GET to any address that has nothing of its own here."""
        path = request.path_params["path"]
        return await self.answer(request, Asked(path, _pairs(request.url.query), request.headers.get("accept", "*/*")))

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL 1.1 Protocol."""
        pairs = _pairs(request.url.query)
        if request.method == "POST":
            kind, _, charset = request.headers.get("content-type", "").partition(";")
            kind, body = kind.strip().lower(), await _body(request)
            encoding = charset.partition("=")[2].strip().strip('"').lower()
            if "charset" in charset.lower() and encoding not in ("utf-8", "utf8", "us-ascii"):
                raise RefusedError(415, "A query is sent in UTF-8.")
            try:
                text = body.decode()
            except UnicodeDecodeError:
                raise RefusedError(400, "The query is not valid UTF-8.") from None
            if kind == "application/x-www-form-urlencoded":
                pairs = (*_pairs(text), *(pair for pair in pairs if pair[0] == "format"))
            elif kind == "application/sparql-query":
                pairs = (*(pair for pair in pairs if pair[0] != "query"), ("query", text))
            elif kind == "application/sparql-update":
                raise RefusedError(403, UPDATES)
            else:
                raise RefusedError(
                    415,
                    "Send a query as application/sparql-query, or in a form as application/x-www-form-urlencoded.",
                )
        if any(name == "update" for name, _ in pairs):
            raise RefusedError(403, UPDATES)
        asked = Asked("sparql", pairs, request.headers.get("accept", "*/*"))
        query = asked.one("query")
        if query is None and request.method == "POST":
            raise RefusedError(400, "There is no query in the request.")
        base = str(request.url.replace(query="", fragment="")) if query is None else ""
        return await self.answer(request, asked._replace(query=query, base=base))

    async def answer(self, request: Request, asked: Asked) -> Response:
        """Answer what is ``asked``: from memory where it was asked before, and with 304 where the client has it."""
        known = hashlib.blake2b(pickle.dumps((self.graph, __version__, asked)), digest_size=16).hexdigest()
        told = {"ETag": f'"{known}"', "Cache-Control": FRESH}
        if known in (one.strip(' W/"') for one in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers={**told, "Vary": "Accept"})
        if made := self.kept.get(known):
            self.kept.move_to_end(known)
            self.hits += 1
        else:
            made = await self.pool.ask("answer", asked)
            if made.status < 400 and "Cache-Control" not in made.headers:
                made = made._replace(headers={**made.headers, **told})
                self._keep(known, made)
        return Sent(made, self.large)

    def _keep(self, known: str, made: Made) -> None:
        if len(made.content) <= SMALL:
            self.kept[known] = made
            self.size += len(made.content)
            while self.size > KEPT:
                self.size -= len(self.kept.popitem(last=False)[1].content)

    async def health(self, _: Request) -> Response:
        """Say that questions are answered."""
        await self.pool.ask("answer", Asked("sparql", query="ASK {}"))
        return Response(media.written({"status": "ok", "version": __version__, "graph": self.graph}),
                        headers={"Cache-Control": "no-store"}, media_type="application/json")  # fmt: skip

    async def metrics(self, _: Request) -> Response:
        """Tell counts in the text format of Prometheus."""
        lines = ["# TYPE euaikg_requests_total counter"]
        lines += [f'euaikg_requests_total{{method="{method}",status="{status}"}} {count}'
                  for (method, status), count in sorted(self.counts.items())]  # fmt: skip
        for name, kind, value in (
            ("request_seconds_total", "counter", round(self.seconds, 6)),
            ("answers_from_memory_total", "counter", self.hits),
            ("queries_stopped_total", "counter", self.pool.stopped),
            ("workers_lost_total", "counter", self.pool.ended),
            ("queries_running", "gauge", self.pool.working),
            ("queries_waiting", "gauge", self.pool.waiting),
            ("answers_kept_bytes", "gauge", self.size),
            ("start_time_seconds", "gauge", round(self.started, 3)),
        ):
            lines += [f"# TYPE euaikg_{name} {kind}", f"euaikg_{name} {value}"]
        return Response("\n".join([*lines, ""]), headers={"Cache-Control": "no-store"},
                        media_type="text/plain; version=0.0.4")  # fmt: skip


RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Sent(Response):
    """An answer on its way; of large ones there are only so many at once, since slow clients keep them in memory."""

    def __init__(self, made: Made, large: asyncio.Semaphore) -> None:
        kind = f"{made.media}; charset=utf-8" if made.media.startswith("text/") else made.media
        super().__init__(made.content, made.status, dict(made.headers), kind)
        self.headers.add_vary_header("Accept")
        self._large = large
        if len(made.content) > SMALL and large.locked():
            raise busy(5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, a large one in pieces."""
        if len(self.body) <= SMALL:
            await super().__call__(scope, receive, send)
            return
        async with self._large:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for at in range(0, len(self.body), PIECE):
                piece = bytes(self.body[at : at + PIECE])
                await send({"type": "http.response.body", "body": piece, "more_body": at + PIECE < len(self.body)})


def application(pool: Pool, graph: str) -> Starlette:
    """Return the application that answers with ``pool``; ``graph`` tells one content of the graph from another.

    It can be mounted in another application, below any path.
    """
    server, tools = Server(pool, graph), Tools(pool)
    routes = [
        Route(PATH, tools),
        Route("/sparql", server.sparql, methods=["GET", "POST"]),
        Route("/health", server.health),
        Route("/metrics", server.metrics),
        Route("/{path:path}", server.anything),
    ]

    @asynccontextmanager
    async def alive(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await tools.close()
            pool.close()

    middleware = [
        Middleware(_Counted, server),
        Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"],
                   expose_headers=EXPOSED, max_age=86400),
        Middleware(GZipMiddleware, compresslevel=5),
    ]  # fmt: skip
    handlers: dict[Any, Callable[[Request, Any], Awaitable[Response]]] = {
        RefusedError: _refused, EuaikgError: _wrong, HTTPException: _http,
        ClientDisconnect: _gone, FaultError: _fault, Exception: _fault,
    }  # fmt: skip
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=alive)


class _Counted:
    """Counts each answer, and has it say what each says beside itself."""

    def __init__(self, app: ASGIApp, server: Server) -> None:
        self.app, self.server = app, server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, root = time.perf_counter(), scope.get("root_path", "")
        if root and scope["path"].startswith(f"{root}{root}/"):  # from a proxy that leaves the path as it is
            scope["path"] = scope["path"].removeprefix(root)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "other"
                self.server.counts[method, message["status"]] += 1
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in RAW if pair[0] not in there)]
            await send(message)

        await self.app(scope, receive, sending)
        self.server.seconds += time.perf_counter() - start


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the names and values in the query of an address, or in a form."""
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200))
    except UnicodeDecodeError:
        raise RefusedError(400, "The address is not valid UTF-8.") from None
    except ValueError:
        raise RefusedError(400, "There are too many parameters.") from None


async def _body(request: Request) -> bytes:
    """Return the body of ``request``; refuse one that is too large, or that does not come soon."""
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST_BODY:
                    raise RefusedError(413, f"A query has at most {LONGEST_BODY} bytes.", {"Connection": "close"})
    except TimeoutError:
        raise RefusedError(408, f"The query did not come within {PATIENCE} seconds.", {"Connection": "close"}) from None
    return bytes(body)


def _problem(status: int, sentence: str, headers: Any = None) -> Response:
    made = media.problem(status, sentence, headers)
    return Response(made.content, status, dict(made.headers), made.media)


async def _refused(_: Request, error: RefusedError) -> Response:
    return _problem(error.status, str(error), error.headers)


async def _wrong(_: Request, error: EuaikgError) -> Response:
    return _problem(400, str(error))


async def _http(request: Request, error: HTTPException) -> Response:
    sentence = f"{request.method} is not answered here." if error.status_code == 405 else error.detail
    return _problem(error.status_code, sentence, error.headers)


async def _gone(_: Request, __: ClientDisconnect) -> Response:
    return Response(status_code=400)


async def _fault(request: Request, error: Exception) -> Response:
    logging.getLogger("uvicorn.error").error("%s %s: %s", request.method, request.url.path, error)
    return _problem(500, "The server itself failed; please report it.")
