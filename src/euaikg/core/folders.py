"""Folders that are ours: marked, so that nothing is removed or replaced but what was written there before."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from euaikg.core import places
from euaikg.core.files import below
from euaikg.errors import OutputError, quote

_NAME = re.compile(r"(?!\.\.?$)[^\x00-\x1f\x7f\\/" + (":]+" if os.name == "nt" else "]+"))

LONGEST_PATH = 250
"""How many bytes a path within a folder has at most, so that every system takes it."""

SUMS = "SHA256SUMS"
"""The file in each folder of ours that lists its files, as ``sha256sum --check`` reads it."""
MARK = "EUAIKG"
"""The file that tells a folder of ours from any other; it says what the folder is."""

_RECORDING = f".{places.TIMES}"

NOT_OURS = "{}: {} was not written here by euaikg; empty the folder or choose another."


def mark(kind: str) -> bytes:
    """Return what :data:`MARK` holds in a folder of the ``kind``, such as ``release``."""
    return f"A folder of euaikg ({kind}), which may replace the files that {SUMS} lists, and no other.\n".encode()


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
        raise OutputError(NOT_OURS.format(path, strange))
    return own


def strangers(folder: Path, own: Collection[str]) -> list[str]:
    """Return what is in ``folder`` beside the files ``own``, sorted; a folder without any of these as one."""
    shared = {part for name in own for part in parents(name)}

    def found(here: Path) -> Iterator[str]:
        for entry in sorted(here.iterdir()):
            name = entry.relative_to(folder).as_posix()
            if name in shared and entry.is_dir() and not entry.is_symlink():
                yield from found(entry)
            elif name not in own or entry.is_dir():
                yield name

    return list(found(folder))


def parents(name: str) -> list[str]:
    """Return the folders in which the path ``name`` stands, the outermost first."""
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
