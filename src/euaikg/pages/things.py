"""The pages of things: the card of each, with every fact linked to its passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from pyoxigraph import NamedNode

from euaikg.core.vocab import BASE
from euaikg.errors import UnknownThingError
from euaikg.pages.view import Site, View
from euaikg.questions import cards
from euaikg.questions.cards import Card
from euaikg.questions.lines import Group, Line
from euaikg.questions.stored import StoredQuery

PATTERN = re.compile(r"id/([a-z-]+)/([^/]+)\.html")

LEADING = ("stage", "money")
"""The sections whose first lines stand at the top of a page."""

LONGEST = 200
"""How many lines of a group stand on a page; the files have all."""

OPEN = 12
"""How many lines of a group stand open; the rest unfold."""


def addresses(site: Site) -> Iterator[str]:
    """Yield the addresses of the pages of things."""
    for things in site.kinds.values():
        yield from (f"{iri.removeprefix(BASE)}.html" for iri in things)


def page(view: View, kind: str, slug: str) -> bytes | None:
    """Return the page of the thing ``slug`` of a ``kind``; None where it has no name."""
    thing = NamedNode(f"{BASE}id/{kind}/{slug}")
    if thing.value not in view.site.places:
        return None
    try:
        card = cards.card(view.site.engine, thing, view.lang, view.as_of, memory=view.site.memory)
    except UnknownThingError:
        return None
    return view.fill("thing.html", **told(view, card, kind), read=[])


def told(view: View, card: Card, kind: str) -> dict[str, object]:
    """Return what the template of a thing needs to tell ``card``."""
    groups = [_cut(view, group) for group in card.groups]
    return {
        "card": card,
        "kind": kind,
        "leading": [*_leading(view, card)],
        "sections": [(section, [*of]) for section, of in groupby(groups, key=lambda group: group.section)],
        "sources": {source.number: view.link(source.passages[0]) for source in card.sources},
        "codes": codes(view),
        "open": OPEN,
        "questions": [*_questions(view, card)],
    }


def _cut(view: View, group: Group) -> Group:
    """Return ``group`` with one line for those beyond :data:`LONGEST`, as where a modality has all it is said of."""
    more = len(group.lines) - LONGEST
    return replace(group, lines=(*group.lines[:LONGEST], Line(view.words["rest"].format(more)))) if more > 0 else group


def codes(view: View) -> Mapping[str, str]:
    """Return the codes of the modalities by their names in the language of ``view``."""
    found = view.site.kinds.get("modality", [])
    return {view.name(iri): iri.rpartition("/")[2] for iri in found}


def _leading(view: View, card: Card) -> Iterator[tuple[str, str, str]]:
    """Yield what stands at the top of a page: a heading, what is said in few words, and more about it."""
    for key in LEADING:
        group = next((group for group in card.groups if group.section == key), None)
        if group:
            first = group.lines[0]
            big, more = (first.details[0].text, first.text.partition(" (")[0]) if first.details else (first.text, "")
            sure = ", ".join(dict.fromkeys(saying.modality for saying in first.sayings))
            yield view.sentence(group.heading), big, f"{more} – {sure}" if more else sure


def _questions(view: View, card: Card) -> Iterator[tuple[StoredQuery, str]]:
    """Yield the stored questions that are about things like this one, each with its link."""
    kinds = set(view.site.classes(card.iri))
    for query in view.site.questions.values():
        subject = query.subject
        if not query.error and subject and subject.type == "iri" and subject.kinds and kinds & set(subject.kinds):
            name = card.iri.rpartition("/")[2]
            yield query, view.to(f"question/{query.name}.html", **{subject.name: name})
