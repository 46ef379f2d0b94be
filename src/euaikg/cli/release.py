"""``euaikg release``: everything a portal needs, in one folder."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import Place, data_option, progress, store_option
from euaikg.core.vocab import BASE


@click.command()
@click.option(
    "-o",
    "--output",
    type=Place(file_okay=False),
    metavar="DIR",
    required=True,
    help="The folder to write; a release that stands there is replaced in one step.",
)
@click.option("--base-url", default=BASE, show_default=True, metavar="URL", help="Where the folder will be hosted.")
@click.option(
    "--endpoint", metavar="URL", help="A SPARQL server with the same graph: the queries and the record name it."
)
@click.option("--email", metavar="ADDRESS", help="Where people can write to: the record for portals names it.")
@click.option("--since", type=Place(), metavar="DIR", help="An earlier release: tell what changed since then.")
@click.option(
    "--browser-engine",
    type=Place(file_okay=False),
    metavar="DIR",
    help="The npm package oxigraph (node_modules/oxigraph): the pages then answer any question themselves.",
)
@click.option("--authors", metavar="NAMES", help="Whose release it is; by default the authors of euaikg.")
@store_option
@data_option
def release(
    output: Path,
    base_url: str,
    endpoint: str | None,
    email: str | None,
    since: Path | None,
    browser_engine: Path | None,
    authors: str | None,
    store: Path | None,
    data: tuple[Path, ...],
) -> None:
    """Write one folder ready to be uploaded, of the shipped graph, with your files on top, or of a store.

    It holds the graph in all formats, the catalogue record, VoID, the ontology, shapes and queries, pages for people,
    nanopublications, an event stream, a site map, checksums, a feed of changes, and the .htaccess that makes w3id.org
    lead to them.

    \b
    Examples:
      euaikg release -o public
      euaikg release -o public --base-url https://example.org/euaikg/ --since last-year
      euaikg release -o public --data my.trig
    """
    from euaikg.graph import access
    from euaikg.publishing import release as releasing
    from euaikg.publishing.changes import AUTHORS

    with progress() as say:
        engine = access.open_embedded(data, store)
        count = releasing.write(
            engine, output, base_url, since, say, endpoint, email, browser_engine, authors or AUTHORS
        )
    click.echo(f"{output}: {count} files.", err=True)
