"""``euaikg catalog``: the description of the data set for portals, crawlers and search engines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from euaikg.cli.common import choice, emit, form_of, give, output_option, paths_option, progress
from euaikg.core.output import printable

if TYPE_CHECKING:
    from euaikg.publishing.quality import Remark
    from euaikg.sparql.answers import Table

SCORES = ("csv", "json", "markdown", "xlsx")
RESULTS = ("reached", "needs the files online", "missing")


@click.command()
@choice(
    "--as",
    "vocabulary",
    values=["dcat", "void", "schema.org"],
    help="dcat for portals, void with counts for linked data, schema.org for search engines.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["turtle", "jsonld", "rdfxml", *SCORES]),
    help="turtle, jsonld or rdfxml (default: what the name of the file says, else turtle, jsonld for schema.org); "
    f"{', '.join(SCORES)} for --score.",
)
@choice("--profile", values=["dcat-ap-3.0.1", "dcat-ap-2.1.1"], help="The version of DCAT-AP.")
@click.option(
    "--base-url", metavar="URL", help="Where the files are hosted; without it, below https://w3id.org/euaikg/."
)
@click.option("--endpoint", metavar="URL", help="Describe the SPARQL endpoint at URL as a data service.")
@click.option("--email", metavar="ADDRESS", help="Where people can write to.")
@click.option("--lang", "language", type=click.Choice(["en", "nl"]), help="In one language, for portals that mix them.")
@click.option("--versions", is_flag=True, help="Describe the versions, which are not in the record for harvesters.")
@click.option("--check", "checking", is_flag=True, help="Check the description instead of writing it.")
@paths_option("--shapes", "PATH", "With --check: also check by the SHACL shapes in this RDF file or folder")
@click.option("--score", "scoring", is_flag=True, help="Show the quality score of data.europa.eu.")
@output_option
@click.pass_context
def catalog(
    ctx: click.Context,
    vocabulary: str,
    form: str | None,
    profile: str,
    base_url: str | None,
    endpoint: str | None,
    email: str | None,
    language: str | None,
    versions: bool,
    checking: bool,
    shapes: tuple[Path, ...],
    scoring: bool,
    output: Path | None,
) -> None:
    """Describe the data set and its files for portals, crawlers and search engines.

    Sizes and checksums are those of what `euaikg export` writes. With --check the exit status is 1 when there is a
    violation that is not a known deviation, with --score when an indicator is missing.

    \b
    Examples:
      euaikg catalog -o catalog.ttl
      euaikg catalog --base-url https://data.example.org/euaikg/ --format rdfxml
      euaikg catalog --email data@example.org --lang nl
      euaikg catalog --versions -o versions.ttl
      euaikg catalog --as schema.org
      euaikg catalog --check --shapes dcat-ap/shapes.ttl
      euaikg catalog --score
    """
    if checking and scoring:
        raise click.UsageError("--check and --score are two things; ask for one at a time.")
    if shapes and not checking:
        raise click.UsageError("--shapes goes with --check.")
    if (language or versions) and (vocabulary != "dcat" or scoring):
        raise click.UsageError("--lang and --versions are about the record for portals alone.")
    if vocabulary != "dcat" and (checking or scoring or profile != "dcat-ap-3.0.1"):
        raise click.UsageError(f"--check, --score and --profile are about DCAT-AP, not --as {vocabulary}.")
    if form and (checking or scoring != (form in SCORES)):
        raise click.UsageError(
            f"--format {form} does not fit here: {', '.join(SCORES)} are for --score, --check has none."
        )
    form = form_of(output, SCORES if scoring else ("text",) if checking else ("turtle", "jsonld", "rdfxml"), form)
    from euaikg.core import addresses
    from euaikg.graph import build
    from euaikg.publishing import dcat as describing
    from euaikg.publishing import quality
    from euaikg.sparql import http

    if base_url is not None:  # looked at before the files are made, which takes a while
        addresses.folder(base_url)
    if endpoint is not None:
        http.address(endpoint)
    if email is not None:
        describing.mailbox(email)
    rules = quality.rules(profile, shapes)
    engine = build.open_graph()
    with progress() as say:
        made = describing.contents(engine.store, say)
    description = describing.describe(
        *(engine, made),
        profile=profile,
        base=base_url,
        endpoint=endpoint,
        email=email,
        language=language,
        versions=versions,
    )
    if checking:
        ctx.exit(_check(quality.check(description, rules), output))
    if scoring:
        ctx.exit(_score(quality.score(description, profile), form, output))
    if vocabulary != "dcat":
        description = describing.translated(description, describing.counts(engine), vocabulary)
    nested = vocabulary == "schema.org" and form in (None, "jsonld")
    emit(describing.embedded(description) if nested else describing.written(description, form or "turtle"), output)


def _check(remarks: list[Remark], output: Path | None) -> int:
    wrong = sum(remark.severity == "Violation" and not remark.reason for remark in remarks)
    known = sum(bool(remark.reason) for remark in remarks)
    lines = [
        *(printable(str(remark), "\n") for remark in remarks),
        f"{wrong} violations, {len(remarks) - wrong - known} warnings, {known} known deviations.",
    ]
    emit("".join(f"{line}\n" for line in lines).encode(), output)
    return 1 if wrong else 0


def _score(table: Table, form: str | None, output: Path | None) -> int:
    rows = table.to_dicts()
    points = {result: sum(int(str(row["points"])) for row in rows if row["result"] == result) for result in RESULTS}
    if give(table, form, output):
        click.echo(
            f"\n{points['reached']} of {sum(points.values())} points; "
            f"{points['needs the files online']} more need the files online, {points['missing']} are missing."
        )
    return 1 if points["missing"] else 0
