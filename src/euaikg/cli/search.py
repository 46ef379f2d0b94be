"""``euaikg search``: things by any of their names, and by what is said of them."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import click

from euaikg.cli import completion
from euaikg.cli.common import Open, emit, graph_options, lang_option
from euaikg.core.vocab import short
from euaikg.errors import UnknownThingError, quote
from euaikg.questions.searching import Hit

NAMES, KINDS = 30, 20
"""How wide the column of names is at least, and that of kinds at most."""

SHOWN = 20
"""How many things are shown on a terminal, unless one says otherwise."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", metavar="CLASS", shell_complete=completion.thing, help="Only things of this class or one below."
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help=f"Only the N closest; 0 for all, as elsewhere than on a terminal ({SHOWN}).",
)
@lang_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@graph_options
def search(
    words: tuple[str, ...], kind: str | None, limit: int | None, lang: str, form: str, open_engine: Open
) -> None:
    """Find things by any of their names, in any language; all WORDS must occur.

    Whole words come before parts of words, and things whose names have the words before those of which something is
    said with them: a role, a population, a note, a reason or a definition. Hyphens, the plural, accents and small slips
    do not matter.

    \b
    Examples:
      euaikg search supercomputer
      euaikg search AI-bureau
      euaikg search health --kind initiative
      euaikg search available capacity --format json
    """
    from euaikg.questions import names, searching

    wanted = " ".join(words)
    engine = open_engine()
    found = searching.search(engine, wanted, kind, lang=lang)
    if not found:
        near = names.nearest(wanted, names.names(engine))
        hint = f" Nearest: {', '.join(near)}." if near and kind is None else ""
        kinds = f" of the kind {quote(kind)}" if kind else ""
        raise UnknownThingError(f"Nothing{kinds} in the graph has {quote(wanted)} in its names or texts.{hint}")
    most = (SHOWN if sys.stdout.isatty() and form == "text" else 0) if limit is None else limit
    shown = found[: most or None]
    if form == "json":
        emit(json.dumps([name.to_dict() for name in shown], ensure_ascii=False, indent=1).encode() + b"\n", None)
    else:
        for line in _lines(shown, shutil.get_terminal_size((260, 50)).columns):
            click.echo(line)
    if found[0].guess:
        click.echo(f"Nothing has {quote(wanted)}; this is what has {quote(found[0].guess)}.", err=True)
    if len(shown) < len(found):
        click.echo(f"{len(found) - len(shown)} more; --limit 0 shows all.", err=True)


def _lines(found: Sequence[Hit], width: int) -> Iterable[str]:
    """Yield what is found as lines of at most ``width`` characters, where the IRIs leave room."""
    import textwrap

    cells = [
        (name.text if name.where == "name" else name.name, name.language, name.kind_label, short(name.iri))
        for name in found
    ]
    languages, kinds, iris = (max(len(row[column]) for row in cells) for column in (1, 2, 3))
    kinds = min(kinds, KINDS)
    called = min(max(len(row[0]) for row in cells), max(NAMES, width - languages - kinds - iris - 6))
    for name, (text, language, kind, iri) in zip(found, cells, strict=True):
        parts, what = textwrap.wrap(text, called) or [""], textwrap.wrap(kind, kinds or 1) or [""]
        for line, (part, more) in enumerate(zip_longest(parts, what, fillvalue="")):
            before = f"{part:<{called}}  {language if line == 0 else '':<{languages}}  {more:<{kinds}}"
            fits = len(before) + 2 + len(iri) <= width
            yield f"{before}  {iri if line == 0 and fits else ''}".rstrip()
        if not fits:
            yield f"    {iri}"
        if name.where != "name":
            said = f"{name.where}: {name.text}"
            yield from textwrap.wrap(said, width, initial_indent="    ", subsequent_indent="    ")
