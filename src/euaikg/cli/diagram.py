"""``euaikg diagram``: pictures of what stands in relation to what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from euaikg.cli import completion, parameter
from euaikg.cli.common import Open, emit, form_of, graph_options, interruptible, lang_option, output_option, several
from euaikg.diagrams.formats import WHOLE, WRITERS

if TYPE_CHECKING:
    from euaikg.diagrams.model.network import Network


@click.command()
@click.argument("view", required=False, shell_complete=completion.view)
@click.option(
    "--focus",
    metavar="THING",
    shell_complete=completion.thing,
    help="Draw one thing, by name or IRI, and what stands around it.",
)
@click.option("--depth", type=click.IntRange(1, 9), default=1, show_default=True, help="With --focus, how far around.")
@click.option(
    "--query",
    "stored",
    metavar="NAME",
    shell_complete=completion.question,
    help="Draw the answer to a stored query with two ends to a row.",
)
@several("--set", "values", metavar="NAME=VALUE", help="With --query, set a parameter. May be repeated.")
@several("--relation", "relations", metavar="NAME", help="Only this relation. May be repeated.")
@several("--kind", "kinds", metavar="NAME", help="Only around things of this kind. May be repeated.")
@several("--sector", "sectors", metavar="CODE", help="Only around things in this sector. May be repeated.")
@several("--document", "documents", metavar="NAME", help="Only what this document says. May be repeated.")
@several("--modality", "modalities", metavar="CODE", help="Only what is, for example, planned. May be repeated.")
@click.option("--as-of", metavar="DATE", help="Only what documents said up to this day.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="How many things at most (default: what fits a page of the view; for GraphML, GEXF, Cytoscape and CSV all).",
)
@click.option(
    "--size",
    type=click.Choice(["neighbours", "between"]),
    help="Draw what is central larger: by its neighbours, or by the shortest chains through it.",
)
@click.option(
    "--page",
    type=click.Choice(["slide", "a4", "square"]),
    default="slide",
    show_default=True,
    help="What a picture is to stand on: a slide of 16 to 9, a sheet upright, or a square.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(WRITERS)),
    help="Default: what the name of the file says, else svg.",
)
@lang_option
@output_option
@graph_options
def diagram(
    open_engine: Open,
    view: str | None,
    focus: str | None,
    depth: int,
    stored: str | None,
    values: tuple[str, ...],
    relations: tuple[str, ...],
    kinds: tuple[str, ...],
    sectors: tuple[str, ...],
    documents: tuple[str, ...],
    modalities: tuple[str, ...],
    as_of: str | None,
    limit: int | None,
    size: str | None,
    page: str,
    form: str | None,
    lang: str,
    output: Path | None,
) -> None:
    """Draw who stands in relation to whom, as a picture for a page, a slide or a network tool.

    Without arguments the views are listed. What does not fit is counted in the picture and said on standard error.

    \b
    Examples:
      euaikg diagram governance -o governance.svg
      euaikg diagram funding --as-of 2024-12-31 --lang nl -o geld.pdf
      euaikg diagram --focus "AI Office" --page a4 -o office.png
      euaikg diagram law --relation amends --relation repeals --format dot
      euaikg diagram --query relations --set thing="AI Act" -o act.svg
    """
    from euaikg.diagrams import diagram as diagrams
    from euaikg.diagrams import views
    from euaikg.diagrams.filters import ALL, Wanted

    if view is None and focus is None and stored is None and not values:
        width = max(map(len, views.VIEWS))
        for name, known in views.VIEWS.items():
            click.echo(f"{name:<{width}}  {known.nl if lang == 'nl' else known.en}")
        click.echo("\nDraw one with “euaikg diagram NAME -o FILE.svg”, or one thing with --focus.", err=True)
        return
    set_values = parameter.settings(values)
    diagrams.refuse_mixtures(view, focus, stored, set_values)
    form = form_of(output, WRITERS, form) or "svg"
    wanted = Wanted(relations, kinds, sectors, documents, modalities, as_of, limit, lang, page=page)
    if limit is None and form in WHOLE:
        wanted = replace(wanted, limit=ALL, rows=ALL)
    engine = open_engine()
    with interruptible():
        drawn = diagrams.drawn(engine, view, focus, stored, depth=depth, values=set_values, size=size, wanted=wanted)
        content = drawn.encode(form, page)
    emit(content, output)
    _say(drawn.network)


SAID = {
    "en": ("Show more with --limit, or less with filters.", "Nothing fits what you asked for; the picture is empty."),
    "nl": ("Toon meer met --limit, of minder met filters.", "Niets past bij wat is gevraagd; de tekening is leeg."),
}
"""What is said of a picture from which things were left out, and of an empty one."""


def _say(network: Network) -> None:
    left_out, empty = SAID[network.lang]
    if network.hidden:
        click.echo(f"{network.hidden} {left_out}", err=True)
    if not network.nodes:
        click.echo(empty, err=True)
