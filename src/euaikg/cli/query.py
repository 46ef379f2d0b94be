"""``euaikg query``: the stored questions as commands made from their headers, and SPARQL of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from euaikg.cli import parameter, questions
from euaikg.cli.common import (
    ANSWERS,
    Open,
    Place,
    Seen,
    cite_option,
    emit,
    form_of,
    give,
    graph_options,
    interruptible,
    output_option,
    pager_option,
)
from euaikg.core import suffixes
from euaikg.errors import QueryError
from euaikg.questions import ask, stored
from euaikg.questions.ask import Reply
from euaikg.sparql import scanner
from euaikg.sparql.formats import GRAPHS, ROWS

format_option = click.option(
    "--format",
    "form",
    type=click.Choice([*ROWS, *GRAPHS, *suffixes.BIBLIOGRAPHIES]),
    help=f"{', '.join(ROWS)} for rows (default: table; in a file what its name says, else markdown); "
    f"{', '.join(GRAPHS)} for triples (default: turtle); "
    f"{', '.join(suffixes.BIBLIOGRAPHIES)} for the documents that the rows rest on.",
)
iris_option = click.option("--iris", is_flag=True, help="In a table, show the IRI columns too.")
wide_option = click.option("--wide", is_flag=True, help="In a table, show all columns, not only the main ones.")
limit_option = click.option("--limit", type=int, metavar="NUMBER", help="Give only so many rows, the first ones.")


def ways(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how much of an answer is given, and how people see it."""
    for option in (cite_option, iris_option, wide_option, pager_option, limit_option):
        function = option(function)
    return function


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


class Asking(click.Command):
    """The command of one question; of an option that it lacks it says what can be set."""

    def __init__(self, *given: Any, query: stored.StoredQuery, **named: Any) -> None:
        super().__init__(*given, **named)
        self.query = query

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            import difflib

            shown = [name for option in self.params if not getattr(option, "hidden", True) for name in option.opts]
            if not difflib.get_close_matches(error.option_name, shown, cutoff=0.75):
                self.query.called(error.option_name.lstrip("-"))
            raise


def command(query: stored.StoredQuery) -> click.Command:
    """Return the command that asks ``query``, with an option for each of its parameters."""

    @format_option
    @output_option
    @ways
    @graph_options
    @click.option("--sparql", is_flag=True, help="Print the SPARQL that would be asked, with the values in it.")
    def run(
        open_engine: Open,
        form: str | None,
        output: Path | None,
        cite: bool,
        limit: int | None,
        sparql: bool,
        wide: bool,
        iris: bool,
        pager: bool,
        **given: tuple[str, ...],
    ) -> None:
        values = parameter.values(query, given)
        if sparql:
            emit(stored.bind(query, values, open_engine()).encode(), output)
            return
        form = form_of(output, _formats(query.form), form)
        engine = open_engine()
        with interruptible():
            answers = click.get_current_context().find_root().meta.get(ANSWERS)
            way = ask.way(form) if cite else None
            reply = ask.question(engine, query, values, cite=way, limit=limit, answers=answers)
        _print(reply, form, output, Seen(wide, iris, pager))

    example = next((p for p in query.parameters if p.name != "lang"), None)
    made = click.command(
        query.name,
        cls=Asking,
        query=query,
        help=f"{query.summary}.\n\n{query.description}",
        short_help=query.summary,
        epilog=f"\b\nExample: {ask.command(query, example, example.example if example else '')}",
    )(run)
    made.params[:0] = parameter.options(query)
    return made


def _formats(kind: str) -> tuple[str, ...]:
    """Return the formats in which a query of the ``kind``, such as SELECT, can be written."""
    return GRAPHS if kind in ("CONSTRUCT", "DESCRIBE") else (*ROWS, *suffixes.BIBLIOGRAPHIES)


def _print(reply: Reply, form: str | None, output: Path | None, seen: Seen) -> None:
    if form in suffixes.BIBLIOGRAPHIES:
        emit(reply.bibliography(form), output)
        return
    is_shown = give(reply.answer, form, output, reply.citations, seen, lambda: reply.undated, reply.addresses)
    for note in reply.notes if is_shown else reply.reasons:
        click.echo(note, err=True)


@click.group(cls=Questions, invoke_without_command=True, subcommand_metavar="[NAME [THING]... [OPTIONS]]")
@click.option("--file", "file", type=Place(), metavar="FILE", help="Ask the SPARQL query in FILE.")
@click.option("--text", "text", metavar="SPARQL", help="Ask this SPARQL query.")
@click.option(
    "--tag", "tag", metavar="TAG", shell_complete=questions.complete_tag, help="List only questions with this tag."
)
@click.option("--federated", is_flag=True, help="Allow SERVICE: the query may then reach the network.")
@format_option
@output_option
@ways
@graph_options
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
    cite: bool,
    limit: int | None,
    wide: bool,
    iris: bool,
    pager: bool,
) -> None:
    """Ask a stored question, or any SPARQL 1.1 query.

    Without arguments the stored questions are listed; with --format turtle, jsonld or ntriples and no name they are
    written as RDF that describes them. Each has its own --help.

    \b
    Examples:
      euaikg query --tag money
      euaikg query who-funds-what --cite
      euaikg query who-funds-what -o sources.bib
      euaikg query figures "AI Office" --lang nl
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
        form = form_of(output, GRAPHS, form)
        if form in GRAPHS:
            from euaikg.questions import as_rdf
            from euaikg.rdf import forms
            from euaikg.sparql import http

            target = http.address(ctx.params["endpoint"]) if ctx.params["endpoint"] is not None else None
            listed = [question for question in stored.catalogue().values() if tag is None or tag in question.tags]
            emit(forms.encode(as_rdf.describe(listed, target), str(form)), output)
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

    asked = files.read_text(file) if file is not None else str(text)
    ask.refuse_preset(asked)
    form = form_of(output, _formats(scanner.form(asked)), form)
    engine = open_engine(own=True)
    with interruptible():
        reply = ask.sparql(engine, asked, cite=ask.way(form) if cite else None, federated=federated, limit=limit)
    _print(reply, form, output, Seen(wide, iris, pager))
