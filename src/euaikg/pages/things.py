"""The pages of things: the card of each, with every fact linked to its passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from pyoxigraph import NamedNode

from euaikg.core.vocab import BASE
from euaikg.errors import UnknownThingError
from euaikg.pages.view import FIRST, Site, View
from euaikg.questions import cards
from euaikg.questions.cards import Card
from euaikg.questions.lines import Group, Line

PATTERN = re.compile(r"id/([a-z-]+)/([^/]+)\.html")

LONGEST = 100
"""How many lines of a group stand on a page at most; the files have all."""

ALL = 450
"""How many lines stand on a page at most, so that it has less than 200 KB: of the longest groups fewer do."""

OPEN = 12
"""How many lines of a group stand open; the rest unfold."""

ANSWERED = {
    "money": ("money-of",),
    "dates": ("due",),
    "stage": ("status-timeline", "timeline"),
    "figures": ("figures",),
    "has-member": ("members",),
    "has-task": ("tasks-of-body",),
    "responsible-for": ("asked-of-body",),
    "parts": ("parts-of",),
    "cooperates-with": ("works-with",),
    "provided-by": ("who-provides-what",),
    "used-by": ("who-uses-what",),
    "things-in-it": ("things-in-sector",),
    "things-located-there": ("country-profile",),
    "things-that-serve-it": ("support-for",),
    "passages": ("outline", "announced-in", "document-in-order"),
    "disputes": ("disagreements",),
}
"""The questions that mostly have rows for a thing whose card has the group, the most telling first."""

ALWAYS = ("who-says", "mentions-by-document", "relations")
"""The questions that have rows for nearly anything."""

MOST = 8
"""So many questions stand on a page."""


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
    longest = LONGEST
    while longest > OPEN and sum(min(len(group.lines), longest) for group in card.groups) > ALL:
        longest -= 1
    groups = [_cut(view, group, longest) for group in card.groups]
    named = {number for group in groups for line in group.lines for part in line.lines for number in part.sources}
    return {
        "card": card,
        "kind": kind,
        "sections": [(section, [*of]) for section, of in groupby(groups, key=lambda group: group.section)],
        "listed": [source for source in card.sources if source.number in named],
        "sources": {source.number: view.link(source.passages[0]) for source in card.sources},
        "open": OPEN,
        "long": sum(len(group.lines) for group in groups) > OPEN,
        "questions": [*_questions(view, card)] if view.site.asks and kind in (*FIRST[:-1], "source") else [],
    }


def _cut(view: View, group: Group, longest: int) -> Group:
    """Return ``group`` with one line for those beyond ``longest``, as where a modality has all it is said of."""
    more = len(group.lines) - longest
    return replace(group, lines=(*group.lines[:longest], Line(view.words["rest"].format(more)))) if more > 0 else group


def _questions(view: View, card: Card) -> Iterator[tuple[str, str]]:
    """Yield stored questions about the thing of ``card``, in few words, each with the link that asks it."""
    kinds = set(view.site.classes(card.iri))
    there = {group.key for group in card.groups}
    names = [name for key, of in ANSWERED.items() if key in there for name in of] + [*ALWAYS]
    left = MOST
    for name in names:
        query = view.site.questions.get(name)
        subject = query.subject if query else None
        if query and subject and left and (not subject.kinds or kinds & {*subject.kinds}):
            left -= 1
            yield view.words["asked"][name], view.to(f"question/{name}.html", **{subject.name: view.typed(card.iri)})
