"""Measures of a network that answer a question: who is central, what connects two things, which parts hang apart.

Who is related to whom counts, not in which direction or how often, so that two documents which say the same make
nobody more central. Plans count like facts unless a modality is asked for, and what is denied or has ended does not;
every row of a chain shows its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from euaikg.core.vocab import XSD
from euaikg.diagrams import views
from euaikg.diagrams.filters import ALL, Wanted
from euaikg.diagrams.model.network import Edge, Network
from euaikg.errors import QueryError
from euaikg.questions import ask, names
from euaikg.rdf.terms import Term, is_iri
from euaikg.sparql.answers import Table
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import write

if TYPE_CHECKING:
    import networkx

STEPS = 20_000_000
"""Up to so many steps, things times relations, betweenness is exact, which takes some seconds; else an estimate."""

NOT_SO = ("denied", "ended")
"""How passages state what is no relation, or none any more; it counts only where it is asked for."""

THINGS, CHAINS = 25, 5
"""How many things and chains there are at most, unless another limit is given."""

MEMBERS = 12
"""How many members of a part are named."""

LABELS = """
SELECT ?thing ?label ?kindLabel WHERE {{
  VALUES ?thing {{ {} }}
  VALUES ?lang {{ {} }}
  OPTIONAL {{ ?thing skos:prefLabel|rdfs:label|dct:bibliographicCitation ?label FILTER(LANG(?label) = ?lang) }}
  OPTIONAL {{
    ?thing a ?kind .
    ?kind rdfs:isDefinedBy <https://w3id.org/euaikg/ontology> ; rdfs:label ?kindLabel
    FILTER(LANG(?kindLabel) = ?lang)
  }}
}}
ORDER BY ?thing ?label ?kindLabel
"""


def edges(
    engine: Engine, view: str | None = None, as_of: str | None = None, modalities: Sequence[str] = ()
) -> list[Edge]:
    """Return the relations between things that passages state: all of them, or what the ``view`` shows.

    Codes, such as topics, and documents are no things here. Up to the day ``as_of``, and only with the ``modalities``
    where these are given; without them nothing that is denied or has ended. Raises :class:`QueryError` for an
    unknown view, day or modality.
    """
    if view is not None:
        wanted = Wanted(modalities=modalities, as_of=as_of, limit=ALL, rows=ALL)
        shown = views.view(engine, view, wanted).edges
        return [edge for edge in shown if modalities or edge.modality not in NOT_SO]
    values = {"modality": list(modalities), "asOf": [as_of] if as_of else []}
    answer = ask.question(engine, "edge-list", {name: texts for name, texts in values.items() if texts}).answer
    assert isinstance(answer, Table)
    found = ({name: str(value) for name, value in row.items()} for row in answer.to_dicts())
    return [
        Edge(
            row["from"],
            row["to"],
            row["relation"],
            "",
            row["modality"].rpartition("/")[2],
            passage=row["passage"],
            date=row["statedOn"],
        )
        for row in found
        if modalities or row["modality"].rpartition("/")[2] not in NOT_SO
    ]


def of_things(engine: Engine, network: Network, as_of: str | None = None) -> Network:
    """Return the part of ``network`` that is measured: see :func:`edges`."""
    kept = {(edge.source, edge.relation, edge.target, edge.passage) for edge in edges(engine, as_of=as_of)}
    found = [edge for edge in network.edges if (edge.source, edge.relation, edge.target, edge.passage) in kept]
    ends = {end for edge in found for end in (edge.source, edge.target)}
    return replace(network, edges=tuple(found), nodes=tuple(node for node in network.nodes if node.iri in ends))


def measured(
    engine: Engine,
    view: str | None = None,
    *,
    between: Sequence[str] | None = None,
    apart: bool = False,
    as_of: str | None = None,
    modalities: Sequence[str] = (),
    lang: str = "en",
    limit: int | None = None,
) -> Table:
    """Return the measures of the whole network, or of what the ``view`` shows: :func:`central` things.

    With two things in ``between`` the :func:`chains` between them, with ``apart`` the :func:`parts`. ``limit`` is how
    many things (25) or chains (5) there are at most. Raises :class:`QueryError` for both, and as these do.
    """
    if between and apart:
        raise QueryError("Give --between or --parts, not both.")
    if between and len(between) != 2:
        raise QueryError(f"--between takes two things, not {len(between)}.")
    found = edges(engine, view, as_of, modalities)
    if between:
        return chains(engine, found, between[0], between[1], lang, limit or CHAINS)
    return parts(engine, found, lang) if apart else central(engine, found, lang, limit or THINGS)


def central(engine: Engine, found: Iterable[Edge], lang: str = "en", limit: int | None = None) -> Table:
    """Return the things by the number of their neighbours, with how many shortest chains run through each.

    ``between`` is betweenness centrality (Freeman 1977), from 0 to 1; on large networks (:data:`STEPS`) the column is
    ``betweenEstimate``.
    """
    graph = _graph(found)
    between, is_exact = _between(graph)
    ranked = sorted(graph, key=lambda iri: (-graph.degree(iri), -between[iri], iri))[:limit]
    named = _names(engine, ranked, lang)
    return Table(
        ("thing", "thingLabel", "kindLabel", "neighbours", "between" if is_exact else "betweenEstimate"),
        [(_node(iri), *named[iri], Literal(graph.degree(iri)), _decimal(between[iri])) for iri in ranked],
    )


def sized(network: Network, by: str) -> Network:
    """Return ``network`` with nodes sized by how central they are in it, ``by`` neighbours or between."""
    graph = _graph(network.edges)
    values = _between(graph)[0] if by == "between" else dict(graph.degree)
    most = max(values.values(), default=0) or 1
    nodes = tuple(replace(node, size=round(values.get(node.iri, 0) / most, 3)) for node in network.nodes)
    return replace(network, nodes=nodes)


def chains(engine: Engine, found: Sequence[Edge], one: str, other: str, lang: str = "en", limit: int = 5) -> Table:
    """Return the shortest chains of relations between two things, named or by IRI, at most ``limit`` of them.

    Each row is one step as a passage states it, with its source; where several do, the latest. Raises
    :class:`QueryError` where nothing connects the two, and :class:`UnknownThingError` for a name that nothing has.
    """
    import networkx

    ends = [names.resolve(engine, text).value for text in (one, other)]
    graph = _graph(found)
    try:
        paths = sorted(islice(networkx.all_shortest_paths(graph, *ends), 100 * limit))[:limit]
    except (networkx.NodeNotFound, networkx.NetworkXNoPath):
        raise QueryError(f"No chain of relations connects “{one}” and “{other}”.") from None
    said = {frozenset((edge.source, edge.target)): edge for edge in sorted(found, key=lambda edge: edge.date)}
    steps = [
        (number, step, said[frozenset(pair)])
        for number, path in enumerate(paths, 1)
        for step, pair in enumerate(pairwise(path), 1)
    ]
    named = _names(
        engine,
        [iri for _, _, edge in steps for iri in (edge.source, edge.target, edge.relation, edge.passage) if iri],
        lang,
    )
    rows: list[tuple[Term | None, ...]] = [
        (
            Literal(number),
            Literal(step),
            _node(edge.source),
            named[edge.source][0],
            _node(edge.relation),
            named[edge.relation][0],
            _node(edge.target),
            named[edge.target][0],
            Literal(edge.modality),
            named[edge.passage][0] if edge.passage else None,
        )
        for number, step, edge in steps
    ]
    columns = ("chain", "step", "from", "fromLabel", "relation", "relationLabel", "to", "toLabel", "modality", "source")
    return Table(columns, rows)


def parts(engine: Engine, found: Iterable[Edge], lang: str = "en") -> Table:
    """Return the parts of the network between which no relation is stated, the largest first, with some members."""
    import networkx

    graph = _graph(found)
    sets = sorted(networkx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    shown = [sorted(part, key=lambda iri: (-graph.degree(iri), iri))[:MEMBERS] for part in sets]
    named = _names(engine, [iri for part in shown for iri in part], lang)
    rows: list[tuple[Term | None, ...]] = []
    for number, (part, members) in enumerate(zip(sets, shown, strict=True), 1):
        said = "; ".join(label.value if isinstance(label := named[iri][0], Literal) else iri for iri in members)
        more = f"; … {len(part) - MEMBERS} more" if len(part) > MEMBERS else ""
        rows.append((Literal(number), Literal(len(part)), Literal(said + more)))
    return Table(("part", "things", "members"), rows)


def _graph(found: Iterable[Edge]) -> networkx.Graph:
    import networkx

    graph: networkx.Graph = networkx.Graph()
    graph.add_edges_from(sorted({(edge.source, edge.target) for edge in found if edge.source != edge.target}))
    return graph


def _between(graph: networkx.Graph) -> tuple[dict[str, float], bool]:
    """Return the betweenness of each thing by the algorithm of Brandes (2001), and whether it is exact.

    Of large graphs it is estimated from evenly chosen things (Brandes and Pich 2007). networkx has the same and takes
    four times as long, since it keeps things by their names.
    """
    names = list(graph)
    count = len(names)
    at = {name: number for number, name in enumerate(names)}
    near = [[at[other] for other in graph[name]] for name in names]
    stride = -(-count * graph.number_of_edges() // STEPS) or 1
    starts = range(0, count, stride)
    total = [0.0] * count
    for start in starts:
        far, ways = [-1] * count, [0] * count
        far[start], ways[start] = 0, 1
        before: list[list[int]] = [[] for _ in names]
        queue = [start]
        for one in queue:  # which grows
            for other in near[one]:
                if far[other] < 0:
                    far[other] = far[one] + 1
                    queue.append(other)
                if far[other] == far[one] + 1:
                    ways[other] += ways[one]
                    before[other].append(one)
        passing = [0.0] * count
        for one in reversed(queue[1:]):
            share = (1 + passing[one]) / ways[one]
            for earlier in before[one]:
                passing[earlier] += ways[earlier] * share
            total[one] += passing[one]
    scale = count / len(starts) / ((count - 1) * (count - 2)) if count > 2 else 1.0
    return {name: value * scale for name, value in zip(names, total, strict=True)}, stride == 1


def _node(key: str) -> Term:
    """Return the term that ``key``, the name of a node, stands for."""
    if key.startswith("_:"):
        return BlankNode(key[2:])
    return NamedNode(key) if is_iri(key) else Literal(key)


def _decimal(value: float) -> Literal:
    return Literal(f"{value:.4f}", datatype=NamedNode(XSD + "decimal"))


def _names(engine: Engine, iris: Iterable[str], lang: str) -> dict[str, tuple[Term | None, Term | None]]:
    """Return the name and the kind of each of ``iris``, None where it has none."""
    wanted = sorted(set(iris))
    known = [NamedNode(iri) for iri in wanted if is_iri(iri)]
    names: dict[str, tuple[Term | None, Term | None]] = dict.fromkeys(wanted, (None, None))
    if known:
        listed = " ".join(map(write, known))
        for thing, label, kind in engine.select(LABELS.format(listed, write(Literal(lang)))).rows:
            assert isinstance(thing, NamedNode)
            if names[thing.value] == (None, None):
                names[thing.value] = label, kind
    return names
