"""Where things stand: the shipped folders, and the cache with the graph built from them.

Every answer needs these, so this module imports as little as it can.
"""

import os
import sys

import pyoxigraph

from euaikg.core.version import __version__

BUILT_FROM = ("ontology", "data")
"""The folders that the built graph depends on."""


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
