"""Networks for other tools: networkx, GraphML, GEXF, Cytoscape JSON and a CSV edge list.

Every node and every edge of the network comes through, parallel edges too. Text is text, and ``amount`` is a whole
number of euros that stands only where one is known.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from euaikg.diagrams.model.labels import clean
from euaikg.diagrams.model.network import Edge, Network, Node
from euaikg.sparql.sheets import harmless

if TYPE_CHECKING:
    import networkx as nx

Attributes = dict[str, str | int]

NODE = ("label", "kind", "kind_label", "group", "note", "amount", "date", "sources")
"""The attributes of a node, as in :class:`euaikg.diagrams.model.network.Node`; ``sources`` is one text."""

EDGE = (
    "label", "relation", "modality", "modality_label", "note", "amount", "date", "passage", "citation", "url",
)  # fmt: skip
"""The attributes of an edge, as in :class:`euaikg.diagrams.model.network.Edge`."""

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"


def to_networkx(network: Network) -> nx.MultiDiGraph[str]:
    """Return ``network`` as a networkx ``MultiDiGraph``.

    Nodes are IRIs with the attributes :data:`NODE`, edges have the attributes :data:`EDGE` and their place in the
    network as key. ``amount`` (int, whole euros) is missing where none is known. The graph has ``title``, ``lang``,
    ``as_of``, ``documents``, ``hidden`` and ``view``.
    """
    import networkx

    about = _about(network)
    found: nx.MultiDiGraph[str] = networkx.MultiDiGraph(**about)
    for node in network.nodes:
        found.add_node(node.iri, **_attributes(node))
    for at, edge in enumerate(network.edges):
        found.add_edge(edge.source, edge.target, key=at, **_attributes(edge))
    return found


def graphml(network: Network) -> bytes:
    """Return ``network`` as GraphML, with typed attributes."""
    root = ET.Element("graphml", xmlns=GRAPHML)
    about = _about(network)
    for what, names in ("graph", tuple(about)), ("node", NODE), ("edge", EDGE):
        for name in names:
            key = {"id": f"{what}-{name}", "for": what, "attr.name": name, "attr.type": _type(name)}
            ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", id="euaikg", edgedefault="directed")
    _keep(graph, "graph", about)
    for node in network.nodes:
        _keep(ET.SubElement(graph, "node", id=clean(node.iri)), "node", _attributes(node))
    for at, edge in enumerate(network.edges):
        ends = {"id": f"e{at}", "source": clean(edge.source), "target": clean(edge.target)}
        _keep(ET.SubElement(graph, "edge", ends), "edge", _attributes(edge))
    return _xml(root)


def _keep(parent: ET.Element, what: str, attributes: Mapping[str, str | int]) -> None:
    for name, value in attributes.items():
        ET.SubElement(parent, "data", key=f"{what}-{name}").text = clean(str(value))


def gexf(network: Network) -> bytes:
    """Return ``network`` as GEXF 1.3, with typed attributes."""
    root = ET.Element("gexf", xmlns=GEXF, version="1.3")
    about = _about(network)
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "euaikg"
    words = [about["title"], about["as_of"], about["hidden"], about["documents"]]
    ET.SubElement(meta, "description").text = clean("\n".join(filter(None, words)))
    graph = ET.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    for what, names in ("node", NODE), ("edge", EDGE):
        columns = ET.SubElement(graph, "attributes", {"class": what, "mode": "static"})
        for name in names:
            if name != "label":  # has a place of its own
                ET.SubElement(columns, "attribute", id=f"{what}-{name}", title=name, type=_type(name))
    nodes = ET.SubElement(graph, "nodes")
    for node in network.nodes:
        made = ET.SubElement(nodes, "node", id=clean(node.iri), label=clean(node.label))
        _values(made, "node", _attributes(node))
    edges = ET.SubElement(graph, "edges")
    for at, edge in enumerate(network.edges):
        ends = {"id": f"e{at}", "source": clean(edge.source), "target": clean(edge.target)}
        made = ET.SubElement(edges, "edge", {**ends, "label": clean(edge.label), "kind": clean(edge.relation)})
        _values(made, "edge", _attributes(edge))
    return _xml(root)


def _values(parent: ET.Element, what: str, attributes: Mapping[str, str | int]) -> None:
    values = ET.SubElement(parent, "attvalues")
    for name, value in attributes.items():
        if name != "label":
            ET.SubElement(values, "attvalue", {"for": f"{what}-{name}", "value": clean(str(value))})


def cytoscape(network: Network) -> bytes:
    """Return ``network`` in the JSON of Cytoscape and Cytoscape.js."""
    about = _about(network)
    nodes = [{"data": {"id": node.iri, "name": node.label, **_attributes(node)}} for node in network.nodes]
    edges = []
    for at, edge in enumerate(network.edges):
        ends = {"id": f"e{at}", "source": edge.source, "target": edge.target, "interaction": edge.label}
        edges.append({"data": {**ends, **_attributes(edge)}})
    document = {"data": {"name": network.title, **about}, "elements": {"nodes": nodes, "edges": edges}}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


COLUMNS = (
    "source", "target", "source_label", "target_label", "source_kind", "target_kind", *EDGE,
)  # fmt: skip
"""The columns of the edge list; Gephi and Cytoscape know the first two."""


def edge_list(network: Network) -> bytes:
    """Return ``network`` as CSV with a row for each edge, formulas made harmless and numbers left as numbers.

    A thing that stands in no relation has a row of its own without a target.
    """
    named = {node.iri: node for node in network.nodes}
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for edge in network.edges:
        source, target = named[edge.source], named[edge.target]
        row = [source.iri, target.iri, source.label, target.label, source.kind_name, target.kind_name]
        values = _attributes(edge)
        writer.writerow(map(_harmless, [*row, *(values.get(name, "") for name in EDGE)]))
    linked = {end for edge in network.edges for end in (edge.source, edge.target)}
    for node in network.nodes:
        if node.iri not in linked:
            row = [node.iri, "", node.label, "", node.kind_name, ""]
            writer.writerow(map(_harmless, [*row, *[""] * len(EDGE)]))
    return stream.getvalue().encode("utf-8", "replace")


def _harmless(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    return clean(value) if harmless(value) == value else f"'{clean(value)}"


def _attributes(thing: Node | Edge) -> Attributes:
    """Return the attributes of a node or an edge in a fixed order, without those that are not known."""
    names = NODE if isinstance(thing, Node) else EDGE
    there = vars(thing)
    if isinstance(thing, Node):
        there = there | {"kind_label": thing.kind_name, "sources": "; ".join(thing.sources)}
    return {name: there[name] for name in names if there[name] is not None}


def _about(network: Network) -> dict[str, str]:
    plain = {name: value for name, value in vars(network).items() if name not in ("nodes", "edges", "middle")}
    return {**plain, "documents": "; ".join(network.documents)}


def _type(name: str) -> str:
    return "long" if name == "amount" else "string"


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()
