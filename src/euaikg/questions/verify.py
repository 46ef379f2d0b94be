"""Checking claims: what documents say of a thing held against what somebody says of it, with the passages.

A claim is about a relation, a figure, a stage or a target of one thing. It is called *stated* only where a passage
asserts it as claimed; what a passage intends, proposes, asks for or thinks possible is *stated as a plan*. It is
*contradicted* where a passage says otherwise of the same point, or denies it; *replaced since* where a later passage
took the place of the one that says so; and else *not recorded*: a graph that says nothing does not say no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from euaikg.core.vocab import SOURCE, short
from euaikg.errors import ParameterError, QueryError, UnknownThingError
from euaikg.questions import claims, parameters
from euaikg.questions.claims import Amount, Time
from euaikg.questions.parameters import LANGUAGES, Given, Parameter
from euaikg.questions.words import fold
from euaikg.rdf.terms import text
from euaikg.sparql import amounts, scanner
from euaikg.sparql.amounts import Figure
from euaikg.sparql.embedded import Engine

STATED, PLANNED, CONTRADICTED, REPLACED, ABSENT = VERDICTS = (
    "stated", "stated as a plan", "contradicted", "replaced since", "not recorded",
)  # fmt: skip
"""What can be said of a claim."""

MOST = 8
"""How many passages a verdict names at most; it says how many there are."""

TOLD = """
  ?passage euai:modality ?modality ; euai:statedOn ?on ; dct:bibliographicCitation ?source .
  ?modality skos:prefLabel ?modalityName .
  FILTER(LANG(?source) = ?lang && LANG(?modalityName) = ?lang)
  OPTIONAL { ?passage euai:attributedTo/skos:prefLabel ?saidBy FILTER(LANG(?saidBy) = ?lang) }
