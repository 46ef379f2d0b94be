"""``euaikg search``: things by any of their names."""

from __future__ import annotations

import click

from euaikg.cli.common import Open, graph_options
from euaikg.errors import UnknownThingError, quote


@click.command()
@click.argument("words", nargs=-1, required=True)
@graph_options
def search(words: tuple[str, ...], open_engine: Open) -> None:
    """Find things by any of their names, in any language; all WORDS must occur.

    \b
    Examples:
      euaikg search supercomputer
      euaikg search AI-bureau
    """
    from euaikg.core.vocab import short
    from euaikg.questions import names

    wanted = " ".join(words)
    engine = open_engine()
    found = names.search(engine, wanted)
    if not found:
        near = names.nearest(wanted, names.names(engine))
        hint = f" Nearest: {', '.join(near)}." if near else ""
        raise UnknownThingError(f"Nothing in the graph has {quote(wanted)} in its names.{hint}")
    shown = [(short(name.iri), name.text) for name in found]
    width = max(len(iri) for iri, _ in shown)
    for iri, text in shown:
        click.echo(f"{iri:<{width}}  {text}")
