"""The graph: files read into named graphs, rules run over them, and the result kept ready on disk.

Reading puts each file into the graph that its folder stands for (the folders are listed in :data:`HOMES`). Then the
rules in ``ontology/rules`` run in the order of their names; the last ones copy every triple once into the default
graph. Whoever opens the graph without files of his own gets it from the cache, where it stands under a name made of
the contents of everything it is built from, so that it is never out of date.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import NoReturn
from warnings import warn

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from euaikg.core import files, folders, places, suffixes, writing
from euaikg.core.progress import Progress, silent
from euaikg.core.vocab import EUAI, GRAPH
from euaikg.errors import InputError, OutputError, PassedOver, listed, quote
from euaikg.rdf import jsonld, ntriples
from euaikg.rdf.spelling import Spellings
from euaikg.rdf.terms import DEEPEST, Term, refuse_nesting
from euaikg.sparql.embedded import Embedded

RDF_FORMATS = {
    suffix: form
    for name, form in {
        "turtle": RdfFormat.TURTLE,
        "trig": RdfFormat.TRIG,
        "ntriples": RdfFormat.N_TRIPLES,
        "nquads": RdfFormat.N_QUADS,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }.items()
    for suffix in suffixes.SUFFIXES[name]
}
"""The RDF files that can be read, by suffix."""

LINES = RdfFormat.N_TRIPLES, RdfFormat.N_QUADS
"""The formats of which each line can be read without the others."""

HOMES = {
    "ontology": "ontology",
    "ontology/codelists": "codelists",
    "data/entities": "entities",
    "data/sources": "passages",
    "data/curation": "curation",
    "data/links": "links/{stem}",
}
"""The graph, below ``graph/``, that takes the triples of a folder's files (in TriG, those outside a named graph)."""

VOCABULARY = NamedNode(GRAPH + "ontology"), NamedNode(GRAPH + "codelists")
ENTITIES = NamedNode(GRAPH + "entities")

ADDED = NamedNode(GRAPH + "added")
"""The graph that takes triples from a user's own files."""

NAMING = "15-names"
"""The rule that gives the nearest name there is to what has none in a language."""

PORTION = 50_000
"""How many quads at least are written to disk at once; more are no faster in a store of up to eight times as many."""

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

BEFORE_RULES = f"""
ASK {{
  ?passage a <{EUAI}Passage>
  FILTER NOT EXISTS {{ ?passage <{EUAI}statedAt> ?document }}
}}
"""
"""Asks whether there are passages from which no rule has derived anything yet."""

ENGINE = re.compile(
    r"CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d{6,}(\.dbtmp)?|\d{6,}\.(sst|log|blob|dbtmp)"
)
"""The names of the files in which Oxigraph keeps a store."""

KIND = "cache"

_STAMP = re.compile("[0-9a-f]{32}(-[0-9]+)?")
_UNFINISHED = re.compile(rf"\.{_STAMP.pattern}\..{{8}}")

_KIND = {False: "IRI", True: "language tag or datatype"}

KEPT_SECONDS = 30 * 24 * 3600
"""How long a built graph stays in the cache before the next build sweeps it away."""


def read(path: Path, base: str | None = None, typed: bool = False) -> Iterator[Quad]:
    """Yield the quads of an RDF file, triples in the default graph; if ``typed``, of lines those with a datatype alone.

    Relative IRIs are resolved against ``base``; without it a file that has any is not valid. Raises
    :class:`InputError` for a file that is missing, empty, not UTF-8, of an unknown kind, or not valid, with line and
    column where the parser knows them, and for an IRI or a language tag that is none. A JSON-LD context is never
    fetched; our own is known.
    """
    rdf_format = format_of(path)
    if typed and rdf_format in LINES:
        text = b"".join(line for line in BytesIO(files.content(path)) if b"^^" in line).decode("utf-8-sig")
    else:
        text = files.read_text(path)
    try:
        if rdf_format == RdfFormat.JSON_LD:
            text = jsonld.with_context(text)
            _refuse_dropped(path, text, base)
        if rdf_format == RdfFormat.RDF_XML:
            from euaikg.rdf import rdfxml

            rdfxml.harmless(text)
        content = refuse_nesting(text).encode()
        del text  # while the quads are read, which is long
        yield from parse(content, format=rdf_format, base_iri=base, rename_blank_nodes=True)
    except SyntaxError as error:
        place = f", line {error.lineno}, column {error.offset}" if error.lineno else ""
        raise InputError(f"{path}{place}: not valid {rdf_format.name} ({_reason(error)}).") from None
    except ValueError as error:
        raise InputError(f"{path}: not valid {rdf_format.name} ({error}).") from None


