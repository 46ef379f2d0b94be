"""``euaikg show``: the card of one thing."""

from __future__ import annotations

from collections.abc import Iterable

import click
from pyoxigraph import Literal, NamedNode

from euaikg.cli import completion
from euaikg.cli.common import Open, cite_option, emit, graph_options, lang_option
from euaikg.questions import references
from euaikg.questions.cards import Card
from euaikg.rdf.terms import Term, text
from euaikg.sparql.answers import Table


@click.command()
@click.argument("thing", shell_complete=completion.thing)
@lang_option
@click.option(
    "--as-of", metavar="DATE", help="Only what documents said up to this day, such as 2024-12-31, or the end of 2024."
)
@click.option("--valid-on", metavar="DATE", help="Only stages that surely hold on this day.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", *references.FORMS]), default="text", show_default=True
)
@cite_option
@graph_options
def show(
    thing: str, lang: str, as_of: str | None, valid_on: str | None, form: str, cite: bool, open_engine: Open
) -> None:
    """Show everything about THING (a name, a short form or an IRI), each line with its source.

    \b
    Examples:
      euaikg show "AI Office"
      euaikg show init:genai4eu --lang nl
      euaikg show AI-bureau --format json
      euaikg show GenAI4EU --cite
      euaikg show GenAI4EU --format bibtex
    """
    import json

    from euaikg.questions import ask

    if form in references.FORMS:
        engine = open_engine()
        card, _ = ask.card(engine, thing, lang, as_of, valid_on)
        emit(references.encode(engine, [*card.sections.values()], form, lang), None)
        return
    way = ask.way(form) if cite else None
    card, notes = ask.card(open_engine(), thing, lang, as_of, valid_on, cite=way)
    if form == "json":
        emit(json.dumps(card.to_dict(), ensure_ascii=False, indent=1).encode() + b"\n", None)
    else:
        click.echo("\n".join([*_lines(card), *([""] if notes else []), *notes]))


def _lines(card: Card) -> Iterable[str]:
    yield f"{card.name} ({', '.join(card.kinds)})"
    yield card.iri
    if card.aliases:
        yield "also called: " + "; ".join(card.aliases)
    yield from card.definitions
    for note in card.notes:
        yield f"note: {note}"
    yield from _relations(card.sections["relations"], card.iri)
    yield from _section("Statuses", card.sections["statuses"], "statusLabel", "period", "actorLabel")
    yield from _section(
        "Figures", card.sections["figures"], "what", "qualifierLabel", "value", "low", "high", "unit", "period"
    )
    yield from _section("Disagreements", card.sections["disagreements"], "discrepancyLabel", "aboutLabel", "says")


def _relations(table: Table, iri: str) -> Iterable[str]:
    heading = None
    rows = sorted(table, key=lambda row: row["subject"] != NamedNode(iri))
    for row in rows:
        outwards = row["subject"] == NamedNode(iri)
        new = f"{text(row['relationLabel'])}" if outwards else f"{text(row['relationLabel'])}: said of it"
        if new != heading:
            heading = new
            yield ""
            yield heading
        yield _entry([row["objectLabel"] if outwards else row["subjectLabel"]], row)


def _section(heading: str, table: Table, *names: str) -> Iterable[str]:
    if table.rows:
        yield ""
        yield heading
        for row in table:
            yield _entry([row[name] for name in names], row)


def _entry(parts: list[Term | None], row: dict[str, Term | None]) -> str:
    said = f", said by {text(row['saidBy'])}" if row.get("saidBy") else ""
    if row.get("disputed") == Literal(True):
        said += ", disputed"
    words = " | ".join(text(part) for part in parts if part is not None)
    numbers = f" {text(row['citation'])}" if row.get("citation") else ""
    return f"  {words}  [{text(row['modalityLabel'])}{said}; {text(row['source'])}]{numbers}"
