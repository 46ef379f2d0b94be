"""Where the permanent addresses lead: the rules for w3id.org."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from euaikg.core import addresses, templates
from euaikg.errors import InputError, quote

TEMPLATES = Path(__file__).parent / "templates"

RANGES = {
    "*/*": ("TTL", "JSONLD", "RDF", "HTML"),
    "text/*": ("TTL", "HTML"),
    "application/*": ("JSONLD", "RDF"),
    "application/json": ("JSONLD",),
    "application/xhtml+xml": ("HTML",),
    "text/turtle": ("TTL",),
    "application/ld+json": ("JSONLD",),
    "application/rdf+xml": ("RDF",),
    "text/html": ("HTML",),
}
"""The media ranges that are understood, the less exact first, each with the forms that it stands for."""


def base(url: str) -> str:
    """Return ``url`` as the address of a folder that a ``.htaccess`` can hold, ending in a slash.

    Raises :class:`InputError` where it is none, as :func:`euaikg.core.addresses.folder` does.
    """
    found = addresses.folder(url)
    if re.search(r"['%$]", found):
        raise InputError(f"{quote(url)} cannot stand in a .htaccess; leave out quotes, percent and dollar signs.")
    return found


def htaccess(base_url: str, packed: Iterable[str] = ()) -> bytes:
    """Return the ``.htaccess`` for w3id.org: content negotiation by quality values, and 303 for things.

    ``packed`` are the files with answers that are packed, by their names before.

    Apache's own negotiation chooses among files beside it, while w3id.org holds none; so the quality values (RFC
    9110, section 12.4.2) are read by rewrite rules.
    """
    rules = []
    for media, forms in RANGES.items():
        start = rf"(?:^|,)\s*{re.escape(media)}(?:\s*;(?!\s*q\s*=)[^,;]*)*\s*"
        rest = r"\s*(?:;[^,]*)?"
        for quality, value in (
            (rf";\s*q\s*=\s*0(?:\.0*)?{rest}", "0"),
            (rf";\s*q\s*=\s*(0\.[0-9]*[1-9][0-9]*){rest}", "%1"),
            (rf"(?:;\s*q\s*=\s*1(?:\.0*)?{rest})?", "1"),
        ):
            rules.append((f"{start}{quality}(?:,|$)", ",".join(f"E={form}:{value}" for form in forms)))
    names = [re.escape(name) for name in sorted(packed)]
    return templates.fill(TEMPLATES / "htaccess", base=base_url, ranges=rules, packed=names).encode()
