"""What a claim says, taken apart: a property or code, a figure with its hedge and unit, a time with its mode.

Words are those of the graph, in any language, and a few that people use beside them. What is not understood is refused
with the three nearest, never guessed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from euaikg.core.vocab import BASE, EUAI, short
from euaikg.errors import ParameterError, QueryError, UnknownThingError, quote
from euaikg.questions import names, parameters
from euaikg.questions.names import Name
from euaikg.questions.words import fold
from euaikg.rdf.terms import native, text
from euaikg.sparql import amounts
from euaikg.sparql.embedded import Engine

ABOUT = """
SELECT ?thing ?name WHERE {
  { VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?thing a ?kind }
  UNION
  {
    VALUES ?list {
      <https://w3id.org/euaikg/id/measure> <https://w3id.org/euaikg/id/funding-mode> <https://w3id.org/euaikg/id/status>
    }
    ?thing skos:inScheme ?list
  }
  ?thing rdfs:label|skos:prefLabel|skos:altLabel ?name
}
"""

UNITS = """
SELECT ?thing ?name WHERE {
  VALUES ?list {
    <https://w3id.org/euaikg/id/unit> <https://w3id.org/euaikg/id/rate>
    <http://publications.europa.eu/resource/authority/currency>
  }
  ?thing skos:inScheme ?list ; skos:notation|skos:prefLabel|skos:altLabel ?name
}
"""

HEDGES = """
SELECT ?code ?name ?lower ?upper ?isStrict WHERE {
  ?code skos:inScheme <https://w3id.org/euaikg/id/qualifier> ; skos:prefLabel ?name ; euai:lowerFactor ?lower .
  OPTIONAL { ?code euai:upperFactor ?upper }
  OPTIONAL { ?code euai:excludesBound ?isStrict }
}
"""

PERIODS = """
SELECT ?name ?begin ?end WHERE {
  ?period a euai:StatedPeriod ; skos:notation|skos:prefLabel ?name .
  OPTIONAL { ?period dcat:startDate ?begin }
  OPTIONAL { ?period dcat:endDate ?end }
}
"""

AMOUNT, NUMBER, STATUS, TARGET = EUAI + "amount", EUAI + "numericValue", EUAI + "status", EUAI + "targetPeriod"
FIGURES = {AMOUNT, NUMBER}

ALSO = {
    "figure": (AMOUNT, NUMBER), "number": (NUMBER,), "getal": (NUMBER,), "cijfer": (AMOUNT, NUMBER),
    "money": (AMOUNT,), "funding": (AMOUNT,), "budget": (AMOUNT,), "geld": (AMOUNT,), "stage": (STATUS,),
    "target": (TARGET,), "deadline": (TARGET,), "due": (TARGET,), "due by": (TARGET,), "date": (TARGET,),
    "streefdatum": (TARGET,), "fase": (STATUS,),
}  # fmt: skip
"""What else people call what claims are about."""

LOOSE = {
    "about": "around circa ca approximately roughly ~ rond", "at-least": "minimum minstens minimaal ≥ >=",
    "exact": "exactly precisely precies",
    "less-than": "under below < onder", "more-than": "over above > boven", "nearly": "almost haast",
    "up-to": "maximum maximal maximaal hoogstens ≤ <=",
}  # fmt: skip
"""What else people say for hedges, by the codes."""

SCALES = {
    "thousand": 3, "duizend": 3, "k": 3, "million": 6, "miljoen": 6, "mln": 6, "mn": 6, "m": 6, "billion": 9,
    "miljard": 9, "mld": 9, "bn": 9, "trillion": 12, "biljoen": 12, "tn": 12,
}  # fmt: skip
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "%": "percent", "euros": "EUR", "euro's": "EUR"}

MODES = {
    "by": "by before tegen uiterlijk vóór voor until tot", "in": "in binnen", "on": "on op",
    "from": "from since vanaf sinds starting", "during": "during throughout gedurende tijdens",
}  # fmt: skip
_MODE = {word: mode for mode, several in MODES.items() for word in several.split()}

WITHIN = {"by": {"in", "on"}, "in": {"in", "on"}, "on": {"in", "on"}, "from": {"from", "during"}, "during": {"during"}}
"""Which stated modes make one that is claimed true, for the same period."""

_DIGITS = r"\d[\d.,\u00a0\u202f ]*"
_FIGURE = re.compile(
    rf"(?P<sign>[-−]?)(?P<one>{_DIGITS})\s*(?P<scale1>(?!(?:to|tot|until)\b)[^\W\d]+)?\s*(?:(?:-|–|to|tot|until)\s*(?P<two>{_DIGITS}))?"
    r"\s*(?P<rest>.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Time:
    """A period with its first and last day, None where it is open, and how something relates to it."""

    begin: date | None
    end: date | None
    mode: str = ""

    @property
    def how(self) -> str:
        """How something relates to the period, by its mode or where the period is open; empty where it lies in it."""
        return self.mode or ("by" if self.begin is None else "from" if self.end is None else "")

    def whole(self) -> Time:
        """Return the period from its first known day to its last."""
        return Time(self.begin or self.end, self.end or self.begin)

    def span(self) -> Time:
        """Return the days on which it can come about: what is due by a time, on any day before."""
        return Time(None, self.end) if self.how == "by" else self.whole()

    def within(self, other: Time) -> bool:
        """Whether all of this period lies in the ``other``."""
        return (other.begin is None or (self.begin is not None and self.begin >= other.begin)) and (
            other.end is None or (self.end is not None and self.end <= other.end)
        )

    def apart(self, other: Time) -> bool:
        """Whether the periods have no day in common."""
        return any(a.end and b.begin and a.end < b.begin for a, b in ((self, other), (other, self)))


@dataclass(frozen=True)
class Amount:
    """A figure that is claimed: the bounds it means, the ``exact`` number where one is named, and unit and rate."""

    low: Decimal
    high: Decimal | None
    exact: Decimal | None
    hedge: str = ""
    is_strict: bool = False
    unit: str = ""
    per: str = ""


def about(engine: Engine, words: str) -> list[str]:
    """Return the IRIs of the properties and codes (measures, kinds of money, stages) that ``words`` name.

    Raises :class:`ParameterError` with the three nearest where they name none.
    """
    known = _names(engine, ABOUT)
    fits = {name.iri for name in known if fold(name.text) == fold(words) or words in (name.iri, short(name.iri))}
    local = {name.iri for name in known if fold(re.split("[/#]", name.iri)[-1]) == fold(words)}
    if not fits and words.strip().lower() in ALSO:
        return [*ALSO[words.strip().lower()]]
    found = fits | local or {name.iri for name in names.loosely(words, known)}
    called = {name.text for name in known if name.iri in found}
    if not found or (not fits | local and len({fold(name) for name in called}) > 2 and len(found) > 1):
        raise ParameterError("says", _refused(words, "relation, figure or stage that the graph knows", known))
    return sorted(found)


def names_of(engine: Engine, codes: list[str]) -> set[str]:
    """Return the names of the ``codes`` in all languages, as :func:`fold` writes them."""
    return {fold(name.text) for name in _names(engine, ABOUT) if name.iri in codes}


def _names(engine: Engine, query: str) -> list[Name]:
    rows = engine.select(query).to_dicts()
    return [Name(str(row["thing"]), str(row["name"]), "", 0) for row in rows]


def _refused(typed: str, kind: str, known: Iterable[Name]) -> str:
    """Return the sentence that refuses ``typed`` with the three names among ``known`` that are nearest."""
    there = list(known)
    near = names.nearest(typed, there, count=3)
    plain = {fold(name.text): name.text for name in there}
    more = difflib.get_close_matches(fold(typed)[:100], plain, n=3, cutoff=0)
    chosen = list(dict.fromkeys([*near, *(plain[name] for name in more)]))[:3]
    return f"{quote(typed)} is no {kind}. Nearest: {', '.join(chosen)}."


def amount(engine: Engine, typed: str, unit: str | None = None) -> Amount:
    """Return the figure in ``typed``, such as “nearly EUR 700 million”, in ``unit`` where that is given apart.

    Raises :class:`ParameterError` for what is no figure, and for a unit that the graph does not know.
    """
    plain = " ".join(typed.replace("\u00a0", " ").split())
    hedge, lower, upper, is_strict, plain = _hedge(engine, plain)
    sign = next((sign for sign in SIGNS if plain.startswith(sign)), "")
    plain = plain[len(sign) :].strip()
    code = re.match(r"[A-Z]{3}\s+(?=\d)", plain)
    unit_before, plain = (code[0], plain[code.end() :]) if code else (SIGNS.get(sign, ""), plain)
    found = _FIGURE.fullmatch(plain)
    if not found:
        raise ParameterError("value", f"{quote(typed)} is no figure; write it as 700000000, 700 million EUR or 15 %.")
    rest = f"{found['scale1'] or ''} {found['rest']}".split() if not found["two"] else found["rest"].split()
    scale = SCALES.get((rest[0] if rest else "").lower(), 0)
    first_scale = SCALES.get((found["scale1"] or "").lower(), scale)
    rest = rest[1:] if scale else rest
    worded, _, rate = " ".join(rest).partition("per ")
    one = _decimal(found["one"], bool(first_scale)) * 10**first_scale * (-1 if found["sign"] else 1)
    two = _decimal(found["two"], bool(scale)) * 10**scale if found["two"] else None
    wanted = (unit or worded or unit_before).strip().strip(".,")
    return Amount(
        low=one * lower,
        high=two if two is not None else None if upper is None else one * upper,
        exact=None if two is not None else one,
        hedge=hedge,
        is_strict=is_strict,
        unit=_unit(engine, wanted) if wanted else "",
        per=_unit(engine, rate) if rate else "",
    )


def _hedge(engine: Engine, typed: str) -> tuple[str, Decimal, Decimal | None, bool, str]:
    """Return the code of the hedge with which ``typed`` begins, its factors, whether it is strict, and the rest."""
    one = Decimal(1)
    best: tuple[str, str, Decimal, Decimal | None, bool] = ("", "", one, one, False)
    for row in engine.select(HEDGES).rows:
        code = re.split("[/:]", text(row[0]))[-1]
        for word in (text(row[1]), *LOOSE.get(code, "").split()):
            begins = typed.lower().startswith(word.lower()) and (not word[-1].isalpha() or typed[len(word)] == " ")
            if begins and len(word) > len(best[1]):
                best = (code, word, amounts.number(row[2]) or Decimal(0), amounts.number(row[3]), bool(native(row[4])))
    code, word, lower, upper, strict = best
    return (code, lower, upper, strict, typed[len(word) :].strip()) if code else ("", one, one, False, typed)


def _decimal(digits: str, is_scaled: bool) -> Decimal:
    """Return the number that ``digits`` are; a comma or point before three digits parts thousands, if not scaled."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", digits).strip(".,")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain) and not (is_scaled and plain.count(",") == 1):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", plain):
        plain = plain.replace(".", "")
    try:
        return Decimal(plain.replace(",", "."))
    except ArithmeticError:
        raise ParameterError("value", f"{quote(digits)} is no number.") from None


