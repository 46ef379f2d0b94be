"""The short way from a stored question to its answer, for scripts that ask many.

``euaikg query NAME --format csv`` (or tsv, json, xml) with nothing else set but ``--store`` needs neither the
command-line library nor the headers of the questions, which together cost more than the answer. This module imports
as little as it can, and leaves whatever it does not know, an unknown question above all, to the long way. It is also
where the built graph is found, since both ways need that.
"""

import os
import sys

import pyoxigraph

from euaikg import __version__

FORMATS = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
BUILT_FROM = ("ontology", "data")

_FORMULAS = tuple(before + sign for before in (b"\n", b",", b'"') for sign in (b"=", b"+", b"-", b"@", b"\t", b"\r"))


def root() -> str:
    """Return the folder that holds ``ontology``, ``shapes``, ``data`` and ``queries``."""
    package = os.path.dirname(os.path.abspath(__file__))
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


def answer(words: list[str]) -> bool:
    """Answer the command ``words`` where it is of the simple form, and say whether that was done."""
    options = dict(zip(words[2::2], words[3::2], strict=False))
    form = options.pop("--format", "")
    store = options.pop("--store", None)
    if len(words) not in (4, 6) or words[0] != "query" or form not in FORMATS or options:
        return False
    path = os.path.join(root(), "queries", f"{words[1]}.rq")
    built = store if store is not None else os.path.join(cache_folder(), stamp())
    if os.path.basename(words[1]) != words[1] or not os.path.isfile(path) or not os.path.isdir(built):
        return False
    try:
        with open(path, encoding="utf-8") as stream:
            solutions = pyoxigraph.Store.read_only(built).query(stream.read())
        if not isinstance(solutions, pyoxigraph.QuerySolutions):
            return False
        content = solutions.serialize(format=getattr(pyoxigraph.QueryResultsFormat, FORMATS[form]))
    except (OSError, RuntimeError, SyntaxError, UnicodeDecodeError):
        return False
    if content is None or (form == "csv" and _may_hold_formula(content)):
        return False
    write(content if content.endswith(b"\n") else content + b"\n")
    return True


def _may_hold_formula(csv: bytes) -> bool:
    """Say whether a cell may begin like a formula; such an answer is made harmless by the long way."""
    lines = b"\n" + csv.replace(b"\r\n", b"\n")
    return any(sign in lines for sign in _FORMULAS)


def write(content: bytes) -> None:
    """Write ``content`` to standard output; a reader that has seen enough is no error, a full disk is."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        silence()
        if isinstance(error, BrokenPipeError):
            sys.exit(0)
        sys.stderr.write(f"Error: standard output cannot be written ({error.strerror}).\n")
        sys.exit(2)


def silence() -> None:
    """Send what is still to be printed nowhere, so that the interpreter does not stumble over it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
