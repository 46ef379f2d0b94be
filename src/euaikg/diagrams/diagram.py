"""One diagram: chosen in one of the three ways, shown in a notebook, and written to a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from euaikg.core import suffixes, writing
from euaikg.diagrams import formats, measures, views
from euaikg.diagrams.filters import Wanted
from euaikg.diagrams.model.labels import web
from euaikg.diagrams.model.network import Network
from euaikg.errors import QueryError, counted
from euaikg.sparql.embedded import Engine

SIZES = ("neighbours", "between")
"""By what things can be drawn larger: how many neighbours they have, how many shortest chains run through them."""


@dataclass(frozen=True, repr=False)
class Diagram:
    """A picture of who stands in relation to whom, which a notebook shows; ``network`` is what is drawn."""

    network: Network

    def encode(self, form: str = "svg", page: str = "slide") -> bytes:
        """Return the diagram in ``form``, such as svg, png, pdf, html, dot, mermaid, graphml, gexf, cytoscape or csv.

        Pictures are made for a ``page``: slide, a4 or square. Raises :class:`~euaikg.errors.OutputError` where there is
        no such format or page.
        """
        return formats.encode(self.network, form, page)

    def save(self, path: str | os.PathLike[str], form: str | None = None, page: str = "slide") -> None:
        """Write the diagram to the file ``path`` in ``form``, or the format its name says, else svg.

        Pictures are made for a ``page``: slide, a4 or square.

        Raises :class:`~euaikg.errors.OutputError` where the name ends like no format and where it cannot be written.
        """
        place = Path(path)
        writing.save(place, self.encode(suffixes.form_of(place, formats.WRITERS, form) or "svg", page))

    def __repr__(self) -> str:
        """Return what is drawn, in one line, with what there was no room for."""
        drawn = f"{counted(len(self.network.nodes), 'thing')}, {counted(len(self.network.edges), 'relation')}"
        hidden = f"; {self.network.hidden}" if self.network.hidden else ""
        return f"<Diagram “{self.network.title}”: {drawn}{hidden}>"

    def _repr_svg_(self) -> str:
        """Return the picture as it can stand in a page: without its declaration, and never wider than there is room."""
        picture = self.encode().decode().partition("?>")[2].lstrip()
        return picture.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)


def inline(network: Network, link: Callable[[str], str] = web, prefix: str = "picture") -> str:
    """Return ``network`` as an SVG that stands in a page, without title and sources, which the page has itself.

    The picture has a text alternative and is as wide as there is room. ``link`` gives the address to which the thing of
    an IRI leads, or nothing; ``prefix`` makes identifiers unlike those of other pictures in the page. There is no style
    in it: :func:`colours` has what it looks like in the dark.
    """
    from euaikg.diagrams.draw import pages
    from euaikg.diagrams.draw import svg as writer

    return writer.encode(pages.compose(network, bare=True), link, inline=True, prefix=prefix)


def svg(
    engine: Engine,
    view: str,
    lang: str = "en",
    as_of: str | None = None,
    link: Callable[[str], str] = web,
) -> str:
    """Return the picture of ``view`` as :func:`inline` SVG; its prefix is the name of the view.

    Raises :class:`QueryError` where there is no such view, or the view no such day.
    """
    return inline(views.view(engine, view, Wanted(lang=lang, as_of=as_of)), link, view)


def colours() -> str:
    """Return the CSS that gives inline pictures their colours in the light and in the dark (``light-dark``)."""
    from euaikg.diagrams.draw import svg as writer

    return writer.style()


def drawn(
    engine: Engine,
    view: str | None = None,
    focus: str | None = None,
    query: str | None = None,
    *,
    depth: int = 1,
    values: Mapping[str, Iterable[str]] | None = None,
    size: str | None = None,
    wanted: Wanted | None = None,
) -> Diagram:
    """Return the diagram of a ``view``, of what is around ``focus``, or of the answer to the stored ``query``.

    Raises :class:`QueryError` where not just one of them is given, for an unknown one, and for values without a query.
    """
    refuse_mixtures(view, focus, query, values)
    if size not in (None, *SIZES):
        raise QueryError(f"There is no size “{size}”; things are drawn larger by {' or '.join(SIZES)}.")
    if view is not None:
        network = views.view(engine, view, wanted)
    elif focus is not None:
        network = views.focus(engine, focus, depth, wanted)
    else:
        network = views.query(engine, str(query), values, wanted)
    return Diagram(network if size is None else measures.sized(network, size))


def refuse_mixtures(
    view: str | None, focus: str | None, query: str | None, values: Mapping[str, Iterable[str]] | None
) -> None:
    """Raise :class:`QueryError` unless just one way is given, and values only with a query."""
    if values and query is None:
        raise QueryError("--set goes with --query.")
    if sum(way is not None for way in (view, focus, query)) != 1:
        raise QueryError("Give a view, --focus or --query, but only one of them.")
