"""What was read of each document: its passages in the order of the text, how much of it they are, and of which day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from euaikg.core.vocab import EUAI, SOURCE
from euaikg.pages import parting
from euaikg.rdf.turtle import natural


class Reading:
    """What was read of the documents in ``store``; they, their versions and passages are told by their IRIs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def passages(self) -> dict[str, list[str]]:
        """The passages of each version of a document, in reading order."""
        found: dict[str, list[str]] = {}
        for passage, versions in self._said("inExpression").items():
            for version in versions:
                if version.startswith(SOURCE):
                    found.setdefault(version, []).append(passage)
        starts = self._starts()
        return {
            version: sorted(found[version], key=lambda passage: (starts.get(passage, 0), natural(passage)))
            for version in sorted(found)
        }

    @cached_property
    def parts(self) -> dict[str, list[list[str]]]:
        """The passages of each version of a document by the pages on which they stand, whole sections where they fit.

        A short version has one page, at its own address; a long one has several, and a page at its address that leads
        to them.
        """
        sections = parting.sections(self._store)
        return {version: parting.parted(passages, sections) for version, passages in self.passages.items()}

    @cached_property
    def amounts(self) -> dict[str, int]:
        """Which codes say how much of a document was read, with their order: the most has the least."""
        orders = self._said("order")
        there = {code for codes in self._amounts.values() for code in codes}
        return {code: next((int(one) for one in orders.get(code, []) if one.isdecimal()), 0) for code in there}

    @cached_property
    def most(self) -> dict[str, str]:
        """For each document that was read, the code that says how much was, at most; empty for none."""
        found: dict[str, str] = {}
        for version in self.passages:
            document = version.rpartition("/")[0]
            found[document] = self._least([self.amount(version), found.get(document, "")])
        return found

    def amount(self, version: str) -> str:
        """Return the code that says how much of a ``version`` was read; empty where that is not said."""
        return self._least(self._amounts.get(version, []))

    def stated(self, version: str) -> tuple[str, bool]:
        """Return the day on which a ``version`` is stated, and whether that is only the first that it may be."""
        return self._days.get(version, ("", False))

    @cached_property
    def _days(self) -> dict[str, tuple[str, bool]]:
        days, inferred = self._said("statedOn"), self._said("dateInferred")
        found: dict[str, tuple[str, bool]] = {}
        for version, passages in self.passages.items():
            for passage in passages:
                if passage in days:
                    found.setdefault(version, (days[passage][0], "true" in inferred.get(passage, [])))
        return found

    @cached_property
    def _amounts(self) -> dict[str, list[str]]:
        return self._said("completeness")

    def _least(self, codes: Iterable[str]) -> str:
        return min(filter(None, codes), key=self.amounts.__getitem__, default="")

    def _starts(self) -> dict[str, int]:
        """Return where in its text each passage begins."""
        spans: dict[object, int] = {
            quad.subject: int(quad.object.value)
            for quad in self._store.quads_for_pattern(None, NamedNode(EUAI + "start"), None, DefaultGraph())
            if isinstance(quad.object, Literal)
        }
        found: dict[str, int] = {}
        for quad in self._store.quads_for_pattern(None, NamedNode(EUAI + "span"), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and quad.object in spans:
                start = spans[quad.object]
                found[quad.subject.value] = min(start, found.get(quad.subject.value, start))
        return found

    def _said(self, name: str) -> dict[str, list[str]]:
        """Return the values of the property ``name`` of our ontology, in order, by the things that have it."""
        found: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(None, NamedNode(EUAI + name), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                found.setdefault(quad.subject.value, []).append(quad.object.value)
        return {thing: sorted(values) for thing, values in found.items()}
