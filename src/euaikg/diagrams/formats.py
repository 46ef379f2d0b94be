"""Formats of diagrams: a function from a network to bytes for each."""

from __future__ import annotations

import importlib

from euaikg.core import output
from euaikg.diagrams.model.network import Network
from euaikg.errors import OutputError

WRITERS = {
    "svg": "euaikg.diagrams.static.picture:svg",
    "png": "euaikg.diagrams.static.picture:png",
    "pdf": "euaikg.diagrams.static.picture:pdf",
    "html": "euaikg.diagrams.page.html:encode",
    "dot": "euaikg.diagrams.static.dot:encode",
    "mermaid": "euaikg.diagrams.text.mermaid:encode",
    "graphml": "euaikg.diagrams.text.interchange:graphml",
    "gexf": "euaikg.diagrams.text.interchange:gexf",
    "cytoscape": "euaikg.diagrams.text.interchange:cytoscape",
    "csv": "euaikg.diagrams.text.interchange:edge_list",
}
"""The formats, each with the module and its function that makes it of a network."""

MARKUP = ("svg", "html", "graphml", "gexf")
"""The formats that are XML or HTML."""


def encode(network: Network, form: str) -> bytes:
    """Return ``network`` in the format ``form``; raise :class:`OutputError` where there is no such format."""
    if form not in WRITERS:
        raise OutputError(f"There is no format “{form}” for diagrams; there are {', '.join(WRITERS)}.")
    module, _, function = WRITERS[form].partition(":")
    content = getattr(importlib.import_module(module), function)(network)
    assert isinstance(content, bytes)
    return output.well_formed(content) if form in MARKUP else content
