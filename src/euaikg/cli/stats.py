"""``euaikg stats``: counts of what the graph holds."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import data_option, lang_option, print_table


@click.command()
@lang_option
@data_option
def stats(lang: str, data: tuple[Path, ...]) -> None:
    """Count what the graph holds, by document and by kind of thing.

    \b
    Example:
      euaikg stats --lang nl
    """
    from euaikg import graph, queries
    from euaikg.results import Table

    engine = graph.open_graph(data)
    for name in ("documents", "graph-size"):
        answer = queries.ask(engine, name, {"lang": [lang]})
        assert isinstance(answer, Table)
        print_table(answer)
        click.echo()
    total = engine.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").to_dicts()[0]["n"]
    click.echo(f"{total} facts in named graphs.")
