"""What the commands share: their options, and how they write results."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import click

from euaikg.core.output import printable, write
from euaikg.errors import OutputError

if TYPE_CHECKING:
    from euaikg.sparql.answers import Answer, Table
    from euaikg.sparql.columns import Undated
    from euaikg.sparql.embedded import Engine


ENGINE, ANSWERS = "euaikg.engine", "euaikg.answers"
"""Where the contexts of one command line keep the engine that was opened for it."""

Option = Callable[[Callable[..., None]], Callable[..., None]]
"""Gives a command an option."""


class Open(Protocol):
    """Opens the graph that the user's options name."""

    def __call__(self, *, own: bool = False) -> Engine:
        """Return the engine; for a query of the user's ``own`` with a bound on memory in any case."""
        ...


class Place(click.Path):
    """A file or folder; an empty name, which would stand for the working folder, is refused."""

    def __init__(self, **others: Any) -> None:
        super().__init__(path_type=Path, **others)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("a name is needed, and this one is empty.", param, ctx)
        return super().convert(value, param, ctx)


def several(*names: str, metavar: str, help: str, **others: Any) -> Option:  # noqa: A002
    """Return an option that may be repeated."""
    return click.option(*names, multiple=True, metavar=metavar, help=help, **others)


def paths_option(name: str, metavar: str, help: str) -> Option:  # noqa: A002
    """Return an option for a file or folder, which may be repeated; its help says so."""
    return several(name, metavar=metavar, help=f"{help} (may be repeated).", type=Place())


data_option = paths_option("--data", "FILE|DIR", "Add an RDF file, or all below a folder, to the shipped graph")
base_option = click.option(
    "--base", metavar="IRI", help="Resolve relative IRIs in your files against this one (default: each file's address)."
)
only_option = paths_option("--only", "FILE|DIR", "Ask an RDF file, or all below a folder, without the shipped graph")
store_option = click.option(
    "--store",
    type=Place(),
    metavar="DIR",
    help='Ask a store on disk, made by "euaikg build", in place of the shipped graph.',
)
memory_option = click.option(
    "--memory",
    metavar="SIZE",
    help="Give up when a query needs more memory, such as 4G (default: none for stored questions, three quarters of"
    " the machine's for your own).",
)


def choice(*names: str, values: Sequence[str], help: str) -> Option:  # noqa: A002
    """Return an option that takes one of ``values``, by default the first; its help says so."""
    return click.option(*names, type=click.Choice(values), default=values[0], show_default=True, help=help)


def unless_dash(_ctx: click.Context, _parameter: click.Parameter, output: Path | None) -> Path | None:
    """Take ``-`` for standard output, as is usual."""
    return None if output == Path("-") else output


output_option = click.option(
    "-o",
    "--output",
    type=Place(dir_okay=False),
    callback=unless_dash,
    metavar="FILE",
    help="Write to FILE instead of standard output, packed where its name ends in .gz; an existing file is replaced in"
    " one step.",
)
lang_option = choice("--lang", values=["en", "nl"], help="Language of names and citations.")

cite_option = click.option(
    "--cite",
    is_flag=True,
    help="Say how to cite the places that the answer names: numbered below it, or in a column “citation”.",
)
pager_option = click.option(
    "--pager/--no-pager",
    default=True,
    show_default=True,
    help="On a terminal, show what is longer page by page, by the program that PAGER names.",
)
endpoint_option = click.option("--endpoint", metavar="URL", help="Ask the SPARQL server at URL instead.")
timeout_option = click.option("--timeout", type=float, metavar="SECONDS", help="Give up after this many seconds.")
default_graph_option = click.option(
    "--default-graph", metavar="IRI", help="Of a server, take this named graph for the default graph."
)


