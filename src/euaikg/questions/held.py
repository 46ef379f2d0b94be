"""What documents say on the point of a claim, each statement and relation held against it.

Each is for it, against it, unlike it (in another unit than any that is used), allows it (a bound, or a longer period,
would let it be true) or is open, which is none of these.
What differs from the claim is against it only where it is said of the same: see :func:`settled`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import BASE
from euaikg.errors import ParameterError, QueryError, UnknownThingError
from euaikg.questions import claims
from euaikg.questions.claims import Amount, Time
from euaikg.questions.words import fold
from euaikg.sparql import amounts, columns, scanner
from euaikg.sparql.amounts import Figure
from euaikg.sparql.embedded import Engine

EUROS = {f"{BASE}id/unit/euro": "http://publications.europa.eu/resource/authority/currency/EUR"}
"""What people call as they do a currency."""

MONTHS = {"days": Decimal(12) / Decimal("365.25"), "weeks": Decimal(84) / Decimal("365.25"), "months": Decimal(1),
          "years": Decimal(12)}  # fmt: skip
"""How many months lengths of time are, by the codes of their units."""

TOLD = """
  ?passage euai:modality ?modality ; euai:statedOn ?on ; dct:bibliographicCitation ?source .
  ?modality skos:prefLabel ?modalityName .
  FILTER(LANG(?source) = ?lang && LANG(?modalityName) = ?lang)
  OPTIONAL { ?passage euai:attributedTo/skos:prefLabel ?saidBy FILTER(LANG(?saidBy) = ?lang) }
