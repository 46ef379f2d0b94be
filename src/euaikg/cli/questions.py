"""The list of the stored questions: under their first tags for people, one a line for programs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from euaikg.cli.common import read
from euaikg.core.groups import by_key
from euaikg.errors import counted
from euaikg.questions import listing, stored
from euaikg.questions.stored import StoredQuery


def show(tag: str | None) -> None:
    """Print the questions, or those with ``tag``: under headings on a terminal, else each on a line of its own."""
    questions = listing.tagged(tag)
    if sys.stdout.isatty():
        formatter = click.HelpFormatter(width=shutil.get_terminal_size().columns)
        write(formatter, questions)
        read(formatter.getvalue().strip("\n"))
    else:
        width = max(len(question.name) for question in questions)
        for question in questions:
            click.echo(f"{question.name:<{width}}  {listing.told(question)}")
    click.echo(f'\n{counted(len(questions), "question")}; "euaikg query NAME --help" tells what can be set.', err=True)


def write(formatter: click.HelpFormatter, questions: Iterable[StoredQuery] | None = None) -> None:
    """Write the ``questions``, or all, under their first tags."""
    listed = stored.catalogue().values() if questions is None else questions
    groups = by_key((next(iter(question.tags), "broken"), question) for question in listed)
    for heading in sorted(groups):
        with formatter.section(heading[:1].upper() + heading[1:]):
            formatter.write_dl([(question.name, listing.told(question)) for question in groups[heading]])


def beginning(text: str) -> Iterable[tuple[str, str]]:
    """Yield name and summary of the questions whose name begins with ``text``."""
    for path in stored.paths():
        if path.stem.startswith(text):
            yield path.stem, listing.told(stored.parse(path))


def complete_tag(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Offer the tags that begin as what is typed so far."""
    return [CompletionItem(tag) for tag in listing.tags([*stored.catalogue().values()]) if tag.startswith(incomplete)]
