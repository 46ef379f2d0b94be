"""Where things stand: the shipped folders, and the cache with the graph built from them; how a store is opened.

Every answer needs these, so this module imports as little as it can.
"""

import os
import sys
import time

import pyoxigraph

from euaikg.core.version import __version__

BUILT_FROM = ("ontology", "data")
"""The folders that the built graph depends on."""


TIMES = "EUAIKG-TIMES"
"""The file in a store that is written last: the size and time of each other file, and a last line that says so."""

TURNS, PAUSE = 500, 0.01
"""How often, and after how many seconds, a folder is looked at again that is replaced at that moment."""

TYPE_CHECKING = False  # what type checkers know without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


def root() -> str:
    """Return the folder that holds ``ontology``, ``shapes``, ``data`` and ``queries``."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return package if os.path.isdir(os.path.join(package, "ontology")) else os.path.dirname(os.path.dirname(package))


def stamp() -> str:
    """Return a name made of the contents of everything that the built graph depends on."""
    try:
        from _blake2 import blake2b  # hashlib would load OpenSSL first, which takes longer than most answers
    except ImportError:
        from hashlib import blake2b
    digest = blake2b(f"{__version__} {pyoxigraph.__version__} {sys.byteorder}".encode(), digest_size=16)
    for folder in BUILT_FROM:
        for directory, folders, names in os.walk(os.path.join(root(), folder)):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".ttl", ".trig", ".ru")):
                    path = os.path.join(directory, name)
                    with open(path, "rb") as stream:
                        content = stream.read()
                    digest.update(f"{os.path.relpath(path, root())}\0{len(content)}\0".encode())
                    digest.update(content)
    return digest.hexdigest()


def cache_folder() -> str:
    """Return the folder that keeps built graphs: ``EUAIKG_CACHE_DIR``, or the user's cache folder."""
    named = os.environ.get("EUAIKG_CACHE_DIR")
    if named:
        return named
    if sys.platform == "linux":
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        return os.path.join(cache, "euaikg")
    from platformdirs import user_cache_dir

    return user_cache_dir("euaikg", appauthor=False)


def graph_folder() -> str:
    """Return where the built graph stands, or is to stand; what somebody else put into a shared cache is not it."""
    place = os.path.join(cache_folder(), stamp())
    return place if not os.path.lexists(place) or is_own(place) else f"{place}-{os.geteuid()}"


def is_own(path: str) -> bool:
    """Say whether ``path`` belongs to this user, or to the system; raise :class:`OSError` where nothing is there."""
    return os.lstat(path).st_uid in (0, os.geteuid()) if hasattr(os, "geteuid") else os.path.lexists(path)


def untouched(folder: str, owned: bool = False, copied: bool = False) -> bool:
    """Say whether the files in ``folder`` are as they were when :data:`TIMES` was written there, without reading them.

    With ``owned`` all must be this user's, or the system's. With ``copied`` the times of the contents count alone,
    which a copy may keep, and not those at which the files came there.
    """
    times = os.path.join(folder, TIMES)
    try:
        with open(times, encoding="utf-8") as stream:
            *lines, last = stream.read().split("\n")
        written = os.lstat(times).st_ctime_ns
        for line in lines:
            size, changed, name = line.split(" ", 2)
            path = os.path.join(folder, name)
            found = os.lstat(path)
            if (found.st_size, found.st_mtime_ns) != (int(size), int(changed)):
                return False
            if found.st_ctime_ns > written and not copied:
                return False
            if owned and not is_own(path):
                return False
        return last == "whole" and not (owned and not (is_own(folder) and is_own(times)))
    except (OSError, ValueError):
        return False


def opened(store: str) -> pyoxigraph.Store:
    """Return the ``store`` on disk, to be read; raise :class:`OSError` or :class:`RuntimeError` where that fails."""
    return steady(store, lambda: pyoxigraph.Store.read_only(store))


def steady(folder: str, look: "Callable[[], T]") -> "T":
    """Return what ``look`` returns for ``folder``; where another takes its place meanwhile, look again.

    Raises what ``look`` raises for a folder that stays, or that is not there.
    """
    for _ in range(TURNS):
        before = _identity(folder)
        try:
            found = look()
        except Exception:
            if _identity(folder) == before and (before or not _is_replaced(folder)):
                raise
        else:
            if _identity(folder) == before:
                return found
        time.sleep(PAUSE)
    return look()


def _identity(folder: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_ctime_ns


def _is_replaced(folder: str) -> bool:
    """Say whether a new folder is just taking the place of ``folder``, which is not there."""
    parent, name = os.path.split(os.path.abspath(folder))
    try:
        return any(entry.startswith(f".{name}.") for entry in os.listdir(parent)) or os.path.lexists(folder)
    except OSError:
        return False
