"""What the commands share: their options, and how they write results."""

from __future__ import annotations

import functools
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from euaikg import quick

if TYPE_CHECKING:
    from euaikg.engine import Engine
    from euaikg.results import Table

Open = Callable[[], "Engine"]
"""Opens the graph that the user's options name."""

data_option = click.option(
    "--data",
    "data",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add an RDF file to the shipped graph (may be repeated).",
)
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to FILE instead of standard output; an existing file is replaced in one step.",
)
lang_option = click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice(["en", "nl"]),
    help="Language of names and citations.",
)


endpoint_option = click.option("--endpoint", metavar="URL", help="Ask the SPARQL server at URL instead.")
timeout_option = click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Give up after this many seconds."
)
default_graph_option = click.option(
    "--default-graph", metavar="IRI", help="Of a server, take this named graph for the default graph."
)


def graph_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which graph is asked; its function gets ``open_engine`` (:data:`Open`)."""

    @functools.wraps(function)
    def with_graph(
        *,
        data: tuple[Path, ...],
        endpoint: str | None,
        timeout: float | None,
        default_graph: str | None,
        **others: Any,
    ) -> None:
        def open_engine() -> Engine:
            from euaikg import access

            return access.open_engine(data, endpoint=endpoint, timeout=timeout, default_graph=default_graph)

        function(open_engine=open_engine, **others)

    return data_option(endpoint_option(timeout_option(default_graph_option(with_graph))))


def emit(content: bytes, output: Path | None) -> None:
    """Write ``content`` to the file ``output``, or to standard output as it is."""
    if output is not None:
        from euaikg import files

        files.write_bytes(output, content)
        return
    sys.stdout.flush()
    quick.write(content)


def print_table(table: Table, iris: bool = False) -> None:
    """Print ``table`` for people, as wide as the terminal, or 260 columns where there is none."""
    from euaikg import tables

    width = shutil.get_terminal_size((260, 50)).columns
    click.echo(tables.show(table, width, iris, terminal=sys.stdout.isatty()))


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine does not look up from its work to hear it."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
