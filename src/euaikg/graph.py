"""The graph: files read into named graphs, rules run over them, and the result kept ready on disk.

Reading puts each file into the graph that its folder stands for (the folders are listed in :data:`HOMES`). Then the
rules in ``ontology/rules`` run in the order of their names; the last one copies every triple once into the default
graph. Whoever opens the graph without files of his own gets it from the cache, where it stands under a name made of
the contents of everything it is built from, so that it is never out of date.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from euaikg import files, ntriples, quick
from euaikg.engine import Embedded
from euaikg.errors import InputError
from euaikg.vocab import GRAPH

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""The RDF files that can be read, by suffix."""

HOMES = {
    "ontology": "ontology",
    "ontology/codelists": "codelists",
    "data/entities": "entities",
    "data/sources": "passages",
    "data/curation": "curation",
    "data/links": "links/{stem}",
}
"""The graph, below ``graph/``, that takes the triples of a folder's files (in TriG, those outside a named graph)."""

ADDED = NamedNode(GRAPH + "added")
"""The graph that takes triples from a user's own files."""

KEPT_SECONDS = 30 * 24 * 3600
"""How long a built graph stays in the cache before the next build sweeps it away."""


def read(path: Path) -> Iterator[Quad]:
    """Yield the quads of an RDF file, triples in the default graph.

    Raises :class:`InputError` for a file that is missing, empty, not UTF-8, of an unknown kind, or not valid, with
    line and column where the parser knows them. A JSON-LD context is never fetched.
    """
    rdf_format = FORMATS.get(path.suffix.lower())
    if rdf_format is None:
        raise InputError(f"{path}: not a known kind of RDF file; the name must end in {', '.join(FORMATS)}.")
    text = files.read_text(path)
    try:
        yield from parse(text.encode(), format=rdf_format, rename_blank_nodes=True)
    except SyntaxError as error:
        place = f", line {error.lineno}, column {error.offset}" if error.lineno else ""
        raise InputError(f"{path}{place}: not valid {rdf_format.name} ({_reason(error)}).") from None
    except ValueError as error:
        raise InputError(f"{path}: not valid {rdf_format.name} ({error}).") from None


def _reason(error: SyntaxError) -> str:
    text = " ".join(str(error.msg).split())
    return text.split(": ", 1)[1] if text.startswith("Parser error at") and ": " in text else text


def sources() -> list[tuple[Path, NamedNode]]:
    """Return the shipped RDF files, each with the graph that takes its triples."""
    found = []
    for path in [*files.shipped("ontology", ".ttl"), *files.shipped("data", ".ttl", ".trig")]:
        folder = path.parent.relative_to(files.root()).as_posix()
        if folder not in HOMES:
            raise InputError(f"{path}: the folder stands for no graph; data belongs into {', '.join(HOMES)}.")
        found.append((path, NamedNode(GRAPH + HOMES[folder].format(stem=path.stem))))
    return found


def rules() -> list[Path]:
    """Return the derivation rules in the order in which they run."""
    return files.shipped("ontology/rules", ".ru")


def placed(path: Path, home: NamedNode) -> Iterator[Quad]:
    """Yield the quads of ``path`` with those of its default graph put into ``home``."""
    for quad in read(path):
        if isinstance(quad.graph_name, DefaultGraph):
            quad = Quad(quad.subject, quad.predicate, quad.object, home)
        yield quad


def build(added: Iterable[Path] = ()) -> Store:
    """Return the whole graph in memory: the shipped files, the files ``added``, and all that the rules derive.

    Triples of added files go into ``graph/added`` unless the file names a graph for them, or the shipped files say
    the same; so an export, read again, adds nothing. Raises :class:`InputError` for a file that cannot be read, or that
    stands where no folder is known; nothing is built then.
    """
    store = Store()
    for path, home in sources():
        try:
            store.load(path=str(path), format=FORMATS[path.suffix], to_graph=home)
        except (SyntaxError, ValueError, OSError):
            store.extend(placed(path, home))  # the slow way finds the same fault, and says where
    for path in added:
        store.extend(list(_new(store, placed(path, ADDED))))
    for path in rules():
        store.update(files.read_text(path))
    return store


def _new(store: Store, quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield ``quads`` without those in ``graph/added`` that already stand in another graph of ``store``."""
    for quad in quads:
        same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if quad.graph_name != ADDED or next(same, None) is None:
            yield quad


def open_graph(added: Sequence[Path] = ()) -> Embedded:
    """Return an engine over the shipped graph and the files ``added``.

    Without added files the graph comes from the cache (``EUAIKG_CACHE_DIR``, or the user's cache folder); it is
    built there first where it is missing, and in memory where the cache cannot be written.
    """
    if added:
        return Embedded(build(added))
    place = Path(quick.cache_folder(), quick.stamp())
    if not place.is_dir():
        store = build()
        if not _keep(store, place):
            return Embedded(store)
    try:
        return Embedded(Store.read_only(str(place)), place)
    except (OSError, RuntimeError):  # damaged
        shutil.rmtree(place, ignore_errors=True)
        return Embedded(build())


def _keep(store: Store, place: Path) -> bool:
    """Write ``store`` to ``place``, beside it first; drop what is old; say whether it worked."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=".building-"))
    except OSError:
        return False
    try:
        kept = Store(str(beside))
        kept.bulk_extend(store)
        kept.optimize()
        kept.flush()
        del kept
        ntriples.keep(store, beside)
        os.replace(beside, place)
    except (OSError, RuntimeError):
        shutil.rmtree(beside, ignore_errors=True)
        return place.is_dir()  # somebody else may have been faster
    for path in place.parent.iterdir():
        with contextlib.suppress(OSError):  # another process may sweep or build at the same time
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
    return True
