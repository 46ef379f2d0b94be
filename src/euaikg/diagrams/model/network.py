"""Networks: things as nodes and what documents say between them as edges, ready to be drawn, measured or exported.

A network is made from rows of a query and holds only plain values, so that every format shows the same nodes and
edges. Nodes are told apart by IRI, edges by their place in the list: two documents that say the same are two edges.
For drawing, :func:`lines` puts the edges that say the same into one line, with all of them kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from euaikg.core.groups import by_key
from euaikg.diagrams.model.labels import clean, spelled


@dataclass(frozen=True, order=True)
class Node:
    """A thing.

    ``iri`` is its address, or the text of a literal folded into a node; ``label`` its name in the language asked for;
    ``kind`` the local name of its class, such as ``JointUndertaking``, and ``kind_label`` the name of that class for
    people; ``group`` one of :data:`GROUPS`; ``note`` short lines for people (parted by a line break, most often one),
    such as ``EUR 2.1 bn`` or ``in force since 2024-08-01``, and ``sources`` the citations of the note; ``amount`` whole
    euros or None, and ``broad`` the broadest modality of that figure, such as ``planned``; ``date`` an ISO date where
    the node stands at one, and ``since`` says in words that it is only the first that it may be, such as ``not before
    2025-07-02``, else it is empty; ``size`` from 0 to 1 how much larger than others it is drawn.
    """

    iri: str
    label: str
    kind: str
    group: str
    note: str = ""
    amount: int | None = None
    date: str = ""
    kind_label: str = ""
    sources: tuple[str, ...] = ()
    size: float = 0.0
    broad: str = ""
    since: str = ""

    @property
    def kind_name(self) -> str:
        """What its class is called."""
        return self.kind_label or spelled(self.kind)

    @property
    def notes(self) -> list[str]:
        """The lines of its note that say something."""
        return [line for line in clean(self.note).split("\n") if line.strip()]


@dataclass(frozen=True, order=True)
class Edge:
    """What one passage says between two things.

    ``source`` and ``target`` are IRIs of nodes; ``relation`` the IRI of the property and ``label`` its name;
    ``modality`` a code such as ``asserted``, ``intended``, ``proposed`` or ``required``, empty where the relation is
    no statement of a document, ``modality_label`` its name, and ``broad`` the broadest code above it, such as
    ``planned``, or empty where there is none; ``passage`` the IRI of the passage, ``citation`` its
    name for people and ``url`` an address of the document, empty where there is none; ``date`` the ISO date of the
    document, and ``since`` as that of a node. ``is_replaced`` says that a later passage says otherwise, and
    ``is_disputed`` that others do.
    """

    source: str
    target: str
    relation: str
    label: str
    modality: str = "asserted"
    note: str = ""
    amount: int | None = None
    passage: str = ""
    citation: str = ""
    url: str = ""
    date: str = ""
    modality_label: str = ""
    broad: str = ""
    since: str = ""
    is_replaced: bool = False
    is_disputed: bool = False

    @property
    def day(self) -> str:
        """Its date as people are told it."""
        return self.since or self.date


@dataclass(frozen=True)
class Network:
    """Nodes and edges, both sorted, with what a reader of the picture must be told.

    ``hidden`` says in one sentence what was left out (empty: nothing); ``as_of`` is the date of knowledge,
    ``documents`` names the documents that the edges come from, ``view`` the view it shows, which says how it is best
    laid out, and ``middle`` the IRI of the thing around which all else stands, empty where there is none.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lang: str = "en"
    as_of: str = ""
    documents: tuple[str, ...] = ()
    hidden: str = ""
    view: str = ""
    middle: str = ""

    @cached_property
    def named(self) -> dict[str, Node]:
        """The things by IRI."""
        return {node.iri: node for node in self.nodes}

    @cached_property
    def lines(self) -> list[Line]:
        """The edges with those put together that state one relation between two things."""
        return lines(self.edges)

    @cached_property
    def replaced(self) -> set[str]:
        """The stages of a timeline whose place others took, as a later act that lays down another day."""
        return {line.target for line in self.lines if all(edge.is_replaced for edge in line.edges)}

    @cached_property
    def disputed(self) -> set[str]:
        """The stages of a timeline of which documents differ."""
        return {line.target for line in self.lines if any(edge.is_disputed for edge in line.edges)}


@dataclass(frozen=True)
class Line:
    """The edges that state one relation between two things: one line in a picture.

    ``modality`` and ``modality_label`` are those of the edge of the latest date, and of the surest where several have
    that date; ``broad`` is the broadest code above it, or itself.
    """

    source: str
    target: str
    relation: str
    label: str
    modality: str
    modality_label: str
    broad: str
    edges: tuple[Edge, ...]


GROUPS = (
    "body", "person", "country", "programme", "initiative", "action", "infrastructure", "money", "law", "document",
    "event", "topic", "status", "term", "other",
)  # fmt: skip
"""The groups of kinds that a picture tells apart by shape and colour."""

CERTAINTY = (
    "", "asserted", "ended", "under-way", "intended", "planned", "proposed", "required", "recommended", "sought",
    "contingent", "possible", "conditional", "denied",
)  # fmt: skip
"""The codes of modality, the surest first."""


def lines(edges: Iterable[Edge]) -> list[Line]:
    """Return ``edges`` with those put together that have the same ends and the same relation, in sorted order."""
    together = by_key(((edge.source, edge.target, edge.relation), edge) for edge in edges)
    found = []
    for (source, target, relation), same in sorted(together.items()):
        last = max(same, key=lambda edge: (edge.date, -doubt(edge)))
        found.append(
            Line(
                source,
                target,
                relation,
                last.label,
                last.modality,
                last.modality_label,
                last.broad or last.modality,
                tuple(sorted(same, key=lambda edge: (edge.date, edge.citation, edge.passage))),
            )
        )
    return found


def doubt(said: Edge | Line) -> int:
    """Return the place of what is ``said`` in :data:`CERTAINTY`: that of its modality, or else of the broadest code."""
    known = (CERTAINTY.index(code) for code in (said.modality, said.broad) if code in CERTAINTY)
    return next(known, len(CERTAINTY))


def day(text: str) -> date | None:
    """Return the day that the ISO ``text`` names, or None."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def dated(network: Network) -> bool:
    """Say whether each line of ``network`` leads from a thing without a date to a stage with one."""
    with_day = {node.iri for node in network.nodes if day(node.date) is not None}
    ends = {end for edge in network.edges for end in (edge.source, edge.target)}
    leads = all(edge.target in with_day and edge.source not in with_day for edge in network.edges)
    return bool(with_day) and leads and len(ends) == len(network.nodes)
