"""``euaikg build``: the graph, with a user's files, as a store on disk."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import Place, base_option, data_option, progress


@click.command()
@click.option("--store", type=Place(), metavar="DIR", required=True, help="The folder that becomes the store.")
@data_option
@base_option
@click.option("--force", is_flag=True, help="Replace a store there that others made or changed, or a damaged one.")
def build(store: Path, data: tuple[Path, ...], base: str | None, force: bool) -> None:
    """Build the shipped graph, with your files on top of it, as a store on disk.

    All that asks the graph takes it with --store, and is as quick to start however large it is. A store that was
    built before is replaced when the new one is ready; anything else that stands there is left alone.

    \b
    Examples:
      euaikg build --store my.store --data my-additions.trig --data folder/
      euaikg query who-funds-what --store my.store
    """
    from euaikg.graph import stores

    with progress() as say:
        size = stores.build(store, data, force, say, base)
    facts = stores.open_store(store).select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").to_dicts()[0]["n"]
    click.echo(f"{store}: {facts} facts, {size / 1e6:.1f} MB.", err=True)
