"""Files: where the shipped ones are, how any is read, and how one is written without ever being half written.

This is the only module that knows the project's folders. In a checkout they stand beside ``src``; in an installed
wheel the same folders stand inside the package.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg.core import places, processes
from euaikg.errors import InputError, OutputError, quote

_NAME = re.compile(r"(?!\.\.?$)[^\x00-\x1f\x7f\\/" + (":]+" if os.name == "nt" else "]+"))
LONGEST_PATH = 250
"""How many bytes a path within a folder has at most, so that every system takes it."""

LINKS = 40
"""How many links are followed from one to the next."""

LATECOMERS = 3
"""How often a folder is looked through that has left its place, for what is still written into it."""

SWAPPING = 10.0
"""How many seconds something new waits at most for others that take a place in the same folder."""

TURNS = 100
"""How often something new tries to take a place that others take at the same time."""

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FOLDERS = ("ontology", "shapes", "data", "queries", "catalog")


def root() -> Path:
    """Return the folder that holds those named in :data:`FOLDERS`."""
    return Path(places.root())


def shipped(folder: str, *suffixes: str) -> list[Path]:
    """Return the shipped files below ``folder`` that end in one of ``suffixes``, sorted by path."""
    return sorted(below(root() / folder, *suffixes))


def below(folder: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the files below ``folder`` whose suffix is among ``suffixes``."""
    for directory, _, names in os.walk(folder):
        for name in names:
            if name.endswith(suffixes):
                yield Path(directory, name)


def address(path: Path) -> str:
    """Return the address of the file or folder ``path``, links followed, as an IRI."""
    return Path(os.path.realpath(path)).as_uri()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of ``path``; raise :class:`InputError` when it is missing, a folder or unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; a file is needed.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from None


RATIO, SPARE = 200, 1 << 24
"""How many times its size a packed file may unpack to, and to how many bytes in any case; no text comes near."""


class _Unpacking(io.RawIOBase):
    """The bytes that are packed in the gzip file ``path``; reading raises :class:`InputError` for far too many."""

    def __init__(self, path: Path) -> None:
        import gzip

        self._path = path
        self._packed = path.stat().st_size
        self._stream = gzip.open(path)  # noqa: SIM115  # closed below
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = self._stream.readinto(buffer)
        self._size += count
        if self._size > max(RATIO * self._packed, SPARE):
            raise InputError(f"{self._path}: it unpacks to more than {RATIO} times its size, which no text does.")
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


