"""Files: where the shipped ones are, and how any is read.

This is the only module that knows the project's folders. In a checkout they stand beside ``src``; in an installed
wheel the same folders stand inside the package.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg.core import places, suffixes
from euaikg.errors import InputError

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
    return io.BufferedReader(_Unpacking(path)) if suffixes.is_packed(path) else path.open("rb")


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


def content(path: Path) -> bytes:
    """Return the bytes of ``path``, unpacked where its name ends in ``.gz``.

    Raises :class:`InputError` when it cannot be read or unpacked, or is empty.
    """
    found = unzipped(path) if suffixes.is_packed(path) else read_bytes(path)
    if not found or found.isspace():
        raise InputError(f"{path}: the file is empty.")
    return found


def read_text(path: Path, whole: bool = False) -> str:
    """Return the :func:`content` of ``path`` as text.

    A byte order mark is left out, unless the text is wanted ``whole``, as where its characters are counted. Raises
    :class:`InputError` as that does, and when it is not UTF-8.
    """
    found = content(path)
    try:
        return found.decode("utf-8" if whole else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: not UTF-8 (byte {error.start}, line {line}).") from None