"""

ABOUT = """
SELECT DISTINCT ?statement ?on ?modality WHERE {
  VALUES ?thing { UNDEF }
  { ?statement euai:aboutResource|euai:aboutEnvelope ?thing ; euai:statedOn ?on }
  UNION
  {
    GRAPH ?passage { ?envelope euai:finances ?thing }
    ?passage euai:statedOn ?on ; euai:modality ?modality .
    ?statement euai:aboutEnvelope ?envelope .
  }
}
ORDER BY ?on DESC(?modality IN (<https://w3id.org/euaikg/id/modality/denied>, <https://w3id.org/euaikg/id/modality/ended>))
"""

STATEMENTS = f"""
SELECT DISTINCT * WHERE {{
  VALUES ?statement {{ UNDEF }}
  VALUES ?lang {{ "en" }}
  ?statement euai:statedIn ?passage .
  {TOLD}
  OPTIONAL {{
    ?statement euai:aboutEnvelope ?pot .
    ?pot skos:prefLabel ?potName FILTER(LANG(?potName) = ?lang)
    OPTIONAL {{ ?whole euai:hasComponent ?pot }}
  }}
  ?statement euai:aboutResource|euai:aboutEnvelope ?of .
  OPTIONAL {{
    ?statement euai:fundingMode|euai:measures|euai:status ?about .
    ?about skos:prefLabel ?aboutName FILTER(LANG(?aboutName) = ?lang)
  }}
  OPTIONAL {{ ?statement euai:amount|euai:numericValue ?value }}
  OPTIONAL {{ ?statement euai:lowBound ?low }}
  OPTIONAL {{ ?statement euai:highBound ?high }}
  OPTIONAL {{
    ?statement euai:qualifier ?qualifier .
    ?qualifier skos:prefLabel ?hedge FILTER(LANG(?hedge) = ?lang)
    OPTIONAL {{ ?qualifier euai:excludesBound ?isStrict }}
  }}
  OPTIONAL {{
    ?statement euai:currency|euai:unit ?unit .
    OPTIONAL {{ ?statement euai:currency/skos:notation ?unitCode }}
    ?unit skos:prefLabel ?unitName FILTER(LANG(?unitName) = ?lang)
  }}
  OPTIONAL {{ ?statement euai:per ?per . ?per skos:prefLabel ?perName FILTER(LANG(?perName) = ?lang) }}
  OPTIONAL {{ ?statement euai:population ?population FILTER(LANG(?population) = ?lang) }}
  OPTIONAL {{ ?statement euai:condition ?condition FILTER(LANG(?condition) = ?lang) }}
  OPTIONAL {{ ?statement euai:targetMode ?mode . ?mode skos:prefLabel ?modeName FILTER(LANG(?modeName) = ?lang) }}
  OPTIONAL {{
    ?statement euai:coversPeriod|euai:asOf|euai:effectiveIn|euai:targetPeriod ?time .
    ?time skos:notation ?period .
    OPTIONAL {{ ?time dcat:startDate ?begin }}
    OPTIONAL {{ ?time dcat:endDate ?end }}
  }}
}}
ORDER BY ?on ?source ?statement ?period
"""

RELATIONS = f"""
SELECT DISTINCT * WHERE {{
  VALUES ?thing {{ UNDEF }}
  VALUES ?about {{ UNDEF }}
  VALUES ?lang {{ "en" }}
  ?property rdfs:subPropertyOf* ?about .
  {{ GRAPH ?passage {{ ?thing ?property ?object }} }}
  UNION
  {{ ?property a owl:SymmetricProperty . GRAPH ?passage {{ ?object ?property ?thing }} }}
  {TOLD}
  OPTIONAL {{ ?property rdfs:label ?aboutName FILTER(LANG(?aboutName) = ?lang) }}
  OPTIONAL {{ ?object skos:prefLabel ?objectName FILTER(LANG(?objectName) = ?lang) }}
  OPTIONAL {{
    GRAPH ?passage {{ ?statement rdf:subject ?thing ; rdf:predicate ?property ; rdf:object ?object }}
    OPTIONAL {{ ?statement euai:role ?role FILTER(LANG(?role) = ?lang) }}
    OPTIONAL {{ ?statement euai:condition ?condition FILTER(LANG(?condition) = ?lang) }}
  }}
}}
ORDER BY ?on ?source ?objectName
"""


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A row with what it says, and how it stands to the claim, as above, or earlier than what another says."""

    row: Row
    says: str
    way: str

    @property
    def modality(self) -> str:
        return str(self.row["modality"]).rpartition("/")[2]


def asked(engine: Engine, query: str, day: date | None, **values: Sequence[NamedNode | Literal]) -> list[Row]:
    """Return the rows of ``query`` that were known on ``day``, by when they were said (``on``) and disputed."""
    filled = scanner.with_prefixes(scanner.fill(query, {name: [*several] for name, several in values.items()}))
    known = [row for row in engine.select(filled).to_dicts() if row["on"]]
    return [row for row in known if day is None or all(when <= day for when in _days(row))]


def _days(row: Row) -> list[date]:
    """Return the days from which what ``row`` says is known."""
    return [when for name in ("on", "disputedOn") if isinstance(when := row.get(name), date)]


def held(
    engine: Engine,
    kind: str,
    subject: NamedNode,
    about: list[str],
    claim: tuple[str | None, str | None, str | None],
    lang: str,
    day: date | None,
) -> list[Found]:
    """Return what is said of ``subject`` and the properties or codes ``about``, each held against the ``claim``."""
    value, unit, when = claim
    language = [Literal(lang)]
    if kind == "relation":
        rows = asked(engine, RELATIONS, day, thing=[subject], about=[*map(NamedNode, about)], lang=language)
        return _relations(engine, rows, value)
    rows = statements(engine, subject, language, day)
    if kind == "figure":
        if value is None:
            raise QueryError("value: a claim about a figure says which; give it as 700 million EUR, about 500 or 15 %.")
        wanted = claims.amount(engine, value, unit)
        time = claims.time(engine, when) if when else None
        counted = [row for row in rows if row["low"] is not None or row["value"] is not None]
        own = [row for row in counted if row["about"] in about or _stands_for(row, about)]
        return _figures(own, wanted, time, lang)
    if kind == "stage":
        codes = [one for one in about if one != claims.STATUS]
        if not codes:
            if value is None:
                raise QueryError("value: a claim about a stage says which, such as adopted or launched.")
            codes = [one for one in claims.about(engine, value) if claims.measured(one) == "stage"]
            if not codes:
                raise ParameterError("value", "this is no stage; give one such as adopted, launched or in force.")
        elif value and when:
            raise QueryError("when: the value of a claim about a stage is its time; give it once.")
        else:
            when = value or when
        named = claims.names_of(engine, codes)
        own = [row for row in rows if row["about"] in codes or (when and row["mode"] and _stage_of(row) in named)]
        return [Found(row, says(row, lang), _stage(row, claims.time(engine, when) if when else None)) for row in own]
    if not (value or when):
        raise QueryError("value: a claim about a target says its time, such as by 2025 or 2026-Q1.")
    target = claims.time(engine, value or when or "")
    own = [row for row in rows if row["mode"]]
    return [Found(row, says(row, lang), _time(row, target)) for row in own]


def statements(engine: Engine, subject: NamedNode, lang: list[Literal], day: date | None) -> list[Row]:
    """Return the figures, stages and targets of ``subject`` and of the pots that finance it, by what was said last."""
    last = {row["statement"]: str(row["modality"]) for row in asked(engine, ABOUT, day, thing=[subject])}
    statements = [NamedNode(one) for one, how in last.items() if not how.endswith(("/denied", "/ended"))]
    rows = asked(engine, STATEMENTS, day, statement=statements, lang=lang) if statements else []
    is_one = len({row["pot"] for row in rows} - {None}) < 2
    return [{**row, "potName": None} for row in rows] if is_one else rows


def _stands_for(row: Row, about: list[str]) -> bool:
    """Say whether a claim about any amount, or about any number, means the figure of ``row``."""
    return (claims.AMOUNT if row["unitCode"] else claims.NUMBER) in about


def _stage_of(row: Row) -> str:
    """Return the stage for which the target of ``row`` is, where its condition begins with one alone."""
    return fold(str(row["condition"] or "").partition(",")[0])


def _relations(engine: Engine, rows: list[Row], value: str | None) -> list[Found]:
    if value is None:
        raise QueryError("value: a claim about a relation says to what; give the name of the other thing.")
    literals = [row for row in rows if not isinstance(row["object"], str) or "://" not in row["object"]]
    try:
        wanted = claims.same_thing(engine, value).value if len(literals) < len(rows) or not rows else ""
    except UnknownThingError:
        if not literals:
            raise
        wanted = ""
    found = []
    for row in rows:
        is_it = row["object"] == wanted or (row in literals and fold(str(row["object"])) == fold(value))
        against = row in literals and not isinstance(row["object"], str)  # one day, or one number
        found.append(Found(row, related(row), "for" if is_it else "against" if against else "open"))
    return found


def _figures(rows: list[Row], wanted: Amount, time: Time | None, lang: str) -> list[Found]:
    meant = [_in_unit(wanted, row["unit"]) for row in rows]
    units = {row["unit"] for row, one in zip(rows, meant, strict=True) if not _other_unit(row, one)}
    pairs = zip(rows, meant, strict=True)
    return [Found(row, says(row, lang), _figure(row, one, time, units)) for row, one in pairs]


def _in_unit(wanted: Amount, unit: object) -> Amount:
    """Return what is ``wanted`` in the ``unit`` of a row, where both are lengths of time: 48 months are 4 years."""
    given, own = (MONTHS.get(str(one).rpartition("/")[2]) for one in (wanted.unit, unit))
    if not given or not own or given == own:
        return wanted
    low, high, exact = (None if one is None else one * given / own for one in (wanted.low, wanted.high, wanted.exact))
    return replace(wanted, low=low or Decimal(0), high=high, exact=exact, unit=str(unit))


def _other_unit(row: Row, wanted: Amount) -> bool:
    unit = EUROS.get(str(row["unit"]), row["unit"])
    return bool((wanted.unit and unit != wanted.unit) or (wanted.per and row["per"] != wanted.per))


def _figure(row: Row, wanted: Amount, time: Time | None, units: set[Any]) -> str:
    """Return how the figure of ``row`` stands to the one that is ``wanted``, where ``units`` are those it may have."""
    if _other_unit(row, wanted):
        return "open" if units else "unlike"
    number = _compared(row, wanted)
    at = "same" if time is None else _at(row, time)
    if number == "same":  # a sum is set aside for its period; a count of another day says nothing of this one
        return {"same": "for", "apart": "against" if row["unitCode"] else "open"}.get(at, "open")
    if number == "apart" and at == "same":
        is_other = len(units) > 1 and not str(row["unit"]).endswith("/count")
        return "open" if is_other or (row["per"] and not wanted.per) else "against"  # so much for each is no sum
    return "allows" if number == "allowed" and at == "same" else "open"


def _compared(row: Row, wanted: Amount) -> str:
    """Return same, apart or allowed, which is neither: the hedge of the passage would let the claim be true."""
    low, high = (None if row[name] is None else Decimal(str(row[name])) for name in ("low", "high"))
    stated = None if row["value"] is None else Decimal(str(row["value"]))
    if not wanted.hedge and wanted.exact is not None and stated is not None and wanted.exact == stated:
        return "same"
    low = stated if low is None else low
    is_over = wanted.is_strict and wanted.high != high
    above = high is not None and (wanted.low > high or (wanted.low == high and is_over))
    below = low is not None and wanted.high is not None and (
        wanted.high < low or (wanted.high == low and wanted.is_strict)
    )  # fmt: skip
    if above or below:
        return "apart"
    is_inside = low is not None and low >= wanted.low and (
        wanted.high is None or (high is not None and high <= wanted.high)
    )  # fmt: skip
    if wanted.hedge and wanted.is_strict and not row["isStrict"] and wanted.exact in (low, high):
        is_inside = False
    if wanted.exact is not None and wanted.exact == stated and wanted.hedge and is_inside:
        return "same"
    is_looser = wanted.hedge or wanted.exact is None
    return "same" if is_inside and is_looser else "allowed"


def _at(row: Row, time: Time) -> str:
    """Return same, apart or open for the period of ``row`` against the ``time`` that is claimed."""
    if row["begin"] is None and row["end"] is None:
        return "open"
    stated = Time(row["begin"], row["end"])
    is_day = stated.begin == stated.end  # a count on a day is a count in its year
    claimed = Time(
        None if time.mode == "by" and stated.begin is None else time.begin,
        None if time.mode == "from" and stated.end is None else time.end,
    )
    if stated == claimed or (is_day and stated.within(claimed)):
        return "same"
    return "open" if row["begin"] is None or row["end"] is None or time.how in ("by", "from") else "apart"


def _time(row: Row, time: Time) -> str:
    """Return how the target or stage of ``row`` stands to the ``time`` that is claimed."""
    if row["begin"] is None and row["end"] is None:
        return "open"
    is_stage = row["mode"] is None
    stated = Time(row["begin"], row["end"], str(row["mode"] or "").rpartition("/")[2])
    if stated.span().apart(time.span()):
        return "against"
    known, wanted = stated.whole(), time.whole()
    if time.how == "by" == stated.how:
        fits = Time(known.end, known.end).within(wanted)  # another deadline is not the one claimed, nor against it
    elif time.how == "by" and is_stage:
        fits = known.within(time.span())
    else:
        alike = claims.WITHIN.get(time.how, ()) if time.how else (stated.how,)
        is_start = is_stage and time.how == "from"
        fits = known.within(wanted) and (is_start or (stated.how or "in") in alike or stated.how in alike)
    return "for" if fits else "allows"


def _stage(row: Row, time: Time | None) -> str:
    """Return how the stage of ``row`` stands to the ``time`` at which it is claimed to be reached."""
    if time is None:
        return "for"
    if row["begin"] is not None or row["end"] is not None:
        return _time(row, time)
    if not str(row["modality"]).endswith("/asserted"):
        return "open"
    if time.mode == "by" and time.end is not None and row["on"] <= time.end:
        return "for"
    return "against" if time.mode != "by" and time.begin is not None and time.begin > row["on"] else "open"


def settled(found: list[Found], replaced: set[str]) -> list[Found]:
    """Return what is ``found`` with what excludes nothing no longer against: what is said of something else.

    That is what another passage took the place of, or told later of the same; another pot of money, group of people,
    period or part; and what is only possible.
    """
    firm = [one for one in found if one.modality == "asserted"]
    old = {id(one) for one in found if one.row.get("statement") in replaced or any(_is_before(one, by) for by in firm)}
    likely = [one for one in found if one.way == "for" or (one.way == "allows" and id(one) not in old)]
    rest = [one for one in found if one.way == "against" and id(one) not in old]
    pots = {one.row.get("pot") for one in likely}
    kept = {_group(one) for one in likely}
    if not kept:  # what is said of all rather than of some of it; where that is of several things, what they agree in
        all_pots = {one.row.get("pot") for one in rest} - {None}
        groups = {_group(one) for one in rest if one.row.get("whole") not in all_pots}
        kept = {group for group in groups if group[0] is None} or groups
        figures = {tuple(one.row.get(name) for name in ("low", "high", "value")) for one in rest if _group(one) in kept}
        kept = kept if len(kept) < 2 or len(figures) < 2 else set()
    ways = []
    for one in found:
        way = one.way
        if way in ("against", "unlike") and id(one) in old:
            way = "earlier" if not pots or one.row.get("pot") in pots else "open"
        elif way == "against" and (_group(one) not in kept or one.modality == "possible"):
            way = "open"
        ways.append(replace(one, way="against" if way == "unlike" else way))
    return ways


def _group(found: Found) -> tuple[Any, ...]:
    """Return of whom or what exactly, and of when, a figure is, or under what condition a date."""
    names = ("pot", "period", "about", "unit") if found.row.get("unit") else ("condition",)
    return (found.row.get("population"), *(found.row.get(name) for name in names))


def _is_before(one: Found, later: Found) -> bool:
    """Say whether ``later`` tells how it stands since ``one`` was said, of the same thing and point."""
    if "period" not in one.row or one.row["on"] >= later.row["on"]:
        return False
    differs = any(one.row[name] != later.row[name] for name in ("of", "about", "unit", "per", "mode"))
    is_figure = bool(one.row["unit"])
    if one.modality != "asserted":  # a plan for a day that is still to come stays one
        return not differs and not (is_figure and one.row["end"] and one.row["end"] > later.row["on"])
    return not differs and is_figure and bool(one.row["population"] == later.row["population"])


def related(row: Row) -> str:
    """Return what the relation of ``row`` says in a few words."""
    role = f" ({row['role']})" if row["role"] else ""
    return f"{row['aboutName']}: {row['objectName'] or row['object']}{role}{_condition(row)}"


def _condition(row: Row) -> str:
    return f" [{row['condition']}]" if row["condition"] else ""


def says(row: Row, lang: str) -> str:
    """Return what the statement of ``row`` says in a few words."""
    parts = [str(row["aboutName"])] if row["aboutName"] else []
    if row["unit"]:
        low, high, value = (None if row[name] is None else Decimal(str(row[name])) for name in ("low", "high", "value"))
        hedge, per, unit = (
            str(one or "") for one in (row["hedge"], row["perName"], row["unitCode"] or row["unitName"])
        )
        figure = Figure(value, low, high, hedge, unit, high is None, per=per)
        parts.append(amounts.written(figure, lang).replace(amounts.JOINT, " "))
    if row["population"]:
        parts.append(f"({row['population']})")
    if row["potName"]:
        parts.append(f"({row['potName']})")
    parts += [str(row["modeName"])] if row["modeName"] else []
    parts += [columns.period(str(row["period"]), lang)] if row["period"] else []
    return " ".join(parts) + _condition(row)
