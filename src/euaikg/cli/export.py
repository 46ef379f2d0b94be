"""``euaikg export``: the graph, or a part of it, as a file or a folder of tables."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli import completion, parameter
from euaikg.cli.common import Open, Place, choice, emit, graph_options, interruptible, progress, several, unless_dash
from euaikg.rdf.forms import DATASETS, FLAT, FOLDERS, TABLES

VIEWS = ("action", "body", "document", "funding", "initiative")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice([*FLAT, *DATASETS, *FOLDERS]),
    help=f"{', '.join(FLAT)} hold one graph; {', '.join(DATASETS)} keep the passages as named graphs; "
    f"{', '.join(TABLES)} make a folder of tables, one for each class; bulk makes one for a server's own "
    "loader, dataset Parquet for SQL engines.  "
    "[default: what the name of the file says, else trig; turtle with --query]",
)
@click.option("--graph", "graph", metavar="IRI", help="Only this named graph, such as graph:codelists or a passage.")
@click.option(
    "--document", "document", metavar="NAME", shell_complete=completion.thing, help="Only what this document says."
)
@click.option(
    "--about",
    "about",
    metavar="THING",
    shell_complete=completion.thing,
    help="Only this thing with its relations, statements and sources.",
)
@click.option(
    "--query",
    "query",
    metavar="NAME",
    shell_complete=completion.question,
    help="The triples that a stored question constructs.",
)
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A parameter of --query; may be repeated.")
@choice(
    "--provenance",
    values=["none", "statements"],
    help="In one graph, add an rdf:Statement record for each plain relation, with the passage that states it.",
)
@several(
    "--modality",
    "modalities",
    metavar="CODE",
    help="Only what passages state so, such as asserted, with names, descriptions and the vocabulary; broad codes take "
    "in the narrower ones. The file says so in itself. May be repeated.",
)
@click.option(
    "--part-size",
    type=int,
    metavar="TRIPLES",
    help="How many triples a file of --format bulk holds at most.  [default: 1000000]",
)
@click.option("--frame", "view", type=click.Choice(VIEWS), help="Nested JSON-LD about all things of this kind.")
@click.option(
    "-o",
    "--output",
    type=Place(),
    callback=unless_dash,
    metavar="PATH",
    help="Write to this file or folder in one step; what euaikg wrote there before is replaced.",
)
@graph_options
def export(
    open_engine: Open,
    form: str | None,
    graph: str | None,
    document: str | None,
    about: str | None,
    query: str | None,
    settings: tuple[str, ...],
    provenance: str,
    modalities: tuple[str, ...],
    part_size: int | None,
    view: str | None,
    output: Path | None,
) -> None:
    """Write the graph, or a part of it, the same bytes on every machine.

    \b
    Examples:
      euaikg export -o euaikg.ttl
      euaikg export -o euaikg.nq.gz
      euaikg export --about "AI Office" --format jsonld
      euaikg export --document "COM(2024) 28" --format turtle --provenance statements
      euaikg export --query describe-thing --set thing=GenAI4EU
      euaikg export --modality asserted -o facts.ttl
      euaikg export --frame funding -o funding.jsonld
      euaikg export --format csv -o tables
      euaikg export --format bulk --store my.store -o load
      euaikg export --format dataset -o facts
    """
    from euaikg.exports import export as exporting

    given = parameter.settings(settings)
    part = exporting.Part(graph, document, about, query, given, provenance == "statements", view, modalities, part_size)
    form = part.form(output, form)
    engine = open_engine()
    with interruptible():
        content = exporting.chosen(engine, part)
    with progress() as say:
        made = exporting.written(engine, part, content, form, output, say)
    if made is not None:
        emit(made, output)
