"""The parameters of stored queries: their types, the values they allow, and what a person types made into RDF terms."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
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

TYPES = (
    "iri",
    "code",
    "passage",
    "string",
    "notation",
    "language",
    "date",
    "begin",
    "end",
    "integer",
    "decimal",
    "boolean",
)
"""The types a parameter can have.

A ``code`` also names its ``scheme``, a code list such as ``sector``, and takes in the codes that are narrower
(:func:`with_narrower`), as does an ``iri`` that is to be a code of any list. A ``begin`` or an ``end`` is given as a
day or as any period, whose first or last day it is; a ``passage`` as an IRI, or as an answer cites it; a ``notation``
is the code of a currency.
"""

LANGUAGES = ("en", "nl")
"""The languages in which everything that is shipped has a name."""

_PLAIN = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")}
MONTHS = (
    "january januari jan", "february februari feb", "march maart mar mrt", "april apr", "may mei", "june juni jun",
    "july juli jul", "august augustus aug", "september sep sept", "october oktober oct okt", "november nov",
    "december dec",
)  # fmt: skip
"""How months are called in the languages of the documents."""

_PERIODS = (
    (re.compile(r"(?P<year>\d{4})"), 12),
    (re.compile(r"(?P<year>\d{4})[\s/-]*h(?P<part>[12])|h(?P<part_>[12])[\s/-]*(?P<year_>\d{4})"), 6),
    (re.compile(r"(?P<year>\d{4})[\s/-]*q(?P<part>[1-4])|q(?P<part_>[1-4])[\s/-]*(?P<year_>\d{4})"), 3),
    (re.compile(r"(?P<year>\d{4})-(?P<part>\d{2})|(?P<part_>\d{1,2})/(?P<year_>\d{4})"), 1),
)
"""How years, halves, quarters and months are written, and how many months each has."""

LONGEST = 60
"""More characters than any period has."""

_RANGE = re.compile(r"(\d{4})\s*[-/]\s*(\d{4})|(.+?)\s*(?:--|\.\.|/| - | to | until | tot(?: en met)? )\s*(.+)")

ALLOWED = {
    "code": """
SELECT ?value WHERE { VALUES ?scheme { UNDEF } ?value skos:inScheme ?scheme } ORDER BY ?value
""",
    "begin": """
SELECT ?value WHERE { ?period a euai:StatedPeriod ; skos:notation ?value } ORDER BY ?value
""",
    "language": """
SELECT DISTINCT ?value WHERE { ?thing skos:prefLabel ?name BIND(LANG(?name) AS ?value) } ORDER BY ?value
""",
    "notation": """
