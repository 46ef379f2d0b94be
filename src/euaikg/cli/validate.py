"""``euaikg validate``: the rules of the data."""

from __future__ import annotations

from pathlib import Path

import click

from euaikg.cli.common import Place, base_option, emit, form_of, output_option, paths_option
from euaikg.core.output import printable
from euaikg.errors import counted


@click.command()
@click.argument("paths", nargs=-1, type=Place(), metavar="[FILE|DIR]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "turtle"]),
    help="Default: what the name of the file says, else text.",
)
@paths_option("--shapes", "FILE|DIR", "Check by the SHACL shapes in an RDF file, or all below a folder, too")
@click.option("--alone", is_flag=True, help="Check the files by --shapes alone, without the shipped graph and rules.")
@base_option
@click.option("--rules", "list_rules", is_flag=True, help="List the rules and stop; as Turtle, all as one SHACL graph.")
@output_option
@click.pass_context
def validate(
    ctx: click.Context,
    paths: tuple[Path, ...],
    form: str | None,
    shapes: tuple[Path, ...],
    alone: bool,
    base: str | None,
    list_rules: bool,
    output: Path | None,
) -> None:
    """Check the shipped graph, or the RDF files (or all below a folder) given on top of it.

    Each finding names the file, the thing, the rule, and what to do. The exit status is 1 when there is a violation;
    warnings alone leave it at 0. --format turtle writes a W3C SHACL validation report.

    Files that end in .rq are stored queries: header, syntax and terms are checked, before anybody asks them.

    Rules of your own are SHACL shapes, SHACL Core or SPARQL constraints, in any RDF format (--shapes).

    \b
    Examples:
      euaikg validate
      euaikg validate my-additions.ttl
      euaikg validate my-additions.trig --format json
      euaikg validate my-questions
      euaikg validate my-additions.trig --shapes my-rules.ttl
      euaikg validate data.ttl --shapes shapes.ttl --alone --format turtle
      euaikg validate --rules -o rules.ttl
    """
    import json

    from euaikg.curation import findings, ruleset, validation

    form = form_of(output, ("text", "json", "turtle"), form) or "text"
    if list_rules:
        emit(_rules(form), output)
        return
    own = validation.own_shapes(shapes)
    for sentence in own.not_run if own else ():
        click.echo(sentence, err=True)
    found = validation.validate(paths, own, alone, base)
    wrong = sum(finding.rule.severity == "Violation" for finding in found)
    if form == "text":
        lines = [printable(str(finding), "\n") for finding in found]
        verdict = f"{counted(wrong, 'violation')}, {counted(len(found) - wrong, 'warning')}"
        checked = [] if alone else [f"{len(ruleset.rules())} rules"]
        if own:
            checked.append(f"{len(own.targeting)} shape{'' if len(own.targeting) == 1 else 's'} of your own")
        lines.append(f"{verdict}; {' and '.join(checked)} checked.")
        content = "\n".join(lines).encode(errors="replace") + b"\n"  # a file may have a name that is no Unicode
    elif form == "json":
        records = [
            {
                "rule": finding.rule.name,
                "severity": finding.rule.severity,
                "file": finding.file,
                "line": finding.line,
                "passage": finding.passage,
                "thing": finding.thing,
                "label": finding.label,
                "path": finding.path,
                "value": finding.value,
                "expected": finding.expected,
                "message": finding.rule.message,
                "because": finding.because,
                "also": [
                    {"rule": one.rule.name, "file": one.file, "line": one.line, "thing": one.thing}
                    for one in finding.also
                ],
            }
            for finding in found
        ]
        content = (
            json.dumps({"conforms": not wrong, "findings": records}, ensure_ascii=False, indent=1).encode(
                errors="replace"
            )
            + b"\n"
        )
    else:
        from euaikg.rdf import forms

        content = forms.encode(findings.report(found), "turtle")
    emit(content, output)
    if wrong:
        ctx.exit(1)


def _rules(form: str) -> bytes:
    import json

    from euaikg.curation import published, ruleset
    from euaikg.rdf import forms

    if form == "turtle":
        return forms.encode(published.graph(), "turtle")
    rules = ruleset.rules().values()
    if form == "text":
        return "".join(f"{rule.name}: {rule.summary}\n" for rule in rules).encode()
    listed = [
        {"rule": rule.name, "severity": rule.severity, "summary": rule.summary, "message": rule.message}
        for rule in rules
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n"
