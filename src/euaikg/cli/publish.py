"""``euaikg publish``: the graph into a running SPARQL server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from euaikg.cli.common import data_option, progress, timeout_option
from euaikg.errors import counted

if TYPE_CHECKING:
    from euaikg.publishing.load import Report


@click.command()
@click.option("--endpoint", required=True, metavar="URL", help="The address for queries.")
@click.option("--update", metavar="URL", help="The address for updates; by default …/update beside …/query, or URL.")
@click.option("--graph-store", metavar="URL", help="The address of the graph store; it is used instead of updates.")
@click.option(
    "--default-graph",
    metavar="IRI",
    help="Put the default graph into this named graph; by default the server is tried out.",
)
@timeout_option
@click.option("--dry-run", is_flag=True, help="Say what would be loaded, and load nothing.")
@data_option
def publish(
    endpoint: str,
    update: str | None,
    graph_store: str | None,
    default_graph: str | None,
    timeout: float | None,
    dry_run: bool,
    data: tuple[Path, ...],
) -> None:
    """Load the whole graph into a running SPARQL server; doing it again gives the same.

    Its own graphs are replaced, all others left alone; where one of its own holds triples of others, nothing is loaded.
    Credentials come from EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD, or EUAIKG_ENDPOINT_TOKEN.

    \b
    Examples:
      euaikg publish --endpoint http://localhost:7878/query --graph-store http://localhost:7878/store
      euaikg publish --endpoint https://example.org/sparql --update https://example.org/update --dry-run
    """
    from euaikg.graph import build
    from euaikg.publishing import load as publishing

    store = build.open_graph(data).store
    target = publishing.Target(endpoint, update, graph_store)
    sent = 0
    try:
        with progress() as say:

            def add(count: int) -> None:
                nonlocal sent
                sent += count
                say(f"loading {100 * sent // len(store)} %")

            report = publishing.publish(
                store, target, default_graph=default_graph, timeout=timeout, dry_run=dry_run, progress=add
            )
    except KeyboardInterrupt as stopped:  # which ends any command with 130
        click.echo(f"Error: {stopped}", err=True)
        raise
    click.echo(_sentence(report))
    if report.older:
        click.echo(
            f"The server also holds {counted(len(report.older), 'graph')} of this project beside those of this "
            f"version, such as {report.older[0]}; nothing there was changed.",
            err=True,
        )


def _sentence(report: Report) -> str:
    done = "Loaded" if report.done else "Would load"
    where = f"the graph {report.default}" if report.default else "the default graph"
    if not report.done and not report.default:
        where += ", or where the server shows all graphs there into one of its own"
    named = f"{counted(report.triples, 'triple')} in {counted(report.graphs, 'named graph')}"
    return f"{done} {named} and {counted(report.default_triples, 'triple')} in {where}, by {report.way}."
