"""Every page is a function of the graph, an address, a language and a day of knowledge.

A release writes the pages of all addresses into a folder; a server makes the same ones when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from euaikg.pages import documents, kinds, pictures, questions, reference, search, start, things
from euaikg.pages.view import LANGUAGES, Site, View

_Maker = tuple[re.Pattern[str], Callable[[Site], Iterator[str]], Callable[..., bytes | None]]

MAKERS: tuple[_Maker, ...] = tuple(
    (maker.PATTERN, maker.addresses, maker.page)
    for maker in (start, kinds, things, documents, questions, pictures, search, reference)
)
"""What each module has that makes pages: the pattern of their addresses, which there are, and how one is made."""


def addresses(site: Site) -> Iterator[str]:
    """Yield the address of every page of ``site`` in its first language; in others it stands in a folder of theirs."""
    for _, there, _ in MAKERS:
        yield from there(site)


def problem(site: Site, address: str, sentence: str) -> bytes:
    """Return the page that says ``sentence`` where there is no page at ``address``, or a value is wrong."""
    return View(site, address).fill("problem.html", sentence=sentence)


def page(
    site: Site, address: str, as_of: str | None = None, values: Mapping[str, list[str]] | None = None
) -> bytes | None:
    """Return the page at ``address`` such as ``nl/id/body/ai-office.html``, as documents up to ``as_of`` know it.

    ``values`` are those that a form sends. Returns None where there is no such page, and raises
    :class:`~euaikg.errors.EuaikgError` where a value is wrong.
    """
    first, _, rest = address.partition("/")
    lang, address = (first, rest) if rest and first in LANGUAGES[1:] else (LANGUAGES[0], address)
    for pattern, _, make in MAKERS:
        if match := pattern.fullmatch(address):
            made = make(View(site, address, lang, as_of, values or {}), *match.groups())
            if made is not None:
                return made
    return None
