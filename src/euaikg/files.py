"""Files: where the shipped ones are, how any is read, and how one is written without ever being half written.

This is the only module that knows the project's folders. In a checkout they stand beside ``src``; in an installed
wheel the same folders stand inside the package.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from euaikg import quick
from euaikg.errors import InputError, OutputError

FOLDERS = ("ontology", "shapes", "data", "queries")


def root() -> Path:
    """Return the folder that holds ``ontology``, ``shapes``, ``data`` and ``queries``."""
    return Path(quick.root())


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


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one step.

    The bytes go to a new file beside it, which then takes its place, so that no reader sees half a file and a
    failure leaves the old one as it was. Raises :class:`OutputError` when the place cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device or pipe such as /dev/null cannot be replaced
            path.write_bytes(content)
            return
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(beside).chmod(mode)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
