"""Requests and answers as plain data: media types by ``Accept`` and by name, and problem documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import NamedTuple

from euaikg.core import suffixes
from euaikg.errors import EuaikgError, quote

PLAIN = {"json": ("application/json",)}
"""Plain values, as web programs expect them."""

RESULTS = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
}
"""The formats for yes or no, each with its media types, the one that is given first."""

TABLES = {
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "markdown": ("text/markdown",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    "parquet": ("application/vnd.apache.parquet",),
}
"""The other formats of rows."""

GRAPHS = {
    "turtle": ("text/turtle", "text/n3"),
    "jsonld": ("application/ld+json", "application/json"),
    "ntriples": ("application/n-triples", "text/plain"),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
}
"""The formats of triples."""

BIBLIOGRAPHIES = {
    "bibtex": ("application/x-bibtex",),
    "ris": ("application/x-research-info-systems",),
    "csl-json": ("application/vnd.citationstyles.csl+json",),
}
"""The formats of the documents that rows rest on."""

FILES = {**{form: types[0] for form, types in GRAPHS.items()}, "trig": "application/trig",
         "nquads": "application/n-quads", "jsonld-graphs": "application/ld+json"}  # fmt: skip
"""The media types of the forms in which the whole graph can be had."""

HTML = {"html": ("text/html", "application/xhtml+xml")}

QUESTION = {**PLAIN, "sparql-json": RESULTS["json"][:1], "xml": RESULTS["xml"], **TABLES, **BIBLIOGRAPHIES}
"""The formats of the rows that answer a stored question; those of triples are :data:`TRIPLES`."""

TRIPLES = {**PLAIN, **GRAPHS, "jsonld": GRAPHS["jsonld"][:1]}

ALSO = {"n3": "turtle", "json-ld": "jsonld", "rdf+xml": "rdfxml", "xml": "rdfxml", "json": "jsonld"}
"""Other words for formats that common clients use; the last two where triples are asked for."""

Formats = Mapping[str, tuple[str, ...]]


class Asked(NamedTuple):
    """A request: the path without its first slash, what stands behind the ``?``, what is accepted.

    ``query`` is the text of a SPARQL query, and ``base`` the address of the path, where an answer needs it.
    """

    path: str
    values: tuple[tuple[str, str], ...] = ()
    accept: str = "*/*"
    query: str | None = None
    base: str = ""

    def all(self, name: str) -> list[str]:
        """Return all values of ``name``."""
        return [value for key, value in self.values if key == name]

    def one(self, name: str) -> str | None:
        """Return the value of ``name``, or None; raise :class:`RefusedError` where it has several."""
        given = self.all(name)
        if len(given) > 1:
            raise RefusedError(400, f"{name}: give it once, not {len(given)} times.")
        return given[0] if given else None

    def known(self, *names: str) -> dict[str, str]:
        """Return the values of ``names``; raise :class:`RefusedError` for any other name."""
        for key, _ in self.values:
            if key not in names:
                raise RefusedError(400, f"{quote(key)} is no parameter here; there are {', '.join(names) or 'none'}.")
        return {name: value for name in names if (value := self.one(name)) is not None}


class Made(NamedTuple):
    """An answer: its bytes, their media type, the HTTP status, and headers that go with it."""

    content: bytes
    media: str
    status: int = 200
    headers: Mapping[str, str] = {}


class RefusedError(EuaikgError):
    """A request that cannot be answered: the HTTP ``status``, a sentence, and ``headers`` that go with it."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, sentence, headers)
        self.status, self.sentence, self.headers = status, sentence, headers or {}

    def __str__(self) -> str:
        return self.sentence


def problem(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Made:
    """Return the problem document (RFC 9457) that says ``sentence``."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    return Made(written(told), "application/problem+json", status, {"Cache-Control": "no-store", **(headers or {})})


def written(value: object) -> bytes:
    """Return ``value`` as JSON, with days and exact numbers as what JSON has for them."""
    return json.dumps(value, ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> object:
    return (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else str(value)


def ranges(accept: str) -> list[tuple[str, float]]:
    """Return the media ranges of the field ``Accept`` with their qualities; what cannot be read is passed over."""
    found = []
    for part in accept.split(","):
        name, *others = (one.strip().lower() for one in part.split(";"))
        quality = next((one.partition("=")[2].strip() for one in others if one.replace(" ", "").startswith("q=")), "1")
        try:
            found.append((name, min(1.0, max(0.0, float(quality)))))
        except ValueError:
            continue
    return [(name, quality) for name, quality in found if name.count("/") == 1]


def best(accept: str, formats: Formats) -> tuple[str, str] | None:
    """Return the format that ``accept`` asks for before others, and its media type; None where it takes none.

    By RFC 9110 the nearest range says how much a type is wanted; where several are wanted alike, the first is given.
    """
    known = dict(ranges(accept)) or {"*/*": 1.0}
    most, found = 0.0, None
    for form, types in formats.items():
        for at, media in enumerate(types):  # of other names for a type only the whole one counts
            nearest = (media, f"{media.partition('/')[0]}/*", "*/*")[: 1 if at else None]
            quality = next((known[one] for one in nearest if one in known), 0.0)
            if quality > most:
                most, found = quality, (form, media)
    return found


def chosen(asked: Asked, formats: Formats, named: str | None = None) -> tuple[str, str]:
    """Return the format of ``formats`` that is ``named``, or that the request accepts, and its media type.

    Raises :class:`RefusedError` with 406 for one that is not among them.
    """
    if named is None:
        if found := best(asked.accept, formats):
            return found
    else:
        wanted = named.strip().lower()
        for form, types in formats.items():
            if wanted in (form, *types, *(end[1:] for end in suffixes.SUFFIXES.get(form, ()))):
                return form, types[0]
        if ALSO.get(wanted) in formats:
            return ALSO[wanted], formats[ALSO[wanted]][0]
    there = ", ".join(f"{form} ({types[0]})" for form, types in formats.items())
    raise RefusedError(406, f"This can be had as {there}, not as {quote(asked.accept if named is None else named)}.")
