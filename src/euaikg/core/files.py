"""Files: where the shipped ones are, how any is read, and how one is written without ever being half written.

This is the only module that knows the project's folders. In a checkout they stand beside ``src``; in an installed
wheel the same folders stand inside the package.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from euaikg.core import places
from euaikg.errors import InputError, OutputError

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


def unzipped(path: Path, content: bytes) -> bytes:
    """Return ``content`` of the gzip file ``path`` as it was before; raise :class:`InputError` where it is damaged."""
    import gzip
    import zlib

    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: not a whole gzip file ({error}).") from None


def read_text(path: Path) -> str:
    """Return the text of ``path``, unpacked where its name ends in ``.gz``.

    Raises :class:`InputError` when it cannot be read or unpacked, is empty or is not UTF-8.
    """
    content = read_bytes(path)
    if path.suffix.lower() == ".gz":
        content = unzipped(path, content)
    if not content.strip():
        raise InputError(f"{path}: the file is empty.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: not UTF-8 (byte {error.start}, line {line}).") from None


def write_bytes(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write ``content``, whole or in blocks, to ``path`` in one step.

    The bytes go to a new file beside it, which then takes its place, so that no reader sees half a file and a
    failure leaves the old one as it was. Raises :class:`OutputError` when the place cannot be written.
    """
    blocks = [content] if isinstance(content, bytes) else content
    try:
        if path.exists() and not path.is_file():  # a device or pipe such as /dev/null cannot be replaced
            with path.open("wb") as stream:
                stream.writelines(blocks)
            return
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(blocks)
            Path(beside).chmod(mode)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


SUMS = "SHA256SUMS"
"""The file in each folder written by :func:`write_folder` that lists its files, as ``sha256sum --check`` reads it."""


def write_folder(path: Path, contents: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> None:
    """Write the files ``contents``, pairs of a name and what goes into it, into the folder ``path`` in one step.

    They go to a new folder beside it, which then takes its place. A folder that is there already is replaced where it
    is empty or holds just what an earlier call wrote; anything else is refused, as is a place that cannot be written,
    with :class:`OutputError`, and stays as it was.
    """
    try:
        _refuse_foreign(path)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as place:
            made = Path(place, "new")
            made.mkdir()
            sums = []
            for name, content in contents:
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                write_bytes(made / name, content)
                sums.append((name, _sha256(made / name)))
            write_bytes(made / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums)).encode())
            old = Path(place, "old")
            if path.exists():
                os.replace(path, old)
            try:
                os.replace(made, path)
            except OSError:
                if old.exists():
                    os.replace(old, path)
                raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