"""

ABOUT = """
SELECT DISTINCT ?statement WHERE {
  VALUES ?thing { UNDEF }
  { ?statement euai:aboutResource|euai:aboutEnvelope ?thing }
  UNION
  { ?envelope euai:finances ?thing . ?statement euai:aboutEnvelope ?envelope }
}
"""

STATEMENTS = f"""
SELECT DISTINCT * WHERE {{
  VALUES ?statement {{ UNDEF }}
  VALUES ?lang {{ "en" }}
  ?statement euai:statedIn ?passage .
  {TOLD}
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

DIFFERING = f"""
SELECT DISTINCT * WHERE {{
  VALUES ?statement {{ UNDEF }}
  VALUES ?lang {{ "en" }}
  {{
    ?other euai:supersedesStatement ?statement BIND("later" AS ?how)
  }}
  UNION
  {{
    VALUES ?lang {{ "en" }}
    ?discrepancy euai:involvesStatement ?statement , ?other ; euai:discrepancyType ?type ; skos:prefLabel ?says .
    FILTER(?other != ?statement && LANG(?says) = ?lang)
    OPTIONAL {{ ?discrepancy euai:discrepancyType/euai:reconcilable ?isReconcilable }}
    BIND(
      IF(STRENDS(STR(?type), "/later-state") || STRENDS(STR(?type), "/correction"), "later",
        IF(COALESCE(?isReconcilable, false), "alike", "disputed"))
    AS ?how)
  }}
  ?other euai:statedIn ?passage .
  {TOLD}
}}
ORDER BY ?on ?source
"""


REPLACING = "SELECT DISTINCT ?statement WHERE { ?statement euai:supersedesStatement ?earlier }"


@dataclass(frozen=True)
class Evidence:
    """A passage that bears on a claim, and its ``side``: for, against, later (it replaced another), or other.

    ``citation`` is the passage, as :func:`citation` shortens its IRI; ``modality`` and ``said_by`` are names.
    """

    citation: str
    source: str
    stated_on: str
    modality: str
    said_by: str
    says: str
    side: str


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a claim: the ``verdict``, one of :data:`VERDICTS`, why, and the passages on all sides.

    ``thing`` and ``about`` say what the words of the claim were taken for; ``disputed`` that a recorded disagreement
    concerns what was found; ``passages`` how many there are, of which ``evidence`` has the first.
    """

    verdict: str
    why: str
    thing: str
    about: tuple[str, ...]
    disputed: bool
    passages: int
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain values, for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.why}"]
        return "\n".join(
            [*lines, *(f"  {one.side}: {one.says} ({one.modality}). {one.source}" for one in self.evidence)]
        )


Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Found:
    """A row with what it says, and how it stands to the claim: for, against or open."""

    row: Row
    says: str
    way: str

    @property
    def modality(self) -> str:
        return str(self.row["modality"]).rpartition("/")[2]


def citation(passage: str) -> str:
    """Return the identifier by which the ``passage``, an IRI, is cited: ``com-2024-28/en#s5-p7``."""
    return passage.removeprefix(SOURCE)


def passage(cited: str) -> str:
    """Return the IRI of the passage that is cited as ``cited``: what :func:`citation` gives, an IRI, or a place."""
    return SOURCE + cited if "#" in cited and "://" not in cited and " " not in cited else cited


def verify(
    engine: Engine,
    thing: str,
    says: str,
    value: Given | None = None,
    *,
    unit: str | None = None,
    when: Given | None = None,
    as_of: Given | None = None,
    lang: str = "en",
) -> Verdict:
    """Return what documents say to the claim that ``thing`` has ``value`` for what ``says`` names.

    ``says`` is a relation such as “part of”, what is measured such as “staff”, a kind of money such as “allocated”, a
    stage such as “adopted”, or “target”; ``value`` another thing, a figure with its hedge and ``unit``, or a time,
    which for figures and stages may also be given by ``when``. With ``as_of`` only what documents said up to that
    day counts. Everything may be named in any language; ``lang`` is that of the answer. Raises :class:`QueryError` and
    :class:`UnknownThingError` with the nearest for what is not known or no value.
    """
    given = {name: None if one is None else parameters.written(one) for name, one in (("value", value), ("when", when))}
    claims.refuse_empty(thing=thing, says=says, unit=unit, **given)
    if lang not in LANGUAGES:
        raise ParameterError("lang", f"answers are in {' and '.join(LANGUAGES)}, not in {lang}.")
    day = None if as_of is None else last_day(engine, as_of)
    subject = claims.same_thing(engine, thing)
    about = claims.about(engine, says)
    kinds = {claims.measured(one) for one in about}
    found: list[_Found] = []
    for kind in sorted(kinds):
        own = [one for one in about if claims.measured(one) == kind]
        found += _held(engine, kind, subject, own, (given["value"], unit, given["when"]), lang, day)
    return _judged(engine, subject, about, found, lang, day)


def last_day(engine: Engine, typed: Given) -> date:
    """Return the day that ``typed`` is, or the last of the period; refuse what is neither, with the nearest."""
    wanted = Parameter("asOf", "end", "", "", "UNDEF")
    (term,) = parameters.terms(wanted, parameters.written(typed), engine)
    return date.fromisoformat(text(term))


def said_since(engine: Engine, thing: str, since: date, lang: str = "en") -> tuple[str, list[Evidence]]:
    """Return the short IRI of ``thing``, and what passages of after the day ``since`` say of it, in their order.

    The ``side`` of each says whether it is new, or takes the place of what an earlier passage said.
    """
    subject = claims.same_thing(engine, thing)
    language = [Literal(lang)]
    stated = _statements(engine, subject, language, None)
    query = RELATIONS.replace("?property rdfs:subPropertyOf* ?about .", "FILTER(STRSTARTS(STR(?property), STR(euai:)))")
    related = [row for row in _rows(engine, query, None, thing=[subject], lang=language) if row["aboutName"]]
    said = [(row, _says(row, lang)) for row in stated] + [(row, _related(row)) for row in related]
    newer = [(row, says) for row, says in said if row["on"] > since]
    replacing = {text(term) for (term,) in engine.select(scanner.with_prefixes(REPLACING)).rows}
    made = [_evidence(row, says, "replaces" if row.get("statement") in replacing else "new") for row, says in newer]
    return short(subject.value), sorted(dict.fromkeys(made), key=lambda one: (one.stated_on, one.source, one.says))


def _rows(engine: Engine, query: str, day: date | None, **values: Sequence[NamedNode | Literal]) -> list[Row]:
    """Return the rows of ``query`` that were known on ``day``."""
    filled = scanner.with_prefixes(scanner.fill(query, {name: [*several] for name, several in values.items()}))
    return [row for row in engine.select(filled).to_dicts() if day is None or (row["on"] and row["on"] <= day)]  # type: ignore[operator]


def _held(
    engine: Engine,
    kind: str,
    subject: NamedNode,
    about: list[str],
    claim: tuple[str | None, str | None, str | None],
    lang: str,
    day: date | None,
) -> list[_Found]:
    """Return what is said of ``subject`` and the properties or codes ``about``, each held against the ``claim``."""
    value, unit, when = claim
    language = [Literal(lang)]
    if kind == "relation":
        rows = _rows(engine, RELATIONS, day, thing=[subject], about=[*map(NamedNode, about)], lang=language)
        return _relations(engine, rows, value)
    rows = _statements(engine, subject, language, day)
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
        own = [row for row in rows if row["about"] in codes]
        return [_Found(row, _says(row, lang), _stage(row, claims.time(engine, when) if when else None)) for row in own]
    if not (value or when):
        raise QueryError("value: a claim about a target says its time, such as by 2025 or 2026-Q1.")
    target = claims.time(engine, value or when or "")
    own = [row for row in rows if row["mode"]]
    return [_Found(row, _says(row, lang), _time(row, target)) for row in own]


def _statements(engine: Engine, subject: NamedNode, lang: list[Literal], day: date | None) -> list[Row]:
    """Return the figures, stages and targets of ``subject`` and of the pots that finance it."""
    there = engine.select(scanner.with_prefixes(scanner.fill(ABOUT, {"thing": [subject]}))).column("statement")
    statements = [term for term in there if isinstance(term, NamedNode)]
    return _rows(engine, STATEMENTS, day, statement=statements, lang=lang) if statements else []


def _stands_for(row: Row, about: list[str]) -> bool:
    """Say whether a claim about any amount, or about any number, means the figure of ``row``."""
    return (claims.AMOUNT if row["unitCode"] else claims.NUMBER) in about


def _relations(engine: Engine, rows: list[Row], value: str | None) -> list[_Found]:
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
        found.append(_Found(row, _related(row), "for" if is_it else "against" if against else "open"))
    return found


def _figures(rows: list[Row], wanted: Amount, time: Time | None, lang: str) -> list[_Found]:
    has_unit = any(not _other_unit(row, wanted) for row in rows)
    return [_Found(row, _says(row, lang), _figure(row, wanted, time, has_unit)) for row in rows]


def _other_unit(row: Row, wanted: Amount) -> bool:
    return bool((wanted.unit and row["unit"] != wanted.unit) or (wanted.per and row["per"] != wanted.per))


def _figure(row: Row, wanted: Amount, time: Time | None, has_unit: bool) -> str:
    """Return how the figure of ``row`` stands to the one that is ``wanted``."""
    if _other_unit(row, wanted):
        return "open" if has_unit else "against"
    number = _compared(row, wanted)
    at = "same" if time is None else _at(row, time)
    if number == "same":
        return {"same": "for", "apart": "against"}.get(at, "open")
    return "against" if number == "apart" and at == "same" else "open"


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
    if (stated.begin, stated.end) == (time.begin, time.end) or (is_day and stated.within(time)):
        return "same"
    return "apart"


def _time(row: Row, time: Time) -> str:
    """Return how the target or stage of ``row`` stands to the ``time`` that is claimed."""
    if row["begin"] is None and row["end"] is None:
        return "open"
    stated = Time(row["begin"], row["end"], str(row["mode"] or "/in").rpartition("/")[2])
    if stated.within(time):
        fits = not time.mode or time.mode == stated.mode or stated.mode in claims.WITHIN.get(time.mode, ())
        return "for" if fits else "open"
    return "against" if stated.apart(time) else "open"


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


def _related(row: Row) -> str:
    role = f" ({row['role']})" if row["role"] else ""
    return f"{row['aboutName']}: {row['objectName'] or row['object']}{role}{_condition(row)}"


def _condition(row: Row) -> str:
    return f" [{row['condition']}]" if row["condition"] else ""


def _says(row: Row, lang: str) -> str:
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
    parts += [str(row[name]) for name in ("modeName", "period") if row[name]]
    return " ".join(parts) + _condition(row)


def _judged(
    engine: Engine, subject: NamedNode, about: list[str], found: list[_Found], lang: str, day: date | None
) -> Verdict:
    """Return the verdict on a claim from what was ``found``."""
    denied = [one for one in found if one.way == "for" and one.modality in ("denied", "ended")]
    fits = [one for one in found if one.way == "for" and one not in denied]
    against = [*denied, *(one for one in found if one.way == "against" and one.modality not in ("denied", "ended"))]
    asserted = [one for one in fits if one.modality == "asserted"]
    statements = {str(one.row["statement"]) for one in fits if one.row.get("statement")}
    fitting = [*map(NamedNode, statements)]
    differing = _rows(engine, DIFFERING, day, statement=fitting, lang=[Literal(lang)]) if fitting else []
    outside = [row for row in differing if str(row["other"]) not in statements]
    last = {id(row): row for row in outside if row["how"] == "later" and _is_later(row, fits)}
    replaced = bool(fits) and {str(row["statement"]) for row in last.values()} >= statements and all(
        one.row.get("statement") for one in fits
    )  # fmt: skip
    disputed = any(row["how"] == "disputed" for row in differing)
    newer = [one for one in against if fits and one.modality == "asserted" and _is_later(one.row, fits)]
    if denied and (not asserted or max(one.row["on"] for one in denied) >= max(one.row["on"] for one in asserted)):
        is_ended = asserted and any(one.modality == "ended" for one in denied)
        verdict, why = (REPLACED, "a later passage says that it has ended") if is_ended else (
            CONTRADICTED, "a passage says that it is not so, or no longer",
        )  # fmt: skip
    elif replaced or (newer and not asserted):
        verdict, why = REPLACED, "a passage says so, and a later one took its place"
    elif asserted:
        verdict, why = STATED, "a passage says so"
    elif fits:
        how = ", ".join(dict.fromkeys(str(one.row["modalityName"]) for one in fits))
        verdict, why = PLANNED, f"no passage says that it is so; it is said as: {how}"
    elif against:
        verdict, why = CONTRADICTED, "what passages say on this point differs"
    elif found:
        verdict, why = ABSENT, "passages speak of this, but neither say so nor exclude it"
    else:
        verdict, why = ABSENT, "no passage in the graph says anything on this point; that does not make it false"
    if disputed and verdict in (STATED, PLANNED):
        why += "; sources disagree about it"
    sides = [
        *(_evidence(one.row, one.says, "for") for one in fits),
        *(_evidence(row, str(row.get("says") or "takes the place of it"), "later") for row in last.values()),
        *(_evidence(row, str(row["says"]), "against") for row in outside if row["how"] == "disputed"),
        *(_evidence(one.row, one.says, "against") for one in against),
        *(_evidence(one.row, one.says, "other") for one in found if one.way == "open" and not fits),
    ]
    whole = list(dict.fromkeys(sides))
    names = tuple(short(one) for one in about)
    return Verdict(verdict, f"{why}.", short(subject.value), names, disputed, len(whole), _balanced(whole))


def _is_later(row: Row, fits: Iterable[_Found]) -> bool:
    """Say whether the other side of ``row`` was said after all passages that the claim fits."""
    return bool(row["on"] and all(row["on"] > one.row["on"] for one in fits))


def _balanced(whole: list[Evidence]) -> tuple[Evidence, ...]:
    """Return the first of each side, as many of each as there is room for, in their order."""
    by_side: dict[str, list[Evidence]] = {}
    for one in whole:
        by_side.setdefault(one.side, []).append(one)
    share = max(1, MOST // max(1, len(by_side)))
    kept = [one for several in by_side.values() for one in several[:share]]
    rest = [one for one in whole if one not in kept][: MOST - len(kept)]
    return tuple(one for one in whole if one in kept or one in rest)


def _evidence(row: Row, says: str, side: str) -> Evidence:
    told = (str(row["source"]), str(row["on"]), str(row["modalityName"]), str(row["saidBy"] or ""))
    return Evidence(citation(str(row["passage"])), *told, says, side)
