"""The parameters of stored queries: their types, the values they allow, and what a person types made into RDF terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from euaikg.core import vocab
from euaikg.errors import ParameterError, QueryError, UnknownThingError, quote
from euaikg.questions import names
from euaikg.sparql import scanner
from euaikg.sparql.embedded import Engine
from euaikg.sparql.scanner import Value

TYPES = ("iri", "code", "string", "language", "date", "period", "integer", "decimal", "boolean")
"""The types a parameter can have; ``code`` also names its ``scheme``, a code list such as ``sector``."""

LANGUAGES = ("en", "nl")
"""The languages in which everything that is shipped has a name."""

_PLAIN = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")}
_PERIODS = (
    (re.compile(r"([0-9]{4})\s*[-–—/]\s*([0-9]{4})"), r"\1--\2"),
    (re.compile(r"[Qq]([1-4])[\s/-]*([0-9]{4})"), r"\2-Q\1"),
    (re.compile(r"([0-9]{4})[\s/]*[Qq]([1-4])"), r"\1-Q\2"),
)
"""How periods are also written, and their notation."""

ALLOWED = {
    "code": """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?value WHERE { VALUES ?scheme { UNDEF } ?value skos:inScheme ?scheme } ORDER BY ?value
""",
    "period": """
PREFIX euai: <https://w3id.org/euaikg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?value WHERE { ?period a euai:StatedPeriod ; skos:notation ?value } ORDER BY ?value
""",
    "language": """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?value WHERE { ?thing skos:prefLabel ?name BIND(LANG(?name) AS ?value) } ORDER BY ?value
""",
}
"""What asks the graph for the values that a type of parameter allows."""


@dataclass(frozen=True)
class Parameter:
    """What can be set in a stored query; ``default`` is the text inside its VALUES block.

    ``kinds`` are the classes that a thing has to be of, and ``was`` the words that the parameter had in earlier versions.
    """

    name: str
    type: str
    label: str
    example: str
    default: str
    scheme: str | None = None
    kinds: tuple[str, ...] = ()
    was: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the parameter may be left out to mean any."""
        return self.default == "UNDEF"

    @property
    def is_repeatable(self) -> bool:
        """Whether several values can be asked at once; a day or a number is a bound, of which there is but one."""
        return self.type not in ("date", "integer", "decimal", "boolean")


Given = str | date | int | float | Decimal | NamedNode | Literal
"""What a Python program may give as a value of a parameter."""


def written(value: Given) -> str:
    """Return ``value`` as one would type it; of a moment only the day. An rdflib term is text already.

    Raises :class:`QueryError` for what cannot be a value.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, NamedNode | Literal):
        return value.value
    if isinstance(value, str | int):
        return str(value)
    raise QueryError(f"{quote(str(value))} cannot be the value of a parameter; give text, a number, a date or a term.")


def term(parameter: Parameter, text: str, engine: Engine) -> Value:
    """Return the RDF term that ``text`` stands for as a value of ``parameter``.

    Raises :class:`QueryError` where it is none of its type, and :class:`UnknownThingError` for an unknown name.
    """
    kind = parameter.type
    scanner.refuse_half_characters(text)
    if kind == "iri":
        return names.resolve(engine, text)
    if kind == "code":
        return _of_list(parameter, text, f"{vocab.BASE}id/{parameter.scheme}/", engine)
    if kind == "period":
        return _of_list(parameter, period_notation(text), f"{vocab.BASE}id/period/", engine)
    if kind == "string":
        return Literal(text)
    if kind == "language" and re.fullmatch(r"[A-Za-z]{2,8}", text):
        if text.lower() not in LANGUAGES and text.lower() not in allowed(parameter, engine):
            there = ", ".join(allowed(parameter, engine))
            raise ParameterError(
                parameter.name, f"{quote(text)} is a language that the graph has no names in; it has them in {there}."
            )
        return Literal(text.lower())
    if kind == "date" and _is_date(text):
        return Literal(text, datatype=NamedNode(vocab.XSD + "date"))
    if kind in _PLAIN and _PLAIN[kind].fullmatch(text):
        return Literal(text, datatype=NamedNode(vocab.XSD + kind))
    if kind == "boolean" and text in ("true", "false"):
        return Literal(text == "true")
    wanted = {"date": "a date such as 2025-12-31", "language": "a language code such as en", "boolean": "true or false"}
    raise ParameterError(parameter.name, f"{quote(text)} is not {wanted.get(kind, f'a number ({kind})')}.")


def allowed(parameter: Parameter, engine: Engine) -> list[str]:
    """Return the values that ``parameter`` allows, as one types them; none where there are too many to list."""
    if parameter.type == "boolean":
        return ["false", "true"]
    if parameter.type not in ALLOWED:
        return []
    query, scope = ALLOWED[parameter.type], ""
    if parameter.type == "code":
        query = scanner.fill(query, {"scheme": [NamedNode(f"{vocab.BASE}id/{parameter.scheme}")]})
        scope = f"{vocab.BASE}id/{parameter.scheme}/"
    return [str(row["value"]).removeprefix(scope) for row in engine.select(query).to_dicts() if row["value"]]


def period_notation(text: str) -> str:
    """Return ``text`` as the notation of a period: ``Q4 2026`` as ``2026-Q4``, ``2021-2027`` as ``2021--2027``."""
    for pattern, notation in _PERIODS:
        if pattern.fullmatch(text.strip()):
            return pattern.sub(notation, text.strip())
    return text.strip()


def _of_list(parameter: Parameter, text: str, scope: str, engine: Engine) -> NamedNode:
    """Return the code or period below ``scope`` that ``text`` names."""
    try:
        found = names.resolve(engine, text, scope)
        if found.value.startswith(scope):
            return found
    except UnknownThingError:
        pass
    if parameter.type == "code":
        choices = f"is not one of {', '.join(allowed(parameter, engine))}"
    else:
        import difflib

        near = difflib.get_close_matches(text[:100], allowed(parameter, engine), n=5, cutoff=0.5)
        hint = f" (nearest: {', '.join(near)})" if near else ""
        choices = (
            f"is no period that the graph knows{hint}; write it as 2026-Q4, 2026, 2025-12, 2025-12-31 or 2021--2027"
        )
    raise ParameterError(parameter.name, f"{quote(text)} {choices}.")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
