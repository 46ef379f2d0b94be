"""Files: where the shipped ones are, how any is read, and how one is written without ever being half written.

This is the only module that knows the project's folders. In a checkout they stand beside ``src``; in an installed
wheel the same folders stand inside the package.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from euaikg.core import places
from euaikg.errors import InputError, OutputError

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

    read_bytes(path)
    try:
        with opened(path) as stream:
            return stream.read()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: not a whole gzip file ({error}).") from None


def read_text(path: Path) -> str:
    """Return the text of ``path``, unpacked where its name ends in ``.gz``.

    Raises :class:`InputError` when it cannot be read or unpacked, is empty or is not UTF-8.
    """
    content = unzipped(path) if path.suffix.lower() == ".gz" else read_bytes(path)
    if not content.strip():
        raise InputError(f"{path}: the file is empty.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: not UTF-8 (byte {error.start}, line {line}).") from None


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give the place for a new file or folder, made in the block, that then takes the place of ``path`` in one step.

    No reader sees a half of it. Where the block or the step fails, or is interrupted, what stood at ``path`` stands
    there still, and nothing is left beside it. Raises :class:`OutputError` when the place cannot be written.
    """
    place = Path(os.path.abspath(path))  # noqa: PTH100  # a link stays a link
    with (
        _said(path),
        tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.", ignore_cleanup_errors=True) as folder,
    ):
        new, old = Path(folder, "new"), Path(folder, "old")
        yield new
        try:
            if place.is_dir():
                os.replace(place, old)
            os.replace(new, place)
        except BaseException:
            if old.exists() and not place.exists():
                os.replace(old, place)
            raise


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Raise :class:`OutputError` for an error of the system in the block, which writes to ``path``."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


def write_bytes(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write ``content``, whole or in blocks, to ``path`` in one step, as :func:`beside` does."""
    blocks = [content] if isinstance(content, bytes) else content
    if path.exists() and not path.is_file():  # a device or pipe such as /dev/null cannot be replaced
        with _said(path), path.open("wb") as stream:
            stream.writelines(blocks)
        return
    with beside(path) as new:
        with new.open("wb") as stream:
            stream.writelines(blocks)
        if path.exists():
            new.chmod(path.stat().st_mode & 0o777)


SUMS = "SHA256SUMS"
"""The file in each folder made by :func:`fill` that lists its files, as ``sha256sum --check`` reads it."""


def write_folder(path: Path, contents: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> None:
    """Write ``contents``, as :func:`fill` takes them, into the folder ``path`` in one step, as :func:`beside` does.

    A folder that is there already is replaced where it is empty or holds just what an earlier call wrote; anything
    else is refused with :class:`OutputError`.
    """
    with _said(path):
        _refuse_foreign(path)
    with beside(path) as new:
        fill(new, contents)


def fill(folder: Path, contents: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> int:
    """Make ``folder`` with the files ``contents``, each a name and what goes into it; return how many there are.

    One more, :data:`SUMS`, holds the checksums of the others.
    """
    sums = []
    for name, content in contents:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
        sums.append((name, _sha256(folder / name)))
    folder.mkdir(exist_ok=True)
    (folder / SUMS).write_bytes("".join(f"{digest}  {name}\n" for name, digest in sorted(sums)).encode())
    return len(sums) + 1


def _refuse_foreign(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise OutputError(f"{path}: there is a file of this name; a folder is needed.")
    there = {entry.relative_to(path).as_posix() for entry in path.rglob("*") if not entry.is_dir()} - {SUMS}
    sums = path / SUMS
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines() if sums.is_file() else []
    written = {line[66:]: line[:64] for line in lines}
    for name in sorted(there):
        if name not in written or written[name] != _sha256(path / name):
            raise OutputError(f"{path}: {name} was not written here by euaikg; empty the folder or choose another.")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
