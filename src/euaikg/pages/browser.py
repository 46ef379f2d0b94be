"""Questions that are answered in the page itself: the engine, the graph and what the script has to know of both.

The engine is the npm package ``oxigraph``, which a release takes from a folder that the user names. Nothing of it is
kept here, and pages that have it ask no other host.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from euaikg.core import files, vocab
from euaikg.errors import InputError
from euaikg.pages.view import LANGUAGES, words
from euaikg.questions import as_rdf, ask, names, parameters, stored
from euaikg.questions.words import ENDINGS
from euaikg.sparql import amounts, columns

SCRIPTS = Path(__file__).parent / "engine"
"""The scripts that stand beside the engine."""

FOLDER = "engine/"
"""Where all of it stands in a release."""

SCRIPT = f"{FOLDER}page.js"
"""What a page with a form loads."""

TAKEN = ("web.js", "web_bg.wasm")
"""The files of the package that a browser needs."""

ADVICE = "it comes with “npm install oxigraph”, as node_modules/oxigraph"


def engine(folder: Path) -> dict[str, bytes]:
    """Return the files of the npm package ``oxigraph`` in ``folder`` that a browser needs, by their names.

    Raises :class:`InputError` where the folder holds another package, another version than 0.5, or not all of it.
    """
    try:
        package = json.loads(files.read_text(folder / "package.json"))
        name, version = str(package["name"]), str(package["version"])
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{folder}: there is no npm package in this folder; {ADVICE}.") from None
    if name != "oxigraph" or not version.startswith("0.5."):
        raise InputError(f"{folder}: this is {name} {version}, not oxigraph 0.5; {ADVICE}.")
    if missing := next((one for one in TAKEN if not (folder / one).is_file()), None):
        raise InputError(f"{folder}: {missing} is missing in this package; {ADVICE}.")
    return {one: files.read_bytes(folder / one) for one in TAKEN}


def parts(taken: Mapping[str, bytes], default: bytes, named: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what stands in :data:`FOLDER`: ``taken`` of the package, the scripts, the graph, and what is told of it.

    ``default`` is the default graph as Turtle and ``named`` the named graphs as TriG, which together are TriG too.
    """
    for name, content in taken.items():
        yield FOLDER + name, content
    for path in sorted(SCRIPTS.glob("*.js")):
        yield FOLDER + path.name, files.read_bytes(path)
    yield f"{FOLDER}graph.trig.gz", gzip.compress(default + named, mtime=0)
    yield f"{FOLDER}questions.json", json.dumps(told(), ensure_ascii=False, separators=(",", ":")).encode()


def told() -> dict[str, object]:
    """Return what the script has to know: the questions, and what Python knows of names, values and columns."""
    return {
        "base": vocab.BASE,
        "prefixes": vocab.prefixes(),
        "questions": {
            query.name: {
                "text": as_rdf.text_of(query.text),
                "shown": query.shown,
                "parameters": {
                    one.name: [one.type, one.scheme, vocab.SKOS + "Concept" in one.kinds] for one in query.parameters
                },
            }
            for query in stored.catalogue().values()
            if not query.error
        },
        "queries": {
            "names": names.NAMES,
            "codes": names.CODES,
            "cited": names.CITED,
            "cited_otherwise": names.CITED_OTHERWISE,
            "narrower": parameters.NARROWER,
            "undated": ask.UNDATED,
            "citations": stored.get("citations").text,
        },
        "endings": ENDINGS,
        "months": parameters.MONTHS,
        "languages": LANGUAGES,
        "columns": amounts.words(),
        "sizes": amounts.SIZES,
        "places": columns.PLACES.pattern,
        "heads": columns.HEADS,
        "joined": columns.JOINED,
        "reasons": columns.REASONS,
        "notes": columns.NOTES,
        "modalities": columns.MODALITIES,
        "first": columns.FIRST,
        "words": {lang: {**words()[lang]["engine"], **{one: words()[lang][one] for one in SAID}} for lang in LANGUAGES},
    }


SAID = ("answer", "nothing", "first_of", "sources")
"""The words of pages that the script says too."""