SELECT DISTINCT ?value WHERE {
  { ?any euai:currency ?code } UNION { ?code skos:inScheme <http://publications.europa.eu/resource/authority/currency> }
  ?code skos:notation ?value
}
ORDER BY ?value
""",
}
ALLOWED["end"] = ALLOWED["begin"]
"""What asks the graph for the values that a type of parameter allows, or offers where others will do too."""

NARROWER = """
SELECT DISTINCT ?code WHERE { VALUES ?broad { UNDEF } ?code (skos:broader|^skos:narrower)+ ?broad } ORDER BY ?code
"""


@dataclass(frozen=True)
class Parameter:
    """What can be set in a stored query; ``default`` is the text inside its VALUES block.

    ``kinds`` are the classes that a thing has to be of, and ``was`` the words that the parameter had before.
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
        return self.type not in ("date", "begin", "end", "integer", "decimal", "boolean")


Given = str | date | int | float | Decimal | NamedNode | Literal
"""What a Python program may give as a value of a parameter."""


def written(value: Given) -> str:
    """Return ``value`` as one would type it; of a moment only the day. An rdflib term is text already.

    Raises :class:`QueryError` for what cannot be a value.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else Decimal(repr(value))
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


def terms(parameter: Parameter, text: str, engine: Engine) -> list[Value]:
    """Return the RDF terms that ``text`` stands for as a value of ``parameter``.

    That is one; or all passages of one place; or a code, and behind it those that are narrower.

    Raises :class:`QueryError` where it is none of its type, and :class:`UnknownThingError` for an unknown name.
    """
    kind = parameter.type
    scanner.refuse_half_characters(text)
    if kind == "iri":
        found = names.resolve(engine, text)
        return with_narrower(engine, [found]) if vocab.SKOS + "Concept" in parameter.kinds else [found]
    if kind == "passage":
        return list(names.passages(engine, text))
    if kind == "code":
        return with_narrower(engine, [_code(parameter, text, engine)])
    if kind == "string":
        return [Literal(text)]
    if kind == "notation":
        if text.upper() not in (codes := allowed(parameter, engine)):
            raise ParameterError(parameter.name, f"{quote(text)} is not one of {', '.join(codes)}.")
        return [Literal(text.upper())]
    if kind == "language" and re.fullmatch(r"[A-Za-z]{2,8}", text):
        if text.lower() not in LANGUAGES and text.lower() not in allowed(parameter, engine):
            there = ", ".join(allowed(parameter, engine))
            raise ParameterError(
                parameter.name, f"{quote(text)} is a language that the graph has no names in; it has them in {there}."
            )
        return [Literal(text.lower())]
    if kind in ("begin", "end") and (days := period(text)):
        return [Literal(days[kind == "end"].isoformat(), datatype=NamedNode(vocab.XSD + "date"))]
    if kind == "date" and _is_date(text):
        return [Literal(text, datatype=NamedNode(vocab.XSD + "date"))]
    if kind in _PLAIN and _PLAIN[kind].fullmatch(text):
        return [Literal(text, datatype=NamedNode(vocab.XSD + kind))]
    if kind == "boolean" and text in ("true", "false"):
        return [Literal(text == "true")]
    near = f" Nearest: {', '.join(near_days(text))}." if kind in ("date", "begin", "end") else ""
    raise ParameterError(parameter.name, f"{quote(text)} is not {WANTED.get(kind, f'a number ({kind})')}.{near}")


WANTED = {
    "date": "a date such as 2025-12-31",
    "begin": "a day or a period; write it as 2026-Q4, 2026, 2025-12, 2025-12-31 or 2021-2027",
    "language": "a language code such as en",
    "boolean": "true or false",
}
WANTED["end"] = WANTED["begin"]
"""What people are told that a value has to be."""


def period(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of the period ``text``, or None where it is none.

    It may be a day, a month (``2025-12``, ``December 2025``), a quarter (``2026-Q4``, ``Q4 2026``), a half
    (``2026-H1``), a year, or what lies between two of them (``2021-2027``, ``2025-Q1--2026-Q2``).
    """
    plain = " ".join(re.sub("[‐‑–—]", "-", text[:LONGEST]).lower().split())
    if _is_date(plain):
        return date.fromisoformat(plain), date.fromisoformat(plain)
    word, _, rest = plain.rpartition(" ")
    month = next((number for number, names in enumerate(MONTHS, 1) if word and word in names.split()), None)
    if month:
        plain = f"{rest}-{month:02}"
    for pattern, months in _PERIODS:
        if found := pattern.fullmatch(plain):
            fields = {name.rstrip("_"): int(value) for name, value in found.groupdict().items() if value}
            last = fields.get("part", 1) * months
            try:
                end = monthrange(fields["year"], last)[1]
                return date(fields["year"], last - months + 1, 1), date(fields["year"], last, end)
            except ValueError:
                return None
    if len(text) <= LONGEST and (found := _RANGE.fullmatch(plain)):
        first, last_ = (None if _RANGE.fullmatch(part) else period(part) for part in found.groups() if part)
        return (first[0], last_[1]) if first and last_ and first[0] <= last_[1] else None
    return None


def near_days(text: str, others: Iterable[str] = ()) -> list[str]:
    """Return the three days or periods nearest to ``text``, which is none: what it may have been meant for.

    They are real days, months or quarters beside the numbers in it, or else those among ``others`` that look like it.
    """
    if found := re.search(r"(\d{4})[\s./-]*q\s*(\d)", text, re.IGNORECASE):
        year, most = int(found[1]), min(max(int(found[2]), 1), 4)
        nearest = sorted(range(1, 5), key=lambda part: abs(part - most))
        return [f"{year}-Q{part}" for part in nearest[:3]]
    if found := re.search(r"(\d{4})[\s./-](\d{1,2})[\s./-](\d{1,2})(?!\d)", text):
        year, month = min(max(int(found[1]), 1900), 2999), min(max(int(found[2]), 1), 12)
        day = date(year, month, min(max(int(found[3]), 1), monthrange(year, month)[1])).toordinal()
        return [date.fromordinal(one).isoformat() for one in (day, day - 1, day + 1)]
    if found := re.search(r"(\d{4})[\s./-](\d{1,2})(?!\d)", text):
        month = min(max(int(found[2]), 1), 12)
        nearest = sorted(range(1, 13), key=lambda part: abs(part - month))
        return [f"{found[1]}-{part:02}" for part in nearest[:3]]
    import difflib

    return difflib.get_close_matches(text[:LONGEST], [*others, "2024-12-31", "2025-Q2", "2021-2027"], n=3, cutoff=0)


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


def with_narrower(engine: Engine, codes: Iterable[NamedNode]) -> list[Value]:
    """Return ``codes`` and behind them, at any depth, the narrower ones that the graph has for them."""
    given: list[Value] = [*codes]
    found = engine.select(scanner.fill(NARROWER, {"broad": given})).rows if given else []
    return [*dict.fromkeys([*given, *(code for (code,) in found if isinstance(code, NamedNode))])]


def _code(parameter: Parameter, text: str, engine: Engine) -> NamedNode:
    """Return the code of the list of ``parameter`` that ``text`` names."""
    scope = f"{vocab.BASE}id/{parameter.scheme}/"
    try:
        found = names.resolve(engine, text, scope)
        if found.value.startswith(scope):
            return found
    except UnknownThingError:
        pass
    codes = allowed(parameter, engine)
    if text in codes:  # one of a user's own, under an IRI elsewhere
        return NamedNode(text)
    near = names.nearest(text, [names.Name(code, code, "", 0) for code in codes], count=3)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise ParameterError(parameter.name, f"{quote(text)} is not one of {', '.join(codes)}{hint}.")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
