"""The graph: files read into named graphs, rules run over them, and the result kept ready on disk.

Reading puts each file into the graph that its folder stands for (the folders are listed in :data:`HOMES`). Then the
rules in ``ontology/rules`` run in the order of their names; the last one copies every triple once into the default
graph. Whoever opens the graph without files of his own gets it from the cache, where it stands under a name made of
the contents of everything it is built from, so that it is never out of date.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from euaikg.core import files, places
from euaikg.core.progress import Progress, silent
from euaikg.core.vocab import GRAPH
from euaikg.errors import InputError, OutputError
from euaikg.rdf import ntriples
from euaikg.rdf.terms import DEEPEST, refuse_nesting
from euaikg.sparql.embedded import Embedded

RDF_FORMATS = {
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

PORTION = 50_000
"""How many quads are written to disk at once; more are no faster and take more memory."""

Watch = Callable[[Path, Quad], None]
"""Is told what is read: a file and one of its quads."""

SAID_ALREADY = f"""
DELETE {{ GRAPH {ADDED} {{ ?subject ?property ?value }} }}
WHERE {{
  GRAPH {ADDED} {{ ?subject ?property ?value }}
  GRAPH ?other {{ ?subject ?property ?value }}
  FILTER(?other != {ADDED})
}}
"""
"""Takes out of :data:`ADDED` what another graph says too."""

KEPT_SECONDS = 30 * 24 * 3600
"""How long a built graph stays in the cache before the next build sweeps it away."""


def read(path: Path, base: str | None = None) -> Iterator[Quad]:
    """Yield the quads of an RDF file, triples in the default graph.

    Relative IRIs are resolved against ``base``; without it a file that has any is not valid. Raises
    :class:`InputError` for a file that is missing, empty, not UTF-8, of an unknown kind, or not valid, with line and
    column where the parser knows them. A JSON-LD context is never fetched.
    """
    rdf_format = format_of(path)
    text = files.read_text(path)
    try:
        if rdf_format == RdfFormat.RDF_XML:
            from euaikg.rdf import rdfxml

            rdfxml.harmless(text)
        yield from parse(refuse_nesting(text).encode(), format=rdf_format, base_iri=base, rename_blank_nodes=True)
    except SyntaxError as error:
        place = f", line {error.lineno}, column {error.offset}" if error.lineno else ""
        raise InputError(f"{path}{place}: not valid {rdf_format.name} ({_reason(error)}).") from None
    except ValueError as error:
        raise InputError(f"{path}: not valid {rdf_format.name} ({error}).") from None


def format_of(path: Path) -> RdfFormat:
    """Return the RDF format of ``path`` by its name; raise :class:`InputError` where it is not a known one."""
    name = path.name.lower().removesuffix(".gz")
    for suffix, rdf_format in RDF_FORMATS.items():
        if name.endswith(suffix):
            return rdf_format
    raise InputError(
        f"{path}: not a known kind of RDF file; the name must end in {', '.join(RDF_FORMATS)}, or these and .gz."
    )


def rdf_files(paths: Iterable[Path]) -> list[Path]:
    """Return ``paths`` with each folder replaced by the RDF files below it, sorted.

    Raises :class:`InputError` for a folder without any.
    """
    suffixes = (*RDF_FORMATS, *(suffix + ".gz" for suffix in RDF_FORMATS))
    found = []
    for path in paths:
        inside = sorted(files.below(path, *suffixes)) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path}: no RDF files are below this folder; they end in {', '.join(RDF_FORMATS)}.")
        found += inside
    return found


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


def placed(path: Path, home: NamedNode, watch: Watch = lambda *_: None) -> Iterator[Quad]:
    """Yield the quads of ``path``, those of its default graph put into ``home``, after ``watch`` was told of each."""
    for quad in read(path):
        if isinstance(quad.graph_name, DefaultGraph):
            quad = Quad(quad.subject, quad.predicate, quad.object, home)
        watch(path, quad)
        yield quad


def build(added: Iterable[Path] = (), progress: Progress = silent, watch: Watch | None = None) -> Store:
    """Return the whole graph in memory: the shipped files, the files ``added``, and all that the rules derive.

    A folder among ``added`` stands for the RDF files below it. Triples of added files go into ``graph/added`` unless
    the file names a graph for them, or the shipped files say the same; so an export, read again, adds nothing.
    ``watch`` is told each quad of the added files as it stands there, with its file. Raises
    :class:`InputError` for a file that cannot be read, or that stands where no folder is known; nothing is built then.
    """
    store = Store()
    own = [(path, ADDED) for path in rdf_files(added)]
    for path, home in sources():
        _load(store, path, home)
    for path, home in own:
        progress(f"reading {path}")
        if watch is None:
            _load(store, path, home)
        else:
            store.extend(placed(path, home, watch))
    if own:
        store.update(SAID_ALREADY)
    for path in rules():
        progress(f"rule {path.stem}")
        store.update(files.read_text(path))
    return store


def _load(store: Store, path: Path, home: NamedNode) -> None:
    rdf_format = format_of(path)
    try:
        with files.opened(path) as stream:
            if rdf_format != RdfFormat.RDF_XML and stream.peek(1).strip() and not _may_nest(path):
                store.load(stream, rdf_format, to_graph=home)
                return
    except (SyntaxError, ValueError, OSError, EOFError):
        pass
    store.extend(placed(path, home))  # the slow way finds the same fault, and says where


def _may_nest(path: Path) -> bool:
    """Say whether triples may stand within triples in the file deeper than the engine can take."""
    with files.opened(path) as stream:
        return sum(block.count(b"<<") for block in iter(lambda: stream.read(1 << 20), b"")) > DEEPEST


def open_graph(added: Sequence[Path] = ()) -> Embedded:
    """Return an engine over the shipped graph and the files ``added``.

    Without added files the graph comes from the cache (``EUAIKG_CACHE_DIR``, or the user's cache folder); it is
    built there first where it is missing, and in memory where the cache cannot be written.
    """
    if added:
        return Embedded(build(added))
    place = Path(places.cache_folder(), places.stamp())
    if not place.is_dir():
        store = build()
        if not _keep(store, place):
            return Embedded(store)
    try:
        return Embedded(Store.read_only(str(place)), place)
    except (OSError, RuntimeError):  # damaged
        shutil.rmtree(place, ignore_errors=True)
        return Embedded(build())


def alone(paths: Iterable[Path]) -> Embedded:
    """Return an engine over the RDF files ``paths`` and those below the folders among them, and nothing else.

    As in :func:`build` triples stand in the graph that the file names or in :data:`ADDED`, and every triple once in the
    default graph; no rules run. Raises :class:`InputError` for a
    file that cannot be read.
    """
    store = Store()
    for path in rdf_files(paths):
        for quad in placed(path, ADDED):
            store.extend([quad, Quad(quad.subject, quad.predicate, quad.object)])
    return Embedded(store)


def built() -> Embedded | None:
    """Return an engine over the shipped graph where it stands whole in the cache, else None; nothing is built."""
    try:
        place = Path(places.cache_folder(), places.stamp())
        return Embedded(Store.read_only(str(place))) if place.is_dir() else None
    except (OSError, RuntimeError):
        return None


def write(store: Store, folder: Path, progress: Progress = silent) -> None:
    """Write ``store`` into the empty ``folder``, as a store on disk that is ready to be asked."""
    kept, quads, total, done = Store(str(folder)), iter(store), len(store), 0
    while portion := list(islice(quads, PORTION)):
        kept.bulk_extend(portion)
        done += len(portion)
        progress(f"writing {100 * done // total} %")
    kept.optimize()
    kept.flush()


def _keep(store: Store, place: Path) -> bool:
    """Write ``store`` to ``place``, beside it first; drop what is old; say whether it worked."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with files.beside(place) as new:
            new.mkdir()
            write(store, new)
            ntriples.keep(store, new)
            if place.is_dir():
                raise FileExistsError  # somebody else was faster, and it may be read by now
    except (OSError, OutputError, RuntimeError):
        return place.is_dir()
    for path in place.parent.iterdir():
        with contextlib.suppress(OSError):  # another process may sweep or build at the same time
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
    return True
