"""Graphs kept on disk by the user: built once, asked often, however large.

A store is a folder that Oxigraph reads; it holds the shipped graph, the user's files and what the rules derive, as
they were when it was built. It is built in a folder beside its place and then takes that place, so that no reader
sees half a store, and neither a failure nor Ctrl-C leaves anything behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from pyoxigraph import Store

from euaikg import errors
from euaikg.core import files, folders, places, writing
from euaikg.core.processes import end_with_parent
from euaikg.core.progress import Progress, silent
from euaikg.errors import EuaikgError, InputError, OutputError
from euaikg.graph import build as building
from euaikg.rdf import spelling
from euaikg.sparql.embedded import Embedded

KIND = "store"

_START = """
import json, sys
package, *others = json.loads(sys.argv[1])
sys.path.insert(0, package)
import euaikg
sys.path[:] = [*sys.path[1:], *others]
from euaikg.graph.stores import start
start(*sys.argv[2:])
"""


def open_store(place: Path) -> Embedded:
    """Return an engine over the store on disk at ``place``, which is only read.

    Raises :class:`InputError` where there is none.
    """

    def look() -> Store:
        if (place / folders.MARK).is_file() and not folders.is_whole(place, KIND):
            raise OSError("its files are not as they were written; “euaikg build” with --force makes it anew")
        return Store.read_only(str(place))

    try:
        store = places.steady(str(place), look)
        return Embedded(store, given=spelling.of_folder(place))
    except (OSError, RuntimeError) as error:
        if not place.exists():
            raise InputError(f"{place}: there is no such store; “euaikg build --store {place}” makes one.") from None
        if not (place / "CURRENT").is_file():
            raise InputError(f"{place}: this is not a store; “euaikg build” makes one.") from None
        raise InputError(f"{place}: the store cannot be opened ({' '.join(str(error).split())}).") from None


def build(
    place: Path,
    data: Iterable[Path] = (),
    force: bool = False,
    progress: Progress = silent,
    base: str | None = None,
) -> int:
    """Build the shipped graph with the files ``data`` on top of it as a store at ``place``; return its bytes on disk.

    Relative IRIs are resolved against ``base``, or the address of each file. A store that was built here is replaced.
    Another Oxigraph store is replaced only with ``force``, and any other file or folder never is; files that others put
    into a store stay there. Raises :class:`OutputError` for that and where the place cannot be written, and
    :class:`InputError` for files as :func:`graph.build` does; what stood at ``place`` is then still there.
    """
    place = Path(os.path.abspath(place))  # noqa: PTH100  # a link stays a link
    places.steady(str(place), lambda: _check(place, force))
    with writing.beside(place, lambda folder: _own(folder, force)) as new:
        new.mkdir()
        _fill(new, list(data), place, progress, base)
        folders.seal(new, KIND)
        folders.record(new)
        size = sum(path.stat().st_size for path in files.below(new, ""))
        places.steady(str(place), lambda: _check(place, force))
    return size


def _check(place: Path, force: bool) -> None:
    """Raise :class:`OutputError` where what stands at ``place`` is not to be replaced."""
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    if folders.listed(place, KIND):
        try:
            if not force:
                folders.written(place, KIND)
        except OutputError as error:
            raise OutputError(f"{str(error).rstrip('.')}; --force replaces it.") from None
        return
    try:
        places.opened(str(place))
    except (OSError, RuntimeError):
        raise OutputError(f"{place}: something else stands there; it is not replaced.") from None
    if not force:
        raise OutputError(f"{place}: a store that euaikg did not build stands there; --force replaces it.")


def _own(folder: Path, force: bool) -> Collection[str]:
    """Return the files in ``folder`` that a new store replaces."""
    engine = {path.name for path in folder.iterdir() if building.ENGINE.fullmatch(path.name)} if force else set()
    return engine.union(folders.listed(folder, KIND))


def _fill(folder: Path, data: list[Path], place: Path, progress: Progress, base: str | None) -> None:
    """Build the graph for ``place`` into ``folder``, in a process of its own, since Oxigraph does not hear Ctrl-C.

    That is a new process and no copy, which would lack the threads with which Oxigraph writes to disk.
    """
    command = [sys.executable, "-P", "-c", _START, json.dumps(_modules()), str(folder), base or "", *map(str, data)]
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    pipe = subprocess.PIPE
    # in a session of its own, so that Ctrl-C on a terminal is heard here, and only here
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=settings, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                name, sentence = json.loads(line)
                if name == "OSError":
                    raise OutputError(f"{place}: cannot be written ({sentence}).")
                if name:
                    raise getattr(errors, name)(sentence)
                progress(sentence)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise OutputError(f"{place}: not built; there may be too little memory (status {process.returncode}).")


def _modules() -> list[str]:
    """Return where the new process finds this package and others: where this one does, but in no working folder."""
    others = (Path(place) for place in sys.path if place)
    kept = (place for place in others if place.is_absolute() and not (place.exists() and place.samefile(".")))
    return [str(place) for place in (Path(errors.__file__).parent.parent, *kept)]


def start(folder: str, base: str, *data: str) -> None:
    """Be the process that :func:`build` starts: build the graph, and say on standard output how it goes."""

    def say(sentence: str, error: str = "") -> None:
        sys.stdout.buffer.write(json.dumps([error, sentence]).encode() + b"\n")
        sys.stdout.buffer.flush()

    if sys.platform != "win32":
        end_with_parent(0)
    try:
        given = spelling.Spellings()
        building.write(building.build(map(Path, data), say, given=given, base=base or None), Path(folder), say)
        given.keep(Path(folder))
    except EuaikgError as error:
        say(str(error), type(error).__name__)
    except (OSError, RuntimeError) as error:
        say(" ".join(str(error).split()).rsplit(": ", 1)[-1], "OSError")