def _unit(engine: Engine, typed: str) -> str:
    """Return the IRI of the unit, currency or rate that is called ``typed``."""
    known = _names(engine, UNITS)
    wanted = fold(SIGNS.get(typed.lower(), typed))
    fits = [name.iri for name in known if fold(name.text) == wanted or name.iri.endswith("/" + wanted)]
    found = fits or [name.iri for name in names.loosely(typed, known)]
    found = [iri for iri in found if "/currency/" in iri] or found  # a sum of euros is one of money, if it can be
    if len(set(found)) != 1:
        raise ParameterError("value", _refused(typed, "unit or currency that the graph knows", known))
    return found[0]


def time(engine: Engine, typed: str) -> Time:
    """Return the time in ``typed``, such as “by 2025”, “Q2 2025” or “until 2027”; days and periods as everywhere.

    Raises :class:`ParameterError` with the three nearest for what is none.
    """
    plain = " ".join(typed.split())
    word, _, rest = plain.partition(" ")
    mode = _MODE.get(word.lower(), "") if rest else ""
    stated = {
        fold(str(row["name"])): Time(_day(row["begin"]), _day(row["end"])) for row in engine.select(PERIODS).to_dicts()
    }
    if fold(plain) in stated:
        return stated[fold(plain)]
    for end in ("the end of ", "end of ", "eind ", "het einde van "):
        rest = rest.removeprefix(end)
    if days := parameters.period(rest if mode else plain):
        return Time(*days, mode)
    if mode and fold(rest) in stated:
        there = stated[fold(rest)]
        return Time(there.begin, there.end, mode)
    near = ", ".join(parameters.near_days(rest if mode else plain, stated))
    raise ParameterError("when", f"{quote(typed)} is no day or period that can be. Nearest: {near}.")


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def measured(known: str) -> str:
    """Return the kind of claim that the property or code ``known`` makes: figure, stage, target or relation."""
    if known in (TARGET, EUAI + "dueBy"):
        return "target"
    if known == STATUS or known.startswith(BASE + "id/status/"):
        return "stage"
    is_code = known.startswith((BASE + "id/measure/", BASE + "id/funding-mode/"))
    return "figure" if is_code or known in FIGURES else "relation"


def refuse_empty(**given: str | None) -> None:
    """Raise :class:`QueryError` for a part of a claim that is there but empty."""
    for name, value in given.items():
        if value is not None and not value.strip():
            raise QueryError(f"{name}: it is empty; leave it out where the claim does not say it.")


def same_thing(engine: Engine, typed: str) -> NamedNode:
    """Return the thing that ``typed`` names; refuse an IRI that the graph does not know, with the nearest."""
    found = names.resolve(engine, typed)
    if not engine.run(names.THERE.format(found)):
        near = names.nearest_iri(engine, found.value)
        raise UnknownThingError(
            f"The graph does not know {quote(short(found.value))}.{f' Nearest: {near}.' if near else ''}"
        )
    return found
