"""How the passages of a long document stand on several pages: whole sections together, where they fit."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from euaikg.core.vocab import EUAI

ON_A_PAGE = 120
"""So many passages of a document stand on a page at most; one takes about 1 KB."""


def sections(store: Store) -> dict[str, tuple[str, str]]:
    """Return the annex and the number of the section in which each passage stands, or that a section has."""
    found: dict[str, dict[str, str]] = {}
    for part in ("annex", "section"):
        for quad in store.quads_for_pattern(None, NamedNode(EUAI + part), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal | NamedNode):
                found.setdefault(quad.subject.value, {})[part] = quad.object.value
    return {iri: (of.get("annex", ""), of.get("section", "")) for iri, of in found.items()}


def parted(passages: list[str], within: Mapping[str, tuple[str, str]]) -> list[list[str]]:
    """Return ``passages`` page by page; ``within`` has the section of each."""
    if len(passages) <= ON_A_PAGE:
        return [passages]
    groups: list[list[str]] = []
    last: tuple[str, str] | None = None
    for passage in passages:
        section = within.get(passage, ("", ""))
        is_new = section != last and bool(section[1])  # a footnote stands at its mark
        if not groups or is_new or len(groups[-1]) == ON_A_PAGE:
            groups.append([])
            last = section
        groups[-1].append(passage)
    pages: list[list[str]] = [[]]
    for own in groups:
        if len(pages[-1]) + len(own) > ON_A_PAGE and pages[-1]:
            pages.append([])
        pages[-1] += own
    return pages
