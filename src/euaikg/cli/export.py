"""``euaikg export``: the graph as a file."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import data_option, emit, output_option


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["turtle", "trig", "nquads", "ntriples"]),
    default="trig",
    show_default=True,
    help="turtle and ntriples hold one graph; trig and nquads keep the passages as named graphs.",
)
@output_option
@data_option
def export(form: str, output: Path | None, data: tuple[Path, ...]) -> None:
    """Write the graph, the same bytes on every machine.

    \b
    Examples:
      euaikg export --format turtle -o euaikg.ttl
      euaikg export --format nquads | gzip > euaikg.nq.gz
    """
    from euaikg import export as exporting
    from euaikg import graph

    emit(exporting.whole(graph.open_graph(data).store, form), output)
