"""SVG as Graphviz writes it, made fit for pages: no traces of the machine, a title, and words for those who listen."""

from __future__ import annotations

from euaikg.network import Network


def tidy(content: bytes, network: Network) -> bytes:
    """Return the SVG ``content`` that shows ``network`` without comments and with a title and a description."""
    return content