def _refuse_dropped(path: Path, text: str, base: str | None) -> None:
    """Raise :class:`InputError` for the first term of the JSON-LD ``text`` that the parser would drop with its triple.

    Keys that the context gives no meaning, which JSON-LD passes over by its rules, are warned of.
    """
    keys = set()
    for quad in parse(text.encode(), format=RdfFormat.JSON_LD, base_iri=base, lenient=True):
        if ":" not in quad.predicate.value:
            keys.add(quad.predicate.value)
            continue
        for term in quad:
            if fault := _fault(term):
                raise InputError(
                    f"{path}: not valid JSON-LD ({quote(fault)} is no {_KIND[isinstance(term, Literal)]})."
                )
    if keys:
        warn(
            PassedOver(f"{path}: keys that its context gives no meaning are passed over: {listed(keys)}."), stacklevel=2
        )


@lru_cache(maxsize=100_000)
def _fault(term: Term | DefaultGraph) -> str | None:
    """Return the part of ``term`` that is no IRI or no language tag, where there is one."""
    try:
        if isinstance(term, NamedNode):
            NamedNode(term.value)
        elif isinstance(term, Literal) and term.language:
            Literal("", language=term.language)
        elif isinstance(term, Literal):
            NamedNode(term.datatype.value)
    except ValueError:
        named = term.value if isinstance(term, NamedNode) else ""
        return named or (isinstance(term, Literal) and (term.language or term.datatype.value)) or None
    return None


def format_of(path: Path) -> RdfFormat:
    """Return the RDF format of ``path`` by its name; raise :class:`InputError` where it is not a known one."""
    suffix = _suffix(path)
    if suffix is not None:
        return RDF_FORMATS[suffix]
    raise InputError(
        f"{path}: not a known kind of RDF file; the name must end in {', '.join(RDF_FORMATS)}, or these and "
        f"{suffixes.PACKED}."
    )


def _suffix(path: Path) -> str | None:
    name = path.name.lower().removesuffix(suffixes.PACKED)
    return next((suffix for suffix in RDF_FORMATS if name.endswith(suffix)), None)


def rdf_files(paths: Iterable[Path]) -> list[Path]:
    """Return ``paths`` with each folder replaced by the RDF files below it, sorted; links are followed.

    Warns of other files there, hidden ones aside. Raises :class:`InputError` for a folder without any RDF files, and
    for one that cannot be looked into.
    """
    found = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        there = sorted(_below(path))
        inside = [file for file in there if _suffix(file) is not None]
        if not inside:
            raise InputError(f"{path}: no RDF files are below this folder; they end in {', '.join(RDF_FORMATS)}.")
        found += inside
        if others := {str(file.relative_to(path)) for file in there if file not in inside and file.name[0] != "."}:
            warn(
                PassedOver(f"{path}: passed over, since their names are not those of RDF: {listed(others)}."),
                stacklevel=2,
            )
    return found


def _below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> NoReturn:
        raise InputError(f"{error.filename}: cannot be looked into ({error.strerror}).")

    seen = set()
    for directory, inner, names in os.walk(folder, onerror=refuse, followlinks=True):
        seen.add(os.path.realpath(directory))
        inner[:] = [name for name in inner if os.path.realpath(os.path.join(directory, name)) not in seen]
        yield from (Path(directory, name) for name in names)


def _reason(error: SyntaxError) -> str:
    text = " ".join(str(error.msg).split())
    if "LoadDocumentCallback" in text:
        return "its context stands elsewhere, and nothing is fetched; write it into the file"
    if "No scheme found" in text:
        return "an IRI is relative, and the file has no base; write it whole, or declare @base"
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


