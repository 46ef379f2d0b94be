"""The options made from the headers of stored questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import click

from euaikg.cli import completion
from euaikg.errors import QueryError
from euaikg.questions import parameters
from euaikg.questions.ask import option_name, quoted
from euaikg.questions.parameters import Parameter
from euaikg.questions.stored import StoredQuery

METAVARS = {
    "iri": "THING", "string": "TEXT", "notation": "CODE", "begin": "DAY|PERIOD", "end": "DAY|PERIOD",
    "boolean": "true|false",
}  # fmt: skip
KINDS = {
    "iri": "a name in any language, a short form or an IRI",
    "passage": "an IRI, or the place as answers cite it, commas or not",
    "string": "text",
    "notation": "a code in letters",
    "language": f"a language: {', '.join(parameters.LANGUAGES)}",
    "begin": "a day or a period, written as 2025-12-31, 2025-12, 2026-Q4, 2026-H1, 2026 or 2021-2027",
    "integer": "a whole number",
    "boolean": "true or false",
}
KINDS["end"] = KINDS["begin"]
"""How people are told the types of parameters that have a name of their own among programmers."""

SUBJECT = "_subject"
"""What click calls the argument for the subject of a question; no parameter has such a name."""

MOST = 64
"""How many allowed values the help lists; of longer lists it shows the beginning."""


class ParameterOption(click.Option):
    """The option for a parameter of a stored question; its help names the values that are allowed.

    A word ``was`` that the parameter had earlier makes an option that no help shows. The subject of a question may be
    given without the option too.
    """

    def __init__(self, parameter: Parameter, was: str | None = None, is_subject: bool = False) -> None:
        self.parameter = parameter
        self.is_subject = is_subject
        super().__init__(
            [option_name(was or parameter.name), was or parameter.name],
            multiple=True,
            hidden=was is not None,
            metavar=METAVARS.get(parameter.type, parameter.type.upper()),
            help=parameter.label,
            shell_complete=completion.value(parameter),
        )

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None:
            return None
        parameter = self.parameter
        kind = KINDS.get(parameter.type, f"a {parameter.type}")
        facts = [
            f"a code of the list {parameter.scheme}: {self._choices()}" if parameter.scheme else kind,
            f"default: {'any' if parameter.is_open else typed(parameter.default)}",
            f"example: {quoted(parameter.example)}",
            *(["may be repeated"] if parameter.is_repeatable and parameter.name != "lang" else []),
            *(["or simply after the name of the question"] if self.is_subject else []),
        ]
        return record[0], f"{parameter.label}  [{'; '.join(facts)}]"

    def _choices(self) -> str:
        from euaikg.graph import access

        there = parameters.allowed(self.parameter, access.open_engine())
        cut = f" and {len(there) - MOST // 2} more" if len(there) > MOST else ""
        return ", ".join(there[: MOST // 2] if cut else there) + cut


def typed(default: str) -> str:
    """Return the inside of a VALUES block as one types its values."""
    values = re.findall(r'"([^"]*)"(?:\^\^\S+|@\S+)?|<([^>\s]*)>|(\S+)', default)
    return ", ".join("".join(value) for value in values)


def options(question: StoredQuery) -> list[click.Parameter]:
    """Return what can be set of ``question``: its parameters, those by their earlier words, and first its subject."""
    subject = question.subject
    made: dict[str, click.Parameter] = {
        parameter.name: ParameterOption(parameter, is_subject=parameter == subject) for parameter in question.parameters
    }
    for parameter in question.parameters:
        for was in parameter.was:
            made.setdefault(was, ParameterOption(parameter, was))  # one word may have become two
    if subject is None:
        return list(made.values())
    metavar = f"[{METAVARS.get(subject.type, subject.type.upper())}]..."
    complete = completion.value(subject)
    return [click.Argument([SUBJECT], nargs=-1, metavar=metavar, shell_complete=complete), *made.values()]


def values(question: StoredQuery, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return by parameter what was ``given`` to the :func:`options` of ``question``."""
    found: dict[str, list[str]] = {}
    for name, texts in given.items():
        if name == SUBJECT and len(texts) == 2 and given.get("other") == ():  # of two things, the second is the other
            found |= {"thing": [texts[0]], "other": [texts[1]]}
        elif texts:
            name = question.subject.name if name == SUBJECT and question.subject else name
            found.setdefault(name, []).extend(texts)
    return found


def settings(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return by parameter what the ``texts`` of ``--set`` say; raise :class:`QueryError` for one that is none."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise QueryError(f"--set {text}: write it as NAME=VALUE, such as thing=GenAI4EU.")
        found.setdefault(name, []).append(value)
    return found
