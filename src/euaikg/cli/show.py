"""``euaikg show``: the card of one thing."""

from __future__ import annotations

import shutil

import click

from euaikg.cli import completion
from euaikg.cli.common import Open, choice, cite_option, emit, graph_options, lang_option, pager_option, read
from euaikg.core import suffixes

WIDEST = 120
"""The most columns that a card takes: longer lines are hard to read."""


@click.command()
@click.argument("thing", shell_complete=completion.thing)
@lang_option
@click.option(
    "--as-of", metavar="DATE", help="Only what documents said up to this day, such as 2024-12-31, or the end of 2024."
)
@click.option("--valid-on", metavar="DATE", help="Only stages that surely hold on this day.")
@click.option("--section", metavar="NAME", help="Only this part of the card, whole, such as money, who or concerns.")
@click.option("--all", "whole", is_flag=True, help="Everything, not only what fits on two screens.")
@choice("--format", "form", values=["text", "json", *suffixes.BIBLIOGRAPHIES], help="How the card is written.")
@cite_option
@pager_option
@graph_options
def show(
    thing: str,
    lang: str,
    as_of: str | None,
    valid_on: str | None,
    section: str | None,
    whole: bool,
    form: str,
    cite: bool,
    pager: bool,
    open_engine: Open,
) -> None:
    """Show THING (a name, a short form or an IRI) on a card, each fact with its sources.

    First what it is, where it stands, when, how much, who, what is disputed; then the rest by relation.

    \b
    Examples:
      euaikg show "AI Office"
      euaikg show init:genai4eu --lang nl
      euaikg show "AI Factories" --section money
      euaikg show AI-bureau --all --format json
      euaikg show GenAI4EU --cite
      euaikg show GenAI4EU --format bibtex
    """
    import json

    from euaikg.questions import ask, references

    engine = open_engine()
    card = ask.card(engine, thing, lang, as_of, valid_on, cite=cite and form not in suffixes.BIBLIOGRAPHIES)
    if form in suffixes.BIBLIOGRAPHIES:
        emit(references.encode(engine, card.passages, form, lang), None)
        return
    if form == "json":
        emit(json.dumps(card.to_dict(section), ensure_ascii=False, indent=1).encode() + b"\n", None)
    else:
        width = min(WIDEST, shutil.get_terminal_size((100, 50)).columns)
        read(card.text(width, whole=whole, section=section), pager)
