"""SVG as Graphviz writes it, made fit for pages: without traces of the machine, with words for those who listen."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

from euaikg.diagrams.model.network import Network
from euaikg.diagrams.static.dot import clean, shown

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def tidy(content: bytes, network: Network) -> bytes:
    """Return the SVG ``content`` that shows ``network``, fit to stand in a page or alone.

    Comments and the reference to a DTD go. The picture gets a title, a description and the role of a graphic; each
    thing and line gets its tooltip as its title, which screen readers read, and the furniture of the page is marked as
    ``legend``, so that ``node`` and ``edge`` are exactly the things and lines.
    """
    root = ET.fromstring(content)
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    title, *below = shown(network)
    root.set("role", "graphics-document document")
    root.set("aria-labelledby", "title description")
    root.set("lang", network.lang)
    words = [*below, *network.documents]
    for at, (name, text) in enumerate((("title", title), ("desc", ". ".join(words)))):
        element = ET.Element(f"{{{SVG}}}{name}", {"id": "title" if name == "title" else "description"})
        element.text = clean(text)
        root.insert(at, element)
    canvas = root.find(f"{{{SVG}}}g")
    assert canvas is not None
    for title_of_canvas in canvas.findall(f"{{{SVG}}}title"):
        canvas.remove(title_of_canvas)
    for group in canvas.findall(f"{{{SVG}}}g"):
        _name(group)
    root.tail = "\n"
    stream = io.BytesIO()
    ET.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)
    return stream.getvalue()


def _name(group: ET.Element) -> None:
    """Give the thing or line ``group`` its tooltip as title, or mark it as legend."""
    classes = group.get("class", "").split()
    heading = group.find(f"{{{SVG}}}title")
    assert heading is not None
    if "legend" in classes:
        group.set("class", "legend")
        group.remove(heading)
        for link in group.iter(f"{{{SVG}}}a"):
            link.attrib.pop(f"{{{XLINK}}}title", None)
        return
    for link in group.iter(f"{{{SVG}}}a"):
        tip = link.attrib.pop(f"{{{XLINK}}}title", None)
        if tip:
            heading.text = tip
