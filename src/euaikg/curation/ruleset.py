"""The rules of the data: property shapes in ``shapes/*.ttl``, and checks in ``shapes/checks/*.rq``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from euaikg.core import files, vocab
from euaikg.errors import InputError, QueryError
from euaikg.graph import build
from euaikg.sparql import header

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Rule:
    """A rule: its ``name``, what it demands in one sentence, what to do when it is broken, and how grave that is.

    ``has_one_cause`` says that all its findings of one value in a file come from one mistake, ``is_own`` that it stands
    in a user's own shapes.
    """

    name: str
    summary: str
    message: str
    severity: str
    path: Path
    scope: str = ""
    has_one_cause: bool = False
    is_own: bool = False


@cache
def rules() -> dict[str, Rule]:
    """Return all rules of the project by name: property shapes and checks."""
    found = {}
    for path in files.shipped("shapes", ".ttl"):
        found.update({rule.name: rule for rule in _shapes(path)})
    for path in files.shipped("shapes/checks", ".rq"):
        with named(path):
            about = header.read(files.read_text(path))
            summary, message, severity, scope = (about[key] for key in ("summary", "message", "severity", "scope"))
            cause = about.get("cause") == "value"
            found[path.stem] = Rule(path.stem, summary, message, severity, path, scope, has_one_cause=cause)
    return dict(sorted(found.items()))


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Name the file of a rule, at ``path``, in an error that its words cause in the block."""
    try:
        yield
    except QueryError as error:
        raise InputError(f"{path}: {error}") from None
    except KeyError as error:
        raise InputError(f"{path}: the rule lacks {vocab.short(error.args[0])}.") from None


def _shapes(path: Path) -> Iterator[Rule]:
    facts: dict[str, dict[str, str]] = {}
    for quad in build.read(path):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            facts.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    for iri, about in facts.items():
        if about.get(vocab.TYPE.value) == vocab.SH + "PropertyShape":
            with named(path):
                yield Rule(
                    name=iri.removeprefix(vocab.SHAPE),
                    summary=about[vocab.SH + "description"],
                    message=about[vocab.SH + "message"],
                    severity=about[vocab.SH + "severity"].removeprefix(vocab.SH),
                    path=path,
                )


def gravity(severity: str) -> int:
    """Return how far behind the gravest ``severity`` stands; those of one's own stand last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
