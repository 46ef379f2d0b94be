"""The command that asks a stored question, as people paste it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery


def option_name(parameter: str) -> str:
    """Return the option for a parameter: ``asOf`` becomes ``--as-of``."""
    return "--" + re.sub(r"(?<=[a-z])(?=[A-Z])|_(?=.)", "-", parameter).lower().rstrip("_")


def quoted(value: str) -> str:
    """Return ``value`` as one word of a command line."""
    return value if re.fullmatch(r"[\w./:-]+", value) else '"' + re.sub(r'(["$`\\])', r"\\\1", value) + '"'


def command(asked: StoredQuery, parameter: Parameter | None, value: str = "") -> str:
    """Return the command that asks the stored question ``asked`` with ``value`` for ``parameter``."""
    return with_values(asked, {parameter.name: [value]} if parameter else {})


def with_values(asked: StoredQuery, values: Mapping[str, Iterable[str]]) -> str:
    """Return the command that asks the stored question ``asked`` with ``values`` for its parameters by their names."""
    words = ["euaikg", "query", asked.name]
    subject = asked.subject.name if asked.subject else None
    for name in sorted(values, key=lambda name: name != subject):
        words += [
            word
            for value in values[name]
            for word in ([] if name == subject else [option_name(name)]) + [quoted(value)]
        ]
    return " ".join(words)
