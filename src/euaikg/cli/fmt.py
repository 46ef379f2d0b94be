"""``euaikg fmt``: the canonical text of authored files."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import Place


@click.command()
@click.argument("paths", nargs=-1, type=Place(), metavar="[FILE]...")
@click.option("--check", is_flag=True, help="Change nothing; name the files that differ and exit with 1.")
@click.pass_context
def fmt(ctx: click.Context, paths: tuple[Path, ...], check: bool) -> None:
    """Give Turtle and TriG files their canonical text; without FILE, all authored files of the project.

    Comments at the head of a file stay; a comment below it is refused, since remarks belong into the data. An IRI
    that is relative to the @base of its file is written whole, and @base goes.

    \b
    Examples:
      euaikg fmt data/entities/bodies.ttl
      euaikg fmt --check
    """
    from euaikg.curation import canonical as formatting

    changed = {path: line for path in paths or formatting.authored() if (line := formatting.rewrite(path, check))}
    for path, line in changed.items():
        click.echo(f"{path}:{line}: not in canonical form; run “euaikg fmt”." if check else f"{path}: rewritten.")
    if check and changed:
        ctx.exit(1)