def rules(named: bool = True) -> list[Path]:
    """Return the derivation rules in the order in which they run; unless ``named``, without the one that names."""
    return [path for path in files.shipped("ontology/rules", ".ru") if named or path.stem != NAMING]


def placed(
    path: Path, home: NamedNode, watch: Watch = lambda *_: None, base: str | None = None, typed: bool = False
) -> Iterator[Quad]:
    """Yield the quads of ``path``, those of its default graph put into ``home``, after ``watch`` was told of each.

    Relative IRIs are resolved against ``base``, or the address of the file; ``typed`` is as in :func:`read`.
    """
    for quad in read(path, base or files.address(path), typed):
        if isinstance(quad.graph_name, DefaultGraph):
            quad = Quad(quad.subject, quad.predicate, quad.object, home)
        watch(path, quad)
        yield quad


def build(
    added: Iterable[Path] = (),
    progress: Progress = silent,
    watch: Watch = lambda *_: None,
    given: Spellings | None = None,
    base: str | None = None,
    named: bool = True,
    about: Container[Term] | None = None,
) -> Store:
    """Return the whole graph in memory: the shipped files, the files ``added``, and all that the rules derive.

    With ``about`` only the vocabulary and the descriptions of those things are taken from the shipped files.

    A folder among ``added`` stands for the RDF files below it. Triples of added files go into ``graph/added`` unless
    the file names a graph for them, or the shipped files say the same; so an export, read again, adds nothing.
    ``watch`` is told each quad of the added files as it stands there, with its file, but of files of lines without
    blank nodes only those with a datatype; ``given`` takes up those that the engine spells otherwise. Relative IRIs are
    resolved against ``base``, or the address of their file. Unless ``named``, what has no name in a language is left
    without one. Raises :class:`InputError` for a file that cannot be read, or that stands where no folder is known;
    nothing is built then.
    """
    store = Store()
    given = Spellings() if given is None else given
    own = [(path, ADDED) for path in rdf_files(added)]
    for path, home in sources():
        if about is None or home in VOCABULARY:
            _load(store, path, home)
        elif home == ENTITIES:
            store.extend(quad for quad in placed(path, home) if quad.subject in about)
    for path, home in own:
        progress(f"reading {path}")
        if _is_lined(path):  # loaded in two thirds of the time
            _load(store, path, home)
            deque(given.heard(placed(path, home, watch, typed=True)), maxlen=0)
        else:
            store.extend(given.heard(placed(path, home, watch, base)))
    if own:
        store.update(SAID_ALREADY)
    for path in rules(named):
        progress(f"rule {path.stem}")
        try:
            store.update(files.read_text(path))
        except (SyntaxError, ValueError, OSError) as error:
            raise InputError(f"{path}: the rule cannot be run ({' '.join(str(error).split())}).") from None
    given.settle(store, lambda: (quad for path, home in own for quad in placed(path, home, base=base, typed=True)))
    return store


def _is_lined(path: Path) -> bool:
    """Say whether each line of ``path`` means the same whenever it is read; a blank node has another name each time."""
    return format_of(path) in LINES and b"_:" not in files.content(path)


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


def open_graph(added: Sequence[Path] = (), base: str | None = None) -> Embedded:
    """Return an engine over the shipped graph and the files ``added``.

    Without added files the graph comes from the cache (``EUAIKG_CACHE_DIR``, or the user's cache folder); it is
    built there first where it is missing, and in memory where the cache cannot be written.
    """
    if added:
        given = Spellings()
        return Embedded(build(added, given=given, base=base), given=given)
    place = Path(places.graph_folder())
    if found := _ready(place):
        return found
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
    with folders.alone(place.parent):
        if found := _ready(place):  # somebody else was faster
            return found
        store = build()
        _keep(store, place)
    return _ready(place) or Embedded(store)


def _ready(place: Path) -> Embedded | None:
    """Return an engine over the graph at ``place`` where it stands there whole, and nobody else may have put it."""
    try:
        whole = places.untouched(str(place), owned=True) or (
            all(map(places.is_own, map(str, [place, *place.iterdir()]))) and folders.is_whole(place, KIND)
        )
        return Embedded(places.opened(str(place)), place) if whole else None
    except (OSError, RuntimeError):
        return None


