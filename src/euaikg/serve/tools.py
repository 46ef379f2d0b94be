"""The tools for language models at ``/mcp``, by the streamable HTTP of the Model Context Protocol.

The library is loaded when the first client comes, and only there; what tools are asked is answered by the workers.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from euaikg.mcp import tools
from euaikg.serve.media import RefusedError
from euaikg.serve.workers import Pool

PATH = "/mcp"


class Tools:
    """The application at :data:`PATH`; it refuses where the library is not installed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._app: ASGIApp | None = None
        self._running: asyncio.Task[None] | None = None
        self._is_there = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._running is None:
            if importlib.util.find_spec("mcp") is None:
                raise RefusedError(404, "The tools for language models are not installed; pip install euaikg[mcp].")
            self._running = asyncio.create_task(self._run())
        await self._is_there.wait()
        assert self._app is not None
        await self._app(scope, receive, send)

    async def _run(self) -> None:
        """Keep the application alive; its sessions need one task to live in."""
        made = await asyncio.to_thread(_application, _Desk(self._pool, asyncio.get_running_loop()))
        async with made.router.lifespan_context(made):
            self._app = made
            self._is_there.set()
            await asyncio.Event().wait()

    async def close(self) -> None:
        """End the application."""
        if self._running:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running


class _Desk:
    """What answers tools: in a worker, asked from the threads of the library."""

    def __init__(self, pool: Pool, loop: asyncio.AbstractEventLoop) -> None:
        self.tools = tools.tools()
        self._pool, self._loop = pool, loop

    def call(self, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        found: tuple[str, dict[str, Any]] = self._ask("call", name, dict(given))
        return found

    def resource(self, uri: str) -> tuple[str, str]:
        found: tuple[str, str] = self._ask("resource", uri)
        return found

    def _ask(self, *given: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(self._pool.ask(*given), self._loop).result()


def _application(desk: _Desk) -> Any:
    """Return the application of the library; every site may ask, as elsewhere on the server, and no session is kept."""
    from mcp.server.transport_security import TransportSecuritySettings

    from euaikg.mcp import server

    return server.server(desk).streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
