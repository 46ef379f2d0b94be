"""``euaikg stats``: counts of what the graph holds."""

from __future__ import annotations

import click

from euaikg.cli.common import Open, graph_options, lang_option, print_table


@click.command()
@lang_option
@graph_options
def stats(lang: str, open_engine: Open) -> None:
    """Count what the graph holds, by document and by kind of thing.

    \b
    Example:
      euaikg stats --lang nl
    """
    from euaikg.questions import ask
    from euaikg.sparql.answers import Table

    engine = open_engine()
    for name in ("documents", "graph-size"):
        answer = ask.question(engine, name, {"lang": lang}).answer
        assert isinstance(answer, Table)
        print_table(answer)
        click.echo()
    total = engine.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").to_dicts()[0]["n"]
    click.echo(f"{total} triples.")
