"""What the name of a file says about its format: the one place that knows suffixes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from euaikg.errors import OutputError, quote

SUFFIXES = {
    "table": (),
    "text": (".txt",),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "json": (".json",),
    "xml": (".xml",),
    "markdown": (".md",),
    "xlsx": (".xlsx",),
    "parquet": (".parquet",),
    "bibtex": (".bib",),
    "ris": (".ris",),
    "csl-json": (".csl.json",),
    "turtle": (".ttl",),
    "trig": (".trig",),
    "ntriples": (".nt",),
    "nquads": (".nq",),
    "rdfxml": (".rdf", ".owl"),
    "jsonld": (".jsonld",),
    "jsonld-graphs": (".jsonld",),
    "svg": (".svg",),
    "png": (".png",),
    "pdf": (".pdf",),
    "html": (".html", ".htm"),
    "dot": (".dot", ".gv"),
    "mermaid": (".mermaid", ".mmd"),
    "graphml": (".graphml",),
    "gexf": (".gexf",),
    "cytoscape": (".cyjs",),
}
"""The formats by their names on the command line, each with its suffixes, first the one that is given to new files."""

_DOUBLE = [end for ends in SUFFIXES.values() for end in ends if end.count(".") > 1]

ALSO = {"markdown": (".txt", ".markdown"), "rdfxml": (".xml",), "jsonld": (".json",), "cytoscape": (".json",)}
"""Suffixes that stand for a format too where nothing nearer has them, in the name of a file that is written."""

BIBLIOGRAPHIES = ("bibtex", "ris", "csl-json")
"""The formats that hold documents to be cited."""

BINARY = ("xlsx", "parquet", "png", "pdf")
"""The formats that are no text: they are not shown on a terminal, and not packed once more."""

PACKED = ".gz"
"""The suffix of packed files, behind that of what is packed."""


def of(form: str) -> str:
    """Return the suffix of new files in the format ``form``."""
    return SUFFIXES[form][0]


def is_packed(path: Path) -> bool:
    """Say whether the file at ``path`` is packed, by its name."""
    return path.suffix.lower() == PACKED


def suffix(path: Path) -> str:
    """Return what the name of the file at ``path`` ends in, in small letters, without that of packed files."""
    name = (path.stem if is_packed(path) else path.name).lower()
    return next((end for end in _DOUBLE if name.endswith(end)), Path(name).suffix)


def form_of(path: Path | None, among: Iterable[str], form: str | None = None) -> str | None:
    """Return the format for the file at ``path``: ``form`` where it is given, else the one that its name says.

    That is one ``among`` those a command writes. None where the name ends in no suffix, and where there is no path.
    Raises :class:`OutputError` for a name that ends like none of them, for one that promises other bytes than the
    ``form`` has where one of the two is no text, and for one that would pack what is no text.
    """
    if path is None:
        return form
    end, there = suffix(path), list(among)
    found = form or _said(end, there)
    if found is None and end:
        known = dict.fromkeys(known for one in there for known in SUFFIXES.get(one, ()))
        raise OutputError(
            f"{path}: nothing here is written as {quote(end)}, only as {', '.join(known)}; text may have {PACKED} "
            "behind that, and where --format is given any name will do."
        )
    promised = {one for one, ends in SUFFIXES.items() if end in ends}
    if form and promised and form not in promised and (form in BINARY or promised & {*BINARY}):
        raise OutputError(f"{path}: the name says {' or '.join(sorted(promised))}, and the format is to be {form}.")
    if found in BINARY and is_packed(path):
        raise OutputError(f"{path}: {found} is packed already; leave out {quote(PACKED)}.")
    return found


def _said(end: str, among: list[str]) -> str | None:
    for known in (SUFFIXES, ALSO):
        if found := next((form for form in among if end in known.get(form, ())), None):
            return found
    return None
