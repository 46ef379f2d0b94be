"""``euaikg publish``: the graph into a running SPARQL server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from euaikg.cli.common import Place, data_option, progress, store_option, timeout_option
from euaikg.errors import QueryError, counted

if TYPE_CHECKING:
    from euaikg.publishing.load import Report


@click.command()
@click.option("--endpoint", required=True, metavar="URL", help="The address for queries.")
@click.option("--update", metavar="URL", help="The address for updates; by default …/update beside …/query, or URL.")
@click.option(
    "--graph-store",
    metavar="URL",
    help="The address of the graph store, which takes much at once. With --update beside it, what is new is put in its"
    " place at the end.",
)
@click.option(
    "--default-graph",
    metavar="IRI",
    help="Put the default graph into this named graph, or patch it there; by default the server is tried out.",
)
@timeout_option
@click.option("--dry-run", is_flag=True, help="Say what would be loaded, and load nothing.")
@click.option("--prune", is_flag=True, help="Remove graphs that were loaded earlier and are no longer there.")
@click.option(
    "--patch",
    type=Place(dir_okay=False),
    metavar="FILE",
    help="Bring a server that holds the earlier release to the next one: changes.rdfp of a release.",
)
@store_option
@data_option
def publish(
    endpoint: str,
    update: str | None,
    graph_store: str | None,
    default_graph: str | None,
    timeout: float | None,
    dry_run: bool,
    prune: bool,
    patch: Path | None,
    store: Path | None,
    data: tuple[Path, ...],
) -> None:
    """Load the whole graph into a running SPARQL server; of what stands there, only what differs is sent.

    All graphs of others are left alone; where one of its own holds triples of others, nothing is loaded.
    Credentials come from EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD, EUAIKG_ENDPOINT_TOKEN or
    EUAIKG_ENDPOINT_HEADER.

    \b
    Examples:
      euaikg publish --endpoint http://localhost:7878/query --graph-store http://localhost:7878/store
      euaikg publish --endpoint https://example.org/sparql --update https://example.org/update --dry-run
      euaikg publish --endpoint http://localhost:7878/query --store my.store --prune
      euaikg publish --endpoint http://localhost:7878/query --patch public/changes.rdfp
    """
    from euaikg.graph import access
    from euaikg.publishing import load as publishing
    from euaikg.publishing import patches

    target = publishing.Target(endpoint, update, graph_store)
    if patch is not None and (data or store or prune):
        raise QueryError("A patch says all that changes; leave out --data, --store and --prune.")
    sent = 0
    try:
        with progress() as say:

            def add(count: int) -> None:
                nonlocal sent
                sent += count
                say(f"{counted(sent, 'triple')} sent")

            if patch is not None:
                report = publishing.patch(
                    patches.read(patch), target, default_graph=default_graph, timeout=timeout, dry_run=dry_run
                )
            else:
                report = publishing.publish(
                    access.open_embedded(data, store).store,
                    target,
                    default_graph=default_graph,
                    timeout=timeout,
                    dry_run=dry_run,
                    prune=prune,
                    progress=add,
                )
    except KeyboardInterrupt as stopped:  # which ends any command with 130
        click.echo(f"Error: {stopped}", err=True)
        raise
    click.echo(_sentence(report))
    if report.pruned:
        removed = "Removed" if report.done else "Would remove"
        click.echo(f"{removed} {counted(len(report.pruned), 'graph')} that had been loaded earlier.")
    if report.older:
        click.echo(
            f"The server also holds {counted(len(report.older), 'graph')} of this project beside those of this "
            f"version, such as {report.older[0]}; nothing there was changed.",
            err=True,
        )


def _sentence(report: Report) -> str:
    where = f"the graph {report.default}" if report.default else "the default graph"
    if not report.done and not report.default:
        where += ", or where the server shows all graphs there into one of its own"
    named = f"{counted(report.triples, 'triple')} in {counted(report.graphs, 'named graph')}"
    whole = f"{named} and {counted(report.default_triples, 'triple')} in {where}"
    if report.sent == report.triples + report.default_triples:
        return f"{'Loaded' if report.done else 'Would load'} {whole}, by {report.way}."
    said = "sent" if report.done else "to be sent"
    sent = f"{counted(report.sent, 'triple')} of it {said}" if report.sent else "nothing differed"
    return f"The server {'holds' if report.done else 'would hold'} {whole}; {sent}, by {report.way}."
