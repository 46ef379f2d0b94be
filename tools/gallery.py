"""Draw the gallery: one picture of each view in ``docs/gallery``, and the page ``docs/gallery.md`` that shows them.

Run ``python tools/gallery.py`` after a change to the data or to how pictures are made; a test tells when that was
forgotten.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from euaikg.diagrams import formats, views
from euaikg.diagrams.draw import headline
from euaikg.diagrams.filters import Wanted
from euaikg.diagrams.model.network import Network, lines
from euaikg.graph import build
from euaikg.questions import stored
from euaikg.sparql.embedded import Engine

DOCS = Path(__file__).resolve().parents[1] / "docs"

NOTICE = "<!-- Written by tools/gallery.py; do not edit. -->\n\n"

INTRODUCTION = """# Gallery

What `euaikg diagram` draws from the shipped graph for a slide (`--page a4` and `--page square` for others), with the
command for each. Symbols and colours tell kinds apart, broken lines and paler money are plans and proposals. Opened by
itself, a picture tells the facts and sources of a thing or line that is pointed at, and leads to its page. As HTML
(`-o NAME.html`) it has search, filters and facts.
"""

DUTCH = ("funding", "timeline")
"""The views that are shown in Dutch too."""


def pictures(engine: Engine) -> Iterator[tuple[str, str, Network]]:
    """Yield for each picture its file name without ending, the arguments of the command, and the network."""
    for name in views.VIEWS:
        yield name, name, views.view(engine, name)
        if name in DUTCH:
            yield f"{name}-nl", f"{name} --lang nl", views.view(engine, name, Wanted(lang="nl"))
    yield "focus", '--focus "AI Office"', views.focus(engine, "AI Office")


def page(shown: list[tuple[str, str, Network]]) -> str:
    """Return the text of the page that shows the pictures ``shown``."""
    parts = [INTRODUCTION]
    for name, arguments, network in shown:
        asked = stored.get(f"view-{network.view}")
        counts = f"{len(network.nodes)} things, {len(lines(network.edges))} relations. {network.hidden}".strip()
        told = f"\n{asked.summary}. {counts}\n" if network.lang == "en" else f"\n{counts}\n"
        title, command = headline.title(network), f"$ euaikg diagram {arguments} -o {name}.svg"
        parts.append(
            f"## {network.title}\n\n*{title}*\n{told}\n```console\n{command}\n```\n\n![{title}](gallery/{name}.svg)\n"
        )
    return NOTICE + "\n".join(parts)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    drawn = list(pictures(build.open_graph()))
    (DOCS / "gallery").mkdir(exist_ok=True)
    for file, _, made in drawn:
        (DOCS / "gallery" / f"{file}.svg").write_bytes(formats.encode(made, "svg"))
    (DOCS / "gallery.md").write_text(page(drawn), encoding="utf-8")
