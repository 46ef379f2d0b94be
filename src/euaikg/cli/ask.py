"""``euaikg ask``: a question in plain words, taken for the stored question that answers it."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from euaikg.cli.common import ANSWERS, Open, cite_option, graph_options, output_option
from euaikg.core.output import printable
from euaikg.sparql.formats import GRAPHS, TABLES

if TYPE_CHECKING:
    from euaikg.questions.finding import Candidate, Found

OWN = ("words", "lang")
"""What this command keeps for itself; all other options are those of the command that it runs."""


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--lang", type=click.Choice(["en", "nl"]), help="Language of names and citations (default: that of WORDS)."
)
@click.option("--format", "form", type=click.Choice([*TABLES, *GRAPHS]), help="Format of the answer, as for query.")
@click.option("--iris", is_flag=True, help="In a table, show the IRI columns too.")
@output_option
@cite_option
@graph_options
@click.pass_context
def ask(ctx: click.Context, /, words: tuple[str, ...], lang: str | None, open_engine: Open, **options: Any) -> None:
    """Ask in plain words, in English or Dutch, and get the answer of the stored question that fits best.

    Things, documents, sectors, countries and periods are recognised in the WORDS, also with slips. The command that was
    run is printed with the answer; where it is not sure which is meant, the three likeliest are listed instead, to be
    pasted. Put words with brackets, apostrophes or a question mark in quotes. It works offline and without a language
    model.

    \b
    Examples:
      euaikg ask who funds GenAI4EU
      euaikg ask "what is due by the end of 2026?"
      euaikg ask wie is lid van ALT-EDIC
      euaikg ask when is the AI Act applicable --cite
      euaikg ask largest amounts --format csv -o amounts.csv
    """
    import shlex

    from euaikg.questions import finding
    from euaikg.questions.told import told

    finder = finding.Finder(open_engine())
    found = finder.find(" ".join(words), lang)
    best, *others = found.candidates
    if not found.sure:
        is_answer = options["form"] is None and options["output"] is None
        if found.missed:
            click.echo(printable(told(found.lang, "Not understood: {}.", ", ".join(found.missed))), err=True)
        click.echo(told(found.lang, "Which of these do you mean?"), err=True)
        for candidate in found.candidates:
            click.echo(_told(ctx, candidate, found), err=not is_answer)
        return
    command = _whole(ctx, best)
    click.echo(printable(command), err=True)
    sys.stderr.flush()
    ctx.find_root().meta[ANSWERS] = finder.answers
    root = ctx.find_root().command
    with root.make_context("euaikg", shlex.split(command)[1:], parent=ctx.find_root()) as run:
        root.invoke(run)
    sys.stdout.flush()
    if others:
        click.echo("\n" + told(found.lang, "Or did you mean:"), err=True)
        for candidate in others:
            click.echo(_told(ctx, candidate, found), err=True)


def _whole(ctx: click.Context, candidate: Candidate) -> str:
    """Return the command of ``candidate`` with the options that were given to this one."""
    from euaikg.questions.commands import quoted

    return " ".join([candidate.command, *map(quoted, _given(ctx, candidate.question))])


def _told(ctx: click.Context, candidate: Candidate, found: Found) -> str:
    """Return the command of ``candidate`` with what it answers, and what it leaves out beside what all do."""
    from euaikg.questions.told import told

    lines = [printable(_whole(ctx, candidate)), _shown(candidate.summary)]
    if left := [word for word in candidate.missed if word not in found.missed]:
        lines.append(_shown(told(found.lang, "Leaves out: {}.", ", ".join(left))))
    return "\n".join(lines)


def _shown(summary: str) -> str:
    import textwrap

    width = shutil.get_terminal_size((100, 50)).columns
    return textwrap.fill(printable(summary), width, initial_indent="    ", subsequent_indent="    ")


def _given(ctx: click.Context, question: str) -> list[str]:
    """Return the options that were given to this command, as words for the one that is run in its place."""
    taken = {option for option in ctx.params if ctx.get_parameter_source(option) is ParameterSource.COMMANDLINE}
    found: list[str] = []
    for option in ctx.command.params:
        name = option.name or ""
        if name in OWN or name not in taken or (question != "query" and name in SKIPPED.get(question, ())):
            continue
        value = ctx.params[name]
        flag = max(option.opts, key=len)
        if getattr(option, "is_flag", False):
            found.append(flag)
        else:
            for one in value if isinstance(value, tuple) else (value,):
                found += [flag, str(one)]
    return found


SKIPPED = {"show": ("iris", "output"), "search": ("iris", "output", "cite", "form")}
"""What commands other than questions do not know, and do not need."""
