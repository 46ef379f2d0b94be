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
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Store

from euaikg import errors
from euaikg.core import files
from euaikg.core.processes import end_with_parent
from euaikg.core.progress import Progress, silent
from euaikg.core.version import __version__
from euaikg.errors import EuaikgError, InputError, OutputError
from euaikg.graph import build as building
from euaikg.rdf import spelling
from euaikg.sparql.embedded import Embedded

MARK = "EUAIKG"
"""The file that tells a store built here from any other folder."""


def open_store(place: Path) -> Embedded:
    """Return an engine over the store on disk at ``place``, which is only read.

    Raises :class:`InputError` where there is none.
    """
    if not place.exists():
        raise InputError(f"{place}: there is no such store; “euaikg build --store {place}” makes one.")
    if not (place / "CURRENT").is_file():
        raise InputError(f"{place}: this is not a store; “euaikg build” makes one.")
    try:
        return Embedded(Store.read_only(str(place)), given=spelling.of_folder(place))
    except (OSError, RuntimeError) as error:
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
    Another Oxigraph store is replaced only with ``force``, and any other file or folder never is. Raises
    :class:`OutputError` for that and where the place cannot be written, and :class:`InputError` for files as
    :func:`graph.build` does; what stood at ``place`` is then still there.
    """
    place = Path(os.path.abspath(place))  # noqa: PTH100  # a link stays a link
    _check(place, force)
    with files.beside(place) as new:
        new.mkdir()
        _fill(new, list(data), place, progress, base)
        (new / MARK).write_text(f"A graph built by euaikg {__version__}; “euaikg build” may replace it.\n", "utf-8")
        _check(place, force)
    return sum(path.stat().st_size for path in files.below(place, ""))


def _check(place: Path, force: bool) -> None:
    """Raise :class:`OutputError` where what stands at ``place`` is not to be replaced."""
    if not place.exists() or (place.is_dir() and not any(place.iterdir())) or (place / MARK).is_file():
        return
    try:
        Store.read_only(str(place))
    except (OSError, RuntimeError):
        raise OutputError(f"{place}: something else stands there; it is not replaced.") from None
    if not force:
        raise OutputError(f"{place}: a store that euaikg did not build stands there; --force replaces it.")


def _fill(folder: Path, data: list[Path], place: Path, progress: Progress, base: str | None) -> None:
    """Build the graph for ``place`` into ``folder``, in a process of its own, since Oxigraph does not hear Ctrl-C.

    That is a new process and no copy, which would lack the threads with which Oxigraph writes to disk.
    """
    command = [sys.executable, "-m", "euaikg.graph.stores", str(folder), base or "", *map(str, data)]
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
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


def _work(folder: Path, base: str | None, data: list[Path]) -> None:
    """Be the process of :func:`_fill`: build the graph, and say on standard output how it goes."""

    def say(sentence: str, error: str = "") -> None:
        sys.stdout.buffer.write(json.dumps([error, sentence]).encode() + b"\n")
        sys.stdout.buffer.flush()

    if sys.platform != "win32":
        end_with_parent(0)
    try:
        given = spelling.Spellings()
        building.write(building.build(data, say, given=given, base=base), folder, say)
        given.keep(folder)
    except EuaikgError as error:
        say(str(error), type(error).__name__)
    except (OSError, RuntimeError) as error:
        say(" ".join(str(error).split()).rsplit(": ", 1)[-1], "OSError")


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2] or None, list(map(Path, sys.argv[3:])))
