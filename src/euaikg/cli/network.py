"""``euaikg network``: who is central, what connects two things, which parts hang apart."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli import completion
from euaikg.cli.common import Open, form_of, give, graph_options, lang_option, output_option
from euaikg.sparql.formats import ROWS


@click.command()
@click.argument("view", required=False, shell_complete=completion.view)
@click.option(
    "--between",
    nargs=2,
    metavar="A B",
    shell_complete=completion.thing,
    help="The shortest chains of relations between two things.",
)
@click.option("--parts", is_flag=True, help="The parts between which no relation is stated.")
@click.option("--modality", "modalities", multiple=True, metavar="CODE", help="Only what is, for example, asserted.")
@click.option("--as-of", metavar="DATE", help="Only what documents said up to this day.")
@click.option("--limit", type=click.IntRange(1), help="How many things (default 25), or chains (default 5), at most.")
@click.option(
    "--format",
    "form",
    type=click.Choice(ROWS),
    help="Default: table; in a file what its name says, else markdown.",
)
@lang_option
@output_option
@graph_options
def network(
    open_engine: Open,
    view: str | None,
    between: tuple[str, str] | None,
    parts: bool,
    modalities: tuple[str, ...],
    as_of: str | None,
    limit: int | None,
    form: str | None,
    lang: str,
    output: Path | None,
) -> None:
    """Measure who is related to whom, in the whole graph or in one VIEW of "euaikg diagram".

    Without options: the things with most neighbours, and how many of the shortest chains between others run through
    each (between, from 0 to 1; an estimate where it is called so). Plans count like facts, and what is denied or has
    ended does not; --modality asserted leaves only what is.

    \b
    Examples:
      euaikg network
      euaikg network governance --format csv
      euaikg network --between "AI Office" "Horizon Europe"
      euaikg network --parts --modality asserted
    """
    from euaikg.diagrams import measures

    form = form_of(output, ROWS, form)
    answer = measures.measured(
        open_engine(), view, between=between, apart=parts, as_of=as_of, modalities=modalities, lang=lang, limit=limit
    )
    give(answer, form, output)
