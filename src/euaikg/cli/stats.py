"""``euaikg stats``: counts of what the graph holds."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import Open, emit, form_of, graph_options, lang_option, output_option, print_table
from euaikg.errors import counted

FORMATS = ("table", "json", "markdown", "xlsx")


@click.command()
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Default: table; in a file what its name says, else markdown."
)
@lang_option
@output_option
@graph_options
def stats(lang: str, form: str | None, output: Path | None, open_engine: Open) -> None:
    """Count what the graph holds, by document and by kind of thing.

    \b
    Examples:
      euaikg stats --lang nl
      euaikg stats -o counts.xlsx
    """
    form = form_of(output, FORMATS, form)
    from euaikg.questions import counts

    found = counts.counts(open_engine(), lang)
    if output is not None or form not in (None, "table"):
        emit(found.encode(form), output)
        return
    for table in (found.documents, found.kinds):
        print_table(table)
        click.echo()
    click.echo(f"{counted(found.triples, 'triple')}.")
