"""``euaikg export``: the graph, or a part of it, as a file or a folder of tables."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli import completion, parameter
from euaikg.cli.common import Open, Place, choice, emit, form_of, graph_options, interruptible, progress, unless_dash
from euaikg.core.suffixes import is_packed, suffix
from euaikg.errors import OutputError, QueryError
from euaikg.rdf.forms import DATASETS, FLAT

TABLES = ("csv", "parquet")
VIEWS = ("action", "body", "document", "funding", "initiative")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice([*FLAT, *DATASETS, *TABLES]),
    help=f"{', '.join(FLAT)} hold one graph; {', '.join(DATASETS)} keep the passages as named graphs; "
    f"{', '.join(TABLES)} make a folder of tables, one for each class.  "
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
@click.option("--frame", "view", type=click.Choice(VIEWS), help="Nested JSON-LD about all things of this kind.")
@click.option(
    "-o",
    "--output",
    type=Place(),
    callback=unless_dash,
    metavar="PATH",
    help="Write to this file, or this folder for tables, in one step; what euaikg wrote there before is replaced.",
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
      euaikg export --frame funding -o funding.jsonld
      euaikg export --format csv -o tables
    """
    if form is None and output is not None and (end := suffix(output)[1:]) in TABLES:
        raise OutputError(f"{output}: {end} makes a folder of tables; write --format {end} -o FOLDER.")
    form = form_of(output, (*FLAT, *DATASETS), form) or ("jsonld" if view else "turtle" if query else "trig")
    parts = {"--graph": graph, "--document": document, "--about": about, "--query": query}
    chosen = [option for option, value in parts.items() if value is not None]
    _refuse_mixtures(form, chosen, settings, provenance, view, output)
    from euaikg.exports import export as exporting

    engine = open_engine()
    with interruptible():
        if about is not None and view is None:
            content = exporting.about(engine, about)
        elif document is not None:
            content = exporting.document(engine, document)
        elif graph is not None:
            content = exporting.graph(engine, graph)
        elif query is not None:
            content = exporting.answer(engine, query, parameter.settings(settings))
        else:
            content = exporting.everything(engine)
        if provenance == "statements":
            of = {"thing": about, "document": document, "passage": graph}
            content = exporting.with_records(content, engine, **{key: name for key, name in of.items() if name})
    if view is not None:
        with progress() as say:
            nested = exporting.view(content, engine, view, about, say)
        emit(nested, output)
    elif form in TABLES and output is not None:
        exporting.folder(content, form, output)
    else:
        emit(exporting.write(content, form), output)


def _refuse_mixtures(
    form: str, chosen: list[str], settings: tuple[str, ...], provenance: str, view: str | None, output: Path | None
) -> None:
    if len(chosen) > 1:
        raise QueryError(f"Choose one of {' and '.join(chosen)}.")
    if settings and chosen != ["--query"]:
        raise QueryError("--set goes with --query.")
    if provenance == "statements" and (form in DATASETS or view or chosen == ["--query"]):
        raise QueryError(
            f"--provenance statements is for one graph of facts, as {', '.join(FLAT)} and tables; "
            f"{', '.join(DATASETS)} keep the passages themselves."
        )
    if view and (form != "jsonld" or chosen not in ([], ["--about"])):
        raise QueryError("--frame goes with --format jsonld, and of the parts with --about alone.")
    if form in TABLES and (output is None or is_packed(output)):
        raise OutputError(f"{form} makes a folder of tables, which is not packed; say where with -o FOLDER.")
