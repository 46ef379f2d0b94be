"""``euaikg serve``: the graph as a server, for people, programs and language models."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import base_option, data_option, store_option


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 for any that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for all.")
@data_option
@base_option
@store_option
@click.option(
    "--timeout", type=click.FloatRange(0.1, 3600), default=10, show_default=True, metavar="SECONDS",
    help="How long a query may take.",
)  # fmt: skip
@click.option("--memory", metavar="SIZE", help="How much memory a query may take beside the graph (default: 192M).")
@click.option("--root-path", default="", metavar="PATH", help="The path under which a proxy shows the server.")
@click.option(
    "--forwarded-allow-ips", "proxies", metavar="ADDRESSES",
    help="Believe the X-Forwarded headers of proxies at these addresses, parted by commas (default: of none).",
)  # fmt: skip
def serve(
    port: int,
    host: str,
    data: tuple[Path, ...],
    base: str | None,
    store: Path | None,
    timeout: float,
    memory: str | None,
    root_path: str,
    proxies: str | None,
) -> None:
    """Serve the graph: pages, the stored questions as a web API, SPARQL, things as RDF, and tools for language models.

    Prints its address and runs until Ctrl-C. It only reads. Whoever reaches the address can ask, and so can any page
    that your browser opens; docs/server.md says how to run it for others.

    \b
    Examples:
      euaikg serve
      euaikg serve --port 8080 --data my-additions.trig
      euaikg serve --store graph --timeout 30 --memory 1G
      euaikg serve --root-path /graphs/euaikg --forwarded-allow-ips 127.0.0.1
    """
    from euaikg.graph import access
    from euaikg.serve import server
    from euaikg.sparql import limited

    server.run(
        access.open_embedded(data, store, base=base),
        server.state_of(data, store),
        *(host, port),
        timeout=timeout,
        memory=None if memory is None else limited.size(memory),
        root_path=root_path,
        proxies=proxies,
        say=click.echo,
    )
