"""``euaikg sources``: citations held against the documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from euaikg.cli.common import Place, data_option, emit

documents_option = click.option(
    "--documents",
    required=True,
    type=Place(),
    metavar="DIR",
    help="The folder with the text files of the documents, or with folders of them.",
)


@click.group()
def sources() -> None:
    """Check citations against the documents, and what is not cited; draft the file of a new one.

    \b
    Examples:
      euaikg sources new texts/speech.txt -o speech.trig
      euaikg sources check --documents texts
      euaikg sources coverage --documents texts
      euaikg sources passage texts/press-release.txt --lines 20 --place lead-p3
    """


@sources.command()
@click.argument("document", type=Place())
@click.option("--name", metavar="NAME", help="The last part of its IRI; else its number, or the name of the file.")
@click.option("--title", help="Its title, where the text does not tell it.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The day it was issued.")
@click.option(
    "--lang", "language", type=click.Choice(["en", "nl"]), help="Its language, where the words do not tell it."
)
@click.option("-o", "--output", type=Place(), metavar="FILE", help="Write to FILE, which may not be there yet.")
@click.option("--replace", is_flag=True, help="Replace FILE where it is there.")
@data_option
def new(
    document: Path,
    name: str | None,
    title: str | None,
    day: datetime | None,
    language: str | None,
    output: Path | None,
    replace: bool,
    data: tuple[Path, ...],
) -> None:
    """Draft the file of a new document from its text, for you to read and decide.

    DOCUMENT is a text in English or Dutch. Each heading, paragraph, item, table row and footnote becomes a passage; the
    things that it names are mentioned in its graph, and its note has figures, dates and words of a modality.

    \b
    Examples:
      euaikg sources new texts/speech.txt -o speech.trig
      euaikg sources new texts/note.txt --name note-2024 --date 2024-05-06 --lang en
    """
    from euaikg.curation import draft
    from euaikg.errors import OutputError
    from euaikg.graph import build

    if output and output.exists() and not replace:
        raise OutputError(f"{output}: it is there already; take another name, or --replace.")
    issued = day.date().isoformat() if day else None
    made = draft.new(document, build.open_graph(data), name, title, issued, language)
    emit(made.content, output)
    click.echo(made, err=True)


@sources.command()
@documents_option
@data_option
@click.pass_context
def check(ctx: click.Context, documents: Path, data: tuple[Path, ...]) -> None:
    """Check that every citation stands in the document where the data says.

    \b
    Example:
      euaikg sources check --documents texts
    """
    from euaikg.curation import sources as checking
    from euaikg.graph import build

    reports = checking.check(build.open_graph(data), documents, data)
    for report in reports:
        count = len(report.problems)
        verdict = "all is as cited" if not count else f"{count} problem{'s' if count > 1 else ''}"
        said = f"{report.checked} spans, {verdict}" if report.found else "not there, so not checked"
        _print(f"{report.file}: {said}.", map(str, report.problems))
    if any(report.problems for report in reports):
        ctx.exit(1)


@sources.command()
@documents_option
@click.option("--checklist", type=Place(), metavar="FILE", help="A CSV whose first column holds names.")
@data_option
@click.pass_context
def coverage(ctx: click.Context, documents: Path, checklist: Path | None, data: tuple[Path, ...]) -> None:
    """List the lines of the documents that no passage covers.

    \b
    Example:
      euaikg sources coverage --documents texts
    """
    import csv

    from euaikg.core import files
    from euaikg.curation import coverage as looking
    from euaikg.graph import build

    names = [row[0] for row in csv.reader(files.read_text(checklist).splitlines()) if row] if checklist else []
    reports = looking.coverage(build.open_graph(data), documents, names)
    for report in reports:
        counts = (
            f"{report.lines} lines with text, {report.cited} cited, {report.without_fact} listed as stating no fact,"
            f" {len(report.uncovered)} not covered"
        )
        uncovered = [f"not covered: {line}" for line in report.uncovered]
        again = [f"listed as stating no fact, but holds a figure: {line}" for line in report.look_again]
        _print(f"{report.file}: {counts if report.found else 'not there, so not looked at'}.", uncovered + again)
    if any(report.uncovered for report in reports):
        ctx.exit(1)


def _print(verdict: str, findings: Iterable[str]) -> None:
    click.echo("\n  ".join([verdict, *findings]))


@sources.command()
@click.argument("document", type=Place())
@click.option("--lines", metavar="N[-M]", help="The lines of the passage, as an editor counts them.")
@click.option("--find", metavar="TEXT", help="The exact text of the passage; it must stand in the document once.")
@click.option("--place", required=True, help="The place, such as s5-p9 (section 5, paragraph 9) or fn54.")
@click.option("--expression", default="https://w3id.org/euaikg/source/DOCUMENT/en", help="IRI of the language version.")
def passage(document: Path, lines: str | None, find: str | None, place: str, expression: str) -> None:
    """Print the description of a passage of DOCUMENT, ready to paste into a source file.

    \b
    Examples:
      euaikg sources passage texts/note.txt --lines 24 --place s1-p2
      euaikg sources passage texts/note.txt --find "around 100" --place s1-p2
    """
    from euaikg.curation import spans

    if (lines is None) == (find is None):
        raise click.UsageError("Give either --lines or --find.")
    emit(spans.passage(document, place, expression, lines, find).encode(), None)
