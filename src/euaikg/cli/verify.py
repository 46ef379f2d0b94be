"""``euaikg verify``: a claim held against what documents say."""

from __future__ import annotations

import click

from euaikg.cli import completion
from euaikg.cli.common import Open, emit, graph_options, lang_option


@click.command()
@click.argument("thing", shell_complete=completion.thing)
@click.argument("says")
@click.argument("value", required=False)
@click.option("--unit", metavar="UNIT", help="The unit or currency of a figure, where the value does not say it.")
@click.option("--when", metavar="TIME", help="The time of a figure or stage, such as 2025-Q2, 2021-2027 or by 2025.")
@click.option("--as-of", metavar="DATE", help="Only what documents said up to this day, or the end of this period.")
@lang_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@graph_options
def verify(
    thing: str,
    says: str,
    value: str | None,
    unit: str | None,
    when: str | None,
    as_of: str | None,
    lang: str,
    form: str,
    open_engine: Open,
) -> None:
    """Say whether documents state that THING has VALUE for what SAYS names.

    SAYS is a relation (part of), what is measured (staff), a kind of money (allocated), a stage (adopted) or target;
    VALUE another thing, a figure with its unit, or a time. The answer is stated, stated as a plan, contradicted,
    replaced since or not recorded, with the passages on all sides.

    \b
    Examples:
      euaikg verify GenAI4EU allocated "nearly 700 million EUR" --when 2024-2027
      euaikg verify "AI Act" "in force" 2024-08-01
      euaikg verify ALT-EDIC target 2024 --as-of 2024-12-31
      euaikg verify AI-bureau implements "AI Act" --format json
    """
    import json

    from euaikg.questions import verify as verifying

    found = verifying.verify(open_engine(), thing, says, value, unit=unit, when=when, as_of=as_of, lang=lang)
    if form == "json":
        emit(json.dumps(found.to_dict(), ensure_ascii=False, indent=1).encode() + b"\n", None)
    else:
        click.echo(str(found))
