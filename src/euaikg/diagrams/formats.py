"""Formats of diagrams: a function from a network to bytes for each."""

from __future__ import annotations

import importlib

from euaikg.core import output
from euaikg.diagrams.model.network import Network
from euaikg.errors import OutputError

WRITERS = {
    "svg": "euaikg.diagrams.draw.pages:svg",
    "png": "euaikg.diagrams.draw.pages:png",
    "pdf": "euaikg.diagrams.draw.pages:pdf",
    "html": "euaikg.diagrams.page.html:encode",
    "dot": "euaikg.diagrams.text.dot:encode",
    "mermaid": "euaikg.diagrams.text.mermaid:encode",
    "graphml": "euaikg.diagrams.text.interchange:graphml",
    "gexf": "euaikg.diagrams.text.interchange:gexf",
    "cytoscape": "euaikg.diagrams.text.interchange:cytoscape",
    "csv": "euaikg.diagrams.text.interchange:edge_list",
}
"""The formats, each with the module and its function that makes it of a network."""

MARKUP = ("svg", "html", "graphml", "gexf")
"""The formats that are XML or HTML."""


WHOLE = ("graphml", "gexf", "cytoscape", "csv")
"""The formats for programs, which have room for all."""

PAGED = ("svg", "png", "pdf", "html")
"""The formats that are pictures on a page."""


def encode(network: Network, form: str, page: str = "slide") -> bytes:
    """Return ``network`` in the format ``form``, a picture on a ``page`` (slide, a4 or square).

    Raises :class:`OutputError` where there is no such format or page.
    """
    if form not in WRITERS:
        raise OutputError(f"There is no format “{form}” for diagrams; there are {', '.join(WRITERS)}.")
    module, _, function = WRITERS[form].partition(":")
    writer = getattr(importlib.import_module(module), function)
    content = writer(network, page) if form in PAGED else writer(network)
    assert isinstance(content, bytes)
    return output.well_formed(content) if form in MARKUP else content
