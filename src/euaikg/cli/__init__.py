"""The command line: it reads arguments, makes one call into the library, prints and exits.

Results go to standard output, talk to standard error. The exit status is 0 when all is well, 1 when the data is
wrong, 2 when a command could not run. Each command stands in a module of its own and is imported when it is used.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from euaikg import quick
from euaikg.errors import EuaikgError

COMMANDS = {
    "export": "Write the graph as Turtle, TriG, N-Quads or N-Triples.",
    "fmt": "Give authored files their canonical text.",
    "publish": "Load the graph into a SPARQL server.",
    "query": "Ask a stored question, or any SPARQL query.",
    "search": "Find things by any of their names.",
    "show": "Show everything about one thing, with who says so.",
    "sources": "Check citations against the documents, and what is not cited.",
    "stats": "Count what the graph holds.",
    "validate": "Check the graph, or your files on top of it.",
}
"""The commands, each with its one line; the module of the same name holds it."""


class Failure(click.ClickException):
    """An error of the library, said in one sentence."""

    exit_code = 2  # every error of the library means that a command could not run


class Root(click.Group):
    """Loads a command when it is asked for, and turns errors into a sentence and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"euaikg.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except EuaikgError as error:
            raise Failure(str(error)) from None
        except BrokenPipeError:  # whoever reads has seen enough
            quick.silence()
            ctx.exit(0)
        except OSError as error:
            quick.silence()
            raise Failure(f"standard output cannot be written ({error.strerror}).") from None


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="euaikg")
def main() -> None:
    """Ask an open knowledge graph of EU initiatives on artificial intelligence.

    \b
    Examples:
      euaikg query                          list the stored questions
      euaikg query who-funds-what           who pays for what, and says who
      euaikg show "AI Office"               everything about one thing
      euaikg search supercomputer           find things by name
      euaikg export --format turtle -o euaikg.ttl
    """
