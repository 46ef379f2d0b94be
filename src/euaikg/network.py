"""Networks: things as nodes and what documents say between them as edges, ready to be drawn, measured or exported.

A network is made from rows of a query and holds only plain values, so that every format shows the same nodes and
edges. Nodes are told apart by IRI, edges by their place in the list: two documents that say the same are two edges.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Node:
    """A thing.

    ``iri`` is its address, or the text of a literal folded into a node; ``label`` its name in the language asked for;
    ``kind`` the local name of its class, such as ``JointUndertaking``; ``group`` one of :data:`GROUPS`; ``note`` one
    short line for people, such as ``EUR 2.1 bn`` or ``in force since 2024-08-01``; ``amount`` whole euros or None;
    ``date`` an ISO date where the node stands at one.
    """

    iri: str
    label: str
    kind: str
    group: str
    note: str = ""
    amount: int | None = None
    date: str = ""


@dataclass(frozen=True, order=True)
class Edge:
    """What one passage says between two things.

    ``source`` and ``target`` are IRIs of nodes; ``relation`` the IRI of the property and ``label`` its name;
    ``modality`` a code such as ``asserted``, ``planned``, ``proposed`` or ``conditional``; ``passage`` the IRI of the
    passage, ``citation`` its name for people and ``url`` an address of the document, empty where there is none.
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


@dataclass(frozen=True)
class Network:
    """Nodes and edges, both sorted, with what a reader of the picture must be told.

    ``hidden`` says in one sentence what was left out (empty: nothing); ``as_of`` is the date of knowledge, and
    ``documents`` names the documents that the edges come from.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lang: str = "en"
    as_of: str = ""
    documents: tuple[str, ...] = ()
    hidden: str = ""


GROUPS = (
    "body", "country", "programme", "initiative", "infrastructure", "money", "law", "document", "event", "topic",
    "status", "term", "other",
)  # fmt: skip
"""The groups of kinds that a picture tells apart by shape and colour."""