def in_memory(engine: Embedded) -> Embedded:
    """Return an engine over the graph of ``engine`` in memory, where it answers three times as soon.

    A store that a user keeps on disk, which may be larger than memory, stays where it is.
    """
    if engine.folder is None or ntriples.kept(engine.folder) is None:
        return engine
    store = Store()
    for name, form in zip(ntriples.KEPT, (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS), strict=True):
        with (engine.folder / name).open("rb") as stream:
            store.bulk_load(stream, form)
    return Embedded(store, engine.folder, engine.given)


def alone(paths: Iterable[Path], base: str | None = None) -> Embedded:
    """Return an engine over the RDF files ``paths`` and those below the folders among them, without the shipped data.

    As in :func:`build` triples stand in the graph that the file names or in :data:`ADDED`, and every triple once in the
    default graph. Nothing else is there, unless the files describe passages from which nothing was derived yet. With
    those are the vocabulary, the descriptions of the shipped things that the files name, and what the rules derive.
    Raises :class:`InputError` for a file that cannot be read.
    """
    store, given, found = Store(), Spellings(), rdf_files(paths)

    def read() -> Iterator[Quad]:
        for path in found:
            yield from placed(path, ADDED, base=base)

    for quad in given.heard(read()):
        store.extend([quad, Quad(quad.subject, quad.predicate, quad.object)])
    given.settle(store, read)
    engine = Embedded(store, given=given)
    if not engine.run(BEFORE_RULES):
        return engine
    named = {term for quad in store for term in (quad.subject, quad.object)}
    given = Spellings()
    return Embedded(build(found, given=given, base=base, about=named), given=given)


def built() -> Embedded | None:
    """Return an engine over the shipped graph where it stands whole in the cache, else None; nothing is built."""
    try:
        place = places.graph_folder()
        return Embedded(places.opened(place)) if places.untouched(place, owned=True) else None
    except (OSError, RuntimeError):
        return None


def write(store: Store, folder: Path, progress: Progress = silent) -> None:
    """Write ``store`` into the empty ``folder``, as a store on disk that is ready to be asked.

    An eighth of it at a time: each portion is sorted into what is there, so that more of them take longer; one of that
    size takes no more memory than the rules took.
    """
    kept, quads, total = Store(str(folder)), iter(store), len(store)
    portion = max(PORTION, total // 8)
    try:
        for done in range(0, total, portion):
            progress(f"writing {100 * done // total} %")
            kept.bulk_extend(islice(quads, portion))
        kept.optimize()
        kept.flush()
    finally:
        del kept  # where this is interrupted, nothing writes any more into a folder that is cleared up


def _keep(store: Store, place: Path) -> None:
    """Write ``store`` to ``place``, beside it first, in place of what is damaged there, if that can be done."""
    with contextlib.suppress(OSError, OutputError, RuntimeError):
        with writing.beside(
            place, lambda folder: {path.name for path in folder.iterdir() if _is_kept(path.name)}
        ) as new:
            new.mkdir()
            write(store, new)
            ntriples.keep(store, new)
            folders.seal(new, KIND)
            folders.record(new)
        _sweep(place.parent)


def _sweep(cache: Path) -> None:
    """Remove graphs from the folder ``cache`` that were built long ago, and what builds left there that were killed."""
    for path in cache.iterdir():
        with contextlib.suppress(OSError):  # another process may sweep or build at the same time
            if time.time() - path.lstat().st_mtime < KEPT_SECONDS or path.is_symlink() or not path.is_dir():
                continue
            if _STAMP.fullmatch(path.name):
                folders.remove(path, folders.listed(path, KIND))
            elif _UNFINISHED.fullmatch(path.name):
                left = (kept.relative_to(path).as_posix() for kept in path.glob("*/*") if _is_kept(kept.name))
                folders.remove(path, set(left))


def _is_kept(name: str) -> bool:
    return bool(ENGINE.fullmatch(name)) or name in (*ntriples.KEPT, folders.MARK, folders.SUMS, places.TIMES)
