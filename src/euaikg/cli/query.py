"""``euaikg query``: the stored questions as commands made from their headers, and SPARQL of one's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from euaikg import queries
from euaikg.cli.common import Open, emit, graph_options, interruptible, output_option, print_table
from euaikg.engine import Engine
from euaikg.errors import QueryError
from euaikg.results import Answer, Table, Triples

TABLES = ("table", "csv", "tsv", "json", "xml", "markdown")
GRAPHS = ("turtle", "jsonld", "ntriples")

format_option = click.option(
    "--format",
    "form",
    type=click.Choice([*TABLES, *GRAPHS]),
    help=f"{', '.join(TABLES)} for rows (default: table, and markdown in a file); "
    f"{', '.join(GRAPHS)} for triples (default: turtle).",
)
iris_option = click.option("--iris", is_flag=True, help="In a table, show the IRI columns too.")


def option_name(parameter: str) -> str:
    """Return the option for a parameter: ``asOf`` becomes ``--as-of``."""
    return "--" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", parameter).lower()


class Questions(click.Group):
    """A group whose commands are the stored queries."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(queries.catalogue())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        return command(queries.get(cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return args[0], self.get_command(ctx, args[0]), args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Stored questions"):
            formatter.write_dl([(query.name, _line(query)) for query in queries.catalogue().values()])


def _line(query: queries.StoredQuery) -> str:
    return f"BROKEN: {query.error}" if query.error else query.summary


def command(query: queries.StoredQuery) -> click.Command:
    """Return the command that asks ``query``, with an option for each of its parameters."""
    options: list[click.Parameter] = []
    for parameter in query.parameters:
        default = "any" if parameter.is_open else parameter.default.strip('"')
        allowed = f" of {parameter.scheme}" if parameter.scheme else ""
        options.append(
            click.Option(
                [option_name(parameter.name), parameter.name],
                multiple=True,
                metavar=parameter.type.upper(),
                help=f"{parameter.label} ({parameter.type}{allowed}; default {default}; for example"
                f' "{parameter.example}"). May be repeated.',
            )
        )

    @format_option
    @output_option
    @graph_options
    @iris_option
    def run(open_engine: Open, form: str | None, output: Path | None, iris: bool, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value}
        engine = open_engine()
        text = queries.bind(query, given, engine)
        _answer(engine, text, form, output, iris, federated=False)

    example = next((p for p in query.parameters if p.name != "lang"), None)
    words = f' {option_name(example.name)} "{example.example}"' if example else ""
    made = click.command(
        query.name,
        help=f"{query.summary}.\n\n{query.description}",
        short_help=query.summary,
        epilog=f"Example: euaikg query {query.name}{words}",
    )(run)
    made.params[:0] = options
    return made


def _answer(engine: Engine, text: str, form: str | None, output: Path | None, iris: bool, federated: bool) -> None:
    with interruptible():
        answer = engine.run(text, federated=federated)
    if isinstance(answer, Table) and output is None and form in (None, "table"):
        print_table(answer, iris)
        _footer(engine)
    else:
        emit(encode(answer, form, bool(output)), output)


def encode(answer: Answer, form: str | None, to_file: bool = False) -> bytes:
    """Return ``answer`` in the format ``form``; raise :class:`QueryError` where the two do not go together."""
    if isinstance(answer, Triples):
        if form in TABLES:
            raise QueryError(f"This query answers with triples; write them as {', '.join(GRAPHS)}, not as {form}.")
        from euaikg import export

        return export.encode(answer.triples, form or "turtle")
    if form in GRAPHS:
        raise QueryError(f"This query answers with rows; write them as {', '.join(TABLES)}, not as {form}.")
    if isinstance(answer, bool):
        from euaikg import tables

        return tables.encode_boolean(answer, form) if form in tables.KINDS else b"yes\n" if answer else b"no\n"
    from euaikg import tables

    return tables.encode(answer, "markdown" if to_file and form in (None, "table") else str(form))


def _footer(engine: Engine) -> None:
    """Say on standard error how recent the graph's knowledge is."""
    newest = engine.select(
        "PREFIX euai: <https://w3id.org/euaikg/ontology#> SELECT (MAX(?date) AS ?newest) { ?any euai:statedOn ?date }"
    )
    click.echo(f"The newest document in the graph is of {newest.to_dicts()[0]['newest']}.", err=True)


@click.group(cls=Questions, invoke_without_command=True)
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Ask the SPARQL query in FILE.")
@click.option("--text", "text", metavar="SPARQL", help="Ask this SPARQL query.")
@click.option("--federated", is_flag=True, help="Allow SERVICE: the query may then reach the network.")
@format_option
@output_option
@graph_options
@iris_option
@click.pass_context
def query(
    ctx: click.Context,
    file: Path | None,
    text: str | None,
    federated: bool,
    form: str | None,
    output: Path | None,
    open_engine: Open,
    iris: bool,
) -> None:
    """Ask a stored question, or any SPARQL 1.1 query.

    Without arguments the stored questions are listed; with --format turtle, jsonld or ntriples and no name they are
    written as RDF that describes them. Each has its own --help.

    \b
    Examples:
      euaikg query who-funds-what
      euaikg query figures --thing "AI Office" --lang nl
      euaikg query disagreements --format csv -o disagreements.csv
      euaikg query --text 'SELECT ?s WHERE { ?s a euai:JointUndertaking }'
      euaikg query --format turtle -o questions.ttl
    """
    own = file is not None or text is not None
    if ctx.invoked_subcommand is not None:
        if own:
            raise QueryError("Give a stored question, --file or --text, but only one of them.")
        if any(ctx.get_parameter_source(option) is ParameterSource.COMMANDLINE for option in ctx.params):
            raise QueryError(f"Options go after the name: euaikg query {ctx.invoked_subcommand} --format csv.")
        return
    if not own:
        catalogue = queries.catalogue().values()
        if form in GRAPHS:
            from euaikg import catalogue as described
            from euaikg import export

            emit(export.encode(described.describe(catalogue, ctx.params.get("endpoint")), form), output)
            return
        if form is not None or output is not None:
            raise QueryError(
                f"The list of questions is written as {', '.join(GRAPHS)}; give --format with one of them."
            )
        width = max(len(question.name) for question in catalogue)
        for question in catalogue:
            click.echo(f"{question.name:<{width}}  {_line(question)}")
        click.echo(f'\n{len(catalogue)} questions; "euaikg query NAME --help" tells what can be set.', err=True)
        return
    if file is not None and text is not None:
        raise QueryError("Give a stored question, --file or --text, but only one of them.")
    from euaikg import files, vocab

    asked = files.read_text(file) if file is not None else str(text)
    _answer(open_engine(), vocab.with_prefixes(asked), form, output, iris, federated)
