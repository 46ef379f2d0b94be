"""``euaikg query``: the stored questions as commands made from their headers, and SPARQL of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from euaikg.cli import questions
from euaikg.cli.common import (
    Open,
    cite_option,
    emit,
    graph_options,
    interruptible,
    named_form,
    output_option,
    print_table,
)
from euaikg.cli.parameter import ParameterOption, option_name, quoted
from euaikg.errors import QueryError
from euaikg.questions import stored
from euaikg.sparql.answers import Answer, Table, Triples
from euaikg.sparql.embedded import Engine

TABLES = ("table", "csv", "tsv", "json", "xml", "markdown")
GRAPHS = ("turtle", "jsonld", "ntriples", "rdfxml")

format_option = click.option(
    "--format",
    "form",
    type=click.Choice([*TABLES, *GRAPHS]),
    help=f"{', '.join(TABLES)} for rows (default: table; in a file what its name says, else markdown); "
    f"{', '.join(GRAPHS)} for triples (default: turtle).",
)
iris_option = click.option("--iris", is_flag=True, help="In a table, show the IRI columns too.")


class Questions(click.Group):
    """A group whose commands are the stored queries."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(stored.catalogue())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        try:
            return command(stored.get(cmd_name))
        except QueryError:
            if ctx.resilient_parsing:  # a word that is being typed
                return None
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return args[0], self.get_command(ctx, args[0]), args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        questions.write(formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        offered = [CompletionItem(name, help=line) for name, line in questions.beginning(incomplete)]
        return [*offered, *click.Command.shell_complete(self, ctx, incomplete)]


def command(query: stored.StoredQuery) -> click.Command:
    """Return the command that asks ``query``, with an option for each of its parameters."""

    @format_option
    @output_option
    @graph_options
    @iris_option
    @cite_option
    def run(open_engine: Open, form: str | None, output: Path | None, iris: bool, cite: bool, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value}
        engine = open_engine()
        text = stored.bind(query, given, engine)
        language = (given.get("lang") or ["en"])[0].lower()
        _answer(engine, text, form, output, iris, cite=language if cite else None)

    example = next((p for p in query.parameters if p.name != "lang"), None)
    words = f" {option_name(example.name)} {quoted(example.example)}" if example else ""
    made = click.command(
        query.name,
        help=f"{query.summary}.\n\n{query.description}",
        short_help=query.summary,
        epilog=f"\b\nExample: euaikg query {query.name}{words}",
    )(run)
    made.params[:0] = map(ParameterOption, query.parameters)
    return made


def _answer(
    engine: Engine,
    text: str,
    form: str | None,
    output: Path | None,
    iris: bool,
    federated: bool = False,
    cite: str | None = None,
    own: bool = False,
) -> None:
    """Ask the query ``text``, one's ``own`` or a stored one; print the answer, with citations in the language ``cite``.

    A server that has no answer to a stored question since it does not hold the graph is an :class:`EndpointError`.
    """
    form = form or named_form(output, (*TABLES, *GRAPHS))
    with interruptible():
        answer = engine.run(text, federated=federated)
    as_table = isinstance(answer, Table) and output is None and form in (None, "table")
    lacking = None if own else getattr(engine, "lacking", None)  # only a server can lack the graph
    newest = _newest(engine) if as_table or (lacking and not answer) else None
    if lacking and not newest and (as_table or not answer):
        raise lacking()
    answer, notes = cited(engine, answer, form, cite)
    if as_table and isinstance(answer, Table):
        print_table(answer, iris)
        click.echo("".join(f"\n{note}" for note in notes), nl=bool(notes))
        if newest:
            click.echo(f"The newest document in the graph is of {newest}.", err=True)
    else:
        emit(encode(answer, form, bool(output), notes), output)


def cited(engine: Engine, answer: Answer, form: str | None, lang: str | None) -> tuple[Answer, list[str]]:
    """Return ``answer`` with citations, and what stands below it: people get numbers and a list, programs a column."""
    if lang is None:
        return answer, []
    from euaikg.questions import citations

    if form in (None, "table", "markdown"):
        (table,), notes = citations.numbered(engine, [answer], lang)
        return table, notes
    return citations.spelt(engine, [answer], lang)[0], []


def encode(answer: Answer, form: str | None, to_file: bool = False, notes: Sequence[str] = ()) -> bytes:
    """Return ``answer`` in the format ``form``; raise :class:`QueryError` where the two do not go together."""
    if isinstance(answer, Triples):
        if form in TABLES:
            raise QueryError(f"This query answers with triples; write them as {', '.join(GRAPHS)}, not as {form}.")
        from euaikg.exports import export

        return export.encode(answer.triples, form or "turtle")
    if form in GRAPHS:
        raise QueryError(f"This query answers with rows; write them as {', '.join(TABLES)}, not as {form}.")
    from euaikg.sparql import formats

    if isinstance(answer, bool):
        return formats.encode_boolean(answer, form) if form in formats.KINDS else b"yes\n" if answer else b"no\n"

    return formats.encode(answer, "markdown" if to_file and form in (None, "table") else str(form), notes)


def _newest(engine: Engine) -> object:
    """Return the day that says how recent the graph's knowledge is, or None where no document is there."""
    newest = engine.select(
        "PREFIX euai: <https://w3id.org/euaikg/ontology#> SELECT (MAX(?date) AS ?newest) { ?any euai:statedOn ?date }"
    )
    return next((row["newest"] for row in newest.to_dicts()), None)


@click.group(cls=Questions, invoke_without_command=True, subcommand_metavar="[NAME [OPTIONS]]")
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Ask the SPARQL query in FILE.")
@click.option("--text", "text", metavar="SPARQL", help="Ask this SPARQL query.")
@click.option(
    "--tag", "tag", metavar="TAG", shell_complete=questions.complete_tag, help="List only questions with this tag."
)
@click.option("--federated", is_flag=True, help="Allow SERVICE: the query may then reach the network.")
@format_option
@output_option
@graph_options
@iris_option
@cite_option
@click.pass_context
def query(
    ctx: click.Context,
    file: Path | None,
    text: str | None,
    tag: str | None,
    federated: bool,
    form: str | None,
    output: Path | None,
    open_engine: Open,
    iris: bool,
    cite: bool,
) -> None:
    """Ask a stored question, or any SPARQL 1.1 query.

    Without arguments the stored questions are listed; with --format turtle, jsonld or ntriples and no name they are
    written as RDF that describes them. Each has its own --help.

    \b
    Examples:
      euaikg query --tag money
      euaikg query who-funds-what --cite
      euaikg query figures --thing "AI Office" --lang nl
      euaikg query disagreements --format csv -o disagreements.csv
      euaikg query --text 'SELECT ?s WHERE { ?s a euai:JointUndertaking }'
      euaikg query --format turtle -o questions.ttl
    """
    own = file is not None or text is not None
    if tag is not None and (own or ctx.invoked_subcommand is not None):
        raise QueryError("--tag goes with the list of questions, without a query.")
    if ctx.invoked_subcommand is not None:
        if own:
            raise QueryError("Give a stored question, --file or --text, but only one of them.")
        if any(ctx.get_parameter_source(option) is ParameterSource.COMMANDLINE for option in ctx.params):
            raise QueryError(f"Options go after the name: euaikg query {ctx.invoked_subcommand} --format csv.")
        return
    if not own:
        if form in GRAPHS:
            from euaikg.exports import export
            from euaikg.questions import as_rdf as described

            listed = [question for question in stored.catalogue().values() if tag is None or tag in question.tags]
            emit(export.encode(described.describe(listed, ctx.params.get("endpoint")), str(form)), output)
            return
        if form is not None or output is not None:
            raise QueryError(
                f"The list of questions is written as {', '.join(GRAPHS)}; give --format with one of them."
            )
        questions.show(tag)
        return
    if file is not None and text is not None:
        raise QueryError("Give a stored question, --file or --text, but only one of them.")
    from euaikg.core import files
    from euaikg.sparql import scanner

    asked = files.read_text(file) if file is not None else str(text)
    text = scanner.with_prefixes(asked)
    _answer(open_engine(own=True), text, form, output, iris, federated, "en" if cite else None, own=True)
