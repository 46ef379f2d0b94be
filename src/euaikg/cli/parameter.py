"""The options made from the headers of stored questions."""

from __future__ import annotations

import re

import click

from euaikg.cli import completion
from euaikg.questions import parameters
from euaikg.questions.parameters import Parameter

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
    "boolean": "true or false",
}
KINDS["end"] = KINDS["begin"]
"""How people are told the types of parameters that have a name of their own among programmers."""

MOST = 64
"""How many allowed values the help lists; of longer lists it shows the beginning."""


def option_name(parameter: str) -> str:
    """Return the option for a parameter: ``asOf`` becomes ``--as-of``."""
    return "--" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", parameter).lower()


def quoted(value: str) -> str:
    """Return ``value`` as one word of a command line."""
    return value if re.fullmatch(r"[\w./:-]+", value) else '"' + re.sub(r'(["$`\\])', r"\\\1", value) + '"'


class ParameterOption(click.Option):
    """The option for a parameter of a stored question; its help names the values that are allowed."""

    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        super().__init__(
            [option_name(parameter.name), parameter.name],
            multiple=True,
            metavar=METAVARS.get(parameter.type, parameter.type.upper()),
            help=parameter.label,
            shell_complete=completion.value(parameter),
        )

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        parameter = self.parameter
        kind = KINDS.get(parameter.type, f"a {parameter.type}")
        facts = [
            f"a code of the list {parameter.scheme}: {self._choices()}" if parameter.scheme else kind,
            f"default: {'any' if parameter.is_open else parameter.default.strip(chr(34))}",
            f"example: {quoted(parameter.example)}",
            *(["may be repeated"] if parameter.is_repeatable else []),
        ]
        record = super().get_help_record(ctx)
        return (record[0], f"{parameter.label}  [{'; '.join(facts)}]") if record else None

    def _choices(self) -> str:
        from euaikg.graph import access

        there = parameters.allowed(self.parameter, access.open_engine())
        cut = f" and {len(there) - MOST // 2} more" if len(there) > MOST else ""
        return ", ".join(there[: MOST // 2] if cut else there) + cut
