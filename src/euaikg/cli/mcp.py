"""``euaikg mcp``: the graph for language models, by the Model Context Protocol."""

from __future__ import annotations

import click

from euaikg.cli.common import Open, graph_options
from euaikg.errors import MissingLibraryError


@click.command()
@click.option("--sparql", is_flag=True, help="Offer a tool for SPARQL queries too.")
@graph_options
def mcp(sparql: bool, open_engine: Open) -> None:
    """Answer language models on standard input and output, by the Model Context Protocol.

    A client starts this command itself; docs/agents.md says how to tell the usual ones. It ends when the client leaves.

    \b
    Examples:
      euaikg mcp
      euaikg mcp --sparql --data my-additions.trig
    """
    try:
        from euaikg.mcp import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types", "anyio"):
            raise
        raise MissingLibraryError(
            "The library for language models is not installed; “pip install euaikg[mcp]” brings it."
        ) from None
    server.run(open_engine(own=sparql), sparql)
