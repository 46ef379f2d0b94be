"""The command line: it reads arguments, makes one call into the library, prints and exits.

Results go to standard output, talk to standard error. The exit status is 0 when all is well, 1 when the data is
wrong, 2 when a command could not run, and 70 (:data:`CRASHED`) when euaikg itself has a fault. Each command stands in
a module of its own and is imported when it is used.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

import click

from euaikg.core.output import Screen, printable, silence
from euaikg.errors import EuaikgError, ParameterError, PassedOver, cut

COMMANDS = {
    "ask": "Ask in plain words, and get the answer of the question that fits.",
    "build": "Build the graph, with your files, as a store on disk.",
    "catalog": "Describe the data set for portals, crawlers and search engines.",
    "diagram": "Draw who stands in relation to whom, as SVG, PNG, PDF or DOT.",
    "export": "Write the graph, or a part of it, as RDF, JSON or tables.",
    "fmt": "Give authored files their canonical text.",
    "network": "Measure who is central, what connects two things, which parts hang apart.",
    "mcp": "Let language models ask, with a citation for each row.",
    "publish": "Load the graph into a SPARQL server.",
    "query": "Ask a stored question, or any SPARQL query.",
    "release": "Write everything a portal needs into one folder.",
    "search": "Find things by any of their names.",
    "serve": "Serve pages, questions, SPARQL and tools for language models.",
    "show": "Show one thing on a card, with who says so.",
    "sources": "Check citations against the documents; draft the file of a new one.",
    "stats": "Count what the graph holds.",
    "validate": "Check the graph, or your files on top of it.",
    "verify": "Hold a claim against what documents say.",
}
"""The commands, each with its one line; the module of the same name holds it."""


class Failure(click.ClickException):
    """An error of the library, said in one sentence."""

    exit_code = 2  # every error of the library means that a command could not run

    def format_message(self) -> str:
        return printable(self.message)


WIDEST = 100
"""How many characters wide the help is at most; wider lines are hard to read."""

CRASHED = 70
"""The exit status of a fault of our own: what sysexits.h calls EX_SOFTWARE."""


class Crash(click.ClickException):
    """A fault of our own, said in one sentence that asks for a report."""

    exit_code = CRASHED

    def __init__(self, error: BaseException) -> None:
        import traceback
        from pathlib import Path

        place = traceback.extract_tb(error.__traceback__)[-1]
        words = " ".join(str(error).split())
        super().__init__(
            f"euaikg itself failed ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            f"{': ' * bool(words)}{cut(words)}). Please report it with the command and its input; "
            "EUAIKG_DEBUG=1 shows where it happened."
        )


class Root(click.Group):
    """Loads a command when it is asked for, and turns errors into a sentence and an exit status."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a letter gets another instead
                stream.reconfigure(errors="replace")
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = map(Screen, before)
        try:
            with _crashes_told(), warnings.catch_warnings():
                warnings.simplefilter("always", PassedOver)
                warnings.showwarning = _sentence(warnings.showwarning)
                return super().main(*args, **kwargs)
        finally:
            sys.stdout, sys.stderr = before

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"euaikg.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            ctx.fail(_unknown(args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except ParameterError as error:
            from euaikg.questions.ask import option_name

            raise Failure(f"{option_name(error.name)}: {error.sentence}") from None
        except EuaikgError as error:
            raise Failure(str(error)) from None
        except KeyboardInterrupt:
            silence()
            ctx.exit(130)
        except BrokenPipeError:  # whoever reads has seen enough
            silence()
            ctx.exit(0)
        except OSError as error:
            raise Failure(_of_the_system(error)) from None

    def _main_shell_completion(
        self, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str | None = None
    ) -> None:
        """Complete a word, or stay silent: an error would be printed into the middle of a command."""
        try:
            importlib.import_module("euaikg.cli.completion")  # tells click how bash quotes
            super()._main_shell_completion(ctx_args, prog_name, complete_var)
        except Exception:
            sys.exit(1)


def _sentence(show: Callable[..., None]) -> Callable[..., None]:
    """Return ``show``, which shows a warning, with those that are for users shown as the sentence that they are."""

    def shown(message: Warning | str, *about: Any) -> None:
        if isinstance(message, PassedOver):
            click.echo(message, err=True)
        else:
            show(message, *about)

    return shown


@contextmanager
def _crashes_told() -> Iterator[None]:
    """Turn a fault of our own in the block into the message and the status of :class:`Crash`."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except BaseException as error:  # what the engine raises in a panic is no Exception
        if os.environ.get("EUAIKG_DEBUG"):
            import traceback

            traceback.print_exc()
        crash = Crash(error)
        crash.show()
        sys.exit(crash.exit_code)


def _of_the_system(error: OSError) -> str:
    """Return what to say of an error of the system that nothing nearer to it has explained."""
    reason = error.strerror or " ".join(str(error).split()).rstrip(".") or type(error).__name__
    try:
        sys.stdout.flush()  # what could not be written is still waiting, and fails again
    except OSError:
        silence()
        return f"standard output cannot be written ({reason})."
    return f"{error.filename}: {reason}." if isinstance(error.filename, str) else f"{reason}."


def _unknown(word: str) -> str:
    """Return what to say of a command that does not exist: perhaps a slip, perhaps a stored question."""
    import difflib

    from euaikg.questions import stored

    if any(path.stem == word for path in stored.paths()):
        return f"No such command {word!r}; it is a stored question: euaikg query {word}."
    near = difflib.get_close_matches(word[:100], COMMANDS, n=1)
    return f"No such command {cut(word)!r}." + (f" Did you mean {near[0]!r}?" if near else "")


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST})
@click.version_option(package_name="euaikg")
def main() -> None:
    """Ask an open knowledge graph of EU initiatives on artificial intelligence.

    \b
    Examples:
      euaikg ask who funds GenAI4EU         ask in plain words
      euaikg query                          list the stored questions
      euaikg query who-funds-what           who pays for what, and says who
      euaikg show "AI Office"               one thing on a card
      euaikg search supercomputer           find things by name
      euaikg export --format turtle -o euaikg.ttl

    The exit status is 0 when all is well, 1 when something is wrong with the data that was checked, 2 when the command
    could not run, and 70 when euaikg itself has a fault; EUAIKG_DEBUG=1 then shows where.

    \b
    The tab key completes questions, parameters and things by name after:
      eval "$(_EUAIKG_COMPLETE=bash_source euaikg)"    in ~/.bashrc
      eval "$(_EUAIKG_COMPLETE=zsh_source euaikg)"     in ~/.zshrc
      _EUAIKG_COMPLETE=fish_source euaikg | source     in ~/.config/fish/config.fish
    """
