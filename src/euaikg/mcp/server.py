"""The server for language models: :mod:`euaikg.mcp.tools` behind the library ``mcp``, which nothing else imports.

:func:`server` makes it for any transport: :func:`run` for standard input and output, and for HTTP its
``streamable_http_app()`` is an ASGI application that can be mounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from euaikg.core.version import __version__
from euaikg.errors import EuaikgError
from euaikg.mcp import contents, tools
from euaikg.mcp.tools import Tool
from euaikg.sparql.embedded import Engine

HINTS = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)


class Answering(Protocol):
    """Answers the calls of tools and reads resources, as :class:`euaikg.mcp.tools.Desk` does."""

    tools: dict[str, Tool]

    def call(self, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the text and the plain values that the tool ``name`` gives for what is ``given``."""
        ...

    def resource(self, uri: str) -> tuple[str, str]:
        """Return the media type and the text of the resource ``uri``."""
        ...


def server(desk: Answering) -> Server[Any]:
    """Return a server whose tools and resources ``desk`` answers."""

    async def list_tools(_ctx: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    description=tool.description,
                    input_schema=tool.input_schema,
                    output_schema=tool.output_schema,
                    annotations=HINTS,
                )
                for tool in desk.tools.values()
            ]
        )

    async def call_tool(_ctx: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            text, plain = await anyio.to_thread.run_sync(desk.call, params.name, params.arguments or {})
        except EuaikgError as error:
            return types.CallToolResult(content=[_text(_refused(error))], is_error=True)
        return types.CallToolResult(content=[_text(text)], structured_content=plain)

    async def list_resources(_ctx: Any, _params: Any) -> types.ListResourcesResult:
        made = [
            types.Resource(uri=uri, name=uri.removeprefix("euaikg://"), description=told)
            for uri, told in tools.RESOURCES.items()
            if "{" not in uri
        ]
        return types.ListResourcesResult(resources=made)

    async def list_templates(_ctx: Any, _params: Any) -> types.ListResourceTemplatesResult:
        made = [
            types.ResourceTemplate(
                uri_template=uri, name=uri.removeprefix("euaikg://").partition("/")[0], description=told
            )
            for uri, told in tools.RESOURCES.items()
            if "{" in uri
        ]
        return types.ListResourceTemplatesResult(resource_templates=made)

    async def read_resource(_ctx: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        try:
            kind, text = await anyio.to_thread.run_sync(desk.resource, str(params.uri))
        except EuaikgError as error:
            raise MCPError(types.INVALID_PARAMS, _refused(error)) from None
        made = types.TextResourceContents(uri=str(params.uri), mime_type=kind, text=text)
        return types.ReadResourceResult(contents=[made])

    async def list_prompts(_ctx: Any, _params: Any) -> types.ListPromptsResult:
        made = [
            types.Prompt(
                name=name,
                description=told,
                arguments=[types.PromptArgument(name=key, required=needed) for key, needed in takes.items()],
            )
            for name, (told, takes, _) in tools.PROMPTS.items()
        ]
        return types.ListPromptsResult(prompts=made)

    async def get_prompt(_ctx: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        try:
            words = tools.prompt(params.name, params.arguments or {})
        except EuaikgError as error:
            raise MCPError(types.INVALID_PARAMS, _refused(error)) from None
        return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=_text(words))])

    return Server(
        "euaikg",
        version=__version__,
        instructions=tools.INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


def _refused(error: EuaikgError) -> str:
    """Return what is said of an ``error``: it may repeat names of the graph, so that it is data as well."""
    return str(contents.clean(str(error), 600))


def _text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)


def run(engine: Engine, sparql: bool = False) -> None:
    """Answer on standard input and output until the client leaves."""

    async def serve() -> None:
        made = server(tools.Desk(engine, sparql))
        async with stdio_server() as (reading, writing):
            await made.run(reading, writing, made.create_initialization_options())

    anyio.run(serve)
