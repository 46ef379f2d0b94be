"""Formats of diagrams: a function from a network to bytes for each."""

from __future__ import annotations

import importlib
from pathlib import Path

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

BINARY = ("png", "pdf")
"""The formats that are no text."""

SUFFIXES = {"gv": "dot", "htm": "html", "mmd": "mermaid", "cyjs": "cytoscape", "json": "cytoscape"}
"""Other endings of file names."""


def encode(network: Network, form: str) -> bytes:
    """Return ``network`` in the format ``form``; raise :class:`OutputError` where there is no such format."""
    if form not in WRITERS:
        raise OutputError(f"There is no format “{form}” for diagrams; there are {', '.join(WRITERS)}.")
    module, _, function = WRITERS[form].partition(":")
    content = getattr(importlib.import_module(module), function)(network)
    assert isinstance(content, bytes)
    return output.well_formed(content) if form in MARKUP else content


def format_of(path: Path | None) -> str:
    """Return the format that the name of the file ``path`` asks for, svg where it says none.

    Raises :class:`OutputError` where it ends like no format.
    """
    suffix = path.suffix.lower().removeprefix(".") if path else ""
    form = SUFFIXES.get(suffix, suffix) or "svg"
    if path and form not in WRITERS:
        raise OutputError(f"{path}: “{path.suffix}” is no format of diagrams; there are {', '.join(WRITERS)}.")
    return form
