"""The short way from a stored question to its answer, for scripts that ask many.

``euaikg query NAME --format csv`` (or tsv, json, xml) with nothing else set but ``--store`` needs neither the
command-line library nor the headers of the questions, which together cost more than the answer. This module imports
as little as it can, and leaves whatever it does not know, an unknown question above all, to the long way.
"""

import os

import pyoxigraph

from euaikg.core.output import well_formed, write
from euaikg.core.places import graph_folder, opened, root, untouched
from euaikg.questions.presets import expanded

RESULT_FORMATS = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}

_FORMULAS = tuple(before + sign for before in (b"\n", b",", b'"') for sign in (b"=", b"+", b"-", b"@", b"\t", b"\r"))


def answer(words: list[str]) -> bool:
    """Answer the command ``words`` where it is of the simple form, and say whether that was done."""
    options = dict(zip(words[2::2], words[3::2], strict=False))
    form = options.pop("--format", "")
    store = options.pop("--store", None)
    if len(words) not in (4, 6) or words[0] != "query" or form not in RESULT_FORMATS or options:
        return False
    built = store if store is not None else graph_folder()
    if os.path.basename(words[1]) != words[1] or not untouched(built, owned=store is None):
        return False
    if os.path.exists(
        os.path.join(built, "given.nq")
    ):  # euaikg.rdf.spelling.FILE: of its values something is to be said
        return False
    try:
        text = expanded(_read(words[1]), _read)
        solutions = opened(built).query(text)
        if not isinstance(solutions, pyoxigraph.QuerySolutions):
            return False
        content = solutions.serialize(format=getattr(pyoxigraph.QueryResultsFormat, RESULT_FORMATS[form]))
    except (OSError, RuntimeError, SyntaxError, ValueError):
        return False
    if content is None or (form == "csv" and _may_hold_formula(content)):
        return False
    if form == "xml" and well_formed(content) != content:
        return False
    write(content if content.endswith(b"\n") else content + b"\n")
    return True


def _read(name: str) -> str:
    with open(os.path.join(root(), "queries", f"{name}.rq"), encoding="utf-8") as stream:
        return stream.read()


def _may_hold_formula(csv: bytes) -> bool:
    """Say whether a cell may begin like a formula; such an answer is made harmless by the long way."""
    lines = b"\n" + csv.replace(b"\r\n", b"\n")
    return any(sign in lines for sign in _FORMULAS)