def opened(path: Path) -> io.BufferedReader:
    """Return the bytes of ``path`` as a stream, unpacked where its name ends in ``.gz``.

    Opening and reading raise :class:`OSError`, :class:`EOFError` and :class:`zlib.error` for what cannot be read or is
    damaged, and reading :class:`InputError` for a file that would unpack to far more than it is.
    """
    return io.BufferedReader(_Unpacking(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def unzipped(path: Path) -> bytes:
    """Return what is packed in the gzip file ``path``.

    Raises :class:`InputError` where it cannot be read, is damaged, or would unpack to far more than it is.
    """
    import zlib

    if not path.is_file() or not os.access(path, os.R_OK):
        read_bytes(path)  # which says why it cannot be read
    try:
        with opened(path) as stream:
            return stream.read()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: not a whole gzip file ({error}).") from None


def read_text(path: Path, whole: bool = False) -> str:
    """Return the text of ``path``, unpacked where its name ends in ``.gz``.

    A byte order mark is left out, unless the text is wanted ``whole``, as where its characters are counted. Raises
    :class:`InputError` when it cannot be read or unpacked, is empty or is not UTF-8.
    """
    content = unzipped(path) if path.suffix.lower() == ".gz" else read_bytes(path)
    if not content.strip():
        raise InputError(f"{path}: the file is empty.")
    try:
        return content.decode("utf-8" if whole else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: not UTF-8 (byte {error.start}, line {line}).") from None


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
            with alone(place.parent, SWAPPING) if (folder / "new").is_dir() else nullcontext():
                if place.is_dir() and not place.is_symlink():
                    for name in places.steady(str(place), lambda: strangers(place, own(place))):
                        if _is_taken(folder / "new", name):
                            raise OutputError(_NOT_OURS.format(path, name))
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
        for name in strangers(old, names) if old.exists() else ():
            if place.is_dir() and not _is_taken(place, name):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(old / name, place / name)
        remove(old, names)


def _is_taken(folder: Path, name: str) -> bool:
    return os.path.lexists(folder / name) or any(
        os.path.lexists(folder / part) and not (folder / part).is_dir() for part in _parents(name)
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


SUMS = "SHA256SUMS"
"""The file in each folder of ours that lists its files, as ``sha256sum --check`` reads it."""

MARK = "EUAIKG"
"""The file that tells a folder of ours from any other; it says what the folder is."""


_RECORDING = f".{places.TIMES}"
_NOT_OURS = "{}: {} was not written here by euaikg; empty the folder or choose another."


def mark(kind: str) -> bytes:
    """Return what :data:`MARK` holds in a folder of the ``kind``, such as ``release``."""
    return f"A folder of euaikg ({kind}), which may replace the files that {SUMS} lists, and no other.\n".encode()


def write_folder(path: Path, contents: Iterable[tuple[str, bytes | Iterable[bytes]]], kind: str = "tables") -> int:
    """Write ``contents``, each a path in the folder ``path`` and what goes there, in one step, as :func:`beside` does.

    Returns how many files there are, with :data:`MARK` and :data:`SUMS`. Of a folder that is there already, just what
    an earlier call wrote is replaced, and all else stays; a folder that is not of the ``kind`` or holds a file that
    was changed since is refused with :class:`OutputError`, as is a path that leads out of the folder or stands for two
    files.
    """
    target = followed(path)
    if isinstance(target, int):
        raise OutputError(f"{path}: there is no place for a folder.")
    with _said(path):
        written(path, kind)
    with beside(target, lambda place: listed(place, kind)) as new:
        new.mkdir()
        for name, content in contents:
            place = inside(new, name)
            if place.exists():
                raise OutputError(f"{path}: {quote(name)} would stand there twice.")
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as stream:
                stream.writelines([content] if isinstance(content, bytes) else content)
        count = seal(new, kind)
        written(path, kind)
    return count


def seal(folder: Path, kind: str) -> int:
    """Mark the files in ``folder`` as ours to replace, by :data:`MARK` and :data:`SUMS`; return how many there are."""
    (folder / MARK).write_bytes(mark(kind))
    names = sorted(path.relative_to(folder).as_posix() for path in below(folder, ""))
    (folder / SUMS).write_bytes("".join(f"{_sha256(folder / name)}  {name}\n" for name in names).encode())
    return len(names) + 1


def listed(folder: Path, kind: str) -> dict[str, str]:
    """Return the files that :func:`seal` marked in ``folder``, each with its checksum; none where that is not ours."""
    try:
        if not all((folder / name).is_file() for name in (MARK, SUMS)) or (folder / MARK).read_bytes() != mark(kind):
            return {}
        lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {line[66:]: line[:64] for line in lines} | {SUMS: "", places.TIMES: ""}


def record(folder: Path) -> None:
    """Have the sealed ``folder`` on disk to the last byte, and then write :data:`places.TIMES` as a mark of that."""
    lines = []
    for path in sorted(below(folder, "")):
        if path.name not in (places.TIMES, _RECORDING):
            _sync(path)
            found = path.lstat()
            lines.append(f"{found.st_size} {found.st_mtime_ns} {path.relative_to(folder).as_posix()}\n")
    new, times = folder / _RECORDING, folder / places.TIMES
    new.write_text("".join(lines) + "whole", encoding="utf-8")
    with suppress(OSError):  # whoever looks for changes is to see none
        os.utime(new, ns=(times.stat().st_mtime_ns,) * 2)
    _sync(new)
    os.replace(new, times)
    _sync(folder)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_whole(folder: Path, kind: str) -> bool:
    """Say whether the recorded ``folder`` of the ``kind`` is as it was written; read only where it seems touched."""
    if places.untouched(str(folder), copied=not os.access(folder, os.W_OK)):  # else each opening would read it all
        return True
    own = listed(folder, kind)
    if not own or any(not _is_as_listed(folder / name, digest) for name, digest in own.items() if digest):
        return False
    with suppress(OSError):  # else it is read again the next time
        record(folder)
    return True


def _is_as_listed(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and _sha256(path) == digest


_ALONE: set[Path] = set()


@contextmanager
def alone(folder: Path, longest: float = 120.0) -> Iterator[None]:
    """Let one process at a time be in this block for ``folder``, where the system can do it.

    Whoever has waited for ``longest`` seconds waits no more, and whoever is in such a block may enter another.
    """
    folder = Path(os.path.realpath(folder))
    if folder in _ALONE:
        yield
        return
    try:
        import fcntl

        opened = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        until = time.monotonic() + longest
        with suppress(OSError):
            while time.monotonic() < until:
                try:
                    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(places.PAUSE)
        _ALONE.add(folder)
        yield
    finally:
        _ALONE.discard(folder)
        os.close(opened)


def written(path: Path, kind: str) -> Collection[str]:
    """Return the files at ``path`` that a new folder of the ``kind`` may replace; none where nothing is there.

    Raises :class:`OutputError`, with the name of the file, where ``path`` is a file, holds what is not ours and no
    mark, or a file of ours that was changed.
    """
    if not path.exists():
        return ()
    if not path.is_dir():
        raise OutputError(f"{path}: there is a file of this name; a folder is needed.")

    def look() -> tuple[Collection[str], str | None]:
        own = listed(path, kind)
        there = ((path / name, name, digest) for name, digest in own.items() if digest)
        changed = (name for place, name, digest in there if os.path.lexists(place) and not _is_as_listed(place, digest))
        return own, next(changed, None) if own else next(iter(strangers(path, ())), None)

    own, strange = places.steady(str(path), look)
    if strange:
        raise OutputError(_NOT_OURS.format(path, strange))
    return own


def strangers(folder: Path, own: Collection[str]) -> list[str]:
    """Return what is in ``folder`` beside the files ``own``, sorted; a folder without any of these as one."""
    shared = {part for name in own for part in _parents(name)}

    def found(here: Path) -> Iterator[str]:
        for entry in sorted(here.iterdir()):
            name = entry.relative_to(folder).as_posix()
            if name in shared and entry.is_dir() and not entry.is_symlink():
                yield from found(entry)
            elif name not in own or entry.is_dir():
                yield name

    return list(found(folder))


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def remove(folder: Path, own: Collection[str]) -> None:
    """Remove the files ``own`` from ``folder``, and it too where it is empty then; no link is followed."""
    for directory, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(directory, name)
            if path.relative_to(folder).as_posix() in own:
                with suppress(OSError):
                    path.unlink()
        with suppress(OSError):  # it holds something else
            Path(directory).rmdir()


def inside(folder: Path, name: str) -> Path:
    """Return the place ``name`` in ``folder``; raise :class:`OutputError` where that is no plain path within it.

    Names may come from data.
    """
    parts = name.split("/")
    if not all(map(_NAME.fullmatch, parts)) or len(name.encode(errors="replace")) > LONGEST_PATH:
        raise OutputError(f"{quote(name)} is no path of a file within a folder; nothing is read or written there.")
    return folder.joinpath(*parts)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
