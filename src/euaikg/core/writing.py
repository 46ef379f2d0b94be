"""Writing files and folders: whole or not at all, and in one step."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from euaikg.core import folders, places, processes, suffixes
from euaikg.errors import OutputError, quote

LINKS = 40
"""How many links are followed from one to the next."""

LATECOMERS = 3
"""How often a folder is looked through that has left its place, for what is still written into it."""

SWAPPING = 10.0
"""How many seconds something new waits at most for others that take a place in the same folder."""

TURNS = 100
"""How often something new tries to take a place that others take at the same time."""


@contextmanager
def beside(path: Path, own: Callable[[Path], Collection[str]] = lambda _: ()) -> Iterator[Path]:
    """Give the place for a new file or folder, made in the block, that then takes the place of ``path`` in one step.

    Of a folder that stood at ``path`` only the files are removed that ``own`` returns for it, as paths in it; whatever
    else it holds moves into the new one, and where that has something of the same name nothing is done. No reader sees
    a half. Where the block or the step fails, or is interrupted, what stood at ``path`` stands there still, and nothing
    is left beside it. Several may do it at once. Raises :class:`OutputError` when the place cannot be written.
    """
    place = Path(os.path.abspath(path))  # noqa: PTH100  # a link stays a link
    folder = None
    with _said(path), processes.ended_orderly():
        try:
            with processes.undisturbed():
                folder = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))
            yield folder / "new"
            with folders.alone(place.parent, SWAPPING) if (folder / "new").is_dir() else nullcontext():
                if place.is_dir() and not place.is_symlink():
                    for name in places.steady(str(place), lambda: folders.strangers(place, own(place))):
                        if _is_taken(folder / "new", name):
                            raise OutputError(folders.NOT_OURS.format(path, name))
                with processes.undisturbed():
                    _take_place(folder, place)
                    _clear_up(folder, own, place)
        finally:
            if folder is not None and folder.exists():
                with processes.undisturbed():
                    _clear_up(folder, own, place)


def _clear_up(folder: Path, own: Callable[[Path], Collection[str]], place: Path) -> None:
    for old in folder.glob("old*"):
        _clear(old, own, place)
    shutil.rmtree(folder / "new", ignore_errors=True)
    with suppress(OSError):
        (folder / "new").unlink()
    with suppress(OSError):  # what could not be moved is still there
        folder.rmdir()


def _take_place(folder: Path, place: Path) -> None:
    """Move what is at ``place`` to ``old…`` in ``folder``, and ``new`` from there to ``place``."""
    for turn in range(TURNS):
        old = folder / f"old{turn}"
        try:
            if place.is_dir():
                os.replace(place, old)
            os.replace(folder / "new", place)
            return
        except BaseException as error:
            if os.path.lexists(old) and not os.path.lexists(place):
                os.replace(old, place)
            taken = isinstance(error, OSError) and error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT)
            if not taken or turn == TURNS - 1:  # else somebody else does the same
                raise


def _clear(old: Path, own: Callable[[Path], Collection[str]], place: Path) -> None:
    """Remove what is ours in ``old``; all else moves to ``place``."""
    if old.is_symlink():
        old.unlink()
    names = own(old) if old.exists() else ()
    for _ in range(LATECOMERS):
        for name in folders.strangers(old, names) if old.exists() else ():
            if place.is_dir() and not _is_taken(place, name):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(old / name, place / name)
        folders.remove(old, names)


def _is_taken(folder: Path, name: str) -> bool:
    return os.path.lexists(folder / name) or any(
        os.path.lexists(folder / part) and not (folder / part).is_dir() for part in folders.parents(name)
    )


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Raise :class:`OutputError` for an error of the system in the block, which writes to ``path``."""
    try:
        yield
    except BrokenPipeError:  # whoever reads has seen enough
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


def write_bytes(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write ``content``, whole or in blocks, to ``path`` in one step, as :func:`beside` does.

    A link stays, and what it leads to is written. What cannot be replaced, such as a pipe, is written as it comes.
    Raises :class:`OutputError` for a file that is read-only; a :class:`BrokenPipeError` is passed on.
    """
    blocks = [content] if isinstance(content, bytes) else content
    place = followed(path)
    if isinstance(place, int) or (place.exists() and not place.is_file()):  # such a one cannot be replaced
        with _said(path), open(place, "wb", closefd=not isinstance(place, int)) as stream:
            stream.writelines(blocks)
        return
    if place.exists() and not (place.stat().st_mode & 0o222 and os.access(place, os.W_OK)):
        raise OutputError(f"{path}: cannot be written (it is read-only).")
    with beside(place) as new:
        with new.open("wb") as stream:
            stream.writelines(blocks)
        if place.exists():
            new.chmod(place.stat().st_mode & 0o777)


def save(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write ``content`` to ``path`` as :func:`write_bytes` does, packed where its name ends in ``.gz``."""
    blocks = [content] if isinstance(content, bytes) else content
    write_bytes(path, packed(blocks) if suffixes.is_packed(path) else blocks)


def packed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield ``blocks`` as a gzip file that names neither a file nor a time, so that the same blocks give the same."""
    import gzip

    sink = io.BytesIO()
    with gzip.GzipFile("", "wb", 6, fileobj=sink, mtime=0) as packing:
        for block in blocks:
            packing.write(block)
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()


def followed(path: Path) -> Path | int:
    """Return the place that ``path`` leads to through links; the number of a stream for one such as ``/dev/stdout``.

    Raises :class:`OutputError` for links that lead in a circle.
    """
    place = path
    for _ in range(LINKS):
        if stream := re.fullmatch(
            rf"(?:/dev|/proc/{os.getpid()})/fd/(\d+)", os.path.join(os.path.realpath(place.parent), place.name)
        ):
            return int(stream[1])
        if not place.is_symlink():
            return place
        place = place.parent / place.readlink()
    raise OutputError(f"{path}: cannot be written (its links lead in a circle).")


def write_folder(path: Path, contents: Iterable[tuple[str, bytes | Iterable[bytes]]], kind: str = "tables") -> int:
    """Write ``contents``, each a path in the folder ``path`` and what goes there, in one step, as :func:`beside` does.

    Returns how many files there are, with :data:`~euaikg.core.folders.MARK` and :data:`~euaikg.core.folders.SUMS`. Of a
    folder that is there already, just what an earlier call wrote is replaced, and all else stays; a folder that is not
    of the ``kind`` or holds a file that was changed since is refused with :class:`OutputError`, as is a path that leads
    out of the folder or stands for two files.
    """
    target = followed(path)
    if isinstance(target, int):
        raise OutputError(f"{path}: there is no place for a folder.")
    with _said(path):
        folders.written(path, kind)
    with beside(target, lambda place: folders.listed(place, kind)) as new:
        new.mkdir()
        for name, content in contents:
            place = folders.inside(new, name)
            if place.exists():
                raise OutputError(f"{path}: {quote(name)} would stand there twice.")
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as stream:
                stream.writelines([content] if isinstance(content, bytes) else content)
        count = folders.seal(new, kind)
        folders.written(path, kind)
    return count