def graph_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which graph is asked; its function gets ``open_engine`` (:data:`Open`)."""

    @functools.wraps(function)
    def with_graph(
        *,
        data: tuple[Path, ...],
        only: tuple[Path, ...],
        base: str | None,
        store: Path | None,
        endpoint: str | None,
        default_graph: str | None,
        timeout: float | None,
        memory: str | None,
        **others: Any,
    ) -> None:
        def open_engine(*, own: bool = False) -> Engine:
            from euaikg.graph import access

            shared = click.get_current_context().find_root().meta
            if ENGINE in shared:  # a command that runs another one has opened it
                return cast("Engine", shared[ENGINE])
            bound = None
            if memory is not None or (own and endpoint is None):
                from euaikg.sparql import limited

                bound = limited.size(memory) if memory is not None else limited.machine_share()
            shared[ENGINE] = engine = access.open_engine(
                *(data, store, endpoint),
                only=only,
                default_graph=default_graph,
                timeout=timeout,
                memory=bound,
                base=base,
            )
            return engine

        function(open_engine=open_engine, **others)

    made: Callable[..., None] = with_graph
    for option in (
        memory_option,
        timeout_option,
        default_graph_option,
        endpoint_option,
        store_option,
        only_option,
        base_option,
        data_option,
    ):
        made = option(made)
    return made


def emit(content: bytes | Iterable[bytes], output: Path | None) -> None:
    """Write ``content``, whole or in blocks, to the file ``output``, or to standard output as it is."""
    if output is not None:
        from euaikg.core import writing

        writing.save(output, content)
        return
    sys.stdout.flush()
    for block in [content] if isinstance(content, bytes) else content:
        write(block)


class Seen(NamedTuple):
    """How people see a table: all its columns, the IRIs beside the names, and page by page where it is long."""

    wide: bool = False
    iris: bool = False
    pager: bool = False


MAIN = Seen()


def form_of(output: Path | None, among: Iterable[str], form: str | None) -> str | None:
    """Return the format to write: ``form``, or the one ``among`` those that the name of the file ``output`` says.

    Raises :class:`~euaikg.errors.OutputError` for a name that does not fit, and for what is nothing for a terminal.
    """
    from euaikg.core import suffixes

    found = suffixes.form_of(output, among, form)
    if found in suffixes.BINARY and output is None and sys.stdout.isatty():
        raise OutputError(f"{found.upper()} is nothing for a terminal; write it to a file with -o FILE.{found}.")
    return found


def give(
    answer: Answer,
    form: str | None,
    output: Path | None,
    notes: Sequence[str] = (),
    seen: Seen = MAIN,
    undated: Callable[[], Undated] = dict,
    links: Callable[[Table], Mapping[str, str]] | None = None,
) -> bool:
    """Print ``answer``, or write it in the format ``form`` or the one that the name of the file ``output`` says.

    Says whether it was printed as a table for people; ``notes`` stand below that, as below Markdown. In a workbook
    texts lead to the addresses that ``links`` finds for them.
    """
    from euaikg.sparql import formats
    from euaikg.sparql.answers import Table, Triples

    form = form_of(output, formats.GRAPHS if isinstance(answer, Triples) else formats.ROWS, form)
    if not isinstance(answer, Table) or output is not None or form not in (None, "table"):
        found = links(answer) if links and form == "xlsx" and isinstance(answer, Table) else None
        emit(formats.encode(answer, form, notes, found), output)
        return False
    print_table(answer, notes, seen, undated())
    return True


def print_table(
    table: Table,
    notes: Sequence[str] = (),
    seen: Seen = MAIN,
    undated: Undated | None = None,
) -> None:
    """Print ``table``, with ``notes`` below, as wide as the terminal, or 260 columns where there is none."""
    from euaikg.sparql import grid

    width, height = shutil.get_terminal_size((260, 50))
    terminal = sys.stdout.isatty()
    shown = grid.show(table, width, wide=seen.wide, iris=seen.iris, terminal=terminal, undated=undated)
    whole = "\n".join([shown, *([""] if notes else []), *map(printable, notes)]) + "\n"
    encoding = sys.stdout.encoding or "utf-8"
    whole = whole if _has_lines(encoding) else whole.replace("─", "-")
    if seen.pager and terminal and whole.count("\n") >= height:
        page(whole)
    else:
        emit(whole.encode(encoding, "replace"), None)  # its cells are printable, its colours are ours


def read(text: str, pager: bool = True) -> None:
    """Print ``text`` for people, page by page on a terminal where it is long and a ``pager`` is wanted."""
    if pager and sys.stdout.isatty() and text.count("\n") + 1 >= shutil.get_terminal_size((100, 50)).lines:
        page(printable(text, "\n") + "\n")
    else:
        click.echo(text)


def page(text: str) -> None:
    """Show ``text`` page by page, or print it where there is no pager."""
    os.environ.setdefault("LESS", "-RX")  # colours as they are, and the text stays when one leaves
    before, sys.stdout = sys.stdout, getattr(sys.stdout, "plain", sys.stdout)
    try:
        click.echo_via_pager(text, color=True)
    finally:
        sys.stdout = before


def _has_lines(encoding: str) -> bool:
    """Say whether ``encoding`` can write the line that stands below the titles of a table."""
    try:
        return bool("─".encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return False


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show on one line of a terminal what is being done; elsewhere nothing."""
    shown = sys.stderr.isatty()

    def say(what: str) -> None:
        if shown:
            line = printable(what)[: shutil.get_terminal_size().columns - 1]
            click.echo(f"\r\x1b[K{line}", file=getattr(sys.stderr, "plain", sys.stderr), nl=False)

    try:
        yield say
    finally:
        say("")


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine does not look up from its work to hear it."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
