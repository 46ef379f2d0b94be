"""The errors of euaikg: each carries one sentence that a person can act on.

Whatever goes wrong through bad input is raised as :class:`EuaikgError`, with the file or the term it is about in
the sentence. The command line prints the sentence and exits with 2; a library user catches one class.
"""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 80
"""How many characters of what a user typed an error repeats."""


def cut(text: str) -> str:
    """Return ``text`` as a sentence can hold it: on one line, and cut where it is long."""
    clean = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return clean + "…" * (len(text) > LONGEST)


def quote(text: str) -> str:
    """Return ``text``, cut where it is long, in quotation marks."""
    return f"“{cut(text)}”"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return ``names`` sorted, each cut where it is long, and how many more there are than ``most``."""
    known = sorted(names)
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(map(cut, known[:most])) + more


def counted(number: int, noun: str) -> str:
    """Return ``number`` with ``noun``, in the plural unless it is one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}".replace(",", " ")


class PassedOver(UserWarning):
    """Something in a user's files or folders was not read; the warning is one sentence that says what."""


class EuaikgError(Exception):
    """Something could not be done; ``str()`` of it is one sentence for the user.

    Errors of one class that say the same are equal, and they can be copied and pickled, as pools of workers do.
    """

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and (self.args, vars(self)) == (other.args, vars(other))

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class InputError(EuaikgError):
    """A file that is missing, unreadable, empty, in the wrong format or syntactically wrong."""


class OutputError(EuaikgError):
    """A file or folder that cannot be written; what stood there before is still there."""


class QueryError(EuaikgError):
    """A query that is unknown, broken, not allowed, or called with wrong parameters."""


class ParameterError(QueryError):
    """A value that the parameter ``name`` of a stored query cannot have."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(name, sentence)
        self.name, self.sentence = name, sentence

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"


class UnknownThingError(EuaikgError):
    """A name that nothing in the graph has, or that several things have."""


class MissingLibraryError(EuaikgError, ImportError):
    """A library that only some users need, and that is not installed."""


class EndpointError(EuaikgError):
    """A server that is down, slow, or answers with something that is no answer; ``status`` is its HTTP status."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
